/* SPDX-License-Identifier: MIT */
/* What the fuzz targets of readers share: read the input as one format and write what came out. */
#ifndef FUZZ_RECORD_H
#define FUZZ_RECORD_H

#include "record/format.h"

#include <stdlib.h>

static bool fuzz_drop(void *user, const char *bytes, size_t size)
{
    *(size_t *)user += size + (size_t)bytes[0];
    return true;
}

/* format NULL: whatever the probes take it for. */
static inline int fuzz_read(const char *format, const char *name, const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    hf_record *record;
    hf_read_options o = HF_READ_OPTIONS_INIT;
    o.format = format;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 0;
    size_t sum = 0;
    if (hf_i_record_read_bytes(&record, ctx, name, data, size, &o) == HF_OK) {
        if (hf_record_write_jsonl(record, ctx, fuzz_drop, &sum) != HF_OK ||
            hf_record_write_summary_json(record, ctx, fuzz_drop, &sum) != HF_OK)
            abort();
        hf_record_free(record);
    }
    hf_ctx_free(ctx);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_READER(format, name)                                                                  \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                                   \
    {                                                                                              \
        return fuzz_read(format, name, data, size);                                                \
    }

#endif
