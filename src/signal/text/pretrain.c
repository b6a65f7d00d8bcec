/* SPDX-License-Identifier: MIT */
/* Skip-gram with negative sampling over words and sub-words.
 * Source: Mikolov, Sutskever, Chen, Corrado & Dean 2013, NIPS; Bojanowski et al. 2017, TACL 5. */
#include "signal/text/pretrain.h"

#include "num/random.h"
#include "signal/text/kernel.h"

#include <math.h>
#include <string.h>

enum { NOISE = 1 << 20 };

typedef struct {
    hf_i_net *net;
    const hf_i_pretrain_options *o;
    hf_i_random random;
    uint32_t *count; /* [words] */
    uint32_t *noise; /* [NOISE] words in proportion to count^0.75 */
    float *out;      /* [words, dim] */
    float *e, *g;    /* [dim] */
    uint32_t kept[HF_NET_TOKENS];
    double total;
} trainer;

static void count_words(trainer *t, const hf_i_net_input *in, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        for (uint32_t k = 0; k < in[i].tokens && k < HF_NET_TOKENS; k++) {
            t->count[in[i].word[k]]++;
            t->total++;
        }
    t->count[HF_NET_WORD_NONE] = 0;
    double sum = 0, part = 0;
    for (size_t w = 0; w < t->net->words; w++)
        sum += pow(t->count[w], 0.75);
    size_t w = HF_NET_WORD_FIRST;
    part = pow(t->count[w], 0.75);
    for (size_t i = 0; i < NOISE; i++) {
        while (w + 1 < t->net->words && (double)i / NOISE > part / sum)
            part += pow(t->count[++w], 0.75);
        t->noise[i] = (uint32_t)w;
    }
}

static void embed(trainer *t, const hf_i_net_input *in, uint32_t k)
{
    const hf_i_net *net = t->net;
    uint32_t n = in->begin[k + 1] - in->begin[k];
    memset(t->e, 0, net->dim * sizeof *t->e);
    for (uint32_t s = in->begin[k]; s < in->begin[k + 1]; s++)
        hf_i_kernel_axpy(t->e, 1.0f / (float)n, net->sub + in->sub[s] * net->dim, net->dim);
    hf_i_kernel_axpy(t->e, 1.0f, net->word + in->word[k] * net->dim, net->dim);
}

static void pair(trainer *t, uint32_t context, float rate)
{
    size_t dim = t->net->dim;
    for (int j = 0; j <= t->o->negatives; j++) {
        uint32_t w = j ? t->noise[hf_i_random_u64(&t->random) & (NOISE - 1)] : context;
        if (j && w == context)
            continue;
        float *o = t->out + w * dim, z = hf_i_kernel_dot(t->e, o, dim);
        float p = z > 8 ? 1 : z < -8 ? 0 : 1 / (1 + expf(-z));
        float d = rate * ((j ? 0.0f : 1.0f) - p);
        hf_i_kernel_axpy(t->g, d, o, dim);
        hf_i_kernel_axpy(o, d, t->e, dim);
    }
}

static void visit(trainer *t, const hf_i_net_input *in, float rate)
{
    hf_i_net *net = t->net;
    uint32_t n = 0, most = in->tokens < HF_NET_TOKENS ? in->tokens : HF_NET_TOKENS;
    for (uint32_t k = 0; k < most; k++) {
        double share = t->count[in->word[k]] / t->total;
        double keep = share > 0 ? sqrt(t->o->frequent / share) : 1;
        if (keep >= 1 || hf_i_random_uniform(&t->random) < keep)
            t->kept[n++] = k;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = t->kept[i];
        uint32_t reach = 1 + (uint32_t)hf_i_random_below(&t->random, (uint64_t)t->o->window);
        embed(t, in, k);
        memset(t->g, 0, net->dim * sizeof *t->g);
        for (uint32_t j = i > reach ? i - reach : 0; j < n && j <= i + reach; j++)
            if (j != i && in->word[t->kept[j]] != HF_NET_WORD_NONE)
                pair(t, in->word[t->kept[j]], rate);
        uint32_t subs = in->begin[k + 1] - in->begin[k];
        if (in->word[k] != HF_NET_WORD_NONE)
            hf_i_kernel_axpy(net->word + in->word[k] * net->dim, 1.0f, t->g, net->dim);
        for (uint32_t s = in->begin[k]; s < in->begin[k + 1]; s++)
            hf_i_kernel_axpy(net->sub + in->sub[s] * net->dim, 1.0f / sqrtf((float)subs), t->g,
                             net->dim);
    }
}

/* One factor for both tables: what a word's row and its sub-words add up to has the spread. */
static void rescale(trainer *t, const hf_i_net_input *in, size_t rows)
{
    hf_i_net *net = t->net;
    double square = 0, seen = 0;
    for (size_t i = 0; i < rows; i += 7)
        for (uint32_t k = 0; k < in[i].tokens && k < HF_NET_TOKENS; k++) {
            embed(t, &in[i], k);
            square += (double)hf_i_kernel_dot(t->e, t->e, net->dim);
            seen += (double)net->dim;
        }
    float factor = square > 0 ? (float)(t->o->spread / sqrt(square / seen)) : 1;
    for (size_t i = 0; i < net->words * net->dim; i++)
        net->word[i] *= factor;
    for (size_t i = 0; i < net->subs * net->dim; i++)
        net->sub[i] *= factor;
}

static hf_status run(trainer *t, const hf_i_net_input *in, size_t rows)
{
    size_t dim = t->net->dim;
    for (size_t i = 0; i < t->net->words * dim; i++)
        t->net->word[i] =
            i < dim ? 0 : (float)((hf_i_random_uniform(&t->random) - 0.5) / (double)dim);
    for (size_t i = 0; i < t->net->subs * dim; i++)
        t->net->sub[i] = (float)((hf_i_random_uniform(&t->random) - 0.5) / (double)dim);
    count_words(t, in, rows);
    double steps = (double)rows * t->o->epochs, done = 0;
    for (int e = 0; e < t->o->epochs; e++)
        for (size_t i = 0; i < rows; i++, done++) {
            visit(t, &in[i], (float)(t->o->rate * (1 - done / steps)));
            if (i % 4096 == 0 && hf_i_cancelled(t->net->ctx))
                return hf_i_fail(t->net->ctx, HF_E_CANCELLED, NULL, "interrupted while training");
        }
    rescale(t, in, rows);
    return HF_OK;
}

hf_status hf_i_pretrain(hf_i_net *net, const hf_i_net_input *in, size_t rows,
                        const hf_i_pretrain_options *o)
{
    hf_ctx *ctx = net->ctx;
    trainer t = {.net = net, .o = o};
    hf_i_random_init(&t.random, o->seed, 5, 0);
    t.count = hf_i_calloc(ctx, net->words, sizeof *t.count);
    t.noise = hf_i_alloc(ctx, NOISE * sizeof *t.noise);
    t.out = hf_i_calloc(ctx, net->words * net->dim, sizeof *t.out);
    t.e = hf_i_alloc(ctx, 2 * net->dim * sizeof *t.e);
    hf_status s = HF_E_NOMEM;
    if (t.count && t.noise && t.out && t.e) {
        t.g = t.e + net->dim;
        s = run(&t, in, rows);
    }
    hf_i_free(ctx, t.count);
    hf_i_free(ctx, t.noise);
    hf_i_free(ctx, t.out);
    hf_i_free(ctx, t.e);
    return s;
}
