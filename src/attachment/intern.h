/* SPDX-License-Identifier: MIT */
/* Texts to numbers: each different text gets the next index. */
#ifndef HF_ATTACHMENT_INTERN_H
#define HF_ATTACHMENT_INTERN_H

#include "base/base.h"

typedef struct hf_i_intern {
    hf_ctx *ctx;
    hf_i_arena arena;
    const char **text; /* [count] */
    size_t count, text_capacity;
    struct hf_i_intern_slot {
        uint32_t hash, index; /* index + 1; 0: free */
    } * slots;
    size_t slot_count;
} hf_i_intern;

void hf_i_intern_init(hf_i_intern *in, hf_ctx *ctx);
void hf_i_intern_dispose(hf_i_intern *in);
/* *fresh (may be NULL) tells whether the text is new. */
hf_status hf_i_intern_add(hf_i_intern *in, const char *text, size_t len, uint32_t *index,
                          bool *fresh);

#endif
