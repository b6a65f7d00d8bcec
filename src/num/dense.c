/* SPDX-License-Identifier: MIT */
#include "num/dense.h"

#include <math.h>
#include <string.h>

int hf_i_cholesky(double *A, int n, double tolerance)
{
    int rank = 0;
    for (int j = 0; j < n; j++) {
        double diagonal = A[j + j * n], d = diagonal;
        for (int k = 0; k < j; k++)
            d -= A[j + k * n] * A[j + k * n];
        double limit = tolerance * fabs(diagonal);
        if (!(d >= -limit))
            return -1;
        double root = d > limit ? sqrt(d) : 0;
        rank += root > 0;
        A[j + j * n] = root;
        for (int i = j + 1; i < n; i++) {
            double x = A[i + j * n];
            for (int k = 0; k < j; k++)
                x -= A[i + k * n] * A[j + k * n];
            A[i + j * n] = root > 0 ? x / root : 0;
        }
        for (int i = 0; i < j; i++)
            A[i + j * n] = 0;
    }
    return rank;
}

void hf_i_cholesky_solve(const double *L, int n, double *x, int c)
{
    for (int s = 0; s < c; s++, x += n) {
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++)
                x[i] -= L[i + k * n] * x[k];
            x[i] /= L[i + i * n];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++)
                x[i] -= L[k + i * n] * x[k];
            x[i] /= L[i + i * n];
        }
    }
}

/* ---- symmetric eigenvalues ---------------------------------------------------------------------
 */

static void rotate(double *A, double *V, int n, int p, int q)
{
    double apq = A[p + q * n];
    if (apq == 0)
        return;
    double theta = (A[q + q * n] - A[p + p * n]) / (2 * apq);
    double t = (theta >= 0 ? 1.0 : -1.0) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    for (int k = 0; k < n; k++) {
        double x = A[k + p * n], y = A[k + q * n];
        A[k + p * n] = c * x - s * y;
        A[k + q * n] = s * x + c * y;
    }
    for (int k = 0; k < n; k++) {
        double x = A[p + k * n], y = A[q + k * n];
        A[p + k * n] = c * x - s * y;
        A[q + k * n] = s * x + c * y;
    }
    for (int k = 0; k < n; k++) {
        double x = V[k + p * n], y = V[k + q * n];
        V[k + p * n] = c * x - s * y;
        V[k + q * n] = s * x + c * y;
    }
}

void hf_i_eigen_symmetric(double *A, int n, double *w, double *V)
{
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++) {
            V[i + j * n] = i == j;
            if (i > j)
                A[j + i * n] = A[i + j * n];
        }
    for (int sweep = 0; sweep < 60; sweep++) {
        double off = 0, on = 0;
        for (int j = 0; j < n; j++)
            for (int i = 0; i < n; i++)
                *(i == j ? &on : &off) += A[i + j * n] * A[i + j * n];
        if (!(off > 1e-32 * on))
            break;
        for (int p = 0; p < n - 1; p++)
            for (int q = p + 1; q < n; q++)
                rotate(A, V, n, p, q);
    }
    for (int i = 0; i < n; i++)
        w[i] = A[i + i * n];
    for (int i = 0; i < n - 1; i++) { /* ascending */
        int least = i;
        for (int j = i + 1; j < n; j++)
            if (w[j] < w[least])
                least = j;
        double keep = w[i];
        w[i] = w[least];
        w[least] = keep;
        for (int k = 0; least != i && k < n; k++) {
            keep = V[k + i * n];
            V[k + i * n] = V[k + least * n];
            V[k + least * n] = keep;
        }
    }
}

/* ---- general eigenvalues ------------------------------------------------------------------------
 */

static void hessenberg(double *A, int n)
{
    for (int k = 0; k < n - 2; k++) {
        double scale = 0, norm = 0;
        for (int i = k + 1; i < n; i++)
            scale += fabs(A[i + k * n]);
        if (scale == 0)
            continue;
        double v[64];
        for (int i = k + 1; i < n; i++) {
            v[i] = A[i + k * n] / scale;
            norm += v[i] * v[i];
        }
        double alpha = v[k + 1] > 0 ? -sqrt(norm) : sqrt(norm), h = norm - v[k + 1] * alpha;
        if (h == 0)
            continue;
        v[k + 1] -= alpha;
        for (int j = 0; j < n; j++) {
            double s = 0;
            for (int i = k + 1; i < n; i++)
                s += v[i] * A[i + j * n];
            for (int i = k + 1; i < n; i++)
                A[i + j * n] -= s / h * v[i];
        }
        for (int i = 0; i < n; i++) {
            double s = 0;
            for (int j = k + 1; j < n; j++)
                s += A[i + j * n] * v[j];
            for (int j = k + 1; j < n; j++)
                A[i + j * n] -= s / h * v[j];
        }
    }
    for (int j = 0; j < n; j++)
        for (int i = j + 2; i < n; i++)
            A[i + j * n] = 0;
}

/* Eigenvalues of the 2 x 2 block at (i, i). */
static void block2(const double *A, int n, int i, double *re, double *im)
{
    double a = A[i + i * n], b = A[i + (i + 1) * n], c = A[i + 1 + i * n],
           d = A[i + 1 + (i + 1) * n];
    double half = 0.5 * (a - d), disc = half * half + b * c, mean = 0.5 * (a + d);
    if (disc >= 0) {
        double z = half + (half >= 0 ? sqrt(disc) : -sqrt(disc));
        re[i] = d + z;
        re[i + 1] = z != 0 ? d - b * c / z : d;
        im[i] = im[i + 1] = 0;
    } else {
        re[i] = re[i + 1] = mean;
        im[i] = sqrt(-disc);
        im[i + 1] = -im[i];
    }
}

/* One implicit double-shift step on rows lo..hi (hi - lo >= 2). */
static void francis(double *H, int n, int lo, int hi, bool odd)
{
    double s = H[hi - 1 + (hi - 1) * n] + H[hi + hi * n];
    double t =
        H[hi - 1 + (hi - 1) * n] * H[hi + hi * n] - H[hi - 1 + hi * n] * H[hi + (hi - 1) * n];
    if (odd) { /* now and then another shift, against cycles */
        double w = fabs(H[hi + (hi - 1) * n]) + fabs(H[hi - 1 + (hi - 2) * n]);
        s = 1.5 * w;
        t = w * w;
    }
    double x = H[lo + lo * n] * H[lo + lo * n] + H[lo + (lo + 1) * n] * H[lo + 1 + lo * n] -
               s * H[lo + lo * n] + t;
    double y = H[lo + 1 + lo * n] * (H[lo + lo * n] + H[lo + 1 + (lo + 1) * n] - s);
    double z = H[lo + 1 + lo * n] * H[lo + 2 + (lo + 1) * n];
    for (int k = lo; k <= hi - 1; k++) {
        int size = k < hi - 1 ? 3 : 2;
        double v[3] = {x, y, size == 3 ? z : 0};
        double norm = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        if (norm > 0) {
            v[0] += v[0] >= 0 ? norm : -norm;
            double h = 2 / (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
            for (int j = k > lo ? k - 1 : lo; j < n; j++) {
                double d = 0;
                for (int i = 0; i < size; i++)
                    d += v[i] * H[k + i + j * n];
                for (int i = 0; i < size; i++)
                    H[k + i + j * n] -= h * d * v[i];
            }
            int last = k + 3 < hi ? k + 3 : hi;
            for (int i = 0; i <= last; i++) {
                double d = 0;
                for (int j = 0; j < size; j++)
                    d += H[i + (k + j) * n] * v[j];
                for (int j = 0; j < size; j++)
                    H[i + (k + j) * n] -= h * d * v[j];
            }
        }
        if (k < hi - 1) {
            x = H[k + 1 + k * n];
            y = H[k + 2 + k * n];
            z = k < hi - 2 ? H[k + 3 + k * n] : 0;
        }
    }
}

static void sort_eigen(int n, double *re, double *im)
{
    for (int i = 0; i < n - 1; i++)
        for (int j = i + 1; j < n; j++)
            if (re[j] > re[i] || (re[j] == re[i] && im[j] > im[i])) {
                double a = re[i], b = im[i];
                re[i] = re[j];
                im[i] = im[j];
                re[j] = a;
                im[j] = b;
            }
}

bool hf_i_eigen_general(double *A, int n, double *re, double *im)
{
    if (n > 64)
        return false;
    for (int i = 0; i < n * n; i++)
        if (!isfinite(A[i]))
            return false;
    hessenberg(A, n);
    int hi = n - 1, tries = 0;
    while (hi >= 0) {
        int lo = hi;
        for (; lo > 0; lo--) {
            double scale = fabs(A[lo + lo * n]) + fabs(A[lo - 1 + (lo - 1) * n]);
            double sub = fabs(A[lo + (lo - 1) * n]);
            if (sub <= 2.3e-16 * (scale > 0 ? scale : 1e-300)) {
                A[lo + (lo - 1) * n] = 0;
                break;
            }
        }
        if (lo == hi) {
            re[hi] = A[hi + hi * n];
            im[hi--] = 0;
            tries = 0;
        } else if (lo == hi - 1) {
            block2(A, n, lo, re, im);
            hi -= 2;
            tries = 0;
        } else {
            if (++tries > 90)
                return false;
            francis(A, n, lo, hi, tries % 10 == 0);
        }
    }
    sort_eigen(n, re, im);
    return true;
}

/* ---- linear systems and the exponential
 * ----------------------------------------------------------- */

bool hf_i_solve(double *A, int n, double *b, int c)
{
    for (int k = 0; k < n; k++) {
        int best = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(A[i + k * n]) > fabs(A[best + k * n]))
                best = i;
        if (!(fabs(A[best + k * n]) > 0))
            return false;
        for (int j = 0; best != k && j < n; j++) {
            double swap = A[k + j * n];
            A[k + j * n] = A[best + j * n];
            A[best + j * n] = swap;
        }
        for (int j = 0; best != k && j < c; j++) {
            double swap = b[k + j * n];
            b[k + j * n] = b[best + j * n];
            b[best + j * n] = swap;
        }
        for (int i = k + 1; i < n; i++) {
            double f = A[i + k * n] / A[k + k * n];
            for (int j = k; j < n; j++)
                A[i + j * n] -= f * A[k + j * n];
            for (int j = 0; j < c; j++)
                b[i + j * n] -= f * b[k + j * n];
        }
    }
    for (int j = 0; j < c; j++)
        for (int i = n - 1; i >= 0; i--) {
            for (int l = i + 1; l < n; l++)
                b[i + j * n] -= A[i + l * n] * b[l + j * n];
            b[i + j * n] /= A[i + i * n];
        }
    return true;
}

static void multiply(double *C, const double *A, const double *B, int n)
{
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++) {
            double s = 0;
            for (int l = 0; l < n; l++)
                s += A[i + l * n] * B[l + j * n];
            C[i + j * n] = s;
        }
}

bool hf_i_expm(const double *A, double dt, int n, double *Ad, double *work)
{
    static const double c[14] = {64764752532480000,
                                 32382376266240000,
                                 7771770303897600,
                                 1187353796428800,
                                 129060195264000,
                                 10559470521600,
                                 670442572800,
                                 33522128640,
                                 1323241920,
                                 40840800,
                                 960960,
                                 16380,
                                 182,
                                 1};
    int nn = n * n, s = 0;
    double *X = work, *X2 = X + nn, *power = X2 + nn, *U = power + nn, *T = U + nn, norm = 0;
    for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += fabs(A[i + j * n] * dt);
        norm = sum > norm ? sum : norm;
    }
    if (!(norm < 1e10))
        return false;
    for (double x = norm; x > 5.371920351148152; x /= 2)
        s++;
    for (int i = 0; i < nn; i++)
        X[i] = ldexp(A[i] * dt, -s);
    multiply(X2, X, X, n);
    for (int i = 0; i < nn; i++) { /* even part in Ad, odd part / X in U, by powers of X^2 */
        power[i] = i % (n + 1) == 0;
        Ad[i] = c[0] * power[i];
        U[i] = c[1] * power[i];
    }
    for (int k = 1; k <= 6; k++) {
        multiply(T, power, X2, n);
        memcpy(power, T, sizeof *T * (size_t)nn);
        for (int i = 0; i < nn; i++) {
            Ad[i] += c[2 * k] * power[i];
            U[i] += c[2 * k + 1] * power[i];
        }
    }
    multiply(T, X, U, n);
    for (int i = 0; i < nn; i++) {
        U[i] = Ad[i] - T[i];
        Ad[i] += T[i];
    }
    if (!hf_i_solve(U, n, Ad, n))
        return false;
    for (; s > 0; s--) {
        multiply(T, Ad, Ad, n);
        memcpy(Ad, T, sizeof *T * (size_t)nn);
    }
    return true;
}
