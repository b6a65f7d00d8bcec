/* SPDX-License-Identifier: MIT */
/* Block bootstrap: whole exchanges are drawn again, so that what hangs together inside one stays
 * together (Efron 1979; blocks: Kuensch 1989). A statistic sees how often each block was drawn. */
#ifndef HF_NUM_STATS_BOOTSTRAP_H
#define HF_NUM_STATS_BOOTSTRAP_H

#include "num/stats.h"

/* weight [blocks]: times drawn; values [count]: the statistics of this draw, NaN where one does not
 * exist. Called from several threads: must not write to user. */
typedef void (*hf_i_statistics_fn)(const void *user, const uint32_t *weight, double *values);

typedef struct hf_i_bootstrap {
    size_t blocks;
    uint32_t replicates;
    size_t count; /* statistics per draw */
    uint64_t seed, stream;
    double level;
} hf_i_bootstrap;

/* out [count]. estimate: the statistic with every block once; lo, hi: percentiles over the draws,
 * NaN when fewer than nine tenths of the draws have a value or there are fewer than 5 blocks. The
 * draws are keyed by (seed, stream, replicate): the same bits for any number of threads. */
hf_status hf_i_bootstrap_run(hf_i_interval *out, hf_ctx *ctx, const hf_i_bootstrap *plan,
                             hf_i_statistics_fn statistics, const void *user);

#endif
