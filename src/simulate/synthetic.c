/* SPDX-License-Identifier: MIT */
#include "simulate/synthetic.h"

#include "model/nepd/nepd.h"
#include "num/random.h"
#include "simulate/weights.h"

#include <math.h>
#include <string.h>

enum { PER = HF_STATES_PER_PARTNER, MOST_TURNS = 5000000, WEIGHTS = 11 };

/* Stream 2 of the seed: events and marks; 0 is the noise of the path, 1 the traits. */
enum { STREAM_EVENTS = 2 };

static const double STEP = 0.125;       /* of the path, hours */
static const double ASKED_WITHIN = 1.0; /* an answer comes within this time, hours */
static const double LONG_GAP = 24.0;    /* beyond the usual of any simulated pair, hours */
/* A pair may rest in open needs (two avoidant partners do): an episode then begins with the need
 * of the last half day, and is over after a day without protection, emotion or distance. */
static const double NEED_WITHIN = 12.0, CALM_AFTER = 24.0;
static const int64_t DEFAULT_START = INT64_C(1736121600000); /* 2025-01-06T00:00 */

static const char *const act_names[] = {
#define NAME(name) #name,
    HF_SYNTHETIC_ACTS(NAME)
#undef NAME
};
static const char *const phase_names[] = {"connection", "need",     "emotion",
                                          "protection", "distance", "repair"};

const char *hf_i_synthetic_act_name(int act)
{
    return act >= 0 && act < HF_SYN_ACTS ? act_names[act] : "";
}

const char *hf_i_synthetic_phase_name(int phase)
{
    return phase >= 0 && phase < HF_PHASE_I_COUNT ? phase_names[phase] : "";
}

hf_status hf_i_phase_rule_read(hf_i_phase_rule *out, hf_ctx *ctx)
{
    static const char *const names[] = {"protection",   "distance_close", "distance_express",
                                        "need_silence", "repair",         "need"};
    double v[6];
    HF_TRY(hf_i_weights_read(v, ctx, "nepd/phases.tsv", names, 6, 1));
    *out = (hf_i_phase_rule){v[0], v[1], v[2], v[3], v[4], v[5]};
    return HF_OK;
}

int hf_i_phase_of(const hf_i_phase_rule *r, const double s[HF_STATE_COUNT],
                  const double threshold[2], const double answer[2], bool rising, bool after,
                  bool long_gap)
{
    const double *a = s, *b = s + PER;
    double protection = fmax(fmax(a[HF_NEPD_P], a[HF_NEPD_W]), fmax(b[HF_NEPD_P], b[HF_NEPD_W]));
    double need = fmax(a[HF_NEPD_N], b[HF_NEPD_N]);
    double express = (a[HF_NEPD_V] + b[HF_NEPD_V]) / 2;
    if (protection > r->protection)
        return HF_PHASE_I_PROTECTION;
    if ((s[HF_NEPD_C] < r->distance_close && express < r->distance_express) ||
        (long_gap && need > r->need_silence))
        return HF_PHASE_I_DISTANCE;
    if (a[HF_NEPD_D] > threshold[0] || b[HF_NEPD_D] > threshold[1])
        return HF_PHASE_I_EMOTION;
    if (after && rising &&
        (a[HF_NEPD_V] * answer[1] > r->repair || b[HF_NEPD_V] * answer[0] > r->repair))
        return HF_PHASE_I_REPAIR;
    return need > r->need ? HF_PHASE_I_NEED : HF_PHASE_I_CONNECTION;
}

/* ---- the point process ---------------------------------------------------------------------- */

typedef struct {
    hf_ctx *ctx;
    const hf_i_synthetic_options *o;
    hf_i_synthetic *out;
    hf_i_nepd_constants k;
    hf_i_nepd_gains gain[2]; /* lane 0 */
    hf_i_phase_rule rule;
    double weights[HF_SYN_ACTS][WEIGHTS];
    hf_paths *paths;
    hf_i_random random;
    double excite[2]; /* reply kernel of each partner at the current time */
    double decay;     /* per hour */
} maker;

double hf_i_pair_answer(const hf_i_nepd_constants *k, double respond, const double *s, int i)
{
    const double *me = s + i * PER, *you = s + (1 - i) * PER;
    double open = 1 - fmin(1, me[HF_NEPD_P] + me[HF_NEPD_W]);
    double drawn = respond * (1 + k->resp_adapt * me[HF_NEPD_Z]) * you[HF_NEPD_V] +
                   k->resp_protest * you[HF_NEPD_P];
    return fmin(1, drawn) * open * open;
}

static double answer_of(const maker *m, const double *s, int i)
{
    return hf_i_pair_answer(&m->k, m->gain[i].respond[0], s, i);
}

static double base_rate(const maker *m, const double *s, double t, int i)
{
    double hour = fmod(t + (double)(m->o->start_ms % 86400000) / 3.6e6, 24);
    bool day = hour >= m->k.turns_day_from && hour < m->k.turns_day_to;
    double mu = day ? m->k.turns_day : m->k.turns_night;
    const double *me = s + i * PER;
    return mu * exp(m->k.turns_pursue * me[HF_NEPD_P] - m->k.turns_withdraw * me[HF_NEPD_W]);
}

/* Whether the last turn asked for something of sender i. */
static bool asked_of(const maker *m, double t, int i)
{
    if (m->out->count == 0)
        return false;
    const hf_i_synthetic_turn *last = &m->out->turns[m->out->count - 1];
    return last->sender != i && t - last->t_h <= ASKED_WITHIN &&
           (last->act == HF_SYN_need || last->act == HF_SYN_disclosure ||
            last->act == HF_SYN_question || last->act == HF_SYN_reassurance);
}

static int draw(hf_i_random *r, const double *weights, int count)
{
    double sum = 0, u;
    for (int i = 0; i < count; i++)
        sum += weights[i];
    u = hf_i_random_uniform(r) * sum;
    for (int i = 0; i < count - 1; i++) {
        u -= weights[i];
        if (u < 0)
            return i;
    }
    return count - 1;
}

static int draw_act(maker *m, const double *s, double t, int i, double answer)
{
    const double *me = s + i * PER;
    double asked = asked_of(m, t, i) ? 1 : 0, p[HF_SYN_ACTS];
    const double x[WEIGHTS] = {1,
                               me[HF_NEPD_V],
                               me[HF_NEPD_P],
                               me[HF_NEPD_W],
                               me[HF_NEPD_D],
                               me[HF_NEPD_N],
                               s[HF_NEPD_C],
                               answer,
                               asked,
                               asked * answer,
                               asked * me[HF_NEPD_W]};
    for (int a = 0; a < HF_SYN_ACTS; a++) {
        double z = 0;
        for (int k = 0; k < WEIGHTS; k++)
            z += m->weights[a][k] * x[k];
        p[a] = exp(z);
    }
    return draw(&m->random, p, HF_SYN_ACTS);
}

static hf_status add_turn(maker *m, const double *s, double t, int sender)
{
    hf_i_synthetic *out = m->out;
    HF_TRY(hf_i_grow(m->ctx, &out->turns, &out->capacity, out->count + 1, sizeof *out->turns,
                     MOST_TURNS, "synthetic turns"));
    hf_i_synthetic_turn turn = {.t_h = t, .sender = sender, .episode = -1};
    turn.t_ms = m->o->start_ms + (int64_t)(t * 3.6e6);
    memcpy(turn.state, s, sizeof turn.state);
    turn.answer[0] = answer_of(m, s, 0);
    turn.answer[1] = answer_of(m, s, 1);
    turn.act = draw_act(m, s, t, sender, turn.answer[sender]);
    turn.noisy = turn.act;
    if (m->o->confusion)
        turn.noisy = draw(&m->random, m->o->confusion[turn.act], HF_SYN_ACTS);
    out->turns[out->count++] = turn;
    /* The turn draws replies of the other. */
    m->excite[1 - sender] += m->k.reply_branching * m->decay;
    return HF_OK;
}

/* Ogata's thinning within one step of the path, over which the state is held: the intensity only
 * falls between events, so its value now is a bound. */
static hf_status events_of_step(maker *m, const double *s, double from, double to)
{
    double t = from;
    for (;;) {
        double open[2], rate[2], bound = 0;
        for (int i = 0; i < 2; i++) {
            open[i] = 1 - fmin(1, s[i * PER + HF_NEPD_W]);
            rate[i] = base_rate(m, s, from, i);
            bound += rate[i] + m->excite[i] * open[i];
        }
        double wait = hf_i_random_exponential(&m->random) / bound;
        double move = fmin(wait, to - t), fade = exp(-m->decay * move);
        t += move;
        m->excite[0] *= fade;
        m->excite[1] *= fade;
        if (wait > move || t >= to)
            return HF_OK;
        for (int i = 0; i < 2; i++)
            rate[i] += m->excite[i] * open[i];
        if (hf_i_random_uniform(&m->random) * bound <= rate[0] + rate[1]) {
            int sender = hf_i_random_uniform(&m->random) * (rate[0] + rate[1]) < rate[0] ? 0 : 1;
            HF_TRY(add_turn(m, s, t, sender));
        }
    }
}

static hf_status make_turns(maker *m)
{
    size_t n = hf_paths_count_times(m->paths);
    m->decay = log(2) / (m->k.reply_half_life / 60);
    for (size_t k = 0; k + 1 < n; k++) {
        double from = hf_paths_get_time(m->paths, k), to = hf_paths_get_time(m->paths, k + 1);
        HF_TRY(events_of_step(m, hf_paths_get_state(m->paths, 0, 0, k), from, to));
        if ((k & 1023) == 0)
            HF_TRY(hf_i_progress(m->ctx, "writing turns", k, n));
    }
    return HF_OK;
}

/* ---- phases, episodes, roles ------------------------------------------------------------------
 */

static void set_phases(maker *m)
{
    hf_i_synthetic_turn *turns = m->out->turns;
    bool open = false;
    for (size_t i = 0; i < m->out->count; i++) {
        hf_i_synthetic_turn *t = &turns[i];
        double threshold[2];
        for (int p = 0; p < 2; p++)
            threshold[p] =
                m->gain[p].threshold[0] + m->k.threshold_s * t->state[p * PER + HF_NEPD_S];
        bool rising = i > 0 && t->state[HF_NEPD_C] > turns[i - 1].state[HF_NEPD_C];
        bool gap = i > 0 && t->t_h - turns[i - 1].t_h > LONG_GAP;
        t->phase = hf_i_phase_of(&m->rule, t->state, threshold, t->answer, rising, open, gap);
        if (t->phase == HF_PHASE_I_PROTECTION)
            open = true;
        else if (t->phase == HF_PHASE_I_CONNECTION)
            open = false;
    }
}

/* The start of the journey: the first turn of the last stretch of need before protection, or else
 * of the stretch out of connection that led to it. */
static size_t find_onset(const hf_i_synthetic_turn *turns, size_t protection, size_t not_before)
{
    size_t first = protection;
    double earliest = turns[protection].t_h - NEED_WITHIN;
    while (first > not_before && turns[first - 1].phase != HF_PHASE_I_CONNECTION &&
           turns[first - 1].t_h >= earliest)
        first--;
    for (size_t i = protection; i-- > first;)
        if (turns[i].phase == HF_PHASE_I_NEED) {
            while (i > first && turns[i - 1].phase == HF_PHASE_I_NEED)
                i--;
            return i;
        }
    return first;
}

/* The turn behind the last one of the journey that reached protection at `from`. */
static size_t find_end(const hf_i_synthetic *s, size_t from, bool *returned)
{
    size_t active = from;
    *returned = true;
    for (size_t i = from; i < s->count; i++) {
        int phase = s->turns[i].phase;
        if (phase == HF_PHASE_I_CONNECTION)
            return i;
        if (phase != HF_PHASE_I_NEED)
            active = i;
        else if (s->turns[i].t_h - s->turns[active].t_h > CALM_AFTER)
            return active + 1;
    }
    *returned = false;
    return s->count;
}

static unsigned over(double a, double b, double limit)
{
    return (a > limit ? 1u : 0u) | (b > limit ? 2u : 0u);
}

static void set_roles(const maker *m, hf_i_synthetic_episode *e)
{
    const hf_i_synthetic_turn *turns = m->out->turns;
    const double *onset = turns[e->onset].state;
    double p[2] = {0}, w[2] = {0}, v[2] = {0}, protective = 0, mending = 0;
    for (size_t i = e->onset; i <= e->last; i++)
        for (int q = 0; q < 2; q++) {
            const double *me = turns[i].state + q * PER;
            if (turns[i].phase == HF_PHASE_I_PROTECTION) {
                p[q] += me[HF_NEPD_P];
                w[q] += me[HF_NEPD_W];
                protective += .5;
            } else if (turns[i].phase == HF_PHASE_I_REPAIR) {
                v[q] += me[HF_NEPD_V] * turns[i].answer[1 - q];
                mending += .5;
            }
        }
    double limit = m->rule.protection * protective;
    e->raised_need = onset[HF_NEPD_N] >= onset[PER + HF_NEPD_N] ? 1u : 2u;
    e->pursues = protective > 0 ? over(p[0], p[1], limit) : 0;
    e->withdraws = protective > 0 ? over(w[0], w[1], limit) : 0;
    e->repairs = mending > 0 ? over(v[0], v[1], m->rule.repair * mending) : 0;
}

static hf_status set_episodes(maker *m)
{
    hf_i_synthetic *s = m->out;
    for (size_t i = 0; i < s->count;) {
        size_t not_before = s->episode_count ? s->episodes[s->episode_count - 1].last + 1 : 0;
        if (s->turns[i].phase != HF_PHASE_I_PROTECTION) {
            i++;
            continue;
        }
        hf_i_synthetic_episode e = {.onset = find_onset(s->turns, i, not_before)};
        i = find_end(s, i, &e.returned);
        e.last = i - 1;
        set_roles(m, &e);
        HF_TRY(hf_i_grow(m->ctx, &s->episodes, &s->episode_capacity, s->episode_count + 1,
                         sizeof *s->episodes, MOST_TURNS, "episodes"));
        for (size_t t = e.onset; t <= e.last; t++)
            s->turns[t].episode = (int32_t)s->episode_count;
        s->episodes[s->episode_count++] = e;
    }
    return HF_OK;
}

static hf_status make_path(maker *m)
{
    hf_simulate_options o = HF_SIMULATE_OPTIONS_INIT;
    o.hours = m->o->hours;
    o.every = o.step = STEP;
    o.closeness = m->o->closeness;
    o.integrator = HF_INTEGRATE_HEUN;
    /* One key for path and events: the replicate is folded into the seed. */
    o.seed = m->o->seed ^ (m->o->replicate * UINT64_C(0x9e3779b97f4a7c15));
    o.changes = m->o->changes;
    o.change_count = m->o->change_count;
    o.constants = m->o->constants;
    return hf_simulate(&m->paths, m->ctx, &m->o->pair, 1, &o);
}

hf_status hf_i_synthetic_make_with_path(hf_i_synthetic *out, hf_ctx *ctx,
                                        const hf_i_synthetic_options *options, hf_paths **path)
{
    hf_i_synthetic_options o = *options;
    maker m = {.ctx = ctx, .o = &o, .out = out};
    memset(out, 0, sizeof *out);
    *path = NULL;
    out->ctx = ctx;
    if (!o.start_ms)
        o.start_ms = DEFAULT_START;
    HF_TRY(o.constants ? hf_i_nepd_constants_read(&m.k, ctx, o.constants)
                       : hf_i_nepd_constants_default(&m.k, ctx));
    HF_TRY(hf_i_phase_rule_read(&m.rule, ctx));
    HF_TRY(
        hf_i_weights_read(&m.weights[0][0], ctx, "nepd/acts.tsv", act_names, HF_SYN_ACTS, WEIGHTS));
    HF_TRY(make_path(&m));
    hf_i_nepd model = {.k = &m.k};
    hf_i_nepd_set_traits(&model, 0, o.pair.anxiety, o.pair.avoidance);
    m.gain[0] = model.gain[0];
    m.gain[1] = model.gain[1];
    hf_i_random_init(&m.random, o.seed, STREAM_EVENTS, o.replicate);
    hf_status status = make_turns(&m);
    if (status == HF_OK) {
        set_phases(&m);
        status = set_episodes(&m);
    }
    if (status != HF_OK) {
        hf_paths_free(m.paths);
        hf_i_synthetic_dispose(out);
    } else {
        *path = m.paths;
    }
    return status;
}

hf_status hf_i_synthetic_make(hf_i_synthetic *out, hf_ctx *ctx,
                              const hf_i_synthetic_options *options)
{
    hf_paths *path = NULL;
    hf_status status = hf_i_synthetic_make_with_path(out, ctx, options, &path);
    hf_paths_free(path);
    return status;
}

void hf_i_synthetic_dispose(hf_i_synthetic *s)
{
    hf_i_free(s->ctx, s->turns);
    hf_i_free(s->ctx, s->episodes);
    s->turns = NULL;
    s->episodes = NULL;
    s->count = s->capacity = s->episode_count = s->episode_capacity = 0;
}
