/* SPDX-License-Identifier: MIT */
#include "cycle/timing.h"

#include <math.h>

enum { ENOUGH = 30 };
/* Silences below this are all alike. */
static const double FLOOR_H = 10.0 / 3600;

/* 0 to 3: who writes, and whether the turn before was the other's; -1: nothing is known. */
static int kind_of(const hf_cycle_turn *turns, size_t t)
{
    if (t == 0 || isnan(turns[t].silence_h) || turns[t].masked)
        return -1;
    return 2 * turns[t].partner + (turns[t - 1].partner != turns[t].partner);
}

static double log_silence(const hf_cycle_turn *turn)
{
    return log(fmax(turn->silence_h, FLOOR_H));
}

void hf_i_timing_fill(hf_cycle_turn *turns, size_t count)
{
    double n[4] = {0}, sum[4] = {0}, squares[4] = {0};
    for (size_t t = 0; t < count; t++) {
        int kind = kind_of(turns, t);
        if (kind < 0)
            continue;
        n[kind]++;
        sum[kind] += log_silence(&turns[t]);
    }
    for (size_t t = 0; t < count; t++) {
        int kind = kind_of(turns, t);
        if (kind < 0)
            continue;
        double d = log_silence(&turns[t]) - sum[kind] / n[kind];
        squares[kind] += d * d;
    }
    for (size_t t = 0; t < count; t++) {
        int kind = kind_of(turns, t);
        if (kind < 0 || n[kind] < ENOUGH || squares[kind] <= 0 || !isnan(turns[t].wait))
            continue;
        double sd = sqrt(squares[kind] / (n[kind] - 1));
        turns[t].wait = (float)((log_silence(&turns[t]) - sum[kind] / n[kind]) / sd);
    }
}
