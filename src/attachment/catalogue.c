/* SPDX-License-Identifier: MIT */
/* The forms that come with Holdfast, and looking things up in a form. */
#include "attachment/instrument.h"

#include <string.h>

#define FOLDER      "instruments/"
#define ENDING      ".txt"
#define NOT_SHIPPED "not-shipped"

const char *hf_key_status_name(hf_key_status status)
{
    static const char *const names[] = {"verified", "to-confirm", "own", "refused"};
    return (unsigned)status < HF_COUNT_OF(names) ? names[status] : "refused";
}

/* The id within "instruments/ID.txt"; false for other files of the folder. */
static bool id_of(const char *path, char id[64])
{
    size_t front = sizeof FOLDER - 1, back = sizeof ENDING - 1, len = strlen(path);
    if (len <= front + back || len - front - back >= 64 || strcmp(path + len - back, ENDING) != 0)
        return false;
    memcpy(id, path + front, len - front - back);
    id[len - front - back] = '\0';
    return strcmp(id, NOT_SHIPPED) != 0;
}

bool hf_instrument_name(size_t index, char id[64])
{
    const char *path;
    for (size_t k = 0; (path = hf_i_data_name(FOLDER, k)); k++)
        if (id_of(path, id) && index-- == 0)
            return true;
    return false;
}

/* Why a form that is known by name is not scored, NULL if it is not on that list. */
static const char *why_not(const char *id, size_t *len)
{
    size_t size, n = strlen(id);
    const char *text = hf_i_data_get(FOLDER NOT_SHIPPED ENDING, &size);
    for (const char *p = text, *end; p && p < text + size; p = end + 1) {
        end = memchr(p, '\n', (size_t)(text + size - p));
        if (!end)
            end = text + size;
        if (*p != '#' && (size_t)(end - p) > n && memcmp(p, id, n) == 0 && p[n] == ' ') {
            *len = (size_t)(end - p) - n - 1;
            return p + n + 1;
        }
    }
    return NULL;
}

static hf_status unknown(hf_ctx *ctx, const char *id)
{
    char list[400] = "", near[64] = "", name[64];
    size_t used = 0, len;
    size_t least = 3;
    const char *why = why_not(id, &len);
    if (why)
        return hf_i_fail(ctx, HF_E_UNSUPPORTED,
                         "A form of your own can be read from a file (doc/instruments.md).",
                         "the form '%s' is known and not scored yet. %.*s", id, (int)len, why);
    for (size_t k = 0; hf_instrument_name(k, name); k++) {
        size_t d = hf_i_edit_distance(id, strlen(id), name, strlen(name));
        if (d < least) {
            least = d;
            memcpy(near, name, sizeof near);
        }
        int n = snprintf(list + used, sizeof list - used, "%s%s", k ? ", " : "", name);
        if (n > 0 && (size_t)n < sizeof list - used)
            used += (size_t)n;
    }
    if (near[0])
        return hf_i_fail(ctx, HF_E_NOT_FOUND, list, "there is no form '%s' (did you mean '%s'?)",
                         id, near);
    return hf_i_fail(ctx, HF_E_NOT_FOUND, list, "there is no form '%s'", id);
}

hf_status hf_instrument_get(hf_instrument **out, hf_ctx *ctx, const char *id)
{
    char path[128];
    size_t size;
    *out = NULL;
    snprintf(path, sizeof path, FOLDER "%.64s" ENDING, id);
    const char *text = hf_i_data_get(path, &size);
    if (!text || strcmp(id, NOT_SHIPPED) == 0 || strlen(id) > 60)
        return unknown(ctx, id);
    HF_TRY(hf_instrument_parse(out, ctx, path, text, size));
    (*out)->built_in = true;
    return HF_OK;
}

/* "block, interleaved-a (refused: ...)": what can be said after --order. */
static void list_orders(const hf_instrument *in, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < in->order_count; i++) {
        int n = snprintf(out + used, size - used, "%s%s (%s%s)", i ? ", " : "", in->orders[i].id,
                         in->orders[i].status == HF_KEY_REFUSED ? "not scored: " : "",
                         in->orders[i].title);
        if (n > 0 && (size_t)n < size - used)
            used += (size_t)n;
    }
}

hf_status hf_instrument_order(const hf_order **out, hf_ctx *ctx, const hf_instrument *in,
                              const char *id)
{
    char list[480];
    *out = NULL;
    list_orders(in, list, sizeof list);
    if (!id || !id[0]) {
        /* A published form is never scored without its order: it may have been printed in one
         * that is not known here. */
        if (in->order_count > 1 || in->status != HF_KEY_OWN)
            return hf_i_fail(ctx, HF_E_USAGE, list,
                             "say in which order the items of '%s' are printed (--order)", in->id);
        id = in->orders[0].id;
    }
    for (size_t i = 0; i < in->order_count; i++) {
        if (strcmp(in->orders[i].id, id) != 0)
            continue;
        if (in->orders[i].status == HF_KEY_REFUSED)
            return hf_i_fail(ctx, HF_E_UNSUPPORTED, NULL,
                             "the order '%s' of '%s' is known and not scored yet. %s", id, in->id,
                             in->orders[i].refuse);
        *out = &in->orders[i];
        return HF_OK;
    }
    return hf_i_fail(ctx, HF_E_USAGE, list, "the form '%s' has no order '%s'", in->id, id);
}

int hf_i_find_scale(const hf_instrument *in, const char *id, size_t len)
{
    for (size_t i = 0; i < in->scale_count; i++)
        if (strlen(in->scales[i].id) == len && memcmp(in->scales[i].id, id, len) == 0)
            return (int)i;
    return -1;
}

void hf_i_column_range(const hf_instrument *in, unsigned column, int min, int max, int *lo, int *hi)
{
    *lo = min;
    *hi = max;
    for (size_t i = 0; i < in->range_count; i++)
        if (in->ranges[i].column == column) {
            *lo = in->ranges[i].min;
            *hi = in->ranges[i].max;
        }
}

void hf_i_scale_range(const hf_instrument *in, const hf_order *order, size_t scale, int min,
                      int max, double *lo, double *hi)
{
    const hf_key *key = &order->keys[scale];
    *lo = *hi = 0;
    for (size_t i = 0; i < key->count; i++) {
        int a, b;
        hf_i_column_range(in, key->items[i].column, min, max, &a, &b);
        bool minus = in->scales[scale].kind == HF_SCALE_CONTRAST && key->items[i].sign < 0;
        *lo += minus ? -b : a;
        *hi += minus ? -a : b;
    }
    if (in->scales[scale].kind == HF_SCALE_MEAN) {
        *lo /= (double)key->count;
        *hi /= (double)key->count;
    }
}
