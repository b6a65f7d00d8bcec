/* SPDX-License-Identifier: MIT */
#ifndef HF_CYCLE_SAYS_H
#define HF_CYCLE_SAYS_H

#include "cycle/model.h"

/* p(words | act), the largest 1; out[0] < 0 when the turn says nothing (not coded, masked, or of
 * the partner whose words are hidden). */
void hf_i_says_acts(float out[HF_I_CYCLE_ACTS], const hf_cycle_turn *t, const double *base,
                    int hide);
/* Log likelihood of timing and tone by state, against connection; bounded by the model's
 * timing_most and tone_most. */
void hf_i_says_rest(float out[HF_I_STATES], const hf_cycle_turn *t, const hf_i_cycle_model *m,
                    int hide);
/* All of it: likelihood by state, the largest 1; returns the log of the factor taken out. */
double hf_i_says_states(float out[HF_I_STATES], const hf_cycle_turn *t,
                        const float says[HF_I_CYCLE_ACTS], const float rest[HF_I_STATES],
                        const hf_i_cycle_model *m);

#endif
