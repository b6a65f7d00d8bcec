/* SPDX-License-Identifier: MIT */
/* labels: unit oracle property */
/* Exactness: against the long-double filter on irregular panels with a third of the cells missing,
 * correlated errors, covariates, random effects, singular covariances; gradients against
 * sixth-order differences; both clones and any thread count bit-equal; no allocation. */
#include "infer/data.h"
#include "infer/likelihood.h"
#include "infer/oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static hf_model *parse(hf_ctx *ctx, const char *text)
{
    hf_model *m = NULL;
    hf_status s = hf_model_parse(&m, ctx, text, strlen(text), "test");
    if (s != HF_OK)
        printf("%s (line %llu)\n", hf_ctx_get_error(ctx)->message,
               (unsigned long long)hf_ctx_get_error(ctx)->line);
    assert_int_equal(s, HF_OK);
    return m;
}

static hf_ctx *context(int threads)
{
    hf_ctx *ctx;
    hf_ctx_options o = HF_CTX_OPTIONS_INIT;
    o.threads = threads;
    assert_int_equal(hf_ctx_new(&ctx, &o), HF_OK);
    return ctx;
}

/* Random walks with noise: any data serve to compare two filters. kind 0: equal times, 1:
 * irregular times of their own, 2: whole steps with gaps. A third of the cells is missing. */
static void simulate(test_panel *p, size_t n, size_t rows, size_t m, size_t covs, int kind)
{
    hf_i_random r;
    hf_i_random_init(&r, 3, (uint64_t)kind, m);
    test_panel_make(p, n, rows, m, covs);
    for (size_t i = 0; i < n; i++) {
        double t = 0, x[8] = {0};
        for (size_t k = 0; k < rows; k++) {
            size_t row = i * rows + k;
            t += kind == 0   ? 0.25
                 : kind == 1 ? 0.05 + hf_i_random_exponential(&r)
                             : 1.0 + (double)hf_i_random_below(&r, 3);
            p->time[row] = t;
            for (size_t j = 0; j < m; j++) {
                x[j] = 0.8 * x[j] + 0.6 * hf_i_random_normal(&r);
                p->y[row * m + j] = hf_i_random_uniform(&r) < 1.0 / 3 && row > 0
                                        ? NAN
                                        : 1 + x[j] + 0.3 * hf_i_random_normal(&r);
            }
            for (size_t c = 0; c < covs; c++)
                p->u[row * covs + c] = hf_i_random_normal(&r);
        }
    }
}

static oreal oracle_panel(const oracle_model *o, const test_panel *p, bool from_zero)
{
    oreal sum = 0;
    for (size_t i = 0; i < p->n; i++)
        sum += oracle_loglik(o, p->first[i + 1] - p->first[i], p->time + p->first[i],
                             p->y + p->m * p->first[i], from_zero ? p->time[p->first[i]] : 0);
    return sum;
}

/* Sixth-order central differences of the value against the gradient. */
static void check_gradient(hf_likelihood *l, const hf_model *m, double *theta, double tolerance)
{
    double g[HF_MODEL_MAX_PARAMS], ll, scale = 1;
    size_t n = hf_model_parameter_count(m);
    assert_int_equal(hf_likelihood_gradient(l, theta, &ll, g), HF_OK);
    for (size_t i = 0; i < n; i++)
        scale = fmax(scale, fabs(g[i]));
    for (size_t i = 0; i < n; i++) {
        static const double c[3] = {45.0 / 60, -9.0 / 60, 1.0 / 60};
        double h = 2e-3 * fmax(0.1, fabs(theta[i])), t = theta[i], d = 0, a, b;
        for (int k = 0; k < 3; k++) {
            theta[i] = t + (k + 1) * h;
            hf_likelihood_value(l, theta, &a);
            theta[i] = t - (k + 1) * h;
            hf_likelihood_value(l, theta, &b);
            d += c[k] * (a - b) / h;
        }
        theta[i] = t;
        if (fabs(d - g[i]) > tolerance * scale)
            printf("%s: gradient %.12g, differences %.12g\n", hf_model_parameter(m, i).name, g[i],
                   d);
        assert_true(fabs(d - g[i]) <= tolerance * scale);
    }
}

static void compare(const char *text, const oracle_model *o, const test_panel *p, double *theta,
                    hf_first_step first)
{
    hf_ctx *ctx = context(1);
    hf_model *m = parse(ctx, text);
    hf_likelihood_options opt = HF_LIKELIHOOD_OPTIONS_INIT;
    opt.first_step = first;
    hf_dyads view = test_panel_view(p);
    hf_likelihood *l;
    double ll, again;
    assert_int_equal(hf_likelihood_new(&l, ctx, m, &view, &opt), HF_OK);
    assert_int_equal(hf_likelihood_value(l, theta, &ll), HF_OK);
    double exact = (double)oracle_panel(o, p, first == HF_FIRST_STEP_FROM_ZERO);
    printf("%s: %.10f, textbook %.10f\n", hf_model_name(m), ll, exact);
    assert_true(fabs(ll - exact) <= 1e-10 * fabs(exact));
    l->plain = true; /* without the AVX2 clone: the same bits */
    assert_int_equal(hf_likelihood_value(l, theta, &again), HF_OK);
    assert_true(again == ll);
    l->plain = false;
    l->problem.shared = false; /* the general path agrees with the shared one */
    assert_int_equal(hf_likelihood_value(l, theta, &again), HF_OK);
    assert_true(fabs(again - exact) <= 1e-10 * fabs(exact));
    check_gradient(l, m, theta, 1e-7);
    hf_likelihood_free(l);
    hf_model_free(m);
    hf_ctx_free(ctx);
}

static const char sde[] =
    "model sde 1\nstate a b\n"
    "parameter a11 a12 a21 a22 b1 b2 l11 l21 l22 c1 c2 m1 m2\n"
    "positive r1, r2\n"
    "drift matrix [[a11, a12], [a21, a22]]\ndrift intercept [b1, b2]\n"
    "diffusion cholesky [[l11], [l21, l22]]\n"
    "observe y1 = c1 + a + error(r1)\nobserve y2 = c2 + 0.5*a + b + error(r2)\n"
    "start mean [m1, m2] covariance 2\n";

static void fill_sde(oracle_model *o, const double *t, double r12)
{
    memset(o, 0, sizeof *o);
    o->n = o->m = 2;
    o->A[0][0] = t[0];
    o->A[0][1] = t[1];
    o->A[1][0] = t[2];
    o->A[1][1] = t[3];
    o->b[0] = t[4];
    o->b[1] = t[5];
    o->Q[0][0] = (oreal)t[6] * t[6];
    o->Q[0][1] = o->Q[1][0] = (oreal)t[6] * t[7];
    o->Q[1][1] = (oreal)t[7] * t[7] + (oreal)t[8] * t[8];
    o->c[0] = t[9];
    o->c[1] = t[10];
    o->m0[0] = t[11];
    o->m0[1] = t[12];
    o->P0[0][0] = o->P0[1][1] = 2;
    o->H[0][0] = 1;
    o->H[1][0] = 0.5;
    o->H[1][1] = 1;
    o->R[0][0] = t[13];
    o->R[1][1] = t[14];
    o->R[0][1] = o->R[1][0] = r12;
}

static double sde_theta[] = {-.4, .2, .1, -.6, .3, -.1, .9, .2, .7, .5, -.2, .1, .3, .2, .3, .1};

static void linear_sde(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        test_panel p = {0};
        oracle_model o;
        simulate(&p, 23, 15, 2, 0, kind);
        fill_sde(&o, sde_theta, 0);
        compare(sde, &o, &p, sde_theta, HF_FIRST_STEP_NONE);
        compare(sde, &o, &p, sde_theta, HF_FIRST_STEP_FROM_ZERO);
        double exactly[16];
        memcpy(exactly, sde_theta, sizeof exactly);
        exactly[13] = exactly[14] = 0; /* no measurement error: singular after every row */
        fill_sde(&o, exactly, 0);
        hf_ctx *ctx = context(1);
        hf_model *m = parse(ctx, sde);
        hf_dyads view = test_panel_view(&p);
        hf_likelihood *l;
        double ll;
        assert_int_equal(hf_likelihood_new(&l, ctx, m, &view, NULL), HF_OK);
        assert_int_equal(hf_likelihood_value(l, exactly, &ll), HF_OK);
        double exact = (double)oracle_panel(&o, &p, false);
        printf("R = 0: %.10f, textbook %.10f\n", ll, exact);
        assert_true(fabs(ll - exact) < 1e-9 * fabs(exact));
        hf_likelihood_free(l);
        hf_model_free(m);
        hf_ctx_free(ctx);
        test_panel_free(&p);
    }
}

static void correlated_errors(void **state)
{
    (void)state;
    char text[1200];
    snprintf(text, sizeof text, "%serror y1 y2 = r12\nparameter r12\n", sde);
    test_panel p = {0};
    oracle_model o;
    simulate(&p, 9, 20, 2, 0, 1);
    fill_sde(&o, sde_theta, sde_theta[15]);
    compare(text, &o, &p, sde_theta, HF_FIRST_STEP_NONE);
    test_panel_free(&p);
}

static void random_effects(void **state)
{
    (void)state;
    /* A random intercept in the drift of a discrete VAR, and one in the observation. */
    const char text[] = "model effects 1\ntime discrete\nstate a b\nparameter p11 p12 p21 p22 mu\n"
                        "positive s, w, q, r\nrandom u ~ normal(mu, s)\nrandom v ~ normal(0, w)\n"
                        "next a = p11*a + p12*b + u\nnext b = p21*a + p22*b\nnoise a = q, b = 1\n"
                        "observe y1 = a + v + error(r)\nobserve y2 = b + v + error(r)\n"
                        "start mean 0 covariance identity\n";
    double theta[] = {.5, .2, .1, .3, .4, .7, .6, .8, .25};
    oracle_model o;
    test_panel p = {0};
    memset(&o, 0, sizeof o);
    o.n = 4;
    o.m = 2;
    o.discrete = true;
    const double A[4][4] = {{.5, .2, 1, 0}, {.1, .3, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            o.A[i][j] = A[i][j];
    o.Q[0][0] = theta[7];
    o.Q[1][1] = 1;
    o.H[0][0] = o.H[0][3] = o.H[1][1] = o.H[1][3] = 1;
    o.R[0][0] = o.R[1][1] = theta[8];
    o.m0[2] = theta[4];
    o.P0[0][0] = o.P0[1][1] = 1;
    o.P0[2][2] = (oreal)theta[5] * theta[5];
    o.P0[3][3] = (oreal)theta[6] * theta[6];
    simulate(&p, 12, 14, 2, 0, 2);
    compare(text, &o, &p, theta, HF_FIRST_STEP_NONE);
    compare(text, &o, &p, theta, HF_FIRST_STEP_FROM_ZERO);
    test_panel_free(&p);
}

static size_t counted;

static void *counting_resize(void *user, void *block, size_t size)
{
    (void)user;
    counted++;
    return realloc(block, size);
}

static void counting_release(void *user, void *block)
{
    (void)user;
    free(block);
}

static const char switching[] =
    "model switching 1\nregime calm tense\nstate a b\nparameter k\nvarying z\n"
    "positive q = 1, r = 1\nparameter go, back, slope\ncovariate u\n"
    "d a = -a + k*b\nd b = z*b + k*a\ndiffusion a = q, b = q\n"
    "observe y1 = a + error(r)\nobserve y2 = b + error(r)\n"
    "switch calm -> tense intensity exp(go + slope*u)\nswitch tense -> calm intensity exp(back)\n"
    "start mean 0 covariance identity\nstart regime calm = .7\n";

static const char nonlinear[] =
    "model nonlinear 1\nstate a b\nparameter k, g, c, s\npositive q = 1, r = 1\ncovariate u\n"
    "d a = -a + k*tanh(b) + c*u\nd b = -g*b*(1 + a*a) + s*sin(time)\ndiffusion a = q, b = .2\n"
    "observe y1 = a + .1*b^2 + error(r)\nobserve y2 ~ count(.3*b)\n"
    "start mean .5 covariance .3\n";

/* Gradients of every other path, the same bits for one and three threads and both clones, and no
 * allocation in value or gradient. */
static void path(const char *text, const double *at, size_t n_params, size_t m_obs, int kind,
                 double tolerance)
{
    double theta[16], ll[2], g[2][16];
    test_panel p = {0};
    simulate(&p, 37, 12, m_obs, 1, kind);
    for (size_t i = 0; i < p.n * 12; i++)
        if (strstr(text, "count("))
            p.y[i * 2 + 1] = floor(fabs(p.y[i * 2 + 1]));
    memcpy(theta, at, n_params * sizeof *theta);
    for (int threads = 1; threads <= 3; threads += 2) {
        hf_ctx *ctx;
        hf_ctx_options o = HF_CTX_OPTIONS_INIT;
        o.threads = threads;
        o.allocator = (hf_allocator){counting_resize, counting_release, NULL};
        assert_int_equal(hf_ctx_new(&ctx, &o), HF_OK);
        hf_model *m = parse(ctx, text);
        assert_int_equal(hf_model_parameter_count(m), n_params);
        hf_dyads view = test_panel_view(&p);
        hf_likelihood *l;
        hf_likelihood_options lo = HF_LIKELIHOOD_OPTIONS_INIT;
        lo.tolerance = 1e-11;
        assert_int_equal(hf_likelihood_new(&l, ctx, m, &view, &lo), HF_OK);
        size_t before = counted;
        int slot = threads > 1;
        assert_int_equal(hf_likelihood_gradient(l, theta, &ll[slot], g[slot]), HF_OK);
        assert_int_equal(hf_likelihood_value(l, theta, &ll[slot]), HF_OK);
        assert_true(counted == before);
        assert_true(isfinite(ll[slot]));
        double plain;
        l->plain = true;
        assert_int_equal(hf_likelihood_value(l, theta, &plain), HF_OK);
        assert_true(plain == ll[slot]);
        l->plain = false;
        if (threads == 1)
            check_gradient(l, m, theta, tolerance);
        hf_likelihood_free(l);
        hf_model_free(m);
        hf_ctx_free(ctx);
    }
    assert_true(ll[0] == ll[1]);
    assert_memory_equal(g[0], g[1], n_params * sizeof **g);
    test_panel_free(&p);
}

static void other_paths(void **state)
{
    (void)state;
    const double a[] = {.3, -.5, -2, .8, .4, -1, -.5, .3}, b[] = {.5, .4, .2, .3, .5, .4};
    for (int kind = 0; kind < 2; kind++) {
        path(switching, a, 8, 2, kind, 1e-7);
        path(nonlinear, b, 6, 2, kind, 1e-6);
        path(sde, sde_theta, 15, 2, kind, 1e-7);
    }
}

/* The unit of time, the order of dyads, an all-missing row: nothing changes. */
static void invariance(void **state)
{
    (void)state;
    hf_ctx *ctx = context(1);
    const char text[] = "model m 1\nstate x v\nparameter e z q r\nd x = v\nd v = e*x + z*v\n"
                        "diffusion v = q\nobserve y = x + error(r)\nstart stationary\n";
    hf_model *m = parse(ctx, text);
    test_panel p = {0}, o = {0};
    simulate(&p, 11, 9, 1, 0, 1);
    double theta[] = {-1, -.4, .7, .2}, ll, other;
    hf_dyads view = test_panel_view(&p);
    hf_likelihood *l;
    assert_int_equal(hf_likelihood_new(&l, ctx, m, &view, NULL), HF_OK);
    assert_int_equal(hf_likelihood_value(l, theta, &ll), HF_OK);
    hf_likelihood_free(l);
    /* seconds instead of minutes: rates / 60, second derivatives / 3600, and so on */
    test_panel_make(&o, 11, 10, 1, 0);
    for (size_t i = 0; i < 11; i++)
        for (size_t k = 0; k < 10; k++) {
            size_t from = (10 - i) * 9 + (k < 5 ? k : k - 1); /* dyads reversed, row 5 extra */
            o.time[i * 10 + k] = 60 * (k == 5 ? p.time[from] + 0.01 : p.time[from]);
            o.y[i * 10 + k] = k == 5 ? NAN : p.y[from];
        }
    double scaled[] = {-1 / 3600.0, -.4 / 60, .7 / 216000, .2};
    view = test_panel_view(&o);
    assert_int_equal(hf_likelihood_new(&l, ctx, m, &view, NULL), HF_OK);
    assert_int_equal(hf_likelihood_value(l, scaled, &other), HF_OK);
    printf("invariance: %.12f %.12f\n", ll, other);
    assert_true(fabs(ll - other) < 1e-10 * fabs(ll));
    hf_likelihood_free(l);
    hf_model_free(m);
    hf_ctx_free(ctx);
    test_panel_free(&p);
    test_panel_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(linear_sde),
                                       cmocka_unit_test(correlated_errors),
                                       cmocka_unit_test(random_effects),
                                       cmocka_unit_test(other_paths), cmocka_unit_test(invariance)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
