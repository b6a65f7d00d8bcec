/* SPDX-License-Identifier: MIT */
/* The frame of the command: one table of commands, one table of options each, from which
 * parsing, help and completion come. Commands include only <holdfast/...> and this file.
 * stdout is data, stderr is talk. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <holdfast/holdfast.h>

#include <stdio.h>

typedef enum cli_type { CLI_FLAG, CLI_TEXT, CLI_INT, CLI_REAL, CLI_CHOICE } cli_type;

typedef struct cli_option {
    const char *name; /* without the dashes; NULL ends the table */
    cli_type type;
    const char *arg;     /* what stands for the value in help: "FILE"; NULL for flags */
    const char *help;    /* one line */
    const char *def;     /* default as text; NULL: none */
    const char *choices; /* CLI_CHOICE: "solo|both|research" */
    double min, max;     /* CLI_INT, CLI_REAL: both 0 = any */
    bool repeat;         /* may be given more than once */
} cli_option;

typedef struct cli_env cli_env;

typedef struct cli_command {
    const char *name;
    int (*run)(cli_env *env); /* the exit code */
    const char *summary;      /* one line */
    const char *group;        /* "read", "measure", "model", "help" */
    const char *usage;        /* "FILE... [--out DIR]" */
    const cli_option *options;
    const char *details;    /* more help, may be NULL */
    int min_args, max_args; /* positional; max < 0: any number */
    bool wide;              /* takes options the table cannot list (reserved) */
} cli_command;

struct cli_env {
    const cli_command *command;
    hf_ctx *ctx;
    int argc; /* positional arguments */
    char **argv;
    bool json, quiet;
    struct cli_value *values;
    size_t value_count;
};

extern const cli_command *const cli_commands[]; /* generated; NULL ends it */
extern const cli_option cli_global_options[];

/* Values by option name: the last one given, else the default, else NULL / 0 / false. */
const char *cli_text(const cli_env *env, const char *name);
bool cli_flag(const cli_env *env, const char *name);
bool cli_given(const cli_env *env, const char *name);
long long cli_int(const cli_env *env, const char *name);
double cli_real(const cli_env *env, const char *name);
/* The index-th value of a repeated option, NULL after the last. */
const char *cli_nth(const cli_env *env, const char *name, size_t index);

/* Says an error on stderr (as JSON with --json) and gives the exit code. */
int cli_fail(cli_env *env, hf_status status);
int cli_usage(cli_env *env, const char *format, ...) HF_PRINTF(2, 3);
/* Talk on stderr, unless --quiet. */
void cli_say(const cli_env *env, const char *format, ...) HF_PRINTF(2, 3);
/* Flushes stdout and checks it: the exit code of a command that ends well. */
int cli_done(cli_env *env);

/* A quoted JSON string (null for NULL); what is not UTF-8 becomes U+FFFD. */
void cli_json_string(FILE *to, const char *text);

/* With every digit; null for what is not finite. */
void cli_json_number(FILE *to, double x);
/* Today ("2026-11-22"), or the day that SOURCE_DATE_EPOCH names, for results that can be made
 * again. */
void cli_today(char out[16]);
/* findings.json and report.html in a folder, which is made if need be. */
hf_status cli_write_page(cli_env *env, const hf_findings *findings, const char *folder);

/* Of the frame itself. */
const cli_command *cli_find_command(const char *name); /* NULL: none */
const char *cli_nearest_command(const char *name);     /* NULL: none is near */
int cli_parse(cli_env *env, int argc, char **argv);    /* env->command is set */
void cli_env_dispose(cli_env *env);
void cli_help_command(FILE *to, const cli_command *command);
void cli_help_all(FILE *to);
void cli_help_manual(FILE *to);     /* a manual page, roff */
void cli_help_completion(FILE *to); /* for bash */

#endif
