/* SPDX-License-Identifier: MIT */
#ifndef HF_FINDING_FINDING_H
#define HF_FINDING_FINDING_H

#include <holdfast/finding.h>

#include "base/base.h"

struct hf_findings {
    hf_ctx *ctx;
    hf_i_arena texts;
    hf_findings_header header;
    hf_finding *rows;
    size_t count, cap;
    hf_figure *figures;
    size_t figure_count, figure_cap;
    hf_cited_turn *turns;
    size_t turn_count, turn_cap;
    hf_finding_limit *limits;
    size_t limit_count, limit_cap;
};

/* Puts other data into a figure that is there (HF_E_NOT_FOUND: it is not). */
hf_status hf_i_findings_replace_figure(hf_findings *findings, const char *id, const char *data);

/* A finding about both that is described and not tested, all its numbers missing. */
hf_finding hf_i_finding_described(const char *id, const char *text_key);

#endif
