/* SPDX-License-Identifier: MIT */
#include "cycle/chain.h"

#include "cycle/says.h"

#include <math.h>
#include <string.h>

enum { S = HF_I_STATES, BETWEEN = 4096 /* turns between looks at cancelling */ };

/* Silences from a minute to sixty days, evenly in logs. */
static const double FIRST_H = 1.0 / 60, LAST_H = 24 * 60;

static double step_of_gaps(void)
{
    return log(LAST_H / FIRST_H) / (HF_I_GAPS - 2);
}

static uint8_t gap_of(double h)
{
    if (isnan(h) || h < FIRST_H)
        return 0;
    double k = 1 + floor(log(h / FIRST_H) / step_of_gaps() + .5);
    return (uint8_t)fmin(k, HF_I_GAPS - 1);
}

hf_status hf_i_chain_init(hf_i_chain *c, hf_ctx *ctx, const hf_cycle_turn *turns, size_t count,
                          const hf_i_cycle_model *m, int hide)
{
    memset(c, 0, sizeof *c);
    c->ctx = ctx;
    c->turns = turns;
    c->count = count;
    c->hide = hide;
    c->says = hf_i_alloc(ctx, count * sizeof *c->says);
    c->rest = hf_i_alloc(ctx, count * sizeof *c->rest);
    c->emit = hf_i_alloc(ctx, count * sizeof *c->emit);
    c->forward = hf_i_alloc(ctx, count * sizeof *c->forward);
    c->gap = hf_i_alloc(ctx, count);
    c->back = hf_i_alloc(ctx, count * S);
    if (!c->says || !c->rest || !c->emit || !c->forward || !c->gap || !c->back) {
        hf_i_chain_dispose(c);
        return HF_E_NOMEM;
    }
    for (int k = 1; k < HF_I_GAPS; k++)
        c->hours[k] = FIRST_H * exp(step_of_gaps() * (k - 1));
    for (size_t t = 0; t < count; t++) {
        hf_i_says_acts(c->says[t], &turns[t], m->base, hide);
        hf_i_says_rest(c->rest[t], &turns[t], m, hide);
        c->gap[t] = gap_of(turns[t].silence_h);
    }
    return HF_OK;
}

void hf_i_chain_dispose(hf_i_chain *c)
{
    hf_i_free(c->ctx, c->says);
    hf_i_free(c->ctx, c->rest);
    hf_i_free(c->ctx, c->emit);
    hf_i_free(c->ctx, c->forward);
    hf_i_free(c->ctx, c->gap);
    hf_i_free(c->ctx, c->back);
    memset(c, 0, sizeof *c);
}

void hf_i_chain_load(hf_i_chain *c, const hf_i_cycle_model *m)
{
    c->scale = 0;
    for (size_t t = 0; t < c->count; t++)
        c->scale += hf_i_says_states(c->emit[t], &c->turns[t], c->says[t], c->rest[t], m);
    for (int k = 0; k < HF_I_GAPS; k++)
        hf_i_cycle_transition(m, c->hours[k], c->moves[k]);
}

static double start_of(const hf_i_cycle_model *m, int s)
{
    hf_phase phase = hf_i_state_phase(s);
    double share = 1;
    if (phase == HF_PHASE_PROTECTION)
        share = m->positions[s - HF_I_S_PROTECTION];
    else if (phase != HF_PHASE_CONNECTION && phase != HF_PHASE_DISTANCE)
        share = .5;
    return m->start[phase] * share;
}

/* Filters, and gives the log likelihood. */
static hf_status go_forward(hf_i_chain *c, const hf_i_cycle_model *m, double *log_likelihood)
{
    double a[S], next[S];
    *log_likelihood = c->scale;
    for (size_t t = 0; t < c->count; t++) {
        double sum = 0;
        memset(next, 0, sizeof next);
        if (t == 0) {
            for (int j = 0; j < S; j++)
                next[j] = start_of(m, j);
        } else {
            const double(*move)[S] = (const double(*)[S])c->moves[c->gap[t]];
            for (int i = 0; i < S; i++)
                for (int j = 0; j < S; j++)
                    next[j] += a[i] * move[i][j];
        }
        for (int j = 0; j < S; j++) {
            next[j] *= (double)c->emit[t][j];
            sum += next[j];
        }
        for (int j = 0; j < S; j++) {
            a[j] = next[j] / sum;
            c->forward[t][j] = (float)a[j];
        }
        *log_likelihood += log(sum);
        if (t % BETWEEN == 0 && hf_i_cancelled(c->ctx))
            return HF_E_CANCELLED;
    }
    return HF_OK;
}

static void add_acts(const hf_i_chain *c, const hf_i_cycle_model *m, size_t t, const double *gamma,
                     hf_i_cycle_sums *sums)
{
    int who = c->turns[t].partner;
    double stance[HF_I_STANCES] = {0};
    if (c->says[t][0] < 0)
        return;
    for (int s = 0; s < S; s++)
        stance[hf_i_state_stance(s, who)] += gamma[s];
    for (int g = 0; g < HF_I_STANCES; g++) {
        double share[HF_I_CYCLE_ACTS], sum = 0;
        if (stance[g] < 1e-6)
            continue;
        for (int k = 0; k < HF_I_CYCLE_ACTS; k++) {
            share[k] = m->act[who][g][k] * (double)c->says[t][k];
            sum += share[k];
        }
        for (int k = 0; k < HF_I_CYCLE_ACTS; k++)
            sums->act[who][g][k] += stance[g] * share[k] / sum;
    }
}

/* From behind: beta of turn t-1 from beta of turn t, and the expected moves between them. */
static void step_back(const hf_i_chain *c, size_t t, double beta[S], hf_i_cycle_sums *sums)
{
    const double(*move)[S] = (const double(*)[S])c->moves[c->gap[t]];
    double ahead[S], before[S], sum = 0;
    for (int j = 0; j < S; j++)
        ahead[j] = (double)c->emit[t][j] * beta[j];
    for (int i = 0; i < S; i++) {
        before[i] = 0;
        for (int j = 0; j < S; j++)
            before[i] += move[i][j] * ahead[j];
        sum += (double)c->forward[t - 1][i] * before[i];
    }
    for (int i = 0; i < S; i++) {
        double weight = (double)c->forward[t - 1][i] / sum;
        for (int j = 0; j < S; j++)
            sums->moves[c->gap[t]][i][j] += weight * move[i][j] * ahead[j];
        beta[i] = before[i] / sum;
    }
}

hf_status hf_i_chain_pass(hf_i_chain *c, const hf_i_cycle_model *m, hf_i_cycle_sums *sums,
                          float (*posterior)[S])
{
    double beta[S], gamma[S];
    memset(sums, 0, sizeof *sums);
    HF_TRY(go_forward(c, m, &sums->log_likelihood));
    for (int j = 0; j < S; j++)
        beta[j] = 1;
    for (size_t t = c->count; t-- > 0;) {
        double sum = 0;
        for (int j = 0; j < S; j++) {
            gamma[j] = (double)c->forward[t][j] * beta[j];
            sum += gamma[j];
        }
        for (int j = 0; j < S; j++) {
            gamma[j] /= sum;
            if (posterior)
                posterior[t][j] = (float)gamma[j];
        }
        add_acts(c, m, t, gamma, sums);
        if (t > 0)
            step_back(c, t, beta, sums);
        if (t % BETWEEN == 0 && hf_i_cancelled(c->ctx))
            return HF_E_CANCELLED;
    }
    memcpy(sums->start, gamma, sizeof sums->start);
    return HF_OK;
}

hf_status hf_i_chain_best(hf_i_chain *c, const hf_i_cycle_model *m, uint8_t *path)
{
    double best[S], next[S];
    double logs[HF_I_GAPS][S][S];
    for (int k = 0; k < HF_I_GAPS; k++)
        for (int i = 0; i < S; i++)
            for (int j = 0; j < S; j++)
                logs[k][i][j] = log(fmax(c->moves[k][i][j], 1e-300));
    for (size_t t = 0; t < c->count; t++) {
        for (int j = 0; j < S; j++) {
            double most = t ? -HUGE_VAL : log(fmax(start_of(m, j), 1e-300));
            int from = 0;
            for (int i = 0; t && i < S; i++) {
                double x = best[i] + logs[c->gap[t]][i][j];
                if (x > most) {
                    most = x;
                    from = i;
                }
            }
            c->back[t * S + (size_t)j] = (uint8_t)from;
            next[j] = most + log(fmax((double)c->emit[t][j], 1e-38));
        }
        memcpy(best, next, sizeof best);
        if (t % BETWEEN == 0 && hf_i_cancelled(c->ctx))
            return HF_E_CANCELLED;
    }
    int last = 0;
    for (int j = 1; j < S; j++)
        if (best[j] > best[last])
            last = j;
    for (size_t t = c->count; t-- > 0;) {
        path[t] = (uint8_t)last;
        last = c->back[t * S + (size_t)last];
    }
    return HF_OK;
}
