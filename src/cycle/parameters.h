/* SPDX-License-Identifier: MIT */
#ifndef HF_CYCLE_PARAMETERS_H
#define HF_CYCLE_PARAMETERS_H

#include "cycle/chain.h"

/* What was fitted, beside its prior, and how much of each is the prior's. */
hf_status hf_i_parameters_list(hf_cycle *cycle, const hf_i_cycle_model *m,
                               const hf_i_cycle_model *prior, const hf_i_cycle_sums *sums);

#endif
