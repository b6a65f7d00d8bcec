/* SPDX-License-Identifier: MIT */
/* Answer sheets made for the keying tests: from two factors, and moved from one order to another.
 */
#ifndef TEST_ATTACHMENT_PAIR_DATA_H
#define TEST_ATTACHMENT_PAIR_DATA_H

#include "attachment/instrument.h"
#include "num/random.h"
#include "support/test.h"

#include <math.h>

static inline const hf_order *order_of(const hf_instrument *in, const char *id)
{
    for (size_t o = 0; o < in->order_count; o++)
        if (strcmp(in->orders[o].id, id) == 0)
            return &in->orders[o];
    fail_msg("%s has no order %s", in->id, id);
    return NULL;
}

/* n sheets answered lo..hi: loading .7 on the item's factor, reversed where the key says so. */
static inline void two_factor_sheets(int8_t *out, size_t n, const hf_instrument *in,
                                     const hf_order *order, int lo, int hi, uint64_t seed)
{
    hf_i_random r;
    hf_i_random_init(&r, seed, 0, 0);
    memset(out, lo, n * order->sheet);
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < in->scale_count; s++) {
            double factor = hf_i_random_normal(&r);
            for (size_t k = 0; k < order->keys[s].count; k++) {
                const hf_key_item *item = &order->keys[s].items[k];
                double x = 0.7 * factor + sqrt(1 - 0.49) * hf_i_random_normal(&r);
                double answer = floor(0.5 * (lo + hi) + item->sign * x * (hi - lo) / 4.0 + 0.5);
                answer = answer < lo ? lo : answer > hi ? hi : answer;
                out[i * order->sheet + item->column - 1] = (int8_t)answer;
            }
        }
}

/* The same people on a sheet of another order: the k-th item of each scale goes to the k-th place
 * of that scale, turned round where only one of the two is reversed. */
static inline void move_order(int8_t *to, const hf_instrument *to_in, const hf_order *to_order,
                              const int8_t *from, const hf_instrument *from_in,
                              const hf_order *from_order, size_t n, int lo, int hi)
{
    const int scales[2][2] = {{from_in->anxiety, to_in->anxiety},
                              {from_in->avoidance, to_in->avoidance}};
    for (size_t i = 0; i < n; i++)
        for (int s = 0; s < 2; s++) {
            const hf_key *a = &from_order->keys[scales[s][0]], *b = &to_order->keys[scales[s][1]];
            for (size_t k = 0; k < a->count; k++) {
                int x = from[i * from_order->sheet + a->items[k].column - 1];
                if (a->items[k].sign != b->items[k].sign)
                    x = lo + hi - x;
                to[i * to_order->sheet + b->items[k].column - 1] = (int8_t)x;
            }
        }
}

/* Turns the reversed items round, as many users do before scoring. */
static inline void turn_round(int8_t *x, size_t n, const hf_instrument *in, const hf_order *order,
                              int lo, int hi)
{
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < in->scale_count; s++)
            for (size_t k = 0; k < order->keys[s].count; k++)
                if (order->keys[s].items[k].sign < 0) {
                    int8_t *a = &x[i * order->sheet + order->keys[s].items[k].column - 1];
                    *a = (int8_t)(lo + hi - *a);
                }
}

static inline void swap_odd_even(int8_t *x, size_t n, size_t columns)
{
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c + 1 < columns; c += 2) {
            int8_t keep = x[i * columns + c];
            x[i * columns + c] = x[i * columns + c + 1];
            x[i * columns + c + 1] = keep;
        }
}

/* A user's own form on the columns of a known one: without reversals, or with exchanged names. */
static inline hf_instrument *own_form(hf_ctx *ctx, const hf_instrument *in, const hf_order *order,
                                      bool reversals, bool swap_names)
{
    char text[2048], *p = text;
    hf_instrument *own;
    p += snprintf(p, 400,
                  "instrument own-form\nstatus verified\nitems %u\nrange 1 7\n"
                  "range-in-use 1 5\nplane anxiety avoidance\nscale anxiety\nscore mean\n"
                  "scale avoidance\nscore mean\norder own\n",
                  order->sheet);
    for (int s = 0; s < 2; s++) {
        bool anxiety = (s == 0) != swap_names;
        const hf_key *key = &order->keys[anxiety ? in->anxiety : in->avoidance];
        p += snprintf(p, 40, "key %s", s ? "avoidance" : "anxiety");
        for (size_t k = 0; k < key->count; k++)
            p += snprintf(p, 10, " %u%s", key->items[k].column,
                          reversals && key->items[k].sign < 0 ? "R" : "");
        p += snprintf(p, 2, "\n");
    }
    assert_ok(ctx, hf_instrument_parse(&own, ctx, "own", text, strlen(text)));
    return own;
}

/* Scores and gives what the keying check said. */
static inline hf_keying check_keying(hf_ctx *ctx, const hf_instrument *in, const char *order,
                                     const int8_t *answers, size_t n, int lo, int hi)
{
    hf_sheets *sheets;
    hf_scoring *p;
    hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
    o.order = order;
    o.min = lo;
    o.max = hi;
    assert_ok(ctx, hf_sheets_from_array(&sheets, ctx, in, answers, n, NULL, &o));
    hf_status s = hf_score_run(&p, ctx, in, sheets, NULL);
    if (s != HF_OK && s != HF_E_RANGE)
        fail_msg("%s", hf_ctx_get_error(ctx)->message);
    assert_true((s == HF_E_RANGE) == (p->keying.verdict == HF_KEYING_REFUSED));
    assert_true((p->scores == NULL) == (s == HF_E_RANGE));
    hf_keying k = p->keying;
    hf_scoring_free(p);
    hf_sheets_free(sheets);
    return k;
}

static inline bool names(const hf_keying *k, const char *form, const char *order,
                         hf_keying_variant variant)
{
    return k->verdict == HF_KEYING_REFUSED && k->rival_found && k->rival_variant == variant &&
           strcmp(k->rival_instrument, form) == 0 && strcmp(k->rival_order, order) == 0;
}

#endif
