/* SPDX-License-Identifier: MIT */
#include "model/evaluate.h"

#include <math.h>

static double sigmoid(double x)
{
    return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

static double input(const hf_i_node *n, const hf_i_model_point *at)
{
    switch ((hf_i_op)n->op) {
    case HF_OP_CONST:
        return n->value;
    case HF_OP_PARAM:
        return at->theta[n->a];
    case HF_OP_STATE:
        return at->x[n->a];
    case HF_OP_COV:
        return at->u ? at->u[n->a] : 0;
    case HF_OP_COV_BEFORE:
        return at->before ? at->before[n->a] : 0;
    default:
        return at->time;
    }
}

static double one_operand(const hf_i_node *n, double a)
{
    switch ((hf_i_op)n->op) {
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
        return sigmoid(a);
    case HF_OP_ABS:
        return fabs(a);
    case HF_OP_STEP:
        return a > 0;
    case HF_OP_SIN:
        return sin(a);
    default:
        return cos(a);
    }
}

void hf_i_model_values(const hf_model *model, const hf_i_model_point *at, double *values)
{
    const hf_i_graph *g = &model->graph;
    for (size_t i = 0; i < g->count; i++) {
        const hf_i_node *n = &g->nodes[i];
        switch ((hf_i_op)n->op) {
        case HF_OP_ADD:
            values[i] = values[n->a] + values[n->b];
            break;
        case HF_OP_SUB:
            values[i] = values[n->a] - values[n->b];
            break;
        case HF_OP_MUL:
            values[i] = values[n->a] * values[n->b];
            break;
        case HF_OP_DIV:
            values[i] = values[n->a] / values[n->b];
            break;
        case HF_OP_MIN:
            values[i] = fmin(values[n->a], values[n->b]);
            break;
        case HF_OP_MAX:
            values[i] = fmax(values[n->a], values[n->b]);
            break;
        default:
            values[i] = n->op <= HF_OP_TIME ? input(n, at) : one_operand(n, values[n->a]);
        }
    }
}

void hf_i_model_take(const double *values, const hf_i_x *formulas, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = formulas[i] < 0 ? 0 : values[formulas[i]];
}
