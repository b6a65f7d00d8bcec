/* SPDX-License-Identifier: MIT */
/* Scoring: one pass for the moments, one for the scores. */
#include "attachment/keying.h"
#include "num/stats.h"

#include <math.h>
#include <string.h>

/* The public part comes first. */
struct owner {
    hf_scoring pub;
    hf_ctx *ctx;
    hf_score *scores;
    hf_carelessness *care;
    hf_scale_stats *scales;
    hf_item_stats *items;
};

enum {
    SAMPLE_FOR_SEM = 100, /* complete sheets from which the data's own SD and alpha serve */
    SAMPLE_AT_LEAST = 30  /* ... where nothing else is known */
};

const char *hf_sem_source_name(hf_sem_source source)
{
    static const char *const names[] = {"none",   "norm",     "norm_rescaled",
                                        "sample", "declared", "given"};
    return (unsigned)source < HF_COUNT_OF(names) ? names[source] : "none";
}

void hf_score_options_init(hf_score_options *options)
{
    *options = (hf_score_options){.size = sizeof *options};
    for (size_t i = 0; i < HF_COUNT_OF(options->sem); i++)
        options->sem[i] = NAN;
}

/* ---- norms --------------------------------------------------------------------------------- */

/* The norm asked for, or the verified default. */
static hf_status find_norm(struct owner *o, const char *id)
{
    const hf_instrument *in = o->pub.instrument;
    char list[400] = "";
    size_t used = 0;
    for (size_t i = 0; i < in->norm_count; i++) {
        const hf_norm *n = &in->norms[i];
        bool usable = n->status == HF_KEY_VERIFIED;
        if (usable && (id ? strcmp(n->id, id) == 0 : n->is_default))
            o->pub.norm = n;
        int k = usable ? snprintf(list + used, sizeof list - used, "%s%s",
                                  used ? ", " : "The norms are: ", n->id)
                       : 0;
        used += k > 0 && (size_t)k < sizeof list - used ? (size_t)k : 0;
    }
    if (id && !o->pub.norm)
        return hf_i_fail(o->ctx, HF_E_USAGE, used ? list : "It has no norms that are verified.",
                         "the form '%s' has no verified norm '%s'", in->id, id);
    o->pub.norm_rescaled =
        o->pub.norm && (o->pub.norm->min != o->pub.min || o->pub.norm->max != o->pub.max);
    return HF_OK;
}

/* The norm's value of a scale, on the declared range. */
static double from_norm(const hf_scoring *p, const hf_norm *n, size_t scale, double x)
{
    double lo, hi, nlo, nhi;
    hf_i_scale_range(p->instrument, p->order, scale, p->min, p->max, &lo, &hi);
    hf_i_scale_range(p->instrument, p->order, scale, n->min, n->max, &nlo, &nhi);
    return hf_change_range(x, nlo, nhi, lo, hi);
}

static double norm_stretch(const hf_scoring *p, const hf_norm *n)
{
    return (double)(p->max - p->min) / (double)(n->max - n->min);
}

/* norm_lo, norm_hi: the scale's range where the norm was taken. */
static void percentile(const hf_scoring *p, size_t scale, double norm_lo, double norm_hi,
                       hf_score *s)
{
    s->percentile = NAN;
    s->percentile_state = HF_PERCENTILE_NONE;
    if (!p->norm || !p->norm->scales[scale].points || isnan(s->value))
        return;
    const hf_norm_scale *n = &p->norm->scales[scale];
    double x = s->value;
    if (p->norm_rescaled)
        x = hf_change_range(x, p->scales[scale].range_lo, p->scales[scale].range_hi, norm_lo,
                            norm_hi);
    size_t last = n->points - 1, k = 0;
    if (x < n->value[0] || x > n->value[last]) {
        s->percentile_state = x < n->value[0] ? HF_PERCENTILE_BELOW : HF_PERCENTILE_ABOVE;
        s->percentile = x < n->value[0] ? n->percent[0] : n->percent[last];
        return;
    }
    while (k + 1 < last && x > n->value[k + 1])
        k++;
    s->percentile_state = HF_PERCENTILE_WITHIN;
    s->percentile =
        hf_change_range(x, n->value[k], n->value[k + 1], n->percent[k], n->percent[k + 1]);
}

/* ---- SEM ----------------------------------------------------------------------------------- */

/* Reference SD and reliability of a scale: of the chosen norm if it has both, else of the form's
 * default norm, else of any; NULL without one. */
static const hf_norm *reference(const hf_scoring *p, size_t scale)
{
    const hf_norm *best = NULL;
    for (size_t i = 0; i < p->instrument->norm_count; i++) {
        const hf_norm *n = &p->instrument->norms[i];
        const hf_norm_scale *s = &n->scales[scale];
        if (isnan(s->sd) || isnan(s->alpha))
            continue;
        if (n == p->norm)
            return n;
        if (!best || (n->status == HF_KEY_VERIFIED && best->status != HF_KEY_VERIFIED))
            best = n;
    }
    return best;
}

static void set_sem(hf_scale_stats *s, hf_sem_source source, double sd, double reliability)
{
    s->sem_source = source;
    s->sem_sd = sd;
    s->sem_reliability = reliability;
    s->sem = sd * sqrt(1 - reliability);
}

static void choose_sem(const hf_scoring *p, size_t scale, hf_scale_stats *s, double given)
{
    const hf_norm *ref = reference(p, scale);
    double declared = p->instrument->scales[scale].declared_sem;
    bool sample = s->alpha > 0 && s->alpha < 1 && s->complete_sd > 0;
    s->sem = s->sem_sd = s->sem_reliability = NAN;
    s->sem_source = HF_SEM_NONE;
    if (!isnan(given)) {
        s->sem = given;
        s->sem_source = HF_SEM_GIVEN;
    } else if (!isnan(declared)) {
        s->sem = declared * (double)(p->max - p->min) /
                 (double)(p->instrument->max - p->instrument->min);
        s->sem_source = HF_SEM_DECLARED;
    } else if (ref && ref->min == p->min && ref->max == p->max) {
        set_sem(s, HF_SEM_NORM, ref->scales[scale].sd, ref->scales[scale].alpha);
        s->sem_to_confirm = ref->status != HF_KEY_VERIFIED;
    } else if (sample && s->complete >= SAMPLE_FOR_SEM) {
        set_sem(s, HF_SEM_SAMPLE, s->complete_sd, s->alpha);
    } else if (ref) {
        set_sem(s, HF_SEM_NORM_RESCALED, ref->scales[scale].sd * norm_stretch(p, ref),
                ref->scales[scale].alpha);
        s->sem_to_confirm = ref->status != HF_KEY_VERIFIED;
    } else if (sample && s->complete >= SAMPLE_AT_LEAST) {
        set_sem(s, HF_SEM_SAMPLE, s->complete_sd, s->alpha);
    }
}

/* ---- scores -------------------------------------------------------------------------------- */

/* A key made flat for the inner loop: signed sum plus what the reversals add. */
typedef struct flat_key {
    uint16_t place[HF_I_MAX_ITEMS];
    int16_t sign[HF_I_MAX_ITEMS], shift[HF_I_MAX_ITEMS]; /* answer * sign + shift */
    size_t count;
    unsigned needs;
    bool mean;
} flat_key;

static void flatten(flat_key *f, const hf_scoring *p, size_t scale, bool already_reversed)
{
    const hf_scale *s = &p->instrument->scales[scale];
    const hf_key *key = &p->order->keys[scale];
    f->count = key->count;
    f->needs = s->needs;
    f->mean = s->kind == HF_SCALE_MEAN;
    for (size_t i = 0; i < key->count; i++) {
        int lo, hi;
        bool contrast = s->kind == HF_SCALE_CONTRAST;
        bool turn = key->items[i].sign < 0 && (contrast || !already_reversed);
        hf_i_column_range(p->instrument, key->items[i].column, p->min, p->max, &lo, &hi);
        f->place[i] = (uint16_t)(key->items[i].column - 1);
        f->sign[i] = turn ? -1 : 1;
        f->shift[i] = (int16_t)(turn && !contrast ? lo + hi : 0);
    }
}

static void score_one(hf_score *out, const flat_key *f, const int8_t *x)
{
    int sum = 0;
    unsigned answered = 0;
    for (size_t i = 0; i < f->count; i++) {
        int answer = x[f->place[i]];
        bool there = answer != HF_ANSWER_MISSING;
        sum += there ? answer * f->sign[i] + f->shift[i] : 0;
        answered += there;
    }
    out->answered = (uint16_t)answered;
    out->value = NAN;
    out->state = HF_SCORE_NOT_ENOUGH;
    if (answered < f->needs)
        return;
    out->state = answered == f->count ? HF_SCORE_FULL : HF_SCORE_PRORATED;
    out->value = f->mean ? (double)sum / answered : sum;
}

static void set_interval(hf_score *s, const hf_scale_stats *stats)
{
    double half = 1.96 * stats->sem; /* NaN goes through */
    s->lo = s->hi = NAN;
    if (isnan(half) || isnan(s->value))
        return;
    s->lo = fmax(s->value - half, stats->range_lo);
    s->hi = fmin(s->value + half, stats->range_hi);
}

static hf_status score_all(struct owner *o, const hf_score_options *options)
{
    hf_scoring *p = &o->pub;
    flat_key *flat = hf_i_alloc(o->ctx, p->scale_count * sizeof *flat);
    if (!flat)
        return HF_E_NOMEM;
    for (size_t s = 0; s < p->scale_count; s++)
        flatten(&flat[s], p, s, options->already_reversed);
    hf_status status = HF_OK;
    for (size_t i = 0; i < p->count && status == HF_OK; i++) {
        const int8_t *x = p->sheets->answers + i * p->sheets->columns;
        for (size_t s = 0; s < p->scale_count; s++)
            score_one(&o->scores[i * p->scale_count + s], &flat[s], x);
        if ((i & 0xffff) == 0xffff)
            status = hf_i_progress(o->ctx, "scoring", i, p->count);
    }
    hf_i_free(o->ctx, flat);
    return status;
}

/* Intervals and percentiles: once the SEM of each scale is known. */
static void finish_scores(struct owner *o)
{
    const hf_scoring *p = &o->pub;
    for (size_t s = 0; s < p->scale_count; s++) {
        double lo = NAN, hi = NAN;
        if (p->norm)
            hf_i_scale_range(p->instrument, p->order, s, p->norm->min, p->norm->max, &lo, &hi);
        for (size_t i = 0; i < p->count; i++) {
            hf_score *x = &o->scores[i * p->scale_count + s];
            set_interval(x, &p->scales[s]);
            percentile(p, s, lo, hi, x);
        }
    }
}

/* Mean and SD over the scored sheets (Welford). */
static void describe_scores(struct owner *o)
{
    hf_scoring *p = &o->pub;
    for (size_t s = 0; s < p->scale_count; s++) {
        hf_scale_stats *t = &o->scales[s];
        double mean = 0, m2 = 0;
        for (size_t i = 0; i < p->count; i++) {
            const hf_score *x = &o->scores[i * p->scale_count + s];
            t->not_enough += x->state == HF_SCORE_NOT_ENOUGH;
            t->prorated += x->state == HF_SCORE_PRORATED;
            if (x->state == HF_SCORE_NOT_ENOUGH)
                continue;
            double d = x->value - mean;
            mean += d / (double)++t->scored;
            m2 += d * (x->value - mean);
        }
        t->mean = t->scored ? mean : NAN;
        t->sd = t->scored > 1 ? sqrt(m2 / (double)(t->scored - 1)) : NAN;
    }
}

/* ---- statistics of the set ------------------------------------------------------------------ */

static size_t keyed_columns(const hf_scoring *p, uint16_t *columns)
{
    bool keyed[HF_I_MAX_ITEMS + 1] = {false};
    size_t n = 0;
    for (size_t s = 0; s < p->scale_count; s++)
        for (size_t i = 0; i < p->order->keys[s].count; i++)
            keyed[p->order->keys[s].items[i].column] = true;
    for (unsigned c = 1; c <= HF_I_MAX_ITEMS; c++)
        if (keyed[c])
            columns[n++] = (uint16_t)c;
    return n;
}

/* Mean and SD of the score over the complete sheets, from their moments. */
static void complete_moments(const hf_scoring *p, size_t scale, const hf_i_moments *m,
                             const hf_i_reading *r, hf_scale_stats *t)
{
    const hf_key *key = &p->order->keys[scale];
    bool contrast = p->instrument->scales[scale].kind == HF_SCALE_CONTRAST;
    bool mean = p->instrument->scales[scale].kind == HF_SCALE_MEAN;
    double sum = 0, var = 0, k = mean ? (double)r->k : 1;
    for (size_t i = 0; i < r->k; i++) {
        int lo, hi;
        hf_i_column_range(p->instrument, key->items[i].column, p->min, p->max, &lo, &hi);
        sum += r->sign[i] * m->mean[r->place[i]] + (r->sign[i] < 0 && !contrast ? lo + hi : 0);
        for (size_t j = 0; j < r->k; j++)
            var += r->sign[i] * r->sign[j] * m->cov[r->place[i] * m->p + r->place[j]];
    }
    t->complete = m->n;
    t->complete_mean = sum / k;
    t->complete_sd = sqrt(var) / k;
}

static void item_stats(const hf_scoring *p, size_t scale, const hf_i_moments *m,
                       const hf_i_reading *r, hf_item_stats *out)
{
    double rest[HF_I_MAX_ITEMS];
    bool contrast = p->instrument->scales[scale].kind == HF_SCALE_CONTRAST;
    hf_i_item_rest(m, r, rest);
    for (size_t i = 0; i < r->k; i++)
        out[i] = (hf_item_stats){.column = m->columns[r->place[i]],
                                 .sign = r->sign[i],
                                 .scale = scale,
                                 .mean = m->mean[r->place[i]],
                                 .sd = sqrt(m->cov[r->place[i] * m->p + r->place[i]]),
                                 .item_rest = contrast ? NAN : rest[i]};
}

static hf_status scale_statistics(struct owner *o, const hf_i_moments *m, bool already_reversed)
{
    hf_scoring *p = &o->pub;
    size_t at = 0;
    for (size_t s = 0; s < p->scale_count; s++) {
        hf_scale_stats *t = &o->scales[s];
        bool contrast = p->instrument->scales[s].kind == HF_SCALE_CONTRAST;
        hf_i_reading r;
        if (!hf_i_reading_of(&r, m, &p->order->keys[s], already_reversed && !contrast))
            return hf_i_fail(o->ctx, HF_E_INTERNAL, NULL, "a keyed column is not there");
        complete_moments(p, s, m, &r, t);
        item_stats(p, s, m, &r, &o->items[at]);
        at += r.k;
        t->alpha = t->alpha_lo = t->alpha_hi = t->omega = NAN;
        t->raw_negative = -1;
        t->raw_negative_expected = -1;
        hf_i_scale_range(p->instrument, p->order, s, p->min, p->max, &t->range_lo, &t->range_hi);
        if (contrast)
            continue;
        t->alpha = hf_i_alpha(m, &r);
        hf_i_alpha_interval(t->alpha, m->n, r.k, &t->alpha_lo, &t->alpha_hi);
        HF_TRY(hf_i_omega(&t->omega, &t->heywood, o->ctx, m, &r));
        t->raw_negative = hf_i_raw_negative(m, &r);
        unsigned expect = already_reversed ? 0 : p->instrument->scales[s].reversed;
        t->raw_negative_expected = (int)(expect * 2 > r.k ? r.k - expect : expect);
    }
    return HF_OK;
}

static double plane_correlation(const hf_scoring *p, const hf_i_moments *m, bool already_reversed)
{
    hf_i_reading a, v;
    double cov = 0;
    if (p->instrument->anxiety < 0 ||
        !hf_i_reading_of(&a, m, &p->order->keys[p->instrument->anxiety], already_reversed) ||
        !hf_i_reading_of(&v, m, &p->order->keys[p->instrument->avoidance], already_reversed))
        return NAN;
    for (size_t i = 0; i < a.k; i++)
        for (size_t j = 0; j < v.k; j++)
            cov += a.sign[i] * v.sign[j] * m->cov[a.place[i] * m->p + v.place[j]];
    const hf_scale_stats *sa = &p->scales[p->instrument->anxiety];
    const hf_scale_stats *sv = &p->scales[p->instrument->avoidance];
    bool mean = p->instrument->scales[p->instrument->anxiety].kind == HF_SCALE_MEAN;
    cov /= mean ? (double)a.k * (double)v.k : 1;
    return sa->complete_sd > 0 && sv->complete_sd > 0 ? cov / (sa->complete_sd * sv->complete_sd)
                                                      : NAN;
}

/* ---- careless answering -------------------------------------------------------------------- */

static double opposite_distance(const hf_scoring *p, const int8_t *x)
{
    double worst = NAN;
    /* The pairs are numbered as on the form's own sheet. */
    if (p->order->sheet != p->instrument->items)
        return NAN;
    for (size_t k = 0; k < p->instrument->opposite_count; k++) {
        int a = x[p->instrument->opposite[k][0] - 1], b = x[p->instrument->opposite[k][1] - 1];
        if (a == HF_ANSWER_MISSING || b == HF_ANSWER_MISSING)
            continue;
        double d = fabs((double)(a - (p->min + p->max - b)));
        worst = isnan(worst) || d > worst ? d : worst;
    }
    return worst;
}

static void careless_one(const hf_scoring *p, const int8_t *x, bool reversals, hf_carelessness *out)
{
    unsigned run = 0, longest = 0, answered = 0;
    int last = HF_ANSWER_MISSING;
    for (size_t c = 0; c < p->sheets->columns; c++) {
        if (x[c] == HF_ANSWER_MISSING)
            continue;
        run = x[c] == last ? run + 1 : 1;
        last = x[c];
        longest = run > longest ? run : longest;
        answered++;
    }
    out->longest_run = (uint16_t)longest;
    out->straight = reversals && answered >= 5 && longest == answered;
    out->opposite = opposite_distance(p, x);
    out->flagged = out->straight ||
                   (p->instrument->careless_run && longest >= p->instrument->careless_run) ||
                   out->opposite >= 0.75 * (p->max - p->min);
}

static void carelessness(struct owner *o, const hf_score_options *options)
{
    hf_scoring *p = &o->pub;
    bool reversals = false;
    for (size_t s = 0; s < p->scale_count; s++)
        reversals = reversals || p->instrument->scales[s].reversed > 0;
    for (size_t i = 0; i < p->count; i++) {
        careless_one(p, p->sheets->answers + i * p->sheets->columns,
                     reversals && !options->already_reversed, &o->care[i]);
        p->careless_count += o->care[i].flagged;
    }
}

/* ---- the whole ----------------------------------------------------------------------------- */

static hf_status new_owner(struct owner **out, hf_ctx *ctx, const hf_sheets *sheets)
{
    struct owner *o = hf_i_calloc(ctx, 1, sizeof *o);
    *out = o;
    if (!o)
        return HF_E_NOMEM;
    hf_scoring *p = &o->pub;
    o->ctx = ctx;
    p->instrument = sheets->instrument;
    p->order = sheets->order;
    p->sheets = sheets;
    p->min = sheets->min;
    p->max = sheets->max;
    p->count = sheets->count;
    p->scale_count = sheets->instrument->scale_count;
    for (size_t s = 0; s < p->scale_count; s++)
        p->item_count += p->order->keys[s].count;
    p->scales = o->scales = hf_i_calloc(ctx, p->scale_count, sizeof *o->scales);
    p->items = o->items = hf_i_calloc(ctx, p->item_count, sizeof *o->items);
    p->scores = o->scores = hf_i_alloc(ctx, p->count * p->scale_count * sizeof *o->scores);
    p->carelessness = o->care = hf_i_calloc(ctx, p->count, sizeof *o->care);
    p->plane_correlation = NAN;
    return o->scales && o->items && o->scores && o->care ? HF_OK : HF_E_NOMEM;
}

static hf_status analyse(struct owner *o, const hf_score_options *options)
{
    uint16_t columns[HF_I_MAX_ITEMS];
    hf_scoring *p = &o->pub;
    hf_i_moments m;
    HF_TRY(find_norm(o, options->norm));
    size_t n = keyed_columns(p, columns);
    HF_TRY(hf_i_moments_init(&m, o->ctx, p->sheets, columns, n));
    hf_status s = scale_statistics(o, &m, options->already_reversed);
    if (s == HF_OK) {
        p->plane_correlation = plane_correlation(p, &m, options->already_reversed);
        for (size_t k = 0; k < p->scale_count; k++)
            choose_sem(p, k, &o->scales[k],
                       k < HF_COUNT_OF(options->sem) ? options->sem[k] : (double)NAN);
    }
    if (s == HF_OK && !options->no_keying_check)
        s = hf_i_keying_check(&p->keying, o->ctx, p->sheets, &m, options->already_reversed,
                              p->scales, p->items, p->item_count);
    hf_i_moments_dispose(&m);
    return s;
}

static hf_status run(struct owner *o, const hf_score_options *options)
{
    hf_scoring *p = &o->pub;
    HF_TRY(analyse(o, options));
    if (p->keying.verdict == HF_KEYING_REFUSED) {
        hf_i_free(o->ctx, o->scores);
        p->scores = o->scores = NULL;
        return hf_i_fail(o->ctx, HF_E_RANGE,
                         p->keying.rival_found ? NULL : "No score is shown for a wrong key.",
                         "the data do not fit '%s' in order '%s'. %s", p->instrument->id,
                         p->order->id, p->keying.reason);
    }
    HF_TRY(score_all(o, options));
    describe_scores(o);
    finish_scores(o);
    carelessness(o, options);
    return HF_OK;
}

hf_status hf_score_run(hf_scoring **out, hf_ctx *ctx, const hf_instrument *instrument,
                       const hf_sheets *sheets, const hf_score_options *options)
{
    hf_score_options defaults;
    struct owner *o;
    *out = NULL;
    hf_score_options_init(&defaults);
    if (!options)
        options = &defaults;
    if (options->size != sizeof *options || sheets->instrument != instrument)
        return hf_i_fail(ctx, HF_E_USAGE, NULL,
                         "hf_score_run: options of another version, or sheets of another form");
    hf_status s = new_owner(&o, ctx, sheets);
    if (s == HF_OK)
        s = run(o, options);
    bool refused = s == HF_E_RANGE && o && o->pub.keying.verdict == HF_KEYING_REFUSED;
    if (s != HF_OK && !refused) {
        hf_scoring_free(o ? &o->pub : NULL);
        return s;
    }
    *out = &o->pub;
    return s;
}

void hf_scoring_free(hf_scoring *scoring)
{
    if (!scoring)
        return;
    struct owner *o = (struct owner *)scoring;
    hf_ctx *ctx = o->ctx;
    hf_i_free(ctx, o->scores);
    hf_i_free(ctx, o->care);
    hf_i_free(ctx, o->scales);
    hf_i_free(ctx, o->items);
    hf_i_free(ctx, o);
}

static double norm_median(const hf_scoring *p, int scale)
{
    const hf_norm_scale *n = &p->norm->scales[scale];
    for (size_t k = 0; k < n->points; k++)
        if (n->percent[k] == 50)
            return from_norm(p, p->norm, (size_t)scale, n->value[k]);
    return NAN;
}

bool hf_scoring_cuts(const hf_scoring *p, bool norm, double *anxiety, double *avoidance)
{
    int a = p->instrument->anxiety, v = p->instrument->avoidance;
    *anxiety = *avoidance = NAN;
    if (a < 0 || (norm && !p->norm))
        return false;
    *anxiety = norm ? norm_median(p, a) : 0.5 * (p->scales[a].range_lo + p->scales[a].range_hi);
    *avoidance = norm ? norm_median(p, v) : 0.5 * (p->scales[v].range_lo + p->scales[v].range_hi);
    return !isnan(*anxiety) && !isnan(*avoidance);
}
