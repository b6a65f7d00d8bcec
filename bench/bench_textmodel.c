/* SPDX-License-Identifier: MIT */
/* The text model: time to open the weights, chat messages a second on one core, lines of JSON a
 * second. The messages are made from invented phrases as short as people write them. */
#include "num/random.h"

#include <holdfast/text_model.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COUNT = 200000, RUNS = 5, ROOM = 160 };

static const char *const starts[] = {"ok",
                                     "hey you",
                                     "sorry",
                                     "haha",
                                     "i miss you",
                                     "are you home",
                                     "can you get milk",
                                     "lol",
                                     "you never told me that",
                                     "thank you so much",
                                     "on my way",
                                     "i feel a bit lost",
                                     "what did she say",
                                     "good night",
                                     "that was unfair",
                                     "love you",
                                     "no idea",
                                     "let's talk later"};
static const char *const middles[] = {"",
                                      " babe",
                                      " when you get here",
                                      " about the weekend",
                                      " and i was worried",
                                      " because of the trains again",
                                      " i think",
                                      " with your mum",
                                      " after work",
                                      " for the kids",
                                      " even if it's late",
                                      " honestly"};
static const char *const ends[] = {
    "", "!", "?", " :)", " \xf0\x9f\x98\x82", " x", "...", ".", " tomorrow", " please", " xx"};

static char texts[COUNT][ROOM];
static hf_text_turn turns[COUNT];
static hf_text_result *results;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const char *pick(hf_i_random *r, const char *const *list, size_t n)
{
    return list[hf_i_random_below(r, n)];
}
#define PICK(r, list) pick(r, list, sizeof(list) / sizeof *(list))

static size_t make(void)
{
    hf_i_random r;
    size_t bytes = 0;
    hf_i_random_init(&r, 1, 0, 0);
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(texts[i], ROOM, "%s%s%s%s", PICK(&r, starts), PICK(&r, middles),
                 hf_i_random_below(&r, 3) ? "" : PICK(&r, middles), PICK(&r, ends));
        turns[i].text = (hf_text){texts[i], strlen(texts[i])};
        bytes += turns[i].text.size;
    }
    return bytes;
}

static int fail(hf_ctx *ctx)
{
    fprintf(stderr, "%s\n", hf_ctx_get_error(ctx)->message);
    return 1;
}

static int bench_turns(hf_ctx *ctx, const hf_text_model *model, const char *what)
{
    double best = 1e9;
    for (int run = 0; run < RUNS; run++) {
        double t = now();
        if (hf_text_code_all(ctx, model, turns, COUNT, results) != HF_OK)
            return fail(ctx);
        t = now() - t;
        best = t < best ? t : best;
    }
    printf("%-26s %10.0f messages/s\n", what, COUNT / best);
    return 0;
}

/* Each turn with another before it: the one coded last (a talk), or one that was not (worst). */
static int bench_before(hf_ctx *ctx, const hf_text_model *model)
{
    for (size_t i = 0; i < COUNT; i++) {
        turns[i].prev = &turns[i ? i - 1 : COUNT - 1].text;
        turns[i].prev_count = 1;
    }
    if (bench_turns(ctx, model, "with the turn before"))
        return 1;
    for (size_t i = 0; i < COUNT; i++)
        turns[i].prev = &turns[(i + COUNT / 2) % COUNT].text;
    return bench_turns(ctx, model, "with another before");
}

static int bench_lines(hf_ctx *ctx, const hf_text_model *model)
{
    char *in = malloc((size_t)COUNT * (ROOM + 64)), *p = in, *out;
    size_t size;
    double best = 1e9;
    if (!in)
        return 1;
    for (size_t i = 0; i < COUNT; i++)
        p += snprintf(p, ROOM + 64, "{\"id\":\"m%zu\",\"text\":\"%s\"}\n", i, texts[i]);
    for (int run = 0; run < RUNS; run++) {
        double t = now();
        if (hf_text_code_lines(&out, &size, ctx, model, in, (size_t)(p - in), NULL, 1) != HF_OK)
            return fail(ctx);
        t = now() - t;
        best = t < best ? t : best;
        hf_text_lines_free(ctx, out);
    }
    printf("lines of JSON, one core    %10.0f messages/s\n", COUNT / best);
    free(in);
    return 0;
}

int main(int argc, char **argv)
{
    hf_ctx *ctx;
    hf_text_model *model = NULL;
    double best = 1e9;
    hf_ctx_options options = HF_CTX_OPTIONS_INIT;
    options.threads = 1;
    results = malloc(COUNT * sizeof *results);
    if (!results || hf_ctx_new(&ctx, &options) != HF_OK)
        return 1;
    for (int run = 0; run < RUNS; run++) {
        double t = now();
        hf_text_model_free(model);
        if (hf_text_model_open(&model, ctx, argc > 1 ? argv[1] : NULL) != HF_OK)
            return fail(ctx);
        t = now() - t;
        best = t < best ? t : best;
    }
    printf("open the weights           %10.1f ms\n", best * 1e3);
    printf("mean length                %10.1f bytes\n", (double)make() / COUNT);
    int code = bench_turns(ctx, model, "score turns, one core") || bench_before(ctx, model) ||
               bench_lines(ctx, model);
    hf_text_model_free(model);
    hf_ctx_free(ctx);
    free(results);
    return code;
}
