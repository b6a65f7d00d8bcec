/* SPDX-License-Identifier: MIT */
#include "cycle/evidence_stats.h"

#include "num/stats_distribution.h"

#include <math.h>
#include <string.h>

static const double EXACT_VARIANCE = 200; /* above it the normal curve is close enough */

/* ---- shuffled times ------------------------------------------------------------------------- */

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* Adds one stretch to the distribution p [width] of the sum above its least value; work [width]. */
static size_t convolve(double *p, double *work, size_t width, const hf_i_margins *m)
{
    double lo = fmax(0, m->g + m->t - m->n), hi = fmin(m->g, m->t);
    size_t steps = (size_t)(hi - lo);
    if (steps == 0)
        return width;
    memset(work, 0, (width + steps) * sizeof *work);
    for (size_t k = 0; k <= steps; k++) {
        double x = lo + (double)k;
        double q =
            exp(log_choose(m->t, x) + log_choose(m->n - m->t, m->g - x) - log_choose(m->n, m->g));
        for (size_t i = 0; i < width; i++)
            work[i + k] += p[i] * q;
    }
    memcpy(p, work, (width + steps) * sizeof *p);
    return width + steps;
}

static hf_status exact_tails(double *upper, double *lower, hf_ctx *ctx, const hf_i_margins *s,
                             size_t count, double x)
{
    double least = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        least += fmax(0, s[i].g + s[i].t - s[i].n);
        most += fmin(s[i].g, s[i].t);
    }
    size_t room = (size_t)(most - least) + 1, width = 1;
    double *p = hf_i_alloc(ctx, 2 * room * sizeof *p);
    if (!p)
        return HF_E_NOMEM;
    p[0] = 1;
    for (size_t i = 0; i < count; i++)
        width = convolve(p, p + room, width, &s[i]);
    *upper = *lower = 0;
    for (size_t i = 0; i < width; i++) {
        if (least + (double)i >= x)
            *upper += p[i];
        if (least + (double)i <= x)
            *lower += p[i];
    }
    hf_i_free(ctx, p);
    return HF_OK;
}

static double shuffled_mean(const hf_i_margins *s)
{
    return s->n > 0 ? s->g * s->t / s->n : 0;
}

static double shuffled_variance(const hf_i_margins *s)
{
    return s->n > 1 ? s->g * (s->n - s->g) * s->t * (s->n - s->t) / (s->n * s->n * (s->n - 1)) : 0;
}

hf_status hf_i_shuffled_tails(double *upper, double *lower, hf_ctx *ctx, const hf_i_margins *s,
                              size_t count, double x)
{
    double mean = 0, variance = 0;
    for (size_t i = 0; i < count; i++) {
        mean += shuffled_mean(&s[i]);
        variance += shuffled_variance(&s[i]);
    }
    if (variance <= EXACT_VARIANCE)
        return exact_tails(upper, lower, ctx, s, count, x);
    *upper = hf_i_normal_cdf(-(x - 0.5 - mean) / sqrt(variance));
    *lower = hf_i_normal_cdf((x + 0.5 - mean) / sqrt(variance));
    return HF_OK;
}

/* ---- blocks and stretches ------------------------------------------------------------------- */

/* Block of each trial: exchanges with trials in order, runs of them when there are many. */
static size_t block_trials(uint32_t *block, const hf_i_trial *t, size_t n)
{
    size_t exchanges = 0;
    for (size_t i = 0; i < n; i++)
        exchanges += i == 0 || t[i].exchange != t[i - 1].exchange;
    size_t blocks = exchanges < HF_I_MOST_BLOCKS ? exchanges : HF_I_MOST_BLOCKS, seen = 0;
    for (size_t i = 0; i < n; i++) {
        seen += i == 0 || t[i].exchange != t[i - 1].exchange;
        block[i] = (uint32_t)((seen - 1) * blocks / exchanges);
    }
    return blocks;
}

/* Margins of each stretch; out [n]. The last, short stretch joins the one before. */
static size_t stretches(hf_i_margins *out, const hf_i_trial *t, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        bool edge = i == 0 || t[i].exchange != t[i - 1].exchange;
        if (count == 0 || (edge && out[count - 1].n >= HF_I_STRETCH))
            out[count++] = (hf_i_margins){0, 0, 0};
        out[count - 1].n++;
        out[count - 1].g += t[i].given;
        out[count - 1].t += t[i].then;
    }
    if (count > 1 && out[count - 1].n < HF_I_STRETCH) {
        count--;
        out[count - 1].n += out[count].n;
        out[count - 1].g += out[count].g;
        out[count - 1].t += out[count].t;
    }
    return count;
}

/* ---- contrasts ------------------------------------------------------------------------------ */

typedef struct {
    double n[2], hits[2];
} cell;

static double logit_of(double hits, double n)
{
    return log((hits + 0.5) / (n - hits + 0.5));
}

static double odds_of(const double n[2], const double hits[2])
{
    return logit_of(hits[1], n[1]) - logit_of(hits[0], n[0]);
}

/* Variance of a share over blocks: of the sum of its influence values. */
static double share_variance(const cell *b, size_t blocks, int g, double n, double p)
{
    double sum = 0;
    for (size_t i = 0; i < blocks; i++) {
        double u = (b[i].hits[g] - p * b[i].n[g]) / n;
        sum += u * u;
    }
    return sum * (double)blocks / (double)(blocks - 1);
}

/* Wilson's interval with the effective number of trials. */
static hf_i_interval share_interval(const cell *b, size_t blocks, int g, double n, double hits,
                                    double t)
{
    double p = hits / n, plain = p * (1 - p) / n;
    double inflation = plain > 0 ? share_variance(b, blocks, g, n, p) / plain : 1;
    double m = n / fmax(1, inflation), z = t * t / m;
    double mid = (p + z / 2) / (1 + z), half = t * sqrt(p * (1 - p) / m + z / (4 * m)) / (1 + z);
    return (hf_i_interval){p, fmax(0, mid - half), fmin(1, mid + half)};
}

/* Standard error of the log odds ratio: influence values of both logits, by block. */
static double odds_error(const cell *b, size_t blocks, const hf_i_contrast *c)
{
    double sum = 0, woolf = 0, p[2], weight[2];
    for (int g = 0; g < 2; g++) {
        p[g] = (c->hits[g] + 0.5) / (c->n[g] + 1);
        weight[g] = 1 / ((c->n[g] + 1) * p[g] * (1 - p[g]));
        woolf += 1 / (c->hits[g] + 0.5) + 1 / (c->n[g] - c->hits[g] + 0.5);
    }
    for (size_t i = 0; i < blocks; i++) {
        double u = weight[1] * (b[i].hits[1] - p[1] * b[i].n[1]) -
                   weight[0] * (b[i].hits[0] - p[0] * b[i].n[0]);
        sum += u * u;
    }
    return sqrt(fmax(sum * (double)blocks / (double)(blocks - 1), woolf));
}

static double two_sided_t(double t, double df)
{
    return 2 * hf_i_t_cdf(-fabs(t), df);
}

static void set_intervals(hf_i_contrast *c, const cell *b)
{
    double df = (double)c->blocks - 1, t = hf_i_t_quantile(0.5 + HF_I_EVIDENCE_LEVEL / 2, df);
    c->p = share_interval(b, c->blocks, 1, c->n[1], c->hits[1], t);
    c->base = share_interval(b, c->blocks, 0, c->n[0], c->hits[0], t);
    double se = odds_error(b, c->blocks, c), odds = odds_of(c->n, c->hits);
    c->log_odds = (hf_i_interval){odds, odds - t * se, odds + t * se};
    double ad = c->hits[1] * (c->n[0] - c->hits[0]), bc = c->hits[0] * (c->n[1] - c->hits[1]);
    c->q = ad + bc > 0 ? (ad - bc) / (ad + bc) : NAN;
    c->p_interval = two_sided_t((odds - c->null_log_odds) / se, df);
    c->p_value = fmax(c->p_shuffle, c->p_interval);
}

static void set_null(hf_i_contrast *c, const hf_i_margins *s, size_t count)
{
    double mean = 0, hits[2];
    for (size_t i = 0; i < count; i++)
        mean += shuffled_mean(&s[i]);
    hits[1] = mean;
    hits[0] = c->hits[0] + c->hits[1] - mean;
    c->null = mean / c->n[1];
    c->null_log_odds = odds_of(c->n, hits);
}

static hf_status fill_contrast(hf_i_contrast *c, hf_ctx *ctx, const hf_i_trial *t, size_t n,
                               uint32_t *block, cell *b, hf_i_margins *s)
{
    double upper, lower;
    c->blocks = block_trials(block, t, n);
    for (size_t i = 0; i < n; i++) {
        int g = t[i].given > 0.5;
        b[block[i]].n[g]++;
        b[block[i]].hits[g] += t[i].then;
        c->n[g]++;
        c->hits[g] += t[i].then;
    }
    double hits = c->hits[0] + c->hits[1];
    c->enough = c->blocks >= HF_I_LEAST_BLOCKS && c->n[0] >= HF_I_LEAST_GIVEN &&
                c->n[1] >= HF_I_LEAST_GIVEN && hits >= HF_I_LEAST_HITS &&
                (double)n - hits >= HF_I_LEAST_HITS;
    if (!c->enough)
        return HF_OK;
    size_t count = stretches(s, t, n);
    set_null(c, s, count);
    HF_TRY(hf_i_shuffled_tails(&upper, &lower, ctx, s, count, c->hits[1]));
    c->p_shuffle = fmin(1, 2 * fmin(upper, lower));
    set_intervals(c, b);
    return HF_OK;
}

static const hf_i_interval UNKNOWN = {NAN, NAN, NAN};

hf_status hf_i_contrast_make(hf_i_contrast *out, hf_ctx *ctx, const hf_i_trial *trials, size_t n)
{
    *out = (hf_i_contrast){.p = UNKNOWN,
                           .base = UNKNOWN,
                           .log_odds = UNKNOWN,
                           .q = NAN,
                           .null = NAN,
                           .null_log_odds = NAN,
                           .p_shuffle = NAN,
                           .p_interval = NAN,
                           .p_value = NAN};
    if (n == 0)
        return HF_OK;
    uint32_t *block = hf_i_alloc(ctx, n * sizeof *block);
    cell *cells = hf_i_calloc(ctx, HF_I_MOST_BLOCKS, sizeof *cells);
    hf_i_margins *s = hf_i_alloc(ctx, n * sizeof *s);
    hf_status status = HF_E_NOMEM;
    if (block && cells && s)
        status = fill_contrast(out, ctx, trials, n, block, cells, s);
    hf_i_free(ctx, block);
    hf_i_free(ctx, cells);
    hf_i_free(ctx, s);
    return status;
}

hf_status hf_i_share_make(hf_i_interval *out, hf_ctx *ctx, const hf_i_trial *trials, size_t n)
{
    enum { LEAST = 5 };
    *out = UNKNOWN;
    if (n == 0)
        return HF_OK;
    uint32_t *block = hf_i_alloc(ctx, n * sizeof *block);
    cell *b = hf_i_calloc(ctx, HF_I_MOST_BLOCKS, sizeof *b);
    bool all = block && b;
    if (all) {
        double hits = 0;
        size_t blocks = block_trials(block, trials, n);
        for (size_t i = 0; i < n; i++) {
            b[block[i]].n[1]++;
            b[block[i]].hits[1] += trials[i].then;
            hits += trials[i].then;
        }
        out->estimate = hits / (double)n;
        if (blocks >= LEAST)
            *out =
                share_interval(b, blocks, 1, (double)n, hits,
                               hf_i_t_quantile(0.5 + HF_I_EVIDENCE_LEVEL / 2, (double)blocks - 1));
    }
    hf_i_free(ctx, block);
    hf_i_free(ctx, b);
    return all ? HF_OK : HF_E_NOMEM;
}

/* ---- slopes --------------------------------------------------------------------------------- */

typedef struct {
    double n, x, y; /* sums, then means */
    double xx, yy;  /* about the means */
} level;

static size_t count_groups(const hf_i_trial *t, size_t n)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = t[i].group > most ? t[i].group : most;
    return (size_t)most + 1;
}

static void find_levels(level *l, size_t groups, const hf_i_trial *t, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        l[t[i].group].n++;
        l[t[i].group].x += t[i].given;
        l[t[i].group].y += t[i].then;
    }
    for (size_t g = 0; g < groups; g++)
        if (l[g].n > 0) {
            l[g].x /= l[g].n;
            l[g].y /= l[g].n;
        }
    for (size_t i = 0; i < n; i++) {
        level *g = &l[t[i].group];
        g->xx += (t[i].given - g->x) * (t[i].given - g->x);
        g->yy += (t[i].then - g->y) * (t[i].then - g->y);
    }
}

static void fill_slope(hf_i_slope *s, const hf_i_trial *t, size_t n, uint32_t *block, double *u,
                       level *l, size_t groups)
{
    double xx = 0, xy = 0, yy = 0, spread = 0, sum = 0;
    s->blocks = block_trials(block, t, n);
    find_levels(l, groups, t, n);
    for (size_t g = 0; g < groups; g++) {
        xx += l[g].xx;
        yy += l[g].yy;
        if (l[g].n > 1)
            spread += l[g].xx * l[g].yy / (l[g].n - 1);
    }
    for (size_t i = 0; i < n; i++) {
        xy += (t[i].given - l[t[i].group].x) * (t[i].then - l[t[i].group].y);
        s->mean += t[i].then / (double)n;
    }
    s->enough = s->blocks >= HF_I_LEAST_BLOCKS && n >= 2 * HF_I_LEAST_GIVEN && xx > 0 && yy > 0;
    if (!s->enough)
        return;
    double b = xy / xx, df = (double)s->blocks - 1;
    for (size_t i = 0; i < n; i++) {
        const level *g = &l[t[i].group];
        double x = t[i].given - g->x;
        u[block[i]] += x * (t[i].then - g->y - b * x);
    }
    for (size_t i = 0; i < s->blocks; i++)
        sum += u[i] * u[i];
    double se = sqrt(sum * (double)s->blocks / df) / xx, q = hf_i_t_quantile(0.975, df);
    s->slope = (hf_i_interval){b, b - q * se, b + q * se};
    s->p_shuffle = hf_i_normal_two_sided(xy / sqrt(spread));
    s->p_interval = two_sided_t(b / se, df);
    s->p_value = fmax(s->p_shuffle, s->p_interval);
}

hf_status hf_i_slope_make(hf_i_slope *out, hf_ctx *ctx, const hf_i_trial *trials, size_t n)
{
    *out = (hf_i_slope){.slope = UNKNOWN, .p_shuffle = NAN, .p_interval = NAN, .p_value = NAN};
    out->n = (double)n;
    if (n == 0)
        return HF_OK;
    size_t groups = count_groups(trials, n);
    uint32_t *block = hf_i_alloc(ctx, n * sizeof *block);
    double *u = hf_i_calloc(ctx, HF_I_MOST_BLOCKS, sizeof *u);
    level *l = hf_i_calloc(ctx, groups, sizeof *l);
    bool all = block && u && l;
    if (all)
        fill_slope(out, trials, n, block, u, l, groups);
    hf_i_free(ctx, block);
    hf_i_free(ctx, u);
    hf_i_free(ctx, l);
    return all ? HF_OK : HF_E_NOMEM;
}

/* ---- correction ----------------------------------------------------------------------------- */

void hf_i_holm(double *p, size_t m)
{
    size_t known = 0;
    for (size_t i = 0; i < m; i++)
        known += isnan(p[i]) ? 0 : 1;
    /* Each pass takes the smallest left over; done ones wait as their negative. */
    double floor = 0;
    for (size_t k = 0; k < known; k++) {
        size_t best = m;
        for (size_t i = 0; i < m; i++)
            if (!isnan(p[i]) && !signbit(p[i]) && (best == m || p[i] < p[best]))
                best = i;
        floor = fmax(floor, fmin(1, p[best] * (double)(known - k)));
        p[best] = -floor;
    }
    for (size_t i = 0; i < m; i++)
        if (!isnan(p[i]))
            p[i] = fabs(p[i]);
}
