/* SPDX-License-Identifier: MIT */
/* Who wrote: names that may hold a colon, and sentences of the app that may hold one too. */
#include "record/formats/whatsapp.h"

#include <string.h>

typedef struct {
    const char *raw; /* as in the line, without the colon */
    uint32_t size;
    uint32_t rows;
    uint32_t longer_rows; /* rows under longer names that recur */
    int32_t parent;       /* of a longer name: the candidate it starts with; else -1 */
    int32_t person;       /* once resolved */
    bool notice, accepted, resolved;
} candidate;

struct hf_i_wa_authors {
    hf_ctx *ctx;
    candidate *list;
    size_t count, capacity;
    uint32_t *table; /* index + 1 */
    size_t table_size;
    size_t longer; /* how many of the list are longer names */
    int32_t recent[2];
};

enum {
    MAX_CANDIDATES = 28000, /* with the longer names: a row's sender has 15 bits */
    MAX_LONGER = 4000,
    LONGER_LOOK = 100 /* bytes of text in which a second colon may end a longer name */
};

hf_status hf_i_wa_authors_new(hf_i_wa_authors **out, hf_ctx *ctx)
{
    *out = hf_i_calloc(ctx, 1, sizeof **out);
    if (!*out)
        return HF_E_NOMEM;
    (*out)->ctx = ctx;
    (*out)->recent[0] = (*out)->recent[1] = -1;
    return HF_OK;
}

void hf_i_wa_authors_free(hf_i_wa_authors *a)
{
    if (!a)
        return;
    hf_i_free(a->ctx, a->list);
    hf_i_free(a->ctx, a->table);
    hf_i_free(a->ctx, a);
}

static size_t slot_of(const hf_i_wa_authors *a, const char *raw, size_t size)
{
    size_t at = hf_i_record_hash(raw, size, 3) & (a->table_size - 1);
    while (a->table[at]) {
        const candidate *c = &a->list[a->table[at] - 1];
        if (c->size == size && memcmp(c->raw, raw, size) == 0)
            break;
        at = (at + 1) & (a->table_size - 1);
    }
    return at;
}

static hf_status grow_table(hf_i_wa_authors *a)
{
    size_t size = a->table_size ? a->table_size * 2 : 128;
    uint32_t *table = hf_i_calloc(a->ctx, size, sizeof *table);
    if (!table)
        return HF_E_NOMEM;
    hf_i_free(a->ctx, a->table);
    a->table = table;
    a->table_size = size;
    for (size_t i = 0; i < a->count; i++)
        a->table[slot_of(a, a->list[i].raw, a->list[i].size)] = (uint32_t)i + 1;
    return HF_OK;
}

/* The index of a candidate, made when new and there is room; -1 without room. */
static hf_status intern(hf_i_wa_authors *a, const char *raw, size_t size, int32_t parent,
                        int32_t *out)
{
    if (2 * (a->count + 1) > a->table_size)
        HF_TRY(grow_table(a));
    size_t at = slot_of(a, raw, size);
    *out = (int32_t)a->table[at] - 1;
    if (*out >= 0)
        return HF_OK;
    size_t shorter = a->count - a->longer;
    if (parent >= 0 ? a->longer >= MAX_LONGER : shorter >= MAX_CANDIDATES)
        return HF_OK;
    HF_TRY(hf_i_grow(a->ctx, &a->list, &a->capacity, a->count + 1, sizeof *a->list,
                     MAX_CANDIDATES + MAX_LONGER, "names"));
    a->list[a->count] =
        (candidate){raw, (uint32_t)size, 0, 0, parent, HF_NO_PERSON, false, false, false};
    a->longer += parent >= 0;
    a->table[at] = (uint32_t)++a->count;
    *out = (int32_t)a->count - 1;
    return HF_OK;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The colon that may end a name: not that of a link or of a time of day. */
static const char *name_colon(const char *body, const char *end)
{
    size_t look = (size_t)(end - body);
    if (look > HF_MAX_NAME_BYTES)
        look = HF_MAX_NAME_BYTES;
    const char *colon = memchr(body, ':', look);
    if (!colon || colon == body)
        return NULL;
    if (end - colon > 2 && colon[1] == '/' && colon[2] == '/')
        return NULL;
    if (end - colon > 1 && digit(colon[1]) && digit(colon[-1]))
        return NULL;
    return colon;
}

static bool starts_with(const candidate *c, const char *body, const char *end)
{
    return (size_t)(end - body) > c->size && body[c->size] == ':' &&
           memcmp(body, c->raw, c->size) == 0;
}

static const char *behind_colon(const char *colon, const char *end)
{
    return colon + (colon + 1 < end && colon[1] == ' ' ? 2 : 1);
}

/* Counts a second 'name: ' as a longer name. */
static hf_status note_longer(hf_i_wa_authors *a, int32_t parent, const char *body, const char *text,
                             const char *end)
{
    size_t look = (size_t)(end - text);
    if (look > LONGER_LOOK)
        look = LONGER_LOOK;
    const char *colon = memchr(text, ':', look);
    if (!colon || colon + 1 >= end || colon[1] != ' ')
        return HF_OK;
    int32_t longer;
    HF_TRY(intern(a, body, (size_t)(colon - body), parent, &longer));
    if (longer >= 0)
        a->list[longer].rows++;
    return HF_OK;
}

hf_status hf_i_wa_author(hf_i_wa_authors *a, const char *body, const char *end, int32_t *found,
                         const char **text)
{
    *found = HF_NO_PERSON;
    *text = body;
    int32_t i = -1;
    for (int k = 0; k < 2 && i < 0; k++)
        if (a->recent[k] >= 0 && starts_with(&a->list[a->recent[k]], body, end))
            i = a->recent[k];
    if (i < 0) {
        const char *colon = name_colon(body, end);
        if (!colon)
            return HF_OK;
        HF_TRY(intern(a, body, (size_t)(colon - body), -1, &i));
        if (i < 0)
            return HF_OK;
        if (a->list[i].parent >= 0) { /* seen as a longer name before: now it is one itself */
            a->list[i].parent = -1;
            a->longer--;
        }
        a->recent[1] = a->recent[0];
        a->recent[0] = i;
    }
    candidate *c = &a->list[i];
    c->rows++;
    *found = i;
    *text = behind_colon(body + c->size, end);
    return note_longer(a, i, body, *text, end);
}

/* ---- afterwards ---------------------------------------------------------------------------- */

static bool has_quotes(const candidate *c)
{
    static const char *const quotes[] = {"\"", "“", "”", "„", "«", "»", "「"};
    for (size_t i = 0; i < HF_COUNT_OF(quotes); i++)
        if (memmem(c->raw, c->size, quotes[i], strlen(quotes[i])))
            return true;
    return false;
}

/* A sentence of the app, not a name: it says what the app says about chats and is rare, or it is
 * long and stands there once. */
static bool looks_like_notice(hf_i_wa_words *w, const candidate *c)
{
    if (c->rows > 3)
        return false;
    if (c->rows == 1 && (c->size > 120 || has_quotes(c)))
        return true;
    return memchr(c->raw, ' ', c->size) && hf_i_wa_is_notice(w, c->raw, c->size);
}

/* '~ Ann' is how the app names who is not in the contacts; direction marks wrap phone numbers. */
static hf_status person_of(hf_i_build *b, const candidate *c, int32_t *out)
{
    const char *p = hf_i_wa_skip_marks(c->raw, c->raw + c->size), *end = c->raw + c->size;
    if (p < end && *p == '~') {
        p = hf_i_wa_skip_marks(p + 1, end);
        while (p < end && (*p == ' ' || (end - p > 3 && (memcmp(p, "\xE2\x80\xAF", 3) == 0))))
            p += *p == ' ' ? 1 : 3;
        if (end - p > 2 && memcmp(p, "\xC2\xA0", 2) == 0)
            p += 2;
        p = hf_i_wa_skip_marks(p, end);
    }
    for (bool again = true; again && end > p;) {
        again = end[-1] == ' ';
        if (again)
            end--;
        if (end - p >= 3 && hf_i_wa_skip_marks(end - 3, end) == end) {
            end -= 3;
            again = true;
        }
    }
    if (p == end) {
        p = c->raw;
        end = c->raw + c->size;
    }
    return hf_i_build_person(b, p, (size_t)(end - p), out);
}

/* A longer name is a name when nearly all rows of the shorter one stand under longer names that
 * recur, or when it alone has a large part of them. */
static bool accept_longer(const hf_i_wa_authors *a, const candidate *c)
{
    const candidate *p = &a->list[c->parent];
    if (c->rows < 2 || p->notice)
        return false;
    return p->longer_rows * 10 >= p->rows * 9 || (c->rows >= 5 && c->rows * 10 >= p->rows * 3);
}

/* The person of a candidate, made on the first row that needs it: people stand in the order in
 * which they first write. */
static hf_status resolve(hf_i_build *b, candidate *c)
{
    if (!c->resolved)
        HF_TRY(person_of(b, c, &c->person));
    c->resolved = true;
    return HF_OK;
}

static const char *body_of(const hf_i_row *row, const candidate *c)
{
    return row->text - (row->text[-1] == ':' ? 1 : 2) - c->size;
}

/* The longer name a row stands under, or c itself; then *text is behind the longer name. */
static candidate *longer_name(const hf_i_wa_authors *a, const hf_i_row *row, candidate *c,
                              const char **text)
{
    size_t look = row->text_size < LONGER_LOOK ? row->text_size : LONGER_LOOK;
    const char *colon = c->longer_rows && look ? memchr(row->text, ':', look) : NULL;
    *text = row->text;
    if (!colon)
        return c;
    const char *body = body_of(row, c);
    uint32_t at = a->table[slot_of(a, body, (size_t)(colon - body))];
    if (!at || !a->list[at - 1].accepted)
        return c;
    *text = behind_colon(colon, row->text + row->text_size);
    return &a->list[at - 1];
}

hf_status hf_i_wa_set_kind(hf_i_wa_words *w, hf_i_build *b, size_t index, bool authored)
{
    hf_i_row *row = &hf_i_build_record(b)->rows[index];
    hf_i_wa_kind k;
    hf_i_wa_classify(w, row->text, row->text_size, authored, &k);
    row->kind = (uint8_t)k.kind;
    row->text_size = (uint32_t)k.size;
    row->flags |= k.edited ? HF_I_ROW_EDITED : 0;
    if (k.duration_ms != HF_NO_TIME) {
        hf_i_extra *x;
        HF_TRY(hf_i_build_extra(b, index, &x));
        x->duration_ms = k.duration_ms;
    }
    return HF_OK;
}

static void decide(hf_i_wa_authors *a, hf_i_wa_words *w)
{
    for (size_t i = 0; i < a->count; i++) {
        candidate *c = &a->list[i];
        if (c->parent < 0)
            c->notice = looks_like_notice(w, c);
        else if (c->rows >= 2)
            a->list[c->parent].longer_rows += c->rows;
    }
}

static hf_status resolve_row(hf_i_wa_authors *a, hf_i_wa_words *w, hf_i_build *b, size_t i)
{
    hf_i_row *row = &hf_i_build_record(b)->rows[i];
    if (row->sender < 0)
        return HF_OK;
    candidate *c = &a->list[row->sender];
    const char *text, *end = row->text + row->text_size;
    if (c->notice) {
        /* The whole line is the app's. */
        row->text = body_of(row, c);
        row->text_size = (uint32_t)(end - row->text);
        row->sender = HF_NO_PERSON;
        return hf_i_wa_set_kind(w, b, i, false);
    }
    c = longer_name(a, row, c, &text);
    if (row->text != text) {
        row->text = text;
        row->text_size = (uint32_t)(end - text);
        HF_TRY(hf_i_wa_set_kind(w, b, i, true));
    }
    /* The app writes its notices about a chat under a name on iOS: they are no one's words. */
    row->sender = HF_NO_PERSON;
    if (row->kind == HF_KIND_SYSTEM)
        return HF_OK;
    HF_TRY(resolve(b, c));
    row->sender = (int16_t)c->person;
    return HF_OK;
}

hf_status hf_i_wa_resolve_authors(hf_i_wa_authors *a, hf_i_wa_words *w, hf_i_build *b, size_t from)
{
    decide(a, w);
    for (size_t i = 0; i < a->count; i++)
        if (a->list[i].parent >= 0)
            a->list[i].accepted = accept_longer(a, &a->list[i]);
    for (size_t i = from; i < hf_i_build_row_count(b); i++)
        HF_TRY(resolve_row(a, w, b, i));
    return HF_OK;
}
