/* SPDX-License-Identifier: MIT */
#include "num/stats_bootstrap.h"

#include "num/random.h"

#include <math.h>
#include <string.h>

typedef struct {
    const hf_i_bootstrap *plan;
    hf_i_statistics_fn statistics;
    const void *user;
    uint32_t *weights; /* [threads][blocks] */
    double *values;    /* [replicates][count] */
} job;

static hf_status one_replicate(void *user, size_t index, int worker)
{
    job *j = user;
    size_t blocks = j->plan->blocks;
    uint32_t *weight = j->weights + (size_t)worker * blocks;
    memset(weight, 0, blocks * sizeof *weight);
    hf_i_random r;
    hf_i_random_init(&r, j->plan->seed, j->plan->stream, index);
    for (size_t b = 0; b < blocks; b++)
        weight[hf_i_random_below(&r, blocks)]++;
    j->statistics(j->user, weight, j->values + index * j->plan->count);
    return HF_OK;
}

/* work [replicates] */
static void percentiles(hf_i_interval *out, const job *j, size_t which, double *work)
{
    const hf_i_bootstrap *plan = j->plan;
    size_t n = 0;
    for (size_t i = 0; i < plan->replicates; i++)
        if (!isnan(j->values[i * plan->count + which]))
            work[n++] = j->values[i * plan->count + which];
    if (isnan(out->estimate) || n * 10 < plan->replicates * (size_t)9 || n < 2)
        return;
    hf_i_sort_doubles(work, n);
    out->lo = hf_i_quantile_sorted(work, n, (1 - plan->level) / 2);
    out->hi = hf_i_quantile_sorted(work, n, (1 + plan->level) / 2);
}

static void fill(hf_i_interval *out, job *j, double *work, bool drawn)
{
    for (size_t b = 0; b < j->plan->blocks; b++)
        j->weights[b] = 1;
    j->statistics(j->user, j->weights, work);
    for (size_t k = 0; k < j->plan->count; k++)
        out[k].estimate = work[k];
    for (size_t k = 0; drawn && k < j->plan->count; k++)
        percentiles(&out[k], j, k, work);
}

hf_status hf_i_bootstrap_run(hf_i_interval *out, hf_ctx *ctx, const hf_i_bootstrap *plan,
                             hf_i_statistics_fn statistics, const void *user)
{
    for (size_t k = 0; k < plan->count; k++)
        out[k] = (hf_i_interval){NAN, NAN, NAN};
    if (plan->blocks == 0)
        return HF_OK;
    size_t threads = (size_t)hf_ctx_get_threads(ctx);
    size_t work_size = plan->count > plan->replicates ? plan->count : plan->replicates;
    job j = {plan, statistics, user, NULL, NULL};
    j.weights = hf_i_alloc(ctx, threads * plan->blocks * sizeof *j.weights);
    j.values = hf_i_alloc(ctx, plan->replicates * plan->count * sizeof *j.values);
    double *work = hf_i_alloc(ctx, work_size * sizeof *work);
    hf_status status = j.weights && j.values && work ? HF_OK : HF_E_NOMEM;
    bool drawn = plan->blocks >= 5;
    if (status == HF_OK && drawn)
        status = hf_i_parallel_for(ctx, plan->replicates, one_replicate, &j);
    if (status == HF_OK)
        fill(out, &j, work, drawn);
    hf_i_free(ctx, j.weights);
    hf_i_free(ctx, j.values);
    hf_i_free(ctx, work);
    return status;
}
