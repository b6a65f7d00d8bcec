/* SPDX-License-Identifier: MIT */
/* Runs a function in a child process that may compute and write to one pipe, and nothing else: no
 * files, no network, no new processes, little memory, little time. For parsers of foreign bytes
 * that are not our own. */
#ifndef HF_RECORD_CONFINE_H
#define HF_RECORD_CONFINE_H

#include "base/base.h"

typedef struct hf_i_confine_limits {
    uint64_t memory;  /* bytes the child may add to what it has */
    uint32_t seconds; /* of processor time */
    uint64_t output;  /* bytes it may write */
} hf_i_confine_limits;

/* In the child: writes to the pipe; false when the parent is gone. */
typedef bool (*hf_i_confine_put)(void *pipe, const void *bytes, size_t size);
/* The work. Returns 0 when it is done, else 1 to 200, which the parent gets back. Called once
 * before the walls close with prepare true (to load what it needs), then once with false. */
typedef int (*hf_i_confine_fn)(void *user, bool prepare, hf_i_confine_put put, void *pipe);

typedef enum hf_i_confine_end {
    HF_I_CONFINE_DONE,   /* code says how */
    HF_I_CONFINE_BARRED, /* it did what it may not do */
    HF_I_CONFINE_CRASHED,
    HF_I_CONFINE_TIMED_OUT,
    HF_I_CONFINE_TOO_MUCH /* output over the limit */
} hf_i_confine_end;

/* What the child wrote is added to out. Fails with HF_E_IO when there can be no child,
 * HF_E_CANCELLED when cancelled, HF_E_UNSUPPORTED without seccomp. */
hf_status hf_i_confine(hf_ctx *ctx, hf_i_confine_fn fn, void *user,
                       const hf_i_confine_limits *limits, hf_i_buf *out, hf_i_confine_end *end,
                       int *code);
bool hf_i_confine_available(void);

#endif
