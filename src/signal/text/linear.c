/* SPDX-License-Identifier: MIT */
/* Support vector machines with squared hinge loss in the dual, one head beside the other in
 * vector lanes.
 * Source: Hsieh, Chang, Lin, Keerthi & Sundararajan 2008, ICML (dual coordinate descent); with
 *   bayes, features are scaled by log-count ratios first: Wang & Manning 2012, ACL.
 * Cost: epochs x cells x heads multiplications, twice. */
#include "signal/text/linear.h"

#include "num/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void hf_i_matrix_init(hf_i_matrix *m, hf_ctx *ctx, size_t columns)
{
    memset(m, 0, sizeof *m);
    m->ctx = ctx;
    m->columns = columns;
}

void hf_i_matrix_dispose(hf_i_matrix *m)
{
    hf_i_free(m->ctx, m->begin);
    hf_i_free(m->ctx, m->column);
    hf_i_free(m->ctx, m->value);
    memset(m, 0, sizeof *m);
}

typedef struct {
    uint32_t column;
    float value;
} cell;

static int by_column(const void *a, const void *b)
{
    const cell *x = a, *y = b;
    return (x->column > y->column) - (x->column < y->column);
}

hf_status hf_i_matrix_add(hf_i_matrix *m, const uint32_t *column, const float *value, size_t n)
{
    size_t values_cap = m->cells_cap;
    HF_TRY(hf_i_grow(m->ctx, &m->begin, &m->rows_cap, m->rows + 2, sizeof *m->begin, HF_MAX_ROWS,
                     "rows"));
    HF_TRY(hf_i_grow(m->ctx, &m->value, &values_cap, m->cells + n, sizeof *m->value,
                     UINT64_C(1) << 40, "cells"));
    HF_TRY(hf_i_grow(m->ctx, &m->column, &m->cells_cap, m->cells + n, sizeof *m->column,
                     UINT64_C(1) << 40, "cells"));
    cell *cells = hf_i_alloc(m->ctx, n * sizeof *cells);
    if (!cells)
        return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        cells[i] = (cell){column[i], value[i]};
    qsort(cells, n, sizeof *cells, by_column);
    m->begin[m->rows] = m->cells;
    for (size_t i = 0; i < n; i++) {
        if (i && cells[i].column == cells[i - 1].column) {
            m->value[m->cells - 1] += cells[i].value;
            continue;
        }
        m->column[m->cells] = cells[i].column;
        m->value[m->cells++] = cells[i].value;
    }
    m->begin[++m->rows] = m->cells;
    hf_i_free(m->ctx, cells);
    return HF_OK;
}

/* ---- training ------------------------------------------------------------------------------- */

typedef struct {
    const hf_i_matrix *x;
    const uint32_t *row;
    const int8_t *y;
    const hf_i_linear_options *o;
    float *w, *bias, *ratio2, *alpha, *inv_q;
    size_t rows, heads;
} trainer;

/* ratio2[column, head] = squared log ratio of the smoothed means of a feature in positives and
 * negatives, scaled to mean square 1 over the features seen: a prior width for each weight. */
static void log_count_ratios(trainer *t, double *total)
{
    const hf_i_matrix *x = t->x;
    size_t heads = t->heads;
    float *pos = t->ratio2, *all = t->w; /* w is not in use yet: it holds the counts of all */
    memset(pos, 0, x->columns * heads * sizeof *pos);
    memset(all, 0, x->columns * heads * sizeof *all);
    for (size_t i = 0; i < t->rows; i++)
        for (uint64_t k = x->begin[t->row[i]]; k < x->begin[t->row[i] + 1]; k++)
            for (size_t h = 0; h < heads; h++) {
                size_t at = x->column[k] * heads + h;
                pos[at] += t->y[i * heads + h] == 1;
                all[at] += t->y[i * heads + h] >= 0;
            }
    for (size_t h = 0; h < heads; h++) {
        double p = 0, n = 0;
        for (size_t i = 0; i < t->rows; i++) {
            p += t->y[i * heads + h] == 1;
            n += t->y[i * heads + h] == 0;
        }
        double square = 0, seen = 0, a = t->o->bayes_alpha;
        for (size_t c = 0; c < x->columns; c++) {
            double in = (double)pos[c * heads + h], out = (double)all[c * heads + h] - in;
            if (in + out == 0) {
                pos[c * heads + h] = 0;
                continue;
            }
            double r =
                log((in + a * p / (p + n)) / (p + a)) - log((out + a * n / (p + n)) / (n + a));
            pos[c * heads + h] = (float)(r * r);
            square += r * r * (in + out);
            seen += in + out;
        }
        total[h] = square > 0 ? seen / square : 0;
    }
    for (size_t c = 0; c < x->columns; c++)
        for (size_t h = 0; h < heads; h++)
            pos[c * heads + h] *= (float)total[h];
    memset(all, 0, x->columns * heads * sizeof *all);
}

/* 1 / (x'x + 1 / (2 C)) of every row and head; the bias is a feature of value 1. */
static void prepare(trainer *t)
{
    const hf_i_matrix *x = t->x;
    for (size_t i = 0; i < t->rows; i++)
        for (size_t h = 0; h < t->heads; h++) {
            double q = 1;
            for (uint64_t k = x->begin[t->row[i]]; k < x->begin[t->row[i] + 1]; k++)
                q += (double)(x->value[k] * x->value[k]) *
                     (t->ratio2 ? (double)t->ratio2[x->column[k] * t->heads + h] : 1.0);
            int y = t->y[i * t->heads + h];
            double c = y == 1 ? t->o->c_pos : t->o->c_neg;
            t->inv_q[i * t->heads + h] = y < 0 ? 0 : (float)(1 / (q + 1 / (2 * c)));
        }
}

static void visit(trainer *t, size_t i, float *z, float *step)
{
    const hf_i_matrix *x = t->x;
    size_t heads = t->heads;
    uint64_t begin = x->begin[t->row[i]], end = x->begin[t->row[i] + 1];
    const int8_t *y = t->y + i * heads;
    float *alpha = t->alpha + i * heads;
    const float *inv_q = t->inv_q + i * heads;
    float half_pos = (float)(1 / (2 * t->o->c_pos)), half_neg = (float)(1 / (2 * t->o->c_neg));
    for (size_t h = 0; h < heads; h++)
        z[h] = t->bias[h];
    for (uint64_t k = begin; k < end; k++) {
        const float *w = t->w + x->column[k] * heads;
        float v = x->value[k];
        for (size_t h = 0; h < heads; h++)
            z[h] += v * w[h];
    }
    for (size_t h = 0; h < heads; h++) {
        float sign = y[h] == 1 ? 1.0f : -1.0f, d = y[h] == 1 ? half_pos : half_neg;
        float g = sign * z[h] - 1 + alpha[h] * d;
        float next = alpha[h] - g * inv_q[h];
        next = next > 0 ? next : 0;
        step[h] = (next - alpha[h]) * sign;
        alpha[h] = next;
        t->bias[h] += step[h];
    }
    for (uint64_t k = begin; k < end; k++) {
        size_t at = x->column[k] * heads;
        float *w = t->w + at, v = x->value[k];
        if (t->ratio2)
            for (size_t h = 0; h < heads; h++)
                w[h] += v * step[h] * t->ratio2[at + h];
        else
            for (size_t h = 0; h < heads; h++)
                w[h] += v * step[h];
    }
}

static hf_status run(trainer *t, hf_ctx *ctx)
{
    uint32_t *order = hf_i_alloc(ctx, t->rows * sizeof *order);
    float *z = hf_i_alloc(ctx, 2 * t->heads * sizeof *z);
    if (!order || !z) {
        hf_i_free(ctx, order);
        hf_i_free(ctx, z);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < t->rows; i++)
        order[i] = (uint32_t)i;
    hf_i_random random;
    hf_i_random_init(&random, t->o->seed, 1, 0);
    hf_status s = HF_OK;
    for (int e = 0; e < t->o->epochs && s == HF_OK; e++) {
        for (size_t i = t->rows; i > 1; i--) {
            size_t j = hf_i_random_below(&random, i);
            uint32_t keep = order[i - 1];
            order[i - 1] = order[j];
            order[j] = keep;
        }
        for (size_t i = 0; i < t->rows; i++)
            visit(t, order[i], z, z + t->heads);
        if (hf_i_cancelled(ctx))
            s = hf_i_fail(ctx, HF_E_CANCELLED, NULL, "interrupted while training");
    }
    hf_i_free(ctx, order);
    hf_i_free(ctx, z);
    return s;
}

hf_status hf_i_linear_train(hf_ctx *ctx, const hf_i_matrix *x, const uint32_t *row, size_t rows,
                            const int8_t *y, const hf_i_linear_options *options, float *weights,
                            float *bias)
{
    size_t heads = options->heads;
    trainer t = {x, row, y, options, weights, bias, NULL, NULL, NULL, rows, heads};
    t.alpha = hf_i_calloc(ctx, rows * heads, sizeof *t.alpha);
    t.inv_q = hf_i_alloc(ctx, rows * heads * sizeof *t.inv_q);
    double *total = hf_i_alloc(ctx, heads * sizeof *total);
    if (options->bayes)
        t.ratio2 = hf_i_alloc(ctx, x->columns * heads * sizeof *t.ratio2);
    hf_status s = HF_E_NOMEM;
    if (t.alpha && t.inv_q && total && (t.ratio2 || !options->bayes)) {
        if (t.ratio2)
            log_count_ratios(&t, total);
        memset(weights, 0, x->columns * heads * sizeof *weights);
        memset(bias, 0, heads * sizeof *bias);
        prepare(&t);
        s = run(&t, ctx);
    }
    hf_i_free(ctx, t.alpha);
    hf_i_free(ctx, t.inv_q);
    hf_i_free(ctx, t.ratio2);
    hf_i_free(ctx, total);
    return s;
}

void hf_i_linear_score(const hf_i_matrix *x, uint32_t row, size_t heads, const float *weights,
                       const float *bias, float *score)
{
    for (size_t h = 0; h < heads; h++)
        score[h] = bias[h];
    for (uint64_t k = x->begin[row]; k < x->begin[row + 1]; k++) {
        const float *w = weights + x->column[k] * heads;
        for (size_t h = 0; h < heads; h++)
            score[h] += x->value[k] * w[h];
    }
}
