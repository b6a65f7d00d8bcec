/* SPDX-License-Identifier: MIT */
/* The article's four pillars (S5), each from a source of its own, never summed: responsiveness from
 * answers to what was said softly, presence from days with contact, room for vulnerability from
 * what follows it, old wounds from how episodes around trust ended. */
#include "cycle/evidence.h"
#include "signal/say.h"
#include "text/json_write.h"

#include <math.h>

enum { LEAST = 20, LEAST_EPISODES = 5 };

/* trials: then only. key: "pillar_..." */
static hf_status say_share(hf_analysis *a, const char *key, hf_output output, int about,
                           const hf_i_trials *t)
{
    hf_i_interval share;
    hf_i_statement s;
    uint32_t examples[HF_I_EXAMPLES];
    double hits = 0;
    size_t shown = 0;
    HF_TRY(hf_i_share_make(&share, t->ctx, t->items, t->count));
    hf_i_statement_init(&s, key, "S5", 'B', output, about);
    for (size_t i = 0; i < t->count; i++)
        hits += t->items[i].then;
    for (size_t i = 0; i < HF_I_EXAMPLES; i++)
        examples[i] = HF_I_NO_TURN;
    for (size_t i = t->count; i-- > 0 && shown < HF_I_EXAMPLES;)
        if (t->items[i].then > 0.5)
            examples[shown++] = t->items[i].turn;
    s.unit = "share";
    s.n = t->count;
    s.enough = t->count >= LEAST && !isnan(share.lo);
    s.estimate = share.estimate;
    s.lo = share.lo;
    s.hi = share.hi;
    if (output != HF_OUTPUT_TIMING)
        s.examples = examples;
    hf_i_statement_value(&s, "count", hits);
    hf_i_statement_value(&s, "of", (double)t->count);
    return hf_i_say(a, &s);
}

/* Turns of p that another mechanism gave; only those with the given side, or all. */
static hf_status say_turns(hf_analysis *a, const hf_i_evidence_view *v, const char *key, int about)
{
    hf_i_trials t = {.ctx = v->ctx};
    hf_status status = hf_i_turn_trials(&t, v, HF_I_E_SOFT_WARM, about);
    size_t n = 0;
    for (size_t i = 0; i < t.count; i++)
        if (t.items[i].given > 0.5)
            t.items[n++] = t.items[i];
    t.count = n;
    if (status == HF_OK)
        status = say_share(a, key, HF_OUTPUT_INFLUENCE, about, &t);
    hf_i_free(v->ctx, t.items);
    return status;
}

/* After p said something softly: the other's answer was not hard. */
static hf_status say_room(hf_analysis *a, const hf_i_evidence_view *v, int p)
{
    const hf_cycle *c = v->cycle;
    hf_i_trials t = {.ctx = v->ctx};
    hf_status status = HF_OK;
    for (size_t k = 0; status == HF_OK && k + 1 < c->count; k++) {
        const hf_cycle_turn *turn = &c->turns[k], *next = turn + 1;
        bool told = turn->partner == p && (v->does[k] & HF_I_DOES_SOFT) &&
                    turn->acts[HF_ACT_DISCLOSURE] >= 0.5F;
        if (!told || next->partner == p || next->exchange != turn->exchange ||
            !(v->does[k + 1] & HF_I_CODED))
            continue;
        const hf_i_trial x = {.exchange = turn->exchange,
                              .turn = (uint32_t)k,
                              .then = !(v->does[k + 1] & HF_I_DOES_HARD)};
        status = hf_i_trials_add(&t, &x);
    }
    if (status == HF_OK)
        status = say_share(a, "pillar_vulnerability", HF_OUTPUT_INFLUENCE, p, &t);
    hf_i_free(v->ctx, t.items);
    return status;
}

static hf_status say_presence(hf_analysis *a, const hf_i_evidence_view *v)
{
    hf_i_trials t = {.ctx = v->ctx};
    hf_status status = hf_i_exchange_trials(&t, v, HF_I_E_CONTACT_TREND, 0);
    if (status == HF_OK)
        status = say_share(a, "pillar_presence", HF_OUTPUT_TIMING, 2, &t);
    hf_i_free(v->ctx, t.items);
    return status;
}

/* Of the episodes in which trust was the matter, how many found a way back. */
static hf_status say_wounds(hf_analysis *a, const hf_i_evidence_view *v)
{
    double n = 0, back = 0;
    hf_i_statement s;
    for (size_t e = 0; e < v->cycle->episode_count; e++) {
        const hf_episode *x = &v->cycle->episodes[e];
        if (x->problem != HF_PROBLEM_TRUST)
            continue;
        n++;
        back += x->end == HF_EPISODE_RETURNED;
    }
    hf_i_interval w = hf_i_wilson(back, n, HF_I_LEVEL);
    hf_i_statement_init(&s, "pillar_wounds", "S5", 'B', HF_OUTPUT_INFLUENCE, 2);
    s.unit = "share";
    s.n = (uint64_t)n;
    s.enough = n >= LEAST_EPISODES;
    s.estimate = w.estimate;
    s.lo = w.lo;
    s.hi = w.hi;
    hf_i_statement_value(&s, "count", back);
    hf_i_statement_value(&s, "of", n);
    return hf_i_say(a, &s);
}

/* ---- the figure ----------------------------------------------------------------------------- */

static const struct {
    const char *key, *source, *findings[2]; /* ids; the second may be NULL */
} pillars[] = {{"responsiveness", "text", {"pillar_responsiveness.a", "pillar_responsiveness.b"}},
               {"presence", "timing", {"pillar_presence.ab", NULL}},
               {"vulnerability", "text", {"pillar_vulnerability.a", "pillar_vulnerability.b"}},
               {"wounds", "text", {"pillar_wounds.ab", NULL}}};

static bool is_measured(const hf_analysis *a, const char *id)
{
    const hf_finding *f = id ? hf_findings_find(a->findings, id) : NULL;
    return f && (f->status == HF_FINDING_SEEN || f->status == HF_FINDING_HYPOTHESIS);
}

static void write_pillar(hf_i_json_writer *w, const hf_analysis *a, size_t k)
{
    bool measured =
        is_measured(a, pillars[k].findings[0]) || is_measured(a, pillars[k].findings[1]);
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "key", pillars[k].key);
    hf_i_json_key_str(w, "state", measured ? "measured" : "not_enough_data");
    hf_i_json_key_str(w, "source", measured ? pillars[k].source : "none");
    hf_i_json_key(w, "findings");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < 2 && pillars[k].findings[i]; i++)
        hf_i_json_str(w, pillars[k].findings[i]);
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

/* Always all four, in the article's order. */
static hf_status add_figure(hf_analysis *a)
{
    hf_i_json_writer w;
    hf_i_buf buf;
    hf_i_buf_init(&buf, a->ctx, 1 << 16, "a figure");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key(&w, "pillars");
    hf_i_json_array_begin(&w);
    for (size_t k = 0; k < HF_COUNT_OF(pillars); k++)
        write_pillar(&w, a, k);
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    hf_status status = hf_i_json_finish(&w);
    if (status == HF_OK) {
        const hf_figure figure = {"pillars", "pillars", "figure.pillars", buf.data};
        status = hf_findings_add_figure(a->findings, &figure);
    }
    hf_i_buf_dispose(&buf);
    return status;
}

hf_status hf_i_pillars_write(const hf_i_evidence_view *view, hf_analysis *analysis)
{
    for (int p = 0; p < 2; p++) {
        HF_TRY(say_turns(analysis, view, "pillar_responsiveness", p));
        HF_TRY(say_room(analysis, view, p));
    }
    HF_TRY(say_presence(analysis, view));
    HF_TRY(say_wounds(analysis, view));
    return add_figure(analysis);
}
