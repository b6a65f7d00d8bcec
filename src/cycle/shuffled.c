/* SPDX-License-Identifier: MIT */
#include "cycle/shuffled.h"
#include "cycle/chain.h"
#include "cycle/episodes.h"
#include "num/random.h"

#include <math.h>
#include <string.h>

enum { SEED = 1, ROUNDS = 19, FEW_ROUNDS = 5 };
static const size_t LONG_RECORD = 60000; /* turns from which fewer rounds are read */

static void swap_words(hf_cycle_turn *x, hf_cycle_turn *y)
{
    hf_cycle_turn t = *x;
    x->coded = y->coded;
    x->warmth = y->warmth;
    x->length = y->length;
    x->uptake = y->uptake;
    memcpy(x->acts, y->acts, sizeof x->acts);
    y->coded = t.coded;
    y->warmth = t.warmth;
    y->length = t.length;
    y->uptake = t.uptake;
    memcpy(y->acts, t.acts, sizeof y->acts);
}

/* Fisher and Yates, each writer apart; index [count]. */
static void deal(hf_cycle_turn *turns, size_t count, size_t *index, uint64_t replicate)
{
    for (int p = 0; p < 2; p++) {
        hf_i_random r;
        size_t n = 0;
        hf_i_random_init(&r, SEED, (uint64_t)p, replicate);
        for (size_t t = 0; t < count; t++)
            if (turns[t].partner == p && !turns[t].masked)
                index[n++] = t;
        for (size_t k = n; k > 1; k--)
            swap_words(&turns[index[k - 1]], &turns[index[hf_i_random_below(&r, k)]]);
    }
    for (size_t t = 0; t < count; t++)
        turns[t].fixed_phase = HF_PHASE_COUNT;
}

/* The decoded twin of a cycle, with turns of its own. */
static hf_status read_again(hf_cycle *twin, const hf_cycle *cycle, double *found)
{
    hf_i_chain chain = {.ctx = cycle->ctx};
    hf_i_cycle_sums *sums = hf_i_alloc(cycle->ctx, sizeof *sums);
    hf_status status = sums ? HF_OK : HF_E_NOMEM;
    if (status == HF_OK)
        status = hf_i_chain_init(&chain, cycle->ctx, twin->turns, twin->count, cycle->model,
                                 cycle->hide);
    if (status == HF_OK) {
        hf_i_chain_load(&chain, cycle->model);
        status = hf_i_chain_pass(&chain, cycle->model, sums, twin->states);
    }
    if (status == HF_OK) {
        hf_i_phases_read(twin, cycle->model->protection_from);
        twin->episode_count = 0;
        status =
            hf_i_episodes_find(twin, cycle->model, (const float(*)[HF_I_CYCLE_ACTS])chain.says);
    }
    *found = (double)twin->episode_count;
    hf_i_chain_dispose(&chain);
    hf_i_free(cycle->ctx, sums);
    return status;
}

static hf_status count_rounds(double *out, size_t times, const hf_cycle *cycle)
{
    hf_ctx *ctx = cycle->ctx;
    size_t n = cycle->count;
    hf_cycle twin = {.ctx = ctx, .count = n, .hide = cycle->hide};
    size_t *index = hf_i_alloc(ctx, n * sizeof *index);
    twin.turns = hf_i_alloc(ctx, n * sizeof *twin.turns);
    twin.states = hf_i_alloc(ctx, n * sizeof *twin.states);
    twin.posterior = hf_i_alloc(ctx, n * sizeof *twin.posterior);
    twin.path = hf_i_calloc(ctx, n, 1);
    twin.episode_of = hf_i_alloc(ctx, n * sizeof *twin.episode_of);
    bool all = index && twin.turns && twin.states && twin.posterior && twin.path && twin.episode_of;
    hf_status status = all ? HF_OK : HF_E_NOMEM;
    for (size_t k = 0; status == HF_OK && k < times; k++) {
        if (n)
            memcpy(twin.turns, cycle->turns, n * sizeof *twin.turns);
        deal(twin.turns, n, index, k);
        status = read_again(&twin, cycle, &out[k]);
    }
    hf_i_free(ctx, index);
    hf_i_free(ctx, twin.turns);
    hf_i_free(ctx, twin.states);
    hf_i_free(ctx, twin.posterior);
    hf_i_free(ctx, twin.path);
    hf_i_free(ctx, twin.episode_of);
    hf_i_free(ctx, twin.episodes);
    return status;
}

/* Byar's approximation to the exact interval of a Poisson count (Breslow & Day 1987). */
static void set_interval(hf_i_shuffled *x)
{
    const double z = 1.959964;
    double n = x->count, m = n + 1;
    x->lo = n > 0 ? n * pow(1 - 1 / (9 * n) - z / (3 * sqrt(n)), 3) : 0;
    x->hi = m * pow(1 - 1 / (9 * m) + z / (3 * sqrt(m)), 3);
}

hf_status hf_i_shuffled_compare(hf_i_shuffled *out, const hf_cycle *cycle)
{
    double chance[ROUNDS];
    *out = (hf_i_shuffled){.count = (double)cycle->episode_count};
    out->rounds = cycle->count > LONG_RECORD ? FEW_ROUNDS : ROUNDS;
    set_interval(out);
    if (!cycle->episode_count && cycle->state != HF_CYCLE_ENOUGH &&
        cycle->state != HF_CYCLE_NO_TIME)
        return HF_OK;
    HF_TRY(count_rounds(chance, out->rounds, cycle));
    for (size_t k = 0; k < out->rounds; k++) {
        out->mean += chance[k] / (double)out->rounds;
        out->most = fmax(out->most, chance[k]);
    }
    out->seen = out->lo > out->mean && (out->rounds == ROUNDS ? out->count : out->lo) > out->most;
    return HF_OK;
}
