/* SPDX-License-Identifier: MIT */
/* The trained parts in floating point: one linear table and a few networks. */
#ifndef HF_SIGNAL_TEXT_PARTS_H
#define HF_SIGNAL_TEXT_PARTS_H

#include "signal/text/prepare.h"
#include "signal/text/pretrain.h"
#include "signal/text/suite.h"
#include "signal/text/weights.h"

typedef struct hf_i_recipe {
    double cost[HF_SET_COUNT];     /* C of the linear part */
    double positive[HF_SET_COUNT]; /* times C for positives */
    float weight[HF_SET_COUNT];    /* of a set's heads in the networks' loss; 0: left out */
    int linear_epochs, nets;
    size_t dim, filters, hidden;
    hf_i_net_options net;
    hf_i_pretrain_options pretrain;
    uint64_t seed;
} hf_i_recipe;

extern const hf_i_recipe hf_i_recipe_default;

/* Which rows teach: fold < 0 all of them, else those of other folds. */
typedef struct hf_i_split {
    int fold, folds, kept; /* kept >= 0: a fold that is left out everywhere */
} hf_i_split;

bool hf_i_split_teaches(const hf_i_split *split, const hf_i_corpus_row *row);

/* Linear part of one set. weights [columns, heads8] and bias; labels of the set in their order. */
typedef struct hf_i_linear_part {
    size_t labels, heads; /* heads: labels rounded up to 8 */
    int label[HF_CORPUS_LABELS];
    float *weights, *bias;
    hf_i_matrix folded; /* of the set of acts only: fewer columns, no idf */
} hf_i_linear_part;

hf_status hf_i_linear_part_train(hf_i_linear_part *out, const hf_i_prepared *p, uint32_t set,
                                 const hf_i_split *split, const hf_i_recipe *recipe);
void hf_i_linear_part_dispose(hf_i_linear_part *part, hf_ctx *ctx);
/* score [labels] */
void hf_i_linear_part_score(const hf_i_linear_part *part, const hf_i_prepared *p, uint32_t row,
                            float *score);

hf_status hf_i_net_part_train(hf_i_net *out, const hf_i_prepared *p, const hf_i_split *split,
                              const hf_i_recipe *recipe, int number);

#endif
