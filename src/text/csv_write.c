/* SPDX-License-Identifier: MIT */
/* The writer of tables. */
#include "text/csv.h"

#include "text/number.h"

#include <string.h>

void hf_i_csv_init(hf_i_csv_writer *w, hf_i_sink sink, char delimiter)
{
    hf_i_out_init(&w->out, sink);
    w->delimiter = delimiter;
    w->any = false;
}

void hf_i_csv_comment(hf_i_csv_writer *w, const char *text)
{
    hf_i_out_put(&w->out, "# ", 2);
    hf_i_out_put(&w->out, text, strlen(text));
    hf_i_out_char(&w->out, '\n');
}

static void before_cell(hf_i_csv_writer *w)
{
    if (w->any)
        hf_i_out_char(&w->out, w->delimiter);
    w->any = true;
}

/* One pass over short texts, sixteen bytes a step, is faster than four searches. */
static bool has_special(const char *text, size_t size, char delimiter)
{
    typedef char bytes __attribute__((vector_size(16)));
    bytes found = {0}, x;
    size_t i = 0;
    for (; size - i >= sizeof x; i += sizeof x) {
        memcpy(&x, text + i, sizeof x);
        found |= (bytes)((x == delimiter) | (x == '"') | (x == '\n') | (x == '\r'));
    }
    if (i < size) {
        char rest[sizeof x] = {0};
        memcpy(rest, text + i, size - i);
        memcpy(&x, rest, sizeof x);
        found |= (bytes)((x == delimiter) | (x == '"') | (x == '\n') | (x == '\r'));
    }
    uint64_t half[2];
    memcpy(half, &found, sizeof half);
    return (half[0] | half[1]) != 0;
}

/* Quotes keep what would be read otherwise: a divider, a line end, a quote, spaces at an edge, an
 * empty text, a comment sign or a byte order mark at the start. */
static bool needs_quotes(const char *text, size_t size, char delimiter)
{
    if (size == 0 || text[0] == ' ' || text[size - 1] == ' ' || text[0] == '#' ||
        (unsigned char)text[0] == 0xEF || (unsigned char)text[0] >= 0xFE)
        return true;
    return has_special(text, size, delimiter);
}

void hf_i_csv_text(hf_i_csv_writer *w, const char *text, size_t size)
{
    before_cell(w);
    if (!needs_quotes(text, size, w->delimiter)) {
        hf_i_out_put(&w->out, text, size);
        return;
    }
    hf_i_out_char(&w->out, '"');
    while (size) {
        const char *quote = memchr(text, '"', size);
        size_t n = quote ? (size_t)(quote - text) + 1 : size;
        hf_i_out_put(&w->out, text, n);
        if (quote)
            hf_i_out_char(&w->out, '"');
        text += n;
        size -= n;
    }
    hf_i_out_char(&w->out, '"');
}

void hf_i_csv_str(hf_i_csv_writer *w, const char *text)
{
    if (text)
        hf_i_csv_text(w, text, strlen(text));
    else
        hf_i_csv_missing(w);
}

void hf_i_csv_real(hf_i_csv_writer *w, double x)
{
    char text[HF_I_NUMBER_SIZE];
    size_t n = hf_i_number_format(text, x);
    before_cell(w);
    hf_i_out_put(&w->out, text, n);
}

void hf_i_csv_int(hf_i_csv_writer *w, int64_t x)
{
    char text[HF_I_NUMBER_SIZE];
    size_t n = hf_i_number_format_int(text, x);
    before_cell(w);
    hf_i_out_put(&w->out, text, n);
}

void hf_i_csv_missing(hf_i_csv_writer *w)
{
    before_cell(w);
}

void hf_i_csv_end_row(hf_i_csv_writer *w)
{
    hf_i_out_char(&w->out, '\n');
    w->any = false;
}

hf_status hf_i_csv_finish(hf_i_csv_writer *w)
{
    return hf_i_out_flush(&w->out);
}
