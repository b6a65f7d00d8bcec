/* SPDX-License-Identifier: MIT */
/* labels: unit property oracle */
/* Reading and writing numbers; the C library's strtod is the oracle. */
#include "num/random.h"
#include "support/test.h"
#include "text/number.h"
#include "text/number_shortest.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>

static bool parse(const char *text, double *x)
{
    return hf_i_number_parse(text, strlen(text), '.', x);
}

static void reads(void **state)
{
    (void)state;
    static const char *const good[] = {
        "0",
        "-0",
        "1",
        "+1",
        "1.5",
        ".5",
        "5.",
        "1e3",
        "1E+3",
        "1e-3",
        "-12.25e2",
        "9007199254740993",
        "123456789012345678901234567890",
        "0.1",
        "4.9406564584124654e-324",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "1e-400",
        "0.000000000000000000000000000000000000001234567890123456789",
        "100000000000000016777215",
        "9007199254740992.9999999999999999999999",
        "00012",
        "1e22",
        "1e23"};
    for (size_t i = 0; i < HF_COUNT_OF(good); i++) {
        double x = -1, want = strtod(good[i], NULL);
        if (!parse(good[i], &x) || x != want)
            fail_msg("%s: got %.17g, wanted %.17g", good[i], x, want);
    }
    static const char *const bad[] = {"",    "-",    "+",   ".",     "e1",    "1e",
                                      "1e+", "1 ",   " 1",  "1,5",   "1.2.3", "nan",
                                      "inf", "0x10", "1_0", "1e400", "--1",   "1e1.5"};
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++) {
        double x = 7;
        assert_false(parse(bad[i], &x));
        assert_true(x == 7);
    }
    double x;
    assert_true(hf_i_number_parse("3,25", 4, ',', &x) && x == 3.25);
    assert_false(hf_i_number_parse("3.25", 4, ',', &x));
    char longest[1100];
    memset(longest, '1', sizeof longest);
    assert_false(hf_i_number_parse(longest, sizeof longest, '.', &x));
}

static void reads_integers(void **state)
{
    (void)state;
    int64_t x;
    assert_true(hf_i_number_parse_int("-9223372036854775808", 20, &x) && x == INT64_MIN);
    assert_true(hf_i_number_parse_int("9223372036854775807", 19, &x) && x == INT64_MAX);
    assert_false(hf_i_number_parse_int("9223372036854775808", 19, &x));
    assert_false(hf_i_number_parse_int("99999999999999999999", 20, &x));
    assert_false(hf_i_number_parse_int("", 0, &x));
    assert_false(hf_i_number_parse_int("-", 1, &x));
    assert_false(hf_i_number_parse_int("1.0", 3, &x));
}

static void writes(void **state)
{
    (void)state;
    static const struct {
        double x;
        const char *text;
    } rows[] = {{0, "0"},
                {-0.0, "0"},
                {1, "1"},
                {-3, "-3"},
                {0.1, "0.1"},
                {1.0 / 3, "0.3333333333333333"},
                {100, "100"},
                {1e20, "100000000000000000000"},
                {1e21, "1e21"},
                {1.5e-9, "1.5e-9"},
                {0.000001, "0.000001"},
                {1e-7, "1e-7"},
                {123456.789, "123456.789"},
                {5e-324, "5e-324"},
                {1.7976931348623157e308, "1.7976931348623157e308"},
                {9007199254740993.0, "9007199254740992"},
                {0.1 + 0.2, "0.30000000000000004"},
                {-1234.5, "-1234.5"},
                {2.2250738585072014e-308, "2.2250738585072014e-308"},
                {1e15, "1000000000000000"},
                {123456789012345680.0, "123456789012345680"}};
    char out[HF_I_NUMBER_SIZE];
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        size_t n = hf_i_number_format(out, rows[i].x);
        assert_text(out, n, rows[i].text);
        assert_int_equal(out[n], 0);
    }
    assert_int_equal(hf_i_number_format(out, NAN), 0);
    assert_int_equal(hf_i_number_format(out, INFINITY), 0);
    assert_int_equal(hf_i_number_format_int(out, INT64_MIN), 20);
    assert_string_equal(out, "-9223372036854775808");
    assert_int_equal(hf_i_number_format_uint(out, UINT64_MAX), 20);
    assert_string_equal(out, "18446744073709551615");
}

static void writes_fixed(void **state)
{
    (void)state;
    char out[HF_I_NUMBER_SIZE];
    hf_i_number_format_fixed(out, 12.345678, 2);
    assert_string_equal(out, "12.35");
    hf_i_number_format_fixed(out, -0.001, 2);
    assert_string_equal(out, "0.00");
    hf_i_number_format_fixed(out, -1.5, 0);
    assert_string_equal(out, "-2");
    hf_i_number_format_fixed(out, 999.999, 1);
    assert_string_equal(out, "1000.0");
    assert_int_equal(hf_i_number_format_fixed(out, NAN, 2), 0);
    hf_i_number_format_fixed(out, 1e300, 2);
    assert_string_equal(out, "1e300");
}

static size_t only_digits(char *to, const char *text)
{
    size_t n = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (n || *text != '0'))
            to[n++] = *text;
    while (n && to[n - 1] == '0')
        n--;
    to[n] = '\0';
    return n;
}

static void same_digits(const char *a, const char *b)
{
    char da[64], db[64];
    only_digits(da, a);
    only_digits(db, b);
    assert_string_equal(da, db);
}

/* Random bits, and random short decimals: what is written reads back, is never longer than 17
 * digits, and no text with one digit less reads back. */
static void round_trips(void **state)
{
    (void)state;
    hf_i_random r;
    hf_i_random_init(&r, 7, 0, 0);
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = hf_i_random_u64(&r);
        double x, back = 0;
        if (i % 2)
            memcpy(&x, &bits, sizeof x);
        else
            x = (double)(bits % 1000000) / pow(10, (double)(bits >> 32 & 15));
        if (!isfinite(x))
            continue;
        char out[HF_I_NUMBER_SIZE], shorter[64];
        size_t n = hf_i_number_format(out, x);
        if (!hf_i_number_parse(out, n, '.', &back) || back != x || strtod(out, NULL) != x)
            fail_msg("%.17g was written as %s", x, out);
        char plain[64];
        size_t digits = only_digits(plain, out);
        assert_in_range(digits, 0, 17);
        /* Of the same length printf's is the nearest: ours is it, or one that lies as near. */
        snprintf(shorter, sizeof shorter, "%.*e", digits ? (int)digits - 1 : 0, x);
        if (x != 0 && strtod(shorter, NULL) == x)
            same_digits(out, shorter);
        if (digits > 1) {
            snprintf(shorter, sizeof shorter, "%.*e", (int)digits - 2, x);
            assert_true(strtod(shorter, NULL) != x);
        }
    }
}

/* Decimals with many digits near ties: the oracle decides. */
static void reads_as_strtod(void **state)
{
    (void)state;
    hf_i_random r;
    hf_i_random_init(&r, 8, 0, 0);
    for (int i = 0; i < 200000; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s%llu.%llue%d", i % 3 ? "" : "-",
                 (unsigned long long)(hf_i_random_u64(&r) >> (i % 60)),
                 (unsigned long long)(hf_i_random_u64(&r) >> (i % 50)),
                 (int)hf_i_random_below(&r, 620) - 330);
        double x = 0, want = strtod(text, NULL);
        bool ok = parse(text, &x);
        assert_int_equal(ok, isfinite(want));
        if (ok && x != want)
            fail_msg("%s: got %.17g, wanted %.17g", text, x, want);
    }
}

/* 10^k and 2^2047 / 10^-k exactly, as whole numbers of 32-bit words, the lowest first. */
enum { WORDS = 64 };

static void times_ten(uint32_t *n)
{
    uint64_t carry = 0;
    for (int i = 0; i < WORDS; i++) {
        carry += (uint64_t)n[i] * 10;
        n[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void by_ten(uint32_t *n)
{
    uint64_t rest = 0;
    for (int i = WORDS - 1; i >= 0; i--) {
        rest = rest << 32 | n[i];
        n[i] = (uint32_t)(rest / 10);
        rest %= 10;
    }
}

/* The upper 128 bits; *more when any below is set. */
static void upper(const uint32_t *n, uint64_t out[2], bool *more)
{
    int top = WORDS * 32 - 1;
    while (!(n[top / 32] >> top % 32 & 1))
        top--;
    out[0] = out[1] = 0;
    *more = false;
    for (int bit = 0; bit <= top; bit++)
        if (n[bit / 32] >> bit % 32 & 1) {
            int at = bit - (top - 127);
            if (at < 0)
                *more = true;
            else
                out[at < 64] |= UINT64_C(1) << at % 64;
        }
}

static void the_table_of_powers(void **state)
{
    (void)state;
    uint32_t up[WORDS] = {1}, down[WORDS] = {0};
    uint64_t want[2];
    bool more;
    for (int k = 0; k <= HF_I_POWER10_MAX; k++, times_ten(up)) {
        upper(up, want, &more);
        want[1] += more;
        want[0] += more && !want[1];
        assert_true(want[0] == hf_i_number_power10(k)[0] && want[1] == hf_i_number_power10(k)[1]);
    }
    down[WORDS - 1] = UINT32_C(1) << 31;
    for (int k = -1; k >= HF_I_POWER10_MIN; k--) {
        by_ten(down);
        upper(down, want, &more);
        /* Never exact: the fraction goes on for ever. */
        want[1]++;
        want[0] += !want[1];
        assert_true(want[0] == hf_i_number_power10(k)[0] && want[1] == hf_i_number_power10(k)[1]);
    }
}

/* With a locale whose point is a comma nothing changes. Without such a locale on the machine the
 * test has nothing to compare and says so. */
static void any_locale(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8", "pt_BR.UTF-8"};
    bool found = false;
    for (size_t i = 0; !found && i < HF_COUNT_OF(names); i++)
        found = setlocale(LC_NUMERIC, names[i]) != NULL;
    if (!found) {
        print_message("no locale with a decimal comma here\n");
        skip();
    }
    char out[HF_I_NUMBER_SIZE];
    double x = 0;
    hf_i_number_format(out, 0.1 + 0.2);
    assert_string_equal(out, "0.30000000000000004");
    hf_i_number_format_fixed(out, 1.25, 1);
    assert_string_equal(out, "1.2");
    assert_true(parse("1.7976931348623157e308", &x) && x == 1.7976931348623157e308);
    setlocale(LC_NUMERIC, "C");
}

RUN_TESTS(cmocka_unit_test(reads), cmocka_unit_test(reads_integers), cmocka_unit_test(writes),
          cmocka_unit_test(writes_fixed), cmocka_unit_test(round_trips),
          cmocka_unit_test(reads_as_strtod), cmocka_unit_test(the_table_of_powers),
          cmocka_unit_test(any_locale))
