/* SPDX-License-Identifier: MIT */
/* From the turns of an analysis to what the chain sees, as the consent level allows. */
#include "cycle/corrected.h"
#include "cycle/cycle.h"
#include "signal/analysis.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const double MS_H = 3600000.0;
enum { ENOUGH = 30 };

static double silence_before(const hf_analysis *a, size_t t)
{
    const hf_i_turn *turn = &a->turns.turns[t];
    if (t == 0 || !a->turns.timed)
        return NAN;
    int64_t from = turn[-1].t_end, to = turn->t_start;
    return (double)hf_i_quiet_mask(&a->measures.quiet[turn->partner], from, to > from ? to : from) /
           MS_H;
}

/* Share of the words of the turn before that are taken up, where the other wrote it. */
static float uptake_of(const hf_analysis *a, size_t t)
{
    const hf_i_turn *turn = &a->turns.turns[t];
    if (t == 0 || turn[-1].partner == turn->partner || turn[-1].exchange != turn->exchange ||
        a->content.turns[t - 1].keys == 0 || a->content.turns[t].keys == 0)
        return NAN;
    return (float)hf_i_content_shared(&a->content, t, t - 1) / (float)a->content.turns[t - 1].keys;
}

static bool unanswered(const hf_analysis *a, size_t t)
{
    const hf_i_wait *w = &a->measures.waits[t];
    return w->open && !w->other_way && w->answer == HF_I_NO_TURN;
}

static void see_turn(hf_cycle_turn *out, const hf_analysis *a, size_t t)
{
    const hf_i_turn *turn = &a->turns.turns[t];
    hf_cycle_turn_init(out);
    if (a->turns.timed) {
        out->t_h = (double)(turn->t_start - a->turns.t_first) / MS_H;
        out->end_h = (double)(turn->t_end - a->turns.t_first) / MS_H;
    }
    out->silence_h = silence_before(a, t);
    out->exchange = turn->exchange;
    out->partner = turn->partner;
    out->masked = turn->flagged;
    out->unanswered = unanswered(a, t);
    if (turn->flagged)
        return;
    if (turn->words > 0)
        out->length = (float)log(1 + (double)turn->words);
    out->uptake = uptake_of(a, t);
    if (!a->readings.acts || isnan(a->readings.acts[t][0]))
        return;
    out->coded = true;
    memcpy(out->acts, a->readings.acts[t], sizeof out->acts);
    out->need = a->readings.need[t];
    if (a->readings.warmth)
        out->warmth = a->readings.warmth[t];
}

/* In solo nothing of the other's words is looked at: that they wrote, when, and no more. */
static void forget_words(hf_cycle_turn *turn)
{
    turn->coded = false;
    turn->need = HF_NEED_COUNT;
    turn->warmth = turn->length = turn->uptake = NAN;
    memset(turn->acts, 0, sizeof turn->acts);
}

/* length and uptake become deviations from their writer's own usual. */
static void standardise(hf_cycle_turn *turns, size_t count, size_t offset)
{
    for (int p = 0; p < 2; p++) {
        double n = 0, sum = 0, squares = 0;
        for (int round = 0; round < 2; round++)
            for (size_t t = 0; t < count; t++) {
                float x;
                memcpy(&x, (const char *)&turns[t] + offset, sizeof x);
                if (turns[t].partner != p || isnan(x))
                    continue;
                double d = (double)x - (round ? sum / n : 0);
                n += round == 0;
                sum += round ? 0 : d;
                squares += round ? d * d : 0;
            }
        double sd = n >= ENOUGH ? sqrt(squares / (n - 1)) : 0;
        for (size_t t = 0; t < count; t++) {
            float x;
            memcpy(&x, (const char *)&turns[t] + offset, sizeof x);
            if (turns[t].partner != p || isnan(x))
                continue;
            x = sd > 0 ? (float)(((double)x - sum / n) / sd) : NAN;
            memcpy((char *)&turns[t] + offset, &x, sizeof x);
        }
    }
}

static hf_status decode_turns(hf_cycle **out, hf_ctx *ctx, const hf_analysis *a,
                              const hf_cycle_options *o, hf_cycle_turn *turns)
{
    size_t n = a->turns.turn_count;
    for (size_t t = 0; t < n; t++) {
        see_turn(&turns[t], a, t);
        if (o->hide == turns[t].partner)
            forget_words(&turns[t]);
    }
    standardise(turns, n, offsetof(hf_cycle_turn, length));
    standardise(turns, n, offsetof(hf_cycle_turn, uptake));
    HF_TRY(hf_i_phases_correct(turns, a));
    HF_TRY(hf_cycle_decode(out, ctx, turns, n, o));
    (*out)->analysis = a;
    hf_status status = hf_i_problems_find(*out);
    if (status == HF_OK)
        status = hf_i_roles_correct(*out);
    if (status != HF_OK) {
        hf_cycle_free(*out);
        *out = NULL;
    }
    return status;
}

hf_status hf_cycle_of_analysis(hf_cycle **out, hf_ctx *ctx, const hf_analysis *a,
                               const hf_cycle_options *options)
{
    hf_cycle_options o = HF_CYCLE_OPTIONS_INIT;
    *out = NULL;
    if (options && options->size != sizeof o)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another version of the library");
    if (options)
        o = *options;
    for (int p = 0; p < 2; p++)
        if (!hf_i_may_show(a, HF_OUTPUT_ACTS, p))
            o.hide = p;
    hf_cycle_turn *turns = hf_i_alloc(ctx, a->turns.turn_count * sizeof *turns);
    if (!turns)
        return HF_E_NOMEM;
    hf_status status = decode_turns(out, ctx, a, &o, turns);
    hf_i_free(ctx, turns);
    return status;
}
