/* SPDX-License-Identifier: MIT */
/* The engine: log-likelihoods, gradients and whole fits, in processor seconds of one thread; each
 * the best of several runs. With HOLDFAST_REFERENCE the recorded oscillator panels are used, side
 * by side with the recorded times of other engines; without it panels are simulated. */
#include <holdfast/infer.h>

#include "num/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct {
    size_t n, rows, m;
    size_t *first;
    double *time, *y;
} panel;

static void make(panel *p, size_t n, size_t rows, size_t m)
{
    *p = (panel){n,
                 rows,
                 m,
                 calloc(n + 1, sizeof(size_t)),
                 calloc(n * rows, sizeof(double)),
                 calloc(n * rows * m, sizeof(double))};
    for (size_t i = 0; i <= n; i++)
        p->first[i] = i * rows;
}

static void drop(panel *p)
{
    free(p->first);
    free(p->time);
    free(p->y);
}

static hf_dyads view(const panel *p)
{
    hf_dyads d = HF_DYADS_INIT;
    d.n_dyads = p->n;
    d.first_row = p->first;
    d.time = p->time;
    d.y = p->y;
    return d;
}

static const double osc_theta[10] = {-.8, -.2, .3, -1, -.2, .2, .4, .5, .25, .25};

/* Euler steps of the coupled oscillator. */
static void oscillators(panel *p, size_t n, size_t rows)
{
    make(p, n, rows, 2);
    for (size_t i = 0; i < n; i++) {
        hf_i_random r;
        hf_i_random_init(&r, 1, 1, i);
        double x[4], h = 0.01;
        for (int k = 0; k < 4; k++)
            x[k] = hf_i_random_normal(&r);
        for (size_t t = 0; t < rows; t++) {
            size_t row = i * rows + t;
            p->time[row] = 0.25 * (double)t;
            p->y[2 * row] = x[0] + .5 * hf_i_random_normal(&r);
            p->y[2 * row + 1] = x[2] + .5 * hf_i_random_normal(&r);
            for (int s = 0; s < 25; s++) {
                double a = -.8 * x[0] - .2 * x[1] + .3 * x[2], b = -x[2] - .2 * x[3] + .2 * x[0];
                x[0] += h * x[1];
                x[2] += h * x[3];
                x[1] += h * a + sqrt(.4 * h) * hf_i_random_normal(&r);
                x[3] += h * b + sqrt(.5 * h) * hf_i_random_normal(&r);
            }
        }
    }
}

/* Predator and prey, switching between two ways of growing; a 2 b 1 c 4 d 1 e .25 f 5. */
static void hunters(panel *p, size_t n, size_t rows)
{
    make(p, n, rows, 2);
    for (size_t i = 0; i < n; i++) {
        hf_i_random r;
        hf_i_random_init(&r, 2, 1, i);
        double x = 3 + .1 * hf_i_random_normal(&r), y = 1 + .1 * hf_i_random_normal(&r), h = 1e-3;
        bool held = false;
        for (size_t t = 0; t < rows; t++) {
            size_t row = i * rows + t;
            p->time[row] = 0.1 * (double)t;
            p->y[2 * row] = x + sqrt(.5) * hf_i_random_normal(&r);
            p->y[2 * row + 1] = y + sqrt(.5) * hf_i_random_normal(&r);
            held ^= hf_i_random_uniform(&r) < .05;
            for (int s = 0; s < 100; s++) {
                double dx = 2 * x - x * y - (held ? .25 * x * x : 0);
                double dy = held ? 5 * y - 4 * y * y + x * y : -4 * y + x * y;
                x += h * dx;
                y += h * dy;
            }
        }
    }
}

static void likelihood(hf_ctx *ctx, const char *label, const char *name, const panel *p,
                       const double *theta, int runs)
{
    hf_model *m;
    hf_likelihood *l;
    hf_dyads d = view(p);
    double ll = 0, g[64], at[64], value = 1e9, slope = 1e9;
    if (hf_model_get(&m, ctx, name) != HF_OK || hf_likelihood_new(&l, ctx, m, &d, NULL) != HF_OK) {
        puts(hf_ctx_get_error(ctx)->message);
        return;
    }
    for (size_t i = 0; i < hf_model_parameter_count(m); i++)
        at[i] = theta ? theta[i] : hf_model_parameter(m, i).start;
    for (int k = 0; k < runs; k++) {
        double t0 = now();
        hf_likelihood_value(l, at, &ll);
        double t1 = now();
        hf_likelihood_gradient(l, at, &ll, g);
        double t2 = now();
        value = fmin(value, t1 - t0);
        slope = fmin(slope, t2 - t1);
    }
    printf("%-34s value %9.4f ms   gradient %9.4f ms   %7.1f ns an occasion\n", label, 1e3 * value,
           1e3 * slope, 1e9 * value / (double)(p->n * p->rows));
    hf_likelihood_free(l);
    hf_model_free(m);
}

static void whole_fit(hf_ctx *ctx, const char *label, const char *name, const panel *p, int starts,
                      int runs)
{
    hf_model *m;
    hf_dyads d = view(p);
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    double best = 1e9;
    o.starts = starts;
    if (hf_model_get(&m, ctx, name) != HF_OK)
        return;
    hf_fit_summary s = {0};
    for (int k = 0; k < runs; k++) {
        hf_fit *f;
        double t0 = now();
        if (hf_fit_new(&f, ctx, m, &d, &o) != HF_OK) {
            puts(hf_ctx_get_error(ctx)->message);
            break;
        }
        best = fmin(best, now() - t0);
        s = hf_fit_get_summary(f);
        hf_fit_free(f);
    }
    printf("%-34s whole fit %8.3f s   log-likelihood %.5f (%s, %llu evaluations, %d starts)\n",
           label, best, s.loglik, s.reason ? s.reason : "", (unsigned long long)s.evaluations,
           starts);
    hf_model_free(m);
}

/* The recorded panels, read by the library's own table reader. */
static bool recorded(hf_ctx *ctx, const char *name, panel *p)
{
    char path[1200];
    const char *folder = getenv("HOLDFAST_REFERENCE");
    hf_model *m;
    hf_panel *t;
    if (!folder || hf_model_get(&m, ctx, "coupled_oscillator") != HF_OK)
        return false;
    snprintf(path, sizeof path, "%s/dyads/coupled_oscillator/sim_coupled_osc_%s.csv", folder, name);
    bool ok = hf_panel_read(&t, ctx, path, m, NULL) == HF_OK;
    if (ok) {
        const hf_dyads *d = hf_panel_dyads(t);
        size_t rows = d->first_row[d->n_dyads];
        make(p, d->n_dyads, rows / d->n_dyads, 2);
        memcpy(p->time, d->time, rows * sizeof *p->time);
        memcpy(p->y, d->y, 2 * rows * sizeof *p->y);
        hf_panel_free(t);
    }
    hf_model_free(m);
    return ok;
}

int main(void)
{
    hf_ctx *ctx;
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    panel p;
    o.threads = 1;
    if (hf_ctx_new(&ctx, &o) != HF_OK)
        return 1;
    static const struct {
        const char *name;
        size_t n;
    } sizes[] = {{"N10_T100", 10}, {"N40_T100", 40}, {"N160_T100", 160}};
    for (size_t i = 0; i < 3; i++) {
        if (!recorded(ctx, sizes[i].name, &p))
            oscillators(&p, sizes[i].n, 100);
        likelihood(ctx, sizes[i].name, "coupled_oscillator", &p, osc_theta, 300);
        if (i == 0)
            likelihood(ctx, "N10_T100, two regimes", "regime_oscillator", &p, NULL, 100);
        whole_fit(ctx, sizes[i].name, "coupled_oscillator", &p, 1, 3);
        whole_fit(ctx, sizes[i].name, "coupled_oscillator", &p, 4, 3);
        drop(&p);
    }
    puts("\ncost by the number of dyads (50 occasions) and of occasions (10 dyads)");
    for (size_t n = 10; n <= 10000; n *= 10) {
        char label[64];
        oscillators(&p, n, 50);
        snprintf(label, sizeof label, "%zu dyads x 50", n);
        likelihood(ctx, label, "coupled_oscillator", &p, osc_theta, n > 1000 ? 3 : 20);
        drop(&p);
    }
    for (size_t t = 100; t <= 100000; t *= 10) {
        char label[64];
        oscillators(&p, 10, t);
        snprintf(label, sizeof label, "10 dyads x %zu", t);
        likelihood(ctx, label, "coupled_oscillator", &p, osc_theta, t > 1000 ? 3 : 20);
        drop(&p);
    }
    hunters(&p, 10, 300);
    puts("");
    likelihood(ctx, "predator and prey, 2 regimes", "regime_ode", &p, NULL, 3);
    whole_fit(ctx, "predator and prey, 2 regimes", "regime_ode", &p, 1, 2);
    drop(&p);
    hf_ctx_free(ctx);
    return 0;
}
