/* SPDX-License-Identifier: MIT */
#ifndef HF_GUIDANCE_REFERRAL_H
#define HF_GUIDANCE_REFERRAL_H

#include <holdfast/safety.h>

#define HF_I_CRITERION_LIST(X)                                                                     \
    X(NEEDS, "needs")                                                                              \
    X(LANGUAGE, "language")                                                                        \
    X(MODE, "mode")                                                                                \
    X(COST, "cost")                                                                                \
    X(AVAILABILITY, "availability")                                                                \
    X(PLACE, "place")

typedef enum hf_i_criterion {
#define HF_I_CRITERION_ENUM(name, text) HF_I_CRITERION_##name,
    HF_I_CRITERION_LIST(HF_I_CRITERION_ENUM)
#undef HF_I_CRITERION_ENUM
        HF_I_CRITERIA
} hf_i_criterion;

/* What the brief asks for; NULL: not ticked. */
const char *hf_i_brief_get(const hf_brief *brief, hf_i_criterion criterion);

#endif
