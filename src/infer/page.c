/* SPDX-License-Identifier: MIT */
/* A fit as the document of a page (doc/schema/findings.md): what was estimated, how sure it is,
 * what is left over. What a model cannot show is said in a sentence. */
#include "infer/page.h"

#include "num/dense.h"
#include "num/random.h"

#include <math.h>
#include <string.h>

enum { DRAWS = 200 };

hf_status hf_i_fit_unknown(const hf_i_fit_page *p, const char *id, const char *text_key)
{
    hf_finding f = hf_i_finding_described(id, text_key);
    f.status = HF_FINDING_NOT_ENOUGH_DATA;
    return hf_findings_add(p->out, &f);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static hf_status write_parameters(const hf_i_fit_page *p)
{
    static const char *const columns[] = {"table.parameter", "table.estimate", "table.se",
                                          "table.lower",     "table.upper",    "table.note"};
    hf_i_figure_writer f;
    hf_i_figure_begin(&f, p->ctx);
    hf_i_figure_columns(&f.json, columns, HF_COUNT_OF(columns));
    hf_i_json_key(&f.json, "rows");
    hf_i_json_array_begin(&f.json);
    for (size_t i = 0; i < p->model->n_params; i++) {
        hf_estimate e = hf_fit_get_estimate(p->fit, i);
        const double cells[] = {e.estimate, e.se, e.lower, e.upper};
        hf_i_json_array_begin(&f.json);
        hf_i_json_str(&f.json, e.name);
        for (size_t c = 0; c < HF_COUNT_OF(cells); c++)
            hf_i_json_number(&f.json, cells[c]);
        hf_i_json_str(&f.json, e.fixed                            ? "fit.held"
                               : e.on_bound                       ? "fit.bound"
                               : e.weak                           ? "fit.weak"
                               : p->model->params[i].same_as >= 0 ? "fit.shared"
                                                                  : "");
        hf_i_json_array_end(&f.json);
    }
    hf_i_json_array_end(&f.json);
    return hf_i_figure_end(&f, p->out, "parameters", "table", "figure.parameters");
}

/* Beyond three standard errors of what the model says. */
static bool looks_wrong(const hf_residual_check *c)
{
    double n = (double)c->n;
    return fabs(c->mean) > 3 / sqrt(n) || fabs(c->sd - 1) > 3 / sqrt(2 * n) ||
           fabs(c->lag1) > 3 / sqrt(n);
}

static hf_status residual_finding(const hf_i_fit_page *p, size_t checked, const char *wrong)
{
    if (checked == 0)
        return hf_i_fit_unknown(p, "fit_residuals.ab", "fit_residuals");
    hf_finding_value value = {"what", 0, wrong};
    hf_finding f =
        hf_i_finding_described("fit_residuals.ab", *wrong ? "fit_residuals.off" : "fit_residuals");
    f.values = &value;
    f.value_count = 1;
    return hf_findings_add(p->out, &f);
}

static hf_status write_residuals(const hf_i_fit_page *p)
{
    static const char *const columns[] = {"table.observation", "table.count",    "table.mean",
                                          "table.sd",          "table.skewness", "table.kurtosis",
                                          "table.lag1"};
    char wrong[400] = "";
    size_t checked = 0, at = 0;
    hf_i_figure_writer f;
    hf_i_figure_begin(&f, p->ctx);
    hf_i_figure_columns(&f.json, columns, HF_COUNT_OF(columns));
    hf_i_json_key(&f.json, "rows");
    hf_i_json_array_begin(&f.json);
    for (size_t j = 0; j < p->model->m; j++) {
        hf_residual_check c = hf_states_check(p->states, j);
        const double cells[] = {c.mean, c.sd, c.skewness, c.excess_kurtosis, c.lag1};
        hf_i_json_array_begin(&f.json);
        hf_i_json_str(&f.json, p->model->obs[j]);
        hf_i_json_uint(&f.json, c.n);
        for (size_t k = 0; k < HF_COUNT_OF(cells); k++)
            hf_i_json_number(&f.json, cells[k]);
        hf_i_json_array_end(&f.json);
        checked += isfinite(c.sd);
        if (isfinite(c.sd) && looks_wrong(&c) && at < sizeof wrong - 80)
            at += (size_t)snprintf(wrong + at, sizeof wrong - at, "%s%.60s", at ? ", " : "",
                                   p->model->obs[j]);
    }
    hf_i_json_array_end(&f.json);
    HF_TRY(hf_i_figure_end(&f, p->out, "residuals", "table", "figure.residuals"));
    return residual_finding(p, checked, wrong);
}

/* ---- statements ------------------------------------------------------------------------------ */

static hf_status write_model(const hf_i_fit_page *p)
{
    hf_fit_summary s = hf_fit_get_summary(p->fit);
    const char *title = p->model->title && p->model->title[0] ? p->model->title : p->model->name;
    const hf_finding_value values[] = {
        {"model", 0, title},        {"dyads", (double)s.n_dyads, NULL},
        {"loglik", s.loglik, NULL}, {"occasions", (double)s.n_occasions, NULL},
        {"aic", s.aic, NULL},       {"bic", s.bic, NULL},
        {"method", 0, s.method}};
    const hf_finding_value stop[] = {{"agreeing", s.agreeing, NULL},
                                     {"starts", s.starts, NULL},
                                     {"slope", s.gradient_norm, NULL},
                                     {"reason", 0, s.reason}};
    bool given = p->fit->options.evaluate || s.n_free == 0;
    hf_finding f = hf_i_finding_described("fit_model.ab", "fit_model");
    f.n = s.n_cells;
    f.values = values;
    f.value_count = HF_COUNT_OF(values);
    HF_TRY(hf_findings_add(p->out, &f));
    f = hf_i_finding_described("fit_stop.ab", given ? "fit_stop.given" : "fit_stop");
    if (!given && !s.converged)
        f.status = HF_FINDING_NOT_ENOUGH_DATA;
    f.values = stop;
    f.value_count = HF_COUNT_OF(stop);
    HF_TRY(hf_findings_add(p->out, &f));
    return p->draws == 0 && !given ? hf_i_fit_unknown(p, "fit_unknown.ab", "fit_unknown") : HF_OK;
}

static hf_status write_notes(const hf_i_fit_page *p)
{
    for (size_t i = 0; hf_fit_note(p->fit, i); i++)
        HF_TRY(hf_findings_add_limit(p->out, "fit_note", hf_fit_note(p->fit, i)));
    if (p->data->n_dyads > 1)
        HF_TRY(hf_findings_add_limit(p->out, "fit_one_dyad",
                                     "Series and paths are drawn of one dyad; --dyad draws "
                                     "another."));
    return HF_OK;
}

/* ---- preparation ----------------------------------------------------------------------------- */

/* A parameter that is searched on the log scale moves by its relative error: it stays positive. */
static double moved(const hf_i_fit_page *p, size_t i, double step)
{
    const hf_i_param *q = &p->model->params[i];
    double x = p->fit->theta[i];
    x = q->positive && x > 0 ? x * exp(step / x) : x + step;
    return fmin(fmax(x, p->fit->lower[i]), p->fit->upper[i]);
}

/* Parameter vectors from the normal distribution of the estimates. */
static hf_status draw_parameters(hf_i_fit_page *p, uint64_t seed)
{
    size_t n = p->model->n_params, known = 0, index[HF_MODEL_MAX_PARAMS];
    const double *cov = p->fit->covariance;
    for (size_t i = 0; i < n; i++)
        if (p->model->params[i].same_as < 0 && cov[i + i * n] > 0)
            index[known++] = i;
    p->drawn = hf_i_alloc(p->ctx, (DRAWS * n + 1) * sizeof *p->drawn);
    double *L = hf_i_alloc(p->ctx, (known * known + 1) * sizeof *L);
    if (!p->drawn || !L) {
        hf_i_free(p->ctx, L);
        return HF_E_NOMEM;
    }
    for (size_t a = 0; a < known; a++)
        for (size_t b = 0; b < known; b++)
            L[a + b * known] = cov[index[a] + index[b] * n];
    bool fine = known > 0 && hf_i_cholesky(L, (int)known, 1e-13) > 0;
    p->draws = fine ? DRAWS : 0;
    for (size_t d = 0; d < p->draws; d++) {
        hf_i_random r;
        double z[HF_MODEL_MAX_PARAMS];
        hf_i_random_init(&r, seed, UINT64_C(0x9a9e), d);
        memcpy(p->drawn + d * n, p->fit->theta, n * sizeof *p->drawn);
        for (size_t a = 0; a < known; a++)
            z[a] = hf_i_random_normal(&r);
        for (size_t a = 0; a < known; a++) {
            double step = 0;
            for (size_t b = 0; b <= a; b++)
                step += L[a + b * known] * z[b];
            p->drawn[d * n + index[a]] = moved(p, index[a], step);
        }
    }
    hf_i_free(p->ctx, L);
    return HF_OK;
}

static hf_status find_dyad(hf_i_fit_page *p, const char *id)
{
    size_t i = 0;
    while (id && i < p->data->n_dyads &&
           !(p->data->ids && p->data->ids[i] && strcmp(p->data->ids[i], id) == 0))
        i++;
    if (i == p->data->n_dyads)
        return hf_i_fail(p->ctx, HF_E_NOT_FOUND, NULL, "there is no dyad '%s' in the table", id);
    p->dyad = i;
    p->first = p->data->first_row[i];
    p->rows = p->data->first_row[i + 1] - p->first;
    if (p->data->ids && p->data->ids[i])
        snprintf(p->name, sizeof p->name, "%.79s", p->data->ids[i]);
    else
        snprintf(p->name, sizeof p->name, "%zu", i + 1);
    return HF_OK;
}

/* The last smoothed state and the means of the covariates. */
static hf_status take_point(hf_i_fit_page *p)
{
    size_t n = p->model->n, c = p->model->n_covs;
    p->at = hf_i_calloc(p->ctx, n + c + 1, sizeof *p->at);
    if (!p->at)
        return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        double sd;
        hf_states_smoothed(p->states, p->first + p->rows - 1, i, &p->at[i], &sd);
    }
    p->u = c ? p->at + n : NULL;
    for (size_t k = 0; k < c; k++)
        for (size_t r = 0; r < p->rows; r++)
            p->u[k] += p->data->u[(p->first + r) * c + k] / (double)p->rows;
    return HF_OK;
}

static hf_status fill(hf_i_fit_page *p, const hf_fit_page_options *o)
{
    HF_TRY(hf_i_model_header(p->out, p->ctx, "fit", o->file, false, o->made_on, "fit"));
    HF_TRY(find_dyad(p, o->dyad));
    HF_TRY(hf_states_new(&p->states, p->ctx, p->model, p->data, p->fit->theta,
                         &p->fit->options.likelihood));
    HF_TRY(draw_parameters(p, o->seed));
    HF_TRY(take_point(p));
    HF_TRY(hf_i_motion_new(&p->motion, p->ctx, p->model, p->fit->theta));
    HF_TRY(write_model(p));
    HF_TRY(write_parameters(p));
    HF_TRY(hf_i_fit_page_series(p));
    HF_TRY(hf_i_fit_page_regimes(p));
    HF_TRY(hf_i_fit_page_phase(p));
    HF_TRY(hf_i_fit_page_recovery(p));
    HF_TRY(write_residuals(p));
    return write_notes(p);
}

hf_status hf_fit_to_findings(hf_findings **out, hf_ctx *ctx, const hf_fit *fit,
                             const hf_dyads *data, const hf_fit_page_options *options)
{
    hf_fit_page_options defaults = HF_FIT_PAGE_OPTIONS_INIT;
    hf_i_fit_page p = {.ctx = ctx, .fit = fit, .model = fit->model, .data = data};
    *out = NULL;
    HF_TRY(hf_findings_new(&p.out, ctx));
    hf_status s = fill(&p, options ? options : &defaults);
    hf_i_motion_dispose(&p.motion);
    hf_states_free(p.states);
    hf_i_free(ctx, p.drawn);
    hf_i_free(ctx, p.at);
    if (s == HF_OK)
        *out = p.out;
    else
        hf_findings_free(p.out);
    return s;
}
