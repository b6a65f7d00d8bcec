/* SPDX-License-Identifier: MIT */
/* ReadStat's parser as the confined child runs it, here in the process itself. */
#include "record/formats/sav.h"

#include <stdlib.h>

static bool drop(void *user, const void *bytes, size_t size)
{
    *(size_t *)user += size + *(const unsigned char *)bytes;
    return *(size_t *)user < (size_t)64 << 20;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    size_t sum = 0;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 0;
    hf_i_sav_input in = {ctx, (const char *)data, size};
    (void)hf_i_sav_to_csv(&in, drop, &sum);
    hf_ctx_free(ctx);
    return 0;
}
