/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

void hf_i_buf_init(hf_i_buf *buf, hf_ctx *ctx, uint64_t max, const char *what)
{
    *buf = (hf_i_buf){.ctx = ctx, .max = max, .what = what};
}

void hf_i_buf_dispose(hf_i_buf *buf)
{
    hf_i_free(buf->ctx, buf->data);
    buf->data = NULL;
    buf->len = buf->cap = 0;
}

void hf_i_buf_clear(hf_i_buf *buf)
{
    buf->len = 0;
    if (buf->data)
        buf->data[0] = '\0';
}

hf_status hf_i_buf_reserve(hf_i_buf *buf, size_t extra)
{
    if (extra > buf->max || buf->len > buf->max - extra)
        return hf_i_fail(buf->ctx, HF_E_LIMIT, NULL, "%s is longer than %llu bytes", buf->what,
                         (unsigned long long)buf->max);
    return hf_i_grow(buf->ctx, &buf->data, &buf->cap, (uint64_t)buf->len + extra + 1, 1,
                     buf->max + 1, buf->what);
}

hf_status hf_i_buf_add(hf_i_buf *buf, const void *bytes, size_t size)
{
    HF_TRY(hf_i_buf_reserve(buf, size));
    if (size)
        memcpy(buf->data + buf->len, bytes, size);
    buf->len += size;
    buf->data[buf->len] = '\0';
    return HF_OK;
}

hf_status hf_i_buf_add_str(hf_i_buf *buf, const char *text)
{
    return hf_i_buf_add(buf, text, strlen(text));
}

hf_status hf_i_buf_add_char(hf_i_buf *buf, char c)
{
    return hf_i_buf_add(buf, &c, 1);
}

hf_status hf_i_buf_printf(hf_i_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        return hf_i_fail(buf->ctx, HF_E_INTERNAL, NULL, "cannot format %s", buf->what);
    HF_TRY(hf_i_buf_reserve(buf, (size_t)need));
    va_start(args, format);
    vsnprintf(buf->data + buf->len, (size_t)need + 1, format, args);
    va_end(args);
    buf->len += (size_t)need;
    return HF_OK;
}
