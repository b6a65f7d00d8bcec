/* SPDX-License-Identifier: MIT */
/* The keying check: do the data fit the declared order, and if not, which other reading fits. */
#ifndef HF_ATTACHMENT_KEYING_H
#define HF_ATTACHMENT_KEYING_H

#include "attachment/psychometrics.h"

/* Where the columns of a scale stand in m, with the signs that the sheet's printed items have
 * (already_reversed: all +1). false: a column of the key is not in m. */
bool hf_i_reading_of(hf_i_reading *out, const hf_i_moments *m, const hf_key *key,
                     bool already_reversed);
/* Scales made of items of other scales (totals) and contrasts have no signs of their own. */
bool hf_i_scale_is_checked(const hf_instrument *in, const hf_order *order, size_t scale);

/* stats and items as in hf_scoring (already filled); m covers the keyed columns. Fails with
 * HF_E_NOMEM only; the verdict is in out. */
hf_status hf_i_keying_check(hf_keying *out, hf_ctx *ctx, const hf_sheets *sheets,
                            const hf_i_moments *m, bool already_reversed,
                            const hf_scale_stats *stats, const hf_item_stats *items,
                            size_t item_count);

#endif
