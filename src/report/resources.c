/* SPDX-License-Identifier: MIT */
/* The resources file, for the person at the keyboard. */
#include "report/report.h"

#include "text/csv.h"

#include <string.h>

enum { COUNTRY, NAME, PHONE, TEXT, URL, COLUMNS };
static const char *const columns[COLUMNS] = {"country", "name", "phone", "text", "url"};

static hf_status say_row(const hf_i_csv_reader *r, const long *at, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int c = 0; c < COLUMNS; c++) {
        const hf_i_csv_cell *cell = &r->cells[at[c]];
        if (!cell->len || used >= size)
            continue;
        used += (size_t)snprintf(out + used, size - used, "%s%.*s",
                                 c == COUNTRY ? ""
                                 : c == NAME  ? ": "
                                              : ", ",
                                 (int)cell->len, cell->text);
    }
    return HF_OK;
}

static hf_status read_row(hf_i_csv_reader *r, size_t index, char *out, size_t size)
{
    long at[COLUMNS];
    bool got;
    HF_TRY(hf_i_csv_next(r, &got));
    for (int c = 0; got && c < COLUMNS; c++) {
        HF_TRY(hf_i_csv_find(r, columns[c], &at[c]));
        if (at[c] < 0)
            return hf_i_csv_fail(r, 0, HF_E_PARSE, NULL, "there is no column '%s'", columns[c]);
    }
    for (size_t i = 0; got; i++) {
        HF_TRY(hf_i_csv_next(r, &got));
        if (got && i == index && r->count > (size_t)at[URL])
            return say_row(r, at, out, size);
    }
    return HF_E_NOT_FOUND;
}

hf_status hf_resources_get(hf_ctx *ctx, size_t index, char *out, size_t size)
{
    size_t length = 0;
    const char *data = hf_i_data_get("safety/resources.csv", &length);
    if (!data)
        return HF_E_NOT_FOUND;
    hf_i_csv_reader r;
    hf_i_csv_options options = {.delimiter = ',', .comment = '#'};
    HF_TRY(hf_i_csv_open(&r, ctx, "resources.csv", data, length, &options));
    hf_status status = read_row(&r, index, out, size);
    hf_i_csv_dispose(&r);
    return status;
}
