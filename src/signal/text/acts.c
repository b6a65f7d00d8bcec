/* SPDX-License-Identifier: MIT */
#include "signal/text/acts.h"

#include "signal/text/act_order.h"

#include <math.h>
#include <string.h>

const int hf_i_act_order[HF_I_ACT_ORDER] = {
    -1,
    HF_ACT_LOGISTICS,
    HF_ACT_QUESTION,
    HF_ACT_NEED,
    HF_ACT_DISCLOSURE,
    HF_ACT_SUPPORT,
    HF_ACT_ACKNOWLEDGE,
    HF_ACT_REASSURANCE,
    HF_ACT_HARD_EMOTION,
    HF_ACT_BLAME,
    HF_ACT_CONTEMPT,
    HF_ACT_DEFENCE,
    HF_ACT_DISENGAGE,
    HF_ACT_SPACE,
    HF_ACT_BOUNDARY,
    HF_ACT_REPAIR,
};

#define ACT_ROW(name, id, grade) {id, grade},
static const struct {
    const char *id, *grade;
} acts[] = {HF_ACT_LIST(ACT_ROW)};
#define NEED_ROW(name, id) id,
static const char *const needs[] = {HF_NEED_LIST(NEED_ROW)};
#define STATE_ROW(name, text) text,
static const char *const states[] = {HF_TEXT_STATE_LIST(STATE_ROW)};

const char *hf_act_name(hf_act act)
{
    return (unsigned)act < HF_ACT_COUNT ? acts[act].id : NULL;
}

const char *hf_act_grade(hf_act act)
{
    return (unsigned)act < HF_ACT_COUNT ? acts[act].grade : NULL;
}

hf_act hf_act_find(const char *name)
{
    int i = 0;
    while (i < HF_ACT_COUNT && strcmp(acts[i].id, name) != 0)
        i++;
    return (hf_act)i;
}

const char *hf_need_name(hf_need need)
{
    return (unsigned)need < HF_NEED_COUNT ? needs[need] : NULL;
}

const char *hf_text_state_name(hf_text_state state)
{
    return (unsigned)state < HF_TEXT_STATE_COUNT ? states[state] : NULL;
}

/* The bits of the acts in a list, or false. */
static bool read_acts(const char *value, size_t size, uint32_t *bits)
{
    for (size_t i = 0; i <= size;) {
        size_t n = 0;
        int k = 0;
        while (i + n < size && value[i + n] != ',')
            n++;
        while (k < HF_ACT_COUNT &&
               (strlen(acts[k].id) != n || memcmp(acts[k].id, value + i, n) != 0))
            k++;
        if (k < HF_ACT_COUNT)
            *bits |= 1u << k;
        else if (n != 4 || memcmp(value + i, "none", 4) != 0)
            return false;
        i += n + 1;
    }
    return true;
}

bool hf_text_result_correct(hf_text_result *result, const char *value, size_t size)
{
    uint32_t bits = 0;
    if (!read_acts(value, size, &bits))
        return false;
    for (int k = 0; k < HF_ACT_COUNT; k++)
        if (k < HF_ACT_FIRST_TAG || (bits >> k & 1u))
            result->acts[k] = bits >> k & 1u ? 1.0f : 0.0f;
    return true;
}

/* Raw warmth: the log odds of the warm heads against those of the cold ones, plus the cues. A
 * transparent sum, not trained: no open set rates warmth to a partner. */
static float warmth_of(const hf_text_coder *c, const hf_text_result *r, const float *cues)
{
    float side[2] = {1e-4f, 1e-4f};
    for (size_t i = 0; i < HF_WARM_LABELS + HF_COLD_LABELS; i++) {
        uint32_t at = c->model->warmth_label[i];
        if (at == UINT32_MAX)
            return NAN; /* a model of one's own */
        side[i >= HF_WARM_LABELS] += r->scores[at];
    }
    return logf(side[0] / side[1]) + 0.5f * (cues[HF_CUE_WARM] - cues[HF_CUE_COLD]);
}

static void acts_of(const hf_text_coder *c, float *out)
{
    memcpy(out, c->act_linear, HF_ACT_COUNT * sizeof *out);
    memcpy(out + HF_ACT_COUNT, c->network + HF_WEIGHTS_HEADS, HF_ACT_COUNT * sizeof *out);
}

static void swap_tokens(hf_text_coder *c)
{
    hf_i_text_tokens keep = c->tokens;
    c->tokens = c->prev;
    c->prev = keep;
}

/* out [HF_ACTS_BEFORE] from the turn before, whose tokens have been read; then the turn's own
 * scores take their place for the next one. Overwrites the features and both parts' scores. */
static hf_status scores_before(hf_text_coder *c, const hf_text *text, const hf_text *prev,
                               float *out)
{
    float own[HF_ACTS_BEFORE];
    acts_of(c, own);
    memset(out, 0, HF_ACTS_BEFORE * sizeof *out);
    if (prev && prev->size && prev->size == c->last_len &&
        memcmp(prev->data, c->last, prev->size) == 0) {
        memcpy(out, c->last_acts, sizeof c->last_acts);
    } else if (prev && prev->size) {
        swap_tokens(c);
        hf_status s = hf_i_features_read(&c->features, &c->tokens, c->model->info->bits, 0);
        hf_i_coder_act_linear(c);
        if (s == HF_OK)
            s = hf_i_coder_network(c);
        swap_tokens(c);
        HF_TRY(s);
        acts_of(c, out);
    }
    c->last_len = text->size <= HF_CODER_LAST ? text->size : SIZE_MAX;
    if (c->last_len != SIZE_MAX) {
        memcpy(c->last, text->data, text->size);
        memcpy(c->last_acts, own, sizeof own);
    }
    return HF_OK;
}

hf_status hf_i_acts_fill(hf_text_coder *c, const hf_text_turn *turn, hf_text_result *out)
{
    const hf_i_text_model *m = c->model;
    uint32_t heads = m->info->heads, n = m->info->act_inputs;
    float x[2 * HF_WEIGHTS_ACT_LABELS + HF_WEIGHTS_HEADS + HF_CUE_FEATURES + HF_ACTS_BEFORE];
    float *cues = x + 2 * HF_WEIGHTS_ACT_LABELS + heads, logit[HF_WEIGHTS_ACTS];
    const hf_text *prev = turn->prev_count ? &turn->prev[turn->prev_count - 1] : NULL;
    if (prev)
        HF_TRY(hf_i_text_tokens_read(&c->prev, prev->data, prev->size));
    hf_i_cues_fill(&m->cues, &c->tokens, c->features.hash, prev ? &c->prev : NULL, cues);
    out->warmth = warmth_of(c, out, cues);
    if (!m->info->acts)
        return HF_OK;
    hf_i_coder_act_linear(c);
    memcpy(x, c->act_linear, HF_WEIGHTS_ACT_LABELS * sizeof *x);
    memcpy(x + HF_WEIGHTS_ACT_LABELS, c->network + HF_WEIGHTS_HEADS,
           HF_WEIGHTS_ACT_LABELS * sizeof *x);
    memcpy(x + 2 * HF_WEIGHTS_ACT_LABELS, c->logit, heads * sizeof *x);
    HF_TRY(scores_before(c, &turn->text, prev, cues + HF_CUE_FEATURES));
    hf_i_kernel_layer(logit, m->acts, m->acts_bias, x, n, HF_WEIGHTS_ACTS);
    for (int k = 0; k < HF_ACT_COUNT; k++)
        out->acts[k] = hf_i_sigmoid(logit[k]);
    for (int k = 0; k < HF_NEED_COUNT; k++)
        out->needs[k] = hf_i_sigmoid(logit[HF_ACT_COUNT + k]);
    return HF_OK;
}
