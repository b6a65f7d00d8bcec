/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
/* The two-sided Hawkes process: the hand case A3, gradients, a simulated record found again. */
#include <holdfast/infer.h>

#include "num/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static hf_ctx *ctx;

static int set_up(void **state)
{
    (void)state;
    return hf_ctx_new(&ctx, NULL) == HF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    hf_ctx_free(ctx);
    return 0;
}

static void a3(void **state)
{
    (void)state;
    const double time[] = {1, 1.2, 2.5, 2.6, 4, 5};
    const int who[] = {0, 1, 0, 1, 0, 1};
    const hf_hawkes h = {{.3, .2}, {{.4, .3}, {.5, .2}}, 1.5, 0, 0};
    double ll, rates[2];
    assert_int_equal(hf_hawkes_loglik(&ll, ctx, &h, 6, time, who, 6, 24, NULL), HF_OK);
    printf("log-likelihood %.13f\n", ll);
    assert_true(fabs(ll + 10.8203868400048) < 1e-12);
    assert_true(fabs(hf_hawkes_radius(&h) - .4666666667) < 1e-9);
    assert_true(hf_hawkes_rates(&h, rates));
    assert_true(fabs(rates[0] - .52734375) < 1e-12 && fabs(rates[1] - .43359375) < 1e-12);
}

static double value(const double *x, size_t n, const double *time, const int *who, double *g)
{
    const hf_hawkes h = {{x[0], x[1]}, {{x[2], x[3]}, {x[4], x[5]}}, x[6], x[7], x[8]};
    double ll;
    assert_int_equal(hf_hawkes_loglik(&ll, ctx, &h, n, time, who, 40, 24, g), HF_OK);
    return ll;
}

static void gradient(void **state)
{
    (void)state;
    double time[60], x[9] = {.3, .2, .4, .3, .5, .2, 1.5, .3, -.4}, g[9];
    int who[60];
    hf_i_random r;
    hf_i_random_init(&r, 4, 0, 0);
    double t = 0;
    for (int i = 0; i < 60; i++) {
        time[i] = t += .6 * hf_i_random_uniform(&r);
        who[i] = (int)hf_i_random_below(&r, 2);
    }
    value(x, 60, time, who, g);
    for (int i = 0; i < 9; i++) {
        double keep = x[i], h = 1e-4, d = 0;
        for (int k = 1; k <= 2; k++) {
            double a, b;
            x[i] = keep + k * h;
            a = value(x, 60, time, who, NULL);
            x[i] = keep - k * h;
            b = value(x, 60, time, who, NULL);
            d += (k == 1 ? 8.0 : -1.0) * (a - b) / (12 * h);
        }
        x[i] = keep;
        assert_true(fabs(d - g[i]) < 1e-7 * fmax(1, fabs(g[i])));
    }
}

/* Ogata's thinning (1981): the rate between events never exceeds the one just after the last,
 * plus what the rhythm can add. */
static size_t simulate(const hf_hawkes *h, double end, double *time, int *who, size_t max)
{
    hf_i_random r;
    double t = 0, m[2] = {0};
    size_t n = 0;
    hf_i_random_init(&r, 12, 0, 0);
    while (n < max) {
        double bound = 0, top = 1 + sqrt(h->c * h->c + h->s * h->s);
        for (int k = 0; k < 2; k++)
            bound += h->mu[k] * top + h->a[k][0] * m[0] + h->a[k][1] * m[1];
        double gap = hf_i_random_exponential(&r) / bound, e = exp(-h->b * gap), angle;
        t += gap;
        if (t > end)
            break;
        m[0] *= e;
        m[1] *= e;
        angle = 6.283185307179586 * t / 24;
        double u = hf_i_random_uniform(&r) * bound,
               beat = 1 + h->c * cos(angle) + h->s * sin(angle);
        for (int k = 0; k < 2; k++) {
            u -= h->mu[k] * beat + h->a[k][0] * m[0] + h->a[k][1] * m[1];
            if (u < 0) {
                time[n] = t;
                who[n++] = k;
                m[k] += 1;
                break;
            }
        }
    }
    return n;
}

static void found_again(void **state)
{
    (void)state;
    enum { MAX = 20000 };
    const hf_hawkes truth = {{.5, .4}, {{.6, .9}, {1.2, .3}}, 3, -.6, .3};
    double *time = malloc(MAX * sizeof *time), end = 2000;
    int *who = malloc(MAX * sizeof *who);
    size_t n = simulate(&truth, end, time, who, MAX);
    hf_hawkes_fit f;
    assert_int_equal(hf_hawkes_fit_new(&f, ctx, n, time, who, end, 24, true), HF_OK);
    const double x[9] = {.5, .4, .6, .9, 1.2, .3, 3, -.6, .3};
    const double got[9] = {f.model.mu[0],   f.model.mu[1],   f.model.a[0][0],
                           f.model.a[0][1], f.model.a[1][0], f.model.a[1][1],
                           f.model.b,       f.model.c,       f.model.s};
    printf("%zu events, log-likelihood %.3f, without memory %.3f, KS p %.3f %.3f\n", n, f.loglik,
           f.loglik_poisson, f.ks_p[0], f.ks_p[1]);
    assert_true(f.converged && f.loglik > f.loglik_poisson + 50);
    for (int i = 0; i < 9; i++) {
        printf("%.4f (%.4f) truth %.4f\n", got[i], f.se[i], x[i]);
        assert_true(fabs(got[i] - x[i]) < 4 * f.se[i]);
    }
    assert_true(f.ks_p[0] > 1e-3 && f.ks_p[1] > 1e-3);
    assert_int_equal(hf_hawkes_fit_new(&f, ctx, 10, time, who, end, 24, true),
                     HF_E_NOT_ENOUGH_DATA);
    free(time);
    free(who);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a3), cmocka_unit_test(gradient),
                                       cmocka_unit_test(found_again)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
