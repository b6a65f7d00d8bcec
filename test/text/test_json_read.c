/* SPDX-License-Identifier: MIT */
/* The JSON reader: places, odd strings, and two other parsers on random documents.
 * labels: unit oracle
 * needs: jansson yajl */
#include "base/base.h"
#include "text/json_read.h"
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <yajl/yajl_parse.h>

static hf_ctx *ctx;

/* All tokens as one line: '{k:s' and so on; strings in brackets. */
static hf_status tokens(const char *text, size_t size, bool many, hf_i_buf *out)
{
    static const char marks[] = ".{}[]ksnTFN";
    hf_i_json_reader j;
    hf_i_json_open(&j, ctx, "x.json", text, size);
    j.many = many;
    hf_status s = hf_i_json_next(&j);
    while (s == HF_OK && j.token != HF_I_JSON_END) {
        hf_i_buf_add_char(out, marks[j.token]);
        if (j.token == HF_I_JSON_KEY || j.token == HF_I_JSON_STRING || j.token == HF_I_JSON_NUMBER)
            hf_i_buf_printf(out, "<%.*s>", (int)j.len, j.len ? j.text : "");
        s = hf_i_json_next(&j);
    }
    hf_i_json_dispose(&j);
    return s;
}

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tokens;
    } good[] = {
        {"{}", "{}"},
        {" [ ] ", "[]"},
        {"\xEF\xBB\xBF{\"a\" : 1.50e+3 , \"b\":[true,false,null,\"\"]}",
         "{k<a>n<1.50e+3>k<b>[TFNs<>]}"},
        {"\"\\\"\\\\\\/\\b\\n\\u00e9\\ud83d\\ude00\"", "s<\"\\/\b\n\xC3\xA9\xF0\x9F\x98\x80>"},
        {"\"\\ud83dx\"", "s<\xED\xA0\xBDx>"},
        {"\"\\ude00\\ud83d\"", "s<\xED\xB8\x80\xED\xA0\xBD>"},
        {"\"\\ud83d\\u0041\"", "s<\xED\xA0\xBD"
                               "A>"},
        {"-0", "n<-0>"},
        {"[0,-1,10.25E-2]", "[n<0>n<-1>n<10.25E-2>]"},
    };
    for (size_t i = 0; i < HF_COUNT_OF(good); i++) {
        hf_i_buf out;
        hf_i_buf_init(&out, ctx, 4096, "tokens");
        if (tokens(good[i].text, strlen(good[i].text), false, &out) != HF_OK)
            fail_msg("%s: %s", good[i].text, hf_ctx_get_error(ctx)->message);
        assert_string_equal(out.data, good[i].tokens);
        hf_i_buf_dispose(&out);
    }
}

static void refuses_at_the_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t byte, line;
    } bad[] = {
        {"", 0, 1},       {"{", 1, 1},       {"{\"a\"}", 4, 1},     {"{\"a\":}", 5, 1},
        {"[1,]", 3, 1},   {"[1 2]", 3, 1},   {"{\"a\":1,}", 7, 1},  {"[1]]", 3, 1},
        {"[1}", 2, 1},    {"tru", 3, 1},     {"trux", 3, 1},        {"01", 0, 1},
        {"1.", 2, 1},     {"1e", 2, 1},      {"-", 1, 1},           {"\"a", 2, 1},
        {"\"\n\"", 1, 1}, {"\"\\x\"", 1, 1}, {"\"\\u12g4\"", 1, 1}, {"[1,\n2,\n+3]", 7, 3},
        {"{1:2}", 1, 1},  {"\"\\", 2, 1},    {"{} {}", 3, 1},       {"nul\0", 3, 1},
    };
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++) {
        hf_i_buf out;
        hf_i_buf_init(&out, ctx, 4096, "tokens");
        hf_status s = tokens(bad[i].text, strlen(bad[i].text), false, &out);
        const hf_error *e = hf_ctx_get_error(ctx);
        if (s != HF_E_PARSE || e->byte != bad[i].byte || e->line != bad[i].line)
            fail_msg("%s: status %d, byte %llu, line %llu", bad[i].text, (int)s,
                     (unsigned long long)e->byte, (unsigned long long)e->line);
        hf_i_buf_dispose(&out);
    }
    char deep[400];
    memset(deep, '[', sizeof deep);
    hf_i_buf out;
    hf_i_buf_init(&out, ctx, 4096, "tokens");
    assert_int_equal(tokens(deep, sizeof deep, false, &out), HF_E_LIMIT);
    hf_i_buf_dispose(&out);
}

static void zero_bytes_and_lines(void **state)
{
    (void)state;
    hf_i_json_reader j;
    hf_i_json_open(&j, ctx, NULL, "\"a\\u0000b\"", 10);
    assert_int_equal(hf_i_json_next(&j), HF_OK);
    assert_int_equal(j.len, 3);
    assert_memory_equal(j.text, "a\0b", 3);
    hf_i_json_dispose(&j);
    hf_i_buf out;
    hf_i_buf_init(&out, ctx, 4096, "tokens");
    assert_int_equal(tokens("{}\n\n[1]\n", 8, true, &out), HF_OK);
    assert_string_equal(out.data, "{}[n<1>]");
    hf_i_buf_dispose(&out);
}

static void skipping(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":{\"x\":[1,{\"y\":\"}\\\"\"}]},\"b\":2,\"c\":[[]]}";
    hf_i_json_reader j;
    hf_i_json_name name;
    bool more;
    char names[8] = "";
    size_t count = 0;
    hf_i_json_open(&j, ctx, NULL, text, strlen(text));
    assert_int_equal(hf_i_json_next(&j), HF_OK);
    for (;;) {
        assert_int_equal(hf_i_json_next_field(&j, &name, &more), HF_OK);
        if (!more)
            break;
        names[count++] = name.text[0];
        int64_t v;
        if (hf_i_json_name_is(&name, "b")) {
            assert_true(hf_i_json_integer(&j, &v));
            assert_int_equal(v, 2);
        }
        assert_int_equal(hf_i_json_skip(&j), HF_OK);
    }
    assert_string_equal(names, "abc");
    assert_int_equal(j.token, HF_I_JSON_OBJECT_END);
    hf_i_json_dispose(&j);
}

/* ---- against yajl and jansson --------------------------------------------------------------- */

static uint64_t seed = 12345;

static unsigned pick(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static void random_string(hf_i_buf *b)
{
    static const char *const parts[] = {
        "a",    "key",  "\xC3\xA9", "\xF0\x9F\x98\x80", "\\n", "\\u00e9",
        "\\\"", "\\\\", "\\/",      "\\ud83d\\ude00",   " ",   "longer text to pass sixteen bytes"};
    hf_i_buf_add_char(b, '"');
    for (unsigned n = pick(4); n > 0; n--)
        hf_i_buf_add_str(b, parts[pick(HF_COUNT_OF(parts))]);
    hf_i_buf_add_char(b, '"');
}

static void random_value(hf_i_buf *b, unsigned depth)
{
    static const char *const scalars[] = {"true", "false", "null", "0",
                                          "-12",  "3.25",  "1e9",  "7E-2"};
    unsigned kind = pick(depth > 4 ? 2 : 4);
    if (pick(3) == 0)
        hf_i_buf_add_str(b, pick(2) ? " " : "\n  ");
    if (kind == 0) {
        hf_i_buf_add_str(b, scalars[pick(HF_COUNT_OF(scalars))]);
    } else if (kind == 1) {
        random_string(b);
    } else {
        unsigned n = pick(4);
        hf_i_buf_add_char(b, kind == 2 ? '[' : '{');
        for (unsigned i = 0; i < n; i++) {
            if (i)
                hf_i_buf_add_char(b, ',');
            if (kind == 3) {
                hf_i_buf_printf(b, "\"k%u\" :", i);
            }
            random_value(b, depth + 1);
        }
        hf_i_buf_add_char(b, kind == 2 ? ']' : '}');
    }
}

/* One random byte is changed, taken out or doubled. */
static void damage(hf_i_buf *b)
{
    static const char bytes[] = "{}[],:\"\\0x-.e \n";
    if (b->len == 0)
        return;
    size_t at = pick((unsigned)b->len);
    if (pick(2)) {
        b->data[at] = bytes[pick(sizeof bytes - 1)];
    } else {
        memmove(b->data + at, b->data + at + 1, b->len - at - 1);
        b->len--;
    }
}

static int y_add(hf_i_buf *b, const char *mark, const char *s, size_t n)
{
    hf_i_buf_add_str(b, mark);
    if (s)
        hf_i_buf_printf(b, "<%.*s>", (int)n, s);
    return 1;
}
static int y_null(void *c)
{
    return y_add(c, "N", NULL, 0);
}
static int y_bool(void *c, int v)
{
    return y_add(c, v ? "T" : "F", NULL, 0);
}
static int y_number(void *c, const char *s, size_t n)
{
    return y_add(c, "n", s, n);
}
static int y_string(void *c, const unsigned char *s, size_t n)
{
    return y_add(c, "s", (const char *)s, n);
}
static int y_key(void *c, const unsigned char *s, size_t n)
{
    return y_add(c, "k", (const char *)s, n);
}
static int y_object(void *c)
{
    return y_add(c, "{", NULL, 0);
}
static int y_object_end(void *c)
{
    return y_add(c, "}", NULL, 0);
}
static int y_array(void *c)
{
    return y_add(c, "[", NULL, 0);
}
static int y_array_end(void *c)
{
    return y_add(c, "]", NULL, 0);
}

static bool yajl_tokens(const char *text, size_t size, hf_i_buf *out)
{
    static const yajl_callbacks callbacks = {y_null,       y_bool,   NULL,       NULL,
                                             y_number,     y_string, y_object,   y_key,
                                             y_object_end, y_array,  y_array_end};
    yajl_handle h = yajl_alloc(&callbacks, NULL, out);
    bool ok = yajl_parse(h, (const unsigned char *)text, size) == yajl_status_ok &&
              yajl_complete_parse(h) == yajl_status_ok;
    yajl_free(h);
    return ok;
}

static void same_as_yajl_and_jansson(void **state)
{
    (void)state;
    unsigned accepted = 0, refused = 0;
    for (int round = 0; round < 20000; round++) {
        hf_i_buf text, ours, theirs;
        hf_i_buf_init(&text, ctx, 1 << 20, "a document");
        hf_i_buf_init(&ours, ctx, 1 << 20, "tokens");
        hf_i_buf_init(&theirs, ctx, 1 << 20, "tokens");
        hf_i_buf_add_str(&ours, "");
        hf_i_buf_add_str(&theirs, "");
        random_value(&text, 0);
        if (round % 2)
            damage(&text);
        bool ok = tokens(text.data, text.len, false, &ours) == HF_OK;
        bool yajl = yajl_tokens(text.data, text.len, &theirs);
        json_t *tree = json_loadb(text.data, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        /* Jansson alone refuses a lone surrogate and what is not UTF-8; damage can make one. */
        bool odd = strstr(ours.data, "\xED\xA0") || strstr(ours.data, "\xED\xB8") ||
                   !hf_i_utf8_valid(ours.data, ours.len);
        /* What we accept, yajl accepts and reads alike. (It also accepts a string behind the end.)
         */
        if (!odd && ok && (!yajl || strcmp(ours.data, theirs.data) != 0))
            fail_msg("%s\nours %s\nyajl %d %s", text.data, ours.data, yajl, theirs.data);
        if (!odd && ok != (tree != NULL))
            fail_msg("%s: ours %d, jansson %d", text.data, ok, tree != NULL);
        accepted += ok;
        refused += !ok;
        json_decref(tree);
        hf_i_buf_dispose(&text);
        hf_i_buf_dispose(&ours);
        hf_i_buf_dispose(&theirs);
    }
    assert_true(accepted > 5000 && refused > 2000);
}

static int setup(void **state)
{
    (void)state;
    return hf_ctx_new(&ctx, NULL) == HF_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    hf_ctx_free(ctx);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(refuses_at_the_byte),
        cmocka_unit_test(zero_bytes_and_lines),
        cmocka_unit_test(skipping),
        cmocka_unit_test(same_as_yajl_and_jansson),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
