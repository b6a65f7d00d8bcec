/* SPDX-License-Identifier: MIT */
#include "text/number_shortest.h"

#include <stdbool.h>
#include <string.h>

static const uint64_t powers[HF_I_POWER10_MAX - HF_I_POWER10_MIN + 1][2] = {
#include "text/power10.inc"
};

const uint64_t *hf_i_number_power10(int k)
{
    return powers[k - HF_I_POWER10_MIN];
}

/* floor(e log2 10), for |e| <= 1233. */
static int floor_log2_power10(int e)
{
    return (e * 1741647) >> 19;
}

/* floor(log10 2^e), or of 3/4 2^e, for |e| <= 1500. */
static int floor_log10_power2(int e, bool three_quarters)
{
    return (e * 1262611 - (three_quarters ? 524031 : 0)) >> 22;
}

/* The upper 64 bits of g * c / 2^128 with the lowest bit set when anything below them is: enough
 * to compare with (paper, section 9.9). */
static uint64_t round_to_odd(const uint64_t g[2], uint64_t c)
{
    __extension__ typedef unsigned __int128 u128;
    u128 low = (u128)g[1] * c, high = (u128)g[0] * c + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

void hf_i_number_shortest(double x, uint64_t *digits, int *exponent)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    int biased = (int)(bits >> 52 & 0x7FF);
    /* x = c 2^q */
    uint64_t c = biased ? fraction | UINT64_C(1) << 52 : fraction;
    int q = (biased ? biased : 1) - 1075;
    /* Below a power of two the neighbour is nearer. */
    bool nearer = fraction == 0 && biased > 1;
    /* The interval that rounds to x, in quarters of a unit of c; its ends belong to it when c is
     * even (ties to even). Scaled by 10^-k its width lies between 2 and 20 decimal units, in
     * which at least one multiple of 10^k stands and at most one of 10^(k+1). */
    int k = floor_log10_power2(q, nearer), shift = q + floor_log2_power10(-k) + 1;
    const uint64_t *g = hf_i_number_power10(-k);
    uint64_t lower = round_to_odd(g, (4 * c - 2 + nearer) << shift) + (c & 1);
    uint64_t upper = round_to_odd(g, (4 * c + 2) << shift) - (c & 1);
    uint64_t middle = round_to_odd(g, (4 * c) << shift), s = middle / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool down = lower <= 40 * tens, up = 40 * tens + 40 <= upper;
        if (down != up) {
            *digits = tens + up;
            *exponent = k + 1;
            return;
        }
    }
    bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
    /* Both inside: the nearer one, the even one when they are equally near. */
    if (down == up)
        up = middle > 4 * s + 2 || (middle == 4 * s + 2 && (s & 1));
    *digits = s + up;
    *exponent = k;
}
