/* SPDX-License-Identifier: MIT */
/* Counter-based random streams: Philox4x64-10 (Salmon, Moraes, Dror & Shaw 2011, SC'11), keyed by
 * (seed, stream, replicate). Two streams never share a number, and the thread count or the order
 * of use never changes a result. */
#ifndef HF_NUM_RANDOM_H
#define HF_NUM_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct hf_i_random {
    uint64_t key[2];     /* seed, stream */
    uint64_t counter[4]; /* block, 0, replicate, 0 */
    uint64_t block[4];
    unsigned used; /* of block */
    double spare;  /* second normal of a pair */
    int has_spare;
} hf_i_random;

void hf_i_random_init(hf_i_random *r, uint64_t seed, uint64_t stream, uint64_t replicate);
uint64_t hf_i_random_u64(hf_i_random *r);
double hf_i_random_uniform(hf_i_random *r);             /* in (0, 1), 53 bits */
double hf_i_random_normal(hf_i_random *r);              /* mean 0, variance 1 (Box-Muller) */
double hf_i_random_exponential(hf_i_random *r);         /* mean 1 */
uint64_t hf_i_random_below(hf_i_random *r, uint64_t n); /* 0..n-1, unbiased (Lemire 2019) */

#endif
