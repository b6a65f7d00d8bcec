/* SPDX-License-Identifier: MIT */
#include "signal/content.h"

#include <string.h>

enum {
    MOST_KEYS = 4096, /* content words looked at in one turn */
    CLOSER_WORDS = 4, /* "ok good night xx" */
    FOLLOW_WORDS = 3, /* "and then?" */
    PROGRESS_TURNS = 8192
};

typedef struct {
    hf_i_content *out;
    hf_i_turns *turns;
    const hf_i_lexicon *lexicon;
    const hf_i_safety *safety;
    hf_i_words words;
    hf_i_buf joined; /* the text of a turn of several messages */
    uint32_t keys[MOST_KEYS];
} walk;

static bool in_group(const walk *w, size_t at, hf_i_group group)
{
    return at < w->words.count && w->lexicon->entries[w->words.words[at].entry].groups >> group & 1;
}

/* Does the word carry content? English plurals count as their singular. Which words do is hard to
 * guess for the processor, so nothing here branches but for the rare plural. */
static bool content_key(const hf_i_word *word, const char *text, uint32_t *key)
{
    bool content = !word->mix & !word->number & (word->size >= 3);
    uint32_t hash = word->hash;
    const char *end = text + word->begin + word->size;
    if (content & (word->size > 4) & ((end[-1] | 0x20) == 's') && (end[-2] | 0x20) != 's')
        hash = hf_i_word_hash(text + word->begin, word->size - 1u);
    *key = hash + !hash;
    return content;
}

/* By the rank of each: for a few keys the comparisons cost less than their mispredicted order. */
static void sort_few(uint32_t *k, size_t n, uint32_t *work)
{
    memcpy(work, k, n * sizeof *k);
    for (size_t i = 0; i < n; i++) {
        uint32_t v = work[i];
        size_t rank = 0;
        for (size_t j = 0; j < n; j++)
            rank += (size_t)((work[j] < v) | ((work[j] == v) & (j < i)));
        k[rank] = v;
    }
}

static void sort_keys(uint32_t *k, size_t n)
{
    enum { FEW = 16 };
    uint32_t work[FEW];
    if (n <= FEW) {
        sort_few(k, n, work);
        return;
    }
    for (size_t gap = n / 2; gap > 0; gap /= 2)
        for (size_t i = gap; i < n; i++) {
            uint32_t v = k[i];
            size_t j = i;
            for (; j >= gap && k[j - gap] > v; j -= gap)
                k[j] = k[j - gap];
            k[j] = v;
        }
}

static hf_status keep_keys(walk *w, hf_i_turn_content *c, size_t n)
{
    hf_i_content *out = w->out;
    sort_keys(w->keys, n);
    HF_TRY(hf_i_grow(out->ctx, &out->keys, &out->key_cap, out->key_count + n, sizeof *out->keys,
                     HF_MAX_ROWS, "content words"));
    c->first = (uint32_t)out->key_count;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || w->keys[i] != w->keys[i - 1])
            out->keys[out->key_count++] = w->keys[i];
    c->keys = (uint16_t)(out->key_count - c->first);
    return HF_OK;
}

/* Words of a group, as many as a count holds. */
static uint16_t count_of(const walk *w, int group)
{
    uint32_t n = w->words.sums[HF_I_MIX_GROUP + group];
    return (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
}

/* "do you", "what is", a lone "why": English questions that come without their mark. */
static bool opens_like_a_question(const walk *w)
{
    if (!in_group(w, 0, HF_I_GROUP_QUESTION_OPENER))
        return false;
    if (in_group(w, 0, HF_I_GROUP_AUXILIARY))
        return in_group(w, 1, HF_I_GROUP_PERSONAL_PRONOUN);
    return w->words.count == 1 || in_group(w, 1, HF_I_GROUP_AUXILIARY);
}

static hf_status read_words(walk *w, hf_i_turn *turn, hf_i_turn_content *c, const char *text)
{
    size_t keys = 0, closers = w->words.sums[HF_I_MIX_GROUP + HF_I_GROUP_CLOSER];
    for (size_t i = 0; i < w->words.count && keys < MOST_KEYS; i++)
        keys += content_key(&w->words.words[i], text, &w->keys[keys]);
    for (int g = 0; g < HF_I_STYLE_GROUPS; g++)
        c->style[g] = count_of(w, g);
    c->i = count_of(w, HF_I_GROUP_I_TALK);
    c->you = count_of(w, HF_I_GROUP_YOU_TALK);
    c->we = count_of(w, HF_I_GROUP_WE_TALK);
    turn->words = (uint32_t)w->words.count;
    turn->letters = w->words.letters.letters;
    turn->language = (uint8_t)hf_i_language_of(&w->words);
    c->question = w->words.letters.question;
    if (!c->question && (turn->language == HF_I_LANG_EN || w->words.count == 1))
        c->question = opens_like_a_question(w);
    c->follow_word =
        c->question && w->words.count <= FOLLOW_WORDS && in_group(w, 0, HF_I_GROUP_FOLLOW_OPENER);
    c->closer = !c->question && closers == w->words.count && closers <= CLOSER_WORDS;
    return keep_keys(w, c, keys);
}

static hf_status join_text(walk *w, const hf_i_turn *turn, const char **text, size_t *size)
{
    const hf_i_line *lines = &w->turns->lines[turn->first];
    *text = "";
    *size = 0;
    if (turn->count == 1) {
        if (lines[0].kind == HF_KIND_TEXT && lines[0].text.size) {
            *text = lines[0].text.data;
            *size = lines[0].text.size;
        }
        return HF_OK;
    }
    hf_i_buf_clear(&w->joined);
    for (uint32_t i = 0; i < turn->count; i++)
        *size += lines[i].kind == HF_KIND_TEXT ? lines[i].text.size + 1 : 0;
    HF_TRY(hf_i_buf_reserve(&w->joined, *size));
    char *to = w->joined.data;
    for (uint32_t i = 0; i < turn->count; i++) {
        if (lines[i].kind != HF_KIND_TEXT)
            continue;
        if (lines[i].text.size)
            memcpy(to, lines[i].text.data, lines[i].text.size);
        to += lines[i].text.size;
        *to++ = '\n';
    }
    *text = w->joined.data;
    return HF_OK;
}

hf_status hf_i_content_take_cues(hf_i_content *c, uint32_t message, int partner, uint32_t *cues)
{
    if (c->dismissed && c->dismissed[message])
        *cues &= 1u << HF_I_SAFETY_MINOR;
    if (!*cues)
        return HF_OK;
    c->safety |= *cues;
    HF_TRY(hf_i_grow(c->ctx, &c->cues, &c->cue_cap, c->cue_count + 1, sizeof *c->cues, HF_MAX_ROWS,
                     "cues"));
    c->cues[c->cue_count++] = (hf_i_cue){message, *cues, (uint8_t)partner};
    return HF_OK;
}

static hf_status read_turn(walk *w, size_t index)
{
    hf_i_turn *turn = &w->turns->turns[index];
    hf_i_turn_content *c = &w->out->turns[index];
    const char *text;
    size_t size;
    HF_TRY(join_text(w, turn, &text, &size));
    hf_i_words_clear(&w->words);
    HF_TRY(hf_i_words_add(&w->words, w->lexicon, text, size));
    HF_TRY(read_words(w, turn, c, text));
    if (!turn->has_text) {
        /* A photo may be answered, a sticker need not be. */
        c->closer = true;
        for (uint32_t i = 0; i < turn->count; i++)
            c->closer &= w->turns->lines[turn->first + i].kind == HF_KIND_STICKER ||
                         w->turns->lines[turn->first + i].kind == HF_KIND_DELETED;
    }
    w->out->languages[turn->partner][turn->language]++;
    uint32_t cues = hf_i_safety_check(w->safety, &w->words, text, (hf_i_language)turn->language);
    HF_TRY(hf_i_content_take_cues(w->out, w->turns->lines[turn->first].message, turn->partner,
                                  &cues));
    if (cues)
        w->turns->exchanges[turn->exchange].flagged = true;
    return HF_OK;
}

/* Turns too short to tell count as English where a partner writes (nearly) nothing else. */
static void settle(hf_i_content *c, hf_i_turns *t)
{
    bool mostly[2];
    for (int p = 0; p < 2; p++) {
        uint64_t known = 0;
        for (int k = 1; k < HF_I_LANG_COUNT; k++)
            known += c->languages[p][k];
        mostly[p] = known >= 5 && c->languages[p][HF_I_LANG_EN] * 5 >= known * 4;
    }
    for (size_t i = 0; i < t->turn_count; i++) {
        hf_i_turn *turn = &t->turns[i];
        turn->flagged = t->exchanges[turn->exchange].flagged;
        c->turns[i].english = turn->language == HF_I_LANG_EN ||
                              (turn->language == HF_I_LANG_UNKNOWN && mostly[turn->partner]);
    }
}

hf_status hf_i_content_read(hf_i_content *content, hf_ctx *ctx, hf_i_turns *turns,
                            const hf_i_lexicon *lexicon, const hf_i_safety *safety,
                            const bool *dismissed)
{
    memset(content, 0, sizeof *content);
    content->ctx = ctx;
    content->dismissed = dismissed;
    content->turns = hf_i_calloc(ctx, turns->turn_count, sizeof *content->turns);
    walk *w = hf_i_calloc(ctx, 1, sizeof *w);
    hf_status status = content->turns && w ? HF_OK : HF_E_NOMEM;
    if (status == HF_OK) {
        w->out = content;
        w->turns = turns;
        w->lexicon = lexicon;
        w->safety = safety;
        hf_i_words_init(&w->words, ctx);
        hf_i_buf_init(&w->joined, ctx, HF_MAX_FILE_BYTES, "the text of one turn");
        for (size_t i = 0; status == HF_OK && i < turns->turn_count; i++) {
            if (i % PROGRESS_TURNS == 0)
                status = hf_i_progress(ctx, "words", i, turns->turn_count);
            if (status == HF_OK)
                status = read_turn(w, i);
        }
        hf_i_words_dispose(&w->words);
        hf_i_buf_dispose(&w->joined);
    }
    hf_i_free(ctx, w);
    if (status == HF_OK)
        status = hf_i_content_check_rest(content, turns, lexicon, safety);
    if (status != HF_OK) {
        hf_i_content_dispose(content);
        return status;
    }
    settle(content, turns);
    return HF_OK;
}

void hf_i_content_dispose(hf_i_content *c)
{
    if (!c->ctx)
        return;
    hf_i_free(c->ctx, c->turns);
    hf_i_free(c->ctx, c->keys);
    hf_i_free(c->ctx, c->cues);
    memset(c, 0, sizeof *c);
}

size_t hf_i_content_shared(const hf_i_content *c, size_t turn, size_t other)
{
    const hf_i_turn_content *a = &c->turns[turn], *b = &c->turns[other];
    const uint32_t *x = c->keys + a->first, *y = c->keys + b->first;
    size_t i = 0, j = 0, shared = 0;
    while (i < a->keys && j < b->keys) {
        uint32_t p = x[i], q = y[j];
        shared += p == q;
        i += p <= q;
        j += q <= p;
    }
    return shared;
}
