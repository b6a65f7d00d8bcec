/* SPDX-License-Identifier: MIT */
/* The plane of closeness and protection: rest points, the cycle, and where every number of a page
 * comes from. */
#include "simulate/explore.h"

#include <math.h>
#include <string.h>

enum { PER = HF_STATES_PER_PARTNER, ORBIT = 400 };
static const double ORBIT_STEP = 0.125, ORBIT_SETTLE_H = 1500;

double hf_i_pair_protection(const double s[HF_STATE_COUNT])
{
    return (s[HF_NEPD_P] + s[HF_NEPD_W] + s[PER + HF_NEPD_P] + s[PER + HF_NEPD_W]) / 2;
}

void hf_i_portrait_axes(hf_i_json_writer *w)
{
    hf_i_json_key_str(w, "x_key", "axis.closeness");
    hf_i_json_key_str(w, "y_key", "axis.protection");
    hf_i_figure_range(w, "x_range", 0, 1);
    hf_i_figure_range(w, "y_range", 0, 1);
}

void hf_i_portrait_point(hf_i_json_writer *w, const char *role, int group, double x, double y)
{
    double at[2] = {x, y};
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "role", role);
    hf_i_json_key_int(w, "group", group);
    hf_i_figure_numbers(w, "at", at, 2, 1);
    hf_i_json_object_end(w);
}

int hf_i_rest_group(const hf_exploration *found, size_t index)
{
    int group = 0;
    double own = found->rest[index].state[HF_STATE_CLOSENESS];
    for (size_t k = 0; k < found->rest_count; k++) {
        double other = found->rest[k].state[HF_STATE_CLOSENESS];
        group += found->rest[k].stable && (other > own || (other == own && k < index));
    }
    return group;
}

void hf_i_portrait_rest(hf_i_json_writer *w, const hf_exploration *found)
{
    for (size_t k = 0; k < found->rest_count; k++) {
        const hf_rest_point *p = &found->rest[k];
        hf_i_portrait_point(w, p->stable ? "stable" : "unstable",
                            p->stable ? hf_i_rest_group(found, k) : -1,
                            p->state[HF_STATE_CLOSENESS], hf_i_pair_protection(p->state));
    }
}

/* One turn of the cycle, followed from the start that leads into it. */
hf_status hf_i_portrait_cycle(hf_i_json_writer *w, const hf_i_explorer *e,
                              const hf_exploration *found)
{
    static const double starts[HF_LANES] = {.7, .95, .3, .02};
    double x[HF_LANES][ORBIT + 1], y[HF_LANES][ORBIT + 1], widest = 0;
    hf_v4 s[HF_NEPD_STATES];
    int best = 0;
    if (!found->cycles)
        return HF_OK;
    hf_i_nepd_start(s, 0);
    for (int l = 0; l < HF_LANES; l++)
        s[HF_NEPD_C][l] = starts[l];
    hf_i_nepd_rk4(&e->model, &e->in, s, ORBIT_STEP, (uint64_t)(ORBIT_SETTLE_H / ORBIT_STEP));
    for (int t = 0; t <= ORBIT; t++) {
        for (int l = 0; l < HF_LANES; l++) {
            double state[HF_STATE_COUNT];
            for (int i = 0; i < HF_STATE_COUNT; i++)
                state[i] = s[i][l];
            x[l][t] = state[HF_STATE_CLOSENESS];
            y[l][t] = hf_i_pair_protection(state);
        }
        hf_i_nepd_rk4(&e->model, &e->in, s, found->period_h / ORBIT / 4, 4);
    }
    for (int l = 0; l < HF_LANES; l++) {
        double low = INFINITY, high = -INFINITY;
        for (int t = 0; t <= ORBIT; t++) {
            low = fmin(low, x[l][t]);
            high = fmax(high, x[l][t]);
        }
        if (high - low > widest) {
            widest = high - low;
            best = l;
        }
    }
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "role", "cycle");
    hf_i_json_key_int(w, "group", -1);
    hf_i_figure_numbers(w, "x", x[best], ORBIT + 1, 1);
    hf_i_figure_numbers(w, "y", y[best], ORBIT + 1, 1);
    hf_i_json_object_end(w);
    return HF_OK;
}

static void origin_row(hf_i_json_writer *w, const char *name, double value, const char *origin,
                       const char *meaning)
{
    hf_i_json_array_begin(w);
    hf_i_json_str(w, name);
    hf_i_json_number(w, value);
    hf_i_json_str(w, origin);
    hf_i_json_str(w, meaning);
    hf_i_json_array_end(w);
}

hf_status hf_i_origin_table(hf_findings *to, hf_ctx *ctx, const hf_pair *pair,
                            const char *const origin[2], double trait_sd,
                            const hf_i_nepd_constants *k, bool own_constants)
{
    static const char *const columns[] = {"table.parameter", "table.value", "table.origin",
                                          "table.meaning"};
    const double *values = (const double *)k;
    char text[200], key[40];
    const char *name;
    hf_i_nepd_constants shipped;
    hf_i_figure_writer f;
    HF_TRY(hf_i_nepd_constants_default(&shipped, ctx));
    hf_i_figure_begin(&f, ctx);
    hf_i_figure_columns(&f.json, columns, HF_COUNT_OF(columns));
    hf_i_json_key(&f.json, "rows");
    hf_i_json_array_begin(&f.json);
    for (int i = 0; i < 2; i++) {
        snprintf(key, sizeof key, "origin.%.20s", origin ? origin[i] : "given");
        origin_row(&f.json, i ? "trait.anxiety.b" : "trait.anxiety.a", pair->anxiety[i], key,
                   "trait.z");
        origin_row(&f.json, i ? "trait.avoidance.b" : "trait.avoidance.a", pair->avoidance[i], key,
                   "trait.z");
    }
    if (trait_sd > 0)
        origin_row(&f.json, "trait.sd", trait_sd, "origin.given", "trait.sd.what");
    for (size_t i = 0; (name = hf_i_nepd_constant_name(i)); i++) {
        bool own = own_constants && values[i] != *hf_i_nepd_constant(&shipped, name);
        hf_i_nepd_constant_meaning(name, text, sizeof text);
        snprintf(key, sizeof key, "origin.%.20s", own ? "own" : hf_i_nepd_constant_source(name));
        origin_row(&f.json, name, values[i], key, text);
    }
    hf_i_json_array_end(&f.json);
    return hf_i_figure_end(&f, to, "origins", "table", "figure.origins");
}
