/* SPDX-License-Identifier: MIT */
#include "signal/text/corpus_acts.h"

#include "signal/text/features.h"

#include <holdfast/text_model.h>

#include <string.h>
#include <unistd.h>

enum { LABELS = HF_ACT_COUNT + HF_NEED_COUNT };

typedef struct {
    const char *at[4];
    uint32_t len[4];
} cells4;

typedef struct {
    const char *id;
    uint32_t id_len;
    uint32_t labels; /* bit k: label k */
} coding;

typedef struct {
    coding *items;
    size_t count, cap;
} codings;

static const char *label_name(int k)
{
    return k < HF_ACT_COUNT ? hf_act_name((hf_act)k) : hf_need_name((hf_need)(k - HF_ACT_COUNT));
}

/* The next line of four cells; NULL at the end. */
static const char *next_line(const char *p, const char *end, cells4 *out, int *count)
{
    memset(out, 0, sizeof *out);
    *count = 0;
    if (p >= end)
        return NULL;
    for (;;) {
        const char *begin = p;
        while (p < end && *p != '\t' && *p != '\n')
            p++;
        const char *stop = p > begin && p[-1] == '\r' ? p - 1 : p;
        if (*count < 4) {
            out->at[*count] = begin;
            out->len[*count] = (uint32_t)(stop - begin);
        }
        ++*count;
        if (p >= end || *p++ == '\n')
            return p;
    }
}

/* Adds the names of a list to the labels [first, last); false for an unknown name. */
static bool read_list(const char *p, uint32_t len, int first, int last, uint32_t *labels)
{
    for (uint32_t i = 0; i < len;) {
        uint32_t n = 0;
        while (i + n < len && p[i + n] != ',')
            n++;
        bool known = n == 0 || (n == 4 && memcmp(p + i, "none", 4) == 0);
        for (int k = first; k < last && !known; k++) {
            const char *name = label_name(k);
            if (strlen(name) == n && memcmp(name, p + i, n) == 0) {
                *labels |= 1u << k;
                known = true;
            }
        }
        if (!known)
            return false;
        i += n + 1;
    }
    return true;
}

static hf_status read_codings(codings *out, hf_i_corpus *c, const char *path)
{
    const hf_i_file *file;
    cells4 cell;
    int count;
    HF_TRY(hf_i_corpus_open(c, path, &file));
    const char *p = (const char *)file->data, *end = p + file->size;
    p = next_line(p, end, &cell, &count);
    for (uint64_t line = 2; p && (p = next_line(p, end, &cell, &count)); line++) {
        coding k = {cell.at[0], cell.len[0], 0};
        if (!read_list(cell.at[1], cell.len[1], 0, HF_ACT_FIRST_TAG, &k.labels) ||
            !read_list(cell.at[2], cell.len[2], HF_ACT_FIRST_TAG, HF_ACT_COUNT, &k.labels) ||
            !read_list(cell.at[3], cell.len[3], HF_ACT_COUNT, LABELS, &k.labels)) {
            hf_i_place place = {.file = path, .line = line};
            return hf_i_fail_at(c->ctx, HF_E_PARSE, &place,
                                "doc/coding-manual.md names the labels.",
                                "a label that is not in the manual");
        }
        HF_TRY(hf_i_grow(c->ctx, &out->items, &out->cap, out->count + 1, sizeof *out->items,
                         HF_MAX_ROWS, "coded turns"));
        out->items[out->count++] = k;
    }
    return HF_OK;
}

/* The coding of an id; both files mostly have one order, so the same place is tried first. */
static const coding *find(const codings *k, size_t guess, const char *id, uint32_t len)
{
    for (size_t i = 0; i < k->count; i++) {
        const coding *x = &k->items[(guess + i) % k->count];
        if (x->id_len == len && memcmp(x->id, id, len) == 0)
            return x;
    }
    return NULL;
}

static hf_status add_labelled(hf_i_corpus *c, const hf_i_corpus_row *row, const coding *k,
                              const int *label)
{
    HF_TRY(hf_i_corpus_add(c, row));
    int8_t *labels = hf_i_corpus_labels(c, c->count - 1);
    for (int i = 0; i < LABELS; i++)
        labels[label[i]] = (k->labels >> i & 1u) != 0;
    return HF_OK;
}

/* The turn before becomes a row of its own without labels: what is read in it is context. */
static hf_status add_turn(hf_i_corpus *c, hf_i_corpus_row *row, const coding *a, const coding *b,
                          const int *label)
{
    if (row->prev[0]) {
        hf_i_corpus_row before = {
            .text = row->prev[0], .len = row->prev_len[0], .group = row->group, .set = row->set};
        HF_TRY(hf_i_corpus_add(c, &before));
        row->before = (uint32_t)c->count;
    }
    HF_TRY(add_labelled(c, row, a, label));
    if (!b)
        return HF_OK;
    c->rows[c->count - 1].second = (uint32_t)c->count + 1;
    row->is_second = true;
    return add_labelled(c, row, b, label);
}

static hf_status add_turns(hf_i_corpus *c, const char *path, const codings *a, const codings *b,
                           const int *label, uint32_t set)
{
    const hf_i_file *file;
    cells4 cell;
    int count;
    HF_TRY(hf_i_corpus_open(c, path, &file));
    const char *p = (const char *)file->data, *end = p + file->size;
    p = next_line(p, end, &cell, &count);
    for (size_t i = 0; p && (p = next_line(p, end, &cell, &count)); i++) {
        hf_i_place place = {.file = path, .line = i + 2};
        const coding *x = find(a, i, cell.at[0], cell.len[0]);
        const coding *y = b->count ? find(b, i, cell.at[0], cell.len[0]) : NULL;
        if (count != 4 || !x || (b->count && !y))
            return hf_i_fail_at(c->ctx, HF_E_PARSE, &place,
                                "id, scenario, prev, text; coded in every coder's file.",
                                "a turn without its coding, or not four cells");
        hf_i_corpus_row row = {.text = cell.at[3], .len = cell.len[3], .set = set};
        row.group = hf_i_text_hash(cell.at[1], cell.len[1], 1);
        if (cell.len[2]) {
            row.prev[0] = cell.at[2];
            row.prev_len[0] = cell.len[2];
        }
        HF_TRY(add_turn(c, &row, x, y, label));
    }
    return HF_OK;
}

static hf_status read_both(hf_i_corpus *c, const char *dir, codings *a, codings *b, hf_i_buf *path)
{
    HF_TRY(hf_i_buf_printf(path, "%s/coder_a.tsv", dir));
    HF_TRY(read_codings(a, c, path->data));
    hf_i_buf_clear(path);
    HF_TRY(hf_i_buf_printf(path, "%s/coder_b.tsv", dir));
    if (access(path->data, R_OK) == 0)
        HF_TRY(read_codings(b, c, path->data));
    hf_i_buf_clear(path);
    return hf_i_buf_printf(path, "%s/turns.tsv", dir);
}

hf_status hf_i_corpus_read_acts(hf_i_corpus *c, const char *dir, uint32_t set)
{
    codings a = {0}, b = {0};
    int label[LABELS];
    hf_i_buf path;
    hf_i_buf_init(&path, c->ctx, 8192, "the path");
    for (int k = 0; k < LABELS; k++) {
        char name[HF_LABEL_NAME];
        snprintf(name, sizeof name, "%s_%s", k < HF_ACT_COUNT ? "act" : "need", label_name(k));
        if ((label[k] = hf_i_corpus_label(c, name, set)) < 0)
            return HF_E_LIMIT;
    }
    hf_status s = read_both(c, dir, &a, &b, &path);
    if (s == HF_OK)
        s = add_turns(c, path.data, &a, &b, label, set);
    hf_i_buf_dispose(&path);
    hf_i_free(c->ctx, a.items);
    hf_i_free(c->ctx, b.items);
    return s;
}
