/* SPDX-License-Identifier: MIT */
/* What every test starts with: cmocka in the order it wants, and a context. */
#ifndef TEST_SUPPORT_TEST_H
#define TEST_SUPPORT_TEST_H

#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline hf_ctx *test_ctx(void)
{
    hf_ctx *ctx = NULL;
    assert_int_equal(hf_ctx_new(&ctx, NULL), HF_OK);
    return ctx;
}

/* Fails with the context's message when a call does not end with HF_OK. */
#define assert_ok(ctx, call)                                                                       \
    do {                                                                                           \
        if ((call) != HF_OK)                                                                       \
            fail_msg("%s: %s", #call, hf_ctx_get_error(ctx)->message);                             \
    } while (0)

#define assert_text(got, len, want)                                                                \
    do {                                                                                           \
        if ((len) != strlen(want) || memcmp(got, want, len) != 0)                                  \
            fail_msg("got '%.*s', wanted '%s'", (int)(len), got, want);                            \
    } while (0)

#define RUN_TESTS(...)                                                                             \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                           \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

#endif
