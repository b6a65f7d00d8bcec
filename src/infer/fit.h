/* SPDX-License-Identifier: MIT */
/* The inside of a fit. u: free parameters on the search's scale. */
#ifndef HF_INFER_FIT_H
#define HF_INFER_FIT_H

#include "infer/likelihood.h"

enum { HF_FIT_MAX_NOTES = 32 };

struct hf_fit {
    hf_ctx *ctx;
    hf_i_arena arena;
    const hf_model *model;
    hf_likelihood *likelihood;
    hf_fit_options options;
    hf_fit_summary summary;
    size_t n, free_count;  /* parameters; free ones */
    int *free_params;      /* [free_count] */
    double *lower, *upper; /* [n] of the model */
    double *theta;         /* [n] */
    bool hessian_fresh;
    double *hessian;    /* [free, free] of minus the log-likelihood, in u */
    double *covariance; /* [n, n] natural scale */
    hf_estimate *estimates;
    double *work; /* 8 free + 4 free free */
    const char *notes[HF_FIT_MAX_NOTES];
    size_t n_notes;
    const char *json;
};

void hf_i_fit_note(hf_fit *fit, const char *format, ...) HF_PRINTF(2, 3);
/* theta of u; other parameters stay. slope [free] may be NULL. */
void hf_i_fit_theta_of(const hf_fit *fit, const double *u, double *theta, double *slope);
void hf_i_fit_u_of(const hf_fit *fit, const double *theta, double *u);
/* Log-likelihood and its gradient in u. */
hf_status hf_i_fit_gradient(hf_fit *fit, const double *u, double *loglik, double *gradient);
hf_status hf_i_fit_value(hf_fit *fit, const double *u, double *loglik);
/* Takes a parameter out of the free ones, at theta[parameter]. */
void hf_i_fit_drop(hf_fit *fit, int parameter);

hf_status hf_i_fit_check(hf_fit *fit, const hf_dyads *data);
hf_status hf_i_fit_search(hf_fit *fit, double *u);
hf_status hf_i_fit_polish(hf_fit *fit, double *u);
hf_status hf_i_fit_hessian(hf_fit *fit, const double *u);
hf_status hf_i_fit_uncertainty(hf_fit *fit, const double *u);
hf_status hf_i_fit_profile(hf_fit *fit, const double *u);
hf_status hf_i_fit_write_json(hf_fit *fit);

#endif
