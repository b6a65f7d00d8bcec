/* SPDX-License-Identifier: MIT */
/* The corrections file against this record: which targets are there. */
#include "signal/analysis.h"

#include <string.h>

/* Roles belong to episodes, which the cycle room knows. */
static bool is_of_a_message(const hf_correction *c)
{
    return c->field != HF_CORRECT_ROLE;
}

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
        if (!known[k] && is_of_a_message(c))
            a->unknown[a->unknown_count++] = (hf_i_unknown_target){c->line, c->target};
    }
    hf_i_free(a->ctx, known);
    return HF_OK;
}
