/* SPDX-License-Identifier: MIT */
/* The sample chats of public projects, read into the people, kinds and times that stand in them.
 * test/record/reference/chats.txt was compared with the files by eye; it holds the size of a text,
 * not the text. labels: reference */
#include "record_test.h"

static void add_row(hf_i_buf *out, const hf_record *r, size_t i)
{
    hf_message m;
    char t[40] = "-";
    hf_record_get_message(r, i, &m);
    size_t n = hf_i_record_time_text(t, m.t_ms, m.t_kind, m.t_res_ms);
    if (n)
        t[n] = '\0';
    const hf_person *p = hf_record_get_person(r, m.sender);
    hf_i_buf_printf(out, "%s|%.*s|%s|%zu\n", t, p ? (int)p->name.size : 1, p ? p->name.data : "-",
                    hf_message_kind_name(m.kind), m.text.size);
}

/* A case starts with '== path' or '== path # chat'. */
static void run_case(const char *root, const char *head, size_t size, hf_i_buf *out)
{
    char path[1024], chat[256] = "";
    const char *mark = memmem(head, size, " # ", 3);
    size_t n = mark ? (size_t)(mark - head) : size;
    if (mark)
        snprintf(chat, sizeof chat, "%.*s", (int)(size - n - 3), mark + 3);
    snprintf(path, sizeof path, "%s/records/%.*s", root, (int)n, head);
    const char *paths[] = {path};
    hf_read_options o = HF_READ_OPTIONS_INIT;
    o.chat = mark ? chat : NULL;
    hf_record *r;
    hf_i_buf_printf(out, "== %.*s\n", (int)size, head);
    if (hf_record_read(&r, test_ctx, paths, 1, &o) != HF_OK)
        fail_msg("%s: %s", path, hf_ctx_get_error(test_ctx)->message);
    for (size_t i = 0; i < hf_record_count_messages(r); i++)
        add_row(out, r, i);
    hf_record_free(r);
}

static void sample_chats(void **state)
{
    (void)state;
    const char *root = getenv("HOLDFAST_REFERENCE");
    hf_i_file want;
    hf_i_buf got;
    assert_int_equal(
        hf_i_file_open(&want, test_ctx, HF_SOURCE_DIR "/test/record/reference/chats.txt"), HF_OK);
    hf_i_buf_init(&got, test_ctx, 1 << 24, "rows");
    const char *p = (const char *)want.data, *end = p + want.size;
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        if (memcmp(p, "== ", 3) == 0)
            run_case(root, p + 3, (size_t)(nl - p - 3), &got);
        p = nl + 1;
    }
    if (getenv("HF_WRITE_ROWS")) {
        fwrite(got.data, 1, got.len, stdout);
    } else if (got.len != want.size || memcmp(got.data, want.data, got.len) != 0) {
        size_t i = 0;
        while (i < got.len && i < want.size && got.data[i] == (char)want.data[i])
            i++;
        while (i > 0 && got.data[i - 1] != '\n')
            i--;
        fail_msg("first difference:\n%.120s\nexpected\n%.120s", got.data + i,
                 (const char *)want.data + i);
    }
    hf_i_buf_dispose(&got);
    hf_i_file_close(&want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sample_chats)};
    if (!getenv("HOLDFAST_REFERENCE")) {
        puts("skipped: HOLDFAST_REFERENCE names no folder of sample files");
        return 77;
    }
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
