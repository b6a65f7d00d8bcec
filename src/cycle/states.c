/* SPDX-License-Identifier: MIT */
#include "cycle/model.h"

#include <math.h>

/* A boundary and a kind request for space are none of these (S83). */
const bool hf_i_act_hostile[HF_I_CYCLE_ACTS] = {
    [8] = true, [9] = true, [10] = true, [11] = true, [12] = true};

/* Of the states of protection: who pursues, who withdraws. */
static const unsigned char positions[HF_I_POSITIONS][2] = {
    {HF_WHO_A, 0}, {HF_WHO_B, 0},    {HF_WHO_BOTH, 0},     {0, HF_WHO_A},
    {0, HF_WHO_B}, {0, HF_WHO_BOTH}, {HF_WHO_A, HF_WHO_B}, {HF_WHO_B, HF_WHO_A},
};

hf_phase hf_i_state_phase(int state)
{
    if (state >= HF_I_S_REPAIR)
        return HF_PHASE_REPAIR;
    if (state >= HF_I_S_DISTANCE)
        return HF_PHASE_DISTANCE;
    if (state >= HF_I_S_PROTECTION)
        return HF_PHASE_PROTECTION;
    if (state >= HF_I_S_EMOTION)
        return HF_PHASE_EMOTION;
    return state >= HF_I_S_NEED ? HF_PHASE_NEED : HF_PHASE_CONNECTION;
}

unsigned hf_i_state_pursues(int state)
{
    return hf_i_state_phase(state) == HF_PHASE_PROTECTION ? positions[state - HF_I_S_PROTECTION][0]
                                                          : HF_WHO_NONE;
}

unsigned hf_i_state_withdraws(int state)
{
    return hf_i_state_phase(state) == HF_PHASE_PROTECTION ? positions[state - HF_I_S_PROTECTION][1]
                                                          : HF_WHO_NONE;
}

hf_i_stance hf_i_state_stance(int state, int writer)
{
    unsigned me = 1u << writer;
    switch (hf_i_state_phase(state)) {
    case HF_PHASE_NEED:
        return state - HF_I_S_NEED == writer ? HF_I_NEEDS : HF_I_HEARS_NEED;
    case HF_PHASE_EMOTION:
        return state - HF_I_S_EMOTION == writer ? HF_I_FEELS : HF_I_HEARS_FEELING;
    case HF_PHASE_REPAIR:
        return state - HF_I_S_REPAIR == writer ? HF_I_MENDS : HF_I_HEARS_MENDING;
    case HF_PHASE_DISTANCE:
        return HF_I_COLD;
    case HF_PHASE_PROTECTION:
        return hf_i_state_pursues(state) & me     ? HF_I_PURSUES
               : hf_i_state_withdraws(state) & me ? HF_I_WITHDRAWS
                                                  : HF_I_FACES;
    default:
        return HF_I_CALM;
    }
}

/* Whose need, feeling or mending it is; -1: nobody's alone. */
static int owner(int state)
{
    hf_phase phase = hf_i_state_phase(state);
    if (phase == HF_PHASE_NEED)
        return state - HF_I_S_NEED;
    if (phase == HF_PHASE_EMOTION)
        return state - HF_I_S_EMOTION;
    return phase == HF_PHASE_REPAIR ? state - HF_I_S_REPAIR : -1;
}

double hf_i_cycle_split(const hf_i_cycle_model *m, int from, int to)
{
    hf_phase phase = hf_i_state_phase(to);
    if (phase == HF_PHASE_CONNECTION || phase == HF_PHASE_DISTANCE)
        return 1;
    if (phase == HF_PHASE_PROTECTION)
        return m->positions[to - HF_I_S_PROTECTION];
    hf_phase before = hf_i_state_phase(from);
    bool leans = (phase == HF_PHASE_EMOTION && before == HF_PHASE_NEED) ||
                 (phase == HF_PHASE_NEED && before == HF_PHASE_EMOTION);
    return !leans ? .5 : owner(from) == owner(to) ? m->same : 1 - m->same;
}

void hf_i_cycle_transition(const hf_i_cycle_model *m, double h,
                           double out[HF_I_STATES][HF_I_STATES])
{
    for (int i = 0; i < HF_I_STATES; i++) {
        hf_phase f = hf_i_state_phase(i);
        double rests = exp(-m->rate[f] * h), stay = m->stay[f];
        for (int j = 0; j < HF_I_STATES; j++) {
            hf_phase g = hf_i_state_phase(j);
            double split = hf_i_cycle_split(m, i, j);
            if (f == g) {
                bool one = f == HF_PHASE_CONNECTION || f == HF_PHASE_DISTANCE;
                double shift = one ? 0 : m->shift;
                out[i][j] = stay * rests * ((i == j ? 1 - shift : 0) + shift * split);
                if (one)
                    out[i][j] = stay * rests;
            } else {
                out[i][j] =
                    ((1 - stay) * m->turn[f][g] + stay * (1 - rests) * m->clock[f][g]) * split;
            }
        }
    }
}
