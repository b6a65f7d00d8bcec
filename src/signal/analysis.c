/* SPDX-License-Identifier: MIT */
#include "signal/analysis.h"

#include <string.h>

static const struct {
    const char *name, *other;
    double ms;
} time_units[] = {{"h", "hour", 3600000},
                  {"min", "minute", 60000},
                  {"day", "d", 86400000},
                  {"week", "w", 604800000}};

static hf_status take_options(hf_analysis *a, const hf_analyze_options *o)
{
    a->consent = o->consent;
    if (o->consent == HF_CONSENT_RESEARCH && (!o->protocol || !*o->protocol))
        return hf_i_fail(a->ctx, HF_E_USAGE, NULL,
                         "research needs the name of its protocol: add --protocol \"...\"");
    const char *unit = o->time_unit ? o->time_unit : "h";
    for (size_t i = 0; i < HF_COUNT_OF(time_units); i++)
        if (strcmp(time_units[i].name, unit) == 0 || strcmp(time_units[i].other, unit) == 0) {
            a->time_unit = time_units[i].name;
            a->unit_ms = time_units[i].ms;
        }
    if (!a->time_unit)
        return hf_i_fail(a->ctx, HF_E_USAGE, NULL, "unknown unit of time '%s' (min, h, day, week)",
                         unit);
    const char *made_on = o->made_on ? o->made_on : "";
    a->made_on = hf_i_arena_strndup(&a->texts, made_on, strlen(made_on));
    if (o->protocol)
        a->protocol = hf_i_arena_strndup(&a->texts, o->protocol, strlen(o->protocol));
    return a->made_on && (a->protocol || !o->protocol) ? HF_OK : HF_E_NOMEM;
}

/* Words, then the safety pass, then and only then anything that is said. */
static hf_status read_contents(hf_analysis *a)
{
    HF_TRY(hf_i_lexicon_init(&a->lexicon, a->ctx));
    HF_TRY(hf_i_safety_new(&a->safety, a->ctx, &a->lexicon));
    HF_TRY(hf_i_lines_read(a));
    HF_TRY(hf_i_gap_find(&a->gap, a->ctx, &a->turns));
    HF_TRY(hf_i_turns_split(&a->turns, a->gap.ms));
    HF_TRY(hf_i_content_read(&a->content, a->ctx, &a->turns, &a->lexicon, a->safety, a->dismissed));
    if (a->content.safety >> HF_I_SAFETY_MINOR & 1)
        return hf_i_fail(a->ctx, HF_E_SAFETY,
                         "There is help made for young people: in many countries a child helpline "
                         "answers at 116 111; findahelpline lists others. Nothing was kept.",
                         "Holdfast is for adults. A line of this record reads as if someone in it "
                         "were under 18, so nothing was analysed");
    return HF_OK;
}

/* Lines that the owner of a private file dismissed. */
static hf_status find_dismissed(hf_analysis *a, const hf_private *const *privates)
{
    size_t n = hf_record_count_messages(a->record);
    bool *dismissed = privates && privates[0] ? hf_i_calloc(a->ctx, n, 1) : NULL;
    a->dismissed = dismissed;
    if (!dismissed)
        return privates && privates[0] ? HF_E_NOMEM : HF_OK;
    for (size_t k = 0; privates[k]; k++)
        for (size_t i = 0; hf_private_count(privates[k]) && i < n; i++)
            dismissed[i] |= hf_private_is_dismissed(privates[k], a->ids[i]);
    return HF_OK;
}

static hf_status run(hf_analysis *a, const hf_analyze_options *o)
{
    HF_TRY(take_options(a, o));
    HF_TRY(hf_i_people_choose(a, o));
    HF_TRY(hf_record_get_message_ids(a->record, a->ctx, &a->ids));
    HF_TRY(hf_i_corrections_open(a, o->corrections));
    HF_TRY(find_dismissed(a, o->privates));
    HF_TRY(read_contents(a));
    HF_TRY(hf_i_tone_read(&a->readings, a->ctx, &a->turns, o->text_model));
    HF_TRY(hf_i_acts_correct(a));
    HF_TRY(hf_i_progress(a->ctx, "signals", 0, 3));
    HF_TRY(hf_i_measures_read(&a->measures, a->ctx, &a->turns, &a->content, a->readings.warmth,
                              hf_i_dates_known(a)));
    HF_TRY(hf_i_progress(a->ctx, "signals", 1, 3));
    HF_TRY(hf_i_estimates_make(&a->estimates, a->ctx, &a->measures));
    HF_TRY(hf_i_progress(a->ctx, "signals", 2, 3));
    HF_TRY(hf_findings_new(&a->findings, a->ctx));
    HF_TRY(hf_i_statements_write(a));
    HF_TRY(hf_i_overview_write(a));
    return hf_i_periods_write(a);
}

hf_status hf_analyze(hf_analysis **out, hf_ctx *ctx, hf_record *record,
                     const hf_analyze_options *options)
{
    static const hf_analyze_options defaults = HF_ANALYZE_OPTIONS_INIT;
    *out = NULL;
    if (options && options->size != sizeof *options)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another version of the library");
    hf_analysis *a = hf_i_calloc(ctx, 1, sizeof *a);
    if (!a)
        return HF_E_NOMEM;
    a->ctx = ctx;
    a->record = record;
    hf_i_arena_init(&a->texts, ctx);
    hf_record_get_summary(record, &a->summary);
    hf_status status = run(a, options ? options : &defaults);
    if (status != HF_OK) {
        hf_analysis_free(a);
        return status;
    }
    *out = a;
    return HF_OK;
}

void hf_analysis_free(hf_analysis *a)
{
    if (!a)
        return;
    hf_series_free(a->series);
    hf_findings_free(a->findings);
    hf_i_estimates_dispose(&a->estimates);
    hf_i_measures_dispose(&a->measures);
    hf_i_content_dispose(&a->content);
    hf_i_readings_dispose(&a->readings, a->ctx);
    hf_i_free(a->ctx, (void *)(uintptr_t)a->dismissed);
    hf_i_free(a->ctx, a->tagged);
    hf_i_turns_dispose(&a->turns);
    hf_i_safety_free(a->safety);
    hf_i_lexicon_dispose(&a->lexicon);
    hf_i_free(a->ctx, a->unknown);
    hf_corrections_free(a->corrections);
    hf_i_arena_dispose(&a->texts);
    hf_i_free(a->ctx, a);
}

const hf_findings *hf_analysis_get_findings(const hf_analysis *a)
{
    return a->findings;
}

hf_findings *hf_analysis_extend_findings(hf_analysis *a)
{
    return a->findings;
}

const hf_series *hf_analysis_get_series(const hf_analysis *a)
{
    return a->series;
}

const char *hf_analysis_get_name(const hf_analysis *a, hf_partner partner)
{
    return partner <= HF_PARTNER_B ? a->name[partner] : NULL;
}

bool hf_analysis_show_resources(const hf_analysis *a)
{
    return a->content.safety != 0;
}

/* Cues are tuned for recall: over years of talk a line or two is flagged for nearly everybody. What
 * is recent or comes again holds guidance back; a single old stretch only takes itself out. */
enum { RECENT_DAYS = 28, COMES_AGAIN = 3 };

bool hf_analysis_flagged_is_old(const hf_analysis *a)
{
    const hf_i_turns *t = &a->turns;
    size_t exchanges = 0;
    for (size_t i = 0; i < t->turn_count; i++) {
        const hf_i_turn *turn = &t->turns[i];
        if (!turn->flagged)
            continue;
        exchanges +=
            i == 0 || !t->turns[i - 1].flagged || t->turns[i - 1].exchange != turn->exchange;
        int64_t when = t->lines[turn->first].t;
        if (when == HF_NO_TIME || t->t_last == HF_NO_TIME ||
            t->t_last - when < (int64_t)RECENT_DAYS * 24 * 3600 * 1000)
            return false;
    }
    /* A cue in a text that is no turn (a caption, a note) has no place here: it counts as recent.
     */
    return a->content.safety != 0 && exchanges > 0 && exchanges < COMES_AGAIN;
}

bool hf_analysis_joint_rests(const hf_analysis *a)
{
    return a->rests;
}

size_t hf_analysis_count_cues(const hf_analysis *a)
{
    return a->consent == HF_CONSENT_SOLO ? a->content.cue_count : 0;
}

void hf_analysis_get_cue(const hf_analysis *a, size_t index, hf_cue *out)
{
    const hf_i_cue *c = &a->content.cues[index];
    memset(out, 0, sizeof *out);
    memcpy(out->id, a->ids[c->message], sizeof out->id);
    out->mine = c->partner == a->me;
    out->message = c->message;
    for (int k = 0; k < HF_I_SAFETY_COUNT; k++)
        if (c->classes >> k & 1)
            out->names[out->count++] = hf_i_safety_name((hf_i_safety_class)k);
}

size_t hf_analysis_count_unknown_targets(const hf_analysis *a)
{
    return a->unknown_count;
}

uint64_t hf_analysis_get_unknown_target(const hf_analysis *a, size_t index, const char **target)
{
    *target = index < a->unknown_count ? a->unknown[index].target : NULL;
    return index < a->unknown_count ? a->unknown[index].line : 0;
}

size_t hf_analysis_count_turns(const hf_analysis *a)
{
    return a->turns.turn_count;
}

void hf_analysis_get_turn(const hf_analysis *a, size_t index, hf_turn *out)
{
    const hf_i_turn *t = &a->turns.turns[index];
    memset(out, 0, sizeof *out);
    memcpy(out->id, hf_i_turn_id(a, index), sizeof out->id);
    out->partner = (hf_partner)t->partner;
    out->t_start_ms = t->t_start;
    out->t_end_ms = t->t_end;
    out->exchange = t->exchange;
    out->first = t->first;
    out->messages = t->count;
    out->words = t->words;
    out->language = hf_i_language_code((hf_i_language)t->language);
}
