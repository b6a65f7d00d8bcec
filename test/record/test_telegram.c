/* SPDX-License-Identifier: MIT */
/* Telegram's result.json, one chat and all of an account. labels: unit */
#include "record_test.h"

static const char single[] =
    "{\"name\":\"Ben\",\"type\":\"personal_chat\",\"id\":77,\"messages\":["
    "{\"id\":1,\"type\":\"message\",\"date\":\"2023-08-23T13:11:23\",\"date_unixtime\":"
    "\"1692821483\","
    "\"from\":\"Ann\",\"from_id\":\"user1\",\"text\":\"hi\",\"text_entities\":[]},"
    "{\"id\":2,\"type\":\"message\",\"date\":\"2023-08-23T13:12:23\",\"date_unixtime\":1692821543,"
    "\"edited\":\"2023-08-23T13:13:23\",\"edited_unixtime\":\"1692821603\",\"from\":null,"
    "\"from_id\":\"user2\",\"reply_to_message_id\":1,"
    "\"text\":[\"see \",{\"type\":\"link\",\"text\":\"x.org/#a\"},\"!\\ud83d\\ude00\"],"
    "\"reactions\":[{\"type\":\"emoji\",\"count\":1,\"emoji\":\"\\u2764\",\"recent\":[{\"from\":"
    "\"Ann\","
    "\"from_id\":\"user1\",\"date\":\"2023-08-23T13:14:00\"}]}]},"
    "{\"id\":3,\"type\":\"service\",\"date\":\"2023-08-23T13:20:00\",\"date_unixtime\":"
    "\"1692822000\","
    "\"actor\":\"Ann\",\"actor_id\":\"user1\",\"action\":\"phone_call\",\"duration_seconds\":95,"
    "\"discard_reason\":\"hangup\",\"text\":\"\"},"
    "{\"id\":4,\"type\":\"service\",\"date_unixtime\":\"1692822001\",\"actor\":\"Ann\","
    "\"action\":\"pin_message\",\"text\":\"\"},"
    "{\"id\":5,\"type\":\"message\",\"date_unixtime\":\"1692822002\",\"from\":\"Ann\",\"media_"
    "type\":"
    "\"voice_message\",\"file\":\"v.ogg\",\"duration_seconds\":4,\"text\":\"\"},"
    "{\"id\":6,\"type\":\"message\",\"date_unixtime\":\"1692822003\",\"from\":\"Ann\",\"media_"
    "type\":"
    "\"sticker\",\"sticker_emoji\":\"x\",\"text\":\"\"},"
    "{\"id\":7,\"type\":\"message\",\"date_unixtime\":\"1692822004\",\"from\":\"Ann\",\"photo\":"
    "\"p.jpg\","
    "\"text\":\"look\"}]}";

static void one_chat(void **state)
{
    (void)state;
    expect_rows("result.json", single,
                "2023-08-23T20:11:23Z|Ann|text|hi\n"
                "2023-08-23T20:12:23Z|user2|text|see x.org/#a!\xF0\x9F\x98\x80|edited|to 0\n"
                "2023-08-23T20:14:00Z|Ann|reaction|\xE2\x9D\xA4|to 1\n"
                "2023-08-23T20:20:00Z|Ann|call|hangup|95000 ms\n"
                "2023-08-23T20:20:01Z|-|system|pin_message\n"
                "2023-08-23T20:20:02Z|Ann|voice||4000 ms\n"
                "2023-08-23T20:20:03Z|Ann|sticker|\n"
                "2023-08-23T20:20:04Z|Ann|media|look\n");
}

static void places(void **state)
{
    (void)state;
    static const char text[] =
        "{\n \"messages\": [\n  {\n   \"id\": 1, \"from_id\": \"u\", \"text\": \"a\"\n  },\n"
        "  {\"id\": 2, \"from_id\": \"u\", \"text\": \"b\"}\n ]\n}\n";
    hf_record *r = must_read_bytes(
        "result.json", text, strlen(text),
        &(hf_read_options){sizeof(hf_read_options), HF_DATE_AUTO, "telegram", NULL, NULL, 240});
    hf_message m;
    hf_record_get_message(r, 1, &m);
    assert_int_equal(m.src.line, 6);
    assert_int_equal(text[m.src.byte], '{');
    assert_string_equal(text + m.src.byte, strstr(text, "{\"id\": 2"));
    assert_int_equal(m.t_kind, HF_TIME_NONE);
    hf_record_free(r);
}

static const char account[] =
    "{\"about\":\"x\",\"personal_information\":{\"messages\":[1]},\"chats\":{\"about\":\"y\","
    "\"list\":["
    "{\"name\":\"Ben\",\"type\":\"personal_chat\",\"id\":77,\"messages\":["
    "{\"id\":1,\"date_unixtime\":\"1692821483\",\"from\":\"Ann\",\"from_id\":\"u\",\"text\":"
    "\"one\"}]},"
    "{\"messages\":[{\"id\":1,\"date_unixtime\":\"1692821484\",\"from\":\"Cem\",\"text\":\"two\"},"
    "{\"id\":2,\"date_unixtime\":\"1692821485\",\"from\":\"Ann\",\"text\":\"three\"}],\"id\":"
    "\"88\",\"name\":"
    "\"Cem\"}]},\"left_chats\":{\"list\":[]}}";

static void several_chats(void **state)
{
    (void)state;
    hf_record *r;
    hf_read_options o = HF_READ_OPTIONS_INIT;
    assert_int_equal(
        hf_i_record_read_bytes(&r, test_ctx, "result.json", account, strlen(account), NULL),
        HF_E_USAGE);
    assert_non_null(strstr(hf_ctx_get_error(test_ctx)->message, "77 (Ben), 88 (Cem)"));
    o.chat = "88";
    r = must_read_bytes("result.json", account, strlen(account), &o);
    char *got = dump(r);
    assert_string_equal(got,
                        "2023-08-23T20:11:24Z|Cem|text|two\n2023-08-23T20:11:25Z|Ann|text|three\n");
    hf_i_free(test_ctx, got);
    hf_record_free(r);
    o.chat = "99";
    assert_int_equal(
        hf_i_record_read_bytes(&r, test_ctx, "result.json", account, strlen(account), &o),
        HF_E_NOT_FOUND);
}

static void cut_off(void **state)
{
    (void)state;
    hf_record *r;
    size_t n = strlen(single);
    for (size_t cut = 200; cut < n; cut += 13) {
        hf_status s = hf_i_record_read_bytes(&r, test_ctx, "result.json", single, cut, NULL);
        if (s != HF_E_PARSE)
            fail_msg("cut at %zu: %s", cut, hf_status_name(s));
        assert_int_equal(hf_ctx_get_error(test_ctx)->byte, cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_chat), cmocka_unit_test(places),
                                       cmocka_unit_test(several_chats), cmocka_unit_test(cut_off)};
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
