/* SPDX-License-Identifier: MIT */
/* What the commands about questionnaires share: opening a form, printing scores. */
#ifndef CLI_FORM_H
#define CLI_FORM_H

#include "cli.h"

/* A built-in form by its id, or a form file: a name with '/' or a dot is a path. */
hf_status form_open(hf_instrument **out, hf_ctx *ctx, const char *name);
/* "1-5" into two numbers; false if it is no range. */
bool form_range(const char *text, int *min, int *max);

/* The set: form, reading, scales, keying check. */
void print_set(FILE *to, const hf_scoring *scoring, hf_audience audience);
void print_items(FILE *to, const hf_scoring *scoring);
void print_sheet(FILE *to, const hf_scoring *scoring, size_t sheet, hf_audience audience);
/* Both: HF_OK, or why not. */
hf_status print_pairs(FILE *to, hf_ctx *ctx, const hf_scoring *scoring, size_t most);
hf_status print_changes(FILE *to, hf_ctx *ctx, const hf_scoring *scoring, size_t most);
/* Mean over the people asked about, with what it does and does not say. */
hf_status print_target_means(FILE *to, hf_ctx *ctx, const hf_scoring *scoring, size_t most);

#endif
