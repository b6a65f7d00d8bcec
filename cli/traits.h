/* SPDX-License-Identifier: MIT */
#ifndef CLI_TRAITS_H
#define CLI_TRAITS_H

#include "cli.h"

/* --a and --b as traits: a reference name or "ANXIETY,AVOIDANCE"; origin says which. */
hf_status cli_read_pair(cli_env *env, hf_pair *pair, const char *origin[2]);

#endif
