/* SPDX-License-Identifier: MIT */
#include "signal/text/confusion.h"

#include "signal/text/act_order.h"
#include "signal/text/metric.h"
#include "text/number.h"

#include <string.h>

enum { NONE = -1, STATES = HF_I_ACT_ORDER };

typedef struct {
    const hf_i_corpus *c;
    const hf_i_act_stack *acts;
    const hf_i_split *split;
    uint32_t *row;
    int8_t *truth; /* [rows] place in order */
    int *fold;
    float *score; /* [rows] of one act at a time */
    int8_t *y;
    float *ratio; /* [rows] of the best act so far */
    int8_t *read; /* [rows] */
    size_t rows;
} counter;

static const char *name_of(int state)
{
    return hf_i_act_order[state] == NONE ? "none" : hf_act_name((hf_act)hf_i_act_order[state]);
}

/* The place of the only act of a row; -1 when there are several, a safety cue, or a label on which
 * the coders differ. */
static int only_act(const counter *k, size_t row)
{
    const int8_t *y = hf_i_corpus_labels(k->c, row), *second = y;
    int found = 0;
    if (k->c->rows[row].second)
        second = hf_i_corpus_labels(k->c, k->c->rows[row].second - 1);
    for (int a = 0; a < HF_ACT_FIRST_TAG; a++)
        if (y[k->acts->label[a]] != second[k->acts->label[a]] || y[k->acts->label[HF_ACT_SAFETY]])
            return -1;
    for (int s = 1; s < STATES; s++)
        if (y[k->acts->label[hf_i_act_order[s]]] == 1) {
            if (found)
                return -1;
            found = s;
        }
    return found;
}

static void collect(counter *k)
{
    for (uint32_t i = 0; i < k->c->count; i++) {
        const hf_i_corpus_row *row = &k->c->rows[i];
        int fold = (int)hf_i_corpus_fold(row, (uint32_t)k->split->folds, 1);
        if (row->set != HF_SET_ACTS || fold == k->split->kept || row->is_second ||
            hf_i_corpus_labels(k->c, i)[k->acts->label[0]] < 0)
            continue;
        k->row[k->rows] = i;
        k->fold[k->rows] = fold;
        k->read[k->rows] = 0;
        k->ratio[k->rows] = 1;
        k->truth[k->rows++] = (int8_t)only_act(k, i);
    }
}

/* Where this act is further above the threshold chosen on the other folds than any before it. */
static hf_status read_act(hf_ctx *ctx, counter *k, int state)
{
    size_t label = (size_t)k->acts->label[hf_i_act_order[state]];
    for (size_t i = 0; i < k->rows; i++)
        k->score[i] = k->acts->probability[k->row[i] * (size_t)HF_CORPUS_LABELS + label];
    for (int fold = 0; fold < k->split->folds; fold++) {
        double threshold, f1;
        for (size_t i = 0; i < k->rows; i++)
            k->y[i] = k->fold[i] == fold ? -1 : hf_i_corpus_labels(k->c, k->row[i])[label];
        HF_TRY(
            hf_i_best_threshold(ctx, k->score, k->y, k->rows, HF_THRESHOLD_PRIOR, &threshold, &f1));
        for (size_t i = 0; i < k->rows; i++) {
            float ratio = (float)((double)k->score[i] / threshold);
            if (k->fold[i] == fold && ratio >= k->ratio[i]) {
                k->ratio[i] = ratio;
                k->read[i] = (int8_t)state;
            }
        }
    }
    return HF_OK;
}

/* One row's worth of what is read over all turns is added to every line: nothing is impossible
 * only because it was not seen in a few dozen turns. */
static hf_status print(hf_i_buf *out, const counter *k)
{
    double seen[STATES][STATES] = {{0}}, all[STATES] = {0}, lines[STATES] = {0}, sum = 0;
    for (size_t i = 0; i < k->rows; i++) {
        if (k->truth[i] < 0)
            continue;
        seen[k->truth[i]][k->read[i]]++;
        lines[k->truth[i]]++;
        all[k->read[i]]++;
        sum++;
    }
    HF_TRY(hf_i_buf_add_str(
        out,
        "# Measured by 'holdfast train --confusion': the act of a turn, then how often each act is "
        "read by the text\n# model there. Own invented turns with one act, all coders agreeing; "
        "scores and thresholds from other folds;\n# read is the act furthest above its threshold. "
        "One turn's worth of the overall shares is added to each line.\n# act"));
    for (int s = 0; s < STATES; s++)
        HF_TRY(hf_i_buf_printf(out, "\t%s", name_of(s)));
    for (int s = 0; s < STATES; s++) {
        HF_TRY(hf_i_buf_printf(out, "\n# %d turns\n%s", (int)lines[s], name_of(s)));
        for (int t = 0; t < STATES; t++) {
            char number[HF_I_NUMBER_SIZE];
            size_t n =
                hf_i_number_format_fixed(number, (seen[s][t] + all[t] / sum) / (lines[s] + 1), 6);
            HF_TRY(hf_i_buf_add_char(out, '\t'));
            HF_TRY(hf_i_buf_add(out, number, n));
        }
    }
    return hf_i_buf_add_char(out, '\n');
}

static hf_status write(hf_ctx *ctx, counter *k, const char *path)
{
    hf_i_buf out;
    hf_outfile *file = NULL;
    hf_status s = HF_OK;
    hf_i_buf_init(&out, ctx, 1 << 20, "the table");
    collect(k);
    for (int state = 1; s == HF_OK && state < STATES; state++)
        s = read_act(ctx, k, state);
    if (s == HF_OK)
        s = print(&out, k);
    if (s == HF_OK)
        s = hf_outfile_new(&file, ctx, path);
    if (s == HF_OK)
        s = hf_outfile_write(file, out.data, out.len);
    if (s == HF_OK)
        s = hf_outfile_commit(file);
    hf_outfile_free(file);
    hf_i_buf_dispose(&out);
    return s;
}

hf_status hf_i_confusion_write(hf_ctx *ctx, const hf_i_corpus *c, const hf_i_act_stack *acts,
                               const hf_i_split *split, const char *path)
{
    size_t n = c->count + 1;
    counter k = {.c = c, .acts = acts, .split = split};
    k.row = hf_i_alloc(ctx, n * sizeof *k.row);
    k.fold = hf_i_alloc(ctx, n * sizeof *k.fold);
    k.score = hf_i_alloc(ctx, 2 * n * sizeof *k.score);
    k.y = hf_i_alloc(ctx, 3 * n);
    hf_status s = HF_E_NOMEM;
    if (k.row && k.fold && k.score && k.y) {
        k.ratio = k.score + n;
        k.truth = k.y + n;
        k.read = k.truth + n;
        s = write(ctx, &k, path);
    }
    hf_i_free(ctx, k.row);
    hf_i_free(ctx, k.fold);
    hf_i_free(ctx, k.score);
    hf_i_free(ctx, k.y);
    return s;
}
