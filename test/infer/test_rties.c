/* SPDX-License-Identifier: MIT */
/* labels: reference */
/* T3 and T4: the package's published values for couples 2 and 11. */
#include "infer/data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static hf_ctx *ctx;

/* Columns couple, person, dial, time, female; the man's series is 0. */
static size_t couple(double which, double **man, double **woman)
{
    char path[1200];
    double *cells;
    snprintf(path, sizeof path, "%s/dyads/rties/rties_couples.csv", getenv("HOLDFAST_REFERENCE"));
    size_t rows = test_csv(path, 5, &cells), n[2] = {0};
    *man = calloc(rows, sizeof **man);
    *woman = calloc(rows, sizeof **woman);
    for (size_t r = 0; r < rows; r++)
        if (cells[5 * r] == which) {
            int female = cells[5 * r + 4] > .5;
            (female ? *woman : *man)[n[female]++] = cells[5 * r + 2];
        }
    free(cells);
    assert_true(n[0] == n[1] && n[0] > 100);
    return n[0];
}

static void near(double got, double want)
{
    if (fabs(got - want) > 1e-5)
        printf("got %.6f, published %.5f\n", got, want);
    assert_true(fabs(got - want) <= 1e-5);
}

static void t4(void **state)
{
    (void)state;
    static const struct {
        int couple, lag;
        double v[6];
    } want[] = {{2, 5, {-.00518, .00637, .10804, -.22004, .26794, .16868}},
                {11, 1, {-.00174, .00302, .96673, -.00387, .91285, .06310}}};
    for (int i = 0; i < 2; i++) {
        double *man, *woman;
        size_t n = couple(want[i].couple, &man, &woman);
        hf_rties_inertia f;
        assert_int_equal(hf_rties_inertia_fit(&f, ctx, n, man, woman), HF_OK);
        printf("couple %d: lag %d, %.5f %.5f %.5f %.5f %.5f %.5f\n", want[i].couple, f.lag,
               f.intercept[0], f.intercept[1], f.inertia[0], f.coordination[0], f.inertia[1],
               f.coordination[1]);
        assert_int_equal(f.lag, want[i].lag);
        near(f.intercept[0], want[i].v[0]);
        near(f.intercept[1], want[i].v[1]);
        near(f.inertia[0], want[i].v[2]);
        near(f.coordination[0], want[i].v[3]);
        near(f.inertia[1], want[i].v[4]);
        near(f.coordination[1], want[i].v[5]);
        free(man);
        free(woman);
    }
}

static void t3(void **state)
{
    (void)state;
    double *man, *woman;
    size_t n = couple(2, &man, &woman);
    hf_rties_oscillator f;
    assert_int_equal(hf_rties_oscillator_fit(&f, ctx, n, man, woman, 5, 5, 1), HF_OK);
    printf("%.5f %.5f %.5f %.5f %.5f %.5f %.5f %.5f, periods %.2f %.2f, R2 %.3f\n", f.obs[0],
           f.d1[0], f.p_obs[0], f.p_d1[0], f.obs[1], f.d1[1], f.p_obs[1], f.p_d1[1], f.period[0],
           f.period[1], f.r2);
    near(f.obs[0], -.02339);
    near(f.d1[0], .00181);
    near(f.p_obs[0], -.00061);
    near(f.p_d1[0], .00592);
    near(f.obs[1], -.02711);
    near(f.d1[1], .00531);
    near(f.p_obs[1], -.00045);
    near(f.p_d1[1], .01094);
    assert_true(fabs(f.period[0] - 41.09) < .01 && fabs(f.period[1] - 38.16) < .01);
    assert_true(fabs(f.r2 - .65) < .005);
    free(man);
    free(woman);
}

int main(void)
{
    if (!getenv("HOLDFAST_REFERENCE")) {
        puts("skipped: HOLDFAST_REFERENCE is not set");
        return 77;
    }
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(t4), cmocka_unit_test(t3)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hf_ctx_free(ctx);
    return failed;
}
