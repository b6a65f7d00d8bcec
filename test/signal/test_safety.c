/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* Own invented lines: what must be found (with its class) and what looks alike and must not be. */
#include "signal/safety.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BIT(name) (1u << HF_I_SAFETY_##name)

static const struct {
    const char *text;
    uint32_t wanted;
} cues[] = {
    {"I just want to kill myself", BIT(SUICIDE)},
    {"sometimes i think about hurting myself again", BIT(SELF_HARM)},
    {"I don't want to live anymore", BIT(SUICIDE)},
    {"i want to die", BIT(SUICIDE)},
    {"wish I was dead", BIT(SUICIDE)},
    {"everyone would be better off without me", BIT(SUICIDE)},
    {"I've been feeling suicidal since march", BIT(SUICIDE)},
    {"there's no point in living", BIT(SUICIDE)},
    {"I started cutting again last week", BIT(SELF_HARM)},
    {"I could just end it all tonight", BIT(SUICIDE)},
    {"I can't go on like this anymore, I can't do this anymore", BIT(SUICIDE)},
    {"I took all the pills", BIT(SUICIDE)},
    {"maybe i won't be here tomorrow", BIT(SUICIDE)},
    {"life is not worth living", BIT(SUICIDE)},
    {"I will kill you if you talk to him again", BIT(THREAT)},
    {"I'm gonna hurt you", BIT(THREAT)},
    {"I will hurt you if you do that again", BIT(THREAT)},
    {"I'll slap you when I get home", BIT(THREAT)},
    {"you're dead when I get home", BIT(THREAT)},
    {"you'll regret this", BIT(THREAT)},
    {"I know where your sister lives", BIT(THREAT)},
    {"I'll leak your photos to everyone", BIT(THREAT)},
    {"you will never see the kids again", BIT(THREAT)},
    {"I’ll break your face", BIT(THREAT)},
    {"if you leave me I will make sure you are sorry", BIT(THREAT)},
    {"watch your back", BIT(THREAT)},
    {"I'll make you pay", BIT(THREAT)},
    {"go kill yourself", BIT(THREAT)},
    {"I have a gun you know", BIT(THREAT)},
    {"give me your phone now", BIT(COERCION)},
    {"you're not allowed to see her", BIT(COERCION)},
    {"I forbid you to go", BIT(COERCION)},
    {"you can't go out without my permission", BIT(COERCION)},
    {"if you loved me you'd do it", BIT(COERCION)},
    {"I said no and you didn't stop", BIT(COERCION)},
    {"he won't let me leave the house", BIT(COERCION)},
    {"I'm scared of you", BIT(COERCION)},
    {"i'm afraid to come home", BIT(COERCION)},
    {"why are you tracking my phone", BIT(COERCION)},
    {"you took my keys and my card", BIT(COERCION)},
    {"you forced me to", BIT(COERCION)},
    {"I decide who you see", BIT(COERCION)},
    {"you hit me again", BIT(VIOLENCE)},
    {"he choked me", BIT(VIOLENCE)},
    {"you pushed me against the wall", BIT(VIOLENCE)},
    {"I'm so sorry I slapped you", BIT(VIOLENCE)},
    {"you grabbed my arm", BIT(VIOLENCE)},
    {"he put his hands around my throat", BIT(VIOLENCE)},
    {"you threw a plate at me", BIT(VIOLENCE)},
    {"I have bruises on my arms from you", BIT(VIOLENCE)},
    {"I'll call the police", BIT(VIOLENCE)},
    {"he raped me", BIT(VIOLENCE)},
    {"I'm 15", BIT(MINOR)},
    {"im 14 btw", BIT(MINOR)},
    {"i am only 16", BIT(MINOR)},
    {"I'm sixteen", BIT(MINOR)},
    {"i turn 17 in june", BIT(MINOR)},
    {"I'm in 9th grade", BIT(MINOR)},
    {"i'm in year 10 so no", BIT(MINOR)},
    {"i'm still in high school", BIT(MINOR)},
    {"I'm a minor", BIT(MINOR)},
    {"my 16th birthday is next week", BIT(MINOR)},
    {"Ich bringe mich um", BIT(SUICIDE)},
    {"ich will nicht mehr leben", BIT(SUICIDE)},
    {"ich bring dich um", BIT(THREAT)},
    {"du hast mich geschlagen", BIT(VIOLENCE)},
    {"ich bin 15", BIT(MINOR)},
    {"quiero morirme", BIT(SUICIDE)},
    {"te voy a matar", BIT(THREAT)},
    {"tengo 15 años", BIT(MINOR)},
};

static const char *const alike[] = {
    "this heat is killing me",
    "I'm dying to see you",
    "my phone died",
    "I could kill for a coffee",
    "that joke killed me",
    "cut myself shaving",
    "dead tired, going to bed",
    "you're dead right about that",
    "I never meant to hurt you",
    "I would never hurt you",
    "sorry if I hurt you yesterday, I didn't mean it",
    "did I hurt you with what I said?",
    "it hit me that we forgot the milk",
    "I'll hit you up later",
    "beat you to it!",
    "I'm 15 minutes away",
    "im 10 min late sorry",
    "I'm 12 km in and my legs hurt",
    "my son is in 9th grade",
    "she's 15 and already taller than me",
    "our daughter turns 16 in May",
    "I'm 34",
    "we're 17 people for dinner",
    "grabbed me a sandwich",
    "you knocked it out of the park",
    "the news hit me hard",
    "I want to sleep for a week",
    "it's to die for",
    "I'd die for that cake",
    "watch a film tonight?",
    "the plants are dead",
    "can you send the photos to my mum",
    "what do you want to do tonight, or else we can stay in",
    "I was scared of the dark as a child",
    "scared of heights",
    "let me see the menu",
    "let me know when you leave",
    "the boss won't let me leave early",
    "we hit traffic",
    "shoot me a text",
    "kids are a handful",
    "I can't wait to see you",
    "black eyed peas on the radio",
    "I am so in love with you",
    "don't forget the keys",
    "I forgot my keys",
    "he pushed the meeting to friday",
    "call me when you can",
    "I love you to the moon",
    "Ich bin 15 Minuten zu spät",
    "ich sterbe vor Hunger",
    "das bringt mich zum Lachen",
    "me muero de hambre",
    "tengo 15 minutos",
    "that killed the mood",
    "I want to take my mum out for her birthday",
    "end of my shift",
    "better off taking the train",
    "track the parcel",
    "I'm tired of being late",
    "3 am break. twelve patients, one nurse, no chair",
    "Mama sagt, der Termin ist am 12. Dezember",
    "vergiss nicht, am 12. ist es so weit",
    "im 12. Stock ist Licht",
    "it opens at 11 am",
    "I don't want to be here at work",
};

static hf_ctx *ctx;
static hf_i_lexicon lexicon;
static hf_i_safety *safety;

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(hf_ctx_new(&ctx, NULL), HF_OK);
    assert_int_equal(hf_i_lexicon_init(&lexicon, ctx), HF_OK);
    assert_int_equal(hf_i_safety_new(&safety, ctx, &lexicon), HF_OK);
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
    assert_int_equal(hf_i_words_add(&w, &lexicon, text, strlen(text)), HF_OK);
    uint32_t found = hf_i_safety_check(safety, &w, text, hf_i_language_of(&w));
    hf_i_words_dispose(&w);
    return found;
}

static void finds_the_cues(void **state)
{
    (void)state;
    size_t missed = 0;
    for (size_t i = 0; i < HF_COUNT_OF(cues); i++)
        if (!(check(cues[i].text) & cues[i].wanted)) {
            print_message("missed: %s\n", cues[i].text);
            missed++;
        }
    print_message("cues found: %zu of %zu\n", HF_COUNT_OF(cues) - missed, HF_COUNT_OF(cues));
    assert_int_equal(missed, 0);
}

static void leaves_what_looks_alike(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < HF_COUNT_OF(alike); i++)
        if (check(alike[i])) {
            print_message("flagged: %s (%u)\n", alike[i], check(alike[i]));
            wrong++;
        }
    print_message("look-alikes left alone: %zu of %zu\n", HF_COUNT_OF(alike) - wrong,
                  HF_COUNT_OF(alike));
    assert_int_equal(wrong, 0);
}

/* A minor cue stops a whole run: nothing else may look like one. */
static void only_the_minor_lines_are_minor(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT_OF(cues); i++)
        if (!(cues[i].wanted & BIT(MINOR)))
            assert_false(check(cues[i].text) & BIT(MINOR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_cues),
                                       cmocka_unit_test(leaves_what_looks_alike),
                                       cmocka_unit_test(only_the_minor_lines_are_minor)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
