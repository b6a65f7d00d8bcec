/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
/* needs: lapack */
/* Dense algebra against LAPACK and closed forms. */
#include "num/dense.h"
#include "num/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
            double *work, const int *lwork, int *info);
enum { N = 12 };

static void random_matrix(double *A, int n, uint64_t stream)
{
    hf_i_random r;
    hf_i_random_init(&r, 11, stream, 0);
    for (int i = 0; i < n * n; i++)
        A[i] = hf_i_random_normal(&r);
}

static void symmetric(void **state)
{
    (void)state;
    for (int n = 1; n <= N; n++) {
        double A[N * N], B[N * N], w[N], v[N], V[N * N], work[N * 64];
        random_matrix(A, n, (uint64_t)n);
        for (int j = 0; j < n; j++)
            for (int i = 0; i < j; i++)
                A[i + j * n] = A[j + i * n];
        memcpy(B, A, sizeof A);
        double C[N * N];
        memcpy(C, A, sizeof A);
        int lwork = N * 64, info;
        dsyev_("N", "L", &n, B, &n, v, work, &lwork, &info);
        hf_i_eigen_symmetric(A, n, w, V);
        for (int i = 0; i < n; i++) {
            assert_true(fabs(w[i] - v[i]) < 1e-12 * n);
            for (int r = 0; r < n; r++) { /* C V = V w */
                double s = 0;
                for (int l = 0; l < n; l++)
                    s += C[r + l * n] * V[l + i * n];
                assert_true(fabs(s - w[i] * V[r + i * n]) < 1e-12 * n);
            }
        }
    }
}

static void cholesky(void **state)
{
    (void)state;
    for (int n = 1; n <= N; n++) {
        double A[N * N], B[N * N] = {0}, L[N * N], x[N];
        random_matrix(A, n, 500 + (uint64_t)n);
        for (int j = 0; j < n; j++)
            for (int i = 0; i < n; i++)
                for (int l = 0; l < n; l++)
                    B[i + j * n] += A[i + l * n] * A[j + l * n];
        memcpy(L, B, sizeof B);
        assert_int_equal(hf_i_cholesky(L, n, 1e-14), n);
        for (int i = 0; i < n; i++) {
            x[i] = 0;
            for (int l = 0; l < n; l++)
                x[i] += B[i + l * n] * (l + 1);
        }
        hf_i_cholesky_solve(L, n, x, 1);
        for (int i = 0; i < n; i++)
            assert_true(fabs(x[i] - (i + 1)) < 1e-6);
    }
    double flat[4] = {1, 2, 2, 4}, negative[4] = {1, 2, 2, 1};
    assert_int_equal(hf_i_cholesky(flat, 2, 1e-14), 1);
    assert_true(flat[1] == 2 && flat[3] == 0);
    assert_int_equal(hf_i_cholesky(negative, 2, 1e-14), -1);
}

/* A5 of the catalogue of reference values. */
static void exponential(void **state)
{
    (void)state;
    const double A[4] = {-.4, .1, .2, -.6}, want[4] = {.676608, .060957, .121914, .554695};
    double E[4], work[20];
    assert_true(hf_i_expm(A, 1, 2, E, work));
    for (int i = 0; i < 4; i++)
        assert_true(fabs(E[i] - want[i]) < 5e-7);
    const double spin[4] = {0, 1, -1, 0};
    assert_true(hf_i_expm(spin, 40, 2, E, work));
    assert_true(fabs(E[0] - cos(40)) < 1e-12 && fabs(E[1] - sin(40)) < 1e-12);
    const double bad[1] = {INFINITY};
    assert_false(hf_i_expm(bad, 1, 1, E, work));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(symmetric), cmocka_unit_test(cholesky),
                                       cmocka_unit_test(exponential)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
