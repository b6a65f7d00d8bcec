/* SPDX-License-Identifier: MIT */
/* Training the shipped model: cross-validation by group gives scores of rows not trained on; from
 * these the stack, the thresholds and every reported number; then all rows train the parts that are
 * written. */
#include "signal/text/act_stack.h"
#include "signal/text/confusion.h"
#include "signal/text/corpus_acts.h"
#include "signal/text/metric.h"
#include "signal/text/pack.h"
#include "signal/text/report.h"
#include "signal/text/stack.h"

#include <math.h>
#include <string.h>

typedef struct {
    hf_ctx *ctx;
    const hf_text_suite_options *o;
    hf_i_recipe recipe;
    hf_i_corpus corpus;
    hf_i_prepared prepared;
    size_t heads;                /* main heads */
    float *linear;               /* [rows, labels] scores not trained on */
    float *net[HF_WEIGHTS_NETS]; /* the same */
    hf_i_linear_part part[HF_SET_COUNT];
    hf_i_net nets[HF_WEIGHTS_NETS];
    hf_i_stack stack;
    hf_i_act_stack acts;
} suite;

static float *score_at(const float *scores, size_t row)
{
    return (float *)(uintptr_t)(scores + row * HF_CORPUS_LABELS);
}

/* ---- cross-validation
 * ------------------------------------------------------------------------------ */

static hf_status fold_linear(suite *s, const hf_i_split *split)
{
    const hf_i_corpus *c = &s->corpus;
    for (uint32_t set = 0; set < HF_SET_COUNT; set++) {
        hf_i_linear_part part;
        float score[HF_CORPUS_LABELS];
        if (s->recipe.cost[set] <= 0)
            continue;
        HF_TRY(hf_i_linear_part_train(&part, &s->prepared, set, split, &s->recipe));
        for (uint32_t i = 0; i < c->count && part.heads; i++) {
            /* The acts' turns are scored by every head: the last stage looks at all of them. */
            if ((c->rows[i].set != set && c->rows[i].set != HF_SET_ACTS) ||
                (int)hf_i_corpus_fold(&c->rows[i], (uint32_t)split->folds, 1) != split->fold)
                continue;
            hf_i_linear_part_score(&part, &s->prepared, i, score);
            for (size_t l = 0; l < part.labels; l++)
                score_at(s->linear, i)[part.label[l]] = score[l];
        }
        hf_i_linear_part_dispose(&part, s->ctx);
    }
    return HF_OK;
}

static hf_status fold_net(suite *s, const hf_i_split *split, int number)
{
    const hf_i_corpus *c = &s->corpus;
    hf_i_net net;
    hf_i_net_work w;
    HF_TRY(hf_i_net_part_train(&net, &s->prepared, split, &s->recipe, number));
    hf_status status = hf_i_net_work_init(&w, &net, false);
    for (size_t i = 0; status == HF_OK && i < c->count; i++) {
        if ((int)hf_i_corpus_fold(&c->rows[i], (uint32_t)split->folds, 1) != split->fold)
            continue;
        hf_i_net_forward(&net, &w, &s->prepared.in[i]);
        memcpy(score_at(s->net[number], i), w.logit, c->label_count * sizeof(float));
    }
    hf_i_net_work_dispose(&w, &net);
    hf_i_net_dispose(&net);
    return status;
}

/* Tasks: for every fold the networks, then the linear part: long ones first. */
static hf_status fold_task(void *user, size_t index, int worker)
{
    suite *s = user;
    (void)worker;
    int per_fold = s->recipe.nets + 1, what = (int)index % per_fold;
    hf_i_split split = {(int)index / per_fold, s->o->folds, s->o->kept};
    if (split.fold == split.kept)
        return HF_OK;
    return what < s->recipe.nets ? fold_net(s, &split, what) : fold_linear(s, &split);
}

static hf_status final_task(void *user, size_t index, int worker)
{
    suite *s = user;
    (void)worker;
    hf_i_split split = {-1, s->o->folds, s->o->kept};
    if (index < (size_t)s->recipe.nets)
        return hf_i_net_part_train(&s->nets[index], &s->prepared, &split, &s->recipe, (int)index);
    uint32_t set = (uint32_t)(index - (size_t)s->recipe.nets);
    if (s->recipe.cost[set] <= 0)
        return HF_OK;
    return hf_i_linear_part_train(&s->part[set], &s->prepared, set, &split, &s->recipe);
}

/* ---- reading
 * ------------------------------------------------------------------------------------------ */

static hf_status read_all(suite *s)
{
    HF_TRY(hf_i_suite_read(&s->corpus, s->o->suite));
    if (s->o->acts)
        HF_TRY(hf_i_corpus_read_acts(&s->corpus, s->o->acts, HF_SET_ACTS));
    int last = hf_i_corpus_find(&s->corpus, "abusive");
    s->heads = (size_t)last + 1;
    if (s->heads > HF_WEIGHTS_HEADS)
        return hf_i_fail(s->ctx, HF_E_INTERNAL, NULL, "more heads than columns");
    HF_TRY(hf_i_prepare(&s->prepared, s->ctx, &s->corpus, 17, 14));
    size_t cells = s->corpus.count * HF_CORPUS_LABELS;
    if (!(s->linear = hf_i_calloc(s->ctx, cells, sizeof(float))))
        return HF_E_NOMEM;
    for (int k = 0; k < s->recipe.nets; k++)
        if (!(s->net[k] = hf_i_calloc(s->ctx, cells, sizeof(float))))
            return HF_E_NOMEM;
    return HF_OK;
}

/* The mean of the networks, in the first one's place. */
static void average_nets(suite *s)
{
    size_t cells = s->corpus.count * HF_CORPUS_LABELS;
    for (size_t i = 0; i < cells && s->recipe.nets; i++) {
        float sum = 0;
        for (int k = 0; k < s->recipe.nets; k++)
            sum += s->net[k][i];
        s->net[0][i] = sum / (float)s->recipe.nets;
    }
}

/* ---- labels
 * ---------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *head;
} aliases[] = {
    {"ekman_anger", "ekman_anger"},
    {"ekman_disgust", "disgust"},
    {"ekman_fear", "ekman_fear"},
    {"ekman_joy", "ekman_joy"},
    {"ekman_sadness", "ekman_sadness"},
    {"ekman_surprise", "ekman_surprise"},
    {"ekman_neutral", "neutral"},
    {"sentiment_positive", "ekman_joy"},
    {"sentiment_negative", "sentiment_negative"},
    {"sentiment_ambiguous", "ekman_surprise"},
    {"sentiment_neutral", "neutral"},
    {"sentiment_other", "sentiment_other"},
    {"emotional_disclosure", "emotional_disclosure"},
    {"information_disclosure", "information_disclosure"},
    {"support", "support"},
    {"general_support", "general_support"},
    {"info_support", "info_support"},
    {"emo_support", "emo_support"},
    {"self_need", "self_need"},
    {"other_need", "other_need"},
    {"showing_empathy", "showing_empathy"},
    {"uv_part", "uv_part"},
    {"abusive", "abusive"},
};

static void add_label(suite *s, hf_i_weights_label *to, const char *name, const char *head)
{
    int h = hf_i_corpus_find(&s->corpus, head);
    memset(to, 0, sizeof *to);
    memcpy(to->name, name, strlen(name));
    to->head = (uint32_t)h;
    to->threshold = (float)s->stack.threshold[h];
    to->base_rate = (float)s->stack.base_rate[h];
    to->slope = 1;
}

static hf_status write_model(suite *s)
{
    hf_i_weights_label labels[28 + HF_COUNT_OF(aliases)];
    size_t n = 0;
    for (size_t i = 0; i < 28; i++)
        add_label(s, &labels[n++], hf_i_goemotions[i], hf_i_goemotions[i]);
    for (size_t i = 0; i < HF_COUNT_OF(aliases); i++)
        add_label(s, &labels[n++], aliases[i].name, aliases[i].head);
    hf_i_pack pack = {.p = &s->prepared,
                      .heads = s->heads,
                      .linear = s->part,
                      .nets = s->nets,
                      .net_count = (size_t)s->recipe.nets,
                      .labels = labels,
                      .label_count = n,
                      .emotions = 28,
                      .stack = s->stack.weights,
                      .act_inputs = hf_i_act_inputs((uint32_t)s->heads),
                      .notes = s->o->notes ? s->o->notes : ""};
    if (s->o->acts) {
        pack.acts = HF_WEIGHTS_ACT_LABELS;
        memcpy(pack.act_label, s->acts.label, sizeof pack.act_label);
        pack.act_stack = s->acts.weights;
        pack.act_threshold = s->acts.threshold;
    }
    return hf_i_pack_write(s->ctx, &pack, s->o->out);
}

/* ---- the whole
 * ---------------------------------------------------------------------------------------------- */

static hf_status run(suite *s, hf_text_report *report)
{
    HF_TRY(read_all(s));
    size_t tasks = (size_t)(s->o->folds * (s->recipe.nets + 1));
    HF_TRY(hf_i_parallel_for(s->ctx, tasks, fold_task, s));
    average_nets(s);
    hf_i_split split = {-1, s->o->folds, s->o->kept};
    HF_TRY(hf_i_stack_fit(&s->stack, s->ctx, &s->corpus, s->heads, s->linear,
                          s->recipe.nets ? s->net[0] : NULL, &split));
    HF_TRY(hf_i_report_fill(report, s->ctx, &s->corpus, s->heads, s->linear, &s->stack, &split));
    if (s->o->acts) {
        HF_TRY(hf_i_act_stack_fit(&s->acts, s->ctx, &s->corpus, s->linear,
                                  s->recipe.nets ? s->net[0] : s->linear, &s->stack, &split));
        HF_TRY(hf_i_report_acts(report, s->ctx, &s->corpus, s->linear, &s->acts, &split));
        if (s->o->confusion)
            HF_TRY(hf_i_confusion_write(s->ctx, &s->corpus, &s->acts, &split, s->o->confusion));
    }
    if (!s->o->out)
        return HF_OK;
    HF_TRY(hf_i_parallel_for(s->ctx, (size_t)s->recipe.nets + HF_SET_COUNT, final_task, s));
    return write_model(s);
}

static void dispose(suite *s)
{
    for (int k = 0; k < HF_WEIGHTS_NETS; k++) {
        hf_i_free(s->ctx, s->net[k]);
        if (s->nets[k].ctx)
            hf_i_net_dispose(&s->nets[k]);
    }
    for (int set = 0; set < HF_SET_COUNT; set++)
        hf_i_linear_part_dispose(&s->part[set], s->ctx);
    hf_i_stack_dispose(&s->stack, s->ctx);
    hf_i_act_stack_dispose(&s->acts, s->ctx);
    hf_i_free(s->ctx, s->linear);
    hf_i_prepared_dispose(&s->prepared);
    hf_i_corpus_dispose(&s->corpus);
    hf_i_free(s->ctx, s);
}

hf_status hf_text_train_suite(hf_text_report *report, hf_ctx *ctx,
                              const hf_text_suite_options *options)
{
    *report = (hf_text_report){NULL, 0};
    if (options->size != sizeof *options || !options->suite || options->folds < 2 ||
        options->nets < 0 || options->nets > HF_WEIGHTS_NETS)
        return hf_i_fail(ctx, HF_E_USAGE, NULL,
                         "training needs a folder, 2 folds, 0 to %d networks", HF_WEIGHTS_NETS);
    suite *s = hf_i_calloc(ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    s->ctx = ctx;
    s->o = options;
    s->recipe = hf_i_recipe_default;
    s->recipe.nets = options->nets;
    s->recipe.seed = options->seed;
    hf_i_corpus_init(&s->corpus, ctx);
    s->prepared.ctx = ctx;
    hf_i_arena_init(&s->prepared.arena, ctx);
    s->prepared.x.ctx = ctx;
    hf_status status = run(s, report);
    dispose(s);
    if (status != HF_OK)
        hf_text_report_free(ctx, report);
    return status;
}
