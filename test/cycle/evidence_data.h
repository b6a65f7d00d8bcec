/* SPDX-License-Identifier: MIT */
/* Synthetic pairs as decoded cycles whose phases and episodes are the truth, and shuffled-time
 * copies of them: what the evidence is tested on. */
#ifndef TEST_CYCLE_EVIDENCE_DATA_H
#define TEST_CYCLE_EVIDENCE_DATA_H

#include "cycle/evidence.h"
#include "num/random.h"
#include "signal/text/act_order.h"
#include "simulate/synthetic.h"
#include "support/test.h"

#include <math.h>

static inline void evidence_dispose(hf_cycle *c)
{
    hf_i_free(c->ctx, c->turns);
    hf_i_free(c->ctx, c->episode_of);
    hf_i_free(c->ctx, c->episodes);
}

/* The wait of each answer against the writer's own usual. */
static inline void evidence_waits(hf_cycle *c)
{
    for (int p = 0; p < 2; p++) {
        double n = 0, sum = 0, squares = 0;
        for (size_t k = 0; k < c->count; k++)
            if (c->turns[k].partner == p && !isnan(c->turns[k].wait)) {
                n++;
                sum += (double)c->turns[k].wait;
                squares += (double)c->turns[k].wait * (double)c->turns[k].wait;
            }
        double mean = sum / n, sd = sqrt(squares / n - mean * mean);
        for (size_t k = 0; k < c->count; k++)
            if (c->turns[k].partner == p)
                c->turns[k].wait = (float)(((double)c->turns[k].wait - mean) / sd);
    }
}

/* What was written within an hour is one exchange; lines of one partner in a row are one turn.
 * noise: the share of acts that is read as the act of any other line. */
static inline void evidence_make(hf_cycle *c, hf_ctx *ctx, const hf_pair *pair, double days,
                                 uint64_t replicate, double noise)
{
    hf_i_synthetic s;
    hf_i_random r;
    hf_i_synthetic_options o = {
        .pair = *pair, .hours = 24 * days, .seed = 11, .replicate = replicate, .closeness = .7};
    assert_ok(ctx, hf_i_synthetic_make(&s, ctx, &o));
    hf_i_random_init(&r, 11, 9, replicate);
    *c = (hf_cycle){.ctx = ctx, .hide = -1};
    c->turns = hf_i_alloc(ctx, s.count * sizeof *c->turns);
    c->episode_of = hf_i_alloc(ctx, s.count * sizeof *c->episode_of);
    c->episodes = hf_i_calloc(ctx, s.episode_count + 1, sizeof *c->episodes);
    c->episode_count = s.episode_count;
    assert_true(c->turns && c->episode_of && c->episodes);
    uint32_t exchange = 0;
    for (size_t i = 0; i < s.count; i++) {
        const hf_i_synthetic_turn *x = &s.turns[i];
        bool gap = i > 0 && x->t_h - s.turns[i - 1].t_h > 1;
        exchange += gap;
        int act = x->act;
        if (hf_i_random_uniform(&r) < noise)
            act = s.turns[hf_i_random_below(&r, s.count)].act;
        hf_cycle_turn *last = c->count ? &c->turns[c->count - 1] : NULL;
        if (!last || gap || last->partner != x->sender) {
            hf_cycle_turn t = {.t_h = x->t_h,
                               .silence_h = last ? x->t_h - last->end_h : NAN,
                               .exchange = exchange,
                               .partner = (uint8_t)x->sender,
                               .coded = true,
                               .fixed_phase = HF_PHASE_COUNT,
                               .need = HF_NEED_COUNT,
                               .warmth = (float)hf_i_random_normal(&r),
                               .wait = last && !gap ? (float)log(x->t_h - last->end_h + .01) : NAN,
                               .length = (float)hf_i_random_normal(&r),
                               .uptake = (float)hf_i_random_normal(&r)};
            if (last && (gap || last->partner == x->sender))
                last->unanswered = hf_i_random_uniform(&r) < .4;
            c->episode_of[c->count] = x->episode;
            if (x->episode >= 0 && s.episodes[x->episode].onset == i)
                c->episodes[x->episode].onset = c->count;
            c->turns[c->count++] = t;
        }
        hf_cycle_turn *t = &c->turns[c->count - 1];
        t->end_h = x->t_h;
        if (hf_i_act_order[act] >= 0)
            t->acts[hf_i_act_order[act]] = 1;
    }
    hf_i_synthetic_dispose(&s);
    evidence_waits(c);
}

/* Shuffled times: what hangs on the words changes places among the coded turns of the same partner;
 * who wrote when, and what got no reply, stays. */
static inline void evidence_shuffle(hf_cycle *c, uint64_t replicate)
{
    hf_i_random r;
    size_t *at = malloc(c->count * sizeof *at + 1);
    hf_cycle_turn *was = malloc(c->count * sizeof *was + 1);
    hf_i_random_init(&r, 12, 0, replicate);
    memcpy(was, c->turns, c->count * sizeof *was);
    for (int p = 0; p < 2; p++) {
        size_t n = 0, k = 0;
        for (size_t i = 0; i < c->count; i++)
            if (was[i].partner == p && was[i].coded && !was[i].masked)
                at[n++] = i;
        for (size_t i = n; i > 1; i--) {
            size_t j = hf_i_random_below(&r, i), keep = at[i - 1];
            at[i - 1] = at[j];
            at[j] = keep;
        }
        for (size_t i = 0; i < c->count; i++)
            if (was[i].partner == p && was[i].coded && !was[i].masked) {
                const hf_cycle_turn *from = &was[at[k++]];
                hf_cycle_turn *to = &c->turns[i];
                memcpy(to->acts, from->acts, sizeof to->acts);
                to->need = from->need;
                to->problem = from->problem;
                to->warmth = from->warmth;
                to->wait = from->wait;
                to->length = from->length;
                to->uptake = from->uptake;
            }
    }
    free(at);
    free(was);
}

/* Traits of the reference pairs; index from 0. */
static inline hf_pair evidence_pair(hf_ctx *ctx, size_t index)
{
    static const char *const presets[] = {"secure", "anxious", "avoidant", "fearful"};
    static const int pairs[10][2] = {{0, 0}, {0, 1}, {0, 2}, {0, 3}, {1, 1},
                                     {1, 2}, {1, 3}, {2, 2}, {2, 3}, {3, 3}};
    hf_pair pair;
    for (int p = 0; p < 2; p++)
        assert_ok(ctx, hf_trait_preset(ctx, presets[pairs[index % 10][p]], &pair.anxiety[p],
                                       &pair.avoidance[p]));
    return pair;
}

#endif
