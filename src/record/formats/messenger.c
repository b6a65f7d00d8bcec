/* SPDX-License-Identifier: MIT */
/* Facebook Messenger and Instagram: the JSON of 'Download your information' (message_1.json is the
 * newest part of a thread), and the separate download of end-to-end encrypted chats. The first
 * writes UTF-8 as if it were Latin-1; each string is repaired for itself. */
#include "record/formats/messenger.h"
#include "record/formats/json_fields.h"
#include "record/merge.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { PART_MESSAGES = 10000 };

enum {
    M_SENDER,
    M_SENDER2,
    M_TIME,
    M_TIME2,
    M_CONTENT,
    M_TEXT,
    M_TYPE,
    M_PHOTOS,
    M_VIDEOS,
    M_GIFS,
    M_AUDIO,
    M_FILES,
    M_STICKER,
    M_SHARE,
    M_REACTIONS,
    M_UNSENT,
    M_UNSENT2,
    M_CALL,
    M_MISSED,
    M_MEDIA,
    M_FIELDS
};
static const char *const message_names[M_FIELDS] = {
    "sender_name", "senderName", "timestamp_ms", "timestamp",     "content", "text",    "type",
    "photos",      "videos",     "gifs",         "audio_files",   "files",   "sticker", "share",
    "reactions",   "is_unsent",  "isUnsent",     "call_duration", "missed",  "media"};
enum { R_REACTION, R_ACTOR, R_FIELDS };
static const char *const reaction_names[R_FIELDS] = {"reaction", "actor"};
enum { S_LINK, S_TEXT, S_FIELDS };
static const char *const share_names[S_FIELDS] = {"link", "share_text"};

/* What is known of a file before its messages are read. */
typedef struct {
    size_t entry;
    uint32_t thread;
    hf_text title, people; /* people: names in order, joined by U+001F */
    hf_text folder;        /* of a thread's part, else empty */
    uint64_t messages;
    uint32_t members;
    int64_t first_ms, second_ms;
    bool encrypted;
} part;

typedef struct {
    hf_i_reader *r;
    hf_i_arena arena;
    part *parts;
    size_t part_count;
    size_t *order; /* of the parts to read */
    size_t order_count, at;
    uint32_t threads;
    /* The file in hand. */
    hf_i_blob blob;
    hf_i_json_reader json;
    hf_i_json_place place;
    size_t first_row;
    hf_i_fields message, reaction, share;
    hf_i_buf text, name, reactions;
    bool open, newest_first, has_media[M_FIELDS];
    bool plain, encrypted, instagram;
    uint64_t longest_part;
} state;

/* ---- UTF-8 written as Latin-1 ------------------------------------------------------------------
 */

/* Every code point is a byte, and the bytes are UTF-8: then those are the text. */
static hf_status repaired(hf_text in, hf_i_buf *out)
{
    hf_i_buf_clear(out);
    bool ascii = true;
    for (size_t i = 0; i < in.size;) {
        int32_t c = hf_i_utf8_next(in.data, in.size, &i, NULL);
        ascii &= c < 0x80;
        if (c > 0xFF) {
            hf_i_buf_clear(out);
            return hf_i_buf_add(out, in.data, in.size);
        }
        HF_TRY(hf_i_buf_add_char(out, (char)c));
    }
    if (!ascii && !hf_i_utf8_valid(out->data, out->len)) {
        hf_i_buf_clear(out);
        return hf_i_buf_add(out, in.data, in.size);
    }
    return HF_OK;
}

static hf_text of_buf(const hf_i_buf *b)
{
    return (hf_text){b->len ? b->data : "", b->len};
}

static hf_status keep_repaired(state *s, hf_text in, hf_text *out)
{
    HF_TRY(repaired(in, &s->name));
    char *copy = hf_i_arena_strndup(&s->arena, s->name.data ? s->name.data : "", s->name.len);
    *out = (hf_text){copy, s->name.len};
    return copy ? HF_OK : HF_E_NOMEM;
}

/* ---- looking at a file -------------------------------------------------------------------------
 */

typedef struct {
    state *s;
    part *p;
    hf_i_buf people;
} look;

/* "Ann" or {"name": "Ann"} */
static hf_status look_person(void *user, hf_i_json_reader *j)
{
    look *l = user;
    hf_i_json_name name;
    bool more;
    l->p->members++;
    if (j->token == HF_I_JSON_STRING) {
        HF_TRY(repaired((hf_text){j->text, j->len}, &l->s->name));
        HF_TRY(hf_i_buf_add(&l->people, l->s->name.data ? l->s->name.data : "", l->s->name.len));
        return hf_i_buf_add_char(&l->people, 0x1F);
    }
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    for (;;) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (!more)
            return HF_OK;
        if (hf_i_json_name_is(&name, "name") && j->token == HF_I_JSON_STRING) {
            HF_TRY(repaired((hf_text){j->text, j->len}, &l->s->name));
            HF_TRY(
                hf_i_buf_add(&l->people, l->s->name.data ? l->s->name.data : "", l->s->name.len));
            HF_TRY(hf_i_buf_add_char(&l->people, 0x1F));
        }
        HF_TRY(hf_i_json_skip(j));
    }
}

static hf_status look_message(void *user, hf_i_json_reader *j)
{
    look *l = user;
    hf_i_json_name name;
    bool more;
    int64_t t;
    if (j->token != HF_I_JSON_OBJECT || l->p->messages++ > 1)
        return hf_i_json_skip(j);
    for (;;) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (!more)
            return HF_OK;
        if ((hf_i_json_name_is(&name, "timestamp_ms") || hf_i_json_name_is(&name, "timestamp")) &&
            hf_i_json_integer(j, &t))
            *(l->p->messages == 1 ? &l->p->first_ms : &l->p->second_ms) = t;
        HF_TRY(hf_i_json_skip(j));
    }
}

static hf_status look_document(look *l, hf_i_json_reader *j)
{
    hf_i_json_name name;
    bool more;
    HF_TRY(hf_i_json_next(j));
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_fail(j, HF_E_FORMAT, j->byte, NULL, "this is no thread of Messenger");
    for (;;) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (!more)
            return HF_OK;
        bool encrypted = hf_i_json_name_is(&name, "threadName");
        if ((encrypted || hf_i_json_name_is(&name, "title")) && j->token == HF_I_JSON_STRING) {
            l->p->encrypted |= encrypted;
            HF_TRY(keep_repaired(l->s, (hf_text){j->text, j->len}, &l->p->title));
        } else if (hf_i_json_name_is(&name, "participants")) {
            HF_TRY(hf_i_json_each(j, look_person, l));
        } else if (hf_i_json_name_is(&name, "messages")) {
            HF_TRY(hf_i_json_each(j, look_message, l));
        } else {
            HF_TRY(hf_i_json_skip(j));
        }
    }
}

/* '.../inbox/ann_123/message_2.json' is a part of the thread ann_123. */
static hf_status name_folder(state *s, part *p)
{
    const char *path = s->r->source->entries[p->entry].name, *base = hf_i_base_name(path);
    if (strncmp(base, "message_", 8) != 0 || base < path + 2)
        return HF_OK;
    const char *end = base - 1, *start = end;
    while (start > path && start[-1] != '/')
        start--;
    char *copy = hf_i_arena_strndup(&s->arena, start, (size_t)(end - start));
    p->folder = (hf_text){copy, (size_t)(end - start)};
    return copy ? HF_OK : HF_E_NOMEM;
}

static hf_status look_at(state *s, part *p)
{
    hf_i_reader listing = *s->r;
    hf_i_blob blob;
    hf_i_json_reader j;
    look l = {.s = s, .p = p};
    listing.build = NULL;
    HF_TRY(name_folder(s, p));
    HF_TRY(hf_i_open_entry(&listing, p->entry, false, &blob));
    char *name = hf_i_entry_name(s->r, p->entry);
    hf_i_buf_init(&l.people, s->r->ctx, HF_MAX_MESSAGE_BYTES, "the names of a chat");
    hf_i_json_open(&j, s->r->ctx, name, blob.data, blob.size);
    hf_status st = name ? look_document(&l, &j) : HF_E_NOMEM;
    if (st == HF_OK) {
        p->people.data =
            hf_i_arena_strndup(&s->arena, l.people.data ? l.people.data : "", l.people.len);
        p->people.size = l.people.len;
        st = p->people.data ? HF_OK : HF_E_NOMEM;
    }
    hf_i_json_dispose(&j);
    hf_i_buf_dispose(&l.people);
    hf_i_free(s->r->ctx, name);
    hf_i_blob_free(s->r->ctx, &blob);
    return st;
}

static bool same(hf_text a, hf_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* The same people, in whatever order. */
static bool same_people(const part *a, const part *b)
{
    if (a->people.size != b->people.size || a->members != b->members || a->members == 0)
        return false;
    const char *p = a->people.data, *end = p + a->people.size;
    while (p < end) {
        const char *stop = memchr(p, 0x1F, (size_t)(end - p));
        size_t n = (size_t)(stop - p) + 1;
        const char *at = memmem(b->people.data, b->people.size, p, n);
        if (!at || (at > b->people.data && at[-1] != 0x1F))
            return false;
        p += n;
    }
    return true;
}

/* Parts of one folder are one thread; an encrypted download belongs to the thread of the same
 * people, if there is exactly one. */
static void find_threads(state *s)
{
    for (size_t i = 0; i < s->part_count; i++) {
        part *p = &s->parts[i], *match = NULL;
        size_t matches = 0;
        p->thread = UINT32_MAX;
        for (size_t k = 0; k < s->part_count; k++) {
            part *q = &s->parts[k];
            if (k == i || (k > i && !p->encrypted))
                continue;
            bool folder = p->folder.size && same(p->folder, q->folder);
            bool other = p->encrypted &&
                         (q->encrypted ? k < i && same(p->title, q->title) : same_people(p, q));
            if ((folder && k < i) || (other && q->thread != UINT32_MAX)) {
                matches += !match || match->thread != q->thread;
                match = q;
            }
        }
        p->thread = matches == 1 ? match->thread : s->threads++;
    }
}

/* Encrypted ones last, so that the thread they belong to is known. */
static int encrypted_last(const void *a, const void *b)
{
    const part *x = a, *y = b;
    if (x->encrypted != y->encrypted)
        return x->encrypted ? 1 : -1;
    return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static hf_status look_at_all(state *s)
{
    hf_i_reader *r = s->r;
    s->parts = hf_i_calloc(r->ctx, r->entry_count, sizeof *s->parts);
    if (!s->parts)
        return HF_E_NOMEM;
    for (size_t i = 0; i < r->entry_count; i++) {
        s->parts[i] = (part){.entry = r->entries[i], .title = {"", 0}, .folder = {"", 0}};
        HF_TRY(look_at(s, &s->parts[i]));
        s->part_count++;
        HF_TRY(hf_i_progress(r->ctx, "look", i, r->entry_count));
    }
    qsort(s->parts, s->part_count, sizeof *s->parts, encrypted_last);
    find_threads(s);
    return HF_OK;
}

/* The id of a thread: its folder, else its title, else the file's name. */
static hf_text thread_id(const state *s, const part *p)
{
    if (p->folder.size)
        return p->folder;
    if (p->title.size)
        return p->title;
    const char *name = s->r->source->entries[p->entry].name;
    return (hf_text){name, strlen(name)};
}

static const part *first_part(const state *s, uint32_t thread)
{
    for (size_t i = 0; i < s->part_count; i++)
        if (s->parts[i].thread == thread)
            return &s->parts[i];
    return NULL;
}

static hf_status state_init(state *s, hf_i_reader *r)
{
    *s = (state){.r = r};
    hf_i_arena_init(&s->arena, r->ctx);
    hf_i_buf_init(&s->text, r->ctx, HF_MAX_MESSAGE_BYTES, "a message");
    hf_i_buf_init(&s->name, r->ctx, HF_MAX_MESSAGE_BYTES, "a name");
    hf_i_buf_init(&s->reactions, r->ctx, HF_MAX_MESSAGE_BYTES, "the reactions to a message");
    HF_TRY(hf_i_fields_init(&s->message, r->ctx, message_names, M_FIELDS));
    HF_TRY(hf_i_fields_init(&s->reaction, r->ctx, reaction_names, R_FIELDS));
    return hf_i_fields_init(&s->share, r->ctx, share_names, S_FIELDS);
}

static void state_dispose(state *s)
{
    hf_ctx *ctx = s->r->ctx;
    hf_i_json_dispose(&s->json);
    hf_i_blob_free(ctx, &s->blob);
    hf_i_fields_dispose(&s->message);
    hf_i_fields_dispose(&s->reaction);
    hf_i_fields_dispose(&s->share);
    hf_i_buf_dispose(&s->text);
    hf_i_buf_dispose(&s->name);
    hf_i_buf_dispose(&s->reactions);
    hf_i_arena_dispose(&s->arena);
    hf_i_free(ctx, s->parts);
    hf_i_free(ctx, s->order);
}

static hf_status list_chats(hf_i_reader *r, hf_i_chat_list *list)
{
    state s;
    hf_status st = state_init(&s, r);
    if (st == HF_OK)
        st = look_at_all(&s);
    for (uint32_t t = 0; st == HF_OK && t < s.threads; t++) {
        const part *p = first_part(&s, t);
        uint64_t messages = 0;
        for (size_t i = 0; i < s.part_count; i++)
            messages += s.parts[i].thread == t ? s.parts[i].messages : 0;
        hf_text id = thread_id(&s, p);
        st = hf_i_chat_add(list, id, p->title.size ? p->title : id, messages, p->members);
    }
    state_dispose(&s);
    return st;
}

/* ---- messages ----------------------------------------------------------------------------------
 */

/* Pairs of actor and reaction, each ended by U+001F. */
static hf_status add_reaction(void *user, hf_i_json_reader *j)
{
    state *s = user;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    HF_TRY(hf_i_fields_read(&s->reaction, j, NULL, NULL));
    for (int f = R_ACTOR; f >= R_REACTION; f--) {
        HF_TRY(repaired(hf_i_fields_text(&s->reaction, (size_t)f), &s->name));
        HF_TRY(hf_i_buf_add(&s->reactions, s->name.data ? s->name.data : "", s->name.len));
        HF_TRY(hf_i_buf_add_char(&s->reactions, 0x1F));
    }
    return HF_OK;
}

static hf_status any_item(void *user, hf_i_json_reader *j)
{
    *(bool *)user = true;
    return hf_i_json_skip(j);
}

static hf_status message_field(void *user, hf_i_json_reader *j, size_t field)
{
    state *s = user;
    if (field == M_REACTIONS)
        return hf_i_json_each(j, add_reaction, s);
    if (field == M_SHARE && j->token == HF_I_JSON_OBJECT)
        return hf_i_fields_read(&s->share, j, NULL, NULL);
    if (j->token == HF_I_JSON_ARRAY)
        return hf_i_json_each(j, any_item, &s->has_media[field]);
    return hf_i_json_skip(j);
}

static hf_message_kind kind_of(const state *s, hf_text text)
{
    const hf_i_fields *m = &s->message;
    const bool *has = s->has_media;
    if (hf_i_fields_truth(m, M_UNSENT) || hf_i_fields_truth(m, M_UNSENT2))
        return HF_KIND_DELETED;
    if (hf_i_fields_has(m, M_CALL) || hf_i_fields_is(m, M_TYPE, "Call"))
        return HF_KIND_CALL;
    if (hf_i_fields_is(m, M_TYPE, "Subscribe") || hf_i_fields_is(m, M_TYPE, "Unsubscribe"))
        return HF_KIND_SYSTEM;
    if (hf_i_fields_has(m, M_STICKER))
        return HF_KIND_STICKER;
    if (has[M_AUDIO])
        return HF_KIND_VOICE;
    if (has[M_PHOTOS] || has[M_VIDEOS] || has[M_GIFS] || has[M_FILES] || has[M_MEDIA])
        return HF_KIND_MEDIA;
    return hf_i_messenger_sentence(text);
}

static hf_status add_reactions(state *s, const hf_message *to, hf_text key)
{
    const char *p = s->reactions.data, *end = p ? p + s->reactions.len : p;
    while (p < end) {
        hf_message m = HF_I_MESSAGE_INIT;
        const char *name = p, *stop = memchr(p, 0x1F, (size_t)(end - p));
        const char *emoji = stop + 1, *last = memchr(emoji, 0x1F, (size_t)(end - emoji));
        HF_TRY(hf_i_build_person(s->r->build, name, (size_t)(stop - name), &m.sender));
        m.kind = HF_KIND_REACTION;
        m.text = (hf_text){emoji, (size_t)(last - emoji)};
        m.reply_to = key;
        m.src = to->src;
        HF_TRY(hf_i_build_message(s->r->build, &m, (hf_text){NULL, 0}, HF_I_COPY));
        p = last + 1;
    }
    return HF_OK;
}

static hf_status set_text(state *s, hf_message *m)
{
    hf_text text = hf_i_fields_text(&s->message, M_CONTENT);
    if (text.size == 0)
        text = hf_i_fields_text(&s->message, M_TEXT);
    if (text.size == 0 && hf_i_fields_has(&s->message, M_SHARE)) {
        text = hf_i_fields_text(&s->share, S_TEXT);
        if (text.size == 0)
            text = hf_i_fields_text(&s->share, S_LINK);
    }
    HF_TRY(repaired(text, &s->text));
    m->text = of_buf(&s->text);
    return HF_OK;
}

static hf_status add_message(void *user, hf_i_json_reader *j)
{
    state *s = user;
    const hf_i_fields *f = &s->message;
    hf_message m = HF_I_MESSAGE_INIT;
    int64_t v;
    char key_text[48];
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    m.src.byte = j->byte;
    m.src.line = hf_i_json_place_line(&s->place, j, j->byte);
    memset(s->has_media, 0, sizeof s->has_media);
    hf_i_buf_clear(&s->reactions);
    HF_TRY(hf_i_fields_read(&s->message, j, message_field, s));
    hf_text who = hf_i_fields_text(f, M_SENDER);
    if (who.size == 0)
        who = hf_i_fields_text(f, M_SENDER2);
    HF_TRY(repaired(who, &s->name));
    if (hf_i_fields_int(f, M_TIME, &v) || hf_i_fields_int(f, M_TIME2, &v)) {
        m.t_ms = v;
        m.t_kind = HF_TIME_UTC;
        m.t_res_ms = 1;
    }
    HF_TRY(set_text(s, &m));
    m.kind = kind_of(s, m.text);
    if (m.kind != HF_KIND_SYSTEM)
        HF_TRY(hf_i_build_person(s->r->build, s->name.data ? s->name.data : "", s->name.len,
                                 &m.sender));
    if (hf_i_fields_int(f, M_CALL, &v) && v >= 0 && v < 100000000)
        m.duration_ms = v * 1000;
    int n = snprintf(key_text, sizeof key_text, "%zu:%llu", s->at, (unsigned long long)m.src.byte);
    hf_text key = s->reactions.len ? (hf_text){key_text, (size_t)n} : (hf_text){NULL, 0};
    /* Rows of a newest-first file are turned around: reactions stand before their message now. */
    if (s->newest_first)
        HF_TRY(add_reactions(s, &m, key));
    HF_TRY(hf_i_build_message(s->r->build, &m, key, HF_I_COPY));
    return s->newest_first ? HF_OK : add_reactions(s, &m, key);
}

static hf_status read_document(state *s)
{
    hf_i_json_reader *j = &s->json;
    hf_i_json_name name;
    bool more;
    HF_TRY(hf_i_json_next(j));
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_fail(j, HF_E_FORMAT, j->byte, NULL, "this is no thread of Messenger");
    for (;;) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (!more)
            return hf_i_json_next(j);
        HF_TRY(hf_i_json_name_is(&name, "messages") ? hf_i_json_each(j, add_message, s)
                                                    : hf_i_json_skip(j));
    }
}

/* ---- the format --------------------------------------------------------------------------------
 */

static bool holds(const hf_i_probe *p, const char *what)
{
    return memmem(p->head, p->size, what, strlen(what)) != NULL;
}

static int probe(const hf_i_probe *p)
{
    if (p->size < 10 || !holds(p, "\"messages\"") || !holds(p, "\"participants\""))
        return 0;
    return holds(p, "\"sender_name\"") || holds(p, "\"senderName\"") || holds(p, "\"threadName\"")
               ? 92
               : 0;
}

/* Which parts are read, oldest first: message_3, message_2, message_1, then the encrypted ones. */
static hf_status plan(state *s)
{
    hf_i_reader *r = s->r;
    uint32_t wanted = 0;
    s->order = hf_i_calloc(r->ctx, s->part_count, sizeof *s->order);
    if (!s->order)
        return HF_E_NOMEM;
    for (uint32_t t = 0; r->chat && t < s->threads; t++) {
        hf_text id = thread_id(s, first_part(s, t));
        if (id.size == strlen(r->chat) && memcmp(id.data, r->chat, id.size) == 0) {
            wanted = t;
            break;
        }
    }
    for (int encrypted = 0; encrypted < 2; encrypted++)
        for (size_t k = s->part_count; k-- > 0;) {
            const part *p = &s->parts[k];
            if (p->thread == wanted && p->encrypted == (encrypted == 1))
                s->order[s->order_count++] = k;
        }
    return HF_OK;
}

static hf_status open_messenger(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    HF_TRY(state_init(s, r));
    HF_TRY(look_at_all(s));
    return plan(s);
}

static hf_status finish(hf_i_reader *r)
{
    const state *s = r->state;
    hf_i_build *b = r->build;
    hf_i_build_variant(b, s->plain && s->encrypted ? "both downloads"
                          : s->encrypted           ? "end-to-end encrypted"
                          : s->instagram           ? "instagram"
                                                   : "facebook");
    hf_i_build_limit(b, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(b, HF_LIMIT_NO_REPLY_LINKS);
    if (s->longest_part >= PART_MESSAGES && s->order_count == 1)
        hf_i_build_limit(b, HF_LIMIT_POSSIBLY_CAPPED);
    /* The two downloads may overlap around the cut-over. */
    return s->plain && s->encrypted ? hf_i_record_merge(b) : HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    *more = s->at < s->order_count;
    if (!*more)
        return finish(r);
    const part *p = &s->parts[s->order[s->at]];
    if (p->encrypted && s->plain && !s->encrypted)
        hf_i_build_next_source(r->build);
    s->plain |= !p->encrypted;
    s->encrypted |= p->encrypted;
    s->instagram |= strstr(r->source->entries[p->entry].name, "instagram") != NULL;
    s->longest_part = p->messages > s->longest_part ? p->messages : s->longest_part;
    s->newest_first = p->messages > 1 && p->first_ms > p->second_ms;
    s->first_row = hf_i_build_row_count(r->build);
    HF_TRY(hf_i_open_entry(r, p->entry, false, &s->blob));
    const hf_record *record = hf_i_build_record(r->build);
    s->place = (hf_i_json_place){0};
    hf_i_json_open(&s->json, r->ctx, record->files[record->file_count - 1].name, s->blob.data,
                   s->blob.size);
    HF_TRY(read_document(s));
    if (s->newest_first)
        HF_TRY(hf_i_build_reverse(r->build, s->first_row));
    r->done += s->blob.size;
    hf_i_json_dispose(&s->json);
    hf_i_blob_free(r->ctx, &s->blob);
    s->at++;
    return HF_OK;
}

static void close_messenger(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    if (s->r)
        state_dispose(s);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_messenger = {
    .info = {"messenger", "Facebook Messenger, Instagram (JSON, also end-to-end encrypted)",
             "Facebook or Instagram: Download your information > Messages, format JSON; encrypted "
             "chats: messenger.com/secure_storage/dyi. Give both.",
             "What was seen, which message a message answers, when a reaction came.", true},
    .spread = HF_I_PARTS,
    .probe = probe,
    .list = list_chats,
    .open = open_messenger,
    .next = next,
    .close = close_messenger,
};
