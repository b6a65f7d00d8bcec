/* SPDX-License-Identifier: MIT */
#include "signal/safety.h"

#include <string.h>

enum {
    BEFORE = 3,         /* words in which an exception at the start is looked for */
    FAR = 8,            /* words in which one written with -- is looked for */
    CONTEXT_WORDS = 10, /* between a cue and the film, song or game that it is a line of */
    MOST_ELEMENTS = 16, /* of one rule */
    MOST_SETS = 64,     /* named sets of words in one list */
    CONTEXT = HF_I_SAFETY_COUNT
};

typedef enum { WORDS, GAP, NUMBER, START, END } element_kind;

typedef struct {
    element_kind kind;
    bool or_break;         /* WORDS: or a sentence begins or ends here */
    uint32_t first, count; /* WORDS: entries in the pool; NUMBER: lowest and highest */
    uint64_t mask;         /* WORDS: bits of their entries; a word without its bit is none */
} element;

typedef struct {
    uint8_t safety_class;
    uint8_t language;      /* of its list */
    uint8_t count, anchor; /* elements; the one that is looked up first */
    uint32_t first;        /* in elements */
    element before, after; /* exceptions; count 0: none */
    element far_before, far_after;
} rule;

/* @NAME of a list file: the words it stands for. */
typedef struct {
    const char *name, *words;
    size_t name_size, words_size;
} word_set;

typedef struct {
    word_set sets[MOST_SETS];
    size_t count;
    const char *file;
    uint64_t line;
} set_table;

/* A rule hangs on each word of its anchor. before, after: bits of what may stand right beside the
 * anchor, all of them where anything may; need: bits of which one must be in the turn. Most
 * look-ups end here. */
typedef struct {
    uint32_t entry, rule;
    uint64_t before, after, need;
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
    element common; /* words that are no good anchor: found in every chat */
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

/* Neighbours in the lexicon stand together in the cues: spread them. */
static uint64_t entry_bit(uint32_t entry)
{
    return UINT64_C(1) << (entry * UINT32_C(0x9E3779B1) >> 26);
}

static hf_status bad_line(hf_i_safety *s, const set_table *t, const char *what)
{
    return hf_i_fail(s->ctx, HF_E_INTERNAL, NULL, "%s, line %llu: %s", t->file,
                     (unsigned long long)t->line, what);
}

static const word_set *find_set(const set_table *t, const char *name, size_t size)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->sets[i].name_size == size && memcmp(t->sets[i].name, name, size) == 0)
            return &t->sets[i];
    return NULL;
}

static hf_status define_set(hf_i_safety *s, set_table *t, const hf_i_list_line *line)
{
    size_t at = 0, size;
    const char *words;
    if (t->count == MOST_SETS || !hf_i_list_word(line->words, line->words_size, &at, &words, &size))
        return bad_line(s, t, "an empty set of words, or too many sets");
    t->sets[t->count++] = (word_set){line->key, words, line->key_size, size};
    return HF_OK;
}

/* Words between bars go to the end of the pool; @NAME stands for the words of that set, which
 * holds words only. */
static hf_status pool_words(hf_i_safety *s, hf_i_lexicon *x, const set_table *t, const char *text,
                            size_t size, element *out)
{
    for (size_t at = 0; at <= size;) {
        const char *bar = memchr(text + at, '|', size - at);
        size_t n = bar ? (size_t)(bar - (text + at)) : size - at;
        uint32_t entry;
        if (n && text[at] == '@') {
            const word_set *set = t ? find_set(t, text + at, n) : NULL;
            if (!set)
                return t ? bad_line(s, t, "a set of words that is not defined above") : HF_E_PARSE;
            HF_TRY(pool_words(s, x, NULL, set->words, set->words_size, out));
        } else if (n == 1 && text[at] == '$') {
            out->or_break = true;
        } else {
            HF_TRY(hf_i_lexicon_add(x, text + at, n, &entry));
            HF_TRY(hf_i_grow(s->ctx, &s->pool, &s->pool_cap, s->pool_count + 1, sizeof *s->pool,
                             1u << 24, "safety words"));
            s->pool[s->pool_count++] = entry;
            out->mask |= entry_bit(entry);
            out->count++;
        }
        at += n + 1;
    }
    return HF_OK;
}

static hf_status add_words(hf_i_safety *s, hf_i_lexicon *x, const set_table *t, const char *text,
                           size_t size, element *out)
{
    *out = (element){WORDS, false, (uint32_t)s->pool_count, 0, 0};
    return pool_words(s, x, t, text, size, out);
}

static uint32_t digits(const char *text, size_t size, size_t *at)
{
    uint32_t value = 0;
    for (; *at < size && text[*at] >= '0' && text[*at] <= '9'; ++*at)
        value = value * 10 + (uint32_t)(text[*at] - '0');
    return value;
}

/* -a|b and --a|b: before the first element an exception before the cue, else one behind it. */
static hf_status add_exception(hf_i_safety *s, hf_i_lexicon *x, const set_table *t, rule *r,
                               const char *word, size_t size)
{
    bool far = size > 1 && word[1] == '-';
    element *exception = far ? (r->count ? &r->far_after : &r->far_before)
                             : (r->count ? &r->after : &r->before);
    if (exception->count)
        return bad_line(s, t, "two exceptions of one kind");
    return add_words(s, x, t, word + 1 + far, size - 1 - far, exception);
}

static hf_status add_element(hf_i_safety *s, hf_i_lexicon *x, const set_table *t, rule *r,
                             const char *word, size_t size)
{
    element e = {GAP, false, 0, 0, 0};
    size_t at = 1;
    if (word[0] == '~') {
        e.count = digits(word, size, &at);
    } else if (word[0] == '#') {
        e.kind = NUMBER;
        e.first = digits(word, size, &at);
        at++;
        e.count = digits(word, size, &at);
    } else if (word[0] == '-') {
        return add_exception(s, x, t, r, word, size);
    } else if (size == 1 && (word[0] == '^' || word[0] == '$')) {
        e.kind = word[0] == '^' ? START : END;
    } else {
        HF_TRY(add_words(s, x, t, word, size, &e));
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

static bool is_common(const hf_i_safety *s, uint32_t entry)
{
    for (uint32_t k = 0; k < s->common.count; k++)
        if (s->pool[s->common.first + k] == entry)
            return true;
    return false;
}

/* What may stand beside the anchor: any word, where a gap or the end of a sentence comes first. */
static uint64_t beside(const hf_i_safety *s, const rule *r, int index)
{
    const element *e = &s->elements[(int)r->first + index];
    bool one = index >= 0 && index < r->count && e->kind == WORDS && !e->or_break;
    return one ? e->mask : ~UINT64_C(0);
}

/* Of the elements beside the anchor's, the one with the fewest bits. */
static uint64_t needed(const hf_i_safety *s, const rule *r)
{
    uint64_t least = ~UINT64_C(0);
    for (int i = 0; i < r->count; i++) {
        uint64_t bits = i == r->anchor ? ~UINT64_C(0) : beside(s, r, i);
        if (__builtin_popcountll(bits) < __builtin_popcountll(least))
            least = bits;
    }
    return least;
}

/* The element whose words are rarest: function words are worst, @common ones count a
 * hundredfold. */
static hf_status choose_anchor(hf_i_safety *s, hf_i_lexicon *x, rule *r, uint32_t rule_index)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < r->count; i++) {
        const element *e = &s->elements[r->first + i];
        if (e->kind != WORDS || e->or_break)
            continue;
        uint64_t cost = 0;
        for (uint32_t k = 0; k < e->count; k++)
            cost += x->entries[s->pool[e->first + k]].languages    ? 20000
                    : is_common(s, s->pool[e->first + k]) ? 100
                                                          : 1;
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
        s->hooks[s->hook_count++] =
            (hook){s->pool[e->first + k], rule_index, beside(s, r, r->anchor - 1),
                   beside(s, r, r->anchor + 1), needed(s, r)};
    }
    return HF_OK;
}

static int find_class(const hf_i_list_line *line)
{
    if (line->key_size == 7 && memcmp(line->key, "context", 7) == 0)
        return CONTEXT;
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

static hf_status load_rule(hf_i_safety *s, hf_i_lexicon *x, const set_table *t,
                           const hf_i_list_line *line)
{
    int which = find_class(line);
    if (which < 0)
        return bad_line(s, t, "unknown class");
    rule r = {.safety_class = (uint8_t)which,
              .language = (uint8_t)list_language(t->file),
              .first = (uint32_t)s->element_count};
    const char *word;
    size_t word_size;
    for (size_t p = 0; hf_i_list_word(line->words, line->words_size, &p, &word, &word_size);)
        HF_TRY(add_element(s, x, t, &r, word, word_size));
    HF_TRY(choose_anchor(s, x, &r, (uint32_t)s->rule_count));
    HF_TRY(hf_i_grow(s->ctx, &s->rules, &s->rule_cap, s->rule_count + 1, sizeof *s->rules, 1u << 24,
                     "safety cues"));
    s->rules[s->rule_count++] = r;
    return HF_OK;
}

static hf_status load(hf_i_safety *s, hf_i_lexicon *x, const char *name)
{
    size_t size = 0, pos = 0;
    set_table t = {.file = name};
    const char *text = hf_i_data_get(name, &size);
    hf_i_list_line line;
    s->common = (element){0};
    while (hf_i_list_next(text, size, &pos, &t.line, &line)) {
        HF_TRY(line.key[0] == '@' ? define_set(s, &t, &line) : load_rule(s, x, &t, &line));
        if (t.count && !s->common.count && t.sets[t.count - 1].name_size == 7 &&
            memcmp(t.sets[t.count - 1].name, "@common", 7) == 0)
            HF_TRY(add_words(s, x, &t, "@common", 7, &s->common));
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

/* Does a sentence begin at this word (or, for count, the text end)? */
static bool breaks_before(const match *m, size_t at)
{
    if (at == 0 || at >= m->count)
        return true;
    const hf_i_word *w = &m->words[at - 1];
    for (size_t i = w->begin + w->size; i < m->words[at].begin; i++)
        if (strchr(".!?;\n", m->text[i]) && m->text[i])
            return true;
    return false;
}

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
    if (w->entry && e->mask & entry_bit(w->entry))
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
    if (e->kind == END || e->kind == START)
        return breaks_before(m, at) && right(m, index + 1, at, end);
    if (e->or_break && breaks_before(m, at) && right(m, index + 1, at, end))
        return true;
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
    if (e->kind == END || e->kind == START)
        return breaks_before(m, at) && left(m, index - 1, at, begin);
    if (e->or_break && breaks_before(m, at) && left(m, index - 1, at, begin))
        return true;
    if (e->kind != GAP)
        return at > 0 && holds(m, e, at - 1) && left(m, index - 1, at - 1, begin);
    for (uint32_t skip = 0; skip <= e->count && skip <= at; skip++)
        if (left(m, index - 1, at - skip, begin))
            return true;
    return false;
}

static bool among(const match *m, const element *e, size_t from, size_t to)
{
    for (size_t k = from; e->count && k < to && k < m->count; k++)
        if (holds(m, e, k))
            return true;
    return false;
}

static size_t less(size_t a, size_t b)
{
    return a > b ? a - b : 0;
}

static bool excepted(const match *m, size_t begin, size_t end)
{
    const rule *r = m->rule;
    return among(m, &r->before, less(begin, BEFORE), end) || among(m, &r->after, end, end + 1) ||
           among(m, &r->far_before, less(begin, FAR), end) ||
           among(m, &r->far_after, end, end + FAR);
}

/* The first of the rules that hang on a word, in hooks; hook_count: none. */
static size_t first_hook(const hf_i_safety *s, const hf_i_word *w)
{
    return w->anchor && w->entry < s->entries ? s->first[w->entry] : s->hook_count;
}

static bool matches(match *m, size_t at, size_t *begin, size_t *end)
{
    return left(m, m->rule->anchor, at, begin) &&
           right(m, m->rule->anchor + 1u, at + 1, end) && !excepted(m, *begin, *end);
}

/* A line of a film, a song, a game: is that said near the words from begin to end? */
static bool in_context(const match *cue, size_t begin, size_t end)
{
    match m = *cue;
    const hf_i_safety *s = m.safety;
    size_t to = end + CONTEXT_WORDS < m.count ? end + CONTEXT_WORDS : m.count;
    for (size_t i = less(begin, CONTEXT_WORDS); i < to; i++)
        for (size_t k = first_hook(s, &m.words[i]);
             k < s->hook_count && s->hooks[k].entry == m.words[i].entry; k++) {
            size_t from, until;
            m.rule = &s->rules[s->hooks[k].rule];
            if (m.rule->safety_class == CONTEXT && matches(&m, i, &from, &until))
                return true;
        }
    return false;
}

/* A cue of a minor is looked for with the list of the turn's own language. */
static bool wanted(const rule *r, uint32_t found, hf_i_language language)
{
    if (r->safety_class == CONTEXT || found >> r->safety_class & 1)
        return false;
    return r->safety_class != HF_I_SAFETY_MINOR || language == HF_I_LANG_UNKNOWN ||
           r->language == language;
}

/* Beyond the ends of the turn the rules look for themselves: all bits. */
static uint64_t bit_at(const hf_i_words *words, size_t at)
{
    return at < words->count ? entry_bit(words->words[at].entry) : ~UINT64_C(0);
}

static uint64_t all_bits(const hf_i_words *words)
{
    uint64_t all = 0;
    for (size_t i = 0; i < words->count; i++)
        all |= entry_bit(words->words[i].entry);
    return all;
}

uint32_t hf_i_safety_check(const hf_i_safety *s, const hf_i_words *words, const char *text,
                           hf_i_language language)
{
    uint32_t found = 0;
    const uint64_t all = all_bits(words);
    match m = {s, NULL, words->words, words->count, text};
    for (size_t i = 0; i < words->count; i++) {
        if (!words->words[i].anchor)
            continue;
        uint32_t entry = words->words[i].entry;
        const uint64_t before = bit_at(words, i - 1), after = bit_at(words, i + 1);
        for (size_t k = first_hook(s, &words->words[i]);
             k < s->hook_count && s->hooks[k].entry == entry; k++) {
            size_t begin, end;
            const hook *h = &s->hooks[k];
            if (!(h->before & before) || !(h->after & after) || !(h->need & all))
                continue;
            m.rule = &s->rules[h->rule];
            if (wanted(m.rule, found, language) && matches(&m, i, &begin, &end) &&
                (m.rule->safety_class == HF_I_SAFETY_MINOR || !in_context(&m, begin, end)))
                found |= 1u << m.rule->safety_class;
        }
    }
    return found;
}
