/* SPDX-License-Identifier: MIT */
/* holdfast hawkes: who starts and who answers, from the times of events alone. */
#include "cli.h"

#include <holdfast/infer.h>

#include <math.h>

static const cli_option options[] = {
    {"data", CLI_TEXT, "FILE", "a table with a row per event (CSV)", NULL, NULL, 0, 0, false},
    {"time", CLI_TEXT, "COLUMN", "time, a number", "time", NULL, 0, 0, false},
    {"partner", CLI_TEXT, "COLUMN", "whose event it was", "partner", NULL, 0, 0, false},
    {"day", CLI_REAL, "X", "length of a day in the unit of time", "24", NULL, 0, 0, false},
    {"no-rhythm", CLI_FLAG, NULL, "without the daily rhythm", NULL, NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

static const char *const names[HF_HAWKES_PARAMETERS] = {"mu1", "mu2", "a11", "a12", "a21",
                                                        "a22", "b",   "c",   "s"};

static void values(const hf_hawkes *h, double *x)
{
    const double all[HF_HAWKES_PARAMETERS] = {
        h->mu[0], h->mu[1], h->a[0][0], h->a[0][1], h->a[1][0], h->a[1][1], h->b, h->c, h->s};
    for (int i = 0; i < HF_HAWKES_PARAMETERS; i++)
        x[i] = all[i];
}

static void print_json(const hf_hawkes_fit *f, size_t n)
{
    double x[HF_HAWKES_PARAMETERS];
    values(&f->model, x);
    printf(
        "{\"model\":\"hawkes\",\"n_events\":%zu,\"loglik\":%.17g,\"loglik_without_memory\":%.17g,"
        "\"converged\":%s,\"radius\":%.17g,\"parameters\":[",
        n, f->loglik, f->loglik_poisson, f->converged ? "true" : "false",
        hf_hawkes_radius(&f->model));
    for (int i = 0; i < HF_HAWKES_PARAMETERS; i++) {
        printf("%s{\"name\":\"%s\",\"estimate\":", i ? "," : "", names[i]);
        cli_json_number(stdout, x[i]);
        printf(",\"se\":");
        cli_json_number(stdout, f->se[i]);
        putchar('}');
    }
    printf("],\"residual_test\":[{\"ks\":%.17g,\"p\":%.17g},{\"ks\":%.17g,\"p\":%.17g}]}\n",
           f->ks[0], f->ks_p[0], f->ks[1], f->ks_p[1]);
}

static void print_table(const hf_hawkes_fit *f, const hf_events *e, size_t n)
{
    const char *a = hf_events_partner(e, 0), *b = hf_events_partner(e, 1);
    double x[HF_HAWKES_PARAMETERS];
    values(&f->model, x);
    printf("Two-sided Hawkes process: %zu events (1 = %s, 2 = %s)\n\n", n, a, b);
    for (int i = 0; i < HF_HAWKES_PARAMETERS; i++) {
        printf("%-6s %12.5f", names[i], x[i]);
        if (isfinite(f->se[i]))
            printf("  (SE %.5f)", f->se[i]);
        putchar('\n');
    }
    printf("\nOne event calls up, on average:\n");
    for (int k = 0; k < 2; k++)
        for (int m = 0; m < 2; m++)
            printf("  %.3f of %s's by one of %s's\n", f->model.a[k][m] / f->model.b, k ? b : a,
                   m ? b : a);
    printf("log-likelihood %.4f, without memory %.4f; largest eigenvalue %.3f%s\n", f->loglik,
           f->loglik_poisson, hf_hawkes_radius(&f->model),
           hf_hawkes_radius(&f->model) < 1 ? "" : " (not stable)");
    printf("rescaled gaps against Exp(1): p = %.3f (1), %.3f (2)\n", f->ks_p[0], f->ks_p[1]);
}

static int run(cli_env *env)
{
    hf_events *e;
    hf_hawkes_fit f;
    const double *time;
    const int *who;
    if (!cli_text(env, "data"))
        return cli_usage(env, "--data FILE is missing (usage: holdfast hawkes %s)",
                         env->command->usage);
    if (!(cli_real(env, "day") > 0))
        return cli_usage(env, "--day must be positive");
    hf_status s = hf_events_read(&e, env->ctx, cli_text(env, "data"), cli_text(env, "time"),
                                 cli_text(env, "partner"));
    if (s != HF_OK)
        return cli_fail(env, s);
    size_t n = hf_events_get(e, &time, &who);
    s = hf_hawkes_fit_new(&f, env->ctx, n, time, who, time[n - 1], cli_real(env, "day"),
                          !cli_flag(env, "no-rhythm"));
    if (s != HF_OK) {
        hf_events_free(e);
        return cli_fail(env, s);
    }
    if (env->json)
        print_json(&f, n);
    else
        print_table(&f, e, n);
    hf_events_free(e);
    int code = cli_done(env);
    return code == 0 && !f.converged ? hf_status_exit_code(HF_E_NOT_CONVERGED) : code;
}

const cli_command cli_cmd_hawkes = {"hawkes",
                                    run,
                                    "who starts and who answers: a two-sided Hawkes process",
                                    "model",
                                    "--data FILE [--time COLUMN] [--partner COLUMN]",
                                    options,
                                    "lambda_k(t) = mu_k r(t) + sum of a_km exp(-b (t - t_i)) over "
                                    "past events of m; r is the daily\n"
                                    "rhythm 1 + c cos + s sin. Minute-rounded times: simultaneous "
                                    "events count in the file's order.",
                                    0,
                                    0,
                                    false};
