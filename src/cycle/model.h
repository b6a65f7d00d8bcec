/* SPDX-License-Identifier: MIT */
/* The chain and what it shows. Two things move the pair from phase to phase: each turn, and the
 * clock in the silence before it. With s the probability that a turn leaves phase f as it is, r the
 * rate at which the clock ends it and h the silence in hours,
 *
 *     P(f -> g) = [(1 - s) T_fg + s (1 - exp(-r h)) K_fg],  P(f -> f) = s exp(-r h)
 *
 * (at most one move a turn). Within a phase the states say whose need, whose feeling, who pursues
 * and who steps back. A writer's turn depends on the state through the writer's stance alone. */
#ifndef HF_CYCLE_MODEL_H
#define HF_CYCLE_MODEL_H

#include "cycle/cycle.h"
#include "signal/text/act_order.h"

enum {
    HF_I_STATES = HF_I_CYCLE_STATES,
    HF_I_CYCLE_ACTS = 16, /* none, then HF_ACT_NEED ... but safety, in the order of the priors */
    HF_I_POSITIONS = 8,
    HF_I_GAPS = 48 /* silences are rounded to so many lengths */
};

/* Two states of need, feeling and mending: of a, of b. */
enum {
    HF_I_S_CONNECTION,
    HF_I_S_NEED,
    HF_I_S_EMOTION = 3,
    HF_I_S_PROTECTION = 5,
    HF_I_S_DISTANCE = 13,
    HF_I_S_REPAIR = 14
};

typedef enum hf_i_stance {
    HF_I_CALM,
    HF_I_NEEDS,
    HF_I_HEARS_NEED,
    HF_I_FEELS,
    HF_I_HEARS_FEELING,
    HF_I_PURSUES,
    HF_I_WITHDRAWS,
    HF_I_FACES,
    HF_I_COLD,
    HF_I_MENDS,
    HF_I_HEARS_MENDING,
    HF_I_STANCES
} hf_i_stance;

/* Acts stand in the order of hf_i_act_order (signal/text/acts.h), as in data/cycle/priors.tsv. */
/* Bits of the acts that guard or attack. */
extern const bool hf_i_act_hostile[HF_I_CYCLE_ACTS];

hf_phase hf_i_state_phase(int state);
hf_i_stance hf_i_state_stance(int state, int writer);
/* HF_WHO_... of those who pursue and who withdraw in a state of protection. */
unsigned hf_i_state_pursues(int state);
unsigned hf_i_state_withdraws(int state);

typedef struct hf_i_cycle_model {
    double start[HF_PHASE_COUNT];
    double stay[HF_PHASE_COUNT], rate[HF_PHASE_COUNT];
    double turn[HF_PHASE_COUNT][HF_PHASE_COUNT], clock[HF_PHASE_COUNT][HF_PHASE_COUNT];
    double positions[HF_I_POSITIONS];
    double shift, same;
    double act[2][HF_I_STANCES][HF_I_CYCLE_ACTS]; /* by writer; only the calm rows differ */
    double base[HF_I_CYCLE_ACTS];
    double warmth[HF_I_STANCES], wait[HF_I_STANCES], length[HF_I_STANCES], uptake[HF_I_STANCES];
    double writes[HF_I_STANCES];
    double timing_most, tone_most, trust;
    double least_evidence, least_moves; /* of an episode */
    double protection_from, return_turns;
    double strength_act, strength_calm, strength_hostile, strength_move, strength_stay;
    double strength_clock, strength_position;
} hf_i_cycle_model;

/* path: a priors file, or NULL for the one built in. HF_E_PARSE with the line. */
hf_status hf_i_cycle_priors_read(hf_i_cycle_model *out, hf_ctx *ctx, const char *path);

/* Where a move into the phase of state `to` lands, coming from state `from`: shares of the states
 * of one phase sum to 1. */
double hf_i_cycle_split(const hf_i_cycle_model *m, int from, int to);
/* Transition [from][to] after a silence of h hours (0 when it is not known). */
void hf_i_cycle_transition(const hf_i_cycle_model *m, double h,
                           double out[HF_I_STATES][HF_I_STATES]);

#endif
