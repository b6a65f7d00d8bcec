/* SPDX-License-Identifier: MIT */
/* Profile intervals: where the log-likelihood, maximised over everything else, has fallen by half
 * the chi-squared quantile (Venzon & Moolgavkar 1988, Appl. Stat. 37:87). */
#include "infer/fit.h"
#include "infer/transform.h"

#include "num/optimise.h"
#include "num/stats_distribution.h"

#include <string.h>

#define MOST_STEPS 40
#define FALL_ERROR 1e-4 /* of the fall in log-likelihood */

typedef struct {
    hf_fit *fit;
    double best, fall;
    int parameter;
    double u[HF_MODEL_MAX_PARAMS]; /* the others, warm */
} profile;

static hf_status objective(void *user, const double *u, double *value, double *gradient)
{
    profile *p = user;
    double ll, scale = -1.0 / (double)p->fit->summary.n_cells;
    if (gradient)
        HF_TRY(hf_i_fit_gradient(p->fit, u, &ll, gradient));
    else
        HF_TRY(hf_i_fit_value(p->fit, u, &ll));
    *value = ll * scale;
    for (size_t i = 0; gradient && i < p->fit->free_count; i++)
        gradient[i] *= scale;
    return HF_OK;
}

/* How far the profile at x (search's scale) lies below the target: positive when too low. */
static hf_status below(profile *p, double x, double *out)
{
    hf_fit *fit = p->fit;
    double lower[HF_MODEL_MAX_PARAMS], upper[HF_MODEL_MAX_PARAMS], slope, ll;
    int q = p->parameter;
    fit->theta[q] = hf_i_from_scale(x, fit->lower[q], fit->upper[q], &slope);
    for (size_t i = 0; i < fit->free_count; i++) {
        int r = fit->free_params[i];
        lower[i] = isfinite(fit->lower[r]) ? -HF_SCALE_END : -INFINITY;
        upper[i] = isfinite(fit->upper[r]) ? HF_SCALE_END : INFINITY;
    }
    if (fit->free_count > 0) {
        hf_i_search how = {"slsqp", 1e-11, 1e-8, 300};
        hf_i_search_result result;
        HF_TRY(hf_i_minimise(fit->ctx, objective, p, p->u, (int)fit->free_count, lower, upper, &how,
                             &result));
        ll = -result.value * (double)fit->summary.n_cells;
    } else {
        HF_TRY(hf_i_fit_value(fit, p->u, &ll));
    }
    *out = isfinite(ll) ? p->best - ll - p->fall : 1e6;
    return HF_OK;
}

/* The end on one side (sign) from x0 with first guess `reach`; NaN when the profile never falls
 * that far. Brackets by doubling, then the Illinois form of the secant rule. */
static hf_status end_of(profile *p, double x0, double reach, int sign, double *out)
{
    double a = x0, fa = -p->fall, b = x0, fb = fa;
    *out = NAN;
    for (int k = 0; fb <= 0; k++) {
        if (k == 12)
            return HF_OK;
        a = b;
        fa = fb;
        b = x0 + sign * reach * (k ? ldexp(1, k - 1) * 1.5 : 1);
        HF_TRY(below(p, b, &fb));
    }
    for (int k = 0; k < MOST_STEPS; k++) {
        double x = fb - fa > 0 && fb < 1e5 ? b - fb * (b - a) / (fb - fa) : 0.5 * (a + b), f;
        HF_TRY(below(p, x, &f));
        *out = x;
        if (fabs(f) < FALL_ERROR || fabs(b - a) < 1e-9 * (1 + fabs(x)))
            return HF_OK;
        if ((f > 0) == (fb > 0)) {
            fa *= 0.5;
        } else {
            a = b;
            fa = fb;
        }
        b = x;
        fb = f;
    }
    return HF_OK;
}

static hf_status one(hf_fit *fit, const double *u, size_t index, const int *all, size_t count)
{
    int q = all[index];
    hf_estimate *e = &fit->estimates[q];
    double slope, x0 = u[index], x;
    hf_i_from_scale(x0, fit->lower[q], fit->upper[q], &slope);
    double z = hf_i_normal_quantile(0.5 + 0.5 * fit->options.level);
    double reach = isfinite(e->se) && slope > 0 ? z * e->se / slope : 0.5;
    for (int sign = -1; sign <= 1; sign += 2) {
        profile p = {.fit = fit, .best = fit->summary.loglik, .fall = 0.5 * z * z, .parameter = q};
        fit->free_count = 0;
        for (size_t i = 0; i < count; i++)
            if (i != index) {
                p.u[fit->free_count] = u[i];
                fit->free_params[fit->free_count++] = all[i];
            }
        HF_TRY(end_of(&p, x0, reach, sign, &x));
        double natural = isnan(x) ? NAN : hf_i_from_scale(x, fit->lower[q], fit->upper[q], &slope);
        *(sign < 0 ? &e->profile_lower : &e->profile_upper) = natural;
    }
    return HF_OK;
}

hf_status hf_i_fit_profile(hf_fit *fit, const double *u)
{
    int all[HF_MODEL_MAX_PARAMS];
    size_t count = fit->free_count;
    double theta[HF_MODEL_MAX_PARAMS];
    hf_status s = HF_OK;
    memcpy(all, fit->free_params, count * sizeof *all);
    memcpy(theta, fit->theta, fit->n * sizeof *theta);
    for (size_t i = 0; s == HF_OK && i < count; i++) {
        s = hf_i_progress(fit->ctx, "profiles", i, count);
        if (s == HF_OK)
            s = one(fit, u, i, all, count);
        memcpy(fit->theta, theta, fit->n * sizeof *theta);
    }
    memcpy(fit->free_params, all, count * sizeof *all);
    fit->free_count = count;
    return s;
}
