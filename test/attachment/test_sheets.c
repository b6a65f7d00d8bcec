/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* Answer sheets from tables: what is understood, and what is refused by row and column. */
#include "attachment/instrument.h"
#include "support/failing_alloc.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

static const char small[] = "instrument small\nstatus own\nitems 6\nrange 1 7\n"
                            "range-in-use 1 5\nscale s\nscore mean\norder o\nkey s 1 2R 3 4 5 6\n";

static char *temporary(const char *text)
{
    static char path[64];
    snprintf(path, sizeof path, "sheets_%ld.csv", (long)getpid());
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fwrite(text, 1, strlen(text), f);
    fclose(f);
    return path;
}

typedef struct fixture {
    hf_ctx *ctx;
    hf_instrument *in;
    hf_sheets *sheets;
    hf_sheet_options o;
} fixture;

static fixture open_small(void)
{
    fixture f = {.ctx = test_ctx(), .o = HF_SHEET_OPTIONS_INIT};
    assert_ok(f.ctx, hf_instrument_parse(&f.in, f.ctx, "small", small, strlen(small)));
    return f;
}

static hf_status read_text(fixture *f, const char *text)
{
    char *path = temporary(text);
    hf_sheets_free(f->sheets);
    hf_status s = hf_sheets_read(&f->sheets, f->ctx, f->in, path, &f->o);
    unlink(path);
    return s;
}

static void close_small(fixture *f)
{
    hf_sheets_free(f->sheets);
    hf_instrument_free(f->in);
    hf_ctx_free(f->ctx);
}

static void refused(fixture *f, const char *text, hf_status want, const char *says)
{
    hf_status s = read_text(f, text);
    const hf_error *e = hf_ctx_get_error(f->ctx);
    if (s != want || !(strstr(e->message, says) || strstr(e->advice, says)))
        fail_msg("%s: '%s' | '%s', wanted %s: '%s'", hf_status_name(s), e->message, e->advice,
                 hf_status_name(want), says);
    assert_null(f->sheets);
}

#define HEAD "id,Q1,Q2,Q3,Q4,Q5,Q6\n"

static void understood(void **state)
{
    (void)state;
    fixture f = open_small();
    hf_sheet_who who;
    assert_ok(f.ctx, read_text(&f, "age,ecr_06,ecr_05,ecr_04,ecr_03,ecr_02,ecr_01,participant\n"
                                   "30,6,5,4,3,2,1,Ann\n41,1, 2 ,NA,,5.0,\"6\",Ben\n"));
    assert_int_equal(hf_sheets_count(f.sheets), 2);
    const int8_t first[6] = {1, 2, 3, 4, 5, 6};
    const int8_t second[6] = {6, 5, HF_ANSWER_MISSING, HF_ANSWER_MISSING, 2, 1};
    assert_memory_equal(hf_sheets_answers(f.sheets, 0), first, 6);
    assert_memory_equal(hf_sheets_answers(f.sheets, 1), second, 6);
    hf_sheets_get(f.sheets, 1, &who);
    assert_string_equal(who.person, "Ben");
    assert_null(who.dyad);
    assert_int_equal(who.line, 3);
    assert_non_null(strstr(hf_sheets_reading(f.sheets), "ecr_0"));
    /* Semicolons, a mark at the start, a code for 'not answered'. */
    f.o.missing = "-9, 99";
    assert_ok(f.ctx, read_text(&f, "\xef\xbb\xbfid;q1;q2;q3;q4;q5;q6\r\n1;1;2;3;-9;99;7\r\n"));
    assert_int_equal(hf_sheets_answers(f.sheets, 0)[3], HF_ANSWER_MISSING);
    assert_int_equal(hf_sheets_answers(f.sheets, 0)[5], 7);
    close_small(&f);
}

static void columns(void **state)
{
    (void)state;
    fixture f = open_small();
    refused(&f, "id,Q1,Q2,Q3,Q4,Q5\n1,1,1,1,1,1\n", HF_E_FORMAT, "'Q6' is not there");
    refused(&f, "id,Q1,Q2,Q3,Q4,Q5,Q6,Q7\n1,1,1,1,1,1,1,1\n", HF_E_FORMAT, "a column 'Q7'");
    refused(&f, "id,Q1,Q2,Q3,Q4,Q5,Q6,q6\n1,1,1,1,1,1,1,1\n", HF_E_FORMAT, "two columns");
    refused(&f, "id,a,b\n1,1,1\n", HF_E_FORMAT, "is not there");
    refused(&f, "Q1,Q2,Q3,Q4,Q5,Q6,T1,T2,T3,T4,T5,T6\n1,1,1,1,1,1,1,1,1,1,1,1\n", HF_E_AMBIGUOUS,
            "--prefix");
    f.o.prefix = "T";
    assert_ok(f.ctx, read_text(&f, "Q1,Q2,Q3,Q4,Q5,Q6,T1,T2,T3,T4,T5,T6\n"
                                   "1,1,1,1,1,1,2,2,2,2,2,2\n"));
    assert_int_equal(hf_sheets_answers(f.sheets, 0)[0], 2);
    f.o.prefix = "zz";
    refused(&f, HEAD "1,1,1,1,1,1,1\n", HF_E_FORMAT, "'zz1' is not there");
    f.o.prefix = NULL;
    f.o.person = "who";
    refused(&f, HEAD "1,1,1,1,1,1,1\n", HF_E_FORMAT, "no column 'who'");
    refused(&f, "", HF_E_FORMAT, "empty");
    f.o.person = NULL;
    refused(&f, HEAD, HF_E_NOT_ENOUGH_DATA, "no answer sheet");
    close_small(&f);
}

static void bad_cells(void **state)
{
    (void)state;
    fixture f = open_small();
    refused(&f, HEAD "1,1,2,3,4,5,6\n2,1,2,8,4,5,6\n", HF_E_RANGE,
            "row 3, column Q3: 8 is not within 1 to 7");
    assert_int_equal(hf_ctx_get_error(f.ctx)->line, 3);
    refused(&f, HEAD "1,1,2,three,4,5,6\n", HF_E_RANGE, "column Q3: 'three' is not a whole number");
    refused(&f, HEAD "1,1,2,3.5,4,5,6\n", HF_E_RANGE, "'3.5' is not a whole number");
    refused(&f, HEAD "1,1,2,3,4,5\n", HF_E_RANGE, "row 2 has 6 cells, the header has 7");
    refused(&f, HEAD "1,1,2,3,4,5,6\n1,1,2,3,4,5,6\n", HF_E_RANGE, "'1' is there twice");
    refused(&f, HEAD ",1,2,3,4,5,6\n", HF_E_RANGE, "the person is empty");
    /* All bad cells are counted, the first ones named. */
    refused(&f, HEAD "1,9,9,9,9,9,9\n2,9,1,1,1,1,1\n", HF_E_RANGE, "and 2 more");
    /* One value out of range everywhere: probably a code; the range in use is named, too. */
    refused(&f, HEAD "1,0,2,3,4,5,1\n2,5,4,0,1,1,1\n", HF_E_RANGE, "--missing 0");
    assert_non_null(strstr(hf_ctx_get_error(f.ctx)->advice, "--range 1-5"));
    /* Answers beyond a range that was declared too narrow. */
    f.o.min = 1;
    f.o.max = 5;
    refused(&f, HEAD "1,1,2,3,4,5,6\n2,5,4,7,1,1,1\n", HF_E_RANGE, "say --range 1-7");
    f.o.min = f.o.max = 0;
    f.o.missing = "3";
    refused(&f, HEAD "1,1,2,3,4,5,6\n", HF_E_USAGE, "it is an answer");
    f.o.missing = "x";
    refused(&f, HEAD "1,1,2,3,4,5,6\n", HF_E_USAGE, "no code");
    f.o.missing = NULL;
    f.o.min = 5;
    f.o.max = 1;
    refused(&f, HEAD "1,1,2,3,4,5,6\n", HF_E_USAGE, "cannot be");
    close_small(&f);
}

static void couples(void **state)
{
    (void)state;
    fixture f = open_small();
    const char *a, *b;
    f.o.dyad = "id";
    refused(&f, HEAD "1,1,2,3,4,5,6\n", HF_E_USAGE, "go together");
    f.o.partner = "role";
    assert_ok(f.ctx, read_text(&f, "id,role,Q1,Q2,Q3,Q4,Q5,Q6\n1,w,1,2,3,4,5,6\n1,m,7,6,5,4,3,2\n"
                                   "2,m,1,1,1,1,1,1\n"));
    hf_sheets_partners(f.sheets, &a, &b);
    assert_string_equal(a, "m");
    assert_string_equal(b, "w");
    hf_scoring *p;
    hf_sheet_pair *pairs;
    size_t n;
    assert_ok(f.ctx, hf_score_run(&p, f.ctx, f.in, f.sheets, NULL));
    assert_ok(f.ctx, hf_scoring_pairs(&pairs, &n, f.ctx, p));
    assert_int_equal(n, 2);
    assert_int_equal(pairs[0].a, 1);
    assert_int_equal(pairs[0].b, 0);
    assert_int_equal(pairs[1].a, 2);
    assert_true(pairs[1].b == SIZE_MAX);
    assert_string_equal(pairs[1].dyad, "2");
    hf_scoring_pairs_free(f.ctx, pairs);
    hf_scoring_free(p);
    refused(&f, "id,role,Q1,Q2,Q3,Q4,Q5,Q6\n1,w,1,2,3,4,5,6\n1,w,7,6,5,4,3,2\n", HF_E_RANGE,
            "partner 'w' of dyad '1' is there twice");
    refused(&f, "id,role,Q1,Q2,Q3,Q4,Q5,Q6\n1,w,1,2,3,4,5,6\n1,m,1,1,1,1,1,1\n1,x,7,6,5,4,3,2\n",
            HF_E_RANGE, "'x' is a third partner");
    close_small(&f);
}

/* Four people at three occasions; a SEM of .5 makes 1.39 the threshold. */
static void change(void **state)
{
    (void)state;
    fixture f = open_small();
    hf_scoring *p;
    hf_score_change *c;
    hf_score_options so;
    size_t n;
    f.o.occasion = "wave";
    assert_ok(f.ctx, read_text(&f, "id,wave,Q1,Q2,Q3,Q4,Q5,Q6\n"
                                   "A,10,3,5,3,3,3,3\nA,2,1,7,1,1,1,1\nA,1,4,4,4,4,4,4\n"
                                   "B,1,4,4,4,4,4,4\nB,2,5,3,5,5,5,5\nC,1,,,,,,\nC,2,1,7,1,1,1,1\n"
                                   "D,2,1,1,1,1,1,1\n"));
    hf_score_options_init(&so);
    so.sem[0] = 0.5;
    assert_ok(f.ctx, hf_score_run(&p, f.ctx, f.in, f.sheets, &so));
    assert_int_equal(p->scales[0].sem_source, HF_SEM_GIVEN);
    assert_ok(f.ctx, hf_scoring_changes(&c, &n, f.ctx, p));
    assert_int_equal(n, 5); /* A: 1-2, 2-10, 1-10; B: 1-2; C: 1-2; D alone */
    assert_int_equal(c[0].from, 2);
    assert_int_equal(c[0].to, 1);
    assert_true(c[0].difference == -3 && c[0].state == HF_CHANGE_DOWN);
    assert_true(fabs(c[0].threshold - 1.96 * .5 * sqrt(2)) < 1e-12);
    assert_true(c[1].difference == 2 && c[1].state == HF_CHANGE_UP);
    assert_true(c[2].difference == -1 && c[2].state == HF_CHANGE_NONE);
    assert_true(c[2].from == 2 && c[2].to == 0);
    assert_true(c[3].difference == 1 && c[3].state == HF_CHANGE_NONE);
    assert_true(c[4].state == HF_CHANGE_NOT_ENOUGH && isnan(c[4].rci));
    assert_string_equal(hf_change_state_name(c[3].state), "too close to call");
    hf_scoring_changes_free(f.ctx, c);
    hf_scoring_free(p);
    refused(&f, "id,wave,Q1,Q2,Q3,Q4,Q5,Q6\nA,1,1,2,3,4,5,6\nA,1,1,2,3,4,5,6\n", HF_E_RANGE,
            "'A' is there twice");
    close_small(&f);
}

static void prorating(void **state)
{
    (void)state;
    fixture f = open_small();
    hf_scoring *p;
    /* Six items of a mean scale: one may be missing. */
    assert_ok(f.ctx, read_text(&f, HEAD "1,1,7,1,1,1,\n2,1,7,1,1,,\n3,2,4,,3,3,3\n"));
    assert_ok(f.ctx, hf_score_run(&p, f.ctx, f.in, f.sheets, NULL));
    assert_int_equal(p->scores[0].state, HF_SCORE_PRORATED);
    assert_true(p->scores[0].value == 1);
    assert_int_equal(p->scores[0].answered, 5);
    assert_int_equal(p->scores[1].state, HF_SCORE_NOT_ENOUGH);
    assert_true(isnan(p->scores[1].value) && isnan(p->scores[1].lo));
    assert_true(p->scores[2].value == (2 + 4 + 3 + 3 + 3) / 5.0);
    assert_int_equal(p->scales[0].prorated, 2);
    assert_int_equal(p->scales[0].not_enough, 1);
    assert_int_equal(p->scales[0].sem_source, HF_SEM_NONE);
    assert_true(isnan(p->scores[0].lo));
    hf_scoring_free(p);
    close_small(&f);
}

static void targets(void **state)
{
    (void)state;
    fixture f = open_small();
    hf_sheet_who who;
    hf_instrument_free(f.in);
    assert_ok(f.ctx, hf_instrument_get(&f.in, f.ctx, "ecr-rs"));
    f.o.order = "printed";
#define NINE(p) p "1," p "2," p "3," p "4," p "5," p "6," p "7," p "8," p "9"
    assert_ok(f.ctx, read_text(&f, "id," NINE("mother_") "," NINE(
                                       "Partner") "\n"
                                                  "1,1,2,3,4,5,6,7,1,2,7,7,7,7,1,1,1,1,1\n"
                                                  "2,,,,,,,,,,7,7,7,7,1,1,1,1,1\n"));
    assert_int_equal(hf_sheets_count(f.sheets), 3); /* nobody has to answer for each */
    hf_sheets_get(f.sheets, 0, &who);
    assert_string_equal(who.target, "mother");
    hf_sheets_get(f.sheets, 2, &who);
    assert_string_equal(who.target, "partner");
    assert_string_equal(who.person, "2");
    hf_scoring *p;
    hf_target_mean *m;
    size_t n;
    assert_ok(f.ctx, hf_score_run(&p, f.ctx, f.in, f.sheets, NULL));
    assert_ok(f.ctx, hf_scoring_target_means(&m, &n, f.ctx, p));
    assert_int_equal(n, 4); /* two people, two scales */
    assert_int_equal(m[0].targets, 2);
    /* Avoidance, mother: (7+6+5+4+5+6)/6, partner: (1+1+1+1+1+1)/6. */
    assert_true(m[0].mean == (33 / 6.0 + 1) / 2);
    assert_true(m[1].mean == (10 / 3.0 + 1) / 2);
    assert_true(m[2].targets == 1 && isnan(m[2].mean));
    hf_scoring_target_means_free(f.ctx, m);
    hf_scoring_free(p);
    assert_ok(f.ctx, read_text(&f, "id,target," NINE("Q") "\n1,friend,1,2,3,4,5,6,7,1,2\n"
                                                          "1,father,1,2,3,4,5,6,7,1,2\n"));
    refused(&f, "id," NINE("Q") "\n1,1,2,3,4,5,6,7,1,2\n", HF_E_FORMAT, "does not say for whom");
    refused(&f, "id,target," NINE("Q") "\n1,boss,1,2,3,4,5,6,7,1,2\n", HF_E_RANGE,
            "does not ask about 'boss'");
    close_small(&f);
}

static void labels(void **state)
{
    (void)state;
    fixture f = open_small();
    hf_instrument_free(f.in);
    assert_ok(f.ctx, hf_instrument_get(&f.in, f.ctx, "cpq-sf"));
    assert_int_equal(read_text(&f, "A2\n1\n"), HF_E_USAGE); /* the key has to be named */
    f.o.order = "futris-2010";
    assert_int_equal(read_text(&f, "A2\n1\n"), HF_E_UNSUPPORTED);
    f.o.order = "dw";
    assert_ok(f.ctx, read_text(&f, "A2,B4,B6,A3a,B7a,B8a,A3b,B7b,B8b\n1,2,3,4,5,6,7,8,9\n"));
    assert_int_equal(hf_sheets_answers(f.sheets, 0)[1], 1);  /* A2 is the second item */
    assert_int_equal(hf_sheets_answers(f.sheets, 0)[10], 9); /* B8b the eleventh */
    refused(&f, "A2,B4,B6,A3a,B7a,B8a,A3b,B7b\n1,2,3,4,5,6,7,8\n", HF_E_FORMAT, "not there");
    close_small(&f);
}

static void signposts_stay_private(void **state)
{
    (void)state;
    fixture f = open_small();
    hf_instrument_free(f.in);
    assert_ok(f.ctx, hf_instrument_get(&f.in, f.ctx, "phq-9"));
    f.o.order = "printed";
    f.o.dyad = "id";
    f.o.partner = "role";
    refused(&f, "id,role,Q1,Q2,Q3,Q4,Q5,Q6,Q7,Q8,Q9\n1,a,0,0,0,0,0,0,0,0,0\n", HF_E_CONSENT,
            "never shown side by side");
    close_small(&f);
}

static hf_status everything(hf_ctx *ctx, void *user)
{
    hf_instrument *in = NULL;
    hf_sheets *sheets = NULL;
    hf_scoring *p = NULL;
    hf_score_change *c = NULL;
    hf_sheet_pair *pairs = NULL;
    size_t n;
    hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
    o.dyad = "id";
    o.partner = "role";
    o.occasion = "wave";
    hf_status s = hf_instrument_parse(&in, ctx, "small", small, strlen(small));
    if (s == HF_OK)
        s = hf_sheets_read(&sheets, ctx, in, user, &o);
    if (s == HF_OK)
        s = hf_score_run(&p, ctx, in, sheets, NULL);
    if (s == HF_OK)
        s = hf_scoring_changes(&c, &n, ctx, p);
    if (s == HF_OK)
        s = hf_scoring_pairs(&pairs, &n, ctx, p);
    hf_scoring_changes_free(ctx, c);
    hf_scoring_pairs_free(ctx, pairs);
    hf_scoring_free(p);
    hf_sheets_free(sheets);
    hf_instrument_free(in);
    return s;
}

static void allocations(void **state)
{
    (void)state;
    char text[4096], *p = text;
    p += snprintf(p, 100, "id,role,wave,Q1,Q2,Q3,Q4,Q5,Q6\n");
    for (int i = 0; i < 20; i++)
        for (int k = 0; k < 4; k++)
            p += snprintf(p, 60, "%d,%c,%d,%d,%d,%d,%d,%d,%d\n", i, "wm"[k % 2], k / 2, 1 + i % 7,
                          7 - i % 7, 1 + i % 7, 1 + (i + k) % 7, 1 + i % 7, 1 + i % 7);
    char *path = temporary(text);
    assert_true(test_each_allocation_fails(everything, path) > 10);
    unlink(path);
}

RUN_TESTS(cmocka_unit_test(understood), cmocka_unit_test(columns), cmocka_unit_test(bad_cells),
          cmocka_unit_test(couples), cmocka_unit_test(change), cmocka_unit_test(prorating),
          cmocka_unit_test(targets), cmocka_unit_test(labels),
          cmocka_unit_test(signposts_stay_private), cmocka_unit_test(allocations))
