/* SPDX-License-Identifier: MIT */
/* Reads back what Holdfast wrote: rows of all three types, as a table or as JSON Lines. Ids are
 * made again from what a row says; reply_to names other rows by them. */
#include "record/formats/native.h"

#include "record/formats/lines.h"
#include "text/csv.h"
#include "text/json_read.h"
#include "text/number.h"
#include "text/time.h"

#include <math.h>
#include <string.h>

enum { STEP_ROWS = 5000, MAGIC = 0x6E617469 };

const char *const hf_i_native_names[HF_I_NATIVE_COLUMNS] = {
#define NAME(name) #name,
    HF_I_NATIVE_COLUMN_LIST(NAME)
#undef NAME
};

/* The cells of a row; the texts of a JSON line are copied, as tokens go. */
typedef struct {
    int magic;
    hf_i_blob blob;
    bool is_json, csv_open, json_open;
    hf_i_csv_reader csv;
    hf_i_json_reader json;
    long at[HF_I_NATIVE_COLUMNS];
    hf_text cell[HF_I_NATIVE_COLUMNS];
    hf_i_buf copies;
    size_t from[HF_I_NATIVE_COLUMNS];
    uint64_t byte, line, rows;
    uint64_t line_byte; /* up to where lines were counted */
} state;

bool hf_i_native_owns(const hf_i_reader *r)
{
    return r->state && *(const int *)r->state == MAGIC;
}

static size_t without_mark(const char **data, size_t size)
{
    if (size < 3 || memcmp(*data, "\xEF\xBB\xBF", 3) != 0)
        return size;
    *data += 3;
    return size - 3;
}

bool hf_i_native_is_header(const char *data, size_t size)
{
    size = without_mark(&data, size);
    return hf_i_starts_with(data, size, "type,id,seq,t,t_kind,");
}

static bool is_jsonl(const char *data, size_t size)
{
    static const char *const starts[] = {
        "{\"type\":\"message\",\"id\":", "{\"type\":\"rating\",\"id\":",
        "{\"type\":\"sample\",\"seq\":"};
    size = without_mark(&data, size);
    for (size_t i = 0; i < HF_COUNT_OF(starts); i++)
        if (hf_i_starts_with(data, size, starts[i]))
            return true;
    return false;
}

static int probe(const hf_i_probe *p)
{
    return hf_i_native_is_header(p->head, p->size) || is_jsonl(p->head, p->size) ? 100 : 0;
}

hf_status hf_i_native_start(hf_i_reader *r, const hf_i_blob *blob)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    s->magic = MAGIC;
    s->blob = *blob;
    s->line = 1;
    hf_i_buf_init(&s->copies, r->ctx, HF_MAX_MESSAGE_BYTES * 2, "a row");
    const hf_record *record = hf_i_build_record(r->build);
    const char *name = record->files[record->file_count - 1].name;
    hf_i_build_variant(r->build, "holdfast");
    s->is_json = !hf_i_native_is_header(blob->data, blob->size);
    if (s->is_json) {
        hf_i_json_open(&s->json, r->ctx, name, blob->data, blob->size);
        s->json.many = true;
        s->json_open = true;
        return HF_OK;
    }
    hf_i_csv_options options = {.delimiter = ',', .decimal = '.'};
    bool got;
    HF_TRY(hf_i_csv_open(&s->csv, r->ctx, name, blob->data, blob->size, &options));
    s->csv_open = true;
    HF_TRY(hf_i_csv_next(&s->csv, &got));
    for (int c = 0; c < HF_I_NATIVE_COLUMNS; c++)
        HF_TRY(hf_i_csv_find(&s->csv, hf_i_native_names[c], &s->at[c]));
    return HF_OK;
}

static hf_status open_native(hf_i_reader *r)
{
    hf_i_blob blob;
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &blob));
    return hf_i_native_start(r, &blob);
}

/* ---- one row ------------------------------------------------------------------------------ */

static hf_status csv_row(state *s, bool *got)
{
    HF_TRY(hf_i_csv_next(&s->csv, got));
    for (int c = 0; *got && c < HF_I_NATIVE_COLUMNS; c++) {
        bool have = s->at[c] >= 0 && (size_t)s->at[c] < s->csv.count;
        const hf_i_csv_cell *x = have ? &s->csv.cells[s->at[c]] : NULL;
        s->cell[c] = x && (x->len || x->quoted) ? (hf_text){x->text, x->len} : (hf_text){NULL, 0};
    }
    s->byte = s->csv.byte;
    s->line = s->csv.line;
    return HF_OK;
}

static hf_status json_fields(state *s)
{
    hf_i_json_reader *j = &s->json;
    hf_i_json_name name;
    bool more;
    size_t size[HF_I_NATIVE_COLUMNS] = {0};
    hf_i_buf_clear(&s->copies);
    HF_TRY(hf_i_buf_add_str(&s->copies, ""));
    bool have[HF_I_NATIVE_COLUMNS] = {false};
    HF_TRY(hf_i_json_next_field(j, &name, &more));
    while (more) {
        int c = 0;
        while (c < HF_I_NATIVE_COLUMNS && !hf_i_json_name_is(&name, hf_i_native_names[c]))
            c++;
        bool text = j->token == HF_I_JSON_STRING || j->token == HF_I_JSON_NUMBER;
        bool yes = j->token == HF_I_JSON_TRUE;
        if (c < HF_I_NATIVE_COLUMNS && (text || yes)) {
            have[c] = true;
            s->from[c] = s->copies.len;
            size[c] = text ? j->len : 1;
            HF_TRY(hf_i_buf_add(&s->copies, text ? j->text : "1", size[c]));
        } else {
            HF_TRY(hf_i_json_skip(j));
        }
        HF_TRY(hf_i_json_next_field(j, &name, &more));
    }
    for (int c = 0; c < HF_I_NATIVE_COLUMNS; c++)
        s->cell[c] = have[c] ? (hf_text){s->copies.data + s->from[c], size[c]} : (hf_text){NULL, 0};
    return HF_OK;
}

static hf_status json_row(state *s, bool *got)
{
    hf_i_json_reader *j = &s->json;
    HF_TRY(hf_i_json_next(j));
    *got = j->token != HF_I_JSON_END;
    if (!*got)
        return HF_OK;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_fail(j, HF_E_PARSE, j->byte, NULL, "a line is no object");
    s->byte = j->byte;
    for (; s->line_byte < s->byte; s->line_byte++)
        s->line += s->blob.data[s->line_byte] == '\n';
    return json_fields(s);
}

static bool integer(hf_text t, int64_t *out)
{
    return t.size && hf_i_number_parse_int(t.data, t.size, out);
}

static int64_t time_of(hf_text t, hf_time_kind kind)
{
    hf_i_time time;
    double seconds;
    if (t.size == 0)
        return HF_NO_TIME;
    if (kind == HF_TIME_MEDIA)
        return hf_i_number_parse(t.data, t.size, '.', &seconds) && fabs(seconds) < 1e12
                   ? (int64_t)floor(seconds * 1000 + 0.5)
                   : HF_NO_TIME;
    return hf_i_time_parse_iso(t.data, t.size, &time) ? time.ms : HF_NO_TIME;
}

typedef struct {
    int64_t t_ms;
    uint32_t res;
    hf_time_kind kind;
} stamp;

static stamp stamp_of(const state *s)
{
    stamp x = {HF_NO_TIME, 1000, HF_TIME_NONE};
    int64_t res;
    for (int k = HF_TIME_UTC; k <= HF_TIME_MEDIA; k++)
        if (hf_i_text_is(s->cell[HF_I_NATIVE_t_kind], hf_time_kind_name((hf_time_kind)k)))
            x.kind = (hf_time_kind)k;
    if (integer(s->cell[HF_I_NATIVE_t_res_ms], &res) && res >= 0 && res <= UINT32_MAX)
        x.res = (uint32_t)res;
    x.t_ms = x.kind == HF_TIME_NONE ? HF_NO_TIME : time_of(s->cell[HF_I_NATIVE_t], x.kind);
    return x;
}

static hf_status add_message(hf_i_reader *r, state *s, const stamp *t)
{
    hf_message m = HF_I_MESSAGE_INIT;
    hf_text sender = s->cell[HF_I_NATIVE_sender], edited = s->cell[HF_I_NATIVE_edited];
    int64_t n;
    for (int k = 0; k < HF_KIND_COUNT; k++)
        if (hf_i_text_is(s->cell[HF_I_NATIVE_kind], hf_message_kind_name((hf_message_kind)k)))
            m.kind = (hf_message_kind)k;
    m.t_ms = t->t_ms;
    m.t_kind = t->kind;
    m.t_res_ms = t->res;
    m.t_end_ms = time_of(s->cell[HF_I_NATIVE_t_end], t->kind);
    m.text = s->cell[HF_I_NATIVE_text];
    m.invalid_utf8 = s->cell[HF_I_NATIVE_invalid_utf8].size == 1 &&
                     s->cell[HF_I_NATIVE_invalid_utf8].data[0] == '1';
    m.reply_to = s->cell[HF_I_NATIVE_reply_to];
    m.edited = edited.size > 0;
    m.edited_ms = time_of(edited, t->kind);
    if (hf_i_text_is(edited, "1"))
        m.edited_ms = HF_NO_TIME;
    m.delivered_ms = time_of(s->cell[HF_I_NATIVE_delivered], t->kind);
    m.read_ms = time_of(s->cell[HF_I_NATIVE_read], t->kind);
    integer(s->cell[HF_I_NATIVE_duration_ms], &m.duration_ms);
    if (integer(s->cell[HF_I_NATIVE_conversation], &n) && n >= 0 && n <= UINT32_MAX)
        m.conversation = (uint32_t)n;
    m.src = (hf_source){0, s->byte, s->line};
    HF_TRY(hf_i_build_person(r->build, sender.data, sender.size, &m.sender));
    return hf_i_build_message(r->build, &m, s->cell[HF_I_NATIVE_id], HF_I_COPY);
}

static hf_status add_value(hf_i_reader *r, state *s, const stamp *t, bool sample)
{
    hf_text v = s->cell[HF_I_NATIVE_value], who = s->cell[HF_I_NATIVE_partner];
    double x = NAN;
    int32_t partner;
    if (v.size && !hf_i_number_parse(v.data, v.size, '.', &x))
        return hf_i_build_fail(r->build, HF_E_PARSE, s->byte, s->line, NULL, "'%.*s' is no number",
                               (int)(v.size < 40 ? v.size : 40), v.data);
    HF_TRY(hf_i_build_person(r->build, who.data, who.size, &partner));
    hf_source src = {0, s->byte, s->line};
    if (sample) {
        hf_sample row = {.t_ms = t->t_ms, .t_res_ms = t->res, .t_kind = t->kind, .src = src};
        row.partner = partner;
        row.variable = s->cell[HF_I_NATIVE_variable];
        row.unit = s->cell[HF_I_NATIVE_unit];
        row.value = x;
        return hf_i_build_sample(r->build, &row, HF_I_COPY);
    }
    hf_rating row = {.t_ms = t->t_ms, .t_res_ms = t->res, .t_kind = t->kind, .src = src};
    row.partner = partner;
    row.occasion = s->cell[HF_I_NATIVE_occasion];
    row.item = s->cell[HF_I_NATIVE_item];
    row.value = x;
    return hf_i_build_rating(r->build, &row, HF_I_COPY);
}

static hf_status add_row(hf_i_reader *r, state *s)
{
    stamp t = stamp_of(s);
    hf_text type = s->cell[HF_I_NATIVE_type];
    if (s->cell[HF_I_NATIVE_t].size && t.t_ms == HF_NO_TIME)
        HF_TRY(hf_i_build_warn(r->build, s->byte, s->line, "the row's time cannot be read"));
    s->rows++;
    if (hf_i_text_is(type, "message"))
        return add_message(r, s, &t);
    if (hf_i_text_is(type, "rating") || hf_i_text_is(type, "sample"))
        return add_value(r, s, &t, type.data[0] == 's');
    return hf_i_build_warn(r->build, s->byte, s->line, "a row of unknown type is left out");
}

hf_status hf_i_native_next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    *more = true;
    for (int i = 0; i < STEP_ROWS && *more; i++) {
        HF_TRY(s->is_json ? json_row(s, more) : csv_row(s, more));
        if (*more)
            HF_TRY(add_row(r, s));
    }
    r->done = s->byte;
    if (!*more && s->rows == 0)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL, "the table has no rows");
    return HF_OK;
}

void hf_i_native_close(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    if (s->csv_open)
        hf_i_csv_dispose(&s->csv);
    if (s->json_open)
        hf_i_json_dispose(&s->json);
    hf_i_buf_dispose(&s->copies);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_native = {
    .info = {"holdfast", "What Holdfast wrote: read --jsonl, convert --to csv",
             "holdfast read FILE --jsonl, or holdfast convert FILE --to csv.",
             "What the first source could not show is not repeated in the rows.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_native,
    .next = hf_i_native_next,
    .close = hf_i_native_close,
};
