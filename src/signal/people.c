/* SPDX-License-Identifier: MIT */
/* Who the two partners are, and which of them sits at the keyboard. */
#include "signal/analysis.h"

#include <string.h>

/* A third person with more than this share of the messages: not a record of two. */
#define THIRD_SHARE 0.02

static bool same_name(const hf_person *p, const char *name, size_t size)
{
    return p->name.size == size && memcmp(p->name.data, name, size) == 0;
}

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool alike(const hf_person *p, const char *name, size_t size)
{
    if (p->name.size != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (fold(p->name.data[i]) != fold(name[i]))
            return false;
    return true;
}

/* By name, exactly or but for ASCII case; HF_NO_PERSON when there is none or more than one. */
static int32_t find_person(const hf_record *record, const char *name, size_t size)
{
    int32_t found = HF_NO_PERSON;
    size_t n = hf_record_count_people(record);
    for (size_t i = 0; i < n; i++)
        if (same_name(hf_record_get_person(record, (int32_t)i), name, size))
            return (int32_t)i;
    for (size_t i = 0; i < n; i++)
        if (alike(hf_record_get_person(record, (int32_t)i), name, size)) {
            if (found != HF_NO_PERSON)
                return HF_NO_PERSON;
            found = (int32_t)i;
        }
    return found;
}

static uint64_t contacts(const hf_person *p)
{
    return p->messages - p->by_kind[HF_KIND_SYSTEM] - p->by_kind[HF_KIND_NOTE];
}

/* "Ann (812), Ben (790), ..." at most twelve. */
static hf_status list_people(hf_analysis *a, hf_i_buf *out)
{
    size_t n = hf_record_count_people(a->record);
    for (size_t i = 0; i < n && i < 12; i++) {
        const hf_person *p = hf_record_get_person(a->record, (int32_t)i);
        HF_TRY(hf_i_buf_printf(out, "%s%.*s (%llu)", i ? ", " : "", (int)p->name.size, p->name.data,
                               (unsigned long long)contacts(p)));
    }
    return n > 12 ? hf_i_buf_printf(out, " and %zu more", n - 12) : HF_OK;
}

static hf_status fail_with_people(hf_analysis *a, hf_status status, const char *advice,
                                  const char *what)
{
    hf_i_buf list;
    hf_i_buf_init(&list, a->ctx, 1 << 16, "list of people");
    hf_status s = list_people(a, &list);
    if (s == HF_OK)
        s = hf_i_fail(a->ctx, status, advice, "%s%s%s", what, list.data ? ": " : "",
                      list.data ? list.data : "");
    hf_i_buf_dispose(&list);
    return s;
}

/* "Ann,Ben": names may hold commas, so every comma is tried. */
static hf_status named_partners(hf_analysis *a, const char *text)
{
    for (const char *comma = strchr(text, ','); comma; comma = strchr(comma + 1, ',')) {
        const char *second = comma + 1;
        size_t first_size = (size_t)(comma - text);
        while (*second == ' ')
            second++;
        while (first_size && text[first_size - 1] == ' ')
            first_size--;
        a->person[0] = find_person(a->record, text, first_size);
        a->person[1] = find_person(a->record, second, strlen(second));
        if (a->person[0] != HF_NO_PERSON && a->person[1] != HF_NO_PERSON &&
            a->person[0] != a->person[1])
            return HF_OK;
    }
    return fail_with_people(a, HF_E_USAGE, "Write --partners \"Name,Name\" with two of them.",
                            "--partners does not name two people of this record");
}

static hf_status usual_partners(hf_analysis *a)
{
    size_t n = hf_record_count_people(a->record);
    uint64_t most[3] = {0}, total = 0;
    int32_t who[3] = {HF_NO_PERSON, HF_NO_PERSON, HF_NO_PERSON};
    for (size_t i = 0; i < n; i++) {
        uint64_t c = contacts(hf_record_get_person(a->record, (int32_t)i));
        int32_t person = (int32_t)i;
        total += c;
        for (int k = 0; k < 3; k++)
            if (c > most[k]) {
                uint64_t old = most[k];
                int32_t old_person = who[k];
                most[k] = c;
                who[k] = person;
                c = old;
                person = old_person;
            }
    }
    if (most[1] == 0)
        return fail_with_people(
            a, HF_E_NOT_ENOUGH_DATA, "Bring a chat in which both partners write.",
            n ? "only one person writes in this record" : "nobody writes in this record");
    if ((double)most[2] > THIRD_SHARE * (double)total)
        return fail_with_people(
            a, HF_E_LIMIT, "Name the two with --partners \"Name,Name\", or bring their own chat.",
            "this is not a chat of two; more than 2 % of the messages come from others");
    /* a is the one who comes first in the file. */
    a->person[0] = who[0] < who[1] ? who[0] : who[1];
    a->person[1] = who[0] < who[1] ? who[1] : who[0];
    return HF_OK;
}

static hf_status copy_names(hf_analysis *a)
{
    for (int p = 0; p < 2; p++) {
        const hf_person *person = hf_record_get_person(a->record, a->person[p]);
        a->name[p] = hf_i_arena_strndup(&a->texts, person->name.data, person->name.size);
        if (!a->name[p])
            return HF_E_NOMEM;
    }
    return HF_OK;
}

static hf_status choose_me(hf_analysis *a, const char *me)
{
    a->me = -1;
    for (int p = 0; me && p < 2; p++)
        if (find_person(a->record, me, strlen(me)) == a->person[p])
            a->me = p;
    if (me && a->me < 0)
        return hf_i_fail(a->ctx, HF_E_USAGE, NULL,
                         "'%s' is neither of the two; add --me \"%s\" or --me \"%s\"", me,
                         a->name[0], a->name[1]);
    if (a->consent == HF_CONSENT_SOLO && a->me < 0)
        return hf_i_fail(a->ctx, HF_E_USAGE, NULL,
                         "who of the two are you? Add --me \"%s\" or --me \"%s\" (or, when both "
                         "agree, --consent both)",
                         a->name[0], a->name[1]);
    return HF_OK;
}

/* One answer for every cause: a record that is not in force, a private file that rests. */
static hf_status decide_joint(hf_analysis *a, const hf_analyze_options *o)
{
    const char *since = NULL;
    if (a->consent == HF_CONSENT_SOLO)
        return HF_OK;
    if (o->consent_record &&
        !hf_consent_record_in_force(o->consent_record, a->name[0], a->name[1], a->made_on, &since))
        a->rests = true;
    for (size_t i = 0; o->privates && o->privates[i]; i++)
        a->rests |= hf_private_rests(o->privates[i]);
    if (a->rests) {
        a->me = -1;
        return HF_OK;
    }
    if (since && a->consent == HF_CONSENT_BOTH)
        a->recorded = hf_i_arena_strndup(&a->texts, since, strlen(since));
    return a->recorded || !since || a->consent != HF_CONSENT_BOTH ? HF_OK : HF_E_NOMEM;
}

hf_status hf_i_people_choose(hf_analysis *a, const hf_analyze_options *options)
{
    HF_TRY(options->partners ? named_partners(a, options->partners) : usual_partners(a));
    HF_TRY(copy_names(a));
    size_t n = hf_record_count_people(a->record);
    for (size_t i = 0; i < n; i++)
        if ((int32_t)i != a->person[0] && (int32_t)i != a->person[1])
            a->others += contacts(hf_record_get_person(a->record, (int32_t)i));
    HF_TRY(choose_me(a, options->me));
    return decide_joint(a, options);
}

bool hf_i_may_show(const hf_analysis *a, hf_output output, int p)
{
    hf_consent level = a->rests ? HF_CONSENT_SOLO : a->consent;
    if (p == 2)
        return hf_consent_allows(level, output, true) && hf_consent_allows(level, output, false);
    return hf_consent_allows(level, output, p == a->me);
}
