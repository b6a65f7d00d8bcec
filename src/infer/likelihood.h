/* SPDX-License-Identifier: MIT */
/* The inside of a likelihood: problem, workspaces, results by dyad. */
#ifndef HF_INFER_LIKELIHOOD_H
#define HF_INFER_LIKELIHOOD_H

#include "infer/kernel.h"

enum { HF_MAX_DIRECTIONS = 12 };

struct hf_likelihood {
    hf_ctx *ctx;
    hf_i_problem problem;
    hf_i_program program;
    hf_i_panel panel;
    int threads;
    void **memory; /* [threads], as allocated */
    void **work;   /* [threads], aligned */
    double *theta; /* ties resolved */
    double *by_dyad;
    double *slopes; /* [dyad * 12 + direction] */
    bool plain;     /* tests: without the AVX2 clone */
    uint64_t evaluations;
    bool cancelled;
};

/* The gradient in the listed parameters only (count of them, free[] indexes the model's
 * parameters; those tied to one move with it). gradient [count]. */
hf_status hf_i_likelihood_gradient(hf_likelihood *l, const double *theta, const int *free_params,
                                   size_t count, double *out, double *gradient);
/* What the filter saw of one dyad at theta. */
hf_status hf_i_likelihood_trace(hf_likelihood *l, const double *theta, size_t dyad,
                                hf_i_trace *trace, double *out);

#endif
