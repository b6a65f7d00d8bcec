/* SPDX-License-Identifier: MIT */
#ifndef HF_SIGNAL_ANALYSIS_H
#define HF_SIGNAL_ANALYSIS_H

#include "signal/estimates.h"
#include "signal/tone.h"

#include <holdfast/signal.h>

typedef struct hf_i_unknown_target {
    uint64_t line;
    const char *target;
} hf_i_unknown_target;

struct hf_analysis {
    hf_ctx *ctx;
    hf_record *record;
    hf_record_summary summary;
    hf_i_arena texts;
    hf_consent consent; /* as asked for */
    bool rests;         /* joint work rests: nothing is attributed to either */
    const char *recorded;        /* date of a record of consent in force; NULL: none */
    const bool *dismissed;       /* [messages] no cue, says the person; NULL: none */
    int me; /* 0, 1; -1: not said */
    const char *protocol, *made_on, *time_unit;
    double unit_ms;
    int32_t person[2];
    const char *name[2];
    uint64_t others;       /* messages of further people, left out */
    const char (*ids)[17]; /* of the record's messages */

    hf_i_lexicon lexicon;
    hf_i_safety *safety;
    hf_i_turns turns;
    hf_i_gap gap;
    hf_i_content content;
    hf_i_readings readings; /* NULLs: no text model, and nothing tagged */
    uint8_t *tagged;        /* [turns] 1: its acts are what the pair says; NULL: none */
    hf_i_measures measures;
    hf_i_estimates estimates;
    hf_findings *findings;
    hf_series *series;
    hf_corrections *corrections;  /* NULL: none */
    hf_i_unknown_target *unknown; /* of the corrections */
    size_t unknown_count;
};

/* people.c: the two partners and who is at the keyboard. */
hf_status hf_i_people_choose(hf_analysis *a, const hf_analyze_options *options);

/* lines.c: their messages, in time order, into a->turns; with the corrections of sender and time.
 */
hf_status hf_i_lines_read(hf_analysis *a);

/* corrected.c: reads the file; finds the targets that are not in this record. */
hf_status hf_i_corrections_open(hf_analysis *a, const char *path);
/* The turn that holds a message, UINT32_MAX: none (it forms no turn, or is another person's). */
uint32_t hf_i_turn_of_target(const hf_analysis *a, const char *target);
/* The acts that the pair names for its turns, over what the text model read. HF_E_PARSE with the
 * line for an act that is none. */
hf_status hf_i_acts_correct(hf_analysis *a);

/* periods.c: series of every measure, into a->series and as figures of a->findings. */
hf_status hf_i_periods_write(hf_analysis *a);

/* statements.c: what the measures say; overview.c: what was read, limits, the loop, bars. */
hf_status hf_i_statements_write(hf_analysis *a);
hf_status hf_i_overview_write(hf_analysis *a);

/* May this output be shown about partner p (2: both)? In solo nothing about the other but timing.
 */
bool hf_i_may_show(const hf_analysis *a, hf_output output, int p);

static inline const char *hf_i_turn_id(const hf_analysis *a, size_t turn)
{
    return a->ids[a->turns.lines[a->turns.turns[turn].first].message];
}

static inline bool hf_i_dates_known(const hf_analysis *a)
{
    return a->turns.timed && !a->summary.date_ambiguous;
}

#endif
