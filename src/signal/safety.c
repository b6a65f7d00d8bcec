/* SPDX-License-Identifier: MIT */
#include "signal/safety.h"

#include <string.h>

enum {
    BEFORE = 3,        /* words in which an exception at the start is looked for */
    MOST_ELEMENTS = 16 /* of one rule */
};

typedef enum { WORDS, GAP, NUMBER } element_kind;

typedef struct {
    element_kind kind;
    uint32_t first, count; /* WORDS: entries in the pool; NUMBER: lowest and highest */
} element;

typedef struct {
    uint8_t safety_class;
    uint8_t language;      /* of its list */
    uint8_t count, anchor; /* elements; the one that is looked up first */
    uint32_t first;        /* in elements */
    element before, after; /* exceptions; count 0: none */
} rule;

typedef struct {
    uint32_t entry, rule;
} hook;

struct hf_i_safety {
    hf_ctx *ctx;
    element *elements;
    size_t element_count, element_cap;
    uint32_t *pool; /* entries of the lexicon */
    size_t pool_count, pool_cap;
    rule *rules;
    size_t rule_count, rule_cap;
    hook *hooks; /* by entry */
    size_t hook_count, hook_cap;
    uint32_t *first; /* [entries] its first hook; hook_count: none */
    size_t entries;
};

static const char *const class_names[] = {
#define NAME(name, text) text,
    HF_I_SAFETY_LIST(NAME)
#undef NAME
};

const char *hf_i_safety_name(hf_i_safety_class c)
{
    return (unsigned)c < HF_I_SAFETY_COUNT ? class_names[c] : "?";
}

size_t hf_i_safety_count_rules(const hf_i_safety *s)
{
    return s->rule_count;
}

/* ---- reading the lists --------------------------------------------------------------------------
 */

static hf_status add_words(hf_i_safety *s, hf_i_lexicon *x, const char *text, size_t size,
                           element *out)
{
    *out = (element){WORDS, (uint32_t)s->pool_count, 0};
    for (size_t at = 0; at <= size;) {
        const char *bar = memchr(text + at, '|', size - at);
        size_t n = bar ? (size_t)(bar - (text + at)) : size - at;
        uint32_t entry;
        HF_TRY(hf_i_lexicon_add(x, text + at, n, &entry));
        HF_TRY(hf_i_grow(s->ctx, &s->pool, &s->pool_cap, s->pool_count + 1, sizeof *s->pool,
                         1u << 24, "safety words"));
        s->pool[s->pool_count++] = entry;
        out->count++;
        at += n + 1;
    }
    return HF_OK;
}

static uint32_t digits(const char *text, size_t size, size_t *at)
{
    uint32_t value = 0;
    for (; *at < size && text[*at] >= '0' && text[*at] <= '9'; ++*at)
        value = value * 10 + (uint32_t)(text[*at] - '0');
    return value;
}

static hf_status add_element(hf_i_safety *s, hf_i_lexicon *x, rule *r, const char *word,
                             size_t size)
{
    element e = {GAP, 0, 0};
    size_t at = 1;
    if (word[0] == '~') {
        e.count = digits(word, size, &at);
    } else if (word[0] == '#') {
        e.kind = NUMBER;
        e.first = digits(word, size, &at);
        at++;
        e.count = digits(word, size, &at);
    } else if (word[0] == '-') {
        element *exception = r->count ? &r->after : &r->before;
        return add_words(s, x, word + 1, size - 1, exception);
    } else {
        HF_TRY(add_words(s, x, word, size, &e));
    }
    if (r->count == MOST_ELEMENTS)
        return hf_i_fail(s->ctx, HF_E_INTERNAL, NULL, "a safety cue of more than %d elements",
                         MOST_ELEMENTS);
    HF_TRY(hf_i_grow(s->ctx, &s->elements, &s->element_cap, s->element_count + 1,
                     sizeof *s->elements, 1u << 24, "safety cues"));
    s->elements[s->element_count++] = e;
    r->count++;
    return HF_OK;
}

/* The element whose words are rarest: function words count a thousandfold. */
static hf_status choose_anchor(hf_i_safety *s, hf_i_lexicon *x, rule *r, uint32_t rule_index)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < r->count; i++) {
        const element *e = &s->elements[r->first + i];
        if (e->kind != WORDS)
            continue;
        uint64_t cost = 0;
        for (uint32_t k = 0; k < e->count; k++)
            cost += x->entries[s->pool[e->first + k]].languages ? 1000 : 1;
        if (cost < least) {
            least = cost;
            r->anchor = (uint8_t)i;
        }
    }
    if (least == UINT64_MAX)
        return hf_i_fail(s->ctx, HF_E_INTERNAL, NULL, "a safety cue without a word");
    const element *e = &s->elements[r->first + r->anchor];
    HF_TRY(hf_i_grow(s->ctx, &s->hooks, &s->hook_cap, s->hook_count + e->count, sizeof *s->hooks,
                     1u << 24, "safety cues"));
    for (uint32_t k = 0; k < e->count; k++) {
        x->entries[s->pool[e->first + k]].anchor = true;
        s->hooks[s->hook_count++] = (hook){s->pool[e->first + k], rule_index};
    }
    return HF_OK;
}

static int find_class(const hf_i_list_line *line)
{
    for (int i = 0; i < HF_I_SAFETY_COUNT; i++)
        if (strlen(class_names[i]) == line->key_size &&
            memcmp(class_names[i], line->key, line->key_size) == 0)
            return i;
    return -1;
}

/* "safety/cues_en.txt": the list of which language. */
static hf_i_language list_language(const char *name)
{
    const char *code = strrchr(name, '_');
    for (int i = 1; code && i < HF_I_LANG_COUNT; i++)
        if (strncmp(code + 1, hf_i_language_code((hf_i_language)i), 2) == 0)
            return (hf_i_language)i;
    return HF_I_LANG_UNKNOWN;
}

static hf_status load(hf_i_safety *s, hf_i_lexicon *x, const char *name)
{
    size_t size = 0, pos = 0;
    uint64_t number = 0;
    const char *text = hf_i_data_get(name, &size);
    hf_i_list_line line;
    while (hf_i_list_next(text, size, &pos, &number, &line)) {
        int which = find_class(&line);
        if (which < 0)
            return hf_i_fail(s->ctx, HF_E_INTERNAL, NULL, "%s, line %llu: unknown class", name,
                             (unsigned long long)line.line);
        rule r = {.safety_class = (uint8_t)which,
                  .language = (uint8_t)list_language(name),
                  .first = (uint32_t)s->element_count};
        const char *word;
        size_t word_size;
        for (size_t p = 0; hf_i_list_word(line.words, line.words_size, &p, &word, &word_size);)
            HF_TRY(add_element(s, x, &r, word, word_size));
        HF_TRY(choose_anchor(s, x, &r, (uint32_t)s->rule_count));
        HF_TRY(hf_i_grow(s->ctx, &s->rules, &s->rule_cap, s->rule_count + 1, sizeof *s->rules,
                         1u << 24, "safety cues"));
        s->rules[s->rule_count++] = r;
    }
    return HF_OK;
}

static void sort_hooks(hook *h, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        hook v = h[i];
        size_t j = i;
        for (; j > 0 && h[j - 1].entry > v.entry; j--)
            h[j] = h[j - 1];
        h[j] = v;
    }
}

hf_status hf_i_safety_new(hf_i_safety **out, hf_ctx *ctx, hf_i_lexicon *lexicon)
{
    *out = NULL;
    hf_i_safety *s = hf_i_calloc(ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    s->ctx = ctx;
    hf_status status = HF_OK;
    const char *name;
    for (size_t i = 0; status == HF_OK && (name = hf_i_data_name("safety/cues_", i)); i++)
        status = load(s, lexicon, name);
    if (status == HF_OK && s->rule_count == 0)
        status = hf_i_fail(ctx, HF_E_INTERNAL, NULL, "the safety cues are not built in");
    if (status != HF_OK) {
        hf_i_safety_free(s);
        return status;
    }
    sort_hooks(s->hooks, s->hook_count);
    s->entries = lexicon->count;
    s->first = hf_i_alloc(ctx, s->entries * sizeof *s->first);
    if (!s->first) {
        hf_i_safety_free(s);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < s->entries; i++)
        s->first[i] = (uint32_t)s->hook_count;
    for (size_t i = s->hook_count; i-- > 0;)
        s->first[s->hooks[i].entry] = (uint32_t)i;
    *out = s;
    return HF_OK;
}

void hf_i_safety_free(hf_i_safety *s)
{
    if (!s)
        return;
    hf_i_free(s->ctx, s->elements);
    hf_i_free(s->ctx, s->pool);
    hf_i_free(s->ctx, s->rules);
    hf_i_free(s->ctx, s->hooks);
    hf_i_free(s->ctx, s->first);
    hf_i_free(s->ctx, s);
}

/* ---- matching
 * ------------------------------------------------------------------------------------ */

typedef struct {
    const hf_i_safety *safety;
    const rule *rule;
    const hf_i_word *words;
    size_t count;
    const char *text;
} match;

static bool holds(const match *m, const element *e, size_t at)
{
    if (at >= m->count)
        return false;
    const hf_i_word *w = &m->words[at];
    if (e->kind == NUMBER) {
        if (!w->number || w->size > 6)
            return false;
        size_t pos = 0;
        uint32_t value = digits(m->text + w->begin, w->size, &pos);
        return pos == w->size && value >= e->first && value <= e->count;
    }
    if (w->entry)
        for (uint32_t k = 0; k < e->count; k++)
            if (m->safety->pool[e->first + k] == w->entry)
                return true;
    return false;
}

/* Elements element.. to the right of the word at; *end: behind the last one matched. */
static bool right(const match *m, uint32_t index, size_t at, size_t *end)
{
    if (index == m->rule->count) {
        *end = at;
        return true;
    }
    const element *e = &m->safety->elements[m->rule->first + index];
    if (e->kind != GAP)
        return holds(m, e, at) && right(m, index + 1, at + 1, end);
    for (uint32_t skip = 0; skip <= e->count && at + skip <= m->count; skip++)
        if (right(m, index + 1, at + skip, end))
            return true;
    return false;
}

/* Elements before index to the left of the word at; *begin: the first one matched. */
static bool left(const match *m, uint32_t index, size_t at, size_t *begin)
{
    if (index == 0) {
        *begin = at;
        return true;
    }
    const element *e = &m->safety->elements[m->rule->first + index - 1];
    if (e->kind != GAP)
        return at > 0 && holds(m, e, at - 1) && left(m, index - 1, at - 1, begin);
    for (uint32_t skip = 0; skip <= e->count && skip <= at; skip++)
        if (left(m, index - 1, at - skip, begin))
            return true;
    return false;
}

static bool excepted(const match *m, size_t begin, size_t end)
{
    const rule *r = m->rule;
    for (size_t k = begin > BEFORE ? begin - BEFORE : 0; r->before.count && k < end; k++)
        if (holds(m, &r->before, k))
            return true;
    return r->after.count && holds(m, &r->after, end);
}

uint32_t hf_i_safety_check(const hf_i_safety *s, const hf_i_words *words, const char *text,
                           hf_i_language language)
{
    uint32_t found = 0;
    match m = {s, NULL, words->words, words->count, text};
    for (size_t i = 0; i < words->count; i++) {
        uint32_t entry = words->words[i].entry;
        if (!words->words[i].anchor)
            continue;
        size_t lo = entry < s->entries ? s->first[entry] : s->hook_count;
        for (; lo < s->hook_count && s->hooks[lo].entry == entry; lo++) {
            m.rule = &s->rules[s->hooks[lo].rule];
            size_t begin, end;
            if (m.rule->safety_class == HF_I_SAFETY_MINOR && language != HF_I_LANG_UNKNOWN &&
                m.rule->language != language)
                continue;
            if (!(found & 1u << m.rule->safety_class) && left(&m, m.rule->anchor, i, &begin) &&
                right(&m, m.rule->anchor + 1u, i + 1, &end) && !excepted(&m, begin, end))
                found |= 1u << m.rule->safety_class;
        }
    }
    return found;
}
