/* SPDX-License-Identifier: MIT */
/* holdfast models: the catalogue, or one model in full. */
#include "cli.h"

#include <holdfast/model.h>

#include <math.h>
#include <string.h>

static void json_text(const char *text)
{
    putchar('"');
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            printf("\\%c", *p);
        else if (*p < 0x20)
            printf("\\u%04x", *p);
        else
            putchar(*p);
    }
    putchar('"');
}

static void json_bound(const char *key, double x)
{
    printf(",\"%s\":", key);
    cli_json_number(stdout, x);
}

static void one_json(const hf_model *m)
{
    printf("{\"name\":");
    json_text(hf_model_name(m));
    printf(",\"title\":");
    json_text(hf_model_title(m));
    printf(",\"citation\":");
    json_text(hf_model_citation(m));
    printf(",\"continuous\":%s,\"linear\":%s,\"parameters\":[",
           hf_model_is_continuous(m) ? "true" : "false", hf_model_is_linear(m) ? "true" : "false");
    for (size_t i = 0; i < hf_model_parameter_count(m); i++) {
        hf_parameter p = hf_model_parameter(m, i);
        printf("%s{\"name\":\"%s\",\"start\":%.17g", i ? "," : "", p.name, p.start);
        json_bound("lower", p.lower);
        json_bound("upper", p.upper);
        putchar('}');
    }
    printf("],\"observes\":[");
    for (size_t i = 0; i < hf_model_observation_count(m); i++)
        printf("%s\"%s\"", i ? "," : "", hf_model_observation(m, i));
    printf("],\"covariates\":[");
    for (size_t i = 0; i < hf_model_covariate_count(m); i++)
        printf("%s\"%s\"", i ? "," : "", hf_model_covariate(m, i));
    printf("],\"equations\":");
    json_text(hf_model_equations(m));
    printf(",\"text\":");
    json_text(hf_model_text(m));
    putchar('}');
}

static int show_one(cli_env *env)
{
    hf_model *m;
    hf_status s = hf_model_get(&m, env->ctx, env->argv[0]);
    if (s != HF_OK)
        return cli_fail(env, s);
    if (env->json) {
        one_json(m);
        putchar('\n');
    } else {
        printf("%s", hf_model_text(m));
        printf("\n# Equations\n%s", hf_model_equations(m));
        if (hf_model_citation(m)[0])
            printf("\n# %s\n", hf_model_citation(m));
    }
    hf_model_free(m);
    return cli_done(env);
}

static int run(cli_env *env)
{
    if (env->argc == 1)
        return show_one(env);
    if (env->json)
        putchar('[');
    for (size_t i = 0; hf_model_catalogue(i); i++) {
        hf_model *m;
        hf_status s = hf_model_get(&m, env->ctx, hf_model_catalogue(i));
        if (s != HF_OK)
            return cli_fail(env, s);
        if (env->json) {
            if (i)
                putchar(',');
            one_json(m);
        } else {
            printf("%-22s %s\n", hf_model_name(m), hf_model_title(m));
        }
        hf_model_free(m);
    }
    if (env->json)
        puts("]");
    return cli_done(env);
}

static const cli_option options[] = {{NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_models = {
    "models", run,      "the models there are; one model's file, equations, source",
    "model",  "[NAME]", options,
    NULL,     0,        1,
    false};
