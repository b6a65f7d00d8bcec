/* SPDX-License-Identifier: MIT */
/* labels: long property */
/* Parameters put in are found again: bias and coverage of the 95 % intervals over 200 simulated
 * panels; the sampler by simulation-based calibration (Talts et al. 2018, arXiv 1804.06788). */
#include "infer/data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { REPLICATES = 200 };

static hf_ctx *context(void)
{
    hf_ctx *ctx;
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.threads = 1;
    assert_int_equal(hf_ctx_new(&ctx, &o), HF_OK);
    return ctx;
}

static void panel_times(test_panel *p, size_t n, size_t rows, size_t m, double dt)
{
    test_panel_make(p, n, rows, m, 0);
    for (size_t i = 0; i < n * rows; i++)
        p->time[i] = (double)(i % rows) * dt;
}

static void coverage(void **state)
{
    (void)state;
    static const double theta[10] = {-.8, -.2, .3, -1, -.2, .2, .4, .5, .25, .25};
    hf_ctx *ctx = context();
    hf_model *m;
    test_panel p = {0};
    int covered[10] = {0}, converged = 0, total = 0;
    double bias[10] = {0}, square[10] = {0};
    assert_int_equal(hf_model_get(&m, ctx, "coupled_oscillator"), HF_OK);
    panel_times(&p, 10, 60, 2, .25);
    for (uint64_t b = 0; b < REPLICATES; b++) {
        hf_dyads view = test_panel_view(&p);
        hf_fit_options o = HF_FIT_OPTIONS_INIT;
        hf_fit *fit;
        for (size_t c = 0; c < 600 * 2; c++)
            p.y[c] = b % 2 && c % 9 == 4 ? NAN : 0; /* every second panel has gaps */
        assert_int_equal(hf_simulate_like(ctx, m, &view, theta, NULL, 77, b, p.y), HF_OK);
        o.starts = 1;
        assert_int_equal(hf_fit_new(&fit, ctx, m, &view, &o), HF_OK);
        converged += hf_fit_get_summary(fit).converged;
        for (size_t i = 0; i < 10; i++) {
            hf_estimate e = hf_fit_get_estimate(fit, i);
            double d = e.estimate - theta[i];
            bias[i] += d / REPLICATES;
            square[i] += d * d / REPLICATES;
            covered[i] += e.lower <= theta[i] && theta[i] <= e.upper;
        }
        hf_fit_free(fit);
    }
    printf("%d of %d fits converged\n", converged, REPLICATES);
    for (size_t i = 0; i < 10; i++) {
        printf("%-6s truth %6.3f bias %7.4f sd %.4f coverage of the 95 %% interval %.3f\n",
               hf_model_parameter(m, i).name, theta[i], bias[i],
               sqrt(square[i] - bias[i] * bias[i]), covered[i] / (double)REPLICATES);
        total += covered[i];
        assert_true(covered[i] >= .885 * REPLICATES); /* 4 binomial standard errors */
        assert_true(fabs(bias[i]) < .5 * sqrt(square[i]));
    }
    printf("all parameters: %.4f\n", total / (10.0 * REPLICATES));
    assert_true(converged >= REPLICATES - 2);
    assert_true(total > .93 * 10 * REPLICATES && total < .97 * 10 * REPLICATES);
    hf_model_free(m);
    hf_ctx_free(ctx);
    test_panel_free(&p);
}

static const char ar[] =
    "model ar 1\ntime discrete\nstate x\nparameter phi in [-1, 1]\n"
    "positive s, r\nprior phi ~ normal(0.2, 0.4)\nprior s ~ lognormal(0, 0.4)\n"
    "prior r ~ gamma(3, 4)\nnext x = phi*x\nnoise sd x = s\n"
    "observe y = x + error(r)\nstart mean 0 covariance identity\n";

static double gamma3(hf_i_random *r) /* shape 3, rate 4 */
{
    return (hf_i_random_exponential(r) + hf_i_random_exponential(r) + hf_i_random_exponential(r)) /
           4;
}

static void calibration(void **state)
{
    (void)state;
    enum { BINS = 8, DRAWS = 700, THIN = 7 };
    hf_ctx *ctx = context();
    hf_model *m;
    test_panel p = {0};
    int counts[3][BINS] = {{0}};
    assert_int_equal(hf_model_parse(&m, ctx, ar, strlen(ar), "t"), HF_OK);
    panel_times(&p, 2, 30, 1, 1);
    for (uint64_t b = 0; b < REPLICATES; b++) {
        hf_i_random r;
        double theta[3];
        hf_i_random_init(&r, 5, 5, b);
        do
            theta[0] = .2 + .4 * hf_i_random_normal(&r);
        while (fabs(theta[0]) >= 1);
        theta[1] = exp(.4 * hf_i_random_normal(&r));
        theta[2] = gamma3(&r);
        for (size_t c = 0; c < 60; c++)
            p.y[c] = 0;
        hf_dyads view = test_panel_view(&p);
        assert_int_equal(hf_simulate_like(ctx, m, &view, theta, NULL, 9, b, p.y), HF_OK);
        hf_sample_options o = HF_SAMPLE_OPTIONS_INIT;
        hf_sample *sample;
        size_t count;
        o.chains = 1;
        o.warmup = 300;
        o.draws = DRAWS;
        o.seed = b;
        assert_int_equal(hf_sample_new(&sample, ctx, m, &view, &o), HF_OK);
        const double *draws = hf_sample_draws(sample, &count);
        for (int i = 0; i < 3; i++) {
            int rank = 0;
            for (size_t d = THIN - 1; d < count; d += THIN)
                rank += draws[d * 3 + (size_t)i] < theta[i];
            counts[i][rank * BINS / (DRAWS / THIN + 1)]++;
        }
        hf_sample_free(sample);
    }
    for (int i = 0; i < 3; i++) {
        double chi = 0, expected = REPLICATES / (double)BINS;
        for (int k = 0; k < BINS; k++)
            chi += (counts[i][k] - expected) * (counts[i][k] - expected) / expected;
        double tail = hf_chi_squared_tail(chi, BINS - 1);
        printf("%s: ranks", hf_model_parameter(m, (size_t)i).name);
        for (int k = 0; k < BINS; k++)
            printf(" %d", counts[i][k]);
        printf(", chi-squared %.2f, p %.3f\n", chi, tail);
        assert_true(tail > 1e-3);
    }
    hf_model_free(m);
    hf_ctx_free(ctx);
    test_panel_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(coverage), cmocka_unit_test(calibration)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
