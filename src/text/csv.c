/* SPDX-License-Identifier: MIT */
/* The reader of tables. */
#include "text/csv.h"

#include "text/csv_guess.h"
#include "text/number.h"
#include "text/utf8.h"

#include <string.h>

/* Bytes at which the scan of an unquoted cell stops. */
enum { STOP_CELL = 1, STOP_LINE = 2 };

static hf_status fail_here(const hf_i_csv_reader *r, uint64_t line, uint64_t byte, hf_status status,
                           const char *advice, const char *message)
{
    hf_i_place place = {.file = r->file, .line = line, .byte = byte, .byte_known = true};
    return hf_i_fail_at(r->ctx, status, &place, advice, "%s", message);
}

static hf_status skip_mark(hf_i_csv_reader *r)
{
    const unsigned char *p = (const unsigned char *)r->data;
    if (r->size >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF)
        r->at = 3;
    else if (r->size >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF)))
        return fail_here(r, 1, 0, HF_E_FORMAT, "Save the table as CSV in UTF-8.",
                         "the table is written in UTF-16");
    return HF_OK;
}

/* Moves over a line end at r->at. */
static void skip_line_end(hf_i_csv_reader *r)
{
    if (r->data[r->at] == '\r' && r->at + 1 < r->size && r->data[r->at + 1] == '\n')
        r->at++;
    r->at++;
    r->at_line++;
}

static bool at_line_end(const hf_i_csv_reader *r)
{
    return r->data[r->at] == '\n' || r->data[r->at] == '\r';
}

static void take_comments(hf_i_csv_reader *r)
{
    size_t start = r->at;
    while (r->at < r->size && r->data[r->at] == r->options.comment) {
        while (r->at < r->size && !at_line_end(r))
            r->at++;
        if (r->at < r->size)
            skip_line_end(r);
    }
    if (r->at > start) {
        r->comments = r->data + start;
        r->comments_len = r->at - start;
    }
}

hf_status hf_i_csv_open(hf_i_csv_reader *r, hf_ctx *ctx, const char *file, const void *data,
                        uint64_t size, const hf_i_csv_options *options)
{
    *r = (hf_i_csv_reader){
        .ctx = ctx, .file = file, .data = data ? data : "", .size = (size_t)size, .at_line = 1};
    if (options)
        r->options = *options;
    if (!r->options.max_columns)
        r->options.max_columns = HF_MAX_CSV_COLUMNS;
    if (!r->options.max_cell)
        r->options.max_cell = HF_MAX_CSV_CELL_BYTES;
    hf_i_buf_init(&r->unquoted, ctx, HF_MAX_LINE_BYTES, "one row of the table");
    HF_TRY(skip_mark(r));
    if (r->options.comment)
        take_comments(r);
    r->delimiter = r->options.delimiter;
    if (!r->delimiter)
        r->delimiter = hf_i_csv_guess_delimiter(r->data + r->at, r->size - r->at);
    if (strchr("\"\r\n", r->delimiter) || (signed char)r->delimiter < 0)
        return hf_i_fail(ctx, HF_E_USAGE, "Use a comma, a semicolon or a tab.",
                         "cells cannot be divided by this character");
    r->decimal = r->options.decimal;
    if (!r->decimal)
        r->decimal = hf_i_csv_guess_decimal(r->data + r->at, r->size - r->at, r->delimiter);
    r->stops[(unsigned char)r->delimiter] = STOP_CELL;
    r->stops['\n'] = r->stops['\r'] = STOP_LINE;
    return HF_OK;
}

void hf_i_csv_dispose(hf_i_csv_reader *r)
{
    if (!r->ctx)
        return;
    hf_i_free(r->ctx, r->cells);
    hf_i_buf_dispose(&r->unquoted);
    r->cells = NULL;
}

static size_t scan_unquoted(const hf_i_csv_reader *r, size_t i)
{
    while (i < r->size && !r->stops[(unsigned char)r->data[i]])
        i++;
    return i;
}

/* The end of quoted text that starts at i: the place of its closing quote, or size. Counts lines.
 */
static size_t closing_quote(hf_i_csv_reader *r, size_t i)
{
    const char *quote = memchr(r->data + i, '"', r->size - i);
    size_t end = quote ? (size_t)(quote - r->data) : r->size;
    for (; i < end; i++)
        if (r->data[i] == '\n' ||
            (r->data[i] == '\r' && (i + 1 == r->size || r->data[i + 1] != '\n')))
            r->at_line++;
    return end;
}

/* A cell that starts with a quote. A lone piece is borrowed from the input; "" and text behind the
 * closing quote make a copy, whose address is only known once the row is complete. */
static hf_status quoted_cell(hf_i_csv_reader *r, hf_i_csv_cell *cell)
{
    uint64_t line = r->at_line;
    size_t start = r->at + 1, copied = r->unquoted.len;
    bool copy = false;
    for (size_t from = start;;) {
        size_t end = closing_quote(r, from);
        if (end == r->size)
            return fail_here(r, line, r->at, HF_E_PARSE, "Close the quote or take it out.",
                             "a quote is opened here and never closed");
        bool doubled = end + 1 < r->size && r->data[end + 1] == '"';
        size_t rest = doubled ? end : scan_unquoted(r, end + 1);
        bool stray = !doubled && rest > end + 1;
        if (!copy && !doubled && !stray) {
            *cell = (hf_i_csv_cell){r->data + start, end - start, r->at, true};
            r->at = rest;
            return HF_OK;
        }
        copy = true;
        HF_TRY(hf_i_buf_add(&r->unquoted, r->data + from, end + doubled - from));
        if (!doubled) {
            r->stray_quotes += stray;
            HF_TRY(hf_i_buf_add(&r->unquoted, r->data + end + 1, rest - end - 1));
            *cell = (hf_i_csv_cell){NULL, r->unquoted.len - copied, r->at, true};
            r->at = rest;
            return HF_OK;
        }
        from = end + 2;
    }
}

static hf_status next_cell(hf_i_csv_reader *r)
{
    HF_TRY(hf_i_grow(r->ctx, &r->cells, &r->capacity, r->count + 1, sizeof *r->cells,
                     r->options.max_columns, "columns"));
    hf_i_csv_cell *cell = &r->cells[r->count];
    uint64_t start = r->at;
    if (r->at < r->size && r->data[r->at] == '"') {
        HF_TRY(quoted_cell(r, cell));
    } else {
        size_t end = scan_unquoted(r, r->at);
        *cell = (hf_i_csv_cell){r->data + r->at, end - r->at, r->at, false};
        r->at = end;
    }
    r->count++;
    if (cell->len > r->options.max_cell)
        return fail_here(r, r->line, start, HF_E_LIMIT, NULL,
                         "a cell is longer than a cell may be");
    return HF_OK;
}

/* Copied cells get their addresses now that the buffer no longer moves. */
static void place_copies(hf_i_csv_reader *r)
{
    size_t at = 0;
    for (size_t i = 0; i < r->count; i++)
        if (!r->cells[i].text) {
            r->cells[i].text = r->unquoted.data + at;
            at += r->cells[i].len;
        }
}

hf_status hf_i_csv_next(hf_i_csv_reader *r, bool *got)
{
    *got = false;
    r->count = 0;
    hf_i_buf_clear(&r->unquoted);
    while (r->at < r->size && at_line_end(r))
        skip_line_end(r);
    if (r->at >= r->size)
        return HF_OK;
    r->row++;
    r->line = r->at_line;
    r->byte = r->at;
    for (;;) {
        HF_TRY(next_cell(r));
        if (r->at >= r->size)
            break;
        if (at_line_end(r)) {
            skip_line_end(r);
            break;
        }
        r->at++;
    }
    place_copies(r);
    *got = true;
    return HF_OK;
}

static void trim(const char **text, size_t *len)
{
    while (*len && (**text == ' ' || **text == '\t')) {
        (*text)++;
        (*len)--;
    }
    while (*len && ((*text)[*len - 1] == ' ' || (*text)[*len - 1] == '\t'))
        (*len)--;
}

hf_status hf_i_csv_find(const hf_i_csv_reader *r, const char *name, long *column)
{
    hf_i_buf wanted, key;
    hf_i_buf_init(&wanted, r->ctx, UINT64_MAX / 2, "a column name");
    hf_i_buf_init(&key, r->ctx, UINT64_MAX / 2, "a column name");
    *column = -1;
    hf_status s = hf_i_utf8_key(&wanted, name, strlen(name));
    for (size_t i = 0; s == HF_OK && *column < 0 && i < r->count; i++) {
        const char *text = r->cells[i].text;
        size_t len = r->cells[i].len;
        trim(&text, &len);
        hf_i_buf_clear(&key);
        s = hf_i_utf8_key(&key, text, len);
        if (s == HF_OK && key.len == wanted.len && memcmp(key.data, wanted.data, key.len) == 0)
            *column = (long)i;
    }
    hf_i_buf_dispose(&wanted);
    hf_i_buf_dispose(&key);
    return s;
}

bool hf_i_csv_number(const hf_i_csv_reader *r, size_t column, double *out)
{
    if (column >= r->count)
        return false;
    const char *text = r->cells[column].text;
    size_t len = r->cells[column].len;
    trim(&text, &len);
    return hf_i_number_parse(text, len, r->decimal, out) ||
           (r->decimal != '.' && hf_i_number_parse(text, len, '.', out));
}

hf_status hf_i_csv_fail(const hf_i_csv_reader *r, size_t column, hf_status status,
                        const char *advice, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    uint64_t byte = column < r->count ? r->cells[column].byte : r->byte;
    return fail_here(r, r->line, byte, status, advice, message);
}
