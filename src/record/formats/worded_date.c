/* SPDX-License-Identifier: MIT */
#include "record/formats/worded_date.h"

#include "record/formats/whatsapp.h"
#include "text/time.h"

#include <string.h>

/* The first letters of the months: each language's twelve, in order; enough to tell them apart. */
static const char *const months[][12] = {
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
    {"jan", "feb", "mär", "apr", "mai", "juni", "juli", "aug", "sep", "okt", "nov", "dez"},
    {"janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "octo", "nove", "déc"},
    {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
    {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
    {"jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"},
    {"jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
    {"jan", "feb", "mrt", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "des"},
    {"янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"},
    {"січ", "лют", "бер", "кві", "тра", "чер", "лип", "сер", "вер", "жов", "лис", "гру"},
    {"sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"},
    {"led", "úno", "bře", "dub", "kvě", "červn", "července", "srp", "zář", "říj", "lis", "pro"},
    {"oca", "şub", "mar", "nis", "may", "haz", "tem", "ağu", "eyl", "eki", "kas", "ara"},
    {"jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"},
    {"tam", "hel", "maal", "huh", "touk", "kes", "hei", "elo", "syy", "lok", "mar", "jou"},
    {"jan", "febr", "márc", "ápr", "máj", "jún", "júl", "aug", "szept", "okt", "nov", "dec"},
    {"ian", "feb", "mar", "apr", "mai", "iun", "iul", "aug", "sept", "oct", "noi", "dec"},
    {"jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"},
    {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر",
     "نوفمبر", "ديسمبر"},
    {"Ιαν", "Φεβ", "Μαρ", "Απρ", "Μαΐ", "Ιουν", "Ιουλ", "Αυγ", "Σεπ", "Οκτ", "Νοε", "Δεκ"},
};
enum { FINNISH = 14 };

/* Days of the week that begin like a month. */
static const char *const weekdays[] = {"martes", "mardi", "martedì", "maandag", "marți", "sereda"};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool begins(const char *word, size_t size, const char *with)
{
    size_t n = strlen(with);
    bool same = size >= n;
    for (size_t i = 0; i < n && same; i++)
        same = word[i] == with[i] || lower(word[i]) == with[i];
    return same;
}

static int month_named(const char *word, size_t size)
{
    for (size_t i = 0; i < HF_COUNT_OF(weekdays); i++)
        if (begins(word, size, weekdays[i]))
            return 0;
    /* 'marraskuuta' is November, 'maaliskuuta' March: the rest of Finnish is like nothing else. */
    for (int m = 0; m < 12; m++)
        if (size > 7 && memmem(word, size, "kuu", 3) && begins(word, size, months[FINNISH][m]))
            return m + 1;
    for (size_t l = 0; l < HF_COUNT_OF(months); l++)
        for (int m = 0; m < 12; m++)
            if (begins(word, size, months[l][m]) && l != FINNISH)
                return m + 1;
    return 0;
}

typedef struct {
    int year, month, day, hour, minute, second;
    bool clock, seconds, am, pm, month_next;
} parts;

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0xC3;
}

static bool digit(const char *p, const char *end)
{
    return p < end && *p >= '0' && *p <= '9';
}

/* ':29' or '.29' behind an hour or minute: where it ends, else NULL. */
static const char *take_sixtieth(const char *p, const char *end, int *out)
{
    if (end - p < 3 || (*p != ':' && *p != '.') || !digit(p + 1, end) || !digit(p + 2, end) ||
        digit(p + 3, end))
        return NULL;
    *out = (p[1] - '0') * 10 + (p[2] - '0');
    return p + 3;
}

static bool follows(const char *at, const char *end, const char *what)
{
    return (size_t)(end - at) >= strlen(what) && memcmp(at, what, strlen(what)) == 0;
}

/* '3시 0분 29초', '3时00分'. */
static bool take_counted(parts *p, const char *at, const char *end, int v)
{
    bool hour = follows(at, end, "시") || follows(at, end, "時") || follows(at, end, "时");
    bool minute = follows(at, end, "분") || follows(at, end, "分");
    bool second = follows(at, end, "초") || follows(at, end, "秒");
    if (hour) {
        p->clock = true;
        p->hour = v;
    }
    if (minute)
        p->minute = v;
    p->seconds |= second;
    if (second)
        p->second = v;
    return hour || minute || second;
}

/* A number and what follows it says what it is: 2026年, 5月, 29日, 3:00:29, else by its size. */
static const char *take_number(parts *p, const char *at, const char *end)
{
    int v = 0, digits = 0;
    for (; digit(at, end) && digits < 5; at++, digits++)
        v = v * 10 + (*at - '0');
    bool month = p->month_next || follows(at, end, "月") || follows(at, end, "월");
    p->month_next = false;
    /* '15.13' is a time of day only behind the year: '20.06' is none. */
    bool clock = digits < 3 && at < end && (*at == ':' || (*at == '.' && p->year));
    const char *q = clock && !p->clock ? take_sixtieth(at, end, &p->minute) : NULL;
    if (q) {
        p->clock = true;
        p->hour = v;
        at = take_sixtieth(q, end, &p->second);
        p->seconds = at != NULL;
        return at ? at : q;
    }
    if (take_counted(p, at, end, v))
        return at + 3;
    if (digits == 4)
        p->year = v;
    else if (month)
        p->month = v;
    else if (p->day == 0)
        p->day = v;
    return at;
}

static void take_word(parts *p, const char *at, size_t size, const char *end)
{
    static const char *const before[] = {"上午", "午前", "오전"}, *const after[] = {"下午", "午後",
                                                                                    "오후"};
    bool m = (size == 2 && lower(at[1]) == 'm') ||
             (size == 1 && p->clock && at + 1 < end && at[1] == '.');
    p->am |= m && lower(at[0]) == 'a';
    p->pm |= m && lower(at[0]) == 'p';
    p->am |= size == 2 && memcmp(at, "ص", 2) == 0;
    p->pm |= size == 2 && memcmp(at, "م", 2) == 0;
    for (size_t i = 0; i < HF_COUNT_OF(before); i++) {
        p->am |= begins(at, size, before[i]);
        p->pm |= begins(at, size, after[i]);
    }
    p->month_next = begins(at, size, "tháng") || begins(at, size, "Tháng");
    /* The last one: a short day of the week may look like a month ('mar. 5 mars'). */
    int month = p->clock ? 0 : month_named(at, size);
    p->month = month ? month : p->month;
}

/* Dashes, narrow spaces and the like (U+2000 to U+206F), and the no-break space. */
static size_t gap(const char *p, const char *end)
{
    if (end - p >= 3 && p[0] == '\xE2' && (p[1] == '\x80' || p[1] == '\x81'))
        return 3;
    return end - p >= 2 && p[0] == '\xC2' ? 2 : 0;
}

static void take_all(parts *p, const char *at, const char *end)
{
    while (at < end) {
        const char *start = at;
        if (digit(at, end)) {
            at = take_number(p, at, end);
            continue;
        }
        while (at < end && !gap(at, end) &&
               (letter(*at) || (at > start && (unsigned char)*at >= 0x80)))
            at++;
        if (at > start)
            take_word(p, start, (size_t)(at - start), end);
        else
            at += gap(at, end) ? gap(at, end) : 1;
    }
}

/* Arabic and Persian digits as ASCII. */
static size_t plain_digits(hf_text t, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < t.size; i++) {
        unsigned char c = (unsigned char)t.data[i];
        unsigned char d = i + 1 < t.size ? (unsigned char)t.data[i + 1] : 0;
        bool arabic = c == 0xD9 && d >= 0xA0 && d <= 0xA9, persian = c == 0xDB && d >= 0xB0;
        if (arabic || (persian && d <= 0xB9)) {
            out[n++] = (char)('0' + (d & 0x0F));
            i++;
        } else {
            out[n++] = (char)c;
        }
    }
    return n;
}

static bool read_parts(hf_text t, parts *p)
{
    char plain[100];
    *p = (parts){0};
    if (t.size == 0 || t.size > sizeof plain)
        return false;
    take_all(p, plain, plain + plain_digits(t, plain));
    p->hour = p->pm && p->hour < 12 ? p->hour + 12 : p->am && p->hour == 12 ? 0 : p->hour;
    return p->clock && p->hour <= 24 && p->minute < 60 && p->second <= 60 &&
           hf_i_date_valid(p->year, p->month, p->day);
}

int64_t hf_i_worded_date(hf_text t, uint32_t *res_ms)
{
    parts p;
    if (!read_parts(t, &p))
        return HF_NO_TIME;
    if (res_ms)
        *res_ms = p.seconds ? 1000 : 60000;
    return hf_i_days_from_civil(p.year, p.month, p.day) * HF_I_MS_PER_DAY +
           ((int64_t)p.hour * 3600 + p.minute * 60 + p.second) * 1000;
}

bool hf_i_packed_date(hf_text t, bool digits, int64_t *packed)
{
    hf_i_wa_header h = {.year_first = true, .year_long = true};
    parts p;
    const char *end = t.data + t.size;
    if (read_parts(t, &p)) {
        h.num[0] = (uint16_t)p.year;
        h.num[1] = (uint16_t)p.month;
        h.num[2] = (uint16_t)p.day;
        h.hour = (uint8_t)p.hour;
        h.minute = (uint8_t)p.minute;
        h.second = p.seconds ? (uint8_t)(p.second < 60 ? p.second : 59) : 63;
    } else if (!digits || hf_i_wa_stamp(t.data, end, &h) != end) {
        return false;
    }
    h.layout = HF_I_WA_BARE;
    *packed = hf_i_wa_pack(&h);
    return true;
}

int64_t hf_i_worded_length(hf_text t)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"s", 1000},   {"m", 60000},   {"h", 3600000},  {"Std", 3600000}, {"Stu", 3600000},
                 {"Sek", 1000}, {"Min", 60000}, {"d", 86400000}, {"Tag", 86400000}};
    const char *p = t.data, *end = p + t.size;
    int64_t sum = 0;
    bool any = false;
    while (p < end) {
        int64_t v = 0;
        if (!digit(p, end)) {
            p++;
            continue;
        }
        for (int k = 0; digit(p, end) && k < 9; k++)
            v = v * 10 + (*p++ - '0');
        p += p < end && *p == ' ';
        for (size_t i = 0; i < HF_COUNT_OF(units); i++)
            if (follows(p, end, units[i].unit)) {
                sum += v * units[i].ms;
                any = true;
                break;
            }
    }
    return any ? sum : HF_NO_TIME;
}
