/* SPDX-License-Identifier: MIT */
#ifndef HF_CYCLE_EPISODES_H
#define HF_CYCLE_EPISODES_H

#include "cycle/model.h"

/* Reads the episodes off path and posterior of a decoded cycle (doc/contracts.md 7 has the rule of
 * where one begins and ends, for simulator and decoder alike). says: as in the chain. */
hf_status hf_i_episodes_find(hf_cycle *cycle, const hf_i_cycle_model *m,
                             const float (*says)[HF_I_CYCLE_ACTS]);

#endif
