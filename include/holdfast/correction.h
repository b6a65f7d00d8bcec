/* SPDX-License-Identifier: MIT */
/* What the partners (or a coder) say is otherwise: JSON lines, one change a line
 * (doc/contracts.md 6). One file serves record, text and cycle:
 *
 *     {"target": "8cf0...", "field": "act", "value": "repair", "at": "2026-01-02T10:00:00Z", "by":
 * "a"}
 *
 * Of several changes of one field of one target the last holds. A target that is nowhere is
 * reported, never dropped in silence. */
#ifndef HOLDFAST_CORRECTION_H
#define HOLDFAST_CORRECTION_H

#include <holdfast/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HF_CORRECTION_FIELD_LIST(X)                                                                \
    X(ACT, "act")                                                                                  \
    X(PHASE, "phase")                                                                              \
    X(ROLE, "role")                                                                                \
    X(SENDER, "sender")                                                                            \
    X(T, "t")

typedef enum hf_correction_field {
#define HF_CORRECTION_FIELD_ENUM(name, text) HF_CORRECT_##name,
    HF_CORRECTION_FIELD_LIST(HF_CORRECTION_FIELD_ENUM)
#undef HF_CORRECTION_FIELD_ENUM
        HF_CORRECT_COUNT
} hf_correction_field;
HF_API const char *hf_correction_field_name(hf_correction_field field);

typedef struct hf_correction {
    uint64_t line; /* of the file, from 1 */
    const char *target;
    hf_correction_field field;
    const char *value; /* a string as its text, anything else as its JSON; NULL for null */
    bool value_is_text;
    const char *at; /* ISO time; NULL: not said */
    const char *by; /* "a", "b", "researcher"; NULL: not said */
} hf_correction;

typedef struct hf_corrections hf_corrections;

/* Errors: HF_E_IO, HF_E_PARSE with the line (no JSON object, no target, unknown field or person).
 */
HF_API hf_status hf_corrections_read(hf_corrections **out, hf_ctx *ctx, const char *path);
HF_API void hf_corrections_free(hf_corrections *corrections);
HF_API size_t hf_corrections_count(const hf_corrections *corrections);
HF_API const hf_correction *hf_corrections_get(const hf_corrections *corrections, size_t index);
/* The change that holds for a field of a target; NULL when there is none. Cost: their number. */
HF_API const hf_correction *hf_corrections_find(const hf_corrections *corrections,
                                                const char *target, hf_correction_field field);

#ifdef __cplusplus
}
#endif
#endif
