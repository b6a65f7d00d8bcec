/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
#include "num/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Known answer of Philox4x64-10 for the zero counter and key (Random123's kat_vectors). */
static void known_answer(void **state)
{
    (void)state;
    hf_i_random r;
    hf_i_random_init(&r, 0, 0, 0);
    const uint64_t want[4] = {UINT64_C(0x16554d9eca36314c), UINT64_C(0xdb20fe9d672d0fdc),
                              UINT64_C(0xd7e772cee186176b), UINT64_C(0x7e68b68aec7ba23b)};
    for (int i = 0; i < 4; i++)
        assert_true(hf_i_random_u64(&r) == want[i]);
}

static void streams_differ_and_repeat(void **state)
{
    (void)state;
    hf_i_random a, b, c;
    hf_i_random_init(&a, 1, 2, 3);
    hf_i_random_init(&b, 1, 2, 3);
    hf_i_random_init(&c, 1, 2, 4);
    int same = 0;
    for (int i = 0; i < 100; i++) {
        uint64_t x = hf_i_random_u64(&a);
        assert_true(x == hf_i_random_u64(&b));
        same += x == hf_i_random_u64(&c);
    }
    assert_int_equal(same, 0);
}

static void moments(void **state)
{
    (void)state;
    enum { N = 200000 };
    hf_i_random r;
    hf_i_random_init(&r, 42, 0, 0);
    double u = 0, z = 0, z2 = 0, e = 0, below = 0;
    for (int i = 0; i < N; i++) {
        double x = hf_i_random_normal(&r);
        z += x;
        z2 += x * x;
        u += hf_i_random_uniform(&r);
        e += hf_i_random_exponential(&r);
        below += (double)hf_i_random_below(&r, 7);
    }
    /* Five standard errors each. */
    assert_true(fabs(u / N - 0.5) < 5 * 0.2887 / sqrt(N));
    assert_true(fabs(z / N) < 5 / sqrt(N));
    assert_true(fabs(z2 / N - 1) < 5 * sqrt(2.0 / N));
    assert_true(fabs(e / N - 1) < 5 / sqrt(N));
    assert_true(fabs(below / N - 3) < 5 * 2 / sqrt(N));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_answer),
                                       cmocka_unit_test(streams_differ_and_repeat),
                                       cmocka_unit_test(moments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
