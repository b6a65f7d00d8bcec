/* SPDX-License-Identifier: MIT */
#ifndef HF_RECORD_FORMATS_SAV_H
#define HF_RECORD_FORMATS_SAV_H

#include "record/confine.h"

/* An SPSS file in memory as a table of text: names in the first row, dates as ISO 8601, missing
 * values (also those that the user defined) as empty cells. Returns 0, or ReadStat's error. */
typedef struct hf_i_sav_input {
    hf_ctx *ctx;
    const char *data;
    size_t size;
} hf_i_sav_input;
int hf_i_sav_to_csv(const hf_i_sav_input *in, hf_i_confine_put put, void *pipe);

#endif
