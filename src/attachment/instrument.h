/* SPDX-License-Identifier: MIT */
/* Inside of the attachment room: instruments while they are read, sheets, small helpers. */
#ifndef HF_ATTACHMENT_INSTRUMENT_H
#define HF_ATTACHMENT_INSTRUMENT_H

#include <holdfast/attachment.h>

#include "attachment/intern.h"
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
void hf_i_column_range(const hf_instrument *instrument, unsigned column, int min, int max, int *lo,
                       int *hi);
/* The smallest and largest possible score of a scale. */
void hf_i_scale_range(const hf_instrument *instrument, const hf_order *order, size_t scale, int min,
                      int max, double *lo, double *hi);
/* The index of a scale by its id, -1 without one. */
int hf_i_find_scale(const hf_instrument *instrument, const char *id, size_t len);
/* Where the instrument keeps its texts; lives as long as it does. */
hf_i_arena *hf_i_instrument_arena(hf_instrument *instrument);

/* Nobody, nothing: where an index of hf_sheets does not apply. */
#define HF_I_NONE UINT32_MAX

/* Indices of one sheet into hf_sheets.names (identity: into .people). */
typedef struct hf_i_sheet_key {
    uint32_t identity, person, dyad, partner, occasion, target;
    uint32_t line;
} hf_i_sheet_key;

struct hf_sheets {
    hf_ctx *ctx;
    const hf_instrument *instrument;
    const hf_order *order;
    int min, max; /* the declared answer range */
    size_t count, columns, answer_capacity, key_capacity;
    int8_t *answers;      /* [count][columns] */
    hf_i_sheet_key *keys; /* [count] */
    hf_i_intern names;    /* persons, dyads, partners, occasions, targets */
    hf_i_intern people;   /* one entry for each person */
    uint32_t partners[2]; /* a and b: names in alphabetic order, HF_I_NONE */
    bool has_person, has_dyads, has_occasions, has_targets;
    char reading[512];
};

/* Checks order and range of the options against the form and makes an empty set. */
hf_status hf_i_sheets_new(hf_sheets **out, hf_ctx *ctx, const hf_instrument *instrument,
                          const hf_sheet_options *options);
/* Room for one more sheet; its answers are HF_ANSWER_MISSING, its key is empty. */
hf_status hf_i_sheets_add(hf_sheets *sheets, int8_t **answers, hf_i_sheet_key **key);

#endif
