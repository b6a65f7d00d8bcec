/* SPDX-License-Identifier: MIT */
/* Paths as the document of a page: fans over the days from the start, the pair on the plane of
 * closeness and protection, the loop, and where every number comes from. Never one noisy future. */
#include "num/stats.h"
#include "simulate/explore.h"
#include "simulate/paths.h"
#include "simulate/synthetic.h"

#include <math.h>
#include <string.h>

enum { PER = HF_STATES_PER_PARTNER, MOST_TIMES = 361, SHOWN = 5 };

/* Measures of a partner on the page, in the order of the loop. */
static const struct {
    const char *key;
    int state;
} measures[SHOWN] = {{"need", HF_NEPD_N},
                     {"danger", HF_NEPD_D},
                     {"pursuing", HF_NEPD_P},
                     {"withdrawing", HF_NEPD_W},
                     {"showing", HF_NEPD_V}};

typedef struct {
    hf_findings *out;
    const hf_paths *p;
    hf_ctx *ctx;
    size_t every, times; /* each every-th time is drawn */
    double *scratch;     /* futures */
    double *bands;       /* [HF_FAN_LEVELS][times] */
    double *shares;      /* [HF_PHASE_I_COUNT][futures] of the hours */
} job;

/* ---- fans ------------------------------------------------------------------------------------ */

static void write_line(const job *j, hf_i_json_writer *w, const char *partner, int state)
{
    static const char *const keys[HF_FAN_LEVELS] = {"lo", "lo50", "mid", "hi50", "hi"};
    for (size_t t = 0; t < j->times; t++) {
        double q[HF_FAN_LEVELS];
        hf_i_paths_fan(j->p, 0, t * j->every, state, j->scratch, q);
        for (size_t k = 0; k < HF_FAN_LEVELS; k++)
            j->bands[k * j->times + t] = q[k];
    }
    hf_i_json_key(w, "lines");
    hf_i_json_array_begin(w);
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "partner", partner);
    for (size_t k = 0; k < HF_FAN_LEVELS; k++)
        if (k == HF_FAN_LEVELS / 2 || j->p->futures > 1)
            hf_i_figure_numbers(w, keys[k], j->bands + k * j->times, j->times, 1);
    hf_i_json_object_end(w);
    hf_i_json_array_end(w);
}

static void write_panel(const job *j, hf_i_json_writer *w, const char *key, const char *partner,
                        int state, double top)
{
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "key", key);
    hf_i_json_key_str(w, "partner", partner);
    hf_i_figure_range(w, "range", 0, top);
    write_line(j, w, partner, state);
    hf_i_json_object_end(w);
}

static void write_marks(const job *j, hf_i_json_writer *w)
{
    double end = hf_paths_get_time(j->p, j->p->times - 1);
    hf_i_json_key(w, "marks");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < j->p->change_count; i++) {
        const hf_change *c = &j->p->changes[i];
        if (c->from_h >= end)
            continue;
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "key", hf_change_name(c->kind));
        hf_i_json_key_str(w, "partner", c->partner == 2 ? "ab" : c->partner ? "b" : "a");
        hf_i_json_key_number(w, "from", c->from_h / 24);
        hf_i_json_key_number(w, "to", fmin(c->to_h, end) / 24);
        hf_i_json_key_number(w, "value", c->value);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
}

/* The highest value of a measure in any band, for both partners alike. */
static double top_of(const job *j, int state)
{
    double top = 1, q[HF_FAN_LEVELS];
    for (size_t t = 0; t < j->times; t++)
        for (int i = 0; i < 2; i++) {
            hf_i_paths_fan(j->p, 0, t * j->every, state + i * PER, j->scratch, q);
            top = fmax(top, q[HF_FAN_LEVELS - 1]);
        }
    return top;
}

static hf_status write_fan(const job *j, bool closeness)
{
    static const char *const partners[] = {"a", "b"};
    hf_i_figure_writer f;
    hf_i_figure_begin(&f, j->ctx);
    for (size_t t = 0; t < j->times; t++)
        j->bands[t] = hf_paths_get_time(j->p, t * j->every) / 24;
    hf_i_json_key_str(&f.json, "x_key", "axis.days");
    hf_i_figure_numbers(&f.json, "x", j->bands, j->times, 1);
    hf_i_json_key_uint(&f.json, "futures", j->p->futures);
    write_marks(j, &f.json);
    hf_i_json_key(&f.json, "panels");
    hf_i_json_array_begin(&f.json);
    if (closeness)
        write_panel(j, &f.json, "closeness", "ab", HF_STATE_CLOSENESS, 1);
    for (int m = 0; !closeness && m < SHOWN; m++) {
        double top = top_of(j, measures[m].state);
        for (int i = 0; i < 2; i++)
            write_panel(j, &f.json, measures[m].key, partners[i], measures[m].state + i * PER, top);
    }
    hf_i_json_array_end(&f.json);
    return hf_i_figure_end(&f, j->out, closeness ? "closeness" : "states", "fan",
                           closeness ? "figure.closeness" : "figure.states");
}

/* ---- the plane ------------------------------------------------------------------------------- */

static double middle(const job *j, size_t time, bool protection)
{
    for (size_t f = 0; f < j->p->futures; f++) {
        const double *s = hf_paths_get_state(j->p, 0, f, time);
        j->scratch[f] = protection ? hf_i_pair_protection(s) : s[HF_STATE_CLOSENESS];
    }
    return hf_i_median(j->scratch, j->p->futures);
}

static hf_status write_portrait(const job *j, const hf_i_explorer *e, const hf_exploration *found)
{
    hf_i_figure_writer f;
    hf_i_figure_begin(&f, j->ctx);
    hf_i_portrait_axes(&f.json);
    hf_i_json_key(&f.json, "lines");
    hf_i_json_array_begin(&f.json);
    hf_status status = hf_i_portrait_cycle(&f.json, e, found);
    for (size_t t = 0; t < j->times; t++) {
        j->bands[t] = middle(j, t * j->every, false);
        j->bands[j->times + t] = middle(j, t * j->every, true);
    }
    hf_i_json_object_begin(&f.json);
    hf_i_json_key_str(&f.json, "role", "path");
    hf_i_json_key_int(&f.json, "group", -1);
    hf_i_figure_numbers(&f.json, "x", j->bands, j->times, 1);
    hf_i_figure_numbers(&f.json, "y", j->bands + j->times, j->times, 1);
    hf_i_json_object_end(&f.json);
    hf_i_json_array_end(&f.json);
    hf_i_json_key(&f.json, "points");
    hf_i_json_array_begin(&f.json);
    for (size_t i = 0; j->p->futures > 1 && i < j->p->futures && i < 1000; i++) {
        const double *s = hf_paths_get_state(j->p, 0, i, j->p->times - 1);
        hf_i_portrait_point(&f.json, "end", -1, s[HF_STATE_CLOSENESS], hf_i_pair_protection(s));
    }
    hf_i_portrait_rest(&f.json, found);
    hf_i_portrait_point(&f.json, "start", -1, j->bands[0], j->bands[j->times]);
    hf_i_json_array_end(&f.json);
    hf_status ended = hf_i_figure_end(&f, j->out, "portrait", "portrait", "figure.portrait");
    return status == HF_OK ? ended : status;
}

/* ---- the loop -------------------------------------------------------------------------------- */

/* Shares of the shown hours that one future spends in each phase (doc/contracts.md 7). */
static void phases_of(const job *j, const hf_i_phase_rule *rule, size_t future)
{
    double x[2], y[2], count[HF_PHASE_I_COUNT] = {0};
    const hf_i_nepd_constants *k = &j->p->constants;
    hf_i_nepd model = {.k = k};
    bool open = false;
    hf_i_path_traits(&j->p->pair[0], j->p->trait_sd, j->p->seed, future, x, y);
    hf_i_nepd_set_traits(&model, 0, x, y);
    for (size_t t = 0; t < j->p->times; t++) {
        const double *s = hf_paths_get_state(j->p, 0, future, t);
        const double *last = t ? hf_paths_get_state(j->p, 0, future, t - 1) : s;
        double threshold[2], answer[2];
        for (int i = 0; i < 2; i++) {
            threshold[i] = model.gain[i].threshold[0] + k->threshold_s * s[i * PER + HF_NEPD_S];
            answer[i] = hf_i_pair_answer(k, model.gain[i].respond[0], s, i);
        }
        int phase = hf_i_phase_of(rule, s, threshold, answer,
                                  s[HF_STATE_CLOSENESS] > last[HF_STATE_CLOSENESS], open, false);
        open = phase == HF_PHASE_I_PROTECTION || (open && phase != HF_PHASE_I_CONNECTION);
        count[phase] += 1;
    }
    for (int i = 0; i < HF_PHASE_I_COUNT; i++)
        j->shares[(size_t)i * j->p->futures + future] = count[i] / (double)j->p->times;
}

static void share_of(const job *j, int phase, double out[3])
{
    double *x = j->shares + (size_t)phase * j->p->futures;
    hf_i_sort_doubles(x, j->p->futures);
    for (int q = 0; q < 3; q++)
        out[q] = hf_i_quantile_sorted(x, j->p->futures, q == 0 ? .5 : q == 1 ? .05 : .95);
}

/* The highest (of closeness: lowest) median over the time shown. */
static double extreme(const job *j, int state, bool lowest)
{
    double best = lowest ? INFINITY : -INFINITY, q[HF_FAN_LEVELS];
    for (size_t t = 0; t < j->times; t++) {
        hf_i_paths_fan(j->p, 0, t * j->every, state, j->scratch, q);
        best = lowest ? fmin(best, q[2]) : fmax(best, q[2]);
    }
    return best;
}

static void write_station(const job *j, hf_i_json_writer *w, const char *key, int phase)
{
    char text[40];
    double share[3], top[4] = {0};
    static const int state[] = {[HF_PHASE_I_NEED] = HF_NEPD_N,
                                [HF_PHASE_I_EMOTION] = HF_NEPD_D,
                                [HF_PHASE_I_PROTECTION] = HF_NEPD_P,
                                [HF_PHASE_I_DISTANCE] = HF_NEPD_C,
                                [HF_PHASE_I_REPAIR] = HF_NEPD_V};
    static const char *const keys[] = {"top_a", "top_b", "away_a", "away_b"};
    share_of(j, phase, share);
    snprintf(text, sizeof text, "sim_loop.%s%s", key, j->p->futures > 1 ? ".fan" : "");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "key", key);
    hf_i_json_key_str(w, "state", "measured");
    hf_i_json_key_str(w, "text_key", text);
    hf_i_json_key(w, "values");
    hf_i_json_object_begin(w);
    hf_i_json_key_number(w, "share", share[0]);
    hf_i_json_key_number(w, "share_lo", share[1]);
    hf_i_json_key_number(w, "share_hi", share[2]);
    bool pair = phase == HF_PHASE_I_DISTANCE;
    for (int i = 0; i < 2; i++) {
        top[i] = extreme(j, pair ? HF_STATE_CLOSENESS : state[phase] + i * PER, pair);
        top[2 + i] = extreme(j, HF_NEPD_W + i * PER, false);
    }
    for (int i = 0; i < (phase == HF_PHASE_I_PROTECTION ? 4 : 2); i++)
        hf_i_json_key_number(w, keys[i], top[i]);
    hf_i_json_object_end(w);
    hf_i_json_key(w, "findings");
    hf_i_json_array_begin(w);
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

static hf_status write_loop(const job *j)
{
    static const struct {
        const char *key;
        int phase;
    } stations[] = {{"need", HF_PHASE_I_NEED},
                    {"emotion", HF_PHASE_I_EMOTION},
                    {"protection", HF_PHASE_I_PROTECTION},
                    {"distance", HF_PHASE_I_DISTANCE},
                    {"repair", HF_PHASE_I_REPAIR}};
    hf_i_phase_rule rule;
    hf_i_figure_writer f;
    HF_TRY(hf_i_phase_rule_read(&rule, j->ctx));
    for (size_t i = 0; i < j->p->futures; i++)
        phases_of(j, &rule, i);
    hf_i_figure_begin(&f, j->ctx);
    hf_i_json_key(&f.json, "stations");
    hf_i_json_array_begin(&f.json);
    for (size_t i = 0; i < HF_COUNT_OF(stations); i++)
        write_station(j, &f.json, stations[i].key, stations[i].phase);
    hf_i_json_array_end(&f.json);
    return hf_i_figure_end(&f, j->out, "loop", "loop", "figure.loop");
}

/* ---- statements ------------------------------------------------------------------------------ */

static hf_finding blank(const job *j, const char *id, const char *text_key)
{
    bool fan = j->p->futures > 1;
    return (hf_finding){.id = id,
                        .mechanism = "",
                        .about = HF_PARTNER_AB,
                        .estimate = NAN,
                        .lo = NAN,
                        .hi = NAN,
                        .level = fan ? 0.9 : NAN,
                        .n = j->p->futures,
                        .base_rate = NAN,
                        .status = HF_FINDING_HYPOTHESIS,
                        .grade = '-',
                        .visibility = HF_VISIBLE_JOINT,
                        .text_key = text_key};
}

static hf_status write_findings(const job *j)
{
    bool fan = j->p->futures > 1;
    double q[HF_FAN_LEVELS], share[3];
    double days = hf_paths_get_time(j->p, j->p->times - 1) / 24;
    hf_finding_value values[] = {{"days", days, NULL}, {"start", 0, NULL}};
    hf_finding f = blank(j, "sim_closeness.ab", fan ? "sim_closeness.fan" : "sim_closeness");
    hf_i_paths_fan(j->p, 0, j->p->times - 1, HF_STATE_CLOSENESS, j->scratch, q);
    values[1].number = hf_paths_get_state(j->p, 0, 0, 0)[HF_STATE_CLOSENESS];
    f.values = values;
    f.value_count = HF_COUNT_OF(values);
    f.estimate = q[2];
    if (fan) {
        f.lo = q[0];
        f.hi = q[4];
    }
    HF_TRY(hf_findings_add(j->out, &f));
    f = blank(j, "sim_connection.ab", fan ? "sim_connection.fan" : "sim_connection");
    share_of(j, HF_PHASE_I_CONNECTION, share);
    f.unit = "share";
    f.estimate = share[0];
    if (fan) {
        f.lo = share[1];
        f.hi = share[2];
    }
    return hf_findings_add(j->out, &f);
}

static hf_status write_rest_findings(const job *j, const hf_exploration *found)
{
    size_t stable = 0;
    for (size_t k = 0; k < found->rest_count; k++)
        stable += found->rest[k].stable;
    hf_finding_value values[] = {{"stable", (double)stable, NULL},
                                 {"unstable", (double)(found->rest_count - stable), NULL}};
    hf_finding f = blank(j, "sim_rest.ab", "sim_rest");
    f.n = 0;
    f.level = NAN;
    f.values = values;
    f.value_count = HF_COUNT_OF(values);
    HF_TRY(hf_findings_add(j->out, &f));
    return hf_i_cycle_finding(j->out, found);
}

static hf_status fill(const job *j, const char *const origin[2], const char *made_on)
{
    hf_i_explorer e;
    hf_exploration found;
    HF_TRY(hf_i_model_header(j->out, j->ctx, "simulation", NULL, true, made_on, "simulation"));
    HF_TRY(write_loop(j));
    HF_TRY(write_findings(j));
    HF_TRY(write_fan(j, true));
    HF_TRY(write_fan(j, false));
    hf_i_explorer_init(&e, j->ctx, &j->p->pair[0], 0, &j->p->constants);
    HF_TRY(hf_i_explore(&found, &e));
    hf_status status = write_rest_findings(j, &found);
    if (status == HF_OK)
        status = write_portrait(j, &e, &found);
    hf_exploration_dispose(&found, j->ctx);
    HF_TRY(status);
    return hf_i_origin_table(j->out, j->ctx, &j->p->pair[0], origin, j->p->trait_sd,
                             &j->p->constants, j->p->own_constants);
}

hf_status hf_paths_to_findings(hf_findings **out, hf_ctx *ctx, const hf_paths *p,
                               const char *const origin[2], const char *made_on)
{
    *out = NULL;
    if (p->noisy && p->futures < 20)
        return hf_i_fail(ctx, HF_E_USAGE, "Simulate 20 futures or more.",
                         "a noisy path alone looks like a forecast and is not drawn");
    job j = {.p = p, .ctx = ctx};
    j.every = (p->times + MOST_TIMES - 1) / MOST_TIMES;
    j.times = (p->times - 1) / j.every + 1;
    j.scratch = hf_i_alloc(ctx, p->futures * sizeof *j.scratch);
    j.bands = hf_i_alloc(ctx, HF_FAN_LEVELS * j.times * sizeof *j.bands);
    j.shares = hf_i_alloc(ctx, HF_PHASE_I_COUNT * p->futures * sizeof *j.shares);
    hf_status status = j.scratch && j.bands && j.shares ? hf_findings_new(&j.out, ctx) : HF_E_NOMEM;
    if (status == HF_OK)
        status = fill(&j, origin, made_on);
    hf_i_free(ctx, j.scratch);
    hf_i_free(ctx, j.bands);
    hf_i_free(ctx, j.shares);
    if (status == HF_OK)
        *out = j.out;
    else
        hf_findings_free(j.out);
    return status;
}
