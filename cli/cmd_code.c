/* SPDX-License-Identifier: MIT */
/* holdfast code: what each turn does, line by line. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4 << 20 };

typedef struct {
    FILE *from;
    const char *name; /* NULL: standard input */
    char *data;
    size_t len, cap;
    uint64_t line; /* number of the first line in data */
} source;

static int grow(cli_env *env, source *s)
{
    size_t cap = s->cap ? s->cap * 2 : BLOCK;
    char *p = realloc(s->data, cap);
    if (!p)
        return cli_usage(env, "out of memory");
    s->data = p;
    s->cap = cap;
    return 0;
}

/* Codes the first n bytes (whole lines) and keeps the rest. */
static int code_block(cli_env *env, const hf_text_model *model, source *s, size_t n)
{
    char *out;
    size_t size;
    hf_status status =
        hf_text_code_lines(&out, &size, env->ctx, model, s->data, n, s->name, s->line);
    if (status != HF_OK)
        return cli_fail(env, status);
    fwrite(out, 1, size, stdout);
    hf_text_lines_free(env->ctx, out);
    for (const char *p = s->data; (p = memchr(p, '\n', (size_t)(s->data + n - p)));) {
        s->line++;
        if (++p == s->data + n)
            break;
    }
    s->len -= n;
    memmove(s->data, s->data + n, s->len);
    return ferror(stdout) ? cli_done(env) : 0;
}

static int code_source(cli_env *env, const hf_text_model *model, source *s)
{
    for (;;) {
        int code = s->len == s->cap ? grow(env, s) : 0;
        if (code)
            return code;
        size_t n = fread(s->data + s->len, 1, s->cap - s->len, s->from);
        s->len += n;
        if (n == 0)
            break;
        size_t whole = s->len;
        while (whole > 0 && s->data[whole - 1] != '\n')
            whole--;
        if (whole && (code = code_block(env, model, s, whole)))
            return code;
    }
    if (ferror(s->from)) {
        fprintf(stderr, "holdfast: %s: cannot read\n", s->name ? s->name : "standard input");
        return 1;
    }
    return s->len ? code_block(env, model, s, s->len) : 0;
}

static int code_file(cli_env *env, const hf_text_model *model, const char *name)
{
    source s = {.from = stdin, .line = 1};
    if (strcmp(name, "-") != 0) {
        s.name = name;
        s.from = fopen(name, "rb");
        if (!s.from) {
            fprintf(stderr, "holdfast: %s: %s\n", name, strerror(errno));
            return 1;
        }
    }
    int code = code_source(env, model, &s);
    if (s.name)
        fclose(s.from);
    free(s.data);
    return code;
}

static int run(cli_env *env)
{
    hf_text_model *model;
    if (!cli_flag(env, "jsonl") && !cli_flag(env, "notes"))
        return cli_usage(env, "say --jsonl: lines {\"id\",\"text\",\"prev\"?} in, coded lines out");
    hf_status status = hf_text_model_open(&model, env->ctx, cli_text(env, "model"));
    if (status != HF_OK)
        return cli_fail(env, status);
    int code = 0;
    if (cli_flag(env, "notes")) {
        hf_text notes = hf_text_model_notes(model);
        fwrite(notes.data, 1, notes.size, stdout);
    } else if (env->argc == 0) {
        code = code_file(env, model, "-");
    }
    for (int i = 0; i < env->argc && code == 0; i++)
        code = code_file(env, model, env->argv[i]);
    hf_text_model_free(model);
    return code ? code : cli_done(env);
}

static const cli_option options[] = {
    {"jsonl", CLI_FLAG, NULL, "read and write lines of JSON", NULL, NULL, 0, 0, false},
    {"model", CLI_TEXT, "FILE", "weights to use instead of the installed ones", NULL, NULL, 0, 0,
     false},
    {"notes", CLI_FLAG, NULL, "print how the weights were made and whom they owe", NULL, NULL, 0, 0,
     false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_code = {
    "code",
    run,
    "say what each turn does: emotions, disclosure, support, acts",
    "measure",
    "--jsonl [FILE...]",
    options,
    "Reads lines {\"id\":...,\"text\":\"...\",\"prev\":\"...\"} (prev: the turn before, or an "
    "array of\n"
    "earlier turns, oldest first) from the files or standard input and writes\n"
    "{\"id\",\"scores\":{label: probability},\"labels\":[over their threshold],\"acts\":{...},\n"
    "\"needs\":{...},\"warmth\",\"state\"}. English only; other scripts get\n"
    "\"state\":\"no text model for this language\" and null. Doc: text-model.md.\n",
    0,
    -1,
    false};
