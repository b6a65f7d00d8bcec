/* SPDX-License-Identifier: MIT */
/* Rest points, stability, cycles and the tipping stress of a pair. */
#include "simulate/explore.h"

#include "num/eigen.h"
#include "num/random.h"

#include <math.h>
#include <string.h>

enum { FREE = 13, STARTS = 12, RANDOM_STARTS = 400, NEWTON_MOST = 60, REST_MOST = 32 };

/* States that move within hours; security, adaptation and wounds are held. */
static const int free_state[FREE] = {0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, HF_NEPD_C};

static const double RESIDUAL = 1e-9, SAME = 1e-5, STEP = 0.125;

typedef hf_i_explorer explorer;

static void derivative(const explorer *e, const double *x, double *dx)
{
    hf_v4 state[HF_NEPD_STATES], slope[HF_NEPD_STATES];
    for (int i = 0; i < HF_NEPD_STATES; i++)
        state[i] = hf_i_v4_all(x[i]);
    hf_i_nepd_rhs(&e->model, &e->in, state, slope);
    for (int i = 0; i < HF_NEPD_STATES; i++)
        dx[i] = slope[i][0];
}

/* Central differences: the right-hand side has kinks, so an analytic form would not be truer. */
static void jacobian(const explorer *e, const double *x, double *jac)
{
    for (int c = 0; c < FREE; c++) {
        double up[HF_NEPD_STATES], down[HF_NEPD_STATES], fu[HF_NEPD_STATES], fd[HF_NEPD_STATES];
        double h = 1e-6 * (1 + fabs(x[free_state[c]]));
        memcpy(up, x, sizeof up);
        memcpy(down, x, sizeof down);
        up[free_state[c]] += h;
        down[free_state[c]] -= h;
        derivative(e, up, fu);
        derivative(e, down, fd);
        for (int r = 0; r < FREE; r++)
            jac[r + c * FREE] = (fu[free_state[r]] - fd[free_state[r]]) / (2 * h);
    }
}

static double residual_of(const explorer *e, const double *x, double *f)
{
    double dx[HF_NEPD_STATES], worst = 0;
    derivative(e, x, dx);
    for (int i = 0; i < FREE; i++) {
        f[i] = dx[free_state[i]];
        worst = fmax(worst, fabs(f[i]));
    }
    return worst;
}

/* Damped Newton. */
static bool newton(const explorer *e, double *x, double *residual)
{
    double f[FREE], jac[FREE * FREE];
    double now = residual_of(e, x, f);
    for (int iteration = 0; iteration < NEWTON_MOST && now > RESIDUAL; iteration++) {
        double trial[HF_NEPD_STATES], step[FREE], g[FREE], next = INFINITY;
        jacobian(e, x, jac);
        memcpy(step, f, sizeof step);
        if (!hf_i_solve(jac, step, FREE))
            return false;
        for (double damp = 1; damp > 1e-3; damp /= 2) {
            memcpy(trial, x, sizeof trial);
            for (int i = 0; i < FREE; i++)
                trial[free_state[i]] -= damp * step[i];
            next = residual_of(e, trial, g);
            if (next < now)
                break;
        }
        if (!(next < now))
            return false;
        memcpy(x, trial, sizeof trial);
        memcpy(f, g, sizeof f);
        now = next;
    }
    *residual = now;
    return now <= RESIDUAL;
}

static bool in_bounds(const double *x)
{
    for (int i = 0; i < FREE; i++) {
        int kind = free_state[i] % HF_NEPD_PER_PARTNER;
        bool unbounded = free_state[i] != HF_NEPD_C && (kind == HF_NEPD_N || kind == HF_NEPD_D);
        if (x[free_state[i]] < -1e-7 || (!unbounded && x[free_state[i]] > 1 + 1e-7))
            return false;
    }
    return true;
}

static hf_status note_rest(explorer *e, const double *x, double residual)
{
    hf_exploration *out = e->out;
    double jac[FREE * FREE], re[FREE], im[FREE];
    for (size_t k = 0; k < out->rest_count; k++) {
        double worst = 0;
        for (int i = 0; i < HF_NEPD_STATES; i++)
            worst = fmax(worst, fabs(out->rest[k].state[i] - x[i]));
        if (worst < SAME)
            return HF_OK;
    }
    if (out->rest_count == REST_MOST)
        return HF_OK;
    hf_rest_point *p = &out->rest[out->rest_count];
    memcpy(p->state, x, sizeof p->state);
    p->residual = residual;
    jacobian(e, x, jac);
    if (!hf_i_eigenvalues(jac, FREE, re, im))
        return hf_i_fail(e->ctx, HF_E_NOT_CONVERGED, NULL, "eigenvalues of a rest point");
    p->leading_re = -INFINITY;
    for (int i = 0; i < FREE; i++)
        if (re[i] > p->leading_re) {
            p->leading_re = re[i];
            p->leading_im = fabs(im[i]);
        }
    p->stable = p->leading_re < 0;
    out->rest_count++;
    return HF_OK;
}

static hf_status try_start(explorer *e, const double *start)
{
    double x[HF_NEPD_STATES], residual;
    memcpy(x, start, sizeof x);
    if (!newton(e, x, &residual) || !in_bounds(x))
        return HF_OK;
    for (int i = 0; i < HF_NEPD_STATES; i++)
        x[i] = fabs(x[i]) < 1e-12 ? 0 : x[i];
    return note_rest(e, x, residual);
}

/* ---- long paths: where the pair ends, and whether it cycles ---------------------------------- */

static const double SETTLE_H = 1200, WATCH_H = 600, CYCLE_LEAST = 0.02;

static void watch_cycle(explorer *e, const double *closeness, size_t n)
{
    double low = INFINITY, high = -INFINITY, first = -1, last = -1, middle;
    int crossings = 0;
    for (size_t t = 0; t < n; t++) {
        low = fmin(low, closeness[t]);
        high = fmax(high, closeness[t]);
    }
    middle = (low + high) / 2;
    for (size_t t = 1; t < n; t++)
        if (closeness[t - 1] < middle && closeness[t] >= middle) {
            double at =
                (double)t - 1 + (middle - closeness[t - 1]) / (closeness[t] - closeness[t - 1]);
            first = first < 0 ? at : first;
            last = at;
            crossings++;
        }
    if (high - low < CYCLE_LEAST || crossings < 3)
        return;
    e->out->cycles = true;
    e->out->period_h = (last - first) / (crossings - 1);
    e->out->cycle_low = low;
    e->out->cycle_high = high;
}

enum { WATCH_MOST = 601 };

/* Four starts at a time, one in each lane. */
static void long_paths(explorer *e, double ends[STARTS][HF_NEPD_STATES])
{
    static const double close[] = {.7, .95, .5, .3, .1, .02};
    for (int group = 0; group < STARTS; group += HF_LANES) {
        double closeness[HF_LANES][WATCH_MOST];
        hf_v4 x[HF_NEPD_STATES];
        hf_i_nepd_start(x, 0);
        for (int l = 0; l < HF_LANES; l++) {
            x[HF_NEPD_C][l] = close[(group + l) % 6];
            if (group + l >= 6) /* the same, alarmed */
                x[HF_NEPD_D][l] = x[HF_NEPD_PER_PARTNER + HF_NEPD_D][l] = 2.5;
        }
        hf_i_nepd_rk4(&e->model, &e->in, x, STEP, (uint64_t)(SETTLE_H / STEP));
        for (int t = 0; t < WATCH_MOST; t++) {
            for (int l = 0; l < HF_LANES; l++)
                closeness[l][t] = x[HF_NEPD_C][l];
            hf_i_nepd_rk4(&e->model, &e->in, x, STEP,
                          (uint64_t)(WATCH_H / (WATCH_MOST - 1) / STEP));
        }
        for (int l = 0; l < HF_LANES; l++) {
            watch_cycle(e, closeness[l], WATCH_MOST);
            for (int i = 0; i < HF_NEPD_STATES; i++)
                ends[group + l][i] = x[i][l];
        }
    }
}

static hf_status find_rest_points(explorer *e)
{
    double ends[STARTS][HF_NEPD_STATES], start[HF_NEPD_STATES];
    hf_i_random r;
    long_paths(e, ends);
    for (int i = 0; i < STARTS; i++)
        HF_TRY(try_start(e, ends[i]));
    for (int i = 0; i < STARTS; i++) /* saddles lie between */
        for (int j = 0; j < i; j++)
            for (double w = 0.1; w < 0.95; w += 0.2) {
                for (int s = 0; s < HF_NEPD_STATES; s++)
                    start[s] = w * ends[i][s] + (1 - w) * ends[j][s];
                HF_TRY(try_start(e, start));
            }
    hf_i_random_init(&r, 1, 3, 0);
    for (int i = 0; i < RANDOM_STARTS; i++) {
        memset(start, 0, sizeof start);
        for (int s = 0; s < FREE; s++)
            start[free_state[s]] = hf_i_random_uniform(&r) * (free_state[s] % 9 == 1 ? 3 : 1);
        HF_TRY(try_start(e, start));
    }
    return hf_i_progress(e->ctx, "exploring", 1, 1);
}

/* ---- the stress that tips -------------------------------------------------------------------- */

static const double STRESS_AT = 100, STRESS_MOST = 40, TIPPED = 0.3, AFTER_H = 300;

/* Closeness stays below TIPPED in the last third, for four stresses at once. */
static void tipped(const explorer *e, const double *stress, bool *out)
{
    hf_i_nepd_input in = e->in;
    hf_v4 x[HF_NEPD_STATES];
    double high[HF_LANES] = {0};
    hf_i_nepd_start(x, 0.7);
    hf_i_nepd_rk4(&e->model, &in, x, STEP, (uint64_t)(STRESS_AT / STEP));
    for (int l = 0; l < HF_LANES; l++)
        in.stress[0][l] = stress[l];
    hf_i_nepd_rk4(&e->model, &in, x, STEP, (uint64_t)(1 / STEP));
    hf_i_nepd_rk4(&e->model, &e->in, x, STEP, (uint64_t)(AFTER_H * 2 / 3 / STEP));
    for (int t = 0; t < 100; t++) {
        hf_i_nepd_rk4(&e->model, &e->in, x, STEP, (uint64_t)(AFTER_H / 300 / STEP));
        for (int l = 0; l < HF_LANES; l++)
            high[l] = fmax(high[l], x[HF_NEPD_C][l]);
    }
    for (int l = 0; l < HF_LANES; l++)
        out[l] = high[l] < TIPPED;
}

static double tipping_stress(const explorer *e)
{
    double lo = 0, hi = STRESS_MOST, s[HF_LANES] = {0, STRESS_MOST, STRESS_MOST, STRESS_MOST};
    bool t[HF_LANES];
    tipped(e, s, t);
    if (t[0])
        return 0;
    if (!t[1])
        return INFINITY;
    for (int round = 0; round < 8; round++) { /* each cuts the interval to a fifth */
        for (int l = 0; l < HF_LANES; l++)
            s[l] = lo + (hi - lo) * (l + 1) / 5.0;
        tipped(e, s, t);
        double low = lo, high = hi;
        for (int l = HF_LANES - 1; l >= 0; l--)
            if (t[l])
                high = s[l];
        for (int l = 0; l < HF_LANES; l++)
            if (s[l] < high)
                low = s[l];
        lo = low;
        hi = high;
    }
    return hi;
}

void hf_i_explorer_init(hf_i_explorer *e, hf_ctx *ctx, const hf_pair *pair, double soften,
                        const hf_i_nepd_constants *constants)
{
    *e = (explorer){.ctx = ctx, .k = *constants};
    e->model.k = &e->k;
    for (int l = 0; l < HF_LANES; l++)
        hf_i_nepd_set_traits(&e->model, l, pair->anxiety, pair->avoidance);
    hf_i_nepd_input_calm(&e->in);
    e->in.soften[0] = e->in.soften[1] = hf_i_v4_all(soften);
    hf_i_nepd_prepare(&e->model, &e->in);
}

hf_status hf_i_explore_check(hf_ctx *ctx, const hf_pair *pair, double soften)
{
    for (int i = 0; i < 2; i++)
        if (!(fabs(pair->anxiety[i]) <= 5 && fabs(pair->avoidance[i]) <= 5))
            return hf_i_fail(ctx, HF_E_RANGE, "Traits are z-scores: use -3 to 3.",
                             "traits %g, %g of partner %c are out of range", pair->anxiety[i],
                             pair->avoidance[i], 'a' + i);
    if (!(soften >= 0 && soften <= 1))
        return hf_i_fail(ctx, HF_E_RANGE, NULL, "softening %g is out of range (0 to 1)", soften);
    return HF_OK;
}

hf_status hf_i_explore(hf_exploration *out, hf_i_explorer *e)
{
    memset(out, 0, sizeof *out);
    e->out = out;
    out->rest = hf_i_calloc(e->ctx, REST_MOST, sizeof *out->rest);
    if (!out->rest)
        return HF_E_NOMEM;
    hf_status status = find_rest_points(e);
    if (status != HF_OK)
        hf_exploration_dispose(out, e->ctx);
    else
        out->tipping_stress = tipping_stress(e);
    return status;
}

hf_status hf_explore(hf_exploration *out, hf_ctx *ctx, const hf_pair *pair, double soften,
                     const char *constants)
{
    hf_i_nepd_constants k;
    explorer e;
    memset(out, 0, sizeof *out);
    HF_TRY(hf_i_explore_check(ctx, pair, soften));
    HF_TRY(constants ? hf_i_nepd_constants_read(&k, ctx, constants)
                     : hf_i_nepd_constants_default(&k, ctx));
    hf_i_explorer_init(&e, ctx, pair, soften, &k);
    return hf_i_explore(out, &e);
}

void hf_exploration_dispose(hf_exploration *exploration, hf_ctx *ctx)
{
    hf_i_free(ctx, exploration->rest);
    exploration->rest = NULL;
    exploration->rest_count = 0;
}
