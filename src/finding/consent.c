/* SPDX-License-Identifier: MIT */
#include <holdfast/finding.h>

#include "base/base.h"

static const char *const level_names[] = {"solo", "both", "research"};
static const char *const output_names[] = {
#define NAME(name, text) text,
    HF_OUTPUT_LIST(NAME)
#undef NAME
};

/* One row an output: allowed[level][about me]. Alone, a person sees the own side and, of the
 * other, only when and how much (guidance-and-safety 4; doc/contracts.md 4). */
static const struct {
    bool solo[2], both[2], research[2];
} table[HF_OUTPUT_COUNT] = {
    /*                           other  me      other  me      other  me  */
    [HF_OUTPUT_TEXT] = {{false, true}, {true, true}, {true, true}},
    [HF_OUTPUT_TIMING] = {{true, true}, {true, true}, {true, true}},
    [HF_OUTPUT_ACTS] = {{false, true}, {true, true}, {true, true}},
    /* A profile comes from a person's own answers only, whoever else agrees. */
    [HF_OUTPUT_PROFILE] = {{false, true}, {false, true}, {false, true}},
    [HF_OUTPUT_SELF_DYNAMICS] = {{false, true}, {true, true}, {true, true}},
    [HF_OUTPUT_INFLUENCE] = {{false, false}, {true, true}, {true, true}},
};

const char *hf_consent_name(hf_consent consent)
{
    return (unsigned)consent < HF_COUNT_OF(level_names) ? level_names[consent] : "?";
}

const char *hf_output_name(hf_output output)
{
    return (unsigned)output < HF_OUTPUT_COUNT ? output_names[output] : "?";
}

bool hf_consent_allows(hf_consent consent, hf_output output, bool subject_is_me)
{
    if ((unsigned)output >= HF_OUTPUT_COUNT)
        return false;
    switch (consent) {
    case HF_CONSENT_SOLO:
        return table[output].solo[subject_is_me];
    case HF_CONSENT_BOTH:
        return table[output].both[subject_is_me];
    case HF_CONSENT_RESEARCH:
        return table[output].research[subject_is_me];
    }
    return false;
}
