/* SPDX-License-Identifier: MIT */
/* labels: unit property */
#include <holdfast/series.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static hf_ctx *ctx;
static const char *const path = "series_test.csv";

static void write_text(const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void comes_back_as_it_was(void **state)
{
    (void)state;
    hf_series *s = NULL, *t = NULL;
    hf_outfile *file = NULL;
    uint32_t d[2], v[2];
    assert_int_equal(hf_series_new(&s, ctx, "h"), HF_OK);
    assert_int_equal(hf_series_set_period(s, "week"), HF_OK);
    hf_series_add_dyad(s, "one, \"quoted\"", &d[0]);
    hf_series_add_dyad(s, "two", &d[1]);
    hf_series_add_variable(s, "reply_median", "min", &v[0]);
    hf_series_add_variable(s, "closeness", "", &v[1]);
    for (int i = 0; i < 50; i++) {
        hf_series_row row = {d[i % 2], v[i % 3 == 0],         (hf_partner)(i % 3),
                             i / 7.0,  i % 5 ? sqrt(i) : NAN, (uint64_t)i * 3};
        assert_int_equal(hf_series_add(s, &row), HF_OK);
    }
    assert_int_equal(hf_outfile_new(&file, ctx, path), HF_OK);
    assert_int_equal(hf_series_write_csv(s, ctx, file), HF_OK);
    assert_int_equal(hf_outfile_commit(file), HF_OK);
    hf_outfile_free(file);
    assert_int_equal(hf_series_read_csv(&t, ctx, path), HF_OK);
    assert_int_equal(hf_series_count(t), 50);
    for (size_t i = 0; i < 50; i++) {
        const hf_series_row *a = hf_series_get(s, i), *b = hf_series_get(t, i);
        assert_string_equal(hf_series_get_dyad(s, a->dyad), hf_series_get_dyad(t, b->dyad));
        assert_string_equal(hf_series_get_variable(s, a->variable)->name,
                            hf_series_get_variable(t, b->variable)->name);
        assert_string_equal(hf_series_get_variable(s, a->variable)->unit,
                            hf_series_get_variable(t, b->variable)->unit);
        assert_int_equal(a->partner, b->partner);
        assert_true(a->time == b->time && a->n == b->n);
        assert_true(a->value == b->value || (isnan(a->value) && isnan(b->value)));
    }
    hf_series_free(s);
    hf_series_free(t);
    unlink(path);
}

static void errors_name_the_place(void **state)
{
    (void)state;
    hf_series *s = NULL;
    write_text("dyad,partner,time,unit,variable,value,n\n1,a,0,h,x,1,1\n1,a,soon,h,x,1,1\n");
    assert_int_equal(hf_series_read_csv(&s, ctx, path), HF_E_PARSE);
    assert_null(s);
    assert_int_equal(hf_ctx_get_error(ctx)->line, 3);
    write_text("dyad,partner,time,unit,variable,value,n\n1,c,0,h,x,1,1\n");
    assert_int_equal(hf_series_read_csv(&s, ctx, path), HF_E_PARSE);
    write_text("dyad,partner,time,variable,value\n1,a,0,x,1\n");
    assert_int_equal(hf_series_read_csv(&s, ctx, path), HF_E_FORMAT);
    write_text("");
    assert_int_not_equal(hf_series_read_csv(&s, ctx, path), HF_OK);
    unlink(path);
}

static int setup(void **state)
{
    (void)state;
    return hf_ctx_new(&ctx, NULL) == HF_OK ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    hf_ctx_free(ctx);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back_as_it_was),
                                       cmocka_unit_test(errors_name_the_place)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
