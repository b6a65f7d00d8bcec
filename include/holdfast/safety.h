/* SPDX-License-Identifier: MIT */
/* Safety: where people can be reached, the private screen, what kind of help fits, the referral
 * brief, the log that both can read (doc/safety.md).
 *
 * 'Nothing was flagged' is never 'safe'. Nothing here diagnoses. What the screen hears stays with
 * the person who answered: it goes to a sealed file (consent.h) or nowhere. */
#ifndef HOLDFAST_SAFETY_H
#define HOLDFAST_SAFETY_H

#include <holdfast/consent.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- resources: a table that people may edit -------------------------------------------------- */

/* Every row is unverified until someone has called or read it at its official source and put date
 * and name; a year later it is old. Neither is ever shown as verified. */
typedef enum hf_resource_state {
    HF_RESOURCE_UNVERIFIED,
    HF_RESOURCE_OLD, /* verified more than 12 months ago, or in the future */
    HF_RESOURCE_VERIFIED
} hf_resource_state;

/* Missing cells are "". country: "US", "UK", "EU" (the whole of it), "all". */
typedef struct hf_resource {
    const char *country, *language, *kind, *name, *phone, *text, *url, *hours, *audience;
    const char *last_verified, *verified_by, *note;
    hf_resource_state state;
    uint64_t line;
} hf_resource;

typedef struct hf_resources hf_resources;
/* path NULL: the library's table. today: "2026-11-22". Errors: HF_E_IO; HF_E_PARSE with line and
 * what to do (a column is missing, an unknown kind, a date that is none, a row without a way to
 * reach anyone). Thread-safety: read once, then any thread may look. */
HF_API hf_status hf_resources_read(hf_resources **out, hf_ctx *ctx, const char *path,
                                   const char *today);
HF_API void hf_resources_free(hf_resources *resources);
HF_API size_t hf_resources_count(const hf_resources *resources);
HF_API const hf_resource *hf_resources_at(const hf_resources *resources, size_t index);
/* Is the row for someone in this country ("us" = "US"; NULL: any)? A country of the EU also gets
 * the EU's rows, every country those for all. */
HF_API bool hf_resource_is_for(const hf_resource *resource, const char *country);
/* Some row names this country itself, or the EU for it. */
HF_API bool hf_resources_know(const hf_resources *resources, const char *country);
/* "988 Suicide and Crisis Lifeline (US): 988; text 988 [not verified]". language: of the marks. */
HF_API hf_status hf_resource_say(const hf_resource *resource, const char *language, char *out,
                                 size_t size);
/* The library's table as CSV, to be edited. */
HF_API const char *hf_resources_csv(size_t *size);
/* The lines of the library's table, by index from 0 until HF_E_NOT_FOUND. */
HF_API hf_status hf_resources_get(hf_ctx *ctx, size_t index, char *out, size_t size);

/* ---- the private screen ------------------------------------------------------------------------- */

typedef enum hf_screen_answer { HF_SCREEN_SKIPPED, HF_SCREEN_NO, HF_SCREEN_YES } hf_screen_answer;

typedef struct hf_screen_question {
    const char *id, *topic, *text;
} hf_screen_question;

/* joint work rests; urgent: someone is in danger now, help first. help: kinds of resources, in the
 * order in which they are to be shown, NULL at the end. */
typedef struct hf_screen_outcome {
    bool rests, urgent;
    const char *help[8];
} hf_screen_outcome;

typedef struct hf_screen hf_screen;
/* The questions, Holdfast's own, not validated. HF_E_NOT_FOUND: none in this language. */
HF_API hf_status hf_screen_read(hf_screen **out, hf_ctx *ctx, const char *language);
HF_API void hf_screen_free(hf_screen *screen);
HF_API size_t hf_screen_count(const hf_screen *screen);
HF_API const hf_screen_question *hf_screen_get(const hf_screen *screen, size_t index);
/* What is said around them: "hint", "skip", ...; never NULL. */
HF_API const char *hf_screen_text(const hf_screen *screen, const char *key);
/* answers [count]. A skipped answer is no answer: it lets nothing rest. */
HF_API void hf_screen_judge(const hf_screen *screen, const hf_screen_answer *answers,
                            hf_screen_outcome *out);
/* Puts the outcome (and, with answers, those) into a private file. date: "2026-11-22". */
HF_API hf_status hf_screen_keep(const hf_screen *screen, const hf_screen_outcome *outcome,
                                const hf_screen_answer *answers, const char *date,
                                hf_private *file);

/* ---- what kind of help fits ------------------------------------------------------------------------ */

typedef enum hf_help {
    HF_HELP_URGENT,
    HF_HELP_INDIVIDUAL,
    HF_HELP_COUPLE,
    HF_HELP_SELF,
    HF_HELP_COUNT
} hf_help;
HF_API const char *hf_help_name(hf_help help); /* "couple" */

/* What the person says; no diagnosis follows from it. */
typedef struct hf_help_answers {
    bool both_want;   /* both want to work on it */
    bool alone_first; /* I want something for myself */
    bool distress;    /* it has been hard for two weeks or more */
    bool old_wound;   /* something old and heavy keeps coming back */
    bool stuck;       /* we have tried ourselves, and it comes back */
} hf_help_answers;

typedef struct hf_help_fit {
    hf_help kinds[HF_HELP_COUNT]; /* in the order in which they fit */
    const char *reasons[HF_HELP_COUNT]; /* keys for hf_screen_text: "fit.urgent" */
    size_t count;
} hf_help_fit;
/* Exclusions first: where joint work rests nothing for couples is named. */
HF_API void hf_help_choose(hf_help_fit *out, const hf_screen_outcome *screen,
                           const hf_help_answers *answers);

/* ---- the referral brief ----------------------------------------------------------------------------- */

/* What its author ticked; nothing else is in it. NULL: not ticked. */
typedef struct hf_brief {
    size_t size;
    const char *name, *needs, *language, *mode, *cost, *availability, *place, *wishes, *made_on;
    const char *text_language; /* of the brief: "en", "de" */
} hf_brief;
#define HF_BRIEF_INIT                                                                              \
    {                                                                                              \
        sizeof(hf_brief), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "en"               \
    }
/* One page each. HF_E_USAGE: nothing is ticked. */
HF_API hf_status hf_brief_write_text(const hf_brief *brief, hf_ctx *ctx, hf_outfile *file);
HF_API hf_status hf_brief_write_html(const hf_brief *brief, hf_ctx *ctx, hf_outfile *file);
HF_API hf_status hf_brief_write_json(const hf_brief *brief, hf_ctx *ctx, hf_outfile *file);

/* A directory that the user has, ranked by the brief: hard filters first, then weights that stand
 * in a file. Cells of a directory may hold several words, divided by ';'. */
typedef struct hf_ranked {
    size_t rank;  /* from 1; equal scores have equal ranks */
    bool tied;
    const char *name;
    double score; /* share of the weight that fits; what is unknown counts half, never as no */
    const char *reason; /* "language: yes (3); mode: yes (2); cost: not said (2)" */
} hf_ranked;
typedef struct hf_ranking hf_ranking;

/* directory: CSV with a header (name, needs, language, mode, cost, availability, place) or a JSON
 * array of objects with these keys; weights: lines 'criterion number', NULL: the library's; must:
 * criteria that a row may not fail ("language,mode"), NULL: none. Rows that fail one are left out
 * and counted. Errors: HF_E_IO, HF_E_PARSE with the line, HF_E_USAGE (an unknown criterion). */
HF_API hf_status hf_ranking_read(hf_ranking **out, hf_ctx *ctx, const hf_brief *brief,
                                 const char *directory, const char *weights, const char *must);
HF_API void hf_ranking_free(hf_ranking *ranking);
HF_API size_t hf_ranking_count(const hf_ranking *ranking);
HF_API const hf_ranked *hf_ranking_get(const hf_ranking *ranking, size_t index);
HF_API size_t hf_ranking_left_out(const hf_ranking *ranking);
HF_API const char *hf_ranking_weights_text(size_t *size); /* the library's, to be edited */

/* ---- the log that both can read --------------------------------------------------------------------- */

/* Only these events exist: there is none for a screen, a resource, a pause, a private file. */
typedef enum hf_audit_event {
    HF_AUDIT_CONSENT_MADE,
    HF_AUDIT_CONSENT_CONFIRMED,
    HF_AUDIT_CONSENT_REVOKED,
    HF_AUDIT_REPORT_MADE,
    HF_AUDIT_REPORT_REMOVED
} hf_audit_event;
HF_API const char *hf_audit_event_name(hf_audit_event event); /* "report_made" */
/* Adds one JSON line {at, event, who, what} at the end of the file. who and what may be NULL. */
HF_API hf_status hf_audit_add(hf_ctx *ctx, const char *path, const char *date,
                              hf_audit_event event, const char *who, const char *what);

#ifdef __cplusplus
}
#endif
#endif
