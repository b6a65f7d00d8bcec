/* SPDX-License-Identifier: MIT */
#include "cycle/corrected.h"
#include "signal/analysis.h"
#include "signal/lexicon.h"

#include <string.h>

static hf_problem problem_of_key(const char *key, size_t size)
{
    for (int k = 0; k < HF_PROBLEM_COUNT; k++) {
        const char *name = hf_problem_name((hf_problem)k);
        if (strlen(name) == size && memcmp(name, key, size) == 0)
            return (hf_problem)k;
    }
    return HF_PROBLEM_NONE;
}

enum { MOST_WORDS = 256 };
typedef struct {
    const char *word[MOST_WORDS];
    uint8_t size[MOST_WORDS];
    bool open[MOST_WORDS]; /* all words that begin so */
    uint8_t problem[MOST_WORDS];
    size_t count;
} word_list;

static void read_list(word_list *out)
{
    size_t size = 0, pos = 0;
    uint64_t line = 0;
    const char *text = hf_i_data_get("cycle/problems_en.txt", &size);
    hf_i_list_line row;
    out->count = 0;
    while (text && hf_i_list_next(text, size, &pos, &line, &row)) {
        size_t at = 0, n;
        const char *word;
        while (out->count < MOST_WORDS &&
               hf_i_list_word(row.words, row.words_size, &at, &word, &n)) {
            size_t k = out->count++;
            out->open[k] = word[n - 1] == '*';
            out->word[k] = word;
            out->size[k] = (uint8_t)(n - out->open[k]);
            out->problem[k] = (uint8_t)problem_of_key(row.key, row.key_size);
        }
    }
}

/* The problem that one lower-case word names. */
static hf_problem problem_of_word(const word_list *list, const char *text, size_t size)
{
    for (size_t k = 0; k < list->count; k++)
        if (list->word[k][0] == text[0] &&
            (list->open[k] ? size >= list->size[k] : size == list->size[k]) &&
            memcmp(list->word[k], text, list->size[k]) == 0)
            return (hf_problem)list->problem[k];
    return HF_PROBLEM_NONE;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static hf_problem problem_of_text(const word_list *list, hf_text text)
{
    enum { LONGEST = 32 };
    char word[LONGEST];
    size_t n = 0;
    for (size_t i = 0; i <= text.size; i++) {
        if (i < text.size && is_letter(text.data[i])) {
            if (n < LONGEST)
                word[n++] = (char)(text.data[i] | 0x20);
            continue;
        }
        hf_problem found = n > 2 && n < LONGEST ? problem_of_word(list, word, n) : HF_PROBLEM_NONE;
        if (found != HF_PROBLEM_NONE)
            return found;
        n = 0;
    }
    return HF_PROBLEM_NONE;
}

static void look_at(hf_cycle *c, const word_list *list, size_t t)
{
    const hf_i_turns *turns = &c->analysis->turns;
    const hf_i_turn *turn = &turns->turns[t];
    if (c->turns[t].masked || c->turns[t].partner == c->hide)
        return;
    for (uint32_t i = 0; i < turn->count && c->turns[t].problem == HF_PROBLEM_NONE; i++) {
        const hf_i_line *line = &turns->lines[turn->first + i];
        if (line->kind == HF_KIND_TEXT && line->text.data)
            c->turns[t].problem = (uint8_t)problem_of_text(list, line->text);
    }
}

hf_problem hf_i_problem_of(const hf_cycle *c, const hf_episode *e)
{
    size_t of[HF_PROBLEM_COUNT] = {0}, best = HF_PROBLEM_NONE;
    for (size_t t = e->onset; t <= e->last; t++)
        if (c->turns[t].problem < HF_PROBLEM_COUNT)
            of[c->turns[t].problem]++;
    of[HF_PROBLEM_NONE] = 0;
    for (size_t k = 1; k < HF_PROBLEM_COUNT; k++)
        if (of[k] > of[best])
            best = k;
    return 4 * of[best] >= e->turns && of[best] >= 2 ? (hf_problem)best : HF_PROBLEM_NONE;
}

/* Only the words of episodes are looked at: there are few of them. */
hf_status hf_i_problems_find(hf_cycle *c)
{
    word_list list;
    read_list(&list);
    for (size_t k = 0; k < c->episode_count; k++) {
        hf_episode *e = &c->episodes[k];
        for (size_t t = e->onset; t <= e->last; t++)
            look_at(c, &list, t);
        e->problem = hf_i_problem_of(c, e);
        if (hf_i_cancelled(c->ctx))
            return HF_E_CANCELLED;
    }
    return HF_OK;
}
