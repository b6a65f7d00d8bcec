/* SPDX-License-Identifier: MIT */
/* The file of weights and what it becomes in memory. Little-endian; sections start at multiples of
 * 64 bytes; everything after the header is covered by its checksum. */
#ifndef HF_SIGNAL_TEXT_WEIGHTS_H
#define HF_SIGNAL_TEXT_WEIGHTS_H

#include "base/base.h"

#include "signal/lexicon.h"
#include "signal/text/cues.h"

#include <holdfast/text_model.h>

enum {
    HF_WEIGHTS_VERSION = 2,
    HF_WEIGHTS_HEADS = 64,                               /* columns of the linear part */
    HF_WEIGHTS_ACTS = 32,                                /* columns of the linear part for acts */
    HF_WEIGHTS_OUT = HF_WEIGHTS_HEADS + HF_WEIGHTS_ACTS, /* of each network: heads, then acts */
    HF_WEIGHTS_ACT_BITS = 15,
    HF_WEIGHTS_NETS = 4, /* at most */
    HF_WEIGHTS_NAME = 40,
    HF_WEIGHTS_LABELS = 128,
    HF_WARM_LABELS = 6, /* whose probabilities make a turn warm */
    HF_COLD_LABELS = 5,
    HF_WEIGHTS_IDF_ONE = 16, /* idf 1 as stored */
    HF_WEIGHTS_ACT_LABELS = HF_ACT_COUNT + HF_NEED_COUNT,
    HF_ACTS_BEFORE = 2 * HF_ACT_COUNT /* scores of the turn before: linear part, networks */
};

typedef enum hf_i_section {
    HF_SECTION_INFO,       /* hf_i_weights_info */
    HF_SECTION_LABELS,     /* hf_i_weights_label [labels] */
    HF_SECTION_IDF,        /* uint8_t [1 << bits] */
    HF_SECTION_ROWS,       /* int8_t [1 << bits, HEADS] */
    HF_SECTION_ROWS_SCALE, /* float [HEADS], then bias [HEADS] */
    HF_SECTION_VOCABULARY, /* uint32_t tag, uint32_t word [slots] */
    HF_SECTION_STACK,      /* float [inputs, heads], then bias [heads] */
    HF_SECTION_ACT_ROWS,   /* int8_t [1 << ACT_BITS, ACTS] */
    HF_SECTION_ACT_SCALE,  /* float [ACTS], bias [ACTS], thresholds [ACTS] */
    HF_SECTION_ACTS,       /* float [inputs, ACTS], then bias [ACTS] */
    HF_SECTION_NOTES,      /* text: attributions and how it was made */
    HF_SECTION_NET,        /* NETS x 8 sections from here */
    HF_SECTION_COUNT = HF_SECTION_NET + HF_WEIGHTS_NETS * 8
} hf_i_section;

typedef enum hf_i_net_section {
    HF_NET_WORDS,    /* int8_t [words, dim]; rows of the vocabulary hold their sub-words already */
    HF_NET_SUBS,     /* int8_t [1 << sub_bits, dim] */
    HF_NET_CONV,     /* int8_t [filters, 3, dim] */
    HF_NET_CONV_F,   /* float factor [filters], bias [filters]: products in steps of the pool */
    HF_NET_HIDDEN,   /* int8_t [hidden, filters + dim] */
    HF_NET_HIDDEN_F, /* float scale [hidden], bias [hidden] */
    HF_NET_OUT,      /* int8_t [OUT, hidden] */
    HF_NET_OUT_F     /* float scale [OUT], bias [OUT], mean factor, hidden factor */
} hf_i_net_section;

typedef struct hf_i_weights_header {
    char magic[8]; /* "HFTEXT" and two zeros */
    uint32_t version, header_bytes;
    uint64_t file_bytes, checksum;
    struct {
        uint64_t offset, bytes;
    } section[HF_SECTION_COUNT];
} hf_i_weights_header;

typedef struct hf_i_weights_info {
    uint32_t bits, sub_bits, slots, words; /* words: rows of the networks' word tables */
    uint32_t nets, heads, labels, stack_inputs;
    uint32_t acts, act_inputs, first_emotion, emotions;
    uint32_t dim[HF_WEIGHTS_NETS], filters[HF_WEIGHTS_NETS], hidden[HF_WEIGHTS_NETS];
} hf_i_weights_info;

/* A label of the output. Groups that mean the same share a head. */
typedef struct hf_i_weights_label {
    char name[HF_WEIGHTS_NAME];
    uint32_t head;
    float threshold;     /* of the probability */
    float base_rate;     /* where it was learnt */
    float slope, offset; /* calibration of the logit (Platt) */
} hf_i_weights_label;

typedef struct hf_i_net_weights {
    uint32_t dim, filters, hidden, pooled;
    const int8_t *words, *subs;
    const float *conv_factor, *hidden_scale, *hidden_bias, *out_scale, *out_bias;
    float mean_factor, hidden_factor;
    int16_t *conv, *conv_bias, *h, *out; /* widened copies */
} hf_i_net_weights;

typedef struct hf_text_model hf_i_text_model;

struct hf_text_model {
    hf_ctx *ctx;
    hf_i_file file;
    const hf_i_weights_header *header;
    const hf_i_weights_info *info;
    const hf_i_weights_label *labels;
    const uint8_t *idf;
    const int8_t *rows;
    const float *rows_scale, *rows_bias;
    const uint32_t *vocabulary; /* [slots, 2] */
    const int8_t *act_rows;
    const float *act_scale, *act_bias, *act_threshold;
    uint32_t warmth_label[HF_WARM_LABELS + HF_COLD_LABELS]; /* UINT32_MAX: not in these weights */
    hf_i_cues cues;
    hf_i_lexicon lexicon; /* for the language of a turn */
    bool stack_own;       /* a head's logit looks at nothing but its own two scores */
    const float *stack, *stack_bias, *acts, *acts_bias;
    const char *notes;
    size_t notes_len;
    hf_i_net_weights net[HF_WEIGHTS_NETS];
};

uint64_t hf_i_weights_checksum(const unsigned char *bytes, size_t n);
/* The row of a word by its hash; 0 when it is not in the vocabulary. */
uint32_t hf_i_weights_word(const hf_i_text_model *m, uint64_t hash);

#endif
