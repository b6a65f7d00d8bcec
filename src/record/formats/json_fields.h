/* SPDX-License-Identifier: MIT */
/* An object of a JSON export: the fields that a reader knows, kept as text while the object is
 * read, since they may come in any order. */
#ifndef HF_RECORD_FORMATS_JSON_FIELDS_H
#define HF_RECORD_FORMATS_JSON_FIELDS_H

#include "record/format.h"
#include "text/json_read.h"

typedef struct hf_i_field_value {
    hf_i_buf text;         /* of strings and numbers */
    hf_i_json_token token; /* END: not there */
    uint64_t byte;
} hf_i_field_value;

typedef struct hf_i_fields {
    hf_ctx *ctx;
    const char *const *names;
    size_t count;
    hf_i_field_value *values;
    unsigned char *sizes; /* of the names */
} hf_i_fields;

/* Called for a known field whose value is an object or array (the current token): must go to that
 * value's last token, by hf_i_json_skip if nothing else. */
typedef hf_status (*hf_i_field_fn)(void *user, hf_i_json_reader *j, size_t field);

hf_status hf_i_fields_init(hf_i_fields *f, hf_ctx *ctx, const char *const *names, size_t count);
void hf_i_fields_dispose(hf_i_fields *f);

/* The current token is the OBJECT: reads it to its end. fn may be NULL. */
hf_status hf_i_fields_read(hf_i_fields *f, hf_i_json_reader *j, hf_i_field_fn fn, void *user);

static inline bool hf_i_fields_has(const hf_i_fields *f, size_t field)
{
    return f->values[field].token != HF_I_JSON_END && f->values[field].token != HF_I_JSON_NULL;
}

/* Empty text (never a NULL pointer) for what is missing. */
static inline hf_text hf_i_fields_text(const hf_i_fields *f, size_t field)
{
    const hf_i_field_value *v = &f->values[field];
    bool text = v->token == HF_I_JSON_STRING || v->token == HF_I_JSON_NUMBER;
    return text && v->text.len ? (hf_text){v->text.data, v->text.len} : (hf_text){"", 0};
}

bool hf_i_fields_is(const hf_i_fields *f, size_t field, const char *text);
/* A number, or a string that is one. */
bool hf_i_fields_int(const hf_i_fields *f, size_t field, int64_t *out);
bool hf_i_fields_real(const hf_i_fields *f, size_t field, double *out);
bool hf_i_fields_truth(const hf_i_fields *f, size_t field); /* true, not 0, "true", "1" */

/* Calls fn for each item of the array that is the current token; fn must go to the item's last
 * token. What is no array is skipped. */
typedef hf_status (*hf_i_item_fn)(void *user, hf_i_json_reader *j);
hf_status hf_i_json_each(hf_i_json_reader *j, hf_i_item_fn fn, void *user);

/* A file's JSON that is read message by message: with its line numbers. */
typedef struct hf_i_json_place {
    uint64_t line, byte;
} hf_i_json_place;
/* The line of a byte; bytes must be asked for in order. */
uint64_t hf_i_json_place_line(hf_i_json_place *p, const hf_i_json_reader *j, uint64_t byte);

#endif
