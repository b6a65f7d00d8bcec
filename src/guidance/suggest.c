/* SPDX-License-Identifier: MIT */
/* One suggestion out of the rules that hold, with its reasons. */
#include "guidance/rules.h"

#include "text/json_write.h"

#include <string.h>

enum { DAY = 10 }; /* bytes of a date */

typedef struct {
    hf_i_matcher m;
    hf_i_match found[HF_I_MAX_OFFERED];
    size_t count;
    hf_step step; /* the earliest that is open */
} chooser;

/* ---- choosing -----------------------------------------------------------------------------------
 */

/* Keeps the heaviest of the earliest open step; of equal ones the earlier in the file. */
static void take(chooser *c, const hf_i_match *match)
{
    const hf_rule *rule = &match->rule->pub;
    if (rule->step > c->step)
        return;
    if (rule->step < c->step) {
        c->step = rule->step;
        c->count = 0;
    }
    size_t at = c->count;
    while (at > 0 && c->found[at - 1].rule->pub.weight < rule->weight)
        at--;
    if (at == HF_I_MAX_OFFERED)
        return;
    size_t last = c->count < HF_I_MAX_OFFERED ? c->count : HF_I_MAX_OFFERED - 1;
    memmove(&c->found[at + 1], &c->found[at], (last - at) * sizeof c->found[0]);
    c->found[at] = *match;
    c->count = last + 1;
}

/* Alone, 'me' is the one at the keyboard. With both, a rule is tried from either side. */
static hf_status try_rule(chooser *c, const hf_i_rule *rule)
{
    hf_i_match match;
    bool holds = false;
    if (c->m.consent != HF_CONSENT_BOTH) {
        HF_TRY(hf_i_rule_holds(&c->m, rule, (hf_i_binding){c->m.me}, &match, &holds));
    } else {
        int first = c->m.me == 1 ? 1 : 0;
        for (int i = 0; i < 2 && !holds; i++)
            HF_TRY(hf_i_rule_holds(&c->m, rule, (hf_i_binding){i ? 1 - first : first}, &match,
                                   &holds));
    }
    if (holds)
        take(c, &match);
    return HF_OK;
}

/* ---- writing
 * --------------------------------------------------------------------------------------
 */

static void write_reason(hf_i_json_writer *w, const hf_i_reason *r)
{
    hf_i_json_object_begin(w);
    if (r->finding) {
        hf_i_json_key_str(w, "finding", r->finding->id);
    } else if (r->episode[0]) {
        hf_i_json_key_str(w, "episode", r->episode);
        hf_i_json_key_str(w, "about", r->nobody ? NULL : hf_partner_name(r->about));
        hf_i_json_key_str(w, "role", r->role);
        hf_i_json_key_str(w, "from", r->from);
        hf_i_json_key_str(w, "to", r->to);
    } else {
        hf_i_json_key_str(w, "series", r->series);
        hf_i_json_key_str(w, "about", hf_partner_name(r->about));
        hf_i_json_key_str(w, "direction", r->above ? "above" : "below");
        hf_i_json_key_int(w, "periods", r->periods);
        hf_i_json_key_str(w, "from", r->from);
        hf_i_json_key_str(w, "to", r->to);
    }
    hf_i_json_object_end(w);
}

/* At most three ids, each once. */
typedef struct {
    const char *id[HF_I_MAX_TURNS];
    size_t count;
} turn_list;

static void add_turn(turn_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->id[i], id) == 0)
            return;
    if (list->count < HF_I_MAX_TURNS)
        list->id[list->count++] = id;
}

/* Cited turns of the stretch: those whose words may be shown come first. */
static void add_stretch(const chooser *c, const hf_i_reason *r, turn_list *list)
{
    const hf_findings *f = c->m.findings;
    for (int with_text = 1; with_text >= 0; with_text--)
        for (size_t i = 0; i < hf_findings_count_turns(f); i++) {
            const hf_cited_turn *t = hf_findings_get_turn(f, i);
            bool inside = t->t && strncmp(t->t, r->from, 10) >= 0 && strncmp(t->t, r->to, 10) <= 0;
            if (inside && (t->text.data != NULL) == (with_text == 1))
                add_turn(list, t->id);
        }
}

static void write_turns(hf_i_json_writer *w, const chooser *c, const hf_i_match *match)
{
    turn_list list = {{NULL}, 0};
    for (size_t i = 0; i < match->reason_count; i++) {
        const hf_i_reason *r = &match->reasons[i];
        if (!r->finding && !r->episode[0])
            add_stretch(c, r, &list);
        for (size_t k = 0; k < HF_I_MAX_TURNS && r->turns[k][0]; k++)
            add_turn(&list, r->turns[k]);
        for (size_t k = 0; r->finding && k < HF_COUNT_OF(r->finding->examples); k++)
            if (r->finding->examples[k])
                add_turn(&list, r->finding->examples[k]);
    }
    hf_i_json_key(w, "turns");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < list.count; i++)
        hf_i_json_str(w, list.id[i]);
    hf_i_json_array_end(w);
}

static void write_values(hf_i_json_writer *w, const chooser *c, const hf_i_match *match)
{
    int me = match->binding.me;
    hf_i_json_key(w, "values");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "me", me >= 0 ? c->m.name[me] : "");
    hf_i_json_key_str(w, "other", me >= 0 ? c->m.name[1 - me] : "");
    for (size_t i = 0; i < match->reason_count; i++)
        if (!match->reasons[i].finding) {
            /* Days are enough, and read better. */
            hf_i_json_key_text(w, "from", match->reasons[i].from,
                               strnlen(match->reasons[i].from, DAY));
            hf_i_json_key_text(w, "to", match->reasons[i].to, strnlen(match->reasons[i].to, DAY));
            break;
        }
    hf_i_json_object_end(w);
}

static void write_match(hf_i_json_writer *w, const chooser *c, const hf_i_match *match)
{
    const hf_rule *rule = &match->rule->pub;
    char key[160], grade[2] = {rule->grade, 0};
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "rule", rule->id);
    snprintf(key, sizeof key, "guide.%.100s", rule->id);
    hf_i_json_key_str(w, "text_key", key);
    hf_i_json_key_str(w, "title", match->rule->title);
    hf_i_json_key_str(w, "text", match->rule->text);
    hf_i_json_key_str(w, "change", match->rule->change);
    hf_i_json_key_str(w, "practice", rule->practice);
    hf_i_json_key_str(w, "grade", grade);
    hf_i_json_key_str(w, "mechanism", rule->mechanism);
    hf_i_json_key_str(w, "source", rule->source);
    write_values(w, c, match);
    hf_i_json_key(w, "why");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < match->reason_count; i++)
        write_reason(w, &match->reasons[i]);
    hf_i_json_array_end(w);
    write_turns(w, c, match);
    hf_i_json_object_end(w);
}

/* The neutral form is the same, byte for byte, whatever the cause. */
static hf_status write_figure(const chooser *c, hf_findings *findings, hf_i_buf *buf)
{
    hf_i_json_writer w;
    hf_i_json_init(&w, hf_i_sink_buf(buf), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "state", c->count ? "suggestion" : "neutral");
    hf_i_json_key_str(&w, "audience", c->m.consent == HF_CONSENT_BOTH ? "both" : "me");
    hf_i_json_key_str(&w, "step", c->count ? hf_step_name(c->step) : NULL);
    hf_i_json_key_str(&w, "neutral_key", "guide.neutral");
    hf_i_json_key(&w, "offered");
    hf_i_json_array_begin(&w);
    for (size_t i = 0; i < c->count; i++)
        write_match(&w, c, &c->found[i]);
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    HF_TRY(hf_i_json_finish(&w));
    hf_figure figure = {"suggestion", "suggestion", "figure.suggestion", buf->data};
    return hf_findings_add_figure(findings, &figure);
}

static hf_status guide(chooser *c, hf_findings *findings, hf_ctx *ctx, const hf_rules *rules,
                       bool silent)
{
    hf_i_buf buf;
    HF_TRY(hf_i_matcher_init(&c->m, ctx, rules, findings));
    for (size_t i = 0; !silent && i < rules->count; i++)
        HF_TRY(try_rule(c, &rules->rules[i]));
    hf_i_buf_init(&buf, ctx, 1 << 20, "a suggestion");
    hf_status status = write_figure(c, findings, &buf);
    hf_i_buf_dispose(&buf);
    return status;
}

hf_status hf_guide(hf_findings *findings, hf_ctx *ctx, const hf_guide_options *options)
{
    static const hf_guide_options defaults = HF_GUIDE_OPTIONS_INIT;
    const hf_guide_options *o = options ? options : &defaults;
    const hf_findings_header *h = hf_findings_get_header(findings);
    hf_rules *own = NULL;
    if (o->size != sizeof *o)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another version of the library");
    if (h->consent == HF_CONSENT_RESEARCH)
        return HF_OK;
    if (!o->rules)
        HF_TRY(hf_rules_read(&own, ctx, NULL));
    chooser *c = hf_i_calloc(ctx, 1, sizeof *c);
    hf_status status = c ? HF_OK : HF_E_NOMEM;
    if (c) {
        c->step = HF_STEP_COUNT;
        status = guide(c, findings, ctx, o->rules ? o->rules : own,
                       o->held_back || (h->show_resources && !o->flagged_is_old));
        hf_i_matcher_dispose(&c->m);
    }
    hf_i_free(ctx, c);
    hf_rules_free(own);
    return status;
}
