/* SPDX-License-Identifier: MIT */
/* What is known of a record only once all its rows are there: order by time, inversions, counts. */
#include "record/record.h"

#include <stdlib.h>
#include <string.h>

/* The time a row is sorted by: its own, or that of the row before it. */
static hf_status effective_times(const hf_record *r, hf_ctx *ctx, int64_t **out)
{
    int64_t *t = hf_i_alloc(ctx, r->row_count * sizeof *t), last = INT64_MIN;
    if (!t)
        return HF_E_NOMEM;
    for (size_t i = 0; i < r->row_count; i++) {
        if (r->rows[i].t_ms != HF_NO_TIME)
            last = r->rows[i].t_ms;
        t[i] = last;
    }
    *out = t;
    return HF_OK;
}

/* Bottom-up. */
void hf_i_record_sort_rows(uint32_t *rows, uint32_t *spare, size_t n, const int64_t *t)
{
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t at = 0; at < n; at += 2 * width) {
            size_t mid = at + width < n ? at + width : n;
            size_t end = at + 2 * width < n ? at + 2 * width : n;
            size_t i = at, j = mid, k = at;
            if (mid == end || t[rows[mid - 1]] <= t[rows[mid]]) {
                memcpy(spare + at, rows + at, (end - at) * sizeof *rows);
                continue;
            }
            while (i < mid && j < end)
                spare[k++] = t[rows[j]] < t[rows[i]] ? rows[j++] : rows[i++];
            while (i < mid)
                spare[k++] = rows[i++];
            while (j < end)
                spare[k++] = rows[j++];
        }
        memcpy(rows, spare, n * sizeof *rows);
    }
}

static hf_status sort_by_time(hf_record *r, hf_ctx *ctx)
{
    r->order = hf_i_alloc(ctx, r->row_count * sizeof *r->order);
    if (!r->order)
        return HF_E_NOMEM;
    for (size_t i = 0; i < r->row_count; i++)
        r->order[i] = (uint32_t)i;
    if (r->summary.time_inversions == 0)
        return HF_OK;
    int64_t *t;
    HF_TRY(effective_times(r, ctx, &t));
    uint32_t *spare = hf_i_alloc(ctx, r->row_count * sizeof *spare);
    if (spare)
        hf_i_record_sort_rows(r->order, spare, r->row_count, t);
    hf_i_free(ctx, spare);
    hf_i_free(ctx, t);
    return spare ? HF_OK : HF_E_NOMEM;
}

static void note_time(hf_record_summary *s, int64_t t)
{
    if (t == HF_NO_TIME)
        return;
    if (s->first_ms == HF_NO_TIME || t < s->first_ms)
        s->first_ms = t;
    if (s->last_ms == HF_NO_TIME || t > s->last_ms)
        s->last_ms = t;
}

static void count_messages(hf_record *r, uint64_t *by_time_kind, uint32_t *coarsest)
{
    hf_record_summary *s = &r->summary;
    int64_t before = HF_NO_TIME;
    for (size_t i = 0; i < r->row_count; i++) {
        hf_i_row *row = &r->rows[i];
        row->flags &= (uint8_t)~HF_I_ROW_MARK;
        s->by_kind[row->kind]++;
        s->invalid_utf8 += (row->flags & HF_I_ROW_INVALID_UTF8) != 0;
        by_time_kind[row->t_kind]++;
        if (row->sender >= 0) {
            r->people[row->sender].messages++;
            r->people[row->sender].by_kind[row->kind]++;
        }
        if (row->t_ms == HF_NO_TIME)
            continue;
        note_time(s, row->t_ms);
        s->time_inversions += before != HF_NO_TIME && row->t_ms < before;
        before = row->t_ms;
        uint32_t res = r->resolutions[row->resolution];
        *coarsest = res > *coarsest ? res : *coarsest;
    }
}

static void count_values(hf_record *r, const hf_i_value *values, size_t count,
                         uint64_t *by_time_kind, uint32_t *coarsest)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t res = r->resolutions[values[i].resolution];
        note_time(&r->summary, values[i].t_ms);
        by_time_kind[values[i].t_kind]++;
        if (values[i].t_ms != HF_NO_TIME && res > *coarsest)
            *coarsest = res;
    }
}

static int by_place(const void *a, const void *b)
{
    const hf_source *x = &((const hf_warning *)a)->src, *y = &((const hf_warning *)b)->src;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->byte < y->byte ? -1 : x->byte > y->byte;
}

hf_status hf_i_record_finish(hf_record *r, hf_ctx *ctx)
{
    hf_record_summary *s = &r->summary;
    uint64_t by_time_kind[HF_TIME_MEDIA + 1] = {0};
    s->first_ms = s->last_ms = HF_NO_TIME;
    s->messages = r->row_count;
    s->ratings = r->rating_count;
    s->samples = r->sample_count;
    s->people = r->person_count;
    s->files = r->file_count;
    if (r->warning_count > 1)
        qsort(r->warnings, r->warning_count, sizeof *r->warnings, by_place);
    count_messages(r, by_time_kind, &s->t_res_ms);
    count_values(r, r->ratings, r->rating_count, by_time_kind, &s->t_res_ms);
    count_values(r, r->samples, r->sample_count, by_time_kind, &s->t_res_ms);
    for (int k = HF_TIME_UTC; k <= HF_TIME_MEDIA; k++)
        if (by_time_kind[k] &&
            (s->t_kind == HF_TIME_NONE || by_time_kind[k] > by_time_kind[s->t_kind]))
            s->t_kind = (hf_time_kind)k;
    if (s->t_res_ms >= 60000)
        s->limits |= 1u << HF_LIMIT_MINUTE_STAMPS;
    if (s->t_kind == HF_TIME_LOCAL)
        s->limits |= 1u << HF_LIMIT_NO_ZONE;
    s->format = r->format;
    s->variant = r->variant;
    s->encoding = r->encoding[0] ? r->encoding : "utf-8";
    return sort_by_time(r, ctx);
}
