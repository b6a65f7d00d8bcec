/* SPDX-License-Identifier: MIT */
/* What may help: rules over findings, small practices and whether they moved anything, the request
 * coach, the cycle in the couple's own words. Safety comes first: where a record
 * or a private answer speaks of danger, nothing is suggested, in the same words as when there is
 * nothing to suggest (doc/guidance.md).
 *
 * Inspired by emotionally focused therapy, the work of Gottman, and integrative behavioural couple
 * therapy; certified by none of them. */
#ifndef HOLDFAST_GUIDANCE_H
#define HOLDFAST_GUIDANCE_H

#include <holdfast/finding.h>
#include <holdfast/record.h>
#include <holdfast/text_model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- rules ------------------------------------------------------------------------------------
 */

/* The order of guidance: a later step is not offered while an earlier one is open. 'keep' is what
 * worked, when nothing is open. */
#define HF_STEP_LIST(X)                                                                            \
    X(FLOODING, "flooding")                                                                        \
    X(LISTEN, "listen")                                                                            \
    X(NEED, "need")                                                                                \
    X(PROBLEM, "problem")                                                                          \
    X(KEEP, "keep")

typedef enum hf_step {
#define HF_STEP_ENUM(name, text) HF_STEP_##name,
    HF_STEP_LIST(HF_STEP_ENUM)
#undef HF_STEP_ENUM
        HF_STEP_COUNT
} hf_step;
HF_API const char *hf_step_name(hf_step step);

typedef struct hf_rule {
    const char *id, *mechanism, *source;
    const char *practice; /* id, or NULL */
    hf_step step;
    int weight; /* within a step the heavier rule comes first; of equal ones the earlier */
    char grade;
    uint64_t line;
} hf_rule;

typedef struct hf_rules hf_rules;

/* path NULL: the rules of the library (data/guidance/rules.txt). The language of a rules file is in
 * doc/guidance.md. Errors: HF_E_IO; HF_E_PARSE with the line and what to do. */
HF_API hf_status hf_rules_read(hf_rules **out, hf_ctx *ctx, const char *path);
HF_API hf_status hf_rules_parse(hf_rules **out, hf_ctx *ctx, const char *name, const char *text,
                                size_t size);
HF_API void hf_rules_free(hf_rules *rules);
HF_API size_t hf_rules_count(const hf_rules *rules);
HF_API const hf_rule *hf_rules_get(const hf_rules *rules, size_t index);

typedef struct hf_guide_options {
    size_t size;
    const hf_rules *rules; /* NULL: the library's */
    bool held_back;        /* safety: a private screen, a consent record or recent words say so */
    bool flagged_is_old;   /* hf_analysis_flagged_is_old: exchanges left out do not hold back */
} hf_guide_options;
#define HF_GUIDE_OPTIONS_INIT                                                                      \
    {                                                                                              \
        sizeof(hf_guide_options), NULL, false, false                                               \
    }

/* Adds the figure 'suggestion' (doc/schema/findings.md): one suggestion with its reasons, at most
 * two of the same step behind it for who says 'not this one', or the neutral sentence. Who is at
 * the keyboard, the names and the consent level come from the header. With consent 'research' there
 * is no suggestion. Errors: HF_E_USAGE (there is one already), HF_E_NOMEM. */
HF_API hf_status hf_guide(hf_findings *findings, hf_ctx *ctx, const hf_guide_options *options);

/* ---- practices ---------------------------------------------------------------------------------
 */

typedef struct hf_practice {
    const char *id;
    char module;         /* of the five strategies: 'A' to 'E' */
    int way;             /* of the article's four ways back: 1 to 4; 0: none */
    const char *minutes; /* "2", "20 to 60" */
    const char *who;     /* "one", "both", "one or both" */
    const char *moves;   /* the measure it should move: a series ("answered"), a check-in item
                            ("rating:too_much"), or "" */
    const char *whose;   /* "own", "other", "ab"; "" with an empty measure */
    int direction;       /* +1, -1: where to; 0 with an empty measure */
    char grade;
    const char *mechanism, *source;
} hf_practice;

typedef struct hf_practices hf_practices;
HF_API hf_status hf_practices_new(hf_practices **out, hf_ctx *ctx);
HF_API void hf_practices_free(hf_practices *practices);
HF_API size_t hf_practices_count(const hf_practices *practices);
HF_API const hf_practice *hf_practices_get(const hf_practices *practices, size_t index);
HF_API const hf_practice *hf_practices_find(const hf_practices *practices, const char *id);
/* A sentence of a practice: part is "name", "do", "time", "helped", "not"; NULL: not in this
 * language. Borrowed until the next call. */
HF_API const char *hf_practices_text(hf_practices *practices, const char *language, const char *id,
                                     const char *part);

/* Adds one line to a practice log (made when it is not there): date, partner, item "practice_ID",
 * value 0..10 (how it went). The file reads as a diary beside a chat: `analyze chat.txt log.csv`.
 * person: the name in the chat. Errors: HF_E_USAGE (unknown practice with the list, no date, a
 * value out of range, the same practice twice on a day without replace), HF_E_FORMAT. */
typedef struct hf_practice_entry {
    const char *date, *person, *practice;
    double value;
    bool replace;
} hf_practice_entry;
HF_API hf_status hf_practice_log(hf_ctx *ctx, const hf_practices *practices, const char *path,
                                 const hf_practice_entry *entry);

/* For every practice that the record's ratings log: a finding 'practice_ID.a' (b) with the measure
 * before and after the first time, from the weekly series of the findings: difference of the means
 * with its interval (Welch), or not enough data (fewer than four weeks on a side). 'Followed by',
 * never 'because'. Also 'flooded.a' from check-in ratings of 'too_much'. Solo: own ratings only.
 * Errors: HF_E_NOMEM, HF_E_INTERNAL. */
HF_API hf_status hf_practice_findings(hf_findings *findings, hf_ctx *ctx, const hf_record *record,
                                      const hf_practices *practices);

/* ---- the request coach -------------------------------------------------------------------------
 */

typedef enum hf_coach_state {
    HF_COACH_OPTIONS,        /* options to choose from */
    HF_COACH_CLEAR,          /* a request is in it already: options still follow */
    HF_COACH_NOT_REWRITTEN,  /* danger, an insult or control: never reworded */
    HF_COACH_OTHER_LANGUAGE, /* not English, or not known */
    HF_COACH_EMPTY           /* no words */
} hf_coach_state;
HF_API const char *hf_coach_state_name(hf_coach_state state);

typedef enum hf_coach_part {
    HF_COACH_OBSERVATION,
    HF_COACH_FEELING,
    HF_COACH_NEED,
    HF_COACH_REQUEST,
    HF_COACH_PARTS
} hf_coach_part;
HF_API const char *hf_coach_part_name(hf_coach_part part);

typedef struct hf_coach_option {
    hf_coach_part part;
    const char *text;
    const char *need; /* part need: one of the nine; else NULL */
} hf_coach_option;

typedef struct hf_coach_answer {
    hf_coach_state state;
    bool reduced;        /* without the text model: words only */
    bool show_resources; /* to the one who typed, and to nobody else */
    bool ultimatum;      /* 'if you ... I ...': leaving may be meant; it is asked */
    bool always;         /* 'always', 'never' were in it */
    const char *said;    /* one or two sentences; why nothing is offered, or how to read this */
    hf_coach_option options[24];
    size_t count;
} hf_coach_answer;

typedef struct hf_coach hf_coach;
/* model may be NULL (reduced) and must outlive the coach. */
HF_API hf_status hf_coach_new(hf_coach **out, hf_ctx *ctx, const hf_text_model *model);
HF_API void hf_coach_free(hf_coach *coach);
/* text: one sentence or a few, at most 2,000 bytes (HF_E_LIMIT). Texts of the answer are borrowed
 * until the next call. Rules and templates only; nothing is kept. */
HF_API hf_status hf_coach_say(hf_coach *coach, const char *text, size_t size, hf_coach_answer *out);

/* ---- sentences ----------------------------------------------------------------------------------
 */

/* The sentences of this room (data/guidance/XX.json) by key: "coach.always", "loop.ask.trigger".
 * Borrowed until the next call; an unknown key comes back as it is. */
typedef struct hf_guide_words hf_guide_words;
HF_API hf_status hf_guide_words_new(hf_guide_words **out, hf_ctx *ctx, const char *language);
HF_API void hf_guide_words_free(hf_guide_words *words);
HF_API const char *hf_guide_words_get(hf_guide_words *words, const char *key);

/* ---- the cycle in their own words --------------------------------------------------------------
 */

#define HF_LOOP_LIST(X)                                                                            \
    X(TRIGGER, "trigger")       /* what sets it off */                                             \
    X(DID, "did")               /* what I did then */                                              \
    X(SURFACE, "surface")       /* what showed */                                                  \
    X(UNDERNEATH, "underneath") /* what was under it */                                            \
    X(NEEDED, "needed")
typedef enum hf_loop_part {
#define HF_LOOP_ENUM(name, text) HF_LOOP_##name,
    HF_LOOP_LIST(HF_LOOP_ENUM)
#undef HF_LOOP_ENUM
        HF_LOOP_PARTS
} hf_loop_part;
HF_API const char *hf_loop_part_name(hf_loop_part part);

typedef struct hf_loop_side {
    const char *name;
    const char *parts[HF_LOOP_PARTS]; /* NULL or "": left empty */
} hf_loop_side;

typedef struct hf_loop {
    hf_loop_side sides[2]; /* the second without a name: one person's loop */
    const char *made_on;
} hf_loop;

/* loop.json, read and written; and the page to print (one A4 page, no script, no request).
 * language "en", "de". A read loop is freed by hf_loop_free. Errors: HF_E_PARSE at its place;
 * HF_E_LIMIT for an answer over 300 bytes; HF_E_NOT_FOUND for a language. */
HF_API hf_status hf_loop_read(hf_loop **out, hf_ctx *ctx, const char *path);
HF_API void hf_loop_free(hf_ctx *ctx, hf_loop *loop);
HF_API hf_status hf_loop_write_json(const hf_loop *loop, hf_ctx *ctx, hf_outfile *file);
HF_API hf_status hf_loop_write_html(const hf_loop *loop, hf_ctx *ctx, const char *language,
                                    hf_outfile *file);

#ifdef __cplusplus
}
#endif
#endif
