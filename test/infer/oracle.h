/* SPDX-License-Identifier: MIT */
/* A plain textbook Kalman filter in long double, written apart from the engine: joint updates by
 * Cholesky, Joseph form, Van Loan's block exponential by scaling and squaring. */
#ifndef TEST_INFER_ORACLE_H
#define TEST_INFER_ORACLE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { OMAX = 24 };
typedef long double oreal;
typedef struct {
    int n, m;
    oreal A[OMAX][OMAX], Q[OMAX][OMAX], b[OMAX]; /* continuous, or discrete already */
    oreal H[OMAX][OMAX], c[OMAX], R[OMAX][OMAX];
    oreal m0[OMAX], P0[OMAX][OMAX];
    bool discrete;
} oracle_model;

static void oracle_expm(int n, oreal A[OMAX * 2][OMAX * 2], oreal E[OMAX * 2][OMAX * 2])
{
    static oreal T[OMAX * 2][OMAX * 2], N[OMAX * 2][OMAX * 2];
    oreal norm = 0;
    for (int i = 0; i < n; i++) {
        oreal row = 0;
        for (int j = 0; j < n; j++)
            row += fabsl(A[i][j]);
        norm = row > norm ? row : norm;
    }
    int s = 0;
    while (norm > 0.1L) {
        norm /= 2;
        s++;
    }
    oreal f = powl(2, -s);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            E[i][j] = T[i][j] = i == j;
    for (int k = 1; k < 30; k++) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                N[i][j] = 0;
                for (int l = 0; l < n; l++)
                    N[i][j] += T[i][l] * A[l][j] * f / k;
            }
        memcpy(T, N, sizeof T);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                E[i][j] += T[i][j];
    }
    for (; s > 0; s--) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                N[i][j] = 0;
                for (int l = 0; l < n; l++)
                    N[i][j] += E[i][l] * E[l][j];
            }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                E[i][j] = N[i][j];
    }
}

/* Ad, Qd, bd over dt. */
static void oracle_step(const oracle_model *o, oreal dt, oreal Ad[OMAX][OMAX], oreal Qd[OMAX][OMAX],
                        oreal bd[OMAX])
{
    static oreal B[OMAX * 2][OMAX * 2], E[OMAX * 2][OMAX * 2];
    int n = o->n;
    if (o->discrete) {
        memcpy(Ad, o->A, sizeof o->A);
        memcpy(Qd, o->Q, sizeof o->Q);
        memcpy(bd, o->b, sizeof o->b);
        return;
    }
    memset(B, 0, sizeof B);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            B[i][j] = -o->A[i][j] * dt;
            B[i][n + j] = o->Q[i][j] * dt;
            B[n + i][n + j] = o->A[j][i] * dt;
        }
    oracle_expm(2 * n, B, E);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            Ad[i][j] = E[n + j][n + i];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            Qd[i][j] = 0;
            for (int l = 0; l < n; l++)
                Qd[i][j] += Ad[i][l] * E[l][n + j];
        }
    memset(B, 0, sizeof B);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            B[i][j] = o->A[i][j] * dt;
        B[i][n] = o->b[i] * dt;
    }
    oracle_expm(n + 1, B, E);
    for (int i = 0; i < n; i++)
        bd[i] = E[i][n];
}

typedef oreal omat[OMAX][OMAX];

/* C = A B, transposing B when t. */
static void oracle_mul(int r, int k, int c, omat A, omat B, bool t, omat C)
{
    static omat out;
    for (int i = 0; i < r; i++)
        for (int j = 0; j < c; j++) {
            out[i][j] = 0;
            for (int l = 0; l < k; l++)
                out[i][j] += A[i][l] * (t ? B[j][l] : B[l][j]);
        }
    memcpy(C, out, sizeof out);
}

static inline void oracle_predict(const oracle_model *o, oreal dt, oreal *x, omat P)
{
    static omat Ad, Qd, T;
    oreal nx[OMAX] = {0}, bd[OMAX];
    int n = o->n;
    oracle_step(o, dt, Ad, Qd, bd);
    for (int i = 0; i < n; i++) {
        nx[i] = bd[i];
        for (int j = 0; j < n; j++)
            nx[i] += Ad[i][j] * x[j];
    }
    memcpy(x, nx, sizeof nx);
    oracle_mul(n, n, n, Ad, P, false, T);
    oracle_mul(n, n, n, T, Ad, true, P);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            P[i][j] += Qd[i][j];
}

static void oracle_cholesky(int k, omat S, omat L)
{
    for (int a = 0; a < k; a++)
        for (int b = 0; b <= a; b++) {
            oreal s = S[a][b];
            for (int l = 0; l < b; l++)
                s -= L[a][l] * L[b][l];
            L[a][b] = a == b ? sqrtl(s) : s / L[b][b];
        }
}

/* x = (L L')^-1 v; returns |L^-1 v|^2. */
static oreal oracle_solve(int k, omat L, const oreal *v, oreal *x)
{
    oreal square = 0;
    for (int a = 0; a < k; a++) {
        x[a] = v[a];
        for (int l = 0; l < a; l++)
            x[a] -= L[a][l] * x[l];
        x[a] /= L[a][a];
        square += x[a] * x[a];
    }
    for (int a = k - 1; a >= 0; a--) {
        for (int l = a + 1; l < k; l++)
            x[a] -= L[l][a] * x[l];
        x[a] /= L[a][a];
    }
    return square;
}

/* (I - K H) P (I - K H)' + K R K' for the k rows listed in idx. */
static void oracle_joseph(const oracle_model *o, const int *idx, int k, omat K, omat P)
{
    static omat J, T, R, KR;
    int n = o->n;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            J[i][j] = i == j;
            for (int a = 0; a < k; a++)
                J[i][j] -= K[i][a] * o->H[idx[a]][j];
        }
    for (int a = 0; a < k; a++)
        for (int b = 0; b < k; b++)
            R[a][b] = o->R[idx[a]][idx[b]];
    oracle_mul(n, n, n, J, P, false, T);
    oracle_mul(n, n, n, T, J, true, P);
    oracle_mul(n, k, k, K, R, false, KR);
    oracle_mul(n, k, n, KR, K, true, T);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            P[i][j] += T[i][j];
}

static inline oreal oracle_update(const oracle_model *o, const double *y, oreal *x, omat P)
{
    static omat PH, S, L, K;
    int idx[OMAX], k = 0, n = o->n;
    oreal e[OMAX], z[OMAX], ll = 0;
    for (int j = 0; j < o->m; j++)
        if (!isnan(y[j]))
            idx[k++] = j;
    for (int a = 0; a < k; a++) {
        e[a] = y[idx[a]] - o->c[idx[a]];
        for (int i = 0; i < n; i++) {
            e[a] -= o->H[idx[a]][i] * x[i];
            PH[i][a] = 0;
            for (int l = 0; l < n; l++)
                PH[i][a] += P[i][l] * o->H[idx[a]][l];
        }
    }
    for (int a = 0; a < k; a++)
        for (int b = 0; b < k; b++) {
            S[a][b] = o->R[idx[a]][idx[b]];
            for (int i = 0; i < n; i++)
                S[a][b] += o->H[idx[a]][i] * PH[i][b];
        }
    oracle_cholesky(k, S, L);
    ll -= 0.5L * oracle_solve(k, L, e, z);
    for (int a = 0; a < k; a++)
        ll -= 0.5L * logl(2 * 3.14159265358979323846264338L) + logl(L[a][a]);
    for (int i = 0; i < n; i++)
        oracle_solve(k, L, PH[i], K[i]);
    for (int i = 0; i < n; i++)
        for (int a = 0; a < k; a++)
            x[i] += K[i][a] * e[a];
    oracle_joseph(o, idx, k, K, P);
    return ll;
}

/* y [row * m + j]; first: dt of the first step, 0 for none. */
static inline oreal oracle_loglik(const oracle_model *o, size_t rows, const double *time,
                                  const double *y, double first)
{
    static omat P;
    oreal x[OMAX], ll = 0;
    memcpy(x, o->m0, sizeof x);
    memcpy(P, o->P0, sizeof P);
    for (size_t r = 0; r < rows; r++) {
        oreal dt = r ? (oreal)time[r] - (oreal)time[r - 1] : (oreal)first;
        int steps = o->discrete ? (int)(dt + 0.5L) : dt > 0;
        for (int s = 0; s < steps; s++)
            oracle_predict(o, dt, x, P);
        ll += oracle_update(o, y + r * (size_t)o->m, x, P);
    }
    return ll;
}

#endif
