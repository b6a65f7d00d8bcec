/* SPDX-License-Identifier: MIT */
/* How warm each partner's turns are from day to day (or week to week), given to the engine: where
 * each comes to rest, how long a mood lasts, whether one moves the other. */
#ifndef HF_CYCLE_DYNAMICS_H
#define HF_CYCLE_DYNAMICS_H

#include "cycle/evidence.h"

enum {
    HF_I_DYNAMICS_LEAST = 40, /* periods with a value of each partner */
    HF_I_DYNAMICS_TURNS = 2,  /* coded turns behind a value */
    HF_I_DYNAMICS_TESTS = 4   /* inertia and influence of each */
};

typedef struct hf_i_dynamics {
    int days;           /* of a period: 1 or 7; 0: too little for either */
    size_t periods;     /* from the first to the last */
    double *value[2];   /* [periods] mean of (warm - hard) over coded turns; NaN: too few */
    uint32_t *turns[2]; /* [periods] */
    size_t values[2];   /* periods that have one */
    bool own[2], both;  /* enough for own set point and inertia; for influence too */
    hf_i_interval set_point[2], inertia[2], influence[2]; /* influence[p]: of the other on p */
    double p[HF_I_DYNAMICS_TESTS]; /* inertia of a, b, influence on a, b: likelihood ratio; NaN */
    double gain;             /* held-out log-likelihood gained by influence, last third; NaN */
    hf_i_interval half_life; /* of a deviation of the pair (or the one), in days */
} hf_i_dynamics;

/* Fits var1 (data/catalogue; missing periods stay missing). A record that is too short gives days =
 * 0 or none of the estimates. Cost: some fits of a few hundred rows. */
hf_status hf_i_dynamics_find(hf_i_dynamics *out, hf_ctx *ctx, const hf_i_evidence_view *view);
/* The second half of it: from days, periods, value and own to everything else. */
hf_status hf_i_dynamics_fit(hf_i_dynamics *dynamics, hf_ctx *ctx);
void hf_i_dynamics_dispose(hf_i_dynamics *dynamics, hf_ctx *ctx);
/* p: the corrected p-values. */
hf_status hf_i_dynamics_write(const hf_i_dynamics *dynamics, hf_analysis *analysis,
                              const double p[HF_I_DYNAMICS_TESTS], size_t looked_at);

#endif
