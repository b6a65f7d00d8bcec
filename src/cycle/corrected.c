/* SPDX-License-Identifier: MIT */
#include "cycle/corrected.h"
#include "signal/analysis.h"

#include <stdio.h>
#include <string.h>

/* Calls fn for each correction of a field that holds, with its turn. */
typedef hf_status (*correct_fn)(void *user, const hf_correction *c, uint32_t turn);

static hf_status each(const hf_analysis *a, hf_correction_field field, correct_fn fn, void *user)
{
    size_t count = a->corrections ? hf_corrections_count(a->corrections) : 0;
    for (size_t k = 0; k < count; k++) {
        const hf_correction *c = hf_corrections_get(a->corrections, k);
        if (c->field != field || hf_corrections_find(a->corrections, c->target, field) != c)
            continue;
        uint32_t turn = hf_i_turn_of_target(a, c->target);
        if (turn != UINT32_MAX)
            HF_TRY(fn(user, c, turn));
    }
    return HF_OK;
}

typedef struct {
    const hf_analysis *a;
    hf_cycle_turn *turns;
} phases;

static hf_status correct_phase(void *user, const hf_correction *c, uint32_t turn)
{
    phases *p = user;
    hf_phase phase = c->value ? hf_phase_find(c->value) : HF_PHASE_COUNT;
    hf_i_place at = {.line = c->line};
    if (c->value && phase == HF_PHASE_COUNT)
        return hf_i_fail_at(p->a->ctx, HF_E_PARSE, &at,
                            "Phases: connection, need, emotion, protection, distance, repair.",
                            "corrections: '%s' is no phase", c->value);
    p->turns[turn].fixed_phase = (uint8_t)phase;
    return HF_OK;
}

hf_status hf_i_phases_correct(hf_cycle_turn *turns, const hf_analysis *a)
{
    phases p = {a, turns};
    return each(a, HF_CORRECT_PHASE, correct_phase, &p);
}

/* One "role=who"; false when it is none. */
static bool set_role(hf_episode *e, const char *text, size_t size)
{
    for (int r = 0; r < HF_ROLE_COUNT; r++)
        for (unsigned who = 0; who < 4; who++) {
            char known[32];
            snprintf(known, sizeof known, "%s=%s", hf_role_name((hf_role)r), hf_who_name(who));
            if (strlen(known) != size || memcmp(known, text, size) != 0)
                continue;
            e->who[r] = who;
            e->who_corrected[r] = true;
            e->who_probability[r][0] = who & HF_WHO_A ? 1 : 0;
            e->who_probability[r][1] = who & HF_WHO_B ? 1 : 0;
            return true;
        }
    return false;
}

static hf_status correct_role(void *user, const hf_correction *c, uint32_t turn)
{
    hf_cycle *cycle = user;
    size_t e = hf_cycle_episode_of(cycle, turn);
    hf_i_place at = {.line = c->line};
    const char *p = c->value ? c->value : "";
    while (e != SIZE_MAX) {
        size_t size = strcspn(p, ",");
        if (!set_role(&cycle->episodes[e], p, size))
            return hf_i_fail_at(cycle->ctx, HF_E_PARSE, &at,
                                "Say for example \"pursues=a,withdraws=b,repairs=both\".",
                                "corrections: '%s' is no list of roles", c->value ? c->value : "");
        if (!p[size])
            return HF_OK;
        p += size + 1;
    }
    return HF_OK;
}

hf_status hf_i_roles_correct(hf_cycle *cycle)
{
    return each(cycle->analysis, HF_CORRECT_ROLE, correct_role, cycle);
}
