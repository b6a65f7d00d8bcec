/* SPDX-License-Identifier: MIT */
/* Before and after: did what a practice should move move? And days that were too much. From the
 * ratings of a record and the weekly series of its findings; 'followed by', never 'because'. */
#include "guidance/practices.h"
#include "guidance/rules.h"
#include "num/stats.h"
#include "num/stats_distribution.h"
#include "text/time.h"

#include <math.h>
#include <string.h>

/* A rating from here on says that talking became too much (0..10). */
static const double TOO_MUCH = 7;
enum { LEAST_WEEKS = 4, LEAST_DAYS = 7, RECENT_DAYS = 14, MOST_WEEKS = 4000 };

typedef struct {
    hf_ctx *ctx;
    hf_findings *findings;
    const hf_record *record;
    const hf_practices *practices;
    hf_i_matcher m;         /* who is who, and the series */
    double *before, *after; /* [MOST_WEEKS] weekly values */
    size_t before_count, after_count;
} progress;

static int64_t day_of(int64_t ms)
{
    return ms / HF_I_MS_PER_DAY - (ms % HF_I_MS_PER_DAY < 0);
}

static bool item_is(const hf_rating *r, const char *prefix, const char *rest)
{
    size_t a = strlen(prefix), b = strlen(rest);
    return r->item.size == a + b && memcmp(r->item.data, prefix, a) == 0 &&
           memcmp(r->item.data + a, rest, b) == 0;
}

/* The rater as one of the two: by name, or as 'a' and 'b' themselves. -1: somebody else. */
static int rater(const progress *p, const hf_rating *r)
{
    const hf_person *person = r->partner >= 0 ? hf_record_get_person(p->record, r->partner) : NULL;
    for (int k = 0; person && k < 2; k++)
        if ((person->name.size == strlen(p->m.name[k]) &&
             memcmp(person->name.data, p->m.name[k], person->name.size) == 0) ||
            (person->name.size == 1 && person->name.data[0] == "ab"[k]))
            return k;
    return -1;
}

/* In solo only the own ratings count. */
static bool may_use(const progress *p, int who)
{
    return p->m.consent == HF_CONSENT_BOTH ? who >= 0
                                           : p->m.consent == HF_CONSENT_SOLO && who == p->m.me;
}

static bool own_rating(const progress *p, size_t index, int who, const char *prefix,
                       const char *item, hf_rating *r)
{
    hf_record_get_rating(p->record, index, r);
    return item_is(r, prefix, item) && rater(p, r) == who && !isnan(r->value) &&
           r->t_ms != HF_NO_TIME;
}

/* ---- weekly values on both sides of a day
 * --------------------------------------------------------
 */

static void put(progress *p, bool after, double x)
{
    size_t *n = after ? &p->after_count : &p->before_count;
    if (*n < MOST_WEEKS)
        (after ? p->after : p->before)[(*n)++] = x;
}

/* The week in which it began belongs to neither side. */
static hf_status split_series(progress *p, const char *id, int who, int64_t first, char unit[32])
{
    const hf_i_json_tree *t = &p->m.series;
    p->m.series_id[0] = '\0';
    for (size_t i = 0; i < hf_findings_count_figures(p->findings); i++) {
        const hf_figure *f = hf_findings_get_figure(p->findings, i);
        if (strcmp(f->kind, "series") != 0 || strcmp(f->id, id) != 0)
            continue;
        HF_TRY(hf_i_json_tree_parse(&p->m.series, p->ctx, f->data));
        const hf_i_json_node *root = hf_i_json_root(t);
        const hf_i_json_node *u = hf_i_json_get(t, root, "unit");
        snprintf(unit, 32, "%.*s", u->kind == HF_I_JSON_STRING ? (int)u->len : 0, u->text);
        if (!hf_i_json_node_is(hf_i_json_get(t, root, "period"), "week"))
            return HF_OK;
        const hf_i_json_node *line = hf_i_json_first(t, hf_i_json_get(t, root, "lines"));
        while (line->kind != HF_I_JSON_END && !hf_i_json_node_is(hf_i_json_get(t, line, "partner"),
                                                                 hf_partner_name((hf_partner)who)))
            line = hf_i_json_next_node(t, line);
        const hf_i_json_node *v = hf_i_json_first(t, hf_i_json_get(t, line, "value"));
        const hf_i_json_node *time = hf_i_json_first(t, hf_i_json_get(t, root, "time"));
        for (; v->kind != HF_I_JSON_END && time->kind != HF_I_JSON_END;
             v = hf_i_json_next_node(t, v), time = hf_i_json_next_node(t, time)) {
            double x;
            hf_i_time start;
            if (!hf_i_json_node_number(v, &x) || time->kind != HF_I_JSON_STRING ||
                !hf_i_time_parse_iso(time->text, time->len, &start))
                continue;
            int64_t day = day_of(start.ms);
            if (day + 7 <= first || day > first)
                put(p, day > first, x);
        }
    }
    return HF_OK;
}

/* Weekly means of a check-in item, counted from the day on which the practice began. */
static hf_status split_ratings(progress *p, const char *item, int who, int64_t first)
{
    double *sum = hf_i_calloc(p->ctx, 2 * MOST_WEEKS, sizeof *sum);
    uint32_t *n = hf_i_calloc(p->ctx, 2 * MOST_WEEKS, sizeof *n);
    for (size_t i = 0; sum && n && i < hf_record_count_ratings(p->record); i++) {
        hf_rating r;
        if (!own_rating(p, i, who, "", item, &r))
            continue;
        int64_t days = day_of(r.t_ms) - first;
        int64_t week = days >= 0 ? days / 7 : -((6 - days) / 7);
        if (week < -MOST_WEEKS || week >= MOST_WEEKS)
            continue;
        sum[week + MOST_WEEKS] += r.value;
        n[week + MOST_WEEKS]++;
    }
    for (int k = 0; sum && n && k < 2 * MOST_WEEKS; k++)
        if (n[k])
            put(p, k >= MOST_WEEKS, sum[k] / n[k]);
    bool all = sum && n;
    hf_i_free(p->ctx, sum);
    hf_i_free(p->ctx, n);
    return all ? HF_OK : HF_E_NOMEM;
}

/* Difference of two means with unequal variances (Welch 1947, Biometrika 34:28). NaN where there
 * are too few weeks or no spread at all. */
static hf_i_interval welch(const progress *p)
{
    double n1 = (double)p->before_count, n2 = (double)p->after_count;
    hf_i_interval none = {NAN, NAN, NAN};
    if (p->before_count < LEAST_WEEKS || p->after_count < LEAST_WEEKS)
        return none;
    double s1 = hf_i_sd(p->before, p->before_count), s2 = hf_i_sd(p->after, p->after_count);
    double v1 = s1 * s1 / n1, v2 = s2 * s2 / n2;
    if (!(v1 + v2 > 0))
        return none;
    double df = (v1 + v2) * (v1 + v2) / (v1 * v1 / (n1 - 1) + v2 * v2 / (n2 - 1));
    double half = hf_i_t_quantile(.975, df) * sqrt(v1 + v2);
    double d = hf_i_mean(p->after, p->after_count) - hf_i_mean(p->before, p->before_count);
    return (hf_i_interval){d, d - half, d + half};
}

/* ---- a practice --------------------------------------------------------------------------------
 */

static hf_finding blank_finding(const progress *p, const char *id, int who)
{
    return (hf_finding){.id = id,
                        .about = (hf_partner)who,
                        .estimate = NAN,
                        .lo = NAN,
                        .hi = NAN,
                        .level = NAN,
                        .base_rate = NAN,
                        .status = HF_FINDING_NOT_ENOUGH_DATA,
                        .visibility = p->m.consent == HF_CONSENT_BOTH ? HF_VISIBLE_JOINT
                                      : who == 0                      ? HF_VISIBLE_A
                                                                      : HF_VISIBLE_B};
}

static hf_status add_moved(progress *p, const hf_practice *practice, int who, uint64_t times,
                           int64_t first, const char *unit)
{
    char id[160], since[HF_I_TIME_SIZE], name[160], measure[160];
    hf_i_interval d = welch(p);
    bool enough = !isnan(d.estimate), rating = strncmp(practice->moves, HF_I_RATING, 7) == 0;
    int sign = d.lo > 0 ? 1 : d.hi < 0 ? -1 : 0;
    hf_i_time_format_date(since, first * HF_I_MS_PER_DAY);
    snprintf(id, sizeof id, "practice_%.80s.%s", practice->id, hf_partner_name((hf_partner)who));
    snprintf(name, sizeof name, "practice.%.80s.name", practice->id);
    snprintf(measure, sizeof measure, "%s%.80s.name", rating ? "rating." : "",
             practice->moves + (rating ? strlen(HF_I_RATING) : 0));
    hf_finding_value values[] = {
        {"practice", NAN, name},
        {"measure", NAN, measure},
        {"times", (double)times, NULL},
        {"since", NAN, since},
        {"weeks_before", (double)p->before_count, NULL},
        {"weeks_after", (double)p->after_count, NULL},
        {"before", enough ? hf_i_mean(p->before, p->before_count) : NAN, NULL},
        {"after", enough ? hf_i_mean(p->after, p->after_count) : NAN, NULL}};
    hf_finding f = blank_finding(p, id, who);
    f.mechanism = practice->mechanism;
    f.unit = unit[0] ? unit : NULL;
    f.grade = practice->grade;
    f.n = p->before_count + p->after_count;
    f.text_key = !enough    ? "practice_moved.same"
                 : sign > 0 ? "practice_moved.up"
                 : sign < 0 ? "practice_moved.down"
                            : "practice_moved.same";
    f.values = values;
    f.value_count = enough ? HF_COUNT_OF(values) : 6;
    if (enough) {
        f.status = sign ? HF_FINDING_SEEN : HF_FINDING_HYPOTHESIS;
        f.estimate = d.estimate;
        f.lo = d.lo;
        f.hi = d.hi;
        f.level = .95;
    }
    return hf_findings_add(p->findings, &f);
}

static hf_status one_practice(progress *p, const hf_practice *practice, int who)
{
    uint64_t times = 0;
    int64_t first = INT64_MAX;
    char unit[32] = "";
    for (size_t i = 0; i < hf_record_count_ratings(p->record); i++) {
        hf_rating r;
        if (!own_rating(p, i, who, HF_I_PRACTICE_ITEM, practice->id, &r))
            continue;
        times++;
        first = day_of(r.t_ms) < first ? day_of(r.t_ms) : first;
    }
    if (!times)
        return HF_OK;
    int whose = practice->whose[0] == 'o' && practice->whose[1] == 't' ? 1 - who : who;
    p->before_count = p->after_count = 0;
    if (strncmp(practice->moves, HF_I_RATING, strlen(HF_I_RATING)) == 0) {
        if (may_use(p, whose))
            HF_TRY(split_ratings(p, practice->moves + strlen(HF_I_RATING), whose, first));
    } else if (*practice->moves) {
        HF_TRY(
            split_series(p, practice->moves, practice->whose[0] == 'a' ? 2 : whose, first, unit));
    }
    return add_moved(p, practice, who, times, first, unit);
}

/* ---- days that were too much
 * ---------------------------------------------------------------------
 */

static hf_status add_flooded(progress *p, int who)
{
    double days = 0, count = 0, recent = 0;
    int64_t last = INT64_MIN;
    hf_rating r;
    for (size_t i = 0; i < hf_record_count_ratings(p->record); i++)
        if (own_rating(p, i, who, "", "too_much", &r) && day_of(r.t_ms) > last)
            last = day_of(r.t_ms);
    for (size_t i = 0; i < hf_record_count_ratings(p->record); i++) {
        if (!own_rating(p, i, who, "", "too_much", &r))
            continue;
        days++;
        count += r.value >= TOO_MUCH;
        recent += r.value >= TOO_MUCH && day_of(r.t_ms) > last - RECENT_DAYS;
    }
    if (days <= 0)
        return HF_OK;
    char id[32];
    snprintf(id, sizeof id, "flooded.%s", hf_partner_name((hf_partner)who));
    hf_finding_value values[] = {
        {"count", count, NULL}, {"of", days, NULL}, {"recent", recent, NULL}};
    hf_finding f = blank_finding(p, id, who);
    f.mechanism = "S18";
    f.grade = 'B';
    f.unit = "share";
    f.n = (uint64_t)days;
    f.text_key = "flooded";
    if (days >= LEAST_DAYS) {
        hf_i_interval w = hf_i_wilson(count, days, .95);
        f.status = HF_FINDING_HYPOTHESIS;
        f.estimate = count / days;
        f.lo = w.lo;
        f.hi = w.hi;
        f.level = .95;
        f.values = values;
        f.value_count = HF_COUNT_OF(values);
    }
    return hf_findings_add(p->findings, &f);
}

static hf_status run(progress *p)
{
    HF_TRY(hf_i_matcher_init(&p->m, p->ctx, NULL, p->findings));
    p->before = hf_i_alloc(p->ctx, MOST_WEEKS * sizeof *p->before);
    p->after = hf_i_alloc(p->ctx, MOST_WEEKS * sizeof *p->after);
    if (!p->before || !p->after)
        return HF_E_NOMEM;
    for (int who = 0; who < 2; who++) {
        if (!may_use(p, who))
            continue;
        HF_TRY(add_flooded(p, who));
        for (size_t i = 0; i < p->practices->count; i++)
            HF_TRY(one_practice(p, &p->practices->all[i], who));
    }
    return HF_OK;
}

hf_status hf_practice_findings(hf_findings *findings, hf_ctx *ctx, const hf_record *record,
                               const hf_practices *practices)
{
    if (!hf_record_count_ratings(record))
        return HF_OK;
    progress *p = hf_i_calloc(ctx, 1, sizeof *p);
    if (!p)
        return HF_E_NOMEM;
    p->ctx = ctx;
    p->findings = findings;
    p->record = record;
    p->practices = practices;
    hf_status status = run(p);
    hf_i_matcher_dispose(&p->m);
    hf_i_free(ctx, p->before);
    hf_i_free(ctx, p->after);
    hf_i_free(ctx, p);
    return status;
}
