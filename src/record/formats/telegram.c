/* SPDX-License-Identifier: MIT */
/* Telegram Desktop's result.json: one chat, or all of an account. Read token by token: memory holds
 * the record and nothing else. */
#include "record/formats/json_fields.h"
#include "text/time.h"

#include <string.h>

enum { STEP_BYTES = 1 << 20, DROP_BYTES = 16 << 20 };

enum {
    M_ID,
    M_TYPE,
    M_DATE,
    M_UNIX,
    M_EDITED,
    M_EDITED_UNIX,
    M_FROM,
    M_FROM_ID,
    M_ACTOR,
    M_ACTOR_ID,
    M_TEXT,
    M_REPLY,
    M_MEDIA,
    M_DURATION,
    M_PHOTO,
    M_FILE,
    M_ACTION,
    M_REACTIONS,
    M_POLL,
    M_LOCATION,
    M_CONTACT,
    M_TIMER,
    M_PLACE,
    M_DISCARD,
    M_FIELDS
};
static const char *const message_names[M_FIELDS] = {"id",
                                                    "type",
                                                    "date",
                                                    "date_unixtime",
                                                    "edited",
                                                    "edited_unixtime",
                                                    "from",
                                                    "from_id",
                                                    "actor",
                                                    "actor_id",
                                                    "text",
                                                    "reply_to_message_id",
                                                    "media_type",
                                                    "duration_seconds",
                                                    "photo",
                                                    "file",
                                                    "action",
                                                    "reactions",
                                                    "poll",
                                                    "location_information",
                                                    "contact_information",
                                                    "self_destruct_period_seconds",
                                                    "place_name",
                                                    "discard_reason"};

enum { R_EMOJI, R_DOCUMENT, R_TYPE, R_RECENT, R_FIELDS };
static const char *const reaction_names[R_FIELDS] = {"emoji", "document_id", "type", "recent"};

enum { W_FROM, W_FROM_ID, W_DATE, W_FIELDS };
static const char *const recent_names[W_FIELDS] = {"from", "from_id", "date"};

enum { C_NAME, C_ID, C_TYPE, C_MESSAGES, C_CHATS, C_LEFT, C_LIST, C_FIELDS };
static const char *const chat_names[C_FIELDS] = {"name",  "id",         "type", "messages",
                                                 "chats", "left_chats", "list"};

/* One person's reaction: places in names. */
typedef struct {
    size_t name_at, name_len, emoji_at, emoji_len;
    int64_t t_ms;
    uint64_t byte;
} reaction;

typedef struct {
    hf_i_blob blob;
    hf_i_json_reader json;
    hf_i_json_place place;
    hf_i_fields message, reaction, recent;
    hf_i_buf text;
    hf_i_buf names; /* of reactions to the message in hand */
    reaction *reactions;
    size_t reaction_count, reaction_capacity;
    size_t dropped; /* bytes given back to the system */
    uint64_t utc, local;
    bool in_messages, timer, reactions_without_people;
} state;

static hf_text or_else(hf_text a, hf_text b)
{
    return a.size ? a : b;
}

/* ---- the chats of a file -------------------------------------------------------------------- */

typedef struct {
    hf_i_chat_list *list;
    hf_i_fields fields;
    uint64_t messages;
    bool single, nested;
} lister;

static hf_status count_item(void *user, hf_i_json_reader *j)
{
    uint64_t *count = user;
    if (++*count % 4096 == 0)
        HF_TRY(hf_i_progress(j->ctx, "look", j->byte, (uint64_t)(j->end - j->data)));
    return hf_i_json_skip(j);
}

static hf_status list_field(void *user, hf_i_json_reader *j, size_t field);

/* An item of a list of chats. */
static hf_status list_chat(void *user, hf_i_json_reader *j)
{
    lister *outer = user;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    lister l = {.list = outer->list, .nested = true, .messages = HF_NO_COUNT};
    HF_TRY(hf_i_fields_init(&l.fields, j->ctx, chat_names, C_FIELDS));
    hf_status s = hf_i_fields_read(&l.fields, j, list_field, &l);
    if (s == HF_OK && l.messages != HF_NO_COUNT)
        s = hf_i_chat_add(l.list, hf_i_fields_text(&l.fields, C_ID),
                          hf_i_fields_text(&l.fields, C_NAME), l.messages, 0);
    hf_i_fields_dispose(&l.fields);
    return s;
}

static hf_status list_field(void *user, hf_i_json_reader *j, size_t field)
{
    lister *l = user;
    if (field == C_MESSAGES && j->token == HF_I_JSON_ARRAY) {
        l->messages = 0;
        /* A single chat needs no counting: what follows is not read. */
        l->single = !l->nested;
        return l->single ? HF_E_NOT_FOUND : hf_i_json_each(j, count_item, &l->messages);
    }
    if ((field == C_CHATS || field == C_LEFT) && j->token == HF_I_JSON_OBJECT && !l->nested) {
        lister inner = {.list = l->list};
        HF_TRY(hf_i_fields_init(&inner.fields, j->ctx, chat_names, C_FIELDS));
        hf_status s = hf_i_fields_read(&inner.fields, j, list_field, &inner);
        hf_i_fields_dispose(&inner.fields);
        return s;
    }
    if (field == C_LIST)
        return hf_i_json_each(j, list_chat, l);
    return hf_i_json_skip(j);
}

static hf_status list_document(hf_i_json_reader *j, lister *l)
{
    HF_TRY(hf_i_json_next(j));
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_fail(j, HF_E_FORMAT, j->byte, NULL, "this is no export of Telegram");
    hf_status s = hf_i_fields_read(&l->fields, j, list_field, l);
    if (!l->single)
        return s;
    static const hf_text one = {"1", 1};
    return hf_i_chat_add(l->list, or_else(hf_i_fields_text(&l->fields, C_ID), one),
                         hf_i_fields_text(&l->fields, C_NAME), HF_NO_COUNT, 0);
}

static hf_status list_chats(hf_i_reader *r, hf_i_chat_list *list)
{
    hf_i_blob blob;
    hf_i_json_reader j;
    lister l = {.list = list};
    HF_TRY(hf_i_open_entry(r, r->entries[0], false, &blob));
    hf_i_json_open(&j, r->ctx, r->source->path, blob.data, blob.size);
    hf_status s = hf_i_fields_init(&l.fields, r->ctx, chat_names, C_FIELDS);
    if (s == HF_OK)
        s = list_document(&j, &l);
    hf_i_fields_dispose(&l.fields);
    hf_i_json_dispose(&j);
    hf_i_blob_free(r->ctx, &blob);
    return s;
}

/* ---- going to the messages ------------------------------------------------------------------ */

/* Is the object at hand the chat asked for? Its id is looked for ahead, messages passed over. */
static hf_status is_wanted(hf_i_reader *r, const hf_i_json_reader *j, bool *wanted)
{
    hf_i_json_reader ahead = *j;
    hf_i_json_name name;
    bool more = true, found = false;
    hf_status s = HF_OK;
    *wanted = false;
    hf_i_buf_init(&ahead.decoded, r->ctx, HF_MAX_MESSAGE_BYTES, "a string");
    while (s == HF_OK && !found) {
        s = hf_i_json_next_field(&ahead, &name, &more);
        if (s != HF_OK || !more)
            break;
        if (hf_i_json_name_is(&name, "id")) {
            found = true;
            *wanted = ahead.text && strlen(r->chat) == ahead.len &&
                      memcmp(r->chat, ahead.text, ahead.len) == 0;
        } else {
            s = hf_i_json_skip(&ahead);
        }
    }
    hf_i_json_dispose(&ahead);
    return s;
}

/* Walks objects and lists of chats until the array of the wanted messages is the current token. */
static hf_status enter(hf_i_reader *r, hf_i_json_reader *j, bool *found)
{
    hf_i_json_name name;
    bool more;
    *found = false;
    for (;;) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (!more)
            return HF_OK;
        if (hf_i_json_name_is(&name, "messages") && j->token == HF_I_JSON_ARRAY) {
            *found = true;
            return HF_OK;
        }
        bool section = j->token == HF_I_JSON_OBJECT && (hf_i_json_name_is(&name, "chats") ||
                                                        hf_i_json_name_is(&name, "left_chats"));
        if (section) {
            HF_TRY(enter(r, j, found));
            if (*found)
                return HF_OK;
            continue;
        }
        if (!hf_i_json_name_is(&name, "list") || j->token != HF_I_JSON_ARRAY) {
            HF_TRY(hf_i_json_skip(j));
            continue;
        }
        for (;;) {
            bool wanted = false;
            HF_TRY(hf_i_json_next_item(j, &more));
            if (!more)
                break;
            if (j->token == HF_I_JSON_OBJECT && r->chat)
                HF_TRY(is_wanted(r, j, &wanted));
            HF_TRY(wanted ? enter(r, j, found) : hf_i_json_skip(j));
            if (*found)
                return HF_OK;
        }
    }
}

/* ---- one message ---------------------------------------------------------------------------- */

/* A piece of a text: a string, or an object with a text. */
static hf_status add_piece(void *user, hf_i_json_reader *j)
{
    hf_i_buf *to = user;
    hf_i_json_name name;
    bool more;
    if (j->token == HF_I_JSON_STRING)
        return hf_i_buf_add(to, j->text, j->len);
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    for (;;) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (!more)
            return HF_OK;
        if (hf_i_json_name_is(&name, "text") && j->token == HF_I_JSON_STRING)
            HF_TRY(hf_i_buf_add(to, j->text, j->len));
        HF_TRY(hf_i_json_skip(j));
    }
}

static int64_t iso_time(hf_text t)
{
    hf_i_time out;
    return hf_i_time_parse_iso(t.data, t.size, &out) ? out.ms : HF_NO_TIME;
}

static hf_status add_recent(void *user, hf_i_json_reader *j)
{
    state *s = user;
    uint64_t byte = j->byte;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    HF_TRY(hf_i_fields_read(&s->recent, j, NULL, NULL));
    hf_text who =
        or_else(hf_i_fields_text(&s->recent, W_FROM), hf_i_fields_text(&s->recent, W_FROM_ID));
    if (who.size == 0)
        return HF_OK;
    HF_TRY(hf_i_grow(s->json.ctx, &s->reactions, &s->reaction_capacity, s->reaction_count + 1,
                     sizeof *s->reactions, HF_MAX_SENDERS * 16, "reactions to one message"));
    s->reactions[s->reaction_count++] = (reaction){
        s->names.len, who.size, 0, 0, iso_time(hf_i_fields_text(&s->recent, W_DATE)), byte};
    return hf_i_buf_add(&s->names, who.data, who.size);
}

static hf_status reaction_field(void *user, hf_i_json_reader *j, size_t field)
{
    return field == R_RECENT ? hf_i_json_each(j, add_recent, user) : hf_i_json_skip(j);
}

static hf_status add_reaction(void *user, hf_i_json_reader *j)
{
    state *s = user;
    size_t first = s->reaction_count;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    HF_TRY(hf_i_fields_read(&s->reaction, j, reaction_field, s));
    s->reactions_without_people |= !hf_i_fields_has(&s->reaction, R_RECENT);
    hf_text emoji = or_else(hf_i_fields_text(&s->reaction, R_EMOJI),
                            hf_i_fields_text(&s->reaction, R_DOCUMENT));
    size_t at = s->names.len;
    HF_TRY(hf_i_buf_add(&s->names, emoji.data, emoji.size));
    for (size_t i = first; i < s->reaction_count; i++) {
        s->reactions[i].emoji_at = at;
        s->reactions[i].emoji_len = emoji.size;
    }
    return HF_OK;
}

static hf_status message_field(void *user, hf_i_json_reader *j, size_t field)
{
    state *s = user;
    if (field == M_TEXT) {
        hf_i_buf_clear(&s->text);
        return hf_i_json_each(j, add_piece, &s->text);
    }
    if (field == M_REACTIONS)
        return hf_i_json_each(j, add_reaction, s);
    return hf_i_json_skip(j);
}

static hf_message_kind kind_of(const state *s, bool service)
{
    const hf_i_fields *m = &s->message;
    if (service)
        return hf_i_fields_is(m, M_ACTION, "phone_call") ? HF_KIND_CALL : HF_KIND_SYSTEM;
    if (hf_i_fields_is(m, M_TYPE, "unsupported"))
        return HF_KIND_NOTE;
    if (hf_i_fields_is(m, M_MEDIA, "sticker"))
        return HF_KIND_STICKER;
    if (hf_i_fields_is(m, M_MEDIA, "voice_message") || hf_i_fields_is(m, M_MEDIA, "video_message"))
        return HF_KIND_VOICE;
    if (hf_i_fields_has(m, M_POLL))
        return HF_KIND_POLL;
    if (hf_i_fields_has(m, M_LOCATION) || hf_i_fields_has(m, M_PLACE))
        return HF_KIND_LOCATION;
    if (hf_i_fields_has(m, M_PHOTO) || hf_i_fields_has(m, M_FILE) || hf_i_fields_has(m, M_MEDIA) ||
        hf_i_fields_has(m, M_CONTACT))
        return HF_KIND_MEDIA;
    return HF_KIND_TEXT;
}

/* UTC by the unix time where there is one; before 2022 only the wall clock stood there. offset is
 * what the wall clock was ahead, for the times that stand as wall clock only. */
static void set_times(state *s, hf_message *out, int64_t *offset)
{
    const hf_i_fields *m = &s->message;
    int64_t unix_s, local = iso_time(hf_i_fields_text(m, M_DATE));
    *offset = 0;
    out->t_res_ms = 1000;
    if (hf_i_fields_int(m, M_UNIX, &unix_s) && unix_s > 0 && unix_s < INT64_C(1) << 40) {
        out->t_ms = unix_s * 1000;
        out->t_kind = HF_TIME_UTC;
        *offset = local == HF_NO_TIME ? 0 : local - out->t_ms;
        s->utc++;
    } else if (local != HF_NO_TIME) {
        out->t_ms = local;
        out->t_kind = HF_TIME_LOCAL;
        s->local++;
    }
    if (hf_i_fields_int(m, M_EDITED_UNIX, &unix_s) && unix_s > 0 && unix_s < INT64_C(1) << 40 &&
        out->t_kind == HF_TIME_UTC) {
        out->edited_ms = unix_s * 1000;
    } else {
        int64_t edited = iso_time(hf_i_fields_text(m, M_EDITED));
        /* 1970: never. */
        if (edited != HF_NO_TIME && edited > INT64_C(86400000) * 2)
            out->edited_ms = edited - *offset;
    }
}

static hf_status add_reactions(hf_i_reader *r, const hf_message *to, hf_text key, int64_t offset)
{
    state *s = r->state;
    for (size_t i = 0; i < s->reaction_count; i++) {
        const reaction *x = &s->reactions[i];
        hf_message m = HF_I_MESSAGE_INIT;
        HF_TRY(hf_i_build_person(r->build, s->names.data + x->name_at, x->name_len, &m.sender));
        m.kind = HF_KIND_REACTION;
        m.t_kind = to->t_kind;
        m.t_res_ms = 1000;
        m.t_ms = x->t_ms == HF_NO_TIME ? HF_NO_TIME : x->t_ms - offset;
        m.text = (hf_text){s->names.data + x->emoji_at, x->emoji_len};
        m.reply_to = key;
        m.src = to->src;
        m.src.byte = x->byte;
        m.src.line = hf_i_json_place_line(&s->place, &s->json, to->src.byte);
        HF_TRY(hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_COPY));
    }
    return HF_OK;
}

static hf_status add_message(hf_i_reader *r)
{
    state *s = r->state;
    const hf_i_fields *f = &s->message;
    hf_message m = HF_I_MESSAGE_INIT;
    int64_t offset, seconds;
    uint64_t byte = s->json.byte;
    s->reaction_count = 0;
    hf_i_buf_clear(&s->names);
    HF_TRY(hf_i_fields_read(&s->message, &s->json, message_field, s));
    bool service = hf_i_fields_is(f, M_TYPE, "service");
    m.src = (hf_source){0, byte, hf_i_json_place_line(&s->place, &s->json, byte)};
    set_times(s, &m, &offset);
    m.kind = kind_of(s, service);
    m.text = f->values[M_TEXT].token == HF_I_JSON_ARRAY ? (hf_text){s->text.data, s->text.len}
                                                        : hf_i_fields_text(f, M_TEXT);
    if (service && m.text.size == 0)
        m.text = hf_i_fields_text(f, m.kind == HF_KIND_CALL ? M_DISCARD : M_ACTION);
    hf_text who = or_else(hf_i_fields_text(f, M_FROM), hf_i_fields_text(f, M_FROM_ID));
    if (service)
        who = m.kind == HF_KIND_CALL
                  ? or_else(hf_i_fields_text(f, M_ACTOR), hf_i_fields_text(f, M_ACTOR_ID))
                  : (hf_text){"", 0};
    HF_TRY(hf_i_build_person(r->build, who.data, who.size, &m.sender));
    if (hf_i_fields_int(f, M_DURATION, &seconds) && seconds >= 0 && seconds < INT64_C(1) << 40)
        m.duration_ms = seconds * 1000;
    m.reply_to = hf_i_fields_text(f, M_REPLY);
    s->timer |= hf_i_fields_has(f, M_TIMER) || hf_i_fields_is(f, M_ACTION, "set_messages_ttl");
    hf_text key = hf_i_fields_text(f, M_ID);
    HF_TRY(hf_i_build_message(r->build, &m, key, HF_I_COPY));
    return s->reaction_count ? add_reactions(r, &m, key, offset) : HF_OK;
}

/* ---- the format ------------------------------------------------------------------------------ */

static bool holds(const hf_i_probe *p, const char *what)
{
    return memmem(p->head, p->size, what, strlen(what)) != NULL;
}

static int probe(const hf_i_probe *p)
{
    size_t i = 0;
    while (i < p->size && memchr(" \t\r\n\xEF\xBB\xBF", p->head[i], 7))
        i++;
    if (i >= p->size || p->head[i] != '{')
        return 0;
    if (holds(p, "\"personal_information\"") && holds(p, "\"about\""))
        return 90;
    if (holds(p, "\"messages\"") && holds(p, "\"type\"") &&
        (holds(p, "\"date_unixtime\"") || holds(p, "\"from_id\"") || holds(p, "\"actor_id\"")))
        return 90;
    if (holds(p, "_chat\"") && holds(p, "\"messages\"") && holds(p, "\"id\""))
        return 60;
    return holds(p, "\"chats\"") && holds(p, "\"list\"") ? 50 : 0;
}

static hf_status open_telegram(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    hf_i_buf_init(&s->text, r->ctx, HF_MAX_MESSAGE_BYTES, "a message");
    hf_i_buf_init(&s->names, r->ctx, HF_MAX_MESSAGE_BYTES, "the reactions to a message");
    HF_TRY(hf_i_fields_init(&s->message, r->ctx, message_names, M_FIELDS));
    HF_TRY(hf_i_fields_init(&s->reaction, r->ctx, reaction_names, R_FIELDS));
    HF_TRY(hf_i_fields_init(&s->recent, r->ctx, recent_names, W_FIELDS));
    HF_TRY(hf_i_open_entry(r, r->entries[0], false, &s->blob));
    const hf_record *record = hf_i_build_record(r->build);
    hf_i_json_open(&s->json, r->ctx, record->files[record->file_count - 1].name, s->blob.data,
                   s->blob.size);
    HF_TRY(hf_i_json_next(&s->json));
    if (s->json.token == HF_I_JSON_OBJECT)
        HF_TRY(enter(r, &s->json, &s->in_messages));
    if (!s->in_messages)
        return hf_i_json_fail(&s->json, HF_E_FORMAT, 0, "Export the chat again, as JSON.",
                              "there is no list of messages");
    return HF_OK;
}

static hf_status finish(hf_i_reader *r)
{
    const state *s = r->state;
    hf_i_build *b = r->build;
    hf_i_build_variant(b, "json");
    hf_i_build_limit(b, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(b, HF_LIMIT_DELETED_ROWS);
    hf_i_build_limit(b, HF_LIMIT_EDITED_TEXT_LOST);
    if (s->timer)
        hf_i_build_limit(b, HF_LIMIT_DISAPPEARING);
    if (s->reactions_without_people)
        HF_TRY(hf_i_build_warn(b, 0, 0, "some reactions do not say whose they are: left out"));
    if (s->utc && s->local)
        HF_TRY(hf_i_build_warn(b, 0, 0, "some times are UTC, some those of a wall clock"));
    /* The rest must be sound too: a cut file is refused. */
    hf_i_json_reader *j = &((state *)r->state)->json;
    while (j->token != HF_I_JSON_END)
        HF_TRY(hf_i_json_next(j));
    return HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    hf_i_json_reader *j = &s->json;
    uint64_t until = j->byte + STEP_BYTES;
    *more = true;
    while (*more && j->byte < until) {
        HF_TRY(hf_i_json_next_item(j, more));
        if (!*more)
            break;
        HF_TRY(j->token == HF_I_JSON_OBJECT ? add_message(r) : hf_i_json_skip(j));
    }
    r->done = j->byte;
    if (j->byte > s->dropped + DROP_BYTES) {
        hf_i_blob_done(&s->blob, (size_t)j->byte - STEP_BYTES);
        s->dropped = (size_t)j->byte;
    }
    return *more ? HF_OK : finish(r);
}

static void close_telegram(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    hf_i_json_dispose(&s->json);
    hf_i_blob_free(r->ctx, &s->blob);
    hf_i_fields_dispose(&s->message);
    hf_i_fields_dispose(&s->reaction);
    hf_i_fields_dispose(&s->recent);
    hf_i_buf_dispose(&s->text);
    hf_i_buf_dispose(&s->names);
    hf_i_free(r->ctx, s->reactions);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_telegram = {
    .info = {"telegram", "Telegram Desktop export (result.json)",
             "Telegram Desktop: in the chat, menu > Export chat history; format: "
             "Machine-readable JSON.",
             "What was seen, deleted messages, earlier wordings of edited ones; secret chats are "
             "not in any export.",
             true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .list = list_chats,
    .open = open_telegram,
    .next = next,
    .close = close_telegram,
};
