/* SPDX-License-Identifier: MIT */
/* Training on a researcher's own coded turns: the linear part, folds by dyad. */
#include "signal/text/metric.h"
#include "signal/text/pack.h"
#include "signal/text/report.h"
#include "signal/text/stack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SET = HF_SET_GOEMOTIONS, LABELS = 32, LEAST = 10 };

typedef struct {
    hf_ctx *ctx;
    const hf_text_table_options *o;
    hf_i_recipe recipe;
    hf_i_corpus corpus;
    hf_i_prepared prepared;
    size_t heads;
    double coder_kappa[LABELS];
    uint64_t disagreed[LABELS];
    char *lists; /* the column names, cut apart */
    const char *columns[2 * LABELS + 1];
    float *linear;
    hf_i_linear_part part[HF_SET_COUNT];
    hf_i_stack stack;
} table;

/* Cuts a list at its commas; false when there are more than LABELS. */
static bool cut(char *list, const char **out, size_t *count)
{
    *count = 0;
    for (char *p = list;;) {
        if (*count == LABELS)
            return false;
        out[(*count)++] = p;
        p = strchr(p, ',');
        if (!p)
            return true;
        *p++ = '\0';
    }
}

static hf_status read_lists(table *t)
{
    size_t a = strlen(t->o->labels), second;
    const char *b = t->o->second ? t->o->second : "";
    if (!(t->lists = hf_i_alloc(t->ctx, a + strlen(b) + 2)))
        return HF_E_NOMEM;
    memcpy(t->lists, t->o->labels, a + 1);
    memcpy(t->lists + a + 1, b, strlen(b) + 1);
    if (!cut(t->lists, t->columns, &t->heads) ||
        (*b && !cut(t->lists + a + 1, t->columns + t->heads, &second)))
        return hf_i_fail(t->ctx, HF_E_LIMIT, NULL, "more than %d labels", LABELS);
    if (*b && second != t->heads)
        return hf_i_fail(t->ctx, HF_E_USAGE, NULL, "%zu labels, but %zu of the second coder",
                         t->heads, second);
    return HF_OK;
}

/* Both coders' labels become one: where they differ the turn teaches nothing. */
static void merge_coders(table *t)
{
    for (size_t k = 0; k < t->heads; k++) {
        hf_i_counts counts = {0};
        t->coder_kappa[k] = NAN;
        if (!t->o->second)
            continue;
        for (size_t i = 0; i < t->corpus.count; i++) {
            int8_t *y = hf_i_corpus_labels(&t->corpus, i), a = y[k], b = y[t->heads + k];
            y[t->heads + k] = -1;
            if (a < 0 || b < 0)
                continue;
            counts.tp += a && b;
            counts.fp += !a && b;
            counts.fn += a && !b;
            counts.tn += !a && !b;
            if (a != b)
                y[k] = -1;
        }
        t->coder_kappa[k] = hf_i_kappa(counts);
        t->disagreed[k] = (uint64_t)(counts.fp + counts.fn);
    }
    t->corpus.label_count = t->heads;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static hf_status check_enough(table *t)
{
    const hf_i_corpus *c = &t->corpus;
    for (size_t k = 0; k < t->heads; k++) {
        size_t seen[2] = {0, 0};
        for (size_t i = 0; i < c->count; i++)
            if (hf_i_corpus_labels(c, i)[k] >= 0)
                seen[hf_i_corpus_labels(c, i)[k]]++;
        if (seen[0] < LEAST || seen[1] < LEAST)
            return hf_i_fail(t->ctx, HF_E_NOT_ENOUGH_DATA, "Code more turns.",
                             "label '%s' has %zu turns with and %zu without it; %d of each are the "
                             "least",
                             c->names[k], seen[1], seen[0], LEAST);
    }
    uint64_t *group = hf_i_alloc(t->ctx, (c->count + 1) * sizeof *group);
    if (!group)
        return HF_E_NOMEM;
    size_t groups = 0;
    for (size_t i = 0; i < c->count; i++)
        group[i] = c->rows[i].group;
    qsort(group, c->count, sizeof *group, by_number);
    for (size_t i = 0; i < c->count; i++)
        groups += i == 0 || group[i] != group[i - 1];
    hf_i_free(t->ctx, group);
    if (groups < (size_t)t->o->folds)
        return hf_i_fail(t->ctx, HF_E_NOT_ENOUGH_DATA, "Use fewer folds or code more dyads.",
                         "%zu groups for %d folds", groups, t->o->folds);
    return HF_OK;
}

static hf_status fold_task(void *user, size_t index, int worker)
{
    table *t = user;
    hf_i_split split = {(int)index, t->o->folds, -1};
    hf_i_linear_part part;
    float score[HF_CORPUS_LABELS];
    (void)worker;
    HF_TRY(hf_i_linear_part_train(&part, &t->prepared, SET, &split, &t->recipe));
    for (uint32_t i = 0; i < t->corpus.count; i++) {
        if (hf_i_corpus_fold(&t->corpus.rows[i], (uint32_t)split.folds, 1) != index)
            continue;
        hf_i_linear_part_score(&part, &t->prepared, i, score);
        memcpy(t->linear + (size_t)i * HF_CORPUS_LABELS, score, t->heads * sizeof *score);
    }
    hf_i_linear_part_dispose(&part, t->ctx);
    return HF_OK;
}

static hf_status write_model(table *t)
{
    hf_i_weights_label labels[LABELS];
    memset(labels, 0, sizeof labels);
    for (size_t k = 0; k < t->heads; k++) {
        snprintf(labels[k].name, sizeof labels[k].name, "%s", t->corpus.names[k]);
        labels[k].head = (uint32_t)k;
        labels[k].threshold = (float)t->stack.threshold[k];
        labels[k].base_rate = (float)t->stack.base_rate[k];
        labels[k].slope = 1;
    }
    hf_i_pack pack = {.p = &t->prepared,
                      .heads = t->heads,
                      .linear = t->part,
                      .labels = labels,
                      .label_count = t->heads,
                      .stack = t->stack.weights,
                      .act_inputs = hf_i_act_inputs((uint32_t)t->heads),
                      .notes = t->o->notes ? t->o->notes : ""};
    return hf_i_pack_write(t->ctx, &pack, t->o->out);
}

static hf_status run(table *t, hf_text_report *report)
{
    hf_i_split split = {-1, t->o->folds, -1};
    HF_TRY(read_lists(t));
    hf_i_table_spec spec = {.text = t->o->text, .group = t->o->group, .labels = t->columns};
    HF_TRY(hf_i_corpus_read_table(&t->corpus, t->o->path, &spec, SET));
    if (t->corpus.label_count != t->heads * (t->o->second ? 2 : 1))
        return hf_i_fail(t->ctx, HF_E_USAGE, NULL, "a label column is named twice");
    merge_coders(t);
    HF_TRY(check_enough(t));
    HF_TRY(hf_i_prepare(&t->prepared, t->ctx, &t->corpus, 17, 14));
    t->linear = hf_i_calloc(t->ctx, t->corpus.count * HF_CORPUS_LABELS, sizeof(float));
    if (!t->linear)
        return HF_E_NOMEM;
    HF_TRY(hf_i_parallel_for(t->ctx, (size_t)t->o->folds, fold_task, t));
    HF_TRY(hf_i_stack_fit(&t->stack, t->ctx, &t->corpus, t->heads, t->linear, NULL, &split));
    HF_TRY(hf_i_report_fill(report, t->ctx, &t->corpus, t->heads, t->linear, &t->stack, &split));
    for (size_t k = 0; k < report->count; k++) {
        snprintf(report->rows[k].set, sizeof report->rows[k].set, "own");
        report->rows[k].coder_kappa = t->coder_kappa[k];
        report->rows[k].f1_first = NAN;
        report->rows[k].disagreed = t->disagreed[k];
    }
    if (!t->o->out)
        return HF_OK;
    HF_TRY(hf_i_linear_part_train(&t->part[SET], &t->prepared, SET, &split, &t->recipe));
    return write_model(t);
}

static void dispose(table *t)
{
    hf_i_linear_part_dispose(&t->part[SET], t->ctx);
    hf_i_stack_dispose(&t->stack, t->ctx);
    hf_i_free(t->ctx, t->linear);
    hf_i_free(t->ctx, t->lists);
    if (t->prepared.ctx)
        hf_i_prepared_dispose(&t->prepared);
    hf_i_corpus_dispose(&t->corpus);
    hf_i_free(t->ctx, t);
}

hf_status hf_text_train_table(hf_text_report *report, hf_ctx *ctx,
                              const hf_text_table_options *options)
{
    *report = (hf_text_report){NULL, 0};
    if (options->size != sizeof *options || !options->path || !options->text || !options->group ||
        !options->labels || options->folds < 2 || !(options->cost > 0))
        return hf_i_fail(ctx, HF_E_USAGE, NULL,
                         "training needs a table, its text, group and label columns, 2 folds");
    table *t = hf_i_calloc(ctx, 1, sizeof *t);
    if (!t)
        return HF_E_NOMEM;
    t->ctx = ctx;
    t->o = options;
    t->recipe = hf_i_recipe_default;
    t->recipe.cost[SET] = options->cost;
    t->recipe.linear_epochs = 20;
    t->recipe.seed = options->seed;
    hf_i_corpus_init(&t->corpus, ctx);
    hf_status s = run(t, report);
    dispose(t);
    if (s != HF_OK)
        hf_text_report_free(ctx, report);
    return s;
}
