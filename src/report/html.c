/* SPDX-License-Identifier: MIT */
/* The page with the findings inside (doc/schema/findings.md, 'How the data get into the page'). */
#include "report/report.h"

#include <string.h>

#define MOST_BYTES (UINT64_C(8) << 20)

static const char opening[] = "<script id=\"holdfast-data\" type=\"application/json\">";

/* In JSON these stand in strings only; as escapes no text can end the element or the line. */
static hf_status write_escaped(hf_outfile *file, const char *text, size_t size)
{
    size_t from = 0;
    for (size_t i = 0; i < size; i++) {
        const char *as = NULL;
        size_t skip = 1;
        if (text[i] == '<') {
            as = "\\u003c";
        } else if (size - i >= 3 && memcmp(text + i, "\xe2\x80\xa8", 3) == 0) {
            as = "\\u2028";
            skip = 3;
        } else if (size - i >= 3 && memcmp(text + i, "\xe2\x80\xa9", 3) == 0) {
            as = "\\u2029";
            skip = 3;
        }
        if (!as)
            continue;
        HF_TRY(hf_outfile_write(file, text + from, i - from));
        HF_TRY(hf_outfile_write(file, as, strlen(as)));
        i += skip - 1;
        from = i + 1;
    }
    return hf_outfile_write(file, text + from, size - from);
}

static hf_status write_page(const hf_findings *findings, hf_ctx *ctx, hf_outfile *file,
                            hf_i_buf *document)
{
    size_t size = 0;
    const char *page = hf_i_data_get("web/report.html", &size);
    const char *slot = page ? strstr(page, opening) : NULL;
    if (!slot || strncmp(slot + sizeof opening - 1, "null", 4) != 0)
        return hf_i_fail(ctx, HF_E_UNSUPPORTED, "Build the page (script/build) and try again.",
                         "the page is not in this build");
    HF_TRY(hf_i_report_document(findings, hf_i_sink_buf(document)));
    if (document->len + size > MOST_BYTES)
        return hf_i_fail(ctx, HF_E_LIMIT, "Read a shorter stretch of the record.",
                         "the report would have more than 8 MB");
    slot += sizeof opening - 1;
    HF_TRY(hf_outfile_write(file, page, (size_t)(slot - page)));
    HF_TRY(write_escaped(file, document->data, document->len));
    slot += 4;
    return hf_outfile_write(file, slot, size - (size_t)(slot - page));
}

hf_status hf_report_write_html(const hf_findings *findings, hf_ctx *ctx, hf_outfile *file)
{
    hf_i_buf document;
    hf_i_buf_init(&document, ctx, UINT64_C(1) << 30, "the findings");
    hf_status status = write_page(findings, ctx, file, &document);
    hf_i_buf_dispose(&document);
    return status;
}
