/* SPDX-License-Identifier: MIT */
/* The two partners' messages of a record, in time order, as corrected. */
#include "signal/analysis.h"
#include "text/time.h"

#include <string.h>

/* What is no contact at all is left out; what only answers forms no turn. */
static bool is_contact(hf_message_kind kind, bool *forms_turn)
{
    switch (kind) {
    case HF_KIND_REACTION:
    case HF_KIND_CALL:
        *forms_turn = false;
        return true;
    case HF_KIND_EDIT:
    case HF_KIND_SYSTEM:
    case HF_KIND_NOTE:
    case HF_KIND_COUNT:
        return false;
    default:
        *forms_turn = true;
        return true;
    }
}

/* ---- corrections of sender and time
 * ------------------------------------------------------------------- */

static hf_status wrong(const hf_analysis *a, const hf_correction *c, const char *what)
{
    hf_i_place place = {.line = c->line};
    return hf_i_fail_at(a->ctx, HF_E_PARSE, &place, NULL, "corrections: %s", what);
}

/* The sender by partner ("a") or by name. */
static hf_status correct_sender(const hf_analysis *a, const hf_correction *c, hf_i_line *line)
{
    for (int p = 0; c->value && c->value_is_text && p < 2; p++)
        if (strcmp(c->value, hf_partner_name((hf_partner)p)) == 0 ||
            strcmp(c->value, a->name[p]) == 0) {
            line->partner = (uint8_t)p;
            return HF_OK;
        }
    return wrong(a, c, "the sender is neither a nor b, nor one of the names");
}

static hf_status correct_time(const hf_analysis *a, const hf_correction *c, hf_i_line *line,
                              bool *moved)
{
    hf_i_time time;
    if (!c->value || !c->value_is_text || !hf_i_time_parse_iso(c->value, strlen(c->value), &time) ||
        line->t == HF_NO_TIME)
        return wrong(a, c, "the time is no ISO time, or the record has none");
    *moved = true;
    line->t = time.ms;
    return HF_OK;
}

static hf_status correct(const hf_analysis *a, hf_i_line *line, bool *moved)
{
    size_t n = a->corrections ? hf_corrections_count(a->corrections) : 0;
    for (size_t k = 0; k < n; k++) {
        const hf_correction *c = hf_corrections_get(a->corrections, k);
        if (strcmp(c->target, a->ids[line->message]) != 0)
            continue;
        if (c->field == HF_CORRECT_SENDER)
            HF_TRY(correct_sender(a, c, line));
        if (c->field == HF_CORRECT_T)
            HF_TRY(correct_time(a, c, line, moved));
    }
    return HF_OK;
}

/* ---- reading
 * ------------------------------------------------------------------------------------------------
 */

static hf_status set_apart(hf_analysis *a, const hf_message *m, uint32_t message, bool other)
{
    hf_i_line line = {.t = m->t_ms,
                      .text = m->text,
                      .message = message,
                      .partner = other ? 2 : m->sender == a->person[1],
                      .kind = (uint8_t)m->kind};
    return hf_i_turns_add_apart(&a->turns, &line);
}

static hf_status collect(hf_analysis *a, hf_i_line *lines, size_t *count, bool *moved)
{
    size_t n = hf_record_count_messages(a->record);
    const uint32_t *order = hf_record_get_time_order(a->record);
    uint32_t coarsest =
        0; /* of the messages: days of a diary beside them are no stamps of theirs */
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        hf_message m;
        bool forms_turn;
        hf_record_get_message(a->record, order[i], &m);
        bool other = m.sender != a->person[0] && m.sender != a->person[1];
        if (!is_contact(m.kind, &forms_turn) || other) {
            if (m.text.size)
                HF_TRY(set_apart(a, &m, order[i], other));
            continue;
        }
        hf_i_line line = {.t = m.t_ms,
                          .text = m.text,
                          .message = order[i],
                          .partner = m.sender == a->person[1],
                          .kind = (uint8_t)m.kind,
                          .forms_turn = forms_turn};
        HF_TRY(correct(a, &line, moved));
        lines[(*count)++] = line;
        coarsest = m.t_res_ms > coarsest ? m.t_res_ms : coarsest;
    }
    if (coarsest)
        a->turns.res_ms = coarsest;
    return HF_OK;
}

/* Few lines move: put each where it belongs, keeping the order of equals. */
static void restore_order(hf_i_line *lines, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        hf_i_line v = lines[i];
        size_t j = i;
        for (; j > 0 && lines[j - 1].t > v.t; j--)
            lines[j] = lines[j - 1];
        lines[j] = v;
    }
}

hf_status hf_i_lines_read(hf_analysis *a)
{
    size_t count;
    bool moved = false;
    hf_i_turns_init(&a->turns, a->ctx);
    a->turns.res_ms = a->summary.t_res_ms ? a->summary.t_res_ms : 1;
    a->turns.timed = a->summary.t_kind != HF_TIME_NONE;
    hf_i_line *lines = hf_i_alloc(a->ctx, hf_record_count_messages(a->record) * sizeof *lines);
    if (!lines)
        return HF_E_NOMEM;
    hf_status status = collect(a, lines, &count, &moved);
    if (status == HF_OK && moved)
        restore_order(lines, count);
    for (size_t i = 0; status == HF_OK && i < count; i++)
        status = hf_i_turns_add(&a->turns, &lines[i]);
    hf_i_free(a->ctx, lines);
    return status;
}
