/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* with: NLOPT */
/* What is found becomes findings as the consent level allows; each can be said in both languages;
 * the same for any number of threads. */
#include "cycle/dynamics.h"
#include "cycle/evidence_data.h"
#include "signal/analysis.h"
#include "signal/made_chat.h"

#include <holdfast/report.h>

static hf_ctx *ctx;

/* A cycle over the turns of an analysis with acts dealt out at random; b's answers to a's hard
 * turns are hard. hide: this partner's words are not looked at. */
static void cycle_of(hf_cycle *c, const hf_analysis *a, int hide)
{
    hf_i_random r;
    hf_i_random_init(&r, 31, 0, 0);
    size_t n = a->turns.turn_count;
    *c = (hf_cycle){.ctx = ctx, .count = n, .analysis = a, .hide = hide};
    c->turns = hf_i_alloc(ctx, n * sizeof *c->turns);
    c->episode_of = hf_i_alloc(ctx, n * sizeof *c->episode_of);
    assert_true(c->turns && c->episode_of);
    bool hard = false;
    for (size_t k = 0; k < n; k++) {
        const hf_i_turn *from = &a->turns.turns[k];
        hf_cycle_turn *t = &c->turns[k];
        hf_cycle_turn_init(t);
        t->t_h = (double)(from->t_start - a->turns.turns[0].t_start) / 3.6e6;
        t->end_h = t->t_h;
        t->exchange = from->exchange;
        t->partner = from->partner;
        t->masked = from->flagged;
        t->coded = from->partner != hide && !from->flagged;
        bool same = k > 0 && c->turns[k - 1].exchange == t->exchange;
        double p = from->partner == 1 && same ? (hard ? .6 : .1) : .2;
        hard = hf_i_random_uniform(&r) < p;
        t->unanswered = k + 1 < n && a->turns.turns[k + 1].exchange != from->exchange;
        int act = hard ? HF_ACT_BLAME
                       : (const int[]){HF_ACT_NEED, HF_ACT_SUPPORT,
                                       HF_ACT_DISCLOSURE}[hf_i_random_below(&r, 3)];
        if (t->coded)
            t->acts[act] = 1;
        c->episode_of[k] = -1;
    }
}

static hf_analysis *analysis_of(const char *path, hf_consent consent, hf_record **record, int days)
{
    made_chat chat = {.seed = 41, .days = days, .first = "Ann", .second = "Ben"};
    hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
    o.consent = consent;
    o.me = "Ann";
    o.partners = "Ann,Ben";
    o.text_model = "none";
    made_write(&chat, path);
    return made_analysis(ctx, path, &o, record);
}

static void can_be_said(const hf_findings *f, const char *language)
{
    const char *names[2] = {"Ann", "Ben"}, *text;
    hf_sentences *s;
    assert_ok(ctx, hf_sentences_new(&s, ctx, language));
    for (size_t i = 0; i < hf_findings_count(f); i++) {
        const hf_finding *row = hf_findings_get(f, i);
        if (row->status == HF_FINDING_NOT_SHOWN)
            continue;
        assert_ok(ctx, hf_sentences_say(s, f, row, names, &text));
        if (!text || strchr(text, '{') || strchr(text, '}'))
            fail_msg("%s: '%s' in %s: %s", row->id, row->text_key, language, text ? text : "none");
    }
    hf_sentences_free(s);
}

static bool is_shown(const hf_findings *f, const char *id)
{
    const hf_finding *x = hf_findings_find(f, id);
    if (!x)
        fail_msg("no finding %s", id);
    return x->status != HF_FINDING_NOT_SHOWN;
}

static void both(void **state)
{
    (void)state;
    hf_record *record;
    hf_cycle c;
    char *path = made_path();
    hf_analysis *a = analysis_of(path, HF_CONSENT_BOTH, &record, 150);
    const hf_findings *f = hf_analysis_get_findings(a);
    cycle_of(&c, a, -1);
    size_t before = hf_findings_count(f);
    assert_ok(ctx, hf_i_evidence_write(&c, a));
    assert_true(hf_findings_count(f) > before + 40);
    const hf_finding *x = hf_findings_find(f, "hard_then_hard.b");
    printf("%s: %.3f (%.3f to %.3f), otherwise %.3f, %s\n", x->id, x->estimate, x->lo, x->hi,
           x->base_rate, x->text_key);
    assert_int_equal(x->status, HF_FINDING_SEEN);
    assert_string_equal(x->text_key, "hard_then_hard.more");
    assert_true(x->lo < .6 && x->hi > .6 && fabs(x->base_rate - .1) < .05 && x->examples[0]);
    x = hf_findings_find(f, "hard_then_hard.a");
    assert_int_equal(x->status, HF_FINDING_HYPOTHESIS);
    assert_string_equal(x->text_key, "hard_then_hard");
    x = hf_findings_find(f, "set_point.a");
    assert_int_equal(x->status, HF_FINDING_HYPOTHESIS);
    assert_true(x->lo < x->estimate && x->estimate < x->hi);
    assert_int_equal(hf_findings_find(f, "pillar_wounds.ab")->status, HF_FINDING_NOT_ENOUGH_DATA);
    assert_true(is_shown(f, "pillar_responsiveness.a") && is_shown(f, "pillar_presence.ab"));
    can_be_said(f, "en");
    can_be_said(f, "de");
    bool figure = false;
    for (size_t i = 0; i < hf_findings_count_figures(f); i++)
        figure |= strcmp(hf_findings_get_figure(f, i)->id, "pillars") == 0;
    assert_true(figure);
    evidence_dispose(&c);
    hf_analysis_free(a);
    hf_record_free(record);
    remove(path);
    free(path);
}

/* Own turns and the gaps around them; nothing that says what the other did. */
static void solo(void **state)
{
    (void)state;
    static const char *const held[] = {"hard_then_hard.a",
                                       "hard_then_hard.b",
                                       "soft_then_warm.a",
                                       "soft_then_warm.b",
                                       "unanswered_then_hard.b",
                                       "soft_reply_seen.b",
                                       "need_soft_or_hard.a",
                                       "emotion_then_constructive.b",
                                       "warmth_trend.b",
                                       "set_point.b",
                                       "inertia.b",
                                       "influence.a",
                                       "influence.b",
                                       "behaviour_pursued.b",
                                       "pillar_responsiveness.a",
                                       "pillar_vulnerability.a",
                                       "pillar_wounds.ab"};
    static const char *const shown[] = {"unanswered_then_hard.a",
                                        "soft_reply_seen.a",
                                        "warmth_trend.a",
                                        "set_point.a",
                                        "inertia.a",
                                        "contact_trend.ab",
                                        "pillar_presence.ab",
                                        "recovery.a"};
    hf_record *record;
    hf_cycle c;
    char *path = made_path();
    hf_analysis *a = analysis_of(path, HF_CONSENT_SOLO, &record, 150);
    const hf_findings *f = hf_analysis_get_findings(a);
    cycle_of(&c, a, 1);
    assert_ok(ctx, hf_i_evidence_write(&c, a));
    for (size_t i = 0; i < HF_COUNT_OF(held); i++)
        if (is_shown(f, held[i]))
            fail_msg("%s is shown in solo", held[i]);
    for (size_t i = 0; i < HF_COUNT_OF(shown); i++)
        if (!is_shown(f, shown[i]))
            fail_msg("%s is held back in solo", shown[i]);
    assert_int_equal(hf_findings_find(f, "set_point.a")->status, HF_FINDING_HYPOTHESIS);
    for (size_t i = 0; i < hf_findings_count_turns(f); i++)
        if (hf_findings_get_turn(f, i)->partner == HF_PARTNER_B)
            assert_null(hf_findings_get_turn(f, i)->text.data);
    can_be_said(f, "en");
    evidence_dispose(&c);
    hf_analysis_free(a);
    hf_record_free(record);
    remove(path);
    free(path);
}

/* One day: no number of the cycle is said. */
static void short_record(void **state)
{
    (void)state;
    hf_record *record;
    hf_cycle c;
    char *path = made_path();
    hf_analysis *a = analysis_of(path, HF_CONSENT_BOTH, &record, 1);
    const hf_findings *f = hf_analysis_get_findings(a);
    cycle_of(&c, a, -1);
    size_t before = hf_findings_count(f);
    assert_ok(ctx, hf_i_evidence_write(&c, a));
    for (size_t i = before; i < hf_findings_count(f); i++) {
        hf_finding_status want = strncmp(hf_findings_get(f, i)->id, "felt_", 5) == 0
                                     ? HF_FINDING_NOT_SHOWN
                                     : HF_FINDING_NOT_ENOUGH_DATA;
        assert_int_equal(hf_findings_get(f, i)->status, want);
    }
    can_be_said(f, "en");
    can_be_said(f, "de");
    evidence_dispose(&c);
    hf_analysis_free(a);
    hf_record_free(record);
    remove(path);
    free(path);
}

/* Ann's diary is low every other day, and on those days she says a need more often. Seen by herself
 * alone; nothing of it in a joint output. */
static void felt_and_said(void **state)
{
    (void)state;
    for (int joint = 0; joint < 2; joint++) {
        char *chat_path = made_path(), *diary_path = made_path();
        made_chat chat = {.seed = 42, .days = 100, .first = "Ann", .second = "Ben"};
        hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
        hf_record *record;
        hf_analysis *a;
        hf_cycle c;
        hf_i_random r;
        made_write(&chat, chat_path);
        FILE *f = fopen(diary_path, "w");
        assert_non_null(f);
        fprintf(f, "person,date,closeness\n");
        int64_t day0 = hf_i_days_from_civil(2023, 1, 13) * HF_I_MS_PER_DAY;
        for (int day = 0; day < 100; day++) {
            char iso[HF_I_TIME_SIZE];
            hf_i_time_format_date(iso, day0 + day * HF_I_MS_PER_DAY);
            fprintf(f, "Ann,%s,%d\nBen,%s,%d\n", iso, day % 2 ? 60 + day % 9 : 20 + day % 9, iso,
                    day % 7);
        }
        assert_int_equal(fclose(f), 0);
        const char *const paths[] = {chat_path, diary_path};
        assert_ok(ctx, hf_record_read(&record, ctx, paths, 2, NULL));
        o.consent = joint ? HF_CONSENT_BOTH : HF_CONSENT_SOLO;
        o.me = "Ann";
        o.partners = "Ann,Ben";
        o.text_model = "none";
        assert_ok(ctx, hf_analyze(&a, ctx, record, &o));
        cycle_of(&c, a, joint ? -1 : 1);
        hf_i_random_init(&r, 43, 0, 0);
        for (size_t k = 0; k < c.count; k++) {
            int64_t day = (a->turns.turns[k].t_start - day0) / HF_I_MS_PER_DAY;
            memset(c.turns[k].acts, 0, sizeof c.turns[k].acts);
            c.turns[k].acts[HF_ACT_NEED] = hf_i_random_uniform(&r) < (day % 2 ? .02 : .2);
        }
        const hf_findings *found = hf_analysis_get_findings(a);
        assert_ok(ctx, hf_i_evidence_write(&c, a));
        const hf_finding *x = hf_findings_find(found, "felt_then_said.a");
        assert_non_null(x);
        if (joint) {
            assert_int_equal(x->status, HF_FINDING_NOT_SHOWN);
            assert_true(isnan(x->estimate) && x->value_count == 0);
        } else {
            printf("%s: %.2f of %g days, otherwise %.2f\n", x->id, x->estimate, (double)x->n,
                   x->base_rate);
            assert_int_equal(x->status, HF_FINDING_SEEN);
            assert_int_equal(x->visibility, HF_VISIBLE_A);
            assert_true(x->n > 90 && x->estimate > .7 && x->base_rate < .4);
        }
        assert_int_equal(hf_findings_find(found, "felt_then_said.b")->status, HF_FINDING_NOT_SHOWN);
        evidence_dispose(&c);
        hf_analysis_free(a);
        hf_record_free(record);
        remove(chat_path);
        remove(diary_path);
        free(chat_path);
        free(diary_path);
    }
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    hf_cycle c;
    hf_pair pair = evidence_pair(ctx, 1);
    hf_i_evidence e[2];
    hf_i_dynamics d[2];
    evidence_make(&c, ctx, &pair, 60, 1, .25);
    for (int k = 0; k < 2; k++) {
        hf_i_evidence_view v;
        hf_ctx_set_threads(ctx, 1 + k);
        assert_ok(ctx, hf_i_evidence_find(&e[k], ctx, &c, NULL, 0));
        assert_ok(ctx, hf_i_evidence_view_make(&v, ctx, &c));
        assert_ok(ctx, hf_i_dynamics_find(&d[k], ctx, &v));
        hf_i_evidence_view_dispose(&v);
        hf_i_dynamics_dispose(&d[k], ctx);
    }
    hf_ctx_set_threads(ctx, 0);
    for (size_t i = 0; i < e[0].count; i++) {
        double x[2] = {e[0].items[i].p_corrected, e[1].items[i].p_corrected};
        assert_memory_equal(&x[0], &x[1], sizeof x[0]);
    }
    assert_true(d[0].both);
    assert_memory_equal(d[0].influence, d[1].influence, sizeof d[0].influence);
    assert_memory_equal(&d[0].half_life, &d[1].half_life, sizeof d[0].half_life);
    evidence_dispose(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both), cmocka_unit_test(solo), cmocka_unit_test(short_record),
        cmocka_unit_test(felt_and_said), cmocka_unit_test(threads_do_not_matter)};
    ctx = test_ctx();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hf_ctx_free(ctx);
    return failed;
}
