/* SPDX-License-Identifier: MIT */
/* The series as one CSV (doc/contracts.md 2). The time unit and the aggregation period stand in
 * comment lines before the header: '# time_unit: h', '# period: week'. */
#include "text/csv.h"
#include "series/series.h"

#include <math.h>
#include <string.h>

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

hf_status hf_series_write_csv(const hf_series *s, hf_ctx *ctx, hf_outfile *file)
{
    hf_i_csv_writer w;
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
    }
    return hf_i_csv_finish(&w);
}

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
    }
    return HF_OK;
}

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
    }
}

hf_status hf_series_read_csv(hf_series **out, hf_ctx *ctx, const char *path)
{
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
}
