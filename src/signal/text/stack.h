/* SPDX-License-Identifier: MIT */
/* The second stage: from the scores of linear part and networks to one calibrated logit a head. */
#ifndef HF_SIGNAL_TEXT_STACK_H
#define HF_SIGNAL_TEXT_STACK_H

#include "signal/text/parts.h"

typedef struct hf_i_stack {
    size_t heads;
    float *weights;     /* [2 heads + 1, heads]: linear, networks, bias */
    float *probability; /* [rows, HF_CORPUS_LABELS] of rows not trained on, cross-fitted */
    double threshold[HF_WEIGHTS_HEADS], base_rate[HF_WEIGHTS_HEADS];
} hf_i_stack;

/* linear, net [rows, HF_CORPUS_LABELS] scores of rows not trained on; net may be NULL. */
hf_status hf_i_stack_fit(hf_i_stack *out, hf_ctx *ctx, const hf_i_corpus *c, size_t heads,
                         const float *linear, const float *net, const hf_i_split *split);
void hf_i_stack_dispose(hf_i_stack *stack, hf_ctx *ctx);

/* Logistic regression with a ridge towards prior: minimises the mean cross entropy plus
 * penalty / 2 * |w - prior|^2 (the bias, last, is free). x [rows, n] y 1, 0, -1. Newton steps. */
hf_status hf_i_logistic(hf_ctx *ctx, const float *x, const int8_t *y, size_t rows, size_t n,
                        const double *prior, double penalty, double *w);

#endif
