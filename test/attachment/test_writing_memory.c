/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* What the sheets and the profile are written to, and the check-in's diary, with each allocation
 * failing once. */
#include "support/failing_alloc.h"

#include <holdfast/attachment.h>
#include <holdfast/report.h>

#include <unistd.h>

static const char form[] = "instrument small\nstatus own\nitems 6\nrange 1 7\n"
                           "scale s\nscore mean\norder o\nkey s 1 2R 3 4 5 6\n";

static char *temporary(const char *text)
{
    static char path[64];
    strcpy(path, "writing_memory_XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    return path;
}

static bool swallow(void *user, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)user += size;
    return true;
}

static hf_status write_scoring(const hf_scoring *p, hf_ctx *ctx)
{
    static hf_status (*const writers[])(const hf_scoring *, hf_ctx *, hf_write_fn, void *) = {
        hf_scoring_write_csv, hf_scoring_write_pairs, hf_scoring_write_apa};
    size_t size = 0;
    hf_status s = hf_scoring_write_json(p, ctx, HF_FOR_RESEARCHER, swallow, &size);
    for (size_t i = 0; s == HF_OK && i < HF_COUNT_OF(writers); i++)
        s = writers[i](p, ctx, swallow, &size);
    return s;
}

static hf_status write_page(const hf_findings *f, hf_ctx *ctx)
{
    static hf_status (*const writers[])(const hf_findings *, hf_ctx *, hf_outfile *) = {
        hf_report_write_json, hf_report_write_html};
    hf_status s = HF_OK;
    for (size_t i = 0; s == HF_OK && i < HF_COUNT_OF(writers); i++) {
        hf_outfile *file;
        s = hf_outfile_new(&file, ctx, "writing_memory.out");
        if (s == HF_OK)
            s = writers[i](f, ctx, file);
        if (s == HF_OK)
            s = hf_outfile_commit(file);
        hf_outfile_free(file);
        remove("writing_memory.out");
    }
    return s;
}

static hf_status profile_page(const hf_scoring *p, hf_ctx *ctx)
{
    hf_profile_options o = {.size = sizeof o,
                            .consent = HF_CONSENT_BOTH,
                            .name_a = "Ann",
                            .name_b = "Ben",
                            .file = "sheets.csv",
                            .made_on = "2026-01-02"};
    hf_findings *f = NULL;
    hf_status s = hf_findings_new(&f, ctx);
    if (s == HF_OK)
        s = hf_profile_findings(f, ctx, p, 2, 3, &o);
    if (s == HF_OK)
        s = write_page(f, ctx);
    hf_findings_free(f);
    return s;
}

static hf_status scored(hf_ctx *ctx, void *user)
{
    hf_instrument *in = NULL;
    hf_sheets *sheets = NULL;
    hf_scoring *p = NULL;
    hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
    o.dyad = "id";
    o.partner = "role";
    o.occasion = "wave";
    hf_status s = hf_instrument_parse(&in, ctx, "small", form, strlen(form));
    if (s == HF_OK)
        s = hf_sheets_read(&sheets, ctx, in, user, &o);
    if (s == HF_OK)
        s = hf_score_run(&p, ctx, in, sheets, NULL);
    if (s == HF_OK)
        s = write_scoring(p, ctx);
    if (s == HF_OK)
        s = profile_page(p, ctx);
    hf_scoring_free(p);
    hf_sheets_free(sheets);
    hf_instrument_free(in);
    return s;
}

static void sheets_and_profile(void **state)
{
    (void)state;
    char text[4096], *p = text;
    p += snprintf(p, 100, "id,role,wave,Q1,Q2,Q3,Q4,Q5,Q6\n");
    for (int i = 0; i < 12; i++)
        for (int k = 0; k < 4; k++)
            p += snprintf(p, 60, "%d,%c,%d,%d,%d,%d,%d,%d,%d\n", i, "wm"[k % 2], k / 2, 1 + i % 7,
                          7 - i % 7, 1 + i % 7, 1 + (i + k) % 7, 1 + i % 7, 1 + i % 7);
    char *path = temporary(text);
    assert_true(test_each_allocation_fails(scored, path) > 30);
    unlink(path);
}

RUN_TESTS(cmocka_unit_test(sheets_and_profile))
