/* SPDX-License-Identifier: MIT */
/* Element's (Matrix) 'Export chat' as JSON: the events of a room. */
#include "record/formats/json_lines.h"

#include <string.h>

typedef const hf_i_json_node node;

static bool is(hf_i_json_chat *c, node *n, const char *path, const char *text)
{
    return hf_i_json_node_is(hf_i_json_get(&c->tree, n, path), text);
}

static bool starts(hf_text t, const char *with)
{
    return t.size >= strlen(with) && memcmp(t.data, with, strlen(with)) == 0;
}

static hf_message_kind kind_of(hf_i_json_chat *c, node *n)
{
    hf_text type = hf_i_get_text(c, n, "type"), sub = hf_i_get_text(c, n, "content/msgtype");
    if (hf_i_json_there(hf_i_json_get(&c->tree, n, "unsigned/redacted_because")))
        return HF_KIND_DELETED;
    if (is(c, n, "content/m.relates_to/rel_type", "m.replace"))
        return HF_KIND_EDIT;
    if (is(c, n, "type", "m.reaction"))
        return HF_KIND_REACTION;
    if (is(c, n, "type", "m.sticker"))
        return HF_KIND_STICKER;
    if (is(c, n, "type", "m.call.invite"))
        return HF_KIND_CALL;
    if (is(c, n, "type", "m.room.encrypted") || starts(sub, "m.bad.encrypted"))
        return HF_KIND_NOTE;
    if (memmem(type.data, type.size, "poll.start", 10))
        return HF_KIND_POLL;
    if (!is(c, n, "type", "m.room.message"))
        return HF_KIND_SYSTEM;
    if (starts(sub, "m.audio"))
        return HF_KIND_VOICE;
    if (starts(sub, "m.location"))
        return HF_KIND_LOCATION;
    if (starts(sub, "m.image") || starts(sub, "m.video") || starts(sub, "m.file"))
        return HF_KIND_MEDIA;
    return HF_KIND_TEXT;
}

/* A reply's body starts with the message answered, quoted, and a blank line. */
static hf_text without_quote(hf_text t)
{
    const char *p = t.data, *end = t.data + t.size;
    if (!starts(t, "> <@") && !starts(t, "> * <@"))
        return t;
    while (p < end && *p == '>') {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        if (!nl)
            return t;
        p = nl + 1;
    }
    p += p < end && *p == '\n';
    return (hf_text){p, (size_t)(end - p)};
}

static hf_status message(hf_i_reader *r, hf_i_json_chat *c, hf_message *m)
{
    node *n = hf_i_json_root(&c->tree);
    int64_t v;
    m->kind = kind_of(c, n);
    if (hf_i_json_node_int(hf_i_json_get(&c->tree, n, "origin_server_ts"), &v)) {
        m->t_ms = v;
        m->t_kind = HF_TIME_UTC;
        m->t_res_ms = 1;
    }
    hf_text target = hf_i_get_text(c, n, "content/m.relates_to/event_id");
    m->reply_to = hf_i_get_text(c, n, "content/m.relates_to/m.in_reply_to/event_id");
    m->text = without_quote(hf_i_get_text(c, n, "content/body"));
    if (m->kind == HF_KIND_REACTION) {
        m->text = hf_i_get_text(c, n, "content/m.relates_to/key");
        m->reply_to = target;
    } else if (m->kind == HF_KIND_EDIT) {
        m->text = hf_i_get_text(c, n, "content/m.new_content/body");
        m->reply_to = target;
    } else if (m->kind == HF_KIND_SYSTEM) {
        m->text = hf_i_get_text(c, n, "type");
    }
    if (hf_i_json_node_int(hf_i_json_get(&c->tree, n, "content/info/duration"), &v) && v >= 0)
        m->duration_ms = v;
    hf_text who = m->kind == HF_KIND_SYSTEM ? (hf_text){"", 0} : hf_i_get_text(c, n, "sender");
    return hf_i_add_named(r->build, m, who, hf_i_get_text(c, n, "event_id"));
}

static hf_status finish(hf_i_reader *r)
{
    hf_i_build_variant(r->build, "json");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REACTIONS);
    return HF_OK;
}

static int probe(const hf_i_probe *p)
{
    if (hf_i_probe_first(p) != '{')
        return 0;
    if (hf_i_probe_holds(p, "\"room_name\"") || hf_i_probe_holds(p, "\"room_creator\""))
        return 92;
    return hf_i_probe_holds(p, "\"origin_server_ts\"") && hf_i_probe_holds(p, "\"messages\"") ? 85
                                                                                              : 0;
}

static const hf_i_json_source source = {.array = "messages", .message = message, .finish = finish};

static hf_status open_element(hf_i_reader *r)
{
    return hf_i_json_run_open(r, &source);
}

const hf_i_format hf_i_format_element = {
    .info = {"element", "Element (Matrix) chat export (JSON)",
             "Element: room info > Export chat, format JSON, 'from the beginning'.",
             "Reactions (mostly), what was seen, messages that could not be decrypted.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_element,
    .next = hf_i_json_run_next,
    .close = hf_i_json_run_close,
};
