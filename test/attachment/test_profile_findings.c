/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* The profile as findings: who is shown under which consent, and what stands beside it. */
#include "attachment/instrument.h"
#include "pair_data.h"
#include "support/failing_alloc.h"

#include <math.h>

typedef struct made {
    hf_instrument *in;
    hf_sheets *sheets;
    hf_scoring *p;
} made;

static void close_made(made *m)
{
    hf_scoring_free(m->p);
    hf_sheets_free(m->sheets);
    hf_instrument_free(m->in);
}

static hf_status open_made(made *m, hf_ctx *ctx, const char *form, const char *order)
{
    int8_t x[3 * 36];
    hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
    static const char *const names[] = {"Ann", "Ben", "Cleo"};
    *m = (made){NULL, NULL, NULL};
    o.order = order;
    HF_TRY(hf_instrument_get(&m->in, ctx, form));
    o.min = m->in->min;
    o.max = m->in->other_range_count ? m->in->other_ranges[0][1] : m->in->max;
    two_factor_sheets(x, 3, m->in, &m->in->orders[0], o.min, o.max, 3);
    memset(x + m->in->orders[0].sheet, HF_ANSWER_MISSING,
           30 > m->in->orders[0].sheet ? m->in->orders[0].sheet : 30);
    hf_status s = hf_sheets_from_array(&m->sheets, ctx, m->in, x, 3, names, &o);
    return s == HF_OK ? hf_score_run(&m->p, ctx, m->in, m->sheets, NULL) : s;
}

static hf_profile_options options(hf_consent consent)
{
    return (hf_profile_options){.size = sizeof(hf_profile_options),
                                .consent = consent,
                                .file = "answers.csv",
                                .made_on = "2026-11-22"};
}

static void consent(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    made m;
    hf_findings *f;
    hf_profile_options solo = options(HF_CONSENT_SOLO), both = options(HF_CONSENT_BOTH);
    assert_ok(ctx, open_made(&m, ctx, "ecr", "ecr-1998"));
    assert_ok(ctx, hf_findings_new(&f, ctx));
    assert_int_equal(hf_profile_findings(f, ctx, m.p, 0, 2, &solo), HF_E_CONSENT);
    assert_int_equal(hf_findings_count(f), 0);
    assert_ok(ctx, hf_profile_findings(f, ctx, m.p, SIZE_MAX, 2, &solo));
    assert_int_equal(hf_findings_count(f), 2);
    for (size_t i = 0; i < 2; i++) {
        const hf_finding *x = hf_findings_get(f, i);
        assert_int_equal(x->about, HF_PARTNER_B);
        assert_int_equal(x->visibility, HF_VISIBLE_B);
    }
    assert_null(strstr(hf_findings_get_header(f)->record, "Ann"));
    assert_non_null(strstr(hf_findings_get_header(f)->record, "Cleo"));
    assert_null(strstr(hf_findings_get_figure(f, 0)->data, "\"partner\":\"a\""));
    hf_findings_free(f);
    assert_ok(ctx, hf_findings_new(&f, ctx));
    assert_ok(ctx, hf_profile_findings(f, ctx, m.p, 0, 2, &both));
    assert_int_equal(hf_findings_count(f), 4);
    assert_int_equal(hf_findings_get(f, 0)->visibility, HF_VISIBLE_JOINT);
    const hf_finding *x = hf_findings_find(f, "profile_ecr_anxiety.a");
    assert_true(x->estimate == m.p->scores[m.in->anxiety].value && x->lo < x->estimate);
    hf_findings_free(f);
    close_made(&m);
    hf_ctx_free(ctx);
}

static void half_empty(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    made m;
    hf_findings *f;
    hf_profile_options solo = options(HF_CONSENT_SOLO);
    assert_ok(ctx, open_made(&m, ctx, "ecr", "ecr-1998"));
    assert_ok(ctx, hf_findings_new(&f, ctx));
    assert_ok(ctx, hf_profile_findings(f, ctx, m.p, 1, SIZE_MAX, &solo));
    const hf_finding *x = hf_findings_find(f, "profile_ecr_avoidance.a");
    assert_int_equal(x->status, HF_FINDING_NOT_ENOUGH_DATA);
    assert_true(isnan(x->estimate) && isnan(x->lo));
    assert_non_null(strstr(hf_findings_get_figure(f, 0)->data, "\"points\":[]"));
    hf_findings_free(f);
    close_made(&m);
    hf_ctx_free(ctx);
}

/* What the record showed stands beside the profile and moves nothing in it. */
static void behaviour_beside(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    made m;
    hf_findings *without, *with;
    hf_profile_options o = options(HF_CONSENT_BOTH);
    hf_behaviour b[2] = {{.partner = HF_PARTNER_A, .episodes = 12, .pursued = 9, .withdrew = 1},
                         {.partner = HF_PARTNER_B, .episodes = 3, .pursued = 0, .withdrew = 3}};
    hf_behaviour_intervals(&b[0]);
    hf_behaviour_intervals(&b[1]);
    assert_ok(ctx, open_made(&m, ctx, "ecr", "ecr-1998"));
    assert_ok(ctx, hf_findings_new(&without, ctx));
    assert_ok(ctx, hf_findings_new(&with, ctx));
    assert_ok(ctx, hf_profile_findings(without, ctx, m.p, 0, 2, &o));
    o.behaviour = b;
    assert_ok(ctx, hf_profile_findings(with, ctx, m.p, 0, 2, &o));
    assert_int_equal(hf_findings_count(with), hf_findings_count(without) + 4);
    for (size_t i = 0; i < hf_findings_count(without); i++) {
        const hf_finding *x = hf_findings_get(without, i), *y = hf_findings_find(with, x->id);
        assert_true(x->estimate == y->estimate && x->lo == y->lo && x->hi == y->hi);
    }
    assert_string_equal(hf_findings_get_figure(with, 0)->data,
                        hf_findings_get_figure(without, 0)->data);
    assert_true(hf_findings_find(with, "behaviour_pursued.a")->estimate == .75);
    assert_int_equal(hf_findings_find(with, "behaviour_withdrew.b")->status,
                     HF_FINDING_NOT_ENOUGH_DATA); /* three episodes say nothing about a share */
    hf_findings_free(without);
    hf_findings_free(with);
    close_made(&m);
    hf_ctx_free(ctx);
}

static void no_signpost(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    made m;
    hf_findings *f;
    hf_profile_options o = options(HF_CONSENT_BOTH);
    assert_ok(ctx, open_made(&m, ctx, "gad-7", "printed"));
    assert_ok(ctx, hf_findings_new(&f, ctx));
    assert_int_equal(hf_profile_findings(f, ctx, m.p, 0, SIZE_MAX, &o), HF_E_CONSENT);
    o.made_on = NULL;
    assert_int_equal(hf_profile_findings(f, ctx, m.p, 0, SIZE_MAX, &o), HF_E_USAGE);
    hf_findings_free(f);
    close_made(&m);
    hf_ctx_free(ctx);
}

static hf_status everything(hf_ctx *ctx, void *user)
{
    made m;
    hf_findings *f = NULL;
    hf_profile_options o = options(HF_CONSENT_BOTH);
    (void)user;
    hf_status s = open_made(&m, ctx, "reflection", NULL);
    if (s == HF_OK)
        s = hf_findings_new(&f, ctx);
    if (s == HF_OK)
        s = hf_profile_findings(f, ctx, m.p, 0, 2, &o);
    hf_findings_free(f);
    close_made(&m);
    return s;
}

static void allocations(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails(everything, NULL) > 10);
}

RUN_TESTS(cmocka_unit_test(consent), cmocka_unit_test(half_empty),
          cmocka_unit_test(behaviour_beside), cmocka_unit_test(no_signpost),
          cmocka_unit_test(allocations))
