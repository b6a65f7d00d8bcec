/* SPDX-License-Identifier: MIT */
/* Paths as JSON and as a series: fans of quantiles where there are several futures. */
#include "num/stats.h"
#include "simulate/paths.h"
#include "text/json_write.h"

static const double LEVELS[] = {0.05, 0.25, 0.5, 0.75, 0.95};
static const char *const LEVEL_NAMES[] = {"q05", "q25", "q50", "q75", "q95"};
enum { LEVEL_COUNT = HF_FAN_LEVELS };

void hf_i_paths_fan(const hf_paths *p, size_t pair, size_t time, int state, double *scratch,
                    double out[HF_FAN_LEVELS])
{
    for (size_t f = 0; f < p->futures; f++)
        scratch[f] = hf_paths_get_state(p, pair, f, time)[state];
    hf_i_sort_doubles(scratch, p->futures);
    for (int q = 0; q < LEVEL_COUNT; q++)
        out[q] = hf_i_quantile_sorted(scratch, p->futures, LEVELS[q]);
}

static void write_traits(hf_i_json_writer *w, const hf_paths *p, size_t pair,
                         const char *const origin[2])
{
    hf_i_json_key(w, "traits");
    hf_i_json_object_begin(w);
    for (int i = 0; i < 2; i++) {
        hf_i_json_key(w, i ? "b" : "a");
        hf_i_json_object_begin(w);
        hf_i_json_key_number(w, "anxiety", p->pair[pair].anxiety[i]);
        hf_i_json_key_number(w, "avoidance", p->pair[pair].avoidance[i]);
        hf_i_json_key_number(w, "sd", p->trait_sd);
        hf_i_json_key_str(w, "origin", origin ? origin[i] : "given");
        hf_i_json_object_end(w);
    }
    hf_i_json_object_end(w);
}

static void write_states(hf_i_json_writer *w, const hf_paths *p, size_t pair, double *scratch,
                         double *table)
{
    hf_i_json_key(w, "states");
    hf_i_json_object_begin(w);
    for (int s = 0; s < HF_STATE_COUNT; s++) {
        hf_i_json_key(w, hf_state_name(s));
        if (p->futures == 1) {
            hf_i_json_array_begin(w);
            for (size_t t = 0; t < p->times; t++)
                hf_i_json_number(w, hf_paths_get_state(p, pair, 0, t)[s]);
            hf_i_json_array_end(w);
            continue;
        }
        for (size_t t = 0; t < p->times; t++)
            hf_i_paths_fan(p, pair, t, s, scratch, table + t * LEVEL_COUNT);
        hf_i_json_object_begin(w);
        for (int q = 0; q < LEVEL_COUNT; q++) {
            hf_i_json_key(w, LEVEL_NAMES[q]);
            hf_i_json_array_begin(w);
            for (size_t t = 0; t < p->times; t++)
                hf_i_json_number(w, table[t * LEVEL_COUNT + (size_t)q]);
            hf_i_json_array_end(w);
        }
        hf_i_json_object_end(w);
    }
    hf_i_json_object_end(w);
}

static void write_constants(hf_i_json_writer *w, const hf_paths *p)
{
    const double *values = (const double *)&p->constants;
    const char *name;
    hf_i_json_key(w, "constants");
    hf_i_json_array_begin(w);
    for (size_t i = 0; (name = hf_i_nepd_constant_name(i)); i++) {
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "name", name);
        hf_i_json_key_number(w, "value", values[i]);
        hf_i_json_key_str(w, "source",
                          p->own_constants ? "own file" : hf_i_nepd_constant_source(name));
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
}

hf_status hf_paths_write_json(const hf_paths *p, hf_ctx *ctx, hf_outfile *file,
                              const char *const origin[2])
{
    hf_i_json_writer w;
    double *scratch = hf_i_alloc(ctx, (p->futures + p->times * LEVEL_COUNT) * sizeof *scratch);
    if (!scratch)
        return HF_E_NOMEM;
    hf_i_json_init(&w, hf_i_sink_outfile(file), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "schema", "holdfast-paths-1");
    hf_i_json_key_bool(&w, "synthetic", true);
    hf_i_json_key_str(&w, "note",
                      "What the theory says of a pair with these traits: a hypothesis, not a "
                      "forecast for anybody.");
    hf_i_json_key_bool(&w, "noise", p->noisy);
    hf_i_json_key_uint(&w, "seed", p->seed);
    hf_i_json_key_uint(&w, "futures", p->futures);
    hf_i_json_key_str(&w, "time_unit", "h");
    hf_i_json_key(&w, "time");
    hf_i_json_array_begin(&w);
    for (size_t t = 0; t < p->times; t++)
        hf_i_json_number(&w, hf_paths_get_time(p, t));
    hf_i_json_array_end(&w);
    hf_i_json_key(&w, "pairs");
    hf_i_json_array_begin(&w);
    for (size_t i = 0; i < p->pairs; i++) {
        hf_i_json_object_begin(&w);
        write_traits(&w, p, i, origin);
        write_states(&w, p, i, scratch, scratch + p->futures);
        hf_i_json_object_end(&w);
    }
    hf_i_json_array_end(&w);
    write_constants(&w, p);
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    hf_i_free(ctx, scratch);
    return hf_i_json_finish(&w);
}

static hf_status fill_series(const hf_paths *p, hf_series *series, double *scratch)
{
    static const char *const names[HF_STATES_PER_PARTNER] = {
        "need",    "danger",   "pursuing",   "withdrawing", "expression",
        "fatigue", "security", "adaptation", "wound"};
    uint32_t dyad, variable[HF_STATES_PER_PARTNER + 1];
    double q[LEVEL_COUNT];
    HF_TRY(hf_series_add_dyad(series, "1", &dyad));
    for (int s = 0; s < HF_STATES_PER_PARTNER; s++)
        HF_TRY(hf_series_add_variable(series, names[s], "", &variable[s]));
    HF_TRY(hf_series_add_variable(series, "closeness", "", &variable[HF_STATES_PER_PARTNER]));
    for (size_t t = 0; t < p->times; t++)
        for (int s = 0; s < HF_STATE_COUNT; s++) {
            bool joint = s == HF_STATE_CLOSENESS;
            hf_i_paths_fan(p, 0, t, s, scratch, q);
            hf_series_row row = {
                .dyad = dyad,
                .variable = variable[joint ? HF_STATES_PER_PARTNER : s % HF_STATES_PER_PARTNER],
                .partner = joint                       ? HF_PARTNER_AB
                           : s < HF_STATES_PER_PARTNER ? HF_PARTNER_A
                                                       : HF_PARTNER_B,
                .time = hf_paths_get_time(p, t),
                .value = q[LEVEL_COUNT / 2],
                .n = p->futures};
            HF_TRY(hf_series_add(series, &row));
        }
    return HF_OK;
}

hf_status hf_paths_to_series(const hf_paths *p, hf_ctx *ctx, hf_series **out)
{
    double *scratch = hf_i_alloc(ctx, p->futures * sizeof *scratch);
    hf_series *series = NULL;
    hf_status status = scratch ? hf_series_new(&series, ctx, "h") : HF_E_NOMEM;
    if (status == HF_OK)
        status = fill_series(p, series, scratch);
    hf_i_free(ctx, scratch);
    if (status != HF_OK) {
        hf_series_free(series);
        series = NULL;
    }
    *out = series;
    return status;
}
