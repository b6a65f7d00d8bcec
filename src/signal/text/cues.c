/* SPDX-License-Identifier: MIT */
#include "signal/text/cues.h"

#include <math.h>
#include <string.h>

enum { PHRASE_MAX = 8 };

static uint64_t join(uint64_t phrase, uint64_t word)
{
    uint64_t x = (phrase ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return x ^ x >> 29;
}

static struct hf_i_cue *slot_of(const hf_i_cues *cues, uint64_t hash)
{
    size_t i = hash & (cues->slot_count - 1);
    while (cues->slots[i].sections && cues->slots[i].hash != hash)
        i = (i + 1) & (cues->slot_count - 1);
    return &cues->slots[i];
}

static int section_of(const char *name, size_t len)
{
    char full[64];
    for (int k = 0; k < HF_CUE_COUNT; k++) {
        if (k < HF_ACT_COUNT)
            snprintf(full, sizeof full, "act_%s", hf_act_name((hf_act)k));
        else if (k < HF_CUE_WARM)
            snprintf(full, sizeof full, "need_%s", hf_need_name((hf_need)(k - HF_ACT_COUNT)));
        else
            snprintf(full, sizeof full, "%s", k == HF_CUE_WARM ? "warm" : "cold");
        if (strlen(full) == len && memcmp(full, name, len) == 0)
            return k;
    }
    return -1;
}

static hf_status bad_line(hf_i_cues *cues, const char *name, uint64_t line, const char *what)
{
    hf_i_place place = {.file = name, .line = line};
    return hf_i_fail_at(cues->ctx, HF_E_PARSE, &place, NULL, "%s", what);
}

static hf_status add_phrase(hf_i_cues *cues, hf_i_text_tokens *t, const char *name, uint64_t line,
                            const char *p, size_t len, int section)
{
    uint64_t hash = 0;
    HF_TRY(hf_i_text_tokens_read(t, p, len));
    if (t->count == 0 || t->count > PHRASE_MAX || section < 0)
        return bad_line(cues, name, line, "a phrase of 1 to 8 words inside a section is expected");
    for (size_t i = 0; i < t->count; i++)
        hash = join(hash, hf_i_text_hash(t->text + t->items[i].at, t->items[i].len, 0));
    struct hf_i_cue *slot = slot_of(cues, hash);
    if (!slot->sections && 2 * ++cues->used > cues->slot_count)
        return bad_line(cues, name, line, "too many phrases");
    slot->hash = hash;
    slot->sections |= 1u << section;
    if (t->count > cues->longest)
        cues->longest = (uint32_t)t->count;
    return HF_OK;
}

hf_status hf_i_cues_read(hf_i_cues *cues, hf_ctx *ctx, const char *name)
{
    size_t size;
    const char *p = hf_i_data_get(name, &size), *end = p ? p + size : NULL;
    *cues = (hf_i_cues){.ctx = ctx, .slot_count = 4096};
    if (!p)
        return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "no %s in this build", name);
    cues->slots = hf_i_calloc(ctx, cues->slot_count, sizeof *cues->slots);
    if (!cues->slots)
        return HF_E_NOMEM;
    hf_i_text_tokens t;
    hf_i_text_tokens_init(&t, ctx);
    hf_status s = HF_OK;
    int section = -1;
    for (uint64_t line = 1; s == HF_OK && p < end; line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        size_t len = (size_t)(stop - p);
        if (len > 2 && p[0] == '[' && stop[-1] == ']') {
            section = section_of(p + 1, len - 2);
            if (section < 0)
                s = bad_line(cues, name, line, "an unknown section");
        } else if (len && p[0] != '#') {
            s = add_phrase(cues, &t, name, line, p, len, section);
        }
        p = stop + 1;
    }
    hf_i_text_tokens_dispose(&t);
    if (s != HF_OK)
        hf_i_cues_dispose(cues);
    return s;
}

void hf_i_cues_dispose(hf_i_cues *cues)
{
    if (cues->ctx)
        hf_i_free(cues->ctx, cues->slots);
    cues->slots = NULL;
}

void hf_i_cues_count(const hf_i_cues *cues, const hf_i_text_tokens *t, const uint64_t *hash,
                     float *found)
{
    memset(found, 0, HF_CUE_COUNT * sizeof *found);
    for (size_t i = 0; i < t->count; i++) {
        uint64_t phrase = 0;
        for (size_t n = 0; n < cues->longest && i + n < t->count; n++) {
            phrase = join(phrase, hash[i + n]);
            for (uint32_t bits = slot_of(cues, phrase)->sections, k = 0; bits; bits >>= 1, k++)
                if ((bits & 1) && found[k] < 3)
                    found[k] += 1;
        }
    }
}

static bool is(const hf_i_text_tokens *t, size_t i, const char *word)
{
    size_t n = strlen(word);
    return t->items[i].len == n && memcmp(t->text + t->items[i].at, word, n) == 0;
}

/* "you", "you're", "your", "u"; "i", "i'm", "my", "me"; "we", "us", "our". */
static int person(const hf_i_text_tokens *t, size_t i)
{
    const char *p = t->text + t->items[i].at;
    size_t n = t->items[i].len;
    if (is(t, i, "i") || is(t, i, "me") || is(t, i, "my") || is(t, i, "im") || is(t, i, "myself") ||
        (n > 2 && p[0] == 'i' && p[1] == '\''))
        return 1;
    if (is(t, i, "u") || is(t, i, "ur") ||
        (n >= 3 && memcmp(p, "you", 3) == 0 && (n == 3 || p[3] == 'r' || p[3] == '\'')))
        return 2;
    if (is(t, i, "we") || is(t, i, "us") || is(t, i, "our") ||
        (n > 3 && memcmp(p, "we'", 3) == 0) || is(t, i, "let's"))
        return 3;
    return 0;
}

void hf_i_cues_surface(const hf_i_text_tokens *t, float *out)
{
    float persons[4] = {0}, questions = 0, calls = 0, caps = 0, elongated = 0, emoji = 0,
          negation = 0;
    memset(out, 0, HF_CUE_SURFACE * sizeof *out);
    for (size_t i = 0; i < t->count; i++) {
        const hf_i_token *k = &t->items[i];
        const char *p = t->text + k->at;
        persons[k->kind == HF_TOKEN_WORD ? person(t, i) : 0] += 1;
        questions += k->kind == HF_TOKEN_PUNCT && p[0] == '?';
        calls += k->kind == HF_TOKEN_PUNCT && p[0] == '!';
        caps += (k->flags & HF_TOKEN_CAPS) != 0;
        elongated += (k->flags & HF_TOKEN_LONG) != 0;
        emoji += k->kind == HF_TOKEN_EMOJI || k->kind == HF_TOKEN_EMOTICON;
        negation += is(t, i, "not") || is(t, i, "no") || is(t, i, "never") ||
                    (k->len > 3 && memcmp(p + k->len - 3, "n't", 3) == 0);
    }
    for (int i = 1; i < 4; i++)
        out[i - 1] = fminf(persons[i], 3);
    out[3] = fminf(questions, 2);
    out[4] = fminf(calls, 2);
    out[5] = fminf(caps, 3);
    out[6] = fminf(elongated, 2);
    out[7] = fminf(emoji, 3);
    out[8] = fminf(negation, 3);
    out[9] = t->count ? logf((float)t->count) : 0;
    out[10] = t->count && t->count <= 2;
    size_t last = t->count ? t->count - 1 : 0;
    out[11] = t->count && t->text[t->items[last].at] == '?';
    out[12] = t->count && person(t, 0) == 2;
    out[13] = t->count && person(t, 0) == 1;
}

void hf_i_cues_fill(const hf_i_cues *cues, const hf_i_text_tokens *t, const uint64_t *hash,
                    const hf_i_text_tokens *prev, float *out)
{
    float *before = out + HF_CUE_COUNT + HF_CUE_SURFACE, found[HF_CUE_COUNT];
    uint64_t few[64];
    hf_i_cues_count(cues, t, hash, out);
    hf_i_cues_surface(t, out + HF_CUE_COUNT);
    memset(before, 0, HF_CUE_PREV * sizeof *before);
    if (!prev || !prev->count)
        return;
    /* Of a long earlier turn its end counts: that is what is answered. */
    hf_i_text_tokens end = *prev;
    if (end.count > HF_COUNT_OF(few)) {
        end.items += end.count - HF_COUNT_OF(few);
        end.count = HF_COUNT_OF(few);
    }
    for (size_t i = 0; i < end.count; i++)
        few[i] = hf_i_text_hash(end.text + end.items[i].at, end.items[i].len, 0);
    hf_i_cues_count(cues, &end, few, found);
    memcpy(before, found, HF_ACT_COUNT * sizeof *before);
    before[HF_ACT_COUNT] = 1;
    before[HF_ACT_COUNT + 1] = end.text[end.items[end.count - 1].at] == '?';
}
