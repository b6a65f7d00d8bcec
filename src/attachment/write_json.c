/* SPDX-License-Identifier: MIT */
/* The scoring as one JSON document: doc/schema/score.md. */
#include "attachment/write.h"
#include "text/json_write.h"

#include <math.h>
#include <string.h>

static hf_status write_through(void *user, const void *bytes, size_t size)
{
    hf_i_writer *w = user;
    return w->write(w->user, bytes, size)
               ? HF_OK
               : hf_i_fail(w->ctx, HF_E_IO, NULL, "the output cannot be written");
}

hf_i_sink hf_i_writer_sink(hf_i_writer *writer)
{
    return (hf_i_sink){write_through, writer};
}

const char *hf_i_score_state_name(unsigned state)
{
    static const char *const names[] = {"full", "prorated", "not_enough_data"};
    return state < HF_COUNT_OF(names) ? names[state] : "not_enough_data";
}

const char *hf_i_percentile_state_name(unsigned state)
{
    static const char *const names[] = {NULL, "within", "below", "above"};
    return state < HF_COUNT_OF(names) ? names[state] : NULL;
}

static void pair_of(hf_i_json_writer *w, const char *key, double lo, double hi)
{
    hf_i_json_key(w, key);
    hf_i_json_array_begin(w);
    hf_i_json_number(w, lo);
    hf_i_json_number(w, hi);
    hf_i_json_array_end(w);
}

static void write_form(hf_i_json_writer *w, const hf_scoring *p)
{
    const hf_instrument *in = p->instrument;
    hf_i_json_key(w, "instrument");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "id", in->id);
    hf_i_json_key_str(w, "title", in->title);
    hf_i_json_key_str(w, "order", p->order->id);
    hf_i_json_key_str(w, "key_status", hf_key_status_name(p->order->status));
    hf_i_json_key_bool(w, "validated", in->status != HF_KEY_OWN);
    pair_of(w, "range", p->min, p->max);
    hf_i_json_key_str(w, "citation", in->citation);
    hf_i_json_key_str(w, "permission", in->permission);
    hf_i_json_key_str(w, "permission_note", in->permission_note);
    hf_i_json_key_str(w, "note", in->note);
    hf_i_json_key_bool(w, "signpost", in->signpost);
    hf_i_json_object_end(w);
}

static void write_norm(hf_i_json_writer *w, const hf_scoring *p)
{
    hf_i_json_key(w, "norm");
    if (!p->norm) {
        hf_i_json_null(w);
        return;
    }
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "id", p->norm->id);
    hf_i_json_key_str(w, "title", p->norm->title);
    hf_i_json_key_uint(w, "n", p->norm->n);
    pair_of(w, "range", p->norm->min, p->norm->max);
    hf_i_json_key_bool(w, "rescaled", p->norm_rescaled);
    hf_i_json_key_str(w, "attribution", p->norm->attribution);
    hf_i_json_object_end(w);
}

static void write_keying(hf_i_json_writer *w, const hf_keying *k)
{
    hf_i_json_key(w, "keying");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "verdict", hf_keying_verdict_name(k->verdict));
    hf_i_json_key_uint(w, "n", k->n);
    hf_i_json_key_uint(w, "negative_items", k->negative);
    hf_i_json_key_number(w, "mean_item_rest", k->fit);
    hf_i_json_key_number(w, "best_other_mean_item_rest", k->rival_fit);
    hf_i_json_key_str(w, "reason", k->reason);
    hf_i_json_object_end(w);
}

static void write_items(hf_i_json_writer *w, const hf_scoring *p, size_t scale)
{
    hf_i_json_key(w, "items");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < p->item_count; i++) {
        const hf_item_stats *t = &p->items[i];
        if (t->scale != scale)
            continue;
        hf_i_json_object_begin(w);
        hf_i_json_key_uint(w, "item", t->column);
        hf_i_json_key_bool(w, "reversed", t->sign < 0);
        hf_i_json_key_number(w, "mean", t->mean);
        hf_i_json_key_number(w, "sd", t->sd);
        hf_i_json_key_number(w, "item_rest", t->item_rest);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
}

static void key_count(hf_i_json_writer *w, const char *key, int n)
{
    if (n < 0)
        hf_i_json_key_null(w, key);
    else
        hf_i_json_key_int(w, key, n);
}

static void write_reliability(hf_i_json_writer *w, const hf_scale_stats *t)
{
    hf_i_json_key_number(w, "alpha", t->alpha);
    pair_of(w, "alpha_interval", t->alpha_lo, t->alpha_hi);
    hf_i_json_key_number(w, "omega", t->omega);
    hf_i_json_key_bool(w, "omega_on_bound", t->heywood);
    hf_i_json_key_number(w, "sem", t->sem);
    hf_i_json_key_str(w, "sem_source", hf_sem_source_name(t->sem_source));
    hf_i_json_key_bool(w, "sem_to_confirm", t->sem_to_confirm);
    hf_i_json_key_number(w, "reliable_change_beyond", 1.96 * sqrt(2) * t->sem);
    key_count(w, "raw_negative_items", t->raw_negative);
    key_count(w, "raw_negative_items_expected", t->raw_negative_expected);
}

static void write_scale(hf_i_json_writer *w, const hf_scoring *p, size_t s, hf_audience audience)
{
    const hf_scale *scale = &p->instrument->scales[s];
    const hf_scale_stats *t = &p->scales[s];
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "id", scale->id);
    hf_i_json_key_str(w, "title", scale->title);
    hf_i_json_key_uint(w, "item_count", p->order->keys[s].count);
    hf_i_json_key_uint(w, "needs", scale->needs);
    pair_of(w, "range", t->range_lo, t->range_hi);
    hf_i_json_key_uint(w, "scored", t->scored);
    hf_i_json_key_uint(w, "prorated", t->prorated);
    hf_i_json_key_uint(w, "not_enough_data", t->not_enough);
    hf_i_json_key_number(w, "mean", t->mean);
    hf_i_json_key_number(w, "sd", t->sd);
    hf_i_json_key(w, "complete");
    hf_i_json_object_begin(w);
    hf_i_json_key_uint(w, "n", t->complete);
    hf_i_json_key_number(w, "mean", t->complete_mean);
    hf_i_json_key_number(w, "sd", t->complete_sd);
    hf_i_json_object_end(w);
    write_reliability(w, t);
    if (audience != HF_FOR_COUPLE && !isnan(scale->cut)) {
        hf_i_json_key_number(w, "cut", scale->cut);
        hf_i_json_key_str(w, "cut_note", scale->cut_note);
    }
    write_items(w, p, s);
    hf_i_json_object_end(w);
}

static void write_plane(hf_i_json_writer *w, const hf_scoring *p)
{
    double a, v;
    hf_i_json_key(w, "plane");
    if (p->instrument->anxiety < 0) {
        hf_i_json_null(w);
        return;
    }
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "anxiety", p->instrument->scales[p->instrument->anxiety].id);
    hf_i_json_key_str(w, "avoidance", p->instrument->scales[p->instrument->avoidance].id);
    hf_i_json_key_number(w, "correlation", p->plane_correlation);
    hf_i_json_key(w, "cuts");
    hf_i_json_object_begin(w);
    (void)hf_scoring_cuts(p, false, &a, &v);
    pair_of(w, "midpoint", a, v);
    if (hf_scoring_cuts(p, true, &a, &v))
        pair_of(w, "norm_median", a, v);
    else
        hf_i_json_key_null(w, "norm_median");
    hf_i_json_object_end(w);
    hf_i_json_object_end(w);
}

/* ---- one sheet ----------------------------------------------------------------------------- */

static void write_quadrants(hf_i_json_writer *w, const hf_scoring *p, size_t sheet, bool norm)
{
    double prob[HF_QUADRANTS], ca, cv;
    size_t a = (size_t)p->instrument->anxiety, v = (size_t)p->instrument->avoidance;
    hf_i_json_key(w, norm ? "norm_median" : "midpoint");
    bool cut = hf_scoring_cuts(p, norm, &ca, &cv);
    hf_quadrant_probabilities(prob, hf_i_score(p, sheet, a)->value, p->scales[a].sem, ca,
                              hf_i_score(p, sheet, v)->value, p->scales[v].sem, cv);
    if (!cut || isnan(prob[0])) {
        hf_i_json_null(w);
        return;
    }
    hf_i_json_object_begin(w);
    for (int q = 0; q < HF_QUADRANTS; q++)
        hf_i_json_key_number(w, hf_quadrant_key((hf_quadrant)q), prob[q]);
    hf_i_json_object_end(w);
}

static void write_score(hf_i_json_writer *w, const hf_scoring *p, size_t sheet, size_t scale)
{
    const hf_score *s = hf_i_score(p, sheet, scale);
    hf_i_json_key(w, p->instrument->scales[scale].id);
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "state", hf_i_score_state_name(s->state));
    hf_i_json_key_number(w, "score", s->value);
    hf_i_json_key_uint(w, "answered", s->answered);
    hf_i_json_key_uint(w, "items", p->order->keys[scale].count);
    hf_i_json_key_bool(w, "prorated", s->state == HF_SCORE_PRORATED);
    hf_i_json_key_number(w, "sem", isnan(s->value) ? NAN : p->scales[scale].sem);
    hf_i_json_key_number(w, "lo", s->lo);
    hf_i_json_key_number(w, "hi", s->hi);
    hf_i_json_key_number(w, "percentile", s->percentile);
    hf_i_json_key_str(w, "percentile_is", hf_i_percentile_state_name(s->percentile_state));
    hf_i_json_object_end(w);
}

static void write_careless(hf_i_json_writer *w, const hf_carelessness *c)
{
    hf_i_json_key(w, "careless");
    hf_i_json_object_begin(w);
    hf_i_json_key_bool(w, "flagged", c->flagged);
    hf_i_json_key_uint(w, "longest_run", c->longest_run);
    hf_i_json_key_bool(w, "straight_line", c->straight);
    hf_i_json_key_number(w, "opposite_pair_distance", c->opposite);
    hf_i_json_object_end(w);
}

static void write_sheet(hf_i_json_writer *w, const hf_scoring *p, size_t sheet)
{
    hf_sheet_who who;
    const hf_instrument *in = p->instrument;
    hf_sheets_get(p->sheets, sheet, &who);
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "person", who.person);
    hf_i_json_key_str(w, "dyad", who.dyad);
    hf_i_json_key_str(w, "partner", who.partner);
    hf_i_json_key_str(w, "occasion", who.occasion);
    hf_i_json_key_str(w, "target", who.target);
    hf_i_json_key_uint(w, "line", who.line);
    hf_i_json_key(w, "scales");
    hf_i_json_object_begin(w);
    for (size_t s = 0; s < p->scale_count; s++)
        write_score(w, p, sheet, s);
    hf_i_json_object_end(w);
    if (in->anxiety >= 0) {
        hf_i_json_key(w, "quadrants");
        hf_i_json_object_begin(w);
        write_quadrants(w, p, sheet, false);
        write_quadrants(w, p, sheet, true);
        hf_i_json_object_end(w);
    }
    write_careless(w, &p->carelessness[sheet]);
    if (in->safety_item) {
        int x = hf_sheets_answers(p->sheets, sheet)[in->safety_item - 1];
        hf_i_json_key_bool(w, "private_safety_path",
                           x != HF_ANSWER_MISSING && x > in->safety_above);
    }
    hf_i_json_object_end(w);
}

/* ---- change and pairs ---------------------------------------------------------------------- */

static hf_status write_changes(hf_i_json_writer *w, hf_ctx *ctx, const hf_scoring *p)
{
    hf_score_change *c;
    size_t count;
    HF_TRY(hf_scoring_changes(&c, &count, ctx, p));
    hf_i_json_key(w, "changes");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < count; i++) {
        hf_sheet_who from, to;
        hf_sheets_get(p->sheets, c[i].from, &from);
        hf_sheets_get(p->sheets, c[i].to, &to);
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "person", from.person);
        hf_i_json_key_str(w, "dyad", from.dyad);
        hf_i_json_key_str(w, "partner", from.partner);
        hf_i_json_key_str(w, "target", from.target);
        hf_i_json_key_str(w, "scale", p->instrument->scales[c[i].scale].id);
        hf_i_json_key_str(w, "from", from.occasion);
        hf_i_json_key_str(w, "to", to.occasion);
        hf_i_json_key_number(w, "difference", c[i].difference);
        hf_i_json_key_number(w, "rci", c[i].rci);
        hf_i_json_key_number(w, "reliable_beyond", c[i].threshold);
        hf_i_json_key_str(w, "state", hf_change_state_name(c[i].state));
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
    hf_scoring_changes_free(ctx, c);
    return HF_OK;
}

static void place(hf_i_json_writer *w, const char *key, size_t sheet)
{
    if (sheet == SIZE_MAX)
        hf_i_json_key_null(w, key);
    else
        hf_i_json_key_uint(w, key, sheet);
}

static hf_status write_dyads(hf_i_json_writer *w, hf_ctx *ctx, const hf_scoring *p)
{
    hf_sheet_pair *pairs;
    size_t count;
    HF_TRY(hf_scoring_pairs(&pairs, &count, ctx, p));
    hf_i_json_key(w, "pairs");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < count; i++) {
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "dyad", pairs[i].dyad);
        hf_i_json_key_str(w, "occasion", pairs[i].occasion);
        hf_i_json_key_str(w, "target", pairs[i].target);
        place(w, "a", pairs[i].a);
        place(w, "b", pairs[i].b);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
    hf_scoring_pairs_free(ctx, pairs);
    return HF_OK;
}

static hf_status write_target_means(hf_i_json_writer *w, hf_ctx *ctx, const hf_scoring *p)
{
    hf_target_mean *m;
    size_t count;
    HF_TRY(hf_scoring_target_means(&m, &count, ctx, p));
    hf_i_json_key(w, "over_targets");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < count; i++) {
        hf_sheet_who who;
        hf_sheets_get(p->sheets, m[i].sheet, &who);
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "person", who.person);
        hf_i_json_key_str(w, "dyad", who.dyad);
        hf_i_json_key_str(w, "partner", who.partner);
        hf_i_json_key_str(w, "occasion", who.occasion);
        hf_i_json_key_str(w, "scale", p->instrument->scales[m[i].scale].id);
        hf_i_json_key_uint(w, "targets", m[i].targets);
        hf_i_json_key_number(w, "mean", m[i].mean);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
    hf_scoring_target_means_free(ctx, m);
    return HF_OK;
}

hf_status hf_scoring_write_json(const hf_scoring *p, hf_ctx *ctx, hf_audience audience,
                                hf_write_fn write, void *user)
{
    hf_i_writer through = {ctx, write, user};
    hf_i_json_writer w;
    if (!p->scores)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "there are no scores to write");
    hf_i_json_init(&w, hf_i_writer_sink(&through), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "schema", "holdfast-score-1");
    write_form(&w, p);
    write_norm(&w, p);
    hf_i_json_key(&w, "data");
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "reading", hf_sheets_reading(p->sheets));
    hf_i_json_key_uint(&w, "sheets", p->count);
    hf_i_json_key_uint(&w, "careless", p->careless_count);
    hf_i_json_object_end(&w);
    write_keying(&w, &p->keying);
    hf_i_json_key(&w, "scales");
    hf_i_json_array_begin(&w);
    for (size_t s = 0; s < p->scale_count; s++)
        write_scale(&w, p, s, audience);
    hf_i_json_array_end(&w);
    write_plane(&w, p);
    hf_i_json_key(&w, "sheets");
    hf_i_json_array_begin(&w);
    for (size_t i = 0; i < p->count; i++)
        write_sheet(&w, p, i);
    hf_i_json_array_end(&w);
    hf_status s = write_changes(&w, ctx, p);
    if (s == HF_OK)
        s = write_dyads(&w, ctx, p);
    if (s == HF_OK)
        s = write_target_means(&w, ctx, p);
    if (s != HF_OK)
        return s;
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    return hf_i_json_finish(&w);
}
