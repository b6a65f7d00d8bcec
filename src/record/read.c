/* SPDX-License-Identifier: MIT */
/* From a path to a record: open the source, find its format and chat, run the reader. */
#include "record/format.h"
#include "record/merge.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SURE_ENOUGH = 30, MAX_PEEKS = 4096 };

/* What a probe found in a source. */
typedef struct {
    const hf_i_format *format;
    size_t *entries;
    size_t count;
} choice;

static bool is_media(const char *name)
{
    static const char *const ends[] = {"jpg",  "jpeg", "png",  "gif", "webp", "mp4", "mov", "3gp",
                                       "opus", "ogg",  "mp3",  "m4a", "aac",  "pdf", "vcf", "heic",
                                       "docx", "xlsx", "pptx", "tgs", "webm", "css", "js",  "woff"};
    for (size_t i = 0; i < HF_COUNT_OF(ends); i++)
        if (hf_i_has_extension(name, ends[i]))
            return true;
    return false;
}

/* How sure each format is of an entry, in the order of the table. */
static void probe_entry(const hf_i_format *only, const hf_i_probe *p, int *scores)
{
    for (size_t f = 0; hf_i_formats[f]; f++)
        scores[f] = only && only != hf_i_formats[f] ? 0 : hf_i_formats[f]->probe(p);
}

/* A prefer-this order among the entries of one archive that all look like a chat: a shared text
 * file must not win over the chat itself. */
static int chat_name_rank(const char *name)
{
    const char *base = hf_i_base_name(name);
    if (strcmp(base, "_chat.txt") == 0)
        return 0;
    if (strcasestr(base, "whatsapp"))
        return 1;
    return strcasestr(base, "chat") ? 2 : 3;
}

static size_t best_named(const hf_i_source *s, const size_t *entries, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        const char *a = s->entries[entries[i]].name, *b = s->entries[entries[best]].name;
        int ra = chat_name_rank(a), rb = chat_name_rank(b);
        if (ra < rb || (ra == rb && strlen(a) < strlen(b)))
            best = i;
    }
    return best;
}

static hf_status fail_unknown(hf_i_source *s, const hf_i_format *only, bool binary, bool empty)
{
    hf_i_place place = {.file = s->path};
    static const char advice[] =
        "'holdfast formats' lists what can be read and how to export it; --format NAME decides.";
    if (only)
        return hf_i_fail_at(s->ctx, HF_E_FORMAT, &place, advice, "this is not %s",
                            only->info.title);
    if (s->kind != HF_I_SOURCE_FILE)
        return hf_i_fail_at(s->ctx, HF_E_FORMAT, &place, advice, "no chat was found in %s",
                            s->kind == HF_I_SOURCE_FOLDER ? "this folder" : "this archive");
    return hf_i_fail_at(s->ctx, HF_E_FORMAT, &place, advice,
                        empty    ? "the file holds nothing but blanks"
                        : binary ? "the file is binary, and no source that Holdfast knows"
                                 : "the file is no source that Holdfast knows");
}

static bool is_utf16(const char *p, size_t size, bool *big_endian)
{
    *big_endian = size >= 2 && (unsigned char)p[0] == 0xFE && (unsigned char)p[1] == 0xFF;
    return *big_endian || (size >= 2 && (unsigned char)p[0] == 0xFF && (unsigned char)p[1] == 0xFE);
}

/* Probes see UTF-8, whatever the file is in. */
static hf_status head_as_utf8(hf_ctx *ctx, char *head, size_t *size)
{
    bool big_endian;
    if (!is_utf16(head, *size, &big_endian))
        return HF_OK;
    hf_i_buf out;
    hf_i_buf_init(&out, ctx, 4 * HF_I_HEAD_SIZE, "the start of a file");
    hf_status s = hf_i_utf8_from_utf16(&out, head + 2, (*size - 2) & ~(size_t)1, big_endian, NULL);
    if (s == HF_OK) {
        *size = out.len < HF_I_HEAD_SIZE ? out.len : HF_I_HEAD_SIZE;
        if (*size)
            memcpy(head, out.data, *size);
    }
    hf_i_buf_dispose(&out);
    return s;
}

/* Every entry against every format: the surest format, with all entries it is sure of. */
static hf_status choose_by_head(hf_i_source *s, const hf_i_format *only, int *score_of, char *head,
                                choice *out)
{
    int best_score = 0;
    bool binary = false, empty = true;
    size_t peeks = 0, formats = hf_formats_count();
    for (size_t e = 0; e < s->count && peeks < MAX_PEEKS; e++) {
        int *scores = score_of + e * formats;
        const hf_i_entry *entry = &s->entries[e];
        if (s->kind != HF_I_SOURCE_FILE && (is_media(entry->name) || entry->size == 0))
            continue;
        hf_i_probe p = {.name = entry->name, .head = head};
        HF_TRY(hf_i_source_head(s, e, head, &p.size));
        p.complete = p.size == entry->size;
        HF_TRY(head_as_utf8(s->ctx, head, &p.size));
        peeks++;
        binary = p.size && memchr(head, 0, p.size) != NULL;
        for (size_t i = 0; i < p.size && empty; i++)
            empty = memchr(" \t\r\n", head[i], 4) != NULL;
        probe_entry(only, &p, scores);
        for (size_t f = 0; f < formats; f++)
            if (scores[f] > best_score) {
                best_score = scores[f];
                out->format = hf_i_formats[f];
            }
    }
    if (only && s->kind == HF_I_SOURCE_FILE && !empty && !out->format) {
        /* The user says what it is: the reader itself will say what is wrong. */
        out->format = only;
        best_score = 1;
    }
    if (!out->format || (!only && best_score < SURE_ENOUGH))
        return fail_unknown(s, only, binary, empty);
    size_t f = 0;
    while (hf_i_formats[f] != out->format)
        f++;
    for (size_t e = 0; e < s->count; e++)
        if (score_of[e * formats + f] >= SURE_ENOUGH || s->count == 1)
            out->entries[out->count++] = e;
    return HF_OK;
}

static hf_status choose(hf_i_source *s, const hf_read_options *o, choice *out)
{
    *out = (choice){0};
    const hf_i_format *only = NULL;
    if (o->format && !(only = hf_i_format_find(o->format)))
        return hf_i_fail(s->ctx, HF_E_USAGE, "'holdfast formats' lists them.",
                         "there is no format '%s'", o->format);
    char *head = hf_i_alloc(s->ctx, HF_I_HEAD_SIZE);
    int *scores = hf_i_calloc(s->ctx, s->count * hf_formats_count(), sizeof *scores);
    out->entries = hf_i_calloc(s->ctx, s->count, sizeof *out->entries);
    hf_status st = head && scores && out->entries ? HF_OK : HF_E_NOMEM;
    if (st == HF_OK)
        st = choose_by_head(s, only, scores, head, out);
    hf_i_free(s->ctx, head);
    hf_i_free(s->ctx, scores);
    if (st == HF_OK && out->count > 1 && out->format->spread == HF_I_ONE_FILE &&
        s->kind == HF_I_SOURCE_ARCHIVE) {
        out->entries[0] = out->entries[best_named(s, out->entries, out->count)];
        out->count = 1;
    }
    if (st == HF_OK && !out->format->info.available)
        st = hf_i_fail(s->ctx, HF_E_UNSUPPORTED, "Build Holdfast with the library it needs.",
                       "this build cannot read %s", out->format->info.title);
    if (st != HF_OK) {
        hf_i_free(s->ctx, out->entries);
        *out = (choice){0};
    }
    return st;
}

/* ---- chats -------------------------------------------------------------------------------- */

hf_status hf_i_chat_add(hf_i_chat_list *list, hf_text id, hf_text title, uint64_t messages,
                        uint32_t people)
{
    HF_TRY(hf_i_grow(list->ctx, &list->chats, &list->capacity, list->count + 1, sizeof *list->chats,
                     HF_MAX_ROWS, "chats"));
    const char *i = hf_i_arena_strndup(&list->arena, id.data, id.size);
    const char *t = hf_i_arena_strndup(&list->arena, title.data, title.size);
    if (!i || !t)
        return HF_E_NOMEM;
    list->chats[list->count++] = (hf_chat){{i, id.size}, {t, title.size}, messages, people};
    return HF_OK;
}

static hf_text text_of(const char *s)
{
    return (hf_text){s, strlen(s)};
}

/* The chats of a choice, as far as they are told apart without reading them. */
static hf_status list_chats(hf_i_source *s, const choice *c, hf_i_chat_list *list)
{
    if (c->format->list) {
        hf_i_reader r = {
            .ctx = s->ctx, .source = s, .entries = c->entries, .entry_count = c->count};
        return c->format->list(&r, list);
    }
    size_t chats = c->format->spread == HF_I_ONE_FILE ? c->count : 1;
    for (size_t i = 0; i < chats; i++) {
        hf_text name = text_of(s->entries[c->entries[i]].name);
        HF_TRY(hf_i_chat_add(list, name, name, HF_NO_COUNT, 0));
    }
    return HF_OK;
}

static void chat_list_init(hf_i_chat_list *list, hf_ctx *ctx)
{
    *list = (hf_i_chat_list){.ctx = ctx};
    hf_i_arena_init(&list->arena, ctx);
}

static void chat_list_dispose(hf_i_chat_list *list)
{
    hf_i_arena_dispose(&list->arena);
    hf_i_free(list->ctx, list->chats);
}

static hf_status fail_chats(hf_i_source *s, const hf_i_chat_list *list)
{
    hf_i_buf names;
    hf_i_buf_init(&names, s->ctx, 1 << 16, "the list of chats");
    hf_status st = HF_OK;
    for (size_t i = 0; i < list->count && i < 20 && names.len < 500 && st == HF_OK; i++) {
        const hf_chat *c = &list->chats[i];
        size_t cut = hf_i_utf8_cut(c->title.data, c->title.size, 40);
        st = hf_i_buf_printf(&names, "%s%.*s", i ? ", " : "", (int)c->id.size, c->id.data);
        if (st == HF_OK && (c->id.size != c->title.size || memcmp(c->id.data, c->title.data, cut)))
            st = hf_i_buf_printf(&names, " (%.*s)", (int)cut, c->title.data);
    }
    hf_i_place place = {.file = s->path};
    if (st == HF_OK)
        st = hf_i_fail_at(s->ctx, HF_E_USAGE, &place,
                          "Choose one with --chat ID; --list-chats shows all of them.",
                          "there are %zu chats here: %s%s", list->count, names.data,
                          list->count > 20 ? ", ..." : "");
    hf_i_buf_dispose(&names);
    return st;
}

static bool is_chat(const hf_chat *c, const char *id)
{
    return c->id.size == strlen(id) && memcmp(c->id.data, id, c->id.size) == 0;
}

/* *chat: the id to read, NULL when the source is one chat. Borrowed from list. */
static hf_status choose_chat(hf_i_source *s, choice *c, const hf_read_options *o,
                             hf_i_chat_list *list, const char **chat)
{
    *chat = NULL;
    bool one = c->count == 1 || c->format->spread == HF_I_PARTS;
    if (!c->format->list && one && !o->chat)
        return HF_OK;
    HF_TRY(list_chats(s, c, list));
    size_t found = list->count;
    if (o->chat) {
        for (size_t i = 0; i < list->count && found == list->count; i++)
            if (is_chat(&list->chats[i], o->chat))
                found = i;
        if (found == list->count) {
            hf_i_place place = {.file = s->path};
            return hf_i_fail_at(s->ctx, HF_E_NOT_FOUND, &place, "--list-chats shows the ids.",
                                "there is no chat '%s'", o->chat);
        }
    } else if (list->count == 1) {
        found = 0;
    } else if (list->count > 1) {
        return fail_chats(s, list);
    } else {
        return HF_OK;
    }
    if (c->format->list) {
        *chat = list->chats[found].id.data;
    } else if (c->format->spread == HF_I_ONE_FILE) {
        c->entries[0] = c->entries[found];
        c->count = 1;
    }
    return HF_OK;
}

/* ---- reading ------------------------------------------------------------------------------ */

char *hf_i_entry_name(const hf_i_reader *r, size_t entry)
{
    const hf_i_source *s = r->source;
    if (s->kind == HF_I_SOURCE_FILE)
        return hf_i_strdup(r->ctx, s->path);
    hf_i_buf name;
    hf_i_buf_init(&name, r->ctx, 1 << 20, "a file's name");
    char between = s->kind == HF_I_SOURCE_FOLDER ? '/' : ':';
    if (hf_i_buf_printf(&name, "%s%c%s", s->path, between, s->entries[entry].name) != HF_OK) {
        hf_i_buf_dispose(&name);
        return NULL;
    }
    return name.data;
}

static hf_status to_utf8(hf_ctx *ctx, hf_i_blob *blob, bool big_endian)
{
    hf_i_buf out;
    hf_i_buf_init(&out, ctx, HF_MAX_FILE_BYTES, "the text");
    hf_status s = hf_i_utf8_from_utf16(&out, blob->data + 2, blob->size - 2, big_endian, NULL);
    if (s != HF_OK) {
        hf_i_buf_dispose(&out);
        return s;
    }
    hf_i_blob_free(ctx, blob);
    blob->memory = out.data;
    blob->data = out.data;
    blob->size = out.len;
    return HF_OK;
}

static hf_status decode(hf_i_reader *r, hf_i_blob *blob, const char **encoding)
{
    bool big_endian;
    bool wide = is_utf16(blob->data, blob->size, &big_endian);
    *encoding = !wide ? "utf-8" : big_endian ? "utf-16be" : "utf-16le";
    if (wide)
        return to_utf8(r->ctx, blob, big_endian);
    if (blob->size >= 3 && memcmp(blob->data, "\xEF\xBB\xBF", 3) == 0)
        *encoding = "utf-8 with BOM";
    return HF_OK;
}

hf_status hf_i_open_entry(hf_i_reader *r, size_t entry, bool keep, hf_i_blob *blob)
{
    const char *encoding;
    HF_TRY(hf_i_source_read(r->source, entry, blob));
    hf_status s = decode(r, blob, &encoding);
    if (s == HF_OK && r->build) {
        char *name = hf_i_entry_name(r, entry);
        s = name ? hf_i_build_file(r->build, name, blob, keep) : HF_E_NOMEM;
        hf_i_free(r->ctx, name);
        hf_i_build_encoding(r->build, encoding);
    }
    if (s != HF_OK)
        hf_i_blob_free(r->ctx, blob);
    return s;
}

static hf_status run(hf_i_reader *r, const hf_i_format *format)
{
    for (size_t i = 0; i < r->entry_count; i++)
        r->total += r->source->entries[r->entries[i]].size;
    hf_status s = format->open(r);
    for (bool more = true; s == HF_OK && more;) {
        s = format->next(r, &more);
        if (s == HF_OK)
            s = hf_i_progress(r->ctx, "read", r->done, r->total);
    }
    format->close(r);
    return s;
}

static hf_status read_source(hf_i_build *b, hf_i_source *source, const hf_read_options *o)
{
    hf_ctx *ctx = hf_i_build_ctx(b);
    hf_i_chat_list list;
    choice c;
    chat_list_init(&list, ctx);
    hf_status s = choose(source, o, &c);
    if (s == HF_OK) {
        hf_i_reader r = {.ctx = ctx, .build = b, .source = source};
        s = choose_chat(source, &c, o, &list, &r.chat);
        r.entries = c.entries;
        r.entry_count = c.count;
        hf_record *record = hf_i_build_record(b);
        bool first = !record->format[0] || strcmp(record->format, c.format->info.id) == 0;
        snprintf(record->format, sizeof record->format, "%s", first ? c.format->info.id : "merged");
        if (s == HF_OK)
            s = run(&r, c.format);
    }
    hf_i_free(ctx, c.entries);
    chat_list_dispose(&list);
    hf_i_source_close(source);
    return s;
}

static hf_status check_options(hf_ctx *ctx, const hf_read_options *o)
{
    if (o && o->size != sizeof *o)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "hf_read_options of another version");
    return HF_OK;
}

hf_status hf_record_read(hf_record **out, hf_ctx *ctx, const char *const *paths, size_t path_count,
                         const hf_read_options *options)
{
    *out = NULL;
    hf_read_options o = HF_READ_OPTIONS_INIT;
    HF_TRY(check_options(ctx, options));
    if (options)
        o = *options;
    hf_i_build *b;
    HF_TRY(hf_i_build_new(&b, ctx, &o));
    hf_status s = HF_OK;
    for (size_t i = 0; s == HF_OK && i < path_count; i++) {
        hf_i_source source;
        s = hf_i_source_open(&source, ctx, paths[i]);
        if (s == HF_OK)
            s = read_source(b, &source, &o);
        hf_i_build_next_source(b);
    }
    if (s == HF_OK && path_count > 1)
        s = hf_i_record_merge(b);
    if (s != HF_OK) {
        hf_i_build_free(b);
        return s;
    }
    return hf_i_build_take(b, out);
}

hf_status hf_i_record_read_bytes(hf_record **out, hf_ctx *ctx, const char *name, const void *bytes,
                                 size_t size, const hf_read_options *options)
{
    *out = NULL;
    hf_i_build *b;
    hf_i_source source;
    hf_read_options o = HF_READ_OPTIONS_INIT;
    if (options)
        o = *options;
    HF_TRY(hf_i_build_new(&b, ctx, &o));
    hf_status s = hf_i_source_open_bytes(&source, ctx, name, bytes, size);
    if (s == HF_OK)
        s = read_source(b, &source, &o);
    if (s != HF_OK) {
        hf_i_build_free(b);
        return s;
    }
    return hf_i_build_take(b, out);
}

/* ---- the public list ---------------------------------------------------------------------- */

struct hf_chats {
    hf_i_chat_list list;
};

/* A source that is one chat: it is read to say how much is in it. */
static hf_status count_one(hf_i_chat_list *list, const char *path, const hf_read_options *o)
{
    hf_record *record;
    hf_read_options all = *o;
    all.chat = NULL;
    HF_TRY(hf_record_read(&record, list->ctx, &path, 1, &all));
    list->chats[0].messages = record->row_count;
    list->chats[0].people = (uint32_t)record->person_count;
    hf_record_free(record);
    return HF_OK;
}

hf_status hf_chats_read(hf_chats **out, hf_ctx *ctx, const char *path,
                        const hf_read_options *options)
{
    *out = NULL;
    hf_read_options o = HF_READ_OPTIONS_INIT;
    HF_TRY(check_options(ctx, options));
    if (options)
        o = *options;
    hf_i_source source;
    choice c;
    HF_TRY(hf_i_source_open(&source, ctx, path));
    hf_chats *chats = hf_i_calloc(ctx, 1, sizeof *chats);
    hf_status s = chats ? choose(&source, &o, &c) : HF_E_NOMEM;
    if (chats)
        chat_list_init(&chats->list, ctx);
    if (s == HF_OK) {
        s = list_chats(&source, &c, &chats->list);
        hf_i_free(ctx, c.entries);
    }
    hf_i_source_close(&source);
    if (s == HF_OK && chats->list.count == 1 && chats->list.chats[0].messages == HF_NO_COUNT)
        s = count_one(&chats->list, path, &o);
    if (s != HF_OK) {
        hf_chats_free(chats);
        return s;
    }
    *out = chats;
    return HF_OK;
}

size_t hf_chats_count(const hf_chats *chats)
{
    return chats->list.count;
}

const hf_chat *hf_chats_get(const hf_chats *chats, size_t index)
{
    return index < chats->list.count ? &chats->list.chats[index] : NULL;
}

void hf_chats_free(hf_chats *chats)
{
    if (!chats)
        return;
    hf_ctx *ctx = chats->list.ctx;
    chat_list_dispose(&chats->list);
    hf_i_free(ctx, chats);
}
