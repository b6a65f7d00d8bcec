/* SPDX-License-Identifier: MIT */
/* The referral brief: one page that its author hands over, made of what the author ticked and of
 * nothing else (science: guidance-and-safety, section 9). */
#include <holdfast/safety.h>

#include "guidance/html.h"
#include "guidance/referral.h"
#include "text/json_write.h"

#include <string.h>

enum { PARTS = 8 };

static const char *const titles[2] = {"What I am looking for", "Was ich suche"};
static const char *const feet[2] = {
    "Written by the person named here, with Holdfast, on this computer. It holds only what they "
    "ticked. No diagnosis; not evidence; not for custody or legal use.",
    "Geschrieben von der Person oben, mit Holdfast, auf diesem Computer. Es steht nur da, was sie "
    "angekreuzt hat. Keine Diagnose, kein Beweis, nicht für Gericht oder Sorgerecht."};
static const char *const labels[2][PARTS] = {
    {"Name", "What it is about", "Languages", "In person or remote", "What I can pay",
     "When I have time", "Place", "Wishes"},
    {"Name", "Worum es geht", "Sprachen", "Vor Ort oder online", "Was ich zahlen kann",
     "Wann ich Zeit habe", "Ort", "Wünsche"}};
static const char *const keys[PARTS] = {"name", "needs",        "language", "mode",
                                        "cost", "availability", "place",    "wishes"};

static int german(const hf_brief *b)
{
    return b->text_language && strcmp(b->text_language, "de") == 0;
}

static void parts_of(const hf_brief *b, const char *out[PARTS])
{
    const char *parts[PARTS] = {b->name, b->needs,        b->language, b->mode,
                                b->cost, b->availability, b->place,    b->wishes};
    memcpy(out, parts, sizeof parts);
}

static hf_status check(const hf_brief *b, hf_ctx *ctx, const char *parts[PARTS])
{
    if (b->size != sizeof *b)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "a brief of another version of the library");
    parts_of(b, parts);
    for (int i = 1; i < PARTS; i++)
        if (parts[i] && *parts[i])
            return HF_OK;
    return hf_i_fail(ctx, HF_E_USAGE, "Say for example --needs \"...\" --language de --mode remote.",
                     "the brief is empty");
}

hf_status hf_brief_write_text(const hf_brief *b, hf_ctx *ctx, hf_outfile *file)
{
    const char *parts[PARTS];
    int l = german(b);
    HF_TRY(check(b, ctx, parts));
    HF_TRY(hf_outfile_printf(file, "%s\n%s\n\n", titles[l], b->made_on ? b->made_on : ""));
    for (int i = 0; i < PARTS; i++)
        if (parts[i] && *parts[i])
            HF_TRY(hf_outfile_printf(file, "%s: %s\n", labels[l][i], parts[i]));
    return hf_outfile_printf(file, "\n%s\n", feet[l]);
}

typedef struct {
    const hf_brief *brief;
    const char *parts[PARTS];
} page;

static hf_status fill(void *user, const char *slot, hf_i_buf *out)
{
    const page *p = user;
    int l = german(p->brief);
    if (strcmp(slot, "lang") == 0)
        return hf_i_buf_add_str(out, l ? "de" : "en");
    if (strcmp(slot, "title") == 0)
        return hf_i_html_text(out, titles[l], strlen(titles[l]));
    if (strcmp(slot, "foot") == 0)
        return hf_i_html_text(out, feet[l], strlen(feet[l]));
    if (strcmp(slot, "date") == 0) {
        const char *date = p->brief->made_on ? p->brief->made_on : "";
        return hf_i_html_text(out, date, strlen(date));
    }
    for (int i = 0; i < PARTS; i++) {
        if (!p->parts[i] || !*p->parts[i])
            continue;
        HF_TRY(hf_i_buf_add_str(out, "<dt>"));
        HF_TRY(hf_i_html_text(out, labels[l][i], strlen(labels[l][i])));
        HF_TRY(hf_i_buf_add_str(out, "</dt><dd>"));
        HF_TRY(hf_i_html_text(out, p->parts[i], strlen(p->parts[i])));
        HF_TRY(hf_i_buf_add_str(out, "</dd>\n"));
    }
    return HF_OK;
}

hf_status hf_brief_write_html(const hf_brief *b, hf_ctx *ctx, hf_outfile *file)
{
    page p = {.brief = b};
    HF_TRY(check(b, ctx, p.parts));
    return hf_i_html_fill(ctx, "guidance/brief.html", file, fill, &p);
}

hf_status hf_brief_write_json(const hf_brief *b, hf_ctx *ctx, hf_outfile *file)
{
    const char *parts[PARTS];
    hf_i_json_writer w;
    HF_TRY(check(b, ctx, parts));
    hf_i_json_init(&w, hf_i_sink_outfile(file), HF_I_JSON_PRETTY);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "schema", "holdfast-brief-1");
    hf_i_json_key_str(&w, "made_on", b->made_on);
    for (int i = 0; i < PARTS; i++)
        if (parts[i] && *parts[i])
            hf_i_json_key_str(&w, keys[i], parts[i]);
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    return hf_i_json_finish(&w);
}

const char *hf_i_brief_get(const hf_brief *b, hf_i_criterion c)
{
    const char *by_criterion[HF_I_CRITERIA] = {b->needs, b->language,     b->mode,
                                               b->cost,  b->availability, b->place};
    return by_criterion[c] && *by_criterion[c] ? by_criterion[c] : NULL;
}
