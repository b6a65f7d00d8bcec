/* SPDX-License-Identifier: MIT */
#include "signal/waits.h"

static void find_one(hf_i_measures *m, size_t k)
{
    const hf_i_turns *t = m->turns;
    const hf_i_turn *turn = &t->turns[k], *next = k + 1 < t->turn_count ? turn + 1 : NULL;
    hf_i_wait *w = &m->waits[k];
    *w = (hf_i_wait){.answer = HF_I_NO_TURN, .open = !m->content->turns[k].closer};
    if (!t->timed) {
        /* Without times only the order is known: the next turn is the other's. */
        w->answer = next ? (uint32_t)(k + 1) : HF_I_NO_TURN;
        w->open &= next != NULL;
        return;
    }
    int64_t limit = turn->t_end + HF_I_ANSWER_MS, until = limit;
    if (next && next->t_start <= limit) {
        until = next->t_start;
        if (next->partner != turn->partner)
            w->answer = (uint32_t)(k + 1);
    } else if (!next) {
        /* The record ends before an answer had its time. */
        w->open = false;
        until = t->t_last < limit ? t->t_last : limit;
    }
    w->ms = hf_i_quiet_mask(&m->quiet[1 - turn->partner], turn->t_end, until);
}

/* Reactions and calls of the other partner between a turn and the next one. */
static void find_other_ways(hf_i_measures *m)
{
    const hf_i_turns *t = m->turns;
    size_t k = 0;
    for (size_t i = 0; t->timed && i < t->answer_count; i++) {
        const hf_i_line *a = &t->answers[i];
        while (k + 1 < t->turn_count && t->turns[k + 1].t_start <= a->t)
            k++;
        if (k < t->turn_count && t->turns[k].t_start <= a->t &&
            (t->turns[k].partner != a->partner || a->kind == HF_KIND_CALL))
            m->waits[k].other_way = true;
    }
}

hf_status hf_i_waits_find(hf_i_measures *m)
{
    m->waits = hf_i_alloc(m->ctx, m->turns->turn_count * sizeof *m->waits);
    if (!m->waits)
        return HF_E_NOMEM;
    for (size_t k = 0; k < m->turns->turn_count; k++)
        find_one(m, k);
    find_other_ways(m);
    return HF_OK;
}

static bool counts(const hf_i_measures *m, size_t k)
{
    const hf_i_turn *turn = &m->turns->turns[k];
    const hf_i_wait *w = &m->waits[k];
    if (m->block_of[turn->exchange] == UINT32_MAX || m->content->turns[k].closer || w->other_way)
        return false;
    return w->answer == HF_I_NO_TURN ||
           m->block_of[m->turns->turns[w->answer].exchange] != UINT32_MAX;
}

hf_status hf_i_waits_collect(hf_i_measures *m)
{
    const hf_i_turns *t = m->turns;
    for (int by = 0; by < 2; by++) {
        size_t n = 0;
        for (size_t k = 0; k < t->turn_count; k++)
            n += t->turns[k].partner != by && counts(m, k);
        m->duration_count[by] = t->timed ? n : 0;
        m->durations[by] = hf_i_alloc(m->ctx, n * sizeof *m->durations[by]);
        if (!m->durations[by])
            return HF_E_NOMEM;
        n = 0;
        for (size_t k = 0; t->timed && k < t->turn_count; k++)
            if (t->turns[k].partner != by && counts(m, k))
                m->durations[by][n++] = (hf_i_duration){(double)m->waits[k].ms / 60000.0,
                                                        m->block_of[t->turns[k].exchange],
                                                        m->waits[k].answer != HF_I_NO_TURN};
        hf_i_durations_sort(m->durations[by], n);
    }
    return HF_OK;
}
