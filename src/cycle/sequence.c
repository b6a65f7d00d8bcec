/* SPDX-License-Identifier: MIT */
/* Lag-sequential tables. */
#include "cycle/sequence.h"

#include <math.h>
#include <string.h>

bool hf_i_next_pair(hf_i_pair_walk *w, uint32_t *from, uint32_t *to)
{
    const hf_sequences *s = w->s;
    for (; w->at + w->lag->lag < s->first[w->dyad + 1]; w->at++) {
        size_t later = w->at + w->lag->lag;
        bool whole = true;
        for (size_t i = w->at; i <= later; i++)
            whole &= s->state[i] != HF_I_NO_STATE;
        if (!whole || (w->lag->within > 0 && s->time[later] - s->time[w->at] > w->lag->within))
            continue;
        *from = s->state[w->at++];
        *to = s->state[later];
        return true;
    }
    return false;
}

/* ---- independence where some cells cannot occur -------------------------------------------- */

enum { MOST_ROUNDS = 2000 };
static const double CLOSE = 1e-12;

/* One side of the fit: rows (step 1 over columns) or columns. Returns the largest change. */
static double scale_side(double *e, const double *count, size_t k, bool rows)
{
    double worst = 0;
    for (size_t i = 0; i < k; i++) {
        double have = 0, want = 0;
        for (size_t j = 0; j < k; j++) {
            size_t at = rows ? i * k + j : j * k + i;
            have += e[at];
            want += count[at];
        }
        double f = have > 0 ? want / have : 0;
        worst = fmax(worst, have > 0 ? fabs(f - 1) : 0);
        for (size_t j = 0; j < k; j++)
            e[rows ? i * k + j : j * k + i] *= f;
    }
    return worst;
}

static void fit_expected(double *e, const double *count, const bool *structural, size_t k)
{
    for (size_t i = 0; i < k * k; i++)
        e[i] = structural[i] ? 0 : 1;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        scale_side(e, count, k, true);
        if (scale_side(e, count, k, false) < CLOSE)
            break;
    }
}

/* Eliminates a symmetric, semi-definite system in place: a becomes a generalised inverse. Rows
 * whose pivot vanishes (one row effect is a sum of the others) stay out. n at most 2 k. */
static void sweep(double *a, size_t n)
{
    for (size_t i = 0; i < n * n; i += n + 1)
        a[i] = a[i] > 0 ? a[i] : 0;
    for (size_t p = 0; p < n; p++) {
        double d = a[p * n + p];
        if (!(d > 1e-9)) {
            for (size_t i = 0; i < n; i++)
                a[p * n + i] = a[i * n + p] = 0;
            continue;
        }
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                if (i != p && j != p)
                    a[i * n + j] -= a[i * n + p] * a[p * n + j] / d;
        for (size_t i = 0; i < n; i++)
            if (i != p) {
                a[i * n + p] /= d;
                a[p * n + i] /= -d;
            }
        a[p * n + p] = 1 / d;
    }
}

hf_status hf_i_lag_residuals(hf_ctx *ctx, const double *count, const bool *structural, size_t k,
                             double *expected, double *residual)
{
    size_t n = 2 * k;
    double *a = hf_i_calloc(ctx, n * n, sizeof *a);
    if (!a)
        return HF_E_NOMEM;
    fit_expected(expected, count, structural, k);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double w = expected[i * k + j];
            a[i * n + i] += w;
            a[(k + j) * n + k + j] += w;
            a[i * n + k + j] += w;
            a[(k + j) * n + i] += w;
        }
    sweep(a, n);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double e = expected[i * k + j];
            /* leverage of the cell: w x' (X'WX)^- x, x with a 1 for its row and its column */
            double h =
                e * (a[i * n + i] + a[(k + j) * n + k + j] + a[i * n + k + j] + a[(k + j) * n + i]);
            double left = e * (1 - h);
            residual[i * k + j] =
                left > 1e-9 * e && e > 0 ? (count[i * k + j] - e) / sqrt(left) : NAN;
        }
    hf_i_free(ctx, a);
    return HF_OK;
}

/* ---- the table ------------------------------------------------------------------------------ */

struct hf_lag_table {
    hf_ctx *ctx;
    size_t k;
    double total;
    double *count, *expected, *residual; /* [k * k] */
    bool *structural;
};

static void count_pairs(hf_lag_table *t, const hf_sequences *s, const hf_lag *lag)
{
    for (size_t d = 0; d < s->dyads; d++) {
        hf_i_pair_walk w = {s, lag, d, s->first[d]};
        uint32_t from, to;
        while (hf_i_next_pair(&w, &from, &to)) {
            if (lag->no_repeat && from == to)
                continue;
            t->count[from * t->k + to]++;
            t->total++;
        }
    }
}

hf_status hf_lag_table_new(hf_lag_table **out, hf_ctx *ctx, const hf_sequences *sequences,
                           const hf_lag *lag)
{
    static const hf_lag next = HF_LAG_INIT;
    *out = NULL;
    if (!lag)
        lag = &next;
    if (lag->size != sizeof *lag || lag->lag == 0)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "a lag of at least one moment is needed");
    hf_lag_table *t = hf_i_calloc(ctx, 1, sizeof *t);
    if (!t)
        return HF_E_NOMEM;
    size_t k = t->k = sequences->state_count;
    t->ctx = ctx;
    t->count = hf_i_calloc(ctx, k * k, sizeof *t->count);
    t->expected = hf_i_alloc(ctx, k * k * sizeof *t->expected);
    t->residual = hf_i_alloc(ctx, k * k * sizeof *t->residual);
    t->structural = hf_i_calloc(ctx, k * k, sizeof *t->structural);
    hf_status status = HF_E_NOMEM;
    if (t->count && t->expected && t->residual && t->structural) {
        for (size_t i = 0; lag->no_repeat && i < k; i++)
            t->structural[i * k + i] = true;
        count_pairs(t, sequences, lag);
        status = hf_i_lag_residuals(ctx, t->count, t->structural, k, t->expected, t->residual);
    }
    if (status != HF_OK) {
        hf_lag_table_free(t);
        return status;
    }
    *out = t;
    return HF_OK;
}

void hf_lag_table_free(hf_lag_table *t)
{
    if (!t)
        return;
    hf_i_free(t->ctx, t->count);
    hf_i_free(t->ctx, t->expected);
    hf_i_free(t->ctx, t->residual);
    hf_i_free(t->ctx, t->structural);
    hf_i_free(t->ctx, t);
}

double hf_lag_table_total(const hf_lag_table *table)
{
    return table->total;
}

hf_lag_cell hf_lag_table_get(const hf_lag_table *t, size_t from, size_t to)
{
    size_t at = from * t->k + to;
    hf_lag_cell c = {.count = t->count[at],
                     .expected = t->expected[at],
                     .residual = t->residual[at],
                     .log_odds = NAN,
                     .yules_q = NAN,
                     .structural = t->structural[at]};
    if (c.structural)
        return c;
    double row = 0, column = 0;
    for (size_t i = 0; i < t->k; i++) {
        row += t->count[from * t->k + i];
        column += t->count[i * t->k + to];
    }
    double x = c.count, y = row - x, z = column - x, rest = t->total - row - column + x;
    c.log_odds = log((x + 0.5) * (rest + 0.5) / ((y + 0.5) * (z + 0.5)));
    if (x * rest + y * z > 0)
        c.yules_q = (x * rest - y * z) / (x * rest + y * z);
    return c;
}
