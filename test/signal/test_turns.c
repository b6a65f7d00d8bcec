/* SPDX-License-Identifier: MIT */
/* labels: unit property */
#include "num/random.h"
#include "signal/rhythm.h"
#include "signal/turns.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MIN  INT64_C(60000)
#define HOUR (60 * MIN)
#define DAY  (24 * HOUR)

static hf_ctx *ctx;

static int set_up(void **state)
{
    (void)state;
    return hf_ctx_new(&ctx, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    hf_ctx_free(ctx);
    return 0;
}

static void add(hf_i_turns *t, int64_t at, int partner)
{
    hf_i_line line = {
        .t = at, .partner = (uint8_t)partner, .kind = HF_KIND_TEXT, .forms_turn = true};
    assert_int_equal(hf_i_turns_add(t, &line), HF_OK);
}

static void splits(void **state)
{
    (void)state;
    hf_i_turns t;
    hf_i_turns_init(&t, ctx);
    /* a a b | b a : the gap is longer than an hour, so b opens anew */
    add(&t, 0, 0);
    add(&t, 2 * MIN, 0);
    add(&t, 5 * MIN, 1);
    add(&t, 5 * MIN + HOUR + 1, 1);
    add(&t, 2 * HOUR, 0);
    assert_int_equal(hf_i_turns_split(&t, (double)HOUR), HF_OK);
    assert_int_equal(t.exchange_count, 2);
    assert_int_equal(t.turn_count, 4);
    assert_int_equal(t.turns[0].count, 2);
    assert_true(t.turns[0].t_end == 2 * MIN);
    assert_int_equal(t.turns[2].exchange, 1);
    assert_int_equal(t.exchanges[0].opener, 0);
    assert_int_equal(t.exchanges[1].opener, 1);
    assert_int_equal(t.exchanges[1].first, 2);
    assert_int_equal(t.exchanges[1].count, 2);
    uint64_t open[2];
    hf_i_turns_count_openings(&t, (double)HOUR, open);
    assert_int_equal(open[0], 1);
    assert_int_equal(open[1], 1);
    hf_i_turns_count_openings(&t, 3.0 * MIN / 2, open);
    assert_int_equal(open[0] + open[1], 5);
    /* A gap of exactly the threshold does not split. */
    assert_int_equal(hf_i_turns_split(&t, (double)(HOUR + 1)), HF_OK);
    assert_int_equal(t.exchange_count, 1);
    assert_int_equal(t.turn_count, 3);
    hf_i_turns_dispose(&t);
}

static void no_times(void **state)
{
    (void)state;
    hf_i_turns t;
    hf_i_turns_init(&t, ctx);
    for (int i = 0; i < 10; i++)
        add(&t, HF_NO_TIME, i / 2 % 2);
    assert_int_equal(hf_i_turns_split(&t, (double)HOUR), HF_OK);
    assert_int_equal(t.exchange_count, 1);
    assert_int_equal(t.turn_count, 5);
    hf_i_gap gap;
    assert_int_equal(hf_i_gap_find(&gap, ctx, &t), HF_OK);
    assert_false(gap.own);
    hf_i_turns_dispose(&t);
}

/* Exchanges of several lines 30 s apart in the median, hours between them; quiet from 0 to 7. */
static void make_chat(hf_i_turns *t, uint64_t seed, double within_min, double between_h)
{
    hf_i_random r;
    hf_i_random_init(&r, seed, 0, 0);
    int64_t now = 9 * HOUR;
    for (int i = 0; i < 4000; i++) {
        bool fresh = hf_i_random_below(&r, 12) == 0;
        double wait = fresh ? between_h * 60 * exp(0.6 * hf_i_random_normal(&r))
                            : within_min * exp(0.8 * hf_i_random_normal(&r));
        now += (int64_t)(wait * (double)MIN);
        if (now % DAY < 7 * HOUR)
            now += 7 * HOUR;
        add(t, now / MIN * MIN, (int)hf_i_random_below(&r, 2));
    }
}

static void gap_from_the_own_rhythm(void **state)
{
    (void)state;
    static const double within[] = {0.7, 3}, between[] = {5, 9};
    for (size_t k = 0; k < 2; k++) {
        hf_i_turns t;
        hf_i_turns_init(&t, ctx);
        t.res_ms = (uint32_t)MIN;
        make_chat(&t, 7 + k, within[k], between[k]);
        hf_i_gap gap;
        assert_int_equal(hf_i_gap_find(&gap, ctx, &t), HF_OK);
        assert_true(gap.own);
        /* Between the two rhythms: few of either kind on the wrong side. */
        assert_true(gap.ms > within[k] * 4 * MIN && gap.ms < between[k] * HOUR / 2);
        hf_i_turns_dispose(&t);
    }
}

static void quiet_hours(void **state)
{
    (void)state;
    hf_i_turns t;
    hf_i_turns_init(&t, ctx);
    make_chat(&t, 3, 1, 4);
    hf_i_quiet q;
    hf_i_quiet_find(&q, &t, 0);
    assert_true(q.known);
    assert_true(q.start_min >= 0 && q.start_min <= 70);
    assert_true(q.share < 0.02);
    double sum = 0;
    for (int h = 0; h < 24; h++)
        sum += q.by_hour[h];
    assert_true(fabs(sum - 1) < 1e-9);
    hf_i_turns_dispose(&t);
    hf_i_turns_init(&t, ctx);
    for (int i = 0; i < 50; i++)
        add(&t, i * HOUR, 0);
    hf_i_quiet_find(&q, &t, 0);
    assert_false(q.known);
    hf_i_turns_dispose(&t);
}

static void masking(void **state)
{
    (void)state;
    hf_i_quiet q = {.known = true, .start_min = 23 * 60}; /* 23:00 to 05:00 */
    assert_true(hf_i_quiet_mask(&q, 12 * HOUR, 13 * HOUR) == HOUR);
    assert_true(hf_i_quiet_mask(&q, 22 * HOUR, 30 * HOUR) == 2 * HOUR);
    assert_true(hf_i_quiet_mask(&q, 24 * HOUR, 25 * HOUR) == 0);
    assert_true(hf_i_quiet_mask(&q, 12 * HOUR, 12 * HOUR + 3 * DAY) == 3 * 18 * HOUR);
    assert_true(hf_i_quiet_mask(&q, -2 * HOUR, 6 * HOUR) == 2 * HOUR);
    q.known = false;
    assert_true(hf_i_quiet_mask(&q, 22 * HOUR, 30 * HOUR) == 8 * HOUR);
    /* Against counting minute by minute. */
    q.known = true;
    hf_i_random r;
    hf_i_random_init(&r, 1, 0, 0);
    for (int k = 0; k < 200; k++) {
        q.start_min = 10 * (int)hf_i_random_below(&r, 144);
        int64_t from = (int64_t)hf_i_random_below(&r, 5000) - 2000;
        int64_t to = from + (int64_t)hf_i_random_below(&r, 4000), awake = 0;
        for (int64_t m = from; m < to; m++) {
            int64_t of_day = ((m - q.start_min) % 1440 + 1440) % 1440;
            awake += of_day >= HF_I_QUIET_MIN;
        }
        assert_true(hf_i_quiet_mask(&q, from * MIN, to * MIN) == awake * MIN);
    }
}

static void even_clock(void **state)
{
    (void)state;
    double flat[24], night[24] = {0};
    for (int h = 0; h < 24; h++) {
        flat[h] = 1.0 / 24;
        night[h] = h >= 8 ? 1.0 / 16 : 0;
    }
    assert_true(fabs(hf_i_even_clock(flat, 30 * HOUR + 7 * MIN) - 30.0 - 7.0 / 60) < 1e-9);
    assert_true(fabs(hf_i_even_clock(night, 8 * HOUR) - hf_i_even_clock(night, 0)) < 1e-12);
    assert_true(fabs(hf_i_even_clock(night, 12 * HOUR) - 6) < 1e-9);
    assert_true(fabs(hf_i_even_clock(night, -12 * HOUR) + 18) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(splits),
                                       cmocka_unit_test(no_times),
                                       cmocka_unit_test(gap_from_the_own_rhythm),
                                       cmocka_unit_test(quiet_hours),
                                       cmocka_unit_test(masking),
                                       cmocka_unit_test(even_clock)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
