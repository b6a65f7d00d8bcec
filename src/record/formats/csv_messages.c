/* SPDX-License-Identifier: MIT */
/* A table of messages: columns for time, sender and text, found by their names; others (kind,
 * reply_to, ...) are used when they are there. Also what `holdfast convert --to csv` writes. */
#include "record/formats/table_time.h"
#include "text/csv.h"
#include "text/number.h"
#include "text/utf8.h"

#include <string.h>

enum { STEP_ROWS = 20000 };

typedef enum { TIME, SENDER, TEXT, KIND, REPLY, KEY, TIME_KIND, DURATION, END, COLUMNS } column;

/* Names of the columns, compared without case and marks. */
static const char *const names[COLUMNS][16] = {
    [TIME] = {"time", "t", "timestamp", "date", "datetime", "sent", "sent_at", "created_at",
              "date_time", "zeit", "datum", "hora", "fecha", "heure", "start"},
    [SENDER] = {"sender", "from", "author", "user", "name", "speaker", "participant", "absender",
                "person", "remitente", "auteur", "mittente", "sender_name", "username", "who"},
    [TEXT] = {"text", "message", "body", "content", "utterance", "nachricht", "mensaje", "texte",
              "msg", "messaggio", "mensagem", "transcript", "words"},
    [KIND] = {"kind"},
    [REPLY] = {"reply_to"},
    [KEY] = {"id", "message_id"},
    [TIME_KIND] = {"t_kind"},
    [DURATION] = {"duration_ms"},
    [END] = {"t_end", "end", "end_time"},
};

typedef struct {
    hf_i_blob blob;
    hf_i_csv_reader csv;
    bool csv_open;
    long at[COLUMNS];
    size_t first_row;
    hf_i_date_votes votes;
} state;

static hf_status find_columns(const hf_i_csv_reader *csv, long *at)
{
    for (int c = 0; c < COLUMNS; c++) {
        at[c] = -1;
        for (int i = 0; i < 16 && names[c][i] && at[c] < 0; i++)
            HF_TRY(hf_i_csv_find(csv, names[c][i], &at[c]));
    }
    return HF_OK;
}

static int probe(const hf_i_probe *p)
{
    /* Names of columns in the first line, without a reader: probes must not allocate. */
    static const char *const needed[3] = {"text", "sender", "time"};
    const char *nl = memchr(p->head, '\n', p->size);
    size_t n = nl ? (size_t)(nl - p->head) : p->size;
    if (n > 4096 || n < 5 || memchr(p->head, 0, n) || p->head[0] == '{' || p->head[0] == '[' ||
        p->head[0] == '<')
        return 0;
    int found = 0;
    for (size_t i = 0; i < 3; i++) {
        column c = i == 0 ? TEXT : i == 1 ? SENDER : TIME;
        bool any = false;
        for (int k = 0; k < 16 && names[c][k] && !any; k++) {
            size_t size = strlen(names[c][k]);
            for (const char *q = p->head; !any && q + size <= p->head + n; q++) {
                bool same = true;
                for (size_t j = 0; j < size && same; j++)
                    same = (q[j] | 0x20) == (names[c][k][j] | 0x20);
                char before = q > p->head ? q[-1] : ',',
                     after = q + size < p->head + n ? q[size] : ',';
                any = same && strchr(",;\t|\" \xBF", before) && strchr(",;\t|\"\r \n", after);
            }
        }
        found += any;
    }
    (void)needed;
    return found == 3 ? 60 : 0;
}

static hf_status open_csv(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    s->first_row = hf_i_build_row_count(r->build);
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &s->blob));
    const hf_record *record = hf_i_build_record(r->build);
    hf_i_csv_options options = {.comment = '#'};
    HF_TRY(hf_i_csv_open(&s->csv, r->ctx, record->files[record->file_count - 1].name, s->blob.data,
                         s->blob.size, &options));
    s->csv_open = true;
    bool got;
    HF_TRY(hf_i_csv_next(&s->csv, &got));
    if (got)
        HF_TRY(find_columns(&s->csv, s->at));
    if (!got || s->at[SENDER] < 0 || s->at[TEXT] < 0)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1,
                               "Name the columns time, sender and text in the first line.",
                               "the table has no columns for sender and text");
    return HF_OK;
}

static hf_text cell(const state *s, column c)
{
    if (s->at[c] < 0 || (size_t)s->at[c] >= s->csv.count)
        return (hf_text){NULL, 0};
    const hf_i_csv_cell *x = &s->csv.cells[s->at[c]];
    return (hf_text){x->text, x->len};
}

static hf_text trimmed(hf_text t)
{
    while (t.size && (*t.data == ' ' || *t.data == '\t'))
        t = (hf_text){t.data + 1, t.size - 1};
    while (t.size && (t.data[t.size - 1] == ' ' || t.data[t.size - 1] == '\t'))
        t.size--;
    return t;
}

static hf_status set_time(hf_i_reader *r, hf_message *m)
{
    state *s = r->state;
    hf_i_time t = {0};
    hf_text text = trimmed(cell(s, TIME)), kind = trimmed(cell(s, TIME_KIND));
    double seconds;
    if (text.size == 0)
        return HF_OK;
    bool media = kind.size == 5 && memcmp(kind.data, "media", 5) == 0;
    if (media && hf_i_number_parse(text.data, text.size, '.', &seconds)) {
        m->t_ms = (int64_t)(seconds * 1000 + (seconds < 0 ? -0.5 : 0.5));
        m->t_kind = HF_TIME_MEDIA;
        m->t_res_ms = 1;
        return HF_OK;
    }
    if (!hf_i_table_time(text, hf_i_build_wanted_order(r->build), &s->votes, &t))
        return hf_i_build_warn(r->build, s->csv.cells[s->at[TIME]].byte, s->csv.line,
                               "'%.*s' is no time: the message stays without one",
                               (int)(text.size < 60 ? text.size : 60), text.data);
    m->t_ms = t.ms;
    m->t_kind = t.has_zone ? HF_TIME_UTC : HF_TIME_LOCAL;
    m->t_res_ms = (uint32_t)t.resolution_ms;
    return HF_OK;
}

static hf_message_kind kind_of(hf_text t)
{
    for (int k = 0; k < HF_KIND_COUNT; k++) {
        const char *name = hf_message_kind_name((hf_message_kind)k);
        if (t.size == strlen(name) && memcmp(t.data, name, t.size) == 0)
            return (hf_message_kind)k;
    }
    return HF_KIND_TEXT;
}

static hf_status add_row(hf_i_reader *r)
{
    state *s = r->state;
    hf_message m = HF_I_MESSAGE_INIT;
    hf_text name = trimmed(cell(s, SENDER)), duration = trimmed(cell(s, DURATION));
    m.src = (hf_source){0, s->csv.byte, s->csv.line};
    m.text = cell(s, TEXT);
    m.kind = kind_of(trimmed(cell(s, KIND)));
    m.reply_to = trimmed(cell(s, REPLY));
    HF_TRY(hf_i_build_person(r->build, name.data, name.size, &m.sender));
    HF_TRY(set_time(r, &m));
    hf_i_number_parse_int(duration.data, duration.size, &m.duration_ms);
    if (m.sender == HF_NO_PERSON && m.kind == HF_KIND_TEXT)
        m.kind = HF_KIND_SYSTEM;
    if (m.text.size && !hf_i_utf8_valid(m.text.data, m.text.size))
        HF_TRY(hf_i_build_warn(r->build, s->csv.byte, s->csv.line, "bytes that are not UTF-8"));
    bool in_file = m.text.data >= s->blob.data && m.text.data < s->blob.data + s->blob.size;
    return hf_i_build_message(r->build, &m, trimmed(cell(s, KEY)),
                              in_file ? HF_I_BORROW : HF_I_COPY);
}

static hf_status finish(hf_i_reader *r)
{
    const state *s = r->state;
    if (hf_i_build_row_count(r->build) == s->first_row)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL, "the table has no rows");
    hf_i_build_variant(r->build, "messages");
    if (s->votes.dmy && s->votes.mdy)
        HF_TRY(hf_i_build_warn(r->build, 0, 0, "day and month change places inside the file"));
    if (s->csv.stray_quotes)
        HF_TRY(hf_i_build_warn(r->build, 0, 0, "%llu cells have text behind their closing quote",
                               (unsigned long long)s->csv.stray_quotes));
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    return HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    *more = true;
    for (int i = 0; i < STEP_ROWS && *more; i++) {
        HF_TRY(hf_i_csv_next(&s->csv, more));
        if (*more)
            HF_TRY(add_row(r));
    }
    r->done = s->csv.byte;
    return *more ? HF_OK : finish(r);
}

static void close_csv(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    if (s->csv_open)
        hf_i_csv_dispose(&s->csv);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_csv = {
    .info = {"csv", "Table of messages (.csv, .tsv): time, sender, text",
             "Any table whose first line names the columns time, sender and text.",
             "Whatever its columns do not say.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_csv,
    .next = next,
    .close = close_csv,
};
