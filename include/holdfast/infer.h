/* SPDX-License-Identifier: MIT */
/* What can be learned from the data of one dyad or many: likelihoods, fits, intervals, predicted
 * and smoothed states. Exact for linear Gaussian models (Kalman 1960 with Van Loan 1978
 * discretisation); the continuous-discrete extended filter for others; Kim 1994 for regimes.
 *
 * A likelihood or fit keeps its model and data borrowed: both must outlive it. */
#ifndef HOLDFAST_INFER_H
#define HOLDFAST_INFER_H

#include <holdfast/finding.h>
#include <holdfast/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Is the start state that of the first occasion, or does a step lead from time 0 to it? */
typedef enum hf_first_step {
    HF_FIRST_STEP_NONE,     /* the start state is the state at the first occasion (default) */
    HF_FIRST_STEP_FROM_ZERO /* the start state is that at time 0 (times are then positive) */
} hf_first_step;

/* Dyads by occasions; a view, nothing is copied. Rows of a dyad stand together, times ascending. */
typedef struct hf_dyads {
    size_t size; /* sizeof(hf_dyads): set by HF_DYADS_INIT */
    size_t n_dyads;
    const size_t
        *first_row;         /* [n_dyads + 1]: rows of dyad i are first_row[i] .. first_row[i+1]-1 */
    const double *time;     /* [row], in the unit the drift is per; whole steps in discrete time */
    const double *y;        /* [row * observations + j], NaN = missing */
    const double *u;        /* [row * covariates + c], no NaN; NULL without covariates */
    const char *const *ids; /* [dyad], for messages; may be NULL */
} hf_dyads;

#define HF_DYADS_INIT                                                                              \
    {                                                                                              \
        sizeof(hf_dyads), 0, NULL, NULL, NULL, NULL, NULL                                          \
    }

typedef struct hf_likelihood_options {
    size_t size;
    hf_first_step first_step;
    double tolerance; /* relative, of the integrator for nonlinear drift; 0: 1e-7 */
} hf_likelihood_options;

#define HF_LIKELIHOOD_OPTIONS_INIT                                                                 \
    {                                                                                              \
        sizeof(hf_likelihood_options), HF_FIRST_STEP_NONE, 0                                       \
    }

typedef struct hf_likelihood hf_likelihood;

/* Checks the data against the model and prepares every buffer; options may be NULL. Fails with
 * HF_E_RANGE (times out of order, missing covariates), HF_E_NOT_ENOUGH_DATA (no observed cell). */
HF_API hf_status hf_likelihood_new(hf_likelihood **out, hf_ctx *ctx, const hf_model *model,
                                   const hf_dyads *data, const hf_likelihood_options *options);
HF_API void hf_likelihood_free(hf_likelihood *likelihood);

/* The log-likelihood at theta [parameters of the model, natural scale]. -INFINITY where the model
 * says nothing finite (a variance below 0, exploding drift). Allocates nothing (with one thread);
 * the same bits for any number of threads. */
HF_API hf_status hf_likelihood_value(hf_likelihood *likelihood, const double *theta, double *out);
/* And its gradient [parameters], exact (forward differentiation of the filter, not differences). */
HF_API hf_status hf_likelihood_gradient(hf_likelihood *likelihood, const double *theta, double *out,
                                        double *gradient);
/* Each dyad's share of the last value or gradient call; borrowed, [n_dyads]. */
HF_API const double *hf_likelihood_by_dyad(const hf_likelihood *likelihood);
/* Observed cells. */
HF_API size_t hf_likelihood_cells(const hf_likelihood *likelihood);

/* ---- reading a table ------------------------------------------------------------------------- */

/* Columns of a CSV for a model. */
typedef struct hf_panel_options {
    size_t size;
    const char *id;      /* the dyad; NULL: "id" or "dyad" if there is one, else one dyad */
    const char *time;    /* NULL: "time" if there is one, else rows are counted 1, 2, 3 */
    const char *partner; /* one row per partner and time: its column; then an obs COLUMN stands for
                            COLUMN.VALUE of every value of it, in ascending order */
    const char *const *obs; /* columns in the order of the model's observe lines; NULL: its names */
    size_t n_obs;
    const char *const *covariates; /* "name=column" or "name"; others are taken by their name */
    size_t n_covariates;
    bool center; /* each observed column minus its mean in the dyad (person-mean centring) */
} hf_panel_options;

#define HF_PANEL_OPTIONS_INIT                                                                      \
    {                                                                                              \
        sizeof(hf_panel_options), NULL, NULL, NULL, NULL, 0, NULL, 0, false                        \
    }

typedef struct hf_panel hf_panel;

/* Reads a CSV (any delimiter; NA, NaN, '.' and empty cells are missing), or Holdfast's own long
 * table (dyad, partner, time, unit, variable, value, n; columns are then VARIABLE.PARTNER). Rows
 * of a dyad need not stand together but must be in order of time. Errors name line and column,
 * an unknown column the nearest one. */
HF_API hf_status hf_panel_read(hf_panel **out, hf_ctx *ctx, const char *path, const hf_model *model,
                               const hf_panel_options *options);
HF_API void hf_panel_free(hf_panel *panel);
HF_API const hf_dyads *hf_panel_dyads(const hf_panel *panel);

/* ---- fitting ------------------------------------------------------------------------------------
 */

typedef struct hf_fit_options {
    size_t size;
    hf_likelihood_options likelihood;
    const double
        *start; /* [parameters] where the search begins; NaN: the model's own. May be NULL */
    const double *fixed;      /* [parameters] held at this value; NaN: free. May be NULL */
    bool evaluate;            /* no search: the log-likelihood at the start values */
    int starts;               /* searches from different points; 0: 4 */
    uint64_t seed;            /* of the other points */
    unsigned max_evaluations; /* of one search; 0: 2000 */
    double level;             /* of the intervals; 0: 0.95 */
    bool profile;             /* profile intervals besides Wald's: slower, right near bounds */
} hf_fit_options;

#define HF_FIT_OPTIONS_INIT                                                                        \
    {                                                                                              \
        sizeof(hf_fit_options), HF_LIKELIHOOD_OPTIONS_INIT, NULL, NULL, false, 0, 0, 0, 0, false   \
    }

typedef struct hf_fit hf_fit;

/* One parameter of a fit. What is not known is NaN: a parameter on its bound, fixed, or in a
 * direction that the data do not determine has no standard error. */
typedef struct hf_estimate {
    const char *name;
    double estimate, se, lower, upper;   /* interval at the fit's level, on the natural scale */
    double profile_lower, profile_upper; /* NaN when not asked for */
    double gradient;                     /* of the log-likelihood, natural scale */
    bool fixed, on_bound, weak;          /* weak: the data hardly determine it */
} hf_estimate;

typedef struct hf_fit_summary {
    double loglik, aic, bic; /* bic by observed cells */
    size_t n_dyads, n_occasions, n_cells, n_free;
    bool converged;
    const char *reason;   /* one of: "optimum", "evaluated", "evaluations", "flat direction",
                             "precision", "not finite" */
    double gradient_norm; /* largest slope on the search's scale */
    double decrement;     /* the gain in log-likelihood that a Newton step still promises */
    double condition;     /* of the Hessian scaled to a unit diagonal; NaN when not computed */
    uint64_t evaluations; /* of the likelihood or its gradient */
    double seconds;
    int starts, agreeing; /* searches, and how many ended within 0.01 of the best */
    const char *method;   /* "exact", "extended Kalman filter", "Kim filter", ... */
} hf_fit_summary;

/* Maximum likelihood by NLopt from several points, polished by Newton steps on exact gradients;
 * intervals from the differenced Hessian. Returns HF_OK for every fit that ends, converged or not
 * (see the summary). HF_E_NOT_ENOUGH_DATA where the data cannot say anything: fewer cells than
 * parameters, a constant series, one occasion per dyad. HF_E_RANGE for start values outside
 * their bounds. data and model stay borrowed. */
HF_API hf_status hf_fit_new(hf_fit **out, hf_ctx *ctx, const hf_model *model, const hf_dyads *data,
                            const hf_fit_options *options);
HF_API void hf_fit_free(hf_fit *fit);
HF_API hf_fit_summary hf_fit_get_summary(const hf_fit *fit);
HF_API hf_estimate hf_fit_get_estimate(const hf_fit *fit, size_t parameter);
/* Estimates of all parameters [parameters], natural scale. */
HF_API const double *hf_fit_theta(const hf_fit *fit);
/* Covariance of the estimates [parameters * parameters], NaN where unknown. */
HF_API const double *hf_fit_covariance(const hf_fit *fit);
/* Remarks on the result in plain English, NULL past the last. */
HF_API const char *hf_fit_note(const hf_fit *fit, size_t index);
/* The whole result as one JSON object, full precision; owned by the fit. */
HF_API const char *hf_fit_json(const hf_fit *fit);

/* ---- states -------------------------------------------------------------------------------------
 */

/* Where the pair was: filtered (from what was seen until then) and smoothed (from everything)
 * states, regime probabilities, and how far each value was from its prediction. */
typedef struct hf_states hf_states;

/* At theta [parameters]. Smoothing by Rauch, Tung & Striebel 1965; with several regimes states and
 * probabilities by Kim 1994 (which collapses the mixture, so they are approximate). */
HF_API hf_status hf_states_new(hf_states **out, hf_ctx *ctx, const hf_model *model,
                               const hf_dyads *data, const double *theta,
                               const hf_likelihood_options *options);
HF_API void hf_states_free(hf_states *states);
/* Means and standard deviations of row (over all dyads) and state. */
HF_API void hf_states_filtered(const hf_states *states, size_t row, size_t state, double *mean,
                               double *sd);
HF_API void hf_states_smoothed(const hf_states *states, size_t row, size_t state, double *mean,
                               double *sd);
/* Probability of a regime at a row, smoothed or filtered. */
HF_API double hf_states_regime(const hf_states *states, size_t row, size_t regime, bool smoothed);
/* What was expected of an observation from everything before its row, and where 95 of 100 values
 * lie; also where it is missing. For 0/1 values and counts the mean alone, on their own scale; the
 * ends are then NaN. */
HF_API void hf_states_expected(const hf_states *states, size_t row, size_t observation,
                               double *mean, double *lower, double *upper);
/* Standardised one-step residual of an observation; NaN where missing. With several regimes its
 * normal score under the predictive mixture of its row. */
HF_API double hf_states_residual(const hf_states *states, size_t row, size_t observation);
/* Everything as CSV (dyad, time, columns by name); owned by the states. */
HF_API const char *hf_states_csv(const hf_states *states);

typedef struct hf_residual_check {
    size_t n;
    double mean, sd; /* 0 and 1 when the model holds */
    double skewness, excess_kurtosis;
    double lag1; /* autocorrelation between neighbours in time */
} hf_residual_check;
HF_API hf_residual_check hf_states_check(const hf_states *states, size_t observation);

/* ---- the page of a fit ----------------------------------------------------------------------- */

typedef struct hf_fit_page_options {
    size_t size;
    const char *dyad;    /* id of the dyad that is drawn; NULL: the first */
    const char *file;    /* name of the table, for the header; may be NULL */
    const char *made_on; /* date */
    uint64_t seed;       /* of the parameter vectors drawn for the uncertainty of curves */
} hf_fit_page_options;
#define HF_FIT_PAGE_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(hf_fit_page_options), NULL, NULL, "1970-01-01", 1                                   \
    }

/* A fit as the document of a page (record.format "fit", doc/schema/findings.md): estimates, the
 * values of one dyad beside what was expected of them, regime probabilities, null-clines of two
 * states, recovery after a push, residuals. Uncertainty of curves: parameter vectors drawn from the
 * covariance of the estimates. What the model cannot show is left out with a sentence. Freed by
 * hf_findings_free. HF_E_NOT_FOUND: no such dyad. */
HF_API hf_status hf_fit_to_findings(hf_findings **out, hf_ctx *ctx, const hf_fit *fit,
                                    const hf_dyads *data, const hf_fit_page_options *options);

/* ---- comparing
 * ------------------------------------------------------------------------------------ */

/* Log-likelihood of each dyad under the parameters fitted to the other folds: by_dyad [n_dyads],
 * *out their sum. folds between 2 and the number of dyads; dyads are dealt out by seed.
 * HF_E_NOT_ENOUGH_DATA with fewer than two dyads. */
HF_API hf_status hf_cross_validate(double *out, hf_ctx *ctx, const hf_model *model,
                                   const hf_dyads *data, const hf_fit_options *options,
                                   size_t folds, double *by_dyad);
/* P(chi-squared with df degrees of freedom > x): for likelihood ratios of nested models. */
HF_API double hf_chi_squared_tail(double x, double df);

/* ---- simulation-based and Bayesian intervals
 * ---------------------------------------------------------- */

/* Parametric bootstrap: data drawn from the model at theta, with the times, gaps and covariates
 * of data, and fitted again. draws [replicates * parameters] (NaN rows did not converge). */
HF_API hf_status hf_bootstrap(hf_ctx *ctx, const hf_model *model, const hf_dyads *data,
                              const double *theta, const hf_fit_options *options, size_t replicates,
                              double *draws);
/* One data set from the model at theta: y [rows * observations], NaN where data is missing; may be
 * the y of data itself. Models with regimes, 0/1 values or counts are drawn regime by regime and
 * state by state: exact when the drift is linear, else by Runge-Kutta with noise in 64 pieces. */
HF_API hf_status hf_simulate_like(hf_ctx *ctx, const hf_model *model, const hf_dyads *data,
                                  const double *theta, const hf_likelihood_options *options,
                                  uint64_t seed, uint64_t replicate, double *y);

typedef struct hf_sample_options {
    size_t size;
    hf_likelihood_options likelihood;
    const double *start;          /* [parameters] or NULL */
    const double *fixed;          /* [parameters], NaN: free; or NULL */
    size_t warmup, draws, chains; /* 0: 500, 1000, 4 */
    double accept;                /* aimed acceptance; 0: 0.85 */
    uint64_t seed;
} hf_sample_options;

#define HF_SAMPLE_OPTIONS_INIT                                                                     \
    {                                                                                              \
        sizeof(hf_sample_options), HF_LIKELIHOOD_OPTIONS_INIT, NULL, NULL, 0, 0, 0, 0, 0           \
    }

typedef struct hf_sample hf_sample;
typedef struct hf_sample_summary {
    const char *name;
    double mean, sd, lower, upper; /* central 95 % */
    double rhat, ess;              /* split R-hat; effective size by Geyer 1992 */
} hf_sample_summary;

/* Posterior draws by the No-U-Turn sampler (Hoffman & Gelman 2014; multinomial variant of
 * Betancourt 2017) on the exact gradient, with the priors of the model file; parameters without a
 * prior have a flat one on the search's scale. */
HF_API hf_status hf_sample_new(hf_sample **out, hf_ctx *ctx, const hf_model *model,
                               const hf_dyads *data, const hf_sample_options *options);
HF_API void hf_sample_free(hf_sample *sample);
HF_API hf_sample_summary hf_sample_get(const hf_sample *sample, size_t parameter);
HF_API size_t hf_sample_divergences(const hf_sample *sample);
/* [chains * draws][parameters], chain after chain. */
HF_API const double *hf_sample_draws(const hf_sample *sample, size_t *count);

/* ---- events: who starts, who answers
 * ---------------------------------------------------------------- */

/* Two-sided Hawkes process with exponential memory (Hawkes 1971; for dyads Halpin & De Boeck 2013,
 * Psychometrika 78:793): partner k's rate of events
 *   lambda_k(t) = mu_k r(t) + sum over past events i of partner m of a[k][m] exp(-b (t - t_i)),
 * with r(t) = 1 + c cos(2 pi t / day) + s sin(2 pi t / day) the daily rhythm (c^2 + s^2 <= 1). */
typedef struct hf_hawkes {
    double mu[2];   /* events per unit of time */
    double a[2][2]; /* [who is moved][by whom]; a[k][m] / b is how many events one event calls up */
    double b;       /* decay per unit of time */
    double c, s;    /* daily rhythm; 0: none */
} hf_hawkes;

enum { HF_HAWKES_PARAMETERS = 9 }; /* mu1 mu2 a11 a12 a21 a22 b c s: the order of gradients */

/* n events at ascending times in [0, end] by partner who[i] (0 or 1). day is the length of a day in
 * the unit of time. gradient [9] may be NULL. Cost linear in n. Ties count as in order. */
HF_API hf_status hf_hawkes_loglik(double *out, hf_ctx *ctx, const hf_hawkes *model, size_t n,
                                  const double *time, const int *who, double end, double day,
                                  double *gradient);
/* Largest eigenvalue of a / b: below 1 the process is stable. */
HF_API double hf_hawkes_radius(const hf_hawkes *model);
/* Long-run events per unit of time; false when the process is not stable. */
HF_API bool hf_hawkes_rates(const hf_hawkes *model, double rates[2]);

typedef struct hf_hawkes_fit {
    hf_hawkes model;
    double se[HF_HAWKES_PARAMETERS]; /* NaN where unknown */
    double loglik, loglik_poisson;   /* the second with a = 0 */
    bool converged;
    double ks[2], ks_p[2]; /* Kolmogorov-Smirnov of each partner's rescaled gaps against Exp(1) */
} hf_hawkes_fit;

/* Maximum likelihood. HF_E_NOT_ENOUGH_DATA with fewer than 20 events of a partner. rhythm: with
 * the daily rhythm (leave it out only for records of less than a day: sleep looks like memory). */
HF_API hf_status hf_hawkes_fit_new(hf_hawkes_fit *out, hf_ctx *ctx, size_t n, const double *time,
                                   const int *who, double end, double day, bool rhythm);

/* Events from a CSV with a row each: its time and whose it was (two values; the first in order is
 * partner 0). Sorted by time, counted from the first event. */
typedef struct hf_events hf_events;
HF_API hf_status hf_events_read(hf_events **out, hf_ctx *ctx, const char *path,
                                const char *time_column, const char *partner_column);
HF_API void hf_events_free(hf_events *events);
HF_API size_t hf_events_get(const hf_events *events, const double **time, const int **who);
HF_API const char *hf_events_partner(const hf_events *events, int partner);

/* ---- estimators of the R package rties, for comparability
 * ------------------------------------------- */

/* Each series has its own least-squares line removed. lag: where the cross-correlation (x0 first)
 * is largest in size, in the package's sign: a positive lag is a lead; 0 becomes 1. x_t = intercept
 * + inertia x_(t+lag) + coordination (other)_(t+lag). NaN = missing. */
typedef struct hf_rties_inertia {
    int lag;
    double intercept[2], inertia[2], coordination[2];
} hf_rties_inertia;
HF_API hf_status hf_rties_inertia_fit(hf_rties_inertia *out, hf_ctx *ctx, size_t n,
                                      const double *x0, const double *x1);

/* x'' = obs x + d1 x' + p_obs y + p_d1 y' by generalised local linear approximation with delay tau
 * and embedding dimension embed. Known to be biased: fit coupled_oscillator for inference. period
 * in the unit of dt, NaN where obs is not negative. */
typedef struct hf_rties_oscillator {
    double obs[2], d1[2], p_obs[2], p_d1[2], period[2], r2;
} hf_rties_oscillator;
HF_API hf_status hf_rties_oscillator_fit(hf_rties_oscillator *out, hf_ctx *ctx, size_t n,
                                         const double *x0, const double *x1, int tau, int embed,
                                         double dt);

#ifdef __cplusplus
}
#endif
#endif
