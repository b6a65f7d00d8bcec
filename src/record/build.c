/* SPDX-License-Identifier: MIT */
#include "record/build.h"

#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { POOL_BLOCK = 1 << 18, RECENT = 256 };

/* Two names of one person: "Ann=+49...". */
typedef struct {
    const char *name, *other;
    size_t name_size;
} alias;

struct hf_i_build {
    hf_ctx *ctx;
    hf_record *record;
    hf_read_options options;
    uint32_t *table; /* open addressing over people: index + 1 */
    size_t table_size;
    int32_t last_person;
    uint64_t *keys; /* hash of each row's own key; 0: none */
    size_t key_count, key_capacity;
    alias *aliases;
    size_t alias_count;
    uint32_t source;
    hf_text recent[RECENT]; /* kept texts of ratings and samples: items and units come again */
};

uint64_t hf_i_record_hash(const char *bytes, size_t size, uint64_t seed)
{
    uint64_t h = seed ^ (size * UINT64_C(0x9E3779B97F4A7C15));
    while (size >= 8) {
        uint64_t v;
        memcpy(&v, bytes, 8);
        h = (h ^ v) * UINT64_C(0xD6E8FEB86659FD93);
        h ^= h >> 32;
        bytes += 8;
        size -= 8;
    }
    uint64_t v = 0;
    if (size)
        memcpy(&v, bytes, size);
    h = (h ^ v) * UINT64_C(0xD6E8FEB86659FD93);
    h ^= h >> 29;
    h *= UINT64_C(0x9FB21C651E98DF25);
    return h ^ (h >> 32);
}

char *hf_i_record_keep(hf_record *r, hf_ctx *ctx, const char *bytes, size_t size)
{
    hf_i_pool_block *b = r->pool;
    if (!b || b->size - b->used < size) {
        size_t want = size > POOL_BLOCK ? size : POOL_BLOCK;
        b = hf_i_alloc(ctx, sizeof *b + want);
        if (!b)
            return NULL;
        b->used = 0;
        b->size = want;
        /* A block that is full at once goes behind the one in use. */
        if (r->pool && size > POOL_BLOCK) {
            b->next = r->pool->next;
            r->pool->next = b;
        } else {
            b->next = r->pool;
            r->pool = b;
        }
    }
    char *p = b->data + b->used;
    if (size)
        memcpy(p, bytes, size);
    b->used += size;
    return p;
}

static hf_status read_aliases(hf_i_build *b)
{
    size_t n = 0;
    while (b->options.same && b->options.same[n])
        n++;
    if (n == 0)
        return HF_OK;
    b->aliases = hf_i_calloc(b->ctx, n, sizeof *b->aliases);
    if (!b->aliases)
        return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const char *text = b->options.same[i], *equal = strchr(text, '=');
        if (!equal || equal == text || !equal[1])
            return hf_i_fail(b->ctx, HF_E_USAGE, "Write it as \"Ann=+49 170 1234567\".",
                             "'%s' does not name one person twice", text);
        b->aliases[b->alias_count++] = (alias){text, equal + 1, (size_t)(equal - text)};
    }
    return HF_OK;
}

hf_status hf_i_build_new(hf_i_build **out, hf_ctx *ctx, const hf_read_options *options)
{
    *out = NULL;
    hf_i_build *b = hf_i_calloc(ctx, 1, sizeof *b);
    if (!b)
        return HF_E_NOMEM;
    b->ctx = ctx;
    b->last_person = HF_NO_PERSON;
    hf_read_options defaults = HF_READ_OPTIONS_INIT;
    b->options = options ? *options : defaults;
    b->record = hf_i_calloc(ctx, 1, sizeof *b->record);
    hf_status s = b->record ? HF_OK : HF_E_NOMEM;
    if (s == HF_OK) {
        b->record->ctx = ctx;
        b->record->summary.date_order = HF_DATE_NOT_NEEDED;
        b->record->summary.other_first_ms = HF_NO_TIME;
        b->record->summary.other_last_ms = HF_NO_TIME;
        s = read_aliases(b);
    }
    if (s != HF_OK) {
        hf_i_build_free(b);
        return s;
    }
    *out = b;
    return HF_OK;
}

void hf_i_build_free(hf_i_build *b)
{
    if (!b)
        return;
    hf_record_free(b->record);
    hf_i_free(b->ctx, b->table);
    hf_i_free(b->ctx, b->keys);
    hf_i_free(b->ctx, b->aliases);
    hf_i_free(b->ctx, b);
}

hf_status hf_i_build_file(hf_i_build *b, const char *name, hf_i_blob *blob, bool keep)
{
    hf_record *r = b->record;
    HF_TRY(hf_i_grow(b->ctx, &r->files, &r->file_capacity, r->file_count + 1, sizeof *r->files,
                     UINT16_MAX, "files in one record"));
    char *copy = hf_i_strdup(b->ctx, name);
    if (!copy)
        return HF_E_NOMEM;
    hf_i_input *in = &r->files[r->file_count++];
    *in = (hf_i_input){.name = copy, .source = b->source};
    if (keep) {
        const char *data = blob->data;
        size_t size = blob->size;
        in->blob = *blob;
        *blob = (hf_i_blob){.data = data, .size = size};
    }
    return HF_OK;
}

/* ---- people ------------------------------------------------------------------------------- */

static hf_status rebuild_table(hf_i_build *b, size_t size)
{
    uint32_t *table = hf_i_calloc(b->ctx, size, sizeof *table);
    if (!table)
        return HF_E_NOMEM;
    for (size_t i = 0; i < b->record->person_count; i++) {
        hf_text n = b->record->people[i].name;
        size_t at = hf_i_record_hash(n.data, n.size, 0) & (size - 1);
        while (table[at])
            at = (at + 1) & (size - 1);
        table[at] = (uint32_t)i + 1;
    }
    hf_i_free(b->ctx, b->table);
    b->table = table;
    b->table_size = size;
    return HF_OK;
}

static bool is_name(const hf_record *r, int32_t person, const char *name, size_t size)
{
    hf_text n = r->people[person].name;
    return n.size == size && memcmp(n.data, name, size) == 0;
}

static hf_status add_person(hf_i_build *b, const char *name, size_t size, size_t at)
{
    hf_record *r = b->record;
    HF_TRY(hf_i_grow(b->ctx, &r->people, &r->person_capacity, r->person_count + 1,
                     sizeof *r->people, HF_MAX_SENDERS, "people in one record"));
    char *copy = hf_i_record_keep(r, b->ctx, name, size);
    if (!copy)
        return HF_E_NOMEM;
    r->people[r->person_count] = (hf_person){.name = {copy, size}};
    b->table[at] = (uint32_t)++r->person_count;
    return HF_OK;
}

hf_status hf_i_build_person(hf_i_build *b, const char *name, size_t size, int32_t *out)
{
    *out = HF_NO_PERSON;
    if (size == 0)
        return HF_OK;
    for (size_t i = 0; i < b->alias_count; i++)
        if (strlen(b->aliases[i].other) == size && memcmp(b->aliases[i].other, name, size) == 0) {
            name = b->aliases[i].name;
            size = b->aliases[i].name_size;
            break;
        }
    if (size > HF_MAX_NAME_BYTES)
        return hf_i_fail(b->ctx, HF_E_LIMIT, NULL, "a name has more than %u bytes",
                         HF_MAX_NAME_BYTES);
    if (b->last_person >= 0 && is_name(b->record, b->last_person, name, size)) {
        *out = b->last_person;
        return HF_OK;
    }
    if (2 * (b->record->person_count + 1) > b->table_size)
        HF_TRY(rebuild_table(b, b->table_size ? b->table_size * 2 : 64));
    size_t at = hf_i_record_hash(name, size, 0) & (b->table_size - 1);
    while (b->table[at] && !is_name(b->record, (int32_t)b->table[at] - 1, name, size))
        at = (at + 1) & (b->table_size - 1);
    if (!b->table[at])
        HF_TRY(add_person(b, name, size, at));
    *out = b->last_person = (int32_t)b->table[at] - 1;
    return HF_OK;
}

hf_status hf_i_build_rename(hf_i_build *b, int32_t person, hf_text name)
{
    hf_record *r = b->record;
    if (name.size == 0 || name.size > HF_MAX_NAME_BYTES)
        return HF_OK;
    for (size_t i = 0; i < r->person_count; i++)
        if (is_name(r, (int32_t)i, name.data, name.size))
            return HF_OK;
    char *copy = hf_i_record_keep(r, b->ctx, name.data, name.size);
    if (!copy)
        return HF_E_NOMEM;
    r->people[person].name = (hf_text){copy, name.size};
    b->last_person = HF_NO_PERSON;
    return rebuild_table(b, b->table_size);
}

/* ---- rows --------------------------------------------------------------------------------- */

hf_status hf_i_build_raw_row(hf_i_build *b, hf_i_row **out)
{
    hf_record *r = b->record;
    if (r->row_count == r->row_capacity)
        HF_TRY(hf_i_grow(b->ctx, &r->rows, &r->row_capacity, r->row_count + 1, sizeof *r->rows,
                         HF_MAX_ROWS, "rows in one record"));
    *out = &r->rows[r->row_count++];
    **out = (hf_i_row){.t_ms = HF_NO_TIME, .sender = HF_NO_PERSON};
    if (r->file_count)
        (*out)->file = (uint16_t)(r->file_count - 1);
    return HF_OK;
}

hf_status hf_i_build_resolution(hf_i_build *b, uint32_t res_ms, uint8_t *code)
{
    hf_record *r = b->record;
    size_t i = 0;
    while (i < r->resolution_count && r->resolutions[i] != res_ms)
        i++;
    if (i == HF_I_RESOLUTIONS)
        return hf_i_fail(b->ctx, HF_E_LIMIT, NULL, "more than %d resolutions of time",
                         HF_I_RESOLUTIONS);
    if (i == r->resolution_count)
        r->resolutions[r->resolution_count++] = res_ms;
    *code = (uint8_t)i;
    return HF_OK;
}

hf_status hf_i_build_extra(hf_i_build *b, size_t row, hf_i_extra **out)
{
    hf_record *r = b->record;
    if (r->rows[row].flags & HF_I_ROW_EXTRA) {
        *out = (hf_i_extra *)(uintptr_t)hf_i_record_extra(r, row);
        return HF_OK;
    }
    HF_TRY(hf_i_grow(b->ctx, &r->extras, &r->extra_capacity, r->extra_count + 1, sizeof *r->extras,
                     HF_MAX_ROWS, "rows in one record"));
    *out = &r->extras[r->extra_count++];
    **out = (hf_i_extra){HF_NO_TIME, HF_NO_TIME, HF_NO_TIME,    HF_NO_TIME, HF_NO_TIME,
                         NULL,       0,          (uint32_t)row, UINT32_MAX, 0};
    r->rows[row].flags |= HF_I_ROW_EXTRA;
    return HF_OK;
}

static bool has_extra(const hf_message *m)
{
    return m->edited_ms != HF_NO_TIME || m->delivered_ms != HF_NO_TIME ||
           m->read_ms != HF_NO_TIME || m->duration_ms != HF_NO_TIME || m->t_end_ms != HF_NO_TIME ||
           m->reply_to.size || m->conversation;
}

static hf_status add_extra(hf_i_build *b, const hf_message *m)
{
    hf_i_extra *x;
    HF_TRY(hf_i_build_extra(b, b->record->row_count - 1, &x));
    x->edited_ms = m->edited_ms;
    x->delivered_ms = m->delivered_ms;
    x->read_ms = m->read_ms;
    x->duration_ms = m->duration_ms;
    x->t_end_ms = m->t_end_ms;
    x->conversation = m->conversation;
    if (m->reply_to.size) {
        if (m->reply_to.size > HF_MAX_NAME_BYTES)
            return hf_i_fail(b->ctx, HF_E_LIMIT, NULL, "a message key has more than %u bytes",
                             HF_MAX_NAME_BYTES);
        x->reply = hf_i_record_keep(b->record, b->ctx, m->reply_to.data, m->reply_to.size);
        x->reply_size = (uint32_t)m->reply_to.size;
        if (!x->reply)
            return HF_E_NOMEM;
    }
    return HF_OK;
}

/* Hash 0 stands for 'no key'. */
static uint64_t key_hash(const char *key, size_t size)
{
    uint64_t h = hf_i_record_hash(key, size, 1);
    return h ? h : 1;
}

/* One key a row, so that keys turn around with their rows. */
static hf_status pad_keys(hf_i_build *b)
{
    size_t rows = b->record->row_count;
    HF_TRY(hf_i_grow(b->ctx, &b->keys, &b->key_capacity, rows, sizeof *b->keys, HF_MAX_ROWS,
                     "rows in one record"));
    while (b->key_count < rows)
        b->keys[b->key_count++] = 0;
    return HF_OK;
}

static hf_status add_key(hf_i_build *b, hf_text key)
{
    HF_TRY(pad_keys(b));
    b->keys[b->record->row_count - 1] = key_hash(key.data, key.size);
    return HF_OK;
}

hf_status hf_i_build_message(hf_i_build *b, const hf_message *m, hf_text key, hf_i_text_life life)
{
    if (m->text.size > HF_MAX_MESSAGE_BYTES)
        return hf_i_build_fail(
            b, HF_E_LIMIT, m->src.byte, m->src.line, "Take that message out of the file.",
            "a message has more than %llu bytes", (unsigned long long)HF_MAX_MESSAGE_BYTES);
    const char *text = m->text.data;
    if (m->text.size && life == HF_I_COPY &&
        !(text = hf_i_record_keep(b->record, b->ctx, m->text.data, m->text.size)))
        return HF_E_NOMEM;
    hf_i_row *row;
    HF_TRY(hf_i_build_raw_row(b, &row));
    row->t_ms = m->t_ms;
    row->t_kind = (uint8_t)(m->t_ms == HF_NO_TIME ? HF_TIME_NONE : m->t_kind);
    HF_TRY(hf_i_build_resolution(b, m->t_res_ms, &row->resolution));
    row->kind = (uint8_t)m->kind;
    row->sender = (int16_t)m->sender;
    row->text = text;
    row->text_size = (uint32_t)m->text.size;
    row->byte = m->src.byte;
    row->line = m->src.line <= UINT32_MAX ? (uint32_t)m->src.line : 0;
    bool valid = !m->text.size || hf_i_utf8_valid(text, m->text.size);
    row->flags = (uint8_t)((m->invalid_utf8 || !valid ? HF_I_ROW_INVALID_UTF8 : 0) |
                           (m->edited || m->edited_ms != HF_NO_TIME ? HF_I_ROW_EDITED : 0));
    if (has_extra(m))
        HF_TRY(add_extra(b, m));
    return key.size ? add_key(b, key) : HF_OK;
}

hf_status hf_i_build_keep(hf_i_build *b, hf_text *t)
{
    if (t->size == 0)
        return HF_OK;
    hf_text *r = &b->recent[hf_i_record_hash(t->data, t->size, 0) % RECENT];
    if (r->size != t->size || memcmp(r->data, t->data, t->size) != 0) {
        const char *copy = hf_i_record_keep(b->record, b->ctx, t->data, t->size);
        if (!copy)
            return HF_E_NOMEM;
        *r = (hf_text){copy, t->size};
    }
    t->data = r->data;
    return HF_OK;
}

/* What ratings and samples have in common. */
static hf_status fill_value(hf_i_build *b, hf_i_value *v, const hf_rating *x, hf_i_text_life life)
{
    hf_record *r = b->record;
    hf_text name = x->item, other = x->occasion;
    if (life == HF_I_COPY) {
        HF_TRY(hf_i_build_keep(b, &name));
        HF_TRY(hf_i_build_keep(b, &other));
    }
    if (name.size > HF_MAX_MESSAGE_BYTES || other.size > HF_MAX_MESSAGE_BYTES)
        return hf_i_build_fail(b, HF_E_LIMIT, x->src.byte, x->src.line, NULL,
                               "a name has more than %llu bytes",
                               (unsigned long long)HF_MAX_MESSAGE_BYTES);
    *v = (hf_i_value){.t_ms = x->t_ms,
                      .value = x->value,
                      .byte = x->src.byte,
                      .name = name.data,
                      .other = other.data,
                      .name_size = (uint32_t)name.size,
                      .other_size = (uint32_t)other.size,
                      .line = x->src.line <= UINT32_MAX ? (uint32_t)x->src.line : 0,
                      .file = r->file_count ? (uint16_t)(r->file_count - 1) : 0,
                      .person = (int16_t)x->partner,
                      .t_kind = (uint8_t)x->t_kind};
    return hf_i_build_resolution(b, x->t_res_ms, &v->resolution);
}

hf_status hf_i_build_rating(hf_i_build *b, const hf_rating *rating, hf_i_text_life life)
{
    hf_record *r = b->record;
    if (r->rating_count == r->rating_capacity)
        HF_TRY(hf_i_grow(b->ctx, &r->ratings, &r->rating_capacity, r->rating_count + 1,
                         sizeof *r->ratings, HF_MAX_ROWS, "ratings in one record"));
    HF_TRY(fill_value(b, &r->ratings[r->rating_count], rating, life));
    r->rating_count++;
    return HF_OK;
}

hf_status hf_i_build_sample(hf_i_build *b, const hf_sample *x, hf_i_text_life life)
{
    hf_record *r = b->record;
    hf_rating same = {.t_ms = x->t_ms,
                      .t_res_ms = x->t_res_ms,
                      .t_kind = x->t_kind,
                      .partner = x->partner,
                      .item = x->variable,
                      .occasion = x->unit,
                      .value = x->value,
                      .src = x->src};
    if (r->sample_count == r->sample_capacity)
        HF_TRY(hf_i_grow(b->ctx, &r->samples, &r->sample_capacity, r->sample_count + 1,
                         sizeof *r->samples, HF_MAX_ROWS, "samples in one record"));
    HF_TRY(fill_value(b, &r->samples[r->sample_count], &same, life));
    r->sample_count++;
    return HF_OK;
}

size_t hf_i_build_row_count(const hf_i_build *b)
{
    return b->record->row_count;
}

hf_status hf_i_build_reverse(hf_i_build *b, size_t from)
{
    hf_record *r = b->record;
    if (r->row_count < from + 2)
        return HF_OK;
    if (b->key_count > from)
        HF_TRY(pad_keys(b));
    for (size_t i = from, j = r->row_count - 1; i < j; i++, j--) {
        hf_i_row t = r->rows[i];
        r->rows[i] = r->rows[j];
        r->rows[j] = t;
        if (b->key_count > from) {
            uint64_t k = b->keys[i];
            b->keys[i] = b->keys[j];
            b->keys[j] = k;
        }
    }
    size_t first = r->extra_count;
    while (first > 0 && r->extras[first - 1].row >= from)
        first--;
    for (size_t i = first; i < r->extra_count; i++)
        r->extras[i].row = (uint32_t)(from + r->row_count - 1 - r->extras[i].row);
    for (size_t i = first, j = r->extra_count; i + 1 < j; i++) {
        hf_i_extra t = r->extras[i];
        r->extras[i] = r->extras[--j];
        r->extras[j] = t;
    }
    return HF_OK;
}

void hf_i_build_next_source(hf_i_build *b)
{
    b->source++;
}

static int by_row(const void *a, const void *b)
{
    const hf_i_extra *x = a, *y = b;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Extras follow their rows; place[old row] is the new one, UINT32_MAX for a row that goes. */
static void move_extras(hf_record *r, const uint32_t *place)
{
    size_t n = 0;
    for (size_t i = 0; i < r->extra_count; i++)
        if (place[r->extras[i].row] != UINT32_MAX) {
            r->extras[n] = r->extras[i];
            r->extras[n].row = place[r->extras[n].row];
            n++;
        }
    r->extra_count = n;
    if (n)
        qsort(r->extras, n, sizeof *r->extras, by_row);
}

hf_status hf_i_build_rearrange(hf_i_build *b, const uint32_t *order, size_t count)
{
    hf_record *r = b->record;
    if (b->key_count)
        HF_TRY(pad_keys(b));
    hf_i_row *rows = hf_i_alloc(b->ctx, count * sizeof *rows);
    uint64_t *keys = hf_i_alloc(b->ctx, b->key_count ? count * sizeof *keys : 1);
    uint32_t *place = hf_i_alloc(b->ctx, r->row_count * sizeof *place);
    if (!rows || !keys || !place) {
        hf_i_free(b->ctx, rows);
        hf_i_free(b->ctx, keys);
        hf_i_free(b->ctx, place);
        return HF_E_NOMEM;
    }
    memset(place, 0xFF, r->row_count * sizeof *place);
    for (size_t i = 0; i < count; i++) {
        rows[i] = r->rows[order[i]];
        place[order[i]] = (uint32_t)i;
        if (b->key_count)
            keys[i] = b->keys[order[i]];
    }
    move_extras(r, place);
    hf_i_free(b->ctx, place);
    hf_i_free(b->ctx, r->rows);
    hf_i_free(b->ctx, b->keys);
    r->rows = rows;
    r->row_count = r->row_capacity = count;
    b->keys = keys;
    b->key_count = b->key_count ? count : 0;
    b->key_capacity = b->key_count;
    return HF_OK;
}

/* ---- what is said about the source -------------------------------------------------------- */

hf_status hf_i_build_warn(hf_i_build *b, uint64_t byte, uint64_t line, const char *format, ...)
{
    hf_record *r = b->record;
    r->summary.warnings++;
    if (r->warning_count >= HF_MAX_WARNINGS)
        return HF_OK;
    char text[256];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t size = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    HF_TRY(hf_i_grow(b->ctx, &r->warnings, &r->warning_capacity, r->warning_count + 1,
                     sizeof *r->warnings, HF_MAX_WARNINGS, "warnings"));
    text[size] = '\0';
    char *copy = hf_i_record_keep(r, b->ctx, text, size + 1);
    if (!copy)
        return HF_E_NOMEM;
    hf_source src = {r->file_count ? (uint32_t)r->file_count - 1 : 0, byte, line};
    r->warnings[r->warning_count++] = (hf_warning){src, copy};
    return HF_OK;
}

hf_status hf_i_build_fail(hf_i_build *b, hf_status status, uint64_t byte, uint64_t line,
                          const char *advice, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const hf_record *r = b->record;
    hf_i_place place = {.file = r->file_count ? r->files[r->file_count - 1].name : NULL,
                        .line = line,
                        .byte = byte,
                        .byte_known = true};
    return hf_i_fail_at(b->ctx, status, &place, advice, "%s", text);
}

void hf_i_build_limit(hf_i_build *b, hf_limit limit)
{
    b->record->summary.limits |= 1u << limit;
}

void hf_i_build_variant(hf_i_build *b, const char *variant)
{
    snprintf(b->record->variant, sizeof b->record->variant, "%s", variant);
}

void hf_i_build_encoding(hf_i_build *b, const char *encoding)
{
    snprintf(b->record->encoding, sizeof b->record->encoding, "%s", encoding);
}

void hf_i_build_date_order(hf_i_build *b, hf_date_order order, bool ambiguous)
{
    b->record->summary.date_order = order;
    b->record->summary.date_ambiguous |= ambiguous;
}

void hf_i_build_other_reading(hf_i_build *b, int64_t first_ms, int64_t last_ms)
{
    b->record->summary.other_first_ms = first_ms;
    b->record->summary.other_last_ms = last_ms;
}

hf_ctx *hf_i_build_ctx(const hf_i_build *b)
{
    return b->ctx;
}

hf_record *hf_i_build_record(hf_i_build *b)
{
    return b->record;
}

const hf_read_options *hf_i_build_options(const hf_i_build *b)
{
    return &b->options;
}

hf_date_order hf_i_build_wanted_order(const hf_i_build *b)
{
    return b->options.date_order;
}

/* ---- replies: keys of the source become rows of the record --------------------------------- */

typedef struct {
    uint64_t hash; /* of a key that a reply names; 0: free */
    uint32_t row;
} wanted;

static wanted *find_wanted(wanted *table, size_t size, uint64_t hash)
{
    size_t at = hash & (size - 1);
    while (table[at].hash && table[at].hash != hash)
        at = (at + 1) & (size - 1);
    return &table[at];
}

/* The keys that replies name go into a table; one walk over the rows fills in where they stand.
 * A key that two rows have means the first. */
static hf_status link_replies(hf_i_build *b)
{
    hf_record *r = b->record;
    size_t replies = 0, size = 16;
    for (size_t i = 0; i < r->extra_count; i++)
        replies += r->extras[i].reply_size > 0;
    if (replies == 0 || b->key_count == 0)
        return HF_OK;
    while (size < 2 * replies)
        size *= 2;
    wanted *table = hf_i_calloc(b->ctx, size, sizeof *table);
    if (!table)
        return HF_E_NOMEM;
    for (size_t i = 0; i < r->extra_count; i++)
        if (r->extras[i].reply_size) {
            uint64_t h = key_hash(r->extras[i].reply, r->extras[i].reply_size);
            *find_wanted(table, size, h) = (wanted){h, UINT32_MAX};
        }
    for (size_t i = 0; i < b->key_count && i < r->row_count; i++)
        if (b->keys[i]) {
            wanted *w = find_wanted(table, size, b->keys[i]);
            if (w->hash && w->row == UINT32_MAX)
                w->row = (uint32_t)i;
        }
    for (size_t i = 0; i < r->extra_count; i++)
        if (r->extras[i].reply_size) {
            uint64_t h = key_hash(r->extras[i].reply, r->extras[i].reply_size);
            r->extras[i].reply_row = find_wanted(table, size, h)->row;
        }
    hf_i_free(b->ctx, table);
    return HF_OK;
}

hf_status hf_i_build_take(hf_i_build *b, hf_record **out)
{
    *out = NULL;
    hf_status s = link_replies(b);
    if (s == HF_OK)
        s = hf_i_record_finish(b->record, b->ctx);
    if (s == HF_OK) {
        *out = b->record;
        b->record = NULL;
    }
    hf_i_build_free(b);
    return s;
}
