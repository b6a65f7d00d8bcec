/* SPDX-License-Identifier: MIT */
/* Small tables of numbers in data/nepd: named rows, tab-separated. */
#ifndef HF_SIMULATE_WEIGHTS_H
#define HF_SIMULATE_WEIGHTS_H

#include "base/base.h"

/* Reads the first `columns` numbers of each row of an embedded table into
 * out[index_of(name) * columns + k]; every one of the `count` names must stand there once. */
hf_status hf_i_weights_read(double *out, hf_ctx *ctx, const char *data_name,
                            const char *const *names, size_t count, size_t columns);

#endif
