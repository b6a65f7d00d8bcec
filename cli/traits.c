/* SPDX-License-Identifier: MIT */
#include "traits.h"

#include <math.h>
#include <stdlib.h>

static hf_status read_traits(cli_env *env, const char *text, double *anxiety, double *avoidance,
                             const char **origin)
{
    char *end;
    *origin = "given";
    *anxiety = strtod(text, &end);
    if (end != text && *end == ',') {
        const char *second = end + 1;
        *avoidance = strtod(second, &end);
        if (end != second && *end == '\0' && isfinite(*anxiety) && isfinite(*avoidance))
            return HF_OK;
    }
    *origin = "preset";
    return hf_trait_preset(env->ctx, text, anxiety, avoidance);
}

hf_status cli_read_pair(cli_env *env, hf_pair *pair, const char *origin[2])
{
    hf_status s =
        read_traits(env, cli_text(env, "a"), &pair->anxiety[0], &pair->avoidance[0], &origin[0]);
    if (s == HF_OK)
        s = read_traits(env, cli_text(env, "b"), &pair->anxiety[1], &pair->avoidance[1],
                        &origin[1]);
    return s;
}
