/* SPDX-License-Identifier: MIT */
/* holdfast predict: where the pair was, row by row, and how the model's predictions fared. */
#include "fit_common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const cli_option options[] = {
    FIT_DATA_OPTIONS,
    {"start", CLI_TEXT, "NAME=VALUE", "where the search begins, or the values with --evaluate",
     NULL, NULL, 0, 0, true},
    {"fix", CLI_TEXT, "NAME=VALUE", "hold a parameter at a value", NULL, NULL, 0, 0, true},
    {"evaluate", CLI_FLAG, NULL, "at the start values, without a fit", NULL, NULL, 0, 0, false},
    {"out", CLI_TEXT, "DIR", "write states.csv to a folder instead of printing it", NULL, NULL, 0,
     0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

static void print_json(const hf_model *m, const hf_dyads *d, const hf_states *st)
{
    printf("{\"model\":\"%s\",\"rows\":[", hf_model_name(m));
    for (size_t i = 0, first = 1; i < d->n_dyads; i++)
        for (size_t r = d->first_row[i]; r < d->first_row[i + 1]; r++, first = 0) {
            printf("%s\n{\"dyad\":%zu,\"time\":%.17g,\"states\":{", first ? "" : ",", i + 1,
                   d->time[r]);
            for (size_t k = 0; k < hf_model_state_count(m); k++) {
                double mean[2], sd[2];
                hf_states_filtered(st, r, k, &mean[0], &sd[0]);
                hf_states_smoothed(st, r, k, &mean[1], &sd[1]);
                printf("%s\"%s\":[", k ? "," : "", hf_model_state(m, k));
                for (int v = 0; v < 4; v++) {
                    if (v)
                        putchar(',');
                    cli_json_number(stdout, v % 2 ? sd[v / 2] : mean[v / 2]);
                }
                putchar(']');
            }
            printf("},\"regimes\":[");
            for (size_t k = 0; k < hf_model_regime_count(m); k++) {
                if (k)
                    putchar(',');
                cli_json_number(stdout, hf_states_regime(st, r, k, true));
            }
            printf("]}");
        }
    printf("],\"residuals\":[");
    for (size_t j = 0; j < hf_model_observation_count(m); j++) {
        hf_residual_check c = hf_states_check(st, j);
        printf("%s{\"name\":\"%s\",\"n\":%zu,\"mean\":", j ? "," : "", hf_model_observation(m, j),
               c.n);
        cli_json_number(stdout, c.mean);
        printf(",\"sd\":");
        cli_json_number(stdout, c.sd);
        printf(",\"skewness\":");
        cli_json_number(stdout, c.skewness);
        printf(",\"excess_kurtosis\":");
        cli_json_number(stdout, c.excess_kurtosis);
        printf(",\"lag1\":");
        cli_json_number(stdout, c.lag1);
        putchar('}');
    }
    puts("]}");
}

static void say_residuals(cli_env *env, const hf_model *m, const hf_states *st)
{
    for (size_t j = 0; j < hf_model_observation_count(m); j++) {
        hf_residual_check c = hf_states_check(st, j);
        if (isfinite(c.sd))
            cli_say(env,
                    "%s: %zu residuals, mean %.3f, sd %.3f (1 when the model holds), neighbours "
                    "correlate %.3f",
                    hf_model_observation(m, j), c.n, c.mean, c.sd, c.lag1);
    }
}

static int show(cli_env *env, const fit_input *in, const double *theta)
{
    hf_states *st;
    hf_likelihood_options o = HF_LIKELIHOOD_OPTIONS_INIT;
    o.first_step = fit_first_step(env);
    hf_status s = hf_states_new(&st, env->ctx, in->model, hf_panel_dyads(in->panel), theta, &o);
    if (s != HF_OK)
        return cli_fail(env, s);
    int code = 0;
    if (cli_text(env, "out"))
        code = fit_write(env, cli_text(env, "out"), "states.csv", hf_states_csv(st));
    if (code == 0 && env->json)
        print_json(in->model, hf_panel_dyads(in->panel), st);
    else if (code == 0 && !cli_text(env, "out"))
        fputs(hf_states_csv(st), stdout);
    if (code == 0)
        say_residuals(env, in->model, st);
    hf_states_free(st);
    return code ? code : cli_done(env);
}

static int run_with(cli_env *env, const fit_input *in, const double *start, const double *fixed)
{
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    hf_fit *fit;
    o.likelihood.first_step = fit_first_step(env);
    o.start = start;
    o.fixed = fixed;
    o.evaluate = cli_flag(env, "evaluate");
    hf_status s = hf_fit_new(&fit, env->ctx, in->model, hf_panel_dyads(in->panel), &o);
    if (s != HF_OK)
        return cli_fail(env, s);
    int code = show(env, in, hf_fit_theta(fit));
    bool converged = o.evaluate || hf_fit_get_summary(fit).converged;
    hf_fit_free(fit);
    if (code == 0 && !converged) {
        cli_say(env, "the fit behind these states did not converge");
        return hf_status_exit_code(HF_E_NOT_CONVERGED);
    }
    return code;
}

static int run(cli_env *env)
{
    return fit_run(env, run_with);
}

const cli_command cli_cmd_predict = {
    "predict",
    run,
    "filtered and smoothed states, regime probabilities, residuals",
    "model",
    "MODEL --data FILE [--start NAME=VALUE --evaluate]",
    options,
    "Fits the model first, unless --evaluate. CSV on stdout: each state filtered (from what was "
    "seen\n"
    "until then) and smoothed (from everything), with standard deviations.",
    1,
    1,
    false};
