/* SPDX-License-Identifier: MIT */
/* One step of a model from a known state, in plain doubles: for data drawn from it and for figures.
 */
#ifndef HF_INFER_MOTION_H
#define HF_INFER_MOTION_H

#include "model/evaluate.h"

typedef struct hf_i_motion {
    hf_ctx *ctx;
    const hf_model *model;
    double *theta;  /* ties resolved */
    double *values; /* [graph.count] */
    double *work;   /* 8 N N with N = 2 n + 1 */
} hf_i_motion;

hf_status hf_i_motion_new(hf_i_motion *out, hf_ctx *ctx, const hf_model *model,
                          const double *theta);
void hf_i_motion_set(hf_i_motion *m, const double *theta);
void hf_i_motion_dispose(hf_i_motion *m);

/* dx/dt, or the next x in discrete time, of regime k at a point (theta is set here). */
void hf_i_motion_drift(hf_i_motion *m, size_t k, hf_i_model_point *at, double *out);
/* x moves by dt (whole steps in discrete time) without noise. False when it explodes. Exact for
 * linear models; else Runge-Kutta of order 4 in `pieces` pieces. noise [n] standard normals a piece
 * (pieces of them), or NULL: Q enters as the noise of the exact step (linear) or of the piece. */
bool hf_i_motion_step(hf_i_motion *m, size_t k, hf_i_model_point *at, double dt, int pieces,
                      const double *noise, double *x);

#endif
