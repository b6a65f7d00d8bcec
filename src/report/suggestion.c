/* SPDX-License-Identifier: MIT */
/* The suggestion of a document in words. */
#include "report/report.h"

#include <math.h>
#include <string.h>

static const char *copy(hf_i_suggestion *s, const hf_i_json_node *n)
{
    return n->kind == HF_I_JSON_STRING ? hf_i_arena_strndup(&s->texts, n->text, n->len) : NULL;
}

static hf_status read_offered(hf_i_suggestion *s, const hf_i_json_node *first)
{
    const hf_i_json_tree *t = &s->tree;
    s->text_key = copy(s, hf_i_json_get(t, first, "text_key"));
    s->grade = copy(s, hf_i_json_get(t, first, "grade"));
    s->practice = copy(s, hf_i_json_get(t, first, "practice"));
    s->title = copy(s, hf_i_json_get(t, first, "title"));
    s->text = copy(s, hf_i_json_get(t, first, "text"));
    const hf_i_json_node *v = hf_i_json_first(t, hf_i_json_get(t, first, "values"));
    for (; v->kind != HF_I_JSON_END && s->value_count < HF_I_SUGGESTION_VALUES;
         v = hf_i_json_next_node(t, v)) {
        hf_finding_value *to = &s->values[s->value_count];
        *to =
            (hf_finding_value){hf_i_arena_strndup(&s->texts, v->key, v->key_len), NAN, copy(s, v)};
        if (!to->key)
            return HF_E_NOMEM;
        s->value_count += to->text != NULL;
    }
    s->neutral = !s->text_key || !s->grade;
    return HF_OK;
}

hf_status hf_i_suggestion_read(hf_i_suggestion *s, hf_ctx *ctx, const hf_findings *findings)
{
    memset(s, 0, sizeof *s);
    hf_i_arena_init(&s->texts, ctx);
    hf_i_json_tree_init(&s->tree, ctx);
    for (size_t i = 0; i < hf_findings_count_figures(findings); i++) {
        const hf_figure *f = hf_findings_get_figure(findings, i);
        if (strcmp(f->kind, "suggestion") != 0)
            continue;
        s->there = s->neutral = true;
        HF_TRY(hf_i_json_tree_parse(&s->tree, ctx, f->data));
        const hf_i_json_node *first =
            hf_i_json_first(&s->tree, hf_i_json_get(&s->tree, hf_i_json_root(&s->tree), "offered"));
        return first->kind == HF_I_JSON_OBJECT ? read_offered(s, first) : HF_OK;
    }
    return HF_OK;
}

void hf_i_suggestion_dispose(hf_i_suggestion *s)
{
    hf_i_arena_dispose(&s->texts);
    hf_i_json_tree_dispose(&s->tree);
}

hf_status hf_i_suggestion_say(const hf_i_suggestion *s, hf_sentences *sentences, const char *part,
                              const char **out)
{
    char key[160];
    *out = strcmp(part, "title") == 0 ? s->title : strcmp(part, "text") == 0 ? s->text : NULL;
    if (*out)
        return HF_OK;
    snprintf(key, sizeof key, "%.120s.%.20s", s->text_key, part);
    return hf_i_sentences_key(sentences, key, s->values, s->value_count, NULL, out);
}

static hf_status add(hf_i_buf *all, const char *before, const char *text)
{
    if (!text)
        return HF_OK;
    HF_TRY(hf_i_buf_add_str(all, all->len ? before : ""));
    return hf_i_buf_add_str(all, text);
}

static hf_status say_all(const hf_i_suggestion *s, hf_sentences *sentences, hf_i_buf *all)
{
    const char *text;
    char key[32];
    if (s->neutral) {
        HF_TRY(hf_i_sentences_key(sentences, "guide.neutral", NULL, 0, NULL, &text));
        return add(all, "", text);
    }
    HF_TRY(hf_i_suggestion_say(s, sentences, "title", &text));
    HF_TRY(add(all, "", text));
    HF_TRY(hf_i_suggestion_say(s, sentences, "text", &text));
    HF_TRY(add(all, "\n", text));
    snprintf(key, sizeof key, "guide.hedge.%.1s", s->grade);
    HF_TRY(hf_i_sentences_key(sentences, key, NULL, 0, NULL, &text));
    HF_TRY(add(all, " ", text));
    HF_TRY(hf_i_sentences_key(sentences, "guide.choice", NULL, 0, NULL, &text));
    return add(all, "\n", text);
}

hf_status hf_sentences_say_suggestion(hf_sentences *sentences, const hf_findings *findings,
                                      const char **out)
{
    hf_i_suggestion s;
    hf_i_buf *all = hf_i_sentences_buffer(sentences);
    *out = NULL;
    hf_i_buf_clear(all);
    hf_status status = hf_i_suggestion_read(&s, all->ctx, findings);
    if (status == HF_OK && s.there) {
        status = say_all(&s, sentences, all);
        *out = status == HF_OK ? all->data : NULL;
    }
    hf_i_suggestion_dispose(&s);
    return status;
}
