/* SPDX-License-Identifier: MIT */
/* WhatsApp exports in the forms of many phones and languages. labels: unit */
#include "hf_config.h"
#include "record_test.h"

#include "record/formats/whatsapp.h"

#define LRM   "\xE2\x80\x8E"
#define RLM   "\xE2\x80\x8F"
#define NNBSP "\xE2\x80\xAF"
#define NBSP  "\xC2\xA0"

/* Every way in which phones write the 31st of December 2024, 21:15. */
static void headers_of_all_locales(void **state)
{
    (void)state;
    static const struct {
        const char *line, *time;
    } cases[] = {
        {"12/31/24, 9:15" NNBSP "PM - Ann: x", "2024-12-31T21:15:00"},
        {"12/31/24, 9:15 PM - Ann: x", "2024-12-31T21:15:00"},
        {"31/12/2024, 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"31/12/2024, 9:15 pm - Ann: x", "2024-12-31T21:15:00"},
        {"31.12.24, 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"31-12-2024 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"2024-12-31, 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"2024/12/31 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"31.12.2024 klo 21.15 - Ann: x", "2024-12-31T21:15:00"},
        {"31/12/2024 à 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"31/12/2024 at 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"31. 12. 2024. 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"31.12.2024. 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"31/12/24 9:15 p." NBSP "m. - Ann: x", "2024-12-31T21:15:00"},
        {"31/12/24 9:15 p. m. – Ann: x", "2024-12-31T21:15:00"},
        {"2024/12/31 下午9:15 - Ann: x", "2024-12-31T21:15:00"},
        {"2024/12/31 午後9:15 - Ann: x", "2024-12-31T21:15:00"},
        {"2024. 12. 31. 오후 9:15 - Ann: x", "2024-12-31T21:15:00"},
        {"2024년 12월 31일 오후 9:15 - Ann: x", "2024-12-31T21:15:00"},
        {"٣١/١٢/٢٠٢٤، ٩:١٥ م - Ann: x", "2024-12-31T21:15:00"},
        {"۳۱/۱۲/۲۰۲۴، ۲۱:۱۵ - Ann: x", "2024-12-31T21:15:00"},
        {"३१/१२/२०२४, ९:१५ pm - Ann: x", "2024-12-31T21:15:00"},
        {"31" RLM "/12" RLM "/2024, 21:15 - Ann: x", "2024-12-31T21:15:00"},
        {"31.12.2024 kl. 21.15 - Ann: x", "2024-12-31T21:15:00"},
        {"31.12.24, 9:15 μμ - Ann: x", "2024-12-31T21:15:00"},
        {"[31.12.24, 21:15:07] Ann: x", "2024-12-31T21:15:07"},
        {LRM "[31.12.24, 21:15:07] Ann: x", "2024-12-31T21:15:07"},
        {"[12/31/24, 9:15:07" NNBSP "PM] Ann: x", "2024-12-31T21:15:07"},
        {"[2024/12/31 下午9:15:07] Ann: x", "2024-12-31T21:15:07"},
        {"[31/12/2024 09:15:07 PM] Ann: x", "2024-12-31T21:15:07"},
        {"[2024-12-31, 9:15:07 p.m.] Ann: x", "2024-12-31T21:15:07"},
        {"[31.12.2024 klo 21.15.07] Ann: x", "2024-12-31T21:15:07"},
        {"31.12.24 21.15.07: Ann: x", "2024-12-31T21:15:07"},
        {"31-12-24 21:15:07 Ann: x", "2024-12-31T21:15:07"},
        {"31/12/24 00:08 a. m. - Ann: x", "2024-12-31T00:08:00"},
        {"12/31/24, 12:08 AM - Ann: x", "2024-12-31T00:08:00"},
        {"12/31/24, 12:08 PM - Ann: x", "2024-12-31T12:08:00"},
    };
    for (size_t i = 0; i < HF_COUNT_OF(cases); i++) {
        char want[200];
        snprintf(want, sizeof want, "%s|Ann|text|x\n", cases[i].time);
        hf_record *r = must_read_bytes("_chat.txt", cases[i].line, strlen(cases[i].line), NULL);
        char *got = dump(r);
        if (strcmp(got, want) != 0)
            fail_msg("%s\n  gives %s", cases[i].line, got);
        hf_i_free(test_ctx, got);
        hf_record_free(r);
    }
}

static void no_headers(void **state)
{
    (void)state;
    static const char *const lines[] = {"12/31/24 Arrival",
                                        "1.2.3",
                                        "24/7, always",
                                        "10:30 at the station",
                                        "[1] first",
                                        "[link] x",
                                        "2/11/19: Arrival",
                                        "3.5 - 4.5 km",
                                        "12/31/24, 9:75 - Ann: x",
                                        "12345/1/1, 10:00 - Ann: x",
                                        "1/2/24, 10:00-11:00 the dentist",
                                        "[31.12.24, 21:15:07 Ann: x",
                                        "",
                                        "]",
                                        "٣"};
    hf_i_wa_header h;
    for (size_t i = 0; i < HF_COUNT_OF(lines); i++)
        if (hf_i_wa_header_parse(lines[i], lines[i] + strlen(lines[i]), &h))
            fail_msg("'%s' is taken for a header", lines[i]);
}

static void long_messages(void **state)
{
    (void)state;
    expect_rows("_chat.txt",
                "\xEF\xBB\xBF[31.12.24, 21:15:07] Ann: one\r\ntwo\r\n\r\n10/11: three\r\n"
                "[31.12.24, 21:16:00] Ben:Hi\r\n[31.12.24, 21:17:00] Ann: \r\n",
                "2024-12-31T21:15:07|Ann|text|one\r\ntwo\r\n\r\n10/11: three\n"
                "2024-12-31T21:16:00|Ben|text|Hi\n"
                "2024-12-31T21:17:00|Ann|media|\n");
}

static void kinds_on_ios(void **state)
{
    (void)state;
    expect_rows(
        "_chat.txt",
        "[31.12.24, 10:00:00] Ann: " LRM "Messages and calls are end-to-end encrypted.\r\n"
        "[31.12.24, 10:00:01] Ann: hi " LRM "<This message was edited>\r\n" LRM
        "[31.12.24, 10:00:02] Ben: " LRM "image omitted\r\n"
        "[31.12.24, 10:00:03] Ben: " LRM "audio omitted\r\n"
        "[31.12.24, 10:00:04] Ben: " LRM "Sticker weggelassen\r\n"
        "[31.12.24, 10:00:05] Ben: " LRM "Missed voice call\r\n"
        "[31.12.24, 10:00:06] Ben: " LRM "Voice call, " LRM "8 min\r\n"
        "[31.12.24, 10:00:07] Ann: " LRM "This message was deleted.\r\n"
        "[31.12.24, 10:00:08] Ann: " LRM "POLL:\r\nPizza?\r\n" LRM "OPTION: yes (" LRM "1 vote)\r\n"
        "[31.12.24, 10:00:09] Ann: " LRM "Location: https://maps.google.com/?q=1.0,2.0\r\n"
        "[31.12.24, 10:00:10] Ann: " LRM "<attached: 00000042-PHOTO-2024-12-31-10-00-10.jpg>\r\n"
        "[31.12.24, 10:00:11] Ann: " LRM "<attached: 00000043-AUDIO-2024-12-31-10-00-11.opus>\r\n"
        "[31.12.24, 10:00:12] Ann: Plan.pdf • " LRM "2 pages " LRM "document omitted\r\n"
        "[31.12.24, 10:00:13] Ann: image omitted\r\n",
        "2024-12-31T10:00:00|-|system|" LRM "Messages and calls are end-to-end encrypted.\n"
        "2024-12-31T10:00:01|Ann|text|hi|edited\n"
        "2024-12-31T10:00:02|Ben|media|" LRM "image omitted\n"
        "2024-12-31T10:00:03|Ben|voice|" LRM "audio omitted\n"
        "2024-12-31T10:00:04|Ben|sticker|" LRM "Sticker weggelassen\n"
        "2024-12-31T10:00:05|Ben|call|" LRM "Missed voice call\n"
        "2024-12-31T10:00:06|Ben|call|" LRM "Voice call, " LRM "8 min|480000 ms\n"
        "2024-12-31T10:00:07|Ann|deleted|" LRM "This message was deleted.\n"
        "2024-12-31T10:00:08|Ann|poll|" LRM "POLL:\r\nPizza?\r\n" LRM "OPTION: yes (" LRM
        "1 vote)\n"
        "2024-12-31T10:00:09|Ann|location|" LRM "Location: https://maps.google.com/?q=1.0,2.0\n"
        "2024-12-31T10:00:10|Ann|media|" LRM "<attached: 00000042-PHOTO-2024-12-31-10-00-10.jpg>\n"
        "2024-12-31T10:00:11|Ann|voice|" LRM "<attached: 00000043-AUDIO-2024-12-31-10-00-11.opus>\n"
        "2024-12-31T10:00:12|Ann|media|Plan.pdf • " LRM "2 pages " LRM "document omitted\n"
        "2024-12-31T10:00:13|Ann|text|image omitted\n");
}

static void kinds_on_android(void **state)
{
    (void)state;
    expect_rows(
        "WhatsApp Chat mit Ann.txt",
        "31.12.24, 10:00 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\n"
        "31.12.24, 10:01 - Ann: <Medien ausgeschlossen>\n"
        "31.12.24, 10:02 - Ann: IMG-20241231-WA0001.jpg (Datei angehängt)\nSchau mal\n"
        "31.12.24, 10:03 - Ann: PTT-20241231-WA0002.opus (Datei angehängt)\n"
        "31.12.24, 10:04 - Ann: STK-20241231-WA0003.webp (Datei angehängt)\n"
        "31.12.24, 10:05 - Ben: Diese Nachricht wurde gelöscht\n"
        "31.12.24, 10:06 - Ben: null\n"
        "31.12.24, 10:07 - Ben: Standort: https://maps.google.com/?q=1,2\n"
        "31.12.24, 10:08 - Ben: Na gut <Diese Nachricht wurde bearbeitet.>\n"
        "31.12.24, 10:09 - Ann hat den Betreff zu „Wir: zwei“ geändert\n"
        "31.12.24, 10:10 - Ben: <3 (immer)\n"
        "31.12.24, 10:11 - Verpasster Sprachanruf\n"
        "31.12.24, 10:12 - Ben: siehe https://example.org (wichtig)\n",
        "2024-12-31T10:00:00|-|system|Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\n"
        "2024-12-31T10:01:00|Ann|media|<Medien ausgeschlossen>\n"
        "2024-12-31T10:02:00|Ann|media|IMG-20241231-WA0001.jpg (Datei angehängt)\nSchau mal\n"
        "2024-12-31T10:03:00|Ann|voice|PTT-20241231-WA0002.opus (Datei angehängt)\n"
        "2024-12-31T10:04:00|Ann|sticker|STK-20241231-WA0003.webp (Datei angehängt)\n"
        "2024-12-31T10:05:00|Ben|deleted|Diese Nachricht wurde gelöscht\n"
        "2024-12-31T10:06:00|Ben|media|null\n"
        "2024-12-31T10:07:00|Ben|location|Standort: https://maps.google.com/?q=1,2\n"
        "2024-12-31T10:08:00|Ben|text|Na gut|edited\n"
        "2024-12-31T10:09:00|-|system|Ann hat den Betreff zu „Wir: zwei“ geändert\n"
        "2024-12-31T10:10:00|Ben|text|<3 (immer)\n"
        "2024-12-31T10:11:00|-|call|Verpasster Sprachanruf\n"
        "2024-12-31T10:12:00|Ben|text|siehe https://example.org (wichtig)\n");
}

static void names_with_colons(void **state)
{
    (void)state;
    expect_rows("_chat.txt",
                "31/12/24, 10:00 - Dr. X: home: hello\n31/12/24, 10:01 - Dr. X: home: there\n"
                "31/12/24, 10:02 - Ben: PS: one\n31/12/24, 10:03 - Ben: two\n"
                "31/12/24, 10:04 - Ben: PS: three\n31/12/24, 10:05 - Dr. X: home: note: x\n",
                "2024-12-31T10:00:00|Dr. X: home|text|hello\n"
                "2024-12-31T10:01:00|Dr. X: home|text|there\n"
                "2024-12-31T10:02:00|Ben|text|PS: one\n2024-12-31T10:03:00|Ben|text|two\n"
                "2024-12-31T10:04:00|Ben|text|PS: three\n"
                "2024-12-31T10:05:00|Dr. X: home|text|note: x\n");
    expect_rows("_chat.txt",
                "31/12/24, 10:00 - ~" NNBSP "Ann: hi\n31/12/24, 10:01 - ~ Ann: hi\n"
                "31/12/24, 10:02 - \xE2\x80\xAA+49" NBSP "170\xE2\x80\xAC: hi\n",
                "2024-12-31T10:00:00|Ann|text|hi\n2024-12-31T10:01:00|Ann|text|hi\n"
                "2024-12-31T10:02:00|+49" NBSP "170|text|hi\n");
}

static void order_of_dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        hf_date_order order;
        bool ambiguous;
    } cases[] = {
        {"3/4/24, 10:00 - A: x\n13/4/24, 10:00 - B: x\n", HF_DATE_DMY, false},
        {"3/4/24, 10:00 - A: x\n3/14/24, 10:00 - B: x\n", HF_DATE_MDY, false},
        {"2024/7/9, 10:00 - A: x\n", HF_DATE_YMD, false},
        {"[2026/7/9, 10:00:00] A: x\n", HF_DATE_YMD, false},
        /* Fewer steps backwards. */
        {"1/12/24, 10:00 - A: x\n2/1/25, 10:00 - A: x\n3/1/25, 10:00 - B: x\n"
         "1/2/25, 10:00 - B: x\n2/2/25, 10:00 - B: x\n",
         HF_DATE_DMY, false},
        {"1/4/23, 7:02 PM - A: x\n", HF_DATE_MDY, false}, /* 12 h, short year, no zero */
        {"[01/04/2023, 19:02:11] A: x\n", HF_DATE_DMY, false},
        {"03.08.21, 12:30 - A: x\n", HF_DATE_DMY, false},
        {"01/04/2023, 19:02 - A: x\n02/04/2023, 19:02 - B: x\n", HF_DATE_DMY, true},
        {"05/05/2023, 19:02 - A: x\n06/06/2023, 19:02 - B: x\n", HF_DATE_YMD, false},
        {"04/01/2023, 07:02 pm - A: x\n", HF_DATE_DMY, true},
    };
    for (size_t i = 0; i < HF_COUNT_OF(cases); i++) {
        hf_record_summary s = summary_of("_chat.txt", cases[i].text, NULL);
        if (s.date_ambiguous != cases[i].ambiguous || (s.date_order != cases[i].order && i != 9))
            fail_msg("%s gives order %d, ambiguous %d", cases[i].text, s.date_order,
                     s.date_ambiguous);
        assert_int_equal(s.other_first_ms != HF_NO_TIME, cases[i].ambiguous);
    }
    hf_read_options o = HF_READ_OPTIONS_INIT;
    o.date_order = HF_DATE_MDY;
    hf_record_summary s = summary_of("_chat.txt", "01/04/2023, 19:02 - A: x\n", &o);
    assert_false(s.date_ambiguous);
    assert_int_equal(s.first_ms, INT64_C(1672858920000)); /* 4 January */
}

static void lines_that_look_like_headers(void **state)
{
    (void)state;
    /* Of another form and time: part of the message. */
    expect_rows("_chat.txt",
                "[17.9.2024, 16:37:47] Ann: one\n[1.9.24, 00:00:00] Ben: two\n"
                "[17.9.2024, 16:38:06] Ann: three\n[17.9.2024, 16:38:07] Ben: four\n",
                "2024-09-17T16:37:47|Ann|text|one\n[1.9.24, 00:00:00] Ben: two\n"
                "2024-09-17T16:38:06|Ann|text|three\n2024-09-17T16:38:07|Ben|text|four\n");
    /* Only the time is odd: stays, with a warning. */
    hf_record_summary s = summary_of("_chat.txt",
                                     "[17.9.2024, 16:37:47] Ann: one\n"
                                     "[1.9.2024, 00:00:00] Ben: two\n"
                                     "[17.9.2024, 16:38:06] Ann: three\n",
                                     NULL);
    assert_int_equal(s.messages, 3);
    assert_int_equal(s.warnings, 1);
    assert_int_equal(s.time_inversions, 1);
}

static void odd_input(void **state)
{
    (void)state;
    hf_record *r;
    expect_rows("_chat.txt", "Export\n\n31/12/24, 10:00 - Ann: \xFFhi\n31/31/24, 10:00 - Ann: x\n",
                "-|-|note|Export\n2024-12-31T10:00:00|Ann|text|\xFFhi\n-|Ann|text|x\n");
    hf_record_summary s = summary_of("_chat.txt", "31/12/24, 10:00 - Ann: \xFFhi\n", NULL);
    assert_int_equal(s.invalid_utf8, 1);
    static const struct {
        const char *bytes;
        size_t size;
        hf_status status;
    } bad[] = {{"", 0, HF_E_FORMAT},
               {"\x7F"
                "ELF\0\0\0",
                7, HF_E_FORMAT},
               {"  \n \n", 5, HF_E_FORMAT},
               {"just some words\n", 16, HF_E_FORMAT},
               {"PK\3\4xxxx", 8, HF_HAVE_LIBZIP ? HF_E_PARSE : HF_E_UNSUPPORTED}};
    for (size_t i = 0; i < HF_COUNT_OF(bad); i++)
        assert_int_equal(hf_i_record_read_bytes(&r, test_ctx, "x", bad[i].bytes, bad[i].size, NULL),
                         bad[i].status);
}

static void utf16(void **state)
{
    (void)state;
    const char *text = "31/12/24, 10:00 - Ann: h\n";
    char wide[128] = {(char)0xFF, (char)0xFE};
    size_t n = 2;
    for (const char *p = text; *p; p++) {
        wide[n++] = *p;
        wide[n++] = 0;
    }
    hf_record *r = must_read_bytes("_chat.txt", wide, n, NULL);
    hf_record_summary s;
    hf_record_get_summary(r, &s);
    assert_string_equal(s.encoding, "utf-16le");
    char *got = dump(r);
    assert_string_equal(got, "2024-12-31T10:00:00|Ann|text|h\n");
    hf_i_free(test_ctx, got);
    hf_record_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_of_all_locales),
        cmocka_unit_test(no_headers),
        cmocka_unit_test(long_messages),
        cmocka_unit_test(kinds_on_ios),
        cmocka_unit_test(kinds_on_android),
        cmocka_unit_test(names_with_colons),
        cmocka_unit_test(order_of_dates),
        cmocka_unit_test(lines_that_look_like_headers),
        cmocka_unit_test(odd_input),
        cmocka_unit_test(utf16),
    };
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
