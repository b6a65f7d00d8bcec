/* SPDX-License-Identifier: MIT */
/* The tables as SPSS files: the same columns and the same consent as the CSV ones. The title of the
 * file says who declared what. */
#include "report/report.h"

#include "series/series.h"
#include "signal/analysis.h"
#include "text/sav_write.h"
#include "text/time.h"

#include <math.h>
#include <string.h>

typedef struct {
    const hf_analysis *a;
    hf_i_sav_writer *w;
    bool text[2], acts[2];
} sav;

static void title_of(const hf_analysis *a, char out[61])
{
    if (a->rests)
        snprintf(out, 61, "%s", hf_joint_rests_text("en"));
    else if (a->recorded)
        snprintf(out, 61, "consent: both, recorded on %s", a->recorded);
    else if (a->consent == HF_CONSENT_BOTH)
        snprintf(out, 61, "consent: both, declared by one person on %s", a->made_on);
    else if (a->consent == HF_CONSENT_RESEARCH)
        snprintf(out, 61, "consent: research, protocol: %.30s", a->protocol);
    else
        snprintf(out, 61, "consent: solo");
}

static hf_status open_sav(sav *s, const hf_analysis *a, hf_ctx *ctx, hf_outfile *file,
                          const hf_i_sav_column *columns, size_t count, uint64_t rows)
{
    char title[61];
    title_of(a, title);
    s->a = a;
    for (int p = 0; p < 2; p++) {
        s->text[p] = hf_i_may_show(a, HF_OUTPUT_TEXT, p);
        s->acts[p] = hf_i_may_show(a, HF_OUTPUT_ACTS, p);
    }
    return hf_i_sav_open(&s->w, ctx, hf_i_sink_outfile(file), title, columns, count, rows);
}

static void put_str(sav *s, const char *text)
{
    hf_i_sav_text(s->w, text, strlen(text));
}

static void put_time(sav *s, int64_t ms)
{
    char text[HF_I_TIME_SIZE];
    bool utc = s->a->summary.t_kind == HF_TIME_UTC;
    if (ms == HF_NO_TIME)
        hf_i_sav_missing(s->w);
    else if (utc || s->a->summary.t_kind == HF_TIME_LOCAL)
        hf_i_sav_text(s->w, text, hf_i_time_format_iso(text, ms, (int32_t)s->a->turns.res_ms, utc));
    else
        hf_i_sav_text(s->w, text, (size_t)snprintf(text, sizeof text, "%lld", (long long)ms));
}

static void put_if(sav *s, bool shown, double x)
{
    hf_i_sav_real(s->w, shown ? x : NAN);
}

hf_status hf_report_write_messages_sav(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    sav s;
    size_t longest = 1;
    for (size_t i = 0; i < a->turns.line_count; i++)
        if (a->turns.lines[i].text.size > longest)
            longest = a->turns.lines[i].text.size;
    const hf_i_sav_column columns[] = {
        {"id", NULL, 16},
        {"t", NULL, 32},
        {"partner", NULL, 2},
        {"sender", NULL, 255},
        {"kind", NULL, 16},
        {"bytes", NULL, 0},
        {"text", NULL, longest < HF_I_SAV_TEXT_BYTES ? longest : HF_I_SAV_TEXT_BYTES}};
    HF_TRY(open_sav(&s, a, ctx, file, columns, HF_COUNT_OF(columns), a->turns.line_count));
    for (size_t i = 0; i < a->turns.line_count; i++) {
        const hf_i_line *line = &a->turns.lines[i];
        hf_i_sav_text(s.w, a->ids[line->message], 16);
        put_time(&s, line->t);
        put_str(&s, hf_partner_name((hf_partner)line->partner));
        put_str(&s, a->name[line->partner]);
        put_str(&s, hf_message_kind_name((hf_message_kind)line->kind));
        hf_i_sav_real(s.w, (double)line->text.size);
        if (s.text[line->partner] && line->text.data)
            hf_i_sav_text(s.w, line->text.data, line->text.size);
        else
            hf_i_sav_missing(s.w);
        hf_i_sav_end_row(s.w);
    }
    return hf_i_sav_finish(s.w, NULL);
}

static void put_turn(sav *s, size_t index)
{
    const hf_analysis *a = s->a;
    const hf_i_turn *turn = &a->turns.turns[index];
    const hf_i_turn_content *c = &a->content.turns[index];
    const hf_i_wait *wait = &a->measures.waits[index];
    bool acts = s->acts[turn->partner] && !turn->flagged;
    bool waits = a->turns.timed && s->acts[1 - turn->partner] && !turn->flagged;
    hf_i_sav_text(s->w, hf_i_turn_id(a, index), 16);
    put_str(s, hf_partner_name((hf_partner)turn->partner));
    put_time(s, turn->t_start);
    put_time(s, turn->t_end);
    hf_i_sav_real(s->w, turn->exchange + 1.0);
    hf_i_sav_real(s->w, turn->count);
    hf_i_sav_real(s->w, turn->words);
    put_if(s, waits, (double)wait->ms / 1000);
    put_if(s, waits, wait->answer != HF_I_NO_TURN);
    if (acts)
        put_str(s, hf_i_language_code((hf_i_language)turn->language));
    else
        hf_i_sav_missing(s->w);
    put_if(s, acts, c->question);
    put_if(s, acts && c->english, c->i);
    put_if(s, acts && c->english, c->you);
    put_if(s, acts && c->english, c->we);
    hf_i_sav_end_row(s->w);
}

hf_status hf_report_write_turns_sav(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    static const hf_i_sav_column columns[] = {
        {"id", NULL, 16},       {"partner", NULL, 2},  {"t_start", NULL, 32}, {"t_end", NULL, 32},
        {"exchange", NULL, 0},  {"messages", NULL, 0}, {"words", NULL, 0},    {"wait_s", NULL, 0},
        {"answered", NULL, 0},  {"language", NULL, 8}, {"question", NULL, 0}, {"i_words", NULL, 0},
        {"you_words", NULL, 0}, {"we_words", NULL, 0}};
    sav s;
    HF_TRY(open_sav(&s, a, ctx, file, columns, HF_COUNT_OF(columns), a->turns.turn_count));
    for (size_t i = 0; i < a->turns.turn_count; i++)
        put_turn(&s, i);
    return hf_i_sav_finish(s.w, NULL);
}

hf_status hf_report_write_signals_sav(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    static const hf_i_sav_column columns[] = {
        {"dyad", NULL, 64},     {"partner", NULL, 2}, {"time", NULL, 0}, {"unit", NULL, 16},
        {"variable", NULL, 64}, {"value", NULL, 0},   {"n", NULL, 0}};
    const hf_series *series = a->series;
    sav s;
    HF_TRY(open_sav(&s, a, ctx, file, columns, HF_COUNT_OF(columns), hf_series_count(series)));
    for (size_t i = 0; i < hf_series_count(series); i++) {
        const hf_series_row *row = hf_series_get(series, i);
        const hf_series_variable *v = hf_series_get_variable(series, row->variable);
        put_str(&s, hf_series_get_dyad(series, row->dyad));
        put_str(&s, hf_partner_name(row->partner));
        hf_i_sav_real(s.w, row->time);
        put_str(&s, v->unit);
        put_str(&s, v->name);
        hf_i_sav_real(s.w, row->value);
        hf_i_sav_real(s.w, (double)row->n);
        hf_i_sav_end_row(s.w);
    }
    return hf_i_sav_finish(s.w, NULL);
}
