/* SPDX-License-Identifier: MIT */
/* labels: unit property */
/* Tasks side by side: each index once, and the same error for any number of threads. Run under the
 * thread sanitizer by script/test --long. */
#include "support/failing_alloc.h"

#include <sched.h>

enum { COUNT = 2000 };

typedef struct {
    hf_ctx *ctx;
    int runs[COUNT];
    atomic_int workers_seen[HF_MAX_THREADS];
    int nested[COUNT];
} work;

static hf_status count_it(void *user, size_t index, int worker)
{
    work *w = user;
    w->runs[index]++;
    atomic_fetch_add(&w->workers_seen[worker], 1);
    void *block = hf_i_alloc(w->ctx, index);
    if (!block)
        return HF_E_NOMEM;
    hf_i_free(w->ctx, block);
    return HF_OK;
}

static const int thread_counts[] = {1, 2, 3, 8, 64, 256};

static void each_index_once(void **state)
{
    (void)state;
    for (size_t t = 0; t < HF_COUNT_OF(thread_counts); t++) {
        work w = {.ctx = test_ctx()};
        hf_ctx_set_threads(w.ctx, thread_counts[t]);
        assert_ok(w.ctx, hf_i_parallel_for(w.ctx, COUNT, count_it, &w));
        for (int i = 0; i < COUNT; i++)
            assert_int_equal(w.runs[i], 1);
        for (int i = thread_counts[t]; i < HF_MAX_THREADS; i++)
            assert_int_equal(atomic_load(&w.workers_seen[i]), 0);
        assert_ok(w.ctx, hf_i_parallel_for(w.ctx, 0, count_it, &w));
        hf_ctx_free(w.ctx);
    }
}

/* Every third index from 100 on fails with its own words; higher ones tend to fail sooner. */
static hf_status fail_some(void *user, size_t index, int worker)
{
    work *w = user;
    (void)worker;
    if (index < 100 || index % 3)
        return HF_OK;
    for (size_t spin = index < 110 ? 20 : 0; spin; spin--)
        sched_yield();
    return hf_i_fail(w->ctx, HF_E_RANGE, NULL, "index %zu", index);
}

static void the_lowest_failure_decides(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++)
        for (size_t t = 0; t < HF_COUNT_OF(thread_counts); t++) {
            work w = {.ctx = test_ctx()};
            hf_ctx_set_threads(w.ctx, round ? 1 + round : thread_counts[t]);
            assert_int_equal(hf_i_parallel_for(w.ctx, COUNT, fail_some, &w), HF_E_RANGE);
            assert_string_equal(hf_ctx_get_error(w.ctx)->message, "index 102");
            hf_ctx_free(w.ctx);
        }
}

static hf_status cancel_at_ten(void *user, size_t index, int worker)
{
    work *w = user;
    (void)worker;
    if (index == 10)
        hf_ctx_cancel(w->ctx);
    return HF_OK;
}

static void cancelling_stops(void **state)
{
    (void)state;
    for (size_t t = 0; t < HF_COUNT_OF(thread_counts); t++) {
        work w = {.ctx = test_ctx()};
        hf_ctx_set_threads(w.ctx, thread_counts[t]);
        assert_int_equal(hf_i_parallel_for(w.ctx, 1000000, cancel_at_ten, &w), HF_E_CANCELLED);
        assert_int_equal(hf_ctx_get_error(w.ctx)->status, HF_E_CANCELLED);
        hf_ctx_free(w.ctx);
    }
}

static hf_status inner(void *user, size_t index, int worker)
{
    int *sum = user;
    *sum += worker ? 1000 : (int)index;
    return HF_OK;
}

static hf_status outer(void *user, size_t index, int worker)
{
    work *w = user;
    (void)worker;
    return hf_i_parallel_for(w->ctx, 10, inner, &w->nested[index]);
}

static void nested_calls_run_in_order(void **state)
{
    (void)state;
    work w = {.ctx = test_ctx()};
    hf_ctx_set_threads(w.ctx, 4);
    assert_ok(w.ctx, hf_i_parallel_for(w.ctx, COUNT, outer, &w));
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(w.nested[i], 45);
    hf_ctx_free(w.ctx);
}

static hf_status count_all(hf_ctx *ctx, void *user)
{
    (void)user;
    work w = {.ctx = ctx};
    hf_ctx_set_threads(ctx, 4);
    return hf_i_parallel_for(ctx, 20, count_it, &w);
}

static void memory_fails(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails(count_all, NULL) >= 20);
}

RUN_TESTS(cmocka_unit_test(each_index_once), cmocka_unit_test(the_lowest_failure_decides),
          cmocka_unit_test(cancelling_stops), cmocka_unit_test(nested_calls_run_in_order),
          cmocka_unit_test(memory_fails))
