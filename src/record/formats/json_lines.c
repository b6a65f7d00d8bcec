/* SPDX-License-Identifier: MIT */
#include "record/formats/json_lines.h"

#include "text/time.h"

#include <string.h>

hf_status hf_i_json_chat_open(hf_i_json_chat *c, hf_i_reader *r, size_t entry, bool many)
{
    *c = (hf_i_json_chat){.ctx = r->ctx};
    c->name = hf_i_entry_name(r, entry);
    hf_i_json_tree_init(&c->tree, r->ctx);
    c->open = true;
    if (!c->name)
        return HF_E_NOMEM;
    HF_TRY(hf_i_open_entry(r, entry, false, &c->blob));
    hf_i_json_open(&c->json, r->ctx, c->name, c->blob.data, c->blob.size);
    c->json.many = many;
    return HF_OK;
}

void hf_i_json_chat_close(hf_i_json_chat *c)
{
    if (!c->open)
        return;
    hf_i_json_dispose(&c->json);
    hf_i_json_tree_dispose(&c->tree);
    hf_i_blob_free(c->ctx, &c->blob);
    hf_i_free(c->ctx, c->name);
    *c = (hf_i_json_chat){0};
}

hf_status hf_i_json_chat_enter(hf_i_json_chat *c, const char *array, hf_i_member_fn member,
                               void *user, bool *found)
{
    hf_i_json_reader *j = &c->json;
    hf_i_json_name name;
    bool more;
    *found = false;
    HF_TRY(hf_i_json_next(j));
    if (j->token != HF_I_JSON_OBJECT)
        return HF_OK;
    for (;;) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (!more)
            return HF_OK;
        if (hf_i_json_name_is(&name, array) && j->token == HF_I_JSON_ARRAY) {
            *found = true;
            return HF_OK;
        }
        HF_TRY(member ? member(user, c, &name) : hf_i_json_skip(j));
    }
}

hf_status hf_i_json_chat_leave(hf_i_json_chat *c, hf_i_member_fn member, void *user)
{
    hf_i_json_reader *j = &c->json;
    hf_i_json_name name;
    bool more = true;
    while (more) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (more)
            HF_TRY(member ? member(user, c, &name) : hf_i_json_skip(j));
    }
    while (j->token != HF_I_JSON_END)
        HF_TRY(hf_i_json_next(j));
    return HF_OK;
}

hf_status hf_i_json_chat_message(hf_i_json_chat *c, hf_message *m)
{
    m->src.byte = c->json.byte;
    m->src.line = hf_i_json_place_line(&c->place, &c->json, c->json.byte);
    return hf_i_json_tree_read(&c->tree, &c->json);
}

hf_text hf_i_node_text(const hf_i_json_node *n)
{
    return (hf_text){n->text, n->len};
}

hf_text hf_i_get_text(const hf_i_json_chat *c, const hf_i_json_node *n, const char *path)
{
    return hf_i_node_text(hf_i_json_get(&c->tree, n, path));
}

int64_t hf_i_iso_ms(hf_text t)
{
    hf_i_time out;
    return t.size && hf_i_time_parse_iso(t.data, t.size, &out) ? out.ms : HF_NO_TIME;
}

bool hf_i_set_iso_time(hf_message *m, hf_text t)
{
    hf_i_time out;
    if (t.size == 0 || !hf_i_time_parse_iso(t.data, t.size, &out))
        return false;
    m->t_ms = out.ms;
    m->t_kind = out.has_zone ? HF_TIME_UTC : HF_TIME_LOCAL;
    m->t_res_ms = (uint32_t)out.resolution_ms;
    return true;
}

hf_status hf_i_add_named(hf_i_build *b, hf_message *m, hf_text sender, hf_text key)
{
    HF_TRY(hf_i_build_person(b, sender.data, sender.size, &m->sender));
    return hf_i_build_message(b, m, key, HF_I_COPY);
}

bool hf_i_probe_holds(const hf_i_probe *p, const char *what)
{
    return p->size && memmem(p->head, p->size, what, strlen(what)) != NULL;
}

char hf_i_probe_first(const hf_i_probe *p)
{
    for (size_t i = 0; i < p->size; i++)
        if (!memchr(" \t\r\n\xEF\xBB\xBF", p->head[i], 7))
            return p->head[i];
    return '\0';
}

/* ---- a whole reader made of callbacks -------------------------------------------------------- */

enum { STEP_BYTES = 1 << 20, DROP_BYTES = 16 << 20 };

typedef struct {
    const hf_i_json_source *source;
    hf_i_json_chat file;
    size_t at;      /* of the reader's entries */
    size_t dropped; /* bytes given back to the system */
    void *state;
} run;

void *hf_i_json_run_state(hf_i_reader *r)
{
    return ((run *)r->state)->state;
}

hf_status hf_i_json_run_open(hf_i_reader *r, const hf_i_json_source *source)
{
    run *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    s->source = source;
    if (source->state_size && !(s->state = hf_i_calloc(r->ctx, 1, source->state_size)))
        return HF_E_NOMEM;
    return source->start ? source->start(r) : HF_OK;
}

void hf_i_json_run_close(hf_i_reader *r)
{
    run *s = r->state;
    if (!s)
        return;
    if (s->source->stop && s->state)
        s->source->stop(r);
    hf_i_json_chat_close(&s->file);
    hf_i_free(r->ctx, s->state);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

static hf_status enter_entry(hf_i_reader *r, run *s)
{
    bool found = true;
    HF_TRY(hf_i_json_chat_open(&s->file, r, r->entries[s->at], s->source->many));
    s->dropped = 0;
    if (s->source->many)
        return HF_OK;
    if (s->source->array)
        HF_TRY(hf_i_json_chat_enter(&s->file, s->source->array, s->source->member, r, &found));
    else
        HF_TRY(hf_i_json_next(&s->file.json));
    if (!found || (!s->source->array && s->file.json.token != HF_I_JSON_ARRAY))
        return hf_i_json_fail(&s->file.json, HF_E_FORMAT, 0, "Export the chat again.",
                              "there is no list of messages");
    return HF_OK;
}

static hf_status next_value(run *s, bool *more)
{
    if (!s->source->many)
        return hf_i_json_next_item(&s->file.json, more);
    HF_TRY(hf_i_json_next(&s->file.json));
    *more = s->file.json.token != HF_I_JSON_END;
    return HF_OK;
}

static hf_status leave_entry(hf_i_reader *r, run *s)
{
    hf_i_json_reader *j = &s->file.json;
    if (s->source->array && !s->source->many)
        HF_TRY(hf_i_json_chat_leave(&s->file, s->source->member, r));
    while (j->token != HF_I_JSON_END)
        HF_TRY(hf_i_json_next(j));
    hf_i_json_chat_close(&s->file);
    s->at++;
    return HF_OK;
}

static hf_status read_part(hf_i_reader *r, run *s, bool *more)
{
    hf_i_json_reader *j = &s->file.json;
    uint64_t until = j->byte + STEP_BYTES;
    *more = true;
    while (j->byte < until) {
        hf_message m = HF_I_MESSAGE_INIT;
        HF_TRY(next_value(s, more));
        if (!*more)
            return HF_OK;
        if (j->token != HF_I_JSON_OBJECT) {
            HF_TRY(hf_i_json_skip(j));
            continue;
        }
        HF_TRY(hf_i_json_chat_message(&s->file, &m));
        HF_TRY(s->source->message(r, &s->file, &m));
    }
    if (j->byte > s->dropped + DROP_BYTES) {
        hf_i_blob_done(&s->file.blob, (size_t)j->byte - STEP_BYTES);
        s->dropped = (size_t)j->byte;
    }
    return HF_OK;
}

hf_status hf_i_json_run_next(hf_i_reader *r, bool *more)
{
    run *s = r->state;
    bool inside = true;
    while (!s->file.open && s->at < r->entry_count && s->source->wanted &&
           !s->source->wanted(r, r->entries[s->at]))
        s->at++;
    *more = s->at < r->entry_count;
    if (!*more)
        return s->source->finish(r);
    if (!s->file.open)
        HF_TRY(enter_entry(r, s));
    uint64_t before = s->file.json.byte;
    HF_TRY(read_part(r, s, &inside));
    r->done += s->file.json.byte - before;
    return inside ? HF_OK : leave_entry(r, s);
}

/* ---- a chat a folder ---------------------------------------------------------------------------
 */

hf_text hf_i_folder_of(const hf_i_reader *r, size_t entry)
{
    const char *path = r->source->entries[entry].name, *base = hf_i_base_name(path);
    const char *end = base > path ? base - 1 : path + strlen(path), *start = end;
    while (start > path && start[-1] != '/')
        start--;
    return (hf_text){start, (size_t)(end - start)};
}

bool hf_i_in_wanted_folder(hf_i_reader *r, size_t entry)
{
    hf_text f = hf_i_folder_of(r, entry);
    return !r->chat || (f.size == strlen(r->chat) && memcmp(f.data, r->chat, f.size) == 0);
}

static hf_status count_items(hf_i_reader *r, size_t entry, const char *array, uint64_t *count)
{
    hf_i_json_chat c;
    bool found = true, more = true;
    hf_status s = hf_i_json_chat_open(&c, r, entry, false);
    if (s == HF_OK)
        s = array ? hf_i_json_chat_enter(&c, array, NULL, NULL, &found) : hf_i_json_next(&c.json);
    found = found && c.json.token == HF_I_JSON_ARRAY;
    while (s == HF_OK && found && (s = hf_i_json_next_item(&c.json, &more)) == HF_OK && more) {
        ++*count;
        s = hf_i_json_skip(&c.json);
    }
    hf_i_json_chat_close(&c);
    return s;
}

hf_status hf_i_list_folders(hf_i_reader *r, hf_i_chat_list *list, const char *array)
{
    for (size_t i = 0; i < r->entry_count; i++) {
        hf_text f = hf_i_folder_of(r, r->entries[i]);
        size_t k = 0;
        while (k < list->count && !(list->chats[k].id.size == f.size &&
                                    memcmp(list->chats[k].id.data, f.data, f.size) == 0))
            k++;
        if (k == list->count)
            HF_TRY(hf_i_chat_add(list, f, f, 0, 0));
        HF_TRY(count_items(r, r->entries[i], array, &list->chats[k].messages));
    }
    return HF_OK;
}
