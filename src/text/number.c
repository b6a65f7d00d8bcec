/* SPDX-License-Identifier: MIT */
#include "text/number.h"

#include "text/number_shortest.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 1000, EXACT_POWERS = 22, DIGITS = 17 };

/* Powers of ten that a double holds exactly. */
static const double power10[EXACT_POWERS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* strtod with the C locale's point. For that locale glibc and musl give a static object. */
static bool slow_parse(const char *text, size_t size, char decimal, double *out)
{
    char copy[MAX_TEXT + 1];
    for (size_t i = 0; i < size; i++)
        copy[i] = (char)(text[i] == decimal ? '.' : text[i]);
    copy[size] = '\0';
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c)
        return false;
    char *end;
    double x = strtod_l(copy, &end, c);
    freelocale(c);
    if (end != copy + size || !isfinite(x))
        return false;
    *out = x;
    return true;
}

/* A decimal number as sign, digits and exponent; digits beyond 19 are only counted. */
typedef struct {
    bool negative, exact;
    uint64_t digits;
    int64_t exponent;
} decimal_number;

static bool read_exponent(const char *text, size_t size, size_t i, int64_t *exponent)
{
    bool negative = i < size && text[i] == '-';
    int64_t e = 0;
    if (i < size && (text[i] == '-' || text[i] == '+'))
        i++;
    if (i >= size)
        return false;
    for (; i < size; i++) {
        if (!is_digit(text[i]))
            return false;
        if (e < 100000)
            e = e * 10 + (text[i] - '0');
    }
    *exponent += negative ? -e : e;
    return true;
}

static bool scan(const char *text, size_t size, char decimal, decimal_number *n)
{
    size_t i = 0, seen = 0, kept = 0;
    bool after_point = false;
    *n = (decimal_number){.exact = true};
    if (i < size && (text[i] == '-' || text[i] == '+'))
        n->negative = text[i++] == '-';
    for (; i < size; i++) {
        if (text[i] == decimal && !after_point) {
            after_point = true;
            continue;
        }
        if (!is_digit(text[i]))
            break;
        seen++;
        if (kept < 19) {
            n->digits = n->digits * 10 + (uint64_t)(text[i] - '0');
            kept += n->digits != 0;
            n->exponent -= after_point;
        } else {
            n->exact = n->exact && text[i] == '0';
            n->exponent += !after_point;
        }
    }
    if (seen == 0)
        return false;
    if (i == size)
        return true;
    return (text[i] == 'e' || text[i] == 'E') && read_exponent(text, size, i + 1, &n->exponent);
}

bool hf_i_number_parse(const char *text, size_t size, char decimal, double *out)
{
    decimal_number n;
    if (size == 0 || size > MAX_TEXT || !scan(text, size, decimal, &n))
        return false;
    /* Both factors exact: one rounding, hence the nearest double (Clinger 1990). */
    if (n.exact && n.digits < (UINT64_C(1) << 53) && n.exponent >= -EXACT_POWERS &&
        n.exponent <= EXACT_POWERS) {
        double x = (double)n.digits;
        x = n.exponent < 0 ? x / power10[-n.exponent] : x * power10[n.exponent];
        *out = n.negative ? -x : x;
        return true;
    }
    return slow_parse(text, size, decimal, out);
}

bool hf_i_number_parse_int(const char *text, size_t size, int64_t *out)
{
    size_t i = 0;
    bool negative = false;
    uint64_t x = 0;
    if (size && (text[0] == '-' || text[0] == '+'))
        negative = text[i++] == '-';
    if (i == size)
        return false;
    for (; i < size; i++) {
        if (!is_digit(text[i]))
            return false;
        unsigned digit = (unsigned)(text[i] - '0');
        if (x > (UINT64_MAX - digit) / 10)
            return false;
        x = x * 10 + digit;
    }
    if (x > (uint64_t)INT64_MAX + negative)
        return false;
    *out = negative ? (int64_t)(0 - x) : (int64_t)x;
    return true;
}

/* ---- writing ------------------------------------------------------------------------------ */

/* Two digits a step: the division is what costs. */
static size_t put_uint(char *out, uint64_t x)
{
    static const char pairs[] = "0001020304050607080910111213141516171819"
                                "2021222324252627282930313233343536373839"
                                "4041424344454647484950515253545556575859"
                                "6061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    char text[20];
    size_t at = sizeof text;
    while (x >= 10) {
        memcpy(text + (at -= 2), pairs + 2 * (x % 100), 2);
        x /= 100;
    }
    if (x || at == sizeof text)
        text[--at] = (char)('0' + x);
    size_t n = sizeof text - at;
    memcpy(out, text + at, n);
    out[n] = '\0';
    return n;
}

static size_t put_int(char *out, int64_t x)
{
    out[0] = '-';
    return x < 0 ? 1 + put_uint(out + 1, 0 - (uint64_t)x) : put_uint(out, (uint64_t)x);
}

size_t hf_i_number_format_uint(char out[HF_I_NUMBER_SIZE], uint64_t x)
{
    return put_uint(out, x);
}

size_t hf_i_number_format_int(char out[HF_I_NUMBER_SIZE], int64_t x)
{
    return put_int(out, x);
}

/* Digits d1 d2 ... (no trailing zeros) and the place of the point: 0.d1d2... * 10^point. */
typedef struct {
    char digits[DIGITS + 3];
    int count, point;
} decimal_digits;

static void set_digits(decimal_digits *d, uint64_t m, int exponent)
{
    char text[HF_I_NUMBER_SIZE];
    int n = (int)put_uint(text, m);
    d->point = n + exponent;
    while (n > 1 && text[n - 1] == '0')
        n--;
    d->count = n;
    memcpy(d->digits, text, (size_t)n);
}

/* As JavaScript prints numbers: plain from 1e-7 up to 1e21, else with an exponent. */
static size_t lay_out(char *out, const decimal_digits *d)
{
    size_t n = 0;
    if (d->point > 0 && d->point <= 21) {
        for (int i = 0; i < d->point || i < d->count; i++) {
            if (i == d->point)
                out[n++] = '.';
            out[n++] = (char)(i < d->count ? d->digits[i] : '0');
        }
    } else if (d->point <= 0 && d->point > -6) {
        out[n++] = '0';
        out[n++] = '.';
        for (int i = d->point; i < d->count; i++)
            out[n++] = (char)(i < 0 ? '0' : d->digits[i]);
    } else {
        for (int i = 0; i < d->count; i++) {
            if (i == 1)
                out[n++] = '.';
            out[n++] = d->digits[i];
        }
        out[n++] = 'e';
        n += put_int(out + n, d->point - 1);
    }
    out[n] = '\0';
    return n;
}

size_t hf_i_number_format(char out[HF_I_NUMBER_SIZE], double x)
{
    decimal_digits d;
    size_t sign = 0;
    out[0] = '\0';
    if (!isfinite(x))
        return 0;
    if (x == 0) {
        out[0] = '0';
        out[1] = '\0';
        return 1;
    }
    if (x < 0) {
        out[sign++] = '-';
        x = -x;
    }
    uint64_t digits;
    int exponent;
    hf_i_number_shortest(x, &digits, &exponent);
    set_digits(&d, digits, exponent);
    return sign + lay_out(out + sign, &d);
}

size_t hf_i_number_format_fixed(char out[HF_I_NUMBER_SIZE], double x, int decimals)
{
    if (!(fabs(x) < 1e15))
        return hf_i_number_format(out, x);
    char text[64];
    size_t n = 0;
    decimals = decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
    snprintf(text, sizeof text, "%.*f", decimals, x);
    /* Where the point stands follows from the digits; which bytes it has is the locale's. */
    size_t digits = 0, whole;
    for (const char *p = text; *p; p++)
        digits += is_digit(*p);
    whole = digits - (size_t)decimals;
    digits = 0;
    for (const char *p = text; *p; p++) {
        if (!is_digit(*p) && *p != '-')
            continue;
        if (is_digit(*p) && digits++ == whole)
            out[n++] = '.';
        out[n++] = *p;
    }
    out[n] = '\0';
    /* "-0.00" says nothing that "0.00" does not. */
    if (out[0] == '-' && strspn(out, "-0.") == n) {
        memmove(out, out + 1, n);
        n--;
    }
    return n;
}
