/* SPDX-License-Identifier: MIT */
/* Given this, then that: pooled with a bootstrap over dyads, dyad by dyad, and as an actor-partner
 * logit of two streams. */
#include "cycle/sequence.h"

#include "num/stats_bootstrap.h"
#include "num/stats_distribution.h"

#include <math.h>
#include <string.h>

typedef struct {
    double n[2][2];      /* [given][then] */
    double own[2][2][2]; /* streams: [given before][then before][then now] */
} tally;

typedef struct {
    hf_ctx *ctx;
    const hf_sequences *s;
    const hf_contrast_options *o;
    bool given[HF_SEQUENCE_MOST_STATES], then[HF_SEQUENCE_MOST_STATES];
    tally *dyads;
} job;

/* ---- which states a name means -------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

/* A stream means all states in which it is on; a code the same of either partner. */
static bool mark(const hf_sequences *s, const char *name, bool *out)
{
    bool any = false;
    for (size_t k = 0; k < s->stream_count; k++)
        if (same(s->streams[k], name)) {
            for (size_t i = 0; i < s->state_count; i++)
                out[i] = i >> k & 1;
            return true;
        }
    for (size_t i = 0; i < s->state_count; i++) {
        out[i] = same(s->states[i], name) || same(s->codes[i], name);
        any |= out[i];
    }
    return any;
}

static hf_status find_states(const job *j, const char *name, bool *out)
{
    if (name && mark(j->s, name, out))
        return HF_OK;
    hf_i_buf list;
    hf_i_buf_init(&list, j->ctx, 1 << 16, "a list of states");
    hf_status status = HF_OK;
    const char *const *names = j->s->stream_count ? j->s->streams : j->s->states;
    size_t n = j->s->stream_count ? j->s->stream_count : j->s->state_count;
    for (size_t i = 0; i < n && status == HF_OK; i++)
        status = hf_i_buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
    if (status == HF_OK)
        status = hf_i_fail(j->ctx, HF_E_NOT_FOUND, NULL, "no state '%.80s' (there are: %.2000s)",
                           name ? name : "", list.data ? list.data : "");
    hf_i_buf_dispose(&list);
    return status;
}

/* ---- counting ------------------------------------------------------------------------------- */

static void count_dyad(const job *j, size_t d)
{
    hf_i_pair_walk w = {j->s, &j->o->lag, d, j->s->first[d]};
    uint32_t from, to;
    while (hf_i_next_pair(&w, &from, &to)) {
        if (j->o->lag.no_repeat && from == to)
            continue;
        j->dyads[d].n[j->given[from]][j->then[to]]++;
        j->dyads[d].own[j->given[from]][j->then[from]][j->then[to]]++;
    }
}

static double total(const tally *t)
{
    return t->n[0][0] + t->n[0][1] + t->n[1][0] + t->n[1][1];
}

static double odds(double n[2][2], double plus)
{
    return log((n[1][1] + plus) * (n[0][0] + plus) / ((n[1][0] + plus) * (n[0][1] + plus)));
}

enum { GIVEN, OTHER, DIFFERENCE, ODDS, STATISTICS };

static void pooled(const void *user, const uint32_t *weight, double *v)
{
    const job *j = user;
    double n[2][2] = {{0}};
    for (size_t d = 0; d < j->s->dyads; d++)
        for (int g = 0; g < 2; g++)
            for (int t = 0; t < 2; t++)
                n[g][t] += weight[d] * j->dyads[d].n[g][t];
    v[GIVEN] = n[1][1] / (n[1][0] + n[1][1]);
    v[OTHER] = n[0][1] / (n[0][0] + n[0][1]);
    v[DIFFERENCE] = v[GIVEN] - v[OTHER];
    v[ODDS] = odds(n, 0.5);
}

/* ---- means over dyads ----------------------------------------------------------------------- */

static hf_dyad_mean mean_of(const double *x, size_t n, double level)
{
    hf_dyad_mean m = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, n};
    if (n == 0)
        return m;
    m.mean = hf_i_mean(x, n);
    if (n < 2)
        return m;
    double df = (double)n - 1;
    m.sd = hf_i_sd(x, n);
    m.se = m.sd / sqrt((double)n);
    m.lo = m.mean - hf_i_t_quantile(0.5 + level / 2, df) * m.se;
    m.hi = m.mean + hf_i_t_quantile(0.5 + level / 2, df) * m.se;
    if (m.se > 0) {
        m.t = m.mean / m.se;
        m.p = 2 * hf_i_t_cdf(-fabs(m.t), df);
    }
    return m;
}

/* The four coefficients of a saturated, effect-coded logit are contrasts of its four logits. */
static void dyad_logit(double own[2][2][2], double b[4])
{
    memset(b, 0, 4 * sizeof *b);
    for (int g = 0; g < 2; g++)
        for (int o = 0; o < 2; o++) {
            double l = log((own[g][o][1] + 0.5) / (own[g][o][0] + 0.5)) / 4;
            b[0] += l;
            b[1] += o ? l : -l;
            b[2] += g ? l : -l;
            b[3] += g == o ? l : -l;
        }
}

static void fill_means(hf_sequence_contrast *out, const job *j, double *x)
{
    size_t n = 0, dyads = j->s->dyads;
    hf_dyad_mean *const logits[4] = {&out->intercept, &out->own, &out->partner, &out->interaction};
    for (size_t d = 0; d < dyads; d++) {
        tally *t = &j->dyads[d];
        if (t->n[0][0] + t->n[0][1] > 0 && t->n[1][0] + t->n[1][1] > 0)
            x[n++] = odds(t->n, 0.5);
    }
    out->by_dyad = mean_of(x, n, j->o->level);
    for (size_t k = 0; k < 4; k++) {
        n = 0;
        for (size_t d = 0; d < dyads; d++)
            if (j->s->stream_count && total(&j->dyads[d]) > 0) {
                double b[4];
                dyad_logit(j->dyads[d].own, b);
                x[n++] = b[k];
            }
        *logits[k] = mean_of(x, n, j->o->level);
    }
}

static hf_sequence_estimate public_of(hf_i_interval x)
{
    return (hf_sequence_estimate){x.estimate, x.lo, x.hi};
}

static hf_status make(hf_sequence_contrast *out, job *j, double *x)
{
    hf_i_interval v[STATISTICS];
    hf_i_bootstrap plan = {.blocks = j->s->dyads,
                           .replicates = j->o->replicates,
                           .count = STATISTICS,
                           .seed = j->o->seed,
                           .level = j->o->level};
    for (size_t d = 0; d < j->s->dyads; d++) {
        count_dyad(j, d);
        out->dyads += total(&j->dyads[d]) > 0;
        for (int g = 0; g < 2; g++)
            for (int t = 0; t < 2; t++)
                out->count[g][t] += j->dyads[d].n[g][t];
    }
    for (int g = 0; g < 2; g++)
        if (out->count[g][0] + out->count[g][1] == 0)
            return hf_i_fail(j->ctx, HF_E_NOT_ENOUGH_DATA, NULL, "no pair with%s '%.80s' before",
                             g ? "" : "out", j->o->given);
    HF_TRY(hf_i_bootstrap_run(v, j->ctx, &plan, pooled, j));
    out->given = public_of(v[GIVEN]);
    out->other = public_of(v[OTHER]);
    out->difference = public_of(v[DIFFERENCE]);
    out->log_odds = public_of(v[ODDS]);
    double ad = out->count[1][1] * out->count[0][0], bc = out->count[1][0] * out->count[0][1];
    out->yules_q = ad + bc > 0 ? (ad - bc) / (ad + bc) : NAN;
    fill_means(out, j, x);
    return HF_OK;
}

hf_status hf_sequence_contrast_make(hf_sequence_contrast *out, hf_ctx *ctx,
                                    const hf_sequences *sequences,
                                    const hf_contrast_options *options)
{
    job j = {.ctx = ctx, .s = sequences, .o = options};
    memset(out, 0, sizeof *out);
    if (options->size != sizeof *options || options->lag.lag == 0 || options->replicates < 2 ||
        !(options->level > 0 && options->level < 1))
        return hf_i_fail(
            ctx, HF_E_USAGE, NULL,
            "a lag of at least 1, 2 or more replicates and a level below 1 are needed");
    HF_TRY(find_states(&j, options->given, j.given));
    HF_TRY(find_states(&j, options->then, j.then));
    j.dyads = hf_i_calloc(ctx, sequences->dyads, sizeof *j.dyads);
    double *x = hf_i_alloc(ctx, sequences->dyads * sizeof *x);
    hf_status status = j.dyads && x ? make(out, &j, x) : HF_E_NOMEM;
    hf_i_free(ctx, j.dyads);
    hf_i_free(ctx, x);
    return status;
}
