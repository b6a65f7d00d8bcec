/* SPDX-License-Identifier: MIT */
/* A rules file of foreign bytes: refused with its line, or rules. */
#include <holdfast/guidance.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    hf_rules *rules;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 0;
    if (hf_rules_parse(&rules, ctx, "fuzz", (const char *)data, size) == HF_OK)
        hf_rules_free(rules);
    hf_ctx_free(ctx);
    return 0;
}
