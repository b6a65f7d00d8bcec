/* SPDX-License-Identifier: MIT */
/* The data of a fit, checked and ordered for the filters: distinct intervals between occasions,
 * and blocks of dyads that were observed at the same times. */
#ifndef HF_INFER_PANEL_H
#define HF_INFER_PANEL_H

#include <holdfast/infer.h>

#include "model/model.h"

/* Dyads of a block share every interval; with same_missing also the pattern of missing cells. */
typedef struct hf_i_block {
    size_t first, count; /* in order[] */
    size_t rows;
} hf_i_block;

typedef struct hf_i_panel {
    hf_ctx *ctx;
    size_t n_dyads, n_rows, m, n_covs;
    const size_t *first_row; /* n_dyads + 1; borrowed, as time, y, u */
    const double *time, *y, *u;
    size_t n_cells; /* observed */

    double *intervals; /* distinct; in steps for discrete time */
    size_t n_intervals;
    uint32_t *interval; /* [row]: index of the interval that ends there; UINT32_MAX at the first
                           row of a dyad when no prediction comes before it */
    uint32_t *order;    /* dyads, block by block */
    hf_i_block *blocks;
    size_t n_blocks;
} hf_i_panel;

/* same_missing: blocks for the shared covariance recursion; they then also have equal cells
 * missing. Fails with HF_E_RANGE on times out of order, NaN covariates, bad counts. */
hf_status hf_i_panel_make(hf_i_panel *out, hf_ctx *ctx, const hf_model *model, const hf_dyads *data,
                          hf_first_step first_step, bool same_missing);
void hf_i_panel_dispose(hf_i_panel *panel);

#endif
