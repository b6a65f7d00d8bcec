/* SPDX-License-Identifier: MIT */
/* The context's inside: for the files of base/ only. */
#ifndef HF_BASE_CTX_H
#define HF_BASE_CTX_H

#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>

struct hf_ctx {
    hf_allocator allocator;
    hf_log_fn log;
    void *log_user;
    hf_progress_fn progress;
    void *progress_user;
    int threads;
    atomic_bool cancelled;
    pthread_mutex_t error_lock; /* workers may fail at the same time */
    hf_error error;
};

#endif
