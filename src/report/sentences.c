/* SPDX-License-Identifier: MIT */
/* Findings in words, by the language file that the page uses too (doc/schema/findings.md, 'How the
 * page speaks a finding'). */
#include "report/report.h"

#include "text/number.h"
#include "text/time.h"
#include "text/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct hf_sentences {
    hf_ctx *ctx;
    char language[8];
    const char *data; /* the language file: one flat object of strings */
    size_t size;
    const char *file[2]; /* that of findings, that of guidance (NULL: none) */
    size_t file_size[2];
    hf_i_buf key, template, word, said;
    hf_i_buf all; /* of several sentences */
};

/* ---- the language file
 * ---------------------------------------------------------------------------------- */

/* A JSON string at data[*at]; its text goes to out (NULL: skipped). The files are our own, tested
 * ones: what is malformed just ends the search. */
static bool read_string(const hf_sentences *s, size_t *at, hf_i_buf *out)
{
    static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (*at >= s->size || s->data[*at] != '"')
        return false;
    if (out)
        hf_i_buf_clear(out);
    for (++*at; *at < s->size && s->data[*at] != '"'; ++*at) {
        char bytes[4] = {s->data[*at]};
        size_t n = 1;
        if (bytes[0] == '\\' && *at + 1 < s->size) {
            char c = s->data[++*at];
            const char *which = strchr(plain, c);
            if (which) {
                bytes[0] = meant[which - plain];
            } else if (c == 'u' && *at + 4 < s->size) {
                char hex[5] = {0};
                memcpy(hex, s->data + *at + 1, 4);
                n = hf_i_utf8_encode((int32_t)strtol(hex, NULL, 16), bytes);
                *at += 4;
            }
        }
        if (out && hf_i_buf_add(out, bytes, n) != HF_OK)
            return false;
    }
    ++*at;
    return true;
}

static void skip_blanks(const hf_sentences *s, size_t *at)
{
    while (*at < s->size && strchr(" \t\r\n,:{", s->data[*at]))
        ++*at;
}

/* The template of a key, from the file that is looked at. */
static bool find_in_file(hf_sentences *s, const char *key, hf_i_buf *out)
{
    for (size_t at = 0;;) {
        skip_blanks(s, &at);
        if (!read_string(s, &at, &s->key))
            return false;
        skip_blanks(s, &at);
        bool hit = s->key.data && strcmp(s->key.data, key) == 0;
        if (!read_string(s, &at, hit ? out : NULL))
            return false;
        if (hit)
            return out->data != NULL;
    }
}

static bool find_template(hf_sentences *s, const char *key, hf_i_buf *out)
{
    for (int i = 0; i < 2 && s->file[i]; i++) {
        s->data = s->file[i];
        s->size = s->file_size[i];
        if (find_in_file(s, key, out))
            return true;
    }
    return false;
}

hf_status hf_sentences_new(hf_sentences **out, hf_ctx *ctx, const char *language)
{
    char name[64];
    size_t size = 0;
    *out = NULL;
    snprintf(name, sizeof name, "lang/%s.json", language);
    const char *data = hf_i_data_get(name, &size);
    if (!data)
        return hf_i_fail(ctx, HF_E_NOT_FOUND, NULL, "there is no language file '%s'", language);
    hf_sentences *s = hf_i_calloc(ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    s->ctx = ctx;
    snprintf(s->language, sizeof s->language, "%.7s", language);
    s->file[0] = data;
    s->file_size[0] = size;
    snprintf(name, sizeof name, "guidance/%s.json", language);
    s->file[1] = hf_i_data_get(name, &s->file_size[1]);
    hf_i_buf_init(&s->key, ctx, 1 << 16, "a key");
    hf_i_buf_init(&s->template, ctx, 1 << 16, "a sentence");
    hf_i_buf_init(&s->word, ctx, 1 << 16, "a word");
    hf_i_buf_init(&s->all, ctx, 1 << 20, "some sentences");
    hf_i_buf_init(&s->said, ctx, 1 << 20, "a sentence");
    *out = s;
    return HF_OK;
}

void hf_sentences_free(hf_sentences *s)
{
    if (!s)
        return;
    hf_i_buf_dispose(&s->key);
    hf_i_buf_dispose(&s->template);
    hf_i_buf_dispose(&s->word);
    hf_i_buf_dispose(&s->all);
    hf_i_buf_dispose(&s->said);
    hf_i_free(s->ctx, s);
}

/* ---- values
 * ------------------------------------------------------------------------------------------------
 */

static hf_status say_minutes(hf_i_buf *out, double minutes)
{
    char text[HF_I_NUMBER_SIZE];
    double value = minutes < 1      ? minutes * 60
                   : minutes < 100  ? minutes
                   : minutes < 2880 ? minutes / 60
                                    : minutes / 1440;
    const char *unit = minutes < 1 ? "s" : minutes < 100 ? "min" : minutes < 2880 ? "h" : "days";
    hf_i_number_format_fixed(text, value, value < 10 && minutes >= 1 ? 1 : 0);
    return hf_i_buf_printf(out, "%s %s", text, unit);
}

static hf_status say_number(hf_i_buf *out, double x, const char *how, size_t how_size)
{
    char text[HF_I_NUMBER_SIZE];
    if (isnan(x))
        return hf_i_buf_add_str(out, "\xe2\x80\x93");
    if ((how_size == 7 && memcmp(how, "percent", 7) == 0) ||
        (how_size == 5 && memcmp(how, "share", 5) == 0)) {
        hf_i_number_format_fixed(text, 100 * x, x > 0 && x < 0.01 ? 1 : 0);
        return hf_i_buf_printf(out, "%s %%", text);
    }
    if (how_size == 3 && memcmp(how, "min", 3) == 0)
        return say_minutes(out, x);
    int decimals = fabs(x) >= 100 || x == floor(x) ? 0 : fabs(x) >= 10 ? 1 : 2;
    if (how_size == 1 && how[0] >= '0' && how[0] <= '2')
        decimals = how[0] - '0';
    hf_i_number_format_fixed(text, x, decimals);
    return hf_i_buf_add_str(out, text);
}

static bool is(const char *name, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(name, word, size) == 0;
}

/* {estimate}, {lo}, ... carry the unit of the finding unless they say how. */
static bool measured(const hf_finding *f, const char *name, size_t size, double *out)
{
    *out = is(name, size, "estimate")    ? f->estimate
           : is(name, size, "lo")        ? f->lo
           : is(name, size, "hi")        ? f->hi
           : is(name, size, "base_rate") ? f->base_rate
                                         : NAN;
    return is(name, size, "estimate") || is(name, size, "lo") || is(name, size, "hi") ||
           is(name, size, "base_rate");
}

static const hf_finding_value *value_of(const hf_finding *f, const char *name, size_t size)
{
    for (size_t i = 0; i < f->value_count; i++)
        if (is(name, size, f->values[i].key))
            return &f->values[i];
    return NULL;
}

/* A date as people write it; what is none stays as it is. */
static hf_status say_date(const hf_sentences *s, hf_i_buf *out, const char *text)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    hf_i_time t;
    if (!hf_i_time_parse_iso(text, strlen(text), &t))
        return hf_i_buf_add_str(out, text);
    hf_i_civil c = hf_i_civil_from_ms(t.ms);
    if (strcmp(s->language, "en") != 0)
        return hf_i_buf_printf(out, "%d.%d.%d", c.day, c.month, (int)c.year);
    return hf_i_buf_printf(out, "%d %s %d", c.day, months[c.month - 1], (int)c.year);
}

/* A text is put in as it is, as a date, or as the sentence whose key it is. */
static hf_status say_text(hf_sentences *s, const char *text, const char *how, size_t how_size)
{
    if (is(how, how_size, "date"))
        return say_date(s, &s->said, text);
    if (is(how, how_size, "key") && find_template(s, text, &s->word))
        return hf_i_buf_add_str(&s->said, s->word.data);
    return hf_i_buf_add_str(&s->said, text);
}

static hf_status say_value(hf_sentences *s, const hf_finding *f, const char *const names[2],
                           const char *name, size_t size, const char *how, size_t how_size)
{
    double x;
    int p = f->about == HF_PARTNER_B;
    const hf_finding_value *v = value_of(f, name, size);
    if (v && v->text)
        return say_text(s, v->text, how, how_size);
    if (is(name, size, "a") || (is(name, size, "name") && !p))
        return hf_i_buf_add_str(&s->said, names[0]);
    if (is(name, size, "b") || is(name, size, "name"))
        return hf_i_buf_add_str(&s->said, names[1]);
    if (is(name, size, "other"))
        return hf_i_buf_add_str(&s->said, names[1 - p]);
    if (is(name, size, "n") && !v)
        return say_number(&s->said, (double)f->n, "0", 1);
    bool by_unit = measured(f, name, size, &x) || is(name, size, "usual_lo") ||
                   is(name, size, "usual_hi") || is(name, size, "usual") ||
                   is(name, size, "before") || is(name, size, "after");
    if (v)
        x = v->number;
    if (by_unit && !how_size && f->unit) {
        how = f->unit;
        how_size = strlen(how);
    }
    return say_number(&s->said, x, how, how_size);
}

/* Adds the sentence of a key to what is said; *found tells whether there is one. */
static hf_status add_sentence(hf_sentences *s, const char *key, const hf_finding *f,
                              const char *const names[2], bool *found)
{
    *found = find_template(s, key, &s->template);
    const char *t = *found ? s->template.data : "";
    while (*t) {
        const char *open = strchr(t, '{'), *close = open ? strchr(open, '}') : NULL;
        size_t plain = close ? (size_t)(open - t) : strlen(t);
        HF_TRY(hf_i_buf_add(&s->said, t, plain));
        t += plain;
        if (!close)
            break;
        const char *colon = memchr(open, ':', (size_t)(close - open));
        const char *end = colon ? colon : close;
        HF_TRY(say_value(s, f, names, open + 1, (size_t)(end - open - 1), colon ? colon + 1 : "",
                         colon ? (size_t)(close - colon - 1) : 0));
        t = close + 1;
    }
    return HF_OK;
}

hf_status hf_sentences_say(hf_sentences *s, const hf_findings *findings, const hf_finding *f,
                           const char *const names[2], const char **out)
{
    char key[160];
    bool found;
    (void)findings;
    *out = NULL;
    bool enough = f->status != HF_FINDING_NOT_ENOUGH_DATA;
    snprintf(key, sizeof key, "%s%s", f->text_key, enough ? "" : ".not_enough");
    hf_i_buf_clear(&s->said);
    HF_TRY(add_sentence(s, key, f, names, &found));
    *out = found ? s->said.data : NULL;
    return HF_OK;
}

hf_status hf_i_sentences_key(hf_sentences *s, const char *key, const hf_finding_value *values,
                             size_t count, const char *unit, const char **out)
{
    static const char *const names[2] = {"a", "b"};
    hf_finding f = {.about = HF_PARTNER_AB,
                    .estimate = NAN,
                    .lo = NAN,
                    .hi = NAN,
                    .base_rate = NAN,
                    .unit = unit,
                    .values = values,
                    .value_count = count};
    bool found;
    *out = NULL;
    hf_i_buf_clear(&s->said);
    HF_TRY(add_sentence(s, key, &f, names, &found));
    *out = found ? s->said.data : NULL;
    return HF_OK;
}

hf_i_buf *hf_i_sentences_buffer(hf_sentences *s)
{
    return &s->all;
}
