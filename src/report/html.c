/* SPDX-License-Identifier: MIT */
/* The page with the findings inside (doc/schema/findings.md, 'How the data get into the page'). */
#include "report/report.h"

#include <string.h>

#define MOST_BYTES (UINT64_C(8) << 20)

static const char data_slot[] = "<script id=\"holdfast-data\" type=\"application/json\">";
static const char sentences_slot[] = "<script id=\"holdfast-sentences\" type=\"application/json\">";

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

/* Behind the slot's tag, where the page holds null; NULL when it does not. */
static const char *find_slot(const char *page, const char *slot)
{
    const char *at = page ? strstr(page, slot) : NULL;
    at = at ? at + strlen(slot) : NULL;
    return at && strncmp(at, "null", 4) == 0 ? at : NULL;
}

/* The members of an object of data/, without its braces. */
static bool inside(const char *name, const char **text, size_t *size)
{
    size_t n = 0;
    const char *data = hf_i_data_get(name, &n);
    const char *open = data ? memchr(data, '{', n) : NULL;
    while (open && n && data[n - 1] != '}')
        n--;
    if (!open || data + n - 1 <= open)
        return false;
    *text = open + 1;
    *size = (size_t)(data + n - 1 - *text);
    return true;
}

/* {"de": {...}, "en": {...}}: every language of data/lang/XX.json with its guidance/XX.json; the
 * page takes the reader's. */
static hf_status write_sentences(hf_outfile *file)
{
    static const char folder[] = "lang/", ending[] = ".json";
    const char *name, *text, *before = "{\"";
    size_t size;
    for (size_t i = 0; (name = hf_i_data_name(folder, i)) != NULL; i++) {
        const char *code = name + strlen(folder);
        char guide[32];
        if (strlen(code) != 2 + strlen(ending) || strcmp(code + 2, ending) != 0 ||
            !inside(name, &text, &size))
            continue;
        HF_TRY(hf_outfile_write(file, before, strlen(before)));
        HF_TRY(hf_outfile_write(file, code, 2));
        HF_TRY(hf_outfile_write(file, "\":{", 3));
        HF_TRY(write_escaped(file, text, size));
        snprintf(guide, sizeof guide, "guidance/%s", code);
        if (inside(guide, &text, &size)) {
            HF_TRY(hf_outfile_write(file, ",", 1));
            HF_TRY(write_escaped(file, text, size));
        }
        HF_TRY(hf_outfile_write(file, "}", 1));
        before = ",\"";
    }
    return hf_outfile_write(file, before[0] == '{' ? "{}" : "}", before[0] == '{' ? 2 : 1);
}

static hf_status write_page(const hf_findings *findings, hf_ctx *ctx, hf_outfile *file,
                            hf_i_buf *document)
{
    size_t size = 0;
    const char *page = hf_i_data_get("web/report.html", &size);
    const char *data = find_slot(page, data_slot), *words = find_slot(page, sentences_slot);
    if (!data || !words || words < data)
        return hf_i_fail(ctx, HF_E_UNSUPPORTED, "Build the page (script/build) and try again.",
                         "the page is not in this build");
    HF_TRY(hf_i_report_document(findings, hf_i_sink_buf(document)));
    if (document->len + size > MOST_BYTES)
        return hf_i_fail(ctx, HF_E_LIMIT, "Read a shorter stretch of the record.",
                         "the report would have more than 8 MB");
    HF_TRY(hf_outfile_write(file, page, (size_t)(data - page)));
    HF_TRY(write_escaped(file, document->data, document->len));
    HF_TRY(hf_outfile_write(file, data + 4, (size_t)(words - data) - 4));
    HF_TRY(write_sentences(file));
    return hf_outfile_write(file, words + 4, size - (size_t)(words - page) - 4);
}

hf_status hf_report_write_html(const hf_findings *findings, hf_ctx *ctx, hf_outfile *file)
{
    hf_i_buf document;
    hf_i_buf_init(&document, ctx, UINT64_C(1) << 30, "the findings");
    hf_status status = write_page(findings, ctx, file, &document);
    hf_i_buf_dispose(&document);
    return status;
}
