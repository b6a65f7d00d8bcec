/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* data/mechanisms.csv: every claim S1 to S97 once, and what is said to be built has a place and a
 * test that are really there. */
#include "support/test.h"
#include "text/csv.h"

#include <stdio.h>
#include <sys/stat.h>

enum { MECHANISM, WHAT, STATUS, ROOM, PLACE, TEST, REASON, COLUMNS, CLAIMS = 97 };

static bool exists(const char *path)
{
    char full[1024];
    struct stat st;
    snprintf(full, sizeof full, "%s/%s", HF_SOURCE_DIR, path);
    return stat(full, &st) == 0;
}

/* "room.name" is test/room/test_name.c or .sh. */
static bool test_exists(const char *name)
{
    const char *dot = strchr(name, '.');
    char path[256];
    for (int i = 0; dot && i < 2; i++) {
        snprintf(path, sizeof path, "test/%.*s/test_%s.%s", (int)(dot - name), name, dot + 1,
                 i ? "sh" : "c");
        if (exists(path))
            return true;
    }
    return false;
}

/* What is wrong with a row; NULL: nothing. */
static const char *wrong(char cells[COLUMNS][256])
{
    if (!cells[WHAT][0] || !cells[ROOM][0])
        return "no claim or no room";
    if (strcmp(cells[STATUS], "text") == 0 || strcmp(cells[STATUS], "later") == 0)
        return cells[REASON][0] ? NULL : "no reason";
    if (strcmp(cells[STATUS], "built") != 0)
        return "status is not built, text or later";
    if (!cells[PLACE][0] || !exists(cells[PLACE]))
        return "its place is not there";
    return test_exists(cells[TEST]) ? NULL : "its test is not there";
}

static void complains_when_it_should(void **state)
{
    (void)state;
    static const char *const rows[][COLUMNS] = {
        {"S1", "x", "built", "base", "README.md", "base.ctx", ""},
        {"S1", "x", "built", "base", "README.md", "base.nothing", ""},
        {"S1", "x", "built", "base", "README.md", "", ""},
        {"S1", "x", "built", "base", "nowhere.c", "base.ctx", ""},
        {"S1", "x", "text", "base", "", "", ""},
        {"S1", "x", "later", "base", "", "", "soon"},
        {"S1", "x", "done", "base", "README.md", "base.ctx", ""}};
    static const bool good[] = {true, false, false, false, false, true, false};
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        char cells[COLUMNS][256];
        for (int c = 0; c < COLUMNS; c++)
            snprintf(cells[c], sizeof cells[c], "%s", rows[i][c]);
        assert_int_equal(wrong(cells) == NULL, good[i]);
    }
}

static void every_claim_has_its_row(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_file file;
    hf_i_csv_reader r;
    hf_i_csv_options options = {.delimiter = ',', .comment = '#'};
    bool seen[CLAIMS + 1] = {false}, got;
    int complaints = 0, built = 0;
    assert_ok(ctx, hf_i_file_open(&file, ctx, HF_SOURCE_DIR "/data/mechanisms.csv"));
    assert_ok(ctx, hf_i_csv_open(&r, ctx, "mechanisms.csv", file.data, file.size, &options));
    assert_ok(ctx, hf_i_csv_next(&r, &got));
    for (;;) {
        char cells[COLUMNS][256];
        assert_ok(ctx, hf_i_csv_next(&r, &got));
        if (!got)
            break;
        assert_int_equal(r.count, COLUMNS);
        for (int c = 0; c < COLUMNS; c++)
            snprintf(cells[c], sizeof cells[c], "%.*s", (int)r.cells[c].len, r.cells[c].text);
        int number = 0;
        assert_int_equal(sscanf(cells[MECHANISM], "S%d", &number), 1);
        assert_true(number >= 1 && number <= CLAIMS && !seen[number]);
        seen[number] = true;
        const char *what = wrong(cells);
        if (what)
            print_message("data/mechanisms.csv:%llu: %s: %s\n", (unsigned long long)r.line,
                          cells[MECHANISM], what);
        complaints += what != NULL;
        built += strcmp(cells[STATUS], "built") == 0;
    }
    for (int i = 1; i <= CLAIMS; i++)
        if (!seen[i])
            fail_msg("S%d has no row", i);
    print_message("%d of %d claims built\n", built, CLAIMS);
    assert_int_equal(complaints, 0);
    hf_i_csv_dispose(&r);
    hf_i_file_close(&file);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(complains_when_it_should), cmocka_unit_test(every_claim_has_its_row))
