/* SPDX-License-Identifier: MIT */
#ifndef HF_SERIES_SERIES_H
#define HF_SERIES_SERIES_H

#include <holdfast/series.h>

#include "base/base.h"

struct hf_series {
    hf_ctx *ctx;
    hf_i_arena texts;
    const char *time_unit, *period; /* period may be NULL */
    hf_series_row *rows;
    size_t count, cap;
    const char **dyads;
    size_t dyad_count, dyad_cap;
    hf_series_variable *variables;
    size_t variable_count, variable_cap;
};

bool hf_i_partner_parse(const char *text, size_t size, hf_partner *out);

#endif
