/* SPDX-License-Identifier: MIT */
/* Four doubles at a time, in plain C vector extensions: the same source gives SSE2 and AVX2 code
 * with the same bits, since nothing here contracts or reorders. */
#ifndef HF_NUM_LANES_H
#define HF_NUM_LANES_H

#include "num/elementary.h"

enum { HF_LANES = 4 };

typedef hf_i_lane hf_v4;
typedef hf_i_lane_bits hf_v4i;

#define HF_LANES_INLINE static inline __attribute__((always_inline))

HF_LANES_INLINE hf_v4 hf_i_v4_all(double x)
{
    return (hf_v4){x, x, x, x};
}

HF_LANES_INLINE hf_v4 hf_i_v4_select(hf_v4i mask, hf_v4 yes, hf_v4 no)
{
    return (hf_v4)((mask & (hf_v4i)yes) | (~mask & (hf_v4i)no));
}

HF_LANES_INLINE hf_v4 hf_i_v4_max(hf_v4 a, hf_v4 b)
{
    return hf_i_v4_select(a > b, a, b);
}

HF_LANES_INLINE hf_v4 hf_i_v4_min(hf_v4 a, hf_v4 b)
{
    return hf_i_v4_select(a < b, a, b);
}

/* exp for arguments that are finite: they are clamped to [-708, 709], which saves the special cases
 * of hf_i_lane_exp (elementary.h), whose reduction and polynomial it shares. About 1 ulp. */
HF_LANES_INLINE hf_v4 hf_i_v4_exp(hf_v4 x)
{
    hf_v4i k;
    x = hf_i_v4_min(hf_i_v4_max(x, hf_i_v4_all(-708.0)), hf_i_v4_all(709.0));
    hf_v4 r = hf_i_lane_exp_reduce(x, &k);
    return (hf_i_lane_expm1_core(r) + 1.0) * (hf_v4)((k + INT64_C(1023)) << 52);
}

/* 1 / (1 + exp(-x)) */
HF_LANES_INLINE hf_v4 hf_i_v4_sigmoid(hf_v4 x)
{
    return hf_i_v4_all(1.0) / (hf_i_v4_all(1.0) + hf_i_v4_exp(-x));
}

#endif
