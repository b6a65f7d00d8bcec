/* SPDX-License-Identifier: MIT */
/* Passphrases: typed without echo, or from the lines of a file (--passphrase-file). */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "cli.h"

enum { SECRET_SIZE = 512, MOST_PRIVATE = 2 };

/* The index-th passphrase into out. twice: asked again. 0, or an exit code. Wipe it after use. */
int secret_get(cli_env *env, size_t index, const char *prompt, bool twice, char out[SECRET_SIZE]);
void secret_wipe(void *data, size_t size);

/* Opens the files of --private (at most two) into files, NULL at the end. 0, or an exit code. */
int secret_open_private(cli_env *env, hf_private *files[MOST_PRIVATE + 1]);
void secret_close_private(hf_private *files[MOST_PRIVATE + 1]);

#endif
