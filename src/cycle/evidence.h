/* SPDX-License-Identifier: MIT */
/* The mechanisms of the article, looked for in one dyad's own turns (doc/evidence.md). */
#ifndef HF_CYCLE_EVIDENCE_H
#define HF_CYCLE_EVIDENCE_H

#include "cycle/cycle.h"
#include "cycle/evidence_stats.h"

#include <holdfast/attachment.h>

/* X(NAME, key, mechanism, grade, output, about each partner, slope, unit of the slope)
 * About partner p; what is given and what then is looked at stands in evidence_trials.c. */
#define HF_I_EVIDENCE_LIST(X)                                                                      \
    X(UNANSWERED_HARD, "unanswered_then_hard", "S17", 'B', ACTS, true, false)                      \
    X(HARD_HARD, "hard_then_hard", "S52", 'A', INFLUENCE, true, false)                             \
    X(EMOTION_CONSTRUCTIVE, "emotion_then_constructive", "S18", 'B', INFLUENCE, true, false)       \
    X(SOFT_WARM, "soft_then_warm", "S20 S48", 'A', INFLUENCE, true, false)                         \
    X(MET_OPEN, "met_then_open", "S46 S20", 'B', INFLUENCE, true, false)                           \
    X(SOFT_REPLY, "soft_reply_seen", "S46", 'C', ACTS, true, false)                                \
    X(SOFT_OR_HARD, "need_soft_or_hard", "S38 S41 S51", 'C', INFLUENCE, true, false)               \
    X(SIGNALS, "signals_then_episode", "S30 S35", 'C', INFLUENCE, true, false)                     \
    X(NO_REPLY_EPISODE, "no_reply_then_episode", "S31", 'C', INFLUENCE, false, false)              \
    X(TONE_EPISODE, "tone_then_episode", "S32", 'C', INFLUENCE, false, false)                      \
    X(SHORT_EPISODE, "short_then_episode", "S33", 'C', INFLUENCE, false, false)                    \
    X(UPTAKE_EPISODE, "uptake_then_episode", "S34", 'C', INFLUENCE, false, false)                  \
    X(CONTACT_CALM, "contact_then_calm", "S28", 'B', INFLUENCE, false, false)                      \
    X(CLOSE_CALM, "closeness_then_calm", "S27", 'A', INFLUENCE, false, false)                      \
    X(ADAPTING, "adapting", "S59", 'C', INFLUENCE, true, true)                                     \
    X(CONTACT_TREND, "contact_trend", "S53", 'B', TIMING, false, true)                             \
    X(WARMTH_TREND, "warmth_trend", "S53", 'B', ACTS, true, true)                                  \
    X(FELT_SAID, "felt_then_said", "S50", 'C', ACTS, true, false)

typedef enum hf_i_mechanism {
#define HF_I_EVIDENCE_ENUM(name, key, mech, grade, output, by, slope) HF_I_E_##name,
    HF_I_EVIDENCE_LIST(HF_I_EVIDENCE_ENUM)
#undef HF_I_EVIDENCE_ENUM
        HF_I_E_COUNT
} hf_i_mechanism;

typedef struct hf_i_mechanism_info {
    const char *key, *mechanism;
    char grade;
    hf_output output;
    bool by_partner, slope;
} hf_i_mechanism_info;
extern const hf_i_mechanism_info hf_i_mechanism_infos[HF_I_E_COUNT];

/* ---- trials --------------------------------------------------------------------------------- */

/* What a coded turn does, from its acts; nothing is set for a turn that is not coded or masked. */
enum {
    HF_I_DOES_HARD = 1,         /* blame, contempt, defence, stepping out, hard emotion */
    HF_I_DOES_SOFT = 2,         /* need or disclosure without anything hard */
    HF_I_DOES_WARM = 4,         /* support, acknowledging, repair, without anything hard */
    HF_I_DOES_CONSTRUCTIVE = 8, /* warm, a question, or a need, without anything hard */
    HF_I_DOES_NEED = 16,        /* need, disclosure, or words that point to a need; soft or hard */
    HF_I_CODED = 32
};

typedef struct hf_i_trials {
    hf_ctx *ctx;
    hf_i_trial *items;
    size_t count, cap;
} hf_i_trials;
hf_status hf_i_trials_add(hf_i_trials *out, const hf_i_trial *trial);

/* Per exchange with a coded turn, in order. Sums over turns of each partner. */
typedef struct hf_i_exchange_sum {
    uint32_t exchange, first, last; /* turns */
    uint32_t turns[2], coded[2], hard[2], soft[2], warm[2], unanswered[2];
    double signal[2][4]; /* sums of wait, coldness, shortness, lack of uptake, in own SDs */
    uint32_t signals[2][4];
    double from_h, to_h;
    bool masked, in_episode, onset, problem;
} hf_i_exchange_sum;

/* What all trials are made from. */
typedef struct hf_i_evidence_view {
    hf_ctx *ctx;
    const hf_cycle *cycle;
    uint8_t *does; /* [cycle->count] */
    hf_i_exchange_sum *exchanges;
    size_t exchange_count;
    bool timed;
    double usual_gap_h; /* median between exchanges; NaN without times */
} hf_i_evidence_view;
hf_status hf_i_evidence_view_make(hf_i_evidence_view *out, hf_ctx *ctx, const hf_cycle *cycle);
void hf_i_evidence_view_dispose(hf_i_evidence_view *view);

/* The trials of a mechanism about partner p (0 of those about both). evidence_trials.c: from turn
 * to turn; evidence_exchanges.c: from exchange to exchange, and over months. */
hf_status hf_i_turn_trials(hf_i_trials *out, const hf_i_evidence_view *view, hf_i_mechanism which,
                           int p);
hf_status hf_i_exchange_trials(hf_i_trials *out, const hf_i_evidence_view *view,
                               hf_i_mechanism which, int p);

/* diary.c: from day to day, where the record holds a diary. */
hf_status hf_i_diary_trials(hf_i_trials *out, const hf_i_evidence_view *view, int p);

/* ---- all of it ------------------------------------------------------------------------------ */

enum { HF_I_EVIDENCE_EXAMPLES = 3 };

typedef struct hf_i_evidence_item {
    hf_i_mechanism which;
    int about; /* 0, 1; 2: both */
    hf_i_contrast contrast;
    hf_i_slope slope;
    bool enough, seen;
    double p_corrected;
    uint32_t examples[HF_I_EVIDENCE_EXAMPLES]; /* newest first; UINT32_MAX ends */
} hf_i_evidence_item;

typedef struct hf_i_evidence {
    hf_i_evidence_item items[2 * HF_I_E_COUNT];
    size_t count;
    size_t looked_at; /* tests behind the correction */
} hf_i_evidence;

/* Finds all; looked_also [also_count]: p-values of other things looked at in this dyad (influence
 * between the two series), corrected together with the mechanisms, in place. */
hf_status hf_i_evidence_find(hf_i_evidence *out, hf_ctx *ctx, const hf_cycle *cycle,
                             double *looked_also, size_t also_count);

/* Adds what was found to the analysis' findings: mechanisms, pillars, dynamics. The analysis is the
 * one that the cycle was made from. */
hf_status hf_i_evidence_write(const hf_cycle *cycle, hf_analysis *analysis);

/* evidence_pillars.c */
hf_status hf_i_pillars_write(const hf_i_evidence_view *view, hf_analysis *analysis);

#endif
