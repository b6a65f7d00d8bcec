/* SPDX-License-Identifier: MIT */
/* The measures of science/measures, summed by partner, period and block of exchanges, so that one
 * walk over the turns serves every value, interval and series. Exchanges flagged for safety are
 * left out.
 *
 * A measure about partner p is a ratio num/den: a share (hits of trials), a mean (sum of n), or a
 * count per period. Who is it about? The one who does it: answered.a is how often a answered b.
 */
#ifndef HF_SIGNAL_MEASURES_H
#define HF_SIGNAL_MEASURES_H

#include "num/stats_survival.h"
#include "signal/content.h"
#include "signal/rhythm.h"

#include <holdfast/finding.h>

typedef enum hf_i_measure_kind { HF_I_SHARE, HF_I_MEAN, HF_I_COUNT } hf_i_measure_kind;

/* X(NAME, name, kind, unit, output, by partner, English only, mechanism, grade) */
#define HF_I_MEASURE_LIST(X)                                                                       \
    X(MESSAGES, "messages", COUNT, "messages", TIMING, true, false, "S53", 'B')                    \
    X(WORDS, "words", COUNT, "words", TIMING, true, false, "S53", 'B')                             \
    X(EXCHANGES, "exchanges", COUNT, "exchanges", TIMING, false, false, "S53", 'B')                \
    X(EXCHANGE_TURNS, "exchange_turns", MEAN, "turns", TIMING, false, false, "S33", 'C')           \
    X(TURN_WORDS, "words_per_turn", MEAN, "words", ACTS, true, false, "S33", 'C')                  \
    X(BURST, "messages_per_turn", MEAN, "messages", ACTS, true, false, "S44", 'C')                 \
    X(VOLUME, "volume", SHARE, "share", ACTS, true, false, "S74", 'B')                             \
    X(INITIATION, "initiation", SHARE, "share", ACTS, true, false, "S74", 'B')                     \
    X(REPLY_RATE, "answered", SHARE, "share", ACTS, true, false, "S31 S57", 'B')                   \
    X(DOUBLE_TEXT, "double_text", SHARE, "share", ACTS, true, false, "S44", 'C')                   \
    X(QUESTIONS, "questions", SHARE, "share", ACTS, true, false, "S34", 'B')                       \
    X(ANSWERED, "question_answered", SHARE, "share", ACTS, true, false, "S34 S57", 'B')            \
    X(FOLLOW_UP, "follow_up", SHARE, "share", ACTS, true, false, "S34", 'B')                       \
    X(UPTAKE, "uptake", SHARE, "share", ACTS, true, false, "S34", 'B')                             \
    X(I_TALK, "pronoun_i", SHARE, "share", ACTS, true, true, "S36", 'B')                           \
    X(YOU_TALK, "pronoun_you", SHARE, "share", ACTS, true, true, "S36", 'B')                       \
    X(WE_TALK, "pronoun_we", SHARE, "share", ACTS, true, true, "S36", 'A')                         \
    X(TONE, "tone", MEAN, "sd", ACTS, true, true, "S32", 'C')

typedef enum hf_i_measure {
#define HF_I_MEASURE_ENUM(name, text, kind, unit, output, by, en, mech, grade) HF_I_M_##name,
    HF_I_MEASURE_LIST(HF_I_MEASURE_ENUM)
#undef HF_I_MEASURE_ENUM
        HF_I_MEASURE_COUNT
} hf_i_measure;

typedef struct hf_i_measure_info {
    const char *name, *unit, *mechanism;
    hf_i_measure_kind kind;
    hf_output output;
    bool by_partner, english_only;
    char grade;
} hf_i_measure_info;

extern const hf_i_measure_info hf_i_measure_infos[HF_I_MEASURE_COUNT];

typedef struct hf_i_cell {
    double num, den, squares; /* squares of single values, for means */
    uint32_t n;
} hf_i_cell;

/* How long turn k waited for the other's answer. */
typedef struct hf_i_wait {
    int64_t ms;      /* without the answering partner's quiet hours */
    uint32_t answer; /* the answering turn, UINT32_MAX: none seen */
    bool open;       /* an answer could be expected: no closer, observed long enough */
    bool other_way;  /* answered by a reaction or a call */
} hf_i_wait;

enum { HF_I_EXAMPLES = 3 };

/* Of the pairs (turn, answer): their number, then for each of the eight markers how many turns
 * have it, how many answers have it, and how many pairs have it twice. */
enum { HF_I_MARKERS = 8, HF_I_COORDINATION = 1 + 3 * HF_I_MARKERS };

typedef struct hf_i_measures {
    hf_ctx *ctx;
    const hf_i_turns *turns;
    const hf_i_content *content;
    const float *tone;
    hf_i_quiet quiet[2];
    hf_i_wait *waits; /* [turn_count] */

    int64_t period_ms; /* 0: one period (no times) */
    size_t periods;
    size_t recent;       /* the first of the periods that count as recent; periods: none */
    size_t blocks;       /* of whole exchanges, none across the start of the recent periods */
    size_t recent_block; /* the first block of the recent periods */
    uint32_t *block_of;  /* [exchange_count]; UINT32_MAX: flagged */
    uint32_t *period_of; /* [exchange_count] */

    hf_i_cell *by_period; /* [measure][partner][periods]; of both partners: partner 0 */
    hf_i_cell *by_block;  /* [measure][partner][blocks] */
    uint32_t *style;      /* [partner][blocks][groups + 1]: words of a group; last: all words */
    uint32_t *style_by_period;
    uint32_t *coordination; /* [partner who answers][blocks][HF_I_COORDINATION] */

    hf_i_duration *durations[2]; /* sorted waits for partner p's answers; block: block_of */
    size_t duration_count[2];

    /* Turns that show the measure (and, for answers, that show the lack of it). Newest first,
     * each of another exchange; UINT32_MAX ends. */
    uint32_t hits[HF_I_MEASURE_COUNT][2][HF_I_EXAMPLES];
    uint32_t misses[HF_I_MEASURE_COUNT][2][HF_I_EXAMPLES];
} hf_i_measures;

#define HF_I_NO_TURN    UINT32_MAX
#define HF_I_ANSWER_MS  (INT64_C(24) * 3600000) /* an answer later than this is not seen as one */
#define HF_I_DOUBLE_MS  (INT64_C(5) * 60000)
#define HF_I_MAX_BLOCKS 250

/* tone: [turn_count] as hf_i_tone_read gives it, or NULL. */
hf_status hf_i_measures_read(hf_i_measures *out, hf_ctx *ctx, const hf_i_turns *turns,
                             const hf_i_content *content, const float *tone, bool dates_known);
void hf_i_measures_dispose(hf_i_measures *measures);

static inline hf_i_cell *hf_i_period_cell(const hf_i_measures *m, hf_i_measure which, int partner,
                                          size_t period)
{
    return &m->by_period[((size_t)which * 2 + (size_t)partner) * m->periods + period];
}

static inline hf_i_cell *hf_i_block_cell(const hf_i_measures *m, hf_i_measure which, int partner,
                                         size_t block)
{
    return &m->by_block[((size_t)which * 2 + (size_t)partner) * m->blocks + block];
}

#endif
