/* SPDX-License-Identifier: MIT */
/* What a table of values is: the roles of its columns, its layout, its missing codes. Judged by the
 * header and the first rows. */
#include "record/formats/diary.h"

#include "record/formats/lines.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

enum { LOOK_ROWS = 5000 };

const double hf_i_diary_codes[16] = {-9,  -99, -999, -9999, -88,  -888, -77, -66,
                                     -98, -97, 99,   999,   9999, 88,   77,  -1};

bool hf_i_diary_missing_word(hf_text t)
{
    static const char *const words[] = {"na",   "n/a",  "nan",     "#n/a",   ".",    "-", "--",
                                        "null", "none", "missing", "#null!", "k.a.", "?", "fehlt"};
    if (t.size == 0)
        return true;
    if (t.size > 8 || (t.data[0] >= '0' && t.data[0] <= '9'))
        return false;
    for (size_t i = 0; i < HF_COUNT_OF(words); i++)
        if (hf_i_text_is_nocase(t, words[i]))
            return true;
    return false;
}

static int code_of(double x)
{
    for (int i = 0; i < 16; i++)
        if (hf_i_diary_codes[i] == x)
            return i;
    return -1;
}

bool hf_i_diary_missing_code(const hf_i_diary_column *c, double value)
{
    int code = c->codes ? code_of(value) : -1;
    return code >= 0 && (c->codes >> code & 1);
}

hf_i_diary_column *hf_i_diary_find(const hf_i_diary *d, hf_i_diary_role role)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->columns[i].role == role)
            return &d->columns[i];
    return NULL;
}

int hf_i_diary_probe(const char *line, size_t size)
{
    char delimiter = 0;
    size_t commas = 0, semis = 0, tabs = 0;
    for (size_t i = 0; i < size; i++) {
        commas += line[i] == ',';
        semis += line[i] == ';';
        tabs += line[i] == '\t';
    }
    delimiter = semis >= commas && semis >= tabs ? ';' : tabs > commas ? '\t' : ',';
    if (commas + semis + tabs == 0)
        return 0;
    int seen[HF_I_DIARY_PARTNERS + 1] = {0}, measures = 0;
    bool id = false;
    for (size_t i = 0; i <= size;) {
        const char *p = line + i, *end = memchr(p, delimiter, size - i);
        size_t n = end ? (size_t)(end - p) : size - i;
        hf_text name = hf_i_trimmed((hf_text){p, n}), item, unit;
        if (name.size > 1 && name.data[0] == '"')
            name = (hf_text){name.data + 1, name.size - 2};
        double scale;
        seen[hf_i_diary_role_of(name, &scale)]++;
        id |= hf_i_text_is_nocase(name, "id") || hf_i_text_is_nocase(name, "code");
        hf_i_diary_split_unit(name, &item, &unit);
        size_t cut = item.size;
        while (cut > 0 && !memchr("_.- ", item.data[cut - 1], 4))
            cut--;
        measures += hf_i_diary_is_measure(item) ||
                    (cut > 1 && hf_i_diary_is_measure((hf_text){item.data, cut - 1}));
        i += n + 1;
    }
    int time = seen[HF_I_DIARY_DATE] + seen[HF_I_DIARY_COUNT] + seen[HF_I_DIARY_OCCASION];
    bool people = seen[HF_I_DIARY_PERSON] || seen[HF_I_DIARY_DYAD] || id;
    int score = time && people ? 50 : time || people ? 40 : 0;
    return score && (seen[HF_I_DIARY_VALUE] || seen[HF_I_DIARY_OTHER] || measures) ? score : 0;
}

/* ---- the first rows ----------------------------------------------------------------------- */

static void look_at_cell(hf_i_diary *d, hf_i_diary_column *c, hf_text t, char decimal,
                         hf_date_order order)
{
    double x;
    hf_i_time time;
    int64_t ms;
    int32_t res;
    if (hf_i_diary_missing_word(t))
        return;
    if (hf_i_number_parse(t.data, t.size, decimal, &x) ||
        (decimal == ',' && hf_i_number_parse(t.data, t.size, '.', &x))) {
        int code = code_of(x);
        c->numbers++;
        c->excel += x >= 20000 && x < 80000;
        if (code >= 0)
            c->code_count[code]++;
        else {
            c->low = c->low < x ? c->low : x;
            c->high = c->high > x ? c->high : x;
        }
        if (c->role != HF_I_DIARY_DATE || t.size < 8)
            return;
    }
    bool count = c->role == HF_I_DIARY_COUNT;
    if ((c->role == HF_I_DIARY_DATE || count) && hf_i_table_time(t, order, &d->votes, &time))
        c->dates++;
    else if ((c->role == HF_I_DIARY_DATE || count) && hf_i_table_clock(t, &ms, &res))
        c->clocks++;
    else
        c->texts++;
}

/* A code is one where it lies far outside of what else the column holds. */
static void settle_codes(hf_i_diary_column *c)
{
    double span = c->high > c->low ? c->high - c->low : 1;
    for (int i = 0; i < 16; i++) {
        double x = hf_i_diary_codes[i];
        if (!c->code_count[i])
            continue;
        bool below = x < -8 && c->low >= 0 && c->high >= c->low;
        /* A heart may beat 99 times; a Likert scale has no 99. */
        bool above = x > (c->role == HF_I_DIARY_SAMPLE ? 998 : 0) && x > c->high + 3 * span &&
                     c->high >= c->low;
        bool far_below = x < -50 && x < c->low - 3 * span && c->high >= c->low;
        if (below || above || far_below)
            c->codes |= 1u << i;
    }
}

static hf_status copy_header(hf_i_diary *d, const hf_i_csv_reader *csv)
{
    d->count = csv->count;
    d->columns = hf_i_arena_alloc(&d->arena, d->count * sizeof *d->columns);
    if (!d->columns)
        return HF_E_NOMEM;
    for (size_t i = 0; i < d->count; i++) {
        hf_text name = hf_i_trimmed((hf_text){csv->cells[i].text, csv->cells[i].len});
        const char *copy = hf_i_arena_strndup(&d->arena, name.data ? name.data : "", name.size);
        if (!copy)
            return HF_E_NOMEM;
        hf_i_diary_column *c = &d->columns[i];
        *c = (hf_i_diary_column){.name = {copy, name.size}, .low = INFINITY, .high = -INFINITY};
        c->role = hf_i_diary_role_of(c->name, &c->scale_ms);
        hf_i_diary_split_unit(c->name, &c->item, &c->unit);
        if (c->role == HF_I_DIARY_OTHER && c->unit.size)
            c->role = hf_i_diary_role_of(c->item, &c->scale_ms) == HF_I_DIARY_COUNT
                          ? HF_I_DIARY_COUNT
                          : HF_I_DIARY_OTHER;
    }
    return HF_OK;
}

/* "id" alone is the couple's number, or the person's where nothing else says whose a row is. */
static hf_i_diary_column *plain_id(const hf_i_diary *d)
{
    for (size_t i = 0; i < d->count; i++)
        if (hf_i_text_is_nocase(d->columns[i].name, "id") ||
            hf_i_text_is_nocase(d->columns[i].name, "code"))
            return &d->columns[i];
    return NULL;
}

/* One column serves each role; what else has such a name is a value, or nothing. */
static void keep_first(hf_i_diary *d, hf_i_diary_role role, hf_i_diary_role other)
{
    bool seen = false;
    for (size_t i = 0; i < d->count; i++)
        if (d->columns[i].role == role) {
            if (seen)
                d->columns[i].role = other;
            seen = true;
        }
}

static double unit_scale(hf_text unit)
{
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"ms", 1},       {"s", 1000},       {"sec", 1000},      {"seconds", 1000},
                 {"min", 60000},  {"h", 3600000},    {"hours", 3600000}, {"days", 86400000},
                 {"d", 86400000}, {"minutes", 60000}};
    for (size_t i = 0; i < HF_COUNT_OF(units); i++)
        if (hf_i_text_is_nocase(unit, units[i].name))
            return units[i].ms;
    return 0;
}

/* Times by what the cells hold: names alone do not tell. */
static void settle_times(hf_i_diary *d)
{
    for (size_t i = 0; i < d->count; i++) {
        hf_i_diary_column *c = &d->columns[i];
        if (c->role != HF_I_DIARY_DATE && c->role != HF_I_DIARY_COUNT)
            continue;
        if (c->scale_ms == 0 && c->unit.size)
            c->scale_ms = unit_scale(c->unit);
        if (c->dates && c->dates >= c->clocks && c->dates >= c->texts)
            c->role = HF_I_DIARY_DATE;
        else if (c->clocks && c->clocks >= c->texts)
            c->role = HF_I_DIARY_CLOCK;
        else if (c->texts > c->numbers)
            c->role = HF_I_DIARY_OCCASION;
        else if (c->role == HF_I_DIARY_DATE && c->excel < c->numbers)
            c->role = HF_I_DIARY_COUNT;
    }
    keep_first(d, HF_I_DIARY_DATE, HF_I_DIARY_OTHER);
    keep_first(d, HF_I_DIARY_CLOCK, HF_I_DIARY_OTHER);
    keep_first(d, HF_I_DIARY_DYAD, HF_I_DIARY_OTHER);
    keep_first(d, HF_I_DIARY_PERSON, HF_I_DIARY_OTHER);
    keep_first(d, HF_I_DIARY_OCCASION, HF_I_DIARY_OTHER);
    /* A count with a known unit is the time; others of them are occasions or nothing. */
    const hf_i_diary_column *best = NULL;
    for (size_t i = 0; i < d->count; i++)
        if (d->columns[i].role == HF_I_DIARY_COUNT &&
            (!best || (best->scale_ms == 0 && d->columns[i].scale_ms > 0)))
            best = &d->columns[i];
    bool dated = hf_i_diary_find(d, HF_I_DIARY_DATE) != NULL;
    for (size_t i = 0; i < d->count; i++) {
        hf_i_diary_column *c = &d->columns[i];
        if (c->role != HF_I_DIARY_COUNT || (c == best && !dated))
            continue;
        c->role = c == best && !hf_i_diary_find(d, HF_I_DIARY_OCCASION) ? HF_I_DIARY_OCCASION
                                                                        : HF_I_DIARY_PARTNERS;
    }
}

static void settle_layout(hf_i_diary *d)
{
    bool person = hf_i_diary_find(d, HF_I_DIARY_PERSON) != NULL;
    size_t values = 0, paired = 0;
    hf_i_diary_column *id = hf_i_diary_find(d, HF_I_DIARY_DYAD) ? NULL : plain_id(d);
    if (id)
        id->role = HF_I_DIARY_DYAD;
    hf_i_diary_pair(d, person);
    for (size_t i = 0; i < d->count; i++)
        if (d->columns[i].role == HF_I_DIARY_OTHER && d->columns[i].numbers) {
            values++;
            paired += d->columns[i].pair > 0;
        }
    d->layout = HF_I_DIARY_LONG;
    if (person && paired >= 2 && 2 * paired >= values)
        d->layout = HF_I_DIARY_PAIRWISE;
    else if (!person && paired >= 2 && 10 * paired >= 8 * values)
        d->layout = HF_I_DIARY_WIDE;
    else if (id && !person)
        id->role = HF_I_DIARY_PERSON;
    for (size_t i = 0; i < d->count; i++) {
        hf_i_diary_column *c = &d->columns[i];
        if (c->role != HF_I_DIARY_OTHER)
            continue;
        if (d->layout == HF_I_DIARY_LONG && c->pair) {
            c->whose = (hf_text){NULL, 0};
            hf_i_diary_split_unit(c->name, &c->item, &c->unit);
        }
        bool theirs = d->layout == HF_I_DIARY_PAIRWISE && c->pair &&
                      (hf_i_text_is(c->whose, "partner") || hf_i_text_is(c->whose, "p"));
        if (d->layout == HF_I_DIARY_PAIRWISE)
            c->whose = (hf_text){NULL, 0};
        if (theirs)
            c->role = HF_I_DIARY_PARTNERS;
        else if (c->numbers > c->texts)
            c->role = hf_i_diary_is_measure(c->item) ? HF_I_DIARY_SAMPLE : HF_I_DIARY_RATING;
    }
    d->samples = hf_i_diary_find(d, HF_I_DIARY_SAMPLE) != NULL;
    d->measured = d->samples && !hf_i_diary_find(d, HF_I_DIARY_RATING);
}

hf_status hf_i_diary_look(hf_i_diary *d, hf_ctx *ctx, hf_i_csv_reader *csv, hf_date_order order)
{
    *d = (hf_i_diary){.ctx = ctx, .dyads = 1};
    hf_i_arena_init(&d->arena, ctx);
    HF_TRY(copy_header(d, csv));
    char first_dyad[64] = "";
    const hf_i_diary_column *dyad = hf_i_diary_find(d, HF_I_DIARY_DYAD);
    if (!dyad)
        dyad = plain_id(d);
    for (bool got = true; d->rows < LOOK_ROWS;) {
        HF_TRY(hf_i_csv_next(csv, &got));
        if (!got)
            break;
        size_t n = csv->count < d->count ? csv->count : d->count;
        for (size_t i = 0; i < n; i++) {
            hf_text t = hf_i_trimmed((hf_text){csv->cells[i].text, csv->cells[i].len});
            look_at_cell(d, &d->columns[i], t, csv->decimal, order);
            if (dyad == &d->columns[i]) {
                char name[64];
                size_t size = t.size < sizeof name - 1 ? t.size : sizeof name - 1;
                if (size)
                    memcpy(name, t.data, size);
                name[size] = '\0';
                if (d->rows == 0)
                    memcpy(first_dyad, name, sizeof name);
                else if (strcmp(first_dyad, name) != 0)
                    d->dyads = 2;
            }
        }
        d->rows++;
    }
    settle_times(d);
    settle_layout(d);
    for (size_t i = 0; i < d->count; i++)
        settle_codes(&d->columns[i]);
    return HF_OK;
}

void hf_i_diary_dispose(hf_i_diary *d)
{
    hf_i_arena_dispose(&d->arena);
}
