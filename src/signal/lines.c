/* SPDX-License-Identifier: MIT */
/* The two partners' messages of a record, in time order. */
#include "signal/analysis.h"

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

hf_status hf_i_lines_read(hf_analysis *a)
{
    size_t n = hf_record_count_messages(a->record);
    const uint32_t *order = hf_record_get_time_order(a->record);
    hf_i_turns_init(&a->turns, a->ctx);
    a->turns.res_ms = a->summary.t_res_ms ? a->summary.t_res_ms : 1;
    a->turns.timed = a->summary.t_kind != HF_TIME_NONE;
    for (size_t i = 0; i < n; i++) {
        hf_message m;
        bool forms_turn;
        hf_record_get_message(a->record, order[i], &m);
        if (!is_contact(m.kind, &forms_turn) ||
            (m.sender != a->person[0] && m.sender != a->person[1]))
            continue;
        hf_i_line line = {.t = m.t_ms,
                          .text = m.text,
                          .message = order[i],
                          .partner = m.sender == a->person[1],
                          .kind = (uint8_t)m.kind,
                          .forms_turn = forms_turn};
        HF_TRY(hf_i_turns_add(&a->turns, &line));
    }
    return HF_OK;
}
