/* SPDX-License-Identifier: MIT */
/* Help texts from the tables. */
#include "cli.h"

#include <string.h>

static void option_row(FILE *to, const cli_option *o)
{
    char left[64];
    const char *arg = o->type == CLI_CHOICE ? o->choices : o->arg;
    snprintf(left, sizeof left, "--%s%s%s", o->name, arg ? " " : "", arg ? arg : "");
    fprintf(to, "  %-28s %s", left, o->help);
    if (o->def && strcmp(o->def, "0") != 0)
        fprintf(to, " (default: %s)", o->def);
    fputs(o->repeat ? " (may be repeated)\n" : "\n", to);
}

void cli_help_command(FILE *to, const cli_command *command)
{
    fprintf(to, "holdfast %s: %s\n\nusage: holdfast %s%s%s\n", command->name, command->summary,
            command->name, *command->usage ? " " : "", command->usage);
    if (command->options && command->options->name) {
        fputs("\noptions\n", to);
        for (const cli_option *o = command->options; o->name; o++)
            option_row(to, o);
    }
    fputs("\nfor every command\n", to);
    for (const cli_option *o = cli_global_options; o->name; o++)
        option_row(to, o);
    if (command->details)
        fprintf(to, "\n%s\n", command->details);
}

/* Groups in the order in which people meet them. */
static const struct {
    const char *group, *title;
} groups[] = {{"start", "What two people exchanged"},
              {"read", "Reading records"},
              {"measure", "Measuring"},
              {"model", "Models of two people"},
              {"help", "What may help"},
              {"about", "About Holdfast"}};

void cli_help_all(FILE *to)
{
    fputs("Holdfast reads what two people exchanged and shows what it says about closeness and\n"
          "emotional safety between them. Nothing leaves this machine.\n\n"
          "usage: holdfast COMMAND [ARGUMENTS] [--help]\n",
          to);
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        bool first = true;
        for (const cli_command *const *c = cli_commands; *c; c++) {
            if (strcmp((*c)->group, groups[g].group) != 0)
                continue;
            if (first)
                fprintf(to, "\n%s\n", groups[g].title);
            first = false;
            fprintf(to, "  %-12s %s\n", (*c)->name, (*c)->summary);
        }
    }
    fputs("\nFirst steps: holdfast analyze CHAT.zip\n", to);
}
