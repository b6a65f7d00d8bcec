/* SPDX-License-Identifier: MIT */
/* labels: unit property */
#include "signal/made_chat.h"

#include <holdfast/report.h>

#include <math.h>

static char *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    *size = (size_t)ftell(f);
    rewind(f);
    char *text = malloc(*size + 1);
    assert_int_equal(fread(text, 1, *size, f), *size);
    text[*size] = '\0';
    fclose(f);
    return text;
}

typedef hf_status (*writer)(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file);

static hf_status as_json(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    return hf_report_write_json(hf_analysis_get_findings(a), ctx, file);
}
static hf_status as_html(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    return hf_report_write_html(hf_analysis_get_findings(a), ctx, file);
}
static hf_status as_series(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    return hf_series_write_csv(hf_analysis_get_series(a), ctx, file);
}
static const writer writers[] = {as_json, as_html, as_series, hf_report_write_messages,
                                 hf_report_write_turns};

static char *written(const hf_analysis *a, hf_ctx *ctx, writer write, size_t *size)
{
    char *path = made_path();
    hf_outfile *file;
    assert_ok(ctx, hf_outfile_new(&file, ctx, path));
    assert_ok(ctx, write(a, ctx, file));
    assert_ok(ctx, hf_outfile_commit(file));
    hf_outfile_free(file);
    char *text = read_file(path, size);
    remove(path);
    free(path);
    return text;
}

static hf_analyze_options both(void)
{
    hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
    o.consent = HF_CONSENT_BOTH;
    o.made_on = "2026-01-02";
    return o;
}

/* In solo nothing of the other's text comes out, in none of the five outputs. */
static void solo_keeps_the_others_words(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    made_chat chat = {.seed = 1, .days = 90, .first = "Ann", .second = "Ben", .secret = true};
    made_write(&chat, path);
    for (int alone = 0; alone < 2; alone++) {
        hf_analyze_options o = both();
        o.consent = alone ? HF_CONSENT_SOLO : HF_CONSENT_BOTH;
        o.me = "ann";
        o.partners = "Ann,Ben";
        hf_record *record;
        hf_analysis *a = made_analysis(ctx, path, &o, &record);
        for (size_t i = 0; i < HF_COUNT_OF(writers); i++) {
            size_t size;
            char *text = written(a, ctx, writers[i], &size);
            bool there = strstr(text, "xylophone") != NULL;
            /* Both: the word is in the examples and in messages.csv, so the test can see it. */
            assert_int_equal(there, !alone && i != 2 && i != 4);
            free(text);
        }
        const hf_findings *f = hf_analysis_get_findings(a);
        assert_int_equal(hf_findings_find(f, "answered.a")->status, HF_FINDING_HYPOTHESIS);
        const char *others[] = {"answered.b",        "reply_time.b",   "uptake.b",
                                "style_matching.ab", "coordination.a", "questions.b",
                                "pronoun_we.b",      "initiation.b",   "reply_time.ab"};
        for (size_t i = 0; alone && i < HF_COUNT_OF(others); i++) {
            assert_int_equal(hf_findings_find(f, others[i])->status, HF_FINDING_NOT_SHOWN);
            assert_true(isnan(hf_findings_find(f, others[i])->estimate));
        }
        const hf_series *s = hf_analysis_get_series(a);
        for (size_t i = 0; alone && i < hf_series_count(s); i++) {
            const hf_series_row *row = hf_series_get(s, i);
            const char *name = hf_series_get_variable(s, row->variable)->name;
            if (row->partner == HF_PARTNER_B)
                assert_true(strncmp(name, "messages", 8) == 0 || strncmp(name, "words", 5) == 0);
        }
        hf_analysis_free(a);
        hf_record_free(record);
    }
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

/* Swapping who is called a swaps the findings, and changes nothing else. */
static void swapping_the_partners(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    made_chat chat = {
        .seed = 2, .days = 120, .first = "Ann", .second = "Ben", .cool_from = 60, .cool_to = 80};
    made_write(&chat, path);
    hf_analyze_options o = both();
    hf_record *r1, *r2;
    o.partners = "Ann,Ben";
    hf_analysis *x = made_analysis(ctx, path, &o, &r1);
    o.partners = "Ben, Ann";
    hf_analysis *y = made_analysis(ctx, path, &o, &r2);
    const hf_findings *f = hf_analysis_get_findings(x), *g = hf_analysis_get_findings(y);
    assert_int_equal(hf_findings_count(f), hf_findings_count(g));
    size_t compared = 0;
    for (size_t i = 0; i < hf_findings_count(f); i++) {
        const hf_finding *a = hf_findings_get(f, i);
        char id[128];
        snprintf(id, sizeof id, "%s", a->id);
        char *mark = strchr(id, '.') + 1;
        if (strncmp(mark, "ab", 2) == 0)
            continue;
        *mark = *mark == 'a' ? 'b' : 'a';
        const hf_finding *b = hf_findings_find(g, id);
        assert_non_null(b);
        assert_int_equal(a->status, b->status);
        assert_int_equal(a->n, b->n);
        if (isnan(a->estimate)) {
            assert_true(isnan(b->estimate));
        } else {
            assert_true(fabs(a->estimate - b->estimate) <= 1e-12 * fabs(a->estimate));
            assert_true(isnan(a->lo) == isnan(b->lo));
        }
        compared++;
    }
    assert_true(compared > 40);
    hf_analysis_free(x);
    hf_analysis_free(y);
    hf_record_free(r1);
    hf_record_free(r2);
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

static size_t seen_changes(const hf_analysis *a)
{
    const hf_findings *f = hf_analysis_get_findings(a);
    size_t n = 0;
    for (size_t i = 0; i < hf_findings_count(f); i++) {
        const hf_finding *row = hf_findings_get(f, i);
        size_t len = strlen(row->id);
        n += row->status == HF_FINDING_SEEN && len > 7 && strcmp(row->id + len - 7, ".recent") == 0;
    }
    return n;
}

/* A chat in which nothing changes shows (nearly) no change; one that cools at its end does. */
static void nothing_where_nothing_is(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    size_t chance = 0, told = 0;
    enum { CHATS = 12 };
    for (uint64_t k = 0; k < CHATS; k++)
        for (int cool = 0; cool < 2; cool++) {
            made_chat chat = {.seed = 100 + k,
                              .days = 168,
                              .first = "Ann",
                              .second = "Ben",
                              .cool_from = cool ? 140 : 0,
                              .cool_to = cool ? 168 : 0};
            made_write(&chat, path);
            hf_analyze_options o = both();
            hf_record *record;
            hf_analysis *a = made_analysis(ctx, path, &o, &record);
            const hf_findings *f = hf_analysis_get_findings(a);
            if (!cool)
                chance += seen_changes(a);
            else
                told += hf_findings_find(f, "answered.b.recent")->status == HF_FINDING_SEEN;
            hf_analysis_free(a);
            hf_record_free(record);
        }
    print_message("chats without a change: %zu changes told in %d chats of about 30 comparisons; "
                  "chats with one: told in %zu of %d\n",
                  chance, CHATS, told, CHATS);
    assert_true(chance <= CHATS);
    assert_true(told >= CHATS - 2);
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    char *path = made_path(), *first[HF_COUNT_OF(writers)] = {NULL};
    made_chat chat = {.seed = 3, .days = 100, .first = "Ann", .second = "Ben"};
    made_write(&chat, path);
    static const int threads[] = {1, 2, 5};
    for (size_t k = 0; k < HF_COUNT_OF(threads); k++) {
        hf_ctx *ctx = test_ctx();
        hf_ctx_set_threads(ctx, threads[k]);
        hf_analyze_options o = both();
        hf_record *record;
        hf_analysis *a = made_analysis(ctx, path, &o, &record);
        for (size_t i = 0; i < HF_COUNT_OF(writers); i++) {
            size_t size;
            char *text = written(a, ctx, writers[i], &size);
            if (k == 0)
                first[i] = text;
            else
                assert_string_equal(first[i], text);
            if (k)
                free(text);
        }
        hf_analysis_free(a);
        hf_record_free(record);
        hf_ctx_free(ctx);
    }
    for (size_t i = 0; i < HF_COUNT_OF(writers); i++)
        free(first[i]);
    remove(path);
    free(path);
}

/* One line of six weeks ago takes its exchange out and no more; one of the last weeks holds all
 * guidance back. */
static void old_cues_do_not_hold_guidance_back(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    for (int recent = 0; recent < 2; recent++) {
        char *path = made_path();
        made_chat chat = {.seed = 4,
                          .days = recent ? 40 : 56, /* the line comes after two weeks */
                          .first = "Ann",
                          .second = "Ben",
                          .line = "I will hurt you if you do that again"};
        made_write(&chat, path);
        hf_analyze_options o = both();
        hf_record *record;
        hf_analysis *a = made_analysis(ctx, path, &o, &record);
        assert_true(hf_analysis_show_resources(a));
        assert_int_equal(hf_analysis_flagged_is_old(a), !recent);
        hf_analysis_free(a);
        hf_record_free(record);
        remove(path);
        free(path);
    }
    hf_ctx_free(ctx);
}

/* An exchange with a cue: resources are due, no example is of it, no output says a class. */
static void a_flagged_exchange_is_left_out(void **state)
{
    (void)state;
    static const char *const classes[] = {"self_harm", "self-harm", "suicid",  "threat",
                                          "coercion",  "violence",  "flagged", "crisis"};
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    made_chat chat = {.seed = 4,
                      .days = 40,
                      .first = "Ann",
                      .second = "Ben",
                      .line = "I will hurt you if you zebra again"};
    made_write(&chat, path);
    hf_analyze_options o = both();
    hf_record *record;
    hf_analysis *a = made_analysis(ctx, path, &o, &record);
    assert_true(hf_analysis_show_resources(a));
    assert_false(hf_findings_get_header(hf_analysis_get_findings(a))->show_resources);
    size_t size;
    char *json = written(a, ctx, as_json, &size);
    assert_null(strstr(json, "zebra"));
    for (size_t i = 0; i < HF_COUNT_OF(classes); i++)
        assert_null(strstr(json, classes[i]));
    free(json);
    hf_analysis_free(a);
    hf_record_free(record);
    o.consent = HF_CONSENT_SOLO;
    o.me = "Ann";
    a = made_analysis(ctx, path, &o, &record);
    assert_true(hf_findings_get_header(hf_analysis_get_findings(a))->show_resources);
    hf_analysis_free(a);
    hf_record_free(record);
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

static hf_status status_of(hf_ctx *ctx, const char *path, const hf_analyze_options *o)
{
    hf_record *record;
    hf_analysis *a = NULL;
    assert_ok(ctx, hf_record_read(&record, ctx, &path, 1, NULL));
    hf_status status = hf_analyze(&a, ctx, record, o);
    hf_analysis_free(a);
    hf_record_free(record);
    return status;
}

static void refusals(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    made_chat chat = {.seed = 5, .days = 20, .first = "Ann", .second = "Ben", .line = "I'm 15"};
    made_write(&chat, path);
    hf_analyze_options o = both();
    assert_int_equal(status_of(ctx, path, &o), HF_E_SAFETY);
    chat.line = NULL;
    made_write(&chat, path);
    assert_int_equal(status_of(ctx, path, &o), HF_OK);
    o.consent = HF_CONSENT_SOLO;
    o.partners = "Ann,Ben";
    assert_int_equal(status_of(ctx, path, &o), HF_E_USAGE);
    assert_non_null(strstr(hf_ctx_get_error(ctx)->message, "--me \"Ann\" or --me \"Ben\""));
    o.partners = NULL;
    o.me = "Carl";
    assert_int_equal(status_of(ctx, path, &o), HF_E_USAGE);
    assert_non_null(strstr(hf_ctx_get_error(ctx)->message, "Ben"));
    o.me = "Ben";
    assert_int_equal(status_of(ctx, path, &o), HF_OK);
    o.consent = HF_CONSENT_RESEARCH;
    assert_int_equal(status_of(ctx, path, &o), HF_E_USAGE);
    o.protocol = "IRB 7";
    assert_int_equal(status_of(ctx, path, &o), HF_OK);
    o.partners = "Ann,Zoe";
    assert_int_equal(status_of(ctx, path, &o), HF_E_USAGE);
    o.partners = NULL;
    o.time_unit = "fortnight";
    assert_int_equal(status_of(ctx, path, &o), HF_E_USAGE);
    o.time_unit = "day";
    FILE *f = fopen(path, "a");
    for (int i = 0; i < 60; i++)
        fprintf(f, "14/02/2023, 10:%02d - Zoe: hello all\n", i);
    fclose(f);
    assert_int_equal(status_of(ctx, path, &o), HF_E_LIMIT);
    assert_non_null(strstr(hf_ctx_get_error(ctx)->message, "Zoe (60)"));
    o.partners = "Ann,Ben";
    assert_int_equal(status_of(ctx, path, &o), HF_OK);
    f = fopen(path, "w");
    fputs("14/02/2023, 10:00 - Zoe: hello all\n15/02/2023, 10:00 - Zoe: hello\n", f);
    fclose(f);
    o.partners = NULL;
    assert_int_equal(status_of(ctx, path, &o), HF_E_NOT_ENOUGH_DATA);
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

/* Two lines each: a report without a number rather than one with noise. */
static void a_tiny_chat_says_so(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    FILE *f = fopen(path, "w");
    fputs("14/02/2023, 10:00 - Ann: hello\n14/02/2023, 10:01 - Ben: hi, how are you?\n"
          "14/02/2023, 10:02 - Ann: fine\n",
          f);
    fclose(f);
    hf_analyze_options o = both();
    hf_record *record;
    hf_analysis *a = made_analysis(ctx, path, &o, &record);
    const hf_findings *found = hf_analysis_get_findings(a);
    assert_true(hf_findings_count(found) > 30);
    for (size_t i = 0; i < hf_findings_count(found); i++)
        assert_int_equal(hf_findings_get(found, i)->status, HF_FINDING_NOT_ENOUGH_DATA);
    size_t size;
    for (size_t i = 0; i < HF_COUNT_OF(writers); i++)
        free(written(a, ctx, writers[i], &size));
    hf_analysis_free(a);
    hf_record_free(record);
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

/* Corrections of sender and time are followed; what is nowhere is named. */
static void corrections_are_followed(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path(), *changes = made_path(), id[17];
    FILE *f = fopen(path, "w");
    fputs("14/02/2023, 10:00 - Ann: hello\n14/02/2023, 10:01 - Ben: hi, how are you?\n"
          "14/02/2023, 10:02 - Ann: fine\n14/02/2023, 10:03 - Ben: good\n",
          f);
    fclose(f);
    hf_analyze_options o = both();
    hf_record *record;
    hf_analysis *a = made_analysis(ctx, path, &o, &record);
    assert_int_equal(hf_analysis_count_turns(a), 4);
    assert_ok(ctx, hf_record_get_message_id(record, ctx, 1, id));
    hf_analysis_free(a);
    f = fopen(changes, "w");
    fprintf(f, "{\"target\":\"%s\",\"field\":\"sender\",\"value\":\"Ann\"}\n", id);
    fprintf(f, "{\"target\":\"0123\",\"field\":\"act\",\"value\":\"need\"}\n");
    fprintf(f, "{\"target\":\"e7\",\"field\":\"role\",\"value\":\"both\"}\n");
    fclose(f);
    o.corrections = changes;
    assert_ok(ctx, hf_analyze(&a, ctx, record, &o));
    /* Ann, Ann, Ann, Ben: two turns. */
    assert_int_equal(hf_analysis_count_turns(a), 2);
    const char *target;
    assert_int_equal(hf_analysis_count_unknown_targets(a), 2);
    assert_int_equal(hf_analysis_get_unknown_target(a, 0, &target), 2);
    assert_string_equal(target, "0123");
    assert_int_equal(hf_analysis_get_unknown_target(a, 1, &target), 3);
    assert_string_equal(target, "e7");
    hf_analysis_free(a);
    /* Ben's first message moves behind the others. */
    f = fopen(changes, "w");
    fprintf(f, "{\"target\":\"%s\",\"field\":\"t\",\"value\":\"2023-02-14T10:09\"}\n", id);
    fclose(f);
    assert_ok(ctx, hf_analyze(&a, ctx, record, &o));
    hf_turn turn;
    assert_int_equal(hf_analysis_count_turns(a), 2);
    hf_analysis_get_turn(a, 1, &turn);
    assert_int_equal(turn.messages, 2);
    assert_int_equal(turn.partner, HF_PARTNER_B);
    hf_analysis_free(a);
    f = fopen(changes, "w");
    fprintf(f, "{\"target\":\"%s\",\"field\":\"sender\",\"value\":\"Zoe\"}\n", id);
    fclose(f);
    assert_int_equal(hf_analyze(&a, ctx, record, &o), HF_E_PARSE);
    assert_int_equal(hf_ctx_get_error(ctx)->line, 1);
    hf_record_free(record);
    remove(path);
    remove(changes);
    free(path);
    free(changes);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(solo_keeps_the_others_words), cmocka_unit_test(swapping_the_partners),
          cmocka_unit_test(nothing_where_nothing_is), cmocka_unit_test(threads_change_nothing),
          cmocka_unit_test(a_flagged_exchange_is_left_out),
          cmocka_unit_test(old_cues_do_not_hold_guidance_back), cmocka_unit_test(refusals),
          cmocka_unit_test(a_tiny_chat_says_so), cmocka_unit_test(corrections_are_followed))
