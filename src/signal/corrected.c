/* SPDX-License-Identifier: MIT */
/* The corrections file against this record: which targets are there. */
#include "signal/analysis.h"

#include <math.h>
#include <string.h>

/* Marks what is there, in one walk over the ids: corrections are few, messages many. */
static void mark_known(const hf_analysis *a, bool *known)
{
    size_t n = hf_record_count_messages(a->record), count = hf_corrections_count(a->corrections);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < count; k++) {
            const char *target = hf_corrections_get(a->corrections, k)->target;
            if (target[0] == a->ids[i][0] && target[1] == a->ids[i][1] &&
                strcmp(target, a->ids[i]) == 0)
                known[k] = true;
        }
}

hf_status hf_i_corrections_open(hf_analysis *a, const char *path)
{
    if (!path)
        return HF_OK;
    HF_TRY(hf_corrections_read(&a->corrections, a->ctx, path));
    size_t count = hf_corrections_count(a->corrections);
    bool *known = hf_i_calloc(a->ctx, count, sizeof *known);
    a->unknown = hf_i_calloc(a->ctx, count, sizeof *a->unknown);
    if (!known || !a->unknown) {
        hf_i_free(a->ctx, known);
        return HF_E_NOMEM;
    }
    mark_known(a, known);
    for (size_t k = 0; k < count; k++) {
        const hf_correction *c = hf_corrections_get(a->corrections, k);
        if (!known[k])
            a->unknown[a->unknown_count++] = (hf_i_unknown_target){c->line, c->target};
    }
    hf_i_free(a->ctx, known);
    return HF_OK;
}

uint32_t hf_i_turn_of_target(const hf_analysis *a, const char *target)
{
    const hf_i_turns *t = &a->turns;
    for (size_t i = 0; i < t->line_count; i++) {
        if (strcmp(a->ids[t->lines[i].message], target) != 0)
            continue;
        size_t lo = 0, hi = t->turn_count;
        while (lo + 1 < hi) {
            size_t mid = (lo + hi) / 2;
            *(t->turns[mid].first <= i ? &lo : &hi) = mid;
        }
        return hi ? (uint32_t)lo : UINT32_MAX;
    }
    return UINT32_MAX;
}

/* Without a text model the tags are all there is: no tone. */
static hf_status start_tags(hf_analysis *a)
{
    HF_TRY(hf_i_readings_none(&a->readings, a->ctx, a->turns.turn_count));
    hf_i_free(a->ctx, a->readings.warmth);
    a->readings.warmth = NULL;
    return HF_OK;
}

static hf_status correct_one(hf_analysis *a, const hf_correction *c)
{
    hf_i_place at = {.line = c->line};
    hf_text_result result = {.state = HF_TEXT_CODED};
    uint32_t turn = hf_i_turn_of_target(a, c->target);
    if (turn == UINT32_MAX)
        return HF_OK;
    float *acts = a->readings.acts[turn];
    for (int k = 0; k < HF_ACT_COUNT; k++)
        result.acts[k] = isnan(acts[k]) ? 0 : acts[k];
    const char *value = c->value ? c->value : "none";
    if (!hf_text_result_correct(&result, value, strlen(value)))
        return hf_i_fail_at(a->ctx, HF_E_PARSE, &at, "Acts and tags stand in doc/coding-manual.md.",
                            "corrections: '%s' is no list of acts", value);
    memcpy(acts, result.acts, sizeof result.acts);
    a->tagged[turn] = 1;
    return HF_OK;
}

hf_status hf_i_acts_correct(hf_analysis *a)
{
    size_t count = a->corrections ? hf_corrections_count(a->corrections) : 0;
    for (size_t k = 0; k < count; k++) {
        const hf_correction *c = hf_corrections_get(a->corrections, k);
        if (c->field != HF_CORRECT_ACT ||
            hf_corrections_find(a->corrections, c->target, c->field) != c)
            continue;
        if (!a->tagged)
            a->tagged = hf_i_calloc(a->ctx, a->turns.turn_count + 1, 1);
        if (!a->tagged)
            return HF_E_NOMEM;
        if (!a->readings.acts)
            HF_TRY(start_tags(a));
        HF_TRY(correct_one(a, c));
    }
    return HF_OK;
}
