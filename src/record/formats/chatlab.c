/* SPDX-License-Identifier: MIT */
/* ChatLab's interchange format, JSON and JSON Lines: what other tools make of QQ, WeChat and
 * others. */
#include "record/formats/json_lines.h"
#include "record/formats/names.h"

#include <string.h>

typedef const hf_i_json_node node;

static hf_message_kind kind_of(int64_t type)
{
    switch (type) {
    case 0:
    case 7:  /* link */
    case 25: /* reply */
    case 26: /* forward */
        return HF_KIND_TEXT;
    case 2:
        return HF_KIND_VOICE;
    case 5:
        return HF_KIND_STICKER;
    case 8:
        return HF_KIND_LOCATION;
    case 23:
        return HF_KIND_CALL;
    case 22: /* poke */
    case 80:
        return HF_KIND_SYSTEM;
    case 81:
        return HF_KIND_DELETED;
    default:
        return HF_KIND_MEDIA;
    }
}

static hf_text best_name(hf_i_json_chat *c, node *n)
{
    hf_text nick = hf_i_get_text(c, n, "groupNickname");
    return nick.size ? nick : hf_i_get_text(c, n, "accountName");
}

static hf_status add_member(hf_i_reader *r, hf_i_json_chat *c, node *n)
{
    return hf_i_names_add(hf_i_json_run_state(r), hf_i_get_text(c, n, "platformId"),
                          best_name(c, n));
}

static hf_status member(void *user, hf_i_json_chat *c, const hf_i_json_name *name)
{
    hf_i_json_reader *j = &c->json;
    bool more = true;
    if (!hf_i_json_name_is(name, "members") || j->token != HF_I_JSON_ARRAY)
        return hf_i_json_skip(j);
    for (;;) {
        HF_TRY(hf_i_json_next_item(j, &more));
        if (!more)
            return HF_OK;
        HF_TRY(hf_i_json_tree_read(&c->tree, j));
        HF_TRY(add_member(user, c, hf_i_json_root(&c->tree)));
    }
}

static hf_status message(hf_i_reader *r, hf_i_json_chat *c, hf_message *m)
{
    node *n = hf_i_json_root(&c->tree);
    hf_text line = hf_i_get_text(c, n, "_type"), id = hf_i_get_text(c, n, "sender");
    int64_t v;
    if (line.size == 6 && memcmp(line.data, "member", 6) == 0)
        return add_member(r, c, n);
    if (line.size == 6 && memcmp(line.data, "header", 6) == 0)
        return HF_OK;
    if (hf_i_json_node_int(hf_i_json_get(&c->tree, n, "timestamp"), &v) && v > 0) {
        m->t_ms = v > INT64_C(100000000000) ? v : v * 1000;
        m->t_kind = HF_TIME_UTC;
        m->t_res_ms = v > INT64_C(100000000000) ? 1 : 1000;
    }
    m->text = hf_i_get_text(c, n, "content");
    if (hf_i_json_node_int(hf_i_json_get(&c->tree, n, "type"), &v))
        m->kind = kind_of(v);
    m->reply_to = hf_i_get_text(c, n, "replyToMessageId");
    hf_text who = best_name(c, n);
    if (who.size == 0)
        who = hf_i_names_get(hf_i_json_run_state(r), id);
    if (m->kind == HF_KIND_SYSTEM)
        who = (hf_text){"", 0};
    return hf_i_add_named(r->build, m, who, hf_i_get_text(c, n, "platformMessageId"));
}

static hf_status start(hf_i_reader *r)
{
    hf_i_names_init(hf_i_json_run_state(r), r->ctx);
    return HF_OK;
}

static void stop(hf_i_reader *r)
{
    hf_i_names_dispose(hf_i_json_run_state(r));
}

static hf_status finish(hf_i_reader *r)
{
    hf_i_build_variant(r->build, "ChatLab");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REACTIONS);
    return HF_OK;
}

static int probe(const hf_i_probe *p)
{
    return hf_i_probe_first(p) == '{' && hf_i_probe_holds(p, "\"chatlab\"") ? 93 : 0;
}

static const hf_i_json_source document = {.array = "messages",
                                          .member = member,
                                          .state_size = sizeof(hf_i_names),
                                          .start = start,
                                          .message = message,
                                          .finish = finish,
                                          .stop = stop};
static const hf_i_json_source lines = {.many = true,
                                       .state_size = sizeof(hf_i_names),
                                       .start = start,
                                       .message = message,
                                       .finish = finish,
                                       .stop = stop};

/* JSON Lines say what each line is. */
static hf_status open_chatlab(hf_i_reader *r)
{
    char *head = hf_i_alloc(r->ctx, HF_I_HEAD_SIZE);
    size_t size = 0;
    if (!head)
        return HF_E_NOMEM;
    hf_status s = hf_i_source_head(r->source, r->entries[0], head, &size);
    bool many = s == HF_OK && size && memmem(head, size, "\"_type\"", 7);
    hf_i_free(r->ctx, head);
    return s == HF_OK ? hf_i_json_run_open(r, many ? &lines : &document) : s;
}

const hf_i_format hf_i_format_chatlab = {
    .info = {"chatlab", "ChatLab interchange (JSON, JSON Lines)",
             "ChatLab, or a tool that writes its format (QQ, WeChat and others).",
             "What its origin could not show; what was seen.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_chatlab,
    .next = hf_i_json_run_next,
    .close = hf_i_json_run_close,
};
