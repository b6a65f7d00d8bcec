/* SPDX-License-Identifier: MIT */
/* labels: reference */
/* The 64 couples of CouplesCope (Fuchs, Nussbeck, Meuwly & Bodenmann 2017): counts against those
 * recomputed from the file when it was taken over; each couple's logit against an iterative fit of
 * the same model to the same counts, the way LogSeq of the package DySeq defines it. */
#include "cycle/sequence.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>

static hf_ctx *ctx;
static hf_sequences *couples;

static void open_couples(void)
{
    static const char *const streams[] = {"stress=IKCB", "coping=DCCB"};
    hf_sequence_columns c = HF_SEQUENCE_COLUMNS_INIT;
    char path[1200];
    c.streams = streams;
    c.n_streams = 2;
    snprintf(path, sizeof path, "%s/dyads/dyseq/couples_cope.csv", getenv("HOLDFAST_REFERENCE"));
    assert_ok(ctx, hf_sequences_read(&couples, ctx, path, &c));
}

static hf_sequence_contrast contrast(const char *given, const char *then)
{
    hf_sequence_contrast c;
    hf_contrast_options o = HF_CONTRAST_OPTIONS_INIT;
    o.given = given;
    o.then = then;
    assert_ok(ctx, hf_sequence_contrast_make(&c, ctx, couples, &o));
    return c;
}

static void counts(void **state)
{
    (void)state;
    /* P(next | own now, the other's now) and how many pairs: the facts of the data's README */
    static const struct {
        double coping[2][2], stress[2][2], n[2][2]; /* [stress now][coping now] */
    } fact = {{{.1578, .6316}, {.4783, .8681}},
              {{.1544, .3722}, {.7283, .8820}},
              {{881, 266}, {276, 1585}}};
    hf_lag_table *t;
    assert_ok(ctx, hf_lag_table_new(&t, ctx, couples, NULL));
    assert_int_equal(hf_sequences_count_dyads(couples), 64);
    assert_true(hf_lag_table_total(t) == 64 * 47);
    for (size_t s = 0; s < 2; s++)
        for (size_t c = 0; c < 2; c++) {
            double n = 0, coping = 0, stress = 0;
            for (size_t to = 0; to < 4; to++) {
                double x = hf_lag_table_get(t, s + 2 * c, to).count;
                n += x;
                stress += to & 1 ? x : 0;
                coping += to & 2 ? x : 0;
            }
            assert_true(n == fact.n[s][c]);
            assert_true(fabs(coping / n - fact.coping[s][c]) < 6e-5);
            assert_true(fabs(stress / n - fact.stress[s][c]) < 6e-5);
        }
    hf_lag_table_free(t);
}

/* Coping is more likely right after stress is communicated. */
static void known_contrast(void **state)
{
    (void)state;
    hf_sequence_contrast c = contrast("stress", "coping");
    printf("coping after stress %.4f (%.4f to %.4f), after none %.4f (%.4f to %.4f); odds ratio "
           "%.2f (%.2f to %.2f)\n",
           c.given.estimate, c.given.lo, c.given.hi, c.other.estimate, c.other.lo, c.other.hi,
           exp(c.log_odds.estimate), exp(c.log_odds.lo), exp(c.log_odds.hi));
    assert_true(fabs(c.given.estimate - .8103) < 6e-5 && fabs(c.other.estimate - .2677) < 6e-5);
    /* the plain odds ratio, 11.69; .5 in each cell hardly moves it */
    assert_true(fabs(c.count[1][1] * c.count[0][0] / (c.count[1][0] * c.count[0][1]) - 11.69) <
                .005);
    assert_true(fabs(exp(c.log_odds.estimate) - 11.69) < .05);
    assert_true(c.difference.lo > 0 && c.log_odds.lo > 0 && c.by_dyad.lo > 0);
    assert_true(c.partner.lo > 0 && c.own.lo > 0);
    printf("logit of coping: intercept %.4f, own %.4f (t %.2f), partner %.4f (t %.2f), both %.4f "
           "(p %.3f)\n",
           c.intercept.mean, c.own.mean, c.own.t, c.partner.mean, c.partner.t, c.interaction.mean,
           c.interaction.p);
    c = contrast("coping", "stress");
    printf("logit of stress: intercept %.4f, own %.4f (t %.2f), partner %.4f (t %.2f), both %.4f "
           "(p %.3f)\n",
           c.intercept.mean, c.own.mean, c.own.t, c.partner.mean, c.partner.t, c.interaction.mean,
           c.interaction.p);
}

/* Newton's method on the log-likelihood of four binomials with the effect-coded design. */
static void iterative_logit(double n[2][2][2], double b[4])
{
    memset(b, 0, 4 * sizeof *b);
    for (int round = 0; round < 60; round++) {
        double g[4] = {0}, h[4][5] = {{0}};
        for (int i = 0; i < 2; i++)
            for (int o = 0; o < 2; o++) {
                const double x[4] = {1, o ? 1 : -1, i ? 1 : -1, i == o ? 1 : -1};
                double hits = n[i][o][1] + .5, m = hits + n[i][o][0] + .5, eta = 0;
                for (int k = 0; k < 4; k++)
                    eta += b[k] * x[k];
                double p = 1 / (1 + exp(-eta));
                for (int k = 0; k < 4; k++) {
                    g[k] += x[k] * (hits - m * p);
                    for (int l = 0; l < 4; l++)
                        h[k][l] += x[k] * x[l] * m * p * (1 - p);
                }
            }
        for (int k = 0; k < 4; k++)
            h[k][4] = g[k];
        for (int k = 0; k < 4; k++) /* Gauss-Jordan; the matrix is positive definite */
            for (int r = 0; r < 4; r++)
                for (int l = 4; l >= k && r != k; l--)
                    h[r][l] -= h[r][k] / h[k][k] * h[k][l];
        for (int k = 0; k < 4; k++)
            b[k] += h[k][4] / h[k][k];
    }
}

static void logit_by_iteration(void **state)
{
    (void)state;
    double sum[4] = {0}, squares[4] = {0};
    for (size_t d = 0; d < couples->dyads; d++) {
        double n[2][2][2] = {{{0}}}, b[4];
        for (size_t i = couples->first[d]; i + 1 < couples->first[d + 1]; i++) {
            uint32_t now = couples->state[i], next = couples->state[i + 1];
            n[now & 1][now >> 1][next >> 1]++;
        }
        iterative_logit(n, b);
        for (int k = 0; k < 4; k++) {
            sum[k] += b[k] / 64;
            squares[k] += b[k] * b[k];
        }
    }
    hf_sequence_contrast c = contrast("stress", "coping");
    const hf_dyad_mean *const got[4] = {&c.intercept, &c.own, &c.partner, &c.interaction};
    for (int k = 0; k < 4; k++) {
        double sd = sqrt((squares[k] - 64 * sum[k] * sum[k]) / 63);
        assert_true(got[k]->n == 64 && fabs(got[k]->mean - sum[k]) < 1e-8);
        assert_true(fabs(got[k]->sd - sd) < 1e-7 && fabs(got[k]->t - sum[k] / sd * 8) < 1e-5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts), cmocka_unit_test(known_contrast),
                                       cmocka_unit_test(logit_by_iteration)};
    if (!getenv("HOLDFAST_REFERENCE"))
        return 77;
    ctx = test_ctx();
    open_couples();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hf_sequences_free(couples);
    hf_ctx_free(ctx);
    return failed;
}
