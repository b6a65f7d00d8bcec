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
    hf_change *changes; /* the script, for the marks of a drawing */
    size_t change_count;
};

enum { HF_FAN_LEVELS = 5 };
/* Quantiles .05, .25, .5, .75, .95 over the futures of one pair, time and state (type 7 of Hyndman
 * & Fan 1996). scratch holds `futures` doubles. */
void hf_i_paths_fan(const hf_paths *p, size_t pair, size_t time, int state, double *scratch,
                    double out[HF_FAN_LEVELS]);

/* The traits of one path: the pair's, or drawn around them. index: pair * futures + future. */
void hf_i_path_traits(const hf_pair *pair, double trait_sd, uint64_t seed, size_t index,
                      double anxiety[2], double avoidance[2]);

#endif
