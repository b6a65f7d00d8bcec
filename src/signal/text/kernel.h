/* SPDX-License-Identifier: MIT */
/* The three inner loops of scoring, in whole numbers: the same bits on every machine, with or
 * without AVX2. */
#ifndef HF_SIGNAL_TEXT_KERNEL_H
#define HF_SIGNAL_TEXT_KERNEL_H

#include <stddef.h>
#include <stdint.h>

enum { HF_KERNEL_WIDE = 64, HF_KERNEL_NARROW = 32 };

/* out [64] = sum of the rows of table [*, 64]. */
void hf_i_kernel_rows(int32_t *out, const int8_t *table, const uint32_t *row, size_t n);
/* The same of table [*, 32]; the row is row[i] >> shift. */
void hf_i_kernel_narrow_rows(int32_t *out, const int8_t *table, const uint32_t *row, size_t n,
                             unsigned shift);
/* out [rows] = matrix [rows, n] x; n a multiple of 16. The caller keeps sums within 32 bits. */
void hf_i_kernel_dots(int32_t *out, const int16_t *matrix, const int16_t *x, size_t rows, size_t n);
/* most [n] = max(0, max over t of first[t][i] + second[t + 1][i] + third[t + 2][i] + bias[i]):
 * the largest value of a convolution of width three whose products are tabulated. part[t] points
 * at [3, n] of token t - 1; the ends point at zeros. */
void hf_i_kernel_pool(int16_t *most, const int16_t *const *part, const int16_t *bias, size_t tokens,
                      size_t n);

/* out [n] = (sum scale + bias) factor, rounded and held in [low, high] within +-32767. bias may be
 * NULL. The caller keeps the products within 2^30. */
void hf_i_kernel_round(int16_t *out, const int32_t *sum, const float *scale, const float *bias,
                       float factor, int32_t low, int32_t high, size_t n);
/* out [n] = bias + sum over i of x[i] times weights [inputs, n]; zeros in x cost nothing. n is a
 * multiple of 4. */
void hf_i_kernel_layer(float *out, const float *weights, const float *bias, const float *x,
                       size_t inputs, size_t n);

/* For the trainer, in floating point: sixteen lanes and one order of adding on every machine. n is
 * a multiple of 16 in the first; y += a x in the second. */
float hf_i_kernel_dot(const float *a, const float *b, size_t n);
void hf_i_kernel_axpy(float *y, float a, const float *x, size_t n);

#endif
