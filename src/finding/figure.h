/* SPDX-License-Identifier: MIT */
/* Figures of a document, written piece by piece (doc/schema/findings.md gives each kind its form),
 * and the header of a document that no record stands behind. */
#ifndef HF_FINDING_FIGURE_H
#define HF_FINDING_FIGURE_H

#include "finding/finding.h"
#include "text/json_write.h"

typedef struct hf_i_figure_writer {
    hf_i_buf buf;
    hf_i_json_writer json;
} hf_i_figure_writer;

/* Opens the data object. Ends with hf_i_figure_end, which adds the figure and frees the writer. */
void hf_i_figure_begin(hf_i_figure_writer *f, hf_ctx *ctx);
hf_status hf_i_figure_end(hf_i_figure_writer *f, hf_findings *to, const char *id, const char *kind,
                          const char *title_key);

/* A key and count numbers, each stride apart, with five significant digits: a drawing shows no
 * more. What is not finite becomes null. */
void hf_i_figure_numbers(hf_i_json_writer *w, const char *key, const double *x, size_t count,
                         size_t stride);
void hf_i_figure_range(hf_i_json_writer *w, const char *key, double lo, double hi);
/* A row of a table: texts, then numbers may follow by hf_i_json_number. */
void hf_i_figure_columns(hf_i_json_writer *w, const char *const *names, size_t count);

/* The header of a simulation, an exploration or a fit: format names it, of two partners called
 * A and B, without times and counts of messages. protocol says what it is, for consent. */
hf_status hf_i_model_header(hf_findings *to, hf_ctx *ctx, const char *format, const char *file,
                            bool synthetic, const char *made_on, const char *protocol);

#endif
