/* SPDX-License-Identifier: MIT */
#ifndef HF_SIMULATE_PATHS_H
#define HF_SIMULATE_PATHS_H

#include <holdfast/simulate.h>

#include "model/nepd/nepd.h"

struct hf_paths {
    hf_ctx *ctx;
    size_t pairs, futures, times;
    double every;
    double *state; /* [pair][future][time][HF_STATE_COUNT] */
    hf_pair *pair;
    double trait_sd;
    bool noisy, own_constants;
    uint64_t seed;
    hf_i_nepd_constants constants;
};

#endif
