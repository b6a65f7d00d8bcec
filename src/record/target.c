/* SPDX-License-Identifier: MIT */
#include "record/target.h"

static hf_status put(void *user, const void *bytes, size_t size)
{
    const hf_i_target *t = user;
    if (t->write(t->user, bytes, size))
        return HF_OK;
    return hf_i_fail(t->ctx, HF_E_IO, NULL, "cannot write the output");
}

hf_i_sink hf_i_sink_target(hf_i_target *target)
{
    return (hf_i_sink){put, target};
}
