/* SPDX-License-Identifier: MIT */
#include "cli.h"
#include "traits.h"

#include <math.h>
#include <string.h>

static void print_json(const hf_exploration *e)
{
    fputs("{\"rest_points\":[", stdout);
    for (size_t k = 0; k < e->rest_count; k++) {
        const hf_rest_point *p = &e->rest[k];
        printf("%s{\"stable\":%s,\"leading_re\":", k ? "," : "", p->stable ? "true" : "false");
        cli_json_number(stdout, p->leading_re);
        fputs(",\"leading_im\":", stdout);
        cli_json_number(stdout, p->leading_im);
        fputs(",\"state\":{", stdout);
        for (int i = 0; i < HF_STATE_COUNT; i++) {
            printf("%s\"%s\":", i ? "," : "", hf_state_name(i));
            cli_json_number(stdout, p->state[i]);
        }
        fputs("}}", stdout);
    }
    printf("],\"cycles\":%s,\"period_h\":", e->cycles ? "true" : "false");
    cli_json_number(stdout, e->cycles ? e->period_h : NAN);
    fputs(",\"cycle_low\":", stdout);
    cli_json_number(stdout, e->cycles ? e->cycle_low : NAN);
    fputs(",\"cycle_high\":", stdout);
    cli_json_number(stdout, e->cycles ? e->cycle_high : NAN);
    fputs(",\"tipping_stress\":", stdout);
    cli_json_number(stdout, e->tipping_stress);
    printf(",\"tips\":%s}", e->tipping_stress < INFINITY ? "true" : "false");
}

static void print_text(const hf_exploration *e)
{
    puts("rest point   closeness  need a/b   danger a/b  pursuing a/b  withdrawing a/b  returns");
    for (size_t k = 0; k < e->rest_count; k++) {
        const hf_rest_point *p = &e->rest[k];
        const double *a = p->state, *b = p->state + HF_STATES_PER_PARTNER;
        printf("%-12s %.3f      %.2f/%.2f  %.2f/%.2f   %.2f/%.2f     %.2f/%.2f        ",
               p->stable ? "stable" : "unstable", p->state[HF_STATE_CLOSENESS], a[0], b[0], a[1],
               b[1], a[2], b[2], a[3], b[3]);
        if (p->stable)
            printf("half in %.1f h\n", log(2) / -p->leading_re);
        else
            puts("no");
    }
    if (e->cycles)
        printf("a cycle of about %.0f h, closeness %.2f to %.2f\n", e->period_h, e->cycle_low,
               e->cycle_high);
    if (e->tipping_stress == 0)
        puts("tips without any stress");
    else if (e->tipping_stress < INFINITY)
        printf("an hour of stress %.2f on a tips the pair\n", e->tipping_stress);
    else
        puts("no stress up to 40 tips the pair");
}

static double *scanned(hf_pair *pair, double *soften, const char *what)
{
    if (strcmp(what, "anxiety-a") == 0)
        return &pair->anxiety[0];
    if (strcmp(what, "anxiety-b") == 0)
        return &pair->anxiety[1];
    if (strcmp(what, "avoidance-a") == 0)
        return &pair->avoidance[0];
    if (strcmp(what, "avoidance-b") == 0)
        return &pair->avoidance[1];
    return soften;
}

static int write_page(cli_env *env, const hf_pair *pair, const char *const origin[2])
{
    const char *what = cli_text(env, "scan"), *folder = cli_text(env, "out");
    hf_scan scan = {what, cli_real(env, "from"), cli_real(env, "to"),
                    (size_t)cli_int(env, "steps")};
    hf_findings *page = NULL;
    char today[16];
    cli_today(today);
    hf_status s =
        hf_explore_to_findings(&page, env->ctx, pair, cli_real(env, "soften"),
                               cli_text(env, "constants"), what ? &scan : NULL, origin, today);
    if (s == HF_OK)
        s = cli_write_page(env, page, folder);
    hf_findings_free(page);
    if (s != HF_OK)
        return cli_fail(env, s);
    cli_say(env, "wrote report.html and findings.json to %s", folder);
    return cli_done(env);
}

static int run(cli_env *env)
{
    hf_pair pair;
    double soften = cli_real(env, "soften"), from = cli_real(env, "from"), to = cli_real(env, "to");
    const char *what = cli_text(env, "scan"), *origin[2];
    int steps = what ? (int)cli_int(env, "steps") : 1;
    hf_status s = cli_read_pair(env, &pair, origin);
    double *moving = what ? scanned(&pair, &soften, what) : NULL;
    if (what && (!cli_given(env, "from") || !cli_given(env, "to")))
        return cli_usage(env, "--scan needs --from and --to");
    if (s == HF_OK && cli_given(env, "out"))
        return write_page(env, &pair, origin);
    if (s == HF_OK && env->json)
        fputs(what ? "{\"scan\":[" : "", stdout);
    for (int i = 0; s == HF_OK && i < steps; i++) {
        hf_exploration e;
        if (moving)
            *moving = steps > 1 ? from + (to - from) * i / (steps - 1) : from;
        s = hf_explore(&e, env->ctx, &pair, soften, cli_text(env, "constants"));
        if (s != HF_OK)
            break;
        if (env->json && moving)
            printf("%s{\"%s\":%.10g,\"result\":", i ? "," : "", what, *moving);
        else if (moving)
            printf("%s%s = %g\n", i ? "\n" : "", what, *moving);
        if (env->json)
            print_json(&e);
        else
            print_text(&e);
        if (env->json && moving)
            putchar('}');
        hf_exploration_dispose(&e, env->ctx);
    }
    if (s != HF_OK)
        return cli_fail(env, s);
    if (env->json)
        puts(what ? "]}" : "");
    return cli_done(env);
}

static const cli_option options[] = {
    {"a", CLI_TEXT, "TRAITS", "secure, anxious, avoidant, fearful, or ANXIETY,AVOIDANCE", "secure",
     NULL, 0, 0, false},
    {"b", CLI_TEXT, "TRAITS", "the other partner's", "secure", NULL, 0, 0, false},
    {"soften", CLI_REAL, "E", "softening of both, held", "0", NULL, 0, 1, false},
    {"scan", CLI_CHOICE, NULL, "repeat along a trait or softening", NULL,
     "anxiety-a|anxiety-b|avoidance-a|avoidance-b|soften", 0, 0, false},
    {"from", CLI_REAL, "X", "first value of the scan", NULL, NULL, -5, 5, false},
    {"to", CLI_REAL, "X", "last value of the scan", NULL, NULL, -5, 5, false},
    {"steps", CLI_INT, "N", "values of the scan", "11", NULL, 1, 1000, false},
    {"constants", CLI_TEXT, "FILE", "an edited copy of the constants", NULL, NULL, 0, 0, false},
    {"out", CLI_TEXT, "DIR", "write report.html and findings.json there", NULL, NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_explore = {
    .name = "explore",
    .run = run,
    .summary = "rest points, cycles and tipping stress of a pair in the theory",
    .group = "model",
    .usage = "--a TRAITS --b TRAITS [--scan WHAT --from X --to X]",
    .options = options,
    .details = "Says what the equations of the theory do for given traits; it says nothing about "
               "real people.\n\n  holdfast explore --a anxious --b avoidant\n"
               "  holdfast explore --a anxious --b avoidant --scan anxiety-a --from 0 --to 1.2",
    .max_args = 0};
