/* SPDX-License-Identifier: MIT */
#include <holdfast/infer.h>

#include "base/base.h"
#include "num/dense.h"
#include "num/optimise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MU, A = 2, B = 6, C = 7, SIN = 8, COUNT = HF_HAWKES_PARAMETERS };

#define LEAST_EVENTS 20
#define TWO_PI       6.283185307179586476925

/* What the recursion carries: r[m] = sum exp(-b age) over partner m's events, and -d r / d b. */
typedef struct {
    double r[2], age[2];
} memory;

static void fade(memory *m, double b, double dt)
{
    double e = exp(-b * dt);
    for (int k = 0; k < 2; k++) {
        m->age[k] = e * (m->age[k] + dt * m->r[k]);
        m->r[k] *= e;
    }
}

/* One event of partner k: log of its rate and the slopes of that. */
static double event(const hf_hawkes *h, const memory *m, int k, double angle, double *g)
{
    double rhythm = 1 + h->c * cos(angle) + h->s * sin(angle), rate = h->mu[k] * rhythm;
    for (int j = 0; j < 2; j++)
        rate += h->a[k][j] * m->r[j];
    if (g) {
        g[MU + k] += rhythm / rate;
        g[C] += h->mu[k] * cos(angle) / rate;
        g[SIN] += h->mu[k] * sin(angle) / rate;
        for (int j = 0; j < 2; j++) {
            g[A + 2 * k + j] += m->r[j] / rate;
            g[B] -= h->a[k][j] * m->age[j] / rate;
        }
    }
    return log(rate);
}

/* Minus the integral of both rates' constant part over [0, end]. */
static double constant_part(const hf_hawkes *h, double end, double day, double *g)
{
    double w = TWO_PI / day, ic = sin(w * end) / w, is = (1 - cos(w * end)) / w;
    double span = end + h->c * ic + h->s * is;
    if (g) {
        g[MU] -= span;
        g[MU + 1] -= span;
        g[C] -= (h->mu[0] + h->mu[1]) * ic;
        g[SIN] -= (h->mu[0] + h->mu[1]) * is;
    }
    return -(h->mu[0] + h->mu[1]) * span;
}

/* Minus what one event of partner j adds to both integrals until the end. */
static double called_part(const hf_hawkes *h, int j, double left, double *g)
{
    double e = exp(-h->b * left), whole = -expm1(-h->b * left) / h->b;
    double sum = h->a[0][j] + h->a[1][j];
    if (g) {
        g[A + j] -= whole;
        g[A + 2 + j] -= whole;
        g[B] -= sum * (left * e - whole) / h->b;
    }
    return -sum * whole;
}

hf_status hf_hawkes_loglik(double *out, hf_ctx *ctx, const hf_hawkes *h, size_t n,
                           const double *time, const int *who, double end, double day,
                           double *gradient)
{
    memory m = {{0}, {0}};
    if (!(h->b > 0) || !(day > 0))
        return hf_i_fail(ctx, HF_E_RANGE, NULL, "decay and length of day must be positive");
    if (gradient)
        memset(gradient, 0, COUNT * sizeof *gradient);
    double ll = constant_part(h, end, day, gradient);
    for (size_t i = 0; i < n; i++) {
        double before = i ? time[i - 1] : 0;
        if (!(time[i] >= before) || time[i] > end || who[i] < 0 || who[i] > 1)
            return hf_i_fail(ctx, HF_E_RANGE, "Sort the events; count time from the start.",
                             "event %zu is out of order or out of range", i + 1);
        fade(&m, h->b, time[i] - before);
        ll += event(h, &m, who[i], TWO_PI * time[i] / day, gradient);
        ll += called_part(h, who[i], end - time[i], gradient);
        m.r[who[i]] += 1;
    }
    *out = isfinite(ll) ? ll : -INFINITY;
    return HF_OK;
}

double hf_hawkes_radius(const hf_hawkes *h)
{
    double p = h->a[0][0] / h->b, q = h->a[0][1] / h->b, r = h->a[1][0] / h->b,
           s = h->a[1][1] / h->b, half = 0.5 * (p - s), disc = half * half + q * r;
    double mean = 0.5 * (p + s);
    return disc >= 0 ? fmax(fabs(mean + sqrt(disc)), fabs(mean - sqrt(disc)))
                     : sqrt(mean * mean - disc);
}

bool hf_hawkes_rates(const hf_hawkes *h, double rates[2])
{
    double p = 1 - h->a[0][0] / h->b, q = -h->a[0][1] / h->b, r = -h->a[1][0] / h->b,
           s = 1 - h->a[1][1] / h->b, det = p * s - q * r;
    if (!(hf_hawkes_radius(h) < 1))
        return false;
    rates[0] = (s * h->mu[0] - q * h->mu[1]) / det;
    rates[1] = (p * h->mu[1] - r * h->mu[0]) / det;
    return true;
}

/* ---- fitting
 * -------------------------------------------------------------------------------------------- */

/* The search moves logs of mu, of the branching a / b and of b, and the rhythm itself. */
typedef struct {
    hf_ctx *ctx;
    size_t n;
    const double *time;
    const int *who;
    double end, day;
    bool rhythm;
} events;

static void from_scale(const double *u, hf_hawkes *h)
{
    h->b = exp(u[B]);
    for (int k = 0; k < 2; k++) {
        h->mu[k] = exp(u[MU + k]);
        for (int j = 0; j < 2; j++)
            h->a[k][j] = exp(u[A + 2 * k + j]) * h->b;
    }
    double radius = sqrt(u[C] * u[C] + u[SIN] * u[SIN]),
           squeeze = 0.999 / sqrt(1 + radius * radius);
    h->c = u[C] * squeeze;
    h->s = u[SIN] * squeeze;
}

static hf_status objective(void *user, const double *u, double *value, double *gradient)
{
    events *e = user;
    hf_hawkes h;
    double ll, g[COUNT];
    HF_TRY(hf_i_progress(e->ctx, "fitting", 0, 0));
    from_scale(u, &h);
    HF_TRY(hf_hawkes_loglik(&ll, e->ctx, &h, e->n, e->time, e->who, e->end, e->day, g));
    *value = -ll / (double)e->n;
    if (!gradient)
        return HF_OK;
    double q = 1 + u[C] * u[C] + u[SIN] * u[SIN], q3 = 0.999 / (q * sqrt(q));
    gradient[B] = g[B] * h.b;
    for (int k = 0; k < 2; k++) {
        gradient[MU + k] = g[MU + k] * h.mu[k];
        for (int j = 0; j < 2; j++) {
            gradient[A + 2 * k + j] = g[A + 2 * k + j] * h.a[k][j];
            gradient[B] += g[A + 2 * k + j] * h.a[k][j];
        }
    }
    gradient[C] = q3 * (g[C] * (1 + u[SIN] * u[SIN]) - g[SIN] * u[C] * u[SIN]);
    gradient[SIN] = q3 * (g[SIN] * (1 + u[C] * u[C]) - g[C] * u[C] * u[SIN]);
    for (int i = 0; i < COUNT; i++)
        gradient[i] *= -1 / (double)e->n;
    return HF_OK;
}

static hf_hawkes of_values(const double *x)
{
    return (hf_hawkes){
        {x[MU], x[MU + 1]}, {{x[A], x[A + 1]}, {x[A + 2], x[A + 3]}}, x[B], x[C], x[SIN]};
}

/* The parameters off their bounds: an influence at 0 has no standard error. */
static int free_ones(const events *e, const double *x, int *list)
{
    int n = 0;
    for (int i = 0; i < COUNT; i++) {
        bool gone = i >= A && i < B && x[i] < 1e-6 * x[B];
        bool held = !e->rhythm && i >= C;
        if (!gone && !held)
            list[n++] = i;
    }
    return n;
}

/* Standard errors of the natural parameters from the differenced Hessian there. */
static hf_status errors(events *e, hf_hawkes_fit *f)
{
    double x[COUNT] = {f->model.mu[0],   f->model.mu[1],   f->model.a[0][0],
                       f->model.a[0][1], f->model.a[1][0], f->model.a[1][1],
                       f->model.b,       f->model.c,       f->model.s};
    int list[COUNT], n = free_ones(e, x, list);
    double H[COUNT * COUNT], inverse[COUNT * COUNT] = {0}, g[2][COUNT], ll;
    for (int i = 0; i < COUNT; i++)
        f->se[i] = NAN;
    for (int j = 0; j < n; j++) {
        double keep = x[list[j]], step = 1e-5 * fmax(fabs(keep), 1e-3);
        for (int side = 0; side < 2; side++) {
            x[list[j]] = keep + (side ? -step : step);
            hf_hawkes h = of_values(x);
            HF_TRY(
                hf_hawkes_loglik(&ll, e->ctx, &h, e->n, e->time, e->who, e->end, e->day, g[side]));
        }
        x[list[j]] = keep;
        for (int i = 0; i < n; i++)
            H[i + j * n] = -(g[0][list[i]] - g[1][list[i]]) / (2 * step);
    }
    for (int j = 0; j < n; j++)
        for (int i = 0; i < j; i++)
            H[i + j * n] = H[j + i * n] = 0.5 * (H[i + j * n] + H[j + i * n]);
    for (int i = 0; i < n; i++) {
        inverse[i + i * n] = 1;
        if (!isfinite(H[i + i * n]))
            return HF_OK;
    }
    if (hf_i_cholesky(H, n, 1e-13) < n)
        return HF_OK;
    hf_i_cholesky_solve(H, n, inverse, n);
    for (int i = 0; i < n; i++)
        f->se[list[i]] = sqrt(inverse[i + i * n]);
    return HF_OK;
}

/* Tail of Kolmogorov's limit law with Stephens' correction for n (1970, J. R. Stat. Soc. B). */
static double ks_tail(double d, double n)
{
    double x = d * (sqrt(n) + 0.12 + 0.11 / sqrt(n)), sum = 0;
    for (int k = 1; k < 100; k++)
        sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * x * x);
    return fmin(fmax(sum, 0), 1);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Time-rescaled gaps of partner k: integral of its rate between its events. */
static hf_status residual_test(const events *e, const hf_hawkes *h, int k, double *d, double *p)
{
    double *gaps = hf_i_alloc(e->ctx, e->n * sizeof *gaps), sum = 0, w = TWO_PI / e->day;
    memory m = {{0}, {0}};
    size_t count = 0;
    if (!gaps)
        return HF_E_NOMEM;
    for (size_t i = 0; i < e->n; i++) {
        double from = i ? e->time[i - 1] : 0, to = e->time[i], dt = to - from;
        sum += h->mu[k] * (dt + h->c * (sin(w * to) - sin(w * from)) / w -
                           h->s * (cos(w * to) - cos(w * from)) / w);
        for (int j = 0; j < 2; j++)
            sum += h->a[k][j] * m.r[j] * -expm1(-h->b * dt) / h->b;
        fade(&m, h->b, dt);
        m.r[e->who[i]] += 1;
        if (e->who[i] == k) {
            gaps[count++] = -expm1(-sum);
            sum = 0;
        }
    }
    qsort(gaps, count, sizeof *gaps, by_value);
    *d = 0;
    for (size_t i = 0; i < count; i++)
        *d = fmax(*d, fmax(gaps[i] - (double)i / (double)count,
                           (double)(i + 1) / (double)count - gaps[i]));
    *p = ks_tail(*d, (double)count);
    hf_i_free(e->ctx, gaps);
    return HF_OK;
}

static void start_at(const events *e, const size_t *counts, double mean_gap, double *u)
{
    for (int k = 0; k < 2; k++)
        u[MU + k] = log(0.5 * (double)counts[k] / e->end);
    for (int i = A; i < B; i++)
        u[i] = log(0.2);
    u[B] = -log(mean_gap);
    u[C] = u[SIN] = 0;
}

hf_status hf_hawkes_fit_new(hf_hawkes_fit *out, hf_ctx *ctx, size_t n, const double *time,
                            const int *who, double end, double day, bool rhythm)
{
    events e = {ctx, n, time, who, end, day, rhythm};
    size_t counts[2] = {0};
    double best = INFINITY, lower[COUNT], upper[COUNT], u[COUNT], kept[COUNT] = {0};
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n; i++)
        if (who[i] == 0 || who[i] == 1)
            counts[who[i]]++;
    if (counts[0] < LEAST_EVENTS || counts[1] < LEAST_EVENTS)
        return hf_i_fail(ctx, HF_E_NOT_ENOUGH_DATA, NULL,
                         "not enough data: %zu and %zu events, at least %d of each are needed",
                         counts[0], counts[1], LEAST_EVENTS);
    for (int i = 0; i < COUNT; i++) {
        bool still = !rhythm && i >= C;
        lower[i] = still ? 0 : i < C ? -40 : -20;
        upper[i] = still ? 0 : i < C ? 40 : 20;
    }
    /* The ridge between a and b: begin at memories from short to long. */
    for (double factor = 0.1; factor < 200; factor *= 10) {
        hf_i_search how = {"slsqp", 1e-12, 1e-9, 1000};
        hf_i_search_result r;
        start_at(&e, counts, factor * end / (double)n, u);
        HF_TRY(hf_i_minimise(ctx, objective, &e, u, COUNT, lower, upper, &how, &r));
        if (r.value < best) {
            best = r.value;
            out->converged =
                strcmp(r.reason, "evaluations") != 0 && strcmp(r.reason, "failed") != 0;
            memcpy(kept, u, sizeof kept);
        }
    }
    from_scale(kept, &out->model);
    out->loglik = -best * (double)n;
    out->loglik_poisson = 0;
    for (int k = 0; k < 2; k++)
        out->loglik_poisson += (double)counts[k] * (log((double)counts[k] / end) - 1);
    for (int k = 0; k < 2; k++)
        HF_TRY(residual_test(&e, &out->model, k, &out->ks[k], &out->ks_p[k]));
    return errors(&e, out);
}
