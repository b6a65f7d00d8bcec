/* SPDX-License-Identifier: MIT */
/* A mixture of two normal densities by EM (Dempster, Laird & Rubin 1977). */
#ifndef HF_NUM_STATS_MIXTURE_H
#define HF_NUM_STATS_MIXTURE_H

#include "base/base.h"

/* Component 0 has the lower mean. */
typedef struct hf_i_mixture2 {
    double weight[2], mean[2], sd[2];
    double log_likelihood;     /* of the data under two components */
    double log_likelihood_one; /* under one normal density */
    double n;                  /* total weight */
    int iterations;
    bool converged;
} hf_i_mixture2;

/* x [n] with weights w [n] >= 0 (NULL: 1 each). Several deterministic starts, the best likelihood
 * wins. SDs are kept above floor_sd. Returns HF_E_NOT_ENOUGH_DATA below total weight 10 or
 * without spread. Cost: n per iteration: bin long data first. */
hf_status hf_i_mixture2_fit(hf_i_mixture2 *out, hf_ctx *ctx, const double *x, const double *w,
                            size_t n, double floor_sd);

/* The point between the means where both weighted densities are equal; NaN when there is none. */
double hf_i_mixture2_crossing(const hf_i_mixture2 *m);

/* Does the second component pay for its three parameters by BIC? */
bool hf_i_mixture2_two_are_better(const hf_i_mixture2 *m);

#endif
