/* SPDX-License-Identifier: MIT */
/* holdfast loop: the cycle in the own words of one or both, as a page to print. */
#include "ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 640, MOST = 300 }; /* of an answer, as the library has it */

typedef struct {
    char names[2][128];
    char text[2][HF_LOOP_PARTS][LINE];
    hf_loop loop;
} answers;

static char *trim(char *line)
{
    while (*line == ' ' || *line == '\t')
        line++;
    size_t n = strlen(line);
    while (n && strchr(" \t\r\n", line[n - 1]))
        line[--n] = '\0';
    return line;
}

/* ---- asking ------------------------------------------------------------------------------------
 */

/* 0, or an exit code. A line that is too long is asked again. */
static int ask_line(cli_env *env, const char *question, char *out, size_t size)
{
    char line[LINE];
    printf("\n%s\n> ", question);
    fflush(stdout);
    for (;;) {
        if (!fgets(line, sizeof line, stdin)) {
            cli_say(env, "\nstopped, nothing was kept");
            return 130;
        }
        bool whole = strchr(line, '\n') != NULL;
        while (!whole && fgets(line, sizeof line, stdin) && !strchr(line, '\n'))
            ;
        const char *text = whole ? trim(line) : "";
        if (strcmp(text, "q") == 0) {
            cli_say(env, "stopped, nothing was kept");
            return 130;
        }
        if (whole && strlen(text) < size && strlen(text) <= MOST) {
            snprintf(out, size, "%s", text);
            return 0;
        }
        printf("  a little shorter, please (a sentence or two)\n> ");
        fflush(stdout);
    }
}

/* Clears what the first one wrote, so that the second answers alone. */
static void next_person(const char *name)
{
    fputs("\033[2J\033[3J\033[H", stdout);
    printf("Now %s, alone at the keyboard.\n", name);
}

static const char *ask_key(hf_guide_words *texts, hf_loop_part part)
{
    char key[64];
    snprintf(key, sizeof key, "loop.ask.%s", hf_loop_part_name(part));
    return hf_guide_words_get(texts, key);
}

static int ask_all_parts(cli_env *env, answers *a, hf_guide_words *texts)
{
    for (int s = 0; s < 2 && a->names[s][0]; s++) {
        if (s)
            next_person(a->names[s]);
        else
            printf(
                "%s, alone at the keyboard. A sentence or two each; Enter leaves a place empty, q "
                "stops and keeps nothing.\n",
                a->names[s]);
        for (int k = 0; k < HF_LOOP_PARTS; k++) {
            int code =
                ask_line(env, ask_key(texts, (hf_loop_part)k), a->text[s][k], sizeof a->text[s][k]);
            if (code)
                return code;
        }
    }
    if (a->names[1][0])
        fputs("\033[2J\033[3J\033[H", stdout);
    return 0;
}

/* ---- from a file: lines 'a.trigger: text'
 * --------------------------------------------------------- */

static int file_line(cli_env *env, answers *a, const char *path, unsigned number, char *line)
{
    char *text = trim(line), *colon = strchr(text, ':');
    if (!*text || *text == '#')
        return 0;
    if (colon && (text[0] == 'a' || text[0] == 'b') && text[1] == '.') {
        int s = text[0] == 'b';
        const char *value = trim(colon + 1);
        *colon = '\0';
        for (int k = 0; k < HF_LOOP_PARTS; k++)
            if (strcmp(text + 2, hf_loop_part_name((hf_loop_part)k)) == 0) {
                snprintf(a->text[s][k], sizeof a->text[s][k], "%.630s", value);
                return 0;
            }
        if (strcmp(text + 2, "name") == 0) {
            snprintf(a->names[s], sizeof a->names[s], "%.120s", value);
            return 0;
        }
    }
    return cli_usage(env,
                     "%s: line %u: write 'a.trigger: ...' with trigger, did, surface, underneath, "
                     "needed or name, for a or b",
                     path, number);
}

static int from_file(cli_env *env, answers *a, const char *path)
{
    char line[2 * LINE];
    FILE *f = fopen(path, "r");
    if (!f)
        return cli_usage(env, "%s: %s", path, strerror(errno));
    int code = 0;
    for (unsigned n = 1; !code && fgets(line, sizeof line, f); n++)
        code = strchr(line, '\n') || feof(f)
                   ? file_line(env, a, path, n, line)
                   : cli_usage(env, "%s: line %u: longer than %d bytes", path, n, 2 * LINE - 2);
    fclose(f);
    return code;
}

/* ---- writing ------------------------------------------------------------------------------------
 */

typedef hf_status (*writer)(const hf_loop *loop, cli_env *env, hf_outfile *file);

static hf_status as_html(const hf_loop *loop, cli_env *env, hf_outfile *file)
{
    return hf_loop_write_html(loop, env->ctx, cli_text(env, "language"), file);
}

static hf_status as_json(const hf_loop *loop, cli_env *env, hf_outfile *file)
{
    return hf_loop_write_json(loop, env->ctx, file);
}

static hf_status write_to(const hf_loop *loop, cli_env *env, const char *path, writer write)
{
    hf_outfile *file;
    hf_status status = hf_outfile_new(&file, env->ctx, path);
    if (status != HF_OK)
        return status;
    status = write(loop, env, file);
    if (status == HF_OK)
        status = hf_outfile_commit(file);
    hf_outfile_free(file);
    return status;
}

static int finish(cli_env *env, answers *a)
{
    const char *html = cli_text(env, "out"), *json = cli_text(env, "save");
    char today[16];
    const char *date = cli_text(env, "date");
    ask_today(today);
    a->loop.made_on = date ? date : today;
    for (int s = 0; s < 2; s++) {
        a->loop.sides[s].name = a->names[s];
        for (int k = 0; k < HF_LOOP_PARTS; k++)
            a->loop.sides[s].parts[k] = a->text[s][k];
    }
    hf_status status = HF_OK;
    if (env->json)
        status = write_to(&a->loop, env, "-", as_json);
    if (status == HF_OK && json)
        status = write_to(&a->loop, env, json, as_json);
    if (status == HF_OK && (!env->json || cli_given(env, "out")))
        status = write_to(&a->loop, env, html, as_html);
    if (status != HF_OK)
        return cli_fail(env, status);
    if (!env->json)
        cli_say(env, "%s is written: one page to print%s%s", html, json ? "; kept in " : "",
                json ? json : "");
    return cli_done(env);
}

static int run(cli_env *env)
{
    answers *a = calloc(1, sizeof *a);
    hf_guide_words *texts = NULL;
    if (!a)
        return cli_usage(env, "out of memory");
    for (int i = 0; i < env->argc; i++)
        snprintf(a->names[i], sizeof a->names[i], "%.120s", env->argv[i]);
    const char *file = cli_text(env, "answers");
    int code = file ? from_file(env, a, file) : 0;
    if (!code && !a->names[0][0])
        code = cli_usage(env, "say who writes: holdfast loop NAME [NAME]");
    if (!code && !file) {
        hf_status status = hf_guide_words_new(&texts, env->ctx, cli_text(env, "language"));
        code = status == HF_OK ? ask_all_parts(env, a, texts) : cli_fail(env, status);
        hf_guide_words_free(texts);
    }
    if (!code)
        code = finish(env, a);
    free(a);
    return code;
}

static const cli_option options[] = {
    {"answers", CLI_TEXT, "FILE", "answers from a file: lines 'a.trigger: ...', 'b.needed: ...'",
     NULL, NULL, 0, 0, false},
    {"out", CLI_TEXT, "FILE", "the page", "loop.html", NULL, 0, 0, false},
    {"save", CLI_TEXT, "FILE", "keep the answers as JSON too (for holdfast sheet)", NULL, NULL, 0,
     0, false},
    {"language", CLI_CHOICE, NULL, "of questions and page", "en", "en|de", 0, 0, false},
    {"date", CLI_TEXT, "DATE", "the day, as 2026-11-22 (else today)", NULL, NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_loop = {
    "loop",
    run,
    "the cycle in your own words, drawn on one page",
    "help",
    "[NAME [NAME]] [--answers FILE] [--out FILE] [--save FILE]",
    options,
    "Asks each of you, alone at the keyboard: what sets it off, what I did, what showed, what was "
    "under it, what I needed. With one name only that side is drawn; the other is not guessed.",
    0,
    2,
    false};
