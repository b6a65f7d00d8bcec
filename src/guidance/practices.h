/* SPDX-License-Identifier: MIT */
#ifndef HF_GUIDANCE_PRACTICES_H
#define HF_GUIDANCE_PRACTICES_H

#include "guidance/blocks.h"
#include "guidance/texts.h"

#include <holdfast/guidance.h>

#define HF_I_PRACTICE_ITEM "practice_" /* item of a practice in a log: practice_NAME */
#define HF_I_RATING        "rating:"
enum { HF_I_PRACTICE_MIN = 0, HF_I_PRACTICE_MAX = 10 };

struct hf_practices {
    hf_ctx *ctx;
    hf_i_blocks blocks;
    hf_practice *all;
    size_t count;
    hf_i_guide_texts texts; /* of the language asked for last */
};

#endif
