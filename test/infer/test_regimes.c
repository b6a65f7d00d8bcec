/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
/* States of several regimes: Kim's smoother against one regime and against the sum over all regime
 * paths, predictive residuals and data drawn from models with regimes. */
#include "infer/data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static hf_ctx *context(void)
{
    hf_ctx *ctx;
    assert_int_equal(hf_ctx_new(&ctx, NULL), HF_OK);
    return ctx;
}

static hf_model *model_of(hf_ctx *ctx, const char *text)
{
    hf_model *m;
    if (hf_model_parse(&m, ctx, text, strlen(text), "m") != HF_OK)
        fail_msg("%s", hf_ctx_get_error(ctx)->message);
    return m;
}

/* ---- two regimes that are one -----------------------------------------------------------------
 */

static const char one[] = "model one 1\nstate a b\nparameter k c q r\n"
                          "d a = -k*a + c*b\nd b = -k*b - c*a\ndiffusion a = q, b = q\n"
                          "observe y1 = a + error(r)\nobserve y2 = b + error(r)\n"
                          "start mean [1, -1] covariance [[2, .5], [.5, 1]]\n";
static const char twice[] = "model twice 1\nstate a b\nregime x y\nparameter k c q r\n"
                            "d a = -k*a + c*b\nd b = -k*b - c*a\ndiffusion a = q, b = q\n"
                            "observe y1 = a + error(r)\nobserve y2 = b + error(r)\n"
                            "start mean [1, -1] covariance [[2, .5], [.5, 1]]\n"
                            "start regime x = 0.3\n"
                            "switch x -> y probability 0.2\nswitch y -> x probability 0.4\n";

static void equal_regimes_are_one(void **state)
{
    (void)state;
    static const double theta[] = {.5, .4, .3, .2};
    hf_ctx *ctx = context();
    hf_model *m1 = model_of(ctx, one), *m2 = model_of(ctx, twice);
    test_panel p = {0};
    hf_states *s1, *s2;
    test_panel_make(&p, 2, 12, 2, 0);
    for (size_t r = 0; r < 24; r++) {
        p.time[r] = (double)(r % 12) * .7;
        p.y[2 * r] = sin((double)r);
        p.y[2 * r + 1] = r % 5 == 2 ? NAN : cos((double)r * 1.3);
    }
    hf_dyads d = test_panel_view(&p);
    assert_int_equal(hf_states_new(&s1, ctx, m1, &d, theta, NULL), HF_OK);
    assert_int_equal(hf_states_new(&s2, ctx, m2, &d, theta, NULL), HF_OK);
    for (size_t r = 0; r < 24; r++)
        for (size_t i = 0; i < 2; i++) {
            double a, b, sa, sb, lo[2], hi[2];
            hf_states_smoothed(s1, r, i, &a, &sa);
            hf_states_smoothed(s2, r, i, &b, &sb);
            assert_true(fabs(a - b) < 1e-10 && fabs(sa - sb) < 1e-10);
            hf_states_expected(s1, r, i, &a, &lo[0], &hi[0]);
            hf_states_expected(s2, r, i, &b, &lo[1], &hi[1]);
            assert_true(fabs(a - b) < 1e-10 && fabs(lo[0] - lo[1]) < 1e-8 &&
                        fabs(hi[0] - hi[1]) < 1e-8);
        }
    hf_states_free(s1);
    hf_states_free(s2);
    hf_model_free(m1);
    hf_model_free(m2);
    test_panel_free(&p);
    hf_ctx_free(ctx);
}

/* ---- regimes without memory of the state: exact by summing over all paths ----------------------
 */

enum { ROWS = 6 };
static const char memoryless[] = "model levels 1\ntime discrete\nstate x\nregime low high\n"
                                 "parameter lo hi q r p_up p_down\n"
                                 "in low: next x = lo\nin high: next x = hi\nnoise x = q\n"
                                 "observe y = x + error(r)\nstart x = lo\nstart variance x = q\n"
                                 "start regime low = 1\n"
                                 "switch low -> high probability p_up\n"
                                 "switch high -> low probability p_down\n";

static double density(double y, double mean, double var)
{
    return exp(-.5 * (y - mean) * (y - mean) / var) / sqrt(var);
}

/* E(x_t | all y) and its variance, P(high at t | all y), by all 2^5 paths. */
static void by_paths(const double *th, const double *y, double mean[ROWS], double var[ROWS],
                     double high[ROWS])
{
    double total = 0, first[ROWS] = {0}, second[ROWS] = {0}, up[ROWS] = {0};
    for (unsigned path = 0; path < 1u << (ROWS - 1); path++) {
        double weight = 1, x[ROWS], v = th[2] * th[3] / (th[2] + th[3]);
        int k = 0;
        int regime[ROWS] = {0};
        for (int t = 0; t < ROWS; t++) {
            int next = t == 0 ? 0 : (int)(path >> (t - 1) & 1);
            if (t > 0)
                weight *= k == 0 ? (next ? th[4] : 1 - th[4]) : (next ? 1 - th[5] : th[5]);
            k = regime[t] = next;
            weight *= density(y[t], th[k], th[2] + th[3]);
            x[t] = th[k] + th[2] / (th[2] + th[3]) * (y[t] - th[k]);
        }
        total += weight;
        for (int t = 0; t < ROWS; t++) {
            first[t] += weight * x[t];
            second[t] += weight * (v + x[t] * x[t]);
            up[t] += weight * regime[t];
        }
    }
    for (int t = 0; t < ROWS; t++) {
        mean[t] = first[t] / total;
        var[t] = second[t] / total - mean[t] * mean[t];
        high[t] = up[t] / total;
    }
}

static void kim_is_exact_where_states_forget(void **state)
{
    (void)state;
    static const double th[] = {-1, 1.5, .4, .6, .3, .2}, y[ROWS] = {-.8, .3, 1.1, .2, -.1, 1.9};
    double mean[ROWS], var[ROWS], high[ROWS];
    hf_ctx *ctx = context();
    hf_model *m = model_of(ctx, memoryless);
    test_panel p = {0};
    hf_states *s;
    test_panel_make(&p, 1, ROWS, 1, 0);
    for (size_t r = 0; r < ROWS; r++) {
        p.time[r] = (double)r;
        p.y[r] = y[r];
    }
    hf_dyads d = test_panel_view(&p);
    by_paths(th, y, mean, var, high);
    assert_int_equal(hf_states_new(&s, ctx, m, &d, th, NULL), HF_OK);
    for (size_t r = 0; r < ROWS; r++) {
        double x, sd;
        hf_states_smoothed(s, r, 0, &x, &sd);
        assert_true(fabs(hf_states_regime(s, r, 1, true) - high[r]) < 1e-10);
        assert_true(fabs(x - mean[r]) < 1e-10);
        assert_true(fabs(sd * sd - var[r]) < 1e-10);
    }
    hf_states_free(s);
    hf_model_free(m);
    test_panel_free(&p);
    hf_ctx_free(ctx);
}

/* ---- drawn data ---------------------------------------------------------------------------------
 */

/* Levels far apart and little noise: the regime can be read from the value itself. */
static void regimes_are_drawn_by_their_probabilities(void **state)
{
    (void)state;
    static const double th[] = {-5, 5, .4, .6, .1, .3};
    enum { DYADS = 20, LONG = 200 };
    double switches = 0, from_low = 0, high = 0, square = 0, lag = 0;
    hf_ctx *ctx = context();
    hf_model *m = model_of(ctx, memoryless);
    test_panel p = {0};
    hf_states *s;
    test_panel_make(&p, DYADS, LONG, 1, 0);
    for (size_t r = 0; r < DYADS * LONG; r++)
        p.time[r] = (double)(r % LONG);
    p.y[7] = NAN;
    hf_dyads d = test_panel_view(&p);
    assert_int_equal(hf_simulate_like(ctx, m, &d, th, NULL, 3, 0, p.y), HF_OK);
    assert_true(isnan(p.y[7]));
    for (size_t r = 0; r < DYADS * LONG; r++) {
        if (r % LONG == 0 || isnan(p.y[r]) || isnan(p.y[r - 1]))
            continue;
        from_low += p.y[r - 1] < 0;
        switches += p.y[r - 1] < 0 && p.y[r] > 0;
        high += p.y[r] > 0;
        double e = p.y[r] - (p.y[r] > 0 ? 5 : -5);
        square += e * e;
        lag++;
    }
    assert_true(fabs(switches / from_low - .1) < 4 * sqrt(.1 * .9 / from_low));
    assert_true(fabs(high / lag - .25) < .05);
    assert_true(fabs(square / lag - 1) < 4 * sqrt(2 / lag));
    /* Normal scores of the predictive mixture: mean 0, variance 1, neighbours unrelated. */
    assert_int_equal(hf_states_new(&s, ctx, m, &d, th, NULL), HF_OK);
    hf_residual_check c = hf_states_check(s, 0);
    assert_int_equal(c.n, DYADS * LONG - 1);
    assert_true(fabs(c.mean) < 4 / sqrt((double)c.n));
    assert_true(fabs(c.sd - 1) < 4 / sqrt(2 * (double)c.n));
    assert_true(fabs(c.lag1) < 4 / sqrt((double)c.n));
    assert_true(fabs(c.excess_kurtosis) < .4);
    hf_states_free(s);
    /* Under another model they are not. */
    static const double wrong[] = {-5, 5, .1, .2, .1, .3};
    assert_int_equal(hf_states_new(&s, ctx, m, &d, wrong, NULL), HF_OK);
    assert_true(hf_states_check(s, 0).sd > 1.5);
    hf_states_free(s);
    hf_model_free(m);
    test_panel_free(&p);
    hf_ctx_free(ctx);
}

/* Drawn linear steps have the moments of the filter: the exact discretisation of both. */
static void drawn_states_have_the_models_moments(void **state)
{
    (void)state;
    static const double theta[] = {.5, .4, .3, .2};
    enum { DYADS = 4000 };
    hf_ctx *ctx = context();
    hf_model *m = model_of(ctx, twice);
    test_panel p = {0};
    hf_states *s;
    double first[2] = {0}, second[3] = {0}, mean[2], sd[2], lo, hi;
    test_panel_make(&p, DYADS, 3, 2, 0);
    for (size_t r = 0; r < DYADS * 3; r++) {
        p.time[r] = (double)(r % 3) * .7;
        p.y[2 * r] = p.y[2 * r + 1] = 0;
    }
    hf_dyads d = test_panel_view(&p);
    assert_int_equal(hf_simulate_like(ctx, m, &d, theta, NULL, 5, 1, p.y), HF_OK);
    for (size_t i = 0; i < DYADS; i++) {
        double *y = p.y + (i * 3 + 2) * 2;
        first[0] += y[0] / DYADS;
        first[1] += y[1] / DYADS;
        second[0] += y[0] * y[0] / DYADS;
        second[1] += y[1] * y[1] / DYADS;
    }
    /* What the filter expects of the third row when nothing was seen before it. */
    for (size_t r = 0; r < 3; r++)
        p.y[2 * r] = p.y[2 * r + 1] = r < 2 ? NAN : 0;
    d.n_dyads = 1;
    assert_int_equal(hf_states_new(&s, ctx, m, &d, theta, NULL), HF_OK);
    for (size_t j = 0; j < 2; j++) {
        hf_states_expected(s, 2, j, &mean[j], &lo, &hi);
        sd[j] = (hi - lo) / (2 * 1.959963984540054);
        assert_true(fabs(first[j] - mean[j]) < 4 * sd[j] / sqrt(DYADS));
        double v = second[j] - first[j] * first[j];
        assert_true(fabs(v / (sd[j] * sd[j]) - 1) < 4 * sqrt(2.0 / DYADS));
    }
    hf_states_free(s);
    hf_model_free(m);
    test_panel_free(&p);
    hf_ctx_free(ctx);
}

/* Intensities and 0/1 values: drawn, and the log-likelihood is finite and lower elsewhere. */
static void values_and_intensities(void **state)
{
    (void)state;
    static const char text[] = "model w 1\nstate x\nregime calm stirred\n"
                               "parameter k a b q up down\nd x = -k*x\ndiffusion x = q\n"
                               "in calm: observe y ~ binary(a + x)\n"
                               "in stirred: observe y ~ binary(b + x)\n"
                               "start x = 0\nstart variance x = 0.2\n"
                               "switch calm -> stirred intensity up\n"
                               "switch stirred -> calm intensity down\n";
    static const double th[] = {1, -2.5, 2.5, .4, .3, .5}, far[] = {1, 2.5, 2.5, .4, .3, .5};
    hf_ctx *ctx = context();
    hf_model *m = model_of(ctx, text);
    test_panel p = {0};
    hf_likelihood *l;
    double ll[2], sum = 0;
    test_panel_make(&p, 10, 60, 1, 0);
    for (size_t r = 0; r < 600; r++)
        p.time[r] = (double)(r % 60) * .5;
    hf_dyads d = test_panel_view(&p);
    assert_int_equal(hf_simulate_like(ctx, m, &d, th, NULL, 8, 0, p.y), HF_OK);
    for (size_t r = 0; r < 600; r++) {
        assert_true(p.y[r] == 0 || p.y[r] == 1);
        sum += p.y[r];
    }
    assert_true(sum > 120 && sum < 420);
    assert_int_equal(hf_likelihood_new(&l, ctx, m, &d, NULL), HF_OK);
    assert_int_equal(hf_likelihood_value(l, th, &ll[0]), HF_OK);
    assert_int_equal(hf_likelihood_value(l, far, &ll[1]), HF_OK);
    assert_true(isfinite(ll[0]) && ll[0] > ll[1] + 10);
    hf_likelihood_free(l);
    hf_model_free(m);
    test_panel_free(&p);
    hf_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(equal_regimes_are_one),
                                       cmocka_unit_test(kim_is_exact_where_states_forget),
                                       cmocka_unit_test(regimes_are_drawn_by_their_probabilities),
                                       cmocka_unit_test(drawn_states_have_the_models_moments),
                                       cmocka_unit_test(values_and_intensities)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
