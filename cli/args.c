/* SPDX-License-Identifier: MIT */
/* Reads the arguments of one command by its option table. */
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct cli_value {
    const cli_option *option;
    const char *text;
};

const cli_option cli_global_options[] = {
    {"json", CLI_FLAG, NULL, "print machine-readable output", NULL, NULL, 0, 0, false},
    {"quiet", CLI_FLAG, NULL, "no progress and no remarks", NULL, NULL, 0, 0, false},
    {"threads", CLI_INT, "N", "worker threads; results never depend on it", "0", NULL, 0, 256,
     false},
    {"help", CLI_FLAG, NULL, "show this help", NULL, NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

static const cli_option *in_table(const cli_option *table, const char *name, size_t len)
{
    for (; table && table->name; table++)
        if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
            return table;
    return NULL;
}

static const cli_option *find_option(const cli_command *command, const char *name, size_t len)
{
    const cli_option *o = in_table(command->options, name, len);
    return o ? o : in_table(cli_global_options, name, len);
}

static bool is_choice(const char *choices, const char *text)
{
    size_t len = strlen(text);
    for (const char *p = choices; *p;) {
        size_t n = strcspn(p, "|");
        if (n == len && memcmp(p, text, n) == 0)
            return true;
        p += n + (p[n] == '|');
    }
    return false;
}

/* An empty string if the text is a value of the option, else what is wrong with it. */
static const char *check_value(const cli_option *o, const char *text)
{
    char *end;
    double x = 0;
    errno = 0;
    switch (o->type) {
    case CLI_CHOICE:
        return is_choice(o->choices, text) ? "" : "is not one of the choices";
    case CLI_INT:
        x = (double)strtoll(text, &end, 10);
        break;
    case CLI_REAL:
        x = strtod(text, &end);
        break;
    default:
        return "";
    }
    if (end == text || *end || errno || !isfinite(x))
        return "is not a number";
    if ((o->min != 0 || o->max != 0) && (x < o->min || x > o->max))
        return "is out of range";
    return "";
}

static int add_value(cli_env *env, const cli_option *o, const char *text)
{
    const char *wrong = text ? check_value(o, text) : "";
    if (*wrong) {
        if (o->type == CLI_CHOICE)
            return cli_usage(env, "--%s %s: %s (%s)", o->name, text, wrong, o->choices);
        if (o->min != 0 || o->max != 0)
            return cli_usage(env, "--%s %s: %s (%g to %g)", o->name, text, wrong, o->min, o->max);
        return cli_usage(env, "--%s %s: %s", o->name, text, wrong);
    }
    struct cli_value *v = realloc(env->values, (env->value_count + 1) * sizeof *v);
    if (!v)
        return cli_fail(env, HF_E_NOMEM);
    env->values = v;
    v[env->value_count++] = (struct cli_value){o, text};
    return 0;
}

/* Levenshtein on short names; enough to suggest the nearest one. */
static size_t distance(const char *a, const char *b, size_t nb)
{
    size_t row[64], na = strlen(a);
    if (nb >= 63)
        return 99;
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t last = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t keep = row[j], cost = last + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < cost)
                cost = row[j] + 1;
            if (row[j - 1] + 1 < cost)
                cost = row[j - 1] + 1;
            row[j] = cost;
            last = keep;
        }
    }
    return row[nb];
}

static int unknown_option(cli_env *env, const char *name, size_t len)
{
    const char *best = NULL;
    size_t least = 3;
    const cli_option *tables[] = {env->command->options, cli_global_options};
    for (size_t t = 0; t < 2; t++)
        for (const cli_option *o = tables[t]; o && o->name; o++) {
            size_t d = distance(o->name, name, len);
            if (d < least) {
                least = d;
                best = o->name;
            }
        }
    if (best)
        return cli_usage(env, "unknown option --%.*s (did you mean --%s?)", (int)len, name, best);
    return cli_usage(env, "unknown option --%.*s (see 'holdfast %s --help')", (int)len, name,
                     env->command->name);
}

static int one_option(cli_env *env, int argc, char **argv, int *i)
{
    const char *name = argv[*i] + 2, *text = strchr(name, '=');
    size_t len = text ? (size_t)(text - name) : strlen(name);
    const cli_option *o = find_option(env->command, name, len);
    if (!o)
        return unknown_option(env, name, len);
    if (text)
        text++;
    if (o->type == CLI_FLAG)
        return text ? cli_usage(env, "--%s takes no value", o->name) : add_value(env, o, "yes");
    if (!text) {
        if (*i + 1 >= argc)
            return cli_usage(env, "--%s needs %s", o->name, o->arg ? o->arg : "a value");
        text = argv[++*i];
    }
    return add_value(env, o, text);
}

const cli_command *cli_find_command(const char *name)
{
    for (const cli_command *const *c = cli_commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

const char *cli_nearest_command(const char *name)
{
    const char *best = NULL;
    size_t least = 3;
    for (const cli_command *const *c = cli_commands; *c; c++) {
        size_t d = distance((*c)->name, name, strlen(name));
        if (d < least) {
            least = d;
            best = (*c)->name;
        }
    }
    return best;
}

/* Everything that is no option: a lone '-' is standard input or output. */
static int one_argument(cli_env *env, char *text)
{
    if (text[0] == '-' && text[1])
        return cli_usage(
            env, "unknown option %s (for a name that starts with a dash, put -- before it)", text);
    env->argv[env->argc++] = text;
    return 0;
}

int cli_parse(cli_env *env, int argc, char **argv)
{
    const cli_command *command = env->command;
    bool only_args = false;
    env->argv = argv;
    for (int i = 0; i < argc; i++) {
        if (!only_args && strcmp(argv[i], "--") == 0) {
            only_args = true;
        } else if (!only_args && strncmp(argv[i], "--", 2) == 0) {
            int code = one_option(env, argc, argv, &i);
            if (code)
                return code;
        } else if (!only_args && strcmp(argv[i], "-h") == 0) {
            int code = add_value(env, find_option(command, "help", 4), "yes");
            if (code)
                return code;
        } else if (only_args) {
            argv[env->argc++] = argv[i];
        } else {
            int code = one_argument(env, argv[i]);
            if (code)
                return code;
        }
    }
    env->json = cli_flag(env, "json");
    env->quiet = cli_flag(env, "quiet");
    if (cli_flag(env, "help"))
        return 0;
    if (env->argc < command->min_args)
        return cli_usage(env, "usage: holdfast %s %s", command->name, command->usage);
    if (command->max_args >= 0 && env->argc > command->max_args)
        return cli_usage(env, "one argument too many: '%s' (usage: holdfast %s %s)",
                         env->argv[command->max_args], command->name, command->usage);
    return 0;
}

void cli_env_dispose(cli_env *env)
{
    free(env->values);
    env->values = NULL;
    hf_ctx_free(env->ctx);
    env->ctx = NULL;
}

const char *cli_nth(const cli_env *env, const char *name, size_t index)
{
    for (size_t i = 0; i < env->value_count; i++)
        if (strcmp(env->values[i].option->name, name) == 0 && index-- == 0)
            return env->values[i].text;
    return NULL;
}

bool cli_given(const cli_env *env, const char *name)
{
    return cli_nth(env, name, 0) != NULL;
}

const char *cli_text(const cli_env *env, const char *name)
{
    for (size_t i = env->value_count; i-- > 0;)
        if (strcmp(env->values[i].option->name, name) == 0)
            return env->values[i].text;
    const cli_option *o = find_option(env->command, name, strlen(name));
    return o ? o->def : NULL;
}

bool cli_flag(const cli_env *env, const char *name)
{
    return cli_given(env, name);
}

long long cli_int(const cli_env *env, const char *name)
{
    const char *text = cli_text(env, name);
    return text ? strtoll(text, NULL, 10) : 0;
}

double cli_real(const cli_env *env, const char *name)
{
    const char *text = cli_text(env, name);
    return text ? strtod(text, NULL) : 0;
}
