/* SPDX-License-Identifier: MIT */
/* Turns decoded and fitted in a second of one core; the aim: 100,000 in under 2 s. */
#include <holdfast/cycle.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TURNS = 100000 };

static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* A small generator of its own: the record only has to be as long and as mixed as a real one. */
static unsigned next(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void make_turns(hf_cycle_turn *turns)
{
    unsigned r = 1;
    double t = 0;
    for (size_t i = 0; i < TURNS; i++) {
        double gap = next(&r) % 20 ? (next(&r) % 600) / 3600.0 : 2 + next(&r) % 20;
        bool quarrel = i / 40 % 12 == 5;
        hf_cycle_turn_init(&turns[i]);
        t += gap;
        turns[i].t_h = turns[i].end_h = t;
        turns[i].silence_h = i ? gap : (double)NAN;
        turns[i].partner = next(&r) & 1u;
        turns[i].coded = true;
        turns[i].warmth = (float)(next(&r) % 200) / 50 - 2;
        turns[i].length = (float)(next(&r) % 200) / 50 - 2;
        for (int a = 0; a < HF_ACT_COUNT; a++)
            turns[i].acts[a] = (float)(next(&r) % 100) / 1000;
        turns[i].acts[quarrel ? HF_ACT_BLAME : HF_ACT_LOGISTICS] = (float)(next(&r) % 100) / 100;
    }
}

int main(void)
{
    hf_ctx_options options = HF_CTX_OPTIONS_INIT;
    hf_ctx *ctx;
    hf_cycle *cycle;
    options.threads = 1;
    hf_cycle_turn *turns = malloc(TURNS * sizeof *turns);
    if (!turns || hf_ctx_new(&ctx, &options) != HF_OK)
        return 1;
    make_turns(turns);
    double before = cpu_seconds();
    if (hf_cycle_decode(&cycle, ctx, turns, TURNS, NULL) != HF_OK)
        return 1;
    double seconds = cpu_seconds() - before;
    bool converged;
    int iterations = hf_cycle_get_iterations(cycle, &converged);
    printf(
        "cycle: %d turns decoded and fitted (%d rounds) in %.2f s of one core: %.0f turns/s, %zu "
        "episodes\n",
        TURNS, iterations, seconds, TURNS / seconds, hf_cycle_count_episodes(cycle));
    hf_cycle_free(cycle);
    hf_ctx_free(ctx);
    free(turns);
    return 0;
}
