/* SPDX-License-Identifier: MIT */
/* SPSS data (.sav, .zsav). ReadStat's parser runs in a confined child process (confine.h), which
 * hands back a table of text; the rest is as for any diary. */
#include "record/formats/sav.h"

#include "hf_config.h"
#include "record/formats/diary.h"
#include "record/formats/native.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#if HF_HAVE_READSTAT
#include <iconv.h>
#include <readstat.h>
#endif

#define SAV_MEMORY  (UINT64_C(2) << 30)
#define SAV_OUTPUT  (UINT64_C(8) << 30)
#define SAV_SECONDS 300

static bool is_sav(const char *p, size_t size)
{
    return size >= 8 && (memcmp(p, "$FL2", 4) == 0 || memcmp(p, "$FL3", 4) == 0);
}

static int probe(const hf_i_probe *p)
{
    return is_sav(p->head, p->size) ? 100 : 0;
}

#if HF_HAVE_READSTAT

typedef enum { PLAIN, DATE, DATE_TIME, CLOCK } cell_kind;

typedef struct {
    const hf_i_sav_input *in;
    size_t at; /* in the file */
    hf_i_csv_writer csv;
    cell_kind *kinds;
    int count, capacity, column;
    hf_i_confine_put put;
    void *pipe;
    bool rows;
} parse;

static hf_status to_pipe(void *user, const void *bytes, size_t size)
{
    parse *p = user;
    return p->put(p->pipe, bytes, size) ? HF_OK : HF_E_IO;
}

static int open_file(const char *path, void *user)
{
    (void)path;
    ((parse *)user)->at = 0;
    return 0;
}

static int close_file(void *user)
{
    (void)user;
    return 0;
}

static readstat_off_t seek_file(readstat_off_t offset, readstat_io_flags_t whence, void *user)
{
    parse *p = user;
    int64_t base = whence == READSTAT_SEEK_SET   ? 0
                   : whence == READSTAT_SEEK_CUR ? (int64_t)p->at
                                                 : (int64_t)p->in->size;
    int64_t to = base + offset;
    if (to < 0 || (uint64_t)to > p->in->size)
        return -1;
    p->at = (size_t)to;
    return to;
}

static ssize_t read_file(void *out, size_t want, void *user)
{
    parse *p = user;
    size_t left = p->in->size - p->at, n = want < left ? want : left;
    if (n)
        memcpy(out, p->in->data + p->at, n);
    p->at += n;
    return (ssize_t)n;
}

static readstat_error_t no_update(long size, readstat_progress_handler progress, void *user,
                                  void *io)
{
    (void)size, (void)progress, (void)user, (void)io;
    return READSTAT_OK;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static cell_kind kind_of(const char *format)
{
    if (begins(format, "DATETIME") || begins(format, "YMDHMS"))
        return DATE_TIME;
    if (begins(format, "DATE") || begins(format, "ADATE") || begins(format, "EDATE") ||
        begins(format, "SDATE") || begins(format, "JDATE"))
        return DATE;
    return begins(format, "TIME") ? CLOCK : PLAIN;
}

static int on_variable(int index, readstat_variable_t *v, const char *labels, void *user)
{
    parse *p = user;
    (void)labels;
    if (index != p->count || index >= (int)HF_MAX_CSV_COLUMNS)
        return READSTAT_HANDLER_ABORT;
    if (p->count == p->capacity) {
        int capacity = p->capacity ? 2 * p->capacity : 64;
        cell_kind *kinds = hf_i_resize(p->in->ctx, p->kinds, (size_t)capacity * sizeof *kinds);
        if (!kinds)
            return READSTAT_HANDLER_ABORT;
        p->kinds = kinds;
        p->capacity = capacity;
    }
    const char *format = readstat_variable_get_format(v);
    p->kinds[p->count++] = format ? kind_of(format) : PLAIN;
    hf_i_csv_str(&p->csv, readstat_variable_get_name(v));
    return READSTAT_HANDLER_OK;
}

/* Seconds since 1582-10-14. */
static void put_date(parse *p, double seconds, cell_kind kind)
{
    char text[HF_I_TIME_SIZE];
    if (!(fabs(seconds) < 1e12)) {
        hf_i_csv_missing(&p->csv);
        return;
    }
    int64_t ms =
        (int64_t)floor(seconds * 1000 + 0.5) + hf_i_days_from_civil(1582, 10, 14) * HF_I_MS_PER_DAY;
    size_t n = kind == DATE ? hf_i_time_format_date(text, ms)
                            : hf_i_time_format_iso(text, ms, ms % 1000 ? 1 : 1000, false);
    hf_i_csv_text(&p->csv, text, n);
}

static void put_clock(parse *p, double seconds)
{
    char text[32];
    if (!(seconds >= 0 && seconds < 86400 * 4)) {
        hf_i_csv_real(&p->csv, seconds);
        return;
    }
    int s = (int)seconds;
    int n = snprintf(text, sizeof text, "%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    hf_i_csv_text(&p->csv, text, (size_t)n);
}

static void put_text(parse *p, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    while (n && text[n - 1] == ' ')
        n--;
    if (n)
        hf_i_csv_text(&p->csv, text, n);
    else
        hf_i_csv_missing(&p->csv);
}

static int on_value(int row, readstat_variable_t *v, readstat_value_t value, void *user)
{
    parse *p = user;
    int column = readstat_variable_get_index(v);
    (void)row;
    if (column < 0 || column >= p->count)
        return READSTAT_HANDLER_ABORT;
    if (column == 0)
        hf_i_csv_end_row(&p->csv);
    p->rows = true;
    if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING) {
        put_text(p, readstat_value_is_missing(value, v) ? NULL : readstat_string_value(value));
    } else if (readstat_value_is_missing(value, v)) {
        hf_i_csv_missing(&p->csv);
    } else {
        double x = readstat_double_value(value);
        if (p->kinds[column] == CLOCK)
            put_clock(p, x);
        else if (p->kinds[column] != PLAIN)
            put_date(p, x, p->kinds[column]);
        else
            hf_i_csv_real(&p->csv, x);
    }
    return p->csv.out.status == HF_OK ? READSTAT_HANDLER_OK : READSTAT_HANDLER_ABORT;
}

int hf_i_sav_to_csv(const hf_i_sav_input *in, hf_i_confine_put put, void *pipe)
{
    parse p = {.in = in, .put = put, .pipe = pipe};
    hf_i_csv_init(&p.csv, (hf_i_sink){to_pipe, &p}, ',');
    readstat_parser_t *parser = readstat_parser_init();
    if (!parser)
        return READSTAT_ERROR_MALLOC;
    readstat_set_open_handler(parser, open_file);
    readstat_set_close_handler(parser, close_file);
    readstat_set_seek_handler(parser, seek_file);
    readstat_set_read_handler(parser, read_file);
    readstat_set_update_handler(parser, no_update);
    readstat_set_io_ctx(parser, &p);
    readstat_set_variable_handler(parser, on_variable);
    readstat_set_value_handler(parser, on_value);
    readstat_error_t e = readstat_parse_sav(parser, "", &p);
    readstat_parser_free(parser);
    hf_i_csv_end_row(&p.csv);
    if (hf_i_csv_finish(&p.csv) != HF_OK && e == READSTAT_OK)
        e = READSTAT_ERROR_WRITE;
    hf_i_free(in->ctx, p.kinds);
    return (int)e;
}

/* Character sets are loaded from files: before the walls close. */
static void load_charsets(void)
{
    static const char *const sets[] = {"WINDOWS-1252", "ISO-8859-1", "ISO-8859-15",  "WINDOWS-1250",
                                       "WINDOWS-1251", "ISO-8859-2", "WINDOWS-1254", "SHIFT_JIS",
                                       "GB18030",      "BIG5",       "EUC-KR",       "CP932",
                                       "WINDOWS-1253", "CP949",      "CP936",        "US-ASCII"};
    for (size_t i = 0; i < HF_COUNT_OF(sets); i++)
        (void)iconv_open("UTF-8", sets[i]); /* kept open: the child ends soon */
}

static int work(void *user, bool prepare, hf_i_confine_put put, void *pipe)
{
    if (!prepare)
        return hf_i_sav_to_csv(user, put, pipe);
    load_charsets();
    return 0;
}

static hf_status fail_end(hf_i_reader *r, hf_i_confine_end end, int code)
{
    static const char advice[] = "Open it in SPSS, PSPP or jamovi and save it again, or as CSV.";
    switch (end) {
    case HF_I_CONFINE_DONE:
        return hf_i_build_fail(r->build, HF_E_PARSE, 0, 0, advice, "damaged SPSS file: %s",
                               readstat_error_message((readstat_error_t)code));
    case HF_I_CONFINE_BARRED:
        return hf_i_build_fail(
            r->build, HF_E_PARSE, 0, 0, advice,
            "the file made its reader do what a reader may not do; it was ended");
    case HF_I_CONFINE_TIMED_OUT:
        return hf_i_build_fail(r->build, HF_E_LIMIT, 0, 0, advice,
                               "reading the file took too long");
    case HF_I_CONFINE_TOO_MUCH:
        return hf_i_build_fail(r->build, HF_E_LIMIT, 0, 0, advice,
                               "the file holds more than Holdfast reads of one SPSS file");
    default:
        return hf_i_build_fail(
            r->build, HF_E_PARSE, 0, 0, advice,
            "damaged SPSS file: its reader crashed (it is confined: no harm done)");
    }
}

/* The table that the child makes of the file. */
static hf_status convert(hf_i_reader *r, const hf_i_blob *file, hf_i_buf *csv)
{
    static const hf_i_confine_limits limits = {SAV_MEMORY, SAV_SECONDS, SAV_OUTPUT};
    hf_i_sav_input in = {r->ctx, file->data, file->size};
    hf_i_confine_end end;
    int code;
    HF_TRY(hf_i_confine(r->ctx, work, &in, &limits, csv, &end, &code));
    return end == HF_I_CONFINE_DONE && code == 0 ? HF_OK : fail_end(r, end, code);
}

#else

static hf_status convert(hf_i_reader *r, const hf_i_blob *file, hf_i_buf *csv)
{
    (void)file, (void)csv;
    return hf_i_fail(r->ctx, HF_E_UNSUPPORTED, "Save the table as CSV.",
                     "this build cannot read SPSS files");
}

int hf_i_sav_to_csv(const hf_i_sav_input *in, hf_i_confine_put put, void *pipe)
{
    (void)in, (void)put, (void)pipe;
    return 1;
}

#endif

static hf_status open_sav(hf_i_reader *r)
{
    hf_i_blob file, table = {0};
    hf_i_buf csv;
    HF_TRY(hf_i_source_read(r->source, r->entries[0], &file));
    char *name = hf_i_entry_name(r, r->entries[0]);
    hf_i_buf_init(&csv, r->ctx, HF_MAX_FILE_BYTES, "the table of an SPSS file");
    /* The name first, so that errors carry it. */
    hf_status s = name ? hf_i_build_file(r->build, name, &table, false) : HF_E_NOMEM;
    hf_i_free(r->ctx, name);
    if (s == HF_OK && !is_sav(file.data, file.size))
        s = hf_i_build_fail(r->build, HF_E_FORMAT, 0, 0, NULL, "this is no SPSS file");
    if (s == HF_OK)
        s = convert(r, &file, &csv);
    hf_i_blob_free(r->ctx, &file);
    if (s != HF_OK) {
        hf_i_buf_dispose(&csv);
        return s;
    }
    /* The texts of the rows borrow from the table, which the record keeps. */
    hf_record *record = hf_i_build_record(r->build);
    table.memory = csv.data;
    table.data = csv.data;
    table.size = csv.len;
    record->files[record->file_count - 1].blob = table;
    if (hf_i_native_is_header(table.data, table.size))
        return hf_i_native_start(r, &table);
    HF_TRY(hf_i_diary_start(r, &table));
    hf_i_build_encoding(r->build, "spss");
    return HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    return hf_i_native_owns(r) ? hf_i_native_next(r, more) : hf_i_diary_next(r, more);
}

static void close_sav(hf_i_reader *r)
{
    if (hf_i_native_owns(r))
        hf_i_native_close(r);
    else
        hf_i_diary_close(r);
}

const hf_i_format hf_i_format_sav = {
    .info = {"sav", "SPSS data file (.sav, .zsav)",
             "SPSS, PSPP, jamovi: File, Save as, SPSS data file.",
             "Whatever its variables do not say. Lines are those of the cases, the names counted.",
             HF_HAVE_READSTAT &&HF_HAVE_SECCOMP},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_sav,
    .next = next,
    .close = close_sav,
};
