/* SPDX-License-Identifier: MIT */
/* Diaries and physiology as tables: layouts, decimal comma, missing codes, day cut. labels: unit */
#include "record_test.h"

/* A line each: time, person, occasion, item or variable, value. */
static char *values(const hf_record *r)
{
    hf_i_buf out;
    hf_i_buf_init(&out, test_ctx, 1 << 20, "a dump");
    hf_i_buf_add_str(&out, "");
    size_t ratings = hf_record_count_ratings(r), all = ratings + hf_record_count_samples(r);
    for (size_t i = 0; i < all; i++) {
        hf_rating v;
        hf_sample x;
        char t[40] = "-";
        hf_text name, unit = {"", 0};
        if (i < ratings) {
            hf_record_get_rating(r, i, &v);
            name = v.item;
            unit = v.occasion;
        } else {
            hf_record_get_sample(r, i - ratings, &x);
            v = (hf_rating){.t_ms = x.t_ms, .t_kind = x.t_kind, .t_res_ms = x.t_res_ms};
            v.partner = x.partner;
            v.value = x.value;
            name = x.variable;
            unit = x.unit;
        }
        size_t n = hf_i_record_time_text(t, v.t_ms, v.t_kind, v.t_res_ms);
        if (n)
            t[n] = '\0';
        const hf_person *p = hf_record_get_person(r, v.partner);
        hf_i_buf_printf(&out, "%s|%.*s|%.*s|%.*s|", t, p ? (int)p->name.size : 1,
                        p ? p->name.data : "-", (int)unit.size, unit.size ? unit.data : "",
                        (int)name.size, name.data);
        if (v.value == v.value)
            hf_i_buf_printf(&out, "%g\n", v.value);
        else
            hf_i_buf_add_str(&out, "missing\n");
    }
    return out.data;
}

static void expect_values(const char *text, const char *variant, const char *want)
{
    hf_record *r = must_read_bytes("a.csv", text, strlen(text), NULL);
    hf_record_summary s;
    hf_record_get_summary(r, &s);
    char *got = values(r);
    assert_string_equal(got, want);
    assert_string_equal(s.variant, variant);
    hf_i_free(test_ctx, got);
    hf_record_free(r);
}

static void long_german(void **state)
{
    (void)state;
    expect_values("\xEF\xBB\xBFPaar;Person;Datum;Uhrzeit;Stimmung;Ruhe\n"
                  "1;Anna;31.12.2024;03:10;4,5;-99\n1;Ben;31.12.2024;21:00;3,5;NA\n"
                  "1;Anna;01.01.2025;22:00;;6\n",
                  "long",
                  "2024-12-31T03:10:00|Anna|2024-12-30|Stimmung|4.5\n"
                  "2024-12-31T03:10:00|Anna|2024-12-30|Ruhe|missing\n"
                  "2024-12-31T21:00:00|Ben|2024-12-31|Stimmung|3.5\n"
                  "2024-12-31T21:00:00|Ben|2024-12-31|Ruhe|missing\n"
                  "2025-01-01T22:00:00|Anna|2025-01-01|Stimmung|missing\n"
                  "2025-01-01T22:00:00|Anna|2025-01-01|Ruhe|6\n");
}

static void wide(void **state)
{
    (void)state;
    expect_values("date,mood_Ann,mood_Ben,close_Ann,close_Ben\n2024-01-01,1,2,3,4\n"
                  "2024-01-02,2,,999,5\n",
                  "wide",
                  "2024-01-01T00:00:00|Ann|2024-01-01|mood|1\n"
                  "2024-01-01T00:00:00|Ben|2024-01-01|mood|2\n"
                  "2024-01-01T00:00:00|Ann|2024-01-01|close|3\n"
                  "2024-01-01T00:00:00|Ben|2024-01-01|close|4\n"
                  "2024-01-02T00:00:00|Ann|2024-01-02|mood|2\n"
                  "2024-01-02T00:00:00|Ben|2024-01-02|mood|missing\n"
                  "2024-01-02T00:00:00|Ann|2024-01-02|close|missing\n"
                  "2024-01-02T00:00:00|Ben|2024-01-02|close|5\n");
    expect_values("couple,day,x_m,x_w\n7,1,1,2\n8,1,3,4\n", "wide",
                  "86400|7:m|1|x|1\n86400|7:w|1|x|2\n86400|8:m|1|x|3\n86400|8:w|1|x|4\n");
}

static void numbered_items_are_no_partners(void **state)
{
    (void)state;
    expect_values("person,day,q1,q2,q3\nA,1,1,2,3\nB,1,4,5,6\n", "long",
                  "86400|A|1|q1|1\n86400|A|1|q2|2\n86400|A|1|q3|3\n"
                  "86400|B|1|q1|4\n86400|B|1|q2|5\n86400|B|1|q3|6\n");
}

static void pairwise(void **state)
{
    (void)state;
    expect_values("dyad,person,day,conflict_A,conflict_P,satisf_A,satisf_P\n"
                  "3,1,1,2,1,5,6\n3,2,1,1,2,6,5\n",
                  "pairwise",
                  "86400|1|1|conflict|2\n86400|1|1|satisf|5\n"
                  "86400|2|1|conflict|1\n86400|2|1|satisf|6\n");
    expect_values("couple,person,tension,p_tension,joy,p_joy\n3,1,1,2,3,4\n3,2,2,1,4,3\n",
                  "pairwise", "-|1||tension|1\n-|1||joy|3\n-|2||tension|2\n-|2||joy|4\n");
}

static void one_value_a_row(void **state)
{
    (void)state;
    expect_values("couple,partner,day,beep,item,value\n1,w,1,2,mood,3\n1,m,1,2,mood,.\n", "long",
                  "86400|w|2|mood|3\n86400|m|2|mood|missing\n");
}

static void physiology(void **state)
{
    (void)state;
    expect_values("time_s,hr_a,hr_b,eda_a (uS),eda_b (uS)\n0,70,80,1.5,2.5\n0.25,99,81,1.6,2.6\n",
                  "physiology",
                  "0|a||hr|70\n0|b||hr|80\n0|a|uS|eda|1.5\n0|b|uS|eda|2.5\n"
                  "0.250|a||hr|99\n0.250|b||hr|81\n0.250|a|uS|eda|1.6\n0.250|b|uS|eda|2.6\n");
}

static void spreadsheet_days(void **state)
{
    (void)state;
    expect_values("person,date,mood\nA,45292,1\nB,45292.75,2\n", "long",
                  "2024-01-01T00:00:00|A|2024-01-01|mood|1\n"
                  "2024-01-01T18:00:00|B|2024-01-01|mood|2\n");
}

static void day_cut(void **state)
{
    (void)state;
    static const char text[] = "person,time,mood\nA,2024-01-02T01:00,1\n";
    hf_read_options o = HF_READ_OPTIONS_INIT;
    o.day_cut_min = 0;
    hf_record *r = must_read_bytes("a.csv", text, strlen(text), &o);
    char *got = values(r);
    assert_string_equal(got, "2024-01-02T01:00:00|A|2024-01-02|mood|1\n");
    hf_i_free(test_ctx, got);
    hf_record_free(r);
}

static void said(void **state)
{
    (void)state;
    hf_record_summary s =
        summary_of("a.csv", "person,date,mood\nA,1/2/24,1\nA,1/2/24,2\nB,1/2/24,x\n", NULL);
    assert_true(s.date_ambiguous);
    assert_int_equal(s.warnings, 1); /* x is no number */
    s = summary_of(
        "a.csv", "day,mood\n1,3\n2,4\n",
        &(hf_read_options){sizeof(hf_read_options), HF_DATE_AUTO, "diary", NULL, NULL, 240});
    assert_true(s.limits & (1u << HF_LIMIT_ONE_SIDED));
    hf_record *r;
    assert_int_equal(hf_i_record_read_bytes(&r, test_ctx, "a.csv", "person,day,mood\n", 16, NULL),
                     HF_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_german),
        cmocka_unit_test(wide),
        cmocka_unit_test(numbered_items_are_no_partners),
        cmocka_unit_test(pairwise),
        cmocka_unit_test(one_value_a_row),
        cmocka_unit_test(physiology),
        cmocka_unit_test(spreadsheet_days),
        cmocka_unit_test(day_cut),
        cmocka_unit_test(said),
    };
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
