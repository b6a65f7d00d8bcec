/* SPDX-License-Identifier: MIT */
/* How a reader fills a record. A reader sees only this header, format.h and the text room. */
#ifndef HF_RECORD_BUILD_H
#define HF_RECORD_BUILD_H

#include "record/record.h"

typedef struct hf_i_build hf_i_build;

hf_status hf_i_build_new(hf_i_build **out, hf_ctx *ctx, const hf_read_options *options);
/* Takes the record out; the builder is freed. On failure the record is freed too. */
hf_status hf_i_build_take(hf_i_build *b, hf_record **out);
void hf_i_build_free(hf_i_build *b);

/* Starts an input: rows added from now on stand in it. The blob moves into the record when keep
 * is true (texts may borrow from it), else it stays the caller's. *blob stays valid either way. */
hf_status hf_i_build_file(hf_i_build *b, const char *name, hf_i_blob *blob, bool keep);

/* The index of a person by name, made when new; HF_NO_PERSON for an empty name. Names that
 * --same gives to one person become one. Fails with HF_E_LIMIT above HF_MAX_SENDERS. */
hf_status hf_i_build_person(hf_i_build *b, const char *name, size_t size, int32_t *out);

/* Gives a person another name, unless somebody has it already. */
hf_status hf_i_build_rename(hf_i_build *b, int32_t person, hf_text name);

/* A message with nothing set. */
#define HF_I_MESSAGE_INIT                                                                          \
    {                                                                                              \
        .t_ms = HF_NO_TIME, .t_end_ms = HF_NO_TIME, .sender = HF_NO_PERSON,                        \
        .edited_ms = HF_NO_TIME, .delivered_ms = HF_NO_TIME, .read_ms = HF_NO_TIME,                \
        .duration_ms = HF_NO_TIME, .reply_index = HF_NO_ROW                                        \
    }

typedef enum hf_i_text_life { HF_I_COPY, HF_I_BORROW } hf_i_text_life;

/* Adds a message; seq and src.file are set here, so is invalid_utf8 (when the text is not
 * UTF-8). HF_I_BORROW: the text stays where it is as long as the record lives (a kept blob).
 * key: the message's own name in the source, to which reply_to of others refers; may be empty. */
hf_status hf_i_build_message(hf_i_build *b, const hf_message *m, hf_text key, hf_i_text_life life);

/* The rows become those of order[0..count): old row numbers, each at most once; the rest goes. */
hf_status hf_i_build_rearrange(hf_i_build *b, const uint32_t *order, size_t count);
/* The next path: inputs from now on belong to it. */
void hf_i_build_next_source(hf_i_build *b);

/* Their texts are copied, or borrow from the record. */
hf_status hf_i_build_rating(hf_i_build *b, const hf_rating *rating, hf_i_text_life life);
hf_status hf_i_build_sample(hf_i_build *b, const hf_sample *sample, hf_i_text_life life);
/* Copies a text into the record; the same as a recent one is kept once. */
hf_status hf_i_build_keep(hf_i_build *b, hf_text *text);

/* A warning with its place in the current input. */
hf_status hf_i_build_warn(hf_i_build *b, uint64_t byte, uint64_t line, const char *format, ...)
    HF_PRINTF(4, 5);

/* Fails at a place of the current input. */
hf_status hf_i_build_fail(hf_i_build *b, hf_status status, uint64_t byte, uint64_t line,
                          const char *advice, const char *format, ...) HF_PRINTF(6, 7);

void hf_i_build_limit(hf_i_build *b, hf_limit limit);
void hf_i_build_variant(hf_i_build *b, const char *variant);
void hf_i_build_encoding(hf_i_build *b, const char *encoding);
/* other_*: the second reading of ambiguous dates, else HF_NO_TIME. */
void hf_i_build_date_order(hf_i_build *b, hf_date_order order, bool ambiguous);
void hf_i_build_other_reading(hf_i_build *b, int64_t first_ms, int64_t last_ms);

hf_ctx *hf_i_build_ctx(const hf_i_build *b);
hf_record *hf_i_build_record(hf_i_build *b);
const hf_read_options *hf_i_build_options(const hf_i_build *b);
hf_date_order hf_i_build_wanted_order(const hf_i_build *b);

/* Rows so far; turns the rows from the given one on around (newest-first sources). */
size_t hf_i_build_row_count(const hf_i_build *b);
hf_status hf_i_build_reverse(hf_i_build *b, size_t from);

/* For readers that scan straight into rows (WhatsApp): a fresh zeroed row at the end, whose
 * fields the reader sets itself; the pointer is good until the next call. */
hf_status hf_i_build_raw_row(hf_i_build *b, hf_i_row **out);
hf_status hf_i_build_resolution(hf_i_build *b, uint32_t res_ms, uint8_t *code);
/* The side-table row of a message, made when it has none; rows must be asked for in order. */
hf_status hf_i_build_extra(hf_i_build *b, size_t row, hf_i_extra **out);

#endif
