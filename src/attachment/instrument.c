/* SPDX-License-Identifier: MIT */
/* Reads a form: one statement a line, `keyword rest`; `scale ID`, `order ID` and `norm ID` open a
 * block; a line that starts with # is a comment. The layout is described in doc/instruments.md. */
#include "attachment/instrument.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

/* The public part comes first, so that a pointer to it is a pointer to the whole. */
struct owner {
    hf_instrument pub;
    hf_i_arena arena;
};

enum block { TOP = 1, SCALE = 2, ORDER = 4, NORM = 8 };

typedef struct reader {
    struct owner *owner;
    hf_instrument *in;
    hf_ctx *ctx;
    hf_i_arena *arena;
    const char *file;
    uint64_t line;
    enum block block;
    const char *rest; /* of the statement, trimmed */
    size_t len;
    hf_scale *scales; /* writable views of the arrays of `in` */
    hf_order *orders;
    hf_norm *norms;
    hf_item_range *ranges;
    const char **labels, **texts, **targets;
    char plane[2][64];
    bool has_range, has_status;
} reader;

#define WRONG(r, ...) wrong((r), __VA_ARGS__)

static HF_PRINTF(2, 3) hf_status wrong(reader *r, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    hf_i_place place = {.file = r->file, .line = r->line};
    return hf_i_fail_at(r->ctx, HF_E_PARSE, &place,
                        "The layout is described in doc/instruments.md.", "%s", text);
}

/* ---- pieces of a line ---------------------------------------------------------------------- */

/* The next word of the rest; false at its end. */
static bool next_word(reader *r, const char **word, size_t *len)
{
    while (r->len && (*r->rest == ' ' || *r->rest == '\t')) {
        r->rest++;
        r->len--;
    }
    *word = r->rest;
    *len = 0;
    while (*len < r->len && r->rest[*len] != ' ' && r->rest[*len] != '\t')
        ++*len;
    r->rest += *len;
    r->len -= *len;
    return *len > 0;
}

static hf_status copy_rest(reader *r, const char **out)
{
    while (r->len && (*r->rest == ' ' || *r->rest == '\t')) {
        r->rest++;
        r->len--;
    }
    *out = hf_i_arena_strndup(r->arena, r->rest, r->len);
    return *out ? HF_OK : HF_E_NOMEM;
}

static hf_status read_int(reader *r, long lo, long hi, const char *what, int *out)
{
    const char *word;
    size_t len;
    int64_t x;
    if (!next_word(r, &word, &len))
        return WRONG(r, "%s is missing", what);
    if (!hf_i_number_parse_int(word, len, &x) || x < lo || x > hi)
        return WRONG(r, "%s is '%.*s', not a whole number from %ld to %ld", what, (int)len, word,
                     lo, hi);
    *out = (int)x;
    return HF_OK;
}

static hf_status read_real(reader *r, const char *what, double *out)
{
    const char *word;
    size_t len;
    if (!next_word(r, &word, &len))
        return WRONG(r, "%s is missing", what);
    if (!hf_i_number_parse(word, len, '.', out))
        return WRONG(r, "%s is '%.*s', not a number", what, (int)len, word);
    return HF_OK;
}

static hf_status read_bool(reader *r, bool *out)
{
    const char *word;
    size_t len;
    bool any = next_word(r, &word, &len);
    if (any && len == 3 && memcmp(word, "yes", 3) == 0)
        *out = true;
    else if (any && len == 2 && memcmp(word, "no", 2) == 0)
        *out = false;
    else
        return WRONG(r, "this needs yes or no");
    return HF_OK;
}

static hf_status read_status(reader *r, hf_key_status *out)
{
    const char *word;
    size_t len;
    if (next_word(r, &word, &len))
        for (int s = HF_KEY_VERIFIED; s <= HF_KEY_REFUSED; s++)
            if (strlen(hf_key_status_name((hf_key_status)s)) == len &&
                memcmp(hf_key_status_name((hf_key_status)s), word, len) == 0) {
                *out = (hf_key_status)s;
                return HF_OK;
            }
    return WRONG(r, "status is one of verified, to-confirm, own, refused");
}

static hf_status read_scale(reader *r, size_t *out)
{
    const char *word;
    size_t len;
    if (!next_word(r, &word, &len))
        return WRONG(r, "the id of a scale is missing");
    int scale = hf_i_find_scale(r->in, word, len);
    if (scale < 0)
        return WRONG(r, "there is no scale '%.*s' above this line", (int)len, word);
    *out = (size_t)scale;
    return HF_OK;
}

/* ---- statements of the form ---------------------------------------------------------------- */

static hf_status on_range(reader *r)
{
    HF_TRY(read_int(r, HF_I_MIN_ANSWER, HF_I_MAX_ANSWER, "the lowest answer", &r->in->min));
    HF_TRY(read_int(r, r->in->min + 1, HF_I_MAX_ANSWER, "the highest answer", &r->in->max));
    r->has_range = true;
    return HF_OK;
}

static hf_status on_range_in_use(reader *r)
{
    size_t k = r->in->other_range_count;
    if (k == HF_COUNT_OF(r->in->other_ranges))
        return WRONG(r, "more than %zu further ranges", k);
    int *range = r->in->other_ranges[k];
    HF_TRY(read_int(r, HF_I_MIN_ANSWER, HF_I_MAX_ANSWER, "the lowest answer", &range[0]));
    HF_TRY(read_int(r, range[0] + 1, HF_I_MAX_ANSWER, "the highest answer", &range[1]));
    r->in->other_range_count++;
    return HF_OK;
}

static hf_status on_items(reader *r)
{
    int n;
    if (r->in->items)
        return WRONG(r, "items is given twice");
    HF_TRY(read_int(r, 1, HF_I_MAX_ITEMS, "the number of items", &n));
    r->in->items = (uint16_t)n;
    return HF_OK;
}

static hf_status read_column(reader *r, const char *what, uint16_t *out)
{
    int n;
    HF_TRY(read_int(r, 1, HF_I_MAX_ITEMS, what, &n));
    *out = (uint16_t)n;
    return HF_OK;
}

static hf_status on_item_range(reader *r)
{
    if (r->in->range_count == HF_I_MAX_ITEMS)
        return WRONG(r, "too many item ranges");
    hf_item_range *range = &r->ranges[r->in->range_count];
    HF_TRY(read_column(r, "the item", &range->column));
    HF_TRY(read_int(r, HF_I_MIN_ANSWER, HF_I_MAX_ANSWER, "the lowest answer", &range->min));
    HF_TRY(read_int(r, range->min + 1, HF_I_MAX_ANSWER, "the highest answer", &range->max));
    r->in->range_count++;
    return HF_OK;
}

static hf_status on_plane(reader *r)
{
    for (size_t k = 0; k < 2; k++) {
        const char *word;
        size_t len;
        if (!next_word(r, &word, &len) || len >= sizeof r->plane[k])
            return WRONG(r, "plane needs two scales: anxiety first, then avoidance");
        memcpy(r->plane[k], word, len);
        r->plane[k][len] = '\0';
    }
    return HF_OK;
}

static hf_status on_targets(reader *r)
{
    const char *word;
    size_t len;
    while (next_word(r, &word, &len)) {
        if (r->in->target_count == HF_I_MAX_TARGETS)
            return WRONG(r, "more than %d targets", HF_I_MAX_TARGETS);
        r->targets[r->in->target_count] = hf_i_arena_strndup(r->arena, word, len);
        if (!r->targets[r->in->target_count++])
            return HF_E_NOMEM;
    }
    return r->in->target_count ? HF_OK : WRONG(r, "targets needs at least one name");
}

static hf_status on_opposite(reader *r)
{
    size_t k = r->in->opposite_count;
    if (k == HF_COUNT_OF(r->in->opposite))
        return WRONG(r, "more than %zu opposite pairs", k);
    HF_TRY(read_column(r, "the first item", &r->in->opposite[k][0]));
    HF_TRY(read_column(r, "the second item", &r->in->opposite[k][1]));
    r->in->opposite_count++;
    return HF_OK;
}

static hf_status on_careless_run(reader *r)
{
    int n;
    HF_TRY(read_int(r, 2, HF_I_MAX_ITEMS, "the run", &n));
    r->in->careless_run = (unsigned)n;
    return HF_OK;
}

static hf_status on_safety_item(reader *r)
{
    HF_TRY(read_column(r, "the item", &r->in->safety_item));
    return read_int(r, HF_I_MIN_ANSWER, HF_I_MAX_ANSWER, "the answer", &r->in->safety_above);
}

static hf_status item_text(reader *r, const char **list, const char *what)
{
    uint16_t item;
    HF_TRY(read_column(r, "the item", &item));
    if (list[item - 1])
        return WRONG(r, "item %u has two %ss", item, what);
    HF_TRY(copy_rest(r, &list[item - 1]));
    return list[item - 1][0] ? HF_OK : WRONG(r, "the %s of item %u is empty", what, item);
}

static hf_status on_label(reader *r)
{
    return item_text(r, r->labels, "label");
}

static hf_status on_text(reader *r)
{
    return item_text(r, r->texts, "text");
}

static hf_status on_signpost(reader *r)
{
    return read_bool(r, &r->in->signpost);
}

static hf_status on_range_said(reader *r)
{
    return read_bool(r, &r->in->range_must_be_said);
}

static hf_status on_validated(reader *r)
{
    bool yes;
    HF_TRY(read_bool(r, &yes));
    return yes == (r->in->status != HF_KEY_OWN)
               ? HF_OK
               : WRONG(r, "a form of status own is not validated, others do not need the line");
}

/* ---- blocks -------------------------------------------------------------------------------- */

static hf_status read_id(reader *r, const char **out)
{
    const char *word;
    size_t len;
    if (!next_word(r, &word, &len) || len > 60)
        return WRONG(r, "an id of at most 60 letters, digits, '-' is needed");
    for (size_t i = 0; i < len; i++)
        if (!(word[i] >= 'a' && word[i] <= 'z') && !(word[i] >= '0' && word[i] <= '9') &&
            word[i] != '-')
            return WRONG(r, "the id '%.*s' has other signs than a-z, 0-9, '-'", (int)len, word);
    *out = hf_i_arena_strndup(r->arena, word, len);
    return *out ? HF_OK : HF_E_NOMEM;
}

static hf_status on_instrument(reader *r)
{
    if (r->in->id[0])
        return WRONG(r, "instrument is given twice");
    return read_id(r, &r->in->id);
}

static hf_status on_scale(reader *r)
{
    if (r->in->scale_count == HF_I_MAX_SCALES)
        return WRONG(r, "more than %d scales", HF_I_MAX_SCALES);
    if (r->in->order_count || r->in->norm_count)
        return WRONG(r, "scales come before orders and norms");
    const char *id;
    HF_TRY(read_id(r, &id));
    if (hf_i_find_scale(r->in, id, strlen(id)) >= 0)
        return WRONG(r, "the scale '%s' is given twice", id);
    r->scales[r->in->scale_count++] = (hf_scale){.id = id,
                                                 .title = id,
                                                 .reversed = UINT32_MAX,
                                                 .alpha_lo = NAN,
                                                 .alpha_hi = NAN,
                                                 .declared_sem = NAN,
                                                 .cut = NAN,
                                                 .cut_note = ""};
    r->block = SCALE;
    return HF_OK;
}

static hf_status on_order(reader *r)
{
    if (r->in->order_count == HF_I_MAX_ORDERS)
        return WRONG(r, "more than %d orders", HF_I_MAX_ORDERS);
    if (!r->in->scale_count || !r->in->items)
        return WRONG(r, "items and scales come before orders");
    hf_order *o = &r->orders[r->in->order_count];
    *o = (hf_order){.title = "", .refuse = "", .status = r->in->status, .sheet = r->in->items};
    HF_TRY(read_id(r, &o->id));
    for (size_t i = 0; i < r->in->order_count; i++)
        if (strcmp(r->orders[i].id, o->id) == 0)
            return WRONG(r, "the order '%s' is given twice", o->id);
    hf_key *keys = hf_i_arena_alloc(r->arena, r->in->scale_count * sizeof *keys);
    if (!keys)
        return HF_E_NOMEM;
    memset(keys, 0, r->in->scale_count * sizeof *keys);
    o->keys = keys;
    r->in->order_count++;
    r->block = ORDER;
    return HF_OK;
}

static hf_status on_norm(reader *r)
{
    if (r->in->norm_count == HF_I_MAX_NORMS)
        return WRONG(r, "more than %d norms", HF_I_MAX_NORMS);
    if (!r->in->scale_count || !r->has_range)
        return WRONG(r, "range and scales come before norms");
    hf_norm *n = &r->norms[r->in->norm_count];
    *n = (hf_norm){.title = "",
                   .attribution = "",
                   .status = HF_KEY_TO_CONFIRM,
                   .min = r->in->min,
                   .max = r->in->max};
    HF_TRY(read_id(r, &n->id));
    hf_norm_scale *scales = hf_i_arena_alloc(r->arena, r->in->scale_count * sizeof *scales);
    if (!scales)
        return HF_E_NOMEM;
    for (size_t i = 0; i < r->in->scale_count; i++)
        scales[i] = (hf_norm_scale){.mean = NAN, .sd = NAN, .alpha = NAN, .retest = NAN};
    n->scales = scales;
    r->in->norm_count++;
    r->block = NORM;
    return HF_OK;
}

/* ---- statements of a scale ----------------------------------------------------------------- */

static hf_scale *this_scale(reader *r)
{
    return &r->scales[r->in->scale_count - 1];
}

static hf_status on_score(reader *r)
{
    static const char *const names[] = {"mean", "sum", "contrast"};
    const char *word;
    size_t len;
    if (next_word(r, &word, &len))
        for (size_t i = 0; i < HF_COUNT_OF(names); i++)
            if (strlen(names[i]) == len && memcmp(names[i], word, len) == 0) {
                this_scale(r)->kind = (hf_scale_kind)i;
                return HF_OK;
            }
    return WRONG(r, "score is one of mean, sum, contrast");
}

static hf_status on_needs(reader *r)
{
    int n;
    HF_TRY(read_int(r, 1, HF_I_MAX_ITEMS, "the number of answers needed", &n));
    this_scale(r)->needs = (unsigned)n;
    return HF_OK;
}

static hf_status on_reversed(reader *r)
{
    int n;
    HF_TRY(read_int(r, 0, HF_I_MAX_ITEMS, "the number of reversed items", &n));
    this_scale(r)->reversed = (unsigned)n;
    return HF_OK;
}

static hf_status on_alpha_band(reader *r)
{
    hf_scale *s = this_scale(r);
    HF_TRY(read_real(r, "the lower end", &s->alpha_lo));
    HF_TRY(read_real(r, "the upper end", &s->alpha_hi));
    return s->alpha_lo < s->alpha_hi && s->alpha_hi <= 1 ? HF_OK
                                                         : WRONG(r, "the band is not rising to 1");
}

static hf_status on_declared_sem(reader *r)
{
    HF_TRY(read_real(r, "the SEM", &this_scale(r)->declared_sem));
    return this_scale(r)->declared_sem > 0 ? HF_OK : WRONG(r, "the SEM is not above 0");
}

static hf_status on_cut(reader *r)
{
    HF_TRY(read_real(r, "the cut", &this_scale(r)->cut));
    return copy_rest(r, &this_scale(r)->cut_note);
}

static hf_status on_bands(reader *r)
{
    hf_scale *s = this_scale(r);
    while (s->band_count < HF_COUNT_OF(s->bands)) {
        HF_TRY(read_real(r, "a band", &s->bands[s->band_count]));
        s->band_count++;
        while (r->len && *r->rest == ' ') {
            r->rest++;
            r->len--;
        }
        if (!r->len)
            return HF_OK;
    }
    return WRONG(r, "more than %zu bands", s->band_count);
}

static hf_status on_scale_title(reader *r)
{
    return copy_rest(r, &this_scale(r)->title);
}

/* ---- statements of an order ---------------------------------------------------------------- */

static hf_order *this_order(reader *r)
{
    return &r->orders[r->in->order_count - 1];
}

static hf_status on_order_title(reader *r)
{
    return copy_rest(r, &this_order(r)->title);
}

static hf_status on_order_status(reader *r)
{
    return read_status(r, &this_order(r)->status);
}

static hf_status on_refuse(reader *r)
{
    this_order(r)->status = HF_KEY_REFUSED;
    return copy_rest(r, &this_order(r)->refuse);
}

static hf_status on_sheet(reader *r)
{
    return read_column(r, "the number of columns of the sheet", &this_order(r)->sheet);
}

/* "7", "7R", "-7" or "7-9" (which may end in R, too). */
static hf_status key_word(reader *r, const char *word, size_t len, hf_key_item *items, size_t *n)
{
    size_t full = len;
    int8_t sign = 1;
    int64_t first, last;
    if (len > 1 && word[len - 1] == 'R') {
        sign = -1;
        len--;
    } else if (len > 1 && word[0] == '-') {
        sign = -1;
        word++;
        len--;
    }
    const char *dash = memchr(word, '-', len);
    size_t left = dash ? (size_t)(dash - word) : len;
    bool good = hf_i_number_parse_int(word, left, &first);
    last = first;
    if (good && dash)
        good = hf_i_number_parse_int(dash + 1, len - left - 1, &last);
    if (!good || first < 1 || last < first || last > HF_I_MAX_ITEMS)
        return WRONG(r, "'%.*s' is not an item (write 7, 7R, -7 or 7-9)", (int)full, word);
    for (int64_t k = first; k <= last; k++) {
        if (*n == HF_I_MAX_ITEMS)
            return WRONG(r, "more than %d items in a key", HF_I_MAX_ITEMS);
        for (size_t i = 0; i < *n; i++)
            if (items[i].column == k)
                return WRONG(r, "item %d stands twice in this key", (int)k);
        items[(*n)++] = (hf_key_item){(uint16_t)k, sign};
    }
    return HF_OK;
}

static hf_status on_key(reader *r)
{
    hf_key_item items[HF_I_MAX_ITEMS];
    size_t n = 0, len, scale;
    const char *word;
    HF_TRY(read_scale(r, &scale));
    hf_key *key = (hf_key *)(uintptr_t)&this_order(r)->keys[scale];
    if (key->count)
        return WRONG(r, "this order has two keys for the scale '%s'", r->scales[scale].id);
    while (next_word(r, &word, &len))
        HF_TRY(key_word(r, word, len, items, &n));
    if (!n)
        return WRONG(r, "the key names no item");
    hf_key_item *copy = hf_i_arena_alloc(r->arena, n * sizeof *copy);
    if (!copy)
        return HF_E_NOMEM;
    memcpy(copy, items, n * sizeof *copy);
    *key = (hf_key){copy, n};
    return HF_OK;
}

/* ---- statements of a norm ------------------------------------------------------------------ */

static hf_norm *this_norm(reader *r)
{
    return &r->norms[r->in->norm_count - 1];
}

static hf_status norm_scale(reader *r, hf_norm_scale **out)
{
    size_t scale;
    HF_TRY(read_scale(r, &scale));
    *out = (hf_norm_scale *)(uintptr_t)&this_norm(r)->scales[scale];
    return HF_OK;
}

static hf_status on_norm_title(reader *r)
{
    return copy_rest(r, &this_norm(r)->title);
}

static hf_status on_attribution(reader *r)
{
    return copy_rest(r, &this_norm(r)->attribution);
}

static hf_status on_norm_status(reader *r)
{
    return read_status(r, &this_norm(r)->status);
}

static hf_status on_default(reader *r)
{
    return read_bool(r, &this_norm(r)->is_default);
}

static hf_status on_norm_range(reader *r)
{
    hf_norm *n = this_norm(r);
    HF_TRY(read_int(r, HF_I_MIN_ANSWER, HF_I_MAX_ANSWER, "the lowest answer", &n->min));
    return read_int(r, n->min + 1, HF_I_MAX_ANSWER, "the highest answer", &n->max);
}

static hf_status on_n(reader *r)
{
    double n;
    HF_TRY(read_real(r, "the number of people", &n));
    if (!(n >= 1) || n > 1e12 || n != floor(n))
        return WRONG(r, "the number of people is not a whole number above 0");
    this_norm(r)->n = (uint64_t)n;
    return HF_OK;
}

static hf_status on_mean(reader *r)
{
    hf_norm_scale *s;
    HF_TRY(norm_scale(r, &s));
    HF_TRY(read_real(r, "the mean", &s->mean));
    HF_TRY(read_real(r, "the standard deviation", &s->sd));
    return s->sd > 0 ? HF_OK : WRONG(r, "the standard deviation is not above 0");
}

static hf_status reliability(reader *r, double *out)
{
    HF_TRY(read_real(r, "the reliability", out));
    return *out > 0 && *out < 1 ? HF_OK : WRONG(r, "the reliability is not between 0 and 1");
}

static hf_status on_alpha(reader *r)
{
    hf_norm_scale *s;
    HF_TRY(norm_scale(r, &s));
    return reliability(r, &s->alpha);
}

static hf_status on_retest(reader *r)
{
    hf_norm_scale *s;
    HF_TRY(norm_scale(r, &s));
    return reliability(r, &s->retest);
}

static hf_status on_percentiles(reader *r)
{
    hf_norm_scale *s;
    const char *word;
    size_t len;
    HF_TRY(norm_scale(r, &s));
    while (next_word(r, &word, &len)) {
        const char *colon = memchr(word, ':', len);
        size_t k = s->points, left = colon ? (size_t)(colon - word) : len;
        if (k == HF_COUNT_OF(s->percent))
            return WRONG(r, "more than %zu percentiles", k);
        if (!colon || !hf_i_number_parse(word, left, '.', &s->percent[k]) ||
            !hf_i_number_parse(colon + 1, len - left - 1, '.', &s->value[k]))
            return WRONG(r, "'%.*s' is not a percentile (write 25:2.50)", (int)len, word);
        if (!(s->percent[k] > 0 && s->percent[k] < 100) ||
            (k && !(s->percent[k] > s->percent[k - 1] && s->value[k] > s->value[k - 1])))
            return WRONG(r, "the percentiles are not rising between 0 and 100");
        s->points++;
    }
    return s->points >= 2 ? HF_OK : WRONG(r, "at least two percentiles are needed");
}

/* ---- the table of statements --------------------------------------------------------------- */

#define TEXT_OF(name, field)                                                                       \
    static hf_status name(reader *r)                                                               \
    {                                                                                              \
        return copy_rest(r, &r->in->field);                                                        \
    }
TEXT_OF(on_title, title)
TEXT_OF(on_measures, measures)
TEXT_OF(on_citation, citation)
TEXT_OF(on_permission_note, permission_note)
TEXT_OF(on_note, note)
TEXT_OF(on_low, low)
TEXT_OF(on_high, high)

static hf_status on_permission(reader *r)
{
    static const char *const known[] = {"free", "research", "ask", "paid", "unclear"};
    HF_TRY(copy_rest(r, &r->in->permission));
    for (size_t i = 0; i < HF_COUNT_OF(known); i++)
        if (strcmp(known[i], r->in->permission) == 0)
            return HF_OK;
    return WRONG(r, "permission is one of free, research, ask, paid, unclear");
}

static hf_status on_status(reader *r)
{
    r->has_status = true;
    return read_status(r, &r->in->status);
}

static const struct {
    const char *keyword;
    unsigned blocks;
    hf_status (*on)(reader *r);
} statements[] = {{"instrument", TOP, on_instrument},
                  {"title", TOP, on_title},
                  {"measures", TOP, on_measures},
                  {"citation", TOP, on_citation},
                  {"permission", TOP, on_permission},
                  {"permission-note", TOP, on_permission_note},
                  {"note", TOP, on_note},
                  {"status", TOP, on_status},
                  {"items", TOP, on_items},
                  {"range", TOP, on_range},
                  {"range-in-use", TOP, on_range_in_use},
                  {"range-must-be-said", TOP, on_range_said},
                  {"item-range", TOP, on_item_range},
                  {"plane", TOP, on_plane},
                  {"targets", TOP, on_targets},
                  {"opposite", TOP, on_opposite},
                  {"careless-run", TOP, on_careless_run},
                  {"safety-item", TOP, on_safety_item},
                  {"signpost", TOP, on_signpost},
                  {"validated", TOP, on_validated},
                  {"low", TOP, on_low},
                  {"high", TOP, on_high},
                  {"label", TOP, on_label},
                  {"text", TOP, on_text},
                  {"scale", TOP | SCALE, on_scale},
                  {"order", TOP | SCALE | ORDER | NORM, on_order},
                  {"norm", TOP | SCALE | ORDER | NORM, on_norm},
                  {"title", SCALE, on_scale_title},
                  {"score", SCALE, on_score},
                  {"needs", SCALE, on_needs},
                  {"reversed", SCALE, on_reversed},
                  {"alpha-band", SCALE, on_alpha_band},
                  {"declared-sem", SCALE, on_declared_sem},
                  {"cut", SCALE, on_cut},
                  {"bands", SCALE, on_bands},
                  {"title", ORDER, on_order_title},
                  {"status", ORDER, on_order_status},
                  {"refuse", ORDER, on_refuse},
                  {"sheet", ORDER, on_sheet},
                  {"key", ORDER, on_key},
                  {"title", NORM, on_norm_title},
                  {"attribution", NORM, on_attribution},
                  {"status", NORM, on_norm_status},
                  {"default", NORM, on_default},
                  {"range", NORM, on_norm_range},
                  {"n", NORM, on_n},
                  {"mean", NORM, on_mean},
                  {"alpha", NORM, on_alpha},
                  {"retest", NORM, on_retest},
                  {"percentiles", NORM, on_percentiles}};

/* label and text may follow the blocks; every other statement belongs to the block it stands in. */
static hf_status one_statement(reader *r, const char *word, size_t len)
{
    const char *nearest = NULL;
    size_t least = 3;
    char name[32];
    for (size_t i = 0; i < HF_COUNT_OF(statements); i++) {
        const char *k = statements[i].keyword;
        bool late = statements[i].on == on_label || statements[i].on == on_text;
        if (strlen(k) == len && memcmp(k, word, len) == 0 &&
            ((statements[i].blocks & r->block) || late))
            return statements[i].on(r);
    }
    snprintf(name, sizeof name, "%.*s", len < sizeof name ? (int)len : 31, word);
    for (size_t i = 0; i < HF_COUNT_OF(statements); i++) {
        const char *k = statements[i].keyword;
        size_t d = hf_i_edit_distance(name, strlen(name), k, strlen(k));
        if (d < least && (statements[i].blocks & r->block)) {
            least = d;
            nearest = k;
        }
    }
    if (nearest)
        return WRONG(r, "unknown statement '%s' (did you mean '%s'?)", name, nearest);
    return WRONG(r, "unknown statement '%s' here", name);
}

static hf_status read_lines(reader *r, const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        const char *line = text + at, *end = memchr(line, '\n', size - at);
        size_t len = end ? (size_t)(end - line) : size - at, word_len;
        const char *word;
        at += len + (end ? 1 : 0);
        r->line++;
        if (len > 8192)
            return WRONG(r, "this line has more than 8192 bytes");
        if (memchr(line, '\0', len))
            return WRONG(r, "this line has a zero byte");
        while (len && (line[len - 1] == '\r' || line[len - 1] == ' ' || line[len - 1] == '\t'))
            len--;
        r->rest = line;
        r->len = len;
        if (!next_word(r, &word, &word_len) || word[0] == '#')
            continue;
        HF_TRY(one_statement(r, word, word_len));
    }
    return HF_OK;
}

/* ---- what must hold of the whole form ------------------------------------------------------ */

static unsigned count_reversed(const hf_key *key)
{
    unsigned n = 0;
    for (size_t i = 0; i < key->count; i++)
        n += key->items[i].sign < 0;
    return n;
}

static hf_status check_key(reader *r, const hf_order *o, size_t scale)
{
    hf_scale *s = &r->scales[scale];
    const hf_key *key = &o->keys[scale];
    if (!key->count)
        return WRONG(r, "order '%s' has no key for the scale '%s'", o->id, s->id);
    for (size_t i = 0; i < key->count; i++)
        if (key->items[i].column > o->sheet)
            return WRONG(r, "order '%s', scale '%s': item %u, but the sheet has %u", o->id, s->id,
                         key->items[i].column, o->sheet);
    if (s->reversed == UINT32_MAX)
        s->reversed = s->kind == HF_SCALE_CONTRAST ? 0 : count_reversed(key);
    if (s->kind != HF_SCALE_CONTRAST && count_reversed(key) != s->reversed)
        return WRONG(r, "order '%s': the scale '%s' has %u reversed items, this key reverses %u",
                     o->id, s->id, s->reversed, count_reversed(key));
    /* Where nothing is declared: means of six or more may miss one in five, others none. */
    if (!s->needs)
        s->needs =
            (unsigned)(s->kind == HF_SCALE_MEAN && key->count >= 6 ? key->count - key->count / 5
                                                                   : key->count);
    if (s->needs > key->count)
        return WRONG(r, "the scale '%s' needs %u answers, order '%s' has %zu items for it", s->id,
                     s->needs, o->id, key->count);
    if (s->kind != HF_SCALE_MEAN && s->needs != key->count)
        return WRONG(r, "the scale '%s' is a sum: it is never prorated and needs all %zu answers",
                     s->id, key->count);
    return HF_OK;
}

static hf_status check_orders(reader *r)
{
    unsigned usable = 0;
    for (size_t i = 0; i < r->in->order_count; i++) {
        const hf_order *o = &r->orders[i];
        if (o->status == HF_KEY_REFUSED)
            continue;
        usable++;
        for (size_t s = 0; s < r->in->scale_count; s++)
            HF_TRY(check_key(r, o, s));
        for (size_t k = 0; k < r->in->opposite_count; k++)
            if (r->in->opposite[k][0] > o->sheet || r->in->opposite[k][1] > o->sheet)
                return WRONG(r, "an opposite pair lies beyond the sheet");
    }
    return usable ? HF_OK : WRONG(r, "the form has no order that can be scored");
}

static hf_status check_plane(reader *r)
{
    r->in->anxiety = r->in->avoidance = -1;
    if (!r->plane[0][0])
        return HF_OK;
    r->in->anxiety = hf_i_find_scale(r->in, r->plane[0], strlen(r->plane[0]));
    r->in->avoidance = hf_i_find_scale(r->in, r->plane[1], strlen(r->plane[1]));
    if (r->in->anxiety < 0 || r->in->avoidance < 0 || r->in->anxiety == r->in->avoidance)
        return WRONG(r, "plane names a scale that the form does not have");
    return HF_OK;
}

static hf_status check_texts(reader *r)
{
    size_t texts = 0, labels = 0;
    for (size_t i = 0; i < HF_I_MAX_ITEMS; i++) {
        if (i >= r->in->items && (r->texts[i] || r->labels[i]))
            return WRONG(r, "a text or label stands for item %zu, the form has %u", i + 1,
                         r->in->items);
        texts += r->texts[i] != NULL;
        labels += r->labels[i] != NULL;
    }
    if ((texts && texts != r->in->items) || (labels && labels != r->in->items))
        return WRONG(r, "either every item has a text (or label) or none");
    r->in->texts = texts ? r->texts : NULL;
    r->in->labels = labels ? r->labels : NULL;
    return HF_OK;
}

static hf_status check_form(reader *r)
{
    const hf_instrument *in = r->in;
    if (!in->id[0] || !in->items || !r->has_range || !in->scale_count || !in->order_count ||
        !r->has_status)
        return WRONG(r, "the form lacks %s",
                     !in->id[0]         ? "instrument"
                     : !in->items       ? "items"
                     : !r->has_range    ? "range"
                     : !in->scale_count ? "a scale"
                     : !r->has_status   ? "status"
                                        : "an order");
    if (in->status == HF_KEY_REFUSED)
        return WRONG(r, "a form cannot be refused as a whole, only an order");
    HF_TRY(check_plane(r));
    HF_TRY(check_texts(r));
    return check_orders(r);
}

/* ---- entry points -------------------------------------------------------------------------- */

static hf_status new_reader(reader *r, hf_ctx *ctx, const char *file)
{
    *r = (reader){.ctx = ctx, .file = file, .block = TOP};
    r->owner = hf_i_calloc(ctx, 1, sizeof *r->owner);
    if (!r->owner)
        return HF_E_NOMEM;
    hf_i_arena_init(&r->owner->arena, ctx);
    r->arena = &r->owner->arena;
    hf_instrument *in = r->in = &r->owner->pub;
    r->scales = hf_i_arena_alloc(r->arena, HF_I_MAX_SCALES * sizeof *r->scales);
    r->orders = hf_i_arena_alloc(r->arena, HF_I_MAX_ORDERS * sizeof *r->orders);
    r->norms = hf_i_arena_alloc(r->arena, HF_I_MAX_NORMS * sizeof *r->norms);
    r->ranges = hf_i_arena_alloc(r->arena, HF_I_MAX_ITEMS * sizeof *r->ranges);
    r->labels = hf_i_arena_alloc(r->arena, HF_I_MAX_ITEMS * sizeof *r->labels);
    r->texts = hf_i_arena_alloc(r->arena, HF_I_MAX_ITEMS * sizeof *r->texts);
    r->targets = hf_i_arena_alloc(r->arena, HF_I_MAX_TARGETS * sizeof *r->targets);
    if (!r->scales || !r->orders || !r->norms || !r->ranges || !r->labels || !r->texts ||
        !r->targets)
        return HF_E_NOMEM;
    memset(r->labels, 0, HF_I_MAX_ITEMS * sizeof *r->labels);
    memset(r->texts, 0, HF_I_MAX_ITEMS * sizeof *r->texts);
    in->id = in->title = in->measures = in->citation = in->permission_note = in->note = "";
    in->low = in->high = "";
    in->permission = "unclear";
    in->scales = r->scales;
    in->orders = r->orders;
    in->norms = r->norms;
    in->ranges = r->ranges;
    in->targets = r->targets;
    return HF_OK;
}

hf_status hf_instrument_parse(hf_instrument **out, hf_ctx *ctx, const char *name, const char *text,
                              size_t size)
{
    reader r;
    *out = NULL;
    hf_status s = new_reader(&r, ctx, name);
    if (s == HF_OK && size > (1u << 20)) {
        r.line = 1;
        s = WRONG(&r, "a form of more than 1 MiB");
    }
    if (s == HF_OK)
        s = read_lines(&r, text, size);
    if (s == HF_OK)
        s = check_form(&r);
    if (s != HF_OK) {
        hf_instrument_free(r.in);
        return s;
    }
    if (!r.in->title[0])
        r.in->title = r.in->id;
    *out = r.in;
    return HF_OK;
}

hf_status hf_instrument_read(hf_instrument **out, hf_ctx *ctx, const char *path)
{
    hf_i_file file;
    *out = NULL;
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_status s = hf_instrument_parse(out, ctx, path, (const char *)file.data, (size_t)file.size);
    hf_i_file_close(&file);
    return s;
}

hf_i_arena *hf_i_instrument_arena(hf_instrument *instrument)
{
    return &((struct owner *)instrument)->arena;
}

void hf_instrument_free(hf_instrument *instrument)
{
    if (!instrument)
        return;
    struct owner *owner = (struct owner *)instrument;
    hf_ctx *ctx = owner->arena.ctx;
    hf_i_arena_dispose(&owner->arena);
    hf_i_free(ctx, owner);
}
