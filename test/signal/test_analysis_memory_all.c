/* SPDX-License-Identifier: MIT */
/* labels: slow */
/* Each allocation of an analysis and its files fails once: both consents, with the text model and
 * without. */
#include "signal/analysis_memory.h"

static void both_without_the_model(void **state)
{
    (void)state;
    memory_case c = {.consent = HF_CONSENT_BOTH, .text_model = "none"};
    assert_true(memory_fails(c, 6, 1) > 240);
}

static void solo_with_the_model(void **state)
{
    (void)state;
    memory_case c = {.consent = HF_CONSENT_SOLO,
                     .me = "Ben",
                     .text_model = HF_SOURCE_DIR "/data/models/turns_en.bin"};
    assert_true(memory_fails(c, 6, 1) > 240);
}

RUN_TESTS(cmocka_unit_test(both_without_the_model), cmocka_unit_test(solo_with_the_model))
