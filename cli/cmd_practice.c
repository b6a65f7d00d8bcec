/* SPDX-License-Identifier: MIT */
/* holdfast practice: the small practices, and a log of what was done. */
#include "ask.h"

#include <string.h>

static const char *part(hf_practices *p, cli_env *env, const char *id, const char *name)
{
    const char *text = hf_practices_text(p, cli_text(env, "language"), id, name);
    return text ? text : "";
}

static void print_one(cli_env *env, hf_practices *p, const hf_practice *one)
{
    static const char *const parts[] = {"do", "time", "helped", "not"};
    static const char *const labels[2][4] = {{"do", "time", "helped when", "not"},
                                             {"was", "wie lang", "hilft, wenn", "nicht"}};
    int german = strcmp(cli_text(env, "language"), "de") == 0;
    printf("%s  (%s, %c", part(p, env, one->id, "name"), one->id, one->module);
    if (one->way)
        printf(", way back %d", one->way);
    printf(", grade %c)\n", one->grade);
    for (int i = 0; i < 4; i++)
        printf("  %-12s %s\n", labels[german][i], part(p, env, one->id, parts[i]));
}

static void print_json(cli_env *env, hf_practices *p)
{
    static const char *const parts[] = {"name", "do", "time", "helped", "not"};
    fputs("{\"practices\":[", stdout);
    for (size_t i = 0; i < hf_practices_count(p); i++) {
        const hf_practice *one = hf_practices_get(p, i);
        printf("%s{\"id\":\"%s\",\"module\":\"%c\",\"way\":%d,\"minutes\":\"%s\",\"who\":\"%s\","
               "\"moves\":\"%s\",\"whose\":\"%s\",\"direction\":%d,\"grade\":\"%c\","
               "\"mechanism\":\"%s\",\"source\":",
               i ? "," : "", one->id, one->module, one->way, one->minutes, one->who, one->moves,
               one->whose, one->direction, one->grade, one->mechanism);
        cli_json_string(stdout, one->source);
        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
            printf(",\"%s\":", parts[k]);
            cli_json_string(stdout, part(p, env, one->id, parts[k]));
        }
        putchar('}');
    }
    puts("]}");
}

static int list(cli_env *env, hf_practices *p)
{
    const char *id = env->argc > 1 ? env->argv[1] : NULL;
    if (id && !hf_practices_find(p, id))
        return cli_usage(env, "there is no practice '%s' (holdfast practice list)", id);
    if (env->json) {
        print_json(env, p);
        return cli_done(env);
    }
    for (size_t i = 0; i < hf_practices_count(p); i++) {
        const hf_practice *one = hf_practices_get(p, i);
        if (id && strcmp(one->id, id) != 0)
            continue;
        print_one(env, p, one);
        if (!id)
            putchar('\n');
    }
    return cli_done(env);
}

static int log_one(cli_env *env, const hf_practices *p)
{
    char today[16];
    const char *date = cli_text(env, "date"), *me = cli_text(env, "me");
    if (env->argc != 3 || !me || !cli_given(env, "went"))
        return cli_usage(env, "usage: holdfast practice log PRACTICE FILE --me NAME --went 0..10");
    ask_today(today);
    hf_practice_entry entry = {.date = date ? date : today,
                               .person = me,
                               .practice = env->argv[1],
                               .value = (double)cli_int(env, "went"),
                               .replace = cli_flag(env, "replace")};
    hf_status status = hf_practice_log(env->ctx, p, env->argv[2], &entry);
    if (status != HF_OK)
        return cli_fail(env, status);
    if (env->json) {
        fputs("{\"file\":", stdout);
        cli_json_string(stdout, env->argv[2]);
        fputs(",\"practice\":", stdout);
        cli_json_string(stdout, entry.practice);
        printf(",\"went\":%d}\n", (int)entry.value);
    } else {
        cli_say(env, "kept in %s; 'holdfast analyze CHAT %s' shows before and after", env->argv[2],
                env->argv[2]);
    }
    return cli_done(env);
}

static int run(cli_env *env)
{
    hf_practices *p;
    hf_status status = hf_practices_new(&p, env->ctx);
    if (status != HF_OK)
        return cli_fail(env, status);
    int code = strcmp(env->argv[0], "list") == 0  ? list(env, p)
               : strcmp(env->argv[0], "log") == 0 ? log_one(env, p)
                                                  : cli_usage(env, "practice list or practice log");
    hf_practices_free(p);
    return code;
}

static const cli_option options[] = {
    {"me", CLI_TEXT, "NAME", "log: who practised, by the name in the chat", NULL, NULL, 0, 0,
     false},
    {"went", CLI_INT, "N", "log: how it went, from 0 (not at all well) to 10", NULL, NULL, 0, 10,
     false},
    {"date", CLI_TEXT, "DATE", "log: the day, as 2026-11-22 (else today)", NULL, NULL, 0, 0, false},
    {"replace", CLI_FLAG, NULL, "log: replace that day's line of this practice", NULL, NULL, 0, 0,
     false},
    {"language", CLI_CHOICE, NULL, "of the texts", "en", "en|de", 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_practice = {
    "practice",
    run,
    "small practices, and a log that shows whether they moved anything",
    "help",
    "list [PRACTICE] | log PRACTICE FILE --me NAME --went N",
    options,
    "The log is a table of ratings: give it to analyze beside the chat, and the report shows the "
    "measure that a practice should move before and after, with its uncertainty.",
    1,
    3,
    false};
