/* SPDX-License-Identifier: MIT */
/* Power of a planned study by simulation: make the data, fit the model, count. */
#include <holdfast/infer.h>
#include <holdfast/simulate.h>

#include "base/base.h"
#include "num/random.h"
#include "num/stats_distribution.h"
#include "simulate/power.h"
#include "text/number.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { STREAM_POWER = 16 };

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- data -------------------------------------------------------------------------------------
 */

/* Two standard normals with correlation r. */
static void normal_pair(hf_i_random *random, double r, double out[2])
{
    double a = hf_i_random_normal(random), b = hf_i_random_normal(random);
    out[0] = a;
    out[1] = r * a + sqrt(1 - r * r) * b;
}

static double respond(hf_i_random *random, hf_outcome outcome, double eta)
{
    if (outcome == HF_OUTCOME_GAUSSIAN)
        return eta;
    double u = hf_i_random_uniform(random);
    if (outcome == HF_OUTCOME_BINARY)
        return u < 1 / (1 + exp(-eta));
    /* Poisson by inversion; the rate is capped so that the sum stays finite. */
    double rate = exp(fmin(eta, 6)), p = exp(-rate), sum = p;
    int k = 0;
    for (; u > sum && k < 4000; sum += p)
        p *= rate / ++k;
    return k;
}

/* One dyad's occasions into y and u. Discarded steps first, so that the process is stationary
 * also where the partner lag is moderated. */
static void make_dyad(const hf_power_options *o, hf_i_random *random, double *y, double *u)
{
    enum { BURN_IN = 60 };
    double x[2] = {0, 0}, m[2], z[2] = {0, 0}, e[2];
    normal_pair(random, o->mean_r, m);
    if (o->moderated)
        normal_pair(random, 0, z);
    for (size_t t = 0; t < BURN_IN + o->occasions; t++) {
        double last[2] = {x[0], x[1]};
        normal_pair(random, o->residual_r, e);
        for (int i = 0; i < 2; i++)
            x[i] = o->own * last[i] + (o->partner + o->moderation * z[i]) * last[1 - i] +
                   o->residual_sd * e[i];
        if (t < BURN_IN)
            continue;
        for (int i = 0; i < 2; i++) {
            size_t at = 2 * (t - BURN_IN) + (size_t)i;
            y[at] = respond(random, o->outcome, o->mean_sd * m[i] + x[i]);
            u[at] = z[i];
            if (o->missing > 0 && hf_i_random_uniform(random) < o->missing)
                y[at] = NAN;
        }
    }
}

typedef struct {
    hf_ctx *ctx; /* of this worker */
    double *y, *u, *time;
    size_t *first_row;
} workspace;

static hf_dyads make_data(const hf_power_options *o, workspace *w, size_t replicate)
{
    hf_dyads d = HF_DYADS_INIT;
    hf_i_random random;
    hf_i_random_init(&random, o->seed, STREAM_POWER, replicate);
    for (size_t i = 0; i < o->dyads; i++) {
        size_t row = i * o->occasions;
        w->first_row[i] = row;
        make_dyad(o, &random, w->y + 2 * row, w->u + 2 * row);
        for (size_t t = 0; t < o->occasions; t++)
            w->time[row + t] = (double)t;
    }
    w->first_row[o->dyads] = o->dyads * o->occasions;
    d.n_dyads = o->dyads;
    d.first_row = w->first_row;
    d.time = w->time;
    d.y = w->y;
    d.u = o->moderated ? w->u : NULL;
    return d;
}

/* ---- fitting ----------------------------------------------------------------------------------
 */

typedef struct {
    const hf_power_options *o;
    const hf_model *model;
    hf_ctx *ctx;
    workspace *workers;
    hf_i_power_row *rows;
    const size_t *todo;
    double start[16];
    size_t parameters;
} study;

static const char *const effect_names[] = {"own", "partner", "moderation"};

/* Where the search begins: the planned values, on the model's parameters. */
static void plan_start(study *s)
{
    const hf_power_options *o = s->o;
    const struct {
        const char *name;
        double value;
    } plan[] = {{"own", o->own},
                {"partner", o->partner},
                {"moderation", o->moderation},
                {"mu", 0},
                {"q", o->residual_sd * o->residual_sd},
                {"vm", fmax(o->mean_sd * o->mean_sd, 1e-4)},
                {"rq", o->residual_r},
                {"rm", o->mean_r}};
    s->parameters = hf_model_parameter_count(s->model);
    for (size_t i = 0; i < s->parameters; i++)
        for (size_t k = 0; k < HF_COUNT_OF(plan); k++)
            if (strcmp(hf_model_parameter(s->model, i).name, plan[k].name) == 0)
                s->start[i] = plan[k].value;
}

static void take_estimates(const study *s, const hf_fit *fit, hf_i_power_row *row)
{
    size_t effects = s->o->moderated ? 3 : 2;
    row->converged = hf_fit_get_summary(fit).converged;
    for (size_t i = 0; i < s->parameters; i++) {
        hf_estimate e = hf_fit_get_estimate(fit, i);
        for (size_t k = 0; k < effects; k++)
            if (strcmp(e.name, effect_names[k]) == 0) {
                row->estimate[k] = e.estimate;
                row->se[k] = e.se;
            }
    }
}

static hf_status run_replicate(void *user, size_t index, int worker)
{
    study *s = user;
    workspace *w = &s->workers[worker];
    size_t replicate = s->todo[index];
    hf_i_power_row *row = &s->rows[replicate];
    hf_fit_options options = HF_FIT_OPTIONS_INIT;
    hf_fit *fit = NULL;
    if (hf_i_cancelled(s->ctx))
        return hf_i_fail(s->ctx, HF_E_CANCELLED, NULL, "interrupted while simulating studies");
    hf_dyads data = make_data(s->o, w, replicate);
    options.start = s->start;
    options.starts = 1;
    hf_status status = hf_fit_new(&fit, w->ctx, s->model, &data, &options);
    for (int k = 0; k < HF_POWER_EFFECTS; k++)
        row->estimate[k] = row->se[k] = NAN;
    row->done = true;
    row->converged = false;
    if (status == HF_OK)
        take_estimates(s, fit, row);
    hf_fit_free(fit);
    if (status == HF_E_NOMEM || status == HF_E_CANCELLED)
        return hf_i_fail(s->ctx, status, NULL, "%s", hf_ctx_get_error(w->ctx)->message);
    return HF_OK; /* a study that cannot be fitted is a result, too */
}

static void free_workers(hf_ctx *ctx, workspace *workers, int count)
{
    for (int i = 0; workers && i < count; i++) {
        hf_i_free(ctx, workers[i].y);
        hf_i_free(ctx, workers[i].u);
        hf_i_free(ctx, workers[i].time);
        hf_i_free(ctx, workers[i].first_row);
        hf_ctx_free(workers[i].ctx);
    }
    hf_i_free(ctx, workers);
}

static workspace *make_workers(hf_ctx *ctx, const hf_power_options *o, int count)
{
    workspace *workers = hf_i_calloc(ctx, (size_t)count, sizeof *workers);
    size_t rows = o->dyads * o->occasions;
    hf_ctx_options options = HF_CTX_OPTIONS_INIT;
    options.threads = 1;
    for (int i = 0; workers && i < count; i++) {
        workspace *w = &workers[i];
        w->y = hf_i_calloc(ctx, 2 * rows, sizeof *w->y);
        w->u = hf_i_calloc(ctx, 2 * rows, sizeof *w->u);
        w->time = hf_i_calloc(ctx, rows, sizeof *w->time);
        w->first_row = hf_i_calloc(ctx, o->dyads + 1, sizeof *w->first_row);
        if (!w->y || !w->u || !w->time || !w->first_row || hf_ctx_new(&w->ctx, &options) != HF_OK) {
            free_workers(ctx, workers, count);
            return NULL;
        }
    }
    return workers;
}

/* ---- summary ----------------------------------------------------------------------------------
 */

static void summarise(const hf_power_options *o, const hf_i_power_row *rows, int effect,
                      hf_power_effect *out)
{
    const double truth[] = {o->own, o->partner, o->moderation};
    double z = hf_i_normal_quantile(1 - o->alpha / 2), z95 = hf_i_normal_quantile(0.975);
    double sum = 0, square = 0, se = 0;
    size_t hits = 0, covered = 0;
    memset(out, 0, sizeof *out);
    out->name = effect_names[effect];
    out->truth = truth[effect];
    for (size_t r = 0; r < o->replicates; r++) {
        double x = rows[r].estimate[effect], s = rows[r].se[effect];
        if (!rows[r].done || !rows[r].converged || !isfinite(x) || !isfinite(s) || !(s > 0))
            continue;
        out->n++;
        sum += x;
        se += s;
        hits += fabs(x) > z * s;
        covered += fabs(x - out->truth) <= z95 * s;
    }
    double n = (double)out->n;
    out->mean = sum / n;
    for (size_t r = 0; r < o->replicates; r++) {
        double x = rows[r].estimate[effect], s = rows[r].se[effect];
        if (rows[r].done && rows[r].converged && isfinite(x) && isfinite(s) && s > 0)
            square += (x - out->mean) * (x - out->mean);
    }
    out->bias = out->mean - out->truth;
    out->sd = sqrt(square / (n - 1));
    out->mean_se = se / n;
    out->power = (double)hits / n;
    out->mc_se = sqrt(out->power * (1 - out->power) / n);
    out->coverage = (double)covered / n;
}

static hf_status check(hf_ctx *ctx, const hf_power_options *o)
{
    double sum = o->own + o->partner, difference = o->own - o->partner;
    if (o->size != sizeof *o)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "options of another size");
    if (o->dyads < 2 || o->dyads > 1000000 || o->occasions < 3 || o->occasions > 1000000 ||
        (double)o->dyads * (double)o->occasions > 1e8)
        return hf_i_fail(ctx, HF_E_RANGE, "Use 2 dyads and 3 occasions or more.",
                         "%zu dyads with %zu occasions", o->dyads, o->occasions);
    if (!(fabs(sum) < 0.98 && fabs(difference) < 0.98))
        return hf_i_fail(
            ctx, HF_E_RANGE, "Keep own plus and minus partner lag within -0.98 and 0.98.",
            "with own lag %g and partner lag %g the process explodes", o->own, o->partner);
    if (o->moderated && !(fabs(o->own) + fabs(o->partner) + 3 * fabs(o->moderation) < 1))
        return hf_i_fail(ctx, HF_E_RANGE, "Use a smaller moderation.",
                         "with moderation %g some dyads would explode", o->moderation);
    if (!(o->missing >= 0 && o->missing < 0.95) || !(o->alpha > 0 && o->alpha < 0.5) ||
        !(o->residual_sd > 0) || !(o->mean_sd >= 0) || !(fabs(o->residual_r) < 0.98) ||
        !(fabs(o->mean_r) < 0.98))
        return hf_i_fail(ctx, HF_E_RANGE, NULL,
                         "missing lies in 0 to 0.95, alpha in 0 to 0.5, correlations within "
                         "-0.98 and 0.98, standard deviations above 0");
    if (o->replicates < 2 || o->replicates > 10000000 || o->parts < 1 || o->part >= o->parts)
        return hf_i_fail(ctx, HF_E_RANGE, NULL, "use 2 replicates or more, and part below parts");
    return HF_OK;
}

static hf_status get_model(hf_model **out, hf_ctx *ctx, const hf_power_options *o)
{
    static const char *const outcomes[] = {"gaussian", "binary", "count"};
    char name[64];
    size_t size = 0;
    snprintf(name, sizeof name, "power/%s%s.hf", outcomes[o->outcome],
             o->moderated ? "_moderated" : "");
    const char *text = hf_i_data_get(name, &size);
    if (!text)
        return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "%s is not in this build", name);
    return hf_model_parse(out, ctx, text, size, name);
}

/* Batches, so that the checkpoint grows and a long run can be stopped. */
static hf_status run_batches(study *s, hf_i_power_file *file, const size_t *todo, size_t count)
{
    size_t batch = 16 * (size_t)hf_ctx_get_threads(s->ctx);
    for (size_t at = 0; at < count; at += batch) {
        size_t n = count - at < batch ? count - at : batch;
        s->todo = todo + at;
        HF_TRY(hf_i_parallel_for(s->ctx, n, run_replicate, s));
        if (file)
            HF_TRY(hf_i_power_file_add(file, s->ctx, s->rows, todo + at, n));
        HF_TRY(hf_i_progress(s->ctx, "simulating studies", at + n, count));
    }
    return HF_OK;
}

static hf_status run_study(study *s, hf_power_result *out)
{
    const hf_power_options *o = s->o;
    hf_i_power_file *file = NULL;
    hf_status status = HF_OK;
    size_t count = 0, *todo = hf_i_calloc(s->ctx, o->replicates, sizeof *todo);
    s->rows = hf_i_calloc(s->ctx, o->replicates, sizeof *s->rows);
    if (!todo || !s->rows)
        status = HF_E_NOMEM;
    if (status == HF_OK && o->checkpoint)
        status = hf_i_power_file_open(&file, s->ctx, o, s->rows, &out->resumed);
    for (size_t r = o->part; status == HF_OK && r < o->replicates; r += o->parts)
        if (!s->rows[r].done)
            todo[count++] = r;
    if (status == HF_OK)
        status = run_batches(s, file, todo, count);
    hf_i_power_file_close(file);
    hf_i_free(s->ctx, todo);
    return status;
}

hf_status hf_power(hf_power_result *out, hf_ctx *ctx, const hf_power_options *options)
{
    study s = {.o = options, .ctx = ctx};
    hf_model *model = NULL;
    int workers = hf_ctx_get_threads(ctx);
    double begin = seconds_now();
    memset(out, 0, sizeof *out);
    HF_TRY(check(ctx, options));
    HF_TRY(get_model(&model, ctx, options));
    s.model = model;
    plan_start(&s);
    s.workers = make_workers(ctx, options, workers);
    hf_status status = s.workers ? run_study(&s, out) : HF_E_NOMEM;
    if (status == HF_OK) {
        out->effect_count = options->moderated ? 3 : 2;
        for (size_t r = 0; r < options->replicates; r++) {
            out->replicates += s.rows[r].done;
            out->converged += s.rows[r].done && s.rows[r].converged;
        }
        for (size_t k = 0; k < out->effect_count; k++)
            summarise(options, s.rows, (int)k, &out->effects[k]);
        out->seconds = seconds_now() - begin;
        if (out->effects[0].n < 2)
            status = hf_i_fail(ctx, HF_E_NOT_ENOUGH_DATA, "Plan more occasions or dyads.",
                               "fewer than two of %zu simulated studies could be fitted",
                               out->replicates);
    }
    free_workers(ctx, s.workers, workers);
    hf_i_free(ctx, s.rows);
    hf_model_free(model);
    return status;
}

/* ---- presets ----------------------------------------------------------------------------------
 */

hf_status hf_power_preset(hf_power_options *o, hf_ctx *ctx, const char *name)
{
    size_t size = 0;
    const char *text = hf_i_data_get("power/presets.tsv", &size);
    double *const to[] = {&o->own,        &o->partner, &o->residual_sd,
                          &o->residual_r, &o->mean_sd, &o->mean_r};
    for (const char *end = text ? text + size : NULL; text && text < end;) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        const char *tab = memchr(text, '\t', (size_t)(stop - text));
        if (*text != '#' && tab && strlen(name) == (size_t)(tab - text) &&
            memcmp(text, name, strlen(name)) == 0) {
            for (size_t k = 0; k < HF_COUNT_OF(to); k++) {
                const char *cell = tab + 1;
                tab = memchr(cell, '\t', (size_t)(stop - cell));
                if (!tab || !hf_i_number_parse(cell, (size_t)(tab - cell), '.', to[k]))
                    return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "preset %s is broken", name);
            }
            return HF_OK;
        }
        text = stop + 1;
    }
    return hf_i_fail(ctx, HF_E_NOT_FOUND, "The presets are: ku-leuven-esm, unit.",
                     "there is no preset '%s'", name);
}
