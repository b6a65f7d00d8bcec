/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* From findings to one suggestion: order, one at a time, role and consent, silence, and rule files
 * with an error. */
#include "support/test.h"
#include "text/json_tree.h"

#include <holdfast/guidance.h>

#include <math.h>
#include <stdio.h>

static const char record[] = "{\"format\":\"whatsapp\",\"last\":\"2025-06-30T20:00:00\","
                             "\"partners\":[{\"key\":\"a\",\"name\":"
                             "\"Ann\",\"me\":true},{\"key\":\"b\",\"name\":\"Ben\",\"me\":false}]}";
static const char record_b[] =
    "{\"format\":\"whatsapp\",\"last\":\"2025-06-30T20:00:00\",\"partners\":[{\"key\":\"a\","
    "\"name\":"
    "\"Ann\",\"me\":false},{\"key\":\"b\",\"name\":\"Ben\",\"me\":true}]}";

static hf_findings *new_findings(hf_ctx *ctx, hf_consent consent, const char *of)
{
    hf_findings *f;
    hf_findings_header h = {.record = of, .made_on = "2025-07-01", .consent = consent};
    assert_ok(ctx, hf_findings_new(&f, ctx));
    assert_ok(ctx, hf_findings_set_header(f, &h));
    return f;
}

static void add_finding(hf_ctx *ctx, hf_findings *f, const char *id, double lo, uint64_t n,
                        hf_finding_status status, const char *key, double recent)
{
    hf_finding_value value = {"recent", recent, NULL};
    hf_finding row = {.id = id,
                      .mechanism = "S31",
                      .estimate = lo,
                      .lo = lo,
                      .hi = lo,
                      .level = .95,
                      .n = n,
                      .base_rate = NAN,
                      .status = status,
                      .grade = 'B',
                      .text_key = key,
                      .values = &value,
                      .value_count = isnan(recent) ? 0 : 1};
    if (status >= HF_FINDING_NOT_ENOUGH_DATA)
        row.estimate = row.lo = row.hi = NAN;
    assert_ok(ctx, hf_findings_add(f, &row));
}

static void add_figure(hf_ctx *ctx, hf_findings *f, const char *id, const char *kind,
                       const char *data)
{
    hf_figure figure = {id, kind, id, data};
    assert_ok(ctx, hf_findings_add_figure(f, &figure));
}

/* An episode with roles that ended on a day of June 2025. */
static const char *episode(char out[1024], const char *pursues, const char *withdraws, int day,
                           const char *more)
{
    snprintf(
        out, 1024,
        "{\"total\":1,\"episodes\":[{\"id\":\"e1\",\"onset\":\"t1\",\"from\":\"2025-06-01T10:00\","
        "\"to\":\"2025-06-%02dT10:00\",\"pursues\":%s,\"withdraws\":%s,\"repairs\":\"none\","
        "\"repair_attempts\":0,\"repair_landed\":0,\"end\":\"faded\",\"problem\":\"none\"%s,"
        "\"examples\":[{\"turn\":\"t1\",\"phase\":\"need\"}]}]}",
        day, pursues, withdraws, more);
    return out;
}

/* What is shown, "rule/step", or "neutral"; the data stay in out. */
static const char *guide(hf_ctx *ctx, hf_findings *f, const hf_rules *rules, bool held_back,
                         char out[160])
{
    hf_guide_options o = HF_GUIDE_OPTIONS_INIT;
    o.rules = rules;
    o.held_back = held_back;
    assert_ok(ctx, hf_guide(f, ctx, &o));
    const hf_figure *figure = hf_findings_get_figure(f, hf_findings_count_figures(f) - 1);
    assert_string_equal(figure->kind, "suggestion");
    hf_i_json_tree t;
    hf_i_json_tree_init(&t, ctx);
    assert_ok(ctx, hf_i_json_tree_parse(&t, ctx, figure->data));
    const hf_i_json_node *root = hf_i_json_root(&t);
    const hf_i_json_node *first = hf_i_json_first(&t, hf_i_json_get(&t, root, "offered"));
    const hf_i_json_node *rule = hf_i_json_get(&t, first, "rule");
    const hf_i_json_node *step = hf_i_json_get(&t, root, "step");
    if (hf_i_json_node_is(hf_i_json_get(&t, root, "state"), "neutral"))
        snprintf(out, 160, "neutral");
    else
        snprintf(out, 160, "%.*s/%.*s", (int)rule->len, rule->text, (int)step->len, step->text);
    hf_i_json_tree_dispose(&t);
    return out;
}

static void roles_and_consent(void **state)
{
    (void)state;
    static const struct {
        hf_consent consent;
        const char *record, *pursues, *withdraws, *want;
    } cases[] = {
        {HF_CONSENT_SOLO, record, "\"a\"", "null", "pursue_request_solo/need"},
        {HF_CONSENT_SOLO, record, "null", "\"a\"", "withdraw_return_solo/need"},
        {HF_CONSENT_SOLO, record_b, "\"b\"", "null", "pursue_request_solo/need"},
        {HF_CONSENT_SOLO, record_b, "null", "\"b\"", "withdraw_return_solo/need"},
        {HF_CONSENT_SOLO, record, "\"b\"", "\"b\"", "neutral"}, /* never of the absent */
        {HF_CONSENT_SOLO, record, "\"a\"", "\"a\"", "both_ways_solo/need"},
        {HF_CONSENT_BOTH, record, "\"a\"", "\"b\"", "cycle_both_roles/need"},
        {HF_CONSENT_BOTH, record, "\"b\"", "\"a\"", "cycle_both_roles/need"},
        {HF_CONSENT_BOTH, record, "\"both\"", "\"none\"", "attack_both/flooding"},
        {HF_CONSENT_BOTH, record, "\"none\"", "\"both\"", "freeze_both/listen"},
        {HF_CONSENT_BOTH, record, "\"none\"", "\"none\"", "neutral"},
    };
    hf_ctx *ctx = test_ctx();
    for (size_t i = 0; i < HF_COUNT_OF(cases); i++) {
        char data[1024], got[160];
        hf_findings *f = new_findings(ctx, cases[i].consent, cases[i].record);
        add_figure(ctx, f, "episodes", "episodes",
                   episode(data, cases[i].pursues, cases[i].withdraws, 20, ""));
        assert_string_equal(guide(ctx, f, NULL, false, got), cases[i].want);
        hf_findings_free(f);
    }
    hf_ctx_free(ctx);
}

/* A later step is not offered while an earlier one is open. */
static void order(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char data[1024], got[160];
    hf_findings *f = new_findings(ctx, HF_CONSENT_SOLO, record);
    add_figure(ctx, f, "episodes", "episodes", episode(data, "\"a\"", "null", 20, ",\"x\":1"));
    add_finding(ctx, f, "flooded.a", .2, 30, HF_FINDING_HYPOTHESIS, "flooded", 2);
    assert_string_equal(guide(ctx, f, NULL, false, got), "flooded/flooding");
    assert_int_equal(hf_guide(f, ctx, NULL), HF_E_USAGE); /* one suggestion, not two */
    hf_findings_free(f);
    f = new_findings(ctx, HF_CONSENT_SOLO, record);
    add_finding(ctx, f, "flooded.a", .2, 30, HF_FINDING_HYPOTHESIS, "flooded", 0);
    add_finding(ctx, f, "answered.a", .9, 300, HF_FINDING_SEEN, "answered", NAN);
    add_finding(ctx, f, "exchange_turns.ab", 4, 300, HF_FINDING_SEEN, "exchange_turns", NAN);
    assert_string_equal(guide(ctx, f, NULL, false, got), "keep_calm/keep");
    hf_findings_free(f);
    hf_ctx_free(ctx);
}

/* Nothing found, danger, a private screen, too little data, the other's findings: one figure, byte
 * for byte. */
static void silence_is_the_same(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char data[1024], got[160], first[400] = "";
    for (int k = 0; k < 4; k++) {
        hf_findings *f = new_findings(ctx, HF_CONSENT_BOTH, record);
        if (k == 1 || k == 2) {
            add_figure(ctx, f, "episodes", "episodes", episode(data, "\"a\"", "\"b\"", 20, ""));
            add_finding(ctx, f, "flooded.a", .2, 30, HF_FINDING_HYPOTHESIS, "flooded", 2);
        }
        if (k == 3)
            add_finding(ctx, f, "answered.a", NAN, 3, HF_FINDING_NOT_ENOUGH_DATA, "answered", NAN);
        assert_string_equal(guide(ctx, f, NULL, k == 1 || k == 2, got), "neutral");
        const char *now = hf_findings_get_figure(f, hf_findings_count_figures(f) - 1)->data;
        if (k == 0)
            snprintf(first, sizeof first, "%s", now);
        assert_string_equal(now, first);
        hf_findings_free(f);
    }
    hf_findings *research = new_findings(ctx, HF_CONSENT_RESEARCH, record);
    assert_ok(ctx, hf_guide(research, ctx, NULL));
    assert_int_equal(hf_findings_count_figures(research), 0);
    hf_findings_free(research);
    /* The person at the keyboard saw resources in solo: nothing is suggested either. */
    hf_findings *solo;
    hf_findings_header h = {.record = record, .made_on = "2025-07-01", .show_resources = true};
    assert_ok(ctx, hf_findings_new(&solo, ctx));
    assert_ok(ctx, hf_findings_set_header(solo, &h));
    add_finding(ctx, solo, "flooded.a", .2, 30, HF_FINDING_HYPOTHESIS, "flooded", 2);
    assert_string_equal(guide(ctx, solo, NULL, false, got), "neutral");
    hf_findings_free(solo);
    hf_ctx_free(ctx);
}

/* A rules file as text. */
static hf_status read_rules(hf_rules **out, hf_ctx *ctx, const char *text)
{
    FILE *f = fopen("rules_test.txt", "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    hf_status status = hf_rules_read(out, ctx, "rules_test.txt");
    remove("rules_test.txt");
    return status;
}

#define HEAD "rule r\n  step need\n  grade C\n"
static void errors_have_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t line;
    } cases[] = {
        {"  step need\n", 1},
        {"rule r\n  step safety\n", 2},
        {"rule r\n  step need\n  grade D\n", 3},
        {"rule r\n  step need\n  grade C\n", 1},
        {HEAD "  when\n", 4},
        {HEAD "  when weather bad\n", 4},
        {HEAD "  when consent maybe\n", 4},
        {HEAD "  when finding answered\n", 4},
        {HEAD "  when finding answered.{she}\n", 4},
        {HEAD "  when finding answered.a lo ~ 3\n", 4},
        {HEAD "  when finding answered.a lo < many\n", 4},
        {HEAD "  when finding answered.a text_key < x\n", 4},
        {HEAD "  when finding answered.a within soon days\n", 4},
        {HEAD "  when series answered.a under usual 2\n", 4},
        {HEAD "  when series answered.a below usual 0\n", 4},
        {HEAD "  when episodes {me} shouts 1\n", 4},
        {HEAD "  when me known consent solo\n", 4},
        {HEAD "  when me known\n  colour red\n", 5},
        {HEAD "  when me known\nrule r\n  step need\n", 5},
        {HEAD "  when me known\nfact f\n  step need\n", 5},
        {HEAD "  weight heavy\n  when me known\n", 4},
    };
    hf_ctx *ctx = test_ctx();
    for (size_t i = 0; i < HF_COUNT_OF(cases); i++) {
        hf_rules *rules;
        if (read_rules(&rules, ctx, cases[i].text) != HF_E_PARSE)
            fail_msg("case %zu is accepted", i);
        const hf_error *e = hf_ctx_get_error(ctx);
        if (e->line != cases[i].line)
            fail_msg("case %zu: line %d, not %d: %s", i, (int)e->line, (int)cases[i].line,
                     e->message);
        assert_null(rules);
        assert_string_equal(e->file, "rules_test.txt");
    }
    hf_ctx_free(ctx);
}

/* The series condition: a run beyond the band that lies far enough from the middle. */
static void series(void **state)
{
    (void)state;
    static const char data[] =
        "{\"time\":[\"2025-04-07\",\"2025-04-14\",\"2025-04-21\",\"2025-04-28\",\"2025-05-05\","
        "\"2025-05-12\",\"2025-05-19\",\"2025-05-26\",\"2025-06-02\",\"2025-06-09\"],\"period\":"
        "\"week\",\"unit\":\"share\",\"lines\":[{\"partner\":\"a\",\"value\":[0.90,0.92,0.88,0.91,"
        "0.5,0.4,null,0.90,0.87,0.86],\"usual_lo\":0.875,\"usual_hi\":0.93}]}";
    static const struct {
        const char *when;
        bool holds;
    } cases[] = {
        {"series answered.{me} below usual 2", true},
        {"series answered.{me} below usual 3", false},
        {"series answered.{me} above usual 1", false},
        {"series answered.{other} below usual 1", false},
        {"series answered.{me} below usual 2 within 60 days", true},
        {"series answered.{me} below usual 2 within 30 days", false},
        {"series unknown.{me} below usual 1", false},
        {"series unknown.{me} below usual 1 or series answered.a below usual 2", true},
    };
    hf_ctx *ctx = test_ctx();
    for (size_t i = 0; i < HF_COUNT_OF(cases); i++)
        for (int unless = 0; unless < 2; unless++) {
            hf_rules *rules;
            char text[300], got[160];
            snprintf(text, sizeof text, "%s  %s %s\n", HEAD, unless ? "unless" : "when",
                     cases[i].when);
            assert_ok(ctx, read_rules(&rules, ctx, text));
            hf_findings *f = new_findings(ctx, HF_CONSENT_SOLO, record);
            add_figure(ctx, f, "answered", "series", data);
            bool holds = strcmp(guide(ctx, f, rules, false, got), "r/need") == 0;
            if (holds != (cases[i].holds != (unless == 1)))
                fail_msg("%s %s: %d", unless ? "unless" : "when", cases[i].when, holds);
            hf_findings_free(f);
            hf_rules_free(rules);
        }
    hf_ctx_free(ctx);
}

/* Every built-in rule has its words in each language, and its practice exists. */
static void built_in(void **state)
{
    (void)state;
    static const char *const languages[] = {"en", "de"}, *const parts[] = {"title", "text",
                                                                           "change"};
    hf_ctx *ctx = test_ctx();
    hf_rules *rules;
    hf_practices *practices;
    assert_ok(ctx, hf_rules_read(&rules, ctx, NULL));
    assert_ok(ctx, hf_practices_new(&practices, ctx));
    assert_true(hf_rules_count(rules) >= 15);
    for (size_t l = 0; l < 2; l++) {
        hf_guide_words *words;
        assert_ok(ctx, hf_guide_words_new(&words, ctx, languages[l]));
        for (size_t i = 0; i < hf_rules_count(rules); i++) {
            const hf_rule *r = hf_rules_get(rules, i);
            assert_true(r->mechanism[0] == 'S' && r->source[0]);
            assert_true(!r->practice || hf_practices_find(practices, r->practice));
            for (size_t p = 0; p < 3; p++) {
                char key[160];
                snprintf(key, sizeof key, "guide.%s.%s", r->id, parts[p]);
                if (strcmp(hf_guide_words_get(words, key), key) == 0)
                    fail_msg("no sentence %s in %s", key, languages[l]);
            }
        }
        for (size_t i = 0; i < hf_practices_count(practices); i++)
            for (const char *const *part =
                     (const char *const[]){"name", "do", "time", "helped", "not", NULL};
                 *part; part++)
                assert_non_null(hf_practices_text(practices, languages[l],
                                                  hf_practices_get(practices, i)->id, *part));
        hf_guide_words_free(words);
    }
    /* The five strategies and the four ways back are all there. */
    unsigned modules = 0, ways = 0;
    for (size_t i = 0; i < hf_practices_count(practices); i++) {
        modules |= 1u << (hf_practices_get(practices, i)->module - 'A');
        ways |= 1u << hf_practices_get(practices, i)->way;
    }
    assert_int_equal(modules, 31);
    assert_int_equal(ways, 31);
    hf_practices_free(practices);
    hf_rules_free(rules);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(roles_and_consent), cmocka_unit_test(order),
          cmocka_unit_test(silence_is_the_same), cmocka_unit_test(errors_have_lines),
          cmocka_unit_test(series), cmocka_unit_test(built_in))
