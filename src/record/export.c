/* SPDX-License-Identifier: MIT */
/* A record as a table: CSV, SPSS, or the interchange format of ChatLab (version 0.0.2). */
#include "record/formats/native.h"
#include "record/target.h"
#include "text/csv.h"
#include "text/json_write.h"
#include "text/number.h"
#include "text/sav_write.h"

#include <math.h>
#include <string.h>

/* One cell: a text (missing when data is NULL) or a number. */
typedef struct {
    bool is_number;
    double number;
    hf_text text;
} cell;

/* The cells of a row and room for what they are made of. */
typedef struct {
    hf_record *record;
    const char (*ids)[17];
    cell cells[HF_I_NATIVE_COLUMNS];
    char times[5][40];
    char id[24];
} row;

static const bool numeric[HF_I_NATIVE_COLUMNS] = {
    [HF_I_NATIVE_seq] = true,          [HF_I_NATIVE_t_res_ms] = true,
    [HF_I_NATIVE_invalid_utf8] = true, [HF_I_NATIVE_duration_ms] = true,
    [HF_I_NATIVE_conversation] = true, [HF_I_NATIVE_value] = true};

static void set_text(row *r, hf_i_native_column c, hf_text t)
{
    r->cells[c] = (cell){.text = t};
}

static void set_str(row *r, hf_i_native_column c, const char *t)
{
    set_text(r, c, (hf_text){t, strlen(t)});
}

static void set_number(row *r, hf_i_native_column c, double x)
{
    r->cells[c] = (cell){.is_number = true, .number = x};
}

static void set_time(row *r, hf_i_native_column c, int slot, int64_t t, hf_time_kind kind,
                     uint32_t res)
{
    size_t n = hf_i_record_time_text(r->times[slot], t, kind, res);
    set_text(r, c, (hf_text){n ? r->times[slot] : NULL, n});
}

static void set_person(row *r, hf_i_native_column c, int32_t person)
{
    const hf_person *p = hf_record_get_person(r->record, person);
    set_text(r, c, p ? p->name : (hf_text){NULL, 0});
}

static void clear(row *r, const char *type, uint64_t seq, hf_time_kind kind, uint32_t res)
{
    for (int c = 0; c < HF_I_NATIVE_COLUMNS; c++)
        r->cells[c] = (cell){.is_number = numeric[c], .number = NAN};
    set_str(r, HF_I_NATIVE_type, type);
    set_number(r, HF_I_NATIVE_seq, (double)seq);
    set_str(r, HF_I_NATIVE_t_kind, hf_time_kind_name(kind));
    if (kind != HF_TIME_NONE)
        set_number(r, HF_I_NATIVE_t_res_ms, res);
}

static void message_row(row *r, size_t i)
{
    hf_message m;
    hf_record_get_message(r->record, i, &m);
    clear(r, "message", m.seq, m.t_kind, m.t_res_ms);
    set_str(r, HF_I_NATIVE_id, r->ids[i]);
    set_time(r, HF_I_NATIVE_t, 0, m.t_ms, m.t_kind, m.t_res_ms);
    set_time(r, HF_I_NATIVE_t_end, 1, m.t_end_ms, m.t_kind, m.t_res_ms);
    set_person(r, HF_I_NATIVE_sender, m.sender);
    set_str(r, HF_I_NATIVE_kind, hf_message_kind_name(m.kind));
    set_text(r, HF_I_NATIVE_text, m.text);
    set_number(r, HF_I_NATIVE_invalid_utf8, m.invalid_utf8);
    if (m.reply_index != HF_NO_ROW)
        set_str(r, HF_I_NATIVE_reply_to, r->ids[m.reply_index]);
    else if (m.reply_to.size)
        set_text(r, HF_I_NATIVE_reply_to, m.reply_to);
    set_time(r, HF_I_NATIVE_edited, 2, m.edited_ms, m.t_kind, m.t_res_ms);
    if (m.edited && m.edited_ms == HF_NO_TIME)
        set_str(r, HF_I_NATIVE_edited, "1");
    set_time(r, HF_I_NATIVE_delivered, 3, m.delivered_ms, m.t_kind, m.t_res_ms);
    set_time(r, HF_I_NATIVE_read, 4, m.read_ms, m.t_kind, m.t_res_ms);
    if (m.duration_ms != HF_NO_TIME)
        set_number(r, HF_I_NATIVE_duration_ms, (double)m.duration_ms);
    set_number(r, HF_I_NATIVE_conversation, m.conversation);
}

static void rating_row(row *r, size_t i)
{
    hf_rating m;
    hf_record_get_rating(r->record, i, &m);
    clear(r, "rating", m.seq, m.t_kind, m.t_res_ms);
    snprintf(r->id, sizeof r->id, "r%zu", i);
    set_str(r, HF_I_NATIVE_id, r->id);
    set_time(r, HF_I_NATIVE_t, 0, m.t_ms, m.t_kind, m.t_res_ms);
    set_person(r, HF_I_NATIVE_partner, m.partner);
    set_text(r, HF_I_NATIVE_occasion, m.occasion);
    set_text(r, HF_I_NATIVE_item, m.item);
    set_number(r, HF_I_NATIVE_value, m.value);
}

static void sample_row(row *r, size_t i)
{
    hf_sample m;
    hf_record_get_sample(r->record, i, &m);
    clear(r, "sample", m.seq, m.t_kind, m.t_res_ms);
    set_time(r, HF_I_NATIVE_t, 0, m.t_ms, m.t_kind, m.t_res_ms);
    set_person(r, HF_I_NATIVE_partner, m.partner);
    set_text(r, HF_I_NATIVE_variable, m.variable);
    set_text(r, HF_I_NATIVE_unit, m.unit);
    set_number(r, HF_I_NATIVE_value, m.value);
}

/* Calls fn for every row of the record. */
typedef void (*row_fn)(void *user, const row *r);

static hf_status each_row(hf_record *record, hf_ctx *ctx, row_fn fn, void *user)
{
    row *r = hf_i_calloc(ctx, 1, sizeof *r);
    if (!r)
        return HF_E_NOMEM;
    r->record = record;
    hf_status s = hf_record_get_message_ids(record, ctx, &r->ids);
    for (size_t i = 0; s == HF_OK && i < record->row_count; i++) {
        message_row(r, i);
        fn(user, r);
        if (i % 16384 == 0)
            s = hf_i_progress(ctx, "write", i, record->row_count);
    }
    for (size_t i = 0; s == HF_OK && i < record->rating_count; i++) {
        rating_row(r, i);
        fn(user, r);
    }
    for (size_t i = 0; s == HF_OK && i < record->sample_count; i++) {
        sample_row(r, i);
        fn(user, r);
    }
    hf_i_free(ctx, r);
    return s;
}

/* ---- CSV ---------------------------------------------------------------------------------- */

static void csv_row(void *user, const row *r)
{
    hf_i_csv_writer *w = user;
    for (int c = 0; c < HF_I_NATIVE_COLUMNS; c++) {
        const cell *x = &r->cells[c];
        if (x->is_number)
            hf_i_csv_real(w, x->number);
        else if (x->text.data)
            hf_i_csv_text(w, x->text.data, x->text.size);
        else
            hf_i_csv_missing(w);
    }
    hf_i_csv_end_row(w);
}

hf_status hf_record_write_csv(hf_record *record, hf_ctx *ctx, hf_write_fn write, void *user)
{
    hf_i_target t = {ctx, write, user};
    hf_i_csv_writer w;
    hf_i_csv_init(&w, hf_i_sink_target(&t), ',');
    for (int c = 0; c < HF_I_NATIVE_COLUMNS; c++)
        hf_i_csv_str(&w, hf_i_native_names[c]);
    hf_i_csv_end_row(&w);
    hf_status s = each_row(record, ctx, csv_row, &w);
    return s == HF_OK ? hf_i_csv_finish(&w) : s;
}

/* ---- SPSS --------------------------------------------------------------------------------- */

typedef struct {
    hf_i_sav_writer *w;
    size_t widths[HF_I_NATIVE_COLUMNS];
    bool used[HF_I_NATIVE_COLUMNS];
} sav;

static void measure_row(void *user, const row *r)
{
    sav *x = user;
    for (int c = 0; c < HF_I_NATIVE_COLUMNS; c++) {
        x->used[c] |= r->cells[c].is_number ? isfinite(r->cells[c].number) != 0
                                            : r->cells[c].text.data != NULL;
        size_t n = r->cells[c].text.size + 2 * (r->cells[c].text.size / 8); /* for U+FFFD */
        if (x->widths[c] < n)
            x->widths[c] = n;
    }
}

static void sav_row(void *user, const row *r)
{
    sav *x = user;
    for (int c = 0; c < HF_I_NATIVE_COLUMNS; c++) {
        if (!x->used[c])
            continue;
        if (numeric[c])
            hf_i_sav_real(x->w, r->cells[c].number);
        else if (r->cells[c].text.data)
            hf_i_sav_text(x->w, r->cells[c].text.data, r->cells[c].text.size);
        else
            hf_i_sav_missing(x->w);
    }
    hf_i_sav_end_row(x->w);
}

hf_status hf_record_write_sav(hf_record *record, hf_ctx *ctx, hf_write_fn write, void *user)
{
    hf_i_target t = {ctx, write, user};
    sav x = {0};
    hf_i_sav_column columns[HF_I_NATIVE_COLUMNS];
    size_t count = 0;
    uint64_t cut = 0, rows = record->row_count + record->rating_count + record->sample_count;
    HF_TRY(each_row(record, ctx, measure_row, &x));
    for (int c = 0; c < HF_I_NATIVE_COLUMNS; c++) {
        x.used[c] |= c <= HF_I_NATIVE_t_kind; /* by which the reader knows the table */
        if (x.used[c])
            columns[count++] = (hf_i_sav_column){hf_i_native_names[c], NULL,
                                                 numeric[c]    ? 0
                                                 : x.widths[c] ? x.widths[c]
                                                               : 1};
    }
    HF_TRY(hf_i_sav_open(&x.w, ctx, hf_i_sink_target(&t), "Holdfast record", columns, count, rows));
    hf_status s = each_row(record, ctx, sav_row, &x);
    hf_status end = hf_i_sav_finish(x.w, &cut);
    if (cut)
        hf_i_log(ctx, HF_LOG_WARNING, "%llu texts were cut: SPSS holds 32767 bytes",
                 (unsigned long long)cut);
    return s == HF_OK ? end : s;
}

/* ---- ChatLab ------------------------------------------------------------------------------ */

static int chatlab_type(hf_message_kind kind)
{
    switch (kind) {
    case HF_KIND_TEXT:
        return 0;
    case HF_KIND_MEDIA:
        return 4;
    case HF_KIND_VOICE:
        return 2;
    case HF_KIND_STICKER:
        return 5;
    case HF_KIND_LOCATION:
        return 8;
    case HF_KIND_CALL:
        return 23;
    case HF_KIND_SYSTEM:
        return 80;
    case HF_KIND_DELETED:
        return 81;
    default:
        return 99;
    }
}

static void chatlab_members(hf_i_json_writer *w, const hf_record *record)
{
    hf_i_json_key(w, "members");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < record->person_count; i++) {
        hf_text name = record->people[i].name;
        hf_i_json_object_begin(w);
        hf_i_json_key_text(w, "platformId", name.data, name.size);
        hf_i_json_key_text(w, "accountName", name.data, name.size);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
}

static void chatlab_message(hf_i_json_writer *w, const hf_record *record, size_t i,
                            const char (*ids)[17])
{
    hf_message m;
    hf_record_get_message(record, i, &m);
    const hf_person *p = hf_record_get_person(record, m.sender);
    hf_text name = p ? p->name : (hf_text){"system", 6};
    int64_t t = m.t_ms == HF_NO_TIME ? 0 : m.t_ms;
    hf_i_json_object_begin(w);
    hf_i_json_key_text(w, "sender", name.data, name.size);
    hf_i_json_key_text(w, "accountName", name.data, name.size);
    hf_i_json_key_int(w, "timestamp", t >= 0 ? t / 1000 : -((-t + 999) / 1000));
    hf_i_json_key_int(w, "type", p ? chatlab_type(m.kind) : 80);
    if (m.text.data)
        hf_i_json_key_text(w, "content", m.text.data, m.text.size);
    else
        hf_i_json_key_null(w, "content");
    hf_i_json_key_str(w, "platformMessageId", ids[i]);
    if (m.reply_index != HF_NO_ROW)
        hf_i_json_key_str(w, "replyToMessageId", ids[m.reply_index]);
    hf_i_json_object_end(w);
}

hf_status hf_record_write_chatlab(hf_record *record, hf_ctx *ctx, hf_write_fn write, void *user)
{
    hf_i_target t = {ctx, write, user};
    hf_i_json_writer w;
    const char(*ids)[17];
    HF_TRY(hf_record_get_message_ids(record, ctx, &ids));
    int64_t last = record->summary.last_ms == HF_NO_TIME ? 0 : record->summary.last_ms / 1000;
    hf_i_json_init(&w, hf_i_sink_target(&t), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key(&w, "chatlab");
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "version", "0.0.2");
    /* That of the last message: the same record gives the same bytes. */
    hf_i_json_key_int(&w, "exportedAt", last);
    hf_i_json_key_str(&w, "generator", "Holdfast " HF_VERSION);
    hf_i_json_object_end(&w);
    hf_i_json_key(&w, "meta");
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "name", "record");
    hf_i_json_key_str(&w, "platform", record->format);
    hf_i_json_key_str(&w, "type", record->person_count > 2 ? "group" : "private");
    hf_i_json_object_end(&w);
    chatlab_members(&w, record);
    hf_i_json_key(&w, "messages");
    hf_i_json_array_begin(&w);
    for (size_t i = 0; i < record->row_count && w.out.status == HF_OK; i++)
        chatlab_message(&w, record, i, ids);
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    return hf_i_json_finish(&w);
}
