/* SPDX-License-Identifier: MIT */
/* The seam to the optimiser: NLopt's gradient methods behind one call. */
#ifndef HF_NUM_OPTIMISE_H
#define HF_NUM_OPTIMISE_H

#include "base/base.h"

/* f(x) and its gradient (may be NULL when not wanted). What is not finite counts as worse than
 * everything. A status other than HF_OK stops the search. */
typedef hf_status (*hf_i_objective)(void *user, const double *x, double *value, double *gradient);

typedef struct hf_i_search {
    const char *method;     /* "slsqp" or "lbfgs" */
    double relative_change; /* of the value, to stop at */
    double relative_step;   /* of x */
    unsigned max_evaluations;
} hf_i_search;

typedef struct hf_i_search_result {
    const char *reason; /* "value", "step", "evaluations", "precision", "failed" */
    double value;
    unsigned evaluations;
} hf_i_search_result;

/* Minimises over x [n] within lower [n] and upper [n] (may be infinite); x: in start, out best.
 * HF_E_UNSUPPORTED in a build without NLopt. */
hf_status hf_i_minimise(hf_ctx *ctx, hf_i_objective f, void *user, double *x, int n,
                        const double *lower, const double *upper, const hf_i_search *search,
                        hf_i_search_result *result);

#endif
