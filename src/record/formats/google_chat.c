/* SPDX-License-Identifier: MIT */
/* Google Chat from Takeout: Groups/DM .../messages.json. Times are a text in the language of the
 * account, in UTC. */
#include "record/formats/json_lines.h"
#include "record/formats/names.h"
#include "record/formats/worded_date.h"

#include <string.h>

typedef const hf_i_json_node node;

typedef struct {
    hf_i_names names; /* of addresses */
} state;

static bool any(hf_i_json_chat *c, node *n, const char *name)
{
    return hf_i_json_get(&c->tree, n, name)->first != 0;
}

/* Reactions name people by address; names by address are those of who wrote before. */
static hf_status add_reactions(hf_i_reader *r, hf_i_json_chat *c, node *n, const hf_message *to,
                               hf_text key)
{
    state *s = hf_i_json_run_state(r);
    node *x = hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, n, "reactions"));
    for (; x->kind != HF_I_JSON_END; x = hf_i_json_next_node(&c->tree, x)) {
        node *who = hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, x, "reactor_emails"));
        for (; who->kind != HF_I_JSON_END; who = hf_i_json_next_node(&c->tree, who)) {
            hf_message m = HF_I_MESSAGE_INIT;
            m.kind = HF_KIND_REACTION;
            m.text = hf_i_get_text(c, x, "emoji/unicode");
            m.reply_to = key;
            m.src = to->src;
            m.src.byte = who->byte;
            HF_TRY(hf_i_add_named(r->build, &m, hf_i_names_get(&s->names, hf_i_node_text(who)),
                                  (hf_text){NULL, 0}));
        }
    }
    return HF_OK;
}

/* Whoever reacted before writing anything was known by the address. */
static hf_status name_people(hf_i_reader *r)
{
    state *s = hf_i_json_run_state(r);
    const hf_record *rec = hf_i_build_record(r->build);
    for (size_t i = 0; i < rec->person_count; i++) {
        hf_text id = rec->people[i].name, name = hf_i_names_get(&s->names, id);
        if (name.data != id.data)
            HF_TRY(hf_i_build_rename(r->build, (int32_t)i, name));
    }
    return HF_OK;
}

static hf_status message(hf_i_reader *r, hf_i_json_chat *c, hf_message *m)
{
    state *s = hf_i_json_run_state(r);
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
    hf_text mail = hf_i_get_text(c, n, "creator/email"), key = hf_i_get_text(c, n, "message_id");
    if (mail.size && hf_i_names_get(&s->names, mail).data == mail.data)
        HF_TRY(hf_i_names_add(&s->names, mail, who));
    HF_TRY(hf_i_add_named(r->build, m, who, key));
    return add_reactions(r, c, n, m, key);
}

static hf_status finish(hf_i_reader *r)
{
    HF_TRY(name_people(r));
    hf_i_build_variant(r->build, "takeout");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REPLY_LINKS);
    return HF_OK;
}

static hf_status start(hf_i_reader *r)
{
    state *s = hf_i_json_run_state(r);
    hf_i_names_init(&s->names, r->ctx);
    return HF_OK;
}

static void stop(hf_i_reader *r)
{
    state *s = hf_i_json_run_state(r);
    hf_i_names_dispose(&s->names);
}

static int probe(const hf_i_probe *p)
{
    return hf_i_probe_first(p) == '{' && hf_i_probe_holds(p, "\"messages\"") &&
                   hf_i_probe_holds(p, "\"creator\"") && hf_i_probe_holds(p, "\"created_date\"")
               ? 92
               : 0;
}

static const hf_i_json_source source = {
    .array = "messages",
    .state_size = sizeof(state),
    .start = start,
    .message = message,
    .finish = finish,
    .stop = stop,
    .wanted = hf_i_in_wanted_folder,
};

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
             "What was seen, which message a message answers, when a reaction came.", true},
    .spread = HF_I_PARTS,
    .probe = probe,
    .list = list,
    .open = open_google,
    .next = hf_i_json_run_next,
    .close = hf_i_json_run_close,
};
