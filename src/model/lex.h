/* SPDX-License-Identifier: MIT */
/* Tokens of a model file. A newline ends a statement unless a bracket is open. */
#ifndef HF_MODEL_LEX_H
#define HF_MODEL_LEX_H

#include "base/base.h"

typedef enum {
    HF_TOKEN_END,
    HF_TOKEN_NEWLINE,
    HF_TOKEN_NAME,
    HF_TOKEN_NUMBER,
    HF_TOKEN_STRING, /* text without the quotes */
    HF_TOKEN_ARROW,  /* -> */
    HF_TOKEN_SIGN    /* one byte: + - * / ^ ( ) [ ] , = ~ : */
} hf_i_token_kind;

typedef struct hf_i_token {
    hf_i_token_kind kind;
    const char *text;
    uint32_t len, line, column;
    double number;
} hf_i_token;

typedef struct hf_i_tokens {
    hf_i_token *items;
    size_t count, cap;
} hf_i_tokens;

/* file names the source in errors. The last token is HF_TOKEN_END, a HF_TOKEN_NEWLINE before it. */
hf_status hf_i_lex(hf_i_tokens *out, hf_ctx *ctx, const char *text, size_t len, const char *file);
void hf_i_tokens_dispose(hf_i_tokens *tokens, hf_ctx *ctx);

bool hf_i_token_is(const hf_i_token *token, const char *text);

#endif
