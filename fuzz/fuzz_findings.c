/* SPDX-License-Identifier: MIT */
/* A findings document of foreign bytes: refused with its place, or read and guided. */
#include <holdfast/guidance.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    hf_findings *findings;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 0;
    if (hf_findings_parse(&findings, ctx, "fuzz", (const char *)data, size) == HF_OK) {
        (void)hf_guide(findings, ctx, NULL);
        hf_findings_free(findings);
    }
    hf_ctx_free(ctx);
    return 0;
}
