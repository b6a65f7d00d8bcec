/* SPDX-License-Identifier: MIT */
/* labels: reference */
/* Daily diaries and emotion dials go through the engine as tables: estimates against least squares
 * on the same lagged pairs, which is the same model given the first occasion. */
#include "support/test.h"

#include <holdfast/infer.h>

#include <math.h>
#include <stdio.h>

static hf_ctx *ctx;

/* Two regressions of y on (1, own, other), rows of occasions that follow each other. */
typedef struct {
    double xx[3][3], xy[3];
} normal;

static void add(normal *n, double own, double other, double y)
{
    const double x[3] = {1, own, other};
    for (int i = 0; i < 3; i++) {
        n->xy[i] += x[i] * y;
        for (int k = 0; k < 3; k++)
            n->xx[i][k] += x[i] * x[k];
    }
}

static void solve(const normal *n, double b[3])
{
    double a[3][4];
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 4; k++)
            a[i][k] = k < 3 ? n->xx[i][k] : n->xy[i];
    for (int k = 0; k < 3; k++)
        for (int r = 0; r < 3; r++)
            for (int l = 3; l >= k && r != k; l--)
                a[r][l] -= a[r][k] / a[k][k] * a[k][l];
    for (int k = 0; k < 3; k++)
        b[k] = a[k][3] / a[k][k];
}

/* Dyads with every value of both: there least squares on lagged pairs is the whole likelihood. */
typedef struct {
    hf_dyads dyads;
    size_t *first;
    double *time, *y;
} whole_dyads;

static whole_dyads keep_whole(const hf_dyads *d)
{
    whole_dyads w = {HF_DYADS_INIT, NULL, NULL, NULL};
    size_t rows = d->first_row[d->n_dyads], at = 0;
    w.first = calloc(d->n_dyads + 1, sizeof *w.first);
    w.time = malloc(rows * sizeof *w.time);
    w.y = malloc(2 * rows * sizeof *w.y);
    assert_true(w.first && w.time && w.y);
    for (size_t i = 0; i < d->n_dyads; i++) {
        size_t from = d->first_row[i], n = d->first_row[i + 1] - from;
        bool whole = true;
        for (size_t r = from; r < from + n; r++)
            whole &= !isnan(d->y[2 * r] + d->y[2 * r + 1]) &&
                     (r == from || d->time[r] - d->time[r - 1] < 1.5);
        if (!whole)
            continue;
        memcpy(w.time + at, d->time + from, n * sizeof *w.time);
        memcpy(w.y + 2 * at, d->y + 2 * from, 2 * n * sizeof *w.y);
        w.first[++w.dyads.n_dyads] = at += n;
    }
    w.dyads.first_row = w.first;
    w.dyads.time = w.time;
    w.dyads.y = w.y;
    return w;
}

static void check(const char *file, const hf_panel_options *o, size_t least)
{
    char path[1200];
    hf_model *m;
    hf_panel *panel;
    hf_fit *fit;
    hf_fit_options fo = HF_FIT_OPTIONS_INIT;
    normal n[2];
    double b[2][3];
    memset(n, 0, sizeof n);
    fo.starts = 1;
    snprintf(path, sizeof path, "%s/dyads/%s", getenv("HOLDFAST_REFERENCE"), file);
    assert_ok(ctx, hf_model_get(&m, ctx, "apim_lagged"));
    assert_ok(ctx, hf_panel_read(&panel, ctx, path, m, o));
    whole_dyads w = keep_whole(hf_panel_dyads(panel));
    const hf_dyads *d = &w.dyads;
    size_t pairs = 0;
    for (size_t i = 0; i < d->n_dyads; i++)
        for (size_t r = d->first_row[i] + 1; r < d->first_row[i + 1]; r++) {
            const double *was = d->y + 2 * r - 2, *now = d->y + 2 * r;
            pairs++;
            add(&n[0], was[0], was[1], now[0]);
            add(&n[1], was[1], was[0], now[1]);
        }
    printf("%zu of %zu dyads without a gap\n", d->n_dyads, hf_panel_dyads(panel)->n_dyads);
    assert_true(pairs >= least);
    solve(&n[0], b[0]);
    solve(&n[1], b[1]);
    assert_ok(ctx, hf_fit_new(&fit, ctx, m, d, &fo));
    hf_fit_summary s = hf_fit_get_summary(fit);
    const double *theta = hf_fit_theta(fit); /* i1 actor1 partner1 i2 actor2 partner2 */
    printf("%s: %zu dyads, %zu pairs; actor %.4f and %.4f, partner %.4f and %.4f; by least squares "
           "%.4f %.4f %.4f %.4f\n",
           file, d->n_dyads, pairs, theta[1], theta[4], theta[2], theta[5], b[0][1], b[1][1],
           b[0][2], b[1][2]);
    assert_true(s.converged);
    /* The same regressors on both sides: least squares is maximum likelihood (Zellner 1962). */
    for (int p = 0; p < 2; p++)
        for (int k = 0; k < 3; k++)
            assert_true(fabs(theta[3 * p + k] - b[p][k]) < 1e-4);
    hf_fit_free(fit);
    free(w.first);
    free(w.time);
    free(w.y);
    hf_panel_free(panel);
    hf_model_free(m);
}

/* Satisfaction of both on 14 days. */
static void daily_diaries(void **state)
{
    (void)state;
    static const char *const obs[] = {"satisf_A.1", "satisf_A.2"};
    hf_panel_options o = HF_PANEL_OPTIONS_INIT;
    o.id = "dyadid";
    o.time = "Day";
    o.partner = "person";
    o.obs = obs;
    o.n_obs = 2;
    o.center = true;
    check("kashy/kashy_diary.csv", &o, 200);
}

/* An emotion dial of both every 2 s. */
static void emotion_dials(void **state)
{
    (void)state;
    static const char *const obs[] = {"dial.0", "dial.1"};
    hf_panel_options o = HF_PANEL_OPTIONS_INIT;
    o.id = "couple";
    o.time = "time";
    o.partner = "female";
    o.obs = obs;
    o.n_obs = 2;
    o.center = true;
    check("rties/rties_couples.csv", &o, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(daily_diaries),
                                       cmocka_unit_test(emotion_dials)};
    if (!getenv("HOLDFAST_REFERENCE"))
        return 77;
    ctx = test_ctx();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hf_ctx_free(ctx);
    return failed;
}
