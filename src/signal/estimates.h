/* SPDX-License-Identifier: MIT */
/* From sums to numbers with intervals: every measure over all of the record, in the recent periods,
 * and against the same partner's own earlier periods. Intervals of ratios come from one block
 * bootstrap over whole exchanges. Missing: NaN. */
#ifndef HF_SIGNAL_ESTIMATES_H
#define HF_SIGNAL_ESTIMATES_H

#include "signal/measures.h"

#define HF_I_LEVEL       0.95
#define HF_I_ENOUGH      20 /* observations behind a number over the whole record */
#define HF_I_ENOUGH_IN   5  /* in one period of a series */
#define HF_I_STYLE_LEAST 50 /* words a side for style matching */
#define HF_I_SEEN_Z      3.0

/* A partner against the own usual. */
typedef struct hf_i_usual {
    double recent, usual;      /* recent periods together; median of the earlier ones */
    double usual_lo, usual_hi; /* the middle 80 % of the earlier periods: ordinary ups and downs */
    double z;                  /* of recent, by the spread of the earlier periods */
    hf_i_interval change;      /* recent - earlier */
    uint64_t n_recent, n_earlier;
    bool known; /* enough of both */
    bool seen;  /* the interval of the change excludes 0 and |z| >= HF_I_SEEN_Z */
} hf_i_usual;

typedef struct hf_i_estimate {
    hf_i_interval all;
    uint64_t n; /* observations: trials, turns, words; of counts: periods */
    double hits;
    bool enough;
    hf_i_usual usual;
} hf_i_estimate;

/* Waiting for p's answers, in minutes without p's quiet hours. */
typedef struct hf_i_reply_estimate {
    hf_i_estimate median;
    double quartile_lo, quartile_hi;
    hf_i_interval within[4]; /* share answered within 5 min, 1 h, 8 h, 24 h */
} hf_i_reply_estimate;
extern const double hf_i_reply_limits[4];

/* The median wait of one period, with a distribution-free interval. */
typedef struct hf_i_period_reply {
    hf_i_interval median;
    uint64_t n;
} hf_i_period_reply;

typedef struct hf_i_estimates {
    hf_ctx *ctx;
    hf_i_period_reply *reply_by_period[2]; /* [periods] */
    hf_i_estimate of[HF_I_MEASURE_COUNT][2];
    hf_i_reply_estimate reply[2];
    hf_i_interval reply_ratio; /* median of a : median of b */
    double reply_log_rank;     /* z > 0: a answers sooner */
    double uptake_chance[2];   /* share that random pairs of turns would have */
    hf_i_interval style;       /* LSM, mean of nine groups */
    double style_groups[HF_I_STYLE_GROUPS];
    uint64_t style_words[2];
    hf_i_interval we_share[2];                 /* we / (we + I) */
    hf_i_interval we_asymmetry, you_asymmetry; /* a - b */
    hf_i_interval coordination[2];             /* of the one who answers */
    uint64_t coordination_n[2];
    hf_i_interval accommodation; /* Spearman's r of turn lengths, turn and answer */
    uint64_t accommodation_n;
    double burstiness[2]; /* of each partner's messages, daily rhythm taken out, finite-size form */
    uint64_t burstiness_n[2];
} hf_i_estimates;

void hf_i_estimates_dispose(hf_i_estimates *estimates);
hf_status hf_i_estimates_make(hf_i_estimates *out, hf_ctx *ctx, const hf_i_measures *measures);

/* The value of a cell, NaN when there is none. */
double hf_i_cell_value(const hf_i_cell *cell, hf_i_measure_kind kind);
/* LSM of two sums of words [groups + 1] (Ireland & Pennebaker 2010); groups: may be NULL, gets the
 * nine values. NaN when a side has no words. */
double hf_i_style_match(const double *a, const double *b, double *groups);

#endif
