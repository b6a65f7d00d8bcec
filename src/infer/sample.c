/* SPDX-License-Identifier: MIT */
/* The No-U-Turn sampler: multinomial draws along a trajectory that doubles until it turns back
 * (Hoffman & Gelman 2014, JMLR 15:1593; Betancourt 2017, arXiv 1701.02434), step size by dual
 * averaging, diagonal metric from the warm-up. */
#include "infer/fit.h"
#include "infer/transform.h"

#include "num/random.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH    10
#define DIVERGED     1000.0 /* loss of energy that ends a trajectory */
#define FIRST_WINDOW 25

struct hf_sample {
    hf_ctx *ctx;
    const hf_model *model;
    size_t n, count, per_chain, chains, divergences;
    double *draws; /* [chain * per_chain][n] */
};

/* A point of a trajectory. */
typedef struct {
    double *q, *p, *g, lp;
} point;

typedef struct {
    hf_fit fit; /* only its scale: theta, bounds, free parameters, likelihood */
    hf_i_random random;
    size_t n;
    double *metric; /* variances: the inverse mass */
    double step;
    point z;      /* the moving end */
    double *pool; /* vectors of n, handed out as a stack */
    size_t used;
    size_t leaps, divergences;
    double accept_sum;
    bool diverged;
    hf_status status;
} sampler;

/* ---- the density
 * ---------------------------------------------------------------------------------------- */

/* log prior density at x and its slope. */
static double log_prior(const hf_i_prior *p, double x, double *slope)
{
    double z;
    switch (p->kind) {
    case HF_PRIOR_NORMAL:
        z = (x - p->a) / p->b;
        *slope = -z / p->b;
        return -0.5 * z * z;
    case HF_PRIOR_LOGNORMAL:
        z = (log(x) - p->a) / p->b;
        *slope = -(1 + z / p->b) / x;
        return -log(x) - 0.5 * z * z;
    case HF_PRIOR_GAMMA:
        *slope = (p->a - 1) / x - p->b;
        return (p->a - 1) * log(x) - p->b * x;
    case HF_PRIOR_BETA:
        *slope = (p->a - 1) / x - (p->b - 1) / (1 - x);
        return (p->a - 1) * log(x) + (p->b - 1) * log1p(-x);
    case HF_PRIOR_EXPONENTIAL:
        *slope = -p->a;
        return -p->a * x;
    case HF_PRIOR_STUDENT:
        z = (x - p->b) / p->c;
        *slope = -(p->a + 1) * z / (p->a + z * z) / p->c;
        return -0.5 * (p->a + 1) * log1p(z * z / p->a);
    default:
        *slope = 0;
        return 0;
    }
}

/* d log|dx/du| / du and the log itself, for bounded scales. */
static double log_slope(double x, double lower, double upper, double slope, double *d)
{
    if (isfinite(lower) && isfinite(upper))
        *d = (upper + lower - 2 * x) / (upper - lower);
    else
        *d = isfinite(lower) ? 1 : isfinite(upper) ? -1 : 0;
    return log(slope);
}

static void density(sampler *s, point *z)
{
    hf_fit *f = &s->fit;
    double slope[HF_MODEL_MAX_PARAMS], ll;
    hf_i_fit_theta_of(f, z->q, f->theta, slope);
    hf_status st =
        hf_i_likelihood_gradient(f->likelihood, f->theta, f->free_params, f->free_count, &ll, z->g);
    if (st != HF_OK)
        s->status = st;
    z->lp = st == HF_OK ? ll : -INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        int p = f->free_params[i];
        const hf_i_prior *prior = &f->model->params[p].prior;
        double d, j;
        z->g[i] *= slope[i];
        if (prior->kind == HF_PRIOR_NONE)
            continue;
        z->lp += log_prior(prior, f->theta[p], &d);
        z->lp += log_slope(f->theta[p], f->lower[p], f->upper[p], slope[i], &j);
        z->g[i] += d * slope[i] + j;
    }
    if (isnan(z->lp))
        z->lp = -INFINITY;
}

/* ---- trajectories
 * ------------------------------------------------------------------------------------------ */

static double *vector(sampler *s)
{
    return s->pool + s->n * s->used++;
}

static double energy(const sampler *s, const point *z)
{
    double k = 0;
    for (size_t i = 0; i < s->n; i++)
        k += z->p[i] * z->p[i] * s->metric[i];
    return 0.5 * k - z->lp;
}

static void leap(sampler *s, double step)
{
    for (size_t i = 0; i < s->n; i++) {
        s->z.p[i] += 0.5 * step * s->z.g[i];
        s->z.q[i] += step * s->metric[i] * s->z.p[i];
    }
    density(s, &s->z);
    for (size_t i = 0; i < s->n; i++)
        s->z.p[i] += 0.5 * step * s->z.g[i];
}

static double log_add(double a, double b)
{
    double top = a > b ? a : b;
    return isfinite(top) ? top + log(exp(a - top) + exp(b - top)) : top;
}

/* The trajectory with momenta a at one end and b at the other and sum rho still opens out. */
static bool opens(const sampler *s, const double *a, const double *b, const double *rho)
{
    double da = 0, db = 0;
    for (size_t i = 0; i < s->n; i++) {
        da += a[i] * s->metric[i] * rho[i];
        db += b[i] * s->metric[i] * rho[i];
    }
    return da > 0 && db > 0;
}

/* Doubles 2^depth leaps from s->z in direction of step. p_first, p_last: momenta at the ends; rho:
 * sum of momenta; proposal: q drawn from it; *weight: log of summed densities. False: it ended. */
static bool build(sampler *s, int depth, double step, double h0, double *proposal, double *rho,
                  double *p_first, double *p_last, double *weight)
{
    size_t n = s->n, bytes = n * sizeof(double);
    if (depth == 0) {
        leap(s, step);
        double h = energy(s, &s->z), change = h0 - (isfinite(h) ? h : INFINITY);
        s->leaps++;
        s->accept_sum += change > 0 ? 1 : exp(change);
        *weight = change;
        memcpy(proposal, s->z.q, bytes);
        memcpy(rho, s->z.p, bytes);
        memcpy(p_first, s->z.p, bytes);
        memcpy(p_last, s->z.p, bytes);
        if (-change > DIVERGED)
            s->diverged = true;
        return !(-change > DIVERGED) && s->status == HF_OK;
    }
    size_t mark = s->used;
    double *rho_a = vector(s), *rho_b = vector(s), *mid_a = vector(s), *mid_b = vector(s),
           *other = vector(s), wa, wb;
    bool fine = build(s, depth - 1, step, h0, proposal, rho_a, p_first, mid_a, &wa) &&
                build(s, depth - 1, step, h0, other, rho_b, mid_b, p_last, &wb);
    if (fine) {
        *weight = log_add(wa, wb);
        if (log(hf_i_random_uniform(&s->random)) < wb - *weight)
            memcpy(proposal, other, bytes);
        for (size_t i = 0; i < n; i++)
            rho[i] = rho_a[i] + rho_b[i];
        fine = opens(s, p_first, p_last, rho);
        for (size_t i = 0; i < n; i++) { /* and across the seam */
            rho_a[i] += mid_b[i];
            rho_b[i] += mid_a[i];
        }
        fine = fine && opens(s, p_first, mid_b, rho_a) && opens(s, mid_a, p_last, rho_b);
    }
    s->used = mark;
    return fine;
}

/* One draw: q is in and out. Returns the mean acceptance of the leaps. */
static double transition(sampler *s, double *q, double *lp, double *g)
{
    size_t n = s->n, bytes = n * sizeof(double);
    s->used = 0;
    double *left_q = vector(s), *left_p = vector(s), *left_g = vector(s), *right_q = vector(s),
           *right_p = vector(s), *right_g = vector(s), *rho = vector(s), *rho_new = vector(s),
           *first = vector(s), *last = vector(s), *proposal = vector(s), left_lp = *lp,
           right_lp = *lp, weight = 0;
    for (size_t i = 0; i < n; i++)
        s->z.p[i] = hf_i_random_normal(&s->random) / sqrt(s->metric[i]);
    memcpy(s->z.q, q, bytes);
    memcpy(s->z.g, g, bytes);
    s->z.lp = *lp;
    double h0 = energy(s, &s->z);
    memcpy(left_q, q, bytes), memcpy(right_q, q, bytes);
    memcpy(left_g, g, bytes), memcpy(right_g, g, bytes);
    memcpy(left_p, s->z.p, bytes), memcpy(right_p, s->z.p, bytes);
    memcpy(rho, s->z.p, bytes);
    s->leaps = 0;
    s->accept_sum = 0;
    s->diverged = false;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
        bool right = hf_i_random_u64(&s->random) & 1;
        memcpy(s->z.q, right ? right_q : left_q, bytes);
        memcpy(s->z.p, right ? right_p : left_p, bytes);
        memcpy(s->z.g, right ? right_g : left_g, bytes);
        s->z.lp = right ? right_lp : left_lp;
        double w;
        if (!build(s, depth, right ? s->step : -s->step, h0, proposal, rho_new, first, last, &w))
            break;
        memcpy(right ? right_q : left_q, s->z.q, bytes);
        memcpy(right ? right_p : left_p, s->z.p, bytes);
        memcpy(right ? right_g : left_g, s->z.g, bytes);
        *(right ? &right_lp : &left_lp) = s->z.lp;
        if (log(hf_i_random_uniform(&s->random)) < w - weight)
            memcpy(q, proposal, bytes);
        weight = log_add(weight, w);
        for (size_t i = 0; i < n; i++)
            rho[i] += rho_new[i];
        if (!opens(s, left_p, right_p, rho))
            break;
    }
    s->divergences += s->diverged;
    memcpy(s->z.q, q, bytes);
    density(s, &s->z);
    *lp = s->z.lp;
    memcpy(g, s->z.g, bytes);
    return s->leaps ? s->accept_sum / (double)s->leaps : 0;
}

/* ---- warm-up
 * ---------------------------------------------------------------------------------------------------
 */

typedef struct {
    double mu, h, log_mean;
    int count;
} averaging; /* Nesterov's dual averaging, as in Hoffman & Gelman, section 3.2 */

static void restart(averaging *a, double step)
{
    *a = (averaging){log(10 * step), 0, 0, 0};
}

static double adapt(averaging *a, double accept, double aim)
{
    const double gamma = 0.05, t0 = 10, kappa = 0.75;
    a->count++;
    double eta = 1 / (a->count + t0);
    a->h = (1 - eta) * a->h + eta * (aim - accept);
    double x = a->mu - sqrt(a->count) / gamma * a->h, w = pow(a->count, -kappa);
    a->log_mean = w * x + (1 - w) * a->log_mean;
    return exp(x);
}

/* A first step with acceptance near 0.8: doubled or halved until it crosses. */
static void first_step(sampler *s, const double *q, double lp, const double *g)
{
    size_t bytes = s->n * sizeof(double);
    int direction = 0;
    for (int k = 0; k < 40; k++) {
        memcpy(s->z.q, q, bytes);
        memcpy(s->z.g, g, bytes);
        s->z.lp = lp;
        for (size_t i = 0; i < s->n; i++)
            s->z.p[i] = hf_i_random_normal(&s->random) / sqrt(s->metric[i]);
        double h0 = energy(s, &s->z);
        leap(s, s->step);
        double change = h0 - energy(s, &s->z);
        int want = change > log(0.8) ? 1 : -1;
        if (direction && want != direction)
            return;
        direction = want;
        s->step *= direction > 0 ? 2 : 0.5;
    }
}

typedef struct {
    double n, *mean, *m2;
} running;

static void learn(running *r, const double *q, size_t n)
{
    r->n++;
    for (size_t i = 0; i < n; i++) {
        double d = q[i] - r->mean[i];
        r->mean[i] += d / r->n;
        r->m2[i] += d * (q[i] - r->mean[i]);
    }
}

static void take_metric(sampler *s, running *r)
{
    for (size_t i = 0; i < s->n; i++) { /* shrunk a little towards 0.001 */
        double v = r->m2[i] / (r->n - 1);
        s->metric[i] = r->n / (r->n + 5) * v + 1e-3 * 5 / (r->n + 5);
        r->mean[i] = r->m2[i] = 0;
    }
    r->n = 0;
}

/* Warm-up in growing windows, then draws into out [per_chain][n_params]. */
static hf_status chain(sampler *s, const hf_sample_options *o, double *q, double *out)
{
    size_t n = s->n, total = o->warmup + o->draws, next = 75 < o->warmup / 4 ? 75 : o->warmup / 4,
           window = FIRST_WINDOW, last_end = o->warmup - o->warmup / 10;
    double *g = s->metric + n, *mean = g + n, *m2 = mean + n, *theta = s->fit.theta;
    running r = {0, mean, m2};
    averaging a;
    memset(mean, 0, 2 * n * sizeof *mean);
    memcpy(s->z.q, q, n * sizeof *q);
    density(s, &s->z);
    double lp = s->z.lp;
    memcpy(g, s->z.g, n * sizeof *g);
    first_step(s, q, lp, g);
    restart(&a, s->step);
    size_t begin = next;
    next += window;
    for (size_t k = 0; k < total && s->status == HF_OK; k++) {
        if (k % 32 == 0)
            HF_TRY(hf_i_progress(s->fit.ctx, "drawing", k, total));
        double accept = transition(s, q, &lp, g);
        if (k < o->warmup) {
            s->step = adapt(&a, accept, o->accept);
            if (k >= begin && k < last_end)
                learn(&r, q, n);
            if (k + 1 == next && k < last_end && r.n > 5) {
                take_metric(s, &r);
                window *= 2;
                next = next + 3 * window > last_end ? last_end : next + window;
                first_step(s, q, lp, g);
                restart(&a, s->step);
            }
            if (k + 1 == o->warmup) {
                s->step = exp(a.log_mean);
                s->divergences = 0;
            }
            continue;
        }
        hf_i_fit_theta_of(&s->fit, q, theta, NULL);
        for (size_t i = 0; i < s->fit.n; i++) {
            int base = s->fit.model->params[i].same_as;
            out[(k - o->warmup) * s->fit.n + i] = theta[base >= 0 ? (size_t)base : i];
        }
    }
    return s->status;
}

/* ---- the sample
 * ---------------------------------------------------------------------------------------------- */

static hf_status prepare(sampler *s, hf_ctx *ctx, const hf_model *m, const hf_dyads *data,
                         const hf_sample_options *o, hf_i_arena *arena)
{
    size_t n = m->n_params;
    hf_fit *f = &s->fit;
    f->ctx = ctx;
    f->model = m;
    f->n = n;
    f->free_params = hf_i_arena_alloc(arena, (n + 1) * sizeof(int));
    f->lower = hf_i_arena_alloc(arena, (n + 1) * sizeof(double));
    f->upper = hf_i_arena_alloc(arena, (n + 1) * sizeof(double));
    f->theta = hf_i_arena_alloc(arena, (n + 1) * sizeof(double));
    s->metric = hf_i_arena_alloc(arena, (4 * n + 1) * sizeof(double));
    s->z.q = hf_i_arena_alloc(arena, (n + 1) * sizeof(double));
    s->z.p = hf_i_arena_alloc(arena, (n + 1) * sizeof(double));
    s->z.g = hf_i_arena_alloc(arena, (n + 1) * sizeof(double));
    s->pool = hf_i_arena_alloc(arena, (11 + 5 * MAX_DEPTH) * (n + 1) * sizeof(double));
    if (!f->free_params || !f->lower || !f->upper || !f->theta || !s->metric || !s->z.q ||
        !s->z.p || !s->z.g || !s->pool)
        return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const hf_i_param *q = &m->params[i];
        bool fixed = o->fixed && !isnan(o->fixed[i]);
        f->lower[i] = q->lower;
        f->upper[i] = q->upper;
        f->theta[i] = fixed                             ? o->fixed[i]
                      : o->start && !isnan(o->start[i]) ? o->start[i]
                                                        : q->start;
        if (!fixed && q->same_as < 0)
            f->free_params[f->free_count++] = (int)i;
    }
    s->n = f->free_count;
    if (s->n == 0)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "every parameter is held: nothing to draw");
    return hf_likelihood_new(&f->likelihood, ctx, m, data, &o->likelihood);
}

/* A start near the given one with a finite density. */
static hf_status chain_start(sampler *s, double *q0, double *q)
{
    for (int tries = 0; tries < 100; tries++) {
        for (size_t i = 0; i < s->n; i++)
            q[i] = q0[i] + (tries ? 0.5 : 0.1) * hf_i_random_normal(&s->random) / (1 + tries / 10);
        memcpy(s->z.q, q, s->n * sizeof *q);
        density(s, &s->z);
        if (isfinite(s->z.lp))
            return HF_OK;
    }
    return hf_i_fail(s->fit.ctx, HF_E_NOT_CONVERGED, "Give start values nearer to the truth.",
                     "the posterior density is not finite near the start");
}

hf_status hf_sample_new(hf_sample **out, hf_ctx *ctx, const hf_model *model, const hf_dyads *data,
                        const hf_sample_options *options)
{
    hf_sample_options o = HF_SAMPLE_OPTIONS_INIT;
    *out = NULL;
    if (options && options->size != sizeof o)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another size");
    if (options)
        o = *options;
    o.warmup = o.warmup ? o.warmup : 500;
    o.draws = o.draws ? o.draws : 1000;
    o.chains = o.chains ? o.chains : 4;
    o.accept = o.accept > 0 && o.accept < 1 ? o.accept : 0.85;
    sampler s = {0};
    hf_i_arena arena;
    hf_i_arena_init(&arena, ctx);
    hf_sample *p = hf_i_calloc(ctx, 1, sizeof *p);
    hf_status st = p ? prepare(&s, ctx, model, data, &o, &arena) : HF_E_NOMEM;
    if (p)
        *p = (hf_sample){ctx, model, model->n_params, o.chains * o.draws, o.draws, o.chains,
                         0,   NULL};
    if (st == HF_OK && !(p->draws = hf_i_calloc(ctx, p->count * p->n, sizeof *p->draws)))
        st = HF_E_NOMEM;
    double q0[HF_MODEL_MAX_PARAMS], q[HF_MODEL_MAX_PARAMS];
    if (st == HF_OK)
        hf_i_fit_u_of(&s.fit, s.fit.theta, q0);
    for (size_t c = 0; st == HF_OK && c < o.chains; c++) {
        hf_i_random_init(&s.random, o.seed, UINT64_C(0xc4a10), c);
        for (size_t i = 0; i < s.n; i++)
            s.metric[i] = 0.01;
        s.step = 0.5;
        st = chain_start(&s, q0, q);
        if (st == HF_OK)
            st = chain(&s, &o, q, p->draws + c * o.draws * p->n);
        p->divergences += s.divergences;
        s.divergences = 0;
    }
    hf_likelihood_free(s.fit.likelihood);
    hf_i_arena_dispose(&arena);
    if (st == HF_OK)
        *out = p;
    else
        hf_sample_free(p);
    return st;
}

void hf_sample_free(hf_sample *sample)
{
    if (!sample)
        return;
    hf_ctx *ctx = sample->ctx;
    hf_i_free(ctx, sample->draws);
    hf_i_free(ctx, sample);
}

/* ---- summaries
 * -----------------------------------------------------------------------------------------------
 */

static double at(const hf_sample *s, size_t chain_index, size_t draw, size_t parameter)
{
    return s->draws[(chain_index * s->per_chain + draw) * s->n + parameter];
}

/* Mean and variance of half a chain. */
static void half_moments(const hf_sample *s, size_t p, size_t half, double *mean, double *var)
{
    size_t len = s->per_chain / 2, chain_index = half / 2, from = (half % 2) * (s->per_chain - len);
    double sum = 0, square = 0;
    for (size_t i = 0; i < len; i++)
        sum += at(s, chain_index, from + i, p);
    sum /= (double)len;
    for (size_t i = 0; i < len; i++) {
        double d = at(s, chain_index, from + i, p) - sum;
        square += d * d;
    }
    *mean = sum;
    *var = square / (double)(len - 1);
}

/* Autocovariance at a lag, averaged over half chains. */
static double autocovariance(const hf_sample *s, size_t p, size_t lag)
{
    size_t len = s->per_chain / 2, halves = 2 * s->chains;
    double total = 0;
    for (size_t h = 0; h < halves; h++) {
        size_t from = (h % 2) * (s->per_chain - len);
        double mean, var, sum = 0;
        half_moments(s, p, h, &mean, &var);
        for (size_t i = 0; i + lag < len; i++)
            sum += (at(s, h / 2, from + i, p) - mean) * (at(s, h / 2, from + i + lag, p) - mean);
        total += sum / (double)len;
    }
    return total / (double)halves;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void convergence(const hf_sample *s, size_t p, hf_sample_summary *out)
{
    size_t len = s->per_chain / 2, halves = 2 * s->chains;
    double grand = 0, within = 0, between = 0, mean, var;
    for (size_t h = 0; h < halves; h++) {
        half_moments(s, p, h, &mean, &var);
        grand += mean / (double)halves;
        within += var / (double)halves;
    }
    for (size_t h = 0; h < halves; h++) {
        half_moments(s, p, h, &mean, &var);
        between += (mean - grand) * (mean - grand) / (double)(halves - 1);
    }
    double pooled = within * (double)(len - 1) / (double)len + between;
    out->rhat = within > 0 ? sqrt(pooled / within) : NAN;
    double sum = 0, previous = INFINITY; /* Geyer's initial monotone sequence */
    for (size_t lag = 0; lag + 1 < len; lag += 2) {
        double a = 1 - (within - autocovariance(s, p, lag)) / pooled,
               b = 1 - (within - autocovariance(s, p, lag + 1)) / pooled, pair = a + b;
        if (!(pair > 0))
            break;
        previous = pair < previous ? pair : previous;
        sum += previous;
    }
    double tau = 2 * sum - 1;
    out->ess = within > 0 ? (double)(halves * len) / (tau > 1e-3 ? tau : 1e-3) : NAN;
}

hf_sample_summary hf_sample_get(const hf_sample *s, size_t parameter)
{
    hf_sample_summary out = {0};
    if (parameter >= s->n)
        return out;
    out.name = s->model->params[parameter].name;
    double *sorted = hf_i_alloc(s->ctx, s->count * sizeof *sorted), square = 0;
    if (!sorted)
        return out;
    for (size_t i = 0; i < s->count; i++) {
        sorted[i] = s->draws[i * s->n + parameter];
        out.mean += sorted[i] / (double)s->count;
    }
    for (size_t i = 0; i < s->count; i++)
        square += (sorted[i] - out.mean) * (sorted[i] - out.mean);
    out.sd = sqrt(square / (double)(s->count - 1));
    qsort(sorted, s->count, sizeof *sorted, by_value);
    out.lower = sorted[(size_t)(0.025 * (double)(s->count - 1))];
    out.upper = sorted[(size_t)(0.975 * (double)(s->count - 1))];
    hf_i_free(s->ctx, sorted);
    convergence(s, parameter, &out);
    return out;
}

size_t hf_sample_divergences(const hf_sample *s)
{
    return s->divergences;
}

const double *hf_sample_draws(const hf_sample *s, size_t *count)
{
    *count = s->count;
    return s->draws;
}
