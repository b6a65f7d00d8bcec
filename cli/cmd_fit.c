/* SPDX-License-Identifier: MIT */
/* holdfast fit: a model of two people, fitted to a table. */
#include "fit_common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const cli_option options[] = {
    FIT_DATA_OPTIONS,
    {"start", CLI_TEXT, "NAME=VALUE", "where the search begins", NULL, NULL, 0, 0, true},
    {"fix", CLI_TEXT, "NAME=VALUE", "hold a parameter at a value", NULL, NULL, 0, 0, true},
    {"evaluate", CLI_FLAG, NULL, "only the log-likelihood at the start values", NULL, NULL, 0, 0,
     false},
    {"starts", CLI_INT, "N", "searches from different points", "4", NULL, 1, 64, false},
    {"seed", CLI_INT, "N", "of the other starting points", "1", NULL, 0, 0, false},
    {"level", CLI_REAL, "P", "of the intervals", "0.95", NULL, 0.5, 0.9999, false},
    {"profile", CLI_FLAG, NULL, "profile intervals besides Wald's", NULL, NULL, 0, 0, false},
    {"draws", CLI_INT, "N", "posterior draws a chain (four chains, No-U-Turn sampler)", "0", NULL,
     0, 1000000, false},
    {"out", CLI_TEXT, "DIR",
     "write report.html, findings.json, fit.json, parameters.csv and states.csv to a folder", NULL,
     NULL, 0, 0, false},
    {"dyad", CLI_TEXT, "ID", "with --out: the dyad that the page draws (default: the first)", NULL,
     NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

static void number(const char *format, double x)
{
    if (isfinite(x))
        printf(format, x);
    else
        printf("%12s", "-");
}

static void print_table(const hf_model *model, const hf_fit *fit)
{
    hf_fit_summary s = hf_fit_get_summary(fit);
    printf("%s (%s)\n", hf_model_title(model)[0] ? hf_model_title(model) : hf_model_name(model),
           s.method);
    printf("%zu dyad%s, %zu occasions, %zu observed values\n\n", s.n_dyads,
           s.n_dyads == 1 ? "" : "s", s.n_occasions, s.n_cells);
    printf("%-16s %12s %12s %12s %12s\n", "Parameter", "Estimate", "SE", "lower", "upper");
    for (size_t i = 0; i < hf_model_parameter_count(model); i++) {
        hf_estimate e = hf_fit_get_estimate(fit, i);
        hf_parameter q = hf_model_parameter(model, i);
        printf("%-16s", e.name);
        number(" %12.5f", e.estimate);
        number(" %12.5f", e.se);
        number(" %12.5f", e.lower);
        number(" %12.5f", e.upper);
        printf("%s%s%s%s\n", e.fixed ? "  held" : "", e.on_bound ? "  on its bound" : "",
               e.weak ? "  hardly determined" : "", q.same_as ? "  shared" : "");
        if (isfinite(e.profile_lower) || isfinite(e.profile_upper)) {
            printf("%-16s %12s %12s", "  profile", "", "");
            number(" %12.5f", e.profile_lower);
            number(" %12.5f", e.profile_upper);
            putchar('\n');
        }
    }
    printf("\nlog-likelihood %.6f, -2LL %.6f, AIC %.3f, BIC %.3f\n", s.loglik, -2 * s.loglik, s.aic,
           s.bic);
    printf("stopped: %s; largest slope %.2g, condition %.2g, %llu evaluations, %.2f s", s.reason,
           s.gradient_norm, s.condition, (unsigned long long)s.evaluations, s.seconds);
    if (s.starts > 1)
        printf(", %d of %d starts agree", s.agreeing, s.starts);
    putchar('\n');
    for (size_t i = 0; hf_fit_note(fit, i); i++)
        printf("note: %s\n", hf_fit_note(fit, i));
}

static int put_parameters(cli_env *env, const hf_model *m, const hf_fit *fit, const char *folder)
{
    size_t room = 400 + 400 * hf_model_parameter_count(m), at = 0;
    char *text = malloc(room);
    if (!text)
        return cli_fail(env, HF_E_NOMEM);
    at += (size_t)snprintf(text, room, "parameter,estimate,se,lower,upper,fixed,on_bound,weak\n");
    for (size_t i = 0; i < hf_model_parameter_count(m); i++) {
        hf_estimate e = hf_fit_get_estimate(fit, i);
        const double x[4] = {e.estimate, e.se, e.lower, e.upper};
        at += (size_t)snprintf(text + at, room - at, "%.200s", e.name);
        for (int k = 0; k < 4; k++)
            at += (size_t)(isfinite(x[k]) ? snprintf(text + at, room - at, ",%.17g", x[k])
                                          : snprintf(text + at, room - at, ","));
        at += (size_t)snprintf(text + at, room - at, ",%d,%d,%d\n", e.fixed, e.on_bound, e.weak);
    }
    int code = fit_write(env, folder, "parameters.csv", text);
    free(text);
    return code;
}

static int put_page(cli_env *env, const fit_input *in, const hf_fit *fit, const char *folder)
{
    hf_fit_page_options o = HF_FIT_PAGE_OPTIONS_INIT;
    hf_findings *page = NULL;
    char today[16];
    const char *path = cli_text(env, "data"), *slash = strrchr(path, '/');
    cli_today(today);
    o.dyad = cli_text(env, "dyad");
    o.file = slash ? slash + 1 : path;
    o.made_on = today;
    o.seed = (uint64_t)cli_int(env, "seed");
    hf_status s = hf_fit_to_findings(&page, env->ctx, fit, hf_panel_dyads(in->panel), &o);
    if (s == HF_OK)
        s = cli_write_page(env, page, folder);
    hf_findings_free(page);
    return s == HF_OK ? 0 : cli_fail(env, s);
}

static int put_folder(cli_env *env, const fit_input *in, const hf_fit *fit)
{
    const char *folder = cli_text(env, "out");
    hf_states *st;
    hf_likelihood_options o = HF_LIKELIHOOD_OPTIONS_INIT;
    int code = put_page(env, in, fit, folder); /* first: it may find that there is no such dyad */
    if (code == 0)
        code = fit_write(env, folder, "fit.json", hf_fit_json(fit));
    if (code == 0)
        code = put_parameters(env, in->model, fit, folder);
    if (code)
        return code;
    o.first_step = fit_first_step(env);
    hf_status s =
        hf_states_new(&st, env->ctx, in->model, hf_panel_dyads(in->panel), hf_fit_theta(fit), &o);
    if (s != HF_OK)
        return cli_fail(env, s);
    code = fit_write(env, folder, "states.csv", hf_states_csv(st));
    hf_states_free(st);
    return code;
}

static int draw_posterior(cli_env *env, const fit_input *in, const hf_fit *fit, const double *fixed)
{
    hf_sample_options o = HF_SAMPLE_OPTIONS_INIT;
    hf_sample *sample;
    size_t n = hf_model_parameter_count(in->model);
    o.likelihood.first_step = fit_first_step(env);
    o.start = hf_fit_theta(fit);
    o.fixed = fixed;
    o.draws = (size_t)cli_int(env, "draws");
    o.seed = (uint64_t)cli_int(env, "seed");
    hf_status s = hf_sample_new(&sample, env->ctx, in->model, hf_panel_dyads(in->panel), &o);
    if (s != HF_OK)
        return cli_fail(env, s);
    printf("\n%-16s %12s %12s %12s %12s %8s %8s\n", "Posterior", "mean", "sd", "2.5 %", "97.5 %",
           "R-hat", "ESS");
    for (size_t i = 0; i < n; i++) {
        hf_sample_summary p = hf_sample_get(sample, i);
        printf("%-16s", p.name);
        number(" %12.5f", p.mean);
        number(" %12.5f", p.sd);
        number(" %12.5f", p.lower);
        number(" %12.5f", p.upper);
        if (p.sd > 0)
            printf(" %8.4f %8.0f", p.rhat, p.ess);
        putchar('\n');
    }
    if (hf_sample_divergences(sample))
        printf("note: %zu trajectories diverged: do not trust these draws.\n",
               hf_sample_divergences(sample));
    hf_sample_free(sample);
    return 0;
}

static int run_fit(cli_env *env, const fit_input *in, const double *start, const double *fixed)
{
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    hf_fit *fit;
    o.likelihood.first_step = fit_first_step(env);
    o.start = start;
    o.fixed = fixed;
    o.evaluate = cli_flag(env, "evaluate");
    o.starts = (int)cli_int(env, "starts");
    o.seed = (uint64_t)cli_int(env, "seed");
    o.level = cli_real(env, "level");
    o.profile = cli_flag(env, "profile");
    hf_status s = hf_fit_new(&fit, env->ctx, in->model, hf_panel_dyads(in->panel), &o);
    if (s != HF_OK)
        return cli_fail(env, s);
    int code = 0;
    if (cli_text(env, "out"))
        code = put_folder(env, in, fit);
    if (code == 0 && env->json)
        puts(hf_fit_json(fit));
    else if (code == 0)
        print_table(in->model, fit);
    if (code == 0 && cli_int(env, "draws") > 0 && !env->json)
        code = draw_posterior(env, in, fit, fixed);
    hf_fit_summary sum = hf_fit_get_summary(fit);
    bool fine = o.evaluate ? isfinite(sum.loglik) : sum.converged || sum.n_free == 0;
    hf_fit_free(fit);
    if (code == 0)
        code = cli_done(env);
    return code == 0 && !fine ? hf_status_exit_code(HF_E_NOT_CONVERGED) : code;
}

static int run(cli_env *env)
{
    if (env->json && cli_int(env, "draws") > 0)
        return cli_usage(env, "--draws prints a table: use it without --json");
    return fit_run(env, run_fit);
}

const cli_command cli_cmd_fit = {
    "fit",
    run,
    "fit a model of two people to a table",
    "model",
    "MODEL --data FILE [--id COLUMN] [--time COLUMN] [--obs COLUMNS]",
    options,
    "MODEL is a name of the catalogue ('holdfast models') or the path of a model file.\n"
    "Exit code 3: the search ended without a clear maximum; what was found is printed.",
    1,
    1,
    false};
