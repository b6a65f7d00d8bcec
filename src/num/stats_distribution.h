/* SPDX-License-Identifier: MIT */
/* Normal, Student and chi-square with one degree of freedom. Outside their domain: NaN. */
#ifndef HF_NUM_STATS_DISTRIBUTION_H
#define HF_NUM_STATS_DISTRIBUTION_H

double hf_i_normal_cdf(double z);
/* Inverse, p in (0, 1); 16 digits (Wichura 1988, Applied Statistics 37:477, AS 241). */
double hf_i_normal_quantile(double p);
/* P(|Z| > |z|). */
double hf_i_normal_two_sided(double z);

/* Regularised incomplete beta I_x(a, b), a, b > 0 (continued fraction by Lentz's method). */
double hf_i_incomplete_beta(double a, double b, double x);
double hf_i_t_cdf(double t, double df);
double hf_i_t_quantile(double p, double df);

#endif
