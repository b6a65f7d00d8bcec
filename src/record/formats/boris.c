/* SPDX-License-Identifier: MIT */
/* Coded behaviour from BORIS: the project file (.boris), the tabular export (one row a START, STOP
 * or POINT) and the aggregated one (one row an event). An event becomes a rating: of the subject,
 * the behaviour as item, the observation as occasion, at its start; its value is the duration in
 * seconds, and 1 for a point event. */
#include "record/formats/lines.h"
#include "text/csv.h"
#include "text/json_read.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

enum { STEP_EVENTS = 20000 };

typedef struct {
    hf_text observation, subject, behaviour, modifier;
    double start, stop; /* seconds; NaN: not known */
    bool state, used;
    uint64_t byte, line;
} event;

typedef enum {
    TIME,
    START,
    STOP,
    SUBJECT,
    BEHAVIOUR,
    STATUS,
    TYPE,
    MODIFIER,
    OBSERVATION,
    COLUMNS
} column;

typedef struct {
    hf_i_reader *reader;
    hf_i_blob blob;
    hf_i_arena arena;
    event *events;
    size_t count, capacity, at;
    hf_text *states; /* behaviours that are state events */
    size_t state_count, state_capacity;
    char delimiter;
    int columns[COLUMNS];
} state;

static const char *const names[COLUMNS][4] = {
    [TIME] = {"time", "time (s)", NULL},
    [START] = {"start (s)", "start", NULL},
    [STOP] = {"stop (s)", "stop", NULL},
    [SUBJECT] = {"subject", "subject name", NULL},
    [BEHAVIOUR] = {"behavior", "behaviour", NULL},
    [STATUS] = {"status", "event type", "behavior type (status)", NULL},
    [TYPE] = {"behavior type", "behaviour type", "type", NULL},
    [MODIFIER] = {"modifiers", "modifier", "modifier #1", "modifier 1"},
    [OBSERVATION] = {"observation id", "observation", NULL},
};

static hf_text unquoted(hf_text t)
{
    t = hf_i_trimmed(t);
    if (t.size >= 2 && t.data[0] == '"' && t.data[t.size - 1] == '"')
        t = (hf_text){t.data + 1, t.size - 2};
    return hf_i_trimmed(t);
}

/* Whether a line is the header of events; at: the columns found. */
static bool header_at(const char *p, size_t size, char delimiter, int *at)
{
    int i = 0;
    for (int c = 0; c < COLUMNS; c++)
        at[c] = -1;
    for (size_t from = 0; from <= size; i++) {
        const char *end = memchr(p + from, delimiter, size - from);
        size_t n = end ? (size_t)(end - p) - from : size - from;
        hf_text name = unquoted((hf_text){p + from, n});
        for (int c = 0; c < COLUMNS; c++)
            for (int k = 0; k < 4 && names[c][k] && at[c] < 0; k++)
                if (hf_i_text_is_nocase(name, names[c][k]))
                    at[c] = i;
        from += n + 1;
    }
    return at[SUBJECT] >= 0 && at[BEHAVIOUR] >= 0 &&
           ((at[START] >= 0 && at[STOP] >= 0) ||
            (at[TIME] >= 0 && (at[STATUS] >= 0 || at[TYPE] >= 0)));
}

static bool find_header(const char *data, size_t size, hf_i_lines *l, char *delimiter, int *at)
{
    hf_i_lines_init(l, data, size);
    for (int i = 0; i < 400 && hf_i_lines_next(l); i++)
        for (int k = 0; k < 3; k++) {
            *delimiter = "\t,;"[k];
            if (header_at(l->text, l->size, *delimiter, at))
                return true;
        }
    return false;
}

static bool is_project(const char *p, size_t size)
{
    return size && p[0] == '{' && memmem(p, size, "\"observations\"", 14) &&
           (memmem(p, size, "\"behaviors_conf\"", 16) || memmem(p, size, "\"subjects_conf\"", 15) ||
            memmem(p, size, "\"project_format_version\"", 24));
}

static int probe(const hf_i_probe *p)
{
    hf_i_lines l;
    char delimiter;
    int at[COLUMNS];
    if (is_project(p->head, p->size) || (hf_i_has_extension(p->name, "boris") && p->head[0] == '{'))
        return 95;
    if (p->size == 0 || memchr(p->head, 0, p->size) || p->head[0] == '{')
        return 0;
    return find_header(p->head, p->size, &l, &delimiter, at) ? 92 : 0;
}

static hf_status keep(state *s, const char *text, size_t size, hf_text *out)
{
    char *copy = hf_i_arena_strndup(&s->arena, text ? text : "", size);
    *out = (hf_text){copy, size};
    return copy ? HF_OK : HF_E_NOMEM;
}

static hf_status add_event(state *s, const event *e)
{
    HF_TRY(hf_i_grow(s->reader->ctx, &s->events, &s->capacity, s->count + 1, sizeof *s->events,
                     1u << 28, "events"));
    s->events[s->count++] = *e;
    return HF_OK;
}

static bool same(hf_text a, hf_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* The open state event that an event ends; NULL: none. */
static event *open_event(state *s, const event *e)
{
    for (size_t i = s->count, n = 0; i > 0 && n < 4096; i--, n++) {
        event *o = &s->events[i - 1];
        if (o->state && isnan(o->stop) && same(o->subject, e->subject) &&
            same(o->behaviour, e->behaviour) && same(o->modifier, e->modifier) &&
            same(o->observation, e->observation))
            return o;
    }
    return NULL;
}

/* ---- tables ------------------------------------------------------------------------------- */

static hf_text cell(const hf_i_csv_reader *csv, int at)
{
    if (at < 0 || (size_t)at >= csv->count)
        return (hf_text){NULL, 0};
    return hf_i_trimmed((hf_text){csv->cells[at].text, csv->cells[at].len});
}

static double seconds(hf_text t)
{
    double x;
    if (hf_i_number_parse(t.data, t.size, '.', &x) || hf_i_number_parse(t.data, t.size, ',', &x))
        return fabs(x) < 1e10 ? x : NAN;
    return NAN;
}

static hf_status table_row(state *s, const hf_i_csv_reader *csv, uint64_t byte, uint64_t line)
{
    event e = {.start = NAN, .stop = NAN, .byte = byte + csv->byte, .line = line + csv->line};
    hf_text status = cell(csv, s->columns[STATUS]), type = cell(csv, s->columns[TYPE]), t;
    bool aggregated = s->columns[START] >= 0;
    if (!status.size)
        status = type;
    t = cell(csv, s->columns[SUBJECT]);
    HF_TRY(keep(s, t.data, t.size, &e.subject));
    t = cell(csv, s->columns[BEHAVIOUR]);
    if (t.size == 0)
        return HF_OK;
    HF_TRY(keep(s, t.data, t.size, &e.behaviour));
    t = cell(csv, s->columns[MODIFIER]);
    HF_TRY(keep(s, t.data, t.size, &e.modifier));
    t = cell(csv, s->columns[OBSERVATION]);
    HF_TRY(keep(s, t.data, t.size, &e.observation));
    e.start = seconds(cell(csv, aggregated ? s->columns[START] : s->columns[TIME]));
    if (isnan(e.start))
        return hf_i_build_warn(s->reader->build, e.byte, e.line,
                               "an event without a time that can be read is left out");
    if (aggregated) {
        e.stop = seconds(cell(csv, s->columns[STOP]));
        e.state = type.size ? hf_i_starts_with(type.data, type.size, "S") : e.stop > e.start;
        return add_event(s, &e);
    }
    e.state = hf_i_text_is_nocase(status, "START") || hf_i_text_is_nocase(status, "STATE");
    if (hf_i_text_is_nocase(status, "STOP")) {
        event *o = open_event(s, &e);
        if (o)
            o->stop = e.start;
        else
            return hf_i_build_warn(s->reader->build, e.byte, e.line,
                                   "a STOP without its START is left out");
        return HF_OK;
    }
    return add_event(s, &e);
}

static hf_status read_table(state *s, const hf_i_lines *header)
{
    hf_i_csv_reader csv;
    hf_i_csv_options options = {.delimiter = s->delimiter, .decimal = '.'};
    const hf_record *record = hf_i_build_record(s->reader->build);
    size_t from = header->byte;
    HF_TRY(hf_i_csv_open(&csv, s->reader->ctx, record->files[record->file_count - 1].name,
                         s->blob.data + from, s->blob.size - from, &options));
    bool got;
    hf_status st = hf_i_csv_next(&csv, &got);
    while (st == HF_OK && got) {
        st = hf_i_csv_next(&csv, &got);
        if (st == HF_OK && got)
            st = table_row(s, &csv, from, header->line - 1);
    }
    hf_i_csv_dispose(&csv);
    hf_i_build_variant(s->reader->build, s->columns[START] >= 0 ? "aggregated" : "tabular");
    return st;
}

/* ---- project ------------------------------------------------------------------------------ */

/* [time, subject, behaviour, modifier, comment, frame] */
static hf_status project_event(state *s, hf_i_json_reader *j, hf_text observation)
{
    event e = {.start = NAN, .stop = NAN, .observation = observation, .byte = j->byte};
    bool more;
    HF_TRY(hf_i_json_next_item(j, &more));
    for (int i = 0; more; i++) {
        bool text = j->token == HF_I_JSON_STRING;
        if (i == 0 && (text || j->token == HF_I_JSON_NUMBER))
            e.start = seconds((hf_text){j->text, j->len});
        else if (i == 1 && text)
            HF_TRY(keep(s, j->text, j->len, &e.subject));
        else if (i == 2 && text)
            HF_TRY(keep(s, j->text, j->len, &e.behaviour));
        else if (i == 3 && text)
            HF_TRY(keep(s, j->text, j->len, &e.modifier));
        else
            HF_TRY(hf_i_json_skip(j));
        HF_TRY(hf_i_json_next_item(j, &more));
    }
    if (isnan(e.start) || e.behaviour.size == 0)
        return hf_i_build_warn(s->reader->build, e.byte, 0,
                               "an event without time or behaviour is left out");
    return add_event(s, &e);
}

static hf_status project_observation(state *s, hf_i_json_reader *j, hf_text id)
{
    hf_i_json_name name;
    bool more, item;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    HF_TRY(hf_i_json_next_field(j, &name, &more));
    while (more) {
        if (hf_i_json_name_is(&name, "events") && j->token == HF_I_JSON_ARRAY) {
            HF_TRY(hf_i_json_next_item(j, &item));
            while (item) {
                HF_TRY(j->token == HF_I_JSON_ARRAY ? project_event(s, j, id) : hf_i_json_skip(j));
                HF_TRY(hf_i_json_next_item(j, &item));
            }
        } else {
            HF_TRY(hf_i_json_skip(j));
        }
        HF_TRY(hf_i_json_next_field(j, &name, &more));
    }
    return HF_OK;
}

static hf_status project_behaviour(state *s, hf_i_json_reader *j)
{
    hf_i_json_name name;
    hf_text code = {NULL, 0};
    bool more, is_state = false;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    HF_TRY(hf_i_json_next_field(j, &name, &more));
    while (more) {
        bool text = j->token == HF_I_JSON_STRING;
        if (text && hf_i_json_name_is(&name, "code"))
            HF_TRY(keep(s, j->text, j->len, &code));
        else if (text && hf_i_json_name_is(&name, "type"))
            is_state = j->len > 0 && (j->text[0] == 'S' || j->text[0] == 's');
        HF_TRY(hf_i_json_skip(j));
        HF_TRY(hf_i_json_next_field(j, &name, &more));
    }
    if (!is_state || !code.size)
        return HF_OK;
    HF_TRY(hf_i_grow(s->reader->ctx, &s->states, &s->state_capacity, s->state_count + 1,
                     sizeof *s->states, 1u << 20, "behaviours"));
    s->states[s->state_count++] = code;
    return HF_OK;
}

static hf_status project_object(state *s, hf_i_json_reader *j, bool observations)
{
    hf_i_json_name id;
    hf_text copy;
    bool more;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    HF_TRY(hf_i_json_next_field(j, &id, &more));
    while (more) {
        HF_TRY(keep(s, id.text, id.len, &copy));
        HF_TRY(observations ? project_observation(s, j, copy) : project_behaviour(s, j));
        HF_TRY(hf_i_json_next_field(j, &id, &more));
    }
    return HF_OK;
}

/* State events come in pairs: each second one ends the one before it. */
static hf_status pair_states(state *s)
{
    size_t n = s->count;
    s->count = 0;
    for (size_t i = 0; i < n; i++) {
        event e = s->events[i];
        for (size_t k = 0; k < s->state_count && !e.state; k++)
            e.state = same(s->states[k], e.behaviour);
        event *o = e.state ? open_event(s, &e) : NULL;
        if (o)
            o->stop = e.start;
        else
            s->events[s->count++] = e;
    }
    return HF_OK;
}

static hf_status project_fields(state *s, hf_i_json_reader *j)
{
    hf_i_json_name name;
    bool more;
    HF_TRY(hf_i_json_next(j));
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_fail(j, HF_E_FORMAT, j->byte, NULL, "no BORIS project");
    HF_TRY(hf_i_json_next_field(j, &name, &more));
    while (more) {
        bool observations = hf_i_json_name_is(&name, "observations");
        if (observations || hf_i_json_name_is(&name, "behaviors_conf"))
            HF_TRY(project_object(s, j, observations));
        else
            HF_TRY(hf_i_json_skip(j));
        HF_TRY(hf_i_json_next_field(j, &name, &more));
    }
    return pair_states(s);
}

static hf_status read_project(state *s)
{
    hf_i_json_reader j;
    const hf_record *record = hf_i_build_record(s->reader->build);
    hf_i_json_open(&j, s->reader->ctx, record->files[record->file_count - 1].name, s->blob.data,
                   s->blob.size);
    hf_status st = project_fields(s, &j);
    hf_i_json_dispose(&j);
    hf_i_build_variant(s->reader->build, "project");
    return st;
}

static hf_status open_boris(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    hf_i_lines l;
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    s->reader = r;
    hf_i_arena_init(&s->arena, r->ctx);
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &s->blob));
    if (s->blob.size && s->blob.data[0] == '{')
        HF_TRY(read_project(s));
    else if (find_header(s->blob.data, s->blob.size, &l, &s->delimiter, s->columns))
        HF_TRY(read_table(s, &l));
    else
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL,
                               "there is no header with Time, Subject and Behavior");
    if (s->count == 0)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL, "there are no events");
    return HF_OK;
}

static hf_status put_event(hf_i_reader *r, const event *e)
{
    hf_rating x = {.t_kind = HF_TIME_MEDIA, .t_res_ms = 1, .src = {0, e->byte, e->line}};
    x.t_ms = (int64_t)floor(e->start * 1000 + 0.5);
    x.item = e->behaviour;
    x.occasion = e->observation;
    x.value = !e->state ? 1 : e->stop - e->start;
    if (e->state && isnan(e->stop))
        HF_TRY(
            hf_i_build_warn(r->build, e->byte, e->line, "a START without its STOP: no duration"));
    HF_TRY(hf_i_build_person(r->build, e->subject.data, e->subject.size, &x.partner));
    return hf_i_build_rating(r->build, &x, HF_I_COPY);
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    for (int i = 0; i < STEP_EVENTS && s->at < s->count; i++)
        HF_TRY(put_event(r, &s->events[s->at++]));
    *more = s->at < s->count;
    return HF_OK;
}

static void close_boris(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    hf_i_arena_dispose(&s->arena);
    hf_i_free(r->ctx, s->events);
    hf_i_free(r->ctx, s->states);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_boris = {
    .info = {"boris", "Coded behaviour from BORIS (.boris, .csv, .tsv)",
             "BORIS: Observations, Export events, Tabular or Aggregated; or the project itself.",
             "What was coded, not what was said; modifiers tell events apart and are not kept.",
             true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_boris,
    .next = next,
    .close = close_boris,
};
