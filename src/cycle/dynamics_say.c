/* SPDX-License-Identifier: MIT */
#include "cycle/dynamics.h"
#include "signal/say.h"
#include "text/time.h"

#include <math.h>

static void add_period(hf_i_statement *s, const hf_i_dynamics *d)
{
    hf_i_statement_value(s, "days", d->days);
}

static hf_status say_set_point(const hf_i_dynamics *d, hf_analysis *a, int p)
{
    hf_i_statement s;
    hf_i_statement_init(&s, "set_point", "S49", 'B', HF_OUTPUT_SELF_DYNAMICS, p);
    s.unit = "points";
    s.n = d->values[p];
    s.enough = d->own[p];
    s.estimate = 100 * d->set_point[p].estimate;
    s.lo = 100 * d->set_point[p].lo;
    s.hi = 100 * d->set_point[p].hi;
    add_period(&s, d);
    return hf_i_say(a, &s);
}

/* A coefficient against 0, corrected with everything else that was looked at. */
static void test_of(hf_i_statement *s, hf_i_interval x, double p, size_t looked_at)
{
    s->unit = "coefficient";
    s->estimate = x.estimate;
    s->lo = x.lo;
    s->hi = x.hi;
    s->base_rate = 0;
    s->seen = p <= 1 - HF_I_EVIDENCE_LEVEL;
    hf_i_statement_value(s, "p_corrected", p);
    hf_i_statement_value(s, "looked_at", (double)looked_at);
}

static hf_status say_inertia(const hf_i_dynamics *d, hf_analysis *a, int p, double corrected,
                             size_t looked_at)
{
    hf_i_statement s;
    hf_i_statement_init(&s, "inertia", "S49", 'B', HF_OUTPUT_SELF_DYNAMICS, p);
    s.n = d->values[p];
    s.enough = d->own[p] && !isnan(corrected);
    test_of(&s, d->inertia[p], corrected, looked_at);
    if (s.seen)
        s.text_key = s.estimate > 0 ? "inertia.more" : "inertia.less";
    add_period(&s, d);
    return hf_i_say(a, &s);
}

/* Seen only where the last third of the record, too, is better foretold with the other. */
static hf_status say_influence(const hf_i_dynamics *d, hf_analysis *a, int p, double corrected,
                               size_t looked_at)
{
    hf_i_statement s;
    hf_i_statement_init(&s, "influence", "S49", 'B', HF_OUTPUT_INFLUENCE, p);
    s.n = d->values[p];
    s.enough = d->both && !isnan(corrected);
    test_of(&s, d->influence[p], corrected, looked_at);
    s.seen = s.seen && d->gain > 0;
    if (s.seen)
        s.text_key = s.estimate > 0 ? "influence.more" : "influence.less";
    hf_i_statement_value(&s, "held_out_gain", d->gain);
    add_period(&s, d);
    return hf_i_say(a, &s);
}

static hf_status say_recovery(const hf_i_dynamics *d, hf_analysis *a)
{
    hf_i_statement s;
    int about = d->own[0] == d->own[1] ? 2 : d->own[0] ? 0 : 1;
    hf_i_statement_init(&s, "recovery", "S49", 'B',
                        about == 2 ? HF_OUTPUT_INFLUENCE : HF_OUTPUT_SELF_DYNAMICS, about);
    s.unit = "days";
    s.n = d->values[0] < d->values[1] || !d->own[1] ? d->values[0] : d->values[1];
    s.enough = (d->own[0] || d->own[1]) && isfinite(d->half_life.estimate);
    s.estimate = d->half_life.estimate;
    s.lo = d->half_life.lo;
    s.hi = d->half_life.hi;
    /* Below a period the data cannot tell how far below. */
    if (s.estimate < d->days)
        s.text_key = d->days == 1 ? "recovery.day" : "recovery.week";
    add_period(&s, d);
    return hf_i_say(a, &s);
}

static hf_status add_rows(const hf_i_dynamics *d, hf_analysis *a, int p)
{
    hf_series_row row = {.partner = (hf_partner)p};
    if (!d->days || !hf_i_may_show(a, HF_OUTPUT_ACTS, p))
        return HF_OK;
    HF_TRY(hf_series_add_dyad(a->series, "1", &row.dyad));
    HF_TRY(hf_series_add_variable(a->series, "warmth", "share", &row.variable));
    for (size_t k = 0; k < d->periods; k++) {
        row.time = (double)k * d->days * (double)HF_I_MS_PER_DAY / a->unit_ms;
        row.value = d->value[p][k];
        row.n = d->turns[p][k];
        HF_TRY(hf_series_add(a->series, &row));
    }
    return HF_OK;
}

hf_status hf_i_dynamics_write(const hf_i_dynamics *d, hf_analysis *a,
                              const double p[HF_I_DYNAMICS_TESTS], size_t looked_at)
{
    for (int i = 0; i < 2; i++) {
        HF_TRY(say_set_point(d, a, i));
        HF_TRY(say_inertia(d, a, i, p[i], looked_at));
        HF_TRY(say_influence(d, a, i, p[2 + i], looked_at));
        HF_TRY(add_rows(d, a, i));
    }
    return say_recovery(d, a);
}
