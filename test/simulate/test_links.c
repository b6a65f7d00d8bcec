/* SPDX-License-Identifier: MIT */
/* labels: property */
/* with: NLOPT */
/* The theory seen through the models that are fitted to data: thresholded protection looks like two
 * regimes, and the regimes that a fit finds are those of protecting and of not. */
#include <holdfast/infer.h>
#include <holdfast/simulate.h>

#include "support/test.h"

#include <math.h>

enum { HOURS = 24 * 50 };

static const char one[] =
    "model one 1\ntime discrete\nstate x\nparameter mu = 0.3, phi = 0.8 in [-1, 1]\n"
    "positive q = 0.01\nnext x = mu + phi*(x - mu)\nnoise x = q\n"
    "observe y = x\nstart x = mu\nstart variance x = 0.1\n";
static const char two[] = "model two 1\ntime discrete\nstate x\nregime calm guarded\n"
                          "varying mu = 0.3, phi = 0.8 in [-1, 1]\npositive q = 0.01\n"
                          "parameter guard = 0.1 in [0, 1], rest = 0.1 in [0, 1]\n"
                          "next x = mu + phi*(x - mu)\nnoise x = q\n"
                          "observe y = x\nstart x = mu\nstart variance x = 0.1\n"
                          "start regime calm = 0.5\nswitch calm -> guarded probability guard\n"
                          "switch guarded -> calm probability rest\n";

typedef struct {
    double y[HOURS], time[HOURS];
    bool guarded[HOURS]; /* what the theory knows */
    size_t rows[2];
} record;

/* Closeness every hour of a cycling pair, with noise. */
static void make(hf_ctx *ctx, record *r)
{
    const hf_pair pair = {{.9, -.3}, {.9, .9}};
    hf_simulate_options o = HF_SIMULATE_OPTIONS_INIT;
    hf_paths *paths;
    o.hours = HOURS - 1;
    o.integrator = HF_INTEGRATE_HEUN;
    o.seed = 3;
    assert_ok(ctx, hf_simulate(&paths, ctx, &pair, 1, &o));
    for (size_t t = 0; t < HOURS; t++) {
        const double *s = hf_paths_get_state(paths, 0, 0, t);
        r->y[t] = s[HF_STATE_CLOSENESS];
        r->time[t] = (double)t;
        r->guarded[t] =
            fmax(s[2] + s[3], s[HF_STATES_PER_PARTNER + 2] + s[HF_STATES_PER_PARTNER + 3]) > .35;
    }
    r->rows[1] = HOURS;
    hf_paths_free(paths);
}

static hf_fit *fitted(hf_ctx *ctx, hf_model **m, const char *text, const hf_dyads *d)
{
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    hf_fit *fit;
    assert_ok(ctx, hf_model_parse(m, ctx, text, strlen(text), "m"));
    assert_ok(ctx, hf_fit_new(&fit, ctx, *m, d, &o));
    return fit;
}

static void protection_looks_like_two_regimes(void **state)
{
    (void)state;
    static record r;
    hf_ctx *ctx = test_ctx();
    hf_model *m1, *m2;
    hf_states *states;
    hf_dyads d = HF_DYADS_INIT;
    make(ctx, &r);
    d.n_dyads = 1;
    d.first_row = r.rows;
    d.time = r.time;
    d.y = r.y;
    hf_fit *f1 = fitted(ctx, &m1, one, &d), *f2 = fitted(ctx, &m2, two, &d);
    double gain = hf_fit_get_summary(f1).aic - hf_fit_get_summary(f2).aic;
    assert_ok(ctx, hf_states_new(&states, ctx, m2, &d, hf_fit_theta(f2), NULL));
    /* Which regime is the guarded one is not said by its name: the better of the two readings. */
    double agree = 0, guarded = 0;
    for (size_t t = 0; t < HOURS; t++) {
        agree += (hf_states_regime(states, t, 1, true) > .5) == r.guarded[t];
        guarded += r.guarded[t];
    }
    agree = fmax(agree, HOURS - agree) / HOURS;
    print_message(
        "two regimes against one: AIC %.0f better; %.0f %% of the hours guarded, read back "
        "in %.0f %%\n",
        gain, 100 * guarded / HOURS, 100 * agree);
    assert_true(guarded > .2 * HOURS && guarded < .8 * HOURS);
    assert_true(gain > 50);
    assert_true(agree > .75);
    hf_states_free(states);
    hf_fit_free(f1);
    hf_fit_free(f2);
    hf_model_free(m1);
    hf_model_free(m2);
    hf_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(protection_looks_like_two_regimes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
