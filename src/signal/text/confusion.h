/* SPDX-License-Identifier: MIT */
/* Which act the model reads where another is: what the simulator passes its acts through
 * (doc/contracts.md 7). */
#ifndef HF_SIGNAL_TEXT_CONFUSION_H
#define HF_SIGNAL_TEXT_CONFUSION_H

#include "signal/text/act_stack.h"

/* Counted over the turns with exactly one act, or none, on which all coders agree; safety is left
 * out on both sides. Read is the act that is furthest above its threshold (the ratio of the two),
 * none when no act reaches it; probabilities and thresholds are those of the cross-validation.
 * Writes a table: a comment, then a line an act, its name and the shares of what is read. */
hf_status hf_i_confusion_write(hf_ctx *ctx, const hf_i_corpus *c, const hf_i_act_stack *acts,
                               const hf_i_split *split, const char *path);

#endif
