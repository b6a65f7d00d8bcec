/* SPDX-License-Identifier: MIT */
/* The cycle in the couple's own words: JSON, and one page to print. */
#include "guidance/html.h"
#include "guidance/texts.h"
#include "text/json_write.h"
#include "text/utf8.h"

#include <holdfast/guidance.h>

#include <string.h>

enum { MOST_ANSWER = 300, DENSE = 650 }; /* bytes of an answer; of a side, for smaller print */

static const char *const part_names[] = {
#define PART_NAME(name, text) text,
    HF_LOOP_LIST(PART_NAME)
#undef PART_NAME
};

const char *hf_loop_part_name(hf_loop_part part)
{
    return (unsigned)part < HF_LOOP_PARTS ? part_names[part] : "?";
}

static bool written(const char *text)
{
    return text && *text;
}

static hf_status check(hf_ctx *ctx, const hf_loop *loop)
{
    if (!written(loop->sides[0].name))
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "the loop needs the name of who wrote it");
    for (int s = 0; s < 2; s++)
        for (int k = 0; k < HF_LOOP_PARTS; k++)
            if (loop->sides[s].parts[k] && strlen(loop->sides[s].parts[k]) > MOST_ANSWER)
                return hf_i_fail(ctx, HF_E_LIMIT, "Shorten it: a sentence or two fit best.",
                                 "the answer '%s' has more than %d bytes", part_names[k],
                                 MOST_ANSWER);
    return HF_OK;
}

/* ---- JSON ---------------------------------------------------------------------------------------
 */

hf_status hf_loop_write_json(const hf_loop *loop, hf_ctx *ctx, hf_outfile *file)
{
    hf_i_json_writer w;
    HF_TRY(check(ctx, loop));
    hf_i_json_init(&w, hf_i_sink_outfile(file), HF_I_JSON_PRETTY);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "schema", "holdfast-loop-1");
    hf_i_json_key_str(&w, "made_on", loop->made_on ? loop->made_on : "");
    hf_i_json_key(&w, "sides");
    hf_i_json_array_begin(&w);
    for (int s = 0; s < 2 && written(loop->sides[s].name); s++) {
        hf_i_json_object_begin(&w);
        hf_i_json_key_str(&w, "name", loop->sides[s].name);
        for (int k = 0; k < HF_LOOP_PARTS; k++)
            hf_i_json_key_str(&w, part_names[k],
                              written(loop->sides[s].parts[k]) ? loop->sides[s].parts[k] : NULL);
        hf_i_json_object_end(&w);
    }
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    return hf_i_json_finish(&w);
}

typedef struct {
    hf_loop loop; /* first: what the caller holds */
    hf_i_arena texts;
} owned_loop;

typedef struct {
    hf_ctx *ctx;
    hf_i_json_reader json;
    hf_i_json_tree tree;
    owned_loop *out;
} reader;

static hf_status take(reader *r, const hf_i_json_node *parent, const char *key, const char **out)
{
    const hf_i_json_node *n = hf_i_json_get(&r->tree, parent, key);
    *out = NULL;
    if (!hf_i_json_there(n))
        return HF_OK;
    if (n->kind != HF_I_JSON_STRING || n->len > MOST_ANSWER)
        return hf_i_json_fail(&r->json, HF_E_PARSE, n->byte, "Write a text of at most 300 bytes.",
                              "loop: '%s' is no short text", key);
    *out = hf_i_arena_strndup(&r->out->texts, n->text, n->len);
    return *out ? HF_OK : HF_E_NOMEM;
}

static hf_status read_sides(reader *r)
{
    HF_TRY(hf_i_json_next(&r->json));
    HF_TRY(hf_i_json_tree_read(&r->tree, &r->json));
    const hf_i_json_node *root = hf_i_json_root(&r->tree);
    const hf_i_json_node *side = hf_i_json_first(&r->tree, hf_i_json_get(&r->tree, root, "sides"));
    HF_TRY(take(r, root, "made_on", &r->out->loop.made_on));
    if (side->kind != HF_I_JSON_OBJECT)
        return hf_i_json_fail(&r->json, HF_E_PARSE, 0, "holdfast loop writes such a file.",
                              "this is no loop: it has no sides");
    for (int s = 0; s < 2 && side->kind != HF_I_JSON_END;
         side = hf_i_json_next_node(&r->tree, side), s++) {
        hf_loop_side *to = &r->out->loop.sides[s];
        HF_TRY(take(r, side, "name", &to->name));
        for (int k = 0; k < HF_LOOP_PARTS; k++)
            HF_TRY(take(r, side, part_names[k], &to->parts[k]));
        if (!written(to->name))
            return hf_i_json_fail(&r->json, HF_E_PARSE, side->byte, NULL,
                                  "loop: a side has no name");
    }
    return HF_OK;
}

hf_status hf_loop_read(hf_loop **out, hf_ctx *ctx, const char *path)
{
    hf_i_file file;
    *out = NULL;
    reader r = {.ctx = ctx, .out = hf_i_calloc(ctx, 1, sizeof *r.out)};
    if (!r.out)
        return HF_E_NOMEM;
    hf_i_arena_init(&r.out->texts, ctx);
    hf_status status = hf_i_file_open(&file, ctx, path);
    if (status == HF_OK) {
        hf_i_json_open(&r.json, ctx, path, file.data, file.size);
        hf_i_json_tree_init(&r.tree, ctx);
        status = read_sides(&r);
        hf_i_json_tree_dispose(&r.tree);
        hf_i_json_dispose(&r.json);
        hf_i_file_close(&file);
    }
    if (status == HF_OK)
        *out = &r.out->loop;
    else
        hf_loop_free(ctx, &r.out->loop);
    return status;
}

void hf_loop_free(hf_ctx *ctx, hf_loop *loop)
{
    owned_loop *owned = (owned_loop *)loop;
    if (!owned)
        return;
    hf_i_arena_dispose(&owned->texts);
    hf_i_free(ctx, owned);
}

/* ---- the page
 * --------------------------------------------------------------------------------------
 */

typedef struct {
    const hf_loop *loop;
    hf_i_guide_texts texts;
    bool one;
} page;

static hf_status add_key(page *p, const char *key, hf_i_buf *out)
{
    const char *text = hf_i_guide_text(&p->texts, key);
    return text ? hf_i_html_text(out, text, strlen(text)) : HF_OK;
}

/* A sentence with {date:date} in it. */
static hf_status add_foot(page *p, hf_i_buf *out)
{
    static const char slot[] = "{date:date}";
    const char *text = hf_i_guide_text(&p->texts, "loop.page.foot");
    const char *at = text ? strstr(text, slot) : NULL;
    if (!at)
        return text ? hf_i_html_text(out, text, strlen(text)) : HF_OK;
    HF_TRY(hf_i_html_text(out, text, (size_t)(at - text)));
    HF_TRY(hf_i_html_text(out, p->loop->made_on, strlen(p->loop->made_on)));
    at += strlen(slot);
    return hf_i_html_text(out, at, strlen(at));
}

static hf_status add_side(page *p, int s, hf_i_buf *out)
{
    const hf_loop_side *side = &p->loop->sides[s];
    if (!written(side->name))
        return HF_OK;
    HF_TRY(hf_i_buf_printf(out, "<section class=\"side %s\"><h2>", s ? "b" : "a"));
    HF_TRY(hf_i_html_text(out, side->name, strlen(side->name)));
    HF_TRY(hf_i_buf_add_str(out, "</h2><dl>"));
    for (int k = 0; k < HF_LOOP_PARTS; k++) {
        char key[64];
        snprintf(key, sizeof key, "loop.page.%s", part_names[k]);
        HF_TRY(hf_i_buf_printf(out, "<div class=\"%s\"><dt>", part_names[k]));
        HF_TRY(add_key(p, key, out));
        HF_TRY(hf_i_buf_add_str(out, "</dt><dd>"));
        if (written(side->parts[k]))
            HF_TRY(hf_i_html_text(out, side->parts[k], strlen(side->parts[k])));
        else
            HF_TRY(hf_i_buf_add_str(out, "<i></i>"));
        HF_TRY(hf_i_buf_add_str(out, "</dd></div>"));
    }
    return hf_i_buf_add_str(out, "</dl></section>");
}

/* A few words of an answer for the drawing. */
static hf_status add_short(page *p, const char *text, hf_i_buf *out)
{
    size_t size = written(text) ? strlen(text) : 0, kept = size ? hf_i_utf8_cut(text, size, 48) : 0;
    if (!size)
        return add_key(p, "loop.page.empty", out);
    size_t word = kept;
    while (kept < size && word > 20 && text[word] != ' ')
        word--;
    kept = kept < size && word > 20 ? word : kept;
    HF_TRY(hf_i_html_text(out, text, kept));
    return kept < size ? hf_i_buf_add_str(out, " \xe2\x80\xa6") : HF_OK;
}

/* One page holds it all; long answers are printed smaller. */
static bool is_dense(const page *p)
{
    for (int s = 0; s < 2; s++) {
        size_t bytes = 0;
        for (int k = 0; k < HF_LOOP_PARTS; k++)
            bytes += written(p->loop->sides[s].parts[k]) ? strlen(p->loop->sides[s].parts[k]) : 0;
        if (bytes > DENSE)
            return true;
    }
    return false;
}

static hf_status fill_slot(void *user, const char *slot, hf_i_buf *out)
{
    page *p = user;
    char key[96];
    const hf_loop_side *sides = p->loop->sides;
    if (strcmp(slot, "lang") == 0)
        return hf_i_buf_add_str(out, p->texts.language);
    if (strcmp(slot, "class") == 0)
        return hf_i_buf_printf(out, "%s%s", p->one ? "one" : "two", is_dense(p) ? " dense" : "");
    if (strcmp(slot, "side_a") == 0 || strcmp(slot, "side_b") == 0)
        return add_side(p, slot[5] == 'b', out);
    if (strcmp(slot, "name_a") == 0 || strcmp(slot, "name_b") == 0) {
        const char *name = sides[slot[5] == 'b'].name;
        return written(name) ? hf_i_html_text(out, name, strlen(name)) : HF_OK;
    }
    if (strcmp(slot, "did_a") == 0 || (strcmp(slot, "did_b") == 0 && !p->one))
        return add_short(p, sides[slot[4] == 'b'].parts[HF_LOOP_DID], out);
    if (strcmp(slot, "under_a") == 0 || (strcmp(slot, "under_b") == 0 && !p->one))
        return add_short(p, sides[slot[6] == 'b'].parts[HF_LOOP_UNDERNEATH], out);
    if (strcmp(slot, "foot") == 0)
        return add_foot(p, out);
    if (strncmp(slot, "t:", 2) != 0)
        return HF_OK;
    snprintf(key, sizeof key, "loop.page.%.60s%s", slot + 2, p->one ? ".one" : "");
    if (!p->one || !hf_i_guide_text(&p->texts, key))
        snprintf(key, sizeof key, "loop.page.%.60s", slot + 2);
    return add_key(p, key, out);
}

hf_status hf_loop_write_html(const hf_loop *loop, hf_ctx *ctx, const char *language,
                             hf_outfile *file)
{
    hf_loop whole = *loop;
    page p = {.loop = &whole, .one = !written(loop->sides[1].name)};
    whole.made_on = loop->made_on ? loop->made_on : "";
    HF_TRY(check(ctx, loop));
    hf_status status = hf_i_guide_texts_open(&p.texts, ctx, language);
    if (status == HF_OK)
        status = hf_i_html_fill(ctx, "guidance/loop.html", file, fill_slot, &p);
    hf_i_guide_texts_dispose(&p.texts);
    return status;
}
