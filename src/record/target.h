/* SPDX-License-Identifier: MIT */
/* The caller's write function as a sink. */
#ifndef HF_RECORD_TARGET_H
#define HF_RECORD_TARGET_H

#include "text/sink.h"

#include <holdfast/record.h>

typedef struct hf_i_target {
    hf_ctx *ctx;
    hf_write_fn write;
    void *user;
} hf_i_target;

/* Fails with HF_E_IO when write returns false. The target must stay. */
hf_i_sink hf_i_sink_target(hf_i_target *target);

#endif
