/* SPDX-License-Identifier: MIT */
/* What the decoded cycle says, as findings: counts and shares with intervals, every rupture beside
 * its repair. A position belongs to an episode; nothing here is about what a person is like. */
#include "cycle/cycle.h"
#include "cycle/evidence.h"
#include "cycle/shuffled.h"
#include "num/stats_survival.h"
#include "signal/say.h"

#include <math.h>

enum { ENOUGH = 5 /* episodes behind a share */ };
static const double DAY_H = 24;

/* In solo the loop is one's own side of it. */
static int about_both(const hf_analysis *a)
{
    return a->consent == HF_CONSENT_SOLO ? a->me : 2;
}

static void start(hf_i_statement *s, const hf_analysis *a, const char *key, const char *mechanism,
                  char grade, int about)
{
    hf_i_statement_init(s, key, mechanism, grade, HF_OUTPUT_ACTS,
                        about == 2 ? about_both(a) : about);
}

/* Newest first. */
static void examples_of(const hf_cycle *c, uint32_t out[HF_I_EXAMPLES])
{
    size_t n = 0;
    for (size_t k = c->episode_count; k-- > 0 && n < HF_I_EXAMPLES;)
        out[n++] = (uint32_t)c->episodes[k].onset;
    while (n < HF_I_EXAMPLES)
        out[n++] = HF_I_NO_TURN;
}

static const char *state_text(hf_cycle_state state)
{
    switch (state) {
    case HF_CYCLE_NO_TEXT:
        return "episodes.no_text";
    case HF_CYCLE_ONE_SIDED:
        return "episodes.one_sided";
    default:
        return "episodes.too_short";
    }
}

static bool is_read(const hf_cycle *c)
{
    return c->state == HF_CYCLE_ENOUGH || c->state == HF_CYCLE_NO_TIME;
}

enum { LEAST_SEEN = 3 };

static size_t turns_seen(const hf_cycle *c)
{
    size_t n = 0;
    for (size_t t = 0; t < c->count; t++)
        n += !c->turns[t].masked;
    return n;
}

/* How often, per 1,000 turns, beside what a shuffled order of the same turns would show. */
static hf_status say_count(const hf_cycle *c, hf_analysis *a)
{
    hf_i_shuffled chance;
    size_t seen = turns_seen(c);
    uint32_t examples[HF_I_EXAMPLES];
    hf_i_statement s;
    start(&s, a, "episodes", "S36", 'C', 2);
    s.n = seen;
    s.enough = is_read(c);
    if (!s.enough) {
        s.text_key = state_text(c->state);
        return hf_i_say(a, &s);
    }
    HF_TRY(hf_i_shuffled_compare(&chance, c));
    double per = 1000.0 / (double)seen;
    s.unit = "per 1000 turns";
    s.estimate = chance.count * per;
    s.lo = chance.lo * per;
    s.hi = chance.hi * per;
    s.base_rate = chance.mean * per;
    /* One or two stretches are never reliably more than chance, whatever the shuffles say. */
    s.seen = chance.seen && c->episode_count >= LEAST_SEEN;
    examples_of(c, examples);
    s.examples = examples;
    s.text_key = c->episode_count == 0 ? "episodes.none" : s.seen ? "episodes.seen" : "episodes";
    hf_i_statement_value(&s, "count", chance.count);
    hf_i_statement_value(&s, "chance", chance.mean);
    hf_i_statement_value(&s, "lean", c->lean);
    return hf_i_say(a, &s);
}

static hf_status say_share(hf_analysis *a, hf_i_statement *s, double k, double n)
{
    hf_i_interval share = hf_i_wilson(k, n, HF_I_LEVEL);
    s->unit = "share";
    s->n = (uint64_t)n;
    s->enough = n >= ENOUGH;
    s->estimate = share.estimate;
    s->lo = share.lo;
    s->hi = share.hi;
    hf_i_statement_value(s, "count", k);
    hf_i_statement_value(s, "of", n);
    return hf_i_say(a, s);
}

/* ---- repairs --------------------------------------------------------------------------------- */

static hf_status say_landed(const hf_cycle *c, hf_analysis *a)
{
    double tried = 0, landed = 0;
    hf_i_statement s;
    for (size_t k = 0; k < c->episode_count; k++) {
        tried += (double)c->episodes[k].repair_attempts;
        landed += (double)c->episodes[k].repair_landed;
    }
    start(&s, a, "repair_landed", "S13 S52", 'B', 2);
    return say_share(a, &s, landed, tried);
}

/* Where the interval of the survival curve crosses one half (Brookmeyer & Crowley 1982). */
static void median_wait(const hf_i_duration *d, size_t n, hf_i_statement *s)
{
    s->estimate = hf_i_km_quantile(d, n, .5);
    s->lo = s->hi = NAN;
    for (size_t k = n; k-- > 0;) {
        hf_i_interval at = hf_i_km_survival(d, n, d[k].t, HF_I_LEVEL);
        if (d[k].seen && at.lo <= .5)
            s->lo = d[k].t;
        if (d[k].seen && at.hi <= .5)
            s->hi = d[k].t;
    }
}

/* From the first turn of protection to the first of connection; what was still open when the record
 * ended counts as longer than it was watched (Kaplan & Meier 1958). */
static hf_status say_time_to_repair(const hf_cycle *c, hf_analysis *a)
{
    hf_i_statement s;
    size_t n = 0, seen = 0;
    hf_i_duration *d = hf_i_alloc(c->ctx, c->episode_count * sizeof *d);
    if (!d)
        return HF_E_NOMEM;
    for (size_t k = 0; k < c->episode_count; k++) {
        const hf_episode *e = &c->episodes[k];
        if (isnan(e->repair_h))
            continue;
        d[n++] = (hf_i_duration){e->repair_h * 60, 0, e->repair_seen};
        seen += e->repair_seen;
    }
    hf_i_durations_sort(d, n);
    start(&s, a, "repair_time", "S13 S49", 'B', 2);
    s.unit = "min";
    s.n = n;
    median_wait(d, n, &s);
    s.enough = n >= ENOUGH && c->state == HF_CYCLE_ENOUGH && isfinite(s.estimate);
    hf_i_statement_value(&s, "returned", (double)seen);
    hf_i_statement_value(&s, "of", (double)n);
    hf_i_statement_value(&s, "within_day",
                         1 - hf_i_km_survival(d, n, DAY_H * 60, HF_I_LEVEL).estimate);
    hf_i_free(c->ctx, d);
    return hf_i_say(a, &s);
}

/* ---- positions ------------------------------------------------------------------------------- */

static hf_status say_position(const hf_cycle *c, hf_analysis *a, hf_role role, int p)
{
    static const struct {
        const char *key, *mechanism;
    } rows[HF_ROLE_COUNT] = {{"position_raised_need", "S36 S47"},
                             {"position_pursues", "S44 S36"},
                             {"position_withdraws", "S45 S36"},
                             {"position_repairs", "S54 S13"}};
    double k = 0;
    uint32_t examples[HF_I_EXAMPLES];
    size_t shown = 0;
    hf_i_statement s;
    for (size_t e = c->episode_count; e-- > 0;)
        if (c->episodes[e].who[role] & 1u << p) {
            k++;
            if (shown < HF_I_EXAMPLES)
                examples[shown++] = (uint32_t)c->episodes[e].onset;
        }
    while (shown < HF_I_EXAMPLES)
        examples[shown++] = HF_I_NO_TURN;
    start(&s, a, rows[role].key, rows[role].mechanism, 'C', p);
    s.examples = examples;
    return say_share(a, &s, k, (double)c->episode_count);
}

static hf_status say_positions(const hf_cycle *c, hf_analysis *a)
{
    for (int r = 0; r < HF_ROLE_COUNT; r++)
        for (int p = 0; p < 2; p++)
            HF_TRY(say_position(c, a, (hf_role)r, p));
    return HF_OK;
}

/* ---- phases, escalation, problems ------------------------------------------------------------ */

/* Share of turns, by the posterior; the interval over exchanges as whole blocks would need many:
 * here Wilson's with the number of exchanges as n. */
static hf_status say_phase(const hf_cycle *c, hf_analysis *a, hf_phase phase)
{
    char key[32];
    double sum = 0, n = 0, exchanges = 0;
    hf_i_statement s;
    for (size_t t = 0; t < c->count; t++) {
        if (c->turns[t].masked)
            continue;
        n++;
        sum += (double)c->posterior[t][phase];
        exchanges += t == 0 || c->turns[t].exchange != c->turns[t - 1].exchange;
    }
    snprintf(key, sizeof key, "phase_%s", hf_phase_name(phase));
    start(&s, a, key, "S36", 'C', 2);
    s.n = (uint64_t)n;
    s.enough = is_read(c) && n > 0;
    if (s.enough) {
        hf_i_interval share = hf_i_wilson(sum / n * exchanges, exchanges, HF_I_LEVEL);
        s.unit = "share";
        s.estimate = sum / n;
        s.lo = share.lo;
        s.hi = share.hi;
    }
    return hf_i_say(a, &s);
}

/* Hard turns in the second half of the protective turns less those in the first. */
static hf_status say_escalation(const hf_cycle *c, hf_analysis *a)
{
    double n = 0, sum = 0, squares = 0;
    hf_i_statement s;
    for (size_t k = 0; k < c->episode_count; k++)
        if (!isnan(c->episodes[k].escalation)) {
            n++;
            sum += c->episodes[k].escalation;
            squares += c->episodes[k].escalation * c->episodes[k].escalation;
        }
    start(&s, a, "escalation", "S52", 'B', 2);
    s.n = (uint64_t)n;
    s.enough = n >= 2 * ENOUGH;
    if (s.enough) {
        double mean = sum / n, se = sqrt((squares / n - mean * mean) / (n - 1));
        s.unit = "share";
        s.estimate = mean;
        s.lo = mean - 1.96 * se;
        s.hi = mean + 1.96 * se;
        s.base_rate = 0;
        s.seen = s.lo > 0 || s.hi < 0;
        s.text_key = !s.seen ? "escalation" : mean > 0 ? "escalation.more" : "escalation.less";
    }
    return hf_i_say(a, &s);
}

static hf_status say_problems(const hf_cycle *c, hf_analysis *a)
{
    double k = 0;
    hf_i_statement s;
    for (size_t e = 0; e < c->episode_count; e++)
        k += c->episodes[e].problem != HF_PROBLEM_NONE;
    start(&s, a, "cycle_problem", "S41", 'C', 2);
    return say_share(a, &s, k, (double)c->episode_count);
}

hf_status hf_i_cycle_findings(const hf_cycle *c, hf_analysis *a)
{
    HF_TRY(say_count(c, a));
    HF_TRY(say_landed(c, a));
    HF_TRY(say_time_to_repair(c, a));
    HF_TRY(say_positions(c, a));
    for (int f = 0; f < HF_PHASE_COUNT; f++)
        HF_TRY(say_phase(c, a, (hf_phase)f));
    HF_TRY(say_escalation(c, a));
    HF_TRY(say_problems(c, a));
    if (is_read(c))
        HF_TRY(hf_findings_add_limit(a->findings, "cycle_not_validated",
                                     "Phases and episodes were checked on invented dialogues and "
                                     "simulated pairs, not yet on coded couples."));
    if (c->state == HF_CYCLE_NO_TIME)
        HF_TRY(hf_findings_add_limit(a->findings, "cycle_no_time",
                                     "All turns carry the same time or none: silences are not part "
                                     "of the phases."));
    if (is_read(c) && c->lean > .5)
        HF_TRY(
            hf_findings_add_limit(a->findings, "cycle_leans",
                                  "This record is short: the phases lean more on what is assumed "
                                  "for any pair than on your own turns."));
    return HF_OK;
}

hf_status hf_cycle_report(const hf_cycle *c, hf_analysis *a)
{
    if (c->analysis != a)
        return hf_i_fail(c->ctx, HF_E_USAGE, NULL, "this cycle is of another analysis");
    /* Joint work rests: the cycle is a joint view, and solo has nobody at the keyboard here. */
    if (a->rests)
        return HF_OK;
    HF_TRY(hf_i_cycle_findings(c, a));
    HF_TRY(hf_i_evidence_write(c, a));
    return hf_i_cycle_figures(c, a);
}
