/* SPDX-License-Identifier: MIT */
#include "base/ctx.h"

/* Workers take the next index from a shared counter. The failing index that decides is the
 * lowest one, so that the reported error is the same for any number of threads. */
typedef struct {
    hf_ctx *ctx;
    hf_i_task_fn fn;
    void *user;
    size_t count;
    atomic_size_t next;
    pthread_mutex_t lock;
    size_t failed_index;
    hf_status status;
    hf_error error;
} job;

typedef struct {
    job *job;
    int worker;
} worker_arg;

static void note_failure(job *j, size_t index, hf_status status)
{
    pthread_mutex_lock(&j->lock);
    if (index < j->failed_index) {
        j->failed_index = index;
        j->status = status;
        j->error = *hf_ctx_get_error(j->ctx);
    }
    pthread_mutex_unlock(&j->lock);
}

static bool before_failure(job *j, size_t index)
{
    pthread_mutex_lock(&j->lock);
    bool before = index < j->failed_index;
    pthread_mutex_unlock(&j->lock);
    return before;
}

static void *work(void *arg)
{
    worker_arg *w = arg;
    job *j = w->job;
    for (;;) {
        size_t i = atomic_fetch_add(&j->next, 1);
        if (i >= j->count || !before_failure(j, i))
            return NULL;
        hf_status s = hf_i_cancelled(j->ctx)
                          ? hf_i_fail(j->ctx, HF_E_CANCELLED, NULL, "interrupted")
                          : j->fn(j->user, i, w->worker);
        if (s != HF_OK)
            note_failure(j, i, s);
    }
}

hf_status hf_i_parallel_for(hf_ctx *ctx, size_t count, hf_i_task_fn fn, void *user)
{
    job j = {.ctx = ctx, .fn = fn, .user = user, .count = count, .failed_index = SIZE_MAX};
    pthread_t threads[HF_MAX_THREADS];
    worker_arg args[HF_MAX_THREADS];
    int wanted = ctx->threads, started = 0;
    if ((size_t)wanted > count)
        wanted = (int)count;
    atomic_init(&j.next, 0);
    if (pthread_mutex_init(&j.lock, NULL) != 0)
        return hf_i_fail(ctx, HF_E_NOMEM, NULL, "cannot make a lock");
    for (int i = 0; i < wanted; i++)
        args[i] = (worker_arg){&j, i};
    /* The calling thread is worker 0; a thread that cannot be started is only slower. */
    for (int i = 1; i < wanted; i++, started++)
        if (pthread_create(&threads[i], NULL, work, &args[i]) != 0)
            break;
    if (wanted > 0)
        work(&args[0]);
    for (int i = 1; i <= started; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&j.lock);
    if (j.status != HF_OK)
        ctx->error = j.error;
    return j.status;
}
