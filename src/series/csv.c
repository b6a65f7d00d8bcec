/* SPDX-License-Identifier: MIT */
<<<<<<< HEAD
/* The series as CSV: dyad, partner, time, unit, variable, value, n (doc/contracts.md 2). */
#include "series/series.h"

#include "text/csv.h"
#include "text/number.h"
=======
/* The series as one CSV (doc/contracts.md 2). The time unit and the aggregation period stand in
 * comment lines before the header: '# time_unit: h', '# period: week'. */
#include "text/csv.h"
#include "series/series.h"
>>>>>>> main

#include <math.h>
#include <string.h>

<<<<<<< HEAD
static const char *const columns[] = {"dyad", "partner", "time", "unit", "variable", "value", "n"};
enum { DYAD, PARTNER, TIME, UNIT, VARIABLE, VALUE, N, COLUMNS };

static const char time_mark[] = "time in ", period_mark[] = "; period: ";
=======
enum { DYAD, PARTNER, TIME, UNIT, VARIABLE, VALUE, N, COLUMNS };
static const char *const columns[COLUMNS] = {"dyad",     "partner", "time", "unit",
                                             "variable", "value",   "n"};

static void write_row(hf_i_csv_writer *w, const hf_series *s, const hf_series_row *row)
{
    const hf_series_variable *v = &s->variables[row->variable];
    hf_i_csv_str(w, s->dyads[row->dyad]);
    hf_i_csv_str(w, hf_partner_name(row->partner));
    hf_i_csv_real(w, row->time);
    hf_i_csv_str(w, v->unit);
    hf_i_csv_str(w, v->name);
    hf_i_csv_real(w, row->value);
    hf_i_csv_int(w, (int64_t)row->n);
    hf_i_csv_end_row(w);
}
>>>>>>> main

hf_status hf_series_write_csv(const hf_series *s, hf_ctx *ctx, hf_outfile *file)
{
    hf_i_csv_writer w;
<<<<<<< HEAD
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
=======
    char comment[300];
    hf_i_csv_init(&w, hf_i_sink_outfile(file), ',');
    snprintf(comment, sizeof comment, "time_unit: %s", s->time_unit);
    hf_i_csv_comment(&w, comment);
    if (s->period) {
        snprintf(comment, sizeof comment, "period: %s", s->period);
        hf_i_csv_comment(&w, comment);
    }
    for (int c = 0; c < COLUMNS; c++)
        hf_i_csv_str(&w, columns[c]);
    hf_i_csv_end_row(&w);
    for (size_t i = 0; i < s->count; i++) {
        if ((i & 0xffff) == 0)
            HF_TRY(hf_i_progress(ctx, "writing the series", i, s->count));
        write_row(&w, s, &s->rows[i]);
>>>>>>> main
    }
    return hf_i_csv_finish(&w);
}

<<<<<<< HEAD
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
=======
/* ---- reading ------------------------------------------------------------------------------ */

/* The value of '# key: value' among the comment lines, into out; "" when it is not there. */
static void comment_value(const hf_i_csv_reader *r, const char *key, char *out, size_t size)
{
    size_t len = strlen(key);
    const char *p = r->comments, *end = p ? p + r->comments_len : p;
    out[0] = '\0';
    while (p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        while (p < stop && (*p == '#' || *p == ' '))
            p++;
        if ((size_t)(stop - p) > len && memcmp(p, key, len) == 0 && p[len] == ':') {
            p += len + 1;
            while (p < stop && *p == ' ')
                p++;
            size_t n = (size_t)(stop - p);
            while (n && (p[n - 1] == '\r' || p[n - 1] == ' '))
                n--;
            n = n < size ? n : size - 1;
            memcpy(out, p, n);
            out[n] = '\0';
            return;
        }
        p = stop + 1;
    }
}

/* A name in a table of texts, added where it is new. The last hit is tried first: rows of one
 * dyad and variable stand together. */
static hf_status intern(hf_series *s, const hf_i_csv_cell *cell, const hf_i_csv_cell *unit,
                        bool dyad, uint32_t *out)
{
    size_t n = dyad ? s->dyad_count : s->variable_count;
    for (size_t k = 0; k < n; k++) {
        size_t i = (*out + k) % n;
        const char *name = dyad ? s->dyads[i] : s->variables[i].name;
        if (strlen(name) == cell->len && memcmp(name, cell->text, cell->len) == 0) {
            *out = (uint32_t)i;
            return HF_OK;
        }
    }
    char name[HF_MAX_NAME_BYTES + 1], unit_name[65] = "";
    size_t len = cell->len < HF_MAX_NAME_BYTES ? cell->len : HF_MAX_NAME_BYTES;
    memcpy(name, cell->text, len);
    name[len] = '\0';
    if (dyad)
        return hf_series_add_dyad(s, name, out);
    len = unit->len < 64 ? unit->len : 64;
    memcpy(unit_name, unit->text, len);
    unit_name[len] = '\0';
    return hf_series_add_variable(s, name, unit_name, out);
}

static hf_status read_row(hf_series *s, const hf_i_csv_reader *r, const long *at,
                          hf_series_row *row)
{
    static const char *const advice = "Rows are: dyad, partner (a, b, ab), time, unit, variable, "
                                      "value, n.";
    for (int c = 0; c < COLUMNS; c++)
        if (at[c] >= 0 && (size_t)at[c] >= r->count)
            return hf_i_csv_fail(r, 0, HF_E_PARSE, advice, "the row has too few cells");
    const hf_i_csv_cell *unit = &r->cells[at[UNIT]], *value = &r->cells[at[VALUE]];
    double n = 1;
    if (!hf_i_partner_parse(r->cells[at[PARTNER]].text, r->cells[at[PARTNER]].len, &row->partner))
        return hf_i_csv_fail(r, (size_t)at[PARTNER], HF_E_PARSE, advice,
                             "the partner is not a, b or ab");
    if (!hf_i_csv_number(r, (size_t)at[TIME], &row->time))
        return hf_i_csv_fail(r, (size_t)at[TIME], HF_E_PARSE, advice, "the time is not a number");
    bool missing = value->len == 0 || (value->len == 2 && memcmp(value->text, "NA", 2) == 0);
    row->value = NAN;
    if (!missing && !hf_i_csv_number(r, (size_t)at[VALUE], &row->value))
        return hf_i_csv_fail(r, (size_t)at[VALUE], HF_E_PARSE, "Leave a missing value empty.",
                             "the value is not a number");
    if (at[N] >= 0 && r->cells[at[N]].len &&
        (!hf_i_csv_number(r, (size_t)at[N], &n) || !(n >= 0 && n < 9e15)))
        return hf_i_csv_fail(r, (size_t)at[N], HF_E_PARSE, advice, "n is not a count");
    row->n = (uint64_t)n;
    HF_TRY(intern(s, &r->cells[at[DYAD]], NULL, true, &row->dyad));
    HF_TRY(intern(s, &r->cells[at[VARIABLE]], unit, false, &row->variable));
    return hf_series_add(s, row);
}

static hf_status read_header(hf_i_csv_reader *r, long *at)
{
    bool got;
    HF_TRY(hf_i_csv_next(r, &got));
    if (!got)
        return hf_i_csv_fail(r, 0, HF_E_FORMAT, "Give a file that holdfast wrote.",
                             "the file holds no table");
    for (int c = 0; c < COLUMNS; c++) {
        HF_TRY(hf_i_csv_find(r, columns[c], &at[c]));
        if (at[c] < 0 && c != N)
            return hf_i_csv_fail(r, 0, HF_E_FORMAT,
                                 "A series has the columns dyad, partner, time, unit, variable, "
                                 "value, n.",
                                 "there is no column '%s'", columns[c]);
>>>>>>> main
    }
    return HF_OK;
}

<<<<<<< HEAD
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
=======
static hf_status read_all(hf_series **out, hf_ctx *ctx, hf_i_csv_reader *r)
{
    long at[COLUMNS];
    char unit[64], period[128];
    hf_series_row row = {0};
    bool got;
    HF_TRY(read_header(r, at));
    comment_value(r, "time_unit", unit, sizeof unit);
    comment_value(r, "period", period, sizeof period);
    HF_TRY(hf_series_new(out, ctx, unit[0] ? unit : "h"));
    if (period[0])
        HF_TRY(hf_series_set_period(*out, period));
    for (;;) {
        HF_TRY(hf_i_csv_next(r, &got));
        if (!got)
            return HF_OK;
        HF_TRY(read_row(*out, r, at, &row));
>>>>>>> main
    }
}

hf_status hf_series_read_csv(hf_series **out, hf_ctx *ctx, const char *path)
{
<<<<<<< HEAD
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
=======
    hf_i_file file;
    hf_i_csv_reader reader;
    const hf_i_csv_options options = {.comment = '#'};
    *out = NULL;
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_status s = hf_i_csv_open(&reader, ctx, path, file.data, file.size, &options);
    if (s == HF_OK) {
        s = read_all(out, ctx, &reader);
        hf_i_csv_dispose(&reader);
    }
    hf_i_file_close(&file);
    if (s != HF_OK) {
        hf_series_free(*out);
        *out = NULL;
    }
    return s;
>>>>>>> main
}
