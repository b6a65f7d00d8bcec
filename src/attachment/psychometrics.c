/* SPDX-License-Identifier: MIT */
#include "attachment/psychometrics.h"
#include "num/stats_distribution.h"

#include <math.h>
#include <string.h>

/* ---- moments ------------------------------------------------------------------------------- */

__extension__ typedef __int128 wide;

enum { BLOCK = 512 }; /* sheets that are turned into columns at a time: fits the first cache */

/* Sum of products of two columns of a block: |answers| <= 120, so 512 products fit in 32 bits. */
static int32_t dot(const int16_t *a, const int16_t *b)
{
    int32_t sum = 0;
    for (int s = 0; s < BLOCK; s++)
        sum += (int32_t)a[s] * b[s];
    return sum;
}

typedef struct tally {
    int16_t *block; /* [p][BLOCK] */
    int64_t *sum;   /* [p] */
    int64_t *cross; /* [p][p], upper half */
} tally;

static void flush_block(tally *w, size_t p)
{
    for (size_t i = 0; i < p; i++) {
        const int16_t *a = w->block + i * BLOCK;
        int32_t sum = 0;
        for (int s = 0; s < BLOCK; s++)
            sum += a[s];
        w->sum[i] += sum;
        for (size_t j = i; j < p; j++)
            w->cross[i * p + j] += dot(a, w->block + j * BLOCK);
    }
}

static hf_status add_sheets(tally *w, hf_i_moments *m, const hf_sheets *sheets)
{
    size_t p = m->p, filled = 0;
    for (size_t s = 0; s < sheets->count; s++) {
        const int8_t *x = sheets->answers + s * sheets->columns;
        bool complete = true;
        for (size_t i = 0; i < p; i++) {
            int8_t answer = x[m->columns[i] - 1];
            complete = complete && answer != HF_ANSWER_MISSING;
            w->block[i * BLOCK + filled] = answer;
        }
        m->n += complete;
        filled += complete;
        if (filled == BLOCK) {
            flush_block(w, p);
            filled = 0;
            HF_TRY(hf_i_progress(m->ctx, "keying check", s, sheets->count));
        }
    }
    /* An incomplete sheet may stand in the place after the last complete one: clear from there. */
    for (size_t i = 0; i < p; i++)
        memset(w->block + i * BLOCK + filled, 0, (BLOCK - filled) * sizeof *w->block);
    flush_block(w, p);
    return HF_OK;
}

static void to_covariance(hf_i_moments *m, const tally *w)
{
    size_t p = m->p;
    double n = (double)m->n;
    for (size_t i = 0; i < p; i++)
        m->mean[i] = m->n ? (double)w->sum[i] / n : NAN;
    for (size_t i = 0; i < p; i++)
        for (size_t j = i; j < p; j++) {
            /* n sum(xy) - sum(x) sum(y), exact. */
            double top =
                (double)((wide)m->n * w->cross[i * p + j] - (wide)w->sum[i] * w->sum[j]) / n;
            m->cov[i * p + j] = m->cov[j * p + i] = m->n > 1 ? top / (n - 1) : NAN;
        }
}

hf_status hf_i_moments_init(hf_i_moments *m, hf_ctx *ctx, const hf_sheets *sheets,
                            const uint16_t *columns, size_t p)
{
    *m = (hf_i_moments){.ctx = ctx, .p = p};
    m->columns = hf_i_alloc(ctx, (p + 1) * sizeof *m->columns);
    m->mean = hf_i_calloc(ctx, p + 1, sizeof *m->mean);
    m->cov = hf_i_calloc(ctx, p * p + 1, sizeof *m->cov);
    tally w = {.block = hf_i_alloc(ctx, (p + 1) * BLOCK * sizeof(int16_t)),
               .sum = hf_i_calloc(ctx, p + 1, sizeof(int64_t)),
               .cross = hf_i_calloc(ctx, p * p + 1, sizeof(int64_t))};
    hf_status s = HF_OK;
    if (!m->columns || !m->mean || !m->cov || !w.block || !w.sum || !w.cross) {
        s = HF_E_NOMEM;
    } else {
        memcpy(m->columns, columns, p * sizeof *columns);
        s = add_sheets(&w, m, sheets);
        to_covariance(m, &w);
    }
    hf_i_free(ctx, w.block);
    hf_i_free(ctx, w.sum);
    hf_i_free(ctx, w.cross);
    if (s != HF_OK)
        hf_i_moments_dispose(m);
    return s;
}

void hf_i_moments_dispose(hf_i_moments *m)
{
    if (!m->ctx)
        return;
    hf_i_free(m->ctx, m->columns);
    hf_i_free(m->ctx, m->mean);
    hf_i_free(m->ctx, m->cov);
    *m = (hf_i_moments){0};
}

int hf_i_moments_find(const hf_i_moments *m, unsigned column)
{
    for (size_t i = 0; i < m->p; i++)
        if (m->columns[i] == column)
            return (int)i;
    return -1;
}

/* ---- alpha and item-rest ------------------------------------------------------------------- */

static double signed_cov(const hf_i_moments *m, const hf_i_reading *r, size_t i, size_t j)
{
    return r->sign[i] * r->sign[j] * m->cov[r->place[i] * m->p + r->place[j]];
}

/* Sum of row i of the signed covariance matrix. */
static double row_sum(const hf_i_moments *m, const hf_i_reading *r, size_t i)
{
    double sum = 0;
    for (size_t j = 0; j < r->k; j++)
        sum += signed_cov(m, r, i, j);
    return sum;
}

double hf_i_alpha(const hf_i_moments *m, const hf_i_reading *r)
{
    double trace = 0, total = 0, k = (double)r->k;
    if (r->k < 2 || m->n < 2)
        return NAN;
    for (size_t i = 0; i < r->k; i++) {
        trace += signed_cov(m, r, i, i);
        total += row_sum(m, r, i);
    }
    return total > 0 ? k / (k - 1) * (1 - trace / total) : NAN;
}

void hf_i_item_rest(const hf_i_moments *m, const hf_i_reading *r, double *out)
{
    double total = 0;
    for (size_t i = 0; i < r->k; i++)
        total += row_sum(m, r, i);
    for (size_t i = 0; i < r->k; i++) {
        double own = signed_cov(m, r, i, i), row = row_sum(m, r, i);
        double rest = total - 2 * row + own;
        out[i] = r->k > 1 && own > 0 && rest > 0 ? (row - own) / sqrt(own * rest) : NAN;
    }
}

double hf_i_f_quantile(double p, double df1, double df2)
{
    /* x = df1 F / (df1 F + df2) has the beta distribution (df1/2, df2/2). */
    double lo = 0, hi = 1;
    if (!(p > 0 && p < 1))
        return NAN;
    for (int i = 0; i < 200 && hi - lo > 1e-16; i++) {
        double mid = 0.5 * (lo + hi);
        if (hf_i_incomplete_beta(df1 / 2, df2 / 2, mid) < p)
            lo = mid;
        else
            hi = mid;
    }
    double x = 0.5 * (lo + hi);
    return df2 * x / (df1 * (1 - x));
}

void hf_i_alpha_interval(double alpha, size_t n, size_t k, double *lo, double *hi)
{
    *lo = *hi = NAN;
    if (!(alpha <= 1) || n < 3 || k < 2)
        return;
    double df1 = (double)n - 1, df2 = df1 * ((double)k - 1);
    *lo = 1 - (1 - alpha) * hf_i_f_quantile(0.975, df1, df2);
    *hi = 1 - (1 - alpha) * hf_i_f_quantile(0.025, df1, df2);
}

/* ---- one factor ---------------------------------------------------------------------------- */

enum { EM_ITERATIONS = 20000 };
static const double EM_TOLERANCE = 1e-11;
static const double ERROR_FLOOR = 0.005; /* of a standardised item's variance */

/* One EM step on the correlation matrix r [k][k]; returns the largest change of a loading. */
static double em_step(const double *corr, size_t k, double *load, double *error, double *tmp)
{
    double *beta = tmp, *sb = tmp + k, precision = 1, quadratic = 0, cross = 0, change = 0;
    for (size_t i = 0; i < k; i++)
        precision += load[i] * load[i] / error[i];
    for (size_t i = 0; i < k; i++)
        beta[i] = load[i] / error[i] / precision;
    for (size_t i = 0; i < k; i++) {
        double sum = 0;
        for (size_t j = 0; j < k; j++)
            sum += corr[i * k + j] * beta[j];
        sb[i] = sum;
        quadratic += beta[i] * sum;
        cross += beta[i] * load[i];
    }
    double second = 1 - cross + quadratic; /* mean of the squared factor given the data */
    for (size_t i = 0; i < k; i++) {
        double next = sb[i] / second, rest = 1 - next * sb[i];
        change = fmax(change, fabs(next - load[i]));
        load[i] = next;
        error[i] = rest > ERROR_FLOOR ? rest : ERROR_FLOOR;
    }
    return change;
}

/* Signed correlations of the items; false without spread. */
static bool correlations(const hf_i_moments *m, const hf_i_reading *r, double *corr, double *sd)
{
    for (size_t i = 0; i < r->k; i++) {
        sd[i] = sqrt(signed_cov(m, r, i, i));
        if (!(sd[i] > 0))
            return false;
    }
    for (size_t i = 0; i < r->k; i++)
        for (size_t j = 0; j < r->k; j++)
            corr[i * r->k + j] = i == j ? 1 : signed_cov(m, r, i, j) / (sd[i] * sd[j]);
    return true;
}

hf_status hf_i_omega(double *omega, bool *heywood, hf_ctx *ctx, const hf_i_moments *m,
                     const hf_i_reading *r)
{
    size_t k = r->k;
    *omega = NAN;
    *heywood = false;
    if (k < 3 || m->n < 3)
        return HF_OK;
    double *work = hf_i_alloc(ctx, (k * k + 5 * k) * sizeof *work);
    if (!work)
        return HF_E_NOMEM;
    double *corr = work, *sd = corr + k * k, *load = sd + k, *error = load + k, *tmp = error + k;
    if (correlations(m, r, corr, sd)) {
        for (size_t i = 0; i < k; i++) {
            load[i] = 0.6;
            error[i] = 0.64;
        }
        for (int t = 0; t < EM_ITERATIONS; t++)
            if (em_step(corr, k, load, error, tmp) < EM_TOLERANCE)
                break;
        double common = 0, unique = 0;
        for (size_t i = 0; i < k; i++) {
            common += load[i] * sd[i];
            unique += error[i] * sd[i] * sd[i];
            *heywood = *heywood || error[i] <= ERROR_FLOOR;
        }
        *omega = common * common / (common * common + unique);
    }
    hf_i_free(ctx, work);
    return HF_OK;
}

/* ---- the fingerprint of the raw signs ------------------------------------------------------- */

int hf_i_raw_negative(const hf_i_moments *m, const hf_i_reading *r)
{
    double v[HF_I_MAX_ITEMS], next[HF_I_MAX_ITEMS], sd[HF_I_MAX_ITEMS];
    size_t k = r->k, negative = 0;
    if (k < 2 || m->n < 3)
        return -1;
    for (size_t i = 0; i < k; i++) {
        sd[i] = sqrt(m->cov[r->place[i] * m->p + r->place[i]]);
        v[i] = 1 + 0.001 * (double)i; /* not orthogonal to any sign pattern in practice */
        if (!(sd[i] > 0))
            return -1;
    }
    for (int t = 0; t < 500; t++) {
        double norm = 0;
        for (size_t i = 0; i < k; i++) {
            next[i] = 0;
            for (size_t j = 0; j < k; j++)
                next[i] += m->cov[r->place[i] * m->p + r->place[j]] / (sd[i] * sd[j]) * v[j];
            norm += next[i] * next[i];
        }
        norm = sqrt(norm);
        if (!(norm > 0))
            return -1;
        for (size_t i = 0; i < k; i++)
            v[i] = next[i] / norm;
    }
    for (size_t i = 0; i < k; i++)
        negative += v[i] < 0;
    return (int)(negative * 2 > k ? k - negative : negative);
}
