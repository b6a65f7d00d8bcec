/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
/* The catalogue: every file is a model; the reference behaviours A1, A2 and A4. Paths are computed
 * by the filter itself: with nothing seen its predicted mean is the solution of the model. */
#include "infer/likelihood.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static hf_ctx *ctx;

static int set_up(void **state)
{
    (void)state;
    return hf_ctx_new(&ctx, NULL) == HF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    hf_ctx_free(ctx);
    return 0;
}

static void all_are_models(void **state)
{
    (void)state;
    size_t count = 0;
    for (; hf_model_catalogue(count); count++) {
        hf_model *m;
        hf_status s = hf_model_get(&m, ctx, hf_model_catalogue(count));
        if (s != HF_OK)
            printf("%s: line %llu: %s\n", hf_model_catalogue(count),
                   (unsigned long long)hf_ctx_get_error(ctx)->line, hf_ctx_get_error(ctx)->message);
        assert_int_equal(s, HF_OK);
        assert_string_equal(hf_model_name(m), hf_model_catalogue(count));
        assert_true(strlen(hf_model_title(m)) > 5 && strlen(hf_model_citation(m)) > 20);
        hf_model_free(m);
    }
    printf("%zu models\n", count);
    assert_true(count >= 20);
}

typedef struct {
    const char *name;
    double value;
} setting;

/* The path of a model over rows steps of dt, mean [row * n]; the caller frees it. */
static double *path(const char *name, const setting *set, size_t rows, double dt, size_t *states)
{
    hf_model *m;
    assert_int_equal(hf_model_get(&m, ctx, name), HF_OK);
    size_t n = hf_model_state_count(m), obs = hf_model_observation_count(m), first[2] = {0, rows};
    double *time = calloc(rows, sizeof *time), *y = calloc(rows * obs, sizeof *y),
           *mean = calloc(rows * n, sizeof *mean), theta[64], ll;
    for (size_t i = 0; i < hf_model_parameter_count(m); i++) {
        hf_parameter p = hf_model_parameter(m, i);
        theta[i] = p.start;
        if (p.name[0] == 'q' || p.name[0] == 's') /* no noise, a known start */
            theta[i] = 0;
        for (const setting *s = set; s->name; s++)
            if (strcmp(s->name, p.name) == 0)
                theta[i] = s->value;
    }
    for (size_t r = 0; r < rows; r++)
        time[r] = (double)r * dt;
    for (size_t i = 0; i < rows * obs; i++)
        y[i] = NAN;
    y[rows * obs - 1] = 0; /* one cell must be seen: the last, after all that is looked at */
    hf_dyads d = HF_DYADS_INIT;
    d.n_dyads = 1;
    d.first_row = first;
    d.time = time;
    d.y = y;
    hf_likelihood *l;
    hf_likelihood_options o = HF_LIKELIHOOD_OPTIONS_INIT;
    o.tolerance = 1e-10;
    hf_i_trace t = {.predicted_mean = mean};
    assert_int_equal(hf_likelihood_new(&l, ctx, m, &d, &o), HF_OK);
    assert_int_equal(hf_i_likelihood_trace(l, theta, 0, &t, &ll), HF_OK);
    hf_likelihood_free(l);
    hf_model_free(m);
    free(time);
    free(y);
    *states = n;
    return mean;
}

static void a1_liebovitch(void **state)
{
    (void)state;
    const double c[] = {.95, 1.05, 1.5, 2, 3, -1.05},
                 want[] = {0, .38924, 1.28784, 1.91501, 2.98470, .38924};
    for (int i = 0; i < 6; i++) {
        const setting set[] = {
            {"c1", c[i]}, {"c2", c[i]}, {"x0", .5}, {"y0", c[i] < 0 ? -.4 : .5}, {NULL, 0}};
        size_t n;
        double *mean = path("liebovitch", set, 401, 1, &n);
        assert_true(fabs(mean[400 * n] - want[i]) < 2e-5);
        assert_true(fabs(mean[400 * n + 1] - (c[i] < 0 ? -want[i] : want[i])) < 2e-5);
        free(mean);
    }
}

static void a2_gottman(void **state)
{
    (void)state;
    const setting alone[] = {{"a", .3},   {"r1", .4},  {"b", .2},   {"r2", .5}, {"p_hw", 0},
                             {"n_hw", 0}, {"p_wh", 0}, {"n_wh", 0}, {NULL, 0}};
    const setting both[] = {{"a", .3},    {"r1", .4},    {"b", .2},    {"r2", .5}, {"p_hw", .3},
                            {"n_hw", .6}, {"p_wh", .25}, {"n_wh", .5}, {NULL, 0}};
    size_t n;
    double *mean = path("gottman_murray", alone, 202, 1, &n);
    assert_true(fabs(mean[200 * n] - .5) < 1e-9 && fabs(mean[200 * n + 1] - .4) < 1e-9);
    free(mean);
    mean = path("gottman_murray", both, 202, 1, &n);
    assert_true(fabs(mean[200 * n] - .9333333333) < 1e-9 &&
                fabs(mean[200 * n + 1] - .8666666667) < 1e-9);
    free(mean);
    /* Both below 0 with slopes .6 and .5: (1 - r1)(1 - r2) = n n', exactly the boundary; without
     * push the pair neither returns nor runs away along the eigenvector (1, 1). */
    const setting edge[] = {{"a", 0},     {"r1", .4}, {"b", 0},   {"r2", .5}, {"n_hw", .6},
                            {"n_wh", .5}, {"w0", -2}, {"h0", -2}, {NULL, 0}};
    mean = path("gottman_murray", edge, 202, 1, &n);
    assert_true(fabs(mean[200 * n] + 2) < 1e-12 && fabs(mean[200 * n + 1] + 2) < 1e-12);
    free(mean);
}

/* Upward crossings of the level late in the path give the period. */
static double period(const double *mean, size_t n, size_t rows, double dt, double level)
{
    double first = 0, last = 0;
    int count = 0;
    for (size_t r = rows / 2; r < rows - 1; r++) {
        double a = mean[(r - 1) * n] - level, b = mean[r * n] - level;
        if (a < 0 && b >= 0) {
            last = ((double)r - b / (b - a)) * dt;
            first = count++ ? first : last;
        }
    }
    return count > 1 ? (last - first) / (count - 1) : NAN;
}

static void a4_laura_petrarch(void **state)
{
    (void)state;
    enum { ROWS = 6001 };
    const setting none[] = {{NULL, 0}};
    size_t n;
    double dt = 0.01, lo[3] = {9, 9, 9}, hi[3] = {-9, -9, -9};
    double *mean = path("laura_petrarch", none, ROWS, dt, &n);
    for (size_t r = ROWS / 2; r < ROWS - 1; r++)
        for (int i = 0; i < 3; i++) {
            lo[i] = fmin(lo[i], mean[r * n + (size_t)i]);
            hi[i] = fmax(hi[i], mean[r * n + (size_t)i]);
        }
    double t = period(mean + 2, n, ROWS, dt, 1.2);
    printf("period %.4f, L [%.4f, %.4f], P [%.4f, %.4f], Z [%.4f, %.4f]\n", t, lo[0], hi[0], lo[1],
           hi[1], lo[2], hi[2]);
    assert_true(fabs(t - 6.4914) < 2e-3);
    const double want_lo[] = {-1.3336, -1.0973, .3206}, want_hi[] = {-.6209, 1.0737, 2.1106};
    for (int i = 0; i < 3; i++)
        assert_true(fabs(lo[i] - want_lo[i]) < 2e-3 && fabs(hi[i] - want_hi[i]) < 2e-3);
    free(mean);
    /* The mis-scaled set of secondary sources must decay. */
    const setting wrong[] = {{"a1", 3.6}, {"a2", 1.2}, {"a3", .12}, {"b1", 1},
                             {"b2", 5},   {"b3", 10},  {NULL, 0}};
    mean = path("laura_petrarch", wrong, 2 * ROWS, dt, &n);
    double early = 0, late = 0;
    for (size_t r = 1000; r < 2000; r++)
        early = fmax(early, fabs(mean[r * n + 1] - mean[(r + 1) * n + 1]));
    for (size_t r = 2 * ROWS - 1001; r < 2 * ROWS - 2; r++)
        late = fmax(late, fabs(mean[r * n + 1] - mean[(r + 1) * n + 1]));
    assert_true(late < 0.2 * early);
    free(mean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_models), cmocka_unit_test(a1_liebovitch),
        cmocka_unit_test(a2_gottman), cmocka_unit_test(a4_laura_petrarch)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
