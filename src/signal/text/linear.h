/* SPDX-License-Identifier: MIT */
/* The trainer of the linear part: many heads at once over one sparse matrix. */
#ifndef HF_SIGNAL_TEXT_LINEAR_H
#define HF_SIGNAL_TEXT_LINEAR_H

#include "base/base.h"

/* Rows of sorted, distinct columns with values (compressed sparse rows). */
typedef struct hf_i_matrix {
    hf_ctx *ctx;
    size_t rows, rows_cap, cells, cells_cap;
    size_t columns;
    uint64_t *begin; /* [rows + 1] */
    uint32_t *column;
    float *value;
} hf_i_matrix;

void hf_i_matrix_init(hf_i_matrix *m, hf_ctx *ctx, size_t columns);
void hf_i_matrix_dispose(hf_i_matrix *m);
/* Adds a row; columns may repeat and come in any order, values of one column are summed. */
hf_status hf_i_matrix_add(hf_i_matrix *m, const uint32_t *column, const float *value, size_t n);

typedef struct hf_i_linear_options {
    size_t heads;        /* in the model; a multiple of 8 */
    double c_pos, c_neg; /* cost of a missed positive and of a false alarm */
    bool bayes;          /* scale features by log-count ratios (Wang & Manning 2012) */
    double bayes_alpha;  /* smoothing of the counts */
    int epochs;
    uint64_t seed;
} hf_i_linear_options;

/* y [rows of the list, heads]: 1, 0 or -1. weights [columns, heads] and bias [heads] are
 * overwritten. */
hf_status hf_i_linear_train(hf_ctx *ctx, const hf_i_matrix *x, const uint32_t *row, size_t rows,
                            const int8_t *y, const hf_i_linear_options *options, float *weights,
                            float *bias);
/* score [heads] */
void hf_i_linear_score(const hf_i_matrix *x, uint32_t row, size_t heads, const float *weights,
                       const float *bias, float *score);

#endif
