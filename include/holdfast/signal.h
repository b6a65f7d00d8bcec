/* SPDX-License-Identifier: MIT */
/* The main job: what the record of two people signals, as findings and series.
 *
 * An analysis reads a record once: the two partners, their turns and exchanges (split by the
 * dyad's own rhythm), the safety pass, the measures, and statements about them as the consent
 * level allows. Nothing leaves it that the consent table (finding.h) holds back. */
#ifndef HOLDFAST_SIGNAL_H
#define HOLDFAST_SIGNAL_H

#include <holdfast/consent.h>
#include <holdfast/finding.h>
#include <holdfast/record.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hf_analyze_options {
    size_t size; /* set by HF_ANALYZE_OPTIONS_INIT */
    hf_consent consent;
    const char *me;          /* name of the person at the keyboard; needed in solo; may be NULL */
    const char *partners;    /* "Ann,Ben": the two, of a record with more people; may be NULL */
    const char *protocol;    /* research: text that every output carries */
    const char *made_on;     /* date of today, "2026-11-22" */
    const char *time_unit;   /* of the series: "h" (NULL), "min", "day", "week" */
    const char *corrections; /* path of a corrections file (doc/contracts.md 6); may be NULL */
    const char
        *text_model; /* weights for the tone; NULL: where they usually lie, "none": without */
    /* consent both: the record of it. Without one the outputs say 'declared by one person'. */
    const hf_consent_record *consent_record;
    /* Opened private files of one or both, NULL at the end; may be NULL. One that rests lets joint
     * work rest (hf_joint_rests_text); lines that its owner dismissed are no cue. */
    const hf_private *const *privates;
} hf_analyze_options;
#define HF_ANALYZE_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(hf_analyze_options), HF_CONSENT_SOLO, NULL, NULL, NULL, NULL, NULL, NULL, NULL,     \
            NULL, NULL                                                                             \
    }

typedef struct hf_analysis hf_analysis;

/* record must outlive the analysis. Errors: HF_E_USAGE (who is me, no protocol: the message has
 * the names), HF_E_LIMIT (a third person writes more than 2 %: with the list),
 * HF_E_NOT_ENOUGH_DATA (fewer than two people), HF_E_SAFETY (a cue of a minor: nothing is shown).
 */
HF_API hf_status hf_analyze(hf_analysis **out, hf_ctx *ctx, hf_record *record,
                            const hf_analyze_options *options);
HF_API void hf_analysis_free(hf_analysis *analysis);

HF_API const hf_findings *hf_analysis_get_findings(const hf_analysis *analysis);
/* The same, for the rooms below that add to them (cycle, guidance). */
HF_API hf_findings *hf_analysis_extend_findings(hf_analysis *analysis);
HF_API const hf_series *hf_analysis_get_series(const hf_analysis *analysis);

/* "Ann"; partner a or b. */
HF_API const char *hf_analysis_get_name(const hf_analysis *analysis, hf_partner partner);

/* Some exchange was left out for safety: resources are due to the person at the keyboard, and to
 * nobody else. Never part of an output that others may see. */
HF_API bool hf_analysis_show_resources(const hf_analysis *analysis);
/* What was left out is one or two exchanges, none of them in the last 28 days of the record: only
 * these are silent then, guidance on the rest is not held back (doc/contracts.md 4). False also
 * when nothing was left out. As private as the line above. */
HF_API bool hf_analysis_flagged_is_old(const hf_analysis *analysis);

/* Joint work rests in this analysis: nothing is attributed to either (hf_joint_rests_text). The
 * cause is kept nowhere. */
HF_API bool hf_analysis_joint_rests(const hf_analysis *analysis);

/* Private, in solo only (0 otherwise): the lines at which the safety pass stopped, for the person
 * at the keyboard, so that one can be dismissed as 'not about me' (hf_private_dismiss). */
typedef struct hf_cue {
    char id[17];
    bool mine;
    uint64_t message;     /* index in the record */
    const char *names[8]; /* "suicide", "self_harm", "threat", "coercion", "violence" */
    int count;
} hf_cue;
HF_API size_t hf_analysis_count_cues(const hf_analysis *analysis);
HF_API void hf_analysis_get_cue(const hf_analysis *analysis, size_t index, hf_cue *out);

/* Corrections of the file whose target is not in this record: line numbers, to be reported. */
HF_API size_t hf_analysis_count_unknown_targets(const hf_analysis *analysis);
HF_API uint64_t hf_analysis_get_unknown_target(const hf_analysis *analysis, size_t index,
                                               const char **target);

/* A turn as others may see it. */
typedef struct hf_turn {
    char id[17]; /* of its first message */
    hf_partner partner;
    int64_t t_start_ms, t_end_ms; /* HF_NO_TIME without times */
    uint64_t exchange;            /* from 0 */
    uint64_t first, messages;     /* in the order of the turns' messages */
    uint64_t words;
    const char *language; /* "en", "unknown" */
} hf_turn;
HF_API size_t hf_analysis_count_turns(const hf_analysis *analysis);
HF_API void hf_analysis_get_turn(const hf_analysis *analysis, size_t index, hf_turn *out);

#ifdef __cplusplus
}
#endif
#endif
