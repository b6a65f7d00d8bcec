/* SPDX-License-Identifier: MIT */
/* What people were coded to do in each stance: acts of the even dialogues, the states within the
 * coded phases by EM. Never used to make the priors (those look at the odd ones). */
#ifndef TEST_CYCLE_PEOPLE_H
#define TEST_CYCLE_PEOPLE_H

#include "cycle/chain.h"
#include "cycle/dialogues.h"

static inline void people_add(hf_i_cycle_sums *to, const hf_i_cycle_sums *from)
{
    for (int w = 0; w < 2; w++)
        for (int g = 0; g < HF_I_STANCES; g++)
            for (int k = 0; k < HF_I_CYCLE_ACTS; k++)
                to->act[w][g][k] += from->act[w][g][k];
}

static inline hf_status people_round(hf_i_cycle_model *m, const hf_i_cycle_model *prior,
                                     hf_ctx *ctx, const dialogues *d, hf_cycle_turn *turns)
{
    enum { WEIGHT = 10 };
    static hf_i_cycle_sums total, one;
    memset(&total, 0, sizeof total);
    for (size_t k = 0; k < d->dialogue_count; k++) {
        size_t first = d->first[k], n = d->first[k + 1] - first;
        hf_i_chain chain;
        if (d->rows[first].dialogue % 2)
            continue;
        hf_status status = hf_i_chain_init(&chain, ctx, turns + first, n, m, -1);
        if (status != HF_OK)
            return status;
        hf_i_chain_load(&chain, m);
        status = hf_i_chain_pass(&chain, m, &one, NULL);
        hf_i_chain_dispose(&chain);
        if (status != HF_OK)
            return status;
        people_add(&total, &one);
    }
    for (int g = 0; g < HF_I_STANCES; g++) {
        double sum = 0;
        for (int k = 0; k < HF_I_CYCLE_ACTS; k++) {
            m->act[0][g][k] =
                total.act[0][g][k] + total.act[1][g][k] + WEIGHT * prior->act[0][g][k];
            sum += m->act[0][g][k];
        }
        for (int k = 0; k < HF_I_CYCLE_ACTS; k++)
            m->act[1][g][k] = m->act[0][g][k] /= sum;
    }
    return HF_OK;
}

static inline hf_status people_acts(double out[HF_I_STANCES][HF_I_CYCLE_ACTS], hf_ctx *ctx,
                                    const hf_i_cycle_model *prior)
{
    static dialogues d;
    hf_i_cycle_model m = *prior;
    hf_status status = dialogues_read(&d) ? HF_OK : HF_E_NOT_FOUND;
    hf_cycle_turn *turns = status == HF_OK ? dialogue_turns(ctx, &d, NULL) : NULL;
    for (size_t i = 0; turns && i < d.count; i++)
        turns[i].fixed_phase = (uint8_t)d.rows[i].phase[0];
    for (int round = 0; status == HF_OK && round < 10; round++)
        status = people_round(&m, prior, ctx, &d, turns);
    memcpy(out, m.act[0], sizeof m.act[0]);
    free(turns);
    dialogues_free(&d);
    return status;
}

#endif
