/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* Every finding of a long and of a tiny chat has its sentence, with every value filled in. */
#include "signal/made_chat.h"

#include <holdfast/report.h>
#include <holdfast/safety.h>

static void check(hf_ctx *ctx, const char *path, hf_consent consent)
{
    const char *names[2] = {"Ann", "Ben"}, *text;
    hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
    o.consent = consent;
    o.me = "Ann";
    hf_record *record;
    hf_sentences *s;
    hf_analysis *a = made_analysis(ctx, path, &o, &record);
    const hf_findings *f = hf_analysis_get_findings(a);
    assert_ok(ctx, hf_sentences_new(&s, ctx, "en"));
    for (size_t i = 0; i < hf_findings_count(f); i++) {
        const hf_finding *row = hf_findings_get(f, i);
        if (row->status == HF_FINDING_NOT_SHOWN)
            continue;
        assert_ok(ctx, hf_sentences_say(s, f, row, names, &text));
        if (!text)
            fail_msg("%s: no sentence '%s' for %s", row->id, row->text_key,
                     hf_finding_status_name(row->status));
        if (strchr(text, '{') || strchr(text, '}'))
            fail_msg("%s: '%s'", row->id, text);
    }
    hf_sentences_free(s);
    hf_analysis_free(a);
    hf_record_free(record);
}

static void every_finding_can_be_said(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    static const int days[] = {1, 150};
    for (size_t k = 0; k < HF_COUNT_OF(days); k++)
        for (int consent = 0; consent < 2; consent++) {
            made_chat chat = {.seed = 40,
                              .days = days[k],
                              .first = "Ann",
                              .second = "Ben",
                              .cool_from = 120,
                              .cool_to = 150};
            made_write(&chat, path);
            check(ctx, path, (hf_consent)consent);
        }
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

static void values_and_units(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_findings *f;
    hf_sentences *s;
    const char *names[2] = {"Ann", "Ben"}, *text;
    assert_ok(ctx, hf_findings_new(&f, ctx));
    assert_ok(ctx, hf_sentences_new(&s, ctx, "en"));
    hf_finding_value values[] = {{"count", 30, NULL}, {"of", 40, NULL}};
    hf_finding row = {.id = "answered.b",
                      .about = HF_PARTNER_B,
                      .estimate = 0.75,
                      .lo = 0.6,
                      .hi = 0.86,
                      .unit = "share",
                      .status = HF_FINDING_HYPOTHESIS,
                      .text_key = "answered",
                      .values = values,
                      .value_count = 2};
    assert_ok(ctx, hf_sentences_say(s, f, &row, names, &text));
    assert_string_equal(text, "Ben answered 30 of 40 turns by Ann that were open to a reply: "
                              "75 % (60 % to 86 %).");
    hf_finding_value within[] = {{"within_1_h", 0.5, NULL}};
    row = (hf_finding){.id = "reply_time.a",
                       .about = HF_PARTNER_A,
                       .estimate = 90,
                       .lo = 0.5,
                       .hi = 3000,
                       .unit = "min",
                       .status = HF_FINDING_HYPOTHESIS,
                       .text_key = "reply_time",
                       .values = within,
                       .value_count = 1};
    assert_ok(ctx, hf_sentences_say(s, f, &row, names, &text));
    assert_string_equal(text, "Half of Ann's replies came within 90 min (30 s to 2.1 days); "
                              "within an hour: 50 %.");
    row.text_key = "no such key";
    assert_ok(ctx, hf_sentences_say(s, f, &row, names, &text));
    assert_null(text);
    hf_sentences_free(s);
    assert_int_equal(hf_sentences_new(&s, ctx, "xx"), HF_E_NOT_FOUND);
    hf_findings_free(f);
    hf_ctx_free(ctx);
}

static void resources(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char line[256];
    size_t n = 0;
    bool emergency = false;
    for (; hf_resources_get(ctx, n, line, sizeof line) == HF_OK; n++)
        emergency |= strstr(line, "112") != NULL;
    assert_true(n >= 10 && emergency);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(every_finding_can_be_said), cmocka_unit_test(values_and_units),
          cmocka_unit_test(resources))
