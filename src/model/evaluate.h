/* SPDX-License-Identifier: MIT */
/* A model's formulas at one point, in plain doubles: for figures, residuals and drawn data. The
 * filters have their own evaluator (infer/kernel/eval.inc). */
#ifndef HF_MODEL_EVALUATE_H
#define HF_MODEL_EVALUATE_H

#include "model/model.h"

typedef struct hf_i_model_point {
    const double *theta;      /* [parameters], ties resolved */
    const double *x;          /* [states] */
    const double *u, *before; /* [covariates] of the row and of the row before; NULL without any */
    double time;
} hf_i_model_point;

/* Every formula at a point: values [graph.count]; a formula e is values[e]. Cost: the graph. */
void hf_i_model_values(const hf_model *model, const hf_i_model_point *at, double *values);
/* out [count] of formulas; HF_X_NONE is 0. */
void hf_i_model_take(const double *values, const hf_i_x *formulas, size_t count, double *out);

#endif
