/* SPDX-License-Identifier: MIT */
#ifndef HF_INFER_DRAW_H
#define HF_INFER_DRAW_H

#include "infer/likelihood.h"

/* One data set from the model: y [rows * observations], every cell. The same seed and replicate
 * give the same numbers. l: of the same data. HF_E_RANGE when the model explodes. */
hf_status hf_i_draw(hf_ctx *ctx, const hf_model *model, const hf_dyads *data, const double *theta,
                    hf_likelihood *l, uint64_t seed, uint64_t replicate, double *y);

#endif
