/* SPDX-License-Identifier: MIT */
/* The result of a power study as JSON, for one process and for many. */
#include <holdfast/simulate.h>

#include "text/json_write.h"

#include <math.h>

static void write_effect(hf_i_json_writer *w, const hf_power_effect *e)
{
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "name", e->name);
    hf_i_json_key_uint(w, "n", e->n);
    hf_i_json_key_number(w, "truth", e->truth);
    hf_i_json_key_number(w, "power", e->power);
    hf_i_json_key_number(w, "mc_se", e->mc_se);
    hf_i_json_key_number(w, "mean", e->mean);
    hf_i_json_key_number(w, "bias", e->bias);
    /* Beyond three Monte Carlo errors: the power is then not that of the planned effect. */
    hf_i_json_key_bool(w, "biased", fabs(e->bias) > 3 * e->sd / sqrt((double)e->n));
    hf_i_json_key_number(w, "sd", e->sd);
    hf_i_json_key_number(w, "mean_se", e->mean_se);
    hf_i_json_key_number(w, "coverage", e->coverage);
    hf_i_json_object_end(w);
}

hf_status hf_power_write_json(const hf_power_options *o, const hf_power_result *r, hf_ctx *ctx,
                              hf_outfile *file, int ranks)
{
    static const char *const outcomes[] = {"gaussian", "binary", "count"};
    hf_i_json_writer w;
    (void)ctx;
    hf_i_json_init(&w, hf_i_sink_outfile(file), 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "schema", "holdfast-power-1");
    hf_i_json_key_int(&w, "ranks", ranks);
    hf_i_json_key_uint(&w, "dyads", o->dyads);
    hf_i_json_key_uint(&w, "occasions", o->occasions);
    hf_i_json_key_number(&w, "missing", o->missing);
    hf_i_json_key_str(&w, "outcome", outcomes[o->outcome]);
    hf_i_json_key_uint(&w, "seed", o->seed);
    hf_i_json_key_uint(&w, "replicates", r->replicates);
    hf_i_json_key_uint(&w, "converged", r->converged);
    hf_i_json_key_uint(&w, "resumed", r->resumed);
    hf_i_json_key_number(&w, "seconds", r->seconds);
    hf_i_json_key(&w, "effects");
    hf_i_json_array_begin(&w);
    for (size_t k = 0; k < r->effect_count; k++)
        write_effect(&w, &r->effects[k]);
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    return hf_i_json_finish(&w);
}
