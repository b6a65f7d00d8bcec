/* SPDX-License-Identifier: MIT */
/* A model's formulas as code for a register machine: one register per node, three stages. What
 * depends on parameters alone runs once per parameter value, what depends on covariates once a
 * row, what depends on states wherever it is asked for. The evaluator stands in infer/kernel and
 * runs the same code for lanes of dyads and for dual numbers. */
#ifndef HF_MODEL_CODE_H
#define HF_MODEL_CODE_H

#include "model/model.h"

typedef struct hf_i_instr {
    int32_t op, dst, a, b;
    double value;
} hf_i_instr;

typedef struct hf_i_code {
    hf_i_instr *items;
    size_t count;
} hf_i_code;

/* A group of formulas evaluated together. */
typedef struct hf_i_group_code {
    hf_i_code row, state; /* stages 2 and 3; stage 1 is common */
} hf_i_group_code;

typedef struct hf_i_constant {
    int32_t reg;
    double value;
} hf_i_constant;

typedef struct hf_i_program {
    hf_ctx *ctx;
    size_t n_regs;
    int32_t *reg_of; /* [node]: register, or -1 when the node is not needed */
    int32_t param[HF_MODEL_MAX_PARAMS], state[HF_MODEL_MAX_STATES], cov[HF_MODEL_MAX_COVS],
        cov_before[HF_MODEL_MAX_COVS], time; /* registers of inputs, -1 when unused */
    hf_i_constant *constants;
    size_t n_constants;
    hf_i_code theta;
    hf_i_group_code predict[HF_MODEL_MAX_REGIMES], observe[HF_MODEL_MAX_REGIMES],
        start[HF_MODEL_MAX_REGIMES], switching;
} hf_i_program;

hf_status hf_i_program_make(hf_i_program *out, hf_ctx *ctx, const hf_model *model);
void hf_i_program_dispose(hf_i_program *program);

#endif
