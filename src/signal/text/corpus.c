/* SPDX-License-Identifier: MIT */
#include "signal/text/corpus.h"

#include "signal/text/features.h"

#include <string.h>

void hf_i_corpus_init(hf_i_corpus *c, hf_ctx *ctx)
{
    memset(c, 0, sizeof *c);
    c->ctx = ctx;
}

void hf_i_corpus_dispose(hf_i_corpus *c)
{
    for (size_t i = 0; i < c->file_count; i++)
        hf_i_file_close(&c->files[i]);
    hf_i_free(c->ctx, c->rows);
    hf_i_free(c->ctx, c->labels);
    memset(c, 0, sizeof *c);
}

int hf_i_corpus_find(const hf_i_corpus *c, const char *name)
{
    for (size_t i = 0; i < c->label_count; i++)
        if (strcmp(c->names[i], name) == 0)
            return (int)i;
    return -1;
}

int hf_i_corpus_label(hf_i_corpus *c, const char *name, uint32_t set)
{
    int at = hf_i_corpus_find(c, name);
    if (at >= 0)
        return at;
    size_t len = strlen(name);
    if (c->label_count == HF_CORPUS_LABELS || len == 0 || len >= HF_LABEL_NAME) {
        hf_i_fail(c->ctx, HF_E_LIMIT, NULL, "label '%s': at most %d labels, names of 1 to %d bytes",
                  name, HF_CORPUS_LABELS, HF_LABEL_NAME - 1);
        return -1;
    }
    memcpy(c->names[c->label_count], name, len + 1);
    c->label_set[c->label_count] = set;
    return (int)c->label_count++;
}

hf_status hf_i_corpus_add(hf_i_corpus *c, const hf_i_corpus_row *row)
{
    HF_TRY(hf_i_grow(c->ctx, &c->rows, &c->cap, c->count + 1, sizeof *c->rows, HF_MAX_ROWS,
                     "labelled turns"));
    HF_TRY(hf_i_grow(c->ctx, &c->labels, &c->labels_cap, (c->count + 1) * HF_CORPUS_LABELS, 1,
                     UINT64_C(1) << 40, "labels"));
    c->rows[c->count] = *row;
    memset(hf_i_corpus_labels(c, c->count), -1, HF_CORPUS_LABELS);
    c->count++;
    return HF_OK;
}

hf_status hf_i_corpus_open(hf_i_corpus *c, const char *path, const hf_i_file **out)
{
    if (c->file_count == HF_CORPUS_FILES)
        return hf_i_fail(c->ctx, HF_E_LIMIT, NULL, "more than %d tables", HF_CORPUS_FILES);
    HF_TRY(hf_i_file_open(&c->files[c->file_count], c->ctx, path));
    *out = &c->files[c->file_count++];
    return HF_OK;
}

uint32_t hf_i_corpus_fold(const hf_i_corpus_row *row, uint32_t folds, uint64_t seed)
{
    char key[8];
    memcpy(key, &row->group, sizeof key);
    return (uint32_t)((hf_i_text_hash(key, sizeof key, seed * 7919 + row->set) >> 11) % folds);
}

/* ---- tables: TSV with one header line, no quoting ---------------------------------------------
 */

enum { MAX_COLUMNS = 64 };

typedef struct {
    const char *at[MAX_COLUMNS];
    uint32_t len[MAX_COLUMNS];
    size_t count;
} cells;

static const char *split_line(const char *p, const char *end, cells *out)
{
    out->count = 0;
    for (;;) {
        const char *begin = p;
        while (p < end && *p != '\t' && *p != '\n')
            p++;
        if (out->count < MAX_COLUMNS) {
            const char *stop = p > begin && (p == end || *p == '\n') && p[-1] == '\r' ? p - 1 : p;
            out->at[out->count] = begin;
            out->len[out->count++] = (uint32_t)(stop - begin);
        }
        if (p == end)
            return p;
        if (*p++ == '\n')
            return p;
    }
}

static int find_column(const cells *head, const char *name, size_t len)
{
    for (size_t i = 0; i < head->count; i++)
        if (head->len[i] == len && memcmp(head->at[i], name, len) == 0)
            return (int)i;
    return -1;
}

typedef struct {
    int text, group, only, prev[HF_CORPUS_PREV];
    int label_column[MAX_COLUMNS], label_at[MAX_COLUMNS];
    size_t label_count;
} columns;

static hf_status need_column(hf_i_corpus *c, const char *path, const cells *head, const char *name,
                             int *out)
{
    size_t len = name ? strcspn(name, "=") : 0;
    *out = name ? find_column(head, name, len) : -1;
    if (!name || *out >= 0)
        return HF_OK;
    hf_i_place place = {.file = path, .line = 1};
    return hf_i_fail_at(c->ctx, HF_E_PARSE, &place,
                        "The first line names the columns, tab between.", "no column '%.*s'",
                        (int)len, name);
}

static hf_status find_columns(hf_i_corpus *c, const char *path, const cells *head,
                              const hf_i_table_spec *spec, uint32_t set, columns *out)
{
    memset(out, 0, sizeof *out);
    HF_TRY(need_column(c, path, head, spec->text, &out->text));
    HF_TRY(need_column(c, path, head, spec->group, &out->group));
    HF_TRY(need_column(c, path, head, spec->only, &out->only));
    for (int i = 0; i < HF_CORPUS_PREV; i++)
        HF_TRY(need_column(c, path, head, spec->prev[i], &out->prev[i]));
    for (const char *const *l = spec->labels; *l && out->label_count < MAX_COLUMNS; l++) {
        size_t n = out->label_count++;
        const char *name = strchr(*l, '=');
        HF_TRY(need_column(c, path, head, *l, &out->label_column[n]));
        out->label_at[n] = hf_i_corpus_label(c, name ? name + 1 : *l, set);
        if (out->label_at[n] < 0)
            return HF_E_LIMIT;
    }
    return HF_OK;
}

/* "1", "0", a vote share like "0.5" (yes from one half on), or empty. */
static hf_status read_label(hf_i_corpus *c, const char *path, uint64_t line, const char *p,
                            uint32_t len, int8_t *out)
{
    *out = -1;
    if (len == 0 || (len == 2 && memcmp(p, "NA", 2) == 0))
        return HF_OK;
    char text[32];
    double value = -1;
    if (len < sizeof text && p[0] >= '0' && p[0] <= '9') {
        /* Digits, perhaps one point: no locale. */
        value = 0;
        double unit = 0;
        for (uint32_t i = 0; i < len && value >= 0; i++) {
            if (p[i] == '.' && unit == 0)
                unit = 1;
            else if (p[i] < '0' || p[i] > '9')
                value = -1;
            else if (unit == 0)
                value = 10 * value + (p[i] - '0');
            else
                value += (unit /= 10) * (p[i] - '0');
        }
    }
    hf_i_place place = {.file = path, .line = line};
    if (value < 0)
        return hf_i_fail_at(c->ctx, HF_E_PARSE, &place, "A label is 0, 1 or empty.",
                            "'%.*s' is no label", (int)(len < 40 ? len : 40), p);
    *out = value >= 0.5;
    return HF_OK;
}

static void link_rows_before(hf_i_corpus *c, hf_i_corpus_row *row, size_t first)
{
    for (int i = 0; i < HF_CORPUS_PREV && c->count - (size_t)i > first; i++) {
        const hf_i_corpus_row *before = &c->rows[c->count - 1 - (size_t)i];
        if (before->group != row->group)
            break;
        if (i == 0)
            row->before = (uint32_t)c->count;
        row->prev[i] = before->text;
        row->prev_len[i] = before->len;
    }
}

static hf_status add_row(hf_i_corpus *c, const char *path, uint64_t line, const cells *cell,
                         const columns *col, const hf_i_table_spec *spec, size_t first,
                         uint32_t set)
{
    hf_i_corpus_row row = {.text = cell->at[col->text], .len = cell->len[col->text], .set = set};
    row.group = col->group >= 0 ? hf_i_text_hash(cell->at[col->group], cell->len[col->group], 1)
                                : hf_i_text_hash(row.text, row.len, 1);
    for (int i = 0; i < HF_CORPUS_PREV; i++)
        if (col->prev[i] >= 0 && cell->len[col->prev[i]]) {
            row.prev[i] = cell->at[col->prev[i]];
            row.prev_len[i] = cell->len[col->prev[i]];
        }
    if (spec->prev_from_rows)
        link_rows_before(c, &row, first);
    HF_TRY(hf_i_corpus_add(c, &row));
    int8_t only = 1;
    if (col->only >= 0)
        HF_TRY(read_label(c, path, line, cell->at[col->only], cell->len[col->only], &only));
    for (size_t l = 0; l < col->label_count && only == 1; l++)
        HF_TRY(read_label(c, path, line, cell->at[col->label_column[l]],
                          cell->len[col->label_column[l]],
                          hf_i_corpus_labels(c, c->count - 1) + col->label_at[l]));
    return HF_OK;
}

hf_status hf_i_corpus_read_table(hf_i_corpus *c, const char *path, const hf_i_table_spec *spec,
                                 uint32_t set)
{
    const hf_i_file *file;
    HF_TRY(hf_i_corpus_open(c, path, &file));
    const char *p = (const char *)file->data, *end = p + file->size;
    cells cell;
    columns col;
    size_t first = c->count;
    p = split_line(p, end, &cell);
    HF_TRY(find_columns(c, path, &cell, spec, set, &col));
    size_t width = cell.count;
    for (uint64_t line = 2; p < end; line++) {
        p = split_line(p, end, &cell);
        hf_i_place place = {.file = path, .line = line};
        if (cell.count != width)
            return hf_i_fail_at(c->ctx, HF_E_PARSE, &place, NULL, "%zu cells, the header has %zu",
                                cell.count, width);
        HF_TRY(add_row(c, path, line, &cell, &col, spec, first, set));
    }
    return HF_OK;
}
