/* SPDX-License-Identifier: MIT */
/* A user's directory, ranked by the brief: hard filters first, then weights that anyone can read and
 * change. What a row does not say counts half: it is neither a yes nor a no. */
#include "guidance/referral.h"
#include "text/csv.h"
#include "text/json_tree.h"
#include "text/number.h"
#include "text/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 1 << 16, NAME = HF_I_CRITERIA, CELLS };
typedef enum { NO, YES, UNKNOWN } fit;

typedef struct {
    const char *cells[CELLS]; /* NULL: not said */
    size_t order;
    double score;
    hf_ranked shown;
} row;

struct hf_ranking {
    hf_ctx *ctx;
    hf_i_arena texts;
    const hf_brief *brief;
    double weights[HF_I_CRITERIA];
    bool must[HF_I_CRITERIA];
    row *rows;
    size_t count, cap, left_out;
};

static const char *const names[CELLS] = {
#define NAME_OF(name, text) text,
    HF_I_CRITERION_LIST(NAME_OF)
#undef NAME_OF
        "name"};

static int find_name(const char *text, size_t size, int count)
{
    for (int i = 0; i < count; i++)
        if (strlen(names[i]) == size && memcmp(names[i], text, size) == 0)
            return i;
    return -1;
}

/* ---- weights and filters ----------------------------------------------------------------------------
 */

const char *hf_ranking_weights_text(size_t *size)
{
    return hf_i_data_get("safety/weights.txt", size);
}

static hf_status take_weight(hf_ranking *r, const char *file, uint64_t line, const char *text,
                             size_t size)
{
    hf_i_place place = {.file = file, .line = line};
    size_t n = 0;
    while (n < size && text[n] != ' ' && text[n] != '\t')
        n++;
    int c = find_name(text, n, HF_I_CRITERIA);
    while (n < size && (text[n] == ' ' || text[n] == '\t'))
        n++;
    double value;
    if (c < 0 || !hf_i_number_parse(text + n, size - n, '.', &value) || value < 0 || value > 1000)
        return hf_i_fail_at(r->ctx, HF_E_PARSE, &place,
                            "A line reads 'language 3': needs, language, mode, cost, availability "
                            "or place, and a weight from 0 to 1000.",
                            "this is no weight");
    r->weights[c] = value;
    return HF_OK;
}

static hf_status take_weights(hf_ranking *r, const char *file, const char *text, size_t size)
{
    uint64_t line = 0;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t n = end ? (size_t)(end - text) - at : size - at;
        size_t used = n;
        line++;
        while (used && strchr(" \t\r", text[at + used - 1]))
            used--;
        if (used && text[at] != '#')
            HF_TRY(take_weight(r, file, line, text + at, used));
        at += n + 1;
    }
    return HF_OK;
}

static hf_status read_weights(hf_ranking *r, const char *path)
{
    size_t size = 0;
    const char *text = hf_ranking_weights_text(&size);
    HF_TRY(take_weights(r, "weights.txt", text, size));
    if (!path)
        return HF_OK;
    hf_i_file file;
    HF_TRY(hf_i_file_open(&file, r->ctx, path));
    hf_status s = take_weights(r, path, (const char *)file.data, (size_t)file.size);
    hf_i_file_close(&file);
    return s;
}

static hf_status read_must(hf_ranking *r, const char *must)
{
    while (must && *must) {
        size_t n = strcspn(must, ",");
        int c = find_name(must, n, HF_I_CRITERIA);
        if (c < 0)
            return hf_i_fail(r->ctx, HF_E_USAGE, NULL,
                             "'%.*s' is no criterion (needs, language, mode, cost, availability, "
                             "place)",
                             (int)n, must);
        r->must[c] = true;
        must += n + (must[n] == ',');
    }
    return HF_OK;
}

/* ---- does a row fit ------------------------------------------------------------------------------------
 */

/* Is one of the ';'-divided words of wanted among those of offered? Compared by look-up key. */
static hf_status any_in(hf_ranking *r, const char *wanted, const char *offered, bool *hit)
{
    hf_i_buf a, b;
    hf_i_buf_init(&a, r->ctx, 1 << 16, "a word");
    hf_i_buf_init(&b, r->ctx, 1 << 16, "a word");
    hf_status s = HF_OK;
    *hit = false;
    for (const char *w = wanted; s == HF_OK && !*hit && *w;) {
        size_t n = strcspn(w, ";,");
        hf_i_buf_clear(&a);
        s = hf_i_utf8_key(&a, w, n);
        for (const char *o = offered; s == HF_OK && !*hit && *o;) {
            size_t k = strcspn(o, ";,");
            hf_i_buf_clear(&b);
            s = hf_i_utf8_key(&b, o, k);
            *hit = s == HF_OK && a.len && a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
            o += k + (o[k] != '\0');
        }
        w += n + (w[n] != '\0');
    }
    hf_i_buf_dispose(&a);
    hf_i_buf_dispose(&b);
    return s;
}

static double first_number(const char *text)
{
    double value;
    for (; *text; text++) {
        size_t n = strspn(text, "0123456789.");
        if (n && hf_i_number_parse(text, n, '.', &value))
            return value;
    }
    return NAN;
}

static hf_status judge(hf_ranking *r, const row *x, int c, fit *out)
{
    const char *wanted = hf_i_brief_get(r->brief, (hf_i_criterion)c), *offered = x->cells[c];
    bool hit;
    *out = UNKNOWN;
    if (!offered)
        return HF_OK;
    if (c == HF_I_CRITERION_COST) {
        double most = first_number(wanted), asks = first_number(offered);
        if (!isnan(most) && !isnan(asks))
            *out = asks <= most ? YES : NO;
        return HF_OK;
    }
    HF_TRY(any_in(r, wanted, offered, &hit));
    *out = hit ? YES : NO;
    return HF_OK;
}

static hf_status score_row(hf_ranking *r, row *x, bool *keep)
{
    static const char *const words[] = {"no", "yes", "not said"};
    double sum = 0, all = 0;
    hf_i_buf reason;
    hf_i_buf_init(&reason, r->ctx, 1 << 16, "a reason");
    hf_status s = HF_OK;
    *keep = true;
    for (int c = 0; s == HF_OK && c < HF_I_CRITERIA; c++) {
        fit f;
        if (!hf_i_brief_get(r->brief, (hf_i_criterion)c))
            continue;
        s = judge(r, x, c, &f);
        *keep &= s != HF_OK || !r->must[c] || f != NO;
        all += r->weights[c];
        sum += r->weights[c] * (f == YES ? 1 : f == UNKNOWN ? 0.5 : 0);
        char weight[HF_I_NUMBER_SIZE];
        size_t n = hf_i_number_format(weight, r->weights[c]);
        if (s == HF_OK)
            s = hf_i_buf_printf(&reason, "%s%s: %s (%.*s)", reason.len ? "; " : "", names[c],
                                words[f], (int)n, weight);
    }
    x->score = all > 0 ? sum / all : 0;
    x->shown.score = x->score;
    x->shown.name = x->cells[NAME];
    x->shown.reason = s == HF_OK ? hf_i_arena_strndup(&r->texts, reason.data ? reason.data : "",
                                                      reason.len)
                                 : NULL;
    hf_i_buf_dispose(&reason);
    return s != HF_OK ? s : x->shown.reason ? HF_OK : HF_E_NOMEM;
}

static hf_status add_row(hf_ranking *r, row *x)
{
    bool keep;
    x->order = r->count + r->left_out;
    HF_TRY(score_row(r, x, &keep));
    if (!keep) {
        r->left_out++;
        return HF_OK;
    }
    HF_TRY(hf_i_grow(r->ctx, &r->rows, &r->cap, r->count + 1, sizeof *r->rows, MOST_ROWS,
                     "rows of a directory"));
    r->rows[r->count++] = *x;
    return HF_OK;
}

/* ---- the directory ---------------------------------------------------------------------------------------
 */

static hf_status keep_cell(hf_ranking *r, row *x, int c, const char *text, size_t size)
{
    while (size && (text[0] == ' ' || text[0] == '\t')) {
        text++;
        size--;
    }
    if (!size)
        return HF_OK;
    x->cells[c] = hf_i_arena_strndup(&r->texts, text, size);
    return x->cells[c] ? HF_OK : HF_E_NOMEM;
}

static hf_status read_csv_rows(hf_ranking *r, hf_i_csv_reader *csv)
{
    long at[CELLS];
    bool got;
    HF_TRY(hf_i_csv_next(csv, &got));
    for (int c = 0; c < CELLS; c++) {
        at[c] = -1;
        if (got)
            HF_TRY(hf_i_csv_find(csv, names[c], &at[c]));
    }
    if (at[NAME] < 0)
        return hf_i_csv_fail(csv, 0, HF_E_PARSE,
                             "The first line names the columns: name, needs, language, mode, cost, "
                             "availability, place.",
                             "there is no column 'name'");
    HF_TRY(hf_i_csv_next(csv, &got));
    while (got) {
        row x = {0};
        for (int c = 0; c < CELLS; c++)
            if (at[c] >= 0 && (size_t)at[c] < csv->count)
                HF_TRY(keep_cell(r, &x, c, csv->cells[at[c]].text, csv->cells[at[c]].len));
        if (!x.cells[NAME])
            return hf_i_csv_fail(csv, (size_t)at[NAME], HF_E_PARSE, NULL, "a row has no name");
        HF_TRY(add_row(r, &x));
        HF_TRY(hf_i_csv_next(csv, &got));
    }
    return HF_OK;
}

static hf_status read_json_rows(hf_ranking *r, hf_i_json_reader *j, hf_i_json_tree *t)
{
    HF_TRY(hf_i_json_next(j));
    if (j->token != HF_I_JSON_ARRAY)
        return hf_i_json_fail(j, HF_E_PARSE, j->byte, NULL,
                              "a directory in JSON is an array of objects");
    for (;;) {
        bool more;
        row x = {0};
        HF_TRY(hf_i_json_next_item(j, &more));
        if (!more)
            return HF_OK;
        uint64_t byte = j->byte;
        HF_TRY(hf_i_json_tree_read(t, j));
        for (int c = 0; c < CELLS; c++) {
            const hf_i_json_node *n = hf_i_json_get(t, hf_i_json_root(t), names[c]);
            if (n->kind == HF_I_JSON_STRING || n->kind == HF_I_JSON_NUMBER)
                HF_TRY(keep_cell(r, &x, c, n->text, n->len));
        }
        if (!x.cells[NAME])
            return hf_i_json_fail(j, HF_E_PARSE, byte, NULL, "an entry has no name");
        HF_TRY(add_row(r, &x));
    }
}

static hf_status read_directory(hf_ranking *r, const char *path)
{
    hf_i_file file;
    HF_TRY(hf_i_file_open(&file, r->ctx, path));
    size_t skip = 0;
    while (skip < file.size && strchr(" \t\r\n\xEF\xBB\xBF", file.data[skip]) && file.data[skip])
        skip++;
    hf_status s;
    if (skip < file.size && (file.data[skip] == '[' || file.data[skip] == '{')) {
        hf_i_json_reader j;
        hf_i_json_tree t;
        hf_i_json_open(&j, r->ctx, path, file.data, file.size);
        hf_i_json_tree_init(&t, r->ctx);
        s = read_json_rows(r, &j, &t);
        hf_i_json_tree_dispose(&t);
        hf_i_json_dispose(&j);
    } else {
        hf_i_csv_reader csv;
        s = hf_i_csv_open(&csv, r->ctx, path, file.data, file.size, NULL);
        if (s == HF_OK) {
            s = read_csv_rows(r, &csv);
            hf_i_csv_dispose(&csv);
        }
    }
    hf_i_file_close(&file);
    return s;
}

static int by_score(const void *a, const void *b)
{
    const row *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static void give_ranks(hf_ranking *r)
{
    if (r->count)
        qsort(r->rows, r->count, sizeof *r->rows, by_score);
    for (size_t i = 0; i < r->count; i++) {
        bool same = i && r->rows[i].score == r->rows[i - 1].score;
        r->rows[i].shown.rank = same ? r->rows[i - 1].shown.rank : i + 1;
        r->rows[i].shown.tied = same;
        if (same)
            r->rows[i - 1].shown.tied = true;
    }
}

hf_status hf_ranking_read(hf_ranking **out, hf_ctx *ctx, const hf_brief *brief,
                          const char *directory, const char *weights, const char *must)
{
    *out = NULL;
    hf_ranking *r = hf_i_calloc(ctx, 1, sizeof *r);
    if (!r)
        return HF_E_NOMEM;
    r->ctx = ctx;
    r->brief = brief;
    hf_i_arena_init(&r->texts, ctx);
    hf_status s = read_weights(r, weights);
    if (s == HF_OK)
        s = read_must(r, must);
    if (s == HF_OK)
        s = read_directory(r, directory);
    if (s != HF_OK) {
        hf_ranking_free(r);
        return s;
    }
    give_ranks(r);
    *out = r;
    return HF_OK;
}

void hf_ranking_free(hf_ranking *r)
{
    if (!r)
        return;
    hf_i_arena_dispose(&r->texts);
    hf_i_free(r->ctx, r->rows);
    hf_i_free(r->ctx, r);
}

size_t hf_ranking_count(const hf_ranking *r)
{
    return r->count;
}

const hf_ranked *hf_ranking_get(const hf_ranking *r, size_t index)
{
    return index < r->count ? &r->rows[index].shown : NULL;
}

size_t hf_ranking_left_out(const hf_ranking *r)
{
    return r->left_out;
}
