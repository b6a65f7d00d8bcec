/* SPDX-License-Identifier: MIT */
/* The nearest known name: for error messages. */
#include "model/model.h"

#include <string.h>

#define LONGEST 63

/* Levenshtein distance; names longer than LONGEST are far from everything. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[LONGEST + 1];
    if (na > LONGEST || nb > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t last = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t keep = row[j], cost = last + (a[i - 1] != b[j - 1]);
            cost = row[j] + 1 < cost ? row[j] + 1 : cost;
            cost = row[j - 1] + 1 < cost ? row[j - 1] + 1 : cost;
            row[j] = cost;
            last = keep;
        }
    }
    return row[nb];
}

const char *hf_i_nearest(const char *text, size_t len, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t least = len < 4 ? 2 : len < 8 ? 3 : 4; /* farther is no help */
    for (size_t i = 0; i < count; i++) {
        size_t d = distance(text, len, names[i], strlen(names[i]));
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}
