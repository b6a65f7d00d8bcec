/* SPDX-License-Identifier: MIT */
/* Writing JSON (RFC 8259) piece by piece, without a tree:
 *
 *     hf_i_json_writer w;
 *     hf_i_json_init(&w, hf_i_sink_buf(&buf), 0);
 *     hf_i_json_object_begin(&w);
 *     hf_i_json_key(&w, "n");
 *     hf_i_json_int(&w, 3);
 *     hf_i_json_object_end(&w);
 *     return hf_i_json_finish(&w);
 *
 * Calls in an order that JSON has no place for (a value without its key, an end without its
 * begin, nesting beyond HF_MAX_JSON_DEPTH) are mistakes of the caller and asserted. What is not
 * UTF-8 becomes U+FFFD; a number that is not finite becomes null. */
#ifndef HF_TEXT_JSON_WRITE_H
#define HF_TEXT_JSON_WRITE_H

#include "text/sink.h"

/* For people: one space of indentation a level. Without it nothing stands between tokens. */
#define HF_I_JSON_PRETTY 1u
/* For a <script> element: '<', '>', '&', U+2028 and U+2029 are written as escapes. */
#define HF_I_JSON_HTML 2u

typedef struct hf_i_json_writer {
    hf_i_out out;
    unsigned flags, depth;
    bool after_key;
    bool is_object[HF_MAX_JSON_DEPTH + 1], any[HF_MAX_JSON_DEPTH + 1];
} hf_i_json_writer;

void hf_i_json_init(hf_i_json_writer *w, hf_i_sink sink, unsigned flags);
/* Everything closed: flushes and gives the first failure of the sink, or HF_OK. May be called
 * between the documents of a JSON Lines file, too. */
hf_status hf_i_json_finish(hf_i_json_writer *w);
/* Ends a line after a complete document. */
void hf_i_json_newline(hf_i_json_writer *w);

void hf_i_json_object_begin(hf_i_json_writer *w);
void hf_i_json_object_end(hf_i_json_writer *w);
void hf_i_json_array_begin(hf_i_json_writer *w);
void hf_i_json_array_end(hf_i_json_writer *w);
void hf_i_json_key(hf_i_json_writer *w, const char *key);

void hf_i_json_text(hf_i_json_writer *w, const char *text, size_t size);
void hf_i_json_str(hf_i_json_writer *w, const char *text); /* NULL: null */
void hf_i_json_number(hf_i_json_writer *w, double x);
void hf_i_json_fixed(hf_i_json_writer *w, double x, int decimals);
void hf_i_json_int(hf_i_json_writer *w, int64_t x);
void hf_i_json_uint(hf_i_json_writer *w, uint64_t x);
void hf_i_json_bool(hf_i_json_writer *w, bool x);
void hf_i_json_null(hf_i_json_writer *w);
/* One complete value that already is JSON. */
void hf_i_json_raw(hf_i_json_writer *w, const char *json, size_t size);

/* A key and its value in one call. */
void hf_i_json_key_text(hf_i_json_writer *w, const char *key, const char *text, size_t size);
void hf_i_json_key_str(hf_i_json_writer *w, const char *key, const char *text);
void hf_i_json_key_number(hf_i_json_writer *w, const char *key, double x);
void hf_i_json_key_int(hf_i_json_writer *w, const char *key, int64_t x);
void hf_i_json_key_uint(hf_i_json_writer *w, const char *key, uint64_t x);
void hf_i_json_key_bool(hf_i_json_writer *w, const char *key, bool x);
void hf_i_json_key_null(hf_i_json_writer *w, const char *key);

/* A quoted JSON string added to a buffer, for messages that are not documents. */
hf_status hf_i_json_quote(hf_i_buf *out, const char *text, size_t size);

#endif
