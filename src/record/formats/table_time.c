/* SPDX-License-Identifier: MIT */
#include "record/formats/table_time.h"

#include "record/formats/lines.h"
#include "text/number.h"

#include <string.h>

/* Seconds or milliseconds since 1970 as a bare number. */
static bool epoch_time(hf_text t, hf_i_time *out)
{
    double x;
    if (t.size < 9 || !hf_i_number_parse(t.data, t.size, '.', &x) || x < 1e8 || x > 1e15)
        return false;
    bool ms = x > 1e11;
    out->ms = (int64_t)(ms ? x : x * 1000);
    out->has_zone = true;
    out->resolution_ms = ms || memchr(t.data, '.', t.size) ? 1 : 1000;
    return true;
}

/* The numbers of a date, and whether a half of the day is named. */
typedef struct {
    int n[6], count, first_digits;
    bool am, pm, dots;
} numbers;

static bool find_numbers(hf_text t, numbers *x)
{
    int digits = 0;
    *x = (numbers){0};
    for (size_t i = 0; i < t.size; i++) {
        char c = t.data[i];
        if (c >= '0' && c <= '9') {
            if ((digits++ == 0 && ++x->count > 6) || digits > 4)
                return false;
            x->n[x->count - 1] = x->n[x->count - 1] * 10 + (c - '0');
            if (x->count == 1)
                x->first_digits = digits;
            continue;
        }
        digits = 0;
        x->dots |= c == '.' && x->count == 1;
        if ((c | 32) == 'p')
            x->pm = true;
        else if ((c | 32) == 'a')
            x->am = true;
        else if (!memchr("/.-:, mMT", c, 9))
            return false;
    }
    return x->count >= 3;
}

static bool month_first(hf_date_order order, const hf_i_date_votes *v, const numbers *x)
{
    if (order != HF_DATE_AUTO)
        return order == HF_DATE_MDY;
    return x->n[1] > 12 || (x->n[0] <= 12 && !x->dots && v->mdy && !v->dmy);
}

static bool numbered_time(hf_text t, hf_date_order order, hf_i_date_votes *v, hf_i_time *out)
{
    numbers x;
    if (!find_numbers(t, &x))
        return false;
    int year = x.n[0], month = x.n[1], day = x.n[2];
    if (x.first_digits < 4) {
        bool swap = month_first(order, v, &x);
        if (x.n[0] > 12)
            v->dmy++;
        else if (x.n[1] > 12)
            v->mdy++;
        else if (x.dots)
            v->dots++;
        else
            v->open++;
        year = x.n[2] < 100 ? x.n[2] + 2000 : x.n[2];
        month = swap ? x.n[0] : x.n[1];
        day = swap ? x.n[1] : x.n[0];
    }
    int hour = x.n[3];
    if (!hf_i_date_valid(year, month, day) || hour > 24 || x.n[4] > 59 || x.n[5] > 59)
        return false;
    hour = x.pm && hour < 12 ? hour + 12 : x.am && hour == 12 ? 0 : hour;
    *out = (hf_i_time){.ms = hf_i_days_from_civil(year, month, day) * HF_I_MS_PER_DAY +
                             (hour * 3600 + x.n[4] * 60 + x.n[5]) * INT64_C(1000),
                       .resolution_ms = x.count == 6   ? 1000
                                        : x.count >= 4 ? 60000
                                                       : (int32_t)HF_I_MS_PER_DAY};
    return true;
}

bool hf_i_table_time(hf_text text, hf_date_order order, hf_i_date_votes *votes, hf_i_time *out)
{
    *out = (hf_i_time){0};
    return hf_i_time_parse_iso(text.data, text.size, out) || epoch_time(text, out) ||
           numbered_time(text, order, votes, out);
}

bool hf_i_table_clock(hf_text t, int64_t *ms, int32_t *resolution_ms)
{
    size_t i = 0;
    int64_t hour, minute, second = 0;
    if (!hf_i_read_digits(t.data, t.size, &i, 2, &hour) || i >= t.size ||
        (t.data[i] != ':' && t.data[i] != 'h') || ++i >= t.size ||
        !hf_i_read_digits(t.data, t.size, &i, 2, &minute))
        return false;
    *resolution_ms = 60000;
    if (i < t.size && t.data[i] == ':') {
        i++;
        if (!hf_i_read_digits(t.data, t.size, &i, 2, &second))
            return false;
        *resolution_ms = 1000;
    }
    hf_text rest = hf_i_trimmed((hf_text){t.data + i, t.size - i});
    bool pm = hf_i_text_is_nocase(rest, "pm"), am = hf_i_text_is_nocase(rest, "am");
    if ((rest.size && !pm && !am) || hour > 24 || minute > 59 || second > 59)
        return false;
    hour = pm && hour < 12 ? hour + 12 : am && hour == 12 ? 0 : hour;
    *ms = ((hour * 60 + minute) * 60 + second) * 1000;
    return true;
}
