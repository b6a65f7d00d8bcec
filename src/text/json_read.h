/* SPDX-License-Identifier: MIT */
/* Reading JSON (RFC 8259) token by token from bytes in memory (mostly a mapped file), so that a
 * file of gigabytes needs no more than its longest string. Every token knows its place.
 *
 *     hf_i_json_reader j;
 *     HF_TRY(hf_i_json_open(&j, ctx, "result.json", data, size));
 *     HF_TRY(hf_i_json_next(&j));
 *     while (j.token != HF_I_JSON_END) ...
 *
 * Numbers stay text. Strings are those of the file: what is no UTF-8 there is passed on, \u0000 is
 * a byte 0, and half of a surrogate pair becomes the three bytes that its code point would have
 * (ED A0 80 to ED BF BF), which is no UTF-8 and is flagged later as such: nothing is lost. */
#ifndef HF_TEXT_JSON_READ_H
#define HF_TEXT_JSON_READ_H

#include "base/base.h"

typedef enum hf_i_json_token {
    HF_I_JSON_END, /* of the document */
    HF_I_JSON_OBJECT,
    HF_I_JSON_OBJECT_END,
    HF_I_JSON_ARRAY,
    HF_I_JSON_ARRAY_END,
    HF_I_JSON_KEY,
    HF_I_JSON_STRING,
    HF_I_JSON_NUMBER,
    HF_I_JSON_TRUE,
    HF_I_JSON_FALSE,
    HF_I_JSON_NULL
} hf_i_json_token;

typedef struct hf_i_json_reader {
    /* The current token. text: of keys, strings (decoded) and numbers (as they stand); it lies in
     * the input or, where there were escapes, in the reader until the next token. */
    hf_i_json_token token;
    const char *text;
    size_t len;
    bool in_input;  /* text lies in the input */
    uint64_t byte;  /* where the token starts */
    unsigned depth; /* containers that are open around the token */

    hf_ctx *ctx;
    const char *file, *data, *end, *p;
    hf_i_buf decoded;
    unsigned char state;
    bool many; /* several documents one after the other: JSON Lines */
    bool raw;  /* skipping: strings are not decoded */
    char stack[HF_MAX_JSON_DEPTH + 1];
} hf_i_json_reader;

/* data stays the caller's; file is named in errors and may be NULL. A UTF-8 mark is skipped. */
void hf_i_json_open(hf_i_json_reader *j, hf_ctx *ctx, const char *file, const void *data,
                    uint64_t size);
void hf_i_json_dispose(hf_i_json_reader *j);

/* The next token. Fails with HF_E_PARSE at the byte that is wrong, HF_E_LIMIT beyond
 * HF_MAX_JSON_DEPTH or HF_MAX_MESSAGE_BYTES of one string. After END stays at END. */
hf_status hf_i_json_next(hf_i_json_reader *j);

/* The current token starts a value (or is the key of one): goes on to the last token of that
 * value. */
hf_status hf_i_json_skip(hf_i_json_reader *j);

/* In an object whose OBJECT or last value is the current token: the next key, then its value as
 * the current token; *more is false at the object's end. key borrows until the next token; it is
 * copied when it lies in the reader. Keys longer than 63 bytes are cut. */
typedef struct hf_i_json_name {
    char text[64];
    size_t len;
    uint64_t byte;
} hf_i_json_name;
hf_status hf_i_json_next_field(hf_i_json_reader *j, hf_i_json_name *name, bool *more);
/* In an array whose ARRAY or last value is the current token: the next value. */
hf_status hf_i_json_next_item(hf_i_json_reader *j, bool *more);

bool hf_i_json_name_is(const hf_i_json_name *name, const char *text);
/* The current token is a string or number, and its text is an integer. */
bool hf_i_json_integer(const hf_i_json_reader *j, int64_t *out);
/* true, or a number that is not 0. */
bool hf_i_json_truth(const hf_i_json_reader *j);

/* Fails at a byte of the input, with its line. */
hf_status hf_i_json_fail(hf_i_json_reader *j, hf_status status, uint64_t byte, const char *advice,
                         const char *format, ...) HF_PRINTF(5, 6);
/* The line, from 1, on which a byte stands. Cost: as far as that byte. */
uint64_t hf_i_json_line(const hf_i_json_reader *j, uint64_t byte);

#endif
