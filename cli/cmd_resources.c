/* SPDX-License-Identifier: MIT */
/* holdfast resources: where people can be reached, by country; a table that can be edited. */
#include "ask.h"

#include <string.h>

static bool wanted(const cli_env *env, const hf_resource *r)
{
    const char *kind = cli_text(env, "kind");
    return hf_resource_is_for(r, cli_text(env, "country")) &&
           (!kind || strcmp(kind, r->kind) == 0);
}

static void print_json(const cli_env *env, const hf_resources *t)
{
    static const char *const states[] = {"not_verified", "old", "verified"};
    bool any = false;
    fputs("[", stdout);
    for (size_t i = 0; i < hf_resources_count(t); i++) {
        const hf_resource *r = hf_resources_at(t, i);
        if (!wanted(env, r))
            continue;
        const char *const cells[] = {"country",       r->country,       "language",
                                     r->language,     "kind",           r->kind,
                                     "name",          r->name,          "phone",
                                     r->phone,        "text",           r->text,
                                     "url",           r->url,           "hours",
                                     r->hours,        "audience",       r->audience,
                                     "last_verified", r->last_verified, "note",
                                     r->note,         "state",          states[r->state]};
        fputs(any ? ",{" : "{", stdout);
        any = true;
        for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k += 2) {
            printf("%s\"%s\":", k ? "," : "", cells[k]);
            cli_json_string(stdout, cells[k + 1]);
        }
        fputs("}", stdout);
    }
    puts("]");
}

static int print_table(const cli_env *env, const hf_resources *t)
{
    const char *country = cli_text(env, "country"), *language = cli_text(env, "language");
    bool german = strcmp(language, "de") == 0;
    char line[1024];
    const char *kind = "";
    if (country && !hf_resources_know(t, country))
        printf(german ? "Für %s kennt diese Tabelle noch keine Nummer. Das internationale "
                        "Verzeichnis kann weiterhelfen:\n"
                      : "This table has no number for %s yet. The international directory may "
                        "help:\n",
               country);
    for (size_t i = 0; i < hf_resources_count(t); i++) {
        const hf_resource *r = hf_resources_at(t, i);
        if (!wanted(env, r) || hf_resource_say(r, language, line, sizeof line) != HF_OK)
            continue;
        if (strcmp(kind, r->kind) != 0)
            printf("%s\n", r->kind);
        kind = r->kind;
        printf("  %s\n", line);
    }
    puts(german ? "Prüf, ob eine Nummer noch stimmt. Ist jemand in Gefahr, ruf zuerst den Notruf an."
                : "Check that a number is current. If someone is in danger, call the emergency "
                  "number first.");
    return 0;
}

static int run(cli_env *env)
{
    char today[16];
    hf_resources *t;
    if (cli_flag(env, "csv")) {
        size_t size = 0;
        const char *text = hf_resources_csv(&size);
        fwrite(text, 1, size, stdout);
        return cli_done(env);
    }
    ask_today(today);
    hf_status s = hf_resources_read(&t, env->ctx, cli_text(env, "file"), today);
    if (s != HF_OK)
        return cli_fail(env, s);
    if (env->json)
        print_json(env, t);
    else
        print_table(env, t);
    hf_resources_free(t);
    return cli_done(env);
}

static const cli_option options[] = {
    {"country", CLI_TEXT, "XX", "for one country, like US or DE", NULL, NULL, 0, 0, false},
    {"kind", CLI_CHOICE, "KIND", "one kind only", NULL,
     "emergency|suicide|domestic abuse|couples|child|sexual violence|directory|education", 0, 0,
     false},
    {"language", CLI_CHOICE, "XX", "language of the sentences", "en", "en|de", 0, 0, false},
    {"file", CLI_TEXT, "FILE", "your own table instead of the built-in one", NULL, NULL, 0, 0,
     false},
    {"csv", CLI_FLAG, NULL, "print the built-in table, to be edited", NULL, NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_resources = {
    "resources",
    run,
    "people you can reach, by country",
    "help",
    "[--country XX] [--kind KIND] [--file FILE.csv]",
    options,
    "A row without a date and a name was not verified, and says so; one older than a year says that.\n"
    "Nothing is sent, and nothing is kept.",
    0,
    0,
    false};
