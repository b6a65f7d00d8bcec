/* SPDX-License-Identifier: MIT */
#include "guidance/html.h"

#include "text/utf8.h"

#include <string.h>

static hf_status escape(hf_i_buf *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char *as = text[i] == '<'   ? "&lt;"
                         : text[i] == '>' ? "&gt;"
                         : text[i] == '&' ? "&amp;"
                         : text[i] == '"' ? "&quot;"
                                          : NULL;
        HF_TRY(as ? hf_i_buf_add_str(out, as) : hf_i_buf_add_char(out, text[i]));
    }
    return HF_OK;
}

hf_status hf_i_html_text(hf_i_buf *out, const char *text, size_t size)
{
    hf_i_buf whole;
    hf_i_buf_init(&whole, out->ctx, HF_MAX_MESSAGE_BYTES, "a text of a page");
    hf_status status = hf_i_utf8_repair(&whole, text, size);
    if (status == HF_OK && whole.len)
        status = escape(out, whole.data, whole.len);
    hf_i_buf_dispose(&whole);
    return status;
}

static hf_status fill(const char *page, hf_outfile *file, hf_i_buf *part, hf_i_slot_fn fn,
                      void *user)
{
    char slot[64];
    for (const char *p = page; *p;) {
        const char *open = strstr(p, "{{"), *close = open ? strstr(open, "}}") : NULL;
        size_t plain = close ? (size_t)(open - p) : strlen(p);
        HF_TRY(hf_outfile_write(file, p, plain));
        p += plain;
        if (!close)
            break;
        snprintf(slot, sizeof slot, "%.*s", (int)(close - open - 2), open + 2);
        hf_i_buf_clear(part);
        HF_TRY(fn(user, slot, part));
        HF_TRY(hf_outfile_write(file, part->data ? part->data : "", part->len));
        p = close + 2;
    }
    return HF_OK;
}

hf_status hf_i_html_fill(hf_ctx *ctx, const char *template_name, hf_outfile *file, hf_i_slot_fn fn,
                         void *user)
{
    size_t size;
    hf_i_buf part;
    const char *page = hf_i_data_get(template_name, &size);
    if (!page)
        return hf_i_fail(ctx, HF_E_UNSUPPORTED, NULL, "%s is not in this build", template_name);
    hf_i_buf_init(&part, ctx, 1 << 24, "a page");
    hf_status status = fill(page, file, &part, fn, user);
    hf_i_buf_dispose(&part);
    return status;
}
