/* SPDX-License-Identifier: MIT */
#include "signal/text/vectors.h"

#include "num/random.h"
#include "signal/text/kernel.h"
#include "signal/text/suite.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

enum { DIM_MAX = 256 };

/* ---- reading ------------------------------------------------------------------------------- */

static size_t slot_of(const hf_i_vectors *v, uint64_t hash)
{
    size_t i = hash & (v->slots - 1);
    while (v->hash[i] && v->hash[i] != hash)
        i = (i + 1) & (v->slots - 1);
    return i;
}

static hf_status add_word(hf_i_vectors *v, const char *word, size_t len, const float *value)
{
    uint64_t hash = hf_i_text_hash(word, len, 0);
    size_t slot = slot_of(v, hash);
    if (v->hash[slot])
        return HF_OK;
    HF_TRY(hf_i_grow(v->ctx, &v->value, &v->value_cap, (v->count + 1) * v->dim, sizeof *v->value,
                     UINT32_MAX, "word vectors"));
    memcpy(v->value + v->count * v->dim, value, v->dim * sizeof *value);
    v->hash[slot] = hash;
    v->at[slot] = (uint32_t)v->count++;
    return HF_OK;
}

/* The numbers of a line into value [DIM_MAX]; returns how many, 0 when one is none. */
static size_t read_numbers(const char *p, const char *end, float *value)
{
    size_t n = 0;
    while (p < end) {
        const char *stop = memchr(p, ' ', (size_t)(end - p));
        double x;
        stop = stop ? stop : end;
        if (n == DIM_MAX || !hf_i_number_parse(p, (size_t)(stop - p), '.', &x))
            return 0;
        value[n++] = (float)x;
        p = stop + (stop < end);
    }
    return n;
}

typedef struct {
    hf_i_vectors *v;
    hf_i_corpus *corpus;
    hf_i_text_tokens tokens;
    size_t extra;
} reader;

/* A word that the tokeniser would not split becomes a row of the corpus. */
static hf_status offer_word(reader *r, const char *word, size_t len)
{
    if (!r->extra)
        return HF_OK;
    HF_TRY(hf_i_text_tokens_read(&r->tokens, word, len));
    if (r->tokens.count != 1 || r->tokens.items[0].kind != HF_TOKEN_WORD)
        return HF_OK;
    r->extra--;
    hf_i_corpus_row row = {.text = word, .len = (uint32_t)len, .set = HF_SET_WORDS};
    row.group = hf_i_text_hash(word, len, 1);
    return hf_i_corpus_add(r->corpus, &row);
}

static hf_status read_line(reader *r, const char *p, const char *end, const hf_i_place *place)
{
    float value[DIM_MAX];
    const char *blank = memchr(p, ' ', (size_t)(end - p));
    size_t n = blank && blank > p ? read_numbers(blank + 1, end, value) : 0;
    if (!n || (r->v->dim && n != r->v->dim))
        return hf_i_fail_at(r->v->ctx, HF_E_PARSE, place, NULL,
                            "not a word and the same count of numbers as before (at most %d)",
                            DIM_MAX);
    r->v->dim = n;
    HF_TRY(add_word(r->v, p, (size_t)(blank - p), value));
    return offer_word(r, p, (size_t)(blank - p));
}

hf_status hf_i_vectors_read(hf_i_vectors *v, hf_i_corpus *c, const char *path, size_t most,
                            size_t extra)
{
    *v = (hf_i_vectors){.ctx = c->ctx, .slots = 1};
    while (v->slots < 2 * most + 2)
        v->slots *= 2;
    v->hash = hf_i_calloc(c->ctx, v->slots, sizeof *v->hash);
    v->at = hf_i_calloc(c->ctx, v->slots, sizeof *v->at);
    if (!v->hash || !v->at)
        return HF_E_NOMEM;
    const hf_i_file *file;
    HF_TRY(hf_i_corpus_open(c, path, &file));
    reader r = {.v = v, .corpus = c, .extra = extra};
    hf_i_text_tokens_init(&r.tokens, c->ctx);
    hf_i_place place = {.file = path, .line = 1};
    const char *p = (const char *)file->data, *end = p + file->size;
    hf_status s = HF_OK;
    for (; s == HF_OK && p < end && v->count < most; place.line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        s = read_line(&r, p, stop, &place);
        p = stop + 1;
    }
    hf_i_text_tokens_dispose(&r.tokens);
    return s;
}

void hf_i_vectors_dispose(hf_i_vectors *v)
{
    hf_i_free(v->ctx, v->hash);
    hf_i_free(v->ctx, v->at);
    hf_i_free(v->ctx, v->value);
    *v = (hf_i_vectors){0};
}

/* ---- rows of a network --------------------------------------------------------------------- */

static const float *find(const hf_i_vectors *v, const char *word, size_t len)
{
    size_t slot = slot_of(v, hf_i_text_hash(word, len, 0));
    return v->hash[slot] ? v->value + v->at[slot] * v->dim : NULL;
}

static const struct {
    const char *end, *word;
} parts[] = {{"n't", "not"}, {"'m", "am"},    {"'re", "are"}, {"'ve", "have"},
             {"'ll", "will"}, {"'d", "would"}, {"'s", NULL}};

/* out [dim]; false when neither the word nor its parts have a vector. */
static bool look_up(const hf_i_vectors *v, const char *word, size_t len, float *out)
{
    const float *whole = find(v, word, len);
    if (whole) {
        memcpy(out, whole, v->dim * sizeof *out);
        return true;
    }
    for (size_t i = 0; i < HF_COUNT_OF(parts); i++) {
        size_t n = strlen(parts[i].end);
        if (len <= n || memcmp(word + len - n, parts[i].end, n) != 0)
            continue;
        const float *head = find(v, word, len - n);
        const float *tail =
            parts[i].word ? find(v, parts[i].word, strlen(parts[i].word)) : NULL;
        if (!head)
            return false;
        for (size_t d = 0; d < v->dim; d++)
            out[d] = head[d] + (tail ? tail[d] : 0);
        return true;
    }
    return false;
}

static double mean_square(const hf_i_vectors *v)
{
    double square = 0;
    for (size_t i = 0; i < v->count * v->dim; i++)
        square += (double)(v->value[i] * v->value[i]);
    return square / fmax(1, (double)(v->count * v->dim));
}

hf_status hf_i_vectors_fill(const hf_i_vectors *v, const hf_i_prepared *p, hf_i_net *net,
                            double spread, uint64_t seed)
{
    const hf_i_vocabulary *vocabulary = &p->vocabulary;
    hf_i_text_tokens t;
    hf_i_random r;
    float row[DIM_MAX];
    float scale = (float)(spread / sqrt(mean_square(v)));
    hf_status s = HF_OK;
    hf_i_random_init(&r, seed, 7, 0);
    hf_i_text_tokens_init(&t, net->ctx);
    for (size_t i = 0; i < net->subs * net->dim; i++)
        net->sub[i] = (float)(0.2 * spread * (2 * hf_i_random_uniform(&r) - 1));
    for (uint32_t w = HF_NET_WORD_FIRST; s == HF_OK && w < vocabulary->words; w++) {
        const hf_i_corpus_row *from = &p->corpus->rows[vocabulary->at_row[w]];
        float *to = net->word + w * net->dim;
        s = hf_i_text_tokens_read(&t, from->text, from->len);
        const hf_i_token *token = &t.items[vocabulary->at_token[w]];
        if (s != HF_OK || !look_up(v, t.text + token->at, token->len, row))
            continue;
        for (size_t d = 0; d < net->dim; d++)
            to[d] = d < v->dim ? scale * row[d]
                               : (float)(0.2 * spread * (2 * hf_i_random_uniform(&r) - 1));
    }
    hf_i_text_tokens_dispose(&t);
    return s;
}
