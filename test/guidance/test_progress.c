/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* Before and after a practice, from a chat with its log beside it; days that were too much; a
 * findings document read again. */
#include "num/stats.h"
#include "support/test.h"

#include <holdfast/holdfast.h>

#include <math.h>
#include <stdio.h>

static void put(FILE *f, int day, int hour, const char *who)
{
    /* Days of 2025 from the first of January, a Wednesday. */
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int month = 0;
    while (day >= lengths[month])
        day -= lengths[month++];
    fprintf(f, "%02d/%02d/2025, %02d:%02d - %s: hello there %d\n", day + 1, month + 1, hour,
            day % 60, who, hour);
}

/* Twenty weeks; Ben writes three times a day and Ann answers once, from week ten on always. */
static void write_chat(const char *path)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (int day = 0; day < 140; day++)
        for (int k = 0; k < 3; k++) {
            put(f, day, 7 + 5 * k, "Ben");
            if (day >= 70 || k == day % 3 || (day % 7 == 3 && k == 0))
                put(f, day, 8 + 5 * k, "Ann");
        }
    fclose(f);
}

static void write_log(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("date,partner,item,value\n", f);
    fputs(text, f);
    fclose(f);
}

typedef struct {
    hf_ctx *ctx;
    hf_record *record;
    hf_analysis *analysis;
    hf_practices *practices;
    hf_findings *findings; /* of the analysis */
} fixture;

static void open_fixture(fixture *x, const char *log, hf_consent consent, const char *me)
{
    const char *paths[] = {"progress_chat.txt", "progress_log.csv"};
    hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
    x->ctx = test_ctx();
    write_chat(paths[0]);
    write_log(paths[1], log);
    hf_read_options read = HF_READ_OPTIONS_INIT;
    read.date_order = HF_DATE_DMY;
    assert_ok(x->ctx, hf_record_read(&x->record, x->ctx, paths, 2, &read));
    o.consent = consent;
    o.me = me;
    o.made_on = "2025-06-01";
    o.text_model = "none";
    assert_ok(x->ctx, hf_analyze(&x->analysis, x->ctx, x->record, &o));
    x->findings = hf_analysis_extend_findings(x->analysis);
    assert_ok(x->ctx, hf_practices_new(&x->practices, x->ctx));
    assert_ok(x->ctx, hf_practice_findings(x->findings, x->ctx, x->record, x->practices));
    remove(paths[0]);
    remove(paths[1]);
}

static void close_fixture(fixture *x)
{
    hf_practices_free(x->practices);
    hf_analysis_free(x->analysis);
    hf_record_free(x->record);
    hf_ctx_free(x->ctx);
}

static double value_of(const hf_finding *f, const char *key)
{
    for (size_t i = 0; i < f->value_count; i++)
        if (strcmp(f->values[i].key, key) == 0)
            return f->values[i].number;
    return NAN;
}

static void before_and_after(void **state)
{
    (void)state;
    fixture x;
    open_fixture(
        &x,
        "2025-03-12,Ann,practice_small_replies,7\n2025-03-20,Ann,practice_small_replies,8\n"
        "2025-05-18,Ann,practice_listen_two,8\n2025-03-12,Ben,practice_request,5\n",
        HF_CONSENT_SOLO, "Ann");
    const hf_finding *f = hf_findings_find(x.findings, "practice_small_replies.a");
    if (!f)
        f = hf_findings_find(x.findings, "practice_small_replies.b");
    assert_non_null(f);
    assert_int_equal(f->status, HF_FINDING_SEEN);
    assert_string_equal(f->text_key, "practice_moved.up");
    assert_true(f->lo > 0.3 && f->hi < 0.8 && f->estimate > f->lo && f->estimate < f->hi);
    assert_true(value_of(f, "times") == 2 && value_of(f, "after") > 0.9);
    assert_true(value_of(f, "weeks_before") >= 9 && value_of(f, "weeks_after") >= 9);
    /* Too late in the record to tell; and nothing of the absent person's log. */
    char id[64];
    snprintf(id, sizeof id, "practice_listen_two.%s", hf_partner_name(f->about));
    const hf_finding *late = hf_findings_find(x.findings, id);
    assert_non_null(late);
    assert_int_equal(late->status, HF_FINDING_NOT_ENOUGH_DATA);
    for (size_t i = 0; i < hf_findings_count(x.findings); i++)
        assert_null(strstr(hf_findings_get(x.findings, i)->id, "practice_request"));
    close_fixture(&x);
}

/* The exchanges do not change because a table of days lies beside the chat. */
static void a_log_changes_nothing_else(void **state)
{
    (void)state;
    fixture x, y;
    open_fixture(&x, "2025-03-12,Ann,practice_small_replies,7\n", HF_CONSENT_BOTH, NULL);
    open_fixture(&y, "2025-03-12,Ann,mood,7\n", HF_CONSENT_BOTH, NULL);
    const char *paths[] = {"progress_chat.txt"};
    write_chat(paths[0]);
    hf_ctx *ctx = test_ctx();
    hf_record *record;
    hf_analysis *alone;
    hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
    o.consent = HF_CONSENT_BOTH;
    o.made_on = "2025-06-01";
    o.text_model = "none";
    hf_read_options read = HF_READ_OPTIONS_INIT;
    read.date_order = HF_DATE_DMY;
    assert_ok(ctx, hf_record_read(&record, ctx, paths, 1, &read));
    assert_ok(ctx, hf_analyze(&alone, ctx, record, &o));
    const hf_finding *a = hf_findings_find(hf_analysis_get_findings(alone), "exchange_turns.ab");
    const hf_finding *b = hf_findings_find(x.findings, "exchange_turns.ab");
    assert_true(a && b && a->estimate == b->estimate && a->n == b->n);
    hf_analysis_free(alone);
    hf_record_free(record);
    hf_ctx_free(ctx);
    remove(paths[0]);
    close_fixture(&x);
    close_fixture(&y);
}

static void too_much(void **state)
{
    (void)state;
    char log[2000] = "";
    size_t used = 0;
    for (int day = 1; day <= 20; day++)
        used += (size_t)snprintf(log + used, sizeof log - used, "2025-05-%02d,Ann,too_much,%d\n",
                                 day, day == 3 || day == 15 ? 9 : 2);
    fixture x;
    open_fixture(&x, log, HF_CONSENT_BOTH, NULL);
    const hf_finding *f = hf_findings_find(x.findings, "flooded.a");
    if (!f)
        f = hf_findings_find(x.findings, "flooded.b");
    assert_non_null(f);
    assert_int_equal(f->n, 20);
    assert_true(fabs(f->estimate - 0.1) < 1e-12);
    hf_i_interval w = hf_i_wilson(2, 20, .95);
    assert_true(f->lo == w.lo && f->hi == w.hi);
    assert_true(value_of(f, "recent") == 1);
    close_fixture(&x);
}

/* What is written is read again, number for number; what is no findings document is refused. */
static void read_again(void **state)
{
    (void)state;
    fixture x;
    hf_outfile *file;
    hf_findings *again;
    open_fixture(&x, "2025-03-12,Ann,practice_small_replies,7\n", HF_CONSENT_BOTH, "Ann");
    assert_ok(x.ctx, hf_guide(x.findings, x.ctx, NULL));
    for (int round = 0; round < 2; round++) {
        assert_ok(x.ctx, hf_outfile_new(&file, x.ctx, round ? "again2.json" : "again1.json"));
        assert_ok(x.ctx, hf_report_write_json(round ? again : x.findings, x.ctx, file));
        assert_ok(x.ctx, hf_outfile_commit(file));
        hf_outfile_free(file);
        if (!round)
            assert_ok(x.ctx, hf_findings_read(&again, x.ctx, "again1.json"));
    }
    hf_i_file one, two;
    assert_ok(x.ctx, hf_i_file_open(&one, x.ctx, "again1.json"));
    assert_ok(x.ctx, hf_i_file_open(&two, x.ctx, "again2.json"));
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.data, two.data, one.size);
    hf_i_file_close(&one);
    hf_i_file_close(&two);
    hf_findings_free(again);
    static const char *const bad[] = {
        "", "[]", "{\"schema\":\"x\"}", "{\"schema\":\"holdfast-findings-1\"}",
        "{\"schema\":\"holdfast-findings-1\",\"consent\":{\"level\":\"solo\"},"
        "\"findings\":[{\"id\":3}],\"figures\":[],\"turns\":[],\"limits\":[]}"};
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++) {
        assert_int_not_equal(hf_findings_parse(&again, x.ctx, "bad", bad[i], strlen(bad[i])),
                             HF_OK);
        assert_null(again);
    }
    remove("again1.json");
    remove("again2.json");
    close_fixture(&x);
}

RUN_TESTS(cmocka_unit_test(before_and_after), cmocka_unit_test(a_log_changes_nothing_else),
          cmocka_unit_test(too_much), cmocka_unit_test(read_again))
