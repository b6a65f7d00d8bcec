/* SPDX-License-Identifier: MIT */
/* Statistics of scales, all from one covariance matrix of the raw columns: a reversed item is a
 * sign, so any reading of the same columns costs no second pass over the sheets. */
#ifndef HF_ATTACHMENT_PSYCHOMETRICS_H
#define HF_ATTACHMENT_PSYCHOMETRICS_H

#include "attachment/instrument.h"

/* Of the sheets on which every one of the p columns is answered. cov [p][p], n - 1. */
typedef struct hf_i_moments {
    size_t n, p;
    uint16_t *columns; /* [p], rising, from 1 */
    double *mean;      /* [p] */
    double *cov;
    hf_ctx *ctx;
} hf_i_moments;

/* Sums and products are exact integers, so the order of the sheets changes no bit. */
hf_status hf_i_moments_init(hf_i_moments *out, hf_ctx *ctx, const hf_sheets *sheets,
                            const uint16_t *columns, size_t p);
void hf_i_moments_dispose(hf_i_moments *m);
/* Place of a column in m, -1 if it is not there. */
int hf_i_moments_find(const hf_i_moments *m, unsigned column);

/* k items as places in m with their signs (+1, -1). */
typedef struct hf_i_reading {
    uint16_t place[HF_I_MAX_ITEMS];
    int8_t sign[HF_I_MAX_ITEMS];
    size_t k;
} hf_i_reading;

/* Cronbach (1951); NaN for k < 2 or without spread. */
double hf_i_alpha(const hf_i_moments *m, const hf_i_reading *r);
/* 95 % interval of alpha (Feldt 1965, Psychometrika 30:357). NaN where alpha is. */
void hf_i_alpha_interval(double alpha, size_t n, size_t k, double *lo, double *hi);
/* Correlation of each item with the sum of the others; NaN without spread. r [k]. */
void hf_i_item_rest(const hf_i_moments *m, const hf_i_reading *r, double *out);
/* McDonald's omega of the unweighted sum from a one-factor fit by maximum likelihood (EM, Rubin
 * & Thayer 1982) with error variances kept above .005 of the item's variance (heywood: one
 * stands there). NaN for k < 3 or without spread. Fails with HF_E_NOMEM only. */
hf_status hf_i_omega(double *omega, bool *heywood, hf_ctx *ctx, const hf_i_moments *m,
                     const hf_i_reading *r);
/* How many items point against the larger side of the first principal component of the raw
 * columns: the number of reversed items as the data show it. -1 without spread or k < 2. */
int hf_i_raw_negative(const hf_i_moments *m, const hf_i_reading *r);
/* Quantile p of the F distribution (bisection on the incomplete beta). */
double hf_i_f_quantile(double p, double df1, double df2);

#endif
