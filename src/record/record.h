/* SPDX-License-Identifier: MIT */
/* What a record looks like inside: compact rows, and a side table for what few rows have. */
#ifndef HF_RECORD_RECORD_INTERNAL_H
#define HF_RECORD_RECORD_INTERNAL_H

#include "base/base.h"
#include "record/source.h"

#include <holdfast/record.h>

enum {
    HF_I_ROW_INVALID_UTF8 = 1,
    HF_I_ROW_EDITED = 2,
    HF_I_ROW_EXTRA = 4, /* has a row in extras */
    HF_I_ROW_MARK = 8   /* free for a reader while it works; cleared at the end */
};

/* 40 bytes: a chat of a million messages takes 40 MB beside its text. */
typedef struct hf_i_row {
    int64_t t_ms;
    const char *text;
    uint64_t byte;
    uint32_t text_size;
    uint32_t line; /* 0: none, or beyond 2^32 */
    uint16_t file;
    int16_t sender;
    uint8_t kind, t_kind;
    uint8_t resolution; /* index in resolutions */
    uint8_t flags;
} hf_i_row;

/* What few messages have; sorted by row. */
typedef struct hf_i_extra {
    int64_t edited_ms, delivered_ms, read_ms, duration_ms, t_end_ms;
    const char *reply;
    uint32_t reply_size;
    uint32_t row;
    uint32_t reply_row; /* UINT32_MAX: not in the record */
    uint32_t conversation;
} hf_i_extra;

/* A rating or a sample: 64 bytes. */
typedef struct hf_i_value {
    int64_t t_ms;
    double value;
    uint64_t byte;
    const char *name;  /* item, variable */
    const char *other; /* occasion, unit */
    uint32_t name_size, other_size;
    uint32_t line;
    uint16_t file;
    int16_t person;
    uint8_t t_kind, resolution;
} hf_i_value;

typedef struct hf_i_input {
    char *name;      /* as shown: "chat.zip:_chat.txt" */
    hf_i_blob blob;  /* kept when texts borrow from it */
    uint32_t source; /* which of the paths it came from */
} hf_i_input;

enum { HF_I_RESOLUTIONS = 16 };

/* Copied bytes: blocks that fill up one after the other. */
typedef struct hf_i_pool_block {
    struct hf_i_pool_block *next;
    size_t used, size;
    char data[];
} hf_i_pool_block;

struct hf_record {
    hf_ctx *ctx; /* whose allocator owns everything */
    hf_i_input *files;
    size_t file_count, file_capacity;

    hf_person *people;
    size_t person_count, person_capacity;

    hf_i_row *rows;
    size_t row_count, row_capacity;
    hf_i_extra *extras;
    size_t extra_count, extra_capacity;
    hf_i_value *ratings;
    size_t rating_count, rating_capacity;
    hf_i_value *samples;
    size_t sample_count, sample_capacity;
    hf_warning *warnings;
    size_t warning_count, warning_capacity;

    uint32_t resolutions[HF_I_RESOLUTIONS];
    size_t resolution_count;

    hf_i_pool_block *pool; /* copied texts */

    uint32_t *order;    /* by time */
    uint32_t *ordinals; /* (row, ordinal) pairs with ordinal > 0, by row */
    size_t ordinal_count;
    bool ordinals_known;
    char (*ids)[17];

    hf_record_summary summary;
    char format[32], variant[64], encoding[32];
};

/* What a row's time is without time: that of the row before it. Both by finish.c. */
hf_status hf_i_record_finish(hf_record *record, hf_ctx *ctx);
/* Stable merge sort of row numbers by t[row]; spare holds n entries. */
void hf_i_record_sort_rows(uint32_t *rows, uint32_t *spare, size_t n, const int64_t *t);
const hf_i_extra *hf_i_record_extra(const hf_record *record, size_t row);

/* Bytes that live as long as the record; no alignment. */
char *hf_i_record_keep(hf_record *record, hf_ctx *ctx, const char *bytes, size_t size);

/* 64-bit mixing hash for tables (not for anything an enemy must not guess). */
uint64_t hf_i_record_hash(const char *bytes, size_t size, uint64_t seed);

/* The time of a row as the JSON has it, without quotes: "2024-01-31T21:07:00Z". Media times are a
 * number. Returns the length, 0 when there is no time. out holds 40 bytes. */
size_t hf_i_record_time_text(char out[40], int64_t t_ms, hf_time_kind kind, uint32_t res_ms);

#endif
