/* SPDX-License-Identifier: MIT */
/* labels: unit */
#include "signal/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static hf_ctx *ctx;
static hf_i_lexicon lexicon;

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(hf_ctx_new(&ctx, NULL), HF_OK);
    return hf_i_lexicon_init(&lexicon, ctx);
}

static int tear_down(void **state)
{
    (void)state;
    hf_i_lexicon_dispose(&lexicon);
    hf_ctx_free(ctx);
    return 0;
}

static void scan(hf_i_words *w, const char *text)
{
    hf_i_words_init(w, ctx);
    assert_int_equal(hf_i_words_add(w, &lexicon, text, strlen(text)), HF_OK);
}

static void splitting(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words; /* joined by | */
    } rows[] = {
        {"", ""},
        {"Hello, world!", "Hello|world"},
        {"don't 'quote' it", "don't|quote'|it"},
        {"I’m here", "I’m|here"},
        {"l'eau qu'il d’abord", "l'|eau|qu'|il|d’|abord"},
        {"10 minutes", "10|minutes"},
        {"see https://a.example/x?y=1 now", "see|https://a.example/x?y=1|now"},
        {"äöü ÄÖÜ straße", "äöü|ÄÖÜ|straße"},
        {"привет, Мир", "привет|Мир"},
        {"你好", "你|好"},
        {"안녕 하세요", "안녕|하세요"},
        {"❤️🙂ok", "ok"},
        {"bad\xff\xfe"
         "bytes",
         "bad|bytes"},
        {"cut\xe2\x80", "cut"},
    };
    for (size_t i = 0; i < HF_COUNT_OF(rows); i++) {
        hf_i_words w;
        scan(&w, rows[i].text);
        char got[256] = "";
        for (size_t k = 0; k < w.count; k++) {
            if (k)
                strncat(got, "|", sizeof got - strlen(got) - 1);
            strncat(got, rows[i].text + w.words[k].begin, w.words[k].size);
        }
        assert_string_equal(got, rows[i].words);
        hf_i_words_dispose(&w);
    }
}

static void case_and_apostrophes_do_not_matter(void **state)
{
    (void)state;
    hf_i_words a, b;
    scan(&a, "I'm sure Don't ÉTÉ МЕНЯ ŞEY");
    scan(&b, "i’m SURE don’t été меня şey");
    assert_int_equal(a.count, b.count);
    for (size_t i = 0; i < a.count; i++) {
        assert_int_equal(a.words[i].hash, b.words[i].hash);
        assert_int_equal(a.words[i].entry, b.words[i].entry);
        assert_true(a.words[i].entry != 0);
    }
    hf_i_words_dispose(&a);
    hf_i_words_dispose(&b);
}

static void groups(void **state)
{
    (void)state;
    hf_i_words w;
    scan(&w, "We haven't seen the car");
    const uint32_t *g = &lexicon.entries[w.words[0].entry].groups;
    assert_true(*g & 1u << HF_I_GROUP_WE_TALK);
    assert_true(*g & 1u << HF_I_GROUP_PERSONAL_PRONOUN);
    g = &lexicon.entries[w.words[1].entry].groups;
    assert_true(*g & 1u << HF_I_GROUP_NEGATION);
    assert_true(*g & 1u << HF_I_GROUP_AUXILIARY);
    assert_int_equal(w.words[4].entry, 0);
    hf_i_words_dispose(&w);
}

static const struct {
    const char *text, *language;
} sentences[] = {
    {"I will be home late tonight, don't wait for me", "en"},
    {"what do you think?", "en"},
    {"love you", "en"},
    {"Ich komme heute später nach Hause", "de"},
    {"ich liebe dich", "de"},
    {"was machst du gerade?", "de"},
    {"te quiero mucho, nos vemos mañana", "es"},
    {"no sé si puedo ir hoy", "es"},
    {"je ne sais pas si c'est possible", "fr"},
    {"tu me manques, à ce soir", "fr"},
    {"non lo so, ma ci vediamo domani", "it"},
    {"ti amo anche io", "it"},
    {"não sei se posso ir hoje", "pt"},
    {"você está bem? eu te amo muito", "pt"},
    {"ik hou van jou en ik mis je heel erg", "nl"},
    {"hoe laat ben je thuis vandaag?", "nl"},
    {"seni çok seviyorum ama bugün gelemem", "tr"},
    {"nie wiem co się stało, ale kocham cię", "pl"},
    {"jag vet inte vad du vill att jag ska säga", "sv"},
    {"я тебя очень люблю", "ru"},
    {"что ты сейчас делаешь", "ru"},
    {"я тебе дуже люблю і сумую", "uk"},
    {"що ти зараз робиш", "uk"},
    {"أنا أحبك كثيرا", "ar"},
    {"אני אוהב אותך", "he"},
    {"σε αγαπώ πολύ", "el"},
    {"我爱你，今天很想你", "zh"},
    {"今日は早く帰るね", "ja"},
    {"오늘 저녁에 만나자", "ko"},
    {"คิดถึงนะ", "th"},
    {"ok", "unknown"},
    {"haha", "unknown"},
    {"👍👍", "unknown"},
    {"12:30", "unknown"},
    {"", "unknown"},
    {"Barcelona Berlin Amsterdam", "unknown"},
};

static void languages(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < HF_COUNT_OF(sentences); i++) {
        hf_i_words w;
        scan(&w, sentences[i].text);
        const char *got = hf_i_language_code(hf_i_language_of(&w));
        if (strcmp(got, sentences[i].language) != 0) {
            print_message("%s: got %s, wanted %s\n", sentences[i].text, got, sentences[i].language);
            wrong++;
        }
        hf_i_words_dispose(&w);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(splitting),
                                       cmocka_unit_test(case_and_apostrophes_do_not_matter),
                                       cmocka_unit_test(groups), cmocka_unit_test(languages)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
