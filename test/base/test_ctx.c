/* SPDX-License-Identifier: MIT */
/* labels: unit */
#include "support/failing_alloc.h"

static void options_are_checked(void **state)
{
    (void)state;
    hf_ctx *ctx = (hf_ctx *)state;
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.size--;
    assert_int_equal(hf_ctx_new(&ctx, &o), HF_E_USAGE);
    assert_null(ctx);
    o = (hf_ctx_options)HF_CTX_OPTIONS_INIT;
    o.allocator.resize = failing_resize;
    assert_int_equal(hf_ctx_new(&ctx, &o), HF_E_USAGE);
    hf_ctx_free(NULL);
}

static void no_memory_for_the_context(void **state)
{
    (void)state;
    failing_alloc f;
    atomic_init(&f.until, 0);
    atomic_init(&f.held, 0);
    atomic_init(&f.failed, false);
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.allocator = (hf_allocator){failing_resize, failing_release, &f};
    hf_ctx *ctx;
    assert_int_equal(hf_ctx_new(&ctx, &o), HF_E_NOMEM);
    assert_null(ctx);
    assert_int_equal(atomic_load(&f.held), 0);
}

static void errors_carry_their_place(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    const hf_error *e = hf_ctx_get_error(ctx);
    assert_int_equal(e->status, HF_OK);
    hf_i_place place = {.file = "chat.txt", .line = 3, .column = 4, .byte = 50, .byte_known = true};
    assert_int_equal(hf_i_fail_at(ctx, HF_E_PARSE, &place, "Do this.", "wrong: %d", 7), HF_E_PARSE);
    assert_int_equal(e->status, HF_E_PARSE);
    assert_string_equal(e->file, "chat.txt");
    assert_string_equal(e->message, "wrong: 7");
    assert_string_equal(e->advice, "Do this.");
    assert_true(e->line == 3 && e->column == 4 && e->byte == 50 && e->byte_known);
    /* The next failure keeps nothing of the last. */
    assert_int_equal(hf_i_fail(ctx, HF_E_IO, NULL, "other"), HF_E_IO);
    assert_true(!e->file[0] && !e->line && !e->byte_known && !e->advice[0]);
    hf_ctx_clear_error(ctx);
    assert_int_equal(e->status, HF_OK);
    hf_ctx_free(ctx);
}

static void long_messages_are_cut(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    hf_i_place place = {.file = text};
    hf_i_fail_at(ctx, HF_E_PARSE, &place, text, "%s", text);
    const hf_error *e = hf_ctx_get_error(ctx);
    assert_int_equal(strlen(e->file), sizeof e->file - 1);
    assert_int_equal(strlen(e->message), sizeof e->message - 1);
    assert_int_equal(strlen(e->advice), sizeof e->advice - 1);
    hf_ctx_free(ctx);
}

typedef struct {
    int calls, stop_at;
    char last[64];
} watcher;

static bool watch(void *user, const char *stage, uint64_t done, uint64_t total)
{
    watcher *w = user;
    snprintf(w->last, sizeof w->last, "%s %d/%d", stage, (int)done, (int)total);
    return ++w->calls != w->stop_at;
}

static void log_line(void *user, hf_log_level level, const char *message)
{
    snprintf(((watcher *)user)->last, 64, "%d %s", (int)level, message);
}

static void progress_can_cancel(void **state)
{
    (void)state;
    watcher w = {.stop_at = 2};
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.progress = watch;
    o.progress_user = &w;
    o.log = log_line;
    o.log_user = &w;
    hf_ctx *ctx;
    assert_int_equal(hf_ctx_new(&ctx, &o), HF_OK);
    assert_int_equal(hf_i_progress(ctx, "reading", 1, 9), HF_OK);
    assert_string_equal(w.last, "reading 1/9");
    assert_int_equal(hf_i_progress(ctx, "reading", 2, 9), HF_E_CANCELLED);
    assert_true(hf_i_cancelled(ctx));
    assert_int_equal(hf_i_progress(ctx, "reading", 3, 9), HF_E_CANCELLED);
    assert_int_equal(w.calls, 2);
    hf_ctx_clear_error(ctx);
    assert_int_equal(hf_i_progress(ctx, "reading", 4, 9), HF_OK);
    hf_ctx_cancel(ctx);
    assert_int_equal(hf_i_progress(ctx, "reading", 5, 9), HF_E_CANCELLED);
    hf_i_log(ctx, HF_LOG_WARNING, "%s %d", "seen", 5);
    assert_string_equal(w.last, "2 seen 5");
    hf_ctx_free(ctx);
}

static void threads_are_bounded(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    assert_in_range(hf_ctx_get_threads(ctx), 1, HF_MAX_THREADS);
    hf_ctx_set_threads(ctx, 3);
    assert_int_equal(hf_ctx_get_threads(ctx), 3);
    hf_ctx_set_threads(ctx, 1 << 20);
    assert_int_equal(hf_ctx_get_threads(ctx), HF_MAX_THREADS);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(options_are_checked), cmocka_unit_test(no_memory_for_the_context),
          cmocka_unit_test(errors_carry_their_place), cmocka_unit_test(long_messages_are_cut),
          cmocka_unit_test(progress_can_cancel), cmocka_unit_test(threads_are_bounded))
