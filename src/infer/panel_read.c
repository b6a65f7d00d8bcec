/* SPDX-License-Identifier: MIT */
/* A table becomes dyads by occasions: wide (a row per dyad and time), long by partner, or
 * Holdfast's own series table. */
#include "infer/panel.h"

#include "text/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A value wanted from the table: a column, perhaps only of rows with this suffix (partner, or
 * variable.partner of a series table). */
typedef struct {
    const char *name; /* as asked for */
    long column;
    char *suffix; /* NULL: every row */
} source;

typedef struct {
    uint32_t dyad, partner;
    double time;
    uint64_t line;
    size_t at; /* first value in values[] */
} record;

typedef struct {
    char **items;
    size_t count, cap;
    uint32_t *table; /* hash: index + 1, 0 empty */
    size_t table_size;
} names;

typedef struct {
    hf_ctx *ctx;
    hf_panel *panel;
    const hf_model *model;
    const hf_panel_options *options;
    hf_i_csv_reader csv;
    names header, ids, suffixes; /* suffix: "1", or "latency.a" in a series table */
    long id, time, partner, variable, value;
    source *sources; /* obs, then covariates */
    size_t n_sources;
    record *records;
    size_t n_records, cap_records;
    double *values; /* per record: columns (wide), else one */
    size_t n_values, cap_values;
    size_t width;
    long *columns; /* distinct columns read from each row, [width] */
} reader;

struct hf_panel {
    hf_ctx *ctx;
    hf_dyads dyads;
    size_t *first_row;
    double *time, *y, *u;
    char **ids;
    size_t n_ids;
};

static size_t hash_text(const char *text, size_t len)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * 1099511628211u;
    return (size_t)(h ^ (h >> 32));
}

static void enter(names *list, size_t index)
{
    const char *text = list->items[index];
    size_t i = hash_text(text, strlen(text)) & (list->table_size - 1);
    while (list->table[i])
        i = (i + 1) & (list->table_size - 1);
    list->table[i] = (uint32_t)index + 1;
}

static hf_status grow_table(hf_ctx *ctx, names *list)
{
    size_t size = list->table_size ? 2 * list->table_size : 64;
    uint32_t *table = hf_i_calloc(ctx, size, sizeof *table);
    if (!table)
        return HF_E_NOMEM;
    hf_i_free(ctx, list->table);
    list->table = table;
    list->table_size = size;
    for (size_t i = 0; i < list->count; i++)
        enter(list, i);
    return HF_OK;
}

/* The index of a text, entered if it is new. */
static hf_status keep(hf_ctx *ctx, names *list, const char *text, size_t len, uint32_t *index)
{
    if (2 * (list->count + 1) > list->table_size)
        HF_TRY(grow_table(ctx, list));
    size_t i = hash_text(text, len) & (list->table_size - 1);
    for (; list->table[i]; i = (i + 1) & (list->table_size - 1)) {
        const char *known = list->items[list->table[i] - 1];
        if (strlen(known) == len && memcmp(known, text, len) == 0) {
            *index = list->table[i] - 1;
            return HF_OK;
        }
    }
    HF_TRY(hf_i_grow(ctx, &list->items, &list->cap, list->count + 1, sizeof *list->items,
                     UINT32_MAX - 1, "different names"));
    char *copy = hf_i_strndup(ctx, text, len);
    if (!copy)
        return HF_E_NOMEM;
    *index = (uint32_t)list->count;
    list->items[list->count] = copy;
    enter(list, list->count++);
    return HF_OK;
}

static void free_names(hf_ctx *ctx, names *list)
{
    for (size_t i = 0; i < list->count; i++)
        hf_i_free(ctx, list->items[i]);
    hf_i_free(ctx, list->items);
    hf_i_free(ctx, list->table);
    memset(list, 0, sizeof *list);
}

/* ---- header
 * ------------------------------------------------------------------------------------------ */

static void trim(const hf_i_csv_cell *c, const char **text, size_t *len)
{
    *text = c->text;
    *len = c->len;
    while (*len && (**text == ' ' || **text == '\t')) {
        ++*text;
        --*len;
    }
    while (*len && ((*text)[*len - 1] == ' ' || (*text)[*len - 1] == '\t'))
        --*len;
}

static long find(const reader *r, const char *name)
{
    for (size_t i = 0; i < r->header.count; i++)
        if (strcmp(r->header.items[i], name) == 0)
            return (long)i;
    return -1;
}

static hf_status read_header(reader *r)
{
    bool got;
    HF_TRY(hf_i_csv_next(&r->csv, &got));
    if (!got)
        return hf_i_fail(r->ctx, HF_E_NOT_ENOUGH_DATA, NULL, "the table is empty");
    for (size_t i = 0; i < r->csv.count; i++) {
        const char *text;
        size_t len;
        trim(&r->csv.cells[i], &text, &len);
        HF_TRY(hf_i_grow(r->ctx, &r->header.items, &r->header.cap, r->header.count + 1,
                         sizeof *r->header.items, HF_MAX_CSV_COLUMNS, "columns"));
        char *copy = hf_i_strndup(r->ctx, text, len);
        if (!copy)
            return HF_E_NOMEM;
        r->header.items[r->header.count++] = copy;
    }
    return HF_OK;
}

static hf_status no_column(const reader *r, const char *name, const char *option)
{
    const char *near =
        hf_i_nearest(name, strlen(name), (const char *const *)r->header.items, r->header.count);
    char list[300] = "";
    size_t at = 0;
    for (size_t i = 0; i < r->header.count && at + 60 < sizeof list; i++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%.40s", i ? ", " : "",
                               r->header.items[i]);
    char advice[420];
    snprintf(advice, sizeof advice, "The columns are: %s. Name one with %s.", list, option);
    hf_i_place place = {.file = r->csv.file, .line = 1};
    return hf_i_fail_at(r->ctx, HF_E_NOT_FOUND, &place, advice, "no column '%s'%s%s%s", name,
                        near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
}

/* A named column, or the first of the usual names that is there, or -1. */
static hf_status key_column(const reader *r, const char *asked, const char *option,
                            const char *const *usual, long *out)
{
    *out = -1;
    if (asked && *asked) {
        *out = find(r, asked);
        return *out < 0 ? no_column(r, asked, option) : HF_OK;
    }
    for (; *usual && *out < 0; usual++)
        *out = find(r, *usual);
    return HF_OK;
}

static hf_status add_source(reader *r, const char *name, const char *column, const char *option,
                            const char *suffix)
{
    source *s = &r->sources[r->n_sources];
    s->name = name;
    s->column = r->variable >= 0 ? r->value : find(r, column);
    if (s->column < 0)
        return no_column(r, column, option);
    if (suffix) {
        s->suffix = hf_i_strdup(r->ctx, suffix);
        if (!s->suffix)
            return HF_E_NOMEM;
    }
    r->n_sources++;
    return HF_OK;
}

/* "COLUMN", or "COLUMN.VALUE" with a partner column, or "VARIABLE.PARTNER" in a series table. */
static hf_status add_named(reader *r, const char *name, const char *text, const char *option)
{
    if (r->variable >= 0)
        return add_source(r, name, text, option, text);
    const char *dot = r->partner >= 0 && find(r, text) < 0 ? strrchr(text, '.') : NULL;
    if (!dot)
        return add_source(r, name, text, option, NULL);
    char *column = hf_i_strndup(r->ctx, text, (size_t)(dot - text));
    if (!column)
        return HF_E_NOMEM;
    hf_status s = add_source(r, name, column, option, dot + 1);
    hf_i_free(r->ctx, column);
    return s;
}

static int by_text(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    char *ex, *ey;
    long dx = strtol(x, &ex, 10), dy = strtol(y, &ey, 10); /* "1", "2", or "a", "b" */
    if (!*ex && !*ey && dx != dy)
        return dx < dy ? -1 : 1;
    return strcmp(x, y);
}

/* The partners' values, found by a pass over the table. */
static hf_status find_partners(reader *r, names *out)
{
    hf_i_csv_reader scan;
    bool got;
    uint32_t index;
    HF_TRY(hf_i_csv_open(&scan, r->ctx, r->csv.file, r->csv.data, r->csv.size, &r->csv.options));
    hf_status s = hf_i_csv_next(&scan, &got);
    while (s == HF_OK && (s = hf_i_csv_next(&scan, &got)) == HF_OK && got) {
        const char *text;
        size_t len;
        if ((size_t)r->partner >= scan.count)
            continue;
        trim(&scan.cells[r->partner], &text, &len);
        s = keep(r->ctx, out, text, len, &index);
        if (s == HF_OK && out->count > 8)
            s = hf_i_csv_fail(&scan, (size_t)r->partner, HF_E_PARSE,
                              "It should tell two people apart.",
                              "the partner column '%s' has more than 8 different values",
                              r->header.items[r->partner]);
    }
    hf_i_csv_dispose(&scan);
    if (s == HF_OK)
        qsort(out->items, out->count, sizeof *out->items, by_text);
    return s;
}

static hf_status observed_columns(reader *r)
{
    const hf_panel_options *o = r->options;
    const hf_model *m = r->model;
    size_t asked = o->obs ? o->n_obs : m->m;
    names partners = {0};
    hf_status s = HF_OK;
    bool spread = r->partner >= 0 && r->variable < 0 && asked < m->m;
    if (spread)
        s = find_partners(r, &partners);
    for (size_t j = 0; s == HF_OK && j < asked; j++) {
        const char *text = o->obs ? o->obs[j] : m->obs[j];
        if (!spread) {
            s = r->n_sources < m->m ? add_named(r, m->obs[r->n_sources], text, "--obs") : HF_OK;
            continue;
        }
        for (size_t p = 0; s == HF_OK && p < partners.count && r->n_sources < m->m; p++)
            s = add_source(r, m->obs[r->n_sources], text, "--obs", partners.items[p]);
    }
    size_t given = spread ? asked * partners.count : asked;
    free_names(r->ctx, &partners);
    if (s == HF_OK && (r->n_sources != m->m || given != m->m))
        s = hf_i_fail(r->ctx, HF_E_USAGE, "Name one column for each, in this order, with --obs.",
                      "model '%s' observes %zu variables and %zu were named", m->name, m->m, given);
    return s;
}

static hf_status covariate_columns(reader *r)
{
    const hf_panel_options *o = r->options;
    const hf_model *m = r->model;
    for (size_t c = 0; c < m->n_covs; c++) {
        const char *column = m->covs[c];
        size_t len = strlen(column);
        for (size_t k = 0; k < o->n_covariates; k++)
            if (strncmp(o->covariates[k], m->covs[c], len) == 0 && o->covariates[k][len] == '=')
                column = o->covariates[k] + len + 1;
        HF_TRY(add_named(r, m->covs[c], column, "--covariate NAME=COLUMN"));
    }
    for (size_t k = 0; k < o->n_covariates; k++) {
        size_t len = strcspn(o->covariates[k], "=");
        bool known = false;
        for (size_t c = 0; c < m->n_covs; c++)
            known |= strlen(m->covs[c]) == len && strncmp(m->covs[c], o->covariates[k], len) == 0;
        if (!known)
            return hf_i_fail(r->ctx, HF_E_USAGE, "See 'holdfast models NAME'.",
                             "model '%s' has no covariate '%.*s'", m->name, (int)len,
                             o->covariates[k]);
    }
    return HF_OK;
}

static hf_status choose_columns(reader *r)
{
    static const char *const usual_id[] = {"id", "dyad", "couple", "dyadid", NULL};
    static const char *const usual_time[] = {"time", NULL}, *const none[] = {NULL};
    const hf_panel_options *o = r->options;
    r->variable = find(r, "variable");
    r->value = find(r, "value");
    bool series = r->variable >= 0 && r->value >= 0 && find(r, "partner") >= 0;
    if (!series)
        r->variable = r->value = -1;
    HF_TRY(key_column(r, o->id, "--id", usual_id, &r->id));
    HF_TRY(key_column(r, o->time, "--time", usual_time, &r->time));
    HF_TRY(key_column(r, series && !o->partner ? "partner" : o->partner, "--partner", none,
                      &r->partner));
    r->sources = hf_i_calloc(r->ctx, r->model->m + r->model->n_covs + 1, sizeof *r->sources);
    r->columns = hf_i_calloc(r->ctx, r->model->m + r->model->n_covs + 1, sizeof *r->columns);
    if (!r->sources || !r->columns)
        return HF_E_NOMEM;
    HF_TRY(observed_columns(r));
    HF_TRY(covariate_columns(r));
    for (size_t s = 0; s < r->n_sources; s++) { /* each column is read once a row */
        size_t k = 0;
        while (k < r->width && r->columns[k] != r->sources[s].column)
            k++;
        if (k == r->width)
            r->columns[r->width++] = r->sources[s].column;
    }
    return HF_OK;
}

/* ---- rows
 * ---------------------------------------------------------------------------------------------- */

static bool is_missing(const char *text, size_t len)
{
    static const char *const words[] = {"", "NA", "NaN", "nan", "na", ".", "N/A", "null", "NULL"};
    for (size_t i = 0; i < HF_COUNT_OF(words); i++)
        if (strlen(words[i]) == len && memcmp(words[i], text, len) == 0)
            return true;
    return false;
}

static hf_status cell(reader *r, long column, bool needed, double *out)
{
    const char *text = "";
    size_t len = 0;
    *out = NAN;
    if ((size_t)column < r->csv.count)
        trim(&r->csv.cells[column], &text, &len);
    if (!is_missing(text, len)) {
        if (hf_i_csv_number(&r->csv, (size_t)column, out))
            return HF_OK;
        return hf_i_csv_fail(&r->csv, (size_t)column, HF_E_PARSE,
                             "Leave the cell empty or write NA for a missing value.",
                             "row %llu, column '%s': '%.*s' is not a number",
                             (unsigned long long)r->csv.row, r->header.items[column],
                             len > 40 ? 40 : (int)len, text);
    }
    if (needed && (size_t)column < r->csv.count)
        return hf_i_csv_fail(&r->csv, (size_t)column, HF_E_PARSE, "Every row needs a time.",
                             "row %llu, column '%s': the time is missing",
                             (unsigned long long)r->csv.row, r->header.items[column]);
    if (needed)
        return hf_i_fail(r->ctx, HF_E_PARSE, NULL, "row %llu ends before column '%s'",
                         (unsigned long long)r->csv.row, r->header.items[column]);
    return HF_OK;
}

static hf_status suffix_of_row(reader *r, uint32_t *out)
{
    char text[300];
    const char *a = "", *b = "";
    size_t na = 0, nb = 0;
    *out = 0;
    if (r->partner < 0)
        return HF_OK;
    if ((size_t)r->partner < r->csv.count)
        trim(&r->csv.cells[r->partner], &a, &na);
    if (r->variable < 0)
        return keep(r->ctx, &r->suffixes, a, na, out);
    if ((size_t)r->variable < r->csv.count)
        trim(&r->csv.cells[r->variable], &b, &nb);
    int len = snprintf(text, sizeof text, "%.*s.%.*s", nb > 120 ? 120 : (int)nb, b,
                       na > 120 ? 120 : (int)na, a);
    return keep(r->ctx, &r->suffixes, text, (size_t)len, out);
}

static hf_status one_row(reader *r)
{
    record rec = {.line = r->csv.row, .at = r->n_values};
    const char *text = "1";
    size_t len = 1;
    if (r->id >= 0 && (size_t)r->id < r->csv.count)
        trim(&r->csv.cells[r->id], &text, &len);
    HF_TRY(keep(r->ctx, &r->ids, text, len, &rec.dyad));
    rec.time = NAN;
    if (r->time >= 0)
        HF_TRY(cell(r, r->time, true, &rec.time));
    HF_TRY(suffix_of_row(r, &rec.partner));
    HF_TRY(hf_i_grow(r->ctx, &r->values, &r->cap_values, r->n_values + r->width, sizeof *r->values,
                     UINT64_MAX / 64, "values"));
    for (size_t k = 0; k < r->width; k++)
        HF_TRY(cell(r, r->columns[k], false, &r->values[r->n_values++]));
    HF_TRY(hf_i_grow(r->ctx, &r->records, &r->cap_records, r->n_records + 1, sizeof *r->records,
                     HF_MAX_ROWS, "rows"));
    r->records[r->n_records++] = rec;
    return HF_OK;
}

static hf_status read_rows(reader *r)
{
    bool got;
    for (;;) {
        HF_TRY(hf_i_csv_next(&r->csv, &got));
        if (!got)
            break;
        HF_TRY(one_row(r));
    }
    if (r->n_records == 0)
        return hf_i_fail(r->ctx, HF_E_NOT_ENOUGH_DATA, NULL, "the table has a header and no rows");
    return HF_OK;
}

/* ---- into dyads
 * ------------------------------------------------------------------------------------------ */

/* Wide rows stay in the order of the file within a dyad; spread ones are put together by time. */
static int by_dyad_line(const void *a, const void *b)
{
    const record *x = a, *y = b;
    if (x->dyad != y->dyad)
        return x->dyad < y->dyad ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static int by_dyad_time(const void *a, const void *b)
{
    const record *x = a, *y = b;
    if (x->dyad != y->dyad)
        return x->dyad < y->dyad ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Without a time column occasions are counted, for each partner of a dyad apart. */
static hf_status count_times(reader *r)
{
    size_t partners = r->suffixes.count ? r->suffixes.count : 1;
    double *seen = hf_i_calloc(r->ctx, r->ids.count * partners, sizeof *seen);
    if (!seen)
        return HF_E_NOMEM;
    for (size_t i = 0; i < r->n_records; i++)
        r->records[i].time = ++seen[r->records[i].dyad * partners + r->records[i].partner];
    hf_i_free(r->ctx, seen);
    return HF_OK;
}

static hf_status out_of_order(const reader *r, const record *rec, bool twice)
{
    hf_i_place place = {.file = r->csv.file, .line = rec->line};
    return hf_i_fail_at(r->ctx, HF_E_RANGE, &place,
                        "Sort the rows of a dyad by time, one row per time (per partner).",
                        "row %llu, dyad '%.60s': %s", (unsigned long long)rec->line,
                        r->ids.items[rec->dyad],
                        twice ? "this time is there twice" : "times are not in order");
}

static hf_status make_room(hf_panel *p, const reader *r)
{
    size_t rows = r->n_records;
    p->first_row = hf_i_calloc(p->ctx, r->ids.count + 1, sizeof *p->first_row);
    p->time = hf_i_alloc(p->ctx, rows * sizeof *p->time);
    p->y = hf_i_alloc(p->ctx, rows * r->model->m * sizeof *p->y);
    p->u = r->model->n_covs ? hf_i_alloc(p->ctx, rows * r->model->n_covs * sizeof *p->u) : NULL;
    if (!p->first_row || !p->time || !p->y || (r->model->n_covs && !p->u))
        return HF_E_NOMEM;
    for (size_t i = 0; i < rows * r->model->m; i++)
        p->y[i] = NAN;
    for (size_t i = 0; i < rows * r->model->n_covs; i++)
        p->u[i] = NAN;
    return HF_OK;
}

/* One record's values into a row. */
static hf_status put(const reader *r, hf_panel *p, const record *rec, size_t row)
{
    size_t m = r->model->m, covs = r->model->n_covs;
    for (size_t s = 0; s < r->n_sources; s++) {
        const source *src = &r->sources[s];
        if (src->suffix && strcmp(src->suffix, r->suffixes.items[rec->partner]) != 0)
            continue;
        size_t k = 0;
        while (r->columns[k] != src->column)
            k++;
        double x = r->values[rec->at + k],
               *to = s < m ? &p->y[row * m + s] : &p->u[row * covs + s - m];
        if (src->suffix && !isnan(*to) && !isnan(x))
            return out_of_order(r, rec, true);
        if (!isnan(x))
            *to = x;
    }
    return HF_OK;
}

static hf_status assemble(reader *r)
{
    hf_panel *p = r->panel;
    bool spread = r->partner >= 0;
    size_t row = 0;
    if (r->time < 0)
        HF_TRY(count_times(r));
    qsort(r->records, r->n_records, sizeof *r->records, spread ? by_dyad_time : by_dyad_line);
    HF_TRY(make_room(p, r));
    for (size_t i = 0; i < r->n_records; i++) {
        const record *rec = &r->records[i], *last = i ? rec - 1 : NULL;
        bool same = last && last->dyad == rec->dyad;
        if (same && !spread && !(rec->time > last->time))
            return out_of_order(r, rec, rec->time == last->time);
        if (!(same && spread && rec->time == last->time)) {
            if (!same)
                p->first_row[rec->dyad] = row;
            p->time[row++] = rec->time;
        }
        HF_TRY(put(r, p, rec, row - 1));
    }
    p->first_row[r->ids.count] = row;
    return HF_OK;
}

/* y minus its mean over the dyad's rows. */
static void center(const reader *r)
{
    const hf_panel *p = r->panel;
    size_t m = r->model->m;
    for (size_t i = 0; i < r->ids.count; i++)
        for (size_t j = 0; j < m; j++) {
            double sum = 0, n = 0;
            for (size_t row = p->first_row[i]; row < p->first_row[i + 1]; row++)
                if (!isnan(p->y[row * m + j])) {
                    sum += p->y[row * m + j];
                    n++;
                }
            for (size_t row = p->first_row[i]; n > 0 && row < p->first_row[i + 1]; row++)
                p->y[row * m + j] -= sum / n;
        }
}

static hf_status read_all(reader *r)
{
    HF_TRY(read_header(r));
    HF_TRY(choose_columns(r));
    HF_TRY(read_rows(r));
    HF_TRY(assemble(r));
    if (r->options->center)
        center(r);
    hf_panel *p = r->panel;
    p->ids = r->ids.items;
    p->n_ids = r->ids.count;
    r->ids.items = NULL;
    r->ids.count = 0;
    hf_dyads view = HF_DYADS_INIT;
    view.n_dyads = p->n_ids;
    view.first_row = p->first_row;
    view.time = p->time;
    view.y = p->y;
    view.u = p->u;
    view.ids = (const char *const *)p->ids;
    p->dyads = view;
    return HF_OK;
}

hf_status hf_panel_read(hf_panel **out, hf_ctx *ctx, const char *path, const hf_model *model,
                        const hf_panel_options *options)
{
    hf_panel_options defaults = HF_PANEL_OPTIONS_INIT;
    hf_i_csv_options csv = {.comment = '#'};
    hf_i_file file;
    *out = NULL;
    if (options && options->size != sizeof *options)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another size");
    HF_TRY(hf_i_file_open(&file, ctx, path));
    reader r = {.ctx = ctx, .model = model, .options = options ? options : &defaults};
    r.panel = hf_i_calloc(ctx, 1, sizeof *r.panel);
    hf_status s = r.panel ? HF_OK : HF_E_NOMEM;
    if (s == HF_OK) {
        r.panel->ctx = ctx;
        s = hf_i_csv_open(&r.csv, ctx, path, file.data, file.size, &csv);
    }
    if (s == HF_OK) {
        s = read_all(&r);
        hf_i_csv_dispose(&r.csv);
    }
    free_names(ctx, &r.header);
    free_names(ctx, &r.ids);
    free_names(ctx, &r.suffixes);
    for (size_t i = 0; r.sources && i < r.n_sources; i++)
        hf_i_free(ctx, r.sources[i].suffix);
    hf_i_free(ctx, r.sources);
    hf_i_free(ctx, r.columns);
    hf_i_free(ctx, r.records);
    hf_i_free(ctx, r.values);
    hf_i_file_close(&file);
    if (s == HF_OK)
        *out = r.panel;
    else
        hf_panel_free(r.panel);
    return s;
}

void hf_panel_free(hf_panel *panel)
{
    if (!panel)
        return;
    hf_ctx *ctx = panel->ctx;
    for (size_t i = 0; i < panel->n_ids; i++)
        hf_i_free(ctx, panel->ids[i]);
    hf_i_free(ctx, panel->ids);
    hf_i_free(ctx, panel->first_row);
    hf_i_free(ctx, panel->time);
    hf_i_free(ctx, panel->y);
    hf_i_free(ctx, panel->u);
    hf_i_free(ctx, panel);
}

const hf_dyads *hf_panel_dyads(const hf_panel *panel)
{
    return &panel->dyads;
}
