/* SPDX-License-Identifier: MIT */
/* Passing along the chain: what each turn says about the states, the posterior, the best path, and
 * the sums that a fit needs. One workspace, nothing allocated inside.
 *
 * Sources: Rabiner 1989 (forward-backward with a common factor per turn, which is the log space sum
 * with its largest term taken out; Viterbi in logs). Cost: linear in turns. */
#ifndef HF_CYCLE_CHAIN_H
#define HF_CYCLE_CHAIN_H

#include "cycle/model.h"

/* Expected counts under the posterior, of one pass. */
typedef struct hf_i_cycle_sums {
    double moves[HF_I_GAPS][HF_I_STATES][HF_I_STATES];
    double start[HF_I_STATES];
    double act[2][HF_I_STANCES][HF_I_CYCLE_ACTS];
    double log_likelihood;
} hf_i_cycle_sums;

typedef struct hf_i_chain {
    hf_ctx *ctx;
    const hf_cycle_turn *turns;
    size_t count;
    int hide;
    float (*says)[HF_I_CYCLE_ACTS]; /* [count] p(words | act), up to a factor; first < 0: nothing */
    float (*rest)[HF_I_STATES];     /* [count] log of timing and tone, given the state */
    float (*emit)[HF_I_STATES];     /* [count] likelihood, the largest 1 */
    float (*forward)[HF_I_STATES];  /* [count] */
    uint8_t *gap;                   /* [count] of the silence before; 0: unknown or none */
    uint8_t *back;                  /* [count][HF_I_STATES] of Viterbi */
    double scale;                   /* log of all factors taken out of emit */
    double hours[HF_I_GAPS];
    double moves[HF_I_GAPS][HF_I_STATES][HF_I_STATES];
} hf_i_chain;

/* turns must outlive the chain. Reads acts into likelihoods by the base shares of m. */
hf_status hf_i_chain_init(hf_i_chain *chain, hf_ctx *ctx, const hf_cycle_turn *turns, size_t count,
                          const hf_i_cycle_model *m, int hide);
void hf_i_chain_dispose(hf_i_chain *chain);

/* What the turns say and how the chain moves under m: before the passes. */
void hf_i_chain_load(hf_i_chain *chain, const hf_i_cycle_model *m);
/* Posterior sums; posterior [count][HF_I_STATES] may be NULL. */
hf_status hf_i_chain_pass(hf_i_chain *chain, const hf_i_cycle_model *m, hf_i_cycle_sums *sums,
                          float (*posterior)[HF_I_STATES]);
/* Most probable path, [count]. */
hf_status hf_i_chain_best(hf_i_chain *chain, const hf_i_cycle_model *m, uint8_t *path);

/* One step of MAP-EM: the model that the sums and the prior give. */
void hf_i_cycle_update(hf_i_cycle_model *m, const hf_i_cycle_model *prior, const hf_i_chain *chain,
                       const hf_i_cycle_sums *sums);
/* MAP-EM from the prior: at most `most` steps. */
hf_status hf_i_cycle_fit(hf_i_cycle_model *m, const hf_i_cycle_model *prior, hf_i_chain *chain,
                         hf_i_cycle_sums *sums, int most, int *iterations, bool *converged);

#endif
