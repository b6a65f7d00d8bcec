/* SPDX-License-Identifier: MIT */
#include "signal/text/acts.h"

#include <math.h>
#include <string.h>

#define ACT_ROW(name, id, grade) {id, grade},
static const struct {
    const char *id, *grade;
} acts[] = {HF_ACT_LIST(ACT_ROW)};
#define NEED_ROW(name, id) id,
static const char *const needs[] = {HF_NEED_LIST(NEED_ROW)};
#define STATE_ROW(name, text) text,
static const char *const states[] = {HF_TEXT_STATE_LIST(STATE_ROW)};

const char *hf_act_name(hf_act act)
{
    return (unsigned)act < HF_ACT_COUNT ? acts[act].id : NULL;
}

const char *hf_act_grade(hf_act act)
{
    return (unsigned)act < HF_ACT_COUNT ? acts[act].grade : NULL;
}

hf_act hf_act_find(const char *name)
{
    int i = 0;
    while (i < HF_ACT_COUNT && strcmp(acts[i].id, name) != 0)
        i++;
    return (hf_act)i;
}

const char *hf_need_name(hf_need need)
{
    return (unsigned)need < HF_NEED_COUNT ? needs[need] : NULL;
}

const char *hf_text_state_name(hf_text_state state)
{
    return (unsigned)state < HF_TEXT_STATE_COUNT ? states[state] : NULL;
}

void hf_i_acts_fill(const hf_text_coder *c, hf_text_result *out)
{
    (void)c;
    for (int i = 0; i < HF_ACT_COUNT; i++)
        out->acts[i] = NAN;
    for (int i = 0; i < HF_NEED_COUNT; i++)
        out->needs[i] = NAN;
    out->warmth = NAN;
}
