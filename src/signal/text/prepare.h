/* SPDX-License-Identifier: MIT */
/* A corpus as numbers: the sparse matrix of the linear part, the vocabulary and the token lists of
 * the networks. */
#ifndef HF_SIGNAL_TEXT_PREPARE_H
#define HF_SIGNAL_TEXT_PREPARE_H

#include "signal/text/corpus.h"
#include "signal/text/features.h"
#include "signal/text/linear.h"
#include "signal/text/net.h"

typedef struct hf_i_vocabulary {
    uint64_t *hash; /* [slots] 0: empty */
    uint32_t *word; /* [slots] row, HF_NET_WORD_NONE: too rare */
    uint32_t *count;
    uint32_t *at_row, *at_token; /* [words] where the word was seen first */
    size_t slots, used;
    uint32_t words; /* rows in the networks' tables */
} hf_i_vocabulary;

typedef struct hf_i_prepared {
    hf_ctx *ctx;
    const hf_i_corpus *corpus;
    unsigned bits, sub_bits;
    uint8_t *idf; /* [1 << bits] in steps of 1 / HF_WEIGHTS_IDF_ONE */
    hf_i_matrix x;
    hf_i_vocabulary vocabulary;
    hf_i_net_input *in; /* [corpus rows] */
    hf_i_arena arena;
} hf_i_prepared;

enum { HF_VOCABULARY_MIN = 2 }; /* a word seen once teaches nothing */

hf_status hf_i_prepare(hf_i_prepared *p, hf_ctx *ctx, const hf_i_corpus *corpus, unsigned bits,
                       unsigned sub_bits);
void hf_i_prepared_dispose(hf_i_prepared *p);

#endif
