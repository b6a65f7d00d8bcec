/* SPDX-License-Identifier: MIT */
#include "text/utf8.h"

#include <string.h>
#include <utf8proc.h>

enum { REPLACEMENT = 0xFFFD };

/* Length of the well-formed sequence at p with n bytes left, or 0; *bad_len is then the length of
 * its maximal subpart. Ranges of the second byte: Unicode 15, table 3-7. */
static size_t sequence(const unsigned char *p, size_t n, size_t *bad_len)
{
    unsigned lead = p[0], low = 0x80, high = 0xBF;
    size_t need;
    *bad_len = 1;
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF) {
        need = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        need = 3;
        low = lead == 0xE0 ? 0xA0 : low;
        high = lead == 0xED ? 0x9F : high;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        need = 4;
        low = lead == 0xF0 ? 0x90 : low;
        high = lead == 0xF4 ? 0x8F : high;
    } else {
        return 0;
    }
    for (size_t i = 1; i < need; i++) {
        if (i >= n || p[i] < low || p[i] > high)
            return 0;
        *bad_len = i + 1;
        low = 0x80;
        high = 0xBF;
    }
    return need;
}

size_t hf_i_utf8_check(const char *text, size_t size)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0, bad_len;
    while (i < size) {
        uint64_t word;
        while (size - i >= sizeof word) {
            memcpy(&word, p + i, sizeof word);
            if (word & UINT64_C(0x8080808080808080))
                break;
            i += sizeof word;
        }
        if (i >= size)
            break;
        size_t n = sequence(p + i, size - i, &bad_len);
        if (n == 0)
            return i;
        i += n;
    }
    return size;
}

int32_t hf_i_utf8_next(const char *text, size_t size, size_t *pos, bool *bad)
{
    if (*pos >= size)
        return -1;
    const unsigned char *p = (const unsigned char *)text + *pos;
    size_t bad_len, n = sequence(p, size - *pos, &bad_len);
    if (n == 0) {
        *pos += bad_len;
        if (bad)
            *bad = true;
        return REPLACEMENT;
    }
    *pos += n;
    switch (n) {
    case 1:
        return p[0];
    case 2:
        return (p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3:
        return (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    default:
        return (p[0] & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    }
}

size_t hf_i_utf8_encode(int32_t code, char out[4])
{
    if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = REPLACEMENT;
    return (size_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)out);
}

size_t hf_i_utf8_count(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t pos = 0; pos < size; count++)
        hf_i_utf8_next(text, size, &pos, NULL);
    return count;
}

size_t hf_i_utf8_width(const char *text, size_t size)
{
    size_t width = 0, pos = 0;
    int32_t code;
    while ((code = hf_i_utf8_next(text, size, &pos, NULL)) >= 0) {
        int w = utf8proc_charwidth(code);
        width += w > 0 ? (size_t)w : 0;
    }
    return width;
}

size_t hf_i_utf8_cut(const char *text, size_t size, size_t max)
{
    if (size <= max)
        return size;
    size_t pos = 0, cut = 0;
    utf8proc_int32_t state = 0;
    int32_t before = hf_i_utf8_next(text, size, &pos, NULL);
    while (pos <= max) {
        size_t edge = pos;
        int32_t code = hf_i_utf8_next(text, size, &pos, NULL);
        if (code < 0 || utf8proc_grapheme_break_stateful(before, code, &state))
            cut = edge;
        before = code;
    }
    return cut;
}

hf_status hf_i_utf8_repair(hf_i_buf *out, const char *text, size_t size)
{
    while (size) {
        size_t good = hf_i_utf8_check(text, size), bad_len;
        HF_TRY(hf_i_buf_add(out, text, good));
        if (good == size)
            break;
        (void)sequence((const unsigned char *)text + good, size - good, &bad_len);
        HF_TRY(hf_i_buf_add(out, "\xEF\xBF\xBD", 3));
        text += good + bad_len;
        size -= good + bad_len;
    }
    return HF_OK;
}

/* The key of one code point by utf8proc's tables; the result is composed afterwards. */
static hf_status key_of_words(hf_i_buf *out, const char *text, size_t size)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_LUMP;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
    hf_ctx *ctx = out->ctx;
    utf8proc_ssize_t room = (utf8proc_ssize_t)size + 16, count;
    utf8proc_int32_t *codes = NULL;
    for (;;) {
        utf8proc_int32_t *bigger = hf_i_resize(ctx, codes, ((size_t)room + 1) * sizeof *codes);
        if (!bigger) {
            hf_i_free(ctx, codes);
            return HF_E_NOMEM;
        }
        codes = bigger;
        count = utf8proc_decompose(bytes, (utf8proc_ssize_t)size, codes, room, options);
        if (count <= room)
            break;
        room = count;
    }
    if (count >= 0)
        count = utf8proc_reencode(codes, count, options);
    hf_status s = count < 0 ? hf_i_fail(ctx, HF_E_INTERNAL, NULL, "cannot fold text: %s",
                                        utf8proc_errmsg(count))
                            : hf_i_buf_add(out, codes, (size_t)count);
    hf_i_free(ctx, codes);
    return s;
}

hf_status hf_i_utf8_key(hf_i_buf *out, const char *text, size_t size)
{
    size_t ascii = 0;
    HF_TRY(hf_i_buf_reserve(out, size));
    char *to = out->data + out->len;
    for (; ascii < size && (signed char)text[ascii] >= 0; ascii++) {
        char c = text[ascii];
        to[ascii] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    if (ascii == size) {
        out->len += size;
        out->data[out->len] = '\0';
        return HF_OK;
    }
    out->data[out->len] = '\0';
    if (hf_i_utf8_valid(text + ascii, size - ascii))
        return key_of_words(out, text, size);
    hf_i_buf good;
    hf_i_buf_init(&good, out->ctx, out->max, out->what);
    hf_status s = hf_i_utf8_repair(&good, text, size);
    if (s == HF_OK)
        s = key_of_words(out, good.data, good.len);
    hf_i_buf_dispose(&good);
    return s;
}

static unsigned unit_at(const unsigned char *p, bool big_endian)
{
    return big_endian ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

hf_status hf_i_utf8_from_utf16(hf_i_buf *out, const void *bytes, size_t size, bool big_endian,
                               bool *bad)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < size; i += 2) {
        int32_t code = i + 1 < size ? (int32_t)unit_at(p + i, big_endian) : 0xD800;
        if (code >= 0xD800 && code <= 0xDFFF) {
            unsigned low = i + 3 < size ? unit_at(p + i + 2, big_endian) : 0;
            if (code <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) {
                code = 0x10000 + (code - 0xD800) * 0x400 + (int32_t)(low - 0xDC00);
                i += 2;
            } else if (bad) {
                *bad = true;
            }
        }
        char encoded[4];
        HF_TRY(hf_i_buf_add(out, encoded, hf_i_utf8_encode(code, encoded)));
    }
    return HF_OK;
}

hf_i_char_class hf_i_utf8_class(int32_t code)
{
    if (code >= '\t' && code <= '\r')
        return HF_I_CHAR_SPACE;
    switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return HF_I_CHAR_LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return HF_I_CHAR_MARK;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return HF_I_CHAR_DIGIT;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
        return HF_I_CHAR_PUNCTUATION;
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_SO:
        return HF_I_CHAR_SYMBOL;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return HF_I_CHAR_SPACE;
    default:
        return HF_I_CHAR_OTHER;
    }
}

int32_t hf_i_utf8_lower(int32_t code)
{
    return utf8proc_tolower(code);
}

bool hf_i_utf8_is_upper(int32_t code)
{
    return utf8proc_category(code) == UTF8PROC_CATEGORY_LU;
}
