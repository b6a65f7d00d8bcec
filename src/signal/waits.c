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

/* A wait as one number that sorts by time, seen before unseen. */
typedef struct {
    uint32_t key, block;
} packed;

/* By key, keeping the order of equals: three rounds over ten bits hold a day of milliseconds. */
static void sort_packed(packed *x, packed *work, size_t n)
{
    enum { BITS = 10, ROUNDS = 3, SLOTS = 1 << BITS };
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t start[SLOTS + 1] = {0};
        for (size_t i = 0; i < n; i++)
            start[(x[i].key >> round * BITS & (SLOTS - 1)) + 1]++;
        for (size_t k = 0; k < SLOTS; k++)
            start[k + 1] += start[k];
        for (size_t i = 0; i < n; i++)
            work[start[x[i].key >> round * BITS & (SLOTS - 1)]++] = x[i];
        packed *swap = x;
        x = work;
        work = swap;
    }
}

static hf_status collect(hf_i_measures *m, int by, packed *x, packed *work)
{
    const hf_i_turns *t = m->turns;
    size_t n = 0;
    for (size_t k = 0; k < t->turn_count; k++)
        if (t->turns[k].partner != by && counts(m, k)) {
            bool seen = m->waits[k].answer != HF_I_NO_TURN;
            x[n++] =
                (packed){(uint32_t)m->waits[k].ms << 1 | !seen, m->block_of[t->turns[k].exchange]};
        }
    sort_packed(x, work, n);
    m->durations[by] = hf_i_alloc(m->ctx, n * sizeof *m->durations[by]);
    if (!m->durations[by])
        return HF_E_NOMEM;
    m->duration_count[by] = n;
    /* After an odd number of rounds the result lies in work. */
    for (size_t i = 0; i < n; i++)
        m->durations[by][i] = (hf_i_duration){(double)(work[i].key >> 1) / 60000.0, work[i].block,
                                              !(work[i].key & 1)};
    return HF_OK;
}

hf_status hf_i_waits_collect(hf_i_measures *m)
{
    if (!m->turns->timed)
        return HF_OK;
    size_t n = m->turns->turn_count;
    packed *x = hf_i_alloc(m->ctx, 2 * n * sizeof *x);
    if (!x)
        return HF_E_NOMEM;
    hf_status status = collect(m, 0, x, x + n);
    if (status == HF_OK)
        status = collect(m, 1, x, x + n);
    hf_i_free(m->ctx, x);
    return status;
}
