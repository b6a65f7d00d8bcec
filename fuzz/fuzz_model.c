/* SPDX-License-Identifier: MIT */
/* The model language: whatever the text, a model or an error with its place, and a model that was
 * read can be evaluated on a small table. */
#include <holdfast/infer.h>

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
    if (!good)
        abort();
}

static void evaluate(hf_ctx *ctx, const hf_model *m)
{
    enum { ROWS = 3 };
    size_t first[2] = {0, ROWS}, obs = hf_model_observation_count(m),
           covs = hf_model_covariate_count(m), n = hf_model_parameter_count(m);
    double time[ROWS] = {1, 2, 3};
    double *y = calloc(ROWS * obs, sizeof *y), *u = calloc(ROWS * covs + 1, sizeof *u),
           *theta = calloc(n + 1, sizeof *theta), *slope = calloc(n + 1, sizeof *slope), ll;
    hf_dyads d = HF_DYADS_INIT;
    hf_likelihood_options o = HF_LIKELIHOOD_OPTIONS_INIT;
    hf_likelihood *l;
    check(y && u && theta && slope);
    y[0] = NAN;
    y[ROWS * obs - 1] = 1;
    d.n_dyads = 1;
    d.first_row = first;
    d.time = time;
    d.y = y;
    d.u = u;
    o.tolerance = 1e-2;
    for (size_t i = 0; i < n; i++)
        theta[i] = hf_model_parameter(m, i).start;
    if (hf_likelihood_new(&l, ctx, m, &d, &o) == HF_OK) {
        check(hf_likelihood_value(l, theta, &ll) == HF_OK && !isnan(ll));
        check(hf_likelihood_gradient(l, theta, &ll, slope) == HF_OK && !isnan(ll));
        hf_likelihood_free(l);
    }
    free(y);
    free(u);
    free(theta);
    free(slope);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.threads = 1;
    hf_model *m;
    check(hf_ctx_new(&ctx, &o) == HF_OK);
    hf_status s = hf_model_parse(&m, ctx, (const char *)data, size, "fuzz");
    if (s == HF_OK) {
        if (hf_model_state_count(m) <= 8 && hf_model_observation_count(m) <= 8)
            evaluate(ctx, m);
        hf_model_free(m);
    } else {
        check(m == NULL && hf_ctx_get_error(ctx)->message[0] != '\0');
        check(s != HF_E_PARSE || hf_ctx_get_error(ctx)->line > 0);
    }
    hf_ctx_free(ctx);
    return 0;
}
