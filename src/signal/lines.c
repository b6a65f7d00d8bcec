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

static hf_status collect(hf_analysis *a, bool *moved)
{
    size_t n = hf_record_count_messages(a->record);
    const uint32_t *order = hf_record_get_time_order(a->record);
    uint32_t coarsest = 0; /* of the messages: days of a diary beside them are no stamps of theirs */
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
        HF_TRY(hf_i_turns_add(&a->turns, &line));
        coarsest = m.t_res_ms > coarsest ? m.t_res_ms : coarsest;
    }
    if (coarsest)
        a->turns.res_ms = coarsest;
    return HF_OK;
}

hf_status hf_i_lines_read(hf_analysis *a)
{
    bool moved = false;
    hf_i_turns_init(&a->turns, a->ctx);
    a->turns.res_ms = a->summary.t_res_ms ? a->summary.t_res_ms : 1;
    a->turns.timed = a->summary.t_kind != HF_TIME_NONE;
    HF_TRY(hf_i_turns_reserve(&a->turns, hf_record_count_messages(a->record)));
    HF_TRY(collect(a, &moved));
    if (moved)
        hf_i_turns_restore_order(&a->turns);
    return HF_OK;
}
