/* SPDX-License-Identifier: MIT */
/* Finding the maximum: checks that the data can say anything, searches from several points,
 * Newton steps at the end. */
#include "infer/fit.h"
#include "infer/transform.h"

#include "num/dense.h"
#include "num/optimise.h"
#include "num/random.h"

#include <float.h>
#include <string.h>

/* Spread of the other starting points on the search's scale. */
#define START_SPREAD 1.0
/* While searching, the integrator may be this much coarser, but not above the limit. */
#define COARSE       1e3
#define COARSE_LIMIT 1e-4
/* Newton steps stop when the gain they promise is below this. */
#define DECREMENT_DONE 1e-9
/* A step that promises less (0.004 standard errors) leaves the Hessian as good as it was. */
#define DECREMENT_SMALL 1e-5
#define NEWTON_STEPS    40

/* ---- can the data say anything?
 * ------------------------------------------------------------------- */

static hf_status check_series(hf_fit *fit, const hf_dyads *d, size_t j)
{
    const hf_model *m = fit->model;
    double first = NAN;
    size_t seen = 0;
    bool varies = false;
    for (size_t r = 0; r < d->first_row[d->n_dyads]; r++) {
        double y = d->y[r * m->m + j];
        if (isnan(y))
            continue;
        if (seen++ == 0)
            first = y;
        varies |= y != first;
    }
    if (seen == 0)
        return hf_i_fail(fit->ctx, HF_E_NOT_ENOUGH_DATA, "Check the name given to --obs.",
                         "not enough data: '%s' has no value in any row", m->obs[j]);
    if (!varies)
        return hf_i_fail(fit->ctx, HF_E_NOT_ENOUGH_DATA, "A constant says nothing about a model.",
                         "not enough data: '%s' has the same value in every row", m->obs[j]);
    return HF_OK;
}

hf_status hf_i_fit_check(hf_fit *fit, const hf_dyads *d)
{
    bool repeated = false;
    for (size_t j = 0; j < fit->model->m; j++)
        HF_TRY(check_series(fit, d, j));
    for (size_t i = 0; i < d->n_dyads; i++)
        repeated |= d->first_row[i + 1] - d->first_row[i] > 1;
    if (!repeated && fit->options.likelihood.first_step == HF_FIRST_STEP_NONE)
        return hf_i_fail(fit->ctx, HF_E_NOT_ENOUGH_DATA,
                         "A model of change needs at least two occasions of a dyad.",
                         "not enough data: every dyad has one occasion");
    if (fit->summary.n_cells <= fit->free_count)
        return hf_i_fail(fit->ctx, HF_E_NOT_ENOUGH_DATA,
                         "Hold parameters with --fix, or get more "
                         "occasions.",
                         "not enough data: %zu values for %zu free parameters",
                         fit->summary.n_cells, fit->free_count);
    return HF_OK;
}

/* ---- searching
 * ---------------------------------------------------------------------------------------- */

typedef struct {
    hf_fit *fit;
    unsigned done, total; /* evaluations, for progress */
} target;

static hf_status objective(void *user, const double *u, double *value, double *gradient)
{
    target *t = user;
    hf_fit *fit = t->fit;
    double ll, scale = -1.0 / (double)fit->summary.n_cells;
    if (++t->done % 16 == 0)
        HF_TRY(hf_i_progress(fit->ctx, "fitting", t->done, 0));
    if (gradient)
        HF_TRY(hf_i_fit_gradient(fit, u, &ll, gradient));
    else
        HF_TRY(hf_i_fit_value(fit, u, &ll));
    *value = ll * scale;
    for (size_t i = 0; gradient && i < fit->free_count; i++)
        gradient[i] *= scale;
    return HF_OK;
}

static void scale_bounds(const hf_fit *fit, double *lower, double *upper)
{
    for (size_t i = 0; i < fit->free_count; i++) {
        int p = fit->free_params[i];
        lower[i] = isfinite(fit->lower[p]) ? -HF_SCALE_END : -INFINITY;
        upper[i] = isfinite(fit->upper[p]) ? HF_SCALE_END : INFINITY;
    }
}

static void other_start(const hf_fit *fit, const double *u0, int number, double *u)
{
    hf_i_random r;
    hf_i_random_init(&r, fit->options.seed, UINT64_C(0x5ea6c4), (uint64_t)number);
    for (size_t i = 0; i < fit->free_count; i++) {
        int p = fit->free_params[i];
        bool bounded = isfinite(fit->lower[p]) || isfinite(fit->upper[p]);
        double spread = bounded ? 1.0 : 0.5 * (fabs(u0[i]) + 0.2);
        u[i] = u0[i] + START_SPREAD * spread * hf_i_random_normal(&r);
    }
}

static hf_status one_search(hf_fit *fit, target *t, double *u, double *loglik)
{
    double lower[HF_MODEL_MAX_PARAMS], upper[HF_MODEL_MAX_PARAMS];
    hf_i_search_result result = {0};
    scale_bounds(fit, lower, upper);
    hf_i_search how = {"slsqp", 1e-9, 1e-7, fit->options.max_evaluations};
    HF_TRY(hf_i_minimise(fit->ctx, objective, t, u, (int)fit->free_count, lower, upper, &how,
                         &result));
    if (strcmp(result.reason, "evaluations") == 0)
        fit->summary.reason = "evaluations";
    *loglik = -result.value * (double)fit->summary.n_cells;
    return HF_OK;
}

hf_status hf_i_fit_search(hf_fit *fit, double *u)
{
    double u0[HF_MODEL_MAX_PARAMS], v[HF_MODEL_MAX_PARAMS], best = -INFINITY, lls[64];
    target t = {fit, 0, 0};
    hf_fit_summary *s = &fit->summary;
    int starts = fit->options.starts > 64 ? 64 : fit->options.starts;
    double fine = fit->likelihood->problem.tolerance;
    fit->likelihood->problem.tolerance = fmax(fine, fmin(COARSE_LIMIT, fine * COARSE));
    hf_i_fit_u_of(fit, fit->theta, u0);
    memcpy(u, u0, sizeof u0);
    for (int k = 0; k < starts; k++) {
        if (k == 0)
            memcpy(v, u0, sizeof u0);
        else
            other_start(fit, u0, k, v);
        HF_TRY(one_search(fit, &t, v, &lls[k]));
        if (lls[k] > best) {
            best = lls[k];
            memcpy(u, v, sizeof v);
        }
    }
    fit->likelihood->problem.tolerance = fine;
    s->starts = starts;
    for (int k = 0; k < starts; k++)
        s->agreeing += lls[k] > best - 0.01;
    s->loglik = best;
    hf_i_fit_theta_of(fit, u, fit->theta, NULL);
    return HF_OK;
}

/* ---- the Hessian and Newton steps
 * ----------------------------------------------------------------------- */

static bool integrated(const hf_fit *fit)
{
    return fit->model->continuous && !fit->model->linear_drift;
}

/* Of minus the log-likelihood, by differences of the exact gradient, symmetrised: central ones, or
 * forward ones with a wider step where an integrator's steps make the gradient less smooth. */
hf_status hf_i_fit_hessian(hf_fit *fit, const double *u)
{
    size_t n = fit->free_count;
    double *g[2] = {fit->work + fit->n, fit->work + 2 * fit->n}, *v = fit->work + 3 * fit->n, ll;
    bool forward = integrated(fit);
    memcpy(v, u, n * sizeof *v);
    if (forward)
        HF_TRY(hf_i_fit_gradient(fit, v, &ll, g[1]));
    for (size_t j = 0; j < n; j++) {
        double h = (forward ? 2e-4 : cbrt(DBL_EPSILON)) * fmax(1.0, fabs(u[j]));
        for (int side = 0; side < (forward ? 1 : 2); side++) {
            v[j] = u[j] + (side ? -h : h);
            HF_TRY(hf_i_fit_gradient(fit, v, &ll, g[side]));
            if (!isfinite(ll))
                for (size_t i = 0; i < n; i++)
                    g[side][i] = NAN;
        }
        v[j] = u[j];
        for (size_t i = 0; i < n; i++)
            fit->hessian[i + j * n] = -(g[0][i] - g[1][i]) / (forward ? h : 2 * h);
    }
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < j; i++)
            fit->hessian[i + j * n] = fit->hessian[j + i * n] =
                0.5 * (fit->hessian[i + j * n] + fit->hessian[j + i * n]);
    fit->hessian_fresh = true;
    return HF_OK;
}

/* The step that solves (H + damping diag H) step = g; the gain it promises. False if not PD. */
static bool newton_step(hf_fit *fit, const double *g, double damping, double *step, double *gain)
{
    size_t n = fit->free_count;
    double *L = fit->work + 16 * fit->n;
    memcpy(L, fit->hessian, n * n * sizeof *L);
    for (size_t i = 0; i < n; i++)
        L[i + i * n] += damping * fmax(fabs(L[i + i * n]), 1e-8);
    memcpy(step, g, n * sizeof *step);
    for (size_t i = 0; i < n * n; i++)
        if (!isfinite(L[i]))
            return false;
    if (hf_i_cholesky(L, (int)n, 1e-13) < (int)n)
        return false;
    hf_i_cholesky_solve(L, (int)n, step, 1);
    *gain = 0;
    for (size_t i = 0; i < n; i++)
        *gain += 0.5 * g[i] * step[i];
    return true;
}

/* Levenberg's way: more damping until the log-likelihood rises. */
static hf_status climb(hf_fit *fit, double *u, double *ll, double *g, bool *moved)
{
    size_t n = fit->free_count;
    double *step = fit->work + 4 * fit->n, *v = fit->work + 5 * fit->n,
           *gv = fit->work + 6 * fit->n, gain, llv;
    *moved = false;
    for (double damping = 0; damping<1e6; damping = damping> 0 ? damping * 10 : 1e-4) {
        if (!newton_step(fit, g, damping, step, &gain))
            continue;
        for (size_t i = 0; i < n; i++) {
            int p = fit->free_params[i];
            bool bounded = isfinite(fit->lower[p]) || isfinite(fit->upper[p]);
            v[i] = u[i] + step[i];
            if (bounded)
                v[i] = fmin(fmax(v[i], -HF_SCALE_END), HF_SCALE_END);
        }
        HF_TRY(hf_i_fit_gradient(fit, v, &llv, gv));
        if (llv > *ll - 1e-11 * fabs(*ll)) {
            *moved = llv > *ll || gain < 1e-6;
            *ll = llv;
            memcpy(u, v, n * sizeof *u);
            memcpy(g, gv, n * sizeof *g);
            return HF_OK;
        }
    }
    return HF_OK;
}

hf_status hf_i_fit_polish(hf_fit *fit, double *u)
{
    hf_fit_summary *s = &fit->summary;
    size_t n = fit->free_count;
    double *g = fit->work + 7 * fit->n, *step = fit->work + 8 * fit->n, ll = s->loglik;
    bool moved = true, certain = false;
    if (n == 0)
        return HF_OK;
    HF_TRY(hf_i_fit_gradient(fit, u, &ll, g));
    for (int k = 0; k < NEWTON_STEPS && moved; k++) {
        HF_TRY(hf_i_progress(fit->ctx, "polishing", (uint64_t)k, NEWTON_STEPS));
        HF_TRY(hf_i_fit_hessian(fit, u));
        certain = newton_step(fit, g, 0, step, &s->decrement);
        if (certain && s->decrement < DECREMENT_DONE)
            break;
        fit->hessian_fresh = certain && s->decrement < DECREMENT_SMALL;
        HF_TRY(climb(fit, u, &ll, g, &moved));
        /* The Hessian of the last place still serves to judge a small step. */
        certain = newton_step(fit, g, 0, step, &s->decrement);
        if (certain && s->decrement < (integrated(fit) ? DECREMENT_SMALL : DECREMENT_DONE))
            break;
    }
    hf_i_fit_theta_of(fit, u, fit->theta, NULL);
    s->loglik = ll;
    s->gradient_norm = 0;
    for (size_t i = 0; i < n; i++)
        s->gradient_norm = fmax(s->gradient_norm, fabs(g[i]));
    s->converged = certain && s->decrement < 1e-5;
    s->reason = s->converged ? "optimum"
                : !certain   ? "flat direction"
                : s->reason  ? s->reason
                             : "precision";
    if (!certain)
        s->decrement = NAN;
    return HF_OK;
}
