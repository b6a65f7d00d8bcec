/* SPDX-License-Identifier: MIT */
#ifndef HF_CYCLE_SHUFFLED_H
#define HF_CYCLE_SHUFFLED_H

#include "cycle/cycle.h"

/* What chance would show: the words of the turns (acts, tone, length, uptake) are dealt out anew
 * among the turns of each writer, times stay where they are, and the fitted model reads it again.
 * Seeded: the same bits each time. */
typedef struct hf_i_shuffled {
    size_t rounds;
    double mean, most;    /* episodes */
    double count, lo, hi; /* of the record itself: a Poisson count and its 95 % interval */
    bool seen; /* more than chance: above every one of 19 rounds (p = .05 by rank), and the
                  interval above the mean; of a long record, 5 rounds and the interval above all */
} hf_i_shuffled;
hf_status hf_i_shuffled_compare(hf_i_shuffled *out, const hf_cycle *cycle);

#endif
