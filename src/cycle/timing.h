/* SPDX-License-Identifier: MIT */
#ifndef HF_CYCLE_TIMING_H
#define HF_CYCLE_TIMING_H

#include "cycle/cycle.h"

/* Where a turn has a silence before it and no wait: the log silence in the writer's own standard
 * deviations from the own mean, apart for answering the other and for writing again. Left missing
 * with fewer than 30 such turns. */
void hf_i_timing_fill(hf_cycle_turn *turns, size_t count);

#endif
