/* SPDX-License-Identifier: MIT */
#include "cycle/evidence.h"

#include <math.h>
#include <string.h>

const hf_i_mechanism_info hf_i_mechanism_infos[HF_I_E_COUNT] = {
#define INFO(name, key, mech, grade, output, by, slope)                                            \
    {key, mech, grade, HF_OUTPUT_##output, by, slope},
    HF_I_EVIDENCE_LIST(INFO)
#undef INFO
};

static bool from_turns(hf_i_mechanism which)
{
    return which <= HF_I_E_SOFT_OR_HARD || which == HF_I_E_ADAPTING;
}

/* The newest trials in which both was so, each of another exchange. */
static void take_examples(hf_i_evidence_item *item, const hf_i_trials *t)
{
    size_t n = 0;
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < HF_I_EVIDENCE_EXAMPLES; i++)
        item->examples[i] = UINT32_MAX;
    if (hf_i_mechanism_infos[item->which].slope)
        return;
    for (size_t i = t->count; i-- > 0 && n < HF_I_EVIDENCE_EXAMPLES;)
        if (t->items[i].given > 0.5 && t->items[i].then > 0.5 && t->items[i].exchange != last) {
            item->examples[n++] = t->items[i].turn;
            last = t->items[i].exchange;
        }
}

static hf_status find_one(hf_i_evidence_item *item, const hf_i_evidence_view *v, int p,
                          hf_i_trials *t)
{
    t->count = 0;
    if (item->which == HF_I_E_FELT_SAID)
        HF_TRY(hf_i_diary_trials(t, v, p));
    else if (from_turns(item->which))
        HF_TRY(hf_i_turn_trials(t, v, item->which, p));
    else
        HF_TRY(hf_i_exchange_trials(t, v, item->which, p));
    if (hf_i_mechanism_infos[item->which].slope) {
        HF_TRY(hf_i_slope_make(&item->slope, v->ctx, t->items, t->count));
        item->enough = item->slope.enough;
        item->p_corrected = item->slope.p_value;
    } else {
        HF_TRY(hf_i_contrast_make(&item->contrast, v->ctx, t->items, t->count));
        item->enough = item->contrast.enough;
        item->p_corrected = item->contrast.p_value;
    }
    take_examples(item, t);
    return HF_OK;
}

static hf_status find_all(hf_i_evidence *out, const hf_i_evidence_view *v, hf_i_trials *t)
{
    for (int which = 0; which < HF_I_E_COUNT; which++)
        for (int p = 0; p < (hf_i_mechanism_infos[which].by_partner ? 2 : 1); p++) {
            hf_i_evidence_item *item = &out->items[out->count++];
            item->which = (hf_i_mechanism)which;
            item->about = hf_i_mechanism_infos[which].by_partner ? p : 2;
            HF_TRY(find_one(item, v, p, t));
        }
    return HF_OK;
}

static void correct(hf_i_evidence *out, double *also, size_t also_count)
{
    enum { ALSO = 16 };
    double p[2 * HF_I_E_COUNT + ALSO];
    size_t m = 0;
    for (size_t i = 0; i < out->count; i++)
        p[m++] = out->items[i].p_corrected;
    for (size_t i = 0; i < also_count && i < ALSO; i++)
        p[m++] = also[i];
    for (size_t i = 0; i < m; i++)
        out->looked_at += isnan(p[i]) ? 0 : 1;
    hf_i_holm(p, m);
    for (size_t i = 0; i < out->count; i++) {
        out->items[i].p_corrected = p[i];
        out->items[i].seen = p[i] <= 1 - HF_I_EVIDENCE_LEVEL;
    }
    for (size_t i = 0; i < also_count && i < ALSO; i++)
        also[i] = p[out->count + i];
}

hf_status hf_i_evidence_find(hf_i_evidence *out, hf_ctx *ctx, const hf_cycle *cycle,
                             double *looked_also, size_t also_count)
{
    hf_i_evidence_view view;
    hf_i_trials trials = {.ctx = ctx};
    memset(out, 0, sizeof *out);
    HF_TRY(hf_i_evidence_view_make(&view, ctx, cycle));
    hf_status status = find_all(out, &view, &trials);
    if (status == HF_OK)
        correct(out, looked_also, also_count);
    hf_i_free(ctx, trials.items);
    hf_i_evidence_view_dispose(&view);
    return status;
}
