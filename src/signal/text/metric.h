/* SPDX-License-Identifier: MIT */
/* Agreement of scores with labels. y: 1, 0, or -1 for not annotated (left out). */
#ifndef HF_SIGNAL_TEXT_METRIC_H
#define HF_SIGNAL_TEXT_METRIC_H

#include "base/base.h"

typedef struct hf_i_counts {
    double tp, fp, fn, tn;
} hf_i_counts;

double hf_i_f1(hf_i_counts c);    /* 0 when nothing is found and nothing is there */
double hf_i_mcc(hf_i_counts c);   /* Matthews correlation; 0 when a margin is empty */
double hf_i_kappa(hf_i_counts c); /* Cohen's kappa; 0 when chance agreement is complete */

/* Area under the ROC curve by ranks (ties half); 0.5 when a class is empty. */
hf_status hf_i_auc(hf_ctx *ctx, const float *score, const int8_t *y, size_t n, double *out);
/* The threshold with the best F1 of scores >= threshold, smoothed over neighbouring ranks. With
 * prior > 0 the scores are probabilities, and what was counted is mixed with what they expect, as
 * if prior positives stood behind the expectation: few positives alone make a poor threshold. */
hf_status hf_i_best_threshold(hf_ctx *ctx, const float *score, const int8_t *y, size_t n,
                              double prior, double *threshold, double *f1);
/* The prior for probabilities: a round value that served the rare labels. */
#define HF_THRESHOLD_PRIOR 300.0
hf_i_counts hf_i_count(const float *score, const int8_t *y, size_t n, double threshold);

/* Platt's sigmoid p = 1 / (1 + exp(-(a s + b))), fitted by Newton with his smoothed targets
 * (Platt 1999; Lin, Lin & Weng 2007, Machine Learning 68). */
void hf_i_platt(const float *score, const int8_t *y, size_t n, double *a, double *b);

#endif
