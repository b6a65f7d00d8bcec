/* SPDX-License-Identifier: MIT */
/* Conditions on the episodes of the cycle, from the figure that the report draws them from. */
#include "guidance/rules.h"

#include <string.h>

hf_status hf_i_episodes_open(hf_i_matcher *m)
{
    for (size_t i = 0; i < hf_findings_count_figures(m->findings); i++) {
        const hf_figure *f = hf_findings_get_figure(m->findings, i);
        if (strcmp(f->kind, "episodes") == 0)
            return hf_i_json_tree_parse(&m->episodes, m->ctx, f->data);
    }
    return HF_OK;
}

/* 'a', 'b' or 'both' beside the one asked for; 0 or 1, or -1 for anybody. */
static bool names_person(const hf_i_json_node *who, int person)
{
    if (hf_i_json_node_is(who, "both"))
        return true;
    if (person < 0)
        return hf_i_json_node_is(who, "a") || hf_i_json_node_is(who, "b");
    return hf_i_json_node_is(who, person ? "b" : "a");
}

static bool shows(const hf_i_json_tree *t, const hf_i_json_node *e, const hf_i_condition *c,
                  int person)
{
    int64_t attempts, landed;
    const hf_i_json_node *repairs = hf_i_json_get(t, e, "repairs"), *problem;
    switch (c->role) {
    case HF_I_EPISODE_TRIED:
        return names_person(repairs, person) &&
               hf_i_json_node_int(hf_i_json_get(t, e, "repair_attempts"), &attempts) &&
               hf_i_json_node_int(hf_i_json_get(t, e, "repair_landed"), &landed) &&
               attempts > landed && !hf_i_json_node_is(hf_i_json_get(t, e, "end"), "returned");
    case HF_I_EPISODE_OPEN:
    case HF_I_EPISODE_RETURNED:
        return hf_i_json_node_is(hf_i_json_get(t, e, "end"), hf_i_episode_names[c->role]);
    case HF_I_EPISODE_PROBLEM:
        problem = hf_i_json_get(t, e, "problem");
        return hf_i_json_there(problem) && !hf_i_json_node_is(problem, "none");
    default:
        return names_person(hf_i_json_get(t, e, hf_i_episode_names[c->role]), person);
    }
}

static void copy_text(char *out, size_t size, const hf_i_json_node *n)
{
    snprintf(out, size, "%.*s", n->kind == HF_I_JSON_STRING ? (int)n->len : 0, n->text);
}

static void describe(const hf_i_json_tree *t, const hf_i_json_node *e, hf_i_reason *out)
{
    copy_text(out->episode, sizeof out->episode, hf_i_json_get(t, e, "id"));
    copy_text(out->from, sizeof out->from, hf_i_json_get(t, e, "from"));
    copy_text(out->to, sizeof out->to, hf_i_json_get(t, e, "to"));
    memset(out->turns, 0, sizeof out->turns);
    const hf_i_json_node *x = hf_i_json_first(t, hf_i_json_get(t, e, "examples"));
    for (size_t k = 0; k < HF_I_MAX_TURNS && x->kind != HF_I_JSON_END;
         k++, x = hf_i_json_next_node(t, x))
        copy_text(out->turns[k], sizeof out->turns[k], hf_i_json_get(t, x, "turn"));
    if (!out->turns[0][0])
        copy_text(out->turns[0], sizeof out->turns[0], hf_i_json_get(t, e, "onset"));
}

bool hf_i_episodes_fit(const hf_i_matcher *m, const hf_i_condition *c, hf_i_binding b,
                       hf_i_reason *out)
{
    const hf_i_json_tree *t = &m->episodes;
    bool any = c->pattern[0] == 'a', other = c->pattern[1] == 'o';
    int64_t count = 0, days;
    if (!t->count || (!any && b.me < 0))
        return false;
    int person = any ? -1 : other ? 1 - b.me : b.me;
    const hf_i_json_node *e = hf_i_json_first(t, hf_i_json_get(t, hf_i_json_root(t), "episodes"));
    memset(out, 0, sizeof *out);
    for (; e->kind != HF_I_JSON_END; e = hf_i_json_next_node(t, e)) {
        char to[32];
        copy_text(to, sizeof to, hf_i_json_get(t, e, "to"));
        if (!shows(t, e, c, person) ||
            (c->within_days && !(hf_i_days_between(to, m->last, &days) && days <= c->within_days)))
            continue;
        count++;
        describe(t, e, out); /* the newest stays: they are oldest first */
    }
    out->role = hf_i_episode_names[c->role];
    out->about = person == 1 ? HF_PARTNER_B : HF_PARTNER_A;
    out->nobody = any;
    return count >= c->periods;
}
