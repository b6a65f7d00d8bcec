/* SPDX-License-Identifier: MIT */
/* The file of ratings: date, partner, item, value; one row a rating. */
#include "attachment/checkin.h"
#include "text/csv.h"
#include "text/time.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_place(const void *a, const void *b)
{
    const hf_diary_row *x = a, *y = b;
    if (x->partner != y->partner)
        return x->partner < y->partner ? -1 : 1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static bool same_place(const hf_diary_row *x, const hf_diary_row *y)
{
    return x->partner == y->partner && x->item == y->item && x->day == y->day;
}

static void sort_rows(hf_diary *r)
{
    if (r->count)
        qsort(r->rows, r->count, sizeof *r->rows, by_place);
}

static hf_status add_row(hf_diary *r, const hf_diary_row *row)
{
    HF_TRY(hf_i_grow(r->ctx, &r->rows, &r->capacity, (uint64_t)r->count + 1, sizeof *r->rows,
                     HF_MAX_ROWS, "the number of ratings"));
    r->rows[r->count++] = *row;
    return HF_OK;
}

static bool parse_day(const char *text, size_t len, int64_t *day)
{
    hf_i_time t;
    if (!hf_i_time_parse_iso(text, len, &t) || t.resolution_ms != (int32_t)HF_I_MS_PER_DAY)
        return false;
    *day = t.ms / HF_I_MS_PER_DAY - (t.ms % HF_I_MS_PER_DAY < 0);
    return true;
}

static bool parse_partner(const char *text, size_t len, hf_partner *partner)
{
    if (len != 1 || (text[0] != 'a' && text[0] != 'b'))
        return false;
    *partner = text[0] == 'a' ? HF_PARTNER_A : HF_PARTNER_B;
    return true;
}

typedef struct place {
    long date, partner, item, value;
    int min, max;
} place;

static hf_status one_rating(hf_diary *r, hf_i_csv_reader *csv, const place *p)
{
    const hf_i_csv_cell *c = csv->cells;
    size_t last = (size_t)p->date;
    const long all[] = {p->partner, p->item, p->value};
    for (size_t i = 0; i < HF_COUNT_OF(all); i++)
        last = (size_t)all[i] > last ? (size_t)all[i] : last;
    if (last >= csv->count)
        return hf_i_csv_fail(csv, 0, HF_E_PARSE, NULL, "row %llu is too short",
                             (unsigned long long)csv->row);
    hf_diary_row row = {.line = csv->line};
    unsigned long long n = (unsigned long long)csv->row;
    if (!parse_day(c[p->date].text, c[p->date].len, &row.day))
        return hf_i_csv_fail(csv, (size_t)p->date, HF_E_PARSE, "Write dates as 2026-11-22.",
                             "row %llu, column date: no date", n);
    if (!parse_partner(c[p->partner].text, c[p->partner].len, &row.partner))
        return hf_i_csv_fail(csv, (size_t)p->partner, HF_E_PARSE, NULL,
                             "row %llu, column partner: neither a nor b", n);
    if (!c[p->item].len)
        return hf_i_csv_fail(csv, (size_t)p->item, HF_E_PARSE, NULL, "row %llu, column item: empty",
                             n);
    if (!c[p->value].len && !c[p->value].quoted)
        return HF_OK; /* skipped */
    if (!hf_i_csv_number(csv, (size_t)p->value, &row.value))
        return hf_i_csv_fail(csv, (size_t)p->value, HF_E_PARSE, NULL,
                             "row %llu, column value: no number", n);
    if (p->min < p->max && !(row.value >= p->min && row.value <= p->max))
        return hf_i_csv_fail(csv, (size_t)p->value, HF_E_RANGE, NULL,
                             "row %llu, column value: not within %d to %d", n, p->min, p->max);
    HF_TRY(hf_i_intern_add(&r->items, c[p->item].text, c[p->item].len, &row.item, NULL));
    return add_row(r, &row);
}

static hf_status check_twice(hf_diary *r, const char *path)
{
    sort_rows(r);
    for (size_t i = 1; i < r->count; i++) {
        char date[HF_I_TIME_SIZE];
        const hf_diary_row *first = &r->rows[i - 1], *row = &r->rows[i];
        hf_i_place where = {.file = path, .line = row->line};
        if (!same_place(first, row))
            continue;
        hf_i_time_format_date(date, row->day * HF_I_MS_PER_DAY);
        return hf_i_fail_at(r->ctx, HF_E_PARSE, &where, "Keep one of the two lines.",
                            "partner %s rated '%.60s' on %s in line %llu already",
                            hf_partner_name(row->partner), r->items.text[row->item], date,
                            (unsigned long long)first->line);
    }
    return HF_OK;
}

static hf_status read_table(hf_diary *r, hf_i_csv_reader *csv, int min, int max)
{
    static const char *const names[] = {"date", "partner", "item", "value"};
    long column[4];
    bool got;
    HF_TRY(hf_i_csv_next(csv, &got));
    for (size_t i = 0; i < HF_COUNT_OF(names); i++) {
        column[i] = -1;
        if (got)
            HF_TRY(hf_i_csv_find(csv, names[i], &column[i]));
        if (column[i] < 0)
            return hf_i_csv_fail(csv, 0, HF_E_FORMAT, NULL,
                                 "a file of ratings has the columns date, partner, item, value; "
                                 "'%s' is not there",
                                 names[i]);
    }
    place p = {column[0], column[1], column[2], column[3], min, max};
    for (;;) {
        HF_TRY(hf_i_csv_next(csv, &got));
        if (!got)
            return HF_OK;
        HF_TRY(one_rating(r, csv, &p));
    }
}

static hf_status read_file(hf_diary *r, const char *path, int min, int max)
{
    hf_i_file file;
    hf_i_csv_reader csv;
    hf_i_csv_options options = {.delimiter = ',', .comment = '#'};
    HF_TRY(hf_i_file_open(&file, r->ctx, path));
    hf_status s = hf_i_csv_open(&csv, r->ctx, path, file.data, file.size, &options);
    if (s == HF_OK) {
        s = read_table(r, &csv, min, max);
        hf_i_csv_dispose(&csv);
    }
    hf_i_file_close(&file);
    return s == HF_OK ? check_twice(r, path) : s;
}

hf_status hf_diary_read(hf_diary **out, hf_ctx *ctx, const char *path, int min, int max,
                        bool missing_is_empty)
{
    struct stat st;
    *out = NULL;
    hf_diary *r = hf_i_calloc(ctx, 1, sizeof *r);
    if (!r)
        return HF_E_NOMEM;
    r->ctx = ctx;
    hf_i_intern_init(&r->items, ctx);
    r->path = hf_i_strdup(ctx, path);
    hf_status s = r->path ? HF_OK : HF_E_NOMEM;
    if (s == HF_OK && !(missing_is_empty && stat(path, &st) != 0 && errno == ENOENT))
        s = read_file(r, path, min, max);
    if (s != HF_OK) {
        hf_diary_free(r);
        return s;
    }
    *out = r;
    return HF_OK;
}

void hf_diary_free(hf_diary *r)
{
    if (!r)
        return;
    hf_i_intern_dispose(&r->items);
    hf_i_free(r->ctx, r->path);
    hf_i_free(r->ctx, r->rows);
    hf_i_free(r->ctx, r);
}

size_t hf_diary_count(const hf_diary *r)
{
    return r->count;
}

const hf_diary_row *hf_diary_get(const hf_diary *r, size_t index)
{
    return &r->rows[index];
}

const char *hf_diary_get_item(const hf_diary *r, uint32_t item)
{
    return r->items.text[item];
}

size_t hf_i_diary_of(const hf_diary *r, hf_partner partner, const char *item,
                     const hf_diary_row **rows)
{
    size_t first = 0, n = 0;
    *rows = NULL;
    while (first < r->count && (r->rows[first].partner != partner ||
                                strcmp(r->items.text[r->rows[first].item], item) != 0))
        first++;
    while (first + n < r->count && r->rows[first + n].partner == partner &&
           r->rows[first + n].item == r->rows[first].item)
        n++;
    if (n)
        *rows = &r->rows[first];
    return n;
}

/* ---- adding -------------------------------------------------------------------------------- */

static hf_diary_row *find_rating(hf_diary *r, hf_partner partner, uint32_t item, int64_t day)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->rows[i].partner == partner && r->rows[i].item == item && r->rows[i].day == day)
            return &r->rows[i];
    return NULL;
}

static hf_status add_value(hf_diary *r, const hf_checkin *c, size_t k, const hf_diary_row *like,
                           double value, bool replace)
{
    hf_diary_row row = *like;
    if (!(value >= c->min && value <= c->max))
        return hf_i_fail(r->ctx, HF_E_RANGE, NULL, "'%s' is answered from %d to %d", c->items[k].id,
                         c->min, c->max);
    HF_TRY(hf_i_intern_add(&r->items, c->items[k].id, strlen(c->items[k].id), &row.item, NULL));
    row.value = value;
    hf_diary_row *there = find_rating(r, row.partner, row.item, row.day);
    if (there && !replace)
        return hf_i_fail(r->ctx, HF_E_USAGE, "Replace that day's answers with --replace.",
                         "partner %s has answered '%s' on this day already",
                         hf_partner_name(row.partner), c->items[k].id);
    if (!there)
        return add_row(r, &row);
    there->value = value;
    return HF_OK;
}

hf_status hf_diary_add(hf_diary *r, const hf_checkin *c, const char *date, hf_partner partner,
                       const double *values, bool replace)
{
    hf_diary_row row = {.partner = partner};
    if (partner == HF_PARTNER_AB)
        return hf_i_fail(r->ctx, HF_E_USAGE, NULL, "a check-in belongs to partner a or b");
    if (!parse_day(date, strlen(date), &row.day))
        return hf_i_fail(r->ctx, HF_E_USAGE, "Write it as 2026-11-22.", "'%.40s' is no date", date);
    for (size_t k = 0; k < c->item_count; k++)
        if (!isnan(values[k]))
            HF_TRY(add_value(r, c, k, &row, values[k], replace));
    sort_rows(r);
    return HF_OK;
}

static int by_day(const void *a, const void *b)
{
    const hf_diary_row *x = a, *y = b;
    return x->day != y->day ? (x->day < y->day ? -1 : 1) : by_place(a, b);
}

static hf_status write_rows(const hf_diary *r, const hf_diary_row *rows, hf_outfile *file)
{
    hf_i_csv_writer w;
    hf_i_csv_init(&w, hf_i_sink_outfile(file), ',');
    hf_i_csv_str(&w, "date");
    hf_i_csv_str(&w, "partner");
    hf_i_csv_str(&w, "item");
    hf_i_csv_str(&w, "value");
    hf_i_csv_end_row(&w);
    for (size_t i = 0; i < r->count; i++) {
        char date[HF_I_TIME_SIZE];
        hf_i_time_format_date(date, rows[i].day * HF_I_MS_PER_DAY);
        hf_i_csv_str(&w, date);
        hf_i_csv_str(&w, hf_partner_name(rows[i].partner));
        hf_i_csv_str(&w, r->items.text[rows[i].item]);
        hf_i_csv_real(&w, rows[i].value);
        hf_i_csv_end_row(&w);
    }
    return hf_i_csv_finish(&w);
}

hf_status hf_diary_write(const hf_diary *r, hf_ctx *ctx, const char *path)
{
    hf_outfile *file;
    hf_diary_row *rows = hf_i_alloc(ctx, (r->count + 1) * sizeof *rows);
    if (!rows)
        return HF_E_NOMEM;
    if (r->count)
        memcpy(rows, r->rows, r->count * sizeof *rows);
    qsort(rows, r->count, sizeof *rows, by_day);
    hf_status s = hf_outfile_new(&file, ctx, path);
    if (s == HF_OK) {
        s = write_rows(r, rows, file);
        if (s == HF_OK)
            s = hf_outfile_commit(file);
        hf_outfile_free(file);
    }
    hf_i_free(ctx, rows);
    return s;
}
