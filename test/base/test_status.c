/* SPDX-License-Identifier: MIT */
/* labels: unit */
#include "support/test.h"

#include <stdio.h>

/* The one list gives names, texts and exit codes; none is missing or said twice. */
static void the_list_is_complete(void **state)
{
    (void)state;
    for (int i = 0; i < HF_STATUS_COUNT; i++) {
        hf_status s = (hf_status)i;
        assert_int_equal(strncmp(hf_status_name(s), "HF_", 3), 0);
        assert_true(strlen(hf_status_text(s)) > 3);
        int code = hf_status_exit_code(s);
        assert_true(code == 0 || code == 1 || code == 2 || code == 3 || code == 130);
        assert_int_equal(code == 0, s == HF_OK);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(hf_status_name(s), hf_status_name((hf_status)j));
            assert_string_not_equal(hf_status_text(s), hf_status_text((hf_status)j));
        }
    }
}

/* The exit codes that users' scripts rely on. */
static void exit_codes(void **state)
{
    (void)state;
    assert_int_equal(hf_status_exit_code(HF_E_PARSE), 1);
    assert_int_equal(hf_status_exit_code(HF_E_IO), 1);
    assert_int_equal(hf_status_exit_code(HF_E_USAGE), 2);
    assert_int_equal(hf_status_exit_code(HF_E_CONSENT), 2);
    assert_int_equal(hf_status_exit_code(HF_E_NOT_ENOUGH_DATA), 3);
    assert_int_equal(hf_status_exit_code(HF_E_NOT_CONVERGED), 3);
    assert_int_equal(hf_status_exit_code(HF_E_CANCELLED), 130);
    assert_string_equal(hf_status_name(HF_E_IO), "HF_E_IO");
}

static void out_of_range_is_internal(void **state)
{
    (void)state;
    assert_string_equal(hf_status_name((hf_status)HF_STATUS_COUNT), "HF_E_INTERNAL");
    assert_string_equal(hf_status_name((hf_status)-1), "HF_E_INTERNAL");
}

static void versions_agree(void **state)
{
    (void)state;
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", HF_VERSION_MAJOR, HF_VERSION_MINOR, HF_VERSION_PATCH);
    assert_string_equal(text, HF_VERSION);
    assert_string_equal(hf_version(), HF_VERSION);
    for (const hf_feature *f = hf_features(); f->name; f++)
        assert_true(f->present ? *f->version != 0 : *f->version == 0);
}

RUN_TESTS(cmocka_unit_test(the_list_is_complete), cmocka_unit_test(exit_codes),
          cmocka_unit_test(out_of_range_is_internal), cmocka_unit_test(versions_agree))
