/* SPDX-License-Identifier: MIT */
/* Where people can be reached: a table that anyone may edit, with the date on which each row was
 * last checked (science: guidance-and-safety, section 6). */
#include <holdfast/safety.h>

#include "text/csv.h"
#include "text/time.h"

#include <string.h>

enum { COLUMNS = 12, YEAR_DAYS = 365, MOST_ROWS = 1 << 16 };
static const char *const columns[COLUMNS] = {
    "country", "language", "kind",     "name",          "phone",       "text",
    "url",     "hours",    "audience", "last_verified", "verified_by", "note"};
static const char *const kinds[] = {"emergency", "suicide",       "domestic abuse",
                                    "couples",   "child",         "sexual violence",
                                    "directory", "education"};
/* Countries that the rows of the EU are for. */
static const char eu[] =
    " AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE ";

struct hf_resources {
    hf_ctx *ctx;
    hf_i_arena texts;
    hf_resource *rows;
    size_t count, cap;
};

static bool day_of(const char *date, int64_t *day)
{
    hf_i_time t;
    if (strlen(date) != 10 || !hf_i_time_parse_iso(date, 10, &t))
        return false;
    *day = t.ms / HF_I_MS_PER_DAY;
    return true;
}

static bool is_kind(const char *kind)
{
    for (size_t i = 0; i < HF_COUNT_OF(kinds); i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

static const char edit[] = "Mend this line, or start again from `holdfast resources --csv`.";

static hf_status check_row(const hf_i_csv_reader *r, const long *at, hf_resource *row,
                           int64_t today)
{
    int64_t day;
    if (!row->country[0] || !row->name[0])
        return hf_i_csv_fail(r, 0, HF_E_PARSE, edit, "a row needs a country and a name");
    if (!is_kind(row->kind))
        return hf_i_csv_fail(r, (size_t)at[2], HF_E_PARSE, edit,
                             "'%s' is no kind (emergency, suicide, domestic abuse, couples, child, "
                             "sexual violence, directory, education)",
                             row->kind);
    if (!row->phone[0] && !row->text[0] && !row->url[0])
        return hf_i_csv_fail(r, 0, HF_E_PARSE, edit, "a row needs a phone, a text or an address");
    row->state = HF_RESOURCE_UNVERIFIED;
    if (!row->last_verified[0])
        return HF_OK;
    if (!day_of(row->last_verified, &day))
        return hf_i_csv_fail(r, (size_t)at[9], HF_E_PARSE, edit, "'%s' is no date like 2026-11-22",
                             row->last_verified);
    /* A date without a name is nobody's word. */
    if (row->verified_by[0])
        row->state = day > today || today - day > YEAR_DAYS ? HF_RESOURCE_OLD
                                                            : HF_RESOURCE_VERIFIED;
    return HF_OK;
}

static hf_status take_row(hf_resources *t, const hf_i_csv_reader *r, const long *at, int64_t today)
{
    hf_resource row = {.line = r->line};
    const char **cells[COLUMNS] = {&row.country,     &row.language, &row.kind,
                                   &row.name,        &row.phone,    &row.text,
                                   &row.url,         &row.hours,    &row.audience,
                                   &row.last_verified, &row.verified_by, &row.note};
    for (int c = 0; c < COLUMNS; c++) {
        bool there = (size_t)at[c] < r->count;
        *cells[c] = hf_i_arena_strndup(&t->texts, there ? r->cells[at[c]].text : "",
                                       there ? r->cells[at[c]].len : 0);
        if (!*cells[c])
            return HF_E_NOMEM;
    }
    HF_TRY(check_row(r, at, &row, today));
    HF_TRY(hf_i_grow(t->ctx, &t->rows, &t->cap, t->count + 1, sizeof *t->rows, MOST_ROWS,
                     "resources"));
    t->rows[t->count++] = row;
    return HF_OK;
}

static hf_status read_rows(hf_resources *t, hf_i_csv_reader *r, int64_t today)
{
    long at[COLUMNS];
    bool got;
    HF_TRY(hf_i_csv_next(r, &got));
    for (int c = 0; c < COLUMNS; c++) {
        at[c] = -1;
        if (got)
            HF_TRY(hf_i_csv_find(r, columns[c], &at[c]));
        if (at[c] < 0)
            return hf_i_csv_fail(r, 0, HF_E_PARSE, edit, "there is no column '%s'", columns[c]);
    }
    HF_TRY(hf_i_csv_next(r, &got));
    while (got) {
        HF_TRY(take_row(t, r, at, today));
        HF_TRY(hf_i_csv_next(r, &got));
    }
    return HF_OK;
}

static hf_status read_table(hf_resources *t, const char *name, const void *data, uint64_t size,
                            const char *today)
{
    int64_t day;
    hf_i_csv_reader r;
    hf_i_csv_options options = {.delimiter = ',', .comment = '#'};
    if (!today || !day_of(today, &day))
        return hf_i_fail(t->ctx, HF_E_USAGE, NULL, "today's date is needed, like 2026-11-22");
    HF_TRY(hf_i_csv_open(&r, t->ctx, name, data, size, &options));
    hf_status s = read_rows(t, &r, day);
    hf_i_csv_dispose(&r);
    return s;
}

const char *hf_resources_csv(size_t *size)
{
    return hf_i_data_get("safety/resources.csv", size);
}

hf_status hf_resources_read(hf_resources **out, hf_ctx *ctx, const char *path, const char *today)
{
    *out = NULL;
    hf_resources *t = hf_i_calloc(ctx, 1, sizeof *t);
    if (!t)
        return HF_E_NOMEM;
    t->ctx = ctx;
    hf_i_arena_init(&t->texts, ctx);
    hf_status s;
    if (path) {
        hf_i_file file;
        s = hf_i_file_open(&file, ctx, path);
        if (s == HF_OK) {
            s = read_table(t, path, file.data, file.size, today);
            hf_i_file_close(&file);
        }
    } else {
        size_t size = 0;
        const char *data = hf_resources_csv(&size);
        s = read_table(t, "resources.csv", data, size, today);
    }
    if (s != HF_OK) {
        hf_resources_free(t);
        return s;
    }
    *out = t;
    return HF_OK;
}

void hf_resources_free(hf_resources *t)
{
    if (!t)
        return;
    hf_i_arena_dispose(&t->texts);
    hf_i_free(t->ctx, t->rows);
    hf_i_free(t->ctx, t);
}

size_t hf_resources_count(const hf_resources *t)
{
    return t->count;
}

const hf_resource *hf_resources_at(const hf_resources *t, size_t index)
{
    return index < t->count ? &t->rows[index] : NULL;
}

static bool same(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a | 0x20) != (*b | 0x20))
            return false;
    return *a == *b;
}

static bool in_eu(const char *country)
{
    char code[5] = {' ', 0, 0, ' ', 0};
    if (strlen(country) != 2)
        return false;
    for (int i = 0; i < 2; i++)
        code[i + 1] = (char)(country[i] & ~0x20);
    return strstr(eu, code) != NULL;
}

bool hf_resource_is_for(const hf_resource *r, const char *country)
{
    if (!country || same(r->country, "all") || same(r->country, country))
        return true;
    return (same(r->country, "EU") && in_eu(country)) ||
           (same(r->country, "UK") && same(country, "GB"));
}

bool hf_resources_know(const hf_resources *t, const char *country)
{
    for (size_t i = 0; country && i < t->count; i++)
        if (!same(t->rows[i].country, "all") && hf_resource_is_for(&t->rows[i], country))
            return true;
    return false;
}

hf_status hf_resource_say(const hf_resource *r, const char *language, char *out, size_t size)
{
    static const char *const marks[2][2] = {
        {" [not verified]", " [checked more than a year ago]"},
        {" [nicht geprüft]", " [vor mehr als einem Jahr geprüft]"}};
    bool german = language && strcmp(language, "de") == 0;
    const char *mark = r->state == HF_RESOURCE_VERIFIED ? "" : marks[german][r->state];
    const char *parts[] = {r->phone, r->text, r->url, r->hours};
    char where[256] = "";
    for (size_t i = 0, n = 0; i < HF_COUNT_OF(parts); i++)
        if (parts[i][0] && n < sizeof where) {
            int k = snprintf(where + n, sizeof where - n, "%s%s", n ? "; " : "", parts[i]);
            n += k > 0 ? (size_t)k : 0;
        }
    int n = snprintf(out, size, "%s (%s): %s%s%s%s", r->name, r->country, where, mark,
                     r->note[0] ? "; " : "", r->note);
    return n > 0 && (size_t)n < size ? HF_OK : HF_E_LIMIT;
}

hf_status hf_resources_get(hf_ctx *ctx, size_t index, char *out, size_t size)
{
    hf_resources *t;
    HF_TRY(hf_resources_read(&t, ctx, NULL, "1970-01-01"));
    const hf_resource *r = hf_resources_at(t, index);
    hf_status s = r ? hf_resource_say(r, "en", out, size) : HF_E_NOT_FOUND;
    hf_resources_free(t);
    return s;
}
