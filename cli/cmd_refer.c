/* SPDX-License-Identifier: MIT */
/* holdfast refer: a one-page brief for a therapist, and a ranking of a directory that you have. */
#include "ask.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

typedef hf_status (*brief_writer)(const hf_brief *brief, hf_ctx *ctx, hf_outfile *file);

static hf_status write_one(cli_env *env, const hf_brief *b, const char *path, brief_writer write)
{
    hf_outfile *file;
    hf_status s = hf_outfile_new(&file, env->ctx, path);
    if (s != HF_OK)
        return s;
    s = write(b, env->ctx, file);
    if (s == HF_OK)
        s = hf_outfile_commit(file);
    hf_outfile_free(file);
    return s;
}

static hf_status write_brief(cli_env *env, const hf_brief *b)
{
    static const struct {
        const char *name;
        brief_writer write;
    } forms[] = {{"brief.txt", hf_brief_write_text},
                 {"brief.html", hf_brief_write_html},
                 {"brief.json", hf_brief_write_json}};
    const char *folder = cli_text(env, "out");
    char path[4096];
    if (!folder)
        return write_one(env, b, "-", env->json ? hf_brief_write_json : hf_brief_write_text);
    hf_status s = HF_OK;
    for (size_t i = 0; s == HF_OK && i < sizeof forms / sizeof forms[0]; i++) {
        int n = snprintf(path, sizeof path, "%s/%s", folder, forms[i].name);
        s = n > 0 && (size_t)n < sizeof path ? write_one(env, b, path, forms[i].write) : HF_E_LIMIT;
        if (s == HF_OK)
            cli_say(env, "%s", path);
    }
    return s;
}

static void print_ranking(const cli_env *env, const hf_ranking *r)
{
    size_t left = hf_ranking_left_out(r);
    if (env->json)
        printf("{\"left_out\":%zu,\"ranking\":[", left);
    for (size_t i = 0; i < hf_ranking_count(r); i++) {
        const hf_ranked *x = hf_ranking_get(r, i);
        if (env->json) {
            printf("%s{\"rank\":%zu,\"tied\":%s,\"score\":%.3f,\"name\":", i ? "," : "", x->rank,
                   x->tied ? "true" : "false", x->score);
            cli_json_string(stdout, x->name);
            fputs(",\"reason\":", stdout);
            cli_json_string(stdout, x->reason);
            fputs("}", stdout);
        } else {
            printf("%3zu%s  %s  (%.0f %%)\n       %s\n", x->rank, x->tied ? "=" : " ", x->name,
                   100 * x->score, x->reason);
        }
    }
    if (env->json)
        puts("]}");
    else
        printf("Left out by --must: %zu. Not said counts half. Equal places are ties (=). The weights "
               "are yours to change: --weights.\n",
               left);
}

static int rank(cli_env *env, const hf_brief *b)
{
    hf_ranking *r;
    hf_status s = hf_ranking_read(&r, env->ctx, b, cli_text(env, "directory"),
                                  cli_text(env, "weights"), cli_text(env, "must"));
    if (s != HF_OK)
        return cli_fail(env, s);
    print_ranking(env, r);
    hf_ranking_free(r);
    return cli_done(env);
}

static int run(cli_env *env)
{
    char today[16];
    const char *folder = cli_text(env, "out");
    hf_brief b = HF_BRIEF_INIT;
    if (cli_flag(env, "print-weights")) {
        size_t size = 0;
        const char *text = hf_ranking_weights_text(&size);
        fwrite(text, 1, size, stdout);
        return cli_done(env);
    }
    ask_today(today);
    b.name = cli_text(env, "name");
    b.needs = cli_text(env, "needs");
    b.language = cli_text(env, "language");
    b.mode = cli_text(env, "mode");
    b.cost = cli_text(env, "cost");
    b.availability = cli_text(env, "availability");
    b.place = cli_text(env, "place");
    b.wishes = cli_text(env, "wishes");
    b.made_on = today;
    b.text_language = cli_text(env, "in");
    if (cli_given(env, "directory"))
        return rank(env, &b);
    if (folder && mkdir(folder, 0700) != 0 && errno != EEXIST)
        return cli_usage(env, "cannot make the folder %s: %s", folder, strerror(errno));
    hf_status s = write_brief(env, &b);
    return s == HF_OK ? cli_done(env) : cli_fail(env, s);
}

static const cli_option options[] = {
    {"name", CLI_TEXT, "NAME", "whom it is from, if you want it there", NULL, NULL, 0, 0, false},
    {"needs", CLI_TEXT, "TEXT", "what it is about; several with ;", NULL, NULL, 0, 0, false},
    {"language", CLI_TEXT, "LIST", "languages you can talk in: \"de;en\"", NULL, NULL, 0, 0, false},
    {"mode", CLI_TEXT, "LIST", "\"in person\", \"remote\" or both with ;", NULL, NULL, 0, 0, false},
    {"cost", CLI_TEXT, "AMOUNT", "what you can pay for an hour, like 80", NULL, NULL, 0, 0, false},
    {"availability", CLI_TEXT, "LIST", "when: \"evening;friday\"", NULL, NULL, 0, 0, false},
    {"place", CLI_TEXT, "LIST", "where", NULL, NULL, 0, 0, false},
    {"wishes", CLI_TEXT, "TEXT", "wishes about the therapist", NULL, NULL, 0, 0, false},
    {"in", CLI_CHOICE, "XX", "language of the brief", "en", "en|de", 0, 0, false},
    {"out", CLI_TEXT, "DIR", "write brief.txt, brief.html and brief.json there", NULL, NULL, 0, 0,
     false},
    {"directory", CLI_TEXT, "FILE", "rank this directory (CSV or JSON) by the brief", NULL, NULL, 0,
     0, false},
    {"weights", CLI_TEXT, "FILE", "your weights: lines 'language 3'", NULL, NULL, 0, 0, false},
    {"must", CLI_TEXT, "LIST", "criteria that an entry may not fail: language,mode", NULL, NULL, 0,
     0, false},
    {"print-weights", CLI_FLAG, NULL, "print the built-in weights, to be edited", NULL, NULL, 0, 0,
     false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_refer = {
    "refer",
    run,
    "one page for a therapist: what you are looking for",
    "start",
    "[--needs TEXT] [--language LIST] [--mode LIST] [--out DIR] [--directory FILE]",
    options,
    "The page holds what you say here and nothing else: nothing of a private question, nothing of a\n"
    "report. You hand it over yourself. A directory is your own file; nobody pays for a place in it.",
    0,
    0,
    false};
