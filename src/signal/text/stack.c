/* SPDX-License-Identifier: MIT */
#include "signal/text/stack.h"

#include "signal/text/kernel.h"
#include "signal/text/metric.h"

#include <math.h>
#include <string.h>

/* ---- logistic regression
 * ------------------------------------------------------------------------- */

/* Solves a x = b for a symmetric positive definite a [n, n] by Cholesky, in place. */
static bool solve(double *a, double *b, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        double d = a[j * n + j];
        for (size_t k = 0; k < j; k++)
            d -= a[j * n + k] * a[j * n + k];
        if (!(d > 0))
            return false;
        d = sqrt(d);
        a[j * n + j] = d;
        for (size_t i = j + 1; i < n; i++) {
            double s = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                s -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = s / d;
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            b[i] -= a[i * n + k] * b[k];
        b[i] /= a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            b[i] -= a[k * n + i] * b[k];
        b[i] /= a[i * n + i];
    }
    return true;
}

/* Gradient and Hessian (lower half) of the mean loss; m = n + 1 with the bias last. The Hessian is
 * summed in single precision: it only says which way to step. sum [n, n] */
static double derivatives(const float *x, const int8_t *y, size_t rows, size_t n, const double *w,
                          double *gradient, double *hessian, float *sum)
{
    size_t m = n + 1;
    double loss = 0, seen = 0;
    memset(gradient, 0, m * sizeof *gradient);
    memset(hessian, 0, m * m * sizeof *hessian);
    memset(sum, 0, n * n * sizeof *sum);
    for (size_t r = 0; r < rows; r++) {
        if (y[r] < 0)
            continue;
        const float *v = x + r * n;
        double z = w[n];
        for (size_t i = 0; i < n; i++)
            z += w[i] * (double)v[i];
        double p = 1 / (1 + exp(-z)), d = p - y[r], h = p * (1 - p);
        loss += (z > 0 ? z : 0) - y[r] * z + log1p(exp(-fabs(z)));
        seen++;
        for (size_t i = 0; i < n; i++) {
            double hv = h * (double)v[i];
            gradient[i] += d * (double)v[i];
            hf_i_kernel_axpy(sum + i * n, (float)hv, v, i + 1);
            hessian[n * m + i] += hv;
        }
        gradient[n] += d;
        hessian[n * m + n] += h;
    }
    double inv = seen > 0 ? 1 / seen : 0;
    for (size_t i = 0; i < m; i++) {
        gradient[i] *= inv;
        for (size_t j = 0; j <= i; j++)
            hessian[i * m + j] = (i < n ? (double)sum[i * n + j] : hessian[i * m + j]) * inv;
    }
    return loss * inv;
}

hf_status hf_i_logistic(hf_ctx *ctx, const float *x, const int8_t *y, size_t rows, size_t n,
                        const double *prior, double penalty, double *w)
{
    size_t m = n + 1;
    double *gradient = hf_i_alloc(ctx, (m + m * m + m) * sizeof *gradient);
    float *sum = hf_i_alloc(ctx, (n * n + 1) * sizeof *sum);
    if (!gradient || !sum) {
        hf_i_free(ctx, gradient);
        hf_i_free(ctx, sum);
        return HF_E_NOMEM;
    }
    double *hessian = gradient + m, *old = hessian + m * m, last = INFINITY, size = 1;
    memcpy(w, prior, m * sizeof *w);
    memcpy(old, w, m * sizeof *w);
    for (int step = 0; step < 60 && size > 1e-4; step++) {
        double loss = derivatives(x, y, rows, n, w, gradient, hessian, sum);
        for (size_t i = 0; i < n; i++) {
            double d = w[i] - prior[i];
            loss += penalty / 2 * d * d;
            gradient[i] += penalty * d;
            hessian[i * m + i] += penalty;
        }
        hessian[n * m + n] += 1e-9;
        for (size_t i = 0; i < n; i++)
            hessian[i * m + i] += 1e-9;
        if (loss > last + 1e-12) { /* too far: half the step */
            size /= 2;
            for (size_t i = 0; i < m; i++)
                w[i] = (w[i] + old[i]) / 2;
            continue;
        }
        bool done = last - loss < 1e-9;
        last = loss;
        memcpy(old, w, m * sizeof *w);
        if (done || !solve(hessian, gradient, m))
            break;
        size = 1;
        for (size_t i = 0; i < m; i++)
            w[i] -= gradient[i];
    }
    memcpy(w, old, m * sizeof *w);
    hf_i_free(ctx, gradient);
    hf_i_free(ctx, sum);
    return HF_OK;
}

/* ---- the stack
 * ---------------------------------------------------------------------------------------- */

typedef struct {
    hf_ctx *ctx;
    const hf_i_corpus *c;
    const float *linear, *net;
    const hf_i_split *split;
    hf_i_stack *out;
    size_t parts; /* 1: linear only, 2 */
} stacker;

typedef struct {
    float *x; /* [rows, parts] */
    int8_t *y, *y_fold;
    uint32_t *row;
    size_t rows;
} table;

static hf_status gather(const stacker *s, size_t head, table *t)
{
    const hf_i_corpus *c = s->c;
    t->x = hf_i_alloc(s->ctx, c->count * s->parts * sizeof *t->x);
    t->y = hf_i_alloc(s->ctx, 2 * c->count);
    t->row = hf_i_alloc(s->ctx, c->count * sizeof *t->row);
    if (!t->x || !t->y || !t->row)
        return HF_E_NOMEM;
    t->y_fold = t->y + c->count;
    t->rows = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        int8_t y = hf_i_corpus_labels(c, i)[head];
        if (y < 0 ||
            (s->split->kept >= 0 &&
             (int)hf_i_corpus_fold(&c->rows[i], (uint32_t)s->split->folds, 1) == s->split->kept))
            continue;
        t->x[t->rows * s->parts] = s->linear[(size_t)i * HF_CORPUS_LABELS + head];
        if (s->parts == 2)
            t->x[t->rows * 2 + 1] = s->net[(size_t)i * HF_CORPUS_LABELS + head];
        t->y[t->rows] = y;
        t->row[t->rows++] = i;
    }
    return HF_OK;
}

static void apply(const stacker *s, const table *t, size_t head, const double *w, int fold)
{
    for (size_t r = 0; r < t->rows; r++) {
        uint32_t i = t->row[r];
        if ((int)hf_i_corpus_fold(&s->c->rows[i], (uint32_t)s->split->folds, 1) != fold)
            continue;
        double z = w[s->parts];
        for (size_t k = 0; k < s->parts; k++)
            z += w[k] * (double)t->x[r * s->parts + k];
        s->out->probability[(size_t)i * HF_CORPUS_LABELS + head] = (float)(1 / (1 + exp(-z)));
    }
}

static hf_status fit_head(const stacker *s, size_t head, table *t)
{
    double prior[3] = {0}, w[3];
    hf_i_stack *out = s->out;
    for (int fold = 0; fold < s->split->folds; fold++) {
        for (size_t r = 0; r < t->rows; r++)
            t->y_fold[r] =
                (int)hf_i_corpus_fold(&s->c->rows[t->row[r]], (uint32_t)s->split->folds, 1) == fold
                    ? -1
                    : t->y[r];
        HF_TRY(hf_i_logistic(s->ctx, t->x, t->y_fold, t->rows, s->parts, prior, 1e-6, w));
        apply(s, t, head, w, fold);
    }
    HF_TRY(hf_i_logistic(s->ctx, t->x, t->y, t->rows, s->parts, prior, 1e-6, w));
    for (size_t k = 0; k < s->parts; k++)
        out->weights[(k * out->heads + head) * out->heads + head] = (float)w[k];
    out->weights[2 * out->heads * out->heads + head] = (float)w[s->parts];
    /* The threshold on cross-fitted probabilities of all rows. */
    float *p = hf_i_alloc(s->ctx, (t->rows + 1) * sizeof *p);
    if (!p)
        return HF_E_NOMEM;
    double positives = 0, f1;
    for (size_t r = 0; r < t->rows; r++) {
        p[r] = out->probability[(size_t)t->row[r] * HF_CORPUS_LABELS + head];
        positives += t->y[r] == 1;
    }
    out->base_rate[head] = t->rows ? positives / (double)t->rows : 0;
    hf_status status = hf_i_best_threshold(s->ctx, p, t->y, t->rows, HF_THRESHOLD_PRIOR,
                                           &out->threshold[head], &f1);
    hf_i_free(s->ctx, p);
    return status;
}

typedef struct {
    const stacker *s;
} task_user;

static hf_status head_task(void *user, size_t index, int worker)
{
    const stacker *s = ((task_user *)user)->s;
    table t = {0};
    (void)worker;
    hf_status status = gather(s, index, &t);
    if (status == HF_OK)
        status = fit_head(s, index, &t);
    hf_i_free(s->ctx, t.x);
    hf_i_free(s->ctx, t.y);
    hf_i_free(s->ctx, t.row);
    return status;
}

hf_status hf_i_stack_fit(hf_i_stack *out, hf_ctx *ctx, const hf_i_corpus *c, size_t heads,
                         const float *linear, const float *net, const hf_i_split *split)
{
    memset(out, 0, sizeof *out);
    out->heads = heads;
    out->weights = hf_i_calloc(ctx, (2 * heads + 1) * heads, sizeof *out->weights);
    out->probability = hf_i_calloc(ctx, c->count * HF_CORPUS_LABELS, sizeof *out->probability);
    if (!out->weights || !out->probability)
        return HF_E_NOMEM;
    stacker s = {ctx, c, linear, net, split, out, net ? 2 : 1};
    task_user user = {&s};
    return hf_i_parallel_for(ctx, heads, head_task, &user);
}

void hf_i_stack_dispose(hf_i_stack *stack, hf_ctx *ctx)
{
    hf_i_free(ctx, stack->weights);
    hf_i_free(ctx, stack->probability);
    memset(stack, 0, sizeof *stack);
}
