/* SPDX-License-Identifier: MIT */
#include "model/lex.h"

#include "text/number.h"

#include <string.h>

#define MAX_TOKENS 200000u

typedef struct {
    hf_ctx *ctx;
    const char *p, *end, *line_start, *file;
    uint32_t line;
    int open; /* brackets */
    hf_i_tokens *out;
} lexer;

static hf_status fail(const lexer *l, const char *at, const char *advice, const char *message)
{
    hf_i_place place = {
        .file = l->file, .line = l->line, .column = (uint64_t)(at - l->line_start) + 1};
    return hf_i_fail_at(l->ctx, HF_E_PARSE, &place, advice, "%s", message);
}

static hf_status add(lexer *l, hf_i_token_kind kind, const char *text, size_t len)
{
    hf_i_tokens *t = l->out;
    HF_TRY(hf_i_grow(l->ctx, &t->items, &t->cap, t->count + 1, sizeof *t->items, MAX_TOKENS,
                     "words of a model file"));
    t->items[t->count++] =
        (hf_i_token){kind, text, (uint32_t)len, l->line, (uint32_t)(text - l->line_start) + 1, 0};
    return HF_OK;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static hf_status number(lexer *l)
{
    const char *start = l->p;
    while (l->p < l->end && (is_digit(*l->p) || *l->p == '.'))
        l->p++;
    if (l->p < l->end && (*l->p == 'e' || *l->p == 'E')) {
        const char *q = l->p + 1;
        q += q < l->end && (*q == '+' || *q == '-');
        if (q < l->end && is_digit(*q)) {
            while (q < l->end && is_digit(*q))
                q++;
            l->p = q;
        }
    }
    double value;
    if (!hf_i_number_parse(start, (size_t)(l->p - start), '.', &value) ||
        (l->p < l->end && is_letter(*l->p)))
        return fail(l, start, "Numbers look like 3, .5 or 1.2e-3; names begin with a letter.",
                    "this is not a number");
    HF_TRY(add(l, HF_TOKEN_NUMBER, start, (size_t)(l->p - start)));
    l->out->items[l->out->count - 1].number = value;
    return HF_OK;
}

static hf_status string(lexer *l)
{
    const char *start = ++l->p;
    while (l->p < l->end && *l->p != '"' && *l->p != '\n')
        l->p++;
    if (l->p == l->end || *l->p != '"')
        return fail(l, start - 1, "Close it with \" on the same line.", "a text is not closed");
    HF_TRY(add(l, HF_TOKEN_STRING, start, (size_t)(l->p - start)));
    l->p++;
    return HF_OK;
}

static hf_status newline(lexer *l)
{
    if (l->open <= 0)
        HF_TRY(add(l, HF_TOKEN_NEWLINE, l->p, 0));
    l->p++;
    l->line++;
    l->line_start = l->p;
    return HF_OK;
}

static hf_status sign(lexer *l)
{
    if (*l->p == '-' && l->p + 1 < l->end && l->p[1] == '>') {
        l->p += 2;
        return add(l, HF_TOKEN_ARROW, l->p - 2, 2);
    }
    if (*l->p == '\0' || !strchr("+-*/^()[],=~:", *l->p))
        return fail(l, l->p, "Comments begin with #.", "this sign has no meaning here");
    l->open += (*l->p == '(' || *l->p == '[') - (*l->p == ')' || *l->p == ']');
    return add(l, HF_TOKEN_SIGN, l->p++, 1);
}

static hf_status one(lexer *l)
{
    char c = *l->p;
    if (c == '\n')
        return newline(l);
    if (c == ' ' || c == '\t' || c == '\r') {
        l->p++;
        return HF_OK;
    }
    if (c == '#') {
        while (l->p < l->end && *l->p != '\n')
            l->p++;
        return HF_OK;
    }
    if (c == '"')
        return string(l);
    if (is_digit(c) || (c == '.' && l->p + 1 < l->end && is_digit(l->p[1])))
        return number(l);
    if (!is_letter(c))
        return sign(l);
    const char *start = l->p;
    while (l->p < l->end && (is_letter(*l->p) || is_digit(*l->p)))
        l->p++;
    return add(l, HF_TOKEN_NAME, start, (size_t)(l->p - start));
}

hf_status hf_i_lex(hf_i_tokens *out, hf_ctx *ctx, const char *text, size_t len, const char *file)
{
    lexer l = {ctx, text, text + len, text, file, 1, 0, out};
    while (l.p < l.end)
        HF_TRY(one(&l));
    HF_TRY(add(&l, HF_TOKEN_NEWLINE, l.p, 0));
    return add(&l, HF_TOKEN_END, l.p, 0);
}

void hf_i_tokens_dispose(hf_i_tokens *tokens, hf_ctx *ctx)
{
    hf_i_free(ctx, tokens->items);
    memset(tokens, 0, sizeof *tokens);
}

bool hf_i_token_is(const hf_i_token *token, const char *text)
{
    return (token->kind == HF_TOKEN_NAME || token->kind == HF_TOKEN_SIGN) &&
           strlen(text) == token->len && memcmp(token->text, text, token->len) == 0;
}
