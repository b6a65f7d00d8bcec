/* SPDX-License-Identifier: MIT */
/* Felt and said (S50): on days on which a partner's own diary is lower than usual, is a need said
 * in the chat? A diary is its writer's: in joint outputs this is neither looked at nor shown. */
#include "cycle/evidence.h"
#include "signal/analysis.h"
#include "text/time.h"

#include <math.h>
#include <string.h>

/* Items of the daily check-in and of the simulator's diary that fall when something is missing. */
static const char *const felt_items[] = {"closeness",     "safety",      "support_present",
                                         "threat_absent", "could_reach", "did_respond",
                                         "with_me"};
enum { ITEMS = HF_COUNT_OF(felt_items), LEAST_DAYS = 14 };
static const int64_t DAY_CUT_MS = INT64_C(240) * 60000; /* the day ends at four in the morning */

typedef struct {
    int64_t day;
    double z;
    uint32_t item;
} answer;

typedef struct {
    const hf_analysis *a;
    const hf_i_evidence_view *v;
    int p;
    answer *answers;
    size_t count;
} job;

static int64_t day_of(int64_t t)
{
    return t >= 0 ? t / HF_I_MS_PER_DAY : -1 - (-1 - t) / HF_I_MS_PER_DAY;
}

static uint32_t item_of(hf_text name)
{
    for (uint32_t i = 0; i < ITEMS; i++)
        if (strlen(felt_items[i]) == name.size && memcmp(felt_items[i], name.data, name.size) == 0)
            return i;
    return ITEMS;
}

/* The partner by name, or as "a" and "b". */
static bool is_partner(const job *j, int32_t person)
{
    const char key[2] = {(char)('a' + j->p), '\0'};
    if (person == HF_NO_PERSON)
        return false;
    if (person == j->a->person[j->p])
        return true;
    const hf_person *who = hf_record_get_person(j->a->record, person);
    return who->name.size == 1 && who->name.data[0] == key[0];
}

static void collect(job *j)
{
    uint64_t n = hf_record_count_ratings(j->a->record);
    for (uint64_t i = 0; i < n; i++) {
        hf_rating r;
        hf_record_get_rating(j->a->record, i, &r);
        uint32_t item = item_of(r.item);
        bool dated = r.t_ms != HF_NO_TIME && r.t_kind == j->a->summary.t_kind &&
                     (r.t_kind == HF_TIME_LOCAL || r.t_kind == HF_TIME_UTC);
        if (item < ITEMS && dated && !isnan(r.value) && is_partner(j, r.partner))
            j->answers[j->count++] = (answer){day_of(r.t_ms), r.value, item};
    }
}

/* Each item against its own mean and spread; items with too few days say nothing. */
static void standardise(job *j)
{
    for (uint32_t item = 0; item < ITEMS; item++) {
        double n = 0, sum = 0, squares = 0;
        for (size_t i = 0; i < j->count; i++)
            if (j->answers[i].item == item) {
                n++;
                sum += j->answers[i].z;
                squares += j->answers[i].z * j->answers[i].z;
            }
        double sd = n >= LEAST_DAYS ? sqrt(fmax(0, squares / n - sum / n * (sum / n))) : 0;
        for (size_t i = 0; i < j->count; i++)
            if (j->answers[i].item == item)
                j->answers[i].z = sd > 0 ? (j->answers[i].z - sum / n) / sd : NAN;
    }
}

/* Mean of the day's answers; NaN without any. A walk over all: diaries are short. */
static double mood_of(const job *j, int64_t day)
{
    double n = 0, sum = 0;
    for (size_t i = 0; i < j->count; i++)
        if (j->answers[i].day == day && !isnan(j->answers[i].z)) {
            n++;
            sum += j->answers[i].z;
        }
    return n > 0 ? sum / n : NAN;
}

/* One trial a day on which the partner's turns could be read. */
static hf_status add_day(hf_i_trials *out, const job *j, int64_t day, size_t last, bool said)
{
    double mood = mood_of(j, day);
    if (isnan(mood))
        return HF_OK;
    const hf_i_trial t = {.exchange = (uint32_t)(day - day_of(j->a->turns.t_first - DAY_CUT_MS)),
                          .turn = (uint32_t)last,
                          .given = mood < 0,
                          .then = said};
    return hf_i_trials_add(out, &t);
}

static hf_status walk_days(hf_i_trials *out, const job *j)
{
    const hf_cycle *c = j->v->cycle;
    int64_t open = INT64_MIN;
    bool said = false;
    size_t last = 0;
    for (size_t k = 0; k < c->count; k++) {
        if (c->turns[k].partner != j->p || !(j->v->does[k] & HF_I_CODED))
            continue;
        int64_t day = day_of(j->a->turns.turns[k].t_start - DAY_CUT_MS);
        if (day != open && open != INT64_MIN)
            HF_TRY(add_day(out, j, open, last, said));
        said = (day == open && said) || (j->v->does[k] & HF_I_DOES_NEED);
        open = day;
        last = k;
    }
    return open == INT64_MIN ? HF_OK : add_day(out, j, open, last, said);
}

hf_status hf_i_diary_trials(hf_i_trials *out, const hf_i_evidence_view *view, int p)
{
    job j = {.a = view->cycle->analysis, .v = view, .p = p};
    if (!j.a || !view->timed || j.a->consent == HF_CONSENT_BOTH ||
        !hf_i_may_show(j.a, HF_OUTPUT_ACTS, p))
        return HF_OK;
    size_t room = hf_record_count_ratings(j.a->record);
    if (room == 0)
        return HF_OK;
    j.answers = hf_i_alloc(view->ctx, room * sizeof *j.answers);
    if (!j.answers)
        return HF_E_NOMEM;
    collect(&j);
    standardise(&j);
    hf_status status = walk_days(out, &j);
    hf_i_free(view->ctx, j.answers);
    return status;
}
