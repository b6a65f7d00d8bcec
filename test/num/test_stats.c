/* SPDX-License-Identifier: MIT */
/* labels: unit oracle property */
#include "num/random.h"
#include "num/stats.h"
#include "num/stats_bootstrap.h"
#include "num/stats_distribution.h"
#include "num/stats_mixture.h"
#include "num/stats_survival.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CLOSE(a, b, tol) assert_true(fabs((a) - (b)) <= (tol))

static hf_ctx *new_ctx(int threads)
{
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.threads = threads;
    hf_ctx *ctx;
    assert_int_equal(hf_ctx_new(&ctx, &o), HF_OK);
    return ctx;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sorting(void **state)
{
    (void)state;
    enum { N = 5000 };
    static double x[N], y[N];
    hf_i_random r;
    for (uint64_t shape = 0; shape < 6; shape++)
        for (size_t n = 0; n < N; n = n * 2 + 1) {
            hf_i_random_init(&r, 1, shape, n);
            for (size_t i = 0; i < n; i++)
                x[i] = shape == 0   ? hf_i_random_normal(&r)
                       : shape == 1 ? (double)hf_i_random_below(&r, 3)
                       : shape == 2 ? (double)i
                       : shape == 3 ? -(double)i
                       : shape == 4 ? 7
                                    : (double)(i % 2 ? i : N - i);
            memcpy(y, x, sizeof y);
            hf_i_sort_doubles(x, n);
            qsort(y, n, sizeof *y, by_value);
            assert_memory_equal(x, y, n * sizeof *x);
        }
}

static void quantiles(void **state)
{
    (void)state;
    /* R: quantile(c(1, 2, 4, 8, 16), c(.1, .25, .5, .9)) */
    const double x[] = {1, 2, 4, 8, 16};
    CLOSE(hf_i_quantile_sorted(x, 5, 0.1), 1.4, 1e-12);
    CLOSE(hf_i_quantile_sorted(x, 5, 0.25), 2, 1e-12);
    CLOSE(hf_i_quantile_sorted(x, 5, 0.5), 4, 1e-12);
    CLOSE(hf_i_quantile_sorted(x, 5, 0.9), 12.8, 1e-12);
    CLOSE(hf_i_quantile_sorted(x, 5, 1), 16, 0);
    assert_true(isnan(hf_i_quantile_sorted(x, 0, 0.5)));
    CLOSE(hf_i_sd(x, 5), 6.09918, 1e-5);
    double y[] = {1, 2, 4, 8, 16}, median;
    CLOSE(hf_i_mad_sd(y, 5, &median), 1.4826022 * 3, 1e-6);
    CLOSE(median, 4, 0);
}

static void distributions(void **state)
{
    (void)state;
    CLOSE(hf_i_normal_quantile(0.975), 1.959963984540054, 1e-14);
    CLOSE(hf_i_normal_quantile(1e-10), -6.361340902404056, 1e-12);
    CLOSE(hf_i_normal_cdf(1.959963984540054), 0.975, 1e-15);
    for (double p = 0.001; p < 1; p += 0.0371)
        CLOSE(hf_i_normal_cdf(hf_i_normal_quantile(p)), p, 1e-14);
    assert_true(isnan(hf_i_normal_quantile(1.5)));
    /* Student: tables, and the closed forms for 1 and 2 degrees of freedom. */
    CLOSE(hf_i_t_quantile(0.975, 10), 2.228138851986274, 1e-11);
    CLOSE(hf_i_t_quantile(0.975, 30), 2.0422724563012373, 1e-11);
    CLOSE(hf_i_t_quantile(0.975, 1), tan(3.14159265358979323846 * 0.475), 1e-10);
    for (double t = -6; t < 6; t += 0.7) {
        CLOSE(hf_i_t_cdf(t, 1), 0.5 + atan(t) / 3.14159265358979323846, 1e-13);
        CLOSE(hf_i_t_cdf(t, 2), 0.5 + t / (2 * sqrt(2 + t * t)), 1e-13);
        CLOSE(hf_i_t_cdf(t, 1e7), hf_i_normal_cdf(t), 1e-6);
    }
}

static void proportions(void **state)
{
    (void)state;
    /* Newcombe 1998, Statistics in Medicine 17:857, table I, and 17:873, table II. */
    const double rows[][4] = {{81, 263, 0.2553, 0.3662},
                              {15, 148, 0.0624, 0.1605},
                              {0, 20, 0.0000, 0.1611},
                              {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        hf_i_interval w = hf_i_wilson(rows[i][0], rows[i][1], 0.95);
        CLOSE(w.lo, rows[i][2], 6e-5);
        CLOSE(w.hi, rows[i][3], 6e-5);
    }
    hf_i_interval d = hf_i_newcombe(56, 70, 48, 80, 0.95);
    CLOSE(d.estimate, 0.2, 1e-12);
    CLOSE(d.lo, 0.0524, 6e-5);
    CLOSE(d.hi, 0.3339, 6e-5);
    assert_true(isnan(hf_i_wilson(0, 0, 0.95).estimate));
    /* Swapping what counts as success mirrors the interval. */
    for (int k = 0; k <= 12; k++) {
        hf_i_interval a = hf_i_wilson(k, 12, 0.9), b = hf_i_wilson(12 - k, 12, 0.9);
        CLOSE(a.lo, 1 - b.hi, 1e-12);
    }
}

static void median_interval(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    hf_i_interval m = hf_i_median_interval(x, 10, 0.95);
    CLOSE(m.estimate, 5.5, 0);
    CLOSE(m.lo, 2, 0); /* ranks 2 and 9 hold 97.9 % */
    CLOSE(m.hi, 9, 0);
    m = hf_i_median_interval(x, 5, 0.95);
    CLOSE(m.lo, 1, 0);
    CLOSE(m.hi, 5, 0);
    /* Coverage over 2000 samples of 41 normals. */
    int hit = 0;
    for (uint64_t k = 0; k < 2000; k++) {
        double y[41];
        hf_i_random r;
        hf_i_random_init(&r, 3, 0, k);
        for (int i = 0; i < 41; i++)
            y[i] = hf_i_random_normal(&r);
        hf_i_sort_doubles(y, 41);
        m = hf_i_median_interval(y, 41, 0.95);
        hit += m.lo <= 0 && m.hi >= 0;
    }
    assert_true(hit > 1880 && hit < 1985);
}

static void theil_sen_and_spearman(void **state)
{
    (void)state;
    hf_ctx *ctx = new_ctx(1);
    const double x[] = {0, 1, 2, 3, 4}, y[] = {1, 3, 5, 7, 90};
    double out;
    assert_int_equal(hf_i_theil_sen(&out, ctx, x, y, 5), HF_OK);
    /* Slopes: six of 2, then 83, 85/2=42.5.., 29.67, 22.25: the median of ten is 2. */
    CLOSE(out, 2, 1e-12);
    assert_int_equal(hf_i_theil_sen(&out, ctx, x, y, 1), HF_OK);
    assert_true(isnan(out));
    /* R: cor(c(1,2,2,4,7), c(3,1,4,4,9), method = "spearman") = 0.7631579 with ties */
    const double a[] = {1, 2, 2, 4, 7}, b[] = {3, 1, 4, 4, 9};
    assert_int_equal(hf_i_spearman(&out, ctx, a, b, 5), HF_OK);
    CLOSE(out, 0.763157894736842, 1e-12);
    const double flat[] = {1, 1, 1, 1, 1};
    assert_int_equal(hf_i_spearman(&out, ctx, a, flat, 5), HF_OK);
    assert_true(isnan(out));
    hf_ctx_free(ctx);
}

static void burstiness(void **state)
{
    (void)state;
    double clock[10], burst[10];
    for (int i = 0; i < 10; i++) {
        clock[i] = 5;
        burst[i] = i ? 0 : 50;
    }
    CLOSE(hf_i_burstiness(clock, 10), -1, 1e-12);
    CLOSE(hf_i_burstiness_finite(clock, 10), -1, 1e-12);
    /* All events at once: r = sqrt(n - 1), the largest there is. */
    CLOSE(hf_i_burstiness_finite(burst, 10), 1, 1e-12);
    /* Poisson: uniform spacings have E[r^2] = (n-1)/(n+1); the finite form is 0 on average. */
    double plain = 0, finite = 0;
    enum { N = 8, R = 5000 };
    for (uint64_t k = 0; k < R; k++) {
        hf_i_random r;
        hf_i_random_init(&r, 5, 0, k);
        double gaps[N];
        for (int i = 0; i < N; i++)
            gaps[i] = hf_i_random_exponential(&r);
        plain += hf_i_burstiness(gaps, N) / R;
        finite += hf_i_burstiness_finite(gaps, N) / R;
    }
    assert_true(plain < -0.05);
    assert_true(fabs(finite) < 0.06 && fabs(finite) < -plain / 2);
    /* n = 2, r = sqrt(1/3): exactly the Poisson expectation. */
    const double pair[] = {1 + sqrt(1.0 / 3), 1 - sqrt(1.0 / 3)};
    CLOSE(hf_i_burstiness_finite(pair, 2), 0, 1e-12);
    assert_true(isnan(hf_i_burstiness(clock, 1)));
    const double waves[] = {1, 2, 3, 4, 5, 4, 3, 2, 1};
    assert_true(hf_i_memory(waves, 9) > 0.5);
}

static void mixture(void **state)
{
    (void)state;
    enum { N = 4000 };
    static double x[N];
    hf_ctx *ctx = new_ctx(1);
    hf_i_random r;
    hf_i_random_init(&r, 9, 0, 0);
    for (int i = 0; i < N; i++)
        x[i] = i % 10 < 7 ? hf_i_random_normal(&r) : 6 + 1.5 * hf_i_random_normal(&r);
    hf_i_mixture2 m;
    assert_int_equal(hf_i_mixture2_fit(&m, ctx, x, NULL, N, 0.05), HF_OK);
    assert_true(m.converged && hf_i_mixture2_two_are_better(&m));
    CLOSE(m.weight[0], 0.7, 0.03);
    CLOSE(m.mean[0], 0, 0.1);
    CLOSE(m.mean[1], 6, 0.2);
    CLOSE(m.sd[0], 1, 0.08);
    CLOSE(m.sd[1], 1.5, 0.12);
    /* .7 phi(c) = .3/1.5 phi((c-6)/1.5): c = 2.7998 */
    CLOSE(hf_i_mixture2_crossing(&m), 2.7998, 0.15);
    /* Weights are counts: the same fit from the bins of the same data. */
    for (int i = 0; i < N; i++)
        x[i] = hf_i_random_normal(&r);
    assert_int_equal(hf_i_mixture2_fit(&m, ctx, x, NULL, N, 0.05), HF_OK);
    assert_false(hf_i_mixture2_two_are_better(&m));
    x[0] = 1;
    assert_int_equal(hf_i_mixture2_fit(&m, ctx, x, NULL, 1, 0.05), HF_E_NOT_ENOUGH_DATA);
    hf_ctx_free(ctx);
}

static size_t read_durations(hf_i_duration *d, const char *text)
{
    size_t n = 0;
    for (char *end; *text; text = end) {
        d[n].t = strtod(text, &end);
        d[n].seen = *end != '+';
        d[n].block = (uint32_t)n;
        end += *end == '+';
        n++;
    }
    hf_i_durations_sort(d, n);
    return n;
}

static void survival(void **state)
{
    (void)state;
    /* The leukaemia data of Miller 1997 (R: survival::aml). */
    hf_i_duration m[16], c[16];
    size_t nm = read_durations(m, "9 13 13+ 18 23 28+ 31 34 45+ 48 161+");
    size_t nc = read_durations(c, "5 5 8 8 12 16+ 23 27 30 33 43 45");
    assert_int_equal(nm, 11);
    assert_int_equal(nc, 12);
    const double want[][2] = {{8, 1},         {9, 0.909091},  {13, 0.818182}, {18, 0.715909},
                              {23, 0.613636}, {31, 0.490909}, {34, 0.368182}, {48, 0.184091}};
    for (size_t i = 0; i < HF_COUNT_OF(want); i++)
        CLOSE(hf_i_km_survival(m, nm, want[i][0], 0.95).estimate, want[i][1], 1e-6);
    /* R: summary(survfit(..., conf.type = "log-log"), times = 23): .613636 (.2658, .8353) */
    hf_i_interval s = hf_i_km_survival(m, nm, 23, 0.95);
    CLOSE(s.lo, 0.266, 1e-3);
    CLOSE(s.hi, 0.835, 1e-3);
    CLOSE(hf_i_km_quantile(m, nm, 0.5), 31, 0);
    CLOSE(hf_i_km_quantile(c, nc, 0.5), 23, 0);
    assert_true(isinf(hf_i_km_quantile(m, nm, 0.95)));
    assert_true(isnan(hf_i_km_survival(m, nm, 500, 0.95).estimate));
    /* survdiff: chisq 3.396 on 1 degree of freedom; the maintained group ends later. */
    double z = hf_i_log_rank(m, nm, c, nc);
    CLOSE(z * z, 3.39639, 1e-4);
    assert_true(z < 0);
    CLOSE(hf_i_log_rank(c, nc, m, nm), -z, 1e-12);
    /* A draw weighs blocks: here each row is one. Twice each changes nothing; the rows after 23
     * drawn alone have another median. */
    uint32_t twice[16], once[16], late[16];
    for (int i = 0; i < 16; i++) {
        twice[i] = 2;
        once[i] = 1;
    }
    for (size_t i = 0; i < nm; i++)
        late[m[i].block] = m[i].t > 23;
    CLOSE(hf_i_km_quantile_of_draw(m, nm, twice, once, 11, 0.5), 31, 0);
    CLOSE(hf_i_km_quantile_of_draw(m, nm, late, once, 11, 0.5), 48, 0);
    memset(late, 0, sizeof late);
    assert_true(isnan(hf_i_km_quantile_of_draw(m, nm, late, once, 11, 0.5)));
}

typedef struct {
    const double *x;
    size_t n;
} mean_of;

static void weighted_mean(const void *user, const uint32_t *weight, double *values)
{
    const mean_of *m = user;
    double sum = 0, n = 0;
    for (size_t i = 0; i < m->n; i++) {
        sum += weight[i] * m->x[i];
        n += weight[i];
    }
    values[0] = sum / n;
    values[1] = -sum / n;
}

static void bootstrap(void **state)
{
    (void)state;
    enum { N = 40, R = 150 };
    hf_ctx *one = new_ctx(1), *four = new_ctx(4);
    int hit = 0;
    for (uint64_t k = 0; k < R; k++) {
        double x[N];
        hf_i_random r;
        hf_i_random_init(&r, 11, 0, k);
        for (int i = 0; i < N; i++)
            x[i] = hf_i_random_normal(&r);
        mean_of m = {x, N};
        hf_i_bootstrap plan = {N, 200, 2, 1, k, 0.95};
        hf_i_interval a[2], b[2];
        assert_int_equal(hf_i_bootstrap_run(a, one, &plan, weighted_mean, &m), HF_OK);
        if (k < 10) {
            assert_int_equal(hf_i_bootstrap_run(b, four, &plan, weighted_mean, &m), HF_OK);
            assert_memory_equal(a, b, sizeof a);
            CLOSE(a[1].lo, -a[0].hi, 1e-12);
            CLOSE((a[0].hi - a[0].lo) / (2 * 1.96 * hf_i_sd(x, N) / sqrt(N)), 1, 0.15);
        }
        hit += a[0].lo <= 0 && a[0].hi >= 0;
    }
    assert_true(hit > 0.87 * R && hit < 0.985 * R);
    double x[4] = {1, 2, 3, 4};
    mean_of m = {x, 4};
    hf_i_bootstrap plan = {4, 100, 2, 1, 0, 0.95};
    hf_i_interval few[2];
    assert_int_equal(hf_i_bootstrap_run(few, one, &plan, weighted_mean, &m), HF_OK);
    CLOSE(few[0].estimate, 2.5, 0);
    assert_true(isnan(few[0].lo));
    hf_ctx_free(one);
    hf_ctx_free(four);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorting),         cmocka_unit_test(quantiles),
        cmocka_unit_test(distributions),   cmocka_unit_test(proportions),
        cmocka_unit_test(median_interval), cmocka_unit_test(theil_sen_and_spearman),
        cmocka_unit_test(burstiness),      cmocka_unit_test(mixture),
        cmocka_unit_test(survival),        cmocka_unit_test(bootstrap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
