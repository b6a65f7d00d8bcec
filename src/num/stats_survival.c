/* SPDX-License-Identifier: MIT */
#include "num/stats_survival.h"

#include "num/stats_distribution.h"

#include <math.h>
#include <stdlib.h>

static int by_time(const void *pa, const void *pb)
{
    const hf_i_duration *a = pa, *b = pb;
    if (a->t != b->t)
        return a->t < b->t ? -1 : 1;
    if (a->seen != b->seen)
        return a->seen ? -1 : 1;
    return a->block < b->block ? -1 : a->block > b->block;
}

void hf_i_durations_sort(hf_i_duration *d, size_t n)
{
    if (n > 1)
        qsort(d, n, sizeof *d, by_time);
}

hf_i_interval hf_i_km_survival(const hf_i_duration *d, size_t n, double t, double level)
{
    hf_i_interval out = {NAN, NAN, NAN};
    double s = 1, greenwood = 0;
    size_t i = 0;
    while (i < n && d[i].t <= t) {
        size_t at = i, events = 0;
        for (; i < n && d[i].t == d[at].t; i++)
            events += d[i].seen;
        double risk = (double)(n - at), e = (double)events;
        s *= 1 - e / risk;
        if (risk > e)
            greenwood += e / (risk * (risk - e));
    }
    if (n == 0 || (i == n && s > 0 && t > d[n - 1].t))
        return out;
    out = (hf_i_interval){s, s, s};
    if (s <= 0 || s >= 1) {
        /* The variance is 0 there: Wilson's interval of none (all) of n says more. */
        hf_i_interval w = hf_i_wilson(s <= 0 ? 0 : (double)n, (double)n, level);
        out.lo = w.lo;
        out.hi = w.hi;
        return out;
    }
    double half = hf_i_normal_quantile(0.5 + level / 2) * sqrt(greenwood) / fabs(log(s));
    out.lo = pow(s, exp(half));
    out.hi = pow(s, exp(-half));
    return out;
}

double hf_i_km_quantile(const hf_i_duration *d, size_t n, double p)
{
    double s = 1;
    for (size_t i = 0; i < n;) {
        size_t at = i, events = 0;
        for (; i < n && d[i].t == d[at].t; i++)
            events += d[i].seen;
        s *= 1 - (double)events / (double)(n - at);
        if (events > 0 && s <= 1 - p + 1e-12)
            return d[at].t;
    }
    return n ? INFINITY : NAN;
}

double hf_i_km_quantile_of_draw(const hf_i_duration *d, size_t n, const uint32_t *weight,
                                const uint32_t *blocks, size_t block_count, double p)
{
    uint64_t risk = 0;
    double s = 1;
    for (size_t b = 0; b < block_count; b++)
        risk += (uint64_t)weight[b] * blocks[b];
    if (risk == 0)
        return NAN;
    for (size_t i = 0; i < n;) {
        double t = d[i].t;
        uint64_t events = 0, gone = 0;
        for (; i < n && d[i].t == t; i++) {
            uint32_t w = weight[d[i].block];
            gone += w;
            events += d[i].seen ? w : 0;
        }
        if (events > 0)
            s *= 1 - (double)events / (double)risk;
        risk -= gone;
        if (events > 0 && s <= 1 - p + 1e-12)
            return t;
    }
    return INFINITY;
}

double hf_i_log_rank(const hf_i_duration *a, size_t na, const hf_i_duration *b, size_t nb)
{
    double difference = 0, variance = 0;
    size_t i = 0, j = 0;
    while (i < na && j < nb) {
        double t = fmin(a[i].t, b[j].t);
        double risk_a = (double)(na - i), risk_b = (double)(nb - j), risk = risk_a + risk_b;
        double events_a = 0, events_b = 0;
        for (; i < na && a[i].t == t; i++)
            events_a += a[i].seen;
        for (; j < nb && b[j].t == t; j++)
            events_b += b[j].seen;
        double events = events_a + events_b;
        if (events == 0)
            continue;
        difference += events_a - events * risk_a / risk;
        if (risk > 1)
            variance += events * (risk_a / risk) * (risk_b / risk) * (risk - events) / (risk - 1);
    }
    return variance > 0 ? difference / sqrt(variance) : NAN;
}
