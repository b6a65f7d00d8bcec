/* SPDX-License-Identifier: MIT */
/* messages.csv and turns.csv. What a row may hold about the partner who wrote it is asked of the
 * consent table once per partner. */
#include "report/report.h"

#include "signal/analysis.h"
#include "text/csv.h"
#include "text/number.h"
#include "text/time.h"

#include <string.h>

/* Cells that never need quotes are put together in row; only texts go through the CSV writer. */
typedef struct {
    const hf_analysis *a;
    hf_i_csv_writer w;
    bool text[2], acts[2];
    bool utc, dated;
    hf_i_stamp stamp;
    size_t used;
    char row[512];
} table;

static void put(table *t, const char *text, size_t size)
{
    if (t->used + size + 1 > sizeof t->row)
        return;
    memcpy(t->row + t->used, text, size);
    t->used += size;
    t->row[t->used++] = ',';
}

static void put_str(table *t, const char *text)
{
    put(t, text, strlen(text));
}

static void put_count(table *t, uint64_t x)
{
    char text[HF_I_NUMBER_SIZE];
    put(t, text, hf_i_number_format_uint(text, x));
}

static void put_missing(table *t, int count)
{
    while (count-- > 0)
        put(t, "", 0);
}

/* The row so far, but for its last comma. */
static void flush_row(table *t)
{
    hf_i_out_put(&t->w.out, t->row, t->used - 1);
    t->w.any = true;
    t->used = 0;
}

static void open_table(table *t, const hf_analysis *a, hf_outfile *file)
{
    t->a = a;
    t->stamp.set = false;
    t->used = 0;
    t->utc = a->summary.t_kind == HF_TIME_UTC;
    t->dated = t->utc || a->summary.t_kind == HF_TIME_LOCAL;
    for (int p = 0; p < 2; p++) {
        t->text[p] = hf_i_may_show(a, HF_OUTPUT_TEXT, p);
        t->acts[p] = hf_i_may_show(a, HF_OUTPUT_ACTS, p);
    }
    hf_i_csv_init(&t->w, hf_i_sink_outfile(file), ',');
}

/* Agreement that nobody recorded is named in every output. */
static hf_status write_consent(table *t, hf_ctx *ctx)
{
    const hf_analysis *a = t->a;
    if (a->consent == HF_CONSENT_SOLO)
        return HF_OK;
    hf_i_buf line;
    hf_i_buf_init(&line, ctx, 1 << 20, "a comment");
    hf_status status =
        a->consent == HF_CONSENT_BOTH
            ? hf_i_buf_printf(&line, "consent: both, declared by one person on %s", a->made_on)
            : hf_i_buf_printf(&line, "consent: research, protocol: %s", a->protocol);
    for (size_t i = 0; i < line.len; i++)
        if (line.data[i] == '\n' || line.data[i] == '\r')
            line.data[i] = ' ';
    if (status == HF_OK)
        hf_i_csv_comment(&t->w, line.data);
    hf_i_buf_dispose(&line);
    return status;
}

static void write_names(table *t, const char *const *names)
{
    for (; *names; names++)
        hf_i_csv_str(&t->w, *names);
    hf_i_csv_end_row(&t->w);
}

static void put_time(table *t, int64_t ms)
{
    char text[HF_I_NUMBER_SIZE];
    if (ms == HF_NO_TIME)
        put_missing(t, 1);
    else if (t->dated)
        put(t, t->stamp.text,
            hf_i_time_format_next(&t->stamp, ms, (int32_t)t->a->turns.res_ms, t->utc));
    else
        put(t, text, hf_i_number_format(text, (double)ms / 1000));
}

static void write_message(table *t, const hf_i_line *line)
{
    hf_i_csv_writer *w = &t->w;
    put(t, t->a->ids[line->message], 16);
    put_time(t, line->t);
    put_str(t, hf_partner_name((hf_partner)line->partner));
    flush_row(t);
    hf_i_csv_str(w, t->a->name[line->partner]);
    put(t, "", 0);
    put_str(t, hf_message_kind_name((hf_message_kind)line->kind));
    put_count(t, line->text.size);
    flush_row(t);
    if (t->text[line->partner])
        hf_i_csv_text(w, line->text.data ? line->text.data : "", line->text.size);
    else
        hf_i_csv_missing(w);
    hf_i_csv_end_row(w);
}

hf_status hf_report_write_messages(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    static const char *const names[] = {"id",   "t",     "partner", "sender",
                                        "kind", "bytes", "text",    NULL};
    table t;
    open_table(&t, a, file);
    HF_TRY(write_consent(&t, ctx));
    write_names(&t, names);
    /* Both lists are in time order: merge them. */
    size_t i = 0, j = 0;
    while (i < a->turns.line_count || j < a->turns.answer_count) {
        bool answer = i == a->turns.line_count ||
                      (j < a->turns.answer_count && a->turns.answers[j].t < a->turns.lines[i].t);
        write_message(&t, answer ? &a->turns.answers[j++] : &a->turns.lines[i++]);
    }
    return hf_i_csv_finish(&t.w);
}

static void put_acts(table *t, size_t index)
{
    const hf_i_turn *turn = &t->a->turns.turns[index];
    const hf_i_turn_content *c = &t->a->content.turns[index];
    if (!t->acts[turn->partner] || turn->flagged) {
        put_missing(t, 5);
        return;
    }
    put_str(t, hf_i_language_code((hf_i_language)turn->language));
    put_count(t, c->question);
    if (!c->english) {
        put_missing(t, 3);
        return;
    }
    put_count(t, c->i);
    put_count(t, c->you);
    put_count(t, c->we);
}

/* How long a turn waited for its answer, and whether one came, is about the one who answers. */
static void write_turn(table *t, size_t index)
{
    const hf_analysis *a = t->a;
    const hf_i_turn *turn = &a->turns.turns[index];
    const hf_i_wait *wait = &a->measures.waits[index];
    put(t, hf_i_turn_id(a, index), 16);
    put_str(t, hf_partner_name((hf_partner)turn->partner));
    put_time(t, turn->t_start);
    put_time(t, turn->t_end);
    put_count(t, turn->exchange + UINT64_C(1));
    put_count(t, turn->count);
    put_count(t, turn->words);
    if (a->turns.timed && t->acts[1 - turn->partner] && !turn->flagged) {
        put_count(t, (uint64_t)(wait->ms + 500) / 1000);
        put_count(t, wait->answer != HF_I_NO_TURN);
    } else {
        put_missing(t, 2);
    }
    put_acts(t, index);
    flush_row(t);
    hf_i_csv_end_row(&t->w);
}

hf_status hf_report_write_turns(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    static const char *const names[] = {"id",       "partner", "t_start",   "t_end",    "exchange",
                                        "messages", "words",   "wait_s",    "answered", "language",
                                        "question", "i_words", "you_words", "we_words", NULL};
    table t;
    open_table(&t, a, file);
    HF_TRY(write_consent(&t, ctx));
    write_names(&t, names);
    for (size_t i = 0; i < a->turns.turn_count; i++)
        write_turn(&t, i);
    return hf_i_csv_finish(&t.w);
}
