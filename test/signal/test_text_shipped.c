/* SPDX-License-Identifier: MIT */
/* labels: golden */
/* The shipped weights: that they are whole, and what they say of plain sentences. Pinned are acts
 * and needs named or not named, never a probability. */
#include "base/base.h"
#include "simulate/synthetic.h"
#include "simulate/weights.h"
#include "support/test.h"

#include <holdfast/text_model.h>

#include <math.h>
#include <string.h>

static hf_ctx *ctx;
static hf_text_model *model;

typedef struct {
    int what; /* an act, or HF_ACT_COUNT + a need */
    const char *prev, *text;
} sentence;

/* Each is named. */
static const sentence plain[] = {
    {HF_ACT_NEED, NULL, "i need you to tell me when you're going to be late"},
    {HF_ACT_NEED, NULL, "i'd love it if we could spend the evening together, just us"},
    {HF_ACT_NEED, NULL, "can you please just listen to me for a minute"},
    {HF_ACT_NEED, NULL, "i really need a bit more help from you this week"},
    {HF_ACT_DISCLOSURE, NULL, "i've been feeling so lonely and sad lately"},
    {HF_ACT_DISCLOSURE, NULL, "i'm scared of losing you"},
    {HF_ACT_DISCLOSURE, NULL, "i feel ashamed and i don't know how to tell anyone"},
    {HF_ACT_DISCLOSURE, NULL, "honestly i'm really worried about tomorrow, i couldn't sleep"},
    {HF_ACT_HARD_EMOTION, NULL, "i'm so angry right now"},
    {HF_ACT_HARD_EMOTION, NULL, "I AM SO SICK OF THIS"},
    {HF_ACT_HARD_EMOTION, NULL, "i am absolutely furious with my boss"},
    {HF_ACT_HARD_EMOTION, NULL, "i'm so fed up and angry i could scream"},
    {HF_ACT_BLAME, NULL, "you never listen to me"},
    {HF_ACT_BLAME, NULL, "you always do this, you only think about yourself"},
    {HF_ACT_BLAME, NULL, "you forgot again, it's always the same with you"},
    {HF_ACT_BLAME, NULL, "this is your fault, you should have called"},
    {HF_ACT_CONTEMPT, NULL, "you're pathetic"},
    {HF_ACT_CONTEMPT, NULL, "grow up, you're such a child"},
    {HF_ACT_CONTEMPT, NULL, "you're an idiot and everyone can see it"},
    {HF_ACT_CONTEMPT, NULL, "you are a pathetic loser"},
    {HF_ACT_DEFENCE, "you never called me", "that's not true, i never said that"},
    {HF_ACT_DEFENCE, "you left me alone with it all", "i was working, what do you want from me"},
    {HF_ACT_DEFENCE, "you're always late",
     "that's not fair, it wasn't my fault, the train was late"},
    {HF_ACT_DEFENCE, "why do you always do that", "i didn't do anything wrong"},
    {HF_ACT_DISENGAGE, "can we talk about last night", "whatever"},
    {HF_ACT_DISENGAGE, "you hurt me", "forget it, i'm done talking"},
    {HF_ACT_DISENGAGE, "please just talk to me", "k. fine. do what you want"},
    {HF_ACT_DISENGAGE, "i'm trying to explain", "i don't want to talk about this anymore"},
    {HF_ACT_REASSURANCE, NULL, "are we ok?"},
    {HF_ACT_REASSURANCE, NULL, "do you still love me?"},
    {HF_ACT_REASSURANCE, NULL, "are you mad at me?"},
    {HF_ACT_REASSURANCE, NULL, "you still want to be with me, right?"},
    {HF_ACT_SPACE, NULL, "i need some time alone tonight"},
    {HF_ACT_SPACE, NULL, "can we talk about this tomorrow? i need to calm down first"},
    {HF_ACT_SPACE, NULL, "i need an hour to myself, then i'll call you"},
    {HF_ACT_SPACE, NULL, "i just need a bit of space to think"},
    {HF_ACT_SUPPORT, "i had such a horrible day", "i'm so sorry love, i'm here for you"},
    {HF_ACT_SUPPORT, "i'm nervous about the interview", "you've got this, i believe in you"},
    {HF_ACT_SUPPORT, "i feel so alone", "i'm right here, i love you, you're not alone"},
    {HF_ACT_SUPPORT, "mum's in hospital", "do you want me to come with you? i'll drive"},
    {HF_ACT_ACKNOWLEDGE, "i felt left out when you went without me",
     "that makes sense, i understand why you felt that way"},
    {HF_ACT_ACKNOWLEDGE, "you hurt me", "you're right, i hear you"},
    {HF_ACT_ACKNOWLEDGE, "i was so tired and nobody helped", "that sounds really hard"},
    {HF_ACT_ACKNOWLEDGE, "you said you would be home", "i get why you're upset, i'd be upset too"},
    {HF_ACT_REPAIR, NULL, "i'm sorry for what i said"},
    {HF_ACT_REPAIR, "you hurt me", "i'm really sorry, that was my fault"},
    {HF_ACT_REPAIR, NULL, "i was wrong and i'm sorry. can we start again?"},
    {HF_ACT_REPAIR, NULL, "sorry i snapped at you, you didn't deserve that"},
    {HF_ACT_QUESTION, NULL, "how are you feeling about tomorrow?"},
    {HF_ACT_QUESTION, "the meeting was bad", "how did it make you feel?"},
    {HF_ACT_QUESTION, NULL, "what was going on for you last night?"},
    {HF_ACT_QUESTION, NULL, "are you ok? you seem quiet"},
    {HF_ACT_BOUNDARY, NULL, "i won't be spoken to like that"},
    {HF_ACT_BOUNDARY, NULL, "please don't read my messages. i'm not ok with that"},
    {HF_ACT_BOUNDARY, NULL, "i'm not going to discuss this while you're shouting at me"},
    {HF_ACT_BOUNDARY, NULL, "no. i don't lend money to your brother again"},
    {HF_ACT_LOGISTICS, NULL, "can you pick up milk on the way home"},
    {HF_ACT_LOGISTICS, NULL, "train gets in at 6.15, see you at the station"},
    {HF_ACT_LOGISTICS, NULL, "dentist is at 3 tomorrow, can you get the kids?"},
    {HF_ACT_LOGISTICS, NULL, "dinner's at 7, table booked for 4"},
    {HF_ACT_SAFETY, NULL, "if you leave me i'll kill myself"},
    {HF_ACT_SAFETY, NULL, "i'm afraid of what you'll do to me when you come home"},
    {HF_ACT_SAFETY, NULL, "if you walk out that door you'll regret it"},
    {HF_ACT_ACCESSIBLE, "are you free later?", "i'm here, call me whenever you want"},
    {HF_ACT_ACCESSIBLE, "can i ring you", "always, i'm listening"},
    {HF_ACT_RESPONSIVE, "i had such a horrible day",
     "oh no, that sounds awful. come here, i've got you"},
    {HF_ACT_RESPONSIVE, "i'm so scared about tomorrow",
     "i'm sorry you're scared. i'll be right there with you"},
    {HF_ACT_ENGAGED, NULL, "i love you so much, you make me happy"},
    {HF_ACT_ENGAGED, NULL, "i'm so proud of you"},
    {HF_ACT_COUNT + HF_NEED_HEARD, NULL, "you never listen to me"},
    {HF_ACT_COUNT + HF_NEED_HEARD, NULL, "i just want you to listen to me"},
    {HF_ACT_COUNT + HF_NEED_HEARD, NULL, "i need you to hear me out for once"},
    {HF_ACT_COUNT + HF_NEED_APPRECIATED, NULL, "a thank you would be nice after everything i do"},
    {HF_ACT_COUNT + HF_NEED_APPRECIATED, NULL, "i feel taken for granted, you never say thank you"},
    {HF_ACT_COUNT + HF_NEED_APPRECIATED, NULL, "you never notice anything i do around here"},
    {HF_ACT_COUNT + HF_NEED_SAFE, NULL, "i need to be able to trust you"},
    {HF_ACT_COUNT + HF_NEED_SAFE, NULL, "please don't lie to me, i need you to be honest"},
    {HF_ACT_COUNT + HF_NEED_SAFE, NULL, "i'm scared of you when you shout like that"},
    {HF_ACT_COUNT + HF_NEED_WANTED, NULL, "i miss you, i wish you wanted to spend time with me"},
    {HF_ACT_COUNT + HF_NEED_SPACE, NULL, "i need some time alone tonight"},
    {HF_ACT_COUNT + HF_NEED_SPACE, NULL, "i need some space, please stop checking on me"},
    {HF_ACT_COUNT + HF_NEED_SPACE, NULL, "i just want a quiet evening to myself"},
    {HF_ACT_COUNT + HF_NEED_RESPECT, NULL, "don't talk to me like that"},
    {HF_ACT_COUNT + HF_NEED_RESPECT, NULL, "i won't be spoken to like that"},
    {HF_ACT_COUNT + HF_NEED_RESPECT, NULL, "please stop making fun of me in front of your friends"},
    {HF_ACT_COUNT + HF_NEED_HELP, NULL, "i can't do this alone, i need your help with the kids"},
    {HF_ACT_COUNT + HF_NEED_HELP, NULL,
     "can you help me with the kids tonight, i can't cope on my own"},
    {HF_ACT_COUNT + HF_NEED_HELP, NULL, "i need help with the house, i can't do it all"},
    {HF_ACT_COUNT + HF_NEED_FAIRNESS, NULL,
     "why is it always me who does the cleaning, it's not fair"},
    {HF_ACT_COUNT + HF_NEED_FAIRNESS, NULL, "it's not fair that i do everything"},
    {HF_ACT_COUNT + HF_NEED_FAIRNESS, NULL, "we should share this equally, half and half"},
    {HF_ACT_COUNT + HF_NEED_TOUCH, NULL, "i just want a hug"},
    {HF_ACT_COUNT + HF_NEED_TOUCH, NULL, "can you hold me tonight"},
};

/* Words of an act or need that do something else: it is not named. */
static const sentence hard[] = {
    {HF_ACT_CONTEMPT, "i burnt the toast again", "haha you dork \xf0\x9f\x98\x82"},
    {HF_ACT_SPACE, NULL, "is there enough space in the car for the bags?"},
    {HF_ACT_SPACE, NULL, "the kids' party needs more time to plan"},
    {HF_ACT_SAFETY, NULL, "this traffic is killing me lol"},
    {HF_ACT_SAFETY, NULL, "that film was to die for"},
    {HF_ACT_NEED, NULL, "i need coffee"},
    {HF_ACT_NEED, NULL, "i need to buy milk"},
    {HF_ACT_DISENGAGE, "shall i get pizza", "ok"},
    {HF_ACT_DISENGAGE, "see you at 8?", "ok see you then"},
    {HF_ACT_HARD_EMOTION, NULL, "happy birthday!!! \xf0\x9f\x8e\x89\xf0\x9f\x8e\x89"},
    {HF_ACT_DEFENCE, NULL, "it's not far from the station"},
    {HF_ACT_DISCLOSURE, NULL, "i'm at work"},
    {HF_ACT_QUESTION, NULL, "what time is the train?"},
    {HF_ACT_QUESTION, NULL, "where are the keys?"},
    {HF_ACT_COUNT + HF_NEED_HELP, NULL, "the help page says to restart it"},
    {HF_ACT_COUNT + HF_NEED_SPACE, NULL, "the parking space is too small"},
    {HF_ACT_COUNT + HF_NEED_HEARD, NULL, "listen to this song"},
    {HF_ACT_LOGISTICS, NULL, "i love you"},
    {HF_ACT_SUPPORT, NULL, "good morning"},
    {HF_ACT_ACKNOWLEDGE, NULL, "the bus was right on time"},
    {HF_ACT_SAFETY, NULL, "i could murder a curry"},
};

enum { PLAIN = sizeof plain / sizeof *plain, HARD = sizeof hard / sizeof *hard };

static hf_text text_of(const char *s)
{
    return (hf_text){s, strlen(s)};
}

static hf_text_result code_with(hf_text_coder *coder, const char *prev, hf_text text)
{
    hf_text_result r;
    hf_text before = text_of(prev ? prev : "");
    hf_text_turn turn = {text, prev ? &before : NULL, prev != NULL};
    assert_int_equal(hf_text_code(coder, &turn, &r), HF_OK);
    return r;
}

static hf_text_result code_alone(const char *prev, hf_text text)
{
    hf_text_coder *coder;
    assert_int_equal(hf_text_coder_new(&coder, ctx, model), HF_OK);
    hf_text_result r = code_with(coder, prev, text);
    hf_text_coder_free(coder);
    return r;
}

static bool named(const sentence *s)
{
    hf_text_result r = code_alone(s->prev, text_of(s->text));
    assert_int_equal(r.state, HF_TEXT_CODED);
    if (s->what < HF_ACT_COUNT)
        return (double)r.acts[s->what] >= hf_text_model_act_threshold(model, (hf_act)s->what);
    hf_need need = (hf_need)(s->what - HF_ACT_COUNT);
    return (double)r.needs[need] >= hf_text_model_need_threshold(model, need);
}

static const char *name_of(int what)
{
    return what < HF_ACT_COUNT ? hf_act_name((hf_act)what)
                               : hf_need_name((hf_need)(what - HF_ACT_COUNT));
}

/* Prints every sentence that is read otherwise before it fails. */
static void check_all(const sentence *s, size_t n, bool want)
{
    int wrong = 0;
    for (size_t i = 0; i < n; i++)
        if (named(&s[i]) != want) {
            print_message("%s %s: %s\n", name_of(s[i].what), want ? "missed" : "named", s[i].text);
            wrong++;
        }
    assert_int_equal(wrong, 0);
}

static void plain_sentences_are_named(void **state)
{
    (void)state;
    int seen[HF_ACT_COUNT + HF_NEED_COUNT] = {0};
    for (size_t i = 0; i < PLAIN; i++)
        seen[plain[i].what]++;
    for (int k = 0; k < HF_ACT_COUNT + HF_NEED_COUNT; k++)
        assert_true(seen[k] >= 1);
    check_all(plain, PLAIN, true);
}

static void hard_negatives_are_not(void **state)
{
    (void)state;
    check_all(hard, HARD, false);
}

static void names_and_thresholds(void **state)
{
    (void)state;
    static const char *const promised[] = {"admiration",
                                           "neutral",
                                           "ekman_anger",
                                           "ekman_disgust",
                                           "ekman_fear",
                                           "ekman_joy",
                                           "ekman_sadness",
                                           "ekman_surprise",
                                           "ekman_neutral",
                                           "sentiment_positive",
                                           "sentiment_negative",
                                           "sentiment_ambiguous",
                                           "sentiment_neutral",
                                           "emotional_disclosure",
                                           "information_disclosure",
                                           "support",
                                           "emo_support",
                                           "info_support",
                                           "self_need",
                                           "other_need",
                                           "showing_empathy",
                                           "uv_part",
                                           "abusive"};
    char id[17];
    size_t n = hf_text_model_labels(model);
    hf_text_model_id(model, id);
    assert_int_equal(strspn(id, "0123456789abcdef"), 16);
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++)
        assert_true(hf_text_model_find(model, promised[i]) < n);
    for (size_t i = 0; i < n; i++) {
        double t = hf_text_model_threshold(model, i);
        assert_true(t > 0.02 && t < 0.95);
        assert_int_equal(hf_text_model_find(model, hf_text_model_label(model, i)), i);
    }
    for (int k = 0; k < HF_ACT_COUNT + HF_NEED_COUNT; k++) {
        double t = k < HF_ACT_COUNT
                       ? hf_text_model_act_threshold(model, (hf_act)k)
                       : hf_text_model_need_threshold(model, (hf_need)(k - HF_ACT_COUNT));
        assert_true(t > 0.02 && t < 0.95);
    }
}

static void attributions_travel_along(void **state)
{
    (void)state;
    static const char *const owed[] = {"GoEmotions",         "OffMyChest", "CaSiNo",
                                       "ConvAbuse",          "XED",        "PersuasionForGood",
                                       "Empathic Reactions", "CC BY 4.0",  "Apache License"};
    static char notes[1 << 16];
    hf_text t = hf_text_model_notes(model);
    assert_true(t.size < sizeof notes);
    memcpy(notes, t.data, t.size);
    for (size_t i = 0; i < sizeof owed / sizeof *owed; i++)
        assert_non_null(strstr(notes, owed[i]));
}

enum { MANY = 3000 };

/* The same bits for any thread count, alone or after others, with the turn before kept or not. */
static void same_bits(void **state)
{
    (void)state;
    static hf_text before[MANY];
    static hf_text_turn turns[MANY];
    static hf_text_result one[MANY], more[MANY];
    for (size_t i = 0; i < MANY; i++) {
        const sentence *s = &plain[i % 7 * 11 % PLAIN];
        const sentence *p = &plain[(i + 6) % 7 * 11 % PLAIN];
        turns[i].text = text_of(s->text);
        before[i] = text_of(i % 3 ? p->text : hard[i % HARD].text);
        turns[i].prev = &before[i];
        turns[i].prev_count = i % 5 != 0;
    }
    hf_ctx_set_threads(ctx, 1);
    assert_int_equal(hf_text_code_all(ctx, model, turns, MANY, one), HF_OK);
    for (int threads = 2; threads <= 5; threads += 3) {
        hf_ctx_set_threads(ctx, threads);
        assert_int_equal(hf_text_code_all(ctx, model, turns, MANY, more), HF_OK);
        assert_memory_equal(one, more, sizeof one);
    }
    for (size_t i = 0; i < MANY; i += 97) {
        hf_text_result r = code_alone(turns[i].prev_count ? before[i].data : NULL, turns[i].text);
        assert_memory_equal(r.scores, one[i].scores, sizeof r.scores);
        assert_memory_equal(r.acts, one[i].acts, sizeof r.acts);
        assert_memory_equal(r.needs, one[i].needs, sizeof r.needs);
    }
}

static void check_result(const hf_text_result *r, hf_text_state want)
{
    assert_int_equal(r->state, want);
    bool scores = want == HF_TEXT_CODED || want == HF_TEXT_NO_WORDS;
    for (size_t i = 0; i < hf_text_model_labels(model); i++)
        assert_true(scores ? r->scores[i] >= 0 && r->scores[i] <= 1 : isnan(r->scores[i]));
    for (int k = 0; k < HF_ACT_COUNT; k++)
        assert_true(want == HF_TEXT_CODED ? r->acts[k] >= 0 && r->acts[k] <= 1 : isnan(r->acts[k]));
    for (int k = 0; k < HF_NEED_COUNT; k++)
        assert_true(want == HF_TEXT_CODED ? r->needs[k] >= 0 && r->needs[k] <= 1
                                          : isnan(r->needs[k]));
}

static void odd_turns(void **state)
{
    (void)state;
    static char big[1 << 20];
    static const struct {
        const char *text;
        hf_text_state state;
    } odd[] = {
        {"", HF_TEXT_EMPTY},
        {" \n\t ", HF_TEXT_EMPTY},
        {"\xf0\x9f\x98\x82\xf0\x9f\x98\xad\xf0\x9f\x92\x94", HF_TEXT_NO_WORDS},
        {"?!?!...", HF_TEXT_NO_WORDS},
        {"1234 :)", HF_TEXT_NO_WORDS},
        {"\xd1\x8f \xd1\x82\xd0\xb5\xd0\xb1\xd1\x8f \xd0\xbb\xd1\x8e\xd0\xb1\xd0\xbb\xd1\x8e",
         HF_TEXT_OTHER_LANGUAGE},
        {"\xe4\xbd\xa0\xe5\xa5\xbd", HF_TEXT_OTHER_LANGUAGE},
        {"ich habe dir doch gesagt, dass ich heute nicht kommen kann", HF_TEXT_OTHER_LANGUAGE},
        {"you \xff\xfe\xc3 never listen", HF_TEXT_CODED}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        hf_text_result r = code_alone(NULL, text_of(odd[i].text));
        check_result(&r, odd[i].state);
        assert_int_equal(r.invalid_utf8, strchr(odd[i].text, '\xff') != NULL);
        /* The same behind a plain turn, and before one. */
        r = code_alone("are we ok?", text_of(odd[i].text));
        check_result(&r, odd[i].state);
        r = code_alone(odd[i].text, text_of("are we ok?"));
        check_result(&r, HF_TEXT_CODED);
    }
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = "i never said that, you did. "[i % 28];
    hf_text_result r = code_alone(NULL, (hf_text){big, sizeof big});
    check_result(&r, HF_TEXT_CODED);
    assert_true(r.cut);
    big[sizeof big - 1] = '\0';
    r = code_alone(big, text_of("ok"));
    check_result(&r, HF_TEXT_CODED);
    memset(big, 'a', sizeof big - 1);
    r = code_alone(NULL, (hf_text){big, sizeof big - 1});
    check_result(&r, HF_TEXT_CODED);
}

/* The table the simulator passes its acts through belongs to these weights' training. */
static void confusion_of_acts(void **state)
{
    (void)state;
    const char *names[HF_SYN_ACTS];
    double share[HF_SYN_ACTS][HF_SYN_ACTS];
    char head[512] = "# act";
    size_t size;
    const char *text = hf_i_data_get("nepd/confusion.tsv", &size);
    assert_non_null(text);
    for (int a = 0; a < HF_SYN_ACTS; a++) {
        names[a] = hf_i_synthetic_act_name(a);
        strcat(strcat(head, "\t"), names[a]);
    }
    assert_int_equal(
        hf_i_weights_read(&share[0][0], ctx, "nepd/confusion.tsv", names, HF_SYN_ACTS, HF_SYN_ACTS),
        HF_OK);
    /* The columns stand in the simulator's order. */
    const char *at = strstr(text, "# act\t");
    assert_non_null(at);
    assert_memory_equal(at, head, strlen(head));
    assert_int_equal(at[strlen(head)], '\n');
    for (int a = 0; a < HF_SYN_ACTS; a++) {
        double sum = 0;
        for (int b = 0; b < HF_SYN_ACTS; b++) {
            assert_true(share[a][b] > 0 && share[a][b] < 1);
            sum += share[a][b];
        }
        assert_true(fabs(sum - 1) < 1e-4);
        /* Far above what guessing would give. */
        assert_true(share[a][a] > 0.2);
    }
}

static int setup(void **state)
{
    (void)state;
    return hf_ctx_new(&ctx, NULL) != HF_OK ||
           hf_text_model_open(&model, ctx, HF_SOURCE_DIR "/data/models/turns_en.bin") != HF_OK;
}

static int teardown(void **state)
{
    (void)state;
    hf_text_model_free(model);
    hf_ctx_free(ctx);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain_sentences_are_named),
                                       cmocka_unit_test(hard_negatives_are_not),
                                       cmocka_unit_test(names_and_thresholds),
                                       cmocka_unit_test(attributions_travel_along),
                                       cmocka_unit_test(same_bits),
                                       cmocka_unit_test(odd_turns),
                                       cmocka_unit_test(confusion_of_acts)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
