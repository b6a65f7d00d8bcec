/* SPDX-License-Identifier: MIT */
/* The inside of a model: the state-space form that every named model fills in.
 *   continuous   dx = f(x, u, t) dt + dW,  E dW dW' = Q dt
 *   discrete     x' = f(x, u) + w,         E w w' = Q
 *   observed     y_j = h_j(x, u) + e_j,    E e e' = R   (or binary / count with h_j on its link)
 * per regime k. Arrays are [regime][...], matrices column-major. */
#ifndef HF_MODEL_MODEL_H
#define HF_MODEL_MODEL_H

#include <holdfast/model.h>

#include "model/expr.h"

enum {
    HF_MODEL_VERSION = 1, /* of the grammar */
    HF_MODEL_MAX_STATES = 32,
    HF_MODEL_MAX_OBS = 32,
    HF_MODEL_MAX_COVS = 64,
    HF_MODEL_MAX_REGIMES = 8,
    HF_MODEL_MAX_PARAMS = 256,
    HF_MODEL_MAX_LETS = 256,
    HF_MODEL_MAX_TEXT = 1 << 20
};

typedef enum {
    HF_PRIOR_NONE,
    HF_PRIOR_NORMAL,
    HF_PRIOR_LOGNORMAL,
    HF_PRIOR_GAMMA,
    HF_PRIOR_BETA,
    HF_PRIOR_EXPONENTIAL,
    HF_PRIOR_STUDENT
} hf_i_prior_kind;

typedef struct hf_i_prior {
    hf_i_prior_kind kind;
    double a, b, c; /* normal(mean, sd), gamma(shape, rate), student(df, location, scale), ... */
    const char *text;
} hf_i_prior;

typedef struct hf_i_param {
    const char *name;
    double start, lower, upper;
    bool has_start, positive, used;
    int pair;    /* the partner's parameter this one equals when exchangeable, or -1 */
    int same_as; /* the one it is tied to now, or -1 */
    hf_i_prior prior;
    uint32_t line, column;
} hf_i_param;

typedef enum {
    HF_SWITCH_NONE,
    HF_SWITCH_PROBABILITY,
    HF_SWITCH_LOGIT,
    HF_SWITCH_INTENSITY
} hf_i_switch;

typedef enum { HF_START_GIVEN, HF_START_STATIONARY } hf_i_start;

struct hf_model {
    hf_ctx *ctx;
    hf_i_arena arena;
    hf_i_graph graph;
    const char *name, *title, *cite, *text, *equations;
    bool continuous;
    size_t n, n_effects; /* states in all; the last n_effects are constant */
    size_t m, n_covs, n_regimes, n_params;
    const char *states[HF_MODEL_MAX_STATES], *obs[HF_MODEL_MAX_OBS], *covs[HF_MODEL_MAX_COVS],
        *regimes[HF_MODEL_MAX_REGIMES];
    hf_i_param params[HF_MODEL_MAX_PARAMS];
    hf_observation_kind obs_kind[HF_MODEL_MAX_OBS];
    hf_i_start start_kind;
    hf_i_switch switch_kind;
    bool exchangeable;

    /* formulas, [regime] first; all set after parsing (HF_X_ZERO where nothing was said) */
    hf_i_x *drift;        /* K*n */
    hf_i_x *jacobian;     /* K*n*n, d f_i / d x_j at [i + j*n] */
    hf_i_x *drift0;       /* K*n, f at x = 0 (used when linear) */
    hf_i_x *diffusion;    /* K*n*n covariance per unit of time (continuous) or per step */
    hf_i_x *observe;      /* K*m */
    hf_i_x *observe_dx;   /* K*m*n, d h_j / d x_i at [j*n + i] */
    hf_i_x *observe0;     /* K*m, h at x = 0 */
    hf_i_x *error;        /* K*m*m covariance */
    hf_i_x *start_mean;   /* K*n */
    hf_i_x *start_cov;    /* K*n*n */
    hf_i_x *start_regime; /* K probabilities */
    hf_i_x *switching;    /* K*K, from i to j at [i*K + j]; HF_X_NONE on the diagonal */

    bool linear_drift, linear_observe; /* in every regime */
    bool error_correlated;
    bool matrices_by_row;   /* Jacobians, Q or R change with covariates or time */
    bool intercepts_by_row; /* f(0) or h(0) do */
};

/* The name in names[0..count) nearest to text, or NULL if none is near. */
const char *hf_i_nearest(const char *text, size_t len, const char *const *names, size_t count);

/* Derives Jacobians, flags and the equations once every formula is there. */
hf_status hf_i_model_finish(struct hf_model *model);

#endif
