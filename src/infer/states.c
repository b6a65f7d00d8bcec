/* SPDX-License-Identifier: MIT */
/* Filtered and smoothed states, regime probabilities, residuals. */
#include "infer/states.h"

#include "num/dense.h"
#include "text/csv.h"

#include <math.h>
#include <string.h>

typedef hf_i_states_scratch scratch;

void hf_i_smoother_gain(const double *pf, const double *A, const double *pp, int n, double *out,
                        scratch *s)
{
    double w[HF_MODEL_MAX_STATES], most = 0;
    double pfa[HF_MODEL_MAX_STATES * HF_MODEL_MAX_STATES];
    memcpy(s->a, pp, sizeof *pp * (size_t)(n * n));
    hf_i_eigen_symmetric(s->a, n, w, s->v);
    for (int k = 0; k < n; k++)
        most = fmax(most, w[k]);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            pfa[i + j * n] = 0;
            for (int l = 0; l < n; l++)
                pfa[i + j * n] += pf[i + l * n] * A[j + l * n];
        }
    for (int i = 0; i < n * n; i++)
        out[i] = 0;
    for (int k = 0; k < n; k++) {
        if (!(w[k] > 1e-13 * most))
            continue;
        for (int i = 0; i < n; i++) {
            double dot = 0;
            for (int l = 0; l < n; l++)
                dot += pfa[i + l * n] * s->v[l + k * n];
            for (int j = 0; j < n; j++)
                out[i + j * n] += dot / w[k] * s->v[j + k * n];
        }
    }
}

void hf_i_smoother_step(const double *mean, const double *cov, const double *A, const double *pm,
                        const double *pp, const double *nm, const double *nc, int n,
                        double *out_mean, double *out_cov, scratch *s)
{
    double *C = s->w;
    hf_i_smoother_gain(cov, A, pp, n, C, s);
    for (int i = 0; i < n; i++) {
        out_mean[i] = mean[i];
        for (int l = 0; l < n; l++)
            out_mean[i] += C[i + l * n] * (nm[l] - pm[l]);
    }
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++) {
            double sum = cov[i + j * n];
            for (int l = 0; l < n; l++)
                for (int k = 0; k < n; k++)
                    sum += C[i + l * n] * (nc[l + k * n] - pp[l + k * n]) * C[j + k * n];
            out_cov[i + j * n] = sum;
        }
}

/* Rauch-Tung-Striebel from the last row back. */
static void smooth_states(hf_states *st, size_t first, size_t rows, scratch *s)
{
    size_t n = st->n, nn = n * n, last = first + rows - 1;
    memcpy(st->smooth_mean + last * n, st->mean + last * n, n * sizeof(double));
    memcpy(st->smooth_cov + last * nn, st->cov + last * nn, nn * sizeof(double));
    for (size_t r = rows - 1; r-- > 0;) {
        size_t at = first + r;
        hf_i_smoother_step(st->mean + at * n, st->cov + at * nn, s->transition + (r + 1) * nn,
                           s->predicted_mean + (r + 1) * n, s->predicted_cov + (r + 1) * nn,
                           st->smooth_mean + (at + 1) * n, st->smooth_cov + (at + 1) * nn, (int)n,
                           st->smooth_mean + at * n, st->smooth_cov + at * nn, s);
    }
}

/* Kim's backward pass for the probabilities. */
static void smooth_regimes(hf_states *st, size_t first, size_t rows, const scratch *s)
{
    size_t K = st->K, last = first + rows - 1;
    memcpy(st->smooth_regime + last * K, st->regime + last * K, K * sizeof(double));
    for (size_t r = rows - 1; r-- > 0;) {
        const double *p = s->switching + (r + 1) * K * K, *pred = s->regime_predicted + (r + 1) * K;
        for (size_t i = 0; i < K; i++) {
            double sum = 0;
            for (size_t j = 0; j < K; j++)
                if (pred[j] > 0)
                    sum += p[i * K + j] * st->smooth_regime[(first + r + 1) * K + j] / pred[j];
            st->smooth_regime[(first + r) * K + i] = st->regime[(first + r) * K + i] * sum;
        }
    }
}

static hf_status one_dyad(hf_states *st, hf_likelihood *l, const double *theta, size_t dyad,
                          scratch *s)
{
    size_t first = st->data.first_row[dyad], rows = st->data.first_row[dyad + 1] - first,
           nn = st->n * st->n;
    double ll;
    hf_i_trace t = {.predicted_mean = s->predicted_mean,
                    .predicted_cov = s->predicted_cov,
                    .filtered_mean = st->mean + first * st->n,
                    .filtered_cov = st->cov + first * nn,
                    .transition = s->transition,
                    .regime = st->regime + first * st->K,
                    .regime_predicted = s->regime_predicted,
                    .switching = s->switching,
                    .innovation = s->innovation,
                    .innovation_var = s->innovation_var};
    if (st->K > 1) {
        t.pair_weight = s->pair_weight;
        t.pair_mean = s->pair_mean;
        t.pair_cov = s->pair_cov;
        t.pair_transition = s->pair_transition;
        t.regime_mean = s->regime_mean;
        t.regime_cov = s->regime_cov;
        memset(s->pair_weight, 0, rows * st->K * st->K * sizeof *s->pair_weight);
    }
    HF_TRY(hf_i_likelihood_trace(l, theta, dyad, &t, &ll));
    if (!isfinite(ll))
        return hf_i_fail(st->ctx, HF_E_RANGE, "Fit the model first, or give other values.",
                         "the filter fails at these parameters for dyad %zu", dyad + 1);
    for (size_t c = 0; c < rows * st->m; c++)
        st->residual[first * st->m + c] = s->innovation[c] / sqrt(s->innovation_var[c]);
    smooth_regimes(st, first, rows, s);
    if (st->K == 1)
        smooth_states(st, first, rows, s);
    else
        hf_i_states_kim(st, first, rows, s);
    hf_i_states_expect(st, first, rows, s);
    return HF_OK;
}

static double *numbers(hf_ctx *ctx, size_t count, double fill)
{
    double *p = hf_i_alloc(ctx, (count ? count : 1) * sizeof *p);
    for (size_t i = 0; p && i < count; i++)
        p[i] = fill;
    return p;
}

static hf_status make_room(hf_states *st, scratch *s, size_t longest, const double *theta)
{
    const hf_model *m = st->model;
    size_t n = st->n, nn = n * n, K = st->K, pairs = K > 1 ? K * K : 0, many = K > 1 ? K : 0;
    const struct {
        double **field;
        size_t size;
    } kept[] = {{&st->mean, n},         {&st->cov, nn},         {&st->smooth_mean, n},
                {&st->smooth_cov, nn},  {&st->regime, K},       {&st->smooth_regime, K},
                {&st->residual, st->m}, {&st->expected, st->m}, {&st->lower, st->m},
                {&st->upper, st->m}},
      own[] = {{&s->predicted_mean, n},
               {&s->predicted_cov, nn},
               {&s->transition, nn},
               {&s->innovation, st->m},
               {&s->innovation_var, st->m},
               {&s->pair_weight, pairs},
               {&s->pair_mean, pairs * n},
               {&s->pair_cov, pairs * nn},
               {&s->pair_transition, pairs * nn},
               {&s->regime_mean, many * n},
               {&s->regime_cov, many * nn},
               {&s->smooth_regime_mean, many * n},
               {&s->smooth_regime_cov, many * nn}};
    for (size_t i = 0; i < HF_COUNT_OF(kept); i++)
        if (!(*kept[i].field = numbers(st->ctx, st->rows * kept[i].size, NAN)))
            return HF_E_NOMEM;
    for (size_t i = 0; i < HF_COUNT_OF(own); i++)
        if (!(*own[i].field = numbers(st->ctx, longest * own[i].size, NAN)))
            return HF_E_NOMEM;
    s->switching = numbers(st->ctx, longest * K * K, 1);
    s->regime_predicted = numbers(st->ctx, longest * K, 1);
    s->a = numbers(st->ctx, nn, 0);
    s->v = numbers(st->ctx, nn, 0);
    s->w = numbers(st->ctx, nn, 0);
    s->theta = numbers(st->ctx, m->n_params, 0);
    s->values = numbers(st->ctx, m->graph.count, 0);
    if (!s->switching || !s->regime_predicted || !s->a || !s->v || !s->w || !s->theta || !s->values)
        return HF_E_NOMEM;
    for (size_t i = 0; i < m->n_params; i++)
        s->theta[i] = theta[m->params[i].same_as >= 0 ? (size_t)m->params[i].same_as : i];
    return HF_OK;
}

static void drop_scratch(hf_ctx *ctx, scratch *s)
{
    double *parts[] = {s->predicted_mean,
                       s->predicted_cov,
                       s->transition,
                       s->switching,
                       s->regime_predicted,
                       s->innovation,
                       s->innovation_var,
                       s->pair_weight,
                       s->pair_mean,
                       s->pair_cov,
                       s->pair_transition,
                       s->regime_mean,
                       s->regime_cov,
                       s->smooth_regime_mean,
                       s->smooth_regime_cov,
                       s->a,
                       s->v,
                       s->w,
                       s->theta,
                       s->values};
    for (size_t i = 0; i < HF_COUNT_OF(parts); i++)
        hf_i_free(ctx, parts[i]);
}

/* ---- CSV
 * ---------------------------------------------------------------------------------------------- */

static void name_column(hf_i_csv_writer *w, const char *name, const char *suffix)
{
    char text[600];
    snprintf(text, sizeof text, "%.500s%s", name, suffix);
    hf_i_csv_str(w, text);
}

static void csv_header(hf_i_csv_writer *w, const hf_states *st)
{
    static const char *const kinds[] = {"_filtered", "_filtered_sd", "_smoothed", "_smoothed_sd"};
    hf_i_csv_str(w, "dyad");
    hf_i_csv_str(w, "time");
    for (size_t i = 0; i < st->n; i++)
        for (size_t k = 0; k < 4; k++)
            name_column(w, st->model->states[i], kinds[k]);
    for (size_t k = 0; st->K > 1 && k < st->K; k++) {
        name_column(w, st->model->regimes[k], "_p");
        name_column(w, st->model->regimes[k], "_p_smoothed");
    }
    for (size_t j = 0; j < st->m; j++)
        name_column(w, st->model->obs[j], "_residual");
    hf_i_csv_end_row(w);
}

static void csv_row(hf_i_csv_writer *w, const hf_states *st, size_t dyad, size_t row)
{
    if (st->data.ids)
        hf_i_csv_str(w, st->data.ids[dyad]);
    else
        hf_i_csv_int(w, (int64_t)dyad + 1);
    hf_i_csv_real(w, st->data.time[row]);
    for (size_t i = 0; i < st->n; i++) {
        double mean, sd;
        hf_states_filtered(st, row, i, &mean, &sd);
        hf_i_csv_real(w, mean);
        hf_i_csv_real(w, sd);
        hf_states_smoothed(st, row, i, &mean, &sd);
        hf_i_csv_real(w, mean);
        hf_i_csv_real(w, sd);
    }
    for (size_t k = 0; st->K > 1 && k < st->K; k++) {
        hf_i_csv_real(w, st->regime[row * st->K + k]);
        hf_i_csv_real(w, st->smooth_regime[row * st->K + k]);
    }
    for (size_t j = 0; j < st->m; j++)
        hf_i_csv_real(w, st->residual[row * st->m + j]);
    hf_i_csv_end_row(w);
}

static hf_status write_csv(hf_states *st)
{
    hf_i_buf b;
    hf_i_csv_writer w;
    hf_i_buf_init(&b, st->ctx, UINT64_C(4) << 30, "states as CSV");
    hf_i_csv_init(&w, hf_i_sink_buf(&b), ',');
    csv_header(&w, st);
    for (size_t i = 0; i < st->data.n_dyads; i++)
        for (size_t r = st->data.first_row[i]; r < st->data.first_row[i + 1]; r++)
            csv_row(&w, st, i, r);
    hf_status s = hf_i_csv_finish(&w);
    if (s == HF_OK) {
        st->csv = hf_i_strndup(st->ctx, b.data, b.len);
        s = st->csv ? HF_OK : HF_E_NOMEM;
    }
    hf_i_buf_dispose(&b);
    return s;
}

/* ---- the object
 * ------------------------------------------------------------------------------------------ */

hf_status hf_states_new(hf_states **out, hf_ctx *ctx, const hf_model *model, const hf_dyads *data,
                        const double *theta, const hf_likelihood_options *options)
{
    hf_likelihood *l;
    scratch s = {0};
    size_t longest = 1;
    *out = NULL;
    HF_TRY(hf_likelihood_new(&l, ctx, model, data, options));
    hf_states *st = hf_i_calloc(ctx, 1, sizeof *st);
    hf_status status = st ? HF_OK : HF_E_NOMEM;
    if (st) {
        *st = (hf_states){.ctx = ctx,
                          .model = model,
                          .data = *data,
                          .n = model->n,
                          .m = model->m,
                          .K = model->n_regimes};
        st->rows = data->first_row[data->n_dyads];
        for (size_t i = 0; i < data->n_dyads; i++)
            if (data->first_row[i + 1] - data->first_row[i] > longest)
                longest = data->first_row[i + 1] - data->first_row[i];
        status = make_room(st, &s, longest, theta);
    }
    for (size_t i = 0; status == HF_OK && i < data->n_dyads; i++) {
        status = one_dyad(st, l, theta, i, &s);
        if (status == HF_OK && i % 64 == 63)
            status = hf_i_progress(ctx, "states", i, data->n_dyads);
    }
    if (status == HF_OK)
        status = write_csv(st);
    drop_scratch(ctx, &s);
    hf_likelihood_free(l);
    if (status == HF_OK)
        *out = st;
    else
        hf_states_free(st);
    return status;
}

void hf_states_free(hf_states *st)
{
    if (!st)
        return;
    hf_ctx *ctx = st->ctx;
    double *fields[] = {st->mean,   st->cov,           st->smooth_mean, st->smooth_cov,
                        st->regime, st->smooth_regime, st->residual,    st->expected,
                        st->lower,  st->upper};
    for (size_t i = 0; i < HF_COUNT_OF(fields); i++)
        hf_i_free(ctx, fields[i]);
    hf_i_free(ctx, st->csv);
    hf_i_free(ctx, st);
}

static void moments(const double *mean, const double *cov, size_t n, size_t row, size_t state,
                    double *m, double *sd)
{
    double v = cov[row * n * n + state * (n + 1)];
    *m = mean[row * n + state];
    *sd = v > 0 ? sqrt(v) : v == v ? 0 : NAN;
}

void hf_states_filtered(const hf_states *st, size_t row, size_t state, double *mean, double *sd)
{
    moments(st->mean, st->cov, st->n, row, state, mean, sd);
}

void hf_states_smoothed(const hf_states *st, size_t row, size_t state, double *mean, double *sd)
{
    moments(st->smooth_mean, st->smooth_cov, st->n, row, state, mean, sd);
}

double hf_states_regime(const hf_states *st, size_t row, size_t regime, bool smoothed)
{
    return (smoothed ? st->smooth_regime : st->regime)[row * st->K + regime];
}

double hf_states_residual(const hf_states *st, size_t row, size_t observation)
{
    return st->residual[row * st->m + observation];
}

void hf_states_expected(const hf_states *st, size_t row, size_t observation, double *mean,
                        double *lower, double *upper)
{
    size_t at = row * st->m + observation;
    *mean = st->expected[at];
    *lower = st->lower[at];
    *upper = st->upper[at];
}

const char *hf_states_csv(const hf_states *st)
{
    return st->csv;
}

hf_residual_check hf_states_check(const hf_states *st, size_t j)
{
    hf_residual_check c = {0};
    double sum[5] = {0}, cross = 0, pairs = 0;
    for (size_t r = 0; r < st->rows; r++) {
        double e = st->residual[r * st->m + j];
        if (isnan(e))
            continue;
        c.n++;
        for (int k = 1; k < 5; k++)
            sum[k] += pow(e, k);
    }
    if (c.n < 3)
        return (hf_residual_check){c.n, NAN, NAN, NAN, NAN, NAN};
    double n = (double)c.n, mean = sum[1] / n, m2 = sum[2] / n - mean * mean;
    c.mean = mean;
    c.sd = sqrt(m2 * n / (n - 1));
    double m3 = sum[3] / n - 3 * mean * sum[2] / n + 2 * mean * mean * mean;
    double m4 = sum[4] / n - 4 * mean * sum[3] / n + 6 * mean * mean * sum[2] / n -
                3 * mean * mean * mean * mean;
    c.skewness = m3 / pow(m2, 1.5);
    c.excess_kurtosis = m4 / (m2 * m2) - 3;
    for (size_t i = 0; i < st->data.n_dyads; i++)
        for (size_t r = st->data.first_row[i] + 1; r < st->data.first_row[i + 1]; r++) {
            double a = st->residual[(r - 1) * st->m + j], b = st->residual[r * st->m + j];
            if (isnan(a) || isnan(b))
                continue;
            cross += (a - mean) * (b - mean);
            pairs++;
        }
    c.lag1 = pairs > 0 ? cross / pairs / m2 : NAN;
    return c;
}
