/* SPDX-License-Identifier: MIT */
#ifndef HF_CYCLE_SHUFFLED_H
#define HF_CYCLE_SHUFFLED_H

#include "cycle/cycle.h"

/* What chance would show: the words of the turns (acts, tone, length, uptake) are dealt out anew
 * among the turns of each writer, times stay where they are, and the fitted model reads it again.
 * out [times] numbers of episodes. Seeded: the same bits each time. */
hf_status hf_i_shuffled_count(double *out, size_t times, const hf_cycle *cycle);

#endif
