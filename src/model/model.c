/* SPDX-License-Identifier: MIT */
#include "model/parse.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* ---- what the parser's files share ---------------------------------------------------------- */

hf_status hf_i_parse_fail(hf_i_parser *p, const hf_i_token *at, const char *advice,
                          const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    hf_i_place place = {.file = p->file, .line = at->line, .column = at->column};
    return hf_i_fail_at(p->ctx, HF_E_PARSE, &place, advice, "%s", message);
}

hf_status hf_i_parse_expected(hf_i_parser *p, const char *what)
{
    const hf_i_token *t = p->at;
    if (t->kind == HF_TOKEN_NEWLINE || t->kind == HF_TOKEN_END)
        return hf_i_parse_fail(p, t, NULL, "the line ends where %s is expected", what);
    return hf_i_parse_fail(p, t, NULL, "found '%.*s' where %s is expected", (int)t->len, t->text,
                           what);
}

bool hf_i_accept(hf_i_parser *p, const char *text)
{
    if (!hf_i_token_is(p->at, text))
        return false;
    p->at++;
    return true;
}

hf_status hf_i_expect(hf_i_parser *p, const char *text)
{
    if (hf_i_accept(p, text))
        return HF_OK;
    char quoted[40];
    snprintf(quoted, sizeof quoted, "'%s'", text);
    return hf_i_parse_expected(p, quoted);
}

hf_status hf_i_expect_name(hf_i_parser *p, const hf_i_token **name, const char *what)
{
    if (p->at->kind != HF_TOKEN_NAME)
        return hf_i_parse_expected(p, what);
    *name = p->at++;
    return HF_OK;
}

hf_status hf_i_expect_number(hf_i_parser *p, double *out)
{
    double sign = hf_i_accept(p, "-") ? -1.0 : 1.0;
    if (p->at->kind != HF_TOKEN_NUMBER)
        return hf_i_parse_expected(p, "a number");
    *out = sign * p->at++->number;
    return HF_OK;
}

int hf_i_find_name(const char *const *names, size_t count, const hf_i_token *t)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == t->len && memcmp(names[i], t->text, t->len) == 0)
            return (int)i;
    return -1;
}

int hf_i_find_param(const hf_model *m, const char *name, size_t len)
{
    for (size_t i = 0; i < m->n_params; i++)
        if (strlen(m->params[i].name) == len && memcmp(m->params[i].name, name, len) == 0)
            return (int)i;
    return -1;
}

/* ---- making a model ------------------------------------------------------------------------- */

static hf_i_x *formulas(hf_model *m, size_t count, hf_i_x fill)
{
    hf_i_x *x = hf_i_arena_alloc(&m->arena, (count ? count : 1) * sizeof *x);
    for (size_t i = 0; x && i < count; i++)
        x[i] = fill;
    return x;
}

static hf_status make_room(hf_i_parser *p)
{
    hf_model *m = p->model;
    size_t k = m->n_regimes, n = m->n, o = m->m, flags = k * (2 * n + o);
    m->drift = formulas(m, k * n, HF_X_ZERO);
    m->jacobian = formulas(m, k * n * n, HF_X_ZERO);
    m->drift0 = formulas(m, k * n, HF_X_ZERO);
    m->diffusion = formulas(m, k * n * n, HF_X_ZERO);
    m->observe = formulas(m, k * o, HF_X_ZERO);
    m->observe_dx = formulas(m, k * o * n, HF_X_ZERO);
    m->observe0 = formulas(m, k * o, HF_X_ZERO);
    m->error = formulas(m, k * o * o, HF_X_ZERO);
    m->start_mean = formulas(m, k * n, HF_X_ZERO);
    m->start_cov = formulas(m, k * n * n, HF_X_ZERO);
    m->start_regime = formulas(m, k, HF_X_NONE);
    m->switching = formulas(m, k * k, HF_X_NONE);
    p->said = hf_i_arena_alloc(&m->arena, flags + 1);
    if (!m->drift || !m->jacobian || !m->drift0 || !m->diffusion || !m->observe || !m->observe_dx ||
        !m->observe0 || !m->error || !m->start_mean || !m->start_cov || !m->start_regime ||
        !m->switching || !p->said)
        return HF_E_NOMEM;
    memset(p->said, 0, flags + 1);
    /* Random effects stay: x' = x in discrete time, dx = 0 in continuous time. */
    for (size_t r = 0; r < k && !m->continuous; r++)
        for (size_t i = n - m->n_effects; i < n; i++)
            m->drift[r * n + i] = hf_i_x_input(&m->graph, HF_OP_STATE, (int32_t)i);
    return m->graph.status;
}

static hf_status complete(hf_i_parser *p)
{
    hf_model *m = p->model;
    const hf_i_token *end = p->at;
    size_t stride = 2 * m->n + m->m;
    if (m->m == 0)
        return hf_i_parse_fail(p, end, "Write: observe NAME = ...", "nothing is observed");
    for (size_t k = 0; k < m->n_regimes; k++) {
        const char *in = m->n_regimes > 1 ? " in regime " : "";
        for (size_t i = 0; i < m->n - m->n_effects; i++)
            if (!p->said[k * stride + i])
                return hf_i_parse_fail(
                    p, end, "Write how it moves: d NAME = ... or next NAME = ...",
                    "state '%s' has no drift%s%s", m->states[i], in, m->regimes[k]);
        for (size_t j = 0; j < m->m; j++)
            if (!p->said[k * stride + m->n + j])
                return hf_i_parse_fail(p, end, "Write it without 'in', or in every regime.",
                                       "'%s' is not observed%s%s", m->obs[j], in, m->regimes[k]);
    }
    for (size_t k = 0; k < m->n_regimes * m->m * m->m; k++)
        if (m->obs_kind[k % m->m] != HF_OBSERVE_GAUSSIAN && m->error[k] != HF_X_ZERO)
            return hf_i_parse_fail(p, end, NULL, "'%s' is not Gaussian and has no error term",
                                   m->obs[k % m->m]);
    for (size_t i = 0; i < m->n_params; i++)
        if (!m->params[i].used) {
            hf_i_token at = {.line = m->params[i].line, .column = m->params[i].column};
            return hf_i_parse_fail(p, &at, "Use it in a formula or remove it.",
                                   "parameter '%s' is used in no formula", m->params[i].name);
        }
    if (m->n_regimes > 1 && m->switch_kind == HF_SWITCH_NONE)
        return hf_i_parse_fail(p, end, "Write: switch A -> B probability p",
                               "there are regimes and no switch between them");
    return HF_OK;
}

/* Defaults that depend on other lines: bounds of positive parameters, first values, zeros. */
static void defaults(hf_model *m)
{
    for (size_t i = 0; i < m->n_params; i++) {
        hf_i_param *q = &m->params[i];
        if (q->positive && q->lower < 0)
            q->lower = 0;
        if (!q->has_start && q->positive)
            q->start = isfinite(q->upper) ? 0.5 * (q->lower + q->upper) : q->lower + 1.0;
        else if (!q->has_start && isfinite(q->lower) && isfinite(q->upper))
            q->start = 0.5 * (q->lower + q->upper);
        else if (!q->has_start)
            q->start = q->lower > 0.1 ? q->lower : q->upper < 0.1 ? q->upper : 0.1;
    }
    for (size_t i = 0; i < m->n_regimes; i++)
        for (size_t j = 0; j < m->n_regimes; j++)
            if (i != j && m->switching[i * m->n_regimes + j] == HF_X_NONE &&
                m->switch_kind != HF_SWITCH_LOGIT)
                m->switching[i * m->n_regimes + j] = HF_X_ZERO; /* this way is closed */
    bool given = false;
    for (size_t k = 0; k < m->n_regimes; k++)
        given |= m->start_regime[k] != HF_X_NONE;
    hf_i_x rest = HF_X_ONE, even = hf_i_x_const(&m->graph, 1.0 / (double)m->n_regimes);
    size_t open = 0, last = 0;
    for (size_t k = 0; k < m->n_regimes; k++)
        if (m->start_regime[k] == HF_X_NONE) {
            open++;
            last = k;
        } else {
            rest = hf_i_x_binary(&m->graph, HF_OP_SUB, rest, m->start_regime[k]);
        }
    for (size_t k = 0; k < m->n_regimes; k++)
        if (m->start_regime[k] == HF_X_NONE)
            m->start_regime[k] = !given ? even : open == 1 && k == last ? rest : HF_X_ZERO;
}

static hf_status parse(hf_i_parser *p, const char *text, size_t len)
{
    hf_model *m = p->model;
    HF_TRY(hf_i_lex(&p->tokens, p->ctx, m->text, len, p->file));
    p->at = p->tokens.items;
    (void)text;
    HF_TRY(hf_i_declare(p));
    if (m->n == 0 || m->n == m->n_effects)
        return hf_i_parse_fail(p, p->at, "Write: state NAME NAME", "the model has no state");
    HF_TRY(make_room(p));
    HF_TRY(hf_i_statements(p));
    HF_TRY(complete(p));
    defaults(m);
    HF_TRY(m->graph.status);
    HF_TRY(hf_i_model_finish(m));
    return m->exchangeable ? hf_model_set_exchangeable(m, true) : HF_OK;
}

hf_status hf_model_parse(hf_model **out, hf_ctx *ctx, const char *text, size_t len,
                         const char *name)
{
    *out = NULL;
    if (len > HF_MODEL_MAX_TEXT)
        return hf_i_fail(ctx, HF_E_LIMIT, "A model file is a page of text.",
                         "a model file of %zu bytes is too long", len);
    hf_model *m = hf_i_calloc(ctx, 1, sizeof *m);
    hf_i_parser *p = hf_i_calloc(ctx, 1, sizeof *p);
    hf_status s = m && p ? HF_OK : HF_E_NOMEM;
    if (m) {
        m->ctx = m->graph.ctx = ctx;
        hf_i_arena_init(&m->arena, ctx);
    }
    if (s == HF_OK) {
        m->title = m->cite = m->equations = "";
        m->text = hf_i_arena_strndup(&m->arena, text, len);
        p->model = m;
        p->ctx = ctx;
        p->file = name;
        s = m->text ? hf_i_graph_init(&m->graph, ctx) : HF_E_NOMEM;
        if (s == HF_OK)
            s = parse(p, text, len);
        hf_i_tokens_dispose(&p->tokens, ctx);
    }
    hf_i_free(ctx, p);
    if (s == HF_OK)
        *out = m;
    else
        hf_model_free(m);
    return s;
}

void hf_model_free(hf_model *model)
{
    if (!model)
        return;
    hf_ctx *ctx = model->ctx;
    hf_i_graph_dispose(&model->graph);
    hf_i_arena_dispose(&model->arena);
    hf_i_free(ctx, model);
}

hf_status hf_model_set_exchangeable(hf_model *m, bool exchangeable)
{
    bool any = false;
    for (size_t i = 0; i < m->n_params; i++) {
        any |= m->params[i].pair >= 0;
        m->params[i].same_as = exchangeable ? m->params[i].pair : -1;
    }
    if (exchangeable && !any)
        return hf_i_fail(m->ctx, HF_E_USAGE, "Add lines such as: pair eta1 eta2",
                         "model '%s' says no pairs of parameters that partners share", m->name);
    m->exchangeable = exchangeable;
    return HF_OK;
}

/* ---- catalogue ------------------------------------------------------------------------------ */

#define FOLDER "catalogue/"

const char *hf_model_catalogue(size_t index)
{
    /* Names of embedded files end in ".hf": the name without it stands beside it in rodata. */
    return hf_i_data_name(FOLDER, index) ? hf_i_data_name(FOLDER, index) + strlen(FOLDER) : NULL;
}

static hf_status not_in_catalogue(hf_ctx *ctx, const char *name)
{
    const char *names[256];
    size_t n = 0;
    while (n < 256 && (names[n] = hf_model_catalogue(n)))
        n++;
    const char *near = hf_i_nearest(name, strlen(name), names, n);
    return hf_i_fail(ctx, HF_E_NOT_FOUND,
                     "See 'holdfast models', or give the path of a model file.",
                     "no model '%s' in the catalogue%s%s%s", name, near ? " (did you mean '" : "",
                     near ? near : "", near ? "'?)" : "");
}

hf_status hf_model_get(hf_model **out, hf_ctx *ctx, const char *name)
{
    *out = NULL;
    if (strpbrk(name, "/.")) {
        hf_i_file file;
        HF_TRY(hf_i_file_open(&file, ctx, name));
        hf_status s = hf_model_parse(out, ctx, (const char *)file.data, (size_t)file.size, name);
        hf_i_file_close(&file);
        return s;
    }
    char path[256];
    size_t size;
    int len = snprintf(path, sizeof path, FOLDER "%s", name);
    const char *text = len > 0 && (size_t)len < sizeof path ? hf_i_data_get(path, &size) : NULL;
    if (!text)
        return not_in_catalogue(ctx, name);
    return hf_model_parse(out, ctx, text, size, name);
}

/* ---- looking at a model -----------------------------------------------------------------------
 */

const char *hf_model_name(const hf_model *model)
{
    return model->name;
}

const char *hf_model_title(const hf_model *model)
{
    return model->title;
}

const char *hf_model_citation(const hf_model *model)
{
    return model->cite;
}

const char *hf_model_text(const hf_model *model)
{
    return model->text;
}

const char *hf_model_equations(const hf_model *model)
{
    return model->equations;
}

bool hf_model_is_continuous(const hf_model *model)
{
    return model->continuous;
}

bool hf_model_is_linear(const hf_model *model)
{
    return model->linear_drift && model->linear_observe;
}

size_t hf_model_state_count(const hf_model *model)
{
    return model->n;
}

const char *hf_model_state(const hf_model *model, size_t index)
{
    return index < model->n ? model->states[index] : NULL;
}

size_t hf_model_effect_count(const hf_model *model)
{
    return model->n_effects;
}

size_t hf_model_observation_count(const hf_model *model)
{
    return model->m;
}

const char *hf_model_observation(const hf_model *model, size_t index)
{
    return index < model->m ? model->obs[index] : NULL;
}

hf_observation_kind hf_model_observation_kind(const hf_model *model, size_t index)
{
    return index < model->m ? model->obs_kind[index] : HF_OBSERVE_GAUSSIAN;
}

size_t hf_model_covariate_count(const hf_model *model)
{
    return model->n_covs;
}

const char *hf_model_covariate(const hf_model *model, size_t index)
{
    return index < model->n_covs ? model->covs[index] : NULL;
}

size_t hf_model_regime_count(const hf_model *model)
{
    return model->n_regimes;
}

const char *hf_model_regime(const hf_model *model, size_t index)
{
    return index < model->n_regimes ? model->regimes[index] : NULL;
}

size_t hf_model_parameter_count(const hf_model *model)
{
    return model->n_params;
}

hf_parameter hf_model_parameter(const hf_model *model, size_t index)
{
    hf_parameter out = {0};
    if (index >= model->n_params)
        return out;
    const hf_i_param *q = &model->params[index];
    out = (hf_parameter){.name = q->name,
                         .start = q->start,
                         .lower = q->lower,
                         .upper = q->upper,
                         .positive = q->positive,
                         .prior = q->prior.text};
    if (q->same_as >= 0)
        out.same_as = model->params[q->same_as].name;
    return out;
}
