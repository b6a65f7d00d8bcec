/* SPDX-License-Identifier: MIT */
/* data.json of the signal-export tool: one message a line, in a folder for each chat. Times are
 * those of the exporting machine's clock. */
#include "record/formats/json_lines.h"

typedef const hf_i_json_node node;

static bool any(hf_i_json_chat *c, node *n, const char *name)
{
    node *x = hf_i_json_get(&c->tree, n, name);
    bool list = x->kind == HF_I_JSON_ARRAY || x->kind == HF_I_JSON_OBJECT;
    return list ? x->first != 0 : x->len > 0 || hf_i_json_node_true(x);
}

/* [["Ann", "emoji"], ...] */
static hf_status add_reactions(hf_i_reader *r, hf_i_json_chat *c, node *n, const hf_message *to,
                               hf_text key)
{
    node *x = hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, n, "reactions"));
    for (; x->kind != HF_I_JSON_END; x = hf_i_json_next_node(&c->tree, x)) {
        hf_message m = HF_I_MESSAGE_INIT;
        node *name = hf_i_json_first(&c->tree, x);
        m.kind = HF_KIND_REACTION;
        m.text = hf_i_node_text(hf_i_json_next_node(&c->tree, name));
        m.reply_to = key;
        m.src = to->src;
        m.src.byte = x->byte;
        HF_TRY(hf_i_add_named(r->build, &m, hf_i_node_text(name), (hf_text){NULL, 0}));
    }
    return HF_OK;
}

static hf_status message(hf_i_reader *r, hf_i_json_chat *c, hf_message *m)
{
    node *n = hf_i_json_root(&c->tree);
    char key_text[32];
    int k = snprintf(key_text, sizeof key_text, "%llu", (unsigned long long)m->src.byte);
    hf_text who = hf_i_get_text(c, n, "sender"), key = {key_text, (size_t)k};
    m->text = hf_i_get_text(c, n, "body");
    hf_i_set_iso_time(m, hf_i_get_text(c, n, "date"));
    m->kind = any(c, n, "call") || any(c, n, "missed") ? HF_KIND_CALL
              : any(c, n, "deleted")                   ? HF_KIND_DELETED
              : any(c, n, "sticker")                   ? HF_KIND_STICKER
              : any(c, n, "attachments")               ? HF_KIND_MEDIA
              : hf_i_json_node_is(hf_i_json_get(&c->tree, n, "sender"), "No-Sender")
                  ? HF_KIND_SYSTEM
                  : HF_KIND_TEXT;
    if (hf_i_json_node_is(hf_i_json_get(&c->tree, n, "sender"), "No-Sender"))
        who = (hf_text){"", 0};
    HF_TRY(hf_i_add_named(r->build, m, who, key));
    return add_reactions(r, c, n, m, key);
}

static hf_status finish(hf_i_reader *r)
{
    hf_i_build_variant(r->build, "signal-export");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REPLY_LINKS);
    hf_i_build_limit(r->build, HF_LIMIT_EDITED_TEXT_LOST);
    hf_i_build_limit(r->build, HF_LIMIT_DISAPPEARING);
    return HF_OK;
}

static int probe(const hf_i_probe *p)
{
    if (hf_i_probe_first(p) != '{')
        return 0;
    return hf_i_probe_holds(p, "\"date\":") && hf_i_probe_holds(p, "\"sender\":") &&
                   hf_i_probe_holds(p, "\"body\":") && hf_i_probe_holds(p, "\"reactions\":")
               ? 85
               : 0;
}

static const hf_i_json_source source = {.many = true, .message = message, .finish = finish};

static hf_status open_signal_export(hf_i_reader *r)
{
    return hf_i_json_run_open(r, &source);
}

const hf_i_format hf_i_format_signal_export = {
    .info = {"signal_export", "Signal by signal-export (data.json)",
             "The signal-export tool on the computer with Signal Desktop; one folder a chat.",
             "What was seen, which message a message answers, earlier wordings, disappeared "
             "messages.",
             true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_signal_export,
    .next = hf_i_json_run_next,
    .close = hf_i_json_run_close,
};
