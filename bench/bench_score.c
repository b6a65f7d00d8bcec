/* SPDX-License-Identifier: MIT */
/* Answer sheets scored on one core: 1,000,000 sheets of the 36 items of the ECR from memory
 * (moments, keying check, scores, intervals, percentiles, careless answering), and the same from
 * a CSV file. Processor time (one thread), minimum of several runs. */
#include "attachment/instrument.h"
#include "num/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void need(hf_ctx *ctx, hf_status s)
{
    if (s != HF_OK) {
        fprintf(stderr, "%s\n", hf_ctx_get_error(ctx)->message);
        exit(1);
    }
}

static void make(int8_t *x, size_t n, const hf_order *o, size_t scales)
{
    hf_i_random r;
    hf_i_random_init(&r, 1, 0, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < scales; s++) {
            double f = hf_i_random_normal(&r);
            for (size_t k = 0; k < o->keys[s].count; k++) {
                double a =
                    floor(4.5 + o->keys[s].items[k].sign * (f + 2 * hf_i_random_uniform(&r) - 1));
                a = a < 1 ? 1 : a > 7 ? 7 : a;
                x[i * 36 + o->keys[s].items[k].column - 1] = (int8_t)a;
            }
        }
}

static void write_csv(const char *path, const int8_t *x, size_t n)
{
    FILE *f = fopen(path, "w");
    if (!f)
        exit(1);
    fputs("row", f);
    for (int k = 1; k <= 36; k++)
        fprintf(f, ",Q%d", k);
    for (size_t i = 0; i < n; i++) {
        fprintf(f, "\n%zu", i + 1);
        for (int k = 0; k < 36; k++)
            fprintf(f, ",%d", x[i * 36 + k]);
    }
    fputc('\n', f);
    fclose(f);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    char path[] = "bench_score_XXXXXX";
    hf_ctx *ctx;
    hf_instrument *in;
    hf_sheets *sheets;
    double score = 1e9, keying = 1e9, read = 1e9;
    hf_ctx_options co = HF_CTX_OPTIONS_INIT;
    co.threads = 1;
    if (hf_ctx_new(&ctx, &co) != HF_OK)
        return 1;
    need(ctx, hf_instrument_get(&in, ctx, "ecr"));
    int8_t *x = malloc(n * 36);
    int fd = mkstemp(path);
    if (!x || fd < 0)
        return 1;
    close(fd);
    make(x, n, &in->orders[0], in->scale_count);
    write_csv(path, x, n);
    hf_sheet_options so = HF_SHEET_OPTIONS_INIT;
    so.order = "ecr-1998";
    need(ctx, hf_sheets_from_array(&sheets, ctx, in, x, n, NULL, &so));
    for (int run = 0; run < 10; run++) {
        hf_scoring *p;
        hf_score_options o;
        hf_score_options_init(&o);
        o.no_keying_check = run % 2 == 1;
        double t = now();
        need(ctx, hf_score_run(&p, ctx, in, sheets, &o));
        t = now() - t;
        double *best = o.no_keying_check ? &score : &keying;
        *best = t < *best ? t : *best;
        hf_scoring_free(p);
    }
    hf_sheets_free(sheets);
    for (int run = 0; run < 3; run++) {
        double t = now();
        need(ctx, hf_sheets_read(&sheets, ctx, in, path, &so));
        t = now() - t;
        read = t < read ? t : read;
        hf_sheets_free(sheets);
    }
    unlink(path);
    printf("score: %zu sheets of 36 items, one core\n", n);
    printf("  scores, intervals, percentiles, reliability  %.3f s\n", score);
    printf("  the same with the keying check               %.3f s\n", keying);
    printf("  reading them from CSV                        %.3f s\n", read);
    printf("  reading and scoring                          %.3f s\n", read + keying);
    free(x);
    hf_instrument_free(in);
    hf_ctx_free(ctx);
    return 0;
}
