/* SPDX-License-Identifier: MIT */
/* States of several regimes given everything (Kim 1994, J. Econometrics 60:1, eq. 2.19 to 2.24 as
 * in Kim & Nelson 1999, section 5.3), and what was expected of each value before it was seen. */
#include "infer/states.h"

#include "model/evaluate.h"
#include "num/stats_distribution.h"

#include <math.h>
#include <string.h>

/* ---- Kim's smoother -------------------------------------------------------------------------- */

/* Adds a weighted normal to a mixture's first two moments: second is of x x'. */
static void mix(double weight, const double *mean, const double *cov, size_t n, double *first,
                double *second)
{
    for (size_t i = 0; i < n; i++)
        first[i] += weight * mean[i];
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++)
            second[i + j * n] += weight * (cov[i + j * n] + mean[i] * mean[j]);
}

static void unmix(size_t n, const double *mean, double *second)
{
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++)
            second[i + j * n] -= mean[i] * mean[j];
}

/* Regime j at row r: its smoothed state is mixed over the regimes k of the next row. */
static void one_regime(hf_states *st, size_t row, size_t r, size_t j, hf_i_states_scratch *s)
{
    size_t n = st->n, nn = n * n, K = st->K;
    double x[HF_MODEL_MAX_STATES], cov[HF_MODEL_MAX_STATES * HF_MODEL_MAX_STATES];
    double *mean = s->smooth_regime_mean + (r * K + j) * n,
           *second = s->smooth_regime_cov + (r * K + j) * nn, total = 0;
    const double *filtered = s->regime_mean + (r * K + j) * n,
                 *filtered_cov = s->regime_cov + (r * K + j) * nn;
    memset(mean, 0, n * sizeof *mean);
    memset(second, 0, nn * sizeof *second);
    for (size_t k = 0; k < K; k++) {
        size_t pair = ((r + 1) * K + k) * K + j;
        double predicted = s->regime_predicted[(r + 1) * K + k];
        double weight =
            predicted > 0 ? st->smooth_regime[(row + 1) * K + k] * s->pair_weight[pair] / predicted
                          : 0;
        if (!(weight > 0))
            continue;
        hf_i_smoother_step(filtered, filtered_cov, s->pair_transition + pair * nn,
                           s->pair_mean + pair * n, s->pair_cov + pair * nn,
                           s->smooth_regime_mean + ((r + 1) * K + k) * n,
                           s->smooth_regime_cov + ((r + 1) * K + k) * nn, (int)n, x, cov, s);
        mix(weight, x, cov, n, mean, second);
        total += weight;
    }
    if (!(total > 0)) { /* a regime that the data rule out: what was known until then */
        memcpy(mean, filtered, n * sizeof *mean);
        memcpy(second, filtered_cov, nn * sizeof *second);
        return;
    }
    for (size_t i = 0; i < n; i++)
        mean[i] /= total;
    for (size_t i = 0; i < nn; i++)
        second[i] /= total;
    unmix(n, mean, second);
}

void hf_i_states_kim(hf_states *st, size_t first, size_t rows, hf_i_states_scratch *s)
{
    size_t n = st->n, nn = n * n, K = st->K, last = rows - 1;
    memcpy(s->smooth_regime_mean + last * K * n, s->regime_mean + last * K * n,
           K * n * sizeof(double));
    memcpy(s->smooth_regime_cov + last * K * nn, s->regime_cov + last * K * nn,
           K * nn * sizeof(double));
    for (size_t r = rows; r-- > 0;) {
        double *mean = st->smooth_mean + (first + r) * n, *cov = st->smooth_cov + (first + r) * nn;
        for (size_t j = 0; r < last && j < K; j++)
            one_regime(st, first + r, r, j, s);
        memset(mean, 0, n * sizeof *mean);
        memset(cov, 0, nn * sizeof *cov);
        for (size_t j = 0; j < K; j++)
            if (st->smooth_regime[(first + r) * K + j] > 0)
                mix(st->smooth_regime[(first + r) * K + j], s->smooth_regime_mean + (r * K + j) * n,
                    s->smooth_regime_cov + (r * K + j) * nn, n, mean, cov);
        unmix(n, mean, cov);
    }
}

/* ---- what was expected ----------------------------------------------------------------------- */

enum { MOST_PAIRS = HF_MODEL_MAX_REGIMES * HF_MODEL_MAX_REGIMES, BISECTIONS = 60 };

/* The prediction of one row: a mixture of normals for each observation. */
typedef struct {
    size_t count;
    double weight[MOST_PAIRS], mean[MOST_PAIRS][HF_MODEL_MAX_OBS],
        var[MOST_PAIRS][HF_MODEL_MAX_OBS];
} prediction;

/* h, H P H' + R of regime k at a predicted state. */
static void observe(const hf_states *st, const hf_i_model_point *at, size_t k, const double *P,
                    double weight, prediction *p, double *values)
{
    const hf_model *mo = st->model;
    size_t n = st->n, m = st->m;
    double H[HF_MODEL_MAX_OBS * HF_MODEL_MAX_STATES], R[HF_MODEL_MAX_OBS * HF_MODEL_MAX_OBS];
    double *var = p->var[p->count];
    hf_i_model_values(mo, at, values);
    hf_i_model_take(values, mo->observe + k * m, m, p->mean[p->count]);
    hf_i_model_take(values, mo->observe_dx + k * m * n, m * n, H);
    hf_i_model_take(values, mo->error + k * m * m, m * m, R);
    for (size_t j = 0; j < m; j++) {
        var[j] = mo->obs_kind[j] == HF_OBSERVE_GAUSSIAN ? R[j + j * m] : 0;
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                var[j] += H[j * n + a] * P[a + b * n] * H[j * n + b];
    }
    p->weight[p->count++] = weight;
}

static double below(const prediction *p, size_t j, double y, double side)
{
    double sum = 0, all = 0;
    for (size_t e = 0; e < p->count; e++) {
        sum += p->weight[e] * hf_i_normal_cdf(side * (y - p->mean[e][j]) / sqrt(p->var[e][j]));
        all += p->weight[e];
    }
    return sum / all;
}

/* Normal score of y under the prediction, by the smaller tail (Rosenblatt 1952). */
static double score(const prediction *p, size_t j, double y)
{
    double lower = below(p, j, y, 1), upper = below(p, j, y, -1);
    double tail = fmax(fmin(lower, upper), 1e-300);
    double z = hf_i_normal_quantile(tail);
    return lower < upper ? z : -z;
}

static double quantile(const prediction *p, size_t j, double mean, double sd, double level)
{
    double lo = mean - 20 * sd, hi = mean + 20 * sd;
    if (p->count == 1)
        return mean + sd * hf_i_normal_quantile(level);
    for (int i = 0; i < BISECTIONS; i++) {
        double middle = (lo + hi) / 2;
        if (below(p, j, middle, 1) < level)
            lo = middle;
        else
            hi = middle;
    }
    return (lo + hi) / 2;
}

/* Mean and variance of the mixture, on the scale of the formula. */
static void moments(const prediction *p, size_t j, double *mean, double *var)
{
    double all = 0, first = 0, second = 0;
    for (size_t e = 0; e < p->count; e++) {
        all += p->weight[e];
        first += p->weight[e] * p->mean[e][j];
    }
    first /= all;
    for (size_t e = 0; e < p->count; e++) {
        double off = p->mean[e][j] - first;
        second += p->weight[e] * (p->var[e][j] + off * off);
    }
    *mean = first;
    *var = second / all;
}

/* The mean of a 0/1 value (probit-like correction of MacKay 1992) or a count. */
static double response(hf_observation_kind kind, double mean, double var)
{
    static const double pi = 3.14159265358979323846;
    return kind == HF_OBSERVE_BINARY ? 1 / (1 + exp(-mean / sqrt(1 + pi * var / 8)))
                                     : exp(mean + var / 2);
}

static void one_row(hf_states *st, const prediction *p, size_t row)
{
    for (size_t j = 0; j < st->m; j++) {
        size_t at = row * st->m + j;
        double mean, var;
        moments(p, j, &mean, &var);
        if (st->model->obs_kind[j] != HF_OBSERVE_GAUSSIAN) {
            st->expected[at] = response(st->model->obs_kind[j], mean, var);
            continue;
        }
        st->expected[at] = mean;
        if (!(var > 0))
            continue;
        st->lower[at] = quantile(p, j, mean, sqrt(var), 0.025);
        st->upper[at] = quantile(p, j, mean, sqrt(var), 0.975);
        if (st->K > 1 && !isnan(st->data.y[at]))
            st->residual[at] = score(p, j, st->data.y[at]);
    }
}

void hf_i_states_expect(hf_states *st, size_t first, size_t rows, hf_i_states_scratch *s)
{
    size_t n = st->n, nn = n * n, K = st->K, c = st->model->n_covs;
    for (size_t r = 0; r < rows; r++) {
        prediction p = {0};
        size_t row = first + r;
        hf_i_model_point at = {.theta = s->theta,
                               .u = st->data.u ? st->data.u + row * c : NULL,
                               .before = st->data.u ? st->data.u + (r ? row - 1 : row) * c : NULL,
                               .time = st->data.time[row]};
        for (size_t e = 0; K > 1 && e < K * K; e++) {
            size_t pair = r * K * K + e;
            at.x = s->pair_mean + pair * n;
            if (s->pair_weight[pair] > 0)
                observe(st, &at, e / K, s->pair_cov + pair * nn, s->pair_weight[pair], &p,
                        s->values);
        }
        at.x = s->predicted_mean + r * n;
        if (K == 1)
            observe(st, &at, 0, s->predicted_cov + r * nn, 1, &p, s->values);
        if (p.count)
            one_row(st, &p, row);
    }
}
