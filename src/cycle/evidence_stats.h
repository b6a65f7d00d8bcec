/* SPDX-License-Identifier: MIT */
/* Is one thing followed by another more often than shuffled times would have it? Two-by-two
 * contrasts and slopes over trials that hang together in exchanges, each with an interval that
 * knows the exchanges, and the exact distribution under shuffled times.
 *
 * Shuffled times: the outcomes change places among neighbouring trials (one stretch: whole
 * exchanges, 30 trials or more), so who writes, how much, and how hard a stretch was stay as they
 * are; only the order is broken. With the margins of each stretch fixed the number of hits is a sum
 * of hypergeometric counts (Mantel & Haenszel 1959), whose distribution is computed, not drawn. */
#ifndef HF_CYCLE_EVIDENCE_STATS_H
#define HF_CYCLE_EVIDENCE_STATS_H

#include "num/stats.h"

enum {
    HF_I_STRETCH = 30,      /* trials that change places among each other, at least */
    HF_I_MOST_BLOCKS = 100, /* runs of exchanges that count as one observation each */
    HF_I_LEAST_BLOCKS = 10,
    HF_I_LEAST_GIVEN = 15, /* trials on each side of a contrast */
    HF_I_LEAST_HITS = 5    /* outcomes, and as many of their opposite */
};
#define HF_I_EVIDENCE_LEVEL 0.95

/* In order of time. */
typedef struct hf_i_trial {
    uint32_t exchange; /* ascending */
    uint32_t turn;     /* an example */
    uint32_t group;    /* slopes: kind of trial, each with its own level; else 0 */
    double given;      /* contrast: 0 or 1; slope: time */
    double then;       /* contrast: 0 or 1; slope: any number */
} hf_i_trial;

typedef struct hf_i_contrast {
    double n[2], hits[2];   /* by given: trials and outcomes */
    hf_i_interval p;        /* P(then | given) */
    hf_i_interval base;     /* P(then | not given) */
    hf_i_interval log_odds; /* with .5 added to each cell */
    double q;               /* Yule's Q */
    double null;            /* P(then | given) under shuffled times */
    double null_log_odds;
    double p_shuffle;  /* two-sided, exact (normal beyond a variance of 200) */
    double p_interval; /* of log_odds against null_log_odds, by its own standard error */
    double p_value;    /* the larger of the two */
    size_t blocks;
    bool enough; /* else: all numbers but the counts are NaN */
} hf_i_contrast;

/* Intervals: P by Wilson's formula with the effective number of trials (Korn & Graubard 1998, with
 * the variance over blocks of whole exchanges) and Student's t for few blocks; log odds by the
 * infinitesimal jackknife over blocks (Efron 1982), never narrower than Woolf's. Cost: linear. */
hf_status hf_i_contrast_make(hf_i_contrast *out, hf_ctx *ctx, const hf_i_trial *trials, size_t n);

/* The share of outcomes among all trials, with the same interval; NaN ends below five blocks. */
hf_status hf_i_share_make(hf_i_interval *out, hf_ctx *ctx, const hf_i_trial *trials, size_t n);

typedef struct hf_i_slope {
    double n;
    hf_i_interval slope; /* of then on given within groups, Student's t over blocks */
    double mean;         /* of then */
    double p_shuffle, p_interval, p_value;
    size_t blocks;
    bool enough;
} hf_i_slope;

/* Least squares with a level for each group; variance over blocks (Liang & Zeger 1986). p_shuffle:
 * outcomes change places within groups (normal approximation of the permutation distribution). */
hf_status hf_i_slope_make(hf_i_slope *out, hf_ctx *ctx, const hf_i_trial *trials, size_t n);

/* Step-down correction of m p-values (Holm 1979) in place; NaN stays and does not count. */
void hf_i_holm(double *p, size_t m);

/* P(X >= x) and P(X <= x) for a sum of independent hypergeometric counts: stretch s has size n[s],
 * given g[s], hits t[s]. */
typedef struct hf_i_margins {
    double n, g, t;
} hf_i_margins;
hf_status hf_i_shuffled_tails(double *upper, double *lower, hf_ctx *ctx, const hf_i_margins *s,
                              size_t count, double x);

#endif
