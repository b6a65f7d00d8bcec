/* SPDX-License-Identifier: MIT */
#include "text/json_read.h"

#include "text/number.h"
#include "text/utf8.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* What may come next. */
enum {
    WANT_VALUE,
    WANT_VALUE_OR_END, /* behind '[' */
    WANT_KEY_OR_END,   /* behind '{' */
    WANT_COMMA_OR_END,
    WANT_DOCUMENT, /* at the start, or between documents */
    WANT_NOTHING   /* behind the only document */
};

void hf_i_json_open(hf_i_json_reader *j, hf_ctx *ctx, const char *file, const void *data,
                    uint64_t size)
{
    memset(j, 0, offsetof(hf_i_json_reader, stack));
    j->ctx = ctx;
    j->file = file;
    j->data = j->p = data;
    j->end = j->data + size;
    j->state = WANT_DOCUMENT;
    if (size >= 3 && memcmp(j->data, "\xEF\xBB\xBF", 3) == 0)
        j->p += 3;
    hf_i_buf_init(&j->decoded, ctx, HF_MAX_MESSAGE_BYTES, "a string");
}

void hf_i_json_dispose(hf_i_json_reader *j)
{
    if (j->ctx)
        hf_i_buf_dispose(&j->decoded);
    j->ctx = NULL;
}

/* ---- failing ------------------------------------------------------------------------------ */

uint64_t hf_i_json_line(const hf_i_json_reader *j, uint64_t byte)
{
    uint64_t line = 1;
    const char *p = j->data, *stop = j->data + byte;
    while (p < stop && (p = memchr(p, '\n', (size_t)(stop - p)))) {
        line++;
        p++;
    }
    return line;
}

hf_status hf_i_json_fail(hf_i_json_reader *j, hf_status status, uint64_t byte, const char *advice,
                         const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    hf_i_place place = {
        .file = j->file, .line = hf_i_json_line(j, byte), .byte = byte, .byte_known = true};
    return hf_i_fail_at(j->ctx, status, &place, advice, "%s", text);
}

static hf_status fail_here(hf_i_json_reader *j, const char *what)
{
    uint64_t byte = (uint64_t)(j->p - j->data);
    if (j->p >= j->end)
        return hf_i_json_fail(j, HF_E_PARSE, byte, "Export it again: a part is missing.",
                              "the file ends in the middle of its JSON");
    return hf_i_json_fail(j, HF_E_PARSE, byte, "The file was changed or damaged: export it again.",
                          "not JSON: %s", what);
}

/* ---- scanning ----------------------------------------------------------------------------- */

static inline const char *skip_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')) {
        p++;
#if defined(__SSE2__)
        /* Indentation: many spaces at once. */
        while (end - p >= 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
            unsigned m = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')));
            if (m != 0xFFFF) {
                p += __builtin_ctz(~m);
                break;
            }
            p += 16;
        }
#endif
    }
    return p;
}

/* The first quote, backslash or control character at or behind p, or end. */
static inline const char *find_special(const char *p, const char *end)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), back = _mm_set1_epi8('\\'), low = _mm_set1_epi8(0x1F);
    while (end - p >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, back)),
                                   _mm_cmpeq_epi8(_mm_min_epu8(v, low), v));
        unsigned m = (unsigned)_mm_movemask_epi8(hit);
        if (m)
            return p + __builtin_ctz(m);
        p += 16;
    }
#endif
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    return p;
}

static int hex4(const char *p, const char *end)
{
    int v = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int d = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

/* At \uXXXX: the code point, a half pair as it is. Moves p behind it; -1 on bad digits. */
static int32_t unicode_escape(hf_i_json_reader *j)
{
    int32_t a = hex4(j->p + 2, j->end);
    if (a < 0)
        return -1;
    j->p += 6;
    if (a >= 0xD800 && a < 0xDC00 && j->end - j->p >= 6 && j->p[0] == '\\' && j->p[1] == 'u') {
        int32_t b = hex4(j->p + 2, j->end);
        if (b >= 0xDC00 && b < 0xE000) {
            j->p += 6;
            return 0x10000 + ((a - 0xD800) << 10) + (b - 0xDC00);
        }
    }
    return a;
}

static size_t encode(int32_t code, char out[4])
{
    if (code >= 0xD800 && code < 0xE000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    return hf_i_utf8_encode(code, out);
}

/* At a backslash: adds what it stands for. */
static hf_status escape(hf_i_json_reader *j)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (j->end - j->p < 2) {
        j->p = j->end;
        return fail_here(j, "");
    }
    if (j->p[1] == 'u') {
        char bytes[4];
        int32_t code = unicode_escape(j);
        if (code < 0) {
            if (j->end - j->p < 6)
                j->p = j->end;
            return fail_here(j, "\\u needs four hexadecimal digits");
        }
        return hf_i_buf_add(&j->decoded, bytes, encode(code, bytes));
    }
    const char *at = strchr(from, j->p[1]);
    if (!at || !j->p[1])
        return fail_here(j, "an unknown escape");
    j->p += 2;
    return hf_i_buf_add_char(&j->decoded, to[at - from]);
}

static hf_status decode_string(hf_i_json_reader *j, const char *from)
{
    hf_i_buf_clear(&j->decoded);
    j->in_input = false;
    for (;;) {
        HF_TRY(hf_i_buf_add(&j->decoded, from, (size_t)(j->p - from)));
        if (j->p < j->end && *j->p == '"')
            break;
        if (j->p >= j->end || *j->p != '\\')
            return fail_here(j, "a control character in a string");
        HF_TRY(escape(j));
        from = j->p;
        j->p = find_special(j->p, j->end);
    }
    j->text = j->decoded.data;
    j->len = j->decoded.len;
    j->p++;
    return HF_OK;
}

/* Skipping: only the end of the string matters. */
static hf_status pass_string(hf_i_json_reader *j)
{
    while (j->p < j->end && *j->p == '\\') {
        j->p = j->end - j->p > 2 ? j->p + 2 : j->end;
        j->p = find_special(j->p, j->end);
    }
    if (j->p >= j->end || *j->p != '"')
        return fail_here(j, "a control character in a string");
    j->p++;
    return HF_OK;
}

/* At a quote. */
static hf_status string(hf_i_json_reader *j)
{
    const char *from = ++j->p;
    j->p = find_special(from, j->end);
    j->text = from;
    if (j->p < j->end && *j->p == '"') {
        j->len = (size_t)(j->p++ - from);
        j->in_input = true;
        if (j->len > HF_MAX_MESSAGE_BYTES)
            return hf_i_json_fail(j, HF_E_LIMIT, j->byte, NULL, "a string has more than %llu bytes",
                                  (unsigned long long)HF_MAX_MESSAGE_BYTES);
        return HF_OK;
    }
    return j->raw ? pass_string(j) : decode_string(j, from);
}

static const char *digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

static hf_status number(hf_i_json_reader *j)
{
    const char *p = j->p, *q;
    j->text = p;
    p += *p == '-';
    q = digits(p, j->end);
    if (q == p || (*p == '0' && q > p + 1)) {
        j->p = q == p ? q : p;
        return fail_here(j, "not a number");
    }
    p = q;
    if (p < j->end && *p == '.') {
        q = digits(p + 1, j->end);
        j->p = q;
        if (q == p + 1)
            return fail_here(j, "not a number");
        p = q;
    }
    if (p < j->end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < j->end && (*p == '+' || *p == '-');
        q = digits(p, j->end);
        j->p = q;
        if (q == p)
            return fail_here(j, "not a number");
        p = q;
    }
    j->p = p;
    j->len = (size_t)(p - j->text);
    j->in_input = true;
    return HF_OK;
}

static hf_status word(hf_i_json_reader *j, const char *text, hf_i_json_token token)
{
    for (; *text; text++, j->p++)
        if (j->p >= j->end || *j->p != *text)
            return fail_here(j, "an unknown word");
    j->token = token;
    return HF_OK;
}

/* ---- structure ---------------------------------------------------------------------------- */

static void after_value(hf_i_json_reader *j)
{
    j->state = j->depth ? WANT_COMMA_OR_END : j->many ? WANT_DOCUMENT : WANT_NOTHING;
}

static hf_status open_container(hf_i_json_reader *j, char c)
{
    if (j->depth >= HF_MAX_JSON_DEPTH)
        return hf_i_json_fail(j, HF_E_LIMIT, j->byte, NULL, "nested deeper than %u levels",
                              HF_MAX_JSON_DEPTH);
    j->stack[++j->depth] = c;
    j->p++;
    j->token = c == '{' ? HF_I_JSON_OBJECT : HF_I_JSON_ARRAY;
    j->state = c == '{' ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
    return HF_OK;
}

static hf_status close_container(hf_i_json_reader *j)
{
    char c = *j->p;
    if (j->depth == 0 || j->stack[j->depth] != (c == '}' ? '{' : '['))
        return fail_here(j, "a bracket that nothing opened");
    j->p++;
    j->depth--;
    j->token = c == '}' ? HF_I_JSON_OBJECT_END : HF_I_JSON_ARRAY_END;
    after_value(j);
    return HF_OK;
}

static hf_status value(hf_i_json_reader *j)
{
    char c = *j->p;
    hf_status s;
    switch (c) {
    case '{':
    case '[':
        return open_container(j, c);
    case '"':
        j->token = HF_I_JSON_STRING;
        s = string(j);
        break;
    case 't':
        s = word(j, "true", HF_I_JSON_TRUE);
        break;
    case 'f':
        s = word(j, "false", HF_I_JSON_FALSE);
        break;
    case 'n':
        s = word(j, "null", HF_I_JSON_NULL);
        break;
    default:
        if (c != '-' && (c < '0' || c > '9'))
            return fail_here(j, "no value starts like this");
        j->token = HF_I_JSON_NUMBER;
        s = number(j);
    }
    after_value(j);
    return s;
}

static hf_status key(hf_i_json_reader *j)
{
    if (*j->p != '"')
        return fail_here(j, "a name in quotes is missing");
    bool raw = j->raw;
    HF_TRY(string(j));
    j->raw = raw;
    j->p = skip_space(j->p, j->end);
    if (j->p >= j->end || *j->p != ':')
        return fail_here(j, "a colon is missing");
    j->p++;
    j->token = HF_I_JSON_KEY;
    j->state = WANT_VALUE;
    return HF_OK;
}

static hf_status at_end(hf_i_json_reader *j)
{
    if (j->state != WANT_NOTHING && !(j->state == WANT_DOCUMENT && j->many))
        return fail_here(j, "");
    j->token = HF_I_JSON_END;
    return HF_OK;
}

static hf_status after_comma(hf_i_json_reader *j)
{
    if (*j->p != ',')
        return fail_here(j, "a comma is missing");
    j->p = skip_space(j->p + 1, j->end);
    j->byte = (uint64_t)(j->p - j->data);
    if (j->p >= j->end)
        return fail_here(j, "");
    return j->stack[j->depth] == '{' ? key(j) : value(j);
}

hf_status hf_i_json_next(hf_i_json_reader *j)
{
    j->p = skip_space(j->p, j->end);
    j->byte = (uint64_t)(j->p - j->data);
    j->text = NULL;
    j->len = 0;
    if (j->p >= j->end)
        return at_end(j);
    bool closes = *j->p == '}' || *j->p == ']';
    switch (j->state) {
    case WANT_COMMA_OR_END:
        return closes ? close_container(j) : after_comma(j);
    case WANT_KEY_OR_END:
        return *j->p == '}' ? close_container(j) : key(j);
    case WANT_VALUE_OR_END:
        return *j->p == ']' ? close_container(j) : value(j);
    case WANT_NOTHING:
        return fail_here(j, "something stands behind its end");
    default:
        return value(j);
    }
}

/* ---- steps -------------------------------------------------------------------------------- */

hf_status hf_i_json_skip(hf_i_json_reader *j)
{
    hf_status s = HF_OK;
    if (j->token == HF_I_JSON_KEY)
        HF_TRY(hf_i_json_next(j));
    if (j->token != HF_I_JSON_OBJECT && j->token != HF_I_JSON_ARRAY)
        return HF_OK;
    unsigned depth = j->depth - 1;
    j->raw = true;
    while (s == HF_OK && j->depth > depth)
        s = hf_i_json_next(j);
    j->raw = false;
    return s;
}

hf_status hf_i_json_next_field(hf_i_json_reader *j, hf_i_json_name *name, bool *more)
{
    HF_TRY(hf_i_json_next(j));
    *more = j->token == HF_I_JSON_KEY;
    if (!*more)
        return HF_OK;
    name->len = j->len < sizeof name->text - 1 ? j->len : sizeof name->text - 1;
    name->byte = j->byte;
    if (name->len)
        memcpy(name->text, j->text, name->len);
    name->text[name->len] = '\0';
    return hf_i_json_next(j);
}

hf_status hf_i_json_next_item(hf_i_json_reader *j, bool *more)
{
    HF_TRY(hf_i_json_next(j));
    *more = j->token != HF_I_JSON_ARRAY_END;
    return HF_OK;
}

bool hf_i_json_name_is(const hf_i_json_name *name, const char *text)
{
    return strcmp(name->text, text) == 0;
}

bool hf_i_json_integer(const hf_i_json_reader *j, int64_t *out)
{
    return (j->token == HF_I_JSON_NUMBER || j->token == HF_I_JSON_STRING) &&
           hf_i_number_parse_int(j->text, j->len, out);
}

bool hf_i_json_truth(const hf_i_json_reader *j)
{
    int64_t v;
    return j->token == HF_I_JSON_TRUE ||
           (j->token == HF_I_JSON_NUMBER && hf_i_json_integer(j, &v) && v != 0);
}
