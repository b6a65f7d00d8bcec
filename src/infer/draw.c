/* SPDX-License-Identifier: MIT */
/* Data drawn from a model with regimes, or of 0/1 values and counts: the regime, the state and the
 * values one after the other. Exact for linear models; else Runge-Kutta with noise in pieces. */
#include "infer/draw.h"

#include "infer/motion.h"
#include "num/dense.h"
#include "num/random.h"

#include <math.h>
#include <string.h>

enum { N = HF_MODEL_MAX_STATES, M = HF_MODEL_MAX_OBS, K_MOST = HF_MODEL_MAX_REGIMES };
enum { PIECES = 64, DISCRETE_MOST = 4096 };

typedef struct {
    hf_ctx *ctx;
    const hf_model *mo;
    const hf_dyads *data;
    hf_i_motion motion;
    hf_i_random random;
    double *weight, *mean, *cov; /* of the first row's pairs, from a trace of the whole dyad */
    double *noise;
} drawer;

static size_t choose(hf_i_random *r, const double *weight, size_t count, size_t stride)
{
    double sum = 0, u;
    for (size_t i = 0; i < count; i++)
        sum += weight[i * stride];
    u = hf_i_random_uniform(r) * sum;
    for (size_t i = 0; i + 1 < count; i++) {
        u -= weight[i * stride];
        if (u < 0)
            return i;
    }
    return count - 1;
}

/* x ~ N(mean, cov); false when cov is no covariance. */
static bool draw_normal(hf_i_random *r, const double *mean, const double *cov, size_t n, double *x)
{
    double L[N * N], z[N];
    memcpy(L, cov, n * n * sizeof *L);
    if (hf_i_cholesky(L, (int)n, 1e-13) < 0)
        return false;
    for (size_t i = 0; i < n; i++)
        z[i] = hf_i_random_normal(r);
    for (size_t i = 0; i < n; i++) {
        x[i] = mean[i];
        for (size_t j = 0; j <= i; j++)
            x[i] += L[i + j * n] * z[j];
    }
    return true;
}

/* Probabilities of the regimes that follow k, [K]. */
static bool switch_from(drawer *d, size_t k, hf_i_model_point *at, double dt, double *out)
{
    const hf_model *mo = d->mo;
    size_t K = mo->n_regimes;
    double p[K_MOST * K_MOST], G[K_MOST * K_MOST], E[K_MOST * K_MOST], work[5 * K_MOST * K_MOST];
    at->theta = d->motion.theta;
    hf_i_model_values(mo, at, d->motion.values);
    hf_i_model_take(d->motion.values, mo->switching, K * K, p);
    if (mo->switch_kind == HF_SWITCH_INTENSITY) {
        for (size_t i = 0; i < K; i++) {
            G[i + i * K] = 0;
            for (size_t j = 0; j < K; j++)
                if (i != j) {
                    G[i + j * K] = p[i * K + j];
                    G[i + i * K] -= p[i * K + j];
                }
        }
        if (!hf_i_expm(G, dt, (int)K, E, work))
            return false;
        for (size_t j = 0; j < K; j++)
            out[j] = fmax(E[k + j * K], 0);
        return true;
    }
    double stay = 1, sum = 0;
    for (size_t j = 0; j < K; j++) {
        bool there = j != k && mo->switching[k * K + j] != HF_X_NONE;
        out[j] = !there ? 0 : mo->switch_kind == HF_SWITCH_LOGIT ? exp(p[k * K + j]) : p[k * K + j];
        sum += out[j];
    }
    if (mo->switch_kind == HF_SWITCH_PROBABILITY)
        stay = 1 - sum;
    out[k] = stay;
    return stay >= -1e-12 && isfinite(sum);
}

/* Knuth's product for small rates, a rounded normal beyond: counts of a diary. */
static double draw_count(hf_i_random *r, double rate)
{
    double product = 1, least = exp(-rate);
    if (rate > 500)
        return fmax(0, floor(rate + sqrt(rate) * hf_i_random_normal(r) + .5));
    for (int count = 0;; count++) {
        product *= hf_i_random_uniform(r);
        if (product < least)
            return count;
    }
}

static bool draw_values(drawer *d, size_t k, hf_i_model_point *at, double *y)
{
    const hf_model *mo = d->mo;
    size_t m = mo->m;
    double h[M], R[M * M], e[M];
    at->theta = d->motion.theta;
    hf_i_model_values(mo, at, d->motion.values);
    hf_i_model_take(d->motion.values, mo->observe + k * m, m, h);
    hf_i_model_take(d->motion.values, mo->error + k * m * m, m * m, R);
    if (m > N || !draw_normal(&d->random, h, R, m, e))
        return false;
    for (size_t j = 0; j < m; j++) {
        if (mo->obs_kind[j] == HF_OBSERVE_GAUSSIAN)
            y[j] = e[j];
        else if (mo->obs_kind[j] == HF_OBSERVE_BINARY)
            y[j] = hf_i_random_uniform(&d->random) < 1 / (1 + exp(-h[j]));
        else
            y[j] = draw_count(&d->random, exp(fmin(h[j], 20)));
    }
    return true;
}

static bool draw_rows(drawer *d, size_t first, size_t rows, double *y)
{
    const hf_model *mo = d->mo;
    size_t n = mo->n, K = mo->n_regimes, c = mo->n_covs, m = mo->m;
    double x[N], next[K_MOST];
    size_t pair = choose(&d->random, d->weight, K * K, 1), k = pair / K;
    bool fine = draw_normal(&d->random, d->mean + pair * n, d->cov + pair * n * n, n, x);
    for (size_t r = 0; fine && r < rows; r++) {
        size_t row = first + r;
        hf_i_model_point at = {.x = x,
                               .u = d->data->u ? d->data->u + row * c : NULL,
                               .before = d->data->u ? d->data->u + (r ? row - 1 : row) * c : NULL,
                               .time = d->data->time[row]};
        double dt = r ? d->data->time[row] - d->data->time[row - 1] : 0;
        if (r) {
            if (K > 1) {
                fine = switch_from(d, k, &at, dt, next);
                k = fine ? choose(&d->random, next, K, 1) : k;
            }
            size_t draws = n * (mo->continuous ? PIECES : (size_t)fmin(dt, DISCRETE_MOST));
            for (size_t z = 0; z < draws; z++)
                d->noise[z] = hf_i_random_normal(&d->random);
            fine = fine && dt <= (mo->continuous ? INFINITY : DISCRETE_MOST) &&
                   hf_i_motion_step(&d->motion, k, &at, dt, PIECES, d->noise, x);
        }
        at.x = x;
        fine = fine && draw_values(d, k, &at, y + row * m);
    }
    return fine;
}

/* The state at the first row, as the filter has it (also where it is stationary). */
static hf_status first_row(drawer *d, hf_likelihood *l, const double *theta, size_t dyad)
{
    const hf_model *mo = d->mo;
    size_t n = mo->n, nn = n * n, K = mo->n_regimes, pairs = K * K;
    size_t rows = d->data->first_row[dyad + 1] - d->data->first_row[dyad];
    double ll, *all = hf_i_calloc(d->ctx, rows * pairs * (1 + n + 2 * nn) + rows * K * (n + nn) + 1,
                                  sizeof *all);
    if (!all)
        return HF_E_NOMEM;
    hf_i_trace t = {.pair_weight = all};
    t.pair_mean = t.pair_weight + rows * pairs;
    t.pair_cov = t.pair_mean + rows * pairs * n;
    t.pair_transition = t.pair_cov + rows * pairs * nn;
    t.regime_mean = t.pair_transition + rows * pairs * nn;
    t.regime_cov = t.regime_mean + rows * K * n;
    if (K == 1) {
        t = (hf_i_trace){.predicted_mean = t.pair_mean, .predicted_cov = t.pair_cov};
        all[0] = 1;
    }
    hf_status s = hf_i_likelihood_trace(l, theta, dyad, &t, &ll);
    memcpy(d->weight, all, pairs * sizeof *all);
    memcpy(d->mean, K == 1 ? t.predicted_mean : t.pair_mean, pairs * n * sizeof *all);
    memcpy(d->cov, K == 1 ? t.predicted_cov : t.pair_cov, pairs * nn * sizeof *all);
    hf_i_free(d->ctx, all);
    return s;
}

hf_status hf_i_draw(hf_ctx *ctx, const hf_model *mo, const hf_dyads *data, const double *theta,
                    hf_likelihood *l, uint64_t seed, uint64_t replicate, double *y)
{
    size_t n = mo->n, K = mo->n_regimes, pairs = K * K, steps = PIECES;
    drawer d = {.ctx = ctx, .mo = mo, .data = data};
    hf_status s = hf_i_motion_new(&d.motion, ctx, mo, theta);
    if (!mo->continuous)
        steps = DISCRETE_MOST;
    d.weight = hf_i_calloc(ctx, pairs * (1 + n + n * n) + steps * n, sizeof *d.weight);
    if (s == HF_OK && !d.weight)
        s = HF_E_NOMEM;
    d.mean = s == HF_OK ? d.weight + pairs : NULL;
    d.cov = s == HF_OK ? d.mean + pairs * n : NULL;
    d.noise = s == HF_OK ? d.cov + pairs * n * n : NULL;
    for (size_t i = 0; s == HF_OK && i < data->n_dyads; i++) {
        size_t first = data->first_row[i], rows = data->first_row[i + 1] - first;
        hf_i_random_init(&d.random, seed, UINT64_C(0xd7a3000000) + i, replicate);
        s = first_row(&d, l, theta, i);
        if (s == HF_OK && !draw_rows(&d, first, rows, y))
            s = hf_i_fail(ctx, HF_E_RANGE, NULL, "the model explodes at these parameters");
    }
    hf_i_free(ctx, d.weight);
    hf_i_motion_dispose(&d.motion);
    return s;
}
