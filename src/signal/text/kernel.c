/* SPDX-License-Identifier: MIT */
#include "signal/text/kernel.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#if defined(__x86_64__)
#define AVX2          __attribute__((target("avx2")))
#define HAS_AVX2      __builtin_cpu_supports("avx2")
#define HAS_TWO_PATHS 1
#else
#define HAS_TWO_PATHS 0
#endif

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts16 __attribute__((vector_size(32)));

enum {
    /* 256 rows of at most 127 fit 16 bits. */
    CHUNK = 256,
    /* Rows to ask the memory for ahead of use. */
    AHEAD = 12
};

INLINE void add_row(shorts16 *sum, const int8_t *p, size_t columns)
{
    for (size_t j = 0; j < columns / 16; j++) {
        bytes16 b;
        memcpy(&b, p + 16 * j, sizeof b);
        sum[j] += __builtin_convertvector(b, shorts16);
    }
}

/* columns is a constant at each call. */
INLINE void rows_body(int32_t *out, const int8_t *table, const uint32_t *row, size_t n,
                      unsigned shift, size_t columns)
{
    memset(out, 0, columns * sizeof *out);
    for (size_t begin = 0; begin < n; begin += CHUNK) {
        size_t end = begin + CHUNK < n ? begin + CHUNK : n;
        shorts16 sum[HF_KERNEL_WIDE / 16];
        memset(sum, 0, sizeof sum);
        for (size_t i = begin; i < end; i++) {
            size_t next = i + AHEAD < n ? i + AHEAD : i;
            __builtin_prefetch(table + (size_t)(row[next] >> shift) * columns);
            add_row(sum, table + (size_t)(row[i] >> shift) * columns, columns);
        }
        for (size_t j = 0; j < columns; j++)
            out[j] += sum[j / 16][j % 16];
    }
}

/* Four rows share the loads of x and hide each other's sums. */
INLINE void dots_body(int32_t *out, const int16_t *matrix, const int16_t *x, size_t rows, size_t n)
{
    size_t r = 0;
    for (; r + 4 <= rows; r += 4, matrix += 4 * n) {
        int32_t a = 0, b = 0, c = 0, d = 0;
        for (size_t i = 0; i < n; i++) {
            a += (int32_t)matrix[i] * x[i];
            b += (int32_t)matrix[n + i] * x[i];
            c += (int32_t)matrix[2 * n + i] * x[i];
            d += (int32_t)matrix[3 * n + i] * x[i];
        }
        out[r] = a;
        out[r + 1] = b;
        out[r + 2] = c;
        out[r + 3] = d;
    }
    for (; r < rows; r++, matrix += n) {
        out[r] = 0;
        for (size_t i = 0; i < n; i++)
            out[r] += (int32_t)matrix[i] * x[i];
    }
}

INLINE void pool_body(int16_t *most, const int16_t *const *part, const int16_t *bias, size_t tokens,
                      size_t n)
{
    memset(most, 0, n * sizeof *most);
    for (size_t t = 0; t < tokens; t++) {
        const int16_t *a = part[t], *b = part[t + 1] + n, *c = part[t + 2] + 2 * n;
        for (size_t i = 0; i < n; i++) {
            int16_t z = (int16_t)(a[i] + b[i] + c[i] + bias[i]);
            most[i] = z > most[i] ? z : most[i];
        }
    }
}

typedef float lanes8 __attribute__((vector_size(32)));

INLINE float dot_body(const float *a, const float *b, size_t n)
{
    lanes8 s0 = {0}, s1 = {0}, x, y;
    for (size_t i = 0; i < n; i += 16) {
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        s0 += x * y;
        memcpy(&x, a + i + 8, sizeof x);
        memcpy(&y, b + i + 8, sizeof y);
        s1 += x * y;
    }
    s0 += s1;
    float s[8];
    memcpy(s, &s0, sizeof s);
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

INLINE void axpy_body(float *restrict y, float a, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

/* Shifted above zero, cutting is rounding; the limits are held in whole numbers: no branches. */
INLINE void round_body(int16_t *restrict out, const int32_t *restrict sum,
                       const float *restrict scale, const float *restrict bias, float factor,
                       int32_t low, int32_t high, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float v = ((float)sum[i] * scale[i] + (bias ? bias[i] : 0)) * factor;
        int32_t k = (int32_t)(v + 32768.5f) - 32768;
        k = k < low ? low : k;
        out[i] = (int16_t)(k > high ? high : k);
    }
}

INLINE void layer_body(float *out, const float *weights, const float *bias, const float *x,
                       size_t inputs, size_t n)
{
    memcpy(out, bias, n * sizeof *out);
    for (size_t i = 0; i < inputs; i++, weights += n)
        if (x[i] != 0)
            axpy_body(out, x[i], weights, n);
}

#if HAS_TWO_PATHS
AVX2 static void round_avx2(int16_t *out, const int32_t *sum, const float *scale, const float *bias,
                            float factor, int32_t low, int32_t high, size_t n)
{
    if (bias)
        round_body(out, sum, scale, bias, factor, low, high, n);
    else
        round_body(out, sum, scale, NULL, factor, low, high, n);
}

AVX2 static void layer_avx2(float *out, const float *weights, const float *bias, const float *x,
                            size_t inputs, size_t n)
{
    layer_body(out, weights, bias, x, inputs, n);
}

AVX2 static float dot_avx2(const float *a, const float *b, size_t n)
{
    return dot_body(a, b, n);
}

AVX2 static void axpy_avx2(float *y, float a, const float *x, size_t n)
{
    axpy_body(y, a, x, n);
}

AVX2 static void rows_avx2(int32_t *out, const int8_t *table, const uint32_t *row, size_t n)
{
    rows_body(out, table, row, n, 0, HF_KERNEL_WIDE);
}

AVX2 static void narrow_avx2(int32_t *out, const int8_t *table, const uint32_t *row, size_t n,
                             unsigned shift)
{
    rows_body(out, table, row, n, shift, HF_KERNEL_NARROW);
}

AVX2 static void dots_avx2(int32_t *out, const int16_t *m, const int16_t *x, size_t rows, size_t n)
{
    dots_body(out, m, x, rows, n);
}

AVX2 static void pool_avx2(int16_t *most, const int16_t *const *part, const int16_t *bias,
                           size_t tokens, size_t n)
{
    pool_body(most, part, bias, tokens, n);
}
#endif

void hf_i_kernel_rows(int32_t *out, const int8_t *table, const uint32_t *row, size_t n)
{
#if HAS_TWO_PATHS
    if (HAS_AVX2) {
        rows_avx2(out, table, row, n);
        return;
    }
#endif
    rows_body(out, table, row, n, 0, HF_KERNEL_WIDE);
}

void hf_i_kernel_narrow_rows(int32_t *out, const int8_t *table, const uint32_t *row, size_t n,
                             unsigned shift)
{
#if HAS_TWO_PATHS
    if (HAS_AVX2) {
        narrow_avx2(out, table, row, n, shift);
        return;
    }
#endif
    rows_body(out, table, row, n, shift, HF_KERNEL_NARROW);
}

void hf_i_kernel_dots(int32_t *out, const int16_t *matrix, const int16_t *x, size_t rows, size_t n)
{
#if HAS_TWO_PATHS
    if (HAS_AVX2) {
        dots_avx2(out, matrix, x, rows, n);
        return;
    }
#endif
    dots_body(out, matrix, x, rows, n);
}

void hf_i_kernel_pool(int16_t *most, const int16_t *const *part, const int16_t *bias, size_t tokens,
                      size_t n)
{
#if HAS_TWO_PATHS
    if (HAS_AVX2) {
        pool_avx2(most, part, bias, tokens, n);
        return;
    }
#endif
    pool_body(most, part, bias, tokens, n);
}

float hf_i_kernel_dot(const float *a, const float *b, size_t n)
{
#if HAS_TWO_PATHS
    if (HAS_AVX2)
        return dot_avx2(a, b, n);
#endif
    return dot_body(a, b, n);
}

void hf_i_kernel_axpy(float *y, float a, const float *x, size_t n)
{
#if HAS_TWO_PATHS
    if (HAS_AVX2) {
        axpy_avx2(y, a, x, n);
        return;
    }
#endif
    axpy_body(y, a, x, n);
}

void hf_i_kernel_layer(float *out, const float *weights, const float *bias, const float *x,
                       size_t inputs, size_t n)
{
#if HAS_TWO_PATHS
    if (HAS_AVX2) {
        layer_avx2(out, weights, bias, x, inputs, n);
        return;
    }
#endif
    layer_body(out, weights, bias, x, inputs, n);
}

void hf_i_kernel_round(int16_t *out, const int32_t *sum, const float *scale, const float *bias,
                       float factor, int32_t low, int32_t high, size_t n)
{
#if HAS_TWO_PATHS
    if (HAS_AVX2) {
        round_avx2(out, sum, scale, bias, factor, low, high, n);
        return;
    }
#endif
    if (bias)
        round_body(out, sum, scale, bias, factor, low, high, n);
    else
        round_body(out, sum, scale, NULL, factor, low, high, n);
}
