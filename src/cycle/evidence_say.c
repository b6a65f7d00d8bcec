/* SPDX-License-Identifier: MIT */
/* What was found, as findings. The wording is 'followed by', never 'because'. */
#include "cycle/dynamics.h"
#include "signal/say.h"

#include <math.h>

/* Text keys: KEY (too close to call), KEY.more, KEY.less. */
static void choose_text(hf_i_statement *s, char text[64], double estimate, double null)
{
    if (!s->seen)
        return;
    snprintf(text, 64, "%s.%s", s->key, estimate > null ? "more" : "less");
    s->text_key = text;
}

static void add_correction(hf_i_statement *s, double p, size_t looked_at)
{
    hf_i_statement_value(s, "p_corrected", p);
    hf_i_statement_value(s, "looked_at", (double)looked_at);
}

static hf_status say_contrast(hf_analysis *a, const hf_i_evidence_item *item, size_t looked_at,
                              hf_i_statement *s)
{
    const hf_i_contrast *c = &item->contrast;
    char text[64];
    s->unit = "share";
    s->n = (uint64_t)(c->n[0] + c->n[1]);
    s->estimate = c->p.estimate;
    s->lo = c->p.lo;
    s->hi = c->p.hi;
    s->base_rate = c->base.estimate;
    hf_i_statement_value(s, "given_n", c->n[1]);
    hf_i_statement_value(s, "given_hits", c->hits[1]);
    hf_i_statement_value(s, "other_n", c->n[0]);
    hf_i_statement_value(s, "other_hits", c->hits[0]);
    hf_i_statement_value(s, "base_lo", c->base.lo);
    hf_i_statement_value(s, "base_hi", c->base.hi);
    hf_i_statement_value(s, "shuffled", c->null);
    hf_i_statement_value(s, "log_odds", c->log_odds.estimate);
    hf_i_statement_value(s, "log_odds_lo", c->log_odds.lo);
    hf_i_statement_value(s, "log_odds_hi", c->log_odds.hi);
    hf_i_statement_value(s, "yules_q", c->q);
    add_correction(s, item->p_corrected, looked_at);
    choose_text(s, text, c->p.estimate, c->null);
    return hf_i_say(a, s);
}

/* In points of a hundred a month. */
static hf_status say_slope(hf_analysis *a, const hf_i_evidence_item *item, size_t looked_at,
                           hf_i_statement *s)
{
    const hf_i_slope *x = &item->slope;
    char text[64];
    s->unit = "points";
    s->n = (uint64_t)x->n;
    s->estimate = 100 * x->slope.estimate;
    s->lo = 100 * x->slope.lo;
    s->hi = 100 * x->slope.hi;
    s->base_rate = 0;
    hf_i_statement_value(s, "level", 100 * x->mean);
    add_correction(s, item->p_corrected, looked_at);
    choose_text(s, text, x->slope.estimate, 0);
    return hf_i_say(a, s);
}

/* A diary is its writer's: nothing of it in a joint output. */
static hf_status hold_back_diary(hf_analysis *a, const hf_i_evidence_item *item)
{
    char id[64];
    const hf_i_mechanism_info *info = &hf_i_mechanism_infos[item->which];
    snprintf(id, sizeof id, "%s.%s", info->key, hf_partner_name((hf_partner)item->about));
    const hf_finding row = {.id = id,
                            .mechanism = info->mechanism,
                            .about = (hf_partner)item->about,
                            .estimate = NAN,
                            .lo = NAN,
                            .hi = NAN,
                            .level = NAN,
                            .base_rate = NAN,
                            .status = HF_FINDING_NOT_SHOWN,
                            .grade = info->grade,
                            .visibility = item->about ? HF_VISIBLE_B : HF_VISIBLE_A,
                            .text_key = "not_shown",
                            .not_shown_reason = "private"};
    return hf_findings_add(a->findings, &row);
}

static hf_status say_item(hf_analysis *a, const hf_i_evidence_item *item, size_t looked_at)
{
    const hf_i_mechanism_info *info = &hf_i_mechanism_infos[item->which];
    hf_i_statement s;
    if (item->which == HF_I_E_FELT_SAID && a->consent == HF_CONSENT_BOTH)
        return hold_back_diary(a, item);
    hf_i_statement_init(&s, info->key, info->mechanism, info->grade, info->output, item->about);
    s.enough = item->enough;
    s.seen = item->seen;
    s.examples = item->examples;
    return info->slope ? say_slope(a, item, looked_at, &s) : say_contrast(a, item, looked_at, &s);
}

/* ---- pursuing and stepping back by episode: stands next to a profile, is never part of it -----
 */

static hf_status say_behaviour(hf_analysis *a, const hf_behaviour *b, int p, bool pursued)
{
    hf_i_statement s;
    hf_i_statement_init(&s, pursued ? "behaviour_pursued" : "behaviour_withdrew",
                        pursued ? "S44" : "S45", 'B', HF_OUTPUT_ACTS, p);
    s.unit = "share";
    s.n = b->episodes;
    s.lo = pursued ? b->pursued_lo : b->withdrew_lo;
    s.hi = pursued ? b->pursued_hi : b->withdrew_hi;
    s.enough = !isnan(s.lo);
    if (s.enough)
        s.estimate = (double)(pursued ? b->pursued : b->withdrew) / (double)b->episodes;
    return hf_i_say(a, &s);
}

void hf_cycle_get_behaviour(const hf_cycle *cycle, hf_behaviour out[2])
{
    for (unsigned p = 0; p < 2; p++) {
        hf_behaviour b = {.partner = (hf_partner)p};
        for (size_t e = 0; e < cycle->episode_count; e++) {
            const hf_episode *x = &cycle->episodes[e];
            bool there = false;
            for (size_t k = x->onset; k <= x->last && k < cycle->count; k++)
                there |= cycle->turns[k].partner == p && !cycle->turns[k].masked;
            bool pursued = x->who[HF_ROLE_PURSUES] >> p & 1;
            bool withdrew = x->who[HF_ROLE_WITHDRAWS] >> p & 1;
            b.episodes += there;
            b.pursued += there && pursued;
            b.withdrew += there && withdrew;
            b.neither += there && !pursued && !withdrew;
        }
        hf_behaviour_intervals(&b);
        out[p] = b;
    }
}

/* ---- all ------------------------------------------------------------------------------------ */

static hf_status write_found(const hf_i_evidence_view *view, hf_analysis *a, hf_i_dynamics *d)
{
    hf_i_evidence e;
    hf_behaviour b[2];
    double p[HF_I_DYNAMICS_TESTS];
    for (int i = 0; i < HF_I_DYNAMICS_TESTS; i++)
        p[i] = d->p[i];
    HF_TRY(hf_i_evidence_find(&e, view->ctx, view->cycle, p, HF_I_DYNAMICS_TESTS));
    for (size_t i = 0; i < e.count; i++)
        HF_TRY(say_item(a, &e.items[i], e.looked_at));
    HF_TRY(hf_i_dynamics_write(d, a, p, e.looked_at));
    hf_cycle_get_behaviour(view->cycle, b);
    for (int i = 0; i < 2; i++) {
        HF_TRY(say_behaviour(a, &b[i], i, true));
        HF_TRY(say_behaviour(a, &b[i], i, false));
    }
    return hf_i_pillars_write(view, a);
}

hf_status hf_i_evidence_write(const hf_cycle *cycle, hf_analysis *a)
{
    hf_i_evidence_view view;
    hf_i_dynamics d;
    HF_TRY(hf_i_evidence_view_make(&view, cycle->ctx, cycle));
    hf_status status = hf_i_dynamics_find(&d, cycle->ctx, &view);
    if (status == HF_OK)
        status = write_found(&view, a, &d);
    hf_i_dynamics_dispose(&d, cycle->ctx);
    hf_i_evidence_view_dispose(&view);
    return status;
}
