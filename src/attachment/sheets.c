/* SPDX-License-Identifier: MIT */
/* A set of answer sheets: made, filled from an array, asked. Reading CSV: sheets_read.c. */
#include "attachment/instrument.h"

#include <string.h>

static hf_status check_range(hf_ctx *ctx, const hf_instrument *in, const hf_sheet_options *o,
                             int *min, int *max)
{
    char advice[160];
    *min = o->min;
    *max = o->max;
    if (o->min == 0 && o->max == 0) {
        *min = in->min;
        *max = in->max;
        snprintf(advice, sizeof advice, "Say --range %d-%d or --range %d-%d.", in->min, in->max,
                 in->other_ranges[0][0], in->other_ranges[0][1]);
        if (in->range_must_be_said)
            return hf_i_fail(ctx, HF_E_USAGE, advice,
                             "the form '%s' is used with more than one answer range", in->id);
    }
    if (*min >= *max || *min < HF_I_MIN_ANSWER || *max > HF_I_MAX_ANSWER)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "the answer range %d to %d cannot be", *min, *max);
    if (in->range_count && (*min != in->min || *max != in->max))
        return hf_i_fail(ctx, HF_E_USAGE, NULL,
                         "the form '%s' has items with ranges of their own: it is scored on its "
                         "printed range %d to %d",
                         in->id, in->min, in->max);
    return HF_OK;
}

hf_status hf_i_sheets_new(hf_sheets **out, hf_ctx *ctx, const hf_instrument *in,
                          const hf_sheet_options *options)
{
    static const hf_sheet_options defaults = HF_SHEET_OPTIONS_INIT;
    const hf_sheet_options *o = options ? options : &defaults;
    const hf_order *order;
    int min, max;
    *out = NULL;
    if (o->size != sizeof *o)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "hf_sheet_options: wrong size");
    HF_TRY(hf_instrument_order(&order, ctx, in, o->order));
    HF_TRY(check_range(ctx, in, o, &min, &max));
    hf_sheets *s = hf_i_calloc(ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    s->ctx = ctx;
    s->instrument = in;
    s->order = order;
    s->min = min;
    s->max = max;
    s->columns = order->sheet;
    s->partners[0] = s->partners[1] = HF_I_NONE;
    hf_i_intern_init(&s->names, ctx);
    hf_i_intern_init(&s->people, ctx);
    *out = s;
    return HF_OK;
}

hf_status hf_i_sheets_add(hf_sheets *s, int8_t **answers, hf_i_sheet_key **key)
{
    uint64_t cells = ((uint64_t)s->count + 1) * s->columns;
    HF_TRY(hf_i_grow(s->ctx, &s->answers, &s->answer_capacity, cells, 1, HF_MAX_ROWS * 500,
                     "the number of answers"));
    HF_TRY(hf_i_grow(s->ctx, &s->keys, &s->key_capacity, (uint64_t)s->count + 1, sizeof *s->keys,
                     HF_MAX_ROWS, "the number of answer sheets"));
    *answers = s->answers + s->count * s->columns;
    *key = &s->keys[s->count++];
    memset(*answers, HF_ANSWER_MISSING, s->columns);
    **key = (hf_i_sheet_key){HF_I_NONE, HF_I_NONE, HF_I_NONE, HF_I_NONE, HF_I_NONE, HF_I_NONE, 0};
    return HF_OK;
}

static hf_status check_answers(hf_sheets *s, const int8_t *x, size_t index)
{
    for (size_t c = 0; c < s->columns; c++) {
        int lo, hi;
        hf_i_column_range(s->instrument, (unsigned)c + 1, s->min, s->max, &lo, &hi);
        if (x[c] != HF_ANSWER_MISSING && (x[c] < lo || x[c] > hi))
            return hf_i_fail(s->ctx, HF_E_RANGE, NULL,
                             "sheet %zu, item %zu: %d is not within %d to %d", index + 1, c + 1,
                             x[c], lo, hi);
    }
    return HF_OK;
}

static hf_status copy_sheet(hf_sheets *s, const int8_t *x, const char *person)
{
    int8_t *answers;
    hf_i_sheet_key *key;
    HF_TRY(check_answers(s, x, s->count));
    HF_TRY(hf_i_sheets_add(s, &answers, &key));
    memcpy(answers, x, s->columns);
    if (!person)
        return HF_OK;
    s->has_person = true;
    HF_TRY(hf_i_intern_add(&s->names, person, strlen(person), &key->person, NULL));
    bool fresh;
    HF_TRY(hf_i_intern_add(&s->people, person, strlen(person), &key->identity, &fresh));
    return fresh ? HF_OK
                 : hf_i_fail(s->ctx, HF_E_PARSE, NULL, "sheet %zu: the person '%s' is there twice",
                             s->count, person);
}

hf_status hf_sheets_from_array(hf_sheets **out, hf_ctx *ctx, const hf_instrument *instrument,
                               const int8_t *answers, size_t count, const char *const *persons,
                               const hf_sheet_options *options)
{
    hf_sheets *s;
    *out = NULL;
    HF_TRY(hf_i_sheets_new(&s, ctx, instrument, options));
    hf_status status = HF_OK;
    for (size_t i = 0; i < count && status == HF_OK; i++)
        status = copy_sheet(s, answers + i * s->columns, persons ? persons[i] : NULL);
    if (status != HF_OK) {
        hf_sheets_free(s);
        return status;
    }
    snprintf(s->reading, sizeof s->reading, "%zu sheets from memory", count);
    *out = s;
    return HF_OK;
}

void hf_sheets_free(hf_sheets *s)
{
    if (!s)
        return;
    hf_i_intern_dispose(&s->names);
    hf_i_intern_dispose(&s->people);
    hf_i_free(s->ctx, s->answers);
    hf_i_free(s->ctx, s->keys);
    hf_i_free(s->ctx, s);
}

size_t hf_sheets_count(const hf_sheets *s)
{
    return s->count;
}

static const char *name_of(const hf_sheets *s, uint32_t index)
{
    return index == HF_I_NONE ? NULL : s->names.text[index];
}

void hf_sheets_get(const hf_sheets *s, size_t index, hf_sheet_who *out)
{
    const hf_i_sheet_key *k = &s->keys[index];
    *out = (hf_sheet_who){.person = name_of(s, k->person),
                          .dyad = name_of(s, k->dyad),
                          .partner = name_of(s, k->partner),
                          .occasion = name_of(s, k->occasion),
                          .target = name_of(s, k->target),
                          .line = k->line};
}

const int8_t *hf_sheets_answers(const hf_sheets *s, size_t index)
{
    return s->answers + index * s->columns;
}

const char *hf_sheets_reading(const hf_sheets *s)
{
    return s->reading;
}

void hf_sheets_partners(const hf_sheets *s, const char **a, const char **b)
{
    *a = name_of(s, s->partners[0]);
    *b = name_of(s, s->partners[1]);
}
