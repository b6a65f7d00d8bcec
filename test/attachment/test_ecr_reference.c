/* SPDX-License-Identifier: MIT */
/* labels: reference */
/* The open ECR sample (10,000 sheets, answers 1 to 5, 0 = not answered): the values that its
 * description states, and those published for the whole set within sampling error. */
#include "attachment/instrument.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>

static char path[1024];

typedef struct scored {
    hf_ctx *ctx;
    hf_instrument *in;
    hf_sheets *sheets;
    hf_scoring *p;
} scored;

static scored score(const char *form, const char *order)
{
    scored s = {.ctx = test_ctx()};
    hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
    o.order = order;
    o.min = 1;
    o.max = 5;
    o.missing = "0";
    assert_ok(s.ctx, hf_instrument_get(&s.in, s.ctx, form));
    assert_ok(s.ctx, hf_sheets_read(&s.sheets, s.ctx, s.in, path, &o));
    assert_ok(s.ctx, hf_score_run(&s.p, s.ctx, s.in, s.sheets, NULL));
    return s;
}

static void done(scored *s)
{
    hf_scoring_free(s->p);
    hf_sheets_free(s->sheets);
    hf_instrument_free(s->in);
    hf_ctx_free(s->ctx);
}

#define near(got, want, within)                                                                    \
    do {                                                                                           \
        if (!(fabs((got) - (want)) <= (within)))                                                   \
            fail_msg("%s is %.9g, wanted %.9g", #got, (double)(got), (double)(want));              \
    } while (0)

static void stated_values(void **state)
{
    (void)state;
    scored s = score("ecr", "ecr-1998");
    const hf_scale_stats *a = &s.p->scales[s.in->anxiety], *v = &s.p->scales[s.in->avoidance];
    assert_int_equal(a->complete, 9052);
    near(v->complete_mean, 2.568242, 5e-7);
    near(v->complete_sd, .860113, 5e-7);
    near(v->alpha, .942205, 5e-7);
    near(a->complete_mean, 3.099254, 5e-7);
    near(a->complete_sd, .808463, 5e-7);
    near(a->alpha, .917573, 5e-7);
    near(s.p->plane_correlation, -.059187, 5e-7);
    assert_int_equal(a->scored, 9975);
    assert_int_equal(v->scored, 9975);
    near(v->mean, 2.568256, 5e-7);
    near(v->sd, .857350, 5e-7);
    near(a->mean, 3.102145, 5e-7);
    near(a->sd, .807608, 5e-7);
    assert_int_equal(a->raw_negative, 1);
    assert_int_equal(v->raw_negative, 9);
    assert_int_equal(s.p->keying.verdict, HF_KEYING_OK);
    done(&s);
}

static void first_sheets(void **state)
{
    static const struct {
        const char *row;
        double avoidance, anxiety;
    } want[] = {
        {"1", 19.0 / 18, 86.0 / 18}, {"4", 62.0 / 18, 65.0 / 18}, {"11", 52.0 / 18, 35.0 / 18}};
    (void)state;
    scored s = score("ecr", "ecr-1998");
    for (size_t i = 0; i < HF_COUNT_OF(want); i++) {
        hf_sheet_who who;
        hf_sheets_get(s.sheets, i, &who);
        assert_string_equal(who.person, want[i].row);
        assert_true(s.p->scores[2 * i + (size_t)s.in->avoidance].value == want[i].avoidance);
        assert_true(s.p->scores[2 * i + (size_t)s.in->anxiety].value == want[i].anxiety);
    }
    done(&s);
}

/* Published for 46,610 sheets of the same source; this sample's error is about .01. */
static void quadrant_shares(void **state)
{
    static const double want[2][4] = {{.289, .403, .142, .166}, {.234, .247, .248, .271}};
    (void)state;
    scored s = score("ecr", "ecr-1998");
    for (int norm = 0; norm < 2; norm++) {
        double ca, cv, share[4] = {0}, best = 0;
        size_t n = 0;
        assert_true(hf_scoring_cuts(s.p, norm != 0, &ca, &cv));
        for (size_t i = 0; i < s.p->count; i++) {
            const hf_score *x = s.p->scores + 2 * i;
            double a = x[s.in->anxiety].value, v = x[s.in->avoidance].value, q[4], top = 0, sum = 0;
            if (x[0].state != HF_SCORE_FULL || x[1].state != HF_SCORE_FULL)
                continue;
            n++;
            share[(a > ca ? 1 : 0) + (v > cv ? 2 : 0)]++;
            hf_quadrant_probabilities(q, a, s.p->scales[s.in->anxiety].sem, ca, v,
                                      s.p->scales[s.in->avoidance].sem, cv);
            for (int k = 0; k < 4; k++) {
                top = fmax(top, q[k]);
                sum += q[k];
            }
            near(sum, 1, 1e-12);
            best += top;
        }
        for (int k = 0; k < 4; k++)
            near(share[k] / (double)n, want[norm][k], .02);
        if (!norm)
            near(best / (double)n, .86, .01);
    }
    done(&s);
}

static void percentiles_and_careless(void **state)
{
    (void)state;
    scored s = score("ecr", "ecr-1998");
    size_t below = 0, above = 0, run = 0, straight = 0, apart = 0;
    for (size_t i = 0; i < s.p->count; i++) {
        const hf_score *x = &s.p->scores[2 * i + (size_t)s.in->anxiety];
        below += x->percentile_state == HF_PERCENTILE_BELOW;
        above += x->percentile_state == HF_PERCENTILE_ABOVE;
        run += s.p->carelessness[i].longest_run >= 12;
        straight += s.p->carelessness[i].straight;
        apart += s.p->carelessness[i].opposite >= 3;
    }
    near((double)below / 1e4, .05, .015);
    near((double)above / 1e4, .05, .015);
    near((double)run / 1e4, .015, .005); /* 1.5 % had a run of 12 or more */
    near((double)straight / 1e4, 66. / 46610, .003);
    near((double)apart / 1e4, .044, .008); /* 4.4 % differed by 3 or more */
    done(&s);
}

static void short_forms(void **state)
{
    static const struct {
        const char *form;
        double mean[2], sd[2], alpha[2]; /* anxiety, avoidance; whole set */
    } want[] = {{"ecr-12", {3.35, 2.58}, {.96, .92}, {.842, .858}},
                {"ecr-s", {3.09, 2.44}, {.84, .85}, {.773, .832}}};
    (void)state;
    for (size_t i = 0; i < HF_COUNT_OF(want); i++) {
        scored s = score(want[i].form, "ecr-1998");
        const int scale[2] = {s.in->anxiety, s.in->avoidance};
        for (int k = 0; k < 2; k++) {
            near(s.p->scales[scale[k]].complete_mean, want[i].mean[k], .03);
            near(s.p->scales[scale[k]].complete_sd, want[i].sd[k], .02);
            near(s.p->scales[scale[k]].alpha, want[i].alpha[k], .01);
        }
        done(&s);
    }
}

/* The table of wrong keys: alpha as published for the whole set. */
static void wrong_keys(void **state)
{
    static const struct {
        const char *order;
        double alpha[2]; /* anxiety, avoidance */
    } want[] = {{"block", {.664, .369}}, {"interleaved-a", {.875, .802}}};
    (void)state;
    for (size_t i = 0; i < HF_COUNT_OF(want); i++) {
        scored s = {.ctx = test_ctx()};
        hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
        o.order = want[i].order;
        o.min = 1;
        o.max = 5;
        o.missing = "0";
        assert_ok(s.ctx, hf_instrument_get(&s.in, s.ctx, "ecr-r"));
        assert_ok(s.ctx, hf_sheets_read(&s.sheets, s.ctx, s.in, path, &o));
        assert_int_equal(hf_score_run(&s.p, s.ctx, s.in, s.sheets, NULL), HF_E_RANGE);
        near(s.p->scales[s.in->anxiety].alpha, want[i].alpha[0], .02);
        near(s.p->scales[s.in->avoidance].alpha, want[i].alpha[1], .02);
        assert_string_equal(s.p->keying.rival_instrument, "ecr");
        assert_null(s.p->scores);
        done(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stated_values),   cmocka_unit_test(first_sheets),
        cmocka_unit_test(quadrant_shares), cmocka_unit_test(percentiles_and_careless),
        cmocka_unit_test(short_forms),     cmocka_unit_test(wrong_keys)};
    const char *root = getenv("HOLDFAST_REFERENCE");
    if (!root) {
        puts("skipped: HOLDFAST_REFERENCE is not set");
        return 77;
    }
    snprintf(path, sizeof path, "%s/questionnaires/ecr_sample.csv", root);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
