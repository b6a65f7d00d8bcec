/* SPDX-License-Identifier: MIT */
/* findings.json read again: for the session sheet and for what comes after a report. */
#include "finding/finding.h"

#include "text/json_tree.h"

#include <math.h>
#include <string.h>

enum { MOST_VALUES = 256 };

typedef struct {
    hf_ctx *ctx;
    hf_i_json_reader json;
    hf_i_json_tree tree;
    hf_i_arena texts; /* NUL-terminated copies, until the rows have theirs */
    hf_findings *out;
} reader;

static hf_status wrong(reader *r, const hf_i_json_node *n, const char *what)
{
    return hf_i_json_fail(&r->json, HF_E_PARSE, n->byte,
                          "Make it again with this version of Holdfast.", "findings: %s", what);
}

/* A member's text; NULL where it is null or not there. */
static hf_status text_of(reader *r, const hf_i_json_node *n, const char *key, const char **out)
{
    const hf_i_json_node *v = hf_i_json_get(&r->tree, n, key);
    *out = NULL;
    if (!hf_i_json_there(v))
        return HF_OK;
    if (v->kind != HF_I_JSON_STRING)
        return wrong(r, v, "a text is expected here");
    *out = hf_i_arena_strndup(&r->texts, v->text, v->len);
    return *out ? HF_OK : HF_E_NOMEM;
}

static double number_of(const reader *r, const hf_i_json_node *n, const char *key)
{
    double x;
    return hf_i_json_node_number(hf_i_json_get(&r->tree, n, key), &x) ? x : NAN;
}

typedef const char *(*name_fn)(int index);
static const char *status_name(int i)
{
    return hf_finding_status_name((hf_finding_status)i);
}
static const char *visibility_name(int i)
{
    return hf_visibility_name((hf_visibility)i);
}
static const char *partner_name(int i)
{
    return hf_partner_name((hf_partner)i);
}
static const char *consent_name(int i)
{
    return hf_consent_name((hf_consent)i);
}

static hf_status choice_of(reader *r, const hf_i_json_node *n, const char *key, name_fn name,
                           int count, int *out)
{
    const hf_i_json_node *v = hf_i_json_get(&r->tree, n, key);
    for (*out = 0; *out < count; ++*out)
        if (hf_i_json_node_is(v, name(*out)))
            return HF_OK;
    return wrong(r, hf_i_json_there(v) ? v : n, "a word that is not known here");
}

static hf_status values_of(reader *r, const hf_i_json_node *n, hf_finding *f,
                           hf_finding_value values[MOST_VALUES])
{
    const hf_i_json_node *v = hf_i_json_first(&r->tree, hf_i_json_get(&r->tree, n, "values"));
    for (; v->kind != HF_I_JSON_END; v = hf_i_json_next_node(&r->tree, v)) {
        hf_finding_value *to = &values[f->value_count];
        if (f->value_count == MOST_VALUES)
            return wrong(r, v, "too many values");
        *to = (hf_finding_value){hf_i_arena_strndup(&r->texts, v->key, v->key_len), NAN, NULL};
        if (v->kind == HF_I_JSON_STRING)
            to->text = hf_i_arena_strndup(&r->texts, v->text, v->len);
        else
            (void)hf_i_json_node_number(v, &to->number);
        if (!to->key || (v->kind == HF_I_JSON_STRING && !to->text))
            return HF_E_NOMEM;
        f->value_count++;
    }
    f->values = values;
    return HF_OK;
}

static hf_status examples_of(reader *r, const hf_i_json_node *n, hf_finding *f)
{
    const hf_i_json_node *v = hf_i_json_first(&r->tree, hf_i_json_get(&r->tree, n, "examples"));
    for (size_t i = 0; v->kind != HF_I_JSON_END; v = hf_i_json_next_node(&r->tree, v), i++) {
        if (v->kind != HF_I_JSON_STRING || i == HF_COUNT_OF(f->examples))
            return wrong(r, v, "at most three ids of turns are expected here");
        if (!(f->examples[i] = hf_i_arena_strndup(&r->texts, v->text, v->len)))
            return HF_E_NOMEM;
    }
    return HF_OK;
}

static hf_status one_finding(reader *r, const hf_i_json_node *n)
{
    hf_finding_value values[MOST_VALUES];
    const char *grade;
    int status, about, visibility;
    hf_finding f = {.estimate = number_of(r, n, "estimate"),
                    .lo = number_of(r, n, "lo"),
                    .hi = number_of(r, n, "hi"),
                    .level = number_of(r, n, "level"),
                    .base_rate = number_of(r, n, "base_rate")};
    double count = number_of(r, n, "n");
    HF_TRY(text_of(r, n, "id", &f.id));
    HF_TRY(text_of(r, n, "mechanism", &f.mechanism));
    HF_TRY(text_of(r, n, "unit", &f.unit));
    HF_TRY(text_of(r, n, "text_key", &f.text_key));
    HF_TRY(text_of(r, n, "grade", &grade));
    HF_TRY(choice_of(r, n, "status", status_name, HF_FINDING_NOT_SHOWN + 1, &status));
    HF_TRY(choice_of(r, n, "about", partner_name, HF_PARTNER_AB + 1, &about));
    HF_TRY(choice_of(r, n, "visibility", visibility_name, HF_VISIBLE_JOINT + 1, &visibility));
    if (!grade || !strchr("ABC-", grade[0]) || !grade[0] || grade[1])
        return wrong(r, n, "a grade is A, B, C or -");
    f.status = (hf_finding_status)status;
    f.about = (hf_partner)about;
    f.visibility = (hf_visibility)visibility;
    f.grade = grade[0];
    f.n = count >= 0 && count < 1e15 ? (uint64_t)count : 0;
    HF_TRY(values_of(r, n, &f, values));
    HF_TRY(examples_of(r, n, &f));
    return hf_findings_add(r->out, &f);
}

static hf_status one_figure(reader *r, const hf_i_json_node *n)
{
    hf_figure f = {NULL};
    hf_i_buf data;
    HF_TRY(text_of(r, n, "id", &f.id));
    HF_TRY(text_of(r, n, "kind", &f.kind));
    HF_TRY(text_of(r, n, "title_key", &f.title_key));
    hf_i_buf_init(&data, r->ctx, HF_MAX_MESSAGE_BYTES, "a figure");
    hf_status status = hf_i_json_node_write(&r->tree, hf_i_json_get(&r->tree, n, "data"), &data);
    f.data = data.data;
    if (status == HF_OK)
        status = hf_findings_add_figure(r->out, &f);
    hf_i_buf_dispose(&data);
    return status;
}

static hf_status one_turn(reader *r, const hf_i_json_node *n)
{
    hf_cited_turn t = {NULL};
    int sender;
    double words = number_of(r, n, "words");
    HF_TRY(text_of(r, n, "id", &t.id));
    if (hf_i_json_get(&r->tree, n, "t")->kind == HF_I_JSON_STRING)
        HF_TRY(text_of(r, n, "t", &t.t));
    HF_TRY(choice_of(r, n, "sender", partner_name, HF_PARTNER_B + 1, &sender));
    if (!t.id)
        return wrong(r, n, "a turn needs its id");
    t.partner = (hf_partner)sender;
    t.words = words >= 0 && words < 1e15 ? (uint64_t)words : 0;
    const hf_i_json_node *text = hf_i_json_get(&r->tree, n, "text");
    if (text->kind == HF_I_JSON_STRING) {
        t.text.data = text->text;
        t.text.size = text->len;
    }
    return hf_findings_add_turn(r->out, &t);
}

static hf_status one_limit(reader *r, const hf_i_json_node *n)
{
    const char *key, *text;
    HF_TRY(text_of(r, n, "key", &key));
    HF_TRY(text_of(r, n, "text", &text));
    if (!key || !text)
        return wrong(r, n, "a limit has a key and a text");
    return hf_findings_add_limit(r->out, key, text);
}

static hf_status read_header(reader *r, const hf_i_json_node *root)
{
    hf_findings_header h = {0};
    hf_i_buf record;
    int consent;
    HF_TRY(text_of(r, root, "made_by/date", &h.made_on));
    HF_TRY(text_of(r, root, "consent/declared_by", &h.declared_by));
    HF_TRY(text_of(r, root, "consent/protocol", &h.protocol));
    HF_TRY(choice_of(r, hf_i_json_get(&r->tree, root, "consent"), "level", consent_name,
                     HF_CONSENT_RESEARCH + 1, &consent));
    h.consent = (hf_consent)consent;
    hf_i_buf_init(&record, r->ctx, HF_MAX_MESSAGE_BYTES, "the record's summary");
    hf_status status =
        hf_i_json_node_write(&r->tree, hf_i_json_get(&r->tree, root, "record"), &record);
    h.record = record.data;
    if (status == HF_OK)
        status = hf_findings_set_header(r->out, &h);
    hf_i_buf_dispose(&record);
    return status;
}

static hf_status read_all(reader *r)
{
    static const struct {
        const char *key;
        hf_status (*read)(reader *r, const hf_i_json_node *n);
    } lists[] = {{"findings", one_finding},
                 {"figures", one_figure},
                 {"turns", one_turn},
                 {"limits", one_limit}};
    HF_TRY(hf_i_json_next(&r->json));
    HF_TRY(hf_i_json_tree_read(&r->tree, &r->json));
    const hf_i_json_node *root = hf_i_json_root(&r->tree);
    if (!hf_i_json_node_is(hf_i_json_get(&r->tree, root, "schema"), "holdfast-findings-1"))
        return hf_i_json_fail(&r->json, HF_E_FORMAT, 0,
                              "Give the findings.json that 'holdfast analyze' wrote.",
                              "this is no findings document");
    HF_TRY(read_header(r, root));
    for (size_t i = 0; i < HF_COUNT_OF(lists); i++) {
        const hf_i_json_node *list = hf_i_json_get(&r->tree, root, lists[i].key);
        if (list->kind != HF_I_JSON_ARRAY)
            return wrong(r, root, "a list is not there");
        const hf_i_json_node *n = hf_i_json_first(&r->tree, list);
        for (; n->kind != HF_I_JSON_END; n = hf_i_json_next_node(&r->tree, n))
            HF_TRY(lists[i].read(r, n));
    }
    return HF_OK;
}

hf_status hf_findings_parse(hf_findings **out, hf_ctx *ctx, const char *name, const char *text,
                            size_t size)
{
    *out = NULL;
    reader r = {.ctx = ctx};
    HF_TRY(hf_findings_new(&r.out, ctx));
    hf_i_json_open(&r.json, ctx, name, text, size);
    hf_i_json_tree_init(&r.tree, ctx);
    hf_i_arena_init(&r.texts, ctx);
    hf_status status = read_all(&r);
    hf_i_arena_dispose(&r.texts);
    hf_i_json_tree_dispose(&r.tree);
    hf_i_json_dispose(&r.json);
    if (status == HF_OK)
        *out = r.out;
    else
        hf_findings_free(r.out);
    return status;
}

hf_status hf_findings_read(hf_findings **out, hf_ctx *ctx, const char *path)
{
    hf_i_file file;
    *out = NULL;
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_status status =
        hf_findings_parse(out, ctx, path, (const char *)file.data, (size_t)file.size);
    hf_i_file_close(&file);
    return status;
}
