/* SPDX-License-Identifier: MIT */
/* labels: oracle property */
/* Reliability against closed forms and brute force, reliable change and quadrants against worked
 * numbers. */
#include "attachment/psychometrics.h"
#include "num/random.h"
#include "support/failing_alloc.h"
#include "support/test.h"

#include <math.h>

#define near(got, want, within)                                                                    \
    do {                                                                                           \
        if (!(fabs((got) - (want)) <= (within)))                                                   \
            fail_msg("%s is %.15g, wanted %.15g", #got, (double)(got), (double)(want));            \
    } while (0)

static const uint16_t columns[8] = {1, 2, 3, 4, 5, 6, 7, 8};

static hf_instrument *form(hf_ctx *ctx, const char *key)
{
    char text[400];
    hf_instrument *in;
    snprintf(text, sizeof text,
             "instrument t\nstatus own\nitems 8\nrange 1 7\nscale s\nscore mean\norder o\n"
             "key s %s\n",
             key);
    assert_ok(ctx, hf_instrument_parse(&in, ctx, "t", text, strlen(text)));
    return in;
}

static hf_i_reading all_of(size_t k)
{
    hf_i_reading r = {.k = k};
    for (size_t i = 0; i < k; i++) {
        r.place[i] = (uint16_t)i;
        r.sign[i] = 1;
    }
    return r;
}

/* Five sheets of three items, worked by hand: variances 2.5, 2.5, 2.5; covariances 2.5, -2.5 ... */
static void by_hand(void **state)
{
    static const int8_t x[5][8] = {{1, 2, 5, 1, 1, 1, 1, 1},
                                   {2, 1, 4, 1, 1, 1, 1, 1},
                                   {3, 3, 3, 1, 1, 1, 1, 1},
                                   {4, 5, 2, 1, 1, 1, 1, 1},
                                   {5, 4, 1, 1, 1, 1, 1, 1}};
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_instrument *in = form(ctx, "1 2 3R");
    hf_sheets *s;
    hf_i_moments m;
    assert_ok(ctx, hf_sheets_from_array(&s, ctx, in, x[0], 5, NULL, NULL));
    assert_ok(ctx, hf_i_moments_init(&m, ctx, s, columns, 3));
    assert_int_equal(m.n, 5);
    near(m.mean[0], 3, 0);
    near(m.cov[0], 2.5, 0);
    near(m.cov[1], 2, 0); /* sum of products of deviations 8, divided by 4 */
    near(m.cov[2], -2.5, 0);
    hf_i_reading r = all_of(3);
    r.sign[2] = -1;
    /* Total variance 7.5 + 2 (2 + 2.5 + 2) = 20.5; alpha = 1.5 (1 - 7.5 / 20.5). */
    near(hf_i_alpha(&m, &r), 1.5 * (1 - 7.5 / 20.5), 1e-15);
    double rest[3];
    hf_i_item_rest(&m, &r, rest);
    /* Item 1 with items 2 + 3R: 4.5 / sqrt(2.5 * (2.5 + 2.5 + 2 * 2)). */
    near(rest[0], 4.5 / sqrt(2.5 * 9), 1e-15);
    near(rest[1], 4 / sqrt(2.5 * 10), 1e-15);
    assert_int_equal(hf_i_raw_negative(&m, &r), 1);
    r.sign[2] = 1;
    hf_i_item_rest(&m, &r, rest);
    assert_true(rest[2] < 0);
    hf_i_moments_dispose(&m);
    hf_sheets_free(s);
    hf_instrument_free(in);
    hf_ctx_free(ctx);
}

/* A covariance matrix that one factor explains exactly gives back loadings, so omega is known. */
static void omega_exact(void **state)
{
    static const double load[6] = {.8, .7, .6, .9, .5, .75}, error[6] = {.4, .5, .7, .3, .6, .2};
    (void)state;
    hf_ctx *ctx = test_ctx();
    double cov[36], mean[6] = {0}, sum = 0, rest = 0, omega;
    bool heywood;
    for (int i = 0; i < 6; i++) {
        sum += load[i];
        rest += error[i];
        for (int j = 0; j < 6; j++)
            cov[i * 6 + j] = load[i] * load[j] + (i == j ? error[i] : 0);
    }
    uint16_t c[6] = {1, 2, 3, 4, 5, 6};
    hf_i_moments m = {.n = 500, .p = 6, .columns = c, .mean = mean, .cov = cov};
    hf_i_reading r = all_of(6);
    assert_ok(ctx, hf_i_omega(&omega, &heywood, ctx, &m, &r));
    near(omega, sum * sum / (sum * sum + rest), 1e-8);
    assert_false(heywood);
    /* Equal loadings and errors: omega is alpha. */
    for (int i = 0; i < 36; i++)
        cov[i] = i % 7 == 0 ? 1 : .4;
    assert_ok(ctx, hf_i_omega(&omega, &heywood, ctx, &m, &r));
    near(omega, hf_i_alpha(&m, &r), 1e-8);
    near(omega, 6 * .4 / (1 + 5 * .4), 1e-8);
    /* Reversing an item and its sign together changes nothing. */
    for (int j = 0; j < 6; j++) {
        cov[2 * 6 + j] = -cov[2 * 6 + j];
        cov[j * 6 + 2] = -cov[j * 6 + 2];
    }
    double before = omega;
    r.sign[2] = -1;
    assert_ok(ctx, hf_i_omega(&omega, &heywood, ctx, &m, &r));
    near(omega, before, 1e-12);
    hf_ctx_free(ctx);
}

/* Three items have a closed form: l1^2 = s12 s13 / s23. */
static void omega_three(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    double cov[9] = {1, .42, .35, .42, 1, .3, .35, .3, 1}, mean[3] = {0}, omega;
    double l[3] = {sqrt(.42 * .35 / .3), sqrt(.42 * .3 / .35), sqrt(.35 * .3 / .42)};
    double common = (l[0] + l[1] + l[2]) * (l[0] + l[1] + l[2]);
    double unique = 3 - l[0] * l[0] - l[1] * l[1] - l[2] * l[2];
    uint16_t c[3] = {1, 2, 3};
    bool heywood;
    hf_i_moments m = {.n = 100, .p = 3, .columns = c, .mean = mean, .cov = cov};
    hf_i_reading r = all_of(3);
    assert_ok(ctx, hf_i_omega(&omega, &heywood, ctx, &m, &r));
    near(omega, common / (common + unique), 1e-8);
    /* s12 s13 / s23 above 1: no error variance left for the first item. */
    cov[5] = cov[7] = .1;
    assert_ok(ctx, hf_i_omega(&omega, &heywood, ctx, &m, &r));
    assert_true(heywood);
    r.k = 2;
    assert_ok(ctx, hf_i_omega(&omega, &heywood, ctx, &m, &r));
    assert_true(isnan(omega));
    hf_ctx_free(ctx);
}

/* F(.95; 5, 10) = 3.325835 and others from the published table. */
static void f_quantiles(void **state)
{
    (void)state;
    near(hf_i_f_quantile(.95, 5, 10), 3.325834530, 1e-6);
    near(hf_i_f_quantile(.975, 1, 1), 647.7890114, 1e-3);
    near(hf_i_f_quantile(.5, 7, 7), 1, 1e-9);
    near(hf_i_f_quantile(.975, 4, 8) * hf_i_f_quantile(.025, 8, 4), 1, 1e-8);
    double lo, hi;
    hf_i_alpha_interval(.8, 100, 10, &lo, &hi);
    assert_true(lo < .8 && hi > .8 && lo > .72 && hi < .86);
    hf_i_alpha_interval(NAN, 100, 10, &lo, &hi);
    assert_true(isnan(lo) && isnan(hi));
}

/* The interval of alpha holds: parallel items with a known alpha, drawn 2,000 times. */
static void alpha_coverage(void **state)
{
    enum { DRAWS = 2000, PEOPLE = 40, ITEMS = 6 };
    const double truth = ITEMS * .3 / (1 + (ITEMS - 1) * .3);
    unsigned inside = 0;
    (void)state;
    hf_i_random rnd;
    hf_i_random_init(&rnd, 3, 0, 0);
    for (int d = 0; d < DRAWS; d++) {
        double x[PEOPLE][ITEMS], mean[ITEMS] = {0}, cov[ITEMS * ITEMS] = {0}, lo, hi;
        for (int i = 0; i < PEOPLE; i++) {
            double f = hf_i_random_normal(&rnd);
            for (int j = 0; j < ITEMS; j++) {
                x[i][j] = sqrt(.3) * f + sqrt(.7) * hf_i_random_normal(&rnd);
                mean[j] += x[i][j] / PEOPLE;
            }
        }
        for (int i = 0; i < PEOPLE; i++)
            for (int j = 0; j < ITEMS; j++)
                for (int k = 0; k < ITEMS; k++)
                    cov[j * ITEMS + k] += (x[i][j] - mean[j]) * (x[i][k] - mean[k]) / (PEOPLE - 1);
        uint16_t c[ITEMS];
        hf_i_moments m = {.n = PEOPLE, .p = ITEMS, .columns = c, .mean = mean, .cov = cov};
        hf_i_reading r = all_of(ITEMS);
        hf_i_alpha_interval(hf_i_alpha(&m, &r), PEOPLE, ITEMS, &lo, &hi);
        inside += lo <= truth && truth <= hi;
    }
    print_message("alpha: %.3f of 2,000 intervals hold the true value (.95)\n",
                  (double)inside / DRAWS);
    near((double)inside / DRAWS, .95, .015);
}

static void moments_brute_force(void **state)
{
    enum { N = 1500 }; /* more than two blocks */
    static int8_t x[N][8];
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_instrument *in = form(ctx, "1-8");
    hf_sheets *s;
    hf_i_moments m;
    hf_i_random r;
    hf_i_random_init(&r, 9, 0, 0);
    double sum[8] = {0}, cross[8][8] = {{0}};
    size_t n = 0;
    for (int i = 0; i < N; i++) {
        bool whole = true;
        for (int j = 0; j < 8; j++) {
            x[i][j] = (int8_t)(1 + hf_i_random_below(&r, 7));
            if (hf_i_random_below(&r, 30) == 0)
                x[i][j] = HF_ANSWER_MISSING;
            whole = whole && x[i][j] != HF_ANSWER_MISSING;
        }
        n += whole;
        for (int j = 0; j < 8 && whole; j++) {
            sum[j] += x[i][j];
            for (int k = 0; k < 8; k++)
                cross[j][k] += (double)x[i][j] * x[i][k];
        }
    }
    assert_ok(ctx, hf_sheets_from_array(&s, ctx, in, x[0], N, NULL, NULL));
    assert_ok(ctx, hf_i_moments_init(&m, ctx, s, columns, 8));
    assert_int_equal(m.n, n);
    for (int j = 0; j < 8; j++)
        for (int k = 0; k < 8; k++)
            near(m.cov[j * 8 + k], (cross[j][k] - sum[j] * sum[k] / n) / (n - 1.0), 1e-11);
    hf_i_moments_dispose(&m);
    hf_sheets_free(s);
    hf_instrument_free(in);
    hf_ctx_free(ctx);
}

/* ---- profile ------------------------------------------------------------------------------- */

static void reliable_change(void **state)
{
    double rci, threshold;
    (void)state;
    /* By the formula of Jacobson & Truax (1991): error = SD sqrt(2 (1 - reliability)). */
    double error = 7.5 * sqrt(2 * (1 - .80));
    assert_int_equal(hf_reliable_change(47.5, 32.5, 7.5, .80, &rci, &threshold), HF_CHANGE_DOWN);
    near(rci, -15 / error, 1e-12);
    near(threshold, 1.96 * error, 1e-12);
    assert_int_equal(hf_reliable_change(3, 3.6, .8, .916, NULL, NULL), HF_CHANGE_NONE);
    assert_int_equal(hf_reliable_change(3, 3.7, .8, .916, NULL, &threshold), HF_CHANGE_UP);
    near(threshold, .6427, 1e-3); /* 36 items of the ECR: "about .65" */
    assert_int_equal(hf_reliable_change(NAN, 3, .8, .9, &rci, NULL), HF_CHANGE_NOT_ENOUGH);
    assert_true(isnan(rci));
    assert_int_equal(hf_reliable_change(2, 3, NAN, .9, NULL, &threshold), HF_CHANGE_NOT_ENOUGH);
    assert_true(isnan(threshold));
    assert_int_equal(hf_reliable_change(2, 3, 1, 1, NULL, NULL), HF_CHANGE_NOT_ENOUGH);
}

static void quadrants(void **state)
{
    double q[4];
    (void)state;
    hf_quadrant_probabilities(q, 3, .2, 3, 3, .3, 3);
    for (int k = 0; k < 4; k++)
        near(q[k], .25, 1e-15);
    /* One SEM above one cut, one below the other: .8413447 and .1586553. */
    hf_quadrant_probabilities(q, 3.2, .2, 3, 2.7, .3, 3);
    near(q[HF_HIGHER_ANXIETY], .8413447460685429 * .8413447460685429, 1e-12);
    near(q[HF_HIGH_BOTH], .8413447460685429 * .15865525393145707, 1e-12);
    near(q[HF_LOW_BOTH], .15865525393145707 * .8413447460685429, 1e-12);
    near(q[HF_HIGHER_AVOIDANCE], .15865525393145707 * .15865525393145707, 1e-12);
    hf_quadrant_probabilities(q, NAN, .2, 3, 2.7, .3, 3);
    for (int k = 0; k < 4; k++)
        assert_true(isnan(q[k]));
    near(hf_change_range(3, 1, 5, 1, 7), 4, 0); /* 1 + 1.5 (x - 1) */
}

static void behaviour(void **state)
{
    (void)state;
    hf_behaviour b = {.partner = HF_PARTNER_A, .episodes = 10, .pursued = 7, .withdrew = 1};
    hf_behaviour_intervals(&b);
    near(b.pursued_lo, .3968, 1e-3); /* Wilson, 7 of 10 */
    near(b.pursued_hi, .8922, 1e-3);
    assert_true(b.withdrew_lo < .1 && b.withdrew_hi > .1);
    b.episodes = 4;
    hf_behaviour_intervals(&b);
    assert_true(isnan(b.pursued_lo) && isnan(b.withdrew_hi));
}

RUN_TESTS(cmocka_unit_test(by_hand), cmocka_unit_test(omega_exact), cmocka_unit_test(omega_three),
          cmocka_unit_test(f_quantiles), cmocka_unit_test(alpha_coverage),
          cmocka_unit_test(moments_brute_force), cmocka_unit_test(reliable_change),
          cmocka_unit_test(quadrants), cmocka_unit_test(behaviour))
