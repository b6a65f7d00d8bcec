/* SPDX-License-Identifier: MIT */
/* Asking questions in the terminal, one at a time, or taking the answers from a file. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "cli.h"

typedef struct ask_question {
    const char *id;   /* in an answers file; shown nowhere */
    const char *text; /* {partner} becomes the name */
    const char *low, *high, *skip;
} ask_question;

typedef struct ask_set {
    const ask_question *questions;
    size_t count;
    int min, max;
    const char *partner; /* NULL: "your partner" */
} ask_set;

/* Asks on the terminal (stdin, stdout is where the questions stand): a number, Enter to skip, b
 * to go back, q to stop. values [count]: NaN where skipped. 0, or an exit code: stopped or the
 * end of the input gives 130 and nothing is to be kept. */
int ask_all(cli_env *env, const ask_set *set, double *values);
/* Lines 'id value' (also with ',' or '=' between); '#' starts a comment. 0 or an exit code. */
int ask_file(cli_env *env, const ask_set *set, const char *path, double *values);

#endif
