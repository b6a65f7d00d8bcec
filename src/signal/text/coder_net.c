/* SPDX-License-Identifier: MIT */
/* The networks at work, in whole numbers. The convolution is linear in each word's row, so a word's
 * three products with all filters are made once and kept. */
#include "signal/text/coder.h"
#include "signal/text/net.h"

#include <math.h>
#include <string.h>

/* Products stay within a third of 16 bits: three of them and a bias never overflow. */
enum { PRODUCT_MAX = 10000, STATE_MAX = 32767 };

/* No branches: loops over it become vectors. */
static inline int32_t round_to(float x, int32_t most)
{
    x = x < (float)most ? x : (float)most;
    x = x > (float)-most ? x : (float)-most;
    return (int32_t)(x + (x >= 0 ? 0.5f : -0.5f));
}

/* row [dim]: the word's stored row, or the mean of its sub-words, plus its flags'. */
static void token_row(const hf_text_coder *c, const hf_i_net_weights *w, size_t t, int16_t *row)
{
    const hf_i_text_model *m = c->model;
    const hf_i_features *f = &c->features;
    uint32_t begin = f->begin[t], end = f->begin[t + 1], shift = m->info->bits - m->info->sub_bits;
    uint8_t flags = c->tokens.items[t].flags;
    int32_t sum[256] = {0};
    if (c->word[t] != HF_NET_WORD_NONE) {
        for (uint32_t d = 0; d < w->dim; d++)
            sum[d] = w->words[(size_t)c->word[t] * w->dim + d];
    } else if (end > begin) {
        for (uint32_t k = begin; k < end; k++) {
            const int8_t *p = w->subs + (size_t)(f->rows[k] >> shift) * w->dim;
            for (uint32_t d = 0; d < w->dim; d++)
                sum[d] += p[d];
        }
        for (uint32_t d = 0; d < w->dim; d++)
            sum[d] = round_to((float)sum[d] / (float)(end - begin), 127);
    }
    for (uint32_t flag = 0; flag < 2; flag++)
        if (flags & (flag ? HF_TOKEN_LONG : HF_TOKEN_CAPS)) {
            const int8_t *p = w->words + (HF_NET_WORD_CAPS + flag) * w->dim;
            for (uint32_t d = 0; d < w->dim; d++)
                sum[d] += p[d];
        }
    for (uint32_t d = 0; d < w->dim; d++)
        row[d] = (int16_t)sum[d];
}

/* out [3, filters] */
static void products(const hf_i_net_weights *w, const int16_t *row, int16_t *out)
{
    int32_t sum[3 * 512];
    hf_i_kernel_dots(sum, w->conv, row, 3 * (size_t)w->filters, w->dim);
    for (uint32_t j = 0; j < 3; j++)
        hf_i_kernel_round(out + j * w->filters, sum + j * w->filters, w->conv_factor, NULL, 1,
                          -PRODUCT_MAX, PRODUCT_MAX, w->filters);
}

/* A word of the vocabulary without flags: its stored row is all of it. */
static bool is_plain(const hf_text_coder *c, size_t t)
{
    return c->word[t] != HF_NET_WORD_NONE &&
           !(c->tokens.items[t].flags & (HF_TOKEN_CAPS | HF_TOKEN_LONG));
}

static hf_status fill_products(hf_text_coder *c, uint32_t k, size_t n)
{
    const hf_i_net_weights *w = &c->model->net[k];
    hf_i_net_cache *cache = &c->cache[k];
    size_t size = 3 * (size_t)w->filters;
    int16_t row[256];
    cache->rare_count = 0;
    HF_TRY(hf_i_grow(c->ctx, &cache->rare, &cache->rare_cap, n * size, sizeof *cache->rare,
                     UINT32_MAX, "products"));
    for (size_t t = 0; t < n; t++) {
        uint32_t word = c->word[t],
                 slot = word * UINT32_C(2654435761) >> (32 - HF_CODER_CACHE_BITS);
        int16_t *to;
        /* Only plain words of the vocabulary are kept: others differ from turn to turn. */
        if (!is_plain(c, t)) {
            to = cache->rare + cache->rare_count++ * size;
        } else {
            to = cache->products + slot * size;
            if (cache->key[slot] == word) {
                c->part[t + 1] = to;
                continue;
            }
            /* Another word of this turn may stand there: then this one is a guest. */
            bool in_use = false;
            for (size_t i = 0; i < t && cache->key[slot] && !in_use; i++)
                in_use = c->part[i + 1] == to;
            if (in_use)
                to = cache->rare + cache->rare_count++ * size;
            else
                cache->key[slot] = word;
        }
        token_row(c, w, t, row);
        products(w, row, to);
        c->part[t + 1] = to;
    }
    c->part[0] = c->part[n + 1] = c->zeros;
    return HF_OK;
}

/* Mean part of the pooled vector, in the same steps as the largest values. */
static void add_mean(hf_text_coder *c, const hf_i_net_weights *w, size_t n, int16_t *pooled)
{
    int32_t sum[256] = {0};
    int16_t row[256];
    uint32_t plain[HF_NET_TOKENS];
    size_t plain_count = 0;
    for (size_t t = 0; t < n; t++)
        if (is_plain(c, t))
            plain[plain_count++] = c->word[t];
    if (w->dim == HF_KERNEL_WIDE)
        hf_i_kernel_rows(sum, w->words, plain, plain_count);
    else
        for (size_t i = 0; i < plain_count; i++)
            for (uint32_t d = 0; d < w->dim; d++)
                sum[d] += w->words[(size_t)plain[i] * w->dim + d];
    for (size_t t = 0; t < n; t++) {
        if (is_plain(c, t))
            continue;
        token_row(c, w, t, row);
        for (uint32_t d = 0; d < w->dim; d++)
            sum[d] += row[d];
    }
    float factor = n ? w->mean_factor / sqrtf((float)n) : 0;
    for (uint32_t d = 0; d < w->dim; d++)
        pooled[w->filters + d] = (int16_t)round_to((float)sum[d] * factor, STATE_MAX);
}

static hf_status run_net(hf_text_coder *c, uint32_t k, size_t n, float *logit)
{
    const hf_i_net_weights *w = &c->model->net[k];
    int16_t pooled[512 + 256], state[HF_CODER_HIDDEN];
    int32_t sum[HF_CODER_HIDDEN]; /* never fewer than heads */
    HF_TRY(fill_products(c, k, n));
    hf_i_kernel_pool(pooled, c->part, w->conv_bias, n, w->filters);
    add_mean(c, w, n, pooled);
    hf_i_kernel_dots(sum, w->h, pooled, w->hidden, w->pooled);
    /* The rectifier is the lower limit. */
    hf_i_kernel_round(state, sum, w->hidden_scale, w->hidden_bias, w->hidden_factor, 0, STATE_MAX,
                      w->hidden);
    hf_i_kernel_dots(sum, w->out, state, HF_WEIGHTS_OUT, w->hidden);
    for (uint32_t h = 0; h < HF_WEIGHTS_OUT; h++)
        logit[h] = (float)sum[h] * w->out_scale[h] + w->out_bias[h];
    return HF_OK;
}

/* The mean of the networks' logits. */
hf_status hf_i_coder_network(hf_text_coder *c)
{
    const hf_i_text_model *m = c->model;
    size_t n = c->tokens.count < HF_NET_TOKENS ? c->tokens.count : HF_NET_TOKENS;
    HF_TRY(hf_i_grow(c->ctx, &c->word, &c->word_cap, n + 1, sizeof *c->word, UINT32_MAX, "words"));
    HF_TRY(hf_i_grow(c->ctx, &c->part, &c->part_cap, n + 2, sizeof *c->part, UINT32_MAX, "words"));
    for (size_t t = 0; t < n; t++)
        c->word[t] = hf_i_weights_word(m, c->features.hash[t]);
    memset(c->network, 0, sizeof c->network);
    for (uint32_t k = 0; k < m->info->nets; k++) {
        float logit[HF_WEIGHTS_OUT];
        HF_TRY(run_net(c, k, n, logit));
        for (size_t h = 0; h < HF_WEIGHTS_OUT; h++)
            c->network[h] += logit[h] / (float)m->info->nets;
    }
    return HF_OK;
}
