/* SPDX-License-Identifier: MIT */
/* How warm the words of each turn are against their writer's own usual, by the text model. */
#ifndef HF_SIGNAL_TONE_H
#define HF_SIGNAL_TONE_H

#include "signal/turns.h"
#include "signal/words.h"

/* *out: [turn_count] warmth in the writer's own standard deviations from the own mean, NaN where
 * the model says nothing (no words, another language, flagged); NULL when there is no model. path:
 * of the weights, NULL: where they usually lie, "none": do without. */
hf_status hf_i_tone_read(float **out, hf_ctx *ctx, const hf_i_turns *turns, const char *path);

/* Turns raw values into deviations from their writer's own mean, in place; all NaN for a partner
 * with fewer than 30 values or no spread. */
void hf_i_tone_standardise(float *values, const hf_i_turns *turns);

#endif
