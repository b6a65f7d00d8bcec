/* SPDX-License-Identifier: MIT */
#include "model/nepd/nepd.h"
#include "text/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAME(name) #name,
static const char *const names[] = {HF_NEPD_CONSTANTS(NAME)};
#undef NAME

const char *hf_i_nepd_constant_name(size_t index)
{
    return index < HF_COUNT_OF(names) ? names[index] : NULL;
}

double *hf_i_nepd_constant(hf_i_nepd_constants *k, const char *name)
{
    /* The struct is nothing but doubles in the order of the names. */
    double *values = (double *)k;
    for (size_t i = 0; i < HF_COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0)
            return &values[i];
    return NULL;
}

static hf_status one_line(hf_i_nepd_constants *k, bool *seen, hf_ctx *ctx, const hf_i_place *at,
                          const char *line, size_t len)
{
    char name[64];
    const char *tab = memchr(line, '\t', len);
    size_t n = tab ? (size_t)(tab - line) : len;
    const char *advice = "A row is: name, value, unit, source, meaning, separated by tabs.";
    if (!tab || n == 0 || n >= sizeof name)
        return hf_i_fail_at(ctx, HF_E_PARSE, at, advice, "not a row of constants");
    memcpy(name, line, n);
    name[n] = '\0';
    double *to = hf_i_nepd_constant(k, name);
    if (!to)
        return hf_i_fail_at(ctx, HF_E_PARSE, at,
                            "See 'holdfast explore --constants' for the names.",
                            "there is no constant '%s'", name);
    const char *value = tab + 1, *end = memchr(value, '\t', len - n - 1);
    size_t value_len = end ? (size_t)(end - value) : len - n - 1;
    double x;
    if (!hf_i_number_parse(value, value_len, '.', &x))
        return hf_i_fail_at(ctx, HF_E_PARSE, at, advice, "the value of %s is not a number", name);
    bool is_rate = strstr(name, "rate") || strstr(name, "noise") || strstr(name, "half");
    if (is_rate && x < 0)
        return hf_i_fail_at(ctx, HF_E_RANGE, at, "Rates, half-points and noise are at least 0.",
                            "%s is negative", name);
    *to = x;
    seen[to - (double *)k] = true;
    return HF_OK;
}

static hf_status parse(hf_i_nepd_constants *k, hf_ctx *ctx, const char *file, const char *text,
                       size_t size, bool complete)
{
    bool seen[HF_COUNT_OF(names)] = {false};
    uint64_t line = 1;
    for (size_t i = 0; i < size; line++) {
        const char *start = text + i, *end = memchr(start, '\n', size - i);
        size_t len = end ? (size_t)(end - start) : size - i;
        hf_i_place at = {.file = file, .line = line, .byte = i, .byte_known = true};
        i += len + 1;
        if (len && start[len - 1] == '\r')
            len--;
        if (len && start[0] != '#')
            HF_TRY(one_line(k, seen, ctx, &at, start, len));
    }
    for (size_t i = 0; complete && i < HF_COUNT_OF(names); i++)
        if (!seen[i])
            return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "constant %s is missing", names[i]);
    return HF_OK;
}

/* The cell of a column in the shipped file's row of a constant; NULL if there is none. */
static const char *cell_of(const char *name, int column)
{
    size_t size = 0, len = strlen(name);
    const char *line = hf_i_data_get("nepd/constants.tsv", &size);
    while (line && *line) {
        const char *end = strchr(line, '\n'), *cell = line;
        if (strncmp(line, name, len) == 0 && line[len] == '\t') {
            for (int tab = 0; cell && tab < column; tab++)
                cell = strchr(cell, '\t') ? strchr(cell, '\t') + 1 : NULL;
            return cell;
        }
        line = end ? end + 1 : NULL;
    }
    return NULL;
}

const char *hf_i_nepd_constant_source(const char *name)
{
    static const char *const sources[] = {"literature", "calibrated", "invented"};
    const char *cell = cell_of(name, 3);
    for (size_t i = 0; cell && i < HF_COUNT_OF(sources); i++)
        if (strncmp(cell, sources[i], strlen(sources[i])) == 0)
            return sources[i];
    return "unknown";
}

void hf_i_nepd_constant_meaning(const char *name, char *out, size_t size)
{
    const char *cell = cell_of(name, 4);
    size_t len = cell ? strcspn(cell, "\r\n") : 0;
    len = len < size ? len : size - 1;
    if (len)
        memcpy(out, cell, len);
    out[len] = '\0';
}

hf_status hf_i_nepd_constants_default(hf_i_nepd_constants *out, hf_ctx *ctx)
{
    size_t size = 0;
    const char *text = hf_i_data_get("nepd/constants.tsv", &size);
    if (!text)
        return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "the constants are not in this build");
    memset(out, 0, sizeof *out);
    return parse(out, ctx, "nepd/constants.tsv", text, size, true);
}

hf_status hf_i_nepd_constants_read(hf_i_nepd_constants *out, hf_ctx *ctx, const char *path)
{
    hf_i_file file;
    HF_TRY(hf_i_nepd_constants_default(out, ctx));
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_status s = parse(out, ctx, path, (const char *)file.data, (size_t)file.size, false);
    hf_i_file_close(&file);
    return s;
}

void hf_i_nepd_set_traits(hf_i_nepd *m, int lane, const double x[2], const double y[2])
{
    const hf_i_nepd_constants *k = m->k;
    for (int i = 0; i < 2; i++) {
        hf_i_nepd_gains *g = &m->gain[i];
        g->withdraw[lane] = k->withdraw_0 * exp(k->withdraw_x * x[i] + k->withdraw_y * y[i]);
        g->pursue[lane] = k->pursue_0 * exp(k->pursue_x * x[i] + k->pursue_y * y[i]);
        g->distance[lane] = k->distance_0 * exp(k->distance_x * x[i] + k->distance_y * y[i]);
        g->tooclose[lane] = k->tooclose_0 * exp(k->tooclose_y * y[i]);
        g->comfort[lane] = 1 - k->comfort_slope * (y[i] + k->comfort_shift);
        g->calm[lane] = exp(k->calm_x * x[i]);
        g->threshold[lane] = k->threshold_0 + k->threshold_x * x[i] + k->threshold_y * y[i];
        g->express[lane] = k->express_0 * exp(k->express_x * x[i] + k->express_y * y[i]);
        g->respond[lane] = k->respond_0 * exp(k->respond_x * x[i] + k->respond_y * y[i]);
        g->unmet[lane] = k->unmet_0 * exp(k->unmet_x * x[i] + k->unmet_y * y[i]);
        g->unanswered[lane] =
            k->unanswered_0 * exp(k->unanswered_x * x[i] + k->unanswered_y * y[i]);
        g->share[lane] = k->share_anxiety * x[i] - k->share_avoidance * y[i];
    }
}

void hf_i_nepd_input_calm(hf_i_nepd_input *in)
{
    memset(in, 0, sizeof *in);
    in->contact = hf_i_v4_all(1.0);
    for (int i = 0; i < 2; i++) {
        in->express[i] = hf_i_v4_all(1.0);
        in->heal[i] = hf_i_v4_all(1.0);
        in->respond[i] = hf_i_v4_all(1.0);
    }
}

void hf_i_nepd_start(hf_v4 x[HF_NEPD_STATES], double closeness)
{
    memset(x, 0, HF_NEPD_STATES * sizeof *x);
    x[HF_NEPD_N] = x[HF_NEPD_PER_PARTNER + HF_NEPD_N] = hf_i_v4_all(0.3);
    x[HF_NEPD_C] = hf_i_v4_all(closeness);
}
