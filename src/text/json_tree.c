/* SPDX-License-Identifier: MIT */
#include "text/json_tree.h"

#include "text/number.h"

#include <string.h>

enum { MAX_NODES = 1 << 22 };

void hf_i_json_tree_init(hf_i_json_tree *t, hf_ctx *ctx)
{
    *t = (hf_i_json_tree){.ctx = ctx};
    hf_i_buf_init(&t->copies, ctx, UINT64_C(1) << 30, "one value");
}

void hf_i_json_tree_dispose(hf_i_json_tree *t)
{
    if (!t->ctx)
        return;
    hf_i_free(t->ctx, t->nodes);
    hf_i_buf_dispose(&t->copies);
    *t = (hf_i_json_tree){0};
}

/* Copies get an offset first: the buffer may still move. */
static hf_status keep(hf_i_json_tree *t, const hf_i_json_reader *j, const char **text)
{
    if (j->in_input || j->len == 0) {
        *text = j->len ? j->text : "";
        return HF_OK;
    }
    *text = (const char *)t->copies.len;
    return hf_i_buf_add(&t->copies, j->text, j->len);
}

enum { COPIED_TEXT = 1, COPIED_KEY = 2 };

static hf_status add_node(hf_i_json_tree *t, const hf_i_json_reader *j, uint32_t *index)
{
    HF_TRY(hf_i_grow(t->ctx, &t->nodes, &t->capacity, t->count + 1, sizeof *t->nodes, MAX_NODES,
                     "parts in one message"));
    hf_i_json_node *n = &t->nodes[t->count];
    *n = (hf_i_json_node){.text = "", .key = "", .kind = (unsigned char)j->token, .byte = j->byte};
    *index = (uint32_t)t->count++;
    if (j->token != HF_I_JSON_STRING && j->token != HF_I_JSON_NUMBER)
        return HF_OK;
    n->len = (uint32_t)j->len;
    n->copied = j->in_input || j->len == 0 ? 0 : COPIED_TEXT;
    return keep(t, j, &n->text);
}

static void settle(hf_i_json_tree *t)
{
    for (size_t i = 1; i < t->count; i++) {
        hf_i_json_node *n = &t->nodes[i];
        if (n->copied & COPIED_TEXT)
            n->text = t->copies.data + (size_t)n->text;
        if (n->copied & COPIED_KEY)
            n->key = t->copies.data + (size_t)n->key;
    }
}

typedef struct {
    const char *key;
    uint32_t len;
    bool copied;
} pending_key;

static void set_key(hf_i_json_tree *t, uint32_t node, const pending_key *k)
{
    t->nodes[node].key = k->key;
    t->nodes[node].key_len = k->len;
    if (k->copied)
        t->nodes[node].copied |= COPIED_KEY;
}

hf_status hf_i_json_tree_read(hf_i_json_tree *t, hf_i_json_reader *j)
{
    uint32_t parents[HF_MAX_JSON_DEPTH + 1], last[HF_MAX_JSON_DEPTH + 1] = {0};
    size_t depth = 0;
    pending_key key = {"", 0, false};
    t->count = 0;
    hf_i_buf_clear(&t->copies);
    HF_TRY(hf_i_grow(t->ctx, &t->nodes, &t->capacity, 2, sizeof *t->nodes, MAX_NODES, "parts"));
    t->nodes[t->count++] = (hf_i_json_node){.text = "", .key = "", .kind = HF_I_JSON_END};
    for (;;) {
        bool closes = j->token == HF_I_JSON_OBJECT_END || j->token == HF_I_JSON_ARRAY_END;
        if (j->token == HF_I_JSON_KEY) {
            key = (pending_key){"", (uint32_t)j->len, !j->in_input && j->len > 0};
            HF_TRY(keep(t, j, &key.key));
        } else if (closes) {
            depth--;
        } else {
            uint32_t node;
            HF_TRY(add_node(t, j, &node));
            set_key(t, node, &key);
            key = (pending_key){"", 0, false};
            if (depth && !last[depth])
                t->nodes[parents[depth]].first = node;
            else if (depth)
                t->nodes[last[depth]].next = node;
            last[depth] = node;
            if (j->token == HF_I_JSON_OBJECT || j->token == HF_I_JSON_ARRAY) {
                parents[++depth] = node;
                last[depth] = 0;
            }
        }
        if (depth == 0)
            break;
        HF_TRY(hf_i_json_next(j));
    }
    settle(t);
    return HF_OK;
}

const hf_i_json_node *hf_i_json_first(const hf_i_json_tree *t, const hf_i_json_node *n)
{
    return &t->nodes[n->first];
}

const hf_i_json_node *hf_i_json_next_node(const hf_i_json_tree *t, const hf_i_json_node *n)
{
    return &t->nodes[n->next];
}

const hf_i_json_node *hf_i_json_get(const hf_i_json_tree *t, const hf_i_json_node *n,
                                    const char *path)
{
    while (*path && n->kind != HF_I_JSON_END) {
        size_t size = strcspn(path, "/");
        uint32_t i = n->kind == HF_I_JSON_OBJECT ? n->first : 0;
        while (i && !(t->nodes[i].key_len == size && memcmp(t->nodes[i].key, path, size) == 0))
            i = t->nodes[i].next;
        n = &t->nodes[i];
        path += size + (path[size] == '/');
    }
    return n;
}

bool hf_i_json_node_is(const hf_i_json_node *n, const char *text)
{
    return n->kind == HF_I_JSON_STRING && n->len == strlen(text) &&
           memcmp(n->text, text, n->len) == 0;
}

bool hf_i_json_node_int(const hf_i_json_node *n, int64_t *out)
{
    return (n->kind == HF_I_JSON_NUMBER || n->kind == HF_I_JSON_STRING) &&
           hf_i_number_parse_int(n->text, n->len, out);
}

bool hf_i_json_node_true(const hf_i_json_node *n)
{
    int64_t v;
    return n->kind == HF_I_JSON_TRUE || hf_i_json_node_is(n, "true") ||
           (n->kind == HF_I_JSON_NUMBER && hf_i_json_node_int(n, &v) && v != 0);
}

bool hf_i_json_node_number(const hf_i_json_node *n, double *out)
{
    return n->kind == HF_I_JSON_NUMBER && hf_i_number_parse(n->text, n->len, '.', out);
}

hf_status hf_i_json_tree_parse(hf_i_json_tree *tree, hf_ctx *ctx, const char *json)
{
    hf_i_json_reader reader;
    hf_i_json_open(&reader, ctx, NULL, json, strlen(json));
    hf_status status = hf_i_json_next(&reader);
    if (status == HF_OK)
        status = hf_i_json_tree_read(tree, &reader);
    hf_i_json_dispose(&reader);
    return status;
}
