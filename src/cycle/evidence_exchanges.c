/* SPDX-License-Identifier: MIT */
/* What is given, what then: trials from exchange to exchange, and over the months. */
#include "cycle/evidence.h"

#include <math.h>

static const double OFF = 0.5;            /* own SDs from which a mean of an exchange is off */
static const double BASELINE_H = 14 * 24; /* no early signal without two weeks of own usual */
static const double WARM_BEFORE_H = 24;   /* closeness of the last day */
static const double MONTH_H = 730, DAY_H = 24;

static const hf_i_exchange_sum *sum_at(const hf_i_evidence_view *v, size_t e)
{
    return &v->exchanges[e];
}

/* Was this micro-signal of partner p off the own usual in this exchange? -1: cannot be said. */
static int off_usual(const hf_i_exchange_sum *e, int p, int k)
{
    if (e->signals[p][k] == 0)
        return -1;
    return e->signal[p][k] / e->signals[p][k] > OFF;
}

/* R31 to R34 of both partners, or the number of signals that are off for one. */
static bool signal_given(const hf_i_exchange_sum *e, hf_i_mechanism which, int p, bool *given)
{
    if (which == HF_I_E_NO_REPLY_EPISODE) {
        *given = e->unanswered[0] + e->unanswered[1] > 0;
        return true;
    }
    if (which == HF_I_E_SIGNALS) {
        int known = 0, off = 0;
        for (int k = 0; k < 4; k++) {
            int x = off_usual(e, p, k);
            known += x >= 0;
            off += x > 0;
        }
        *given = off >= 2;
        return known >= 2;
    }
    int k = (int)which - HF_I_E_TONE_EPISODE + 1, a = off_usual(e, 0, k), b = off_usual(e, 1, k);
    *given = a > 0 || b > 0;
    return a >= 0 || b >= 0;
}

/* S30 to S35. Given: an exchange outside any episode with the signal; then: the next exchange is
 * where an episode begins. */
static hf_status before_episode(hf_i_trials *out, const hf_i_evidence_view *v, hf_i_mechanism which,
                                int p, size_t e)
{
    const hf_i_exchange_sum *x = sum_at(v, e), *next = x + 1;
    bool given;
    if (x->in_episode || next->masked || x->from_h - sum_at(v, 0)->from_h < BASELINE_H ||
        !signal_given(x, which, p, &given))
        return HF_OK;
    const hf_i_trial t = {
        .exchange = x->exchange, .turn = x->last, .given = given, .then = next->onset};
    return hf_i_trials_add(out, &t);
}

static unsigned both(const uint32_t n[2])
{
    return n[0] + n[1];
}

/* S28. After an exchange with something hard: given contact again sooner than the pair's usual (the
 * median gap between exchanges), then the next exchange has nothing hard. */
static hf_status contact_calm(hf_i_trials *out, const hf_i_evidence_view *v, size_t e)
{
    const hf_i_exchange_sum *x = sum_at(v, e), *next = x + 1;
    if (!v->timed || both(x->hard) == 0 || next->masked || both(next->coded) == 0)
        return HF_OK;
    const hf_i_trial t = {.exchange = x->exchange,
                          .turn = next->first,
                          .given = next->from_h - x->to_h < v->usual_gap_h,
                          .then = both(next->hard) == 0};
    return hf_i_trials_add(out, &t);
}

/* S27. An exchange with a need or a problem in it: given warm turns in the day before it, then
 * nothing hard is said in it. */
static hf_status close_calm(hf_i_trials *out, const hf_i_evidence_view *v, size_t e)
{
    const hf_i_exchange_sum *x = sum_at(v, e);
    bool warm = false, known = false;
    if (!v->timed || !x->problem || both(x->coded) < 2)
        return HF_OK;
    for (size_t i = e; i-- > 0 && x->from_h - sum_at(v, i)->to_h <= WARM_BEFORE_H;) {
        warm |= both(sum_at(v, i)->warm) > 0;
        known |= both(sum_at(v, i)->coded) > 0;
    }
    const hf_i_trial t = {
        .exchange = x->exchange, .turn = x->first, .given = warm, .then = both(x->hard) == 0};
    return known ? hf_i_trials_add(out, &t) : HF_OK;
}

/* S53. Did both write on this day? One trial a whole day, its block the week. */
static hf_status contact_days(hf_i_trials *out, const hf_i_evidence_view *v)
{
    double start = sum_at(v, 0)->from_h, end = sum_at(v, v->exchange_count - 1)->to_h;
    size_t days = v->timed ? (size_t)((end - start) / DAY_H) : 0, e = 0;
    for (size_t day = 0; day < days && day < 36525; day++) {
        double until = start + (double)(day + 1) * DAY_H;
        bool wrote[2] = {false, false};
        uint32_t example = sum_at(v, e < v->exchange_count ? e : v->exchange_count - 1)->first;
        for (; e < v->exchange_count && sum_at(v, e)->from_h < until; e++)
            for (int p = 0; p < 2; p++)
                wrote[p] |= sum_at(v, e)->turns[p] > 0;
        const hf_i_trial t = {.exchange = (uint32_t)(day / 7),
                              .turn = example,
                              .given = (double)day * DAY_H / MONTH_H,
                              .then = wrote[0] && wrote[1]};
        HF_TRY(hf_i_trials_add(out, &t));
    }
    return HF_OK;
}

/* S53. Warm turns less hard ones among p's coded turns, over the months. */
static hf_status warmth_months(hf_i_trials *out, const hf_i_evidence_view *v, int p)
{
    const hf_cycle *c = v->cycle;
    for (size_t k = 0; v->timed && k < c->count; k++) {
        if (c->turns[k].partner != p || !(v->does[k] & HF_I_CODED))
            continue;
        double warm = (v->does[k] & HF_I_DOES_WARM) != 0, hard = (v->does[k] & HF_I_DOES_HARD) != 0;
        const hf_i_trial t = {.exchange = c->turns[k].exchange,
                              .turn = (uint32_t)k,
                              .given = (c->turns[k].t_h - c->turns[0].t_h) / MONTH_H,
                              .then = warm - hard};
        HF_TRY(hf_i_trials_add(out, &t));
    }
    return HF_OK;
}

hf_status hf_i_exchange_trials(hf_i_trials *out, const hf_i_evidence_view *view,
                               hf_i_mechanism which, int p)
{
    if (which == HF_I_E_CONTACT_TREND)
        return view->exchange_count ? contact_days(out, view) : HF_OK;
    if (which == HF_I_E_WARMTH_TREND)
        return warmth_months(out, view, p);
    for (size_t e = 0; e < view->exchange_count; e++) {
        if (sum_at(view, e)->masked)
            continue;
        if (which == HF_I_E_CLOSE_CALM)
            HF_TRY(close_calm(out, view, e));
        else if (e + 1 < view->exchange_count)
            HF_TRY(which == HF_I_E_CONTACT_CALM ? contact_calm(out, view, e)
                                                : before_episode(out, view, which, p, e));
    }
    return HF_OK;
}
