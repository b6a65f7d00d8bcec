/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* The request coach on own sentences (sentences.tsv), with the text model where there is one and
 * without it: the state, the need, the flags; what is not reworded gets no option. */
#include "support/test.h"

#include <holdfast/guidance.h>

#include <stdio.h>

typedef struct {
    char text[400], state[32], need[32], flags[8];
} row;

static bool next_row(FILE *f, row *r)
{
    char line[600];
    do {
        if (!fgets(line, sizeof line, f))
            return false;
    } while (line[0] == '#');
    char *p = line, *cells[4];
    for (int i = 0; i < 4; i++) {
        size_t n = strcspn(p, "\t\n");
        bool more = p[n] == '\t';
        cells[i] = p;
        p[n] = '\0';
        p += more ? n + 1 : n;
    }
    snprintf(r->text, sizeof r->text, "%.399s", cells[0]);
    snprintf(r->state, sizeof r->state, "%.31s", cells[1]);
    snprintf(r->need, sizeof r->need, "%.31s", cells[2]);
    snprintf(r->flags, sizeof r->flags, "%.7s", cells[3]);
    return true;
}

static bool offers_need(const hf_coach_answer *a, const char *need)
{
    for (size_t i = 0; i < a->count; i++)
        if (a->options[i].need && strcmp(a->options[i].need, need) == 0)
            return true;
    return false;
}

/* Nothing of a sentence stays in what is offered but single words of feeling. */
static int check(const row *r, const hf_coach_answer *a, bool model)
{
    int wrong = 0;
    const char *state = hf_coach_state_name(a->state);
    if (strcmp(state, r->state) != 0 && ++wrong)
        printf("%s: '%s' is %s, not %s\n", model ? "model" : "words", r->text, state, r->state);
    if (strcmp(r->need, "-") != 0 && a->count && !offers_need(a, r->need) && ++wrong)
        printf("%s: '%s' offers no '%s'\n", model ? "model" : "words", r->text, r->need);
    bool always = strchr(r->flags, 'A') != NULL, ultimatum = strchr(r->flags, 'U') != NULL;
    if ((a->always != always || a->ultimatum != ultimatum) && a->count && ++wrong)
        printf("'%s': always %d, or else %d\n", r->text, a->always, a->ultimatum);
    if (strchr(r->flags, 'R'))
        assert_true(a->show_resources);
    bool open = a->state == HF_COACH_OPTIONS || a->state == HF_COACH_CLEAR;
    if (!open)
        assert_int_equal(a->count, 0);
    if (a->state == HF_COACH_OPTIONS)
        for (int part = 0; part < HF_COACH_PARTS; part++) {
            size_t n = 0;
            for (size_t i = 0; i < a->count; i++)
                n += (int)a->options[i].part == part;
            assert_true(n >= 1 && n <= 3);
        }
    assert_non_null(a->said);
    return wrong;
}

static int run_all(hf_ctx *ctx, const hf_text_model *model)
{
    hf_coach *coach;
    row r;
    int wrong = 0, rows = 0;
    FILE *f = fopen(HF_SOURCE_DIR "/test/guidance/sentences.tsv", "r");
    assert_non_null(f);
    assert_ok(ctx, hf_coach_new(&coach, ctx, model));
    while (next_row(f, &r)) {
        hf_coach_answer a;
        assert_ok(ctx, hf_coach_say(coach, r.text, strlen(r.text), &a));
        assert_true(a.count == 0 || a.reduced == (model == NULL));
        wrong += check(&r, &a, model != NULL);
        rows++;
    }
    fclose(f);
    hf_coach_free(coach);
    printf("%d sentences, %d expectations missed (%s)\n", rows, wrong,
           model ? "with the text model" : "from the words alone");
    assert_true(rows >= 60);
    return wrong;
}

static void words_alone(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    assert_int_equal(run_all(ctx, NULL), 0);
    hf_ctx_free(ctx);
}

static void with_model(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_text_model *model;
    if (hf_text_model_open(&model, ctx, HF_SOURCE_DIR "/data/models/turns_en.bin") == HF_OK) {
        assert_int_equal(run_all(ctx, model), 0);
        hf_text_model_free(model);
    }
    hf_ctx_free(ctx);
}

static void limits(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_coach *coach;
    hf_coach_answer a;
    char text[3000];
    assert_ok(ctx, hf_coach_new(&coach, ctx, NULL));
    memset(text, 'a', sizeof text);
    assert_int_equal(hf_coach_say(coach, text, sizeof text, &a), HF_E_LIMIT);
    assert_ok(ctx, hf_coach_say(coach, "\xff\xfe you \0 never", 15, &a));
    hf_coach_free(coach);
    hf_ctx_free(ctx);
}

RUN_TESTS(cmocka_unit_test(words_alone), cmocka_unit_test(with_model), cmocka_unit_test(limits))
