/* SPDX-License-Identifier: MIT */
#include "text/time.h"

#include <stdio.h>
#include <string.h>

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t hf_i_days_from_civil(int64_t year, int month, int day)
{
    /* Years that start in March, so that the leap day is the last one. */
    int64_t y = year - (month <= 2), era = floor_div(y, 400), in_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = in_era * 365 + in_era / 4 - in_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void hf_i_civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    int64_t z = days + 719468, era = floor_div(z, 146097), d = z - era * 146097;
    int64_t in_era = (d - d / 1460 + d / 36524 - d / 146096) / 365;
    int64_t day_of_year = d - (365 * in_era + in_era / 4 - in_era / 100);
    int m = (int)((5 * day_of_year + 2) / 153);
    *day = (int)(day_of_year - (153 * m + 2) / 5 + 1);
    *month = m < 10 ? m + 3 : m - 9;
    *year = in_era + era * 400 + (*month <= 2);
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int hf_i_days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 0;
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool hf_i_date_valid(int64_t year, int month, int day)
{
    return day >= 1 && day <= hf_i_days_in_month(year, month);
}

int hf_i_weekday(int64_t days)
{
    /* 1970-01-01 was a Thursday. */
    int64_t w = days + 3;
    return (int)(w - floor_div(w, 7) * 7) + 1;
}

int64_t hf_i_civil_to_ms(const hf_i_civil *c)
{
    int64_t seconds = ((int64_t)c->hour * 60 + c->minute) * 60 + c->second;
    return hf_i_days_from_civil(c->year, c->month, c->day) * HF_I_MS_PER_DAY + seconds * 1000 +
           c->millisecond;
}

hf_i_civil hf_i_civil_from_ms(int64_t ms)
{
    hf_i_civil c;
    int64_t days = floor_div(ms, HF_I_MS_PER_DAY);
    int rest = (int)(ms % HF_I_MS_PER_DAY);
    rest += rest < 0 ? (int)HF_I_MS_PER_DAY : 0;
    hf_i_civil_from_days(days, &c.year, &c.month, &c.day);
    c.millisecond = rest % 1000;
    c.second = rest / 1000 % 60;
    c.minute = rest / 60000 % 60;
    c.hour = rest / 3600000;
    return c;
}

/* ---- reading ------------------------------------------------------------------------------ */

typedef struct {
    const char *at, *end;
} cursor;

static bool accept(cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

/* Exactly count digits. */
static bool digits(cursor *c, int count, int *out)
{
    int x = 0;
    if (c->end - c->at < count)
        return false;
    for (int i = 0; i < count; i++) {
        if (c->at[i] < '0' || c->at[i] > '9')
            return false;
        x = x * 10 + (c->at[i] - '0');
    }
    c->at += count;
    *out = x;
    return true;
}

static int count_digits(const cursor *c)
{
    int n = 0;
    while (n < 10 && c->at + n < c->end && c->at[n] >= '0' && c->at[n] <= '9')
        n++;
    return n;
}

static bool clock_valid(const hf_i_civil *c)
{
    if (c->hour == 24)
        return c->minute == 0 && c->second == 0 && c->millisecond == 0;
    return c->hour < 24 && c->minute < 60 && c->second <= 60;
}

static void fraction(cursor *c, hf_i_civil *civil, hf_i_time *out)
{
    int scale = 100;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++, scale /= 10)
        civil->millisecond += (*c->at - '0') * scale;
    out->resolution_ms = 1;
}

/* Z, +02, +0200, +02:00. */
static bool iso_zone(cursor *c, hf_i_time *out)
{
    int hours, minutes = 0;
    out->has_zone = true;
    if (accept(c, 'Z') || accept(c, 'z'))
        return true;
    bool west = c->at < c->end && *c->at == '-';
    if (!west && (c->at == c->end || *c->at != '+'))
        return false;
    c->at++;
    if (!digits(c, 2, &hours))
        return false;
    if (c->at < c->end) {
        (void)accept(c, ':');
        if (!digits(c, 2, &minutes))
            return false;
    }
    out->zone_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
    return hours < 24 && minutes < 60;
}

static bool iso_date(cursor *c, hf_i_civil *civil, bool *extended)
{
    int year;
    if (!digits(c, 4, &year))
        return false;
    civil->year = year;
    *extended = accept(c, '-');
    return digits(c, 2, &civil->month) && (!*extended || accept(c, '-')) &&
           digits(c, 2, &civil->day) && hf_i_date_valid(year, civil->month, civil->day);
}

static bool iso_clock(cursor *c, hf_i_civil *civil, bool extended, hf_i_time *out)
{
    if (!digits(c, 2, &civil->hour) || (extended && !accept(c, ':')) ||
        !digits(c, 2, &civil->minute))
        return false;
    out->resolution_ms = 60000;
    if (extended ? accept(c, ':') : count_digits(c) >= 2) {
        if (!digits(c, 2, &civil->second))
            return false;
        out->resolution_ms = 1000;
        if (accept(c, '.') || accept(c, ',')) {
            if (count_digits(c) == 0)
                return false;
            fraction(c, civil, out);
        }
    }
    return clock_valid(civil) && (c->at == c->end || iso_zone(c, out));
}

bool hf_i_time_parse_iso(const char *text, size_t size, hf_i_time *out)
{
    cursor c = {text, text + size};
    hf_i_civil civil = {0};
    hf_i_time t = {.resolution_ms = (int32_t)HF_I_MS_PER_DAY};
    bool extended;
    if (!iso_date(&c, &civil, &extended))
        return false;
    if (c.at < c.end) {
        if (!accept(&c, 'T') && !accept(&c, 't') && !accept(&c, ' '))
            return false;
        if (!iso_clock(&c, &civil, extended, &t) || c.at != c.end)
            return false;
    }
    t.ms = hf_i_civil_to_ms(&civil) - (int64_t)t.zone_minutes * 60000;
    *out = t;
    return true;
}

/* ---- mail dates --------------------------------------------------------------------------- */

/* Folding white space and (nested) comments. */
static void skip_space(cursor *c)
{
    int depth = 0;
    for (; c->at < c->end; c->at++) {
        if (*c->at == '(')
            depth++;
        else if (*c->at == ')' && depth)
            depth--;
        else if (depth && *c->at == '\\' && c->at + 1 < c->end)
            c->at++;
        else if (!depth && *c->at != ' ' && *c->at != '\t' && *c->at != '\r' && *c->at != '\n')
            return;
    }
}

static bool is_letter(char ch)
{
    return (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z');
}

/* The index in a table of three-letter names, by the first three letters of the word at c. */
static int word(cursor *c, const char *names)
{
    char key[3] = {0};
    size_t n = 0;
    for (; c->at < c->end && is_letter(*c->at); c->at++, n++)
        if (n < 3)
            key[n] = (char)(*c->at | 32);
    if (n >= 2)
        for (int i = 0; names[3 * i]; i++)
            if (memcmp(names + 3 * i, key, 3) == 0)
                return i;
    return -1;
}

static const char month_names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
static const char day_names[] = "montuewedthufrisatsun";

static bool mail_date(cursor *c, hf_i_civil *civil)
{
    int n, year;
    skip_space(c);
    if (c->at < c->end && is_letter(*c->at)) {
        if (word(c, day_names) < 0)
            return false;
        skip_space(c);
        (void)accept(c, ',');
        skip_space(c);
    }
    n = count_digits(c);
    if (n < 1 || n > 2 || !digits(c, n, &civil->day))
        return false;
    skip_space(c);
    civil->month = word(c, month_names) + 1;
    skip_space(c);
    n = count_digits(c);
    if (n < 2 || n > 4 || !digits(c, n, &year))
        return false;
    /* RFC 5322, section 4.3. */
    civil->year = n == 2 ? year + (year < 50 ? 2000 : 1900) : n == 3 ? year + 1900 : year;
    return hf_i_date_valid(civil->year, civil->month, civil->day);
}

static bool two_digits(cursor *c, int *out)
{
    skip_space(c);
    int n = count_digits(c);
    return n >= 1 && n <= 2 && digits(c, n, out);
}

static bool mail_clock(cursor *c, hf_i_civil *civil, hf_i_time *out)
{
    if (!two_digits(c, &civil->hour))
        return false;
    skip_space(c);
    if (!accept(c, ':') || !two_digits(c, &civil->minute))
        return false;
    out->resolution_ms = 60000;
    skip_space(c);
    if (accept(c, ':')) {
        if (!two_digits(c, &civil->second))
            return false;
        out->resolution_ms = 1000;
    }
    skip_space(c);
    return clock_valid(civil);
}

static bool mail_zone(cursor *c, hf_i_time *out)
{
    static const char names[] = "estedtcstcdtmstmdtpstpdt";
    static const int hours[] = {-5, -4, -6, -5, -7, -6, -8, -7};
    int zone;
    out->has_zone = true;
    if (c->at < c->end && (*c->at == '+' || *c->at == '-')) {
        bool west = *c->at++ == '-';
        if (!digits(c, 4, &zone) || zone % 100 >= 60 || zone >= 2400)
            return false;
        zone = zone / 100 * 60 + zone % 100;
        out->zone_minutes = west ? -zone : zone;
    } else if (c->at < c->end && is_letter(*c->at)) {
        int i = word(c, names);
        out->zone_minutes = i < 0 ? 0 : hours[i] * 60;
    } else {
        return false;
    }
    skip_space(c);
    return c->at == c->end;
}

bool hf_i_time_parse_rfc5322(const char *text, size_t size, hf_i_time *out)
{
    cursor c = {text, text + size};
    hf_i_civil civil = {0};
    hf_i_time t = {0};
    if (!mail_date(&c, &civil) || !mail_clock(&c, &civil, &t) || !mail_zone(&c, &t))
        return false;
    t.ms = hf_i_civil_to_ms(&civil) - (int64_t)t.zone_minutes * 60000;
    *out = t;
    return true;
}


/* ---- writing ------------------------------------------------------------------------------ */

static char *put_digits(char *to, int64_t x, int count)
{
    for (int i = count - 1; i >= 0; i--, x /= 10)
        to[i] = (char)('0' + x % 10);
    return to + count;
}

static char *put_date(char *to, const hf_i_civil *c)
{
    /* ISO 8601 writes years beyond four digits with a sign. */
    int64_t year = c->year;
    if (year < 0 || year > 9999) {
        *to++ = year < 0 ? '-' : '+';
        to = put_digits(to, year < 0 ? -year : year, 9);
    } else {
        to = put_digits(to, year, 4);
    }
    *to++ = '-';
    to = put_digits(to, c->month, 2);
    *to++ = '-';
    return put_digits(to, c->day, 2);
}

static char *put_two(char *to, int x)
{
    to[0] = (char)('0' + x / 10);
    to[1] = (char)('0' + x % 10);
    return to + 2;
}

static char *put_clock(char *to, int second_of_day)
{
    int minute = second_of_day / 60;
    to = put_two(to, minute / 60);
    *to++ = ':';
    to = put_two(to, minute % 60);
    *to++ = ':';
    return put_two(to, second_of_day - 60 * minute);
}

size_t hf_i_time_format_near(hf_i_time_near *near, int64_t ms, int32_t resolution_ms, bool utc)
{
    int64_t day = floor_div(ms, HF_I_MS_PER_DAY);
    if (near->date_size == 0 || day != near->day) {
        hf_i_civil date = hf_i_civil_from_ms(ms);
        near->day = day;
        near->date_size = (size_t)(put_date(near->text, &date) - near->text);
        near->text[near->date_size] = 'T';
    }
    int within = (int)(ms % HF_I_MS_PER_DAY);
    within += within < 0 ? (int)HF_I_MS_PER_DAY : 0;
    char *to = put_clock(near->text + near->date_size + 1, within / 1000);
    if (resolution_ms < 1000) {
        *to++ = '.';
        to = put_digits(to, within % 1000, 3);
    }
    if (utc)
        *to++ = 'Z';
    *to = '\0';
    return (size_t)(to - near->text);
}

size_t hf_i_time_format_iso(char out[HF_I_TIME_SIZE], int64_t ms, int32_t resolution_ms, bool utc)
{
    hf_i_time_near near = {0};
    size_t size = hf_i_time_format_near(&near, ms, resolution_ms, utc);
    memcpy(out, near.text, size + 1);
    return size;
}

size_t hf_i_time_format_date(char out[HF_I_TIME_SIZE], int64_t ms)
{
    hf_i_civil c = hf_i_civil_from_ms(ms);
    char *to = put_date(out, &c);
    *to = '\0';
    return (size_t)(to - out);
}

static void title(char *to, const char *name)
{
    to[0] = (char)(name[0] - 32);
    to[1] = name[1];
    to[2] = name[2];
    to[3] = '\0';
}

size_t hf_i_time_format_rfc5322(char out[HF_I_TIME_SIZE], int64_t ms_utc)
{
    hf_i_civil c = hf_i_civil_from_ms(ms_utc);
    char day[4], month[4];
    int weekday = hf_i_weekday(floor_div(ms_utc, HF_I_MS_PER_DAY));
    title(day, day_names + 3 * (size_t)(weekday - 1));
    title(month, month_names + 3 * (size_t)(c.month - 1));
    int n = snprintf(out, HF_I_TIME_SIZE, "%s, %d %s %04lld %02d:%02d:%02d +0000", day, c.day,
                     month, (long long)c.year, c.hour, c.minute, c.second);
    return n < HF_I_TIME_SIZE ? (size_t)n : HF_I_TIME_SIZE - 1;
}
