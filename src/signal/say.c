/* SPDX-License-Identifier: MIT */
#include "signal/say.h"

#include "text/time.h"

#include <math.h>
#include <string.h>

void hf_i_statement_init(hf_i_statement *s, const char *key, const char *mechanism, char grade,
                         hf_output output, int about)
{
    memset(s, 0, sizeof *s);
    s->key = key;
    s->mechanism = mechanism;
    s->grade = grade;
    s->output = output;
    s->about = about;
    s->estimate = s->lo = s->hi = s->base_rate = NAN;
}

void hf_i_statement_value(hf_i_statement *s, const char *key, double number)
{
    if (s->value_count < HF_I_SAY_VALUES)
        s->values[s->value_count++] = (hf_finding_value){key, number, NULL};
}

void hf_i_statement_text(hf_i_statement *s, const char *key, const char *text)
{
    if (s->value_count < HF_I_SAY_VALUES)
        s->values[s->value_count++] = (hf_finding_value){key, NAN, text};
}

/* The messages of a turn, one a line. */
static hf_status turn_text(const hf_analysis *a, const hf_i_turn *turn, hf_i_buf *out)
{
    for (uint32_t i = 0; i < turn->count; i++) {
        const hf_i_line *line = &a->turns.lines[turn->first + i];
        if (i)
            HF_TRY(hf_i_buf_add_char(out, '\n'));
        HF_TRY(hf_i_buf_add(out, line->text.data ? line->text.data : "", line->text.size));
    }
    return HF_OK;
}

hf_status hf_i_cite(hf_analysis *a, uint32_t index)
{
    const hf_i_turn *turn = &a->turns.turns[index];
    char t[HF_I_TIME_SIZE];
    bool timed = turn->t_start != HF_NO_TIME &&
                 (a->summary.t_kind == HF_TIME_LOCAL || a->summary.t_kind == HF_TIME_UTC);
    if (timed)
        hf_i_time_format_iso(t, turn->t_start, (int32_t)a->turns.res_ms,
                             a->summary.t_kind == HF_TIME_UTC);
    hf_i_buf text;
    hf_i_buf_init(&text, a->ctx, HF_MAX_FILE_BYTES, "the text of one turn");
    hf_status status = turn_text(a, turn, &text);
    if (status == HF_OK) {
        hf_cited_turn row = {.id = hf_i_turn_id(a, index),
                             .t = timed ? t : NULL,
                             .partner = (hf_partner)turn->partner,
                             .words = turn->words};
        if (hf_i_may_show(a, HF_OUTPUT_TEXT, turn->partner)) {
            row.text.data = text.data ? text.data : "";
            row.text.size = text.len;
        }
        status = hf_findings_add_turn(a->findings, &row);
    }
    hf_i_buf_dispose(&text);
    return status;
}

static hf_status add_examples(hf_analysis *a, const hf_i_statement *s, hf_finding *row)
{
    for (int i = 0, n = 0; s->examples && i < HF_I_EXAMPLES; i++) {
        if (s->examples[i] == HF_I_NO_TURN || a->turns.turns[s->examples[i]].flagged)
            continue;
        HF_TRY(hf_i_cite(a, s->examples[i]));
        row->examples[n++] = hf_i_turn_id(a, s->examples[i]);
    }
    return HF_OK;
}

hf_status hf_i_say(hf_analysis *a, const hf_i_statement *s)
{
    char id[128];
    snprintf(id, sizeof id, "%s.%s%s%s", s->key, hf_partner_name((hf_partner)s->about),
             s->part ? "." : "", s->part ? s->part : "");
    hf_finding row = {.id = id,
                      .mechanism = s->mechanism,
                      .about = (hf_partner)s->about,
                      .estimate = NAN,
                      .unit = s->unit,
                      .lo = NAN,
                      .hi = NAN,
                      .level = NAN,
                      .base_rate = NAN,
                      .status = HF_FINDING_NOT_SHOWN,
                      .grade = s->grade,
                      .visibility = HF_VISIBLE_JOINT,
                      .text_key = "not_shown"};
    if (a->consent == HF_CONSENT_SOLO)
        row.visibility = a->me == 0 ? HF_VISIBLE_A : HF_VISIBLE_B;
    if (!hf_i_may_show(a, s->output, s->about)) {
        row.not_shown_reason = "consent";
        return hf_findings_add(a->findings, &row);
    }
    row.text_key = s->text_key ? s->text_key : s->key;
    row.n = s->n;
    row.status = HF_FINDING_NOT_ENOUGH_DATA;
    row.values = s->values;
    row.value_count = s->enough ? s->value_count : 0;
    if (s->enough) {
        row.status = s->seen ? HF_FINDING_SEEN : HF_FINDING_HYPOTHESIS;
        row.estimate = s->estimate;
        row.lo = s->lo;
        row.hi = s->hi;
        row.level = isnan(s->lo) ? NAN : HF_I_LEVEL;
        row.base_rate = s->base_rate;
        HF_TRY(add_examples(a, s, &row));
    }
    return hf_findings_add(a->findings, &row);
}
