/* SPDX-License-Identifier: MIT */
/* The series as CSV: dyad, partner, time, unit, variable, value, n (doc/contracts.md 2). */
#include "series/series.h"

#include "text/csv.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"dyad", "partner", "time", "unit", "variable", "value", "n"};
enum { DYAD, PARTNER, TIME, UNIT, VARIABLE, VALUE, N, COLUMNS };

static const char time_mark[] = "time in ", period_mark[] = "; period: ";

hf_status hf_series_write_csv(const hf_series *s, hf_ctx *ctx, hf_outfile *file)
{
    hf_i_csv_writer w;
    hf_i_buf head;
    hf_i_csv_init(&w, hf_i_sink_outfile(file), ',');
    hf_i_buf_init(&head, ctx, 1 << 20, "a comment");
    hf_status status = hf_i_buf_printf(&head, "%s%s%s%s", time_mark, s->time_unit,
                                       s->period ? period_mark : "", s->period ? s->period : "");
    if (status == HF_OK)
        hf_i_csv_comment(&w, head.data);
    hf_i_buf_dispose(&head);
    HF_TRY(status);
    for (size_t i = 0; i < COLUMNS; i++)
        hf_i_csv_str(&w, columns[i]);
    hf_i_csv_end_row(&w);
    for (size_t i = 0; i < s->count; i++) {
        const hf_series_row *r = &s->rows[i];
        hf_i_csv_str(&w, s->dyads[r->dyad]);
        hf_i_csv_str(&w, hf_partner_name(r->partner));
        hf_i_csv_real(&w, r->time);
        hf_i_csv_str(&w, s->variables[r->variable].unit);
        hf_i_csv_str(&w, s->variables[r->variable].name);
        hf_i_csv_real(&w, r->value);
        hf_i_csv_int(&w, (int64_t)r->n);
        hf_i_csv_end_row(&w);
    }
    return hf_i_csv_finish(&w);
}

/* ---- reading
 * ------------------------------------------------------------------------------------------ */

typedef struct {
    hf_series *series;
    hf_i_csv_reader csv;
    long column[COLUMNS];
    char *word; /* a cell as a string */
} reader;

static hf_status cell_text(reader *r, int which, const char **out)
{
    const hf_i_csv_cell *c = &r->csv.cells[r->column[which]];
    hf_i_free(r->csv.ctx, r->word);
    r->word = hf_i_strndup(r->csv.ctx, c->text, c->len);
    *out = r->word;
    return r->word ? HF_OK : HF_E_NOMEM;
}

static hf_status read_header(reader *r)
{
    bool got;
    HF_TRY(hf_i_csv_next(&r->csv, &got));
    if (!got)
        return hf_i_fail(r->csv.ctx, HF_E_PARSE, NULL, "the table is empty");
    for (size_t i = 0; i < COLUMNS; i++) {
        HF_TRY(hf_i_csv_find(&r->csv, columns[i], &r->column[i]));
        if (r->column[i] < 0)
            return hf_i_csv_fail(&r->csv, 0, HF_E_PARSE,
                                 "A series has dyad, partner, time, unit, variable, value, n.",
                                 "there is no column '%s'", columns[i]);
    }
    return HF_OK;
}

static hf_status read_row(reader *r)
{
    hf_series_row row = {0};
    const char *text, *unit;
    double n;
    for (size_t i = 0; i < COLUMNS; i++)
        if ((size_t)r->column[i] >= r->csv.count)
            return hf_i_csv_fail(&r->csv, 0, HF_E_PARSE, NULL, "the row has too few cells");
    const hf_i_csv_cell *partner = &r->csv.cells[r->column[PARTNER]];
    if (!hf_i_partner_parse(partner->text, partner->len, &row.partner))
        return hf_i_csv_fail(&r->csv, (size_t)r->column[PARTNER], HF_E_PARSE, NULL,
                             "the partner is not a, b or ab");
    if (!hf_i_csv_number(&r->csv, (size_t)r->column[TIME], &row.time))
        return hf_i_csv_fail(&r->csv, (size_t)r->column[TIME], HF_E_PARSE, NULL,
                             "the time is not a number");
    row.value = NAN;
    if (r->csv.cells[r->column[VALUE]].len &&
        !hf_i_csv_number(&r->csv, (size_t)r->column[VALUE], &row.value))
        return hf_i_csv_fail(&r->csv, (size_t)r->column[VALUE], HF_E_PARSE,
                             "Leave the cell empty where the value is missing.",
                             "the value is not a number");
    if (!hf_i_csv_number(&r->csv, (size_t)r->column[N], &n) || n < 0 || n > 1e15)
        return hf_i_csv_fail(&r->csv, (size_t)r->column[N], HF_E_PARSE, NULL, "n is not a count");
    row.n = (uint64_t)n;
    HF_TRY(cell_text(r, DYAD, &text));
    HF_TRY(hf_series_add_dyad(r->series, text, &row.dyad));
    HF_TRY(cell_text(r, UNIT, &text));
    unit = hf_i_arena_strndup(&r->series->texts, text, strlen(text));
    if (!unit)
        return HF_E_NOMEM;
    HF_TRY(cell_text(r, VARIABLE, &text));
    HF_TRY(hf_series_add_variable(r->series, text, unit, &row.variable));
    return hf_series_add(r->series, &row);
}

/* "# time in hour; period: 7 days" */
static hf_status read_comment(reader *r)
{
    const char *at = r->csv.comments, *end = at + r->csv.comments_len;
    while (at && at < end && (*at == '#' || *at == ' '))
        at++;
    size_t mark = sizeof time_mark - 1;
    if (!at || (size_t)(end - at) < mark || memcmp(at, time_mark, mark) != 0)
        return HF_OK;
    at += mark;
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    size_t size = (size_t)((stop ? stop : end) - at);
    if (size && at[size - 1] == '\r')
        size--;
    const char *semicolon = memchr(at, ';', size);
    size_t unit = semicolon ? (size_t)(semicolon - at) : size;
    r->series->time_unit = hf_i_arena_strndup(&r->series->texts, at, unit);
    size_t skip = unit + sizeof period_mark - 1;
    if (semicolon && size >= skip) {
        r->series->period = hf_i_arena_strndup(&r->series->texts, at + skip, size - skip);
        if (!r->series->period)
            return HF_E_NOMEM;
    }
    return r->series->time_unit ? HF_OK : HF_E_NOMEM;
}

static hf_status read_table(reader *r)
{
    bool got;
    HF_TRY(read_comment(r));
    HF_TRY(read_header(r));
    for (;;) {
        HF_TRY(hf_i_csv_next(&r->csv, &got));
        if (!got)
            return HF_OK;
        HF_TRY(read_row(r));
    }
}

hf_status hf_series_read_csv(hf_series **out, hf_ctx *ctx, const char *path)
{
    *out = NULL;
    hf_i_file file;
    HF_TRY(hf_i_file_open(&file, ctx, path));
    reader r = {0};
    hf_i_csv_options options = {.delimiter = 0, .comment = '#'};
    hf_status status = hf_series_new(&r.series, ctx, "hour");
    if (status == HF_OK)
        status = hf_i_csv_open(&r.csv, ctx, path, file.data, file.size, &options);
    if (status == HF_OK) {
        status = read_table(&r);
        hf_i_csv_dispose(&r.csv);
    }
    hf_i_free(ctx, r.word);
    hf_i_file_close(&file);
    if (status != HF_OK) {
        hf_series_free(r.series);
        return status;
    }
    *out = r.series;
    return HF_OK;
}
