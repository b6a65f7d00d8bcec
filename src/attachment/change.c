/* SPDX-License-Identifier: MIT */
/* Sheets of one person over occasions, and of two partners side by side. */
#include "attachment/instrument.h"
#include "text/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- occasions in order -------------------------------------------------------------------- */

typedef struct occasion {
    uint32_t name;
    double number;
    const char *text;
} occasion;

static int by_number(const void *a, const void *b)
{
    double x = ((const occasion *)a)->number, y = ((const occasion *)b)->number;
    return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const occasion *)a)->text, ((const occasion *)b)->text);
}

/* "2026-03-01" with anything after it: sorts as text. */
static bool is_iso_date(const char *t)
{
    for (int i = 0; i < 10; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? t[i] != '-' : !(t[i] >= '0' && t[i] <= '9'))
            return false;
    }
    return true;
}

/* rank[name] for every occasion. */
static hf_status rank_occasions(uint32_t **rank, hf_ctx *ctx, const hf_sheets *s)
{
    size_t names = s->names.count, count = 0;
    bool numbers = true, dates = true;
    *rank = hf_i_alloc(ctx, (names + 1) * sizeof **rank);
    occasion *list = hf_i_alloc(ctx, (names + 1) * sizeof *list);
    if (!*rank || !list) {
        hf_i_free(ctx, list);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < names; i++)
        (*rank)[i] = HF_I_NONE;
    for (size_t i = 0; i < s->count; i++) {
        uint32_t name = s->keys[i].occasion;
        if (name == HF_I_NONE || (*rank)[name] != HF_I_NONE)
            continue;
        (*rank)[name] = 0;
        occasion *o = &list[count++];
        *o = (occasion){name, 0, s->names.text[name]};
        numbers = numbers && hf_i_number_parse(o->text, strlen(o->text), '.', &o->number);
        dates = dates && is_iso_date(o->text);
    }
    if (numbers || dates)
        qsort(list, count, sizeof *list, numbers ? by_number : by_text);
    for (size_t i = 0; i < count; i++)
        (*rank)[list[i].name] = (uint32_t)i;
    hf_i_free(ctx, list);
    return HF_OK;
}

/* ---- groups of sheets ---------------------------------------------------------------------- */

typedef struct entry {
    uint32_t first, second, third; /* what is grouped by, then ordered by */
    size_t sheet;
} entry;

static int by_entry(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->second != y->second)
        return x->second < y->second ? -1 : 1;
    if (x->third != y->third)
        return x->third < y->third ? -1 : 1;
    return (x->sheet > y->sheet) - (x->sheet < y->sheet);
}

/* All changes of one group (one person, one target), in order of the occasions. */
static void group_changes(hf_score_change *out, size_t *count, const hf_scoring *p, const entry *e,
                          size_t n)
{
    for (size_t scale = 0; scale < p->scale_count; scale++) {
        const hf_scale_stats *t = &p->scales[scale];
        double sd = t->sem, reliability = 0; /* SD sqrt(1 - rel) is the SEM itself */
        if (p->norm && !isnan(p->norm->scales[scale].retest) && t->sem_source == HF_SEM_NORM) {
            sd = t->sem_sd;
            reliability = p->norm->scales[scale].retest;
        }
        for (size_t k = 1; k < n + (n > 2); k++) {
            bool whole = k == n; /* the first to the last */
            hf_score_change *c = &out[(*count)++];
            *c = (hf_score_change){.scale = scale,
                                   .from = e[whole ? 0 : k - 1].sheet,
                                   .to = e[whole ? n - 1 : k].sheet};
            double from = p->scores[c->from * p->scale_count + scale].value;
            double to = p->scores[c->to * p->scale_count + scale].value;
            c->difference = to - from;
            c->state = hf_reliable_change(from, to, sd, reliability, &c->rci, &c->threshold);
        }
    }
}

static entry *person_entries(hf_ctx *ctx, const hf_sheets *s)
{
    uint32_t *rank = NULL;
    entry *e = hf_i_alloc(ctx, (s->count + 1) * sizeof *e);
    if (!e || rank_occasions(&rank, ctx, s) != HF_OK) {
        hf_i_free(ctx, rank);
        hf_i_free(ctx, e);
        return NULL;
    }
    for (size_t i = 0; i < s->count; i++) {
        const hf_i_sheet_key *k = &s->keys[i];
        e[i] = (entry){k->identity, k->target, k->occasion == HF_I_NONE ? 0 : rank[k->occasion], i};
    }
    hf_i_free(ctx, rank);
    qsort(e, s->count, sizeof *e, by_entry);
    return e;
}

hf_status hf_scoring_changes(hf_score_change **out, size_t *count, hf_ctx *ctx, const hf_scoring *p)
{
    const hf_sheets *s = p->sheets;
    *out = NULL;
    *count = 0;
    if (!p->scores || !s->has_occasions)
        return HF_OK;
    entry *e = person_entries(ctx, s);
    /* A group of n gives at most n changes a scale. */
    hf_score_change *c = hf_i_alloc(ctx, (s->count * p->scale_count + 1) * sizeof *c);
    if (!e || !c) {
        hf_i_free(ctx, e);
        hf_i_free(ctx, c);
        return HF_E_NOMEM;
    }
    for (size_t i = 0, n; i < s->count; i += n) {
        for (n = 1;
             i + n < s->count && e[i + n].first == e[i].first && e[i + n].second == e[i].second;)
            n++;
        if (n > 1)
            group_changes(c, count, p, e + i, n);
    }
    hf_i_free(ctx, e);
    *out = c;
    return HF_OK;
}

void hf_scoring_changes_free(hf_ctx *ctx, hf_score_change *changes)
{
    hf_i_free(ctx, changes);
}

/* ---- pairs --------------------------------------------------------------------------------- */

static void add_pair(hf_sheet_pair *out, size_t *count, const hf_sheets *s, const entry *e,
                     size_t n)
{
    hf_sheet_who who;
    hf_sheets_get(s, e[0].sheet, &who);
    hf_sheet_pair *p = &out[(*count)++];
    *p = (hf_sheet_pair){who.dyad, who.occasion, who.target, SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < n; i++)
        *(s->keys[e[i].sheet].partner == s->partners[0] ? &p->a : &p->b) = e[i].sheet;
}

hf_status hf_scoring_pairs(hf_sheet_pair **out, size_t *count, hf_ctx *ctx,
                           const hf_scoring *scoring)
{
    const hf_sheets *s = scoring->sheets;
    *out = NULL;
    *count = 0;
    if (!s->has_dyads)
        return HF_OK;
    entry *e = hf_i_alloc(ctx, (s->count + 1) * sizeof *e);
    hf_sheet_pair *p = hf_i_alloc(ctx, (s->count + 1) * sizeof *p);
    if (!e || !p) {
        hf_i_free(ctx, e);
        hf_i_free(ctx, p);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < s->count; i++)
        e[i] = (entry){s->keys[i].dyad, s->keys[i].target, s->keys[i].occasion, i};
    qsort(e, s->count, sizeof *e, by_entry);
    for (size_t i = 0, n; i < s->count; i += n) {
        for (n = 1; i + n < s->count && e[i + n].first == e[i].first &&
                    e[i + n].second == e[i].second && e[i + n].third == e[i].third;)
            n++;
        add_pair(p, count, s, e + i, n);
    }
    hf_i_free(ctx, e);
    *out = p;
    return HF_OK;
}

void hf_scoring_pairs_free(hf_ctx *ctx, hf_sheet_pair *pairs)
{
    hf_i_free(ctx, pairs);
}

/* ---- over targets -------------------------------------------------------------------------- */

static void add_means(hf_target_mean *out, size_t *count, const hf_scoring *p, const entry *e,
                      size_t n)
{
    for (size_t scale = 0; scale < p->scale_count; scale++) {
        hf_target_mean *m = &out[(*count)++];
        double sum = 0;
        *m = (hf_target_mean){.sheet = e[0].sheet, .scale = scale, .mean = NAN};
        for (size_t i = 0; i < n; i++) {
            double x = p->scores[e[i].sheet * p->scale_count + scale].value;
            sum += isnan(x) ? 0 : x;
            m->targets += !isnan(x);
        }
        if (m->targets >= 2)
            m->mean = sum / (double)m->targets;
    }
}

hf_status hf_scoring_target_means(hf_target_mean **out, size_t *count, hf_ctx *ctx,
                                  const hf_scoring *p)
{
    const hf_sheets *s = p->sheets;
    *out = NULL;
    *count = 0;
    if (!p->scores || !s->has_targets)
        return HF_OK;
    entry *e = hf_i_alloc(ctx, (s->count + 1) * sizeof *e);
    hf_target_mean *m = hf_i_alloc(ctx, (s->count * p->scale_count + 1) * sizeof *m);
    if (!e || !m) {
        hf_i_free(ctx, e);
        hf_i_free(ctx, m);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < s->count; i++)
        e[i] = (entry){s->keys[i].identity, s->keys[i].occasion, 0, i};
    qsort(e, s->count, sizeof *e, by_entry);
    for (size_t i = 0, n; i < s->count; i += n) {
        for (n = 1;
             i + n < s->count && e[i + n].first == e[i].first && e[i + n].second == e[i].second;)
            n++;
        add_means(m, count, p, e + i, n);
    }
    hf_i_free(ctx, e);
    *out = m;
    return HF_OK;
}

void hf_scoring_target_means_free(hf_ctx *ctx, hf_target_mean *means)
{
    hf_i_free(ctx, means);
}
