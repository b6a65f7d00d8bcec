/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* Allocations of an analysis and its files fail, a sample of them here; test_analysis_memory_all
 * lets each fail. */
#include "signal/analysis_memory.h"

static void sampled(void **state)
{
    (void)state;
    memory_case both = {.consent = HF_CONSENT_BOTH, .text_model = "none"};
    assert_true(memory_fails(both, 6, 3) > 80);
}

RUN_TESTS(cmocka_unit_test(sampled))
