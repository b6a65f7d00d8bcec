/* SPDX-License-Identifier: MIT */
/* labels: reference slow */
/* How often the keying check finds each wrong key, and names the right one, on sheets drawn again
 * from 10,000 real ones: 30, 100 and 1,000 people. At 100 at least .99 must be found and named;
 * the right key must not be refused there. The rates are printed. */
#include "pair_data.h"

#include <stdio.h>

enum { DRAWS = 300, SIZES = 3 };
static const size_t sizes[SIZES] = {30, 100, 1000};

typedef struct pool {
    hf_ctx *ctx;
    hf_instrument *ecr, *ecr_r, *forgets, *swapped, *ecr_12, *ecr_s;
    int8_t *complete; /* [count][36] */
    size_t count;
} pool;

static bool load(pool *p)
{
    char path[1024];
    const char *root = getenv("HOLDFAST_REFERENCE");
    if (!root)
        return false;
    snprintf(path, sizeof path, "%s/questionnaires/ecr_sample.csv", root);
    hf_sheets *s;
    hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
    o.order = "ecr-1998";
    o.min = 1;
    o.max = 5;
    o.missing = "0";
    assert_ok(p->ctx, hf_sheets_read(&s, p->ctx, p->ecr, path, &o));
    p->complete = malloc(hf_sheets_count(s) * 36);
    for (size_t i = 0; i < hf_sheets_count(s); i++) {
        const int8_t *x = hf_sheets_answers(s, i);
        if (!memchr(x, HF_ANSWER_MISSING, 36))
            memcpy(p->complete + 36 * p->count++, x, 36);
    }
    hf_sheets_free(s);
    assert_int_equal(p->count, 9052);
    return true;
}

/* One way to be wrong: makes the sheets, scores them, and says what should be named. */
typedef enum wrong {
    RIGHT,
    TURNED,
    OWN_KEY,
    ODD_EVEN,
    ECR_AS_BLOCK,
    ECR_AS_INTERLEAVED,
    BLOCK_AS_ECR,
    INTERLEAVED_AS_ECR,
    RANGE,
    NAMES,
    SHORT_TURNED,
    SHORT_MIXED,
    WRONGS
} wrong;

static const char *const titles[WRONGS] = {
    "right key (refused)",           "reversals made before",
    "own key without reversals",     "odd and even swapped",
    "ECR-R block key on ECR order",  "ECR-R interleaved key on ECR order",
    "ECR key on ECR-R block order",  "ECR key on ECR-R interleaved order",
    "1-5 declared as 1-7",           "scale names exchanged",
    "ECR-12, reversals made before", "ECR-S key on ECR-12 sheets"};

static bool one_draw(const pool *p, wrong w, const int8_t *x, int8_t *y, size_t n, bool *named)
{
    const hf_order *ecr = &p->ecr->orders[0];
    const hf_order *block = order_of(p->ecr_r, "block");
    const hf_order *inter = order_of(p->ecr_r, "interleaved-a");
    const hf_order *ccc = order_of(p->ecr_12, "ccc"), *wide = order_of(p->ecr_12, "ecr-1998");
    const hf_instrument *in = p->ecr;
    const char *order = "ecr-1998", *form = "ecr", *right = "ecr-1998";
    hf_keying_variant variant = HF_VARIANT_AS_PRINTED;
    int hi = 5;
    memcpy(y, x, n * 36);
    switch (w) {
    case TURNED:
        turn_round(y, n, p->ecr, ecr, 1, 5);
        variant = HF_VARIANT_ALREADY_REVERSED;
        break;
    case OWN_KEY:
        in = p->forgets;
        order = "own";
        break;
    case ODD_EVEN:
        swap_odd_even(y, n, 36);
        variant = HF_VARIANT_ODD_EVEN_SWAPPED;
        break;
    case ECR_AS_BLOCK:
    case ECR_AS_INTERLEAVED:
        in = p->ecr_r;
        order = w == ECR_AS_BLOCK ? "block" : "interleaved-a";
        break;
    case BLOCK_AS_ECR:
    case INTERLEAVED_AS_ECR:
        move_order(y, p->ecr_r, w == BLOCK_AS_ECR ? block : inter, x, p->ecr, ecr, n, 1, 5);
        form = "ecr-r";
        right = w == BLOCK_AS_ECR ? "block" : "interleaved-a";
        break;
    case RANGE:
        hi = 7;
        variant = HF_VARIANT_RANGE;
        break;
    case NAMES:
        in = p->swapped;
        order = "own";
        variant = HF_VARIANT_NAMES_SWAPPED;
        break;
    case SHORT_TURNED:
    case SHORT_MIXED:
        move_order(y, p->ecr_12, ccc, x, p->ecr_12, wide, n, 1, 5);
        if (w == SHORT_TURNED)
            turn_round(y, n, p->ecr_12, ccc, 1, 5);
        in = w == SHORT_TURNED ? p->ecr_12 : p->ecr_s;
        order = w == SHORT_TURNED ? "ccc" : "wei-2007";
        form = "ecr-12";
        right = "ccc";
        variant = w == SHORT_TURNED ? HF_VARIANT_ALREADY_REVERSED : HF_VARIANT_AS_PRINTED;
        break;
    default:
        break;
    }
    hf_keying k = check_keying(p->ctx, in, order, y, n, 1, hi);
    *named = names(&k, form, right, variant);
    return k.verdict == HF_KEYING_REFUSED;
}

static void draw(const pool *p, hf_i_random *r, int8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        memcpy(out + i * 36, p->complete + 36 * hf_i_random_below(r, p->count), 36);
}

static void rates(const pool *p)
{
    int8_t *x = malloc(1000 * 36), *y = malloc(1000 * 36);
    printf("%-36s", "refused (and the right one named)");
    for (int k = 0; k < SIZES; k++)
        printf("  %6zu people  ", sizes[k]);
    printf("\n");
    for (int w = 0; w < WRONGS; w++) {
        printf("%-36s", titles[w]);
        for (int k = 0; k < SIZES; k++) {
            unsigned refused = 0, right = 0, draws = k == 2 ? DRAWS / 3 : DRAWS;
            hf_i_random r;
            hf_i_random_init(&r, 2026, (uint64_t)w, (uint64_t)k);
            for (unsigned d = 0; d < draws; d++) {
                bool named;
                draw(p, &r, x, sizes[k]);
                refused += one_draw(p, (wrong)w, x, y, sizes[k], &named);
                right += named;
            }
            printf("  %.3f (%.3f) ", (double)refused / draws, (double)right / draws);
            fflush(stdout);
            if (w == RIGHT)
                assert_true(k == 0 ? refused <= draws / 50 : refused == 0);
            else if (k > 0)
                assert_true(refused >= 0.99 * draws && right >= 0.99 * draws);
        }
        printf("\n");
    }
    free(x);
    free(y);
}

int main(void)
{
    pool p = {.ctx = test_ctx()};
    assert_ok(p.ctx, hf_instrument_get(&p.ecr, p.ctx, "ecr"));
    if (!load(&p)) {
        puts("skipped: HOLDFAST_REFERENCE is not set");
        hf_instrument_free(p.ecr);
        hf_ctx_free(p.ctx);
        return 77;
    }
    assert_ok(p.ctx, hf_instrument_get(&p.ecr_r, p.ctx, "ecr-r"));
    assert_ok(p.ctx, hf_instrument_get(&p.ecr_12, p.ctx, "ecr-12"));
    assert_ok(p.ctx, hf_instrument_get(&p.ecr_s, p.ctx, "ecr-s"));
    p.forgets = own_form(p.ctx, p.ecr, &p.ecr->orders[0], false, false);
    p.swapped = own_form(p.ctx, p.ecr, &p.ecr->orders[0], true, true);
    rates(&p);
    hf_instrument *all[] = {p.ecr, p.ecr_r, p.ecr_12, p.ecr_s, p.forgets, p.swapped};
    for (size_t i = 0; i < HF_COUNT_OF(all); i++)
        hf_instrument_free(all[i]);
    free(p.complete);
    hf_ctx_free(p.ctx);
    return 0;
}
