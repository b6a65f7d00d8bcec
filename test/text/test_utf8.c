/* SPDX-License-Identifier: MIT */
/* labels: unit property */
#include "support/failing_alloc.h"
#include "text/utf8.h"

#include <utf8proc.h>

/* Unicode 15, section 3.9, table 3-8 and the RFC 3629 limits. */
static void finds_the_first_bad_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size, at;
    } rows[] = {
        {"", 0, 0},
        {"abc", 3, 3},
        {"caf\xC3\xA9", 5, 5},
        {"\xF0\x9F\x98\x80", 4, 4},
        {"a\x80", 2, 1},             /* a lone continuation */
        {"12345678\xC0\xAF", 10, 8}, /* overlong '/' */
        {"\xE0\x80\xAF", 3, 0},      /* overlong in three */
        {"\xF0\x80\x80\xAF", 4, 0},  /* and in four */
        {"ab\xED\xA0\x80", 5, 2},    /* a surrogate */
        {"\xF4\x8F\xBF\xBF", 4, 4},  /* U+10FFFF */
        {"\xF4\x90\x80\x80", 4, 0},  /* beyond */
        {"\xF5\x80\x80\x80", 4, 0},  /* never a lead */
        {"x\xE2\x82", 3, 1},         /* cut short */
        {"1234567\xC3\xA9 12345678\xFF", 19, 18},
    };
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++)
        assert_int_equal(hf_i_utf8_check(rows[i].text, rows[i].size), rows[i].at);
}

static void maximal_subparts(void **state)
{
    (void)state;
    /* Unicode 15, table 3-11: 61 | F1 80 80 | E1 80 | C2 | 62 | 80 | 63 | 80 | BF | 64. */
    static const char text[] = "\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64";
    static const int32_t want[] = {'a',    0xFFFD, 0xFFFD, 0xFFFD, 'b',
                                   0xFFFD, 'c',    0xFFFD, 0xFFFD, 'd'};
    size_t pos = 0, size = sizeof text - 1;
    for (size_t i = 0; i < HF_COUNT_OF(want); i++)
        assert_int_equal(hf_i_utf8_next(text, size, &pos, NULL), want[i]);
    assert_int_equal(hf_i_utf8_next(text, size, &pos, NULL), -1);
    hf_ctx *ctx = test_ctx();
    hf_i_buf buf;
    hf_i_buf_init(&buf, ctx, 1000, "text");
    assert_ok(ctx, hf_i_utf8_repair(&buf, text, size));
    assert_true(hf_i_utf8_valid(buf.data, buf.len));
    assert_int_equal(hf_i_utf8_count(buf.data, buf.len), HF_COUNT_OF(want));
    assert_int_equal(hf_i_utf8_count(text, size), HF_COUNT_OF(want));
    hf_i_buf_dispose(&buf);
    hf_ctx_free(ctx);
}

/* Every code point survives, and our judgement is utf8proc's for every sequence of two bytes and
 * three-byte tails. */
static void agrees_with_utf8proc(void **state)
{
    (void)state;
    for (int32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        size_t pos = 0, n = hf_i_utf8_encode(code, bytes);
        bool bad = false;
        int32_t back = hf_i_utf8_next(bytes, n, &pos, &bad);
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        assert_int_equal(back, surrogate ? 0xFFFD : code);
        assert_false(bad);
        assert_int_equal(pos, n);
    }
    for (unsigned x = 0; x < 1u << 24; x += 7) {
        char b[4] = {(char)(0x80 | x >> 17), (char)(x >> 10), (char)(x >> 3), (char)(x << 3)};
        utf8proc_int32_t want;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)b, 4, &want);
        size_t pos = 0;
        bool bad = false;
        int32_t got = hf_i_utf8_next(b, 4, &pos, &bad);
        assert_int_equal(bad, n < 0);
        if (n > 0) {
            assert_int_equal(got, want);
            assert_int_equal(pos, n);
        }
    }
}

static void keys(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key;
    } rows[] = {
        {"Hello", "hello"},
        {"Stra\xC3\x9F"
         "e",
         "strasse"},
        {"I don\xE2\x80\x99t", "i don't"},
        {"\xE2\x80\x8E"
         "Anna\xE2\x80\xAC",
         "anna"},                  /* direction marks */
        {"e\xCC\x81", "\xC3\xA9"}, /* composed */
        {"\xEF\xBC\xA1", "a"},     /* full width */
        {"10\xE2\x80\xAF"
         "AM",
         "10 am"}, /* narrow no-break space */
        {"a\xFF"
         "B",
         "a\xEF\xBF\xBD"
         "b"},
        {"", ""},
    };
    hf_ctx *ctx = test_ctx();
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        hf_i_buf buf;
        hf_i_buf_init(&buf, ctx, 1000, "key");
        assert_ok(ctx, hf_i_buf_add_str(&buf, ">"));
        assert_ok(ctx, hf_i_utf8_key(&buf, rows[i].text, strlen(rows[i].text)));
        assert_text(buf.data + 1, buf.len - 1, rows[i].key);
        hf_i_buf_dispose(&buf);
    }
    hf_ctx_free(ctx);
}

static void widths_and_cuts(void **state)
{
    (void)state;
    assert_int_equal(hf_i_utf8_width("abc", 3), 3);
    assert_int_equal(hf_i_utf8_width("\xE6\x97\xA5\xE6\x9C\xAC", 6), 4);
    assert_int_equal(hf_i_utf8_width("e\xCC\x81", 3), 1);
    assert_int_equal(hf_i_utf8_cut("abcdef", 6, 4), 4);
    assert_int_equal(hf_i_utf8_cut("abc", 3, 4), 3);
    assert_int_equal(hf_i_utf8_cut("ab\xC3\xA9", 4, 3), 2);
    assert_int_equal(hf_i_utf8_cut("ae\xCC\x81z", 5, 3), 1); /* the accent stays with its letter */
    assert_int_equal(hf_i_utf8_cut("\xC3\xA9", 2, 0), 0);
}

static void utf16(void **state)
{
    (void)state;
    static const unsigned char little[] = {'a', 0, 0xE9, 0, 0x3D, 0xD8, 0x00, 0xDE};
    static const unsigned char lone[] = {0xD8, 0x3D, 0, 'b', 'c'};
    hf_ctx *ctx = test_ctx();
    hf_i_buf buf;
    bool bad = false;
    hf_i_buf_init(&buf, ctx, 1000, "text");
    assert_ok(ctx, hf_i_utf8_from_utf16(&buf, little, sizeof little, false, &bad));
    assert_text(buf.data, buf.len, "a\xC3\xA9\xF0\x9F\x98\x80");
    assert_false(bad);
    hf_i_buf_clear(&buf);
    assert_ok(ctx, hf_i_utf8_from_utf16(&buf, lone, sizeof lone, true, &bad));
    assert_text(buf.data, buf.len,
                "\xEF\xBF\xBD"
                "b\xEF\xBF\xBD");
    assert_true(bad);
    hf_i_buf_dispose(&buf);
    hf_ctx_free(ctx);
}

static void classes(void **state)
{
    (void)state;
    assert_int_equal(hf_i_utf8_class('a'), HF_I_CHAR_LETTER);
    assert_int_equal(hf_i_utf8_class(0x4E2D), HF_I_CHAR_LETTER);
    assert_int_equal(hf_i_utf8_class(0x301), HF_I_CHAR_MARK);
    assert_int_equal(hf_i_utf8_class('7'), HF_I_CHAR_DIGIT);
    assert_int_equal(hf_i_utf8_class('\n'), HF_I_CHAR_SPACE);
    assert_int_equal(hf_i_utf8_class(0xA0), HF_I_CHAR_SPACE);
    assert_int_equal(hf_i_utf8_class('!'), HF_I_CHAR_PUNCTUATION);
    assert_int_equal(hf_i_utf8_class(0x1F600), HF_I_CHAR_SYMBOL);
    assert_int_equal(hf_i_utf8_class(0x200D), HF_I_CHAR_OTHER);
    assert_int_equal(hf_i_utf8_lower(0xC9), 0xE9);
    assert_true(hf_i_utf8_is_upper('A') && !hf_i_utf8_is_upper('a'));
}

static hf_status make_keys(hf_ctx *ctx, void *user)
{
    (void)user;
    hf_i_buf buf;
    hf_i_buf_init(&buf, ctx, 1000, "key");
    hf_status s = hf_i_utf8_key(&buf,
                                "Stra\xC3\x9F"
                                "e\xFF",
                                8);
    if (s == HF_OK)
        s = hf_i_utf8_key(&buf, "PLAIN", 5);
    hf_i_buf_dispose(&buf);
    return s;
}

static void memory_fails(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails(make_keys, NULL) >= 3);
}

RUN_TESTS(cmocka_unit_test(finds_the_first_bad_byte), cmocka_unit_test(maximal_subparts),
          cmocka_unit_test(agrees_with_utf8proc), cmocka_unit_test(keys),
          cmocka_unit_test(widths_and_cuts), cmocka_unit_test(utf16), cmocka_unit_test(classes),
          cmocka_unit_test(memory_fails))
