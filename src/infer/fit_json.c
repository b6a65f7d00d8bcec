/* SPDX-License-Identifier: MIT */
#include "infer/fit.h"

#include "text/json_write.h"

#include <string.h>

static void parameter(hf_i_json_writer *w, const hf_fit *fit, size_t i)
{
    const hf_estimate *e = &fit->estimates[i];
    const hf_i_param *q = &fit->model->params[i];
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "name", e->name);
    hf_i_json_key_number(w, "estimate", e->estimate);
    hf_i_json_key_number(w, "se", e->se);
    hf_i_json_key_number(w, "lower", e->lower);
    hf_i_json_key_number(w, "upper", e->upper);
    if (fit->options.profile) {
        hf_i_json_key_number(w, "profile_lower", e->profile_lower);
        hf_i_json_key_number(w, "profile_upper", e->profile_upper);
    }
    hf_i_json_key_bool(w, "on_bound", e->on_bound);
    hf_i_json_key_bool(w, "fixed", e->fixed);
    hf_i_json_key_bool(w, "weak", e->weak);
    hf_i_json_key_number(w, "gradient", e->gradient);
    if (q->same_as >= 0)
        hf_i_json_key_str(w, "same_as", fit->model->params[q->same_as].name);
    hf_i_json_object_end(w);
}

static void stop(hf_i_json_writer *w, const hf_fit_summary *s)
{
    hf_i_json_key(w, "stop");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "reason", s->reason);
    hf_i_json_key_bool(w, "converged", s->converged);
    hf_i_json_key_number(w, "gradient_norm", s->gradient_norm);
    hf_i_json_key_number(w, "newton_decrement", s->decrement);
    hf_i_json_key_number(w, "condition", s->condition);
    hf_i_json_key_uint(w, "evaluations", s->evaluations);
    hf_i_json_key_number(w, "seconds", s->seconds);
    hf_i_json_key_int(w, "starts", s->starts);
    hf_i_json_key_int(w, "starts_agreeing", s->agreeing);
    hf_i_json_object_end(w);
}

static void whole(hf_i_json_writer *w, const hf_fit *fit)
{
    const hf_fit_summary *s = &fit->summary;
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "model", fit->model->name);
    hf_i_json_key_str(w, "method", s->method);
    hf_i_json_key_str(w, "first_step",
                      fit->options.likelihood.first_step == HF_FIRST_STEP_NONE ? "none"
                                                                               : "from-zero");
    hf_i_json_key_bool(w, "exchangeable", fit->model->exchangeable);
    hf_i_json_key_number(w, "loglik", s->loglik);
    hf_i_json_key_number(w, "minus2ll", -2 * s->loglik);
    hf_i_json_key_uint(w, "n_dyads", s->n_dyads);
    hf_i_json_key_uint(w, "n_occasions", s->n_occasions);
    hf_i_json_key_uint(w, "n_obs", s->n_cells);
    hf_i_json_key_uint(w, "n_free", s->n_free);
    hf_i_json_key_number(w, "aic", s->aic);
    hf_i_json_key_number(w, "bic", s->bic);
    hf_i_json_key_number(w, "level", fit->options.level);
    hf_i_json_key(w, "parameters");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < fit->n; i++)
        parameter(w, fit, i);
    hf_i_json_array_end(w);
    stop(w, s);
    hf_i_json_key(w, "notes");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < fit->n_notes; i++)
        hf_i_json_str(w, fit->notes[i]);
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

hf_status hf_i_fit_write_json(hf_fit *fit)
{
    hf_i_buf b;
    hf_i_json_writer w;
    hf_i_buf_init(&b, fit->ctx, 64u << 20, "fit as JSON");
    hf_i_json_init(&w, hf_i_sink_buf(&b), HF_I_JSON_PRETTY);
    whole(&w, fit);
    hf_status s = hf_i_json_finish(&w);
    if (s == HF_OK) {
        fit->json = hf_i_arena_strndup(&fit->arena, b.data, b.len);
        s = fit->json ? HF_OK : HF_E_NOMEM;
    }
    hf_i_buf_dispose(&b);
    return s;
}
