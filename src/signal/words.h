/* SPDX-License-Identifier: MIT */
/* Text into words, and what the letters say of the language. The text itself is never changed:
 * only the look-up keys are lower case with plain apostrophes. */
#ifndef HF_SIGNAL_WORDS_H
#define HF_SIGNAL_WORDS_H

#include "signal/lexicon.h"

typedef struct hf_i_word {
    uint32_t hash;
    uint32_t entry; /* in the lexicon, 0: not known */
    uint32_t begin; /* byte in the text */
    uint16_t size;  /* bytes in the text */
    uint16_t mix;   /* of the entry */
    bool number, anchor;
} hf_i_word;

/* What the letters of a text show beside its words. */
typedef struct hf_i_letters {
    uint32_t script[HF_I_LANG_COUNT]; /* letters that only (nearly only) this language has */
    uint32_t latin, cyrillic, han, letters;
    uint32_t symbols; /* emoji and other pictures */
    bool marked;      /* some letter of script[] was a mark of a Latin or Cyrillic language */
    bool question;    /* a question mark in any script */
} hf_i_letters;

typedef struct hf_i_words {
    hf_ctx *ctx;
    hf_i_word *words;
    size_t count, cap;
    hf_i_letters letters;
    uint32_t sums[HF_I_MIX_LANES]; /* of the words' mixes */
} hf_i_words;

void hf_i_words_init(hf_i_words *words, hf_ctx *ctx);
void hf_i_words_dispose(hf_i_words *words);
/* Forgets what was added. */
void hf_i_words_clear(hf_i_words *words);
/* Adds the words of one text. A letter of a script without spaces (Han, kana, Thai) is a word.
 * Addresses of pages (http...) are one word each, of no language. Cost: about 2 ns a byte. */
hf_status hf_i_words_add(hf_i_words *words, const hf_i_lexicon *lexicon, const char *text,
                         size_t size);

/* The language of a turn, or unknown: by script, else by function words and special letters.
 * Short or mixed turns are honestly unknown. */
hf_i_language hf_i_language_of(const hf_i_words *words);

#endif
