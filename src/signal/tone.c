/* SPDX-License-Identifier: MIT */
#include "signal/tone.h"

#include <holdfast/text_model.h>

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
    size_t count;
    hf_i_buf texts;
    float *out;
} coder;

/* The model reads English; turns whose language is known to be another are not asked about. */
static bool is_asked(const hf_i_turn *t)
{
    return t->has_text && !t->flagged &&
           (t->language == HF_I_LANG_EN || t->language == HF_I_LANG_UNKNOWN);
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

static hf_status code_chunk(coder *c)
{
    for (size_t i = 0; i < c->count; i++) {
        size_t end = i + 1 < c->count ? c->begin[i + 1] : c->texts.len;
        c->items[i] = (hf_text_turn){
            .text = {c->texts.data ? c->texts.data + c->begin[i] : "", end - c->begin[i]}};
    }
    HF_TRY(hf_text_code_all(c->ctx, c->model, c->items, c->count, c->results));
    for (size_t i = 0; i < c->count; i++)
        c->out[c->which[i]] = c->results[i].warmth;
    c->count = 0;
    hf_i_buf_clear(&c->texts);
    return HF_OK;
}

static hf_status code_turns(coder *c)
{
    for (uint32_t i = 0; i < c->turns->turn_count; i++) {
        c->out[i] = NAN;
        if (!is_asked(&c->turns->turns[i]))
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

hf_status hf_i_tone_read(float **out, hf_ctx *ctx, const hf_i_turns *turns, const char *path)
{
    *out = NULL;
    if (path && strcmp(path, "none") == 0)
        return HF_OK;
    coder c = {.ctx = ctx, .turns = turns};
    hf_status status = hf_text_model_open(&c.model, ctx, path);
    if (status == HF_E_NOT_FOUND && !path) {
        hf_ctx_clear_error(ctx);
        return HF_OK;
    }
    HF_TRY(status);
    hf_i_buf_init(&c.texts, ctx, HF_MAX_FILE_BYTES, "the text of some turns");
    c.items = hf_i_alloc(ctx, CHUNK * sizeof *c.items);
    c.results = hf_i_alloc(ctx, CHUNK * sizeof *c.results);
    c.which = hf_i_alloc(ctx, CHUNK * sizeof *c.which);
    c.begin = hf_i_alloc(ctx, CHUNK * sizeof *c.begin);
    c.out = hf_i_alloc(ctx, turns->turn_count * sizeof *c.out);
    bool all = c.items && c.results && c.which && c.begin && c.out;
    status = all ? code_turns(&c) : HF_E_NOMEM;
    hf_i_free(ctx, c.items);
    hf_i_free(ctx, c.results);
    hf_i_free(ctx, c.which);
    hf_i_free(ctx, c.begin);
    hf_i_buf_dispose(&c.texts);
    hf_text_model_free(c.model);
    if (status != HF_OK) {
        hf_i_free(ctx, c.out);
        return status;
    }
    hf_i_tone_standardise(c.out, turns);
    *out = c.out;
    return HF_OK;
}
