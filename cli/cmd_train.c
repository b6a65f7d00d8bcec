/* SPDX-License-Identifier: MIT */
/* holdfast train: the text model's trainer. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

static void print_json(const hf_text_report *r)
{
    printf("{\"labels\":[");
    for (size_t i = 0; i < r->count; i++) {
        const hf_text_report_row *w = &r->rows[i];
        printf("%s\n{\"set\":\"%s\",\"label\":\"%s\",\"rows\":%llu,\"positives\":%llu,"
               "\"groups\":%llu,\"threshold\":%.6g,\"linear\":{\"auc\":%.4f,\"f1\":%.4f},"
               "\"auc\":%.4f,\"f1\":[%.4f,%.4f,%.4f],\"kappa\":[%.4f,%.4f,%.4f],"
               "\"mcc\":[%.4f,%.4f,%.4f],\"calibration_error\":%.4f",
               i ? "," : "", w->set, w->label, (unsigned long long)w->rows,
               (unsigned long long)w->positives, (unsigned long long)w->groups, w->threshold,
               w->auc_linear, w->f1_linear, w->auc, w->f1, w->f1_low, w->f1_high, w->kappa,
               w->kappa_low, w->kappa_high, w->mcc, w->mcc_low, w->mcc_high, w->calibration_error);
        if (w->coder_kappa == w->coder_kappa)
            printf(",\"coder_kappa\":%.4f,\"disagreed\":%llu", w->coder_kappa,
                   (unsigned long long)w->disagreed);
        else
            printf(",\"coder_kappa\":null,\"disagreed\":null");
        if (w->f1_first == w->f1_first)
            printf(",\"f1_first_coder\":%.4f}", w->f1_first);
        else
            printf(",\"f1_first_coder\":null}");
    }
    puts("\n]}");
}

static void print_table(const hf_text_report *r)
{
    printf("%-18s %-23s %6s %6s  %-11s %-27s %-18s %-18s %s\n", "set", "label", "rows", "pos",
           "linear F1", "F1 [95 %]  AUC (linear)", "kappa", "MCC", "cal.");
    for (size_t i = 0; i < r->count; i++) {
        const hf_text_report_row *w = &r->rows[i];
        printf("%-18s %-23s %6llu %6llu  %.3f       %.3f [%.3f %.3f] %.3f (%.3f) "
               "%.2f [%.2f %.2f]  %.2f [%.2f %.2f]  %.3f\n",
               w->set, w->label, (unsigned long long)w->rows, (unsigned long long)w->positives,
               w->f1_linear, w->f1, w->f1_low, w->f1_high, w->auc, w->auc_linear, w->kappa,
               w->kappa_low, w->kappa_high, w->mcc, w->mcc_low, w->mcc_high, w->calibration_error);
        if (w->coder_kappa == w->coder_kappa)
            printf("%42s two coders: kappa %.2f, %llu rows differ", "", w->coder_kappa,
                   (unsigned long long)w->disagreed);
        if (w->f1_first == w->f1_first)
            printf(" (with them, F1 against the first %.3f)", w->f1_first);
        if (w->coder_kappa == w->coder_kappa)
            putchar('\n');
    }
}

/* A small text file as a string, NULL when it cannot be read. */
static char *read_text(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = calloc(1, 1 << 16);
    if (!f || !text || fread(text, 1, (1 << 16) - 1, f) == 0) {
        free(text);
        text = NULL;
    }
    if (f)
        fclose(f);
    return text;
}

static int finish(cli_env *env, hf_status status, hf_text_report *report)
{
    if (status != HF_OK)
        return cli_fail(env, status);
    if (env->json)
        print_json(report);
    else
        print_table(report);
    hf_text_report_free(env->ctx, report);
    return cli_done(env);
}

static int run_suite(cli_env *env, const char *notes)
{
    hf_text_suite_options o = HF_TEXT_SUITE_OPTIONS_INIT;
    hf_text_report report;
    o.suite = cli_text(env, "suite");
    o.acts = cli_text(env, "acts");
    o.confusion = cli_text(env, "confusion");
    o.out = cli_text(env, "out");
    o.folds = (int)cli_int(env, "folds");
    o.kept = (int)cli_int(env, "keep-fold");
    o.nets = (int)cli_int(env, "nets");
    o.seed = (uint64_t)cli_int(env, "seed");
    o.notes = notes;
    hf_status status = hf_text_train_suite(&report, env->ctx, &o);
    return finish(env, status, &report);
}

static int run_table(cli_env *env, const char *notes)
{
    hf_text_table_options o = HF_TEXT_TABLE_OPTIONS_INIT;
    hf_text_report report;
    o.path = env->argv[0];
    o.text = cli_text(env, "text");
    o.group = cli_text(env, "group");
    o.labels = cli_text(env, "labels");
    o.second = cli_text(env, "second");
    o.out = cli_text(env, "out");
    o.folds = (int)cli_int(env, "folds");
    o.cost = cli_real(env, "cost");
    o.seed = (uint64_t)cli_int(env, "seed");
    o.notes = notes;
    if (!o.group || !o.labels)
        return cli_usage(env, "say --group COLUMN (the dyad) and --labels COLUMN,COLUMN");
    hf_status status = hf_text_train_table(&report, env->ctx, &o);
    return finish(env, status, &report);
}

static int run(cli_env *env)
{
    char *notes = NULL;
    bool suite = cli_given(env, "suite");
    if (suite == (env->argc > 0))
        return cli_usage(env, "say either --suite DIR or one FILE.tsv");
    if (cli_given(env, "notes") && !(notes = read_text(cli_text(env, "notes"))))
        return cli_usage(env, "--notes %s: cannot be read", cli_text(env, "notes"));
    int code = suite ? run_suite(env, notes) : run_table(env, notes);
    free(notes);
    return code;
}

static const cli_option options[] = {
    {"suite", CLI_TEXT, "DIR", "folder of the public training sets", NULL, NULL, 0, 0, false},
    {"acts", CLI_TEXT, "DIR", "folder of the own annotated turns", NULL, NULL, 0, 0, false},
    {"confusion", CLI_TEXT, "FILE", "--suite: where the table of acts read against acts coded goes",
     NULL, NULL, 0, 0, false},
    {"out", CLI_TEXT, "FILE", "where the weights go; without it only numbers are printed", NULL,
     NULL, 0, 0, false},
    {"notes", CLI_TEXT, "FILE", "text kept with the weights: attributions", NULL, NULL, 0, 0,
     false},
    {"text", CLI_TEXT, "COLUMN", "column of the turn", "text", NULL, 0, 0, false},
    {"group", CLI_TEXT, "COLUMN", "column of the dyad: folds never split one", NULL, NULL, 0, 0,
     false},
    {"labels", CLI_TEXT, "COLUMNS", "columns with 0, 1 or empty, commas between", NULL, NULL, 0, 0,
     false},
    {"second", CLI_TEXT, "COLUMNS", "the second coder's columns, in the same order", NULL, NULL, 0,
     0, false},
    {"cost", CLI_REAL, "C", "cost of an error against the size of the weights", "0.3", NULL, 1e-4,
     1e4, false},
    {"folds", CLI_INT, "N", "folds of the cross-validation", "5", NULL, 2, 20, false},
    {"keep-fold", CLI_INT, "K", "leave fold K out of everything, to check the file on it", "-1",
     NULL, -1, 19, false},
    {"nets", CLI_INT, "N", "networks beside the linear part", "2", NULL, 0, 4, false},
    {"seed", CLI_INT, "N", "seed of all random choices", "1", NULL, 0, 1e15, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_train = {
    "train",
    run,
    "train the text model and measure it on what it has not seen",
    "model",
    "--suite DIR | FILE.tsv --group COLUMN --labels COLUMNS [--out FILE]",
    options,
    "Cross-validates by group (dyad, post, dialogue), prints F1, AUC, kappa and MCC with "
    "intervals,\n"
    "then trains on all rows and writes the weights for 'holdfast code --model FILE'.\n"
    "FILE.tsv: one header line, tabs between, no quoting. With --second the coders' own agreement "
    "is\n"
    "printed; rows on which they differ are not learnt from. --suite trains the shipped model.\n",
    0,
    1,
    false};
