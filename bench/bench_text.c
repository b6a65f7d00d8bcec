/* SPDX-License-Identifier: MIT */
/* The text room: numbers against the C library's, checks and tables by the megabyte. Each line is
 * the best of several runs. */
#include "num/random.h"
#include "text/csv.h"
#include "text/json_write.h"
#include "text/number.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COUNT = 200000, RUNS = 7 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double numbers[COUNT];
static char texts[COUNT][HF_I_NUMBER_SIZE];
static volatile double sink;

static void write_ours(void)
{
    for (int i = 0; i < COUNT; i++)
        hf_i_number_format(texts[i], numbers[i]);
}

static void write_printf(void)
{
    for (int i = 0; i < COUNT; i++)
        snprintf(texts[i], sizeof texts[i], "%.17g", numbers[i]);
}

static void read_ours(void)
{
    double sum = 0, x = 0;
    for (int i = 0; i < COUNT; i++) {
        hf_i_number_parse(texts[i], strlen(texts[i]), '.', &x);
        sum += x;
    }
    sink = sum;
}

static void read_strtod(void)
{
    double sum = 0;
    for (int i = 0; i < COUNT; i++)
        sum += strtod(texts[i], NULL);
    sink = sum;
}

static double best(void (*fn)(void))
{
    double least = 1e9;
    for (int i = 0; i < RUNS; i++) {
        double start = now();
        fn();
        double took = now() - start;
        least = took < least ? took : least;
    }
    return least;
}

static void compare(const char *what, void (*ours)(void), void (*theirs)(void), const char *peer)
{
    printf("%-34s %6.1f ns each   %s %6.1f ns\n", what, best(ours) / COUNT * 1e9, peer,
           best(theirs) / COUNT * 1e9);
}

static hf_ctx *ctx;
static hf_i_buf table, json;

static void make_table(void)
{
    hf_i_csv_writer w;
    hf_i_buf_clear(&table);
    hf_i_csv_init(&w, hf_i_sink_buf(&table), ',');
    for (int i = 0; i < COUNT; i++) {
        hf_i_csv_int(&w, i);
        hf_i_csv_real(&w, numbers[i]);
        hf_i_csv_str(&w, i % 5 ? "a message of ordinary length, f\xC3\xBCr dich" : "say \"it\"");
        hf_i_csv_end_row(&w);
    }
    if (hf_i_csv_finish(&w) != HF_OK)
        exit(1);
}

static void read_table(void)
{
    hf_i_csv_reader r;
    bool got = hf_i_csv_open(&r, ctx, NULL, table.data, table.len, NULL) == HF_OK;
    size_t cells = 0;
    while (got && hf_i_csv_next(&r, &got) == HF_OK && got)
        cells += r.count;
    hf_i_csv_dispose(&r);
    sink = (double)cells;
}

static void check_utf8(void)
{
    sink = (double)hf_i_utf8_check(table.data, table.len);
}

static void write_json(void)
{
    hf_i_json_writer w;
    hf_i_buf_clear(&json);
    hf_i_json_init(&w, hf_i_sink_buf(&json), 0);
    hf_i_json_array_begin(&w);
    for (size_t i = 0; i + 100 <= table.len; i += 100)
        hf_i_json_text(&w, table.data + i, 100);
    hf_i_json_array_end(&w);
    if (hf_i_json_finish(&w) != HF_OK)
        exit(1);
}

int main(void)
{
    hf_i_random r;
    hf_i_random_init(&r, 1, 0, 0);
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 1;
    hf_i_buf_init(&table, ctx, UINT64_C(1) << 30, "table");
    hf_i_buf_init(&json, ctx, UINT64_C(1) << 30, "json");
    for (int i = 0; i < COUNT; i++)
        numbers[i] = hf_i_random_normal(&r);
    compare("write doubles of 16 to 17 digits", write_ours, write_printf, "snprintf %.17g");
    write_ours();
    compare("read them", read_ours, read_strtod, "strtod");
    for (int i = 0; i < COUNT; i++)
        numbers[i] = (double)hf_i_random_below(&r, 100000) / 1000;
    compare("write doubles of 3 decimals", write_ours, write_printf, "snprintf %.17g");
    write_ours();
    compare("read them", read_ours, read_strtod, "strtod");
    make_table();
    double megabytes = (double)table.len / 1e6;
    printf("write a table                      %6.0f MB/s\n", megabytes / best(make_table));
    printf("read a table                       %6.0f MB/s\n", megabytes / best(read_table));
    printf("check UTF-8 (mostly ASCII)         %6.0f MB/s\n", megabytes / best(check_utf8));
    printf("write JSON strings of 100 bytes    %6.0f MB/s\n", megabytes / best(write_json));
    hf_i_buf_dispose(&table);
    hf_i_buf_dispose(&json);
    hf_ctx_free(ctx);
    return 0;
}
