/* SPDX-License-Identifier: MIT */
#include <holdfast/finding.h>

#include "text/json_read.h"
#include "text/time.h"

#include <string.h>

struct hf_corrections {
    hf_ctx *ctx;
    hf_i_arena texts;
    hf_correction *rows;
    size_t count, cap;
};

static const char *const field_names[] = {
#define NAME(name, text) text,
    HF_CORRECTION_FIELD_LIST(NAME)
#undef NAME
};
static const char *const people[] = {"a", "b", "researcher"};

static const char advice[] =
    "A line reads {\"target\": \"id\", \"field\": \"act|phase|role|sender|t\", \"value\": ..., "
    "\"at\": \"2026-01-02T10:00:00Z\", \"by\": \"a|b|researcher\"}.";

const char *hf_correction_field_name(hf_correction_field field)
{
    return (unsigned)field < HF_CORRECT_COUNT ? field_names[field] : "?";
}

typedef struct {
    hf_corrections *out;
    hf_i_json_reader json;
    uint64_t line;
    const char *path;
} reader;

static hf_status wrong(reader *r, const char *what)
{
    hf_i_place place = {.file = r->path, .line = r->line};
    return hf_i_fail_at(r->out->ctx, HF_E_PARSE, &place, advice, "%s", what);
}

static hf_status keep(reader *r, const char *text, size_t size, const char **out)
{
    *out = hf_i_arena_strndup(&r->out->texts, text, size);
    return *out ? HF_OK : HF_E_NOMEM;
}

static bool is_text(const reader *r)
{
    return r->json.token == HF_I_JSON_STRING;
}

static hf_status read_value(reader *r, hf_correction *row)
{
    row->value_is_text = is_text(r);
    if (is_text(r) || r->json.token == HF_I_JSON_NUMBER)
        return keep(r, r->json.text, r->json.len, &row->value);
    if (r->json.token == HF_I_JSON_NULL)
        return HF_OK;
    const char *begin = r->json.data + r->json.byte;
    HF_TRY(hf_i_json_skip(&r->json));
    return keep(r, begin, (size_t)(r->json.p - begin), &row->value);
}

static hf_status read_name(reader *r, const char *const *names, size_t count, size_t *out)
{
    for (size_t i = 0; is_text(r) && i < count; i++)
        if (strlen(names[i]) == r->json.len && memcmp(names[i], r->json.text, r->json.len) == 0) {
            *out = i;
            return HF_OK;
        }
    return wrong(r, names == people ? "'by' is not a, b or researcher"
                                    : "'field' is not act, phase, role, sender or t");
}

static hf_status read_field(reader *r, const hf_i_json_name *name, hf_correction *row)
{
    size_t which = 0;
    hf_i_time time;
    if (hf_i_json_name_is(name, "target")) {
        if (!is_text(r) || r->json.len == 0)
            return wrong(r, "'target' is not a text");
        return keep(r, r->json.text, r->json.len, &row->target);
    }
    if (hf_i_json_name_is(name, "field")) {
        HF_TRY(read_name(r, field_names, HF_CORRECT_COUNT, &which));
        row->field = (hf_correction_field)which;
        return HF_OK;
    }
    if (hf_i_json_name_is(name, "value"))
        return read_value(r, row);
    if (hf_i_json_name_is(name, "by") && r->json.token != HF_I_JSON_NULL) {
        HF_TRY(read_name(r, people, HF_COUNT_OF(people), &which));
        row->by = people[which];
        return HF_OK;
    }
    if (hf_i_json_name_is(name, "at") && r->json.token != HF_I_JSON_NULL) {
        if (!is_text(r) || !hf_i_time_parse_iso(r->json.text, r->json.len, &time))
            return wrong(r, "'at' is not an ISO time");
        return keep(r, r->json.text, r->json.len, &row->at);
    }
    /* Further keys are for further tools. */
    return hf_i_json_skip(&r->json);
}

static hf_status read_object(reader *r)
{
    hf_correction row = {.line = r->line, .field = HF_CORRECT_COUNT};
    hf_i_json_name name;
    bool more, value = false;
    HF_TRY(hf_i_json_next(&r->json));
    if (r->json.token != HF_I_JSON_OBJECT)
        return wrong(r, "the line is not an object");
    for (;;) {
        HF_TRY(hf_i_json_next_field(&r->json, &name, &more));
        if (!more)
            break;
        value |= hf_i_json_name_is(&name, "value");
        HF_TRY(read_field(r, &name, &row));
    }
    HF_TRY(hf_i_json_next(&r->json));
    if (!row.target)
        return wrong(r, "there is no 'target'");
    if (row.field == HF_CORRECT_COUNT)
        return wrong(r, "there is no 'field'");
    if (!value)
        return wrong(r, "there is no 'value'");
    hf_corrections *c = r->out;
    HF_TRY(hf_i_grow(c->ctx, &c->rows, &c->cap, c->count + 1, sizeof *c->rows, HF_MAX_ROWS,
                     "corrections"));
    c->rows[c->count++] = row;
    return HF_OK;
}

static bool is_blank(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!strchr(" \t\r", text[i]) || !text[i])
            return false;
    return true;
}

/* Line by line, so that an error names its line and a broken one does not swallow the next. */
static hf_status read_lines(reader *r, const hf_i_file *file)
{
    const char *at = (const char *)file->data, *end = at + file->size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at);
        r->line++;
        if (!is_blank(at, size)) {
            hf_i_json_open(&r->json, r->out->ctx, r->path, at, size);
            hf_status status = read_object(r);
            hf_i_json_dispose(&r->json);
            if (status == HF_E_PARSE && hf_ctx_get_error(r->out->ctx)->line != r->line)
                return wrong(r, "the line is not JSON");
            HF_TRY(status);
        }
        at += size + 1;
    }
    return HF_OK;
}

hf_status hf_corrections_read(hf_corrections **out, hf_ctx *ctx, const char *path)
{
    *out = NULL;
    hf_i_file file;
    hf_corrections *c = hf_i_calloc(ctx, 1, sizeof *c);
    if (!c)
        return HF_E_NOMEM;
    c->ctx = ctx;
    hf_i_arena_init(&c->texts, ctx);
    hf_status status = hf_i_file_open(&file, ctx, path);
    if (status == HF_OK) {
        reader r = {.out = c, .path = path};
        status = read_lines(&r, &file);
        hf_i_file_close(&file);
    }
    if (status != HF_OK) {
        hf_corrections_free(c);
        return status;
    }
    *out = c;
    return HF_OK;
}

void hf_corrections_free(hf_corrections *c)
{
    if (!c)
        return;
    hf_i_free(c->ctx, c->rows);
    hf_i_arena_dispose(&c->texts);
    hf_i_free(c->ctx, c);
}

size_t hf_corrections_count(const hf_corrections *c)
{
    return c->count;
}

const hf_correction *hf_corrections_get(const hf_corrections *c, size_t index)
{
    return index < c->count ? &c->rows[index] : NULL;
}

const hf_correction *hf_corrections_find(const hf_corrections *c, const char *target,
                                         hf_correction_field field)
{
    for (size_t i = c->count; i-- > 0;)
        if (c->rows[i].field == field && strcmp(c->rows[i].target, target) == 0)
            return &c->rows[i];
    return NULL;
}
