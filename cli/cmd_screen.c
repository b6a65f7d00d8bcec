/* SPDX-License-Identifier: MIT */
/* holdfast screen: questions for one person alone. Nothing is kept unless the person says so. */
#include "ask.h"
#include "secret.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_QUESTIONS = 64, LEFT = -1 };

/* Leaves no line of it on the screen. */
static void clear_screen(void)
{
    if (isatty(STDOUT_FILENO))
        fputs("\033[3J\033[2J\033[H", stdout);
    fflush(stdout);
}

/* y (or j), n, Enter, q. LEFT: gone, or the end of the input. */
static int read_answer(void)
{
    char line[64];
    for (;;) {
        fputs("> ", stdout);
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin))
            return LEFT;
        switch (line[0] | 0x20) {
        case 'q':
            return LEFT;
        case 'y':
        case 'j':
            return HF_SCREEN_YES;
        case 'n':
            return HF_SCREEN_NO;
        case '\n' | 0x20:
        case '\r' | 0x20:
            return HF_SCREEN_SKIPPED;
        default:
            puts("  y, n, Enter, or q");
        }
    }
}

static bool ask_questions(const hf_screen *s, hf_screen_answer *answers)
{
    printf("%s\n\n%s\n%s\n%s\n", hf_screen_text(s, "title"), hf_screen_text(s, "hint"),
           hf_screen_text(s, "alone"), hf_screen_text(s, "skip"));
    for (size_t i = 0; i < hf_screen_count(s); i++) {
        printf("\n%zu/%zu  %s\n", i + 1, hf_screen_count(s), hf_screen_get(s, i)->text);
        int a = read_answer();
        if (a == LEFT)
            return false;
        answers[i] = (hf_screen_answer)a;
    }
    return true;
}

static bool ask_fit(const hf_screen *s, const hf_screen_outcome *outcome)
{
    static const char *const keys[] = {"fit.both_want", "fit.alone_first", "fit.distress",
                                       "fit.old_wound", "fit.stuck"};
    hf_help_answers a = {0};
    bool *const fields[] = {&a.both_want, &a.alone_first, &a.distress, &a.old_wound, &a.stuck};
    hf_help_fit fit;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        printf("\n%s\n", hf_screen_text(s, keys[i]));
        int x = read_answer();
        if (x == LEFT)
            return false;
        *fields[i] = x == HF_SCREEN_YES;
    }
    hf_help_choose(&fit, outcome, &a);
    printf("\n%s\n", hf_screen_text(s, "fit.title"));
    for (size_t i = 0; i < fit.count; i++)
        printf("  - %s\n", hf_screen_text(s, fit.reasons[i]));
    printf("%s\n", hf_screen_text(s, "fit.note"));
    return true;
}

static hf_status show_resources(cli_env *env, const hf_screen *s, const hf_screen_outcome *o)
{
    hf_resources *t;
    char today[16], line[1024];
    const char *country = cli_text(env, "country");
    cli_today(today);
    hf_status status = hf_resources_read(&t, env->ctx, cli_text(env, "resources"), today);
    if (status != HF_OK)
        return status;
    printf("\n%s\n", hf_screen_text(s, "resources"));
    for (size_t k = 0; o->help[k]; k++)
        for (size_t i = 0; i < hf_resources_count(t); i++) {
            const hf_resource *r = hf_resources_at(t, i);
            if (strcmp(r->kind, o->help[k]) == 0 && hf_resource_is_for(r, country) &&
                hf_resource_say(r, cli_text(env, "language"), line, sizeof line) == HF_OK)
                printf("  %s\n", line);
        }
    for (size_t i = 0; i < hf_resources_count(t); i++) {
        const hf_resource *r = hf_resources_at(t, i);
        if (strcmp(r->kind, "directory") == 0 &&
            hf_resource_say(r, cli_text(env, "language"), line, sizeof line) == HF_OK)
            printf("  %s\n", line);
    }
    hf_resources_free(t);
    return HF_OK;
}

static int keep(cli_env *env, const hf_screen *s, const hf_screen_outcome *o,
                const hf_screen_answer *answers)
{
    const char *path = cli_text(env, "keep");
    char pass[SECRET_SIZE], today[16];
    hf_private *file = NULL;
    if (path) {
        printf("\n%s\n", hf_screen_text(s, "keep"));
        if (read_answer() != HF_SCREEN_YES)
            path = NULL;
    }
    if (!path) {
        printf("\n%s\n", hf_screen_text(s, "not.kept"));
        return 0;
    }
    printf("%s\n", hf_screen_text(s, "keep.answers"));
    bool with = read_answer() == HF_SCREEN_YES;
    bool there = access(path, F_OK) == 0;
    int code = secret_get(env, 0, "Passphrase", !there, pass);
    if (code)
        return code;
    cli_today(today);
    hf_status status =
        there ? hf_private_open(&file, env->ctx, path, pass) : hf_private_new(&file, env->ctx);
    if (status == HF_OK)
        status = hf_screen_keep(s, o, with ? answers : NULL, today, file);
    if (status == HF_OK)
        status = hf_private_seal(file, env->ctx, path, pass);
    hf_private_free(file);
    secret_wipe(pass, sizeof pass);
    if (status != HF_OK)
        return cli_fail(env, status);
    printf("%s\n", hf_screen_text(s, "kept"));
    return 0;
}

static int go(cli_env *env, const hf_screen *s)
{
    hf_screen_answer answers[MOST_QUESTIONS] = {HF_SCREEN_SKIPPED};
    hf_screen_outcome outcome;
    bool stayed = ask_questions(s, answers);
    if (stayed) {
        hf_screen_judge(s, answers, &outcome);
        puts("");
        if (outcome.urgent)
            puts(hf_screen_text(s, "urgent"));
        puts(hf_screen_text(s, outcome.rests || outcome.urgent ? "rests" : "open"));
        if (outcome.rests)
            puts(hf_screen_text(s, "pause"));
        hf_status status = show_resources(env, s, &outcome);
        if (status != HF_OK)
            return cli_fail(env, status);
        if (cli_flag(env, "fit"))
            stayed = ask_fit(s, &outcome);
    }
    int code = stayed ? keep(env, s, &outcome, answers) : 0;
    secret_wipe(answers, sizeof answers);
    if (!stayed) {
        clear_screen();
        return 0;
    }
    printf("%s\n", hf_screen_text(s, "traces"));
    return code ? code : cli_done(env);
}

/* 'Not about me': into the private file, so that the same line does not come back. */
static int dismiss(cli_env *env)
{
    const char *path = cli_text(env, "keep"), *id;
    char pass[SECRET_SIZE];
    hf_private *file = NULL;
    if (!path)
        return cli_usage(env, "--dismiss needs your private file: --keep FILE");
    bool there = access(path, F_OK) == 0;
    int code = secret_get(env, 0, "Passphrase", !there, pass);
    if (code)
        return code;
    hf_status s =
        there ? hf_private_open(&file, env->ctx, path, pass) : hf_private_new(&file, env->ctx);
    for (size_t i = 0; s == HF_OK && (id = cli_nth(env, "dismiss", i)) != NULL; i++)
        s = hf_private_dismiss(file, id);
    if (s == HF_OK)
        s = hf_private_seal(file, env->ctx, path, pass);
    hf_private_free(file);
    secret_wipe(pass, sizeof pass);
    if (s != HF_OK)
        return cli_fail(env, s);
    cli_say(env, "kept in your private file; that line is not asked about again");
    return cli_done(env);
}

static int run(cli_env *env)
{
    if (cli_given(env, "dismiss"))
        return dismiss(env);
    hf_screen *s;
    hf_status status = hf_screen_read(&s, env->ctx, cli_text(env, "language"));
    if (status != HF_OK)
        return cli_fail(env, status);
    int code = go(env, s);
    hf_screen_free(s);
    return code;
}

static const cli_option options[] = {
    {"language", CLI_CHOICE, "XX", "language of the questions", "en", "en|de", 0, 0, false},
    {"country", CLI_TEXT, "XX", "show numbers of this country", NULL, NULL, 0, 0, false},
    {"resources", CLI_TEXT, "FILE", "your own table of resources", NULL, NULL, 0, 0, false},
    {"fit", CLI_FLAG, NULL, "also: what kind of help may fit", NULL, NULL, 0, 0, false},
    {"keep", CLI_TEXT, "FILE", "where to keep it, if you say yes at the end", NULL, NULL, 0, 0,
     false},
    {"dismiss", CLI_TEXT, "ID", "with --keep: this line is not about me", NULL, NULL, 0, 0, true},
    {"passphrase-file", CLI_TEXT, "FILE", "the passphrase, instead of typing it", NULL, NULL, 0, 0,
     false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_screen = {
    "screen",
    run,
    "questions for you alone, before anything joint",
    "start",
    "[--fit] [--country XX] [--keep FILE] [--language en|de]",
    options,
    "Do it alone. The other never sees an answer. q leaves at once and clears the screen. Nothing "
    "is\n"
    "kept without --keep and your yes; then it is sealed with your passphrase. It is no diagnosis.",
    0,
    0,
    false};
