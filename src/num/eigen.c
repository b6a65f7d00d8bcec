/* SPDX-License-Identifier: MIT */
#include "num/eigen.h"

#include <float.h>
#include <math.h>

enum { ITERATIONS_MOST = 60, EXCEPTIONAL_EVERY = 10 };

#define A(i, j) a[(i) + (j)*n]

/* Scales rows and columns by powers of two towards equal norms: exact, and keeps eigenvalues. */
static void balance(double *a, size_t n)
{
    for (bool done = false; !done;) {
        done = true;
        for (size_t i = 0; i < n; i++) {
            double row = 0, column = 0, f = 1;
            for (size_t j = 0; j < n; j++)
                if (j != i) {
                    row += fabs(A(i, j));
                    column += fabs(A(j, i));
                }
            if (row == 0 || column == 0)
                continue;
            double sum = row + column;
            for (; column < row / 2; column *= 4)
                f *= 2;
            for (; column >= row * 2; column /= 4)
                f /= 2;
            if ((column + row) / f >= 0.95 * sum)
                continue;
            done = false;
            for (size_t j = 0; j < n; j++) {
                A(i, j) /= f;
                A(j, i) *= f;
            }
        }
    }
}

static void swap(double *x, double *y)
{
    double t = *x;
    *x = *y;
    *y = t;
}

static void to_hessenberg(double *a, size_t n)
{
    for (size_t m = 1; m + 1 < n; m++) {
        size_t pivot = m;
        for (size_t j = m; j < n; j++)
            if (fabs(A(j, m - 1)) > fabs(A(pivot, m - 1)))
                pivot = j;
        if (pivot != m) {
            for (size_t j = m - 1; j < n; j++)
                swap(&A(pivot, j), &A(m, j));
            for (size_t j = 0; j < n; j++)
                swap(&A(j, pivot), &A(j, m));
        }
        if (A(m, m - 1) == 0)
            continue;
        for (size_t i = m + 1; i < n; i++) {
            double y = A(i, m - 1) / A(m, m - 1);
            A(i, m - 1) = 0;
            for (size_t j = m; j < n; j++)
                A(i, j) -= y * A(m, j);
            for (size_t j = 0; j < n; j++)
                A(j, m) += y * A(j, i);
        }
    }
}

/* The first row of the active block that ends at `last`: a subdiagonal entry before it is nil. */
static size_t find_block(double *a, size_t n, size_t last)
{
    for (size_t l = last; l > 0; l--) {
        double s = fabs(A(l - 1, l - 1)) + fabs(A(l, l));
        if (s == 0)
            s = 1;
        if (fabs(A(l, l - 1)) <= DBL_EPSILON * s) {
            A(l, l - 1) = 0;
            return l;
        }
    }
    return 0;
}

/* The two eigenvalues of the block in rows l and l + 1. */
static void two_by_two(const double *a, size_t n, size_t l, double *re, double *im)
{
    double p = (A(l, l) - A(l + 1, l + 1)) / 2, bc = A(l, l + 1) * A(l + 1, l);
    double q = p * p + bc, mean = (A(l, l) + A(l + 1, l + 1)) / 2;
    im[l] = im[l + 1] = 0;
    if (q >= 0) {
        double z = p + copysign(sqrt(q), p);
        re[l] = A(l + 1, l + 1) + z;
        re[l + 1] = z != 0 ? A(l + 1, l + 1) - bc / z : re[l];
    } else {
        re[l] = re[l + 1] = mean;
        im[l] = sqrt(-q);
        im[l + 1] = -im[l];
    }
}

/* Reflector of a vector of size 2 or 3: v scaled so that (I - v w') maps it to a multiple of e1. */
typedef struct {
    double v[3], w[3], head;
    size_t size;
} reflector;

static bool make_reflector(reflector *r, const double *x, size_t size)
{
    double scale = 0, norm = 0;
    r->size = size;
    for (size_t i = 0; i < size; i++)
        scale += fabs(x[i]);
    if (scale == 0)
        return false;
    for (size_t i = 0; i < size; i++) {
        r->v[i] = x[i] / scale;
        norm += r->v[i] * r->v[i];
    }
    norm = copysign(sqrt(norm), r->v[0]);
    r->head = -norm * scale;
    r->v[0] += norm;
    for (size_t i = 0; i < size; i++)
        r->w[i] = r->v[i] / (norm * r->v[0]);
    return true;
}

static void apply_reflector(double *a, size_t n, const reflector *r, size_t k, size_t first_row,
                            size_t last)
{
    for (size_t j = k; j <= last; j++) { /* from the left: rows k.. */
        double s = 0;
        for (size_t i = 0; i < r->size; i++)
            s += r->w[i] * A(k + i, j);
        for (size_t i = 0; i < r->size; i++)
            A(k + i, j) -= s * r->v[i];
    }
    size_t bottom = k + 3 < last ? k + 3 : last;
    for (size_t i = first_row; i <= bottom; i++) { /* from the right: columns k.. */
        double s = 0;
        for (size_t j = 0; j < r->size; j++)
            s += A(i, k + j) * r->v[j];
        for (size_t j = 0; j < r->size; j++)
            A(i, k + j) -= s * r->w[j];
    }
}

/* One implicit double-shift sweep over rows first..last (at least three of them). */
static void sweep(double *a, size_t n, size_t first, size_t last, double trace, double det)
{
    double x[3], h00 = A(first, first), h10 = A(first + 1, first);
    reflector r;
    x[0] = h00 * h00 + A(first, first + 1) * h10 - trace * h00 + det;
    x[1] = h10 * (h00 + A(first + 1, first + 1) - trace);
    x[2] = h10 * A(first + 2, first + 1);
    for (size_t k = first; k < last; k++) {
        size_t size = k + 2 <= last ? 3 : 2;
        if (k > first)
            for (size_t i = 0; i < 3; i++)
                x[i] = i < size ? A(k + i, k - 1) : 0;
        if (!make_reflector(&r, x, size))
            continue;
        if (k > first) {
            A(k, k - 1) = r.head;
            for (size_t i = 1; i < size; i++)
                A(k + i, k - 1) = 0;
        }
        apply_reflector(a, n, &r, k, first, last);
    }
}

static bool all_finite(const double *a, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(a[i]))
            return false;
    return true;
}

bool hf_i_eigenvalues(double *a, size_t n, double *re, double *im)
{
    if (n > HF_EIGEN_MOST || !all_finite(a, n * n))
        return false;
    balance(a, n);
    to_hessenberg(a, n);
    int iterations = 0;
    for (size_t left = n; left > 0;) {
        size_t last = left - 1, first = find_block(a, n, last);
        if (first == last) {
            re[last] = A(last, last);
            im[last] = 0;
            left -= 1;
            iterations = 0;
        } else if (first + 1 == last) {
            two_by_two(a, n, first, re, im);
            left -= 2;
            iterations = 0;
        } else {
            double trace = A(last, last) + A(last - 1, last - 1);
            double det =
                A(last, last) * A(last - 1, last - 1) - A(last, last - 1) * A(last - 1, last);
            if (++iterations > ITERATIONS_MOST)
                return false;
            if (iterations % EXCEPTIONAL_EVERY == 0) { /* a shift that breaks cycles */
                double s = fabs(A(last, last - 1)) + fabs(A(last - 1, last - 2));
                trace = 1.5 * s;
                det = s * s;
            }
            sweep(a, n, first, last, trace, det);
        }
    }
    return true;
}

bool hf_i_solve(double *a, double *b, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(A(i, k)) > fabs(A(pivot, k)))
                pivot = i;
        if (!(fabs(A(pivot, k)) > 1e-300))
            return false;
        if (pivot != k) {
            for (size_t j = k; j < n; j++)
                swap(&A(pivot, j), &A(k, j));
            swap(&b[pivot], &b[k]);
        }
        for (size_t i = k + 1; i < n; i++) {
            double f = A(i, k) / A(k, k);
            for (size_t j = k; j < n; j++)
                A(i, j) -= f * A(k, j);
            b[i] -= f * b[k];
        }
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++)
            b[k] -= A(k, j) * b[j];
        b[k] /= A(k, k);
    }
    return true;
}
