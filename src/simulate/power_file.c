/* SPDX-License-Identifier: MIT */
/* The checkpoint: a text file that only grows. Line 1 says the design in full precision; each
 * further line is a finished replicate. */
#include "simulate/power.h"

#include "base/base.h"
#include "text/number.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

struct hf_i_power_file {
    hf_ctx *ctx;
    FILE *stream;
};

static const char *const header_mark = "holdfast-power-1";

/* Everything that the numbers depend on. The number of replicates is not part of it: a finished
 * study may be carried on. */
static void design_line(const hf_power_options *o, char *out, size_t size)
{
    const double values[] = {o->missing,     o->own,        o->partner, o->moderation,
                             o->residual_sd, o->residual_r, o->mean_sd, o->mean_r};
    char number[HF_I_NUMBER_SIZE];
    int at = snprintf(out, size, "%s dyads=%zu occasions=%zu moderated=%d outcome=%d seed=%llu",
                      header_mark, o->dyads, o->occasions, o->moderated, (int)o->outcome,
                      (unsigned long long)o->seed);
    for (size_t i = 0; i < HF_COUNT_OF(values); i++) {
        hf_i_number_format(number, values[i]);
        at += snprintf(out + at, size - (size_t)at, " %s", number);
    }
}

static bool next_cell(const char **p, const char *end, double *out)
{
    const char *tab = memchr(*p, '\t', (size_t)(end - *p));
    const char *stop = tab ? tab : end;
    bool missing = stop == *p;
    *out = NAN;
    bool good = missing || hf_i_number_parse(*p, (size_t)(stop - *p), '.', out);
    *p = tab ? tab + 1 : end;
    return good;
}

static bool read_line(const char *line, const char *end, hf_i_power_row *rows, size_t most)
{
    double replicate, converged;
    hf_i_power_row row = {.done = true};
    if (!next_cell(&line, end, &replicate) || !next_cell(&line, end, &converged) ||
        !(replicate >= 0))
        return false;
    for (int k = 0; k < HF_POWER_EFFECTS; k++)
        if (!next_cell(&line, end, &row.estimate[k]) || !next_cell(&line, end, &row.se[k]))
            return false;
    row.converged = converged == 1;
    if (replicate < (double)most)
        rows[(size_t)replicate] = row;
    return true;
}

/* Reads what is there; *keep is where the last whole line ends. */
static hf_status read_back(hf_ctx *ctx, const char *path, const char *design, hf_i_power_row *rows,
                           size_t most, size_t *resumed, uint64_t *keep)
{
    hf_i_file file;
    *keep = 0;
    if (access(path, F_OK) != 0)
        return HF_OK;
    HF_TRY(hf_i_file_open(&file, ctx, path));
    const char *text = (const char *)file.data, *end = text + file.size;
    hf_status status = HF_OK;
    uint64_t line = 1;
    for (const char *at = text; status == HF_OK && at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        hf_i_place place = {.file = path, .line = line};
        if (!stop)
            break; /* cut short */
        if (line == 1 &&
            ((size_t)(stop - at) != strlen(design) || memcmp(at, design, strlen(design)) != 0))
            status = hf_i_fail_at(ctx, HF_E_USAGE, &place,
                                  "Name another file, or give the same design and seed.",
                                  "the checkpoint is of another study");
        else if (line > 1 && !read_line(at, stop, rows, most))
            status = hf_i_fail_at(ctx, HF_E_PARSE, &place, "Remove the line or the file.",
                                  "not a finished replicate");
        at = stop + 1;
        *keep = (uint64_t)(at - text);
    }
    hf_i_file_close(&file);
    for (size_t r = 0; status == HF_OK && r < most; r++)
        *resumed += rows[r].done;
    return status;
}

static hf_status fail_write(hf_ctx *ctx, const char *path)
{
    hf_i_place place = {.file = path};
    char text[128];
    return hf_i_fail_at(ctx, HF_E_IO, &place, NULL, "cannot write the checkpoint: %s",
                        strerror_r(errno, text, sizeof text));
}

hf_status hf_i_power_file_open(hf_i_power_file **out, hf_ctx *ctx, const hf_power_options *options,
                               hf_i_power_row *rows, size_t *resumed)
{
    char design[600];
    uint64_t keep;
    *out = NULL;
    design_line(options, design, sizeof design);
    HF_TRY(read_back(ctx, options->checkpoint, design, rows, options->replicates, resumed, &keep));
    hf_i_power_file *f = hf_i_calloc(ctx, 1, sizeof *f);
    if (!f)
        return HF_E_NOMEM;
    f->ctx = ctx;
    f->stream = fopen(options->checkpoint, keep ? "r+b" : "wb");
    bool good = f->stream != NULL;
    if (good && keep)
        good = ftruncate(fileno(f->stream), (off_t)keep) == 0 && fseek(f->stream, 0, SEEK_END) == 0;
    else if (good)
        good = fprintf(f->stream, "%s\n", design) > 0 && fflush(f->stream) == 0;
    if (!good) {
        hf_status status = fail_write(ctx, options->checkpoint);
        hf_i_power_file_close(f);
        return status;
    }
    *out = f;
    return HF_OK;
}

hf_status hf_i_power_file_add(hf_i_power_file *file, hf_ctx *ctx, const hf_i_power_row *rows,
                              const size_t *replicates, size_t count)
{
    char number[HF_I_NUMBER_SIZE];
    for (size_t i = 0; i < count; i++) {
        const hf_i_power_row *row = &rows[replicates[i]];
        fprintf(file->stream, "%zu\t%d", replicates[i], row->converged);
        for (int k = 0; k < HF_POWER_EFFECTS; k++) {
            hf_i_number_format(number, row->estimate[k]);
            fprintf(file->stream, "\t%s", number);
            hf_i_number_format(number, row->se[k]);
            fprintf(file->stream, "\t%s", number);
        }
        fputc('\n', file->stream);
    }
    return fflush(file->stream) == 0 ? HF_OK : fail_write(ctx, "checkpoint");
}

void hf_i_power_file_close(hf_i_power_file *file)
{
    if (!file)
        return;
    if (file->stream)
        fclose(file->stream);
    hf_i_free(file->ctx, file);
}
