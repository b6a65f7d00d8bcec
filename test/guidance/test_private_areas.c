/* SPDX-License-Identifier: MIT */
/* labels: unit property */
/* Consent record, sealed file, screen, log: what each does, what it refuses, and that a private
 * answer leaves no trace in anything joint. */
#include "signal/made_chat.h"
#include "support/failing_alloc.h"

#include <holdfast/report.h>
#include <holdfast/safety.h>

#include <sys/stat.h>

static const char today[] = "2026-11-27";

static hf_consent_record *agreed(hf_ctx *ctx)
{
    hf_consent_record *r;
    assert_ok(ctx, hf_consent_record_new(&r, ctx, HF_PURPOSE_SELF_HELP, "en", "Ann", "Ben"));
    assert_ok(ctx, hf_consent_record_confirm(r, HF_PARTNER_A, "2026-11-01"));
    assert_ok(ctx, hf_consent_record_confirm(r, HF_PARTNER_B, "2026-11-20"));
    return r;
}

static bool in_force(const hf_consent_record *r)
{
    return hf_consent_record_in_force(r, "Ann", "Ben", today, NULL);
}

/* Row by row: what is needed for a record to be in force. */
static void consent_in_force(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_consent_record *r = agreed(ctx);
    const char *since;
    assert_true(hf_consent_record_in_force(r, "Ben", "Ann", today, &since));
    assert_string_equal(since, "2026-11-20");
    assert_false(hf_consent_record_in_force(r, "Ann", "Cid", today, NULL));
    assert_false(hf_consent_record_in_force(r, "Ann", "Ben", "2027-11-02", NULL)); /* a year */
    assert_false(hf_consent_record_in_force(r, "Ann", "Ben", "2026-11-10", NULL)); /* not yet */
    assert_false(hf_consent_record_in_force(r, "Ann", "Ben", "", NULL));
    assert_ok(ctx, hf_consent_record_pause(r, HF_PARTNER_A));
    assert_false(in_force(r));
    assert_ok(ctx, hf_consent_record_confirm(r, HF_PARTNER_A, today));
    assert_true(in_force(r));
    assert_ok(ctx, hf_consent_record_revoke(r, HF_PARTNER_B, today));
    assert_false(in_force(r));
    assert_int_equal(hf_consent_record_confirm(r, HF_PARTNER_AB, today), HF_E_USAGE);
    assert_int_equal(hf_consent_record_confirm(r, HF_PARTNER_A, "yesterday"), HF_E_USAGE);
    hf_consent_record_free(r);
    assert_int_equal(hf_consent_record_new(&r, ctx, 0, "en", "Ann", "Ann"), HF_E_USAGE);
    assert_int_equal(hf_consent_record_new(&r, ctx, 0, "xx", "Ann", "Ben"), HF_E_NOT_FOUND);
    hf_ctx_free(ctx);
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

enum { MOST = 32 << 20 };

static char *get(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *text = calloc(1, 1 << 20);
    size_t n = fread(text, 1, (1 << 20) - 1, f);
    assert_true(n > 0);
    fclose(f);
    return text;
}

static void consent_file(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    hf_consent_record *r = agreed(ctx), *again;
    assert_ok(ctx, hf_consent_record_write(r, ctx, path));
    assert_ok(ctx, hf_consent_record_read(&again, ctx, path));
    assert_true(in_force(again));
    hf_consent_record_free(again);
    hf_consent_record_free(r);
    /* A record of another text is none: what was agreed to is not what would be done. */
    char *text = get(path), *hash = strstr(text, "text_hash");
    assert_non_null(hash);
    hash = strstr(hash + 10, "\"") + 1;
    *hash = *hash == '0' ? '1' : '0';
    put(path, text);
    assert_ok(ctx, hf_consent_record_read(&again, ctx, path));
    assert_false(in_force(again));
    hf_consent_record_free(again);
    free(text);
    static const char *const bad[] = {"", "[]", "{\"schema\": \"x\"}", "{\"schema\"",
                                      "{\"schema\": \"holdfast-consent-1\", \"purpose\": \"fun\"}"};
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++) {
        put(path, bad[i]);
        assert_int_equal(hf_consent_record_read(&again, ctx, path), HF_E_PARSE);
        assert_string_equal(hf_ctx_get_error(ctx)->file, path);
    }
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

static void sealed_file(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    hf_private *p, *again;
    struct stat st;
    assert_ok(ctx, hf_private_new(&p, ctx));
    assert_false(hf_private_rests(p));
    assert_ok(ctx, hf_private_set_rests(p, true));
    assert_ok(ctx, hf_private_set(p, "answer fear", "yes"));
    assert_ok(ctx, hf_private_dismiss(p, "0123456789abcdef"));
    assert_int_equal(hf_private_set(p, "two\nlines", "x"), HF_E_USAGE);
    assert_int_equal(hf_private_seal(p, ctx, path, ""), HF_E_USAGE);
    assert_ok(ctx, hf_private_seal(p, ctx, path, "correct horse"));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    off_t full = st.st_size;
    char *text = get(path);
    for (off_t i = 0; i + 4 < full; i++)
        assert_true(memcmp(text + i, "fear", 4) != 0 && memcmp(text + i, "rest", 4) != 0);
    free(text);
    assert_ok(ctx, hf_private_open(&again, ctx, path, "correct horse"));
    assert_true(hf_private_rests(again));
    assert_string_equal(hf_private_get(again, "answer fear"), "yes");
    assert_true(hf_private_is_dismissed(again, "0123456789abcdef"));
    assert_false(hf_private_is_dismissed(again, "0123456789abcdee"));
    hf_private_free(again);
    assert_int_equal(hf_private_open(&again, ctx, path, "wrong horse"), HF_E_PARSE);
    /* Its size says nothing of what is in it. */
    hf_private_free(p);
    assert_ok(ctx, hf_private_new(&p, ctx));
    assert_ok(ctx, hf_private_seal(p, ctx, path, "correct horse"));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, full);
    hf_private_free(p);
    put(path, "HFPRIV1\nshort");
    assert_int_equal(hf_private_open(&again, ctx, path, "x"), HF_E_PARSE);
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

/* ---- the screen --------------------------------------------------------------------------------- */

static void screen_questions(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    static const char *const languages[] = {"en", "de"};
    static const char *const topics[] = {"fear",    "free choice", "physical harm", "sexual coercion",
                                         "control", "threats",     "stalking",      "injuries",
                                         "weapons", "child"};
    size_t count = 0;
    hf_screen *s;
    for (size_t l = 0; l < 2; l++) {
        assert_ok(ctx, hf_screen_read(&s, ctx, languages[l]));
        assert_true(!l || hf_screen_count(s) == count);
        count = hf_screen_count(s);
        for (size_t t = 0; t < HF_COUNT_OF(topics); t++) {
            bool there = false;
            for (size_t i = 0; i < count; i++)
                there |= strcmp(hf_screen_get(s, i)->topic, topics[t]) == 0;
            assert_true(there);
        }
        assert_true(strlen(hf_screen_text(s, "hint")) > 20);
        assert_string_equal(hf_screen_text(s, "no such text"), "");
        hf_screen_free(s);
    }
    assert_int_equal(hf_screen_read(&s, ctx, "xx"), HF_E_NOT_FOUND);
    hf_ctx_free(ctx);
}

/* Each question alone lets joint work rest, on its own answer and on no other. */
static void screen_outcomes(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_screen *s;
    hf_screen_outcome o;
    hf_screen_answer answers[64];
    assert_ok(ctx, hf_screen_read(&s, ctx, "en"));
    memset(answers, 0, sizeof answers);
    hf_screen_judge(s, answers, &o);
    assert_true(!o.rests && !o.urgent && !o.help[0]);
    for (size_t i = 0; i < hf_screen_count(s); i++) {
        const char *id = hf_screen_get(s, i)->id;
        bool on_no = strcmp(id, "speak") == 0 || strcmp(id, "choice") == 0;
        bool self = strcmp(id, "self") == 0;
        answers[i] = on_no ? HF_SCREEN_NO : HF_SCREEN_YES;
        hf_screen_judge(s, answers, &o);
        assert_int_equal(o.rests, !self);
        assert_non_null(o.help[0]);
        answers[i] = on_no ? HF_SCREEN_YES : HF_SCREEN_NO;
        hf_screen_judge(s, answers, &o);
        assert_true(!o.rests && !o.urgent && !o.help[0]);
        answers[i] = HF_SCREEN_SKIPPED;
    }
    hf_screen_free(s);
    hf_ctx_free(ctx);
}

static void help_that_fits(void **state)
{
    (void)state;
    hf_help_fit f;
    hf_screen_outcome rests = {.rests = true}, open = {0};
    hf_help_answers both = {.both_want = true, .stuck = true};
    hf_help_choose(&f, &open, &both);
    assert_int_equal(f.kinds[0], HF_HELP_COUPLE);
    /* Exclusions first, and then nothing for couples. */
    hf_help_choose(&f, &rests, &both);
    assert_int_equal(f.kinds[0], HF_HELP_URGENT);
    for (size_t i = 0; i < f.count; i++)
        assert_true(f.kinds[i] != HF_HELP_COUPLE && f.kinds[i] != HF_HELP_SELF);
    hf_help_answers wound = {.both_want = true, .old_wound = true};
    hf_help_choose(&f, &open, &wound);
    assert_int_equal(f.kinds[0], HF_HELP_INDIVIDUAL);
    assert_string_equal(f.reasons[0], "fit.wound");
}

/* ---- nothing joint knows ------------------------------------------------------------------------- */

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
static const writer writers[] = {as_json, hf_report_write_messages, hf_report_write_turns,
                                 as_series, as_html};
enum { FILES = sizeof writers / sizeof writers[0], HTML = FILES - 1 };

static void collect_log(void *user, hf_log_level level, const char *message)
{
    (void)level;
    strncat(user, message, 4000 - strlen(user));
}

/* Everything a joint run writes, and its log, in one text. Without its page when html is false. */
static char *run(const char *chat, const hf_consent_record *record, const hf_private *file, bool html)
{
    char log[4096] = "";
    hf_ctx *ctx;
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.log = collect_log;
    o.log_user = log;
    assert_int_equal(hf_ctx_new(&ctx, &o), HF_OK);
    hf_analyze_options options = HF_ANALYZE_OPTIONS_INIT;
    const hf_private *files[] = {file, NULL};
    options.consent = HF_CONSENT_BOTH;
    options.made_on = today;
    options.text_model = "none";
    options.consent_record = record;
    options.privates = files;
    hf_record *r;
    hf_analysis *a = made_analysis(ctx, chat, &options, &r);
    char *all = calloc(1, MOST), *path = made_path();
    size_t n = 0;
    for (int i = 0; i < (html ? FILES : HTML); i++) {
        hf_outfile *out;
        assert_ok(ctx, hf_outfile_new(&out, ctx, path));
        assert_ok(ctx, writers[i](a, ctx, out));
        assert_ok(ctx, hf_outfile_commit(out));
        hf_outfile_free(out);
        FILE *f = fopen(path, "rb");
        n += fread(all + n, 1, MOST - n - 5000, f);
        fclose(f);
    }
    strncat(all + n, log, 4096);
    remove(path);
    free(path);
    hf_analysis_free(a);
    hf_record_free(r);
    hf_ctx_free(ctx);
    return all;
}

/* At rest: the same bytes for a private answer, a pause, a revocation, with and without a record. */
static void every_cause_reads_alike(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *chat = made_path();
    made_chat m = {.seed = 7, .days = 25, .first = "Ann", .second = "Ben", .secret = true};
    made_write(&m, chat);
    hf_consent_record *good = agreed(ctx), *paused = agreed(ctx), *revoked = agreed(ctx);
    assert_ok(ctx, hf_consent_record_pause(paused, HF_PARTNER_B));
    assert_ok(ctx, hf_consent_record_revoke(revoked, HF_PARTNER_A, "2026-11-21"));
    hf_private *open, *rests;
    assert_ok(ctx, hf_private_new(&open, ctx));
    assert_ok(ctx, hf_private_set_rests(open, false));
    assert_ok(ctx, hf_private_new(&rests, ctx));
    assert_ok(ctx, hf_private_set_rests(rests, true));
    assert_ok(ctx, hf_private_set(rests, "answer throat", "yes"));
    char *texts[] = {run(chat, good, rests, true), run(chat, paused, open, true),
                     run(chat, revoked, open, true), run(chat, NULL, rests, true)};
    for (size_t i = 1; i < HF_COUNT_OF(texts); i++)
        assert_true(strcmp(texts[0], texts[i]) == 0);
    assert_null(strstr(texts[0], "xylophone"));
    for (size_t i = 0; i < HF_COUNT_OF(texts); i++)
        free(texts[i]);
    char *one = run(chat, good, rests, false), *joint = run(chat, good, open, false);
    assert_non_null(strstr(one, hf_joint_rests_text("en")));
    static const char *const never[] = {"throat", "screen", "private", "revoke", "pause", "dismiss"};
    for (size_t i = 0; i < HF_COUNT_OF(never); i++)
        if (strstr(one, never[i]))
            fail_msg("a joint document says '%s'", never[i]);
    /* In force: recorded, and nobody's declaration. */
    assert_non_null(strstr(joint, "\"recorded\":\"2026-11-20\""));
    assert_non_null(strstr(joint, "consent: both, recorded on 2026-11-20"));
    assert_null(strstr(joint, "one person"));
    assert_null(strstr(joint, hf_joint_rests_text("en")));
    assert_non_null(strstr(joint, "xylophone"));
    free(one);
    free(joint);
    hf_consent_record_free(good);
    hf_consent_record_free(paused);
    hf_consent_record_free(revoked);
    hf_private_free(open);
    hf_private_free(rests);
    remove(chat);
    free(chat);
    hf_ctx_free(ctx);
}

/* ---- doc/contracts.md 4, row by row, as the findings show it -------------------------------------- */

static bool shown(const hf_findings *f, const char *id)
{
    const hf_finding *x = hf_findings_find(f, id);
    assert_non_null(x);
    return x->status != HF_FINDING_NOT_SHOWN;
}

static void contract_rows(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *chat = made_path();
    made_chat m = {.seed = 9, .days = 25, .first = "Ann", .second = "Ben"};
    made_write(&m, chat);
    hf_consent_record *record = agreed(ctx);
    hf_private *rests;
    assert_ok(ctx, hf_private_new(&rests, ctx));
    assert_ok(ctx, hf_private_set_rests(rests, true));
    const hf_private *files[] = {rests, NULL};
    static const struct {
        hf_consent consent;
        const char *me;
        bool record, rests, a, b;
    } rows[] = {{HF_CONSENT_SOLO, "Ann", false, false, true, false},
                {HF_CONSENT_SOLO, "Ben", false, false, false, true},
                {HF_CONSENT_SOLO, "Ann", false, true, true, false}, /* one's own side stays */
                {HF_CONSENT_BOTH, NULL, false, false, true, true},
                {HF_CONSENT_BOTH, NULL, true, false, true, true},
                {HF_CONSENT_BOTH, NULL, true, true, false, false},
                {HF_CONSENT_BOTH, "Ann", true, true, false, false}};
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
        o.consent = rows[i].consent;
        o.me = rows[i].me;
        o.made_on = today;
        o.text_model = "none";
        o.consent_record = rows[i].record ? record : NULL;
        o.privates = rows[i].rests ? files : NULL;
        hf_record *r;
        hf_analysis *a = made_analysis(ctx, chat, &o, &r);
        const hf_findings *f = hf_analysis_get_findings(a);
        bool joint = rows[i].consent == HF_CONSENT_BOTH;
        assert_int_equal(shown(f, "questions.a"), rows[i].a);
        assert_int_equal(shown(f, "questions.b"), rows[i].b);
        assert_true(shown(f, "exchange_turns.ab")); /* when and how much: at any level */
        assert_int_equal(hf_findings_get_header(f)->recorded != NULL,
                         joint && rows[i].record && !rows[i].rests);
        assert_int_equal(hf_analysis_joint_rests(a), joint && rows[i].rests);
        hf_analysis_free(a);
        hf_record_free(r);
    }
    hf_private_free(rests);
    hf_consent_record_free(record);
    remove(chat);
    free(chat);
    hf_ctx_free(ctx);
}

/* ---- captions, dismissal, the log -------------------------------------------------------------------- */

static hf_analysis *read_lines(hf_ctx *ctx, const char *path, const char *text,
                               const hf_private *file, hf_record **r)
{
    const hf_private *files[] = {file, NULL};
    hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
    o.me = "Ann";
    o.made_on = today;
    o.text_model = "none";
    o.privates = file ? files : NULL;
    put(path, text);
    return made_analysis(ctx, path, &o, r);
}

static void captions_and_dismissals(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    hf_record *r;
    static const char caption[] = "14/03/2024, 10:01 - Ann: hello dear\n"
                                  "14/03/2024, 10:02 - Ben: IMG-20240314-WA0001.jpg (file attached)\n"
                                  "I will kill you\n"
                                  "14/03/2024, 10:03 - Ann: what\n";
    hf_analysis *a = read_lines(ctx, path, caption, NULL, &r);
    hf_message m;
    hf_record_get_message(r, 1, &m);
    assert_int_equal(m.kind, HF_KIND_MEDIA);
    assert_true(hf_analysis_show_resources(a));
    assert_int_equal(hf_analysis_count_cues(a), 1);
    hf_cue cue;
    hf_analysis_get_cue(a, 0, &cue);
    assert_false(cue.mine);
    assert_string_equal(cue.names[0], "threat");
    hf_analysis_free(a);
    hf_record_free(r);
    hf_private *mine;
    assert_ok(ctx, hf_private_new(&mine, ctx));
    assert_ok(ctx, hf_private_dismiss(mine, cue.id));
    a = read_lines(ctx, path, caption, mine, &r);
    assert_false(hf_analysis_show_resources(a));
    assert_int_equal(hf_analysis_count_cues(a), 0);
    hf_analysis_free(a);
    hf_record_free(r);
    hf_private_free(mine);
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

static void log_of_both(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    remove(path);
    assert_ok(ctx, hf_audit_add(ctx, path, today, HF_AUDIT_CONSENT_CONFIRMED, "a", NULL));
    assert_ok(ctx, hf_audit_add(ctx, path, today, HF_AUDIT_REPORT_MADE, NULL, "out \"x\""));
    assert_int_equal(hf_audit_add(ctx, path, today, (hf_audit_event)9, "a", "x"), HF_E_USAGE);
    char *text = get(path);
    assert_string_equal(text, "{\"at\":\"2026-11-27\",\"event\":\"consent_confirmed\",\"who\":\"a\","
                              "\"what\":null}\n{\"at\":\"2026-11-27\",\"event\":\"report_made\","
                              "\"who\":null,\"what\":\"out \\\"x\\\"\"}\n");
    free(text);
    /* No event has a name for what is private. */
    for (int e = 0; e <= HF_AUDIT_REPORT_REMOVED; e++) {
        const char *name = hf_audit_event_name((hf_audit_event)e);
        assert_true(!strstr(name, "screen") && !strstr(name, "resource") && !strstr(name, "pause"));
    }
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

static hf_status use_all(hf_ctx *ctx, void *user)
{
    const char *path = user;
    hf_consent_record *r = NULL, *again = NULL;
    hf_screen *s = NULL;
    hf_resources *t = NULL;
    hf_status status = hf_consent_record_new(&r, ctx, HF_PURPOSE_THERAPY, "de", "Ann", "Ben");
    if (status == HF_OK)
        status = hf_consent_record_write(r, ctx, path);
    if (status == HF_OK)
        status = hf_consent_record_read(&again, ctx, path);
    if (status == HF_OK)
        status = hf_screen_read(&s, ctx, "de");
    if (status == HF_OK)
        status = hf_resources_read(&t, ctx, NULL, today);
    hf_consent_record_free(r);
    hf_consent_record_free(again);
    hf_screen_free(s);
    hf_resources_free(t);
    return status;
}

static void memory(void **state)
{
    (void)state;
    char *path = made_path();
    assert_true(test_each_allocation_fails(use_all, path) > 20);
    remove(path);
    free(path);
}

RUN_TESTS(cmocka_unit_test(consent_in_force), cmocka_unit_test(consent_file),
          cmocka_unit_test(sealed_file), cmocka_unit_test(screen_questions),
          cmocka_unit_test(screen_outcomes), cmocka_unit_test(help_that_fits),
          cmocka_unit_test(every_cause_reads_alike), cmocka_unit_test(contract_rows),
          cmocka_unit_test(captions_and_dismissals), cmocka_unit_test(log_of_both),
          cmocka_unit_test(memory))
