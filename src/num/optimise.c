/* SPDX-License-Identifier: MIT */
#include "num/optimise.h"

#include <hf_config.h>
#include <math.h>
#include <string.h>

#if HF_HAVE_NLOPT
#include <nlopt.h>

/* Stands for 'not finite': NLopt's line searches need a number to step back from. */
#define WORST 1e60

typedef struct {
    hf_i_objective f;
    void *user;
    nlopt_opt opt;
    hf_status status;
    unsigned evaluations;
    double best;
    double *best_x;
} search;

static double objective(unsigned n, const double *x, double *gradient, void *data)
{
    search *s = data;
    double value = WORST;
    s->evaluations++;
    s->status = s->f(s->user, x, &value, gradient);
    if (s->status != HF_OK)
        nlopt_force_stop(s->opt);
    bool finite = isfinite(value);
    for (unsigned i = 0; gradient && i < n; i++)
        if (!isfinite(gradient[i]))
            finite = false;
    if (!finite) {
        value = WORST;
        for (unsigned i = 0; gradient && i < n; i++)
            gradient[i] = 0;
    } else if (value < s->best) {
        s->best = value;
        memcpy(s->best_x, x, n * sizeof *x);
    }
    return value;
}

static const char *reason_of(nlopt_result r)
{
    switch (r) {
    case NLOPT_SUCCESS:
    case NLOPT_STOPVAL_REACHED:
    case NLOPT_FTOL_REACHED:
        return "value";
    case NLOPT_XTOL_REACHED:
        return "step";
    case NLOPT_MAXEVAL_REACHED:
    case NLOPT_MAXTIME_REACHED:
        return "evaluations";
    case NLOPT_ROUNDOFF_LIMITED:
        return "precision";
    default:
        return "failed";
    }
}

hf_status hf_i_minimise(hf_ctx *ctx, hf_i_objective f, void *user, double *x, int n,
                        const double *lower, const double *upper, const hf_i_search *how,
                        hf_i_search_result *result)
{
    nlopt_algorithm method = strcmp(how->method, "lbfgs") == 0 ? NLOPT_LD_LBFGS : NLOPT_LD_SLSQP;
    search s = {.f = f, .user = user, .best = INFINITY};
    *result = (hf_i_search_result){"failed", INFINITY, 0};
    s.best_x = hf_i_alloc(ctx, (size_t)n * sizeof *x);
    s.opt = s.best_x ? nlopt_create(method, (unsigned)n) : NULL;
    if (!s.opt) {
        hf_i_free(ctx, s.best_x);
        return hf_i_fail(ctx, HF_E_NOMEM, NULL, "out of memory for the optimiser");
    }
    memcpy(s.best_x, x, (size_t)n * sizeof *x);
    nlopt_set_min_objective(s.opt, objective, &s);
    nlopt_set_lower_bounds(s.opt, lower);
    nlopt_set_upper_bounds(s.opt, upper);
    nlopt_set_ftol_rel(s.opt, how->relative_change);
    nlopt_set_xtol_rel(s.opt, how->relative_step);
    nlopt_set_maxeval(s.opt, (int)how->max_evaluations);
    double value;
    nlopt_result r = nlopt_optimize(s.opt, x, &value);
    nlopt_destroy(s.opt);
    memcpy(x, s.best_x, (size_t)n * sizeof *x);
    hf_i_free(ctx, s.best_x);
    *result = (hf_i_search_result){reason_of(r), s.best, s.evaluations};
    return s.status;
}

#else

hf_status hf_i_minimise(hf_ctx *ctx, hf_i_objective f, void *user, double *x, int n,
                        const double *lower, const double *upper, const hf_i_search *how,
                        hf_i_search_result *result)
{
    (void)f, (void)user, (void)x, (void)n, (void)lower, (void)upper, (void)how;
    *result = (hf_i_search_result){"failed", INFINITY, 0};
    return hf_i_fail(ctx, HF_E_UNSUPPORTED, "Build with NLopt.",
                     "this build has no optimiser (NLopt): it evaluates models and fits none");
}

#endif
