/* SPDX-License-Identifier: MIT */
/* One dyad's values beside what was expected of them, and its regimes. */
#include "infer/page.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 400 };

static size_t shown_rows(const hf_i_fit_page *p)
{
    return p->rows < MOST_ROWS ? p->rows : MOST_ROWS;
}

static void fan_begin(const hf_i_fit_page *p, hf_i_json_writer *w)
{
    hf_i_json_key_str(w, "x_key", "axis.time");
    hf_i_figure_numbers(w, "x", p->data->time + p->first, shown_rows(p), 1);
    hf_i_json_key_number(w, "level", 0.95);
    hf_i_json_key(w, "marks");
    hf_i_json_array_begin(w);
    hf_i_json_array_end(w);
    hf_i_json_key(w, "panels");
    hf_i_json_array_begin(w);
}

static void observed_panel(const hf_i_fit_page *p, hf_i_json_writer *w, size_t j, double *band)
{
    size_t rows = shown_rows(p), m = p->model->m;
    const char *partner = m != 2 ? "ab" : j ? "b" : "a";
    bool banded = p->model->obs_kind[j] == HF_OBSERVE_GAUSSIAN;
    for (size_t r = 0; r < rows; r++)
        hf_states_expected(p->states, p->first + r, j, &band[r], &band[rows + r],
                           &band[2 * rows + r]);
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "title", p->model->obs[j]);
    hf_i_json_key_str(w, "partner", partner);
    hf_i_json_key_null(w, "range");
    hf_i_json_key(w, "lines");
    hf_i_json_array_begin(w);
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "partner", partner);
    hf_i_figure_numbers(w, "mid", band, rows, 1);
    if (banded) {
        hf_i_figure_numbers(w, "lo", band + rows, rows, 1);
        hf_i_figure_numbers(w, "hi", band + 2 * rows, rows, 1);
    }
    hf_i_figure_numbers(w, "seen", p->data->y + p->first * m + j, rows, m);
    hf_i_json_object_end(w);
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

/* How many values of the dyad lie outside their bands. */
static hf_status outside_finding(const hf_i_fit_page *p)
{
    size_t seen = 0, outside = 0, m = p->model->m;
    for (size_t r = p->first; r < p->first + p->rows; r++)
        for (size_t j = 0; j < m; j++) {
            double mean, lo, hi, y = p->data->y[r * m + j];
            hf_states_expected(p->states, r, j, &mean, &lo, &hi);
            seen += isfinite(y) && isfinite(lo);
            outside += isfinite(y) && isfinite(lo) && (y < lo || y > hi);
        }
    const hf_finding_value values[] = {{"dyad", 0, p->name}, {"expected", 0.05, NULL}};
    hf_finding f = hf_i_finding_described("fit_outside.ab", "fit_outside");
    if (seen == 0)
        return HF_OK;
    f.estimate = (double)outside / (double)seen;
    f.unit = "share";
    f.n = seen;
    f.values = values;
    f.value_count = HF_COUNT_OF(values);
    return hf_findings_add(p->out, &f);
}

hf_status hf_i_fit_page_series(const hf_i_fit_page *p)
{
    hf_i_figure_writer f;
    double *band = hf_i_alloc(p->ctx, 3 * shown_rows(p) * sizeof *band);
    if (!band)
        return HF_E_NOMEM;
    hf_i_figure_begin(&f, p->ctx);
    fan_begin(p, &f.json);
    for (size_t j = 0; j < p->model->m; j++)
        observed_panel(p, &f.json, j, band);
    hf_i_json_array_end(&f.json);
    hf_i_free(p->ctx, band);
    HF_TRY(hf_i_figure_end(&f, p->out, "observed", "fan", "figure.observed"));
    if (p->rows > MOST_ROWS)
        HF_TRY(hf_findings_add_limit(p->out, "fit_rows",
                                     "Only the first 400 rows of the dyad are drawn."));
    return outside_finding(p);
}

static void regime_panel(const hf_i_fit_page *p, hf_i_json_writer *w, size_t k, double *x)
{
    size_t rows = shown_rows(p);
    for (size_t r = 0; r < rows; r++)
        x[r] = hf_states_regime(p->states, p->first + r, k, true);
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "title", p->model->regimes[k]);
    hf_i_json_key_str(w, "partner", "ab");
    hf_i_figure_range(w, "range", 0, 1);
    hf_i_json_key(w, "lines");
    hf_i_json_array_begin(w);
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "partner", "ab");
    hf_i_figure_numbers(w, "mid", x, rows, 1);
    memset(x + rows, 0, rows * sizeof *x); /* filled from below: a band */
    hf_i_figure_numbers(w, "lo", x + rows, rows, 1);
    hf_i_figure_numbers(w, "hi", x, rows, 1);
    hf_i_json_object_end(w);
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

static hf_status regime_finding(const hf_i_fit_page *p, size_t k)
{
    size_t first = 0;
    char id[60];
    for (size_t r = p->first; r < p->first + p->rows; r++) {
        size_t best = 0;
        for (size_t i = 1; i < p->model->n_regimes; i++)
            if (hf_states_regime(p->states, r, i, true) >
                hf_states_regime(p->states, r, best, true))
                best = i;
        first += best == k;
    }
    snprintf(id, sizeof id, "fit_regimes_%zu.ab", k + 1);
    const hf_finding_value values[] = {{"dyad", 0, p->name}, {"regime", 0, p->model->regimes[k]}};
    hf_finding f = hf_i_finding_described(id, "fit_regimes");
    f.estimate = (double)first / (double)p->rows;
    f.unit = "share";
    f.n = p->rows;
    f.values = values;
    f.value_count = HF_COUNT_OF(values);
    return hf_findings_add(p->out, &f);
}

hf_status hf_i_fit_page_regimes(const hf_i_fit_page *p)
{
    size_t K = p->model->n_regimes;
    hf_i_figure_writer f;
    if (K < 2)
        return HF_OK;
    double *x = hf_i_alloc(p->ctx, 2 * shown_rows(p) * sizeof *x);
    if (!x)
        return HF_E_NOMEM;
    hf_i_figure_begin(&f, p->ctx);
    fan_begin(p, &f.json);
    for (size_t k = K == 2 ? 1 : 0; k < K; k++) /* of two, one is the other's rest */
        regime_panel(p, &f.json, k, x);
    hf_i_json_array_end(&f.json);
    hf_i_free(p->ctx, x);
    HF_TRY(hf_i_figure_end(&f, p->out, "regimes", "fan", "figure.regimes"));
    for (size_t k = 0; k < K; k++)
        HF_TRY(regime_finding(p, k));
    return HF_OK;
}
