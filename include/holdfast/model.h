/* SPDX-License-Identifier: MIT */
/* Models of two people, written in a small language (doc/model-language.md): states and how they
 * move, what is observed of them, parameters, regimes. A model is read once, never changes
 * afterwards and may be used by many threads at a time. */
#ifndef HOLDFAST_MODEL_H
#define HOLDFAST_MODEL_H

#include <holdfast/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hf_model hf_model;

/* What a parameter is, as its model file declares it. */
typedef struct hf_parameter {
    const char *name;
    double start;        /* where a search begins */
    double lower, upper; /* bounds; -INFINITY and INFINITY when there are none */
    bool positive;       /* searched on the log scale */
    const char *same_as; /* the parameter it is tied to (exchangeable partners), or NULL */
    const char *prior;   /* "normal(0, 1)" as written, or "" */
} hf_parameter;

typedef enum hf_observation_kind {
    HF_OBSERVE_GAUSSIAN, /* a number, with or without measurement error */
    HF_OBSERVE_BINARY,   /* 0 or 1, logit link */
    HF_OBSERVE_COUNT     /* 0, 1, 2, ..., log link */
} hf_observation_kind;

/* Reads a model from text (len bytes). name is used in error messages and may be NULL. Errors
 * (HF_E_PARSE) carry line and column and, for an unknown name, the nearest known one. */
HF_API hf_status hf_model_parse(hf_model **out, hf_ctx *ctx, const char *text, size_t len,
                                const char *name);
/* A model of the catalogue by its name ("coupled_oscillator"), or a model file by its path (any
 * name with a '/' or '.' in it). HF_E_NOT_FOUND names the nearest catalogue entry. */
HF_API hf_status hf_model_get(hf_model **out, hf_ctx *ctx, const char *name_or_path);
HF_API void hf_model_free(hf_model *model);

/* Names in the catalogue, in alphabetical order; NULL past the end. Static storage. */
HF_API const char *hf_model_catalogue(size_t index);

/* Everything below is borrowed from the model. */
HF_API const char *hf_model_name(const hf_model *model);
HF_API const char *hf_model_title(const hf_model *model);    /* "" if the file gives none */
HF_API const char *hf_model_citation(const hf_model *model); /* likewise */
HF_API const char *hf_model_text(const hf_model *model);     /* the model file */
/* The equations as the program reads them, one a line: drift, diffusion, observation, start. */
HF_API const char *hf_model_equations(const hf_model *model);

HF_API bool hf_model_is_continuous(const hf_model *model);
/* True when drift and observation are linear in the states (of each regime). */
HF_API bool hf_model_is_linear(const hf_model *model);

HF_API size_t hf_model_state_count(const hf_model *model);
HF_API const char *hf_model_state(const hf_model *model, size_t index);
/* Random effects are states that stay constant within a dyad; they come last. */
HF_API size_t hf_model_effect_count(const hf_model *model);
HF_API size_t hf_model_observation_count(const hf_model *model);
HF_API const char *hf_model_observation(const hf_model *model, size_t index);
HF_API hf_observation_kind hf_model_observation_kind(const hf_model *model, size_t index);
HF_API size_t hf_model_covariate_count(const hf_model *model);
HF_API const char *hf_model_covariate(const hf_model *model, size_t index);
HF_API size_t hf_model_regime_count(const hf_model *model); /* 1 without regimes */
HF_API const char *hf_model_regime(const hf_model *model, size_t index);
HF_API size_t hf_model_parameter_count(const hf_model *model);
HF_API hf_parameter hf_model_parameter(const hf_model *model, size_t index);
/* Ties the pairs that the file declares (`pair eta1 eta2`), or unties them. HF_E_USAGE without
 * pairs. Call before the model is used for anything else. */
HF_API hf_status hf_model_set_exchangeable(hf_model *model, bool exchangeable);

#ifdef __cplusplus
}
#endif
#endif
