/* SPDX-License-Identifier: MIT */
/* Times as tables hold them: ISO 8601, seconds since 1970, and dates whose order is a question. */
#ifndef HF_RECORD_FORMATS_TABLE_TIME_H
#define HF_RECORD_FORMATS_TABLE_TIME_H

#include "record/format.h"
#include "text/time.h"

/* What the dates of a table show about their order. */
typedef struct hf_i_date_votes {
    uint64_t dmy, mdy; /* dates that have this order only */
    uint64_t dots;     /* dates with dots: day, month, year by custom */
    uint64_t open;     /* dates that fit both, without dots */
} hf_i_date_votes;

/* All of text is a time. Numbers like 31/12/24 are read in the order given, else as the votes so
 * far have it; the vote of this one is added. */
bool hf_i_table_time(hf_text text, hf_date_order order, hf_i_date_votes *votes, hf_i_time *out);

/* "9:07", "21:07:30", "9:07 PM": milliseconds since midnight. */
bool hf_i_table_clock(hf_text text, int64_t *ms, int32_t *resolution_ms);

#endif
