/* SPDX-License-Identifier: MIT */
/* Pages without a script: a template of data/guidance with {{names}}, filled in order. */
#ifndef HF_GUIDANCE_HTML_H
#define HF_GUIDANCE_HTML_H

#include "base/base.h"

/* Adds text as HTML text (also for attributes in double quotes); what is no UTF-8 becomes U+FFFD.
 */
hf_status hf_i_html_text(hf_i_buf *out, const char *text, size_t size);

typedef hf_status (*hf_i_slot_fn)(void *user, const char *slot, hf_i_buf *out);
/* Writes the template; for each {{slot}} the function adds HTML. */
hf_status hf_i_html_fill(hf_ctx *ctx, const char *template_name, hf_outfile *file, hf_i_slot_fn fn,
                         void *user);

#endif
