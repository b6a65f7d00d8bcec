/* SPDX-License-Identifier: MIT */
#include "cycle/dynamics.h"

#include "num/random.h"
#include "num/stats_distribution.h"

#include <holdfast/infer.h>

#include <math.h>
#include <string.h>

/* Parameters of var1 (both partners) and ar1 (one alone) in their order. */
enum { ACTOR1, PARTNER12, ACTOR2, PARTNER21, MU1, MU2, S1, S2, RHO, PARAMETERS };
enum { ACTOR, MU, S, ALONE };
enum { DRAWS = 1000 };
static const double HELD_OUT = 1.0 / 3;

/* ---- the two series ------------------------------------------------------------------------- */

static double score(uint8_t does)
{
    return ((does & HF_I_DOES_WARM) != 0) - (double)((does & HF_I_DOES_HARD) != 0);
}

static hf_status make_room(hf_i_dynamics *d, hf_ctx *ctx)
{
    for (int p = 0; p < 2; p++) {
        d->value[p] = hf_i_alloc(ctx, d->periods * sizeof *d->value[p]);
        d->turns[p] = hf_i_alloc(ctx, d->periods * sizeof *d->turns[p]);
        if (!d->value[p] || !d->turns[p])
            return HF_E_NOMEM;
    }
    return HF_OK;
}

/* Sums by period, then means. */
static void fill(hf_i_dynamics *d, const hf_i_evidence_view *v, int p)
{
    const hf_cycle *c = v->cycle;
    for (size_t k = 0; k < d->periods; k++) {
        d->value[p][k] = 0;
        d->turns[p][k] = 0;
    }
    for (size_t k = 0; k < c->count; k++)
        if (c->turns[k].partner == p && (v->does[k] & HF_I_CODED)) {
            size_t at = (size_t)((c->turns[k].t_h - c->turns[0].t_h) / (24.0 * d->days));
            d->value[p][at] += score(v->does[k]);
            d->turns[p][at]++;
        }
    d->values[p] = 0;
    for (size_t k = 0; k < d->periods; k++) {
        bool known = d->turns[p][k] >= HF_I_DYNAMICS_TURNS;
        d->value[p][k] = known ? d->value[p][k] / d->turns[p][k] : NAN;
        d->values[p] += known;
    }
}

static hf_status make_series(hf_i_dynamics *d, hf_ctx *ctx, const hf_i_evidence_view *v, int days)
{
    const hf_cycle *c = v->cycle;
    d->days = days;
    d->periods = (size_t)((c->turns[c->count - 1].t_h - c->turns[0].t_h) / (24.0 * days)) + 1;
    HF_TRY(make_room(d, ctx));
    for (int p = 0; p < 2; p++)
        fill(d, v, p);
    return HF_OK;
}

void hf_i_dynamics_dispose(hf_i_dynamics *d, hf_ctx *ctx)
{
    for (int p = 0; p < 2; p++) {
        hf_i_free(ctx, d->value[p]);
        hf_i_free(ctx, d->turns[p]);
        d->value[p] = NULL;
        d->turns[p] = NULL;
    }
}

/* ---- the engine ----------------------------------------------------------------------------- */

typedef struct {
    hf_ctx *ctx;
    hf_model *model;
    size_t rows, parameters;
    double *time, *y;         /* all rows */
    double start[PARAMETERS]; /* [parameters] */
    hf_fit_options options;
} job;

static hf_dyads view_of(const job *j, size_t rows, size_t first[2])
{
    hf_dyads d = HF_DYADS_INIT;
    first[0] = 0;
    first[1] = rows;
    d.n_dyads = 1;
    d.first_row = first;
    d.time = j->time;
    d.y = j->y;
    return d;
}

static double spread(const double *x, size_t n)
{
    double m = 0, sum = 0, squares = 0;
    for (size_t k = 0; k < n; k++)
        if (!isnan(x[k])) {
            m++;
            sum += x[k];
            squares += x[k] * x[k];
        }
    return m > 1 ? sqrt(fmax(1e-4, (squares - sum * sum / m) / (m - 1))) : 1;
}

static double middle(const double *x, size_t n)
{
    double m = 0, sum = 0;
    for (size_t k = 0; k < n; k++)
        if (!isnan(x[k])) {
            m++;
            sum += x[k];
        }
    return m > 0 ? sum / m : 0;
}

static void set_start(job *j, const hf_i_dynamics *d)
{
    const int p = d->own[0] ? 0 : 1;
    const double alone[ALONE] = {0.3, middle(d->value[p], d->periods),
                                 0.7 * spread(d->value[p], d->periods)};
    const double start[PARAMETERS] = {0.3,
                                      0,
                                      0.3,
                                      0,
                                      middle(d->value[0], d->periods),
                                      middle(d->value[1], d->periods),
                                      0.7 * spread(d->value[0], d->periods),
                                      0.7 * spread(d->value[1], d->periods),
                                      0};
    if (d->both)
        memcpy(j->start, start, sizeof start);
    else
        memcpy(j->start, alone, sizeof alone);
    j->options = (hf_fit_options)HF_FIT_OPTIONS_INIT;
    j->options.starts = 1;
    j->options.start = j->start;
    j->options.level = HF_I_EVIDENCE_LEVEL;
}

static hf_status open_job(job *j, hf_ctx *ctx, const hf_i_dynamics *d)
{
    *j = (job){.ctx = ctx, .rows = d->periods};
    HF_TRY(hf_model_get(&j->model, ctx, d->both ? "var1" : "ar1"));
    j->parameters = hf_model_parameter_count(j->model);
    j->time = hf_i_alloc(ctx, j->rows * sizeof *j->time);
    j->y = hf_i_alloc(ctx, 2 * j->rows * sizeof *j->y);
    if (!j->time || !j->y)
        return HF_E_NOMEM;
    for (size_t k = 0; k < j->rows; k++) {
        j->time[k] = (double)k + 1;
        if (d->both)
            for (size_t p = 0; p < 2; p++)
                j->y[2 * k + p] = d->value[p][k];
        else
            j->y[k] = d->value[d->own[0] ? 0 : 1][k];
    }
    set_start(j, d);
    return HF_OK;
}

static void close_job(job *j)
{
    hf_model_free(j->model);
    hf_i_free(j->ctx, j->time);
    hf_i_free(j->ctx, j->y);
}

/* held: bits 1 << parameter that are kept at 0. */
static hf_status fit(job *j, size_t rows, unsigned held, double *loglik, double *theta,
                     hf_estimate *estimates, double *covariance)
{
    double fixed[PARAMETERS];
    size_t first[2];
    hf_dyads data = view_of(j, rows, first);
    hf_fit *f;
    for (size_t i = 0; i < j->parameters; i++)
        fixed[i] = held >> i & 1 ? 0 : NAN;
    hf_fit_options o = j->options;
    o.fixed = fixed;
    double start[PARAMETERS];
    for (size_t i = 0; i < j->parameters; i++)
        start[i] = held >> i & 1 ? 0 : j->start[i];
    o.start = start;
    HF_TRY(hf_fit_new(&f, j->ctx, j->model, &data, &o));
    hf_fit_summary s = hf_fit_get_summary(f);
    *loglik = s.converged ? s.loglik : NAN;
    memcpy(theta, hf_fit_theta(f), j->parameters * sizeof *theta);
    for (size_t i = 0; estimates && i < j->parameters; i++)
        estimates[i] = hf_fit_get_estimate(f, i);
    if (covariance)
        memcpy(covariance, hf_fit_covariance(f),
               j->parameters * j->parameters * sizeof *covariance);
    hf_fit_free(f);
    return HF_OK;
}

/* A fit that the data do not allow is 'not known', not a failure. */
static hf_status try_fit(job *j, size_t rows, unsigned held, double *loglik, double *theta,
                         hf_estimate *estimates, double *covariance)
{
    hf_status s = fit(j, rows, held, loglik, theta, estimates, covariance);
    if (s != HF_E_NOT_ENOUGH_DATA && s != HF_E_NOT_CONVERGED && s != HF_E_RANGE &&
        s != HF_E_UNSUPPORTED)
        return s;
    hf_ctx_clear_error(j->ctx);
    *loglik = NAN;
    return HF_OK;
}

/* ---- what the fits say ---------------------------------------------------------------------- */

/* Maximum likelihood takes too little for the variance of short series: as in a regression, by the
 * values left over for each partner after a mean, two slopes, a spread and half a correlation. */
static double left_over(const hf_i_dynamics *d)
{
    size_t n = d->own[0] && d->own[1] && d->values[1] < d->values[0] ? d->values[1]
               : d->own[0]                                           ? d->values[0]
                                                                     : d->values[1];
    return ((double)n - 5) / (double)n;
}

static double widen(const hf_i_dynamics *d)
{
    double share = left_over(d), df = 5 * share / (1 - share);
    return hf_i_t_quantile(0.5 + HF_I_EVIDENCE_LEVEL / 2, df) /
           hf_i_normal_quantile(0.5 + HF_I_EVIDENCE_LEVEL / 2) / sqrt(share);
}

static hf_i_interval interval_of(const hf_i_dynamics *d, const hf_estimate *e)
{
    double f = widen(d);
    return (hf_i_interval){e->estimate, e->estimate - f * (e->estimate - e->lower),
                           e->estimate + f * (e->upper - e->estimate)};
}

/* Size of the leading eigenvalue of [[a, b], [c, d]]. */
static double leading(double a, double b, double c, double d)
{
    double half = (a + d) / 2, root = half * half - (a * d - b * c);
    return root >= 0 ? fabs(half) + sqrt(root) : sqrt(a * d - b * c);
}

static double half_life(const double *theta, double days)
{
    double r = leading(theta[ACTOR1], theta[PARTNER12], theta[PARTNER21], theta[ACTOR2]);
    return r <= 0 ? 0 : r >= 1 ? INFINITY : days * log(0.5) / log(r);
}

/* theta + L z for the four moving parameters; L of their covariance, NaN rows are held ones. */
static void set_half_life(hf_i_dynamics *d, const double *theta, const double *cov)
{
    static const int moving[4] = {ACTOR1, PARTNER12, ACTOR2, PARTNER21};
    double a[16], draws[DRAWS], z[4];
    hf_i_random r;
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++) {
            double x = cov[moving[i] * PARAMETERS + moving[k]];
            a[4 * k + i] = isnan(x) ? 0 : x * widen(d) * widen(d);
        }
    d->half_life = (hf_i_interval){half_life(theta, d->days), NAN, NAN};
    for (int k = 0; k < 4; k++) { /* Cholesky; a held parameter has a zero row */
        for (int m = 0; m < k; m++)
            for (int i = k; i < 4; i++)
                a[4 * k + i] -= a[4 * m + i] * a[4 * m + k];
        double root = a[5 * k] > 0 ? sqrt(a[5 * k]) : 0;
        for (int i = k; i < 4; i++)
            a[4 * k + i] = root > 0 ? a[4 * k + i] / root : 0;
    }
    hf_i_random_init(&r, 1, 0, 0);
    for (int n = 0; n < DRAWS; n++) {
        double x[PARAMETERS] = {0};
        for (int i = 0; i < 4; i++)
            z[i] = hf_i_random_normal(&r);
        for (int i = 0; i < 4; i++) {
            x[moving[i]] = theta[moving[i]];
            for (int k = 0; k <= i; k++)
                x[moving[i]] += a[4 * k + i] * z[k];
        }
        draws[n] = fmin(half_life(x, d->days), 1e6);
    }
    hf_i_sort_doubles(draws, DRAWS);
    d->half_life.lo = hf_i_quantile_sorted(draws, DRAWS, (1 - HF_I_EVIDENCE_LEVEL) / 2);
    d->half_life.hi = hf_i_quantile_sorted(draws, DRAWS, (1 + HF_I_EVIDENCE_LEVEL) / 2);
}

static double ratio_p(const hf_i_dynamics *d, double full, double less)
{
    double x = 2 * (full - less) * left_over(d);
    return isnan(x) ? NAN : hf_chi_squared_tail(fmax(0, x), 1);
}

/* Gain in log-likelihood of the last third, by influence, with parameters of the first two. */
static hf_status held_out(hf_i_dynamics *d, job *j)
{
    size_t train = (size_t)((1 - HELD_OUT) * (double)j->rows);
    double gain[2], theta[PARAMETERS];
    for (int full = 0; full < 2; full++) {
        unsigned held = full ? 0 : 1U << PARTNER12 | 1U << PARTNER21;
        double begin, all;
        HF_TRY(try_fit(j, train, held, &begin, theta, NULL, NULL));
        if (isnan(begin))
            return HF_OK;
        size_t first[2];
        hf_dyads data = view_of(j, j->rows, first);
        hf_likelihood *l;
        HF_TRY(hf_likelihood_new(&l, j->ctx, j->model, &data, NULL));
        hf_status s = hf_likelihood_value(l, theta, &all);
        hf_likelihood_free(l);
        HF_TRY(s);
        gain[full] = all - begin;
    }
    d->gain = gain[1] - gain[0];
    return HF_OK;
}

static hf_status fit_both(hf_i_dynamics *d, job *j)
{
    static const int tested[HF_I_DYNAMICS_TESTS] = {ACTOR1, ACTOR2, PARTNER12, PARTNER21};
    double full, less, theta[PARAMETERS], other[PARAMETERS], cov[PARAMETERS * PARAMETERS];
    hf_estimate e[PARAMETERS];
    HF_TRY(try_fit(j, j->rows, 0, &full, theta, e, cov));
    if (isnan(full)) {
        d->own[0] = d->own[1] = d->both = false;
        return HF_OK;
    }
    for (int p = 0; p < 2; p++) {
        d->set_point[p] = interval_of(d, &e[p ? MU2 : MU1]);
        d->inertia[p] = interval_of(d, &e[p ? ACTOR2 : ACTOR1]);
        d->influence[p] = interval_of(d, &e[p ? PARTNER21 : PARTNER12]);
    }
    set_half_life(d, theta, cov);
    for (int i = 0; i < HF_I_DYNAMICS_TESTS; i++) {
        HF_TRY(try_fit(j, j->rows, 1U << tested[i], &less, other, NULL, NULL));
        d->p[i] = ratio_p(d, full, less);
    }
    return held_out(d, j);
}

static hf_status fit_alone(hf_i_dynamics *d, job *j, int p)
{
    double full, less, theta[PARAMETERS], other[PARAMETERS], small[ALONE * ALONE];
    double cov[PARAMETERS * PARAMETERS] = {0};
    hf_estimate e[PARAMETERS];
    HF_TRY(try_fit(j, j->rows, 0, &full, theta, e, small));
    if (isnan(full)) {
        d->own[p] = false;
        return HF_OK;
    }
    HF_TRY(try_fit(j, j->rows, 1U << ACTOR, &less, other, NULL, NULL));
    d->set_point[p] = interval_of(d, &e[MU]);
    d->inertia[p] = interval_of(d, &e[ACTOR]);
    d->p[p] = ratio_p(d, full, less);
    cov[ACTOR1 * (PARAMETERS + 1)] = small[ACTOR * (ALONE + 1)];
    const double both[PARAMETERS] = {theta[ACTOR]};
    set_half_life(d, both, cov);
    return HF_OK;
}

static const hf_i_interval UNKNOWN = {NAN, NAN, NAN};

static void forget(hf_i_dynamics *d)
{
    d->gain = NAN;
    d->half_life = UNKNOWN;
    for (int p = 0; p < 2; p++)
        d->set_point[p] = d->inertia[p] = d->influence[p] = UNKNOWN;
    for (int i = 0; i < HF_I_DYNAMICS_TESTS; i++)
        d->p[i] = NAN;
}

hf_status hf_i_dynamics_fit(hf_i_dynamics *d, hf_ctx *ctx)
{
    job j;
    forget(d);
    d->both = d->own[0] && d->own[1];
    if (!d->own[0] && !d->own[1])
        return HF_OK;
    hf_status s = open_job(&j, ctx, d);
    if (s == HF_OK)
        s = d->both ? fit_both(d, &j) : fit_alone(d, &j, d->own[0] ? 0 : 1);
    close_job(&j);
    return s;
}

hf_status hf_i_dynamics_find(hf_i_dynamics *d, hf_ctx *ctx, const hf_i_evidence_view *view)
{
    static const int widths[] = {1, 7};
    *d = (hf_i_dynamics){0};
    for (size_t i = 0; view->timed && i < HF_COUNT_OF(widths) && !d->own[0] && !d->own[1]; i++) {
        hf_i_dynamics_dispose(d, ctx);
        HF_TRY(make_series(d, ctx, view, widths[i]));
        /* Both on the same footing: weeks when only one has enough days. */
        bool enough[2] = {d->values[0] >= HF_I_DYNAMICS_LEAST, d->values[1] >= HF_I_DYNAMICS_LEAST};
        bool alone = d->values[0] == 0 || d->values[1] == 0;
        for (int p = 0; p < 2; p++)
            d->own[p] = enough[p] && (enough[1 - p] || alone || i > 0) &&
                        spread(d->value[p], d->periods) > 0.01;
    }
    return hf_i_dynamics_fit(d, ctx);
}
