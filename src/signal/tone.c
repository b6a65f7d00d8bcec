/* SPDX-License-Identifier: MIT */
#include "signal/tone.h"

#include <math.h>
#include <string.h>

enum { CHUNK = 4096, ENOUGH = 30 };

typedef struct {
    hf_ctx *ctx;
    const hf_i_turns *turns;
    hf_text_model *model;
    hf_text_turn *items;     /* [CHUNK] */
    hf_text_result *results; /* [CHUNK] */
    uint32_t *which;         /* [CHUNK] turn of each item */
    size_t *begin;           /* [CHUNK] of its text in texts */
    hf_text *prev;           /* [CHUNK] the turn before it */
    size_t count;
    bool mostly_english;
    hf_i_buf texts;
    size_t carried; /* bytes of texts that are of the last turn of the chunk before */
    uint32_t carried_turn;
    hf_i_readings out;
} coder;

/* The model reads English. Turns too short to tell are taken for English where most of those that
 * can be told are: in a German chat "ja, gut" must not be read as English. */
static bool is_asked(const coder *c, const hf_i_turn *t)
{
    return t->has_text && !t->flagged &&
           (t->language == HF_I_LANG_EN || (c->mostly_english && t->language == HF_I_LANG_UNKNOWN));
}

static bool mostly_english(const hf_i_turns *turns)
{
    size_t english = 0, known = 0;
    for (size_t i = 0; i < turns->turn_count; i++) {
        english += turns->turns[i].language == HF_I_LANG_EN;
        known += turns->turns[i].language != HF_I_LANG_UNKNOWN;
    }
    return 2 * english >= known;
}

static hf_status add_turn(coder *c, uint32_t index)
{
    const hf_i_turn *turn = &c->turns->turns[index];
    c->which[c->count] = index;
    c->begin[c->count++] = c->texts.len;
    for (uint32_t i = 0; i < turn->count; i++) {
        const hf_i_line *line = &c->turns->lines[turn->first + i];
        if (line->kind != HF_KIND_TEXT)
            continue;
        HF_TRY(hf_i_buf_add(&c->texts, line->text.data ? line->text.data : "", line->text.size));
        HF_TRY(hf_i_buf_add_char(&c->texts, '\n'));
    }
    return HF_OK;
}

/* The text of the turn before the one of item i, when it was asked about, too. */
static hf_text text_before(const coder *c, size_t i)
{
    uint32_t turn = c->which[i], before = i ? c->which[i - 1] : c->carried_turn;
    size_t begin = i ? c->begin[i - 1] : 0;
    if (turn == 0 || before != turn - 1 ||
        c->turns->turns[before].exchange != c->turns->turns[turn].exchange)
        return (hf_text){"", 0};
    return (hf_text){c->texts.data + begin, c->begin[i] - begin};
}

static uint8_t need_of(const coder *c, const hf_text_result *r)
{
    int best = HF_NEED_COUNT;
    for (int k = 0; k < HF_NEED_COUNT; k++)
        if ((double)r->needs[k] >= hf_text_model_need_threshold(c->model, (hf_need)k) &&
            (best == HF_NEED_COUNT || r->needs[k] > r->needs[best]))
            best = k;
    return (uint8_t)best;
}

static void keep_results(coder *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const hf_text_result *r = &c->results[i];
        c->out.warmth[c->which[i]] = r->warmth;
        memcpy(c->out.acts[c->which[i]], r->acts, sizeof r->acts);
        c->out.need[c->which[i]] = need_of(c, r);
    }
}

/* The last turn's text moves to the front: the next chunk may begin with its answer. */
static void carry(coder *c)
{
    size_t begin = c->begin[c->count - 1];
    c->carried = c->texts.len - begin;
    c->carried_turn = c->which[c->count - 1];
    if (c->carried)
        memmove(c->texts.data, c->texts.data + begin, c->carried);
    c->texts.len = c->carried;
    c->count = 0;
}

static hf_status code_chunk(coder *c)
{
    for (size_t i = 0; i < c->count; i++) {
        size_t end = i + 1 < c->count ? c->begin[i + 1] : c->texts.len;
        c->prev[i] = text_before(c, i);
        c->items[i] = (hf_text_turn){
            .text = {c->texts.data ? c->texts.data + c->begin[i] : "", end - c->begin[i]},
            .prev = &c->prev[i],
            .prev_count = c->prev[i].size > 0};
    }
    HF_TRY(hf_text_code_all(c->ctx, c->model, c->items, c->count, c->results));
    keep_results(c);
    carry(c);
    return HF_OK;
}

static hf_status code_turns(coder *c)
{
    c->mostly_english = mostly_english(c->turns);
    for (uint32_t i = 0; i < c->turns->turn_count; i++) {
        if (!is_asked(c, &c->turns->turns[i]))
            continue;
        HF_TRY(add_turn(c, i));
        if (c->count == CHUNK) {
            HF_TRY(hf_i_progress(c->ctx, "tone", i, c->turns->turn_count));
            HF_TRY(code_chunk(c));
        }
    }
    return c->count ? code_chunk(c) : HF_OK;
}

void hf_i_tone_standardise(float *values, const hf_i_turns *turns)
{
    for (int p = 0; p < 2; p++) {
        double n = 0, sum = 0, squares = 0;
        for (size_t i = 0; i < turns->turn_count; i++)
            if (turns->turns[i].partner == p && !isnan(values[i])) {
                n++;
                sum += (double)values[i];
            }
        double mean = sum / n;
        for (size_t i = 0; i < turns->turn_count; i++)
            if (turns->turns[i].partner == p && !isnan(values[i]))
                squares += ((double)values[i] - mean) * ((double)values[i] - mean);
        double sd = n >= ENOUGH ? sqrt(squares / (n - 1)) : 0;
        for (size_t i = 0; i < turns->turn_count; i++)
            if (turns->turns[i].partner == p)
                values[i] = sd > 0 ? (float)(((double)values[i] - mean) / sd) : NAN;
    }
}

hf_status hf_i_readings_none(hf_i_readings *out, hf_ctx *ctx, size_t count)
{
    out->warmth = hf_i_alloc(ctx, count * sizeof *out->warmth);
    out->acts = hf_i_alloc(ctx, count * sizeof *out->acts);
    out->need = hf_i_alloc(ctx, count);
    if (!out->warmth || !out->acts || !out->need) {
        hf_i_readings_dispose(out, ctx);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        out->warmth[i] = NAN;
        for (int a = 0; a < HF_ACT_COUNT; a++)
            out->acts[i][a] = NAN;
        out->need[i] = HF_NEED_COUNT;
    }
    return HF_OK;
}

void hf_i_readings_dispose(hf_i_readings *r, hf_ctx *ctx)
{
    hf_i_free(ctx, r->warmth);
    hf_i_free(ctx, r->acts);
    hf_i_free(ctx, r->need);
    memset(r, 0, sizeof *r);
}

static hf_status read_all(coder *c)
{
    hf_ctx *ctx = c->ctx;
    hf_i_buf_init(&c->texts, ctx, HF_MAX_FILE_BYTES, "the text of some turns");
    c->items = hf_i_alloc(ctx, CHUNK * sizeof *c->items);
    c->results = hf_i_alloc(ctx, CHUNK * sizeof *c->results);
    c->which = hf_i_alloc(ctx, CHUNK * sizeof *c->which);
    c->begin = hf_i_alloc(ctx, CHUNK * sizeof *c->begin);
    c->prev = hf_i_alloc(ctx, CHUNK * sizeof *c->prev);
    bool all = c->items && c->results && c->which && c->begin && c->prev;
    hf_status status = all ? hf_i_readings_none(&c->out, ctx, c->turns->turn_count) : HF_E_NOMEM;
    if (status == HF_OK)
        status = code_turns(c);
    hf_i_free(ctx, c->items);
    hf_i_free(ctx, c->results);
    hf_i_free(ctx, c->which);
    hf_i_free(ctx, c->begin);
    hf_i_free(ctx, c->prev);
    hf_i_buf_dispose(&c->texts);
    return status;
}

hf_status hf_i_tone_read(hf_i_readings *out, hf_ctx *ctx, const hf_i_turns *turns, const char *path)
{
    memset(out, 0, sizeof *out);
    if (path && strcmp(path, "none") == 0)
        return HF_OK;
    coder c = {.ctx = ctx, .turns = turns, .carried_turn = UINT32_MAX};
    hf_status status = hf_text_model_open(&c.model, ctx, path);
    if (status == HF_E_NOT_FOUND && !path) {
        hf_ctx_clear_error(ctx);
        return HF_OK;
    }
    HF_TRY(status);
    status = read_all(&c);
    hf_text_model_free(c.model);
    if (status != HF_OK) {
        hf_i_readings_dispose(&c.out, ctx);
        return status;
    }
    hf_i_tone_standardise(c.out.warmth, turns);
    *out = c.out;
    return HF_OK;
}
