/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* The decoder on coded invented dialogues, which no simulator made: phases against two coders, and
 * against the two-line rule 'two protective turns running'. The priors looked at the odd dialogues;
 * the even ones are the test. Each dialogue is decoded by itself, from the priors alone. */
#include "cycle/dialogues.h"
#include "support/test.h"

typedef struct {
    agreement phases, protection, rule_phases, rule_protection, coders, coders_protection;
    agreement second; /* decoder against coder b */
    size_t episodes, found, hits, raised, pursues, withdraws, repairs, matched;
} outcome;

typedef struct {
    int dialogue;
    size_t onset, last;
    unsigned who[HF_ROLE_COUNT];
} coded_episode;

static unsigned who_of(const char *name)
{
    for (unsigned w = 0; w < 4; w++)
        if (strcmp(hf_who_name(w), name) == 0)
            return w;
    return 0;
}

static size_t read_episodes(coded_episode *out, size_t most)
{
    char *text = dialogue_file("episodes_a.tsv");
    char *p = text ? strchr(text, '\n') : NULL;
    size_t n = 0;
    for (p = p ? p + 1 : NULL; p && *p && n < most; n++) {
        out[n].dialogue = atoi(dialogue_cell(&p) + 1);
        out[n].onset = (size_t)atoi(dialogue_cell(&p)) - 1;
        out[n].last = (size_t)atoi(dialogue_cell(&p)) - 1;
        for (int r = 0; r < HF_ROLE_COUNT; r++)
            out[n].who[r] = who_of(dialogue_cell(&p));
        dialogue_cell(&p);
    }
    free(text);
    return n;
}

/* Two protective turns running: both of them are protection. */
static bool rule_says(const hf_cycle_turn *turns, size_t count, size_t t)
{
    bool now = hf_i_act_hostile[read_act(&turns[t])];
    return now && ((t > 0 && hf_i_act_hostile[read_act(&turns[t - 1])]) ||
                   (t + 1 < count && hf_i_act_hostile[read_act(&turns[t + 1])]));
}

static void compare_phases(outcome *o, const hf_cycle *c, const dialogue_row *rows,
                           const hf_cycle_turn *turns, size_t count)
{
    for (size_t t = 0; t < count; t++) {
        int got = (int)hf_cycle_get_phase(c, t), a = rows[t].phase[0], b = rows[t].phase[1];
        int rule = rule_says(turns, count, t) ? HF_PHASE_PROTECTION : HF_PHASE_CONNECTION;
        agree(&o->phases, a, got, false);
        agree(&o->protection, a, got, true);
        agree(&o->second, b, got, false);
        agree(&o->rule_phases, a, rule, false);
        agree(&o->rule_protection, a, rule, true);
        agree(&o->coders, a, b, false);
        agree(&o->coders_protection, a, b, true);
    }
}

static void compare_episodes(outcome *o, const hf_cycle *c, int dialogue,
                             const coded_episode *coded, size_t count)
{
    o->found += hf_cycle_count_episodes(c);
    for (size_t k = 0; k < count; k++) {
        if (coded[k].dialogue != dialogue)
            continue;
        o->episodes++;
        for (size_t e = 0; e < hf_cycle_count_episodes(c); e++) {
            const hf_episode *got = hf_cycle_get_episode(c, e);
            if (got->onset <= coded[k].onset + 2 && coded[k].onset <= got->onset + 2)
                o->hits++;
            if (got->onset > coded[k].last || got->last < coded[k].onset)
                continue;
            o->matched++;
            o->raised += got->who[HF_ROLE_RAISED_NEED] == coded[k].who[HF_ROLE_RAISED_NEED];
            o->repairs += got->who[HF_ROLE_REPAIRS] == coded[k].who[HF_ROLE_REPAIRS];
            o->pursues += got->who[HF_ROLE_PURSUES] == coded[k].who[HF_ROLE_PURSUES];
            o->withdraws += got->who[HF_ROLE_WITHDRAWS] == coded[k].who[HF_ROLE_WITHDRAWS];
        }
    }
}

static outcome run(hf_ctx *ctx, const dialogues *d, const hf_text_model *model, int odd)
{
    outcome out = {0};
    coded_episode coded[128];
    size_t coded_count = read_episodes(coded, HF_COUNT_OF(coded));
    hf_cycle_turn *turns = dialogue_turns(ctx, d, model);
    hf_cycle_options o = HF_CYCLE_OPTIONS_INIT;
    o.least_turns = 0;
    assert_non_null(turns);
    for (size_t k = 0; k < d->dialogue_count; k++) {
        size_t first = d->first[k], n = d->first[k + 1] - first;
        hf_cycle *c;
        if ((d->rows[first].dialogue & 1) != odd)
            continue;
        assert_ok(ctx, hf_cycle_decode(&c, ctx, turns + first, n, &o));
        compare_phases(&out, c, d->rows + first, turns + first, n);
        compare_episodes(&out, c, d->rows[first].dialogue, coded, coded_count);
        hf_cycle_free(c);
    }
    free(turns);
    return out;
}

static void print_outcome(const char *what, const outcome *o)
{
    printf(
        "%s: %.0f turns; phases: accuracy %.3f kappa %.3f (rule %.3f, %.3f; coder b %.3f; coders "
        "%.3f); protection: kappa %.3f (rule %.3f; coders %.3f)\n",
        what, o->phases.n, o->phases.same / o->phases.n, kappa(&o->phases),
        o->rule_phases.same / o->rule_phases.n, kappa(&o->rule_phases), kappa(&o->second),
        kappa(&o->coders), kappa(&o->protection), kappa(&o->rule_protection),
        kappa(&o->coders_protection));
    printf("   episodes coded %zu, found %zu, onset within 2: %zu; of %zu that overlap right: "
           "raised_need %zu, pursues %zu, withdraws %zu, repairs %zu\n",
           o->episodes, o->found, o->hits, o->matched, o->raised, o->pursues, o->withdraws,
           o->repairs);
}

static void beats_the_two_line_rule(void **state)
{
    (void)state;
    static dialogues d;
    hf_ctx *ctx = test_ctx();
    hf_text_model *model;
    assert_true(dialogues_read(&d));
    assert_ok(ctx, hf_text_model_open(&model, ctx, HF_SOURCE_DIR "/data/models/turns_en.bin"));
    for (int coded = 0; coded < 2; coded++)
        for (int odd = 1; odd >= 0; odd--) {
            outcome o = run(ctx, &d, coded ? NULL : model, odd);
            char what[64];
            snprintf(what, sizeof what, "%s dialogues, acts as %s", odd ? "odd" : "even",
                     coded ? "coded" : "the text model reads them");
            print_outcome(what, &o);
            assert_true(kappa(&o.phases) > kappa(&o.rule_phases) + .1);
            assert_true(kappa(&o.protection) > kappa(&o.rule_protection) + .05);
        }
    hf_text_model_free(model);
    dialogues_free(&d);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(beats_the_two_line_rule))
