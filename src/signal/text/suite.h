/* SPDX-License-Identifier: MIT */
/* The public sets the shipped model is trained on: which files, which columns, which groups. */
#ifndef HF_SIGNAL_TEXT_SUITE_H
#define HF_SIGNAL_TEXT_SUITE_H

#include "signal/text/corpus.h"

typedef enum hf_i_set {
    HF_SET_GOEMOTIONS,
    HF_SET_OFFMYCHEST,
    HF_SET_CASINO,
    HF_SET_CONVABUSE,
    HF_SET_XED,
    HF_SET_PERSUASION,
    HF_SET_EMPATHIC,
    HF_SET_ACTS,
    HF_SET_COUNT
} hf_i_set;

extern const char *const hf_i_set_names[HF_SET_COUNT];
extern const char *const hf_i_goemotions[28];

/* Reads what the folder holds (goemotions/train.tsv ...); the four first sets must be there. */
hf_status hf_i_suite_read(hf_i_corpus *c, const char *dir);

#endif
