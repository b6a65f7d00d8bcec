/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* A chat with quarrels in it, from file to findings and figures, as each consent level allows. The
 * acts are tagged by corrections, so that no text model is needed. */
#include "signal/analysis.h"
#include "support/test.h"

#include <holdfast/cycle.h>
#include <holdfast/report.h>

#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { DAYS = 60, QUARRELS = 9 };

static void line(FILE *f, int day, int minute, const char *name, const char *text)
{
    fprintf(f, "[%02d/%02d/2024, %02d:%02d:00] %s: %s\n", day % 28 + 1, day / 28 + 1,
            9 + minute / 60, minute % 60, name, text);
}

static const struct {
    const char *name, *text, *act;
} quarrel[] = {
    {"Ann", "I would love an evening with you, about the rent too", "need"},
    {"Ben", "busy", "none"},
    {"Ann", "you never have time, and the rent is due", "blame"},
    {"Ben", "that is not fair", "defence"},
    {"Ann", "you never listen", "blame"},
    {"Ben", "whatever", "disengage"},
    {"Ann", "so I pay the rent alone again", "blame"},
    {"Ben", "I am done talking", "disengage"},
    {"Ben", "I am sorry, I was short with you", "repair"},
    {"Ann", "thank you", "acknowledge"},
};

/* Day by day small talk; every seventh day the quarrel. */
static void write_chat(const char *path)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (int day = 0; day < DAYS; day++) {
        for (int k = 0; k < 10; k++)
            line(f, day, 3 * k, k & 1 ? "Ben" : "Ann",
                 k & 1 ? "sounds good to me then" : "shall we say at eight today");
        for (size_t k = 0; day % 7 == 3 && k < HF_COUNT_OF(quarrel); k++)
            line(f, day, 240 + 3 * (int)(k > 7 ? k + 30 : k), quarrel[k].name, quarrel[k].text);
    }
    fclose(f);
}

/* Every message is tagged: quarrels as above, the rest as none. */
static void write_tags(const char *path, hf_ctx *ctx, hf_record *record, const char *more)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (size_t i = 0; i < hf_record_count_messages(record); i++) {
        char id[17];
        hf_message m;
        const char *act = "none";
        hf_record_get_message(record, i, &m);
        assert_ok(ctx, hf_record_get_message_id(record, ctx, i, id));
        for (size_t k = 0; k < HF_COUNT_OF(quarrel); k++)
            if (m.text.size == strlen(quarrel[k].text) &&
                memcmp(m.text.data, quarrel[k].text, m.text.size) == 0)
                act = quarrel[k].act;
        fprintf(f, "{\"target\":\"%s\",\"field\":\"act\",\"value\":\"%s\"}\n", id, act);
    }
    fputs(more, f);
    fclose(f);
}

typedef struct {
    hf_ctx *ctx;
    hf_record *record;
    hf_analysis *a;
    hf_cycle *c;
} setup;

static setup made(hf_consent consent, const char *more, bool tagged)
{
    static const char chat[] = "cycle_chat.tmp.txt", tags[] = "cycle_tags.tmp.jsonl";
    const char *paths[1] = {chat};
    setup s = {.ctx = test_ctx()};
    hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
    hf_read_options read = HF_READ_OPTIONS_INIT;
    read.date_order = HF_DATE_DMY;
    write_chat(chat);
    assert_ok(s.ctx, hf_record_read(&s.record, s.ctx, paths, 1, &read));
    write_tags(tags, s.ctx, s.record, more);
    o.consent = consent;
    o.me = "Ann";
    o.text_model = "none";
    o.corrections = tagged ? tags : NULL;
    assert_ok(s.ctx, hf_analyze(&s.a, s.ctx, s.record, &o));
    assert_ok(s.ctx, hf_cycle_of_analysis(&s.c, s.ctx, s.a, NULL));
    assert_ok(s.ctx, hf_cycle_report(s.c, s.a));
    remove(chat);
    remove(tags);
    return s;
}

static void dispose(setup *s)
{
    hf_cycle_free(s->c);
    hf_analysis_free(s->a);
    hf_record_free(s->record);
    hf_ctx_free(s->ctx);
}

static const char *figure(const setup *s, const char *id)
{
    const hf_findings *f = hf_analysis_get_findings(s->a);
    for (size_t i = 0; i < hf_findings_count_figures(f); i++)
        if (strcmp(hf_findings_get_figure(f, i)->id, id) == 0)
            return hf_findings_get_figure(f, i)->data;
    return NULL;
}

static const hf_finding *finding(const setup *s, const char *id)
{
    const hf_finding *f = hf_findings_find(hf_analysis_get_findings(s->a), id);
    if (!f)
        fail_msg("no finding %s", id);
    return f;
}

/* Every sentence is there, with all its values. */
static void all_can_be_said(const setup *s)
{
    const char *names[2] = {hf_analysis_get_name(s->a, HF_PARTNER_A),
                            hf_analysis_get_name(s->a, HF_PARTNER_B)};
    const hf_findings *f = hf_analysis_get_findings(s->a);
    static const char *const languages[] = {"en", "de"};
    for (size_t l = 0; l < 2; l++) {
        hf_sentences *words;
        assert_ok(s->ctx, hf_sentences_new(&words, s->ctx, languages[l]));
        for (size_t i = 0; i < hf_findings_count(f); i++) {
            const hf_finding *row = hf_findings_get(f, i);
            const char *text = NULL;
            if (row->status == HF_FINDING_NOT_SHOWN)
                continue;
            assert_ok(s->ctx, hf_sentences_say(words, f, row, names, &text));
            if (!text || strchr(text, '{'))
                fail_msg("%s (%s): %s", row->id, languages[l], text ? text : "no sentence");
        }
        hf_sentences_free(words);
    }
}

static void both_agree(void **state)
{
    (void)state;
    setup s = made(HF_CONSENT_BOTH, "", true);
    assert_int_equal(hf_cycle_get_state(s.c), HF_CYCLE_ENOUGH);
    assert_int_equal(hf_cycle_count_episodes(s.c), QUARRELS);
    const hf_finding *f = finding(&s, "episodes.ab");
    assert_int_equal(f->status, HF_FINDING_SEEN);
    assert_true(f->base_rate < f->lo);
    f = finding(&s, "position_pursues.a");
    assert_true(f->estimate > .9);
    assert_int_equal(f->n, QUARRELS);
    assert_non_null(f->examples[0]);
    assert_true(finding(&s, "position_pursues.b")->estimate < .2);
    assert_true(finding(&s, "position_withdraws.b")->estimate > .9);
    assert_true(finding(&s, "repair_landed.ab")->estimate > .5);
    assert_true(finding(&s, "repair_time.ab")->estimate > 60);
    /* The rent is a problem of its own. */
    assert_true(finding(&s, "cycle_problem.ab")->estimate > .9);
    assert_int_equal(hf_cycle_get_episode(s.c, 0)->problem, HF_PROBLEM_MONEY);
    assert_non_null(strstr(figure(&s, "episodes"), "\"pursues\":\"a\""));
    assert_non_null(strstr(figure(&s, "episodes"), "\"problem\":\"money\""));
    assert_non_null(strstr(figure(&s, "phases"), "\"shares\""));
    assert_non_null(strstr(figure(&s, "loop"), "\"positions\""));
    assert_null(strstr(figure(&s, "loop"), "not_measured_yet"));
    all_can_be_said(&s);
    dispose(&s);
}

/* One's own side: nothing that the other did is named, in numbers, roles or words. */
static void solo(void **state)
{
    (void)state;
    setup s = made(HF_CONSENT_SOLO, "", true);
    assert_int_equal(finding(&s, "position_pursues.b")->status, HF_FINDING_NOT_SHOWN);
    assert_int_equal(finding(&s, "position_withdraws.b")->status, HF_FINDING_NOT_SHOWN);
    assert_null(hf_findings_find(hf_analysis_get_findings(s.a), "episodes.ab"));
    assert_non_null(finding(&s, "episodes.a"));
    const char *cards = figure(&s, "episodes");
    assert_non_null(cards);
    assert_null(strstr(cards, "\"b\""));
    assert_null(strstr(cards, "\"both\""));
    assert_null(strstr(cards, "\"none\""));
    assert_non_null(strstr(figure(&s, "loop"), "\"b\":null"));
    const hf_findings *f = hf_analysis_get_findings(s.a);
    for (size_t i = 0; i < hf_findings_count_turns(f); i++)
        if (hf_findings_get_turn(f, i)->partner == HF_PARTNER_B)
            assert_null(hf_findings_get_turn(f, i)->text.data);
    all_can_be_said(&s);
    dispose(&s);
}

static void timing_only(void **state)
{
    (void)state;
    setup s = made(HF_CONSENT_BOTH, "", false);
    assert_int_equal(hf_cycle_get_state(s.c), HF_CYCLE_NO_TEXT);
    const hf_finding *f = finding(&s, "episodes.ab");
    assert_int_equal(f->status, HF_FINDING_NOT_ENOUGH_DATA);
    assert_string_equal(f->text_key, "episodes.no_text");
    assert_null(figure(&s, "episodes"));
    assert_null(figure(&s, "phases"));
    all_can_be_said(&s);
    dispose(&s);
}

/* Phases and roles that the pair says are otherwise. */
static void corrected(void **state)
{
    (void)state;
    char more[512];
    setup s = made(HF_CONSENT_BOTH, "", true);
    const hf_episode *e = hf_cycle_get_episode(s.c, 2);
    char id[17];
    hf_turn turn;
    hf_analysis_get_turn(s.a, e->onset, &turn);
    memcpy(id, turn.id, sizeof id);
    size_t first = e->onset, last = e->last;
    snprintf(more, sizeof more,
             "{\"target\":\"%s\",\"field\":\"role\",\"value\":\"pursues=both,withdraws=none\"}\n",
             id);
    dispose(&s);
    s = made(HF_CONSENT_BOTH, more, true);
    e = hf_cycle_get_episode(s.c, 2);
    assert_int_equal(e->who[HF_ROLE_PURSUES], HF_WHO_BOTH);
    assert_int_equal(e->who[HF_ROLE_WITHDRAWS], HF_WHO_NONE);
    assert_true(e->who_corrected[HF_ROLE_PURSUES] && !e->who_corrected[HF_ROLE_REPAIRS]);
    /* All of the third quarrel was connection, they say. */
    enum { SIZE = 16384 };
    char *all = calloc(1, SIZE);
    for (size_t t = first; t <= last; t++) {
        hf_analysis_get_turn(s.a, t, &turn);
        snprintf(all + strlen(all), SIZE - strlen(all),
                 "{\"target\":\"%s\",\"field\":\"phase\",\"value\":\"connection\"}\n", turn.id);
    }
    dispose(&s);
    s = made(HF_CONSENT_BOTH, all, true);
    assert_int_equal(hf_cycle_count_episodes(s.c), QUARRELS - 1);
    dispose(&s);
    free(all);
}

RUN_TESTS(cmocka_unit_test(both_agree), cmocka_unit_test(solo), cmocka_unit_test(timing_only),
          cmocka_unit_test(corrected))
