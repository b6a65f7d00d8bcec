/* SPDX-License-Identifier: MIT */
/* From the text of a turn to tokens: words in lower case, contractions, emoji, emoticons, runs of
 * punctuation, links, numbers; with marks for CAPITALS and elongation (sooo). Never fails on bytes:
 * what is not UTF-8 separates words. */
#ifndef HF_SIGNAL_TEXT_TOKENS_H
#define HF_SIGNAL_TEXT_TOKENS_H

#include "base/base.h"

typedef enum hf_i_token_kind {
    HF_TOKEN_WORD,
    HF_TOKEN_NUMBER,
    HF_TOKEN_PUNCT,
    HF_TOKEN_EMOTICON,
    HF_TOKEN_EMOJI,
    HF_TOKEN_LINK,
    HF_TOKEN_MASK /* [NAME] and the like */
} hf_i_token_kind;

enum { HF_TOKEN_CAPS = 1, HF_TOKEN_LONG = 2, HF_TOKEN_FOREIGN = 4 };

typedef struct hf_i_token {
    uint32_t at;   /* in text; text[at - 1] and text[at + len] are blanks */
    uint16_t len;  /* bytes, at most HF_TOKEN_MAX_LEN */
    uint8_t kind;  /* hf_i_token_kind */
    uint8_t flags; /* HF_TOKEN_CAPS ... */
} hf_i_token;

/* Reused from turn to turn; grows to the longest one. */
typedef struct hf_i_text_tokens {
    hf_ctx *ctx;
    char *text; /* " token token token " */
    size_t text_len, text_cap;
    hf_i_token *items;
    size_t count, cap;
    bool cut;           /* the turn had more than HF_TOKENS_MAX tokens */
    uint32_t latin;     /* letters of Latin script */
    uint32_t foreign;   /* letters of other scripts */
    uint32_t bad_bytes; /* not UTF-8 */
} hf_i_text_tokens;

enum {
    HF_TOKENS_MAX = 2048,  /* tokens of one turn that are looked at */
    HF_TOKEN_MAX_LEN = 48, /* longer words are cut */
    HF_TOKENS_PAD = 16     /* readable bytes after the text */
};

void hf_i_text_tokens_init(hf_i_text_tokens *t, hf_ctx *ctx);
void hf_i_text_tokens_dispose(hf_i_text_tokens *t);
hf_status hf_i_text_tokens_read(hf_i_text_tokens *t, const char *text, size_t len);

#endif
