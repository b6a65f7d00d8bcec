/* SPDX-License-Identifier: MIT */
/* Source: Kim 2014, EMNLP (convolution and max over time); Bojanowski, Grave, Joulin & Mikolov
 * 2017, TACL 5 (sub-words); Kingma & Ba 2015, ICLR (Adam); Duchi, Hazan & Singer 2011, JMLR 12
 *   (AdaGrad, for the tables: a row is touched only when its word occurs).
 * Cost: tokens x filters x 3 dim multiplications forward; backward only the winning tokens. */
#include "signal/text/net.h"

#include "num/random.h"
#include "signal/text/kernel.h"
#include "signal/text/tokens.h"

#include <math.h>
#include <string.h>

#define dot  hf_i_kernel_dot
#define axpy hf_i_kernel_axpy

/* ---- the network --------------------------------------------------------------------------------
 */

static void fill(float *p, size_t n, double width, hf_i_random *r)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (float)(width * (2 * hf_i_random_uniform(r) - 1));
}

hf_status hf_i_net_init(hf_i_net *net, hf_ctx *ctx, size_t words, size_t subs, size_t dim,
                        size_t filters, size_t hidden, size_t heads, uint64_t seed)
{
    *net = (hf_i_net){ctx,  words, subs, dim,  filters, hidden, heads, filters + dim, NULL,
                      NULL, NULL,  NULL, NULL, NULL,    NULL,   NULL,  NULL,          0};
    size_t conv = filters * 3 * dim, h = hidden * net->pooled, out = heads * hidden;
    net->dense_count = conv + filters + h + hidden + out + heads;
    net->word = hf_i_calloc(ctx, words * dim, sizeof(float));
    net->sub = hf_i_calloc(ctx, subs * dim, sizeof(float));
    net->dense = hf_i_calloc(ctx, net->dense_count, sizeof(float));
    if (!net->word || !net->sub || !net->dense) {
        hf_i_net_dispose(net);
        return HF_E_NOMEM;
    }
    net->conv = net->dense;
    net->conv_bias = net->conv + conv;
    net->h = net->conv_bias + filters;
    net->h_bias = net->h + h;
    net->out = net->h_bias + hidden;
    net->out_bias = net->out + out;
    hf_i_random r;
    hf_i_random_init(&r, seed, 2, 0);
    fill(net->word + dim, (words - 1) * dim, 0.25, &r);
    fill(net->sub, subs * dim, 0.25, &r);
    fill(net->conv, conv, sqrt(6.0 / (double)(3 * dim + filters)), &r);
    fill(net->h, h, sqrt(6.0 / (double)(net->pooled + hidden)), &r);
    fill(net->out, out, sqrt(6.0 / (double)(hidden + heads)), &r);
    return HF_OK;
}

void hf_i_net_dispose(hf_i_net *net)
{
    hf_i_free(net->ctx, net->word);
    hf_i_free(net->ctx, net->sub);
    hf_i_free(net->ctx, net->dense);
    net->word = net->sub = net->dense = NULL;
}

hf_status hf_i_net_work_init(hf_i_net_work *w, const hf_i_net *net, bool train)
{
    memset(w, 0, sizeof *w);
    hf_ctx *ctx = net->ctx;
    size_t tokens = HF_NET_TOKENS + 2, pooled = net->pooled, hidden = net->hidden;
    size_t small = 2 * tokens * net->dim + net->filters * HF_NET_TOKENS + 3 * pooled + 3 * hidden +
                   2 * net->heads;
    float *p = w->e = hf_i_calloc(ctx, small, sizeof(float));
    w->best = hf_i_calloc(ctx, net->filters, sizeof *w->best);
    if (train) {
        w->grad = hf_i_calloc(ctx, 4 * net->dense_count, sizeof(float));
        w->word_g2 = hf_i_calloc(ctx, net->words, sizeof(float));
        w->sub_g2 = hf_i_calloc(ctx, net->subs, sizeof(float));
    }
    if (!p || !w->best || (train && (!w->grad || !w->word_g2 || !w->sub_g2))) {
        hf_i_net_work_dispose(w, net);
        return HF_E_NOMEM;
    }
    if (train) {
        w->m1 = w->grad + net->dense_count;
        w->m2 = w->m1 + net->dense_count;
        w->mean_dense = w->m2 + net->dense_count;
    }
    w->de = (p += tokens * net->dim);
    w->z = (p += tokens * net->dim);
    w->pooled = (p += net->filters * HF_NET_TOKENS);
    w->dpooled = (p += pooled);
    w->mask_pooled = (p += pooled);
    w->hidden = (p += pooled);
    w->dhidden = (p += hidden);
    w->mask_hidden = (p += hidden);
    w->logit = (p += hidden);
    w->dlogit = p + net->heads;
    for (size_t i = 0; i < pooled; i++)
        w->mask_pooled[i] = 1;
    for (size_t i = 0; i < hidden; i++)
        w->mask_hidden[i] = 1;
    return HF_OK;
}

void hf_i_net_work_dispose(hf_i_net_work *w, const hf_i_net *net)
{
    hf_i_free(net->ctx, w->e);
    hf_i_free(net->ctx, w->best);
    hf_i_free(net->ctx, w->grad);
    hf_i_free(net->ctx, w->word_g2);
    hf_i_free(net->ctx, w->sub_g2);
    memset(w, 0, sizeof *w);
}

static uint32_t token_count(const hf_i_net_input *in)
{
    return in->tokens < HF_NET_TOKENS ? in->tokens : HF_NET_TOKENS;
}

/* e[t + 1] = word row (unless dropped) + mean of the sub-word rows; e[0] and e[n + 1] are zero. */
static void embed(const hf_i_net *net, hf_i_net_work *w, const hf_i_net_input *in)
{
    uint32_t n = token_count(in);
    size_t dim = net->dim;
    memset(w->e, 0, (n + 2) * dim * sizeof *w->e);
    for (uint32_t t = 0; t < n; t++) {
        float *e = w->e + (t + 1) * dim;
        uint32_t subs = in->begin[t + 1] - in->begin[t];
        if (w->dropped[t] == 2)
            continue;
        for (uint32_t k = in->begin[t]; k < in->begin[t + 1]; k++)
            axpy(e, 1.0f, net->sub + in->sub[k] * dim, dim);
        if (subs)
            for (size_t d = 0; d < dim; d++)
                e[d] *= 1.0f / (float)subs;
        if (!w->dropped[t])
            axpy(e, 1.0f, net->word + in->word[t] * dim, dim);
        if (in->flags[t] & HF_TOKEN_CAPS)
            axpy(e, 1.0f, net->word + HF_NET_WORD_CAPS * dim, dim);
        if (in->flags[t] & HF_TOKEN_LONG)
            axpy(e, 1.0f, net->word + HF_NET_WORD_LONG * dim, dim);
    }
}

static void pool(const hf_i_net *net, hf_i_net_work *w, uint32_t n)
{
    size_t dim = net->dim;
    for (size_t f = 0; f < net->filters; f++) {
        float most = 0;
        w->best[f] = UINT32_MAX; /* all below zero: the rectifier lets nothing through */
        for (uint32_t t = 0; t < n; t++) {
            float z = dot(net->conv + f * 3 * dim, w->e + t * dim, 3 * dim) + net->conv_bias[f];
            if (z > most) {
                most = z;
                w->best[f] = t;
            }
        }
        w->pooled[f] = most * w->mask_pooled[f];
    }
    float *mean = w->pooled + net->filters;
    memset(mean, 0, dim * sizeof *mean);
    /* Divided by the root of the length: longer turns say more, but not n times more. */
    float scale = n ? (float)(1 / sqrt((double)n)) : 0;
    for (uint32_t t = 0; t < n; t++)
        axpy(mean, scale, w->e + (t + 1) * dim, dim);
    for (size_t d = 0; d < dim; d++)
        mean[d] *= w->mask_pooled[net->filters + d];
}

void hf_i_net_forward(const hf_i_net *net, hf_i_net_work *w, const hf_i_net_input *in)
{
    embed(net, w, in);
    pool(net, w, token_count(in));
    for (size_t j = 0; j < net->hidden; j++) {
        float z = dot(net->h + j * net->pooled, w->pooled, net->pooled) + net->h_bias[j];
        w->hidden[j] = z > 0 ? z * w->mask_hidden[j] : 0;
    }
    for (size_t k = 0; k < net->heads; k++)
        w->logit[k] = dot(net->out + k * net->hidden, w->hidden, net->hidden) + net->out_bias[k];
}

/* ---- backward -----------------------------------------------------------------------------------
 */

/* Gradients of the dense part are added to w->grad, those of the tokens stand in w->de. */
static void backward(const hf_i_net *net, hf_i_net_work *w, uint32_t n)
{
    size_t dim = net->dim, pooled = net->pooled, hidden = net->hidden;
    float *g_conv = w->grad, *g_conv_bias = g_conv + (net->conv_bias - net->dense);
    float *g_h = w->grad + (net->h - net->dense), *g_h_bias = w->grad + (net->h_bias - net->dense);
    float *g_out = w->grad + (net->out - net->dense);
    float *g_out_bias = w->grad + (net->out_bias - net->dense);
    memset(w->dhidden, 0, hidden * sizeof(float));
    memset(w->dpooled, 0, pooled * sizeof(float));
    memset(w->de, 0, (n + 2) * dim * sizeof(float));
    for (size_t k = 0; k < net->heads; k++) {
        float d = w->dlogit[k];
        if (d == 0)
            continue;
        g_out_bias[k] += d;
        axpy(g_out + k * hidden, d, w->hidden, hidden);
        axpy(w->dhidden, d, net->out + k * hidden, hidden);
    }
    for (size_t j = 0; j < hidden; j++) {
        float d = w->hidden[j] > 0 ? w->dhidden[j] * w->mask_hidden[j] : 0;
        if (d == 0)
            continue;
        g_h_bias[j] += d;
        axpy(g_h + j * pooled, d, w->pooled, pooled);
        axpy(w->dpooled, d, net->h + j * pooled, pooled);
    }
    for (size_t f = 0; f < net->filters; f++) {
        float d = w->dpooled[f] * w->mask_pooled[f];
        if (d == 0 || w->best[f] == UINT32_MAX)
            continue;
        size_t at = w->best[f] * dim;
        g_conv_bias[f] += d;
        axpy(g_conv + f * 3 * dim, d, w->e + at, 3 * dim);
        axpy(w->de + at, d, net->conv + f * 3 * dim, 3 * dim);
    }
    float scale = n ? (float)(1 / sqrt((double)n)) : 0;
    for (size_t d = 0; d < dim; d++)
        w->dpooled[net->filters + d] *= scale * w->mask_pooled[net->filters + d];
    for (uint32_t t = 0; t < n; t++)
        axpy(w->de + (t + 1) * dim, 1.0f, w->dpooled + net->filters, dim);
}

/* Cross entropy of the annotated heads; dlogit is set. */
static double loss_of(const hf_i_net *net, hf_i_net_work *w, const float *target,
                      const float *weight)
{
    double loss = 0;
    for (size_t k = 0; k < net->heads; k++) {
        w->dlogit[k] = 0;
        if (target[k] < 0 || weight[k] == 0)
            continue;
        double z = (double)w->logit[k], y = (double)target[k];
        double p = 1 / (1 + exp(-z));
        loss += (double)weight[k] * ((z > 0 ? z : 0) - y * z + log1p(exp(-fabs(z))));
        w->dlogit[k] = weight[k] * (float)(p - y);
    }
    return loss;
}

double hf_i_net_loss(const hf_i_net *net, hf_i_net_work *w, const hf_i_net_input *in,
                     const float *target, const float *weight)
{
    memset(w->dropped, 0, sizeof w->dropped);
    hf_i_net_forward(net, w, in);
    double loss = loss_of(net, w, target, weight);
    memset(w->grad, 0, net->dense_count * sizeof(float));
    backward(net, w, token_count(in));
    return loss;
}

/* ---- updates ------------------------------------------------------------------------------------
 */

/* AdaGrad with one sum of squares a row. */
static void update_row(float *row, float *g2, const float *g, float scale, size_t dim, float rate)
{
    float square = 0;
    for (size_t d = 0; d < dim; d++)
        square += g[d] * g[d];
    *g2 += square * scale * scale / (float)dim;
    axpy(row, -rate * scale / (sqrtf(*g2) + 1e-6f), g, dim);
}

static void update_word(hf_i_net *net, hf_i_net_work *w, uint32_t word, const float *g, float rate)
{
    update_row(net->word + word * net->dim, &w->word_g2[word], g, 1.0f, net->dim, rate);
}

static void update_tables(hf_i_net *net, hf_i_net_work *w, const hf_i_net_input *in, float rate)
{
    uint32_t n = token_count(in);
    for (uint32_t t = 0; t < n; t++) {
        const float *g = w->de + (t + 1) * net->dim;
        uint32_t subs = in->begin[t + 1] - in->begin[t];
        if (w->dropped[t] == 2)
            continue;
        if (!w->dropped[t] && in->word[t] != HF_NET_WORD_NONE)
            update_word(net, w, in->word[t], g, rate);
        if (in->flags[t] & HF_TOKEN_CAPS)
            update_word(net, w, HF_NET_WORD_CAPS, g, rate);
        if (in->flags[t] & HF_TOKEN_LONG)
            update_word(net, w, HF_NET_WORD_LONG, g, rate);
        for (uint32_t k = in->begin[t]; k < in->begin[t + 1]; k++)
            update_row(net->sub + in->sub[k] * net->dim, &w->sub_g2[in->sub[k]], g,
                       1.0f / (float)subs, net->dim, rate);
    }
}

static void update_dense(hf_i_net *net, hf_i_net_work *w, double rate, double decay, int step,
                         int batch)
{
    float b1 = 0.9f, b2 = 0.999f, inv = 1.0f / (float)batch;
    float c1 = (float)(1 / (1 - pow(0.9, step))), c2 = (float)(1 / (1 - pow(0.999, step)));
    float r = (float)rate, shrink = (float)(rate * decay);
    for (size_t i = 0; i < net->dense_count; i++) {
        float g = w->grad[i] * inv;
        w->m1[i] = b1 * w->m1[i] + (1 - b1) * g;
        w->m2[i] = b2 * w->m2[i] + (1 - b2) * g * g;
        net->dense[i] -=
            r * w->m1[i] * c1 / (sqrtf(w->m2[i] * c2) + 1e-8f) + shrink * net->dense[i];
        w->grad[i] = 0;
    }
}

static void draw_masks(const hf_i_net *net, hf_i_net_work *w, const hf_i_net_options *o,
                       hf_i_random *r, uint32_t n)
{
    /* Of the dropped tokens one half loses its word row only: sub-words must do alone. */
    for (uint32_t t = 0; t < n; t++) {
        double u = hf_i_random_uniform(r);
        w->dropped[t] = u < o->drop_word / 2 ? 2 : u < o->drop_word;
    }
    float keep = (float)(1 / (1 - o->drop_pooled)), keep2 = (float)(1 / (1 - o->drop_hidden));
    for (size_t i = 0; i < net->pooled; i++)
        w->mask_pooled[i] = hf_i_random_uniform(r) < o->drop_pooled ? 0 : keep;
    for (size_t i = 0; i < net->hidden; i++)
        w->mask_hidden[i] = hf_i_random_uniform(r) < o->drop_hidden ? 0 : keep2;
}

typedef struct {
    hf_i_net *net;
    hf_i_net_work w;
    const hf_i_net_input *in;
    const int8_t *y;
    const float *target, *weight;
    const hf_i_net_options *o;
    hf_i_random random;
    float *goal;
    int step, in_batch, total_steps;
} training;

static void visit(training *t, uint32_t row)
{
    size_t heads = t->net->heads;
    const hf_i_net_input *in = &t->in[row];
    for (size_t k = 0; k < heads; k++)
        t->goal[k] = t->target ? t->target[row * heads + k] : (float)t->y[row * heads + k];
    draw_masks(t->net, &t->w, t->o, &t->random, token_count(in));
    hf_i_net_forward(t->net, &t->w, in);
    loss_of(t->net, &t->w, t->goal, t->weight);
    backward(t->net, &t->w, token_count(in));
    /* The rates fall in a straight line. */
    double left = 1 - (double)t->step / (double)t->total_steps;
    left = left > 0.02 ? left : 0.02;
    update_tables(t->net, &t->w, in, (float)(t->o->rate_table * left));
    if (++t->in_batch < t->o->batch)
        return;
    update_dense(t->net, &t->w, t->o->rate_dense * left, t->o->decay, ++t->step, t->in_batch);
    t->in_batch = 0;
}

static hf_status run(training *t, uint32_t *order, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        order[i] = (uint32_t)i;
    t->total_steps = (int)((size_t)t->o->epochs * rows / (size_t)t->o->batch) + 1;
    for (int e = 0; e < t->o->epochs; e++) {
        for (size_t i = rows; i > 1; i--) {
            size_t j = hf_i_random_below(&t->random, i);
            uint32_t keep = order[i - 1];
            order[i - 1] = order[j];
            order[j] = keep;
        }
        for (size_t i = 0; i < rows; i++) {
            visit(t, order[i]);
            if (i % 4096 == 0 && hf_i_cancelled(t->net->ctx))
                return hf_i_fail(t->net->ctx, HF_E_CANCELLED, NULL, "interrupted while training");
        }
    }
    return HF_OK;
}

hf_status hf_i_net_train(hf_i_net *net, const hf_i_net_input *in, size_t rows, const int8_t *y,
                         const float *target, const float *weight, const hf_i_net_options *o)
{
    training t = {.net = net, .in = in, .y = y, .target = target, .weight = weight, .o = o};
    HF_TRY(hf_i_net_work_init(&t.w, net, true));
    uint32_t *order = hf_i_alloc(net->ctx, rows * sizeof *order);
    t.goal = hf_i_alloc(net->ctx, net->heads * sizeof *t.goal);
    hf_i_random_init(&t.random, o->seed, 3, 0);
    hf_status s = order && t.goal ? run(&t, order, rows) : HF_E_NOMEM;
    hf_i_free(net->ctx, order);
    hf_i_free(net->ctx, t.goal);
    hf_i_net_work_dispose(&t.w, net);
    return s;
}
