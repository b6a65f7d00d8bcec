/* SPDX-License-Identifier: MIT */
/* holdfast compare: several models on the same table. */
#include "fit_common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const cli_option options[] = {
    FIT_DATA_OPTIONS,
    {"nested", CLI_FLAG, NULL, "each model is a special case of the next: likelihood ratios", NULL,
     NULL, 0, 0, false},
    {"folds", CLI_INT, "K", "cross-validation by dyad with K folds", "0", NULL, 0, 1000, false},
    {"seed", CLI_INT, "N", "of starts and folds", "1", NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

typedef struct {
    const char *name;
    hf_fit_summary fit;
    double held_out; /* log-likelihood of dyads not fitted to; NaN when not asked for */
} row;

static int one(cli_env *env, const char *name, row *out)
{
    fit_input in = {0};
    hf_fit_options o = HF_FIT_OPTIONS_INIT;
    hf_fit *fit = NULL;
    int code = fit_open_model(env, name, &in);
    *out = (row){.name = name, .held_out = NAN};
    o.likelihood.first_step = fit_first_step(env);
    o.seed = (uint64_t)cli_int(env, "seed");
    hf_status s = HF_OK;
    if (code == 0)
        s = hf_fit_new(&fit, env->ctx, in.model, hf_panel_dyads(in.panel), &o);
    if (code == 0 && s == HF_OK) {
        const hf_dyads *d = hf_panel_dyads(in.panel);
        out->fit = hf_fit_get_summary(fit);
        if (cli_int(env, "folds") > 0) {
            double *by_dyad = malloc(d->n_dyads * sizeof *by_dyad);
            if (!by_dyad)
                s = HF_E_NOMEM;
            else
                s = hf_cross_validate(&out->held_out, env->ctx, in.model, d, &o,
                                      (size_t)cli_int(env, "folds"), by_dyad);
            free(by_dyad);
        }
    }
    if (code == 0 && s != HF_OK)
        code = cli_fail(env, s);
    hf_fit_free(fit);
    fit_close(&in);
    return code;
}

static void put(const char *key, double x)
{
    printf(",\"%s\":", key);
    cli_json_number(stdout, x);
}

static void ratio(const row *a, const row *b, double *chi, double *df, double *p)
{
    *chi = 2 * (b->fit.loglik - a->fit.loglik);
    *df = (double)b->fit.n_free - (double)a->fit.n_free;
    *p = *df > 0 ? hf_chi_squared_tail(*chi, *df) : NAN;
}

static void print_json(const row *rows, size_t n, bool nested)
{
    double chi, df, p;
    printf("{\"models\":[");
    for (size_t i = 0; i < n; i++) {
        printf("%s{\"name\":\"%s\",\"converged\":%s,\"n_free\":%zu", i ? "," : "", rows[i].name,
               rows[i].fit.converged ? "true" : "false", rows[i].fit.n_free);
        put("loglik", rows[i].fit.loglik);
        put("minus2ll", -2 * rows[i].fit.loglik);
        put("aic", rows[i].fit.aic);
        put("bic", rows[i].fit.bic);
        put("held_out_loglik", rows[i].held_out);
        putchar('}');
    }
    printf("],\"likelihood_ratios\":[");
    for (size_t i = 1; nested && i < n; i++) {
        ratio(&rows[i - 1], &rows[i], &chi, &df, &p);
        printf("%s{\"from\":\"%s\",\"to\":\"%s\"", i > 1 ? "," : "", rows[i - 1].name,
               rows[i].name);
        put("chi_squared", chi);
        put("df", df);
        put("p", p);
        putchar('}');
    }
    puts("]}");
}

static void print_table(const row *rows, size_t n, bool nested, bool folds)
{
    double least = INFINITY, chi, df, p;
    for (size_t i = 0; i < n; i++)
        least = fmin(least, rows[i].fit.aic);
    printf("%-24s %5s %14s %12s %9s %12s%s\n", "Model", "free", "log-likelihood", "AIC", "dAIC",
           "BIC", folds ? "   held-out LL" : "");
    for (size_t i = 0; i < n; i++) {
        printf("%-24s %5zu %14.3f %12.3f %9.3f %12.3f", rows[i].name, rows[i].fit.n_free,
               rows[i].fit.loglik, rows[i].fit.aic, rows[i].fit.aic - least, rows[i].fit.bic);
        if (folds)
            printf(" %13.3f", rows[i].held_out);
        printf("%s\n", rows[i].fit.converged ? "" : "  (did not converge)");
    }
    for (size_t i = 1; nested && i < n; i++) {
        ratio(&rows[i - 1], &rows[i], &chi, &df, &p);
        if (df > 0)
            printf("%s -> %s: chi-squared(%.0f) = %.3f, p = %.4g\n", rows[i - 1].name, rows[i].name,
                   df, chi, p);
        else
            printf("%s -> %s: the second has no more parameters; no ratio\n", rows[i - 1].name,
                   rows[i].name);
    }
}

static int run(cli_env *env)
{
    size_t n = (size_t)env->argc;
    row *rows = calloc(n, sizeof *rows);
    int code = rows ? 0 : cli_fail(env, HF_E_NOMEM);
    bool converged = true;
    for (size_t i = 0; code == 0 && i < n; i++) {
        code = one(env, env->argv[i], &rows[i]);
        converged &= code != 0 || rows[i].fit.converged;
    }
    if (code == 0 && env->json)
        print_json(rows, n, cli_flag(env, "nested"));
    else if (code == 0)
        print_table(rows, n, cli_flag(env, "nested"), cli_int(env, "folds") > 0);
    free(rows);
    if (code == 0)
        code = cli_done(env);
    return code == 0 && !converged ? hf_status_exit_code(HF_E_NOT_CONVERGED) : code;
}

const cli_command cli_cmd_compare = {
    "compare",
    run,
    "several models on the same table: AIC, BIC, likelihood ratios, held-out dyads",
    "model",
    "MODEL MODEL... --data FILE [--nested] [--folds K]",
    options,
    "Compare log-likelihoods only of models that observe the same columns.",
    1,
    -1,
    false};
