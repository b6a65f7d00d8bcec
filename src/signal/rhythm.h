/* SPDX-License-Identifier: MIT */
/* The dyad's own rhythm: where one exchange ends, when each partner is usually quiet, and how long
 * a wait was without those hours. */
#ifndef HF_SIGNAL_RHYTHM_H
#define HF_SIGNAL_RHYTHM_H

#include "num/stats_mixture.h"
#include "signal/turns.h"

typedef struct hf_i_gap {
    double ms;             /* the gap that splits exchanges */
    bool own;              /* from the dyad's mixture; else the usual hour */
    bool clamped;          /* the crossing lay outside [10 min, 6 h] */
    hf_i_mixture2 mixture; /* of log(gap in ms); only with own */
} hf_i_gap;

/* A two-component normal mixture of the log gaps between neighbouring lines; the gap is where the
 * two densities cross, kept within 10 min and 6 h (measures 3.1). One hour (Halfaker et al.
 * 2014) below 100 gaps, or where two components do not describe the gaps better than one. */
hf_status hf_i_gap_find(hf_i_gap *out, hf_ctx *ctx, const hf_i_turns *turns);

/* A partner's usual six quiet hours of the day (measures 3.3), on the record's own clock. */
typedef struct hf_i_quiet {
    bool known;
    int start_min; /* minute of the day, 0 to 1439 */
    double share;  /* of the partner's lines that fall into it */
    double by_hour[24];
} hf_i_quiet;
enum { HF_I_QUIET_MIN = 6 * 60 };

/* Needs 100 lines on 7 different days, and that the six hours hold at most a tenth of the lines:
 * a partner who writes round the clock has no quiet hours. */
void hf_i_quiet_find(hf_i_quiet *out, const hf_i_turns *turns, int partner);

/* Milliseconds of [from, to] outside the quiet hours. */
int64_t hf_i_quiet_mask(const hf_i_quiet *quiet, int64_t from, int64_t to);

/* Time in which a daily profile of activity runs evenly: hours of that clock since t_first, so
 * that waiting times lose the day-and-night rhythm. */
double hf_i_even_clock(const double by_hour[24], int64_t t);

#endif
