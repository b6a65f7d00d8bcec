/* SPDX-License-Identifier: MIT */
/* The filters, compiled several times from the same source (infer/kernel/): for lanes of four
 * dyads (values) and for dual numbers of 4, 8 or 12 parameter directions (values and exact
 * gradients); each for plain x86-64 and for AVX2, which give the same bits. */
#ifndef HF_INFER_KERNEL_H
#define HF_INFER_KERNEL_H

#include "infer/panel.h"
#include "model/code.h"

/* One row of an observation matrix that is known before any number is: which states enter. */
typedef struct hf_i_pattern {
    uint8_t count;
    bool unit; /* one state with coefficient 1 */
    uint8_t index[HF_MODEL_MAX_STATES];
} hf_i_pattern;

typedef struct hf_i_problem {
    hf_ctx *ctx;
    const hf_model *model;
    const hf_i_program *program;
    const hf_i_panel *panel;
    hf_first_step first_step;
    double tolerance; /* of the integrator */
    bool shared;      /* the fast path: one linear Gaussian regime, matrices the same everywhere */
    bool cached;      /* discretised matrices kept per interval */
    hf_i_pattern *patterns; /* [regime * m + j] */
    size_t max_rows;        /* of a block */
} hf_i_problem;

/* What a filter saw, for one dyad: per row and regime. NULL members are not wanted. Arrays are
 * [row][regime][...]; probabilities [row][regime]. */
typedef struct hf_i_trace {
    double *predicted_mean, *predicted_cov; /* before the row's observations, mixed over regimes */
    double *filtered_mean, *filtered_cov;   /* after them */
    double *transition;                     /* Jacobian of the step to this row, [row][n*n] */
    double *regime;                         /* filtered probabilities */
    double *regime_predicted;
    double *switching;                   /* [row][K*K], from i to j at [i*K + j] */
    double *innovation, *innovation_var; /* [row][m], NaN where missing */
    /* Several regimes, each pair by itself: to i from j at [i*K + j]. Weights are those before the
     * row's observations and sum to 1; a row without a step has pairs from i to i only. */
    double *pair_weight;              /* [row][K*K] */
    double *pair_mean, *pair_cov;     /* [row][K*K][n], [row][K*K][n*n] */
    double *pair_transition;          /* [row][K*K][n*n] */
    double *regime_mean, *regime_cov; /* [row][K][n], [row][K][n*n] after them */
    const double *normals; /* [row][m]: cells are drawn from their prediction with these */
    double *drawn;         /* [row][m]: what was drawn */
} hf_i_trace;

typedef struct hf_i_kernel {
    const char *name;
    int directions;                             /* 0: values in lanes */
    size_t (*workspace)(const hf_i_problem *p); /* bytes, 64-aligned */
    /* The theta stage and the discretised matrices: once per parameter value and workspace.
     * direction[param]: this pass's direction of the parameter, -1: none. */
    bool (*begin)(const hf_i_problem *p, void *workspace, const double *theta,
                  const int *direction);
    /* One block; by_dyad[dyad] and, for dual numbers, gradient[dyad * directions + d] are set.
     * trace is for a single dyad of the block (the trace_dyad-th), else NULL. */
    void (*run)(const hf_i_problem *p, void *workspace, const hf_i_block *block, double *by_dyad,
                double *gradient, hf_i_trace *trace);
} hf_i_kernel;

/* directions 0, 4, 8 or 12; the AVX2 clone where the processor has it, unless plain. */
const hf_i_kernel *hf_i_kernel_get(int directions, bool plain);

#endif
