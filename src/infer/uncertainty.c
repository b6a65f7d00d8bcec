/* SPDX-License-Identifier: MIT */
/* Standard errors and intervals from the Hessian, directions the data do not determine, profile
 * intervals. */
#include "infer/fit.h"
#include "infer/transform.h"

#include "num/dense.h"
#include "num/stats_distribution.h"

#include <string.h>

/* Eigenvalues of the Hessian with unit diagonal below these are called flat and weak. */
#define FLAT 1e-9
#define WEAK 1e-5

static void name_direction(hf_fit *fit, const double *v, const char *how)
{
    char text[400] = "";
    size_t n = fit->free_count, at = 0;
    for (size_t i = 0; i < n && at + 70 < sizeof text; i++)
        if (fabs(v[i]) > 0.25) {
            fit->estimates[fit->free_params[i]].weak = true;
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%.60s", at ? ", " : "",
                                   fit->model->params[fit->free_params[i]].name);
        }
    hf_i_fit_note(fit, "The data %s determine this combination of parameters: %s.", how, text);
}

/* Eigenvalues of the scaled Hessian: condition, flat and weak directions. True if all is well. */
static bool directions(hf_fit *fit)
{
    size_t n = fit->free_count, nn = n * n;
    double *a = fit->work + 16 * fit->n, *v = a + nn, *w = fit->work + 4 * fit->n;
    bool fine = true;
    for (size_t i = 0; i < nn; i++)
        if (!isfinite(fit->hessian[i]))
            return false;
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++) {
            double d = sqrt(fabs(fit->hessian[i + i * n] * fit->hessian[j + j * n]));
            a[i + j * n] = d > 0 ? fit->hessian[i + j * n] / d : i == j ? 0 : 0;
        }
    hf_i_eigen_symmetric(a, (int)n, w, v);
    fit->summary.condition = w[0] > 0 ? w[n - 1] / w[0] : INFINITY;
    for (size_t k = 0; k < n; k++) {
        if (w[k] >= WEAK * w[n - 1])
            break;
        bool flat = w[k] < FLAT * w[n - 1];
        fine &= !flat;
        name_direction(fit, v + k * n, flat ? "do not" : "hardly");
    }
    return fine;
}

static void intervals(hf_fit *fit, const double *u, const double *cov, const double *slope)
{
    size_t n = fit->free_count;
    double z = hf_i_normal_quantile(0.5 + 0.5 * fit->options.level), s;
    for (size_t i = 0; i < n; i++) {
        int p = fit->free_params[i];
        hf_estimate *e = &fit->estimates[p];
        double se = sqrt(cov[i + i * n]);
        e->se = se * slope[i];
        double a = hf_i_from_scale(u[i] - z * se, fit->lower[p], fit->upper[p], &s);
        double b = hf_i_from_scale(u[i] + z * se, fit->lower[p], fit->upper[p], &s);
        e->lower = a;
        e->upper = b;
        for (size_t j = 0; j < n; j++)
            fit->covariance[(size_t)p + (size_t)fit->free_params[j] * fit->n] =
                cov[i + j * n] * slope[i] * slope[j];
    }
}

hf_status hf_i_fit_uncertainty(hf_fit *fit, const double *u)
{
    size_t n = fit->free_count;
    double *g = fit->work + 9 * fit->n, *slope = fit->work + 10 * fit->n, ll;
    if (n == 0)
        return HF_OK;
    HF_TRY(hf_i_fit_gradient(fit, u, &ll, g));
    if (!fit->hessian_fresh)
        HF_TRY(hf_i_fit_hessian(fit, u));
    hf_i_fit_theta_of(fit, u, fit->theta, slope);
    for (size_t i = 0; i < n; i++)
        fit->estimates[fit->free_params[i]].gradient = slope[i] > 0 ? g[i] / slope[i] : NAN;
    bool fine = directions(fit);
    double *L = fit->work + 16 * fit->n + n * n, *cov = L + n * n;
    memcpy(L, fit->hessian, n * n * sizeof *L);
    if (!fine || hf_i_cholesky(L, (int)n, 1e-13) < (int)n) {
        fit->summary.converged = false;
        fit->summary.reason = "flat direction";
        hf_i_fit_note(fit, "No standard errors: the log-likelihood has no single peak here.");
        return HF_OK;
    }
    for (size_t i = 0; i < n * n; i++)
        cov[i] = i % (n + 1) == 0;
    hf_i_cholesky_solve(L, (int)n, cov, (int)n);
    intervals(fit, u, cov, slope);
    return HF_OK;
}
