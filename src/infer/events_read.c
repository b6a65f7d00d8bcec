/* SPDX-License-Identifier: MIT */
/* Events from a table: a row each. */
#include <holdfast/infer.h>

#include "model/model.h"
#include "text/csv.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    double time;
    int who;
    uint64_t line;
} event;

struct hf_events {
    hf_ctx *ctx;
    event *items;
    size_t count, cap;
    char *partners[2];
    double *time;
    int *who;
};

static hf_status find_column(const hf_i_csv_reader *r, const char *name, long *out)
{
    HF_TRY(hf_i_csv_find(r, name, out));
    if (*out >= 0)
        return HF_OK;
    return hf_i_fail(r->ctx, HF_E_NOT_FOUND, "Name the columns with --time and --partner.",
                     "no column '%s' in the table", name);
}

static hf_status partner_of(hf_events *e, const hf_i_csv_reader *r, long column, int *out)
{
    const char *text = "";
    size_t len = 0;
    if ((size_t)column < r->count) {
        text = r->cells[column].text;
        len = r->cells[column].len;
    }
    for (*out = 0; *out < 2; ++*out) {
        char **name = &e->partners[*out];
        if (!*name && !(*name = hf_i_strndup(e->ctx, text, len)))
            return HF_E_NOMEM;
        if (strlen(*name) == len && memcmp(*name, text, len) == 0)
            return HF_OK;
    }
    return hf_i_csv_fail(r, (size_t)column, HF_E_PARSE, "Take two people's events.",
                         "row %llu: a third partner, '%.*s'", (unsigned long long)r->row,
                         len > 40 ? 40 : (int)len, text);
}

static hf_status read_rows(hf_events *e, hf_i_csv_reader *r, const char *time, const char *partner)
{
    bool got;
    long at, who;
    HF_TRY(hf_i_csv_next(r, &got));
    if (!got)
        return hf_i_fail(e->ctx, HF_E_NOT_ENOUGH_DATA, NULL, "the table is empty");
    HF_TRY(find_column(r, time, &at));
    HF_TRY(find_column(r, partner, &who));
    for (;;) {
        event x = {0};
        HF_TRY(hf_i_csv_next(r, &got));
        if (!got)
            return HF_OK;
        if ((size_t)at >= r->count || !hf_i_csv_number(r, (size_t)at, &x.time))
            return hf_i_fail(e->ctx, HF_E_PARSE, "Times are numbers, in hours say.",
                             "row %llu, column '%s': not a number", (unsigned long long)r->row,
                             time);
        HF_TRY(partner_of(e, r, who, &x.who));
        x.line = r->row;
        HF_TRY(hf_i_grow(e->ctx, &e->items, &e->cap, e->count + 1, sizeof *e->items, HF_MAX_ROWS,
                         "events"));
        e->items[e->count++] = x;
    }
}

static int by_time(const void *a, const void *b)
{
    const event *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static hf_status order(hf_events *e)
{
    if (e->count < 2 || !e->partners[1])
        return hf_i_fail(e->ctx, HF_E_NOT_ENOUGH_DATA, NULL,
                         "not enough data: %zu events of %d "
                         "partner(s)",
                         e->count, e->partners[1] ? 2 : 1);
    bool swap = strcmp(e->partners[0], e->partners[1]) > 0;
    if (swap) {
        char *keep = e->partners[0];
        e->partners[0] = e->partners[1];
        e->partners[1] = keep;
    }
    qsort(e->items, e->count, sizeof *e->items, by_time);
    e->time = hf_i_alloc(e->ctx, e->count * sizeof *e->time);
    e->who = hf_i_alloc(e->ctx, e->count * sizeof *e->who);
    if (!e->time || !e->who)
        return HF_E_NOMEM;
    for (size_t i = 0; i < e->count; i++) {
        e->time[i] = e->items[i].time - e->items[0].time;
        e->who[i] = swap ? 1 - e->items[i].who : e->items[i].who;
    }
    return HF_OK;
}

hf_status hf_events_read(hf_events **out, hf_ctx *ctx, const char *path, const char *time_column,
                         const char *partner_column)
{
    hf_i_file file;
    hf_i_csv_reader r;
    hf_i_csv_options options = {.comment = '#'};
    *out = NULL;
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_events *e = hf_i_calloc(ctx, 1, sizeof *e);
    hf_status s = e ? HF_OK : HF_E_NOMEM;
    if (s == HF_OK) {
        e->ctx = ctx;
        s = hf_i_csv_open(&r, ctx, path, file.data, file.size, &options);
    }
    if (s == HF_OK) {
        s = read_rows(e, &r, time_column, partner_column);
        hf_i_csv_dispose(&r);
    }
    if (s == HF_OK)
        s = order(e);
    hf_i_file_close(&file);
    if (s == HF_OK)
        *out = e;
    else
        hf_events_free(e);
    return s;
}

void hf_events_free(hf_events *e)
{
    if (!e)
        return;
    hf_ctx *ctx = e->ctx;
    hf_i_free(ctx, e->items);
    hf_i_free(ctx, e->time);
    hf_i_free(ctx, e->who);
    hf_i_free(ctx, e->partners[0]);
    hf_i_free(ctx, e->partners[1]);
    hf_i_free(ctx, e);
}

size_t hf_events_get(const hf_events *e, const double **time, const int **who)
{
    *time = e->time;
    *who = e->who;
    return e->count;
}

const char *hf_events_partner(const hf_events *e, int partner)
{
    return partner == 0 || partner == 1 ? e->partners[partner] : NULL;
}
