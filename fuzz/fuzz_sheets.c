/* SPDX-License-Identifier: MIT */
/* Answer sheets and diaries from a file: what is accepted lies within its range and is scored
 * without a number where nothing was answered. */
#include "attachment/instrument.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char form[] = "instrument f\nstatus own\nitems 6\nrange 1 7\nscale s\nscore mean\n"
                           "order o\nkey s 1 2R 3 4 5 6\n";

static void check(bool good)
{
    if (!good)
        abort();
}

static void score(hf_ctx *ctx, const hf_instrument *in, const hf_sheets *sheets)
{
    hf_scoring *p;
    for (size_t i = 0; i < hf_sheets_count(sheets); i++)
        for (int k = 0; k < 6; k++) {
            int x = hf_sheets_answers(sheets, i)[k];
            check(x == HF_ANSWER_MISSING || (x >= 1 && x <= 7));
        }
    if (hf_score_run(&p, ctx, in, sheets, NULL) == HF_OK)
        for (size_t i = 0; i < p->count; i++)
            check(isnan(p->scores[i].value) ? p->scores[i].state == HF_SCORE_NOT_ENOUGH
                                            : p->scores[i].value >= 1 && p->scores[i].value <= 7);
    hf_scoring_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    hf_instrument *in;
    hf_sheets *sheets;
    hf_diary *diary;
    char path[64];
    int fd = memfd_create("sheets", 0);
    check(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    check(hf_ctx_new(&ctx, NULL) == HF_OK);
    check(hf_instrument_parse(&in, ctx, "form", form, strlen(form)) == HF_OK);
    for (int k = 0; k < 2; k++) {
        hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
        o.missing = "0,-1";
        o.dyad = k ? "id" : NULL;
        o.partner = k ? "role" : NULL;
        o.occasion = k ? "wave" : NULL;
        if (hf_sheets_read(&sheets, ctx, in, path, &o) == HF_OK)
            score(ctx, in, sheets);
        hf_sheets_free(sheets);
    }
    if (hf_diary_read(&diary, ctx, path, 0, 10, false) == HF_OK)
        for (size_t i = 0; i < hf_diary_count(diary); i++)
            check(hf_diary_get(diary, i)->value >= 0 && hf_diary_get(diary, i)->value <= 10);
    hf_diary_free(diary);
    hf_instrument_free(in);
    hf_ctx_free(ctx);
    close(fd);
    return 0;
}
