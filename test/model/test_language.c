/* SPDX-License-Identifier: MIT */
/* labels: unit property */
/* The model language: what it reads, where it says that it cannot, and its derivatives. */
#include <holdfast/model.h>

#include "model/model.h"
#include "support/failing_alloc.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static hf_ctx *ctx;

static int set_up(void **state)
{
    (void)state;
    return hf_ctx_new(&ctx, NULL) == HF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    hf_ctx_free(ctx);
    return 0;
}

static hf_model *parse(const char *text)
{
    hf_model *m;
    hf_status s = hf_model_parse(&m, ctx, text, strlen(text), "t");
    if (s != HF_OK)
        printf("%s\n", hf_ctx_get_error(ctx)->message);
    assert_int_equal(s, HF_OK);
    return m;
}

static const char sketch[] = "model coupled_oscillator 1\n"
                             "state x1 v1 x2 v2\n"
                             "d x1 = v1\n"
                             "d v1 = eta1*x1 + zeta1*v1 + k12*x2\n"
                             "d x2 = v2\n"
                             "d v2 = eta2*x2 + zeta2*v2 + k21*x1\n"
                             "diffusion v1 = q1, v2 = q2\n"
                             "observe y1 = x1 + error(r1)\n"
                             "observe y2 = x2 + error(r2)\n"
                             "start mean 0 covariance identity\n"
                             "positive q1 q2 r1 r2\n";

static void reads_the_sketch(void **state)
{
    (void)state;
    hf_model *m = parse(sketch);
    assert_int_equal(hf_model_parameter_count(m), 10);
    assert_int_equal(hf_model_state_count(m), 4);
    assert_true(hf_model_is_linear(m) && hf_model_is_continuous(m));
    assert_non_null(strstr(hf_model_equations(m), "dv1/dt = eta1*x1 + zeta1*v1 + k12*x2\n"));
    assert_non_null(strstr(hf_model_equations(m), "var(dW v1) = q1\n"));
    assert_non_null(strstr(hf_model_equations(m), "y1 = x1 + e\n"));
    hf_model_free(m);
}

static void wrong(const char *text, uint64_t line, uint64_t column, const char *message)
{
    hf_model *m;
    assert_int_equal(hf_model_parse(&m, ctx, text, strlen(text), "t"), HF_E_PARSE);
    const hf_error *e = hf_ctx_get_error(ctx);
    if (e->line != line || e->column != column || !strstr(e->message, message))
        printf("%llu:%llu %s\n", (unsigned long long)e->line, (unsigned long long)e->column,
               e->message);
    assert_true(e->line == line && e->column == column);
    assert_non_null(strstr(e->message, message));
}

#define HEAD "model m 1\nstate x y\nparameter alpha beta\n"

static void says_where(void **state)
{
    (void)state;
    wrong("state x\n", 1, 1, "does not say 'model'");
    wrong("model m 3\n", 1, 9, "version '3'");
    wrong(HEAD "d x = alpha*x + betta\n", 4, 17, "unknown name 'betta' (did you mean 'beta'?)");
    wrong(HEAD "d x = tanhh(x)\n", 4, 7, "did you mean 'tanh'?");
    wrong(HEAD "d z = x\n", 4, 3, "'z' is not a state");
    wrong(HEAD "d x = x\nd x = y\n", 5, 3, "given twice");
    wrong(HEAD "d x = (x\n", 5, 1, "line ends");
    wrong(HEAD "d x = x +\n", 4, 10, "line ends");
    wrong(HEAD "d x = 3abc\n", 4, 7, "not a number");
    wrong(HEAD "d x = x ! y\n", 4, 9, "no meaning");
    wrong(HEAD "observ q = x\n", 4, 1, "did you mean 'observe'?");
    wrong(HEAD "next x = x\nd y = x\nobserve o = x\n", 5, 1, "discrete time");
    wrong(HEAD "d x = error(alpha)\n", 4, 7, "error(...) may only");
    wrong(HEAD "observe o = x + 2*error(alpha)\n", 4, 19, "error(...) may only");
    wrong(HEAD "observe o = error(alpha)*2 + x\n", 4, 13, "cannot be multiplied");
    wrong(HEAD "start x = y\n", 4, 11, "cannot use the state");
    wrong(HEAD "state exp\n", 4, 7, "word of the language");
    wrong(HEAD "state alpha\n", 4, 7, "declared twice");
    wrong(HEAD "title \"open\n", 4, 7, "not closed");
    wrong("model m 1\nstate x\nparameter a\nd x = -x\nobserve o = x\n", 3, 11,
          "used in no formula");
    wrong("model m 1\nstate x y\nd x = -x\nobserve o = x\n", 5, 1, "state 'y' has no drift");
    wrong("model m 1\nstate x\nd x = -x\n", 4, 1, "nothing is observed");
}

#undef HEAD

/* One node's value from those before it. */
static double node_value(const hf_i_node *n, const double *v, const double *state,
                         const double *param)
{
    double a = n->a >= 0 && n->op > HF_OP_TIME ? v[n->a] : 0,
           b = n->b >= 0 && n->op > HF_OP_TIME ? v[n->b] : 0;
    switch ((hf_i_op)n->op) {
    case HF_OP_CONST:
        return n->value;
    case HF_OP_PARAM:
        return param[n->a];
    case HF_OP_STATE:
        return state[n->a];
    case HF_OP_ADD:
        return a + b;
    case HF_OP_SUB:
        return a - b;
    case HF_OP_MUL:
        return a * b;
    case HF_OP_DIV:
        return a / b;
    case HF_OP_NEG:
        return -a;
    case HF_OP_POW:
        return pow(a, n->value);
    case HF_OP_EXP:
        return exp(a);
    case HF_OP_LOG:
        return log(a);
    case HF_OP_SQRT:
        return sqrt(a);
    case HF_OP_TANH:
        return tanh(a);
    case HF_OP_SIGMOID:
        return 1 / (1 + exp(-a));
    case HF_OP_ABS:
        return fabs(a);
    case HF_OP_MIN:
        return fmin(a, b);
    case HF_OP_MAX:
        return fmax(a, b);
    case HF_OP_STEP:
        return a > 0 ? 1 : 0;
    case HF_OP_SIN:
        return sin(a);
    case HF_OP_COS:
        return cos(a);
    default:
        return NAN;
    }
}

/* Symbolic Jacobians against central differences of the same formulas. */
static void derivatives(void **state)
{
    (void)state;
    hf_model *m = parse("model m 1\nstate x y\nparameter a b\n"
                        "d x = a*x^3 + sin(b*y) - x/y + cos(x)*min(x, y) - x^-1.5\n"
                        "d y = max(x, 0)*b + tanh(x)*sigmoid(y) + sqrt(y) + x^a + clip(x, -9, y)\n"
                        "observe o = exp(x) + log(y) + abs(x) + error(1)\n"
                        "start mean 1 covariance 1\n");
    const hf_i_graph *g = &m->graph;
    static double v[4000];
    const double param[2] = {.4, 1.9}, h = 1e-6;
    assert_true(g->count < 4000);
    for (int e = 0; e < 2; e++) {
        double low[3] = {0};
        for (int s = -1; s <= 1; s += 2) {
            double at[2] = {1.3 + (e == 0 ? s * h : 0), .7 + (e == 1 ? s * h : 0)};
            for (size_t i = 0; i < g->count; i++)
                v[i] = node_value(&g->nodes[i], v, at, param);
            const double f[3] = {v[m->drift[0]], v[m->drift[1]], v[m->observe[0]]};
            const double d[3] = {v[m->jacobian[2 * e]], v[m->jacobian[1 + 2 * e]],
                                 v[m->observe_dx[e]]};
            for (int i = 0; s > 0 && i < 3; i++)
                assert_true(fabs(d[i] - (f[i] - low[i]) / (2 * h)) < 1e-4);
            memcpy(low, f, sizeof low);
        }
    }
    assert_false(hf_model_is_linear(m));
    hf_model_free(m);
}

static void pairs_and_regimes(void **state)
{
    (void)state;
    hf_model *m =
        parse("model m 1\nregime calm tense\nstate a b\nvarying z = -1\n"
              "parameter k1 = .2, k2 = .3\npositive q = 1\npair k1 k2\n"
              "d a = z*a + k1*b\nin calm: d b = z*b\nin tense: d b = z*b + k2*a\n"
              "diffusion a = q, b = q\nobserve y = a\nstart stationary\n"
              "switch calm -> tense probability .1\nswitch tense -> calm probability .2\n");
    assert_int_equal(hf_model_parameter_count(m), 5);
    assert_string_equal(hf_model_parameter(m, 1).name, "z_tense");
    assert_non_null(strstr(hf_model_equations(m), "[tense] db/dt = z_tense*b + k2*a"));
    assert_null(hf_model_parameter(m, 3).same_as);
    assert_int_equal(hf_model_set_exchangeable(m, true), HF_OK);
    assert_string_equal(hf_model_parameter(m, 3).same_as, "k1");
    hf_model_free(m);
    m = parse(sketch);
    assert_int_equal(hf_model_set_exchangeable(m, true), HF_E_USAGE);
    hf_model_free(m);
}

static hf_status parse_one(hf_ctx *c, void *user)
{
    hf_model *m;
    (void)user;
    HF_TRY(hf_model_get(&m, c, "regime_ode"));
    hf_model_free(m);
    return HF_OK;
}

static void every_allocation_fails_once(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails(parse_one, NULL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_the_sketch),
                                       cmocka_unit_test(says_where), cmocka_unit_test(derivatives),
                                       cmocka_unit_test(pairs_and_regimes),
                                       cmocka_unit_test(every_allocation_fails_once)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
