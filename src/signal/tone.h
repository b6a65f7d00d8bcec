/* SPDX-License-Identifier: MIT */
/* What each turn does and how warm its words are, by the text model. */
#ifndef HF_SIGNAL_TONE_H
#define HF_SIGNAL_TONE_H

#include "signal/turns.h"
#include "signal/words.h"

#include <holdfast/text_model.h>

/* What the text model reads in each turn, its messages joined and the turn before it known. */
typedef struct hf_i_readings {
    float *warmth; /* [turn_count] in the writer's own standard deviations from the own
                      mean; NaN where the model says nothing */
    float (*acts)[HF_ACT_COUNT]; /* [turn_count] probabilities; NaN likewise */
    uint8_t *need;               /* [turn_count] hf_need its words point to, or HF_NEED_COUNT */
} hf_i_readings;

/* All three NULL when there is no model. Nothing is read of turns that are flagged, without words
 * or in another language. path: of the weights, NULL: where they usually lie, "none": do without.
 */
hf_status hf_i_tone_read(hf_i_readings *out, hf_ctx *ctx, const hf_i_turns *turns,
                         const char *path);
void hf_i_readings_dispose(hf_i_readings *readings, hf_ctx *ctx);

/* Empty acts and needs, for a record whose turns are tagged by hand. */
hf_status hf_i_readings_none(hf_i_readings *out, hf_ctx *ctx, size_t count);

/* Turns raw values into deviations from their writer's own mean, in place; all NaN for a partner
 * with fewer than 30 values or no spread. */
void hf_i_tone_standardise(float *values, const hf_i_turns *turns);

#endif
