/* SPDX-License-Identifier: MIT */
/* A whole analysis with every file it can write, for the tests that let its allocations fail. */
#ifndef TEST_SIGNAL_ANALYSIS_MEMORY_H
#define TEST_SIGNAL_ANALYSIS_MEMORY_H

#include "hf_config.h"
#include "signal/made_chat.h"
#include "support/failing_alloc.h"

#include <holdfast/report.h>

typedef struct memory_case {
    const char *path, *corrections;
    hf_consent consent;
    const char *me, *text_model;
} memory_case;

static inline hf_status memory_json(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    return hf_report_write_json(hf_analysis_get_findings(a), ctx, file);
}

static inline hf_status memory_html(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    return hf_report_write_html(hf_analysis_get_findings(a), ctx, file);
}

static inline hf_status memory_series(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    return hf_series_write_csv(hf_analysis_get_series(a), ctx, file);
}

static inline hf_status memory_write(const hf_analysis *a, hf_ctx *ctx, const char *target)
{
    static hf_status (*const writers[])(const hf_analysis *, hf_ctx *, hf_outfile *) = {
        memory_json,
        memory_html,
        memory_series,
        hf_report_write_messages,
        hf_report_write_turns,
#if HF_HAVE_READSTAT
        hf_report_write_messages_sav,
        hf_report_write_turns_sav,
        hf_report_write_signals_sav,
#endif
    };
    hf_status status = HF_OK;
    for (size_t i = 0; status == HF_OK && i < HF_COUNT_OF(writers); i++) {
        hf_outfile *file;
        status = hf_outfile_new(&file, ctx, target);
        if (status == HF_OK)
            status = writers[i](a, ctx, file);
        if (status == HF_OK)
            status = hf_outfile_commit(file);
        hf_outfile_free(file);
    }
    return status;
}

static inline hf_status memory_run(hf_ctx *ctx, void *user)
{
    const memory_case *c = user;
    hf_record *record = NULL;
    hf_analysis *a = NULL;
    hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
    char target[300];
    snprintf(target, sizeof target, "%s.out", c->path);
    o.consent = c->consent;
    o.me = c->me;
    o.made_on = "2026-01-02";
    o.text_model = c->text_model;
    o.corrections = c->corrections;
    hf_ctx_set_threads(ctx, 1);
    hf_status status = hf_record_read(&record, ctx, &c->path, 1, NULL);
    if (status == HF_OK)
        status = hf_analyze(&a, ctx, record, &o);
    if (status == HF_OK)
        status = memory_write(a, ctx, target);
    hf_analysis_free(a);
    hf_record_free(record);
    remove(target);
    return status;
}

/* Every step-th allocation fails once; returns how many did. */
static inline long memory_fails(memory_case c, int days, long step)
{
    char *path = made_path(), *changes = made_path();
    made_chat chat = {.seed = 6, .days = days, .first = "Ann", .second = "Ben"};
    made_write(&chat, path);
    FILE *f = fopen(changes, "w");
    assert_non_null(f);
    fputs("{\"target\":\"0123\",\"field\":\"sender\",\"value\":\"a\"}\n", f);
    fclose(f);
    c.path = path;
    c.corrections = changes;
    long failures = test_each_allocation_fails_step(memory_run, &c, step);
    print_message("%ld allocations failed once\n", failures);
    remove(path);
    remove(changes);
    free(path);
    free(changes);
    return failures;
}

#endif
