/* SPDX-License-Identifier: MIT */
/* Coded sequences: a table of events or of streams, then every number made from it. */
#include "cycle/sequence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(hf_ctx *ctx, const hf_sequences *s)
{
    hf_lag_table *t;
    hf_contrast_options o = HF_CONTRAST_OPTIONS_INIT;
    hf_sequence_contrast c;
    o.given = o.then = hf_sequences_get_state(s, 0);
    o.replicates = 3;
    if (hf_lag_table_new(&t, ctx, s, NULL) == HF_OK)
        hf_lag_table_free(t);
    (void)hf_sequence_contrast_make(&c, ctx, s, &o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const streams[] = {"S", "C"};
    hf_sequence_columns columns = HF_SEQUENCE_COLUMNS_INIT;
    hf_sequences *s;
    hf_ctx *ctx;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 0;
    hf_ctx_set_threads(ctx, 1);
    columns.streams = streams;
    for (columns.n_streams = 0; columns.n_streams <= 2; columns.n_streams += 2)
        if (hf_i_sequences_read_bytes(&s, ctx, "fuzz", data, size, &columns) == HF_OK) {
            use(ctx, s);
            hf_sequences_free(s);
        }
    hf_ctx_free(ctx);
    return 0;
}
