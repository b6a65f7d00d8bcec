/* SPDX-License-Identifier: MIT */
#include "base/ctx.h"

/* Workers take the next index from a shared counter. The failing index that decides is the
 * lowest one: all below it were taken before it and run to their end, so that the reported error
 * is the same for any number of threads. */
typedef struct {
    hf_ctx *ctx;
    hf_i_task_fn fn;
    void *user;
    size_t count;
    atomic_size_t next;
    atomic_size_t failed_index;
    pthread_mutex_t lock; /* of the two below */
    hf_status status;
    hf_error error;
} job;

typedef struct {
    job *job;
    int worker;
} worker_arg;

static void note_failure(job *j, size_t index, hf_status status, const hf_error *error)
{
    pthread_mutex_lock(&j->lock);
    if (index < atomic_load(&j->failed_index)) {
        atomic_store(&j->failed_index, index);
        j->status = status;
        j->error = *error;
    }
    pthread_mutex_unlock(&j->lock);
}

static void *work(void *arg)
{
    worker_arg *w = arg;
    job *j = w->job;
    hf_i_worker_slot *slot = &j->ctx->slots[w->worker];
    pthread_mutex_lock(&j->ctx->error_lock);
    slot->thread = pthread_self();
    slot->running = true;
    pthread_mutex_unlock(&j->ctx->error_lock);
    for (;;) {
        size_t i = atomic_fetch_add(&j->next, 1);
        if (i >= j->count || i > atomic_load(&j->failed_index))
            break;
        hf_status s = hf_i_cancelled(j->ctx)
                          ? hf_i_fail(j->ctx, HF_E_CANCELLED, NULL, "interrupted")
                          : j->fn(j->user, i, w->worker);
        if (s != HF_OK)
            note_failure(j, i, s, &slot->error);
    }
    pthread_mutex_lock(&j->ctx->error_lock);
    slot->running = false;
    pthread_mutex_unlock(&j->ctx->error_lock);
    return NULL;
}

static void run_workers(job *j, int wanted)
{
    pthread_t threads[HF_MAX_THREADS];
    worker_arg args[HF_MAX_THREADS];
    int started = 0;
    for (int i = 0; i < wanted; i++)
        args[i] = (worker_arg){j, i};
    /* The calling thread is worker 0; a thread that cannot be started is only slower. */
    for (int i = 1; i < wanted; i++, started++)
        if (pthread_create(&threads[i], NULL, work, &args[i]) != 0)
            break;
    work(&args[0]);
    for (int i = 1; i <= started; i++)
        pthread_join(threads[i], NULL);
}

/* One thread, or a task that itself calls: in order, until the first failure. */
static hf_status run_in_order(hf_ctx *ctx, size_t count, hf_i_task_fn fn, void *user)
{
    for (size_t i = 0; i < count; i++) {
        if (hf_i_cancelled(ctx))
            return hf_i_fail(ctx, HF_E_CANCELLED, NULL, "interrupted");
        HF_TRY(fn(user, i, 0));
    }
    return HF_OK;
}

hf_status hf_i_parallel_for(hf_ctx *ctx, size_t count, hf_i_task_fn fn, void *user)
{
    int wanted = (size_t)ctx->threads > count ? (int)count : ctx->threads;
    if (wanted <= 1 || ctx->slots)
        return run_in_order(ctx, count, fn, user);
    job j = {.ctx = ctx, .fn = fn, .user = user, .count = count};
    atomic_init(&j.next, 0);
    atomic_init(&j.failed_index, SIZE_MAX);
    hf_i_worker_slot *slots = hf_i_calloc(ctx, (size_t)wanted, sizeof *slots);
    if (!slots)
        return HF_E_NOMEM;
    if (pthread_mutex_init(&j.lock, NULL) != 0) {
        hf_i_free(ctx, slots);
        return hf_i_fail(ctx, HF_E_NOMEM, NULL, "cannot make a lock");
    }
    ctx->slots = slots;
    ctx->slot_count = wanted;
    run_workers(&j, wanted);
    ctx->slots = NULL;
    ctx->slot_count = 0;
    hf_i_free(ctx, slots);
    pthread_mutex_destroy(&j.lock);
    if (j.status != HF_OK)
        ctx->error = j.error;
    return j.status;
}
