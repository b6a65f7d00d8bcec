/* SPDX-License-Identifier: MIT */
#include "base/ctx.h"

#include <string.h>

void *hf_i_resize(hf_ctx *ctx, void *block, size_t size)
{
    void *p = ctx->allocator.resize(ctx->allocator.user, block, size ? size : 1);
    if (!p)
        hf_i_fail(ctx, HF_E_NOMEM, "Close other programs or use a smaller file.",
                  "could not get %zu bytes of memory", size);
    return p;
}

void *hf_i_alloc(hf_ctx *ctx, size_t size)
{
    return hf_i_resize(ctx, NULL, size);
}

void *hf_i_calloc(hf_ctx *ctx, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) {
        hf_i_fail(ctx, HF_E_NOMEM, NULL, "size overflow: %zu items of %zu bytes", count, size);
        return NULL;
    }
    void *p = hf_i_alloc(ctx, count * size);
    if (p)
        memset(p, 0, count * size);
    return p;
}

void hf_i_free(hf_ctx *ctx, void *block)
{
    if (block)
        ctx->allocator.release(ctx->allocator.user, block);
}

char *hf_i_strndup(hf_ctx *ctx, const char *text, size_t len)
{
    char *p = hf_i_alloc(ctx, len + 1);
    if (!p)
        return NULL;
    if (len)
        memcpy(p, text, len);
    p[len] = '\0';
    return p;
}

char *hf_i_strdup(hf_ctx *ctx, const char *text)
{
    return hf_i_strndup(ctx, text, strlen(text));
}

hf_status hf_i_grow(hf_ctx *ctx, void *block, size_t *capacity, uint64_t need, size_t elem,
                    uint64_t max, const char *what)
{
    if (need <= *capacity)
        return HF_OK;
    if (need > max)
        return hf_i_fail(ctx, HF_E_LIMIT, "Split the file or use a part of it.",
                         "more than %llu %s", (unsigned long long)max, what);
    uint64_t cap = *capacity + *capacity / 2 + 16;
    if (cap < need)
        cap = need;
    if (cap > max)
        cap = max;
    if (cap > SIZE_MAX / elem)
        return hf_i_fail(ctx, HF_E_NOMEM, NULL, "size overflow: %s", what);
    void *old;
    memcpy(&old, block, sizeof old);
    void *p = hf_i_resize(ctx, old, (size_t)cap * elem);
    if (!p)
        return HF_E_NOMEM;
    memcpy(block, &p, sizeof p);
    *capacity = (size_t)cap;
    return HF_OK;
}

/* ---- arena -------------------------------------------------------------------------------- */

struct hf_i_arena_block {
    struct hf_i_arena_block *next;
    size_t pad; /* keeps the data aligned to 16 */
    unsigned char data[];
};

enum { ARENA_FIRST = 16 * 1024, ARENA_MOST = 4 * 1024 * 1024 };

void hf_i_arena_init(hf_i_arena *arena, hf_ctx *ctx)
{
    memset(arena, 0, sizeof *arena);
    arena->ctx = ctx;
}

void hf_i_arena_dispose(hf_i_arena *arena)
{
    for (struct hf_i_arena_block *b = arena->first, *next; b; b = next) {
        next = b->next;
        hf_i_free(arena->ctx, b);
    }
    arena->first = NULL;
    arena->used = arena->size = arena->total = 0;
}

static size_t next_block_size(const hf_i_arena *arena, size_t need)
{
#ifdef HF_ARENA_DEBUG
    (void)arena;
    return need;
#else
    size_t size = arena->size ? arena->size * 2 : ARENA_FIRST;
    if (size > ARENA_MOST)
        size = ARENA_MOST;
    return size < need ? need : size;
#endif
}

void *hf_i_arena_alloc(hf_i_arena *arena, size_t size)
{
    if (size > SIZE_MAX - 64) {
        hf_i_fail(arena->ctx, HF_E_NOMEM, NULL, "size overflow in an arena");
        return NULL;
    }
    size_t need = (size + 15) & ~(size_t)15;
#ifdef HF_ARENA_DEBUG
    need = size ? size : 1;
    bool fits = false;
#else
    bool fits = arena->first && need <= arena->size - arena->used;
#endif
    if (!fits) {
        size_t block_size = next_block_size(arena, need);
        struct hf_i_arena_block *b = hf_i_alloc(arena->ctx, sizeof *b + block_size);
        if (!b)
            return NULL;
        b->next = arena->first;
        arena->first = b;
        arena->size = block_size;
        arena->used = 0;
    }
    void *p = arena->first->data + arena->used;
    arena->used += need;
    arena->total += need;
    return p;
}

char *hf_i_arena_strndup(hf_i_arena *arena, const char *text, size_t len)
{
    char *p = hf_i_arena_alloc(arena, len + 1);
    if (!p)
        return NULL;
    if (len)
        memcpy(p, text, len);
    p[len] = '\0';
    return p;
}
