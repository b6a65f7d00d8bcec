/* SPDX-License-Identifier: MIT */
#include "text/json_read.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 0;
    hf_i_json_reader j;
    hf_i_json_open(&j, ctx, NULL, data, size);
    j.many = size % 2;
    uint64_t before = 0;
    while (hf_i_json_next(&j) == HF_OK && j.token != HF_I_JSON_END) {
        /* Places never go back, and skipping ends inside the input. */
        if (j.byte < before || j.byte > size)
            abort();
        before = j.byte;
        if (j.token == HF_I_JSON_KEY && j.len == 4 && hf_i_json_skip(&j) != HF_OK)
            break;
    }
    hf_i_json_dispose(&j);
    hf_ctx_free(ctx);
    return 0;
}
