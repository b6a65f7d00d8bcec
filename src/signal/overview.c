/* SPDX-License-Identifier: MIT */
/* What was read, what it cannot show, the loop, and the balance in bars. */
#include "signal/analysis.h"
#include "text/json_write.h"
#include "text/time.h"

#include <math.h>
#include <string.h>

/* ---- what was read
 * ---------------------------------------------------------------------------------------- */

static void write_time(hf_i_json_writer *w, const char *key, const hf_analysis *a, int64_t t)
{
    char text[HF_I_TIME_SIZE];
    if (t == HF_NO_TIME || a->summary.t_kind == HF_TIME_NONE) {
        hf_i_json_key_null(w, key);
    } else if (a->summary.t_kind == HF_TIME_MEDIA) {
        hf_i_json_key_number(w, key, (double)t / 1000);
    } else {
        hf_i_time_format_iso(text, t, (int32_t)a->turns.res_ms, a->summary.t_kind == HF_TIME_UTC);
        hf_i_json_key_str(w, key, text);
    }
}

/* Shares of the turns whose language is known. */
static void write_languages(hf_i_json_writer *w, const hf_analysis *a)
{
    uint64_t total = 0;
    for (int k = 1; k < HF_I_LANG_COUNT; k++)
        total += a->content.languages[0][k] + a->content.languages[1][k];
    hf_i_json_key(w, "language");
    hf_i_json_object_begin(w);
    for (int k = 1; k < HF_I_LANG_COUNT; k++) {
        uint64_t n = a->content.languages[0][k] + a->content.languages[1][k];
        if (n * 200 >= total && n)
            hf_i_json_key_number(w, hf_i_language_code((hf_i_language)k),
                                 round(1000 * (double)n / (double)total) / 1000);
    }
    hf_i_json_object_end(w);
}

static void write_partners(hf_i_json_writer *w, const hf_analysis *a)
{
    uint64_t messages[2] = {0}, words[2] = {0};
    for (size_t i = 0; i < a->turns.turn_count; i++) {
        messages[a->turns.turns[i].partner] += a->turns.turns[i].count;
        words[a->turns.turns[i].partner] += a->turns.turns[i].words;
    }
    hf_i_json_key(w, "partners");
    hf_i_json_array_begin(w);
    for (int p = 0; p < 2; p++) {
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "key", hf_partner_name((hf_partner)p));
        hf_i_json_key_str(w, "name", a->name[p]);
        hf_i_json_key_uint(w, "messages", messages[p]);
        hf_i_json_key_uint(w, "words", words[p]);
        hf_i_json_key_bool(w, "me", p == a->me);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
}

static const char *date_order_name(hf_date_order order)
{
    switch (order) {
    case HF_DATE_DMY:
        return "dmy";
    case HF_DATE_MDY:
        return "mdy";
    case HF_DATE_YMD:
        return "ymd";
    default:
        return NULL;
    }
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* What `holdfast simulate --record` writes says so in its first line. */
static bool is_synthetic(const hf_record *record)
{
    static const char mark[] = "This chat is synthetic.";
    hf_message m;
    if (hf_record_count_messages(record) == 0)
        return false;
    hf_record_get_message(record, 0, &m);
    return m.kind == HF_KIND_SYSTEM && m.text.size >= sizeof mark - 1 &&
           memcmp(m.text.data, mark, sizeof mark - 1) == 0;
}

static hf_status write_record(const hf_analysis *a, hf_i_buf *buf)
{
    const hf_record_summary *r = &a->summary;
    hf_i_json_writer w;
    hf_i_json_init(&w, hf_i_sink_buf(buf), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "format", r->format);
    hf_i_json_key(&w, "files");
    hf_i_json_array_begin(&w);
    for (size_t i = 0; i < r->files; i++)
        hf_i_json_str(&w, base_name(hf_record_get_file(a->record, (uint32_t)i)));
    hf_i_json_array_end(&w);
    write_time(&w, "first", a, a->turns.t_first);
    write_time(&w, "last", a, a->turns.t_last);
    hf_i_json_key_str(&w, "t_kind", hf_time_kind_name(r->t_kind));
    hf_i_json_key_uint(&w, "t_res_ms", a->turns.res_ms);
    hf_i_json_key_str(&w, "date_order", date_order_name(r->date_order));
    hf_i_json_key_bool(&w, "date_ambiguous", r->date_ambiguous);
    hf_i_json_key_uint(&w, "messages", r->messages);
    hf_i_json_key_uint(&w, "turns", a->turns.turn_count);
    hf_i_json_key_uint(&w, "exchanges", a->turns.exchange_count);
    hf_i_json_key_number(&w, "exchange_gap_min",
                         a->turns.timed ? round(a->gap.ms / 6000) / 10 : NAN);
    hf_i_json_key_bool(&w, "exchange_gap_own", a->gap.own);
    hf_i_json_key_uint(&w, "warnings", r->warnings);
    hf_i_json_key_uint(&w, "time_inversions", r->time_inversions);
    write_languages(&w, a);
    hf_i_json_key_bool(&w, "synthetic", is_synthetic(a->record));
    write_partners(&w, a);
    hf_i_json_object_end(&w);
    return hf_i_json_finish(&w);
}

/* Some statement about both has a number: the record is long enough for joint work. */
static bool has_joint_number(const hf_analysis *a)
{
    for (size_t i = 0; i < hf_findings_count(a->findings); i++) {
        const hf_finding *f = hf_findings_get(a->findings, i);
        if (f->about == HF_PARTNER_AB && !isnan(f->estimate))
            return true;
    }
    return false;
}

static hf_status write_limits(hf_analysis *a)
{
    for (int k = 0; k < HF_LIMIT_COUNT; k++)
        if (a->summary.limits >> k & 1)
            HF_TRY(hf_findings_add_limit(a->findings, hf_limit_name((hf_limit)k),
                                         hf_limit_text((hf_limit)k)));
    if (a->summary.date_ambiguous)
        HF_TRY(hf_findings_add_limit(
            a->findings, "date_ambiguous",
            "day and month can be read in two ways: say --date-order dmy or mdy to get what "
            "needs the date"));
    if (a->rests || (a->consent != HF_CONSENT_SOLO && !has_joint_number(a)))
        HF_TRY(hf_findings_add_limit(a->findings, HF_JOINT_RESTS, hf_joint_rests_text("en")));
    if (a->others)
        HF_TRY(hf_findings_add_limit(a->findings, "others_left_out",
                                     "messages of further people are left out"));
    return HF_OK;
}

/* ---- the loop
 * -----------------------------------------------------------------------------------------------
 */

typedef struct {
    const char *key, *state, *text_key;
    const char *values[4]; /* ids of findings whose estimates are the values a, b, ... */
    const char *names[4];
} station;

/* What timing alone may speak to: how much there is between them, and what was answered. Need,
 * emotion and protection need the words (design rule 2). */
static const station stations[] = {
    {"need", "not_measured_yet", "loop.need.later", {NULL}, {NULL}},
    {"emotion", "not_measured_yet", "loop.emotion.later", {NULL}, {NULL}},
    {"protection", "not_measured_yet", "loop.protection.later", {NULL}, {NULL}},
    {"distance", "measured", "loop.distance.shown", {"exchange_turns.ab"}, {"turns"}},
    {"repair", "measured", "loop.repair.shown", {"answered.a", "answered.b"}, {"ra", "rb"}},
};

static void write_station(hf_i_json_writer *w, const hf_analysis *a, const station *s)
{
    const hf_finding *found[4] = {NULL};
    size_t n = 0;
    for (size_t k = 0; k < 4 && s->values[k]; k++) {
        const hf_finding *f = hf_findings_find(a->findings, s->values[k]);
        if (f && (f->status == HF_FINDING_SEEN || f->status == HF_FINDING_HYPOTHESIS))
            found[k] = f;
        n += found[k] != NULL;
    }
    bool later = strcmp(s->state, "measured") != 0;
    bool alone = n == 1 && s->values[1];
    char text_key[64];
    /* With one side only the sentence is another one. */
    snprintf(text_key, sizeof text_key, "%s%s", s->text_key, alone ? ".alone" : "");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "key", s->key);
    hf_i_json_key_str(w, "state", later || n ? s->state : "not_enough_data");
    hf_i_json_key_str(w, "text_key", later || n ? text_key : "loop.not_enough_data");
    hf_i_json_key(w, "values");
    hf_i_json_object_begin(w);
    for (size_t k = 0; k < 4; k++)
        if (found[k]) {
            hf_i_json_key_number(w, alone ? "r" : s->names[k], found[k]->estimate);
            if (alone)
                hf_i_json_key_str(w, "me", a->name[found[k]->about]);
        }
    hf_i_json_object_end(w);
    hf_i_json_key(w, "findings");
    hf_i_json_array_begin(w);
    for (size_t k = 0; k < 4; k++)
        if (found[k])
            hf_i_json_str(w, found[k]->id);
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

static hf_status write_loop(hf_analysis *a, hf_i_buf *buf)
{
    hf_i_json_writer w;
    hf_i_buf_clear(buf);
    hf_i_json_init(&w, hf_i_sink_buf(buf), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key(&w, "stations");
    hf_i_json_array_begin(&w);
    for (size_t i = 0; i < HF_COUNT_OF(stations); i++)
        write_station(&w, a, &stations[i]);
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    HF_TRY(hf_i_json_finish(&w));
    hf_figure figure = {"loop", "loop", "figure.loop", buf->data};
    return hf_findings_add_figure(a->findings, &figure);
}

/* ---- bars
 * ------------------------------------------------------------------------------------------------------
 */

static size_t write_bars_of(hf_i_json_writer *w, const hf_analysis *a, const char *key)
{
    size_t written = 0;
    for (int p = 0; p < 2; p++) {
        char id[64];
        snprintf(id, sizeof id, "%s.%s", key, hf_partner_name((hf_partner)p));
        const hf_finding *f = hf_findings_find(a->findings, id);
        if (!f || isnan(f->estimate))
            continue;
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "key", key);
        hf_i_json_key_str(w, "partner", hf_partner_name((hf_partner)p));
        hf_i_json_key_number(w, "value", f->estimate);
        hf_i_json_key_number(w, "lo", f->lo);
        hf_i_json_key_number(w, "hi", f->hi);
        hf_i_json_key_uint(w, "n", f->n);
        hf_i_json_object_end(w);
        written++;
    }
    return written;
}

static hf_status write_bars(hf_analysis *a, hf_i_buf *buf, const char *id, const char *const *keys)
{
    hf_i_json_writer w;
    char title[64];
    size_t written = 0;
    hf_i_buf_clear(buf);
    hf_i_json_init(&w, hf_i_sink_buf(buf), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "unit", "share");
    hf_i_json_key(&w, "bars");
    hf_i_json_array_begin(&w);
    for (; *keys; keys++)
        written += write_bars_of(&w, a, *keys);
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    HF_TRY(hf_i_json_finish(&w));
    snprintf(title, sizeof title, "figure.%s", id);
    hf_figure figure = {id, "bars", title, buf->data};
    return written ? hf_findings_add_figure(a->findings, &figure) : HF_OK;
}

/* ---- all of it
 * ---------------------------------------------------------------------------------------------------
 */

static hf_status write_header(hf_analysis *a, hf_i_buf *buf)
{
    HF_TRY(write_record(a, buf));
    hf_findings_header header = {.record = buf->data,
                                 .made_on = a->made_on,
                                 .consent = a->consent,
                                 .protocol = a->protocol,
                                 /* A joint document never says that there was a reason to. */
                                 .show_resources = a->consent == HF_CONSENT_SOLO &&
                                                   hf_analysis_show_resources(a)};
    if (a->consent == HF_CONSENT_BOTH && !a->recorded)
        header.declared_by = "one person";
    header.recorded = a->recorded;
    return hf_findings_set_header(a->findings, &header);
}

hf_status hf_i_overview_write(hf_analysis *a)
{
    static const char *const balance[] = {"initiation", "volume", NULL};
    static const char *const pronouns[] = {"pronoun_i", "pronoun_you", "pronoun_we", NULL};
    hf_i_buf buf;
    hf_i_buf_init(&buf, a->ctx, 1 << 24, "a figure");
    hf_status status = write_header(a, &buf);
    if (status == HF_OK)
        status = write_limits(a);
    if (status == HF_OK)
        status = write_loop(a, &buf);
    if (status == HF_OK)
        status = write_bars(a, &buf, "balance", balance);
    if (status == HF_OK)
        status = write_bars(a, &buf, "pronouns", pronouns);
    hf_i_buf_dispose(&buf);
    return status;
}
