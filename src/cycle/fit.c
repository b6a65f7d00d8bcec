/* SPDX-License-Identifier: MIT */
/* MAP-EM (Dempster, Laird & Rubin 1977): Dirichlet, beta and gamma priors whose weights stand in
 * the priors file. */
#include "cycle/chain.h"

#include <math.h>
#include <string.h>

enum { P = HF_PHASE_COUNT, A = HF_I_CYCLE_ACTS };

static const double ENOUGH = 1e-5; /* of the log likelihood per turn */

/* Expected moves of the phases, apart for turn and clock. */
typedef struct {
    double turn[P][P], clock[P][P];
    double seen[P];     /* steps begun in a phase */
    double exposure[P]; /* hours in it */
    double positions[HF_I_POSITIONS];
} moves;

static void add_move(moves *out, const hf_i_cycle_model *m, double h, int i, int j, double n)
{
    hf_phase f = hf_i_state_phase(i), g = hf_i_state_phase(j);
    double rests = exp(-m->rate[f] * h);
    out->seen[f] += n;
    if (g == HF_PHASE_PROTECTION && f != g)
        out->positions[j - HF_I_S_PROTECTION] += n;
    if (f == g) {
        out->exposure[f] += n * h;
        return;
    }
    double by_turn = (1 - m->stay[f]) * m->turn[f][g];
    double by_clock = m->stay[f] * (1 - rests) * m->clock[f][g];
    double share = by_turn + by_clock > 0 ? by_turn / (by_turn + by_clock) : 1;
    out->turn[f][g] += n * share;
    out->clock[f][g] += n * (1 - share);
    /* A rest of the silence after the clock has struck is not exposure. */
    out->exposure[f] += n * (share * h + (1 - share) * fmin(h / 2, 1 / m->rate[f]));
}

static void count_moves(moves *out, const hf_i_cycle_model *m, const hf_i_chain *chain,
                        const hf_i_cycle_sums *sums)
{
    memset(out, 0, sizeof *out);
    for (int k = 0; k < HF_I_GAPS; k++)
        for (int i = 0; i < HF_I_STATES; i++)
            for (int j = 0; j < HF_I_STATES; j++)
                if (sums->moves[k][i][j] > 0)
                    add_move(out, m, chain->hours[k], i, j, sums->moves[k][i][j]);
}

static void share_out(double *out, const double *prior, const double *counts, size_t n,
                      double strength)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += counts[k];
    for (size_t k = 0; k < n; k++)
        out[k] = (strength * prior[k] + counts[k]) / (strength + sum);
}

static void update_moves(hf_i_cycle_model *m, const hf_i_cycle_model *prior, const moves *n)
{
    for (int f = 0; f < P; f++) {
        double left = 0, ended = 0;
        for (int g = 0; g < P; g++) {
            left += n->turn[f][g];
            ended += n->clock[f][g];
        }
        double s = prior->strength_stay;
        m->stay[f] = (s * prior->stay[f] + n->seen[f] - left) / (s + n->seen[f]);
        s = prior->strength_clock;
        m->rate[f] = (s + ended) / (s / prior->rate[f] + n->exposure[f]);
        share_out(m->turn[f], prior->turn[f], n->turn[f], P, prior->strength_move);
        share_out(m->clock[f], prior->clock[f], n->clock[f], P, prior->strength_move);
    }
    share_out(m->positions, prior->positions, n->positions, HF_I_POSITIONS,
              prior->strength_position);
}

/* The writer's own usual. The share of hostile acts is held near the prior, so that a pair that is
 * always in protection does not come to look calm. */
static void update_calm(double *out, const double *prior, const double *counts,
                        const hf_i_cycle_model *weights)
{
    double mass[2] = {0}, prior_mass[2] = {0};
    for (int k = 0; k < A; k++) {
        mass[hf_i_act_hostile[k]] += counts[k];
        prior_mass[hf_i_act_hostile[k]] += prior[k];
    }
    double s = weights->strength_hostile, all = mass[0] + mass[1];
    double share[2];
    share[1] = (s * prior_mass[1] + mass[1]) / (s + all);
    share[0] = 1 - share[1];
    s = weights->strength_calm;
    for (int k = 0; k < A; k++) {
        int h = hf_i_act_hostile[k];
        out[k] = share[h] * (s * prior[k] / prior_mass[h] + counts[k]) / (s + mass[h]);
    }
}

void hf_i_cycle_update(hf_i_cycle_model *m, const hf_i_cycle_model *prior, const hf_i_chain *chain,
                       const hf_i_cycle_sums *sums)
{
    moves n;
    count_moves(&n, m, chain, sums);
    update_moves(m, prior, &n);
    for (int g = 0; g < HF_I_STANCES; g++) {
        double both[A];
        for (int k = 0; k < A; k++)
            both[k] = sums->act[0][g][k] + sums->act[1][g][k];
        if (g != HF_I_CALM)
            share_out(m->act[0][g], prior->act[0][g], both, A, prior->strength_act);
        memcpy(m->act[1][g], m->act[0][g], sizeof m->act[1][g]);
    }
    for (int w = 0; w < 2; w++)
        update_calm(m->act[w][HF_I_CALM], prior->act[w][HF_I_CALM], sums->act[w][HF_I_CALM], prior);
}

hf_status hf_i_cycle_fit(hf_i_cycle_model *m, const hf_i_cycle_model *prior, hf_i_chain *chain,
                         hf_i_cycle_sums *sums, int most, int *iterations, bool *converged)
{
    double before = -INFINITY;
    *m = *prior;
    *converged = false;
    *iterations = 0;
    for (int i = 0; i < most; i++) {
        hf_i_chain_load(chain, m);
        HF_TRY(hf_i_chain_pass(chain, m, sums, NULL));
        HF_TRY(hf_i_progress(chain->ctx, "cycle", (uint64_t)i, (uint64_t)most));
        if (sums->log_likelihood - before < ENOUGH * (double)chain->count && i > 0) {
            *converged = true;
            return HF_OK;
        }
        before = sums->log_likelihood;
        hf_i_cycle_update(m, prior, chain, sums);
        *iterations = i + 1;
    }
    return HF_OK;
}
