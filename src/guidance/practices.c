/* SPDX-License-Identifier: MIT */
/* Practices as data, and their log. */
#include "guidance/practices.h"

#include "text/csv.h"
#include "text/number.h"
#include "text/time.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* ---- reading them
 * --------------------------------------------------------------------------------
 */

/* 'answered own up' */
static hf_status read_moves(hf_practices *p, hf_practice *out, const hf_i_block_line *line)
{
    char measure[64], whose[16], where[16];
    if (sscanf(line->value, "%63s %15s %15s", measure, whose, where) != 3 ||
        (strcmp(where, "up") != 0 && strcmp(where, "down") != 0) ||
        (strcmp(whose, "own") != 0 && strcmp(whose, "other") != 0 && strcmp(whose, "ab") != 0))
        return hf_i_blocks_fail(&p->blocks, line->line, "Write 'moves answered own up'.",
                                "'%.80s' does not say what moves, whose and where to", line->value);
    out->direction = where[0] == 'u' ? 1 : -1;
    out->moves = hf_i_arena_strndup(&p->blocks.arena, measure, strlen(measure));
    out->whose = hf_i_arena_strndup(&p->blocks.arena, whose, strlen(whose));
    return out->moves && out->whose ? HF_OK : HF_E_NOMEM;
}

static hf_status read_line(hf_practices *p, hf_practice *out, const hf_i_block_line *line)
{
    static const char *const texts[] = {"minutes", "who", "mechanism", "source"};
    const char **into[] = {&out->minutes, &out->who, &out->mechanism, &out->source};
    int which = hf_i_word_of(line->key, texts, HF_COUNT_OF(texts));
    if (which >= 0) {
        *into[which] = line->value;
        return HF_OK;
    }
    if (strcmp(line->key, "moves") == 0)
        return read_moves(p, out, line);
    if (strcmp(line->key, "module") == 0 && strchr("ABCDE", line->value[0]))
        out->module = line->value[0];
    else if (strcmp(line->key, "grade") == 0 && strchr("ABC", line->value[0]))
        out->grade = line->value[0];
    else if (strcmp(line->key, "way") == 0 && line->value[0] >= '1' && line->value[0] <= '4')
        out->way = line->value[0] - '0';
    else
        return hf_i_blocks_fail(&p->blocks, line->line, NULL, "'%.40s %.40s' is not of a practice",
                                line->key, line->value);
    return HF_OK;
}

static hf_status read_practice(hf_practices *p, const hf_i_block *block)
{
    hf_practice *out = &p->all[p->count++];
    *out = (hf_practice){.id = block->id,
                         .minutes = "",
                         .who = "",
                         .moves = "",
                         .whose = "",
                         .mechanism = "",
                         .source = ""};
    for (size_t i = 0; i < block->count; i++)
        HF_TRY(read_line(p, out, &p->blocks.lines[block->first + i]));
    if (strcmp(block->kind, "practice") != 0 || !out->module || !out->grade || !*out->minutes)
        return hf_i_blocks_fail(&p->blocks, block->line, NULL,
                                "the practice '%.40s' lacks its module, grade or minutes",
                                block->id);
    return HF_OK;
}

static hf_status read_all(hf_practices *p)
{
    HF_TRY(hf_i_blocks_read(&p->blocks, p->ctx, NULL, "guidance/practices.txt"));
    p->all = hf_i_calloc(p->ctx, p->blocks.count, sizeof *p->all);
    if (!p->all)
        return HF_E_NOMEM;
    for (size_t i = 0; i < p->blocks.count; i++)
        HF_TRY(read_practice(p, &p->blocks.blocks[i]));
    return HF_OK;
}

hf_status hf_practices_new(hf_practices **out, hf_ctx *ctx)
{
    *out = NULL;
    hf_practices *p = hf_i_calloc(ctx, 1, sizeof *p);
    if (!p)
        return HF_E_NOMEM;
    p->ctx = ctx;
    hf_status status = read_all(p);
    if (status == HF_OK)
        *out = p;
    else
        hf_practices_free(p);
    return status;
}

void hf_practices_free(hf_practices *p)
{
    if (!p)
        return;
    hf_i_guide_texts_dispose(&p->texts);
    hf_i_free(p->ctx, p->all);
    hf_i_blocks_dispose(&p->blocks);
    hf_i_free(p->ctx, p);
}

size_t hf_practices_count(const hf_practices *p)
{
    return p->count;
}

const hf_practice *hf_practices_get(const hf_practices *p, size_t index)
{
    return index < p->count ? &p->all[index] : NULL;
}

const hf_practice *hf_practices_find(const hf_practices *p, const char *id)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->all[i].id, id) == 0)
            return &p->all[i];
    return NULL;
}

const char *hf_practices_text(hf_practices *p, const char *language, const char *id,
                              const char *part)
{
    char key[160];
    if (!p->texts.ctx || strcmp(p->texts.language, language) != 0) {
        hf_i_guide_texts_dispose(&p->texts);
        if (hf_i_guide_texts_open(&p->texts, p->ctx, language) != HF_OK) {
            hf_i_guide_texts_dispose(&p->texts);
            return NULL;
        }
    }
    snprintf(key, sizeof key, "practice.%.80s.%.40s", id, part);
    return hf_i_guide_text(&p->texts, key);
}

/* ---- the log
 * ---------------------------------------------------------------------------------------
 */

typedef struct {
    hf_ctx *ctx;
    const char *path;
    const hf_practice_entry *entry;
    char item[128];
    hf_i_csv_writer out;
} logger;

static bool cell_is(const hf_i_csv_cell *c, const char *text)
{
    return c->len == strlen(text) && memcmp(c->text, text, c->len) == 0;
}

static void write_entry(logger *l)
{
    hf_i_csv_str(&l->out, l->entry->date);
    hf_i_csv_str(&l->out, l->entry->person);
    hf_i_csv_str(&l->out, l->item);
    hf_i_csv_real(&l->out, l->entry->value);
    hf_i_csv_end_row(&l->out);
}

static hf_status copy_rows(logger *l, hf_i_csv_reader *csv)
{
    static const char *const names[] = {"date", "partner", "item", "value"};
    bool got;
    HF_TRY(hf_i_csv_next(csv, &got));
    for (size_t i = 0; i < HF_COUNT_OF(names); i++)
        if (!got || csv->count != HF_COUNT_OF(names) || !cell_is(&csv->cells[i], names[i]))
            return hf_i_csv_fail(csv, 0, HF_E_FORMAT,
                                 "Give a new file, or one made by this command.",
                                 "a practice log has the columns date, partner, item, value");
    for (;;) {
        HF_TRY(hf_i_csv_next(csv, &got));
        if (!got)
            return HF_OK;
        if (csv->count != HF_COUNT_OF(names))
            return hf_i_csv_fail(csv, 0, HF_E_PARSE, NULL, "this row has not four cells");
        const hf_i_csv_cell *c = csv->cells;
        if (cell_is(&c[0], l->entry->date) && cell_is(&c[1], l->entry->person) &&
            cell_is(&c[2], l->item)) {
            if (!l->entry->replace)
                return hf_i_csv_fail(csv, 0, HF_E_USAGE, "Replace it with --replace.",
                                     "this practice is logged on that day already");
            continue;
        }
        for (size_t i = 0; i < HF_COUNT_OF(names); i++)
            hf_i_csv_text(&l->out, c[i].text, c[i].len);
        hf_i_csv_end_row(&l->out);
    }
}

static hf_status copy_old(logger *l)
{
    struct stat st;
    hf_i_file file;
    hf_i_csv_reader csv;
    hf_i_csv_options options = {.delimiter = ',', .comment = '#'};
    if (stat(l->path, &st) != 0 && errno == ENOENT)
        return HF_OK;
    HF_TRY(hf_i_file_open(&file, l->ctx, l->path));
    hf_status status = hf_i_csv_open(&csv, l->ctx, l->path, file.data, file.size, &options);
    if (status == HF_OK) {
        status = copy_rows(l, &csv);
        hf_i_csv_dispose(&csv);
    }
    hf_i_file_close(&file);
    return status;
}

static hf_status check_entry(hf_ctx *ctx, const hf_practices *p, const hf_practice_entry *e)
{
    hf_i_time t;
    if (!hf_practices_find(p, e->practice)) {
        char list[400] = "";
        size_t used = 0;
        for (size_t i = 0; i < p->count && used < sizeof list; i++)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                                     p->all[i].id);
        return hf_i_fail(ctx, HF_E_USAGE, list, "there is no practice '%.40s'", e->practice);
    }
    if (!hf_i_time_parse_iso(e->date, strlen(e->date), &t) ||
        t.resolution_ms != (int32_t)HF_I_MS_PER_DAY)
        return hf_i_fail(ctx, HF_E_USAGE, "Write it as 2026-11-22.", "'%.40s' is no date", e->date);
    if (!(e->value >= HF_I_PRACTICE_MIN && e->value <= HF_I_PRACTICE_MAX))
        return hf_i_fail(ctx, HF_E_USAGE, "0: not at all well, 10: very well.",
                         "how it went is a number from 0 to 10");
    if (!e->person || !*e->person)
        return hf_i_fail(ctx, HF_E_USAGE, "Give the name that stands in the chat.",
                         "a practice log needs to know who practised");
    return HF_OK;
}

hf_status hf_practice_log(hf_ctx *ctx, const hf_practices *practices, const char *path,
                          const hf_practice_entry *entry)
{
    HF_TRY(check_entry(ctx, practices, entry));
    logger *l = hf_i_calloc(ctx, 1, sizeof *l);
    if (!l)
        return HF_E_NOMEM;
    hf_outfile *file;
    *l = (logger){.ctx = ctx, .path = path, .entry = entry};
    snprintf(l->item, sizeof l->item, HF_I_PRACTICE_ITEM "%.80s", entry->practice);
    hf_status status = hf_outfile_new(&file, ctx, path);
    if (status == HF_OK) {
        hf_i_csv_init(&l->out, hf_i_sink_outfile(file), ',');
        hf_i_csv_str(&l->out, "date");
        hf_i_csv_str(&l->out, "partner");
        hf_i_csv_str(&l->out, "item");
        hf_i_csv_str(&l->out, "value");
        hf_i_csv_end_row(&l->out);
        status = copy_old(l);
        if (status == HF_OK) {
            write_entry(l);
            status = hf_i_csv_finish(&l->out);
        }
        if (status == HF_OK)
            status = hf_outfile_commit(file);
        hf_outfile_free(file);
    }
    hf_i_free(ctx, l);
    return status;
}
