/* SPDX-License-Identifier: MIT */
#include "signal/text/coder.h"

#include <math.h>
#include <string.h>

static hf_status init_cache(hf_text_coder *c, uint32_t k)
{
    size_t size = 3 * (size_t)c->model->net[k].filters;
    c->cache[k].key = hf_i_calloc(c->ctx, HF_CODER_CACHE, sizeof *c->cache[k].key);
    c->cache[k].products = hf_i_alloc(c->ctx, HF_CODER_CACHE * size * sizeof(int16_t));
    return c->cache[k].key && c->cache[k].products ? HF_OK : HF_E_NOMEM;
}

hf_status hf_text_coder_new(hf_text_coder **out, hf_ctx *ctx, const hf_text_model *model)
{
    *out = NULL;
    hf_text_coder *c = hf_i_calloc(ctx, 1, sizeof *c);
    if (!c)
        return HF_E_NOMEM;
    c->ctx = ctx;
    c->model = model;
    c->last_len = SIZE_MAX;
    hf_i_text_tokens_init(&c->tokens, ctx);
    hf_i_text_tokens_init(&c->prev, ctx);
    hf_i_features_init(&c->features, ctx);
    hf_i_words_init(&c->words, ctx);
    c->zeros = hf_i_calloc(ctx, 3 * 512, sizeof *c->zeros);
    hf_status s = c->zeros ? HF_OK : HF_E_NOMEM;
    for (uint32_t k = 0; s == HF_OK && k < model->info->nets; k++)
        s = init_cache(c, k);
    if (s != HF_OK) {
        hf_text_coder_free(c);
        return s;
    }
    *out = c;
    return HF_OK;
}

void hf_text_coder_free(hf_text_coder *c)
{
    if (!c)
        return;
    hf_i_text_tokens_dispose(&c->tokens);
    hf_i_text_tokens_dispose(&c->prev);
    hf_i_features_dispose(&c->features);
    hf_i_words_dispose(&c->words);
    for (size_t k = 0; k < HF_WEIGHTS_NETS; k++) {
        hf_i_free(c->ctx, c->cache[k].key);
        hf_i_free(c->ctx, c->cache[k].products);
        hf_i_free(c->ctx, c->cache[k].rare);
    }
    hf_i_free(c->ctx, c->word);
    hf_i_free(c->ctx, c->part);
    hf_i_free(c->ctx, c->zeros);
    hf_i_free(c->ctx, c);
}

/* exp(x) for |x| <= 87: 2^k times a polynomial of degree 6 on half a unit, 2e-7 relative. */
static float exponential(float x)
{
    x = x > 87 ? 87 : x < -87 ? -87 : x;
    float k = x * 1.44269504f;
    int32_t n = (int32_t)(k >= 0 ? k + 0.5f : k - 0.5f);
    float r = x - (float)n * 0.693359375f + (float)n * 2.12194440e-4f;
    float p = 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    uint32_t bits = (uint32_t)(n + 127) << 23;
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return p * scale;
}

float hf_i_sigmoid(float x)
{
    return 1.0f / (1.0f + exponential(-x));
}

/* One over the length of the idf vector of some rows. */
static float inverse_length(const hf_i_text_model *m, const uint32_t *row, size_t n)
{
    uint64_t square = 0;
    for (size_t i = 0; i < n; i++)
        square += (uint64_t)m->idf[row[i]] * m->idf[row[i]];
    return square ? (float)HF_WEIGHTS_IDF_ONE / sqrtf((float)square) : 0;
}

void hf_i_coder_linear(hf_text_coder *c)
{
    _Static_assert((int)HF_WEIGHTS_HEADS == (int)HF_KERNEL_WIDE &&
                       (int)HF_WEIGHTS_ACTS == (int)HF_KERNEL_NARROW,
                   "tables and kernels have the same width");
    const hf_i_text_model *m = c->model;
    const hf_i_features *f = &c->features;
    const uint32_t *chars = f->rows + f->words;
    size_t n = f->count - f->words;
    int32_t sum[2][HF_WEIGHTS_HEADS];
    hf_i_kernel_rows(sum[0], m->rows, f->rows, f->words);
    hf_i_kernel_rows(sum[1], m->rows, chars, n);
    float a = inverse_length(m, f->rows, f->words), b = inverse_length(m, chars, n);
    for (size_t h = 0; h < HF_WEIGHTS_HEADS; h++)
        c->linear[h] =
            ((float)sum[0][h] * a + (float)sum[1][h] * b) * m->rows_scale[h] + m->rows_bias[h];
}

void hf_i_coder_act_linear(hf_text_coder *c)
{
    const hf_i_text_model *m = c->model;
    const hf_i_features *f = &c->features;
    const uint32_t *chars = f->rows + f->words;
    size_t n = f->count - f->words;
    int32_t sum[2][HF_WEIGHTS_ACTS];
    unsigned shift = m->info->bits - HF_WEIGHTS_ACT_BITS;
    hf_i_kernel_narrow_rows(sum[0], m->act_rows, f->rows, f->words, shift);
    hf_i_kernel_narrow_rows(sum[1], m->act_rows, chars, n, shift);
    float a = f->words ? 1 / sqrtf((float)f->words) : 0;
    float b = n ? 1 / sqrtf((float)n) : 0;
    for (size_t h = 0; h < HF_WEIGHTS_ACTS; h++)
        c->act_linear[h] =
            ((float)sum[0][h] * a + (float)sum[1][h] * b) * m->act_scale[h] + m->act_bias[h];
}

/* logit = bias + stack x (linear, network) */
void hf_i_coder_stack(hf_text_coder *c)
{
    const hf_i_text_model *m = c->model;
    uint32_t heads = m->info->heads, inputs = m->info->stack_inputs;
    float x[2 * HF_WEIGHTS_HEADS];
    if (m->stack_own && inputs == 2 * heads) {
        const float *a = m->stack, *b = m->stack + (size_t)heads * heads;
        for (size_t h = 0; h < heads; h++)
            c->logit[h] = m->stack_bias[h] + c->linear[h] * a[h * heads + h] +
                          c->network[h] * b[h * heads + h];
        return;
    }
    memcpy(x, c->linear, heads * sizeof *x);
    memcpy(x + heads, c->network, heads * sizeof *x);
    hf_i_kernel_layer(c->logit, m->stack, m->stack_bias, x, inputs, heads);
}
