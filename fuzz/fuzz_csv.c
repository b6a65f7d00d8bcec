/* SPDX-License-Identifier: MIT */
/* The table reader: every cell lies where it says, and a table read and written again reads the
 * same. */
#include "text/csv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
    if (!good)
        abort();
}

static void read_table(hf_ctx *ctx, const void *data, size_t size, char delimiter,
                       hf_i_csv_writer *copy)
{
    hf_i_csv_options options = {.delimiter = delimiter, .comment = '#', .max_columns = 64};
    hf_i_csv_reader r;
    bool got = hf_i_csv_open(&r, ctx, "fuzz", data, size, &options) == HF_OK;
    while (got && hf_i_csv_next(&r, &got) == HF_OK && got) {
        for (size_t i = 0; i < r.count; i++) {
            double x;
            long column;
            check(r.cells[i].byte + r.cells[i].len <= size && r.cells[i].byte >= r.byte);
            (void)hf_i_csv_number(&r, i, &x);
            (void)hf_i_csv_find(&r, "name", &column);
            hf_i_csv_text(copy, r.cells[i].text, r.cells[i].len);
        }
        hf_i_csv_end_row(copy);
    }
    hf_i_csv_dispose(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    hf_i_buf first, second;
    hf_i_csv_writer w;
    check(hf_ctx_new(&ctx, NULL) == HF_OK);
    hf_i_buf_init(&first, ctx, UINT64_C(1) << 30, "table");
    hf_i_buf_init(&second, ctx, UINT64_C(1) << 30, "table");
    hf_i_csv_init(&w, hf_i_sink_buf(&first), ',');
    read_table(ctx, data, size, 0, &w);
    check(hf_i_csv_finish(&w) == HF_OK);
    hf_i_csv_init(&w, hf_i_sink_buf(&second), ',');
    read_table(ctx, first.data, first.len, ',', &w);
    check(hf_i_csv_finish(&w) == HF_OK);
    check(first.len == second.len &&
          (first.len == 0 || memcmp(first.data, second.data, first.len) == 0));
    hf_i_buf_dispose(&first);
    hf_i_buf_dispose(&second);
    hf_ctx_free(ctx);
    return 0;
}
