/* SPDX-License-Identifier: MIT */
/* exp, log, tanh and the logistic function for one number and for four at once, bit-equal to each
 * other and on every machine (no fused multiply-add, no library calls that differ by processor).
 * Accuracy: within 1 ulp for exp and log, 3 ulp for tanh (measured in test/num).
 * Source: argument reduction after Cody and Waite 1980; log after fdlibm's e_log.c formula
 * (the series in s = f/(2+f)), written anew. */
#ifndef HF_NUM_ELEMENTARY_H
#define HF_NUM_ELEMENTARY_H

#include <stdint.h>
#include <string.h>

/* Lanes are passed between inlined functions only: their calling convention does not matter. Inlined
 * always, also without optimisation: a caller for AVX2 and a callee without would not agree. */
#define HF_E_INLINE static inline __attribute__((always_inline))
#pragma GCC diagnostic ignored "-Wpsabi"

/* Four numbers in a lane each: dyads or parameter directions. */
typedef double hf_i_lane __attribute__((vector_size(32)));
typedef int64_t hf_i_lane_bits __attribute__((vector_size(32)));

#define HF_E_V        double
#define HF_E_I        int64_t
#define HF_E_MASK(x)  (-(int64_t)(x))
#define HF_E_ALL(x)   (x)
#define HF_E_NAME(fn) hf_i_real_##fn
#include "num/elementary.inc"

#define HF_E_V        hf_i_lane
#define HF_E_I        hf_i_lane_bits
#define HF_E_MASK(x)  (x)
#define HF_E_ALL(x)   ((hf_i_lane){(x), (x), (x), (x)})
#define HF_E_NAME(fn) hf_i_lane_##fn
#include "num/elementary.inc"

#endif
