/* SPDX-License-Identifier: MIT */
/* The estimators of the R package rties (Butler & Barnard 2019, Psychosomatic Medicine 81:749),
 * offered for comparability: their derivative estimates are biased; for inference fit
 * inertia_coordination or coupled_oscillator. Written from the published equations. */
#include <holdfast/infer.h>

#include "base/base.h"
#include "num/dense.h"

#include <math.h>
#include <string.h>

/* x minus its least-squares line over 0 .. n-1; missing values stay missing. */
static void detrend(const double *x, size_t n, double *out)
{
    double s = 0, st = 0, sx = 0, stt = 0, stx = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) {
            double t = (double)i;
            s++;
            st += t;
            sx += x[i];
            stt += t * t;
            stx += t * x[i];
        }
    double det = s * stt - st * st, slope = det != 0 ? (s * stx - st * sx) / det : 0;
    for (size_t i = 0; i < n; i++)
        out[i] = x[i] - (sx - slope * st) / s - slope * (double)i;
}

/* Correlation of a at t + k with b at t, divided by n as ccf does. */
static double cross(const double *a, const double *b, long n, long k)
{
    double ma = 0, mb = 0, va = 0, vb = 0, sum = 0, count = 0;
    for (long t = 0; t < n; t++)
        if (!isnan(a[t]) && !isnan(b[t])) {
            ma += a[t];
            mb += b[t];
            count++;
        }
    ma /= count;
    mb /= count;
    for (long t = 0; t < n; t++) {
        if (isnan(a[t]) || isnan(b[t]))
            continue;
        va += (a[t] - ma) * (a[t] - ma);
        vb += (b[t] - mb) * (b[t] - mb);
        if (t + k >= 0 && t + k < n && !isnan(a[t + k]))
            sum += (a[t + k] - ma) * (b[t] - mb);
    }
    return sum / sqrt(va * vb);
}

/* Least squares of the last of width columns on the others, rows complete: normal equations by
 * Cholesky. Adds residual and total sums of squares. */
static bool regress(const double *rows, size_t n, int width, double *beta, double *rss, double *tss)
{
    int k = width - 1;
    double X[36] = {0};
    memset(beta, 0, (size_t)k * sizeof *beta);
    for (size_t i = 0; i < n; i++) {
        const double *r = rows + i * (size_t)width;
        for (int a = 0; a < k; a++) {
            beta[a] += r[a] * r[k];
            for (int b = 0; b < k; b++)
                X[a + b * k] += r[a] * r[b];
        }
    }
    if (n <= (size_t)k || hf_i_cholesky(X, k, 1e-12) < k)
        return false;
    hf_i_cholesky_solve(X, k, beta, 1);
    for (size_t i = 0; i < n; i++) {
        const double *r = rows + i * (size_t)width;
        double fit = 0;
        for (int a = 0; a < k; a++)
            fit += beta[a] * r[a];
        *rss += (r[k] - fit) * (r[k] - fit);
        *tss += r[k] * r[k];
    }
    return true;
}

static hf_status too_short(hf_ctx *ctx)
{
    return hf_i_fail(ctx, HF_E_NOT_ENOUGH_DATA, NULL,
                     "not enough data: the two series are too short or constant");
}

static hf_status lagged(hf_ctx *ctx, const double *const *x, long n, hf_rties_inertia *out)
{
    double *rows = hf_i_alloc(ctx, (size_t)n * 4 * sizeof *rows), beta[3], rss = 0, tss = 0;
    hf_status s = rows ? HF_OK : HF_E_NOMEM;
    for (int p = 0; s == HF_OK && p < 2; p++) {
        size_t used = 0;
        for (long t = 0; t < n; t++) {
            long from = t + out->lag; /* a positive lag of the package is a lead */
            if (from < 0 || from >= n)
                continue;
            const double row[4] = {1, x[p][from], x[1 - p][from], x[p][t]};
            if (isnan(row[1] + row[2] + row[3]))
                continue;
            memcpy(rows + 4 * used++, row, sizeof row);
        }
        if (!regress(rows, used, 4, beta, &rss, &tss)) {
            s = too_short(ctx);
        } else {
            out->intercept[p] = beta[0];
            out->inertia[p] = beta[1];
            out->coordination[p] = beta[2];
        }
    }
    hf_i_free(ctx, rows);
    return s;
}

hf_status hf_rties_inertia_fit(hf_rties_inertia *out, hf_ctx *ctx, size_t n, const double *x0,
                               const double *x1)
{
    double *x = hf_i_alloc(ctx, 2 * (n + 1) * sizeof *x), best = -1;
    memset(out, 0, sizeof *out);
    if (!x)
        return HF_E_NOMEM;
    detrend(x0, n, x);
    detrend(x1, n, x + n);
    long most = (long)floor(10 * log10((double)n / 2));
    for (long k = -most; k <= most && n > 8; k++) {
        double r = fabs(cross(x, x + n, (long)n, k));
        if (r > best) {
            best = r;
            out->lag = (int)k;
        }
    }
    if (out->lag == 0)
        out->lag = 1;
    const double *const both[2] = {x, x + n};
    hf_status s = n > 8 ? lagged(ctx, both, (long)n, out) : too_short(ctx);
    hf_i_free(ctx, x);
    return s;
}

/* Value, first and second derivative at each embedded window: W = L (L'L)^-1 (Boker, Deboeck,
 * Edler & Keel 2010). */
static bool glla_weights(int tau, int embed, double dt, double *W)
{
    double L[3 * 32], X[9];
    for (int i = 0; i < embed; i++) {
        double u = (i - 0.5 * (embed - 1)) * tau * dt;
        L[i] = 1;
        L[i + embed] = u;
        L[i + 2 * embed] = 0.5 * u * u;
    }
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            X[a + 3 * b] = 0;
            for (int i = 0; i < embed; i++)
                X[a + 3 * b] += L[i + a * embed] * L[i + b * embed];
        }
    if (hf_i_cholesky(X, 3, 1e-13) < 3)
        return false;
    for (int i = 0; i < embed; i++) {
        double *w = W + 3 * i;
        for (int a = 0; a < 3; a++)
            w[a] = L[i + a * embed];
        hf_i_cholesky_solve(X, 3, w, 1);
    }
    return true;
}

static void derivatives(const double *x, size_t at, int tau, int embed, const double *W, double *d)
{
    d[0] = d[1] = d[2] = 0;
    for (int i = 0; i < embed; i++)
        for (int a = 0; a < 3; a++)
            d[a] += x[at + (size_t)(i * tau)] * W[3 * i + a];
}

hf_status hf_rties_oscillator_fit(hf_rties_oscillator *out, hf_ctx *ctx, size_t n, const double *x0,
                                  const double *x1, int tau, int embed, double dt)
{
    double W[3 * 32], rss = 0, tss = 0, beta[4];
    memset(out, 0, sizeof *out);
    if (tau < 1 || embed < 3 || embed > 32 || !(dt > 0))
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "tau is at least 1, the embedding 3 to 32");
    size_t span = (size_t)(tau * (embed - 1));
    if (n < span + 10 || !glla_weights(tau, embed, dt, W))
        return too_short(ctx);
    double *x = hf_i_alloc(ctx, 2 * n * sizeof *x), *rows = hf_i_alloc(ctx, 5 * n * sizeof *rows);
    hf_status s = x && rows ? HF_OK : HF_E_NOMEM;
    if (s == HF_OK) {
        detrend(x0, n, x);
        detrend(x1, n, x + n);
    }
    for (int p = 0; s == HF_OK && p < 2; p++) {
        size_t used = 0;
        for (size_t t = 0; t + span < n; t++) {
            double own[3], other[3];
            derivatives(x + (size_t)p * n, t, tau, embed, W, own);
            derivatives(x + (size_t)(1 - p) * n, t, tau, embed, W, other);
            const double row[5] = {own[0], own[1], other[0], other[1], own[2]};
            if (!isnan(own[0] + other[0]))
                memcpy(rows + 5 * used++, row, sizeof row);
        }
        if (!regress(rows, used, 5, beta, &rss, &tss)) {
            s = too_short(ctx);
            break;
        }
        out->obs[p] = beta[0];
        out->d1[p] = beta[1];
        out->p_obs[p] = beta[2];
        out->p_d1[p] = beta[3];
        out->period[p] = beta[0] < 0 ? 6.283185307179586 / sqrt(-beta[0]) : NAN;
    }
    out->r2 = 1 - rss / tss;
    hf_i_free(ctx, x);
    hf_i_free(ctx, rows);
    return s;
}
