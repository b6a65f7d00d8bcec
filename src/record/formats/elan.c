/* SPDX-License-Identifier: MIT */
/* ELAN annotations (.eaf; schema 2.7 to 3.0), by expat. Times come from the time slots: a slot
 * without a value is interpolated between its neighbours; an annotation that refers to another has
 * that one's time, shared equally among the parts of a symbolic subdivision. */
#include "record/formats/lines.h"

#include "hf_config.h"
#include "text/number.h"

#include <stdlib.h>
#include <string.h>

#if HF_HAVE_EXPAT
#include <expat.h>
#endif

static int probe(const hf_i_probe *p)
{
    size_t n = p->size < 4096 ? p->size : 4096;
    return memmem(p->head, n, "<ANNOTATION_DOCUMENT", 20) ? 100 : 0;
}

#if HF_HAVE_EXPAT

enum { CHUNK = 1 << 20, STEP_ROWS = 5000, DEEP = 64 };

typedef struct {
    int64_t t; /* HF_NO_TIME: not set in the file */
} slot;

/* Numbers by id: open addressing, at most half full. */
typedef struct {
    const char *id;
    uint32_t number; /* from 1 */
} id_entry;
typedef struct {
    id_entry *entries;
    size_t size, count;
} id_table;

typedef struct {
    const char *id, *parent, *previous; /* parent: of a referring annotation */
    size_t from, to;                    /* slots, plus 1; 0: none */
    size_t text, text_size;
    int64_t start, end;
    int32_t person;
    uint64_t byte, line;
    uint32_t part, parts; /* which of those that share the parent's time */
    bool done, skip;
} note;

typedef struct {
    hf_i_reader *reader;
    hf_i_blob blob;
    XML_Parser parser;
    hf_i_arena arena;
    slot *slots;
    size_t slot_count, slot_capacity;
    note *notes;
    size_t note_count, note_capacity;
    id_table slot_ids, note_ids;
    hf_i_buf texts;
    int32_t person;
    double unit; /* milliseconds a unit of time */
    bool in_value;
    int depth;
    size_t at;
    hf_status status;
} state;

static const char *attribute(const char **a, const char *name)
{
    for (; a[0]; a += 2)
        if (strcmp(a[0], name) == 0)
            return a[1];
    return NULL;
}

static const char *keep(state *s, const char *text)
{
    const char *copy = text ? hf_i_arena_strndup(&s->arena, text, strlen(text)) : NULL;
    if (text && !copy)
        s->status = HF_E_NOMEM;
    return copy;
}

static id_entry *find_entry(const id_table *t, const char *id)
{
    size_t at = hf_i_record_hash(id, strlen(id), 0) & (t->size - 1);
    while (t->entries[at].id && strcmp(t->entries[at].id, id) != 0)
        at = (at + 1) & (t->size - 1);
    return &t->entries[at];
}

/* 0: not there. */
static size_t find_id(const id_table *t, const char *id)
{
    return id && t->size ? find_entry(t, id)->number : 0;
}

/* The first of an id counts. id must stay. */
static hf_status add_id(hf_ctx *ctx, id_table *t, const char *id, size_t number)
{
    if (!id)
        return HF_OK;
    if (2 * t->count >= t->size) {
        id_table bigger = {.size = t->size ? 2 * t->size : 64, .count = t->count};
        bigger.entries = hf_i_calloc(ctx, bigger.size, sizeof *bigger.entries);
        if (!bigger.entries)
            return HF_E_NOMEM;
        for (size_t i = 0; i < t->size; i++)
            if (t->entries[i].id)
                *find_entry(&bigger, t->entries[i].id) = t->entries[i];
        hf_i_free(ctx, t->entries);
        *t = bigger;
    }
    id_entry *e = find_entry(t, id);
    if (!e->id) {
        *e = (id_entry){id, (uint32_t)number};
        t->count++;
    }
    return HF_OK;
}

static void add_slot(state *s, const char **a)
{
    const char *value = attribute(a, "TIME_VALUE");
    int64_t t = HF_NO_TIME;
    double x;
    if (value && hf_i_number_parse(value, strlen(value), '.', &x) && x > -1e12 && x < 1e12)
        t = (int64_t)(x * s->unit + (x < 0 ? -0.5 : 0.5));
    if (s->status == HF_OK)
        s->status = hf_i_grow(s->reader->ctx, &s->slots, &s->slot_capacity, s->slot_count + 1,
                              sizeof *s->slots, 1u << 28, "time slots");
    const char *id = keep(s, attribute(a, "TIME_SLOT_ID"));
    if (s->status != HF_OK)
        return;
    s->slots[s->slot_count++] = (slot){t};
    s->status = add_id(s->reader->ctx, &s->slot_ids, id, s->slot_count);
}

/* Whose tier: PARTICIPANT, else what follows '@' in its id, else the id. */
static void open_tier(state *s, const char **a)
{
    const char *who = attribute(a, "PARTICIPANT"), *id = attribute(a, "TIER_ID");
    if (!who || !*who) {
        const char *at = id ? strrchr(id, '@') : NULL;
        who = at && at[1] ? at + 1 : id;
    }
    if (s->status == HF_OK)
        s->status =
            hf_i_build_person(s->reader->build, who ? who : "", who ? strlen(who) : 0, &s->person);
}

static void add_note(state *s, const char **a, bool refers)
{
    note n = {.person = s->person, .start = HF_NO_TIME, .end = HF_NO_TIME};
    n.id = keep(s, attribute(a, "ANNOTATION_ID"));
    n.text = s->texts.len;
    n.byte = (uint64_t)XML_GetCurrentByteIndex(s->parser);
    n.line = XML_GetCurrentLineNumber(s->parser);
    if (refers) {
        n.parent = keep(s, attribute(a, "ANNOTATION_REF"));
        n.previous = keep(s, attribute(a, "PREVIOUS_ANNOTATION"));
    } else {
        n.from = find_id(&s->slot_ids, attribute(a, "TIME_SLOT_REF1"));
        n.to = find_id(&s->slot_ids, attribute(a, "TIME_SLOT_REF2"));
        if ((!n.from || !n.to) && s->status == HF_OK)
            s->status = hf_i_build_warn(s->reader->build, n.byte, n.line,
                                        "an annotation names a time slot that is not there");
    }
    if (s->status == HF_OK)
        s->status = hf_i_grow(s->reader->ctx, &s->notes, &s->note_capacity, s->note_count + 1,
                              sizeof *s->notes, 1u << 28, "annotations");
    if (s->status == HF_OK)
        s->notes[s->note_count++] = n;
}

static void set_unit(state *s, const char **a)
{
    const char *unit = attribute(a, "TIME_UNITS");
    s->unit = !unit || strcmp(unit, "milliseconds") == 0 ? 1
              : strcmp(unit, "PAL-frames") == 0          ? 40
              : strcmp(unit, "NTSC-frames") == 0         ? 1001.0 / 30
                                                         : 1;
}

static void XMLCALL on_start(void *user, const char *name, const char **a)
{
    state *s = user;
    if (++s->depth > DEEP && s->status == HF_OK)
        s->status = hf_i_build_fail(
            s->reader->build, HF_E_LIMIT, (uint64_t)XML_GetCurrentByteIndex(s->parser),
            XML_GetCurrentLineNumber(s->parser), NULL, "elements are nested too deeply");
    if (strcmp(name, "HEADER") == 0)
        set_unit(s, a);
    else if (strcmp(name, "TIME_SLOT") == 0)
        add_slot(s, a);
    else if (strcmp(name, "TIER") == 0)
        open_tier(s, a);
    else if (strcmp(name, "ALIGNABLE_ANNOTATION") == 0)
        add_note(s, a, false);
    else if (strcmp(name, "REF_ANNOTATION") == 0)
        add_note(s, a, true);
    else if (strcmp(name, "ANNOTATION_VALUE") == 0)
        s->in_value = s->note_count > 0;
    if (s->status != HF_OK)
        XML_StopParser(s->parser, XML_FALSE);
}

static void XMLCALL on_end(void *user, const char *name)
{
    state *s = user;
    s->depth--;
    if (strcmp(name, "ANNOTATION_VALUE") == 0 && s->in_value) {
        note *n = &s->notes[s->note_count - 1];
        n->text_size = s->texts.len - n->text;
        s->in_value = false;
    }
}

static void XMLCALL on_text(void *user, const char *text, int size)
{
    state *s = user;
    if (s->in_value && s->status == HF_OK)
        s->status = hf_i_buf_add(&s->texts, text, (size_t)size);
    if (s->status != HF_OK)
        XML_StopParser(s->parser, XML_FALSE);
}

/* No document type, no entities: an .eaf has none. */
static void XMLCALL on_doctype(void *user, const char *name, const char *system, const char *public,
                               int internal)
{
    state *s = user;
    (void)name, (void)system, (void)public, (void)internal;
    if (s->status == HF_OK)
        s->status = hf_i_build_fail(s->reader->build, HF_E_PARSE,
                                    (uint64_t)XML_GetCurrentByteIndex(s->parser),
                                    XML_GetCurrentLineNumber(s->parser), NULL,
                                    "a document type, which ELAN files do not have");
    XML_StopParser(s->parser, XML_FALSE);
}

static hf_status parse(hf_i_reader *r, state *s)
{
    for (size_t at = 0; at < s->blob.size || at == 0;) {
        size_t n = s->blob.size - at < CHUNK ? s->blob.size - at : CHUNK;
        bool last = at + n == s->blob.size;
        if (XML_Parse(s->parser, s->blob.data + at, (int)n, last) != XML_STATUS_OK) {
            if (s->status != HF_OK)
                return s->status;
            return hf_i_build_fail(
                r->build, HF_E_PARSE, (uint64_t)XML_GetCurrentByteIndex(s->parser),
                XML_GetCurrentLineNumber(s->parser), "Save it again in ELAN.",
                "not well-formed XML: %s", XML_ErrorString(XML_GetErrorCode(s->parser)));
        }
        at += n;
        HF_TRY(hf_i_progress(r->ctx, "read", at, s->blob.size));
        if (last)
            break;
    }
    return s->status;
}

/* Slots without a time lie evenly between their neighbours. */
static void fill_slots(state *s)
{
    for (size_t i = 0; i < s->slot_count;) {
        size_t j = i;
        while (j < s->slot_count && s->slots[j].t == HF_NO_TIME)
            j++;
        if (j > i && i > 0 && j < s->slot_count) {
            int64_t a = s->slots[i - 1].t, b = s->slots[j].t;
            for (size_t k = i; k < j; k++)
                s->slots[k].t = a + (b - a) * (int64_t)(k - i + 1) / (int64_t)(j - i + 1);
        }
        i = j + 1;
    }
}

static note *find_note(const state *s, const char *id)
{
    size_t number = find_id(&s->note_ids, id);
    return number ? &s->notes[number - 1] : NULL;
}

static hf_status index_notes(state *s)
{
    for (size_t i = 0; i < s->note_count; i++)
        HF_TRY(add_id(s->reader->ctx, &s->note_ids, s->notes[i].id, i + 1));
    return HF_OK;
}

/* A chain of PREVIOUS_ANNOTATION shares its parent's time: which part is this, of how many? */
static void count_parts(state *s)
{
    for (size_t i = 0; i < s->note_count; i++) {
        note *n = &s->notes[i], *before = find_note(s, n->previous);
        n->part = before && before < n ? before->part + 1 : 0;
        n->parts = n->part + 1;
    }
    for (size_t i = s->note_count; i-- > 0;) {
        note *n = &s->notes[i], *before = find_note(s, n->previous);
        if (before && before < n && before->parts < n->parts)
            before->parts = n->parts;
    }
}

static void find_times(state *s, note *n, int depth)
{
    if (n->done || depth > DEEP)
        return;
    n->done = true;
    if (n->from)
        n->start = s->slots[n->from - 1].t;
    if (n->to)
        n->end = s->slots[n->to - 1].t;
    note *parent = find_note(s, n->parent);
    if (!parent || parent == n)
        return;
    find_times(s, parent, depth + 1);
    if (parent->start == HF_NO_TIME || parent->end == HF_NO_TIME)
        return;
    int64_t span = parent->end - parent->start, parts = n->parts ? n->parts : 1;
    n->start = parent->start + span * n->part / parts;
    n->end = parent->start + span * (n->part + 1) / parts;
}

static hf_status open_elan(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    s->reader = r;
    s->unit = 1;
    s->person = HF_NO_PERSON;
    hf_i_arena_init(&s->arena, r->ctx);
    hf_i_buf_init(&s->texts, r->ctx, UINT32_MAX, "the annotations");
    HF_TRY(hf_i_buf_add_str(&s->texts, ""));
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &s->blob));
    s->parser = XML_ParserCreate("UTF-8");
    if (!s->parser)
        return hf_i_fail(r->ctx, HF_E_NOMEM, NULL, "out of memory");
    XML_SetUserData(s->parser, s);
    XML_SetElementHandler(s->parser, on_start, on_end);
    XML_SetCharacterDataHandler(s->parser, on_text);
    XML_SetStartDoctypeDeclHandler(s->parser, on_doctype);
    HF_TRY(parse(r, s));
    if (s->note_count == 0)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL, "the file has no annotations");
    fill_slots(s);
    HF_TRY(index_notes(s));
    count_parts(s);
    for (size_t i = 0; i < s->note_count; i++)
        find_times(s, &s->notes[i], 0);
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    return HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    for (int i = 0; i < STEP_ROWS && s->at < s->note_count; i++) {
        const note *n = &s->notes[s->at++];
        hf_message m = HF_I_MESSAGE_INIT;
        m.kind = HF_KIND_TEXT;
        m.text = (hf_text){s->texts.data + n->text, n->text_size};
        if (m.text.size == 0)
            continue;
        m.sender = n->person;
        m.t_ms = n->start;
        m.t_end_ms = n->end;
        m.t_kind = HF_TIME_MEDIA;
        m.t_res_ms = 1;
        m.src = (hf_source){0, n->byte, n->line};
        HF_TRY(hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_COPY));
    }
    *more = s->at < s->note_count;
    return HF_OK;
}

static void close_elan(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    if (s->parser)
        XML_ParserFree(s->parser);
    hf_i_arena_dispose(&s->arena);
    hf_i_buf_dispose(&s->texts);
    hf_i_free(r->ctx, s->slots);
    hf_i_free(r->ctx, s->notes);
    hf_i_free(r->ctx, s->slot_ids.entries);
    hf_i_free(r->ctx, s->note_ids.entries);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

#else

static hf_status open_elan(hf_i_reader *r)
{
    return hf_i_fail(r->ctx, HF_E_UNSUPPORTED, NULL, "this build cannot read XML");
}

static hf_status next(hf_i_reader *r, bool *more)
{
    (void)r;
    *more = false;
    return HF_OK;
}

static void close_elan(hf_i_reader *r)
{
    (void)r;
}

#endif

const hf_i_format hf_i_format_elan = {
    .info = {"elan", "ELAN annotations (.eaf)", "ELAN: File, Save as (.eaf).",
             "Each annotation is a row, whatever its tier means; linked media are not opened.",
             HF_HAVE_EXPAT},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_elan,
    .next = next,
    .close = close_elan,
};
