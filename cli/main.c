/* SPDX-License-Identifier: MIT */
/* Finds the command, gives it a context, its progress bar and Ctrl-C. */
#include "cli.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static hf_ctx *volatile signal_ctx;

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
    int width = 24, filled = (int)(width * ((double)done / (double)total));
    fprintf(stderr, "\r\033[K%-12s [", stage);
    for (int i = 0; i < width; i++)
        fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %3.0f %%", 100.0 * (double)done / (double)total);
    return true;
}

static void on_log(void *user, hf_log_level level, const char *message)
{
    (void)user;
    if (level >= HF_LOG_WARNING)
        fprintf(stderr, "holdfast: %s\n", message);
}

/* Errors of the command line itself come as JSON, too, when that was asked for. */
static bool asks_for_json(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--json") == 0)
            return true;
    return false;
}

static int run_with_context(cli_env *env)
{
    progress_state progress = {0};
    hf_ctx_options options = HF_CTX_OPTIONS_INIT;
    options.threads = (int)cli_int(env, "threads");
    if (!env->quiet && !env->json && isatty(STDERR_FILENO)) {
        options.progress = on_progress;
        options.progress_user = &progress;
    }
    if (!env->quiet)
        options.log = on_log;
    hf_status s = hf_ctx_new(&env->ctx, &options);
    if (s != HF_OK)
        return cli_fail(env, s);
    signal_ctx = env->ctx;
    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
    int code = env->command->run(env);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal_ctx = NULL;
    if (progress.shown)
        fputs("\r\033[K", stderr);
    return code;
}

static int run_command(const cli_command *command, int argc, char **argv)
{
    cli_env env = {.command = command, .json = asks_for_json(argc, argv)};
    int code = cli_parse(&env, argc, argv);
    if (code == 0 && cli_flag(&env, "help")) {
        cli_help_command(stdout, command);
        code = cli_done(&env);
    } else if (code == 0) {
        code = run_with_context(&env);
    }
    cli_env_dispose(&env);
    return code;
}

static int unknown_command(const char *name, int argc, char **argv)
{
    cli_env env = {.json = asks_for_json(argc, argv)};
    const char *near = cli_nearest_command(name);
    if (near)
        return cli_usage(&env, "unknown command '%s' (did you mean '%s'?)", name, near);
    return cli_usage(&env, "unknown command '%s' (see 'holdfast help')", name);
}

int main(int argc, char **argv)
{
    /* A reader that goes away shall be an error that is said, not a silent death. */
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        cli_help_all(stderr);
        return hf_status_exit_code(HF_E_USAGE);
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    const cli_command *command = cli_find_command(name);
    return command ? run_command(command, argc - 2, argv + 2)
                   : unknown_command(name, argc - 2, argv + 2);
}
