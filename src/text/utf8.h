/* SPDX-License-Identifier: MIT */
/* UTF-8 over bytes that may not be: nothing here ever fails on bad input, it says where it is. */
#ifndef HF_TEXT_UTF8_H
#define HF_TEXT_UTF8_H

#include "base/base.h"

/* Offset of the first byte that does not belong to well-formed UTF-8 (Unicode 15, table 3-7: no
 * surrogates, no overlong forms); size when all of it is well-formed. Cost: 8 ASCII bytes a step.
 */
size_t hf_i_utf8_check(const char *text, size_t size);

static inline bool hf_i_utf8_valid(const char *text, size_t size)
{
    return hf_i_utf8_check(text, size) == size;
}

/* The code point at text[*pos]; moves *pos behind it. At *pos >= size: -1. Ill-formed bytes give
 * U+FFFD once per maximal subpart (Unicode 15, section 3.9) and set *bad, if bad is not NULL. */
int32_t hf_i_utf8_next(const char *text, size_t size, size_t *pos, bool *bad);

/* Writes a code point; returns 1 to 4. What is not a scalar value is written as U+FFFD. */
size_t hf_i_utf8_encode(int32_t code, char out[4]);

size_t hf_i_utf8_count(const char *text, size_t size); /* code points */
size_t hf_i_utf8_width(const char *text, size_t size); /* columns on a terminal */

/* The longest prefix of at most max bytes that does not cut a code point or a grapheme. */
size_t hf_i_utf8_cut(const char *text, size_t size, size_t max);

/* Adds text to out with U+FFFD for what is ill-formed. */
hf_status hf_i_utf8_repair(hf_i_buf *out, const char *text, size_t size);

/* Adds the look-up key of text to out: case-folded NFKC without default-ignorable characters
 * (direction marks, joiners), with curly apostrophes, odd spaces and dashes as their ASCII forms.
 * Two words that look the same to a reader have the same key. */
hf_status hf_i_utf8_key(hf_i_buf *out, const char *text, size_t size);

/* Adds UTF-16 (without its BOM) to out as UTF-8; lone surrogates and an odd last byte become
 * U+FFFD and set *bad, if bad is not NULL. */
hf_status hf_i_utf8_from_utf16(hf_i_buf *out, const void *bytes, size_t size, bool big_endian,
                               bool *bad);

/* What a code point is, as far as counting words needs it. */
typedef enum hf_i_char_class {
    HF_I_CHAR_OTHER, /* controls, format characters, unassigned */
    HF_I_CHAR_LETTER,
    HF_I_CHAR_MARK, /* combining: belongs to the letter before it */
    HF_I_CHAR_DIGIT,
    HF_I_CHAR_SPACE,
    HF_I_CHAR_PUNCTUATION,
    HF_I_CHAR_SYMBOL /* emoji stand here */
} hf_i_char_class;

hf_i_char_class hf_i_utf8_class(int32_t code);

/* Simple case pairs; what has none is returned as it is. */
int32_t hf_i_utf8_lower(int32_t code);
bool hf_i_utf8_is_upper(int32_t code);

#endif
