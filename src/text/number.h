/* SPDX-License-Identifier: MIT */
/* Numbers as text, the same in every locale: the decimal point is what the caller says. */
#ifndef HF_TEXT_NUMBER_H
#define HF_TEXT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All of text is a decimal number: [+-] digits [decimal digits] [e [+-] digits], at least one
 * digit before the exponent. No spaces, no thousands marks, no hexadecimal, no 'nan' or 'inf'.
 * *out is correctly rounded. Returns false, leaving *out alone, when it is no such number, has
 * more than 1000 bytes or is beyond the range of double (what underflows becomes 0). */
bool hf_i_number_parse(const char *text, size_t size, char decimal, double *out);

/* All of text is [+-] digits within int64_t. */
bool hf_i_number_parse_int(const char *text, size_t size, int64_t *out);

enum { HF_I_NUMBER_SIZE = 32 };

/* The shortest text that reads back as the same double, as JSON writes numbers: "0.1", "-3",
 * "1.5e-9" (and "0" for -0). Returns its length; what is not finite gives "" and 0. */
size_t hf_i_number_format(char out[HF_I_NUMBER_SIZE], double x);
size_t hf_i_number_format_int(char out[HF_I_NUMBER_SIZE], int64_t x);
size_t hf_i_number_format_uint(char out[HF_I_NUMBER_SIZE], uint64_t x);

/* Rounded to decimals (0 to 9) places, for people: "12.30". Beyond 1e15 as hf_i_number_format. */
size_t hf_i_number_format_fixed(char out[HF_I_NUMBER_SIZE], double x, int decimals);

#endif
