/* SPDX-License-Identifier: MIT */
/* The right-hand side and the fixed-step integrators, for four pairs at a time. The AVX2 clone
 * is chosen at run time and gives the same bits: same source, no contraction. */
#include "model/nepd/nepd.h"

#define ALL(x) hf_i_v4_all(x)

HF_LANES_INLINE hf_v4 positive(hf_v4 x)
{
    return hf_i_v4_max(x, ALL(0.0));
}

HF_LANES_INLINE hf_v4 square(hf_v4 x)
{
    return x * x;
}

/* Responsiveness of i to j: blocked by own protection, soft asking draws more than protest. */
HF_LANES_INLINE hf_v4 responsiveness(const hf_i_nepd *m, const hf_i_nepd_input *in, const hf_v4 *x,
                                     int i)
{
    const hf_i_nepd_constants *k = m->k;
    const hf_v4 *me = x + i * HF_NEPD_PER_PARTNER, *you = x + (1 - i) * HF_NEPD_PER_PARTNER;
    hf_v4 open = ALL(1.0) - hf_i_v4_min(ALL(1.0), me[HF_NEPD_P] + me[HF_NEPD_W]);
    hf_v4 gain = in->open_gain[i] * (ALL(1.0) + ALL(k->resp_adapt) * me[HF_NEPD_Z]);
    hf_v4 drawn = gain * you[HF_NEPD_V] + ALL(k->resp_protest) * you[HF_NEPD_P];
    return hf_i_v4_min(ALL(1.0), drawn) * square(open) * in->respond[i] * in->contact;
}

HF_LANES_INLINE void danger(const hf_i_nepd *m, const hf_i_nepd_input *in, const hf_v4 *x, int i,
                            hf_v4 answer, hf_v4 dist, hf_v4 close, hf_v4 *dx, hf_v4i *sides)
{
    const hf_i_nepd_constants *k = m->k;
    const hf_i_nepd_gains *g = &m->gain[i];
    const hf_v4 *me = x + i * HF_NEPD_PER_PARTNER, *you = x + (1 - i) * HF_NEPD_PER_PARTNER;
    hf_v4 open = ALL(1.0) - answer;
    hf_v4 inflow = g->unmet * me[HF_NEPD_N] * open + g->unanswered * me[HF_NEPD_V] * open +
                   in->contact * (g->withdraw * (ALL(1.0) + me[HF_NEPD_M]) * you[HF_NEPD_W] +
                                  g->pursue * you[HF_NEPD_P]) +
                   g->distance * dist * (ALL(0.5) + me[HF_NEPD_N]) +
                   ALL(k->close_gain) * g->tooclose * close *
                       (ALL(1.0) - ALL(k->close_soften) * in->soften[i]) +
                   in->stress[i];
    hf_v4 secure = hf_i_v4_sigmoid(ALL(k->soothe_slope) * me[HF_NEPD_S] + ALL(k->soothe_shift));
    hf_v4 soothing =
        ALL(k->soothe) * answer * (ALL(k->soothe_base) + ALL(k->soothe_secure) * secure);
    hf_v4 d = me[HF_NEPD_D];
    sides[i] = inflow > soothing;
    dx[HF_NEPD_D] = -g->calm * d +
                    positive(inflow - soothing) * (ALL(1.0) - d / ALL(k->danger_top)) -
                    positive(soothing - inflow) * d / (d + ALL(k->danger_half));
}

/* Protection follows the alarm, expression follows need and danger while there is no alarm. */
HF_LANES_INLINE void moves(const hf_i_nepd *m, const hf_i_nepd_input *in, const hf_v4 *x, int i,
                           hf_v4 dist, hf_v4 close, hf_v4 *dx)
{
    const hf_i_nepd_constants *k = m->k;
    const hf_i_nepd_gains *g = &m->gain[i];
    const hf_v4 *me = x + i * HF_NEPD_PER_PARTNER;
    hf_v4 threshold =
        g->threshold + ALL(k->threshold_s) * me[HF_NEPD_S] + ALL(k->fatigue_gain) * me[HF_NEPD_F];
    /* sig(6(d - T)) - sig(-6T) as one fraction: with E = exp(-6d) and F = exp(6T) it is
     * F(1 - E) / ((1 + EF)(1 + F)), never negative for d >= 0. */
    hf_v4 e = hf_i_v4_exp(-ALL(k->act_steep) * me[HF_NEPD_D]);
    hf_v4 f = hf_i_v4_exp(ALL(k->act_steep) * threshold);
    hf_v4 alarm = f * (ALL(1.0) - e) / ((ALL(1.0) + e * f) * (ALL(1.0) + f)) *
                  (ALL(1.0) - ALL(k->act_soften) * in->soften[i]);
    hf_v4 share = hf_i_v4_sigmoid(
        g->share +
        ALL(k->share_distance) * (g->distance * dist - ALL(k->close_gain) * g->tooclose * close));
    hf_v4 pursue = alarm * share, said = pursue * in->said[i];
    hf_v4 calm = positive(ALL(1.0) - me[HF_NEPD_P] - me[HF_NEPD_W]);
    hf_v4 drive = me[HF_NEPD_N] + me[HF_NEPD_D];
    hf_v4 target = in->express_gain[i] * drive / (drive + ALL(k->express_half)) * calm + said;
    dx[HF_NEPD_P] = ALL(k->protect_rate) * (pursue - said - me[HF_NEPD_P]);
    dx[HF_NEPD_W] = ALL(k->protect_rate) * (alarm * (ALL(1.0) - share) - me[HF_NEPD_W]);
    dx[HF_NEPD_V] = ALL(k->express_rate) * (hf_i_v4_min(ALL(1.0), target) - me[HF_NEPD_V]) *
                    (ALL(1.0) - in->hold_express);
    dx[HF_NEPD_F] = ALL(k->fatigue_rate) * (me[HF_NEPD_P] + me[HF_NEPD_W] - me[HF_NEPD_F]);
}

/* Need, adaptation, wound, security. */
HF_LANES_INLINE void slow(const hf_i_nepd *m, const hf_i_nepd_input *in, const hf_v4 *x, int i,
                          hf_v4 answer, hf_v4 *dx)
{
    const hf_i_nepd_constants *k = m->k;
    const hf_v4 *me = x + i * HF_NEPD_PER_PARTNER, *you = x + (1 - i) * HF_NEPD_PER_PARTNER;
    hf_v4 one = ALL(1.0);
    hf_v4 calm = positive(one - me[HF_NEPD_P] - me[HF_NEPD_W]);
    dx[HF_NEPD_N] = ALL(k->need_rise) - ALL(k->need_met) * answer * me[HF_NEPD_N] -
                    ALL(k->need_fade) * me[HF_NEPD_N];
    dx[HF_NEPD_Z] = in->adapt[i] * ((you[HF_NEPD_V] + ALL(k->adapt_need) * you[HF_NEPD_N]) * calm *
                                        (one - me[HF_NEPD_Z]) -
                                    ALL(k->adapt_fade) * me[HF_NEPD_Z]);
    dx[HF_NEPD_M] =
        in->injury[i] - ALL(k->heal_rate) * in->heal[i] * me[HF_NEPD_V] * answer * me[HF_NEPD_M];
    hf_v4 lesson =
        ALL(k->learn_gain) *
        (answer - in->contact * (you[HF_NEPD_W] + ALL(k->learn_protest) * you[HF_NEPD_P]));
    lesson = hf_i_v4_max(ALL(-1.0), hf_i_v4_min(one, lesson));
    dx[HF_NEPD_S] = in->learn *
                    hf_i_v4_min(me[HF_NEPD_D] + ALL(k->learn_need) * me[HF_NEPD_N], one) *
                    (lesson - me[HF_NEPD_S]);
}

/* sides: on which side of its kinks the right-hand side is: danger fed or soothed (0, 1), closer
 * than comfortable or not (2, 3). */
HF_LANES_INLINE void rhs(const hf_i_nepd *m, const hf_i_nepd_input *in, const hf_v4 *x, hf_v4 *dx,
                         hf_v4i sides[4])
{
    const hf_i_nepd_constants *k = m->k;
    hf_v4 one = ALL(1.0), half = ALL(0.5), c = x[HF_NEPD_C];
    hf_v4 answer[2] = {responsiveness(m, in, x, 1), responsiveness(m, in, x, 0)};
    hf_v4 dist = square(one - c);
    for (int i = 0; i < 2; i++) {
        const hf_v4 *me = x + i * HF_NEPD_PER_PARTNER;
        hf_v4 *out = dx + i * HF_NEPD_PER_PARTNER;
        hf_v4 comfort = m->gain[i].comfort;
        hf_v4 close = positive(c - comfort - ALL(k->close_adapt) * me[HF_NEPD_Z] * (one - comfort));
        sides[2 + i] = close > ALL(0.0);
        danger(m, in, x, i, answer[i], dist, close, out, sides);
        moves(m, in, x, i, dist, close, out);
        slow(m, in, x, i, answer[i], out);
    }
    hf_v4 p = half * (x[HF_NEPD_P] + x[HF_NEPD_PER_PARTNER + HF_NEPD_P]);
    hf_v4 w = half * (x[HF_NEPD_W] + x[HF_NEPD_PER_PARTNER + HF_NEPD_W]);
    hf_v4 together = ALL(k->close_resp) * half * (answer[0] + answer[1]) +
                     in->contact * ALL(k->close_calm) * (one - p - w);
    hf_v4 apart =
        in->contact * (ALL(k->close_withdraw) * w + ALL(k->close_pursue) * p) + ALL(k->close_fade);
    dx[HF_NEPD_C] =
        ALL(k->close_rate) * (together * (one - c) - apart * c) * (one - in->hold_close);
}

/* One step from x, whose derivative `first` is known. */
HF_LANES_INLINE void rk4_step(const hf_i_nepd *m, const hf_i_nepd_input *in, const hf_v4 *x,
                              const hf_v4 *first, double dt, hf_v4 *out)
{
    hf_v4 a[HF_NEPD_STATES], b[HF_NEPD_STATES], y[HF_NEPD_STATES];
    hf_v4 h = ALL(dt), h2 = ALL(dt / 2), h6 = ALL(dt / 6), two = ALL(2.0);
    hf_v4i sides[4];
    for (int i = 0; i < HF_NEPD_STATES; i++)
        y[i] = x[i] + h2 * first[i];
    rhs(m, in, y, b, sides);
    for (int i = 0; i < HF_NEPD_STATES; i++) {
        a[i] = first[i] + two * b[i];
        y[i] = x[i] + h2 * b[i];
    }
    rhs(m, in, y, b, sides);
    for (int i = 0; i < HF_NEPD_STATES; i++) {
        a[i] = a[i] + two * b[i];
        y[i] = x[i] + h * b[i];
    }
    rhs(m, in, y, b, sides);
    for (int i = 0; i < HF_NEPD_STATES; i++)
        out[i] = x[i] + h6 * (a[i] + b[i]);
}

/* Lanes that crossed a kink between two points. */
HF_LANES_INLINE hf_v4i crossed(const hf_v4i *before, const hf_v4i *after)
{
    return (before[0] ^ after[0]) | (before[1] ^ after[1]) | (before[2] ^ after[2]) |
           (before[3] ^ after[3]);
}

enum { KINK_SUBSTEPS = 16 }; /* a kink costs O(h^2) where smooth steps cost O(h^5) */

/* A step that crosses a kink is done again in short steps, for the lanes that crossed: the others
 * keep their bits, so that a pair's path does not depend on its neighbours. */
HF_LANES_INLINE void rk4_steps(const hf_i_nepd *m, const hf_i_nepd_input *in, hf_v4 *x, double dt,
                               uint64_t steps)
{
    hf_v4 first[HF_NEPD_STATES], next[HF_NEPD_STATES], y[HF_NEPD_STATES], dy[HF_NEPD_STATES];
    hf_v4i before[4], after[4], unused[4];
    rhs(m, in, x, first, before);
    for (uint64_t s = 0; s < steps; s++) {
        rk4_step(m, in, x, first, dt, next);
        rhs(m, in, next, dy, after);
        hf_v4i kink = crossed(before, after);
        if (kink[0] | kink[1] | kink[2] | kink[3]) {
            for (int i = 0; i < HF_NEPD_STATES; i++)
                y[i] = x[i];
            for (int j = 0; j < KINK_SUBSTEPS; j++) {
                rk4_step(m, in, y, first, dt / KINK_SUBSTEPS, y);
                rhs(m, in, y, first, unused);
            }
            for (int i = 0; i < HF_NEPD_STATES; i++)
                next[i] = hf_i_v4_select(kink, y[i], next[i]);
            rhs(m, in, next, dy, after);
        }
        for (int i = 0; i < HF_NEPD_STATES; i++) {
            x[i] = next[i];
            first[i] = dy[i];
        }
        for (int i = 0; i < 4; i++)
            before[i] = after[i];
    }
}

void hf_i_nepd_prepare(const hf_i_nepd *m, hf_i_nepd_input *in)
{
    for (int i = 0; i < 2; i++) {
        in->open_gain[i] = m->gain[i].respond * hf_i_v4_exp(ALL(m->k->resp_soften) * in->soften[i]);
        hf_v4 express = m->gain[i].express * in->express[i] *
                        hf_i_v4_exp(ALL(m->k->express_soften) * in->soften[i]);
        in->express_gain[i] = hf_i_v4_min(ALL(1.0), express);
    }
}

static void rk4_base(const hf_i_nepd *m, const hf_i_nepd_input *in, hf_v4 *x, double dt,
                     uint64_t steps)
{
    rk4_steps(m, in, x, dt, steps);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void rk4_avx2(const hf_i_nepd *m, const hf_i_nepd_input *in,
                                                     hf_v4 *x, double dt, uint64_t steps)
{
    rk4_steps(m, in, x, dt, steps);
}
#endif

void hf_i_nepd_rhs(const hf_i_nepd *m, const hf_i_nepd_input *in, const hf_v4 x[HF_NEPD_STATES],
                   hf_v4 dx[HF_NEPD_STATES])
{
    hf_v4i sides[4];
    rhs(m, in, x, dx, sides);
}

void hf_i_nepd_rk4(const hf_i_nepd *m, const hf_i_nepd_input *in, hf_v4 x[HF_NEPD_STATES],
                   double dt, uint64_t steps)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        rk4_avx2(m, in, x, dt, steps);
        return;
    }
#endif
    rk4_base(m, in, x, dt, steps);
}

void hf_i_nepd_heun(const hf_i_nepd *m, const hf_i_nepd_input *in, hf_v4 x[HF_NEPD_STATES],
                    double dt, const hf_v4 normal[3])
{
    static const int noisy[3] = {HF_NEPD_D, HF_NEPD_PER_PARTNER + HF_NEPD_D, HF_NEPD_C};
    const hf_i_nepd_constants *k = m->k;
    hf_v4 f0[HF_NEPD_STATES], f1[HF_NEPD_STATES], y[HF_NEPD_STATES], kick[3];
    hf_v4 root = ALL(__builtin_sqrt(dt)), h = ALL(dt);
    kick[0] = ALL(k->noise_danger) * root * normal[0];
    kick[1] = ALL(k->noise_danger) * root * normal[1];
    kick[2] = ALL(k->noise_closeness) * root * normal[2] * (ALL(1.0) - in->hold_close);
    hf_v4i sides[4];
    rhs(m, in, x, f0, sides);
    for (int i = 0; i < HF_NEPD_STATES; i++)
        y[i] = x[i] + h * f0[i];
    for (int i = 0; i < 3; i++)
        y[noisy[i]] = y[noisy[i]] + kick[i];
    rhs(m, in, y, f1, sides);
    for (int i = 0; i < HF_NEPD_STATES; i++)
        x[i] = x[i] + ALL(dt / 2) * (f0[i] + f1[i]);
    for (int i = 0; i < 3; i++)
        x[noisy[i]] = x[noisy[i]] + kick[i];
    for (int i = 0; i < 2; i++) {
        hf_v4 *d = x + noisy[i];
        *d = hf_i_v4_max(*d, -*d);
    }
    hf_v4 c = hf_i_v4_max(x[HF_NEPD_C], -x[HF_NEPD_C]);
    x[HF_NEPD_C] = hf_i_v4_min(c, ALL(2.0) - c);
}
