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
    hf_consent consent;
} job;

static hf_visibility view(const job *j, hf_partner partner)
{
    if (j->consent == HF_CONSENT_BOTH)
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

static hf_status scale_finding(const job *j, hf_partner partner, size_t sheet, size_t scale)
{
    const hf_scoring *p = j->p;
    const hf_instrument *in = p->instrument;
    char id[200];
    bool plane = (int)scale == in->anxiety || (int)scale == in->avoidance;
    const hf_score *s = sheet == SIZE_MAX ? NULL : hf_i_score(p, sheet, scale);
    snprintf(id, sizeof id, "profile.%.60s.%.60s.%s", in->id, in->scales[scale].id,
             hf_partner_name(partner));
    hf_finding f = blank(id, plane ? "S14 S42" : "S2", partner, "profile_scale", view(j, partner));
    const hf_finding_value values[] = {{"scale", 0, in->scales[scale].title},
                                       {"form", 0, in->title},
                                       {"min", p->scales[scale].range_lo, NULL},
                                       {"max", p->scales[scale].range_hi, NULL},
                                       {"answered", s ? s->answered : 0, NULL},
                                       {"items", (double)p->order->keys[scale].count, NULL},
                                       {"sem", p->scales[scale].sem, NULL},
                                       {"percentile", s ? s->percentile : NAN, NULL},
                                       {"norm", 0, p->norm ? p->norm->title : "none"}};
    f.values = values;
    f.value_count = HF_COUNT_OF(values);
    if (in->status == HF_KEY_OWN)
        f.grade = '-';
    if (s && s->state != HF_SCORE_NOT_ENOUGH) {
        f.estimate = s->value;
        f.lo = s->lo;
        f.hi = s->hi;
        f.n = s->answered;
        f.status = HF_FINDING_SEEN;
    }
    return hf_findings_add(j->out, &f);
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

static void plane_json(hf_i_json_writer *w, const job *j, size_t sheet_a, size_t sheet_b)
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
    points(w, p, HF_PARTNER_A, sheet_a);
    points(w, p, HF_PARTNER_B, sheet_b);
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

static hf_status plane_figure(const job *j, size_t sheet_a, size_t sheet_b)
{
    hf_i_buf buf;
    hf_i_json_writer w;
    hf_i_buf_init(&buf, j->ctx, 1 << 24, "the plane");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), 0);
    plane_json(&w, j, sheet_a, sheet_b);
    hf_status s = hf_i_json_finish(&w);
    if (s == HF_OK)
        s = hf_findings_add_figure(j->out, &(hf_figure){.id = "plane",
                                                        .kind = "plane",
                                                        .title_key = "profile_plane",
                                                        .data = buf.data});
    hf_i_buf_dispose(&buf);
    return s;
}

static hf_status partner_findings(const job *j, hf_partner partner, size_t sheet,
                                  const hf_behaviour *behaviour)
{
    for (size_t s = 0; s < j->p->scale_count; s++)
        HF_TRY(scale_finding(j, partner, sheet, s));
    if (!behaviour)
        return HF_OK;
    HF_TRY(behaviour_finding(j, behaviour, true));
    return behaviour_finding(j, behaviour, false);
}

hf_status hf_profile_findings(hf_findings *out, hf_ctx *ctx, const hf_scoring *scoring,
                              size_t sheet_a, size_t sheet_b, hf_consent consent,
                              const hf_behaviour behaviour[2])
{
    job j = {out, ctx, scoring, consent};
    if (!scoring->scores || (sheet_a != SIZE_MAX && sheet_a >= scoring->count) ||
        (sheet_b != SIZE_MAX && sheet_b >= scoring->count))
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "hf_profile_findings: no such sheet");
    if (scoring->instrument->signpost)
        return hf_i_fail(ctx, HF_E_CONSENT, NULL,
                         "'%s' is a signpost for the person who answered: it is no part of a "
                         "couple's profile",
                         scoring->instrument->id);
    /* A partner without a sheet of their own gets no line at all. */
    if (sheet_a != SIZE_MAX)
        HF_TRY(partner_findings(&j, HF_PARTNER_A, sheet_a, behaviour ? &behaviour[0] : NULL));
    if (sheet_b != SIZE_MAX)
        HF_TRY(partner_findings(&j, HF_PARTNER_B, sheet_b, behaviour ? &behaviour[1] : NULL));
    if (scoring->instrument->anxiety >= 0)
        HF_TRY(plane_figure(&j, sheet_a, sheet_b));
    if (scoring->instrument->status == HF_KEY_OWN)
        HF_TRY(hf_findings_add_limit(out, "not_validated", scoring->instrument->note));
    return HF_OK;
}
