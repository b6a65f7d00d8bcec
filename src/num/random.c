/* SPDX-License-Identifier: MIT */
#include "num/random.h"

#include <Random123/philox.h>
#include <math.h>
#include <string.h>

void hf_i_random_init(hf_i_random *r, uint64_t seed, uint64_t stream, uint64_t replicate)
{
    memset(r, 0, sizeof *r);
    r->key[0] = seed;
    r->key[1] = stream;
    r->counter[2] = replicate;
    r->used = 4;
}

uint64_t hf_i_random_u64(hf_i_random *r)
{
    if (r->used == 4) {
        philox4x64_ctr_t c = {{r->counter[0], r->counter[1], r->counter[2], r->counter[3]}};
        philox4x64_key_t k = {{r->key[0], r->key[1]}};
        philox4x64_ctr_t out = philox4x64(c, k);
        memcpy(r->block, out.v, sizeof r->block);
        r->used = 0;
        if (++r->counter[0] == 0)
            r->counter[1]++;
    }
    return r->block[r->used++];
}

double hf_i_random_uniform(hf_i_random *r)
{
    /* The middle of 2^53 equal cells: never 0, never 1. */
    return ((double)(hf_i_random_u64(r) >> 11) + 0.5) * 0x1p-53;
}

double hf_i_random_normal(hf_i_random *r)
{
    if (r->has_spare) {
        r->has_spare = 0;
        return r->spare;
    }
    double radius = sqrt(-2.0 * log(hf_i_random_uniform(r)));
    double angle = 6.283185307179586476925 * hf_i_random_uniform(r);
    r->spare = radius * sin(angle);
    r->has_spare = 1;
    return radius * cos(angle);
}

double hf_i_random_exponential(hf_i_random *r)
{
    return -log(hf_i_random_uniform(r));
}

uint64_t hf_i_random_below(hf_i_random *r, uint64_t n)
{
    if (n == 0)
        return 0;
    __extension__ typedef unsigned __int128 u128;
    u128 m = (u128)hf_i_random_u64(r) * n;
    if ((uint64_t)m < n) {
        uint64_t threshold = -n % n;
        while ((uint64_t)m < threshold)
            m = (u128)hf_i_random_u64(r) * n;
    }
    return (uint64_t)(m >> 64);
}
