/* SPDX-License-Identifier: MIT */
/* Scripts of changes as inputs of the model. */
#ifndef HF_SIMULATE_CHANGES_H
#define HF_SIMULATE_CHANGES_H

#include <holdfast/simulate.h>

#include "model/nepd/nepd.h"

/* HF_E_RANGE for values, HF_E_USAGE for overlaps. */
hf_status hf_i_changes_check(hf_ctx *ctx, const hf_change *changes, size_t count);
/* The inputs that hold from t until the next breakpoint. */
void hf_i_changes_at(hf_i_nepd_input *in, const hf_change *changes, size_t count, double t);
/* The first time after t at which an input changes; `until` if there is none before. */
double hf_i_changes_next(const hf_change *changes, size_t count, double t, double until);

#endif
