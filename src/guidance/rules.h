/* SPDX-License-Identifier: MIT */
/* Rules as they are read, and what they are held against. */
#ifndef HF_GUIDANCE_RULES_H
#define HF_GUIDANCE_RULES_H

#include "guidance/blocks.h"
#include "text/json_tree.h"

#include <holdfast/guidance.h>

enum { HF_I_MAX_TESTS = 6, HF_I_MAX_TURNS = 3, HF_I_MAX_REASONS = 4, HF_I_MAX_OFFERED = 3 };

typedef enum hf_i_op {
    HF_I_LESS,
    HF_I_LESS_EQUAL,
    HF_I_MORE,
    HF_I_MORE_EQUAL,
    HF_I_EQUAL,
    HF_I_DIFFERS
} hf_i_op;

/* One test of a finding: 'hi < 0.8', 'value.pursued > value.withdrew', 'text_key = recent.less'. */
typedef struct hf_i_test {
    const char *left;
    hf_i_op op;
    const char *right; /* a field's name or a text; NULL: number */
    bool texts;        /* both sides are texts */
    double number;
} hf_i_test;

typedef enum hf_i_condition_kind {
    HF_I_WHEN_CONSENT, /* consent solo|both */
    HF_I_WHEN_ME,      /* me known */
    HF_I_WHEN_FINDING, /* finding PATTERN [STATUS] [TEST and TEST] [within N days] */
    HF_I_WHEN_SERIES,  /* series ID.WHO below|above usual N [within N days] */
    HF_I_WHEN_EPISODES /* episodes {me}|{other}|any ROLE N [within N days] */
} hf_i_condition_kind;

/* What an episode is asked for: a role of a person; or how it stands. */
#define HF_I_EPISODE_LIST(X)                                                                       \
    X(RAISED_NEED, "raised_need")                                                                  \
    X(PURSUES, "pursues")                                                                          \
    X(WITHDRAWS, "withdraws")                                                                      \
    X(REPAIRS, "repairs")                                                                          \
    X(TRIED, "tried")       /* repaired by this person, and it did not land */                     \
    X(OPEN, "open")         /* not closed in this record */                                        \
    X(RETURNED, "returned") /* back to connection */                                               \
    X(PROBLEM, "problem")   /* a concrete matter was named */
typedef enum hf_i_episode_role {
#define HF_I_EPISODE_ENUM(name, text) HF_I_EPISODE_##name,
    HF_I_EPISODE_LIST(HF_I_EPISODE_ENUM)
#undef HF_I_EPISODE_ENUM
        HF_I_EPISODE_COUNT
} hf_i_episode_role;
extern const char *const hf_i_episode_names[HF_I_EPISODE_COUNT];

typedef struct hf_i_condition {
    hf_i_condition_kind kind;
    uint64_t line;
    bool unless;    /* must not hold */
    bool or_before; /* an alternative to the condition before it */
    const char *pattern;
    hf_consent consent;
    int status; /* an hf_finding_status; -1: seen or hypothesis */
    hf_i_test tests[HF_I_MAX_TESTS];
    size_t test_count;
    bool above;
    int64_t periods; /* running; of episodes: how many at least */
    hf_i_episode_role role;
    int64_t within_days; /* of the record's end; 0: any time */
} hf_i_condition;

typedef struct hf_i_rule {
    hf_rule pub;
    const char *title, *text, *change; /* own words; NULL: guide.ID.title and so on */
    size_t first, count;               /* conditions */
} hf_i_rule;

struct hf_rules {
    hf_ctx *ctx;
    hf_i_blocks blocks;
    hf_i_rule *rules;
    size_t count, capacity;
    hf_i_condition *conditions;
    size_t condition_count, condition_capacity;
};

/* ---- holding them against findings (match.c) ------------------------------------------------- */

/* Who is who while a rule is tried. */
typedef struct hf_i_binding {
    int me; /* 0 or 1; -1: nobody is named */
} hf_i_binding;

/* Why a rule holds: a finding, or a stretch of a series. */
typedef struct hf_i_reason {
    const hf_finding *finding;      /* or NULL */
    char episode[64];               /* its id; the newest of those that fit */
    const char *role;               /* in it */
    bool nobody;                    /* of nobody in particular: about means nothing */
    char turns[HF_I_MAX_TURNS][24]; /* of the episode */
    char series[64];                /* its id */
    char from[32], to[32];          /* first and last day */
    hf_partner about;
    bool above;
    int64_t periods;
} hf_i_reason;

typedef struct hf_i_match {
    const hf_i_rule *rule;
    hf_i_binding binding;
    hf_i_reason reasons[HF_I_MAX_REASONS];
    size_t reason_count;
} hf_i_match;

typedef struct hf_i_matcher {
    hf_ctx *ctx;
    const hf_rules *rules;
    const hf_findings *findings;
    hf_consent consent;
    char last[40];         /* ISO time of the record's end, or "" */
    hf_i_json_tree record; /* of the header */
    int me;                /* -1: not said */
    char name[2][256];
    hf_i_json_tree episodes; /* of the figure of that name; empty: none */
    hf_i_json_tree series;   /* of the series looked at last */
    char series_id[64];
} hf_i_matcher;

hf_status hf_i_matcher_init(hf_i_matcher *m, hf_ctx *ctx, const hf_rules *rules,
                            const hf_findings *findings);
void hf_i_matcher_dispose(hf_i_matcher *m);
/* Does a rule hold with this binding? Then *out says why. */
hf_status hf_i_rule_holds(hf_i_matcher *m, const hf_i_rule *rule, hf_i_binding binding,
                          hf_i_match *out, bool *holds);
/* episodes.c: do enough episodes fit? */
hf_status hf_i_episodes_open(hf_i_matcher *m);
bool hf_i_episodes_fit(const hf_i_matcher *m, const hf_i_condition *c, hf_i_binding b,
                       hf_i_reason *out);

/* Days from a to b, ISO dates; false when one is none. */
bool hf_i_days_between(const char *a, const char *b, int64_t *days);

#endif
