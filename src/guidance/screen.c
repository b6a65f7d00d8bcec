/* SPDX-License-Identifier: MIT */
/* The private screen: own questions as data, what follows from the answers, what may be kept
 * (science: guidance-and-safety, section 3, items 1 and 2; the criteria after Bograd and Mederos
 * 1999), and what kind of help fits, exclusions first. */
#include <holdfast/safety.h>

#include "guidance/blocks.h"

#include <string.h>

enum { MOST_QUESTIONS = 64 };

typedef struct {
    hf_screen_question shown;
    hf_screen_answer rests_on; /* SKIPPED: on neither */
    bool urgent;
    const char *help; /* kinds, divided by commas; may be NULL */
} question;

struct hf_screen {
    hf_ctx *ctx;
    hf_i_blocks blocks;
    question questions[MOST_QUESTIONS];
    size_t count;
};

static const char *const kinds[] = {"emergency", "suicide", "sexual violence", "domestic abuse",
                                    "child"};

/* ---- questions ------------------------------------------------------------------------------------ */

static bool is_yes(const char *text)
{
    return text && strcmp(text, "yes") == 0;
}

static hf_status take_question(hf_screen *s, const hf_i_block *b)
{
    const char *rests = hf_i_block_get(&s->blocks, b, "rests");
    question q = {.shown = {b->id, hf_i_block_get(&s->blocks, b, "topic"),
                            hf_i_block_get(&s->blocks, b, "text")},
                  .urgent = is_yes(hf_i_block_get(&s->blocks, b, "urgent")),
                  .help = hf_i_block_get(&s->blocks, b, "help")};
    if (!q.shown.topic || !q.shown.text || s->count == MOST_QUESTIONS)
        return hf_i_blocks_fail(&s->blocks, b->line, NULL, "a question needs a topic and a text");
    q.rests_on = !rests ? HF_SCREEN_SKIPPED : is_yes(rests) ? HF_SCREEN_YES : HF_SCREEN_NO;
    s->questions[s->count++] = q;
    return HF_OK;
}

static hf_status read_screen(hf_screen *s, const char *language)
{
    char name[64];
    size_t size;
    snprintf(name, sizeof name, "safety/screen_%.8s.txt", language);
    if (!hf_i_data_get(name, &size))
        return hf_i_fail(s->ctx, HF_E_NOT_FOUND, NULL, "there is no screen in '%s'", language);
    HF_TRY(hf_i_blocks_read(&s->blocks, s->ctx, NULL, name));
    for (size_t i = 0; i < s->blocks.count; i++)
        if (strcmp(s->blocks.blocks[i].kind, "question") == 0)
            HF_TRY(take_question(s, &s->blocks.blocks[i]));
    return HF_OK;
}

hf_status hf_screen_read(hf_screen **out, hf_ctx *ctx, const char *language)
{
    *out = NULL;
    hf_screen *s = hf_i_calloc(ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    s->ctx = ctx;
    hf_status status = read_screen(s, language);
    if (status != HF_OK) {
        hf_screen_free(s);
        return status;
    }
    *out = s;
    return HF_OK;
}

void hf_screen_free(hf_screen *s)
{
    if (!s)
        return;
    if (s->blocks.ctx)
        hf_i_blocks_dispose(&s->blocks);
    hf_i_free(s->ctx, s);
}

size_t hf_screen_count(const hf_screen *s)
{
    return s->count;
}

const hf_screen_question *hf_screen_get(const hf_screen *s, size_t index)
{
    return index < s->count ? &s->questions[index].shown : NULL;
}

const char *hf_screen_text(const hf_screen *s, const char *key)
{
    for (size_t i = 0; i < s->blocks.count; i++) {
        const hf_i_block *b = &s->blocks.blocks[i];
        const char *text = NULL;
        if (strcmp(b->kind, "say") == 0 && strcmp(b->id, key) == 0)
            text = hf_i_block_get(&s->blocks, b, "text");
        if (text)
            return text;
    }
    return "";
}

/* ---- the outcome ------------------------------------------------------------------------------------ */

/* Is kind one of the comma-divided words of list? */
static bool lists(const char *list, const char *kind)
{
    const char *at = list ? strstr(list, kind) : NULL;
    size_t n = strlen(kind);
    return at && (at == list || at[-1] == ' ' || at[-1] == ',') && (!at[n] || at[n] == ',');
}

void hf_screen_judge(const hf_screen *s, const hf_screen_answer *answers, hf_screen_outcome *out)
{
    bool help[HF_COUNT_OF(kinds)] = {false};
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < s->count; i++) {
        const question *q = &s->questions[i];
        bool rests = q->rests_on != HF_SCREEN_SKIPPED && answers[i] == q->rests_on;
        bool urgent = q->urgent && answers[i] == HF_SCREEN_YES;
        out->rests |= rests;
        out->urgent |= urgent;
        for (size_t k = 0; (rests || urgent) && k < HF_COUNT_OF(kinds); k++)
            help[k] |= lists(q->help, kinds[k]);
    }
    size_t n = 0;
    for (size_t k = 0; k < HF_COUNT_OF(kinds); k++)
        if (help[k])
            out->help[n++] = kinds[k];
}

hf_status hf_screen_keep(const hf_screen *s, const hf_screen_outcome *outcome,
                         const hf_screen_answer *answers, const char *date, hf_private *file)
{
    static const char *const words[] = {"skipped", "no", "yes"};
    HF_TRY(hf_private_set_rests(file, outcome->rests));
    HF_TRY(hf_private_set(file, "screened", date));
    for (size_t i = 0; i < s->count; i++) {
        char key[64];
        snprintf(key, sizeof key, "answer %.40s", s->questions[i].shown.id);
        HF_TRY(hf_private_set(file, key, answers ? words[answers[i]] : NULL));
    }
    return HF_OK;
}

/* ---- what kind of help fits --------------------------------------------------------------------------- */

const char *hf_help_name(hf_help help)
{
    static const char *const names[] = {"urgent", "individual", "couple", "self-help"};
    return (unsigned)help < HF_COUNT_OF(names) ? names[help] : "?";
}

static void fits(hf_help_fit *out, hf_help kind, const char *reason)
{
    out->kinds[out->count] = kind;
    out->reasons[out->count++] = reason;
}

void hf_help_choose(hf_help_fit *out, const hf_screen_outcome *screen, const hf_help_answers *a)
{
    bool rests = screen && screen->rests, urgent = screen && screen->urgent;
    memset(out, 0, sizeof *out);
    if (rests || urgent)
        fits(out, HF_HELP_URGENT, "fit.urgent");
    if (a->old_wound)
        fits(out, HF_HELP_INDIVIDUAL, "fit.wound");
    else if (rests || urgent || a->alone_first || a->distress || !a->both_want)
        fits(out, HF_HELP_INDIVIDUAL, "fit.individual");
    if (rests || urgent)
        return;
    if (a->both_want && a->stuck)
        fits(out, HF_HELP_COUPLE, "fit.couple");
    if (!a->distress && !a->old_wound)
        fits(out, HF_HELP_SELF, "fit.self");
}
