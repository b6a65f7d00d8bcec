/* SPDX-License-Identifier: MIT */
#include "signal/turns.h"

#include <string.h>

void hf_i_turns_init(hf_i_turns *t, hf_ctx *ctx)
{
    memset(t, 0, sizeof *t);
    t->ctx = ctx;
    t->timed = true;
    t->t_first = t->t_last = HF_NO_TIME;
}

void hf_i_turns_dispose(hf_i_turns *t)
{
    if (!t->ctx)
        return;
    hf_i_free(t->ctx, t->lines);
    hf_i_free(t->ctx, t->answers);
    hf_i_free(t->ctx, t->apart);
    hf_i_free(t->ctx, t->turns);
    hf_i_free(t->ctx, t->exchanges);
    memset(t, 0, sizeof *t);
}

hf_status hf_i_turns_reserve(hf_i_turns *t, size_t lines)
{
    return hf_i_grow(t->ctx, &t->lines, &t->line_cap, lines, sizeof *t->lines, HF_MAX_ROWS,
                     "messages");
}

hf_status hf_i_turns_add(hf_i_turns *t, const hf_i_line *line)
{
    if (line->t == HF_NO_TIME)
        t->timed = false;
    else if (t->t_first == HF_NO_TIME)
        t->t_first = line->t;
    if (line->t != HF_NO_TIME)
        t->t_last = line->t;
    if (!line->forms_turn) {
        HF_TRY(hf_i_grow(t->ctx, &t->answers, &t->answer_cap, t->answer_count + 1,
                         sizeof *t->answers, HF_MAX_ROWS, "answers"));
        t->answers[t->answer_count++] = *line;
        return HF_OK;
    }
    HF_TRY(hf_i_grow(t->ctx, &t->lines, &t->line_cap, t->line_count + 1, sizeof *t->lines,
                     HF_MAX_ROWS, "messages"));
    t->lines[t->line_count++] = *line;
    return HF_OK;
}

hf_status hf_i_turns_add_apart(hf_i_turns *t, const hf_i_line *line)
{
    HF_TRY(hf_i_grow(t->ctx, &t->apart, &t->apart_cap, t->apart_count + 1, sizeof *t->apart,
                     HF_MAX_ROWS, "other texts"));
    t->apart[t->apart_count++] = *line;
    return HF_OK;
}

/* Few lines move: put each where it belongs, keeping the order of equals. */
static void restore_order(hf_i_turns *t, hf_i_line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        hf_i_line v = lines[i];
        size_t j = i;
        for (; j > 0 && lines[j - 1].t > v.t; j--)
            lines[j] = lines[j - 1];
        lines[j] = v;
        if (v.t == HF_NO_TIME)
            continue;
        t->t_first = t->t_first == HF_NO_TIME || v.t < t->t_first ? v.t : t->t_first;
        t->t_last = t->t_last == HF_NO_TIME || v.t > t->t_last ? v.t : t->t_last;
    }
}

void hf_i_turns_restore_order(hf_i_turns *t)
{
    t->t_first = t->t_last = HF_NO_TIME;
    restore_order(t, t->lines, t->line_count);
    restore_order(t, t->answers, t->answer_count);
}

static bool is_gap(const hf_i_turns *t, size_t line, double gap_ms)
{
    return t->timed && (double)(t->lines[line].t - t->lines[line - 1].t) > gap_ms;
}

static void open_exchange(hf_i_turns *t, const hf_i_line *line)
{
    t->exchanges[t->exchange_count++] = (hf_i_exchange){
        .first = (uint32_t)t->turn_count, .t_start = line->t, .opener = line->partner};
}

static void open_turn(hf_i_turns *t, size_t at)
{
    const hf_i_line *line = &t->lines[at];
    t->turns[t->turn_count++] = (hf_i_turn){.t_start = line->t,
                                            .first = (uint32_t)at,
                                            .exchange = (uint32_t)(t->exchange_count - 1),
                                            .partner = line->partner};
    t->exchanges[t->exchange_count - 1].count++;
}

hf_status hf_i_turns_split(hf_i_turns *t, double gap_ms)
{
    t->turn_count = t->exchange_count = 0;
    t->gap_ms = gap_ms;
    for (size_t i = 0; i < t->line_count; i++) {
        const hf_i_line *line = &t->lines[i];
        bool fresh = i == 0 || is_gap(t, i, gap_ms);
        if (fresh) {
            HF_TRY(hf_i_grow(t->ctx, &t->exchanges, &t->exchange_cap, t->exchange_count + 1,
                             sizeof *t->exchanges, HF_MAX_ROWS, "exchanges"));
            open_exchange(t, line);
        }
        if (fresh || line->partner != t->lines[i - 1].partner) {
            HF_TRY(hf_i_grow(t->ctx, &t->turns, &t->turn_cap, t->turn_count + 1, sizeof *t->turns,
                             HF_MAX_ROWS, "turns"));
            open_turn(t, i);
        }
        hf_i_turn *turn = &t->turns[t->turn_count - 1];
        turn->count++;
        turn->t_end = line->t;
        turn->has_text |= line->kind == HF_KIND_TEXT;
        t->exchanges[t->exchange_count - 1].t_end = line->t;
    }
    return HF_OK;
}

void hf_i_turns_count_openings(const hf_i_turns *t, double gap_ms, uint64_t openings[2])
{
    openings[0] = openings[1] = 0;
    for (size_t i = 0; i < t->line_count; i++)
        if (i == 0 || is_gap(t, i, gap_ms))
            openings[t->lines[i].partner]++;
}
