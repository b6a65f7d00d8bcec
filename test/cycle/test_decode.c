/* SPDX-License-Identifier: MIT */
/* labels: unit oracle property */
/* The chain against sums over all paths; what must never count; records that say too little. */
#include "cycle/chain.h"
#include "cycle/eval.h"
#include "support/failing_alloc.h"
#include "support/test.h"

enum { SHORT = 4 };

static hf_cycle_turn turn_of(size_t t, int partner, int act)
{
    hf_cycle_turn x;
    hf_cycle_turn_init(&x);
    x.t_h = x.end_h = (double)t * .1;
    x.silence_h = t ? .1 : NAN;
    x.partner = (uint8_t)partner;
    x.coded = true;
    if (act >= 0)
        x.acts[act] = 1;
    return x;
}

static hf_cycle *must_decode(hf_ctx *ctx, const hf_cycle_turn *turns, size_t n)
{
    hf_cycle *c;
    assert_ok(ctx, hf_cycle_decode(&c, ctx, turns, n, NULL));
    return c;
}

/* ---- oracles --------------------------------------------------------------------------------- */

static double start_share(const hf_i_cycle_model *m, int s)
{
    double n = 0;
    for (int k = 0; k < HF_I_STATES; k++)
        n += hf_i_state_phase(k) == hf_i_state_phase(s);
    return m->start[hf_i_state_phase(s)] * (hf_i_state_phase(s) == HF_PHASE_PROTECTION
                                                ? m->positions[s - HF_I_S_PROTECTION]
                                                : 1 / n);
}

/* Posterior, likelihood and best path are those of the sum over all 16^4 paths. */
static void all_paths(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_cycle_model m;
    hf_i_chain chain;
    static hf_i_cycle_sums sums;
    hf_cycle_turn turns[SHORT];
    static const int acts[SHORT] = {HF_ACT_NEED, -1, HF_ACT_BLAME, HF_ACT_DEFENCE};
    float posterior[SHORT][HF_I_STATES];
    uint8_t best[SHORT];
    double sum = 0, most = 0, exact[SHORT][HF_I_STATES] = {{0}};
    int most_path[SHORT] = {0};
    for (size_t t = 0; t < SHORT; t++)
        turns[t] = turn_of(t, (int)(t & 1), acts[t]);
    turns[2].silence_h = 30;
    turns[3].wait = 1.5f;
    assert_ok(ctx, hf_i_cycle_priors_read(&m, ctx, NULL));
    assert_ok(ctx, hf_i_chain_init(&chain, ctx, turns, SHORT, &m, -1));
    hf_i_chain_load(&chain, &m);
    assert_ok(ctx, hf_i_chain_pass(&chain, &m, &sums, posterior));
    assert_ok(ctx, hf_i_chain_best(&chain, &m, best));
    for (size_t path = 0; path < (size_t)1 << 4 * SHORT; path++) {
        double p = 1;
        int s[SHORT];
        for (size_t t = 0; t < SHORT; t++) {
            s[t] = (int)(path >> 4 * t & 15);
            p *= (double)chain.emit[t][s[t]];
            p *= t ? chain.moves[chain.gap[t]][s[t - 1]][s[t]] : start_share(&m, s[t]);
        }
        sum += p;
        for (size_t t = 0; t < SHORT; t++)
            exact[t][s[t]] += p;
        if (p > most) {
            most = p;
            memcpy(most_path, s, sizeof s);
        }
    }
    for (size_t t = 0; t < SHORT; t++) {
        assert_int_equal(best[t], most_path[t]);
        for (int s = 0; s < HF_I_STATES; s++)
            assert_true(fabs((double)posterior[t][s] - exact[t][s] / sum) < 1e-5);
    }
    assert_true(fabs(sums.log_likelihood - (log(sum) + chain.scale)) < 1e-9);
    hf_i_chain_dispose(&chain);
    hf_ctx_free(ctx);
}

/* Rows of the transition sum to one after any silence. */
static void transitions(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_cycle_model m;
    double p[HF_I_STATES][HF_I_STATES];
    static const double hours[] = {0, .01, 1, 24, 1000};
    assert_ok(ctx, hf_i_cycle_priors_read(&m, ctx, NULL));
    for (size_t k = 0; k < HF_COUNT_OF(hours); k++) {
        hf_i_cycle_transition(&m, hours[k], p);
        for (int i = 0; i < HF_I_STATES; i++) {
            double sum = 0;
            for (int j = 0; j < HF_I_STATES; j++) {
                assert_true(p[i][j] >= 0);
                sum += p[i][j];
            }
            assert_true(fabs(sum - 1) < 1e-9);
        }
    }
    hf_ctx_free(ctx);
}

/* ---- what must never count ------------------------------------------------------------------- */

enum { LONG = 600 };

static void fill(hf_cycle_turn *turns, const int *acts, size_t act_count)
{
    for (size_t t = 0; t < LONG; t++)
        turns[t] = turn_of(t, (int)(t & 1), acts[t % act_count]);
}

/* Silences that tell of withdrawing, without a word that does. */
static void timing_alone_shows_nothing(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    static hf_cycle_turn turns[LONG];
    static const int acts[] = {-1, HF_ACT_LOGISTICS, -1};
    fill(turns, acts, HF_COUNT_OF(acts));
    for (size_t t = 200; t < 260; t++) {
        turns[t].wait = 3;
        turns[t].length = -3;
        turns[t].silence_h = 20;
    }
    hf_cycle *c = must_decode(ctx, turns, LONG);
    assert_int_equal(hf_cycle_get_state(c), HF_CYCLE_ENOUGH);
    assert_int_equal(hf_cycle_count_episodes(c), 0);
    hf_cycle_free(c);
    /* Without any words it says so. */
    for (size_t t = 0; t < LONG; t++)
        turns[t].coded = false;
    c = must_decode(ctx, turns, LONG);
    assert_int_equal(hf_cycle_get_state(c), HF_CYCLE_NO_TEXT);
    assert_int_equal(hf_cycle_count_episodes(c), 0);
    hf_cycle_free(c);
    hf_ctx_free(ctx);
}

/* Forty messages of one partner within minutes; boundaries and requests for space, many of them. */
static void bursts_and_boundaries(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    static hf_cycle_turn turns[LONG];
    static const int acts[] = {-1, HF_ACT_SUPPORT, -1, HF_ACT_QUESTION};
    fill(turns, acts, HF_COUNT_OF(acts));
    for (size_t t = 100; t < 140; t++) {
        turns[t].partner = 0;
        turns[t].silence_h = .005;
        turns[t].wait = -3;
        turns[t].warmth = 2;
    }
    for (size_t t = 300; t < 330; t++) {
        memset(turns[t].acts, 0, sizeof turns[t].acts);
        turns[t].acts[t & 1 ? HF_ACT_BOUNDARY : HF_ACT_SPACE] = 1;
    }
    hf_cycle *c = must_decode(ctx, turns, LONG);
    assert_int_equal(hf_cycle_count_episodes(c), 0);
    hf_cycle_free(c);
    hf_ctx_free(ctx);
}

/* ---- an episode, and who does what in it ----------------------------------------------------- */

static void put_quarrel(hf_cycle_turn *turns, size_t at)
{
    static const int acts[] = {HF_ACT_NEED,
                               -1,
                               HF_ACT_BLAME,
                               HF_ACT_DEFENCE,
                               HF_ACT_BLAME,
                               HF_ACT_DISENGAGE,
                               HF_ACT_BLAME,
                               HF_ACT_DISENGAGE,
                               HF_ACT_HARD_EMOTION,
                               HF_ACT_DEFENCE,
                               -1,
                               HF_ACT_REPAIR,
                               -1,
                               HF_ACT_REPAIR};
    for (size_t k = 0; k < HF_COUNT_OF(acts); k++) {
        turns[at + k] = turn_of(at + k, (int)(k & 1), acts[k]);
        turns[at + k].need = k ? HF_NEED_COUNT : HF_NEED_WANTED;
    }
}

static void finds_a_quarrel(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    static hf_cycle_turn turns[LONG];
    static const int acts[] = {-1, HF_ACT_LOGISTICS, -1, HF_ACT_QUESTION};
    fill(turns, acts, HF_COUNT_OF(acts));
    put_quarrel(turns, 250);
    hf_cycle *c = must_decode(ctx, turns, LONG);
    assert_int_equal(hf_cycle_count_episodes(c), 1);
    const hf_episode *e = hf_cycle_get_episode(c, 0);
    assert_in_range(e->onset, 249, 252);
    assert_in_range(e->last, 258, 266);
    assert_int_equal(e->who[HF_ROLE_PURSUES], HF_WHO_A);
    assert_int_equal(e->who[HF_ROLE_WITHDRAWS], HF_WHO_B);
    assert_int_equal(e->who[HF_ROLE_RAISED_NEED], HF_WHO_A);
    assert_int_equal(e->who[HF_ROLE_REPAIRS], HF_WHO_B);
    assert_int_equal(e->repair_attempts, 1);
    assert_int_equal(e->repair_landed, 1);
    assert_int_equal(e->end, HF_EPISODE_RETURNED);
    assert_true(e->repair_seen && e->repair_h > .5 && e->repair_h < 2);
    assert_int_equal(hf_cycle_episode_of(c, 255), 0);
    assert_int_equal(hf_cycle_episode_of(c, 100), SIZE_MAX);
    assert_true(hf_cycle_get_lean(c) > 0 && hf_cycle_get_lean(c) < 1);
    hf_cycle_free(c);
    /* The pair says that it was connection, all of it. */
    for (size_t t = 250; t < 264; t++)
        turns[t].fixed_phase = HF_PHASE_CONNECTION;
    c = must_decode(ctx, turns, LONG);
    assert_int_equal(hf_cycle_count_episodes(c), 0);
    hf_cycle_free(c);
    hf_ctx_free(ctx);
}

/* Left out for safety: nothing is said of those turns, and no episode crosses them. */
static void masked_turns(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    static hf_cycle_turn turns[LONG];
    static const int acts[] = {-1, HF_ACT_LOGISTICS};
    fill(turns, acts, HF_COUNT_OF(acts));
    put_quarrel(turns, 250);
    for (size_t t = 245; t < 270; t++)
        turns[t].masked = true;
    hf_cycle *c = must_decode(ctx, turns, LONG);
    assert_int_equal(hf_cycle_count_episodes(c), 0);
    assert_true(isnan(hf_cycle_get_posterior(c, 255)[0]));
    assert_int_equal(hf_cycle_get_phase(c, 255), HF_PHASE_COUNT);
    assert_int_equal(hf_cycle_get_path(c, 255), HF_PHASE_COUNT);
    hf_cycle_free(c);
    hf_ctx_free(ctx);
}

/* In solo the other's words change nothing. */
static void hidden_partner(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    static hf_cycle_turn turns[LONG];
    static const int acts[] = {-1, HF_ACT_LOGISTICS};
    hf_cycle_options o = HF_CYCLE_OPTIONS_INIT;
    hf_cycle *with, *without;
    o.hide = 1;
    fill(turns, acts, HF_COUNT_OF(acts));
    put_quarrel(turns, 250);
    assert_ok(ctx, hf_cycle_decode(&with, ctx, turns, LONG, &o));
    for (size_t t = 1; t < LONG; t += 2) {
        memset(turns[t].acts, 0, sizeof turns[t].acts);
        turns[t].acts[HF_ACT_SUPPORT] = 1;
        turns[t].warmth = 3;
    }
    assert_ok(ctx, hf_cycle_decode(&without, ctx, turns, LONG, &o));
    for (size_t t = 0; t < LONG; t++)
        assert_memory_equal(hf_cycle_get_posterior(with, t), hf_cycle_get_posterior(without, t),
                            sizeof(float[HF_PHASE_COUNT]));
    hf_cycle_free(with);
    hf_cycle_free(without);
    hf_ctx_free(ctx);
}

/* ---- too little, or strange ------------------------------------------------------------------ */

static void says_why_not(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    static hf_cycle_turn turns[LONG];
    static const int acts[] = {-1, HF_ACT_LOGISTICS};
    hf_cycle *c = must_decode(ctx, NULL, 0);
    assert_int_equal(hf_cycle_get_state(c), HF_CYCLE_TOO_SHORT);
    assert_true(hf_cycle_get_lean(c) == 1);
    hf_cycle_free(c);
    fill(turns, acts, HF_COUNT_OF(acts));
    put_quarrel(turns, 4);
    c = must_decode(ctx, turns, 20);
    assert_int_equal(hf_cycle_get_state(c), HF_CYCLE_TOO_SHORT);
    assert_int_equal(hf_cycle_count_episodes(c), 0);
    hf_cycle_free(c);
    /* One partner silent. */
    for (size_t t = 0; t < LONG; t++)
        turns[t].partner = 0;
    c = must_decode(ctx, turns, LONG);
    assert_int_equal(hf_cycle_get_state(c), HF_CYCLE_ONE_SIDED);
    hf_cycle_free(c);
    /* All at one minute: words still tell, silences do not. */
    fill(turns, acts, HF_COUNT_OF(acts));
    put_quarrel(turns, 250);
    for (size_t t = 0; t < LONG; t++) {
        turns[t].t_h = turns[t].end_h = 7;
        turns[t].silence_h = t ? 0 : NAN;
    }
    c = must_decode(ctx, turns, LONG);
    assert_int_equal(hf_cycle_get_state(c), HF_CYCLE_NO_TIME);
    assert_int_equal(hf_cycle_count_episodes(c), 1);
    hf_cycle_free(c);
    /* No times at all. */
    for (size_t t = 0; t < LONG; t++)
        turns[t].t_h = turns[t].end_h = turns[t].silence_h = NAN;
    c = must_decode(ctx, turns, LONG);
    assert_int_equal(hf_cycle_get_state(c), HF_CYCLE_NO_TIME);
    assert_true(isnan(hf_cycle_get_episode(c, 0)->repair_h));
    hf_cycle_free(c);
    turns[3].partner = 2;
    assert_int_equal(hf_cycle_decode(&c, ctx, turns, LONG, NULL), HF_E_USAGE);
    hf_ctx_free(ctx);
}

static void bad_priors(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_cycle_model m;
    static const char *const texts[] = {"# fine\nstay\t.9 .8\tx\tshort row\n",
                                        "stay\t.9 .8 .7 .6 .5 x\n", "start\t.9 .9 .9 0 0 0\n",
                                        "nothing\t1\n"};
    for (size_t k = 0; k < HF_COUNT_OF(texts); k++) {
        FILE *f = fopen("priors.tmp", "w");
        assert_non_null(f);
        fputs(texts[k], f);
        fclose(f);
        assert_int_equal(hf_i_cycle_priors_read(&m, ctx, "priors.tmp"), HF_E_PARSE);
        assert_int_equal(hf_ctx_get_error(ctx)->line, k == 0 ? 2 : 1);
    }
    remove("priors.tmp");
    hf_ctx_free(ctx);
}

/* ---- the same bits, no memory ---------------------------------------------------------------- */

static hf_status decode_it(hf_ctx *ctx, void *user)
{
    hf_cycle *c;
    hf_status status = hf_cycle_decode(&c, ctx, user, LONG, NULL);
    if (status == HF_OK)
        hf_cycle_free(c);
    return status;
}

static void memory_fails(void **state)
{
    (void)state;
    static hf_cycle_turn turns[LONG];
    static const int acts[] = {-1, HF_ACT_LOGISTICS};
    fill(turns, acts, HF_COUNT_OF(acts));
    put_quarrel(turns, 250);
    assert_true(test_each_allocation_fails_step(decode_it, turns, 1) > 10);
}

static void same_bits(void **state)
{
    (void)state;
    hf_ctx *ctx[2];
    hf_cycle *c[2];
    static hf_cycle_turn turns[LONG];
    static const int acts[] = {-1, HF_ACT_LOGISTICS, HF_ACT_QUESTION};
    fill(turns, acts, HF_COUNT_OF(acts));
    put_quarrel(turns, 250);
    for (int k = 0; k < 2; k++) {
        hf_ctx_options o = HF_CTX_OPTIONS_INIT;
        o.threads = k ? 4 : 1;
        assert_int_equal(hf_ctx_new(&ctx[k], &o), HF_OK);
        c[k] = must_decode(ctx[k], turns, LONG);
    }
    for (size_t t = 0; t < LONG; t++)
        assert_memory_equal(hf_cycle_get_posterior(c[0], t), hf_cycle_get_posterior(c[1], t),
                            sizeof(float[HF_PHASE_COUNT]));
    for (int k = 0; k < 2; k++) {
        hf_cycle_free(c[k]);
        hf_ctx_free(ctx[k]);
    }
}

/* A calm record teaches that the pair stays in connection; a short one hardly does. */
static void leans_on_the_prior(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    static hf_cycle_turn turns[LONG];
    static const int acts[] = {-1, HF_ACT_LOGISTICS, HF_ACT_QUESTION};
    fill(turns, acts, HF_COUNT_OF(acts));
    hf_cycle *small = must_decode(ctx, turns, 60), *large = must_decode(ctx, turns, LONG);
    assert_true(hf_cycle_get_lean(small) > hf_cycle_get_lean(large));
    const hf_cycle_parameter *p = hf_cycle_get_parameter(large, 0);
    assert_string_equal(p->name, "stay.connection");
    assert_true(p->value > p->prior && p->lean < .5);
    assert_true(hf_cycle_get_parameter(small, 0)->lean > .5);
    hf_cycle_free(small);
    hf_cycle_free(large);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(all_paths), cmocka_unit_test(transitions),
          cmocka_unit_test(timing_alone_shows_nothing), cmocka_unit_test(bursts_and_boundaries),
          cmocka_unit_test(finds_a_quarrel), cmocka_unit_test(masked_turns),
          cmocka_unit_test(hidden_partner), cmocka_unit_test(says_why_not),
          cmocka_unit_test(bad_priors), cmocka_unit_test(memory_fails), cmocka_unit_test(same_bits),
          cmocka_unit_test(leans_on_the_prior))
