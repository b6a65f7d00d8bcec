/* SPDX-License-Identifier: MIT */
/* Formulas as a shared graph: equal sub-formulas are one node, so that differentiating and
 * evaluating never repeat work. Nodes only refer to earlier nodes: their order is an order of
 * evaluation. */
#ifndef HF_MODEL_EXPR_H
#define HF_MODEL_EXPR_H

#include "base/base.h"

/* name, operands (0 to 2). The order is that of hf_i_op in the byte code too. */
#define HF_OP_LIST(X)                                                                              \
    X(CONST, 0)                                                                                    \
    X(PARAM, 0)      /* index: parameter */                                                        \
    X(STATE, 0)      /* index: state */                                                            \
    X(COV, 0)        /* index: covariate, at the row */                                            \
    X(COV_BEFORE, 0) /* index: covariate, at the row before */                                     \
    X(TIME, 0)                                                                                     \
    X(ADD, 2)                                                                                      \
    X(SUB, 2)                                                                                      \
    X(MUL, 2)                                                                                      \
    X(DIV, 2)                                                                                      \
    X(NEG, 1)                                                                                      \
    X(POW, 1) /* to the constant power value */                                                    \
    X(EXP, 1)                                                                                      \
    X(LOG, 1)                                                                                      \
    X(SQRT, 1)                                                                                     \
    X(TANH, 1)                                                                                     \
    X(SIGMOID, 1)                                                                                  \
    X(ABS, 1)                                                                                      \
    X(MIN, 2)                                                                                      \
    X(MAX, 2)                                                                                      \
    X(STEP, 1) /* 1 above 0, else 0; derivative 0 */                                               \
    X(SIN, 1)                                                                                      \
    X(COS, 1)

typedef enum hf_i_op {
#define HF_OP_ENUM(name, operands) HF_OP_##name,
    HF_OP_LIST(HF_OP_ENUM)
#undef HF_OP_ENUM
        HF_OP_COUNT
} hf_i_op;

/* What a formula depends on. */
enum { HF_DEP_PARAM = 1, HF_DEP_ROW = 2, HF_DEP_STATE = 4, HF_DEP_TIME = 8 };

typedef int32_t hf_i_x; /* a node; 0 is the constant 0, 1 the constant 1, -1 none */
enum { HF_X_NONE = -1, HF_X_ZERO = 0, HF_X_ONE = 1 };

typedef struct hf_i_node {
    uint8_t op, deps;
    int32_t a, b; /* operands, or index of an input in a */
    double value; /* CONST, POW */
} hf_i_node;

typedef struct hf_i_graph {
    hf_ctx *ctx;
    hf_i_node *nodes;
    size_t count, cap;
    int32_t *table; /* open addressing, -1 empty */
    size_t table_size;
    hf_status status; /* first failure; makers then return 0 */
} hf_i_graph;

hf_status hf_i_graph_init(hf_i_graph *g, hf_ctx *ctx);
void hf_i_graph_dispose(hf_i_graph *g);

/* Makers simplify (0 + x, 1 * x, constants) and never fail by value: see g->status. */
hf_i_x hf_i_x_const(hf_i_graph *g, double value);
hf_i_x hf_i_x_input(hf_i_graph *g, hf_i_op op, int32_t index);
hf_i_x hf_i_x_unary(hf_i_graph *g, hf_i_op op, hf_i_x a);
hf_i_x hf_i_x_binary(hf_i_graph *g, hf_i_op op, hf_i_x a, hf_i_x b);
hf_i_x hf_i_x_pow(hf_i_graph *g, hf_i_x a, double power);

/* d e / d input, symbolically. scratch holds g->count entries at least and is private. */
hf_i_x hf_i_x_diff(hf_i_graph *g, hf_i_x e, hf_i_op input, int32_t index);
/* e with every state replaced by the constant 0. */
hf_i_x hf_i_x_at_zero_state(hf_i_graph *g, hf_i_x e);

bool hf_i_x_is_const(const hf_i_graph *g, hf_i_x e, double *value);
/* Adds the formula as text; names of inputs by the callback. */
typedef const char *(*hf_i_x_name_fn)(void *user, hf_i_op op, int32_t index);
hf_status hf_i_x_print(const hf_i_graph *g, hf_i_x e, hf_i_x_name_fn name, void *user,
                       hf_i_buf *out);

#endif
