/* SPDX-License-Identifier: MIT */
/* What the measures say, each beside its own usual. */
#include "signal/say.h"

#include <math.h>
#include <string.h>

/* ---- against the own usual
 * ------------------------------------------------------------------------------ */

static const char *direction(const hf_i_usual *u)
{
    if (!u->seen)
        return "recent.same";
    return u->recent > u->usual ? "recent.more" : "recent.less";
}

/* "In the last weeks ..., usually ...": said wherever both are known, and for each micro-signal. */
static hf_status say_recent(hf_analysis *a, const hf_i_statement *of, const hf_i_usual *u,
                            bool always)
{
    hf_i_statement s;
    if (!u->known && !always)
        return HF_OK;
    hf_i_statement_init(&s, of->key, of->mechanism, of->grade, of->output, of->about);
    s.part = "recent";
    s.unit = of->unit;
    s.enough = u->known;
    s.n = u->n_recent;
    s.text_key = u->known ? direction(u) : "recent";
    s.seen = u->seen;
    s.estimate = u->recent;
    hf_i_statement_value(&s, "usual", u->usual);
    hf_i_statement_value(&s, "usual_lo", u->usual_lo);
    hf_i_statement_value(&s, "usual_hi", u->usual_hi);
    hf_i_statement_value(&s, "z", u->z);
    hf_i_statement_value(&s, "change", u->change.estimate);
    hf_i_statement_value(&s, "change_lo", u->change.lo);
    hf_i_statement_value(&s, "change_hi", u->change.hi);
    hf_i_statement_value(&s, "periods", (double)(a->measures.periods - a->measures.recent));
    int64_t days = a->measures.period_ms / INT64_C(86400000);
    hf_i_statement_value(&s, "days",
                         (double)(days * (int64_t)(a->measures.periods - a->measures.recent)));
    return hf_i_say(a, &s);
}

/* ---- ratios
 * ------------------------------------------------------------------------------------------------
 */

/* Does the partner write (mostly) in a language whose lists exist? */
static bool writes_english(const hf_analysis *a, int p)
{
    for (size_t i = 0; i < a->turns.turn_count; i++)
        if (a->turns.turns[i].partner == p && a->content.turns[i].english)
            return true;
    return false;
}

static bool is_micro_signal(hf_i_measure which)
{
    return which == HF_I_M_REPLY_RATE || which == HF_I_M_UPTAKE || which == HF_I_M_EXCHANGE_TURNS ||
           which == HF_I_M_TURN_WORDS;
}

static void null_of(const hf_analysis *a, hf_i_measure which, int p, hf_i_statement *s)
{
    if (which == HF_I_M_INITIATION || which == HF_I_M_VOLUME)
        s->base_rate = 0.5;
    else if (which == HF_I_M_UPTAKE)
        s->base_rate = a->estimates.uptake_chance[p];
    s->seen = s->lo > s->base_rate || s->hi < s->base_rate;
}

static void initiation_at_other_gaps(const hf_analysis *a, int p, hf_i_statement *s)
{
    static const struct {
        const char *key;
        double factor;
    } rows[] = {{"half_gap", 0.5}, {"double_gap", 2}};
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        uint64_t open[2];
        hf_i_turns_count_openings(&a->turns, rows[i].factor * a->gap.ms, open);
        if (open[0] + open[1])
            hf_i_statement_value(s, rows[i].key, (double)open[p] / (double)(open[0] + open[1]));
    }
}

static hf_status say_measure(hf_analysis *a, hf_i_measure which, int p)
{
    const hf_i_measure_info *info = &hf_i_measure_infos[which];
    const hf_i_estimate *e = &a->estimates.of[which][p];
    hf_i_statement s;
    hf_i_statement_init(&s, info->name, info->mechanism, info->grade, info->output,
                        info->by_partner ? p : 2);
    s.unit = info->unit;
    s.n = e->n;
    s.enough = e->enough;
    s.estimate = e->all.estimate;
    s.lo = e->all.lo;
    s.hi = e->all.hi;
    null_of(a, which, p, &s);
    hf_i_statement_value(&s, "count", e->hits);
    hf_i_statement_value(&s, "of", (double)e->n);
    if (which == HF_I_M_INITIATION)
        initiation_at_other_gaps(a, p, &s);
    if (info->kind == HF_I_COUNT)
        hf_i_statement_value(&s, "period_days",
                             (double)(a->measures.period_ms / INT64_C(86400000)));
    s.examples = a->measures.hits[which][p];
    if (info->english_only && !writes_english(a, p)) {
        s.enough = false;
        s.text_key = "not_for_language";
    } else if (!s.enough && a->summary.date_ambiguous && info->kind == HF_I_COUNT) {
        s.text_key = "date_ambiguous";
    }
    HF_TRY(hf_i_say(a, &s));
    return say_recent(a, &s, &e->usual, is_micro_signal(which));
}

/* ---- answers
 * ---------------------------------------------------------------------------------------------------
 */

/* What p did not answer: never without its counterpart, answered.p. */
static hf_status say_unanswered(hf_analysis *a, int p)
{
    const hf_i_estimate *e = &a->estimates.of[HF_I_M_REPLY_RATE][p];
    hf_i_statement s;
    hf_i_statement_init(&s, "unanswered", "S31", 'C', HF_OUTPUT_ACTS, p);
    s.unit = "count";
    s.n = e->n;
    s.enough = e->enough;
    s.estimate = (double)e->n - e->hits;
    hf_i_statement_text(&s, "window", "24 h");
    hf_i_statement_value(&s, "answered", e->hits);
    s.examples = a->measures.misses[HF_I_M_REPLY_RATE][p];
    return hf_i_say(a, &s);
}

static hf_status say_reply_time(hf_analysis *a, int p)
{
    static const char *const keys[4] = {"within_5_min", "within_1_h", "within_8_h", "within_24_h"};
    const hf_i_reply_estimate *e = &a->estimates.reply[p];
    const hf_i_quiet *q = &a->measures.quiet[p];
    hf_i_statement s;
    hf_i_statement_init(&s, "reply_time", "S31", 'C', HF_OUTPUT_ACTS, p);
    s.unit = "min";
    s.n = e->median.n;
    s.enough = e->median.enough;
    s.estimate = e->median.all.estimate;
    s.lo = e->median.all.lo;
    s.hi = e->median.all.hi;
    for (int k = 0; k < 4; k++)
        hf_i_statement_value(&s, keys[k], e->within[k].estimate);
    hf_i_statement_value(&s, "quartile_lo", e->quartile_lo);
    hf_i_statement_value(&s, "quartile_hi", isinf(e->quartile_hi) ? NAN : e->quartile_hi);
    if (q->known)
        hf_i_statement_value(&s, "quiet_from_min", q->start_min);
    s.examples = a->measures.hits[HF_I_M_REPLY_RATE][p];
    HF_TRY(hf_i_say(a, &s));
    return say_recent(a, &s, &e->median.usual, true);
}

/* R4: slower is not colder; the comparison says who usually answers sooner, no more. */
static hf_status say_reply_ratio(hf_analysis *a)
{
    const hf_i_estimates *e = &a->estimates;
    hf_i_statement s;
    hf_i_statement_init(&s, "reply_time", "S31", 'C', HF_OUTPUT_ACTS, 2);
    s.text_key = "reply_ratio";
    s.unit = "ratio";
    s.n = e->reply[0].median.n + e->reply[1].median.n;
    s.enough = e->reply[0].median.enough && e->reply[1].median.enough &&
               !isnan(e->reply_ratio.lo) && !isnan(e->reply_log_rank);
    s.estimate = e->reply_ratio.estimate;
    s.lo = e->reply_ratio.lo;
    s.hi = e->reply_ratio.hi;
    s.base_rate = 1;
    s.seen = (s.lo > 1 || s.hi < 1) && fabs(e->reply_log_rank) > 1.96;
    s.text_key = !s.seen ? "reply_ratio.same" : s.estimate < 1 ? "reply_ratio.a" : "reply_ratio.b";
    hf_i_statement_value(&s, "log_rank_z", e->reply_log_rank);
    return hf_i_say(a, &s);
}

/* The level means nothing by itself: only the change against the own usual is said. */
static hf_status say_tone(hf_analysis *a, int p)
{
    const hf_i_estimate *e = &a->estimates.of[HF_I_M_TONE][p];
    hf_i_statement s;
    hf_i_statement_init(&s, "tone", "S32", 'C', HF_OUTPUT_ACTS, p);
    s.n = e->n;
    s.enough = e->enough;
    if (a->readings.warmth && !writes_english(a, p))
        s.text_key = "not_for_language";
    else if (a->readings.warmth)
        s.text_key = "tone.read";
    HF_TRY(hf_i_say(a, &s));
    s.unit = "sd";
    return say_recent(a, &s, &e->usual, a->readings.warmth != NULL);
}

/* ---- language
 * -----------------------------------------------------------------------------------------------------
 */

static hf_status say_style(hf_analysis *a)
{
    const hf_i_estimates *e = &a->estimates;
    uint64_t least = e->style_words[0] < e->style_words[1] ? e->style_words[0] : e->style_words[1];
    hf_i_statement s;
    hf_i_statement_init(&s, "style_matching", "S59", 'C', HF_OUTPUT_INFLUENCE, 2);
    s.n = least;
    s.enough = least >= HF_I_STYLE_LEAST && !isnan(e->style.lo);
    s.estimate = e->style.estimate;
    s.lo = e->style.lo;
    s.hi = e->style.hi;
    for (int g = 0; g < HF_I_STYLE_GROUPS; g++)
        hf_i_statement_value(&s, hf_i_group_name((hf_i_group)g), e->style_groups[g]);
    if (!writes_english(a, 0) || !writes_english(a, 1))
        s.text_key = "not_for_language";
    return hf_i_say(a, &s);
}

/* R5: the level belongs to each, the asymmetry to the pair. */
static hf_status say_asymmetry(hf_analysis *a, const char *key, const char *text_key,
                               const hf_i_interval *difference)
{
    hf_i_statement s;
    hf_i_statement_init(&s, key, "S36", 'B', HF_OUTPUT_INFLUENCE, 2);
    s.text_key = text_key;
    s.unit = "difference";
    s.n = a->estimates.style_words[0] + a->estimates.style_words[1];
    s.enough = a->estimates.of[HF_I_M_WE_TALK][0].enough &&
               a->estimates.of[HF_I_M_WE_TALK][1].enough && !isnan(difference->lo);
    s.estimate = difference->estimate;
    s.lo = difference->lo;
    s.hi = difference->hi;
    s.base_rate = 0;
    s.seen = s.lo > 0 || s.hi < 0;
    hf_i_statement_value(&s, "we_share_a", a->estimates.we_share[0].estimate);
    hf_i_statement_value(&s, "we_share_b", a->estimates.we_share[1].estimate);
    if (!writes_english(a, 0) || !writes_english(a, 1)) {
        s.enough = false;
        s.text_key = "not_for_language";
    }
    return hf_i_say(a, &s);
}

static hf_status say_coordination(hf_analysis *a, int p)
{
    const hf_i_interval *c = &a->estimates.coordination[p];
    hf_i_statement s;
    hf_i_statement_init(&s, "coordination", "S59", 'C', HF_OUTPUT_INFLUENCE, p);
    s.unit = "difference";
    s.n = a->estimates.coordination_n[p];
    s.enough = s.n >= 5 * HF_I_ENOUGH && !isnan(c->lo);
    s.estimate = c->estimate;
    s.lo = c->lo;
    s.hi = c->hi;
    s.base_rate = 0;
    s.seen = s.lo > 0 || s.hi < 0;
    if (!writes_english(a, p)) {
        s.enough = false;
        s.text_key = "not_for_language";
    }
    return hf_i_say(a, &s);
}

static hf_status say_accommodation(hf_analysis *a)
{
    const hf_i_interval *r = &a->estimates.accommodation;
    hf_i_statement s;
    hf_i_statement_init(&s, "length_match", "S59", 'C', HF_OUTPUT_INFLUENCE, 2);
    s.unit = "correlation";
    s.n = a->estimates.accommodation_n;
    s.enough = s.n >= 2 * HF_I_ENOUGH && !isnan(r->lo);
    s.estimate = r->estimate;
    s.lo = r->lo;
    s.hi = r->hi;
    s.base_rate = 0;
    s.seen = s.lo > 0 || s.hi < 0;
    return hf_i_say(a, &s);
}

static hf_status say_burstiness(hf_analysis *a, int p)
{
    hf_i_statement s;
    hf_i_statement_init(&s, "burstiness", "S44", 'C', HF_OUTPUT_ACTS, p);
    s.unit = "index";
    s.n = a->estimates.burstiness_n[p];
    s.enough = a->turns.timed && s.n >= 5 * HF_I_ENOUGH && !isnan(a->estimates.burstiness[p]);
    s.estimate = a->estimates.burstiness[p];
    s.base_rate = 0;
    return hf_i_say(a, &s);
}

hf_status hf_i_statements_write(hf_analysis *a)
{
    for (int which = 0; which < HF_I_MEASURE_COUNT; which++)
        for (int p = 0; p < (hf_i_measure_infos[which].by_partner ? 2 : 1); p++)
            if (which != HF_I_M_WORDS && which != HF_I_M_TONE)
                HF_TRY(say_measure(a, (hf_i_measure)which, p));
    for (int p = 0; p < 2; p++) {
        HF_TRY(say_unanswered(a, p));
        HF_TRY(say_reply_time(a, p));
        HF_TRY(say_tone(a, p));
        HF_TRY(say_coordination(a, p));
        HF_TRY(say_burstiness(a, p));
    }
    HF_TRY(say_reply_ratio(a));
    HF_TRY(say_style(a));
    HF_TRY(say_asymmetry(a, "pronoun_we", "we_asymmetry", &a->estimates.we_asymmetry));
    HF_TRY(say_asymmetry(a, "pronoun_you", "you_asymmetry", &a->estimates.you_asymmetry));
    return say_accommodation(a);
}
