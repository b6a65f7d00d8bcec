/* SPDX-License-Identifier: MIT */
/* The words that the measures know, with what each is: function word of which languages, member
 * of which English word groups, part of which safety cues. One look-up a word serves them all. */
#ifndef HF_SIGNAL_LEXICON_H
#define HF_SIGNAL_LEXICON_H

#include "base/base.h"

#include <string.h>

/* X(NAME, code): the order breaks ties, so it is fixed. */
#define HF_I_LANGUAGE_LIST(X)                                                                      \
    X(UNKNOWN, "unknown")                                                                          \
    X(EN, "en")                                                                                    \
    X(DE, "de")                                                                                    \
    X(ES, "es")                                                                                    \
    X(FR, "fr")                                                                                    \
    X(IT, "it")                                                                                    \
    X(PT, "pt")                                                                                    \
    X(NL, "nl")                                                                                    \
    X(TR, "tr")                                                                                    \
    X(PL, "pl")                                                                                    \
    X(SV, "sv")                                                                                    \
    X(DA, "da")                                                                                    \
    X(RU, "ru")                                                                                    \
    X(UK, "uk")                                                                                    \
    X(EL, "el") X(AR, "ar") X(HE, "he") X(HI, "hi") X(TH, "th") X(ZH, "zh") X(JA, "ja") X(KO, "k"  \
                                                                                              "o")

typedef enum hf_i_language {
#define HF_I_LANGUAGE_ENUM(name, code) HF_I_LANG_##name,
    HF_I_LANGUAGE_LIST(HF_I_LANGUAGE_ENUM)
#undef HF_I_LANGUAGE_ENUM
        HF_I_LANG_COUNT
} hf_i_language;

const char *hf_i_language_code(hf_i_language language);

/* The groups of data/words/en.txt. The first nine are those of style matching. */
#define HF_I_GROUP_LIST(X)                                                                         \
    X(PERSONAL_PRONOUN, "personal_pronoun")                                                        \
    X(IMPERSONAL_PRONOUN, "impersonal_pronoun")                                                    \
    X(ARTICLE, "article")                                                                          \
    X(CONJUNCTION, "conjunction")                                                                  \
    X(PREPOSITION, "preposition")                                                                  \
    X(AUXILIARY, "auxiliary")                                                                      \
    X(ADVERB, "adverb")                                                                            \
    X(NEGATION, "negation")                                                                        \
    X(QUANTIFIER, "quantifier")                                                                    \
    X(I_TALK, "i_talk")                                                                            \
    X(YOU_TALK, "you_talk")                                                                        \
    X(WE_TALK, "we_talk")                                                                          \
    X(QUESTION_OPENER, "question_opener")                                                          \
    X(FOLLOW_OPENER, "follow_opener")                                                              \
    X(CLOSER, "closer")

typedef enum hf_i_group {
#define HF_I_GROUP_ENUM(name, text) HF_I_GROUP_##name,
    HF_I_GROUP_LIST(HF_I_GROUP_ENUM)
#undef HF_I_GROUP_ENUM
        HF_I_GROUP_COUNT
} hf_i_group;
enum { HF_I_STYLE_GROUPS = 9 };

const char *hf_i_group_name(hf_i_group group);

/* What a word adds to the sums of a text, in lanes of 16 bits: for each language its worth for
 * telling languages apart (12 / the number of languages that have the word), then one for each
 * group. Words with the same languages and groups share a mix; mix 0 adds nothing. */
enum {
    HF_I_MIX_GROUP = HF_I_LANG_COUNT, /* lane of the first group */
    HF_I_MIX_VECTORS = 5,
    HF_I_MIX_LANES = 8 * HF_I_MIX_VECTORS
};
typedef uint16_t hf_i_mix_vector __attribute__((vector_size(16)));
typedef struct hf_i_mix {
    hf_i_mix_vector v[HF_I_MIX_VECTORS];
} hf_i_mix;

typedef struct hf_i_entry {
    uint64_t head; /* its first eight bytes, zeros behind the end */
    uint32_t hash;
    uint32_t languages; /* bit 1 << hf_i_language: a function word there */
    uint32_t groups;    /* bit 1 << hf_i_group */
    uint32_t text;      /* offset in texts */
    uint16_t size;
    uint16_t mix;
    bool anchor; /* some safety cue hangs on it */
} hf_i_entry;

typedef struct hf_i_slot {
    uint32_t hash, index; /* of an entry; 0: free */
} hf_i_slot;

typedef struct hf_i_lexicon {
    hf_ctx *ctx;
    hf_i_entry *entries; /* [count]; 0 is no word */
    size_t count, cap;
    hf_i_slot *slots; /* [mask + 1] */
    uint32_t mask;
    hf_i_mix *mixes; /* [mix_count] */
    size_t mix_count, mix_cap;
    hf_i_buf texts;
} hf_i_lexicon;

/* Loads data/words. The safety cues add their words later (signal/safety.h). */
hf_status hf_i_lexicon_init(hf_i_lexicon *lexicon, hf_ctx *ctx);
void hf_i_lexicon_dispose(hf_i_lexicon *lexicon);

/* ---- the hash of a lower-case word: eight bytes a step, the last ones with zeros behind -------
 */

static inline uint64_t hf_i_word_load(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* The first n of the eight bytes at p, n below 8. */
static inline uint64_t hf_i_word_load_part(const char *p, size_t n)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return n ? hf_i_word_load(p) & UINT64_MAX >> (64 - 8 * n) : 0;
#else
    return n ? hf_i_word_load(p) & UINT64_MAX << (64 - 8 * n) : 0;
#endif
}

static inline uint64_t hf_i_word_hash_step(uint64_t h, uint64_t eight)
{
    h = (h ^ eight) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 32;
}

/* Goes on from h with size bytes at p, of which a multiple of 8 and 8 more may be read. */
static inline uint64_t hf_i_word_hash_more(uint64_t h, const char *p, size_t size)
{
    size_t i = 0;
    for (; i + 8 <= size; i += 8)
        h = hf_i_word_hash_step(h, hf_i_word_load(p + i));
    return size > i ? hf_i_word_hash_step(h, hf_i_word_load_part(p + i, size - i)) : h;
}

static inline uint32_t hf_i_word_hash_end(uint64_t h)
{
    return (uint32_t)(h * UINT64_C(0xD6E8FEB86659FD93) >> 32);
}

/* The hash of a word, capital ASCII letters as small ones. */
uint32_t hf_i_word_hash(const char *text, size_t size);

/* 0 when the word is not known. head: its first eight bytes, zeros behind the end. */
static inline uint32_t hf_i_lexicon_find(const hf_i_lexicon *x, uint32_t hash, uint64_t head,
                                         const char *text, size_t size)
{
    for (uint32_t s = hash & x->mask; x->slots[s].index; s = (s + 1) & x->mask) {
        if (x->slots[s].hash != hash)
            continue;
        const hf_i_entry *e = &x->entries[x->slots[s].index];
        if (e->size == size && e->head == head &&
            (size <= 8 || memcmp(x->texts.data + e->text, text, size) == 0))
            return x->slots[s].index;
    }
    return 0;
}
/* Finds or adds a lower-case word. */
hf_status hf_i_lexicon_add(hf_i_lexicon *lexicon, const char *text, size_t size, uint32_t *out);

/* ---- list files: lines "key: word word ...", '#' starts a comment line ---------------------- */

typedef struct hf_i_list_line {
    const char *key, *words;
    size_t key_size, words_size;
    uint64_t line;
} hf_i_list_line;

/* The next line of a list file; *pos starts at 0. False at its end. */
bool hf_i_list_next(const char *text, size_t size, size_t *pos, uint64_t *line_number,
                    hf_i_list_line *out);
/* The next word between blanks; false at the end. */
bool hf_i_list_word(const char *words, size_t size, size_t *pos, const char **word,
                    size_t *word_size);

#endif
