/* SPDX-License-Identifier: MIT */
#include "infer/panel.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A block is a unit of work for a thread: the same for any number of threads. Dyads that share
 * a covariance recursion stay together, others go lane by lane. */
#define MAX_SHARED 256
#define MAX_OTHER  4

static hf_status fail_row(const hf_i_panel *p, const hf_dyads *d, size_t dyad, size_t row,
                          const char *advice, const char *what)
{
    char id[80];
    if (d->ids)
        snprintf(id, sizeof id, "'%.60s'", d->ids[dyad]);
    else
        snprintf(id, sizeof id, "%zu", dyad + 1);
    return hf_i_fail(p->ctx, HF_E_RANGE, advice, "dyad %s, occasion %zu: %s", id,
                     row - p->first_row[dyad] + 1, what);
}

static hf_status check_dyad(hf_i_panel *p, const hf_model *m, const hf_dyads *d, size_t i)
{
    if (p->first_row[i + 1] <= p->first_row[i])
        return hf_i_fail(p->ctx, HF_E_RANGE, NULL, "dyad %zu has no rows", i + 1);
    for (size_t r = p->first_row[i]; r < p->first_row[i + 1]; r++) {
        if (!isfinite(p->time[r]))
            return fail_row(p, d, i, r, "Every row needs a time.", "the time is missing");
        if (r > p->first_row[i] && !(p->time[r] > p->time[r - 1]))
            return fail_row(p, d, i, r, "Sort the rows by dyad and time, one row per time.",
                            p->time[r] == p->time[r - 1] ? "this time is there twice"
                                                         : "times are not in order");
        for (size_t j = 0; j < p->m; j++) {
            double y = p->y[r * p->m + j];
            if (isinf(y))
                return fail_row(p, d, i, r, NULL, "a value is infinite");
            p->n_cells += !isnan(y);
            if (!isnan(y) && m->obs_kind[j] == HF_OBSERVE_BINARY && y != 0.0 && y != 1.0)
                return fail_row(p, d, i, r, NULL, "a binary observation is not 0 or 1");
            if (!isnan(y) && m->obs_kind[j] == HF_OBSERVE_COUNT && (y < 0 || y != floor(y)))
                return fail_row(p, d, i, r, NULL, "a count is not 0, 1, 2, ...");
        }
        for (size_t c = 0; c < p->n_covs; c++)
            if (!p->u || !isfinite(p->u[r * p->n_covs + c])) {
                char text[200];
                snprintf(text, sizeof text, "covariate '%.100s' is missing", m->covs[c]);
                return fail_row(p, d, i, r, "Fill it in or leave the row out.", text);
            }
    }
    return HF_OK;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Distinct intervals; those closer than the rounding of the time stamps are one. */
static void cluster(hf_i_panel *p, double *sorted, size_t count, double tolerance)
{
    qsort(sorted, count, sizeof *sorted, by_value);
    for (size_t i = 0; i < count; i++)
        if (p->n_intervals == 0 || sorted[i] - p->intervals[p->n_intervals - 1] > tolerance)
            p->intervals[p->n_intervals++] = sorted[i];
}

static uint32_t find_interval(const hf_i_panel *p, double dt)
{
    size_t lo = 0, hi = p->n_intervals;
    while (hi - lo > 1) {
        size_t mid = (lo + hi) / 2;
        if (p->intervals[mid] <= dt)
            lo = mid;
        else
            hi = mid;
    }
    return (uint32_t)lo;
}

static double interval_before(const hf_i_panel *p, size_t dyad, size_t row)
{
    return row > p->first_row[dyad] ? p->time[row] - p->time[row - 1] : p->time[row];
}

static hf_status make_intervals(hf_i_panel *p, const hf_model *m, const hf_dyads *d,
                                hf_first_step first)
{
    double largest = 0, *all = hf_i_alloc(p->ctx, (p->n_rows + 1) * sizeof *all);
    p->intervals = hf_i_alloc(p->ctx, (p->n_rows + 1) * sizeof *p->intervals);
    p->interval = hf_i_alloc(p->ctx, (p->n_rows + 1) * sizeof *p->interval);
    hf_status s = all && p->intervals && p->interval ? HF_OK : HF_E_NOMEM;
    size_t count = 0;
    for (size_t i = 0; s == HF_OK && i < p->n_dyads; i++)
        for (size_t r = p->first_row[i]; s == HF_OK && r < p->first_row[i + 1]; r++) {
            largest = fmax(largest, fabs(p->time[r]));
            if (r == p->first_row[i] && first == HF_FIRST_STEP_NONE)
                continue;
            double dt = interval_before(p, i, r);
            if (!m->continuous) {
                double whole = floor(dt + 0.5);
                if (fabs(dt - whole) > 1e-6 || (whole < 1 && r > p->first_row[i]))
                    s = fail_row(p, d, i, r,
                                 "Number the occasions 1, 2, 3, ... or use a model in continuous "
                                 "time.",
                                 "a model in discrete time needs times in whole steps");
                dt = whole;
            }
            if (s == HF_OK && dt < 0)
                s = fail_row(p, d, i, r, "Times count from 0 with --first-step from-zero.",
                             "the first time is before 0");
            all[count++] = dt;
        }
    if (s == HF_OK)
        cluster(p, all, count, m->continuous ? 4 * DBL_EPSILON * largest : 0.0);
    for (size_t i = 0; s == HF_OK && i < p->n_dyads; i++)
        for (size_t r = p->first_row[i]; r < p->first_row[i + 1]; r++) {
            double dt = interval_before(p, i, r);
            bool none = r == p->first_row[i] && first == HF_FIRST_STEP_NONE;
            p->interval[r] =
                none ? UINT32_MAX : find_interval(p, m->continuous ? dt : floor(dt + 0.5));
        }
    hf_i_free(p->ctx, all);
    return s;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

typedef struct {
    uint64_t hash;
    uint32_t dyad, padding;
} key;

static uint64_t stir(uint64_t h, uint64_t x)
{
    h = (h ^ x) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ (h >> 29);
}

static uint64_t hash_dyad(const hf_i_panel *p, size_t i, bool same_missing)
{
    uint64_t h = 1;
    for (size_t r = p->first_row[i]; r < p->first_row[i + 1]; r++) {
        h = stir(h, p->interval[r]);
        for (size_t j = 0; same_missing && j < p->m; j++)
            h = stir(h, isnan(p->y[r * p->m + j]) ? 2 : 3);
    }
    return h;
}

static bool alike(const hf_i_panel *p, size_t a, size_t b, bool same_missing)
{
    size_t rows = p->first_row[a + 1] - p->first_row[a];
    if (rows != p->first_row[b + 1] - p->first_row[b] ||
        memcmp(p->interval + p->first_row[a], p->interval + p->first_row[b],
               rows * sizeof *p->interval) != 0)
        return false;
    const double *ya = p->y + p->first_row[a] * p->m, *yb = p->y + p->first_row[b] * p->m;
    for (size_t c = 0; same_missing && c < rows * p->m; c++)
        if (isnan(ya[c]) != isnan(yb[c]))
            return false;
    return true;
}

static int by_key(const void *a, const void *b)
{
    const key *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->dyad > y->dyad) - (x->dyad < y->dyad);
}

static hf_status make_blocks(hf_i_panel *p, bool same_missing)
{
    key *keys = hf_i_calloc(p->ctx, p->n_dyads + 1, sizeof *keys);
    p->order = hf_i_alloc(p->ctx, (p->n_dyads + 1) * sizeof *p->order);
    p->blocks = hf_i_calloc(p->ctx, p->n_dyads + 1, sizeof *p->blocks);
    if (!keys || !p->order || !p->blocks) {
        hf_i_free(p->ctx, keys);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < p->n_dyads; i++)
        keys[i] = (key){hash_dyad(p, i, same_missing), (uint32_t)i, 0};
    qsort(keys, p->n_dyads, sizeof *keys, by_key);
    for (size_t i = 0; i < p->n_dyads; i++) {
        size_t dyad = keys[i].dyad;
        hf_i_block *b = p->n_blocks ? &p->blocks[p->n_blocks - 1] : NULL;
        if (!b || b->count == (same_missing ? MAX_SHARED : MAX_OTHER) ||
            !alike(p, p->order[b->first], dyad, same_missing)) {
            b = &p->blocks[p->n_blocks++];
            *b = (hf_i_block){i, 0, p->first_row[dyad + 1] - p->first_row[dyad]};
        }
        p->order[i] = (uint32_t)dyad;
        b->count++;
    }
    hf_i_free(p->ctx, keys);
    return HF_OK;
}

hf_status hf_i_panel_make(hf_i_panel *out, hf_ctx *ctx, const hf_model *m, const hf_dyads *d,
                          hf_first_step first_step, bool same_missing)
{
    memset(out, 0, sizeof *out);
    out->ctx = ctx;
    if (d->size != sizeof *d || !d->first_row || !d->time || !d->y || d->n_dyads == 0)
        return hf_i_fail(ctx, HF_E_NOT_ENOUGH_DATA, NULL, "there are no dyads in the data");
    if (d->n_dyads >= UINT32_MAX)
        return hf_i_fail(ctx, HF_E_LIMIT, NULL, "more dyads than can be counted");
    out->n_dyads = d->n_dyads;
    out->m = m->m;
    out->n_covs = m->n_covs;
    out->first_row = d->first_row;
    out->n_rows = d->first_row[d->n_dyads];
    out->time = d->time;
    out->y = d->y;
    out->u = d->u;
    hf_status s = HF_OK;
    for (size_t i = 0; s == HF_OK && i < d->n_dyads; i++)
        s = check_dyad(out, m, d, i);
    if (s == HF_OK && out->n_cells == 0)
        s = hf_i_fail(ctx, HF_E_NOT_ENOUGH_DATA, "Check the names given to --obs.",
                      "every observed cell is missing");
    if (s == HF_OK)
        s = make_intervals(out, m, d, first_step);
    if (s == HF_OK)
        s = make_blocks(out, same_missing);
    if (s != HF_OK)
        hf_i_panel_dispose(out);
    return s;
}

void hf_i_panel_dispose(hf_i_panel *panel)
{
    if (!panel->ctx)
        return;
    hf_i_free(panel->ctx, panel->intervals);
    hf_i_free(panel->ctx, panel->interval);
    hf_i_free(panel->ctx, panel->order);
    hf_i_free(panel->ctx, panel->blocks);
    memset(panel, 0, sizeof *panel);
}
