/* SPDX-License-Identifier: MIT */
/* Lines of JSON in, lines of JSON out: {"id","text","prev"?} to {"id","scores","labels",...}. A
 * small scanner of its own: one pass over the bytes, strings unescaped into one buffer. */
#include "signal/text/coder.h"

#include <math.h>
#include <string.h>
#include <utf8proc.h>

enum { PREVIOUS = 16, BATCH = 128, DEPTH = 64 };

typedef struct {
    const char *begin, *p, *end;
    const char *wrong; /* NULL while all is well */
    hf_status failed;  /* of the buffer: no memory, over the limit */
    hf_i_buf strings;  /* unescaped; holds offsets until the line is done */
    size_t text_at, text_len;
    size_t prev_at[PREVIOUS], prev_len[PREVIOUS], prev_count;
    const char *id; /* as written, with its quotes */
    size_t id_len;
    bool has_text;
} scanner;

static void blanks(scanner *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n'))
        s->p++;
}

static bool bad(scanner *s, const char *what)
{
    if (!s->wrong)
        s->wrong = what;
    return false;
}

/* What the buffer could not take is no fault of the line's form. */
static bool kept(scanner *s, hf_status status)
{
    if (status != HF_OK)
        s->failed = status;
    return status == HF_OK || bad(s, "a text is longer than the limit");
}

static bool expect(scanner *s, char c, const char *what)
{
    blanks(s);
    if (s->p >= s->end || *s->p != c)
        return bad(s, what);
    s->p++;
    return true;
}

static bool hex4(scanner *s, uint32_t *out)
{
    *out = 0;
    if (s->end - s->p < 4)
        return bad(s, "a cut \\u escape");
    for (int i = 0; i < 4; i++, s->p++) {
        char c = *s->p;
        uint32_t d = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                     : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                     : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                            : 16;
        if (d == 16)
            return bad(s, "a \\u escape needs four hexadecimal digits");
        *out = *out * 16 + d;
    }
    return true;
}

/* After "\u": one code point; a lone surrogate becomes U+FFFD. */
static bool code_point(scanner *s)
{
    uint32_t high, low;
    if (!hex4(s, &high))
        return false;
    if (high >= 0xD800 && high < 0xDC00 && s->end - s->p >= 6 && s->p[0] == '\\' &&
        s->p[1] == 'u') {
        const char *keep = s->p;
        s->p += 2;
        if (!hex4(s, &low))
            return false;
        if (low >= 0xDC00 && low < 0xE000)
            high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        else
            s->p = keep;
    }
    if (high >= 0xD800 && high < 0xE000)
        high = 0xFFFD;
    unsigned char bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)high, bytes);
    return kept(s, hf_i_buf_add(&s->strings, bytes, (size_t)n));
}

static bool escape(scanner *s)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (s->p >= s->end)
        return bad(s, "a string without its end");
    char c = *s->p++;
    if (c == 'u')
        return code_point(s);
    const char *at = c ? strchr(from, c) : NULL;
    if (!at)
        return bad(s, "an unknown escape");
    return kept(s, hf_i_buf_add_char(&s->strings, to[at - from]));
}

static bool string(scanner *s, size_t *at, size_t *len)
{
    if (!expect(s, '"', "a string is missing"))
        return false;
    *at = s->strings.len;
    for (;;) {
        const char *plain = s->p;
        while (s->p < s->end && *s->p != '"' && *s->p != '\\' && (unsigned char)*s->p >= ' ')
            s->p++;
        if (!kept(s, hf_i_buf_add(&s->strings, plain, (size_t)(s->p - plain))))
            return false;
        if (s->p >= s->end)
            return bad(s, "a string without its end");
        if (*s->p == '"')
            break;
        if (*s->p != '\\')
            return bad(s, "a control character inside a string");
        s->p++;
        if (!escape(s))
            return false;
    }
    s->p++;
    *len = s->strings.len - *at;
    return true;
}

/* Any value, not looked at. */
static bool skip(scanner *s)
{
    int depth = 0;
    do {
        blanks(s);
        if (s->p >= s->end)
            return bad(s, "the line ends inside a value");
        char c = *s->p;
        size_t at, len;
        if (c == '"') {
            if (!string(s, &at, &len))
                return false;
            s->strings.len = at;
        } else if (c == '{' || c == '[') {
            if (++depth > DEPTH)
                return bad(s, "nested too deep");
            s->p++;
        } else if (c == '}' || c == ']') {
            if (depth-- == 0)
                return bad(s, "a value is missing");
            s->p++;
        } else if ((c == ',' || c == ':') && depth) {
            s->p++;
            continue;
        } else {
            const char *from = s->p;
            while (s->p < s->end && !strchr(" \t\r\n,:{}[]\"", *s->p))
                s->p++;
            if (s->p == from)
                return bad(s, "a value is missing");
        }
    } while (depth > 0);
    return true;
}

static bool null_value(scanner *s)
{
    blanks(s);
    if (s->end - s->p < 4 || memcmp(s->p, "null", 4) != 0)
        return false;
    s->p += 4;
    return true;
}

/* A string, an array of strings, or null. Of many the newest stay. */
static bool previous(scanner *s)
{
    s->prev_count = 0;
    if (null_value(s))
        return true;
    if (s->p < s->end && *s->p != '[') {
        s->prev_count = 1;
        return string(s, &s->prev_at[0], &s->prev_len[0]);
    }
    if (!expect(s, '[', "\"prev\" is a string or an array of strings"))
        return false;
    blanks(s);
    if (s->p < s->end && *s->p == ']') {
        s->p++;
        return true;
    }
    for (;;) {
        if (s->prev_count == PREVIOUS) {
            memmove(s->prev_at, s->prev_at + 1, (PREVIOUS - 1) * sizeof *s->prev_at);
            memmove(s->prev_len, s->prev_len + 1, (PREVIOUS - 1) * sizeof *s->prev_len);
            s->prev_count--;
        }
        size_t k = s->prev_count++;
        if (null_value(s))
            s->prev_count--;
        else if (!string(s, &s->prev_at[k], &s->prev_len[k]))
            return false;
        blanks(s);
        if (s->p < s->end && *s->p == ',') {
            s->p++;
            continue;
        }
        return expect(s, ']', "a comma or ] is missing");
    }
}

static bool identifier(scanner *s)
{
    blanks(s);
    s->id = s->p;
    size_t keep = s->strings.len;
    if (s->p < s->end && (*s->p == '{' || *s->p == '['))
        return bad(s, "\"id\" is a string or a number");
    if (!skip(s))
        return false;
    s->id_len = (size_t)(s->p - s->id);
    s->strings.len = keep;
    return true;
}

static bool member(scanner *s)
{
    size_t at, len;
    if (!string(s, &at, &len) || !expect(s, ':', "a colon is missing"))
        return false;
    const char *key = s->strings.data + at;
    s->strings.len = at;
    if (len == 2 && memcmp(key, "id", 2) == 0)
        return identifier(s);
    if (len == 4 && memcmp(key, "prev", 4) == 0)
        return previous(s);
    if (len == 4 && memcmp(key, "text", 4) == 0) {
        s->has_text = true;
        if (!null_value(s))
            return string(s, &s->text_at, &s->text_len);
        s->text_len = 0;
        return true;
    }
    return skip(s);
}

static bool scan(scanner *s, const char *p, const char *end)
{
    s->begin = s->p = p;
    s->end = end;
    s->wrong = NULL;
    s->failed = HF_OK;
    hf_i_buf_clear(&s->strings);
    s->prev_count = s->text_at = s->text_len = s->id_len = 0;
    s->has_text = false;
    if (!expect(s, '{', "a line is one JSON object"))
        return false;
    blanks(s);
    if (s->p < s->end && *s->p == '}')
        s->p++;
    else
        for (;;) {
            if (!member(s))
                return false;
            blanks(s);
            if (s->p < s->end && *s->p == ',') {
                s->p++;
                continue;
            }
            if (!expect(s, '}', "a comma or } is missing"))
                return false;
            break;
        }
    blanks(s);
    if (s->p < s->end)
        return bad(s, "more after the object");
    return s->has_text || bad(s, "no \"text\"");
}

/* ---- writing
 * -------------------------------------------------------------------------------------- */

/* A probability with six decimals; null when there is none. Room for 8 bytes. */
static char *put_probability(char *p, float x)
{
    if (!(x >= 0)) {
        memcpy(p, "null", 4);
        return p + 4;
    }
    uint32_t n = (uint32_t)(x * 1e6f + 0.5f);
    if (n > 1000000)
        n = 1000000;
    p[0] = n == 1000000 ? '1' : '0';
    p[1] = '.';
    n %= 1000000;
    for (int i = 7; i >= 2; i--, n /= 10)
        p[i] = (char)('0' + n % 10);
    return p + 8;
}

static char *put(char *p, const char *text, size_t n)
{
    memcpy(p, text, n);
    return p + n;
}
#define PUT(p, text) put(p, text, sizeof text - 1)

static char *put_name(char *p, const char *name, bool first)
{
    if (!first)
        *p++ = ',';
    *p++ = '"';
    p = put(p, name, strlen(name));
    *p++ = '"';
    return p;
}

static char *put_scores(char *p, const hf_text_model *m, const hf_text_result *r)
{
    size_t n = hf_text_model_labels(m);
    bool any = r->scores[0] >= 0, first = true;
    p = PUT(p, ",\"scores\":");
    if (!any) {
        p = PUT(p, "null");
    } else {
        *p++ = '{';
        for (size_t i = 0; i < n; i++) {
            p = put_name(p, hf_text_model_label(m, i), i == 0);
            *p++ = ':';
            p = put_probability(p, r->scores[i]);
        }
        *p++ = '}';
    }
    p = PUT(p, ",\"labels\":[");
    for (size_t i = 0; any && i < n; i++)
        if (r->over[i]) {
            p = put_name(p, hf_text_model_label(m, i), first);
            first = false;
        }
    *p++ = ']';
    return p;
}

static char *put_acts(char *p, const hf_text_result *r)
{
    p = PUT(p, ",\"acts\":");
    if (!(r->acts[0] >= 0)) {
        p = PUT(p, "null,\"needs\":null");
    } else {
        *p++ = '{';
        for (int i = 0; i < HF_ACT_COUNT; i++) {
            p = put_name(p, hf_act_name((hf_act)i), i == 0);
            *p++ = ':';
            p = put_probability(p, r->acts[i]);
        }
        p = PUT(p, "},\"needs\":{");
        for (int i = 0; i < HF_NEED_COUNT; i++) {
            p = put_name(p, hf_need_name((hf_need)i), i == 0);
            *p++ = ':';
            p = put_probability(p, r->needs[i]);
        }
        *p++ = '}';
    }
    p = PUT(p, ",\"warmth\":");
    if (!(fabsf(r->warmth) < 1000))
        return PUT(p, "null");
    if (r->warmth < 0)
        *p++ = '-';
    float w = fabsf(r->warmth);
    uint32_t whole = (uint32_t)w;
    if (whole >= 100)
        *p++ = (char)('0' + whole / 100);
    if (whole >= 10)
        *p++ = (char)('0' + whole / 10 % 10);
    p = put_probability(p, w - (float)whole);
    p[-8] = (char)('0' + whole % 10);
    return p;
}

enum {
    LINE_ROOM =
        (HF_TEXT_MAX_LABELS * 2 + HF_ACT_COUNT + HF_NEED_COUNT) * (HF_WEIGHTS_NAME + 16) + 512
};

static hf_status put_line(hf_i_buf *out, const scanner *s, const hf_text_model *m,
                          const hf_text_result *r)
{
    HF_TRY(hf_i_buf_reserve(out, s->id_len + LINE_ROOM));
    char *p = out->data + out->len;
    p = PUT(p, "{\"id\":");
    p = s->id_len ? put(p, s->id, s->id_len) : PUT(p, "null");
    p = put_scores(p, m, r);
    p = put_acts(p, r);
    p = PUT(p, ",\"state\":\"");
    const char *state = hf_text_state_name(r->state);
    p = put(p, state, strlen(state));
    p = PUT(p, "\"");
    if (r->cut)
        p = PUT(p, ",\"cut\":true");
    if (r->invalid_utf8)
        p = PUT(p, ",\"invalid_utf8\":true");
    p = PUT(p, "}\n");
    out->len = (size_t)(p - out->data);
    out->data[out->len] = '\0';
    return HF_OK;
}

/* ---- batches
 * ---------------------------------------------------------------------------------------- */

typedef struct {
    const char *at;
    size_t len;
} line;

typedef struct {
    hf_ctx *ctx;
    const hf_text_model *model;
    const char *file;
    uint64_t first_line;
    line *lines;
    size_t count, cap;
    hf_i_buf *out; /* one a batch */
    hf_text_coder *coder[HF_MAX_THREADS];
} job;

static hf_status code_line(job *j, hf_text_coder *coder, scanner *s, size_t i, hf_i_buf *out)
{
    const line *l = &j->lines[i];
    hf_text prev[PREVIOUS];
    hf_text_result result;
    if (!scan(s, l->at, l->at + l->len)) {
        if (s->failed == HF_E_NOMEM)
            return s->failed;
        hf_i_place place = {
            .file = j->file, .line = j->first_line + i, .column = (uint64_t)(s->p - s->begin) + 1};
        return hf_i_fail_at(j->ctx, HF_E_PARSE, &place,
                            "Each line is {\"id\":...,\"text\":\"...\",\"prev\":...}.", "%s",
                            s->wrong);
    }
    for (size_t k = 0; k < s->prev_count; k++)
        prev[k] = (hf_text){s->strings.data + s->prev_at[k], s->prev_len[k]};
    hf_text_turn turn = {{s->strings.data + s->text_at, s->text_len}, prev, s->prev_count};
    HF_TRY(hf_text_code(coder, &turn, &result));
    return put_line(out, s, j->model, &result);
}

static hf_status code_batch(void *user, size_t index, int worker)
{
    job *j = user;
    size_t begin = index * BATCH, end = begin + BATCH < j->count ? begin + BATCH : j->count;
    if (!j->coder[worker])
        HF_TRY(hf_text_coder_new(&j->coder[worker], j->ctx, j->model));
    scanner s = {0};
    hf_i_buf_init(&s.strings, j->ctx, HF_MAX_LINE_BYTES, "the texts of a line");
    hf_status status = hf_i_buf_add(&s.strings, "", 0);
    for (size_t i = begin; status == HF_OK && i < end; i++)
        status = code_line(j, j->coder[worker], &s, i, &j->out[index]);
    hf_i_buf_dispose(&s.strings);
    return status;
}

static hf_status split(job *j, const char *in, size_t size)
{
    for (const char *p = in, *end = in + size; p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        HF_TRY(hf_i_grow(j->ctx, &j->lines, &j->cap, j->count + 1, sizeof *j->lines, HF_MAX_ROWS,
                         "lines"));
        j->lines[j->count++] = (line){p, (size_t)(stop - p)};
        p = stop + 1;
    }
    return HF_OK;
}

static hf_status join(job *j, size_t batches, char **out, size_t *out_size)
{
    size_t total = 0;
    for (size_t i = 0; i < batches; i++)
        total += j->out[i].len;
    char *p = *out = hf_i_alloc(j->ctx, total + 1);
    if (!p)
        return HF_E_NOMEM;
    for (size_t i = 0; i < batches; i++)
        if (j->out[i].len)
            p = put(p, j->out[i].data, j->out[i].len);
    *p = '\0';
    *out_size = total;
    return HF_OK;
}

hf_status hf_text_code_lines(char **out, size_t *out_size, hf_ctx *ctx, const hf_text_model *model,
                             const char *in, size_t in_size, const char *file, uint64_t first_line)
{
    job j = {.ctx = ctx, .model = model, .file = file, .first_line = first_line};
    *out = NULL;
    *out_size = 0;
    hf_status s = split(&j, in, in_size);
    size_t batches = (j.count + BATCH - 1) / BATCH;
    if (s == HF_OK && !(j.out = hf_i_calloc(ctx, batches, sizeof *j.out)))
        s = HF_E_NOMEM;
    for (size_t i = 0; s == HF_OK && i < batches; i++)
        hf_i_buf_init(&j.out[i], ctx, UINT64_C(1) << 40, "the coded lines");
    if (s == HF_OK)
        s = hf_i_parallel_for(ctx, batches, code_batch, &j);
    if (s == HF_OK)
        s = join(&j, batches, out, out_size);
    for (size_t i = 0; j.out && i < batches; i++)
        if (j.out[i].ctx)
            hf_i_buf_dispose(&j.out[i]);
    for (size_t i = 0; i < HF_MAX_THREADS; i++)
        hf_text_coder_free(j.coder[i]);
    hf_i_free(ctx, j.out);
    hf_i_free(ctx, j.lines);
    return s;
}

void hf_text_lines_free(hf_ctx *ctx, char *lines)
{
    hf_i_free(ctx, lines);
}
