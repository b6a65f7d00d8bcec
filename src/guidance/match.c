/* SPDX-License-Identifier: MIT */
/* Holding rules against findings. What is missing never holds: a test of a number that is not
 * there is false, whichever way it points. */
#include "guidance/rules.h"

#include "num/stats.h"
#include "text/time.h"

#include <math.h>
#include <string.h>

/* How far the mean of a run must lie from the middle, in robust deviations. */
static const double DEVIATIONS = 2;

bool hf_i_days_between(const char *a, const char *b, int64_t *days)
{
    hf_i_time from, to;
    if (!a || !b || !hf_i_time_parse_iso(a, strlen(a), &from) ||
        !hf_i_time_parse_iso(b, strlen(b), &to))
        return false;
    *days = (to.ms - from.ms) / HF_I_MS_PER_DAY;
    return true;
}

static void read_people(hf_i_matcher *m)
{
    const hf_i_json_node *root = hf_i_json_root(&m->record);
    const hf_i_json_node *last = hf_i_json_get(&m->record, root, "last");
    const hf_i_json_node *p =
        hf_i_json_first(&m->record, hf_i_json_get(&m->record, root, "partners"));
    if (last->kind == HF_I_JSON_STRING)
        snprintf(m->last, sizeof m->last, "%.*s", (int)last->len, last->text);
    for (; p->kind != HF_I_JSON_END; p = hf_i_json_next_node(&m->record, p)) {
        const hf_i_json_node *key = hf_i_json_get(&m->record, p, "key");
        const hf_i_json_node *name = hf_i_json_get(&m->record, p, "name");
        int who = hf_i_json_node_is(key, "b") ? 1 : 0;
        snprintf(m->name[who], sizeof m->name[who], "%.*s", (int)name->len, name->text);
        if (hf_i_json_node_true(hf_i_json_get(&m->record, p, "me")))
            m->me = who;
    }
}

hf_status hf_i_matcher_init(hf_i_matcher *m, hf_ctx *ctx, const hf_rules *rules,
                            const hf_findings *findings)
{
    const hf_findings_header *h = hf_findings_get_header(findings);
    memset(m, 0, sizeof *m);
    m->ctx = ctx;
    m->rules = rules;
    m->findings = findings;
    m->consent = h->consent;
    m->me = -1;
    hf_i_json_tree_init(&m->record, ctx);
    hf_i_json_tree_init(&m->series, ctx);
    hf_i_json_tree_init(&m->episodes, ctx);
    HF_TRY(hf_i_episodes_open(m));
    HF_TRY(hf_i_json_tree_parse(&m->record, ctx, h->record ? h->record : "{}"));
    read_people(m);
    return HF_OK;
}

void hf_i_matcher_dispose(hf_i_matcher *m)
{
    hf_i_json_tree_dispose(&m->record);
    hf_i_json_tree_dispose(&m->series);
    hf_i_json_tree_dispose(&m->episodes);
}

/* ---- findings -----------------------------------------------------------------------------------
 */

/* pattern with its persons put in. False: it names somebody who is not known. */
static bool bind(const char *pattern, hf_i_binding b, char *out, size_t size)
{
    size_t used = 0;
    for (const char *p = pattern; *p;) {
        bool me = strncmp(p, "{me}", 4) == 0, other = strncmp(p, "{other}", 7) == 0;
        if ((me || other) && b.me < 0)
            return false;
        if (used + 2 > size)
            return false;
        out[used++] = me ? "ab"[b.me] : other ? "ba"[b.me] : *p;
        p += me ? 4 : other ? 7 : 1;
    }
    out[used] = '\0';
    return true;
}

/* '*' stands for any run of letters, also none. */
static bool glob(const char *pattern, const char *text)
{
    while (*pattern && *pattern != '*') {
        if (*pattern != *text)
            return false;
        pattern++;
        text++;
    }
    if (!*pattern)
        return !*text;
    for (;; text++) {
        if (glob(pattern + 1, text))
            return true;
        if (!*text)
            return false;
    }
}

static const hf_finding_value *value_of(const hf_finding *f, const char *key)
{
    for (size_t i = 0; i < f->value_count; i++)
        if (strcmp(f->values[i].key, key) == 0)
            return &f->values[i];
    return NULL;
}

static double number_of(const hf_finding *f, const char *field)
{
    if (strncmp(field, "value.", 6) == 0) {
        const hf_finding_value *v = value_of(f, field + 6);
        return v && !v->text ? v->number : NAN;
    }
    switch (field[0]) {
    case 'e':
        return f->estimate;
    case 'l':
        return f->lo;
    case 'h':
        return f->hi;
    case 'n':
        return (double)f->n;
    default:
        return f->base_rate;
    }
}

static bool test_holds(const hf_finding *f, const hf_i_test *t)
{
    if (t->texts) {
        const hf_finding_value *v =
            strncmp(t->left, "text.", 5) == 0 ? value_of(f, t->left + 5) : NULL;
        const char *text = strcmp(t->left, "text_key") == 0 ? f->text_key : v ? v->text : NULL;
        return text && (strcmp(text, t->right) == 0) == (t->op == HF_I_EQUAL);
    }
    double x = number_of(f, t->left), y = t->right ? number_of(f, t->right) : t->number;
    if (isnan(x) || isnan(y))
        return false;
    switch (t->op) {
    case HF_I_LESS:
        return x < y;
    case HF_I_LESS_EQUAL:
        return x <= y;
    case HF_I_MORE:
        return x > y;
    case HF_I_MORE_EQUAL:
        return x >= y;
    default:
        return (x == y) == (t->op == HF_I_EQUAL);
    }
}

/* The newest of a finding's cited turns lies within so many days of the record's end. */
static bool recent_enough(const hf_i_matcher *m, const hf_finding *f, int64_t within)
{
    for (size_t i = 0; i < HF_COUNT_OF(f->examples) && f->examples[i]; i++)
        for (size_t k = 0; k < hf_findings_count_turns(m->findings); k++) {
            const hf_cited_turn *t = hf_findings_get_turn(m->findings, k);
            int64_t days;
            if (strcmp(t->id, f->examples[i]) == 0 && hf_i_days_between(t->t, m->last, &days) &&
                days <= within)
                return true;
        }
    return false;
}

static bool finding_fits(const hf_i_matcher *m, const hf_finding *f, const hf_i_condition *c)
{
    bool told = f->status == HF_FINDING_SEEN || f->status == HF_FINDING_HYPOTHESIS;
    if (c->status < 0 ? !told : f->status != (hf_finding_status)c->status)
        return false;
    for (size_t i = 0; i < c->test_count; i++)
        if (!test_holds(f, &c->tests[i]))
            return false;
    return !c->within_days || recent_enough(m, f, c->within_days);
}

static const hf_finding *find(const hf_i_matcher *m, const hf_i_condition *c, hf_i_binding b)
{
    char id[200];
    if (!bind(c->pattern, b, id, sizeof id))
        return NULL;
    for (size_t i = 0; i < hf_findings_count(m->findings); i++) {
        const hf_finding *f = hf_findings_get(m->findings, i);
        if (glob(id, f->id) && finding_fits(m, f, c))
            return f;
    }
    return NULL;
}

/* ---- series
 * ---------------------------------------------------------------------------------------
 */

static hf_status open_series(hf_i_matcher *m, const char *id, bool *there)
{
    *there = strcmp(m->series_id, id) == 0;
    for (size_t i = 0; !*there && i < hf_findings_count_figures(m->findings); i++) {
        const hf_figure *f = hf_findings_get_figure(m->findings, i);
        if (strcmp(f->kind, "series") != 0 || strcmp(f->id, id) != 0)
            continue;
        m->series_id[0] = '\0';
        HF_TRY(hf_i_json_tree_parse(&m->series, m->ctx, f->data));
        snprintf(m->series_id, sizeof m->series_id, "%.63s", id);
        *there = true;
    }
    return HF_OK;
}

static const hf_i_json_node *line_of(const hf_i_matcher *m, const char *who)
{
    const hf_i_json_tree *t = &m->series;
    const hf_i_json_node *n = hf_i_json_first(t, hf_i_json_get(t, hf_i_json_root(t), "lines"));
    while (n->kind != HF_I_JSON_END && !hf_i_json_node_is(hf_i_json_get(t, n, "partner"), who))
        n = hf_i_json_next_node(t, n);
    return n;
}

/* Median and robust deviation of a line's values; its plain one where most are equal. */
static hf_status line_usual(const hf_i_matcher *m, const hf_i_json_node *line, double *middle,
                            double *spread)
{
    const hf_i_json_tree *t = &m->series;
    const hf_i_json_node *first = hf_i_json_first(t, hf_i_json_get(t, line, "value"));
    size_t n = 0, count = 0;
    for (const hf_i_json_node *v = first; v->kind != HF_I_JSON_END; v = hf_i_json_next_node(t, v))
        count++;
    double *x = hf_i_alloc(m->ctx, (count + 1) * sizeof *x);
    if (!x)
        return HF_E_NOMEM;
    for (const hf_i_json_node *v = first; v->kind != HF_I_JSON_END; v = hf_i_json_next_node(t, v))
        n += hf_i_json_node_number(v, &x[n]);
    double sd = hf_i_sd(x, n);
    *spread = hf_i_mad_sd(x, n, middle);
    if (!(*spread > 0))
        *spread = sd;
    hf_i_free(m->ctx, x);
    return HF_OK;
}

/* Periods have names of their first day; people mean the last one, too. */
static void end_of_period(const hf_i_json_node *time, char *out, size_t size, int64_t days)
{
    char date[HF_I_TIME_SIZE];
    hf_i_time t;
    snprintf(out, size, "%.*s", time->kind == HF_I_JSON_STRING ? (int)time->len : 0, time->text);
    if (!days || !hf_i_time_parse_iso(out, strlen(out), &t))
        return;
    hf_i_time_format_date(date, t.ms + days * HF_I_MS_PER_DAY);
    snprintf(out, size, "%.30s", date);
}

/* The last run of at least so many periods beyond the usual band whose mean lies at least two
 * deviations from the middle: two weeks at the edge of the band are nothing. */
static hf_status find_run(const hf_i_matcher *m, const hf_i_json_node *line,
                          const hf_i_condition *c, hf_i_reason *out, bool *found)
{
    const hf_i_json_tree *t = &m->series;
    const hf_i_json_node *root = hf_i_json_root(t);
    double lo, hi, x, middle, spread, sum = 0;
    hf_i_reason run = *out;
    int64_t length = 0;
    if (!hf_i_json_node_number(hf_i_json_get(t, line, "usual_lo"), &lo) ||
        !hf_i_json_node_number(hf_i_json_get(t, line, "usual_hi"), &hi))
        return HF_OK;
    HF_TRY(line_usual(m, line, &middle, &spread));
    bool weeks = hf_i_json_node_is(hf_i_json_get(t, root, "period"), "week");
    const hf_i_json_node *v = hf_i_json_first(t, hf_i_json_get(t, line, "value"));
    const hf_i_json_node *time = hf_i_json_first(t, hf_i_json_get(t, root, "time"));
    for (; v->kind != HF_I_JSON_END && time->kind != HF_I_JSON_END;
         v = hf_i_json_next_node(t, v), time = hf_i_json_next_node(t, time)) {
        bool beyond = hf_i_json_node_number(v, &x) && (c->above ? x > hi : x < lo);
        length = beyond ? length + 1 : 0;
        sum = beyond ? sum + x : 0;
        if (length == 1)
            end_of_period(time, run.from, sizeof run.from, 0);
        if (!beyond || length < c->periods ||
            !(fabs(sum / (double)length - middle) >= DEVIATIONS * spread))
            continue;
        end_of_period(time, run.to, sizeof run.to, weeks ? 6 : 0);
        run.periods = length;
        *out = run;
        *found = true;
    }
    return HF_OK;
}

static hf_status series_fits(hf_i_matcher *m, const hf_i_condition *c, hf_i_binding b,
                             hf_i_reason *out, bool *fits)
{
    char id[200];
    int64_t days;
    *fits = false;
    if (!bind(c->pattern, b, id, sizeof id))
        return HF_OK;
    char *dot = strrchr(id, '.');
    *dot = '\0';
    memset(out, 0, sizeof *out);
    snprintf(out->series, sizeof out->series, "%.63s", id);
    out->about = dot[1] == 'a' && !dot[2] ? HF_PARTNER_A
                 : dot[1] == 'b'          ? HF_PARTNER_B
                                          : HF_PARTNER_AB;
    out->above = c->above;
    bool there;
    HF_TRY(open_series(m, id, &there));
    const hf_i_json_node *line = there ? line_of(m, dot + 1) : NULL;
    if (!there || line->kind == HF_I_JSON_END)
        return HF_OK;
    bool found = false;
    HF_TRY(find_run(m, line, c, out, &found));
    *fits = found && (!c->within_days ||
                      (hf_i_days_between(out->to, m->last, &days) && days <= c->within_days));
    return HF_OK;
}

/* ---- a rule
 * ---------------------------------------------------------------------------------------
 */

static hf_status condition_holds(hf_i_matcher *m, const hf_i_condition *c, hf_i_match *match,
                                 bool *holds)
{
    hf_i_reason reason = {NULL};
    bool why = false;
    switch (c->kind) {
    case HF_I_WHEN_CONSENT:
        *holds = c->consent == m->consent;
        break;
    case HF_I_WHEN_ME:
        *holds = m->me >= 0;
        break;
    case HF_I_WHEN_FINDING:
        reason.finding = find(m, c, match->binding);
        why = *holds = reason.finding != NULL;
        break;
    case HF_I_WHEN_EPISODES:
        why = *holds = hf_i_episodes_fit(m, c, match->binding, &reason);
        break;
    default:
        HF_TRY(series_fits(m, c, match->binding, &reason, holds));
        why = *holds;
    }
    if (why && !c->unless && match->reason_count < HF_I_MAX_REASONS)
        match->reasons[match->reason_count++] = reason;
    *holds = *holds != c->unless;
    return HF_OK;
}

hf_status hf_i_rule_holds(hf_i_matcher *m, const hf_i_rule *rule, hf_i_binding binding,
                          hf_i_match *out, bool *holds)
{
    memset(out, 0, sizeof *out);
    out->rule = rule;
    out->binding = binding;
    *holds = true;
    for (size_t i = 0; i < rule->count && *holds; i++) {
        const hf_i_condition *c = &m->rules->conditions[rule->first + i];
        HF_TRY(condition_holds(m, c, out, holds));
        /* The alternatives of one line: one of them is enough; with 'unless' none may hold. */
        while (i + 1 < rule->count && m->rules->conditions[rule->first + i + 1].or_before) {
            i++;
            if (*holds == !c->unless)
                continue;
            HF_TRY(condition_holds(m, &m->rules->conditions[rule->first + i], out, holds));
        }
    }
    return HF_OK;
}
