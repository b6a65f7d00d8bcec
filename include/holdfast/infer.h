/* SPDX-License-Identifier: MIT */
/* What can be learned from the data of one dyad or many: likelihoods, fits, intervals, predicted
 * and smoothed states. Exact for linear Gaussian models (Kalman 1960 with Van Loan 1978
 * discretisation); the continuous-discrete extended filter for others; Kim 1994 for regimes.
 *
 * A likelihood or fit keeps its model and data borrowed: both must outlive it. */
#ifndef HOLDFAST_INFER_H
#define HOLDFAST_INFER_H

#include <holdfast/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Is the start state that of the first occasion, or does a step lead from time 0 to it? */
typedef enum hf_first_step {
    HF_FIRST_STEP_NONE,     /* the start state is the state at the first occasion (default) */
    HF_FIRST_STEP_FROM_ZERO /* the start state is that at time 0 (times are then positive) */
} hf_first_step;

/* Dyads by occasions; a view, nothing is copied. Rows of a dyad stand together, times ascending. */
typedef struct hf_dyads {
    size_t size; /* sizeof(hf_dyads): set by HF_DYADS_INIT */
    size_t n_dyads;
    const size_t
        *first_row;         /* [n_dyads + 1]: rows of dyad i are first_row[i] .. first_row[i+1]-1 */
    const double *time;     /* [row], in the unit the drift is per; whole steps in discrete time */
    const double *y;        /* [row * observations + j], NaN = missing */
    const double *u;        /* [row * covariates + c], no NaN; NULL without covariates */
    const char *const *ids; /* [dyad], for messages; may be NULL */
} hf_dyads;

#define HF_DYADS_INIT                                                                              \
    {                                                                                              \
        sizeof(hf_dyads), 0, NULL, NULL, NULL, NULL, NULL                                          \
    }

typedef struct hf_likelihood_options {
    size_t size;
    hf_first_step first_step;
    double tolerance; /* relative, of the integrator for nonlinear drift; 0: 1e-8 */
} hf_likelihood_options;

#define HF_LIKELIHOOD_OPTIONS_INIT                                                                 \
    {                                                                                              \
        sizeof(hf_likelihood_options), HF_FIRST_STEP_NONE, 0                                       \
    }

typedef struct hf_likelihood hf_likelihood;

/* Checks the data against the model and prepares every buffer; options may be NULL. Fails with
 * HF_E_RANGE (times out of order, missing covariates), HF_E_NOT_ENOUGH_DATA (no observed cell). */
HF_API hf_status hf_likelihood_new(hf_likelihood **out, hf_ctx *ctx, const hf_model *model,
                                   const hf_dyads *data, const hf_likelihood_options *options);
HF_API void hf_likelihood_free(hf_likelihood *likelihood);

/* The log-likelihood at theta [parameters of the model, natural scale]. -INFINITY where the model
 * says nothing finite (a variance below 0, exploding drift). Allocates nothing (with one thread);
 * the same bits for any number of threads. */
HF_API hf_status hf_likelihood_value(hf_likelihood *likelihood, const double *theta, double *out);
/* And its gradient [parameters], exact (forward differentiation of the filter, not differences). */
HF_API hf_status hf_likelihood_gradient(hf_likelihood *likelihood, const double *theta, double *out,
                                        double *gradient);
/* Each dyad's share of the last value or gradient call; borrowed, [n_dyads]. */
HF_API const double *hf_likelihood_by_dyad(const hf_likelihood *likelihood);
/* Observed cells. */
HF_API size_t hf_likelihood_cells(const hf_likelihood *likelihood);

#ifdef __cplusplus
}
#endif
#endif
