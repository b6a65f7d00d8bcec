/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* Recall and false alarms of the safety pass on data/safety/testset_*.tsv, by class and half, and
 * false alarms on the project's ordinary invented turns. The floors are what was measured, less a
 * line or two: a change of the cues that loses more must say so here. HF_SAFETY_MISSED=1 prints the
 * lines of the half that may be looked at. */
#include "signal/safety.h"
#include "support/test.h"

#include <stdio.h>

enum { HALVES = 3, MOST_LINE = 1024, MOST_ORDINARY = 42 };

typedef struct {
    unsigned lines, found, any;     /* positives: all, in their class, in any class */
    unsigned alike, alarms, wrong;  /* look-alikes: all, with that class, with any */
} tally;

static const char *const half_names[] = {"tuned", "held out", "new"};
static hf_ctx *ctx;
static hf_i_lexicon lexicon;
static hf_i_safety *safety;

static int set_up(void **state)
{
    (void)state;
    ctx = test_ctx();
    assert_ok(ctx, hf_i_lexicon_init(&lexicon, ctx));
    assert_ok(ctx, hf_i_safety_new(&safety, ctx, &lexicon));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hf_i_safety_free(safety);
    hf_i_lexicon_dispose(&lexicon);
    hf_ctx_free(ctx);
    return 0;
}

static uint32_t check(const char *text)
{
    hf_i_words w;
    hf_i_words_init(&w, ctx);
    assert_ok(ctx, hf_i_words_add(&w, &lexicon, text, strlen(text)));
    uint32_t found = hf_i_safety_check(safety, &w, text, hf_i_language_of(&w));
    hf_i_words_dispose(&w);
    return found;
}

static int class_of(const char *name)
{
    for (int i = 0; i < HF_I_SAFETY_COUNT; i++)
        if (strcmp(hf_i_safety_name((hf_i_safety_class)i), name) == 0)
            return i;
    fail_msg("no class '%s'", name);
    return -1;
}

/* The next field of a tab-separated line. */
static char *field(char **at)
{
    char *start = *at, *tab = strchr(start, '\t');
    assert_non_null(tab);
    *tab = '\0';
    *at = tab + 1;
    return start;
}

static void count_line(char *line, tally t[HALVES][HF_I_SAFETY_COUNT])
{
    char *at = line;
    char h = field(&at)[0];
    int half = h == 't' ? 0 : h == 'h' ? 1 : 2, c = class_of(field(&at));
    bool want = field(&at)[0] == '1';
    uint32_t found = check(at);
    tally *x = &t[half][c];
    x->lines += want;
    x->alike += !want;
    x->found += want && found >> c & 1;
    x->any += want && found;
    x->alarms += !want && found >> c & 1;
    x->wrong += !want && found;
    bool bad = want ? !(found >> c & 1) : found != 0;
    if (bad && !half && getenv("HF_SAFETY_MISSED"))
        print_message("  %s %s %#x: %s\n", want ? "missed" : "alarm", hf_i_safety_name(c), found,
                      at);
}

static FILE *open_data(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/data/%s", HF_SOURCE_DIR, name);
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("cannot open %s", path);
    return f;
}

static void read_set(const char *language, tally t[HALVES][HF_I_SAFETY_COUNT])
{
    char name[64], line[MOST_LINE];
    memset(t, 0, HALVES * HF_I_SAFETY_COUNT * sizeof **t);
    snprintf(name, sizeof name, "safety/testset_%s.tsv", language);
    FILE *f = open_data(name);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '#' && strncmp(line, "half\t", 5) != 0)
            count_line(line, t);
    }
    fclose(f);
}

static tally print_set(const char *language, tally t[HALVES][HF_I_SAFETY_COUNT], int half)
{
    tally sum = {0};
    for (int c = 0; c < HF_I_SAFETY_COUNT; c++) {
        const tally *x = &t[half][c];
        if (!x->lines)
            continue;
        print_message("%s %-8s %-10s recall %3u of %3u (any class %3u)   false alarms %2u of %3u "
                      "(any class %2u)\n",
                      language, half_names[half], hf_i_safety_name(c), x->found,
                      x->lines, x->any, x->alarms, x->alike, x->wrong);
        sum.lines += x->lines;
        sum.found += x->found;
        sum.any += x->any;
        sum.alike += x->alike;
        sum.alarms += x->alarms;
        sum.wrong += x->wrong;
    }
    if (sum.lines)
        print_message("%s %-8s all        recall %3u of %3u (any class %3u)   false alarms %2u of %3u "
                  "(any class %2u)\n",
                  language, half_names[half], sum.found, sum.lines, sum.any, sum.alarms,
                  sum.alike, sum.wrong);
    return sum;
}

/* Floors: found in any class, at least; look-alikes with any class, at most. */
static void holds_its_floors(void **state)
{
    (void)state;
    static const struct {
        const char *language;
        unsigned least[HALVES], most[HALVES];
    } floors[] = {{"en", {302, 152, 50}, {12, 15, 8}},
                  {"de", {35, 34, 0}, {2, 5, 0}},
                  {"es", {29, 27, 0}, {2, 4, 0}},
                  {"fr", {29, 28, 0}, {2, 4, 0}}};
    tally t[HALVES][HF_I_SAFETY_COUNT];
    for (size_t i = 0; i < HF_COUNT_OF(floors); i++) {
        read_set(floors[i].language, t);
        for (int half = 0; half < HALVES; half++) {
            tally sum = print_set(floors[i].language, t, half);
            assert_true(sum.any >= floors[i].least[half]);
            assert_true(sum.wrong <= floors[i].most[half]);
        }
    }
}

/* Invented ordinary turns of couples, quarrels among them; the text is the last column. */
static unsigned count_ordinary(const char *name, unsigned *turns)
{
    char line[4096];
    unsigned flagged = 0;
    FILE *f = open_data(name);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        const char *tab = strrchr(line, '\t');
        uint32_t found = tab ? check(tab + 1) : 0;
        flagged += found != 0;
        (*turns)++;
        if (found && getenv("HF_SAFETY_MISSED"))
            print_message("  ordinary %#x: %s\n", found, tab + 1);
    }
    fclose(f);
    return flagged;
}

/* Most of these lines are no danger to anyone: what is flagged here is nearly all false alarm. */
static void leaves_ordinary_turns(void **state)
{
    (void)state;
    unsigned turns = 0, flagged = count_ordinary("acts/turns.tsv", &turns);
    flagged += count_ordinary("dialogues/dialogues.tsv", &turns);
    print_message("ordinary turns flagged: %u of %u\n", flagged, turns);
    assert_true(turns > 5000 && flagged <= MOST_ORDINARY);
}

static void keeps_its_size(void **state)
{
    (void)state;
    unsigned lines = 0, alike = 0;
    tally t[HALVES][HF_I_SAFETY_COUNT];
    read_set("en", t);
    for (int half = 0; half < HALVES; half++)
        for (int c = 0; c < HF_I_SAFETY_COUNT; c++) {
            assert_true(t[half][c].lines >= 12 && t[half][c].alike >= 12);
            lines += t[half][c].lines;
            alike += t[half][c].alike;
        }
    assert_true(lines >= 300 && alike >= 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_its_size),
                                       cmocka_unit_test(holds_its_floors),
                                       cmocka_unit_test(leaves_ordinary_turns)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
