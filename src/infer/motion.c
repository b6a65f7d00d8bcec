/* SPDX-License-Identifier: MIT */
#include "infer/motion.h"

#include "num/dense.h"

#include <math.h>
#include <string.h>

enum { N = HF_MODEL_MAX_STATES };

hf_status hf_i_motion_new(hf_i_motion *out, hf_ctx *ctx, const hf_model *model, const double *theta)
{
    size_t wide = 2 * model->n + 1;
    *out = (hf_i_motion){.ctx = ctx, .model = model};
    out->theta = hf_i_alloc(ctx, (model->n_params + 1) * sizeof *out->theta);
    out->values = hf_i_alloc(ctx, model->graph.count * sizeof *out->values);
    out->work = hf_i_alloc(ctx, 8 * wide * wide * sizeof *out->work);
    if (!out->theta || !out->values || !out->work) {
        hf_i_motion_dispose(out);
        return HF_E_NOMEM;
    }
    hf_i_motion_set(out, theta);
    return HF_OK;
}

void hf_i_motion_set(hf_i_motion *m, const double *theta)
{
    const hf_model *mo = m->model;
    for (size_t i = 0; i < mo->n_params; i++)
        m->theta[i] = theta[mo->params[i].same_as >= 0 ? (size_t)mo->params[i].same_as : i];
}

void hf_i_motion_dispose(hf_i_motion *m)
{
    if (!m->ctx)
        return;
    hf_i_free(m->ctx, m->theta);
    hf_i_free(m->ctx, m->values);
    hf_i_free(m->ctx, m->work);
    memset(m, 0, sizeof *m);
}

void hf_i_motion_drift(hf_i_motion *m, size_t k, hf_i_model_point *at, double *out)
{
    at->theta = m->theta;
    hf_i_model_values(m->model, at, m->values);
    hf_i_model_take(m->values, m->model->drift + k * m->model->n, m->model->n, out);
}

/* x += chol(Q) z sqrt(scale). */
static void add_noise(hf_i_motion *m, const double *Q, double scale, const double *z, double *x)
{
    int n = (int)m->model->n;
    double L[N * N];
    memcpy(L, Q, sizeof *Q * (size_t)(n * n));
    if (hf_i_cholesky(L, n, 1e-13) < 0)
        return;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            x[i] += sqrt(scale) * L[i + j * n] * z[j];
}

/* Linear continuous time: mean by the exponential of [[A, b], [0, 0]], noise by Van Loan 1978 on
 * [[-A, Q], [0, A']]. */
static bool linear_step(hf_i_motion *m, size_t k, hf_i_model_point *at, double dt,
                        const double *noise, double *x)
{
    const hf_model *mo = m->model;
    int n = (int)mo->n, one = n + 1, two = 2 * n;
    double A[N * N], b[N], Q[N * N], *block = m->work, *out = block + (2 * n + 1) * (2 * n + 1),
                                     *scratch = out + (2 * n + 1) * (2 * n + 1);
    at->theta = m->theta;
    hf_i_model_values(mo, at, m->values);
    hf_i_model_take(m->values, mo->jacobian + k * mo->n * mo->n, mo->n * mo->n, A);
    hf_i_model_take(m->values, mo->drift0 + k * mo->n, mo->n, b);
    hf_i_model_take(m->values, mo->diffusion + k * mo->n * mo->n, mo->n * mo->n, Q);
    memset(block, 0, sizeof *block * (size_t)(one * one));
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++)
            block[i + j * one] = A[i + j * n];
    for (int i = 0; i < n; i++)
        block[i + n * one] = b[i];
    if (!hf_i_expm(block, dt, one, out, scratch))
        return false;
    double next[N];
    for (int i = 0; i < n; i++) {
        next[i] = out[i + n * one];
        for (int j = 0; j < n; j++)
            next[i] += out[i + j * one] * x[j];
    }
    memcpy(x, next, sizeof *x * (size_t)n);
    if (!noise)
        return true;
    memset(block, 0, sizeof *block * (size_t)(two * two));
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++) {
            block[i + j * two] = -A[i + j * n];
            block[i + (n + j) * two] = Q[i + j * n];
            block[n + i + (n + j) * two] = A[j + i * n];
        }
    if (!hf_i_expm(block, dt, two, out, scratch))
        return false;
    double Qd[N * N]; /* = (lower right)' (upper right) */
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int l = 0; l < n; l++)
                sum += out[n + l + (n + i) * two] * out[l + (n + j) * two];
            Qd[i + j * n] = sum;
        }
    add_noise(m, Qd, 1, noise, x);
    return true;
}

static void runge_kutta(hf_i_motion *m, size_t k, hf_i_model_point *at, double h, double *x)
{
    size_t n = m->model->n;
    double slope[4][N], y[N];
    static const double where[4] = {0, .5, .5, 1};
    for (int s = 0; s < 4; s++) {
        for (size_t i = 0; i < n; i++)
            y[i] = x[i] + (s ? where[s] * h * slope[s - 1][i] : 0);
        at->x = y;
        hf_i_motion_drift(m, k, at, slope[s]);
    }
    for (size_t i = 0; i < n; i++)
        x[i] += h / 6 * (slope[0][i] + 2 * slope[1][i] + 2 * slope[2][i] + slope[3][i]);
    at->x = x;
}

bool hf_i_motion_step(hf_i_motion *m, size_t k, hf_i_model_point *at, double dt, int pieces,
                      const double *noise, double *x)
{
    const hf_model *mo = m->model;
    size_t n = mo->n;
    double Q[N * N];
    at->x = x;
    if (mo->continuous && mo->linear_drift)
        return linear_step(m, k, at, dt, noise, x);
    if (!mo->continuous)
        pieces = (int)dt;
    for (int p = 0; p < pieces; p++) {
        if (mo->continuous) {
            runge_kutta(m, k, at, dt / pieces, x);
        } else {
            double next[N];
            hf_i_motion_drift(m, k, at, next);
            memcpy(x, next, n * sizeof *x);
        }
        hf_i_model_take(m->values, mo->diffusion + k * n * n, n * n, Q);
        if (noise)
            add_noise(m, Q, mo->continuous ? dt / pieces : 1, noise + (size_t)p * n, x);
        for (size_t i = 0; i < n; i++)
            if (!(fabs(x[i]) < 1e100))
                return false;
    }
    return true;
}
