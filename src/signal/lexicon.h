/* SPDX-License-Identifier: MIT */
/* The words that the measures know, with what each is: function word of which languages, member
 * of which English word groups, part of which safety cues. One look-up a word serves them all. */
#ifndef HF_SIGNAL_LEXICON_H
#define HF_SIGNAL_LEXICON_H

#include "base/base.h"

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
    X(EL, "el") X(AR, "ar") X(HE, "he") X(HI, "hi") X(TH, "th") X(ZH, "zh") X(JA, "ja")            \
        X(KO, "ko")

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

typedef struct hf_i_entry {
    uint32_t hash;
    uint32_t languages; /* bit 1 << hf_i_language: a function word there */
    uint32_t groups;    /* bit 1 << hf_i_group */
    uint32_t text;      /* offset in texts */
    uint16_t size;
    uint8_t worth; /* of a function word for telling languages apart: 12 / their number */
    bool anchor;   /* some safety cue hangs on it */
} hf_i_entry;

typedef struct hf_i_lexicon {
    hf_ctx *ctx;
    hf_i_entry *entries; /* [count]; 0 is no word */
    size_t count, cap;
    uint32_t *slots; /* [mask + 1], index of an entry or 0 */
    uint32_t mask;
    hf_i_buf texts;
} hf_i_lexicon;

/* Loads data/words. The safety cues add their words later (signal/safety.h). */
hf_status hf_i_lexicon_init(hf_i_lexicon *lexicon, hf_ctx *ctx);
void hf_i_lexicon_dispose(hf_i_lexicon *lexicon);

/* The hash of a lower-case word. */
static inline uint32_t hf_i_word_hash_step(uint32_t h, unsigned char c)
{
    return (h ^ c) * 0x01000193u;
}
#define HF_I_WORD_HASH_START 0x811c9dc5u
uint32_t hf_i_word_hash(const char *text, size_t size);

/* FNV leaves its low bits weak: mix before masking. */
static inline uint32_t hf_i_lexicon_slot(const hf_i_lexicon *x, uint32_t hash)
{
    return (hash ^ (hash >> 15)) & x->mask;
}

/* 0 when the word is not known. Words are short: a loop over their bytes beats a call. */
static inline uint32_t hf_i_lexicon_find(const hf_i_lexicon *x, uint32_t hash, const char *text,
                                         size_t size)
{
    for (uint32_t s = hf_i_lexicon_slot(x, hash); x->slots[s]; s = (s + 1) & x->mask) {
        const hf_i_entry *e = &x->entries[x->slots[s]];
        if (e->hash != hash || e->size != size)
            continue;
        const char *known = x->texts.data + e->text;
        size_t i = 0;
        while (i < size && known[i] == text[i])
            i++;
        if (i == size)
            return x->slots[s];
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
