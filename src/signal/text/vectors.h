/* SPDX-License-Identifier: MIT */
/* Word vectors made elsewhere from much more text than the training sets hold: where the networks'
 * word rows start. A text file, one word a line with its numbers, blanks between, the most
 * frequent word first (the form in which GloVe's vectors come).
 * Source: Pennington, Socher & Manning 2014, EMNLP. */
#ifndef HF_SIGNAL_TEXT_VECTORS_H
#define HF_SIGNAL_TEXT_VECTORS_H

#include "signal/text/prepare.h"

typedef struct hf_i_vectors {
    hf_ctx *ctx;
    size_t dim, count, slots;
    uint64_t *hash; /* [slots] 0: empty */
    uint32_t *at;   /* [slots] */
    float *value;   /* [count, dim] */
    size_t value_cap;
} hf_i_vectors;

/* Reads the first `most` words. The first `extra` of them that are one token each become rows of
 * the corpus (set HF_SET_WORDS, no labels), so that the vocabulary holds them although no training
 * text does. HF_E_PARSE with the line: no number, or another count of numbers than the line
 * before. */
hf_status hf_i_vectors_read(hf_i_vectors *v, hf_i_corpus *c, const char *path, size_t most,
                            size_t extra);
void hf_i_vectors_dispose(hf_i_vectors *v);

/* The word rows of net that have a vector start from it (its dimensions first, the rest near
 * zero), all with the root mean square `spread`; sub-word rows start near zero. Contractions start
 * as the sum of their parts ("don't": do, not). */
hf_status hf_i_vectors_fill(const hf_i_vectors *v, const hf_i_prepared *p, hf_i_net *net,
                            double spread, uint64_t seed);

#endif
