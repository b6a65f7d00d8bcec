/* SPDX-License-Identifier: MIT */
/* From a public hf_write_fn to a sink of the text room. */
#ifndef HF_ATTACHMENT_WRITE_H
#define HF_ATTACHMENT_WRITE_H

#include "attachment/instrument.h"
#include "text/sink.h"

typedef struct hf_i_writer {
    hf_ctx *ctx;
    hf_write_fn write;
    void *user;
} hf_i_writer;

/* The writer must outlive the sink. */
hf_i_sink hf_i_writer_sink(hf_i_writer *writer);

static inline const hf_score *hf_i_score(const hf_scoring *p, size_t sheet, size_t scale)
{
    return &p->scores[sheet * p->scale_count + scale];
}
const char *hf_i_score_state_name(unsigned state);      /* "full", "prorated", "not_enough_data" */
const char *hf_i_percentile_state_name(unsigned state); /* "within", "below", "above", NULL */

#endif
