/* SPDX-License-Identifier: MIT */
/* Coded sequences of many dyads: what follows what. Lag-sequential tables (Bakeman & Quera 2011),
 * a contrast 'given this, then that' with an interval over dyads, and aggregated logit models
 * (Bakeman & Gottman 1997; for two binary streams Fuchs, Nussbeck, Meuwly & Bodenmann 2017,
 * Frontiers in Psychology 8:429).
 *
 * A sequence has one state a moment. Events: the state is the code, with who did it ("a:blame").
 * Streams: some 0/1 series side by side, the state is which of them are on ("none", "stress",
 * "coping", "stress+coping"). Counts are exact; the same input and seed give the same bits for any
 * number of threads. */
#ifndef HOLDFAST_SEQUENCE_H
#define HOLDFAST_SEQUENCE_H

#include <holdfast/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HF_SEQUENCE_MOST_STATES = 64, HF_SEQUENCE_MOST_STREAMS = 4 };

typedef struct hf_sequence_columns {
    size_t size;
    const char
        *dyad; /* NULL: "dyad" or "id" if there is one, else one dyad (streams: a row each) */
    /* Events, a row each: */
    const char *time;    /* NULL: "time" if there is one, else rows count 1, 2, 3 in each dyad */
    const char *partner; /* NULL: "partner" if there is one, else codes stand alone */
    const char *code;    /* NULL: "code" */
    /* Streams, a row per dyad, a column per moment (PREFIX followed by a number), cells 0 or 1:
     * "PREFIX" or "NAME=PREFIX". NULL: the table holds events. */
    const char *const *streams;
    size_t n_streams;
} hf_sequence_columns;
#define HF_SEQUENCE_COLUMNS_INIT                                                                   \
    {                                                                                              \
        sizeof(hf_sequence_columns), NULL, NULL, NULL, NULL, NULL, 0                               \
    }

typedef struct hf_sequences hf_sequences;

/* columns may be NULL. Events are put in order of time within their dyad, equals in the file's
 * order. A moment with a missing cell in some stream is missing: no pair counts over it. Errors:
 * HF_E_NOT_FOUND (column), HF_E_PARSE (with line: a time that is no number, a cell that is not 0, 1
 * or missing), HF_E_LIMIT (more states), HF_E_NOT_ENOUGH_DATA (no row). */
HF_API hf_status hf_sequences_read(hf_sequences **out, hf_ctx *ctx, const char *path,
                                   const hf_sequence_columns *columns);
HF_API void hf_sequences_free(hf_sequences *sequences);
HF_API size_t hf_sequences_count_dyads(const hf_sequences *sequences);
HF_API size_t hf_sequences_count_moments(const hf_sequences *sequences);
HF_API size_t hf_sequences_count_states(const hf_sequences *sequences);
HF_API const char *hf_sequences_get_state(const hf_sequences *sequences, size_t state);

/* ---- which pairs count ---------------------------------------------------------------------- */

typedef struct hf_lag {
    size_t size;
    size_t lag;     /* in moments; 1: the next */
    double within;  /* events: longest time between the two; 0: any */
    bool no_repeat; /* a code cannot follow itself (lag 1 of merged events): structural zeros */
} hf_lag;
#define HF_LAG_INIT                                                                                \
    {                                                                                              \
        sizeof(hf_lag), 1, 0, false                                                                \
    }

/* ---- the table ------------------------------------------------------------------------------ */

typedef struct hf_lag_cell {
    double count;
    double expected; /* independence; with structural zeros quasi-independence, by iterative fit */
    double residual; /* adjusted: standard normal under independence (Haberman 1973) */
    double log_odds; /* of the cell against all others, .5 added to each of the four */
    double yules_q;  /* NaN where not defined */
    bool structural; /* zero by construction: nothing else is known of it */
} hf_lag_cell;

typedef struct hf_lag_table hf_lag_table;
HF_API hf_status hf_lag_table_new(hf_lag_table **out, hf_ctx *ctx, const hf_sequences *sequences,
                                  const hf_lag *lag);
HF_API void hf_lag_table_free(hf_lag_table *table);
HF_API hf_lag_cell hf_lag_table_get(const hf_lag_table *table, size_t from, size_t to);
HF_API double hf_lag_table_total(const hf_lag_table *table);

/* ---- given this, then that ------------------------------------------------------------------ */

typedef struct hf_sequence_estimate {
    double estimate, lo, hi; /* NaN where there is none */
} hf_sequence_estimate;

/* Mean over dyads with its t test. */
typedef struct hf_dyad_mean {
    double mean, sd, se, lo, hi, t, p;
    size_t n;
} hf_dyad_mean;

typedef struct hf_contrast_options {
    size_t size;
    const char *given, *then; /* a state, a code of either partner, or the name of a stream */
    hf_lag lag;
    uint32_t replicates; /* of the bootstrap over dyads */
    uint64_t seed;
    double level;
} hf_contrast_options;
#define HF_CONTRAST_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(hf_contrast_options), NULL, NULL, HF_LAG_INIT, 2000, 1, 0.95                        \
    }

typedef struct hf_sequence_contrast {
    double count[2][2]; /* [given][then] pairs over all dyads */
    size_t dyads;       /* with at least one pair */
    /* Pooled over dyads, percentile intervals of the bootstrap over whole dyads. */
    hf_sequence_estimate given, other, difference, log_odds;
    double yules_q;
    hf_dyad_mean by_dyad; /* log odds of each dyad, .5 added to each cell; dyads with both sides */
    /* Streams: logit of 'then' at t on itself and on 'given' at t - lag, fitted to each dyad with
     * .5 added to each cell, effect coded (-1, 1), then averaged. n 0 elsewhere. */
    hf_dyad_mean intercept, own, partner, interaction;
} hf_sequence_contrast;

/* Errors: HF_E_NOT_FOUND (no such state: with the nearest), HF_E_NOT_ENOUGH_DATA (one side of
 * 'given' never occurs). */
HF_API hf_status hf_sequence_contrast_make(hf_sequence_contrast *out, hf_ctx *ctx,
                                           const hf_sequences *sequences,
                                           const hf_contrast_options *options);

#ifdef __cplusplus
}
#endif
#endif
