/* SPDX-License-Identifier: MIT */
/* One thread's working memory for scoring, and the steps from tokens to logits. */
#ifndef HF_SIGNAL_TEXT_CODER_H
#define HF_SIGNAL_TEXT_CODER_H

#include "signal/text/features.h"
#include "signal/text/kernel.h"
#include "signal/text/tokens.h"
#include "signal/text/weights.h"
#include "signal/words.h"

enum {
    HF_CODER_CACHE_BITS = 12, /* 4,096 words have their products kept */
    HF_CODER_CACHE = 1 << HF_CODER_CACHE_BITS,
    HF_CODER_HIDDEN = 512,
    HF_CODER_LAST = 512 /* bytes of the longest turn that is kept */
};

typedef struct hf_i_net_cache {
    uint32_t *key;     /* [CACHE] word row, 0: empty */
    int16_t *products; /* [CACHE, 3 filters] */
    int16_t *rare;     /* [tokens, 3 filters] of this turn's words outside the cache */
    size_t rare_cap, rare_count;
} hf_i_net_cache;

struct hf_text_coder {
    hf_ctx *ctx;
    const hf_i_text_model *model;
    hf_i_text_tokens tokens, prev;
    hf_i_words words; /* for the language */
    hf_i_features features;
    uint32_t *word;       /* [tokens] */
    const int16_t **part; /* [tokens + 2] */
    size_t word_cap, part_cap;
    int16_t *zeros;
    hf_i_net_cache cache[HF_WEIGHTS_NETS];
    float linear[HF_WEIGHTS_HEADS], act_linear[HF_WEIGHTS_ACTS];
    float network[HF_WEIGHTS_OUT];
    float logit[HF_WEIGHTS_HEADS];
    /* The acts' scores of the last turn coded: it often is the turn before of the next one. */
    char last[HF_CODER_LAST];
    size_t last_len; /* SIZE_MAX: none, or too long to keep */
    float last_acts[HF_ACTS_BEFORE];
};

/* tokens and features of the turn must have been read. */
void hf_i_coder_linear(hf_text_coder *c);
void hf_i_coder_act_linear(hf_text_coder *c);
hf_status hf_i_coder_network(hf_text_coder *c);
void hf_i_coder_stack(hf_text_coder *c);

/* 1 / (1 + exp(-x)), the same bits everywhere. */
float hf_i_sigmoid(float x);

#endif
