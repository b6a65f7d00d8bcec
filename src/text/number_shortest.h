/* SPDX-License-Identifier: MIT */
/* The shortest decimal of a double. */
#ifndef HF_TEXT_NUMBER_SHORTEST_H
#define HF_TEXT_NUMBER_SHORTEST_H

#include <stdint.h>

/* x = *digits * 10^*exponent when read back with correct rounding; among the decimals that do with
 * the fewest digits the one nearest to x. x is finite and positive. digits may end in zeros.
 * Source: Giulietti (2020), The Schubfach way to render doubles. Cost: three 64 x 128 bit products.
 */
void hf_i_number_shortest(double x, uint64_t *digits, int *exponent);

#define HF_I_POWER10_MIN (-292)
#define HF_I_POWER10_MAX 324

/* The upper 128 bits of 10^k, rounded up: {high, low}. */
const uint64_t *hf_i_number_power10(int k);

#endif
