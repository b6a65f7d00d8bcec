/* SPDX-License-Identifier: MIT */
/* Inside of the attachment room: instruments while they are read, sheets, small helpers. */
#ifndef HF_ATTACHMENT_INSTRUMENT_H
#define HF_ATTACHMENT_INSTRUMENT_H

#include <holdfast/attachment.h>

#include "base/base.h"

/* What one form may have. A file that has more is refused. */
enum {
    HF_I_MAX_ITEMS = 500,
    HF_I_MAX_SCALES = 32,
    HF_I_MAX_ORDERS = 16,
    HF_I_MAX_NORMS = 32,
    HF_I_MAX_TARGETS = 16,
    HF_I_MIN_ANSWER = -100,
    HF_I_MAX_ANSWER = 120
};

/* The range of a column under a declared range: columns with an own range keep it. */
void hf_i_column_range(const hf_instrument *instrument, unsigned column, int min, int max,
                       int *lo, int *hi);
/* The smallest and largest possible score of a scale. */
void hf_i_scale_range(const hf_instrument *instrument, const hf_order *order, size_t scale,
                      int min, int max, double *lo, double *hi);
/* The index of a scale by its id, -1 without one. */
int hf_i_find_scale(const hf_instrument *instrument, const char *id, size_t len);
/* Edits between two short words; 99 when one is too long to matter. */
unsigned hf_i_edit_distance(const char *a, const char *b);

struct hf_sheets {
    hf_i_arena arena;
    hf_ctx *ctx;
    const hf_instrument *instrument;
    const hf_order *order;
    int min, max;
    size_t count, capacity, columns;
    int8_t *answers;     /* [count][columns] */
    hf_sheet_who *who;   /* [count]; NULL: nothing is known */
    const char *partner_name[2];
    bool has_dyads, has_occasions, has_targets;
    char reading[512];
};

#endif
