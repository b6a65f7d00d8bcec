/* SPDX-License-Identifier: MIT */
/* A value of a tree as JSON again: numbers as they stood. */
#include "text/json_tree.h"

#include "text/json_write.h"

static hf_status write_node(const hf_i_json_tree *t, const hf_i_json_node *n, hf_i_buf *out,
                            int depth)
{
    bool object = n->kind == HF_I_JSON_OBJECT;
    if (depth > (int)HF_MAX_JSON_DEPTH)
        return hf_i_fail(t->ctx, HF_E_LIMIT, NULL, "JSON nested too deeply");
    switch (n->kind) {
    case HF_I_JSON_STRING:
        return hf_i_json_quote(out, n->text, n->len);
    case HF_I_JSON_NUMBER:
        return hf_i_buf_add(out, n->text, n->len);
    case HF_I_JSON_TRUE:
        return hf_i_buf_add_str(out, "true");
    case HF_I_JSON_FALSE:
        return hf_i_buf_add_str(out, "false");
    case HF_I_JSON_OBJECT:
    case HF_I_JSON_ARRAY:
        break;
    default:
        return hf_i_buf_add_str(out, "null");
    }
    HF_TRY(hf_i_buf_add_char(out, object ? '{' : '['));
    const hf_i_json_node *child = hf_i_json_first(t, n);
    for (bool first = true; child->kind != HF_I_JSON_END;
         child = hf_i_json_next_node(t, child), first = false) {
        if (!first)
            HF_TRY(hf_i_buf_add_char(out, ','));
        if (object) {
            HF_TRY(hf_i_json_quote(out, child->key, child->key_len));
            HF_TRY(hf_i_buf_add_char(out, ':'));
        }
        HF_TRY(write_node(t, child, out, depth + 1));
    }
    return hf_i_buf_add_char(out, object ? '}' : ']');
}

hf_status hf_i_json_node_write(const hf_i_json_tree *t, const hf_i_json_node *n, hf_i_buf *out)
{
    return write_node(t, n, out, 0);
}
