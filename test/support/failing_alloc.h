/* SPDX-License-Identifier: MIT */
/* An allocator that fails once, at the n-th request, and counts what is still held. With it a test
 * reruns a function until every one of its allocations has failed:
 *
 *     static hf_status read_it(hf_ctx *ctx, void *user) { ...; return status; }
 *     test_each_allocation_fails(read_it, NULL);
 */
#ifndef TEST_SUPPORT_FAILING_ALLOC_H
#define TEST_SUPPORT_FAILING_ALLOC_H

#include "support/test.h"

#include <stdatomic.h>

typedef struct failing_alloc {
    atomic_long until; /* requests that still succeed before the one that fails; < 0: none fails */
    atomic_long held;  /* blocks not yet given back */
    atomic_bool failed;
} failing_alloc;

static inline void *failing_resize(void *user, void *block, size_t size)
{
    failing_alloc *f = user;
    if (atomic_fetch_sub(&f->until, 1) == 0) {
        atomic_store(&f->failed, true);
        return NULL;
    }
    void *p = realloc(block, size);
    if (p && !block)
        atomic_fetch_add(&f->held, 1);
    return p;
}

static inline void failing_release(void *user, void *block)
{
    failing_alloc *f = user;
    if (block)
        atomic_fetch_sub(&f->held, 1);
    free(block);
}

/* Calls fn with a context whose allocation number 0, 1, 2, ... fails, until one call needs fewer.
 * Each call must end with HF_E_NOMEM (with its message) or, where the library did without, with
 * HF_OK; nothing may stay allocated. The last call, without a failure, must end with HF_OK.
 * Returns how many allocations failed. step > 1 tries only every step-th, for long runs. */
static inline long test_each_allocation_fails_step(hf_status (*fn)(hf_ctx *ctx, void *user),
                                                   void *user, long step)
{
    for (long n = 0, failures = 0;; n += step, failures++) {
        failing_alloc f;
        atomic_init(&f.until, -1);
        atomic_init(&f.held, 0);
        atomic_init(&f.failed, false);
        hf_ctx_options options = HF_CTX_OPTIONS_INIT;
        options.allocator = (hf_allocator){failing_resize, failing_release, &f};
        hf_ctx *ctx;
        assert_int_equal(hf_ctx_new(&ctx, &options), HF_OK);
        atomic_store(&f.until, n);
        hf_status s = fn(ctx, user);
        atomic_store(&f.until, -1);
        bool failed = atomic_load(&f.failed);
        if (s != HF_OK && !(failed && s == HF_E_NOMEM))
            fail_msg("allocation %ld: %s: %s", n, hf_status_name(s),
                     hf_ctx_get_error(ctx)->message);
        if (s == HF_E_NOMEM)
            assert_int_equal(hf_ctx_get_error(ctx)->status, HF_E_NOMEM);
        hf_ctx_free(ctx);
        if (atomic_load(&f.held) != 0)
            fail_msg("allocation %ld failed: %ld blocks were lost", n, atomic_load(&f.held));
        if (!failed)
            return failures;
    }
}

static inline long test_each_allocation_fails(hf_status (*fn)(hf_ctx *ctx, void *user), void *user)
{
    return test_each_allocation_fails_step(fn, user, 1);
}

#endif
