/* SPDX-License-Identifier: MIT */
/* labels: property */
/* with: NLOPT */
/* Models of the catalogue that no reference data set covers: data drawn from them, fitted again.
 * Each free parameter comes back within four standard errors, and the fit is at least as likely as
 * the truth. Then the page of a fit, a bootstrap with regimes, and fits whose allocations fail. */
#include "infer/data.h"

#include "support/failing_alloc.h"

typedef struct {
    const char *name;
    size_t dyads, rows;
    double dt;
    double theta[16]; /* NaN ends */
    const char *held; /* parameters kept at the truth, separated by spaces */
} recovery;

static const recovery cases[] = {
    {"felmlee_greenberg", 12, 80, .5, {.7, .3, 1, .5, -.4, -1, .4, .3, .1, .15, NAN}, ""},
    {"liebovitch", 12, 60, .4, {-1, .3, 1.4, -.9, -.2, 1.2, .5, -.5, .3, .2, .1, .1, .4, NAN}, ""},
    {"gottman_murray", 20, 60, 1, {.2, .4, .5, .1, -.1, .3, .2, .5, 0, 0, 1, .8, 1, NAN}, "s0"},
    {"rinaldi_linear", 12, 60, .5, {1.2, .9, .4, .3, .2, .3, .3, .4, .1, .15, NAN}, ""},
    {"inertia_coordination", 12, 60, 1, {.2, .4, .2, -.1, .3, -.25, .6, .5, NAN}, ""},
    {"laura_petrarch",
     6,
     80,
     .25,
     {3, 1, .1, 3, 5, 1, 1, 1, 2, -1, 0, 0, 0, .1, .1, NAN},
     "gamma delta b3 a3 l0 p0 z0"}};

static bool is_held(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = list; (at = strstr(at, name)); at += len)
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

static void make_panel(test_panel *p, const recovery *c, size_t m)
{
    test_panel_make(p, c->dyads, c->rows, m, 0);
    for (size_t r = 0; r < c->dyads * c->rows; r++) {
        p->time[r] = (double)(r % c->rows) * c->dt;
        p->y[r * m] = r % 11 == 5 ? NAN : 0;
    }
}

static void found_again(const recovery *c)
{
    hf_ctx *ctx = test_ctx();
    hf_model *m;
    hf_fit *fit;
    hf_likelihood *l;
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    test_panel p = {0};
    double fixed[16], truth;
    assert_ok(ctx, hf_model_get(&m, ctx, c->name));
    size_t n = hf_model_parameter_count(m);
    assert_true(n <= 16 && (n == 16 || isnan(c->theta[n])));
    for (size_t i = 0; i < n; i++)
        fixed[i] = is_held(c->held, hf_model_parameter(m, i).name) ? c->theta[i] : NAN;
    make_panel(&p, c, hf_model_observation_count(m));
    hf_dyads d = test_panel_view(&p);
    assert_ok(ctx, hf_simulate_like(ctx, m, &d, c->theta, NULL, 21, 0, p.y));
    o.start = c->theta;
    o.fixed = fixed;
    o.starts = 1;
    assert_ok(ctx, hf_likelihood_new(&l, ctx, m, &d, NULL));
    assert_ok(ctx, hf_likelihood_value(l, c->theta, &truth));
    assert_ok(ctx, hf_fit_new(&fit, ctx, m, &d, &o));
    hf_fit_summary s = hf_fit_get_summary(fit);
    assert_true(s.converged);
    assert_true(s.loglik >= truth - 1e-6);
    /* Twice the gain is chi-squared with n_free degrees: far beyond it would be a wrong optimum. */
    assert_true(2 * (s.loglik - truth) < (double)s.n_free + 6 * sqrt(2 * (double)s.n_free));
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        hf_estimate e = hf_fit_get_estimate(fit, i);
        if (!e.fixed && isfinite(e.se) && !e.weak)
            worst = fmax(worst, fabs(e.estimate - c->theta[i]) / e.se);
    }
    print_message("%s: log-likelihood %.3f (truth %.3f), worst %.2f standard errors\n", c->name,
                  s.loglik, truth, worst);
    assert_true(worst > 0 && worst < 4);
    hf_likelihood_free(l);
    hf_fit_free(fit);
    hf_model_free(m);
    test_panel_free(&p);
    hf_ctx_free(ctx);
}

static void catalogue_models_are_found_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        found_again(&cases[i]);
}

/* ---- a small fit for what follows ---------------------------------------------------------------
 */

static const char text[] = "model levels 1\ntime discrete\nstate x\nregime low high\n"
                           "parameter lo = -1, hi = 1\npositive q = 0.3\n"
                           "parameter up = 0.2 in [0, 1], down = 0.2 in [0, 1]\n"
                           "in low: next x = lo\nin high: next x = hi\nnoise x = q\n"
                           "observe y = x\nstart x = lo\nstart variance x = q\n"
                           "start regime low = 0.5\nswitch low -> high probability up\n"
                           "switch high -> low probability down\n";
static const double truth[] = {-1, 1, .3, .15, .25};

static void small_panel(hf_ctx *ctx, hf_model **m, test_panel *p)
{
    static const recovery c = {"", 6, 40, 1, {0}, ""};
    assert_ok(ctx, hf_model_parse(m, ctx, text, strlen(text), "levels"));
    make_panel(p, &c, 1);
    hf_dyads d = test_panel_view(p);
    assert_ok(ctx, hf_simulate_like(ctx, *m, &d, truth, NULL, 4, 0, p->y));
}

static void bootstrap_with_regimes(void **state)
{
    (void)state;
    enum { REPLICATES = 12, PARAMETERS = 5 };
    hf_ctx *ctx = test_ctx();
    hf_model *m;
    test_panel p = {0};
    double draws[REPLICATES * PARAMETERS], mean[PARAMETERS] = {0};
    size_t fine = 0;
    small_panel(ctx, &m, &p);
    hf_dyads d = test_panel_view(&p);
    assert_ok(ctx, hf_bootstrap(ctx, m, &d, truth, NULL, REPLICATES, draws));
    for (size_t b = 0; b < REPLICATES; b++) {
        fine += isfinite(draws[b * PARAMETERS]);
        for (size_t i = 0; isfinite(draws[b * PARAMETERS]) && i < PARAMETERS; i++)
            mean[i] += draws[b * PARAMETERS + i];
    }
    assert_true(fine >= REPLICATES - 2);
    static const double near[PARAMETERS] = {.2, .2, .1, .12, .15};
    for (size_t i = 0; i < PARAMETERS; i++)
        assert_true(fabs(mean[i] / (double)fine - truth[i]) < near[i]);
    hf_model_free(m);
    test_panel_free(&p);
    hf_ctx_free(ctx);
}

static void pages_say_what_they_cannot_show(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_model *m;
    test_panel p = {0};
    hf_fit *fit;
    hf_findings *page;
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    hf_fit_page_options po = HF_FIT_PAGE_OPTIONS_INIT;
    small_panel(ctx, &m, &p);
    hf_dyads d = test_panel_view(&p);
    o.starts = 1;
    assert_ok(ctx, hf_fit_new(&fit, ctx, m, &d, &o));
    assert_ok(ctx, hf_fit_to_findings(&page, ctx, fit, &d, &po));
    assert_int_equal(hf_findings_find(page, "fit_phase.ab")->status, HF_FINDING_NOT_ENOUGH_DATA);
    const hf_finding *low = hf_findings_find(page, "fit_regimes_1.ab"),
                     *high = hf_findings_find(page, "fit_regimes_2.ab");
    assert_true(fabs(low->estimate + high->estimate - 1) < 1e-12);
    assert_true(hf_findings_find(page, "fit_outside.ab")->estimate < .2);
    hf_findings_free(page);
    po.dyad = "nobody";
    assert_int_equal(hf_fit_to_findings(&page, ctx, fit, &d, &po), HF_E_NOT_FOUND);
    assert_null(page);
    hf_fit_free(fit);
    /* Values that were only given: no standard error, so no band is drawn and it is said. */
    o.evaluate = true;
    o.start = truth;
    po.dyad = NULL;
    assert_ok(ctx, hf_fit_new(&fit, ctx, m, &d, &o));
    assert_ok(ctx, hf_fit_to_findings(&page, ctx, fit, &d, &po));
    assert_string_equal(hf_findings_find(page, "fit_stop.ab")->text_key, "fit_stop.given");
    hf_findings_free(page);
    hf_fit_free(fit);
    hf_model_free(m);
    test_panel_free(&p);
    hf_ctx_free(ctx);
}

/* ---- each allocation fails once
 * ------------------------------------------------------------------ */

static hf_status fit_it(hf_ctx *ctx, void *user)
{
    const test_panel *p = user;
    hf_model *m = NULL;
    hf_fit *fit = NULL;
    hf_findings *page = NULL;
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    hf_dyads d = test_panel_view(p);
    o.evaluate = true;
    hf_status s = hf_model_parse(&m, ctx, text, strlen(text), "levels");
    if (s == HF_OK)
        s = hf_fit_new(&fit, ctx, m, &d, &o);
    if (s == HF_OK)
        s = hf_fit_to_findings(&page, ctx, fit, &d, NULL);
    hf_findings_free(page);
    hf_fit_free(fit);
    hf_model_free(m);
    return s;
}

static hf_status states_of_it(hf_ctx *ctx, void *user)
{
    const test_panel *p = user;
    hf_model *m = NULL;
    hf_states *states = NULL;
    hf_dyads d = test_panel_view(p);
    double *y = malloc(240 * sizeof *y);
    assert_non_null(y);
    hf_status s = hf_model_parse(&m, ctx, text, strlen(text), "levels");
    if (s == HF_OK)
        s = hf_states_new(&states, ctx, m, &d, truth, NULL);
    if (s == HF_OK)
        s = hf_simulate_like(ctx, m, &d, truth, NULL, 1, 0, y);
    free(y);
    hf_states_free(states);
    hf_model_free(m);
    return s;
}

static hf_status search_it(hf_ctx *ctx, void *user)
{
    const test_panel *p = user;
    hf_model *m = NULL;
    hf_fit *fit = NULL;
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    hf_dyads d = test_panel_view(p);
    d.n_dyads = 2;
    o.starts = 1;
    hf_status s = hf_model_parse(&m, ctx, text, strlen(text), "levels");
    if (s == HF_OK)
        s = hf_fit_new(&fit, ctx, m, &d, &o);
    hf_fit_free(fit);
    hf_model_free(m);
    return s;
}

static hf_status sample_it(hf_ctx *ctx, void *user)
{
    const test_panel *p = user;
    hf_model *m = NULL;
    hf_sample *sample = NULL;
    hf_sample_options o = HF_SAMPLE_OPTIONS_INIT;
    hf_dyads d = test_panel_view(p);
    d.n_dyads = 1;
    o.start = truth;
    o.warmup = 5;
    o.draws = 5;
    o.chains = 1;
    hf_status s = hf_model_parse(&m, ctx, text, strlen(text), "levels");
    if (s == HF_OK)
        s = hf_sample_new(&sample, ctx, m, &d, &o);
    hf_sample_free(sample);
    hf_model_free(m);
    return s;
}

static void each_allocation_fails(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_model *m;
    test_panel p = {0};
    small_panel(ctx, &m, &p);
    assert_true(test_each_allocation_fails(states_of_it, &p) > 20);
    assert_true(test_each_allocation_fails(fit_it, &p) > 20);
    assert_true(test_each_allocation_fails(search_it, &p) > 20);
    assert_true(test_each_allocation_fails(sample_it, &p) > 20);
    hf_model_free(m);
    test_panel_free(&p);
    hf_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(catalogue_models_are_found_again),
                                       cmocka_unit_test(bootstrap_with_regimes),
                                       cmocka_unit_test(pages_say_what_they_cannot_show),
                                       cmocka_unit_test(each_allocation_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
