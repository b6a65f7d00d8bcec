/* SPDX-License-Identifier: MIT */
/* The safety pass over every text that is no plain message: captions of pictures, files and voice
 * messages, polls, places, edits, deleted and system rows, notes, lines of a third person. They
 * take part in no measure, but a cue in one of them counts like one in a turn. */
#include "signal/content.h"

#include <string.h>

typedef struct {
    hf_i_content *out;
    hf_i_turns *turns;
    const hf_i_lexicon *lexicon;
    const hf_i_safety *safety;
    hf_i_words words;
} pass;

static hf_status check(pass *p, const hf_i_line *line, uint32_t *cues)
{
    *cues = 0;
    if (line->kind == HF_KIND_TEXT && line->partner < 2 && line->forms_turn)
        return HF_OK; /* checked with its turn */
    if (!line->text.size)
        return HF_OK;
    hf_i_words_clear(&p->words);
    HF_TRY(hf_i_words_add(&p->words, p->lexicon, line->text.data, line->text.size));
    *cues = hf_i_safety_check(p->safety, &p->words, line->text.data, hf_i_language_of(&p->words));
    return HF_OK;
}

/* The exchange at a time: the last that had begun; the first one before all of them. */
static hf_i_exchange *exchange_at(const hf_i_turns *t, int64_t when)
{
    size_t lo = 0, hi = t->exchange_count;
    while (t->timed && when != HF_NO_TIME && lo + 1 < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (t->exchanges[mid].t_start <= when)
            lo = mid;
        else
            hi = mid;
    }
    return t->exchange_count ? &t->exchanges[lo] : NULL;
}

static hf_status check_apart(pass *p, const hf_i_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t cues;
        HF_TRY(check(p, &lines[i], &cues));
        /* Of a third person the age is not asked: nobody analyses them. */
        if (lines[i].partner > 1)
            cues &= ~(1u << HF_I_SAFETY_MINOR);
        HF_TRY(hf_i_content_take_cues(p->out, lines[i].message, lines[i].partner, &cues));
        hf_i_exchange *e = cues ? exchange_at(p->turns, lines[i].t) : NULL;
        if (e)
            e->flagged = true;
    }
    return HF_OK;
}

static hf_status check_all(pass *p)
{
    hf_i_turns *t = p->turns;
    for (size_t i = 0; i < t->turn_count; i++)
        for (uint32_t k = 0; k < t->turns[i].count; k++) {
            const hf_i_line *line = &t->lines[t->turns[i].first + k];
            uint32_t cues = 0;
            if (line->kind != HF_KIND_TEXT)
                HF_TRY(check(p, line, &cues));
            HF_TRY(hf_i_content_take_cues(p->out, line->message, line->partner, &cues));
            if (cues)
                t->exchanges[t->turns[i].exchange].flagged = true;
        }
    HF_TRY(check_apart(p, t->answers, t->answer_count));
    return check_apart(p, t->apart, t->apart_count);
}

hf_status hf_i_content_check_rest(hf_i_content *content, hf_i_turns *turns,
                                  const hf_i_lexicon *lexicon, const hf_i_safety *safety)
{
    pass p = {content, turns, lexicon, safety, {0}};
    hf_i_words_init(&p.words, content->ctx);
    hf_status status = check_all(&p);
    hf_i_words_dispose(&p.words);
    return status;
}
