/* SPDX-License-Identifier: MIT */
/* labels: golden */
/* Every form with two sheets worked apart from the code: the keys were copied once more from the
 * literature notes and the scores summed outside the library; equality is exact. And what must
 * hold of every form file. */
#include "attachment/instrument.h"
#include "support/failing_alloc.h"
#include "support/test.h"

#include <math.h>

typedef struct worked {
    const char *form, *order;
    int min, max;
    int8_t answers[36];
    struct {
        const char *scale;
        double score; /* sum after reversal, divided by the number of items where it is a mean */
    } want[8];
} worked;

/* clang-format off */
static const worked cases[] = {
    {"ecr", "ecr-1998", 1, 7, {3, 6, 4, 2, 1, 2, 3, 5, 2, 6, 4, 4, 4, 5, 1, 4, 1, 7, 6, 6, 1, 3, 6, 4, 2, 1, 2, 3, 5, 2, 6, 4, 4, 4, 5, 1},
     {{"anxiety", 71.0 / 18}, {"avoidance", 62.0 / 18}}},
    {"ecr", "ecr-1998", 1, 7, {4, 7, 4, 7, 3, 7, 3, 6, 3, 6, 2, 6, 2, 5, 2, 5, 1, 5, 1, 4, 1, 4, 7, 4, 7, 3, 7, 3, 6, 3, 6, 2, 6, 2, 5, 2},
     {{"anxiety", 81.0 / 18}, {"avoidance", 54.0 / 18}}},
    {"ecr-r", "block", 1, 7, {3, 6, 4, 2, 1, 2, 3, 5, 2, 6, 4, 4, 4, 5, 1, 4, 1, 7, 6, 6, 1, 3, 6, 4, 2, 1, 2, 3, 5, 2, 6, 4, 4, 4, 5, 1},
     {{"anxiety", 68.0 / 18}, {"avoidance", 77.0 / 18}}},
    {"ecr-r", "block", 1, 7, {4, 7, 4, 7, 3, 7, 3, 6, 3, 6, 2, 6, 2, 5, 2, 5, 1, 5, 1, 4, 1, 4, 7, 4, 7, 3, 7, 3, 6, 3, 6, 2, 6, 2, 5, 2},
     {{"anxiety", 84.0 / 18}, {"avoidance", 67.0 / 18}}},
    {"ecr-r", "interleaved-a", 1, 7, {3, 6, 4, 2, 1, 2, 3, 5, 2, 6, 4, 4, 4, 5, 1, 4, 1, 7, 6, 6, 1, 3, 6, 4, 2, 1, 2, 3, 5, 2, 6, 4, 4, 4, 5, 1},
     {{"anxiety", 67.0 / 18}, {"avoidance", 74.0 / 18}}},
    {"ecr-r", "interleaved-a", 1, 7, {4, 7, 4, 7, 3, 7, 3, 6, 3, 6, 2, 6, 2, 5, 2, 5, 1, 5, 1, 4, 1, 4, 7, 4, 7, 3, 7, 3, 6, 3, 6, 2, 6, 2, 5, 2},
     {{"anxiety", 75.0 / 18}, {"avoidance", 66.0 / 18}}},
    {"ecr-12", "ecr-1998", 1, 5, {2, 5, 1, 3, 2, 4, 2, 2, 5, 4, 5, 4, 4, 1, 1, 2, 5, 1, 3, 2, 4, 2, 2, 5, 4, 5, 4, 4, 1, 1, 2, 5, 1, 3, 2, 4},
     {{"anxiety", 18.0 / 6}, {"avoidance", 23.0 / 6}}},
    {"ecr-12", "ecr-1998", 1, 5, {1, 5, 4, 1, 2, 3, 2, 5, 3, 4, 4, 4, 2, 4, 1, 1, 5, 4, 1, 2, 3, 2, 5, 3, 4, 4, 4, 2, 4, 1, 1, 5, 4, 1, 2, 3},
     {{"anxiety", 24.0 / 6}, {"avoidance", 19.0 / 6}}},
    {"ecr-12", "ccc", 1, 7, {3, 6, 4, 2, 1, 2, 3, 5, 2, 6, 4, 4},
     {{"anxiety", 22.0 / 6}, {"avoidance", 24.0 / 6}}},
    {"ecr-12", "ccc", 1, 7, {4, 7, 4, 7, 3, 7, 3, 6, 3, 6, 2, 6},
     {{"anxiety", 27.0 / 6}, {"avoidance", 23.0 / 6}}},
    {"ecr-s", "wei-2007", 1, 7, {3, 6, 4, 2, 1, 2, 3, 5, 2, 6, 4, 4},
     {{"anxiety", 23.0 / 6}, {"avoidance", 29.0 / 6}}},
    {"ecr-s", "wei-2007", 1, 7, {4, 7, 4, 7, 3, 7, 3, 6, 3, 6, 2, 6},
     {{"anxiety", 35.0 / 6}, {"avoidance", 23.0 / 6}}},
    {"ecr-s", "ecr-1998", 1, 5, {2, 5, 1, 3, 2, 4, 2, 2, 5, 4, 5, 4, 4, 1, 1, 2, 5, 1, 3, 2, 4, 2, 2, 5, 4, 5, 4, 4, 1, 1, 2, 5, 1, 3, 2, 4},
     {{"anxiety", 21.0 / 6}, {"avoidance", 25.0 / 6}}},
    {"ecr-s", "ecr-1998", 1, 5, {1, 5, 4, 1, 2, 3, 2, 5, 3, 4, 4, 4, 2, 4, 1, 1, 5, 4, 1, 2, 3, 2, 5, 3, 4, 4, 4, 2, 4, 1, 1, 5, 4, 1, 2, 3},
     {{"anxiety", 21.0 / 6}, {"avoidance", 19.0 / 6}}},
    {"ecr-rs", "printed", 1, 7, {3, 6, 4, 2, 1, 2, 3, 5, 2},
     {{"avoidance", 20.0 / 6}, {"anxiety", 10.0 / 3}}},
    {"ecr-rs", "printed", 1, 7, {4, 7, 4, 7, 3, 7, 3, 6, 3},
     {{"avoidance", 20.0 / 6}, {"anxiety", 12.0 / 3}}},
    {"csi-32", "printed", 0, 5, {2, 0, 1, 5, 1, 2, 0, 2, 3, 1, 3, 4, 2, 4, 5, 3, 5, 0, 4, 0, 1, 5, 1, 2, 0, 2, 3, 1, 3, 4, 2, 4},
     {{"satisfaction", 75}}},
    {"csi-32", "printed", 0, 5, {3, 4, 1, 5, 5, 2, 0, 0, 3, 1, 1, 4, 2, 2, 5, 3, 3, 0, 4, 4, 1, 5, 5, 2, 0, 0, 3, 1, 1, 4, 2, 2},
     {{"satisfaction", 78}}},
    {"csi-16", "printed", 0, 5, {2, 0, 1, 5, 1, 2, 0, 2, 3, 1, 3, 4, 2, 4, 5, 3},
     {{"satisfaction", 38}}},
    {"csi-16", "printed", 0, 5, {3, 4, 1, 5, 5, 2, 0, 0, 3, 1, 1, 4, 2, 2, 5, 3},
     {{"satisfaction", 41}}},
    {"csi-4", "printed", 0, 5, {2, 0, 1, 5},
     {{"satisfaction", 8}}},
    {"csi-4", "printed", 0, 5, {3, 4, 1, 5},
     {{"satisfaction", 13}}},
    {"csi-4", "csi-32", 0, 5, {2, 0, 1, 5, 1, 2, 0, 2, 3, 1, 3, 4, 2, 4, 5, 3, 5, 0, 4, 0, 1, 5, 1, 2, 0, 2, 3, 1, 3, 4, 2, 4},
     {{"satisfaction", 15}}},
    {"csi-4", "csi-32", 0, 5, {3, 4, 1, 5, 5, 2, 0, 0, 3, 1, 1, 4, 2, 2, 5, 3, 3, 0, 4, 4, 1, 5, 5, 2, 0, 0, 3, 1, 1, 4, 2, 2},
     {{"satisfaction", 16}}},
    {"rdas", "printed", 0, 5, {4, 0, 1, 5, 1, 2, 0, 2, 3, 1, 4, 4, 2, 4},
     {{"consensus", 13}, {"satisfaction", 6}, {"cohesion", 14}, {"total", 33}}},
    {"rdas", "printed", 0, 5, {4, 4, 1, 5, 5, 2, 0, 0, 3, 1, 3, 4, 2, 2},
     {{"consensus", 21}, {"satisfaction", 4}, {"cohesion", 11}, {"total", 36}}},
    {"cpq", "crenshaw-2017", 1, 9, {8, 1, 8, 9, 5, 6, 1, 9, 4, 2, 4, 2, 3, 8, 9, 4, 3, 7, 5, 7, 5, 6, 2, 3, 7, 6, 1, 8, 1, 8, 9, 5, 6, 1, 9},
     {{"constructive", 39}, {"self-demand", 32}, {"partner-demand", 41}}},
    {"cpq", "crenshaw-2017", 1, 9, {2, 8, 2, 9, 3, 3, 7, 7, 4, 5, 2, 5, 3, 6, 6, 1, 1, 7, 8, 5, 8, 6, 9, 9, 4, 4, 1, 2, 8, 2, 9, 3, 3, 7, 7},
     {{"constructive", 47}, {"self-demand", 23}, {"partner-demand", 40}}},
    {"cpq-sf", "dw", 1, 9, {8, 1, 8, 9, 5, 6, 1, 9, 4, 2, 4},
     {{"constructive", 7}, {"self-demand", 19}, {"partner-demand", 17}, {"demand-withdraw", 36}}},
    {"cpq-sf", "dw", 1, 9, {2, 8, 2, 9, 3, 3, 7, 7, 4, 5, 2},
     {{"constructive", 18}, {"self-demand", 14}, {"partner-demand", 15}, {"demand-withdraw", 29}}},
    {"ders-18", "printed", 1, 5, {2, 5, 1, 3, 2, 4, 2, 2, 5, 4, 5, 4, 4, 1, 1, 2, 5, 1},
     {{"awareness", 9}, {"clarity", 8}, {"goals", 7}, {"impulse", 8}, {"nonacceptance", 7}, {"strategies", 14}, {"total", 53}}},
    {"ders-18", "printed", 1, 5, {1, 5, 4, 1, 2, 3, 2, 5, 3, 4, 4, 4, 2, 4, 1, 1, 5, 4},
     {{"awareness", 13}, {"clarity", 11}, {"goals", 10}, {"impulse", 8}, {"nonacceptance", 8}, {"strategies", 13}, {"total", 63}}},
    {"ders-16", "printed", 1, 5, {2, 5, 1, 3, 2, 4, 2, 2, 5, 4, 5, 4, 4, 1, 1, 2},
     {{"clarity", 7}, {"goals", 4}, {"impulse", 10}, {"strategies", 13}, {"nonacceptance", 13}, {"total", 47}}},
    {"ders-16", "printed", 1, 5, {1, 5, 4, 1, 2, 3, 2, 5, 3, 4, 4, 4, 2, 4, 1, 1},
     {{"clarity", 6}, {"goals", 7}, {"impulse", 10}, {"strategies", 14}, {"nonacceptance", 9}, {"total", 46}}},
    {"erq", "printed", 1, 7, {3, 6, 4, 2, 1, 2, 3, 5, 2, 6},
     {{"reappraisal", 22.0 / 6}, {"suppression", 12.0 / 4}}},
    {"erq", "printed", 1, 7, {4, 7, 4, 7, 3, 7, 3, 6, 3, 6},
     {{"reappraisal", 26.0 / 6}, {"suppression", 24.0 / 4}}},
    {"ucla-3", "printed", 1, 3, {2, 1, 2},
     {{"loneliness", 5}}},
    {"ucla-3", "printed", 1, 3, {2, 2, 2},
     {{"loneliness", 6}}},
    {"ios", "printed", 1, 7, {3},
     {{"closeness", 3.0 / 1}}},
    {"ios", "printed", 1, 7, {4},
     {{"closeness", 4.0 / 1}}},
    {"phq-9", "printed", 0, 3, {0, 2, 3, 1, 1, 0, 0, 2, 3},
     {{"mood", 12}}},
    {"phq-9", "printed", 0, 3, {2, 2, 1, 1, 3, 0, 2, 2, 1},
     {{"mood", 14}}},
    {"gad-7", "printed", 0, 3, {0, 2, 3, 1, 1, 0, 0},
     {{"worry", 7}}},
    {"gad-7", "printed", 0, 3, {2, 2, 1, 1, 3, 0, 2},
     {{"worry", 11}}},
    {"reflection", "own", 1, 7, {3, 6, 4, 2, 1, 2, 3, 5, 2, 6, 4, 4, 4, 5},
     {{"anxiety", 27.0 / 7}, {"avoidance", 28.0 / 7}}},
    {"reflection", "own", 1, 7, {4, 7, 4, 7, 3, 7, 3, 6, 3, 6, 2, 6, 2, 5},
     {{"anxiety", 27.0 / 7}, {"avoidance", 32.0 / 7}}},
    {"rq", "original", 1, 7, {4, 7, 4, 7},
     {{"self", 0}, {"other", -6}}},
    {"rq", "sdpf", 1, 7, {4, 7, 4, 7},
     {{"self", 0}, {"other", -6}}},
};
/* clang-format on */

static void score_case(hf_ctx *ctx, const worked *c)
{
    hf_instrument *in;
    hf_sheets *sheets;
    hf_scoring *p;
    hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
    o.order = c->order;
    o.min = c->min;
    o.max = c->max;
    assert_ok(ctx, hf_instrument_get(&in, ctx, c->form));
    assert_ok(ctx, hf_sheets_from_array(&sheets, ctx, in, c->answers, 1, NULL, &o));
    assert_ok(ctx, hf_score_run(&p, ctx, in, sheets, NULL));
    assert_int_equal(p->keying.verdict, HF_KEYING_NOT_CHECKABLE);
    size_t wanted = 0;
    for (; wanted < 8 && c->want[wanted].scale; wanted++) {
        int s = hf_i_find_scale(in, c->want[wanted].scale, strlen(c->want[wanted].scale));
        assert_true(s >= 0);
        if (p->scores[s].value != c->want[wanted].score)
            fail_msg("%s %s %s: %.17g, worked %.17g", c->form, c->order, c->want[wanted].scale,
                     p->scores[s].value, c->want[wanted].score);
        assert_int_equal(p->scores[s].state, HF_SCORE_FULL);
        assert_int_equal(p->scores[s].answered, p->order->keys[s].count);
    }
    assert_int_equal(wanted, in->scale_count);
    hf_scoring_free(p);
    hf_sheets_free(sheets);
    hf_instrument_free(in);
}

static void worked_cases(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    for (size_t i = 0; i < HF_COUNT_OF(cases); i++)
        score_case(ctx, &cases[i]);
    hf_ctx_free(ctx);
}

/* No form and no order that can be scored is without its worked case. */
static void every_order_has_a_case(void **state)
{
    (void)state;
    char id[64];
    hf_ctx *ctx = test_ctx();
    size_t orders = 0;
    for (size_t k = 0; hf_instrument_name(k, id); k++) {
        hf_instrument *in;
        assert_ok(ctx, hf_instrument_get(&in, ctx, id));
        assert_string_equal(in->id, id);
        for (size_t o = 0; o < in->order_count; o++) {
            bool found = in->orders[o].status == HF_KEY_REFUSED;
            for (size_t i = 0; i < HF_COUNT_OF(cases) && !found; i++)
                found =
                    strcmp(cases[i].form, id) == 0 && strcmp(cases[i].order, in->orders[o].id) == 0;
            if (!found)
                fail_msg("%s %s has no worked case", id, in->orders[o].id);
            orders++;
        }
        hf_instrument_free(in);
    }
    assert_true(orders >= 25);
    hf_ctx_free(ctx);
}

/* The number of reversed items by scale is what catches exchanged scale names: avoidance 9 and
 * anxiety 1 in the ECR, 12 and 2 in the ECR-R, in whatever order. */
static void fingerprints(void **state)
{
    static const struct {
        const char *form;
        unsigned anxiety, avoidance;
    } want[] = {{"ecr", 1, 9},   {"ecr-r", 2, 12}, {"ecr-12", 0, 5},
                {"ecr-s", 1, 3}, {"ecr-rs", 0, 4}, {"reflection", 2, 3}};
    (void)state;
    hf_ctx *ctx = test_ctx();
    for (size_t i = 0; i < HF_COUNT_OF(want); i++) {
        hf_instrument *in;
        assert_ok(ctx, hf_instrument_get(&in, ctx, want[i].form));
        for (size_t o = 0; o < in->order_count; o++) {
            unsigned n[2] = {0, 0};
            if (in->orders[o].status == HF_KEY_REFUSED)
                continue;
            for (int v = 0; v < 2; v++) {
                const hf_key *key = &in->orders[o].keys[v ? in->avoidance : in->anxiety];
                for (size_t k = 0; k < key->count; k++)
                    n[v] += key->items[k].sign < 0;
            }
            assert_int_equal(n[0], want[i].anxiety);
            assert_int_equal(n[1], want[i].avoidance);
        }
        hf_instrument_free(in);
    }
    hf_ctx_free(ctx);
}

/* Ranges of the sums as the literature gives them. */
static void ranges(void **state)
{
    static const struct {
        const char *form, *scale;
        double lo, hi;
    } want[] = {{"csi-32", "satisfaction", 0, 161},
                {"csi-16", "satisfaction", 0, 81},
                {"csi-4", "satisfaction", 0, 21},
                {"rdas", "total", 0, 69},
                {"rdas", "consensus", 0, 30},
                {"rdas", "satisfaction", 0, 20},
                {"rdas", "cohesion", 0, 19},
                {"ders-18", "total", 18, 90},
                {"ders-16", "total", 16, 80},
                {"ucla-3", "loneliness", 3, 9},
                {"rq", "self", -12, 12}};
    (void)state;
    hf_ctx *ctx = test_ctx();
    for (size_t i = 0; i < HF_COUNT_OF(want); i++) {
        hf_instrument *in;
        double lo, hi;
        assert_ok(ctx, hf_instrument_get(&in, ctx, want[i].form));
        int s = hf_i_find_scale(in, want[i].scale, strlen(want[i].scale));
        hf_i_scale_range(in, &in->orders[0], (size_t)s, in->min, in->max, &lo, &hi);
        assert_true(lo == want[i].lo && hi == want[i].hi);
        hf_instrument_free(in);
    }
    hf_ctx_free(ctx);
}

/* No published question may stand in the repository: only Holdfast's own form has texts. */
static void only_own_texts(void **state)
{
    (void)state;
    char id[64];
    hf_ctx *ctx = test_ctx();
    for (size_t k = 0; hf_instrument_name(k, id); k++) {
        hf_instrument *in;
        assert_ok(ctx, hf_instrument_get(&in, ctx, id));
        assert_true((in->texts != NULL) == (in->status == HF_KEY_OWN));
        assert_true(in->citation[0] && in->permission[0] && in->title[0]);
        assert_true(in->built_in);
        hf_instrument_free(in);
    }
    hf_ctx_free(ctx);
}

static void the_reflection(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_instrument *in;
    assert_ok(ctx, hf_instrument_get(&in, ctx, "reflection"));
    for (size_t s = 0; s < in->scale_count; s++) {
        assert_true(in->orders[0].keys[s].count >= 6);
        assert_true(in->scales[s].declared_sem >= 0.7); /* wide: an interval of about 3 of 6 */
    }
    assert_int_equal(in->norm_count, 0);
    assert_non_null(strstr(in->note, "Not validated"));
    hf_instrument_free(in);
    hf_ctx_free(ctx);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void unknown_and_not_shipped(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_instrument *in;
    const hf_order *order;
    assert_int_equal(hf_instrument_get(&in, ctx, "ecr-q"), HF_E_NOT_FOUND);
    assert_null(in);
    assert_non_null(strstr(hf_ctx_get_error(ctx)->message, "did you mean"));
    assert_int_equal(hf_instrument_get(&in, ctx, "das"), HF_E_UNSUPPORTED);
    assert_non_null(strstr(hf_ctx_get_error(ctx)->message, "paid"));
    assert_int_equal(hf_instrument_get(&in, ctx, "not-shipped"), HF_E_NOT_FOUND);
    assert_int_equal(hf_instrument_get(&in, ctx, "../data/x"), HF_E_NOT_FOUND);
    assert_ok(ctx, hf_instrument_get(&in, ctx, "ecr-r"));
    assert_int_equal(hf_instrument_order(&order, ctx, in, NULL), HF_E_USAGE);
    assert_non_null(strstr(hf_ctx_get_error(ctx)->advice, "interleaved-a"));
    assert_int_equal(hf_instrument_order(&order, ctx, in, "interleaved-b"), HF_E_UNSUPPORTED);
    assert_int_equal(hf_instrument_order(&order, ctx, in, "nonsense"), HF_E_USAGE);
    hf_instrument_free(in);
    hf_ctx_free(ctx);
}

#define GOOD                                                                                       \
    "instrument x\nstatus own\nitems 4\nrange 1 5\nscale s\nscore mean\nreversed 1\norder o\n"     \
    "key s 1 2R 3 4\n"

static void bad_forms(void **state)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *says;
    } bad[] = {{"", 0, "lacks instrument"},
               {"instrument x\nitms 4\n", 2, "did you mean 'items'"},
               {"instrument X\n", 1, "other signs"},
               {"instrument x\nitems 0\n", 2, "whole number"},
               {"instrument x\nitems 4\nrange 5 1\n", 3, "highest answer"},
               {"instrument x\nitems 4\nrange 1 5000000000\n", 3, "highest answer"},
               {GOOD "key s 1\n", 10, "two keys"},
               {GOOD "order p\nkey s 1 2 2 3\n", 11, "twice in this key"},
               {GOOD "order p\nkey t 1\n", 11, "no scale 't'"},
               {GOOD "order p\nkey s 1 2 3 9R\n", 11, "the sheet has 4"},
               {GOOD "order p\nkey s 1 2 3 4\n", 11, "this key reverses 0"},
               {GOOD "order p\nkey s 3-1\n", 11, "is not an item"},
               {GOOD "text 1 alone\n", 10, "every item has a text"},
               {GOOD "norm n\nmean s 3 0\n", 11, "not above 0"},
               {GOOD "norm n\nalpha s 1.2\n", 11, "not between"},
               {GOOD "norm n\npercentiles s 5:1 4:2\n", 11, "not rising"},
               {GOOD "plane s s\n", 10, "unknown statement"},
               {"instrument x\nstatus own\nitems 4\nrange 1 5\nscale s\nscore sum\nneeds 3\norder "
                "o\nkey s 1 2 3 4\n",
                9, "never prorated"}};
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_instrument *in;
    assert_ok(ctx, hf_instrument_parse(&in, ctx, "good.txt", GOOD, strlen(GOOD)));
    assert_int_equal(in->scales[0].needs, 4);
    assert_false(in->built_in);
    hf_instrument_free(in);
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++) {
        hf_status s = hf_instrument_parse(&in, ctx, "bad.txt", bad[i].text, strlen(bad[i].text));
        const hf_error *e = hf_ctx_get_error(ctx);
        assert_int_equal(s, HF_E_PARSE);
        assert_null(in);
        if (e->line != bad[i].line || !strstr(e->message, bad[i].says))
            fail_msg("case %zu: line %u '%s', wanted line %u '%s'", i, (unsigned)e->line,
                     e->message, bad[i].line, bad[i].says);
        assert_string_equal(e->file, "bad.txt");
    }
    hf_ctx_free(ctx);
}

static hf_status load_one(hf_ctx *ctx, void *user)
{
    hf_instrument *in;
    hf_status s = hf_instrument_get(&in, ctx, user);
    hf_instrument_free(in);
    return s;
}

static void allocations(void **state)
{
    (void)state;
    char id[] = "reflection";
    assert_true(test_each_allocation_fails(load_one, id) >= 2);
}

RUN_TESTS(cmocka_unit_test(worked_cases), cmocka_unit_test(every_order_has_a_case),
          cmocka_unit_test(fingerprints), cmocka_unit_test(ranges),
          cmocka_unit_test(only_own_texts), cmocka_unit_test(the_reflection),
          cmocka_unit_test(unknown_and_not_shipped), cmocka_unit_test(bad_forms),
          cmocka_unit_test(allocations))
