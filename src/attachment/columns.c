/* SPDX-License-Identifier: MIT */
/* Item columns are PREFIX followed by the item's number, all with one prefix; or the labels of
 * the form. Nothing is taken by position. */
#include "attachment/columns.h"

#include <string.h>

typedef struct head {
    const char *text;
    size_t len, stem; /* stem: length before the digits at the end */
    unsigned number;  /* 0: no digits, or too many */
} head;

static head split(const hf_i_csv_cell *cell)
{
    head h = {cell->text, cell->len, cell->len, 0};
    while (h.len && (h.text[0] == ' ' || h.text[0] == '\t')) {
        h.text++;
        h.len--;
    }
    while (h.len && (h.text[h.len - 1] == ' ' || h.text[h.len - 1] == '\t'))
        h.len--;
    h.stem = h.len;
    while (h.stem && h.text[h.stem - 1] >= '0' && h.text[h.stem - 1] <= '9')
        h.stem--;
    if (h.len - h.stem <= 4)
        for (size_t i = h.stem; i < h.len; i++)
            h.number = h.number * 10 + (unsigned)(h.text[i] - '0');
    return h;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same(const char *a, size_t na, const char *b, size_t nb)
{
    if (na != nb)
        return false;
    for (size_t i = 0; i < na; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

static bool starts(const head *h, const char *word)
{
    size_t n = strlen(word);
    return h->stem >= n && same(h->text, n, word, n);
}

/* Is this place of the sheet keyed by any scale? */
static bool is_keyed(const hf_instrument *in, const hf_order *o, unsigned column)
{
    for (size_t s = 0; s < in->scale_count; s++)
        for (size_t i = 0; i < o->keys[s].count; i++)
            if (o->keys[s].items[i].column == column)
                return true;
    return false;
}

/* What the columns with one stem hold of the sheet. */
typedef struct match {
    unsigned missing, first_missing; /* keyed places */
    unsigned doubled, surplus;       /* a place twice; the first place beyond the sheet */
    unsigned found;
} match;

static match try_stem(const hf_i_csv_reader *r, const hf_instrument *in, const hf_order *o,
                      const head *stem, hf_i_item_block *block)
{
    match m = {0};
    for (size_t i = 0; i < HF_I_MAX_ITEMS; i++)
        block->column[i] = -1;
    for (size_t c = 0; c < r->count; c++) {
        head h = split(&r->cells[c]);
        if (!h.number || !same(h.text, h.stem, stem->text, stem->stem))
            continue;
        if (h.number > o->sheet) {
            if (h.number == o->sheet + 1u)
                m.surplus = h.number;
            continue;
        }
        if (block->column[h.number - 1] >= 0)
            m.doubled = h.number;
        block->column[h.number - 1] = (int32_t)c;
        m.found++;
    }
    for (unsigned k = 1; k <= o->sheet; k++)
        if (block->column[k - 1] < 0 && is_keyed(in, o, k)) {
            if (!m.missing++)
                m.first_missing = k;
        }
    return m;
}

static void name_ends(const hf_i_csv_reader *r, hf_i_item_block *b, size_t sheet)
{
    for (size_t k = 0; k < sheet; k++) {
        if (b->column[k] < 0)
            continue;
        head h = split(&r->cells[b->column[k]]);
        char *to = b->first[0] ? b->last : b->first;
        snprintf(to, sizeof b->first, "%.*s", h.len < 60 ? (int)h.len : 60, h.text);
    }
}

static hf_status stem_problem(const hf_i_csv_reader *r, const hf_instrument *in, const hf_order *o,
                              const head *h, const match *m)
{
    int n = h->stem < 60 ? (int)h->stem : 60;
    if (m->surplus)
        return hf_i_csv_fail(r, 0, HF_E_FORMAT,
                             "If it is another form, name it; if the column is something else, "
                             "rename it, or name the item columns' beginning with --prefix.",
                             "the form '%s' has %u items in this order, but there is a column "
                             "'%.*s%u'",
                             in->id, o->sheet, n, h->text, m->surplus);
    if (m->doubled)
        return hf_i_csv_fail(r, 0, HF_E_FORMAT, NULL, "two columns are named '%.*s%u'", n, h->text,
                             m->doubled);
    return hf_i_csv_fail(r, 0, HF_E_FORMAT,
                         "Item columns are named by one beginning and the item's number: Q1, Q2, "
                         "... (any beginning; --prefix names it).",
                         "the column '%.*s%u' is not there (%u of the columns that '%s' needs are "
                         "missing)",
                         n, h->text, m->first_missing, m->missing, in->id);
}

/* Is this stem's first column in the header? Then each stem is tried once. */
static bool is_first(const hf_i_csv_reader *r, size_t at, const head *h)
{
    for (size_t c = 0; c < at; c++) {
        head other = split(&r->cells[c]);
        if (other.number && same(other.text, other.stem, h->text, h->stem))
            return false;
    }
    return true;
}

/* The one stem (beginning with `begin`, if not NULL; equal to `prefix`, if not NULL) that has
 * all the columns. *found is false where none comes near and begin is given. */
static hf_status find_stem(const hf_i_csv_reader *r, const hf_instrument *in, const hf_order *o,
                           const char *begin, const char *prefix, hf_i_item_block *block,
                           bool *found)
{
    hf_i_item_block tried = {.target = HF_I_NONE};
    head best = {"", 0, 0, 0}, winner = best;
    match near = {.missing = UINT32_MAX};
    *found = false;
    for (size_t c = 0; c < r->count; c++) {
        head h = split(&r->cells[c]);
        if (!h.number || (begin && !starts(&h, begin)) ||
            (prefix && !same(h.text, h.stem, prefix, strlen(prefix))) || !is_first(r, c, &h))
            continue;
        match m = try_stem(r, in, o, &h, &tried);
        if (m.missing < near.missing) {
            near = m;
            best = h;
        }
        if (m.missing)
            continue;
        if (m.surplus || m.doubled)
            return stem_problem(r, in, o, &h, &m);
        if (*found)
            return hf_i_csv_fail(r, c, HF_E_AMBIGUOUS, "Say which with --prefix.",
                                 "the items could be '%.*s1' and following or '%.*s1' and "
                                 "following",
                                 (int)(winner.stem < 60 ? winner.stem : 60), winner.text,
                                 (int)(h.stem < 60 ? h.stem : 60), h.text);
        winner = h;
        *block = tried;
        *found = true;
    }
    if (*found) {
        name_ends(r, block, o->sheet);
        return HF_OK;
    }
    if (near.missing == UINT32_MAX && begin)
        return HF_OK;
    if (near.missing == UINT32_MAX) {
        best = (head){prefix ? prefix : "Q", 0, prefix ? strlen(prefix) : 1, 0};
        near = try_stem(r, in, o, &best, &tried);
    }
    return stem_problem(r, in, o, &best, &near);
}

/* Every keyed item by its label ("A3a"); false unless all of them are there. */
static bool by_labels(const hf_i_csv_reader *r, const hf_instrument *in, const hf_order *o,
                      hf_i_item_block *block)
{
    if (!in->labels || o->sheet != in->items)
        return false;
    block->target = HF_I_NONE;
    for (unsigned k = 0; k < HF_I_MAX_ITEMS; k++) {
        block->column[k] = -1;
        for (size_t c = 0; k < o->sheet && c < r->count; c++) {
            head h = split(&r->cells[c]);
            if (same(h.text, h.len, in->labels[k], strlen(in->labels[k])))
                block->column[k] = (int32_t)c;
        }
        if (k < o->sheet && block->column[k] < 0 && is_keyed(in, o, k + 1))
            return false;
    }
    name_ends(r, block, o->sheet);
    return true;
}

static hf_status find_targets(hf_i_columns *out, const hf_i_csv_reader *r, const hf_instrument *in,
                              const hf_order *o)
{
    for (size_t t = 0; t < in->target_count; t++) {
        hf_i_item_block *block = &out->blocks[out->block_count];
        bool found;
        HF_TRY(find_stem(r, in, o, in->targets[t], NULL, block, &found));
        if (!found)
            continue;
        block->target = (uint32_t)t;
        out->block_count++;
    }
    return HF_OK;
}

static hf_status named(const hf_i_csv_reader *r, const char *option, const char *name, long *column)
{
    char advice[480] = "";
    size_t used = 0;
    *column = -1;
    if (!name)
        return HF_OK;
    HF_TRY(hf_i_csv_find(r, name, column));
    if (*column >= 0)
        return HF_OK;
    for (size_t c = 0; c < r->count && used < 400; c++) {
        head h = split(&r->cells[c]);
        int n = snprintf(advice + used, sizeof advice - used, "%s%.*s",
                         c ? ", " : "The columns are: ", h.len < 40 ? (int)h.len : 40, h.text);
        used += n > 0 ? (size_t)n : 0;
    }
    return hf_i_csv_fail(r, 0, HF_E_FORMAT, advice, "there is no column '%s' (--%s)", name, option);
}

static hf_status find_person(hf_i_columns *out, const hf_i_csv_reader *r, const hf_sheet_options *o)
{
    static const char *const usual[] = {"person", "participant", "subject", "id", "row"};
    if (o->person || o->dyad) {
        snprintf(out->person_name, sizeof out->person_name, "%.79s", o->person ? o->person : "");
        return named(r, "person", o->person, &out->person);
    }
    out->person = -1;
    for (size_t i = 0; i < HF_COUNT_OF(usual) && out->person < 0; i++) {
        HF_TRY(hf_i_csv_find(r, usual[i], &out->person));
        snprintf(out->person_name, sizeof out->person_name, "%s", usual[i]);
    }
    return HF_OK;
}

static hf_status find_who(hf_i_columns *out, const hf_i_csv_reader *r, const hf_instrument *in,
                          const hf_sheet_options *o)
{
    if (!o->dyad != !o->partner)
        return hf_i_fail(r->ctx, HF_E_USAGE, NULL, "--dyad and --partner go together");
    if (o->dyad && in->signpost)
        return hf_i_fail(r->ctx, HF_E_CONSENT, "Score each person's sheet alone.",
                         "'%s' is a signpost for the person who answered: it is never shown side "
                         "by side",
                         in->id);
    HF_TRY(find_person(out, r, o));
    HF_TRY(named(r, "dyad", o->dyad, &out->dyad));
    HF_TRY(named(r, "partner", o->partner, &out->partner));
    HF_TRY(named(r, "occasion", o->occasion, &out->occasion));
    HF_TRY(named(r, "target", o->target, &out->target));
    if (in->target_count && !o->target)
        HF_TRY(hf_i_csv_find(r, "target", &out->target));
    if (o->target && !in->target_count)
        return hf_i_fail(r->ctx, HF_E_USAGE, NULL, "the form '%s' asks about no target", in->id);
    return HF_OK;
}

hf_status hf_i_columns_find(hf_i_columns *out, const hf_i_csv_reader *r, const hf_instrument *in,
                            const hf_order *order, const hf_sheet_options *o)
{
    bool found;
    out->block_count = 0;
    out->person_name[0] = '\0';
    memset(out->blocks, 0, sizeof out->blocks);
    HF_TRY(find_who(out, r, in, o));
    if (in->target_count && out->target < 0 && !o->prefix) {
        HF_TRY(find_targets(out, r, in, order));
        if (out->block_count)
            return HF_OK;
        return hf_i_csv_fail(r, 0, HF_E_FORMAT,
                             "Name the target in a column (--target COLUMN), or name the item "
                             "columns by target: mother_1, ..., partner_1, ...",
                             "'%s' is answered for one person at a time, and the table does not "
                             "say for whom",
                             in->id);
    }
    out->block_count = 1;
    out->blocks[0].target = HF_I_NONE;
    if (!o->prefix && by_labels(r, in, order, &out->blocks[0]))
        return HF_OK;
    HF_TRY(find_stem(r, in, order, NULL, o->prefix, &out->blocks[0], &found));
    return HF_OK;
}
