/* SPDX-License-Identifier: MIT */
/* First pass over a model file: which names there are. Order of lines does not matter for them. */
#include "model/parse.h"

#include <math.h>
#include <string.h>

/* Words that mean something inside a formula or after a name; words that begin a line are free. */
static const char *const reserved[] = {"time", "error", "before", "at",      "in",  "exp",
                                       "log",  "sqrt",  "tanh",   "sigmoid", "abs", "min",
                                       "max",  "step",  "sin",    "cos",     "clip"};
/* Words of start, diffusion and switch lines: no names of states, observations or regimes. */
static const char *const reserved_state[] = {
    "mean",       "variance", "covariance", "cholesky", "matrix", "intercept",   "sd",
    "stationary", "identity", "zero",       "regime",   "logit",  "probability", "intensity"};

static hf_status check_words(hf_i_parser *p, const hf_i_token *t, const char *const *words,
                             size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (hf_i_token_is(t, words[i]))
            return hf_i_parse_fail(p, t, "Choose another name.", "'%s' is a word of the language",
                                   words[i]);
    return HF_OK;
}

static hf_status check_new(hf_i_parser *p, const hf_i_token *t)
{
    const hf_model *m = p->model;
    HF_TRY(check_words(p, t, reserved, HF_COUNT_OF(reserved)));
    bool taken = hf_i_find_name(m->states, m->n, t) >= 0 ||
                 hf_i_find_name(m->covs, m->n_covs, t) >= 0 ||
                 hf_i_find_name(p->varying_names, p->n_varying, t) >= 0 ||
                 hf_i_find_param(m, t->text, t->len) >= 0;
    for (size_t i = 0; i < p->n_lets; i++)
        taken |= strlen(p->lets[i].name) == t->len && memcmp(p->lets[i].name, t->text, t->len) == 0;
    if (taken)
        return hf_i_parse_fail(p, t, "Names must differ.", "'%.*s' is declared twice", (int)t->len,
                               t->text);
    return HF_OK;
}

static hf_status keep_name(hf_i_parser *p, const hf_i_token *t, const char **list, size_t *count,
                           size_t max, const char *what)
{
    if (*count == max)
        return hf_i_parse_fail(p, t, "Use a smaller model.", "more than %zu %s", max, what);
    list[*count] = hf_i_arena_strndup(&p->model->arena, t->text, t->len);
    if (!list[*count])
        return HF_E_NOMEM;
    ++*count;
    return HF_OK;
}

hf_status hf_i_add_param(hf_i_parser *p, const hf_i_token *at, const char *suffix, int *index)
{
    hf_model *m = p->model;
    char name[600];
    int len = snprintf(name, sizeof name, "%.*s%s%s", (int)at->len, at->text, suffix ? "_" : "",
                       suffix ? suffix : "");
    if (len < 0 || (size_t)len >= sizeof name)
        return hf_i_parse_fail(p, at, "Choose a shorter one.", "this name is too long");
    if (m->n_params == HF_MODEL_MAX_PARAMS)
        return hf_i_parse_fail(p, at, "Use a smaller model.", "more than %d parameters",
                               HF_MODEL_MAX_PARAMS);
    hf_i_param *q = &m->params[m->n_params];
    *q = (hf_i_param){.lower = -INFINITY,
                      .upper = INFINITY,
                      .pair = -1,
                      .same_as = -1,
                      .line = at->line,
                      .column = at->column};
    q->name = hf_i_arena_strndup(&m->arena, name, (size_t)len);
    q->prior.text = "";
    if (!q->name)
        return HF_E_NOMEM;
    *index = (int)m->n_params++;
    return HF_OK;
}

/* [low, high] after `in`; * stands for no bound. */
static hf_status bound(hf_i_parser *p, double *out, double none)
{
    if (hf_i_accept(p, "*")) {
        *out = none;
        return HF_OK;
    }
    return hf_i_expect_number(p, out);
}

static hf_status parameter_details(hf_i_parser *p, hf_i_param *q)
{
    if (hf_i_accept(p, "=")) {
        q->has_start = true;
        HF_TRY(hf_i_expect_number(p, &q->start));
    }
    if (hf_i_accept(p, "in")) {
        const hf_i_token *t = p->at;
        HF_TRY(hf_i_expect(p, "["));
        HF_TRY(bound(p, &q->lower, -INFINITY));
        HF_TRY(hf_i_expect(p, ","));
        HF_TRY(bound(p, &q->upper, INFINITY));
        HF_TRY(hf_i_expect(p, "]"));
        if (!(q->lower < q->upper))
            return hf_i_parse_fail(p, t, NULL, "the lower bound is not below the upper one");
    }
    if (q->has_start && (q->start < q->lower || q->start > q->upper))
        return hf_i_parse_fail(p, p->at - 1, NULL, "'%s' starts outside its bounds", q->name);
    return HF_OK;
}

/* parameter a = 1 in [0, 2] b c = .5, d */
static hf_status parameters(hf_i_parser *p, bool positive, bool varying)
{
    hf_model *m = p->model;
    while (p->at->kind != HF_TOKEN_NEWLINE) {
        const hf_i_token *name;
        HF_TRY(hf_i_expect_name(p, &name, "a parameter's name"));
        int first = hf_i_find_param(m, name->text, name->len), count = 1;
        if (varying) {
            HF_TRY(check_new(p, name));
            HF_TRY(keep_name(p, name, p->varying_names, &p->n_varying, HF_MODEL_MAX_PARAMS,
                             "parameters"));
            first = (int)m->n_params;
            count = (int)m->n_regimes;
            for (int k = 0, index; k < count; k++)
                HF_TRY(hf_i_add_param(p, name, m->regimes[k], &index));
        } else if (positive && first < 0 &&
                   hf_i_find_name(p->varying_names, p->n_varying, name) >= 0) {
            char full[600];
            int len =
                snprintf(full, sizeof full, "%.*s_%s", (int)name->len, name->text, m->regimes[0]);
            first = hf_i_find_param(m, full, (size_t)len);
            count = (int)m->n_regimes;
        } else if (first < 0 || !positive) {
            HF_TRY(check_new(p, name));
            HF_TRY(hf_i_add_param(p, name, NULL, &first));
        }
        const hf_i_token *details = p->at;
        for (int k = 0; k < count; k++) {
            p->at = details;
            m->params[first + k].positive |= positive;
            HF_TRY(parameter_details(p, &m->params[first + k]));
        }
        hf_i_accept(p, ",");
    }
    return HF_OK;
}

static hf_status names(hf_i_parser *p, const char **list, size_t *count, size_t max,
                       const char *what)
{
    const hf_i_token *t;
    do {
        HF_TRY(hf_i_expect_name(p, &t, what));
        HF_TRY(check_new(p, t));
        HF_TRY(check_words(p, t, reserved_state, HF_COUNT_OF(reserved_state)));
        HF_TRY(keep_name(p, t, list, count, max, what));
        hf_i_accept(p, ",");
    } while (p->at->kind != HF_TOKEN_NEWLINE);
    return HF_OK;
}

static hf_status declare_let(hf_i_parser *p)
{
    const hf_i_token *t;
    HF_TRY(hf_i_expect_name(p, &t, "a name"));
    for (size_t i = 0; i < p->n_lets; i++) /* `in R: let x = ...` repeats the name per regime */
        if (strlen(p->lets[i].name) == t->len && memcmp(p->lets[i].name, t->text, t->len) == 0)
            return HF_OK;
    HF_TRY(check_new(p, t));
    const char *name;
    size_t n = 0;
    HF_TRY(keep_name(p, t, &name, &n, p->n_lets < HF_MODEL_MAX_LETS, "let lines"));
    p->lets[p->n_lets].name = name;
    for (size_t k = 0; k < HF_MODEL_MAX_REGIMES; k++)
        p->lets[p->n_lets].value[k][0] = p->lets[p->n_lets].value[k][1] = HF_X_NONE;
    p->n_lets++;
    return HF_OK;
}

static hf_status declare_observe(hf_i_parser *p)
{
    hf_model *m = p->model;
    const hf_i_token *t;
    HF_TRY(hf_i_expect_name(p, &t, "the name of what is observed"));
    int known = hf_i_find_name(m->obs, m->m, t);
    if (known < 0) {
        known = (int)m->m;
        HF_TRY(keep_name(p, t, m->obs, &m->m, HF_MODEL_MAX_OBS, "observed variables"));
    }
    if (hf_i_accept(p, "~")) {
        if (hf_i_accept(p, "binary"))
            m->obs_kind[known] = HF_OBSERVE_BINARY;
        else if (hf_i_accept(p, "count"))
            m->obs_kind[known] = HF_OBSERVE_COUNT;
        else
            return hf_i_parse_expected(p, "binary(...) or count(...)");
    }
    return HF_OK;
}

static hf_status declare_time(hf_i_parser *p)
{
    if (hf_i_accept(p, "continuous"))
        p->model->continuous = true;
    else if (hf_i_accept(p, "discrete"))
        p->model->continuous = false;
    else
        return hf_i_parse_expected(p, "continuous or discrete");
    return HF_OK;
}

static hf_status header(hf_i_parser *p)
{
    const hf_i_token *t;
    while (p->at->kind == HF_TOKEN_NEWLINE)
        p->at++;
    if (!hf_i_accept(p, "model"))
        return hf_i_parse_fail(p, p->at, "A model file begins with: model NAME 1",
                               "the first line does not say 'model'");
    HF_TRY(hf_i_expect_name(p, &t, "the model's name"));
    p->model->name = hf_i_arena_strndup(&p->model->arena, t->text, t->len);
    if (!p->model->name)
        return HF_E_NOMEM;
    double version;
    t = p->at;
    HF_TRY(hf_i_expect_number(p, &version));
    if (version != HF_MODEL_VERSION)
        return hf_i_parse_fail(p, t, "This program reads version 1.",
                               "version '%.*s' of the model language is not known", (int)t->len,
                               t->text);
    return HF_OK;
}

static hf_status declare_line(hf_i_parser *p, int pass)
{
    hf_model *m = p->model;
    const hf_i_token *t = p->at;
    bool early = pass == 0; /* regimes first: varying parameters need them */
    if (t->kind != HF_TOKEN_NAME)
        return HF_OK;
    p->at++;
    if (hf_i_token_is(t, "in") && p->at->kind == HF_TOKEN_NAME && hf_i_token_is(p->at + 1, ":")) {
        p->at += 2;
        return declare_line(p, pass);
    }
    if (hf_i_token_is(t, "regime"))
        return early ? names(p, m->regimes, &m->n_regimes, HF_MODEL_MAX_REGIMES, "regimes") : HF_OK;
    if (early) {
        if (hf_i_token_is(t, "next") ||
            (hf_i_token_is(t, "time") && hf_i_token_is(p->at, "discrete")))
            m->continuous = false;
        return HF_OK;
    }
    if (hf_i_token_is(t, "time"))
        return declare_time(p);
    if (hf_i_token_is(t, "state"))
        return pass == 1 ? names(p, m->states, &m->n, HF_MODEL_MAX_STATES, "states") : HF_OK;
    if (hf_i_token_is(t, "random")) {
        if (pass != 2)
            return HF_OK;
        HF_TRY(hf_i_expect_name(p, &t, "a name"));
        HF_TRY(check_new(p, t));
        m->n_effects++;
        return keep_name(p, t, m->states, &m->n, HF_MODEL_MAX_STATES, "states");
    }
    if (pass != 1)
        return HF_OK;
    if (hf_i_token_is(t, "covariate"))
        return names(p, m->covs, &m->n_covs, HF_MODEL_MAX_COVS, "covariates");
    if (hf_i_token_is(t, "parameter") || hf_i_token_is(t, "varying"))
        return parameters(p, false, hf_i_token_is(t, "varying"));
    if (hf_i_token_is(t, "positive"))
        return parameters(p, true, false);
    if (hf_i_token_is(t, "let"))
        return declare_let(p);
    return hf_i_token_is(t, "observe") ? declare_observe(p) : HF_OK;
}

hf_status hf_i_declare(hf_i_parser *p)
{
    HF_TRY(header(p));
    const hf_i_token *first = p->at;
    p->implicit = true;
    for (const hf_i_token *t = first; t->kind != HF_TOKEN_END; t++)
        if (t[-1].kind == HF_TOKEN_NEWLINE &&
            (hf_i_token_is(t, "parameter") || hf_i_token_is(t, "varying")))
            p->implicit = false;
    p->model->continuous = true;
    for (int pass = 0; pass < 3; pass++) {
        if (pass == 1 && p->model->n_regimes == 0) {
            p->model->regimes[0] = "";
            p->model->n_regimes = 1;
        }
        for (p->at = first; p->at->kind != HF_TOKEN_END;) {
            if (p->at->kind == HF_TOKEN_NEWLINE) {
                p->at++;
                continue;
            }
            HF_TRY(declare_line(p, pass));
            while (p->at->kind != HF_TOKEN_NEWLINE)
                p->at++;
        }
    }
    p->at = first;
    return HF_OK;
}
