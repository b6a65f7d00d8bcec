/* SPDX-License-Identifier: MIT */
#include "guidance/texts.h"

#include <holdfast/guidance.h>

#include <string.h>

hf_status hf_i_guide_texts_open(hf_i_guide_texts *t, hf_ctx *ctx, const char *language)
{
    char name[64];
    memset(t, 0, sizeof *t);
    t->ctx = ctx;
    hf_i_json_tree_init(&t->tree, ctx);
    hf_i_buf_init(&t->said, ctx, 1 << 16, "a sentence");
    snprintf(name, sizeof name, "guidance/%.8s.json", language);
    size_t size;
    const char *text = strlen(language) == 2 ? hf_i_data_get(name, &size) : NULL;
    if (!text)
        return hf_i_fail(ctx, HF_E_NOT_FOUND, "There are 'en' and 'de'.",
                         "guidance has no language '%.20s'", language);
    snprintf(t->language, sizeof t->language, "%s", language);
    return hf_i_json_tree_parse(&t->tree, ctx, text);
}

void hf_i_guide_texts_dispose(hf_i_guide_texts *t)
{
    if (!t->ctx)
        return;
    hf_i_json_tree_dispose(&t->tree);
    hf_i_buf_dispose(&t->said);
    t->ctx = NULL;
}

/* Keys hold dots, not slashes: each is one member of the file's object. */
const char *hf_i_guide_text(hf_i_guide_texts *t, const char *key)
{
    const hf_i_json_node *n = hf_i_json_get(&t->tree, hf_i_json_root(&t->tree), key);
    hf_i_buf_clear(&t->said);
    if (n->kind != HF_I_JSON_STRING || hf_i_buf_add(&t->said, n->text, n->len) != HF_OK)
        return NULL;
    return t->said.data;
}

struct hf_guide_words {
    hf_ctx *ctx;
    hf_i_guide_texts texts;
};

hf_status hf_guide_words_new(hf_guide_words **out, hf_ctx *ctx, const char *language)
{
    *out = NULL;
    hf_guide_words *w = hf_i_calloc(ctx, 1, sizeof *w);
    if (!w)
        return HF_E_NOMEM;
    w->ctx = ctx;
    hf_status status = hf_i_guide_texts_open(&w->texts, ctx, language);
    if (status == HF_OK)
        *out = w;
    else
        hf_guide_words_free(w);
    return status;
}

void hf_guide_words_free(hf_guide_words *w)
{
    if (!w)
        return;
    hf_i_guide_texts_dispose(&w->texts);
    hf_i_free(w->ctx, w);
}

const char *hf_guide_words_get(hf_guide_words *w, const char *key)
{
    const char *text = hf_i_guide_text(&w->texts, key);
    return text ? text : key;
}
