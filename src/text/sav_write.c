/* SPDX-License-Identifier: MIT */
#include "text/sav_write.h"

#include "hf_config.h"
#include "text/utf8.h"

#include <math.h>
#include <string.h>

#if HF_HAVE_READSTAT

#include <readstat.h>

struct hf_i_sav_writer {
    hf_ctx *ctx;
    hf_i_out out;
    readstat_writer_t *writer;
    readstat_error_t error;
    size_t count, column;
    uint64_t cut;
    size_t *widths;
    hf_i_buf text;
    bool row;
};

bool hf_i_sav_available(void)
{
    return true;
}

static ssize_t put(const void *data, size_t size, void *user)
{
    hf_i_sav_writer *w = user;
    hf_i_out_put(&w->out, data, size);
    return w->out.status == HF_OK ? (ssize_t)size : -1;
}

static hf_status fail(hf_i_sav_writer *w, readstat_error_t e)
{
    if (w->out.status != HF_OK)
        return w->out.status;
    return hf_i_fail(w->ctx, e == READSTAT_ERROR_MALLOC ? HF_E_NOMEM : HF_E_RANGE, NULL,
                     "an SPSS file cannot hold this: %s", readstat_error_message(e));
}

static void dispose(hf_i_sav_writer *w)
{
    if (w->writer)
        readstat_writer_free(w->writer);
    hf_i_buf_dispose(&w->text);
    hf_i_free(w->ctx, w->widths);
    hf_i_free(w->ctx, w);
}

static readstat_error_t declare(hf_i_sav_writer *w, const char *title,
                                const hf_i_sav_column *columns, uint64_t rows)
{
    readstat_set_data_writer(w->writer, put);
    readstat_writer_set_compression(w->writer, READSTAT_COMPRESS_ROWS);
    readstat_error_t e = readstat_writer_set_file_label(w->writer, title);
    for (size_t i = 0; i < w->count; i++) {
        size_t width = columns[i].width;
        w->widths[i] = width < HF_I_SAV_TEXT_BYTES ? width : HF_I_SAV_TEXT_BYTES;
        readstat_variable_t *v = readstat_add_variable(
            w->writer, columns[i].name, width ? READSTAT_TYPE_STRING : READSTAT_TYPE_DOUBLE,
            w->widths[i]);
        if (!v)
            return READSTAT_ERROR_MALLOC;
        if (columns[i].label)
            readstat_variable_set_label(v, columns[i].label);
    }
    return e == READSTAT_OK ? readstat_begin_writing_sav(w->writer, w, (long)rows) : e;
}

hf_status hf_i_sav_open(hf_i_sav_writer **out, hf_ctx *ctx, hf_i_sink sink, const char *title,
                        const hf_i_sav_column *columns, size_t count, uint64_t rows)
{
    *out = NULL;
    hf_i_sav_writer *w = hf_i_calloc(ctx, 1, sizeof *w);
    if (!w)
        return HF_E_NOMEM;
    w->ctx = ctx;
    w->count = count;
    hf_i_out_init(&w->out, sink);
    hf_i_buf_init(&w->text, ctx, HF_I_SAV_TEXT_BYTES * 4, "a text");
    w->widths = hf_i_calloc(ctx, count ? count : 1, sizeof *w->widths);
    w->writer = w->widths ? readstat_writer_init() : NULL;
    if (!w->writer) {
        dispose(w);
        return hf_i_fail(ctx, HF_E_NOMEM, NULL, "out of memory");
    }
    readstat_error_t e = declare(w, title, columns, rows);
    if (e != READSTAT_OK) {
        hf_status s = fail(w, e);
        dispose(w);
        return s;
    }
    *out = w;
    return HF_OK;
}

static readstat_variable_t *next_cell(hf_i_sav_writer *w)
{
    if (w->error != READSTAT_OK || w->column >= w->count)
        return NULL;
    if (!w->row)
        w->error = readstat_begin_row(w->writer);
    w->row = true;
    return w->error == READSTAT_OK ? readstat_get_variable(w->writer, (int)w->column++) : NULL;
}

void hf_i_sav_real(hf_i_sav_writer *w, double x)
{
    readstat_variable_t *v = next_cell(w);
    if (!v)
        return;
    w->error = isfinite(x) ? readstat_insert_double_value(w->writer, v, x)
                           : readstat_insert_missing_value(w->writer, v);
}

void hf_i_sav_missing(hf_i_sav_writer *w)
{
    readstat_variable_t *v = next_cell(w);
    if (v)
        w->error = readstat_insert_missing_value(w->writer, v);
}

void hf_i_sav_text(hf_i_sav_writer *w, const char *text, size_t size)
{
    readstat_variable_t *v = next_cell(w);
    if (!v)
        return;
    size_t width = w->widths[w->column - 1];
    size_t most = size < HF_I_SAV_TEXT_BYTES ? size : HF_I_SAV_TEXT_BYTES;
    hf_i_buf_clear(&w->text);
    if (hf_i_utf8_repair(&w->text, text, most) != HF_OK ||
        hf_i_buf_add_str(&w->text, "") != HF_OK) {
        w->error = READSTAT_ERROR_MALLOC;
        return;
    }
    size_t n = w->text.len <= width ? w->text.len : hf_i_utf8_cut(w->text.data, w->text.len, width);
    w->cut += n < w->text.len || most < size;
    w->text.data[n] = '\0';
    w->error = readstat_insert_string_value(w->writer, v, w->text.data);
}

void hf_i_sav_end_row(hf_i_sav_writer *w)
{
    if (w->error == READSTAT_OK)
        w->error = readstat_end_row(w->writer);
    w->column = 0;
    w->row = false;
}

hf_status hf_i_sav_finish(hf_i_sav_writer *w, uint64_t *cut)
{
    if (w->error == READSTAT_OK)
        w->error = readstat_end_writing(w->writer);
    hf_status s = w->error == READSTAT_OK ? hf_i_out_flush(&w->out) : fail(w, w->error);
    if (cut)
        *cut = w->cut;
    dispose(w);
    return s;
}

#else

bool hf_i_sav_available(void)
{
    return false;
}

hf_status hf_i_sav_open(hf_i_sav_writer **out, hf_ctx *ctx, hf_i_sink sink, const char *title,
                        const hf_i_sav_column *columns, size_t count, uint64_t rows)
{
    (void)sink, (void)title, (void)columns, (void)count, (void)rows;
    *out = NULL;
    return hf_i_fail(ctx, HF_E_UNSUPPORTED, "Write CSV; SPSS reads it.",
                     "this build cannot write SPSS files");
}

void hf_i_sav_real(hf_i_sav_writer *w, double x)
{
    (void)w, (void)x;
}

void hf_i_sav_text(hf_i_sav_writer *w, const char *text, size_t size)
{
    (void)w, (void)text, (void)size;
}

void hf_i_sav_missing(hf_i_sav_writer *w)
{
    (void)w;
}

void hf_i_sav_end_row(hf_i_sav_writer *w)
{
    (void)w;
}

hf_status hf_i_sav_finish(hf_i_sav_writer *w, uint64_t *cut)
{
    (void)w, (void)cut;
    return HF_E_UNSUPPORTED;
}

#endif
