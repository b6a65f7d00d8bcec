/* SPDX-License-Identifier: MIT */
#include "cycle/parameters.h"

enum { MOST = 2 * HF_PHASE_COUNT + HF_I_STANCES + 1 };

static const char *const stay_names[] = {"stay.connection", "stay.need",     "stay.emotion",
                                         "stay.protection", "stay.distance", "stay.repair"};
static const char *const rate_names[] = {"rate.connection", "rate.need",     "rate.emotion",
                                         "rate.protection", "rate.distance", "rate.repair"};
/* Of each stance the act that is most its own. */
static const struct {
    const char *name;
    int act;
} acts[HF_I_STANCES] = {
    {"act.calm.none", 0},
    {"act.needs.need", 3},
    {"act.hears_need.none", 0},
    {"act.feels.disclosure", 4},
    {"act.hears_feeling.none", 0},
    {"act.pursues.blame", 9},
    {"act.withdraws.disengage", 12},
    {"act.faces.defence", 11},
    {"act.cold.disengage", 12},
    {"act.mends.repair", 15},
    {"act.hears_mending.none", 0},
};

static void add(hf_cycle *c, const char *name, double prior, double value, double strength,
                double seen)
{
    double lean = strength / (strength + seen);
    c->parameters[c->parameter_count++] = (hf_cycle_parameter){name, prior, value, lean};
    c->lean += lean;
}

hf_status hf_i_parameters_list(hf_cycle *c, const hf_i_cycle_model *m,
                               const hf_i_cycle_model *prior, const hf_i_cycle_sums *sums)
{
    double steps[HF_PHASE_COUNT] = {0};
    c->parameters = hf_i_alloc(c->ctx, MOST * sizeof *c->parameters);
    if (!c->parameters)
        return HF_E_NOMEM;
    c->lean = 0;
    for (int k = 0; k < HF_I_GAPS; k++)
        for (int i = 0; i < HF_I_STATES; i++)
            for (int j = 0; j < HF_I_STATES; j++)
                steps[hf_i_state_phase(i)] += sums->moves[k][i][j];
    for (int f = 0; f < HF_PHASE_COUNT; f++) {
        add(c, stay_names[f], prior->stay[f], m->stay[f], prior->strength_stay, steps[f]);
        add(c, rate_names[f], prior->rate[f], m->rate[f], prior->strength_clock,
            steps[f] * (1 - m->stay[f]));
    }
    for (int g = 0; g < HF_I_STANCES; g++) {
        double seen = 0;
        for (int k = 0; k < HF_I_CYCLE_ACTS; k++)
            seen += sums->act[0][g][k] + sums->act[1][g][k];
        add(c, acts[g].name, prior->act[0][g][acts[g].act], m->act[0][g][acts[g].act],
            g == HF_I_CALM ? prior->strength_calm : prior->strength_act, seen);
    }
    c->lean /= (double)c->parameter_count;
    return HF_OK;
}
