/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static hf_ctx *signal_ctx;

static void on_interrupt(int number)
{
    /* The second Ctrl-C ends the program at once. */
    signal(number, SIG_DFL);
    if (signal_ctx)
        hf_ctx_cancel(signal_ctx);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct {
    double next;
    bool shown;
} progress_state;

static bool on_progress(void *user, const char *stage, uint64_t done, uint64_t total)
{
    progress_state *p = user;
    double t = now();
    if (t < p->next)
        return true;
    p->next = t + 0.1;
    p->shown = true;
    if (!total) {
        fprintf(stderr, "\r\033[K%s %llu", stage, (unsigned long long)done);
        return true;
    }
    int width = 24, filled = (int)(24.0 * (double)done / (double)total);
    fprintf(stderr, "\r\033[K%-12s [", stage);
    for (int i = 0; i < width; i++)
        fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %3.0f %%", 100.0 * (double)done / (double)total);
    return true;
}

static void json_string(FILE *to, const char *text)
{
    fputc('"', to);
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            fprintf(to, "\\%c", *p);
        else if (*p < 0x20)
            fprintf(to, "\\u%04x", *p);
        else
            fputc(*p, to);
    }
    fputc('"', to);
}

static void error_json(const hf_error *e)
{
    fputs("{\"error\":{\"status\":", stderr);
    json_string(stderr, hf_status_name(e->status));
    fputs(",\"message\":", stderr);
    json_string(stderr, e->message);
    fputs(",\"advice\":", stderr);
    json_string(stderr, e->advice);
    fputs(",\"file\":", stderr);
    json_string(stderr, e->file);
    fprintf(stderr, ",\"line\":%llu,\"column\":%llu", (unsigned long long)e->line,
            (unsigned long long)e->column);
    if (e->byte_known)
        fprintf(stderr, ",\"byte\":%llu", (unsigned long long)e->byte);
    fputs("}}\n", stderr);
}

static void error_text(const hf_error *e)
{
    fputs("holdfast: ", stderr);
    if (e->file[0])
        fprintf(stderr, "%s: ", e->file);
    if (e->line)
        fprintf(stderr, "line %llu", (unsigned long long)e->line);
    if (e->line && e->column)
        fprintf(stderr, ", column %llu", (unsigned long long)e->column);
    if (e->byte_known)
        fprintf(stderr, "%sbyte %llu", e->line ? ", " : "", (unsigned long long)e->byte);
    if (e->line || e->byte_known)
        fputs(": ", stderr);
    fprintf(stderr, "%s\n", e->message);
    if (e->advice[0])
        fprintf(stderr, "%s\n", e->advice);
}

int cli_fail(cli_env *env, hf_status status)
{
    hf_error e = *hf_ctx_get_error(env->ctx);
    if (e.status != status) {
        /* A call failed without detail: say at least what kind of failure it was. */
        memset(&e, 0, sizeof e);
        e.status = status;
        snprintf(e.message, sizeof e.message, "%s", hf_status_text(status));
    }
    if (env->json)
        error_json(&e);
    else
        error_text(&e);
    return hf_status_exit_code(status);
}

int cli_usage(cli_env *env, const char *format, ...)
{
    char message[768];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    hf_error e = {.status = HF_E_USAGE};
    snprintf(e.message, sizeof e.message, "%s", message);
    if (env->json)
        error_json(&e);
    else
        error_text(&e);
    return hf_status_exit_code(HF_E_USAGE);
}

void cli_say(const cli_env *env, const char *format, ...)
{
    if (env->quiet)
        return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

int cli_done(cli_env *env)
{
    (void)env;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("holdfast: cannot write the output\n", stderr);
        return 1;
    }
    return 0;
}

static void on_log(void *user, hf_log_level level, const char *message)
{
    (void)user;
    if (level >= HF_LOG_WARNING)
        fprintf(stderr, "holdfast: %s\n", message);
}

static int run_command(const cli_command *command, int argc, char **argv)
{
    cli_env env = {0};
    int code = cli_parse(&env, command, argc, argv);
    if (code == 0 && cli_flag(&env, "help")) {
        cli_help_command(stdout, command);
        code = cli_done(&env);
        cli_env_dispose(&env);
        return code;
    }
    progress_state progress = {0};
    hf_ctx_options options = HF_CTX_OPTIONS_INIT;
    options.threads = (int)cli_int(&env, "threads");
    if (!env.quiet && !env.json && isatty(STDERR_FILENO)) {
        options.progress = on_progress;
        options.progress_user = &progress;
    }
    if (!env.quiet)
        options.log = on_log;
    if (code == 0 && hf_ctx_new(&env.ctx, &options) != HF_OK)
        code = cli_usage(&env, "out of memory");
    if (code == 0) {
        signal_ctx = env.ctx;
        signal(SIGINT, on_interrupt);
        signal(SIGTERM, on_interrupt);
        code = command->run(&env);
        if (progress.shown)
            fputs("\r\033[K", stderr);
        signal_ctx = NULL;
    }
    cli_env_dispose(&env);
    return code;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    const char *name = argc > 1 ? argv[1] : "--help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        if (argc > 2)
            for (const cli_command *const *c = cli_commands; *c; c++)
                if (strcmp((*c)->name, argv[2]) == 0) {
                    cli_help_command(stdout, *c);
                    return 0;
                }
        cli_help_all(argc > 1 ? stdout : stderr);
        return argc > 1 ? 0 : 2;
    }
    if (strcmp(name, "--version") == 0)
        name = "version";
    for (const cli_command *const *c = cli_commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return run_command(*c, argc - 2, argv + 2);
    fprintf(stderr, "holdfast: unknown command '%s' (see 'holdfast --help')\n", name);
    return 2;
}
