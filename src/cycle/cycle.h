/* SPDX-License-Identifier: MIT */
/* The cycle's inside. The chain's states are finer than the phases: who needs, who feels, who
 * pursues and who steps back (16 states, states.c). */
#ifndef HF_CYCLE_CYCLE_H
#define HF_CYCLE_CYCLE_H

#include <holdfast/cycle.h>

#include "base/base.h"

/* Longest file of priors, most parameters. */
enum { HF_I_CYCLE_STATES = 16 };

struct hf_cycle {
    hf_ctx *ctx;
    hf_cycle_state state;
    hf_cycle_turn *turns; /* [count] */
    size_t count;
    float (*posterior)[HF_PHASE_COUNT]; /* [count] */
    float (*states)[HF_I_CYCLE_STATES]; /* [count] posterior */
    uint8_t *best;                      /* [count] states of the Viterbi path */
    uint8_t *path;                      /* [count] states; HF_I_CYCLE_STATES: masked */
    int32_t *episode_of;                /* [count]; -1: outside */
    hf_episode *episodes;
    size_t episode_count, episode_cap;
    hf_cycle_parameter *parameters;
    size_t parameter_count;
    double lean, log_likelihood;
    int iterations;
    bool converged;
    struct hf_i_cycle_model *model; /* as fitted */
    /* of the analysis, NULL when decoded from turns alone */
    const hf_analysis *analysis;
    int hide;
};

/* From the posterior of the states to that of the phases, and to the state that counts at each
 * turn: the most probable one of protection where that has the posterior of the priors'
 * protection_from, else of the most probable other phase. Masked turns get none. */
void hf_i_phases_read(hf_cycle *cycle, double protection_from);

/* report_findings.c, report_figures.c: what is added to the analysis the cycle was made from. */
hf_status hf_i_cycle_findings(const hf_cycle *cycle, hf_analysis *analysis);
hf_status hf_i_cycle_figures(const hf_cycle *cycle, hf_analysis *analysis);

#endif
