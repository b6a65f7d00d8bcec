/* SPDX-License-Identifier: MIT */
/* labels: unit property */
/* The whole chain on a small invented suite: train, write, open, code; the same bytes for any
 * number of threads; bad input; damaged weights; every allocation of coding failing once. */
#include "signal/text/suite.h"
#include "support/failing_alloc.h"

#include <holdfast/text_model.h>

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "text_model_XXXXXX"; /* in the folder the test runs in */
static char weights[256];
static hf_ctx *ctx;
static hf_text_model *model;

static FILE *create(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    return f;
}

/* Each emotion has a word of its own in the midst of common ones. */
static void write_emotions(const char *name, int rows)
{
    static const char *const common[] = {"really", "this", "is",   "so",
                                         "well",   "now",  "then", "yes"};
    FILE *f = create(name);
    for (int i = 0; i < rows; i++) {
        int k = i % 28;
        fprintf(f, "%s %s %s word%s %s\t%d\tg%d\n", common[i % 8], common[i / 3 % 8],
                common[i / 5 % 8], hf_i_goemotions[k], common[i / 7 % 8], k, i);
    }
    fclose(f);
}

static void write_table(const char *name, const char *head, const char *labels[2], int rows)
{
    FILE *f = create(name);
    fprintf(f, "%s\n", head);
    for (int i = 0; i < rows; i++)
        fprintf(f, "%d\t%s number %d\tgroup%d\t%s\n", i,
                i % 2 ? "i need more water" : "nice weather", i, i / 4, labels[i % 2]);
    fclose(f);
}

static void write_acts(void)
{
    FILE *turns = create("acts/turns.tsv"), *codes = create("acts/coder_a.tsv");
    FILE *second = create("acts/coder_b.tsv");
    fputs("id\tscenario\tprev\ttext\n", turns);
    fputs("id\tacts\ttags\tneeds\n", codes);
    fputs("id\tacts\ttags\tneeds\n", second);
    for (int i = 0; i < 160; i++) {
        bool blame = i % 2;
        fprintf(turns, "t%d\ts%d\t%s\t%s %d\n", i, i / 4, i % 3 ? "hello there" : "",
                blame ? "you never listen to me" : "see you at the station", i);
        fprintf(codes, "t%d\t%s\t\t%s\n", i, blame ? "blame" : "logistics", blame ? "heard" : "");
        /* The second coder sees no blame in four of the turns. */
        fprintf(second, "t%d\t%s\t\t%s\n", i,
                i % 40 == 1 ? "none"
                : blame     ? "blame"
                            : "logistics",
                blame ? "heard" : "");
    }
    fclose(second);
    fclose(turns);
    fclose(codes);
}

static void write_suite(void)
{
    static const char *const folders[] = {"goemotions", "offmychest", "casino", "convabuse",
                                          "acts"};
    const char *off[2] = {"0\t0\t0\t0\t0\t0", "1\t1\t1\t1\t1\t1"};
    const char *cas[2] = {"1\t0\t0\t0\t0\t0\t0\t0\t0\t0\t1", "1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t0"};
    const char *abuse[2] = {"a\tb\tc\t0\t0\t0\t0\t0\t0\t0\t0", "a\tb\tc\t1\t0\t0\t0\t0\t0\t1\t1"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", folder, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    write_emotions("goemotions/train.tsv", 28 * 12);
    write_emotions("goemotions/dev.tsv", 28 * 2);
    write_table("offmychest/train.tsv",
                "id\ttext\tpost\temotional_disclosure\tinformation_disclosure\tsupport\t"
                "general_support\tinfo_support\temo_support",
                off, 80);
    const char *head = "id\ttext\tdialogue\tannotated\tself_need\tother_need\tshowing_empathy\t"
                       "uv_part\tvouch_fair\tno_need\tpromote_coordination\telicit_pref\t"
                       "small_talk\tnon_strategic";
    write_table("casino/train.tsv", head, cas, 80);
    write_table("casino/valid.tsv", head, cas, 8);
    head = "id\ttext\tconversation\tprev_system\tprev_user\tsystem\tabusive\tn_intellectual\t"
           "n_sexist\tn_explicit\tn_sex_harassment\tn_target_system\tn_strong\tn_mild";
    write_table("convabuse/train.tsv", head, abuse, 80);
    write_table("convabuse/valid.tsv", head, abuse, 8);
    write_acts();
}

static void train(const char *out, int threads, hf_text_report *report)
{
    hf_text_suite_options o = HF_TEXT_SUITE_OPTIONS_INIT;
    char acts[256], confusion[256];
    snprintf(acts, sizeof acts, "%s/acts", folder);
    snprintf(confusion, sizeof confusion, "%s/confusion.tsv", folder);
    o.confusion = confusion;
    o.suite = folder;
    o.acts = acts;
    o.out = out;
    o.notes = "made by a test";
    o.folds = 4;
    o.nets = 1;
    hf_ctx_set_threads(ctx, threads);
    hf_status s = hf_text_train_suite(report, ctx, &o);
    if (s != HF_OK)
        fprintf(stderr, "%s\n", hf_ctx_get_error(ctx)->message);
    assert_int_equal(s, HF_OK);
}

static void same_files(const char *a, const char *b)
{
    FILE *f = fopen(a, "rb"), *g = fopen(b, "rb");
    static char x[1 << 16], y[1 << 16];
    assert_non_null(f);
    assert_non_null(g);
    for (size_t n = 1; n;) {
        n = fread(x, 1, sizeof x, f);
        assert_int_equal(fread(y, 1, sizeof y, g), n);
        assert_memory_equal(x, y, n);
    }
    fclose(f);
    fclose(g);
}

static const hf_text_report_row *row_of(const hf_text_report *r, const char *label)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->rows[i].label, label) == 0)
            return &r->rows[i];
    return NULL;
}

/* Seen agreement 156 of 160, by chance (80 x 76 + 80 x 84) / 160^2 = .5: kappa .95. */
static void two_coders(const hf_text_report *report)
{
    const hf_text_report_row *blame = row_of(report, "act_blame"),
                             *heard = row_of(report, "need_heard");
    assert_true(fabs(blame->coder_kappa - 0.95) < 1e-9);
    assert_int_equal(blame->disagreed, 4);
    assert_int_equal(blame->rows, 156);
    assert_int_equal(blame->positives, 76);
    assert_true(blame->f1_first > 0.9);
    assert_true(heard->coder_kappa == 1 && heard->disagreed == 0 && heard->rows == 160);
    assert_true(isnan(row_of(report, "anger")->coder_kappa));
    assert_true(isnan(row_of(report, "anger")->f1_first));
}

/* 80 turns of logistics and 76 of blame on which both agree, read well; nothing else. */
static void check_confusion(void)
{
    char path[256], line[1024];
    int rows = 0, read = 0;
    snprintf(path, sizeof path, "%s/confusion.tsv", folder);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#') {
            read += strcmp(line, "# 80 turns\n") == 0 || strcmp(line, "# 76 turns\n") == 0;
            continue;
        }
        char *p = strchr(line, '\t');
        double sum = 0, most = 0;
        assert_non_null(p);
        for (int k = 0; k < 16; k++) {
            double share = strtod(p, &p);
            sum += share;
            most = share > most ? share : most;
        }
        assert_true(fabs(sum - 1) < 1e-4);
        if (strncmp(line, "blame\t", 6) == 0 || strncmp(line, "logistics\t", 10) == 0)
            assert_true(most > 0.9);
        rows++;
    }
    fclose(f);
    assert_int_equal(rows, 16);
    assert_int_equal(read, 2);
}

static void training_learns_and_repeats(void **state)
{
    (void)state;
    char second[280];
    hf_text_report report;
    snprintf(second, sizeof second, "%s.again", weights);
    train(second, 3, &report);
    hf_text_report_free(ctx, &report);
    train(weights, 1, &report);
    same_files(weights, second);
    unlink(second);
    /* Words never met in training folds cannot help, these words can. */
    assert_true(row_of(&report, "self_need")->f1 > 0.95);
    assert_true(row_of(&report, "act_blame")->f1 > 0.95);
    assert_true(row_of(&report, "anger")->auc > 0.95);
    assert_int_equal(row_of(&report, "self_need")->groups, 20);
    two_coders(&report);
    check_confusion();
    hf_text_report_free(ctx, &report);
    assert_int_equal(hf_text_model_open(&model, ctx, weights), HF_OK);
    hf_text notes = hf_text_model_notes(model);
    assert_int_equal(notes.size, strlen("made by a test"));
    char id[17];
    hf_text_model_id(model, id);
    assert_int_equal(strlen(id), 16);
}

static hf_text_result code(const char *text, size_t len, const hf_text *prev, size_t prev_count)
{
    hf_text_coder *coder;
    hf_text_result r;
    hf_text_turn turn = {{text, len}, prev, prev_count};
    assert_int_equal(hf_text_coder_new(&coder, ctx, model), HF_OK);
    assert_int_equal(hf_text_code(coder, &turn, &r), HF_OK);
    hf_text_coder_free(coder);
    return r;
}

static void turns_are_coded(void **state)
{
    (void)state;
    const char *anger = "this is so wordanger now", *blame = "you never listen to me";
    hf_text_result r = code(anger, strlen(anger), NULL, 0);
    size_t at = hf_text_model_find(model, "anger");
    assert_int_equal(r.state, HF_TEXT_CODED);
    assert_true(r.over[at]);
    for (size_t i = 0; i < hf_text_model_labels(model); i++)
        assert_true(r.scores[i] >= 0 && r.scores[i] <= 1);
    /* The names that belong together. */
    assert_true(r.scores[hf_text_model_find(model, "ekman_disgust")] ==
                r.scores[hf_text_model_find(model, "disgust")]);
    assert_int_equal(hf_text_model_find(model, "no such label"), SIZE_MAX);
    r = code(blame, strlen(blame), NULL, 0);
    assert_true((double)r.acts[HF_ACT_BLAME] > hf_text_model_act_threshold(model, HF_ACT_BLAME));
    assert_true((double)r.needs[HF_NEED_HEARD] >
                hf_text_model_need_threshold(model, HF_NEED_HEARD));
    assert_true(r.acts[HF_ACT_LOGISTICS] < 0.5f);
    assert_true(isfinite(r.warmth));
}

static void odd_turns_have_defined_results(void **state)
{
    (void)state;
    static char big[1 << 20];
    hf_text prev[2] = {{"\xff\xfe", 2}, {"", 0}};
    hf_text_result r = code("", 0, NULL, 0);
    assert_int_equal(r.state, HF_TEXT_EMPTY);
    assert_true(isnan(r.scores[0]) && isnan(r.acts[0]) && isnan(r.warmth));
    r = code(" \n\t", 3, NULL, 0);
    assert_int_equal(r.state, HF_TEXT_EMPTY);
    r = code("\xf0\x9f\x98\x82\xf0\x9f\x98\x82", 8, NULL, 0);
    assert_int_equal(r.state, HF_TEXT_NO_WORDS);
    assert_true(r.scores[0] >= 0 && isnan(r.acts[0]));
    r = code("\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", 12, NULL, 0);
    assert_int_equal(r.state, HF_TEXT_OTHER_LANGUAGE);
    assert_true(isnan(r.scores[0]) && isnan(r.acts[0]));
    const char *german = "ich habe dir doch gesagt, dass ich nicht kommen kann";
    r = code(german, strlen(german), NULL, 0);
    assert_int_equal(r.state, HF_TEXT_OTHER_LANGUAGE);
    assert_true(isnan(r.scores[0]) && isnan(r.acts[0]));
    r = code("hello \xff\xc3 you", 12, prev, 2);
    assert_int_equal(r.state, HF_TEXT_CODED);
    assert_true(r.invalid_utf8);
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = "you never listen "[i % 17];
    r = code(big, sizeof big, NULL, 0);
    assert_int_equal(r.state, HF_TEXT_CODED);
    assert_true(r.cut && !r.invalid_utf8);
    assert_true(r.scores[0] >= 0 && r.scores[0] <= 1);
}

static void corrections_win(void **state)
{
    (void)state;
    hf_text_result r = code("hello there", 11, NULL, 0);
    float engaged = r.acts[HF_ACT_ENGAGED];
    assert_true(hf_text_result_correct(&r, "repair,blame", 12));
    assert_true(r.acts[HF_ACT_REPAIR] == 1 && r.acts[HF_ACT_BLAME] == 1);
    assert_true(r.acts[HF_ACT_LOGISTICS] == 0 && r.acts[HF_ACT_ENGAGED] == engaged);
    assert_true(hf_text_result_correct(&r, "none", 4));
    assert_true(r.acts[HF_ACT_REPAIR] == 0);
    assert_true(hf_text_result_correct(&r, "engaged", 7));
    assert_true(r.acts[HF_ACT_ENGAGED] == 1);
    assert_false(hf_text_result_correct(&r, "repair,nonsense", 15));
    assert_false(hf_text_result_correct(&r, "", 0));
    assert_true(r.acts[HF_ACT_REPAIR] == 0);
}

enum { MANY = 3000 };
static char many_texts[MANY][64];
static hf_text_turn many[MANY];

static void threads_change_nothing(void **state)
{
    (void)state;
    static hf_text_result one[MANY], four[MANY];
    for (int i = 0; i < MANY; i++) {
        int n = snprintf(many_texts[i], sizeof many_texts[i], "%s word%s x%d %s",
                         i % 2 ? "you NEVER" : "sooo nice", hf_i_goemotions[i % 28], i % 97,
                         i % 5 ? "now" : "!!!");
        many[i].text = (hf_text){many_texts[i], (size_t)n};
    }
    hf_ctx_set_threads(ctx, 1);
    assert_int_equal(hf_text_code_all(ctx, model, many, MANY, one), HF_OK);
    hf_ctx_set_threads(ctx, 4);
    assert_int_equal(hf_text_code_all(ctx, model, many, MANY, four), HF_OK);
    assert_memory_equal(one, four, sizeof one);
    /* Nor does what was coded before: one turn alone gives the same bits. */
    for (int i = 0; i < MANY; i += 371) {
        hf_text_result r = code(many[i].text.data, many[i].text.size, NULL, 0);
        assert_memory_equal(r.scores, one[i].scores, sizeof r.scores);
        assert_memory_equal(r.acts, one[i].acts, sizeof r.acts);
    }
}

static char *lines(const char *in, hf_status want)
{
    char *out;
    size_t size;
    assert_int_equal(hf_text_code_lines(&out, &size, ctx, model, in, strlen(in), "in.jsonl", 10),
                     want);
    return out;
}

static void lines_of_json(void **state)
{
    (void)state;
    char *out = lines("{\"id\":\"a\\u00e9\",\"text\":\"you never listen \\ud83d\\ude02 \\u0000\"}\n"
                      "{\"text\":\"hi\",\"prev\":[\"x\",\"y\"],\"id\":7,\"more\":{\"a\":[1,{}]}}\n"
                      "{\"id\":null,\"text\":null,\"prev\":null}",
                      HF_OK);
    assert_ptr_equal(strstr(out, "{\"id\":\"a\\u00e9\",\"scores\":{\"admiration\":0."), out);
    assert_non_null(strstr(out, "\n{\"id\":7,\"scores\":"));
    assert_non_null(strstr(out, "\n{\"id\":null,\"scores\":null,\"labels\":[],\"acts\":null"));
    assert_non_null(strstr(out, "\"state\":\"empty\""));
    hf_text_lines_free(ctx, out);
    static const char *const bad[] = {"[]",
                                      "{",
                                      "{\"id\":1}",
                                      "{\"id\":1,\"text\":\"a\"",
                                      "{\"id\":1,\"text\":\"a\"} x",
                                      "{\"id\":1,\"text\":5}",
                                      "{\"id\":1,\"text\":\"\\x\"}",
                                      "{\"id\":1,\"text\":\"a\nb\"}",
                                      "{\"id\":[1],\"text\":\"a\"}",
                                      "{\"id\":1,\"text\":\"a\",\"prev\":[1]}",
                                      "",
                                      "\n\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (!*bad[i])
            continue;
        char in[256];
        snprintf(in, sizeof in, "{\"id\":1,\"text\":\"good\"}\n%s\n", bad[i]);
        assert_null(lines(in, HF_E_PARSE));
        assert_int_equal(hf_ctx_get_error(ctx)->line, 11);
    }
}

static hf_status code_all_of_it(hf_ctx *c, void *user)
{
    hf_text_model *m;
    char *out;
    size_t size;
    const char *in = "{\"id\":1,\"text\":\"you never listen to mexyz\",\"prev\":\"hello\"}\n";
    (void)user;
    hf_ctx_set_threads(c, 1);
    hf_status s = hf_text_model_open(&m, c, weights);
    if (s != HF_OK)
        return s;
    s = hf_text_code_lines(&out, &size, c, m, in, strlen(in), NULL, 1);
    hf_text_lines_free(c, out);
    hf_text_model_free(m);
    return s;
}

static void each_allocation_fails_once(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails(code_all_of_it, NULL) > 10);
}

static void damaged_weights_are_refused(void **state)
{
    (void)state;
    char path[280];
    hf_text_model *m;
    FILE *f = fopen(weights, "rb"), *g;
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    size_t size = (size_t)ftell(f);
    rewind(f);
    char *data = malloc(size);
    assert_int_equal(fread(data, 1, size, f), size);
    fclose(f);
    snprintf(path, sizeof path, "%s.bad", weights);
    const size_t flips[] = {0, 8, 20, 40, 2000, size / 2, size - 1};
    for (size_t i = 0; i < sizeof flips / sizeof *flips; i++) {
        data[flips[i]] ^= 1;
        g = fopen(path, "wb");
        fwrite(data, 1, size, g);
        fclose(g);
        data[flips[i]] ^= 1;
        assert_int_equal(hf_text_model_open(&m, ctx, path), HF_E_FORMAT);
        assert_null(m);
    }
    g = fopen(path, "wb");
    fwrite(data, 1, size / 3, g);
    fclose(g);
    assert_int_equal(hf_text_model_open(&m, ctx, path), HF_E_FORMAT);
    unlink(path);
    assert_int_equal(hf_text_model_open(&m, ctx, path), HF_E_IO);
    free(data);
}

/* A researcher's table: two coders, five dyads. */
static void own_table(void **state)
{
    (void)state;
    char path[256];
    hf_text_table_options o = HF_TEXT_TABLE_OPTIONS_INIT;
    hf_text_report report;
    FILE *f = create("own.tsv");
    fputs("text\tdyad\tblame\tblame_b\n", f);
    for (int i = 0; i < 200; i++)
        fprintf(f, "%s %d\td%d\t%d\t%d\n", i % 2 ? "you never listen" : "see you soon", i, i / 20,
                i % 2, i % 20 == 0 ? 1 : i % 2);
    fclose(f);
    snprintf(path, sizeof path, "%s/own.tsv", folder);
    o.path = path;
    o.group = "dyad";
    o.labels = "blame";
    o.second = "blame_b";
    assert_int_equal(hf_text_train_table(&report, ctx, &o), HF_OK);
    assert_int_equal(report.count, 1);
    assert_int_equal(report.rows[0].disagreed, 10);
    assert_int_equal(report.rows[0].rows, 190);
    assert_int_equal(report.rows[0].groups, 10);
    /* Seen agreement .95, by chance (100 x 110 + 100 x 90) / 200^2 = .5. */
    assert_true(fabs(report.rows[0].coder_kappa - 0.9) < 1e-9);
    assert_true(report.rows[0].f1 > 0.99);
    hf_text_report_free(ctx, &report);
    o.folds = 11;
    assert_int_equal(hf_text_train_table(&report, ctx, &o), HF_E_NOT_ENOUGH_DATA);
    o.folds = 5;
    o.labels = "nothing";
    assert_int_equal(hf_text_train_table(&report, ctx, &o), HF_E_PARSE);
}

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || hf_ctx_new(&ctx, NULL) != HF_OK)
        return 1;
    snprintf(weights, sizeof weights, "%s/weights.bin", folder);
    write_suite();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char command[300];
    hf_text_model_free(model);
    hf_ctx_free(ctx);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(training_learns_and_repeats),
        cmocka_unit_test(turns_are_coded),
        cmocka_unit_test(odd_turns_have_defined_results),
        cmocka_unit_test(corrections_win),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(lines_of_json),
        cmocka_unit_test(each_allocation_fails_once),
        cmocka_unit_test(damaged_weights_are_refused),
        cmocka_unit_test(own_table),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
