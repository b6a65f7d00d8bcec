/* SPDX-License-Identifier: MIT */
/* Form files and check-in files: what is accepted holds what a form must hold. */
#include "attachment/instrument.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
    if (!good)
        abort();
}

static void check_form(const hf_instrument *in)
{
    check(in->items >= 1 && in->min < in->max && in->scale_count && in->order_count);
    for (size_t o = 0; o < in->order_count; o++) {
        if (in->orders[o].status == HF_KEY_REFUSED)
            continue;
        for (size_t s = 0; s < in->scale_count; s++) {
            double lo, hi;
            check(in->orders[o].keys[s].count >= in->scales[s].needs);
            for (size_t i = 0; i < in->orders[o].keys[s].count; i++)
                check(in->orders[o].keys[s].items[i].column <= in->orders[o].sheet);
            hf_i_scale_range(in, &in->orders[o], s, in->min, in->max, &lo, &hi);
            check(lo <= hi);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_ctx *ctx;
    hf_instrument *in;
    hf_checkin *c;
    check(hf_ctx_new(&ctx, NULL) == HF_OK);
    if (hf_instrument_parse(&in, ctx, "fuzz", (const char *)data, size) == HF_OK)
        check_form(in);
    else
        check(hf_ctx_get_error(ctx)->message[0] != '\0');
    hf_instrument_free(in);
    if (hf_checkin_parse(&c, ctx, "fuzz", (const char *)data, size) == HF_OK)
        check(c->item_count > 0 && c->min < c->max);
    hf_checkin_free(c);
    hf_ctx_free(ctx);
    return 0;
}
