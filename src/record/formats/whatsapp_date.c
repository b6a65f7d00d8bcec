/* SPDX-License-Identifier: MIT */
/* Day before month, or month before day? Decided by what the file shows; what it does not show is
 * called ambiguous, and both readings are worked out. */
#include "record/formats/whatsapp.h"
#include "text/time.h"

#include <string.h>

#define NO_SECOND 63
/* The bits of a packed header that hold the time of day. */
#define CLOCK_BITS (((INT64_C(1) << 17) - 1) << 35)

/* 16 + 7 + 16 bits of date, 5 + 6 + 6 of time, then what the header looked like. */
int64_t hf_i_wa_pack(const hf_i_wa_header *h)
{
    uint64_t separator = h->separator == '/' ? 0 : h->separator == '.' ? 1 : 2;
    uint64_t v = (uint64_t)(h->num[0] & 0x3FFF) | (uint64_t)(h->num[1] & 0x7F) << 14 |
                 (uint64_t)(h->num[2] & 0x3FFF) << 21 | (uint64_t)h->hour << 35 |
                 (uint64_t)h->minute << 40 | (uint64_t)h->second << 46 | (uint64_t)h->layout << 52 |
                 separator << 54 | (uint64_t)h->year_first << 56 | (uint64_t)h->year_long << 57 |
                 (uint64_t)h->padded << 58 | (uint64_t)h->unpadded << 59 |
                 (uint64_t)h->twelve << 60;
    return (int64_t)v;
}

void hf_i_wa_unpack(int64_t packed, hf_i_wa_header *h)
{
    uint64_t v = (uint64_t)packed;
    *h = (hf_i_wa_header){.num = {v & 0x3FFF, (v >> 14) & 0x7F, (v >> 21) & 0x3FFF},
                          .hour = (v >> 35) & 31,
                          .minute = (v >> 40) & 63,
                          .second = (v >> 46) & 63,
                          .layout = (v >> 52) & 3,
                          .separator = "/.-"[(v >> 54) & 3],
                          .year_first = (v >> 56) & 1,
                          .year_long = (v >> 57) & 1,
                          .padded = (v >> 58) & 1,
                          .unpadded = (v >> 59) & 1,
                          .twelve = (v >> 60) & 1};
}

/* The wall clock of a header in one reading; HF_NO_TIME when there is no such day. */
static int64_t time_in(const hf_i_wa_header *h, hf_date_order order)
{
    int64_t year;
    int month, day;
    if (h->year_first || order == HF_DATE_YMD) {
        year = h->num[0];
        month = h->num[1];
        day = h->num[2];
    } else {
        year = h->num[2];
        month = order == HF_DATE_MDY ? h->num[0] : h->num[1];
        day = order == HF_DATE_MDY ? h->num[1] : h->num[0];
    }
    if (year < 100)
        year += 2000;
    if (!hf_i_date_valid(year, month, day))
        return HF_NO_TIME;
    int second = h->second == NO_SECOND ? 0 : h->second;
    return hf_i_days_from_civil(year, month, day) * HF_I_MS_PER_DAY +
           ((int64_t)h->hour * 3600 + h->minute * 60 + second) * 1000;
}

/* What the rows of one look (separator, brackets, 12 hours) say about the order. */
typedef struct {
    uint64_t rows, first_above_12, second_above_12;
    uint64_t back_dmy, back_mdy; /* how often the date goes backwards in each reading */
    int64_t last_dmy, last_mdy;
    bool padded, unpadded, year_long, impossible;
    bool differs;        /* some date reads differently both ways */
    hf_date_order order; /* AUTO: not decided */
} look;

enum { LOOKS = 3 * 3 * 2 }; /* layout x separator x twelve */

static size_t look_of(const hf_i_wa_header *h)
{
    size_t separator = h->separator == '/' ? 0 : h->separator == '.' ? 1 : 2;
    return ((size_t)h->layout * 3 + separator) * 2 + h->twelve;
}

static void note_back(int64_t t, int64_t *last, uint64_t *back)
{
    if (t == HF_NO_TIME)
        return;
    /* An hour given back by daylight saving is no step backwards. */
    *back += *last != HF_NO_TIME && t < *last - HF_I_MS_PER_DAY;
    *last = t;
}

static void survey(const hf_record *r, size_t from, look *looks)
{
    for (size_t i = 0; i < LOOKS; i++)
        looks[i] = (look){.last_dmy = HF_NO_TIME, .last_mdy = HF_NO_TIME};
    int64_t before = HF_NO_TIME;
    look *l = looks;
    for (size_t i = from; i < r->row_count; i++) {
        int64_t date = r->rows[i].t_ms & ~CLOCK_BITS;
        if (r->rows[i].t_ms == HF_NO_TIME)
            continue;
        /* Most rows repeat the date of the row before. */
        if (date == before) {
            l->rows++;
            continue;
        }
        before = date;
        hf_i_wa_header h;
        hf_i_wa_unpack(r->rows[i].t_ms, &h);
        l = &looks[look_of(&h)];
        l->rows++;
        l->padded |= h.padded;
        l->unpadded |= h.unpadded;
        l->year_long |= h.year_long;
        if (h.year_first)
            continue;
        l->differs |= h.num[0] != h.num[1];
        l->first_above_12 += h.num[0] > 12;
        l->second_above_12 += h.num[1] > 12;
        note_back(time_in(&h, HF_DATE_DMY), &l->last_dmy, &l->back_dmy);
        note_back(time_in(&h, HF_DATE_MDY), &l->last_mdy, &l->back_mdy);
    }
}

/* One look by its own evidence. */
static void decide(look *l, size_t index)
{
    bool twelve = index % 2, dots = index / 2 % 3 == 1, bracket = index / 6 == HF_I_WA_BRACKET;
    uint64_t less = l->back_dmy < l->back_mdy ? l->back_dmy : l->back_mdy;
    uint64_t more = l->back_dmy < l->back_mdy ? l->back_mdy : l->back_dmy;
    if (l->first_above_12 && l->second_above_12)
        l->impossible = true; /* the order changes inside the file */
    else if (l->first_above_12)
        l->order = HF_DATE_DMY;
    else if (l->second_above_12)
        l->order = HF_DATE_MDY;
    else if (more > 2 * less)
        l->order = l->back_dmy < l->back_mdy ? HF_DATE_DMY : HF_DATE_MDY;
    else if (dots)
        l->order = HF_DATE_DMY; /* no locale writes month.day.year */
    else if (twelve && !l->year_long && l->unpadded && !l->padded)
        l->order = HF_DATE_MDY;
    else if (bracket && !twelve && l->padded && !l->unpadded)
        l->order = HF_DATE_DMY;
}

typedef struct {
    hf_date_order order[LOOKS];
    hf_date_order main; /* of the look with most rows */
    bool ambiguous, mixed, needed;
} decision;

static void decide_all(const hf_record *r, size_t from, hf_date_order wanted, decision *d)
{
    look looks[LOOKS];
    uint64_t most = 0, decided = 0;
    hf_date_order usual = HF_DATE_AUTO;
    *d = (decision){.main = HF_DATE_DMY};
    survey(r, from, looks);
    for (size_t i = 0; i < LOOKS; i++) {
        decide(&looks[i], i);
        if (looks[i].order != HF_DATE_AUTO && looks[i].rows > decided) {
            decided = looks[i].rows;
            usual = looks[i].order;
        }
    }
    for (size_t i = 0; i < LOOKS; i++) {
        look *l = &looks[i];
        bool needs = l->differs && (l->last_dmy != HF_NO_TIME || l->last_mdy != HF_NO_TIME);
        d->mixed |= l->impossible && wanted == HF_DATE_AUTO;
        if (wanted != HF_DATE_AUTO)
            l->order = wanted;
        else if (l->order == HF_DATE_AUTO && needs && !l->impossible && usual == HF_DATE_AUTO)
            d->ambiguous = true;
        d->order[i] = l->order != HF_DATE_AUTO ? l->order
                      : usual != HF_DATE_AUTO  ? usual
                                               : HF_DATE_DMY;
        d->needed |= needs;
        if (l->rows > most) {
            most = l->rows;
            d->main = d->order[i];
        }
    }
}

/* The reading of one header: that of its look; where the day exists only in the other one, that. */
static int64_t read_time(const hf_i_wa_header *h, const decision *d, hf_date_order *last)
{
    hf_date_order order = d->mixed ? *last : d->order[look_of(h)];
    int64_t t = time_in(h, order);
    if (t == HF_NO_TIME && !h->year_first) {
        order = order == HF_DATE_DMY ? HF_DATE_MDY : HF_DATE_DMY;
        t = time_in(h, order);
    }
    if (t != HF_NO_TIME && !h->year_first && (h->num[0] > 12 || h->num[1] > 12))
        *last = order;
    return t;
}

typedef struct {
    int64_t first, last;
} span;

static void widen(span *s, int64_t t)
{
    if (t == HF_NO_TIME)
        return;
    if (s->first == HF_NO_TIME || t < s->first)
        s->first = t;
    if (s->last == HF_NO_TIME || t > s->last)
        s->last = t;
}

static hf_status set_times(hf_i_build *b, size_t from, const decision *d, span *other)
{
    hf_record *r = hf_i_build_record(b);
    hf_date_order last = d->main;
    uint8_t minute, second;
    HF_TRY(hf_i_build_resolution(b, 60000, &minute));
    HF_TRY(hf_i_build_resolution(b, 1000, &second));
    int64_t date_before = HF_NO_TIME, day_before = 0;
    for (size_t i = from; i < r->row_count; i++) {
        hf_i_row *row = &r->rows[i];
        if (row->t_ms == HF_NO_TIME)
            continue;
        hf_i_wa_header h;
        int64_t packed = row->t_ms;
        int64_t date = packed & ~CLOCK_BITS;
        hf_i_wa_unpack(packed, &h);
        int64_t clock =
            ((int64_t)h.hour * 3600 + h.minute * 60 + (h.second == NO_SECOND ? 0 : h.second)) *
            1000;
        if (date == date_before && !d->ambiguous) {
            row->t_ms = day_before + clock;
        } else {
            row->t_ms = read_time(&h, d, &last);
            date_before = row->t_ms == HF_NO_TIME ? HF_NO_TIME : date;
            day_before = row->t_ms - (row->t_ms == HF_NO_TIME ? 0 : clock);
            if (d->ambiguous)
                widen(other, time_in(&h, HF_DATE_MDY));
        }
        row->t_kind = row->t_ms == HF_NO_TIME ? HF_TIME_NONE : HF_TIME_LOCAL;
        row->resolution = h.second == NO_SECOND ? minute : second;
        if (row->t_ms == HF_NO_TIME)
            HF_TRY(hf_i_build_warn(b, row->byte, row->line,
                                   "there is no such day: the message stays without time"));
    }
    return HF_OK;
}

enum { SHAPES = 256 };

/* What a header looks like beside its values: rows of one export share it. Layout, separator and
 * digits of the year, 12 hours, seconds. */
static uint32_t shape(int64_t packed)
{
    uint64_t v = (uint64_t)packed;
    return (uint32_t)((v >> 52 & 63) | (v >> 60 & 1) << 6 |
                      (uint64_t)((v >> 46 & 63) == NO_SECOND) << 7);
}

/* Marks the rows whose header is not of the shape that most rows have: the dates are about to lose
 * it. A file of many shapes has no unusual one. */
static void mark_unusual(hf_record *r, size_t from)
{
    uint64_t count[SHAPES] = {0};
    uint32_t usual = 0;
    for (size_t i = from; i < r->row_count; i++)
        if (r->rows[i].t_ms != HF_NO_TIME)
            count[shape(r->rows[i].t_ms)]++;
    for (uint32_t k = 1; k < SHAPES; k++)
        if (count[k] > count[usual])
            usual = k;
    size_t n = r->row_count - from;
    if (count[usual] == n || count[usual] * 4 < n * 3)
        return;
    for (size_t i = from; i < r->row_count; i++)
        if (r->rows[i].t_ms != HF_NO_TIME && shape(r->rows[i].t_ms) != usual)
            r->rows[i].flags |= HF_I_ROW_MARK;
}

hf_status hf_i_wa_resolve_dates(hf_i_build *b, size_t from)
{
    decision d;
    span other = {HF_NO_TIME, HF_NO_TIME};
    hf_date_order wanted = hf_i_build_wanted_order(b);
    decide_all(hf_i_build_record(b), from, wanted, &d);
    mark_unusual(hf_i_build_record(b), from);
    HF_TRY(set_times(b, from, &d, &other));
    hf_i_build_date_order(b, d.needed ? d.main : HF_DATE_YMD, d.ambiguous);
    if (d.mixed)
        HF_TRY(hf_i_build_warn(b, 0, 0,
                               "day and month change places inside the file: dates that fit both "
                               "ways are read like the one before"));
    if (d.ambiguous) {
        hf_i_build_other_reading(b, other.first, other.last);
        HF_TRY(hf_i_build_warn(b, 0, 0,
                               "dates are ambiguous: read as day/month/year; --date-order mdy "
                               "reads them the other way"));
    }
    return HF_OK;
}

/* ---- headers inside messages -------------------------------------------------------------- */

/* Row i steps back in time and row i + 1 is forward again: by more than a day, or, for a header of
 * unusual shape (HF_I_ROW_MARK), by more than the hour that daylight saving takes. */
static bool dips(const hf_record *r, size_t i, size_t from)
{
    if (i <= from || i + 1 >= r->row_count)
        return false;
    int64_t a = r->rows[i - 1].t_ms, t = r->rows[i].t_ms, c = r->rows[i + 1].t_ms;
    int64_t step = r->rows[i].flags & HF_I_ROW_MARK ? 3600000 : HF_I_MS_PER_DAY;
    return a != HF_NO_TIME && t != HF_NO_TIME && c != HF_NO_TIME && t < a - step && c >= a - step;
}

static hf_status join(hf_i_build *b, hf_i_row *into, const hf_i_row *stray)
{
    const char *end = stray->text + stray->text_size;
    into->text_size = (uint32_t)(end - into->text);
    into->flags |= stray->flags & HF_I_ROW_INVALID_UTF8;
    return hf_i_build_warn(b, stray->byte, stray->line,
                           "a line inside a message looks like a message of another form and "
                           "time: left where it stands");
}

/* order gets the rows that stay. */
static hf_status find_strays(hf_i_build *b, size_t from, uint32_t *order, size_t *count)
{
    hf_record *r = hf_i_build_record(b);
    for (size_t i = 0; i < r->row_count; i++) {
        hf_i_row *row = &r->rows[i];
        if (!dips(r, i, from)) {
            order[(*count)++] = (uint32_t)i;
            continue;
        }
        if (row->flags & HF_I_ROW_MARK && *count > from) {
            HF_TRY(join(b, &r->rows[order[*count - 1]], row));
            continue;
        }
        order[(*count)++] = (uint32_t)i;
        HF_TRY(hf_i_build_warn(b, row->byte, row->line,
                               "the time goes back by more than a day and forth again: this may "
                               "be a line of the message before"));
    }
    return HF_OK;
}

hf_status hf_i_wa_join_stray_headers(hf_i_build *b, size_t from)
{
    hf_record *r = hf_i_build_record(b);
    hf_ctx *ctx = hf_i_build_ctx(b);
    size_t odd = 0, count = 0;
    for (size_t i = from; i < r->row_count; i++)
        odd += dips(r, i, from);
    if (odd == 0)
        return HF_OK;
    uint32_t *order = hf_i_alloc(ctx, r->row_count * sizeof *order);
    hf_status s = order ? find_strays(b, from, order, &count) : HF_E_NOMEM;
    if (s == HF_OK && count < r->row_count)
        s = hf_i_build_rearrange(b, order, count);
    hf_i_free(ctx, order);
    return s;
}
