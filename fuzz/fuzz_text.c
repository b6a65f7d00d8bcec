/* SPDX-License-Identifier: MIT */
/* Any bytes as the text of a turn: tokens, n-grams and cues stay inside their buffers. */
#include "signal/text/cues.h"
#include "signal/text/features.h"

#include <holdfast/text_model.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(hf_ctx *ctx, const uint8_t *data, size_t size)
{
    hf_i_text_tokens t;
    hf_i_features f;
    hf_i_cues cues;
    float found[HF_CUE_FEATURES];
    hf_i_text_tokens_init(&t, ctx);
    hf_i_features_init(&f, ctx);
    if (hf_i_cues_read(&cues, ctx, "acts/cues_en.txt") != HF_OK)
        abort();
    if (hf_i_text_tokens_read(&t, (const char *)data, size) == HF_OK &&
        hf_i_features_read(&f, &t, 17, 0) == HF_OK) {
        for (size_t i = 0; i < f.count; i++)
            if (f.rows[i] >> 17)
                abort();
        for (size_t i = 0; i < t.count; i++)
            if (t.items[i].len == 0 || t.items[i].len > HF_TOKEN_MAX_LEN ||
                t.items[i].at + t.items[i].len >= t.text_len)
                abort();
        hf_i_cues_fill(&cues, &t, f.hash, &t, found);
    }
    hf_i_cues_dispose(&cues);
    hf_i_features_dispose(&f);
    hf_i_text_tokens_dispose(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 0;
    check(ctx, data, size);
    hf_ctx_free(ctx);
    return 0;
}
