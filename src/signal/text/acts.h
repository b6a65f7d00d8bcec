/* SPDX-License-Identifier: MIT */
/* From heads and lexical cues to acts, tags, needs and warmth. */
#ifndef HF_SIGNAL_TEXT_ACTS_H
#define HF_SIGNAL_TEXT_ACTS_H

#include "signal/text/coder.h"

/* Fills acts, needs and warmth of a turn whose scores are there. */
void hf_i_acts_fill(const hf_text_coder *c, hf_text_result *out);

#endif
