/* SPDX-License-Identifier: MIT */
/* labels: property */
#include "num/stats.h"
#include "simulate/synthetic.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static hf_ctx *ctx;

static hf_i_synthetic make(double xa, double ya, double xb, double yb, uint64_t replicate)
{
    hf_i_synthetic s;
    hf_i_synthetic_options o = {.pair = {{xa, xb}, {ya, yb}},
                                .hours = 24 * 40,
                                .seed = 7,
                                .replicate = replicate,
                                .closeness = .7};
    assert_int_equal(hf_i_synthetic_make(&s, ctx, &o), HF_OK);
    return s;
}

static void turns_are_in_order_and_inside_episodes(void **state)
{
    (void)state;
    hf_i_synthetic s = make(.9, -.4, -.5, -.5, 0);
    assert_true(s.count > 500 && s.episode_count > 0);
    for (size_t i = 1; i < s.count; i++)
        assert_true(s.turns[i].t_ms >= s.turns[i - 1].t_ms);
    for (size_t e = 0; e < s.episode_count; e++) {
        const hf_i_synthetic_episode *ep = &s.episodes[e];
        bool protection = false;
        assert_true(ep->onset <= ep->last && ep->last < s.count);
        for (size_t i = ep->onset; i <= ep->last; i++) {
            assert_int_equal(s.turns[i].episode, (int)e);
            protection = protection || s.turns[i].phase == HF_PHASE_I_PROTECTION;
        }
        assert_true(protection);
        if (e > 0)
            assert_true(ep->onset > s.episodes[e - 1].last);
    }
    hf_i_synthetic_dispose(&s);
}

static void same_seed_same_bits(void **state)
{
    (void)state;
    hf_i_synthetic a = make(.9, -.4, -.3, .9, 3), b;
    hf_ctx_set_threads(ctx, 1);
    b = make(.9, -.4, -.3, .9, 3);
    hf_ctx_set_threads(ctx, 0);
    assert_int_equal(a.count, b.count);
    for (size_t i = 0; i < a.count; i++) {
        assert_true(a.turns[i].t_ms == b.turns[i].t_ms);
        assert_int_equal(a.turns[i].act, b.turns[i].act);
        assert_memory_equal(a.turns[i].state, b.turns[i].state, sizeof a.turns[i].state);
    }
    hf_i_synthetic_dispose(&a);
    hf_i_synthetic_dispose(&b);
}

/* Calm pairs hardly protect themselves; a locked pair does little else, and blames more. */
static void acts_follow_the_state(void **state)
{
    (void)state;
    hf_i_synthetic calm = make(-.5, -.5, -.5, -.5, 0), locked = make(.9, -.4, -.3, .9, 0);
    double blame[2] = {0}, warm[2] = {0};
    const hf_i_synthetic *both[2] = {&calm, &locked};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->count; i++) {
            int act = both[k]->turns[i].act;
            blame[k] += (act == HF_SYN_blame) / (double)both[k]->count;
            warm[k] +=
                (act == HF_SYN_support || act == HF_SYN_acknowledge) / (double)both[k]->count;
        }
    assert_true(blame[0] < .01 && blame[1] > .1);
    assert_true(warm[0] > .1 && warm[1] < .05);
    hf_i_synthetic_dispose(&calm);
    hf_i_synthetic_dispose(&locked);
}

/* With everything else at rest the rate of turns is mu / (1 - branching) by day. */
static void rate_of_turns(void **state)
{
    (void)state;
    hf_i_synthetic s = make(-.5, -.5, -.5, -.5, 1);
    double day = 0;
    for (size_t i = 0; i < s.count; i++) {
        double hour = fmod(s.turns[i].t_h, 24);
        day += hour >= 9 && hour < 23;
    }
    double expected = 40 * 14 * 2 * .6 / (1 - .55);
    assert_true(fabs(day - expected) < .12 * expected);
    hf_i_synthetic_dispose(&s);
}

static void confusion_is_applied(void **state)
{
    (void)state;
    static double swap[HF_SYN_ACTS][HF_SYN_ACTS];
    hf_i_synthetic s;
    hf_i_synthetic_options o = {
        .pair = {{-.5, -.5}, {-.5, -.5}}, .hours = 24 * 10, .seed = 1, .closeness = .7};
    for (int a = 0; a < HF_SYN_ACTS; a++)
        swap[a][(a + 1) % HF_SYN_ACTS] = 1;
    o.confusion = (const double(*)[HF_SYN_ACTS])swap;
    assert_int_equal(hf_i_synthetic_make(&s, ctx, &o), HF_OK);
    for (size_t i = 0; i < s.count; i++)
        assert_int_equal(s.turns[i].noisy, (s.turns[i].act + 1) % HF_SYN_ACTS);
    hf_i_synthetic_dispose(&s);
}

/* ---- the link to Hawkes processes --------------------------------------------------------------
 */

/* The compensator of partner i up to each of their turns, for a rate that depends on the state (or,
 * blind, does not): gaps [turns of i]. Written from doc/theory.md, apart from the generator. */
static size_t rescaled_gaps(const hf_i_synthetic *s, const hf_paths *path,
                            const hf_i_nepd_constants *k, int i, bool blind, double *gaps)
{
    double excite = 0, sum = 0, decay = log(2) / (k->reply_half_life / 60);
    size_t next = 0, count = 0;
    for (size_t step = 0; step + 1 < hf_paths_count_times(path); step++) {
        double from = hf_paths_get_time(path, step), to = hf_paths_get_time(path, step + 1);
        const double *x = hf_paths_get_state(path, 0, 0, step) + i * HF_STATES_PER_PARTNER;
        double hour = fmod(from, 24), open = blind ? 1 : 1 - fmin(1, x[HF_NEPD_W]);
        double base =
            hour >= k->turns_day_from && hour < k->turns_day_to ? k->turns_day : k->turns_night;
        if (!blind)
            base *= exp(k->turns_pursue * x[HF_NEPD_P] - k->turns_withdraw * x[HF_NEPD_W]);
        for (double t = from; t < to;) {
            bool event = next < s->count && s->turns[next].t_h < to;
            double until = event ? s->turns[next].t_h : to, fade = exp(-decay * (until - t));
            sum += base * (until - t) + excite * open * (1 - fade) / decay;
            excite *= fade;
            t = until;
            if (!event)
                break;
            if (s->turns[next].sender == i) {
                gaps[count++] = sum;
                sum = 0;
            } else {
                excite += k->reply_branching * decay;
            }
            next++;
        }
    }
    return count;
}

/* Kolmogorov and Smirnov's distance from Exp(1), times the root of n. */
static double exponential_distance(double *gaps, size_t n)
{
    double worst = 0;
    hf_i_sort_doubles(gaps, n);
    for (size_t i = 0; i < n; i++) {
        double F = 1 - exp(-gaps[i]);
        worst = fmax(worst,
                     fmax(fabs(F - (double)i / (double)n), fabs(F - (double)(i + 1) / (double)n)));
    }
    return worst * sqrt((double)n);
}

/* Turns are a state-dependent Hawkes process: by the time-rescaling theorem (Brown et al. 2002,
 * Neural Computation 14:325) the gaps of its compensator are Exp(1); those of a rate that does not
 * know the state are not. 1.95 is the .001 quantile. */
static void turns_are_a_state_dependent_hawkes_process(void **state)
{
    (void)state;
    hf_i_synthetic s;
    hf_paths *path;
    hf_i_nepd_constants k;
    assert_int_equal(hf_i_nepd_constants_default(&k, ctx), HF_OK);
    hf_i_synthetic_options o = {
        .pair = {{.9, -.3}, {-.4, .9}}, .hours = 24 * 90, .seed = 12, .closeness = .7};
    assert_int_equal(hf_i_synthetic_make_with_path(&s, ctx, &o, &path), HF_OK);
    double *gaps = malloc(s.count * sizeof *gaps);
    assert_non_null(gaps);
    for (int i = 0; i < 2; i++) {
        size_t n = rescaled_gaps(&s, path, &k, i, false, gaps);
        double right = exponential_distance(gaps, n);
        assert_true(n > 300);
        rescaled_gaps(&s, path, &k, i, true, gaps);
        double blind = exponential_distance(gaps, n);
        print_message("partner %c: %zu turns, distance %.2f, blind to the state %.2f\n", 'a' + i, n,
                      right, blind);
        assert_true(right < 1.95);
        assert_true(blind > 3);
    }
    free(gaps);
    hf_paths_free(path);
    hf_i_synthetic_dispose(&s);
}

static int setup(void **state)
{
    (void)state;
    return hf_ctx_new(&ctx, NULL) == HF_OK ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    hf_ctx_free(ctx);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(turns_are_in_order_and_inside_episodes),
                                       cmocka_unit_test(same_seed_same_bits),
                                       cmocka_unit_test(acts_follow_the_state),
                                       cmocka_unit_test(rate_of_turns),
                                       cmocka_unit_test(turns_are_a_state_dependent_hawkes_process),
                                       cmocka_unit_test(confusion_is_applied)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
