/* SPDX-License-Identifier: MIT */
#include "cycle/chain.h"
#include "cycle/episodes.h"
#include "cycle/parameters.h"
#include "cycle/timing.h"

#include <math.h>
#include <string.h>

/* Coded turns without which nothing is said, and the least share of one partner. */
enum { LEAST_CODED = 15 };
static const double LEAST_SHARE = .03, LEAST_CODED_SHARE = .05;

static hf_cycle_state judge(const hf_cycle *c, const hf_cycle_options *o)
{
    size_t seen = 0, coded = 0, of[2] = {0};
    bool timed = false;
    for (size_t t = 0; t < c->count; t++) {
        const hf_cycle_turn *turn = &c->turns[t];
        if (turn->masked)
            continue;
        seen++;
        of[turn->partner]++;
        coded += turn->coded && turn->partner != o->hide;
        timed |= turn->silence_h > 0;
    }
    size_t fewer = of[0] < of[1] ? of[0] : of[1];
    if (seen < o->least_turns)
        return HF_CYCLE_TOO_SHORT;
    if ((double)fewer < LEAST_SHARE * (double)seen || fewer == 0)
        return HF_CYCLE_ONE_SIDED;
    size_t least = LEAST_CODED < o->least_turns / 2 ? LEAST_CODED : o->least_turns / 2;
    if (coded < least || (double)coded < LEAST_CODED_SHARE * (double)seen)
        return HF_CYCLE_NO_TEXT;
    return timed ? HF_CYCLE_ENOUGH : HF_CYCLE_NO_TIME;
}

static int state_that_counts(const float states[HF_I_STATES], const float phases[HF_PHASE_COUNT],
                             double protection_from)
{
    hf_phase phase = HF_PHASE_CONNECTION;
    for (int f = 1; f < HF_PHASE_COUNT; f++)
        if (f != HF_PHASE_PROTECTION && phases[f] > phases[phase])
            phase = (hf_phase)f;
    if ((double)phases[HF_PHASE_PROTECTION] >= protection_from)
        phase = HF_PHASE_PROTECTION;
    int best = -1;
    for (int s = 0; s < HF_I_STATES; s++)
        if (hf_i_state_phase(s) == phase && (best < 0 || states[s] > states[best]))
            best = s;
    return best;
}

void hf_i_phases_read(hf_cycle *c, double protection_from)
{
    for (size_t t = 0; t < c->count; t++) {
        float sum[HF_PHASE_COUNT] = {0};
        bool masked = c->turns[t].masked;
        for (int s = 0; s < HF_I_STATES; s++)
            sum[hf_i_state_phase(s)] += c->states[t][s];
        c->path[t] =
            masked ? HF_I_STATES : (uint8_t)state_that_counts(c->states[t], sum, protection_from);
        for (int f = 0; f < HF_PHASE_COUNT; f++)
            c->posterior[t][f] = masked ? NAN : sum[f];
    }
}

static hf_status run_chain(hf_cycle *c, const hf_cycle_options *o, hf_i_chain *chain,
                           const hf_i_cycle_model *prior, hf_i_cycle_model *m,
                           hf_i_cycle_sums *sums)
{
    HF_TRY(hf_i_chain_init(chain, c->ctx, c->turns, c->count, prior, o->hide));
    HF_TRY(hf_i_cycle_fit(m, prior, chain, sums, o->iterations, &c->iterations, &c->converged));
    hf_i_chain_load(chain, m);
    HF_TRY(hf_i_chain_pass(chain, m, sums, c->states));
    HF_TRY(hf_i_chain_best(chain, m, c->best));
    c->log_likelihood = sums->log_likelihood;
    hf_i_phases_read(c, m->protection_from);
    HF_TRY(hf_i_parameters_list(c, m, prior, sums));
    if (c->state == HF_CYCLE_ENOUGH || c->state == HF_CYCLE_NO_TIME)
        HF_TRY(hf_i_episodes_find(c, m, (const float(*)[HF_I_CYCLE_ACTS])chain->says));
    return HF_OK;
}

/* Without one coded turn and without a phase that somebody set, the chain could only repeat its
 * priors: no turn gets a phase. */
static bool nothing_to_read(const hf_cycle *c, const hf_cycle_options *o)
{
    if (c->state != HF_CYCLE_NO_TEXT)
        return false;
    for (size_t t = 0; t < c->count; t++)
        if ((c->turns[t].coded && c->turns[t].partner != o->hide) ||
            c->turns[t].fixed_phase != HF_PHASE_COUNT)
            return false;
    return true;
}

static void leave_unread(hf_cycle *c)
{
    memset(c->states, 0, c->count * sizeof *c->states);
    memset(c->best, HF_I_STATES, c->count);
    memset(c->path, HF_I_STATES, c->count);
    for (size_t t = 0; t < c->count; t++)
        for (int f = 0; f < HF_PHASE_COUNT; f++)
            c->posterior[t][f] = NAN;
}

static hf_status decode(hf_cycle *c, const hf_cycle_options *o)
{
    hf_i_chain chain = {.ctx = c->ctx};
    hf_i_cycle_model *prior = hf_i_alloc(c->ctx, sizeof *prior);
    hf_i_cycle_sums *sums = hf_i_alloc(c->ctx, sizeof *sums);
    c->model = hf_i_alloc(c->ctx, sizeof *c->model);
    hf_status status = prior && c->model && sums ? HF_OK : HF_E_NOMEM;
    if (status == HF_OK)
        status = hf_i_cycle_priors_read(prior, c->ctx, o->priors);
    if (status == HF_OK)
        status = run_chain(c, o, &chain, prior, c->model, sums);
    hf_i_chain_dispose(&chain);
    hf_i_free(c->ctx, prior);
    hf_i_free(c->ctx, sums);
    return status;
}

static hf_status make_room(hf_cycle *c, const hf_cycle_turn *turns, size_t count)
{
    c->turns = hf_i_alloc(c->ctx, count * sizeof *c->turns);
    c->states = hf_i_alloc(c->ctx, count * sizeof *c->states);
    c->posterior = hf_i_alloc(c->ctx, count * sizeof *c->posterior);
    c->best = hf_i_alloc(c->ctx, count);
    c->path = hf_i_alloc(c->ctx, count);
    c->episode_of = hf_i_alloc(c->ctx, count * sizeof *c->episode_of);
    if (!c->turns || !c->states || !c->posterior || !c->best || !c->path || !c->episode_of)
        return HF_E_NOMEM;
    if (count)
        memcpy(c->turns, turns, count * sizeof *turns);
    c->count = count;
    for (size_t t = 0; t < count; t++)
        c->episode_of[t] = -1;
    return HF_OK;
}

hf_status hf_cycle_decode(hf_cycle **out, hf_ctx *ctx, const hf_cycle_turn *turns, size_t count,
                          const hf_cycle_options *options)
{
    static const hf_cycle_options defaults = HF_CYCLE_OPTIONS_INIT;
    const hf_cycle_options *o = options ? options : &defaults;
    *out = NULL;
    if (o->size != sizeof *o)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another version of the library");
    for (size_t t = 0; t < count; t++)
        if (turns[t].partner > 1 || turns[t].fixed_phase > HF_PHASE_COUNT)
            return hf_i_fail(ctx, HF_E_USAGE, NULL, "turn %zu has no such partner or phase", t);
    hf_cycle *c = hf_i_calloc(ctx, 1, sizeof *c);
    if (!c)
        return HF_E_NOMEM;
    c->ctx = ctx;
    c->hide = o->hide;
    hf_status status = make_room(c, turns, count);
    if (status == HF_OK) {
        hf_i_timing_fill(c->turns, count);
        c->state = judge(c, o);
        c->lean = 1;
        if (nothing_to_read(c, o))
            leave_unread(c);
        else if (count)
            status = decode(c, o);
    }
    if (status != HF_OK) {
        hf_cycle_free(c);
        return status;
    }
    *out = c;
    return HF_OK;
}

void hf_cycle_free(hf_cycle *c)
{
    if (!c)
        return;
    hf_i_free(c->ctx, c->turns);
    hf_i_free(c->ctx, c->states);
    hf_i_free(c->ctx, c->posterior);
    hf_i_free(c->ctx, c->best);
    hf_i_free(c->ctx, c->path);
    hf_i_free(c->ctx, c->episode_of);
    hf_i_free(c->ctx, c->episodes);
    hf_i_free(c->ctx, c->parameters);
    hf_i_free(c->ctx, c->model);
    hf_i_free(c->ctx, c);
}

hf_cycle_state hf_cycle_get_state(const hf_cycle *c)
{
    return c->state;
}

size_t hf_cycle_count_turns(const hf_cycle *c)
{
    return c->count;
}

const hf_cycle_turn *hf_cycle_get_turn(const hf_cycle *c, size_t index)
{
    return index < c->count ? &c->turns[index] : NULL;
}

const float *hf_cycle_get_posterior(const hf_cycle *c, size_t index)
{
    return index < c->count ? c->posterior[index] : NULL;
}

hf_phase hf_cycle_get_phase(const hf_cycle *c, size_t index)
{
    if (index >= c->count || c->path[index] == HF_I_STATES)
        return HF_PHASE_COUNT;
    return hf_i_state_phase(c->path[index]);
}

hf_phase hf_cycle_get_path(const hf_cycle *c, size_t index)
{
    if (index >= c->count || c->turns[index].masked || c->best[index] == HF_I_STATES)
        return HF_PHASE_COUNT;
    return hf_i_state_phase(c->best[index]);
}

size_t hf_cycle_count_episodes(const hf_cycle *c)
{
    return c->episode_count;
}

const hf_episode *hf_cycle_get_episode(const hf_cycle *c, size_t index)
{
    return index < c->episode_count ? &c->episodes[index] : NULL;
}

size_t hf_cycle_episode_of(const hf_cycle *c, size_t turn)
{
    return turn < c->count && c->episode_of[turn] >= 0 ? (size_t)c->episode_of[turn] : SIZE_MAX;
}

size_t hf_cycle_count_parameters(const hf_cycle *c)
{
    return c->parameter_count;
}

const hf_cycle_parameter *hf_cycle_get_parameter(const hf_cycle *c, size_t index)
{
    return index < c->parameter_count ? &c->parameters[index] : NULL;
}

double hf_cycle_get_lean(const hf_cycle *c)
{
    return c->lean;
}

double hf_cycle_get_log_likelihood(const hf_cycle *c)
{
    return c->log_likelihood;
}

int hf_cycle_get_iterations(const hf_cycle *c, bool *converged)
{
    if (converged)
        *converged = c->converged;
    return c->iterations;
}
