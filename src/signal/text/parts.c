/* SPDX-License-Identifier: MIT */
#include "signal/text/parts.h"

#include <math.h>
#include <string.h>

const hf_i_recipe hf_i_recipe_default = {
    .cost = {[HF_SET_GOEMOTIONS] = 0.1,
             [HF_SET_OFFMYCHEST] = 0.1,
             [HF_SET_CASINO] = 0.1,
             [HF_SET_CONVABUSE] = 0.5,
             [HF_SET_ACTS] = 0.3},
    .positive = {1, 1, 1, 1, 1, 1, 1, 1},
    .weight = {[HF_SET_GOEMOTIONS] = 1,
               [HF_SET_OFFMYCHEST] = 2,
               [HF_SET_CASINO] = 3,
               [HF_SET_CONVABUSE] = 3,
               [HF_SET_XED] = 0.5f,
               [HF_SET_PERSUASION] = 0.5f,
               [HF_SET_EMPATHIC] = 0.5f,
               [HF_SET_ACTS] = 3},
    .linear_epochs = 10,
    .nets = 1,
    .dim = 64,
    .filters = 128,
    .hidden = 128,
    .net = {.epochs = 6,
            .batch = 32,
            .rate_table = 0.012,
            .rate_dense = 0.002,
            .decay = 0,
            .drop_word = 0.15,
            .drop_pooled = 0.25,
            .drop_hidden = 0.25},
    .pretrain =
        {.epochs = 20, .window = 5, .negatives = 5, .rate = 0.05, .frequent = 1e-3, .spread = 0.15},
    .seed = 1,
};

bool hf_i_split_teaches(const hf_i_split *split, const hf_i_corpus_row *row)
{
    if (split->folds < 2 || row->set == HF_SET_XED || row->set == HF_SET_PERSUASION ||
        row->set == HF_SET_EMPATHIC)
        return true;
    int fold = (int)hf_i_corpus_fold(row, (uint32_t)split->folds, 1);
    return fold != split->fold && fold != split->kept;
}

static bool annotated(const hf_i_corpus *c, size_t row)
{
    const int8_t *y = hf_i_corpus_labels(c, row);
    for (size_t l = 0; l < c->label_count; l++)
        if (y[l] >= 0)
            return true;
    return false;
}

static size_t collect(const hf_i_linear_part *part, const hf_i_prepared *p, uint32_t set,
                      const hf_i_split *split, uint32_t *row, int8_t *y)
{
    const hf_i_corpus *c = p->corpus;
    size_t n = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (c->rows[i].set != set || !annotated(c, i) || !hf_i_split_teaches(split, &c->rows[i]))
            continue;
        const int8_t *from = hf_i_corpus_labels(c, i);
        for (size_t h = 0; h < part->heads; h++)
            y[n * part->heads + h] = h < part->labels ? from[part->label[h]] : -1;
        row[n++] = (uint32_t)i;
    }
    return n;
}

/* The acts' own matrix: columns folded to ACT_BITS, every n-gram worth the same, words and
 * characters each of length one if none repeats. Rows of other sets are empty. */
static hf_status fold_columns(hf_i_matrix *m, const hf_i_prepared *p, uint32_t set)
{
    const hf_i_corpus *c = p->corpus;
    unsigned shift = p->bits - HF_WEIGHTS_ACT_BITS;
    hf_i_text_tokens t;
    hf_i_features f;
    float *value = NULL;
    size_t cap = 0;
    hf_status s = HF_OK;
    hf_i_matrix_init(m, p->ctx, (size_t)1 << HF_WEIGHTS_ACT_BITS);
    hf_i_text_tokens_init(&t, p->ctx);
    hf_i_features_init(&f, p->ctx);
    for (size_t i = 0; s == HF_OK && i < c->count; i++) {
        f.count = 0;
        if (c->rows[i].set == set) {
            s = hf_i_text_tokens_read(&t, c->rows[i].text, c->rows[i].len);
            if (s == HF_OK)
                s = hf_i_features_read(&f, &t, p->bits, 0);
            if (s == HF_OK)
                s = hf_i_grow(p->ctx, &value, &cap, f.count + 1, sizeof *value, UINT32_MAX,
                              "values");
            size_t chars = f.count - f.words;
            for (size_t k = 0; s == HF_OK && k < f.count; k++) {
                value[k] = 1 / sqrtf((float)(k < f.words ? f.words : chars));
                f.rows[k] >>= shift;
            }
        }
        if (s == HF_OK)
            s = hf_i_matrix_add(m, f.rows, value, f.count);
    }
    hf_i_free(p->ctx, value);
    hf_i_text_tokens_dispose(&t);
    hf_i_features_dispose(&f);
    return s;
}

static const hf_i_matrix *matrix_of(const hf_i_linear_part *part, const hf_i_prepared *p)
{
    return part->folded.columns ? &part->folded : &p->x;
}

hf_status hf_i_linear_part_train(hf_i_linear_part *out, const hf_i_prepared *p, uint32_t set,
                                 const hf_i_split *split, const hf_i_recipe *recipe)
{
    const hf_i_corpus *c = p->corpus;
    hf_ctx *ctx = p->ctx;
    memset(out, 0, sizeof *out);
    for (size_t l = 0; l < c->label_count; l++)
        if (c->label_set[l] == set && strncmp(c->names[l], "aux_", 4) != 0)
            out->label[out->labels++] = (int)l;
    out->heads = (out->labels + 7) / 8 * 8;
    if (out->heads == 0)
        return HF_OK;
    if (set == HF_SET_ACTS)
        HF_TRY(fold_columns(&out->folded, p, set));
    const hf_i_matrix *x = matrix_of(out, p);
    uint32_t *row = hf_i_alloc(ctx, c->count * sizeof *row);
    int8_t *y = hf_i_alloc(ctx, c->count * out->heads);
    out->weights = hf_i_alloc(ctx, x->columns * out->heads * sizeof(float));
    out->bias = hf_i_alloc(ctx, out->heads * sizeof(float));
    hf_status s = HF_E_NOMEM;
    if (row && y && out->weights && out->bias) {
        hf_i_linear_options o = {.heads = out->heads,
                                 .c_pos = recipe->cost[set] * recipe->positive[set],
                                 .c_neg = recipe->cost[set],
                                 .epochs = recipe->linear_epochs,
                                 .seed = recipe->seed};
        size_t n = collect(out, p, set, split, row, y);
        s = hf_i_linear_train(ctx, x, row, n, y, &o, out->weights, out->bias);
    }
    hf_i_free(ctx, row);
    hf_i_free(ctx, y);
    if (s != HF_OK)
        hf_i_linear_part_dispose(out, ctx);
    return s;
}

void hf_i_linear_part_dispose(hf_i_linear_part *part, hf_ctx *ctx)
{
    hf_i_free(ctx, part->weights);
    hf_i_free(ctx, part->bias);
    part->weights = part->bias = NULL;
    if (part->folded.ctx)
        hf_i_matrix_dispose(&part->folded);
}

void hf_i_linear_part_score(const hf_i_linear_part *part, const hf_i_prepared *p, uint32_t row,
                            float *score)
{
    float all[HF_CORPUS_LABELS + 8];
    hf_i_linear_score(matrix_of(part, p), row, part->heads, part->weights, part->bias, all);
    memcpy(score, all, part->labels * sizeof *score);
}

/* The bare texts of all rows that teach, labelled or not: what is held out is not even read. */
static hf_status pretrain(hf_i_net *net, const hf_i_prepared *p, const hf_i_split *split,
                          const hf_i_recipe *recipe, hf_i_net_input *in, uint64_t seed)
{
    hf_i_pretrain_options o = recipe->pretrain;
    size_t n = 0;
    o.seed = seed;
    for (size_t i = 0; i < p->corpus->count; i++)
        if (hf_i_split_teaches(split, &p->corpus->rows[i]))
            in[n++] = p->in[i];
    return o.epochs ? hf_i_pretrain(net, in, n, &o) : HF_OK;
}

hf_status hf_i_net_part_train(hf_i_net *out, const hf_i_prepared *p, const hf_i_split *split,
                              const hf_i_recipe *recipe, int number)
{
    const hf_i_corpus *c = p->corpus;
    hf_ctx *ctx = p->ctx;
    size_t heads = (c->label_count + 15) / 16 * 16, n = 0;
    uint64_t seed = recipe->seed * 1000 + (uint64_t)(number * 16 + split->fold + 1);
    hf_i_net_options o = recipe->net;
    o.seed = seed;
    HF_TRY(hf_i_net_init(out, ctx, p->vocabulary.words, (size_t)1 << p->sub_bits, recipe->dim,
                         recipe->filters, recipe->hidden, heads, seed));
    hf_i_net_input *in = hf_i_alloc(ctx, c->count * sizeof *in);
    int8_t *y = hf_i_alloc(ctx, c->count * heads);
    float *weight = hf_i_calloc(ctx, heads, sizeof *weight);
    hf_status s = HF_E_NOMEM;
    if (in && y && weight && (s = pretrain(out, p, split, recipe, in, seed)) == HF_OK) {
        for (size_t l = 0; l < c->label_count; l++)
            weight[l] = recipe->weight[c->label_set[l]];
        for (size_t i = 0; i < c->count; i++) {
            if (!annotated(c, i) || !hf_i_split_teaches(split, &c->rows[i]) || !p->in[i].tokens ||
                recipe->weight[c->rows[i].set] <= 0)
                continue;
            in[n] = p->in[i];
            memset(y + n * heads, -1, heads);
            memcpy(y + n * heads, hf_i_corpus_labels(c, i), c->label_count);
            n++;
        }
        s = hf_i_net_train(out, in, n, y, NULL, weight, &o);
    }
    hf_i_free(ctx, in);
    hf_i_free(ctx, y);
    hf_i_free(ctx, weight);
    if (s != HF_OK)
        hf_i_net_dispose(out);
    return s;
}
