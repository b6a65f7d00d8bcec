/* SPDX-License-Identifier: MIT */
#include "cli.h"

static int run(cli_env *env)
{
    if (env->json) {
        printf("{\"version\":\"%s\",\"features\":[", hf_version());
        for (const hf_feature *f = hf_features(); f->name; f++)
            printf("%s{\"name\":\"%s\",\"present\":%s,\"version\":\"%s\",\"for\":\"%s\"}",
                   f == hf_features() ? "" : ",", f->name, f->present ? "true" : "false",
                   f->version, f->what);
        puts("]}");
        return cli_done(env);
    }
    printf("holdfast %s\n", hf_version());
    for (const hf_feature *f = hf_features(); f->name; f++)
        printf("  %-20s %-10s %s\n", f->name, f->present ? f->version : "missing", f->what);
    return cli_done(env);
}

static const cli_option options[] = {{NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_version = {"version", run, "version, build features, library versions",
                                     "about",   "",  options,
                                     NULL,      0,   0,
                                     false};
