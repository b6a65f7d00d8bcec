/* SPDX-License-Identifier: MIT */
/* Word and sub-word rows learnt from the bare texts before any label is seen. */
#ifndef HF_SIGNAL_TEXT_PRETRAIN_H
#define HF_SIGNAL_TEXT_PRETRAIN_H

#include "signal/text/net.h"

typedef struct hf_i_pretrain_options {
    int epochs, window, negatives;
    double rate;     /* of the first step, falling to zero in a straight line */
    double frequent; /* words above this share of the text are thinned out */
    double spread;   /* root mean square of the finished rows */
    uint64_t seed;
} hf_i_pretrain_options;

/* Overwrites net->word and net->sub. */
hf_status hf_i_pretrain(hf_i_net *net, const hf_i_net_input *in, size_t rows,
                        const hf_i_pretrain_options *o);

#endif
