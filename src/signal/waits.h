/* SPDX-License-Identifier: MIT */
/* Waiting times for answers (science/measures 3.3, 3.4). */
#ifndef HF_SIGNAL_WAITS_H
#define HF_SIGNAL_WAITS_H

#include "signal/measures.h"

/* Fills waits[]. The wait of turn k ends with the other's next turn, if that comes before the same
 * partner writes again and within 24 hours; else it is censored at the earliest of these and the
 * end of the record. */
hf_status hf_i_waits_find(hf_i_measures *m);

/* Fills durations[p]: the waits for p's answers, sorted, in minutes, unflagged exchanges only. */
hf_status hf_i_waits_collect(hf_i_measures *m);

#endif
