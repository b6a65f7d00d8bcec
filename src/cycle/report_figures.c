/* SPDX-License-Identifier: MIT */
/* The figures of the cycle: the loop with counts on its arrows, phases by period, episodes as cards
 * (doc/schema/findings.md has their shapes). */
#include "cycle/cycle.h"
#include "finding/finding.h"
#include "num/stats.h"
#include "signal/say.h"
#include "text/json_write.h"
#include "text/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CARDS = 12, ENOUGH = 5 };

typedef struct {
    const hf_cycle *c;
    hf_analysis *a;
    hf_i_json_writer w;
} drawing;

static bool alone(const drawing *d)
{
    return d->a->consent == HF_CONSENT_SOLO;
}

/* Who may be named: in solo oneself. */
static unsigned shown(const drawing *d, unsigned who)
{
    return alone(d) ? who & 1u << d->a->me : who;
}

static void key_time(drawing *d, const char *key, size_t turn, bool end)
{
    const hf_i_turn *t = &d->a->turns.turns[turn];
    char text[HF_I_TIME_SIZE];
    int64_t ms = end ? t->t_end : t->t_start;
    if (ms == HF_NO_TIME || !hf_i_dates_known(d->a)) {
        hf_i_json_key_null(&d->w, key);
        return;
    }
    hf_i_time_format_iso(text, ms, (int32_t)d->a->turns.res_ms,
                         d->a->summary.t_kind == HF_TIME_UTC);
    hf_i_json_key_str(&d->w, key, text);
}

/* ---- the loop -------------------------------------------------------------------------------- */

typedef struct {
    double moves[HF_PHASE_COUNT][HF_PHASE_COUNT], left[HF_PHASE_COUNT], visits[HF_PHASE_COUNT];
} passage;

/* Stretches of one phase and where they led, within what safety leaves. */
static void count_passages(const hf_cycle *c, passage *out)
{
    memset(out, 0, sizeof *out);
    for (size_t t = 0; t < c->count; t++) {
        hf_phase now = hf_cycle_get_phase(c, t);
        hf_phase before = t ? hf_cycle_get_phase(c, t - 1) : HF_PHASE_COUNT;
        if (now == HF_PHASE_COUNT || now == before)
            continue;
        out->visits[now]++;
        if (before < HF_PHASE_COUNT) {
            out->moves[before][now]++;
            out->left[before]++;
        }
    }
}

static const char *const station_text[HF_PHASE_COUNT] = {NULL,
                                                         "loop.need.shown",
                                                         "loop.emotion.shown",
                                                         "loop.protection.shown",
                                                         "loop.distance.cycle",
                                                         "loop.repair.cycle"};

static void write_station(drawing *d, hf_phase phase, const passage *p)
{
    char finding[48];
    const hf_cycle *c = d->c;
    double tried = 0, landed = 0, n = 0, sum = 0;
    bool read = c->state == HF_CYCLE_ENOUGH || c->state == HF_CYCLE_NO_TIME;
    for (size_t k = 0; k < c->episode_count; k++) {
        tried += (double)c->episodes[k].repair_attempts;
        landed += (double)c->episodes[k].repair_landed;
    }
    for (size_t t = 0; t < c->count; t++)
        if (!c->turns[t].masked) {
            n++;
            sum += (double)c->posterior[t][phase];
        }
    hf_i_json_object_begin(&d->w);
    hf_i_json_key_str(&d->w, "key", hf_phase_name(phase));
    hf_i_json_key_str(&d->w, "state", read ? "measured" : "not_enough_data");
    hf_i_json_key_str(&d->w, "text_key", read ? station_text[phase] : "loop.not_enough_data");
    hf_i_json_key(&d->w, "values");
    hf_i_json_object_begin(&d->w);
    if (read) {
        hf_i_json_key_number(&d->w, "visits", p->visits[phase]);
        hf_i_json_key_number(&d->w, "share", n > 0 ? sum / n : NAN);
        hf_i_json_key_number(&d->w, "met", p->moves[phase][HF_PHASE_CONNECTION]);
        hf_i_json_key_number(&d->w, "guarded", p->moves[phase][HF_PHASE_PROTECTION]);
        if (phase == HF_PHASE_REPAIR) {
            hf_i_json_key_number(&d->w, "tried", tried);
            hf_i_json_key_number(&d->w, "landed", landed);
        }
    }
    hf_i_json_object_end(&d->w);
    hf_i_json_key(&d->w, "findings");
    hf_i_json_array_begin(&d->w);
    snprintf(finding, sizeof finding, "phase_%s.%s", hf_phase_name(phase),
             alone(d) ? hf_partner_name((hf_partner)d->a->me) : "ab");
    if (read)
        hf_i_json_str(&d->w, finding);
    hf_i_json_array_end(&d->w);
    hf_i_json_object_end(&d->w);
}

/* base_rate: how often any move leads there. */
static void write_arrow(drawing *d, int from, int to, const passage *p)
{
    hf_i_interval share = hf_i_wilson(p->moves[from][to], p->left[from], HF_I_LEVEL);
    double into = 0, all = 0;
    for (int f = 0; f < HF_PHASE_COUNT; f++) {
        into += p->moves[f][to];
        all += f == to ? 0 : p->left[f];
    }
    hf_i_json_object_begin(&d->w);
    hf_i_json_key_str(&d->w, "from", hf_phase_name((hf_phase)from));
    hf_i_json_key_str(&d->w, "to", hf_phase_name((hf_phase)to));
    hf_i_json_key_number(&d->w, "count", p->moves[from][to]);
    hf_i_json_key_number(&d->w, "of", p->left[from]);
    hf_i_json_key_number(&d->w, "lo", share.lo);
    hf_i_json_key_number(&d->w, "hi", share.hi);
    hf_i_json_key_number(&d->w, "base_rate", into / all);
    hf_i_json_object_end(&d->w);
}

/* Of the turns of partner p that were open to a reply: within episodes, and elsewhere. */
static void write_answered(drawing *d, int p)
{
    double open[2] = {0}, answered[2] = {0};
    for (size_t t = 0; t < d->c->count; t++) {
        const hf_cycle_turn *turn = &d->c->turns[t];
        if (turn->masked || turn->partner != p || !d->a->measures.waits[t].open)
            continue;
        int in = d->c->episode_of[t] >= 0;
        open[in]++;
        answered[in] += !turn->unanswered;
    }
    hf_i_interval share = hf_i_wilson(answered[1], open[1], HF_I_LEVEL);
    if (open[1] < ENOUGH || open[0] < ENOUGH) {
        hf_i_json_key_null(&d->w, "answered");
        return;
    }
    hf_i_json_key(&d->w, "answered");
    hf_i_json_object_begin(&d->w);
    hf_i_json_key_number(&d->w, "count", answered[1]);
    hf_i_json_key_number(&d->w, "of", open[1]);
    hf_i_json_key_number(&d->w, "lo", share.lo);
    hf_i_json_key_number(&d->w, "hi", share.hi);
    hf_i_json_key_number(&d->w, "base_rate", answered[0] / open[0]);
    hf_i_json_object_end(&d->w);
}

static void write_positions(drawing *d)
{
    hf_i_json_key(&d->w, "positions");
    hf_i_json_object_begin(&d->w);
    hf_i_json_key_uint(&d->w, "episodes", d->c->episode_count);
    for (int p = 0; p < 2; p++) {
        hf_i_json_key(&d->w, hf_partner_name((hf_partner)p));
        if (!hf_i_may_show(d->a, HF_OUTPUT_ACTS, p)) {
            hf_i_json_null(&d->w);
            continue;
        }
        hf_i_json_object_begin(&d->w);
        for (int r = 0; r < HF_ROLE_COUNT; r++) {
            uint64_t n = 0;
            for (size_t k = 0; k < d->c->episode_count; k++)
                n += (d->c->episodes[k].who[r] >> p) & 1u;
            hf_i_json_key_uint(&d->w, hf_role_name((hf_role)r), n);
        }
        write_answered(d, p);
        hf_i_json_object_end(&d->w);
    }
    hf_i_json_object_end(&d->w);
}

static void write_loop(drawing *d)
{
    passage p;
    count_passages(d->c, &p);
    hf_i_json_object_begin(&d->w);
    hf_i_json_key(&d->w, "stations");
    hf_i_json_array_begin(&d->w);
    for (int f = HF_PHASE_NEED; f < HF_PHASE_COUNT; f++)
        write_station(d, (hf_phase)f, &p);
    hf_i_json_array_end(&d->w);
    hf_i_json_key(&d->w, "arrows");
    hf_i_json_array_begin(&d->w);
    for (int f = 0; f < HF_PHASE_COUNT; f++)
        for (int g = 0; g < HF_PHASE_COUNT; g++)
            if (p.moves[f][g] > 0)
                write_arrow(d, f, g, &p);
    hf_i_json_array_end(&d->w);
    write_positions(d);
    hf_i_json_object_end(&d->w);
}

/* ---- phases by period ------------------------------------------------------------------------ */

static size_t period_of(const drawing *d, size_t turn)
{
    int64_t t = d->a->turns.turns[turn].t_start - d->a->turns.t_first;
    size_t k = (size_t)(t / d->a->measures.period_ms);
    return k < d->a->measures.periods ? k : d->a->measures.periods - 1;
}

static void write_times(drawing *d)
{
    int64_t days = d->a->measures.period_ms / 86400000;
    hf_i_json_key_str(&d->w, "period", days == 1 ? "day" : days == 7 ? "week" : "month");
    hf_i_json_key(&d->w, "time");
    hf_i_json_array_begin(&d->w);
    for (size_t k = 0; k < d->a->measures.periods; k++) {
        char date[HF_I_TIME_SIZE];
        hf_i_time_format_date(date, d->a->turns.t_first + (int64_t)k * d->a->measures.period_ms);
        hf_i_json_str(&d->w, date);
    }
    hf_i_json_array_end(&d->w);
}

static void write_shares(drawing *d, const double *sums, const double *n)
{
    size_t periods = d->a->measures.periods;
    hf_i_json_key(&d->w, "n");
    hf_i_json_array_begin(&d->w);
    for (size_t k = 0; k < periods; k++)
        hf_i_json_number(&d->w, n[k]);
    hf_i_json_array_end(&d->w);
    hf_i_json_key(&d->w, "shares");
    hf_i_json_object_begin(&d->w);
    for (int f = 0; f < HF_PHASE_COUNT; f++) {
        hf_i_json_key(&d->w, hf_phase_name((hf_phase)f));
        hf_i_json_array_begin(&d->w);
        for (size_t k = 0; k < periods; k++)
            if (n[k] >= HF_I_ENOUGH_IN)
                hf_i_json_fixed(&d->w, sums[k * HF_PHASE_COUNT + (size_t)f] / n[k], 4);
            else
                hf_i_json_null(&d->w);
        hf_i_json_array_end(&d->w);
    }
    hf_i_json_object_end(&d->w);
}

static void key_id(drawing *d, size_t episode)
{
    char id[24];
    snprintf(id, sizeof id, "e%zu", episode + 1);
    hf_i_json_key_str(&d->w, "id", id);
}

static void write_marks(drawing *d)
{
    hf_i_json_key(&d->w, "episodes");
    hf_i_json_array_begin(&d->w);
    for (size_t k = 0; k < d->c->episode_count; k++) {
        const hf_episode *e = &d->c->episodes[k];
        hf_i_json_object_begin(&d->w);
        key_id(d, k);
        key_time(d, "from", e->onset, false);
        key_time(d, "to", e->last, true);
        hf_i_json_key_str(&d->w, "end", hf_episode_end_name(e->end));
        hf_i_json_object_end(&d->w);
    }
    hf_i_json_array_end(&d->w);
}

/* Moves to mend, one an episode; in solo the own ones. */
static void write_mends(drawing *d)
{
    hf_i_json_key(&d->w, "repairs");
    hf_i_json_array_begin(&d->w);
    for (size_t k = 0; k < d->c->episode_count; k++) {
        const hf_episode *e = &d->c->episodes[k];
        unsigned who = shown(d, e->who[HF_ROLE_REPAIRS]);
        if (e->first_repair == SIZE_MAX || !who)
            continue;
        hf_i_json_object_begin(&d->w);
        key_time(d, "t", e->first_repair, false);
        hf_i_json_key_str(&d->w, "by", hf_who_name(who));
        hf_i_json_key_bool(&d->w, "landed", e->repair_landed > 0);
        hf_i_json_object_end(&d->w);
    }
    hf_i_json_array_end(&d->w);
}

static hf_status write_phases(drawing *d)
{
    size_t periods = d->a->measures.periods;
    double *sums = hf_i_calloc(d->c->ctx, periods * (HF_PHASE_COUNT + 1), sizeof *sums);
    if (!sums)
        return HF_E_NOMEM;
    double *n = sums + periods * HF_PHASE_COUNT;
    for (size_t t = 0; t < d->c->count; t++) {
        if (d->c->turns[t].masked)
            continue;
        size_t k = period_of(d, t);
        n[k]++;
        for (int f = 0; f < HF_PHASE_COUNT; f++)
            sums[k * HF_PHASE_COUNT + (size_t)f] += (double)d->c->posterior[t][f];
    }
    hf_i_json_object_begin(&d->w);
    write_times(d);
    write_shares(d, sums, n);
    write_marks(d);
    write_mends(d);
    hf_i_json_object_end(&d->w);
    hf_i_free(d->c->ctx, sums);
    return HF_OK;
}

/* ---- episodes as cards ----------------------------------------------------------------------- */

static void key_turn(drawing *d, const char *key, size_t turn)
{
    if (turn == SIZE_MAX)
        hf_i_json_key_null(&d->w, key);
    else
        hf_i_json_key_str(&d->w, key, hf_i_turn_id(d->a, turn));
}

/* A role as "a", "b", "both", "none"; null where consent holds it back. */
static void write_roles(drawing *d, const hf_episode *e)
{
    for (int r = 0; r < HF_ROLE_COUNT; r++) {
        unsigned who = shown(d, e->who[r]);
        hf_i_json_key_str(&d->w, hf_role_name((hf_role)r),
                          alone(d) && !who ? NULL : hf_who_name(who));
    }
}

/* At most four turns that tell it: what opened it, the first guarded one, the first mending one,
 * the last. */
static size_t telling_turns(const hf_cycle *c, const hf_episode *e, size_t out[4])
{
    size_t n = 0, guarded = e->onset;
    while (guarded < e->last && hf_cycle_get_phase(c, guarded) != HF_PHASE_PROTECTION)
        guarded++;
    const size_t all[4] = {e->onset, guarded, e->first_repair, e->last};
    for (size_t k = 0; k < 4; k++)
        if (all[k] != SIZE_MAX && (n == 0 || all[k] > out[n - 1]))
            out[n++] = all[k];
    return n;
}

static hf_status write_examples(drawing *d, const hf_episode *e)
{
    size_t turns[4], n = telling_turns(d->c, e, turns);
    hf_i_json_key(&d->w, "examples");
    hf_i_json_array_begin(&d->w);
    for (size_t k = 0; k < n; k++) {
        hf_i_json_object_begin(&d->w);
        key_turn(d, "turn", turns[k]);
        hf_i_json_key_str(&d->w, "phase", hf_phase_name(hf_cycle_get_phase(d->c, turns[k])));
        hf_i_json_object_end(&d->w);
        HF_TRY(hf_i_cite(d->a, (uint32_t)turns[k]));
    }
    hf_i_json_array_end(&d->w);
    return HF_OK;
}

static hf_status write_card(drawing *d, size_t episode)
{
    const hf_episode *e = &d->c->episodes[episode];
    hf_i_json_object_begin(&d->w);
    key_id(d, episode);
    key_turn(d, "onset", e->onset);
    key_time(d, "from", e->onset, false);
    key_time(d, "to", e->last, true);
    hf_i_json_key_uint(&d->w, "turns", e->turns);
    hf_i_json_key_uint(&d->w, "protective", e->protective);
    hf_i_json_key_str(&d->w, "end", hf_episode_end_name(e->end));
    hf_i_json_key(&d->w, "probability");
    hf_i_json_fixed(&d->w, e->probability, 3);
    write_roles(d, e);
    hf_i_json_key_str(&d->w, "need",
                      e->need < HF_NEED_COUNT ? hf_need_name((hf_need)e->need) : NULL);
    hf_i_json_key_str(&d->w, "problem", e->problem ? hf_problem_name(e->problem) : NULL);
    hf_i_json_key_uint(&d->w, "repair_attempts", e->repair_attempts);
    hf_i_json_key_uint(&d->w, "repair_landed", e->repair_landed);
    hf_i_json_key_number(&d->w, "repair_h", e->repair_seen ? e->repair_h : NAN);
    hf_i_json_key_bool(&d->w, "repair_seen", e->repair_seen);
    hf_i_json_key_number(&d->w, "escalation", e->escalation);
    HF_TRY(write_examples(d, e));
    hf_i_json_object_end(&d->w);
    return HF_OK;
}

/* Is episode k among the CARDS with the most turns of protection (the earlier of equals)? */
static bool is_clear(const hf_cycle *c, size_t k)
{
    size_t ahead = 0;
    for (size_t i = 0; i < c->episode_count && ahead < CARDS; i++)
        ahead += c->episodes[i].protective > c->episodes[k].protective ||
                 (c->episodes[i].protective == c->episodes[k].protective && i < k);
    return ahead < CARDS;
}

static hf_status write_cards(drawing *d)
{
    hf_i_json_object_begin(&d->w);
    hf_i_json_key_uint(&d->w, "total", d->c->episode_count);
    hf_i_json_key(&d->w, "episodes");
    hf_i_json_array_begin(&d->w);
    for (size_t k = 0; k < d->c->episode_count; k++)
        if (is_clear(d->c, k))
            HF_TRY(write_card(d, k));
    hf_i_json_array_end(&d->w);
    hf_i_json_object_end(&d->w);
    return HF_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static hf_status draw(drawing *d, hf_i_buf *buf, const char *id)
{
    hf_status status = HF_OK;
    char title[32];
    hf_i_buf_clear(buf);
    hf_i_json_init(&d->w, hf_i_sink_buf(buf), 0);
    if (strcmp(id, "loop") == 0)
        write_loop(d);
    else
        status = strcmp(id, "phases") == 0 ? write_phases(d) : write_cards(d);
    HF_TRY(status);
    HF_TRY(hf_i_json_finish(&d->w));
    if (strcmp(id, "loop") == 0)
        return hf_i_findings_replace_figure(d->a->findings, id, buf->data);
    snprintf(title, sizeof title, "figure.%s", id);
    hf_figure figure = {id, id, title, buf->data};
    return hf_findings_add_figure(d->a->findings, &figure);
}

hf_status hf_i_cycle_figures(const hf_cycle *c, hf_analysis *a)
{
    drawing d = {.c = c, .a = a};
    hf_i_buf buf;
    if (c->state != HF_CYCLE_ENOUGH && c->state != HF_CYCLE_NO_TIME)
        return HF_OK;
    hf_i_buf_init(&buf, c->ctx, 1 << 24, "a figure of the cycle");
    hf_status status = draw(&d, &buf, "loop");
    if (status == HF_OK && a->measures.period_ms > 0 && hf_i_dates_known(a))
        status = draw(&d, &buf, "phases");
    if (status == HF_OK && c->episode_count > 0)
        status = draw(&d, &buf, "episodes");
    hf_i_buf_dispose(&buf);
    return status;
}
