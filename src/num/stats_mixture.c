/* SPDX-License-Identifier: MIT */
#include "num/stats_mixture.h"

#include <math.h>

/* Stop when one step raises the log-likelihood by less than this share. */
#define TOLERANCE      1e-10
#define MAX_ITERATIONS 2000

static double log_normal_density(double x, double mean, double sd)
{
    double z = (x - mean) / sd;
    return -0.91893853320467274178 - log(sd) - 0.5 * z * z;
}

typedef struct {
    const double *x, *w;
    size_t n;
    double total, mean, sd, floor_sd;
} sample;

static double weight_at(const sample *s, size_t i)
{
    return s->w ? s->w[i] : 1;
}

static void moments(sample *s)
{
    double sum = 0, squares = 0;
    s->total = 0;
    for (size_t i = 0; i < s->n; i++) {
        s->total += weight_at(s, i);
        sum += weight_at(s, i) * s->x[i];
    }
    s->mean = s->total > 0 ? sum / s->total : NAN;
    for (size_t i = 0; i < s->n; i++)
        squares += weight_at(s, i) * (s->x[i] - s->mean) * (s->x[i] - s->mean);
    s->sd = s->total > 0 ? sqrt(squares / s->total) : NAN;
}

static double em_step(hf_i_mixture2 *m, const sample *s)
{
    double sum[2] = {0}, first[2] = {0}, second[2] = {0}, ll = 0;
    double base[2], scale[2];
    for (int k = 0; k < 2; k++) {
        base[k] = log(m->weight[k]) - 0.91893853320467274178 - log(m->sd[k]);
        scale[k] = -0.5 / (m->sd[k] * m->sd[k]);
    }
    for (size_t i = 0; i < s->n; i++) {
        double w = weight_at(s, i), x = s->x[i];
        if (w == 0)
            continue;
        double l0 = base[0] + scale[0] * (x - m->mean[0]) * (x - m->mean[0]);
        double l1 = base[1] + scale[1] * (x - m->mean[1]) * (x - m->mean[1]);
        double top = fmax(l0, l1), both = top + log1p(exp(-fabs(l0 - l1)));
        double r1 = exp(l1 - both), r[2] = {1 - r1, r1};
        ll += w * both;
        for (int k = 0; k < 2; k++) {
            sum[k] += w * r[k];
            first[k] += w * r[k] * (x - s->mean);
            second[k] += w * r[k] * (x - s->mean) * (x - s->mean);
        }
    }
    for (int k = 0; k < 2; k++) {
        double share = fmax(sum[k], 1e-12 * s->total), shift = first[k] / share;
        m->weight[k] = share / s->total;
        m->mean[k] = s->mean + shift;
        m->sd[k] = fmax(s->floor_sd, sqrt(fmax(0, second[k] / share - shift * shift)));
    }
    return ll;
}

static void run_em(hf_i_mixture2 *m, const sample *s, double split, double spread)
{
    *m = (hf_i_mixture2){.n = s->total};
    m->weight[0] = m->weight[1] = 0.5;
    m->mean[0] = s->mean + (split - spread) * s->sd;
    m->mean[1] = s->mean + (split + spread) * s->sd;
    m->sd[0] = m->sd[1] = fmax(s->floor_sd, 0.5 * s->sd);
    double last = -INFINITY;
    for (m->iterations = 0; m->iterations < MAX_ITERATIONS; m->iterations++) {
        double ll = em_step(m, s);
        m->log_likelihood = ll;
        if (ll - last <= TOLERANCE * fabs(ll)) {
            m->converged = true;
            break;
        }
        last = ll;
    }
}

hf_status hf_i_mixture2_fit(hf_i_mixture2 *out, hf_ctx *ctx, const double *x, const double *w,
                            size_t n, double floor_sd)
{
    static const double starts[][2] = {{0, 0.8}, {0.8, 0.8}, {-0.5, 0.5}, {1.2, 1.2}};
    sample s = {x, w, n, 0, 0, 0, floor_sd};
    moments(&s);
    *out = (hf_i_mixture2){.n = s.total};
    if (!(s.total >= 10) || !(s.sd > 0))
        return hf_i_fail(ctx, HF_E_NOT_ENOUGH_DATA, NULL, "too little data for two components");
    for (size_t i = 0; i < HF_COUNT_OF(starts); i++) {
        hf_i_mixture2 m;
        run_em(&m, &s, starts[i][0], starts[i][1]);
        if (i == 0 || m.log_likelihood > out->log_likelihood)
            *out = m;
    }
    if (out->mean[0] > out->mean[1]) {
        hf_i_mixture2 m = *out;
        for (int k = 0; k < 2; k++) {
            out->weight[k] = m.weight[1 - k];
            out->mean[k] = m.mean[1 - k];
            out->sd[k] = m.sd[1 - k];
        }
    }
    double sd = fmax(s.sd, floor_sd), one = 0;
    for (size_t i = 0; i < n; i++)
        one += weight_at(&s, i) * log_normal_density(x[i], s.mean, sd);
    out->log_likelihood_one = one;
    return HF_OK;
}

double hf_i_mixture2_crossing(const hf_i_mixture2 *m)
{
    double lo = m->mean[0], hi = m->mean[1];
    double log_w[2] = {log(m->weight[0]), log(m->weight[1])};
    double at_lo = log_w[1] + log_normal_density(lo, m->mean[1], m->sd[1]) - log_w[0] -
                   log_normal_density(lo, m->mean[0], m->sd[0]);
    double at_hi = log_w[1] + log_normal_density(hi, m->mean[1], m->sd[1]) - log_w[0] -
                   log_normal_density(hi, m->mean[0], m->sd[0]);
    if (!(at_lo < 0 && at_hi > 0))
        return NAN;
    for (int i = 0; i < 200; i++) {
        double mid = 0.5 * (lo + hi);
        double d = log_w[1] + log_normal_density(mid, m->mean[1], m->sd[1]) - log_w[0] -
                   log_normal_density(mid, m->mean[0], m->sd[0]);
        if (d < 0)
            lo = mid;
        else
            hi = mid;
    }
    return 0.5 * (lo + hi);
}

bool hf_i_mixture2_two_are_better(const hf_i_mixture2 *m)
{
    return 2 * (m->log_likelihood - m->log_likelihood_one) > 3 * log(m->n);
}
