/* SPDX-License-Identifier: MIT */
/* What the name of a column says: its role, whose it is, its unit. */
#include "record/formats/diary.h"

#include "record/formats/lines.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_letters(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

/* Equal without case and without _ - . and blanks. */
static bool is_name(hf_text name, const char *word)
{
    size_t i = 0;
    for (; i < name.size; i++) {
        if (memchr("_-. ", name.data[i], 4))
            continue;
        if (!*word || lower(name.data[i]) != *word)
            return false;
        word++;
    }
    return *word == '\0';
}

typedef struct {
    const char *name;
    hf_i_diary_role role;
    double scale_ms;
} known;

static const known names[] = {
    {"dyad", HF_I_DIARY_DYAD, 0},
    {"dyadid", HF_I_DIARY_DYAD, 0},
    {"couple", HF_I_DIARY_DYAD, 0},
    {"coupleid", HF_I_DIARY_DYAD, 0},
    {"cid", HF_I_DIARY_DYAD, 0},
    {"pair", HF_I_DIARY_DYAD, 0},
    {"pairid", HF_I_DIARY_DYAD, 0},
    {"paar", HF_I_DIARY_DYAD, 0},
    {"paarid", HF_I_DIARY_DYAD, 0},
    {"pareja", HF_I_DIARY_DYAD, 0},
    {"dyadnr", HF_I_DIARY_DYAD, 0},
    {"couplenr", HF_I_DIARY_DYAD, 0},
    {"dyadno", HF_I_DIARY_DYAD, 0},
    {"groupid", HF_I_DIARY_DYAD, 0},
    {"person", HF_I_DIARY_PERSON, 0},
    {"personid", HF_I_DIARY_PERSON, 0},
    {"partner", HF_I_DIARY_PERSON, 0},
    {"partnum", HF_I_DIARY_PERSON, 0},
    {"partnerid", HF_I_DIARY_PERSON, 0},
    {"member", HF_I_DIARY_PERSON, 0},
    {"pid", HF_I_DIARY_PERSON, 0},
    {"participant", HF_I_DIARY_PERSON, 0},
    {"subject", HF_I_DIARY_PERSON, 0},
    {"subjectid", HF_I_DIARY_PERSON, 0},
    {"user", HF_I_DIARY_PERSON, 0},
    {"role", HF_I_DIARY_PERSON, 0},
    {"spouse", HF_I_DIARY_PERSON, 0},
    {"name", HF_I_DIARY_PERSON, 0},
    {"who", HF_I_DIARY_PERSON, 0},
    {"participantid", HF_I_DIARY_PERSON, 0},
    {"personne", HF_I_DIARY_PERSON, 0},
    {"persona", HF_I_DIARY_PERSON, 0},
    {"sender", HF_I_DIARY_PERSON, 0},
    {"rater", HF_I_DIARY_PERSON, 0},
    {"date", HF_I_DIARY_DATE, 0},
    {"datetime", HF_I_DIARY_DATE, 0},
    {"timestamp", HF_I_DIARY_DATE, 0},
    {"datum", HF_I_DIARY_DATE, 0},
    {"fecha", HF_I_DIARY_DATE, 0},
    {"data", HF_I_DIARY_DATE, 0},
    {"answeredat", HF_I_DIARY_DATE, 0},
    {"start", HF_I_DIARY_DATE, 0},
    {"starttime", HF_I_DIARY_DATE, 0},
    {"startdate", HF_I_DIARY_DATE, 0},
    {"zeitstempel", HF_I_DIARY_DATE, 0},
    {"zeitpunkt", HF_I_DIARY_DATE, 0},
    {"completed", HF_I_DIARY_DATE, 0},
    {"submitted", HF_I_DIARY_DATE, 0},
    {"recordeddate", HF_I_DIARY_DATE, 0},
    {"t", HF_I_DIARY_COUNT, 0},
    {"time", HF_I_DIARY_COUNT, 0},
    {"zeit", HF_I_DIARY_COUNT, 0},
    {"uhrzeit", HF_I_DIARY_COUNT, 0},
    {"hora", HF_I_DIARY_COUNT, 0},
    {"heure", HF_I_DIARY_COUNT, 0},
    {"clock", HF_I_DIARY_COUNT, 0},
    {"sec", HF_I_DIARY_COUNT, 1000},
    {"secs", HF_I_DIARY_COUNT, 1000},
    {"second", HF_I_DIARY_COUNT, 1000},
    {"seconds", HF_I_DIARY_COUNT, 1000},
    {"times", HF_I_DIARY_COUNT, 1000},
    {"timesec", HF_I_DIARY_COUNT, 1000},
    {"timeseconds", HF_I_DIARY_COUNT, 1000},
    {"ms", HF_I_DIARY_COUNT, 1},
    {"timems", HF_I_DIARY_COUNT, 1},
    {"msec", HF_I_DIARY_COUNT, 1},
    {"min", HF_I_DIARY_COUNT, 60000},
    {"minute", HF_I_DIARY_COUNT, 60000},
    {"minutes", HF_I_DIARY_COUNT, 60000},
    {"timemin", HF_I_DIARY_COUNT, 60000},
    {"hour", HF_I_DIARY_COUNT, 3600000},
    {"hours", HF_I_DIARY_COUNT, 3600000},
    {"day", HF_I_DIARY_COUNT, 86400000},
    {"days", HF_I_DIARY_COUNT, 86400000},
    {"daynr", HF_I_DIARY_COUNT, 86400000},
    {"diaryday", HF_I_DIARY_COUNT, 86400000},
    {"daynumber", HF_I_DIARY_COUNT, 86400000},
    {"studyday", HF_I_DIARY_COUNT, 86400000},
    {"tag", HF_I_DIARY_COUNT, 86400000},
    {"jour", HF_I_DIARY_COUNT, 86400000},
    {"dia", HF_I_DIARY_COUNT, 86400000},
    {"week", HF_I_DIARY_COUNT, 604800000},
    {"woche", HF_I_DIARY_COUNT, 604800000},
    {"beep", HF_I_DIARY_OCCASION, 0},
    {"beepnr", HF_I_DIARY_OCCASION, 0},
    {"occasion", HF_I_DIARY_OCCASION, 0},
    {"wave", HF_I_DIARY_OCCASION, 0},
    {"session", HF_I_DIARY_OCCASION, 0},
    {"obs", HF_I_DIARY_OCCASION, 0},
    {"prompt", HF_I_DIARY_OCCASION, 0},
    {"welle", HF_I_DIARY_OCCASION, 0},
    {"signal", HF_I_DIARY_OCCASION, 0},
    {"interval", HF_I_DIARY_OCCASION, 0},
    {"occ", HF_I_DIARY_OCCASION, 0},
    {"item", HF_I_DIARY_ITEM, 0},
    {"variable", HF_I_DIARY_ITEM, 0},
    {"question", HF_I_DIARY_ITEM, 0},
    {"value", HF_I_DIARY_VALUE, 0},
    {"answer", HF_I_DIARY_VALUE, 0},
    {"wert", HF_I_DIARY_VALUE, 0},
    {"score", HF_I_DIARY_VALUE, 0},
    {"rating", HF_I_DIARY_VALUE, 0},
    {"unit", HF_I_DIARY_UNIT, 0},
    {"note", HF_I_DIARY_TEXT, 0},
    {"notes", HF_I_DIARY_TEXT, 0},
    {"comment", HF_I_DIARY_TEXT, 0},
    {"comments", HF_I_DIARY_TEXT, 0},
    {"text", HF_I_DIARY_TEXT, 0},
    {"freetext", HF_I_DIARY_TEXT, 0},
    {"entry", HF_I_DIARY_TEXT, 0},
    {"kommentar", HF_I_DIARY_TEXT, 0},
    {"notiz", HF_I_DIARY_TEXT, 0},
};

hf_i_diary_role hf_i_diary_role_of(hf_text name, double *scale_ms)
{
    *scale_ms = 0;
    for (size_t i = 0; i < HF_COUNT_OF(names); i++)
        if (is_name(name, names[i].name)) {
            *scale_ms = names[i].scale_ms;
            return names[i].role;
        }
    return HF_I_DIARY_OTHER;
}

bool hf_i_diary_is_measure(hf_text item)
{
    static const char *const measures[] = {"hr",
                                           "heartrate",
                                           "pulse",
                                           "ibi",
                                           "rr",
                                           "rri",
                                           "rrinterval",
                                           "hrv",
                                           "eda",
                                           "gsr",
                                           "scl",
                                           "sc",
                                           "scr",
                                           "rsa",
                                           "skinconductance",
                                           "resp",
                                           "rsp",
                                           "bvp",
                                           "ppg",
                                           "ecg",
                                           "emg",
                                           "temp",
                                           "skintemperature",
                                           "dial",
                                           "puls",
                                           "rmssd",
                                           "herzfrequenz",
                                           "respiration",
                                           "skintemp",
                                           "bpm",
                                           "icg",
                                           "pep"};
    for (size_t i = 0; i < HF_COUNT_OF(measures); i++)
        if (is_name(item, measures[i]))
            return true;
    return false;
}

void hf_i_diary_split_unit(hf_text name, hf_text *item, hf_text *unit)
{
    *item = hf_i_trimmed(name);
    *unit = (hf_text){NULL, 0};
    char close = item->size > 2 ? item->data[item->size - 1] : 0;
    if (close != ')' && close != ']')
        return;
    for (size_t i = item->size - 1; i > 0; i--)
        if (item->data[i] == (close == ')' ? '(' : '[')) {
            *unit = hf_i_trimmed((hf_text){item->data + i + 1, item->size - i - 2});
            *item = hf_i_trimmed((hf_text){item->data, i});
            return;
        }
}

/* ---- whose -------------------------------------------------------------------------------- */

typedef struct {
    const char *one, *two;
    bool actor; /* one is the row's own person, two the partner */
} tokens;

static const tokens pairs[] = {
    {"1", "2", false},         {"a", "b", false},          {"a", "p", true},
    {"m", "w", false},         {"m", "f", false},          {"h", "w", false},
    {"male", "female", false}, {"husband", "wife", false}, {"man", "woman", false},
    {"p1", "p2", false},       {"actor", "partner", true}, {"own", "partner", true},
    {"self", "partner", true}, {"x", "y", false},          {"mann", "frau", false},
    {"w", "m", false},         {"f", "m", false},          {"w", "h", false},
};

/* Whether name is stem and token in one of the forms: 0 stem_token, 1 token_stem, 2 stemtoken
 * (digits only). */
static bool strip(hf_text name, const char *token, int form, hf_text *stem)
{
    size_t n = strlen(token);
    bool digit = token[0] >= '0' && token[0] <= '9';
    if (name.size <= n + (form < 2))
        return false;
    const char *end = name.data + name.size;
    if (form == 0) {
        char sep = name.data[name.size - n - 1];
        if (!same_letters(end - n, token, n) || !memchr("_.- ", sep, 4))
            return false;
        *stem = (hf_text){name.data, name.size - n - 1};
    } else if (form == 1) {
        if (!same_letters(name.data, token, n) || !memchr("_.- ", name.data[n], 4))
            return false;
        *stem = (hf_text){name.data + n + 1, name.size - n - 1};
    } else {
        if (!digit || !same_letters(end - n, token, n))
            return false;
        *stem = (hf_text){name.data, name.size - n};
    }
    return stem->size > 0;
}

static bool same_text(hf_text a, hf_text b)
{
    return a.size == b.size && same_letters(a.data, b.data, a.size);
}

static size_t find_form(const hf_i_diary *d, hf_text stem, const char *token, int form)
{
    hf_text other;
    for (size_t i = 0; i < d->count; i++)
        if (!d->columns[i].pair && strip(d->columns[i].item, token, form, &other) &&
            same_text(stem, other))
            return i;
    return d->count;
}

static void set_pair(hf_i_diary *d, size_t i, size_t j, hf_text stem, const char *one,
                     const char *two)
{
    d->columns[i].pair = j + 1;
    d->columns[j].pair = i + 1;
    d->columns[i].item = d->columns[j].item = stem;
    d->columns[i].whose = (hf_text){one, strlen(one)};
    d->columns[j].whose = (hf_text){two, strlen(two)};
}

/* Whether columns of this stem go on being numbered: item1, item2, item3 are no partners. */
static bool goes_on(const hf_i_diary *d, hf_text stem, int form)
{
    return find_form(d, stem, "3", form) < d->count || find_form(d, stem, "0", form) < d->count;
}

static void pair_by_tokens(hf_i_diary *d, size_t i, bool actor_only)
{
    for (size_t k = 0; k < HF_COUNT_OF(pairs); k++)
        for (int form = 0; form < 3; form++) {
            hf_text stem;
            if ((actor_only && !pairs[k].actor) ||
                !strip(d->columns[i].item, pairs[k].one, form, &stem))
                continue;
            size_t j = find_form(d, stem, pairs[k].two, form);
            if (j == d->count || j == i || (pairs[k].one[0] == '1' && goes_on(d, stem, form)))
                continue;
            set_pair(d, i, j, stem, pairs[k].one, pairs[k].two);
            return;
        }
}

/* x beside p_x, x_p, partner_x: the row's own value and the partner's. */
static void pair_by_partner(hf_i_diary *d, size_t i)
{
    static const char *const partner[] = {"p", "partner", "spouse"};
    hf_text stem;
    for (size_t k = 0; k < HF_COUNT_OF(partner); k++)
        for (int form = 0; form < 2; form++) {
            if (!strip(d->columns[i].item, partner[k], form, &stem))
                continue;
            for (size_t j = 0; j < d->count; j++)
                if (j != i && !d->columns[j].pair && same_text(d->columns[j].item, stem)) {
                    set_pair(d, j, i, d->columns[j].item, "own", "partner");
                    return;
                }
        }
}

/* "mood_Ann" beside "mood_Ben": any two endings, when there are just two. */
static void pair_by_ending(hf_i_diary *d, size_t i)
{
    hf_text name = d->columns[i].item, other;
    size_t cut = name.size, found = d->count, count = 0;
    while (cut > 1 && !memchr("_.- ", name.data[cut - 1], 4))
        cut--;
    if (cut < 2 || cut == name.size)
        return;
    for (size_t j = 0; j < d->count; j++) {
        other = d->columns[j].item;
        bool same = j != i && !d->columns[j].pair && d->columns[j].role == HF_I_DIARY_OTHER &&
                    other.size > cut && same_letters(name.data, other.data, cut) &&
                    !memchr(other.data + cut, name.data[cut - 1], other.size - cut);
        if (same) {
            found = j;
            count++;
        }
    }
    if (count != 1)
        return;
    hf_text one = {name.data + cut, name.size - cut};
    other = d->columns[found].item;
    hf_text two = {other.data + cut, other.size - cut};
    set_pair(d, i, found, (hf_text){name.data, cut - 1}, "", "");
    d->columns[i].whose = one;
    d->columns[found].whose = two;
}

void hf_i_diary_pair(hf_i_diary *d, bool has_person)
{
    for (size_t i = 0; i < d->count; i++)
        if (!d->columns[i].pair && d->columns[i].role == HF_I_DIARY_OTHER)
            pair_by_tokens(d, i, has_person);
    for (size_t i = 0; i < d->count && !has_person; i++)
        if (!d->columns[i].pair && d->columns[i].role == HF_I_DIARY_OTHER)
            pair_by_ending(d, i);
    for (size_t i = 0; i < d->count && has_person; i++)
        if (!d->columns[i].pair && d->columns[i].role == HF_I_DIARY_OTHER)
            pair_by_partner(d, i);
}
