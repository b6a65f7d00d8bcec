/* SPDX-License-Identifier: MIT */
/* Formulas: sums of products of powers, functions, names. Recursive descent. */
#include "model/parse.h"

#include <string.h>

#define MAX_DEPTH 200

typedef struct {
    const char *name;
    hf_i_op op;
    int args;
} function;

static const function functions[] = {
    {"exp", HF_OP_EXP, 1},   {"log", HF_OP_LOG, 1},         {"sqrt", HF_OP_SQRT, 1},
    {"tanh", HF_OP_TANH, 1}, {"sigmoid", HF_OP_SIGMOID, 1}, {"abs", HF_OP_ABS, 1},
    {"min", HF_OP_MIN, 2},   {"max", HF_OP_MAX, 2},         {"step", HF_OP_STEP, 1},
    {"sin", HF_OP_SIN, 1},   {"cos", HF_OP_COS, 1},         {"clip", HF_OP_COUNT, 3}};

static hf_status sum(hf_i_parser *p, hf_i_x *out);

static const function *find_function(const hf_i_token *t)
{
    for (size_t i = 0; i < HF_COUNT_OF(functions); i++)
        if (hf_i_token_is(t, functions[i].name))
            return &functions[i];
    return NULL;
}

static hf_status call(hf_i_parser *p, const function *f, hf_i_x *out)
{
    hf_i_graph *g = &p->model->graph;
    hf_i_x arg[3] = {0};
    HF_TRY(hf_i_expect(p, "("));
    for (int i = 0; i < f->args; i++) {
        if (i > 0)
            HF_TRY(hf_i_expect(p, ","));
        HF_TRY(sum(p, &arg[i]));
    }
    HF_TRY(hf_i_expect(p, ")"));
    if (f->op == HF_OP_COUNT) /* clip(x, low, high) */
        *out = hf_i_x_binary(g, HF_OP_MIN, hf_i_x_binary(g, HF_OP_MAX, arg[0], arg[1]), arg[2]);
    else if (f->args == 2)
        *out = hf_i_x_binary(g, f->op, arg[0], arg[1]);
    else
        *out = hf_i_x_unary(g, f->op, arg[0]);
    return g->status;
}

/* error(v): a variance; error(sd s): a standard deviation. */
static hf_status error_term(hf_i_parser *p, const hf_i_token *at, bool allowed, hf_i_x *out)
{
    hf_i_graph *g = &p->model->graph;
    if (!allowed || p->error != HF_X_NONE)
        return hf_i_parse_fail(p, at, "Write it once, as in: observe y = x + error(r)",
                               "error(...) may only be added at the end of an observe line");
    HF_TRY(hf_i_expect(p, "("));
    bool sd = hf_i_accept(p, "sd");
    hf_i_x v;
    HF_TRY(sum(p, &v));
    HF_TRY(hf_i_expect(p, ")"));
    p->error = sd ? hf_i_x_binary(g, HF_OP_MUL, v, v) : v;
    *out = HF_X_ZERO;
    return g->status;
}

/* before(u), at(u): the covariate at the row where the interval begins or ends. */
static hf_status covariate_at(hf_i_parser *p, bool before, hf_i_x *out)
{
    const hf_i_token *name;
    HF_TRY(hf_i_expect(p, "("));
    HF_TRY(hf_i_expect_name(p, &name, "a covariate"));
    int i = hf_i_find_name(p->model->covs, p->model->n_covs, name);
    if (i < 0)
        return hf_i_parse_fail(p, name, "Declare it: covariate NAME", "'%.*s' is not a covariate",
                               (int)name->len, name->text);
    HF_TRY(hf_i_expect(p, ")"));
    *out = hf_i_x_input(&p->model->graph, before ? HF_OP_COV_BEFORE : HF_OP_COV, i);
    return p->model->graph.status;
}

static hf_status unknown_name(hf_i_parser *p, const hf_i_token *t)
{
    const char *names[512];
    size_t n = 0;
    const hf_model *m = p->model;
    for (size_t i = 0; i < m->n && n < 500; i++)
        names[n++] = m->states[i];
    for (size_t i = 0; i < m->n_covs && n < 500; i++)
        names[n++] = m->covs[i];
    for (size_t i = 0; i < m->n_params && n < 440; i++)
        names[n++] = m->params[i].name;
    for (size_t i = 0; i < p->n_lets && n < 500; i++)
        names[n++] = p->lets[i].name;
    for (size_t i = 0; i < HF_COUNT_OF(functions) && n < 512; i++)
        names[n++] = functions[i].name;
    const char *near = hf_i_nearest(t->text, t->len, names, n);
    if (near)
        return hf_i_parse_fail(p, t, "Names are declared by state, covariate, parameter or let.",
                               "unknown name '%.*s' (did you mean '%s'?)", (int)t->len, t->text,
                               near);
    return hf_i_parse_fail(p, t, "Names are declared by state, covariate, parameter or let.",
                           "unknown name '%.*s'", (int)t->len, t->text);
}

static hf_status state_name(hf_i_parser *p, const hf_i_token *t, int i, hf_i_x *out)
{
    if (p->is_start)
        return hf_i_parse_fail(p, t, "Use parameters and covariates here.",
                               "a start formula cannot use the state '%.*s'", (int)t->len, t->text);
    *out = hf_i_x_input(&p->model->graph, HF_OP_STATE, i);
    return p->model->graph.status;
}

static int find_varying(const hf_i_parser *p, const hf_i_token *t)
{
    if (hf_i_find_name(p->varying_names, p->n_varying, t) < 0)
        return -1;
    char name[600];
    int len =
        snprintf(name, sizeof name, "%.*s_%s", (int)t->len, t->text, p->model->regimes[p->regime]);
    return hf_i_find_param(p->model, name, (size_t)len);
}

static hf_status name(hf_i_parser *p, const hf_i_token *t, hf_i_x *out)
{
    hf_model *m = p->model;
    int i = hf_i_find_name(m->states, m->n, t);
    if (i >= 0)
        return state_name(p, t, i, out);
    if ((i = hf_i_find_name(m->covs, m->n_covs, t)) >= 0) {
        bool before = p->is_drift && m->continuous;
        *out = hf_i_x_input(&m->graph, before ? HF_OP_COV_BEFORE : HF_OP_COV, i);
        return m->graph.status;
    }
    for (size_t l = 0; l < p->n_lets; l++)
        if (strlen(p->lets[l].name) == t->len && memcmp(p->lets[l].name, t->text, t->len) == 0) {
            if (p->lets[l].value[p->regime][p->is_drift] == HF_X_NONE)
                return hf_i_parse_fail(p, t, "Move its `let` line up.",
                                       "'%.*s' is used before it is defined", (int)t->len, t->text);
            *out = p->lets[l].value[p->regime][p->is_drift];
            if (p->is_start && (m->graph.nodes[*out].deps & HF_DEP_STATE))
                return hf_i_parse_fail(p, t, "Use parameters and covariates here.",
                                       "'%.*s' contains a state", (int)t->len, t->text);
            return HF_OK;
        }
    if (hf_i_token_is(t, "time")) {
        *out = hf_i_x_input(&m->graph, HF_OP_TIME, 0);
        return m->graph.status;
    }
    if ((i = find_varying(p, t)) < 0)
        i = hf_i_find_param(m, t->text, t->len);
    if (i < 0 && !p->implicit)
        return unknown_name(p, t);
    if (i < 0)
        HF_TRY(hf_i_add_param(p, t, NULL, &i));
    m->params[i].used = true;
    *out = hf_i_x_input(&m->graph, HF_OP_PARAM, i);
    return m->graph.status;
}

static hf_status primary(hf_i_parser *p, bool error_here, hf_i_x *out)
{
    const hf_i_token *t = p->at;
    if (t->kind == HF_TOKEN_NUMBER) {
        p->at++;
        *out = hf_i_x_const(&p->model->graph, t->number);
        return p->model->graph.status;
    }
    if (hf_i_accept(p, "(")) {
        HF_TRY(sum(p, out));
        return hf_i_expect(p, ")");
    }
    if (t->kind != HF_TOKEN_NAME)
        return hf_i_parse_expected(p, "a number, a name or '('");
    p->at++;
    const function *f = hf_i_token_is(p->at, "(") ? find_function(t) : NULL;
    if (f)
        return call(p, f, out);
    if (hf_i_token_is(p->at, "(") && hf_i_token_is(t, "error"))
        return error_term(p, t, error_here, out);
    if (hf_i_token_is(p->at, "(") && (hf_i_token_is(t, "before") || hf_i_token_is(t, "at")))
        return covariate_at(p, hf_i_token_is(t, "before"), out);
    if (hf_i_token_is(p->at, "("))
        return unknown_name(p, t);
    return name(p, t, out);
}

static hf_status unary(hf_i_parser *p, bool error_here, hf_i_x *out);

/* a^b: constant powers stay powers, others become exp(b log a). */
static hf_status power(hf_i_parser *p, bool error_here, hf_i_x *out)
{
    hf_i_graph *g = &p->model->graph;
    HF_TRY(primary(p, error_here, out));
    if (!hf_i_accept(p, "^"))
        return HF_OK;
    hf_i_x b;
    double c;
    HF_TRY(unary(p, false, &b));
    if (hf_i_x_is_const(g, b, &c))
        *out = hf_i_x_pow(g, *out, c);
    else
        *out = hf_i_x_unary(g, HF_OP_EXP,
                            hf_i_x_binary(g, HF_OP_MUL, b, hf_i_x_unary(g, HF_OP_LOG, *out)));
    return g->status;
}

static hf_status unary(hf_i_parser *p, bool error_here, hf_i_x *out)
{
    if (++p->depth > MAX_DEPTH)
        return hf_i_parse_fail(p, p->at, "Split it with `let`.", "the formula is nested too deep");
    hf_status s;
    if (hf_i_accept(p, "-")) {
        s = unary(p, false, out);
        if (s == HF_OK)
            *out = hf_i_x_unary(&p->model->graph, HF_OP_NEG, *out);
    } else if (hf_i_accept(p, "+")) {
        s = unary(p, error_here, out);
    } else {
        s = power(p, error_here, out);
    }
    p->depth--;
    return s;
}

static hf_status product(hf_i_parser *p, bool error_here, hf_i_x *out)
{
    const hf_i_token *first = p->at;
    HF_TRY(unary(p, error_here, out));
    while (hf_i_token_is(p->at, "*") || hf_i_token_is(p->at, "/")) {
        if (hf_i_token_is(first, "error") && hf_i_token_is(first + 1, "("))
            return hf_i_parse_fail(p, first, "Put the factor inside: error(k*r)",
                                   "error(...) cannot be multiplied or divided");
        hf_i_op op = hf_i_token_is(p->at++, "*") ? HF_OP_MUL : HF_OP_DIV;
        hf_i_x b;
        HF_TRY(unary(p, false, &b));
        *out = hf_i_x_binary(&p->model->graph, op, *out, b);
    }
    return p->model->graph.status;
}

static hf_status sum(hf_i_parser *p, hf_i_x *out)
{
    bool error_here = p->error_here;
    p->error_here = false; /* only at the outermost sum */
    HF_TRY(product(p, error_here, out));
    while (hf_i_token_is(p->at, "+") || hf_i_token_is(p->at, "-")) {
        hf_i_op op = hf_i_token_is(p->at++, "+") ? HF_OP_ADD : HF_OP_SUB;
        hf_i_x b;
        HF_TRY(product(p, error_here && op == HF_OP_ADD, &b));
        *out = hf_i_x_binary(&p->model->graph, op, *out, b);
    }
    return p->model->graph.status;
}

hf_status hf_i_formula(hf_i_parser *p, hf_i_x *out)
{
    p->depth = 0;
    return sum(p, out);
}
