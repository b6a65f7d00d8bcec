/* SPDX-License-Identifier: MIT */
/* labels: oracle property */
/* The integrators' orders, the same bits for any width of the machine, and two links of the theory
 * to other models: near rest it is a linear system, and protection is a sigmoid of danger. */
#include "model/nepd/dopri.h"
#include "model/nepd/nepd.h"
#include "num/random.h"

#include <holdfast/simulate.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static hf_ctx *ctx;
static hf_i_nepd_constants k;

static hf_i_nepd model_of(double xa, double ya, double xb, double yb)
{
    hf_i_nepd m = {.k = &k};
    const double x[2] = {xa, xb}, y[2] = {ya, yb};
    for (int l = 0; l < HF_LANES; l++)
        hf_i_nepd_set_traits(&m, l, x, y);
    return m;
}

static hf_i_nepd_input calm_input(const hf_i_nepd *m)
{
    hf_i_nepd_input in;
    hf_i_nepd_input_calm(&in);
    hf_i_nepd_prepare(m, &in);
    return in;
}

/* Two anxious partners in alarm: no kink is crossed on the way to the locked rest. */
static void alarmed(hf_v4 *x)
{
    hf_i_nepd_start(x, 0.2);
    x[HF_NEPD_D] = x[HF_NEPD_PER_PARTNER + HF_NEPD_D] = hf_i_v4_all(2.2);
}

static double distance(const hf_v4 *a, const hf_v4 *b)
{
    double worst = 0;
    for (int i = 0; i < HF_NEPD_STATES; i++)
        worst = fmax(worst, fabs(a[i][0] - b[i][0]));
    return worst;
}

static void runge_kutta_has_order_four(void **state)
{
    (void)state;
    hf_i_nepd m = model_of(.9, -.4, .9, -.4);
    hf_i_nepd_input in = calm_input(&m);
    hf_v4 exact[HF_NEPD_STATES], x[HF_NEPD_STATES];
    double h = 0, error[4];
    alarmed(exact);
    hf_i_nepd_dopri5(&m, &in, exact, 4, 1e-13, &h);
    for (int s = 0; s < 4; s++) {
        alarmed(x);
        hf_i_nepd_rk4(&m, &in, x, 0.25 / (1 << s), (uint64_t)16 << s);
        error[s] = distance(x, exact);
        print_message("step %.5f: error %.2e\n", 0.25 / (1 << s), error[s]);
    }
    for (int s = 1; s < 4; s++)
        assert_true(error[s - 1] / error[s] > 12 && error[s - 1] / error[s] < 22);
}

static void tolerance_is_kept(void **state)
{
    (void)state;
    hf_i_nepd m = model_of(.9, -.4, .9, -.4);
    hf_i_nepd_input in = calm_input(&m);
    hf_v4 exact[HF_NEPD_STATES], x[HF_NEPD_STATES];
    double h = 0;
    alarmed(exact);
    hf_i_nepd_dopri5(&m, &in, exact, 10, 1e-13, &h);
    for (double tolerance = 1e-4; tolerance > 1e-11; tolerance /= 10) {
        h = 0;
        alarmed(x);
        hf_i_nepd_dopri5(&m, &in, x, 10, tolerance, &h);
        assert_true(distance(x, exact) < 20 * tolerance);
    }
}

/* The same Brownian path in steps of 2^-s hours; additive noise: strong order 1. Weak error: of the
 * mean over the paths. */
static void noise_scheme_converges(void **state)
{
    (void)state;
    enum { FINE = 1024, PATHS = 400, LEVELS = 4 };
    static hf_v4 increments[FINE][3];
    hf_i_nepd m = model_of(.9, -.4, .9, -.4);
    hf_i_nepd_input in = calm_input(&m);
    double strong[LEVELS] = {0}, weak[LEVELS] = {0}, length = 2;
    for (int group = 0; group < PATHS / HF_LANES; group++) {
        hf_i_random random;
        hf_v4 exact[HF_NEPD_STATES], x[HF_NEPD_STATES];
        hf_i_random_init(&random, 11, 0, (uint64_t)group);
        for (int t = 0; t < FINE; t++)
            for (int q = 0; q < 3; q++)
                for (int l = 0; l < HF_LANES; l++)
                    increments[t][q][l] = hf_i_random_normal(&random);
        alarmed(exact);
        for (int t = 0; t < FINE; t++)
            hf_i_nepd_heun(&m, &in, exact, length / FINE, increments[t]);
        for (int level = 0; level < LEVELS; level++) {
            int steps = 8 << level, each = FINE / steps;
            alarmed(x);
            for (int t = 0; t < steps; t++) {
                hf_v4 z[3] = {{0}, {0}, {0}};
                for (int j = 0; j < each; j++)
                    for (int q = 0; q < 3; q++)
                        z[q] = z[q] + increments[t * each + j][q];
                for (int q = 0; q < 3; q++)
                    z[q] = z[q] * hf_i_v4_all(1 / sqrt(each));
                hf_i_nepd_heun(&m, &in, x, length / steps, z);
            }
            for (int l = 0; l < HF_LANES; l++) {
                double e = x[HF_NEPD_D][l] - exact[HF_NEPD_D][l];
                strong[level] += fabs(e) / PATHS;
                weak[level] += e / PATHS;
            }
        }
    }
    for (int level = 0; level < LEVELS; level++)
        print_message("step %.4f h: strong error of d %.2e, weak %.2e\n", length / (8 << level),
                      strong[level], fabs(weak[level]));
    for (int level = 1; level < LEVELS; level++)
        assert_true(strong[level - 1] / strong[level] > 1.6);
    assert_true(fabs(weak[LEVELS - 1]) < fabs(weak[0]) / 3);
}

/* A pair alone and among others: the same bits, though another lane crosses kinks. */
static void neighbours_do_not_matter(void **state)
{
    (void)state;
    hf_pair pairs[5] = {{{.9, -.3}, {-.4, .9}},
                        {{-.5, -.5}, {-.5, -.5}},
                        {{.9, .9}, {-.4, -.4}},
                        {{.9, -.3}, {.9, .9}},
                        {{.3, .1}, {.2, .4}}};
    hf_change stress = {HF_CHANGE_STRESS, 0, 20, 21, 2};
    hf_simulate_options o = HF_SIMULATE_OPTIONS_INIT;
    hf_paths *all = NULL, *one = NULL;
    o.changes = &stress;
    o.change_count = 1;
    o.hours = 100;
    assert_int_equal(hf_simulate(&all, ctx, pairs, 5, &o), HF_OK);
    for (size_t p = 0; p < 5; p++) {
        assert_int_equal(hf_simulate(&one, ctx, &pairs[p], 1, &o), HF_OK);
        for (size_t t = 0; t < hf_paths_count_times(one); t++)
            assert_memory_equal(hf_paths_get_state(all, p, 0, t), hf_paths_get_state(one, 0, 0, t),
                                HF_STATE_COUNT * sizeof(double));
        hf_paths_free(one);
    }
    hf_paths_free(all);
}

/* Near rest a small displacement moves as dx/dt = J x with J from differences: a coupled linear
 * system, that is with noise an Ornstein-Uhlenbeck process as in the linear models of a pair. */
static void near_rest_it_is_linear(void **state)
{
    (void)state;
    enum { S = HF_NEPD_STATES };
    hf_i_nepd m = model_of(.9, -.4, -.3, .9);
    hf_i_nepd_input in = calm_input(&m);
    hf_v4 rest[S], x[S], f[S], g[S];
    static double jac[S][S];
    double u[S] = {0}, size = 1e-4;
    hf_i_nepd_start(rest, 0.7);
    hf_i_nepd_rk4(&m, &in, rest, 0.125, 8 * 2000);
    for (int c = 0; c < S; c++) {
        memcpy(x, rest, sizeof x);
        x[c] = rest[c] + hf_i_v4_all(1e-6);
        hf_i_nepd_rhs(&m, &in, x, f);
        x[c] = rest[c] - hf_i_v4_all(1e-6);
        hf_i_nepd_rhs(&m, &in, x, g);
        for (int r = 0; r < S; r++)
            jac[r][c] = (f[r][0] - g[r][0]) / 2e-6;
    }
    memcpy(x, rest, sizeof x);
    u[HF_NEPD_D] = u[HF_NEPD_C] = size;
    x[HF_NEPD_D] = x[HF_NEPD_D] + hf_i_v4_all(size);
    x[HF_NEPD_C] = x[HF_NEPD_C] + hf_i_v4_all(size);
    hf_i_nepd_rk4(&m, &in, x, 0.01, 500);
    for (int t = 0; t < 5000; t++) { /* explicit midpoint on the linear system, 5 h */
        double half[S], slope[S];
        for (int r = 0; r < S; r++) {
            slope[r] = 0;
            for (int c = 0; c < S; c++)
                slope[r] += jac[r][c] * u[c];
            half[r] = u[r] + 0.0005 * slope[r];
        }
        for (int r = 0; r < S; r++) {
            slope[r] = 0;
            for (int c = 0; c < S; c++)
                slope[r] += jac[r][c] * half[c];
        }
        for (int r = 0; r < S; r++)
            u[r] += 0.001 * slope[r];
    }
    for (int i = 0; i < S; i++)
        assert_true(fabs(x[i][0] - rest[i][0] - u[i]) < 0.01 * size);
}

/* What danger calls for, at once: rises with danger, steepest at the threshold, bounded by 1. */
static void protection_is_a_sigmoid_of_danger(void **state)
{
    (void)state;
    hf_i_nepd m = model_of(.9, -.4, -.3, .9);
    hf_i_nepd_input in = calm_input(&m);
    double last = -1, steepest = 0, at = 0;
    for (double d = 0; d < 3; d += 0.01) {
        hf_v4 x[HF_NEPD_STATES], f[HF_NEPD_STATES];
        hf_i_nepd_start(x, 0.5);
        x[HF_NEPD_D] = hf_i_v4_all(d);
        hf_i_nepd_rhs(&m, &in, x, f);
        double target = (f[HF_NEPD_P][0] + f[HF_NEPD_W][0]) / k.protect_rate;
        assert_true(target >= last && target <= 1);
        if (last >= 0 && target - last > steepest) {
            steepest = target - last;
            at = d;
        }
        last = target;
    }
    assert_true(last > 0.98);
    assert_true(fabs(at - m.gain[0].threshold[0]) < 0.03);
}

/* What the partner's withdrawing calls for in the end, all else held: danger moves to its rest, and
 * protection follows it at once. */
static double answer_to_withdrawing(const hf_i_nepd *m, const hf_i_nepd_input *in,
                                    double withdrawing)
{
    hf_v4 x[HF_NEPD_STATES], f[HF_NEPD_STATES];
    hf_i_nepd_start(x, 0.8);
    x[HF_NEPD_N] = hf_i_v4_all(0.4);
    x[HF_NEPD_PER_PARTNER + HF_NEPD_W] = hf_i_v4_all(withdrawing);
    for (int t = 0; t < 20000; t++) {
        hf_i_nepd_rhs(m, in, x, f);
        x[HF_NEPD_D] = x[HF_NEPD_D] + hf_i_v4_all(0.01) * f[HF_NEPD_D];
        if (fabs(f[HF_NEPD_D][0]) < 1e-12)
            break;
    }
    hf_i_nepd_rhs(m, in, x, f);
    return (f[HF_NEPD_P][0] + f[HF_NEPD_W][0]) / k.protect_rate;
}

/* With protection quasi-static the partner's withdrawing acts through a sigmoid, as in the ojive
 * form of Gottman and Murray and the tanh of Liebovitch: it rises, turns once, is bounded, and one
 * curve A + B tanh(s (w - m)) stays within .03 of it everywhere. */
static void quasi_static_influence_is_a_sigmoid(void **state)
{
    (void)state;
    enum { POINTS = 41 };
    hf_i_nepd m = model_of(.9, -.4, -.3, .9);
    hf_i_nepd_input in = calm_input(&m);
    double y[POINTS], best = INFINITY;
    int turns = 0;
    for (int i = 0; i < POINTS; i++) {
        y[i] = answer_to_withdrawing(&m, &in, i / (POINTS - 1.0));
        assert_true(y[i] >= 0 && y[i] <= 1 && (i == 0 || y[i] >= y[i - 1] - 1e-9));
    }
    for (int i = 2; i < POINTS - 1; i++) {
        double bend = y[i + 1] - 2 * y[i] + y[i - 1], before = y[i] - 2 * y[i - 1] + y[i - 2];
        turns += before > 1e-4 && bend < -1e-4;
    }
    for (double slope = 1; slope < 15; slope += .1)
        for (double middle = -.2; middle < 1; middle += .01) {
            double lo = tanh(slope * (0 - middle)), hi = tanh(slope * (1 - middle)), worst = 0;
            double B = (y[POINTS - 1] - y[0]) / (hi - lo), A = y[0] - B * lo;
            for (int i = 0; i < POINTS; i++)
                worst =
                    fmax(worst, fabs(A + B * tanh(slope * (i / (POINTS - 1.0) - middle)) - y[i]));
            best = fmin(best, worst);
        }
    print_message("influence of withdrawing: %.3f to %.3f, off a tanh by %.4f\n", y[0],
                  y[POINTS - 1], best);
    assert_true(y[POINTS - 1] - y[0] > .3);
    assert_true(turns <= 1);
    assert_true(best < .03);
}

static int setup(void **state)
{
    (void)state;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 1;
    return hf_i_nepd_constants_default(&k, ctx) == HF_OK ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    hf_ctx_free(ctx);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(runge_kutta_has_order_four),
                                       cmocka_unit_test(tolerance_is_kept),
                                       cmocka_unit_test(noise_scheme_converges),
                                       cmocka_unit_test(neighbours_do_not_matter),
                                       cmocka_unit_test(near_rest_it_is_linear),
                                       cmocka_unit_test(protection_is_a_sigmoid_of_danger),
                                       cmocka_unit_test(quasi_static_influence_is_a_sigmoid)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
