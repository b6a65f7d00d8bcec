/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
/* Lag tables and contrasts of coded sequences, by hand and against other ways to the same number.
 */
#include "cycle/sequence.h"
#include "support/failing_alloc.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

static hf_ctx *ctx;

static hf_sequences *read_text(const char *text, const hf_sequence_columns *columns, hf_status want)
{
    char path[] = "sequence_XXXXXX";
    hf_sequences *s = NULL;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_true(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    hf_status status = hf_sequences_read(&s, ctx, path, columns);
    if (status != want)
        fail_msg("status %d: %s", (int)status, hf_ctx_get_error(ctx)->message);
    remove(path);
    if (status != HF_OK)
        assert_null(s);
    return s;
}

static size_t state(const hf_sequences *s, const char *name)
{
    for (size_t i = 0; i < hf_sequences_count_states(s); i++)
        if (strcmp(hf_sequences_get_state(s, i), name) == 0)
            return i;
    fail_msg("no state %s", name);
    return 0;
}

/* Rows out of order, two dyads interleaved, one missing code. */
static void events(void **state_)
{
    (void)state_;
    hf_sequences *s = read_text("dyad,time,partner,code\n1,2,b,defence\n1,1,a,blame\n2,1,a,blame\n"
                                "1,3,a,blame\n2,2,b,repair\n2,3,a,\n2,4,a,blame\n1,9,b,defence\n",
                                NULL, HF_OK);
    hf_lag lag = HF_LAG_INIT;
    hf_lag_table *t;
    assert_int_equal(hf_sequences_count_dyads(s), 2);
    assert_int_equal(hf_sequences_count_moments(s), 8);
    size_t blame = state(s, "a:blame"), defence = state(s, "b:defence"),
           repair = state(s, "b:repair");
    assert_ok(ctx, hf_lag_table_new(&t, ctx, s, NULL));
    assert_true(hf_lag_table_total(t) == 4);
    assert_true(hf_lag_table_get(t, blame, defence).count == 2);
    assert_true(hf_lag_table_get(t, defence, blame).count == 1);
    assert_true(hf_lag_table_get(t, blame, repair).count == 1);
    hf_lag_table_free(t);
    lag.within = 3; /* 3 to 9 is too long */
    assert_ok(ctx, hf_lag_table_new(&t, ctx, s, &lag));
    assert_true(hf_lag_table_total(t) == 3 && hf_lag_table_get(t, blame, defence).count == 1);
    hf_lag_table_free(t);
    lag = (hf_lag)HF_LAG_INIT;
    lag.lag = 2; /* the missing code breaks dyad 2 */
    assert_ok(ctx, hf_lag_table_new(&t, ctx, s, &lag));
    assert_true(hf_lag_table_total(t) == 2 && hf_lag_table_get(t, blame, blame).count == 1);
    hf_lag_table_free(t);
    hf_sequences_free(s);
}

/* Without structural zeros: (x - e) / sqrt(e (1 - row/N)(1 - column/N)). */
static void residuals_classical(void **state_)
{
    (void)state_;
    const double x[9] = {12, 5, 3, 7, 20, 9, 4, 6, 34};
    const bool none[9] = {false};
    double e[9], z[9], n = 0, row[3] = {0}, column[3] = {0};
    for (int i = 0; i < 9; i++) {
        n += x[i];
        row[i / 3] += x[i];
        column[i % 3] += x[i];
    }
    assert_ok(ctx, hf_i_lag_residuals(ctx, x, none, 3, e, z));
    for (int i = 0; i < 9; i++) {
        double want = row[i / 3] * column[i % 3] / n;
        double residual =
            (x[i] - want) / sqrt(want * (1 - row[i / 3] / n) * (1 - column[i % 3] / n));
        assert_true(fabs(e[i] - want) < 1e-9 && fabs(z[i] - residual) < 1e-9);
    }
}

/* With a diagonal that cannot occur: margins are met, the diagonal is 0, e is a product of a row
 * and a column number; the leverage is that of weighted least squares, checked by moving a count:
 * d e / d x at the fit is the leverage. */
static void residuals_structural(void **state_)
{
    (void)state_;
    const double x[16] = {0, 12, 5, 9, 7, 0, 11, 3, 6, 8, 0, 14, 10, 2, 13, 0};
    bool zero[16] = {false};
    double e[16], z[16], e2[16], z2[16], y[16];
    for (int i = 0; i < 4; i++)
        zero[5 * i] = true;
    assert_ok(ctx, hf_i_lag_residuals(ctx, x, zero, 4, e, z));
    for (int i = 0; i < 4; i++) {
        double row = 0, column = 0;
        for (int k = 0; k < 4; k++) {
            row += e[4 * i + k] - x[4 * i + k];
            column += e[4 * k + i] - x[4 * k + i];
        }
        assert_true(fabs(row) < 1e-6 && fabs(column) < 1e-6 && e[5 * i] == 0 && isnan(z[5 * i]));
    }
    assert_true(fabs(e[1] / e[2] * e[14] / e[13] - 1) < 1e-6); /* rows 0, 3, columns 1, 2 */
    /* the fit at its own expectation, moved by a little in one cell */
    for (int cell = 1; cell < 4; cell++) {
        const double step = 1e-4;
        memcpy(y, e, sizeof y);
        y[cell] += step;
        assert_ok(ctx, hf_i_lag_residuals(ctx, y, zero, 4, e2, z2));
        double leverage = (e2[cell] - e[cell]) / step;
        double want = (x[cell] - e[cell]) / sqrt(e[cell] * (1 - leverage));
        assert_true(fabs(z[cell] - want) < 1e-3 * fabs(want) + 1e-6);
    }
}

static void no_repeat(void **state_)
{
    (void)state_;
    hf_sequences *s = read_text("code\na\nb\nc\na\nc\nb\na\nb\na\nc\nb\nc\na\n", NULL, HF_OK);
    hf_lag lag = HF_LAG_INIT;
    hf_lag_table *t;
    lag.no_repeat = true;
    assert_ok(ctx, hf_lag_table_new(&t, ctx, s, &lag));
    for (size_t i = 0; i < 3; i++)
        assert_true(hf_lag_table_get(t, i, i).structural &&
                    isnan(hf_lag_table_get(t, i, i).residual));
    assert_true(hf_lag_table_total(t) == 12);
    hf_lag_table_free(t);
    hf_sequences_free(s);
}

static const char *const two[] = {"x=X", "y=Y"};

static hf_sequence_columns streams(void)
{
    hf_sequence_columns c = HF_SEQUENCE_COLUMNS_INIT;
    c.streams = two;
    c.n_streams = 2;
    return c;
}

static void stream_states(void **state_)
{
    (void)state_;
    hf_sequence_columns c = streams();
    hf_sequences *s =
        read_text("id;X1;X2;X10;Y1;Y2;Y10\nA;1;0;1;0;1;1\nB;1;1;NA;0;0;0\n", &c, HF_OK);
    hf_lag_table *t;
    assert_int_equal(hf_sequences_count_states(s), 4);
    assert_string_equal(hf_sequences_get_state(s, 3), "x+y");
    assert_ok(ctx, hf_lag_table_new(&t, ctx, s, NULL));
    /* A: x, y, x+y. B: x, x, missing. */
    assert_true(hf_lag_table_total(t) == 3);
    assert_true(hf_lag_table_get(t, state(s, "x"), state(s, "y")).count == 1);
    assert_true(hf_lag_table_get(t, state(s, "y"), state(s, "x+y")).count == 1);
    assert_true(hf_lag_table_get(t, state(s, "x"), state(s, "x")).count == 1);
    hf_lag_table_free(t);
    hf_sequences_free(s);
}

static void contrast_by_hand(void **state_)
{
    (void)state_;
    hf_sequence_columns c = streams();
    hf_sequence_contrast r;
    hf_contrast_options o = HF_CONTRAST_OPTIONS_INIT;
    hf_sequences *s = read_text("X1,X2,X3,X4,Y1,Y2,Y3,Y4\n1,0,1,1,0,1,0,1\n0,0,1,0,0,0,1,1\n"
                                "1,1,0,0,0,1,1,0\n0,1,0,1,1,0,1,0\n1,0,0,1,0,1,1,0\n",
                                &c, HF_OK);
    o.given = "x";
    o.then = "y";
    assert_ok(ctx, hf_sequence_contrast_make(&r, ctx, s, &o));
    /* x at t: y at t + 1, by dyad: 1>1 0>0 1>1; 0>0 0>1 1>1; 1>1 1>1 0>0; 0>0 1>1 0>0; 1>1 0>1 0>0
     */
    assert_true(r.count[1][1] == 7 && r.count[1][0] == 0 && r.count[0][1] == 2 &&
                r.count[0][0] == 6);
    assert_true(r.given.estimate == 1 && r.other.estimate == .25 && r.yules_q == 1);
    assert_true(fabs(r.log_odds.estimate - log(7.5 * 6.5 / (.5 * 2.5))) < 1e-12);
    assert_true(r.difference.lo <= .75 && r.difference.hi >= .75);
    assert_int_equal(r.by_dyad.n, 5);
    o.given = "z";
    assert_int_equal(hf_sequence_contrast_make(&r, ctx, s, &o), HF_E_NOT_FOUND);
    assert_non_null(strstr(hf_ctx_get_error(ctx)->message, "x, y"));
    hf_sequences_free(s);
}

static void bad_input(void **state_)
{
    (void)state_;
    hf_sequence_columns c = streams();
    read_text("dyad,time\n1,2\n", NULL, HF_E_NOT_FOUND);
    read_text("dyad,time,code\n1,soon,a\n", NULL, HF_E_PARSE);
    read_text("code\n", NULL, HF_E_NOT_ENOUGH_DATA);
    read_text("X1,X2,Y1,Y2\n1,2,0,1\n", &c, HF_E_PARSE);
    read_text("X1,X2,Y1\n1,1,0\n", &c, HF_E_PARSE);
    read_text("X1,X2\n1,1\n", &c, HF_E_NOT_FOUND);
}

static hf_status all_of_it(hf_ctx *own, void *user)
{
    static const char text[] = "dyad,time,partner,code\n1,2,b,defence\n1,1,a,blame\n2,1,a,blame\n"
                               "1,3,a,blame\n2,2,b,repair\n3,3,a,x\n3,4,a,blame\n1,9,b,defence\n";
    hf_contrast_options o = HF_CONTRAST_OPTIONS_INIT;
    hf_sequence_contrast c;
    hf_sequences *s;
    hf_lag_table *t;
    (void)user;
    o.given = "blame";
    o.then = "defence";
    o.replicates = 10;
    HF_TRY(hf_i_sequences_read_bytes(&s, own, "made", text, sizeof text - 1, NULL));
    hf_status status = hf_lag_table_new(&t, own, s, NULL);
    if (status == HF_OK) {
        status = hf_sequence_contrast_make(&c, own, s, &o);
        hf_lag_table_free(t);
    }
    hf_sequences_free(s);
    return status;
}

static void each_allocation_fails(void **state_)
{
    (void)state_;
    assert_true(test_each_allocation_fails(all_of_it, NULL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events),
        cmocka_unit_test(residuals_classical),
        cmocka_unit_test(residuals_structural),
        cmocka_unit_test(no_repeat),
        cmocka_unit_test(stream_states),
        cmocka_unit_test(contrast_by_hand),
        cmocka_unit_test(bad_input),
        cmocka_unit_test(each_allocation_fails),
    };
    ctx = test_ctx();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hf_ctx_free(ctx);
    return failed;
}
