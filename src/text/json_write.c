/* SPDX-License-Identifier: MIT */
#include "text/json_write.h"

#include "text/number.h"
#include "text/utf8.h"

#include <assert.h>
#include <string.h>

/* What a byte needs inside a JSON string. */
enum { PLAIN, MARKUP, ESCAPE, HIGH };

#define HF_ROW16(k) k, k, k, k, k, k, k, k, k, k, k, k, k, k, k, k
static const unsigned char kinds[256] = {
    HF_ROW16(ESCAPE), HF_ROW16(ESCAPE),
    /* space to '/': '"' and '&' */
    PLAIN, PLAIN, ESCAPE, PLAIN, PLAIN, PLAIN, MARKUP, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN,
    PLAIN, PLAIN, PLAIN,
    /* '0' to '?': '<' and '>' */
    PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, MARKUP,
    PLAIN, MARKUP, PLAIN, HF_ROW16(PLAIN),
    /* 'P' to '_': '\\' */
    PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, ESCAPE,
    PLAIN, PLAIN, PLAIN, HF_ROW16(PLAIN),
    /* 'p' to DEL */
    PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN,
    PLAIN, PLAIN, ESCAPE, HF_ROW16(HIGH), HF_ROW16(HIGH), HF_ROW16(HIGH), HF_ROW16(HIGH),
    HF_ROW16(HIGH), HF_ROW16(HIGH), HF_ROW16(HIGH), HF_ROW16(HIGH)};
#undef HF_ROW16

static void put_escape(hf_i_out *out, unsigned code)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                   ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    char text[6] = {
        '\\', 'u', hex[code >> 12 & 15], hex[code >> 8 & 15], hex[code >> 4 & 15], hex[code & 15]};
    if (code < sizeof letters && letters[code]) {
        text[1] = letters[code];
        hf_i_out_put(out, text, 2);
    } else {
        hf_i_out_put(out, text, 6);
    }
}

/* One sequence of high bytes from text: returns how many bytes it took. */
static size_t put_high(hf_i_out *out, const char *text, size_t size, unsigned flags)
{
    size_t pos = 0;
    bool bad = false;
    int32_t code = hf_i_utf8_next(text, size, &pos, &bad);
    if (bad)
        hf_i_out_put(out, "\xEF\xBF\xBD", 3);
    else if ((flags & HF_I_JSON_HTML) && (code == 0x2028 || code == 0x2029))
        put_escape(out, (unsigned)code);
    else
        hf_i_out_put(out, text, pos);
    return pos;
}

static void put_string(hf_i_out *out, const char *text, size_t size, unsigned flags)
{
    hf_i_out_char(out, '"');
    int first = flags & HF_I_JSON_HTML ? MARKUP : ESCAPE;
    for (size_t i = 0; i < size;) {
        size_t start = i;
        while (i < size && kinds[(unsigned char)text[i]] < first)
            i++;
        hf_i_out_put(out, text + start, i - start);
        if (i == size)
            break;
        if (kinds[(unsigned char)text[i]] == HIGH)
            i += put_high(out, text + i, size - i, flags);
        else
            put_escape(out, (unsigned char)text[i++]);
    }
    hf_i_out_char(out, '"');
}

static void indent(hf_i_json_writer *w)
{
    hf_i_out_char(&w->out, '\n');
    for (unsigned i = 0; i < w->depth; i++)
        hf_i_out_char(&w->out, ' ');
}

/* What stands before an element of an array or a key of an object. */
static void separate(hf_i_json_writer *w)
{
    if (w->any[w->depth])
        hf_i_out_char(&w->out, ',');
    w->any[w->depth] = true;
    if (w->depth && (w->flags & HF_I_JSON_PRETTY))
        indent(w);
}

static void before_value(hf_i_json_writer *w)
{
    assert(w->is_object[w->depth] == w->after_key);
    if (!w->after_key) {
        /* At the top one document follows the next only after a newline. */
        assert(w->depth || !w->any[0]);
        separate(w);
    }
    w->after_key = false;
}

static void begin(hf_i_json_writer *w, bool object)
{
    before_value(w);
    assert(w->depth < HF_MAX_JSON_DEPTH);
    w->depth++;
    w->is_object[w->depth] = object;
    w->any[w->depth] = false;
    hf_i_out_char(&w->out, object ? '{' : '[');
}

static void end(hf_i_json_writer *w, bool object)
{
    assert(w->depth && w->is_object[w->depth] == object && !w->after_key);
    bool any = w->any[w->depth--];
    if (any && (w->flags & HF_I_JSON_PRETTY))
        indent(w);
    hf_i_out_char(&w->out, object ? '}' : ']');
}

void hf_i_json_init(hf_i_json_writer *w, hf_i_sink sink, unsigned flags)
{
    hf_i_out_init(&w->out, sink);
    w->flags = flags;
    w->depth = 0;
    w->after_key = w->is_object[0] = w->any[0] = false;
}

hf_status hf_i_json_finish(hf_i_json_writer *w)
{
    assert(w->depth == 0);
    return hf_i_out_flush(&w->out);
}

void hf_i_json_newline(hf_i_json_writer *w)
{
    assert(w->depth == 0);
    w->any[0] = false;
    hf_i_out_char(&w->out, '\n');
}

void hf_i_json_object_begin(hf_i_json_writer *w)
{
    begin(w, true);
}

void hf_i_json_object_end(hf_i_json_writer *w)
{
    end(w, true);
}

void hf_i_json_array_begin(hf_i_json_writer *w)
{
    begin(w, false);
}

void hf_i_json_array_end(hf_i_json_writer *w)
{
    end(w, false);
}

void hf_i_json_key(hf_i_json_writer *w, const char *key)
{
    assert(w->depth && w->is_object[w->depth] && !w->after_key);
    separate(w);
    put_string(&w->out, key, strlen(key), w->flags);
    hf_i_out_char(&w->out, ':');
    if (w->flags & HF_I_JSON_PRETTY)
        hf_i_out_char(&w->out, ' ');
    w->after_key = true;
}

void hf_i_json_text(hf_i_json_writer *w, const char *text, size_t size)
{
    before_value(w);
    put_string(&w->out, text, size, w->flags);
}

void hf_i_json_str(hf_i_json_writer *w, const char *text)
{
    if (text)
        hf_i_json_text(w, text, strlen(text));
    else
        hf_i_json_null(w);
}

void hf_i_json_raw(hf_i_json_writer *w, const char *json, size_t size)
{
    before_value(w);
    hf_i_out_put(&w->out, json, size);
}

void hf_i_json_number(hf_i_json_writer *w, double x)
{
    char text[HF_I_NUMBER_SIZE];
    size_t n = hf_i_number_format(text, x);
    hf_i_json_raw(w, n ? text : "null", n ? n : 4);
}

void hf_i_json_fixed(hf_i_json_writer *w, double x, int decimals)
{
    char text[HF_I_NUMBER_SIZE];
    size_t n = hf_i_number_format_fixed(text, x, decimals);
    hf_i_json_raw(w, n ? text : "null", n ? n : 4);
}

void hf_i_json_int(hf_i_json_writer *w, int64_t x)
{
    char text[HF_I_NUMBER_SIZE];
    hf_i_json_raw(w, text, hf_i_number_format_int(text, x));
}

void hf_i_json_uint(hf_i_json_writer *w, uint64_t x)
{
    char text[HF_I_NUMBER_SIZE];
    hf_i_json_raw(w, text, hf_i_number_format_uint(text, x));
}

void hf_i_json_bool(hf_i_json_writer *w, bool x)
{
    hf_i_json_raw(w, x ? "true" : "false", x ? 4 : 5);
}

void hf_i_json_null(hf_i_json_writer *w)
{
    hf_i_json_raw(w, "null", 4);
}

void hf_i_json_key_text(hf_i_json_writer *w, const char *key, const char *text, size_t size)
{
    hf_i_json_key(w, key);
    hf_i_json_text(w, text, size);
}

void hf_i_json_key_str(hf_i_json_writer *w, const char *key, const char *text)
{
    hf_i_json_key(w, key);
    hf_i_json_str(w, text);
}

void hf_i_json_key_number(hf_i_json_writer *w, const char *key, double x)
{
    hf_i_json_key(w, key);
    hf_i_json_number(w, x);
}

void hf_i_json_key_int(hf_i_json_writer *w, const char *key, int64_t x)
{
    hf_i_json_key(w, key);
    hf_i_json_int(w, x);
}

void hf_i_json_key_uint(hf_i_json_writer *w, const char *key, uint64_t x)
{
    hf_i_json_key(w, key);
    hf_i_json_uint(w, x);
}

void hf_i_json_key_bool(hf_i_json_writer *w, const char *key, bool x)
{
    hf_i_json_key(w, key);
    hf_i_json_bool(w, x);
}

void hf_i_json_key_null(hf_i_json_writer *w, const char *key)
{
    hf_i_json_key(w, key);
    hf_i_json_null(w);
}

hf_status hf_i_json_quote(hf_i_buf *buf, const char *text, size_t size)
{
    hf_i_out out;
    hf_i_out_init(&out, hf_i_sink_buf(buf));
    put_string(&out, text, size, 0);
    return hf_i_out_flush(&out);
}
