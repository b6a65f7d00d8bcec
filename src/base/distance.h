/* SPDX-License-Identifier: MIT */
/* How far two short names are apart, to name the nearest one. */
#ifndef HF_BASE_DISTANCE_H
#define HF_BASE_DISTANCE_H

#include <stddef.h>

enum { HF_I_FAR = 64 };

/* Levenshtein distance of names of na and nb bytes; HF_I_FAR where one is that long or longer. */
size_t hf_i_edit_distance(const char *a, size_t na, const char *b, size_t nb);

#endif
