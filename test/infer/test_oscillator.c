/* SPDX-License-Identifier: MIT */
/* labels: reference oracle */
/* The coupled oscillator: recorded exact log-likelihoods and the long-double filter. */
#include "infer/data.h"
#include "infer/likelihood.h"
#include "infer/oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static const double theta[10] = {-.8, -.2, .3, -1, -.2, .2, .4, .5, .25, .25};

static void fill(oracle_model *o)
{
    memset(o, 0, sizeof *o);
    o->n = 4;
    o->m = 2;
    o->A[0][1] = o->A[2][3] = 1;
    o->A[1][0] = theta[0];
    o->A[1][1] = theta[1];
    o->A[1][2] = theta[2];
    o->A[3][2] = theta[3];
    o->A[3][3] = theta[4];
    o->A[3][0] = theta[5];
    o->Q[1][1] = theta[6];
    o->Q[3][3] = theta[7];
    o->H[0][0] = o->H[1][2] = 1;
    o->R[0][0] = theta[8];
    o->R[1][1] = theta[9];
    for (int i = 0; i < 4; i++)
        o->P0[i][i] = 1;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void one(hf_ctx *ctx, const char *name, double recorded)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/dyads/coupled_oscillator/sim_coupled_osc_%s.csv",
             getenv("HOLDFAST_REFERENCE"), name);
    test_panel p = {0};
    const int obs[] = {2, 3};
    assert_true(test_panel_csv(&p, path, 4, obs, 2, NULL, 0));
    hf_model *model;
    assert_int_equal(hf_model_get(&model, ctx, "coupled_oscillator"), HF_OK);
    hf_dyads view = test_panel_view(&p);
    hf_likelihood *l;
    assert_int_equal(hf_likelihood_new(&l, ctx, model, &view, NULL), HF_OK);
    double ll, grad[10];
    assert_int_equal(hf_likelihood_value(l, theta, &ll), HF_OK);
    printf("%s: %.9f (recorded %.9f)\n", name, ll, recorded);
    assert_true(fabs(ll - recorded) < 1e-8 * fabs(recorded));
    oracle_model o;
    fill(&o);
    oreal exact = 0;
    for (size_t i = 0; i < p.n && i < 10; i++)
        exact += oracle_loglik(&o, p.first[i + 1] - p.first[i], p.time + p.first[i],
                               p.y + 2 * p.first[i], 0);
    if (p.n <= 10)
        assert_true(fabs(ll - (double)exact) < 1e-10 * fabs(ll));
    double ll2, t0 = seconds();
    assert_int_equal(hf_likelihood_gradient(l, theta, &ll2, grad), HF_OK);
    assert_true(fabs(ll2 - ll) < 1e-10 * fabs(ll));
    double best = 1, bestg = 1;
    for (int k = 0; k < 200; k++) {
        t0 = seconds();
        hf_likelihood_value(l, theta, &ll2);
        best = fmin(best, seconds() - t0);
        t0 = seconds();
        hf_likelihood_gradient(l, theta, &ll2, grad);
        bestg = fmin(bestg, seconds() - t0);
    }
    printf("value %.4f ms, gradient %.4f ms\n", 1e3 * best, 1e3 * bestg);
    hf_likelihood_free(l);
    hf_model_free(model);
    test_panel_free(&p);
}

static void recorded_values(void **state)
{
    (void)state;
    hf_ctx *ctx;
    assert_int_equal(hf_ctx_new(&ctx, NULL), HF_OK);
    one(ctx, "N10_T100", -1967.491602001);
    one(ctx, "N40_T100", -7638.739482545);
    one(ctx, "N160_T100", -30991.143998699);
    hf_ctx_free(ctx);
}

int main(void)
{
    if (!getenv("HOLDFAST_REFERENCE")) {
        puts("skipped: HOLDFAST_REFERENCE is not set");
        return 77;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(recorded_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
