/* SPDX-License-Identifier: MIT */
#include "text/sink.h"

#include <string.h>

static hf_status write_buf(void *user, const void *bytes, size_t size)
{
    return hf_i_buf_add(user, bytes, size);
}

static hf_status write_outfile(void *user, const void *bytes, size_t size)
{
    return hf_outfile_write(user, bytes, size);
}

hf_i_sink hf_i_sink_buf(hf_i_buf *buf)
{
    return (hf_i_sink){write_buf, buf};
}

hf_i_sink hf_i_sink_outfile(hf_outfile *file)
{
    return (hf_i_sink){write_outfile, file};
}

void hf_i_out_init(hf_i_out *out, hf_i_sink sink)
{
    out->sink = sink;
    out->status = HF_OK;
    out->used = 0;
}

hf_status hf_i_out_flush(hf_i_out *out)
{
    if (out->status == HF_OK && out->used)
        out->status = out->sink.write(out->sink.user, out->bytes, out->used);
    out->used = 0;
    return out->status;
}

void hf_i_out_put(hf_i_out *out, const char *bytes, size_t size)
{
    if (size > sizeof out->bytes - out->used) {
        (void)hf_i_out_flush(out);
        if (size >= sizeof out->bytes) {
            if (out->status == HF_OK)
                out->status = out->sink.write(out->sink.user, bytes, size);
            return;
        }
    }
    if (size)
        memcpy(out->bytes + out->used, bytes, size);
    out->used += size;
}
