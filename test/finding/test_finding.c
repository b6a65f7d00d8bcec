/* SPDX-License-Identifier: MIT */
/* labels: unit */
#include <holdfast/finding.h>

#include "base/base.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* doc/contracts.md 4, row by row, written a second time by hand. */
static void consent_table(void **state)
{
    (void)state;
    static const struct {
        hf_consent level;
        hf_output output;
        bool me, other;
    } rows[] = {
        {HF_CONSENT_SOLO, HF_OUTPUT_TEXT, true, false},
        {HF_CONSENT_SOLO, HF_OUTPUT_TIMING, true, true},
        {HF_CONSENT_SOLO, HF_OUTPUT_ACTS, true, false},
        {HF_CONSENT_SOLO, HF_OUTPUT_PROFILE, true, false},
        {HF_CONSENT_SOLO, HF_OUTPUT_SELF_DYNAMICS, true, false},
        {HF_CONSENT_SOLO, HF_OUTPUT_INFLUENCE, false, false},
        {HF_CONSENT_BOTH, HF_OUTPUT_TEXT, true, true},
        {HF_CONSENT_BOTH, HF_OUTPUT_TIMING, true, true},
        {HF_CONSENT_BOTH, HF_OUTPUT_ACTS, true, true},
        {HF_CONSENT_BOTH, HF_OUTPUT_PROFILE, true, false},
        {HF_CONSENT_BOTH, HF_OUTPUT_SELF_DYNAMICS, true, true},
        {HF_CONSENT_BOTH, HF_OUTPUT_INFLUENCE, true, true},
        {HF_CONSENT_RESEARCH, HF_OUTPUT_TEXT, true, true},
        {HF_CONSENT_RESEARCH, HF_OUTPUT_TIMING, true, true},
        {HF_CONSENT_RESEARCH, HF_OUTPUT_ACTS, true, true},
        {HF_CONSENT_RESEARCH, HF_OUTPUT_PROFILE, true, false},
        {HF_CONSENT_RESEARCH, HF_OUTPUT_SELF_DYNAMICS, true, true},
        {HF_CONSENT_RESEARCH, HF_OUTPUT_INFLUENCE, true, true},
    };
    assert_int_equal(HF_COUNT_OF(rows), 3 * HF_OUTPUT_COUNT);
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        assert_int_equal(hf_consent_allows(rows[i].level, rows[i].output, true), rows[i].me);
        assert_int_equal(hf_consent_allows(rows[i].level, rows[i].output, false), rows[i].other);
    }
    /* What is unknown is never allowed. */
    assert_false(hf_consent_allows((hf_consent)9, HF_OUTPUT_TEXT, true));
    assert_false(hf_consent_allows(HF_CONSENT_BOTH, HF_OUTPUT_COUNT, true));
    assert_string_equal(hf_consent_name(HF_CONSENT_SOLO), "solo");
    assert_string_equal(hf_output_name(HF_OUTPUT_SELF_DYNAMICS), "self_dynamics");
}

static hf_finding blank(const char *id)
{
    return (hf_finding){.id = id,
                        .mechanism = "S31",
                        .estimate = NAN,
                        .lo = NAN,
                        .hi = NAN,
                        .base_rate = NAN,
                        .status = HF_FINDING_NOT_ENOUGH_DATA,
                        .grade = '-',
                        .visibility = HF_VISIBLE_JOINT,
                        .text_key = "k"};
}

static void findings_hold_what_they_are_given(void **state)
{
    (void)state;
    hf_ctx *ctx;
    hf_findings *f;
    assert_int_equal(hf_ctx_new(&ctx, NULL), HF_OK);
    assert_int_equal(hf_findings_new(&f, ctx), HF_OK);
    char id[] = "reply.a", text[] = "often";
    hf_finding_value values[] = {{"p60", 0.5, NULL}, {"hedge", 0, text}};
    hf_finding row = blank(id);
    row.status = HF_FINDING_SEEN;
    row.estimate = 3;
    row.values = values;
    row.value_count = 2;
    row.examples[0] = "0123456789abcdef";
    assert_int_equal(hf_findings_add(f, &row), HF_OK);
    /* The same id again is refused. */
    assert_int_equal(hf_findings_add(f, &row), HF_E_USAGE);
    memset(id, 'x', 3);
    memset(text, 'x', 3);
    const hf_finding *got = hf_findings_find(f, "reply.a");
    assert_non_null(got);
    assert_string_equal(got->values[1].text, "often");
    assert_string_equal(got->examples[0], "0123456789abcdef");
    assert_null(got->examples[1]);
    assert_null(hf_findings_find(f, "xxxly.a"));
    assert_int_equal(hf_findings_count(f), 1);
    assert_null(hf_findings_get(f, 1));
    hf_findings_free(f);
    hf_ctx_free(ctx);
}

static void no_number_beside_silence(void **state)
{
    (void)state;
    hf_ctx *ctx;
    hf_findings *f;
    assert_int_equal(hf_ctx_new(&ctx, NULL), HF_OK);
    assert_int_equal(hf_findings_new(&f, ctx), HF_OK);
    hf_finding row = blank("x");
    row.estimate = 1;
    assert_int_equal(hf_findings_add(f, &row), HF_E_INTERNAL);
    row = blank("x");
    row.base_rate = 0.1;
    assert_int_equal(hf_findings_add(f, &row), HF_E_INTERNAL);
    row = blank("x");
    row.status = HF_FINDING_NOT_SHOWN;
    row.examples[0] = "t";
    assert_int_equal(hf_findings_add(f, &row), HF_E_INTERNAL);
    row.examples[0] = NULL;
    row.n = 4;
    assert_int_equal(hf_findings_add(f, &row), HF_E_INTERNAL);
    row.n = 0;
    assert_int_equal(hf_findings_add(f, &row), HF_OK);
    /* 'not enough data' may say how many there were. */
    row = blank("y");
    row.n = 4;
    assert_int_equal(hf_findings_add(f, &row), HF_OK);
    assert_int_equal(hf_findings_count(f), 2);
    hf_findings_free(f);
    hf_ctx_free(ctx);
}

static void document_parts(void **state)
{
    (void)state;
    hf_ctx *ctx;
    hf_findings *f;
    assert_int_equal(hf_ctx_new(&ctx, NULL), HF_OK);
    assert_int_equal(hf_findings_new(&f, ctx), HF_OK);
    hf_figure figure = {"words", "bars", "words", "{}"};
    assert_int_equal(hf_findings_add_figure(f, &figure), HF_OK);
    assert_int_equal(hf_findings_add_figure(f, &figure), HF_E_USAGE);
    hf_cited_turn turn = {"id1", NULL, HF_PARTNER_A, 3, {"a\0b", 3}};
    assert_int_equal(hf_findings_add_turn(f, &turn), HF_OK);
    assert_int_equal(hf_findings_add_turn(f, &turn), HF_OK);
    assert_int_equal(hf_findings_count_turns(f), 1);
    assert_memory_equal(hf_findings_get_turn(f, 0)->text.data, "a\0b", 3);
    assert_int_equal(hf_findings_add_limit(f, "minute_stamps", "to the minute"), HF_OK);
    assert_string_equal(hf_findings_get_limit(f, 0)->key, "minute_stamps");
    assert_null(hf_findings_get_limit(f, 1));
    hf_findings_free(f);
    hf_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(consent_table), cmocka_unit_test(findings_hold_what_they_are_given),
        cmocka_unit_test(no_number_beside_silence), cmocka_unit_test(document_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
