/* SPDX-License-Identifier: MIT */
/* holdfast sequence: what follows what in coded sequences of many dyads. */
#include "cli.h"

#include <holdfast/sequence.h>

#include <math.h>
#include <string.h>

static const cli_option options[] = {
    {"dyad", CLI_TEXT, "COLUMN", "the dyad ('dyad' or 'id')", NULL, NULL, 0, 0, false},
    {"time", CLI_TEXT, "COLUMN", "time or index of an event ('time')", NULL, NULL, 0, 0, false},
    {"partner", CLI_TEXT, "COLUMN", "who did it ('partner')", NULL, NULL, 0, 0, false},
    {"code", CLI_TEXT, "COLUMN", "what was done ('code')", NULL, NULL, 0, 0, false},
    {"stream", CLI_TEXT, "[NAME=]PREFIX",
     "a 0/1 series a row, in columns PREFIX1, PREFIX2, ... (two or more make joint states)", NULL,
     NULL, 0, 0, true},
    {"given", CLI_TEXT, "STATE", "given this state, code or stream ...", NULL, NULL, 0, 0, false},
    {"then", CLI_TEXT, "STATE", "... is this one there LAG moments later?", NULL, NULL, 0, 0,
     false},
    {"lag", CLI_INT, "N", "moments between the two", "1", NULL, 1, 100000, false},
    {"within", CLI_REAL, "T", "events: longest time between the two (0: any)", "0", NULL, 0, 1e300,
     false},
    {"no-repeat", CLI_FLAG, NULL, "a code cannot follow itself (structural zeros)", NULL, NULL, 0,
     0, false},
    {"replicates", CLI_INT, "N", "of the bootstrap over dyads", "2000", NULL, 100, 1000000, false},
    {"seed", CLI_INT, "N", "of the bootstrap", "1", NULL, 0, 0, false},
    {"level", CLI_REAL, "P", "of the intervals", "0.95", NULL, 0.5, 0.9999, false},
    {"csv", CLI_FLAG, NULL, "the table of transitions as CSV", NULL, NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

static void number(double x)
{
    if (isfinite(x))
        printf("%.17g", x);
    else
        printf("null");
}

/* ---- tables of transitions ------------------------------------------------------------------ */

static void print_csv_name(const char *text)
{
    bool plain = !strpbrk(text, ",\"\n\r");
    if (!plain)
        putchar('"');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    if (!plain)
        putchar('"');
}

static void print_csv(const hf_sequences *s, const hf_lag_table *t)
{
    printf("from,to,count,expected,residual,log_odds,yules_q,structural\n");
    for (size_t i = 0; i < hf_sequences_count_states(s); i++)
        for (size_t k = 0; k < hf_sequences_count_states(s); k++) {
            hf_lag_cell c = hf_lag_table_get(t, i, k);
            const double x[5] = {c.count, c.expected, c.residual, c.log_odds, c.yules_q};
            print_csv_name(hf_sequences_get_state(s, i));
            putchar(',');
            print_csv_name(hf_sequences_get_state(s, k));
            for (int n = 0; n < 5; n++) {
                putchar(',');
                if (isfinite(x[n]))
                    printf("%.17g", x[n]);
            }
            printf(",%d\n", c.structural);
        }
}

static void print_table(const hf_sequences *s, const hf_lag_table *t)
{
    printf("%-20s %-20s %9s %11s %9s %9s %8s\n", "from", "to", "count", "expected", "residual",
           "log odds", "Yule's Q");
    for (size_t i = 0; i < hf_sequences_count_states(s); i++)
        for (size_t k = 0; k < hf_sequences_count_states(s); k++) {
            hf_lag_cell c = hf_lag_table_get(t, i, k);
            printf("%-20s %-20s ", hf_sequences_get_state(s, i), hf_sequences_get_state(s, k));
            if (c.structural)
                printf("%9s\n", "never");
            else
                printf("%9.0f %11.2f %9.2f %9.3f %8.3f\n", c.count, c.expected, c.residual,
                       c.log_odds, c.yules_q);
        }
}

static void json_table(const hf_sequences *s, const hf_lag_table *t)
{
    printf("\"table\":[");
    for (size_t i = 0; i < hf_sequences_count_states(s); i++)
        for (size_t k = 0; k < hf_sequences_count_states(s); k++) {
            hf_lag_cell c = hf_lag_table_get(t, i, k);
            printf("%s{\"from\":", i || k ? "," : "");
            cli_json_string(stdout, hf_sequences_get_state(s, i));
            printf(",\"to\":");
            cli_json_string(stdout, hf_sequences_get_state(s, k));
            printf(",\"count\":%.17g,\"expected\":", c.count);
            number(c.expected);
            printf(",\"residual\":");
            number(c.residual);
            printf(",\"log_odds\":");
            number(c.log_odds);
            printf(",\"yules_q\":");
            number(c.yules_q);
            printf(",\"structural\":%s}", c.structural ? "true" : "false");
        }
    printf("]");
}

/* ---- a contrast ----------------------------------------------------------------------------- */

static void print_estimate(const char *name, hf_sequence_estimate e)
{
    printf("%-34s %9.4f  (%.4f to %.4f)\n", name, e.estimate, e.lo, e.hi);
}

static void print_mean(const char *name, const hf_dyad_mean *m)
{
    if (m->n)
        printf("%-34s %9.4f  (%.4f to %.4f)  SD %.3f, t %.2f, p %.3g, n %zu\n", name, m->mean,
               m->lo, m->hi, m->sd, m->t, m->p, m->n);
}

static void print_contrast(cli_env *env, const hf_sequence_contrast *c)
{
    const char *given = cli_text(env, "given"), *then = cli_text(env, "then");
    printf("\n'%s' after '%s': %.0f of %.0f; otherwise %.0f of %.0f; %zu dyads\n", then, given,
           c->count[1][1], c->count[1][0] + c->count[1][1], c->count[0][1],
           c->count[0][0] + c->count[0][1], c->dyads);
    print_estimate("share after it", c->given);
    print_estimate("share otherwise", c->other);
    print_estimate("difference", c->difference);
    print_estimate("log odds ratio, pooled", c->log_odds);
    printf("%-34s %9.4f\n", "Yule's Q, pooled", c->yules_q);
    print_mean("log odds ratio, mean over dyads", &c->by_dyad);
    if (c->own.n)
        printf("logit of '%s', a model a dyad, effect coded, averaged:\n", then);
    print_mean("  intercept", &c->intercept);
    print_mean("  own past (actor)", &c->own);
    print_mean("  the other's past (partner)", &c->partner);
    print_mean("  both", &c->interaction);
    printf("Intervals of shares and pooled odds: bootstrap over whole dyads; of means: Student's "
           "t.\n");
}

static void json_estimate(const char *name, hf_sequence_estimate e)
{
    printf(",\"%s\":{\"estimate\":", name);
    number(e.estimate);
    printf(",\"lo\":");
    number(e.lo);
    printf(",\"hi\":");
    number(e.hi);
    printf("}");
}

static void json_mean(const char *name, const hf_dyad_mean *m)
{
    const char *const keys[7] = {"mean", "sd", "se", "lo", "hi", "t", "p"};
    const double x[7] = {m->mean, m->sd, m->se, m->lo, m->hi, m->t, m->p};
    if (!m->n)
        return;
    printf(",\"%s\":{\"n\":%zu", name, m->n);
    for (int i = 0; i < 7; i++) {
        printf(",\"%s\":", keys[i]);
        number(x[i]);
    }
    printf("}");
}

static void json_contrast(cli_env *env, const hf_sequence_contrast *c)
{
    printf(",\"contrast\":{\"given\":");
    cli_json_string(stdout, cli_text(env, "given"));
    printf(",\"then\":");
    cli_json_string(stdout, cli_text(env, "then"));
    printf(",\"dyads\":%zu,\"count\":[[%.17g,%.17g],[%.17g,%.17g]]", c->dyads, c->count[0][0],
           c->count[0][1], c->count[1][0], c->count[1][1]);
    json_estimate("share_given", c->given);
    json_estimate("share_other", c->other);
    json_estimate("difference", c->difference);
    json_estimate("log_odds", c->log_odds);
    printf(",\"yules_q\":");
    number(c->yules_q);
    json_mean("log_odds_by_dyad", &c->by_dyad);
    json_mean("intercept", &c->intercept);
    json_mean("own", &c->own);
    json_mean("partner", &c->partner);
    json_mean("interaction", &c->interaction);
    printf("}");
}

/* ---- all ------------------------------------------------------------------------------------ */

static void print_all(cli_env *env, const hf_sequences *s, const hf_lag_table *t,
                      const hf_sequence_contrast *c)
{
    if (cli_flag(env, "csv")) {
        print_csv(s, t);
        return;
    }
    if (env->json) {
        printf("{\"dyads\":%zu,\"moments\":%zu,\"lag\":%lld,\"pairs\":%.17g,",
               hf_sequences_count_dyads(s), hf_sequences_count_moments(s), cli_int(env, "lag"),
               hf_lag_table_total(t));
        json_table(s, t);
        if (c)
            json_contrast(env, c);
        printf("}\n");
        return;
    }
    printf("%zu dyads, %zu moments, %.0f pairs at lag %lld\n\n", hf_sequences_count_dyads(s),
           hf_sequences_count_moments(s), hf_lag_table_total(t), cli_int(env, "lag"));
    print_table(s, t);
    if (c)
        print_contrast(env, c);
}

static int work(cli_env *env, const hf_sequences *s)
{
    hf_contrast_options o = HF_CONTRAST_OPTIONS_INIT;
    hf_sequence_contrast c;
    hf_lag_table *t;
    bool contrast = cli_given(env, "given");
    o.given = cli_text(env, "given");
    o.then = cli_text(env, "then");
    o.lag.lag = (size_t)cli_int(env, "lag");
    o.lag.within = cli_real(env, "within");
    o.lag.no_repeat = cli_flag(env, "no-repeat");
    o.replicates = (uint32_t)cli_int(env, "replicates");
    o.seed = (uint64_t)cli_int(env, "seed");
    o.level = cli_real(env, "level");
    hf_status status = hf_lag_table_new(&t, env->ctx, s, &o.lag);
    if (status != HF_OK)
        return cli_fail(env, status);
    if (contrast)
        status = hf_sequence_contrast_make(&c, env->ctx, s, &o);
    if (status == HF_OK)
        print_all(env, s, t, contrast ? &c : NULL);
    hf_lag_table_free(t);
    return status == HF_OK ? cli_done(env) : cli_fail(env, status);
}

static int run(cli_env *env)
{
    const char *streams[HF_SEQUENCE_MOST_STREAMS + 1];
    hf_sequence_columns columns = HF_SEQUENCE_COLUMNS_INIT;
    hf_sequences *s;
    if (cli_given(env, "given") != cli_given(env, "then"))
        return cli_usage(env, "--given and --then belong together");
    columns.dyad = cli_text(env, "dyad");
    columns.time = cli_text(env, "time");
    columns.partner = cli_text(env, "partner");
    columns.code = cli_text(env, "code");
    columns.streams = streams;
    while (columns.n_streams <= HF_SEQUENCE_MOST_STREAMS &&
           cli_nth(env, "stream", columns.n_streams)) {
        streams[columns.n_streams] = cli_nth(env, "stream", columns.n_streams);
        columns.n_streams++;
    }
    hf_status status = hf_sequences_read(&s, env->ctx, env->argv[0], &columns);
    if (status != HF_OK)
        return cli_fail(env, status);
    int code = work(env, s);
    hf_sequences_free(s);
    return code;
}

const cli_command cli_cmd_sequence = {
    "sequence",
    run,
    "what follows what in coded sequences of dyads",
    "model",
    "FILE [--stream NAME=PREFIX]... [--given STATE --then STATE] [--lag N]",
    options,
    "FILE is a table with a row per event (dyad, time, partner, code), or with --stream a row per\n"
    "dyad and a column per moment. Prints how often each state followed each, what independence\n"
    "expects, adjusted residuals, log odds (.5 added) and Yule's Q; with --given and --then the\n"
    "contrast with intervals over dyads. States of events are called PARTNER:CODE.",
    1,
    1,
    false};
