/* SPDX-License-Identifier: MIT */
/* Praat's TextGrid in its three text forms: long ("xmin = 0"), short (values only) and
 * chronological. All are the same row of numbers and quoted strings once the words between them are
 * left out. UTF-8 or UTF-16. */
#include "record/formats/lines.h"
#include "text/number.h"
#include "text/utf8.h"

#include <math.h>
#include <string.h>

enum { STEP_MARKS = 5000, MAX_TIERS = 4096 };

typedef struct {
    hf_text name;
    int32_t person;
    bool points;
} tier;

typedef struct {
    hf_i_blob blob;
    const char *p, *end;
    uint64_t line; /* at p */
    tier *tiers;
    size_t tier_count, tier, left; /* the tier that is read, and how many marks are left of it */
    size_t rows;
    bool chronological, latin; /* latin: not UTF-8 */
    hf_i_buf text;
} state;

static int probe(const hf_i_probe *p)
{
    bool file = memmem(p->head, p->size < 512 ? p->size : 512, "ooTextFile", 10) != NULL;
    bool grid = memmem(p->head, p->size < 512 ? p->size : 512, "TextGrid", 8) != NULL;
    bool chrono =
        memmem(p->head, p->size < 512 ? p->size : 512, "Praat chronological TextGrid", 28);
    return chrono || (file && grid) ? 100 : 0;
}

static hf_status fail_at(hf_i_reader *r, const state *s, const char *what)
{
    return hf_i_build_fail(r->build, HF_E_PARSE, (uint64_t)(s->p - s->blob.data), s->line,
                           "Save it again in Praat as a text file.", "TextGrid: %s", what);
}

/* The next value, behind words, "[1]:", "=" and comments: a number, a quoted text or a <flag>. */
static bool to_value(state *s)
{
    while (s->p < s->end) {
        char c = *s->p;
        if (c == '"' || c == '<' || (c >= '0' && c <= '9') ||
            (c == '-' && s->p + 1 < s->end && s->p[1] >= '0' && s->p[1] <= '9'))
            return true;
        if (c == '!') { /* a comment, to the end of the line */
            while (s->p < s->end && *s->p != '\n')
                s->p++;
        } else if (c == '[') {
            while (s->p < s->end && *s->p != ']' && *s->p != '\n')
                s->p++;
        } else if (c == '\n') {
            s->line++;
            s->p++;
        } else if ((c | 32) >= 'a' && (c | 32) <= 'z') {
            /* A word, digits within it included. */
            while (s->p < s->end && !memchr(" \t\r\n=:\"", *s->p, 7))
                s->p++;
        } else {
            s->p++;
        }
    }
    return false;
}

static hf_status number(hf_i_reader *r, state *s, double *out)
{
    if (!to_value(s) || *s->p == '"' || *s->p == '<')
        return fail_at(r, s, "a number is missing");
    const char *from = s->p;
    while (s->p < s->end && !memchr(" \t\r\n", *s->p, 4))
        s->p++;
    if (!hf_i_number_parse(from, (size_t)(s->p - from), '.', out))
        return fail_at(r, s, "a number cannot be read");
    return HF_OK;
}

static hf_status count(hf_i_reader *r, state *s, size_t most, size_t *out)
{
    double x;
    HF_TRY(number(r, s, &x));
    if (!(x >= 0 && x <= (double)most && x == floor(x)))
        return fail_at(r, s, "a count is not one");
    *out = (size_t)x;
    return HF_OK;
}

/* Old Praat wrote Latin-1 where that was enough: each byte is a character. */
static hf_status from_latin(state *s)
{
    size_t n = s->text.len;
    for (size_t i = 0; i < n; i++) {
        char bytes[4];
        size_t k = hf_i_utf8_encode((unsigned char)s->text.data[i], bytes);
        HF_TRY(hf_i_buf_add(&s->text, bytes, k));
    }
    memmove(s->text.data, s->text.data + n, s->text.len - n + 1);
    s->text.len -= n;
    return HF_OK;
}

/* Doubled quotes stand for one; the text may go over lines. */
static hf_status string(hf_i_reader *r, state *s, hf_text *out)
{
    if (!to_value(s) || *s->p != '"')
        return fail_at(r, s, "a text in quotes is missing");
    const char *open = s->p++;
    uint64_t line = s->line;
    hf_i_buf_clear(&s->text);
    HF_TRY(hf_i_buf_add_str(&s->text, ""));
    for (;;) {
        const char *quote = memchr(s->p, '"', (size_t)(s->end - s->p));
        if (!quote) {
            s->p = open;
            s->line = line;
            return fail_at(r, s, "a text in quotes does not end");
        }
        for (const char *q = s->p; q < quote; q++)
            s->line += *q == '\n';
        HF_TRY(hf_i_buf_add(&s->text, s->p, (size_t)(quote - s->p)));
        s->p = quote + 1;
        if (s->p >= s->end || *s->p != '"')
            break;
        HF_TRY(hf_i_buf_add_char(&s->text, '"'));
        s->p++;
    }
    if (s->latin && !hf_i_utf8_valid(s->text.data, s->text.len))
        HF_TRY(from_latin(s));
    *out = (hf_text){s->text.data, s->text.len};
    return HF_OK;
}

static hf_status tier_name(hf_i_reader *r, state *s, tier *t)
{
    hf_text text;
    HF_TRY(string(r, s, &text));
    t->points = hf_i_text_is(text, "TextTier");
    if (!t->points && !hf_i_text_is(text, "IntervalTier"))
        return fail_at(r, s, "neither an IntervalTier nor a TextTier");
    HF_TRY(string(r, s, &text));
    text = hf_i_trimmed(text);
    return hf_i_build_person(r->build, text.data, text.size, &t->person);
}

static hf_status make_tiers(hf_i_reader *r, state *s)
{
    HF_TRY(count(r, s, MAX_TIERS, &s->tier_count));
    s->tiers = hf_i_calloc(r->ctx, s->tier_count + 1, sizeof *s->tiers);
    return s->tiers ? HF_OK : HF_E_NOMEM;
}

static hf_status open_header(hf_i_reader *r, state *s)
{
    hf_text text;
    double x;
    s->chronological =
        s->blob.size > 5 &&
        memmem(s->blob.data, s->blob.size < 200 ? s->blob.size : 200, "chronological", 13);
    if (!s->chronological) {
        HF_TRY(string(r, s, &text)); /* ooTextFile */
        HF_TRY(string(r, s, &text)); /* TextGrid */
        HF_TRY(number(r, s, &x));
        HF_TRY(number(r, s, &x));
        if (!to_value(s) || *s->p != '<')
            return fail_at(r, s, "<exists> is missing");
        s->p = memchr(s->p, '>', (size_t)(s->end - s->p));
        if (!s->p) {
            s->p = s->end;
            return fail_at(r, s, "<exists> is missing");
        }
        s->p++;
        return make_tiers(r, s);
    }
    /* The first string names the form. */
    if (to_value(s) && *s->p == '"')
        HF_TRY(string(r, s, &text));
    HF_TRY(number(r, s, &x));
    HF_TRY(number(r, s, &x));
    HF_TRY(make_tiers(r, s));
    for (size_t i = 0; i < s->tier_count; i++) {
        HF_TRY(tier_name(r, s, &s->tiers[i]));
        HF_TRY(number(r, s, &x));
        HF_TRY(number(r, s, &x));
    }
    return HF_OK;
}

static hf_status open_grid(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    hf_i_buf_init(&s->text, r->ctx, HF_MAX_MESSAGE_BYTES, "a label");
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &s->blob));
    s->p = s->blob.data;
    s->end = s->p + s->blob.size;
    s->line = 1;
    if (s->blob.size >= 3 && memcmp(s->p, "\xEF\xBB\xBF", 3) == 0)
        s->p += 3;
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    s->latin = !hf_i_utf8_valid(s->blob.data, s->blob.size);
    if (s->latin)
        HF_TRY(hf_i_build_warn(r->build, 0, 0, "the file is not UTF-8: read as Latin-1"));
    return open_header(r, s);
}

static int64_t ms_of(double seconds)
{
    return fabs(seconds) < 1e12 ? (int64_t)floor(seconds * 1000 + 0.5) : HF_NO_TIME;
}

/* An interval without label is silence: no row. */
static hf_status put_mark(hf_i_reader *r, state *s, const tier *t)
{
    double start, stop;
    hf_text text;
    to_value(s);
    hf_message m = HF_I_MESSAGE_INIT;
    m.src = (hf_source){0, (uint64_t)(s->p - s->blob.data), s->line};
    HF_TRY(number(r, s, &start));
    if (!t->points)
        HF_TRY(number(r, s, &stop));
    HF_TRY(string(r, s, &text));
    m.text = hf_i_trimmed(text);
    if (m.text.size == 0)
        return HF_OK;
    m.kind = HF_KIND_TEXT;
    m.sender = t->person;
    m.t_ms = ms_of(start);
    m.t_end_ms = t->points ? HF_NO_TIME : ms_of(stop);
    m.t_kind = HF_TIME_MEDIA;
    m.t_res_ms = 1;
    if (!t->points && stop < start)
        HF_TRY(
            hf_i_build_warn(r->build, m.src.byte, m.src.line, "an interval ends before it starts"));
    s->rows++;
    return hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_COPY);
}

/* The next tier of the long and short forms. */
static hf_status next_tier(hf_i_reader *r, state *s)
{
    double x;
    tier *t = &s->tiers[s->tier++];
    HF_TRY(tier_name(r, s, t));
    HF_TRY(number(r, s, &x));
    HF_TRY(number(r, s, &x));
    return count(r, s, 1u << 30, &s->left);
}

static hf_status finish(hf_i_reader *r, const state *s)
{
    return s->rows
               ? HF_OK
               : hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL, "the TextGrid has no labels");
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    *more = true;
    r->done = (uint64_t)(s->p - s->blob.data);
    for (int i = 0; i < STEP_MARKS; i++) {
        size_t which;
        if (s->chronological) {
            *more = to_value(s);
            if (!*more)
                return finish(r, s);
            HF_TRY(count(r, s, s->tier_count, &which));
            if (which == 0)
                return fail_at(r, s, "there is no tier 0");
            HF_TRY(put_mark(r, s, &s->tiers[which - 1]));
        } else if (s->left) {
            s->left--;
            HF_TRY(put_mark(r, s, &s->tiers[s->tier - 1]));
        } else if (s->tier < s->tier_count) {
            HF_TRY(next_tier(r, s));
        } else {
            *more = false;
            return finish(r, s);
        }
    }
    return HF_OK;
}

static void close_grid(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    hf_i_buf_dispose(&s->text);
    hf_i_free(r->ctx, s->tiers);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_textgrid = {
    .info = {"textgrid", "Praat TextGrid (.TextGrid)", "Praat: Save as text file (long or short).",
             "Each tier counts as a person; Praat's binary form is not read.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_grid,
    .next = next,
    .close = close_grid,
};
