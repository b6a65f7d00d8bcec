/* SPDX-License-Identifier: MIT */
/* labels: reference */
/* T1, T6, T7: published fits of other programs' data, found again. */
#include "infer/data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static char folder[1000];

static hf_ctx *context(void)
{
    hf_ctx *ctx;
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.threads = 1;
    assert_int_equal(hf_ctx_new(&ctx, &o), HF_OK);
    return ctx;
}

static void fit(const char *name, const test_panel *p, double minus2ll, double tolerance,
                const double *want, const double *within)
{
    hf_ctx *ctx = context();
    hf_model *m;
    hf_fit *f;
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    hf_dyads view = test_panel_view(p);
    assert_int_equal(hf_model_get(&m, ctx, name), HF_OK);
    assert_int_equal(hf_fit_new(&f, ctx, m, &view, &o), HF_OK);
    hf_fit_summary s = hf_fit_get_summary(f);
    printf("%s: -2LL %.6f (published %.6f), %s, %llu evaluations, %.2f s\n", name, -2 * s.loglik,
           minus2ll, s.reason, (unsigned long long)s.evaluations, s.seconds);
    assert_true(s.converged);
    assert_true(fabs(-2 * s.loglik - minus2ll) < tolerance);
    for (size_t i = 0; i < hf_model_parameter_count(m); i++) {
        hf_estimate e = hf_fit_get_estimate(f, i);
        assert_true(fabs(e.estimate - want[i]) <= within[i]);
        assert_true(isfinite(e.se) && e.lower < e.estimate && e.estimate < e.upper);
    }
    hf_fit_free(f);
    hf_model_free(m);
    hf_ctx_free(ctx);
}

/* Damped oscillator without measurement error, 200 persons x 11 occasions. */
static void t1(void **state)
{
    (void)state;
    char path[1200];
    double *cells;
    test_panel p = {0};
    snprintf(path, sizeof path, "%s/ctsem_oscillating.csv", folder);
    assert_int_equal(test_csv(path, 21, &cells), 200);
    test_panel_make(&p, 200, 11, 1, 0);
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k < 11; k++) {
            p.y[i * 11 + k] = cells[i * 21 + k];
            p.time[i * 11 + k] = k ? p.time[i * 11 + k - 1] + cells[i * 21 + 10 + k] : 0;
        }
    const double want[] = {-39.4506, -.50527, .99629, 1.00609, 1.03249, .06231, .05684, .87640};
    const double within[] = {2e-3, 5e-4, 1e-4, 1e-4, 1e-4, 2e-4, 1e-4, 1e-4};
    fit("damped_oscillator", &p, -3461.93626, 1e-4, want, within);
    free(cells);
    test_panel_free(&p);
}

static void t6(void **state)
{
    (void)state;
    char path[1200];
    test_panel p = {0};
    const int obs[] = {4, 5};
    snprintf(path, sizeof path, "%s/dynr_ppsim.csv", folder);
    assert_true(test_panel_csv(&p, path, 6, obs, 2, NULL, 0));
    const double want[] = {1.9634, 1.9334, 1.0030, .9615, .2404, .2380};
    const double within[] = {1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4};
    fit("predator_prey", &p, 2843.2983, 1e-4, want, within);
    test_panel_free(&p);
}

static void t7(void **state)
{
    (void)state;
    char path[1200];
    test_panel p = {0};
    const int obs[] = {2}, covs[] = {3};
    snprintf(path, sizeof path, "%s/dynr_emgsim.csv", folder);
    assert_true(test_panel_csv(&p, path, 6, obs, 1, covs, 1));
    const double want[] = {.31441,  .92733,  .01208,  .45316, 2.98560,
                           4.18403, .232347, .988952, .010899};
    const double within[] = {1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 2e-4, 1e-5, 1e-5, 1e-5};
    fit("regime_ar", &p, 748.26510, 1e-4, want, within);
    test_panel_free(&p);
}

int main(void)
{
    if (!getenv("HOLDFAST_REFERENCE")) {
        puts("skipped: HOLDFAST_REFERENCE is not set");
        return 77;
    }
    snprintf(folder, sizeof folder, "%s/dyads/reference", getenv("HOLDFAST_REFERENCE"));
    const struct CMUnitTest tests[] = {cmocka_unit_test(t1), cmocka_unit_test(t6),
                                       cmocka_unit_test(t7)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
