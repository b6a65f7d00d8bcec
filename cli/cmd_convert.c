/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MIN = 16, KEY_MAX = 64 };

static bool to_file(void *user, const char *bytes, size_t size)
{
    return hf_outfile_write(user, bytes, size) == HF_OK;
}

static hf_date_order order_of(const char *text)
{
    static const char *const names[] = {"", "dmy", "mdy", "ymd"};
    for (int i = HF_DATE_DMY; text && i <= HF_DATE_YMD; i++)
        if (strcmp(text, names[i]) == 0)
            return (hf_date_order)i;
    return HF_DATE_AUTO;
}

static hf_status read_record(cli_env *env, hf_record **record)
{
    const char *same[65] = {NULL};
    hf_read_options options = HF_READ_OPTIONS_INIT;
    size_t n = 0;
    for (const char *p; n < 64 && (p = cli_nth(env, "same", n));)
        same[n++] = p;
    options.date_order = order_of(cli_text(env, "date-order"));
    options.format = cli_text(env, "format");
    options.chat = cli_text(env, "chat");
    options.same = same;
    return hf_record_read(record, env->ctx, (const char *const *)env->argv, (size_t)env->argc,
                          &options);
}

/* The key of the pseudonyms: what stands in a file, or chance. 0: cannot be had. */
static size_t find_key(const char *path, char *key)
{
    FILE *f = fopen(path ? path : "/dev/urandom", "rb");
    size_t n = f ? fread(key, 1, path ? KEY_MAX : 32, f) : 0;
    if (f)
        fclose(f);
    while (path && n && (key[n - 1] == '\n' || key[n - 1] == '\r'))
        n--;
    return n;
}

/* HF_OK; or the exit code is in *code. */
static hf_status hide_names(cli_env *env, hf_record *record, int *code)
{
    char key[KEY_MAX];
    const char *path = cli_text(env, "key");
    size_t n = find_key(path, key);
    if (n < KEY_MIN) {
        *code = cli_usage(env, "the key in %s must have 16 to 64 bytes", path ? path : "memory");
        return HF_E_USAGE;
    }
    hf_status s = hf_record_pseudonymise(record, env->ctx, key, n);
    if (s != HF_OK)
        *code = cli_fail(env, s);
    else if (!path)
        cli_say(env, "The pseudonyms are made with a key of chance: another run gives others. "
                     "--key FILE keeps them.");
    if (s == HF_OK)
        cli_say(env, "Names are replaced, also in the texts. Other things that tell who somebody "
                     "is (places, numbers, nicknames) are still there.");
    return s;
}

static hf_status write_as(cli_env *env, hf_record *record, const char *to, hf_outfile *file)
{
    if (strcmp(to, "csv") == 0)
        return hf_record_write_csv(record, env->ctx, to_file, file);
    if (strcmp(to, "sav") == 0)
        return hf_record_write_sav(record, env->ctx, to_file, file);
    if (strcmp(to, "chatlab") == 0)
        return hf_record_write_chatlab(record, env->ctx, to_file, file);
    return hf_record_write_jsonl(record, env->ctx, to_file, file);
}

static void say_losses(const cli_env *env, const hf_record *record, const char *to)
{
    hf_record_summary s;
    hf_record_get_summary(record, &s);
    if (strcmp(to, "chatlab") == 0 && s.ratings + s.samples)
        cli_say(env, "ChatLab's format has no place for ratings and samples: they are left out.");
    if (strcmp(to, "chatlab") == 0 && s.t_kind != HF_TIME_UTC && s.messages)
        cli_say(env,
                "ChatLab's format counts in UTC: wall-clock times are written as they stand.");
    if (strcmp(to, "sav") == 0 && s.invalid_utf8)
        cli_say(env, "Bytes that are not UTF-8 are written as U+FFFD.");
}

static int run(cli_env *env)
{
    const char *to = cli_text(env, "to"), *out = cli_text(env, "out");
    hf_record *record;
    hf_outfile *file = NULL;
    int code = 0;
    if (!to)
        return cli_usage(env, "--to csv, jsonl, sav or chatlab: say what to write");
    if (cli_given(env, "key") && !cli_flag(env, "pseudonymise"))
        return cli_usage(env, "--key needs --pseudonymise");
    hf_status s = read_record(env, &record);
    if (s != HF_OK)
        return cli_fail(env, s);
    if (cli_flag(env, "pseudonymise") && hide_names(env, record, &code) != HF_OK) {
        hf_record_free(record);
        return code;
    }
    s = hf_outfile_new(&file, env->ctx, out ? out : "-");
    if (s == HF_OK)
        s = write_as(env, record, to, file);
    if (s == HF_OK)
        s = hf_outfile_commit(file);
    hf_outfile_free(file);
    if (s == HF_OK)
        say_losses(env, record, to);
    hf_record_free(record);
    return s == HF_OK ? cli_done(env) : cli_fail(env, s);
}

static const cli_option options[] = {
    {"to", CLI_CHOICE, "FORM", "what to write", NULL, "csv|jsonl|sav|chatlab", 0, 0, false},
    {"out", CLI_TEXT, "FILE", "where to; else standard output", NULL, NULL, 0, 0, false},
    {"pseudonymise", CLI_FLAG, NULL, "write pseudonyms for names, in the texts too", NULL, NULL, 0,
     0, false},
    {"key", CLI_TEXT, "FILE", "the key of the pseudonyms: the same key gives the same ones", NULL,
     NULL, 0, 0, false},
    {"chat", CLI_TEXT, "ID", "the chat to read, of a source with several", NULL, NULL, 0, 0, false},
    {"date-order", CLI_CHOICE, "ORDER", "how dates like 1/2/24 are meant", NULL, "dmy|mdy|ymd", 0,
     0, false},
    {"format", CLI_TEXT, "NAME", "what the source is, instead of looking", NULL, NULL, 0, 0, false},
    {"same", CLI_TEXT, "A=B", "two names of one person: \"Ann=+49 170 1234567\"", NULL, NULL, 0, 0,
     true},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_convert = {
    "convert",
    run,
    "a record as a table or as another program's format",
    "read",
    "FILE... --to csv|jsonl|sav|chatlab [--out FILE] [--pseudonymise]",
    options,
    "csv and sav hold one row of the record a row, of all three types (messages, ratings, "
    "samples), "
    "and Holdfast reads them again. jsonl is what 'holdfast read --jsonl' prints. chatlab is the "
    "interchange format of ChatLab: messages only.",
    1,
    -1,
    false};
