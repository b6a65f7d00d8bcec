/* SPDX-License-Identifier: MIT */
/* DiscordChatExporter's JSON. */
#include "record/formats/json_lines.h"

#include <string.h>

typedef const hf_i_json_node node;

static hf_text name_of(hf_i_json_chat *c, node *author)
{
    hf_text nick = hf_i_get_text(c, author, "nickname");
    return nick.size ? nick : hf_i_get_text(c, author, "name");
}

static bool has_items(hf_i_json_chat *c, node *n, const char *name)
{
    return hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, n, name))->kind != HF_I_JSON_END;
}

static hf_message_kind kind_of(hf_i_json_chat *c, node *n, hf_text text)
{
    node *type = hf_i_json_get(&c->tree, n, "type");
    if (hf_i_json_node_is(type, "Call"))
        return HF_KIND_CALL;
    /* Default and Reply are 0 and 19 in old exports. */
    int64_t v;
    bool plain = !hf_i_json_there(type) || hf_i_json_node_is(type, "Default") ||
                 hf_i_json_node_is(type, "Reply") ||
                 (hf_i_json_node_int(type, &v) && (v == 0 || v == 19));
    if (!plain)
        return HF_KIND_SYSTEM;
    if (hf_i_json_there(hf_i_json_get(&c->tree, n, "poll")))
        return HF_KIND_POLL;
    node *file = hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, n, "attachments"));
    if (file->kind != HF_I_JSON_END) {
        hf_text name = hf_i_get_text(c, file, "fileName");
        bool voice = name.size > 13 && memcmp(name.data, "voice-message", 13) == 0;
        return voice ? HF_KIND_VOICE : HF_KIND_MEDIA;
    }
    return text.size == 0 && has_items(c, n, "stickers") ? HF_KIND_STICKER : HF_KIND_TEXT;
}

static hf_status add_reactions(hf_i_reader *r, hf_i_json_chat *c, node *n, const hf_message *to,
                               hf_text key)
{
    node *x = hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, n, "reactions"));
    for (; x->kind != HF_I_JSON_END; x = hf_i_json_next_node(&c->tree, x)) {
        node *user = hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, x, "users"));
        for (; user->kind != HF_I_JSON_END; user = hf_i_json_next_node(&c->tree, user)) {
            hf_message m = HF_I_MESSAGE_INIT;
            m.kind = HF_KIND_REACTION;
            m.text = hf_i_get_text(c, x, "emoji/name");
            m.reply_to = key;
            m.src = to->src;
            m.src.byte = user->byte;
            HF_TRY(hf_i_add_named(r->build, &m, name_of(c, user), (hf_text){NULL, 0}));
        }
    }
    return HF_OK;
}

static hf_status message(hf_i_reader *r, hf_i_json_chat *c, hf_message *m)
{
    node *n = hf_i_json_root(&c->tree);
    hf_text key = hf_i_get_text(c, n, "id");
    m->text = hf_i_get_text(c, n, "content");
    if (m->text.size == 0)
        m->text = hf_i_get_text(c, n, "forwardedMessage/content");
    m->kind = kind_of(c, n, m->text);
    hf_i_set_iso_time(m, hf_i_get_text(c, n, "timestamp"));
    m->edited_ms = hf_i_iso_ms(hf_i_get_text(c, n, "timestampEdited"));
    int64_t end = hf_i_iso_ms(hf_i_get_text(c, n, "callEndedTimestamp"));
    if (m->kind == HF_KIND_CALL && m->t_ms != HF_NO_TIME && end >= m->t_ms)
        m->duration_ms = end - m->t_ms;
    m->reply_to = hf_i_get_text(c, n, "reference/messageId");
    hf_text who = m->kind == HF_KIND_SYSTEM ? (hf_text){"", 0}
                                            : name_of(c, hf_i_json_get(&c->tree, n, "author"));
    HF_TRY(hf_i_add_named(r->build, m, who, key));
    return add_reactions(r, c, n, m, key);
}

static hf_status finish(hf_i_reader *r)
{
    hf_i_build_variant(r->build, "DiscordChatExporter");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_DELETED_ROWS);
    hf_i_build_limit(r->build, HF_LIMIT_EDITED_TEXT_LOST);
    return HF_OK;
}

static int probe(const hf_i_probe *p)
{
    if (hf_i_probe_first(p) != '{' || !hf_i_probe_holds(p, "\"guild\""))
        return 0;
    return hf_i_probe_holds(p, "\"channel\"") ? 92 : 0;
}

static const hf_i_json_source source = {.array = "messages", .message = message, .finish = finish};

static hf_status open_discord(hf_i_reader *r)
{
    return hf_i_json_run_open(r, &source);
}

const hf_i_format hf_i_format_discord = {
    .info = {"discord", "Discord by DiscordChatExporter (JSON)",
             "DiscordChatExporter: choose the direct message, format JSON.",
             "What was seen, deleted messages, when a reaction came.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_discord,
    .next = hf_i_json_run_next,
    .close = hf_i_json_run_close,
};
