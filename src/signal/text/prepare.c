/* SPDX-License-Identifier: MIT */
#include "signal/text/prepare.h"

#include "signal/text/weights.h"

#include <math.h>
#include <string.h>

typedef struct {
    hf_i_prepared *p;
    hf_i_text_tokens tokens;
    hf_i_features features;
    uint32_t *documents, *last; /* [1 << bits] */
    float *value;
    size_t value_cap;
} builder;

static size_t slot_of(const hf_i_vocabulary *v, uint64_t hash)
{
    size_t i = hash & (v->slots - 1);
    while (v->hash[i] && v->hash[i] != hash)
        i = (i + 1) & (v->slots - 1);
    return i;
}

static hf_status init_vocabulary(hf_i_prepared *p)
{
    hf_i_vocabulary *v = &p->vocabulary;
    v->slots = (size_t)1 << 20;
    v->hash = hf_i_calloc(p->ctx, v->slots, sizeof *v->hash);
    v->word = hf_i_calloc(p->ctx, v->slots, sizeof *v->word);
    v->count = hf_i_calloc(p->ctx, v->slots, sizeof *v->count);
    return v->hash && v->word && v->count ? HF_OK : HF_E_NOMEM;
}

static hf_status count_row(builder *b, uint32_t row)
{
    hf_i_prepared *p = b->p;
    hf_i_vocabulary *v = &p->vocabulary;
    const hf_i_corpus_row *r = &p->corpus->rows[row];
    HF_TRY(hf_i_text_tokens_read(&b->tokens, r->text, r->len));
    HF_TRY(hf_i_features_read(&b->features, &b->tokens, p->bits, 0));
    for (size_t k = 0; k < b->features.count; k++) {
        uint32_t column = b->features.rows[k];
        if (b->last[column] != row + 1) {
            b->last[column] = row + 1;
            b->documents[column]++;
        }
    }
    for (size_t t = 0; t < b->tokens.count; t++) {
        size_t at = slot_of(v, b->features.hash[t]);
        if (!v->hash[at]) {
            if (2 * ++v->used > v->slots)
                return hf_i_fail(p->ctx, HF_E_LIMIT, NULL, "more than %zu different words",
                                 v->slots / 2);
            v->hash[at] = b->features.hash[t];
        }
        v->count[at]++;
    }
    return HF_OK;
}

/* Rows in the order in which the words are first seen: the same for any hash layout. */
static void number_word(hf_i_vocabulary *v, uint64_t hash, uint32_t row, uint32_t token,
                        uint32_t *out)
{
    size_t at = slot_of(v, hash);
    if (v->count[at] >= HF_VOCABULARY_MIN && !v->word[at]) {
        v->at_row[v->words] = row;
        v->at_token[v->words] = token;
        v->word[at] = v->words++;
    }
    *out = v->word[at];
}

static hf_status add_input(builder *b, uint32_t row)
{
    hf_i_prepared *p = b->p;
    const hf_i_features *f = &b->features;
    size_t n = b->tokens.count < HF_NET_TOKENS ? b->tokens.count : HF_NET_TOKENS;
    uint32_t first = f->begin[0], subs = f->begin[n] - first, shift = p->bits - p->sub_bits;
    uint32_t *word = hf_i_arena_alloc(&p->arena, (2 * n + 1 + subs) * sizeof *word);
    uint8_t *flags = hf_i_arena_alloc(&p->arena, n + 1);
    if (!word || !flags)
        return HF_E_NOMEM;
    uint32_t *begin = word + n, *sub = begin + n + 1;
    for (size_t t = 0; t < n; t++) {
        number_word(&p->vocabulary, f->hash[t], row, (uint32_t)t, &word[t]);
        begin[t] = f->begin[t] - first;
        flags[t] = b->tokens.items[t].flags & (HF_TOKEN_CAPS | HF_TOKEN_LONG);
    }
    begin[n] = subs;
    for (uint32_t k = 0; k < subs; k++)
        sub[k] = f->rows[first + k] >> shift;
    p->in[row] = (hf_i_net_input){(uint32_t)n, word, begin, sub, flags};
    return HF_OK;
}

static hf_status add_matrix_row(builder *b)
{
    hf_i_prepared *p = b->p;
    const hf_i_features *f = &b->features;
    double square[2] = {0, 0};
    HF_TRY(hf_i_grow(p->ctx, &b->value, &b->value_cap, f->count + 1, sizeof *b->value, UINT32_MAX,
                     "values"));
    for (size_t k = 0; k < f->count; k++) {
        b->value[k] = (float)p->idf[f->rows[k]] / HF_WEIGHTS_IDF_ONE;
        square[k >= f->words] += (double)(b->value[k] * b->value[k]);
    }
    for (int i = 0; i < 2; i++)
        square[i] = square[i] > 0 ? 1 / sqrt(square[i]) : 0;
    for (size_t k = 0; k < f->count; k++)
        b->value[k] *= (float)square[k >= f->words];
    return hf_i_matrix_add(&p->x, f->rows, b->value, f->count);
}

static void make_idf(builder *b)
{
    hf_i_prepared *p = b->p;
    double rows = (double)p->corpus->count;
    for (size_t i = 0; i < (size_t)1 << p->bits; i++) {
        double idf = 1 + log((1 + rows) / (1 + b->documents[i]));
        p->idf[i] = (uint8_t)fmin(255, floor(idf * HF_WEIGHTS_IDF_ONE + 0.5));
    }
}

static hf_status second_pass(builder *b)
{
    hf_i_prepared *p = b->p;
    hf_i_vocabulary *v = &p->vocabulary;
    make_idf(b);
    v->at_row = hf_i_calloc(p->ctx, v->used + HF_NET_WORD_FIRST, sizeof *v->at_row);
    v->at_token = hf_i_calloc(p->ctx, v->used + HF_NET_WORD_FIRST, sizeof *v->at_token);
    p->in = hf_i_calloc(p->ctx, p->corpus->count + 1, sizeof *p->in);
    if (!v->at_row || !v->at_token || !p->in)
        return HF_E_NOMEM;
    v->words = HF_NET_WORD_FIRST;
    hf_i_matrix_init(&p->x, p->ctx, (size_t)1 << p->bits);
    for (uint32_t i = 0; i < p->corpus->count; i++) {
        const hf_i_corpus_row *r = &p->corpus->rows[i];
        HF_TRY(hf_i_text_tokens_read(&b->tokens, r->text, r->len));
        HF_TRY(hf_i_features_read(&b->features, &b->tokens, p->bits, 0));
        HF_TRY(add_input(b, i));
        HF_TRY(add_matrix_row(b));
        if (i % 8192 == 0)
            HF_TRY(hf_i_progress(p->ctx, "reading", i, p->corpus->count));
    }
    return HF_OK;
}

hf_status hf_i_prepare(hf_i_prepared *p, hf_ctx *ctx, const hf_i_corpus *corpus, unsigned bits,
                       unsigned sub_bits)
{
    *p = (hf_i_prepared){.ctx = ctx, .corpus = corpus, .bits = bits, .sub_bits = sub_bits};
    hf_i_arena_init(&p->arena, ctx);
    hf_i_matrix_init(&p->x, ctx, (size_t)1 << bits);
    builder b = {.p = p};
    size_t n = (size_t)1 << bits;
    hf_i_text_tokens_init(&b.tokens, ctx);
    hf_i_features_init(&b.features, ctx);
    b.documents = hf_i_calloc(ctx, n, sizeof *b.documents);
    b.last = hf_i_calloc(ctx, n, sizeof *b.last);
    p->idf = hf_i_calloc(ctx, n, 1);
    hf_status s = b.documents && b.last && p->idf ? init_vocabulary(p) : HF_E_NOMEM;
    for (uint32_t i = 0; s == HF_OK && i < corpus->count; i++)
        s = count_row(&b, i);
    if (s == HF_OK)
        s = second_pass(&b);
    hf_i_text_tokens_dispose(&b.tokens);
    hf_i_features_dispose(&b.features);
    hf_i_free(ctx, b.documents);
    hf_i_free(ctx, b.last);
    hf_i_free(ctx, b.value);
    if (s != HF_OK)
        hf_i_prepared_dispose(p);
    return s;
}

void hf_i_prepared_dispose(hf_i_prepared *p)
{
    hf_i_vocabulary *v = &p->vocabulary;
    hf_i_free(p->ctx, v->hash);
    hf_i_free(p->ctx, v->word);
    hf_i_free(p->ctx, v->count);
    hf_i_free(p->ctx, v->at_row);
    hf_i_free(p->ctx, v->at_token);
    hf_i_free(p->ctx, p->idf);
    hf_i_free(p->ctx, p->in);
    hf_i_matrix_dispose(&p->x);
    hf_i_arena_dispose(&p->arena);
    *p = (hf_i_prepared){.ctx = p->ctx};
}
