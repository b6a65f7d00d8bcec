/* SPDX-License-Identifier: MIT */
/* The theory of one pair as a dynamical system: what hf_explore and the pages share. */
#ifndef HF_SIMULATE_EXPLORE_H
#define HF_SIMULATE_EXPLORE_H

#include <holdfast/simulate.h>

#include "finding/figure.h"
#include "model/nepd/nepd.h"

typedef struct hf_i_explorer {
    hf_ctx *ctx;
    hf_i_nepd_constants k;
    hf_i_nepd model; /* all lanes alike; points to k: an explorer is not copied */
    hf_i_nepd_input in;
    hf_exploration *out;
} hf_i_explorer;

hf_status hf_i_explore_check(hf_ctx *ctx, const hf_pair *pair, double soften);
/* Traits and softening were checked. */
void hf_i_explorer_init(hf_i_explorer *e, hf_ctx *ctx, const hf_pair *pair, double soften,
                        const hf_i_nepd_constants *constants);
/* hf_explore with an explorer that is ready. */
hf_status hf_i_explore(hf_exploration *out, hf_i_explorer *e);

/* Protection of the pair in a state: half of all pursuing and withdrawing, 0 to 1. */
double hf_i_pair_protection(const double state[HF_STATE_COUNT]);

/* ---- parts of the pages (portrait.c) -------------------------------------------------------- */

/* A position in the plane of closeness and protection. */
void hf_i_portrait_point(hf_i_json_writer *w, const char *role, int group, double x, double y);
/* Rest points of an exploration; stable ones are numbered from the closest on. */
void hf_i_portrait_rest(hf_i_json_writer *w, const hf_exploration *found);
/* The sustained cycle as a closed line, where there is one. */
hf_status hf_i_portrait_cycle(hf_i_json_writer *w, const hf_i_explorer *e,
                              const hf_exploration *found);
/* The number of a stable rest point: 0 is the one with the most closeness. */
int hf_i_rest_group(const hf_exploration *found, size_t index);
/* Says that there is a cycle, where there is one. */
hf_status hf_i_cycle_finding(hf_findings *to, const hf_exploration *found);
/* Titles and ranges of that plane. */
void hf_i_portrait_axes(hf_i_json_writer *w);
/* The table of traits, options and constants with their origins. */
hf_status hf_i_origin_table(hf_findings *to, hf_ctx *ctx, const hf_pair *pair,
                            const char *const origin[2], double trait_sd,
                            const hf_i_nepd_constants *k, bool own_constants);

#endif
