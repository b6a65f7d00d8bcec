/* SPDX-License-Identifier: MIT */
/* The two binary shapes inside Apple's message database: text as "streamtyped" and property lists
 * of edits. */
#ifndef HF_RECORD_FORMATS_APPLE_DATA_H
#define HF_RECORD_FORMATS_APPLE_DATA_H

#include "base/base.h"

#include <holdfast/record.h>

/* The text of a streamtyped NSAttributedString; false when there is none to be found. Borrows. */
bool hf_i_apple_text(const unsigned char *bytes, size_t size, hf_text *out);

/* What message_summary_info says about edits. */
typedef struct hf_i_apple_edits {
    hf_text wordings[64]; /* of the first part, oldest first, the last one is what stands now */
    double times[64];     /* as the list has them: since 2001; 0 when missing */
    size_t count;
    bool unsent; /* parts were taken back */
} hf_i_apple_edits;

/* Reads a binary property list; what is damaged or unknown gives no edits. Borrows from bytes. */
void hf_i_apple_edits_read(const unsigned char *bytes, size_t size, hf_i_apple_edits *out);

#endif
