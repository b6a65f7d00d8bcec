/* SPDX-License-Identifier: MIT */
#include "signal/estimates_other.h"

#include "num/random.h"
#include "num/stats_bootstrap.h"
#include "num/stats_distribution.h"

#include <math.h>

enum {
    MOST_DURATIONS = 20000, /* of one bootstrap sample; longer lists are thinned evenly */
    REPLICATES = 500,
    CHANCE_PAIRS = 20000, /* random pairs of turns */
    LENGTH_PAIRS = 20000  /* newest pairs for turn-length accommodation */
};

const double hf_i_reply_limits[4] = {5, 60, 480, 1440};

/* ---- waiting times
 * ------------------------------------------------------------------------------------ */

/* The durations that are drawn from: all, of the earlier and of the recent periods. Of long lists
 * (sorted) only every k-th is kept: the interval gets a little wider, never narrower. */
typedef struct {
    hf_i_duration *d;
    size_t n;
    uint32_t *blocks; /* [blocks] durations of each */
} sample;

typedef struct {
    const hf_i_measures *m;
    sample of[2][3]; /* [partner][all, recent, earlier] */
} replies;

enum { ALL, RECENT, EARLIER, CHANGE, PARTS, RATIO = 2 * PARTS, STATISTICS };

static double known_wait(double x)
{
    return isinf(x) ? NAN : x;
}

/* Changes and ratios are on the log scale; half a stamp keeps zero waits finite. */
static double log_wait(const hf_i_measures *m, double minutes)
{
    return log(minutes + (double)m->turns->res_ms / 120000.0);
}

static double median_of_draw(const replies *r, const sample *x, const uint32_t *weight)
{
    return known_wait(hf_i_km_quantile_of_draw(x->d, x->n, weight, x->blocks, r->m->blocks, 0.5));
}

static void draw(const void *user, const uint32_t *weight, double *v)
{
    const replies *r = user;
    for (int p = 0; p < 2; p++) {
        double *x = v + p * PARTS;
        for (int part = ALL; part <= EARLIER; part++)
            x[part] = median_of_draw(r, &r->of[p][part], weight);
        x[CHANGE] = log_wait(r->m, x[RECENT]) - log_wait(r->m, x[EARLIER]);
    }
    v[RATIO] = log_wait(r->m, v[ALL]) - log_wait(r->m, v[PARTS + ALL]);
}

static bool belongs(const hf_i_measures *m, const hf_i_duration *d, int part)
{
    return part == ALL || (d->block >= m->recent_block) == (part == RECENT);
}

static hf_status take_sample(sample *out, hf_ctx *ctx, const hf_i_measures *m, int p, int part)
{
    const hf_i_duration *d = m->durations[p];
    size_t total = 0, seen = 0;
    for (size_t i = 0; i < m->duration_count[p]; i++)
        total += belongs(m, &d[i], part);
    size_t step = total / MOST_DURATIONS + 1;
    out->d = hf_i_alloc(ctx, (total / step + 1) * sizeof *out->d);
    out->blocks = hf_i_calloc(ctx, m->blocks, sizeof *out->blocks);
    if (!out->d || !out->blocks)
        return HF_E_NOMEM;
    for (size_t i = 0; i < m->duration_count[p]; i++)
        if (belongs(m, &d[i], part) && seen++ % step == step / 2) {
            out->blocks[d[i].block]++;
            out->d[out->n++] = d[i];
        }
    return HF_OK;
}

static hf_i_interval known_ends(hf_i_interval x)
{
    return (hf_i_interval){known_wait(x.estimate), known_wait(x.lo), known_wait(x.hi)};
}

/* Deals the sorted durations out by period (which keeps them sorted); ends [periods]. */
static void deal(const hf_i_measures *m, int p, const uint32_t *period, hf_i_duration *d,
                 size_t *ends)
{
    size_t n = m->duration_count[p], sum = 0;
    for (size_t i = 0; i < n; i++)
        ends[period[m->durations[p][i].block]]++;
    for (size_t k = 0; k < m->periods; k++) {
        size_t count = ends[k];
        ends[k] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        d[ends[period[m->durations[p][i].block]]++] = m->durations[p][i];
}

/* Medians by period; those of the earlier ones make the band of ordinary ups and downs. */
static void reply_periods(hf_i_estimates *out, const hf_i_measures *m, int p, double *values,
                          const hf_i_duration *d, const size_t *ends)
{
    hf_i_usual *u = &out->reply[p].median.usual;
    size_t earlier = 0;
    for (size_t k = 0, from = 0; k < m->periods; from = ends[k++]) {
        hf_i_period_reply *r = &out->reply_by_period[p][k];
        size_t n = r->n = ends[k] - from;
        r->median = (hf_i_interval){NAN, NAN, NAN};
        if (n < HF_I_ENOUGH_IN)
            continue;
        for (size_t i = 0; i < n; i++)
            values[i] = d[from + i].seen ? d[from + i].t : INFINITY;
        hf_i_sort_doubles(values, n);
        r->median = known_ends(hf_i_median_interval(values, n, HF_I_LEVEL));
        r->median.estimate = known_wait(hf_i_km_quantile(d + from, n, 0.5));
    }
    for (size_t k = 0; k < m->recent; k++)
        if (!isnan(out->reply_by_period[p][k].median.estimate))
            values[earlier++] = out->reply_by_period[p][k].median.estimate;
    if (u->n_recent >= HF_I_ENOUGH && u->n_earlier >= 2 * HF_I_ENOUGH)
        hf_i_usual_fill(u, values, earlier, m->periods - m->recent);
}

static hf_status usual_reply(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *m, int p)
{
    size_t n = m->duration_count[p] + m->periods;
    double *values = hf_i_alloc(ctx, n * sizeof *values);
    hf_i_duration *d = hf_i_alloc(ctx, n * sizeof *d);
    size_t *ends = hf_i_calloc(ctx, m->periods, sizeof *ends);
    uint32_t *period = hf_i_calloc(ctx, m->blocks + 1, sizeof *period);
    out->reply_by_period[p] = hf_i_calloc(ctx, m->periods, sizeof *out->reply_by_period[p]);
    hf_status status = HF_E_NOMEM;
    if (values && d && ends && period && out->reply_by_period[p]) {
        for (size_t e = 0; e < m->turns->exchange_count; e++)
            if (m->block_of[e] != UINT32_MAX)
                period[m->block_of[e]] = m->period_of[e];
        deal(m, p, period, d, ends);
        reply_periods(out, m, p, values, d, ends);
        status = HF_OK;
    }
    hf_i_free(ctx, values);
    hf_i_free(ctx, d);
    hf_i_free(ctx, ends);
    hf_i_free(ctx, period);
    return status;
}

/* A stamp of a minute says no more than a minute: the interval is widened by it. */
static hf_i_interval at_resolution(const hf_i_measures *m, hf_i_interval x)
{
    double step = m->turns->res_ms > 1000 ? (double)m->turns->res_ms / 60000.0 : 0;
    x.lo = fmax(0, x.lo - step);
    x.hi += step;
    return x;
}

static hf_status take(hf_i_estimates *out, hf_ctx *ctx, const replies *r, const hf_i_interval *v)
{
    const hf_i_measures *m = r->m;
    for (int p = 0; p < 2; p++, v += PARTS) {
        hf_i_reply_estimate *e = &out->reply[p];
        const hf_i_duration *d = m->durations[p];
        size_t n = m->duration_count[p];
        e->median.n = n;
        e->median.all = v[ALL];
        e->median.enough = n >= HF_I_ENOUGH && !isnan(v[ALL].lo);
        e->median.usual.recent = v[RECENT].estimate;
        e->median.usual.change = v[CHANGE];
        for (size_t i = 0; i < n; i++)
            *(d[i].block >= m->recent_block ? &e->median.usual.n_recent
                                            : &e->median.usual.n_earlier) += 1;
        /* Points of their own are exact where lists were thinned for the intervals. */
        e->median.all.estimate = known_wait(hf_i_km_quantile(d, n, 0.5));
        if (e->median.enough)
            e->median.all = at_resolution(m, e->median.all);
        e->quartile_lo = hf_i_km_quantile(d, n, 0.25);
        e->quartile_hi = hf_i_km_quantile(d, n, 0.75);
        for (int k = 0; k < 4; k++) {
            /* A day holds six quiet hours, which the waits do not. */
            double quiet = k == 3 && m->quiet[p].known ? HF_I_QUIET_MIN : 0;
            hf_i_interval s = hf_i_km_survival(d, n, hf_i_reply_limits[k] - quiet, HF_I_LEVEL);
            e->within[k] = (hf_i_interval){1 - s.estimate, 1 - s.hi, 1 - s.lo};
        }
        HF_TRY(usual_reply(out, ctx, m, p));
    }
    out->reply_ratio = (hf_i_interval){exp(v->estimate), exp(v->lo), exp(v->hi)};
    out->reply_log_rank =
        hf_i_log_rank(m->durations[0], m->duration_count[0], m->durations[1], m->duration_count[1]);
    return HF_OK;
}

hf_status hf_i_estimate_replies(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *m)
{
    replies r = {.m = m};
    hf_i_bootstrap plan = {.blocks = m->blocks,
                           .replicates = REPLICATES,
                           .count = STATISTICS,
                           .seed = 1,
                           .stream = 1,
                           .level = HF_I_LEVEL};
    hf_i_interval v[STATISTICS];
    hf_status status = HF_OK;
    for (int p = 0; p < 2; p++)
        for (int part = ALL; status == HF_OK && part <= EARLIER; part++)
            status = take_sample(&r.of[p][part], ctx, m, p, part);
    if (status == HF_OK)
        status = hf_i_bootstrap_run(v, ctx, &plan, draw, &r);
    if (status == HF_OK)
        status = take(out, ctx, &r, v);
    for (int p = 0; p < 2; p++)
        for (int part = ALL; part <= EARLIER; part++) {
            hf_i_free(ctx, r.of[p][part].d);
            hf_i_free(ctx, r.of[p][part].blocks);
        }
    return status;
}

/* ---- chance
 * ---------------------------------------------------------------------------------------------- */

static bool offers_words(const hf_i_measures *m, size_t turn)
{
    return m->content->turns[turn].keys >= 2 && !m->turns->turns[turn].flagged;
}

/* The answers of partner p with turns of the other that they did not answer. */
static void chance_of(hf_i_estimates *out, const hf_i_measures *m, int p, const uint32_t *offers,
                      size_t offer_count)
{
    size_t answers = 0, pairs = 0, hits = 0;
    for (size_t i = 0; i < offer_count; i++)
        answers += m->waits[offers[i]].answer != HF_I_NO_TURN;
    size_t stride = answers / CHANCE_PAIRS + 1, seen = 0;
    hf_i_random r;
    hf_i_random_init(&r, 1, 2, (uint64_t)p);
    for (size_t i = 0; i < offer_count && offer_count >= HF_I_ENOUGH; i++) {
        uint32_t answer = m->waits[offers[i]].answer;
        if (answer == HF_I_NO_TURN || !m->turns->turns[answer].has_text || seen++ % stride)
            continue;
        for (int k = 0; k < (stride > 1 ? 1 : 4); k++) {
            size_t other = hf_i_random_below(&r, offer_count);
            if (other == i)
                continue;
            pairs++;
            hits += hf_i_content_shared(m->content, offers[other], answer) > 0;
        }
    }
    out->uptake_chance[p] = pairs ? (double)hits / (double)pairs : NAN;
}

static hf_status accommodation(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *m)
{
    size_t n = 0, total = m->turns->turn_count;
    double *x = hf_i_alloc(ctx, 2 * (size_t)LENGTH_PAIRS * sizeof *x), *y = x + LENGTH_PAIRS, r;
    if (!x)
        return HF_E_NOMEM;
    for (size_t k = total; k-- > 0 && n < LENGTH_PAIRS;) {
        uint32_t answer = m->waits[k].answer;
        if (answer == HF_I_NO_TURN || m->turns->turns[k].flagged ||
            m->turns->turns[answer].flagged || !m->turns->turns[k].words ||
            !m->turns->turns[answer].words)
            continue;
        x[n] = m->turns->turns[k].words;
        y[n++] = m->turns->turns[answer].words;
    }
    hf_status status = hf_i_spearman(&r, ctx, x, y, n);
    hf_i_free(ctx, x);
    out->accommodation_n = n;
    /* Fisher's transform with the variance for ranks (Fieller, Hartley & Pearson 1957). */
    double half = hf_i_normal_quantile(0.5 + HF_I_LEVEL / 2) * sqrt(1.06 / ((double)n - 3));
    out->accommodation = (hf_i_interval){r, tanh(atanh(r) - half), tanh(atanh(r) + half)};
    return status;
}

hf_status hf_i_estimate_chance(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *m)
{
    size_t total = m->turns->turn_count;
    uint32_t *offers = hf_i_alloc(ctx, total * sizeof *offers);
    if (!offers)
        return HF_E_NOMEM;
    for (int p = 0; p < 2; p++) {
        size_t n = 0;
        for (size_t k = 0; k < total; k++)
            if (m->turns->turns[k].partner != p && offers_words(m, k))
                offers[n++] = (uint32_t)k;
        chance_of(out, m, p, offers, n);
    }
    hf_i_free(ctx, offers);
    return accommodation(out, ctx, m);
}

/* ---- rhythm
 * ------------------------------------------------------------------------------------------------
 */

hf_status hf_i_estimate_rhythm(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *m)
{
    const hf_i_turns *t = m->turns;
    double *gaps = hf_i_alloc(ctx, t->line_count * sizeof *gaps);
    if (!gaps)
        return HF_E_NOMEM;
    for (int p = 0; p < 2; p++) {
        size_t n = 0;
        double last = NAN;
        for (size_t i = 0; t->timed && i < t->line_count; i++) {
            if (t->lines[i].partner != p)
                continue;
            double now = hf_i_even_clock(m->quiet[p].by_hour, t->lines[i].t);
            if (!isnan(last))
                gaps[n++] = now - last;
            last = now;
        }
        out->burstiness_n[p] = n;
        out->burstiness[p] = hf_i_burstiness_finite(gaps, n);
    }
    hf_i_free(ctx, gaps);
    return HF_OK;
}
