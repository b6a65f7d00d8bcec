/* SPDX-License-Identifier: MIT */
#include "simulate/prose.h"
#include "simulate/synthetic.h"

#include <string.h>

enum { PHRASES_MOST = 64, SLOTS_MOST = 8, WORDS_MOST = 16 };

typedef struct {
    const char *text;
    size_t size;
} span;

typedef struct {
    span name, words[WORDS_MOST];
    size_t count;
} slot;

/* Spans borrow from the embedded table. */
struct hf_i_prose {
    hf_ctx *ctx;
    span phrases[HF_SYN_ACTS][PHRASES_MOST];
    size_t counts[HF_SYN_ACTS];
    slot slots[SLOTS_MOST];
    size_t slot_count;
};

static const char table_name[] = "nepd/phrases_en.tsv";

static hf_status fail_line(hf_ctx *ctx, uint64_t line, const char *what)
{
    hf_i_place at = {.file = table_name, .line = line};
    return hf_i_fail_at(ctx, HF_E_PARSE, &at, NULL, "%s", what);
}

static hf_status add_slot(hf_i_prose *p, uint64_t line, span name, span words)
{
    if (p->slot_count == SLOTS_MOST)
        return fail_line(p->ctx, line, "too many slots");
    slot *s = &p->slots[p->slot_count++];
    s->name = name;
    for (const char *w = words.text, *end = w + words.size; w < end;) {
        const char *bar = memchr(w, '|', (size_t)(end - w));
        bar = bar ? bar : end;
        if (s->count == WORDS_MOST)
            return fail_line(p->ctx, line, "too many words in a slot");
        s->words[s->count++] = (span){w, (size_t)(bar - w)};
        w = bar + 1;
    }
    return HF_OK;
}

static hf_status add_line(hf_i_prose *p, uint64_t line, const char *text, size_t size)
{
    const char *tab = memchr(text, '\t', size);
    if (!tab)
        return fail_line(p->ctx, line, "not a row of act and text");
    span name = {text, (size_t)(tab - text)}, rest = {tab + 1, size - name.size - 1};
    if (text[0] == '@')
        return add_slot(p, line, (span){name.text + 1, name.size - 1}, rest);
    for (int a = 0; a < HF_SYN_ACTS; a++) {
        const char *act = hf_i_synthetic_act_name(a);
        if (strlen(act) != name.size || memcmp(act, name.text, name.size) != 0)
            continue;
        if (p->counts[a] == PHRASES_MOST)
            return fail_line(p->ctx, line, "too many phrases of an act");
        p->phrases[a][p->counts[a]++] = rest;
        return HF_OK;
    }
    return fail_line(p->ctx, line, "an unknown act");
}

hf_status hf_i_prose_new(hf_i_prose **out, hf_ctx *ctx)
{
    size_t size = 0;
    const char *text = hf_i_data_get(table_name, &size);
    hf_status status = HF_OK;
    *out = NULL;
    if (!text)
        return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "%s is not in this build", table_name);
    hf_i_prose *p = hf_i_calloc(ctx, 1, sizeof *p);
    if (!p)
        return HF_E_NOMEM;
    p->ctx = ctx;
    uint64_t line = 1;
    for (const char *end = text + size; status == HF_OK && text < end; line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        if (stop > text && *text != '#')
            status = add_line(p, line, text, (size_t)(stop - text));
        text = stop + 1;
    }
    for (int a = 0; status == HF_OK && a < HF_SYN_ACTS; a++)
        if (p->counts[a] == 0)
            status = hf_i_fail(ctx, HF_E_INTERNAL, NULL, "no phrase for the act %s",
                               hf_i_synthetic_act_name(a));
    if (status != HF_OK) {
        hf_i_prose_free(p);
        return status;
    }
    *out = p;
    return HF_OK;
}

void hf_i_prose_free(hf_i_prose *prose)
{
    if (prose)
        hf_i_free(prose->ctx, prose);
}

static const slot *find_slot(const hf_i_prose *p, const char *name, size_t size)
{
    for (size_t i = 0; i < p->slot_count; i++)
        if (p->slots[i].name.size == size && memcmp(p->slots[i].name.text, name, size) == 0)
            return &p->slots[i];
    return NULL;
}

hf_status hf_i_prose_write(const hf_i_prose *p, hf_i_random *random, int act, hf_i_buf *out)
{
    span phrase = p->phrases[act][hf_i_random_below(random, p->counts[act])];
    const char *end = phrase.text + phrase.size;
    hf_i_buf_clear(out);
    for (const char *t = phrase.text; t < end;) {
        const char *open = memchr(t, '{', (size_t)(end - t));
        const char *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;
        const slot *s = close ? find_slot(p, open + 1, (size_t)(close - open - 1)) : NULL;
        if (!s)
            return hf_i_buf_add(out, t, (size_t)(end - t));
        HF_TRY(hf_i_buf_add(out, t, (size_t)(open - t)));
        span word = s->words[hf_i_random_below(random, s->count)];
        HF_TRY(hf_i_buf_add(out, word.text, word.size));
        t = close + 1;
    }
    return HF_OK;
}
