/* SPDX-License-Identifier: MIT */
/* Four doubles at a time, in plain C vector extensions: the same source gives SSE2 and AVX2 code
 * with the same bits, since nothing here contracts or reorders. */
#ifndef HF_NUM_LANES_H
#define HF_NUM_LANES_H

#include <stdint.h>
#include <string.h>

/* Vectors are passed by value to inlined functions only: no calling convention is involved. */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

enum { HF_LANES = 4 };

typedef double hf_v4 __attribute__((vector_size(32)));
typedef int64_t hf_v4i __attribute__((vector_size(32)));

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

/* exp. Cody-Waite reduction to |r| <= ln2/2, Taylor polynomial of degree 13 (remainder below
 * 4e-18 relative), scaled by 2^k in two steps. Arguments are clamped to [-708, 709]. Accuracy
 * about 1 ulp (tested against libm). */
HF_LANES_INLINE hf_v4 hf_i_v4_exp(hf_v4 x)
{
    const hf_v4 magic = hf_i_v4_all(0x1.8p52);
    x = hf_i_v4_min(hf_i_v4_max(x, hf_i_v4_all(-708.0)), hf_i_v4_all(709.0));
    hf_v4 shifted = x * hf_i_v4_all(1.44269504088896340736) + magic;
    hf_v4 k = shifted - magic;
    hf_v4 r = x - k * hf_i_v4_all(6.93147180369123816490e-01);
    r = r - k * hf_i_v4_all(1.90821492927058770002e-10);
    hf_v4 p = hf_i_v4_all(1.0 / 6227020800.0);
    p = p * r + hf_i_v4_all(1.0 / 479001600.0);
    p = p * r + hf_i_v4_all(1.0 / 39916800.0);
    p = p * r + hf_i_v4_all(1.0 / 3628800.0);
    p = p * r + hf_i_v4_all(1.0 / 362880.0);
    p = p * r + hf_i_v4_all(1.0 / 40320.0);
    p = p * r + hf_i_v4_all(1.0 / 5040.0);
    p = p * r + hf_i_v4_all(1.0 / 720.0);
    p = p * r + hf_i_v4_all(1.0 / 120.0);
    p = p * r + hf_i_v4_all(1.0 / 24.0);
    p = p * r + hf_i_v4_all(1.0 / 6.0);
    p = p * r + hf_i_v4_all(0.5);
    p = p * r + hf_i_v4_all(1.0);
    p = p * r + hf_i_v4_all(1.0);
    /* The low bits of `shifted` hold k; 2^k as bits. k + 1023 stays within 1..2046 here. */
    hf_v4i scale = ((hf_v4i)shifted + INT64_C(1023)) << 52;
    return p * (hf_v4)scale;
}

/* 1 / (1 + exp(-x)) */
HF_LANES_INLINE hf_v4 hf_i_v4_sigmoid(hf_v4 x)
{
    return hf_i_v4_all(1.0) / (hf_i_v4_all(1.0) + hf_i_v4_exp(-x));
}

#endif
