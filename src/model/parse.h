/* SPDX-License-Identifier: MIT */
/* What the files of the parser share. */
#ifndef HF_MODEL_PARSE_H
#define HF_MODEL_PARSE_H

#include "model/lex.h"
#include "model/model.h"

typedef struct hf_i_let {
    const char *name;
    /* per regime, as read outside and inside a drift; HF_X_NONE until its line was read */
    hf_i_x value[HF_MODEL_MAX_REGIMES][2];
} hf_i_let;

typedef struct hf_i_parser {
    hf_model *model;
    hf_ctx *ctx;
    const char *file;
    hf_i_tokens tokens;
    const hf_i_token *at;
    hf_i_let lets[HF_MODEL_MAX_LETS];
    size_t n_lets;
    /* the base names of parameters with one value per regime */
    const char *varying_names[HF_MODEL_MAX_PARAMS];
    size_t n_varying;
    bool implicit;   /* no `parameter` line: unknown names in formulas are parameters */
    size_t regime;   /* the regime whose formulas are being read */
    int depth;       /* nesting of a formula */
    bool error_here; /* error(...) may stand at this place */
    hf_i_x error;    /* the variance found in error(...), HF_X_NONE if none */
    bool is_start;   /* a start formula: no states in it */
    bool is_drift;   /* covariates in continuous drift are those before the interval */
    bool *said;      /* which formulas were given, to refuse a second one; see statements.c */
} hf_i_parser;

hf_status hf_i_parse_fail(hf_i_parser *p, const hf_i_token *at, const char *advice,
                          const char *format, ...) HF_PRINTF(4, 5);
/* "expected X, found Y" */
hf_status hf_i_parse_expected(hf_i_parser *p, const char *what);
bool hf_i_accept(hf_i_parser *p, const char *text);
hf_status hf_i_expect(hf_i_parser *p, const char *text);
hf_status hf_i_expect_name(hf_i_parser *p, const hf_i_token **name, const char *what);
hf_status hf_i_expect_number(hf_i_parser *p, double *out); /* with an optional sign */
int hf_i_find_name(const char *const *names, size_t count, const hf_i_token *token);
int hf_i_find_param(const hf_model *m, const char *name, size_t len);

hf_status hf_i_add_param(hf_i_parser *p, const hf_i_token *at, const char *suffix, int *index);
hf_status hf_i_declare(hf_i_parser *p); /* first pass: names */
hf_status hf_i_formula(hf_i_parser *p, hf_i_x *out);
hf_status hf_i_statements(hf_i_parser *p); /* second pass: formulas */

#endif
