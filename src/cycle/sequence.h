/* SPDX-License-Identifier: MIT */
#ifndef HF_CYCLE_SEQUENCE_H
#define HF_CYCLE_SEQUENCE_H

#include <holdfast/sequence.h>

#include "base/base.h"

#define HF_I_NO_STATE UINT32_MAX

struct hf_sequences {
    hf_ctx *ctx;
    hf_i_arena texts;
    uint32_t *state; /* [moments] HF_I_NO_STATE: missing */
    double *time;    /* [moments] */
    size_t *first;   /* [dyads + 1] */
    size_t moments, dyads;
    const char *states[HF_SEQUENCE_MOST_STATES];
    const char *codes[HF_SEQUENCE_MOST_STATES]; /* of events: without the partner */
    size_t state_count;
    const char *streams[HF_SEQUENCE_MOST_STREAMS];
    size_t stream_count; /* 0: events */
};

/* hf_sequences_read from memory; name is for messages. */
hf_status hf_i_sequences_read_bytes(hf_sequences **out, hf_ctx *ctx, const char *name,
                                    const void *data, uint64_t size,
                                    const hf_sequence_columns *columns);

/* Each pair that counts: states at a moment and lag moments later, of one dyad. */
typedef struct hf_i_pair_walk {
    const hf_sequences *s;
    const hf_lag *lag;
    size_t dyad, at;
} hf_i_pair_walk;
/* False at the end of the dyad. */
bool hf_i_next_pair(hf_i_pair_walk *walk, uint32_t *from, uint32_t *to);

/* Fit and adjusted residuals of a table [k, k] (row-major) with cells that cannot occur; expected,
 * residual [k * k] (0 and NaN in such cells). Quasi-independence by iterative proportional fitting,
 * residuals (x - e) / sqrt(e (1 - h)) with h the leverage in the Poisson log-linear model, which
 * without structural zeros is the classical formula. */
hf_status hf_i_lag_residuals(hf_ctx *ctx, const double *count, const bool *structural, size_t k,
                             double *expected, double *residual);

#endif
