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

/* y [row * m + j]; first: dt of the first step, 0 for none. */
static oreal oracle_loglik(const oracle_model *o, size_t rows, const double *time, const double *y,
                           double first)
{
    static oreal Ad[OMAX][OMAX], Qd[OMAX][OMAX], T[OMAX][OMAX], P[OMAX][OMAX], K[OMAX][OMAX],
        L[OMAX][OMAX], PH[OMAX][OMAX];
    oreal x[OMAX], nx[OMAX], bd[OMAX], ll = 0;
    int n = o->n;
    memcpy(x, o->m0, sizeof x);
    memcpy(P, o->P0, sizeof P);
    for (size_t r = 0; r < rows; r++) {
        oreal dt = r ? (oreal)time[r] - (oreal)time[r - 1] : (oreal)first;
        int steps = o->discrete ? (int)(dt + 0.5L) : dt > 0;
        for (int s = 0; s < steps; s++) {
            oracle_step(o, dt, Ad, Qd, bd);
            for (int i = 0; i < n; i++) {
                nx[i] = bd[i];
                for (int j = 0; j < n; j++) {
                    nx[i] += Ad[i][j] * x[j];
                    T[i][j] = 0;
                    for (int l = 0; l < n; l++)
                        T[i][j] += Ad[i][l] * P[l][j];
                }
            }
            for (int i = 0; i < n; i++) {
                x[i] = nx[i];
                for (int j = 0; j < n; j++) {
                    P[i][j] = Qd[i][j];
                    for (int l = 0; l < n; l++)
                        P[i][j] += T[i][l] * Ad[j][l];
                }
            }
        }
        int idx[OMAX], k = 0;
        for (int j = 0; j < o->m; j++)
            if (!isnan(y[r * (size_t)o->m + (size_t)j]))
                idx[k++] = j;
        oreal e[OMAX], z[OMAX];
        for (int a = 0; a < k; a++) {
            e[a] = y[r * (size_t)o->m + (size_t)idx[a]] - o->c[idx[a]];
            for (int i = 0; i < n; i++) {
                e[a] -= o->H[idx[a]][i] * x[i];
                PH[i][a] = 0;
                for (int l = 0; l < n; l++)
                    PH[i][a] += P[i][l] * o->H[idx[a]][l];
            }
        }
        for (int a = 0; a < k; a++) /* S = L L' */
            for (int b = 0; b <= a; b++) {
                oreal s = o->R[idx[a]][idx[b]];
                for (int i = 0; i < n; i++)
                    s += o->H[idx[a]][i] * PH[i][b];
                for (int l = 0; l < b; l++)
                    s -= L[a][l] * L[b][l];
                L[a][b] = a == b ? sqrtl(s) : s / L[b][b];
            }
        for (int a = 0; a < k; a++) {
            z[a] = e[a];
            for (int l = 0; l < a; l++)
                z[a] -= L[a][l] * z[l];
            z[a] /= L[a][a];
            ll -= 0.5L * (logl(2 * 3.14159265358979323846264338L) + z[a] * z[a]) + logl(L[a][a]);
        }
        for (int i = 0; i < n; i++) { /* K = PH S^-1 */
            oreal w[OMAX];
            for (int a = 0; a < k; a++) {
                w[a] = PH[i][a];
                for (int l = 0; l < a; l++)
                    w[a] -= L[a][l] * w[l];
                w[a] /= L[a][a];
            }
            for (int a = k - 1; a >= 0; a--) {
                K[i][a] = w[a];
                for (int l = a + 1; l < k; l++)
                    K[i][a] -= L[l][a] * K[i][l];
                K[i][a] /= L[a][a];
            }
        }
        static oreal J[OMAX][OMAX];
        for (int i = 0; i < n; i++) {
            for (int a = 0; a < k; a++)
                x[i] += K[i][a] * e[a];
            for (int j = 0; j < n; j++) {
                J[i][j] = i == j;
                for (int a = 0; a < k; a++)
                    J[i][j] -= K[i][a] * o->H[idx[a]][j];
            }
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                T[i][j] = 0;
                for (int l = 0; l < n; l++)
                    T[i][j] += J[i][l] * P[l][j];
            }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                P[i][j] = 0;
                for (int l = 0; l < n; l++)
                    P[i][j] += T[i][l] * J[j][l];
                for (int a = 0; a < k; a++)
                    for (int b = 0; b < k; b++)
                        P[i][j] += K[i][a] * o->R[idx[a]][idx[b]] * K[j][b];
            }
    }
    return ll;
}

#endif
