/* SPDX-License-Identifier: MIT */
/* WeChat by WeFlow (JSON). */
#include "record/formats/json_lines.h"

typedef const hf_i_json_node node;

static hf_message_kind kind_of(int64_t type)
{
    switch (type) {
    case 3:
    case 43:
    case 42:
    case 49:
        return HF_KIND_MEDIA;
    case 34:
        return HF_KIND_VOICE;
    case 47:
        return HF_KIND_STICKER;
    case 48:
        return HF_KIND_LOCATION;
    case 50:
        return HF_KIND_CALL;
    case 10002:
        return HF_KIND_DELETED;
    case 10000:
        return HF_KIND_SYSTEM;
    default:
        return HF_KIND_TEXT;
    }
}

static hf_status message(hf_i_reader *r, hf_i_json_chat *c, hf_message *m)
{
    node *n = hf_i_json_root(&c->tree);
    int64_t v;
    if (hf_i_json_node_int(hf_i_json_get(&c->tree, n, "createTime"), &v) && v > 0) {
        m->t_ms = v > INT64_C(100000000000) ? v : v * 1000;
        m->t_kind = HF_TIME_UTC;
        m->t_res_ms = 1000;
    }
    m->text = hf_i_get_text(c, n, "content");
    if (hf_i_json_node_int(hf_i_json_get(&c->tree, n, "localType"), &v))
        m->kind = kind_of(v);
    hf_text who = hf_i_get_text(c, n, "senderDisplayName");
    if (who.size == 0)
        who = hf_i_get_text(c, n, "senderUsername");
    if (who.size == 0 && hf_i_json_node_true(hf_i_json_get(&c->tree, n, "isSend")))
        who = (hf_text){"Me", 2};
    if (m->kind == HF_KIND_SYSTEM)
        who = (hf_text){"", 0};
    return hf_i_add_named(r->build, m, who, hf_i_get_text(c, n, "localId"));
}

static hf_status finish(hf_i_reader *r)
{
    hf_i_build_variant(r->build, "WeFlow");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REACTIONS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REPLY_LINKS);
    return HF_OK;
}

static int probe(const hf_i_probe *p)
{
    return hf_i_probe_first(p) == '{' && hf_i_probe_holds(p, "\"weflow\"") ? 92 : 0;
}

static const hf_i_json_source source = {.array = "messages", .message = message, .finish = finish};

static hf_status open_weflow(hf_i_reader *r)
{
    return hf_i_json_run_open(r, &source);
}

const hf_i_format hf_i_format_weflow = {
    .info = {"weflow", "WeChat by WeFlow (JSON)",
             "WeFlow: choose the chat, export as JSON (WeChat itself has no export).",
             "What was seen, replies as links, reactions.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_weflow,
    .next = hf_i_json_run_next,
    .close = hf_i_json_run_close,
};
