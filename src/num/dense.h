/* SPDX-License-Identifier: MIT */
/* Small dense matrices, column-major, for what happens once per fit (the filters have their own
 * unrolled kernels). Tested against LAPACK. */
#ifndef HF_NUM_DENSE_H
#define HF_NUM_DENSE_H

#include "base/base.h"

/* A [n,n] symmetric (lower triangle read) = L L'; L in the lower triangle, zeros above. A pivot
 * at or below tolerance * its own diagonal counts as 0: its column becomes 0 (semi-definite A).
 * Returns the rank, or -1 when a pivot is negative beyond that. */
int hf_i_cholesky(double *A, int n, double tolerance);

/* x [n,c] = (L L')^-1 x for a full-rank factor. */
void hf_i_cholesky_solve(const double *L, int n, double *x, int c);

/* Eigenvalues w [n] ascending and vectors V [n,n] (columns) of symmetric A, which is destroyed.
 * Cyclic Jacobi (Golub & Van Loan 2013, 8.5). */
void hf_i_eigen_symmetric(double *A, int n, double *w, double *V);

/* Ad = e^(A dt) [n,n] by Pade 13/13 and squaring (Higham 2005). work [5 n n]. False if not
 * finite. */
bool hf_i_expm(const double *A, double dt, int n, double *Ad, double *work);

#endif
