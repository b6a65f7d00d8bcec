/* SPDX-License-Identifier: MIT */
/* Lexical cues and surface features of a turn, from a data file anyone can read and change. */
#ifndef HF_SIGNAL_TEXT_CUES_H
#define HF_SIGNAL_TEXT_CUES_H

#include "signal/text/features.h"

#include <holdfast/text_model.h>

enum {
    HF_CUE_WARM = HF_ACT_COUNT + HF_NEED_COUNT, /* after the acts and the needs */
    HF_CUE_COLD,
    HF_CUE_COUNT,
    HF_CUE_SURFACE = 14,
    HF_CUE_PREV =
        HF_ACT_COUNT + 2, /* cues of the turn before, whether there is one, its question */
    HF_CUE_FEATURES = HF_CUE_COUNT + HF_CUE_SURFACE + HF_CUE_PREV
};

typedef struct hf_i_cues {
    hf_ctx *ctx;
    struct hf_i_cue {
        uint64_t hash;
        uint32_t sections; /* bits */
    } * slots;
    size_t slot_count, used;
    uint32_t longest; /* words of the longest phrase */
} hf_i_cues;

/* name: of the embedded file, "acts/cues_en.txt". */
hf_status hf_i_cues_read(hf_i_cues *cues, hf_ctx *ctx, const char *name);
void hf_i_cues_dispose(hf_i_cues *cues);

/* found [HF_CUE_COUNT]: how often each section's phrases stand in the turn, at most 3. */
void hf_i_cues_count(const hf_i_cues *cues, const hf_i_text_tokens *t, const uint64_t *hash,
                     float *found);
/* out [HF_CUE_SURFACE]: question and exclamation marks, person words, length, capitals. */
void hf_i_cues_surface(const hf_i_text_tokens *t, float *out);
/* out [HF_CUE_FEATURES]: cues and surface of the turn, then of the turn before (prev NULL: none).
 * hash: of the tokens, as hf_i_features_read gives them. */
void hf_i_cues_fill(const hf_i_cues *cues, const hf_i_text_tokens *t, const uint64_t *hash,
                    const hf_i_text_tokens *prev, float *out);

#endif
