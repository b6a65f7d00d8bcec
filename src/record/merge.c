/* SPDX-License-Identifier: MIT */
#include "record/merge.h"

#include <string.h>

/* A minute stamp covers a minute: how far two stamps of one message can be apart. */
enum { WINDOW_MS = 60000 };

static uint32_t source_of(const hf_record *r, const hf_i_row *row)
{
    return row->file < r->file_count ? r->files[row->file].source : 0;
}

static bool same_message(const hf_record *r, const hf_i_row *a, const hf_i_row *b)
{
    if (a->sender != b->sender || a->kind != b->kind || a->text_size != b->text_size ||
        (a->text_size && memcmp(a->text, b->text, a->text_size) != 0))
        return false;
    uint32_t ra = r->resolutions[a->resolution], rb = r->resolutions[b->resolution];
    int64_t coarse = ra > rb ? ra : rb;
    if (coarse < 1)
        coarse = 1;
    return a->t_ms / coarse == b->t_ms / coarse;
}

/* Marks the later of two equal messages of different sources. A message pairs off with one only:
 * 'ok' twice in one minute in both exports stays twice. */
static size_t mark_duplicates(hf_record *r, const uint32_t *order)
{
    size_t marked = 0;
    for (size_t i = 0; i < r->row_count; i++) {
        hf_i_row *a = &r->rows[order[i]];
        if (a->t_ms == HF_NO_TIME || (a->flags & HF_I_ROW_MARK))
            continue;
        uint64_t done = 0; /* sources (modulo 64) in which a's partner was found */
        for (size_t j = i + 1; j < r->row_count; j++) {
            hf_i_row *b = &r->rows[order[j]];
            if (b->t_ms != HF_NO_TIME && b->t_ms - a->t_ms > WINDOW_MS)
                break;
            uint32_t source = source_of(r, b);
            uint64_t bit = UINT64_C(1) << (source % 64);
            if (b->t_ms == HF_NO_TIME || (b->flags & HF_I_ROW_MARK) || (done & bit) ||
                source == source_of(r, a) || !same_message(r, a, b))
                continue;
            b->flags |= HF_I_ROW_MARK;
            done |= bit;
            marked++;
        }
    }
    return marked;
}

static hf_status sorted(hf_record *r, hf_ctx *ctx, uint32_t *order)
{
    int64_t *t = hf_i_alloc(ctx, r->row_count * sizeof *t), last = INT64_MIN;
    uint32_t *spare = hf_i_alloc(ctx, r->row_count * sizeof *spare);
    hf_status s = t && spare ? HF_OK : HF_E_NOMEM;
    if (s == HF_OK) {
        for (size_t i = 0; i < r->row_count; i++) {
            if (r->rows[i].t_ms != HF_NO_TIME)
                last = r->rows[i].t_ms;
            t[i] = last;
            order[i] = (uint32_t)i;
        }
        hf_i_record_sort_rows(order, spare, r->row_count, t);
    }
    hf_i_free(ctx, t);
    hf_i_free(ctx, spare);
    return s;
}

static hf_status warn_clocks(hf_i_build *b)
{
    const hf_record *r = hf_i_build_record(b);
    bool seen[HF_TIME_MEDIA + 1] = {false};
    for (size_t i = 0; i < r->row_count; i++)
        seen[r->rows[i].t_kind] = true;
    if (seen[HF_TIME_UTC] + seen[HF_TIME_LOCAL] + seen[HF_TIME_MEDIA] > 1)
        return hf_i_build_warn(b, 0, 0,
                               "the sources keep their time in different ways (UTC, wall clock, "
                               "recording): their order against each other is not sure");
    return HF_OK;
}

hf_status hf_i_record_merge(hf_i_build *b)
{
    hf_record *r = hf_i_build_record(b);
    hf_ctx *ctx = hf_i_build_ctx(b);
    if (r->row_count == 0)
        return HF_OK;
    HF_TRY(warn_clocks(b));
    uint32_t *order = hf_i_alloc(ctx, r->row_count * sizeof *order);
    if (!order)
        return HF_E_NOMEM;
    hf_status s = sorted(r, ctx, order);
    if (s == HF_OK) {
        r->summary.duplicates += mark_duplicates(r, order);
        size_t n = 0;
        for (size_t i = 0; i < r->row_count; i++)
            if (!(r->rows[order[i]].flags & HF_I_ROW_MARK))
                order[n++] = order[i];
        s = hf_i_build_rearrange(b, order, n);
    }
    hf_i_free(ctx, order);
    return s;
}
