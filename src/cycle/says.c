/* SPDX-License-Identifier: MIT */
/* What one turn says about the states. */
#include "cycle/says.h"

#include <math.h>
#include <string.h>

/* A probability of the text model is P(act | words) among turns with the base shares; what the
 * chain needs is P(words | act), which is the probability over the share. Several acts may stand in
 * one turn: their odds share it out. */
static void read_acts(float out[HF_I_CYCLE_ACTS], const hf_cycle_turn *t, const double *base)
{
    double odds[HF_I_CYCLE_ACTS], most = 0;
    odds[0] = 1;
    for (int k = 1; k < HF_I_CYCLE_ACTS; k++) {
        double q = (double)t->acts[hf_i_act_order[k]];
        q = q < .0005 ? .0005 : q > .995 ? .995 : q;
        odds[k] = q / (1 - q);
    }
    for (int k = 0; k < HF_I_CYCLE_ACTS; k++) {
        odds[k] /= base[k];
        most = fmax(most, odds[k]);
    }
    for (int k = 0; k < HF_I_CYCLE_ACTS; k++)
        out[k] = (float)(odds[k] / most);
}

void hf_i_says_acts(float out[HF_I_CYCLE_ACTS], const hf_cycle_turn *t, const double *base,
                    int hide)
{
    if (t->coded && !t->masked && t->partner != hide) {
        read_acts(out, t, base);
        return;
    }
    memset(out, 0, HF_I_CYCLE_ACTS * sizeof *out);
    out[0] = -1;
}

static double near(double x)
{
    return isnan(x) ? 0 : fmin(3, fmax(-3, x));
}

/* Log ratio of a normal deviate with the stance's mean against mean zero. */
static double lean(float z, double mean)
{
    return isnan(z) ? 0 : mean * near((double)z) - mean * mean / 2;
}

static double within(double x, double most)
{
    return fmin(most, fmax(-most, x));
}

void hf_i_says_rest(float out[HF_I_STATES], const hf_cycle_turn *t, const hf_i_cycle_model *m,
                    int hide)
{
    double timing[HF_I_STATES], tone[HF_I_STATES];
    for (int s = 0; s < HF_I_STATES; s++) {
        hf_i_stance me = hf_i_state_stance(s, t->partner);
        double mine = m->writes[me], other = m->writes[hf_i_state_stance(s, 1 - t->partner)];
        timing[s] = log(2 * mine / (mine + other)) + lean(t->wait, m->wait[me]);
        tone[s] = 0;
        if (t->partner != hide)
            tone[s] = lean(t->warmth, m->warmth[me]) + lean(t->length, m->length[me]) +
                      lean(t->uptake, m->uptake[me]);
    }
    for (int s = HF_I_STATES - 1; s >= 0; s--) {
        double x = within(timing[s] - timing[HF_I_S_CONNECTION], m->timing_most) +
                   within(tone[s] - tone[HF_I_S_CONNECTION], m->tone_most);
        out[s] = t->masked ? 0 : (float)x;
    }
}

double hf_i_says_states(float out[HF_I_STATES], const hf_cycle_turn *t,
                        const float says[HF_I_CYCLE_ACTS], const float rest[HF_I_STATES],
                        const hf_i_cycle_model *m)
{
    double stance[HF_I_STANCES], x[HF_I_STATES], most = -INFINITY;
    const double(*act)[HF_I_CYCLE_ACTS] = m->act[t->partner];
    for (int g = 0; g < HF_I_STANCES; g++) {
        double sum = 0;
        for (int k = 0; k < HF_I_CYCLE_ACTS; k++)
            sum += act[g][k] * (double)says[k];
        stance[g] = says[0] < 0 ? 0 : m->trust * log(fmax(sum, 1e-12));
    }
    for (int s = 0; s < HF_I_STATES; s++) {
        x[s] = stance[hf_i_state_stance(s, t->partner)] + (double)rest[s];
        if (t->fixed_phase < HF_PHASE_COUNT && t->fixed_phase != hf_i_state_phase(s))
            x[s] -= 40;
        most = fmax(most, x[s]);
    }
    for (int s = 0; s < HF_I_STATES; s++)
        out[s] = (float)exp(x[s] - most);
    return most;
}
