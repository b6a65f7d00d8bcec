/* SPDX-License-Identifier: MIT */
/* Plain statistics: order, location, spread, rank correlation, slopes, intervals of proportions.
 * Missing values are the caller's business: no NaN may come in unless a line says so. A result
 * that does not exist (no data, no spread) is NaN. */
#ifndef HF_NUM_STATS_H
#define HF_NUM_STATS_H

#include "base/base.h"

typedef struct hf_i_interval {
    double estimate, lo, hi;
} hf_i_interval;

/* Ascending, in place, O(n log n) in the worst case; equal values in any order. */
void hf_i_sort_doubles(double *x, size_t n);

/* Quantile p of ascending x, linear between order statistics (type 7 of Hyndman & Fan 1996). */
double hf_i_quantile_sorted(const double *x, size_t n, double p);
/* Sorts x. */
double hf_i_median(double *x, size_t n);
double hf_i_mean(const double *x, size_t n);
/* Divided by n - 1. */
double hf_i_sd(const double *x, size_t n);
/* 1.4826 times the median distance from the median: the SD of a normal sample without its
 * outliers. Overwrites x. */
double hf_i_mad_sd(double *x, size_t n, double *median);

/* Distribution-free interval of the median of ascending x (binomial order statistics); the ends
 * of the data when n is too small for the level. */
hf_i_interval hf_i_median_interval(const double *x, size_t n, double level);

/* Wilson score interval of k of n (Wilson 1927); NaN at n = 0. */
hf_i_interval hf_i_wilson(double k, double n, double level);
/* Difference p1 - p2 of two independent proportions (Newcombe 1998, method 10). */
hf_i_interval hf_i_newcombe(double k1, double n1, double k2, double n2, double level);

/* Median of all pairwise slopes of y on x (Theil 1950, Sen 1968); pairs of equal x do not count.
 * O(n^2) pairs, n at most 4000. */
hf_status hf_i_theil_sen(double *slope, hf_ctx *ctx, const double *x, const double *y, size_t n);

/* Spearman's rank correlation with mid-ranks; NaN when one side has no spread. */
hf_status hf_i_spearman(double *r, hf_ctx *ctx, const double *x, const double *y, size_t n);

/* Burstiness of n waiting times (Goh & Barabasi 2008, EPL 81:48002): B = (s - m)/(s + m), and its
 * form for few events (Kim & Jo 2016, Phys. Rev. E 94:032311, eq. 22), which is -1 for a clock, 0
 * on average for a Poisson process and 1 for one burst at any n: A = (sqrt(n+1) r - sqrt(n-1)) /
 * ((sqrt(n+1) - 2) r + sqrt(n-1)),  r = s/m, s divided by n. Fails to exist (NaN) for n < 2 or m =
 * 0. */
double hf_i_burstiness(const double *gaps, size_t n);
double hf_i_burstiness_finite(const double *gaps, size_t n);
/* Memory coefficient: correlation of neighbouring waiting times (the same paper). */
double hf_i_memory(const double *gaps, size_t n);

#endif
