/* SPDX-License-Identifier: MIT */
/* labels: property */
/* The keying check on made sheets: each wrong reading is refused and the right one named; the
 * right reading passes. Detection rates on real answers: test_keying_rates.c. */
#include "pair_data.h"

enum { N = 100 };

typedef struct forms {
    hf_ctx *ctx;
    hf_instrument *ecr, *ecr_r;
    int8_t x[N * 36], y[N * 36];
} forms;

static int set_up(void **state)
{
    forms *f = calloc(1, sizeof *f);
    f->ctx = test_ctx();
    assert_ok(f->ctx, hf_instrument_get(&f->ecr, f->ctx, "ecr"));
    assert_ok(f->ctx, hf_instrument_get(&f->ecr_r, f->ctx, "ecr-r"));
    two_factor_sheets(f->x, N, f->ecr, &f->ecr->orders[0], 1, 7, 11);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    forms *f = *state;
    hf_instrument_free(f->ecr);
    hf_instrument_free(f->ecr_r);
    hf_ctx_free(f->ctx);
    free(f);
    return 0;
}

static void right_key(void **state)
{
    forms *f = *state;
    hf_keying k = check_keying(f->ctx, f->ecr, "ecr-1998", f->x, N, 1, 7);
    assert_int_equal(k.verdict, HF_KEYING_OK);
    assert_int_equal(k.negative, 0);
    assert_int_equal(k.n, N);
    assert_true(k.fit > 0.5 && k.rival_fit < k.fit);
    for (size_t o = 0; o < 2; o++) {
        move_order(f->y, f->ecr_r, &f->ecr_r->orders[o], f->x, f->ecr, &f->ecr->orders[0], N, 1, 7);
        k = check_keying(f->ctx, f->ecr_r, f->ecr_r->orders[o].id, f->y, N, 1, 7);
        assert_int_equal(k.verdict, HF_KEYING_OK);
    }
}

static void forgotten_reversals(void **state)
{
    forms *f = *state;
    memcpy(f->y, f->x, sizeof f->y);
    turn_round(f->y, N, f->ecr, &f->ecr->orders[0], 1, 7);
    hf_keying k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, N, 1, 7);
    assert_true(names(&k, "ecr", "ecr-1998", HF_VARIANT_ALREADY_REVERSED));
    assert_non_null(strstr(k.reason, "--already-reversed"));
    /* A key of one's own that forgets them. */
    hf_instrument *own = own_form(f->ctx, f->ecr, &f->ecr->orders[0], false, false);
    k = check_keying(f->ctx, own, "own", f->x, N, 1, 7);
    assert_true(names(&k, "ecr", "ecr-1998", HF_VARIANT_AS_PRINTED));
    hf_instrument_free(own);
}

static void odd_and_even(void **state)
{
    forms *f = *state;
    memcpy(f->y, f->x, sizeof f->y);
    swap_odd_even(f->y, N, 36);
    hf_keying k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, N, 1, 7);
    assert_true(names(&k, "ecr", "ecr-1998", HF_VARIANT_ODD_EVEN_SWAPPED));
    assert_non_null(strstr(k.reason, "odd and even"));
}

static void wrong_order(void **state)
{
    forms *f = *state;
    for (size_t o = 0; o < 2; o++) {
        const hf_order *order = &f->ecr_r->orders[o];
        hf_keying k = check_keying(f->ctx, f->ecr_r, order->id, f->x, N, 1, 7);
        assert_true(names(&k, "ecr", "ecr-1998", HF_VARIANT_AS_PRINTED));
        move_order(f->y, f->ecr_r, order, f->x, f->ecr, &f->ecr->orders[0], N, 1, 7);
        k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, N, 1, 7);
        assert_true(names(&k, "ecr-r", order->id, HF_VARIANT_AS_PRINTED));
        assert_non_null(strstr(k.reason, order->id));
        k = check_keying(f->ctx, f->ecr_r, f->ecr_r->orders[1 - o].id, f->y, N, 1, 7);
        assert_true(names(&k, "ecr-r", order->id, HF_VARIANT_AS_PRINTED));
    }
}

/* Signs and alpha pass: only the known keys tell. */
static void exchanged_names(void **state)
{
    forms *f = *state;
    hf_instrument *own = own_form(f->ctx, f->ecr, &f->ecr->orders[0], true, true);
    hf_keying k = check_keying(f->ctx, own, "own", f->x, N, 1, 7);
    assert_true(names(&k, "ecr", "ecr-1998", HF_VARIANT_NAMES_SWAPPED));
    assert_int_equal(k.negative, 0);
    hf_instrument_free(own);
}

static void range_of_answers(void **state)
{
    forms *f = *state;
    two_factor_sheets(f->y, N, f->ecr, &f->ecr->orders[0], 1, 5, 12);
    hf_keying k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, N, 1, 7);
    assert_true(names(&k, "ecr", "ecr-1998", HF_VARIANT_RANGE));
    assert_int_equal(k.rival_min, 1);
    assert_int_equal(k.rival_max, 5);
    assert_non_null(strstr(k.reason, "--range 1-5"));
    k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, N, 1, 5);
    assert_int_equal(k.verdict, HF_KEYING_OK);
}

static void few_people(void **state)
{
    forms *f = *state;
    memcpy(f->y, f->x, sizeof f->y);
    turn_round(f->y, N, f->ecr, &f->ecr->orders[0], 1, 7);
    hf_keying k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, 14, 1, 7);
    assert_int_equal(k.verdict, HF_KEYING_NOT_CHECKABLE);
    assert_non_null(strstr(k.reason, "not checkable"));
    k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, 15, 1, 7);
    assert_int_equal(k.verdict, HF_KEYING_REFUSED);
    /* Two people who both stay within 1 to 5: a remark, no refusal. */
    two_factor_sheets(f->y, 2, f->ecr, &f->ecr->orders[0], 1, 5, 13);
    k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, 2, 1, 7);
    assert_int_equal(k.verdict, HF_KEYING_NOT_CHECKABLE);
    assert_non_null(strstr(k.reason, "--range 1-5"));
}

/* Noise fits no key: refused without a name. */
static void noise(void **state)
{
    forms *f = *state;
    hf_i_random r;
    hf_i_random_init(&r, 5, 0, 0);
    for (size_t i = 0; i < sizeof f->y; i++)
        f->y[i] = (int8_t)(1 + hf_i_random_below(&r, 7));
    hf_keying k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, N, 1, 7);
    assert_int_equal(k.verdict, HF_KEYING_REFUSED);
    assert_false(k.rival_found);
    assert_non_null(strstr(k.reason, "No other order"));
}

static void copies(void **state)
{
    forms *f = *state;
    for (size_t i = 0; i < N; i++)
        for (size_t c = 0; c < 36; c++) {
            const hf_order *o = &f->ecr->orders[0];
            for (size_t s = 0; s < 2; s++)
                for (size_t k = 0; k < o->keys[s].count; k++)
                    if (o->keys[s].items[k].column == c + 1)
                        f->y[i * 36 + c] =
                            (int8_t)(o->keys[s].items[k].sign < 0 ? 8 - (1 + (int)((i + s) % 7))
                                                                  : 1 + (int)((i + s) % 7));
        }
    hf_keying k = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, N, 1, 7);
    assert_int_equal(k.verdict, HF_KEYING_WARNING);
    assert_non_null(strstr(k.reason, "copied"));
}

/* The verdict depends neither on the order of the sheets nor on names of persons. */
static void order_of_sheets(void **state)
{
    forms *f = *state;
    hf_keying a = check_keying(f->ctx, f->ecr, "ecr-1998", f->x, N, 1, 7);
    for (size_t i = 0; i < N; i++)
        memcpy(f->y + i * 36, f->x + (N - 1 - i) * 36, 36);
    hf_keying b = check_keying(f->ctx, f->ecr, "ecr-1998", f->y, N, 1, 7);
    assert_true(a.fit == b.fit && a.rival_fit == b.rival_fit);
}

static void short_forms(void **state)
{
    forms *f = *state;
    static const char *const ids[] = {"ecr-12", "ecr-s", "ecr-rs", "reflection"};
    for (size_t i = 0; i < HF_COUNT_OF(ids); i++) {
        hf_instrument *in;
        assert_ok(f->ctx, hf_instrument_get(&in, f->ctx, ids[i]));
        const hf_order *o = &in->orders[in->order_count - 1];
        if (strcmp(ids[i], "ecr-s") == 0)
            o = order_of(in, "wei-2007");
        two_factor_sheets(f->y, N, in, o, 1, 7, 20 + i);
        hf_keying k = check_keying(f->ctx, in, o->id, f->y, N, 1, 7);
        assert_int_equal(k.verdict, HF_KEYING_OK);
        turn_round(f->y, N, in, o, 1, 7);
        k = check_keying(f->ctx, in, o->id, f->y, N, 1, 7);
        assert_true(names(&k, ids[i], o->id, HF_VARIANT_ALREADY_REVERSED));
        hf_instrument_free(in);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
RUN_TESTS(T(right_key), T(forgotten_reversals), T(odd_and_even), T(wrong_order), T(exchanged_names),
          T(range_of_answers), T(few_people), T(noise), T(copies), T(order_of_sheets),
          T(short_forms))
