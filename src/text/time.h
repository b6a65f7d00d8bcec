/* SPDX-License-Identifier: MIT */
/* Dates and times of the proleptic Gregorian calendar. A point in time is int64_t milliseconds
 * since 1970-01-01T00:00:00 on a clock that the caller knows: UTC, or some wall clock. No leap
 * seconds, no time zone tables. */
#ifndef HF_TEXT_TIME_H
#define HF_TEXT_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HF_I_MS_PER_DAY INT64_C(86400000)

/* Days since 1970-01-01 of a date, and back (Hinnant 2013, era of 400 years). month 1 to 12, day 1
 * to 31. Any year whose milliseconds fit serves. */
int64_t hf_i_days_from_civil(int64_t year, int month, int day);
void hf_i_civil_from_days(int64_t days, int64_t *year, int *month, int *day);
bool hf_i_date_valid(int64_t year, int month, int day);
int hf_i_days_in_month(int64_t year, int month);
int hf_i_weekday(int64_t days); /* 1 Monday to 7 Sunday */

typedef struct hf_i_civil {
    int64_t year;
    int month, day, hour, minute, second, millisecond;
} hf_i_civil;

int64_t hf_i_civil_to_ms(const hf_i_civil *civil);
hf_i_civil hf_i_civil_from_ms(int64_t ms);

/* A time as it stood in a text. */
typedef struct hf_i_time {
    int64_t ms; /* UTC with has_zone, else the wall clock of the text */
    bool has_zone;
    int zone_minutes;      /* east of Greenwich; has_zone only */
    int32_t resolution_ms; /* 1 for 10:11:12.345, 1000 for 10:11:12, 60000 for 10:11, a day */
} hf_i_time;

/* All of text is an ISO 8601 date or date-time, extended or basic form:
 * 2024-03-01, 2024-03-01T10:11, 2024-03-01 10:11:12.345+02:00, 20240301T101112Z.
 * 'T', 't' or one space between; '.' or ',' before the fraction, kept to milliseconds (cut, not
 * rounded); 24:00 is the next day's 00:00; second 60 is the next minute's 0. Years 0000 to 9999. */
bool hf_i_time_parse_iso(const char *text, size_t size, hf_i_time *out);

/* All of text is an RFC 5322 date-time as in mail: "Fri, 1 Mar 2024 10:11:12 +0200 (CEST)". The
 * obsolete forms (two-digit years, GMT, EST and so on; comments) are read too; an unknown zone
 * name counts as -0000: UTC, of unknown place. A wrong weekday is not minded. */
bool hf_i_time_parse_rfc5322(const char *text, size_t size, hf_i_time *out);

enum { HF_I_TIME_SIZE = 40 };

/* "2024-03-01T10:11:12", with ".345" when resolution_ms is below 1000 and with "Z" when utc.
 * Returns the length. */
size_t hf_i_time_format_iso(char out[HF_I_TIME_SIZE], int64_t ms, int32_t resolution_ms, bool utc);
/* The same for many times in a row: neighbours share their date, and only the clock is written
 * anew. Starts as {0}; the text stands in text until the next call. */
typedef struct hf_i_time_near {
    int64_t day;
    size_t date_size; /* 0: no date yet */
    char text[HF_I_TIME_SIZE];
} hf_i_time_near;
size_t hf_i_time_format_near(hf_i_time_near *near, int64_t ms, int32_t resolution_ms, bool utc);
size_t hf_i_time_format_date(char out[HF_I_TIME_SIZE], int64_t ms); /* "2024-03-01" */
/* "Fri, 1 Mar 2024 10:11:12 +0000" */
size_t hf_i_time_format_rfc5322(char out[HF_I_TIME_SIZE], int64_t ms_utc);

#endif
