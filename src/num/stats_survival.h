/* SPDX-License-Identifier: MIT */
/* Waiting times of which some ended unseen: Kaplan-Meier and log-rank. */
#ifndef HF_NUM_STATS_SURVIVAL_H
#define HF_NUM_STATS_SURVIVAL_H

#include "num/stats.h"

/* t >= 0 in any unit; seen = false: the wait was longer than t (right-censored). */
typedef struct hf_i_duration {
    double t;
    uint32_t block; /* for resampling; else unused */
    bool seen;
} hf_i_duration;

/* Ascending by t, seen before unseen at equal t, then by block. */
void hf_i_durations_sort(hf_i_duration *d, size_t n);

/* Survival S(t) = P(wait > t) of sorted durations (Kaplan & Meier 1958); interval by Greenwood's
 * variance on the log(-log) scale. NaN without data, and beyond the last duration when that one is
 * censored. Cost: n. */
hf_i_interval hf_i_km_survival(const hf_i_duration *d, size_t n, double t, double level);
/* Smallest t with S(t) <= 1 - p; infinite when S never falls that low. blocks [with weight]: how
 * many durations each block has, so that a draw need not be counted first. */
double hf_i_km_quantile(const hf_i_duration *d, size_t n, double p);
double hf_i_km_quantile_of_draw(const hf_i_duration *d, size_t n, const uint32_t *weight,
                                const uint32_t *blocks, size_t block_count, double p);

/* Log-rank test of two sorted samples (Mantel 1966): z > 0 when a ends earlier than b. NaN when
 * there is nothing to compare. */
double hf_i_log_rank(const hf_i_duration *a, size_t na, const hf_i_duration *b, size_t nb);

#endif
