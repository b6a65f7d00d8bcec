/* SPDX-License-Identifier: MIT */
/* Android's SMS Backup & Restore: <smses> with texts and picture messages, <calls> with the call
 * log. One file holds everyone; a chat is a number. */
#include "hf_config.h"
#include "record/format.h"
#include "text/number.h"
#include "text/xml.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_DIGITS = 9, KEY_SIZE = 64 };

/* A correspondent: numbers that end in the same nine digits are one. */
typedef struct {
    char key[KEY_SIZE];
    hf_text address, name; /* as first seen; name empty when no row has one */
    uint64_t messages;
    int32_t person;
} contact;

typedef struct {
    hf_i_reader *r;
    hf_i_blob blob;
    hf_i_xml_reader xml;
    bool xml_open;
    hf_i_arena arena;
    contact *contacts;
    size_t contact_count, contact_capacity, last;
    char wanted[KEY_SIZE];
    uint64_t *seen; /* hashes of rows, open addressing: the same row twice is one */
    size_t seen_size, seen_count;
    uint64_t declared, rows, doubled;
    /* The <mms> in hand. */
    hf_message mms;
    hf_i_buf text, from, address, contact_name;
    bool in_mms, media, voice;
    int32_t me;
} state;

/* ---- values ------------------------------------------------------------------------------------
 */

/* The backup writes "null" for nothing, and for names "(Unknown)". */
static const char *value(const char *const *a, const char *name)
{
    const char *v = hf_i_xml_attribute(a, name);
    return v && strcmp(v, "null") != 0 ? v : "";
}

static const char *name_of(const char *const *a)
{
    const char *v = value(a, "contact_name");
    return strcmp(v, "(Unknown)") == 0 ? "" : v;
}

static int64_t integer(const char *const *a, const char *name, int64_t otherwise)
{
    const char *v = value(a, name);
    int64_t out;
    return hf_i_number_parse_int(v, strlen(v), &out) ? out : otherwise;
}

/* The last nine digits of a number, all of what is not one; of a group each member's. */
static void key_of(const char *address, char key[KEY_SIZE])
{
    char digits[KEY_SIZE];
    size_t n = 0, at = 0;
    bool number = true;
    if (strchr(address, '~')) {
        snprintf(key, KEY_SIZE, "g%016llx",
                 (unsigned long long)hf_i_record_hash(address, strlen(address), 5));
        return;
    }
    for (const char *p = address; *p; p++) {
        if (*p >= '0' && *p <= '9' && n < sizeof digits - 1)
            digits[n++] = *p;
        number &= (*p >= '0' && *p <= '9') || strchr("+-() ./", *p) != NULL;
    }
    if (number && n > KEY_DIGITS)
        at = n - KEY_DIGITS;
    if (number && n)
        snprintf(key, KEY_SIZE, "%.*s", (int)(n - at), digits + at);
    else
        snprintf(key, KEY_SIZE, "%.60s", address);
}

static hf_status keep(state *s, const char *text, hf_text *out)
{
    char *copy = hf_i_arena_strndup(&s->arena, text, strlen(text));
    *out = (hf_text){copy, strlen(text)};
    return copy ? HF_OK : HF_E_NOMEM;
}

static hf_status find_contact(state *s, const char *address, const char *name, contact **out)
{
    char key[KEY_SIZE];
    size_t i = s->last;
    key_of(address, key);
    if (i >= s->contact_count || strcmp(s->contacts[i].key, key) != 0)
        for (i = 0; i < s->contact_count && strcmp(s->contacts[i].key, key) != 0; i++)
            continue;
    if (i == s->contact_count) {
        HF_TRY(hf_i_grow(s->r->ctx, &s->contacts, &s->contact_capacity, i + 1, sizeof *s->contacts,
                         HF_MAX_SENDERS * 16, "correspondents"));
        contact c = {.person = HF_NO_PERSON};
        memcpy(c.key, key, sizeof key);
        HF_TRY(keep(s, address, &c.address));
        s->contacts[s->contact_count++] = c;
    }
    s->last = i;
    *out = &s->contacts[i];
    if ((*out)->name.size == 0 && *name)
        return keep(s, name, &(*out)->name);
    return HF_OK;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static hf_status grow_seen(state *s)
{
    size_t size = s->seen_size ? s->seen_size * 2 : 1024;
    uint64_t *table = hf_i_calloc(s->r->ctx, size, sizeof *table);
    if (!table)
        return HF_E_NOMEM;
    for (size_t i = 0; i < s->seen_size; i++)
        if (s->seen[i]) {
            size_t at = s->seen[i] & (size - 1);
            while (table[at])
                at = (at + 1) & (size - 1);
            table[at] = s->seen[i];
        }
    hf_i_free(s->r->ctx, s->seen);
    s->seen = table;
    s->seen_size = size;
    return HF_OK;
}

/* Incremental backups hold rows twice. */
static hf_status is_double(state *s, const contact *c, const hf_message *m, int box, bool *twice)
{
    uint64_t h = hf_i_record_hash(m->text.data, m->text.size,
                                  (uint64_t)m->t_ms * 31 + (uint64_t)box +
                                      hf_i_record_hash(c->key, strlen(c->key), 1));
    h = h ? h : 1;
    if (2 * (s->seen_count + 1) > s->seen_size)
        HF_TRY(grow_seen(s));
    size_t at = h & (s->seen_size - 1);
    while (s->seen[at] && s->seen[at] != h)
        at = (at + 1) & (s->seen_size - 1);
    *twice = s->seen[at] == h;
    s->doubled += *twice;
    s->seen_count += !*twice;
    s->seen[at] = h;
    return HF_OK;
}

static hf_status person_of(state *s, contact *c, const char *own, int32_t *out)
{
    hf_i_build *b = s->r->build;
    if (own && *own) /* another member of a group */
        return hf_i_build_person(b, own, strlen(own), out);
    if (c->person == HF_NO_PERSON) {
        hf_text n = c->name.size ? c->name : c->address;
        HF_TRY(hf_i_build_person(b, n.data, n.size, &c->person));
    }
    *out = c->person;
    return HF_OK;
}

static hf_status add_row(state *s, contact *c, hf_message *m, int box, bool mine, const char *own)
{
    bool twice;
    s->rows++;
    c->messages++;
    if (!s->r->build || (s->wanted[0] && strcmp(s->wanted, c->key) != 0))
        return HF_OK;
    HF_TRY(is_double(s, c, m, box, &twice));
    if (twice)
        return HF_OK;
    HF_TRY(mine ? hf_i_build_person(s->r->build, "Me", 2, &m->sender)
                : person_of(s, c, own, &m->sender));
    return hf_i_build_message(s->r->build, m, (hf_text){NULL, 0}, HF_I_COPY);
}

static void start_message(state *s, const char *const *a, hf_message *m)
{
    hf_message empty = HF_I_MESSAGE_INIT;
    int64_t t = integer(a, "date", HF_NO_TIME);
    /* Some tools write seconds, as the phone's own tables of MMS do. */
    if (t > 0 && t < INT64_C(10000000000))
        t *= 1000;
    *m = empty;
    m->t_ms = t > 0 ? t : HF_NO_TIME;
    m->t_kind = HF_TIME_UTC;
    m->t_res_ms = t > 0 && t % 1000 ? 1 : 1000;
    m->src = (hf_source){0, s->xml.byte, s->xml.line};
}

static hf_status on_sms(state *s, const char *const *a)
{
    hf_message m;
    contact *c;
    int64_t type = integer(a, "type", 1);
    const char *body = hf_i_xml_attribute(a, "body");
    start_message(s, a, &m);
    m.text = (hf_text){body ? body : "", body ? strlen(body) : 0};
    /* 1 received, 2 sent; drafts, waiting and failed ones reached no one. */
    m.kind = type == 1 || type == 2 ? HF_KIND_TEXT : HF_KIND_NOTE;
    HF_TRY(find_contact(s, value(a, "address"), name_of(a), &c));
    return add_row(s, c, &m, (int)type, type != 1, NULL);
}

static hf_status on_call(state *s, const char *const *a)
{
    static const char *const words[] = {"",          "incoming", "outgoing", "missed",
                                        "voicemail", "rejected", "refused"};
    hf_message m;
    contact *c;
    int64_t type = integer(a, "type", 0), seconds = integer(a, "duration", -1);
    start_message(s, a, &m);
    const char *word = type >= 1 && type <= 6 ? words[type] : "";
    m.kind = HF_KIND_CALL;
    m.text = (hf_text){word, strlen(word)};
    if (seconds >= 0 && seconds < 10000000)
        m.duration_ms = seconds * 1000;
    HF_TRY(find_contact(s, value(a, "number"), name_of(a), &c));
    return add_row(s, c, &m, (int)type, type == 2, NULL);
}

static hf_status start_mms(state *s, const char *const *a)
{
    start_message(s, a, &s->mms);
    hf_i_buf_clear(&s->text);
    hf_i_buf_clear(&s->from);
    hf_i_buf_clear(&s->address);
    hf_i_buf_clear(&s->contact_name);
    s->in_mms = true;
    s->media = s->voice = false;
    s->mms.conversation = (uint32_t)integer(a, "msg_box", 1); /* kept here until </mms> */
    HF_TRY(hf_i_buf_add_str(&s->address, value(a, "address")));
    return hf_i_buf_add_str(&s->contact_name, name_of(a));
}

static hf_status on_part(state *s, const char *const *a)
{
    const char *type = value(a, "ct"), *text = value(a, "text");
    if (strcmp(type, "application/smil") == 0)
        return HF_OK;
    if (strcmp(type, "text/plain") == 0) {
        if (s->text.len && *text)
            HF_TRY(hf_i_buf_add_char(&s->text, '\n'));
        return hf_i_buf_add_str(&s->text, text);
    }
    s->media = true;
    s->voice |= strncmp(type, "audio/", 6) == 0;
    return HF_OK;
}

static hf_status on_addr(state *s, const char *const *a)
{
    const char *address = value(a, "address");
    if (integer(a, "type", 0) != 137 || strcmp(address, "insert-address-token") == 0)
        return HF_OK;
    hf_i_buf_clear(&s->from);
    return hf_i_buf_add_str(&s->from, address);
}

static hf_status end_mms(state *s)
{
    contact *c;
    const char *address = s->address.len ? s->address.data : "", *own = NULL;
    int box = (int)s->mms.conversation;
    s->in_mms = false;
    s->mms.conversation = 0;
    s->mms.kind = box > 2    ? HF_KIND_NOTE
                  : s->voice ? HF_KIND_VOICE
                  : s->media ? HF_KIND_MEDIA
                             : HF_KIND_TEXT;
    s->mms.text = (hf_text){s->text.len ? s->text.data : "", s->text.len};
    if (!*address && s->from.len)
        address = s->from.data;
    if (strchr(address, '~') && s->from.len)
        own = s->from.data;
    HF_TRY(find_contact(s, address, s->contact_name.len ? s->contact_name.data : "", &c));
    return add_row(s, c, &s->mms, box, box != 1, own);
}

static hf_status on_start(void *user, const char *name, const char *const *a)
{
    state *s = user;
    if (strcmp(name, "sms") == 0)
        return on_sms(s, a);
    if (strcmp(name, "call") == 0)
        return on_call(s, a);
    if (strcmp(name, "mms") == 0)
        return start_mms(s, a);
    if (s->in_mms && strcmp(name, "part") == 0)
        return on_part(s, a);
    if (s->in_mms && strcmp(name, "addr") == 0)
        return on_addr(s, a);
    if (strcmp(name, "smses") == 0 || strcmp(name, "calls") == 0)
        s->declared = (uint64_t)integer(a, "count", 0);
    else if (s->xml.depth == 1)
        return hf_i_xml_fail(&s->xml, HF_E_FORMAT, NULL, "<%.40s> is no backup of messages", name);
    return HF_OK;
}

static hf_status on_end(void *user, const char *name)
{
    state *s = user;
    return s->in_mms && strcmp(name, "mms") == 0 ? end_mms(s) : HF_OK;
}

/* ---- the format --------------------------------------------------------------------------------
 */

static int probe(const hf_i_probe *p)
{
    size_t n = p->size < 4096 ? p->size : 4096;
    bool root = memmem(p->head, n, "<smses", 6) || memmem(p->head, n, "<calls", 6);
    return root && memchr(p->head, '<', n) ? 95 : 0;
}

static void dispose(hf_ctx *ctx, state *s)
{
    hf_i_xml_dispose(&s->xml);
    hf_i_blob_free(ctx, &s->blob);
    hf_i_arena_dispose(&s->arena);
    hf_i_buf_dispose(&s->text);
    hf_i_buf_dispose(&s->from);
    hf_i_buf_dispose(&s->address);
    hf_i_buf_dispose(&s->contact_name);
    hf_i_free(ctx, s->contacts);
    hf_i_free(ctx, s->seen);
}

static hf_status start(hf_i_reader *r, state *s)
{
    *s = (state){.r = r};
    hf_i_arena_init(&s->arena, r->ctx);
    hf_i_buf_init(&s->text, r->ctx, HF_MAX_MESSAGE_BYTES, "a message");
    hf_i_buf_init(&s->from, r->ctx, HF_MAX_MESSAGE_BYTES, "an address");
    hf_i_buf_init(&s->address, r->ctx, HF_MAX_MESSAGE_BYTES, "an address");
    hf_i_buf_init(&s->contact_name, r->ctx, HF_MAX_MESSAGE_BYTES, "a name");
    HF_TRY(hf_i_open_entry(r, r->entries[0], false, &s->blob));
    const hf_record *record = r->build ? hf_i_build_record(r->build) : NULL;
    hf_i_xml_handlers handlers = {on_start, on_end, NULL, s};
    if (r->chat)
        key_of(r->chat, s->wanted);
    s->xml_open = true;
    return hf_i_xml_open(&s->xml, r->ctx,
                         record ? record->files[record->file_count - 1].name : r->source->path,
                         s->blob.data, s->blob.size, &handlers);
}

static hf_status list_chats(hf_i_reader *r, hf_i_chat_list *list)
{
    state s;
    bool more = true;
    hf_status st = start(r, &s);
    while (st == HF_OK && more)
        st = hf_i_xml_step(&s.xml, &more);
    for (size_t i = 0; st == HF_OK && i < s.contact_count; i++) {
        const contact *c = &s.contacts[i];
        st = hf_i_chat_add(list, c->address, c->name.size ? c->name : c->address, c->messages, 0);
    }
    dispose(r->ctx, &s);
    return st;
}

static hf_status open_sms(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    return start(r, s);
}

static hf_status finish(hf_i_reader *r)
{
    state *s = r->state;
    hf_i_build *b = r->build;
    hf_i_build_variant(b, "sms backup");
    hf_i_build_limit(b, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(b, HF_LIMIT_NO_REACTIONS);
    hf_i_build_limit(b, HF_LIMIT_NO_REPLY_LINKS);
    hf_i_build_limit(b, HF_LIMIT_DELETED_ROWS);
    hf_i_build_record(b)->summary.duplicates += s->doubled;
    for (size_t i = 0; i < s->contact_count; i++) {
        const contact *c = &s->contacts[i];
        if (c->person != HF_NO_PERSON && c->name.size)
            HF_TRY(hf_i_build_rename(b, c->person, c->name));
    }
    if (s->xml.repaired)
        HF_TRY(hf_i_build_warn(b, 0, 0, "%llu references to characters that do not exist",
                               (unsigned long long)s->xml.repaired));
    if (s->declared && s->declared != s->rows)
        return hf_i_build_warn(b, 0, 0, "the file says that it holds %llu entries and holds %llu",
                               (unsigned long long)s->declared, (unsigned long long)s->rows);
    return HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    HF_TRY(hf_i_xml_step(&s->xml, more));
    r->done = s->xml.at;
    return *more ? HF_OK : finish(r);
}

static void close_sms(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    dispose(r->ctx, s);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_sms = {
    .info = {"sms", "Android SMS Backup & Restore (.xml: messages, calls)",
             "App 'SMS Backup & Restore': Back up now, messages and call logs, to a file.",
             "What was seen, reactions, deleted messages; 'Me' is whose phone it was.",
             HF_HAVE_EXPAT},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .list = list_chats,
    .open = open_sms,
    .next = next,
    .close = close_sms,
};
