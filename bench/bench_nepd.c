/* SPDX-License-Identifier: MIT */
/* Speed and accuracy of the theory's fixed-step integrator: the largest step that keeps every
 * state within 1e-4 of a tight-tolerance solution over 30 days, for reference pairs that do not
 * tip (one hour of stress 3 on a at hour 20 where they bear it), and pair-years a second there. */
#include <holdfast/holdfast.h>
#include <holdfast/simulate.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(hf_status s, hf_ctx *ctx)
{
    if (s != HF_OK) {
        fprintf(stderr, "bench_nepd: %s\n", hf_ctx_get_error(ctx)->message);
        exit(1);
    }
}

static const double X[4] = {-.5, .9, -.3, .9}, Y[4] = {-.5, -.4, .9, .9};
/* Pairs (index into the styles) that rest and return from stress 3. */
static const int calm[][2] = {{0, 0}, {0, 1}, {0, 2}, {0, 3}, {1, 1}, {2, 2}};
enum { PAIRS = sizeof calm / sizeof calm[0] };

static double worst_error(hf_ctx *ctx, const hf_pair *pairs, const hf_simulate_options *fixed)
{
    hf_simulate_options tight = *fixed;
    hf_paths *a = NULL, *b = NULL;
    double worst = 0;
    tight.integrator = HF_INTEGRATE_DOPRI5;
    tight.tolerance = 1e-11;
    must(hf_simulate(&a, ctx, pairs, PAIRS, fixed), ctx);
    must(hf_simulate(&b, ctx, pairs, PAIRS, &tight), ctx);
    for (size_t p = 0; p < PAIRS; p++)
        for (size_t t = 0; t < hf_paths_count_times(a); t++)
            for (int i = 0; i < HF_STATE_COUNT; i++)
                worst = fmax(worst, fabs(hf_paths_get_state(a, p, 0, t)[i] -
                                         hf_paths_get_state(b, p, 0, t)[i]));
    hf_paths_free(a);
    hf_paths_free(b);
    return worst;
}

static double pair_years_a_second(hf_ctx *ctx, const hf_pair *pairs, hf_simulate_options o,
                                  size_t futures)
{
    double best = 0;
    o.hours = 8766;
    o.every = 24;
    o.futures = futures;
    for (int k = 0; k < 5; k++) {
        hf_paths *paths = NULL;
        double t = now();
        must(hf_simulate(&paths, ctx, pairs, PAIRS, &o), ctx);
        t = now() - t;
        best = fmax(best, (double)(PAIRS * futures) / t);
        hf_paths_free(paths);
    }
    return best;
}

int main(void)
{
    hf_ctx *ctx = NULL;
    hf_pair pairs[PAIRS];
    hf_change stress = {HF_CHANGE_STRESS, 0, 20, 21, 3};
    const double steps[] = {0.03125, 0.0625, 0.1, 0.125, 0.15625, 0.2, 0.25, 0.3125, 0.5};
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 1;
    for (int p = 0; p < PAIRS; p++)
        pairs[p] = (hf_pair){{X[calm[p][0]], X[calm[p][1]]}, {Y[calm[p][0]], Y[calm[p][1]]}};
    hf_simulate_options o = HF_SIMULATE_OPTIONS_INIT;
    o.changes = &stress;
    o.change_count = 1;
    double step = 0;
    puts("step (h)   worst error over 30 days   pair-years/s, one core");
    for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
        o.step = steps[k];
        double error = worst_error(ctx, pairs, &o);
        hf_ctx_set_threads(ctx, 1);
        printf("%.5f    %.2e                   %.1f\n", steps[k], error,
               pair_years_a_second(ctx, pairs, o, 2));
        hf_ctx_set_threads(ctx, 0);
        if (error < 1e-4)
            step = steps[k];
    }
    o.step = step;
    for (int threads = 1; threads <= 2; threads++) {
        hf_ctx_set_threads(ctx, threads);
        printf("largest step within 1e-4: %.5f h; %d thread(s): %.1f pair-years/s\n", step, threads,
               pair_years_a_second(ctx, pairs, o, 4));
    }
    o.integrator = HF_INTEGRATE_HEUN;
    hf_ctx_set_threads(ctx, 1);
    printf("with noise (Heun, %.5f h): %.1f pair-years/s\n", step,
           pair_years_a_second(ctx, pairs, o, 2));
    hf_ctx_free(ctx);
    return 0;
}
