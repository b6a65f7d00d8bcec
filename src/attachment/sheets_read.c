/* SPDX-License-Identifier: MIT */
/* Answer sheets from a table. Every cell that is not an answer is named by row and column, the
 * whole table is read before it is refused, nothing is guessed. Rows are counted as spreadsheets
 * do: the header is row 1. */
#include "attachment/columns.h"
#include "text/number.h"

#include <string.h>

enum { SHOWN_PROBLEMS = 5, MISSING_CODES = 16 };

typedef struct loader {
    hf_sheets *sheets;
    const hf_instrument *in;
    const hf_sheet_options *options;
    hf_i_csv_reader csv;
    hf_i_columns columns;
    size_t width;                                  /* cells of the header */
    int8_t lo[HF_I_MAX_ITEMS], hi[HF_I_MAX_ITEMS]; /* by place on the sheet */
    hf_i_intern seen;                              /* person, occasion and target together */
    hf_i_buf scratch;
    int missing[MISSING_CODES];
    size_t missing_count;
    uint32_t target_names[HF_I_MAX_TARGETS];
    /* What is wrong so far. */
    hf_i_buf problems;
    uint64_t problem_count, first_line;
    int64_t outside; /* the one value that is out of range, if it is one */
    bool outside_known, outside_mixed, text_seen, width_wrong;
    bool twice;
    int seen_min, seen_max;   /* of all answers within the range */
    int64_t all_min, all_max; /* of all whole numbers that are no code */
} loader;

/* ---- options ------------------------------------------------------------------------------- */

static hf_status read_missing(loader *l)
{
    const char *p = l->options->missing;
    while (p && *p) {
        size_t n = strcspn(p, ", ");
        int64_t code;
        if (n) {
            if (!hf_i_number_parse_int(p, n, &code) || code < -9999 || code > 9999)
                return hf_i_fail(l->sheets->ctx, HF_E_USAGE, "Write --missing 0 or --missing 0,-1.",
                                 "'%.*s' is no code for a missing answer", (int)n, p);
            if (code >= l->sheets->min && code <= l->sheets->max)
                return hf_i_fail(l->sheets->ctx, HF_E_USAGE, NULL,
                                 "%d cannot mean 'not answered': it is an answer within %d to %d",
                                 (int)code, l->sheets->min, l->sheets->max);
            if (l->missing_count == MISSING_CODES)
                return hf_i_fail(l->sheets->ctx, HF_E_USAGE, NULL, "more than %d missing codes",
                                 MISSING_CODES);
            l->missing[l->missing_count++] = (int)code;
        }
        p += n + (p[n] != '\0');
    }
    return HF_OK;
}

/* ---- one answer ---------------------------------------------------------------------------- */

static hf_status problem(loader *l, const char *format, ...) HF_PRINTF(2, 3);
static hf_status problem(loader *l, const char *format, ...)
{
    char text[200];
    va_list args;
    if (!l->problem_count++)
        l->first_line = l->csv.line;
    if (l->problem_count > SHOWN_PROBLEMS)
        return HF_OK;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return hf_i_buf_printf(&l->problems, "%s%s", l->problem_count > 1 ? "; " : "", text);
}

static void note_outside(loader *l, int64_t x)
{
    if (l->outside_known && l->outside != x)
        l->outside_mixed = true;
    l->outside_known = true;
    l->outside = x;
    l->all_min = x < l->all_min ? x : l->all_min;
    l->all_max = x > l->all_max ? x : l->all_max;
}

static bool is_missing_word(const char *t, size_t n)
{
    static const char *const words[] = {"NA", "na", "NaN", "nan", ".", "N/A", "NULL", "null"};
    for (size_t i = 0; i < HF_COUNT_OF(words); i++)
        if (strlen(words[i]) == n && memcmp(words[i], t, n) == 0)
            return true;
    return n == 0;
}

/* A whole number, also written "3.0"; false otherwise. */
static bool whole(const hf_i_csv_reader *r, size_t column, const char *t, size_t n, int64_t *x)
{
    double real;
    if (hf_i_number_parse_int(t, n, x))
        return true;
    if (!hf_i_csv_number(r, column, &real) || !(real <= 1e9 && real >= -1e9) ||
        real != (double)(int64_t)real)
        return false;
    *x = (int64_t)real;
    return true;
}

/* The column's name for people. */
static int head_name(const loader *l, const hf_i_item_block *b, size_t place, char out[96])
{
    const char *digits = b->first + strlen(b->first);
    while (digits > b->first && digits[-1] >= '0' && digits[-1] <= '9')
        digits--;
    if (l->in->labels)
        return snprintf(out, 96, "%s", l->in->labels[place]);
    return snprintf(out, 96, "%.*s%zu", (int)(digits - b->first), b->first, place + 1);
}

static hf_status slow_answer(loader *l, const hf_i_item_block *b, size_t place, int8_t *out)
{
    size_t column = (size_t)b->column[place];
    const hf_i_csv_cell *cell = &l->csv.cells[column];
    const char *t = cell->text;
    size_t n = cell->len;
    int64_t x;
    char name[96];
    while (n && (*t == ' ' || *t == '\t')) {
        t++;
        n--;
    }
    while (n && (t[n - 1] == ' ' || t[n - 1] == '\t'))
        n--;
    if (is_missing_word(t, n))
        return HF_OK;
    head_name(l, b, place, name);
    unsigned long long row = (unsigned long long)l->csv.row;
    if (!whole(&l->csv, column, t, n, &x)) {
        l->text_seen = true;
        return problem(l, "row %llu, column %s: '%.*s' is not a whole number", row, name,
                       n < 24 ? (int)n : 24, t);
    }
    for (size_t i = 0; i < l->missing_count; i++)
        if (x == l->missing[i])
            return HF_OK;
    if (x < l->lo[place] || x > l->hi[place]) {
        note_outside(l, x);
        return problem(l, "row %llu, column %s: %lld is not within %d to %d", row, name,
                       (long long)x, l->lo[place], l->hi[place]);
    }
    *out = (int8_t)x;
    return HF_OK;
}

static hf_status read_answers(loader *l, const hf_i_item_block *b, int8_t *answers)
{
    for (size_t k = 0; k < l->sheets->columns; k++) {
        int32_t column = b->column[k];
        if (column < 0)
            continue;
        const hf_i_csv_cell *cell = &l->csv.cells[column];
        int digit = cell->len == 1 ? cell->text[0] - '0' : -1;
        if (digit >= 0 && digit <= 9 && digit >= l->lo[k] && digit <= l->hi[k])
            answers[k] = (int8_t)digit;
        else
            HF_TRY(slow_answer(l, b, k, &answers[k]));
        if (answers[k] != HF_ANSWER_MISSING) {
            l->seen_min = answers[k] < l->seen_min ? answers[k] : l->seen_min;
            l->seen_max = answers[k] > l->seen_max ? answers[k] : l->seen_max;
        }
    }
    return HF_OK;
}

/* ---- who ----------------------------------------------------------------------------------- */

static hf_status who_cell(loader *l, long column, const char *what, uint32_t *out)
{
    if (column < 0)
        return HF_OK;
    const char *t = l->csv.cells[column].text;
    size_t n = l->csv.cells[column].len;
    while (n && (*t == ' ' || *t == '\t')) {
        t++;
        n--;
    }
    while (n && (t[n - 1] == ' ' || t[n - 1] == '\t'))
        n--;
    if (!n)
        return problem(l, "row %llu: the %s is empty", (unsigned long long)l->csv.row, what);
    return hf_i_intern_add(&l->sheets->names, t, n, out, NULL);
}

static hf_status check_partner(loader *l, uint32_t partner)
{
    uint32_t *known = l->sheets->partners;
    if (partner == HF_I_NONE || partner == known[0] || partner == known[1])
        return HF_OK;
    for (int i = 0; i < 2; i++)
        if (known[i] == HF_I_NONE) {
            known[i] = partner;
            return HF_OK;
        }
    return problem(l, "row %llu: '%.40s' is a third partner beside '%.40s' and '%.40s'",
                   (unsigned long long)l->csv.row, l->sheets->names.text[partner],
                   l->sheets->names.text[known[0]], l->sheets->names.text[known[1]]);
}

static hf_status check_target(loader *l, uint32_t target)
{
    if (target == HF_I_NONE)
        return HF_OK;
    for (size_t t = 0; t < l->in->target_count; t++)
        if (l->target_names[t] == target)
            return HF_OK;
    return problem(l, "row %llu: the form '%s' does not ask about '%.40s'",
                   (unsigned long long)l->csv.row, l->in->id, l->sheets->names.text[target]);
}

static hf_status twice(loader *l, const hf_i_sheet_key *k)
{
    const hf_i_intern *names = &l->sheets->names;
    l->twice = true;
    if (k->dyad != HF_I_NONE && k->partner != HF_I_NONE)
        return problem(l, "row %llu: partner '%.40s' of dyad '%.40s' is there twice",
                       (unsigned long long)l->csv.row, names->text[k->partner],
                       names->text[k->dyad]);
    return problem(l, "row %llu: the person '%.60s' is there twice", (unsigned long long)l->csv.row,
                   k->person != HF_I_NONE ? names->text[k->person] : "");
}

/* One text for person, occasion, target: parts are joined by a byte that no cell holds. */
static hf_status identity(loader *l, hf_i_sheet_key *k, bool person_is_new)
{
    hf_i_buf *b = &l->scratch;
    bool fresh;
    if (l->columns.dyad < 0 && l->columns.person < 0) {
        k->identity = (uint32_t)l->csv.row; /* each row is a person */
        return HF_OK;
    }
    if (l->columns.dyad < 0 && l->columns.occasion < 0 && !l->in->target_count) {
        k->identity = k->person; /* nobody but persons is named: a new name is a new person */
        return person_is_new || k->person == HF_I_NONE ? HF_OK : twice(l, k);
    }
    hf_i_buf_clear(b);
    if (l->columns.dyad >= 0)
        HF_TRY(hf_i_buf_printf(b, "%u/%u", k->dyad, k->partner));
    else
        HF_TRY(hf_i_buf_printf(b, "%u", k->person));
    HF_TRY(hf_i_intern_add(&l->sheets->people, b->data, b->len, &k->identity, NULL));
    HF_TRY(hf_i_buf_printf(b, "|%u|%u", k->occasion, k->target));
    HF_TRY(hf_i_intern_add(&l->seen, b->data, b->len, &(uint32_t){0}, &fresh));
    return fresh ? HF_OK : twice(l, k);
}

static hf_status read_who(loader *l, hf_i_sheet_key *k, uint32_t block_target)
{
    const hf_i_columns *c = &l->columns;
    size_t known = l->sheets->names.count;
    HF_TRY(who_cell(l, c->person, "person", &k->person));
    bool person_is_new = l->sheets->names.count > known;
    HF_TRY(who_cell(l, c->dyad, "dyad", &k->dyad));
    HF_TRY(who_cell(l, c->partner, "partner", &k->partner));
    HF_TRY(who_cell(l, c->occasion, "occasion", &k->occasion));
    HF_TRY(who_cell(l, c->target, "target", &k->target));
    HF_TRY(check_partner(l, k->partner));
    if (c->target >= 0)
        HF_TRY(check_target(l, k->target));
    if (block_target != HF_I_NONE)
        k->target = l->target_names[block_target];
    k->line = l->csv.line < UINT32_MAX ? (uint32_t)l->csv.line : UINT32_MAX;
    return identity(l, k, person_is_new);
}

/* ---- the table ----------------------------------------------------------------------------- */

static bool all_missing(const int8_t *answers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (answers[i] != HF_ANSWER_MISSING)
            return false;
    return true;
}

static hf_status read_row(loader *l)
{
    l->width_wrong |= l->csv.count != l->width;
    if (l->csv.count != l->width)
        return problem(l, "row %llu has %zu cells, the header has %zu",
                       (unsigned long long)l->csv.row, l->csv.count, l->width);
    for (size_t b = 0; b < l->columns.block_count; b++) {
        int8_t *answers;
        hf_i_sheet_key *key;
        HF_TRY(hf_i_sheets_add(l->sheets, &answers, &key));
        HF_TRY(read_answers(l, &l->columns.blocks[b], answers));
        /* Nobody has to answer for every target: an empty block is no sheet. */
        if (l->columns.block_count > 1 && all_missing(answers, l->sheets->columns)) {
            l->sheets->count--;
            continue;
        }
        HF_TRY(read_who(l, key, l->columns.blocks[b].target));
    }
    return HF_OK;
}

/* A range of the form, other than the declared one, that holds lo to hi. */
static bool other_range(const loader *l, int64_t lo, int64_t hi, int out[2])
{
    for (size_t i = 0; i <= l->in->other_range_count; i++) {
        const int printed[2] = {l->in->min, l->in->max};
        const int *r = i ? l->in->other_ranges[i - 1] : printed;
        if (lo < r[0] || hi > r[1] || (r[0] == l->sheets->min && r[1] == l->sheets->max))
            continue;
        out[0] = r[0];
        out[1] = r[1];
        return true;
    }
    return false;
}

/* What may be behind the problems. */
static void advise(const loader *l, char *out, size_t size)
{
    int64_t lo = l->all_min < l->seen_min ? l->all_min : l->seen_min;
    int64_t hi = l->all_max > l->seen_max ? l->all_max : l->seen_max;
    int range[2];
    out[0] = '\0';
    if (l->twice)
        snprintf(out, size,
                 "If people answered more than once, name the --occasion; if the column names "
                 "couples, say --dyad and --partner.");
    else if (l->width_wrong)
        snprintf(out, size,
                 "A row has a cell for each column, empty ones too; a text with a comma needs "
                 "quotes.");
    else if (l->text_seen)
        snprintf(out, size,
                 "Answers are whole numbers; leave the cell empty where there is none, or name the "
                 "code for it (--missing).");
    else if (!l->outside_known)
        return;
    else if (other_range(l, lo, hi, range))
        snprintf(out, size, "If the answers ran from %d to %d, say --range %d-%d.", range[0],
                 range[1], range[0], range[1]);
    else if (l->outside_mixed)
        snprintf(out, size,
                 "Check the answer range (--range) and the codes for missing answers "
                 "(--missing).");
    else if (l->seen_max < l->sheets->max && other_range(l, l->seen_min, l->seen_max, range) &&
             range[1] < l->sheets->max)
        snprintf(out, size,
                 "If %lld means 'not answered', say --missing %lld. If answers ran from %d to %d: "
                 "--range %d-%d.",
                 (long long)l->outside, (long long)l->outside, range[0], range[1], range[0],
                 range[1]);
    else
        snprintf(out, size, "If %lld means 'not answered', say --missing %lld.",
                 (long long)l->outside, (long long)l->outside);
}

static hf_status verdict(loader *l)
{
    char advice[400], more[64] = "";
    if (!l->problem_count)
        return HF_OK;
    advise(l, advice, sizeof advice);
    if (l->problem_count > SHOWN_PROBLEMS)
        snprintf(more, sizeof more, "; and %llu more",
                 (unsigned long long)(l->problem_count - SHOWN_PROBLEMS));
    hf_i_place place = {.file = l->csv.file, .line = l->first_line};
    return hf_i_fail_at(l->sheets->ctx, HF_E_RANGE, &place, advice[0] ? advice : NULL, "%s%s",
                        l->problems.data, more);
}

static void describe(loader *l)
{
    hf_sheets *s = l->sheets;
    const hf_i_item_block *b = &l->columns.blocks[0];
    size_t used = (size_t)snprintf(s->reading, sizeof s->reading, "items %s to %s", b->first,
                                   b->last[0] ? b->last : b->first);
    if (l->columns.block_count > 1)
        used += (size_t)snprintf(s->reading + used, sizeof s->reading - used,
                                 " and so on for %zu people asked about", l->columns.block_count);
    if (l->columns.dyad >= 0)
        snprintf(s->reading + used, sizeof s->reading - used, ", dyads by '%.40s' and '%.40s'",
                 l->options->dyad, l->options->partner);
    else if (l->columns.person >= 0)
        snprintf(s->reading + used, sizeof s->reading - used, ", persons by '%.60s'",
                 l->columns.person_name);
    else
        snprintf(s->reading + used, sizeof s->reading - used, ", one person a row");
}

/* a and b: the partner names in alphabetic order. */
static void order_partners(hf_sheets *s)
{
    uint32_t *p = s->partners;
    if (p[1] != HF_I_NONE && strcmp(s->names.text[p[0]], s->names.text[p[1]]) > 0) {
        uint32_t keep = p[0];
        p[0] = p[1];
        p[1] = keep;
    }
}

static hf_status load_rows(loader *l, uint64_t size)
{
    bool got;
    HF_TRY(hf_i_csv_next(&l->csv, &got));
    if (!got)
        return hf_i_csv_fail(&l->csv, 0, HF_E_FORMAT, NULL, "the table is empty");
    l->width = l->csv.count;
    HF_TRY(hf_i_columns_find(&l->columns, &l->csv, l->in, l->sheets->order, l->options));
    for (;;) {
        HF_TRY(hf_i_csv_next(&l->csv, &got));
        if (!got)
            break;
        HF_TRY(read_row(l));
        if ((l->csv.row & 0x3fff) == 0)
            HF_TRY(hf_i_progress(l->sheets->ctx, "reading", l->csv.byte, size));
    }
    HF_TRY(verdict(l));
    if (!l->sheets->count)
        return hf_i_csv_fail(&l->csv, 0, HF_E_NOT_ENOUGH_DATA, NULL, "there is no answer sheet");
    hf_sheets *s = l->sheets;
    s->has_person = l->columns.person >= 0;
    s->has_dyads = l->columns.dyad >= 0;
    s->has_occasions = l->columns.occasion >= 0;
    s->has_targets = l->columns.target >= 0 || l->columns.block_count > 1 ||
                     l->columns.blocks[0].target != HF_I_NONE;
    order_partners(s);
    describe(l);
    return HF_OK;
}

static hf_status prepare(loader *l)
{
    hf_sheets *s = l->sheets;
    HF_TRY(read_missing(l));
    for (unsigned k = 0; k < s->columns; k++) {
        int lo, hi;
        hf_i_column_range(l->in, k + 1, s->min, s->max, &lo, &hi);
        l->lo[k] = (int8_t)lo;
        l->hi[k] = (int8_t)hi;
    }
    for (size_t t = 0; t < l->in->target_count; t++)
        HF_TRY(hf_i_intern_add(&s->names, l->in->targets[t], strlen(l->in->targets[t]),
                               &l->target_names[t], NULL));
    return HF_OK;
}

static hf_status load(loader *l, const char *path)
{
    hf_ctx *ctx = l->sheets->ctx;
    hf_i_file file;
    HF_TRY(prepare(l));
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_status s = file.size ? hf_i_csv_open(&l->csv, ctx, path, file.data, file.size, NULL)
                            : hf_i_fail_at(ctx, HF_E_FORMAT, &(hf_i_place){.file = path}, NULL,
                                           "the file is empty");
    if (s == HF_OK) {
        s = load_rows(l, file.size);
        hf_i_csv_dispose(&l->csv);
    }
    hf_i_file_close(&file);
    return s;
}

hf_status hf_sheets_read(hf_sheets **out, hf_ctx *ctx, const hf_instrument *instrument,
                         const char *path, const hf_sheet_options *options)
{
    static const hf_sheet_options defaults = HF_SHEET_OPTIONS_INIT;
    *out = NULL;
    loader *l = hf_i_calloc(ctx, 1, sizeof *l);
    if (!l)
        return HF_E_NOMEM;
    l->in = instrument;
    l->options = options ? options : &defaults;
    l->seen_min = INT8_MAX;
    l->seen_max = INT8_MIN;
    l->all_min = INT64_MAX;
    l->all_max = INT64_MIN;
    hf_i_intern_init(&l->seen, ctx);
    hf_i_buf_init(&l->scratch, ctx, 4096, "a person's key");
    hf_i_buf_init(&l->problems, ctx, 4096, "the list of problems");
    hf_status s = hf_i_sheets_new(&l->sheets, ctx, instrument, options);
    if (s == HF_OK)
        s = load(l, path);
    if (s == HF_OK)
        *out = l->sheets;
    else
        hf_sheets_free(l->sheets);
    hf_i_intern_dispose(&l->seen);
    hf_i_buf_dispose(&l->scratch);
    hf_i_buf_dispose(&l->problems);
    hf_i_free(ctx, l);
    return s;
}
