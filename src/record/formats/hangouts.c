/* SPDX-License-Identifier: MIT */
/* Google Hangouts from Takeout (to 2022): Hangouts.json, all conversations in one file. Members
 * are 'conversations' with 'conversation' and 'events', before 2018 'conversation_state' with
 * 'event'. Times are microseconds in UTC. */
#include "record/formats/json_lines.h"
#include "record/formats/names.h"

#include <string.h>

typedef const hf_i_json_node node;

enum { MAX_NESTING = 4 };

typedef struct {
    hf_i_reader *r;
    hf_i_json_chat file;
    hf_i_names names; /* of ids, over all conversations */
    hf_i_buf text;
    /* While chats are listed; else NULL. */
    hf_i_chat_list *list;
    hf_i_buf title;
    uint32_t members;
    size_t listed; /* index of the last chat, for which an event was seen */
} state;

static hf_text id_of(state *s, node *n)
{
    hf_text id = hf_i_get_text(&s->file, n, "gaia_id");
    return id.size ? id : hf_i_get_text(&s->file, n, "chat_id");
}

/* ---- people ----------------------------------------------------------------------------------
 */

static hf_status add_member(void *user, hf_i_json_reader *j)
{
    state *s = user;
    HF_TRY(hf_i_json_tree_read(&s->file.tree, j));
    node *n = hf_i_json_root(&s->file.tree);
    hf_text id = id_of(s, hf_i_json_get(&s->file.tree, n, "id"));
    hf_text name = hf_i_get_text(&s->file, n, "fallback_name");
    if (id.size == 0 || name.size == 0)
        return HF_OK;
    s->members++;
    if (!s->list) /* once for all conversations */
        return hf_i_names_get(&s->names, id).data != id.data ? HF_OK
                                                             : hf_i_names_add(&s->names, id, name);
    if (s->title.len)
        HF_TRY(hf_i_buf_add_str(&s->title, ", "));
    return hf_i_buf_add(&s->title, name.data, name.size);
}

/* ---- events ----------------------------------------------------------------------------------
 */

/* The segments of a text, with its line breaks. */
static hf_status join_segments(state *s, node *content)
{
    hf_i_json_tree *t = &s->file.tree;
    hf_i_buf_clear(&s->text);
    for (node *g = hf_i_json_first(t, hf_i_json_get(t, content, "segment")); g->kind;
         g = hf_i_json_next_node(t, g)) {
        hf_text text = hf_i_get_text(&s->file, g, "text");
        bool line = hf_i_json_node_is(hf_i_json_get(t, g, "type"), "LINE_BREAK");
        if (line && text.size == 0)
            text = (hf_text){"\n", 1};
        HF_TRY(hf_i_buf_add(&s->text, text.data, text.size));
    }
    return HF_OK;
}

static hf_status set_chat_message(state *s, node *n, hf_message *m)
{
    node *content = hf_i_json_get(&s->file.tree, n, "chat_message/message_content");
    node *attached =
        hf_i_json_first(&s->file.tree, hf_i_json_get(&s->file.tree, content, "attachment"));
    HF_TRY(join_segments(s, content));
    m->text = (hf_text){s->text.len ? s->text.data : "", s->text.len};
    hf_text kind =
        attached->kind
            ? hf_i_node_text(hf_i_json_first(
                  &s->file.tree, hf_i_json_get(&s->file.tree, attached, "embed_item/type")))
            : (hf_text){"", 0};
    m->kind = !attached->kind                            ? HF_KIND_TEXT
              : memmem(kind.data, kind.size, "PLACE", 5) ? HF_KIND_LOCATION
              : memmem(kind.data, kind.size, "AUDIO", 5) ? HF_KIND_VOICE
                                                         : HF_KIND_MEDIA;
    return HF_OK;
}

/* A call ends with its length; its start is a row of its own and no second call. */
static void set_call(state *s, node *n, hf_message *m)
{
    hf_text what = hf_i_get_text(&s->file, n, "hangout_event/event_type");
    node *length = hf_i_json_get(&s->file.tree, n, "hangout_event/hangout_duration_secs");
    int64_t seconds;
    m->text = what;
    m->kind = memmem(what.data, what.size, "END_", 4) ? HF_KIND_CALL : HF_KIND_SYSTEM;
    if (hf_i_json_node_int(length, &seconds) && seconds >= 0 && seconds < 100000000)
        m->duration_ms = seconds * 1000;
}

static hf_status set_content(state *s, node *n, hf_message *m)
{
    hf_text type = hf_i_get_text(&s->file, n, "event_type");
    if (hf_i_json_there(hf_i_json_get(&s->file.tree, n, "chat_message")))
        return set_chat_message(s, n, m);
    m->kind = HF_KIND_SYSTEM;
    m->text = type;
    if (hf_i_json_there(hf_i_json_get(&s->file.tree, n, "hangout_event")))
        set_call(s, n, m);
    else if (memmem(type.data, type.size, "VOICEMAIL", 9))
        m->kind = HF_KIND_VOICE;
    else if (memmem(type.data, type.size, "PHONE_CALL", 10))
        m->kind = HF_KIND_CALL;
    return HF_OK;
}

static hf_status add_event(state *s, hf_message *m)
{
    node *n = hf_i_json_root(&s->file.tree);
    hf_text who = id_of(s, hf_i_json_get(&s->file.tree, n, "sender_id"));
    int64_t us;
    HF_TRY(set_content(s, n, m));
    if (hf_i_json_node_int(hf_i_json_get(&s->file.tree, n, "timestamp"), &us)) {
        m->t_ms = us / 1000;
        m->t_kind = HF_TIME_UTC;
        m->t_res_ms = 1;
    }
    who = m->kind == HF_KIND_SYSTEM ? (hf_text){"", 0} : hf_i_names_get(&s->names, who);
    return hf_i_add_named(s->r->build, m, who, hf_i_get_text(&s->file, n, "event_id"));
}

static hf_status list_event(state *s, hf_text chat)
{
    hf_i_chat_list *l = s->list;
    size_t k = s->listed;
    if (k >= l->count || l->chats[k].id.size != chat.size ||
        memcmp(l->chats[k].id.data, chat.data, chat.size) != 0)
        for (k = 0; k < l->count && (l->chats[k].id.size != chat.size ||
                                     memcmp(l->chats[k].id.data, chat.data, chat.size) != 0);)
            k++;
    if (k == l->count) {
        hf_text title = s->title.len ? (hf_text){s->title.data, s->title.len} : chat;
        HF_TRY(hf_i_chat_add(l, chat, title, 0, s->members));
    }
    l->chats[k].messages++;
    s->listed = k;
    return HF_OK;
}

static hf_status on_event(void *user, hf_i_json_reader *j)
{
    state *s = user;
    hf_message m = HF_I_MESSAGE_INIT;
    if (j->token != HF_I_JSON_OBJECT)
        return hf_i_json_skip(j);
    HF_TRY(hf_i_json_chat_message(&s->file, &m));
    node *n = hf_i_json_root(&s->file.tree);
    hf_text chat = hf_i_get_text(&s->file, n, "conversation_id/id");
    if (s->list)
        return list_event(s, chat);
    const char *wanted = s->r->chat;
    if (wanted && (strlen(wanted) != chat.size || memcmp(wanted, chat.data, chat.size) != 0))
        return HF_OK;
    return add_event(s, &m);
}

/* ---- conversations ---------------------------------------------------------------------------
 */

/* The members of a conversation lie one or two objects deep, in the order people, events. */
static hf_status walk(state *s, int nesting)
{
    hf_i_json_reader *j = &s->file.json;
    hf_i_json_name name;
    bool more;
    for (;;) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (!more)
            return HF_OK;
        bool deeper = hf_i_json_name_is(&name, "conversation") ||
                      hf_i_json_name_is(&name, "conversation_state");
        if (hf_i_json_name_is(&name, "participant_data"))
            HF_TRY(hf_i_json_each(j, add_member, s));
        else if (hf_i_json_name_is(&name, "events") || hf_i_json_name_is(&name, "event"))
            HF_TRY(hf_i_json_each(j, on_event, s));
        else if (deeper && j->token == HF_I_JSON_OBJECT && nesting < MAX_NESTING)
            HF_TRY(walk(s, nesting + 1));
        else
            HF_TRY(hf_i_json_skip(j));
    }
}

static hf_status read_conversation(state *s, bool *more)
{
    hf_i_json_reader *j = &s->file.json;
    HF_TRY(hf_i_json_next_item(j, more));
    if (!*more)
        return HF_OK;
    hf_i_buf_clear(&s->title);
    s->members = 0;
    return j->token == HF_I_JSON_OBJECT ? walk(s, 0) : hf_i_json_skip(j);
}

static hf_status enter(state *s, hf_i_reader *r)
{
    bool found;
    s->r = r;
    hf_i_names_init(&s->names, r->ctx);
    hf_i_buf_init(&s->text, r->ctx, HF_MAX_MESSAGE_BYTES, "a message");
    hf_i_buf_init(&s->title, r->ctx, HF_MAX_MESSAGE_BYTES, "the names of a chat");
    HF_TRY(hf_i_json_chat_open(&s->file, r, r->entries[0], false));
    HF_TRY(hf_i_json_next(&s->file.json));
    found = s->file.json.token == HF_I_JSON_OBJECT;
    while (found) {
        hf_i_json_name name;
        HF_TRY(hf_i_json_next_field(&s->file.json, &name, &found));
        bool list = hf_i_json_name_is(&name, "conversations") ||
                    hf_i_json_name_is(&name, "conversation_state");
        if (found && list && s->file.json.token == HF_I_JSON_ARRAY)
            return HF_OK;
        if (found)
            HF_TRY(hf_i_json_skip(&s->file.json));
    }
    return hf_i_json_fail(&s->file.json, HF_E_FORMAT, 0, "Ask Takeout for the export again.",
                          "there is no list of conversations");
}

static void leave(state *s)
{
    hf_i_json_chat_close(&s->file);
    hf_i_names_dispose(&s->names);
    hf_i_buf_dispose(&s->text);
    hf_i_buf_dispose(&s->title);
}

/* ---- the format ------------------------------------------------------------------------------
 */

static int probe(const hf_i_probe *p)
{
    bool list =
        hf_i_probe_holds(p, "\"conversations\"") || hf_i_probe_holds(p, "\"conversation_state\"");
    return hf_i_probe_first(p) == '{' && list && hf_i_probe_holds(p, "\"participant_data\"") ? 92
                                                                                             : 0;
}

static hf_status list_chats(hf_i_reader *r, hf_i_chat_list *list)
{
    state s = {.list = list};
    bool more = true;
    hf_status st = enter(&s, r);
    while (st == HF_OK && more)
        st = read_conversation(&s, &more);
    leave(&s);
    return st;
}

static hf_status open_hangouts(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    return enter(s, r);
}

/* People whose name came after their messages were known by their number. */
static hf_status finish(hf_i_reader *r, state *s)
{
    const hf_record *rec = hf_i_build_record(r->build);
    HF_TRY(hf_i_json_chat_leave(&s->file, NULL, NULL));
    for (size_t i = 0; i < rec->person_count; i++) {
        hf_text id = rec->people[i].name, name = hf_i_names_get(&s->names, id);
        if (name.data != id.data)
            HF_TRY(hf_i_build_rename(r->build, (int32_t)i, name));
    }
    hf_i_build_variant(r->build, "takeout");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REACTIONS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REPLY_LINKS);
    return HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    HF_TRY(read_conversation(s, more));
    r->done = s->file.json.byte;
    return *more ? HF_OK : finish(r, s);
}

static void close_hangouts(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    leave(s);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_hangouts = {
    .info = {"hangouts", "Google Hangouts from Takeout (Hangouts.json, to 2022)",
             "Downloads made before Hangouts ended: Takeout/Hangouts/Hangouts.json.",
             "What was seen, reactions, which message a message answers.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .list = list_chats,
    .open = open_hangouts,
    .next = next,
    .close = close_hangouts,
};
