/* SPDX-License-Identifier: MIT */
/* The sentences of this room: data/guidance/XX.json. */
#ifndef HF_GUIDANCE_TEXTS_H
#define HF_GUIDANCE_TEXTS_H

#include "text/json_tree.h"

typedef struct hf_i_guide_texts {
    hf_ctx *ctx;
    char language[8];
    hf_i_json_tree tree;
    hf_i_buf said; /* the sentence got last, NUL-terminated */
} hf_i_guide_texts;

/* Fails with HF_E_NOT_FOUND when the language has no file. Dispose of it in either case. */
hf_status hf_i_guide_texts_open(hf_i_guide_texts *t, hf_ctx *ctx, const char *language);
void hf_i_guide_texts_dispose(hf_i_guide_texts *t);
/* NULL when there is no such sentence. Borrowed until the next call. */
const char *hf_i_guide_text(hf_i_guide_texts *t, const char *key);

#endif
