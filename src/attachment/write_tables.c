/* SPDX-License-Identifier: MIT */
/* The scoring as tables: one row a sheet and scale, one row a person for actor-partner models,
 * the APA-style table of the scales. */
#include "attachment/write.h"
#include "text/csv.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

static void who_cells(hf_i_csv_writer *w, const hf_sheet_who *who)
{
    hf_i_csv_str(w, who->person);
    hf_i_csv_str(w, who->dyad);
    hf_i_csv_str(w, who->partner);
    hf_i_csv_str(w, who->occasion);
    hf_i_csv_str(w, who->target);
}

static void header(hf_i_csv_writer *w, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        hf_i_csv_str(w, names[i]);
}

static void comments(hf_i_csv_writer *w, const hf_scoring *p)
{
    char line[700];
    snprintf(line, sizeof line, "form %s, order %s (%s), answers %d to %d", p->instrument->id,
             p->order->id, hf_key_status_name(p->order->status), p->min, p->max);
    hf_i_csv_comment(w, line);
    if (p->norm) {
        snprintf(line, sizeof line, "%s%s", p->norm->attribution,
                 p->norm_rescaled ? " Range changed linearly: percentiles are rough." : "");
        hf_i_csv_comment(w, line);
    }
}

hf_status hf_scoring_write_csv(const hf_scoring *p, hf_ctx *ctx, hf_write_fn write, void *user)
{
    static const char *const names[] = {
        "person", "dyad",  "partner",    "occasion",      "target",  "row",
        "scale",  "score", "answered",   "items",         "state",   "sem",
        "lo",     "hi",    "percentile", "percentile_is", "careless"};
    hf_i_writer through = {ctx, write, user};
    hf_i_csv_writer w;
    if (!p->scores)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "there are no scores to write");
    hf_i_csv_init(&w, hf_i_writer_sink(&through), ',');
    comments(&w, p);
    header(&w, names, HF_COUNT_OF(names));
    hf_i_csv_end_row(&w);
    for (size_t i = 0; i < p->count; i++) {
        hf_sheet_who who;
        hf_sheets_get(p->sheets, i, &who);
        for (size_t s = 0; s < p->scale_count; s++) {
            const hf_score *x = hf_i_score(p, i, s);
            who_cells(&w, &who);
            hf_i_csv_int(&w, (int64_t)who.line);
            hf_i_csv_str(&w, p->instrument->scales[s].id);
            hf_i_csv_real(&w, x->value);
            hf_i_csv_int(&w, x->answered);
            hf_i_csv_int(&w, (int64_t)p->order->keys[s].count);
            hf_i_csv_str(&w, hf_i_score_state_name(x->state));
            hf_i_csv_real(&w, isnan(x->value) ? NAN : p->scales[s].sem);
            hf_i_csv_real(&w, x->lo);
            hf_i_csv_real(&w, x->hi);
            hf_i_csv_real(&w, x->percentile);
            hf_i_csv_str(&w, hf_i_percentile_state_name(x->percentile_state));
            hf_i_csv_int(&w, p->carelessness[i].flagged);
            hf_i_csv_end_row(&w);
        }
    }
    return hf_i_csv_finish(&w);
}

/* ---- actor and partner --------------------------------------------------------------------- */

static void pair_scores(hf_i_csv_writer *w, const hf_scoring *p, size_t sheet)
{
    for (size_t s = 0; s < p->scale_count; s++)
        hf_i_csv_real(w, sheet == SIZE_MAX ? NAN : hf_i_score(p, sheet, s)->value);
}

static void pair_row(hf_i_csv_writer *w, const hf_scoring *p, size_t actor, size_t partner)
{
    hf_sheet_who who;
    if (actor == SIZE_MAX)
        return;
    hf_sheets_get(p->sheets, actor, &who);
    hf_i_csv_str(w, who.dyad);
    hf_i_csv_str(w, who.partner);
    hf_i_csv_str(w, who.occasion);
    hf_i_csv_str(w, who.target);
    pair_scores(w, p, actor);
    pair_scores(w, p, partner);
    hf_i_csv_end_row(w);
}

hf_status hf_scoring_write_pairs(const hf_scoring *p, hf_ctx *ctx, hf_write_fn write, void *user)
{
    static const char *const names[] = {"dyad", "partner", "occasion", "target"};
    hf_i_writer through = {ctx, write, user};
    hf_i_csv_writer w;
    hf_sheet_pair *pairs;
    size_t count;
    if (!p->scores || !p->sheets->has_dyads)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "pairs need dyads: --dyad and --partner");
    HF_TRY(hf_scoring_pairs(&pairs, &count, ctx, p));
    hf_i_csv_init(&w, hf_i_writer_sink(&through), ',');
    comments(&w, p);
    header(&w, names, HF_COUNT_OF(names));
    for (int side = 0; side < 2; side++)
        for (size_t s = 0; s < p->scale_count; s++) {
            char name[96];
            snprintf(name, sizeof name, "%s_%s", side ? "partner" : "actor",
                     p->instrument->scales[s].id);
            hf_i_csv_str(&w, name);
        }
    hf_i_csv_end_row(&w);
    for (size_t i = 0; i < count; i++) {
        pair_row(&w, p, pairs[i].a, pairs[i].b);
        pair_row(&w, p, pairs[i].b, pairs[i].a);
    }
    hf_scoring_pairs_free(ctx, pairs);
    return hf_i_csv_finish(&w);
}

/* ---- APA ----------------------------------------------------------------------------------- */

/* Two decimals; bounded statistics (alpha, r) without the leading zero. */
static void apa(char out[HF_I_NUMBER_SIZE], double x, bool bounded)
{
    if (isnan(x)) {
        snprintf(out, HF_I_NUMBER_SIZE, "-");
        return;
    }
    size_t n = hf_i_number_format_fixed(out, x, 2);
    char *zero = out[0] == '-' ? out + 1 : out;
    if (bounded && zero[0] == '0' && zero[1] == '.')
        memmove(zero, zero + 1, n - (size_t)(zero - out));
}

static hf_status apa_row(hf_i_buf *b, const hf_scoring *p, size_t s)
{
    const hf_scale_stats *t = &p->scales[s];
    char mean[HF_I_NUMBER_SIZE], sd[HF_I_NUMBER_SIZE], alpha[HF_I_NUMBER_SIZE];
    char lo[HF_I_NUMBER_SIZE], hi[HF_I_NUMBER_SIZE], omega[HF_I_NUMBER_SIZE];
    char sem[HF_I_NUMBER_SIZE], change[HF_I_NUMBER_SIZE], interval[80];
    apa(mean, t->mean, false);
    apa(sd, t->sd, false);
    apa(alpha, t->alpha, true);
    apa(lo, t->alpha_lo, true);
    apa(hi, t->alpha_hi, true);
    apa(omega, t->omega, true);
    apa(sem, t->sem, false);
    apa(change, 1.96 * sqrt(2) * t->sem, false);
    snprintf(interval, sizeof interval, "[%s, %s]", lo, hi);
    return hf_i_buf_printf(b, "| %s | %zu | %s | %s | %s | %s | %s | %s | %s |\n",
                           p->instrument->scales[s].title, t->scored, mean, sd, alpha,
                           isnan(t->alpha_lo) ? "-" : interval, omega, sem, change);
}

static hf_status apa_notes(hf_i_buf *b, const hf_scoring *p)
{
    const hf_scale_stats *t = &p->scales[0];
    char r[HF_I_NUMBER_SIZE];
    HF_TRY(hf_i_buf_printf(b,
                           "\n*Note.* %s (form `%s`, order `%s`), answers %d to %d. n = scored "
                           "sheets; alpha (95 %% interval after Feldt, 1965) and omega (one "
                           "factor, maximum likelihood) over the %zu complete sheets. SEM from: "
                           "%s%s.",
                           p->instrument->title, p->instrument->id, p->order->id, p->min, p->max,
                           t->complete, hf_sem_source_name(t->sem_source),
                           t->sem_to_confirm ? " (to be confirmed)" : ""));
    apa(r, p->plane_correlation, true);
    if (!isnan(p->plane_correlation))
        HF_TRY(hf_i_buf_printf(b, " Anxiety with avoidance: *r* = %s.", r));
    if (p->careless_count)
        HF_TRY(hf_i_buf_printf(b, " Sheets flagged for careless answering, kept: %zu.",
                               p->careless_count));
    return hf_i_buf_printf(b, "%s%s\n\nSource: %s\n", p->norm ? " " : "",
                           p->norm ? p->norm->attribution : "", p->instrument->citation);
}

hf_status hf_scoring_write_apa(const hf_scoring *p, hf_ctx *ctx, hf_write_fn write, void *user)
{
    hf_i_buf b;
    if (!p->scores)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "there are no scores to write");
    hf_i_buf_init(&b, ctx, 1 << 20, "the table");
    hf_status s = hf_i_buf_add_str(&b, "**Table 1**\n\n*Scales, their reliability and measurement "
                                       "error*\n\n| Scale | *n* | *M* | *SD* | alpha | 95 % CI | "
                                       "omega | SEM | Reliable change |\n|---|---|---|---|---|---|"
                                       "---|---|---|\n");
    for (size_t k = 0; k < p->scale_count && s == HF_OK; k++)
        s = apa_row(&b, p, k);
    if (s == HF_OK)
        s = apa_notes(&b, p);
    if (s == HF_OK && !write(user, b.data, b.len))
        s = hf_i_fail(ctx, HF_E_IO, NULL, "the output cannot be written");
    hf_i_buf_dispose(&b);
    return s;
}
