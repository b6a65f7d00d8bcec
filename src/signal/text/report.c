/* SPDX-License-Identifier: MIT */
/* What the cross-validation showed, label by label, with intervals resampled by group. */
#include "signal/text/report.h"

#include "num/random.h"
#include "signal/text/metric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RESAMPLES = 400, BINS = 10 };

typedef struct {
    float *score, *linear;
    int8_t *y, *y_out, *second; /* second: the other coder's label, or y */
    uint64_t *group;
    int *fold;
    size_t n;
} column;

typedef struct {
    uint64_t group;
    hf_i_counts counts;
} group_counts;

/* Of a turn with two coders the first one's row is taken: with its labels, or (agreed) only where
 * the second says the same. */
static hf_status gather(column *k, hf_ctx *ctx, const hf_i_corpus *c, size_t head, bool agreed,
                        const float *linear, const float *probability, const hf_i_split *split)
{
    memset(k, 0, sizeof *k);
    k->score = hf_i_alloc(ctx, 2 * c->count * sizeof *k->score);
    k->y = hf_i_alloc(ctx, 3 * c->count);
    k->group = hf_i_alloc(ctx, c->count * sizeof *k->group);
    k->fold = hf_i_alloc(ctx, c->count * sizeof *k->fold);
    if (!k->score || !k->y || !k->group || !k->fold)
        return HF_E_NOMEM;
    k->linear = k->score + c->count;
    k->y_out = k->y + c->count;
    k->second = k->y_out + c->count;
    for (size_t i = 0; i < c->count; i++) {
        const hf_i_corpus_row *row = &c->rows[i];
        int8_t y = hf_i_corpus_labels(c, i)[head], second = y;
        int fold = (int)hf_i_corpus_fold(row, (uint32_t)split->folds, 1);
        if (row->second)
            second = hf_i_corpus_labels(c, row->second - 1)[head];
        if (y < 0 || fold == split->kept || row->is_second || (agreed && second != y))
            continue;
        k->score[k->n] = probability[i * HF_CORPUS_LABELS + head];
        k->linear[k->n] = linear[i * HF_CORPUS_LABELS + head];
        k->y[k->n] = y;
        k->second[k->n] = second;
        k->group[k->n] = row->group;
        k->fold[k->n++] = fold;
    }
    return HF_OK;
}

static void dispose(column *k, hf_ctx *ctx)
{
    hf_i_free(ctx, k->score);
    hf_i_free(ctx, k->y);
    hf_i_free(ctx, k->group);
    hf_i_free(ctx, k->fold);
}

/* said[i]: the label at the threshold that the other folds chose. */
static hf_status cross_fitted(hf_ctx *ctx, const column *k, const float *score, double prior,
                              int folds, int8_t *said)
{
    for (int fold = 0; fold < folds; fold++) {
        double threshold, f1;
        for (size_t i = 0; i < k->n; i++)
            k->y_out[i] = k->fold[i] == fold ? -1 : k->y[i];
        HF_TRY(hf_i_best_threshold(ctx, score, k->y_out, k->n, prior, &threshold, &f1));
        for (size_t i = 0; i < k->n; i++)
            if (k->fold[i] == fold)
                said[i] = (double)score[i] >= threshold;
    }
    return HF_OK;
}

static void add(hf_i_counts *c, int said, int y)
{
    c->tp += said && y;
    c->fp += said && !y;
    c->fn += !said && y;
    c->tn += !said && !y;
}

static int by_group(const void *a, const void *b)
{
    const group_counts *x = a, *y = b;
    return (x->group > y->group) - (x->group < y->group);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t count_groups(const column *k, const int8_t *said, group_counts *g)
{
    size_t n = 0;
    for (size_t i = 0; i < k->n; i++) {
        g[i] = (group_counts){.group = k->group[i]};
        add(&g[i].counts, said[i], k->y[i]);
    }
    qsort(g, k->n, sizeof *g, by_group);
    for (size_t i = 0; i < k->n; i++) {
        if (n && g[n - 1].group == g[i].group) {
            g[n - 1].counts.tp += g[i].counts.tp;
            g[n - 1].counts.fp += g[i].counts.fp;
            g[n - 1].counts.fn += g[i].counts.fn;
            g[n - 1].counts.tn += g[i].counts.tn;
        } else {
            g[n++] = g[i];
        }
    }
    return n;
}

static void interval(double *values, double *low, double *high)
{
    qsort(values, RESAMPLES, sizeof *values, by_value);
    *low = values[(size_t)(0.025 * RESAMPLES)];
    *high = values[(size_t)(0.975 * RESAMPLES)];
}

/* Percentile intervals over groups drawn with replacement. */
static void resample(const group_counts *g, size_t n, hf_text_report_row *row)
{
    double f1[RESAMPLES], kappa[RESAMPLES], mcc[RESAMPLES];
    hf_i_random random;
    hf_i_random_init(&random, 1, 4, 0);
    for (int b = 0; b < RESAMPLES; b++) {
        hf_i_counts c = {0};
        for (size_t i = 0; i < n; i++) {
            const hf_i_counts *x = &g[hf_i_random_below(&random, n)].counts;
            c.tp += x->tp;
            c.fp += x->fp;
            c.fn += x->fn;
            c.tn += x->tn;
        }
        f1[b] = hf_i_f1(c);
        kappa[b] = hf_i_kappa(c);
        mcc[b] = hf_i_mcc(c);
    }
    interval(f1, &row->f1_low, &row->f1_high);
    interval(kappa, &row->kappa_low, &row->kappa_high);
    interval(mcc, &row->mcc_low, &row->mcc_high);
}

static double calibration_error(const column *k)
{
    double said[BINS] = {0}, seen[BINS] = {0}, sum = 0;
    for (size_t i = 0; i < k->n; i++) {
        int bin = (int)(k->score[i] * BINS);
        bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
        said[bin] += (double)k->score[i];
        seen[bin] += k->y[i];
    }
    for (int b = 0; b < BINS; b++)
        sum += fabs(said[b] - seen[b]);
    return k->n ? sum / (double)k->n : 0;
}

static hf_status fill_row(hf_text_report_row *row, hf_ctx *ctx, const column *k, int folds)
{
    int8_t *said = hf_i_alloc(ctx, k->n + 1);
    group_counts *g = hf_i_alloc(ctx, (k->n + 1) * sizeof *g);
    hf_status s = said && g ? HF_OK : HF_E_NOMEM;
    hf_i_counts c = {0}, plain = {0};
    if (s == HF_OK)
        s = hf_i_auc(ctx, k->score, k->y, k->n, &row->auc);
    if (s == HF_OK)
        s = hf_i_auc(ctx, k->linear, k->y, k->n, &row->auc_linear);
    if (s == HF_OK)
        s = cross_fitted(ctx, k, k->linear, 0, folds, said);
    for (size_t i = 0; s == HF_OK && i < k->n; i++)
        add(&plain, said[i], k->y[i]);
    if (s == HF_OK)
        s = cross_fitted(ctx, k, k->score, HF_THRESHOLD_PRIOR, folds, said);
    if (s == HF_OK) {
        size_t groups = count_groups(k, said, g);
        for (size_t i = 0; i < k->n; i++) {
            add(&c, said[i], k->y[i]);
            row->positives += k->y[i] == 1;
        }
        row->rows = k->n;
        row->groups = groups;
        row->f1_linear = hf_i_f1(plain);
        row->f1 = hf_i_f1(c);
        row->kappa = hf_i_kappa(c);
        row->mcc = hf_i_mcc(c);
        row->calibration_error = calibration_error(k);
        if (groups)
            resample(g, groups, row);
    }
    hf_i_free(ctx, said);
    hf_i_free(ctx, g);
    return s;
}

/* Agreement of the two coders, and F1 against the first on all rows, also where they differ. */
static hf_status fill_coders(hf_text_report_row *row, hf_ctx *ctx, const column *k, int folds)
{
    int8_t *said = hf_i_alloc(ctx, k->n + 1);
    hf_i_counts model = {0}, coders = {0};
    hf_status s =
        said ? cross_fitted(ctx, k, k->score, HF_THRESHOLD_PRIOR, folds, said) : HF_E_NOMEM;
    for (size_t i = 0; s == HF_OK && i < k->n; i++) {
        add(&model, said[i], k->y[i]);
        add(&coders, k->second[i], k->y[i]);
    }
    row->f1_first = hf_i_f1(model);
    row->coder_kappa = hf_i_kappa(coders);
    row->disagreed = (uint64_t)(coders.fp + coders.fn);
    hf_i_free(ctx, said);
    return s;
}

static hf_status add_row(hf_text_report *out, hf_ctx *ctx, const hf_i_corpus *c, size_t label,
                         const float *linear, const float *probability, double threshold,
                         const hf_i_split *split)
{
    column k;
    hf_text_report_row *row = &out->rows[out->count++];
    snprintf(row->set, sizeof row->set, "%s", hf_i_set_names[c->label_set[label]]);
    snprintf(row->label, sizeof row->label, "%s", c->names[label]);
    row->threshold = threshold;
    row->coder_kappa = row->f1_first = NAN;
    hf_status s = gather(&k, ctx, c, label, true, linear, probability, split);
    if (s == HF_OK)
        s = fill_row(row, ctx, &k, split->folds);
    dispose(&k, ctx);
    return s;
}

hf_status hf_i_report_fill(hf_text_report *out, hf_ctx *ctx, const hf_i_corpus *c, size_t heads,
                           const float *linear, const hf_i_stack *stack, const hf_i_split *split)
{
    out->rows = hf_i_calloc(ctx, HF_CORPUS_LABELS, sizeof *out->rows);
    if (!out->rows)
        return HF_E_NOMEM;
    for (size_t h = 0; h < heads; h++) {
        HF_TRY(add_row(out, ctx, c, h, linear, stack->probability, stack->threshold[h], split));
        HF_TRY(hf_i_progress(ctx, "measuring", h, heads));
    }
    return HF_OK;
}

hf_status hf_i_report_acts(hf_text_report *report, hf_ctx *ctx, const hf_i_corpus *c,
                           const float *linear, const hf_i_act_stack *acts, const hf_i_split *split)
{
    bool two = false;
    for (size_t i = 0; i < c->count && !two; i++)
        two = c->rows[i].second != 0;
    for (size_t k = 0; k < HF_WEIGHTS_ACT_LABELS; k++) {
        size_t label = (size_t)acts->label[k];
        column all = {0};
        HF_TRY(
            add_row(report, ctx, c, label, linear, acts->probability, acts->threshold[k], split));
        hf_status s = HF_OK;
        if (two)
            s = gather(&all, ctx, c, label, false, linear, acts->probability, split);
        if (two && s == HF_OK)
            s = fill_coders(&report->rows[report->count - 1], ctx, &all, split->folds);
        dispose(&all, ctx);
        HF_TRY(s);
    }
    return HF_OK;
}

void hf_text_report_free(hf_ctx *ctx, hf_text_report *report)
{
    hf_i_free(ctx, report->rows);
    *report = (hf_text_report){NULL, 0};
}
