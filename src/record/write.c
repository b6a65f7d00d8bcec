/* SPDX-License-Identifier: MIT */
/* A record as JSON Lines and its summary as JSON (doc/contracts.md 1). */
#include "record/record.h"
#include "record/target.h"
#include "text/json_write.h"

#include <string.h>

static void key_text(hf_i_json_writer *w, const char *key, hf_text text)
{
    if (text.data)
        hf_i_json_key_text(w, key, text.data, text.size);
    else
        hf_i_json_key_null(w, key);
}

static void key_time(hf_i_json_writer *w, const char *key, int64_t t, hf_time_kind kind,
                     uint32_t res)
{
    char text[40];
    size_t n = hf_i_record_time_text(text, t, kind, res);
    hf_i_json_key(w, key);
    if (n == 0)
        hf_i_json_null(w);
    else if (kind == HF_TIME_MEDIA)
        hf_i_json_raw(w, text, n);
    else
        hf_i_json_text(w, text, n);
}

static void key_source(hf_i_json_writer *w, const hf_record *r, const hf_source *src)
{
    hf_i_json_key(w, "src");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "file", hf_record_get_file(r, src->file));
    hf_i_json_key_uint(w, "byte", src->byte);
    if (src->line)
        hf_i_json_key_uint(w, "line", src->line);
    else
        hf_i_json_key_null(w, "line");
    hf_i_json_object_end(w);
}

static void key_person(hf_i_json_writer *w, const char *key, const hf_record *r, int32_t person)
{
    const hf_person *p = hf_record_get_person(r, person);
    if (p)
        hf_i_json_key_text(w, key, p->name.data, p->name.size);
    else
        hf_i_json_key_null(w, key);
}

/* The id of the message answered when it is here, else what the source calls it. */
static void key_reply(hf_i_json_writer *w, const hf_message *m, const char (*ids)[17])
{
    if (m->reply_index != HF_NO_ROW)
        hf_i_json_key_str(w, "reply_to", ids[m->reply_index]);
    else if (m->reply_to.size)
        hf_i_json_key_text(w, "reply_to", m->reply_to.data, m->reply_to.size);
    else
        hf_i_json_key_null(w, "reply_to");
}

/* What rows of every type begin with. id may be NULL. */
static void begin_row(hf_i_json_writer *w, const char *type, const char *id, uint64_t seq,
                      int64_t t, hf_time_kind kind, uint32_t res)
{
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "type", type);
    if (id)
        hf_i_json_key_str(w, "id", id);
    hf_i_json_key_uint(w, "seq", seq);
    key_time(w, "t", t, kind, res);
    hf_i_json_key_str(w, "t_kind", hf_time_kind_name(kind));
    if (kind == HF_TIME_NONE)
        hf_i_json_key_null(w, "t_res_ms");
    else
        hf_i_json_key_uint(w, "t_res_ms", res);
}

static void write_message(hf_i_json_writer *w, const hf_record *r, size_t index,
                          const char (*ids)[17])
{
    hf_message m;
    hf_record_get_message(r, index, &m);
    begin_row(w, "message", ids[index], m.seq, m.t_ms, m.t_kind, m.t_res_ms);
    key_time(w, "t_end", m.t_end_ms, m.t_kind, m.t_res_ms);
    key_person(w, "sender", r, m.sender);
    hf_i_json_key_str(w, "kind", hf_message_kind_name(m.kind));
    key_text(w, "text", m.text);
    hf_i_json_key_bool(w, "invalid_utf8", m.invalid_utf8);
    key_reply(w, &m, ids);
    if (m.edited && m.edited_ms == HF_NO_TIME)
        hf_i_json_key_bool(w, "edited", true);
    else
        key_time(w, "edited", m.edited_ms, m.t_kind, m.t_res_ms);
    key_time(w, "delivered", m.delivered_ms, m.t_kind, m.t_res_ms);
    key_time(w, "read", m.read_ms, m.t_kind, m.t_res_ms);
    if (m.duration_ms == HF_NO_TIME)
        hf_i_json_key_null(w, "duration_ms");
    else
        hf_i_json_key_int(w, "duration_ms", m.duration_ms);
    hf_i_json_key_uint(w, "conversation", m.conversation);
    key_source(w, r, &m.src);
    hf_i_json_object_end(w);
    hf_i_json_newline(w);
}

static void write_rating(hf_i_json_writer *w, const hf_record *r, size_t index)
{
    hf_rating m;
    hf_record_get_rating(r, index, &m);
    char id[24];
    snprintf(id, sizeof id, "r%zu", index);
    begin_row(w, "rating", id, m.seq, m.t_ms, m.t_kind, m.t_res_ms);
    key_person(w, "partner", r, m.partner);
    key_text(w, "occasion", m.occasion);
    key_text(w, "item", m.item);
    hf_i_json_key_number(w, "value", m.value);
    key_source(w, r, &m.src);
    hf_i_json_object_end(w);
    hf_i_json_newline(w);
}

static void write_sample(hf_i_json_writer *w, const hf_record *r, size_t index)
{
    hf_sample m;
    hf_record_get_sample(r, index, &m);
    begin_row(w, "sample", NULL, m.seq, m.t_ms, m.t_kind, m.t_res_ms);
    key_person(w, "partner", r, m.partner);
    key_text(w, "variable", m.variable);
    hf_i_json_key_number(w, "value", m.value);
    key_text(w, "unit", m.unit);
    key_source(w, r, &m.src);
    hf_i_json_object_end(w);
    hf_i_json_newline(w);
}

hf_status hf_record_write_jsonl(hf_record *r, hf_ctx *ctx, hf_write_fn write, void *user)
{
    hf_i_target t = {ctx, write, user};
    hf_i_json_writer w;
    const char(*ids)[17];
    HF_TRY(hf_record_get_message_ids(r, ctx, &ids));
    hf_i_json_init(&w, hf_i_sink_target(&t), 0);
    for (size_t i = 0; i < r->row_count && w.out.status == HF_OK; i++) {
        write_message(&w, r, i, ids);
        if (i % 16384 == 0)
            HF_TRY(hf_i_progress(ctx, "write", i, r->row_count));
    }
    for (size_t i = 0; i < r->rating_count && w.out.status == HF_OK; i++)
        write_rating(&w, r, i);
    for (size_t i = 0; i < r->sample_count && w.out.status == HF_OK; i++)
        write_sample(&w, r, i);
    return hf_i_json_finish(&w);
}

/* ---- summary ------------------------------------------------------------------------------ */

static void write_kinds(hf_i_json_writer *w, const uint64_t *counts)
{
    hf_i_json_key(w, "kinds");
    hf_i_json_object_begin(w);
    for (int k = 0; k < HF_KIND_COUNT; k++)
        if (counts[k])
            hf_i_json_key_uint(w, hf_message_kind_name((hf_message_kind)k), counts[k]);
    hf_i_json_object_end(w);
}

static void write_senders(hf_i_json_writer *w, const hf_record *r)
{
    hf_i_json_key(w, "senders");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < r->person_count; i++) {
        const hf_person *p = &r->people[i];
        hf_i_json_object_begin(w);
        hf_i_json_key_text(w, "name", p->name.data, p->name.size);
        hf_i_json_key_uint(w, "messages", p->messages);
        write_kinds(w, p->by_kind);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
}

static void write_times(hf_i_json_writer *w, const hf_record_summary *s)
{
    static const char *const orders[] = {NULL, "dmy", "mdy", "ymd", NULL};
    key_time(w, "first", s->first_ms, s->t_kind, s->t_res_ms);
    key_time(w, "last", s->last_ms, s->t_kind, s->t_res_ms);
    hf_i_json_key_str(w, "t_kind", hf_time_kind_name(s->t_kind));
    hf_i_json_key_uint(w, "t_res_ms", s->t_res_ms);
    hf_i_json_key_str(w, "date_order", orders[s->date_order]);
    hf_i_json_key_bool(w, "date_ambiguous", s->date_ambiguous);
    hf_i_json_key(w, "other_reading");
    if (s->other_first_ms == HF_NO_TIME) {
        hf_i_json_null(w);
    } else {
        hf_i_json_object_begin(w);
        key_time(w, "first", s->other_first_ms, s->t_kind, s->t_res_ms);
        key_time(w, "last", s->other_last_ms, s->t_kind, s->t_res_ms);
        hf_i_json_object_end(w);
    }
    hf_i_json_key_uint(w, "time_inversions", s->time_inversions);
}

static void write_limits(hf_i_json_writer *w, uint32_t limits)
{
    hf_i_json_key(w, "limits");
    hf_i_json_array_begin(w);
    for (int i = 0; i < HF_LIMIT_COUNT; i++)
        if (limits & (1u << i)) {
            hf_i_json_object_begin(w);
            hf_i_json_key_str(w, "id", hf_limit_name((hf_limit)i));
            hf_i_json_key_str(w, "text", hf_limit_text((hf_limit)i));
            hf_i_json_object_end(w);
        }
    hf_i_json_array_end(w);
}

static void write_warnings(hf_i_json_writer *w, const hf_record *r)
{
    hf_i_json_key_uint(w, "warning_count", r->summary.warnings);
    hf_i_json_key(w, "warnings");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < r->warning_count; i++) {
        const hf_warning *x = &r->warnings[i];
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "what", x->what);
        key_source(w, r, &x->src);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
}

hf_status hf_record_write_summary_json(hf_record *r, hf_ctx *ctx, hf_write_fn write, void *user)
{
    hf_i_target t = {ctx, write, user};
    const hf_record_summary *s = &r->summary;
    hf_i_json_writer w;
    hf_i_json_init(&w, hf_i_sink_target(&t), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "format", s->format);
    hf_i_json_key_str(&w, "variant", s->variant[0] ? s->variant : NULL);
    hf_i_json_key_str(&w, "encoding", s->encoding);
    hf_i_json_key(&w, "files");
    hf_i_json_array_begin(&w);
    for (size_t i = 0; i < r->file_count; i++)
        hf_i_json_str(&w, r->files[i].name);
    hf_i_json_array_end(&w);
    hf_i_json_key_uint(&w, "messages", s->messages);
    hf_i_json_key_uint(&w, "ratings", s->ratings);
    hf_i_json_key_uint(&w, "samples", s->samples);
    write_senders(&w, r);
    write_kinds(&w, s->by_kind);
    write_times(&w, s);
    hf_i_json_key_uint(&w, "invalid_utf8", s->invalid_utf8);
    hf_i_json_key_uint(&w, "duplicates", s->duplicates);
    write_limits(&w, s->limits);
    write_warnings(&w, r);
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    return hf_i_json_finish(&w);
}
