/* SPDX-License-Identifier: MIT */
/* labels: golden
 * needs: jansson */
/* findings.json against doc/schema/findings.schema.json, with a small validator of the parts of
 * JSON Schema that it uses; a part that the validator does not know fails the test. */
#include "signal/made_chat.h"

#include <holdfast/report.h>
#include <holdfast/simulate.h>

#include <jansson.h>
#include <regex.h>

static json_t *root;

static bool valid(const json_t *schema, const json_t *x, const char *path);

static bool is_type(const char *type, const json_t *x)
{
    return strcmp(type, "object") == 0    ? json_is_object(x)
           : strcmp(type, "array") == 0   ? json_is_array(x)
           : strcmp(type, "string") == 0  ? json_is_string(x)
           : strcmp(type, "integer") == 0 ? json_is_integer(x)
           : strcmp(type, "number") == 0  ? json_is_number(x)
           : strcmp(type, "boolean") == 0 ? json_is_boolean(x)
           : strcmp(type, "null") == 0    ? json_is_null(x)
                                          : false;
}

static bool type_fits(const json_t *type, const json_t *x)
{
    size_t i;
    json_t *one;
    if (json_is_string(type))
        return is_type(json_string_value(type), x);
    json_array_foreach(type, i, one) if (is_type(json_string_value(one), x)) return true;
    return false;
}

static bool in_list(const json_t *list, const json_t *x)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) if (json_equal(one, x)) return true;
    return false;
}

static bool properties_fit(const json_t *schema, const json_t *x, const char *path)
{
    const json_t *known = json_object_get(schema, "properties");
    const json_t *more = json_object_get(schema, "additionalProperties");
    const char *key;
    json_t *value;
    char inner[512];
    json_object_foreach((json_t *)(uintptr_t)x, key, value)
    {
        const json_t *of = json_object_get(known, key);
        snprintf(inner, sizeof inner, "%.400s/%.80s", path, key);
        if (!of && json_is_false(more)) {
            print_message("%s: not a property of the schema\n", inner);
            return false;
        }
        if (!of && json_is_object(more))
            of = more;
        if (of && !valid(of, value, inner))
            return false;
    }
    return true;
}

static bool required_there(const json_t *list, const json_t *x, const char *path)
{
    size_t i;
    json_t *name;
    json_array_foreach(list, i, name) if (!json_object_get(x, json_string_value(name)))
    {
        print_message("%s: '%s' is missing\n", path, json_string_value(name));
        return false;
    }
    return true;
}

static bool items_fit(const json_t *schema, const json_t *x, const char *path)
{
    size_t i;
    json_t *item;
    char inner[512];
    json_array_foreach(x, i, item)
    {
        snprintf(inner, sizeof inner, "%.400s/%zu", path, i);
        if (!valid(schema, item, inner))
            return false;
    }
    return true;
}

static bool pattern_fits(const char *pattern, const char *text)
{
    regex_t r;
    assert_int_equal(regcomp(&r, pattern, REG_EXTENDED | REG_NOSUB), 0);
    bool fits = regexec(&r, text, 0, NULL, 0) == 0;
    regfree(&r);
    return fits;
}

static bool all_or_any(const json_t *list, const json_t *x, const char *path, bool any)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) if (valid(one, x, any ? "" : path) == any) return any;
    return !any;
}

static const json_t *resolve(const char *reference)
{
    assert_int_equal(strncmp(reference, "#/$defs/", 8), 0);
    const json_t *found = json_object_get(json_object_get(root, "$defs"), reference + 8);
    assert_non_null(found);
    return found;
}

static bool keyword_holds(const json_t *schema, const char *word, const json_t *rule,
                          const json_t *x, const char *path)
{
    static const char *const words_only[] = {"$schema", "title", "description",         "$defs",
                                             "then",    "else",  "additionalProperties"};
    for (size_t i = 0; i < HF_COUNT_OF(words_only); i++)
        if (strcmp(word, words_only[i]) == 0)
            return true;
    if (strcmp(word, "$ref") == 0)
        return valid(resolve(json_string_value(rule)), x, path);
    if (strcmp(word, "type") == 0)
        return type_fits(rule, x);
    if (strcmp(word, "const") == 0)
        return json_equal(rule, x);
    if (strcmp(word, "enum") == 0)
        return in_list(rule, x);
    if (strcmp(word, "required") == 0)
        return !json_is_object(x) || required_there(rule, x, path);
    if (strcmp(word, "properties") == 0)
        return !json_is_object(x) || properties_fit(schema, x, path);
    if (strcmp(word, "items") == 0)
        return !json_is_array(x) || items_fit(rule, x, path);
    if (strcmp(word, "pattern") == 0)
        return !json_is_string(x) || pattern_fits(json_string_value(rule), json_string_value(x));
    if (strcmp(word, "minLength") == 0)
        return !json_is_string(x) || (json_int_t)json_string_length(x) >= json_integer_value(rule);
    if (strcmp(word, "maxItems") == 0)
        return !json_is_array(x) || (json_int_t)json_array_size(x) <= json_integer_value(rule);
    if (strcmp(word, "minimum") == 0)
        return !json_is_number(x) || json_number_value(x) >= json_number_value(rule);
    if (strcmp(word, "maximum") == 0)
        return !json_is_number(x) || json_number_value(x) <= json_number_value(rule);
    if (strcmp(word, "anyOf") == 0)
        return all_or_any(rule, x, path, true);
    if (strcmp(word, "allOf") == 0)
        return all_or_any(rule, x, path, false);
    if (strcmp(word, "if") == 0) {
        const json_t *then = json_object_get(schema, valid(rule, x, "") ? "then" : "else");
        return !then || valid(then, x, path);
    }
    fail_msg("the validator does not know '%s'", word);
    return false;
}

/* An empty path is a question (anyOf, if): nothing is printed. */
static bool valid(const json_t *schema, const json_t *x, const char *path)
{
    const char *word;
    json_t *rule;
    if (!json_object_get(schema, "properties") &&
        json_is_object(json_object_get(schema, "additionalProperties")) && json_is_object(x) &&
        !properties_fit(schema, x, path))
        return false;
    json_object_foreach((json_t *)(uintptr_t)schema, word, rule)
    {
        if (!keyword_holds(schema, word, rule, x, path)) {
            if (*path)
                print_message("%s: against '%s'\n", path, word);
            return false;
        }
    }
    return true;
}

static json_t *load_findings(hf_ctx *ctx, const hf_findings *findings)
{
    hf_outfile *file;
    json_error_t error;
    assert_ok(ctx, hf_outfile_new(&file, ctx, "schema_findings.json"));
    assert_ok(ctx, hf_report_write_json(findings, ctx, file));
    assert_ok(ctx, hf_outfile_commit(file));
    hf_outfile_free(file);
    json_t *document = json_load_file("schema_findings.json", JSON_REJECT_DUPLICATES, &error);
    if (!document)
        fail_msg("line %d: %s", error.line, error.text);
    return document;
}

static json_t *document_of(hf_ctx *ctx, const char *path, hf_consent consent)
{
    hf_analyze_options o = HF_ANALYZE_OPTIONS_INIT;
    o.consent = consent;
    o.me = "Ann";
    o.protocol = "protocol 12";
    o.made_on = "2026-01-02";
    hf_record *record;
    hf_analysis *a = made_analysis(ctx, path, &o, &record);
    json_t *document = load_findings(ctx, hf_analysis_get_findings(a));
    hf_analysis_free(a);
    hf_record_free(record);
    return document;
}

static void documents_fit_the_schema(void **state)
{
    (void)state;
    static const int days[] = {1, 12, 70, 200};
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    for (size_t k = 0; k < HF_COUNT_OF(days); k++)
        for (int consent = 0; consent < 3; consent++) {
            made_chat chat = {.seed = 20 + k, .days = days[k], .first = "Ann", .second = "Ben"};
            made_write(&chat, path);
            json_t *document = document_of(ctx, path, (hf_consent)consent);
            assert_true(valid(root, document, "findings"));
            /* Every example is among the turns. */
            json_t *finding, *id, *turns = json_object_get(document, "turns");
            size_t i, n;
            json_array_foreach(json_object_get(document, "findings"), i, finding)
                json_array_foreach(json_object_get(finding, "examples"), n, id)
            {
                size_t t;
                json_t *turn;
                bool found = false;
                json_array_foreach(turns, t, turn) found |=
                    json_equal(json_object_get(turn, "id"), id);
                assert_true(found);
            }
            json_decref(document);
        }
    remove(path);
    remove("schema_findings.json");
    free(path);
    hf_ctx_free(ctx);
}

static const json_t *figure_of(const json_t *document, const char *id)
{
    size_t i;
    json_t *figure;
    json_array_foreach(json_object_get(document, "figures"), i,
                       figure) if (strcmp(json_string_value(json_object_get(figure, "id")), id) ==
                                   0) return figure;
    return NULL;
}

/* The pages of the theory: fans, portraits, and the origin of every number. */
static void simulations_fit_the_schema(void **state)
{
    (void)state;
    static const char *const origin[2] = {"preset", "given"};
    const hf_pair pair = {{.9, -.3}, {-.4, .9}};
    const hf_change stress = {HF_CHANGE_STRESS, 0, 20, 21, 3};
    hf_ctx *ctx = test_ctx();
    for (int noisy = 0; noisy < 2; noisy++) {
        hf_simulate_options o = HF_SIMULATE_OPTIONS_INIT;
        hf_paths *paths;
        hf_findings *page;
        o.hours = 96;
        o.integrator = noisy ? HF_INTEGRATE_HEUN : HF_INTEGRATE_RK4;
        o.futures = noisy ? 24 : 1;
        o.changes = &stress;
        o.change_count = 1;
        assert_ok(ctx, hf_simulate(&paths, ctx, &pair, 1, &o));
        assert_ok(ctx, hf_paths_to_findings(&page, ctx, paths, origin, "2026-01-02"));
        json_t *document = load_findings(ctx, page);
        assert_true(valid(root, document, "simulation"));
        const json_t *data = json_object_get(figure_of(document, "closeness"), "data");
        const json_t *line = json_array_get(
            json_object_get(json_array_get(json_object_get(data, "panels"), 0), "lines"), 0);
        assert_int_equal(json_array_size(json_object_get(data, "marks")), 1);
        assert_int_equal(json_array_size(json_object_get(data, "x")), 97);
        /* A band where there is chance, and none where there is not. */
        assert_int_equal(json_object_get(line, "lo50") != NULL, noisy);
        assert_non_null(figure_of(document, "origins"));
        assert_non_null(figure_of(document, "loop"));
        json_decref(document);
        hf_findings_free(page);
        hf_paths_free(paths);
    }
    hf_ctx_free(ctx);
}

/* One noisy path looks like a forecast: there is no page of it. */
static void no_page_of_one_noisy_future(void **state)
{
    (void)state;
    const hf_pair pair = {{.9, -.3}, {-.4, .9}};
    hf_simulate_options o = HF_SIMULATE_OPTIONS_INIT;
    hf_paths *paths;
    hf_findings *page;
    hf_ctx *ctx = test_ctx();
    o.hours = 24;
    o.integrator = HF_INTEGRATE_HEUN;
    o.futures = 19;
    assert_ok(ctx, hf_simulate(&paths, ctx, &pair, 1, &o));
    assert_int_equal(hf_paths_to_findings(&page, ctx, paths, NULL, "2026-01-02"), HF_E_USAGE);
    assert_null(page);
    hf_paths_free(paths);
    hf_ctx_free(ctx);
}

static void explorations_fit_the_schema(void **state)
{
    (void)state;
    const hf_pair pair = {{.9, -.3}, {-.4, .9}};
    const hf_scan scan = {"anxiety-a", 0.4, 0.9, 2};
    hf_ctx *ctx = test_ctx();
    hf_findings *page;
    assert_ok(ctx, hf_explore_to_findings(&page, ctx, &pair, 0, NULL, &scan, NULL, "2026-01-02"));
    json_t *document = load_findings(ctx, page);
    assert_true(valid(root, document, "exploration"));
    /* Anxious and avoidant: two basins, both met among the starts; a fold along the scan. */
    size_t i, met[2] = {0};
    json_t *group;
    const json_t *cells =
        json_object_get(json_object_get(figure_of(document, "basins"), "data"), "cells");
    json_array_foreach(json_object_get(cells, "group"), i, group)
    {
        double k = json_number_value(group);
        assert_true(k == 0 || k == 1);
        met[k > 0]++;
    }
    assert_true(met[0] > 10 && met[1] > 10);
    assert_non_null(hf_findings_find(page, "exp_scan_1.ab"));
    assert_non_null(figure_of(document, "stress"));
    json_decref(document);
    hf_findings_free(page);
    const hf_scan wrong = {"anxiety-c", 0, 1, 3};
    assert_int_equal(hf_explore_to_findings(&page, ctx, &pair, 0, NULL, &wrong, NULL, "2026-01-02"),
                     HF_E_USAGE);
    hf_ctx_free(ctx);
}

/* The validator itself refuses what is wrong. */
static void the_validator_refuses(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    char *path = made_path();
    made_chat chat = {.seed = 30, .days = 70, .first = "Ann", .second = "Ben"};
    made_write(&chat, path);
    json_t *document = document_of(ctx, path, HF_CONSENT_BOTH);
    json_t *first = json_array_get(json_object_get(document, "findings"), 0);
    json_object_set_new(first, "grade", json_string("D"));
    assert_false(valid(root, document, ""));
    json_object_set_new(first, "grade", json_string("B"));
    assert_true(valid(root, document, ""));
    json_object_set_new(first, "status", json_string("not_enough_data"));
    assert_false(valid(root, document, ""));
    json_object_set_new(first, "status", json_string("seen"));
    json_object_del(json_object_get(document, "record"), "turns");
    assert_false(valid(root, document, ""));
    json_decref(document);
    remove(path);
    free(path);
    hf_ctx_free(ctx);
}

static int load_schema(void **state)
{
    (void)state;
    json_error_t error;
    root = json_load_file(HF_SOURCE_DIR "/doc/schema/findings.schema.json", 0, &error);
    return root ? 0 : -1;
}

static int free_schema(void **state)
{
    (void)state;
    json_decref(root);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_fit_the_schema), cmocka_unit_test(simulations_fit_the_schema),
        cmocka_unit_test(no_page_of_one_noisy_future),
        cmocka_unit_test(explorations_fit_the_schema), cmocka_unit_test(the_validator_refuses)};
    return cmocka_run_group_tests(tests, load_schema, free_schema);
}
