/* SPDX-License-Identifier: MIT */
/* Who the two are: questionnaires as data, scoring with its uncertainty, the keying check, the
 * profile on two dimensions, change between occasions, the own check-in.
 *
 * What holds for everything here:
 *  - Nothing is guessed: the order of the items and the answer range are declared by the caller
 *    (hf_score_options), a wrong declaration is refused with the likely right one named.
 *  - Two dimensions with intervals; quadrant probabilities only as a second view; never a style.
 *  - Missing: an answer is HF_ANSWER_MISSING, a number that cannot be known is NaN.
 *  - No sentence of a published questionnaire is stored; callers may bring their own text.
 *
 * Thread-safety: an hf_instrument, hf_sheets or hf_scoring may be read from several threads;
 * everything else as in base.h. */
#ifndef HOLDFAST_ATTACHMENT_H
#define HOLDFAST_ATTACHMENT_H

#include <holdfast/base.h>
#include <holdfast/finding.h>
#include <holdfast/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- instruments ------------------------------------------------------------------------- */

#define HF_ANSWER_MISSING (-128)

typedef enum hf_key_status {
    HF_KEY_VERIFIED,   /* seen in a published source, or recomputed from open data */
    HF_KEY_TO_CONFIRM, /* used with a note, never cited */
    HF_KEY_OWN,        /* Holdfast's own wording: not validated */
    HF_KEY_REFUSED     /* recognised and not scored; the reason stands beside it */
} hf_key_status;
HF_API const char *hf_key_status_name(hf_key_status status); /* "verified", "to-confirm", ... */

typedef enum hf_scale_kind {
    HF_SCALE_MEAN,    /* mean of the answers after reversal */
    HF_SCALE_SUM,     /* sum of the answers after reversal */
    HF_SCALE_CONTRAST /* sum of some answers minus the sum of others */
} hf_scale_kind;

/* One item of a scale. column: its place on the sheet of this order, from 1. sign -1: reversed
 * (min + max - answer), or subtracted in a contrast. */
typedef struct hf_key_item {
    uint16_t column;
    int8_t sign;
} hf_key_item;

typedef struct hf_key {
    const hf_key_item *items;
    size_t count;
} hf_key;

/* One order in which the items of a form are printed. */
typedef struct hf_order {
    const char *id, *title;
    hf_key_status status;
    const char *refuse; /* with HF_KEY_REFUSED: why; else "" */
    uint16_t sheet;     /* how many numbered columns the sheet has */
    const hf_key *keys; /* one for each scale of the instrument */
} hf_order;

typedef struct hf_scale {
    const char *id, *title;
    hf_scale_kind kind;
    unsigned needs;    /* answers needed; fewer: not scored; some missing: prorated (means) */
    unsigned reversed; /* how many items are reversed in every order: part of the fingerprint */
    double alpha_lo, alpha_hi; /* band in which alpha is plausible; NaN: not declared */
    double declared_sem;       /* of a form without data, in units of the first range; NaN else */
    double cut;                /* published cut, NaN if none; shown to therapists and researchers */
    const char *cut_note;
    double bands[4];
    size_t band_count;
} hf_scale;

/* Reference values of one scale in one sample. NaN: not known. */
typedef struct hf_norm_scale {
    double mean, sd, alpha, retest;
    double percent[16], value[16]; /* value[k] is the percent[k]-th percentile, both rising */
    size_t points;
} hf_norm_scale;

typedef struct hf_norm {
    const char *id, *title, *attribution;
    hf_key_status status;
    bool is_default;
    int min, max; /* the answer range it was measured with */
    uint64_t n;
    const hf_norm_scale *scales; /* one for each scale of the instrument */
} hf_norm;

typedef struct hf_item_range {
    uint16_t column;
    int min, max;
} hf_item_range;

typedef struct hf_instrument {
    const char *id, *title, *measures, *citation, *permission, *permission_note, *note;
    hf_key_status status;
    bool signpost; /* shown only to the person who answered; never with a partner */
    bool built_in;
    uint16_t items;
    int min, max;                /* the printed answer range */
    const hf_item_range *ranges; /* columns with another range */
    size_t range_count;
    int other_ranges[4][2]; /* further ranges in use */
    size_t other_range_count;
    bool range_must_be_said;
    const hf_scale *scales;
    size_t scale_count;
    int anxiety, avoidance; /* indices of the two scales of the plane, or -1 */
    const hf_order *orders;
    size_t order_count;
    const hf_norm *norms;
    size_t norm_count;
    const char *const *targets; /* "mother", ...: one sheet for each person asked about */
    size_t target_count;
    uint16_t opposite[8][2]; /* opposite-worded pairs (columns of the first order) */
    size_t opposite_count;
    unsigned careless_run; /* as many identical answers in a row are flagged; 0: never */
    uint16_t safety_item;  /* an answer above safety_above opens the private safety path */
    int safety_above;
    const char *low, *high;    /* what the ends of the range say; "" for published forms */
    const char *const *labels; /* one for each item: "A3a", or NULL */
    const char *const *texts;  /* by place on the sheet: own wording or the user's; NULL: none */
} hf_instrument;

/* The ids of the forms that come with Holdfast, in alphabetic order; false after the last. */
HF_API bool hf_instrument_name(size_t index, char id[64]);

/* A built-in form. HF_E_NOT_FOUND names the nearest known forms, or says why a form that is
 * known by name is not scored yet. Free with hf_instrument_free. */
HF_API hf_status hf_instrument_get(hf_instrument **out, hf_ctx *ctx, const char *id);
/* A form from a file of the same layout (doc/instruments.md). Errors name line and statement. */
HF_API hf_status hf_instrument_read(hf_instrument **out, hf_ctx *ctx, const char *path);
/* The same from memory; name stands for the file in errors. */
HF_API hf_status hf_instrument_parse(hf_instrument **out, hf_ctx *ctx, const char *name,
                                     const char *text, size_t size);
HF_API void hf_instrument_free(hf_instrument *instrument);

/* The user's own item text for one order, from a CSV with the columns item (the number on that
 * sheet) and text. It is kept in memory for showing and asking; no writer of this header writes
 * it anywhere. Replaces texts that were there. */
HF_API hf_status hf_instrument_read_texts(hf_instrument *instrument, hf_ctx *ctx,
                                          const hf_order *order, const char *path);

/* An order by its id. NULL or "" works only for a form of status own with one. HF_E_USAGE lists the
 * orders; a refused order gives HF_E_UNSUPPORTED with its reason. */
HF_API hf_status hf_instrument_order(const hf_order **out, hf_ctx *ctx,
                                     const hf_instrument *instrument, const char *id);

/* ---- answer sheets ----------------------------------------------------------------------- */

typedef struct hf_sheets hf_sheets;

typedef struct hf_sheet_options {
    size_t size;
    const char *order;  /* required, except for own forms with one order */
    int min, max;       /* the answer range; both 0: the printed one */
    const char *person; /* columns by name; NULL: none. Without person and dyad a column
                           named person, participant, subject, id or row serves, and if
                           there is none the line number does. */
    const char *dyad, *partner, *occasion, *target;
    const char *prefix;  /* item columns are PREFIX1, PREFIX2, ...; NULL: found in the header */
    const char *missing; /* more answers that mean 'not answered': "0,-1"; always: empty, NA */
} hf_sheet_options;
#define HF_SHEET_OPTIONS_INIT                                                                      \
    {                                                                                              \
        sizeof(hf_sheet_options), NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL             \
    }

/* Reads a CSV with one sheet a row (forms with targets: one sheet for each target with columns
 * TARGET_1, TARGET_2, ..., or a target column). Refused, with row and column: an answer out of
 * range, text in a cell, a person twice (without an occasion), a missing or surplus column,
 * a third partner. Free with hf_sheets_free. */
HF_API hf_status hf_sheets_read(hf_sheets **out, hf_ctx *ctx, const hf_instrument *instrument,
                                const char *path, const hf_sheet_options *options);
/* count sheets with as many columns as the order's sheet has, row by row; names from options do
 * not apply. answers is copied. persons (count strings) may be NULL. */
HF_API hf_status hf_sheets_from_array(hf_sheets **out, hf_ctx *ctx, const hf_instrument *instrument,
                                      const int8_t *answers, size_t count,
                                      const char *const *persons, const hf_sheet_options *options);
HF_API void hf_sheets_free(hf_sheets *sheets);

/* Who answered a sheet. Absent parts are NULL. line: of the file, from 1; 0 without a file. */
typedef struct hf_sheet_who {
    const char *person, *dyad, *partner, *occasion, *target;
    uint64_t line;
} hf_sheet_who;
HF_API size_t hf_sheets_count(const hf_sheets *sheets);
HF_API void hf_sheets_get(const hf_sheets *sheets, size_t index, hf_sheet_who *out);
/* The answers of a sheet, as many as the order's sheet has columns; borrowed. */
HF_API const int8_t *hf_sheets_answers(const hf_sheets *sheets, size_t index);
/* One line about how the columns were understood ("items Q1 to Q36, persons by column 'row'"). */
HF_API const char *hf_sheets_reading(const hf_sheets *sheets);

/* ---- scoring ----------------------------------------------------------------------------- */

typedef enum hf_score_state {
    HF_SCORE_FULL,      /* every item answered */
    HF_SCORE_PRORATED,  /* mean of the answered items, as the form's rule allows */
    HF_SCORE_NOT_ENOUGH /* fewer answers than the form needs: no number */
} hf_score_state;

typedef enum hf_percentile_state {
    HF_PERCENTILE_NONE,
    HF_PERCENTILE_WITHIN,
    HF_PERCENTILE_BELOW, /* below the lowest percentile of the norm; percentile holds that one */
    HF_PERCENTILE_ABOVE
} hf_percentile_state;

typedef struct hf_score {
    double value;
    double lo, hi;     /* 95 %: value -+ 1.96 SEM, clipped to the scale; NaN without a SEM */
    double percentile; /* in the named norm, linear between its points; NaN without one */
    uint16_t answered;
    uint8_t state, percentile_state;
} hf_score;

/* Where a scale's SEM comes from. */
typedef enum hf_sem_source {
    HF_SEM_NONE,          /* no reliability is known and the data are too few */
    HF_SEM_NORM,          /* SD and alpha of the named norm, same range */
    HF_SEM_NORM_RESCALED, /* of the norm, its range changed linearly: a rough value */
    HF_SEM_SAMPLE,        /* SD and alpha of these data */
    HF_SEM_DECLARED,      /* declared wide, for own wording */
    HF_SEM_GIVEN          /* by the caller */
} hf_sem_source;
HF_API const char *hf_sem_source_name(hf_sem_source source);

/* Of one item within its scale, over the complete sheets, after reversal. */
typedef struct hf_item_stats {
    uint16_t column;
    int8_t sign;
    size_t scale;
    double mean, sd;  /* as printed, before reversal */
    double item_rest; /* correlation with the sum of the scale's other items */
} hf_item_stats;

typedef struct hf_scale_stats {
    size_t scored, prorated, not_enough; /* sheets */
    double mean, sd;                     /* over scored sheets, SD with n - 1 */
    size_t complete;                     /* sheets with every keyed item of the form answered */
    double complete_mean, complete_sd;
    double alpha, alpha_lo, alpha_hi; /* Cronbach; 95 % interval of Feldt (1965) */
    double omega;                     /* one factor, maximum likelihood (McDonald 1999) */
    bool heywood;                     /* an error variance of that fit stands on its bound */
    double sem, sem_sd, sem_reliability;
    hf_sem_source sem_source;
    bool sem_to_confirm;
    double range_lo, range_hi; /* of the score */
    int raw_negative; /* items whose raw sign runs against the scale's larger side; -1: n/a */
    int raw_negative_expected;
} hf_scale_stats;

typedef enum hf_keying_verdict {
    HF_KEYING_OK,
    HF_KEYING_WARNING,
    HF_KEYING_NOT_CHECKABLE, /* fewer than 15 complete sheets: scores stand with that note */
    HF_KEYING_REFUSED
} hf_keying_verdict;
HF_API const char *hf_keying_verdict_name(hf_keying_verdict verdict);

/* How a rival reading of the same columns differs from the key it is built on. */
typedef enum hf_keying_variant {
    HF_VARIANT_AS_PRINTED,
    HF_VARIANT_ALREADY_REVERSED, /* the file's reversed items were turned round before */
    HF_VARIANT_ODD_EVEN_SWAPPED, /* columns 2k-1 and 2k exchanged */
    HF_VARIANT_NAMES_SWAPPED,    /* the two scales carry each other's name */
    HF_VARIANT_RANGE             /* another answer range */
} hf_keying_variant;
HF_API const char *hf_keying_variant_name(hf_keying_variant variant);

typedef struct hf_keying {
    hf_keying_verdict verdict;
    size_t n;          /* complete sheets it rests on */
    unsigned negative; /* items with a negative item-rest correlation */
    double fit;        /* mean item-rest correlation of the declared reading */
    double rival_fit;  /* of the best other reading; NaN if there is none */
    bool rival_found;  /* a rival fits clearly better, or the range tells */
    char rival_instrument[64], rival_order[64];
    hf_keying_variant rival_variant;
    int rival_min, rival_max;
    char reason[768]; /* one or two sentences: what is wrong, what is likely right */
} hf_keying;

/* Answering without reading: reported, never deleted. */
typedef struct hf_carelessness {
    uint16_t longest_run; /* identical answers in a row */
    bool straight;        /* one answer to every item, where the form has reversed ones */
    double opposite;      /* largest distance on an opposite-worded pair; NaN if none answered */
    bool flagged;
} hf_carelessness;

typedef struct hf_score_options {
    size_t size;
    const char *norm;      /* id; NULL: the form's default norm */
    bool already_reversed; /* the file's reversed items were turned round before */
    double sem[8];         /* given by the caller, by scale; NaN: not given */
    bool no_keying_check;  /* for a single sheet scored many times; never from the command */
} hf_score_options;
HF_API void hf_score_options_init(hf_score_options *options);

/* All sheets scored. Read-only; free with hf_scoring_free before the sheets and instrument. */
typedef struct hf_scoring {
    const hf_instrument *instrument;
    const hf_order *order;
    const hf_norm *norm; /* NULL: none that is verified and fits */
    bool norm_rescaled;  /* measured with another answer range: percentiles are rough */
    int min, max;        /* the declared answer range */
    const hf_sheets *sheets;
    size_t count, scale_count, item_count;
    const hf_score *scores;              /* [count][scale_count] */
    const hf_carelessness *carelessness; /* [count] */
    const hf_scale_stats *scales;        /* [scale_count] */
    const hf_item_stats *items;          /* [item_count], scale by scale */
    double plane_correlation;            /* anxiety with avoidance, complete sheets; NaN */
    size_t careless_count;
    hf_keying keying;
} hf_scoring;

/* HF_E_RANGE with the reason when the keying check refuses; *out is then still set, so that the
 * check can be shown, but it holds no scores (scores is NULL). Cost: one pass over the answers,
 * plus the keying check on at most 20,000 sheets. */
HF_API hf_status hf_score_run(hf_scoring **out, hf_ctx *ctx, const hf_instrument *instrument,
                              const hf_sheets *sheets, const hf_score_options *options);
HF_API void hf_scoring_free(hf_scoring *scoring);

/* ---- the profile ------------------------------------------------------------------------- */

typedef enum hf_quadrant {
    HF_LOW_BOTH,
    HF_HIGHER_ANXIETY,
    HF_HIGHER_AVOIDANCE,
    HF_HIGH_BOTH,
    HF_QUADRANTS
} hf_quadrant;
HF_API const char *hf_quadrant_name(hf_quadrant quadrant); /* "low on both", ... */
HF_API const char *hf_quadrant_key(hf_quadrant quadrant);  /* "low_both", ... */

/* u = Phi((a - cut_a) / sem_a), w likewise; errors taken as independent. All four NaN where a
 * score or SEM is missing. */
HF_API void hf_quadrant_probabilities(double out[HF_QUADRANTS], double anxiety, double sem_anxiety,
                                      double cut_anxiety, double avoidance, double sem_avoidance,
                                      double cut_avoidance);
/* The cuts of a scoring: the middle of the range, and the norm's median on the declared range
 * (false: no norm). */
HF_API bool hf_scoring_cuts(const hf_scoring *scoring, bool norm, double *anxiety,
                            double *avoidance);

/* x on one range as a value on another, linearly: for rough comparison only. */
HF_API double hf_change_range(double x, double min, double max, double to_min, double to_max);

/* ---- change between occasions ------------------------------------------------------------ */

typedef enum hf_change_state {
    HF_CHANGE_NOT_ENOUGH, /* a score or the reliability is missing */
    HF_CHANGE_DOWN,       /* reliably down */
    HF_CHANGE_NONE,       /* too close to call */
    HF_CHANGE_UP          /* reliably up */
} hf_change_state;
HF_API const char *hf_change_state_name(hf_change_state state);

/* Jacobson & Truax (1991): rci = (to - from) / (sd sqrt(2 (1 - reliability))), reliable beyond
 * 1.96. Returns the state; rci and threshold (in score points) may be NULL. */
HF_API hf_change_state hf_reliable_change(double from, double to, double sd, double reliability,
                                          double *rci, double *threshold);

typedef struct hf_score_change {
    size_t scale, from, to; /* sheets */
    double difference, rci, threshold;
    hf_change_state state;
} hf_score_change;
/* All changes of all persons between an occasion and the next, and from the first to the last
 * where there are more than two; persons in order of first appearance. Occasions are ordered as
 * numbers or ISO dates where all are such, else as they appear. *out with *count entries is freed
 * by hf_scoring_changes_free. */
HF_API hf_status hf_scoring_changes(hf_score_change **out, size_t *count, hf_ctx *ctx,
                                    const hf_scoring *scoring);
HF_API void hf_scoring_changes_free(hf_ctx *ctx, hf_score_change *changes);

/* ---- two partners ------------------------------------------------------------------------ */

/* The sheets of one couple at one occasion and target: SIZE_MAX where a partner has none. a and
 * b: the two values of the partner column in alphabetic order over the whole file. */
typedef struct hf_sheet_pair {
    const char *dyad, *occasion, *target;
    size_t a, b;
} hf_sheet_pair;
HF_API hf_status hf_scoring_pairs(hf_sheet_pair **out, size_t *count, hf_ctx *ctx,
                                  const hf_scoring *scoring);
HF_API void hf_scoring_pairs_free(hf_ctx *ctx, hf_sheet_pair *pairs);
/* The names behind a and b ("w", "m"), NULL where unknown. */
HF_API void hf_sheets_partners(const hf_sheets *sheets, const char **a, const char **b);

/* One person's scores over the targets asked about (forms with targets): the mean over those that
 * could be scored. Links between targets are modest; the mean is a summary, no deeper truth. */
typedef struct hf_target_mean {
    size_t sheet;          /* the person's first sheet of that occasion */
    size_t scale, targets; /* targets scored */
    double mean;           /* NaN for fewer than two */
} hf_target_mean;
/* By person, occasion and scale; *count is 0 for forms without targets. */
HF_API hf_status hf_scoring_target_means(hf_target_mean **out, size_t *count, hf_ctx *ctx,
                                         const hf_scoring *scoring);
HF_API void hf_scoring_target_means_free(hf_ctx *ctx, hf_target_mean *means);

/* What records showed of pursuing and withdrawing, by episode: stands next to the profile, is
 * never merged into it. Filled by the cycle room. */
typedef struct hf_behaviour {
    hf_partner partner;
    uint64_t episodes;                   /* the partner took part in */
    uint64_t pursued, withdrew, neither; /* episodes; both may happen in one */
    double pursued_lo, pursued_hi;       /* 95 % interval of the share */
    double withdrew_lo, withdrew_hi;
} hf_behaviour;
/* Shares with Wilson's interval from the counts; NaN below 5 episodes ('not enough data'). */
HF_API void hf_behaviour_intervals(hf_behaviour *behaviour);

/* ---- the own check-in --------------------------------------------------------------------- */

typedef struct hf_checkin_item {
    const char *id, *text, *low, *high;
    const char *mechanism; /* "S15 S31" */
    const char *group;     /* items that measure one thing together; "" */
    const char *pairs;     /* for a guess about the other: the item that the other answers; "" */
    const char *skip;      /* when it does not apply: "it did not get tense"; "" */
} hf_checkin_item;

/* Own wording, not validated. {partner} in a text stands for the other's name. */
typedef struct hf_checkin {
    const char *id, *title, *note;
    int min, max;
    const hf_checkin_item *items;
    size_t item_count;
} hf_checkin;

/* "daily" or "weekly". Free with hf_checkin_free. */
HF_API hf_status hf_checkin_get(hf_checkin **out, hf_ctx *ctx, const char *id);
HF_API hf_status hf_checkin_parse(hf_checkin **out, hf_ctx *ctx, const char *name, const char *text,
                                  size_t size);
HF_API void hf_checkin_free(hf_checkin *checkin);

/* The ratings of a file with the columns date, partner, item, value (one row a rating). */
typedef struct hf_diary hf_diary;
typedef struct hf_diary_row {
    int64_t day;        /* since 1970-01-01 */
    hf_partner partner; /* a or b */
    uint32_t item;      /* index for hf_diary_get_item */
    double value;
    uint64_t line; /* of the file; 0: added */
} hf_diary_row;

/* Refused with row and column: a date that is none, a partner other than a and b, a value out of
 * min..max or no number, a rating twice. min = max = 0: any value. missing_is_empty: a file that
 * does not exist reads as no ratings. Sorted by partner, item, day. */
HF_API hf_status hf_diary_read(hf_diary **out, hf_ctx *ctx, const char *path, int min, int max,
                               bool missing_is_empty);
HF_API void hf_diary_free(hf_diary *ratings);
HF_API size_t hf_diary_count(const hf_diary *ratings);
HF_API const hf_diary_row *hf_diary_get(const hf_diary *ratings, size_t index);
HF_API const char *hf_diary_get_item(const hf_diary *ratings, uint32_t item);
/* Adds one day's answers (value by item of the check-in, NaN: skipped). HF_E_USAGE when this
 * partner already has one of these ratings on that day, unless replace. date: "2026-11-22". */
HF_API hf_status hf_diary_add(hf_diary *ratings, const hf_checkin *checkin, const char *date,
                              hf_partner partner, const double *values, bool replace);
/* The whole file anew, readable by its owner only. */
HF_API hf_status hf_diary_write(const hf_diary *ratings, hf_ctx *ctx, const char *path);

/* What the ratings themselves say, as findings: for each partner and item its level and how
 * reliable a single rating is (AR(1) plus noise, with interval), the reliability of change of
 * each group, and with consent 'both' how each partner reads the other (truth and bias; held
 * back otherwise). Everything has its 'not enough data'. HF_E_RANGE with the line of a rating
 * that its question does not allow; ratings of other questions are left out. me: whose report it is, HF_PARTNER_AB
 * for both; without consent 'both' the other's ratings give nothing. */
HF_API hf_status hf_checkin_findings(hf_findings *out, hf_ctx *ctx, const hf_diary *ratings,
                                     const hf_checkin *checkin, hf_consent consent, hf_partner me);

/* Whose page it is; all texts are copied. */
typedef struct hf_profile_options {
    size_t size;
    hf_consent consent;
    const char *name_a, *name_b;   /* NULL: the partner column's words, or the person's */
    const char *file;              /* what was read, for the page */
    const char *made_on;           /* "2026-11-22" */
    const char *declared_by;       /* with consent both: who says so; may be NULL */
    const hf_behaviour *behaviour; /* [2], by partner: stands beside, changes nothing; or NULL */
} hf_profile_options;

/* The profile as findings with their header, the plane and the table of the scales as figures.
 * sheet_a, sheet_b: the latest sheet of each (SIZE_MAX: none); earlier occasions of the same
 * person become change. Without consent 'both' one of the two must be SIZE_MAX (HF_E_CONSENT):
 * there is no profile of somebody absent. Each partner's numbers are visible to that partner,
 * joint with consent 'both'. */
HF_API hf_status hf_profile_findings(hf_findings *out, hf_ctx *ctx, const hf_scoring *scoring,
                                     size_t sheet_a, size_t sheet_b,
                                     const hf_profile_options *options);

/* ---- writing ----------------------------------------------------------------------------- */

/* Who reads it: published cuts are for therapists and researchers. */
typedef enum hf_audience { HF_FOR_COUPLE, HF_FOR_THERAPIST, HF_FOR_RESEARCHER } hf_audience;

/* The whole scoring as one JSON document (doc/schema/score.schema.json). */
HF_API hf_status hf_scoring_write_json(const hf_scoring *scoring, hf_ctx *ctx, hf_audience audience,
                                       hf_write_fn write, void *user);
/* One row a sheet and scale: person, dyad, partner, occasion, target, scale, score, ... */
HF_API hf_status hf_scoring_write_csv(const hf_scoring *scoring, hf_ctx *ctx, hf_write_fn write,
                                      void *user);
/* One row a person and occasion with own (actor_) and partner's (partner_) scores in columns:
 * what an actor-partner model takes. HF_E_USAGE without dyads. */
HF_API hf_status hf_scoring_write_pairs(const hf_scoring *scoring, hf_ctx *ctx, hf_write_fn write,
                                        void *user);
/* The APA-style table of the scales: M, SD, alpha with interval, omega, n; Markdown. */
HF_API hf_status hf_scoring_write_apa(const hf_scoring *scoring, hf_ctx *ctx, hf_write_fn write,
                                      void *user);

#ifdef __cplusplus
}
#endif
#endif
