/* SPDX-License-Identifier: MIT */
/* The parts of hf_i_estimates_make that are no plain ratios. */
#ifndef HF_SIGNAL_ESTIMATES_OTHER_H
#define HF_SIGNAL_ESTIMATES_OTHER_H

#include "signal/estimates.h"

/* Fills usual, band, z, known and seen from recent and change, which are set, and the values of the
 * earlier periods (overwritten). recent: how many periods are recent. */
void hf_i_usual_fill(hf_i_usual *u, double *values, size_t earlier, size_t recent);

/* Waiting times: medians by Kaplan-Meier, their intervals by the block bootstrap. */
hf_status hf_i_estimate_replies(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *m);
/* What random pairs of turns would share (uptake), and turn-length accommodation. */
hf_status hf_i_estimate_chance(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *m);
hf_status hf_i_estimate_rhythm(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *m);

#endif
