/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
/* The trainers against closed forms, brute force and finite differences. */
#include "num/random.h"
#include "signal/text/kernel.h"
#include "signal/text/linear.h"
#include "signal/text/metric.h"
#include "signal/text/net.h"
#include "signal/text/stack.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static hf_ctx *ctx;

/* ---- kernels: whole numbers, so equal to the plain sum on any machine ---------------------------
 */

static void kernels_equal_plain_sums(void **state)
{
    (void)state;
    enum { ROWS = 40, N = 700 };
    static int8_t table[ROWS * HF_KERNEL_WIDE];
    static uint32_t row[N];
    int32_t got[HF_KERNEL_WIDE], want[HF_KERNEL_WIDE] = {0};
    hf_i_random r;
    hf_i_random_init(&r, 7, 0, 0);
    for (size_t i = 0; i < sizeof table; i++)
        table[i] = (int8_t)((int)hf_i_random_below(&r, 255) - 127);
    for (size_t i = 0; i < N; i++) {
        row[i] = (uint32_t)hf_i_random_below(&r, ROWS);
        for (size_t j = 0; j < HF_KERNEL_WIDE; j++)
            want[j] += table[row[i] * HF_KERNEL_WIDE + j];
    }
    hf_i_kernel_rows(got, table, row, N);
    assert_memory_equal(got, want, sizeof got);
    memset(want, 0, sizeof want);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < HF_KERNEL_NARROW; j++)
            want[j] += table[(row[i] >> 1) * HF_KERNEL_NARROW + j];
    hf_i_kernel_narrow_rows(got, table, row, N, 1);
    assert_memory_equal(got, want, HF_KERNEL_NARROW * sizeof *got);
}

/* Extremes do not wrap: 256 rows of -127 and of 127 fit the 16-bit lanes. */
static void kernel_rows_do_not_wrap(void **state)
{
    (void)state;
    int8_t table[2 * HF_KERNEL_WIDE];
    uint32_t row[1000];
    int32_t got[HF_KERNEL_WIDE];
    memset(table, 127, HF_KERNEL_WIDE);
    memset(table + HF_KERNEL_WIDE, -127, HF_KERNEL_WIDE);
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < 1000; i++)
            row[i] = (uint32_t)k;
        hf_i_kernel_rows(got, table, row, 1000);
        for (size_t j = 0; j < HF_KERNEL_WIDE; j++)
            assert_int_equal(got[j], k ? -127000 : 127000);
    }
}

static void kernel_products_and_pool(void **state)
{
    (void)state;
    enum { ROWS = 7, N = 48, TOKENS = 5 };
    int16_t m[ROWS * N], x[N], part[TOKENS + 2][3 * N] = {{0}}, bias[N], most[N];
    const int16_t *at[TOKENS + 2];
    int32_t got[ROWS];
    hf_i_random r;
    hf_i_random_init(&r, 8, 0, 0);
    for (size_t i = 0; i < ROWS * N; i++)
        m[i] = (int16_t)((int)hf_i_random_below(&r, 255) - 127);
    for (size_t i = 0; i < N; i++) {
        x[i] = (int16_t)((int)hf_i_random_below(&r, 65535) - 32767);
        bias[i] = (int16_t)((int)hf_i_random_below(&r, 101) - 50);
    }
    hf_i_kernel_dots(got, m, x, ROWS, N);
    for (size_t k = 0; k < ROWS; k++) {
        int32_t want = 0;
        for (size_t i = 0; i < N; i++)
            want += (int32_t)m[k * N + i] * x[i];
        assert_int_equal(got[k], want);
    }
    for (size_t t = 0; t < TOKENS + 2; t++) {
        at[t] = part[t];
        for (size_t i = 0; i < 3 * N && t && t <= TOKENS; i++)
            part[t][i] = (int16_t)((int)hf_i_random_below(&r, 20001) - 10000);
    }
    hf_i_kernel_pool(most, at, bias, TOKENS, N);
    for (size_t i = 0; i < N; i++) {
        int want = 0;
        for (size_t t = 0; t < TOKENS; t++) {
            int z = part[t][i] + part[t + 1][N + i] + part[t + 2][2 * N + i] + bias[i];
            want = z > want ? z : want;
        }
        assert_int_equal(most[i], want);
    }
}

static void kernel_rounds_and_holds(void **state)
{
    (void)state;
    const int32_t sum[20] = {0, 3, 5, -3, -5, 1000000, -1000000, 7,  -7, 1,
                             2, 4, 6, 8,  9,  10,      11,       12, 13, 14};
    float scale[20], bias[20];
    int16_t got[20];
    for (int i = 0; i < 20; i++) {
        scale[i] = 0.5f;
        bias[i] = 0.125f;
    }
    hf_i_kernel_round(got, sum, scale, NULL, 1, -100, 100, 20);
    const int16_t want[] = {0, 2, 3, -1, -2, 100, -100, 4, -3};
    assert_memory_equal(got, want, sizeof want);
    hf_i_kernel_round(got, sum, scale, bias, 2, 0, 100, 20);
    const int16_t held[] = {0, 3, 5, 0, 0, 100, 0, 7, 0};
    assert_memory_equal(got, held, sizeof held);
}

/* ---- the network: gradients against central differences
 * ------------------------------------------- */

static const uint32_t words[] = {3, 4, 0, 5, 4}, begins[] = {0, 2, 4, 6, 6, 7};
static const uint32_t subs[] = {0, 1, 2, 3, 1, 5, 6};
static const uint8_t flags[] = {0, 1, 0, 2, 0};

static void gradients_match_differences(void **state)
{
    (void)state;
    hf_i_net net;
    hf_i_net_work w;
    hf_i_net_input in = {5, words, begins, subs, flags};
    enum { HEADS = 16 };
    float target[HEADS], weight[HEADS];
    assert_int_equal(hf_i_net_init(&net, ctx, 8, 8, 16, 16, 16, HEADS, 3), HF_OK);
    assert_int_equal(hf_i_net_work_init(&w, &net, true), HF_OK);
    for (int k = 0; k < HEADS; k++) {
        target[k] = k % 3 == 0 ? -1.0f : (float)(k % 2);
        weight[k] = 0.5f + 0.1f * (float)k;
    }
    hf_i_net_loss(&net, &w, &in, target, weight);
    float *grad = malloc(net.dense_count * sizeof *grad);
    float de[5 * 16];
    memcpy(grad, w.grad, net.dense_count * sizeof *grad);
    memcpy(de, w.de + 16, sizeof de);
    const float h = 1e-2f;
    int checked = 0;
    for (size_t i = 0; i < net.dense_count; i += 13) {
        float keep = net.dense[i];
        net.dense[i] = keep + h;
        double up = hf_i_net_loss(&net, &w, &in, target, weight);
        net.dense[i] = keep - h;
        double down = hf_i_net_loss(&net, &w, &in, target, weight);
        net.dense[i] = keep;
        double difference = (up - down) / (2 * (double)h);
        /* A rectifier or a maximum may flip inside the step: allow a few. */
        if (fabs(difference - (double)grad[i]) < 2e-3 + 0.02 * fabs(difference))
            checked++;
    }
    assert_true(checked >= (int)(0.97 * (double)(net.dense_count / 13)));
    /* Word row 4 stands in two places: its gradient is the sum of both. */
    for (size_t d = 0; d < 16; d++) {
        float keep = net.word[4 * 16 + d];
        net.word[4 * 16 + d] = keep + h;
        double up = hf_i_net_loss(&net, &w, &in, target, weight);
        net.word[4 * 16 + d] = keep - h;
        double down = hf_i_net_loss(&net, &w, &in, target, weight);
        net.word[4 * 16 + d] = keep;
        double want = (double)(de[16 + d] + de[4 * 16 + d]);
        assert_true(fabs((up - down) / (2 * (double)h) - want) < 5e-3 + 0.05 * fabs(want));
    }
    free(grad);
    hf_i_net_work_dispose(&w, &net);
    hf_i_net_dispose(&net);
}

/* ---- the linear part: the optimality conditions of the dual
 * -------------------------------------- */

static void linear_training_reaches_the_optimum(void **state)
{
    (void)state;
    enum { ROWS = 60, COLUMNS = 20, HEADS = 8 };
    hf_i_matrix x;
    hf_i_random r;
    uint32_t row[ROWS];
    int8_t y[ROWS * HEADS];
    static float w[COLUMNS * HEADS];
    float bias[HEADS], dense[ROWS][COLUMNS] = {{0}};
    hf_i_random_init(&r, 11, 0, 0);
    hf_i_matrix_init(&x, ctx, COLUMNS);
    for (uint32_t i = 0; i < ROWS; i++) {
        uint32_t column[6];
        float value[6];
        row[i] = i;
        for (int k = 0; k < 6; k++) {
            column[k] = (uint32_t)hf_i_random_below(&r, COLUMNS);
            value[k] = (float)hf_i_random_normal(&r);
            dense[i][column[k]] += value[k];
        }
        assert_int_equal(hf_i_matrix_add(&x, column, value, 6), HF_OK);
        for (int h = 0; h < HEADS; h++)
            y[i * HEADS + (uint32_t)h] =
                h == 7 ? -1 : dense[i][h] + 0.3 * hf_i_random_normal(&r) > 0;
    }
    hf_i_linear_options o = {.heads = HEADS, .c_pos = 0.8, .c_neg = 0.5, .epochs = 400, .seed = 1};
    assert_int_equal(hf_i_linear_train(ctx, &x, row, ROWS, y, &o, w, bias), HF_OK);
    for (int h = 0; h < HEADS; h++) {
        /* At the optimum w = sum 2 C max(0, 1 - y z) y x; the bias is a feature of value 1. */
        double want[COLUMNS + 1] = {0};
        for (int i = 0; i < ROWS; i++) {
            int label = y[i * HEADS + h];
            if (label < 0)
                continue;
            double sign = label ? 1 : -1, z = (double)bias[h], c = label ? 0.8 : 0.5;
            for (int k = 0; k < COLUMNS; k++)
                z += (double)w[k * HEADS + h] * (double)dense[i][k];
            double a = 2 * c * fmax(0, 1 - sign * z) * sign;
            for (int k = 0; k < COLUMNS; k++)
                want[k] += a * (double)dense[i][k];
            want[COLUMNS] += a;
        }
        for (int k = 0; k < COLUMNS; k++)
            assert_true(fabs(want[k] - (double)w[k * HEADS + h]) < 2e-3);
        assert_true(fabs(want[COLUMNS] - (double)bias[h]) < 2e-3);
    }
    hf_i_matrix_dispose(&x);
}

/* ---- logistic regression: the log odds of a table
 * ----------------------------------------------------- */

static void logistic_gives_log_odds(void **state)
{
    (void)state;
    /* x = 0: 10 of 40; x = 1: 30 of 50. */
    float x[90];
    int8_t y[90];
    double prior[2] = {0, 0}, w[2];
    for (int i = 0; i < 90; i++) {
        x[i] = i >= 40;
        y[i] = i < 40 ? i < 10 : i < 70;
    }
    assert_int_equal(hf_i_logistic(ctx, x, y, 90, 1, prior, 0, w), HF_OK);
    assert_true(fabs(w[1] - log(10.0 / 30)) < 1e-4);
    assert_true(fabs(w[0] - (log(30.0 / 20) - log(10.0 / 30))) < 1e-4);
}

/* ---- metrics
 * -------------------------------------------------------------------------------------------------
 */

static void metrics_by_hand(void **state)
{
    (void)state;
    hf_i_counts c = {20, 5, 10, 15};
    assert_true(fabs(hf_i_f1(c) - 40.0 / 55) < 1e-12);
    assert_true(fabs(hf_i_mcc(c) - 250 / sqrt(25.0 * 30 * 20 * 25)) < 1e-12);
    /* Agreement 0.7, by chance (25 x 30 + 25 x 20) / 2500 = 0.5. */
    assert_true(fabs(hf_i_kappa(c) - 0.4) < 1e-12);
    hf_i_counts none = {0};
    assert_true(hf_i_f1(none) == 0 && hf_i_mcc(none) == 0 && hf_i_kappa(none) == 0);
}

static void auc_equals_counting_pairs(void **state)
{
    (void)state;
    enum { N = 200 };
    float score[N];
    int8_t y[N];
    hf_i_random r;
    hf_i_random_init(&r, 5, 0, 0);
    for (int i = 0; i < N; i++) {
        score[i] = (float)hf_i_random_below(&r, 30);
        y[i] = (int8_t)((int)hf_i_random_below(&r, 3) - 1);
    }
    double good = 0, pairs = 0, auc;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            if (y[i] == 1 && y[j] == 0) {
                pairs++;
                good += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
            }
    assert_int_equal(hf_i_auc(ctx, score, y, N, &auc), HF_OK);
    assert_true(fabs(auc - good / pairs) < 1e-12);
}

static void thresholds_separate(void **state)
{
    (void)state;
    float score[100];
    int8_t y[100];
    double threshold, f1;
    for (int i = 0; i < 100; i++) {
        score[i] = (float)i / 100;
        y[i] = i >= 70;
    }
    assert_int_equal(hf_i_best_threshold(ctx, score, y, 100, 0, &threshold, &f1), HF_OK);
    assert_true(threshold > 0.6 && threshold < 0.73);
    assert_true(f1 > 0.9);
    /* No positives: nothing is ever named. */
    memset(y, 0, sizeof y);
    assert_int_equal(hf_i_best_threshold(ctx, score, y, 100, 0, &threshold, &f1), HF_OK);
    assert_true(isinf(threshold));
}

/* Probabilities spread evenly over 0..1: expected F1 at t is (1 - t^2) / (3/2 - t), greatest where
 * t^2 - 3 t + 1 = 0, t = .382, half the F1 there. With all weight on the expectation a few odd
 * labels move nothing. */
static void thresholds_from_expectation(void **state)
{
    (void)state;
    enum { N = 2000 };
    static float score[N];
    static int8_t y[N];
    double threshold, f1;
    for (int i = 0; i < N; i++) {
        score[i] = (float)(i + 0.5) / N;
        y[i] = i >= N - 5;
    }
    assert_int_equal(hf_i_best_threshold(ctx, score, y, N, 0, &threshold, &f1), HF_OK);
    assert_true(threshold > 0.99);
    assert_int_equal(hf_i_best_threshold(ctx, score, y, N, 1e9, &threshold, &f1), HF_OK);
    assert_true(fabs(threshold - (3 - sqrt(5)) / 2) < 0.02);
    assert_true(fabs(f1 - (3 - sqrt(5))) < 0.01);
}

static void platt_recovers_a_sigmoid(void **state)
{
    (void)state;
    enum { N = 20000 };
    static float score[N];
    static int8_t y[N];
    hf_i_random r;
    hf_i_random_init(&r, 6, 0, 0);
    for (int i = 0; i < N; i++) {
        score[i] = (float)hf_i_random_normal(&r);
        y[i] = hf_i_random_uniform(&r) < 1 / (1 + exp(-(1.7 * (double)score[i] - 0.6)));
    }
    double a, b;
    hf_i_platt(score, y, N, &a, &b);
    assert_true(fabs(a - 1.7) < 0.12);
    assert_true(fabs(b + 0.6) < 0.08);
}

static int setup(void **state)
{
    (void)state;
    return hf_ctx_new(&ctx, NULL) != HF_OK;
}

static int teardown(void **state)
{
    (void)state;
    hf_ctx_free(ctx);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_equal_plain_sums),
        cmocka_unit_test(kernel_rows_do_not_wrap),
        cmocka_unit_test(kernel_products_and_pool),
        cmocka_unit_test(kernel_rounds_and_holds),
        cmocka_unit_test(gradients_match_differences),
        cmocka_unit_test(linear_training_reaches_the_optimum),
        cmocka_unit_test(logistic_gives_log_odds),
        cmocka_unit_test(metrics_by_hand),
        cmocka_unit_test(auc_equals_counting_pairs),
        cmocka_unit_test(thresholds_separate),
        cmocka_unit_test(thresholds_from_expectation),
        cmocka_unit_test(platt_recovers_a_sigmoid),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
