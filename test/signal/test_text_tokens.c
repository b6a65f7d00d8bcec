/* SPDX-License-Identifier: MIT */
/* labels: unit */
#include "signal/text/features.h"
#include "signal/text/tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static hf_ctx *ctx;
static hf_i_text_tokens t;

static void read_text(const char *text, size_t len)
{
    assert_int_equal(hf_i_text_tokens_read(&t, text, len), HF_OK);
}

/* The tokens joined as they stand in the buffer. */
static void expect(const char *text, const char *tokens)
{
    read_text(text, strlen(text));
    assert_int_equal(t.text_len, strlen(tokens));
    assert_memory_equal(t.text, tokens, t.text_len);
    for (size_t i = 0; i < t.count; i++) {
        assert_int_equal(t.text[t.items[i].at - 1], ' ');
        assert_int_equal(t.text[t.items[i].at + t.items[i].len], ' ');
    }
}

static void words(void **state)
{
    (void)state;
    expect("", " ");
    expect("  \n\t ", " ");
    expect("Don't go", " don't go ");
    expect("Don\xe2\x80\x99t go", " don't go ");
    expect("'quoted' rock'n'roll", " ' quoted ' rock'n'roll ");
    expect("it's 2024, room 7", " it's 0000 , room 0 ");
    expect("sooooo coooool!!!!!", " soo cool !! ");
    expect("wait....... what??", " wait ... what ?? ");
    expect("wait\xe2\x80\xa6", " wait ... ");
    expect("\xc3\x84rger \xc3\x89T\xc3\x89", " \xc3\xa4rger \xc3\xa9t\xc3\xa9 ");
    expect("see https://example.org/a?b=c now", " see [url] now ");
    expect("hi [NAME], bye", " hi [name] , bye ");
    expect("a-b", " a - b ");
}

static void signs(void **state)
{
    (void)state;
    expect("ok :) <3 :-( ;P", " ok :) <3 :-( ;p ");
    expect("note:parents", " note : parents ");
    /* Skin tone, variation selector and joiner vanish. */
    expect("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd\xe2\x9d\xa4\xef\xb8\x8f",
           " \xf0\x9f\x91\x8d \xe2\x9d\xa4 ");
    read_text("\xf0\x9f\x98\x82", 4);
    assert_int_equal(t.items[0].kind, HF_TOKEN_EMOJI);
    assert_int_equal(t.latin + t.foreign, 0);
}

static void marks(void **state)
{
    (void)state;
    read_text("WHY are you sooo LATE I", 23);
    assert_int_equal(t.items[0].flags, HF_TOKEN_CAPS);
    assert_int_equal(t.items[1].flags, 0);
    assert_int_equal(t.items[3].flags, HF_TOKEN_LONG);
    assert_int_equal(t.items[4].flags, HF_TOKEN_CAPS);
    assert_int_equal(t.items[5].flags, 0);
}

static void scripts_and_bad_bytes(void **state)
{
    (void)state;
    read_text("\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 ok", 15);
    assert_int_equal(t.foreign, 6);
    assert_int_equal(t.latin, 2);
    read_text("a\xff\xfe b\xc3", 6);
    assert_int_equal(t.bad_bytes, 3);
    assert_int_equal(t.count, 2);
    read_text("\0a\0b", 4);
    assert_int_equal(t.count, 2);
}

static void long_texts_are_cut(void **state)
{
    (void)state;
    static char text[1 << 20];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 3 == 2 ? ' ' : 'a';
    read_text(text, sizeof text);
    assert_true(t.cut);
    assert_int_equal(t.count, HF_TOKENS_MAX);
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < sizeof text; i += 2)
        text[i] = 'y';
    read_text(text, sizeof text);
    assert_false(t.cut);
    assert_int_equal(t.count, 1);
    assert_true(t.items[0].len <= HF_TOKEN_MAX_LEN);
}

/* Hashes are part of the file of weights: they must never change. */
static void hashes_are_fixed(void **state)
{
    (void)state;
    assert_true(hf_i_text_hash("hello", 5, 0) != hf_i_text_hash("hello", 5, 1));
    assert_true(hf_i_text_hash("hello", 5, 0) == hf_i_text_hash("hello!", 5, 0));
    hf_i_features f, g;
    hf_i_features_init(&f, ctx);
    hf_i_features_init(&g, ctx);
    read_text("abc de", 6);
    assert_int_equal(hf_i_features_read(&f, &t, 17, 0), HF_OK);
    /* Words: 2 unigrams, 2 bigrams from the edge on, 1 to the edge. Characters of " abc ": 3 + 2 +
     * 1, of " de ": 2 + 1. */
    assert_int_equal(f.words, 5);
    assert_int_equal(f.count, 5 + 6 + 3);
    assert_int_equal(f.begin[1] - f.begin[0], 6);
    assert_int_equal(f.begin[2] - f.begin[1], 3);
    assert_int_equal(hf_i_features_read(&g, &t, 15, 0), HF_OK);
    for (size_t i = 0; i < f.count; i++) {
        assert_true(f.rows[i] < 1u << 17);
        assert_int_equal(g.rows[i], f.rows[i] >> 2);
    }
    hf_i_features_dispose(&f);
    hf_i_features_dispose(&g);
}

static int setup(void **state)
{
    (void)state;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 1;
    hf_i_text_tokens_init(&t, ctx);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    hf_i_text_tokens_dispose(&t);
    hf_ctx_free(ctx);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),
        cmocka_unit_test(signs),
        cmocka_unit_test(marks),
        cmocka_unit_test(scripts_and_bad_bytes),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(hashes_are_fixed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
