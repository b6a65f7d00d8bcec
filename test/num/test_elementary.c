/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
/* Own exp, log, tanh, sigmoid against the C library's long double ones. */
#include "num/elementary.h"
#include "num/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

typedef double (*real_fn)(double);
typedef long double (*exact_fn)(long double);

static double real_exp(double x)
{
    return hf_i_real_exp(x);
}
static double real_log(double x)
{
    return hf_i_real_log(x);
}
static double real_tanh(double x)
{
    return hf_i_real_tanh(x);
}
static double real_sigmoid(double x)
{
    return hf_i_real_sigmoid(x);
}
static long double exact_sigmoid(long double x)
{
    return 1.0L / (1.0L + expl(-x));
}

static double ulps(double got, long double want)
{
    if (got == (double)want)
        return 0;
    double unit = nextafter(fabs((double)want), INFINITY) - fabs((double)want);
    return (double)(fabsl((long double)got - want) / (long double)unit);
}

static double worst(real_fn f, exact_fn exact, double lo, double hi, uint64_t stream)
{
    hf_i_random r;
    hf_i_random_init(&r, 7, stream, 0);
    double most = 0;
    for (int i = 0; i < 400000; i++) {
        double x = lo + (hi - lo) * hf_i_random_uniform(&r);
        double e = ulps(f(x), exact((long double)x));
        most = e > most ? e : most;
    }
    return most;
}

static void accuracy(void **state)
{
    (void)state;
    double e = worst(real_exp, expl, -700, 700, 1), e1 = worst(real_exp, expl, -1, 1, 2);
    double l = worst(real_log, logl, 1e-300, 1e3, 3), l1 = worst(real_log, logl, 0.5, 2, 4);
    double t = worst(real_tanh, tanhl, -3, 3, 5), t1 = worst(real_tanh, tanhl, -1e-3, 1e-3, 6);
    double s = worst(real_sigmoid, exact_sigmoid, -600, 600, 7);
    printf("largest error in ulp: exp %.2f %.2f, log %.2f %.2f, tanh %.2f %.2f, sigmoid %.2f\n", e,
           e1, l, l1, t, t1, s);
    assert_true(e <= 1.0 && e1 <= 1.0 && l <= 1.0 && l1 <= 1.0);
    assert_true(t <= 3.0 && t1 <= 3.0 && s <= 2.5);
}

static void ends(void **state)
{
    (void)state;
    assert_true(hf_i_real_exp(0.0) == 1.0 && hf_i_real_log(1.0) == 0.0 &&
                hf_i_real_tanh(0.0) == 0.0);
    assert_true(isinf(hf_i_real_exp(1000.0)) && hf_i_real_exp(-1000.0) == 0.0 &&
                isnan(hf_i_real_exp(NAN)));
    assert_true(isinf(hf_i_real_log(INFINITY)) && hf_i_real_log(0.0) == -INFINITY &&
                isnan(hf_i_real_log(-1.0)));
    assert_true(fabs(hf_i_real_log(0x1p-1074) - log(0x1p-1074)) < 1e-12);
    assert_true(hf_i_real_exp(-745.0) == exp(-745.0));
    assert_true(hf_i_real_tanh(100.0) == 1.0 && hf_i_real_tanh(-100.0) == -1.0 &&
                isnan(hf_i_real_tanh(NAN)));
    assert_true(hf_i_real_sigmoid(-800.0) == 0.0 && hf_i_real_sigmoid(800.0) == 1.0);
}

static void lanes_equal_numbers(void **state)
{
    (void)state;
    hf_i_random r;
    hf_i_random_init(&r, 9, 0, 0);
    for (int i = 0; i < 20000; i++) {
        hf_i_lane x;
        for (int j = 0; j < 4; j++)
            x[j] = 40 * hf_i_random_normal(&r);
        hf_i_lane e = hf_i_lane_exp(x), l = hf_i_lane_log(x * x), t = hf_i_lane_tanh(x * 0.05),
                  s = hf_i_lane_sigmoid(x);
        for (int j = 0; j < 4; j++) {
            assert_true(e[j] == hf_i_real_exp(x[j]) && l[j] == hf_i_real_log(x[j] * x[j]));
            assert_true(t[j] == hf_i_real_tanh(x[j] * 0.05) && s[j] == hf_i_real_sigmoid(x[j]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(accuracy), cmocka_unit_test(ends),
                                       cmocka_unit_test(lanes_equal_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
