/* SPDX-License-Identifier: MIT */
/* The nearest known name: for error messages. */
#include "model/model.h"

#include <string.h>

const char *hf_i_nearest(const char *text, size_t len, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t least = len < 4 ? 2 : len < 8 ? 3 : 4; /* farther is no help */
    for (size_t i = 0; i < count; i++) {
        size_t d = hf_i_edit_distance(text, len, names[i], strlen(names[i]));
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}
