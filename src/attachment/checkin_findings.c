/* SPDX-License-Identifier: MIT */
/* What a couple's own ratings say about the ratings: how far one can be trusted, and how the two
 * read each other. Nothing here says how anybody is. */
#include "attachment/checkin.h"
#include "attachment/psychometrics.h"

#include <math.h>
#include <string.h>

enum { FEWEST_DAYS = 20, MAX_GROUP = 8 };
static const double WIDEST = 0.6; /* an interval of reliability wider than this says too little */

typedef struct job {
    hf_findings *out;
    hf_ctx *ctx;
    const hf_diary *ratings;
    const hf_checkin *checkin;
    hf_consent consent;
} job;

static hf_visibility own_view(hf_partner partner)
{
    return partner == HF_PARTNER_A ? HF_VISIBLE_A : HF_VISIBLE_B;
}

static hf_finding empty(const char *id, const char *mechanism, hf_partner about,
                        const char *text_key, hf_visibility visibility)
{
    return (hf_finding){.id = id,
                        .mechanism = mechanism,
                        .about = about,
                        .estimate = NAN,
                        .unit = "",
                        .lo = NAN,
                        .hi = NAN,
                        .level = 0.95,
                        .base_rate = NAN,
                        .status = HF_FINDING_NOT_ENOUGH_DATA,
                        .grade = '-',
                        .visibility = visibility,
                        .text_key = text_key};
}

/* ---- one item ------------------------------------------------------------------------------ */

static hf_status item_finding(const job *j, hf_partner partner, const hf_checkin_item *item)
{
    const hf_diary_row *rows;
    char id[160];
    size_t n = hf_i_diary_of(j->ratings, partner, item->id, &rows);
    snprintf(id, sizeof id, "checkin_reliability.%.60s.%s", item->id, hf_partner_name(partner));
    hf_finding f = empty(id, item->mechanism, partner, "checkin_reliability", own_view(partner));
    f.unit = "share";
    f.n = n;
    int64_t *day = hf_i_alloc(j->ctx, (n + 1) * sizeof *day);
    double *y = hf_i_alloc(j->ctx, (n + 1) * sizeof *y);
    if (!day || !y) {
        hf_i_free(j->ctx, day);
        hf_i_free(j->ctx, y);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        day[i] = rows[i].day;
        y[i] = rows[i].value;
    }
    hf_i_interval r = hf_i_rating_reliability(day, y, n);
    double sd = n > 1 ? hf_i_sd(y, n) : NAN, error = sd * sqrt(1 - r.estimate);
    const hf_finding_value enough[] = {{"item", 0, item->id},
                                       {"mean", n ? hf_i_mean(y, n) : NAN, NULL},
                                       {"sd", sd, NULL},
                                       {"sem", error, NULL},
                                       {"beyond", 1.96 * sqrt(2) * error, NULL}};
    f.values = enough;
    f.value_count = 1; /* without data the item's name is all there is to say */
    if (r.hi - r.lo <= WIDEST) {
        f.estimate = r.estimate;
        f.lo = r.lo;
        f.hi = r.hi;
        f.status = HF_FINDING_SEEN;
        f.value_count = HF_COUNT_OF(enough);
    }
    hf_status s = hf_findings_add(j->out, &f);
    hf_i_free(j->ctx, day);
    hf_i_free(j->ctx, y);
    return s;
}

/* ---- a group of items ---------------------------------------------------------------------- */

/* Alpha of change: the items' covariance over one person's days. Days with all items count. */
static size_t group_covariance(const job *j, hf_partner partner, const size_t *item, size_t k,
                               double *cov)
{
    const hf_diary_row *rows[MAX_GROUP];
    size_t count[MAX_GROUP], at[MAX_GROUP] = {0}, n = 0;
    double sum[MAX_GROUP] = {0}, cross[MAX_GROUP][MAX_GROUP] = {{0}};
    for (size_t i = 0; i < k; i++)
        count[i] = hf_i_diary_of(j->ratings, partner, j->checkin->items[item[i]].id, &rows[i]);
    for (; at[0] < count[0]; at[0]++) {
        int64_t day = rows[0][at[0]].day;
        double x[MAX_GROUP];
        bool whole = true;
        for (size_t i = 0; i < k; i++) {
            while (at[i] < count[i] && rows[i][at[i]].day < day)
                at[i]++;
            whole = whole && at[i] < count[i] && rows[i][at[i]].day == day;
            x[i] = whole ? rows[i][at[i]].value : 0;
        }
        n += whole;
        for (size_t i = 0; whole && i < k; i++) {
            sum[i] += x[i];
            for (size_t m = 0; m < k; m++)
                cross[i][m] += x[i] * x[m];
        }
    }
    for (size_t i = 0; i < k && n > 1; i++)
        for (size_t m = 0; m < k; m++)
            cov[i * k + m] = (cross[i][m] - sum[i] * sum[m] / (double)n) / ((double)n - 1);
    return n;
}

static hf_status group_finding(const job *j, hf_partner partner, const char *group)
{
    size_t item[MAX_GROUP], k = 0;
    double cov[MAX_GROUP * MAX_GROUP] = {0}, mean[MAX_GROUP] = {0}, lo, hi;
    uint16_t columns[MAX_GROUP] = {0};
    char id[160];
    hf_i_reading r = {0};
    for (size_t i = 0; i < j->checkin->item_count && k < MAX_GROUP; i++)
        if (strcmp(j->checkin->items[i].group, group) == 0) {
            r.place[k] = (uint16_t)k;
            r.sign[k] = 1;
            item[k++] = i;
        }
    if (k < 2)
        return HF_OK;
    r.k = k;
    size_t n = group_covariance(j, partner, item, k, cov);
    hf_i_moments m = {.n = n, .p = k, .columns = columns, .mean = mean, .cov = cov};
    double alpha = hf_i_alpha(&m, &r);
    hf_i_alpha_interval(alpha, n, k, &lo, &hi);
    snprintf(id, sizeof id, "checkin_group.%.60s.%s", group, hf_partner_name(partner));
    hf_finding f = empty(id, j->checkin->items[item[0]].mechanism, partner, "checkin_group",
                         own_view(partner));
    const hf_finding_value values[] = {{"group", 0, group}, {"items", (double)k, NULL}};
    f.values = values;
    f.value_count = HF_COUNT_OF(values);
    f.unit = "share";
    f.n = n;
    if (n >= FEWEST_DAYS && !isnan(alpha)) {
        f.estimate = alpha;
        f.lo = lo;
        f.hi = hi;
        f.status = HF_FINDING_SEEN;
    }
    return hf_findings_add(j->out, &f);
}

/* ---- reading each other -------------------------------------------------------------------- */

typedef struct guesses {
    double *guess, *truth, *own; /* [n], days on which all three were rated */
    size_t n;
} guesses;

static hf_status collect(const job *j, hf_partner judge, const hf_checkin_item *item, guesses *g)
{
    hf_partner other = judge == HF_PARTNER_A ? HF_PARTNER_B : HF_PARTNER_A;
    const hf_diary_row *a, *b, *c;
    size_t na = hf_i_diary_of(j->ratings, judge, item->id, &a), ib = 0, ic = 0;
    size_t nb = hf_i_diary_of(j->ratings, other, item->pairs, &b);
    size_t nc = hf_i_diary_of(j->ratings, judge, item->pairs, &c);
    g->n = 0;
    g->guess = hf_i_alloc(j->ctx, (3 * na + 1) * sizeof(double));
    if (!g->guess)
        return HF_E_NOMEM;
    g->truth = g->guess + na;
    g->own = g->truth + na;
    for (size_t i = 0; i < na; i++) {
        while (ib < nb && b[ib].day < a[i].day)
            ib++;
        while (ic < nc && c[ic].day < a[i].day)
            ic++;
        if (ib == nb || ic == nc || b[ib].day != a[i].day || c[ic].day != a[i].day)
            continue;
        g->guess[g->n] = a[i].value;
        g->truth[g->n] = b[ib].value;
        g->own[g->n++] = c[ic].value;
    }
    return HF_OK;
}

/* Truth and bias (West & Kenny 2011, Psychol. Rev. 118:357): the guess minus the mean truth on
 * the truth and the judge's own feeling, both centred. */
static hf_status truth_findings(const job *j, hf_partner judge, const hf_checkin_item *item)
{
    static const char *const keys[3] = {"reading_bias", "reading_truth", "reading_similarity"};
    guesses g = {0};
    hf_i_interval b[3];
    bool known = false;
    if (j->consent == HF_CONSENT_BOTH) {
        HF_TRY(collect(j, judge, item, &g));
        double mt = g.n ? hf_i_mean(g.truth, g.n) : 0, mo = g.n ? hf_i_mean(g.own, g.n) : 0;
        for (size_t i = 0; i < g.n; i++) {
            g.guess[i] -= mt;
            g.truth[i] -= mt;
            g.own[i] -= mo;
        }
        known = g.n >= FEWEST_DAYS && hf_i_two_predictors(b, g.guess, g.truth, g.own, g.n);
    }
    hf_status s = HF_OK;
    for (int k = 0; k < 3 && s == HF_OK; k++) {
        char id[80];
        snprintf(id, sizeof id, "%s.%s", keys[k], hf_partner_name(judge));
        hf_finding f = empty(id, item->mechanism, judge, keys[k], HF_VISIBLE_JOINT);
        f.unit = k ? "per_point" : "points";
        f.grade = 'B';
        if (j->consent != HF_CONSENT_BOTH) {
            f.status = HF_FINDING_NOT_SHOWN;
            f.visibility = own_view(judge);
            f.not_shown_reason = "reading each other is shown only when both have agreed";
        } else if (known) {
            f.estimate = b[k].estimate;
            f.lo = b[k].lo;
            f.hi = b[k].hi;
            f.n = g.n;
            f.status = b[k].lo > 0 || b[k].hi < 0 ? HF_FINDING_SEEN : HF_FINDING_HYPOTHESIS;
        } else {
            f.n = g.n;
        }
        s = hf_findings_add(j->out, &f);
    }
    hf_i_free(j->ctx, g.guess);
    return s;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static hf_status partner_findings(const job *j, hf_partner partner)
{
    const hf_checkin *c = j->checkin;
    for (size_t i = 0; i < c->item_count; i++) {
        bool first = c->items[i].group[0] != '\0';
        HF_TRY(item_finding(j, partner, &c->items[i]));
        for (size_t k = 0; k < i; k++)
            first = first && strcmp(c->items[k].group, c->items[i].group) != 0;
        if (first)
            HF_TRY(group_finding(j, partner, c->items[i].group));
        if (c->items[i].pairs[0])
            HF_TRY(truth_findings(j, partner, &c->items[i]));
    }
    return HF_OK;
}

/* A rating that the question does not allow is a slip of the pen in the file. */
static hf_status check_range(hf_ctx *ctx, const hf_diary *ratings, const hf_checkin *c)
{
    for (size_t i = 0; i < hf_diary_count(ratings); i++) {
        const hf_diary_row *row = hf_diary_get(ratings, i);
        const char *item = hf_diary_get_item(ratings, row->item);
        size_t k = 0;
        while (k < c->item_count && strcmp(c->items[k].id, item) != 0)
            k++;
        if (k == c->item_count || (row->value >= c->min && row->value <= c->max))
            continue;
        hf_i_place place = {.file = ratings->path, .line = row->line};
        return hf_i_fail_at(ctx, HF_E_RANGE, &place, NULL,
                            "column value: '%.60s' is rated %g, not within %d to %d", item,
                            row->value, c->min, c->max);
    }
    return HF_OK;
}

hf_status hf_checkin_findings(hf_findings *out, hf_ctx *ctx, const hf_diary *ratings,
                              const hf_checkin *checkin, hf_consent consent, hf_partner me)
{
    job j = {out, ctx, ratings, checkin, consent};
    if (me == HF_PARTNER_AB && consent != HF_CONSENT_BOTH)
        return hf_i_fail(ctx, HF_E_CONSENT, "Say whose report it is (--me a or --me b).",
                         "both partners' ratings are read only when both have agreed");
    HF_TRY(check_range(ctx, ratings, checkin));
    if (me != HF_PARTNER_B)
        HF_TRY(partner_findings(&j, HF_PARTNER_A));
    if (me != HF_PARTNER_A)
        HF_TRY(partner_findings(&j, HF_PARTNER_B));
    return HF_OK;
}
