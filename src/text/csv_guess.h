/* SPDX-License-Identifier: MIT */
/* What divides the cells of a table and what marks its decimals, judged by its first rows. */
#ifndef HF_TEXT_CSV_GUESS_H
#define HF_TEXT_CSV_GUESS_H

#include <stddef.h>

/* One of , ; tab |: the one that divides the first rows into the same number (over one) of cells
 * most often; ',' when none does. */
char hf_i_csv_guess_delimiter(const char *data, size_t size);

/* ',' when some cell of the first rows is a number only with a comma and none has a point. */
char hf_i_csv_guess_decimal(const char *data, size_t size, char delimiter);

#endif
