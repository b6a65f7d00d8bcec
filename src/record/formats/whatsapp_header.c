/* SPDX-License-Identifier: MIT */
/* The header of a WhatsApp line, in every locale: digits of any script, marks of direction, words
 * for a.m. and p.m. before or behind the time, any short word between date and time. */
#include "record/formats/whatsapp.h"

#include <string.h>

enum { MAX_BETWEEN = 40 }; /* bytes between date and time */

/* The first bytes of E2 80 xx and E2 81 xx sequences that have no width. */
static size_t mark_at(const char *p, const char *end)
{
    const unsigned char *u = (const unsigned char *)p;
    if (end - p < 3)
        return 0;
    if (u[0] == 0xE2 && u[1] == 0x80 &&
        (u[2] == 0x8E || u[2] == 0x8F || u[2] == 0x8B || (u[2] >= 0xAA && u[2] <= 0xAE)))
        return 3; /* U+200E, 200F, 200B, 202A to 202E */
    if (u[0] == 0xE2 && u[1] == 0x81 && u[2] >= 0xA6 && u[2] <= 0xA9)
        return 3; /* U+2066 to 2069 */
    return u[0] == 0xEF && u[1] == 0xBB && u[2] == 0xBF ? 3 : 0;
}

const char *hf_i_wa_skip_marks(const char *p, const char *end)
{
    for (size_t n; (n = mark_at(p, end)) > 0;)
        p += n;
    return p;
}

static size_t space_at(const char *p, const char *end)
{
    const unsigned char *u = (const unsigned char *)p;
    if (p >= end)
        return 0;
    if (*p == ' ' || *p == '\t' || *p == '_')
        return 1;
    if (end - p >= 2 && u[0] == 0xC2 && u[1] == 0xA0)
        return 2;
    if (end - p >= 3 && u[0] == 0xE2 && u[1] == 0x80 && (u[2] == 0xAF || u[2] == 0x89))
        return 3; /* U+202F, U+2009 */
    return mark_at(p, end);
}

static const char *skip_spaces(const char *p, const char *end)
{
    for (size_t n; (n = space_at(p, end)) > 0;)
        p += n;
    return p;
}

/* Digits beyond ASCII: the bytes before the last, and the last byte of the zero. */
static const struct {
    unsigned char lead[2], size, zero;
} scripts[] = {
    {{0xD9, 0}, 2, 0xA0},    /* Arabic-Indic */
    {{0xDB, 0}, 2, 0xB0},    /* Persian, Urdu */
    {{0xE0, 0xA5}, 3, 0xA6}, /* Devanagari */
    {{0xE0, 0xA7}, 3, 0xA6}, /* Bengali */
    {{0xE0, 0xA9}, 3, 0xA6}, /* Gurmukhi */
    {{0xE0, 0xAB}, 3, 0xA6}, /* Gujarati */
    {{0xE0, 0xAF}, 3, 0xA6}, /* Tamil */
    {{0xE0, 0xB1}, 3, 0xA6}, /* Telugu */
    {{0xE0, 0xB3}, 3, 0xA6}, /* Kannada */
    {{0xE0, 0xB5}, 3, 0xA6}, /* Malayalam */
    {{0xE0, 0xB9}, 3, 0x90}, /* Thai */
    {{0xE1, 0x81}, 3, 0x80}, /* Myanmar */
    {{0xEF, 0xBC}, 3, 0x90}, /* fullwidth */
};

/* The bytes of a digit at p, 0 if there is none. */
static size_t digit_at(const char *p, const char *end, unsigned *value)
{
    const unsigned char *u = (const unsigned char *)p;
    if (p >= end)
        return 0;
    if (*u < 0x80) {
        *value = *u - '0';
        return *value <= 9;
    }
    for (size_t i = 0; i < HF_COUNT_OF(scripts); i++) {
        size_t n = scripts[i].size;
        if ((size_t)(end - p) < n || u[0] != scripts[i].lead[0] ||
            (n == 3 && u[1] != scripts[i].lead[1]))
            continue;
        unsigned v = (unsigned)u[n - 1] - scripts[i].zero;
        if (v <= 9) {
            *value = v;
            return n;
        }
    }
    return 0;
}

/* 1 to max digits; *count says how many. NULL when there is none, or one too many. */
static const char *number(const char *p, const char *end, int max, unsigned *value, int *count)
{
    unsigned v = 0, d;
    int k = 0;
    for (size_t n; (n = digit_at(p, end, &d)) > 0; p += n) {
        if (++k > max)
            return NULL;
        v = v * 10 + d;
    }
    *value = v;
    *count = k;
    return k ? p : NULL;
}

static bool starts(const char *p, const char *end, const char *word, size_t *n)
{
    *n = strlen(word);
    return (size_t)(end - p) >= *n && memcmp(p, word, *n) == 0;
}

/* Between two numbers of the date: / . - or a word for year and month, with spaces and marks
 * around. */
static const char *date_separator(const char *p, const char *end, char *separator)
{
    static const char *const words[] = {"年", "月", "년", "월"};
    p = hf_i_wa_skip_marks(p, end);
    if (p >= end)
        return NULL;
    if (*p == '/' || *p == '.' || *p == '-') {
        *separator = *p;
        return skip_spaces(p + 1, end);
    }
    if ((unsigned char)*p < 0x80)
        return NULL;
    for (size_t i = 0, n; i < HF_COUNT_OF(words); i++)
        if (starts(p, end, words[i], &n)) {
            *separator = '.';
            return skip_spaces(p + n, end);
        }
    return NULL;
}

static const char *parse_date(const char *p, const char *end, hf_i_wa_header *h)
{
    for (int i = 0; i < 3; i++) {
        unsigned v;
        int count;
        char separator = 0;
        if (!(p = number(p, end, i == 1 ? 2 : 4, &v, &count)))
            return NULL;
        h->num[i] = (uint16_t)v;
        h->year_first |= i == 0 && count == 4;
        h->year_long |= count == 4;
        if (count == 3)
            return NULL;
        if (v < 10 && !(i == 2 && !h->year_first)) {
            h->padded |= count == 2;
            h->unpadded |= count == 1;
        }
        if (i == 2)
            break;
        if (!(p = date_separator(p, end, &separator)))
            return NULL;
        if (i == 0)
            h->separator = separator;
    }
    size_t n;
    if (p < end && *p == '.')
        p++;
    else if (starts(p, end, "日", &n) || starts(p, end, "일", &n))
        p += n;
    return p;
}

/* Words for the halves of the day. Half 0: before noon. Compared without case in ASCII. */
static const struct {
    const char *word;
    int half;
} halves[] = {
    {"am", 0},         {"pm", 1},         {"a.m.", 0},       {"p.m.", 1},       {"a.m", 0},
    {"p.m", 1},        {"a. m.", 0},      {"p. m.", 1},      {"a. m", 0},       {"p. m", 1},
    {"a.\u00a0m.", 0}, {"p.\u00a0m.", 1}, {"a.\u202fm.", 0}, {"p.\u202fm.", 1}, {"f.m.", 0},
    {"e.m.", 1},       {"fm", 0},         {"em", 1},         {"ap.", 0},        {"ip.", 1},
    {"vm.", 0},        {"nm.", 1},        {"vorm.", 0},      {"nachm.", 1},     {"dop.", 0},
    {"odp.", 1},       {"de.", 0},        {"du.", 1},        {"öö", 0},         {"ös", 1},
    {"ÖÖ", 0},         {"ÖS", 1},         {"sa", 0},         {"ch", 1},         {"pd", 0},
    {"md", 1},         {"pg", 0},         {"ptg", 1},        {"π.μ.", 0},       {"μ.μ.", 1},
    {"πμ", 0},         {"μμ", 1},         {"上午", 0},       {"下午", 1},       {"凌晨", 0},
    {"早上", 0},       {"清晨", 0},       {"中午", 1},       {"晚上", 1},       {"傍晚", 1},
    {"午前", 0},       {"午後", 1},       {"오전", 0},       {"오후", 1},       {"ص", 0},
    {"م", 1},          {"ق.ظ.", 0},       {"ب.ظ.", 1},       {"ق.ظ", 0},        {"ب.ظ", 1},
    {"ق.د.", 0},       {"ب.د.", 1},       {"पूर्वाह्न", 0},     {"अपराह्न", 1},     {"म.पू.", 0},
    {"म.उ.", 1},       {"পূর্বাহ্ণ", 0},     {"অপরাহ্ণ", 1},     {"முற்பகல்", 0},     {"பிற்பகல்", 1},
    {"ก่อนเที่ยง", 0},    {"หลังเที่ยง", 1},    {"לפנה״צ", 0},     {"אחה״צ", 1},      {"לפנה\"צ", 0},
    {"אחה\"צ", 1},     {"пр.об.", 0},     {"сл.об.", 1},     {"дп", 0},         {"пп", 1},
    {"ДП", 0},         {"ПП", 1},         {"AM", 0},         {"PM", 1},
};

/* Whether word stands at p, without regard to ASCII case. */
static bool same_word(const char *p, const char *end, const char *word, size_t *n)
{
    size_t i = 0;
    for (; word[i]; i++) {
        if (p + i >= end)
            return false;
        char a = p[i], b = word[i];
        if (a >= 'A' && a <= 'Z')
            a = (char)(a + 32);
        if (b >= 'A' && b <= 'Z')
            b = (char)(b + 32);
        if (a != b)
            return false;
    }
    *n = i;
    return true;
}

/* The half of the day named at p: 0 or 1, and how long the word is; -1 for none. The longest
 * word counts, so that 'a.m.' is not 'a.m' and a dot. */
static int half_at(const char *p, const char *end, size_t *size)
{
    int half = -1;
    size_t n;
    *size = 0;
    if (p >= end || (*p >= '0' && *p <= '9') || *p == ' ' || *p == '-' || *p == ']' || *p == ':')
        return -1;
    for (size_t i = 0; i < HF_COUNT_OF(halves); i++)
        if (same_word(p, end, halves[i].word, &n) && n > *size) {
            *size = n;
            half = halves[i].half;
        }
    return half;
}

/* What stands between date and time: spaces, a comma, a short word, perhaps the half of the day.
 * Returns where the time starts. */
static const char *between(const char *p, const char *end, int *half)
{
    const char *start = p;
    unsigned d;
    if (end - p >= 3 && p[0] == ',' && p[1] == ' ' && p[2] >= '0' && p[2] <= '9')
        return p + 2;
    while (p < end && digit_at(p, end, &d) == 0) {
        size_t n;
        if (p - start > MAX_BETWEEN || *p == ':' || *p == '/' || *p == '[' || *p == ']' ||
            *p == '<' || *p == '(' || *p == '-')
            return NULL;
        bool first = p == start;
        int found = first ? -1 : half_at(p, end, &n);
        /* A word, not the inside of one: 'um' must not hide in 'album'. */
        bool word = p > start && (space_at(p - 1, end) || (unsigned char)p[-1] >= 0x80 ||
                                  (unsigned char)*p >= 0x80);
        if (found >= 0 && word) {
            *half = found;
            p += n;
        } else {
            p++;
        }
    }
    return p > start && p < end ? p : NULL;
}

static const char *time_separator(const char *p, const char *end)
{
    if (p < end && (*p == ':' || *p == '.'))
        return p + 1;
    /* 21 h 15, 21h15 */
    const char *q = p < end && *p == ' ' ? p + 1 : p;
    if (q < end && *q == 'h')
        return q + 1 < end && q[1] == ' ' ? q + 2 : q + 1;
    return NULL;
}

static const char *parse_time(const char *p, const char *end, hf_i_wa_header *h, int half)
{
    unsigned v[3] = {0, 0, 63};
    int count;
    const char *q;
    if (!(p = number(p, end, 2, &v[0], &count)) || !(p = time_separator(p, end)) ||
        !(p = number(p, end, 2, &v[1], &count)) || count != 2)
        return NULL;
    if (p + 2 < end && (*p == ':' || *p == '.') && (q = number(p + 1, end, 2, &v[2], &count)))
        p = q;
    if (count != 2 || v[0] > 24 || v[1] > 59 || (v[2] > 59 && v[2] != 63)) {
        if (v[2] != 60)
            return NULL;
        v[2] = 59; /* a leap second */
    }
    size_t n;
    q = skip_spaces(p, end);
    int after = half_at(q, end, &n);
    if (after >= 0) {
        half = after;
        p = q + n;
    }
    if (half >= 0) {
        h->twelve = true;
        if (half == 0 && v[0] == 12)
            v[0] = 0;
        else if (half == 1 && v[0] < 12)
            v[0] += 12;
    }
    h->hour = (uint8_t)v[0];
    h->minute = (uint8_t)v[1];
    h->second = (uint8_t)v[2];
    return p;
}

/* What ends the header outside brackets. */
static const char *parse_end(const char *p, const char *end, hf_i_wa_header *h)
{
    static const char *const dashes[] = {"-", "–", "—"};
    const char *q = skip_spaces(p, end);
    for (size_t i = 0, n; i < HF_COUNT_OF(dashes); i++)
        if (starts(q, end, dashes[i], &n)) {
            const char *body = q + n;
            size_t space = space_at(body, end);
            if (body < end && !space)
                return NULL;
            h->layout = HF_I_WA_DASH;
            return *(body + (space ? 0 : -1)) == ' ' ? body + 1 : body + space;
        }
    h->layout = HF_I_WA_BARE;
    if (p < end && *p == ':' && p + 1 < end && p[1] == ' ')
        return p + 2;
    return q > p && q < end && h->second != 63 ? q : NULL;
}

/* The header of [p, end) from its time of day on. */
static const char *parse_rest(const char *p, const char *end, hf_i_wa_header *out)
{
    bool bracket = out->layout == HF_I_WA_BRACKET;
    if (!(p = parse_time(p, end, out, out->half)))
        return NULL;
    if (!bracket)
        return parse_end(p, end, out);
    p = skip_spaces(p, end);
    if (p >= end || *p != ']')
        return NULL;
    p++;
    return p < end && *p == ' ' ? p + 1 : p;
}

const char *hf_i_wa_clock(const char *p, const char *end, int *hour, int *minute, int *second)
{
    hf_i_wa_header h = {0};
    size_t n;
    int half = half_at(p, end, &n);
    if (half >= 0)
        p = skip_spaces(p + n, end);
    if (!(p = parse_time(p, end, &h, half)))
        return NULL;
    *hour = h.hour;
    *minute = h.minute;
    *second = h.second;
    return p;
}

const char *hf_i_wa_stamp(const char *p, const char *end, hf_i_wa_header *out)
{
    int half = -1;
    *out = (hf_i_wa_header){0};
    unsigned d;
    if (digit_at(p, end, &d) == 0 || !(p = parse_date(p, end, out)) ||
        !(p = between(p, end, &half)))
        return NULL;
    return parse_time(p, end, out, half);
}

const char *hf_i_wa_header_parse(const char *p, const char *end, hf_i_wa_header *out)
{
    int half = -1;
    const char *start = p;
    p = hf_i_wa_skip_marks(p, end);
    if (p >= end)
        return NULL;
    bool bracket = *p == '[';
    if (bracket)
        p = hf_i_wa_skip_marks(p + 1, end);
    unsigned d;
    if (digit_at(p, end, &d) == 0)
        return NULL;
    *out = (hf_i_wa_header){0};
    if (!(p = parse_date(p, end, out)) || !(p = between(p, end, &half)))
        return NULL;
    out->layout = bracket ? HF_I_WA_BRACKET : HF_I_WA_DASH;
    out->half = (int8_t)half;
    out->time_at = (uint16_t)(p - start);
    return parse_rest(p, end, out);
}

const char *hf_i_wa_header_parse_like(const char *p, const char *end, const char *before,
                                      hf_i_wa_header *h)
{
    size_t n = h->time_at;
    if (!before || (size_t)(end - p) < n || memcmp(p, before, n) != 0)
        return hf_i_wa_header_parse(p, end, h);
    h->twelve = false;
    if (h->layout != HF_I_WA_BRACKET)
        h->layout = HF_I_WA_DASH;
    return parse_rest(p + n, end, h);
}
