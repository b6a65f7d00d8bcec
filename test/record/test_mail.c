/* SPDX-License-Identifier: MIT */
/* Mail: mbox with quoted From lines, encoded headers and bodies, replies; a single .eml. labels:
 * unit */
#include "record_test.h"

static void mbox(void **state)
{
    (void)state;
    expect_rows(
        "a.mbox",
        "From ana@x.org Mon Jan 15 21:07:00 2024\n"
        "From: =?utf-8?q?Ana_L=C3=B3pez?= <ana@x.org>\nDate: Mon, 15 Jan 2024 21:07:00 +0100\n"
        "Message-ID: <1@x>\nContent-Type: text/plain; charset=\"utf-8\"\n"
        "Content-Transfer-Encoding: base64\n\n"
        "SGkgQmVuLAoKRnJvbSBteSBzaWRlIGFsbCBmaW5lLiBjYWbDqT8KCkFuYQo=\n\n"
        "From ben@x.org Mon Jan 15 21:10:00 2024\n"
        "From: \"Ben\"\n <ben@x.org>\nDate: Mon, 15 Jan 2024 15:10:00 -0500\n"
        "In-Reply-To: <1@x>\nMessage-ID: <2@x>\n"
        "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: "
        "quoted-printable\n\n"
        "Yes, caf=E9 so=\nunds good\n>From here on too\n\nOn Mon, Jan 15, 2024 at 9:07 PM Ana "
        "wrote:\n"
        "> Hi Ben,\n> quoted\n-- \nBen's signature\n",
        "2024-01-15T20:07:00Z|Ana L\xC3\xB3pez|text|Hi Ben,\n\nFrom my side all fine. "
        "caf\xC3\xA9?\n\nAna\n"
        "2024-01-15T20:10:00Z|Ben|text|Yes, caf\xC3\xA9 sounds good\nFrom here on too|to 0\n");
}

static void eml(void **state)
{
    (void)state;
    expect_rows(
        "a.eml",
        "MIME-Version: 1.0\r\nDate: Fri, 23 Dec 2022 12:08:48 -0600\r\n"
        "From: ann@x.org\r\nContent-Type: multipart/mixed;\r\n boundary=\"b1\"\r\n\r\n"
        "--b1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n"
        "--b2\r\nContent-Type: text/plain\r\n\r\nHello!\r\n\r\nAnn\r\n--b2\r\n"
        "Content-Type: text/html\r\n\r\n<b>Hello</b>\r\n--b2--\r\n--b1\r\n"
        "Content-Type: image/png\r\nContent-Disposition: attachment\r\n\r\nxxx\r\n--b1--\r\n",
        "2022-12-23T18:08:48Z|ann@x.org|text|Hello!\n\nAnn\n");
}

static void refused(void **state)
{
    (void)state;
    hf_record *r;
    hf_read_options o = HF_READ_OPTIONS_INIT;
    o.format = "mail";
    assert_int_equal(hf_i_record_read_bytes(&r, test_ctx, "a.eml", "no mail at all\n", 15, &o),
                     HF_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(mbox), cmocka_unit_test(eml),
                                       cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
