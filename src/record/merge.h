/* SPDX-License-Identifier: MIT */
/* Several exports of one pair as one record. */
#ifndef HF_RECORD_MERGE_H
#define HF_RECORD_MERGE_H

#include "record/build.h"

/* Leaves out messages that another input holds too (same sender, kind, text, and the same time
 * within the coarser of the two stamps), then orders the rest by time. */
hf_status hf_i_record_merge(hf_i_build *b);

#endif
