/* SPDX-License-Identifier: MIT */
#include <holdfast/series.h>

#include "base/base.h"
#include "series/series.h"

#include <string.h>

static const char *const partner_names[] = {"a", "b", "ab"};

const char *hf_partner_name(hf_partner partner)
{
    return (unsigned)partner < HF_COUNT_OF(partner_names) ? partner_names[partner] : "?";
}

bool hf_i_partner_parse(const char *text, size_t size, hf_partner *out)
{
    for (size_t i = 0; i < HF_COUNT_OF(partner_names); i++)
        if (strlen(partner_names[i]) == size && memcmp(partner_names[i], text, size) == 0) {
            *out = (hf_partner)i;
            return true;
        }
    return false;
}

hf_status hf_series_new(hf_series **out, hf_ctx *ctx, const char *time_unit)
{
    *out = NULL;
    hf_series *s = hf_i_calloc(ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    s->ctx = ctx;
    hf_i_arena_init(&s->texts, ctx);
    s->time_unit = hf_i_arena_strndup(&s->texts, time_unit, strlen(time_unit));
    if (!s->time_unit) {
        hf_series_free(s);
        return HF_E_NOMEM;
    }
    *out = s;
    return HF_OK;
}

void hf_series_free(hf_series *s)
{
    if (!s)
        return;
    hf_i_free(s->ctx, s->rows);
    hf_i_free(s->ctx, s->dyads);
    hf_i_free(s->ctx, s->variables);
    hf_i_arena_dispose(&s->texts);
    hf_i_free(s->ctx, s);
}

hf_status hf_series_add_dyad(hf_series *s, const char *id, uint32_t *out)
{
    for (size_t i = 0; i < s->dyad_count; i++)
        if (strcmp(s->dyads[i], id) == 0) {
            *out = (uint32_t)i;
            return HF_OK;
        }
    HF_TRY(hf_i_grow(s->ctx, &s->dyads, &s->dyad_cap, s->dyad_count + 1, sizeof *s->dyads,
                     UINT32_MAX, "dyads"));
    const char *copy = hf_i_arena_strndup(&s->texts, id, strlen(id));
    if (!copy)
        return HF_E_NOMEM;
    *out = (uint32_t)s->dyad_count;
    s->dyads[s->dyad_count++] = copy;
    return HF_OK;
}

hf_status hf_series_add_variable(hf_series *s, const char *name, const char *unit, uint32_t *out)
{
    for (size_t i = 0; i < s->variable_count; i++)
        if (strcmp(s->variables[i].name, name) == 0) {
            if (strcmp(s->variables[i].unit, unit) != 0)
                return hf_i_fail(s->ctx, HF_E_USAGE, "Give one unit for one variable.",
                                 "variable '%s' comes in '%s' and in '%s'", name,
                                 s->variables[i].unit, unit);
            *out = (uint32_t)i;
            return HF_OK;
        }
    HF_TRY(hf_i_grow(s->ctx, &s->variables, &s->variable_cap, s->variable_count + 1,
                     sizeof *s->variables, UINT32_MAX, "variables"));
    hf_series_variable v = {hf_i_arena_strndup(&s->texts, name, strlen(name)),
                            hf_i_arena_strndup(&s->texts, unit, strlen(unit))};
    if (!v.name || !v.unit)
        return HF_E_NOMEM;
    *out = (uint32_t)s->variable_count;
    s->variables[s->variable_count++] = v;
    return HF_OK;
}

hf_status hf_series_add(hf_series *s, const hf_series_row *row)
{
    if (row->dyad >= s->dyad_count || row->variable >= s->variable_count ||
        (unsigned)row->partner > HF_PARTNER_AB)
        return hf_i_fail(s->ctx, HF_E_INTERNAL, NULL, "a series row of no known dyad or variable");
    HF_TRY(hf_i_grow(s->ctx, &s->rows, &s->cap, s->count + 1, sizeof *s->rows, HF_MAX_ROWS,
                     "series rows"));
    s->rows[s->count++] = *row;
    return HF_OK;
}

hf_status hf_series_set_period(hf_series *s, const char *period)
{
    s->period = hf_i_arena_strndup(&s->texts, period, strlen(period));
    return s->period ? HF_OK : HF_E_NOMEM;
}

size_t hf_series_count(const hf_series *s)
{
    return s->count;
}

const hf_series_row *hf_series_get(const hf_series *s, size_t index)
{
    return index < s->count ? &s->rows[index] : NULL;
}

size_t hf_series_count_dyads(const hf_series *s)
{
    return s->dyad_count;
}

const char *hf_series_get_dyad(const hf_series *s, uint32_t index)
{
    return index < s->dyad_count ? s->dyads[index] : NULL;
}

size_t hf_series_count_variables(const hf_series *s)
{
    return s->variable_count;
}

const hf_series_variable *hf_series_get_variable(const hf_series *s, uint32_t index)
{
    return index < s->variable_count ? &s->variables[index] : NULL;
}

const char *hf_series_get_time_unit(const hf_series *s)
{
    return s->time_unit;
}
