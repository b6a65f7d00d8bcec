/* SPDX-License-Identifier: MIT */
/* The file of priors: name, numbers, source, meaning, separated by tabs. */
#include "cycle/model.h"
#include "text/number.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    size_t offset, count;
    bool shares; /* numbers that sum to one; made to, if nearly */
} row;

#define ROW(text, field, n, shares)                                                                \
    {                                                                                              \
        text, offsetof(hf_i_cycle_model, field), n, shares                                         \
    }
#define PHASES HF_PHASE_COUNT
static const row rows[] = {
    ROW("start", start, PHASES, true),
    ROW("stay", stay, PHASES, false),
    ROW("rate", rate, PHASES, false),
    ROW("turn.connection", turn[0], PHASES, true),
    ROW("turn.need", turn[1], PHASES, true),
    ROW("turn.emotion", turn[2], PHASES, true),
    ROW("turn.protection", turn[3], PHASES, true),
    ROW("turn.distance", turn[4], PHASES, true),
    ROW("turn.repair", turn[5], PHASES, true),
    ROW("clock.connection", clock[0], PHASES, true),
    ROW("clock.need", clock[1], PHASES, true),
    ROW("clock.emotion", clock[2], PHASES, true),
    ROW("clock.protection", clock[3], PHASES, true),
    ROW("clock.distance", clock[4], PHASES, true),
    ROW("clock.repair", clock[5], PHASES, true),
    ROW("positions", positions, HF_I_POSITIONS, true),
    ROW("shift", shift, 1, false),
    ROW("same", same, 1, false),
    ROW("act.calm", act[0][HF_I_CALM], HF_I_CYCLE_ACTS, true),
    ROW("act.needs", act[0][HF_I_NEEDS], HF_I_CYCLE_ACTS, true),
    ROW("act.hears_need", act[0][HF_I_HEARS_NEED], HF_I_CYCLE_ACTS, true),
    ROW("act.feels", act[0][HF_I_FEELS], HF_I_CYCLE_ACTS, true),
    ROW("act.hears_feeling", act[0][HF_I_HEARS_FEELING], HF_I_CYCLE_ACTS, true),
    ROW("act.pursues", act[0][HF_I_PURSUES], HF_I_CYCLE_ACTS, true),
    ROW("act.withdraws", act[0][HF_I_WITHDRAWS], HF_I_CYCLE_ACTS, true),
    ROW("act.faces", act[0][HF_I_FACES], HF_I_CYCLE_ACTS, true),
    ROW("act.cold", act[0][HF_I_COLD], HF_I_CYCLE_ACTS, true),
    ROW("act.mends", act[0][HF_I_MENDS], HF_I_CYCLE_ACTS, true),
    ROW("act.hears_mending", act[0][HF_I_HEARS_MENDING], HF_I_CYCLE_ACTS, true),
    ROW("base", base, HF_I_CYCLE_ACTS, true),
    ROW("warmth", warmth, HF_I_STANCES, false),
    ROW("wait", wait, HF_I_STANCES, false),
    ROW("length", length, HF_I_STANCES, false),
    ROW("uptake", uptake, HF_I_STANCES, false),
    ROW("writes", writes, HF_I_STANCES, false),
    ROW("timing_most", timing_most, 1, false),
    ROW("tone_most", tone_most, 1, false),
    ROW("trust", trust, 1, false),
    ROW("least_evidence", least_evidence, 1, false),
    ROW("least_moves", least_moves, 1, false),
    ROW("protection_from", protection_from, 1, false),
    ROW("return_turns", return_turns, 1, false),
    ROW("strength_act", strength_act, 1, false),
    ROW("strength_calm", strength_calm, 1, false),
    ROW("strength_hostile", strength_hostile, 1, false),
    ROW("strength_move", strength_move, 1, false),
    ROW("strength_stay", strength_stay, 1, false),
    ROW("strength_clock", strength_clock, 1, false),
    ROW("strength_position", strength_position, 1, false),
};

static const row *find_row(const char *name, size_t size)
{
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++)
        if (strlen(rows[i].name) == size && memcmp(rows[i].name, name, size) == 0)
            return &rows[i];
    return NULL;
}

/* Numbers separated by single blanks; false unless there are exactly as many as the row has. */
static bool read_numbers(double *out, const row *r, const char *p, const char *end)
{
    double sum = 0;
    for (size_t k = 0; k < r->count; k++) {
        const char *blank = memchr(p, ' ', (size_t)(end - p)), *stop = blank ? blank : end;
        if (!hf_i_number_parse(p, (size_t)(stop - p), '.', &out[k]))
            return false;
        if (!blank != (k + 1 == r->count))
            return false;
        p = blank ? blank + 1 : end;
        sum += out[k];
        if (r->shares && out[k] < 0)
            return false;
    }
    for (size_t k = 0; r->shares && k < r->count; k++)
        out[k] /= sum;
    return !r->shares || (sum > .9 && sum < 1.1);
}

static hf_status read_text(hf_i_cycle_model *m, hf_ctx *ctx, const char *file, const char *text,
                           size_t size)
{
    const char *stop = text + size;
    size_t seen = 0;
    for (uint64_t line = 1; text < stop; line++) {
        const char *end = memchr(text, '\n', (size_t)(stop - text));
        end = end ? end : stop;
        const char *tab = memchr(text, '\t', (size_t)(end - text));
        if (end > text && *text != '#') {
            const row *r = tab ? find_row(text, (size_t)(tab - text)) : NULL;
            const char *next = r ? memchr(tab + 1, '\t', (size_t)(end - tab - 1)) : NULL;
            hf_i_place at = {.file = file, .line = line};
            if (!r)
                return hf_i_fail_at(ctx, HF_E_PARSE, &at, NULL, "not a row of this table");
            if (!read_numbers((double *)(void *)((char *)m + r->offset), r, tab + 1,
                              next ? next : end))
                return hf_i_fail_at(ctx, HF_E_PARSE, &at, NULL,
                                    "%s needs %zu numbers%s, separated by single blanks", r->name,
                                    r->count, r->shares ? " that sum to 1" : "");
            seen++;
        }
        text = end + 1;
    }
    if (seen != HF_COUNT_OF(rows))
        return hf_i_fail(ctx, HF_E_PARSE, NULL, "%s has %zu rows, not %zu", file, seen,
                         HF_COUNT_OF(rows));
    return HF_OK;
}

hf_status hf_i_cycle_priors_read(hf_i_cycle_model *out, hf_ctx *ctx, const char *path)
{
    static const char built_in[] = "cycle/priors.tsv";
    size_t size = 0;
    hf_status status;
    if (path) {
        hf_i_file file;
        HF_TRY(hf_i_file_open(&file, ctx, path));
        status = read_text(out, ctx, path, (const char *)file.data, (size_t)file.size);
        hf_i_file_close(&file);
    } else {
        const char *text = hf_i_data_get(built_in, &size);
        status = text ? read_text(out, ctx, built_in, text, size)
                      : hf_i_fail(ctx, HF_E_INTERNAL, NULL, "%s is not in this build", built_in);
    }
    if (status == HF_OK)
        memcpy(out->act[1], out->act[0], sizeof out->act[0]);
    return status;
}
