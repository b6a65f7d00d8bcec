/* SPDX-License-Identifier: MIT */
#include "signal/lexicon.h"

#include <string.h>

static const char *const language_codes[] = {
#define CODE(name, code) code,
    HF_I_LANGUAGE_LIST(CODE)
#undef CODE
};

static const char *const group_names[] = {
#define NAME(name, text) text,
    HF_I_GROUP_LIST(NAME)
#undef NAME
};

const char *hf_i_language_code(hf_i_language language)
{
    return (unsigned)language < HF_I_LANG_COUNT ? language_codes[language] : "unknown";
}

const char *hf_i_group_name(hf_i_group group)
{
    return (unsigned)group < HF_I_GROUP_COUNT ? group_names[group] : "?";
}

/* ---- list files ------------------------------------------------------------------------------ */

bool hf_i_list_next(const char *text, size_t size, size_t *pos, uint64_t *line_number,
                    hf_i_list_line *out)
{
    while (*pos < size) {
        const char *line = text + *pos, *end = memchr(line, '\n', size - *pos);
        size_t n = end ? (size_t)(end - line) : size - *pos;
        *pos += n + 1;
        ++*line_number;
        const char *colon = memchr(line, ':', n);
        if (n == 0 || line[0] == '#' || !colon)
            continue;
        *out = (hf_i_list_line){line, colon + 1, (size_t)(colon - line),
                                n - (size_t)(colon - line) - 1, *line_number};
        return true;
    }
    return false;
}

bool hf_i_list_word(const char *words, size_t size, size_t *pos, const char **word,
                    size_t *word_size)
{
    while (*pos < size && (words[*pos] == ' ' || words[*pos] == '\t' || words[*pos] == '\r'))
        ++*pos;
    size_t start = *pos;
    while (*pos < size && words[*pos] != ' ' && words[*pos] != '\t' && words[*pos] != '\r')
        ++*pos;
    *word = words + start;
    *word_size = *pos - start;
    return *pos > start;
}

/* ---- the table ------------------------------------------------------------------------------- */

uint32_t hf_i_word_hash(const char *text, size_t size)
{
    enum { BLOCK = 64 };
    char low[BLOCK + 8] = {0};
    uint64_t h = 0;
    for (size_t at = 0; at < size; at += BLOCK) {
        size_t n = size - at < BLOCK ? size - at : BLOCK;
        for (size_t i = 0; i < n; i++)
            low[i] = (char)(text[at + i] >= 'A' && text[at + i] <= 'Z' ? text[at + i] | 0x20
                                                                       : text[at + i]);
        h = hf_i_word_hash_more(h, low, n);
    }
    return hf_i_word_hash_end(h);
}

static void put(hf_i_lexicon *x, uint32_t index)
{
    uint32_t hash = x->entries[index].hash, s = hash & x->mask;
    while (x->slots[s].index)
        s = (s + 1) & x->mask;
    x->slots[s] = (hf_i_slot){hash, index};
}

static hf_status widen(hf_i_lexicon *x)
{
    uint32_t size = (x->mask + 1) * 2;
    hf_i_slot *slots = hf_i_calloc(x->ctx, size, sizeof *slots);
    if (!slots)
        return HF_E_NOMEM;
    hf_i_free(x->ctx, x->slots);
    x->slots = slots;
    x->mask = size - 1;
    for (uint32_t i = 1; i < x->count; i++)
        put(x, i);
    return HF_OK;
}

hf_status hf_i_lexicon_add(hf_i_lexicon *x, const char *text, size_t size, uint32_t *out)
{
    uint32_t hash = hf_i_word_hash(text, size);
    uint64_t head = 0;
    memcpy(&head, text, size < sizeof head ? size : sizeof head);
    *out = hf_i_lexicon_find(x, hash, head, text, size);
    if (*out)
        return HF_OK;
    if (size > UINT16_MAX)
        return hf_i_fail(x->ctx, HF_E_LIMIT, NULL, "a word of more than 65535 bytes");
    if ((x->count + 1) * 4 > (x->mask + 1))
        HF_TRY(widen(x));
    HF_TRY(hf_i_grow(x->ctx, &x->entries, &x->cap, x->count + 1, sizeof *x->entries, 1u << 24,
                     "words"));
    uint32_t at = (uint32_t)x->texts.len;
    HF_TRY(hf_i_buf_add(&x->texts, text, size));
    *out = (uint32_t)x->count;
    x->entries[x->count++] =
        (hf_i_entry){.head = head, .hash = hash, .text = at, .size = (uint16_t)size};
    put(x, *out);
    return HF_OK;
}

static int index_of(const char *const *names, int count, const char *key, size_t size)
{
    for (int i = 0; i < count; i++)
        if (strlen(names[i]) == size && memcmp(names[i], key, size) == 0)
            return i;
    return -1;
}

/* Sets a bit of each listed word: of languages (by code) or of groups (by name). */
static hf_status load_list(hf_i_lexicon *x, const char *name, bool groups)
{
    size_t size = 0, pos = 0;
    uint64_t number = 0;
    const char *text = hf_i_data_get(name, &size);
    if (!text)
        return hf_i_fail(x->ctx, HF_E_INTERNAL, NULL, "the word list %s is not built in", name);
    hf_i_list_line line;
    while (hf_i_list_next(text, size, &pos, &number, &line)) {
        int bit = groups ? index_of(group_names, HF_I_GROUP_COUNT, line.key, line.key_size)
                         : index_of(language_codes, HF_I_LANG_COUNT, line.key, line.key_size);
        if (bit < 0)
            return hf_i_fail(x->ctx, HF_E_INTERNAL, NULL, "%s, line %llu: unknown list", name,
                             (unsigned long long)line.line);
        const char *word;
        size_t word_size;
        for (size_t p = 0; hf_i_list_word(line.words, line.words_size, &p, &word, &word_size);) {
            uint32_t index;
            HF_TRY(hf_i_lexicon_add(x, word, word_size, &index));
            if (groups)
                x->entries[index].groups |= 1u << bit;
            else
                x->entries[index].languages |= 1u << bit;
        }
    }
    return HF_OK;
}

static hf_i_mix make_mix(const hf_i_entry *e)
{
    hf_i_mix mix;
    memset(&mix, 0, sizeof mix);
    int languages = __builtin_popcount(e->languages);
    for (int i = 0; i < HF_I_LANG_COUNT; i++)
        if (e->languages >> i & 1)
            mix.v[i / 8][i % 8] = (uint16_t)(12 / languages);
    for (int i = 0; i < HF_I_GROUP_COUNT; i++)
        if (e->groups >> i & 1)
            mix.v[(HF_I_MIX_GROUP + i) / 8][(HF_I_MIX_GROUP + i) % 8] = 1;
    return mix;
}

/* Neighbours of the lists are alike, so the newest mixes are tried first. */
static hf_status choose_mix(hf_i_lexicon *x, hf_i_entry *e)
{
    hf_i_mix mix = make_mix(e);
    for (size_t k = x->mix_count; k-- > 0;)
        if (memcmp(&x->mixes[k], &mix, sizeof mix) == 0) {
            e->mix = (uint16_t)k;
            return HF_OK;
        }
    HF_TRY(hf_i_grow(x->ctx, &x->mixes, &x->mix_cap, x->mix_count + 1, sizeof *x->mixes, UINT16_MAX,
                     "kinds of words"));
    e->mix = (uint16_t)x->mix_count;
    x->mixes[x->mix_count++] = mix;
    return HF_OK;
}

static hf_status load_lists(hf_i_lexicon *x)
{
    x->slots = hf_i_calloc(x->ctx, x->mask + 1, sizeof *x->slots);
    x->entries = hf_i_calloc(x->ctx, x->cap = 2048, sizeof *x->entries);
    if (!x->slots || !x->entries)
        return HF_E_NOMEM;
    HF_TRY(load_list(x, "words/stop.txt", false));
    HF_TRY(load_list(x, "words/en.txt", true));
    for (size_t i = 0; i < x->count; i++)
        HF_TRY(choose_mix(x, &x->entries[i]));
    return HF_OK;
}

hf_status hf_i_lexicon_init(hf_i_lexicon *x, hf_ctx *ctx)
{
    memset(x, 0, sizeof *x);
    x->ctx = ctx;
    x->count = 1;
    x->mask = 4095;
    hf_i_buf_init(&x->texts, ctx, UINT64_C(1) << 28, "word list");
    hf_status status = load_lists(x);
    if (status != HF_OK)
        hf_i_lexicon_dispose(x);
    return status;
}

void hf_i_lexicon_dispose(hf_i_lexicon *x)
{
    if (!x->ctx)
        return;
    hf_i_free(x->ctx, x->slots);
    hf_i_free(x->ctx, x->entries);
    hf_i_free(x->ctx, x->mixes);
    hf_i_buf_dispose(&x->texts);
    memset(x, 0, sizeof *x);
}
