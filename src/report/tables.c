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
    hf_i_buf name[2]; /* as cells */
    bool text[2], acts[2];
    bool utc, dated;
    hf_i_time_near near; /* neighbouring rows share their date */
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

static void put_char(table *t, char c)
{
    put(t, &c, 1);
}

/* Most counts have one digit. */
static void put_count(table *t, uint64_t x)
{
    char text[HF_I_NUMBER_SIZE];
    if (x < 10)
        put_char(t, (char)('0' + x));
    else
        put(t, text, hf_i_number_format_uint(text, x));
}

static void put_missing(table *t, int count)
{
    while (count-- > 0)
        put(t, "", 0);
}

static void put_partner(table *t, int partner)
{
    put_char(t, (char)('a' + partner));
}

/* The row so far, but for its last comma. */
static void flush_row(table *t)
{
    hf_i_out_put(&t->w.out, t->row, t->used - 1);
    t->w.any = true;
    t->used = 0;
}

static void open_table(table *t, const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    t->a = a;
    t->near.date_size = 0;
    t->used = 0;
    t->utc = a->summary.t_kind == HF_TIME_UTC;
    t->dated = t->utc || a->summary.t_kind == HF_TIME_LOCAL;
    for (int p = 0; p < 2; p++) {
        t->text[p] = hf_i_may_show(a, HF_OUTPUT_TEXT, p);
        t->acts[p] = hf_i_may_show(a, HF_OUTPUT_ACTS, p);
    }
    hf_i_csv_init(&t->w, hf_i_sink_outfile(file), ',');
    for (int p = 0; p < 2; p++)
        hf_i_buf_init(&t->name[p], ctx, HF_MAX_LINE_BYTES, "a name");
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
        a->rests      ? hf_i_buf_add_str(&line, hf_joint_rests_text("en"))
        : a->recorded ? hf_i_buf_printf(&line, "consent: both, recorded on %s", a->recorded)
        : a->consent == HF_CONSENT_BOTH
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

/* The names are the same in every row: their cells are made once. */
static hf_status make_name_cells(table *t)
{
    for (int p = 0; p < 2; p++) {
        hf_i_csv_writer w;
        hf_i_csv_init(&w, hf_i_sink_buf(&t->name[p]), ',');
        hf_i_csv_str(&w, t->a->name[p]);
        HF_TRY(hf_i_csv_finish(&w));
    }
    return HF_OK;
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
        put(t, t->near.text,
            hf_i_time_format_near(&t->near, ms, (int32_t)t->a->turns.res_ms, t->utc));
    else
        put(t, text, hf_i_number_format(text, (double)ms / 1000));
}

static void write_message(table *t, const hf_i_line *line)
{
    hf_i_csv_writer *w = &t->w;
    put(t, t->a->ids[line->message], 16);
    put_time(t, line->t);
    put_partner(t, line->partner);
    flush_row(t);
    hf_i_out_char(&w->out, ',');
    hf_i_out_put(&w->out, t->name[line->partner].data, t->name[line->partner].len);
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

static hf_status write_messages(table *t, hf_ctx *ctx)
{
    static const char *const names[] = {"id",   "t",     "partner", "sender",
                                        "kind", "bytes", "text",    NULL};
    const hf_i_turns *turns = &t->a->turns;
    HF_TRY(make_name_cells(t));
    HF_TRY(write_consent(t, ctx));
    write_names(t, names);
    /* Both lists are in time order: merge them. */
    size_t i = 0, j = 0;
    while (i < turns->line_count || j < turns->answer_count) {
        bool answer = i == turns->line_count ||
                      (j < turns->answer_count && turns->answers[j].t < turns->lines[i].t);
        write_message(t, answer ? &turns->answers[j++] : &turns->lines[i++]);
    }
    return hf_i_csv_finish(&t->w);
}

hf_status hf_report_write_messages(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    table t;
    open_table(&t, a, ctx, file);
    hf_status status = write_messages(&t, ctx);
    hf_i_buf_dispose(&t.name[0]);
    hf_i_buf_dispose(&t.name[1]);
    return status;
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
    put_partner(t, turn->partner);
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
    open_table(&t, a, ctx, file);
    HF_TRY(write_consent(&t, ctx));
    write_names(&t, names);
    for (size_t i = 0; i < a->turns.turn_count; i++)
        write_turn(&t, i);
    return hf_i_csv_finish(&t.w);
}
