/* SPDX-License-Identifier: MIT */
#include "form.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

hf_status form_open(hf_instrument **out, hf_ctx *ctx, const char *name)
{
    return strchr(name, '/') || strchr(name, '.') ? hf_instrument_read(out, ctx, name)
                                                  : hf_instrument_get(out, ctx, name);
}

bool form_range(const char *text, int *min, int *max)
{
    char *end;
    long a = strtol(text, &end, 10);
    if (end == text || *end != '-')
        return false;
    const char *second = end + 1;
    long b = strtol(second, &end, 10);
    if (end == second || *end || a < -1000 || a > 1000 || b < -1000 || b > 1000 || a >= b)
        return false;
    *min = (int)a;
    *max = (int)b;
    return true;
}

/* ---- the set ------------------------------------------------------------------------------- */

static void print_sem(FILE *to, const hf_scale_stats *t)
{
    static const char *const sources[] = {
        "no reliability is known and the data are too few: no interval",
        "SD and alpha of the norm",
        "SD and alpha of a norm taken with another range: rough",
        "SD and alpha of these data",
        "declared wide: nothing is measured yet",
        "as given"};
    if (t->sem_source == HF_SEM_NONE)
        fprintf(to, "    SEM        %s\n", sources[0]);
    else
        fprintf(to, "    SEM        %.2f (%s%s); reliable change beyond %.2f\n", t->sem,
                sources[t->sem_source], t->sem_to_confirm ? ", to be confirmed" : "",
                1.96 * sqrt(2) * t->sem);
}

static void print_scale(FILE *to, const hf_scoring *p, size_t s)
{
    const hf_scale_stats *t = &p->scales[s];
    fprintf(to, "  %s (%zu items, %g to %g)\n", p->instrument->scales[s].title,
            p->order->keys[s].count, t->range_lo, t->range_hi);
    fprintf(to, "    scored     %zu", t->scored);
    if (t->prorated)
        fprintf(to, ", %zu of them prorated", t->prorated);
    if (t->not_enough)
        fprintf(to, "; not enough answers: %zu", t->not_enough);
    if (t->scored > 1)
        fprintf(to, "; mean %.3f, SD %.3f", t->mean, t->sd);
    fputc('\n', to);
    if (!isnan(t->alpha) && t->complete >= 3) {
        fprintf(to, "    complete   %zu; mean %.3f, SD %.3f; alpha %.3f [%.3f, %.3f]", t->complete,
                t->complete_mean, t->complete_sd, t->alpha, t->alpha_lo, t->alpha_hi);
        if (!isnan(t->omega))
            fprintf(to, ", omega %.3f%s", t->omega, t->heywood ? " (on a bound)" : "");
        fputc('\n', to);
    }
    print_sem(to, t);
}

static void print_keying(FILE *to, const hf_keying *k)
{
    static const char *const words[] = {"fits", "fits, with a warning", "not checkable", "refused"};
    if (k->verdict == HF_KEYING_NOT_CHECKABLE) {
        fprintf(to, "%s\n", k->reason);
        return;
    }
    fprintf(to, "Keying check: %s (%zu complete sheets, mean item-rest correlation %.2f)\n",
            words[k->verdict], k->n, k->fit);
    if (k->reason[0])
        fprintf(to, "  %s\n", k->reason);
}

static void print_cuts(FILE *to, const hf_scoring *p)
{
    for (size_t s = 0; s < p->scale_count; s++) {
        const hf_scale *scale = &p->instrument->scales[s];
        if (!isnan(scale->cut))
            fprintf(to, "  %s: published cut %g (%s)\n", scale->title, scale->cut, scale->cut_note);
    }
}

/* The first sheets that say too little, by row: nobody has to search for them. */
static void print_not_enough(FILE *to, const hf_scoring *p)
{
    size_t shown = 0, total = 0;
    for (size_t i = 0; i < p->count; i++) {
        bool first = true;
        for (size_t s = 0; s < p->scale_count; s++) {
            const hf_score *x = &p->scores[i * p->scale_count + s];
            hf_sheet_who who;
            if (x->state != HF_SCORE_NOT_ENOUGH)
                continue;
            total += first;
            shown += first;
            if (shown <= 5) {
                hf_sheets_get(p->sheets, i, &who);
                if (first)
                    fprintf(to, "%s row %llu: ", shown > 1 ? ";" : "Not enough answers in",
                            (unsigned long long)who.line);
                fprintf(to, "%s%s %u of %zu", first ? "" : ", ", p->instrument->scales[s].id,
                        x->answered, p->order->keys[s].count);
            }
            first = false;
        }
    }
    if (total > 5)
        fprintf(to, "; and %zu more", total - 5);
    if (total)
        fputc('\n', to);
}

void print_set(FILE *to, const hf_scoring *p, hf_audience audience)
{
    const hf_instrument *in = p->instrument;
    fprintf(to, "%s\nform %s, order %s, answers %d to %d", in->title, in->id, p->order->id, p->min,
            p->max);
    if (p->order->status == HF_KEY_TO_CONFIRM)
        fputs("; this key is still to be confirmed", to);
    if (in->status == HF_KEY_OWN)
        fputs("; not validated", to);
    fprintf(to, "\n%zu sheet%s: %s\n", p->count, p->count == 1 ? "" : "s",
            hf_sheets_reading(p->sheets));
    if (in->note[0])
        fprintf(to, "%s\n", in->note);
    fputc('\n', to);
    for (size_t s = 0; s < p->scale_count; s++)
        print_scale(to, p, s);
    if (!isnan(p->plane_correlation) && p->scales[0].complete >= 15)
        fprintf(to, "  anxiety with avoidance: r = %.3f\n", p->plane_correlation);
    if (p->norm)
        fprintf(to, "Norm: %s (n = %llu%s)\n  %s\n", p->norm->title, (unsigned long long)p->norm->n,
                p->norm_rescaled ? "; taken with another answer range: a rough comparison" : "",
                p->norm->attribution);
    if (audience != HF_FOR_COUPLE)
        print_cuts(to, p);
    print_keying(to, &p->keying);
    print_not_enough(to, p);
    if (p->careless_count)
        fprintf(to,
                "Answered in long runs, straight lines or against themselves: %zu of %zu "
                "(kept)\n",
                p->careless_count, p->count);
}

void print_items(FILE *to, const hf_scoring *p)
{
    fputs("\nitem  scale                 mean    SD  item-rest\n", to);
    for (size_t i = 0; i < p->item_count; i++) {
        const hf_item_stats *t = &p->items[i];
        const char *text = p->instrument->texts ? p->instrument->texts[t->column - 1] : NULL;
        fprintf(to, "%3u%s  %-20s %5.2f %5.2f      %5.2f%s%s\n", t->column, t->sign < 0 ? "R" : " ",
                p->instrument->scales[t->scale].id, t->mean, t->sd, t->item_rest, text ? "  " : "",
                text ? text : "");
    }
}

/* ---- one sheet ----------------------------------------------------------------------------- */

static void print_percentile(FILE *to, const hf_score *x, bool rough)
{
    if (x->percentile_state == HF_PERCENTILE_BELOW)
        fprintf(to, "; below the %g %% point of the norm", x->percentile);
    else if (x->percentile_state == HF_PERCENTILE_ABOVE)
        fprintf(to, "; above the %g %% point of the norm", x->percentile);
    else if (x->percentile_state == HF_PERCENTILE_WITHIN)
        fprintf(to, "; about %.0f of 100 in the norm score lower", x->percentile);
    if (x->percentile_state != HF_PERCENTILE_NONE && rough)
        fputs(" (rough)", to);
}

static void print_score(FILE *to, const hf_scoring *p, size_t sheet, size_t s)
{
    const hf_score *x = &p->scores[sheet * p->scale_count + s];
    const hf_scale *scale = &p->instrument->scales[s];
    size_t items = p->order->keys[s].count;
    if (x->state == HF_SCORE_NOT_ENOUGH) {
        fprintf(to, "  %-26s not enough data: %u of %zu answered, %u are needed\n", scale->title,
                x->answered, items, scale->needs);
        return;
    }
    fprintf(to, "  %-26s %.2f", scale->title, x->value);
    if (!isnan(x->lo))
        fprintf(to, "  [%.2f, %.2f]", x->lo, x->hi);
    fprintf(to, "  %u of %zu answered%s", x->answered, items,
            x->state == HF_SCORE_PRORATED ? ", prorated" : "");
    if (!isnan(p->scales[s].sem))
        fprintf(to, ", SEM %.2f", p->scales[s].sem);
    print_percentile(to, x, p->norm_rescaled);
    fputc('\n', to);
}

static bool quadrants(const hf_scoring *p, size_t sheet, bool norm, double out[HF_QUADRANTS])
{
    double ca, cv;
    size_t a = (size_t)p->instrument->anxiety, v = (size_t)p->instrument->avoidance;
    if (p->instrument->anxiety < 0 || !hf_scoring_cuts(p, norm, &ca, &cv))
        return false;
    hf_quadrant_probabilities(out, p->scores[sheet * p->scale_count + a].value, p->scales[a].sem,
                              ca, p->scores[sheet * p->scale_count + v].value, p->scales[v].sem,
                              cv);
    return !isnan(out[0]);
}

/* A chance in words for people: never 0 or 100 %, which would claim too much. */
static const char *chance(double p, char out[16])
{
    if (p < 0.01)
        snprintf(out, 16, "under 1 %%");
    else if (p > 0.99)
        snprintf(out, 16, "over 99 %%");
    else
        snprintf(out, 16, "%.0f %%", 100 * p);
    return out;
}

static void print_quadrants(FILE *to, const hf_scoring *p, size_t sheet)
{
    for (int norm = 0; norm < 2; norm++) {
        double q[HF_QUADRANTS], ca, cv;
        char text[16];
        if (!quadrants(p, sheet, norm != 0, q))
            continue;
        hf_scoring_cuts(p, norm != 0, &ca, &cv);
        fprintf(to, "  second view, cut at the %s (%.2f, %.2f):",
                norm ? "norm's medians" : "middle of the range", ca, cv);
        for (int k = 0; k < HF_QUADRANTS; k++)
            fprintf(to, "%s %s %s", k ? "," : "", hf_quadrant_name((hf_quadrant)k),
                    chance(q[k], text));
        fputc('\n', to);
    }
}

static void print_who(FILE *to, const hf_sheet_who *who)
{
    if (who->dyad)
        fprintf(to, "Dyad %s, partner %s", who->dyad, who->partner);
    else if (who->person)
        fprintf(to, "Person %s", who->person);
    else if (who->line)
        fprintf(to, "Row %llu", (unsigned long long)who->line);
    else
        fputs("This sheet", to);
    if (who->occasion)
        fprintf(to, ", occasion %s", who->occasion);
    if (who->target)
        fprintf(to, ", about: %s", who->target);
    fputc('\n', to);
}

static void print_careless(FILE *to, const hf_carelessness *c)
{
    if (!c->flagged)
        return;
    fputs("  look at this sheet again:", to);
    if (c->straight)
        fputs(" one answer to every item", to);
    else
        fprintf(to, " %u identical answers in a row", c->longest_run);
    if (!isnan(c->opposite))
        fprintf(to, "; %g apart on opposite-worded items", c->opposite);
    fputc('\n', to);
}

static void print_signpost(FILE *to, const hf_scoring *p, size_t sheet)
{
    const hf_instrument *in = p->instrument;
    if (!in->signpost)
        return;
    fputs("  For the person who answered, and nobody else. This is no diagnosis. If it has been "
          "like this for a while,\n  it is worth talking to someone: a doctor, a counsellor, "
          "someone you trust.\n",
          to);
    int x = in->safety_item ? hf_sheets_answers(p->sheets, sheet)[in->safety_item - 1]
                            : HF_ANSWER_MISSING;
    if (x != HF_ANSWER_MISSING && x > in->safety_above)
        fprintf(to,
                "  Your answer to item %u matters by itself, whatever the sum: please talk to "
                "someone today.\n  In danger now, call your emergency number; a crisis line "
                "listens at any hour.\n",
                in->safety_item);
}

void print_sheet(FILE *to, const hf_scoring *p, size_t sheet, hf_audience audience)
{
    hf_sheet_who who;
    hf_sheets_get(p->sheets, sheet, &who);
    fputc('\n', to);
    print_who(to, &who);
    for (size_t s = 0; s < p->scale_count; s++) {
        const hf_scale *scale = &p->instrument->scales[s];
        double x = p->scores[sheet * p->scale_count + s].value;
        print_score(to, p, sheet, s);
        if (audience != HF_FOR_COUPLE && !isnan(scale->cut) && !isnan(x))
            fprintf(to, "    published cut %g: this sheet is %s it\n", scale->cut,
                    x < scale->cut   ? "below"
                    : x > scale->cut ? "above"
                                     : "on");
    }
    print_quadrants(to, p, sheet);
    print_careless(to, &p->carelessness[sheet]);
    print_signpost(to, p, sheet);
}

/* ---- two partners, change ------------------------------------------------------------------ */

static void cell(FILE *to, const hf_scoring *p, size_t sheet, size_t s)
{
    char text[64] = "no sheet";
    if (sheet != SIZE_MAX) {
        const hf_score *x = &p->scores[sheet * p->scale_count + s];
        if (x->state == HF_SCORE_NOT_ENOUGH)
            snprintf(text, sizeof text, "not enough data");
        else if (isnan(x->lo))
            snprintf(text, sizeof text, "%.2f", x->value);
        else
            snprintf(text, sizeof text, "%.2f [%.2f, %.2f]%s", x->value, x->lo, x->hi,
                     x->state == HF_SCORE_PRORATED ? " *" : "");
    }
    fprintf(to, "  %-24s", text);
}

static void print_pair(FILE *to, const hf_scoring *p, const hf_sheet_pair *pair)
{
    const char *a, *b;
    char left[40], right[40];
    hf_sheets_partners(p->sheets, &a, &b);
    snprintf(left, sizeof left, "a: %.30s", a ? a : "-");
    snprintf(right, sizeof right, "b: %.30s", b ? b : "-");
    fprintf(to, "\nDyad %s", pair->dyad);
    if (pair->occasion)
        fprintf(to, ", occasion %s", pair->occasion);
    if (pair->target)
        fprintf(to, ", about: %s", pair->target);
    fprintf(to, "\n  %-26s  %-24s  %-24s\n", "", left, right);
    for (size_t s = 0; s < p->scale_count; s++) {
        fprintf(to, "  %-26s", p->instrument->scales[s].title);
        cell(to, p, pair->a, s);
        cell(to, p, pair->b, s);
        fputc('\n', to);
    }
    for (int k = 0; k < HF_QUADRANTS && p->instrument->anxiety >= 0; k++) {
        double qa[HF_QUADRANTS], qb[HF_QUADRANTS];
        fprintf(to, "  %-26s", hf_quadrant_name((hf_quadrant)k));
        for (int side = 0; side < 2; side++) {
            size_t sheet = side ? pair->b : pair->a;
            double *q = side ? qb : qa;
            char text[32] = "";
            if (sheet != SIZE_MAX && quadrants(p, sheet, false, q)) {
                char one[16];
                int n = snprintf(text, sizeof text, "%s", chance(q[k], one));
                if (quadrants(p, sheet, true, q) && n > 0)
                    snprintf(text + n, sizeof text - (size_t)n, " | %s", chance(q[k], one));
            }
            fprintf(to, "  %-24s", text);
        }
        fputc('\n', to);
    }
}

hf_status print_pairs(FILE *to, hf_ctx *ctx, const hf_scoring *p, size_t most)
{
    hf_sheet_pair *pairs;
    size_t count;
    hf_status s = hf_scoring_pairs(&pairs, &count, ctx, p);
    if (s != HF_OK)
        return s;
    if (count && p->instrument->anxiety >= 0)
        fprintf(to,
                "\nSide by side: score [95 %% interval]%s; second view: chance of each "
                "quarter, cut at the middle%s\n",
                "; * prorated", p->norm ? " | at the norm's medians" : "");
    for (size_t i = 0; i < count && i < most; i++)
        print_pair(to, p, &pairs[i]);
    if (count > most)
        fprintf(to, "\n%zu more dyads: --csv, --json or --out DIR give all\n", count - most);
    hf_scoring_pairs_free(ctx, pairs);
    return HF_OK;
}

hf_status print_changes(FILE *to, hf_ctx *ctx, const hf_scoring *p, size_t most)
{
    hf_score_change *c;
    size_t count;
    hf_status s = hf_scoring_changes(&c, &count, ctx, p);
    if (s != HF_OK)
        return s;
    if (count)
        fputs("\nChange (beyond measurement error only where it says so; day-to-day ups and downs "
              "come on top)\n",
              to);
    for (size_t i = 0; i < count && i < most; i++) {
        hf_sheet_who from, into;
        hf_sheets_get(p->sheets, c[i].from, &from);
        hf_sheets_get(p->sheets, c[i].to, &into);
        fprintf(to, "  %s%s%s%s%s, %s, %s to %s: ", from.dyad ? from.dyad : "",
                from.dyad ? "/" : "",
                from.dyad     ? from.partner
                : from.person ? from.person
                              : "",
                from.target ? ", about: " : "", from.target ? from.target : "",
                p->instrument->scales[c[i].scale].id, from.occasion, into.occasion);
        if (c[i].state == HF_CHANGE_NOT_ENOUGH)
            fputs("not enough data\n", to);
        else
            fprintf(to, "%+.2f, %s (reliable beyond %.2f)\n", c[i].difference,
                    hf_change_state_name(c[i].state), c[i].threshold);
    }
    if (count > most)
        fprintf(to, "  %zu more: --json or --out DIR give all\n", count - most);
    hf_scoring_changes_free(ctx, c);
    return HF_OK;
}

hf_status print_target_means(FILE *to, hf_ctx *ctx, const hf_scoring *p, size_t most)
{
    hf_target_mean *m;
    size_t count, shown = 0;
    hf_status s = hf_scoring_target_means(&m, &count, ctx, p);
    if (s != HF_OK)
        return s;
    if (count)
        fputs(
            "\nOver the people asked about (a mean of separate relationships; what is felt with a "
            "parent says\nlittle about what is felt with a partner: the links are modest)\n",
            to);
    for (size_t i = 0; i < count && shown < most; i++, shown++) {
        hf_sheet_who who;
        hf_sheets_get(p->sheets, m[i].sheet, &who);
        fprintf(to, "  %s%s%s %s: ", who.dyad ? who.dyad : "", who.dyad ? "/" : "",
                who.dyad     ? who.partner
                : who.person ? who.person
                             : "",
                p->instrument->scales[m[i].scale].id);
        if (isnan(m[i].mean))
            fputs("not enough data (two people asked about are needed)\n", to);
        else
            fprintf(to, "%.2f over %zu\n", m[i].mean, m[i].targets);
    }
    if (count > most)
        fprintf(to, "  %zu more: --json gives all\n", count - most);
    hf_scoring_target_means_free(ctx, m);
    return HF_OK;
}
