/* SPDX-License-Identifier: MIT */
/* Tables as text (RFC 4180 and what spreadsheets make of it), read row by row from bytes in
 * memory and written cell by cell. */
#ifndef HF_TEXT_CSV_H
#define HF_TEXT_CSV_H

#include "text/sink.h"

/* ---- reading ------------------------------------------------------------------------------ */

typedef struct hf_i_csv_options {
    char delimiter;       /* 0: found among , ; tab | in the first rows */
    char decimal;         /* 0: ',' when the cells show it, else '.' */
    char comment;         /* lines before the header that start with it are set apart; 0: none */
    uint64_t max_columns; /* 0: HF_MAX_CSV_COLUMNS */
    uint64_t max_cell;    /* 0: HF_MAX_CSV_CELL_BYTES */
} hf_i_csv_options;

/* text is not NUL-terminated; it lies in the input or, where quotes had to be taken out, in the
 * reader, until the next row is read. Bytes are as in the input: check UTF-8 where it matters. */
typedef struct hf_i_csv_cell {
    const char *text;
    size_t len;
    uint64_t byte; /* where the cell starts in the file, its quote included */
    bool quoted;   /* "" is an empty text, an empty unquoted cell is a missing value */
} hf_i_csv_cell;

typedef struct hf_i_csv_reader {
    /* Of the row read last. */
    hf_i_csv_cell *cells;
    size_t count;
    uint64_t row;  /* from 1, the header included, blank lines not */
    uint64_t line; /* where it starts, from 1 */
    uint64_t byte; /* where it starts */
    /* Of the whole table; found when it is opened. */
    char delimiter, decimal;
    const char *comments; /* the comment lines at the start, as they stand; NULL: none */
    size_t comments_len;
    uint64_t stray_quotes; /* so far: text that followed a closing quote and was kept */

    hf_ctx *ctx;
    const char *file;
    const char *data;
    size_t size, at;
    uint64_t at_line;
    hf_i_csv_options options;
    size_t capacity;
    hf_i_buf unquoted; /* cells of this row whose quotes were taken out */
    unsigned char stops[256];
} hf_i_csv_reader;

/* data stays the caller's and must outlive the reader; file (may be NULL) is named in errors.
 * A UTF-8 mark at the start is skipped. Fails with HF_E_FORMAT on UTF-16 (with advice),
 * HF_E_USAGE on an impossible delimiter. options may be NULL. */
hf_status hf_i_csv_open(hf_i_csv_reader *r, hf_ctx *ctx, const char *file, const void *data,
                        uint64_t size, const hf_i_csv_options *options);
void hf_i_csv_dispose(hf_i_csv_reader *r);

/* The next row that is not blank; *got is false at the end. Line ends: \n, \r\n, \r. Fails with
 * HF_E_PARSE (a quote that is never closed, at its place) or HF_E_LIMIT. */
hf_status hf_i_csv_next(hf_i_csv_reader *r, bool *got);

/* The first cell of this row whose look-up key (case, marks, spaces around) is that of name: its
 * column, or -1 for none. Fails with HF_E_NOMEM only. */
hf_status hf_i_csv_find(const hf_i_csv_reader *r, const char *name, long *column);

/* A cell without the spaces around it is no number: false. Uses the table's decimal mark; a point
 * serves too where the mark is a comma. */
bool hf_i_csv_number(const hf_i_csv_reader *r, size_t column, double *out);

/* Fails at a cell of this row, naming file, line, byte. */
hf_status hf_i_csv_fail(const hf_i_csv_reader *r, size_t column, hf_status status,
                        const char *advice, const char *format, ...) HF_PRINTF(5, 6);

/* ---- writing ------------------------------------------------------------------------------ */

/* Rows end with \n. A cell is quoted only when it must be; an empty text is "", a missing value
 * nothing, so that both come back as they were. Failures of the sink: see hf_i_csv_finish. */
typedef struct hf_i_csv_writer {
    hf_i_out out;
    char delimiter;
    bool any; /* a cell in this row */
} hf_i_csv_writer;

void hf_i_csv_init(hf_i_csv_writer *w, hf_i_sink sink, char delimiter);
void hf_i_csv_comment(hf_i_csv_writer *w, const char *text); /* "# text", before the header */
void hf_i_csv_text(hf_i_csv_writer *w, const char *text, size_t size);
void hf_i_csv_str(hf_i_csv_writer *w, const char *text); /* NULL: missing */
void hf_i_csv_real(hf_i_csv_writer *w, double x);        /* not finite: missing */
void hf_i_csv_int(hf_i_csv_writer *w, int64_t x);
void hf_i_csv_missing(hf_i_csv_writer *w);
void hf_i_csv_end_row(hf_i_csv_writer *w);
hf_status hf_i_csv_finish(hf_i_csv_writer *w);

#endif
