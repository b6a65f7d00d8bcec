/* SPDX-License-Identifier: MIT */
/* labels: oracle property */
/* needs: lapack */
#include "num/eigen.h"
#include "num/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void dgeev_(const char *jobvl, const char *jobvr, const int *n, double *a, const int *lda,
            double *wr, double *wi, double *vl, const int *ldvl, double *vr, const int *ldvr,
            double *work, const int *lwork, int *info);

/* Each of ours has a partner of LAPACK's within tolerance, used once. */
static void same_set(const double *re, const double *im, const double *wr, const double *wi,
                     size_t n, double tolerance)
{
    bool used[HF_EIGEN_MOST] = {false};
    for (size_t i = 0; i < n; i++) {
        size_t best = n;
        double least = INFINITY;
        for (size_t j = 0; j < n; j++) {
            double d = hypot(re[i] - wr[j], im[i] - wi[j]);
            if (!used[j] && d < least) {
                least = d;
                best = j;
            }
        }
        assert_true(best < n);
        used[best] = true;
        assert_true(least < tolerance);
    }
}

static void against_lapack(void **state)
{
    (void)state;
    hf_i_random r;
    hf_i_random_init(&r, 5, 0, 0);
    for (int trial = 0; trial < 300; trial++) {
        int n = 1 + trial % 24, lwork = 400, info = 0, one = 1;
        double a[24 * 24], b[24 * 24], re[24], im[24], wr[24], wi[24], work[400], none[1];
        double norm = 0;
        for (int i = 0; i < n * n; i++) {
            a[i] = hf_i_random_normal(&r);
            if (trial % 3 == 1)
                a[i] *= exp(3 * hf_i_random_normal(&r)); /* badly scaled */
            if (trial % 3 == 2 && hf_i_random_uniform(&r) < .6)
                a[i] = 0; /* reducible */
            norm = fmax(norm, fabs(a[i]));
        }
        memcpy(b, a, sizeof a);
        assert_true(hf_i_eigenvalues(a, (size_t)n, re, im));
        dgeev_("N", "N", &n, b, &n, wr, wi, none, &one, none, &one, work, &lwork, &info);
        assert_int_equal(info, 0);
        /* Defective matrices may move by the n-th root of rounding: only the sparse ones. */
        same_set(re, im, wr, wi, (size_t)n, (trial % 3 == 2 ? 1e-4 : 1e-9) * (norm + 1));
    }
}

static void solves(void **state)
{
    (void)state;
    hf_i_random r;
    hf_i_random_init(&r, 6, 0, 0);
    for (size_t n = 1; n <= 20; n++) {
        double a[400], x[20], b[20] = {0};
        for (size_t i = 0; i < n; i++)
            x[i] = hf_i_random_normal(&r);
        for (size_t j = 0; j < n; j++)
            for (size_t i = 0; i < n; i++) {
                a[i + j * n] = hf_i_random_normal(&r);
                b[i] += a[i + j * n] * x[j];
            }
        assert_true(hf_i_solve(a, b, n));
        for (size_t i = 0; i < n; i++)
            assert_true(fabs(b[i] - x[i]) < 1e-9 * (1 + fabs(x[i])));
    }
    double singular[4] = {0, 0, 0, 0}, b[2] = {1, 1};
    assert_false(hf_i_solve(singular, b, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(against_lapack), cmocka_unit_test(solves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
