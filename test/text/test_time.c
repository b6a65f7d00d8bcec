/* SPDX-License-Identifier: MIT */
/* labels: unit oracle property */
/* The calendar against the C library's, and both written forms. */
#include "support/test.h"
#include "text/time.h"

#include <stdio.h>
#include <time.h>

static void every_day_of_seven_eras(void **state)
{
    (void)state;
    int64_t want = hf_i_days_from_civil(1, 1, 1);
    assert_int_equal(want, -719162);
    for (int64_t year = 1; year <= 2800; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= hf_i_days_in_month(year, month); day++, want++) {
                int64_t y;
                int m, d;
                assert_int_equal(hf_i_days_from_civil(year, month, day), want);
                hf_i_civil_from_days(want, &y, &m, &d);
                assert_true(y == year && m == month && d == day);
            }
}

/* gmtime_r is the oracle, also before 1970. */
static void as_the_c_library(void **state)
{
    (void)state;
    for (int64_t s = INT64_C(-62135596800); s < INT64_C(32503680000); s += 7919 * 1361) {
        time_t t = (time_t)s;
        struct tm tm;
        gmtime_r(&t, &tm);
        hf_i_civil c = hf_i_civil_from_ms(s * 1000 + 7);
        assert_true(c.year == tm.tm_year + 1900 && c.month == tm.tm_mon + 1 && c.day == tm.tm_mday);
        assert_true(c.hour == tm.tm_hour && c.minute == tm.tm_min && c.second == tm.tm_sec);
        assert_int_equal(c.millisecond, 7);
        assert_true(hf_i_civil_to_ms(&c) == s * 1000 + 7);
        assert_int_equal(hf_i_weekday(hf_i_days_from_civil(c.year, c.month, c.day)),
                         tm.tm_wday ? tm.tm_wday : 7);
    }
}

static void valid_dates(void **state)
{
    (void)state;
    assert_true(hf_i_date_valid(2024, 2, 29) && !hf_i_date_valid(2023, 2, 29));
    assert_true(hf_i_date_valid(2000, 2, 29) && !hf_i_date_valid(1900, 2, 29));
    assert_false(hf_i_date_valid(2024, 13, 1) || hf_i_date_valid(2024, 0, 1));
    assert_false(hf_i_date_valid(2024, 4, 31) || hf_i_date_valid(2024, 4, 0));
}

static void reads_iso(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want; /* as written again, in UTC or local */
        int resolution;
        int zone;
    } rows[] = {
        {"2024-03-01", "2024-03-01T00:00:00", 86400000, 0},
        {"20240301", "2024-03-01T00:00:00", 86400000, 0},
        {"2024-03-01T10:11", "2024-03-01T10:11:00", 60000, 0},
        {"2024-03-01 10:11:12", "2024-03-01T10:11:12", 1000, 0},
        {"2024-03-01t10:11:12.345", "2024-03-01T10:11:12.345", 1, 0},
        {"2024-03-01T10:11:12,3", "2024-03-01T10:11:12.300", 1, 0},
        {"2024-03-01T10:11:12.3459999", "2024-03-01T10:11:12.345", 1, 0},
        {"2024-03-01T10:11:12Z", "2024-03-01T10:11:12Z", 1000, 0},
        {"2024-03-01T00:11:12+02:00", "2024-02-29T22:11:12Z", 1000, 120},
        {"2024-03-01T10:11-0530", "2024-03-01T15:41:00Z", 60000, -330},
        {"20240301T101112Z", "2024-03-01T10:11:12Z", 1000, 0},
        {"20240301T1011+02", "2024-03-01T08:11:00Z", 60000, 120},
        {"2024-12-31T24:00", "2025-01-01T00:00:00", 60000, 0},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", 1000, 0},
        {"0000-02-29T00:00:00", "0000-02-29T00:00:00", 1000, 0},
    };
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        hf_i_time t;
        char out[HF_I_TIME_SIZE];
        if (!hf_i_time_parse_iso(rows[i].text, strlen(rows[i].text), &t))
            fail_msg("%s was not read", rows[i].text);
        size_t n = hf_i_time_format_iso(out, t.ms, t.resolution_ms, t.has_zone);
        assert_text(out, n, rows[i].want);
        assert_int_equal(t.resolution_ms, rows[i].resolution);
        assert_int_equal(t.zone_minutes, rows[i].zone);
    }
    static const char *const bad[] = {"",
                                      "2024",
                                      "2024-03",
                                      "2024-3-1",
                                      "2024-02-30",
                                      "2024-03-01T",
                                      "2024-03-01T25:00",
                                      "2024-03-01T10",
                                      "2024-03-01T10:60",
                                      "2024-03-01T10:11:12.",
                                      "2024-03-01T10:11+2",
                                      "2024-03-01T10:11Zx",
                                      "2024-03-01T24:01",
                                      "2024-03-01  10:11",
                                      "2024-03-01T10:11:61",
                                      "20240301T10:11",
                                      "2024-03-01T1011",
                                      "x2024-03-01",
                                      "2024-03-01T10:11+24:00"};
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++) {
        hf_i_time t;
        if (hf_i_time_parse_iso(bad[i], strlen(bad[i]), &t))
            fail_msg("%s was read", bad[i]);
    }
}

static void reads_mail_dates(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"Fri, 1 Mar 2024 10:11:12 +0200", "2024-03-01T08:11:12Z"},
        {"1 Mar 2024 10:11 -0000", "2024-03-01T10:11:00Z"},
        {"Fri, 01 Mar 2024 10:11:12 GMT (a (nested) comment)", "2024-03-01T10:11:12Z"},
        {"Thu,\r\n 29 Feb 2024 23:59:59 EST", "2024-03-01T04:59:59Z"},
        {"21 Nov 97 09:55:06 -0600", "1997-11-21T15:55:06Z"},
        {"21 Nov 07 09(x):55(y):06 -0600", "2007-11-21T15:55:06Z"},
        {"Mon, 21 November 2022 9:55:06 XYZ", "2022-11-21T09:55:06Z"},
    };
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        hf_i_time t;
        char out[HF_I_TIME_SIZE];
        if (!hf_i_time_parse_rfc5322(rows[i].text, strlen(rows[i].text), &t))
            fail_msg("%s was not read", rows[i].text);
        assert_true(t.has_zone);
        size_t n = hf_i_time_format_iso(out, t.ms, t.resolution_ms, true);
        assert_text(out, n, rows[i].want);
    }
    static const char *const bad[] = {"",
                                      "Fri",
                                      "Xyz, 1 Mar 2024 10:11 +0000",
                                      "31 Feb 2024 10:11 +0000",
                                      "1 Mar 2024",
                                      "1 Mar 2024 10:11",
                                      "1 Mar 2024 10:11 +00",
                                      "1 Mar 2024 10:11 +0060",
                                      "1 Mar 2024 24:11 +0000",
                                      "1 Mar 2024 10:11 +0000 x",
                                      "1 Foo 2024 10:11 +0000"};
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++) {
        hf_i_time t;
        if (hf_i_time_parse_rfc5322(bad[i], strlen(bad[i]), &t))
            fail_msg("%s was read", bad[i]);
    }
}

static void writes(void **state)
{
    (void)state;
    char out[HF_I_TIME_SIZE];
    hf_i_time t;
    hf_i_time_format_rfc5322(out, INT64_C(1709287872345));
    assert_string_equal(out, "Fri, 1 Mar 2024 10:11:12 +0000");
    assert_true(hf_i_time_parse_rfc5322(out, strlen(out), &t) && t.ms == INT64_C(1709287872000));
    hf_i_time_format_iso(out, -1, 1, true);
    assert_string_equal(out, "1969-12-31T23:59:59.999Z");
    hf_i_time_format_iso(out, INT64_MIN, 1, true);
    assert_true(strlen(out) < sizeof out);
    hf_i_time_format_iso(out, INT64_MAX, 1, true);
    assert_string_equal(out, "+292278994-08-17T07:12:55.807Z");
    hf_i_time_format_date(out, INT64_C(1709287872345));
    assert_string_equal(out, "2024-03-01");
}

RUN_TESTS(cmocka_unit_test(every_day_of_seven_eras), cmocka_unit_test(as_the_c_library),
          cmocka_unit_test(valid_dates), cmocka_unit_test(reads_iso),
          cmocka_unit_test(reads_mail_dates), cmocka_unit_test(writes))
