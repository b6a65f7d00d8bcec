/* SPDX-License-Identifier: MIT */
/* labels: unit */
#include "support/failing_alloc.h"

#include <holdfast/finding.h>

#include <stdio.h>

static const char path[] = "correction_test.jsonl";

static void put(const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static const char good[] =
    "{\"target\":\"aa\",\"field\":\"act\",\"value\":\"repair\",\"at\":\"2026-01-02T10:00:00Z\","
    "\"by\":\"a\"}\n"
    "\n"
    "{\"by\":\"researcher\",\"value\":{\"a\":\"pursues\"},\"field\":\"role\",\"target\":\"e1\","
    "\"note\":[1,{}]}\r\n"
    "{\"target\":\"aa\",\"field\":\"act\",\"value\":\"ne\\u0065d\"}\n"
    "{\"target\":\"bb\",\"field\":\"phase\",\"value\":null,\"at\":null,\"by\":null}\n"
    "{\"target\":\"bb\",\"field\":\"t\",\"value\":12.5}";

static void reads(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_corrections *c;
    put(good);
    assert_ok(ctx, hf_corrections_read(&c, ctx, path));
    assert_int_equal(hf_corrections_count(c), 5);
    const hf_correction *x = hf_corrections_get(c, 1);
    assert_int_equal(x->line, 3);
    assert_int_equal(x->field, HF_CORRECT_ROLE);
    assert_string_equal(x->value, "{\"a\":\"pursues\"}");
    assert_false(x->value_is_text);
    assert_string_equal(x->by, "researcher");
    assert_null(x->at);
    /* The last of two holds. */
    x = hf_corrections_find(c, "aa", HF_CORRECT_ACT);
    assert_string_equal(x->value, "need");
    assert_null(hf_corrections_find(c, "aa", HF_CORRECT_PHASE));
    assert_null(hf_corrections_find(c, "bb", HF_CORRECT_PHASE)->value);
    assert_string_equal(hf_corrections_find(c, "bb", HF_CORRECT_T)->value, "12.5");
    assert_null(hf_corrections_get(c, 5));
    hf_corrections_free(c);
    put("");
    assert_ok(ctx, hf_corrections_read(&c, ctx, path));
    assert_int_equal(hf_corrections_count(c), 0);
    hf_corrections_free(c);
    remove(path);
    assert_int_equal(hf_corrections_read(&c, ctx, path), HF_E_IO);
    hf_ctx_free(ctx);
}

static void errors_name_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"{\"target\":\"a\",\"field\":\"mood\",\"value\":1}", "field"},
        {"{\"field\":\"act\",\"value\":1}", "target"},
        {"{\"target\":\"a\",\"value\":1}", "no 'field'"},
        {"{\"target\":\"a\",\"field\":\"act\"}", "value"},
        {"{\"target\":7,\"field\":\"act\",\"value\":1}", "target"},
        {"{\"target\":\"a\",\"field\":\"act\",\"value\":1,\"by\":\"c\"}", "by"},
        {"{\"target\":\"a\",\"field\":\"act\",\"value\":1,\"at\":\"soon\"}", "ISO"},
        {"[1]", "object"},
        {"{\"target\":\"a\"", "JSON"},
        {"{\"target\":\"a\",\"field\":\"act\",\"value\":1} more", "JSON"},
        {"nonsense", "JSON"},
    };
    hf_ctx *ctx = test_ctx();
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        char text[512];
        hf_corrections *c;
        snprintf(text, sizeof text, "%.*s\n%s\n{}\n", 30, "", rows[i].text);
        put(text);
        assert_int_equal(hf_corrections_read(&c, ctx, path), HF_E_PARSE);
        assert_int_equal(hf_ctx_get_error(ctx)->line, 2);
        assert_string_equal(hf_ctx_get_error(ctx)->file, path);
        if (!strstr(hf_ctx_get_error(ctx)->message, rows[i].message))
            fail_msg("'%s': %s", rows[i].text, hf_ctx_get_error(ctx)->message);
    }
    remove(path);
    hf_ctx_free(ctx);
}

static hf_status read_it(hf_ctx *ctx, void *user)
{
    hf_corrections *c;
    (void)user;
    hf_status status = hf_corrections_read(&c, ctx, path);
    if (status == HF_OK)
        hf_corrections_free(c);
    return status;
}

static void memory(void **state)
{
    (void)state;
    put(good);
    assert_true(test_each_allocation_fails(read_it, NULL) > 4);
    remove(path);
}

RUN_TESTS(cmocka_unit_test(reads), cmocka_unit_test(errors_name_their_line),
          cmocka_unit_test(memory))
