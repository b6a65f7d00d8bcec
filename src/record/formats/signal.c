/* SPDX-License-Identifier: MIT */
/* Signal's own plaintext export: main.jsonl, one frame a line. The first line and the account hold
 * keys: nothing of them is kept but the account's name. */
#include "record/formats/json_lines.h"

#include <string.h>

enum { STEP_BYTES = 1 << 20 };

typedef struct {
    int64_t id;
    hf_text name;
} recipient;

typedef struct {
    int64_t id, recipient;
    uint64_t messages;
} chat;

typedef struct {
    hf_i_reader *r;
    hf_i_arena arena;
    hf_i_json_chat file;
    recipient *recipients;
    size_t recipient_count, recipient_capacity;
    chat *chats;
    size_t chat_count, chat_capacity;
    hf_text own_name;
    int64_t self, wanted;
    bool timer, any_item;
} state;

typedef const hf_i_json_node node;

static node *get(const state *s, node *n, const char *path)
{
    return hf_i_json_get(&s->file.tree, n, path);
}

static hf_text text_at(const state *s, node *n, const char *path)
{
    return hf_i_node_text(get(s, n, path));
}

/* ---- people and chats
 * ---------------------------------------------------------------------------- */

static hf_status join_names(state *s, hf_text a, hf_text b, hf_text *out)
{
    size_t gap = a.size && b.size;
    char *p = hf_i_arena_alloc(&s->arena, a.size + b.size + 1);
    if (!p)
        return HF_E_NOMEM;
    memcpy(p, a.data, a.size);
    if (gap)
        p[a.size] = ' ';
    memcpy(p + a.size + gap, b.data, b.size);
    *out = (hf_text){p, a.size + gap + b.size};
    return HF_OK;
}

/* As Signal shows people: the nickname given to them, the address book, their profile, a number. */
static hf_status name_of(state *s, node *n, hf_text *out)
{
    static const char *const pairs[][2] = {
        {"contact/nickname/given", "contact/nickname/family"},
        {"contact/systemGivenName", "contact/systemFamilyName"},
        {"contact/profileGivenName", "contact/profileFamilyName"},
        {"contact/e164", ""},
        {"contact/username", ""},
        {"group/snapshot/title/title", ""},
    };
    *out = (hf_text){"", 0};
    if (get(s, n, "self")->kind == HF_I_JSON_OBJECT) {
        *out = s->own_name.size ? s->own_name : (hf_text){"Me", 2};
        return HF_OK;
    }
    for (size_t i = 0; i < HF_COUNT_OF(pairs) && out->size == 0; i++)
        HF_TRY(join_names(s, text_at(s, n, pairs[i][0]),
                          *pairs[i][1] ? text_at(s, n, pairs[i][1]) : (hf_text){"", 0}, out));
    return HF_OK;
}

static hf_status on_recipient(state *s, node *n)
{
    recipient p = {0};
    if (!hf_i_json_node_int(get(s, n, "id"), &p.id))
        return HF_OK;
    HF_TRY(name_of(s, n, &p.name));
    if (get(s, n, "self")->kind == HF_I_JSON_OBJECT)
        s->self = p.id;
    if (p.name.size == 0) {
        char text[32];
        int k = snprintf(text, sizeof text, "recipient %lld", (long long)p.id);
        HF_TRY(join_names(s, (hf_text){text, (size_t)k}, (hf_text){"", 0}, &p.name));
    }
    HF_TRY(hf_i_grow(s->r->ctx, &s->recipients, &s->recipient_capacity, s->recipient_count + 1,
                     sizeof *s->recipients, HF_MAX_ROWS, "recipients"));
    s->recipients[s->recipient_count++] = p;
    return HF_OK;
}

static hf_text recipient_name(const state *s, int64_t id)
{
    for (size_t i = 0; i < s->recipient_count; i++)
        if (s->recipients[i].id == id)
            return s->recipients[i].name;
    return (hf_text){"", 0};
}

static hf_status on_chat(state *s, node *n)
{
    chat c = {0};
    int64_t timer;
    if (!hf_i_json_node_int(get(s, n, "id"), &c.id))
        return HF_OK;
    (void)hf_i_json_node_int(get(s, n, "recipientId"), &c.recipient);
    if (c.id == s->wanted && hf_i_json_node_int(get(s, n, "expirationTimerMs"), &timer))
        s->timer |= timer > 0;
    HF_TRY(hf_i_grow(s->r->ctx, &s->chats, &s->chat_capacity, s->chat_count + 1, sizeof *s->chats,
                     HF_MAX_ROWS, "chats"));
    s->chats[s->chat_count++] = c;
    return HF_OK;
}

/* ---- messages
 * ------------------------------------------------------------------------------------ */

static const char *const bodies[] = {"standardMessage", "contactMessage",          "stickerMessage",
                                     "viewOnceMessage", "directStoryReplyMessage", "poll"};

static node *body_of(const state *s, node *item)
{
    for (size_t i = 0; i < HF_COUNT_OF(bodies); i++) {
        node *b = get(s, item, bodies[i]);
        if (b->kind == HF_I_JSON_OBJECT)
            return b;
    }
    return &s->file.tree.nodes[0];
}

static hf_message_kind kind_of(const state *s, node *item)
{
    if (hf_i_json_there(get(s, item, "remoteDeletedMessage")) ||
        hf_i_json_there(get(s, item, "adminDeletedMessage")))
        return HF_KIND_DELETED;
    node *update = get(s, item, "updateMessage");
    if (hf_i_json_there(update))
        return hf_i_json_there(get(s, update, "individualCall")) ||
                       hf_i_json_there(get(s, update, "groupCall"))
                   ? HF_KIND_CALL
                   : HF_KIND_SYSTEM;
    if (hf_i_json_there(get(s, item, "stickerMessage")))
        return HF_KIND_STICKER;
    if (hf_i_json_there(get(s, item, "poll")))
        return HF_KIND_POLL;
    if (hf_i_json_there(get(s, item, "contactMessage")) ||
        hf_i_json_there(get(s, item, "viewOnceMessage")) ||
        hf_i_json_there(get(s, item, "giftBadge")) ||
        hf_i_json_there(get(s, item, "paymentNotification")))
        return HF_KIND_MEDIA;
    node *a = hf_i_json_first(&s->file.tree, get(s, item, "standardMessage/attachments"));
    if (a->kind == HF_I_JSON_END)
        return HF_KIND_TEXT;
    return hf_i_json_node_is(get(s, a, "flag"), "VOICE_MESSAGE") ? HF_KIND_VOICE : HF_KIND_MEDIA;
}

static hf_text words_of(const state *s, node *item, hf_message_kind kind)
{
    static const char *const paths[] = {
        "standardMessage/text/body", "poll/question", "directStoryReplyMessage/textReply/text/body",
        "directStoryReplyMessage/emoji", "stickerMessage/sticker/emoji"};
    for (size_t i = 0; i < HF_COUNT_OF(paths); i++) {
        hf_text t = text_at(s, item, paths[i]);
        if (t.size)
            return t;
    }
    node *update = hf_i_json_first(&s->file.tree, get(s, item, "updateMessage"));
    if (kind == HF_KIND_CALL)
        return text_at(s, update, "state");
    hf_text type = text_at(s, update, "type");
    return type.size ? type : (hf_text){update->key, update->key_len};
}

/* What a time in milliseconds is; a missing or empty one is none. */
static int64_t ms_of(node *n)
{
    int64_t v;
    return hf_i_json_node_int(n, &v) && v > 0 ? v : HF_NO_TIME;
}

/* When the message reached and was read by the other side; for one's own side when it came. */
static void set_receipts(const state *s, node *item, hf_message *m)
{
    m->delivered_ms = ms_of(get(s, item, "incoming/dateReceived"));
    node *status = hf_i_json_first(&s->file.tree, get(s, item, "outgoing/sendStatus"));
    for (; status->kind != HF_I_JSON_END; status = hf_i_json_next_node(&s->file.tree, status)) {
        static const char *const names[] = {"read", "viewed", "delivered"};
        for (int i = 0; i < 3; i++) {
            node *n = get(s, status, names[i]);
            if (!hf_i_json_there(n))
                continue;
            int64_t t = ms_of(get(s, n, "timestamp"));
            t = t == HF_NO_TIME ? ms_of(get(s, status, "timestamp")) : t;
            int64_t *to = i < 2 ? &m->read_ms : &m->delivered_ms;
            if (t != HF_NO_TIME && (*to == HF_NO_TIME || t < *to))
                *to = t;
        }
    }
}

/* Messages are named by author and time sent. */
static hf_text key_for(char *out, size_t size, int64_t author, int64_t sent)
{
    int n = snprintf(out, size, "%lld:%lld", (long long)author, (long long)sent);
    return (hf_text){out, (size_t)n};
}

static hf_status add_reactions(state *s, node *item, const hf_message *to, hf_text key)
{
    node *x = hf_i_json_first(&s->file.tree, get(s, body_of(s, item), "reactions"));
    for (; x->kind != HF_I_JSON_END; x = hf_i_json_next_node(&s->file.tree, x)) {
        hf_message m = HF_I_MESSAGE_INIT;
        int64_t author = 0;
        (void)hf_i_json_node_int(get(s, x, "authorId"), &author);
        m.kind = HF_KIND_REACTION;
        m.t_ms = ms_of(get(s, x, "sentTimestamp"));
        m.t_kind = HF_TIME_UTC;
        m.t_res_ms = 1;
        m.text = text_at(s, x, "emoji");
        m.reply_to = key;
        m.src = to->src;
        m.src.byte = x->byte;
        HF_TRY(hf_i_add_named(s->r->build, &m, recipient_name(s, author), (hf_text){NULL, 0}));
    }
    return HF_OK;
}

/* Older wordings are rows of their own kind and never count as messages. */
static hf_status add_wordings(state *s, node *item, const hf_message *now, hf_text key)
{
    node *x = hf_i_json_first(&s->file.tree, get(s, item, "revisions"));
    for (; x->kind != HF_I_JSON_END; x = hf_i_json_next_node(&s->file.tree, x)) {
        hf_message m = HF_I_MESSAGE_INIT;
        m.kind = HF_KIND_EDIT;
        m.sender = now->sender;
        m.t_ms = ms_of(get(s, x, "dateSent"));
        m.t_kind = HF_TIME_UTC;
        m.t_res_ms = 1;
        m.text = words_of(s, x, HF_KIND_TEXT);
        m.reply_to = key;
        m.src = now->src;
        m.src.byte = x->byte;
        HF_TRY(hf_i_build_message(s->r->build, &m, (hf_text){NULL, 0}, HF_I_COPY));
    }
    return HF_OK;
}

/* Who called: the direction says so, whoever the item's author is. */
static int64_t caller_of(const state *s, node *item, int64_t author)
{
    int64_t id;
    node *call = get(s, item, "updateMessage/individualCall");
    if (hf_i_json_node_is(get(s, call, "direction"), "OUTGOING"))
        return s->self;
    if (hf_i_json_there(call) && author == s->self &&
        hf_i_json_node_int(get(s, item, "chatId"), &id))
        for (size_t i = 0; i < s->chat_count; i++)
            if (s->chats[i].id == id)
                return s->chats[i].recipient;
    if (hf_i_json_node_int(get(s, item, "updateMessage/groupCall/startedCallRecipientId"), &id))
        return id;
    return author;
}

static void set_call_length(const state *s, node *item, hf_message *m)
{
    node *call = hf_i_json_first(&s->file.tree, get(s, item, "updateMessage"));
    int64_t start = ms_of(get(s, call, "startedCallTimestamp"));
    int64_t end = ms_of(get(s, call, "endedCallTimestamp"));
    if (start != HF_NO_TIME && end != HF_NO_TIME && end >= start)
        m->duration_ms = end - start;
}

static hf_status add_item(state *s, node *item, hf_message *m)
{
    int64_t author = 0, sent = 0, timer, quoted, quoted_author;
    char key_text[64], reply_text[64];
    (void)hf_i_json_node_int(get(s, item, "authorId"), &author);
    m->t_ms = ms_of(get(s, item, "dateSent"));
    m->t_kind = HF_TIME_UTC;
    m->t_res_ms = 1;
    sent = m->t_ms == HF_NO_TIME ? 0 : m->t_ms;
    m->kind = kind_of(s, item);
    m->text = words_of(s, item, m->kind);
    set_receipts(s, item, m);
    /* A kind of message that this export does not spell out. */
    if (m->kind == HF_KIND_TEXT && body_of(s, item)->kind == HF_I_JSON_END)
        return HF_OK;
    /* An edited message was written when its first wording was. */
    node *first = hf_i_json_first(&s->file.tree, get(s, item, "revisions"));
    int64_t original = ms_of(get(s, first, "dateSent"));
    if (original != HF_NO_TIME) {
        m->edited_ms = m->t_ms;
        m->t_ms = original;
    }
    if (hf_i_json_node_int(get(s, item, "expiresInMs"), &timer) ||
        hf_i_json_node_int(get(s, item, "updateMessage/expirationTimerChange/expiresInMs"), &timer))
        s->timer |= timer > 0;
    if (m->kind == HF_KIND_CALL) {
        author = caller_of(s, item, author);
        set_call_length(s, item, m);
    }
    if (hf_i_json_node_int(get(s, item, "standardMessage/quote/targetSentTimestamp"), &quoted) &&
        hf_i_json_node_int(get(s, item, "standardMessage/quote/authorId"), &quoted_author))
        m->reply_to = key_for(reply_text, sizeof reply_text, quoted_author, quoted);
    hf_text name = m->kind == HF_KIND_SYSTEM ? (hf_text){"", 0} : recipient_name(s, author);
    hf_text key = key_for(key_text, sizeof key_text, author, sent);
    HF_TRY(hf_i_add_named(s->r->build, m, name, key));
    HF_TRY(add_wordings(s, item, m, key));
    return add_reactions(s, item, m, key);
}

static hf_status on_item(state *s, node *item, hf_message *m)
{
    int64_t id;
    if (!hf_i_json_node_int(get(s, item, "chatId"), &id))
        return HF_OK;
    for (size_t i = 0; i < s->chat_count; i++)
        if (s->chats[i].id == id)
            s->chats[i].messages++;
    s->any_item = true;
    return s->r->build && (!s->r->chat || id == s->wanted) ? add_item(s, item, m) : HF_OK;
}

/* One line. Unknown frames are passed over. */
static hf_status on_frame(state *s)
{
    hf_message m = HF_I_MESSAGE_INIT;
    hf_i_json_reader *j = &s->file.json;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_fail(j, HF_E_PARSE, j->byte, "Export the chats again.",
                              "a line is no frame of Signal's export");
    HF_TRY(hf_i_json_chat_message(&s->file, &m));
    node *root = hf_i_json_root(&s->file.tree), *n;
    if (hf_i_json_there(n = get(s, root, "chatItem")))
        return on_item(s, n, &m);
    if (hf_i_json_there(n = get(s, root, "recipient")))
        return on_recipient(s, n);
    if (hf_i_json_there(n = get(s, root, "chat")))
        return on_chat(s, n);
    if (hf_i_json_there(n = get(s, root, "account")))
        return join_names(s, text_at(s, n, "givenName"), text_at(s, n, "familyName"), &s->own_name);
    return HF_OK;
}

/* ---- the format
 * ---------------------------------------------------------------------------------- */

static int probe(const hf_i_probe *p)
{
    if (hf_i_probe_first(p) != '{')
        return 0;
    if (hf_i_probe_holds(p, "{\"chatItem\":") || hf_i_probe_holds(p, "{\"recipient\":"))
        return 95;
    return hf_i_probe_holds(p, "\"backupTimeMs\"") ? 90 : 0;
}

static hf_status start(state *s, hf_i_reader *r)
{
    *s = (state){.r = r, .self = -1, .own_name = {"", 0}};
    hf_i_arena_init(&s->arena, r->ctx);
    if (r->chat) {
        const char *p = r->chat;
        for (s->wanted = 0; *p >= '0' && *p <= '9' && s->wanted < INT64_MAX / 20; p++)
            s->wanted = s->wanted * 10 + (*p - '0');
    }
    return hf_i_json_chat_open(&s->file, r, r->entries[0], true);
}

static hf_status step(state *s, bool *more)
{
    hf_i_json_reader *j = &s->file.json;
    uint64_t until = j->byte + STEP_BYTES;
    *more = true;
    while (*more && j->byte < until) {
        HF_TRY(hf_i_json_next(j));
        *more = j->token != HF_I_JSON_END;
        if (*more)
            HF_TRY(on_frame(s));
    }
    return HF_OK;
}

static void stop(state *s)
{
    hf_ctx *ctx = s->r->ctx;
    hf_i_json_chat_close(&s->file);
    hf_i_arena_dispose(&s->arena);
    hf_i_free(ctx, s->recipients);
    hf_i_free(ctx, s->chats);
}

static hf_status list_chats(hf_i_reader *r, hf_i_chat_list *list)
{
    state s;
    bool more = true;
    hf_status st = start(&s, r);
    while (st == HF_OK && more)
        st = step(&s, &more);
    for (size_t i = 0; st == HF_OK && i < s.chat_count; i++) {
        const chat *c = &s.chats[i];
        char id[32];
        int n = snprintf(id, sizeof id, "%lld", (long long)c->id);
        /* A chat without messages is no choice. */
        if (c->messages || s.chat_count == 1)
            st = hf_i_chat_add(list, (hf_text){id, (size_t)n}, recipient_name(&s, c->recipient),
                               c->messages, 0);
    }
    stop(&s);
    return st;
}

static hf_status open_signal(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    return start(s, r);
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    HF_TRY(step(s, more));
    r->done = s->file.json.byte;
    if (*more)
        return HF_OK;
    hf_i_build_variant(r->build, "official export");
    hf_i_build_limit(r->build, HF_LIMIT_DELETED_ROWS);
    if (s->timer)
        hf_i_build_limit(r->build, HF_LIMIT_DISAPPEARING);
    return HF_OK;
}

static void close_signal(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    if (s->r)
        stop(s);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_signal = {
    .info = {"signal", "Signal's own export (main.jsonl)",
             "Signal: Settings > Chats > Export chat history (Android), or Signal Desktop 8.10 and "
             "later; choose the folder or main.jsonl.",
             "Disappearing messages (left out by the export), view-once media, deleted messages.",
             true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .list = list_chats,
    .open = open_signal,
    .next = next,
    .close = close_signal,
};
