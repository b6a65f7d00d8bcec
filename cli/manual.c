/* SPDX-License-Identifier: MIT */
/* The manual page and the shell's completion, from the same tables as the help. */
#include "cli.h"

#include <string.h>

/* roff: a backslash is written \e, a dash that is typed \-, and no line may start with a dot. */
static void roff(FILE *to, const char *text)
{
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            fputs("\\&", to);
        if (*text == '\\')
            fputs("\\e", to);
        else if (*text == '-')
            fputs("\\-", to);
        else
            fputc(*text, to);
        line_start = *text == '\n';
    }
}

static void manual_options(FILE *to, const cli_option *o)
{
    for (; o && o->name; o++) {
        const char *arg = o->type == CLI_CHOICE ? o->choices : o->arg;
        fputs(".TP\n\\fB", to);
        roff(to, "--");
        roff(to, o->name);
        fputs("\\fR", to);
        if (arg) {
            fputs(" \\fI", to);
            roff(to, arg);
            fputs("\\fR", to);
        }
        fputc('\n', to);
        roff(to, o->help);
        if (o->def && strcmp(o->def, "0") != 0) {
            fputs(" (default: ", to);
            roff(to, o->def);
            fputs(")", to);
        }
        fputs(o->repeat ? " (may be repeated)\n" : "\n", to);
    }
}

static void manual_command(FILE *to, const cli_command *c)
{
    fputs(".SS holdfast ", to);
    roff(to, c->name);
    fputc(' ', to);
    roff(to, c->usage);
    fputc('\n', to);
    roff(to, c->summary);
    fputs(".\n", to);
    if (c->details) {
        fputs(".PP\n", to);
        roff(to, c->details);
        fputc('\n', to);
    }
    manual_options(to, c->options);
}

void cli_help_manual(FILE *to)
{
    fprintf(to, ".TH HOLDFAST 1 \"\" \"holdfast %s\"\n", hf_version());
    fputs(".SH NAME\nholdfast \\- what two people exchanged, and what it says about closeness and "
          "emotional safety\n"
          ".SH SYNOPSIS\n.B holdfast\n.I COMMAND\n[arguments]\n"
          ".SH DESCRIPTION\nReads a record of what two people exchanged and reports what it shows "
          "between them, with its\n"
          "uncertainty. It gives no label or verdict on a person and no forecast. Nothing leaves "
          "the machine.\n"
          ".SH COMMANDS\n",
          to);
    for (const cli_command *const *c = cli_commands; *c; c++)
        manual_command(to, *c);
    fputs(".SH OPTIONS OF EVERY COMMAND\n", to);
    manual_options(to, cli_global_options);
    fputs(".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nthe data or the machine did not "
          "allow it\n.TP\n2\nsomething was missing or wrong\n"
          "on the command line\n.TP\n3\nfinished, but not converged or not enough "
          "data\n.TP\n130\ninterrupted\n",
          to);
}

static void words(FILE *to, const cli_option *o)
{
    for (; o && o->name; o++)
        fprintf(to, " --%s", o->name);
}

/* What may stand behind an option that takes a value: its choices, else a file name. */
static void completion_values(FILE *to)
{
    for (const cli_command *const *c = cli_commands; *c; c++)
        for (const cli_option *o = (*c)->options; o && o->name; o++)
            if (o->type == CLI_CHOICE) {
                fprintf(to, "    %s:--%s) words=\"", (*c)->name, o->name);
                for (const char *p = o->choices; *p; p++)
                    fputc(*p == '|' ? ' ' : *p, to);
                fputs("\" ;;\n", to);
            }
}

void cli_help_completion(FILE *to)
{
    fputs("# bash completion for holdfast, made by 'holdfast help --completion'\n"
          "_holdfast() {\n"
          "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
          "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"",
          to);
    for (const cli_command *const *c = cli_commands; *c; c++)
        fprintf(to, "%s%s", c == cli_commands ? "" : " ", (*c)->name);
    fputs("\"\n  else\n    case ${COMP_WORDS[1]}:$before in\n", to);
    completion_values(to);
    fputs("    *) case $word in -*) case ${COMP_WORDS[1]} in\n", to);
    for (const cli_command *const *c = cli_commands; *c; c++) {
        fprintf(to, "      %s) words=\"", (*c)->name);
        words(to, (*c)->options);
        words(to, cli_global_options);
        fputs("\" ;;\n", to);
    }
    fputs("    esac ;; esac ;;\n    esac\n  fi\n"
          "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
          "}\n"
          "complete -o default -F _holdfast holdfast\n",
          to);
}
