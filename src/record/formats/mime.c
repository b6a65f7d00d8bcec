/* SPDX-License-Identifier: MIT */
#include "record/formats/mime.h"

#include "text/utf8.h"

#include <string.h>

enum { MAX_DEPTH = 16 };

/* Windows-1252, 80 to 9F. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

size_t hf_i_mime_headers_end(hf_text m)
{
    for (size_t i = 0; i < m.size;) {
        const char *nl = memchr(m.data + i, '\n', m.size - i);
        size_t n = nl ? (size_t)(nl - m.data) - i : m.size - i;
        if (n == 0 || (n == 1 && m.data[i] == '\r'))
            return i + n + (nl ? 1 : 0);
        i += n + 1;
    }
    return m.size;
}

hf_text hf_i_mime_header(hf_text m, const char *name)
{
    size_t end = hf_i_mime_headers_end(m), n = strlen(name);
    for (size_t i = 0; i < end;) {
        const char *p = m.data + i, *nl = memchr(p, '\n', end - i);
        size_t size = nl ? (size_t)(nl - p) : end - i;
        bool same = size > n && p[n] == ':' && hf_i_text_is_nocase((hf_text){p, n}, name);
        /* Lines that begin with a blank go on with the header. */
        while (nl && (size_t)(nl - m.data) + 1 < end && (nl[1] == ' ' || nl[1] == '\t')) {
            nl = memchr(nl + 1, '\n', (size_t)(m.data + end - nl - 1));
            size = nl ? (size_t)(nl - p) : end - i;
        }
        if (same)
            return hf_i_trimmed((hf_text){p + n + 1, size - n - 1});
        i += size + 1;
    }
    return (hf_text){NULL, 0};
}

hf_text hf_i_mime_parameter(hf_text v, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i + n < v.size; i++) {
        bool start = i > 0 && memchr("; \t\r\n", v.data[i - 1], 5);
        if (!start || v.data[i + n] != '=' || !hf_i_text_is_nocase((hf_text){v.data + i, n}, name))
            continue;
        const char *p = v.data + i + n + 1, *end = v.data + v.size;
        if (p < end && *p == '"') {
            const char *close = memchr(p + 1, '"', (size_t)(end - p - 1));
            return (hf_text){p + 1, close ? (size_t)(close - p - 1) : (size_t)(end - p - 1)};
        }
        const char *stop = p;
        while (stop < end && !memchr("; \t\r\n", *stop, 5))
            stop++;
        return (hf_text){p, (size_t)(stop - p)};
    }
    return (hf_text){NULL, 0};
}

static int hex(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

static int base64_value(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

static hf_status add_base64(hf_i_buf *out, hf_text t)
{
    uint32_t bits = 0;
    int have = 0;
    HF_TRY(hf_i_buf_reserve(out, t.size));
    for (size_t i = 0; i < t.size && t.data[i] != '='; i++) {
        int v = base64_value(t.data[i]);
        if (v < 0)
            continue;
        bits = (bits << 6 | (uint32_t)v) & 0xFFFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out->data[out->len++] = (char)(bits >> have);
        }
    }
    out->data[out->len] = '\0';
    return HF_OK;
}

/* words: '_' is a blank (RFC 2047); else a '=' at the end of a line joins it with the next. */
static hf_status add_quoted(hf_i_buf *out, hf_text t, bool words)
{
    for (size_t i = 0; i < t.size; i++) {
        char c = t.data[i];
        if (c == '=' && i + 2 < t.size && hex(t.data[i + 1]) >= 0 && hex(t.data[i + 2]) >= 0) {
            c = (char)(hex(t.data[i + 1]) * 16 + hex(t.data[i + 2]));
            i += 2;
        } else if (c == '=' && i + 1 < t.size && t.data[i + 1] == '\n') {
            i++;
            continue;
        } else if (c == '=' && i + 2 < t.size && t.data[i + 1] == '\r' && t.data[i + 2] == '\n') {
            i += 2;
            continue;
        } else if (c == '_' && words) {
            c = ' ';
        }
        HF_TRY(hf_i_buf_add_char(out, c));
    }
    return HF_OK;
}

/* Bytes of a charset as UTF-8. Charsets that are not known stay as they are, which is flagged when
 * it is no UTF-8. */
static hf_status add_charset(hf_i_buf *out, const char *p, size_t size, hf_text charset)
{
    static const char *const latin[] = {"iso-8859-1", "iso-8859-15", "latin1", "windows-1252",
                                        "cp1252",     "us-ascii",    ""};
    bool is_latin = false;
    for (size_t i = 0; i < HF_COUNT_OF(latin); i++)
        is_latin |= hf_i_text_is_nocase(charset, latin[i]);
    if (!is_latin || hf_i_utf8_valid(p, size))
        return hf_i_buf_add(out, p, size);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)p[i];
        char bytes[4];
        int32_t code = c >= 0x80 && c < 0xA0 ? windows_1252[c - 0x80]
                       : c == 0xA4 && hf_i_text_is_nocase(charset, "iso-8859-15") ? 0x20AC
                                                                                  : c;
        HF_TRY(hf_i_buf_add(out, bytes, hf_i_utf8_encode(code, bytes)));
    }
    return HF_OK;
}

/* "=?charset?B?...?=" at p: its size, 0: none. */
static size_t encoded_word(hf_text v, size_t at, hf_text *charset, char *encoding, hf_text *body)
{
    if (v.size - at < 8 || v.data[at] != '=' || v.data[at + 1] != '?')
        return 0;
    const char *p = v.data + at + 2, *end = v.data + v.size;
    const char *q = memchr(p, '?', (size_t)(end - p));
    if (!q || end - q < 4 || q[2] != '?')
        return 0;
    *charset = (hf_text){p, (size_t)(q - p)};
    const char *star = memchr(p, '*', charset->size); /* a language may follow */
    if (star)
        charset->size = (size_t)(star - p);
    *encoding = (char)(q[1] | 32);
    const char *close = memmem(q + 3, (size_t)(end - q - 3), "?=", 2);
    if (!close || (*encoding != 'b' && *encoding != 'q'))
        return 0;
    *body = (hf_text){q + 3, (size_t)(close - q - 3)};
    return (size_t)(close + 2 - v.data) - at;
}

hf_status hf_i_mime_decode_words(hf_i_buf *out, hf_text v)
{
    hf_i_buf raw;
    hf_status s = HF_OK;
    bool word = false;
    hf_i_buf_init(&raw, out->ctx, HF_MAX_MESSAGE_BYTES, "a header");
    for (size_t i = 0; i < v.size && s == HF_OK;) {
        hf_text charset, body;
        char encoding;
        size_t n = encoded_word(v, i, &charset, &encoding, &body);
        if (n) {
            hf_i_buf_clear(&raw);
            s = hf_i_buf_add_str(&raw, "");
            if (s == HF_OK)
                s = encoding == 'b' ? add_base64(&raw, body) : add_quoted(&raw, body, true);
            if (s == HF_OK)
                s = add_charset(out, raw.data, raw.len, charset);
            i += n;
            word = true;
            continue;
        }
        size_t k = i;
        while (k < v.size && memchr(" \t\r\n", v.data[k], 4))
            k++;
        /* Blanks between two encoded words belong to neither. */
        if (word && k > i && encoded_word(v, k, &charset, &encoding, &body)) {
            i = k;
            continue;
        }
        word = false;
        if (v.data[i] != '\r' && v.data[i] != '\n')
            s = hf_i_buf_add_char(out, v.data[i]);
        i++;
    }
    hf_i_buf_dispose(&raw);
    return s;
}

static hf_status add_part(hf_i_buf *out, hf_text part, hf_text type)
{
    hf_text how = hf_i_mime_header(part, "Content-Transfer-Encoding");
    size_t from = hf_i_mime_headers_end(part);
    hf_text body = {part.data + from, part.size - from},
            charset = hf_i_mime_parameter(type, "charset");
    hf_i_buf raw;
    if (!charset.data)
        charset = (hf_text){"", 0};
    if (!hf_i_text_is_nocase(how, "base64") && !hf_i_text_is_nocase(how, "quoted-printable"))
        return add_charset(out, body.data, body.size, charset);
    hf_i_buf_init(&raw, out->ctx, HF_MAX_MESSAGE_BYTES * 2, "a mail");
    hf_status s = hf_i_buf_add_str(&raw, "");
    if (s == HF_OK)
        s = hf_i_text_is_nocase(how, "base64") ? add_base64(&raw, body)
                                               : add_quoted(&raw, body, false);
    if (s == HF_OK)
        s = add_charset(out, raw.data, raw.len, charset);
    hf_i_buf_dispose(&raw);
    return s;
}

/* The parts between "--boundary" lines. */
static hf_status multipart(hf_i_buf *out, hf_text m, hf_text boundary, int depth, bool *found,
                           bool *attachments)
{
    hf_i_lines l;
    size_t from = hf_i_mime_headers_end(m), start = 0;
    bool open = false;
    hf_i_lines_init(&l, m.data + from, m.size - from);
    for (bool more = true; more;) {
        more = hf_i_lines_next(&l);
        bool edge = more && l.size >= boundary.size + 2 && memcmp(l.text, "--", 2) == 0 &&
                    memcmp(l.text + 2, boundary.data, boundary.size) == 0;
        if (more && !edge)
            continue;
        size_t end = more ? l.byte : l.total;
        if (open && end > start)
            HF_TRY(hf_i_mime_text(out, (hf_text){l.data + start, end - start}, depth + 1, found,
                                  attachments));
        open = true;
        start = l.at;
        if (edge && l.size >= boundary.size + 4 && memcmp(l.text + boundary.size + 2, "--", 2) == 0)
            break;
    }
    return HF_OK;
}

hf_status hf_i_mime_text(hf_i_buf *out, hf_text m, int depth, bool *found, bool *attachments)
{
    hf_text type = hf_i_mime_header(m, "Content-Type");
    hf_text where = hf_i_mime_header(m, "Content-Disposition");
    hf_text boundary = hf_i_mime_parameter(type, "boundary");
    bool attached =
        where.size >= 10 && hf_i_text_is_nocase((hf_text){where.data, 10}, "attachment");
    if (depth > MAX_DEPTH)
        return HF_OK;
    if (type.size > 10 && hf_i_text_is_nocase((hf_text){type.data, 10}, "multipart/") &&
        boundary.size)
        return multipart(out, m, boundary, depth, found, attachments);
    bool plain = type.size == 0 ||
                 (type.size >= 10 && hf_i_text_is_nocase((hf_text){type.data, 10}, "text/plain"));
    bool html = type.size >= 9 && hf_i_text_is_nocase((hf_text){type.data, 9}, "text/html");
    if (!plain || attached || *found) {
        *attachments |= attached || (!plain && !html);
        return HF_OK;
    }
    *found = true;
    return add_part(out, m, type);
}
