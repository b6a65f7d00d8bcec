/* SPDX-License-Identifier: MIT */
/* Captions: WebVTT of Teams, Zoom, Daily, YouTube; SRT with speakers; SBV. labels: unit */
#include "record_test.h"

static void teams(void **state)
{
    (void)state;
    /* Pieces of one utterance join, names lose their entities, cues may be out of order. */
    expect_rows(
        "a.vtt",
        "\xEF\xBB\xBFWEBVTT\r\n\r\n"
        "g-1/2-0\r\n00:00:05.000 --> 00:00:06.500\r\n<v Marcus &amp; Co>Thanks</v>\r\n\r\n"
        "g-1/1-1\r\n00:00:02.000 --> 00:00:03.000\r\n<v Ann>a quorum.</v>\r\n\r\n"
        "g-1/2-1\r\n00:00:06.500 --> 00:00:07.000\r\n<v Marcus &amp; Co>&#39;all&lt;</v>\r\n\r\n"
        "g-1/1-0\r\n01:00:01.000 --> 01:00:02.250\r\n<v.loud Ann>We <i>have</i></v>",
        "5|Marcus & Co|text|Thanks 'all<\n"
        "2|Ann|text|a quorum. We have\n");
}

static void zoom(void **state)
{
    (void)state;
    expect_rows("a.vtt",
                "WEBVTT\n\n1\n00:01.000 --> 00:04.000\nAnn Lee: it's 7:02. Note: now.\n\n"
                "2\n00:05.250 --> 00:06.000 align:start\nHelen's iPhone: Mhm.\n\n"
                "NOTE a comment\nover lines\n\nSTYLE\n::cue { x }\n\n"
                "3\n00:06.000 --> 00:07.000\nHelen's iPhone: Mhm.\n",
                "1|Ann Lee|text|it's 7:02. Note: now.\n5.250|Helen's iPhone|text|Mhm.\n"
                "6|Helen's iPhone|text|Mhm.\n");
}

static void spoken_by_note(void **state)
{
    (void)state;
    expect_rows("a.vtt",
                "WEBVTT\n\nNOTE Speaker 0\n\n00:01.000 --> 00:02.000\nHello\n\n"
                "NOTE Speaker 1\n\n00:02.000 --> 00:03.000\nHi\n",
                "1|Speaker 0|text|Hello\n2|Speaker 1|text|Hi\n");
}

static void rolling(void **state)
{
    (void)state;
    expect_rows("a.vtt",
                "WEBVTT\nKind: captions\n\n"
                "00:00:00.160 --> 00:00:02.070 align:start\n \nhello<00:00:00.480><c> world</c>\n\n"
                "00:00:02.070 --> 00:00:02.080\nhello world\n \n\n"
                "00:00:02.080 --> 00:00:04.000\nhello world\nthis<00:00:02.400><c> is</c>\n\n"
                "00:00:04.000 --> 00:00:04.010\nthis is\n \n\n",
                "0.160|-|text|hello world\n2.080|-|text|this is\n");
}

static void whisper(void **state)
{
    (void)state;
    expect_rows("a.vtt",
                "WEBVTT\n\n00:01.000 --> 00:02.000\n[SPEAKER_00]: Hello\n\n"
                "00:02.000 --> 00:03.000\n[SPEAKER_01] I <3 you\n",
                "1|SPEAKER_00|text|Hello\n2|SPEAKER_01|text|I <3 you\n");
}

static void several_voices(void **state)
{
    (void)state;
    expect_rows("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hello\n<v Ben>Hi there</v>\n",
                "1|Ann|text|Hello\n1|Ben|text|Hi there\n");
}

static void srt(void **state)
{
    (void)state;
    /* Dashes in one cue, on lines and in one line; a missing blank line; a number as text. */
    expect_rows("a.srt",
                "1\r\n00:00:01,000 --> 00:00:03,000\r\n- Ann: Hello.\r\n- Ben: Hi.\r\n"
                "2\r\n00:00:03,500 --> 00:00:05,000\r\n<i>Nobody said.</i>\r\n42\r\n\r\n"
                "3\r\n00:00:06,000 --> 00:00:07,000\r\n- Ann: One - Ben: Two\r\n",
                "1|Ann|text|Hello.\n1|Ben|text|Hi.\n3.500|-|text|Nobody said.\n42\n"
                "6|Ann|text|One\n6|Ben|text|Two\n");
}

static void strays(void **state)
{
    (void)state;
    static const char text[] = "1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\nlost\n\n"
                               "3\n00:00:05,000 --> 00:00:04,000\nThree";
    expect_rows("a.srt", text, "1|-|text|One\n-|-|note|2\nlost\n5|-|text|Three\n");
    hf_record_summary s = summary_of("a.srt", text, NULL);
    assert_int_equal(s.warnings, 2);
    assert_true(s.limits & (1u << HF_LIMIT_CAPTION_TIMES));
    hf_record *r = must_read_bytes("a.srt", text, strlen(text), NULL);
    assert_int_equal(hf_record_get_warning(r, 0)->src.line, 5);
    assert_int_equal(hf_record_get_warning(r, 1)->src.line, 8);
    hf_record_free(r);
}

static void sbv(void **state)
{
    (void)state;
    expect_rows("a.sbv",
                "0:00:00.378,0:00:11.378\nCaption one\n\n0:00:11.378,0:00:12.305\nTwo\nlines\n",
                "0.378|-|text|Caption one\n11.378|-|text|Two\nlines\n");
}

static void refused(void **state)
{
    (void)state;
    hf_record *r;
    static const char *const texts[] = {"WEBVTT\n", "WEBVTT\n\nNOTE x\n", "WEBVTT\n\nhello\n"};
    for (size_t i = 0; i < HF_COUNT_OF(texts); i++)
        assert_int_equal(
            hf_i_record_read_bytes(&r, test_ctx, "a.vtt", texts[i], strlen(texts[i]), NULL),
            HF_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(teams),   cmocka_unit_test(zoom),    cmocka_unit_test(spoken_by_note),
        cmocka_unit_test(rolling), cmocka_unit_test(whisper), cmocka_unit_test(several_voices),
        cmocka_unit_test(srt),     cmocka_unit_test(strays),  cmocka_unit_test(sbv),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
