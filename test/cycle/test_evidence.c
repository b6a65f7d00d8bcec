/* SPDX-License-Identifier: MIT */
/* labels: unit property */
/* Contrasts, slopes and their correction against hand counts, enumeration and brute-force
 * shuffling; what is planted is seen, what is shuffled is not. The heavy runs:
 * test_evidence_rates.c. */
#include "cycle/evidence_data.h"
#include "support/failing_alloc.h"

#include <stdio.h>

static hf_ctx *ctx;

/* ---- under shuffled times ------------------------------------------------------------------- */

static double choose(double n, double k)
{
    double c = 1;
    for (double i = 0; i < k; i++)
        c = c * (n - i) / (i + 1);
    return c;
}

/* Sum over all ways two stretches can share their hits out. */
static void tails_of_two_stretches(void **state)
{
    (void)state;
    const hf_i_margins s[2] = {{7, 3, 4}, {9, 5, 2}};
    for (int x = 0; x <= 6; x++) {
        double upper = 0, lower = 0, got_upper, got_lower;
        for (int a = 0; a <= 3; a++)
            for (int b = 0; b <= 2; b++) {
                double p = choose(4, a) * choose(3, 3 - a) / choose(7, 3) * choose(2, b) *
                           choose(7, 5 - b) / choose(9, 5);
                upper += a + b >= x ? p : 0;
                lower += a + b <= x ? p : 0;
            }
        assert_ok(ctx, hf_i_shuffled_tails(&got_upper, &got_lower, ctx, s, 2, x));
        assert_true(fabs(got_upper - upper) < 1e-12 && fabs(got_lower - lower) < 1e-12);
    }
}

/* Many stretches: the normal curve takes over from the exact distribution without a step. */
static void tails_far_out(void **state)
{
    (void)state;
    enum { N = 90 };
    hf_i_margins s[N];
    double upper, lower, by_hand = 0;
    for (int i = 0; i < N; i++)
        s[i] = (hf_i_margins){40, 18, 13};
    double mean = N * 18 * 13 / 40.0, sd = sqrt(N * 18 * 22 * 13 * 27 / (1600.0 * 39));
    assert_true(sd * sd > 200); /* the normal curve */
    double x = floor(mean + 2.5 * sd);
    assert_ok(ctx, hf_i_shuffled_tails(&upper, &lower, ctx, s, N, x));
    hf_i_random r;
    hf_i_random_init(&r, 5, 0, 0);
    enum { DRAWS = 20000 };
    for (int d = 0; d < DRAWS; d++) {
        double sum = 0;
        for (int i = 0; i < N; i++) {
            int hits = 13, left = 40;
            for (int k = 0; k < 18; k++, left--)
                if ((int)hf_i_random_below(&r, (uint64_t)left) < hits) {
                    hits--;
                    sum++;
                }
        }
        by_hand += sum >= x;
    }
    by_hand /= DRAWS;
    printf("tail beyond 2.5 SD: %.5f, by shuffling %.5f\n", upper, by_hand);
    assert_true(fabs(upper - by_hand) < 4 * sqrt(upper / DRAWS));
}

/* ---- contrasts ------------------------------------------------------------------------------ */

static hf_i_trial trial(uint32_t exchange, int given, int then)
{
    return (hf_i_trial){.exchange = exchange, .given = given, .then = then};
}

static void hand_counts(void **state)
{
    (void)state;
    hf_i_trial t[120];
    hf_i_contrast c;
    size_t n = 0;
    /* 40 given with 30 hits, 80 others with 20, three trials an exchange */
    for (uint32_t i = 0; i < 120; i++, n++)
        t[n] = trial(i / 3, i % 3 == 0, i % 3 == 0 ? i / 3 % 4 != 0 : i / 3 % 4 == 1);
    assert_ok(ctx, hf_i_contrast_make(&c, ctx, t, n));
    assert_true(c.enough && c.blocks == 40);
    assert_true(c.n[1] == 40 && c.hits[1] == 30 && c.n[0] == 80 && c.hits[0] == 20);
    assert_true(fabs(c.p.estimate - .75) < 1e-12 && fabs(c.base.estimate - .25) < 1e-12);
    assert_true(fabs(c.log_odds.estimate - log(30.5 / 10.5 * 60.5 / 20.5)) < 1e-12);
    assert_true(fabs(c.q - (30 * 60 - 10 * 20.) / (30 * 60 + 10 * 20)) < 1e-12);
    /* four stretches of ten exchanges: 10 given of 30, each with a few more or fewer hits */
    assert_true(fabs(c.null - 50. / 120) < .01);
    assert_true(c.p.lo < .75 && c.p.hi > .75 && c.p.lo > .5 && c.p_value < .001);
    n = 14;
    assert_ok(ctx, hf_i_contrast_make(&c, ctx, t, n));
    assert_true(!c.enough && isnan(c.p.estimate) && isnan(c.p_value) && c.n[1] == 5);
}

/* The exact p-value is that of really shuffling the outcomes within stretches. */
static void exact_is_shuffled(void **state)
{
    (void)state;
    enum { EXCHANGES = 40, EACH = 4, N = EXCHANGES * EACH, SHUFFLES = 4000 };
    hf_i_trial t[N], u[N];
    hf_i_random r;
    hf_i_contrast c;
    hf_i_random_init(&r, 21, 0, 0);
    for (uint32_t i = 0; i < N; i++) {
        int g = hf_i_random_uniform(&r) < .4;
        t[i] = trial(i / EACH, g, hf_i_random_uniform(&r) < (g ? .45 : .27));
    }
    assert_ok(ctx, hf_i_contrast_make(&c, ctx, t, N));
    /* stretches: whole exchanges, 32 trials each */
    double more = 0, less = 0, sum = 0;
    for (int k = 0; k < SHUFFLES; k++) {
        double hits = 0;
        memcpy(u, t, sizeof u);
        for (size_t from = 0; from < N; from += 32)
            for (size_t i = 32; i > 1; i--) {
                size_t j = hf_i_random_below(&r, i);
                double keep = u[from + i - 1].then;
                u[from + i - 1].then = u[from + j].then;
                u[from + j].then = keep;
            }
        for (size_t i = 0; i < N; i++)
            hits += u[i].given * u[i].then;
        more += hits >= c.hits[1];
        less += hits <= c.hits[1];
        sum += hits;
    }
    double p = fmin(1, 2 * fmin(more, less) / SHUFFLES);
    printf("p %.4f, by %d shuffles %.4f; mean hits %.3f, by shuffles %.3f\n", c.p_shuffle, SHUFFLES,
           p, c.null * c.n[1], sum / SHUFFLES);
    assert_true(fabs(c.p_shuffle - p) < 4 * 2 * sqrt(c.p_shuffle / 2 / SHUFFLES));
    assert_true(fabs(c.null * c.n[1] - sum / SHUFFLES) < .2);
}

static void holm_by_hand(void **state)
{
    (void)state;
    double p[6] = {.04, .001, NAN, .02, .012, 1};
    const double want[6] = {.08, .005, NAN, .06, .048, 1};
    hf_i_holm(p, 6);
    for (int i = 0; i < 6; i++)
        assert_true(isnan(want[i]) ? isnan(p[i]) : fabs(p[i] - want[i]) < 1e-12);
}

/* ---- slopes --------------------------------------------------------------------------------- */

static void slope_by_hand(void **state)
{
    (void)state;
    hf_i_trial t[60];
    hf_i_slope s;
    for (uint32_t i = 0; i < 60; i++)
        t[i] = (hf_i_trial){.exchange = i / 2,
                            .group = i % 2,
                            .given = i / 10.,
                            .then = 2 * (i % 2) + .3 * (i / 10.) + (i % 4 < 2 ? .01 : -.01)};
    assert_ok(ctx, hf_i_slope_make(&s, ctx, t, 60));
    assert_true(s.enough && s.blocks == 30);
    assert_true(fabs(s.slope.estimate - .3) < .002 && s.slope.lo < .3 && s.slope.hi > .3);
    assert_true(s.p_value < 1e-6);
    for (uint32_t i = 0; i < 60; i++)
        t[i].then = 1;
    assert_ok(ctx, hf_i_slope_make(&s, ctx, t, 60));
    assert_true(!s.enough && isnan(s.slope.estimate));
}

/* ---- a dyad --------------------------------------------------------------------------------- */

/* a writes, b answers or not; a's next turn is hard with probability after[was unanswered]. */
static void planted(hf_cycle *c, const double after[2], size_t exchanges, uint64_t seed)
{
    hf_i_random r;
    size_t n = 0;
    hf_i_random_init(&r, seed, 0, 0);
    *c = (hf_cycle){.ctx = ctx, .hide = -1};
    c->turns = hf_i_alloc(ctx, 4 * exchanges * sizeof *c->turns);
    c->episode_of = hf_i_alloc(ctx, 4 * exchanges * sizeof *c->episode_of);
    assert_true(c->turns && c->episode_of);
    bool open = false;
    for (size_t e = 0; e < exchanges; e++)
        for (int k = 0; k < 4; k++) {
            hf_cycle_turn t = {.t_h = 9. * (double)e + .1 * k,
                               .end_h = 9. * (double)e + .1 * k,
                               .exchange = (uint32_t)e,
                               .partner = k % 2,
                               .coded = true,
                               .fixed_phase = HF_PHASE_COUNT,
                               .need = HF_NEED_COUNT,
                               .warmth = NAN,
                               .wait = NAN,
                               .length = NAN,
                               .uptake = NAN};
            if (k % 2 == 0) {
                t.acts[HF_ACT_BLAME] = hf_i_random_uniform(&r) < after[open];
                open = k == 2 && hf_i_random_uniform(&r) < .5;
                t.unanswered = open;
            } else {
                t.acts[HF_ACT_SUPPORT] = hf_i_random_uniform(&r) < .3;
            }
            c->episode_of[n] = -1;
            c->turns[n++] = t;
            c->count = n;
            if (open)
                break;
        }
}

static const hf_i_evidence_item *item_of(const hf_i_evidence *e, hf_i_mechanism which, int about)
{
    for (size_t i = 0; i < e->count; i++)
        if (e->items[i].which == which && e->items[i].about == about)
            return &e->items[i];
    fail_msg("no item %d about %d", (int)which, about);
    return NULL;
}

static void planted_is_seen(void **state)
{
    (void)state;
    static const double after[2] = {.1, .5};
    hf_cycle c;
    hf_i_evidence e;
    planted(&c, after, 200, 1);
    assert_ok(ctx, hf_i_evidence_find(&e, ctx, &c, NULL, 0));
    const hf_i_evidence_item *x = item_of(&e, HF_I_E_UNANSWERED_HARD, 0);
    printf("after no reply %.0f of %.0f, else %.0f of %.0f; shuffled %.3f, p %.2g, corrected %.2g "
           "of %zu\n",
           x->contrast.hits[1], x->contrast.n[1], x->contrast.hits[0], x->contrast.n[0],
           x->contrast.null, x->contrast.p_value, x->p_corrected, e.looked_at);
    assert_true(x->seen && x->contrast.p.lo <= .5 && x->contrast.p.hi >= .5);
    assert_true(x->contrast.base.lo <= .1 && x->contrast.base.hi >= .1);
    /* examples: hard turns, newest first */
    for (int i = 0; i < HF_I_EVIDENCE_EXAMPLES; i++) {
        assert_true(c.turns[x->examples[i]].acts[HF_ACT_BLAME] > .5F);
        assert_true(i == 0 || x->examples[i] < x->examples[i - 1]);
    }
    /* nothing else was planted */
    for (size_t i = 0; i < e.count; i++)
        assert_true(!e.items[i].seen || &e.items[i] == x);
    evidence_shuffle(&c, 1);
    assert_ok(ctx, hf_i_evidence_find(&e, ctx, &c, NULL, 0));
    for (size_t i = 0; i < e.count; i++)
        assert_false(e.items[i].seen);
    evidence_dispose(&c);
}

/* What is left out for safety gives no trial, no example, and nothing is joined over it. */
static void masked_is_left_out(void **state)
{
    (void)state;
    static const double after[2] = {.1, .9};
    hf_cycle c;
    hf_i_evidence e;
    planted(&c, after, 200, 2);
    for (size_t k = 0; k < c.count; k++)
        c.turns[k].masked = c.turns[k].exchange % 2 == 0;
    assert_ok(ctx, hf_i_evidence_find(&e, ctx, &c, NULL, 0));
    /* an unanswered turn's next own turn lies in the next exchange: always masked here */
    const hf_i_evidence_item *x = item_of(&e, HF_I_E_UNANSWERED_HARD, 0);
    assert_true(x->contrast.n[1] == 0 && x->contrast.n[0] > 50 && !x->enough && !x->seen);
    for (size_t i = 0; i < e.count; i++)
        for (int k = 0; k < HF_I_EVIDENCE_EXAMPLES; k++)
            assert_true(e.items[i].examples[k] == UINT32_MAX ||
                        !c.turns[e.items[i].examples[k]].masked);
    for (size_t k = 0; k < c.count; k++)
        c.turns[k].masked = true;
    assert_ok(ctx, hf_i_evidence_find(&e, ctx, &c, NULL, 0));
    for (size_t i = 0; i < e.count; i++)
        assert_true(!e.items[i].enough || e.items[i].which == HF_I_E_CONTACT_TREND);
    evidence_dispose(&c);
}

static void shuffled_shows_nothing(void **state)
{
    (void)state;
    enum { DYADS = 60 };
    int any = 0;
    for (size_t i = 0; i < DYADS; i++) {
        hf_cycle c;
        hf_i_evidence e;
        hf_pair pair = evidence_pair(ctx, i);
        evidence_make(&c, ctx, &pair, 30, i, .25);
        evidence_shuffle(&c, i);
        assert_ok(ctx, hf_i_evidence_find(&e, ctx, &c, NULL, 0));
        bool seen = false;
        for (size_t k = 0; k < e.count; k++)
            seen |= e.items[k].seen;
        any += seen;
        evidence_dispose(&c);
    }
    printf("shuffled: something seen in %d of %d dyads\n", any, DYADS);
    assert_true(any <= DYADS / 20);
}

static void empty_and_tiny(void **state)
{
    (void)state;
    static const double after[2] = {.5, .5};
    hf_cycle c = {.ctx = ctx, .hide = -1};
    hf_i_evidence e;
    assert_ok(ctx, hf_i_evidence_find(&e, ctx, &c, NULL, 0));
    assert_true(e.count > 20 && e.looked_at == 0);
    planted(&c, after, 5, 3);
    for (size_t k = 0; k < c.count; k++)
        c.turns[k].t_h = c.turns[k].end_h = NAN; /* no times */
    assert_ok(ctx, hf_i_evidence_find(&e, ctx, &c, NULL, 0));
    for (size_t i = 0; i < e.count; i++)
        assert_true(!e.items[i].enough && !e.items[i].seen);
    evidence_dispose(&c);
}

static void behaviour_by_episode(void **state)
{
    (void)state;
    static const double after[2] = {.1, .5};
    hf_cycle c;
    hf_behaviour b[2];
    planted(&c, after, 40, 4);
    c.episodes = hf_i_calloc(ctx, 6, sizeof *c.episodes);
    assert_non_null(c.episodes);
    c.episode_count = 6;
    for (size_t i = 0; i < 6; i++) {
        c.episodes[i].onset = 8 * i;
        c.episodes[i].last = 8 * i + 4;
        c.episodes[i].who[HF_ROLE_PURSUES] = i < 4 ? HF_WHO_A : HF_WHO_NONE;
        c.episodes[i].who[HF_ROLE_WITHDRAWS] = i < 3 ? HF_WHO_B : HF_WHO_NONE;
    }
    hf_cycle_get_behaviour(&c, b);
    assert_true(b[0].episodes == 6 && b[0].pursued == 4 && b[0].withdrew == 0 && b[0].neither == 2);
    assert_true(b[1].withdrew == 3 && b[1].pursued == 0 && b[1].neither == 3);
    assert_true(b[0].pursued_lo < 4 / 6. && b[0].pursued_hi > 4 / 6.);
    evidence_dispose(&c);
}

static hf_status find_again(hf_ctx *own, void *user)
{
    hf_i_evidence e;
    return hf_i_evidence_find(&e, own, user, NULL, 0);
}

static void each_allocation_fails(void **state)
{
    (void)state;
    static const double after[2] = {.1, .5};
    hf_cycle c;
    planted(&c, after, 60, 5);
    assert_true(test_each_allocation_fails(find_again, &c) > 20);
    evidence_dispose(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tails_of_two_stretches),
                                       cmocka_unit_test(tails_far_out),
                                       cmocka_unit_test(hand_counts),
                                       cmocka_unit_test(exact_is_shuffled),
                                       cmocka_unit_test(holm_by_hand),
                                       cmocka_unit_test(slope_by_hand),
                                       cmocka_unit_test(planted_is_seen),
                                       cmocka_unit_test(masked_is_left_out),
                                       cmocka_unit_test(shuffled_shows_nothing),
                                       cmocka_unit_test(empty_and_tiny),
                                       cmocka_unit_test(behaviour_by_episode),
                                       cmocka_unit_test(each_allocation_fails)};
    ctx = test_ctx();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hf_ctx_free(ctx);
    return failed;
}
