/* SPDX-License-Identifier: MIT */
#include "signal/estimates.h"

#include "num/stats_bootstrap.h"
#include "num/stats_distribution.h"
#include "signal/estimates_other.h"

#include <math.h>
#include <string.h>

enum { REPLICATES = 600 };

double hf_i_cell_value(const hf_i_cell *c, hf_i_measure_kind kind)
{
    if (kind == HF_I_COUNT)
        return c->num;
    return c->den > 0 ? c->num / c->den : NAN;
}

double hf_i_style_match(const double *a, const double *b, double *groups)
{
    double words_a = a[HF_I_STYLE_GROUPS], words_b = b[HF_I_STYLE_GROUPS], sum = 0;
    for (int g = 0; g < HF_I_STYLE_GROUPS; g++) {
        double p = 100 * a[g] / words_a, q = 100 * b[g] / words_b;
        double match = 1 - fabs(p - q) / (p + q + 0.0001);
        if (groups)
            groups[g] = match;
        sum += match / HF_I_STYLE_GROUPS;
    }
    return words_a > 0 && words_b > 0 ? sum : NAN;
}

/* ---- the bootstrap over blocks of exchanges
 * -------------------------------------------------------- */

/* Statistics of one draw, in this order. */
enum { ALL, RECENT, EARLIER, CHANGE, PARTS };
enum {
    OTHERS = HF_I_MEASURE_COUNT * 2 * PARTS,
    STYLE = OTHERS,
    WE_SHARE, /* two */
    WE_ASYMMETRY = WE_SHARE + 2,
    YOU_ASYMMETRY,
    COORDINATION, /* two */
    STATISTICS = COORDINATION + 2
};

static double ratio(double num, double den)
{
    return den > 0 ? num / den : NAN;
}

static void draw_measures(const hf_i_measures *m, const uint32_t *weight, double *v)
{
    for (int which = 0; which < HF_I_MEASURE_COUNT; which++)
        for (int p = 0; p < 2; p++, v += PARTS) {
            const hf_i_cell *cell = hf_i_block_cell(m, (hf_i_measure)which, p, 0);
            double num[2] = {0}, den[2] = {0};
            for (int part = 0; part < 2; part++) {
                size_t from = part ? m->recent_block : 0;
                size_t to = part ? m->blocks : m->recent_block;
                for (size_t b = from; b < to; b++) {
                    num[part] += weight[b] * cell[b].num;
                    den[part] += weight[b] * cell[b].den;
                }
            }
            v[ALL] = ratio(num[0] + num[1], den[0] + den[1]);
            v[RECENT] = ratio(num[1], den[1]);
            v[EARLIER] = ratio(num[0], den[0]);
            v[CHANGE] = v[RECENT] - v[EARLIER];
        }
}

static double draw_style(const hf_i_measures *m, const uint32_t *weight)
{
    enum { WIDTH = HF_I_STYLE_GROUPS + 1 };
    double sums[2][WIDTH] = {{0}};
    for (size_t p = 0; p < 2; p++)
        for (size_t b = 0; b < m->blocks; b++) {
            const uint32_t *s = m->style + (p * m->blocks + b) * WIDTH;
            for (int g = 0; g < WIDTH; g++)
                sums[p][g] += (double)weight[b] * s[g];
        }
    return hf_i_style_match(sums[0], sums[1], NULL);
}

static double draw_coordination(const hf_i_measures *m, const uint32_t *weight, size_t by)
{
    double sums[HF_I_COORDINATION] = {0}, total = 0;
    for (size_t b = 0; b < m->blocks; b++) {
        const uint32_t *c = m->coordination + (by * m->blocks + b) * HF_I_COORDINATION;
        for (int k = 0; weight[b] && k < HF_I_COORDINATION; k++)
            sums[k] += (double)weight[b] * c[k];
    }
    for (int k = 0; k < HF_I_MARKERS; k++)
        total += ratio(sums[3 + 3 * k], sums[1 + 3 * k]) - ratio(sums[2 + 3 * k], sums[0]);
    return total / HF_I_MARKERS;
}

static double sum_of(const hf_i_measures *m, hf_i_measure which, int p, const uint32_t *weight,
                     double *den)
{
    const hf_i_cell *cell = hf_i_block_cell(m, which, p, 0);
    double num = 0;
    *den = 0;
    for (size_t b = 0; b < m->blocks; b++) {
        num += weight[b] * cell[b].num;
        *den += weight[b] * cell[b].den;
    }
    return num;
}

static void draw(const void *user, const uint32_t *weight, double *v)
{
    const hf_i_measures *m = user;
    double we[2], you[2], words;
    draw_measures(m, weight, v);
    v[STYLE] = draw_style(m, weight);
    for (int p = 0; p < 2; p++) {
        we[p] = sum_of(m, HF_I_M_WE_TALK, p, weight, &words);
        you[p] = sum_of(m, HF_I_M_YOU_TALK, p, weight, &words) / words;
        v[WE_SHARE + p] = ratio(we[p], we[p] + sum_of(m, HF_I_M_I_TALK, p, weight, &words));
        v[COORDINATION + p] = draw_coordination(m, weight, (size_t)p);
    }
    v[WE_ASYMMETRY] = v[WE_SHARE] - v[WE_SHARE + 1];
    v[YOU_ASYMMETRY] = you[0] - you[1];
}

/* ---- a partner against the own usual
 * ------------------------------------------------------------------ */

/* Periods that are whole: counts in a cut one would look like silence. */
static size_t whole_periods(const hf_i_measures *m)
{
    const hf_i_turns *t = m->turns;
    if (!m->period_ms || m->periods < 2)
        return m->periods;
    bool whole = t->t_last - t->t_first - (int64_t)(m->periods - 1) * m->period_ms >=
                 m->period_ms - m->period_ms / 20;
    return whole ? m->periods : m->periods - 1;
}

void hf_i_usual_fill(hf_i_usual *u, double *values, size_t earlier, size_t recent)
{
    u->usual = u->usual_lo = u->usual_hi = u->z = NAN;
    if (earlier < 6 || recent < 1 || isnan(u->recent) || isnan(u->change.lo))
        return;
    hf_i_sort_doubles(values, earlier);
    u->usual_lo = hf_i_quantile_sorted(values, earlier, 0.1);
    u->usual_hi = hf_i_quantile_sorted(values, earlier, 0.9);
    double sd = hf_i_mad_sd(values, earlier, &u->usual);
    sd *= sqrt(1.0 / (double)recent + 1.0 / (double)earlier);
    u->z = sd > 0 ? (u->recent - u->usual) / sd : NAN;
    u->known = true;
    u->seen = (u->change.lo > 0 || u->change.hi < 0) && fabs(u->z) >= HF_I_SEEN_Z &&
              (u->recent < u->usual_lo || u->recent > u->usual_hi);
}

static void compare_with_usual(hf_i_estimate *e, const hf_i_measures *m, hf_i_measure which, int p,
                               double *work)
{
    const hf_i_measure_info *info = &hf_i_measure_infos[which];
    size_t earlier = 0, recent = 0;
    for (size_t k = 0; k < m->periods; k++) {
        const hf_i_cell *c = hf_i_period_cell(m, which, p, k);
        double trials = info->kind == HF_I_SHARE ? c->den : c->n;
        if (k >= m->recent) {
            e->usual.n_recent += (uint64_t)trials;
            recent += trials > 0;
            continue;
        }
        e->usual.n_earlier += (uint64_t)trials;
        if (trials >= HF_I_ENOUGH_IN)
            work[earlier++] = hf_i_cell_value(c, info->kind);
    }
    if (e->usual.n_recent >= HF_I_ENOUGH && e->usual.n_earlier >= 2 * HF_I_ENOUGH)
        hf_i_usual_fill(&e->usual, work, earlier, recent);
}

static void sums_of_all(hf_i_estimate *e, const hf_i_measures *m, hf_i_measure which, int p)
{
    const hf_i_measure_info *info = &hf_i_measure_infos[which];
    double trials = 0;
    for (size_t k = 0; k < m->periods; k++) {
        const hf_i_cell *c = hf_i_period_cell(m, which, p, k);
        trials += info->kind == HF_I_SHARE ? c->den : c->n;
        e->hits += c->num;
    }
    e->n = (uint64_t)trials;
    e->enough = trials >= HF_I_ENOUGH && !isnan(e->all.lo);
}

/* ---- counts per period
 * ------------------------------------------------------------------------------- */

static hf_i_interval t_interval(const double *x, size_t n)
{
    hf_i_interval out = {hf_i_mean(x, n), NAN, NAN};
    double half = n < 3 ? NAN
                        : hf_i_t_quantile(0.5 + HF_I_LEVEL / 2, (double)(n - 1)) * hf_i_sd(x, n) /
                              sqrt((double)n);
    out.lo = fmax(0, out.estimate - half);
    out.hi = out.estimate + half;
    if (isnan(half))
        out.lo = NAN;
    return out;
}

/* Difference of two means with unequal variances (Welch 1947). */
static hf_i_interval welch(const double *x, size_t n, const double *y, size_t k)
{
    double d = hf_i_mean(x, n) - hf_i_mean(y, k);
    double vx = pow(hf_i_sd(x, n), 2) / (double)n, vy = pow(hf_i_sd(y, k), 2) / (double)k;
    double df = pow(vx + vy, 2) / (vx * vx / (double)(n - 1) + vy * vy / (double)(k - 1));
    double half = vx + vy > 0 ? hf_i_t_quantile(0.5 + HF_I_LEVEL / 2, df) * sqrt(vx + vy) : NAN;
    return (hf_i_interval){d, d - half, d + half};
}

static void count_estimate(hf_i_estimate *e, const hf_i_measures *m, hf_i_measure which, int p,
                           double *work)
{
    size_t whole = whole_periods(m), recent = m->recent < whole ? m->recent : whole;
    for (size_t k = 0; k < whole; k++) {
        work[k] = hf_i_period_cell(m, which, p, k)->num;
        e->hits += work[k];
    }
    e->n = whole;
    e->all = t_interval(work, whole);
    e->enough = m->period_ms && whole >= 3 && e->hits >= HF_I_ENOUGH;
    e->usual.n_recent = whole - recent;
    e->usual.n_earlier = recent;
    e->usual.recent = hf_i_mean(work + recent, whole - recent);
    if (e->usual.n_recent >= 2 && recent >= 6) {
        e->usual.change = welch(work + recent, whole - recent, work, recent);
        hf_i_usual_fill(&e->usual, work, recent, whole - recent);
    }
}

/* ---- all of it
 * ------------------------------------------------------------------------------------------ */

static void take(hf_i_estimates *out, const hf_i_measures *m, const hf_i_interval *v, double *work)
{
    for (int which = 0; which < HF_I_MEASURE_COUNT; which++)
        for (int p = 0; p < 2; p++, v += PARTS) {
            hf_i_estimate *e = &out->of[which][p];
            e->usual.change = (hf_i_interval){NAN, NAN, NAN};
            e->usual.usual = e->usual.usual_lo = e->usual.usual_hi = e->usual.z = NAN;
            if (hf_i_measure_infos[which].kind == HF_I_COUNT) {
                count_estimate(e, m, (hf_i_measure)which, p, work);
                continue;
            }
            e->all = v[ALL];
            e->usual.recent = v[RECENT].estimate;
            e->usual.change = v[CHANGE];
            sums_of_all(e, m, (hf_i_measure)which, p);
            compare_with_usual(e, m, (hf_i_measure)which, p, work);
        }
}

static void take_others(hf_i_estimates *out, const hf_i_measures *m, const hf_i_interval *v)
{
    enum { WIDTH = HF_I_STYLE_GROUPS + 1 };
    double sums[2][WIDTH] = {{0}};
    out->style = v[STYLE];
    for (size_t p = 0; p < 2; p++) {
        out->we_share[p] = v[(size_t)WE_SHARE + p];
        out->coordination[p] = v[(size_t)COORDINATION + p];
        for (size_t b = 0; b < m->blocks; b++) {
            out->coordination_n[p] += m->coordination[(p * m->blocks + b) * HF_I_COORDINATION];
            for (int g = 0; g < WIDTH; g++)
                sums[p][g] += m->style[(p * m->blocks + b) * WIDTH + (size_t)g];
        }
        out->style_words[p] = (uint64_t)sums[p][WIDTH - 1];
    }
    hf_i_style_match(sums[0], sums[1], out->style_groups);
    out->we_asymmetry = v[WE_ASYMMETRY];
    out->you_asymmetry = v[YOU_ASYMMETRY];
}

hf_status hf_i_estimates_make(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *m)
{
    memset(out, 0, sizeof *out);
    out->ctx = ctx;
    hf_i_bootstrap plan = {.blocks = m->blocks,
                           .replicates = REPLICATES,
                           .count = STATISTICS,
                           .seed = 1,
                           .level = HF_I_LEVEL};
    hf_i_interval *v = hf_i_alloc(ctx, STATISTICS * sizeof *v);
    double *work = hf_i_alloc(ctx, m->periods * sizeof *work);
    hf_status status = v && work ? hf_i_bootstrap_run(v, ctx, &plan, draw, m) : HF_E_NOMEM;
    if (status == HF_OK) {
        take(out, m, v, work);
        take_others(out, m, v + 0);
        status = hf_i_estimate_replies(out, ctx, m);
    }
    if (status == HF_OK)
        status = hf_i_estimate_chance(out, ctx, m);
    if (status == HF_OK)
        status = hf_i_estimate_rhythm(out, ctx, m);
    hf_i_free(ctx, v);
    hf_i_free(ctx, work);
    if (status != HF_OK)
        hf_i_estimates_dispose(out);
    return status;
}

void hf_i_estimates_dispose(hf_i_estimates *e)
{
    for (int p = 0; e->ctx && p < 2; p++) {
        hf_i_free(e->ctx, e->reply_by_period[p]);
        e->reply_by_period[p] = NULL;
    }
}
