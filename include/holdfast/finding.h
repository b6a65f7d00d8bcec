/* SPDX-License-Identifier: MIT */
/* Findings: statements with estimate, interval, status and examples, the one shape between every
 * room and the report (doc/contracts.md 3). Reports, pages, session sheets and guidance read
 * findings and nothing else.
 *
 * Missing numbers are NaN and become null in JSON. Texts are copied in. */
#ifndef HOLDFAST_FINDING_H
#define HOLDFAST_FINDING_H

#include <holdfast/base.h>
#include <holdfast/series.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hf_finding_status {
    HF_FINDING_SEEN,            /* the interval excludes the null of this dyad's own data */
    HF_FINDING_HYPOTHESIS,      /* described, not tested in this dyad's data */
    HF_FINDING_NOT_ENOUGH_DATA, /* no number is shown */
    HF_FINDING_NOT_SHOWN        /* held back by consent or safety; the reason stays private */
} hf_finding_status;

HF_API const char *hf_finding_status_name(hf_finding_status status); /* "not_enough_data" */

/* In whose view a finding may stand. */
typedef enum hf_visibility { HF_VISIBLE_A, HF_VISIBLE_B, HF_VISIBLE_JOINT } hf_visibility;
HF_API const char *hf_visibility_name(hf_visibility visibility); /* "a", "b", "joint" */

/* The consent level of an analysis (doc/contracts.md 4). */
typedef enum hf_consent { HF_CONSENT_SOLO, HF_CONSENT_BOTH, HF_CONSENT_RESEARCH } hf_consent;
HF_API const char *hf_consent_name(hf_consent consent);

/* What an output shows about a partner; checked in the library for every output.
 * subject_is_me: the row or number is about the person at the keyboard. */
#define HF_OUTPUT_LIST(X)                                                                          \
    X(TEXT, "text")                   /* words of a turn */                                        \
    X(TIMING, "timing")               /* times and lengths of turns */                             \
    X(ACTS, "acts")                   /* acts, tone, signals, phases attributed to a person */     \
    X(PROFILE, "profile")             /* attachment profile */                                     \
    X(SELF_DYNAMICS, "self_dynamics") /* set point, inertia */                                     \
    X(INFLUENCE, "influence")         /* what one does to the other */
typedef enum hf_output {
#define HF_OUTPUT_ENUM(name, text) HF_OUTPUT_##name,
    HF_OUTPUT_LIST(HF_OUTPUT_ENUM)
#undef HF_OUTPUT_ENUM
        HF_OUTPUT_COUNT
} hf_output;
HF_API const char *hf_output_name(hf_output output);
HF_API bool hf_consent_allows(hf_consent consent, hf_output output, bool subject_is_me);

/* A named value for the text of a finding: number or words. */
typedef struct hf_finding_value {
    const char *key;
    double number; /* used when text is NULL */
    const char *text;
} hf_finding_value;

typedef struct hf_finding {
    const char *id;        /* unique in the document: "reply_median.a" */
    const char *mechanism; /* "S31", or several: "S31 S34" */
    hf_partner about;
    double estimate;
    const char *unit;
    double lo, hi, level; /* interval and its level, for example .95 */
    uint64_t n;
    double base_rate;
    hf_finding_status status;
    char grade;              /* 'A', 'B', 'C', '-' */
    const char *examples[3]; /* ids of turns; NULL ends */
    hf_visibility visibility;
    const char *text_key; /* "reply_median": the sentence's key in the language file */
    const hf_finding_value *values;
    size_t value_count;
    const char *not_shown_reason; /* private compartment only; never in a joint output */
} hf_finding;

typedef struct hf_findings hf_findings;
HF_API hf_status hf_findings_new(hf_findings **out, hf_ctx *ctx);
HF_API void hf_findings_free(hf_findings *findings);
/* Copies everything. Refuses a duplicate id (HF_E_USAGE) and a number beside status
 * not_enough_data or not_shown, or any data beside not_shown (HF_E_INTERNAL). */
HF_API hf_status hf_findings_add(hf_findings *findings, const hf_finding *finding);
HF_API size_t hf_findings_count(const hf_findings *findings);
HF_API const hf_finding *hf_findings_get(const hf_findings *findings, size_t index);
HF_API const hf_finding *hf_findings_find(const hf_findings *findings, const char *id);

/* ---- what goes with the findings: one document, written as findings.json ------------------- */

/* A figure or table; data is a JSON object in the form doc/schema/findings.md gives its kind. */
typedef struct hf_figure {
    const char *id;        /* "reply_median" */
    const char *kind;      /* "series", "bars", "loop", "plane", "table" */
    const char *title_key; /* in the language file */
    const char *data;
} hf_figure;

/* A turn that a finding cites. text.data NULL: held back. */
typedef struct hf_cited_turn {
    const char *id;
    const char *t; /* ISO 8601, may be NULL */
    hf_partner partner;
    uint64_t words;
    struct {
        const char *data;
        size_t size;
    } text;
} hf_cited_turn;

/* What the source cannot show. */
typedef struct hf_finding_limit {
    const char *key, *text;
} hf_finding_limit;

typedef struct hf_findings_header {
    const char *record;  /* JSON object: what was read */
    const char *made_on; /* date, "2026-11-22" */
    hf_consent consent;
    const char *declared_by; /* who said that both agree; NULL: a recorded agreement, or solo */
    const char *recorded;    /* date of a recorded agreement in force; NULL: none */
    const char *protocol;    /* research */
    bool show_resources;     /* to the person at the keyboard only */
} hf_findings_header;

HF_API hf_status hf_findings_set_header(hf_findings *findings, const hf_findings_header *header);
HF_API const hf_findings_header *hf_findings_get_header(const hf_findings *findings);
HF_API hf_status hf_findings_add_figure(hf_findings *findings, const hf_figure *figure);
HF_API size_t hf_findings_count_figures(const hf_findings *findings);
HF_API const hf_figure *hf_findings_get_figure(const hf_findings *findings, size_t index);
/* A turn that is there already is left as it is. */
HF_API hf_status hf_findings_add_turn(hf_findings *findings, const hf_cited_turn *turn);
HF_API size_t hf_findings_count_turns(const hf_findings *findings);
HF_API const hf_cited_turn *hf_findings_get_turn(const hf_findings *findings, size_t index);
HF_API hf_status hf_findings_add_limit(hf_findings *findings, const char *key, const char *text);
HF_API size_t hf_findings_count_limits(const hf_findings *findings);
HF_API const hf_finding_limit *hf_findings_get_limit(const hf_findings *findings, size_t index);

/* Reads a findings.json again. The header's made_on, consent, declared_by, protocol and record
 * come back; show_resources never does: it was for the person at the keyboard at that time.
 * Errors: HF_E_IO; HF_E_PARSE (no JSON, at its place; a value that the form does not have);
 * HF_E_FORMAT (another schema). */
HF_API hf_status hf_findings_read(hf_findings **out, hf_ctx *ctx, const char *path);
HF_API hf_status hf_findings_parse(hf_findings **out, hf_ctx *ctx, const char *name,
                                   const char *text, size_t size);

/* ---- corrections ---------------------------------------------------------------------------- */

/* What the partners (or a coder) say is otherwise: JSON lines, one change a line
 * (doc/contracts.md 6). One file serves record, text and cycle:
 *
 *     {"target": "8cf0...", "field": "act", "value": "repair", "at": "2026-01-02T10:00:00Z", "by":
 * "a"}
 *
 * Of several changes of one field of one target the last holds. A target that is nowhere is
 * reported, never dropped in silence. */
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
