/* SPDX-License-Identifier: MIT */
/* What is given, what then: trials from turn to turn. A turn left out for safety neither counts nor
 * is stepped over. */
#include "cycle/evidence.h"

#include <math.h>

static const float NAMED = 0.5F; /* probability from which an act counts as done */
static const double SOON_H = 72; /* a next own turn later than this answers to something else */

/* ---- what a turn does ----------------------------------------------------------------------- */

/* Probability that at least one of the acts was done. */
static float any_of(const hf_cycle_turn *t, const hf_act *acts, size_t n)
{
    float none = 1;
    for (size_t i = 0; i < n; i++)
        none *= 1 - (t->acts[acts[i]] > 0 ? fminf(1, t->acts[acts[i]]) : 0);
    return 1 - none;
}

static uint8_t does_of(const hf_cycle_turn *t)
{
    static const hf_act hard[] = {HF_ACT_BLAME, HF_ACT_CONTEMPT, HF_ACT_DEFENCE, HF_ACT_DISENGAGE,
                                  HF_ACT_HARD_EMOTION};
    static const hf_act soft[] = {HF_ACT_NEED, HF_ACT_DISCLOSURE};
    static const hf_act warm[] = {HF_ACT_SUPPORT, HF_ACT_ACKNOWLEDGE, HF_ACT_REPAIR};
    static const hf_act works[] = {HF_ACT_SUPPORT, HF_ACT_ACKNOWLEDGE, HF_ACT_REPAIR,
                                   HF_ACT_QUESTION, HF_ACT_NEED};
    if (!t->coded || t->masked)
        return 0;
    uint8_t does = HF_I_CODED;
    bool asks = any_of(t, soft, HF_COUNT_OF(soft)) >= NAMED;
    if (asks || t->need < HF_NEED_COUNT)
        does |= HF_I_DOES_NEED;
    if (any_of(t, hard, HF_COUNT_OF(hard)) >= NAMED)
        return does | HF_I_DOES_HARD;
    if (asks)
        does |= HF_I_DOES_SOFT;
    if (any_of(t, warm, HF_COUNT_OF(warm)) >= NAMED)
        does |= HF_I_DOES_WARM;
    if (any_of(t, works, HF_COUNT_OF(works)) >= NAMED)
        does |= HF_I_DOES_CONSTRUCTIVE;
    return does;
}

/* ---- sums of exchanges ---------------------------------------------------------------------- */

static void add_signal(hf_i_exchange_sum *e, int p, int k, float x)
{
    if (isnan(x))
        return;
    e->signal[p][k] += (double)x;
    e->signals[p][k]++;
}

static void add_turn(hf_i_exchange_sum *e, const hf_i_evidence_view *v, size_t k)
{
    const hf_cycle_turn *t = &v->cycle->turns[k];
    int p = t->partner;
    int32_t episode = v->cycle->episode_of[k];
    e->last = (uint32_t)k;
    e->to_h = t->end_h;
    e->turns[p]++;
    e->masked |= t->masked;
    e->unanswered[p] += t->unanswered;
    e->coded[p] += (v->does[k] & HF_I_CODED) != 0;
    e->hard[p] += (v->does[k] & HF_I_DOES_HARD) != 0;
    e->soft[p] += (v->does[k] & HF_I_DOES_SOFT) != 0;
    e->warm[p] += (v->does[k] & HF_I_DOES_WARM) != 0;
    e->problem |= t->problem != HF_PROBLEM_NONE || (v->does[k] & HF_I_DOES_NEED) != 0;
    e->in_episode |= episode >= 0;
    e->onset |= episode >= 0 && v->cycle->episodes[episode].onset == k;
    add_signal(e, p, 0, t->wait);
    add_signal(e, p, 1, -t->warmth);
    add_signal(e, p, 2, -t->length);
    add_signal(e, p, 3, -t->uptake);
}

static void sum_exchanges(hf_i_evidence_view *v)
{
    const hf_cycle *c = v->cycle;
    for (size_t k = 0; k < c->count; k++) {
        const hf_cycle_turn *t = &c->turns[k];
        if (k == 0 || t->exchange != c->turns[k - 1].exchange)
            v->exchanges[v->exchange_count++] = (hf_i_exchange_sum){
                .exchange = t->exchange, .first = (uint32_t)k, .from_h = t->t_h};
        add_turn(&v->exchanges[v->exchange_count - 1], v, k);
    }
}

static hf_status find_usual_gap(hf_i_evidence_view *v)
{
    v->usual_gap_h = NAN;
    if (!v->timed || v->exchange_count < 2)
        return HF_OK;
    double *gap = hf_i_alloc(v->ctx, v->exchange_count * sizeof *gap);
    if (!gap)
        return HF_E_NOMEM;
    for (size_t e = 1; e < v->exchange_count; e++)
        gap[e - 1] = v->exchanges[e].from_h - v->exchanges[e - 1].to_h;
    v->usual_gap_h = hf_i_median(gap, v->exchange_count - 1);
    hf_i_free(v->ctx, gap);
    return HF_OK;
}

hf_status hf_i_evidence_view_make(hf_i_evidence_view *out, hf_ctx *ctx, const hf_cycle *cycle)
{
    size_t exchanges = 0;
    *out = (hf_i_evidence_view){.ctx = ctx, .cycle = cycle};
    for (size_t k = 0; k < cycle->count; k++)
        exchanges += k == 0 || cycle->turns[k].exchange != cycle->turns[k - 1].exchange;
    out->does = hf_i_alloc(ctx, cycle->count);
    out->exchanges = hf_i_alloc(ctx, exchanges * sizeof *out->exchanges);
    if (!out->does || !out->exchanges) {
        hf_i_evidence_view_dispose(out);
        return HF_E_NOMEM;
    }
    out->timed = cycle->count > 0 && cycle->turns[cycle->count - 1].t_h > cycle->turns[0].t_h;
    for (size_t k = 0; k < cycle->count; k++)
        out->does[k] = does_of(&cycle->turns[k]);
    sum_exchanges(out);
    hf_status status = find_usual_gap(out);
    if (status != HF_OK)
        hf_i_evidence_view_dispose(out);
    return status;
}

void hf_i_evidence_view_dispose(hf_i_evidence_view *view)
{
    hf_i_free(view->ctx, view->does);
    hf_i_free(view->ctx, view->exchanges);
    *view = (hf_i_evidence_view){.ctx = view->ctx};
}

hf_status hf_i_trials_add(hf_i_trials *out, const hf_i_trial *trial)
{
    HF_TRY(hf_i_grow(out->ctx, &out->items, &out->cap, out->count + 1, sizeof *out->items,
                     UINT32_MAX, "trials"));
    out->items[out->count++] = *trial;
    return HF_OK;
}

/* ---- from turn to turn ---------------------------------------------------------------------- */

static const hf_cycle_turn *turn_at(const hf_i_evidence_view *v, size_t k)
{
    return &v->cycle->turns[k];
}

static bool does(const hf_i_evidence_view *v, size_t k, unsigned what)
{
    return (v->does[k] & what) != 0;
}

/* Turn k + 1 answers turn k: the other's, in the same exchange. */
static bool answered_next(const hf_i_evidence_view *v, size_t k)
{
    return k + 1 < v->cycle->count && turn_at(v, k + 1)->partner != turn_at(v, k)->partner &&
           turn_at(v, k + 1)->exchange == turn_at(v, k)->exchange && !turn_at(v, k + 1)->masked;
}

/* The next turn of the same partner: the exchange must not have been left out between. */
static size_t next_own(const hf_i_evidence_view *v, size_t k)
{
    for (size_t i = k + 1; i < v->cycle->count; i++) {
        const hf_cycle_turn *t = turn_at(v, i);
        if (t->masked || t->t_h - turn_at(v, k)->end_h > SOON_H)
            break;
        if (t->partner == turn_at(v, k)->partner)
            return i;
    }
    return SIZE_MAX;
}

static hf_status add(hf_i_trials *out, const hf_i_evidence_view *v, size_t k, bool given, bool then,
                     size_t example)
{
    const hf_i_trial t = {.exchange = turn_at(v, k)->exchange,
                          .turn = (uint32_t)example,
                          .given = given,
                          .then = then};
    return hf_i_trials_add(out, &t);
}

/* S17. Given: own turn without a reply here; else: one the other answered. Then: the next own turn
 * is hard. */
static hf_status unanswered_hard(hf_i_trials *out, const hf_i_evidence_view *v, size_t k)
{
    size_t next = next_own(v, k);
    bool open = turn_at(v, k)->unanswered;
    if (next == SIZE_MAX || !does(v, next, HF_I_CODED) || (!open && !answered_next(v, k)))
        return HF_OK;
    return add(out, v, k, open, does(v, next, HF_I_DOES_HARD), next);
}

/* S46. Given: own turn is soft; then: a reply to it is seen here. */
static hf_status soft_reply(hf_i_trials *out, const hf_i_evidence_view *v, size_t k)
{
    bool open = turn_at(v, k)->unanswered;
    if (!does(v, k, HF_I_CODED) || (!open && !answered_next(v, k)))
        return HF_OK;
    return add(out, v, k, does(v, k, HF_I_DOES_SOFT), !open, k);
}

/* S20, S46. Given: own soft turn met warmly; else: answered otherwise. Then: the next own turn is
 * soft or warm. */
static hf_status met_open(hf_i_trials *out, const hf_i_evidence_view *v, size_t k)
{
    if (!does(v, k, HF_I_DOES_SOFT) || !answered_next(v, k) || !does(v, k + 1, HF_I_CODED))
        return HF_OK;
    size_t next = next_own(v, k);
    if (next == SIZE_MAX || !does(v, next, HF_I_CODED))
        return HF_OK;
    return add(out, v, k, does(v, k + 1, HF_I_DOES_WARM),
               does(v, next, HF_I_DOES_SOFT | HF_I_DOES_WARM), k);
}

/* S38, S41, S51. Given: a need said softly; else: words of a need in a hard turn. Then: the other's
 * answer is warm; no reply seen here counts as not. */
static hf_status soft_or_hard(hf_i_trials *out, const hf_i_evidence_view *v, size_t k)
{
    bool open = turn_at(v, k)->unanswered;
    if (!does(v, k, HF_I_DOES_NEED) || !does(v, k, HF_I_DOES_SOFT | HF_I_DOES_HARD))
        return HF_OK;
    if (!open && (!answered_next(v, k) || !does(v, k + 1, HF_I_CODED)))
        return HF_OK;
    return add(out, v, k, does(v, k, HF_I_DOES_SOFT), !open && does(v, k + 1, HF_I_DOES_WARM), k);
}

/* Of the one who answers: turn k + 1 after the other's turn k. */
static hf_status reply_trial(hf_i_trials *out, const hf_i_evidence_view *v, hf_i_mechanism which,
                             size_t k)
{
    if (!answered_next(v, k) || !does(v, k, HF_I_CODED) || !does(v, k + 1, HF_I_CODED))
        return HF_OK;
    if (which == HF_I_E_SOFT_WARM)
        return add(out, v, k, does(v, k, HF_I_DOES_SOFT), does(v, k + 1, HF_I_DOES_WARM), k);
    if (which == HF_I_E_HARD_HARD)
        return add(out, v, k, does(v, k, HF_I_DOES_HARD), does(v, k + 1, HF_I_DOES_HARD), k + 1);
    return add(out, v, k, does(v, k, HF_I_DOES_HARD), does(v, k + 1, HF_I_DOES_CONSTRUCTIVE),
               k + 1);
}

/* S59: how warmly p answers each kind of need of the other, over months. */
static hf_status adapting(hf_i_trials *out, const hf_i_evidence_view *v, size_t k)
{
    enum { MONTH_H = 730 };
    if (!v->timed || !does(v, k, HF_I_DOES_NEED) || !answered_next(v, k) ||
        !does(v, k + 1, HF_I_CODED))
        return HF_OK;
    const hf_i_trial t = {.exchange = turn_at(v, k)->exchange,
                          .turn = (uint32_t)(k + 1),
                          .group = turn_at(v, k)->need,
                          .given = (turn_at(v, k)->t_h - turn_at(v, 0)->t_h) / MONTH_H,
                          .then = does(v, k + 1, HF_I_DOES_WARM)};
    return hf_i_trials_add(out, &t);
}

static hf_status one_turn(hf_i_trials *out, const hf_i_evidence_view *v, hf_i_mechanism which,
                          int p, size_t k)
{
    bool own = turn_at(v, k)->partner == p;
    switch (which) {
    case HF_I_E_UNANSWERED_HARD:
        return own ? unanswered_hard(out, v, k) : HF_OK;
    case HF_I_E_SOFT_REPLY:
        return own ? soft_reply(out, v, k) : HF_OK;
    case HF_I_E_MET_OPEN:
        return own ? met_open(out, v, k) : HF_OK;
    case HF_I_E_SOFT_OR_HARD:
        return own ? soft_or_hard(out, v, k) : HF_OK;
    case HF_I_E_ADAPTING:
        return own ? HF_OK : adapting(out, v, k);
    default:
        return own ? HF_OK : reply_trial(out, v, which, k);
    }
}

hf_status hf_i_turn_trials(hf_i_trials *out, const hf_i_evidence_view *view, hf_i_mechanism which,
                           int p)
{
    for (size_t k = 0; k < view->cycle->count; k++)
        if (!turn_at(view, k)->masked)
            HF_TRY(one_turn(out, view, which, p, k));
    return HF_OK;
}
