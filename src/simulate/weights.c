/* SPDX-License-Identifier: MIT */
#include "simulate/weights.h"
#include "text/number.h"

#include <string.h>

static size_t find(const char *const *names, size_t count, const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
            return i;
    return count;
}

static bool read_cells(double *out, const char *cell, const char *end, size_t columns)
{
    for (size_t k = 0; k < columns; k++) {
        const char *tab = memchr(cell, '\t', (size_t)(end - cell));
        const char *stop = tab ? tab : end;
        if (!hf_i_number_parse(cell, (size_t)(stop - cell), '.', &out[k]))
            return false;
        if (!tab && k + 1 < columns)
            return false;
        cell = tab ? tab + 1 : end;
    }
    return true;
}

hf_status hf_i_weights_read(double *out, hf_ctx *ctx, const char *data_name,
                            const char *const *names, size_t count, size_t columns)
{
    size_t size = 0, rows = 0;
    const char *text = hf_i_data_get(data_name, &size);
    if (!text)
        return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "%s is not in this build", data_name);
    const char *stop = text + size;
    for (uint64_t line = 1; text < stop; line++) {
        const char *end = memchr(text, '\n', (size_t)(stop - text));
        end = end ? end : stop;
        const char *tab = memchr(text, '\t', (size_t)(end - text));
        if (end > text && *text != '#') {
            size_t row = tab ? find(names, count, text, (size_t)(tab - text)) : count;
            hf_i_place at = {.file = data_name, .line = line};
            if (row == count || !read_cells(out + row * columns, tab + 1, end, columns))
                return hf_i_fail_at(ctx, HF_E_PARSE, &at, NULL, "not a row of this table");
            rows++;
        }
        text = end + 1;
    }
    if (rows != count)
        return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "%s has %zu rows, not %zu", data_name, rows,
                         count);
    return HF_OK;
}
