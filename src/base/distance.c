/* SPDX-License-Identifier: MIT */
#include "base/base.h"

enum { LONGEST = 63 };

size_t hf_i_edit_distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[LONGEST + 1];
    if (na > LONGEST || nb > LONGEST)
        return LONGEST + 1;
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t last = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t keep = row[j], cost = last + (a[i - 1] != b[j - 1]);
            cost = row[j] + 1 < cost ? row[j] + 1 : cost;
            row[j] = row[j - 1] + 1 < cost ? row[j - 1] + 1 : cost;
            last = keep;
        }
    }
    return row[nb];
}
