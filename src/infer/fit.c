/* SPDX-License-Identifier: MIT */
#include "infer/fit.h"

#include "infer/transform.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void hf_i_fit_note(hf_fit *fit, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (fit->n_notes == HF_FIT_MAX_NOTES)
        return;
    const char *copy = hf_i_arena_strndup(&fit->arena, text, strlen(text));
    if (copy)
        fit->notes[fit->n_notes++] = copy;
}

void hf_i_fit_theta_of(const hf_fit *fit, const double *u, double *theta, double *slope)
{
    double s;
    for (size_t i = 0; i < fit->free_count; i++) {
        int p = fit->free_params[i];
        theta[p] = hf_i_from_scale(u[i], fit->lower[p], fit->upper[p], &s);
        if (slope)
            slope[i] = s;
    }
}

void hf_i_fit_u_of(const hf_fit *fit, const double *theta, double *u)
{
    for (size_t i = 0; i < fit->free_count; i++) {
        int p = fit->free_params[i];
        double x = hf_i_to_scale(theta[p], fit->lower[p], fit->upper[p]);
        u[i] = x < -HF_SCALE_END && isfinite(fit->lower[p])  ? -HF_SCALE_END
               : x > HF_SCALE_END && isfinite(fit->upper[p]) ? HF_SCALE_END
                                                             : x;
    }
}

hf_status hf_i_fit_value(hf_fit *fit, const double *u, double *loglik)
{
    hf_i_fit_theta_of(fit, u, fit->theta, NULL);
    fit->summary.evaluations++;
    return hf_likelihood_value(fit->likelihood, fit->theta, loglik);
}

hf_status hf_i_fit_gradient(hf_fit *fit, const double *u, double *loglik, double *gradient)
{
    double *slope = fit->work;
    hf_i_fit_theta_of(fit, u, fit->theta, slope);
    fit->summary.evaluations++;
    HF_TRY(hf_i_likelihood_gradient(fit->likelihood, fit->theta, fit->free_params, fit->free_count,
                                    loglik, gradient));
    for (size_t i = 0; i < fit->free_count; i++)
        gradient[i] *= slope[i];
    return HF_OK;
}

void hf_i_fit_drop(hf_fit *fit, int parameter)
{
    size_t kept = 0;
    for (size_t i = 0; i < fit->free_count; i++)
        if (fit->free_params[i] != parameter)
            fit->free_params[kept++] = fit->free_params[i];
    fit->free_count = kept;
}

/* ---- start values
 * --------------------------------------------------------------------------------- */

static hf_status check_value(hf_fit *fit, size_t i, double x, bool free_one)
{
    const hf_i_param *q = &fit->model->params[i];
    bool inside = x >= q->lower && x <= q->upper;
    if (!isfinite(x) || !inside)
        return hf_i_fail(fit->ctx, HF_E_RANGE, "See the bounds with 'holdfast models'.",
                         "the value given for '%s' is outside its bounds", q->name);
    if (free_one && !fit->options.evaluate && (x == q->lower || x == q->upper))
        return hf_i_fail(fit->ctx, HF_E_RANGE, "Start inside the bounds, or hold it with --fix.",
                         "'%s' cannot start on its bound", q->name);
    return HF_OK;
}

static hf_status set_start(hf_fit *fit)
{
    const hf_model *m = fit->model;
    const hf_fit_options *o = &fit->options;
    for (size_t i = 0; i < fit->n; i++) {
        const hf_i_param *q = &m->params[i];
        bool fixed = o->fixed && !isnan(o->fixed[i]);
        fit->lower[i] = q->lower;
        fit->upper[i] = q->upper;
        fit->theta[i] = q->start;
        if (o->start && !isnan(o->start[i]))
            fit->theta[i] = o->start[i];
        if (fixed)
            fit->theta[i] = o->fixed[i];
        fit->estimates[i].name = q->name;
        fit->estimates[i].fixed = fixed;
        if (q->same_as < 0) {
            HF_TRY(check_value(fit, i, fit->theta[i], !fixed));
            if (!fixed)
                fit->free_params[fit->free_count++] = (int)i;
        }
    }
    for (size_t i = 0; i < fit->n; i++)
        if (m->params[i].same_as >= 0)
            fit->theta[i] = fit->theta[m->params[i].same_as];
    return HF_OK;
}

static const char *method_name(const hf_model *m)
{
    bool gaussian = true;
    for (size_t j = 0; j < m->m; j++)
        gaussian &= m->obs_kind[j] == HF_OBSERVE_GAUSSIAN;
    bool linear = m->linear_drift && m->linear_observe;
    if (m->n_regimes > 1)
        return linear && gaussian ? "Kim filter" : "extended Kim filter";
    if (!gaussian)
        return "extended Kalman filter with Laplace updates";
    return linear ? "exact Kalman filter" : "extended Kalman filter";
}

static void *zeroed(hf_fit *fit, size_t count, size_t size)
{
    void *p = hf_i_arena_alloc(&fit->arena, (count ? count : 1) * size);
    if (p)
        memset(p, 0, (count ? count : 1) * size);
    return p;
}

static hf_status make(hf_fit *fit, const hf_dyads *data)
{
    size_t n = fit->n = fit->model->n_params;
    fit->free_params = zeroed(fit, n, sizeof(int));
    fit->lower = zeroed(fit, n, sizeof(double));
    fit->upper = zeroed(fit, n, sizeof(double));
    fit->theta = zeroed(fit, n, sizeof(double));
    fit->hessian = zeroed(fit, n * n, sizeof(double));
    fit->covariance = zeroed(fit, n * n, sizeof(double));
    fit->estimates = zeroed(fit, n, sizeof(hf_estimate));
    fit->work = zeroed(fit, 16 * n + 6 * n * n, sizeof(double));
    if (!fit->free_params || !fit->lower || !fit->upper || !fit->theta || !fit->hessian ||
        !fit->covariance || !fit->estimates || !fit->work)
        return HF_E_NOMEM;
    for (size_t i = 0; i < n * n; i++)
        fit->covariance[i] = NAN;
    HF_TRY(set_start(fit));
    HF_TRY(
        hf_likelihood_new(&fit->likelihood, fit->ctx, fit->model, data, &fit->options.likelihood));
    hf_fit_summary *s = &fit->summary;
    s->n_dyads = data->n_dyads;
    s->n_occasions = data->first_row[data->n_dyads];
    s->n_cells = hf_likelihood_cells(fit->likelihood);
    s->n_free = fit->free_count;
    s->method = method_name(fit->model);
    s->condition = s->gradient_norm = s->decrement = NAN;
    return HF_OK;
}

/* ---- the fit
 * ---------------------------------------------------------------------------------------- */

static hf_status evaluate(hf_fit *fit)
{
    hf_fit_summary *s = &fit->summary;
    s->evaluations = 1;
    s->reason = "evaluated";
    HF_TRY(hf_likelihood_value(fit->likelihood, fit->theta, &s->loglik));
    if (!isfinite(s->loglik)) {
        s->reason = "not finite";
        hf_i_fit_note(fit, "The log-likelihood is not finite here: the drift explodes, a variance "
                           "is negative, or an observation has no variance left.");
    }
    return HF_OK;
}

/* A parameter that the search drove to its bound is put on it when that costs nothing. */
static hf_status settle_bounds(hf_fit *fit, double *u)
{
    for (size_t i = 0; i < fit->free_count; i++) {
        int p = fit->free_params[i];
        double x = fit->theta[p], gap_low = x - fit->lower[p], gap_high = fit->upper[p] - x, ll;
        double width = isfinite(gap_low + gap_high) ? gap_low + gap_high : 1;
        bool low = gap_low < 1e-3 * width, high = !low && gap_high < 1e-3 * width;
        if (!low && !high)
            continue;
        fit->theta[p] = low ? fit->lower[p] : fit->upper[p];
        fit->summary.evaluations++;
        HF_TRY(hf_likelihood_value(fit->likelihood, fit->theta, &ll));
        if (!(ll >= fit->summary.loglik - 1e-7)) {
            fit->theta[p] = x;
            continue;
        }
        fit->summary.loglik = ll;
        fit->estimates[p].on_bound = true;
        hf_i_fit_note(fit, "'%s' is on its bound: no standard error.", fit->model->params[p].name);
        hf_i_fit_drop(fit, p);
        fit->hessian_fresh = false;
        hf_i_fit_u_of(fit, fit->theta, u);
        i--;
    }
    return HF_OK;
}

static void finish(hf_fit *fit)
{
    hf_fit_summary *s = &fit->summary;
    const hf_model *m = fit->model;
    for (size_t i = 0; i < fit->n; i++) {
        size_t base = m->params[i].same_as >= 0 ? (size_t)m->params[i].same_as : i;
        fit->theta[i] = fit->theta[base];
        if (base != i) {
            fit->estimates[i] = fit->estimates[base];
            fit->estimates[i].name = m->params[i].name;
        }
        fit->estimates[i].estimate = fit->theta[i];
    }
    s->aic = -2 * s->loglik + 2 * (double)s->n_free;
    s->bic = -2 * s->loglik + log((double)s->n_cells) * (double)s->n_free;
}

static hf_status fit_free(hf_fit *fit, const hf_dyads *data)
{
    double u[HF_MODEL_MAX_PARAMS] = {0};
    HF_TRY(hf_i_fit_check(fit, data));
    HF_TRY(hf_i_fit_search(fit, u));
    if (!isfinite(fit->summary.loglik))
        return hf_i_fail(fit->ctx, HF_E_NOT_CONVERGED,
                         "Give values nearer to the truth with --start NAME=VALUE.",
                         "the log-likelihood is not finite at any start: the drift explodes or an "
                         "observation has no variance left");
    HF_TRY(settle_bounds(fit, u));
    HF_TRY(hf_i_fit_polish(fit, u));
    HF_TRY(settle_bounds(fit, u));
    HF_TRY(hf_i_fit_uncertainty(fit, u));
    return fit->options.profile ? hf_i_fit_profile(fit, u) : HF_OK;
}

static hf_status run(hf_fit *fit, const hf_dyads *data)
{
    double begin = seconds();
    HF_TRY(make(fit, data));
    for (size_t i = 0; i < fit->n; i++) {
        hf_estimate *e = &fit->estimates[i];
        e->se = e->lower = e->upper = e->profile_lower = e->profile_upper = e->gradient = NAN;
    }
    if (fit->options.evaluate || fit->free_count == 0)
        HF_TRY(evaluate(fit));
    else
        HF_TRY(fit_free(fit, data));
    finish(fit);
    fit->summary.seconds = seconds() - begin;
    return hf_i_fit_write_json(fit);
}

hf_status hf_fit_new(hf_fit **out, hf_ctx *ctx, const hf_model *model, const hf_dyads *data,
                     const hf_fit_options *options)
{
    hf_fit_options defaults = HF_FIT_OPTIONS_INIT;
    *out = NULL;
    if (options && options->size != sizeof *options)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another size");
    hf_fit *fit = hf_i_calloc(ctx, 1, sizeof *fit);
    if (!fit)
        return HF_E_NOMEM;
    fit->ctx = ctx;
    fit->model = model;
    fit->options = options ? *options : defaults;
    fit->options.starts = fit->options.starts > 0 ? fit->options.starts : 4;
    if (!(fit->options.level > 0 && fit->options.level < 1))
        fit->options.level = 0.95;
    if (!fit->options.max_evaluations)
        fit->options.max_evaluations = 2000;
    hf_i_arena_init(&fit->arena, ctx);
    hf_status s = run(fit, data);
    if (s == HF_OK)
        *out = fit;
    else
        hf_fit_free(fit);
    return s;
}

void hf_fit_free(hf_fit *fit)
{
    if (!fit)
        return;
    hf_ctx *ctx = fit->ctx;
    hf_likelihood_free(fit->likelihood);
    hf_i_arena_dispose(&fit->arena);
    hf_i_free(ctx, fit);
}

hf_fit_summary hf_fit_get_summary(const hf_fit *fit)
{
    return fit->summary;
}

hf_estimate hf_fit_get_estimate(const hf_fit *fit, size_t parameter)
{
    hf_estimate none = {0};
    return parameter < fit->n ? fit->estimates[parameter] : none;
}

const double *hf_fit_theta(const hf_fit *fit)
{
    return fit->theta;
}

const double *hf_fit_covariance(const hf_fit *fit)
{
    return fit->covariance;
}

const char *hf_fit_note(const hf_fit *fit, size_t index)
{
    return index < fit->n_notes ? fit->notes[index] : NULL;
}

const char *hf_fit_json(const hf_fit *fit)
{
    return fit->json;
}
