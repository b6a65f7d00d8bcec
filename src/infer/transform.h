/* SPDX-License-Identifier: MIT */
/* Parameters with bounds on a scale without them: log above a lower bound, logit between two. */
#ifndef HF_INFER_TRANSFORM_H
#define HF_INFER_TRANSFORM_H

#include <math.h>

/* The search's scale ends here: e^-34 is nothing beside 1 in double precision. */
#define HF_SCALE_END 34.0

static inline double hf_i_to_scale(double x, double lower, double upper)
{
    if (isfinite(lower) && isfinite(upper))
        return log((x - lower) / (upper - x));
    if (isfinite(lower))
        return log(x - lower);
    if (isfinite(upper))
        return -log(upper - x);
    return x;
}

/* The parameter and its derivative. */
static inline double hf_i_from_scale(double u, double lower, double upper, double *slope)
{
    if (isfinite(lower) && isfinite(upper)) {
        double e = exp(-fabs(u)), s = 1 / (1 + e), width = upper - lower;
        *slope = width * e * s * s;
        return u < 0 ? lower + width * e * s : upper - width * e * s;
    }
    if (isfinite(lower)) {
        *slope = exp(u);
        return lower + exp(u);
    }
    if (isfinite(upper)) {
        *slope = exp(-u);
        return upper - exp(-u);
    }
    *slope = 1;
    return u;
}

#endif
