/* SPDX-License-Identifier: MIT */
/* Eigenvalues of a general real matrix. */
#ifndef HF_NUM_EIGEN_H
#define HF_NUM_EIGEN_H

#include <stdbool.h>
#include <stddef.h>

enum { HF_EIGEN_MOST = 64 };

/* Shape: a [n,n], column-major, n <= HF_EIGEN_MOST; destroyed. re, im [n]: the eigenvalues, pairs
 * of conjugates side by side, in no other order.
 * Source: balancing (Parlett & Reinsch 1969), Hessenberg form by elimination, Francis' implicit
 * double-shift QR (Golub & Van Loan, Matrix Computations, 7.4 and 7.5).
 * Fails: false when an eigenvalue needs more than 60 iterations or an entry is not finite. */
bool hf_i_eigenvalues(double *a, size_t n, double *re, double *im);

/* Solves a x = b in place by elimination with partial pivoting; a [n,n] column-major and b [n] are
 * destroyed, x is left in b. false when a is singular to working precision. */
bool hf_i_solve(double *a, double *b, size_t n);

#endif
