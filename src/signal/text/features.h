/* SPDX-License-Identifier: MIT */
/* Hashed n-grams of one turn: words 1-2 and, inside words, bytes 3-5. */
#ifndef HF_SIGNAL_TEXT_FEATURES_H
#define HF_SIGNAL_TEXT_FEATURES_H

#include "signal/text/tokens.h"

typedef struct hf_i_features {
    hf_ctx *ctx;
    uint32_t *rows; /* words first, then characters; a row may stand twice */
    size_t words, count, cap;
    uint32_t *begin; /* [tokens + 1] into rows: the character rows of each token */
    uint64_t *hash;  /* [tokens] of each token's bytes: its name in a vocabulary */
    size_t begin_cap, hash_cap;
} hf_i_features;

void hf_i_features_init(hf_i_features *f, hf_ctx *ctx);
void hf_i_features_dispose(hf_i_features *f);
/* Rows are below 1 << bits. salt keeps the features of an earlier turn apart from the turn's own.
 */
hf_status hf_i_features_read(hf_i_features *f, const hf_i_text_tokens *t, unsigned bits,
                             uint64_t salt);

/* A hash of bytes that does not depend on the machine: 64 good bits. */
uint64_t hf_i_text_hash(const char *bytes, size_t len, uint64_t salt);

#endif
