/* SPDX-License-Identifier: MIT */
/* Words for synthetic turns: templates per act, with slots. */
#ifndef HF_SIMULATE_PROSE_H
#define HF_SIMULATE_PROSE_H

#include "base/base.h"
#include "num/random.h"

typedef struct hf_i_prose hf_i_prose;

hf_status hf_i_prose_new(hf_i_prose **out, hf_ctx *ctx);
void hf_i_prose_free(hf_i_prose *prose);
/* Clears out and writes a sentence of the act (index as in synthetic.h). */
hf_status hf_i_prose_write(const hf_i_prose *prose, hf_i_random *random, int act, hf_i_buf *out);

#endif
