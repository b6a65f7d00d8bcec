/* SPDX-License-Identifier: MIT */
#include "fit_common.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_NAMES = 256 };

/* Splits "a,b,c" (in place) at commas; spaces around names are dropped. */
static size_t split(char *text, const char **out, size_t count)
{
    while (*text && count < MAX_NAMES) {
        char *end = text + strcspn(text, ","), *last = end;
        while (*text == ' ')
            text++;
        while (last > text && last[-1] == ' ')
            last--;
        bool more = *end == ',';
        *last = '\0';
        if (last > text)
            out[count++] = text;
        text = end + more;
    }
    return count;
}

static char *copy(const char *text)
{
    size_t len = strlen(text);
    char *p = malloc(len + 1);
    if (p)
        memcpy(p, text, len + 1);
    return p;
}

hf_first_step fit_first_step(const cli_env *env)
{
    return strcmp(cli_text(env, "first-step"), "none") == 0 ? HF_FIRST_STEP_NONE
                                                            : HF_FIRST_STEP_FROM_ZERO;
}

static int fit_open(cli_env *env, fit_input *in)
{
    return fit_open_model(env, env->argv[0], in);
}

int fit_open_model(cli_env *env, const char *model, fit_input *in)
{
    const char *obs[MAX_NAMES] = {0}, *covs[MAX_NAMES] = {0};
    hf_panel_options o = HF_PANEL_OPTIONS_INIT;
    memset(in, 0, sizeof *in);
    if (!cli_text(env, "data"))
        return cli_usage(env, "--data FILE is missing (usage: holdfast %s %s)", env->command->name,
                         env->command->usage);
    hf_status s = hf_model_get(&in->model, env->ctx, model);
    if (s == HF_OK && cli_flag(env, "exchangeable"))
        s = hf_model_set_exchangeable(in->model, true);
    if (s != HF_OK)
        return cli_fail(env, s);
    char *list = cli_text(env, "obs") ? copy(cli_text(env, "obs")) : NULL;
    o.id = cli_text(env, "id");
    o.time = cli_text(env, "time");
    o.partner = cli_text(env, "partner");
    o.center = cli_flag(env, "center");
    if (list) {
        o.n_obs = split(list, obs, 0);
        o.obs = obs;
    }
    for (size_t i = 0; i < MAX_NAMES && cli_nth(env, "covariate", i); i++)
        covs[o.n_covariates++] = cli_nth(env, "covariate", i);
    o.covariates = covs;
    s = hf_panel_read(&in->panel, env->ctx, cli_text(env, "data"), in->model, &o);
    free(list);
    return s == HF_OK ? 0 : cli_fail(env, s);
}

void fit_close(fit_input *in)
{
    hf_panel_free(in->panel);
    hf_model_free(in->model);
}

static int one_value(cli_env *env, const hf_model *model, const char *option, const char *text,
                     double *values)
{
    const char *equals = strchr(text, '=');
    size_t len = equals ? (size_t)(equals - text) : strlen(text);
    char *end;
    if (!equals)
        return cli_usage(env, "--%s %s: write NAME=VALUE", option, text);
    errno = 0;
    double x = strtod(equals + 1, &end);
    if (end == equals + 1 || *end || !isfinite(x))
        return cli_usage(env, "--%s %s: '%s' is not a number", option, text, equals + 1);
    for (size_t i = 0; i < hf_model_parameter_count(model); i++) {
        const char *name = hf_model_parameter(model, i).name;
        if (strlen(name) == len && memcmp(name, text, len) == 0) {
            values[i] = x;
            return 0;
        }
    }
    char known[400] = "";
    size_t at = 0;
    for (size_t i = 0; i < hf_model_parameter_count(model) && at + 60 < sizeof known; i++)
        at += (size_t)snprintf(known + at, sizeof known - at, "%s%.40s", i ? ", " : "",
                               hf_model_parameter(model, i).name);
    return cli_usage(env, "--%s %s: the model has no parameter '%.*s' (it has %s)", option, text,
                     (int)len, text, known);
}

static int fit_values(cli_env *env, const hf_model *model, const char *option, double *values)
{
    for (size_t i = 0; cli_nth(env, option, i); i++) {
        const char *parts[MAX_NAMES];
        char *list = copy(cli_nth(env, option, i));
        if (!list)
            return cli_usage(env, "out of memory");
        size_t count = split(list, parts, 0);
        int code = 0;
        for (size_t k = 0; code == 0 && k < count; k++)
            code = one_value(env, model, option, parts[k], values);
        free(list);
        if (code)
            return code;
    }
    return 0;
}

/* [2 * parameters] of NaN: start values, then held ones. */
static double *new_values(const hf_model *model)
{
    size_t n = hf_model_parameter_count(model);
    double *values = malloc(2 * (n + 1) * sizeof *values);
    for (size_t i = 0; values && i < 2 * n; i++)
        values[i] = NAN;
    return values;
}

int fit_write(cli_env *env, const char *folder, const char *name, const char *text)
{
    char path[4096];
    hf_outfile *f;
    mkdir(folder, 0777); /* there already, or the next line says why not */
    snprintf(path, sizeof path, "%s/%s", folder, name);
    hf_status s = hf_outfile_new(&f, env->ctx, path);
    if (s != HF_OK)
        return cli_fail(env, s);
    s = hf_outfile_write(f, text, strlen(text));
    if (s == HF_OK)
        s = hf_outfile_commit(f);
    hf_outfile_free(f);
    return s == HF_OK ? 0 : cli_fail(env, s);
}

int fit_run(cli_env *env, fit_action action)
{
    fit_input in = {0};
    int code = fit_open(env, &in);
    if (code == 0) {
        double *values = new_values(in.model);
        size_t n = hf_model_parameter_count(in.model);
        code = values ? fit_values(env, in.model, "start", values) : cli_fail(env, HF_E_NOMEM);
        if (code == 0)
            code = fit_values(env, in.model, "fix", values + n);
        if (code == 0)
            code = action(env, &in, values, values + n);
        free(values);
    }
    fit_close(&in);
    return code;
}
