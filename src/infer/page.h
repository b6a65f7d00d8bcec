/* SPDX-License-Identifier: MIT */
/* Parts of a fit's page: the tables and statements (page.c), the dyad's series (page_series.c),
 * null-clines and recovery curves (page_motion.c). */
#ifndef HF_INFER_PAGE_H
#define HF_INFER_PAGE_H

#include "finding/figure.h"
#include "finding/finding.h"
#include "infer/fit.h"
#include "infer/motion.h"

typedef struct hf_i_fit_page {
    hf_findings *out;
    hf_ctx *ctx;
    const hf_fit *fit;
    const hf_model *model;
    const hf_dyads *data;
    size_t dyad, first, rows; /* the dyad that is drawn */
    char name[80];            /* its id */
    hf_states *states;
    hf_i_motion motion;
    size_t draws;  /* parameter vectors drawn from the covariance; 0: it is not known */
    double *drawn; /* [draws][parameters] */
    double *at;    /* [states]: smoothed state of the last row, effects included */
    double *u;     /* [covariates]: their means in the dyad; NULL without any */
} hf_i_fit_page;

/* Says that something cannot be shown: text_key.not_enough. */
hf_status hf_i_fit_unknown(const hf_i_fit_page *p, const char *id, const char *text_key);

hf_status hf_i_fit_page_series(const hf_i_fit_page *p);
hf_status hf_i_fit_page_regimes(const hf_i_fit_page *p);
hf_status hf_i_fit_page_phase(hf_i_fit_page *p);
hf_status hf_i_fit_page_recovery(hf_i_fit_page *p);

#endif
