/* SPDX-License-Identifier: MIT */
#ifndef HF_SIGNAL_TEXT_REPORT_H
#define HF_SIGNAL_TEXT_REPORT_H

#include "signal/text/act_stack.h"
#include "signal/text/stack.h"

#include <holdfast/text_model.h>

hf_status hf_i_report_fill(hf_text_report *out, hf_ctx *ctx, const hf_i_corpus *c, size_t heads,
                           const float *linear, const hf_i_stack *stack, const hf_i_split *split);
/* Appends the acts and needs. */
hf_status hf_i_report_acts(hf_text_report *report, hf_ctx *ctx, const hf_i_corpus *c,
                           const float *linear, const hf_i_act_stack *acts,
                           const hf_i_split *split);

#endif
