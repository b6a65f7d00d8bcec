/* SPDX-License-Identifier: MIT */
/* From trained parts to a file of weights: quantised to 8 bits, one scale a head or unit. */
#ifndef HF_SIGNAL_TEXT_PACK_H
#define HF_SIGNAL_TEXT_PACK_H

#include "signal/text/parts.h"

typedef struct hf_i_pack {
    const hf_i_prepared *p;
    size_t heads; /* main heads: the first labels of the corpus */
    size_t acts;  /* labels of the set of acts, in their order */
    int act_label[HF_WEIGHTS_ACTS];
    const hf_i_linear_part *linear; /* [HF_SET_COUNT] */
    const hf_i_net *nets;
    size_t net_count;
    const hf_i_weights_label *labels;
    size_t label_count, first_emotion, emotions;
    const float *stack; /* [2 heads + 1, heads]: inputs, then the bias */
    size_t act_inputs;
    const float *act_stack;      /* [act_inputs + 1, HF_WEIGHTS_ACTS] */
    const double *act_threshold; /* [acts] */
    const char *notes;
} hf_i_pack;

hf_status hf_i_pack_write(hf_ctx *ctx, const hf_i_pack *pack, const char *path);

#endif
