/* SPDX-License-Identifier: MIT */
/* The own annotated turns: turns.tsv (id, scenario, prev, text), coder_a.tsv and coder_b.tsv (id,
 * acts, tags, needs as lists with commas). */
#ifndef HF_SIGNAL_TEXT_CORPUS_ACTS_H
#define HF_SIGNAL_TEXT_CORPUS_ACTS_H

#include "signal/text/corpus.h"

/* Adds the turns to set, each after a row without labels for its turn before; labels are named
 * act_..., then need_..., in the order of their lists. With two coders a turn stands twice, once
 * with each coder's labels: both are learnt from. coder_b may be missing. */
hf_status hf_i_corpus_read_acts(hf_i_corpus *c, const char *dir, uint32_t set);

#endif
