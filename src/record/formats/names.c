/* SPDX-License-Identifier: MIT */
#include "record/formats/names.h"

#include <string.h>

void hf_i_names_init(hf_i_names *n, hf_ctx *ctx)
{
    *n = (hf_i_names){.count = 0};
    hf_i_arena_init(&n->arena, ctx);
}

void hf_i_names_dispose(hf_i_names *n)
{
    if (!n->arena.ctx)
        return;
    hf_i_free(n->arena.ctx, n->list);
    hf_i_arena_dispose(&n->arena);
}

hf_status hf_i_names_add(hf_i_names *n, hf_text id, hf_text name)
{
    hf_ctx *ctx = n->arena.ctx;
    HF_TRY(hf_i_grow(ctx, &n->list, &n->capacity, n->count + 1, sizeof *n->list,
                     HF_MAX_SENDERS * 64, "people"));
    const char *a = hf_i_arena_strndup(&n->arena, id.data, id.size);
    const char *b = hf_i_arena_strndup(&n->arena, name.data, name.size);
    if (!a || !b)
        return HF_E_NOMEM;
    n->list[n->count++] = (hf_i_name){{a, id.size}, {b, name.size}};
    return HF_OK;
}

static bool same(hf_text a, hf_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

hf_text hf_i_names_get(hf_i_names *n, hf_text id)
{
    size_t i = n->last;
    if (i >= n->count || !same(n->list[i].id, id))
        for (i = 0; i < n->count && !same(n->list[i].id, id); i++)
            continue;
    if (i == n->count || n->list[i].name.size == 0)
        return id;
    n->last = i;
    return n->list[i].name;
}
