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

/* ---- the exponential
 * ----------------------------------------------------------- */

/* Solves A x = b in place by partial pivoting: A [n,n] destroyed, b [n,c]. */
static bool solve(double *A, int n, double *b, int c)
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
    if (!solve(U, n, Ad, n))
        return false;
    for (; s > 0; s--) {
        multiply(T, Ad, Ad, n);
        memcpy(Ad, T, sizeof *T * (size_t)nn);
    }
    return true;
}
