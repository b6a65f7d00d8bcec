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

typedef enum hf_visibility { HF_VISIBLE_A, HF_VISIBLE_B, HF_VISIBLE_JOINT } hf_visibility;

/* The consent level of an analysis (doc/contracts.md 4). */
typedef enum hf_consent { HF_CONSENT_SOLO, HF_CONSENT_BOTH, HF_CONSENT_RESEARCH } hf_consent;
HF_API const char *hf_consent_name(hf_consent consent);

/* What an output shows about a partner; checked in the library for every output.
 * subject_is_me: the row or number is about the person at the keyboard. */
#define HF_OUTPUT_LIST(X)                                                                          \
    X(TEXT, "text")             /* words of a turn */                                              \
    X(TIMING, "timing")         /* times and lengths of turns */                                   \
    X(ACTS, "acts")             /* acts, tone, signals, phases attributed to a person */           \
    X(PROFILE, "profile")       /* attachment profile */                                           \
    X(SELF_DYNAMICS, "self_dynamics") /* set point, inertia */                                     \
    X(INFLUENCE, "influence")   /* what one does to the other */
typedef enum hf_output {
#define HF_OUTPUT_ENUM(name, text) HF_OUTPUT_##name,
    HF_OUTPUT_LIST(HF_OUTPUT_ENUM)
#undef HF_OUTPUT_ENUM
        HF_OUTPUT_COUNT
} hf_output;
HF_API bool hf_consent_allows(hf_consent consent, hf_output output, bool subject_is_me);

/* A named value for the text of a finding: number or words. */
typedef struct hf_finding_value {
    const char *key;
    double number;    /* used when text is NULL */
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
    char grade; /* 'A', 'B', 'C', '-' */
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
 * not_enough_data or not_shown (HF_E_INTERNAL). */
HF_API hf_status hf_findings_add(hf_findings *findings, const hf_finding *finding);
HF_API size_t hf_findings_count(const hf_findings *findings);
HF_API const hf_finding *hf_findings_get(const hf_findings *findings, size_t index);
HF_API const hf_finding *hf_findings_find(const hf_findings *findings, const char *id);

#ifdef __cplusplus
}
#endif
#endif
