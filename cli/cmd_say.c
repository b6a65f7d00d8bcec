/* SPDX-License-Identifier: MIT */
/* holdfast say: one sentence in, options for saying it so that it can be answered out. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

/* The words given, or the first lines of stdin; *out is freed by the caller. */
static int take_text(cli_env *env, char **out)
{
    size_t size = 0;
    *out = calloc(1, MOST);
    if (!*out)
        return cli_usage(env, "out of memory");
    if (!env->argc) {
        size = fread(*out, 1, MOST - 1, stdin);
        return size ? 0
                    : cli_usage(env, "give a sentence: holdfast say \"You never listen to me\"");
    }
    for (int i = 0; i < env->argc; i++) {
        size_t n = strlen(env->argv[i]);
        if (size + n + 2 > MOST)
            return cli_usage(env, "the text is too long: one sentence, or a few");
        if (i)
            (*out)[size++] = ' ';
        memcpy(*out + size, env->argv[i], n);
        size += n;
    }
    return 0;
}

/* ---- as text
 * --------------------------------------------------------------------------------------
 */

static void print_text(hf_guide_words *words, const hf_coach_answer *a)
{
    static const struct {
        hf_coach_part part;
        const char *key;
    } parts[] = {{HF_COACH_OBSERVATION, "coach.part.observation"},
                 {HF_COACH_FEELING, "coach.part.feeling"},
                 {HF_COACH_NEED, "coach.part.need"},
                 {HF_COACH_REQUEST, "coach.part.request"}};
    puts(a->said);
    if (!a->count)
        return;
    if (a->always)
        puts(hf_guide_words_get(words, "coach.always"));
    if (a->ultimatum)
        puts(hf_guide_words_get(words, "coach.ultimatum"));
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        printf("\n%s", hf_guide_words_get(words, parts[p].key));
        printf("  (%s)\n", hf_guide_words_get(words, "coach.fit"));
        for (size_t i = 0; i < a->count; i++)
            if (a->options[i].part == parts[p].part)
                printf("  - %s\n", a->options[i].text);
    }
    if (a->reduced)
        printf("\n%s\n", hf_guide_words_get(words, "coach.reduced"));
}

static void show_resources(cli_env *env)
{
    char line[512];
    fflush(stdout); /* what was said comes first */
    for (size_t i = 0; hf_resources_get(env->ctx, i, line, sizeof line) == HF_OK; i++)
        fprintf(stderr, "  %s\n", line);
    fputs("Check that a number is current. Nothing of this was kept.\n", stderr);
}

/* ---- as JSON
 * --------------------------------------------------------------------------------------
 */

static void print_json(const hf_coach_answer *a)
{
    printf("{\"state\":\"%s\",\"reduced\":%s,\"always\":%s,\"ultimatum\":%s,\"said\":",
           hf_coach_state_name(a->state), a->reduced ? "true" : "false",
           a->always ? "true" : "false", a->ultimatum ? "true" : "false");
    cli_json_string(stdout, a->said);
    fputs(",\"options\":[", stdout);
    for (size_t i = 0; i < a->count; i++) {
        printf("%s{\"part\":\"%s\",\"text\":", i ? "," : "",
               hf_coach_part_name(a->options[i].part));
        cli_json_string(stdout, a->options[i].text);
        fputs(",\"need\":", stdout);
        cli_json_string(stdout, a->options[i].need);
        fputs(",\"fits\":null}", stdout);
    }
    puts("]}");
}

static int answer(cli_env *env, hf_coach *coach, const char *text)
{
    hf_coach_answer a;
    hf_guide_words *words;
    hf_status status = hf_coach_say(coach, text, strlen(text), &a);
    if (status == HF_OK)
        status = hf_guide_words_new(&words, env->ctx, "en");
    if (status != HF_OK)
        return cli_fail(env, status);
    if (env->json)
        print_json(&a);
    else
        print_text(words, &a);
    hf_guide_words_free(words);
    if (a.show_resources)
        show_resources(env);
    int code = cli_done(env);
    return code ? code
           : a.state == HF_COACH_OTHER_LANGUAGE || a.state == HF_COACH_EMPTY
               ? hf_status_exit_code(HF_E_NOT_ENOUGH_DATA)
               : 0;
}

/* Without weights the coach works from the words alone, and says so. */
static hf_status open_model(cli_env *env, hf_text_model **model)
{
    const char *path = cli_text(env, "text-model");
    *model = NULL;
    if (path && strcmp(path, "none") == 0)
        return HF_OK;
    hf_status status = hf_text_model_open(model, env->ctx, path);
    if (status == HF_E_NOT_FOUND && !path) {
        hf_ctx_clear_error(env->ctx);
        status = HF_OK;
    }
    return status;
}

static int run(cli_env *env)
{
    char *text;
    hf_text_model *model;
    hf_coach *coach = NULL;
    int code = take_text(env, &text);
    if (!code) {
        hf_status status = open_model(env, &model);
        if (status == HF_OK)
            status = hf_coach_new(&coach, env->ctx, model);
        code = status == HF_OK ? answer(env, coach, text) : cli_fail(env, status);
        hf_coach_free(coach);
        hf_text_model_free(model);
    }
    free(text);
    return code;
}

static const cli_option options[] = {{"text-model", CLI_TEXT, "FILE",
                                      "weights of the text model, or 'none' to do without", NULL,
                                      NULL, 0, 0, false},
                                     {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_say = {
    "say",
    run,
    "ways to say a sentence so that it can be answered",
    "help",
    "\"SENTENCE\"",
    options,
    "Offers what happened, feeling, need and request as options, each with 'does this fit?'. "
    "Threats, insults and control are never put into other words. English only. Nothing is kept.",
    0,
    -1,
    false};
