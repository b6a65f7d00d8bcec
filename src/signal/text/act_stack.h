/* SPDX-License-Identifier: MIT */
/* The last stage of the acts: a ridge logistic regression over everything else that is known of a
 * turn, measured by scenario. */
#ifndef HF_SIGNAL_TEXT_ACT_STACK_H
#define HF_SIGNAL_TEXT_ACT_STACK_H

#include "signal/text/acts.h"
#include "signal/text/parts.h"
#include "signal/text/stack.h"

typedef struct hf_i_act_stack {
    size_t inputs;
    float *weights;     /* [inputs + 1, HF_WEIGHTS_ACTS] */
    float *probability; /* [corpus rows, HF_CORPUS_LABELS] at the acts' labels, cross-fitted */
    double threshold[HF_WEIGHTS_ACTS];
    int label[HF_WEIGHTS_ACTS]; /* corpus labels */
} hf_i_act_stack;

/* linear, net [rows, HF_CORPUS_LABELS]: scores of rows not trained on; main: the stack of heads. */
hf_status hf_i_act_stack_fit(hf_i_act_stack *out, hf_ctx *ctx, const hf_i_corpus *c,
                             const float *linear, const float *net, const hf_i_stack *main,
                             const hf_i_split *split);
void hf_i_act_stack_dispose(hf_i_act_stack *stack, hf_ctx *ctx);

#endif
