/* SPDX-License-Identifier: MIT */
#include "signal/text/act_stack.h"

#include "signal/text/metric.h"

#include <math.h>
#include <string.h>

/* Ridges on standardised inputs; which one a label takes is chosen by cross-validation. */
enum { RIDGES = 3 };
static const double ridges[RIDGES] = {0.01, 0.03, 0.1};

typedef struct {
    hf_ctx *ctx;
    const hf_i_corpus *c;
    const float *linear, *net;
    const hf_i_stack *main;
    const hf_i_split *split;
    hf_i_act_stack *out;
    uint32_t *row;
    int *fold;
    size_t rows;
    float *x;              /* [rows, inputs], standardised */
    double *mean, *spread; /* [inputs] */
} fitter;

static void main_logits(const fitter *f, uint32_t row, float *out)
{
    size_t heads = f->main->heads;
    const float *w = f->main->weights;
    for (size_t h = 0; h < heads; h++) {
        double z = (double)w[2 * heads * heads + h];
        for (size_t k = 0; k < 2; k++)
            for (size_t i = 0; i < heads; i++)
                z += (double)w[(k * heads + i) * heads + h] *
                     (double)(k ? f->net : f->linear)[(size_t)row * HF_CORPUS_LABELS + i];
        out[h] = (float)z;
    }
}

/* out [HF_ACTS_BEFORE]: acts of the turn before, by the linear part and by the networks; zeros
 * where there is none. */
static void before_scores(const fitter *f, const hf_i_corpus_row *row, float *out)
{
    memset(out, 0, HF_ACTS_BEFORE * sizeof *out);
    if (!row->before)
        return;
    size_t at = (size_t)(row->before - 1) * HF_CORPUS_LABELS;
    for (size_t k = 0; k < HF_ACT_COUNT; k++) {
        out[k] = f->linear[at + (size_t)f->out->label[k]];
        out[HF_ACT_COUNT + k] = f->net[at + (size_t)f->out->label[k]];
    }
}

static hf_status fill_inputs(fitter *f)
{
    hf_i_cues cues;
    hf_i_text_tokens t, prev;
    hf_i_features features;
    HF_TRY(hf_i_cues_read(&cues, f->ctx, "acts/cues_en.txt"));
    hf_i_text_tokens_init(&t, f->ctx);
    hf_i_text_tokens_init(&prev, f->ctx);
    hf_i_features_init(&features, f->ctx);
    hf_status s = HF_OK;
    for (size_t r = 0; s == HF_OK && r < f->rows; r++) {
        const hf_i_corpus_row *row = &f->c->rows[f->row[r]];
        size_t at = (size_t)f->row[r] * HF_CORPUS_LABELS;
        float *x = f->x + r * f->out->inputs;
        s = hf_i_text_tokens_read(&t, row->text, row->len);
        if (s == HF_OK)
            s = hf_i_features_read(&features, &t, 17, 0);
        if (s == HF_OK && row->prev[0])
            s = hf_i_text_tokens_read(&prev, row->prev[0], row->prev_len[0]);
        for (size_t k = 0; k < HF_WEIGHTS_ACT_LABELS; k++) {
            x[k] = f->linear[at + (size_t)f->out->label[k]];
            x[HF_WEIGHTS_ACT_LABELS + k] = f->net[at + (size_t)f->out->label[k]];
        }
        main_logits(f, f->row[r], x + 2 * HF_WEIGHTS_ACT_LABELS);
        if (s == HF_OK)
            hf_i_cues_fill(&cues, &t, features.hash, row->prev[0] ? &prev : NULL,
                           x + 2 * HF_WEIGHTS_ACT_LABELS + f->main->heads);
        before_scores(f, row, x + f->out->inputs - HF_ACTS_BEFORE);
    }
    hf_i_features_dispose(&features);
    hf_i_text_tokens_dispose(&t);
    hf_i_text_tokens_dispose(&prev);
    hf_i_cues_dispose(&cues);
    return s;
}

static void standardise(fitter *f)
{
    size_t n = f->out->inputs;
    for (size_t i = 0; i < n; i++) {
        double sum = 0, square = 0;
        for (size_t r = 0; r < f->rows; r++) {
            sum += (double)f->x[r * n + i];
            square += (double)f->x[r * n + i] * (double)f->x[r * n + i];
        }
        f->mean[i] = sum / (double)f->rows;
        f->spread[i] = sqrt(fmax(square / (double)f->rows - f->mean[i] * f->mean[i], 0));
        /* What hardly varies must not be blown up. */
        f->spread[i] = fmax(f->spread[i], 0.05);
        for (size_t r = 0; r < f->rows; r++)
            f->x[r * n + i] = (float)(((double)f->x[r * n + i] - f->mean[i]) / f->spread[i]);
    }
}

/* p [rows] at the rows of the fold */
static void apply(const fitter *f, const double *w, int fold, float *p)
{
    size_t n = f->out->inputs;
    for (size_t r = 0; r < f->rows; r++) {
        if (f->fold[r] != fold)
            continue;
        double z = w[n];
        for (size_t i = 0; i < n; i++)
            z += w[i] * (double)f->x[r * n + i];
        p[r] = (float)(1 / (1 + exp(-z)));
    }
}

/* Weights of the inputs as they come, not standardised. */
static void store(const fitter *f, size_t label, const double *w)
{
    size_t n = f->out->inputs;
    double bias = w[n];
    for (size_t i = 0; i < n; i++) {
        f->out->weights[i * HF_WEIGHTS_ACTS + label] = (float)(w[i] / f->spread[i]);
        bias -= w[i] / f->spread[i] * f->mean[i];
    }
    f->out->weights[n * HF_WEIGHTS_ACTS + label] = (float)bias;
}

/* What is learnt from: the labels of all folds but one (fold -1: of all), where two coders agree.
 * The parts below learn from both; here the rows that are sure make probabilities and thresholds.
 */
static void targets(const fitter *f, size_t label, int fold, int8_t *y)
{
    for (size_t r = 0; r < f->rows; r++) {
        uint32_t second = f->c->rows[f->row[r]].second, at = (uint32_t)f->out->label[label];
        y[r] = f->fold[r] == fold ? -1 : hf_i_corpus_labels(f->c, f->row[r])[at];
        if (second && hf_i_corpus_labels(f->c, second - 1)[at] != y[r])
            y[r] = -1;
    }
}

static double cross_entropy(double p, int y)
{
    p = p < 1e-6 ? 1e-6 : p > 1 - 1e-6 ? 1 - 1e-6 : p;
    return -log(y ? p : 1 - p);
}

typedef struct {
    int8_t *y;
    double *w, *prior;   /* [inputs + 1] */
    float *p;            /* [RIDGES, rows] of rows not trained on */
    double loss[RIDGES]; /* summed over the rows of all folds but one */
} label_work;

/* Every ridge's probabilities of every fold's rows from the other folds. */
static hf_status fit_ridges(const fitter *f, size_t label, label_work *k)
{
    for (int fold = 0; fold < f->split->folds; fold++) {
        if (fold == f->split->kept)
            continue;
        targets(f, label, fold, k->y);
        for (size_t i = 0; i < RIDGES; i++) {
            HF_TRY(hf_i_logistic(f->ctx, f->x, k->y, f->rows, f->out->inputs, k->prior, ridges[i],
                                 k->w));
            apply(f, k->w, fold, k->p + i * f->rows);
        }
    }
    return HF_OK;
}

/* The ridge with the least cross entropy on the rows outside a fold. */
static size_t best_ridge(const fitter *f, size_t label, label_work *k, int fold)
{
    size_t best = 0;
    targets(f, label, fold, k->y);
    for (size_t i = 0; i < RIDGES; i++) {
        k->loss[i] = 0;
        for (size_t r = 0; r < f->rows; r++)
            if (k->y[r] >= 0)
                k->loss[i] += cross_entropy((double)k->p[i * f->rows + r], k->y[r]);
        if (k->loss[i] < k->loss[best])
            best = i;
    }
    return best;
}

/* A label nobody gave has nothing to be fitted to: it is never read. */
static bool never_seen(const fitter *f, size_t label, label_work *k)
{
    targets(f, label, -1, k->y);
    for (size_t r = 0; r < f->rows; r++)
        if (k->y[r] == 1)
            return false;
    k->w[f->out->inputs] = -log(2 * (double)f->rows + 1);
    store(f, label, k->w);
    f->out->threshold[label] = INFINITY;
    return true;
}

/* No fold's rows choose their own ridge, as none chooses its own threshold. */
static hf_status fit_label(const fitter *f, size_t label, label_work *k)
{
    HF_TRY(fit_ridges(f, label, k));
    for (int fold = 0; fold < f->split->folds; fold++) {
        size_t best = best_ridge(f, label, k, fold);
        for (size_t r = 0; r < f->rows; r++)
            if (f->fold[r] == fold)
                f->out->probability[(size_t)f->row[r] * HF_CORPUS_LABELS +
                                    (size_t)f->out->label[label]] = k->p[best * f->rows + r];
    }
    size_t best = best_ridge(f, label, k, -1);
    HF_TRY(
        hf_i_logistic(f->ctx, f->x, k->y, f->rows, f->out->inputs, k->prior, ridges[best], k->w));
    store(f, label, k->w);
    double f1;
    for (size_t r = 0; r < f->rows; r++)
        k->p[r] =
            f->out
                ->probability[(size_t)f->row[r] * HF_CORPUS_LABELS + (size_t)f->out->label[label]];
    return hf_i_best_threshold(f->ctx, k->p, k->y, f->rows, HF_THRESHOLD_PRIOR,
                               &f->out->threshold[label], &f1);
}

static hf_status label_task(void *user, size_t index, int worker)
{
    const fitter *f = user;
    (void)worker;
    label_work k = {.y = hf_i_alloc(f->ctx, f->rows + 1)};
    k.w = hf_i_calloc(f->ctx, 2 * (f->out->inputs + 1), sizeof *k.w);
    k.p = hf_i_alloc(f->ctx, RIDGES * (f->rows + 1) * sizeof *k.p);
    hf_status s = HF_E_NOMEM;
    if (k.y && k.w && k.p) {
        k.prior = k.w + f->out->inputs + 1;
        k.prior[f->out->inputs] = -3; /* where the search for the bias starts */
        s = never_seen(f, index, &k) ? HF_OK : fit_label(f, index, &k);
    }
    hf_i_free(f->ctx, k.y);
    hf_i_free(f->ctx, k.w);
    hf_i_free(f->ctx, k.p);
    return s;
}

static bool unlabelled(const fitter *f, uint32_t row)
{
    const int8_t *y = hf_i_corpus_labels(f->c, row);
    for (size_t k = 0; k < HF_WEIGHTS_ACT_LABELS; k++)
        if (y[f->out->label[k]] >= 0)
            return false;
    return true;
}

static hf_status collect(fitter *f)
{
    const hf_i_corpus *c = f->c;
    size_t n = f->out->inputs, labels = 0;
    for (size_t l = 0; l < c->label_count && labels < HF_WEIGHTS_ACT_LABELS; l++)
        if (c->label_set[l] == HF_SET_ACTS)
            f->out->label[labels++] = (int)l;
    f->row = hf_i_alloc(f->ctx, (c->count + 1) * sizeof *f->row);
    f->fold = hf_i_alloc(f->ctx, (c->count + 1) * sizeof *f->fold);
    f->mean = hf_i_alloc(f->ctx, 2 * n * sizeof *f->mean);
    if (!f->row || !f->fold || !f->mean)
        return HF_E_NOMEM;
    f->spread = f->mean + n;
    for (uint32_t i = 0; i < c->count; i++) {
        int fold = (int)hf_i_corpus_fold(&c->rows[i], (uint32_t)f->split->folds, 1);
        if (c->rows[i].set != HF_SET_ACTS || c->rows[i].is_second || unlabelled(f, i) ||
            fold == f->split->kept)
            continue;
        f->fold[f->rows] = fold;
        f->row[f->rows++] = i;
    }
    f->x = hf_i_alloc(f->ctx, (f->rows * n + 1) * sizeof *f->x);
    f->out->weights = hf_i_calloc(f->ctx, (n + 1) * HF_WEIGHTS_ACTS, sizeof(float));
    f->out->probability = hf_i_calloc(f->ctx, c->count * HF_CORPUS_LABELS, sizeof(float));
    return f->x && f->out->weights && f->out->probability ? HF_OK : HF_E_NOMEM;
}

hf_status hf_i_act_stack_fit(hf_i_act_stack *out, hf_ctx *ctx, const hf_i_corpus *c,
                             const float *linear, const float *net, const hf_i_stack *main,
                             const hf_i_split *split)
{
    fitter f = {
        .ctx = ctx, .c = c, .linear = linear, .net = net, .main = main, .split = split, .out = out};
    memset(out, 0, sizeof *out);
    out->inputs = hf_i_act_inputs((uint32_t)main->heads);
    hf_status s = collect(&f);
    if (s == HF_OK)
        s = fill_inputs(&f);
    if (s == HF_OK) {
        standardise(&f);
        s = hf_i_parallel_for(ctx, HF_WEIGHTS_ACT_LABELS, label_task, &f);
    }
    hf_i_free(ctx, f.row);
    hf_i_free(ctx, f.fold);
    hf_i_free(ctx, f.mean);
    hf_i_free(ctx, f.x);
    return s;
}

void hf_i_act_stack_dispose(hf_i_act_stack *stack, hf_ctx *ctx)
{
    hf_i_free(ctx, stack->weights);
    hf_i_free(ctx, stack->probability);
    memset(stack, 0, sizeof *stack);
}
