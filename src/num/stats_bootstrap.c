/* SPDX-License-Identifier: MIT */
#include "num/stats_bootstrap.h"

#include "num/random.h"

#include <math.h>
#include <string.h>

typedef struct {
    const hf_i_bootstrap *plan;
    hf_i_statistic_fn statistic;
    const void *user;
    uint32_t *weights; /* [threads][blocks] */
    double *values;    /* [replicates] */
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
    j->values[index] = j->statistic(j->user, weight);
    return HF_OK;
}

static void percentiles(hf_i_interval *out, const hf_i_bootstrap *plan, double *values)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->replicates; i++)
        if (!isnan(values[i]))
            values[n++] = values[i];
    if (n * 10 < plan->replicates * (size_t)9 || n < 2)
        return;
    hf_i_sort_doubles(values, n);
    out->lo = hf_i_quantile_sorted(values, n, (1 - plan->level) / 2);
    out->hi = hf_i_quantile_sorted(values, n, (1 + plan->level) / 2);
}

hf_status hf_i_bootstrap_run(hf_i_interval *out, hf_ctx *ctx, const hf_i_bootstrap *plan,
                             hf_i_statistic_fn statistic, const void *user)
{
    *out = (hf_i_interval){NAN, NAN, NAN};
    if (plan->blocks == 0)
        return HF_OK;
    size_t threads = (size_t)hf_ctx_get_threads(ctx);
    job j = {plan, statistic, user, NULL, NULL};
    j.weights = hf_i_alloc(ctx, threads * plan->blocks * sizeof *j.weights);
    j.values = hf_i_alloc(ctx, plan->replicates * sizeof *j.values);
    hf_status status = j.weights && j.values ? HF_OK : HF_E_NOMEM;
    if (status == HF_OK) {
        for (size_t b = 0; b < plan->blocks; b++)
            j.weights[b] = 1;
        out->estimate = statistic(user, j.weights);
        if (plan->blocks >= 5 && !isnan(out->estimate))
            status = hf_i_parallel_for(ctx, plan->replicates, one_replicate, &j);
        else
            for (size_t i = 0; i < plan->replicates; i++)
                j.values[i] = NAN;
    }
    if (status == HF_OK)
        percentiles(out, plan, j.values);
    hf_i_free(ctx, j.weights);
    hf_i_free(ctx, j.values);
    return status;
}
