/* SPDX-License-Identifier: MIT */
/* Cross-validation by dyad, chi-squared tails, data drawn from a model, parametric bootstrap. */
#include "infer/draw.h"
#include "infer/fit.h"

#include "num/random.h"

#include <math.h>
#include <string.h>

/* ---- chi-squared
 * ---------------------------------------------------------------------------------- */

/* Q(a, x) = Gamma(a, x) / Gamma(a): series below a + 1, continued fraction (Lentz) above. */
double hf_chi_squared_tail(double x, double df)
{
    double a = 0.5 * df, z = 0.5 * x;
    if (!(df > 0) || isnan(x))
        return NAN;
    if (z <= 0)
        return 1;
    double front = exp(a * log(z) - z - lgamma(a));
    if (z < a + 1) {
        double term = 1 / a, sum = term;
        for (int n = 1; n < 1000 && term > 1e-17 * sum; n++) {
            term *= z / (a + n);
            sum += term;
        }
        return 1 - front * sum;
    }
    double b = z + 1 - a, c = 1e300, d = 1 / b, h = d;
    for (int n = 1; n < 1000; n++) {
        double an = -n * (n - a);
        b += 2;
        d = 1 / (an * d + b);
        c = b + an / c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-16)
            break;
    }
    return front * h;
}

/* ---- cross-validation
 * -------------------------------------------------------------------------------- */

typedef struct {
    size_t *first;
    double *time, *y, *u;
    hf_dyads view;
} part;

static void drop_part(hf_ctx *ctx, part *p)
{
    hf_i_free(ctx, p->first);
    hf_i_free(ctx, p->time);
    hf_i_free(ctx, p->y);
    hf_i_free(ctx, p->u);
}

/* The dyads whose fold is (or is not) the given one. */
static hf_status take_part(part *out, hf_ctx *ctx, const hf_model *m, const hf_dyads *d,
                           const uint32_t *fold_of, uint32_t fold, bool inside)
{
    size_t rows = d->first_row[d->n_dyads], row = 0;
    *out = (part){.first = hf_i_calloc(ctx, d->n_dyads + 1, sizeof *out->first),
                  .time = hf_i_calloc(ctx, rows, sizeof(double)),
                  .y = hf_i_calloc(ctx, rows * m->m, sizeof(double)),
                  .u = hf_i_calloc(ctx, rows * m->n_covs + 1, sizeof(double))};
    if (!out->first || !out->time || !out->y || !out->u)
        return HF_E_NOMEM;
    hf_dyads v = HF_DYADS_INIT;
    for (size_t i = 0; i < d->n_dyads; i++) {
        if ((fold_of[i] == fold) != inside)
            continue;
        out->first[v.n_dyads++] = row;
        for (size_t r = d->first_row[i]; r < d->first_row[i + 1]; r++, row++) {
            out->time[row] = d->time[r];
            memcpy(out->y + row * m->m, d->y + r * m->m, m->m * sizeof(double));
            if (m->n_covs)
                memcpy(out->u + row * m->n_covs, d->u + r * m->n_covs, m->n_covs * sizeof(double));
        }
    }
    out->first[v.n_dyads] = row;
    v.first_row = out->first;
    v.time = out->time;
    v.y = out->y;
    v.u = out->u;
    out->view = v;
    return HF_OK;
}

/* Fits on the other folds, evaluates on this one. */
static hf_status one_fold(hf_ctx *ctx, const hf_model *m, const hf_dyads *d,
                          const hf_fit_options *o, const uint32_t *fold_of, uint32_t fold,
                          double *by_dyad)
{
    part train = {0}, held = {0};
    hf_fit *fit = NULL;
    hf_likelihood *l = NULL;
    double ll;
    hf_status s = take_part(&train, ctx, m, d, fold_of, fold, false);
    if (s == HF_OK)
        s = take_part(&held, ctx, m, d, fold_of, fold, true);
    if (s == HF_OK)
        s = hf_fit_new(&fit, ctx, m, &train.view, o);
    if (s == HF_OK)
        s = hf_likelihood_new(&l, ctx, m, &held.view, &o->likelihood);
    if (s == HF_OK)
        s = hf_likelihood_value(l, hf_fit_theta(fit), &ll);
    for (size_t i = 0, k = 0; s == HF_OK && i < d->n_dyads; i++)
        if (fold_of[i] == fold)
            by_dyad[i] = hf_likelihood_by_dyad(l)[k++];
    hf_likelihood_free(l);
    hf_fit_free(fit);
    drop_part(ctx, &train);
    drop_part(ctx, &held);
    return s;
}

hf_status hf_cross_validate(double *out, hf_ctx *ctx, const hf_model *model, const hf_dyads *data,
                            const hf_fit_options *options, size_t folds, double *by_dyad)
{
    hf_fit_options defaults = HF_FIT_OPTIONS_INIT;
    const hf_fit_options *o = options ? options : &defaults;
    size_t n = data->n_dyads;
    if (n < 2)
        return hf_i_fail(ctx, HF_E_NOT_ENOUGH_DATA, NULL,
                         "not enough data: cross-validation needs at least two dyads");
    if (folds < 2 || folds > n)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "folds must be between 2 and %zu", n);
    uint32_t *fold_of = hf_i_calloc(ctx, n, sizeof *fold_of);
    if (!fold_of)
        return HF_E_NOMEM;
    hf_i_random r;
    hf_i_random_init(&r, o->seed, UINT64_C(0xf01d), 0);
    for (size_t i = 0; i < n; i++)
        fold_of[i] = (uint32_t)(i % folds);
    for (size_t i = n; i-- > 1;) { /* Fisher and Yates */
        size_t j = (size_t)hf_i_random_below(&r, i + 1);
        uint32_t swap = fold_of[i];
        fold_of[i] = fold_of[j];
        fold_of[j] = swap;
    }
    hf_status s = HF_OK;
    for (size_t f = 0; s == HF_OK && f < folds; f++) {
        s = hf_i_progress(ctx, "folds", f, folds);
        if (s == HF_OK)
            s = one_fold(ctx, model, data, o, fold_of, (uint32_t)f, by_dyad);
    }
    *out = 0;
    for (size_t i = 0; s == HF_OK && i < n; i++)
        *out += by_dyad[i];
    hf_i_free(ctx, fold_of);
    return s;
}

/* ---- data from the model
 * ---------------------------------------------------------------------------- */

hf_status hf_simulate_like(hf_ctx *ctx, const hf_model *m, const hf_dyads *data,
                           const double *theta, const hf_likelihood_options *options, uint64_t seed,
                           uint64_t replicate, double *y)
{
    hf_likelihood *l;
    size_t rows = data->first_row[data->n_dyads];
    bool filtered = m->n_regimes == 1; /* cells from their predictions: exact when linear */
    for (size_t j = 0; j < m->m; j++)
        filtered &= m->obs_kind[j] == HF_OBSERVE_GAUSSIAN;
    HF_TRY(hf_likelihood_new(&l, ctx, m, data, options));
    double *normals = hf_i_alloc(ctx, rows * m->m * sizeof *normals), ll;
    hf_status s = normals ? HF_OK : HF_E_NOMEM;
    if (s == HF_OK && !filtered) {
        double *drawn = normals; /* y may be the data's own */
        s = hf_i_draw(ctx, m, data, theta, l, seed, replicate, drawn);
        for (size_t c = 0; s == HF_OK && c < rows * m->m; c++)
            y[c] = isnan(data->y[c]) ? NAN : drawn[c];
    }
    for (size_t i = 0; filtered && s == HF_OK && i < data->n_dyads; i++) {
        hf_i_random r;
        hf_i_random_init(&r, seed, UINT64_C(0xda7a000000) + i, replicate);
        size_t first = data->first_row[i], end = data->first_row[i + 1];
        for (size_t c = first * m->m; c < end * m->m; c++)
            normals[c] = hf_i_random_normal(&r);
        hf_i_trace t = {.normals = normals + first * m->m, .drawn = y + first * m->m};
        s = hf_i_likelihood_trace(l, theta, i, &t, &ll);
        if (s == HF_OK && !isfinite(ll))
            s = hf_i_fail(ctx, HF_E_RANGE, NULL, "the model explodes at these parameters");
        for (size_t c = first * m->m; c < end * m->m; c++)
            if (isnan(data->y[c]))
                y[c] = NAN;
    }
    hf_i_free(ctx, normals);
    hf_likelihood_free(l);
    return s;
}

hf_status hf_bootstrap(hf_ctx *ctx, const hf_model *m, const hf_dyads *data, const double *theta,
                       const hf_fit_options *options, size_t replicates, double *draws)
{
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    if (options)
        o = *options;
    o.start = theta;
    o.starts = 1;
    o.evaluate = o.profile = false;
    size_t rows = data->first_row[data->n_dyads];
    double *y = hf_i_alloc(ctx, rows * m->m * sizeof *y);
    hf_status s = y ? HF_OK : HF_E_NOMEM;
    hf_dyads copy = *data;
    copy.y = y;
    for (size_t b = 0; s == HF_OK && b < replicates; b++) {
        hf_fit *fit = NULL;
        s = hf_i_progress(ctx, "bootstrap", b, replicates);
        if (s == HF_OK)
            s = hf_simulate_like(ctx, m, data, theta, &o.likelihood, o.seed, b, y);
        if (s == HF_OK)
            s = hf_fit_new(&fit, ctx, m, &copy, &o);
        bool fine = s == HF_OK && hf_fit_get_summary(fit).converged;
        for (size_t i = 0; i < m->n_params; i++)
            draws[b * m->n_params + i] = fine ? hf_fit_theta(fit)[i] : NAN;
        hf_fit_free(fit);
        if (s == HF_E_NOT_CONVERGED || s == HF_E_NOT_ENOUGH_DATA || s == HF_E_RANGE)
            s = HF_OK; /* this replicate says nothing: its row stays NaN */
    }
    hf_i_free(ctx, y);
    return s;
}
