/* SPDX-License-Identifier: MIT */
/* labels: unit oracle */
/* Smoothed states against the joint normal distribution of all states and values, written out. */
#include "infer/data.h"
#include "infer/oracle.h"
#include "num/dense.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { ROWS = 6, N = 2, ALL = ROWS * N };

static const char text[] = "model m 1\nstate a b\nparameter k11 k12 k21 k22 c q1 q2 r\n"
                           "drift matrix [[k11, k12], [k21, k22]]\ndrift intercept [c, 0]\n"
                           "diffusion a = q1, b = q2\n"
                           "observe y1 = a + error(r)\nobserve y2 = a + b + error(r)\n"
                           "start mean [1, -1] covariance [[2, .5], [.5, 1]]\n";
static const double theta[] = {-.5, .3, -.2, -.4, .3, .6, .4, .2};

static void fill(oracle_model *o)
{
    memset(o, 0, sizeof *o);
    o->n = o->m = N;
    o->A[0][0] = theta[0];
    o->A[0][1] = theta[1];
    o->A[1][0] = theta[2];
    o->A[1][1] = theta[3];
    o->b[0] = theta[4];
    o->Q[0][0] = theta[5];
    o->Q[1][1] = theta[6];
    o->H[0][0] = o->H[1][0] = o->H[1][1] = 1;
    o->m0[0] = 1;
    o->m0[1] = -1;
    o->P0[0][0] = 2;
    o->P0[0][1] = o->P0[1][0] = .5;
    o->P0[1][1] = 1;
}

/* Means mu [ALL] and covariance C [ALL][ALL] of the stacked states. */
static void joint(const oracle_model *o, const double *time, double *mu, double C[ALL][ALL])
{
    static oreal Ad[OMAX][OMAX], Qd[OMAX][OMAX];
    oreal bd[OMAX];
    memset(C, 0, sizeof(double) * ALL * ALL);
    for (int i = 0; i < N; i++) {
        mu[i] = (double)o->m0[i];
        for (int j = 0; j < N; j++)
            C[i][j] = (double)o->P0[i][j];
    }
    for (int r = 1; r < ROWS; r++) {
        int at = r * N, from = at - N;
        oracle_step(o, (oreal)(time[r] - time[r - 1]), Ad, Qd, bd);
        for (int i = 0; i < N; i++) {
            mu[at + i] = (double)bd[i];
            for (int l = 0; l < N; l++)
                mu[at + i] += (double)Ad[i][l] * mu[from + l];
            for (int c = 0; c < at; c++) {
                for (int l = 0; l < N; l++)
                    C[at + i][c] += (double)Ad[i][l] * C[from + l][c];
                C[c][at + i] = C[at + i][c];
            }
        }
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                C[at + i][at + j] = (double)Qd[i][j];
                for (int l = 0; l < N; l++)
                    C[at + i][at + j] += C[at + i][from + l] * (double)Ad[j][l];
            }
    }
}

/* Conditions the joint on what was seen: mean and variance of every state. */
static void condition(const double *y, const double *mu, double C[ALL][ALL], double *mean,
                      double *var)
{
    double S[ALL * ALL], g[ALL][ALL], e[ALL];
    int seen[ALL], k = 0;
    for (int c = 0; c < ALL; c++)
        if (!isnan(y[c]))
            seen[k++] = c;
    for (int a = 0; a < k; a++) {
        int row = seen[a] / N * N, second = seen[a] % N;
        e[a] = y[seen[a]] - mu[row] - (second ? mu[row + 1] : 0);
        for (int s = 0; s < ALL; s++) /* cov(state s, value a) */
            g[s][a] = C[s][row] + (second ? C[s][row + 1] : 0);
    }
    for (int a = 0; a < k; a++)
        for (int b = 0; b < k; b++) {
            int row = seen[a] / N * N;
            S[a + b * k] = g[row][b] + (seen[a] % N ? g[row + 1][b] : 0) + (a == b ? theta[7] : 0);
        }
    assert_int_equal(hf_i_cholesky(S, k, 1e-14), k);
    for (int s = 0; s < ALL; s++) {
        double x[ALL];
        memcpy(x, g[s], sizeof x);
        hf_i_cholesky_solve(S, k, x, 1);
        mean[s] = mu[s];
        var[s] = C[s][s];
        for (int a = 0; a < k; a++) {
            mean[s] += x[a] * e[a];
            var[s] -= x[a] * g[s][a];
        }
    }
}

static void smoother(void **state)
{
    (void)state;
    hf_ctx *ctx;
    hf_model *m;
    hf_states *st;
    test_panel p = {0};
    oracle_model o;
    double mu[ALL], mean[ALL], var[ALL], got, sd;
    static double C[ALL][ALL];
    assert_int_equal(hf_ctx_new(&ctx, NULL), HF_OK);
    assert_int_equal(hf_model_parse(&m, ctx, text, strlen(text), "t"), HF_OK);
    test_panel_make(&p, 1, ROWS, N, 0);
    hf_i_random r;
    hf_i_random_init(&r, 21, 0, 0);
    for (size_t i = 0; i < ROWS; i++) {
        p.time[i] = (double)i * 0.7 + 0.2 * hf_i_random_uniform(&r);
        for (size_t j = 0; j < N; j++)
            p.y[i * N + j] = (i + j) % 3 == 2 || i == 3 ? NAN : hf_i_random_normal(&r);
    }
    fill(&o);
    joint(&o, p.time, mu, C);
    condition(p.y, mu, C, mean, var);
    hf_dyads view = test_panel_view(&p);
    assert_int_equal(hf_states_new(&st, ctx, m, &view, theta, NULL), HF_OK);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t k = 0; k < N; k++) {
            hf_states_smoothed(st, i, k, &got, &sd);
            assert_true(fabs(got - mean[i * N + k]) < 1e-10);
            assert_true(fabs(sd * sd - var[i * N + k]) < 1e-10);
        }
    hf_states_free(st);
    hf_model_free(m);
    hf_ctx_free(ctx);
    test_panel_free(&p);
}

static void chi_squared(void **state)
{
    (void)state;
    assert_true(fabs(hf_chi_squared_tail(3.841458820694124, 1) - .05) < 1e-12);
    assert_true(fabs(hf_chi_squared_tail(18.307038053275146, 10) - .05) < 1e-12);
    assert_true(fabs(hf_chi_squared_tail(2, 2) - exp(-1)) < 1e-14);
    assert_true(hf_chi_squared_tail(0, 3) == 1 && isnan(hf_chi_squared_tail(1, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(smoother), cmocka_unit_test(chi_squared)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
