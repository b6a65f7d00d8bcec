/* SPDX-License-Identifier: MIT */
/* Coding one turn, and many on several threads. */
#include "signal/text/acts.h"
#include "signal/text/coder.h"

#include <math.h>
#include <string.h>

static hf_text_state state_of(const hf_i_text_tokens *t)
{
    if (t->count == 0)
        return HF_TEXT_EMPTY;
    if (t->foreign > t->latin)
        return HF_TEXT_OTHER_LANGUAGE;
    return t->latin + t->foreign == 0 ? HF_TEXT_NO_WORDS : HF_TEXT_CODED;
}

enum {
    LANGUAGE_WORDS = 7,    /* shorter turns are too easily taken for another language */
    LANGUAGE_BYTES = 2048, /* enough to tell */
};

/* Another language in Latin letters, where the house is sure of it. */
static hf_status check_language(hf_text_coder *c, const hf_text *text, hf_text_state *state)
{
    size_t words = 0;
    for (size_t i = 0; i < c->tokens.count && words < LANGUAGE_WORDS; i++)
        words += c->tokens.items[i].kind == HF_TOKEN_WORD;
    if (*state != HF_TEXT_CODED || words < LANGUAGE_WORDS)
        return HF_OK;
    hf_i_words_clear(&c->words);
    HF_TRY(hf_i_words_add(&c->words, &c->model->lexicon, text->data,
                          text->size < LANGUAGE_BYTES ? text->size : LANGUAGE_BYTES));
    hf_i_language language = hf_i_language_of(&c->words);
    if (language != HF_I_LANG_UNKNOWN && language != HF_I_LANG_EN)
        *state = HF_TEXT_OTHER_LANGUAGE;
    return HF_OK;
}

static void fill_nan(hf_text_result *out)
{
    for (size_t i = 0; i < HF_TEXT_MAX_LABELS; i++)
        out->scores[i] = NAN;
    for (size_t i = 0; i < HF_ACT_COUNT; i++)
        out->acts[i] = NAN;
    for (size_t i = 0; i < HF_NEED_COUNT; i++)
        out->needs[i] = NAN;
    out->warmth = NAN;
}

/* Among the emotions the best one is named even when none is over its threshold. */
static void name_labels(const hf_i_text_model *m, hf_text_result *out)
{
    const hf_i_weights_info *info = m->info;
    bool any = false;
    uint32_t best = info->first_emotion;
    float most = -1;
    for (uint32_t i = 0; i < info->labels; i++) {
        out->over[i] = out->scores[i] >= m->labels[i].threshold;
        if (i - info->first_emotion >= info->emotions)
            continue;
        any |= out->over[i];
        float share = out->scores[i] / m->labels[i].threshold;
        if (share > most) {
            most = share;
            best = i;
        }
    }
    if (!any && info->emotions)
        out->over[best] = true;
}

hf_status hf_text_code(hf_text_coder *c, const hf_text_turn *turn, hf_text_result *out)
{
    const hf_i_text_model *m = c->model;
    memset(out, 0, sizeof *out);
    fill_nan(out);
    HF_TRY(hf_i_text_tokens_read(&c->tokens, turn->text.data, turn->text.size));
    out->state = state_of(&c->tokens);
    out->cut = c->tokens.cut;
    out->invalid_utf8 = c->tokens.bad_bytes > 0;
    HF_TRY(check_language(c, &turn->text, &out->state));
    if (out->state == HF_TEXT_EMPTY || out->state == HF_TEXT_OTHER_LANGUAGE)
        return HF_OK;
    HF_TRY(hf_i_features_read(&c->features, &c->tokens, m->info->bits, 0));
    hf_i_coder_linear(c);
    HF_TRY(hf_i_coder_network(c));
    hf_i_coder_stack(c);
    for (uint32_t i = 0; i < m->info->labels; i++) {
        const hf_i_weights_label *l = &m->labels[i];
        out->scores[i] = hf_i_sigmoid(c->logit[l->head] * l->slope + l->offset);
    }
    name_labels(m, out);
    return out->state == HF_TEXT_CODED ? hf_i_acts_fill(c, turn, out) : HF_OK;
}

/* ---- many ---------------------------------------------------------------------------------------
 */

enum { BATCH = 256 };

typedef struct {
    hf_ctx *ctx;
    const hf_text_model *model;
    const hf_text_turn *turns;
    hf_text_result *out;
    size_t count;
    hf_text_coder *coder[HF_MAX_THREADS];
} job;

static hf_status code_batch(void *user, size_t index, int worker)
{
    job *j = user;
    size_t begin = index * BATCH, end = begin + BATCH < j->count ? begin + BATCH : j->count;
    if (!j->coder[worker])
        HF_TRY(hf_text_coder_new(&j->coder[worker], j->ctx, j->model));
    for (size_t i = begin; i < end; i++)
        HF_TRY(hf_text_code(j->coder[worker], &j->turns[i], &j->out[i]));
    return HF_OK;
}

hf_status hf_text_code_all(hf_ctx *ctx, const hf_text_model *model, const hf_text_turn *turns,
                           size_t count, hf_text_result *out)
{
    job j = {.ctx = ctx, .model = model, .turns = turns, .out = out, .count = count};
    hf_status s = hf_i_parallel_for(ctx, (count + BATCH - 1) / BATCH, code_batch, &j);
    for (size_t i = 0; i < HF_MAX_THREADS; i++)
        hf_text_coder_free(j.coder[i]);
    return s;
}
