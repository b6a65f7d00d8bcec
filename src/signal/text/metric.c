/* SPDX-License-Identifier: MIT */
#include "signal/text/metric.h"

#include <math.h>
#include <stdlib.h>

double hf_i_f1(hf_i_counts c)
{
    double d = 2 * c.tp + c.fp + c.fn;
    return d > 0 ? 2 * c.tp / d : 0;
}

double hf_i_mcc(hf_i_counts c)
{
    double d = (c.tp + c.fp) * (c.tp + c.fn) * (c.tn + c.fp) * (c.tn + c.fn);
    return d > 0 ? (c.tp * c.tn - c.fp * c.fn) / sqrt(d) : 0;
}

double hf_i_kappa(hf_i_counts c)
{
    double n = c.tp + c.fp + c.fn + c.tn;
    if (n == 0)
        return 0;
    double seen = (c.tp + c.tn) / n;
    double chance = ((c.tp + c.fp) * (c.tp + c.fn) + (c.tn + c.fn) * (c.tn + c.fp)) / (n * n);
    return chance < 1 ? (seen - chance) / (1 - chance) : 0;
}

hf_i_counts hf_i_count(const float *score, const int8_t *y, size_t n, double threshold)
{
    hf_i_counts c = {0};
    for (size_t i = 0; i < n; i++) {
        if (y[i] < 0)
            continue;
        bool said = score[i] >= threshold;
        c.tp += said && y[i] == 1;
        c.fp += said && y[i] == 0;
        c.fn += !said && y[i] == 1;
        c.tn += !said && y[i] == 0;
    }
    return c;
}

typedef struct {
    float score;
    int8_t y;
} pair;

static int by_score_down(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    return (x->score < y->score) - (x->score > y->score);
}

static pair *sorted_pairs(hf_ctx *ctx, const float *score, const int8_t *y, size_t n, size_t *out)
{
    pair *p = hf_i_alloc(ctx, n * sizeof *p);
    *out = 0;
    for (size_t i = 0; p && i < n; i++)
        if (y[i] >= 0)
            p[(*out)++] = (pair){score[i], y[i]};
    if (p)
        qsort(p, *out, sizeof *p, by_score_down);
    return p;
}

hf_status hf_i_auc(hf_ctx *ctx, const float *score, const int8_t *y, size_t n, double *out)
{
    size_t m;
    pair *p = sorted_pairs(ctx, score, y, n, &m);
    if (!p)
        return HF_E_NOMEM;
    double above = 0, area = 0, positives = 0;
    for (size_t i = 0; i < m;) {
        double pos = 0, neg = 0;
        size_t j = i;
        for (; j < m && p[j].score == p[i].score; j++) {
            pos += p[j].y == 1;
            neg += p[j].y == 0;
        }
        area += neg * (above + pos / 2);
        above += pos;
        i = j;
    }
    positives = above;
    double negatives = (double)m - positives;
    *out = positives > 0 && negatives > 0 ? area / (positives * negatives) : 0.5;
    hf_i_free(ctx, p);
    return HF_OK;
}

/* Mean F1 over a window of ranks: a lucky row or two do not set a threshold. (Wider windows help
 * rare labels a little and harm well separated ones: the curve falls more slowly than it rises.) */
static size_t best_cut(const double *f1, size_t m, double positives)
{
    size_t half = (size_t)(0.05 * positives) + 1, best = 0;
    double most = -1;
    for (size_t i = 0; i < m; i++) {
        size_t lo = i > half ? i - half : 0, hi = i + half < m ? i + half : m - 1;
        double sum = 0;
        for (size_t j = lo; j <= hi; j++)
            sum += f1[j];
        sum /= (double)(hi - lo + 1);
        if (sum > most) {
            most = sum;
            best = i;
        }
        /* Far below the positives' number F1 only falls. */
        if ((double)i > 20 * positives + 100)
            break;
    }
    return best;
}

hf_status hf_i_best_threshold(hf_ctx *ctx, const float *score, const int8_t *y, size_t n,
                              double prior, double *threshold, double *f1)
{
    size_t m;
    pair *p = sorted_pairs(ctx, score, y, n, &m);
    double *curve = p ? hf_i_alloc(ctx, (m + 1) * sizeof *curve) : NULL;
    if (!curve) {
        hf_i_free(ctx, p);
        return HF_E_NOMEM;
    }
    double positives = 0, tp = 0;
    double expected = 0, mix;
    for (size_t i = 0; i < m; i++) {
        positives += p[i].y == 1;
        expected += (double)p[i].score;
    }
    mix = prior > 0 && positives > 0 ? prior / (prior + positives) : 0;
    positives += mix * (expected - positives);
    for (size_t i = 0; i < m; i++) {
        tp += (1 - mix) * (p[i].y == 1) + mix * (double)p[i].score;
        curve[i] = 2 * tp / ((double)(i + 1) + positives);
    }
    *threshold = INFINITY;
    *f1 = 0;
    if (m && positives > 0) {
        size_t at = best_cut(curve, m, positives);
        *threshold = at + 1 < m ? 0.5 * ((double)p[at].score + (double)p[at + 1].score)
                                : (double)p[at].score;
        *f1 = curve[at];
    }
    hf_i_free(ctx, curve);
    hf_i_free(ctx, p);
    return HF_OK;
}

static double platt_loss(const float *score, const int8_t *y, size_t n, double a, double b,
                         double hi, double lo)
{
    double loss = 0;
    for (size_t i = 0; i < n; i++) {
        if (y[i] < 0)
            continue;
        double z = a * (double)score[i] + b, t = y[i] == 1 ? hi : lo;
        loss += z >= 0 ? (1 - t) * z + log1p(exp(-z)) : -t * z + log1p(exp(z));
    }
    return loss;
}

void hf_i_platt(const float *score, const int8_t *y, size_t n, double *a, double *b)
{
    double pos = 0, neg = 0;
    for (size_t i = 0; i < n; i++) {
        pos += y[i] == 1;
        neg += y[i] == 0;
    }
    double hi = (pos + 1) / (pos + 2), lo = 1 / (neg + 2);
    *a = 0;
    *b = log((pos + 1) / (neg + 1));
    double loss = platt_loss(score, y, n, *a, *b, hi, lo);
    for (int step = 0; step < 100; step++) {
        double haa = 1e-9, hbb = 1e-9, hab = 0, ga = 0, gb = 0;
        for (size_t i = 0; i < n; i++) {
            if (y[i] < 0)
                continue;
            double s = (double)score[i], p = 1 / (1 + exp(-(*a * s + *b)));
            double d = p - (y[i] == 1 ? hi : lo), w = p * (1 - p);
            haa += s * s * w;
            hbb += w;
            hab += s * w;
            ga += s * d;
            gb += d;
        }
        double det = haa * hbb - hab * hab, size = 1;
        double da = -(hbb * ga - hab * gb) / det, db = -(haa * gb - hab * ga) / det;
        for (; size > 1e-6; size /= 2) {
            double next = platt_loss(score, y, n, *a + size * da, *b + size * db, hi, lo);
            if (next < loss + 1e-4 * size * (ga * da + gb * db)) {
                loss = next;
                break;
            }
        }
        if (size <= 1e-6 || fabs(ga) + fabs(gb) < 1e-6)
            return;
        *a += size * da;
        *b += size * db;
    }
}
