/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* No text of a chat can end the page's script element; nothing of the page is changed. */
#include "support/test.h"

#include <holdfast/report.h>

#include <stdio.h>

static char *page_of(hf_ctx *ctx, const hf_findings *findings)
{
    hf_outfile *file;
    assert_ok(ctx, hf_outfile_new(&file, ctx, "html_report.html"));
    assert_ok(ctx, hf_report_write_html(findings, ctx, file));
    assert_ok(ctx, hf_outfile_commit(file));
    hf_outfile_free(file);
    FILE *f = fopen("html_report.html", "rb");
    char *text = calloc(1, 16u << 20);
    assert_true(fread(text, 1, (16u << 20) - 1, f) > 0);
    fclose(f);
    remove("html_report.html");
    return text;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p++)
        n++;
    return n;
}

static void texts_stay_inside(void **state)
{
    (void)state;
    static const char nasty[] = "</script><script>alert(1)</script><!-- \xe2\x80\xa8 \xe2\x80\xa9 ";
    hf_ctx *ctx = test_ctx();
    hf_findings *plain, *f;
    hf_findings_header header = {.record = "{}", .made_on = "2026-01-02"};
    assert_ok(ctx, hf_findings_new(&plain, ctx));
    assert_ok(ctx, hf_findings_set_header(plain, &header));
    assert_ok(ctx, hf_findings_new(&f, ctx));
    assert_ok(ctx, hf_findings_set_header(f, &header));
    hf_cited_turn turn = {.id = "x", .words = 1, .text = {nasty, sizeof nasty - 1}};
    assert_ok(ctx, hf_findings_add_turn(f, &turn));
    char *a = page_of(ctx, plain), *b = page_of(ctx, f);
    assert_int_equal(count(a, "</script"), count(b, "</script"));
    assert_int_equal(count(a, "<script"), count(b, "<script"));
    assert_int_equal(count(a, "<!--"), count(b, "<!--"));
    assert_int_equal(count(a, "\xe2\x80\xa8"), count(b, "\xe2\x80\xa8"));
    assert_int_equal(count(b, "\\u003c/script>"), 2);
    assert_int_equal(count(b, "\\u2028"), count(a, "\\u2028") + 1);
    free(a);
    free(b);
    hf_findings_free(plain);
    hf_findings_free(f);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(texts_stay_inside))
