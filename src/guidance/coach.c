/* SPDX-License-Identifier: MIT */
/* The request coach: observation, feeling, need, request as options. Rules and templates over the
 * words, the acts and the needs; what is dangerous, an insult or control is never reworded. */
#include "guidance/blocks.h"
#include "guidance/texts.h"
#include "signal/safety.h"
#include "text/utf8.h"

#include <holdfast/guidance.h>

#include <math.h>
#include <string.h>

/* The model's word on contempt stops the rewording from here on, even below its own threshold's
 * doubt: rather one sentence too many left as it is. */
static const double CONTEMPT = .6;
enum { MOST_PER_PART = 3 };

struct hf_coach {
    hf_ctx *ctx;
    const hf_text_model *model;
    hf_text_coder *coder;
    hf_i_lexicon lexicon;
    hf_i_safety *safety;
    hf_i_words words;
    hf_i_blocks blocks;
    hf_i_guide_texts texts;
    hf_i_arena said; /* of the answer */
    hf_i_buf key;    /* the sentence as " lower case words " */
};

static const char *const state_names[] = {"options", "clear", "not_rewritten", "other_language",
                                          "empty"};
static const char *const part_names[] = {"observation", "feeling", "need", "request"};

const char *hf_coach_state_name(hf_coach_state state)
{
    return (unsigned)state < HF_COUNT_OF(state_names) ? state_names[state] : "?";
}

const char *hf_coach_part_name(hf_coach_part part)
{
    return (unsigned)part < HF_COUNT_OF(part_names) ? part_names[part] : "?";
}

static hf_status open_all(hf_coach *c)
{
    hf_i_words_init(&c->words, c->ctx);
    hf_i_arena_init(&c->said, c->ctx);
    hf_i_buf_init(&c->key, c->ctx, 8 * HF_MAX_COACH_BYTES, "a sentence");
    HF_TRY(hf_i_lexicon_init(&c->lexicon, c->ctx));
    HF_TRY(hf_i_safety_new(&c->safety, c->ctx, &c->lexicon));
    HF_TRY(hf_i_blocks_read(&c->blocks, c->ctx, NULL, "guidance/coach_en.txt"));
    HF_TRY(hf_i_guide_texts_open(&c->texts, c->ctx, "en"));
    return c->model ? hf_text_coder_new(&c->coder, c->ctx, c->model) : HF_OK;
}

hf_status hf_coach_new(hf_coach **out, hf_ctx *ctx, const hf_text_model *model)
{
    *out = NULL;
    hf_coach *c = hf_i_calloc(ctx, 1, sizeof *c);
    if (!c)
        return HF_E_NOMEM;
    c->ctx = ctx;
    c->model = model;
    hf_status status = open_all(c);
    if (status == HF_OK)
        *out = c;
    else
        hf_coach_free(c);
    return status;
}

void hf_coach_free(hf_coach *c)
{
    if (!c)
        return;
    hf_text_coder_free(c->coder);
    hf_i_guide_texts_dispose(&c->texts);
    hf_i_blocks_dispose(&c->blocks);
    hf_i_safety_free(c->safety);
    hf_i_lexicon_dispose(&c->lexicon);
    hf_i_words_dispose(&c->words);
    hf_i_arena_dispose(&c->said);
    hf_i_buf_dispose(&c->key);
    hf_i_free(c->ctx, c);
}

/* ---- listening
 * ------------------------------------------------------------------------------------
 */

/* Lower case, plain apostrophes, one space between words and at both ends. */
static hf_status make_key(hf_coach *c, const char *text, size_t size)
{
    hf_i_buf raw;
    hf_i_buf_init(&raw, c->ctx, 8 * HF_MAX_COACH_BYTES, "a sentence");
    hf_i_buf_clear(&c->key);
    hf_status status = hf_i_utf8_key(&raw, text, size);
    if (status == HF_OK)
        status = hf_i_buf_add_char(&c->key, ' ');
    for (size_t i = 0; status == HF_OK && i < raw.len; i++) {
        unsigned char b = (unsigned char)raw.data[i];
        bool letter = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '\'' || b >= 0x80;
        if (letter || c->key.data[c->key.len - 1] != ' ')
            status = hf_i_buf_add_char(&c->key, letter ? (char)b : ' ');
    }
    if (status == HF_OK && c->key.data[c->key.len - 1] != ' ')
        status = hf_i_buf_add_char(&c->key, ' ');
    hf_i_buf_dispose(&raw);
    return status;
}

/* Does " words " hold one cue? An open word (hug*) goes on as it likes. */
static bool cue_in(const char *words, const char *cue, size_t size)
{
    bool open = size && cue[size - 1] == '*';
    size_t n = size - open;
    for (const char *at = strchr(words, ' '); at; at = strchr(at + 1, ' '))
        if (strncmp(at + 1, cue, n) == 0 && (open || at[1 + n] == ' '))
            return true;
    return false;
}

/* How many of a '|' list are in the sentence. */
static int count_cues(const hf_coach *c, const char *list)
{
    int hits = 0;
    for (const char *p = list; p && *p;) {
        size_t n = strcspn(p, "|");
        hits += n && cue_in(c->key.data, p, n);
        p += n + (p[n] == '|');
    }
    return hits;
}

static const hf_i_block *find_block(const hf_coach *c, const char *kind, const char *id)
{
    for (size_t i = 0; i < c->blocks.count; i++)
        if (strcmp(c->blocks.blocks[i].kind, kind) == 0 && strcmp(c->blocks.blocks[i].id, id) == 0)
            return &c->blocks.blocks[i];
    return NULL;
}

static int hits_of(const hf_coach *c, const hf_i_block *block)
{
    const char *cues = block ? hf_i_block_get(&c->blocks, block, "cues") : NULL;
    return cues ? count_cues(c, cues) : 0;
}

static int listed(const hf_coach *c, const char *list)
{
    return hits_of(c, find_block(c, "list", list));
}

/* ---- offering
 * -------------------------------------------------------------------------------------
 */

static size_t count_part(const hf_coach_answer *a, hf_coach_part part)
{
    size_t n = 0;
    for (size_t i = 0; i < a->count; i++)
        n += a->options[i].part == part;
    return n;
}

/* before + text[0, size) + after, once. */
static hf_status offer(hf_coach *c, hf_coach_answer *a, hf_coach_part part, const char *need,
                       const char *before, const char *text, size_t size, const char *after)
{
    size_t lead = strlen(before), tail = strlen(after);
    if (count_part(a, part) == MOST_PER_PART || a->count == HF_COUNT_OF(a->options))
        return HF_OK;
    char *all = hf_i_arena_alloc(&c->said, lead + size + tail + 1);
    if (!all)
        return HF_E_NOMEM;
    memcpy(all, before, lead);
    memcpy(all + lead, text, size);
    memcpy(all + lead + size, after, tail + 1);
    for (size_t i = 0; i < a->count; i++)
        if (a->options[i].part == part && strcmp(a->options[i].text, all) == 0)
            return HF_OK;
    a->options[a->count++] = (hf_coach_option){part, all, need};
    return HF_OK;
}

static hf_status offer_line(hf_coach *c, hf_coach_answer *a, hf_coach_part part, const char *need,
                            const char *before, const char *text, const char *after)
{
    return text ? offer(c, a, part, need, before, text, strlen(text), after) : HF_OK;
}

/* Each of a '|' list. */
static hf_status offer_each(hf_coach *c, hf_coach_answer *a, hf_coach_part part, const char *before,
                            const char *list, const char *after)
{
    for (const char *p = list; p && *p;) {
        size_t n = strcspn(p, "|");
        HF_TRY(offer(c, a, part, NULL, before, p, n, after));
        p += n + (p[n] == '|');
    }
    return HF_OK;
}

static hf_status offer_asks(hf_coach *c, hf_coach_answer *a, const hf_i_block *block)
{
    for (size_t i = 0; i < block->count; i++)
        if (strcmp(c->blocks.lines[block->first + i].key, "ask") == 0)
            HF_TRY(offer_line(c, a, HF_COACH_REQUEST, NULL, "",
                              c->blocks.lines[block->first + i].value, ""));
    return HF_OK;
}

/* ---- needs
 * ------------------------------------------------------------------------------------------
 */

/* The topic's needs lead, then those the model names, then words of the need itself. */
static void weigh_needs(const hf_coach *c, const hf_i_block *topic, const hf_text_result *result,
                        double weight[HF_NEED_COUNT])
{
    const char *of_topic = topic ? hf_i_block_get(&c->blocks, topic, "need") : NULL;
    for (int k = 0; k < HF_NEED_COUNT; k++) {
        const char *name = hf_need_name((hf_need)k);
        weight[k] = 0.3 * (hits_of(c, find_block(c, "need", name)) > 0);
        if (of_topic && hf_i_has_word(of_topic, name))
            weight[k] += strncmp(of_topic, name, strlen(name)) == 0 ? 1.2 : 1;
        if (result && !isnan(result->needs[k]) &&
            (double)result->needs[k] >= hf_text_model_need_threshold(c->model, (hf_need)k))
            weight[k] += (double)result->needs[k];
    }
}

static hf_status offer_needs(hf_coach *c, hf_coach_answer *a, double weight[HF_NEED_COUNT])
{
    for (int n = 0; n < MOST_PER_PART; n++) {
        int best = 0;
        for (int k = 1; k < HF_NEED_COUNT; k++)
            best = weight[k] > weight[best] ? k : best;
        /* A word of the need alone is a weak hint: it counts only where nothing stronger is. */
        if (weight[best] <= 0 || (weight[best] < 0.5 && count_part(a, HF_COACH_NEED)))
            return HF_OK;
        weight[best] = 0;
        const hf_i_block *b = find_block(c, "need", hf_need_name((hf_need)best));
        if (!b)
            continue;
        HF_TRY(offer_line(c, a, HF_COACH_NEED, hf_need_name((hf_need)best), "I need ",
                          hf_i_block_get(&c->blocks, b, "say"), "."));
        HF_TRY(offer_asks(c, a, b));
        if (!count_part(a, HF_COACH_FEELING))
            HF_TRY(offer_each(c, a, HF_COACH_FEELING, "Perhaps: I feel ",
                              hf_i_block_get(&c->blocks, b, "feel"), "."));
    }
    return HF_OK;
}

/* ---- feelings
 * -----------------------------------------------------------------------------------------
 */

static bool model_says(const hf_coach *c, const hf_text_result *result, const char *labels)
{
    char one[48];
    for (const char *p = labels; result && p && *p;) {
        size_t n = strcspn(p, " ");
        snprintf(one, sizeof one, "%.*s", (int)n, p);
        size_t k = hf_text_model_find(c->model, one);
        if (k != SIZE_MAX && result->over[k])
            return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

/* Words first, then what the model hears; under anger others are asked about, never told. */
static hf_status offer_feelings(hf_coach *c, hf_coach_answer *a, const hf_text_result *result)
{
    for (int by_model = 0; by_model < 2; by_model++)
        for (size_t i = 0; i < c->blocks.count; i++) {
            const hf_i_block *b = &c->blocks.blocks[i];
            if (strcmp(b->kind, "feeling") != 0 || (by_model && count_part(a, HF_COACH_FEELING)))
                continue;
            const char *labels = hf_i_block_get(&c->blocks, b, "model");
            if (by_model ? !model_says(c, result, labels) : !hits_of(c, b))
                continue;
            HF_TRY(offer_line(c, a, HF_COACH_FEELING, NULL,
                              by_model ? "Perhaps: I feel " : "I feel ",
                              hf_i_block_get(&c->blocks, b, "say"), "."));
            HF_TRY(offer_each(c, a, HF_COACH_FEELING, "And under it, perhaps: ",
                              hf_i_block_get(&c->blocks, b, "under"), "?"));
        }
    return HF_OK;
}

/* ---- the answer
 * -----------------------------------------------------------------------------------------
 */

static const hf_i_block *best_topic(const hf_coach *c)
{
    const hf_i_block *best = NULL;
    int most = 0;
    for (size_t i = 0; i < c->blocks.count; i++) {
        const hf_i_block *b = &c->blocks.blocks[i];
        int hits = strcmp(b->kind, "topic") == 0 ? hits_of(c, b) : 0;
        if (hits > most) {
            most = hits;
            best = b;
        }
    }
    return best;
}

static hf_status say(hf_coach *c, hf_coach_answer *a, hf_coach_state state, const char *key)
{
    const char *text = hf_i_guide_text(&c->texts, key);
    a->state = state;
    a->said = hf_i_arena_strndup(&c->said, text ? text : key, strlen(text ? text : key));
    return a->said ? HF_OK : HF_E_NOMEM;
}

static hf_status offer_all(hf_coach *c, hf_coach_answer *a, const hf_text_result *result)
{
    double weight[HF_NEED_COUNT];
    const hf_i_block *topic = best_topic(c), *general = find_block(c, "general", "talk");
    a->always = listed(c, "always") > 0;
    a->ultimatum = listed(c, "ultimatum") > 0;
    bool soft = listed(c, "soft") > 0;
    bool clear = listed(c, "request") && (soft || !a->always) && !a->ultimatum;
    if (clear && !soft && !topic)
        return say(c, a, HF_COACH_CLEAR, "coach.clear.plain");
    if (topic) {
        HF_TRY(offer_line(c, a, HF_COACH_OBSERVATION, NULL, "",
                          hf_i_block_get(&c->blocks, topic, "see"), ""));
        HF_TRY(offer_asks(c, a, topic));
    }
    HF_TRY(offer_line(c, a, HF_COACH_OBSERVATION, NULL, "",
                      hf_i_block_get(&c->blocks, general, "see"), ""));
    HF_TRY(offer_feelings(c, a, result));
    weigh_needs(c, topic, result, weight);
    HF_TRY(offer_needs(c, a, weight));
    if (!count_part(a, HF_COACH_FEELING))
        HF_TRY(offer_line(c, a, HF_COACH_FEELING, NULL, "I feel ",
                          hf_i_block_get(&c->blocks, general, "feel"), ""));
    for (int k = 0; !count_part(a, HF_COACH_NEED) && k < HF_NEED_COUNT; k++)
        weight[k] = k == HF_NEED_HEARD || k == HF_NEED_WANTED || k == HF_NEED_RESPECT;
    if (!count_part(a, HF_COACH_NEED))
        HF_TRY(offer_needs(c, a, weight));
    HF_TRY(offer_line(c, a, HF_COACH_REQUEST, NULL, "", hf_i_block_get(&c->blocks, general, "ask"),
                      ""));
    return say(c, a, clear ? HF_COACH_CLEAR : HF_COACH_OPTIONS,
               clear ? "coach.clear" : "coach.options");
}

/* English, as far as the words tell. Too short to tell counts when a third of it is English, or
 * when it holds a phrase that is listened for. */
static bool is_english(const hf_coach *c)
{
    hf_i_language l = hf_i_language_of(&c->words);
    if (l != HF_I_LANG_UNKNOWN)
        return l == HF_I_LANG_EN;
    size_t known = 0;
    for (size_t i = 0; i < c->words.count; i++)
        known += c->lexicon.entries[c->words.words[i].entry].languages >> HF_I_LANG_EN & 1;
    return (3 * known >= c->words.count && known) || best_topic(c);
}

static hf_status answer(hf_coach *c, const char *text, size_t size, hf_coach_answer *a)
{
    hf_text_result result;
    hf_text_turn turn = {.text = {text, size}};
    if (c->words.count == 0)
        return say(c, a, HF_COACH_EMPTY, "coach.empty");
    if (hf_i_safety_check(c->safety, &c->words, text, HF_I_LANG_UNKNOWN)) {
        a->show_resources = true;
        return say(c, a, HF_COACH_NOT_REWRITTEN, "coach.not.safety");
    }
    if (!is_english(c))
        return say(c, a, HF_COACH_OTHER_LANGUAGE, "coach.language");
    if (listed(c, "control"))
        return say(c, a, HF_COACH_NOT_REWRITTEN, "coach.not.control");
    if (listed(c, "insult"))
        return say(c, a, HF_COACH_NOT_REWRITTEN, "coach.not.insult");
    if (c->coder)
        HF_TRY(hf_text_code(c->coder, &turn, &result));
    bool coded = c->coder && result.state == HF_TEXT_CODED;
    a->reduced = !coded;
    if (coded && (double)result.acts[HF_ACT_CONTEMPT] >= CONTEMPT)
        return say(c, a, HF_COACH_NOT_REWRITTEN, "coach.not.insult");
    return offer_all(c, a, coded ? &result : NULL);
}

hf_status hf_coach_say(hf_coach *c, const char *text, size_t size, hf_coach_answer *out)
{
    memset(out, 0, sizeof *out);
    if (size > HF_MAX_COACH_BYTES)
        return hf_i_fail(c->ctx, HF_E_LIMIT, "Give it one sentence, or a few.",
                         "the text has more than %u bytes", HF_MAX_COACH_BYTES);
    hf_i_arena_dispose(&c->said);
    hf_i_arena_init(&c->said, c->ctx);
    hf_i_words_clear(&c->words);
    HF_TRY(hf_i_words_add(&c->words, &c->lexicon, text, size));
    HF_TRY(make_key(c, text, size));
    return answer(c, text, size, out);
}
