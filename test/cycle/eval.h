/* SPDX-License-Identifier: MIT */
/* A decoded synthetic record against its truth. */
#ifndef TEST_CYCLE_EVAL_H
#define TEST_CYCLE_EVAL_H

#include "cycle/model.h"
#include "num/random.h"
#include "simulate/synthetic.h"
#include "simulate/weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Acts of the simulator in the order of the priors. */
static const int eval_order[HF_I_CYCLE_ACTS] = {
    HF_SYN_none,         HF_SYN_logistics, HF_SYN_question,    HF_SYN_need,
    HF_SYN_disclosure,   HF_SYN_support,   HF_SYN_acknowledge, HF_SYN_reassurance,
    HF_SYN_hard_emotion, HF_SYN_blame,     HF_SYN_contempt,    HF_SYN_defence,
    HF_SYN_disengage,    HF_SYN_space,     HF_SYN_boundary,    HF_SYN_repair};

static inline hf_status eval_confusion(hf_ctx *ctx, double out[HF_SYN_ACTS][HF_SYN_ACTS])
{
    const char *names[HF_SYN_ACTS];
    for (int a = 0; a < HF_SYN_ACTS; a++)
        names[a] = hf_i_synthetic_act_name(a);
    return hf_i_weights_read(&out[0][0], ctx, "nepd/confusion.tsv", names, HF_SYN_ACTS,
                             HF_SYN_ACTS);
}

/* Calibrated probabilities that go with reading `read`: of act k against none, by Bayes' rule. */
static inline void eval_acts(float out[HF_ACT_COUNT], int read, double (*confusion)[HF_SYN_ACTS],
                             const double *base)
{
    double post[HF_I_CYCLE_ACTS];
    for (int k = 0; k < HF_I_CYCLE_ACTS; k++)
        post[k] = confusion ? base[k] * confusion[eval_order[k]][read] : eval_order[k] == read;
    for (int k = 1; k < HF_I_CYCLE_ACTS; k++)
        out[hf_i_act_order[k]] = (float)(post[k] > 0 ? post[k] / (post[k] + post[0]) : 0);
}

static inline hf_cycle_turn *eval_turns(const hf_i_synthetic *s, bool noisy,
                                        double (*confusion)[HF_SYN_ACTS], const double *base)
{
    hf_cycle_turn *turns = calloc(s->count + 1, sizeof *turns);
    for (size_t t = 0; turns && t < s->count; t++) {
        const hf_i_synthetic_turn *from = &s->turns[t];
        hf_cycle_turn_init(&turns[t]);
        turns[t].t_h = turns[t].end_h = from->t_h;
        if (t > 0)
            turns[t].silence_h = from->t_h - s->turns[t - 1].t_h;
        turns[t].partner = (uint8_t)from->sender;
        turns[t].coded = true;
        eval_acts(turns[t].acts, noisy ? from->noisy : from->act, noisy ? confusion : NULL, base);
    }
    return turns;
}

enum { EVAL_BINS = 10 };
typedef struct eval_result {
    size_t turns, right, true_episodes, found_episodes, hits, roles, roles_right, raised_right;
    size_t marked_true, marked_hits; /* episodes whose true acts show it */
    double brier;
    double said[EVAL_BINS], seen[EVAL_BINS], n[EVAL_BINS]; /* of the chosen phase */
    size_t confusion[HF_PHASE_COUNT][HF_PHASE_COUNT];      /* true, decoded */
} eval_result;

static inline void eval_phases(eval_result *r, const hf_cycle *c, const int *truth)
{
    for (size_t t = 0; t < hf_cycle_count_turns(c); t++) {
        const float *p = hf_cycle_get_posterior(c, t);
        int best = 0;
        for (int f = 0; f < HF_PHASE_COUNT; f++) {
            double d = (double)p[f] - (f == truth[t]);
            r->brier += d * d;
            if (p[f] > p[best])
                best = f;
        }
        int bin = (int)((double)p[best] * EVAL_BINS);
        bin = bin > EVAL_BINS - 1 ? EVAL_BINS - 1 : bin;
        r->said[bin] += (double)p[best];
        r->seen[bin] += best == truth[t];
        r->n[bin]++;
        r->turns++;
        r->right += best == truth[t];
        r->confusion[truth[t]][best]++;
    }
}

/* Whether what the two truly did in it could be told from calm: `least` acts of protection, by both
 * or at least by one partner across turns (science/evidence 6: a chain of protective moves). */
static inline bool eval_marked(const hf_i_synthetic *s, const hf_i_synthetic_episode *e,
                               size_t least)
{
    size_t n = 0;
    for (size_t t = e->onset; t <= e->last; t++) {
        int a = s->turns[t].act;
        n += a == HF_SYN_blame || a == HF_SYN_contempt || a == HF_SYN_defence ||
             a == HF_SYN_disengage || a == HF_SYN_hard_emotion;
    }
    return n >= least;
}

static inline void eval_episodes(eval_result *r, const hf_cycle *c, const hf_i_synthetic *s,
                                 size_t slack, size_t least)
{
    size_t k = 0, found = hf_cycle_count_episodes(c);
    r->true_episodes += s->episode_count;
    r->found_episodes += found;
    for (size_t e = 0; e < s->episode_count; e++) {
        const hf_i_synthetic_episode *truth = &s->episodes[e];
        bool marked = eval_marked(s, truth, least);
        r->marked_true += marked;
        while (k < found && hf_cycle_get_episode(c, k)->onset + slack < truth->onset)
            k++;
        if (k < found && hf_cycle_get_episode(c, k)->onset <= truth->onset + slack) {
            r->hits++;
            r->marked_hits += marked;
            k++;
        }
    }
    for (size_t i = 0; i < found; i++) {
        const hf_episode *got = hf_cycle_get_episode(c, i);
        size_t best = 0, best_e = SIZE_MAX;
        for (size_t e = 0; e < s->episode_count; e++) {
            const hf_i_synthetic_episode *truth = &s->episodes[e];
            size_t lo = got->onset > truth->onset ? got->onset : truth->onset;
            size_t hi = got->last < truth->last ? got->last : truth->last;
            if (hi + 1 > lo && hi + 1 - lo > best) {
                best = hi + 1 - lo;
                best_e = e;
            }
        }
        if (best_e == SIZE_MAX)
            continue;
        const hf_i_synthetic_episode *truth = &s->episodes[best_e];
        r->roles++;
        r->roles_right += got->who[HF_ROLE_PURSUES] == truth->pursues &&
                          got->who[HF_ROLE_WITHDRAWS] == truth->withdraws;
        r->raised_right += got->who[HF_ROLE_RAISED_NEED] == truth->raised_need;
    }
}

static inline double eval_f1(size_t hits, size_t truth, size_t found)
{
    return truth + found ? 2.0 * (double)hits / (double)(truth + found) : NAN;
}

static inline double eval_calibration(const eval_result *r)
{
    double gap = 0, n = 0;
    for (int b = 0; b < EVAL_BINS; b++)
        if (r->n[b] > 0) {
            gap += fabs(r->said[b] - r->seen[b]);
            n += r->n[b];
        }
    return gap / n;
}

static const char *const eval_traits[] = {"secure", "anxious", "avoidant", "fearful"};

/* Calm-weather pair number 0 to 9, and hours of stress: every `every` hours one partner, in turn,
 * has `level` for `length` hours. */
static inline hf_status eval_record(hf_i_synthetic *out, hf_ctx *ctx, int pair, double hours,
                                    uint64_t seed, double level, double every, double length,
                                    const double (*confusion)[HF_SYN_ACTS])
{
    static const int of[10][2] = {{0, 0}, {0, 1}, {0, 2}, {0, 3}, {1, 1},
                                  {1, 2}, {1, 3}, {2, 2}, {2, 3}, {3, 3}};
    hf_pair traits;
    hf_status status = HF_OK;
    for (int i = 0; status == HF_OK && i < 2; i++)
        status = hf_trait_preset(ctx, eval_traits[of[pair][i]], &traits.anxiety[i],
                                 &traits.avoidance[i]);
    size_t n = level > 0 ? (size_t)(hours / every) : 0;
    hf_change *changes = calloc(n + 1, sizeof *changes);
    hf_i_random r;
    hf_i_random_init(&r, seed, 77, (uint64_t)pair);
    for (size_t k = 0; k < n; k++) {
        double at = every * ((double)k + .2 + .5 * hf_i_random_uniform(&r));
        changes[k] = (hf_change){HF_CHANGE_STRESS, (int)(k & 1), at, at + length, level};
    }
    hf_i_synthetic_options o = {.pair = traits,
                                .hours = hours,
                                .seed = seed,
                                .replicate = (uint64_t)pair,
                                .closeness = .7,
                                .changes = changes,
                                .change_count = n,
                                .confusion = confusion};
    if (status == HF_OK)
        status = hf_i_synthetic_make(out, ctx, &o);
    free(changes);
    return status;
}

/* What a writer's stance truly is at a turn, by the states the phase was made from. */
static inline hf_i_stance eval_stance(const hf_i_synthetic_turn *t)
{
    enum { PER = HF_STATES_PER_PARTNER };
    const double *me = t->state + t->sender * PER, *you = t->state + (1 - t->sender) * PER;
    switch (t->phase) {
    case HF_PHASE_PROTECTION:
        return me[2] > .35 ? HF_I_PURSUES : me[3] > .35 ? HF_I_WITHDRAWS : HF_I_FACES;
    case HF_PHASE_NEED:
        return me[0] >= you[0] ? HF_I_NEEDS : HF_I_HEARS_NEED;
    case HF_PHASE_EMOTION:
        return me[1] >= you[1] ? HF_I_FEELS : HF_I_HEARS_FEELING;
    case HF_PHASE_REPAIR:
        return me[4] >= you[4] ? HF_I_MENDS : HF_I_HEARS_MENDING;
    case HF_PHASE_DISTANCE:
        return HF_I_COLD;
    default:
        return HF_I_CALM;
    }
}

static inline int eval_draw(hf_i_random *r, const double *shares, int count)
{
    double u = hf_i_random_uniform(r);
    for (int k = 0; k < count - 1; k++)
        if ((u -= shares[k]) < 0)
            return k;
    return count - 1;
}

/* The same states, phases and times, with acts drawn from `act` [stance][act] (as people coded
 * them) instead of the simulator's own weights, and read through the confusion. */
static inline void eval_redraw(hf_i_synthetic *s, const double (*act)[HF_I_CYCLE_ACTS],
                               double (*confusion)[HF_SYN_ACTS], uint64_t seed)
{
    hf_i_random r;
    hf_i_random_init(&r, seed, 78, 0);
    for (size_t t = 0; t < s->count; t++) {
        hf_i_synthetic_turn *turn = &s->turns[t];
        turn->act = eval_order[eval_draw(&r, act[eval_stance(turn)], HF_I_CYCLE_ACTS)];
        turn->noisy = eval_draw(&r, confusion[turn->act], HF_SYN_ACTS);
    }
}

#endif
