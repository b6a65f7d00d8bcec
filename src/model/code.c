/* SPDX-License-Identifier: MIT */
#include "model/code.h"

#include <string.h>

static int operand_count(int op)
{
    static const uint8_t counts[] = {
#define HF_OP_ARITY(name, count) count,
        HF_OP_LIST(HF_OP_ARITY)
#undef HF_OP_ARITY
    };
    return counts[op];
}

/* Marks e and what it needs. Children come before parents: one pass downwards is enough. */
static void close_marks(const hf_i_graph *g, uint8_t *marks)
{
    for (size_t i = g->count; i-- > 0;) {
        const hf_i_node *n = &g->nodes[i];
        int operands = operand_count(n->op);
        if (marks[i] && operands > 0)
            marks[n->a] = 1;
        if (marks[i] && operands > 1)
            marks[n->b] = 1;
    }
}

static void mark(uint8_t *marks, const hf_i_x *e, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (e[i] >= 0)
            marks[e[i]] = 1;
}

/* Linear models are evaluated by Jacobian and value at 0; others at the state itself. */
static void mark_predict(const hf_model *m, uint8_t *marks, size_t k)
{
    size_t n = m->n;
    mark(marks, m->jacobian + k * n * n, n * n);
    mark(marks, m->diffusion + k * n * n, n * n);
    mark(marks, (m->linear_drift ? m->drift0 : m->drift) + k * n, n);
}

static void mark_observe(const hf_model *m, uint8_t *marks, size_t k)
{
    mark(marks, m->observe_dx + k * m->m * m->n, m->m * m->n);
    mark(marks, m->error + k * m->m * m->m, m->m * m->m);
    mark(marks, (m->linear_observe ? m->observe0 : m->observe) + k * m->m, m->m);
}

static void mark_start(const hf_model *m, uint8_t *marks, size_t k)
{
    mark(marks, m->start_mean + k * m->n, m->n);
    mark(marks, m->start_cov + k * m->n * m->n, m->n * m->n);
}

static void mark_switching(const hf_model *m, uint8_t *marks, size_t k)
{
    (void)k;
    mark(marks, m->switching, m->n_regimes * m->n_regimes);
    mark(marks, m->start_regime, m->n_regimes);
}

/* The marked nodes of one stage as instructions. */
static hf_status emit(hf_i_program *p, const hf_i_graph *g, const uint8_t *marks, int wanted,
                      hf_i_code *out)
{
    size_t count = 0;
    for (int fill = 0; fill < 2; fill++) {
        count = 0;
        for (size_t i = 0; i < g->count; i++) {
            const hf_i_node *n = &g->nodes[i];
            int stage = n->deps & HF_DEP_STATE ? 2 : n->deps & HF_DEP_ROW ? 1 : 0;
            if (!marks[i] || operand_count(n->op) == 0 || stage != wanted)
                continue;
            if (fill)
                out->items[count] =
                    (hf_i_instr){n->op, p->reg_of[i], p->reg_of[n->a],
                                 operand_count(n->op) > 1 ? p->reg_of[n->b] : 0, n->value};
            count++;
        }
        if (!fill && !(out->items = hf_i_calloc(p->ctx, count + 1, sizeof *out->items)))
            return HF_E_NOMEM;
    }
    out->count = count;
    return HF_OK;
}

static void name_inputs(hf_i_program *p, const hf_i_graph *g)
{
    for (size_t i = 0; i < g->count; i++) {
        const hf_i_node *n = &g->nodes[i];
        if (p->reg_of[i] < 0)
            continue;
        if (n->op == HF_OP_PARAM)
            p->param[n->a] = p->reg_of[i];
        else if (n->op == HF_OP_STATE)
            p->state[n->a] = p->reg_of[i];
        else if (n->op == HF_OP_COV)
            p->cov[n->a] = p->reg_of[i];
        else if (n->op == HF_OP_COV_BEFORE)
            p->cov_before[n->a] = p->reg_of[i];
        else if (n->op == HF_OP_TIME)
            p->time = p->reg_of[i];
        else if (n->op == HF_OP_CONST)
            p->constants[p->n_constants++] = (hf_i_constant){p->reg_of[i], n->value};
    }
}

typedef void (*mark_fn)(const hf_model *m, uint8_t *marks, size_t k);

static hf_status group(hf_i_program *p, const hf_model *m, uint8_t *marks, mark_fn fn, size_t k,
                       hf_i_group_code *out)
{
    memset(marks, 0, m->graph.count);
    fn(m, marks, k);
    close_marks(&m->graph, marks);
    HF_TRY(emit(p, &m->graph, marks, 1, &out->row));
    return emit(p, &m->graph, marks, 2, &out->state);
}

static hf_status make(hf_i_program *p, const hf_model *m, uint8_t *marks)
{
    const hf_i_graph *g = &m->graph;
    size_t constants = 0;
    for (size_t k = 0; k < m->n_regimes; k++) {
        mark_predict(m, marks, k);
        mark_observe(m, marks, k);
        mark_start(m, marks, k);
    }
    mark_switching(m, marks, 0);
    close_marks(g, marks);
    marks[HF_X_ZERO] = marks[HF_X_ONE] = 1;
    for (size_t i = 0; i < g->count; i++) {
        p->reg_of[i] = marks[i] ? (int32_t)p->n_regs++ : -1;
        constants += marks[i] && g->nodes[i].op == HF_OP_CONST;
    }
    p->constants = hf_i_calloc(p->ctx, constants + 1, sizeof *p->constants);
    if (!p->constants)
        return HF_E_NOMEM;
    name_inputs(p, g);
    HF_TRY(emit(p, g, marks, 0, &p->theta));
    for (size_t k = 0; k < m->n_regimes; k++) {
        HF_TRY(group(p, m, marks, mark_predict, k, &p->predict[k]));
        HF_TRY(group(p, m, marks, mark_observe, k, &p->observe[k]));
        HF_TRY(group(p, m, marks, mark_start, k, &p->start[k]));
    }
    return group(p, m, marks, mark_switching, 0, &p->switching);
}

hf_status hf_i_program_make(hf_i_program *out, hf_ctx *ctx, const hf_model *model)
{
    memset(out, 0, sizeof *out);
    out->ctx = ctx;
    memset(out->param, -1, sizeof out->param);
    memset(out->state, -1, sizeof out->state);
    memset(out->cov, -1, sizeof out->cov);
    memset(out->cov_before, -1, sizeof out->cov_before);
    out->time = -1;
    uint8_t *marks = hf_i_calloc(ctx, model->graph.count, 1);
    out->reg_of = hf_i_alloc(ctx, model->graph.count * sizeof *out->reg_of);
    hf_status s = marks && out->reg_of ? make(out, model, marks) : HF_E_NOMEM;
    hf_i_free(ctx, marks);
    if (s != HF_OK)
        hf_i_program_dispose(out);
    return s;
}

static void free_group(hf_ctx *ctx, hf_i_group_code *g)
{
    hf_i_free(ctx, g->row.items);
    hf_i_free(ctx, g->state.items);
}

void hf_i_program_dispose(hf_i_program *p)
{
    if (!p->ctx)
        return;
    hf_i_free(p->ctx, p->reg_of);
    hf_i_free(p->ctx, p->constants);
    hf_i_free(p->ctx, p->theta.items);
    for (size_t k = 0; k < HF_MODEL_MAX_REGIMES; k++) {
        free_group(p->ctx, &p->predict[k]);
        free_group(p->ctx, &p->observe[k]);
        free_group(p->ctx, &p->start[k]);
    }
    free_group(p->ctx, &p->switching);
    memset(p, 0, sizeof *p);
}
