/* SPDX-License-Identifier: MIT */
/* The theory as a dynamical system (NEPD: need, emotion, protection, distance), doc/theory.md.
 * State of a pair: nine quantities a partner and closeness C. Time in hours. Four pairs at a
 * time, one in each lane. */
#ifndef HF_MODEL_NEPD_H
#define HF_MODEL_NEPD_H

#include "base/base.h"
#include "num/lanes.h"

/* X(name): the rows of data/nepd/constants.tsv, in any order there. */
#define HF_NEPD_CONSTANTS(X)                                                                       \
    X(resp_adapt)                                                                                  \
    X(resp_soften)                                                                                 \
    X(resp_protest)                                                                                \
    X(close_adapt) X(close_gain) X(close_soften) X(soothe) X(soothe_base) X(soothe_secure)         \
        X(soothe_slope) X(soothe_shift) X(danger_top) X(danger_half) X(act_steep) X(act_soften) X( \
            fatigue_gain) X(fatigue_rate) X(share_anxiety) X(share_avoidance) X(share_distance)    \
            X(protect_rate) X(express_rate) X(express_soften) X(express_half) X(need_rise) X(      \
                need_met) X(need_fade) X(close_rate) X(close_resp) X(close_calm) X(close_withdraw) \
                X(close_pursue) X(close_fade) X(adapt_rate) X(adapt_need) X(adapt_fade)            \
                    X(heal_rate) X(learn_rate) X(learn_need) X(learn_gain) X(learn_protest)        \
                        X(withdraw_0) X(withdraw_x) X(withdraw_y) X(pursue_0) X(pursue_x)          \
                            X(pursue_y) X(distance_0) X(distance_x) X(distance_y) X(tooclose_0)    \
                                X(tooclose_y) X(comfort_slope) X(comfort_shift) X(calm_x)          \
                                    X(threshold_0) X(threshold_x) X(threshold_y) X(threshold_s)    \
                                        X(express_0) X(express_x) X(express_y) X(respond_0)        \
                                            X(respond_x) X(respond_y) X(unmet_0) X(unmet_x)        \
                                                X(unmet_y) X(unanswered_0) X(unanswered_x)         \
                                                    X(unanswered_y) X(noise_danger)                \
                                                        X(noise_closeness) X(turns_day)            \
                                                            X(turns_night) X(turns_day_from)       \
                                                                X(turns_day_to) X(turns_pursue)    \
                                                                    X(turns_withdraw)              \
                                                                        X(reply_branching)         \
                                                                            X(reply_half_life)

typedef struct hf_i_nepd_constants {
#define HF_NEPD_FIELD(name) double name;
    HF_NEPD_CONSTANTS(HF_NEPD_FIELD)
#undef HF_NEPD_FIELD
} hf_i_nepd_constants;

/* Index of a state: partner i's block starts at i * HF_NEPD_PER_PARTNER. */
enum {
    HF_NEPD_N, /* need, >= 0 */
    HF_NEPD_D, /* felt danger, >= 0 */
    HF_NEPD_P, /* pursuing, 0..1 */
    HF_NEPD_W, /* withdrawing, 0..1 */
    HF_NEPD_V, /* vulnerable expression, 0..1 */
    HF_NEPD_F, /* fatigue of protection, 0..1 */
    HF_NEPD_S, /* felt security, -1..1 */
    HF_NEPD_Z, /* adaptation to the partner, 0..1 */
    HF_NEPD_M, /* old wound, >= 0 */
    HF_NEPD_PER_PARTNER,
    HF_NEPD_C = 2 * HF_NEPD_PER_PARTNER, /* closeness, 0..1 */
    HF_NEPD_STATES
};

/* What follows from a partner's traits: exp-linear gains (doc/theory.md, 'Traits'). */
typedef struct hf_i_nepd_gains {
    hf_v4 withdraw, pursue, distance, tooclose, comfort, calm, threshold, express, respond, unmet,
        unanswered, share;
} hf_i_nepd_gains;

/* What may change during a path, constant over a step. All lanes; index = partner. */
typedef struct hf_i_nepd_input {
    hf_v4 stress[2];    /* added to the inflow of danger */
    hf_v4 injury[2];    /* inflow of the old wound, per hour */
    hf_v4 soften[2];    /* e, 0..1 */
    hf_v4 express[2];   /* multiplier of vulnerable expression (way back 1); 1 */
    hf_v4 said[2];      /* share of pursuing that is said as a need instead (way back 2); 0 */
    hf_v4 heal[2];      /* multiplier of healing (way back 3); 1 */
    hf_v4 respond[2];   /* multiplier of responsiveness (way back 4); 1; 0 = no safety signals */
    hf_v4 adapt[2];     /* rate ka while adapting; 0 */
    hf_v4 learn;        /* rate eps of security; 0 */
    hf_v4 contact;      /* 1; 0 during a break: the other is neither seen nor heard */
    hf_v4 hold_close;   /* 1: closeness is held where it is (B14) */
    hf_v4 hold_express; /* 1: expression is held where it is (B14) */
    hf_v4 open_gain[2], express_gain[2]; /* exp of softening: set by hf_i_nepd_prepare */
} hf_i_nepd_input;

typedef struct hf_i_nepd {
    const hf_i_nepd_constants *k;
    hf_i_nepd_gains gain[2];
} hf_i_nepd;

/* The embedded constants, or those of a file in the same form. HF_E_PARSE with line. */
hf_status hf_i_nepd_constants_default(hf_i_nepd_constants *out, hf_ctx *ctx);
hf_status hf_i_nepd_constants_read(hf_i_nepd_constants *out, hf_ctx *ctx, const char *path);
/* A constant by name; NULL if there is none. */
double *hf_i_nepd_constant(hf_i_nepd_constants *k, const char *name);
const char *hf_i_nepd_constant_name(size_t index); /* NULL after the last */
/* 'literature', 'calibrated' or 'invented', as the shipped file says; static storage. */
const char *hf_i_nepd_constant_source(const char *name);
/* What it means, in the words of that file. */
void hf_i_nepd_constant_meaning(const char *name, char *out, size_t size);

/* Sets one lane's traits: anxiety x and avoidance y (z-scores) of both partners. */
void hf_i_nepd_set_traits(hf_i_nepd *model, int lane, const double x[2], const double y[2]);
void hf_i_nepd_input_calm(hf_i_nepd_input *in);
/* Call it after the inputs are set and before they are used. */
void hf_i_nepd_prepare(const hf_i_nepd *model, hf_i_nepd_input *in);
/* C = closeness, n = .3, all else 0. */
void hf_i_nepd_start(hf_v4 state[HF_NEPD_STATES], double closeness);

/* dx/dt. Cost: eight exponentials. */
void hf_i_nepd_rhs(const hf_i_nepd *model, const hf_i_nepd_input *in, const hf_v4 x[HF_NEPD_STATES],
                   hf_v4 dx[HF_NEPD_STATES]);

/* `steps` steps of classical Runge-Kutta of order 4 with constant inputs. */
void hf_i_nepd_rk4(const hf_i_nepd *model, const hf_i_nepd_input *in, hf_v4 x[HF_NEPD_STATES],
                   double dt, uint64_t steps);
/* One step of the stochastic Heun scheme (additive noise: strong order 1 away from the bounds);
 * normal: standard normals for d_a, d_b, C. Reflected at the bounds. */
void hf_i_nepd_heun(const hf_i_nepd *model, const hf_i_nepd_input *in, hf_v4 x[HF_NEPD_STATES],
                    double dt, const hf_v4 normal[3]);

#endif
