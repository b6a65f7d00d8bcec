/* SPDX-License-Identifier: MIT */
/* Ratings over days: how reliable a single one is, and how two people read each other. */
#ifndef HF_ATTACHMENT_CHECKIN_H
#define HF_ATTACHMENT_CHECKIN_H

#include <holdfast/attachment.h>

#include "attachment/intern.h"
#include "base/base.h"
#include "num/stats.h"

struct hf_diary {
    hf_ctx *ctx;
    char *path; /* for messages */
    hf_i_intern items;
    hf_diary_row *rows;
    size_t count, capacity;
};

/* Reliability of one rating: the share of its variance that lasts into the next days, from an
 * AR(1) process seen through white noise (Schuurman, Houtveen & Hamaker 2015, Front. Psychol.
 * 6:1038), by maximum likelihood on a grid with gaps in days; interval by profile likelihood.
 * day [n] rising. All NaN below 30 ratings or without spread. Cost: 2,500 passes over n. */
hf_i_interval hf_i_rating_reliability(const int64_t *day, const double *y, size_t n);

/* y = b0 + b1 x1 + b2 x2 by least squares with t intervals at 95 %; false for n < 4 or where the
 * predictors cannot be told apart. */
bool hf_i_two_predictors(hf_i_interval b[3], const double *y, const double *x1, const double *x2,
                         size_t n);

/* The days on which one partner rated one item: borrowed from the sorted rows. */
size_t hf_i_diary_of(const hf_diary *ratings, hf_partner partner, const char *item,
                     const hf_diary_row **rows);

#endif
