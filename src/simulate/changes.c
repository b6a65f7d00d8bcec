/* SPDX-License-Identifier: MIT */
#include "simulate/changes.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name, *text;
    double neutral, lo, hi;
} kinds[] = {
#define ROW(name, id, neutral, lo, hi, text) {id, text, neutral, lo, hi},
    HF_CHANGE_LIST(ROW)
#undef ROW
};

const char *hf_change_name(hf_change_kind kind)
{
    return (unsigned)kind < HF_CHANGE_COUNT ? kinds[kind].name : "";
}

const char *hf_change_text(hf_change_kind kind)
{
    return (unsigned)kind < HF_CHANGE_COUNT ? kinds[kind].text : "";
}

static bool of_the_pair(hf_change_kind kind)
{
    return kind >= HF_CHANGE_LEARN;
}

static hf_status check_one(hf_ctx *ctx, const hf_change *c)
{
    const char *name = hf_change_name(c->kind);
    if ((unsigned)c->kind >= HF_CHANGE_COUNT || c->partner < 0 || c->partner > 2)
        return hf_i_fail(ctx, HF_E_RANGE, NULL, "a change of unknown kind or partner");
    if (!(c->value >= kinds[c->kind].lo && c->value <= kinds[c->kind].hi))
        return hf_i_fail(ctx, HF_E_RANGE, NULL, "%s %g is out of range (%g to %g)", name, c->value,
                         kinds[c->kind].lo, kinds[c->kind].hi);
    if (!(c->from_h >= 0 && c->to_h > c->from_h && isfinite(c->to_h)))
        return hf_i_fail(ctx, HF_E_RANGE, "Give hours as FROM TO, with 0 <= FROM < TO.",
                         "%s from hour %g to %g", name, c->from_h, c->to_h);
    return HF_OK;
}

static bool clash(const hf_change *a, const hf_change *b)
{
    bool same = a->kind == b->kind && (a->partner == b->partner || a->partner == 2 ||
                                       b->partner == 2 || of_the_pair(a->kind));
    return same && a->from_h < b->to_h && b->from_h < a->to_h;
}

hf_status hf_i_changes_check(hf_ctx *ctx, const hf_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        HF_TRY(check_one(ctx, &changes[i]));
        for (size_t j = 0; j < i; j++)
            if (clash(&changes[i], &changes[j]))
                return hf_i_fail(ctx, HF_E_USAGE, "Let one end before the other begins.",
                                 "two changes of '%s' contradict each other around hour %g",
                                 hf_change_name(changes[i].kind),
                                 fmax(changes[i].from_h, changes[j].from_h));
    }
    return HF_OK;
}

static void set(hf_i_nepd_input *in, const hf_change *c)
{
    hf_v4 value = hf_i_v4_all(c->value);
    hf_v4 *of_partner[] = {in->stress, in->injury, in->soften,  in->express,
                           in->said,   in->heal,   in->respond, in->adapt};
    switch (c->kind) {
    case HF_CHANGE_LEARN:
        in->learn = value;
        return;
    case HF_CHANGE_APART:
        in->contact = hf_i_v4_all(1.0 - c->value);
        return;
    case HF_CHANGE_HOLD_CLOSE:
        in->hold_close = value;
        return;
    case HF_CHANGE_HOLD_EXPRESS:
        in->hold_express = value;
        return;
    default:
        for (int i = 0; i < 2; i++)
            if (c->partner == i || c->partner == 2)
                of_partner[c->kind][i] = value;
    }
}

void hf_i_changes_at(hf_i_nepd_input *in, const hf_change *changes, size_t count, double t)
{
    hf_i_nepd_input_calm(in);
    for (size_t i = 0; i < count; i++)
        if (changes[i].from_h <= t && t < changes[i].to_h)
            set(in, &changes[i]);
}

double hf_i_changes_next(const hf_change *changes, size_t count, double t, double until)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].from_h > t && changes[i].from_h < until)
            until = changes[i].from_h;
        if (changes[i].to_h > t && changes[i].to_h < until)
            until = changes[i].to_h;
    }
    return until;
}

/* ---- the script's text ---------------------------------------------------------------------- */

/* The next number; moves *p past it. */
static bool number(const char **p, double *out)
{
    const char *s = *p + strspn(*p, " \t");
    size_t len = strcspn(s, " \t\r\n;");
    if (!hf_i_number_parse(s, len, '.', out))
        return false;
    *p = s + len;
    return true;
}

static hf_status parse_one(hf_ctx *ctx, const char *text, const char *s, hf_change *out,
                           const char **end)
{
    hf_i_place at = {.file = "script", .line = 1, .column = (uint64_t)(s - text) + 1};
    const char *advice = "Write KIND[:a|:b] VALUE FROM TO, for example 'stress:a 3 20 21'.";
    size_t len = strcspn(s, ": \t;\n");
    out->partner = 2;
    out->kind = HF_CHANGE_COUNT;
    for (int k = 0; k < HF_CHANGE_COUNT; k++)
        if (strlen(kinds[k].name) == len && memcmp(kinds[k].name, s, len) == 0)
            out->kind = (hf_change_kind)k;
    if (out->kind == HF_CHANGE_COUNT)
        return hf_i_fail_at(ctx, HF_E_PARSE, &at, advice, "unknown kind of change '%.*s'",
                            (int)(len < 40 ? len : 40), s);
    s += len;
    if (*s == ':') {
        if ((s[1] != 'a' && s[1] != 'b') || of_the_pair(out->kind))
            return hf_i_fail_at(ctx, HF_E_PARSE, &at, advice,
                                of_the_pair(out->kind) ? "%s is of the pair, not of a partner"
                                                       : "%s: the partner is a or b",
                                hf_change_name(out->kind));
        out->partner = s[1] == 'a' ? 0 : 1;
        s += 2;
    }
    if (!number(&s, &out->value) || !number(&s, &out->from_h) || !number(&s, &out->to_h))
        return hf_i_fail_at(ctx, HF_E_PARSE, &at, advice, "'%s' needs three numbers",
                            hf_change_name(out->kind));
    s += strspn(s, " \t\r");
    if (*s && *s != ';' && *s != '\n')
        return hf_i_fail_at(ctx, HF_E_PARSE, &at, advice, "too much behind the change '%s'",
                            hf_change_name(out->kind));
    *end = s;
    return HF_OK;
}

hf_status hf_changes_parse(hf_change **out, size_t *count, hf_ctx *ctx, const char *text)
{
    hf_change *list = NULL;
    size_t n = 0, cap = 0;
    hf_status status = HF_OK;
    for (const char *s = text; status == HF_OK;) {
        s += strspn(s, " \t\r\n;");
        if (!*s)
            break;
        status = hf_i_grow(ctx, &list, &cap, n + 1, sizeof *list, 10000, "changes");
        if (status == HF_OK)
            status = parse_one(ctx, text, s, &list[n], &s);
        n += status == HF_OK;
    }
    if (status == HF_OK)
        status = hf_i_changes_check(ctx, list, n);
    if (status != HF_OK) {
        hf_i_free(ctx, list);
        list = NULL;
        n = 0;
    }
    *out = list;
    *count = n;
    return status;
}

void hf_changes_free(hf_ctx *ctx, hf_change *changes)
{
    hf_i_free(ctx, changes);
}
