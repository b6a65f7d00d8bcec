/* SPDX-License-Identifier: MIT */
/* Google Chat from Takeout: Groups/DM .../messages.json. Times are a text in the language of the
 * account, in UTC. */
#include "record/formats/json_lines.h"
#include "record/formats/worded_date.h"

#include <string.h>

typedef const hf_i_json_node node;

static bool any(hf_i_json_chat *c, node *n, const char *name)
{
    return hf_i_json_get(&c->tree, n, name)->first != 0;
}

static hf_status message(hf_i_reader *r, hf_i_json_chat *c, hf_message *m)
{
    node *n = hf_i_json_root(&c->tree);
    hf_text when = hf_i_get_text(c, n, "created_date");
    hf_text who = hf_i_get_text(c, n, "creator/name");
    if (who.size == 0)
        who = hf_i_get_text(c, n, "creator/email");
    m->text = hf_i_get_text(c, n, "text");
    m->t_ms = hf_i_worded_date(when, NULL);
    m->t_kind = HF_TIME_UTC;
    m->t_res_ms = 1000;
    m->edited_ms = hf_i_worded_date(hf_i_get_text(c, n, "updated_date"), NULL);
    m->kind = hf_i_json_node_is(hf_i_json_get(&c->tree, n, "message_state"), "DELETED")
                  ? HF_KIND_DELETED
              : any(c, n, "attached_files")                   ? HF_KIND_MEDIA
              : any(c, n, "annotations") && m->text.size == 0 ? HF_KIND_MEDIA
                                                              : HF_KIND_TEXT;
    if (m->t_ms == HF_NO_TIME)
        HF_TRY(hf_i_build_warn(r->build, m->src.byte, m->src.line,
                               "'%.*s' is no date in a language known here: the message stays "
                               "without time",
                               (int)(when.size < 80 ? when.size : 80), when.data));
    return hf_i_add_named(r->build, m, who, hf_i_get_text(c, n, "message_id"));
}

static hf_status finish(hf_i_reader *r)
{
    hf_i_build_variant(r->build, "takeout");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REACTIONS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REPLY_LINKS);
    return HF_OK;
}

static int probe(const hf_i_probe *p)
{
    return hf_i_probe_first(p) == '{' && hf_i_probe_holds(p, "\"messages\"") &&
                   hf_i_probe_holds(p, "\"creator\"") && hf_i_probe_holds(p, "\"created_date\"")
               ? 92
               : 0;
}

static const hf_i_json_source source = {
    .array = "messages", .message = message, .finish = finish, .wanted = hf_i_in_wanted_folder};

static hf_status list(hf_i_reader *r, hf_i_chat_list *chats)
{
    return hf_i_list_folders(r, chats, "messages");
}

static hf_status open_google(hf_i_reader *r)
{
    return hf_i_json_run_open(r, &source);
}

const hf_i_format hf_i_format_google_chat = {
    .info = {"google_chat", "Google Chat from Takeout (messages.json)",
             "takeout.google.com: choose Google Chat; give the zip, the folder or messages.json.",
             "What was seen, reactions, which message a message answers.", true},
    .spread = HF_I_PARTS,
    .probe = probe,
    .list = list,
    .open = open_google,
    .next = hf_i_json_run_next,
    .close = hf_i_json_run_close,
};
