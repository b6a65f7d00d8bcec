/* SPDX-License-Identifier: MIT */
/* Every allocation of a reading fails once: the call says so, and nothing leaks or crashes.
 * labels: unit
 * with: EXPAT LIBZIP */
#include "record_test.h"

typedef struct {
    size_t count, fail_at;
} failing;

static void *resize(void *user, void *block, size_t size)
{
    failing *f = user;
    if (++f->count == f->fail_at)
        return NULL;
    return realloc(block, size);
}

static void release(void *user, void *block)
{
    (void)user;
    free(block);
}

static bool drop(void *user, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)user += size;
    return true;
}

static hf_status use(hf_ctx *ctx, const char *name, const void *bytes, size_t size)
{
    hf_record *r;
    size_t sum = 0;
    HF_TRY(hf_i_record_read_bytes(&r, ctx, name, bytes, size, NULL));
    hf_status s = hf_record_write_jsonl(r, ctx, drop, &sum);
    if (s == HF_OK)
        s = hf_record_write_summary_json(r, ctx, drop, &sum);
    hf_record_free(r);
    return s;
}

/* Fails allocation 1, 2, ... until a run needs none that fails. */
static void fail_each(const char *name, const void *bytes, size_t size)
{
    failing f = {0, 0};
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.allocator = (hf_allocator){resize, release, &f};
    for (size_t n = 1; n < 5000; n++) {
        hf_ctx *ctx;
        f.fail_at = 0;
        if (hf_ctx_new(&ctx, &o) != HF_OK)
            fail();
        f.count = 0;
        f.fail_at = n;
        hf_status s = use(ctx, name, bytes, size);
        bool failed = f.count >= n;
        hf_ctx_free(ctx);
        if (s != (failed ? HF_E_NOMEM : HF_OK))
            fail_msg("%s: allocation %zu fails, the status is %s", name, n, hf_status_name(s));
        if (!failed)
            return;
    }
    fail_msg("%s: no end", name);
}

/* Every file of the fuzz corpus that can be read. */
static void of_file(const char *folder, const char *file, const char *name)
{
    char path[1024];
    hf_i_file f;
    snprintf(path, sizeof path, HF_SOURCE_DIR "/fuzz/corpus/%s/%s", folder, file);
    assert_int_equal(hf_i_file_open(&f, test_ctx, path), HF_OK);
    fail_each(name, f.data, (size_t)f.size);
    hf_i_file_close(&f);
}

static void each_allocation_fails_once(void **state)
{
    (void)state;
    of_file("whatsapp", "ios", "_chat.txt");
    of_file("whatsapp", "stray", "_chat.txt");
    of_file("whatsapp", "utf16", "_chat.txt");
    of_file("record_csv", "plain", "x.csv");
    of_file("zip", "ios", "x.zip");
    of_file("telegram", "single", "result.json");
    of_file("sms", "sms.xml", "sms.xml");
    of_file("messenger", "message_1.json", "message_1.json");
    of_file("signal", "main.jsonl", "main.jsonl");
    of_file("discord", "dm.json", "dm.json");
    of_file("slack", "2023-04-13.json", "2023-04-13.json");
    of_file("google_chat", "messages.json", "messages.json");
    of_file("chatlab", "chat.jsonl", "chat.jsonl");
    of_file("line", "ja.txt", "line.txt");
    of_file("kakaotalk", "mobile.txt", "kakao.txt");
    of_file("telegram_html", "messages.html", "messages.html");
    of_file("imessage_text", "chat.txt", "chat.txt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_fails_once)};
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
