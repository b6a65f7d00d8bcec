/* SPDX-License-Identifier: MIT */
/* labels: unit property */
#include "num/random.h"
#include "support/failing_alloc.h"
#include "text/csv.h"

#include <math.h>

/* The rows of a table written as "cell|cell/cell|cell/", quoted cells in brackets. */
static hf_status flatten(hf_ctx *ctx, const char *text, size_t size,
                         const hf_i_csv_options *options, hf_i_buf *out)
{
    hf_i_csv_reader r;
    hf_status s = hf_i_csv_open(&r, ctx, "t.csv", text, size, options);
    for (bool got = s == HF_OK; got;) {
        s = hf_i_csv_next(&r, &got);
        if (s != HF_OK || !got)
            break;
        for (size_t i = 0; s == HF_OK && i < r.count; i++)
            s = hf_i_buf_printf(out, r.cells[i].quoted ? "%s[%.*s]" : "%s%.*s", i ? "|" : "",
                                (int)r.cells[i].len, r.cells[i].text);
        if (s == HF_OK)
            s = hf_i_buf_add_char(out, '/');
    }
    hf_i_csv_dispose(&r);
    return s;
}

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ""},
        {"\n\r\n\r", ""},
        {"a,b\n1,2\n", "a|b/1|2/"},
        {"a,b\r\n1,2", "a|b/1|2/"},
        {"a,b\r1,2\r", "a|b/1|2/"},
        {"a,b\n\n1,\n", "a|b/1|/"},
        {"a,b,", "a|b|/"},
        {"\xEF\xBB\xBF"
         "a,b\n",
         "a|b/"},
        {"a,\"b\"\n", "a|[b]/"},
        {"\"a,\n\"\"b\"\"\",c\n", "[a,\n\"b\"]|c/"},
        {"\"\",x\n", "[]|x/"},
        {"\"\"\"\",x\n", "[\"]|x/"},
        {"\"a\"b,c\n", "[ab]|c/"},
        {"a\"b,c\n", "a\"b|c/"},
        {"a;b\n1,5;2\n", "a|b/1,5|2/"},
        {"a\tb\n1,5\t2\n", "a|b/1,5|2/"},
        {"a|b\nx|y\n", "a|b/x|y/"},
        {"one\ntwo\n", "one/two/"},
        {"time;text\n1;\"a, b, c\"\n2;d, e\n", "time|text/1|[a, b, c]/2|d, e/"},
    };
    hf_ctx *ctx = test_ctx();
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        hf_i_buf out;
        hf_i_buf_init(&out, ctx, 10000, "out");
        assert_ok(ctx, flatten(ctx, rows[i].text, strlen(rows[i].text), NULL, &out));
        assert_text(out.data ? out.data : "", out.len, rows[i].want);
        hf_i_buf_dispose(&out);
    }
    hf_ctx_free(ctx);
}

static void places_and_numbers(void **state)
{
    (void)state;
    static const char text[] = "# hours\n# by day\nName ; Wert\n\"x\ny\";1,5\nz;-2,25\nq;zwei\n";
    hf_i_csv_options options = {.comment = '#'};
    hf_ctx *ctx = test_ctx();
    hf_i_csv_reader r;
    bool got;
    double x;
    long column;
    assert_ok(ctx, hf_i_csv_open(&r, ctx, "t.csv", text, sizeof text - 1, &options));
    assert_int_equal(r.delimiter, ';');
    assert_int_equal(r.decimal, ',');
    assert_text(r.comments, r.comments_len, "# hours\n# by day\n");
    assert_ok(ctx, hf_i_csv_next(&r, &got));
    assert_true(got && r.row == 1 && r.line == 3 && r.byte == 17);
    assert_ok(ctx, hf_i_csv_find(&r, "WERT", &column));
    assert_int_equal(column, 1);
    assert_ok(ctx, hf_i_csv_find(&r, "no", &column));
    assert_int_equal(column, -1);
    assert_ok(ctx, hf_i_csv_next(&r, &got));
    assert_true(got && r.row == 2 && r.line == 4);
    assert_true(hf_i_csv_number(&r, 1, &x) && x == 1.5);
    assert_false(hf_i_csv_number(&r, 0, &x) || hf_i_csv_number(&r, 2, &x));
    assert_ok(ctx, hf_i_csv_next(&r, &got));
    assert_true(got && r.row == 3 && r.line == 6 && text[r.byte] == 'z');
    assert_int_equal(r.cells[1].byte, r.byte + 2);
    assert_true(hf_i_csv_number(&r, 1, &x) && x == -2.25);
    assert_ok(ctx, hf_i_csv_next(&r, &got));
    assert_int_equal(hf_i_csv_fail(&r, 1, HF_E_PARSE, "Write a number.", "'%s' is none", "zwei"),
                     HF_E_PARSE);
    const hf_error *e = hf_ctx_get_error(ctx);
    assert_string_equal(e->file, "t.csv");
    assert_string_equal(e->message, "'zwei' is none");
    assert_true(e->line == 7 && e->byte_known && e->byte == r.cells[1].byte);
    assert_ok(ctx, hf_i_csv_next(&r, &got));
    assert_false(got);
    hf_i_csv_dispose(&r);
    hf_ctx_free(ctx);
}

static hf_status drain(hf_ctx *ctx, const char *text, size_t size, const hf_i_csv_options *options)
{
    hf_i_buf out;
    hf_i_buf_init(&out, ctx, 1u << 20, "out");
    hf_status s = flatten(ctx, text, size, options, &out);
    hf_i_buf_dispose(&out);
    return s;
}

static void refuses(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_csv_options narrow = {.max_columns = 2}, small = {.max_cell = 3}, odd = {.delimiter = '"'};
    assert_int_equal(drain(ctx, "a,b\n1,\"2\n3,4\n", 13, NULL), HF_E_PARSE);
    const hf_error *e = hf_ctx_get_error(ctx);
    assert_true(e->line == 2 && e->byte == 6);
    assert_int_equal(drain(ctx,
                           "\xFF\xFE"
                           "a\0",
                           4, NULL),
                     HF_E_FORMAT);
    assert_int_equal(drain(ctx, "a,b,c\n", 6, &narrow), HF_E_LIMIT);
    assert_int_equal(drain(ctx, "a,bbbb\n", 7, &small), HF_E_LIMIT);
    assert_int_equal(drain(ctx, "a,\"b\"\"bb\"\n", 10, &small), HF_E_LIMIT);
    assert_int_equal(drain(ctx, "a,b\n", 4, &odd), HF_E_USAGE);
    hf_ctx_free(ctx);
}

static void writes(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_buf buf;
    hf_i_csv_writer w;
    hf_i_buf_init(&buf, ctx, 10000, "csv");
    hf_i_csv_init(&w, hf_i_sink_buf(&buf), ',');
    hf_i_csv_comment(&w, "by day");
    hf_i_csv_str(&w, "a,b");
    hf_i_csv_str(&w, "say \"x\"");
    hf_i_csv_str(&w, "");
    hf_i_csv_str(&w, NULL);
    hf_i_csv_end_row(&w);
    hf_i_csv_real(&w, 0.5);
    hf_i_csv_real(&w, NAN);
    hf_i_csv_int(&w, -7);
    hf_i_csv_str(&w, "plain");
    hf_i_csv_end_row(&w);
    assert_ok(ctx, hf_i_csv_finish(&w));
    assert_text(buf.data, buf.len, "# by day\n\"a,b\",\"say \"\"x\"\"\",\"\",\n0.5,,-7,plain\n");
    hf_i_buf_dispose(&buf);
    hf_ctx_free(ctx);
}

/* Any cells, written and read with any delimiter, come back byte by byte, missing ones as missing.
 */
static void round_trip(void **state)
{
    (void)state;
    static const char alphabet[] = "ab,;\t|\"\n\r #\xC3\xA9";
    hf_ctx *ctx = test_ctx();
    hf_i_random rnd;
    hf_i_random_init(&rnd, 3, 0, 0);
    for (int table = 0; table < 3000; table++) {
        enum { ROWS = 4, COLUMNS = 3, MOST = 8 };
        char cells[ROWS][COLUMNS][MOST];
        size_t len[ROWS][COLUMNS];
        hf_i_buf buf;
        hf_i_csv_writer w;
        hf_i_csv_reader r;
        hf_i_csv_options options = {.delimiter = ",;\t|"[table % 4]};
        hf_i_buf_init(&buf, ctx, 100000, "csv");
        hf_i_csv_init(&w, hf_i_sink_buf(&buf), options.delimiter);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                len[i][j] = (size_t)hf_i_random_below(&rnd, MOST);
                for (size_t k = 0; k < len[i][j]; k++)
                    cells[i][j][k] = alphabet[hf_i_random_below(&rnd, sizeof alphabet - 1)];
                if (len[i][j] == MOST - 1)
                    hf_i_csv_missing(&w);
                else
                    hf_i_csv_text(&w, cells[i][j], len[i][j]);
            }
            hf_i_csv_end_row(&w);
        }
        assert_ok(ctx, hf_i_csv_finish(&w));
        assert_ok(ctx, hf_i_csv_open(&r, ctx, NULL, buf.data, buf.len, &options));
        for (int i = 0; i < ROWS; i++) {
            bool got;
            assert_ok(ctx, hf_i_csv_next(&r, &got));
            assert_true(got && r.count == COLUMNS);
            for (int j = 0; j < COLUMNS; j++) {
                bool missing = len[i][j] == MOST - 1;
                assert_int_equal(r.cells[j].len, missing ? 0 : len[i][j]);
                assert_memory_equal(r.cells[j].text, cells[i][j], r.cells[j].len);
                assert_int_equal(missing, r.cells[j].len == 0 && !r.cells[j].quoted);
            }
        }
        assert_int_equal(r.stray_quotes, 0);
        hf_i_csv_dispose(&r);
        hf_i_buf_dispose(&buf);
    }
    hf_ctx_free(ctx);
}

static hf_status read_some(hf_ctx *ctx, void *user)
{
    (void)user;
    static const char text[] = "name,b\n\"x\"\"y\",\"p\"\"q\"\n";
    hf_i_csv_reader r;
    bool got;
    long column;
    hf_status s = hf_i_csv_open(&r, ctx, "t", text, sizeof text - 1, NULL);
    if (s == HF_OK)
        s = hf_i_csv_next(&r, &got);
    if (s == HF_OK)
        s = hf_i_csv_find(&r, "B", &column);
    if (s == HF_OK)
        s = hf_i_csv_next(&r, &got);
    hf_i_csv_dispose(&r);
    return s;
}

static void memory_fails(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails(read_some, NULL) >= 4);
}

RUN_TESTS(cmocka_unit_test(reads), cmocka_unit_test(places_and_numbers), cmocka_unit_test(refuses),
          cmocka_unit_test(writes), cmocka_unit_test(round_trip), cmocka_unit_test(memory_fails))
