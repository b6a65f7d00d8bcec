/* SPDX-License-Identifier: MIT */
#include "signal/measures.h"

#include "signal/waits.h"

#include <math.h>
#include <string.h>

#define DAY (INT64_C(24) * 3600000)

enum {
    MOST_PERIODS = 300,  /* longer records go by four weeks */
    RECENT_PERIODS = 4,  /* the newest of at least... */
    ENOUGH_PERIODS = 12, /* ...so many; else a quarter of at least 8 */
    UPTAKE_WORDS = 2 /* content words that a turn must offer before 'taken up' means something */
};

const hf_i_measure_info hf_i_measure_infos[HF_I_MEASURE_COUNT] = {
#define INFO(name, text, kind, unit, output, by, en, mech, grade)                                  \
    {text, unit, mech, HF_I_##kind, HF_OUTPUT_##output, by, en, grade},
    HF_I_MEASURE_LIST(INFO)
#undef INFO
};

/* ---- periods and blocks
 * --------------------------------------------------------------------------- */

static void choose_periods(hf_i_measures *m, bool dates_known)
{
    const hf_i_turns *t = m->turns;
    m->periods = 1;
    if (t->timed && dates_known && t->line_count) {
        int64_t span = t->t_last - t->t_first;
        m->period_ms = span >= 56 * DAY ? 7 * DAY : DAY;
        if (span / m->period_ms >= MOST_PERIODS)
            m->period_ms = 28 * DAY;
        m->periods = (size_t)(span / m->period_ms) + 1;
    }
    m->recent = m->periods;
    if (m->periods >= ENOUGH_PERIODS)
        m->recent = m->periods - RECENT_PERIODS;
    else if (m->periods >= 8)
        m->recent = m->periods - m->periods / 4;
}

/* Blocks hold about the same number of exchanges; a new one starts where the recent periods do. */
static hf_status choose_blocks(hf_i_measures *m)
{
    const hf_i_turns *t = m->turns;
    size_t n = t->exchange_count, size = n / HF_I_MAX_BLOCKS + 1, in_block = 0;
    m->block_of = hf_i_alloc(m->ctx, n * sizeof *m->block_of);
    m->period_of = hf_i_alloc(m->ctx, n * sizeof *m->period_of);
    if (!m->block_of || !m->period_of)
        return HF_E_NOMEM;
    bool recent = false;
    for (size_t i = 0; i < n; i++) {
        size_t period =
            m->period_ms ? (size_t)((t->exchanges[i].t_start - t->t_first) / m->period_ms) : 0;
        m->period_of[i] = (uint32_t)period;
        if (t->exchanges[i].flagged) {
            m->block_of[i] = UINT32_MAX;
            continue;
        }
        if (m->blocks == 0 || in_block == size || (period >= m->recent && !recent)) {
            m->blocks++;
            in_block = 0;
        }
        if (period >= m->recent && !recent) {
            recent = true;
            m->recent_block = m->blocks - 1;
        }
        m->block_of[i] = (uint32_t)(m->blocks - 1);
        in_block++;
    }
    if (!recent)
        m->recent_block = m->blocks;
    return HF_OK;
}

/* ---- adding up
 * -------------------------------------------------------------------------------------- */

static void note_example(uint32_t list[HF_I_EXAMPLES], const hf_i_turns *t, uint32_t turn)
{
    if (list[0] != HF_I_NO_TURN && t->turns[list[0]].exchange == t->turns[turn].exchange) {
        list[0] = turn;
        return;
    }
    for (int i = HF_I_EXAMPLES - 1; i > 0; i--)
        list[i] = list[i - 1];
    list[0] = turn;
}

static void add(hf_i_measures *m, hf_i_measure which, int partner, uint32_t exchange, double num,
                double den)
{
    uint32_t block = m->block_of[exchange];
    if (block == UINT32_MAX)
        return;
    hf_i_cell *cells[2] = {hf_i_period_cell(m, which, partner, m->period_of[exchange]),
                           hf_i_block_cell(m, which, partner, block)};
    for (int i = 0; i < 2; i++) {
        cells[i]->num += num;
        cells[i]->den += den;
        cells[i]->squares += num * num;
        cells[i]->n++;
    }
}

/* A trial that hit or not, with the turn that shows it. */
static void trial(hf_i_measures *m, hf_i_measure which, int partner, uint32_t turn, uint32_t shown,
                  bool hit)
{
    uint32_t exchange = m->turns->turns[turn].exchange;
    if (m->block_of[exchange] == UINT32_MAX ||
        m->block_of[m->turns->turns[shown].exchange] == UINT32_MAX)
        return;
    add(m, which, partner, exchange, hit, 1);
    note_example(hit ? m->hits[which][partner] : m->misses[which][partner], m->turns, shown);
}

static void add_style(hf_i_measures *m, size_t index)
{
    const hf_i_turn *turn = &m->turns->turns[index];
    const hf_i_turn_content *c = &m->content->turns[index];
    uint32_t block = m->block_of[turn->exchange];
    if (block == UINT32_MAX || !c->english)
        return;
    enum { WIDTH = HF_I_STYLE_GROUPS + 1 };
    uint32_t *cells[2] = {m->style + ((size_t)turn->partner * m->blocks + block) * WIDTH,
                          m->style_by_period +
                              ((size_t)turn->partner * m->periods + m->period_of[turn->exchange]) *
                                  WIDTH};
    for (int i = 0; i < 2; i++) {
        for (int g = 0; g < HF_I_STYLE_GROUPS; g++)
            cells[i][g] += c->style[g];
        cells[i][WIDTH - 1] += turn->words;
    }
}

static void add_own(hf_i_measures *m, uint32_t index)
{
    const hf_i_turn *turn = &m->turns->turns[index];
    const hf_i_turn_content *c = &m->content->turns[index];
    int p = turn->partner;
    uint32_t e = turn->exchange;
    add(m, HF_I_M_MESSAGES, p, e, turn->count, 1);
    add(m, HF_I_M_WORDS, p, e, turn->words, 1);
    add(m, HF_I_M_BURST, p, e, turn->count, 1);
    add(m, HF_I_M_VOLUME, p, e, turn->words, turn->words);
    add(m, HF_I_M_VOLUME, 1 - p, e, 0, turn->words);
    bool doubled = false;
    for (uint32_t i = 1; i < turn->count && m->turns->timed; i++)
        doubled |= m->turns->lines[turn->first + i].t - m->turns->lines[turn->first + i - 1].t >
                   HF_I_DOUBLE_MS;
    if (m->turns->timed)
        trial(m, HF_I_M_DOUBLE_TEXT, p, index, index, doubled);
    if (!turn->has_text || turn->words == 0)
        return;
    add(m, HF_I_M_TURN_WORDS, p, e, turn->words, 1);
    if (m->tone && !isnan(m->tone[index]))
        add(m, HF_I_M_TONE, p, e, (double)m->tone[index], 1);
    trial(m, HF_I_M_QUESTIONS, p, index, index, c->question);
    if (!c->english)
        return;
    add(m, HF_I_M_I_TALK, p, e, c->i, turn->words);
    add(m, HF_I_M_YOU_TALK, p, e, c->you, turn->words);
    add(m, HF_I_M_WE_TALK, p, e, c->we, turn->words);
    if (c->we && m->block_of[e] != UINT32_MAX)
        note_example(m->hits[HF_I_M_WE_TALK][p], m->turns, index);
    add_style(m, index);
}

/* Do the function words of a turn come back in its answer? (measures 3.8) Negations are left out.
 */
static void add_coordination(hf_i_measures *m, uint32_t index, uint32_t answer)
{
    static const uint8_t markers[HF_I_MARKERS] = {
        HF_I_GROUP_PERSONAL_PRONOUN, HF_I_GROUP_IMPERSONAL_PRONOUN, HF_I_GROUP_ARTICLE,
        HF_I_GROUP_CONJUNCTION,      HF_I_GROUP_PREPOSITION,        HF_I_GROUP_AUXILIARY,
        HF_I_GROUP_ADVERB,           HF_I_GROUP_QUANTIFIER};
    const hf_i_turn_content *c = &m->content->turns[index], *a = &m->content->turns[answer];
    uint32_t block = m->block_of[m->turns->turns[index].exchange];
    if (!c->english || !a->english || block == UINT32_MAX ||
        m->block_of[m->turns->turns[answer].exchange] == UINT32_MAX)
        return;
    uint32_t *cell =
        m->coordination +
        ((size_t)m->turns->turns[answer].partner * m->blocks + block) * HF_I_COORDINATION;
    cell[0]++;
    for (int k = 0; k < HF_I_MARKERS; k++) {
        bool first = c->style[markers[k]] > 0, second = a->style[markers[k]] > 0;
        cell[1 + 3 * k] += first;
        cell[2 + 3 * k] += second;
        cell[3 + 3 * k] += first && second;
    }
}

/* What the answer to turn index shows of the one who answers. */
static void add_answer(hf_i_measures *m, uint32_t index)
{
    const hf_i_wait *w = &m->waits[index];
    const hf_i_turn *turn = &m->turns->turns[index];
    const hf_i_turn_content *c = &m->content->turns[index];
    int by = 1 - turn->partner;
    bool seen = w->answer != HF_I_NO_TURN;
    if (w->open && !w->other_way) {
        trial(m, HF_I_M_REPLY_RATE, by, index, index, seen);
        if (c->question)
            trial(m, HF_I_M_ANSWERED, by, index, index, seen);
    }
    if (seen)
        add_coordination(m, index, w->answer);
    if (!seen || c->keys < UPTAKE_WORDS || !m->turns->turns[w->answer].has_text)
        return;
    size_t shared = hf_i_content_shared(m->content, index, w->answer);
    const hf_i_turn_content *a = &m->content->turns[w->answer];
    trial(m, HF_I_M_UPTAKE, by, index, w->answer, shared > 0);
    trial(m, HF_I_M_FOLLOW_UP, by, index, w->answer, a->question && (shared > 0 || a->follow_word));
}

static void add_exchanges(hf_i_measures *m)
{
    const hf_i_turns *t = m->turns;
    for (uint32_t i = 0; i < t->exchange_count; i++) {
        const hf_i_exchange *e = &t->exchanges[i];
        add(m, HF_I_M_EXCHANGES, 0, i, 1, 1);
        add(m, HF_I_M_EXCHANGE_TURNS, 0, i, e->count, 1);
        for (int p = 0; t->timed && p < 2; p++)
            trial(m, HF_I_M_INITIATION, p, e->first, e->first, e->opener == p);
    }
}

/* ---- all of it
 * ---------------------------------------------------------------------------------------- */

static hf_status allocate(hf_i_measures *m)
{
    size_t cells = 2 * (size_t)HF_I_MEASURE_COUNT;
    size_t style = 2 * ((size_t)HF_I_STYLE_GROUPS + 1);
    m->by_period = hf_i_calloc(m->ctx, cells * m->periods, sizeof *m->by_period);
    m->by_block = hf_i_calloc(m->ctx, cells * m->blocks, sizeof *m->by_block);
    m->style = hf_i_calloc(m->ctx, style * m->blocks, sizeof *m->style);
    m->style_by_period = hf_i_calloc(m->ctx, style * m->periods, sizeof *m->style_by_period);
    m->coordination =
        hf_i_calloc(m->ctx, 2 * (size_t)HF_I_COORDINATION * m->blocks, sizeof *m->coordination);
    return m->by_period && m->by_block && m->style && m->style_by_period && m->coordination
               ? HF_OK
               : HF_E_NOMEM;
}

static hf_status fill(hf_i_measures *m, bool dates_known)
{
    choose_periods(m, dates_known);
    HF_TRY(choose_blocks(m));
    HF_TRY(allocate(m));
    HF_TRY(hf_i_waits_find(m));
    for (uint32_t i = 0; i < m->turns->turn_count; i++) {
        add_own(m, i);
        add_answer(m, i);
    }
    add_exchanges(m);
    return hf_i_waits_collect(m);
}

hf_status hf_i_measures_read(hf_i_measures *m, hf_ctx *ctx, const hf_i_turns *turns,
                             const hf_i_content *content, const float *tone, bool dates_known)
{
    memset(m, 0, sizeof *m);
    m->ctx = ctx;
    m->turns = turns;
    m->content = content;
    m->tone = tone;
    memset(m->hits, 0xff, sizeof m->hits);
    memset(m->misses, 0xff, sizeof m->misses);
    for (int p = 0; p < 2; p++)
        hf_i_quiet_find(&m->quiet[p], turns, p);
    hf_status status = fill(m, dates_known);
    if (status != HF_OK)
        hf_i_measures_dispose(m);
    return status;
}

void hf_i_measures_dispose(hf_i_measures *m)
{
    if (!m->ctx)
        return;
    hf_i_free(m->ctx, m->waits);
    hf_i_free(m->ctx, m->block_of);
    hf_i_free(m->ctx, m->period_of);
    hf_i_free(m->ctx, m->by_period);
    hf_i_free(m->ctx, m->by_block);
    hf_i_free(m->ctx, m->style);
    hf_i_free(m->ctx, m->style_by_period);
    hf_i_free(m->ctx, m->coordination);
    for (int p = 0; p < 2; p++)
        hf_i_free(m->ctx, m->durations[p]);
    memset(m, 0, sizeof *m);
}
