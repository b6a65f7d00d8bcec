/* SPDX-License-Identifier: MIT */
/* The profile as findings and as a figure: two intervals for each partner on the plane, what
 * records showed of pursuing and withdrawing beside it. */
#include "attachment/write.h"
#include "text/json_write.h"

#include <math.h>
#include <string.h>

typedef struct job {
    hf_findings *out;
    hf_ctx *ctx;
    const hf_scoring *p;
    const hf_profile_options *o;
    size_t sheet[2];
} job;

static hf_visibility view(const job *j, hf_partner partner)
{
    if (j->o->consent == HF_CONSENT_BOTH)
        return HF_VISIBLE_JOINT;
    return partner == HF_PARTNER_A ? HF_VISIBLE_A : HF_VISIBLE_B;
}

static hf_finding blank(const char *id, const char *mechanism, hf_partner about,
                        const char *text_key, hf_visibility visibility)
{
    return (hf_finding){.id = id,
                        .mechanism = mechanism,
                        .about = about,
                        .estimate = NAN,
                        .unit = "points",
                        .lo = NAN,
                        .hi = NAN,
                        .level = 0.95,
                        .base_rate = NAN,
                        .status = HF_FINDING_NOT_ENOUGH_DATA,
                        .grade = 'A',
                        .visibility = visibility,
                        .text_key = text_key};
}

/* "profile_ecr_anxiety.a": the words before the dot name the measure. */
static void name_finding(char id[200], const char *what, const hf_instrument *in, size_t scale,
                         hf_partner partner)
{
    snprintf(id, 200, "%s_%.60s_%.60s.%s", what, in->id, in->scales[scale].id,
             hf_partner_name(partner));
    for (char *c = id; *c; c++)
        if (*c == '-')
            *c = '_';
}

static bool on_plane(const hf_instrument *in, size_t scale)
{
    return (int)scale == in->anxiety || (int)scale == in->avoidance;
}

static hf_status scale_finding(const job *j, hf_partner partner, size_t scale)
{
    const hf_scoring *p = j->p;
    const hf_instrument *in = p->instrument;
    char id[200];
    const hf_score *s = hf_i_score(p, j->sheet[partner], scale);
    name_finding(id, "profile", in, scale, partner);
    hf_finding f = blank(id, on_plane(in, scale) ? "S14 S42" : "S2", partner,
                         isnan(s->lo) ? "profile_scale.point" : "profile_scale", view(j, partner));
    const hf_finding_value values[] = {{"title", 0, in->scales[scale].title},
                                       {"needs", in->scales[scale].needs, NULL},
                                       {"answered", s->answered, NULL},
                                       {"items", (double)p->order->keys[scale].count, NULL},
                                       {"min", p->scales[scale].range_lo, NULL},
                                       {"max", p->scales[scale].range_hi, NULL},
                                       {"form", 0, in->title},
                                       {"sem", p->scales[scale].sem, NULL},
                                       {"percentile", s->percentile, NULL},
                                       {"norm", 0, p->norm ? p->norm->attribution : ""}};
    bool enough = s->state != HF_SCORE_NOT_ENOUGH;
    f.values = values;
    f.value_count = enough ? HF_COUNT_OF(values) : 4;
    f.n = s->answered;
    if (in->status == HF_KEY_OWN)
        f.grade = '-';
    if (enough) {
        f.estimate = s->value;
        f.lo = s->lo;
        f.hi = s->hi;
        f.status = HF_FINDING_SEEN;
    }
    return hf_findings_add(j->out, &f);
}

/* From the first to the last occasion of this person. */
static hf_status change_finding(const job *j, hf_partner partner, const hf_score_change *c)
{
    static const char *const keys[] = {"profile_change", "profile_change.down",
                                       "profile_change.none", "profile_change.up"};
    const hf_scoring *p = j->p;
    hf_sheet_who from, into;
    char id[200];
    hf_sheets_get(p->sheets, c->from, &from);
    hf_sheets_get(p->sheets, c->to, &into);
    name_finding(id, "change", p->instrument, c->scale, partner);
    hf_finding f = blank(id, "S58", partner, keys[c->state], view(j, partner));
    const hf_finding_value values[] = {{"title", 0, p->instrument->scales[c->scale].title},
                                       {"from", 0, from.occasion ? from.occasion : ""},
                                       {"to", 0, into.occasion ? into.occasion : ""},
                                       {"beyond", c->threshold, NULL}};
    f.values = values;
    f.value_count = HF_COUNT_OF(values) - (c->state == HF_CHANGE_NOT_ENOUGH);
    f.grade = 'B';
    f.n = 2;
    if (c->state != HF_CHANGE_NOT_ENOUGH) {
        f.estimate = c->difference;
        f.lo = c->difference - c->threshold;
        f.hi = c->difference + c->threshold;
        f.status = c->state == HF_CHANGE_NONE ? HF_FINDING_HYPOTHESIS : HF_FINDING_SEEN;
    }
    return hf_findings_add(j->out, &f);
}

static bool same_sheet_key(const hf_sheets *s, size_t x, size_t y)
{
    return s->keys[x].identity == s->keys[y].identity && s->keys[x].target == s->keys[y].target;
}

static hf_status change_findings(const job *j, hf_partner partner)
{
    const hf_sheets *s = j->p->sheets;
    hf_score_change *c;
    size_t count;
    HF_TRY(hf_scoring_changes(&c, &count, j->ctx, j->p));
    hf_status status = HF_OK;
    for (size_t scale = 0; scale < j->p->scale_count && status == HF_OK; scale++) {
        /* The last change of a person and scale in the list is the longest one. */
        const hf_score_change *longest = NULL;
        for (size_t i = 0; i < count; i++)
            if (c[i].scale == scale && same_sheet_key(s, c[i].from, j->sheet[partner]))
                longest = &c[i];
        if (longest)
            status = change_finding(j, partner, longest);
    }
    hf_scoring_changes_free(j->ctx, c);
    return status;
}

static hf_status behaviour_finding(const job *j, const hf_behaviour *b, bool pursued)
{
    char id[80];
    hf_partner partner = b->partner;
    snprintf(id, sizeof id, "%s.%s", pursued ? "behaviour_pursued" : "behaviour_withdrew",
             hf_partner_name(partner));
    hf_finding f = blank(id, pursued ? "S44" : "S45", partner,
                         pursued ? "behaviour_pursued" : "behaviour_withdrew", view(j, partner));
    f.unit = "share";
    f.grade = 'B';
    f.n = b->episodes;
    double lo = pursued ? b->pursued_lo : b->withdrew_lo;
    if (!isnan(lo)) {
        f.estimate = (double)(pursued ? b->pursued : b->withdrew) / (double)b->episodes;
        f.lo = lo;
        f.hi = pursued ? b->pursued_hi : b->withdrew_hi;
        f.status = HF_FINDING_SEEN;
    }
    return hf_findings_add(j->out, &f);
}

/* ---- the plane ----------------------------------------------------------------------------- */

static void key_pair(hf_i_json_writer *w, const char *key, double x, double y)
{
    hf_i_json_key(w, key);
    hf_i_json_array_begin(w);
    hf_i_json_number(w, x);
    hf_i_json_number(w, y);
    hf_i_json_array_end(w);
}

static void quadrants(hf_i_json_writer *w, const hf_scoring *p, size_t sheet, bool norm)
{
    double q[HF_QUADRANTS], ca, cv;
    size_t a = (size_t)p->instrument->anxiety, v = (size_t)p->instrument->avoidance;
    hf_i_json_key(w, norm ? "norm_median" : "midpoint");
    bool cut = hf_scoring_cuts(p, norm, &ca, &cv);
    hf_quadrant_probabilities(q, hf_i_score(p, sheet, a)->value, p->scales[a].sem, ca,
                              hf_i_score(p, sheet, v)->value, p->scales[v].sem, cv);
    if (!cut || isnan(q[0])) {
        hf_i_json_null(w);
        return;
    }
    hf_i_json_object_begin(w);
    for (int k = 0; k < HF_QUADRANTS; k++)
        hf_i_json_key_number(w, hf_quadrant_key((hf_quadrant)k), q[k]);
    hf_i_json_object_end(w);
}

/* The 95 % region of two independent errors: axes of 2.4477 SEM (chi-square, 2 degrees). */
static const double ELLIPSE = 2.4477468306808161;

static void point(hf_i_json_writer *w, const hf_scoring *p, hf_partner partner, size_t sheet)
{
    size_t a = (size_t)p->instrument->anxiety, v = (size_t)p->instrument->avoidance;
    const hf_score *x = hf_i_score(p, sheet, a), *y = hf_i_score(p, sheet, v);
    hf_sheet_who who;
    if (x->state == HF_SCORE_NOT_ENOUGH || y->state == HF_SCORE_NOT_ENOUGH)
        return;
    hf_sheets_get(p->sheets, sheet, &who);
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "partner", hf_partner_name(partner));
    hf_i_json_key_str(w, "occasion", who.occasion);
    hf_i_json_key_str(w, "target", who.target);
    hf_i_json_key_number(w, "x", x->value);
    hf_i_json_key_number(w, "y", y->value);
    key_pair(w, "x_interval", x->lo, x->hi);
    key_pair(w, "y_interval", y->lo, y->hi);
    key_pair(w, "ellipse", ELLIPSE * p->scales[a].sem, ELLIPSE * p->scales[v].sem);
    hf_i_json_key(w, "quadrants");
    hf_i_json_object_begin(w);
    quadrants(w, p, sheet, false);
    quadrants(w, p, sheet, true);
    hf_i_json_object_end(w);
    hf_i_json_object_end(w);
}

/* All occasions and targets of the person of that sheet, in the order of the file. */
static void points(hf_i_json_writer *w, const hf_scoring *p, hf_partner partner, size_t sheet)
{
    for (size_t i = 0; sheet != SIZE_MAX && i < p->count; i++)
        if (p->sheets->keys[i].identity == p->sheets->keys[sheet].identity)
            point(w, p, partner, i);
}

static void plane_json(hf_i_json_writer *w, const job *j)
{
    const hf_scoring *p = j->p;
    const hf_instrument *in = p->instrument;
    size_t a = (size_t)in->anxiety, v = (size_t)in->avoidance;
    double ca, cv;
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "x_title", in->scales[a].title);
    hf_i_json_key_str(w, "y_title", in->scales[v].title);
    key_pair(w, "x_range", p->scales[a].range_lo, p->scales[a].range_hi);
    key_pair(w, "y_range", p->scales[v].range_lo, p->scales[v].range_hi);
    hf_i_json_key(w, "cuts");
    hf_i_json_object_begin(w);
    (void)hf_scoring_cuts(p, false, &ca, &cv);
    key_pair(w, "midpoint", ca, cv);
    if (hf_scoring_cuts(p, true, &ca, &cv))
        key_pair(w, "norm_median", ca, cv);
    else
        hf_i_json_key_null(w, "norm_median");
    hf_i_json_object_end(w);
    hf_i_json_key_bool(w, "validated", in->status != HF_KEY_OWN);
    hf_i_json_key_str(w, "form", in->title);
    hf_i_json_key_str(w, "norm", p->norm ? p->norm->attribution : NULL);
    hf_i_json_key(w, "points");
    hf_i_json_array_begin(w);
    points(w, p, HF_PARTNER_A, j->sheet[0]);
    points(w, p, HF_PARTNER_B, j->sheet[1]);
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

static hf_status add_figure(const job *j, const char *id, const char *kind, const char *title,
                            void (*write)(hf_i_json_writer *w, const job *j))
{
    hf_i_buf buf;
    hf_i_json_writer w;
    hf_i_buf_init(&buf, j->ctx, 1 << 24, "a figure");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), 0);
    write(&w, j);
    hf_status s = hf_i_json_finish(&w);
    if (s == HF_OK)
        s = hf_findings_add_figure(
            j->out, &(hf_figure){.id = id, .kind = kind, .title_key = title, .data = buf.data});
    hf_i_buf_dispose(&buf);
    return s;
}

/* ---- the table of the scales, the header ---------------------------------------------------- */

static void table_json(hf_i_json_writer *w, const job *j)
{
    static const char *const columns[] = {"table.scale", "table.n_sheets", "table.mean", "table.sd",
                                          "table.alpha", "table.omega",    "table.sem"};
    hf_i_json_object_begin(w);
    hf_i_json_key(w, "columns");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < HF_COUNT_OF(columns); i++)
        hf_i_json_str(w, columns[i]);
    hf_i_json_array_end(w);
    hf_i_json_key(w, "rows");
    hf_i_json_array_begin(w);
    for (size_t s = 0; s < j->p->scale_count; s++) {
        const hf_scale_stats *t = &j->p->scales[s];
        const double numbers[] = {t->mean, t->sd, t->alpha, t->omega, t->sem};
        hf_i_json_array_begin(w);
        hf_i_json_str(w, j->p->instrument->scales[s].title);
        hf_i_json_uint(w, t->scored);
        for (size_t k = 0; k < HF_COUNT_OF(numbers); k++)
            hf_i_json_number(w, numbers[k]);
        hf_i_json_array_end(w);
    }
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

static const char *partner_name(const job *j, hf_partner partner)
{
    const char *given = partner == HF_PARTNER_A ? j->o->name_a : j->o->name_b;
    hf_sheet_who who;
    if (given)
        return given;
    hf_sheets_get(j->p->sheets, j->sheet[partner], &who);
    return who.partner ? who.partner : who.person ? who.person : hf_partner_name(partner);
}

static void record_json(hf_i_json_writer *w, const job *j)
{
    static const char *const absent[] = {"first", "last", "t_res_ms", "date_order",
                                         "exchange_gap_min"};
    static const char *const none[] = {"messages", "turns", "exchanges", "time_inversions"};
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "format", "answer_sheets");
    hf_i_json_key(w, "files");
    hf_i_json_array_begin(w);
    if (j->o->file)
        hf_i_json_str(w, j->o->file);
    hf_i_json_array_end(w);
    hf_i_json_key_str(w, "t_kind", "none");
    for (size_t i = 0; i < HF_COUNT_OF(absent); i++)
        hf_i_json_key_null(w, absent[i]);
    for (size_t i = 0; i < HF_COUNT_OF(none); i++)
        hf_i_json_key_uint(w, none[i], 0);
    hf_i_json_key_bool(w, "date_ambiguous", false);
    hf_i_json_key_bool(w, "synthetic", false);
    hf_i_json_key(w, "warnings");
    hf_i_json_array_begin(w);
    hf_i_json_array_end(w);
    hf_i_json_key(w, "language");
    hf_i_json_object_begin(w);
    hf_i_json_object_end(w);
    hf_i_json_key(w, "partners");
    hf_i_json_array_begin(w);
    for (int k = 0; k < 2; k++) {
        if (j->sheet[k] == SIZE_MAX)
            continue;
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "key", hf_partner_name((hf_partner)k));
        hf_i_json_key_str(w, "name", partner_name(j, (hf_partner)k));
        hf_i_json_key_uint(w, "messages", 0);
        hf_i_json_key_uint(w, "words", 0);
        hf_i_json_key_bool(w, "me", j->o->consent != HF_CONSENT_BOTH);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

static hf_status set_header(const job *j)
{
    hf_i_buf buf;
    hf_i_json_writer w;
    hf_i_buf_init(&buf, j->ctx, 1 << 20, "the header");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), 0);
    record_json(&w, j);
    hf_status s = hf_i_json_finish(&w);
    if (s == HF_OK)
        s = hf_findings_set_header(j->out, &(hf_findings_header){.record = buf.data,
                                                                 .made_on = j->o->made_on,
                                                                 .consent = j->o->consent,
                                                                 .declared_by = j->o->declared_by});
    hf_i_buf_dispose(&buf);
    return s;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static hf_status partner_findings(const job *j, hf_partner partner)
{
    /* A partner without a sheet of their own gets no line at all. */
    if (j->sheet[partner] == SIZE_MAX)
        return HF_OK;
    for (size_t s = 0; s < j->p->scale_count; s++)
        HF_TRY(scale_finding(j, partner, s));
    HF_TRY(change_findings(j, partner));
    if (!j->o->behaviour)
        return HF_OK;
    HF_TRY(behaviour_finding(j, &j->o->behaviour[partner], true));
    return behaviour_finding(j, &j->o->behaviour[partner], false);
}

static hf_status check(const job *j)
{
    const hf_scoring *p = j->p;
    bool known = p->scores != NULL && j->o->size == sizeof *j->o && j->o->made_on;
    for (int k = 0; k < 2; k++)
        known = known && (j->sheet[k] == SIZE_MAX || j->sheet[k] < p->count);
    if (!known || (j->sheet[0] == SIZE_MAX && j->sheet[1] == SIZE_MAX))
        return hf_i_fail(j->ctx, HF_E_USAGE, NULL,
                         "hf_profile_findings: no such sheet, or no date");
    if (p->instrument->signpost)
        return hf_i_fail(j->ctx, HF_E_CONSENT, NULL,
                         "'%s' is a signpost for the person who answered: it is no part of a "
                         "couple's profile",
                         p->instrument->id);
    if (j->o->consent != HF_CONSENT_BOTH && j->sheet[0] != SIZE_MAX && j->sheet[1] != SIZE_MAX)
        return hf_i_fail(j->ctx, HF_E_CONSENT, NULL,
                         "two profiles stand side by side only when both have agreed");
    return HF_OK;
}

hf_status hf_profile_findings(hf_findings *out, hf_ctx *ctx, const hf_scoring *scoring,
                              size_t sheet_a, size_t sheet_b, const hf_profile_options *options)
{
    job j = {out, ctx, scoring, options, {sheet_a, sheet_b}};
    const hf_instrument *in = scoring->instrument;
    HF_TRY(check(&j));
    HF_TRY(set_header(&j));
    HF_TRY(partner_findings(&j, HF_PARTNER_A));
    HF_TRY(partner_findings(&j, HF_PARTNER_B));
    if (in->anxiety >= 0)
        HF_TRY(add_figure(&j, "plane", "plane", "profile_plane", plane_json));
    if (scoring->scales[0].complete >= 3)
        HF_TRY(add_figure(&j, "scales", "table", "profile_table", table_json));
    if (scoring->norm)
        HF_TRY(hf_findings_add_limit(out, "norm", scoring->norm->attribution));
    if (in->note[0])
        HF_TRY(hf_findings_add_limit(out, "form_note", in->note));
    return hf_findings_add_limit(out, "form", in->citation);
}
