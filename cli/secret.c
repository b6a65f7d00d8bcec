/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

void secret_wipe(void *data, size_t size)
{
    volatile unsigned char *p = data;
    while (size--)
        *p++ = 0;
}

static bool read_line(FILE *from, char out[SECRET_SIZE])
{
    if (!fgets(out, SECRET_SIZE, from))
        return false;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

static int from_file(cli_env *env, const char *path, size_t index, char out[SECRET_SIZE])
{
    FILE *f = fopen(path, "r");
    if (!f)
        return cli_usage(env, "%s: %s", path, strerror(errno));
    bool got = true;
    for (size_t i = 0; got && i <= index; i++)
        got = read_line(f, out);
    fclose(f);
    return got && *out ? 0 : cli_usage(env, "%s has no passphrase in line %zu", path, index + 1);
}

/* Without echo where there is a terminal. */
static bool ask(const char *prompt, char out[SECRET_SIZE])
{
    struct termios old;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &old) == 0;
    fprintf(stderr, "%s: ", prompt);
    if (terminal) {
        struct termios quiet = old;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    bool got = read_line(stdin, out);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
        fputc('\n', stderr);
    }
    return got && *out;
}

int secret_get(cli_env *env, size_t index, const char *prompt, bool twice, char out[SECRET_SIZE])
{
    const char *path = cli_text(env, "passphrase-file");
    if (path)
        return from_file(env, path, index, out);
    if (!ask(prompt, out))
        return cli_usage(env, "a passphrase is needed");
    if (!twice)
        return 0;
    char again[SECRET_SIZE];
    bool same = ask("The same again", again) && strcmp(out, again) == 0;
    secret_wipe(again, sizeof again);
    return same ? 0 : cli_usage(env, "the two are not the same; nothing was kept");
}

int secret_open_private(cli_env *env, hf_private *files[MOST_PRIVATE + 1])
{
    memset(files, 0, (MOST_PRIVATE + 1) * sizeof *files);
    const char *path;
    for (size_t i = 0; (path = cli_nth(env, "private", i)) != NULL; i++) {
        char pass[SECRET_SIZE];
        if (i == MOST_PRIVATE)
            return cli_usage(env, "--private can be given once for each of the two");
        int code = secret_get(env, i, "Passphrase", false, pass);
        if (code)
            return code;
        hf_status s = hf_private_open(&files[i], env->ctx, path, pass);
        secret_wipe(pass, sizeof pass);
        if (s != HF_OK)
            return cli_fail(env, s);
    }
    return 0;
}

void secret_close_private(hf_private *files[MOST_PRIVATE + 1])
{
    for (size_t i = 0; i < MOST_PRIVATE; i++)
        hf_private_free(files[i]);
}
