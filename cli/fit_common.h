/* SPDX-License-Identifier: MIT */
/* What fit, predict and compare share: the model, the table, values of parameters. */
#ifndef CLI_FIT_COMMON_H
#define CLI_FIT_COMMON_H

#include "cli.h"

#include <holdfast/infer.h>

#define FIT_DATA_OPTIONS                                                                             \
    {"data", CLI_TEXT, "FILE", "the table (CSV)", NULL, NULL, 0, 0, false},                          \
        {"id", CLI_TEXT, "COLUMN", "tells dyads apart (default: id, dyad, or one dyad)", NULL, NULL, \
         0,    0,        false},                                                                     \
        {"time", CLI_TEXT, "COLUMN", "time (default: time, or rows are counted)", NULL, NULL,        \
         0,      0,        false},                                                                   \
        {"obs", CLI_TEXT, "A,B", "columns in the order of the model's observe lines", NULL, NULL,    \
         0,     0,        false},                                                                    \
        {"partner", CLI_TEXT, "COLUMN", "a row per partner and time: which partner", NULL, NULL,     \
         0,         0,        false},                                                                \
        {"covariate", CLI_TEXT, "NAME=COLUMN", "where a covariate of the model is", NULL, NULL,      \
         0,           0,        true},                                                               \
        {"center", CLI_FLAG, NULL, "take each dyad's own mean from what is observed", NULL, NULL,    \
         0,        0,        false},                                                                 \
        {"exchangeable", CLI_FLAG, NULL, "partners share the parameters that the model pairs",       \
         NULL,           NULL,     0,    0,                                                          \
         false},                                                                                     \
    {                                                                                                \
        "first-step", CLI_CHOICE, "HOW",                                                             \
            "none: the start state is that of the first row; from-zero: that at time 0", "none",     \
            "none|from-zero", 0, 0, false                                                            \
    }

typedef struct fit_input {
    hf_model *model;
    hf_panel *panel;
} fit_input;

/* The exit code; 0 when model and table are there. Close in any case. */
int fit_open_model(cli_env *env, const char *model, fit_input *in);
void fit_close(fit_input *in);
hf_first_step fit_first_step(const cli_env *env);
/* Opens model and table, reads --start and --fix (NAME=VALUE, also comma separated; NaN: not given)
 * and calls action with them [parameters each]. The exit code. */
typedef int (*fit_action)(cli_env *env, const fit_input *in, const double *start,
                          const double *fixed);
int fit_run(cli_env *env, fit_action action);
/* Writes a text to a file of a folder, which is made if need be. The exit code. */
int fit_write(cli_env *env, const char *folder, const char *name, const char *text);

#endif
