/* SPDX-License-Identifier: MIT */
/* What follows from the formulas of a model: Jacobians, linearity, what changes from row to row,
 * and the equations in print. */
#include "model/model.h"

#include <math.h>
#include <string.h>

static bool depends(const hf_model *m, hf_i_x e, int what)
{
    return e > 0 && (m->graph.nodes[e].deps & what) != 0;
}

static hf_status derive(hf_model *m)
{
    hf_i_graph *g = &m->graph;
    m->linear_drift = m->linear_observe = true;
    for (size_t k = 0; k < m->n_regimes; k++) {
        for (size_t i = 0; i < m->n; i++) {
            hf_i_x f = m->drift[k * m->n + i];
            m->linear_drift &= !depends(m, f, HF_DEP_TIME) || !m->continuous;
            for (size_t j = 0; j < m->n; j++) {
                hf_i_x d = hf_i_x_diff(g, f, HF_OP_STATE, (int32_t)j);
                m->jacobian[(k * m->n + j) * m->n + i] = d;
                m->linear_drift &= !depends(m, d, HF_DEP_STATE);
            }
        }
        for (size_t j = 0; j < m->m; j++)
            for (size_t i = 0; i < m->n; i++) {
                hf_i_x d = hf_i_x_diff(g, m->observe[k * m->m + j], HF_OP_STATE, (int32_t)i);
                m->observe_dx[(k * m->m + j) * m->n + i] = d;
                m->linear_observe &= !depends(m, d, HF_DEP_STATE);
            }
    }
    for (size_t i = 0; i < m->n_regimes * m->n; i++)
        m->drift0[i] = hf_i_x_at_zero_state(g, m->drift[i]);
    for (size_t i = 0; i < m->n_regimes * m->m; i++)
        m->observe0[i] = hf_i_x_at_zero_state(g, m->observe[i]);
    return g->status;
}

static void note_rows(hf_model *m)
{
    size_t nn = m->n_regimes * m->n * m->n, mm = m->n_regimes * m->m * m->m;
    for (size_t i = 0; i < nn; i++)
        m->matrices_by_row |= depends(m, m->jacobian[i], HF_DEP_ROW) ||
                              depends(m, m->diffusion[i], HF_DEP_ROW) ||
                              depends(m, m->start_cov[i], HF_DEP_ROW);
    for (size_t i = 0; i < m->n_regimes * m->m * m->n; i++)
        m->matrices_by_row |= depends(m, m->observe_dx[i], HF_DEP_ROW);
    for (size_t i = 0; i < mm; i++) {
        size_t in = i % (m->m * m->m);
        m->matrices_by_row |= depends(m, m->error[i], HF_DEP_ROW);
        m->error_correlated |= in % m->m != in / m->m && m->error[i] != HF_X_ZERO;
    }
    for (size_t i = 0; i < m->n_regimes * m->n; i++)
        m->intercepts_by_row |=
            depends(m, m->drift0[i], HF_DEP_ROW) || depends(m, m->start_mean[i], HF_DEP_ROW);
    for (size_t i = 0; i < m->n_regimes * m->m; i++)
        m->intercepts_by_row |= depends(m, m->observe0[i], HF_DEP_ROW);
}

/* ---- equations in print --------------------------------------------------------------------- */

static const char *input_name(void *user, hf_i_op op, int32_t index)
{
    const hf_model *m = user;
    switch (op) {
    case HF_OP_PARAM:
        return m->params[index].name;
    case HF_OP_STATE:
        return m->states[index];
    case HF_OP_COV:
    case HF_OP_COV_BEFORE:
        return m->covs[index];
    default:
        return "?";
    }
}

static hf_status print_line(const hf_model *m, hf_i_buf *b, size_t k, const char *left,
                            const char *name, hf_i_x e, const char *right)
{
    if (m->n_regimes > 1)
        HF_TRY(hf_i_buf_printf(b, "[%s] ", m->regimes[k]));
    HF_TRY(hf_i_buf_printf(b, left, name));
    HF_TRY(hf_i_x_print(&m->graph, e, input_name, (void *)(uintptr_t)m, b));
    HF_TRY(hf_i_buf_add_str(b, right));
    return hf_i_buf_add_char(b, '\n');
}

static hf_status print_cov(const hf_model *m, hf_i_buf *b, size_t k, const char *what,
                           const char *const *names, size_t n, const hf_i_x *cov)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            if (cov[i + j * n] == HF_X_ZERO)
                continue;
            char left[700];
            if (i == j)
                snprintf(left, sizeof left, "var(%s %s) = ", what, names[i]);
            else
                snprintf(left, sizeof left, "cov(%s %s, %s) = ", what, names[i], names[j]);
            HF_TRY(print_line(m, b, k, "%s", left, cov[i + j * n], ""));
        }
    return HF_OK;
}

static hf_status print_regime(const hf_model *m, hf_i_buf *b, size_t k)
{
    size_t n = m->n, moving = m->n - m->n_effects;
    for (size_t i = 0; i < moving; i++)
        HF_TRY(print_line(m, b, k, m->continuous ? "d%s/dt = " : "%s' = ", m->states[i],
                          m->drift[k * n + i], ""));
    HF_TRY(print_cov(m, b, k, m->continuous ? "dW" : "w", m->states, n, m->diffusion + k * n * n));
    for (size_t j = 0; j < m->m; j++) {
        static const char *const left[] = {"%s = ", "logit P(%s = 1) = ", "log E(%s) = "};
        bool noisy = m->error[k * m->m * m->m + j + j * m->m] != HF_X_ZERO;
        HF_TRY(print_line(m, b, k, left[m->obs_kind[j]], m->obs[j], m->observe[k * m->m + j],
                          noisy ? " + e" : ""));
    }
    HF_TRY(print_cov(m, b, k, "e", m->obs, m->m, m->error + k * m->m * m->m));
    for (size_t i = 0; i < n; i++)
        if (m->start_kind == HF_START_GIVEN || i >= moving)
            HF_TRY(print_line(m, b, k, i < moving ? "start %s = " : "mean %s = ", m->states[i],
                              m->start_mean[k * n + i], ""));
    if (m->start_kind == HF_START_STATIONARY)
        HF_TRY(hf_i_buf_add_str(b, "start: stationary mean and covariance\n"));
    return print_cov(m, b, k, m->start_kind == HF_START_STATIONARY ? "effect" : "start", m->states,
                     n, m->start_cov + k * n * n);
}

static hf_status print_switching(const hf_model *m, hf_i_buf *b)
{
    static const char *const kinds[] = {"", "P", "logit", "intensity"};
    size_t regimes = m->n_regimes;
    for (size_t i = 0; i < regimes; i++)
        for (size_t j = 0; j < regimes; j++) {
            if (i == j || m->switching[i * regimes + j] == HF_X_NONE)
                continue;
            HF_TRY(hf_i_buf_printf(b, "%s(%s -> %s) = ", kinds[m->switch_kind], m->regimes[i],
                                   m->regimes[j]));
            HF_TRY(hf_i_x_print(&m->graph, m->switching[i * regimes + j], input_name,
                                (void *)(uintptr_t)m, b));
            HF_TRY(hf_i_buf_add_char(b, '\n'));
        }
    return HF_OK;
}

static hf_status print_equations(hf_model *m)
{
    hf_i_buf b;
    hf_i_buf_init(&b, m->ctx, 16u << 20, "equations");
    hf_status s = HF_OK;
    for (size_t k = 0; s == HF_OK && k < m->n_regimes; k++)
        s = print_regime(m, &b, k);
    if (s == HF_OK)
        s = print_switching(m, &b);
    if (s == HF_OK) {
        m->equations = hf_i_arena_strndup(&m->arena, b.data ? b.data : "", b.len);
        s = m->equations ? HF_OK : HF_E_NOMEM;
    }
    hf_i_buf_dispose(&b);
    return s;
}

hf_status hf_i_model_finish(hf_model *m)
{
    HF_TRY(derive(m));
    note_rows(m);
    return print_equations(m);
}
