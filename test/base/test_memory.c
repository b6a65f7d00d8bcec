/* SPDX-License-Identifier: MIT */
/* labels: unit */
#include "support/failing_alloc.h"

static void growing(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    int *items = NULL;
    size_t capacity = 0, moves = 0, last = 0;
    for (size_t i = 0; i < 100000; i++) {
        assert_ok(ctx, hf_i_grow(ctx, &items, &capacity, i + 1, sizeof *items, 100000, "items"));
        assert_true(capacity > i && capacity <= 100000);
        moves += capacity != last;
        last = capacity;
        items[i] = (int)i;
    }
    assert_true(moves < 30); /* by half its size each time */
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(items[i], i);
    assert_int_equal(hf_i_grow(ctx, &items, &capacity, 100001, sizeof *items, 100000, "items"),
                     HF_E_LIMIT);
    assert_non_null(strstr(hf_ctx_get_error(ctx)->message, "100000 items"));
    assert_int_equal(items[99999], 99999);
    assert_int_equal(
        hf_i_grow(ctx, &items, &capacity, UINT64_MAX, sizeof *items, UINT64_MAX, "items"),
        HF_E_NOMEM);
    hf_i_free(ctx, items);
    assert_null(hf_i_calloc(ctx, SIZE_MAX / 2, 3));
    assert_int_equal(hf_ctx_get_error(ctx)->status, HF_E_NOMEM);
    hf_ctx_free(ctx);
}

static void small_things(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *zeros = hf_i_calloc(ctx, 100, 3), *nothing = hf_i_alloc(ctx, 0);
    char *cut = hf_i_strndup(ctx, "abcdef", 3), *empty = hf_i_strndup(ctx, NULL, 0);
    for (int i = 0; i < 300; i++)
        assert_int_equal(zeros[i], 0);
    assert_non_null(nothing);
    assert_string_equal(cut, "abc");
    assert_string_equal(empty, "");
    hf_i_free(ctx, zeros);
    hf_i_free(ctx, nothing);
    hf_i_free(ctx, cut);
    hf_i_free(ctx, empty);
    hf_i_free(ctx, NULL);
    hf_ctx_free(ctx);
}

static void arena(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    hf_ctx *ctx = test_ctx();
    hf_i_arena a;
    unsigned char *blocks[COUNT];
    hf_i_arena_init(&a, ctx);
    for (int i = 0; i < COUNT; i++) {
        size_t size = (size_t)(i * 7 % 300);
        blocks[i] = hf_i_arena_alloc(&a, size);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        memset(blocks[i], i & 0xFF, size);
    }
    unsigned char *big = hf_i_arena_alloc(&a, 10 << 20);
    assert_non_null(big);
    memset(big, 1, 10 << 20);
    for (int i = 0; i < COUNT; i++)
        for (int k = 0; k < i * 7 % 300; k++)
            assert_int_equal(blocks[i][k], i & 0xFF);
    assert_string_equal(hf_i_arena_strndup(&a, "hello", 4), "hell");
    assert_null(hf_i_arena_alloc(&a, SIZE_MAX));
    hf_i_arena_dispose(&a);
    hf_i_arena_dispose(&a);
    hf_ctx_free(ctx);
}

static void buffers(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_buf b;
    hf_i_buf_init(&b, ctx, 10, "a name");
    assert_ok(ctx, hf_i_buf_add_str(&b, "abc"));
    assert_ok(ctx, hf_i_buf_printf(&b, "-%d", 42));
    assert_ok(ctx, hf_i_buf_add_char(&b, '!'));
    assert_string_equal(b.data, "abc-42!");
    assert_ok(ctx, hf_i_buf_add(&b, "123", 3));
    assert_int_equal(hf_i_buf_add_char(&b, '4'), HF_E_LIMIT);
    assert_non_null(strstr(hf_ctx_get_error(ctx)->message, "a name"));
    assert_int_equal(hf_i_buf_printf(&b, "%s", "too long"), HF_E_LIMIT);
    assert_int_equal(hf_i_buf_reserve(&b, SIZE_MAX), HF_E_LIMIT);
    assert_string_equal(b.data, "abc-42!123");
    hf_i_buf_clear(&b);
    assert_ok(ctx, hf_i_buf_add(&b, NULL, 0));
    assert_true(b.len == 0 && b.data[0] == 0);
    hf_i_buf_dispose(&b);
    hf_ctx_free(ctx);
}

static hf_status use_all(hf_ctx *ctx, void *user)
{
    (void)user;
    hf_i_arena a;
    hf_i_buf b;
    int *items = NULL;
    size_t capacity = 0;
    hf_i_arena_init(&a, ctx);
    hf_i_buf_init(&b, ctx, 1 << 20, "text");
    hf_status s = hf_i_arena_alloc(&a, 100) && hf_i_arena_strndup(&a, "x", 1) ? HF_OK : HF_E_NOMEM;
    for (int i = 0; s == HF_OK && i < 1000; i++)
        s = hf_i_buf_printf(&b, "%d,", i);
    if (s == HF_OK)
        s = hf_i_grow(ctx, &items, &capacity, 100, sizeof *items, 100, "items");
    hf_i_free(ctx, items);
    hf_i_buf_dispose(&b);
    hf_i_arena_dispose(&a);
    return s;
}

static void each_allocation_fails(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails(use_all, NULL) >= 5);
}

RUN_TESTS(cmocka_unit_test(growing), cmocka_unit_test(small_things), cmocka_unit_test(arena),
          cmocka_unit_test(buffers), cmocka_unit_test(each_allocation_fails))
