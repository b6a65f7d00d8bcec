/* SPDX-License-Identifier: MIT */
/* The profile: quadrant probabilities, reliable change, the behaviour beside it. */
#include "attachment/instrument.h"
#include "num/stats.h"
#include "num/stats_distribution.h"

#include <math.h>

const char *hf_quadrant_name(hf_quadrant quadrant)
{
    static const char *const names[] = {"low on both", "higher on anxiety", "higher on avoidance",
                                        "high on both"};
    return (unsigned)quadrant < HF_COUNT_OF(names) ? names[quadrant] : "";
}

const char *hf_quadrant_key(hf_quadrant quadrant)
{
    static const char *const names[] = {"low_both", "higher_anxiety", "higher_avoidance",
                                        "high_both"};
    return (unsigned)quadrant < HF_COUNT_OF(names) ? names[quadrant] : "";
}

void hf_quadrant_probabilities(double out[HF_QUADRANTS], double anxiety, double sem_anxiety,
                               double cut_anxiety, double avoidance, double sem_avoidance,
                               double cut_avoidance)
{
    double u = sem_anxiety > 0 ? hf_i_normal_cdf((anxiety - cut_anxiety) / sem_anxiety) : NAN;
    double w =
        sem_avoidance > 0 ? hf_i_normal_cdf((avoidance - cut_avoidance) / sem_avoidance) : NAN;
    double product = u * w; /* NaN as soon as one of them is */
    out[HF_HIGH_BOTH] = product;
    out[HF_HIGHER_ANXIETY] = isnan(product) ? NAN : u * (1 - w);
    out[HF_HIGHER_AVOIDANCE] = isnan(product) ? NAN : (1 - u) * w;
    out[HF_LOW_BOTH] = isnan(product) ? NAN : (1 - u) * (1 - w);
}

double hf_change_range(double x, double min, double max, double to_min, double to_max)
{
    return to_min + (x - min) * (to_max - to_min) / (max - min);
}

const char *hf_change_state_name(hf_change_state state)
{
    static const char *const names[] = {"not enough data", "reliably down", "too close to call",
                                        "reliably up"};
    return (unsigned)state < HF_COUNT_OF(names) ? names[state] : "";
}

hf_change_state hf_reliable_change(double from, double to, double sd, double reliability,
                                   double *rci, double *threshold)
{
    double error = sd * sqrt(2 * (1 - reliability)), index = (to - from) / error;
    bool known = isfinite(from) && isfinite(to) && error > 0 && isfinite(error);
    if (rci)
        *rci = known ? index : NAN;
    if (threshold)
        *threshold = error > 0 && isfinite(error) ? 1.96 * error : NAN;
    if (!known)
        return HF_CHANGE_NOT_ENOUGH;
    return index > 1.96 ? HF_CHANGE_UP : index < -1.96 ? HF_CHANGE_DOWN : HF_CHANGE_NONE;
}

/* Fewer episodes say nothing about a share: no interval narrower than most of 0 to 1. */
enum { FEWEST_EPISODES = 5 };

void hf_behaviour_intervals(hf_behaviour *b)
{
    b->pursued_lo = b->pursued_hi = b->withdrew_lo = b->withdrew_hi = NAN;
    if (b->episodes < FEWEST_EPISODES)
        return;
    hf_i_interval p = hf_i_wilson((double)b->pursued, (double)b->episodes, 0.95);
    hf_i_interval w = hf_i_wilson((double)b->withdrew, (double)b->episodes, 0.95);
    b->pursued_lo = p.lo;
    b->pursued_hi = p.hi;
    b->withdrew_lo = w.lo;
    b->withdrew_hi = w.hi;
}
