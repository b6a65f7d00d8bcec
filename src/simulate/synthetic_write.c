/* SPDX-License-Identifier: MIT */
/* A synthetic record as files: the chat, its truth, a diary. */
#include <holdfast/record.h>

#include "num/random.h"
#include "simulate/prose.h"
#include "simulate/synthetic.h"
#include "simulate/weights.h"
#include "text/csv.h"
#include "text/time.h"

#include <math.h>
#include <string.h>

/* Streams of the seed: 2 events (synthetic.c), 3 words, 4 the diary. */
enum { STREAM_WORDS = 3, STREAM_DIARY = 4, PER = HF_STATES_PER_PARTNER };

static const char confusion_name[] = "nepd/confusion.tsv";
static const double DIARY_HOUR = 21;      /* of each evening */
static const double DIARY_DANGER_TOP = 3; /* felt danger that is rated 100 */
static const double DIARY_ERROR = 6;      /* sd of a rating, of 0 to 100; invented */

typedef struct {
    hf_ctx *ctx;
    const hf_synthetic_options *o;
    const char *folder;
    uint64_t seed;
    hf_i_synthetic turns;
} writer;

static hf_status open_file(const writer *w, const char *name, hf_outfile **out)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", w->folder, name);
    if (n < 0 || (size_t)n >= sizeof path)
        return hf_i_fail(w->ctx, HF_E_LIMIT, NULL, "the folder's name is too long");
    return hf_outfile_new(out, w->ctx, path);
}

/* Commits when all went well; frees in any case. */
static hf_status close_file(hf_outfile *file, hf_status status)
{
    if (status == HF_OK)
        status = hf_outfile_commit(file);
    hf_outfile_free(file);
    return status;
}

static hf_status chat_line(hf_outfile *file, int64_t t_ms, const char *name, const char *text)
{
    hf_i_civil c = hf_i_civil_from_ms(t_ms);
    return hf_outfile_printf(file, "[%02d/%02d/%04d, %02d:%02d:%02d] %s%s%s\n", c.day, c.month,
                             (int)c.year, c.hour, c.minute, c.second, name ? name : "",
                             name ? ": " : "", text);
}

static hf_status write_chat_lines(const writer *w, hf_outfile *file, const hf_i_prose *prose)
{
    const hf_i_synthetic *s = &w->turns;
    hf_i_random random;
    hf_i_buf text;
    char mark[160];
    hf_i_random_init(&random, w->seed, STREAM_WORDS, w->o->replicate);
    snprintf(mark, sizeof mark,
             "This chat is synthetic. It was made by holdfast simulate, seed %llu, replicate %llu.",
             (unsigned long long)w->seed, (unsigned long long)w->o->replicate);
    HF_TRY(chat_line(file, s->count ? s->turns[0].t_ms : 0, NULL, mark));
    hf_i_buf_init(&text, w->ctx, 4096, "a synthetic turn");
    hf_status status = HF_OK;
    for (size_t i = 0; status == HF_OK && i < s->count; i++) {
        status = hf_i_prose_write(prose, &random, s->turns[i].act, &text);
        if (status == HF_OK)
            status = chat_line(file, s->turns[i].t_ms, w->o->names[s->turns[i].sender], text.data);
    }
    hf_i_buf_dispose(&text);
    return status;
}

static hf_status write_chat(const writer *w)
{
    hf_outfile *file = NULL;
    hf_i_prose *prose = NULL;
    HF_TRY(hf_i_prose_new(&prose, w->ctx));
    hf_status status = open_file(w, "chat.txt", &file);
    if (status == HF_OK)
        status = close_file(file, write_chat_lines(w, file, prose));
    hf_i_prose_free(prose);
    return status;
}

static const char *role_name(unsigned mask)
{
    static const char *const names[4] = {"none", "a", "b", "both"};
    return names[mask & 3];
}

static void truth_header(hf_i_csv_writer *csv)
{
    static const char *const first[] = {"id",       "t",         "sender",  "act",
                                        "act_read", "phase",     "episode", "raised_need",
                                        "pursues",  "withdraws", "repairs"};
    static const char *const states[] = {"n", "d", "p", "w", "v", "s"};
    char name[8];
    for (size_t i = 0; i < HF_COUNT_OF(first); i++)
        hf_i_csv_str(csv, first[i]);
    for (int p = 0; p < 2; p++)
        for (size_t i = 0; i < HF_COUNT_OF(states); i++) {
            snprintf(name, sizeof name, "%s_%c", states[i], 'a' + p);
            hf_i_csv_str(csv, name);
        }
    hf_i_csv_str(csv, "C");
    hf_i_csv_end_row(csv);
}

static void truth_row(hf_i_csv_writer *csv, const hf_i_synthetic *s, size_t i, const char *id)
{
    static const int states[] = {0, 1, 2, 3, 4, 6};
    const hf_i_synthetic_turn *t = &s->turns[i];
    const hf_i_synthetic_episode *e = t->episode >= 0 ? &s->episodes[t->episode] : NULL;
    char when[HF_I_TIME_SIZE];
    hf_i_time_format_iso(when, t->t_ms / 1000 * 1000, 1000, false);
    hf_i_csv_str(csv, id);
    hf_i_csv_str(csv, when);
    hf_i_csv_str(csv, t->sender ? "b" : "a");
    hf_i_csv_str(csv, hf_i_synthetic_act_name(t->act));
    hf_i_csv_str(csv, hf_i_synthetic_act_name(t->noisy));
    hf_i_csv_str(csv, hf_i_synthetic_phase_name(t->phase));
    if (e)
        hf_i_csv_int(csv, t->episode + 1);
    else
        hf_i_csv_missing(csv);
    hf_i_csv_str(csv, e ? role_name(e->raised_need) : NULL);
    hf_i_csv_str(csv, e ? role_name(e->pursues) : NULL);
    hf_i_csv_str(csv, e ? role_name(e->withdraws) : NULL);
    hf_i_csv_str(csv, e ? role_name(e->repairs) : NULL);
    for (int p = 0; p < 2; p++)
        for (size_t k = 0; k < HF_COUNT_OF(states); k++)
            hf_i_csv_real(csv, t->state[p * PER + states[k]]);
    hf_i_csv_real(csv, t->state[HF_STATE_CLOSENESS]);
    hf_i_csv_end_row(csv);
}

/* The ids are those that a reader of the chat gives: so the chat is read. */
static hf_status write_truth(const writer *w)
{
    char path[4096];
    const char *paths[1] = {path};
    const char(*ids)[17];
    hf_record *record = NULL;
    hf_outfile *file = NULL;
    hf_read_options read = HF_READ_OPTIONS_INIT;
    read.format = "whatsapp";
    read.date_order = HF_DATE_DMY;
    snprintf(path, sizeof path, "%s/chat.txt", w->folder);
    hf_status status = hf_record_read(&record, w->ctx, paths, 1, &read);
    if (status == HF_OK)
        status = hf_record_get_message_ids(record, w->ctx, &ids);
    if (status == HF_OK && hf_record_count_messages(record) != w->turns.count + 1)
        status = hf_i_fail(w->ctx, HF_E_INTERNAL, NULL, "the synthetic chat has %zu messages",
                           hf_record_count_messages(record));
    if (status == HF_OK)
        status = open_file(w, "truth.csv", &file);
    if (status == HF_OK) {
        hf_i_csv_writer csv;
        hf_i_csv_init(&csv, hf_i_sink_outfile(file), ',');
        truth_header(&csv);
        for (size_t i = 0; i < w->turns.count; i++)
            truth_row(&csv, &w->turns, i, ids[i + 1]);
        status = close_file(file, hf_i_csv_finish(&csv));
    }
    hf_record_free(record);
    return status;
}

static void diary_cell(hf_i_csv_writer *csv, hf_i_random *r, double missing, double value)
{
    double error = DIARY_ERROR * hf_i_random_normal(r);
    bool skip = hf_i_random_uniform(r) < missing;
    if (skip)
        hf_i_csv_missing(csv);
    else
        hf_i_csv_real(csv, round(fmin(100, fmax(0, value + error))));
}

/* Each evening both rate closeness and felt safety (the other end of felt danger). */
static hf_status write_diary(const writer *w, const hf_paths *path)
{
    static const char *const header[] = {"dyad",        "day",      "closeness_a",
                                         "closeness_b", "safety_a", "safety_b"};
    hf_outfile *file = NULL;
    hf_i_csv_writer csv;
    hf_i_random r;
    hf_i_random_init(&r, w->seed, STREAM_DIARY, w->o->replicate);
    HF_TRY(open_file(w, "diary.csv", &file));
    hf_i_csv_init(&csv, hf_i_sink_outfile(file), ',');
    for (size_t i = 0; i < HF_COUNT_OF(header); i++)
        hf_i_csv_str(&csv, header[i]);
    hf_i_csv_end_row(&csv);
    size_t n = hf_paths_count_times(path);
    for (size_t k = 0; k < n; k++) {
        double t = hf_paths_get_time(path, k);
        if (fmod(t, 24) != DIARY_HOUR)
            continue;
        const double *s = hf_paths_get_state(path, 0, 0, k);
        hf_i_csv_int(&csv, 1);
        hf_i_csv_int(&csv, (int64_t)(t / 24) + 1);
        for (int p = 0; p < 2; p++)
            diary_cell(&csv, &r, w->o->diary_missing, 100 * s[HF_STATE_CLOSENESS]);
        for (int p = 0; p < 2; p++)
            diary_cell(&csv, &r, w->o->diary_missing,
                       100 * (1 - s[p * PER + 1] / DIARY_DANGER_TOP));
        hf_i_csv_end_row(&csv);
    }
    return close_file(file, hf_i_csv_finish(&csv));
}

/* The measured confusion of the text model, where this build has it. */
static hf_status read_confusion(hf_ctx *ctx, double confusion[HF_SYN_ACTS][HF_SYN_ACTS],
                                bool *present)
{
    const char *names[HF_SYN_ACTS];
    size_t size;
    *present = hf_i_data_get(confusion_name, &size) != NULL;
    if (!*present)
        return HF_OK;
    for (int a = 0; a < HF_SYN_ACTS; a++)
        names[a] = hf_i_synthetic_act_name(a);
    return hf_i_weights_read(&confusion[0][0], ctx, confusion_name, names, HF_SYN_ACTS,
                             HF_SYN_ACTS);
}

static hf_status check_names(hf_ctx *ctx, const hf_synthetic_options *o)
{
    for (int i = 0; i < 2; i++)
        if (!o->names[i] || !o->names[i][0] || strpbrk(o->names[i], ":\n\r"))
            return hf_i_fail(ctx, HF_E_USAGE, "Use plain names without colons.",
                             "a name is empty or has a colon or a line end");
    if (strcmp(o->names[0], o->names[1]) == 0)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "both partners have the same name");
    if (!(o->diary_missing >= 0 && o->diary_missing < 1))
        return hf_i_fail(ctx, HF_E_RANGE, NULL, "the share of missing answers lies in 0 to 1");
    return HF_OK;
}

static hf_status write_all(writer *w, const hf_pair *pair, const hf_simulate_options *path,
                           bool true_acts)
{
    double confusion[HF_SYN_ACTS][HF_SYN_ACTS];
    bool present = false;
    hf_paths *paths = NULL;
    if (!true_acts)
        HF_TRY(read_confusion(w->ctx, confusion, &present));
    hf_i_synthetic_options o = {.pair = *pair,
                                .hours = path->hours,
                                .seed = path->seed,
                                .replicate = w->o->replicate,
                                .closeness = path->closeness,
                                .changes = path->changes,
                                .change_count = path->change_count,
                                .constants = path->constants,
                                .confusion =
                                    present ? (const double(*)[HF_SYN_ACTS])confusion : NULL};
    HF_TRY(hf_i_synthetic_make_with_path(&w->turns, w->ctx, &o, &paths));
    hf_status status = write_chat(w);
    if (status == HF_OK)
        status = write_truth(w);
    if (status == HF_OK)
        status = write_diary(w, paths);
    hf_paths_free(paths);
    hf_i_synthetic_dispose(&w->turns);
    return status;
}

hf_status hf_synthetic_write(hf_ctx *ctx, const hf_pair *pair, const hf_simulate_options *path,
                             const hf_synthetic_options *options, const char *folder)
{
    hf_synthetic_options defaults = HF_SYNTHETIC_OPTIONS_INIT;
    writer w = {.ctx = ctx, .o = options ? options : &defaults, .folder = folder};
    if (path->size != sizeof *path || w.o->size != sizeof *w.o)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another size");
    HF_TRY(check_names(ctx, w.o));
    w.seed = path->seed;
    return write_all(&w, pair, path, w.o->true_acts);
}
