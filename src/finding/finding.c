/* SPDX-License-Identifier: MIT */
#include "finding/finding.h"

#include <math.h>
#include <string.h>

static const char *const status_names[] = {"seen", "hypothesis", "not_enough_data", "not_shown"};
static const char *const visibility_names[] = {"a", "b", "joint"};

const char *hf_finding_status_name(hf_finding_status status)
{
    return (unsigned)status < HF_COUNT_OF(status_names) ? status_names[status] : "?";
}

const char *hf_visibility_name(hf_visibility visibility)
{
    return (unsigned)visibility < HF_COUNT_OF(visibility_names) ? visibility_names[visibility]
                                                                : "?";
}

hf_status hf_findings_new(hf_findings **out, hf_ctx *ctx)
{
    *out = NULL;
    hf_findings *f = hf_i_calloc(ctx, 1, sizeof *f);
    if (!f)
        return HF_E_NOMEM;
    f->ctx = ctx;
    hf_i_arena_init(&f->texts, ctx);
    *out = f;
    return HF_OK;
}

void hf_findings_free(hf_findings *f)
{
    if (!f)
        return;
    hf_i_free(f->ctx, f->rows);
    hf_i_free(f->ctx, f->figures);
    hf_i_free(f->ctx, f->turns);
    hf_i_free(f->ctx, f->limits);
    hf_i_arena_dispose(&f->texts);
    hf_i_free(f->ctx, f);
}

/* Copies a text in place; NULL stays NULL. */
static hf_status keep(hf_findings *f, const char **text)
{
    if (*text && !(*text = hf_i_arena_strndup(&f->texts, *text, strlen(*text))))
        return HF_E_NOMEM;
    return HF_OK;
}

static bool has_number(const hf_finding *row)
{
    if (!isnan(row->estimate) || !isnan(row->lo) || !isnan(row->hi) || !isnan(row->base_rate))
        return true;
    return false;
}

static hf_status check(hf_findings *f, const hf_finding *row)
{
    if (!row->id || !*row->id || !row->text_key)
        return hf_i_fail(f->ctx, HF_E_USAGE, NULL, "a finding needs an id and a text key");
    if (hf_findings_find(f, row->id))
        return hf_i_fail(f->ctx, HF_E_USAGE, NULL, "there is already a finding '%s'", row->id);
    bool silent = row->status == HF_FINDING_NOT_ENOUGH_DATA || row->status == HF_FINDING_NOT_SHOWN;
    if (silent && has_number(row))
        return hf_i_fail(f->ctx, HF_E_INTERNAL, NULL, "finding '%s' has a number beside '%s'",
                         row->id, hf_finding_status_name(row->status));
    if (row->status == HF_FINDING_NOT_SHOWN && (row->examples[0] || row->value_count || row->n))
        return hf_i_fail(f->ctx, HF_E_INTERNAL, NULL, "finding '%s' is held back yet shows data",
                         row->id);
    return HF_OK;
}

static hf_status keep_values(hf_findings *f, hf_finding *row)
{
    if (!row->value_count) {
        row->values = NULL;
        return HF_OK;
    }
    hf_finding_value *v = hf_i_arena_alloc(&f->texts, row->value_count * sizeof *v);
    if (!v)
        return HF_E_NOMEM;
    memcpy(v, row->values, row->value_count * sizeof *v);
    row->values = v;
    for (size_t i = 0; i < row->value_count; i++) {
        HF_TRY(keep(f, &v[i].key));
        HF_TRY(keep(f, &v[i].text));
    }
    return HF_OK;
}

hf_status hf_findings_add(hf_findings *f, const hf_finding *finding)
{
    HF_TRY(check(f, finding));
    hf_finding row = *finding;
    HF_TRY(keep(f, &row.id));
    HF_TRY(keep(f, &row.mechanism));
    HF_TRY(keep(f, &row.unit));
    HF_TRY(keep(f, &row.text_key));
    HF_TRY(keep(f, &row.not_shown_reason));
    for (size_t i = 0; i < HF_COUNT_OF(row.examples); i++)
        HF_TRY(keep(f, &row.examples[i]));
    HF_TRY(keep_values(f, &row));
    HF_TRY(hf_i_grow(f->ctx, &f->rows, &f->cap, f->count + 1, sizeof *f->rows, HF_MAX_FINDINGS,
                     "findings"));
    f->rows[f->count++] = row;
    return HF_OK;
}

size_t hf_findings_count(const hf_findings *f)
{
    return f->count;
}

const hf_finding *hf_findings_get(const hf_findings *f, size_t index)
{
    return index < f->count ? &f->rows[index] : NULL;
}

const hf_finding *hf_findings_find(const hf_findings *f, const char *id)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->rows[i].id, id) == 0)
            return &f->rows[i];
    return NULL;
}

/* ---- what goes with the findings ------------------------------------------------------------ */

hf_status hf_findings_add_figure(hf_findings *f, const hf_figure *figure)
{
    hf_figure row = *figure;
    if (!row.id || !row.kind || !row.title_key || !row.data)
        return hf_i_fail(f->ctx, HF_E_USAGE, NULL, "a figure needs id, kind, title and data");
    for (size_t i = 0; i < f->figure_count; i++)
        if (strcmp(f->figures[i].id, row.id) == 0)
            return hf_i_fail(f->ctx, HF_E_USAGE, NULL, "there is already a figure '%s'", row.id);
    HF_TRY(keep(f, &row.id));
    HF_TRY(keep(f, &row.kind));
    HF_TRY(keep(f, &row.title_key));
    HF_TRY(keep(f, &row.data));
    HF_TRY(hf_i_grow(f->ctx, &f->figures, &f->figure_cap, f->figure_count + 1, sizeof *f->figures,
                     HF_MAX_FINDINGS, "figures"));
    f->figures[f->figure_count++] = row;
    return HF_OK;
}

hf_status hf_i_findings_replace_figure(hf_findings *f, const char *id, const char *data)
{
    for (size_t i = 0; i < f->figure_count; i++)
        if (strcmp(f->figures[i].id, id) == 0) {
            f->figures[i].data = data;
            return keep(f, &f->figures[i].data);
        }
    return hf_i_fail(f->ctx, HF_E_NOT_FOUND, NULL, "there is no figure '%s'", id);
}

hf_status hf_findings_add_turn(hf_findings *f, const hf_cited_turn *turn)
{
    for (size_t i = 0; i < f->turn_count; i++)
        if (strcmp(f->turns[i].id, turn->id) == 0)
            return HF_OK;
    hf_cited_turn row = *turn;
    HF_TRY(keep(f, &row.id));
    HF_TRY(keep(f, &row.t));
    if (row.text.data) {
        row.text.data = hf_i_arena_strndup(&f->texts, turn->text.data, turn->text.size);
        if (!row.text.data)
            return HF_E_NOMEM;
    }
    HF_TRY(hf_i_grow(f->ctx, &f->turns, &f->turn_cap, f->turn_count + 1, sizeof *f->turns,
                     3 * HF_MAX_FINDINGS, "cited turns"));
    f->turns[f->turn_count++] = row;
    return HF_OK;
}

hf_status hf_findings_add_limit(hf_findings *f, const char *key, const char *text)
{
    hf_finding_limit row = {key, text};
    HF_TRY(keep(f, &row.key));
    HF_TRY(keep(f, &row.text));
    HF_TRY(hf_i_grow(f->ctx, &f->limits, &f->limit_cap, f->limit_count + 1, sizeof *f->limits,
                     HF_MAX_FINDINGS, "limits"));
    f->limits[f->limit_count++] = row;
    return HF_OK;
}

hf_status hf_findings_set_header(hf_findings *f, const hf_findings_header *header)
{
    hf_findings_header h = *header;
    HF_TRY(keep(f, &h.record));
    HF_TRY(keep(f, &h.made_on));
    HF_TRY(keep(f, &h.declared_by));
    HF_TRY(keep(f, &h.recorded));
    HF_TRY(keep(f, &h.protocol));
    f->header = h;
    return HF_OK;
}

const hf_findings_header *hf_findings_get_header(const hf_findings *f)
{
    return &f->header;
}

size_t hf_findings_count_figures(const hf_findings *f)
{
    return f->figure_count;
}

const hf_figure *hf_findings_get_figure(const hf_findings *f, size_t index)
{
    return index < f->figure_count ? &f->figures[index] : NULL;
}

size_t hf_findings_count_turns(const hf_findings *f)
{
    return f->turn_count;
}

const hf_cited_turn *hf_findings_get_turn(const hf_findings *f, size_t index)
{
    return index < f->turn_count ? &f->turns[index] : NULL;
}

size_t hf_findings_count_limits(const hf_findings *f)
{
    return f->limit_count;
}

const hf_finding_limit *hf_findings_get_limit(const hf_findings *f, size_t index)
{
    return index < f->limit_count ? &f->limits[index] : NULL;
}

hf_finding hf_i_finding_described(const char *id, const char *text_key)
{
    return (hf_finding){.id = id,
                        .mechanism = "",
                        .about = HF_PARTNER_AB,
                        .estimate = NAN,
                        .lo = NAN,
                        .hi = NAN,
                        .level = NAN,
                        .base_rate = NAN,
                        .status = HF_FINDING_HYPOTHESIS,
                        .grade = '-',
                        .visibility = HF_VISIBLE_JOINT,
                        .text_key = text_key};
}
