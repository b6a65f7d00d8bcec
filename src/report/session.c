/* SPDX-License-Identifier: MIT */
/* The session sheet: one A4 page for the therapy hour, from documents that hold nothing private. */
#include "report/report.h"

#include "guidance/html.h"
#include "num/stats_distribution.h"
#include "text/utf8.h"

#include <math.h>
#include <string.h>

enum { MOST_CHANGES = 4, MOST_PRACTICES = 2, EXAMPLES = 3, QUOTE = 130, ANSWER = 92 };

typedef struct {
    hf_ctx *ctx;
    const hf_session_options *o;
    hf_sentences *say;
    hf_i_json_tree record, before; /* the headers' records */
    char name[2][256], me[256];
    bool solo;
    hf_i_suggestion suggestion;
} sheet;

/* ---- small parts
 * ---------------------------------------------------------------------------------
 */

static hf_status add(hf_i_buf *out, const char *text)
{
    return text ? hf_i_html_text(out, text, strlen(text)) : HF_OK;
}

static hf_status add_key(sheet *s, hf_i_buf *out, const char *key, const hf_finding_value *values,
                         size_t count, const char *unit)
{
    const char *text;
    HF_TRY(hf_i_sentences_key(s->say, key, values, count, unit, &text));
    return add(out, text ? text : key);
}

/* At most so many bytes, cut between words. */
static hf_status add_cut(hf_i_buf *out, const char *text, size_t size, size_t most)
{
    size_t kept = hf_i_utf8_cut(text, size, most), word = kept;
    while (kept < size && word > most / 2 && text[word] != ' ')
        word--;
    if (kept < size && word > most / 2)
        kept = word;
    HF_TRY(hf_i_html_text(out, text, kept));
    return kept < size ? hf_i_buf_add_str(out, " \xe2\x80\xa6") : HF_OK;
}

static void text_at(const hf_i_json_tree *t, const char *key, char *out, size_t size)
{
    const hf_i_json_node *n = hf_i_json_get(t, hf_i_json_root(t), key);
    snprintf(out, size, "%.*s", n->kind == HF_I_JSON_STRING ? (int)n->len : 0, n->text);
}

static void read_names(const hf_i_json_tree *t, char name[2][256], char *me)
{
    const hf_i_json_node *p = hf_i_json_first(t, hf_i_json_get(t, hf_i_json_root(t), "partners"));
    for (; p->kind != HF_I_JSON_END; p = hf_i_json_next_node(t, p)) {
        const hf_i_json_node *n = hf_i_json_get(t, p, "name");
        int who = hf_i_json_node_is(hf_i_json_get(t, p, "key"), "b");
        snprintf(name[who], 256, "%.*s", (int)n->len, n->text);
        if (me && hf_i_json_node_true(hf_i_json_get(t, p, "me")))
            snprintf(me, 256, "%s", name[who]);
    }
}

/* ---- head, loop
 * -----------------------------------------------------------------------------------
 */

static hf_status add_head(sheet *s, hf_i_buf *out)
{
    const hf_findings_header *h = hf_findings_get_header(s->o->now);
    char first[64], last[64];
    text_at(&s->record, "first", first, sizeof first);
    text_at(&s->record, "last", last, sizeof last);
    const hf_finding_value values[] = {{"a", NAN, s->name[0]},
                                       {"b", NAN, s->name[1]},
                                       {"first", NAN, first},
                                       {"last", NAN, last},
                                       {"me", NAN, s->me},
                                       {"date", NAN, s->o->made_on ? s->o->made_on : ""},
                                       {"by", NAN, h->declared_by ? h->declared_by : "-"}};
    const size_t n = HF_COUNT_OF(values);
    HF_TRY(hf_i_buf_add_str(out, "<h1>"));
    HF_TRY(add_key(s, out, "sheet.couple", values, n, NULL));
    HF_TRY(hf_i_buf_add_str(out, "</h1><p>"));
    HF_TRY(add_key(s, out, "sheet.for", values, n, NULL));
    HF_TRY(hf_i_buf_add_str(out, " "));
    HF_TRY(add_key(s, out, s->solo ? "sheet.solo" : "sheet.both", values, n, NULL));
    return hf_i_buf_add_str(out, "</p>");
}

static hf_status add_side(sheet *s, hf_i_buf *out, const hf_loop_side *side, int which)
{
    HF_TRY(hf_i_buf_printf(out, "<div class=\"side %c\"><h3>", "ab"[which]));
    HF_TRY(add_cut(out, side->name, strlen(side->name), 40));
    HF_TRY(hf_i_buf_add_str(out, "</h3><dl>"));
    for (int k = 0; k < HF_LOOP_PARTS; k++) {
        const char *text = side->parts[k];
        char key[64];
        if (!text || !*text)
            continue;
        snprintf(key, sizeof key, "loop.page.%s", hf_loop_part_name((hf_loop_part)k));
        HF_TRY(hf_i_buf_add_str(out, "<dt>"));
        HF_TRY(add_key(s, out, key, NULL, 0, NULL));
        HF_TRY(hf_i_buf_add_str(out, "</dt><dd>"));
        HF_TRY(add_cut(out, text, strlen(text), ANSWER));
        HF_TRY(hf_i_buf_add_str(out, "</dd>"));
    }
    return hf_i_buf_add_str(out, "</dl></div>");
}

static hf_status add_loop(sheet *s, hf_i_buf *out)
{
    const hf_loop *loop = s->o->loop;
    if (!loop) {
        HF_TRY(hf_i_buf_add_str(out, "<p class=\"empty\">"));
        HF_TRY(add_key(s, out, "sheet.loop.none", NULL, 0, NULL));
        return hf_i_buf_add_str(out, "</p><div class=\"room\"></div>");
    }
    HF_TRY(hf_i_buf_add_str(out, "<div class=\"sides\">"));
    for (int i = 0; i < 2 && loop->sides[i].name && *loop->sides[i].name; i++)
        HF_TRY(add_side(s, out, &loop->sides[i], i));
    return hf_i_buf_add_str(out, "</div>");
}

/* ---- examples
 * --------------------------------------------------------------------------------------
 */

static const hf_cited_turn *turn_of(const sheet *s, const char *id, size_t size)
{
    for (size_t i = 0; i < hf_findings_count_turns(s->o->now); i++) {
        const hf_cited_turn *t = hf_findings_get_turn(s->o->now, i);
        if (strlen(t->id) == size && memcmp(t->id, id, size) == 0)
            return t;
    }
    return NULL;
}

static void take(const hf_cited_turn *t, const hf_cited_turn **found, size_t *n)
{
    if (!t || *n == EXAMPLES || !t->t || !t->text.data || !t->text.size)
        return;
    for (size_t i = 0; i < *n; i++)
        if (found[i] == t)
            return;
    found[(*n)++] = t;
}

/* Those of the suggestion, then those of what was seen, then any: dated, with words. */
static size_t choose_examples(const sheet *s, const hf_cited_turn *found[EXAMPLES])
{
    const hf_i_json_tree *t = &s->suggestion.tree;
    size_t n = 0;
    if (s->suggestion.there && !s->suggestion.neutral) {
        const hf_i_json_node *first =
            hf_i_json_first(t, hf_i_json_get(t, hf_i_json_root(t), "offered"));
        const hf_i_json_node *id = hf_i_json_first(t, hf_i_json_get(t, first, "turns"));
        for (; id->kind == HF_I_JSON_STRING; id = hf_i_json_next_node(t, id))
            take(turn_of(s, id->text, id->len), found, &n);
    }
    for (int seen = 1; seen >= 0; seen--)
        for (size_t i = 0; i < hf_findings_count(s->o->now); i++) {
            const hf_finding *f = hf_findings_get(s->o->now, i);
            if (seen ? f->status != HF_FINDING_SEEN : f->status != HF_FINDING_HYPOTHESIS)
                continue;
            for (size_t k = 0; k < HF_COUNT_OF(f->examples) && f->examples[k]; k++)
                take(turn_of(s, f->examples[k], strlen(f->examples[k])), found, &n);
        }
    for (size_t i = 1; i < n; i++) /* by date */
        for (size_t k = i; k > 0 && strcmp(found[k - 1]->t, found[k]->t) > 0; k--) {
            const hf_cited_turn *swap = found[k];
            found[k] = found[k - 1];
            found[k - 1] = swap;
        }
    return n;
}

static hf_status add_examples(sheet *s, hf_i_buf *out)
{
    const hf_cited_turn *found[EXAMPLES];
    size_t n = choose_examples(s, found);
    if (!n)
        return add_key(s, out, "sheet.examples.none", NULL, 0, NULL);
    HF_TRY(hf_i_buf_add_str(out, "<ul>"));
    for (size_t i = 0; i < n; i++) {
        const hf_finding_value date = {"date", NAN, found[i]->t};
        HF_TRY(hf_i_buf_add_str(out, "<li><b>"));
        HF_TRY(add_key(s, out, "sheet.day", &date, 1, NULL));
        HF_TRY(hf_i_buf_add_str(out, ", "));
        HF_TRY(add_cut(out, s->name[found[i]->partner], strlen(s->name[found[i]->partner]), 40));
        HF_TRY(hf_i_buf_add_str(out, ":</b> "));
        HF_TRY(add_cut(out, found[i]->text.data, found[i]->text.size, QUOTE));
        HF_TRY(hf_i_buf_add_str(out, "</li>"));
    }
    return hf_i_buf_add_str(out, "</ul>");
}

/* ---- what changed
 * ----------------------------------------------------------------------------------
 */

static bool interval_of(const hf_finding *f, double *sd)
{
    bool told = f && (f->status == HF_FINDING_SEEN || f->status == HF_FINDING_HYPOTHESIS);
    if (!told || isnan(f->estimate) || isnan(f->lo) || isnan(f->hi) || !(f->level > 0.5) ||
        f->level >= 1)
        return false;
    *sd = (f->hi - f->lo) / (2 * hf_i_normal_quantile(0.5 + f->level / 2));
    return *sd > 0;
}

/* Two estimates with normal errors; z beyond the bound of Bonferroni over all that is compared.
 * Intervals of shares and medians are a little skewed: near the bound this is approximate. */
static bool compared(const sheet *s, const hf_finding *now, double *z, double *before)
{
    double sd[2];
    const hf_finding *then = hf_findings_find(s->o->earlier, now->id);
    if (!interval_of(now, &sd[0]) || !interval_of(then, &sd[1]))
        return false;
    *before = then->estimate;
    *z = (now->estimate - then->estimate) / sqrt(sd[0] * sd[0] + sd[1] * sd[1]);
    return true;
}

static hf_status add_change(sheet *s, hf_i_buf *out, const hf_finding *f, double before, bool up)
{
    char measure[160], key[16];
    const char *both;
    snprintf(measure, sizeof measure, "%.*s.name", (int)strcspn(f->id, "."), f->id);
    snprintf(key, sizeof key, "sheet.%s", up ? "up" : "down");
    HF_TRY(hf_i_sentences_key(s->say, "sheet.both_of_you", NULL, 0, NULL, &both));
    char who[64];
    snprintf(who, sizeof who, "%.60s", f->about == HF_PARTNER_AB ? both : s->name[f->about]);
    const hf_finding_value values[] = {{"who", NAN, who},
                                       {"before", before, NULL},
                                       {"after", f->estimate, NULL},
                                       {"measure_key", NAN, measure},
                                       {"direction_key", NAN, key}};
    HF_TRY(hf_i_buf_add_str(out, "<li>"));
    HF_TRY(add_key(s, out, "sheet.change", values, HF_COUNT_OF(values), f->unit));
    return hf_i_buf_add_str(out, "</li>");
}

static hf_status add_more(sheet *s, hf_i_buf *out, size_t changed, size_t n)
{
    const hf_finding_value values[] = {{"n", (double)n, NULL},
                                       {"k", (double)changed - MOST_CHANGES, NULL}};
    HF_TRY(hf_i_buf_add_str(out, "</ul>"));
    if (changed && changed <= MOST_CHANGES)
        return HF_OK;
    HF_TRY(hf_i_buf_add_str(out, "<p>"));
    HF_TRY(add_key(s, out, changed ? "sheet.changed.more" : "sheet.changed.none", values, 2, NULL));
    return hf_i_buf_add_str(out, "</p>");
}

static hf_status add_changed_since(sheet *s, hf_i_buf *out)
{
    double z, before;
    size_t n = 0, changed = 0;
    for (size_t i = 0; i < hf_findings_count(s->o->now); i++)
        n += compared(s, hf_findings_get(s->o->now, i), &z, &before);
    double bound = n ? hf_i_normal_quantile(1 - 0.025 / (double)n) : INFINITY;
    char first[64], last[64];
    text_at(&s->record, "first", first, sizeof first);
    text_at(&s->before, "last", last, sizeof last);
    const hf_finding_value values[] = {
        {"date", NAN, hf_findings_get_header(s->o->earlier)->made_on}, {"n", (double)n, NULL}};
    HF_TRY(hf_i_buf_add_str(out, "<p>"));
    HF_TRY(add_key(s, out, "sheet.changed.earlier", values, 2, NULL));
    if (first[0] && last[0] && strcmp(first, last) < 0) {
        HF_TRY(hf_i_buf_add_str(out, " "));
        HF_TRY(add_key(s, out, "sheet.overlap", NULL, 0, NULL));
    }
    HF_TRY(hf_i_buf_add_str(out, "</p><ul>"));
    for (size_t i = 0; i < hf_findings_count(s->o->now); i++) {
        const hf_finding *f = hf_findings_get(s->o->now, i);
        if (!compared(s, f, &z, &before) || !(fabs(z) > bound))
            continue;
        if (++changed <= MOST_CHANGES)
            HF_TRY(add_change(s, out, f, before, z > 0));
    }
    return add_more(s, out, changed, n);
}

static double value_of(const hf_finding *f, const char *key)
{
    for (size_t i = 0; i < f->value_count; i++)
        if (strcmp(f->values[i].key, key) == 0)
            return f->values[i].number;
    return NAN;
}

static hf_status add_changed_lately(sheet *s, hf_i_buf *out)
{
    size_t n = 0, changed = 0;
    HF_TRY(hf_i_buf_add_str(out, "<p>"));
    HF_TRY(add_key(s, out, "sheet.changed.recent", NULL, 0, NULL));
    HF_TRY(hf_i_buf_add_str(out, "</p><ul>"));
    for (size_t i = 0; i < hf_findings_count(s->o->now); i++) {
        const hf_finding *f = hf_findings_get(s->o->now, i);
        bool up = strcmp(f->text_key, "recent.more") == 0,
             down = strcmp(f->text_key, "recent.less") == 0;
        bool told = f->status == HF_FINDING_SEEN || f->status == HF_FINDING_HYPOTHESIS;
        n += told && strncmp(f->text_key, "recent.", 7) == 0;
        if (told && (up || down) && ++changed <= MOST_CHANGES)
            HF_TRY(add_change(s, out, f, value_of(f, "usual"), up));
    }
    return add_more(s, out, changed, n);
}

/* ---- practices, suggestion, safety
 * -------------------------------------------------------------------
 */

static hf_status add_practices(sheet *s, hf_i_buf *out)
{
    const char *const names[2] = {s->name[0], s->name[1]};
    size_t n = 0;
    for (size_t i = 0; i < hf_findings_count(s->o->now) && n < MOST_PRACTICES; i++) {
        const hf_finding *f = hf_findings_get(s->o->now, i);
        const char *text = NULL;
        if (strncmp(f->id, "practice_", 9) != 0)
            continue;
        HF_TRY(hf_sentences_say(s->say, s->o->now, f, names, &text));
        if (!text)
            continue;
        HF_TRY(hf_i_buf_add_str(out, "<p>"));
        HF_TRY(add(out, text));
        HF_TRY(hf_i_buf_add_str(out, "</p>"));
        n++;
    }
    return n ? HF_OK : add_key(s, out, "sheet.practices.none", NULL, 0, NULL);
}

static hf_status add_suggestion(sheet *s, hf_i_buf *out)
{
    const char *text = NULL;
    if (s->suggestion.there && !s->suggestion.neutral)
        HF_TRY(hf_i_suggestion_say(&s->suggestion, s->say, "title", &text));
    return add(out, text ? text : "\xe2\x80\x93");
}

static hf_status fill_slot(void *user, const char *slot, hf_i_buf *out)
{
    sheet *s = user;
    char key[64];
    if (strcmp(slot, "lang") == 0)
        return hf_i_buf_add_str(out, s->o->language);
    if (strcmp(slot, "head") == 0)
        return add_head(s, out);
    if (strcmp(slot, "loop") == 0)
        return add_loop(s, out);
    if (strcmp(slot, "examples") == 0)
        return add_examples(s, out);
    if (strcmp(slot, "changed") == 0)
        return s->o->earlier ? add_changed_since(s, out) : add_changed_lately(s, out);
    if (strcmp(slot, "practices") == 0)
        return add_practices(s, out);
    if (strcmp(slot, "suggestion") == 0)
        return add_suggestion(s, out);
    if (strcmp(slot, "policy") == 0) {
        snprintf(key, sizeof key, "sheet.policy.%.10s", s->o->policy);
        return add_key(s, out, key, NULL, 0, NULL);
    }
    if (strncmp(slot, "t:", 2) != 0)
        return HF_OK;
    snprintf(key, sizeof key, "sheet.%.50s", slot + 2);
    return add_key(s, out, key, NULL, 0, NULL);
}

/* ---- all of it
 * ------------------------------------------------------------------------------------
 */

static hf_status open_tree(hf_i_json_tree *t, hf_ctx *ctx, const hf_findings *findings)
{
    const char *json = findings ? hf_findings_get_header(findings)->record : NULL;
    hf_i_json_tree_init(t, ctx);
    return hf_i_json_tree_parse(t, ctx, json ? json : "{}");
}

static hf_status check(hf_ctx *ctx, const hf_session_options *o)
{
    if (o->size != sizeof *o || !o->now)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another version of the library");
    if (!o->policy || (strcmp(o->policy, "none") != 0 && strcmp(o->policy, "limited") != 0))
        return hf_i_fail(ctx, HF_E_USAGE,
                         "none: what one says alone may be brought into the joint hour; limited: "
                         "it stays until that person releases it.",
                         "say the policy on secrets that was chosen at intake: none or limited");
    return HF_OK;
}

static hf_status write_sheet(sheet *s, hf_outfile *file)
{
    char then[2][256] = {"", ""};
    HF_TRY(hf_i_suggestion_read(&s->suggestion, s->ctx, s->o->now));
    HF_TRY(open_tree(&s->record, s->ctx, s->o->now));
    HF_TRY(open_tree(&s->before, s->ctx, s->o->earlier));
    read_names(&s->record, s->name, s->me);
    if (s->o->earlier) {
        read_names(&s->before, then, NULL);
        if (strcmp(then[0], s->name[0]) != 0 || strcmp(then[1], s->name[1]) != 0)
            return hf_i_fail(s->ctx, HF_E_USAGE, "Give two documents of the same pair.",
                             "the earlier document is of other people (%.60s, %.60s)", then[0],
                             then[1]);
    }
    return hf_i_html_fill(s->ctx, "guidance/session.html", file, fill_slot, s);
}

hf_status hf_session_write_html(hf_ctx *ctx, const hf_session_options *options, hf_outfile *file)
{
    HF_TRY(check(ctx, options));
    sheet *s = hf_i_calloc(ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    s->ctx = ctx;
    s->o = options;
    s->solo = hf_findings_get_header(options->now)->consent == HF_CONSENT_SOLO;
    hf_status status = hf_sentences_new(&s->say, ctx, options->language);
    if (status == HF_OK) {
        status = write_sheet(s, file);
        hf_i_suggestion_dispose(&s->suggestion);
        hf_i_json_tree_dispose(&s->record);
        hf_i_json_tree_dispose(&s->before);
    }
    hf_sentences_free(s->say);
    hf_i_free(ctx, s);
    return status;
}
