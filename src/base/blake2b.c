/* SPDX-License-Identifier: MIT */
#include "base/blake2b.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* Lane k belongs to text k. */
typedef uint64_t lanes __attribute__((vector_size(32)));

enum { ROUNDS = 12, DIGEST = 64 };

static const uint64_t start[8] = {UINT64_C(0x6A09E667F3BCC908), UINT64_C(0xBB67AE8584CAA73B),
                                  UINT64_C(0x3C6EF372FE94F82B), UINT64_C(0xA54FF53A5F1D36F1),
                                  UINT64_C(0x510E527FADE682D1), UINT64_C(0x9B05688C2B3E6C1F),
                                  UINT64_C(0x1F83D9ABFB41BD6B), UINT64_C(0x5BE0CD19137E2179)};

static const uint8_t order[ROUNDS][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                          {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                          {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                          {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                          {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                          {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                          {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                          {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                          {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                          {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
                                          {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                          {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3}};

INLINE uint64_t load_little(const unsigned char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    return x;
}

/* Macros: vectors of this width are neither passed nor returned by value. */
#define ALL(x)       ((lanes){(x), (x), (x), (x)})
#define ROTATE(x, n) ((x) = (x) >> (n) | (x) << (64 - (n)))

INLINE void mix(lanes *v, int a, int b, int c, int d, const lanes *x, const lanes *y)
{
    v[a] = v[a] + v[b] + *x;
    v[d] ^= v[a];
    ROTATE(v[d], 32);
    v[c] += v[d];
    v[b] ^= v[c];
    ROTATE(v[b], 24);
    v[a] = v[a] + v[b] + *y;
    v[d] ^= v[a];
    ROTATE(v[d], 16);
    v[c] += v[d];
    v[b] ^= v[c];
    ROTATE(v[b], 63);
}

INLINE void compress(lanes h[8], const lanes m[16], const lanes *done, bool last)
{
    lanes v[16];
    for (int i = 0; i < 8; i++) {
        v[i] = h[i];
        v[i + 8] = ALL(start[i]);
    }
    v[12] ^= *done;
    if (last)
        v[14] = ~v[14];
    for (int r = 0; r < ROUNDS; r++) {
        const uint8_t *s = order[r];
        mix(v, 0, 4, 8, 12, &m[s[0]], &m[s[1]]);
        mix(v, 1, 5, 9, 13, &m[s[2]], &m[s[3]]);
        mix(v, 2, 6, 10, 14, &m[s[4]], &m[s[5]]);
        mix(v, 3, 7, 11, 15, &m[s[6]], &m[s[7]]);
        mix(v, 0, 5, 10, 15, &m[s[8]], &m[s[9]]);
        mix(v, 1, 6, 11, 12, &m[s[10]], &m[s[11]]);
        mix(v, 2, 7, 8, 13, &m[s[12]], &m[s[13]]);
        mix(v, 3, 4, 9, 14, &m[s[14]], &m[s[15]]);
    }
    for (int i = 0; i < 8; i++)
        h[i] ^= v[i] ^ v[i + 8];
}

INLINE void four_body(uint64_t out[4], const unsigned char *const text[4], const size_t size[4],
                      size_t blocks)
{
    lanes h[8], m[16];
    for (int i = 0; i < 8; i++)
        h[i] = ALL(start[i]);
    h[0] ^= ALL(UINT64_C(0x01010000) ^ DIGEST);
    for (size_t b = 0; b < blocks; b++) {
        bool last = b + 1 == blocks;
        lanes done = ALL((b + 1) * HF_I_BLAKE2B_BLOCK);
        for (int k = 0; last && k < 4; k++)
            done[k] = size[k];
        for (int i = 0; i < 16; i++)
            for (int k = 0; k < 4; k++)
                m[i][k] = load_little(text[k] + b * HF_I_BLAKE2B_BLOCK + 8 * (size_t)i);
        compress(h, m, &done, last);
    }
    for (int k = 0; k < 4; k++)
        out[k] = h[0][k];
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void
four_avx2(uint64_t out[4], const unsigned char *const text[4], const size_t size[4], size_t blocks)
{
    four_body(out, text, size, blocks);
}
#endif

void hf_i_blake2b_four(uint64_t out[4], const unsigned char *const text[4], const size_t size[4],
                       size_t blocks)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        four_avx2(out, text, size, blocks);
        return;
    }
#endif
    four_body(out, text, size, blocks);
}
