/* SPDX-License-Identifier: MIT */
/* The theory of one pair as the document of a page: phase portrait, which starts fall where, the
 * stress that tips, and a bifurcation diagram along a trait. */
#include "simulate/explore.h"

#include "finding/finding.h"

#include <math.h>
#include <string.h>

enum {
    PER = HF_STATES_PER_PARTNER,
    PATH_TIMES = 320,
    PATH_FINE = 120, /* times at every step; then each hour */
    BASIN_X = 24,
    BASIN_Y = 16,
    STRESSES = 48,
    SCAN_MOST = 401
};
static const double STEP = 0.125, BASIN_SETTLE_H = 1500, DANGER_TOP = 2;
static const double NEAR = 0.02; /* how near to a rest point a start has fallen there */

typedef struct {
    hf_findings *out;
    hf_ctx *ctx;
    hf_i_explorer e;
    hf_exploration found;
} job;

static void lane_state(const hf_v4 *x, int lane, double out[HF_STATE_COUNT])
{
    for (int i = 0; i < HF_STATE_COUNT; i++)
        out[i] = x[i][lane];
}

static void start_lane(hf_v4 *x, int lane, double closeness, double danger)
{
    x[HF_NEPD_C][lane] = closeness;
    x[HF_NEPD_D][lane] = x[PER + HF_NEPD_D][lane] = danger;
}

/* ---- phase portrait -------------------------------------------------------------------------- */

static void write_paths(const job *j, hf_i_json_writer *w)
{
    static const double close[HF_LANES] = {.97, .7, .4, .1};
    for (int alarmed = 0; alarmed < 2; alarmed++) {
        double xs[HF_LANES][PATH_TIMES], ys[HF_LANES][PATH_TIMES];
        hf_v4 x[HF_NEPD_STATES];
        hf_i_nepd_start(x, 0);
        for (int l = 0; l < HF_LANES; l++)
            start_lane(x, l, close[l], alarmed ? 2.5 : 0);
        for (int t = 0; t < PATH_TIMES; t++) {
            for (int l = 0; l < HF_LANES; l++) {
                double s[HF_STATE_COUNT];
                lane_state(x, l, s);
                xs[l][t] = s[HF_STATE_CLOSENESS];
                ys[l][t] = hf_i_pair_protection(s);
            }
            hf_i_nepd_rk4(&j->e.model, &j->e.in, x, STEP, t < PATH_FINE ? 1 : (uint64_t)(1 / STEP));
        }
        for (int l = 0; l < HF_LANES; l++) {
            hf_i_json_object_begin(w);
            hf_i_json_key_str(w, "role", "path");
            hf_i_json_key_int(w, "group", -1);
            hf_i_figure_numbers(w, "x", xs[l], PATH_TIMES, 1);
            hf_i_figure_numbers(w, "y", ys[l], PATH_TIMES, 1);
            hf_i_json_object_end(w);
        }
    }
}

static hf_status write_portrait(const job *j)
{
    static const double close[HF_LANES] = {.97, .7, .4, .1};
    hf_i_figure_writer f;
    hf_i_figure_begin(&f, j->ctx);
    hf_i_portrait_axes(&f.json);
    hf_i_json_key(&f.json, "lines");
    hf_i_json_array_begin(&f.json);
    write_paths(j, &f.json);
    hf_status status = hf_i_portrait_cycle(&f.json, &j->e, &j->found);
    hf_i_json_array_end(&f.json);
    hf_i_json_key(&f.json, "points");
    hf_i_json_array_begin(&f.json);
    for (int l = 0; l < HF_LANES; l++)
        hf_i_portrait_point(&f.json, "start", -1, close[l], 0);
    hf_i_portrait_rest(&f.json, &j->found);
    hf_i_json_array_end(&f.json);
    hf_status ended = hf_i_figure_end(&f, j->out, "portrait", "portrait", "figure.starts");
    return status == HF_OK ? ended : status;
}

/* ---- which starts fall where ----------------------------------------------------------------- */

/* The stable rest point that a state has reached, -1: none (a cycle, where there is one). */
static int fallen_to(const hf_exploration *found, const double *s)
{
    for (size_t k = 0; k < found->rest_count; k++) {
        double worst = 0;
        for (int i = 0; i < HF_STATE_COUNT; i++)
            worst = fmax(worst, fabs(found->rest[k].state[i] - s[i]));
        if (found->rest[k].stable && worst < NEAR)
            return hf_i_rest_group(found, k);
    }
    return -1;
}

static hf_status basin_rows(const job *j, double *x, double *y, double *group)
{
    for (int cell = 0; cell < BASIN_X * BASIN_Y; cell += HF_LANES) {
        hf_v4 s[HF_NEPD_STATES];
        hf_i_nepd_start(s, 0);
        for (int l = 0; l < HF_LANES; l++) {
            x[cell + l] = ((cell + l) % BASIN_X + .5) / BASIN_X;
            y[cell + l] = DANGER_TOP * ((cell + l) / BASIN_X + .5) / BASIN_Y;
            start_lane(s, l, x[cell + l], y[cell + l]);
        }
        hf_i_nepd_rk4(&j->e.model, &j->e.in, s, STEP, (uint64_t)(BASIN_SETTLE_H / STEP));
        for (int l = 0; l < HF_LANES; l++) {
            double state[HF_STATE_COUNT];
            lane_state(s, l, state);
            group[cell + l] = fallen_to(&j->found, state);
        }
        HF_TRY(hf_i_progress(j->ctx, "starts", (uint64_t)cell, BASIN_X * BASIN_Y));
    }
    return HF_OK;
}

static hf_status write_basins(const job *j)
{
    double x[BASIN_X * BASIN_Y], y[BASIN_X * BASIN_Y], group[BASIN_X * BASIN_Y];
    hf_i_figure_writer f;
    HF_TRY(basin_rows(j, x, y, group));
    hf_i_figure_begin(&f, j->ctx);
    hf_i_json_key_str(&f.json, "x_key", "axis.start_closeness");
    hf_i_json_key_str(&f.json, "y_key", "axis.start_danger");
    hf_i_figure_range(&f.json, "x_range", 0, 1);
    hf_i_figure_range(&f.json, "y_range", 0, DANGER_TOP);
    hf_i_json_key(&f.json, "lines");
    hf_i_json_array_begin(&f.json);
    hf_i_json_array_end(&f.json);
    hf_i_json_key(&f.json, "points");
    hf_i_json_array_begin(&f.json);
    hf_i_json_array_end(&f.json);
    hf_i_json_key(&f.json, "cells");
    hf_i_json_object_begin(&f.json);
    hf_i_figure_numbers(&f.json, "x", x, BASIN_X * BASIN_Y, 1);
    hf_i_figure_numbers(&f.json, "y", y, BASIN_X * BASIN_Y, 1);
    hf_i_figure_numbers(&f.json, "group", group, BASIN_X * BASIN_Y, 1);
    hf_i_json_key_int(&f.json, "columns", BASIN_X);
    hf_i_json_key_int(&f.json, "rows", BASIN_Y);
    hf_i_json_object_end(&f.json);
    return hf_i_figure_end(&f, j->out, "basins", "portrait", "figure.basins");
}

/* ---- stress ---------------------------------------------------------------------------------- */

static const double STRESS_AT_H = 100, AFTER_H = 300, STRESS_MOST = 40;

/* Closeness in the 300 h after an hour of stress on a: the lowest, and the mean of the last third.
 */
static void stressed(const job *j, const double *stress, double *lowest, double *settled)
{
    hf_i_nepd_input in = j->e.in;
    hf_v4 x[HF_NEPD_STATES];
    hf_i_nepd_start(x, 0.7);
    hf_i_nepd_rk4(&j->e.model, &in, x, STEP, (uint64_t)(STRESS_AT_H / STEP));
    for (int l = 0; l < HF_LANES; l++) {
        in.stress[0][l] = stress[l];
        lowest[l] = x[HF_NEPD_C][l];
        settled[l] = 0;
    }
    hf_i_nepd_rk4(&j->e.model, &in, x, STEP, (uint64_t)(1 / STEP));
    for (int t = 0; t < (int)AFTER_H; t++) {
        hf_i_nepd_rk4(&j->e.model, &j->e.in, x, STEP, (uint64_t)(1 / STEP));
        for (int l = 0; l < HF_LANES; l++) {
            lowest[l] = fmin(lowest[l], x[HF_NEPD_C][l]);
            if (t >= 2 * (int)AFTER_H / 3)
                settled[l] += x[HF_NEPD_C][l] / (AFTER_H / 3);
        }
    }
}

static void tip_line(hf_i_json_writer *w, const char *key, const double *mid)
{
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "partner", "ab");
    hf_i_json_key_str(w, "key", key);
    hf_i_figure_numbers(w, "mid", mid, STRESSES, 1);
    hf_i_json_object_end(w);
}

static hf_status write_stress(const job *j)
{
    double s[STRESSES], lowest[STRESSES], settled[STRESSES], tip = j->found.tipping_stress;
    double top = tip > 0 && tip < INFINITY ? fmin(STRESS_MOST, fmax(1, 1.6 * tip)) : STRESS_MOST;
    hf_i_figure_writer f;
    for (int i = 0; i < STRESSES; i++)
        s[i] = top * i / (STRESSES - 1);
    for (int i = 0; i < STRESSES; i += HF_LANES)
        stressed(j, s + i, lowest + i, settled + i);
    hf_i_figure_begin(&f, j->ctx);
    hf_i_json_key_str(&f.json, "x_key", "axis.stress");
    hf_i_figure_numbers(&f.json, "x", s, STRESSES, 1);
    hf_i_json_key(&f.json, "marks");
    hf_i_json_array_begin(&f.json);
    if (tip > 0 && tip < INFINITY) {
        hf_i_json_object_begin(&f.json);
        hf_i_json_key_str(&f.json, "key", "tips");
        hf_i_json_key_str(&f.json, "partner", "ab");
        hf_i_json_key_number(&f.json, "from", tip);
        hf_i_json_key_number(&f.json, "to", top);
        hf_i_json_key_number(&f.json, "value", tip);
        hf_i_json_object_end(&f.json);
    }
    hf_i_json_array_end(&f.json);
    hf_i_json_key(&f.json, "panels");
    hf_i_json_array_begin(&f.json);
    hf_i_json_object_begin(&f.json);
    hf_i_json_key_str(&f.json, "key", "closeness");
    hf_i_json_key_str(&f.json, "partner", "ab");
    hf_i_figure_range(&f.json, "range", 0, 1);
    hf_i_json_key(&f.json, "lines");
    hf_i_json_array_begin(&f.json);
    tip_line(&f.json, "line.settled", settled);
    tip_line(&f.json, "line.lowest", lowest);
    hf_i_json_array_end(&f.json);
    hf_i_json_object_end(&f.json);
    hf_i_json_array_end(&f.json);
    return hf_i_figure_end(&f, j->out, "stress", "fan", "figure.stress");
}

/* ---- statements and the table of rest points --------------------------------------------------
 */

hf_status hf_i_cycle_finding(hf_findings *to, const hf_exploration *found)
{
    const hf_finding_value values[] = {{"low", found->cycle_low, NULL},
                                       {"high", found->cycle_high, NULL}};
    hf_finding f = hf_i_finding_described("exp_cycle.ab", "exp_cycle");
    if (!found->cycles)
        return HF_OK;
    f.estimate = found->period_h;
    f.unit = "h";
    f.values = values;
    f.value_count = HF_COUNT_OF(values);
    return hf_findings_add(to, &f);
}

static hf_status write_findings(const job *j)
{
    const hf_exploration *x = &j->found;
    size_t stable = 0;
    for (size_t k = 0; k < x->rest_count; k++)
        stable += x->rest[k].stable;
    const hf_finding_value values[] = {{"stable", (double)stable, NULL},
                                       {"unstable", (double)(x->rest_count - stable), NULL}};
    hf_finding f = hf_i_finding_described("exp_rest.ab", "exp_rest");
    f.values = values;
    f.value_count = HF_COUNT_OF(values);
    HF_TRY(hf_findings_add(j->out, &f));
    HF_TRY(hf_i_cycle_finding(j->out, x));
    double tip = x->tipping_stress;
    f = hf_i_finding_described("exp_tipping.ab", tip == 0         ? "exp_tipping.zero"
                                                 : tip < INFINITY ? "exp_tipping"
                                                                  : "exp_tipping.none");
    if (tip < INFINITY)
        f.estimate = tip;
    return hf_findings_add(j->out, &f);
}

static void rest_row(hf_i_json_writer *w, const hf_exploration *x, size_t k)
{
    const hf_rest_point *p = &x->rest[k];
    hf_i_json_array_begin(w);
    if (p->stable)
        hf_i_json_int(w, hf_i_rest_group(x, k) + 1);
    else
        hf_i_json_str(w, "rest.unstable");
    hf_i_json_fixed(w, p->state[HF_STATE_CLOSENESS], 3);
    if (p->stable)
        hf_i_json_fixed(w, log(2) / -p->leading_re, 1);
    else
        hf_i_json_null(w);
    for (int i = 0; i < 2; i++) {
        static const int shown[] = {HF_NEPD_N, HF_NEPD_D, HF_NEPD_P, HF_NEPD_W};
        for (size_t q = 0; q < HF_COUNT_OF(shown); q++)
            hf_i_json_fixed(w, p->state[i * PER + shown[q]], 3);
    }
    hf_i_json_array_end(w);
}

static hf_status write_rest_table(const job *j)
{
    static const char *const columns[] = {
        "rest.number",   "rest.closeness",  "rest.half",          "rest.need.a",
        "rest.danger.a", "rest.pursuing.a", "rest.withdrawing.a", "rest.need.b",
        "rest.danger.b", "rest.pursuing.b", "rest.withdrawing.b"};
    hf_i_figure_writer f;
    hf_i_figure_begin(&f, j->ctx);
    hf_i_figure_columns(&f.json, columns, HF_COUNT_OF(columns));
    hf_i_json_key(&f.json, "rows");
    hf_i_json_array_begin(&f.json);
    for (int group = 0; group < (int)j->found.rest_count; group++)
        for (size_t k = 0; k < j->found.rest_count; k++)
            if (j->found.rest[k].stable && hf_i_rest_group(&j->found, k) == group)
                rest_row(&f.json, &j->found, k);
    for (size_t k = 0; k < j->found.rest_count; k++)
        if (!j->found.rest[k].stable)
            rest_row(&f.json, &j->found, k);
    hf_i_json_array_end(&f.json);
    return hf_i_figure_end(&f, j->out, "rest_points", "table", "figure.rest_points");
}

/* ---- the scan -------------------------------------------------------------------------------- */

static double *moved(hf_pair *pair, double *soften, const char *what)
{
    static const char *const names[] = {"anxiety-a", "anxiety-b", "avoidance-a", "avoidance-b"};
    double *const traits[] = {&pair->anxiety[0], &pair->anxiety[1], &pair->avoidance[0],
                              &pair->avoidance[1]};
    for (size_t i = 0; i < HF_COUNT_OF(names); i++)
        if (strcmp(names[i], what) == 0)
            return traits[i];
    return strcmp(what, "soften") == 0 ? soften : NULL;
}

typedef struct {
    int stable;
    bool cycles;
    double tip;
} scan_row;

/* Where the number of stable rest points or cycles changes, at most four times. */
static hf_status write_changes(const job *j, const hf_scan *scan, const scan_row *rows)
{
    size_t said = 0;
    for (size_t i = 1; i < scan->steps && said < 4; i++) {
        char id[40];
        if (rows[i].stable == rows[i - 1].stable && rows[i].cycles == rows[i - 1].cycles)
            continue;
        double step = (scan->to - scan->from) / (double)(scan->steps - 1);
        bool cycle = rows[i].cycles != rows[i - 1].cycles;
        snprintf(id, sizeof id, "exp_scan_%zu.ab", ++said);
        const hf_finding_value values[] = {{"before", rows[i - 1].stable, NULL},
                                           {"after", rows[i].stable, NULL},
                                           {"from", scan->from + step * (double)(i - 1), NULL},
                                           {"to", scan->from + step * (double)i, NULL}};
        hf_finding f = hf_i_finding_described(id, !cycle           ? "exp_scan"
                                                  : rows[i].cycles ? "exp_scan.cycle"
                                                                   : "exp_scan.calm");
        f.values = values;
        f.value_count = HF_COUNT_OF(values);
        HF_TRY(hf_findings_add(j->out, &f));
    }
    return HF_OK;
}

static void scan_points(hf_i_json_writer *w, const hf_exploration *x, double at)
{
    for (size_t k = 0; k < x->rest_count; k++)
        hf_i_portrait_point(w, x->rest[k].stable ? "stable" : "unstable", -1, at,
                            x->rest[k].state[HF_STATE_CLOSENESS]);
    if (x->cycles) {
        hf_i_portrait_point(w, "cycle_low", -1, at, x->cycle_low);
        hf_i_portrait_point(w, "cycle_high", -1, at, x->cycle_high);
    }
}

static hf_status run_scan(const job *j, const hf_pair *start, double soften, const hf_scan *scan,
                          hf_i_json_writer *w, scan_row *rows)
{
    hf_pair pair = *start;
    double *moving = moved(&pair, &soften, scan->what);
    for (size_t i = 0; i < scan->steps; i++) {
        hf_i_explorer e;
        hf_exploration x;
        *moving = scan->from + (scan->to - scan->from) * (double)i / (double)(scan->steps - 1);
        hf_i_explorer_init(&e, j->ctx, &pair, soften, &j->e.k);
        HF_TRY(hf_i_explore(&x, &e));
        scan_points(w, &x, *moving);
        rows[i] = (scan_row){0, x.cycles, x.tipping_stress};
        for (size_t k = 0; k < x.rest_count; k++)
            rows[i].stable += x.rest[k].stable;
        hf_exploration_dispose(&x, j->ctx);
        HF_TRY(hf_i_progress(j->ctx, "scanning", i + 1, scan->steps));
    }
    return HF_OK;
}

static hf_status write_scan(const job *j, const hf_pair *pair, double soften, const hf_scan *scan)
{
    scan_row rows[SCAN_MOST];
    char axis[40];
    hf_i_figure_writer f;
    hf_i_figure_begin(&f, j->ctx);
    snprintf(axis, sizeof axis, "axis.%.20s", scan->what);
    hf_i_json_key_str(&f.json, "x_key", axis);
    hf_i_json_key_str(&f.json, "y_key", "axis.closeness");
    hf_i_figure_range(&f.json, "x_range", fmin(scan->from, scan->to), fmax(scan->from, scan->to));
    hf_i_figure_range(&f.json, "y_range", 0, 1);
    hf_i_json_key(&f.json, "lines");
    hf_i_json_array_begin(&f.json);
    hf_i_json_array_end(&f.json);
    hf_i_json_key(&f.json, "points");
    hf_i_json_array_begin(&f.json);
    hf_status status = run_scan(j, pair, soften, scan, &f.json, rows);
    hf_i_json_array_end(&f.json);
    hf_status ended = hf_i_figure_end(&f, j->out, "scan", "portrait", "figure.scan");
    HF_TRY(status);
    HF_TRY(ended);
    return write_changes(j, scan, rows);
}

static hf_status check_scan(hf_ctx *ctx, const hf_scan *scan, double soften)
{
    hf_pair pair;
    if (!moved(&pair, &soften, scan->what))
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "'%s' cannot be scanned", scan->what);
    if (scan->steps < 2 || scan->steps > SCAN_MOST || !(fabs(scan->from) <= 5) ||
        !(fabs(scan->to) <= 5) || scan->from == scan->to)
        return hf_i_fail(ctx, HF_E_RANGE, NULL, "a scan has 2 to %d steps between -5 and 5",
                         SCAN_MOST);
    return HF_OK;
}

static hf_status fill(job *j, const hf_pair *pair, double soften, const hf_scan *scan,
                      const char *const origin[2], bool own)
{
    HF_TRY(write_findings(j));
    HF_TRY(write_portrait(j));
    HF_TRY(write_basins(j));
    HF_TRY(write_stress(j));
    if (scan)
        HF_TRY(write_scan(j, pair, soften, scan));
    HF_TRY(write_rest_table(j));
    return hf_i_origin_table(j->out, j->ctx, pair, origin, 0, &j->e.k, own);
}

hf_status hf_explore_to_findings(hf_findings **out, hf_ctx *ctx, const hf_pair *pair, double soften,
                                 const char *constants, const hf_scan *scan,
                                 const char *const origin[2], const char *made_on)
{
    job j = {.ctx = ctx};
    hf_i_nepd_constants k;
    *out = NULL;
    if (scan)
        HF_TRY(check_scan(ctx, scan, soften));
    HF_TRY(hf_i_explore_check(ctx, pair, soften));
    HF_TRY(constants ? hf_i_nepd_constants_read(&k, ctx, constants)
                     : hf_i_nepd_constants_default(&k, ctx));
    HF_TRY(hf_findings_new(&j.out, ctx));
    hf_i_explorer_init(&j.e, ctx, pair, soften, &k);
    hf_status status =
        hf_i_model_header(j.out, ctx, "exploration", NULL, true, made_on, "exploration");
    if (status == HF_OK)
        status = hf_i_explore(&j.found, &j.e);
    if (status == HF_OK)
        status = fill(&j, pair, soften, scan, origin, constants != NULL);
    hf_exploration_dispose(&j.found, ctx);
    if (status == HF_OK)
        *out = j.out;
    else
        hf_findings_free(j.out);
    return status;
}
