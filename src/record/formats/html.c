/* SPDX-License-Identifier: MIT */
#include "record/formats/html.h"

#include "record/formats/lines.h"
#include "text/utf8.h"

#include <string.h>

void hf_i_html_open(hf_i_html *h, const char *data, size_t size)
{
    *h = (hf_i_html){.data = data, .p = data, .end = data + size, .counted = data, .line = 1};
}

bool hf_i_html_next(hf_i_html *h, hf_text *text, hf_text *tag)
{
    const char *open = h->p < h->end ? memchr(h->p, '<', (size_t)(h->end - h->p)) : NULL;
    const char *stop = open ? open : h->end;
    *text = (hf_text){h->p, (size_t)(stop - h->p)};
    *tag = (hf_text){"", 0};
    h->p = stop;
    if (!open)
        return false;
    bool comment = hf_i_starts_with(open, (size_t)(h->end - open), "<!--");
    const char *close = comment ? memmem(open, (size_t)(h->end - open), "-->", 3)
                                : memchr(open, '>', (size_t)(h->end - open));
    h->cut = !close;
    if (!close)
        return false;
    h->p = close + (comment ? 3 : 1);
    *tag = (hf_text){open, (size_t)(h->p - open)};
    return true;
}

hf_source hf_i_html_place(hf_i_html *h, const char *at)
{
    while (h->counted < at) {
        const char *nl = memchr(h->counted, '\n', (size_t)(at - h->counted));
        h->line += nl != NULL;
        h->counted = nl ? nl + 1 : at;
    }
    return (hf_source){0, (uint64_t)(at - h->data), h->line};
}

bool hf_i_html_is(hf_text tag, const char *start)
{
    size_t n = strlen(start);
    return tag.size > n && memcmp(tag.data, start, n) == 0 &&
           memchr(" \t\r\n/>", tag.data[n], 6) != NULL;
}

bool hf_i_html_is_void(hf_text tag)
{
    static const char *const names[] = {"<br",  "<img", "<meta", "<link", "<input", "<hr",
                                        "<wbr", "<col", "<area", "<base", "<source"};
    if (tag.size < 3 || tag.data[1] == '!' || tag.data[1] == '?' || tag.data[tag.size - 2] == '/')
        return true;
    for (size_t i = 0; i < HF_COUNT_OF(names); i++)
        if (hf_i_html_is(tag, names[i]))
            return true;
    return false;
}

hf_text hf_i_html_attribute(hf_text tag, const char *name)
{
    size_t n = strlen(name);
    const char *end = tag.data + tag.size;
    for (const char *q = tag.data; (q = memmem(q, (size_t)(end - q), name, n)); q++) {
        if (q == tag.data || !memchr(" \t\r\n", q[-1], 4) || (size_t)(end - q) < n + 3 ||
            q[n] != '=' || (q[n + 1] != '"' && q[n + 1] != '\''))
            continue;
        const char *start = q + n + 2, *close = memchr(start, q[n + 1], (size_t)(end - start));
        if (close)
            return (hf_text){start, (size_t)(close - start)};
    }
    return (hf_text){"", 0};
}

bool hf_i_html_has_class(hf_text classes, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = classes.data, *end = p + classes.size; p < end;) {
        const char *gap = memchr(p, ' ', (size_t)(end - p));
        const char *stop = gap ? gap : end;
        if ((size_t)(stop - p) == n && memcmp(p, name, n) == 0)
            return true;
        p = stop + 1;
    }
    return false;
}

/* '&#39;', '&#x27;': the code point and where it ends; NULL for none. */
static const char *number(const char *p, const char *end, int32_t *code)
{
    if (end - p < 4 || p[1] != '#')
        return NULL;
    bool hex = (p[2] | 32) == 'x';
    const char *q = p + 2 + hex, *start = q;
    *code = 0;
    for (; q < end && q - p < 10 && *q != ';'; q++) {
        int d = *q >= '0' && *q <= '9'                        ? *q - '0'
                : hex && (*q | 32) >= 'a' && (*q | 32) <= 'f' ? (*q | 32) - 'a' + 10
                                                              : 99;
        if (d == 99)
            return NULL;
        *code = *code * (hex ? 16 : 10) + d;
    }
    bool whole = q > start && q < end && *q == ';';
    return whole && *code > 0 && *code <= 0x10FFFF ? q + 1 : NULL;
}

/* The reference at p as a character; *size is its length, 0 for none. */
static hf_status add_reference(hf_i_buf *to, const char *p, const char *end, size_t *size)
{
    static const struct {
        const char *name, *text;
    } names[] = {{"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},
                 {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", "\xC2\xA0"}};
    char bytes[4];
    int32_t code;
    *size = 0;
    for (size_t i = 0; i < HF_COUNT_OF(names); i++)
        if (hf_i_starts_with(p, (size_t)(end - p), names[i].name)) {
            *size = strlen(names[i].name);
            return hf_i_buf_add_str(to, names[i].text);
        }
    const char *stop = number(p, end, &code);
    if (!stop)
        return HF_OK;
    *size = (size_t)(stop - p);
    return hf_i_buf_add(to, bytes, hf_i_utf8_encode(code, bytes));
}

hf_status hf_i_html_add_text(hf_i_buf *to, hf_text text)
{
    const char *p = text.data, *end = p + text.size;
    while (p < end) {
        size_t n;
        const char *amp = memchr(p, '&', (size_t)(end - p));
        HF_TRY(hf_i_buf_add(to, p, (size_t)((amp ? amp : end) - p)));
        if (!amp)
            return HF_OK;
        HF_TRY(add_reference(to, amp, end, &n));
        if (n == 0)
            HF_TRY(hf_i_buf_add_char(to, '&'));
        p = amp + (n ? n : 1);
    }
    return HF_OK;
}
