/* SPDX-License-Identifier: MIT */
/* What could happen between two people: paths of the theory (NEPD, doc/theory.md).
 *
 * Time is in hours. A path is a hypothesis about a pair with the given traits, never a forecast:
 * it carries no date and no probability of a break-up. Partner a is index 0, b is 1. */
#ifndef HOLDFAST_SIMULATE_H
#define HOLDFAST_SIMULATE_H

#include <holdfast/base.h>
#include <holdfast/finding.h>
#include <holdfast/series.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Traits as z-scores of attachment anxiety and avoidance; sensible values lie in [-3, 3]. */
typedef struct hf_pair {
    double anxiety[2], avoidance[2];
} hf_pair;

/* The reference pairs' traits by name: secure, anxious, avoidant, fearful. HF_E_NOT_FOUND lists
 * the names. */
HF_API hf_status hf_trait_preset(hf_ctx *ctx, const char *name, double *anxiety, double *avoidance);

/* Changes along a path: X(name, identifier, neutral value, lowest, highest, meaning) */
#define HF_CHANGE_LIST(X)                                                                          \
    X(STRESS, "stress", 0, 0, 100, "added to the inflow of felt danger, per hour")                 \
    X(INJURY, "injury", 0, 0, 100, "inflow of an old wound, per hour")                             \
    X(SOFTEN, "soften", 0, 0, 1, "softening: a moment of safety, therapy")                         \
    X(EXPRESS, "express", 1, 0, 20, "times as much vulnerable expression (way back 1)")            \
    X(SAID, "said", 0, 0, 1, "share of pursuing that is said as a need (way back 2)")              \
    X(HEAL, "heal", 1, 0, 1000, "times as fast healing of an old wound (way back 3)")              \
    X(RESPOND, "respond", 1, 0, 20, "times as much responsiveness (way back 4)")                   \
    X(ADAPT, "adapt", 0, 0, 10, "rate of adapting to the partner, per hour")                       \
    X(LEARN, "learn", 0, 0, 10, "rate of learning security, per hour; of the pair")                \
    X(APART, "apart", 0, 0, 1, "1: a break, the other is neither seen nor heard; of the pair")     \
    X(HOLD_CLOSE, "hold_close", 0, 0, 1, "1: closeness held where it is; of the pair")             \
    X(HOLD_EXPRESS, "hold_express", 0, 0, 1, "1: expression held where it is; of the pair")
typedef enum hf_change_kind {
#define HF_CHANGE_ENUM(name, id, neutral, lo, hi, text) HF_CHANGE_##name,
    HF_CHANGE_LIST(HF_CHANGE_ENUM)
#undef HF_CHANGE_ENUM
        HF_CHANGE_COUNT
} hf_change_kind;
HF_API const char *hf_change_name(hf_change_kind kind);
HF_API const char *hf_change_text(hf_change_kind kind);

/* From from_h (included) to to_h (excluded) the quantity has this value. Overlapping changes of
 * one kind and partner contradict each other: HF_E_USAGE. */
typedef struct hf_change {
    hf_change_kind kind;
    int partner; /* 0, 1, or 2 for both */
    double from_h, to_h, value;
} hf_change;

/* A script: changes separated by ';' or line ends, each 'KIND[:a|:b] VALUE FROM TO' in hours,
 * for example "stress:a 3 20 21; soften 0.8 100 400". *out is freed by hf_changes_free. */
HF_API hf_status hf_changes_parse(hf_change **out, size_t *count, hf_ctx *ctx, const char *text);
HF_API void hf_changes_free(hf_ctx *ctx, hf_change *changes);

typedef enum hf_integrator {
    HF_INTEGRATE_RK4,    /* fixed step, deterministic */
    HF_INTEGRATE_DOPRI5, /* error-controlled (tolerance), deterministic */
    HF_INTEGRATE_HEUN    /* fixed step, with noise on danger and closeness */
} hf_integrator;

/* States of a path, in this order. Per partner: need, danger, pursuing, withdrawing, expression,
 * fatigue, security, adaptation, wound; then closeness. */
enum { HF_STATES_PER_PARTNER = 9, HF_STATE_CLOSENESS = 18, HF_STATE_COUNT = 19 };
HF_API const char *hf_state_name(int state); /* "n_a", ..., "C" */

typedef struct hf_simulate_options {
    size_t size;
    double hours;        /* length of the path */
    double every;        /* output interval; must be > 0 */
    double step;         /* largest step of the fixed-step schemes */
    double tolerance;    /* of DOPRI5, absolute and relative */
    double closeness;    /* at the start */
    const double *start; /* HF_STATE_COUNT values, or NULL: closeness, need .3, else 0 */
    hf_integrator integrator;
    uint64_t seed;
    size_t futures;  /* paths a pair with different noise; 1 without noise */
    double trait_sd; /* each future draws its traits around the pair's with this sd; 0: none */
    const hf_change *changes;
    size_t change_count;
    const char *constants; /* path of a constants file, or NULL */
} hf_simulate_options;
#define HF_SIMULATE_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(hf_simulate_options), 720.0, 1.0, 0.125, 1e-9, 0.7, NULL, HF_INTEGRATE_RK4, 1, 1,   \
            0.0, NULL, 0, NULL                                                                     \
    }

/* Paths of count pairs, each `futures` times. Same seed, same bits, for any thread count.
 * Errors: HF_E_RANGE (traits beyond +-5, negative or zero lengths, step over .5 h),
 * HF_E_USAGE (contradictory changes), HF_E_NOMEM, HF_E_CANCELLED. */
typedef struct hf_paths hf_paths;
HF_API hf_status hf_simulate(hf_paths **out, hf_ctx *ctx, const hf_pair *pairs, size_t count,
                             const hf_simulate_options *options);
HF_API void hf_paths_free(hf_paths *paths);
HF_API size_t hf_paths_count_times(const hf_paths *paths);
HF_API size_t hf_paths_count_futures(const hf_paths *paths);
HF_API double hf_paths_get_time(const hf_paths *paths, size_t index);
/* HF_STATE_COUNT doubles, borrowed. */
HF_API const double *hf_paths_get_state(const hf_paths *paths, size_t pair, size_t future,
                                        size_t time);

/* One JSON document: times, and per state the path (one future) or the quantiles .05, .25, .5, .75
 * and .95 of the futures; the traits with where they come from; every constant with its source
 * (literature, calibrated, invented). origin: 'preset', 'given' or 'profile', per partner. */
HF_API hf_status hf_paths_write_json(const hf_paths *paths, hf_ctx *ctx, hf_outfile *file,
                                     const char *const origin[2]);
/* The first pair as a series (doc/contracts.md 2): one row a time, partner and state; of several
 * futures the medians, with n the number of futures. */
HF_API hf_status hf_paths_to_series(const hf_paths *paths, hf_ctx *ctx, hf_series **out);

/* The first pair as the document of a page (record.format "simulation", doc/schema/findings.md):
 * fans over the days from the start, the pair on the plane of closeness and protection with rest
 * points and cycle, the loop, and the origin of every number. made_on: the date it was made. Freed
 * by hf_findings_free. HF_E_USAGE for fewer than 20 noisy futures: one would look like a
 * forecast. */
HF_API hf_status hf_paths_to_findings(hf_findings **out, hf_ctx *ctx, const hf_paths *paths,
                                      const char *const origin[2], const char *made_on);

/* ---- the theory as a dynamical system ------------------------------------------------------ */

/* A state in which nothing moves (security, adaptation and wounds held at 0). */
typedef struct hf_rest_point {
    double state[HF_STATE_COUNT];
    bool stable;
    double leading_re, leading_im; /* eigenvalue with the largest real part, per hour */
    double residual;               /* largest |dx/dt| */
} hf_rest_point;

typedef struct hf_exploration {
    hf_rest_point *rest;
    size_t rest_count;
    /* A sustained cycle met from at least one of the starts. */
    bool cycles;
    double period_h, cycle_low, cycle_high; /* of closeness */
    /* Stress on a, for one hour from rest near the usual start, after which closeness stays below
     * .3: 0 where the pair does not rest above that, INFINITY where nothing up to 40 tips it. */
    double tipping_stress;
} hf_exploration;

/* soften: held for both throughout. constants may be NULL. Rest points are found by Newton's method
 * from the ends of long paths, from points between them and from random states (seed fixed), so
 * an unstable one may be missed: the count is a lower bound. */
HF_API hf_status hf_explore(hf_exploration *out, hf_ctx *ctx, const hf_pair *pair, double soften,
                            const char *constants);
HF_API void hf_exploration_dispose(hf_exploration *exploration, hf_ctx *ctx);

/* A trait or softening that moves along a page's bifurcation diagram. */
typedef struct hf_scan {
    const char *what; /* "anxiety-a", "anxiety-b", "avoidance-a", "avoidance-b", "soften" */
    double from, to;
    size_t steps; /* at least 2 */
} hf_scan;

/* The pair as the document of a page (record.format "exploration"): phase portrait, which starts
 * fall where, the stress that tips, and with a scan (else NULL) rest points and cycles along it. */
HF_API hf_status hf_explore_to_findings(hf_findings **out, hf_ctx *ctx, const hf_pair *pair,
                                        double soften, const char *constants, const hf_scan *scan,
                                        const char *const origin[2], const char *made_on);

/* ---- synthetic records --------------------------------------------------------------------- */

/* A simulated pair writes: chat.txt (WhatsApp's iOS form, which `holdfast read` reads; its first
 * line says that it is synthetic), truth.csv (id, t, sender, act, act_read, phase, episode, roles
 * and the states of doc/contracts.md 7) and diary.csv (wide: day, closeness and felt danger of both
 * as ratings of 0 to 100, with missing answers). Existing files are replaced, each whole or not at
 * all. Noise is always on; `futures`, `every` and `integrator` of the options are not used. */
typedef struct hf_synthetic_options {
    size_t size;
    const char *names[2]; /* of a and b */
    uint64_t replicate;
    double diary_missing; /* share of diary cells left empty */
    bool true_acts;       /* acts read as they are, without the text model's confusion */
} hf_synthetic_options;
#define HF_SYNTHETIC_OPTIONS_INIT                                                                  \
    {                                                                                              \
        sizeof(hf_synthetic_options), {"Ann", "Ben"}, 0, 0.1, false                                \
    }
HF_API hf_status hf_synthetic_write(hf_ctx *ctx, const hf_pair *pair,
                                    const hf_simulate_options *path,
                                    const hf_synthetic_options *options, const char *folder);

/* ---- power ---------------------------------------------------------------------------------- */

/* A planned study of dyads: both partners measured on the same occasions, actor-partner VAR(1) in
 * discrete time around person means,
 *   y_it = mu + m_i + x_it,  x_it = own x_i,t-1 + (partner + moderation z_i) x_j,t-1 + e_it,
 * partners exchangeable, e correlated between them, z_i standard normal (a partner's attachment,
 * say). Fitted by exact maximum likelihood (binary and count: Laplace) with the model that made the
 * data. Source of the design quantities: see data/power/presets.tsv. */
typedef enum hf_outcome { HF_OUTCOME_GAUSSIAN, HF_OUTCOME_BINARY, HF_OUTCOME_COUNT } hf_outcome;

typedef struct hf_power_options {
    size_t size;
    size_t dyads, occasions;
    double missing; /* share of cells missing completely at random */
    double own, partner, moderation;
    double residual_sd, residual_r, mean_sd, mean_r;
    bool moderated;     /* whether `moderation` is in the model */
    hf_outcome outcome; /* binary: logit, count: log link, of y with mu = 0 */
    double alpha;       /* two-sided */
    size_t replicates;
    uint64_t seed;
    size_t part, parts;     /* replicates r with r % parts == part are run: 0, 1 for all */
    const char *checkpoint; /* file of finished replicates, continued when it is there; or NULL */
} hf_power_options;
#define HF_POWER_OPTIONS_INIT                                                                      \
    {                                                                                              \
        sizeof(hf_power_options), 100, 50, 0.0, 0.448, 0.093, 0.0, 16.2, 0.18, 11.8, 0.37, false,  \
            HF_OUTCOME_GAUSSIAN, 0.05, 1000, 1, 0, 1, NULL                                         \
    }
/* Fills the effects of a preset; HF_E_NOT_FOUND lists the names. */
HF_API hf_status hf_power_preset(hf_power_options *options, hf_ctx *ctx, const char *name);

typedef struct hf_power_effect {
    const char *name; /* "own", "partner", "moderation" */
    double truth;
    double power, mc_se; /* share with |estimate| / se beyond the normal quantile, and its Monte
                            Carlo error */
    double mean, bias, sd, mean_se; /* of the estimates */
    double coverage;                /* of 95 % intervals */
    size_t n;                       /* replicates with an estimate and a standard error */
} hf_power_effect;

typedef struct hf_power_result {
    hf_power_effect effects[3];
    size_t effect_count;
    size_t replicates, converged, resumed; /* resumed: taken from the checkpoint */
    double seconds;
} hf_power_result;

/* Same seed, same numbers, for any number of threads, parts and interruptions. Fewer than two
 * usable replicates: HF_E_NOT_ENOUGH_DATA. */
HF_API hf_status hf_power(hf_power_result *out, hf_ctx *ctx, const hf_power_options *options);

/* The result as one JSON object on a line ("holdfast-power-1"), full precision; ranks: how many
 * processes took part. */
HF_API hf_status hf_power_write_json(const hf_power_options *options, const hf_power_result *result,
                                     hf_ctx *ctx, hf_outfile *file, int ranks);

#ifdef __cplusplus
}
#endif
#endif
