/* SPDX-License-Identifier: MIT */
#include "cycle/episodes.h"

#include "cycle/corrected.h"

#include <math.h>

/* A pair may rest in open needs: an episode begins with the need of the last half day, and is over
 * after a day without protection, emotion or distance. */
static const double NEED_WITHIN_H = 12, CALM_AFTER_H = 24;

typedef struct {
    hf_cycle *c;
    const hf_i_cycle_model *m;
    const float (*says)[HF_I_CYCLE_ACTS];
} finder;

static hf_phase phase_at(const finder *f, size_t t)
{
    return hf_cycle_get_phase(f->c, t);
}

static int state_at(const finder *f, size_t t)
{
    return f->c->path[t];
}

static double hours_between(const finder *f, size_t from, size_t to)
{
    double h = f->c->turns[to].t_h - f->c->turns[from].t_h;
    return isnan(h) ? 0 : h;
}

/* ---- where it begins and ends ---------------------------------------------------------------- */

static size_t find_onset(const finder *f, size_t protection, size_t not_before)
{
    size_t first = protection;
    while (first > not_before && phase_at(f, first - 1) < HF_PHASE_COUNT &&
           phase_at(f, first - 1) != HF_PHASE_CONNECTION &&
           hours_between(f, first - 1, protection) <= NEED_WITHIN_H)
        first--;
    for (size_t i = protection; i-- > first;)
        if (phase_at(f, i) == HF_PHASE_NEED) {
            while (i > first && phase_at(f, i - 1) == HF_PHASE_NEED)
                i--;
            return i;
        }
    return first;
}

/* Connection holds: no protection within the next turns. */
static bool holds(const finder *f, size_t t)
{
    size_t until = t + (size_t)f->m->return_turns;
    for (size_t i = t; i < until && i < f->c->count; i++)
        if (phase_at(f, i) == HF_PHASE_PROTECTION)
            return false;
    return true;
}

/* The turn behind the last one of the journey that reached protection at `from`. */
static size_t find_end(const finder *f, size_t from, hf_episode_end *end)
{
    size_t active = from;
    for (size_t i = from; i < f->c->count; i++) {
        hf_phase phase = phase_at(f, i);
        *end = HF_EPISODE_RETURNED;
        if (phase == HF_PHASE_CONNECTION && holds(f, i))
            return i;
        *end = HF_EPISODE_OPEN;
        if (phase == HF_PHASE_COUNT)
            return i;
        *end = HF_EPISODE_FADED;
        if (phase != HF_PHASE_NEED && phase != HF_PHASE_CONNECTION)
            active = i;
        else if (hours_between(f, active, i) > CALM_AFTER_H)
            return active + 1;
    }
    *end = HF_EPISODE_OPEN;
    return f->c->count;
}

/* ---- is it one? ------------------------------------------------------------------------------ */

/* How much the words speak for protection against calm, as a log ratio over the episode's
 * protective turns, each turn's share bounded: timing has no say here. */
static double evidence(const finder *f, const hf_episode *e, size_t *protective)
{
    double sum = 0;
    *protective = 0;
    for (size_t t = e->onset; t <= e->last; t++) {
        if (phase_at(f, t) != HF_PHASE_PROTECTION)
            continue;
        ++*protective;
        if (f->says[t][0] < 0)
            continue;
        int who = f->c->turns[t].partner;
        hf_i_stance stance = hf_i_state_stance(state_at(f, t), who);
        double guard = 0, calm = 0;
        for (int k = 0; k < HF_I_CYCLE_ACTS; k++) {
            guard += f->m->act[who][stance][k] * (double)f->says[t][k];
            calm += f->m->act[who][HF_I_CALM][k] * (double)f->says[t][k];
        }
        sum += log(fmax(guard, 1e-12) / fmax(calm, 1e-12));
    }
    return sum;
}

/* ---- who did what ---------------------------------------------------------------------------- */

static double mass(const hf_cycle *c, size_t t, hf_role role, int partner)
{
    double sum = 0;
    unsigned me = 1u << partner;
    for (int s = 0; s < HF_I_STATES; s++) {
        bool is = role == HF_ROLE_PURSUES     ? hf_i_state_pursues(s) & me
                  : role == HF_ROLE_WITHDRAWS ? hf_i_state_withdraws(s) & me
                  : role == HF_ROLE_REPAIRS
                      ? s == HF_I_S_REPAIR + partner
                      : s == HF_I_S_NEED + partner || s == HF_I_S_EMOTION + partner;
        if (is)
            sum += (double)c->states[t][s];
    }
    return sum;
}

double hf_cycle_get_position(const hf_cycle *c, size_t index, hf_role role, int partner)
{
    if (index >= c->count || c->turns[index].masked)
        return NAN;
    double all = (double)c->posterior[index][HF_PHASE_PROTECTION];
    return all > 0 ? fmin(1, mass(c, index, role, partner) / all) : NAN;
}

/* Mean over the protective turns, weighted by how surely they are. */
static void set_positions(const finder *f, hf_episode *e)
{
    double all = 0, of[HF_ROLE_COUNT][2] = {{0}};
    for (size_t t = e->onset; t <= e->last; t++) {
        if (phase_at(f, t) != HF_PHASE_PROTECTION)
            continue;
        all += (double)f->c->posterior[t][HF_PHASE_PROTECTION];
        for (int p = 0; p < 2; p++) {
            of[HF_ROLE_PURSUES][p] += mass(f->c, t, HF_ROLE_PURSUES, p);
            of[HF_ROLE_WITHDRAWS][p] += mass(f->c, t, HF_ROLE_WITHDRAWS, p);
        }
    }
    for (int p = 0; p < 2; p++) {
        e->who_probability[HF_ROLE_PURSUES][p] = all > 0 ? of[HF_ROLE_PURSUES][p] / all : 0;
        e->who_probability[HF_ROLE_WITHDRAWS][p] = all > 0 ? of[HF_ROLE_WITHDRAWS][p] / all : 0;
    }
}

/* Who brought it up: the states of need and feeling from onset to protection; when there are none,
 * the writer of the onset. */
static void set_raised(const finder *f, hf_episode *e)
{
    double of[2] = {0};
    for (size_t t = e->onset; t <= e->last && phase_at(f, t) != HF_PHASE_PROTECTION; t++)
        for (int p = 0; p < 2; p++)
            of[p] += mass(f->c, t, HF_ROLE_RAISED_NEED, p);
    if (of[0] + of[1] <= 0)
        of[f->c->turns[e->onset].partner] = 1;
    for (int p = 0; p < 2; p++)
        e->who_probability[HF_ROLE_RAISED_NEED][p] = of[p] / (of[0] + of[1]);
    e->need_turn = SIZE_MAX;
    for (size_t t = e->onset; t <= e->last && phase_at(f, t) != HF_PHASE_PROTECTION; t++)
        if (phase_at(f, t) == HF_PHASE_NEED &&
            hf_i_state_stance(state_at(f, t), f->c->turns[t].partner) == HF_I_NEEDS) {
            e->need_turn = t;
            e->need = f->c->turns[t].need;
            break;
        }
}

/* A mending stretch is one attempt; it landed when connection follows. Who mends is seen at the
 * turns that they wrote themselves. */
static void set_repairs(const finder *f, hf_episode *e)
{
    double most[2] = {0};
    for (size_t t = e->onset; t <= e->last; t++) {
        if (phase_at(f, t) != HF_PHASE_REPAIR)
            continue;
        if (e->first_repair == SIZE_MAX)
            e->first_repair = t;
        size_t end = t;
        for (; end <= e->last && phase_at(f, end) == HF_PHASE_REPAIR; end++) {
            int p = f->c->turns[end].partner;
            most[p] = fmax(most[p], mass(f->c, end, HF_ROLE_REPAIRS, p));
        }
        e->repair_attempts++;
        e->repair_landed += end > e->last && e->end == HF_EPISODE_RETURNED;
        t = end;
    }
    for (int p = 0; p < 2; p++)
        e->who_probability[HF_ROLE_REPAIRS][p] = fmin(1, most[p]);
}

static void set_who(hf_episode *e)
{
    for (int r = 0; r < HF_ROLE_COUNT; r++)
        for (int p = 0; p < 2; p++)
            if (e->who_probability[r][p] >= .5)
                e->who[r] |= 1u << p;
}

/* ---- how it went ----------------------------------------------------------------------------- */

static double hostile(const finder *f, size_t t)
{
    double not = 1;
    for (int k = 1; k < HF_I_CYCLE_ACTS; k++)
        if (hf_i_act_hostile[k])
            not *= 1 - fmin(1, (double)f->c->turns[t].acts[hf_i_act_order[k]]);
    return 1 - not ;
}

static void set_escalation(const finder *f, hf_episode *e)
{
    size_t seen = 0, total = 0;
    double half[2] = {0}, n[2] = {0};
    for (size_t t = e->onset; t <= e->last; t++)
        total += phase_at(f, t) == HF_PHASE_PROTECTION && f->says[t][0] >= 0;
    for (size_t t = e->onset; t <= e->last; t++)
        if (phase_at(f, t) == HF_PHASE_PROTECTION && f->says[t][0] >= 0) {
            int h = 2 * seen++ >= total;
            half[h] += hostile(f, t);
            n[h]++;
        }
    e->escalation = total >= 4 ? half[1] / n[1] - half[0] / n[0] : NAN;
}

static void set_time_to_repair(const finder *f, hf_episode *e)
{
    const hf_cycle_turn *turns = f->c->turns;
    size_t first = e->onset;
    while (first < e->last && phase_at(f, first) != HF_PHASE_PROTECTION)
        first++;
    e->repair_seen = e->end == HF_EPISODE_RETURNED;
    size_t until = e->repair_seen && e->last + 1 < f->c->count ? e->last + 1 : e->last;
    e->repair_h = turns[until].t_h - turns[first].t_h;
}

static void describe(const finder *f, hf_episode *e)
{
    e->turns = e->last - e->onset + 1;
    e->probability = 0;
    for (size_t t = e->onset; t <= e->last; t++)
        e->probability = fmax(e->probability, (double)f->c->posterior[t][HF_PHASE_PROTECTION]);
    set_raised(f, e);
    set_positions(f, e);
    set_repairs(f, e);
    set_who(e);
    set_escalation(f, e);
    set_time_to_repair(f, e);
    e->problem = hf_i_problem_of(f->c, e);
}

hf_status hf_i_episodes_find(hf_cycle *c, const hf_i_cycle_model *m,
                             const float (*says)[HF_I_CYCLE_ACTS])
{
    finder f = {c, m, says};
    size_t free_from = 0;
    for (size_t i = 0; i < c->count;) {
        if (phase_at(&f, i) != HF_PHASE_PROTECTION) {
            i++;
            continue;
        }
        hf_episode e = {.need_turn = SIZE_MAX, .need = HF_NEED_COUNT, .first_repair = SIZE_MAX};
        e.onset = find_onset(&f, i, free_from);
        i = find_end(&f, i, &e.end);
        e.last = i - 1;
        free_from = i;
        if (evidence(&f, &e, &e.protective) < m->least_evidence ||
            (double)e.protective < m->least_moves)
            continue;
        describe(&f, &e);
        HF_TRY(hf_i_grow(c->ctx, &c->episodes, &c->episode_cap, c->episode_count + 1,
                         sizeof *c->episodes, UINT32_MAX, "episodes"));
        for (size_t t = e.onset; t <= e.last; t++)
            c->episode_of[t] = (int32_t)c->episode_count;
        c->episodes[c->episode_count++] = e;
    }
    return HF_OK;
}
