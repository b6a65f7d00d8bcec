/* SPDX-License-Identifier: MIT */
/* labels: unit */
#include "signal/made_chat.h"
#include "signal/measures.h"
#include "signal/tone.h"

static void own_deviations(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_turns t;
    hf_i_turns_init(&t, ctx);
    enum { N = 200 };
    float x[N];
    hf_i_random r;
    hf_i_random_init(&r, 1, 0, 0);
    for (int i = 0; i < N; i++) {
        hf_i_line line = {
            .t = i * INT64_C(60000), .partner = i % 2, .kind = HF_KIND_TEXT, .forms_turn = true};
        assert_ok(ctx, hf_i_turns_add(&t, &line));
        x[i] = (float)(i % 2 ? 5 + 2 * hf_i_random_normal(&r) : hf_i_random_normal(&r) - 1);
    }
    assert_ok(ctx, hf_i_turns_split(&t, 1e9));
    x[10] = NAN;
    hf_i_tone_standardise(x, &t);
    assert_true(isnan(x[10]));
    for (int p = 0; p < 2; p++) {
        double n = 0, sum = 0, squares = 0;
        for (int i = p; i < N; i += 2)
            if (!isnan(x[i])) {
                n++;
                sum += (double)x[i];
                squares += (double)x[i] * (double)x[i];
            }
        assert_true(fabs(sum / n) < 1e-5);
        assert_true(fabs(squares / (n - 1) - 1) < 1e-4);
    }
    /* Too few of one partner: nothing is said of that one. */
    for (int i = 0; i < N; i++)
        x[i] = i % 2 == 0 || i < 40 ? (float)(i % 7) : NAN;
    hf_i_tone_standardise(x, &t);
    assert_false(isnan(x[0]));
    for (int i = 1; i < N; i += 2)
        assert_true(isnan(x[i]));
    hf_i_turns_dispose(&t);
    hf_ctx_free(ctx);
}

/* Without weights there is no tone, and no error; with a wrong path there is one. */
static void without_a_model(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_turns t;
    hf_i_readings read;
    hf_i_turns_init(&t, ctx);
    assert_ok(ctx, hf_i_tone_read(&read, ctx, &t, "none"));
    assert_null(read.warmth);
    assert_null(read.acts);
    assert_int_not_equal(hf_i_tone_read(&read, ctx, &t, "no/such/weights.bin"), HF_OK);
    assert_null(read.warmth);
    assert_null(read.acts);
    hf_i_turns_dispose(&t);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(own_deviations), cmocka_unit_test(without_a_model))
