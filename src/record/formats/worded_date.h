/* SPDX-License-Identifier: MIT */
/* Dates and times of day as apps write them for people, in the language of an account: 'Friday, May
 * 29, 2026 at 3:00:29 AM UTC', 'ven. 20 juin 2025 à 15:13', '2026年5月29日 下午3:00'. */
#ifndef HF_RECORD_FORMATS_WORDED_DATE_H
#define HF_RECORD_FORMATS_WORDED_DATE_H

#include "record/format.h"

/* Milliseconds as the text says, without regard to a zone; HF_NO_TIME when there is no month in a
 * language known here, no year of four digits or no time of day. res_ms (may be NULL): 1000, or
 * 60000 without seconds. A text longer than 100 bytes is none. */
int64_t hf_i_worded_date(hf_text t, uint32_t *res_ms);

/* The same packed as hf_i_wa_resolve_dates wants it (whatsapp.h), to be put into t_ms of a row;
 * with digits also a date of digits alone ('05/01/2024, 21:12'), whose order that function decides.
 */
bool hf_i_packed_date(hf_text t, bool digits, int64_t *packed);

/* '1 minute, 2 seconds', '3 Minuten': milliseconds, HF_NO_TIME for none. */
int64_t hf_i_worded_length(hf_text t);

#endif
