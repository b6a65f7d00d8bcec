/* SPDX-License-Identifier: MIT */
/* Every reading of the same columns (the declared key, the same key with reversals already made,
 * odd and even columns exchanged, the other orders and forms of as many items) is judged by its
 * item-rest correlations; all of them come from one covariance matrix. Rules and the sample sizes
 * behind them: doc/instruments.md, "The keying check". */
#include "attachment/keying.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

enum {
    FEWEST_SHEETS = 15, /* below: not checkable (26 % false alarms at 15 people, 2 % at 30) */
    REFUSE_NEGATIVE = 3 /* negative item-rest signs that refuse */
};
/* A rival must fit better by this much in mean item-rest correlation: far above what chance gives
 * to a wrong reading, below what every known wrong key loses. */
static const double RIVAL_MARGIN = 0.05;

const char *hf_keying_verdict_name(hf_keying_verdict verdict)
{
    static const char *const names[] = {"ok", "warning", "not_checkable", "refused"};
    return (unsigned)verdict < HF_COUNT_OF(names) ? names[verdict] : "refused";
}

const char *hf_keying_variant_name(hf_keying_variant variant)
{
    static const char *const names[] = {"as_printed", "already_reversed", "odd_even_swapped",
                                        "names_swapped", "range"};
    return (unsigned)variant < HF_COUNT_OF(names) ? names[variant] : "";
}

/* ---- one reading --------------------------------------------------------------------------- */

bool hf_i_reading_of(hf_i_reading *out, const hf_i_moments *m, const hf_key *key,
                     bool already_reversed)
{
    out->k = 0;
    for (size_t i = 0; i < key->count; i++) {
        int place = hf_i_moments_find(m, key->items[i].column);
        if (place < 0)
            return false;
        out->place[out->k] = (uint16_t)place;
        out->sign[out->k++] = already_reversed ? 1 : key->items[i].sign;
    }
    return true;
}

/* Is every item of the scale also an item of another, shorter scale? */
static bool is_composite(const hf_instrument *in, const hf_order *order, size_t scale)
{
    const hf_key *key = &order->keys[scale];
    for (size_t i = 0; i < key->count; i++) {
        bool elsewhere = false;
        for (size_t s = 0; s < in->scale_count && !elsewhere; s++)
            for (size_t j = 0; s != scale && j < order->keys[s].count; j++)
                elsewhere = elsewhere || (order->keys[s].count < key->count &&
                                          order->keys[s].items[j].column == key->items[i].column);
        if (!elsewhere)
            return false;
    }
    return true;
}

bool hf_i_scale_is_checked(const hf_instrument *in, const hf_order *order, size_t scale)
{
    return in->scales[scale].kind != HF_SCALE_CONTRAST && order->keys[scale].count >= 2 &&
           !is_composite(in, order, scale);
}

/* Columns 2k-1 and 2k exchanged; the last of an odd number stays. */
static unsigned swapped_column(unsigned column, unsigned sheet)
{
    unsigned other = ((column - 1) ^ 1) + 1;
    return other <= sheet ? other : column;
}

typedef struct candidate {
    const hf_instrument *in;
    const hf_order *order;
    hf_keying_variant variant;
} candidate;

typedef struct fit {
    double mean;       /* item-rest correlation */
    unsigned negative; /* items */
    size_t items;
} fit;

/* false: the reading needs columns that m does not have. */
static bool judge(fit *out, const hf_i_moments *m, const candidate *c)
{
    double rest[HF_I_MAX_ITEMS], sum = 0;
    hf_i_reading r;
    *out = (fit){0};
    for (size_t s = 0; s < c->in->scale_count; s++) {
        if (!hf_i_scale_is_checked(c->in, c->order, s))
            continue;
        const hf_key *key = &c->order->keys[s];
        r.k = 0;
        for (size_t i = 0; i < key->count; i++) {
            unsigned column = key->items[i].column;
            if (c->variant == HF_VARIANT_ODD_EVEN_SWAPPED)
                column = swapped_column(column, c->order->sheet);
            int place = hf_i_moments_find(m, column);
            if (place < 0)
                return false;
            r.place[r.k] = (uint16_t)place;
            r.sign[r.k++] = c->variant == HF_VARIANT_ALREADY_REVERSED ? 1 : key->items[i].sign;
        }
        hf_i_item_rest(m, &r, rest);
        for (size_t i = 0; i < r.k; i++) {
            double x = isnan(rest[i]) ? 0 : rest[i]; /* a constant item fits nowhere */
            sum += x;
            out->negative += x < 0;
            out->items++;
        }
    }
    out->mean = out->items ? sum / (double)out->items : NAN;
    return out->items > 0;
}

/* ---- rivals -------------------------------------------------------------------------------- */

typedef struct search {
    hf_keying *out;
    const hf_i_moments *m;
    candidate declared;
    fit own, best;
    char winner_form[64], winner_order[64];
    hf_keying_variant winner_variant;
    bool found;
} search;

static void try_candidate(search *s, const candidate *c)
{
    fit f;
    if (c->order->status == HF_KEY_REFUSED || c->order->sheet != s->declared.order->sheet ||
        !judge(&f, s->m, c) || f.items != s->own.items)
        return;
    if (s->found && !(f.mean > s->best.mean))
        return;
    s->found = true;
    s->best = f;
    snprintf(s->winner_form, sizeof s->winner_form, "%s", c->in->id);
    snprintf(s->winner_order, sizeof s->winner_order, "%s", c->order->id);
    s->winner_variant = c->variant;
}

static bool has_reversals(const hf_instrument *in)
{
    for (size_t s = 0; s < in->scale_count; s++)
        if (in->scales[s].reversed && in->scales[s].kind != HF_SCALE_CONTRAST)
            return true;
    return false;
}

/* Do both orders key the same columns? A short form within a longer sheet reads other columns
 * than another short form: that is another question, not another answer. */
static bool same_columns(const candidate *a, const candidate *b)
{
    bool in_a[HF_I_MAX_ITEMS + 1] = {false}, in_b[HF_I_MAX_ITEMS + 1] = {false};
    for (size_t s = 0; s < a->in->scale_count; s++)
        for (size_t i = 0; i < a->order->keys[s].count; i++)
            in_a[a->order->keys[s].items[i].column] = true;
    for (size_t s = 0; s < b->in->scale_count; s++)
        for (size_t i = 0; i < b->order->keys[s].count; i++)
            in_b[b->order->keys[s].items[i].column] = true;
    return memcmp(in_a, in_b, sizeof in_a) == 0;
}

static void try_form(search *s, const hf_instrument *in)
{
    for (size_t o = 0; o < in->order_count; o++)
        for (int v = HF_VARIANT_AS_PRINTED; v <= HF_VARIANT_ODD_EVEN_SWAPPED; v++) {
            if (in->orders[o].status == HF_KEY_REFUSED)
                continue;
            candidate c = {in, &in->orders[o], (hf_keying_variant)v};
            bool declared = strcmp(in->id, s->declared.in->id) == 0 &&
                            strcmp(c.order->id, s->declared.order->id) == 0;
            if ((declared && c.variant == s->declared.variant) ||
                (v == HF_VARIANT_ALREADY_REVERSED && !has_reversals(in)) ||
                !same_columns(&c, &s->declared))
                continue;
            try_candidate(s, &c);
        }
}

static bool same_key(const hf_key *a, const hf_key *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        bool there = false;
        for (size_t j = 0; j < b->count; j++)
            there = there || (a->items[i].column == b->items[j].column &&
                              a->items[i].sign == b->items[j].sign);
        if (!there)
            return false;
    }
    return true;
}

/* Signs and alpha cannot see exchanged names: the keys of the known forms can. */
static void look_for_swapped_names(search *s, const hf_instrument *in)
{
    const hf_instrument *own = s->declared.in;
    const hf_order *mine = s->declared.order;
    for (size_t o = 0; o < in->order_count; o++) {
        const hf_order *other = &in->orders[o];
        if (other->status == HF_KEY_REFUSED || other->sheet != mine->sheet)
            continue;
        if (same_key(&mine->keys[own->anxiety], &other->keys[in->avoidance]) &&
            same_key(&mine->keys[own->avoidance], &other->keys[in->anxiety])) {
            snprintf(s->out->rival_instrument, sizeof s->out->rival_instrument, "%s", in->id);
            snprintf(s->out->rival_order, sizeof s->out->rival_order, "%s", other->id);
            s->out->rival_variant = HF_VARIANT_NAMES_SWAPPED;
            s->out->rival_found = true;
        }
    }
}

static hf_status try_all_forms(search *s, hf_ctx *ctx)
{
    char id[64];
    const hf_instrument *own = s->declared.in;
    try_form(s, own);
    for (size_t k = 0; own->anxiety >= 0 && hf_instrument_name(k, id); k++) {
        hf_instrument *other;
        if (own->built_in && strcmp(id, own->id) == 0)
            continue;
        HF_TRY(hf_instrument_get(&other, ctx, id));
        if (other->anxiety >= 0) {
            try_form(s, other);
            if (!own->built_in)
                look_for_swapped_names(s, other);
        }
        hf_instrument_free(other);
    }
    return HF_OK;
}

/* ---- the answer range ---------------------------------------------------------------------- */

/* Do all answers lie within a narrower range in use, and reach both of its ends? */
static void check_range(hf_keying *out, const hf_sheets *s)
{
    const hf_instrument *in = s->instrument;
    int lo = INT8_MAX, hi = INT8_MIN;
    for (size_t i = 0; i < s->count * s->columns; i++)
        if (s->answers[i] != HF_ANSWER_MISSING) {
            lo = s->answers[i] < lo ? s->answers[i] : lo;
            hi = s->answers[i] > hi ? s->answers[i] : hi;
        }
    for (size_t k = 0; k < in->other_range_count; k++) {
        const int *o = in->other_ranges[k];
        if (lo == o[0] && hi == o[1] && o[0] >= s->min && o[1] < s->max) {
            out->rival_found = true;
            out->rival_variant = HF_VARIANT_RANGE;
            out->rival_min = o[0];
            out->rival_max = o[1];
            snprintf(out->rival_instrument, sizeof out->rival_instrument, "%s", in->id);
            snprintf(out->rival_order, sizeof out->rival_order, "%s", s->order->id);
        }
    }
}

/* ---- words --------------------------------------------------------------------------------- */

static HF_PRINTF(2, 3) void add(hf_keying *out, const char *format, ...)
{
    size_t used = strlen(out->reason);
    va_list args;
    va_start(args, format);
    vsnprintf(out->reason + used, sizeof out->reason - used, format, args);
    va_end(args);
}

static void name_negative(hf_keying *out, const hf_instrument *in, const hf_order *order,
                          const hf_item_stats *items, size_t count)
{
    unsigned shown = 0;
    add(out, "%u item%s run%s against the rest of %s scale:", out->negative,
        out->negative == 1 ? "" : "s", out->negative == 1 ? "s" : "",
        out->negative == 1 ? "its" : "their");
    for (size_t i = 0; i < count; i++)
        if (items[i].item_rest < 0 && hf_i_scale_is_checked(in, order, items[i].scale)) {
            if (shown++ < 20)
                add(out, "%s %u", shown > 1 ? "," : "", items[i].column);
        }
    add(out, "%s. ", shown > 20 ? ", ..." : "");
}

static void name_rival(hf_keying *out, const search *s)
{
    bool same_form = strcmp(out->rival_instrument, s->declared.in->id) == 0 &&
                     strcmp(out->rival_order, s->declared.order->id) == 0;
    switch (out->rival_variant) {
    case HF_VARIANT_AS_PRINTED:
        if (same_form)
            add(out,
                "The columns fit '%s' in order '%s' with its items still to be reversed: "
                "their reversal was forgotten in the file, leave out --already-reversed.",
                out->rival_instrument, out->rival_order);
        else
            add(out, "The columns fit the form '%s' in order '%s' (--order %s).",
                out->rival_instrument, out->rival_order, out->rival_order);
        break;
    case HF_VARIANT_ALREADY_REVERSED:
        add(out,
            "The columns fit '%s' in order '%s' if its reversed items are not reversed once "
            "more: reversals already made in the file (or forgotten when it was filled in); "
            "if they were made, say %s--already-reversed.",
            out->rival_instrument, out->rival_order, same_form ? "" : "form and order, and ");
        break;
    case HF_VARIANT_ODD_EVEN_SWAPPED:
        add(out, "The columns fit '%s' in order '%s' with odd and even columns swapped.",
            out->rival_instrument, out->rival_order);
        break;
    case HF_VARIANT_NAMES_SWAPPED:
        add(out,
            "The scales 'anxiety' and 'avoidance' carry each other's items: in the form '%s', "
            "order '%s', they have the other names (scale names, or odd and even, swapped).",
            out->rival_instrument, out->rival_order);
        break;
    case HF_VARIANT_RANGE:
        add(out,
            "All answers lie within %d to %d, the range declared is %d to %d: say --range "
            "%d-%d.",
            out->rival_min, out->rival_max, s->declared.in->min, s->declared.in->max,
            out->rival_min, out->rival_max);
        break;
    }
}

/* ---- the verdict --------------------------------------------------------------------------- */

static bool alpha_below_band(hf_keying *out, const hf_instrument *in, const hf_order *order,
                             const hf_scale_stats *stats)
{
    char is[HF_I_NUMBER_SIZE], band[HF_I_NUMBER_SIZE];
    bool below = false;
    for (size_t s = 0; s < in->scale_count; s++)
        if (hf_i_scale_is_checked(in, order, s) && stats[s].alpha_hi < in->scales[s].alpha_lo) {
            below = true;
            hf_i_number_format_fixed(is, stats[s].alpha, 2);
            hf_i_number_format_fixed(band, in->scales[s].alpha_lo, 2);
            add(out, "Alpha of '%s' is %s, far below what this form gives (%s and more). ",
                in->scales[s].id, is, band);
        }
    return below;
}

static void alpha_above_band(hf_keying *out, const hf_instrument *in, const hf_order *order,
                             const hf_scale_stats *stats)
{
    for (size_t s = 0; s < in->scale_count; s++)
        if (hf_i_scale_is_checked(in, order, s) && stats[s].alpha_lo > in->scales[s].alpha_hi) {
            char is[HF_I_NUMBER_SIZE];
            if (out->verdict == HF_KEYING_OK)
                out->verdict = HF_KEYING_WARNING;
            hf_i_number_format_fixed(is, stats[s].alpha, 3);
            add(out,
                "Alpha of '%s' is %s, higher than this form gives: are sheets or columns "
                "copied? ",
                in->scales[s].id, is);
        }
}

static void decide(search *s, const hf_scale_stats *stats, const hf_item_stats *items, size_t count)
{
    hf_keying *out = s->out;
    const hf_instrument *in = s->declared.in;
    const hf_order *order = s->declared.order;
    out->rival_fit = s->found ? s->best.mean : NAN;
    bool better = s->found && s->best.mean > s->own.mean + RIVAL_MARGIN &&
                  s->best.negative <= s->own.negative;
    if (out->rival_found && better) {
        name_rival(out, s); /* the range (or the names), and below the reading as well */
        add(out, " ");
    }
    if (better) {
        snprintf(out->rival_instrument, sizeof out->rival_instrument, "%s", s->winner_form);
        snprintf(out->rival_order, sizeof out->rival_order, "%s", s->winner_order);
        out->rival_variant = s->winner_variant;
        out->rival_found = true;
    }
    if (out->negative)
        name_negative(out, in, order, items, count);
    bool low_alpha = alpha_below_band(out, in, order, stats);
    if (out->rival_found || out->negative >= REFUSE_NEGATIVE || low_alpha)
        out->verdict = HF_KEYING_REFUSED;
    else if (out->negative)
        out->verdict = HF_KEYING_WARNING;
    alpha_above_band(out, in, order, stats);
    if (out->rival_found)
        name_rival(out, s);
    else if (out->verdict == HF_KEYING_REFUSED)
        add(out, "No other order that Holdfast knows fits better: check the order of the columns, "
                 "the coding of the answers and where the file comes from.");
}

/* m with all columns of the sheet serves rivals that use other columns; without enough complete
 * sheets there, the keyed columns must do. */
static hf_status wide_moments(hf_i_moments *wide, hf_ctx *ctx, const hf_sheets *s,
                              const hf_i_moments *m)
{
    uint16_t all[HF_I_MAX_ITEMS];
    if (m->p == s->columns)
        return HF_OK;
    for (size_t c = 0; c < s->columns; c++)
        all[c] = (uint16_t)(c + 1);
    return hf_i_moments_init(wide, ctx, s, all, s->columns);
}

hf_status hf_i_keying_check(hf_keying *out, hf_ctx *ctx, const hf_sheets *sheets,
                            const hf_i_moments *m, bool already_reversed,
                            const hf_scale_stats *stats, const hf_item_stats *items,
                            size_t item_count)
{
    hf_i_moments wide = {0};
    search s = {
        .out = out,
        .m = m,
        .declared = {sheets->instrument, sheets->order,
                     already_reversed ? HF_VARIANT_ALREADY_REVERSED : HF_VARIANT_AS_PRINTED}};
    *out = (hf_keying){.verdict = HF_KEYING_OK, .n = m->n, .fit = NAN, .rival_fit = NAN};
    if (!judge(&s.own, m, &s.declared)) {
        out->verdict = HF_KEYING_NOT_CHECKABLE;
        add(out, "The scales of this form have no items that could be compared.");
        return HF_OK;
    }
    out->fit = s.own.mean;
    check_range(out, sheets);
    if (m->n < FEWEST_SHEETS) {
        out->verdict = HF_KEYING_NOT_CHECKABLE;
        add(out, "Keying not checkable: %zu complete sheet%s, %d are needed.", m->n,
            m->n == 1 ? "" : "s", FEWEST_SHEETS);
        if (out->rival_found) {
            add(out, " ");
            name_rival(out, &s);
        }
        out->rival_found = false;
        return HF_OK;
    }
    out->negative = s.own.negative;
    hf_status status = wide_moments(&wide, ctx, sheets, m);
    if (status == HF_OK && wide.n >= FEWEST_SHEETS) {
        s.m = &wide;
        judge(&s.own, &wide, &s.declared); /* rivals are compared on the same sheets */
    }
    if (status == HF_OK)
        status = try_all_forms(&s, ctx);
    if (status == HF_OK)
        decide(&s, stats, items, item_count);
    hf_i_moments_dispose(&wide);
    return status;
}
