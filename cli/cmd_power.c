/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static hf_status print_json(cli_env *env, const hf_power_options *o, const hf_power_result *r)
{
    hf_outfile *out = NULL;
    hf_status s = hf_outfile_new(&out, env->ctx, "-");
    if (s == HF_OK)
        s = hf_power_write_json(o, r, env->ctx, out, 1);
    if (s == HF_OK)
        s = hf_outfile_commit(out);
    hf_outfile_free(out);
    return s;
}

static void print_text(const hf_power_options *o, const hf_power_result *r)
{
    printf("%zu couples, %zu occasions, %.0f %% missing: %zu simulated studies, %zu converged "
           "(%.1f s)\n\n",
           o->dyads, o->occasions, 100 * o->missing, r->replicates, r->converged, r->seconds);
    puts("effect       truth    power (MC error)  mean     bias     SD      mean SE  coverage");
    for (size_t k = 0; k < r->effect_count; k++) {
        const hf_power_effect *e = &r->effects[k];
        printf("%-12s %-8.3f %.3f (%.3f)     %-8.4f %-+8.4f %-7.4f %-8.4f %.3f\n", e->name,
               e->truth, e->power, e->mc_se, e->mean, e->bias, e->sd, e->mean_se, e->coverage);
    }
}

/* Where the fit does not find what was planned, its power is not the power of the effect. */
static void print_bias(const hf_power_options *o, const hf_power_result *r)
{
    if (o->outcome == HF_OUTCOME_GAUSSIAN)
        return;
    for (size_t k = 0; k < r->effect_count; k++) {
        const hf_power_effect *e = &r->effects[k];
        if (fabs(e->bias) > 3 * e->sd / sqrt((double)e->n))
            printf("\n%s: the fit is biased. The studies were made with %.3f and find %.3f on "
                   "average\n(Monte Carlo error %.3f); %.0f %% of the 95 %% intervals hold the "
                   "planned value.\nDo not read its power as that of an effect of %.3f.\n",
                   e->name, e->truth, e->mean, e->sd / sqrt((double)e->n), 100 * e->coverage,
                   e->truth);
    }
    puts("\nBinary and count outcomes are fitted by Laplace's approximation at each value: of a "
         "latent process\nbehind 0/1 answers it keeps too little of the uncertainty. Ratings keep "
         "more.");
}

/* Which part of the options an effect's size is. */
static double *size_of(hf_power_options *o, const char *effect)
{
    return strcmp(effect, "own") == 0          ? &o->own
           : strcmp(effect, "moderation") == 0 ? &o->moderation
                                               : &o->partner;
}

static double power_of(const hf_power_result *r, const char *effect)
{
    for (size_t k = 0; k < r->effect_count; k++)
        if (strcmp(r->effects[k].name, effect) == 0)
            return r->effects[k].power;
    return NAN;
}

/* The least effect that a study of this size finds with the wished power: bisection with the same
 * random numbers at each size, so that power grows smoothly with it. */
static int detect(cli_env *env, hf_power_options *o, const char *effect)
{
    double *size = size_of(o, effect), wish = cli_real(env, "power"), lo = 0, hi = 0.4, got = NAN;
    hf_power_result r;
    o->checkpoint = NULL;
    for (int step = 0; step < 8; step++) {
        *size = step ? (lo + hi) / 2 : hi;
        hf_status s = hf_power(&r, env->ctx, o);
        if (s != HF_OK)
            return cli_fail(env, s);
        got = power_of(&r, effect);
        if (step == 0 && got < wish)
            break;
        if (got >= wish)
            hi = *size;
        else
            lo = *size;
    }
    double error = sqrt(wish * (1 - wish) / (double)r.replicates);
    bool found = hi < 0.4 || got >= wish;
    if (env->json) {
        printf("{\"detect\":\"%s\",\"power\":%.3g,\"dyads\":%zu,\"occasions\":%zu,\"smallest\":",
               effect, wish, o->dyads, o->occasions);
        cli_json_number(stdout, found ? hi : NAN);
        printf(",\"mc_se\":%.4f,\"replicates\":%zu}\n", error, r.replicates);
    } else if (found) {
        printf("With %zu couples and %zu occasions, %s of %.3f or more is found in %.0f %% of such "
               "studies (Monte Carlo error of the share: %.3f).\n",
               o->dyads, o->occasions, effect, hi, 100 * wish, error);
    } else {
        printf("With %zu couples and %zu occasions not even %s of 0.4 is found in %.0f %% of such "
               "studies.\n",
               o->dyads, o->occasions, effect, 100 * wish);
    }
    return cli_done(env);
}

static void set_real(cli_env *env, const char *name, double *to)
{
    if (cli_given(env, name))
        *to = cli_real(env, name);
}

static hf_status read_options(cli_env *env, hf_power_options *o)
{
    const char *outcome = cli_text(env, "outcome");
    hf_status s = hf_power_preset(o, env->ctx, cli_text(env, "preset"));
    o->dyads = (size_t)cli_int(env, "dyads");
    o->occasions = (size_t)cli_int(env, "occasions");
    o->replicates = (size_t)cli_int(env, "replicates");
    o->seed = (uint64_t)cli_int(env, "seed");
    o->missing = cli_real(env, "missing");
    o->alpha = cli_real(env, "alpha");
    o->checkpoint = cli_text(env, "checkpoint");
    o->outcome = strcmp(outcome, "binary") == 0  ? HF_OUTCOME_BINARY
                 : strcmp(outcome, "count") == 0 ? HF_OUTCOME_COUNT
                                                 : HF_OUTCOME_GAUSSIAN;
    if (o->outcome != HF_OUTCOME_GAUSSIAN && !cli_given(env, "preset"))
        s = hf_power_preset(o, env->ctx, "unit"); /* logits and log rates are of this order */
    set_real(env, "own", &o->own);
    set_real(env, "partner", &o->partner);
    set_real(env, "residual-sd", &o->residual_sd);
    set_real(env, "residual-r", &o->residual_r);
    set_real(env, "mean-sd", &o->mean_sd);
    set_real(env, "mean-r", &o->mean_r);
    const char *wanted = cli_text(env, "detect");
    o->moderated = cli_given(env, "moderation") || (wanted && strcmp(wanted, "moderation") == 0);
    set_real(env, "moderation", &o->moderation);
    return s;
}

static int run(cli_env *env)
{
    hf_power_options o = HF_POWER_OPTIONS_INIT;
    hf_power_result r;
    hf_status s = read_options(env, &o);
    if (s != HF_OK)
        return cli_fail(env, s);
    if (cli_given(env, "detect"))
        return detect(env, &o, cli_text(env, "detect"));
    s = hf_power(&r, env->ctx, &o);
    if (s != HF_OK)
        return cli_fail(env, s);
    if (env->json)
        s = print_json(env, &o, &r);
    else
        print_text(&o, &r);
    if (s == HF_OK && !env->json)
        print_bias(&o, &r);
    return s == HF_OK ? cli_done(env) : cli_fail(env, s);
}

static const cli_option options[] = {
    {"preset", CLI_TEXT, "NAME", "effects of an earlier study: ku-leuven-esm, unit",
     "ku-leuven-esm", NULL, 0, 0, false},
    {"dyads", CLI_INT, "N", "couples", "100", NULL, 2, 1e6, false},
    {"occasions", CLI_INT, "N", "occasions a couple", "50", NULL, 3, 1e6, false},
    {"missing", CLI_REAL, "SHARE", "answers missing by chance", "0", NULL, 0, 0.94, false},
    {"outcome", CLI_CHOICE, NULL, "what is measured", "gaussian", "gaussian|binary|count", 0, 0,
     false},
    {"own", CLI_REAL, "X", "own lag (actor effect)", NULL, NULL, -0.98, 0.98, false},
    {"partner", CLI_REAL, "X", "partner lag (partner effect)", NULL, NULL, -0.98, 0.98, false},
    {"moderation", CLI_REAL, "X", "change of the partner lag by one SD of a partner's trait", NULL,
     NULL, -0.3, 0.3, false},
    {"residual-sd", CLI_REAL, "X", "residual standard deviation", NULL, NULL, 1e-6, 1e6, false},
    {"residual-r", CLI_REAL, "X", "correlation of the partners' residuals", NULL, NULL, -0.97, 0.97,
     false},
    {"mean-sd", CLI_REAL, "X", "standard deviation of the person means", NULL, NULL, 0, 1e6, false},
    {"mean-r", CLI_REAL, "X", "correlation of the partners' means", NULL, NULL, -0.97, 0.97, false},
    {"alpha", CLI_REAL, "X", "two-sided level of the test", "0.05", NULL, 1e-6, 0.49, false},
    {"replicates", CLI_INT, "N", "simulated studies", "1000", NULL, 2, 1e7, false},
    {"seed", CLI_INT, "N", "of the simulated studies", "1", NULL, 0, 0, false},
    {"checkpoint", CLI_TEXT, "FILE", "keep finished studies there and go on from it", NULL, NULL, 0,
     0, false},
    {"detect", CLI_CHOICE, NULL, "the smallest effect that this study size finds", NULL,
     "own|partner|moderation", 0, 0, false},
    {"power", CLI_REAL, "X", "for --detect: the wished power", "0.8", NULL, 0.1, 0.99, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_power = {
    .name = "power",
    .run = run,
    .summary = "what a planned study of couples can find",
    .group = "model",
    .usage = "[--dyads N] [--occasions N] [--missing SHARE] [--detect EFFECT]",
    .options = options,
    .details =
        "Simulates studies of an actor-partner VAR(1) around person means and fits each by "
        "exact maximum\nlikelihood (binary and count: Laplace). Partners are exchangeable.\n"
        "Binary outcomes say little of a latent process: the Laplace fit is then biased; read the "
        "columns bias and coverage\nbefore the power.\n\n"
        "  holdfast power --dyads 100 --occasions 50\n"
        "  holdfast power --dyads 40 --occasions 60 --detect partner --replicates 200\n"
        "  holdfast power --checkpoint study.txt     (go on after a stop with the same line)",
    .max_args = 0};
