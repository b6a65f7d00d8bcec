/* SPDX-License-Identifier: MIT */
/* labels: oracle */
/* Random effects by state augmentation against Laplace's approximation for each dyad, both measured
 * against quadrature: 0/1 answers with a random intercept (for Gaussian values both are exact). */
#include "infer/data.h"

#include "support/test.h"

static const char text[] = "model intercepts 1\ntime discrete\nstate x\nparameter mu = 0\n"
                           "positive s = 1\nrandom b ~ normal(0, s)\nnext x = 0*x\n"
                           "observe y ~ binary(mu + b)\nstart x = 0\n";

enum { DYADS = 40, NODES = 4001 };

static double log_density(double b, double mu, double s, size_t ones, size_t rows)
{
    double z = mu + b, soft = z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
    return (double)ones * z - (double)rows * soft - .5 * b * b / (s * s) -
           .5 * log(2 * 3.141592653589793 * s * s);
}

/* Trapezoids over ten standard deviations: exact to the last digits for a smooth bell. */
static double by_quadrature(double mu, double s, size_t ones, size_t rows)
{
    double sum = 0, h = 20 * s / (NODES - 1);
    for (int i = 0; i < NODES; i++)
        sum += h * exp(log_density(-10 * s + h * i, mu, s, ones, rows));
    return log(sum);
}

static double by_laplace(double mu, double s, size_t ones, size_t rows)
{
    double b = 0, curvature = 1;
    for (int i = 0; i < 100; i++) {
        double p = 1 / (1 + exp(-(mu + b)));
        curvature = (double)rows * p * (1 - p) + 1 / (s * s);
        b += ((double)ones - (double)rows * p - b / (s * s)) / curvature;
    }
    return log_density(b, mu, s, ones, rows) + .5 * log(2 * 3.141592653589793 / curvature);
}

static void augmentation_and_laplace(void **state)
{
    (void)state;
    static const size_t lengths[] = {3, 10, 40};
    hf_ctx *ctx = test_ctx();
    hf_model *m;
    assert_ok(ctx, hf_model_parse(&m, ctx, text, strlen(text), "intercepts"));
    for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
        static const double theta[] = {.4, 1.2};
        size_t rows = lengths[k];
        double error[2] = {0};
        test_panel p = {0};
        hf_likelihood *l;
        double ll;
        test_panel_make(&p, DYADS, rows, 1, 0);
        for (size_t r = 0; r < DYADS * rows; r++)
            p.time[r] = (double)(r % rows);
        hf_dyads d = test_panel_view(&p);
        assert_ok(ctx, hf_simulate_like(ctx, m, &d, theta, NULL, 2, k, p.y));
        assert_ok(ctx, hf_likelihood_new(&l, ctx, m, &d, NULL));
        assert_ok(ctx, hf_likelihood_value(l, theta, &ll));
        for (size_t i = 0; i < DYADS; i++) {
            size_t ones = 0;
            for (size_t r = 0; r < rows; r++)
                ones += p.y[i * rows + r] == 1;
            double exact = by_quadrature(theta[0], theta[1], ones, rows);
            error[0] += fabs(hf_likelihood_by_dyad(l)[i] - exact) / DYADS;
            error[1] += fabs(by_laplace(theta[0], theta[1], ones, rows) - exact) / DYADS;
        }
        print_message(
            "%zu answers a dyad: log-likelihood of a dyad off by %.4f (augmentation), %.4f "
            "(Laplace a dyad)\n",
            rows, error[0], error[1]);
        assert_true(error[0] < .1 && error[1] < error[0]);
        hf_likelihood_free(l);
        test_panel_free(&p);
    }
    hf_model_free(m);
    hf_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(augmentation_and_laplace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
