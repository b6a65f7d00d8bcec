/* SPDX-License-Identifier: MIT */
#include "cli.h"

static void print_json(void)
{
    fputs("{\"version\":", stdout);
    cli_json_string(stdout, hf_version());
    fputs(",\"features\":[", stdout);
    for (const hf_feature *f = hf_features(); f->name; f++) {
        fputs(f == hf_features() ? "{\"name\":" : ",{\"name\":", stdout);
        cli_json_string(stdout, f->name);
        printf(",\"present\":%s,\"version\":", f->present ? "true" : "false");
        cli_json_string(stdout, f->present ? f->version : NULL);
        fputs(",\"for\":", stdout);
        cli_json_string(stdout, f->what);
        fputc('}', stdout);
    }
    fputs("]}\n", stdout);
}

static int run(cli_env *env)
{
    if (env->json) {
        print_json();
        return cli_done(env);
    }
    printf("holdfast %s\n", hf_version());
    for (const hf_feature *f = hf_features(); f->name; f++)
        printf("  %-20s %-10s %s\n", f->name, f->present ? f->version : "missing", f->what);
    return cli_done(env);
}

const cli_command cli_cmd_version = {.name = "version",
                                     .run = run,
                                     .summary = "version, build features, library versions",
                                     .group = "about",
                                     .usage = ""};
