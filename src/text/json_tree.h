/* SPDX-License-Identifier: MIT */
/* One JSON value as a tree: for sources whose messages are deep, one message at a time. The tree's
 * memory is used again for the next value. */
#ifndef HF_TEXT_JSON_TREE_H
#define HF_TEXT_JSON_TREE_H

#include "text/json_read.h"

typedef struct hf_i_json_node {
    const char *text; /* of strings and numbers; never NULL */
    const char *key;  /* of an object's member */
    uint32_t len, key_len;
    uint32_t first, next; /* child and sibling, 0: none */
    uint64_t byte;
    unsigned char kind; /* a token: OBJECT, ARRAY, STRING, ...; END for what is missing */
    unsigned char copied;
} hf_i_json_node;

typedef struct hf_i_json_tree {
    hf_ctx *ctx;
    hf_i_json_node *nodes; /* [0] is the missing value, [1] the root */
    size_t count, capacity;
    hf_i_buf copies; /* of strings that do not lie in the input */
} hf_i_json_tree;

void hf_i_json_tree_init(hf_i_json_tree *t, hf_ctx *ctx);
void hf_i_json_tree_dispose(hf_i_json_tree *t);

/* The reader's current token starts the value; goes to its last token. Nodes of the value before
 * are gone. Fails with HF_E_LIMIT beyond 2^22 nodes. */
hf_status hf_i_json_tree_read(hf_i_json_tree *t, hf_i_json_reader *j);

/* A whole document in memory, NUL-terminated, that outlives the tree. */
hf_status hf_i_json_tree_parse(hf_i_json_tree *tree, hf_ctx *ctx, const char *json);

static inline const hf_i_json_node *hf_i_json_root(const hf_i_json_tree *t)
{
    return &t->nodes[1];
}

/* Never NULL: what is not there is a node of kind END. path: "a/b/c" through objects. */
const hf_i_json_node *hf_i_json_get(const hf_i_json_tree *t, const hf_i_json_node *n,
                                    const char *path);
const hf_i_json_node *hf_i_json_first(const hf_i_json_tree *t, const hf_i_json_node *n);
const hf_i_json_node *hf_i_json_next_node(const hf_i_json_tree *t, const hf_i_json_node *n);

static inline bool hf_i_json_there(const hf_i_json_node *n)
{
    return n->kind != HF_I_JSON_END && n->kind != HF_I_JSON_NULL;
}
bool hf_i_json_node_is(const hf_i_json_node *n, const char *text);
bool hf_i_json_node_int(const hf_i_json_node *n, int64_t *out); /* numbers, strings of digits */
bool hf_i_json_node_true(const hf_i_json_node *n);
bool hf_i_json_node_number(const hf_i_json_node *n, double *out); /* numbers only */
/* Adds the value to out as JSON; what is missing is null. */
hf_status hf_i_json_node_write(const hf_i_json_tree *t, const hf_i_json_node *n, hf_i_buf *out);

#endif
