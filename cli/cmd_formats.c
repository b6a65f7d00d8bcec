/* SPDX-License-Identifier: MIT */
#include "cli.h"

/* The texts of the table are plain ASCII without quotes. */
static void print_json(void)
{
    fputs("{\"formats\":[", stdout);
    for (size_t i = 0; i < hf_formats_count(); i++) {
        const hf_format *f = hf_formats_get(i);
        printf("%s{\"id\":\"%s\",\"title\":\"%s\",\"how\":\"%s\",\"cannot_show\":\"%s\","
               "\"available\":%s}",
               i ? "," : "", f->id, f->title, f->how, f->cannot_show,
               f->available ? "true" : "false");
    }
    puts("]}");
}

static int run(cli_env *env)
{
    if (env->json) {
        print_json();
        return cli_done(env);
    }
    for (size_t i = 0; i < hf_formats_count(); i++) {
        const hf_format *f = hf_formats_get(i);
        printf("%s%-14s %s%s\n", i ? "\n" : "", f->id, f->title,
               f->available ? "" : " - not in this build");
        printf("  export       %s\n", f->how);
        printf("  cannot show  %s\n", f->cannot_show);
    }
    return cli_done(env);
}

static const cli_option options[] = {{NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_formats = {
    "formats", run, "the sources that can be read", "read", "", options, NULL, 0, 0, false};
