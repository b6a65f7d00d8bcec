/* SPDX-License-Identifier: MIT */
/* labels: property */
/* The check-in: its files, the diary, and whether what it says of itself is true: reliability and
 * truth and bias on simulated days with known answers. */
#include "attachment/checkin.h"
#include "num/random.h"
#include "support/failing_alloc.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

/* Days of an AR(1) process with variance `share` seen through noise of 1 - share; one day in six
 * is missing. */
static size_t days(hf_i_random *r, int64_t *day, double *y, size_t n, double phi, double share)
{
    double s = sqrt(share) * hf_i_random_normal(r);
    size_t kept = 0;
    for (size_t t = 0; t < n; t++) {
        if (hf_i_random_below(r, 6)) {
            day[kept] = (int64_t)t;
            y[kept++] = 5 + s + sqrt(1 - share) * hf_i_random_normal(r);
        }
        s = phi * s + sqrt((1 - phi * phi) * share) * hf_i_random_normal(r);
    }
    return kept;
}

static void reliability_interval(void **state)
{
    enum { DRAWS = 150, DAYS = 200 };
    static const double truth[3] = {.5, .7, .9};
    (void)state;
    for (int k = 0; k < 3; k++) {
        unsigned inside = 0, narrow = 0;
        double sum = 0;
        for (uint64_t d = 0; d < DRAWS; d++) {
            hf_i_random r;
            int64_t day[DAYS];
            double y[DAYS];
            hf_i_random_init(&r, 7, (uint64_t)k, d);
            size_t n = days(&r, day, y, DAYS, .7, truth[k]);
            hf_i_interval i = hf_i_rating_reliability(day, y, n);
            narrow += i.hi - i.lo <= .6;
            sum += i.estimate;
            inside += i.lo <= truth[k] && truth[k] <= i.hi;
        }
        print_message("reliability %.1f: mean %.3f, the interval holds it in %.3f, is narrow "
                      "enough to be shown in %.3f\n",
                      truth[k], sum / DRAWS, (double)inside / DRAWS, (double)narrow / DRAWS);
        /* Half noise is hard to tell from fast change: there the estimate leans upward. */
        assert_true(fabs(sum / DRAWS - truth[k]) < (truth[k] < .6 ? .09 : .06));
        assert_true((double)inside / DRAWS > .91);
    }
}

static void reliability_refuses(void **state)
{
    int64_t day[100];
    double y[100];
    (void)state;
    hf_i_random r;
    hf_i_random_init(&r, 8, 0, 0);
    for (int i = 0; i < 100; i++) {
        day[i] = i;
        y[i] = 4;
    }
    assert_true(isnan(hf_i_rating_reliability(day, y, 100).estimate)); /* no spread */
    for (int i = 0; i < 100; i++)
        y[i] = hf_i_random_normal(&r);
    assert_true(isnan(hf_i_rating_reliability(day, y, 29).estimate)); /* too few */
    /* Noise alone: either nothing is said or the interval holds 0. */
    unsigned wrong = 0;
    for (uint64_t d = 0; d < 100; d++) {
        hf_i_random_init(&r, 9, 0, d);
        for (int i = 0; i < 100; i++)
            y[i] = hf_i_random_normal(&r);
        wrong += hf_i_rating_reliability(day, y, 100).lo > 0.05;
    }
    assert_true(wrong <= 8);
    /* Neither the unit of the rating nor its zero matters. */
    hf_i_random_init(&r, 10, 0, 0);
    size_t n = days(&r, day, y, 100, .6, .8);
    hf_i_interval a = hf_i_rating_reliability(day, y, n);
    for (size_t i = 0; i < n; i++)
        y[i] = 100 * y[i] - 40;
    hf_i_interval b = hf_i_rating_reliability(day, y, n);
    assert_true(a.estimate == b.estimate && fabs(a.lo - b.lo) < 1e-9);
}

static void two_predictors(void **state)
{
    enum { N = 60, DRAWS = 500 };
    const double beta[3] = {-.8, .5, .3};
    unsigned inside[3] = {0};
    hf_i_interval b[3];
    (void)state;
    for (uint64_t d = 0; d < DRAWS; d++) {
        double y[N], x1[N], x2[N];
        hf_i_random r;
        hf_i_random_init(&r, 12, 0, d);
        for (int i = 0; i < N; i++) {
            x1[i] = hf_i_random_normal(&r);
            x2[i] = .4 * x1[i] + hf_i_random_normal(&r);
            y[i] = beta[0] + beta[1] * x1[i] + beta[2] * x2[i] + hf_i_random_normal(&r);
        }
        assert_true(hf_i_two_predictors(b, y, x1, x2, N));
        for (int k = 0; k < 3; k++)
            inside[k] += b[k].lo <= beta[k] && beta[k] <= b[k].hi;
    }
    for (int k = 0; k < 3; k++)
        assert_true(fabs((double)inside[k] / DRAWS - .95) < .03);
    /* Exact: y = 2 + 3 x1 - x2. */
    const double x1[5] = {0, 1, 2, 3, 4}, x2[5] = {1, 0, 2, 5, 3}, y[5] = {1, 5, 6, 6, 11};
    assert_true(hf_i_two_predictors(b, y, x1, x2, 5));
    assert_true(fabs(b[0].estimate - 2) < 1e-12 && fabs(b[1].estimate - 3) < 1e-12 &&
                fabs(b[2].estimate + 1) < 1e-12);
    assert_false(hf_i_two_predictors(b, y, x1, x1, 5));
    assert_false(hf_i_two_predictors(b, y, x1, x2, 3));
}

/* ---- files --------------------------------------------------------------------------------- */

static void the_questions(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    static const char *const ids[] = {"daily", "weekly"};
    for (int k = 0; k < 2; k++) {
        hf_checkin *c;
        assert_ok(ctx, hf_checkin_get(&c, ctx, ids[k]));
        assert_string_equal(c->id, ids[k]);
        assert_non_null(strstr(c->title, "not validated"));
        assert_true(c->item_count >= 8);
        for (size_t i = 0; i < c->item_count; i++)
            assert_true(c->items[i].mechanism[0] == 'S' && c->items[i].text[0]);
        hf_checkin_free(c);
    }
    hf_checkin *c;
    assert_int_equal(hf_checkin_get(&c, ctx, "hourly"), HF_E_NOT_FOUND);
    static const char *const bad[] = {"",
                                      "checkin x\nrange 0 10\n",
                                      "checkin x\nrange 10 0\nitem a\n",
                                      "checkin x\nrange 0 10\nitem a\ntext t\nlow l\nhigh h\n",
                                      "checkin x\nrange 0 10\nitem a\nitem a\n",
                                      "checkin x\nrange 0 10\nitem a\ncolour red\n"};
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++) {
        assert_int_equal(hf_checkin_parse(&c, ctx, "bad", bad[i], strlen(bad[i])), HF_E_PARSE);
        assert_null(c);
    }
    hf_ctx_free(ctx);
}

static void the_diary(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_checkin *c;
    hf_diary *d, *again;
    char path[64];
    double values[100];
    snprintf(path, sizeof path, "diary_%ld.csv", (long)getpid());
    assert_ok(ctx, hf_checkin_get(&c, ctx, "daily"));
    assert_int_equal(hf_diary_read(&d, ctx, path, 0, 0, false), HF_E_IO);
    assert_ok(ctx, hf_diary_read(&d, ctx, path, 0, 0, true));
    for (size_t i = 0; i < c->item_count; i++)
        values[i] = i % 3 ? (double)(i % 11) : NAN;
    assert_ok(ctx, hf_diary_add(d, c, "2026-03-02", HF_PARTNER_B, values, false));
    assert_ok(ctx, hf_diary_add(d, c, "2026-03-01", HF_PARTNER_B, values, false));
    assert_int_equal(hf_diary_add(d, c, "2026-03-01", HF_PARTNER_B, values, false), HF_E_USAGE);
    assert_int_equal(hf_diary_add(d, c, "2026-02-29", HF_PARTNER_A, values, false), HF_E_USAGE);
    assert_int_equal(hf_diary_add(d, c, "2026-03-01", HF_PARTNER_AB, values, false), HF_E_USAGE);
    values[1] = 10.5;
    assert_int_equal(hf_diary_add(d, c, "2026-03-03", HF_PARTNER_A, values, false), HF_E_RANGE);
    assert_ok(ctx, hf_diary_write(d, ctx, path));
    assert_ok(ctx, hf_diary_read(&again, ctx, path, 0, 10, false));
    assert_int_equal(hf_diary_count(again), hf_diary_count(d));
    for (size_t i = 0; i < hf_diary_count(d); i++) {
        const hf_diary_row *x = hf_diary_get(d, i);
        bool found = false;
        for (size_t k = 0; k < hf_diary_count(again); k++) {
            const hf_diary_row *y = hf_diary_get(again, k);
            found = found ||
                    (x->day == y->day && x->partner == y->partner && x->value == y->value &&
                     strcmp(hf_diary_get_item(d, x->item), hf_diary_get_item(again, y->item)) == 0);
        }
        assert_true(found);
    }
    unlink(path);
    hf_diary_free(again);
    hf_diary_free(d);
    hf_checkin_free(c);
    hf_ctx_free(ctx);
}

/* ---- findings ------------------------------------------------------------------------------ */

/* Two partners over `n` days: a guesses half of what b feels, a point too low. */
static hf_diary *made_diary(hf_ctx *ctx, const hf_checkin *c, size_t n)
{
    hf_diary *d;
    hf_i_random r;
    assert_ok(ctx, hf_diary_read(&d, ctx, "no-such-file", 0, 0, true));
    hf_i_random_init(&r, 22, 0, 0);
    for (size_t t = 0; t < n; t++) {
        char date[32];
        double va[100], vb[100], mood_a = 5 + 1.5 * hf_i_random_normal(&r);
        double mood_b = 6 + 1.5 * hf_i_random_normal(&r), reach = 5 + 2 * hf_i_random_normal(&r);
        snprintf(date, sizeof date, "2026-%02d-%02d", 1 + (int)(t / 28), 1 + (int)(t % 28));
        for (size_t i = 0; i < c->item_count; i++) {
            const hf_checkin_item *item = &c->items[i];
            double x = strcmp(item->id, "i_felt") == 0 ? mood_a
                       : item->pairs[0] ? 5 + .5 * (mood_b - 6) + .5 * hf_i_random_normal(&r)
                       : item->group[0] ? reach + hf_i_random_normal(&r)
                                        : NAN;
            va[i] = isnan(x) ? NAN : fmin(10, fmax(0, x));
            x = strcmp(item->id, "i_felt") == 0 ? mood_b : NAN;
            vb[i] = isnan(x) ? NAN : fmin(10, fmax(0, x));
        }
        assert_ok(ctx, hf_diary_add(d, c, date, HF_PARTNER_A, va, false));
        assert_ok(ctx, hf_diary_add(d, c, date, HF_PARTNER_B, vb, false));
    }
    return d;
}

static void reading_each_other(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_checkin *c;
    hf_findings *f;
    assert_ok(ctx, hf_checkin_get(&c, ctx, "daily"));
    hf_diary *d = made_diary(ctx, c, 120);
    assert_ok(ctx, hf_findings_new(&f, ctx));
    assert_ok(ctx, hf_checkin_findings(f, ctx, d, c, HF_CONSENT_BOTH, HF_PARTNER_AB));
    const hf_finding *truth = hf_findings_find(f, "reading_truth.a");
    assert_int_equal(truth->status, HF_FINDING_SEEN);
    assert_true(truth->lo < .5 && .5 < truth->hi && truth->lo > .3);
    const hf_finding *bias = hf_findings_find(f, "reading_bias.a");
    assert_true(bias->status == HF_FINDING_SEEN && bias->lo < -1 && -1 < bias->hi + .15);
    const hf_finding *same = hf_findings_find(f, "reading_similarity.a");
    assert_int_equal(same->status, HF_FINDING_HYPOTHESIS); /* own mood plays no part */
    assert_true(same->lo < 0 && 0 < same->hi);
    const hf_finding *none = hf_findings_find(f, "reading_truth.b");
    assert_int_equal(none->status, HF_FINDING_NOT_ENOUGH_DATA);
    assert_true(isnan(none->estimate));
    const hf_finding *group = hf_findings_find(f, "checkin_group.responsiveness.a");
    /* Variance of change 4 against 1 of noise: alpha 3*4 / (3*4 + 1) = .92. */
    assert_true(group->status == HF_FINDING_SEEN && fabs(group->estimate - 12. / 13) < .04);
    assert_int_equal(group->n, 120);
    hf_findings_free(f);
    /* Without both consents: nothing of the other, and the held-back ones hold nothing. */
    assert_ok(ctx, hf_findings_new(&f, ctx));
    assert_int_equal(hf_checkin_findings(f, ctx, d, c, HF_CONSENT_SOLO, HF_PARTNER_AB),
                     HF_E_CONSENT);
    assert_ok(ctx, hf_checkin_findings(f, ctx, d, c, HF_CONSENT_SOLO, HF_PARTNER_A));
    for (size_t i = 0; i < hf_findings_count(f); i++)
        assert_int_equal(hf_findings_get(f, i)->about, HF_PARTNER_A);
    truth = hf_findings_find(f, "reading_truth.a");
    assert_int_equal(truth->status, HF_FINDING_NOT_SHOWN);
    assert_true(isnan(truth->estimate) && truth->n == 0);
    hf_findings_free(f);
    hf_diary_free(d);
    hf_checkin_free(c);
    hf_ctx_free(ctx);
}

static hf_status all_of_it(hf_ctx *ctx, void *user)
{
    hf_checkin *c = NULL;
    hf_diary *d = NULL;
    hf_findings *f = NULL;
    double values[100];
    hf_status s = hf_checkin_get(&c, ctx, "daily");
    if (s == HF_OK)
        s = hf_diary_read(&d, ctx, "no-such-file", 0, 0, true);
    for (int t = 1; s == HF_OK && t <= 25; t++) {
        char date[32];
        snprintf(date, sizeof date, "2026-03-%02d", t);
        for (size_t i = 0; i < c->item_count; i++)
            values[i] = (double)((t * (int)(i + 3)) % 11);
        s = hf_diary_add(d, c, date, HF_PARTNER_A, values, false);
    }
    if (s == HF_OK)
        s = hf_findings_new(&f, ctx);
    if (s == HF_OK)
        s = hf_checkin_findings(f, ctx, d, c, HF_CONSENT_BOTH, HF_PARTNER_AB);
    if (s == HF_OK)
        s = hf_diary_write(d, ctx, user);
    hf_findings_free(f);
    hf_diary_free(d);
    hf_checkin_free(c);
    return s;
}

static void allocations(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "diary_alloc_%ld.csv", (long)getpid());
    assert_true(test_each_allocation_fails(all_of_it, path) > 10);
    unlink(path);
}

RUN_TESTS(cmocka_unit_test(reliability_interval), cmocka_unit_test(reliability_refuses),
          cmocka_unit_test(two_predictors), cmocka_unit_test(the_questions),
          cmocka_unit_test(the_diary), cmocka_unit_test(reading_each_other),
          cmocka_unit_test(allocations))
