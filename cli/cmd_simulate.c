/* SPDX-License-Identifier: MIT */
#include "cli.h"
#include "traits.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

static void print_fan(const hf_paths *paths, int state, const char *label)
{
    size_t last = hf_paths_count_times(paths) - 1, n = hf_paths_count_futures(paths);
    double low = INFINITY, high = -INFINITY, sum = 0;
    for (size_t f = 0; f < n; f++) {
        double x = hf_paths_get_state(paths, 0, f, last)[state];
        low = x < low ? x : low;
        high = x > high ? x : high;
        sum += x;
    }
    if (n == 1)
        printf("  %-34s %.2f\n", label, sum);
    else
        printf("  %-34s %.2f (from %.2f to %.2f in %zu futures)\n", label, sum / (double)n, low,
               high, n);
}

static void print_text(const hf_paths *paths, const char *const origin[2])
{
    size_t last = hf_paths_count_times(paths) - 1;
    printf("What the theory says of a pair with these traits (a: %s, b: %s), %.0f hours on.\n"
           "A hypothesis with invented and calibrated constants, not a forecast for anybody.\n\n",
           origin[0], origin[1], hf_paths_get_time(paths, last));
    print_fan(paths, HF_STATE_CLOSENESS, "closeness (0 to 1)");
    for (int i = 0; i < 2; i++) {
        static const struct {
            int state;
            const char *label;
        } rows[] = {{0, "open need"},
                    {1, "felt danger"},
                    {2, "pursuing"},
                    {3, "withdrawing"},
                    {4, "showing what is inside"}};
        for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
            char label[64];
            snprintf(label, sizeof label, "%s of %c", rows[k].label, 'a' + i);
            print_fan(paths, rows[k].state + i * HF_STATES_PER_PARTNER, label);
        }
    }
}

typedef hf_status (*file_writer)(cli_env *env, const hf_paths *paths, hf_outfile *file,
                                 const char *const origin[2]);

static hf_status json_writer(cli_env *env, const hf_paths *paths, hf_outfile *file,
                             const char *const origin[2])
{
    return hf_paths_write_json(paths, env->ctx, file, origin);
}

static hf_status csv_writer(cli_env *env, const hf_paths *paths, hf_outfile *file,
                            const char *const origin[2])
{
    hf_series *series = NULL;
    (void)origin;
    hf_status s = hf_paths_to_series(paths, env->ctx, &series);
    if (s == HF_OK)
        s = hf_series_write_csv(series, env->ctx, file);
    hf_series_free(series);
    return s;
}

static hf_status write_file(cli_env *env, const hf_paths *paths, const char *const origin[2],
                            const char *path, file_writer write)
{
    hf_outfile *file = NULL;
    hf_status s = hf_outfile_new(&file, env->ctx, path);
    if (s == HF_OK)
        s = write(env, paths, file, origin);
    if (s == HF_OK)
        s = hf_outfile_commit(file);
    hf_outfile_free(file);
    return s;
}

static hf_status write_folder(cli_env *env, const hf_paths *paths, const char *const origin[2],
                              const char *folder)
{
    char path[4096];
    mkdir(folder, 0700);
    snprintf(path, sizeof path, "%s/paths.json", folder);
    hf_status s = write_file(env, paths, origin, path, json_writer);
    if (s != HF_OK)
        return s;
    snprintf(path, sizeof path, "%s/series.csv", folder);
    s = write_file(env, paths, origin, path, csv_writer);
    hf_findings *page = NULL;
    char today[16];
    cli_today(today);
    if (s == HF_OK)
        s = hf_paths_to_findings(&page, env->ctx, paths, origin, today);
    if (s == HF_OK)
        s = cli_write_page(env, page, folder);
    hf_findings_free(page);
    if (s == HF_OK)
        cli_say(env, "wrote report.html, findings.json, paths.json and series.csv to %s", folder);
    return s;
}

static hf_status write_record(cli_env *env, const hf_pair *pair, const hf_simulate_options *path)
{
    const char *folder = cli_text(env, "record");
    hf_synthetic_options o = HF_SYNTHETIC_OPTIONS_INIT;
    o.replicate = (uint64_t)cli_int(env, "replicate");
    o.diary_missing = cli_real(env, "missing");
    o.true_acts = cli_flag(env, "true-acts");
    mkdir(folder, 0700);
    hf_status s = hf_synthetic_write(env->ctx, pair, path, &o, folder);
    if (s == HF_OK)
        cli_say(env, "wrote chat.txt, truth.csv and diary.csv to %s: synthetic, of nobody", folder);
    return s;
}

static hf_status write_result(cli_env *env, const hf_paths *paths, const char *const origin[2])
{
    if (cli_given(env, "out"))
        return write_folder(env, paths, origin, cli_text(env, "out"));
    if (env->json)
        return write_file(env, paths, origin, "-", json_writer);
    if (cli_flag(env, "csv"))
        return write_file(env, paths, origin, "-", csv_writer);
    print_text(paths, origin);
    return HF_OK;
}

static int run(cli_env *env)
{
    hf_simulate_options o = HF_SIMULATE_OPTIONS_INIT;
    hf_pair pair;
    hf_change *changes = NULL;
    hf_paths *paths = NULL;
    const char *origin[2];
    hf_status s = cli_read_pair(env, &pair, origin);
    if (s == HF_OK && cli_given(env, "script"))
        s = hf_changes_parse(&changes, &o.change_count, env->ctx, cli_text(env, "script"));
    if (s != HF_OK)
        return cli_fail(env, s);
    bool noise = cli_flag(env, "noise") || cli_given(env, "futures") || cli_given(env, "trait-sd");
    o.changes = changes;
    o.hours = 24 * cli_real(env, "days");
    o.every = cli_real(env, "every");
    o.step = cli_real(env, "step");
    o.closeness = cli_real(env, "closeness");
    o.seed = (uint64_t)cli_int(env, "seed");
    o.trait_sd = cli_real(env, "trait-sd");
    o.constants = cli_text(env, "constants");
    o.integrator = noise ? HF_INTEGRATE_HEUN : HF_INTEGRATE_RK4;
    /* A single noisy path looks like a forecast: with noise there is always a fan. */
    o.futures = noise ? (size_t)cli_int(env, "futures") : 1;
    if (cli_given(env, "record")) {
        s = write_record(env, &pair, &o);
    } else {
        s = hf_simulate(&paths, env->ctx, &pair, 1, &o);
        if (s == HF_OK)
            s = write_result(env, paths, origin);
    }
    hf_paths_free(paths);
    hf_changes_free(env->ctx, changes);
    return s == HF_OK ? cli_done(env) : cli_fail(env, s);
}

static const cli_option options[] = {
    {"a", CLI_TEXT, "TRAITS", "secure, anxious, avoidant, fearful, or ANXIETY,AVOIDANCE", "secure",
     NULL, 0, 0, false},
    {"b", CLI_TEXT, "TRAITS", "the other partner's", "secure", NULL, 0, 0, false},
    {"days", CLI_REAL, "N", "length", "30", NULL, 0.01, 36500, false},
    {"every", CLI_REAL, "HOURS", "hours between the times shown", "1", NULL, 0.01, 8766, false},
    {"script", CLI_TEXT, "TEXT", "what happens: 'stress:a 3 20 21; soften 0.3 100 200'", NULL, NULL,
     0, 0, false},
    {"noise", CLI_FLAG, NULL, "with chance events: a fan of futures", NULL, NULL, 0, 0, false},
    {"futures", CLI_INT, "N", "how many futures the fan has", "200", NULL, 20, 100000, false},
    {"trait-sd", CLI_REAL, "SD", "uncertainty of the traits", "0", NULL, 0, 3, false},
    {"closeness", CLI_REAL, "C", "closeness at the start", "0.7", NULL, 0, 1, false},
    {"step", CLI_REAL, "HOURS", "largest step of the integrator", "0.125", NULL, 1e-4, 0.5, false},
    {"seed", CLI_INT, "N", "of the chance events", "1", NULL, 0, 0, false},
    {"constants", CLI_TEXT, "FILE", "an edited copy of the constants", NULL, NULL, 0, 0, false},
    {"csv", CLI_FLAG, NULL, "print a series (long table)", NULL, NULL, 0, 0, false},
    {"record", CLI_TEXT, "DIR", "write a synthetic chat, its truth and a diary there", NULL, NULL,
     0, 0, false},
    {"replicate", CLI_INT, "N", "which of many synthetic records of one seed", "0", NULL, 0, 1e9,
     false},
    {"missing", CLI_REAL, "SHARE", "diary answers left out", "0.1", NULL, 0, 0.99, false},
    {"true-acts", CLI_FLAG, NULL, "truth.csv: acts read without the text model's errors", NULL,
     NULL, 0, 0, false},
    {"out", CLI_TEXT, "DIR", "write report.html, findings.json, paths.json and series.csv there",
     NULL, NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_simulate = {
    .name = "simulate",
    .run = run,
    .summary = "what the theory says could happen between two people",
    .group = "model",
    .usage = "--a TRAITS --b TRAITS [--days N] [--script TEXT] [--noise]",
    .options = options,
    .details = "A script is KIND[:a|:b] VALUE FROM TO in hours, several separated by ';'. Kinds:\n"
               "stress, injury, soften, express, said, heal, respond, adapt (of one partner or "
               "both);\nlearn, apart, hold_close, hold_express (of the pair).\n\n"
               "  holdfast simulate --a anxious --b avoidant --script 'stress:a 3 20 21'\n"
               "  holdfast simulate --a anxious --b secure --noise --json",
    .max_args = 0};
