/* SPDX-License-Identifier: MIT */
/* Coded sequences from a table: a row per event, or a row per dyad with 0/1 streams. */
#include "cycle/sequence.h"

#include "text/csv.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MOMENTS = 1 << 28 };

typedef struct {
    double time;
    uint32_t dyad, state;
    uint64_t row;
} event;

typedef struct {
    hf_ctx *ctx;
    hf_sequences *s;
    hf_i_csv_reader csv;
    const hf_sequence_columns *columns;
    long dyad, time, partner, code;
    event *events;
    size_t count, cap;
    const char **names; /* of dyads */
    size_t name_count, name_cap;
    uint32_t *table; /* hash: index + 1, 0 empty */
    size_t table_size;
} reader;

static hf_i_csv_cell cell_at(const reader *r, long column)
{
    static const hf_i_csv_cell none = {"", 0, 0, false};
    if (column < 0 || (size_t)column >= r->csv.count)
        return none;
    hf_i_csv_cell c = r->csv.cells[column];
    while (c.len > 0 && isspace((unsigned char)c.text[0])) {
        c.text++;
        c.len--;
    }
    while (c.len > 0 && isspace((unsigned char)c.text[c.len - 1]))
        c.len--;
    return c;
}

static bool is_missing(hf_i_csv_cell c)
{
    return c.len == 0 || (c.len == 1 && c.text[0] == '.') ||
           (c.len == 2 && memcmp(c.text, "NA", 2) == 0) ||
           (c.len == 3 && memcmp(c.text, "NaN", 3) == 0);
}

static bool is_text(const char *have, hf_i_csv_cell c)
{
    return strlen(have) == c.len && memcmp(have, c.text, c.len) == 0;
}

/* ---- dyads by name -------------------------------------------------------------------------- */

static size_t slot_of(const reader *r, const char *text, size_t len)
{
    uint64_t h = UINT64_C(1469598103934665603);
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32) & (r->table_size - 1);
}

static hf_status widen(reader *r)
{
    size_t size = r->table_size ? 2 * r->table_size : 256;
    uint32_t *table = hf_i_calloc(r->ctx, size, sizeof *table);
    if (!table)
        return HF_E_NOMEM;
    hf_i_free(r->ctx, r->table);
    r->table = table;
    r->table_size = size;
    for (size_t i = 0; i < r->name_count; i++) {
        size_t at = slot_of(r, r->names[i], strlen(r->names[i]));
        while (table[at])
            at = (at + 1) & (size - 1);
        table[at] = (uint32_t)i + 1;
    }
    return HF_OK;
}

static hf_status dyad_of(reader *r, hf_i_csv_cell c, uint32_t *out)
{
    if (2 * (r->name_count + 1) > r->table_size)
        HF_TRY(widen(r));
    size_t at = slot_of(r, c.text, c.len);
    for (; r->table[at]; at = (at + 1) & (r->table_size - 1))
        if (is_text(r->names[r->table[at] - 1], c)) {
            *out = r->table[at] - 1;
            return HF_OK;
        }
    HF_TRY(hf_i_grow(r->ctx, &r->names, &r->name_cap, r->name_count + 1, sizeof *r->names,
                     UINT32_MAX - 1, "dyads"));
    char *name = hf_i_arena_strndup(&r->s->texts, c.text, c.len);
    if (!name)
        return HF_E_NOMEM;
    *out = (uint32_t)r->name_count;
    r->names[r->name_count++] = name;
    r->table[at] = *out + 1;
    return HF_OK;
}

/* ---- events --------------------------------------------------------------------------------- */

static hf_status column_of(const reader *r, const char *asked, const char *usual, const char *else_,
                           bool needed, long *out)
{
    *out = -1;
    HF_TRY(hf_i_csv_find(&r->csv, asked ? asked : usual, out));
    if (*out < 0 && !asked && else_)
        HF_TRY(hf_i_csv_find(&r->csv, else_, out));
    if (*out < 0 && (asked || needed))
        return hf_i_fail(r->ctx, HF_E_NOT_FOUND,
                         "Name the columns with --dyad, --time, --partner "
                         "and --code, or streams with --stream.",
                         "no column '%.200s' in the table", asked ? asked : usual);
    return HF_OK;
}

/* "a:blame", or the code alone. */
static hf_status state_of(reader *r, hf_i_csv_cell who, hf_i_csv_cell code, uint32_t *out)
{
    hf_sequences *s = r->s;
    char name[512];
    if (who.len + code.len + 2 > sizeof name)
        return hf_i_csv_fail(&r->csv, (size_t)r->code, HF_E_LIMIT, NULL, "a code this long");
    snprintf(name, sizeof name, "%.*s%s%.*s", (int)who.len, who.text, who.len ? ":" : "",
             (int)code.len, code.text);
    for (*out = 0; *out < s->state_count; ++*out)
        if (strcmp(s->states[*out], name) == 0)
            return HF_OK;
    if (s->state_count == HF_SEQUENCE_MOST_STATES)
        return hf_i_csv_fail(&r->csv, (size_t)r->code, HF_E_LIMIT,
                             "Join rare codes before the analysis.",
                             "more than %d codes (with partners)", HF_SEQUENCE_MOST_STATES);
    char *keep = hf_i_arena_strndup(&s->texts, name, strlen(name));
    if (!keep)
        return HF_E_NOMEM;
    s->states[s->state_count] = keep;
    s->codes[s->state_count++] = keep + (who.len ? who.len + 1 : 0);
    return HF_OK;
}

static hf_status read_event(reader *r)
{
    event e = {.row = r->csv.row, .time = (double)r->csv.row};
    hf_i_csv_cell code = cell_at(r, r->code);
    HF_TRY(dyad_of(r, cell_at(r, r->dyad), &e.dyad));
    if (r->time >= 0 && !hf_i_csv_number(&r->csv, (size_t)r->time, &e.time))
        return hf_i_csv_fail(&r->csv, (size_t)r->time, HF_E_PARSE, NULL,
                             "row %llu: the time is no number", (unsigned long long)r->csv.row);
    e.state = HF_I_NO_STATE;
    if (!is_missing(code))
        HF_TRY(state_of(r, cell_at(r, r->partner), code, &e.state));
    HF_TRY(hf_i_grow(r->ctx, &r->events, &r->cap, r->count + 1, sizeof *r->events, MOST_MOMENTS,
                     "events"));
    r->events[r->count++] = e;
    return HF_OK;
}

static int in_order(const void *a, const void *b)
{
    const event *x = a, *y = b;
    if (x->dyad != y->dyad)
        return x->dyad < y->dyad ? -1 : 1;
    if (x->time < y->time || x->time > y->time)
        return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static hf_status make_room(hf_sequences *s, size_t moments, size_t dyads)
{
    s->moments = moments;
    s->dyads = dyads;
    s->state = hf_i_alloc(s->ctx, moments * sizeof *s->state);
    s->time = hf_i_alloc(s->ctx, moments * sizeof *s->time);
    s->first = hf_i_calloc(s->ctx, dyads + 1, sizeof *s->first);
    return s->state && s->time && s->first ? HF_OK : HF_E_NOMEM;
}

static hf_status read_events(reader *r)
{
    bool got;
    HF_TRY(column_of(r, r->columns->dyad, "dyad", "id", false, &r->dyad));
    HF_TRY(column_of(r, r->columns->time, "time", NULL, false, &r->time));
    HF_TRY(column_of(r, r->columns->partner, "partner", NULL, false, &r->partner));
    HF_TRY(column_of(r, r->columns->code, "code", NULL, true, &r->code));
    for (;;) {
        HF_TRY(hf_i_csv_next(&r->csv, &got));
        if (!got)
            break;
        HF_TRY(read_event(r));
    }
    if (r->count)
        qsort(r->events, r->count, sizeof *r->events, in_order);
    HF_TRY(make_room(r->s, r->count, r->name_count));
    for (size_t i = 0; i < r->count; i++) {
        r->s->state[i] = r->events[i].state;
        r->s->time[i] = r->events[i].time;
        r->s->first[r->events[i].dyad + 1] = i + 1;
    }
    return HF_OK;
}

/* ---- streams -------------------------------------------------------------------------------- */

typedef struct {
    long column;
    long number;
} moment;

static int by_number(const void *a, const void *b)
{
    const moment *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

/* Columns PREFIX followed by digits, in the order of their number; out [columns of the table]. */
static hf_status find_stream(const reader *r, const char *prefix, moment *out, size_t *count)
{
    size_t len = strlen(prefix), n = 0;
    for (size_t c = 0; c < r->csv.count; c++) {
        hf_i_csv_cell x = cell_at(r, (long)c);
        long number = 0;
        size_t i = len;
        if (x.len <= len || x.len > len + 9 || memcmp(x.text, prefix, len) != 0)
            continue;
        for (; i < x.len && x.text[i] >= '0' && x.text[i] <= '9'; i++)
            number = 10 * number + (x.text[i] - '0');
        if (i == x.len)
            out[n++] = (moment){(long)c, number};
    }
    if (n == 0)
        return hf_i_fail(r->ctx, HF_E_NOT_FOUND, "Give the part of the name before the number.",
                         "no columns '%.200s1', '%.200s2', ... in the table", prefix, prefix);
    qsort(out, n, sizeof *out, by_number);
    *count = n;
    return HF_OK;
}

/* "NAME=PREFIX" or "PREFIX". */
static hf_status name_stream(reader *r, size_t k, const char **prefix)
{
    const char *text = r->columns->streams[k], *sign = strchr(text, '=');
    size_t len = sign ? (size_t)(sign - text) : strlen(text);
    *prefix = sign ? sign + 1 : text;
    r->s->streams[k] = hf_i_arena_strndup(&r->s->texts, text, len);
    return r->s->streams[k] ? HF_OK : HF_E_NOMEM;
}

/* "none", "stress", "stress+coping": state i has the streams of its bits. */
static hf_status name_states(hf_sequences *s)
{
    s->state_count = (size_t)1 << s->stream_count;
    for (size_t i = 0; i < s->state_count; i++) {
        hf_i_buf name;
        hf_i_buf_init(&name, s->ctx, 1 << 16, "the name of a state");
        hf_status status = i ? HF_OK : hf_i_buf_add_str(&name, "none");
        for (size_t k = 0; k < s->stream_count && status == HF_OK; k++)
            if (i >> k & 1)
                status = hf_i_buf_printf(&name, "%s%s", name.len ? "+" : "", s->streams[k]);
        if (status == HF_OK) {
            s->states[i] = hf_i_arena_strndup(&s->texts, name.data, name.len);
            status = s->states[i] ? HF_OK : HF_E_NOMEM;
        }
        hf_i_buf_dispose(&name);
        HF_TRY(status);
    }
    return HF_OK;
}

static hf_status read_moment(const reader *r, long column, uint32_t bit, uint32_t *state)
{
    double x;
    if (is_missing(cell_at(r, column))) {
        *state = HF_I_NO_STATE;
        return HF_OK;
    }
    bool number = hf_i_csv_number(&r->csv, (size_t)column, &x);
    if (!number || (x != 0 && x != 1))
        return hf_i_csv_fail(&r->csv, (size_t)column, HF_E_PARSE, NULL,
                             "row %llu: a stream holds 0, 1 or nothing",
                             (unsigned long long)r->csv.row);
    if (x == 1 && *state != HF_I_NO_STATE)
        *state |= bit;
    return HF_OK;
}

/* at [streams][table columns]; length: moments of a dyad. */
static hf_status read_rows(reader *r, const moment *at, size_t width, size_t length)
{
    hf_sequences *s = r->s;
    size_t states = 0, firsts = 0, times = 0;
    bool got;
    for (;;) {
        HF_TRY(hf_i_csv_next(&r->csv, &got));
        if (!got)
            return HF_OK;
        size_t end = s->moments + length;
        HF_TRY(
            hf_i_grow(r->ctx, &s->state, &states, end, sizeof *s->state, MOST_MOMENTS, "moments"));
        HF_TRY(hf_i_grow(r->ctx, &s->time, &times, end, sizeof *s->time, MOST_MOMENTS, "moments"));
        HF_TRY(hf_i_grow(r->ctx, &s->first, &firsts, s->dyads + 2, sizeof *s->first, MOST_MOMENTS,
                         "dyads"));
        for (size_t m = 0; m < length; m++) {
            s->state[s->moments + m] = 0;
            s->time[s->moments + m] = (double)m + 1;
            for (size_t k = 0; k < s->stream_count; k++)
                HF_TRY(read_moment(r, at[k * width + m].column, (uint32_t)1 << k,
                                   &s->state[s->moments + m]));
        }
        s->first[0] = 0;
        s->moments = s->first[++s->dyads] = end;
    }
}

static hf_status read_streams(reader *r)
{
    hf_sequences *s = r->s;
    size_t width = r->csv.count, length = 0;
    s->stream_count = r->columns->n_streams;
    if (s->stream_count > HF_SEQUENCE_MOST_STREAMS)
        return hf_i_fail(r->ctx, HF_E_LIMIT, NULL, "more than %d streams",
                         HF_SEQUENCE_MOST_STREAMS);
    moment *at = hf_i_alloc(r->ctx, s->stream_count * width * sizeof *at);
    hf_status status = at ? HF_OK : HF_E_NOMEM;
    for (size_t k = 0; k < s->stream_count && status == HF_OK; k++) {
        const char *prefix;
        size_t n = 0;
        status = name_stream(r, k, &prefix);
        if (status == HF_OK)
            status = find_stream(r, prefix, at + k * width, &n);
        if (status == HF_OK && k > 0 && n != length)
            status =
                hf_i_fail(r->ctx, HF_E_PARSE, NULL, "stream '%.80s' has %zu moments, '%.80s' %zu",
                          s->streams[k], n, s->streams[0], length);
        length = n;
    }
    if (status == HF_OK)
        status = name_states(s);
    if (status == HF_OK)
        status = read_rows(r, at, width, length);
    hf_i_free(r->ctx, at);
    return status;
}

/* ---- all ------------------------------------------------------------------------------------ */

static hf_status read_table(reader *r, const char *path)
{
    bool got;
    HF_TRY(hf_i_csv_next(&r->csv, &got));
    if (got)
        HF_TRY(r->columns->n_streams ? read_streams(r) : read_events(r));
    return r->s->moments
               ? HF_OK
               : hf_i_fail(r->ctx, HF_E_NOT_ENOUGH_DATA, NULL, "%s: no sequence in it", path);
}

hf_status hf_i_sequences_read_bytes(hf_sequences **out, hf_ctx *ctx, const char *name,
                                    const void *data, uint64_t size,
                                    const hf_sequence_columns *columns)
{
    static const hf_sequence_columns usual = HF_SEQUENCE_COLUMNS_INIT;
    static const hf_i_csv_options options = {.comment = '#'};
    *out = NULL;
    if (columns && columns->size != sizeof *columns)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "columns of another version of the library");
    hf_sequences *s = hf_i_calloc(ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    s->ctx = ctx;
    hf_i_arena_init(&s->texts, ctx);
    reader r = {.ctx = ctx, .s = s, .columns = columns ? columns : &usual};
    hf_status status = hf_i_csv_open(&r.csv, ctx, name, data, size, &options);
    if (status == HF_OK) {
        status = read_table(&r, name);
        hf_i_csv_dispose(&r.csv);
    }
    hf_i_free(ctx, r.events);
    hf_i_free(ctx, r.names);
    hf_i_free(ctx, r.table);
    if (status != HF_OK) {
        hf_sequences_free(s);
        return status;
    }
    *out = s;
    return HF_OK;
}

hf_status hf_sequences_read(hf_sequences **out, hf_ctx *ctx, const char *path,
                            const hf_sequence_columns *columns)
{
    hf_i_file file;
    *out = NULL;
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_status status = hf_i_sequences_read_bytes(out, ctx, path, file.data, file.size, columns);
    hf_i_file_close(&file);
    return status;
}

void hf_sequences_free(hf_sequences *s)
{
    if (!s)
        return;
    hf_i_free(s->ctx, s->state);
    hf_i_free(s->ctx, s->time);
    hf_i_free(s->ctx, s->first);
    hf_i_arena_dispose(&s->texts);
    hf_i_free(s->ctx, s);
}

size_t hf_sequences_count_dyads(const hf_sequences *s)
{
    return s->dyads;
}

size_t hf_sequences_count_moments(const hf_sequences *s)
{
    return s->moments;
}

size_t hf_sequences_count_states(const hf_sequences *s)
{
    return s->state_count;
}

const char *hf_sequences_get_state(const hf_sequences *s, size_t state)
{
    return state < s->state_count ? s->states[state] : NULL;
}
