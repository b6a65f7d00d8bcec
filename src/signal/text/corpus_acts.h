/* SPDX-License-Identifier: MIT */
/* The own annotated turns: turns.tsv (id, scenario, prev, text), coder_a.tsv and coder_b.tsv (id,
 * acts, tags, needs as lists with commas). */
#ifndef HF_SIGNAL_TEXT_CORPUS_ACTS_H
#define HF_SIGNAL_TEXT_CORPUS_ACTS_H

#include "signal/text/corpus.h"

/* Adds the turns to set; labels are named act_..., then need_..., in the order of their lists. A
 * turn has a label when either coder gave it. coder_b may be missing. */
hf_status hf_i_corpus_read_acts(hf_i_corpus *c, const char *dir, uint32_t set);

/* Cohen's kappa of the two coders for each of the 28 labels; NaN without coder_b. */
hf_status hf_i_acts_agreement(hf_ctx *ctx, const char *dir, double *kappa, uint64_t *a_count,
                              uint64_t *b_count);

#endif
