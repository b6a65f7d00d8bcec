/* SPDX-License-Identifier: MIT */
/* What a turn does, from its words: the text model (doc/text-model.md is its card).
 *
 * For one turn in English the model gives probabilities: of the labels it was trained on in public
 * sets (emotions, disclosure, support, needs in a negotiation, hostility) and of the acts the cycle
 * is built from (doc/coding-manual.md). Each was measured on the source corpus only; on private
 * chats they are shown as low, medium or high until the pair's own corrections exist.
 *
 * Numbers: probabilities in 0..1; NaN where the model has nothing to say (see hf_text_state).
 * The same turn gives the same bits on every machine, alone or in a batch, for any thread count.
 * Sources: linear part Hsieh et al. 2008 (ICML); network Kim 2014 (EMNLP), Bojanowski et al. 2017
 * (TACL 5); calibration Platt 1999. */
#ifndef HOLDFAST_TEXT_MODEL_H
#define HOLDFAST_TEXT_MODEL_H

#include <holdfast/base.h>
#include <holdfast/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the model --------------------------------------------------------------------------------
 */

/* Weights, mapped read-only. May be shared by threads. */
typedef struct hf_text_model hf_text_model;

/* path NULL: looks for models/turns_en.bin below the folder named by HOLDFAST_DATA, then beside the
 * running program, then in the install path. Fails with HF_E_NOT_FOUND, HF_E_IO, or HF_E_FORMAT
 * (damaged, or weights of another version). The model keeps ctx for its memory. */
HF_API hf_status hf_text_model_open(hf_text_model **out, hf_ctx *ctx, const char *path);
HF_API void hf_text_model_free(hf_text_model *model);

/* Labels in the order of hf_text_result.scores. Names are borrowed. */
HF_API size_t hf_text_model_labels(const hf_text_model *model);
HF_API const char *hf_text_model_label(const hf_text_model *model, size_t index);
HF_API double hf_text_model_threshold(const hf_text_model *model, size_t index);
HF_API size_t hf_text_model_find(const hf_text_model *model, const char *name); /* SIZE_MAX: none */
/* How the weights were made, with the attributions their sources ask for. Not NUL-terminated. */
HF_API hf_text hf_text_model_notes(const hf_text_model *model);
/* 16 hexadecimal digits that name these weights. */
HF_API void hf_text_model_id(const hf_text_model *model, char out[17]);

/* ---- acts -------------------------------------------------------------------------------------
 */

/* X(name, identifier, evidence grade) */
#define HF_ACT_LIST(X)                                                                             \
    X(NEED, "need", "B")                                                                           \
    X(DISCLOSURE, "disclosure", "B")                                                               \
    X(HARD_EMOTION, "hard_emotion", "B")                                                           \
    X(BLAME, "blame", "C")                                                                         \
    X(CONTEMPT, "contempt", "C")                                                                   \
    X(DEFENCE, "defence", "C")                                                                     \
    X(DISENGAGE, "disengage", "C")                                                                 \
    X(REASSURANCE, "reassurance", "C")                                                             \
    X(SPACE, "space", "C")                                                                         \
    X(SUPPORT, "support", "B")                                                                     \
    X(ACKNOWLEDGE, "acknowledge", "C")                                                             \
    X(REPAIR, "repair", "C")                                                                       \
    X(QUESTION, "question", "B")                                                                   \
    X(BOUNDARY, "boundary", "C")                                                                   \
    X(LOGISTICS, "logistics", "C")                                                                 \
    X(SAFETY, "safety", "C")                                                                       \
    X(ACCESSIBLE, "accessible", "C")                                                               \
    X(RESPONSIVE, "responsive", "C")                                                               \
    X(ENGAGED, "engaged", "C")

/* The acts of doc/contracts.md 5; the last three are tags derived from them. */
typedef enum hf_act {
#define HF_ACT_ENUM(name, id, grade) HF_ACT_##name,
    HF_ACT_LIST(HF_ACT_ENUM)
#undef HF_ACT_ENUM
        HF_ACT_COUNT
} hf_act;
#define HF_ACT_FIRST_TAG HF_ACT_ACCESSIBLE

/* What a turn may ask for; offered as a question, never asserted. */
#define HF_NEED_LIST(X)                                                                            \
    X(HEARD, "heard")                                                                              \
    X(APPRECIATED, "appreciated")                                                                  \
    X(SAFE, "safe")                                                                                \
    X(WANTED, "wanted")                                                                            \
    X(SPACE, "space")                                                                              \
    X(RESPECT, "respect")                                                                          \
    X(HELP, "help")                                                                                \
    X(FAIRNESS, "fairness")                                                                        \
    X(TOUCH, "touch")

typedef enum hf_need {
#define HF_NEED_ENUM(name, id) HF_NEED_##name,
    HF_NEED_LIST(HF_NEED_ENUM)
#undef HF_NEED_ENUM
        HF_NEED_COUNT
} hf_need;

/* Identifiers and grades, static storage; hf_act_find gives HF_ACT_COUNT for an unknown name. */
HF_API const char *hf_act_name(hf_act act);
HF_API const char *hf_act_grade(hf_act act);
HF_API hf_act hf_act_find(const char *name);
HF_API const char *hf_need_name(hf_need need);
/* From which probability on an act or need counts as named (best F1 in cross-validation on the own
 * invented turns); 1 when the weights hold no acts. */
HF_API double hf_text_model_act_threshold(const hf_text_model *model, hf_act act);
HF_API double hf_text_model_need_threshold(const hf_text_model *model, hf_need need);

/* ---- one turn ---------------------------------------------------------------------------------
 */

#define HF_TEXT_STATE_LIST(X)                                                                      \
    X(CODED, "coded")                                                                              \
    X(EMPTY, "empty")                                                                              \
    X(NO_WORDS, "no words")                                                                        \
    X(OTHER_LANGUAGE, "no text model for this language")

/* empty: nothing but blanks. no words: emoji, emoticons, signs, numbers or links only (scores are
 * given, the model knows emoji; acts are not). other language: neither scores nor acts. */
typedef enum hf_text_state {
#define HF_TEXT_STATE_ENUM(name, text) HF_TEXT_##name,
    HF_TEXT_STATE_LIST(HF_TEXT_STATE_ENUM)
#undef HF_TEXT_STATE_ENUM
        HF_TEXT_STATE_COUNT
} hf_text_state;
HF_API const char *hf_text_state_name(hf_text_state state);

typedef struct hf_text_turn {
    hf_text text;
    const hf_text *prev; /* earlier turns, oldest first; only the last three are looked at */
    size_t prev_count;
} hf_text_turn;

#define HF_TEXT_MAX_LABELS 128

typedef struct hf_text_result {
    hf_text_state state;
    bool cut;                         /* the turn is longer than what is looked at (2,048 tokens) */
    bool invalid_utf8;                /* bytes that are not UTF-8 were skipped */
    float scores[HF_TEXT_MAX_LABELS]; /* hf_text_model_labels of them; NaN without scores */
    bool over[HF_TEXT_MAX_LABELS];    /* over the stored threshold, or the best emotion */
    float acts[HF_ACT_COUNT];         /* NaN without acts */
    float needs[HF_NEED_COUNT];
    /* Raw warmth of the words, in logits: positive warm, negative cold. Means nothing by itself:
     * compare it with the writer's own usual. NaN without scores. */
    float warmth;
} hf_text_result;

/* What the pair says a turn did (a correction with field "act", doc/contracts.md 6): a list of acts
 * and tags with commas, or "none". The named ones become 1, the other acts 0; tags change only when
 * named. False, changing nothing, when a name is unknown. */
HF_API bool hf_text_result_correct(hf_text_result *result, const char *value, size_t size);

/* Working memory of one thread over a model; not to be shared. */
typedef struct hf_text_coder hf_text_coder;
HF_API hf_status hf_text_coder_new(hf_text_coder **out, hf_ctx *ctx, const hf_text_model *model);
HF_API void hf_text_coder_free(hf_text_coder *coder);
HF_API hf_status hf_text_code(hf_text_coder *coder, const hf_text_turn *turn, hf_text_result *out);

/* Many turns on the context's threads; out [count]. */
HF_API hf_status hf_text_code_all(hf_ctx *ctx, const hf_text_model *model,
                                  const hf_text_turn *turns, size_t count, hf_text_result *out);

/* ---- lines of JSON ----------------------------------------------------------------------------
 */

/* Codes the lines {"id","text","prev"?} of in [0, in_size) and gives the lines {"id","scores",
 * "labels","acts","needs","state",...} as a buffer to be freed with hf_text_lines_free. in must end
 * at a line's end or at the end of the source. first_line is the number of its first line in file
 * (for errors, may be NULL). Fails with HF_E_PARSE at the first bad line (the lowest one). */
HF_API hf_status hf_text_code_lines(char **out, size_t *out_size, hf_ctx *ctx,
                                    const hf_text_model *model, const char *in, size_t in_size,
                                    const char *file, uint64_t first_line);
HF_API void hf_text_lines_free(hf_ctx *ctx, char *lines);

/* ---- training ---------------------------------------------------------------------------------
 */

/* One label of a training report. All from rows the scores were not trained on; thresholds of a
 * fold come from the other folds. */
typedef struct hf_text_report_row {
    char set[24], label[40];
    uint64_t rows, positives, groups;
    double auc_linear, f1_linear;    /* a plain linear model on the same n-grams, for comparison */
    double auc, f1, f1_low, f1_high; /* 95 % interval, resampled by group */
    double kappa, kappa_low, kappa_high, mcc, mcc_low, mcc_high;
    double threshold;
    double calibration_error; /* mean |said - seen| over ten equal bins, weighted */
    double coder_kappa;       /* of two coders on the same rows; NaN: one coder */
    uint64_t disagreed;       /* rows on which they differ: not in rows, f1 and the other numbers */
    double f1_first;          /* F1 against the first coder, those rows too; NaN: one coder, or a
                                 table of one's own */
} hf_text_report_row;

typedef struct hf_text_report {
    hf_text_report_row *rows;
    size_t count;
} hf_text_report;
HF_API void hf_text_report_free(hf_ctx *ctx, hf_text_report *report);

typedef struct hf_text_suite_options {
    size_t size;
    const char *suite; /* folder with goemotions/, offmychest/, casino/, convabuse/ ... */
    const char *acts;  /* folder with the own annotated turns; NULL: none, then no acts */
    const char *out;   /* where the weights go */
    const char *notes; /* text stored with the weights: attributions; may be NULL */
    int folds;         /* of the cross-validation, at least 2 */
    int kept;          /* a fold kept out of everything, for a check of the file; -1: none */
    int nets;          /* networks, 0 to 4 */
    uint64_t seed;
    const char *confusion; /* where the table of acts read against acts coded goes, or NULL */
} hf_text_suite_options;

#define HF_TEXT_SUITE_OPTIONS_INIT                                                                 \
    {                                                                                              \
        sizeof(hf_text_suite_options), NULL, NULL, NULL, NULL, 5, -1, 2, 1, NULL                   \
    }

/* Trains the shipped model. The same files and options give the same bytes on one kind of machine,
 * for any thread count. Takes minutes; reports progress; can be cancelled. */
HF_API hf_status hf_text_train_suite(hf_text_report *report, hf_ctx *ctx,
                                     const hf_text_suite_options *options);

/* A researcher's own coded turns: TSV with one header line, no quoting. Trains the linear part
 * alone, measured with folds by group (dyad), never by turn. Lists of columns are separated by
 * commas. */
typedef struct hf_text_table_options {
    size_t size;
    const char *path, *text; /* text: column of the turn */
    const char *group;       /* column that names the dyad */
    const char *labels;      /* columns with 0, 1 or empty */
    const char *second;      /* the second coder's columns in the same order, or NULL: rows on which
                                the coders differ are reported and not learnt from */
    const char *out, *notes; /* weights for hf_text_model_open, or NULL */
    int folds;
    double cost; /* of an error against the size of the weights; 0.3 suits a few thousand turns */
    uint64_t seed;
} hf_text_table_options;

#define HF_TEXT_TABLE_OPTIONS_INIT                                                                 \
    {                                                                                              \
        sizeof(hf_text_table_options), NULL, "text", NULL, NULL, NULL, NULL, NULL, 5, 0.3, 1       \
    }

/* Fails with HF_E_NOT_ENOUGH_DATA when there are fewer groups than folds or a label has fewer than
 * ten positives or negatives. */
HF_API hf_status hf_text_train_table(hf_text_report *report, hf_ctx *ctx,
                                     const hf_text_table_options *options);

#ifdef __cplusplus
}
#endif
#endif
