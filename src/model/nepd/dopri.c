/* SPDX-License-Identifier: MIT */
#include "model/nepd/dopri.h"

#include <math.h>

enum { STAGES = 7 };
static const double A[STAGES][STAGES - 1] = {
    {0},
    {1.0 / 5},
    {3.0 / 40, 9.0 / 40},
    {44.0 / 45, -56.0 / 15, 32.0 / 9},
    {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
    {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
    {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
/* Difference of the two solutions. */
static const double E[STAGES] = {71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                                 -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

/* Step limits of the controller: the model has kinks, so growth is kept modest. */
static const double STEP_MOST = 0.5, STEP_LEAST = 1e-7, SAFETY = 0.9, GROW = 3.0, SHRINK = 0.2;

static double attempt(const hf_i_nepd *m, const hf_i_nepd_input *in, const hf_v4 *x, hf_v4 *y,
                      double h, double tolerance)
{
    hf_v4 k[STAGES][HF_NEPD_STATES];
    double worst = 0;
    hf_i_nepd_rhs(m, in, x, k[0]);
    for (int s = 1; s < STAGES; s++) {
        for (int i = 0; i < HF_NEPD_STATES; i++) {
            hf_v4 sum = hf_i_v4_all(0.0);
            for (int r = 0; r < s; r++)
                sum = sum + hf_i_v4_all(A[s][r]) * k[r][i];
            y[i] = x[i] + hf_i_v4_all(h) * sum;
        }
        hf_i_nepd_rhs(m, in, y, k[s]);
    }
    for (int i = 0; i < HF_NEPD_STATES; i++) {
        hf_v4 e = hf_i_v4_all(0.0);
        for (int s = 0; s < STAGES; s++)
            e = e + hf_i_v4_all(E[s]) * k[s][i];
        for (int l = 0; l < HF_LANES; l++)
            worst = fmax(worst, h * fabs(e[l]) / (tolerance * (1 + fabs(x[i][l]))));
    }
    return worst;
}

void hf_i_nepd_dopri5(const hf_i_nepd *m, const hf_i_nepd_input *in, hf_v4 x[HF_NEPD_STATES],
                      double length, double tolerance, double *h)
{
    double t = 0, step = *h > 0 ? *h : 0.01;
    hf_v4 y[HF_NEPD_STATES];
    while (t < length) {
        bool last = step >= length - t;
        double take = last ? length - t : step;
        double error = attempt(m, in, x, y, take, tolerance);
        double factor = error > 0 ? SAFETY * pow(error, -0.2) : GROW;
        factor = fmin(GROW, fmax(SHRINK, factor));
        if (error <= 1 || take <= STEP_LEAST) {
            for (int i = 0; i < HF_NEPD_STATES; i++)
                x[i] = y[i];
            t = last ? length : t + take;
            if (last && factor > 1) /* a cut-off step says nothing about growth */
                continue;
        }
        step = fmin(STEP_MOST, fmax(STEP_LEAST, take * factor));
    }
    *h = step;
}
