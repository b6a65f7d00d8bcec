/* SPDX-License-Identifier: MIT */
#include "cli.h"

static int run(cli_env *env)
{
    const cli_command *command = env->argc ? cli_find_command(env->argv[0]) : NULL;
    if (env->argc && !command)
        return cli_usage(env, "no command '%s' (see 'holdfast help')", env->argv[0]);
    if (cli_flag(env, "man"))
        cli_help_manual(stdout);
    else if (cli_flag(env, "completion"))
        cli_help_completion(stdout);
    else if (command)
        cli_help_command(stdout, command);
    else
        cli_help_all(stdout);
    return cli_done(env);
}

static const cli_option options[] = {
    {.name = "man", .type = CLI_FLAG, .help = "print the manual page (roff)"},
    {.name = "completion", .type = CLI_FLAG, .help = "print the completion script for bash"},
    {.name = NULL}};

const cli_command cli_cmd_help = {.name = "help",
                                  .run = run,
                                  .summary = "this overview, or one command in detail",
                                  .group = "about",
                                  .usage = "[COMMAND] [--man | --completion]",
                                  .options = options,
                                  .max_args = 1};
