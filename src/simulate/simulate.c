/* SPDX-License-Identifier: MIT */
/* Paths of many pairs: four in the lanes, groups of four over the threads. */
#include <holdfast/simulate.h>

#include "model/nepd/dopri.h"
#include "model/nepd/nepd.h"
#include "num/random.h"
#include "simulate/changes.h"
#include "simulate/paths.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    double anxiety, avoidance;
} presets[] = {
    {"secure", -0.5, -0.5}, {"anxious", 0.9, -0.4}, {"avoidant", -0.3, 0.9}, {"fearful", 0.9, 0.9}};

hf_status hf_trait_preset(hf_ctx *ctx, const char *name, double *anxiety, double *avoidance)
{
    for (size_t i = 0; i < HF_COUNT_OF(presets); i++)
        if (strcmp(presets[i].name, name) == 0) {
            *anxiety = presets[i].anxiety;
            *avoidance = presets[i].avoidance;
            return HF_OK;
        }
    return hf_i_fail(ctx, HF_E_NOT_FOUND,
                     "The reference traits are secure, anxious, avoidant and fearful; or give "
                     "numbers as ANXIETY,AVOIDANCE.",
                     "there are no traits named '%s'", name);
}

const char *hf_state_name(int state)
{
    static const char *const names[HF_STATE_COUNT] = {
        "n_a", "d_a", "p_a", "w_a", "v_a", "f_a", "s_a", "z_a", "m_a", "n_b",
        "d_b", "p_b", "w_b", "v_b", "f_b", "s_b", "z_b", "m_b", "C"};
    return state >= 0 && state < HF_STATE_COUNT ? names[state] : "";
}

typedef struct {
    hf_ctx *ctx;
    const hf_pair *pairs;
    hf_simulate_options o;
    hf_i_nepd_constants k;
    hf_paths *paths;
} work;

static hf_status check(hf_ctx *ctx, const hf_pair *pairs, size_t count,
                       const hf_simulate_options *o)
{
    if (o->size != sizeof *o || count == 0 || o->futures == 0)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "no pair, no future, or options of another size");
    if (!(o->hours > 0 && o->every > 0 && o->every <= o->hours && o->hours <= 1e7))
        return hf_i_fail(ctx, HF_E_RANGE, "Give a length above 0 and an interval within it.",
                         "a path of %g hours, shown every %g", o->hours, o->every);
    if (!(o->step > 0 && o->step <= 0.5))
        return hf_i_fail(ctx, HF_E_RANGE,
                         "Protection moves with a rate of 2 per hour: use at most 0.5 h, better "
                         "0.125 h.",
                         "a step of %g hours is too long or not above 0", o->step);
    if (!(o->tolerance >= 1e-13 && o->tolerance <= 0.1))
        return hf_i_fail(ctx, HF_E_RANGE, NULL, "a tolerance of %g (1e-13 to 0.1)", o->tolerance);
    if (!(o->closeness >= 0 && o->closeness <= 1) || !(o->trait_sd >= 0 && o->trait_sd <= 3))
        return hf_i_fail(ctx, HF_E_RANGE, NULL, "closeness lies in 0..1, trait_sd in 0..3");
    for (size_t i = 0; i < count; i++)
        for (int j = 0; j < 2; j++)
            if (!(fabs(pairs[i].anxiety[j]) <= 5 && fabs(pairs[i].avoidance[j]) <= 5))
                return hf_i_fail(ctx, HF_E_RANGE, "Traits are z-scores: use -3 to 3.",
                                 "traits %g, %g of partner %c are out of range",
                                 pairs[i].anxiety[j], pairs[i].avoidance[j], 'a' + j);
    return hf_i_changes_check(ctx, o->changes, o->change_count);
}

/* Streams: 0 for noise, 1 for traits; the replicate is the path's number. */
void hf_i_path_traits(const hf_pair *pair, double trait_sd, uint64_t seed, size_t index,
                      double anxiety[2], double avoidance[2])
{
    hf_i_random r;
    hf_i_random_init(&r, seed, 1, index);
    for (int i = 0; i < 2; i++) {
        anxiety[i] = pair->anxiety[i];
        avoidance[i] = pair->avoidance[i];
        if (trait_sd > 0) {
            anxiety[i] += trait_sd * hf_i_random_normal(&r);
            avoidance[i] += trait_sd * hf_i_random_normal(&r);
        }
    }
}

static void lane_traits(const work *w, hf_i_nepd *m, int lane, size_t path)
{
    double x[2], y[2];
    hf_i_path_traits(&w->pairs[path / w->o.futures], w->o.trait_sd, w->o.seed, path, x, y);
    hf_i_nepd_set_traits(m, lane, x, y);
}

typedef struct {
    hf_i_nepd model;
    hf_v4 x[HF_NEPD_STATES];
    hf_i_random noise[HF_LANES];
    double dopri_step;
} group;

/* From t to `to` with constant inputs. */
static void advance(const work *w, group *g, const hf_i_nepd_input *in, double length)
{
    uint64_t steps = (uint64_t)ceil(length / w->o.step - 1e-9);
    double dt = length / (double)(steps ? steps : 1);
    if (w->o.integrator == HF_INTEGRATE_DOPRI5) {
        hf_i_nepd_dopri5(&g->model, in, g->x, length, w->o.tolerance, &g->dopri_step);
    } else if (w->o.integrator == HF_INTEGRATE_RK4) {
        hf_i_nepd_rk4(&g->model, in, g->x, dt, steps);
    } else {
        for (uint64_t s = 0; s < steps; s++) {
            hf_v4 z[3];
            for (int q = 0; q < 3; q++)
                for (int l = 0; l < HF_LANES; l++)
                    z[q][l] = hf_i_random_normal(&g->noise[l]);
            hf_i_nepd_heun(&g->model, in, g->x, dt, z);
        }
    }
}

static void start_group(const work *w, group *g, size_t first, int lanes)
{
    size_t all = w->paths->pairs * w->paths->futures;
    memset(g, 0, sizeof *g);
    g->model.k = &w->k;
    for (int l = 0; l < HF_LANES; l++) {
        size_t path = first + (size_t)(l < lanes ? l : 0);
        path = path < all ? path : first;
        lane_traits(w, &g->model, l, path);
        hf_i_random_init(&g->noise[l], w->o.seed, 0, path);
    }
    hf_i_nepd_start(g->x, w->o.closeness);
    if (w->o.start)
        for (int i = 0; i < HF_STATE_COUNT; i++)
            g->x[i] = hf_i_v4_all(w->o.start[i]);
}

static hf_status run_group(void *user, size_t index, int worker)
{
    const work *w = user;
    size_t width = w->o.integrator == HF_INTEGRATE_DOPRI5 ? 1 : HF_LANES;
    size_t first = index * width, all = w->paths->pairs * w->paths->futures;
    int lanes = (int)(all - first < width ? all - first : width);
    double t = 0;
    group g;
    (void)worker;
    start_group(w, &g, first, lanes);
    for (size_t k = 0; k < w->paths->times; k++) {
        double to = (double)k * w->o.every;
        while (t < to) {
            double next = hf_i_changes_next(w->o.changes, w->o.change_count, t, to);
            hf_i_nepd_input in;
            hf_i_changes_at(&in, w->o.changes, w->o.change_count, t);
            hf_i_nepd_prepare(&g.model, &in);
            advance(w, &g, &in, next - t);
            t = next;
        }
        if ((k & 63) == 0 && hf_i_cancelled(w->ctx))
            return hf_i_fail(w->ctx, HF_E_CANCELLED, NULL, "interrupted while simulating");
        for (int l = 0; l < lanes; l++) {
            double *to_state =
                w->paths->state + ((first + (size_t)l) * w->paths->times + k) * HF_STATE_COUNT;
            for (int i = 0; i < HF_STATE_COUNT; i++)
                to_state[i] = g.x[i][l];
        }
    }
    return HF_OK;
}

hf_status hf_simulate(hf_paths **out, hf_ctx *ctx, const hf_pair *pairs, size_t count,
                      const hf_simulate_options *options)
{
    hf_simulate_options defaults = HF_SIMULATE_OPTIONS_INIT;
    work w = {.ctx = ctx, .pairs = pairs, .o = options ? *options : defaults};
    *out = NULL;
    HF_TRY(check(ctx, pairs, count, &w.o));
    HF_TRY(w.o.constants ? hf_i_nepd_constants_read(&w.k, ctx, w.o.constants)
                         : hf_i_nepd_constants_default(&w.k, ctx));
    hf_paths *p = hf_i_calloc(ctx, 1, sizeof *p);
    if (!p)
        return HF_E_NOMEM;
    *p = (hf_paths){.ctx = ctx,
                    .pairs = count,
                    .futures = w.o.futures,
                    .every = w.o.every,
                    .trait_sd = w.o.trait_sd,
                    .noisy = w.o.integrator == HF_INTEGRATE_HEUN,
                    .seed = w.o.seed,
                    .own_constants = w.o.constants != NULL,
                    .constants = w.k};
    p->times = (size_t)floor(w.o.hours / w.o.every + 1e-9) + 1;
    size_t all = count * w.o.futures;
    double doubles = (double)all * (double)p->times * HF_STATE_COUNT;
    if (doubles < 4e9)
        p->state = hf_i_alloc(ctx, (size_t)doubles * sizeof *p->state);
    else
        hf_i_fail(ctx, HF_E_LIMIT, "Show fewer times or fewer futures.",
                  "the paths would need %.0f GB", doubles * 8e-9);
    p->pair = hf_i_alloc(ctx, count * sizeof *p->pair);
    if (p->pair)
        memcpy(p->pair, pairs, count * sizeof *p->pair);
    p->change_count = w.o.change_count;
    p->changes = hf_i_alloc(ctx, (p->change_count + 1) * sizeof *p->changes);
    if (p->changes && p->change_count)
        memcpy(p->changes, w.o.changes, p->change_count * sizeof *p->changes);
    if (!p->state || !p->pair || !p->changes) {
        hf_status s = hf_ctx_get_error(ctx)->status;
        hf_paths_free(p);
        return s;
    }
    w.paths = p;
    size_t width = w.o.integrator == HF_INTEGRATE_DOPRI5 ? 1 : HF_LANES;
    hf_status s = hf_i_parallel_for(ctx, (all + width - 1) / width, run_group, &w);
    if (s != HF_OK) {
        hf_paths_free(p);
        return s;
    }
    *out = p;
    return HF_OK;
}

void hf_paths_free(hf_paths *paths)
{
    if (!paths)
        return;
    hf_i_free(paths->ctx, paths->state);
    hf_i_free(paths->ctx, paths->pair);
    hf_i_free(paths->ctx, paths->changes);
    hf_i_free(paths->ctx, paths);
}

size_t hf_paths_count_times(const hf_paths *paths)
{
    return paths->times;
}

size_t hf_paths_count_futures(const hf_paths *paths)
{
    return paths->futures;
}

double hf_paths_get_time(const hf_paths *paths, size_t index)
{
    return (double)index * paths->every;
}

const double *hf_paths_get_state(const hf_paths *paths, size_t pair, size_t future, size_t time)
{
    return paths->state + ((pair * paths->futures + future) * paths->times + time) * HF_STATE_COUNT;
}
