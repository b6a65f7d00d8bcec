/* SPDX-License-Identifier: MIT */
/* The context's inside: for the files of base/ only. */
#ifndef HF_BASE_CTX_H
#define HF_BASE_CTX_H

#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>

/* While tasks run side by side each worker fails into its own slot, so that the error that is
 * reported in the end is the one of the index that decides. */
typedef struct hf_i_worker_slot {
    pthread_t thread;
    bool running; /* thread is set; under error_lock */
    hf_error error;
} hf_i_worker_slot;

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
    hf_i_worker_slot *slots; /* NULL outside of hf_i_parallel_for */
    int slot_count;
};

#endif
