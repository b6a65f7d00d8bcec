/* SPDX-License-Identifier: MIT */
/* Diaries, repeated questionnaires and physiology as a table: one row a person and occasion
 * (long), one row a couple and occasion (wide), or long with the partner's values beside
 * (pairwise). The layout is found and said. */
#include "record/formats/diary.h"

#include "record/formats/lines.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

enum { STEP_ROWS = 5000, NAME_BYTES = 256 };

typedef struct {
    hf_i_blob blob;
    hf_i_csv_reader csv;
    bool csv_open, looked;
    hf_i_diary diary;
    const hf_i_diary_column *dyad, *person, *date, *clock, *count, *occasion, *item, *unit;
    uint64_t values;
} state;

static int probe(const hf_i_probe *p)
{
    const char *text = p->head;
    size_t size = p->size;
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        size -= 3;
    }
    while (size && text[0] == '#') { /* comments before the header */
        const char *nl = memchr(text, '\n', size);
        size_t n = nl ? (size_t)(nl - text) + 1 : size;
        text += n;
        size -= n;
    }
    const char *nl = memchr(text, '\n', size);
    size_t n = nl ? (size_t)(nl - text) : size;
    if (n < 3 || !nl || memchr(text, 0, n) || text[0] == '{' || text[0] == '[' || text[0] == '<')
        return 0;
    return hf_i_diary_probe(text, n);
}

static hf_status open_table(hf_i_reader *r, state *s)
{
    const hf_record *record = hf_i_build_record(r->build);
    hf_i_csv_options options = {.comment = '#'};
    bool got;
    HF_TRY(hf_i_csv_open(&s->csv, r->ctx, record->files[record->file_count - 1].name, s->blob.data,
                         s->blob.size, &options));
    s->csv_open = true;
    HF_TRY(hf_i_csv_next(&s->csv, &got));
    if (!got)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL, "the table has no header");
    return HF_OK;
}

static hf_status say_layout(hf_i_reader *r, const state *s)
{
    static const char *const names[] = {"long", "wide", "pairwise"};
    const hf_i_diary *d = &s->diary;
    hf_i_build_variant(r->build, d->measured ? "physiology" : names[d->layout]);
    char numbers[16 * 8];
    for (size_t i = 0; i < d->count; i++) {
        const hf_i_diary_column *c = &d->columns[i];
        size_t n = 0;
        if (c->role != HF_I_DIARY_RATING && c->role != HF_I_DIARY_SAMPLE &&
            c->role != HF_I_DIARY_VALUE)
            continue;
        for (int k = 0; k < 16; k++)
            if (c->codes >> k & 1)
                n += (size_t)snprintf(numbers + n, sizeof numbers - n, "%s%d", n ? ", " : "",
                                      (int)hf_i_diary_codes[k]);
        if (n)
            HF_TRY(hf_i_build_warn(r->build, 0, 1, "column '%.*s': %s counts as missing",
                                   (int)(c->name.size < 60 ? c->name.size : 60), c->name.data,
                                   numbers));
    }
    return HF_OK;
}

static hf_status settle_dates(hf_i_reader *r, const state *s)
{
    hf_date_order wanted = hf_i_build_wanted_order(r->build);
    const hf_i_date_votes *v = &s->diary.votes;
    if (!s->date || !(v->dmy || v->mdy || v->dots || v->open))
        return HF_OK;
    bool ambiguous = wanted == HF_DATE_AUTO && !v->dmy && !v->mdy && !v->dots;
    hf_date_order order = wanted != HF_DATE_AUTO ? wanted
                          : v->mdy && !v->dmy    ? HF_DATE_MDY
                                                 : HF_DATE_DMY;
    hf_i_build_date_order(r->build, order, ambiguous);
    return HF_OK;
}

static void find_columns(state *s)
{
    const hf_i_diary *d = &s->diary;
    s->dyad = hf_i_diary_find(d, HF_I_DIARY_DYAD);
    s->person = hf_i_diary_find(d, HF_I_DIARY_PERSON);
    s->date = hf_i_diary_find(d, HF_I_DIARY_DATE);
    s->clock = hf_i_diary_find(d, HF_I_DIARY_CLOCK);
    s->count = hf_i_diary_find(d, HF_I_DIARY_COUNT);
    s->occasion = hf_i_diary_find(d, HF_I_DIARY_OCCASION);
    s->item = hf_i_diary_find(d, HF_I_DIARY_ITEM);
    s->unit = hf_i_diary_find(d, HF_I_DIARY_UNIT);
}

/* The names of the columns stand in many values. */
static hf_status keep_names(hf_i_reader *r, state *s)
{
    for (size_t i = 0; i < s->diary.count; i++) {
        HF_TRY(hf_i_build_keep(r->build, &s->diary.columns[i].item));
        HF_TRY(hf_i_build_keep(r->build, &s->diary.columns[i].unit));
    }
    return HF_OK;
}

static hf_status open_diary(hf_i_reader *r)
{
    hf_i_blob blob;
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &blob));
    return hf_i_diary_start(r, &blob);
}

hf_status hf_i_diary_start(hf_i_reader *r, const hf_i_blob *blob)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    s->blob = *blob;
    HF_TRY(open_table(r, s));
    s->looked = true;
    HF_TRY(hf_i_diary_look(&s->diary, r->ctx, &s->csv, hf_i_build_wanted_order(r->build)));
    hf_i_csv_dispose(&s->csv);
    s->csv_open = false;
    HF_TRY(open_table(r, s));
    find_columns(s);
    HF_TRY(keep_names(r, s));
    const hf_i_diary *d = &s->diary;
    if (!hf_i_diary_find(d, HF_I_DIARY_RATING) && !hf_i_diary_find(d, HF_I_DIARY_SAMPLE) &&
        !(s->item && hf_i_diary_find(d, HF_I_DIARY_VALUE)))
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1,
                               "A diary has columns for the person, the time and each item.",
                               "no column of the table holds numbers");
    if (!s->person && d->layout == HF_I_DIARY_LONG) {
        hf_i_build_limit(r->build, HF_LIMIT_ONE_SIDED);
        HF_TRY(hf_i_build_warn(r->build, 0, 1,
                               "no column says whose the values are: name it person, or end the "
                               "names of the items with _1 and _2"));
    }
    HF_TRY(settle_dates(r, s));
    return say_layout(r, s);
}

static hf_text cell(const state *s, const hf_i_diary_column *c)
{
    size_t i = c ? (size_t)(c - s->diary.columns) : s->csv.count;
    if (i >= s->csv.count)
        return (hf_text){NULL, 0};
    return hf_i_trimmed((hf_text){s->csv.cells[i].text, s->csv.cells[i].len});
}

static bool number(const state *s, hf_text t, double *out)
{
    return hf_i_number_parse(t.data, t.size, s->csv.decimal, out) ||
           (s->csv.decimal == ',' && hf_i_number_parse(t.data, t.size, '.', out));
}

/* When a row happened, and the name of the occasion. */
typedef struct {
    int64_t t_ms;
    uint32_t res_ms;
    hf_time_kind kind;
    char occasion[NAME_BYTES];
    size_t occasion_size;
    hf_text kept; /* the same, in the record */
} moment;

static void set_occasion(moment *m, hf_text t)
{
    m->occasion_size = t.size < NAME_BYTES ? t.size : NAME_BYTES;
    if (m->occasion_size)
        memcpy(m->occasion, t.data, m->occasion_size);
}

/* The day of a diary: the small hours belong to the day before. */
static void name_day(hf_i_reader *r, moment *m)
{
    char text[HF_I_TIME_SIZE];
    int64_t cut = m->res_ms >= HF_I_MS_PER_DAY
                      ? 0
                      : (int64_t)hf_i_build_options(r->build)->day_cut_min * 60000;
    set_occasion(m, (hf_text){text, hf_i_time_format_date(text, m->t_ms - cut)});
}

static hf_status dated(hf_i_reader *r, state *s, moment *m)
{
    hf_text t = cell(s, s->date), c = cell(s, s->clock);
    hf_i_time time;
    int64_t ms;
    int32_t res;
    double x;
    if (hf_i_diary_missing_word(t))
        return HF_OK;
    if (t.size < 24 && number(s, t, &x) && x >= 1 && x < 200000) {
        /* A day number of a spreadsheet: 1 is 1900-01-01, with the 1900-02-29 it believes in. */
        double days = floor(x);
        time = (hf_i_time){
            .ms = (int64_t)((days - 25569) * 86400000 + floor((x - days) * 86400 + 0.5) * 1000),
            .resolution_ms = x > days ? 1000 : (int32_t)HF_I_MS_PER_DAY};
    } else {
        hf_i_date_votes votes = s->diary.votes;
        if (!hf_i_table_time(t, hf_i_build_wanted_order(r->build), &votes, &time))
            return hf_i_build_warn(r->build, s->csv.byte, s->csv.line,
                                   "'%.*s' is no date: the row stays without a time",
                                   (int)(t.size < 60 ? t.size : 60), t.data);
    }
    if (c.size && time.resolution_ms >= HF_I_MS_PER_DAY) {
        if (hf_i_table_clock(c, &ms, &res)) {
            time.ms += ms;
            time.resolution_ms = res;
        } else {
            HF_TRY(hf_i_build_warn(r->build, s->csv.byte, s->csv.line, "'%.*s' is no time of day",
                                   (int)(c.size < 60 ? c.size : 60), c.data));
        }
    }
    m->t_ms = time.ms;
    m->res_ms = (uint32_t)time.resolution_ms;
    m->kind = time.has_zone ? HF_TIME_UTC : HF_TIME_LOCAL;
    name_day(r, m);
    return HF_OK;
}

static hf_status find_moment(hf_i_reader *r, state *s, moment *m)
{
    *m = (moment){.t_ms = HF_NO_TIME};
    double x;
    if (s->date)
        HF_TRY(dated(r, s, m));
    if (!s->date && s->count) {
        hf_text t = cell(s, s->count);
        double scale = s->count->scale_ms;
        if (scale == 0 && s->diary.samples)
            scale = 1000; /* physiology is timed in seconds */
        if (number(s, t, &x) && scale > 0 && fabs(x) < 1e12) {
            m->t_ms = (int64_t)floor(x * scale + 0.5);
            m->res_ms = scale >= 60000 ? (uint32_t)scale : 1;
            m->kind = HF_TIME_MEDIA;
        }
        if (!s->diary.measured)
            set_occasion(m, t);
    }
    hf_text o = cell(s, s->occasion);
    if (o.size)
        set_occasion(m, o);
    return HF_OK;
}

/* "3:1" where the table holds several couples, else "1". */
static hf_status find_person(hf_i_reader *r, const state *s, hf_text whose, int32_t *out)
{
    char name[NAME_BYTES];
    hf_text dyad = cell(s, s->dyad);
    *out = HF_NO_PERSON;
    if (whose.size == 0)
        return HF_OK;
    if (s->diary.dyads < 2 || dyad.size == 0)
        return hf_i_build_person(r->build, whose.data, whose.size, out);
    int n = snprintf(name, sizeof name, "%.*s:%.*s", (int)(dyad.size < 120 ? dyad.size : 120),
                     dyad.data, (int)(whose.size < 120 ? whose.size : 120), whose.data);
    return hf_i_build_person(r->build, name, (size_t)n, out);
}

static hf_status put_value(hf_i_reader *r, state *s, const hf_i_diary_column *c, const moment *m,
                           int32_t person, hf_text item, hf_text unit, bool sample)
{
    hf_text t = cell(s, c);
    double x = NAN;
    if (!hf_i_diary_missing_word(t) && !number(s, t, &x)) {
        x = NAN;
        HF_TRY(hf_i_build_warn(r->build, s->csv.cells[c - s->diary.columns].byte, s->csv.line,
                               "'%.*s' in column '%.*s' is no number: missing",
                               (int)(t.size < 40 ? t.size : 40), t.data,
                               (int)(c->name.size < 40 ? c->name.size : 40), c->name.data));
    }
    if (hf_i_diary_missing_code(c, x))
        x = NAN;
    s->values++;
    hf_source src = {0, s->csv.byte, s->csv.line};
    if (sample) {
        hf_sample v = {.t_ms = m->t_ms,
                       .t_res_ms = m->res_ms,
                       .t_kind = m->kind,
                       .partner = person,
                       .variable = item,
                       .unit = unit,
                       .value = x,
                       .src = src};
        return hf_i_build_sample(r->build, &v, HF_I_BORROW);
    }
    hf_rating v = {.t_ms = m->t_ms,
                   .t_res_ms = m->res_ms,
                   .t_kind = m->kind,
                   .partner = person,
                   .occasion = m->kept,
                   .item = item,
                   .value = x,
                   .src = src};
    return hf_i_build_rating(r->build, &v, HF_I_BORROW);
}

static hf_status put_text(hf_i_reader *r, const state *s, const hf_i_diary_column *c,
                          const moment *m, int32_t person)
{
    hf_message row = HF_I_MESSAGE_INIT;
    row.text = cell(s, c);
    if (row.text.size == 0 || hf_i_diary_missing_word(row.text))
        return HF_OK;
    row.kind = HF_KIND_NOTE;
    row.t_ms = m->t_ms;
    row.t_res_ms = m->res_ms;
    row.t_kind = m->kind;
    row.sender = person;
    row.src = (hf_source){0, s->csv.byte, s->csv.line};
    return hf_i_build_message(r->build, &row, (hf_text){NULL, 0}, HF_I_COPY);
}

static hf_status put_column(hf_i_reader *r, state *s, const hf_i_diary_column *c, const moment *m,
                            int32_t own)
{
    int32_t person = own;
    if (c->role == HF_I_DIARY_TEXT)
        return put_text(r, s, c, m, own);
    if (c->role == HF_I_DIARY_VALUE && s->item) {
        hf_text item = cell(s, s->item), unit = cell(s, s->unit);
        HF_TRY(hf_i_build_keep(r->build, &item));
        HF_TRY(hf_i_build_keep(r->build, &unit));
        return put_value(r, s, c, m, own, item, unit, hf_i_diary_is_measure(item));
    }
    if (c->role == HF_I_DIARY_VALUE)
        return put_value(r, s, c, m, own, c->item, c->unit, false);
    if (c->role != HF_I_DIARY_RATING && c->role != HF_I_DIARY_SAMPLE)
        return HF_OK;
    if (c->whose.size)
        HF_TRY(find_person(r, s, c->whose, &person));
    return put_value(r, s, c, m, person, c->item, c->unit, c->role == HF_I_DIARY_SAMPLE);
}

static hf_status add_row(hf_i_reader *r)
{
    state *s = r->state;
    moment m;
    int32_t own;
    if (s->csv.count > s->diary.count)
        HF_TRY(hf_i_build_warn(r->build, s->csv.byte, s->csv.line,
                               "the row has more cells than the header: the rest is left out"));
    HF_TRY(find_moment(r, s, &m));
    m.kept = (hf_text){m.occasion, m.occasion_size};
    HF_TRY(hf_i_build_keep(r->build, &m.kept));
    HF_TRY(find_person(r, s, cell(s, s->person), &own));
    for (size_t i = 0; i < s->diary.count; i++)
        HF_TRY(put_column(r, s, &s->diary.columns[i], &m, own));
    return HF_OK;
}

hf_status hf_i_diary_next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    *more = true;
    for (int i = 0; i < STEP_ROWS && *more; i++) {
        HF_TRY(hf_i_csv_next(&s->csv, more));
        if (*more)
            HF_TRY(add_row(r));
    }
    r->done = s->csv.byte;
    if (!*more && s->values == 0)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL, "the table has no rows");
    return HF_OK;
}

void hf_i_diary_close(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    if (s->csv_open)
        hf_i_csv_dispose(&s->csv);
    if (s->looked)
        hf_i_diary_dispose(&s->diary);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_diary = {
    .info = {"diary", "Diary or physiology table (.csv, .tsv): long, wide or pairwise",
             "Any table with columns for the couple or person, the time, and the items.",
             "Whatever its columns do not say.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_diary,
    .next = hf_i_diary_next,
    .close = hf_i_diary_close,
};
