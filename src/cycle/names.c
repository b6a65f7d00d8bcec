/* SPDX-License-Identifier: MIT */
#include "cycle/cycle.h"

#include <math.h>
#include <string.h>

static const char *const phases[] = {
#define NAME(name, text) text,
    HF_PHASE_LIST(NAME)};
static const char *const roles[] = {HF_ROLE_LIST(NAME)};
static const char *const problems[] = {HF_PROBLEM_LIST(NAME)};
static const char *const states[] = {HF_CYCLE_STATE_LIST(NAME)};
#undef NAME

static size_t find(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i;
}

static const char *name_of(const char *const *names, size_t count, size_t index)
{
    return index < count ? names[index] : "";
}

const char *hf_phase_name(hf_phase phase)
{
    return name_of(phases, HF_COUNT_OF(phases), (size_t)phase);
}

hf_phase hf_phase_find(const char *name)
{
    return (hf_phase)find(phases, HF_COUNT_OF(phases), name);
}

const char *hf_role_name(hf_role role)
{
    return name_of(roles, HF_COUNT_OF(roles), (size_t)role);
}

hf_role hf_role_find(const char *name)
{
    return (hf_role)find(roles, HF_COUNT_OF(roles), name);
}

const char *hf_who_name(unsigned who)
{
    static const char *const names[] = {"none", "a", "b", "both"};
    return name_of(names, HF_COUNT_OF(names), who);
}

const char *hf_problem_name(hf_problem problem)
{
    return name_of(problems, HF_COUNT_OF(problems), (size_t)problem);
}

const char *hf_cycle_state_text(hf_cycle_state state)
{
    return name_of(states, HF_COUNT_OF(states), (size_t)state);
}

const char *hf_episode_end_name(hf_episode_end end)
{
    static const char *const names[] = {"returned", "faded", "open"};
    return name_of(names, HF_COUNT_OF(names), (size_t)end);
}

void hf_cycle_turn_init(hf_cycle_turn *turn)
{
    memset(turn, 0, sizeof *turn);
    turn->t_h = turn->end_h = turn->silence_h = NAN;
    turn->warmth = turn->wait = turn->length = turn->uptake = NAN;
    turn->fixed_phase = HF_PHASE_COUNT;
    turn->need = HF_NEED_COUNT;
}
