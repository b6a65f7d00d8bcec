/* SPDX-License-Identifier: MIT */
/* Where the writers of this room put their bytes: a buffer, a file, anything. */
#ifndef HF_TEXT_SINK_H
#define HF_TEXT_SINK_H

#include "base/base.h"

typedef struct hf_i_sink {
    hf_status (*write)(void *user, const void *bytes, size_t size);
    void *user;
} hf_i_sink;

hf_i_sink hf_i_sink_buf(hf_i_buf *buf);
hf_i_sink hf_i_sink_outfile(hf_outfile *file);

/* A few KiB between a writer and its sink. The first failure stays: what is put afterwards is
 * dropped, and hf_i_out_flush reports it. So a writer's caller checks once, at the end. */
typedef struct hf_i_out {
    hf_i_sink sink;
    hf_status status;
    size_t used;
    char bytes[4096];
} hf_i_out;

void hf_i_out_init(hf_i_out *out, hf_i_sink sink);
void hf_i_out_put(hf_i_out *out, const char *bytes, size_t size);
hf_status hf_i_out_flush(hf_i_out *out);

static inline void hf_i_out_char(hf_i_out *out, char c)
{
    if (out->used == sizeof out->bytes)
        (void)hf_i_out_flush(out);
    out->bytes[out->used++] = c;
}

#endif
