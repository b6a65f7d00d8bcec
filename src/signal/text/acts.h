/* SPDX-License-Identifier: MIT */
/* From heads and lexical cues to acts, tags, needs and warmth. */
#ifndef HF_SIGNAL_TEXT_ACTS_H
#define HF_SIGNAL_TEXT_ACTS_H

#include "signal/text/coder.h"

/* What the last stage looks at: acts by the linear part, acts by the networks, the heads' logits,
 * cues and surface, the acts of the turn before. */
static inline uint32_t hf_i_act_inputs(uint32_t heads)
{
    return 2 * HF_WEIGHTS_ACT_LABELS + heads + HF_CUE_FEATURES + HF_ACTS_BEFORE;
}

/* Fills acts, needs and warmth of a turn whose scores are there. */
hf_status hf_i_acts_fill(hf_text_coder *c, const hf_text_turn *turn, hf_text_result *out);

#endif
