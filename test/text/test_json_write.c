/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
/* needs: jansson */
/* What is written is read back by jansson. */
#include "support/failing_alloc.h"
#include "text/json_write.h"
#include "text/utf8.h"

#include <jansson.h>
#include <math.h>

static void compact(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_buf buf;
    hf_i_json_writer w;
    hf_i_buf_init(&buf, ctx, 100000, "json");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "a", "x\"\\\n\x01\x7F/<\xC3\xA9");
    hf_i_json_key_str(&w, "none", NULL);
    hf_i_json_key(&w, "list");
    hf_i_json_array_begin(&w);
    hf_i_json_int(&w, -5);
    hf_i_json_uint(&w, UINT64_MAX);
    hf_i_json_number(&w, 0.1);
    hf_i_json_number(&w, NAN);
    hf_i_json_fixed(&w, 2.0 / 3, 2);
    hf_i_json_bool(&w, true);
    hf_i_json_array_begin(&w);
    hf_i_json_array_end(&w);
    hf_i_json_object_begin(&w);
    hf_i_json_object_end(&w);
    hf_i_json_array_end(&w);
    hf_i_json_key_text(&w, "bad", "a\xFFz", 3);
    hf_i_json_object_end(&w);
    assert_ok(ctx, hf_i_json_finish(&w));
    assert_text(buf.data, buf.len,
                "{\"a\":\"x\\\"\\\\\\n\\u0001\\u007f/<\xC3\xA9\",\"none\":null,"
                "\"list\":[-5,18446744073709551615,0.1,null,0.67,true,[],{}],"
                "\"bad\":\"a\xEF\xBF\xBDz\"}");
    hf_i_buf_dispose(&buf);
    hf_ctx_free(ctx);
}

static void pretty_and_lines(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_buf buf;
    hf_i_json_writer w;
    hf_i_buf_init(&buf, ctx, 100000, "json");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), HF_I_JSON_PRETTY);
    hf_i_json_object_begin(&w);
    hf_i_json_key_int(&w, "a", 1);
    hf_i_json_key(&w, "b");
    hf_i_json_array_begin(&w);
    hf_i_json_int(&w, 2);
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    hf_i_json_int(&w, 3);
    hf_i_json_newline(&w);
    assert_ok(ctx, hf_i_json_finish(&w));
    assert_text(buf.data, buf.len, "{\n \"a\": 1,\n \"b\": [\n  2\n ]\n}\n3\n");
    hf_i_buf_dispose(&buf);
    hf_ctx_free(ctx);
}

/* Inside a script element no text can end it. */
static void safe_in_html(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_buf buf;
    hf_i_json_writer w;
    const char *text = "</script><!-- & \xE2\x80\xA8\xE2\x80\xA9";
    hf_i_buf_init(&buf, ctx, 100000, "json");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), HF_I_JSON_HTML);
    hf_i_json_array_begin(&w);
    hf_i_json_str(&w, text);
    hf_i_json_array_end(&w);
    assert_ok(ctx, hf_i_json_finish(&w));
    assert_null(strpbrk(buf.data, "<>&\xE2"));
    json_t *root = json_loads(buf.data, 0, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_array_get(root, 0)), text);
    json_decref(root);
    hf_i_buf_dispose(&buf);
    hf_ctx_free(ctx);
}

/* Every code point and a text longer than the writer's own buffer come back as they went. */
static void every_code_point_comes_back(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_buf text, out;
    hf_i_json_writer w;
    hf_i_buf_init(&text, ctx, 10000000, "text");
    hf_i_buf_init(&out, ctx, 100000000, "json");
    for (int32_t c = 1; c <= 0x10FFFF; c++)
        if (c < 0xD800 || c > 0xDFFF) {
            char b[4];
            size_t n = hf_i_utf8_encode(c, b);
            assert_ok(ctx, hf_i_buf_add(&text, b, n));
        }
    hf_i_json_init(&w, hf_i_sink_buf(&out), 0);
    hf_i_json_array_begin(&w);
    hf_i_json_text(&w, text.data, text.len);
    hf_i_json_array_end(&w);
    assert_ok(ctx, hf_i_json_finish(&w));
    json_t *root = json_loadb(out.data, out.len, 0, NULL);
    assert_non_null(root);
    json_t *string = json_array_get(root, 0);
    assert_int_equal(json_string_length(string), text.len);
    assert_memory_equal(json_string_value(string), text.data, text.len);
    json_decref(root);
    hf_i_buf_dispose(&text);
    hf_i_buf_dispose(&out);
    hf_ctx_free(ctx);
}

static void the_first_failure_stays(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_buf buf;
    hf_i_json_writer w;
    hf_i_buf_init(&buf, ctx, 100, "a small buffer");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), 0);
    hf_i_json_array_begin(&w);
    for (int i = 0; i < 10000; i++)
        hf_i_json_int(&w, i);
    hf_i_json_array_end(&w);
    assert_int_equal(hf_i_json_finish(&w), HF_E_LIMIT);
    hf_i_buf_dispose(&buf);
    hf_ctx_free(ctx);
}

static hf_status write_some(hf_ctx *ctx, void *user)
{
    (void)user;
    hf_i_buf buf;
    hf_i_json_writer w;
    hf_i_buf_init(&buf, ctx, 1000000, "json");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), 0);
    hf_i_json_array_begin(&w);
    for (int i = 0; i < 10000; i++)
        hf_i_json_int(&w, i);
    hf_i_json_array_end(&w);
    hf_status s = hf_i_json_finish(&w);
    if (s == HF_OK)
        s = hf_i_json_quote(&buf, "x", 1);
    hf_i_buf_dispose(&buf);
    return s;
}

static void memory_fails(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails(write_some, NULL) >= 3);
}

RUN_TESTS(cmocka_unit_test(compact), cmocka_unit_test(pretty_and_lines),
          cmocka_unit_test(safe_in_html), cmocka_unit_test(every_code_point_comes_back),
          cmocka_unit_test(the_first_failure_stays), cmocka_unit_test(memory_fails))
