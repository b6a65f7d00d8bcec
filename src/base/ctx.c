/* SPDX-License-Identifier: MIT */
#include "base/ctx.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *default_resize(void *user, void *block, size_t size)
{
    (void)user;
    return realloc(block, size);
}

static void default_release(void *user, void *block)
{
    (void)user;
    free(block);
}

static int clamp_threads(int threads)
{
    if (threads <= 0) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        threads = online > 0 ? (int)online : 1;
    }
    return threads < HF_MAX_THREADS ? threads : HF_MAX_THREADS;
}

hf_status hf_ctx_new(hf_ctx **out, const hf_ctx_options *options)
{
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    *out = NULL;
    if (options) {
        if (options->size != sizeof o)
            return HF_E_USAGE;
        o = *options;
    }
    if (!o.allocator.resize != !o.allocator.release)
        return HF_E_USAGE;
    if (!o.allocator.resize)
        o.allocator = (hf_allocator){default_resize, default_release, NULL};
    hf_ctx *ctx = o.allocator.resize(o.allocator.user, NULL, sizeof *ctx);
    if (!ctx)
        return HF_E_NOMEM;
    memset(ctx, 0, sizeof *ctx);
    ctx->allocator = o.allocator;
    ctx->log = o.log;
    ctx->log_user = o.log_user;
    ctx->progress = o.progress;
    ctx->progress_user = o.progress_user;
    ctx->threads = clamp_threads(o.threads);
    atomic_init(&ctx->cancelled, false);
    if (pthread_mutex_init(&ctx->error_lock, NULL) != 0) {
        o.allocator.release(o.allocator.user, ctx);
        return HF_E_NOMEM;
    }
    *out = ctx;
    return HF_OK;
}

void hf_ctx_free(hf_ctx *ctx)
{
    if (!ctx)
        return;
    pthread_mutex_destroy(&ctx->error_lock);
    ctx->allocator.release(ctx->allocator.user, ctx);
}

const hf_error *hf_ctx_get_error(const hf_ctx *ctx)
{
    return &ctx->error;
}

void hf_ctx_clear_error(hf_ctx *ctx)
{
    memset(&ctx->error, 0, sizeof ctx->error);
    atomic_store(&ctx->cancelled, false);
}

void hf_ctx_cancel(hf_ctx *ctx)
{
    atomic_store(&ctx->cancelled, true);
}

int hf_ctx_get_threads(const hf_ctx *ctx)
{
    return ctx->threads;
}

void hf_ctx_set_threads(hf_ctx *ctx, int threads)
{
    ctx->threads = clamp_threads(threads);
}

static void copy_text(char *to, size_t size, const char *from)
{
    size_t n = from ? strlen(from) : 0;
    if (n >= size)
        n = size - 1;
    if (n)
        memcpy(to, from, n);
    to[n] = '\0';
}

/* Under error_lock. */
static hf_error *error_of_this_thread(hf_ctx *ctx)
{
    pthread_t self = pthread_self();
    for (int i = 0; i < ctx->slot_count; i++)
        if (ctx->slots[i].running && pthread_equal(ctx->slots[i].thread, self))
            return &ctx->slots[i].error;
    return &ctx->error;
}

static hf_status set_error(hf_ctx *ctx, hf_status status, const hf_i_place *place,
                           const char *advice, const char *format, va_list args)
{
    pthread_mutex_lock(&ctx->error_lock);
    hf_error *e = error_of_this_thread(ctx);
    memset(e, 0, sizeof *e);
    e->status = status;
    if (place) {
        e->line = place->line;
        e->column = place->column;
        e->byte = place->byte;
        e->byte_known = place->byte_known;
        copy_text(e->file, sizeof e->file, place->file);
    }
    copy_text(e->advice, sizeof e->advice, advice);
    vsnprintf(e->message, sizeof e->message, format, args);
    pthread_mutex_unlock(&ctx->error_lock);
    return status;
}

hf_status hf_i_fail(hf_ctx *ctx, hf_status status, const char *advice, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_error(ctx, status, NULL, advice, format, args);
    va_end(args);
    return status;
}

hf_status hf_i_fail_at(hf_ctx *ctx, hf_status status, const hf_i_place *place, const char *advice,
                       const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_error(ctx, status, place, advice, format, args);
    va_end(args);
    return status;
}

void hf_i_log(hf_ctx *ctx, hf_log_level level, const char *format, ...)
{
    if (!ctx->log)
        return;
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    ctx->log(ctx->log_user, level, message);
}

bool hf_i_cancelled(const hf_ctx *ctx)
{
    return atomic_load_explicit(&ctx->cancelled, memory_order_relaxed);
}

hf_status hf_i_progress(hf_ctx *ctx, const char *stage, uint64_t done, uint64_t total)
{
    if (!hf_i_cancelled(ctx) && ctx->progress &&
        !ctx->progress(ctx->progress_user, stage, done, total))
        hf_ctx_cancel(ctx);
    if (hf_i_cancelled(ctx))
        return hf_i_fail(ctx, HF_E_CANCELLED, NULL, "interrupted while %s", stage);
    return HF_OK;
}
