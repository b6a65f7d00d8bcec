/* SPDX-License-Identifier: MIT */
/* The user's own item text: read, kept in memory, never written. */
#include "attachment/instrument.h"
#include "text/csv.h"

#include <string.h>

static hf_status one_text(hf_i_csv_reader *r, hf_i_arena *arena, const char **texts,
                          const hf_order *order, long item, long text)
{
    double n;
    if ((size_t)item >= r->count || (size_t)text >= r->count)
        return hf_i_csv_fail(r, 0, HF_E_PARSE, NULL, "this row has no item and text");
    if (!hf_i_csv_number(r, (size_t)item, &n) || n < 1 || n > order->sheet ||
        n != (double)(unsigned)n)
        return hf_i_csv_fail(r, (size_t)item, HF_E_PARSE, NULL,
                             "the item is no number from 1 to %u", order->sheet);
    const char **to = &texts[(unsigned)n - 1];
    if (*to)
        return hf_i_csv_fail(r, (size_t)item, HF_E_PARSE, NULL, "item %u has two texts",
                             (unsigned)n);
    *to = hf_i_arena_strndup(arena, r->cells[text].text, r->cells[text].len);
    return *to ? HF_OK : HF_E_NOMEM;
}

static hf_status read_rows(hf_i_csv_reader *r, hf_i_arena *arena, const char **texts,
                           const hf_order *order)
{
    bool got;
    long item, text;
    HF_TRY(hf_i_csv_next(r, &got));
    if (got) {
        HF_TRY(hf_i_csv_find(r, "item", &item));
        HF_TRY(hf_i_csv_find(r, "text", &text));
    }
    if (!got || item < 0 || text < 0)
        return hf_i_csv_fail(r, 0, HF_E_FORMAT, NULL,
                             "the file of item texts needs the columns item and text");
    for (;;) {
        HF_TRY(hf_i_csv_next(r, &got));
        if (!got)
            return HF_OK;
        HF_TRY(one_text(r, arena, texts, order, item, text));
    }
}

hf_status hf_instrument_read_texts(hf_instrument *instrument, hf_ctx *ctx, const hf_order *order,
                                   const char *path)
{
    hf_i_file file;
    hf_i_csv_reader r;
    hf_i_arena *arena = hf_i_instrument_arena(instrument);
    const char **texts = hf_i_arena_alloc(arena, HF_I_MAX_ITEMS * sizeof *texts);
    if (!texts)
        return HF_E_NOMEM;
    memset(texts, 0, HF_I_MAX_ITEMS * sizeof *texts);
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_status s = hf_i_csv_open(&r, ctx, path, file.data, file.size, NULL);
    if (s == HF_OK) {
        s = read_rows(&r, arena, texts, order);
        hf_i_csv_dispose(&r);
    }
    hf_i_file_close(&file);
    if (s == HF_OK)
        instrument->texts = texts;
    return s;
}
