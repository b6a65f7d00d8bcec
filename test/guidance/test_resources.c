/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* Resources, the referral brief, the ranking of a directory. */
#include "support/failing_alloc.h"

#include <holdfast/safety.h>

#include <stdio.h>
#include <unistd.h>

static const char header[] = "country,language,kind,name,phone,text,url,hours,audience,"
                             "last_verified,verified_by,note\n";
static const char path[] = "resources_test.tmp", other[] = "resources_test_b.tmp";

static void put(const char *file, const char *a, const char *b)
{
    FILE *f = fopen(file, "w");
    assert_non_null(f);
    fprintf(f, "%s%s", a, b);
    fclose(f);
}

static char *get(const char *file)
{
    FILE *f = fopen(file, "rb");
    char *text = calloc(1, 1 << 16);
    assert_non_null(f);
    assert_true(fread(text, 1, (1 << 16) - 1, f) > 0);
    fclose(f);
    return text;
}

static void the_library_s_table(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_resources *t;
    char line[1024];
    static const char *const names[] = {"HelpGuide", "NIMH", "APA", "findahelpline", "Samaritans"};
    bool there[HF_COUNT_OF(names)] = {false};
    assert_ok(ctx, hf_resources_read(&t, ctx, NULL, "2026-11-27"));
    for (size_t i = 0; i < hf_resources_count(t); i++) {
        const hf_resource *r = hf_resources_at(t, i);
        for (size_t k = 0; k < HF_COUNT_OF(names); k++)
            there[k] |= strstr(r->name, names[k]) != NULL;
        /* Nobody has called them yet: no row may look as if. */
        assert_int_equal(r->state, HF_RESOURCE_UNVERIFIED);
        assert_ok(ctx, hf_resource_say(r, "en", line, sizeof line));
        assert_non_null(strstr(line, "[not verified]"));
    }
    for (size_t k = 0; k < HF_COUNT_OF(names); k++)
        assert_true(there[k]);
    assert_true(hf_resources_know(t, "de") && hf_resources_know(t, "GB") &&
                hf_resources_know(t, "AT"));
    assert_false(hf_resources_know(t, "XX"));
    size_t rows = 0, directory = 0;
    for (size_t i = 0; i < hf_resources_count(t); i++)
        if (hf_resource_is_for(hf_resources_at(t, i), "XX")) {
            rows++;
            directory += strcmp(hf_resources_at(t, i)->kind, "directory") == 0;
            assert_string_equal(hf_resources_at(t, i)->country, "all");
        }
    assert_true(rows >= 1 && directory >= 1);
    hf_resources_free(t);
    hf_ctx_free(ctx);
}

static void dates_and_marks(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_resources *t;
    char line[256];
    static const struct {
        const char *cells;
        hf_resource_state want;
    } rows[] = {{",,", HF_RESOURCE_UNVERIFIED},
                {"2026-11-01,,", HF_RESOURCE_UNVERIFIED}, /* nobody's word */
                {"2026-11-01,ML,", HF_RESOURCE_VERIFIED},
                {"2025-11-27,ML,", HF_RESOURCE_VERIFIED}, /* a year to the day */
                {"2025-11-26,ML,", HF_RESOURCE_OLD},
                {"2026-12-24,ML,", HF_RESOURCE_OLD}};
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        snprintf(line, sizeof line, "US,en,suicide,Line,1,,,24/7,all,%s\n", rows[i].cells);
        put(path, header, line);
        assert_ok(ctx, hf_resources_read(&t, ctx, path, "2026-11-27"));
        const hf_resource *r = hf_resources_at(t, 0);
        assert_int_equal(r->state, rows[i].want);
        assert_ok(ctx, hf_resource_say(r, "de", line, sizeof line));
        assert_int_equal(strstr(line, "geprüft]") == NULL, r->state == HF_RESOURCE_VERIFIED);
        hf_resources_free(t);
    }
    static const char *const bad[] = {"US,en,magic,Line,1,,,,,,,\n", "US,en,suicide,,1,,,,,,,\n",
                                      "US,en,suicide,Line,,,,,,,,\n",
                                      "US,en,suicide,Line,1,,,,,last year,ML,\n"};
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++) {
        put(path, header, bad[i]);
        assert_int_equal(hf_resources_read(&t, ctx, path, "2026-11-27"), HF_E_PARSE);
        assert_int_equal(hf_ctx_get_error(ctx)->line, 2);
        assert_true(strlen(hf_ctx_get_error(ctx)->advice) > 10);
    }
    put(path, "country,kind\n", "US,suicide\n");
    assert_int_equal(hf_resources_read(&t, ctx, path, "2026-11-27"), HF_E_PARSE);
    assert_int_equal(hf_resources_read(&t, ctx, "no such file", "2026-11-27"), HF_E_IO);
    unlink(path);
    hf_ctx_free(ctx);
}

static hf_brief brief(void)
{
    hf_brief b = HF_BRIEF_INIT;
    b.needs = "old hurt";
    b.language = "German;English";
    b.mode = "remote";
    b.cost = "up to 80";
    b.made_on = "2026-11-27";
    return b;
}

static void only_what_was_ticked(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_brief b = brief(), empty = HF_BRIEF_INIT;
    static hf_status (*const writers[])(const hf_brief *, hf_ctx *, hf_outfile *) = {
        hf_brief_write_text, hf_brief_write_html, hf_brief_write_json};
    b.needs = "old <hurt> & \"more\"";
    for (size_t i = 0; i < HF_COUNT_OF(writers); i++) {
        hf_outfile *f;
        assert_ok(ctx, hf_outfile_new(&f, ctx, path));
        assert_ok(ctx, writers[i](&b, ctx, f));
        assert_ok(ctx, hf_outfile_commit(f));
        hf_outfile_free(f);
        char *text = get(path);
        assert_non_null(strstr(text, i == 1 ? "old &lt;hurt&gt; &amp; &quot;more&quot;" : "old <hurt> & "));
        assert_non_null(strstr(text, "German;English"));
        static const char *const absent[] = {"vailability", "have time", "Place", "place", "Wishes",
                                             "wishes", "Name", "\"name\"", "null", "fear", "<script"};
        for (size_t k = 0; k < HF_COUNT_OF(absent); k++)
            if (strstr(text, absent[k]))
                fail_msg("the brief holds '%s'", absent[k]);
        free(text);
        assert_ok(ctx, hf_outfile_new(&f, ctx, path));
        assert_int_equal(writers[i](&empty, ctx, f), HF_E_USAGE);
        hf_outfile_free(f);
    }
    unlink(path);
    hf_ctx_free(ctx);
}

static const char directory[] = "name,language,mode,cost,needs\n"
                                "No,french,in person,200,sleep\n"
                                "Blank,,,,\n"
                                "Half,German,in person,60,\n"
                                "Full,english;german,remote;in person,80,old hurt\n"
                                "Twin,german,remote,75,Old Hurt;grief\n";

static void check_ranking(hf_ctx *ctx, const char *file)
{
    hf_ranking *r;
    hf_brief b = brief();
    assert_ok(ctx, hf_ranking_read(&r, ctx, &b, file, NULL, NULL));
    assert_int_equal(hf_ranking_count(r), 5);
    const hf_ranked *x[5];
    for (size_t i = 0; i < 5; i++)
        x[i] = hf_ranking_get(r, i);
    /* Ties are shown as ties, in the order of the file. */
    assert_string_equal(x[0]->name, "Full");
    assert_string_equal(x[1]->name, "Twin");
    assert_true(x[0]->tied && x[1]->tied && x[0]->rank == 1 && x[1]->rank == 1);
    assert_true(x[0]->score == 1);
    assert_string_equal(x[2]->name, "Half");
    assert_int_equal(x[2]->rank, 3);
    assert_string_equal(x[2]->reason,
                        "needs"
                        ": not said (3); language: yes (3); mode: no (2); cost: yes (2)");
    /* Unknown is no 'no': whoever says nothing stands before whoever does not fit. */
    assert_string_equal(x[3]->name, "Blank");
    assert_true(x[3]->score == 0.5);
    assert_string_equal(x[4]->name, "No");
    assert_true(x[4]->score == 0);
    hf_ranking_free(r);
    /* Hard filters first: what is unknown passes them. */
    assert_ok(ctx, hf_ranking_read(&r, ctx, &b, file, NULL, "language,mode"));
    assert_int_equal(hf_ranking_count(r), 3);
    assert_int_equal(hf_ranking_left_out(r), 2);
    assert_string_equal(hf_ranking_get(r, 2)->name, "Blank");
    hf_ranking_free(r);
}

static void ranking(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_ranking *r;
    hf_brief b = brief();
    put(path, directory, "");
    check_ranking(ctx, path);
    put(path,
        "[{\"name\":\"No\",\"language\":\"french\",\"mode\":\"in person\",\"cost\":200,"
        "\"needs\":\"sleep\"},{\"name\":\"Blank\"},{\"name\":\"Half\",\"language\":\"German\","
        "\"mode\":\"in person\",\"cost\":60},",
        "{\"name\":\"Full\",\"language\":\"english;german\",\"mode\":\"remote;in person\","
        "\"cost\":\"80\",\"needs\":\"old hurt\"},{\"name\":\"Twin\",\"language\":\"german\","
        "\"mode\":\"remote\",\"cost\":75,\"needs\":\"Old Hurt;grief\"}]");
    check_ranking(ctx, path);
    /* Own weights turn the order; a bad line is named. */
    put(path, directory, "");
    put(other, "mode 100\n", "language 0\nneeds 0\ncost 0\n");
    assert_ok(ctx, hf_ranking_read(&r, ctx, &b, path, other, NULL));
    assert_string_equal(hf_ranking_get(r, 2)->name, "Blank");
    hf_ranking_free(r);
    put(other, "# mine\n", "sympathy 3\n");
    assert_int_equal(hf_ranking_read(&r, ctx, &b, path, other, NULL), HF_E_PARSE);
    assert_int_equal(hf_ctx_get_error(ctx)->line, 2);
    assert_int_equal(hf_ranking_read(&r, ctx, &b, path, NULL, "sympathy"), HF_E_USAGE);
    put(path, "language\n", "german\n");
    assert_int_equal(hf_ranking_read(&r, ctx, &b, path, NULL, NULL), HF_E_PARSE);
    put(path, "{\"name\":\"x\"}", "");
    assert_int_equal(hf_ranking_read(&r, ctx, &b, path, NULL, NULL), HF_E_PARSE);
    unlink(path);
    unlink(other);
    hf_ctx_free(ctx);
}

static hf_status rank_once(hf_ctx *ctx, void *user)
{
    hf_ranking *r;
    hf_brief b = brief();
    hf_status s = hf_ranking_read(&r, ctx, &b, user, NULL, "mode");
    hf_ranking_free(r);
    return s;
}

static void memory(void **state)
{
    (void)state;
    char file[] = "resources_test.tmp";
    put(file, directory, "");
    assert_true(test_each_allocation_fails(rank_once, file) > 5);
    unlink(file);
}

RUN_TESTS(cmocka_unit_test(the_library_s_table), cmocka_unit_test(dates_and_marks),
          cmocka_unit_test(only_what_was_ticked), cmocka_unit_test(ranking), cmocka_unit_test(memory))
