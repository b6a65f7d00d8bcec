/* SPDX-License-Identifier: MIT */
/* labels: long */
/* What the decoder finds in synthetic records, by length, by whose acts they hold and by how they
 * are read, beside what it could find if it knew the pair. Prints; the floors asserted are those
 * doc/cycle.md reports. Seeds 100 and up: priors were tuned on lower ones. */
#include "cycle/episodes.h"
#include "cycle/eval.h"
#include "cycle/people.h"
#include "cycle/shuffled.h"
#include "cycle/timing.h"
#include "support/test.h"

#include <stdio.h>

enum { PAIRS = 10, REPLICATES = 4, SEED = 100, SLACK = 2, MARKED = 3 };
/* Stress: 8 for four hours, once in four days, each partner in turn. */
static const double LEVEL = 8, EVERY = 96, LENGTH = 4;

typedef struct {
    hf_ctx *ctx;
    double confusion[HF_SYN_ACTS][HF_SYN_ACTS];
    double people[HF_I_STANCES][HF_I_CYCLE_ACTS];
    hf_i_cycle_model prior;
} bench;

static bench made_bench(void)
{
    bench b = {.ctx = test_ctx()};
    assert_ok(b.ctx, eval_confusion(b.ctx, b.confusion));
    assert_ok(b.ctx, hf_i_cycle_priors_read(&b.prior, b.ctx, NULL));
    assert_ok(b.ctx, people_acts(b.people, b.ctx, &b.prior));
    return b;
}

static void make(bench *b, hf_i_synthetic *s, int pair, double hours, uint64_t seed, double level,
                 bool people)
{
    assert_ok(b->ctx, eval_record(s, b->ctx, pair, hours, seed, level, EVERY, LENGTH,
                                  (const double(*)[HF_SYN_ACTS])b->confusion));
    if (people)
        eval_redraw(s, (const double(*)[HF_I_CYCLE_ACTS])b->people, b->confusion,
                    seed + (uint64_t)pair);
}

static void score(eval_result *r, const hf_cycle *c, const hf_i_synthetic *s)
{
    int *truth = malloc((s->count + 1) * sizeof *truth);
    for (size_t t = 0; t < s->count; t++)
        truth[t] = s->turns[t].phase;
    eval_phases(r, c, truth);
    eval_episodes(r, c, s, SLACK, MARKED);
    free(truth);
}

static void print_row(const char *what, const eval_result *r)
{
    size_t most = 0;
    for (int f = 0; f < HF_PHASE_COUNT; f++) {
        size_t n = 0;
        for (int g = 0; g < HF_PHASE_COUNT; g++)
            n += r->confusion[f][g];
        most = n > most ? n : most;
    }
    printf("%-34s %7zu turns  acc %.3f (largest phase %.3f)  Brier %.3f  cal %.3f  episodes %4zu "
           "found %4zu "
           "F1 %.2f  marked found %.2f of %zu  positions %.2f  raised %.2f of %zu\n",
           what, r->turns, (double)r->right / (double)r->turns, (double)most / (double)r->turns,
           r->brier / (double)r->turns, eval_calibration(r), r->true_episodes, r->found_episodes,
           eval_f1(r->hits, r->true_episodes, r->found_episodes),
           (double)r->marked_hits / (double)r->marked_true, r->marked_true,
           (double)r->roles_right / (double)r->roles, (double)r->raised_right / (double)r->roles,
           r->roles);
    fflush(stdout);
}

static void decode(bench *b, eval_result *r, int pair, double hours, uint64_t seed, double level,
                   bool people, bool noisy)
{
    hf_i_synthetic s;
    hf_cycle *c;
    hf_cycle_options o = HF_CYCLE_OPTIONS_INIT;
    make(b, &s, pair, hours, seed, level, people);
    hf_cycle_turn *turns = eval_turns(&s, noisy, b->confusion, b->prior.base);
    assert_ok(b->ctx, hf_cycle_decode(&c, b->ctx, turns, s.count, &o));
    score(r, c, &s);
    hf_cycle_free(c);
    free(turns);
    hf_i_synthetic_dispose(&s);
}

static const struct {
    const char *name;
    bool people, noisy;
} readings[] = {{"simulator's acts, read true", false, false},
                {"simulator's acts, read noisily", false, true},
                {"people's acts, read true", true, false},
                {"people's acts, read noisily", true, true}};

static void by_length(void **state)
{
    (void)state;
    bench b = made_bench();
    static const double hours[] = {120, 300, 600, 1200, 3000};
    for (size_t k = 0; k < HF_COUNT_OF(readings); k++)
        for (size_t h = 0; h < HF_COUNT_OF(hours); h++) {
            eval_result r = {0};
            char name[64];
            for (uint64_t seed = SEED; seed < SEED + REPLICATES; seed++)
                for (int pair = 0; pair < PAIRS; pair++)
                    decode(&b, &r, pair, hours[h], seed, LEVEL, readings[k].people,
                           readings[k].noisy);
            snprintf(name, sizeof name, "%s, %.0f d", readings[k].name, hours[h] / 24);
            print_row(name, &r);
            if (k == 2 && hours[h] >= 1200)
                assert_true((double)r.right / (double)r.turns > .9 &&
                            r.brier / (double)r.turns < .15);
        }
    hf_ctx_free(b.ctx);
}

static void by_pair(void **state)
{
    (void)state;
    bench b = made_bench();
    static const char *const names[PAIRS] = {
        "secure secure",    "secure anxious",   "secure avoidant", "secure fearful",
        "anxious anxious",  "anxious avoidant", "anxious fearful", "avoidant avoidant",
        "avoidant fearful", "fearful fearful"};
    for (int noisy = 0; noisy < 2; noisy++)
        for (int pair = 0; pair < PAIRS; pair++) {
            eval_result r = {0};
            char name[64];
            for (uint64_t seed = SEED; seed < SEED + REPLICATES; seed++)
                decode(&b, &r, pair, 1500, seed, LEVEL, true, noisy);
            snprintf(name, sizeof name, "people's, %s, %s", noisy ? "noisy" : "true", names[pair]);
            print_row(name, &r);
        }
    hf_ctx_free(b.ctx);
}

/* A record of eight times the length, its phases given: what the model then knows of the pair. */
static void learn(bench *b, hf_i_cycle_model *m, int pair, uint64_t seed, bool people, bool noisy)
{
    static hf_i_cycle_sums sums;
    hf_i_cycle_model prior = b->prior;
    hf_i_synthetic s;
    hf_i_chain chain;
    prior.strength_act = prior.strength_calm = prior.strength_hostile = prior.strength_move = 20;
    prior.strength_stay = prior.strength_clock = 20;
    *m = prior;
    make(b, &s, pair, 8 * 1500, seed + 1000, LEVEL, people);
    hf_cycle_turn *turns = eval_turns(&s, noisy, b->confusion, prior.base);
    hf_i_timing_fill(turns, s.count);
    for (size_t t = 0; t < s.count; t++)
        turns[t].fixed_phase = (uint8_t)s.turns[t].phase;
    assert_ok(b->ctx, hf_i_chain_init(&chain, b->ctx, turns, s.count, &prior, -1));
    for (int round = 0; round < 15; round++) {
        hf_i_chain_load(&chain, m);
        assert_ok(b->ctx, hf_i_chain_pass(&chain, m, &sums, NULL));
        hf_i_cycle_update(m, &prior, &chain, &sums);
    }
    hf_i_chain_dispose(&chain);
    free(turns);
    hf_i_synthetic_dispose(&s);
}

/* Decodes with a given model. */
static void decode_with(bench *b, eval_result *r, const hf_i_cycle_model *m, int pair,
                        uint64_t seed, bool people, bool noisy)
{
    static hf_i_cycle_sums sums;
    hf_i_synthetic s;
    hf_i_chain chain;
    hf_cycle *c;
    hf_cycle_options o = HF_CYCLE_OPTIONS_INIT;
    o.iterations = 0;
    make(b, &s, pair, 1500, seed, LEVEL, people);
    hf_cycle_turn *turns = eval_turns(&s, noisy, b->confusion, b->prior.base);
    assert_ok(b->ctx, hf_cycle_decode(&c, b->ctx, turns, s.count, &o));
    assert_ok(b->ctx, hf_i_chain_init(&chain, b->ctx, c->turns, s.count, m, -1));
    hf_i_chain_load(&chain, m);
    assert_ok(b->ctx, hf_i_chain_pass(&chain, m, &sums, c->states));
    hf_i_phases_read(c, m->protection_from);
    c->episode_count = 0;
    assert_ok(b->ctx, hf_i_episodes_find(c, m, (const float(*)[HF_I_CYCLE_ACTS])chain.says));
    score(r, c, &s);
    hf_i_chain_dispose(&chain);
    hf_cycle_free(c);
    free(turns);
    hf_i_synthetic_dispose(&s);
}

static void informed_bound(void **state)
{
    (void)state;
    bench b = made_bench();
    for (size_t k = 0; k < HF_COUNT_OF(readings); k++) {
        eval_result r = {0};
        char name[64];
        for (int pair = 0; pair < PAIRS; pair++) {
            hf_i_cycle_model m;
            learn(&b, &m, pair, SEED, readings[k].people, readings[k].noisy);
            decode_with(&b, &r, &m, pair, SEED, readings[k].people, readings[k].noisy);
        }
        snprintf(name, sizeof name, "known pair: %s", readings[k].name);
        print_row(name, &r);
    }
    hf_ctx_free(b.ctx);
}

/* Found episodes that touch no true one, in 1,000 turns of a secure pair without stress. */
static void calm_secure_pairs(void **state)
{
    (void)state;
    bench b = made_bench();
    for (size_t k = 0; k < HF_COUNT_OF(readings); k++) {
        double wrong = 0, turns = 0, found = 0, truth = 0;
        for (uint64_t seed = SEED; seed < SEED + 2 * REPLICATES; seed++) {
            hf_i_synthetic s;
            hf_cycle *c;
            make(&b, &s, 0, 3000, seed, 0, readings[k].people);
            hf_cycle_turn *t = eval_turns(&s, readings[k].noisy, b.confusion, b.prior.base);
            assert_ok(b.ctx, hf_cycle_decode(&c, b.ctx, t, s.count, NULL));
            for (size_t e = 0; e < hf_cycle_count_episodes(c); e++) {
                const hf_episode *got = hf_cycle_get_episode(c, e);
                bool touches = false;
                for (size_t i = 0; i < s.episode_count; i++)
                    touches |= got->onset <= s.episodes[i].last && got->last >= s.episodes[i].onset;
                wrong += !touches;
            }
            turns += (double)s.count;
            found += (double)hf_cycle_count_episodes(c);
            truth += (double)s.episode_count;
            hf_cycle_free(c);
            free(t);
            hf_i_synthetic_dispose(&s);
        }
        printf(
            "calm secure pair, %s: %.0f turns, %.0f true, %.0f found, %.2f false in 1,000 turns\n",
            readings[k].name, turns, truth, found, 1000 * wrong / turns);
        assert_true(1000 * wrong / turns <= 1);
    }
    hf_ctx_free(b.ctx);
}

/* Words dealt out anew among the turns of each writer: little may be left. */
static void shuffled_order(void **state)
{
    (void)state;
    bench b = made_bench();
    for (size_t k = 0; k < HF_COUNT_OF(readings); k++) {
        double real = 0, left = 0, turns = 0, seen = 0, said = 0, records = 0;
        hf_i_shuffled chance;
        for (int pair = 0; pair < 4; pair++)
            for (uint64_t seed = SEED; seed < SEED + REPLICATES; seed++) {
                hf_i_synthetic s;
                hf_cycle *c;
                make(&b, &s, pair, 1500, seed, LEVEL, readings[k].people);
                hf_cycle_turn *t = eval_turns(&s, readings[k].noisy, b.confusion, b.prior.base);
                assert_ok(b.ctx, hf_cycle_decode(&c, b.ctx, t, s.count, NULL));
                real += (double)hf_cycle_count_episodes(c);
                assert_ok(b.ctx, hf_i_shuffled_compare(&chance, c));
                seen += chance.seen;
                records++;
                hf_cycle_free(c);
                hf_i_random r;
                hf_i_random_init(&r, seed, 80, (uint64_t)pair);
                for (size_t i = s.count; i > 1; i--) {
                    size_t j = hf_i_random_below(&r, i);
                    float x[HF_ACT_COUNT];
                    memcpy(x, t[i - 1].acts, sizeof x);
                    memcpy(t[i - 1].acts, t[j].acts, sizeof x);
                    memcpy(t[j].acts, x, sizeof x);
                }
                assert_ok(b.ctx, hf_cycle_decode(&c, b.ctx, t, s.count, NULL));
                left += (double)hf_cycle_count_episodes(c);
                assert_ok(b.ctx, hf_i_shuffled_compare(&chance, c));
                said += chance.seen;
                turns += (double)s.count;
                hf_cycle_free(c);
                free(t);
                hf_i_synthetic_dispose(&s);
            }
        printf("shuffled, pairs with one secure partner, %s: %.2f in 1,000 turns, in order %.2f; "
               "said as seen of %.0f records: shuffled %.0f, in order %.0f\n",
               readings[k].name, 1000 * left / turns, 1000 * real / turns, records, said, seen);
        assert_true(said <= .15 * records);
    }
    hf_ctx_free(b.ctx);
}

RUN_TESTS(cmocka_unit_test(by_length), cmocka_unit_test(by_pair), cmocka_unit_test(informed_bound),
          cmocka_unit_test(calm_secure_pairs), cmocka_unit_test(shuffled_order))
