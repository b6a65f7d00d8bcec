/* SPDX-License-Identifier: MIT */
/* Labelled turns in memory: what the trainer learns from. Texts stay in the mapped files. */
#ifndef HF_SIGNAL_TEXT_CORPUS_H
#define HF_SIGNAL_TEXT_CORPUS_H

#include "base/base.h"

enum { HF_CORPUS_PREV = 3, HF_CORPUS_LABELS = 128, HF_CORPUS_FILES = 16, HF_LABEL_NAME = 40 };

typedef struct hf_i_corpus_row {
    const char *text;
    const char *prev[HF_CORPUS_PREV]; /* newest first; NULL when absent */
    uint32_t len, prev_len[HF_CORPUS_PREV];
    uint64_t group; /* rows of one group never stand in two folds */
    uint32_t set;
    uint32_t second; /* of the own turns: 1 + the row with the second coder's labels of the same
                        turn; 0: there is none, or this is it */
    bool is_second;
    uint32_t before; /* 1 + the row of the turn before; 0: there is none */
} hf_i_corpus_row;

typedef struct hf_i_corpus {
    hf_ctx *ctx;
    hf_i_file files[HF_CORPUS_FILES];
    size_t file_count;
    hf_i_corpus_row *rows;
    size_t count, cap;
    int8_t *labels; /* [count, label_count] row by row: 1, 0, or -1 for not annotated */
    size_t labels_cap;
    char names[HF_CORPUS_LABELS][HF_LABEL_NAME];
    uint32_t label_set[HF_CORPUS_LABELS]; /* the set the label was annotated in */
    size_t label_count;
} hf_i_corpus;

/* How one table is read. Columns by name; NULL names end lists. */
typedef struct hf_i_table_spec {
    const char *text, *group;
    const char *prev[HF_CORPUS_PREV]; /* columns, newest first; NULL: none */
    /* When set, the earlier turns are the rows before of the same group. */
    bool prev_from_rows;
    const char *only;          /* keep labels only where this column is 1; NULL: everywhere */
    const char *const *labels; /* "column" or "column=name", NULL ends */
} hf_i_table_spec;

void hf_i_corpus_init(hf_i_corpus *c, hf_ctx *ctx);
void hf_i_corpus_dispose(hf_i_corpus *c);
/* The label's column, made when it is new; -1 when there are too many (the error is then set). */
int hf_i_corpus_label(hf_i_corpus *c, const char *name, uint32_t set);
int hf_i_corpus_find(const hf_i_corpus *c, const char *name);
hf_status hf_i_corpus_add(hf_i_corpus *c, const hf_i_corpus_row *row);
hf_status hf_i_corpus_open(hf_i_corpus *c, const char *path, const hf_i_file **out);
hf_status hf_i_corpus_read_table(hf_i_corpus *c, const char *path, const hf_i_table_spec *spec,
                                 uint32_t set);
static inline int8_t *hf_i_corpus_labels(const hf_i_corpus *c, size_t row)
{
    return c->labels + row * HF_CORPUS_LABELS;
}
/* The fold of a row, 0..folds-1, from its group and the seed alone. */
uint32_t hf_i_corpus_fold(const hf_i_corpus_row *row, uint32_t folds, uint64_t seed);

#endif
