/* SPDX-License-Identifier: MIT */
#include "record/record.h"

#include <string.h>

static const char *const kind_names[] = {
#define HF_KIND_NAME(name, text) text,
    HF_MESSAGE_KIND_LIST(HF_KIND_NAME)
#undef HF_KIND_NAME
};

static const char *const limit_names[] = {
#define HF_LIMIT_NAME(name, id, text) id,
    HF_LIMIT_LIST(HF_LIMIT_NAME)
#undef HF_LIMIT_NAME
};

static const char *const limit_texts[] = {
#define HF_LIMIT_TEXT(name, id, text) text,
    HF_LIMIT_LIST(HF_LIMIT_TEXT)
#undef HF_LIMIT_TEXT
};

const char *hf_message_kind_name(hf_message_kind kind)
{
    return (unsigned)kind < HF_COUNT_OF(kind_names) ? kind_names[kind] : "unknown";
}

const char *hf_time_kind_name(hf_time_kind kind)
{
    static const char *const names[] = {"none", "utc", "local", "media"};
    return (unsigned)kind < HF_COUNT_OF(names) ? names[kind] : "unknown";
}

const char *hf_limit_name(hf_limit limit)
{
    return (unsigned)limit < HF_COUNT_OF(limit_names) ? limit_names[limit] : "unknown";
}

const char *hf_limit_text(hf_limit limit)
{
    return (unsigned)limit < HF_COUNT_OF(limit_texts) ? limit_texts[limit] : "unknown";
}

void hf_record_free(hf_record *r)
{
    if (!r)
        return;
    hf_ctx *ctx = r->ctx;
    for (size_t i = 0; i < r->file_count; i++) {
        hf_i_blob_free(ctx, &r->files[i].blob);
        hf_i_free(ctx, r->files[i].name);
    }
    while (r->pool) {
        hf_i_pool_block *next = r->pool->next;
        hf_i_free(ctx, r->pool);
        r->pool = next;
    }
    hf_i_free(ctx, r->files);
    hf_i_free(ctx, r->people);
    hf_i_free(ctx, r->rows);
    hf_i_free(ctx, r->extras);
    hf_i_free(ctx, r->ratings);
    hf_i_free(ctx, r->samples);
    hf_i_free(ctx, r->warnings);
    hf_i_free(ctx, r->order);
    hf_i_free(ctx, r->ordinals);
    hf_i_free(ctx, r->ids);
    hf_i_free(ctx, r);
}

void hf_record_get_summary(const hf_record *r, hf_record_summary *out)
{
    *out = r->summary;
}

const char *hf_record_get_file(const hf_record *r, uint32_t index)
{
    return index < r->file_count ? r->files[index].name : NULL;
}

size_t hf_record_count_people(const hf_record *r)
{
    return r->person_count;
}

const hf_person *hf_record_get_person(const hf_record *r, int32_t index)
{
    return index >= 0 && (size_t)index < r->person_count ? &r->people[index] : NULL;
}

const hf_i_extra *hf_i_record_extra(const hf_record *r, size_t row)
{
    size_t lo = 0, hi = r->extra_count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->extras[mid].row < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < r->extra_count && r->extras[lo].row == row ? &r->extras[lo] : NULL;
}

size_t hf_record_count_messages(const hf_record *r)
{
    return r->row_count;
}

void hf_record_get_message(const hf_record *r, size_t index, hf_message *out)
{
    const hf_i_row *row = &r->rows[index];
    *out = (hf_message){.seq = index,
                        .t_ms = row->t_ms,
                        .t_end_ms = HF_NO_TIME,
                        .t_res_ms = r->resolutions[row->resolution],
                        .t_kind = (hf_time_kind)row->t_kind,
                        .kind = (hf_message_kind)row->kind,
                        .sender = row->sender,
                        .text = {row->text, row->text_size},
                        .invalid_utf8 = (row->flags & HF_I_ROW_INVALID_UTF8) != 0,
                        .reply_index = HF_NO_ROW,
                        .edited = (row->flags & HF_I_ROW_EDITED) != 0,
                        .edited_ms = HF_NO_TIME,
                        .delivered_ms = HF_NO_TIME,
                        .read_ms = HF_NO_TIME,
                        .duration_ms = HF_NO_TIME,
                        .src = {row->file, row->byte, row->line}};
    const hf_i_extra *x = row->flags & HF_I_ROW_EXTRA ? hf_i_record_extra(r, index) : NULL;
    if (!x)
        return;
    out->t_end_ms = x->t_end_ms;
    out->edited_ms = x->edited_ms;
    out->delivered_ms = x->delivered_ms;
    out->read_ms = x->read_ms;
    out->duration_ms = x->duration_ms;
    out->conversation = x->conversation;
    out->reply_to = (hf_text){x->reply, x->reply_size};
    if (x->reply_row != UINT32_MAX)
        out->reply_index = x->reply_row;
}

size_t hf_record_count_ratings(const hf_record *r)
{
    return r->rating_count;
}

void hf_record_get_rating(const hf_record *r, size_t index, hf_rating *out)
{
    const hf_i_value *v = &r->ratings[index];
    *out = (hf_rating){index,
                       v->t_ms,
                       r->resolutions[v->resolution],
                       (hf_time_kind)v->t_kind,
                       v->person,
                       {v->other, v->other_size},
                       {v->name, v->name_size},
                       v->value,
                       {v->file, v->byte, v->line}};
}

size_t hf_record_count_samples(const hf_record *r)
{
    return r->sample_count;
}

void hf_record_get_sample(const hf_record *r, size_t index, hf_sample *out)
{
    const hf_i_value *v = &r->samples[index];
    *out = (hf_sample){index,
                       v->t_ms,
                       r->resolutions[v->resolution],
                       (hf_time_kind)v->t_kind,
                       v->person,
                       {v->name, v->name_size},
                       {v->other, v->other_size},
                       v->value,
                       {v->file, v->byte, v->line}};
}

const uint32_t *hf_record_get_time_order(const hf_record *r)
{
    return r->order;
}

size_t hf_record_count_warnings(const hf_record *r)
{
    return r->warning_count;
}

const hf_warning *hf_record_get_warning(const hf_record *r, size_t index)
{
    return index < r->warning_count ? &r->warnings[index] : NULL;
}
