/* SPDX-License-Identifier: MIT */
#include "attachment/intern.h"

#include <string.h>

void hf_i_intern_init(hf_i_intern *in, hf_ctx *ctx)
{
    *in = (hf_i_intern){.ctx = ctx};
    hf_i_arena_init(&in->arena, ctx);
}

void hf_i_intern_dispose(hf_i_intern *in)
{
    if (!in->ctx)
        return;
    hf_i_arena_dispose(&in->arena);
    hf_i_free(in->ctx, in->text);
    hf_i_free(in->ctx, in->slots);
    *in = (hf_i_intern){0};
}

/* FNV-1a, 64 bits, mixed once more so that the low bits serve. */
static uint32_t hash_of(const char *text, size_t len)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(h >> 32);
}

static size_t find_slot(const hf_i_intern *in, uint32_t hash, const char *text, size_t len)
{
    size_t mask = in->slot_count - 1, at = hash & mask;
    for (; in->slots[at].index; at = (at + 1) & mask) {
        if (in->slots[at].hash != hash)
            continue;
        const char *known = in->text[in->slots[at].index - 1];
        if (strncmp(known, text, len) == 0 && known[len] == '\0')
            break;
    }
    return at;
}

static hf_status grow_slots(hf_i_intern *in)
{
    size_t count = in->slot_count ? in->slot_count * 2 : 64;
    struct hf_i_intern_slot *slots = hf_i_calloc(in->ctx, count, sizeof *slots);
    if (!slots)
        return HF_E_NOMEM;
    for (size_t i = 0; i < in->slot_count; i++) {
        size_t at = in->slots[i].hash & (count - 1);
        if (!in->slots[i].index)
            continue;
        while (slots[at].index)
            at = (at + 1) & (count - 1);
        slots[at] = in->slots[i];
    }
    hf_i_free(in->ctx, in->slots);
    in->slots = slots;
    in->slot_count = count;
    return HF_OK;
}

hf_status hf_i_intern_add(hf_i_intern *in, const char *text, size_t len, uint32_t *index,
                          bool *fresh)
{
    if (in->count * 2 >= in->slot_count)
        HF_TRY(grow_slots(in));
    /* A zero byte ends the text: what follows it names nobody. */
    const char *zero = len ? memchr(text, '\0', len) : NULL;
    len = zero ? (size_t)(zero - text) : len;
    uint32_t hash = hash_of(text, len);
    size_t slot = find_slot(in, hash, text, len);
    bool known = in->slots[slot].index != 0;
    if (!known) {
        HF_TRY(hf_i_grow(in->ctx, &in->text, &in->text_capacity, (uint64_t)in->count + 1,
                         sizeof *in->text, UINT32_MAX - 1, "the number of different names"));
        in->text[in->count] = hf_i_arena_strndup(&in->arena, text, len);
        if (!in->text[in->count])
            return HF_E_NOMEM;
        in->slots[slot] = (struct hf_i_intern_slot){hash, (uint32_t)++in->count};
    }
    *index = in->slots[slot].index - 1;
    if (fresh)
        *fresh = !known;
    return HF_OK;
}
