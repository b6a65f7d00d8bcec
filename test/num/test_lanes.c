/* SPDX-License-Identifier: MIT */
/* labels: oracle */
#include "num/lanes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void exp_against_libm(void **state)
{
    (void)state;
    double worst = 0;
    for (double x = -708; x < 709; x += 0.01234) {
        hf_v4 y = hf_i_v4_exp(hf_i_v4_all(x));
        worst = fmax(worst, fabs(y[2] - exp(x)) / exp(x));
    }
    print_message("exp: worst relative error %.2g\n", worst);
    assert_true(worst < 4.5e-16);
}

static void clamped_beyond(void **state)
{
    (void)state;
    hf_v4 x = {-1e9, 1e9, 0, -0.0}, y = hf_i_v4_exp(x);
    assert_true(y[0] > 0 && y[0] < 1e-300 && isfinite(y[1]) && y[2] == 1 && y[3] == 1);
}

static void sigmoid_against_libm(void **state)
{
    (void)state;
    for (double x = -50; x < 50; x += 0.0123) {
        hf_v4 y = hf_i_v4_sigmoid(hf_i_v4_all(x));
        assert_true(fabs(y[0] - 1 / (1 + exp(-x))) < 1e-15);
    }
}

static void lanes_do_not_mix(void **state)
{
    (void)state;
    hf_v4 x = {-1, 0.5, 20, -300}, y = hf_i_v4_exp(x);
    for (int l = 0; l < HF_LANES; l++)
        assert_true(y[l] == hf_i_v4_exp(hf_i_v4_all(x[l]))[0]);
    hf_v4 low = hf_i_v4_min(x, hf_i_v4_all(0)), high = hf_i_v4_max(x, hf_i_v4_all(0));
    for (int l = 0; l < HF_LANES; l++)
        assert_true(low[l] == fmin(x[l], 0) && high[l] == fmax(x[l], 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_against_libm), cmocka_unit_test(clamped_beyond),
        cmocka_unit_test(sigmoid_against_libm), cmocka_unit_test(lanes_do_not_mix)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
