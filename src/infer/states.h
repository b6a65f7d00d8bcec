/* SPDX-License-Identifier: MIT */
/* The inside of states: what one dyad's filter left, and what is made of it. */
#ifndef HF_INFER_STATES_H
#define HF_INFER_STATES_H

#include "infer/likelihood.h"

struct hf_states {
    hf_ctx *ctx;
    const hf_model *model;
    hf_dyads data;
    size_t rows, n, m, K;
    double *mean, *cov; /* filtered [row][n], [row][n n] */
    double *smooth_mean, *smooth_cov;
    double *regime, *smooth_regime;   /* [row][K] */
    double *residual;                 /* [row][m] standardised */
    double *expected, *lower, *upper; /* [row][m] before the row was seen, 95 % */
    char *csv;
};

/* What one dyad's trace needs beside the results. */
typedef struct hf_i_states_scratch {
    double *predicted_mean, *predicted_cov, *transition, *switching, *regime_predicted, *innovation,
        *innovation_var;
    double *pair_weight, *pair_mean, *pair_cov, *pair_transition, *regime_mean, *regime_cov;
    double *smooth_regime_mean, *smooth_regime_cov; /* [row][K][...] */
    double *a, *v, *w;                              /* n n each */
    double *theta;                                  /* ties resolved */
    double *values;                                 /* [graph.count] */
} hf_i_states_scratch;

/* C = Pf A' Pp^+ : the pseudo-inverse, as the predicted covariance may be singular. out [n n]. */
void hf_i_smoother_gain(const double *pf, const double *A, const double *pp, int n, double *out,
                        hf_i_states_scratch *s);
/* One step back: the state given everything, from the filtered (mean, cov), the prediction of the
 * next row (pm, pp) through A, and what is known of the next row (nm, nc). */
void hf_i_smoother_step(const double *mean, const double *cov, const double *A, const double *pm,
                        const double *pp, const double *nm, const double *nc, int n,
                        double *out_mean, double *out_cov, hf_i_states_scratch *s);

/* Kim's smoother for states of several regimes, rows of one dyad (after their probabilities). */
void hf_i_states_kim(hf_states *st, size_t first, size_t rows, hf_i_states_scratch *s);
/* What was expected of each cell, and with several regimes its residual. */
void hf_i_states_expect(hf_states *st, size_t first, size_t rows, hf_i_states_scratch *s);

#endif
