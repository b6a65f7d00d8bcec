/* SPDX-License-Identifier: MIT */
#include "infer/likelihood.h"

#include <math.h>
#include <string.h>

/* Discretised matrices are kept per distinct interval up to this many bytes a worker. */
#define CACHE_BYTES ((size_t)96 << 20)
#define DUAL_BYTES  128 /* the widest scalar */

/* Of the integrator, relative: log-likelihoods come out to about a thousandth of it. */
#define HF_TOLERANCE 1e-7

/* Below this many scalar operations (about 1 ms) threads cost more than they bring. */
#define THREAD_WORK 2e6

static hf_status make_patterns(hf_i_problem *p)
{
    const hf_model *mo = p->model;
    p->patterns = hf_i_calloc(p->ctx, mo->n_regimes * mo->m, sizeof *p->patterns);
    if (!p->patterns)
        return HF_E_NOMEM;
    for (size_t r = 0; r < mo->n_regimes * mo->m; r++) {
        hf_i_pattern *pat = &p->patterns[r];
        const hf_i_x *h = mo->observe_dx + r * mo->n;
        for (size_t i = 0; i < mo->n; i++)
            if (h[i] != HF_X_ZERO)
                pat->index[pat->count++] = (uint8_t)i;
        pat->unit = pat->count == 1 && h[pat->index[0]] == HF_X_ONE;
    }
    return HF_OK;
}

static void choose_path(hf_i_problem *p)
{
    const hf_model *mo = p->model;
    bool gaussian = true;
    for (size_t j = 0; j < mo->m; j++)
        gaussian &= mo->obs_kind[j] == HF_OBSERVE_GAUSSIAN;
    size_t n = mo->n, bytes = mo->n_regimes * p->panel->n_intervals * (3 * n * n + n) * DUAL_BYTES;
    p->cached = mo->linear_drift && !mo->matrices_by_row && bytes <= CACHE_BYTES;
    p->shared =
        p->cached && mo->linear_observe && gaussian && mo->n_regimes == 1 && !mo->error_correlated;
    for (size_t b = 0; b < p->panel->n_blocks; b++)
        if (p->panel->blocks[b].rows > p->max_rows)
            p->max_rows = p->panel->blocks[b].rows;
}

static hf_status make_workspaces(hf_likelihood *l)
{
    l->threads = hf_ctx_get_threads(l->ctx);
    if ((size_t)l->threads > l->panel.n_blocks)
        l->threads = (int)l->panel.n_blocks;
    size_t size = 0;
    for (int d = 0; d <= HF_MAX_DIRECTIONS; d += 4) {
        size_t need = hf_i_kernel_get(d, false)->workspace(&l->problem);
        size = need > size ? need : size;
    }
    l->memory = hf_i_calloc(l->ctx, (size_t)l->threads, sizeof *l->memory);
    l->work = hf_i_calloc(l->ctx, (size_t)l->threads, sizeof *l->work);
    if (!l->memory || !l->work)
        return HF_E_NOMEM;
    for (int t = 0; t < l->threads; t++) {
        l->memory[t] = hf_i_calloc(l->ctx, 1, size + 64);
        if (!l->memory[t])
            return HF_E_NOMEM;
        l->work[t] = (void *)(((uintptr_t)l->memory[t] + 63) & ~(uintptr_t)63);
    }
    return HF_OK;
}

static hf_status make(hf_likelihood *l, const hf_model *model, const hf_dyads *data,
                      const hf_likelihood_options *o)
{
    hf_ctx *ctx = l->ctx;
    bool alike = model->linear_drift && model->linear_observe && model->n_regimes == 1;
    HF_TRY(hf_i_panel_make(&l->panel, ctx, model, data, o->first_step, alike));
    HF_TRY(hf_i_program_make(&l->program, ctx, model));
    l->problem = (hf_i_problem){.ctx = ctx,
                                .model = model,
                                .program = &l->program,
                                .panel = &l->panel,
                                .first_step = o->first_step,
                                .tolerance = o->tolerance > 0 ? o->tolerance : HF_TOLERANCE};
    HF_TRY(make_patterns(&l->problem));
    choose_path(&l->problem);
    HF_TRY(make_workspaces(l));
    l->theta = hf_i_calloc(ctx, model->n_params + 1, sizeof *l->theta);
    l->by_dyad = hf_i_calloc(ctx, data->n_dyads, sizeof *l->by_dyad);
    l->slopes = hf_i_calloc(ctx, data->n_dyads * HF_MAX_DIRECTIONS, sizeof *l->slopes);
    return l->theta && l->by_dyad && l->slopes ? HF_OK : HF_E_NOMEM;
}

hf_status hf_likelihood_new(hf_likelihood **out, hf_ctx *ctx, const hf_model *model,
                            const hf_dyads *data, const hf_likelihood_options *options)
{
    hf_likelihood_options defaults = HF_LIKELIHOOD_OPTIONS_INIT;
    *out = NULL;
    if (options && options->size != sizeof *options)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another size");
    hf_likelihood *l = hf_i_calloc(ctx, 1, sizeof *l);
    if (!l)
        return HF_E_NOMEM;
    l->ctx = ctx;
    hf_status s = make(l, model, data, options ? options : &defaults);
    if (s == HF_OK)
        *out = l;
    else
        hf_likelihood_free(l);
    return s;
}

void hf_likelihood_free(hf_likelihood *l)
{
    if (!l)
        return;
    hf_ctx *ctx = l->ctx;
    for (int t = 0; l->memory && t < l->threads; t++)
        hf_i_free(ctx, l->memory[t]);
    hf_i_free(ctx, l->memory);
    hf_i_free(ctx, l->work);
    hf_i_free(ctx, l->problem.patterns);
    hf_i_free(ctx, l->theta);
    hf_i_free(ctx, l->by_dyad);
    hf_i_free(ctx, l->slopes);
    hf_i_program_dispose(&l->program);
    hf_i_panel_dispose(&l->panel);
    hf_i_free(ctx, l);
}

/* ---- evaluating -------------------------------------------------------------------------------
 */

typedef struct {
    hf_likelihood *l;
    const hf_i_kernel *kernel;
    const int *direction;
} pass;

static hf_status run_block(void *user, size_t index, int worker)
{
    pass *p = user;
    hf_likelihood *l = p->l;
    p->kernel->run(&l->problem, l->work[worker], &l->panel.blocks[index], l->by_dyad, l->slopes,
                   NULL);
    return HF_OK;
}

static bool worth_threads(const hf_likelihood *l, int directions)
{
    const hf_model *m = l->problem.model;
    double n = (double)m->n, k = (double)m->n_regimes;
    double per_row = k * k * n * n * n * (m->linear_drift ? 2 : 50);
    return l->threads > 1 && (double)l->panel.n_rows * per_row * (1 + directions) > THREAD_WORK;
}

static hf_status run_pass(hf_likelihood *l, int directions, const int *direction)
{
    pass p = {l, hf_i_kernel_get(directions, l->plain), direction};
    bool threads = worth_threads(l, directions);
    if (hf_i_cancelled(l->ctx))
        return hf_i_fail(l->ctx, HF_E_CANCELLED, NULL, "interrupted");
    l->evaluations++;
    for (int t = 0; t < (threads ? l->threads : 1); t++)
        p.kernel->begin(&l->problem, l->work[t], l->theta, direction);
    if (threads)
        return hf_i_parallel_for(l->ctx, l->panel.n_blocks, run_block, &p);
    for (size_t b = 0; b < l->panel.n_blocks; b++)
        run_block(&p, b, 0);
    return HF_OK;
}

static double total(const hf_likelihood *l)
{
    double sum = 0;
    for (size_t i = 0; i < l->panel.n_dyads; i++)
        sum += l->by_dyad[i];
    return sum == sum && sum > -INFINITY && sum < INFINITY ? sum : -INFINITY;
}

static void set_theta(hf_likelihood *l, const double *theta)
{
    const hf_model *m = l->problem.model;
    for (size_t i = 0; i < m->n_params; i++)
        l->theta[i] = theta[m->params[i].same_as >= 0 ? (size_t)m->params[i].same_as : i];
}

hf_status hf_likelihood_value(hf_likelihood *l, const double *theta, double *out)
{
    set_theta(l, theta);
    HF_TRY(run_pass(l, 0, NULL));
    *out = total(l);
    return HF_OK;
}

hf_status hf_i_likelihood_gradient(hf_likelihood *l, const double *theta, const int *free_params,
                                   size_t count, double *out, double *gradient)
{
    const hf_model *m = l->problem.model;
    int direction[HF_MODEL_MAX_PARAMS];
    set_theta(l, theta);
    if (count == 0)
        return hf_likelihood_value(l, theta, out);
    for (size_t from = 0; from < count; from += HF_MAX_DIRECTIONS) {
        int width = count - from < HF_MAX_DIRECTIONS ? (int)(count - from) : HF_MAX_DIRECTIONS;
        int directions = (width + 3) / 4 * 4;
        for (size_t i = 0; i < m->n_params; i++) {
            int base = m->params[i].same_as >= 0 ? m->params[i].same_as : (int)i;
            direction[i] = -1;
            for (int d = 0; d < width; d++)
                if (free_params[from + (size_t)d] == base)
                    direction[i] = d;
        }
        HF_TRY(run_pass(l, directions, direction));
        *out = total(l);
        for (int d = 0; d < width; d++) {
            double sum = 0;
            for (size_t i = 0; i < l->panel.n_dyads; i++)
                sum += l->slopes[i * (size_t)directions + (size_t)d];
            gradient[from + (size_t)d] = isfinite(*out) ? sum : 0.0;
        }
    }
    return HF_OK;
}

hf_status hf_likelihood_gradient(hf_likelihood *l, const double *theta, double *out,
                                 double *gradient)
{
    const hf_model *m = l->problem.model;
    int free_params[HF_MODEL_MAX_PARAMS] = {0};
    double g[HF_MODEL_MAX_PARAMS];
    size_t count = 0;
    for (size_t i = 0; i < m->n_params; i++)
        if (m->params[i].same_as < 0)
            free_params[count++] = (int)i;
    HF_TRY(hf_i_likelihood_gradient(l, theta, free_params, count, out, g));
    memset(gradient, 0, m->n_params * sizeof *gradient);
    for (size_t i = 0; i < count; i++)
        gradient[free_params[i]] = g[i];
    return HF_OK;
}

hf_status hf_i_likelihood_trace(hf_likelihood *l, const double *theta, size_t dyad,
                                hf_i_trace *trace, double *out)
{
    const hf_i_kernel *k = hf_i_kernel_get(0, l->plain);
    size_t at = 0;
    set_theta(l, theta);
    while (l->panel.order[at] != dyad)
        at++;
    hf_i_block block = {at, 1, l->panel.first_row[dyad + 1] - l->panel.first_row[dyad]};
    for (size_t c = 0; trace->innovation && c < block.rows * l->panel.m; c++)
        trace->innovation[c] = trace->innovation_var[c] = NAN;
    k->begin(&l->problem, l->work[0], l->theta, NULL);
    k->run(&l->problem, l->work[0], &block, l->by_dyad, NULL, trace);
    *out = l->by_dyad[dyad];
    return HF_OK;
}

const double *hf_likelihood_by_dyad(const hf_likelihood *likelihood)
{
    return likelihood->by_dyad;
}

size_t hf_likelihood_cells(const hf_likelihood *likelihood)
{
    return likelihood->panel.n_cells;
}
