/* SPDX-License-Identifier: MIT */
/* Second pass over a model file: the formulas. A line without `in REGIME:` is read once for each
 * regime, so that `varying` parameters take that regime's value. */
#include "model/parse.h"

#include <math.h>
#include <string.h>

/* Slots of p->said, per regime: drift n, observe m, start mean n. */
static bool *said(hf_i_parser *p, size_t slot)
{
    const hf_model *m = p->model;
    return &p->said[p->regime * (2 * m->n + m->m) + slot];
}

static hf_status once(hf_i_parser *p, const hf_i_token *at, size_t slot)
{
    bool *flag = said(p, slot);
    if (*flag)
        return hf_i_parse_fail(p, at, "Remove one of the lines.", "this is given twice");
    *flag = true;
    return HF_OK;
}

static hf_status state_index(hf_i_parser *p, size_t *out)
{
    const hf_i_token *t;
    const hf_model *m = p->model;
    HF_TRY(hf_i_expect_name(p, &t, "a state"));
    int i = hf_i_find_name(m->states, m->n, t);
    if (i < 0) {
        const char *near = hf_i_nearest(t->text, t->len, m->states, m->n);
        return hf_i_parse_fail(p, t, "Declare it: state NAME", "'%.*s' is not a state%s%s%s",
                               (int)t->len, t->text, near ? " (did you mean '" : "",
                               near ? near : "", near ? "'?)" : "");
    }
    *out = (size_t)i;
    return HF_OK;
}

static hf_status regime_index(hf_i_parser *p, size_t *out)
{
    const hf_i_token *t;
    const hf_model *m = p->model;
    HF_TRY(hf_i_expect_name(p, &t, "a regime"));
    int i = hf_i_find_name(m->regimes, m->n_regimes, t);
    if (i < 0)
        return hf_i_parse_fail(p, t, "Declare it: regime NAME NAME", "'%.*s' is not a regime",
                               (int)t->len, t->text);
    *out = (size_t)i;
    return HF_OK;
}

/* [[a, b], [c, d]] into rows x cols (row by row); rows may end early in a lower triangle. */
static hf_status matrix(hf_i_parser *p, size_t rows, size_t cols, bool lower, hf_i_x *out)
{
    for (size_t i = 0; i < rows * cols; i++)
        out[i] = HF_X_ZERO;
    HF_TRY(hf_i_expect(p, "["));
    for (size_t r = 0; r < rows; r++) {
        if (r > 0)
            HF_TRY(hf_i_expect(p, ","));
        HF_TRY(hf_i_expect(p, "["));
        size_t width = lower ? r + 1 : cols;
        for (size_t c = 0; c < cols; c++) {
            if (c > 0 && (c < width ? hf_i_expect(p, ",") != HF_OK : !hf_i_accept(p, ",")))
                break;
            const hf_i_token *at = p->at;
            HF_TRY(hf_i_formula(p, &out[r * cols + c]));
            if (c >= width && out[r * cols + c] != HF_X_ZERO)
                return hf_i_parse_fail(p, at, "Give the lower triangle only.",
                                       "a Cholesky factor is zero above its diagonal");
        }
        HF_TRY(hf_i_expect(p, "]"));
    }
    return hf_i_expect(p, "]");
}

static hf_status vector(hf_i_parser *p, size_t count, hf_i_x *out)
{
    HF_TRY(hf_i_expect(p, "["));
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            HF_TRY(hf_i_expect(p, ","));
        HF_TRY(hf_i_formula(p, &out[i]));
    }
    return hf_i_expect(p, "]");
}

/* ---- drift -------------------------------------------------------------------------------- */

static hf_status drift_formula(hf_i_parser *p, const hf_i_token *word)
{
    hf_model *m = p->model;
    size_t i;
    const hf_i_token *at = p->at;
    if (hf_i_token_is(word, "d") != m->continuous)
        return hf_i_parse_fail(p, word, "Use d NAME in continuous and next NAME in discrete time.",
                               "this model is in %s time",
                               m->continuous ? "continuous" : "discrete");
    HF_TRY(state_index(p, &i));
    if (i >= m->n - m->n_effects)
        return hf_i_parse_fail(p, at, "Declare it as a state if it moves.",
                               "a random effect is constant and has no drift");
    HF_TRY(once(p, at, i));
    HF_TRY(hf_i_expect(p, "="));
    p->is_drift = true;
    hf_status s = hf_i_formula(p, &m->drift[p->regime * m->n + i]);
    p->is_drift = false;
    return s;
}

/* drift matrix [[...]] and drift intercept [...] add up. */
static hf_status drift_matrix(hf_i_parser *p)
{
    hf_model *m = p->model;
    hf_i_graph *g = &m->graph;
    const hf_i_token *at = p->at;
    size_t n = m->n - m->n_effects;
    hf_i_x *drift = m->drift + p->regime * m->n;
    p->is_drift = true;
    if (hf_i_accept(p, "intercept")) {
        hf_i_x b[HF_MODEL_MAX_STATES];
        HF_TRY(vector(p, n, b));
        for (size_t i = 0; i < n; i++)
            drift[i] = hf_i_x_binary(g, HF_OP_ADD, drift[i], b[i]);
    } else {
        hf_i_x a[HF_MODEL_MAX_STATES * HF_MODEL_MAX_STATES];
        HF_TRY(hf_i_expect(p, "matrix"));
        HF_TRY(matrix(p, n, n, false, a));
        for (size_t i = 0; i < n; i++) {
            HF_TRY(once(p, at, i));
            for (size_t j = 0; j < n; j++) {
                hf_i_x x = hf_i_x_input(g, HF_OP_STATE, (int32_t)j);
                drift[i] = hf_i_x_binary(g, HF_OP_ADD, drift[i],
                                         hf_i_x_binary(g, HF_OP_MUL, a[i * n + j], x));
            }
        }
    }
    p->is_drift = false;
    return g->status;
}

/* ---- covariances -------------------------------------------------------------------------- */

static void set_both(hf_i_x *cov, size_t n, size_t i, size_t j, hf_i_x value)
{
    cov[i + j * n] = value;
    cov[j + i * n] = value;
}

/* L L' of a row-by-row lower triangle. */
static hf_status from_cholesky(hf_i_parser *p, const hf_i_x *l, size_t n, hf_i_x *cov,
                               size_t stride)
{
    hf_i_graph *g = &p->model->graph;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            hf_i_x sum = HF_X_ZERO;
            for (size_t k = 0; k <= j; k++)
                sum = hf_i_x_binary(g, HF_OP_ADD, sum,
                                    hf_i_x_binary(g, HF_OP_MUL, l[i * n + k], l[j * n + k]));
            set_both(cov, stride, i, j, sum);
        }
    return g->status;
}

/* matrix [[...]] | cholesky [[...]] after the first word. */
static hf_status cov_matrix(hf_i_parser *p, bool cholesky, size_t n, hf_i_x *cov, size_t stride)
{
    hf_i_x a[HF_MODEL_MAX_STATES * HF_MODEL_MAX_STATES];
    const hf_i_token *at = p->at;
    HF_TRY(matrix(p, n, n, cholesky, a));
    if (cholesky)
        return from_cholesky(p, a, n, cov, stride);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            if (a[i * n + j] != a[j * n + i])
                return hf_i_parse_fail(p, at, "Give the same formula in [i, j] and [j, i].",
                                       "a covariance matrix is symmetric");
            set_both(cov, stride, i, j, a[i * n + j]);
        }
    return HF_OK;
}

/* [sd] A = v | A B = c, comma separated; names by the callback. */
typedef hf_status (*index_fn)(hf_i_parser *p, size_t *out);

static hf_status cov_items(hf_i_parser *p, index_fn index, size_t n, hf_i_x *cov)
{
    hf_i_graph *g = &p->model->graph;
    bool sd = hf_i_accept(p, "sd");
    do {
        size_t i, j;
        hf_i_x v;
        HF_TRY(index(p, &i));
        j = i;
        if (!hf_i_token_is(p->at, "="))
            HF_TRY(index(p, &j));
        HF_TRY(hf_i_expect(p, "="));
        HF_TRY(hf_i_formula(p, &v));
        set_both(cov, n, i, j, sd && i == j ? hf_i_x_binary(g, HF_OP_MUL, v, v) : v);
    } while (hf_i_accept(p, ","));
    return g->status;
}

static hf_status diffusion(hf_i_parser *p)
{
    hf_model *m = p->model;
    hf_i_x *q = m->diffusion + p->regime * m->n * m->n;
    size_t n = m->n - m->n_effects;
    if (hf_i_accept(p, "matrix"))
        return cov_matrix(p, false, n, q, m->n);
    if (hf_i_accept(p, "cholesky"))
        return cov_matrix(p, true, n, q, m->n);
    return cov_items(p, state_index, m->n, q);
}

/* ---- observations ------------------------------------------------------------------------- */

static hf_status obs_index(hf_i_parser *p, size_t *out)
{
    const hf_i_token *t;
    const hf_model *m = p->model;
    HF_TRY(hf_i_expect_name(p, &t, "what is observed"));
    int i = hf_i_find_name(m->obs, m->m, t);
    if (i < 0)
        return hf_i_parse_fail(p, t, "It needs an observe line.", "'%.*s' is not observed",
                               (int)t->len, t->text);
    *out = (size_t)i;
    return HF_OK;
}

static hf_status observe(hf_i_parser *p)
{
    hf_model *m = p->model;
    size_t j;
    const hf_i_token *at = p->at;
    HF_TRY(obs_index(p, &j));
    HF_TRY(once(p, at, m->n + j));
    hf_i_x *h = &m->observe[p->regime * m->m + j];
    if (hf_i_accept(p, "~")) {
        p->at++; /* binary or count: checked in the first pass */
        HF_TRY(hf_i_expect(p, "("));
        HF_TRY(hf_i_formula(p, h));
        return hf_i_expect(p, ")");
    }
    HF_TRY(hf_i_expect(p, "="));
    p->error = HF_X_NONE;
    p->error_here = true;
    hf_status s = hf_i_formula(p, h);
    p->error_here = false;
    if (s == HF_OK && p->error != HF_X_NONE)
        m->error[p->regime * m->m * m->m + j + j * m->m] = p->error;
    return s;
}

static hf_status error_line(hf_i_parser *p)
{
    hf_model *m = p->model;
    hf_i_x *r = m->error + p->regime * m->m * m->m;
    if (hf_i_accept(p, "matrix"))
        return cov_matrix(p, false, m->m, r, m->m);
    if (hf_i_accept(p, "cholesky"))
        return cov_matrix(p, true, m->m, r, m->m);
    return cov_items(p, obs_index, m->m, r);
}

/* ---- start -------------------------------------------------------------------------------- */

static hf_status start_mean(hf_i_parser *p)
{
    hf_model *m = p->model;
    size_t n = m->n - m->n_effects;
    hf_i_x *mean = m->start_mean + p->regime * m->n;
    if (hf_i_token_is(p->at, "["))
        return vector(p, n, mean);
    hf_i_x v;
    HF_TRY(hf_i_formula(p, &v));
    for (size_t i = 0; i < n; i++)
        mean[i] = v;
    return HF_OK;
}

static hf_status start_covariance(hf_i_parser *p)
{
    hf_model *m = p->model;
    size_t n = m->n - m->n_effects;
    hf_i_x *cov = m->start_cov + p->regime * m->n * m->n, v = HF_X_ONE;
    if (hf_i_token_is(p->at, "["))
        return cov_matrix(p, false, n, cov, m->n);
    if (hf_i_accept(p, "stationary")) {
        m->start_kind = HF_START_STATIONARY;
        return HF_OK;
    }
    if (p->at->kind == HF_TOKEN_NAME && hf_i_find_name(m->states, m->n, p->at) >= 0)
        return cov_items(p, state_index, m->n, cov);
    if (hf_i_accept(p, "zero"))
        v = HF_X_ZERO;
    else if (!hf_i_accept(p, "identity"))
        HF_TRY(hf_i_formula(p, &v));
    for (size_t i = 0; i < n; i++)
        cov[i + i * m->n] = v;
    return HF_OK;
}

static hf_status start_regime(hf_i_parser *p)
{
    size_t i;
    hf_model *m = p->model;
    do {
        HF_TRY(regime_index(p, &i));
        HF_TRY(hf_i_expect(p, "="));
        HF_TRY(hf_i_formula(p, &m->start_regime[i]));
    } while (hf_i_accept(p, ","));
    return HF_OK;
}

static hf_status start_states(hf_i_parser *p)
{
    hf_model *m = p->model;
    do {
        size_t i;
        HF_TRY(state_index(p, &i));
        HF_TRY(hf_i_expect(p, "="));
        HF_TRY(hf_i_formula(p, &m->start_mean[p->regime * m->n + i]));
    } while (hf_i_accept(p, ","));
    return HF_OK;
}

static hf_status start(hf_i_parser *p)
{
    hf_model *m = p->model;
    hf_i_x *cov = m->start_cov + p->regime * m->n * m->n;
    do {
        if (hf_i_accept(p, "mean"))
            HF_TRY(start_mean(p));
        else if (hf_i_accept(p, "covariance"))
            HF_TRY(start_covariance(p));
        else if (hf_i_accept(p, "cholesky"))
            HF_TRY(cov_matrix(p, true, m->n - m->n_effects, cov, m->n));
        else if (hf_i_token_is(p->at, "sd") || hf_i_accept(p, "variance"))
            HF_TRY(cov_items(p, state_index, m->n, cov));
        else if (hf_i_accept(p, "stationary"))
            m->start_kind = HF_START_STATIONARY;
        else if (hf_i_accept(p, "regime"))
            HF_TRY(start_regime(p));
        else
            HF_TRY(start_states(p));
    } while (p->at->kind != HF_TOKEN_NEWLINE);
    return HF_OK;
}

/* random b ~ normal(mean, sd) */
static hf_status random_effect(hf_i_parser *p)
{
    hf_model *m = p->model;
    hf_i_x mean, sd;
    size_t i;
    HF_TRY(state_index(p, &i));
    HF_TRY(hf_i_expect(p, "~"));
    HF_TRY(hf_i_expect(p, "normal"));
    HF_TRY(hf_i_expect(p, "("));
    HF_TRY(hf_i_formula(p, &mean));
    HF_TRY(hf_i_expect(p, ","));
    HF_TRY(hf_i_formula(p, &sd));
    HF_TRY(hf_i_expect(p, ")"));
    m->start_mean[p->regime * m->n + i] = mean;
    set_both(m->start_cov + p->regime * m->n * m->n, m->n, i, i,
             hf_i_x_binary(&m->graph, HF_OP_MUL, sd, sd));
    return m->graph.status;
}

/* ---- switching, priors, pairs -------------------------------------------------------------- */

static hf_status switching(hf_i_parser *p)
{
    hf_model *m = p->model;
    size_t i, j;
    const hf_i_token *at = p->at;
    hf_i_switch kind;
    HF_TRY(regime_index(p, &i));
    if (p->at->kind != HF_TOKEN_ARROW)
        return hf_i_parse_expected(p, "'->'");
    p->at++;
    HF_TRY(regime_index(p, &j));
    if (i == j)
        return hf_i_parse_fail(p, at, "Give the ways out; staying is what is left.",
                               "a regime does not switch to itself");
    if (hf_i_accept(p, "probability"))
        kind = HF_SWITCH_PROBABILITY;
    else if (hf_i_accept(p, "intensity"))
        kind = HF_SWITCH_INTENSITY;
    else if (hf_i_accept(p, "logit"))
        kind = HF_SWITCH_LOGIT;
    else
        return hf_i_parse_expected(p, "probability, logit or intensity");
    if (m->switch_kind != HF_SWITCH_NONE && m->switch_kind != kind)
        return hf_i_parse_fail(p, at, "Use one kind in a model.",
                               "probabilities, logits and intensities are mixed");
    m->switch_kind = kind;
    if (m->switching[i * m->n_regimes + j] != HF_X_NONE)
        return hf_i_parse_fail(p, at, "Remove one of the lines.", "this is given twice");
    return hf_i_formula(p, &m->switching[i * m->n_regimes + j]);
}

static hf_status prior(hf_i_parser *p)
{
    static const struct {
        const char *name;
        hf_i_prior_kind kind;
        int args;
    } kinds[] = {{"normal", HF_PRIOR_NORMAL, 2},
                 {"lognormal", HF_PRIOR_LOGNORMAL, 2},
                 {"gamma", HF_PRIOR_GAMMA, 2},
                 {"beta", HF_PRIOR_BETA, 2},
                 {"exponential", HF_PRIOR_EXPONENTIAL, 1},
                 {"student", HF_PRIOR_STUDENT, 3}};
    hf_model *m = p->model;
    const hf_i_token *t;
    HF_TRY(hf_i_expect_name(p, &t, "a parameter"));
    int i = hf_i_find_param(m, t->text, t->len);
    if (i < 0)
        return hf_i_parse_fail(p, t, NULL, "'%.*s' is not a parameter", (int)t->len, t->text);
    HF_TRY(hf_i_expect(p, "~"));
    const hf_i_token *from = p->at;
    size_t k = 0;
    while (k < HF_COUNT_OF(kinds) && !hf_i_token_is(from, kinds[k].name))
        k++;
    if (k == HF_COUNT_OF(kinds))
        return hf_i_parse_expected(p, "normal, lognormal, gamma, beta, exponential or student");
    p->at++;
    double v[3] = {0};
    HF_TRY(hf_i_expect(p, "("));
    for (int a = 0; a < kinds[k].args; a++) {
        if (a > 0)
            HF_TRY(hf_i_expect(p, ","));
        HF_TRY(hf_i_expect_number(p, &v[a]));
    }
    const hf_i_token *to = p->at;
    HF_TRY(hf_i_expect(p, ")"));
    bool loc = kinds[k].kind == HF_PRIOR_NORMAL || kinds[k].kind == HF_PRIOR_LOGNORMAL;
    if ((!loc && !(v[0] > 0)) || (kinds[k].args == 2 && !(v[1] > 0)) ||
        (kinds[k].args == 3 && !(v[2] > 0)))
        return hf_i_parse_fail(p, from, NULL, "a scale or shape of this prior is not positive");
    char *text = hf_i_arena_strndup(&m->arena, from->text, (size_t)(to->text + 1 - from->text));
    if (!text)
        return HF_E_NOMEM;
    m->params[i].prior = (hf_i_prior){kinds[k].kind, v[0], v[1], v[2], text};
    return HF_OK;
}

/* pair eta1 eta2, zeta1 zeta2: what partner a and partner b share when exchangeable. */
static hf_status pairs(hf_i_parser *p)
{
    hf_model *m = p->model;
    do {
        const hf_i_token *t[2];
        int index[2];
        for (int s = 0; s < 2; s++) {
            HF_TRY(hf_i_expect_name(p, &t[s], "a parameter"));
            index[s] = hf_i_find_param(m, t[s]->text, t[s]->len);
            if (index[s] < 0)
                return hf_i_parse_fail(p, t[s], NULL, "'%.*s' is not a parameter", (int)t[s]->len,
                                       t[s]->text);
        }
        if (index[0] == index[1] || m->params[index[0]].pair >= 0)
            return hf_i_parse_fail(p, t[1], "Name each parameter in one pair.",
                                   "these two cannot be a pair");
        m->params[index[1]].pair = index[0];
    } while (hf_i_accept(p, ","));
    return HF_OK;
}

static hf_status let(hf_i_parser *p)
{
    const hf_i_token *t;
    HF_TRY(hf_i_expect_name(p, &t, "a name"));
    HF_TRY(hf_i_expect(p, "="));
    for (size_t i = 0; i < p->n_lets; i++)
        if (strlen(p->lets[i].name) == t->len && memcmp(p->lets[i].name, t->text, t->len) == 0) {
            hf_i_x *value = p->lets[i].value[p->regime];
            const hf_i_token *body = p->at;
            if (value[0] != HF_X_NONE)
                return hf_i_parse_fail(p, t, "Remove one of the lines.", "this is given twice");
            HF_TRY(hf_i_formula(p, &value[0]));
            p->at = body; /* again, with covariates as a drift reads them */
            p->is_drift = true;
            hf_status s = hf_i_formula(p, &value[1]);
            p->is_drift = false;
            return s;
        }
    return hf_i_parse_expected(p, "a name"); /* not reached: the first pass saw it */
}

static hf_status text_line(hf_i_parser *p, const char **out)
{
    if (p->at->kind != HF_TOKEN_STRING)
        return hf_i_parse_expected(p, "a text in quotes");
    *out = hf_i_arena_strndup(&p->model->arena, p->at->text, p->at->len);
    p->at++;
    return *out ? HF_OK : HF_E_NOMEM;
}

/* ---- lines -------------------------------------------------------------------------------- */

static hf_status skip(hf_i_parser *p)
{
    while (p->at->kind != HF_TOKEN_NEWLINE)
        p->at++;
    return HF_OK;
}

static hf_status unknown_line(hf_i_parser *p, const hf_i_token *t)
{
    static const char *const words[] = {
        "model",    "title",     "cite",    "time",        "state", "covariate", "parameter",
        "positive", "prior",     "varying", "random",      "let",   "d",         "next",
        "drift",    "diffusion", "noise",   "observe",     "error", "start",     "regime",
        "in",       "switch",    "pair",    "exchangeable"};
    const char *near = hf_i_nearest(t->text, t->len, words, HF_COUNT_OF(words));
    return hf_i_parse_fail(p, t, "The lines are described in doc/model-language.md.",
                           "no line begins with '%.*s'%s%s%s", (int)t->len, t->text,
                           near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
}

static hf_status once_line(hf_i_parser *p, const hf_i_token *t, bool *known)
{
    *known = true;
    if (hf_i_token_is(t, "title"))
        return text_line(p, &p->model->title);
    if (hf_i_token_is(t, "cite"))
        return text_line(p, &p->model->cite);
    if (hf_i_token_is(t, "prior"))
        return prior(p);
    if (hf_i_token_is(t, "pair"))
        return pairs(p);
    if (hf_i_token_is(t, "exchangeable")) {
        p->model->exchangeable = true;
        return HF_OK;
    }
    if (hf_i_token_is(t, "switch"))
        return switching(p);
    static const char *const declared[] = {"time",     "state",   "covariate", "parameter",
                                           "positive", "varying", "regime"};
    for (size_t i = 0; i < HF_COUNT_OF(declared); i++)
        if (hf_i_token_is(t, declared[i]))
            return skip(p); /* read in the first pass */
    *known = false;
    return HF_OK;
}

static hf_status regime_line(hf_i_parser *p, const hf_i_token *t)
{
    p->is_start = hf_i_token_is(t, "start") || hf_i_token_is(t, "random") ||
                  hf_i_token_is(t, "diffusion") || hf_i_token_is(t, "noise") ||
                  hf_i_token_is(t, "error");
    if (hf_i_token_is(t, "d") || hf_i_token_is(t, "next"))
        return drift_formula(p, t);
    if (hf_i_token_is(t, "drift"))
        return drift_matrix(p);
    if (hf_i_token_is(t, "diffusion") || hf_i_token_is(t, "noise"))
        return diffusion(p);
    if (hf_i_token_is(t, "observe"))
        return observe(p);
    if (hf_i_token_is(t, "error"))
        return error_line(p);
    if (hf_i_token_is(t, "start"))
        return start(p);
    if (hf_i_token_is(t, "random"))
        return random_effect(p);
    if (hf_i_token_is(t, "let"))
        return let(p);
    return unknown_line(p, t);
}

static hf_status line_end(hf_i_parser *p)
{
    if (p->at->kind != HF_TOKEN_NEWLINE)
        return hf_i_parse_expected(p, "the end of the line");
    return HF_OK;
}

static hf_status one_line(hf_i_parser *p)
{
    hf_model *m = p->model;
    const hf_i_token *t = p->at;
    size_t from = 0, to = m->n_regimes;
    bool known;
    if (t->kind != HF_TOKEN_NAME)
        return hf_i_parse_expected(p, "a word such as state, d, observe");
    p->at++;
    p->is_start = false;
    if (hf_i_token_is(t, "in") && p->at->kind == HF_TOKEN_NAME && hf_i_token_is(p->at + 1, ":")) {
        HF_TRY(regime_index(p, &from));
        to = from + 1;
        p->at++;
        t = p->at++;
        if (t->kind != HF_TOKEN_NAME)
            return hf_i_parse_fail(p, t, NULL, "a line is expected after 'in REGIME:'");
    } else {
        HF_TRY(once_line(p, t, &known));
        if (known)
            return line_end(p);
    }
    const hf_i_token *body = p->at;
    for (p->regime = from; p->regime < to; p->regime++) {
        p->at = body;
        HF_TRY(regime_line(p, t));
        HF_TRY(line_end(p));
    }
    p->regime = 0;
    return HF_OK;
}

hf_status hf_i_statements(hf_i_parser *p)
{
    while (p->at->kind != HF_TOKEN_END) {
        if (p->at->kind == HF_TOKEN_NEWLINE) {
            p->at++;
            continue;
        }
        HF_TRY(one_line(p));
    }
    return HF_OK;
}
