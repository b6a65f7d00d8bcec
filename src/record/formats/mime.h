/* SPDX-License-Identifier: MIT */
/* Mail as text: headers (RFC 5322, 2047), MIME parts (2045), base64 and quoted-printable. */
#ifndef HF_RECORD_FORMATS_MIME_H
#define HF_RECORD_FORMATS_MIME_H

#include "record/formats/lines.h"

/* The value of a header, unfolded lines as they stand; size 0: not there. *body: where the headers
 * end. */
hf_text hf_i_mime_header(hf_text message, const char *name);
size_t hf_i_mime_headers_end(hf_text message);
/* A parameter of a header: charset of text/plain; charset="utf-8". */
hf_text hf_i_mime_parameter(hf_text value, const char *name);
/* Adds a header's text with its encoded words decoded. */
hf_status hf_i_mime_decode_words(hf_i_buf *out, hf_text value);
/* Adds the readable text of a message: its first text/plain part. *found: there is one;
 * *attachments: there are other parts. */
hf_status hf_i_mime_text(hf_i_buf *out, hf_text message, int depth, bool *found, bool *attachments);

#endif
