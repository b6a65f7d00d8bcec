/* SPDX-License-Identifier: MIT */
/* The small network: word and sub-word embeddings, one convolution of three words, largest and
 * mean value over the turn, one hidden layer, all heads on top. Trained on all sets together. */
#ifndef HF_SIGNAL_TEXT_NET_H
#define HF_SIGNAL_TEXT_NET_H

#include "base/base.h"

/* What a turn looks like to the network: for each token a word row and a few sub-word rows. */
typedef struct hf_i_net_input {
    uint32_t tokens;
    const uint32_t *word;  /* [tokens]; HF_NET_WORD_NONE: not in the vocabulary */
    const uint32_t *begin; /* [tokens + 1] into sub */
    const uint32_t *sub;
    const uint8_t *flags; /* [tokens] HF_TOKEN_CAPS, HF_TOKEN_LONG: word rows 1 and 2 are added */
} hf_i_net_input;

enum { HF_NET_WORD_NONE = 0, HF_NET_WORD_CAPS = 1, HF_NET_WORD_LONG = 2, HF_NET_WORD_FIRST = 3 };

typedef struct hf_i_net {
    hf_ctx *ctx;
    size_t words, subs;                 /* rows of the tables */
    size_t dim, filters, hidden, heads; /* multiples of 16 */
    size_t pooled;                      /* filters + dim */
    float *word, *sub;                  /* [words, dim], [subs, dim] */
    float *conv, *conv_bias;            /* [filters, 3 dim] */
    float *h, *h_bias;                  /* [hidden, pooled] */
    float *out, *out_bias;              /* [heads, hidden] */
    float *dense;                       /* the block that holds conv .. out_bias */
    size_t dense_count;
} hf_i_net;

typedef struct hf_i_net_options {
    int epochs, batch;
    double rate_table, rate_dense, decay;
    double drop_word, drop_pooled, drop_hidden;
    uint64_t seed;
} hf_i_net_options;

hf_status hf_i_net_init(hf_i_net *net, hf_ctx *ctx, size_t words, size_t subs, size_t dim,
                        size_t filters, size_t hidden, size_t heads, uint64_t seed);
void hf_i_net_dispose(hf_i_net *net);

enum { HF_NET_TOKENS = 160 }; /* tokens of a turn the network looks at */

/* Working memory of one thread. */
typedef struct hf_i_net_work {
    float *e, *z, *pooled, *hidden, *logit;
    float *de, *dpooled, *dhidden, *dlogit, *mask_pooled, *mask_hidden;
    uint32_t *best; /* [filters] token with the largest value */
    float *grad, *m1, *m2, *word_g2, *sub_g2;
    float *mean_dense; /* running mean of the dense part */
    uint8_t dropped[HF_NET_TOKENS];
} hf_i_net_work;

hf_status hf_i_net_work_init(hf_i_net_work *w, const hf_i_net *net, bool train);
void hf_i_net_work_dispose(hf_i_net_work *w, const hf_i_net *net);

/* logit [heads] */
void hf_i_net_forward(const hf_i_net *net, hf_i_net_work *w, const hf_i_net_input *in);

/* y [rows, heads] with -1 for not annotated; weight [heads]: of a head's loss. target, when not
 * NULL, replaces y by soft targets in [0, 1] (negative: none). */
hf_status hf_i_net_train(hf_i_net *net, const hf_i_net_input *in, size_t rows, const int8_t *y,
                         const float *target, const float *weight, const hf_i_net_options *o);

/* One example's loss and gradients without any dropout, for the gradient check: dense gradient
 * into w->grad, gradient of the tokens into w->de. */
double hf_i_net_loss(const hf_i_net *net, hf_i_net_work *w, const hf_i_net_input *in,
                     const float *target, const float *weight);

#endif
