/* SPDX-License-Identifier: MIT */
#include "attachment/checkin.h"
#include "num/stats_distribution.h"

#include <math.h>

enum { FEWEST_RATINGS = 30, GRID = 50 };

/* Log-likelihood of AR(1) + noise with level and total variance concentrated out. phi: what one
 * day keeps; share: of the variance that is the process. The filter runs on y and on 1 at once. */
static double log_likelihood(const int64_t *day, const double *y, size_t n, double phi,
                             double share)
{
    double my = 0, m1 = 0, p = share; /* predicted state of y and of 1, its variance */
    double yy = 0, y1 = 0, one = 0, logs = 0;
    for (size_t t = 0; t < n; t++) {
        if (t) {
            double keep = pow(phi, (double)(day[t] - day[t - 1]));
            my *= keep;
            m1 *= keep;
            p = keep * keep * p + (1 - keep * keep) * share;
        }
        double f = p + 1 - share, ey = y[t] - my, e1 = 1 - m1, gain = p / f;
        yy += ey * ey / f;
        y1 += ey * e1 / f;
        one += e1 * e1 / f;
        logs += log(f);
        my += gain * ey;
        m1 += gain * e1;
        p *= 1 - gain;
    }
    double rest = yy - y1 * y1 / one;
    return rest > 0 ? -0.5 * (double)n * log(rest / (double)n) - 0.5 * logs : -INFINITY;
}

/* The best over phi at one share. */
static double profile(const int64_t *day, const double *y, size_t n, double share)
{
    double best = -INFINITY;
    for (int k = 0; k < GRID; k++)
        best = fmax(best, log_likelihood(day, y, n, 0.01 + 0.98 * k / (GRID - 1.0), share));
    return best;
}

hf_i_interval hf_i_rating_reliability(const int64_t *day, const double *y, size_t n)
{
    hf_i_interval out = {NAN, NAN, NAN};
    double best = -INFINITY, value[GRID + 1];
    if (n < FEWEST_RATINGS || !(hf_i_sd(y, n) > 0))
        return out;
    for (int k = 0; k <= GRID; k++) {
        double share = k == 0 ? 0.001 : k == GRID ? 0.999 : (double)k / GRID;
        value[k] = profile(day, y, n, share);
        if (value[k] > best) {
            best = value[k];
            out.estimate = (double)k / GRID;
        }
    }
    /* Ends where the profile falls 1.92 below its top, linear between grid points. */
    int first = 0, last = GRID;
    while (value[first] < best - 1.92)
        first++;
    while (value[last] < best - 1.92)
        last--;
    out.lo =
        first ? (first - (value[first] - (best - 1.92)) / (value[first] - value[first - 1])) / GRID
              : 0;
    out.hi = last < GRID
                 ? (last + (value[last] - (best - 1.92)) / (value[last] - value[last + 1])) / GRID
                 : 1;
    return out;
}

bool hf_i_two_predictors(hf_i_interval b[3], const double *y, const double *x1, const double *x2,
                         size_t n)
{
    if (n < 4)
        return false;
    double my = hf_i_mean(y, n), m1 = hf_i_mean(x1, n), m2 = hf_i_mean(x2, n);
    double s11 = 0, s22 = 0, s12 = 0, s1y = 0, s2y = 0, syy = 0;
    for (size_t i = 0; i < n; i++) {
        double u = x1[i] - m1, v = x2[i] - m2, w = y[i] - my;
        s11 += u * u;
        s22 += v * v;
        s12 += u * v;
        s1y += u * w;
        s2y += v * w;
        syy += w * w;
    }
    double det = s11 * s22 - s12 * s12;
    if (!(det > 1e-9 * s11 * s22))
        return false;
    double b1 = (s22 * s1y - s12 * s2y) / det, b2 = (s11 * s2y - s12 * s1y) / det;
    double b0 = my - b1 * m1 - b2 * m2, df = (double)n - 3;
    double s2 = fmax(syy - b1 * s1y - b2 * s2y, 0) / df, t = hf_i_t_quantile(0.975, df);
    double v1 = s2 * s22 / det, v2 = s2 * s11 / det, c12 = -s2 * s12 / det;
    double v0 = s2 / (double)n + m1 * m1 * v1 + m2 * m2 * v2 + 2 * m1 * m2 * c12;
    const double est[3] = {b0, b1, b2}, se[3] = {sqrt(v0), sqrt(v1), sqrt(v2)};
    for (int k = 0; k < 3; k++)
        b[k] = (hf_i_interval){est[k], est[k] - t * se[k], est[k] + t * se[k]};
    return true;
}
